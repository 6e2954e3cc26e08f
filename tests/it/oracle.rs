//! Two oracles for service hours, independent of the crate's compiler and of each other.
//!
//! Both interpret [`Rules`], which have readers of their own, and ask a zone one question only: its offset at an instant.
//! [`PerSecond`] scans every second of a span and decides for each whether it is open. [`DayWalker`] walks day by day over
//! any distance; it is checked against the first. Neither shares a line with the crate, and neither asks a library to turn
//! local time into instants.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use sla::ZoneData;
use sla::time::{BusinessDays, CutOff, DayMeaning};
use sla::zone::Zone;

#[path = "oracle/rules.rs"]
mod rules;

#[allow(unused_imports, reason = "the bench uses some of them")]
pub(crate) use rules::{
    Composite, Kind, Line, Moment, More, Rules, Season, days_text, gregorian_easter, julian_easter,
    seconds_of, time_text, windows_text,
};

pub(crate) const DAY_S: i64 = 86_400;
pub(crate) const NANOS: i128 = 1_000_000_000;

pub(crate) fn date_of(day: i64) -> NaiveDate {
    DateTime::from_timestamp(day * DAY_S, 0).unwrap().date_naive()
}

pub(crate) fn day_of(date: NaiveDate) -> i64 {
    date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp() / DAY_S
}

pub(crate) fn nanos(at: DateTime<Utc>) -> i128 {
    i128::from(at.timestamp()) * NANOS + i128::from(at.timestamp_subsec_nanos())
}

pub(crate) fn instant(nanos: i128) -> DateTime<Utc> {
    DateTime::from_timestamp(nanos.div_euclid(NANOS) as i64, nanos.rem_euclid(NANOS) as u32).unwrap()
}

fn year_of(second: i64) -> i32 {
    DateTime::from_timestamp(second, 0).unwrap().year()
}

/// A zone of the data that rules are given, else of the bundled data.
fn zone_named(name: &str, given: Option<&ZoneData>) -> Zone {
    let data = given.cloned().unwrap_or_else(ZoneData::bundled);
    data.zone(name).unwrap()
}

/// The offset at an instant; after all that the data knows, the last one.
fn offset(zone: &Zone, at_s: i64) -> i64 {
    known_offset(zone, at_s.min(zone.known_until().timestamp() - 1))
}

fn known_offset(zone: &Zone, at_s: i64) -> i64 {
    i64::from(
        zone.offset_at(DateTime::from_timestamp(at_s, 0).unwrap())
            .unwrap(),
    )
}

/// How many days are scanned on either side of what is asked, so that every local time of interest is among them.
const MARGIN_DAYS: i64 = 4;

/// What every second of a span shows on the clock.
struct Seconds {
    first: i64,
    local: Vec<i64>,
    compatible: bool,
}

impl Seconds {
    fn new(zone: &Zone, first: i64, last: i64, compatible: bool) -> Self {
        let known = zone.known_until().timestamp() - 1;
        let local = (first..last)
            .map(|at| at + known_offset(zone, at.min(known)))
            .collect();
        Self {
            first,
            local,
            compatible,
        }
    }

    /// The index of the second that a local time means, by looking at every second: f(L) = min { u : local(u) >= L }. For
    /// `compatible`, if no second shows L, the instant by the offset before the gap.
    fn index(&self, wanted: i64) -> usize {
        // No clock is further from UTC, so that no earlier second shows it.
        const OFFSET_MAX_S: i64 = 26 * 3_600;
        let near = (wanted - OFFSET_MAX_S - self.first).clamp(0, self.local.len() as i64) as usize;
        let reached = self.local[near..].iter().position(|shown| *shown >= wanted);
        let reached = reached.map_or(self.local.len(), |second| near + second);
        let is_shown = || self.local[near..].contains(&wanted);
        if !self.compatible || reached == 0 || reached == self.local.len() || is_shown() {
            return reached;
        }
        let before = self.local[reached - 1] - (reached as i64 - 1);
        (wanted - before) as usize
    }

    fn moment(&self, moment: Moment) -> usize {
        let index = match moment {
            Moment::Local(local) => self.index(local) as i64,
            Moment::Instant(at) => at - self.first,
        };
        index.clamp(0, self.local.len() as i64) as usize
    }
}

/// Whether each second of a span is open, and which dates are business days.
pub(crate) struct PerSecond {
    /// The first second about which it answers.
    from: i64,
    /// The first second that was looked at, and what each of them is.
    clock: Seconds,
    open: Vec<bool>,
    /// Seconds since the first about which it answers.
    kept: std::ops::Range<usize>,
    /// The business days, in days since 1970.
    business: BTreeSet<i64>,
}

/// Business days as [`BusinessDays`] has them, with plain seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Days {
    pub(crate) count: u32,
    pub(crate) meaning: Meaning,
    pub(crate) cut_off: Option<Cut>,
}

/// From when on something counts as received on the next business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    At(i64),
    AtClose,
    OfTheCalendar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    SameTime,
    SameTimeOrNextOpening,
    SameTimeOrLastClose,
    EndOfDay,
    At(i64),
    ScheduleHours,
    DayLength,
}

impl Days {
    /// The same as the crate's.
    pub(crate) fn business_days(self) -> BusinessDays {
        let days = BusinessDays::new(self.count, self.meaning.day_meaning());
        match self.cut_off {
            Some(Cut::At(time)) => days.with_cut_off(time_text(time).parse::<CutOff>().unwrap()),
            Some(Cut::AtClose) => days.with_cut_off(CutOff::AtClose),
            Some(Cut::OfTheCalendar) => days.with_cut_off(CutOff::OfTheCalendar),
            None => days,
        }
    }
}

impl Meaning {
    pub(crate) fn day_meaning(self) -> DayMeaning {
        match self {
            Self::SameTime => DayMeaning::SameTime,
            Self::SameTimeOrNextOpening => DayMeaning::SameTimeOrNextOpening,
            Self::SameTimeOrLastClose => DayMeaning::SameTimeOrLastClose,
            Self::EndOfDay => DayMeaning::ByClose,
            Self::At(time) => DayMeaning::At(time_text(time).parse().unwrap()),
            Self::ScheduleHours => DayMeaning::ScheduleHours,
            Self::DayLength => DayMeaning::DayLength,
        }
    }
}

impl PerSecond {
    /// Scans `[from, until)` and some days on either side, so that every f(L) of interest is in what is scanned.
    pub(crate) fn new(rules: &Rules, from: i64, until: i64) -> Self {
        let zone = zone_named(&rules.zone, rules.more.zone_data.as_ref());
        let (first, last) = (from - MARGIN_DAYS * DAY_S, until + MARGIN_DAYS * DAY_S);
        let clock = Seconds::new(&zone, first, last, rules.more.compatible);
        let dates = rules.dates(year_of(first), year_of(last));
        let mut removed = vec![false; clock.local.len()];
        for (start, end) in rules.spans(true) {
            (clock.moment(start)..clock.moment(end)).for_each(|second| removed[second] = true);
        }
        let mut open = vec![false; clock.local.len()];
        let mut business = BTreeSet::new();
        for day in first.div_euclid(DAY_S) - 3..=last.div_euclid(DAY_S) + 3 {
            let own_date = clock.index(day * DAY_S)..clock.index((day + 1) * DAY_S);
            for ((start, end), cuts) in dates.windows(day) {
                let cuts: Vec<_> = cuts
                    .iter()
                    .map(|cut| clock.index(cut.0)..clock.index(cut.1))
                    .collect();
                for second in clock.index(start)..clock.index(end) {
                    if !removed[second] && !cuts.iter().any(|cut| cut.contains(&second)) {
                        open[second] = true;
                        if own_date.contains(&second) {
                            business.insert(day);
                        }
                    }
                }
            }
        }
        for (start, end) in rules.spans(false) {
            let (start, end) = (clock.moment(start), clock.moment(end));
            (start..end).for_each(|second| open[second] = true);
            if start < end {
                // The date that has begun last: which its clock shows, unless a fold leads back over midnight.
                let shown = clock.local[start].div_euclid(DAY_S);
                business.extend((shown - 2..=shown + 2).rfind(|day| clock.index(day * DAY_S) <= start));
            }
        }
        let margin = (MARGIN_DAYS * DAY_S) as usize;
        Self {
            from,
            kept: margin..open.len() - margin,
            clock,
            open,
            business,
        }
    }

    /// Parts scanned one by one, and put together second by second.
    pub(crate) fn composite(composite: &Composite, from: i64, until: i64) -> Self {
        let parts = composite.parts.iter();
        let parts: Vec<Self> = parts.map(|part| Self::new(part, from, until)).collect();
        let (first, count) = (parts[0].clock.first, parts[0].open.len() as i64);
        let clock = Seconds::new(&zone_named(&composite.zone, None), first, first + count, false);
        let together = |second: usize| match composite.kind {
            Kind::Union => parts.iter().any(|part| part.open[second]),
            Kind::Intersection => parts.iter().all(|part| part.open[second]),
            Kind::Difference => parts[0].open[second] && !parts[1..].iter().any(|part| part.open[second]),
        };
        let open: Vec<bool> = (0..clock.local.len()).map(together).collect();
        let first_day = clock.local[0].div_euclid(DAY_S);
        let mut business = BTreeSet::new();
        for day in first_day..=first_day + open.len() as i64 / DAY_S {
            let mut states = parts.iter().map(|part| part.business.contains(&day));
            let of_parts = match composite.kind {
                Kind::Union => states.any(|is| is),
                Kind::Intersection => states.all(|is| is),
                Kind::Difference => states.next().unwrap(),
            };
            let mut seconds = clock.index(day * DAY_S)..clock.index((day + 1) * DAY_S);
            if of_parts && seconds.any(|second| open[second]) {
                business.insert(day);
            }
        }
        Self {
            from,
            kept: parts[0].kept.clone(),
            clock,
            open,
            business,
        }
    }

    fn kept(&self) -> &[bool] {
        &self.open[self.kept.clone()]
    }

    pub(crate) fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.kept()[(at.timestamp() - self.from) as usize]
    }

    /// Which seconds are open, from the first about which it answers.
    pub(crate) fn seconds(&self) -> &[bool] {
        self.kept()
    }

    /// The open nanoseconds in `[from, to)`: each open second gives what it has in common with the interval.
    pub(crate) fn elapsed_nanos(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
        let (from, to) = (nanos(from), nanos(to));
        let seconds = from.div_euclid(NANOS)..to.div_euclid(NANOS) + 1;
        let open = seconds.filter(|second| {
            let index = second - i128::from(self.from);
            self.kept().get(index as usize).copied().unwrap_or_default()
        });
        open.map(|second| ((second + 1) * NANOS).min(to) - (second * NANOS).max(from))
            .sum::<i128>() as u64
    }

    /// The earliest instant until which `within_nanos` have been open, if the span has as much.
    pub(crate) fn deadline(&self, from: DateTime<Utc>, within_nanos: u64) -> Option<DateTime<Utc>> {
        let (from, mut left) = (nanos(from), i128::from(within_nanos));
        if left == 0 {
            return Some(instant(from));
        }
        let end = i128::from(self.from) + self.kept().len() as i128;
        for second in from.div_euclid(NANOS)..end {
            if self.kept()[(second - i128::from(self.from)) as usize] {
                let start = (second * NANOS).max(from);
                if start + left <= (second + 1) * NANOS {
                    return Some(instant(start + left));
                }
                left -= (second + 1) * NANOS - start;
            }
        }
        None
    }

    /// The latest instant from which on `within_nanos` are open until `due`, if the span has as much.
    pub(crate) fn latest_start(&self, due: DateTime<Utc>, within_nanos: u64) -> Option<DateTime<Utc>> {
        let (due, mut left) = (nanos(due), i128::from(within_nanos));
        if left == 0 {
            return Some(instant(due));
        }
        for second in (i128::from(self.from)..=(due - 1).div_euclid(NANOS)).rev() {
            if self.kept()[(second - i128::from(self.from)) as usize] {
                let end = ((second + 1) * NANOS).min(due);
                if end - left >= second * NANOS {
                    return Some(instant(end - left));
                }
                left -= end - second * NANOS;
            }
        }
        None
    }

    /// The earliest instant at or after `at` whose second is, or is not, open.
    pub(crate) fn next(&self, at: DateTime<Utc>, open: bool) -> Option<DateTime<Utc>> {
        let first = at.timestamp() - self.from;
        if *self.kept().get(first as usize)? == open {
            return Some(at);
        }
        let later = first as usize + 1;
        let found = self.kept()[later..].iter().position(|state| *state == open)?;
        DateTime::from_timestamp(self.from + (later + found) as i64, 0)
    }

    /// The last instant at or before `at` at which hours start, or stop, that was scanned with the second before it.
    pub(crate) fn previous(&self, at: DateTime<Utc>, open: bool) -> Option<DateTime<Utc>> {
        let last = usize::try_from(at.timestamp() - self.clock.first).ok()?;
        let turns = |index: &usize| self.open[*index] == open && self.open[*index - 1] != open;
        let found = (self.kept.start..=last).rev().find(turns)?;
        DateTime::from_timestamp(self.clock.first + found as i64, 0)
    }

    /// The first open instant at or after the deadline.
    pub(crate) fn next_action(&self, from: DateTime<Utc>, within_nanos: u64) -> Option<DateTime<Utc>> {
        self.next(self.deadline(from, within_nanos)?, true)
    }

    /// Whether service hours begin on a date.
    pub(crate) fn is_business_day(&self, date: NaiveDate) -> bool {
        self.business.contains(&day_of(date))
    }

    /// The n-th business day after a day (before it, for a negative number), as far as what was scanned is known whole.
    pub(crate) fn business_day(&self, from: i64, count: i64) -> Option<i64> {
        let known = (self.from - (MARGIN_DAYS - 2) * DAY_S).div_euclid(DAY_S)
            ..=(self.from + self.kept().len() as i64 + (MARGIN_DAYS - 2) * DAY_S).div_euclid(DAY_S);
        let (mut day, mut left) = (from, count.abs());
        while left > 0 {
            day += count.signum();
            if !known.contains(&day) {
                return None;
            }
            left -= i64::from(self.business.contains(&day));
        }
        Some(day)
    }

    /// What the clock shows at an instant.
    pub(crate) fn local_at(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let local = self.clock.local[(at.timestamp() - self.clock.first) as usize];
        DateTime::from_timestamp(local, at.timestamp_subsec_nanos())
            .unwrap()
            .naive_utc()
    }

    /// The instant that a local time means. One between two seconds is that of its second and the rest, but in a gap, where
    /// the first instant is the transition.
    pub(crate) fn instant_of(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let (second, rest) = (
            local.and_utc().timestamp(),
            local.and_utc().timestamp_subsec_nanos(),
        );
        let index = self.clock.index(second);
        let shown = self.clock.local[index];
        let rest = if self.clock.compatible || shown == second {
            rest
        } else {
            0
        };
        DateTime::from_timestamp(self.clock.first + index as i64, rest).unwrap()
    }

    /// When hours end on a date; midnight, if they go on.
    fn end_of(&self, day: i64) -> Option<DateTime<Utc>> {
        let mut seconds = self.clock.index(day * DAY_S)..self.clock.index((day + 1) * DAY_S);
        let last = seconds.rfind(|second| self.open[*second])?;
        DateTime::from_timestamp(self.clock.first + last as i64 + 1, 0)
    }

    fn answers(&self, at: DateTime<Utc>) -> bool {
        (0..self.kept().len() as i64).contains(&(at.timestamp() - self.from))
    }

    /// The moment that a meaning names on a date, for something that started at an instant.
    fn moment_on(&self, day: i64, from: DateTime<Utc>, meaning: Meaning) -> Option<DateTime<Utc>> {
        if let Meaning::EndOfDay = meaning {
            return self.end_of(day);
        }
        let time = match meaning {
            Meaning::At(time) => {
                DateTime::from_timestamp(time, 0).unwrap().naive_utc() - DateTime::UNIX_EPOCH.naive_utc()
            }
            _ => self.local_at(from).time() - chrono::NaiveTime::MIN,
        };
        let at = self.instant_of(date_of(day).and_hms_opt(0, 0, 0).unwrap() + time);
        if !self.answers(at) {
            return None;
        }
        match meaning {
            Meaning::SameTimeOrNextOpening => self.next(at, true),
            Meaning::SameTimeOrLastClose => Some(self.last_close(day, at)),
            _ => Some(at),
        }
    }

    /// The instant itself if hours run, or else until when they last did on that date, if they did.
    fn last_close(&self, day: i64, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.is_open(at) {
            return at;
        }
        let mut seconds = self.clock.index(day * DAY_S)..(at.timestamp() - self.clock.first) as usize;
        let last = seconds.rfind(|second| self.open[*second]);
        last.map_or(at, |last| {
            DateTime::from_timestamp(self.clock.first + last as i64 + 1, 0).unwrap()
        })
    }

    /// The moment of no days at all: that of the date itself, if a date like it has one. `None` if what was scanned does not
    /// show it.
    fn moment_today(&self, day: i64, from: DateTime<Utc>, meaning: Meaning) -> Option<Option<DateTime<Utc>>> {
        match meaning {
            Meaning::EndOfDay | Meaning::At(_) if !self.business.contains(&day) => Some(None),
            Meaning::EndOfDay | Meaning::At(_) => self.moment_on(day, from, meaning).map(Some),
            Meaning::SameTimeOrNextOpening => self.next(from, true).map(Some),
            Meaning::SameTimeOrLastClose => Some(Some(self.last_close(day, from))),
            _ => Some(Some(from)),
        }
    }

    fn day_length_nanos(rules: &Rules, at: NaiveDateTime) -> u64 {
        let year = at.year();
        rules.dates(year, year).day_length(day_of(at.date())) as u64 * NANOS as u64
    }

    /// When something is due that may take so many business days from an instant, if what was scanned shows it.
    pub(crate) fn deadline_in_days(
        &self,
        rules: &Rules,
        from: DateTime<Utc>,
        days: Days,
    ) -> Option<DateTime<Utc>> {
        let today = |at| day_of(self.local_at(at).date());
        let mut from = from;
        if let Some(cut_off) = days.cut_off {
            let day = today(from);
            let is_late = self.business.contains(&day) && {
                let time = self.local_at(from).time() - chrono::NaiveTime::MIN;
                let cut_off = match cut_off {
                    Cut::At(cut_off) => cut_off,
                    Cut::AtClose => DAY_S,
                    Cut::OfTheCalendar => rules.cut_off_on(day).unwrap_or(DAY_S),
                };
                time >= chrono::Duration::seconds(cut_off) || from >= self.end_of(day)?
            };
            if is_late || !self.business.contains(&day) {
                let next = self.business_day(today(from), 1)?;
                let mut seconds = self.clock.index(next * DAY_S)..self.clock.index((next + 1) * DAY_S);
                let first = seconds.find(|second| self.open[*second])?;
                from = DateTime::from_timestamp(self.clock.first + first as i64, 0)?;
                if !self.answers(from) {
                    return None;
                }
            }
        }
        let count = u64::from(days.count);
        match days.meaning {
            Meaning::ScheduleHours => self.deadline(from, count * 86_400 * NANOS as u64),
            Meaning::DayLength => {
                self.deadline(from, count * Self::day_length_nanos(rules, self.local_at(from)))
            }
            meaning if count == 0 => {
                let at = self.moment_today(today(from), from, meaning)?;
                match at.filter(|at| *at >= from) {
                    Some(at) => Some(at),
                    None => self.moment_on(self.business_day(today(from), 1)?, from, meaning),
                }
            }
            meaning => self.moment_on(
                self.business_day(today(from), i64::from(days.count))?,
                from,
                meaning,
            ),
        }
    }

    /// The mirror, which knows no cut-off.
    pub(crate) fn start_in_days(
        &self,
        rules: &Rules,
        due: DateTime<Utc>,
        count: u32,
        meaning: Meaning,
    ) -> Option<DateTime<Utc>> {
        let today = day_of(self.local_at(due).date());
        match meaning {
            Meaning::ScheduleHours => self.latest_start(due, u64::from(count) * 86_400 * NANOS as u64),
            Meaning::DayLength => self.latest_start(
                due,
                u64::from(count) * Self::day_length_nanos(rules, self.local_at(due)),
            ),
            // No opening in what was scanned lies after `due`, which was.
            Meaning::SameTimeOrNextOpening => {
                let today_at = self.next(due, true).filter(|at| count == 0 && *at <= due);
                today_at.or_else(|| {
                    let day = self.business_day(today, -i64::from(count.max(1)))?;
                    let at = self.moment_on(day, due, Meaning::SameTime)?;
                    Some(self.next(at, true).map_or(due, |at| at.min(due)))
                })
            }
            meaning if count == 0 => {
                let at = self.moment_today(today, due, meaning)?;
                match at.filter(|at| *at <= due) {
                    Some(at) => Some(at),
                    None => self
                        .moment_on(self.business_day(today, -1)?, due, meaning)
                        .map(|at| at.min(due)),
                }
            }
            // Nothing starts after it is due.
            meaning => self
                .moment_on(self.business_day(today, -i64::from(count))?, due, meaning)
                .map(|at| at.min(due)),
        }
    }
}

/// Walks day by day: for long distances.
pub(crate) struct DayWalker<'a> {
    rules: &'a Rules,
    zone: Zone,
}

/// Stretches of one offset: from, until, offset.
struct Stretches(Vec<(i64, i64, i64)>);

impl Stretches {
    /// By looking at every quarter of an hour, and at every second of those in which the offset changes. The tz database
    /// changes no zone twice in a quarter.
    fn new(zone: &Zone, first: i64, last: i64) -> Self {
        const QUARTER_S: i64 = 900;
        let mut found = vec![(first, last, offset(zone, first))];
        for quarter in (first..last).step_by(QUARTER_S as usize) {
            let (from, _, before) = *found.last().unwrap();
            if offset(zone, quarter + QUARTER_S) != before {
                let change = (quarter + 1..).find(|at| offset(zone, *at) != before).unwrap();
                *found.last_mut().unwrap() = (from, change, before);
                found.push((change, last, offset(zone, change)));
            }
        }
        Self(found)
    }

    /// f(L) in the first stretch that gets so far; for `compatible`, by the offset before, if no stretch shows L.
    fn map(&self, local: i64, compatible: bool) -> i64 {
        let reached = self
            .0
            .iter()
            .position(|(_, until, offset)| until - 1 + offset >= local);
        let Some(index) = reached else {
            return self.0.last().unwrap().1;
        };
        let (from, _, offset) = self.0[index];
        let shown = self
            .0
            .iter()
            .any(|(from, until, offset)| (from + offset..until + offset).contains(&local));
        if compatible && !shown && index > 0 {
            local - self.0[index - 1].2
        } else {
            from.max(local - offset)
        }
    }
}

fn without(windows: &[(i64, i64)], (start, end): (i64, i64)) -> Vec<(i64, i64)> {
    let parts = windows
        .iter()
        .flat_map(|(from, to)| [(*from, start.min(*to)), (end.max(*from), *to)]);
    if start < end {
        parts.filter(|(from, to)| from < to).collect()
    } else {
        windows.to_vec()
    }
}

impl<'a> DayWalker<'a> {
    pub(crate) fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            zone: zone_named(&rules.zone, rules.more.zone_data.as_ref()),
        }
    }

    /// Open windows in seconds that start on local days from `first` to `last`, in order, disjoint; and the business days
    /// among those.
    pub(crate) fn walk(&self, first: i64, last: i64) -> (Vec<(i64, i64)>, BTreeSet<i64>) {
        let (rules, compatible) = (self.rules, self.rules.more.compatible);
        let clock = Stretches::new(
            &self.zone,
            (first - MARGIN_DAYS) * DAY_S,
            (last + MARGIN_DAYS) * DAY_S,
        );
        let dates = rules.dates(year_of(first * DAY_S), year_of(last * DAY_S));
        let moment = |moment: Moment| match moment {
            Moment::Local(local) => clock.map(local, compatible),
            Moment::Instant(at) => at,
        };
        let removed: Vec<(i64, i64)> = rules
            .spans(true)
            .map(|(from, to)| (moment(from), moment(to)))
            .collect();
        let (mut windows, mut business) = (Vec::new(), BTreeSet::new());
        for day in first..=last {
            let date = (
                clock.map(day * DAY_S, compatible),
                clock.map((day + 1) * DAY_S, compatible),
            );
            for ((start, end), cuts) in dates.windows(day) {
                let window = (clock.map(start, compatible), clock.map(end, compatible));
                let whole: Vec<(i64, i64)> = [window].into_iter().filter(|(from, to)| from < to).collect();
                let cuts = cuts
                    .iter()
                    .map(|cut| (clock.map(cut.0, compatible), clock.map(cut.1, compatible)));
                let whole = cuts.fold(whole, |left, cut| without(&left, cut));
                let left = removed.iter().fold(whole, |left, span| without(&left, *span));
                if left.iter().any(|(from, to)| date.0.max(*from) < date.1.min(*to)) {
                    business.insert(day);
                }
                windows.extend(left);
            }
        }
        let (from, until) = (
            clock.map(first * DAY_S, compatible),
            clock.map((last + 1) * DAY_S, compatible),
        );
        for (start, end) in rules.spans(false).map(|(from, to)| (moment(from), moment(to))) {
            if start < end && start < until && from < end {
                windows.push((start, end));
                let shown = (start + offset(&self.zone, start)).div_euclid(DAY_S);
                business
                    .extend((shown - 2..=shown + 2).rfind(|day| clock.map(day * DAY_S, compatible) <= start));
            }
        }
        windows.sort_unstable();
        let mut disjoint: Vec<(i64, i64)> = Vec::new();
        for (start, end) in windows {
            match disjoint.last_mut() {
                Some(before) if start <= before.1 => before.1 = before.1.max(end),
                _ => disjoint.push((start, end)),
            }
        }
        (disjoint, business)
    }

    pub(crate) fn windows(&self, first: i64, last: i64) -> Vec<(i64, i64)> {
        self.walk(first, last).0
    }

    pub(crate) fn elapsed_nanos(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
        let days = from.timestamp().div_euclid(DAY_S) - 3..=to.timestamp().div_euclid(DAY_S) + 3;
        let (from, to) = (nanos(from), nanos(to));
        let windows = self.windows(*days.start(), *days.end()).into_iter();
        let common = windows.map(|(start, end)| {
            let (start, end) = (i128::from(start) * NANOS, i128::from(end) * NANOS);
            (end.min(to) - start.max(from)).max(0)
        });
        common.sum::<i128>() as u64
    }

    /// The earliest instant until which `within_nanos` have been open, looking `days` far.
    pub(crate) fn deadline(
        &self,
        from: DateTime<Utc>,
        within_nanos: u64,
        days: i64,
    ) -> Option<DateTime<Utc>> {
        let (first, mut left) = (from.timestamp().div_euclid(DAY_S) - 3, i128::from(within_nanos));
        for (start, end) in self.windows(first, first + 3 + days) {
            let start = (i128::from(start) * NANOS).max(nanos(from));
            let length = i128::from(end) * NANOS - start;
            if length >= left && length > 0 {
                return Some(instant(start + left));
            }
            left -= length.max(0);
        }
        None
    }
}

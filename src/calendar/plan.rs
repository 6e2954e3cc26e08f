//! The layers of the terms by date, and where their windows lie on the time line.
//!
//! This module owns the step from local time to instants: every window goes through the calendar's map here and nowhere
//! else, and every layer takes the place of those before it here. The compiled table and the explanation are both made from
//! these spans. It answers no question about an instant.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate};

use crate::allowance::WorkingTime;
use crate::error::{ProblemList, Problems};
use crate::instant::Instant;
use crate::interval::{Interval, IntervalSet};
use crate::period::Date;
use crate::zone::{Clocks, LocalTime, OFFSET_SECONDS_MAX, OffsetTable, Zone, local_midnight};

use super::dates::DateRule;
use super::holidays::{Marked, marked_days};
use super::local::LocalMap;
use super::overrides::{DayHours, DayKind};
use super::seasons::{Spell, spells};
use super::spans::{Kind, Moment, OneOff};
use super::terms::{BeyondKnown, Hours, OvernightOnHoliday};
use super::weekly::{Weekly, Window};

pub(super) const SECONDS_PER_DAY: i64 = 86_400;

/// 1970-01-01 was a Thursday: counted from Monday = 0, the fourth day of its week.
const EPOCH_WEEKDAY: i64 = 3;

/// How many days before a horizon the zone's clock is looked at, for windows that reach into it.
const DAYS_BEFORE_HORIZON: i64 = 10;

/// The layers of the terms up to one of them: see [`Hours`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UpTo {
    Weekly,
    Seasons,
    Holidays,
    Overrides,
    Added,
    Removed,
}

/// Which entry of the terms has a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Weekly(usize),
    Season(usize, usize),
    Override(usize),
    Added(usize),
}

/// The rules of a calendar, laid out so that the windows of a date are found without a search over the rules.
pub(super) struct Plan {
    /// Weeks that differ in their windows.
    patterns: Vec<Pattern>,
    /// From which day on which pattern holds, in order; the first from the first day there is.
    runs: Vec<Run>,
    /// The same without seasons.
    runs_without_seasons: Vec<Run>,
    /// Where seasons start and end, in order.
    spells: Vec<Spell>,
    /// The days that holidays close, in order.
    holidays: Vec<Marked>,
    /// The days with hours of their own, in order, and the index of the override.
    overrides: Vec<(i64, usize)>,
    /// By index of the override.
    day_hours: Vec<DayHours>,
    masks_local_day: bool,
    /// Spans, by their index in the terms.
    added: Vec<Interval>,
    removed: Vec<Interval>,
    local: Arc<LocalMap>,
    coverage: Coverage,
    opens_later: bool,
    closes_later: bool,
}

/// For each weekday from Monday the windows that start on it, by their start.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern([Vec<Shift>; 7]);

#[derive(Clone, Copy)]
pub(super) struct Run {
    first_day: i64,
    pattern: usize,
}

/// A window in local seconds since the midnight of its day, and the entry that has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Shift {
    start_s: i64,
    end_s: i64,
    rule: Rule,
}

/// A window on the time line, and the entry that has it.
pub(super) struct Placed {
    pub(super) interval: Interval,
    pub(super) rule: Rule,
}

/// What is known, and why it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coverage {
    /// The instants about which questions are answered.
    pub(super) span: Interval,
    /// From when on answers rest on an assumption.
    pub(super) assumed_from: Option<Instant>,
    pub(super) end: End,
}

/// What ends the span of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The last date for which holidays are known.
    Holidays(NaiveDate),
    /// The zone data, or the last instant there is.
    ZoneData(Instant),
    /// The horizon that was asked for.
    Horizon,
}

/// What a date is beside its weekday.
enum Special<'a> {
    Holiday,
    Override(usize, &'a DayHours),
}

impl Plan {
    /// For hours without problems, but for those that only the zone shows.
    pub(super) fn new(hours: &Hours, zone: &Zone, horizon: Option<Interval>) -> Result<Self, Problems> {
        let (offsets, coverage) = reach(hours, zone, horizon);
        let years = years_around(coverage.span);
        let (spells, _) = spells(&hours.seasons, &years);
        let mut holidays = marked_days(&hours.holidays, &years).days;
        holidays.dedup_by_key(|marked| marked.day);
        let mut plan = Self {
            patterns: Vec::new(),
            runs: Vec::new(),
            runs_without_seasons: Vec::new(),
            spells,
            holidays,
            overrides: overrides(hours, &years),
            day_hours: hours.overrides.iter().map(|day| day.hours.clone()).collect(),
            masks_local_day: hours.overnight_on_holiday == Some(OvernightOnHoliday::HolidayMasksLocalDay),
            added: Vec::new(),
            removed: Vec::new(),
            local: Arc::new(LocalMap::new(offsets, hours.local_time)),
            opens_later: goes_on(hours, coverage.span, true),
            closes_later: goes_on(hours, coverage.span, false),
            coverage,
        };
        plan.lay_out_weeks(hours);
        let mut problems = ProblemList::default();
        plan.added = plan.spans("added", &hours.added, &mut problems);
        plan.removed = plan.spans("removed", &hours.removed, &mut problems);
        plan.find_contradicting_spans(&mut problems);
        problems.finish()?;
        Ok(plan)
    }

    /// The instants about which the calendar answers.
    #[inline]
    pub(super) fn covers(&self) -> Interval {
        self.coverage.span
    }

    pub(super) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    pub(super) fn local(&self) -> &Arc<LocalMap> {
        &self.local
    }

    /// Whether any entry of the terms could open the calendar after all that it knows.
    pub(super) fn opens_later(&self) -> bool {
        self.opens_later
    }

    /// Whether any entry of the terms could close it after all that it knows.
    pub(super) fn closes_later(&self) -> bool {
        self.closes_later
    }

    /// What the clock shows, for spans of the coverage that only go forward.
    pub(super) fn clocks(&self) -> Clocks<'_> {
        self.local.clocks()
    }

    /// What local days are, for spans of days that only go forward.
    pub(super) fn days_in_order(&self) -> DaysInOrder<'_> {
        DaysInOrder {
            runs: &self.runs,
            specials: self.specials(),
            passed: 0,
        }
    }

    /// The instants around which a window cannot be taken from an alike week: spans, and gaps where they move windows.
    pub(super) fn irregular(&self) -> IntervalSet {
        let around = |at: i64| {
            Interval::clamped(
                Instant::clamped_from_seconds(at.saturating_sub(SECONDS_PER_DAY.saturating_mul(3))),
                Instant::clamped_from_seconds(at.saturating_add(SECONDS_PER_DAY.saturating_mul(3))),
            )
        };
        let moves_windows = self.local.rule() == LocalTime::Compatible;
        let gaps = self.local.gaps().filter(|_| moves_windows).map(around);
        gaps.chain(self.added.iter().copied())
            .chain(self.removed.iter().copied())
            .collect()
    }

    /// All instants within `span` at which hours run.
    pub(super) fn open(&self, span: Interval) -> IntervalSet {
        self.open_up_to(UpTo::Removed, span)
    }

    /// All instants within `span` at which hours run by some of the layers.
    pub(super) fn open_up_to(&self, layer: UpTo, span: Interval) -> IntervalSet {
        let span = span.intersection(&self.covers());
        let days = days_reaching(span);
        let placed = self.placed(layer, days);
        let added = self.added.iter().filter(|_| layer >= UpTo::Added).copied();
        let open: IntervalSet = placed.into_iter().map(|one| one.interval).chain(added).collect();
        let removed = self.removed.iter().filter(|_| layer >= UpTo::Removed).copied();
        open.clip(span).difference(&removed.collect())
    }

    /// The windows of those days by rule, without one-off spans, and without what other days take from them.
    pub(super) fn placed(&self, layer: UpTo, days: RangeInclusive<i64>) -> Vec<Placed> {
        let masks = self.masks(layer, &days);
        let mut placed = Vec::new();
        for day in days {
            let special = self.special(layer, day);
            if special.is_none() || self.masks_local_day {
                for shift in self.ordinary(layer, day) {
                    masks.push_what_is_left(self.place(day, *shift), None, &mut placed);
                }
            }
            if let Some(Special::Override(index, hours)) = special {
                for shift in self.own(layer, day, index, hours) {
                    masks.push_what_is_left(self.place(day, shift), Some(day), &mut placed);
                }
            }
        }
        placed
    }

    /// What each holiday or override of a layer may take from the layer before it, in order of days: the day, the index of the
    /// entry, and the time.
    pub(super) fn taken(&self, layer: UpTo, days: RangeInclusive<i64>) -> Vec<(i64, usize, IntervalSet)> {
        let mut taken = Vec::new();
        for day in days {
            let index = match layer {
                UpTo::Holidays => self.holiday_on(day).map(|marked| marked.holiday),
                _ => self.override_on(day),
            };
            let Some(index) = index else { continue };
            let reaching = if self.masks_local_day {
                IntervalSet::from(self.local_day(day))
            } else {
                let shifts = self.ordinary(layer, day).iter();
                shifts.map(|shift| self.place(day, *shift).interval).collect()
            };
            taken.push((day, index, reaching));
        }
        taken
    }

    /// The time of each season, and its index.
    pub(super) fn season_times(&self, within: Interval) -> impl Iterator<Item = (usize, Interval)> + '_ {
        self.spells.iter().filter_map(move |spell| {
            // A window that belongs to the season may reach a day further.
            let first = self.local_day(spell.first).from();
            let last = self.local_day(spell.last.saturating_add(1)).until();
            let time = Interval::clamped(first, last).intersection(&within);
            (!time.is_empty()).then_some((spell.season, time))
        })
    }

    pub(super) fn added(&self) -> &[Interval] {
        &self.added
    }

    pub(super) fn removed(&self) -> &[Interval] {
        &self.removed
    }

    /// Whether the holiday that closes a day is observed on it, and not its own date.
    pub(super) fn is_observed(&self, day: i64) -> bool {
        self.holiday_on(day).is_some_and(|marked| marked.is_observed)
    }

    pub(super) fn local_day(&self, day: i64) -> Interval {
        self.local.day(day, self.covers())
    }

    /// How long the hours of the longest weekday are by the week that holds on a day, whatever clocks and holidays do.
    pub(super) fn longest_day(&self, day: i64) -> WorkingTime {
        let pattern = self.patterns.get(pattern_on(&self.runs, day));
        let weekdays = pattern.map(|pattern| pattern.0.iter()).into_iter().flatten();
        let length = |shifts: &Vec<Shift>| {
            let at = Instant::clamped_from_seconds;
            let spans = shifts
                .iter()
                .map(|shift| Interval::clamped(at(shift.start_s), at(shift.end_s)));
            spans.collect::<IntervalSet>().total().as_nanoseconds()
        };
        WorkingTime::nanoseconds(weekdays.map(length).max().unwrap_or_default())
    }

    /// From which days on another week may hold, in order.
    pub(super) fn weeks_start(&self) -> impl Iterator<Item = i64> {
        self.runs.iter().map(|run| run.first_day)
    }

    /// On which weekdays windows start, from which day on.
    pub(super) fn weeks(&self) -> WeeksWorked {
        let worked = |run: &Run| {
            let pattern = self.patterns.get(run.pattern);
            let worked = core::array::from_fn(|weekday| {
                let shifts = pattern.and_then(|pattern| pattern.0.get(weekday));
                shifts.is_some_and(|shifts| !shifts.is_empty())
            });
            (run.first_day, worked)
        };
        WeeksWorked(self.runs.iter().map(worked).collect())
    }

    /// Whether a window of a day, or a span that starts on it, runs on that day, as far as other layers leave it.
    pub(super) fn begins_on(&self, day: i64, is_open: impl Fn(Interval) -> bool) -> bool {
        let local_day = self.local_day(day);
        let starts_on_it = |span: &&Interval| local_day.contains(span.start());
        let spans = self.added.iter().filter(starts_on_it).copied();
        let windows = self.placed(UpTo::Overrides, day..=day).into_iter();
        windows
            .map(|placed| placed.interval)
            .chain(spans)
            .any(|window| is_open(window.intersection(&local_day)))
    }

    /// The days whose windows are not just those of their weekday: near holidays, overrides, spans and changes of the clock.
    pub(super) fn unusual_days(&self) -> BTreeSet<i64> {
        let near = |day: i64| day.saturating_sub(2)..=day.saturating_add(2);
        let specials = self.specials().into_iter().map(|(day, _)| day);
        let spans = self.added.iter().chain(&self.removed);
        let spans = spans.flat_map(|span| days_reaching(*span));
        let gaps = self.local.gaps().map(|at| at.div_euclid(SECONDS_PER_DAY));
        specials.chain(gaps).flat_map(near).chain(spans).collect()
    }

    fn lay_out_weeks(&mut self, hours: &Hours) {
        let mut known = BTreeMap::new();
        self.runs = runs(hours, &self.spells, &mut known);
        self.runs_without_seasons = runs(hours, &[], &mut known);
        let mut patterns: Vec<(usize, Pattern)> = known
            .into_iter()
            .map(|(pattern, index)| (index, pattern))
            .collect();
        patterns.sort_unstable_by_key(|(index, _)| *index);
        self.patterns = patterns.into_iter().map(|(_, pattern)| pattern).collect();
    }

    fn holiday_on(&self, day: i64) -> Option<&Marked> {
        let found = self.holidays.binary_search_by_key(&day, |marked| marked.day);
        self.holidays.get(found.ok()?)
    }

    fn override_on(&self, day: i64) -> Option<usize> {
        let found = self.overrides.binary_search_by_key(&day, |(day, _)| *day);
        self.overrides.get(found.ok()?).map(|(_, index)| *index)
    }

    fn special(&self, layer: UpTo, day: i64) -> Option<Special<'_>> {
        let index = self.override_on(day).filter(|_| layer >= UpTo::Overrides);
        let own = index.and_then(|index| Some(Special::Override(index, self.day_hours.get(index)?)));
        own.or_else(|| {
            let holiday = self.holiday_on(day).filter(|_| layer >= UpTo::Holidays);
            holiday.map(|_| Special::Holiday)
        })
    }

    /// The days that are special, in order, and a number for each that is equal where their hours are.
    fn specials(&self) -> Vec<(i64, u32)> {
        let code = |index: usize| u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let overrides = self.overrides.iter().map(|(day, index)| (*day, code(*index)));
        let holidays = self.holidays.iter().map(|marked| (marked.day, 0));
        let mut all: Vec<(i64, u32)> = overrides.chain(holidays).collect();
        // An override takes the place of a holiday.
        all.sort_unstable_by_key(|(day, code)| (*day, core::cmp::Reverse(*code)));
        all.dedup_by_key(|(day, _)| *day);
        all
    }

    /// The windows that start on a day by its week.
    fn ordinary(&self, layer: UpTo, day: i64) -> &[Shift] {
        let runs = match layer {
            UpTo::Weekly => &self.runs_without_seasons,
            _ => &self.runs,
        };
        let pattern = self.patterns.get(pattern_on(runs, day));
        let shifts = pattern.and_then(|pattern| pattern.0.get(weekday_of_day(day)));
        shifts.map(Vec::as_slice).unwrap_or_default()
    }

    /// The windows that an override gives its day.
    fn own(&self, layer: UpTo, day: i64, index: usize, hours: &DayHours) -> Vec<Shift> {
        let rule = Rule::Override(index);
        let cut = |from_s: i64, until_s: i64| -> Vec<Shift> {
            if self.masks_local_day {
                return Vec::new(); // the rest of the day is masked, and this part is not
            }
            let ordinary = self.ordinary(layer, day).iter();
            let cut = ordinary.map(|shift| Shift {
                start_s: shift.start_s.max(from_s),
                end_s: shift.end_s.min(until_s),
                rule: shift.rule,
            });
            cut.filter(|shift| shift.start_s < shift.end_s).collect()
        };
        match &hours.0 {
            DayKind::Closed => Vec::new(),
            DayKind::Windows(windows) => windows.all().iter().map(|window| shift(*window, rule)).collect(),
            DayKind::Until(time) => cut(0, i64::from(time.seconds())),
            DayKind::From(time) => cut(i64::from(time.seconds()), i64::MAX),
        }
    }

    /// The parts of local days that take the place of whatever ordinary windows run on them.
    fn masks(&self, layer: UpTo, days: &RangeInclusive<i64>) -> Masks {
        let mut masks = Masks::default();
        if !self.masks_local_day {
            return masks;
        }
        for day in days.clone() {
            let (from_s, until_s) = match self.special(layer, day) {
                None => continue,
                Some(Special::Override(_, DayHours(DayKind::Until(time)))) => {
                    (i64::from(time.seconds()), SECONDS_PER_DAY)
                }
                Some(Special::Override(_, DayHours(DayKind::From(time)))) => (0, i64::from(time.seconds())),
                Some(_) => (0, SECONDS_PER_DAY),
            };
            let midnight = day.saturating_mul(SECONDS_PER_DAY);
            let masked = self.between(midnight.saturating_add(from_s), midnight.saturating_add(until_s));
            masks.days.push((day, masked));
        }
        masks.all = masks.days.iter().map(|(_, masked)| *masked).collect();
        masks
    }

    fn place(&self, day: i64, shift: Shift) -> Placed {
        let midnight = day.saturating_mul(SECONDS_PER_DAY);
        Placed {
            interval: self.between(
                midnight.saturating_add(shift.start_s),
                midnight.saturating_add(shift.end_s),
            ),
            rule: shift.rule,
        }
    }

    /// From one local time until another, as far as the calendar knows. One that a gap swallows is empty.
    fn between(&self, start_s: i64, end_s: i64) -> Interval {
        self.local.between(start_s, end_s, self.covers())
    }

    fn instant_of(&self, local_s: i64) -> Instant {
        let at = self.local.instant_of(local_s);
        at.map_or(self.covers().until(), Instant::clamped_from_seconds)
    }

    fn moment(&self, moment: Moment) -> Instant {
        match moment.0 {
            Kind::Local(local) => self.instant_of(local.and_utc().timestamp()),
            Kind::Instant(at) => Instant::clamped_from_seconds(at.timestamp()),
        }
    }

    fn spans(&self, name: &str, spans: &[OneOff], problems: &mut ProblemList) -> Vec<Interval> {
        let mut placed = Vec::with_capacity(spans.len());
        for (index, span) in spans.iter().enumerate() {
            let (from, until) = (self.moment(span.from), self.moment(span.until));
            let mixed = matches!(
                (span.from.0, span.until.0),
                (Kind::Local(_), Kind::Instant(_)) | (Kind::Instant(_), Kind::Local(_))
            );
            if mixed && until <= from {
                let what = alloc::format!(
                    "expected a time after {} (`from`), found {}",
                    span.from,
                    span.until
                );
                problems.push(alloc::format!("{name}[{index}].until"), what);
            }
            placed.push(Interval::clamped(from, until).intersection(&self.covers()));
        }
        placed
    }

    /// A span that is added and one that is removed for the same time: n log n.
    fn find_contradicting_spans(&self, problems: &mut ProblemList) {
        let removed: IntervalSet = self.removed.iter().copied().collect();
        for (index, added) in self.added.iter().enumerate() {
            let both = removed.clip(*added);
            let Some(first) = both.iter().next() else {
                continue;
            };
            let other = self
                .removed
                .iter()
                .position(|removed| !removed.intersection(first).is_empty());
            let what = alloc::format!("{first} is also in `removed[{}]`", other.unwrap_or_default());
            problems.push(alloc::format!("added[{index}]"), what);
        }
    }
}

/// On which weekdays windows start, from which day on.
pub(super) struct WeeksWorked(Vec<(i64, [bool; 7])>);

impl WeeksWorked {
    pub(super) fn is_worked(&self, day: i64) -> bool {
        // Nearly always there is one.
        let week = match self.0.as_slice() {
            [only] => Some(only),
            weeks => {
                let started = weeks.partition_point(|(first_day, _)| *first_day <= day);
                started.checked_sub(1).and_then(|last| weeks.get(last))
            }
        };
        week.and_then(|(_, worked)| worked.get(weekday_of_day(day)))
            .is_some_and(|worked| *worked)
    }
}

/// What special days take from the windows of others.
#[derive(Default)]
struct Masks {
    all: IntervalSet,
    days: Vec<(i64, Interval)>,
}

impl Masks {
    /// What is left of a window; for one that belongs to a special day itself, what other days leave of it.
    fn push_what_is_left(&self, window: Placed, own_day: Option<i64>, to: &mut Vec<Placed>) {
        if window.interval.is_empty() {
            return;
        }
        if self.days.is_empty() {
            to.push(window);
            return;
        }
        let whole = IntervalSet::from(window.interval);
        let left = match own_day {
            None => whole.difference(&self.all),
            Some(own) => {
                let others = self.days.iter().filter(|(day, _)| *day != own);
                whole.difference(&others.map(|(_, masked)| *masked).collect())
            }
        };
        to.extend(left.iter().map(|interval| Placed {
            interval: *interval,
            rule: window.rule,
        }));
    }
}

/// Patterns and special days in order, for spans of days that only go forward.
pub(super) struct DaysInOrder<'a> {
    runs: &'a [Run],
    specials: Vec<(i64, u32)>,
    passed: usize,
}

impl DaysInOrder<'_> {
    /// The pattern that holds on all of these days, and which of them are special, counted from the first. `None` if the
    /// pattern changes among them.
    pub(super) fn over(
        &mut self,
        days: &RangeInclusive<i64>,
        specials: &mut Vec<(i64, u32)>,
    ) -> Option<usize> {
        // Each run and each special day is passed once.
        while let [_, next, ..] = self.runs {
            if next.first_day > *days.start() {
                break;
            }
            self.runs = self.runs.get(1..).unwrap_or_default();
        }
        let later = |(day, _): &(i64, u32)| day < days.start();
        while self.specials.get(self.passed).is_some_and(later) {
            self.passed = self.passed.saturating_add(1);
        }
        specials.clear();
        let near = self.specials.get(self.passed..).unwrap_or_default();
        let near = near.iter().take_while(|(day, _)| day <= days.end());
        specials.extend(near.map(|(day, code)| (day.saturating_sub(*days.start()), *code)));
        match self.runs {
            [run, next, ..] if next.first_day > *days.end() => Some(run.pattern),
            [run] => Some(run.pattern),
            _ => None,
        }
    }
}

/// The local days whose windows may reach into `span`, in days since 1970. A window ends on the day after its start
/// at the latest, a gap may move it by as much as a day, and no clock is further from UTC than the largest offset.
pub(super) fn days_reaching(span: Interval) -> RangeInclusive<i64> {
    let earliest = span.from().epoch_seconds().saturating_sub(OFFSET_SECONDS_MAX);
    let latest = span.until().epoch_seconds().saturating_add(OFFSET_SECONDS_MAX);
    let first = earliest.div_euclid(SECONDS_PER_DAY).saturating_sub(3);
    first..=latest.div_euclid(SECONDS_PER_DAY)
}

/// The zone's offsets as far as they are needed, and what is known.
fn reach(hours: &Hours, zone: &Zone, horizon: Option<Interval>) -> (OffsetTable, Coverage) {
    let assumes = hours.beyond_known == BeyondKnown::Assume;
    let from = horizon.map_or(Instant::MIN, |horizon| horizon.from());
    let first = from
        .epoch_seconds()
        .saturating_sub(SECONDS_PER_DAY.saturating_mul(DAYS_BEFORE_HORIZON));
    let first = first.max(Instant::MIN_SECONDS);
    let zone_until = zone
        .known_until_instant()
        .epoch_seconds()
        .max(Instant::MIN_SECONDS);
    let wanted = horizon.map_or(Instant::MAX_SECONDS, |horizon| {
        // To the whole second after it.
        horizon.until().epoch_seconds().saturating_add(1)
    });
    let wanted = wanted.min(Instant::MAX_SECONDS);
    let last_midnight = hours.known_until.map(|date| local_midnight(date.next()));
    // No further than f of that midnight can lie.
    let asked_until = last_midnight.map_or(i64::MAX, |local| {
        local.saturating_add(OFFSET_SECONDS_MAX).saturating_add(1)
    });
    // A window that reaches over the end of the horizon is looked at whole.
    let beyond = wanted.saturating_add(SECONDS_PER_DAY.saturating_mul(DAYS_BEFORE_HORIZON));
    let table_until = zone_until.min(beyond.min(Instant::MAX_SECONDS));
    let table_until = if assumes {
        table_until
    } else {
        table_until.min(asked_until)
    };
    let mut offsets = OffsetTable::new(zone, first, table_until);
    let midnight = last_midnight.and_then(|local| offsets.first_instant(local));
    let (known, end) = match (midnight, hours.known_until) {
        (Some(at), Some(date)) if at < zone_until => (at, End::Holidays(date.naive())),
        _ => (zone_until, End::ZoneData(zone.known_until_instant())),
    };
    if assumes {
        offsets.extend_to(beyond);
    }
    let until = if assumes { Instant::MAX_SECONDS } else { known };
    let known = Instant::clamped_from_seconds(known);
    let span = Interval::clamped(
        from.min(Instant::clamped_from_seconds(until)),
        Instant::clamped_from_seconds(until),
    );
    let span = horizon.map_or(span, |horizon| span.intersection(&horizon));
    let ends_early = horizon.is_some_and(|horizon| horizon.until().epoch_seconds() < until);
    let coverage = Coverage {
        span,
        assumed_from: (assumes && known < span.until()).then_some(known),
        end: match end {
            _ if ends_early => End::Horizon,
            _ if assumes => End::ZoneData(Instant::MAX),
            end => end,
        },
    };
    (offsets, coverage)
}

/// The years of which dates may matter: a holiday may be observed, and a season go on, in the year after.
fn years_around(span: Interval) -> RangeInclusive<i32> {
    let year = |at: Instant| at.to_utc().year();
    year(span.from()).saturating_sub(2)..=year(span.until()).saturating_add(2)
}

fn overrides(hours: &Hours, years: &RangeInclusive<i32>) -> Vec<(i64, usize)> {
    let mut days: Vec<(i64, usize)> = Vec::new();
    for (index, day) in hours.overrides.iter().enumerate() {
        days.extend(day.on.days_in(years.clone()).map(|on| (on, index)));
    }
    days.sort_unstable();
    days
}

/// Whether any entry of the terms could still open, or else close, a calendar after a span. Says so rather once too often.
fn goes_on(hours: &Hours, after: Interval, opens: bool) -> bool {
    // No zone's date is further from that of UTC.
    let last = after.until().to_utc().date_naive();
    let last = last.checked_sub_days(Days::new(2)).unwrap_or(last);
    let after_it = |on: &DateRule| on.single().is_none_or(|date| date.naive() >= last);
    let ends = |span: &OneOff| span.until.date() >= last;
    let holds = |line: &Weekly| line.last_date().is_none_or(|date| date.naive() >= last);
    let mut seasons = hours.seasons.iter().filter(|season| after_it(&season.from));
    let mut overrides = hours.overrides.iter().filter(|day| after_it(&day.on));
    if opens {
        hours.weekly.iter().any(holds)
            || seasons.any(|season| season.weekly.iter().any(holds))
            || overrides.any(|day| day.hours.windows().is_some())
            || hours.added.iter().any(ends)
    } else {
        hours
            .weekly
            .iter()
            .any(|line| line.last_date().is_some_and(|date| date.naive() >= last))
            || seasons.next().is_some()
            || overrides.next().is_some()
            || hours.holidays.iter().any(|holiday| after_it(&holiday.on))
            || hours.removed.iter().any(ends)
    }
}

fn shift(window: Window, rule: Rule) -> Shift {
    Shift {
        start_s: window.start_s(),
        end_s: window.end_s(),
        rule,
    }
}

/// Where the pattern of the week changes: a line starts or stops to hold, a season starts or ends.
fn runs(hours: &Hours, spells: &[Spell], known: &mut BTreeMap<Pattern, usize>) -> Vec<Run> {
    let lines = hours.weekly.iter();
    let lines = lines.chain(hours.seasons.iter().flat_map(|season| &season.weekly));
    let changes = lines.flat_map(Weekly::changes).map(epoch_day);
    let seasons = spells
        .iter()
        .flat_map(|spell| [spell.first, spell.last.saturating_add(1)]);
    let starts: BTreeSet<i64> = core::iter::once(i64::MIN).chain(changes).chain(seasons).collect();
    let mut runs: Vec<Run> = Vec::new();
    for first_day in starts {
        let next = known.len();
        let pattern = *known.entry(pattern(hours, spells, first_day)).or_insert(next);
        if runs.last().is_none_or(|run| run.pattern != pattern) {
            runs.push(Run { first_day, pattern });
        }
    }
    runs
}

fn pattern(hours: &Hours, spells: &[Spell], day: i64) -> Pattern {
    let started = spells.partition_point(|spell| spell.first <= day);
    let spell = started.checked_sub(1).and_then(|last| spells.get(last));
    let season = spell
        .filter(|spell| day <= spell.last)
        .and_then(|spell| Some((spell.season, hours.seasons.get(spell.season)?)));
    // Before all dates there are, only lines without a start hold; `date_of_day` gives the first date for it.
    let on = if day == i64::MIN {
        None
    } else {
        Date::new(date_of_day(day))
    };
    let mut pattern = Pattern::default();
    let mut add = |weekly: &Weekly, rule: Rule| {
        let holds = match on {
            Some(on) => weekly.holds_on(on),
            None => !weekly.starts(),
        };
        if holds {
            for (weekday, shifts) in pattern.0.iter_mut().enumerate() {
                let windows = weekly.windows_on(weekday).iter();
                shifts.extend(windows.map(|window| shift(*window, rule)));
            }
        }
    };
    match season {
        Some((index, season)) => season
            .weekly
            .iter()
            .enumerate()
            .for_each(|(line, weekly)| add(weekly, Rule::Season(index, line))),
        None => hours
            .weekly
            .iter()
            .enumerate()
            .for_each(|(line, weekly)| add(weekly, Rule::Weekly(line))),
    }
    pattern.0.iter_mut().for_each(|shifts| shifts.sort_unstable());
    pattern
}

fn pattern_on(runs: &[Run], day: i64) -> usize {
    let started = runs.partition_point(|run| run.first_day <= day);
    let run = started.checked_sub(1).and_then(|last| runs.get(last));
    run.map_or(usize::MAX, |run| run.pattern)
}

/// The weekday of a day since 1970, counted from Monday.
pub(super) fn weekday_of_day(day: i64) -> usize {
    let weekday = day.saturating_add(EPOCH_WEEKDAY).rem_euclid(7);
    usize::try_from(weekday).unwrap_or_default()
}

/// The days of a date since 1970-01-01.
pub(super) fn epoch_day(date: NaiveDate) -> i64 {
    local_midnight(date).div_euclid(SECONDS_PER_DAY)
}

/// The date so many days after 1970-01-01.
pub(super) fn date_of_day(day: i64) -> NaiveDate {
    let at = DateTime::from_timestamp(day.saturating_mul(SECONDS_PER_DAY), 0);
    at.unwrap_or_default().date_naive()
}

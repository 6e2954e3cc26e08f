//! The layers of the terms by date, and where their windows lie on the time line.
//!
//! This module owns the step from local time to instants: every window goes through the calendar's map here and nowhere
//! else, and every layer takes the place of those before it here. The compiled table and the explanation are both made from
//! these spans. It answers no question about an instant.

pub(crate) mod alike;
mod dates;
pub(crate) mod reach;
mod spans;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::error::{ProblemList, Problems};
use crate::limits::CONTRADICTIONS_MAX;
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};
use crate::zone::{ClockFaces, GapRule, Zone};

use self::reach::Reach;
use self::spans::{NamedSpan, Spans};
use super::coverage::{Coverage, reach, years_around};
use super::in_order::{AroundInOrder, DaysInOrder};
use super::local::LocalMap;
use super::patterns::{Place, Rule, Shift, ShownShift, Weeks};
use crate::calendar::terms::days::{SECONDS_PER_DAY, days_reaching};
use crate::calendar::terms::hours::{Hours, OvernightOnHoliday};
use crate::calendar::terms::overrides::{DayHours, DayKind};
use crate::calendar::terms::seasons::SEASON_DAYS_MAX;
use crate::calendar::terms::spans::{Moment, MomentKind, OneOff};

/// How far the windows of a day can lie from it, in days: they end on the next, and a gap may move them by another.
const DAYS_NEAR: i64 = 3;

/// The layers of the terms up to one of them: see [`Hours`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UpTo {
    Weekly,
    Seasons,
    Holidays,
    Overrides,
    Added,
    Removed,
}

/// The rules of a calendar, laid out so that the windows of a date are found without a search over the rules.
pub(crate) struct Plan {
    weeks: Weeks,
    /// Where seasons start and end, in order.
    spells: Vec<NamedSpell>,
    /// The days that holidays close, in order, and how each is told.
    holidays: Vec<(EpochDay, ToldHoliday)>,
    /// The days with hours of their own, in order.
    overrides: Vec<(EpochDay, Arc<OwnHours>)>,
    masks_local_day: bool,
    added: Spans,
    removed: Spans,
    local: Arc<LocalMap>,
    coverage: Coverage,
    /// How many days have been laid out.
    #[cfg(test)]
    pub(crate) work: core::sync::atomic::AtomicUsize,
}

/// When a season lasts, and its name.
struct NamedSpell {
    first: EpochDay,
    last: EpochDay,
    /// Its place in the terms.
    place: u32,
    name: Arc<str>,
}

/// A holiday on one of its days.
#[derive(Clone)]
struct ToldHoliday {
    /// Its name, with `(observed)` after it where the day is not its own date.
    told: Arc<str>,
    is_observed: bool,
}

/// What follows the name of a holiday on a day on which it is observed.
const OBSERVED: &str = " (observed)";

/// What an override gives its days.
struct OwnHours {
    /// Its place in the terms.
    place: u32,
    name: Arc<str>,
    /// The name and the hours, as windows of them are told.
    text: Arc<str>,
    hours: DayHours,
}

/// A window on the time line, and the entry that has it.
#[derive(Clone, Copy)]
pub(crate) struct PlacedWindow<'a> {
    pub(crate) interval: Interval,
    pub(crate) rule: Rule<'a>,
}

/// What a date is beside its weekday.
enum Special<'a> {
    Holiday,
    Override(&'a OwnHours),
}

impl Plan {
    /// For hours without problems, but for those that only the zone shows.
    pub(crate) fn new(hours: &Hours, zone: &Zone, horizon: Option<Interval>) -> Result<Self, Problems> {
        let (offsets, coverage) = reach(hours, zone, horizon);
        let years = years_around(coverage.span);
        let spells = dates::spells(hours, &years);
        let mut plan = Self {
            weeks: Weeks::new(hours, &spells),
            spells: dates::named(&spells),
            holidays: dates::holidays(hours, &years),
            overrides: dates::overrides(hours, &years),
            masks_local_day: hours.overnight_on_holiday == Some(OvernightOnHoliday::HolidayMasksLocalDay),
            added: Spans::default(),
            removed: Spans::default(),
            local: Arc::new(LocalMap::new(offsets, hours.gap_rule)),
            coverage,
            #[cfg(test)]
            work: core::sync::atomic::AtomicUsize::new(0),
        };
        let mut problems = ProblemList::default();
        plan.added = plan.spans("added", &hours.added, &mut problems);
        plan.removed = plan.spans("removed", &hours.removed, &mut problems);
        plan.find_contradicting_spans(&mut problems);
        problems.finish()?;
        Ok(plan)
    }

    /// The instants about which the calendar answers.
    #[inline]
    pub(crate) fn covers(&self) -> Interval {
        self.coverage.span
    }

    pub(crate) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    pub(crate) fn local(&self) -> &Arc<LocalMap> {
        &self.local
    }

    /// What the clock shows, for spans of the coverage that only go forward.
    pub(crate) fn clocks(&self) -> ClockFaces<'_> {
        self.local.clocks()
    }

    /// What local days are, for spans of days that only go forward.
    pub(crate) fn days_in_order(&self) -> DaysInOrder<'_> {
        DaysInOrder::new(self.weeks.in_order(), self.specials())
    }

    /// The instants around which a window cannot be taken from an alike week: where spans start and end, and gaps where they
    /// move windows.
    pub(crate) fn irregular(&self) -> IntervalSet {
        let around = |at: EpochSecond| {
            Interval::clamped(
                Instant::nearest(at.minus(3 * SECONDS_PER_DAY)),
                Instant::nearest(at.plus(3 * SECONDS_PER_DAY)),
            )
        };
        let moves_windows = self.local.rule() == GapRule::Compatible;
        let gaps = self.local.gaps().filter(|_| moves_windows).map(around);
        gaps.chain(self.span_ends()).collect()
    }

    /// The first and the last second of each span, of those that are added and of those that are removed.
    fn span_ends(&self) -> impl Iterator<Item = Interval> + '_ {
        let spans = self.added.all.iter().chain(&self.removed.all);
        spans.flat_map(|span| {
            let (from, until) = (span.from().second(), span.until().second());
            [from, until.minus(1)].map(|second| {
                let at = Instant::nearest;
                Interval::clamped(at(second), at(second.plus(1)))
            })
        })
    }

    /// The one-off spans around instants that only go forward.
    pub(crate) fn around_in_order(&self) -> AroundInOrder<'_> {
        AroundInOrder::new(&self.added.all, &self.removed.all)
    }

    /// The days that lie wholly in spans that are removed, and not near their ends, in order.
    pub(crate) fn removed_days(&self) -> impl Iterator<Item = RangeInclusive<EpochDay>> + '_ {
        self.removed.all.iter().map(|span| {
            let (from, until) = (span.from(), span.until());
            let last_near_start = *days_reaching(Interval::clamped(from, from)).end();
            let first_near_end = *days_reaching(Interval::clamped(until, until)).start();
            last_near_start.plus(1)..=first_near_end.minus(1)
        })
    }

    /// All instants within `span` at which hours run.
    pub(crate) fn open(&self, span: Interval) -> IntervalSet {
        self.open_up_to(UpTo::Removed, span)
    }

    /// All instants within `span` at which hours run by some of the layers.
    pub(crate) fn open_up_to(&self, layer: UpTo, span: Interval) -> IntervalSet {
        let span = span.intersection(&self.covers());
        let placed = self.placed(layer, &self.reach(span));
        self.open_by(layer, span, &placed)
    }

    /// All instants within `span` at which hours run by some of the layers, whose windows are laid out.
    pub(crate) fn open_by(&self, layer: UpTo, span: Interval, placed: &[PlacedWindow<'_>]) -> IntervalSet {
        let mut open: IntervalSet = placed.iter().map(|placed| placed.interval).collect();
        open = open.clip(span);
        if layer >= UpTo::Added {
            open = open.union(&self.added.all.clip(span));
        }
        if layer >= UpTo::Removed {
            open = open.difference(&self.removed.all.clip(span));
        }
        open
    }

    /// The windows of those days by rule, without one-off spans, and without what other days take from them.
    pub(crate) fn placed(&self, layer: UpTo, reach: &Reach) -> Vec<PlacedWindow<'_>> {
        let masks = self.masks(layer, &reach.days);
        let mut placed = Vec::new();
        for day in EpochDay::each(&reach.days) {
            #[cfg(test)]
            self.work.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
            let special = self.special(layer, day);
            if special.is_none() || self.masks_local_day {
                for shift in reach.of(day, self.ordinary(layer, day)) {
                    masks.push_what_is_left(self.place(day, shift.shown()), None, &mut placed);
                }
            }
            if let Some(Special::Override(own)) = special {
                for shift in self.own(layer, day, own) {
                    masks.push_what_is_left(self.place(day, shift), Some(day), &mut placed);
                }
            }
        }
        placed
    }

    /// What each holiday or override of a layer may take from the layer before it, in order of days: how the entry is told,
    /// and the time.
    pub(crate) fn taken(&self, layer: UpTo, reach: &Reach) -> Vec<(&str, IntervalSet)> {
        let mut taken = Vec::new();
        for day in EpochDay::each(&reach.days) {
            let name = match layer {
                UpTo::Holidays => self.holiday_on(day),
                _ => self.override_on(day).map(|own| &*own.name),
            };
            let Some(name) = name else { continue };
            let reaching = if self.masks_local_day {
                IntervalSet::from(self.local_day(day))
            } else {
                let shifts = reach.of(day, self.ordinary(layer, day));
                shifts
                    .map(|shift| self.place(day, shift.shown()).interval)
                    .collect()
            };
            taken.push((name, reaching));
        }
        taken
    }

    /// Whether special days take what runs on their local days, whichever date it began on.
    pub(crate) fn masks_local_day(&self) -> bool {
        self.masks_local_day
    }

    /// What overrides give those days, before other special days take from it.
    pub(crate) fn given(&self, reach: &Reach) -> IntervalSet {
        let mut given = Vec::new();
        for day in EpochDay::each(&reach.days) {
            if let Some(Special::Override(own)) = self.special(UpTo::Overrides, day) {
                let shifts = self.own(UpTo::Overrides, day, own).into_iter();
                given.extend(shifts.map(|shift| self.place(day, shift).interval));
            }
        }
        given.into_iter().collect()
    }

    /// The time of each season, and its name; with some days after its last, into which its windows may reach.
    pub(crate) fn season_times(
        &self,
        within: Interval,
        days_after: i64,
    ) -> impl Iterator<Item = (&str, Interval)> + '_ {
        let days = self.reach(within).days;
        let near = days.start().minus(days_after)..=days.end().plus(1);
        self.spells_meeting(near).filter_map(move |spell| {
            let first = self.local_day(spell.first).from();
            let last = self.local_day(spell.last.plus(days_after)).until();
            let time = Interval::clamped(first, last).intersection(&within);
            (!time.is_empty()).then_some((&*spell.name, time))
        })
    }

    /// The seasons on some days.
    fn spells_meeting(&self, days: RangeInclusive<EpochDay>) -> impl Iterator<Item = &NamedSpell> + '_ {
        // By their first day, and none is longer than a year.
        let earliest = days.start().minus(SEASON_DAYS_MAX);
        let first = self.spells.partition_point(|spell| spell.first < earliest);
        let near = self.spells.iter().skip(first);
        let (first, last) = days.into_inner();
        near.take_while(move |spell| spell.first <= last)
            .filter(move |spell| first <= spell.last)
    }

    /// The added spans that reach into an interval, by their start.
    pub(crate) fn added(&self, within: Interval) -> impl Iterator<Item = &NamedSpan> + '_ {
        self.added.reaching_into(within)
    }

    /// The removed spans that reach into an interval, by their start.
    pub(crate) fn removed(&self, within: Interval) -> impl Iterator<Item = &NamedSpan> + '_ {
        self.removed.reaching_into(within)
    }

    pub(crate) fn weeks(&self) -> &Weeks {
        &self.weeks
    }

    pub(crate) fn local_day(&self, day: EpochDay) -> Interval {
        self.local.day(day, self.covers())
    }

    /// Whether a window of a day, or a span that starts on it, runs on that day, as far as other layers leave it.
    pub(crate) fn begins_on(&self, day: EpochDay, is_open: impl Fn(Interval) -> bool) -> bool {
        #[cfg(test)]
        self.work.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
        let spans = &self.added.by_start;
        // In both readings of windows over midnight, a holiday takes all of its date.
        if spans.is_empty() && matches!(self.special(UpTo::Overrides, day), Some(Special::Holiday)) {
            return false;
        }
        let local_day = self.local_day(day);
        let first = spans.partition_point(|span| span.from() < local_day.from());
        let spans = spans.iter().skip(first);
        let spans = spans.take_while(|span| span.from() < local_day.until()).copied();
        let runs = |window: Interval| is_open(window.intersection(&local_day));
        if self.special(UpTo::Overrides, day).is_none() {
            // Nearly always the first window does.
            let shifts = self.ordinary(UpTo::Overrides, day).iter();
            return shifts
                .map(|shift| self.place(day, shift.shown()).interval)
                .chain(spans)
                .any(runs);
        }
        let windows = self
            .placed(UpTo::Overrides, &Reach::all_of(day..=day))
            .into_iter();
        windows.map(|placed| placed.interval).chain(spans).any(runs)
    }

    /// The days on which hours may begin otherwise than by their week, in order: holidays, overrides, days near the ends of
    /// spans, and those on which the clock goes forward. Within a span that is added hours begin as by their week, and within
    /// one that is removed on no day: see [`Plan::removed_days`]. What happens on other days does not matter: only what runs on the day counts.
    pub(crate) fn unusual_days(&self) -> Vec<EpochDay> {
        // A span that is added begins on its own first day, also where it lies within another: the union has no end there.
        let starts = self.added.by_start.iter();
        let starts = starts.map(|span| Interval::clamped(span.from(), span.from()));
        let spans = self.span_ends().chain(starts);
        let spans = spans.flat_map(|end| EpochDay::each(&days_reaching(end)));
        let day_at = |at: EpochSecond| self.local.local_at(at).day();
        // From the last date before a gap to the first after it: it may skip whole ones, and under `compatible` move windows.
        let near = |at: EpochSecond| EpochDay::each(&(day_at(at.minus(1)).minus(1)..=day_at(at)));
        let specials = self.specials().into_iter().map(|(day, _)| day);
        let mut days: Vec<EpochDay> = specials
            .chain(self.local.gaps().flat_map(near))
            .chain(spans)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn holiday_on(&self, day: EpochDay) -> Option<&str> {
        let found = self.holidays.binary_search_by_key(&day, |(day, _)| *day);
        self.holidays.get(found.ok()?).map(|(_, holiday)| &*holiday.told)
    }

    /// The name of the holiday on a day, and whether it is observed on it instead of, or beside, its own date.
    pub(crate) fn named_holiday_on(&self, day: EpochDay) -> Option<(&str, bool)> {
        let found = self.holidays.binary_search_by_key(&day, |(day, _)| *day);
        let (_, holiday) = self.holidays.get(found.ok()?)?;
        let told = &*holiday.told;
        let name = told.strip_suffix(OBSERVED).filter(|_| holiday.is_observed);
        Some((name.map_or(told, |name| name), holiday.is_observed))
    }

    fn override_on(&self, day: EpochDay) -> Option<&OwnHours> {
        let found = self.overrides.binary_search_by_key(&day, |(day, _)| *day);
        self.overrides.get(found.ok()?).map(|(_, own)| &**own)
    }

    fn special(&self, layer: UpTo, day: EpochDay) -> Option<Special<'_>> {
        let own = self.override_on(day).filter(|_| layer >= UpTo::Overrides);
        own.map(Special::Override).or_else(|| {
            let holiday = self.holiday_on(day).filter(|_| layer >= UpTo::Holidays);
            holiday.map(|_| Special::Holiday)
        })
    }

    /// The days that are special, in order, and a number for each that is equal where their hours are.
    fn specials(&self) -> Vec<(EpochDay, u32)> {
        // No wrap: a place in a list. 0 is left to holidays.
        let overrides = self
            .overrides
            .iter()
            .map(|(day, own)| (*day, own.place.wrapping_add(1)));
        let holidays = self.holidays.iter().map(|(day, _)| (*day, 0));
        let mut all: Vec<(EpochDay, u32)> = overrides.chain(holidays).collect();
        // An override takes the place of a holiday.
        all.sort_unstable_by_key(|(day, code)| (*day, core::cmp::Reverse(*code)));
        all.dedup_by_key(|(day, _)| *day);
        all
    }

    /// The windows that start on a day by its week.
    fn ordinary(&self, layer: UpTo, day: EpochDay) -> &[Shift] {
        match layer {
            UpTo::Weekly => self.weeks.shifts_without_seasons_on(day),
            _ => self.weeks.shifts_on(day),
        }
    }

    /// The windows that an override gives its day.
    fn own<'a>(&'a self, layer: UpTo, day: EpochDay, own: &'a OwnHours) -> Vec<ShownShift<'a>> {
        let rule = Rule {
            place: Place::Override(own.place),
            text: &own.text,
        };
        let cut = |from_s: i64, until_s: i64| -> Vec<ShownShift<'a>> {
            if self.masks_local_day {
                return Vec::new(); // the rest of the day is masked, and this part is not
            }
            let ordinary = self.ordinary(layer, day).iter().map(Shift::shown);
            let cut = ordinary.map(|shift| ShownShift {
                start_s: shift.start_s.max(from_s),
                end_s: shift.end_s.min(until_s),
                rule: shift.rule,
            });
            cut.filter(|shift| shift.start_s < shift.end_s).collect()
        };
        match &own.hours.0 {
            DayKind::Closed => Vec::new(),
            DayKind::Windows(windows) => windows
                .all()
                .iter()
                .map(|window| ShownShift::new(*window, rule))
                .collect(),
            DayKind::Until(time) => cut(0, i64::from(time.seconds())),
            DayKind::From(time) => cut(i64::from(time.seconds()), i64::MAX),
        }
    }

    /// The parts of local days that take the place of whatever ordinary windows run on them.
    fn masks(&self, layer: UpTo, days: &RangeInclusive<EpochDay>) -> Masks {
        let mut masks = Masks::default();
        if !self.masks_local_day {
            return masks;
        }
        for day in EpochDay::each(days) {
            let (from_s, until_s) = match self.special(layer, day) {
                None => continue,
                Some(Special::Holiday) => (0, SECONDS_PER_DAY),
                Some(Special::Override(own)) => match &own.hours.0 {
                    DayKind::Until(time) => (i64::from(time.seconds()), SECONDS_PER_DAY),
                    DayKind::From(time) => (0, i64::from(time.seconds())),
                    DayKind::Closed | DayKind::Windows(_) => (0, SECONDS_PER_DAY),
                },
            };
            let midnight = day.start();
            let masked = self.between(midnight.plus(from_s), midnight.plus(until_s));
            masks.days.push((day, masked));
        }
        masks.all = masks.days.iter().map(|(_, masked)| *masked).collect();
        masks
    }

    fn place<'a>(&self, day: EpochDay, shift: ShownShift<'a>) -> PlacedWindow<'a> {
        let midnight = day.start();
        PlacedWindow {
            interval: self.between(midnight.plus(shift.start_s), midnight.plus(shift.end_s)),
            rule: shift.rule,
        }
    }

    /// From one local time until another, as far as the calendar knows. One that a gap swallows is empty.
    fn between(&self, start: EpochSecond, end: EpochSecond) -> Interval {
        self.local.between(start, end, self.covers())
    }

    fn instant_of(&self, local: EpochSecond) -> Instant {
        let at = self.local.instant_of(local);
        at.map_or(self.covers().until(), Instant::nearest)
    }

    fn moment(&self, moment: Moment) -> Instant {
        match moment.0 {
            MomentKind::Local(local) => self.instant_of(EpochSecond::shown_as(local)),
            MomentKind::Instant(at) => Instant::nearest(EpochSecond::shown_as(at.naive_utc())),
        }
    }

    fn spans(&self, name: &str, spans: &[OneOff], problems: &mut ProblemList) -> Spans {
        let (mut each, mut by_start) = (Vec::with_capacity(spans.len()), Vec::with_capacity(spans.len()));
        for (span, place) in spans.iter().zip(0_u32..) {
            let (from, until) = (self.moment(span.from), self.moment(span.until));
            let mixed = matches!(
                (span.from.0, span.until.0),
                (MomentKind::Local(_), MomentKind::Instant(_))
                    | (MomentKind::Instant(_), MomentKind::Local(_))
            );
            // Local times outside what is covered have no exact place: of two on one side it cannot be told which is first.
            let covers = self.covers();
            if mixed && until <= from && covers.from() <= from && until < covers.until() {
                let what = format!(
                    "expected a time after {} (`from`), found {}",
                    span.from, span.until
                );
                problems.push(format!("{name}[{place}].until"), what);
            }
            let whole = Interval::clamped(from, until);
            by_start.push(whole);
            each.push(NamedSpan {
                interval: whole.intersection(&covers),
                place,
                name: Arc::from(span.name.as_str()),
            });
        }
        Spans::new(each, by_start)
    }

    /// Spans that are added and spans that are removed for the same time: the first hundred.
    fn find_contradicting_spans(&self, problems: &mut ProblemList) {
        let both = self.added.all.intersection(&self.removed.all);
        for time in both.iter().take(CONTRADICTIONS_MAX) {
            let first_of = |spans: &Spans| spans.reaching_into(*time).map(|span| span.place).min();
            // Time that is in both has a span in each.
            if let (Some(added), Some(removed)) = (first_of(&self.added), first_of(&self.removed)) {
                let what = format!("{time} is also in `removed[{removed}]`");
                problems.push(format!("added[{added}]"), what);
            }
        }
    }
}

/// What special days take from the windows of others.
#[derive(Default)]
struct Masks {
    all: IntervalSet,
    days: Vec<(EpochDay, Interval)>,
}

impl Masks {
    /// What is left of a window; for one that belongs to a special day itself, what other days leave of it.
    fn push_what_is_left<'a>(
        &self,
        window: PlacedWindow<'a>,
        own_day: Option<EpochDay>,
        to: &mut Vec<PlacedWindow<'a>>,
    ) {
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
                let first = self.days.partition_point(|(day, _)| *day < own.minus(DAYS_NEAR));
                let near = self.days.iter().skip(first);
                let near = near.take_while(|(day, _)| *day <= own.plus(DAYS_NEAR));
                let others = near.filter(|(day, _)| *day != own);
                whole.difference(&others.map(|(_, masked)| *masked).collect())
            }
        };
        to.extend(left.iter().map(|interval| PlacedWindow {
            interval: *interval,
            rule: window.rule,
        }));
    }
}

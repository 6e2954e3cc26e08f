//! What the rules give after all that a calendar knows: whether it opens again, and whether it closes again.
//!
//! This module owns what is said instead of "not known" where the rules alone decide. Which hours run while they are known is
//! left to `weeks` and `together`, and which error a question gets to the calendar.
//!
//! # How it is decided
//!
//! The rules are laid out once more from the end of what is known until 2200, as if clocks and lists did not change any
//! more, and it is looked whether anything is open, or closed. Every window of the rules is open in that outlook, also one
//! that a gap will swallow, so "never" is not said wrongly. Parts of a composite in different zones may meet only in summer:
//! so the last two years that are known are looked at, too, as far as no term changes in them.
//!
//! Nearly all calendars are decided without it: hours that run every week open again, whatever few holidays there are.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::compiled::{Bound, Compiled, Laid, Later, Outlook};
use super::coverage::goes_on;
use super::plan::Plan;
use super::{together, weeks};
use crate::calendar::table::open_time::OpenTime;
use crate::calendar::terms::composite::Combination;
use crate::calendar::terms::dates::DateRule;
use crate::calendar::terms::days::SECONDS_PER_DAY;
use crate::calendar::terms::hours::{BeyondKnown, Hours};
use crate::calendar::terms::seasons::SEASON_DAYS_MAX;
use crate::calendar::terms::weekly::Weekly;
use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::time::unit;
use crate::zone::Zone;

const NANOS_PER_SECOND: u64 = unit::NANOS_PER_SECOND.unsigned_abs();

/// How long before the end of what is known it is looked at: the clock of two years, and each week of the year.
const DAYS_LOOKED_AT: i64 = 2 * 366;

/// In so many days a clock shows all that it does in a year.
const DAYS_PER_CLOCK_YEAR: i64 = 366;

/// So often a weekday comes in a year, at least.
const WEEKS_PER_YEAR: usize = 52;

/// How far from the end of a year the dates lie that a rule names for it, and the days of a season from them on, at most.
const DAYS_AROUND: i64 = 2 * 366 + 28 + SEASON_DAYS_MAX;

/// That of hours.
pub(crate) fn of_hours(hours: &Hours, zone: &Zone, span: Interval, table: &OpenTime) -> Outlook {
    let end = End::new(table, span, |end_day| last_change(hours, end_day));
    let later = || rules_later(hours, zone, end.later());
    Outlook {
        opens: hours_open(hours, &end, later),
        closes: hours_close(hours, &end, later),
    }
}

/// That of a composite.
pub(crate) fn of_composite(
    of: &Combination,
    parts: &[Arc<Compiled>],
    span: Interval,
    table: &OpenTime,
) -> Outlook {
    let mut all: BTreeMap<*const Compiled, &Compiled> = BTreeMap::new();
    for part in parts.iter().flat_map(|part| part.with_parts()) {
        all.insert(core::ptr::from_ref(part), part);
    }
    let hours = || all.values().filter_map(|part| part.source.hours());
    let end = End::new(table, span, |end_day| {
        let changes = hours().map(|hours| last_change(hours, end_day));
        changes.max().unwrap_or(EpochDay::FAR_PAST)
    });
    let is_unclear =
        have_different_clocks(all.values().copied()) && clock_is_unclear(all.values().copied(), &end);
    let later = |bound| composite_later(of, parts, &mut Later::new(end.later()), bound);
    Outlook {
        opens: may_open(of, parts, span.until()) && composite_opens(&end, is_unclear, later),
        closes: may_close(of, parts, span.until()) && composite_closes(&end, is_unclear, later),
    }
}

fn hours_open(hours: &Hours, end: &End<'_>, later: impl FnOnce() -> Option<OpenTime>) -> bool {
    goes_on(hours, end.span, true)
        && (opens_every_year(hours)
            || end.opens()
            // After the last date there is nothing opens.
            || !end.later().is_empty() && later().is_none_or(|table| table.total_seconds() > 0))
}

fn hours_close(hours: &Hours, end: &End<'_>, later: impl FnOnce() -> Option<OpenTime>) -> bool {
    if !end.is_open() {
        return true; // it is not asked when it closes
    }
    if may_have_more_holidays(hours) || end.closes() {
        return true;
    }
    if end.has_clock_year() && !goes_on(hours, end.span, false) {
        return false;
    }
    end.later().is_empty() || later().is_none_or(|table| table.total_seconds() < end.later_seconds())
}

/// Whether holidays that are not known may close it.
fn may_have_more_holidays(hours: &Hours) -> bool {
    hours.known_through.is_some() && hours.beyond_known == BeyondKnown::Refuse
}

fn composite_opens(end: &End<'_>, is_unclear: bool, later: impl FnOnce(Bound) -> Option<Laid>) -> bool {
    let open = || later(Bound::Most).is_none_or(|laid| laid.total_seconds() > 0);
    end.opens() || is_unclear || !end.later().is_empty() && open()
}

fn composite_closes(end: &End<'_>, is_unclear: bool, later: impl FnOnce(Bound) -> Option<Laid>) -> bool {
    let closed = || later(Bound::Least).is_none_or(|laid| laid.total_seconds() < end.later_seconds());
    !end.is_open() || end.closes() || is_unclear || end.later().is_empty() || closed()
}

/// Whether the parts leave anything that could open after an instant.
fn may_open(of: &Combination, parts: &[Arc<Compiled>], from: Instant) -> bool {
    let mut parts = parts.iter();
    match of {
        Combination::Union(_) => parts.any(|part| part.opens_after(from)),
        Combination::Intersection(_) => parts.all(|part| part.opens_after(from)),
        Combination::Difference(_) => parts.next().is_some_and(|part| part.opens_after(from)),
    }
}

/// Whether the parts leave anything that could close after an instant.
fn may_close(of: &Combination, parts: &[Arc<Compiled>], from: Instant) -> bool {
    let mut parts = parts.iter();
    match of {
        Combination::Union(_) => parts.all(|part| part.closes_after(from)),
        Combination::Intersection(_) => parts.any(|part| part.closes_after(from)),
        Combination::Difference(_) => {
            parts.next().is_some_and(|first| first.closes_after(from))
                || parts.any(|part| part.opens_after(from))
        }
    }
}

/// The end of what is known.
struct End<'a> {
    table: &'a OpenTime,
    /// All that is known.
    span: Interval,
    /// The part at its end in which no term changes any more.
    settled: Interval,
}

impl<'a> End<'a> {
    /// From the day on after which no term changes.
    fn new(table: &'a OpenTime, span: Interval, last_change: impl FnOnce(EpochDay) -> EpochDay) -> Self {
        let until = span.until().second();
        let looked_at = until.minus(DAYS_LOOKED_AT * SECONDS_PER_DAY);
        // No zone's date is further from that of UTC, and a window ends on the day after its start.
        let end_day = until.day().plus(3);
        let settled_day = last_change(end_day).plus(3);
        let from = settled_day.start().max(looked_at);
        let from = Instant::nearest(from).max(span.from());
        Self {
            table,
            span,
            settled: Interval::clamped(from.min(span.until()), span.until()),
        }
    }

    fn open_nanos(&self) -> u64 {
        let before = self.table.open_nanos_before(self.settled.from());
        let after = self.table.open_nanos_before(self.settled.until());
        // No wrap: no less is open before a later instant.
        after.wrapping_sub(before)
    }

    /// Whether the settled part is open at some time.
    fn opens(&self) -> bool {
        self.open_nanos() > 0
    }

    /// Whether the settled part is closed at some time.
    fn closes(&self) -> bool {
        self.open_nanos() < self.settled.length().as_nanoseconds()
    }

    /// Whether clocks show in the settled part all that they do in a year.
    fn has_clock_year(&self) -> bool {
        let (from, until) = (self.settled.from(), self.settled.until());
        until.second().since(from.second()) >= DAYS_PER_CLOCK_YEAR * SECONDS_PER_DAY
    }

    /// Whether hours run until the very end.
    fn is_open(&self) -> bool {
        let last = self.span.until().second().minus(1);
        !self.span.is_empty() && self.table.is_open(Instant::nearest(last))
    }

    /// All that comes after what is known.
    fn later(&self) -> Interval {
        Interval::clamped(self.span.until(), Instant::MAX)
    }

    fn later_seconds(&self) -> u64 {
        self.later().length().as_nanoseconds() / NANOS_PER_SECOND
    }
}

/// Whether the clocks of hours may differ.
fn have_different_clocks<'a>(parts: impl Iterator<Item = &'a Compiled>) -> bool {
    let mut hours = parts.filter(|part| part.source.hours().is_some());
    let clock = |part: &'a Compiled| (part.zone.name(), part.zone.known_until_instant());
    let first = hours.next().map(clock);
    hours.any(|part| Some(clock(part)) != first)
}

/// Whether it is not known how clocks meet over a whole year after the last change of the terms. Where zone data goes on after
/// what is known, it is: that year is laid out.
fn clock_is_unclear<'a>(parts: impl Iterator<Item = &'a Compiled> + Clone, end: &End<'_>) -> bool {
    let ends = parts.clone().map(|part| part.zone.known_until_instant());
    let Some(clock_end) = ends.min().filter(|clock_end| *clock_end < Instant::MAX) else {
        return false;
    };
    let hours = parts.filter_map(|part| part.source.hours());
    let last = hours.map(|hours| last_change(hours, EpochDay::FAR_FUTURE)).max();
    let last = last.unwrap_or(EpochDay::FAR_PAST);
    let day = |at: Instant| at.second().day();
    if clock_end <= end.span.until() {
        !end.has_clock_year() || last > day(end.span.until())
    } else {
        last > day(clock_end).minus(DAYS_PER_CLOCK_YEAR)
    }
}

/// The last day, of those until `end_day`, after which no entry of the terms starts or ceases to hold.
fn last_change(hours: &Hours, end_day: EpochDay) -> EpochDay {
    let once = |date: NaiveDate| (EpochDay::of_date(date), EpochDay::of_date(date));
    let around = |date: NaiveDate| {
        let day = EpochDay::of_date(date);
        (day.minus(DAYS_AROUND), day.plus(DAYS_AROUND))
    };
    let lines = hours.weekly.iter();
    let lines = lines.chain(hours.seasons.iter().flat_map(|season| &season.weekly));
    let lines = lines.flat_map(Weekly::changes).map(once);
    let holidays = hours.holidays.iter().map(|holiday| &holiday.on);
    let overrides = hours.overrides.iter().map(|day| &day.on);
    let seasons = hours
        .seasons
        .iter()
        .flat_map(|season| [&season.from, &season.through]);
    let rules = holidays.chain(overrides).chain(seasons);
    let rules = rules.filter_map(DateRule::last_change).map(around);
    let spans = hours.added.iter().chain(&hours.removed);
    let spans = spans.flat_map(|span| [span.from, span.until]);
    let spans = spans.map(|moment| once(moment.date()));
    let changes = lines.chain(rules).chain(spans);
    // What only changes later does not disturb what is known.
    let begun = changes.filter(|(first, _)| *first <= end_day);
    begun.map(|(_, last)| last).max().unwrap_or(EpochDay::FAR_PAST)
}

/// Whether a line of the week runs for ever, and the entries that could close its day are too few to close it all year: the
/// dates that each names in a year, which may be observed on others.
fn opens_every_year(hours: &Hours) -> bool {
    let dates_of = |on: &DateRule, observed: bool| match on.single() {
        Some(_) => 0,
        // No wrap: of days of a year.
        None => on.dates_a_year().wrapping_mul(if observed { 2 } else { 1 }),
    };
    let holidays = hours.holidays.iter();
    let holidays = holidays.map(|holiday| dates_of(&holiday.on, !holiday.observed.is_empty()));
    let overrides = hours
        .overrides
        .iter()
        .map(|day| dates_of(&day.on, !day.observed.is_empty()));
    let dates = holidays.chain(overrides).sum::<usize>();
    let runs_for_ever = hours.weekly.iter().any(|line| line.last_date().is_none());
    runs_for_ever && hours.seasons.is_empty() && dates < WEEKS_PER_YEAR
}

/// The rules over a span after what is known, as if clocks and lists did not change any more. `None` if they cannot be laid
/// out there.
fn rules_later(hours: &Hours, zone: &Zone, span: Interval) -> Option<OpenTime> {
    // The last offset holds on, so there must be one.
    if span.is_empty() || zone.known_until_instant() <= Instant::MIN {
        return None;
    }
    let going_on = Hours {
        known_from: None,
        known_through: None,
        beyond_known: BeyondKnown::Assume,
        ..hours.clone()
    };
    let plan = Plan::new(&going_on, zone, Some(span)).ok()?;
    Some(weeks::open_time(&plan))
}

/// What is open in hours after all that is known, by their rules. `None` if they cannot be laid out.
pub(crate) fn hours_later(hours: &Hours, zone: &Zone, later: &Later, bound: Bound) -> Option<Laid> {
    if bound == Bound::Least && may_have_more_holidays(hours) {
        return Some(Laid::default());
    }
    let table = rules_later(hours, zone, later.span)?;
    Some(Laid(Some(Arc::new(table))))
}

/// What is open in a composite after all that it knows. `None` if a part cannot be laid out.
pub(crate) fn composite_later(
    of: &Combination,
    parts: &[Arc<Compiled>],
    later: &mut Later,
    bound: Bound,
) -> Option<Laid> {
    let mut laid = Vec::new();
    let first = parts.first();
    for (index, part) in parts.iter().enumerate() {
        let is_excluded = index > 0 && matches!(of, Combination::Difference(_));
        if is_excluded && first.is_some_and(|first| Arc::ptr_eq(first, part)) {
            return Some(Laid::default()); // whatever it is, nothing is left of it
        }
        let bound = if is_excluded { bound.other() } else { bound };
        laid.push(later.of(part, bound)?.0);
    }
    let tables: Vec<Option<&OpenTime>> = laid.iter().map(Option::as_deref).collect();
    let table = together::open_time(of, later.span, &tables);
    Some(Laid(Some(Arc::new(table))))
}

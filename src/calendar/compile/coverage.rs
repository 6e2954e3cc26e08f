//! What a calendar knows: from when until when it answers, why that ends, and what lies behind it.
//!
//! This module owns the end of knowledge: of holidays, of zone data, of a horizon, and the assumption that goes beyond. What
//! a question beyond it is told, is left to the calendar.

use core::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

use crate::period::Date;
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{OFFSET_SECONDS_MAX, OffsetTable, Zone, local_midnight};

use crate::calendar::terms::dates::DateRule;
use crate::calendar::terms::days::SECONDS_PER_DAY;
use crate::calendar::terms::holidays::MOVED_DAYS_MAX;
use crate::calendar::terms::hours::{BeyondKnown, Hours};
use crate::calendar::terms::overrides::DayOverride;
use crate::calendar::terms::seasons::{SEASON_DAYS_MAX, Season};
use crate::calendar::terms::spans::OneOff;
use crate::calendar::terms::weekly::Weekly;

/// How far around a horizon, ten days, the zone's clock is looked at, for windows that reach into it and out of it.
const SECONDS_AROUND_HORIZON: i64 = 10 * SECONDS_PER_DAY;

/// What is known, and why it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// The instants about which questions are answered.
    pub(crate) span: Interval,
    /// From when on answers rest on an assumption.
    pub(crate) assumed_from: Option<Instant>,
    /// The first date for which holidays are known, if that is where it starts.
    pub(crate) holidays_from: Option<NaiveDate>,
    pub(crate) end: End,
}

/// What ends the span of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The last date for which holidays are known.
    Holidays(NaiveDate),
    /// The zone data, or the last instant there is.
    ZoneData(Instant),
    /// The horizon that was asked for.
    Horizon,
}

/// The zone's offsets as far as they are needed, and what is known.
pub(crate) fn reach(hours: &Hours, zone: &Zone, horizon: Option<Interval>) -> (OffsetTable, Coverage) {
    let assumes = hours.beyond_known == BeyondKnown::Assume;
    let from = horizon.map_or(Instant::MIN, |horizon| horizon.from());
    let zone_until = zone.known_until_instant().second().max(Instant::MIN_SECOND);
    let last_midnight = hours.known_through.map(|date| local_midnight(date.next()));
    let last_known = if assumes {
        zone_until.minus(1)
    } else {
        EpochSecond::FAR_FUTURE
    };
    let first = first_asked(from, last_midnight, last_known);
    let wanted = horizon.map_or(Instant::MAX_SECOND, |horizon| {
        // To the whole second after it.
        horizon.until().second().plus(1)
    });
    let wanted = wanted.min(Instant::MAX_SECOND);
    // No further than f of that midnight can lie.
    let asked_until = last_midnight.map_or(EpochSecond::FAR_FUTURE, |local| {
        local.plus(OFFSET_SECONDS_MAX).plus(1)
    });
    // A window that reaches over the end of the horizon is looked at whole.
    let beyond = wanted.plus(SECONDS_AROUND_HORIZON);
    let table_until = zone_until.min(beyond.min(Instant::MAX_SECOND));
    let table_until = if assumes {
        table_until
    } else {
        table_until.min(asked_until)
    };
    let mut offsets = OffsetTable::new(zone, first, table_until);
    let midnight = last_midnight.and_then(|local| offsets.first_instant(local));
    let (known, end) = match (midnight, hours.known_through) {
        (Some(at), Some(date)) if at < zone_until => (at, End::Holidays(date.naive())),
        _ => (zone_until, End::ZoneData(zone.known_until_instant())),
    };
    if assumes {
        offsets.extend_to(beyond);
    }
    let until = if assumes { Instant::MAX_SECOND } else { known };
    let known = Instant::nearest(known);
    let span = Interval::clamped(from.min(Instant::nearest(until)), Instant::nearest(until));
    let span = horizon.map_or(span, |horizon| span.intersection(&horizon));
    let (span, holidays_from) = from_holidays(hours, &offsets, span);
    let ends_early = horizon.is_some_and(|horizon| horizon.until().second() < until);
    let coverage = Coverage {
        span,
        assumed_from: (assumes && known < span.until()).then_some(known),
        holidays_from,
        end: match end {
            _ if ends_early => End::Horizon,
            _ if assumes => End::ZoneData(Instant::MAX),
            end => end,
        },
    };
    (offsets, coverage)
}

/// From which second on offsets are needed: some days before the horizon; before the end of holidays, if that comes earlier;
/// and from the last offset that is known, which is what is assumed, however long before the horizon.
fn first_asked(from: Instant, last_midnight: Option<EpochSecond>, last_known: EpochSecond) -> EpochSecond {
    let around = SECONDS_AROUND_HORIZON;
    let before_horizon = from.second().minus(around);
    let holidays_end = last_midnight.map_or(EpochSecond::FAR_FUTURE, |local| local.minus(around));
    before_horizon
        .min(holidays_end)
        .min(last_known)
        .max(Instant::MIN_SECOND)
}

/// What is left of a span from the first date on for which holidays are known, and that date if something was cut.
fn from_holidays(hours: &Hours, offsets: &OffsetTable, span: Interval) -> (Interval, Option<NaiveDate>) {
    let cut = hours.known_from.map(Date::naive).and_then(|date| {
        let from = offsets.first_instant(local_midnight(date)).map(Instant::nearest);
        // One after all that is known leaves nothing.
        let from = from.unwrap_or(span.until()).min(span.until());
        (from > span.from()).then_some((Interval::clamped(from, span.until()), date))
    });
    cut.map_or((span, None), |(span, date)| (span, Some(date)))
}

/// The years of which dates may matter: a holiday may be observed, and a season go on, in the year after.
pub(crate) fn years_around(span: Interval) -> RangeInclusive<i32> {
    let year = |at: Instant| at.to_utc().year();
    // No wrap: of years of instants.
    year(span.from()).wrapping_sub(2)..=year(span.until()).wrapping_add(2)
}

/// Whether any entry of the terms could still open, or else close, a calendar after a span. Says so rather once too often.
pub(crate) fn goes_on(hours: &Hours, after: Interval, opens: bool) -> bool {
    // No zone's date is further from that of UTC.
    let last = after.until().to_utc().date_naive();
    let last = last.checked_sub_days(Days::new(2)).unwrap_or(last);
    let after_it = |on: &DateRule| on.single().is_none_or(|(_, end)| end.naive() >= last);
    let ends = |span: &OneOff| span.until.date() >= last;
    let holds = |line: &Weekly| line.last_date().is_none_or(|date| date.naive() >= last);
    // A season that starts before the end may go on after it.
    let longest = Days::new(SEASON_DAYS_MAX.unsigned_abs());
    let may_go_on = |season: &&Season| {
        let ends = |(date, _): (Date, Date)| date.naive().checked_add_days(longest);
        season.from.single().and_then(ends).is_none_or(|end| end >= last)
    };
    let mut seasons = hours.seasons.iter().filter(may_go_on);
    // An override may be observed later than its date.
    let moved = Days::new(MOVED_DAYS_MAX.unsigned_abs());
    let may_come = |day: &&DayOverride| {
        let end = day.on.single().map(|(_, end)| end.naive());
        let moved = end.and_then(|end| end.checked_add_days(moved));
        let end = if day.observed.is_empty() { end } else { moved };
        end.is_none_or(|end| end >= last)
    };
    let mut overrides = hours.overrides.iter().filter(may_come);
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

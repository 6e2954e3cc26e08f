//! Dates as numbers of days since 1970-01-01, and their weekdays.
//!
//! This module owns the arithmetic of dates that needs no zone. Which instants a day has, is left to `local`.

use core::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};

use crate::time::interval::Interval;
use crate::zone::{OFFSET_SECONDS_MAX, local_midnight};

pub(crate) use crate::time::unit::SECONDS_PER_DAY;

/// 1970-01-01 was a Thursday: counted from Monday = 0, the fourth day of its week.
const EPOCH_WEEKDAY: i64 = 3;

/// The weekday of a day since 1970, counted from Monday.
pub(crate) fn weekday_of_day(day: i64) -> usize {
    let weekday = day.saturating_add(EPOCH_WEEKDAY).rem_euclid(7);
    usize::try_from(weekday).unwrap_or_default()
}

/// The days of a date since 1970-01-01.
pub(crate) fn epoch_day(date: NaiveDate) -> i64 {
    local_midnight(date).div_euclid(SECONDS_PER_DAY)
}

/// The date so many days after 1970-01-01.
pub(crate) fn date_of_day(day: i64) -> NaiveDate {
    let at = DateTime::from_timestamp(day.saturating_mul(SECONDS_PER_DAY), 0);
    at.unwrap_or_default().date_naive()
}

/// The local days whose windows may reach into `span`, in days since 1970. A window ends on the day after its start
/// at the latest, a gap may move it by as much as a day, and no clock is further from UTC than the largest offset.
pub(crate) fn days_reaching(span: Interval) -> RangeInclusive<i64> {
    let earliest = span.from().epoch_seconds().saturating_sub(OFFSET_SECONDS_MAX);
    let latest = span.until().epoch_seconds().saturating_add(OFFSET_SECONDS_MAX);
    let first = earliest.div_euclid(SECONDS_PER_DAY).saturating_sub(3);
    first..=latest.div_euclid(SECONDS_PER_DAY)
}

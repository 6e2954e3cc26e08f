//! Dates as numbers of days since 1970-01-01, and their weekdays.
//!
//! This module owns which days reach into a span, and the bare numbers in which compiled calendars keep days. Their
//! arithmetic is [`EpochDay`]'s. Which instants a day has, is left to `local`.

use core::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::time::epoch::EpochDay;
use crate::time::interval::Interval;
use crate::zone::OFFSET_SECONDS_MAX;

pub(crate) use crate::time::unit::SECONDS_PER_DAY;

/// The weekday of a day since 1970, counted from Monday.
pub(crate) fn weekday_of_day(day: i64) -> usize {
    EpochDay::of(day).weekday()
}

/// The days of a date since 1970-01-01.
pub(crate) fn epoch_day(date: NaiveDate) -> i64 {
    EpochDay::of_date(date).get()
}

/// The date so many days after 1970-01-01. Of a number beyond all dates, the first or the last there is.
pub(crate) fn date_of_day(day: i64) -> NaiveDate {
    EpochDay::of(day).date()
}

/// The local days whose windows may reach into `span`, in days since 1970. A window ends on the day after its start
/// at the latest, a gap may move it by as much as a day, and no clock is further from UTC than the largest offset.
pub(crate) fn days_reaching(span: Interval) -> RangeInclusive<i64> {
    let earliest = span.from().second().minus(OFFSET_SECONDS_MAX);
    let latest = span.until().second().plus(OFFSET_SECONDS_MAX);
    earliest.day().plus(-3).get()..=latest.day().get()
}

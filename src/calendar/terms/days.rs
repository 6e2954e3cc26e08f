//! Which local days reach into a span.
//!
//! This module owns that bound. The arithmetic of days is [`EpochDay`]'s. Which instants a day has, is left to `local`.

use core::ops::RangeInclusive;

use crate::time::epoch::EpochDay;
use crate::time::interval::Interval;
use crate::zone::OFFSET_SECONDS_MAX;

pub(crate) use crate::time::unit::SECONDS_PER_DAY;

/// The local days whose windows may reach into `span`, in order. A window ends on the day after its start
/// at the latest, a gap may move it by as much as a day, and no clock is further from UTC than the largest offset.
pub(crate) fn days_reaching(span: Interval) -> RangeInclusive<EpochDay> {
    let earliest = span.from().second().minus(OFFSET_SECONDS_MAX);
    let latest = span.until().second().plus(OFFSET_SECONDS_MAX);
    earliest.day().minus(3)..=latest.day()
}

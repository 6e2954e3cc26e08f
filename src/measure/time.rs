//! Time as it was spent: how much of an entity's agreed time it was up, down, unknown or excluded.
//!
//! This module owns these sums, which always add up to the agreed time, and the ratios that follow from them. How they are
//! made from facts is left to `availability`.

use serde::{Deserialize, Serialize};

use crate::number::ratio::Ratio;
use crate::time::amount::WallTime;

/// How an entity's agreed time was spent.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Interval, WallTime};
/// use sla::measure::Availability;
/// use sla::number::Ratio;
/// use sla::record::{Maintenance, Monitoring, Notice, Outage};
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 4, day, hour, 0, 0).unwrap();
/// let april = Interval::new(at(1, 0), Utc.with_ymd_and_hms(2026, 5, 1, 0, 0, 0).unwrap())?;
/// let availability = Availability::over(april, april.end())
///     .with_monitoring(&[Monitoring::new("MON-1", "eu", at(1, 0))])
///     .with_outages(&[
///         Outage::new("OUT-1", "eu", at(10, 0)).until(at(10, 2)),
///         Outage::new("OUT-2", "eu", at(10, 1)).until(at(10, 3)), // overlaps the first
///     ])
///     .with_maintenance(
///         &[Maintenance::new("CHG-1", "eu", at(20, 2))
///             .until(at(20, 4))
///             .with_notice(Notice { at: at(18, 2), start: at(20, 2), end: at(20, 4) })],
///         Some(WallTime::hours(48)),
///     )
///     .measure()?;
/// assert_eq!(availability.down, WallTime::hours(3));
/// assert_eq!(availability.excluded, WallTime::hours(2));
/// assert_eq!(availability.ratio(), Ratio::new(715, 718));
/// # Ok::<(), sla::error::QueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Availability {
    /// Agreed service time of the period, or of what of it is measured.
    pub agreed: WallTime,
    /// Of it, known to have worked.
    pub up: WallTime,
    /// Of it, downtime.
    pub down: WallTime,
    /// Of it, watched by nobody.
    pub unknown: WallTime,
    /// Of it, planned maintenance announced in time.
    pub excluded: WallTime,
    /// Of it, still to come at the instant of asking.
    pub pending: WallTime,
    /// Of it, outside the time that facts count in, and up by agreement: see [`AvailabilityBuilder::assuming_up_outside`](crate::availability::AvailabilityBuilder::assuming_up_outside).
    pub assumed_up: WallTime,
}

impl Availability {
    /// Returns `(assumed_up + up) ÷ (assumed_up + up + down)`, or `None` if nothing is known.
    pub fn ratio(&self) -> Option<Ratio> {
        self.ratio_with(WallTime::ZERO, WallTime::ZERO)
    }

    /// Returns the share that is known of what has passed and is not excluded, or `None` if nothing has passed.
    pub fn coverage(&self) -> Option<Ratio> {
        ratio(self.known(), self.unknown)
    }

    /// Returns the ratio if the entity stays up for what is pending.
    pub fn best(&self) -> Option<Ratio> {
        self.ratio_with(self.pending, WallTime::ZERO)
    }

    /// Returns the coverage when everything that is pending is known.
    pub(super) fn coverage_to_come(&self) -> Option<Ratio> {
        ratio(self.known().saturating_add(self.pending), self.unknown)
    }

    /// Returns the ratio if what nobody knows was up.
    pub(super) fn most(&self) -> Option<Ratio> {
        self.ratio_with(self.unknown, WallTime::ZERO)
    }

    /// Returns the ratio if what nobody knows was down.
    pub(super) fn least(&self) -> Option<Ratio> {
        self.ratio_with(WallTime::ZERO, self.unknown)
    }

    /// Returns the ratio if the entity is down for what is pending.
    pub fn worst(&self) -> Option<Ratio> {
        self.ratio_with(WallTime::ZERO, self.pending)
    }

    /// Returns the time of which it is known whether the entity worked.
    pub fn known(&self) -> WallTime {
        self.up.saturating_add(self.down)
    }

    /// Returns the time that the availability is a share of: what is known, and what is assumed.
    pub fn measured(&self) -> WallTime {
        self.known().saturating_add(self.assumed_up)
    }

    /// The ratio with so much more up and down. What is assumed says nothing by itself.
    fn ratio_with(&self, more_up: WallTime, more_down: WallTime) -> Option<Ratio> {
        let (up, down) = (
            self.up.saturating_add(more_up),
            self.down.saturating_add(more_down),
        );
        ratio(up, down)?;
        ratio(self.assumed_up.saturating_add(up), down)
    }
}

fn ratio(part: WallTime, rest: WallTime) -> Option<Ratio> {
    let part = u128::from(part.as_nanoseconds());
    Ratio::new(part, part.saturating_add(u128::from(rest.as_nanoseconds())))
}

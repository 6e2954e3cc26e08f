//! Time as it was spent: how much of an entity's agreed time it was up, down, unknown or excluded.
//!
//! This module owns these sums, which always add up to the agreed time, and the ratios that follow
//! from them. How they are made from facts is left to `availability`.

use serde::{Deserialize, Serialize};

use crate::number::ratio::Ratio;
use crate::time::amount::WallTime;

/// How the agreed time of an entity was spent. Its parts always sum to the agreed time.
///
/// # Example: overlapping outages and announced maintenance
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
    /// The agreed service time of the period, or of the part of it that is measured.
    pub agreed: WallTime,
    /// Of the agreed time: known to have worked.
    pub up: WallTime,
    /// Of the agreed time: downtime.
    pub down: WallTime,
    /// Of the agreed time: watched by nobody.
    pub unknown: WallTime,
    /// Of the agreed time: planned maintenance that was announced in time.
    pub excluded: WallTime,
    /// Of the agreed time: still to come at the instant of asking.
    pub pending: WallTime,
    /// Of the agreed time: outside the time in which facts count, and up by agreement: see
    /// [`AvailabilityBuilder::assuming_up_outside`](crate::availability::AvailabilityBuilder::assuming_up_outside).
    pub assumed_up: WallTime,
}

impl Availability {
    /// Returns `(assumed_up + up) ÷ (assumed_up + up + down)`, or `None` if nothing is known.
    ///
    /// # Example: an hour down in a day
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let over = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", over.start()).until("2026-04-01T18:00:00Z".parse()?);
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
    ///     .until("2026-04-01T11:00:00Z".parse()?);
    /// let day = Availability::over(over, over.end())
    ///     .with_monitoring([&watch])
    ///     .with_outages([&outage])
    ///     .measure()?;
    /// assert_eq!(day.ratio(), Ratio::new(17, 18)); // nobody watched the last six hours
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ratio(&self) -> Option<Ratio> {
        self.ratio_with(WallTime::ZERO, WallTime::ZERO)
    }

    /// Returns the known share of the time that has passed and is not excluded, or `None` if
    /// nothing has passed.
    ///
    /// # Example: unwatched from six in the evening
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let over = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", over.start()).until("2026-04-01T18:00:00Z".parse()?);
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
    ///     .until("2026-04-01T11:00:00Z".parse()?);
    /// let day = Availability::over(over, over.end())
    ///     .with_monitoring([&watch])
    ///     .with_outages([&outage])
    ///     .measure()?;
    /// assert_eq!(day.coverage(), Ratio::new(18, 24));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn coverage(&self) -> Option<Ratio> {
        ratio(self.known(), self.unknown)
    }

    /// Returns the ratio if the entity stays up for the time that is pending.
    ///
    /// # Example: a day that is over
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let over = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", over.start()).until("2026-04-01T18:00:00Z".parse()?);
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
    ///     .until("2026-04-01T11:00:00Z".parse()?);
    /// let day = Availability::over(over, over.end())
    ///     .with_monitoring([&watch])
    ///     .with_outages([&outage])
    ///     .measure()?;
    /// assert_eq!(day.best(), day.ratio()); // nothing is pending
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Returns the ratio if the entity is down for the time that is pending.
    ///
    /// # Example: at noon
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::Monitoring;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let spent = Availability::over(day, "2026-04-01T12:00:00Z".parse()?)
    ///     .with_monitoring(&[Monitoring::new("MON-1", "eu", day.start())])
    ///     .measure()?;
    /// assert_eq!(spent.pending, WallTime::hours(12));
    /// assert_eq!(spent.best(), Ratio::new(1, 1));
    /// assert_eq!(spent.worst(), Ratio::new(1, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn worst(&self) -> Option<Ratio> {
        self.ratio_with(WallTime::ZERO, self.pending)
    }

    /// Returns the time for which it is known whether the entity worked: `up + down`.
    ///
    /// # Example: eighteen hours of a day
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let over = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", over.start()).until("2026-04-01T18:00:00Z".parse()?);
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
    ///     .until("2026-04-01T11:00:00Z".parse()?);
    /// let day = Availability::over(over, over.end())
    ///     .with_monitoring([&watch])
    ///     .with_outages([&outage])
    ///     .measure()?;
    /// assert_eq!(day.known(), WallTime::hours(18));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn known(&self) -> WallTime {
        self.up.saturating_add(self.down)
    }

    /// Returns the time that the availability is a share of: `up + down + assumed_up`.
    ///
    /// # Example: nothing assumed
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let over = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", over.start()).until("2026-04-01T18:00:00Z".parse()?);
    /// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
    ///     .until("2026-04-01T11:00:00Z".parse()?);
    /// let day = Availability::over(over, over.end())
    ///     .with_monitoring([&watch])
    ///     .with_outages([&outage])
    ///     .measure()?;
    /// assert_eq!(day.measured(), day.known());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

//! Time: instants, half-open intervals, durations, times of day, and what an allowance of time can be.
//!
//! This module owns every value of time that needs neither a zone nor a calendar, and the range that all of them
//! lie in: 1900 to 2200, to the nanosecond. Where local time becomes an instant is left to `zone`, and which hours
//! count to `calendar`.

pub(crate) mod allowance;
pub(crate) mod amount;
pub(crate) mod business_days;
pub(crate) mod epoch;
pub(crate) mod instant;
pub(crate) mod interval;
pub(crate) mod time_of_day;
pub(crate) mod unit;
pub(crate) mod written;

pub use allowance::Allowance;
pub use amount::{WallTime, WorkingTime};
pub use business_days::{BusinessDays, CutOff, DayMeaning};
pub use interval::{Interval, IntervalSet};
pub use time_of_day::TimeOfDay;
pub use written::WrittenTime;

use chrono::{DateTime, Utc};

use crate::error::ParseError;

/// Parses an instant from RFC 3339, with any offset from UTC.
///
/// # Errors
///
/// [`ParseError`]: another text, a leap second, more than nine decimals, a year outside 1900 to 2199.
///
/// # Example: nine in the morning in Paris
///
/// ```
/// let at = sla::time::instant("2026-03-05T09:00:00+01:00")?;
/// assert_eq!(at.to_rfc3339(), "2026-03-05T08:00:00+00:00");
/// # Ok::<(), sla::Error>(())
/// ```
pub fn instant(text: &str) -> Result<DateTime<Utc>, ParseError> {
    instant::Instant::parse(text).map(instant::Instant::to_utc)
}

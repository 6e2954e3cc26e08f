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

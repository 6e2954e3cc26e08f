//! x
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod allowance;
mod calendar;
mod error;
mod fingerprint;
mod instant;
mod interval;
mod money;
mod period;
mod ratio;
mod text;
mod zone;

pub use allowance::{Allowance, WallTime, WorkingTime};
pub use calendar::{Calendar, Holiday, Hours, OvernightOnHoliday, Stretch, StretchReason, Weekly};
pub use error::{ParseError, Problem, Problems, QueryError};
pub use fingerprint::Fingerprint;
pub use interval::{Interval, IntervalSet};
pub use money::{Currency, Money};
pub use period::{Date, Period, PeriodKind};
pub use ratio::{Ratio, Share, Target};
pub use zone::{Zone, ZoneData, ZoneName};

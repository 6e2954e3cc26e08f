//! Allowances: how much time is granted, of whichever kind.
//!
//! This module owns [`Allowance`], which keeps the kinds of time apart. Amounts of time are `amount`'s, business days
//! `business_days`'; what an allowance comes to on a calendar is left to `calendar`.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::amount::{WallTime, WorkingTime};
use super::business_days::BusinessDays;
use super::written::WrittenTime;

/// How much time a target grants, and of which kind. The kinds cannot be mistaken for each other.
///
/// # Example: eight hours, in two kinds
///
/// ```
/// use sla::{WallTime, WorkingTime};
/// use sla::time::{Allowance, BusinessDays, DayMeaning};
///
/// let office = Allowance::Working(WorkingTime::hours(8)); // eight hours while the desk is open
/// let always = Allowance::Wall(WallTime::hours(8)); // eight hours, day or night
/// assert_ne!(office, always);
/// assert_eq!(office.to_string(), "8 h of working time");
/// let next_day = Allowance::BusinessDays(BusinessDays::new(1, DayMeaning::ByClose));
/// assert_eq!(next_day.to_string(), "1 business day, by close");
/// ```
///
/// Statements and readings serialise it with its kind, as in `{"working": "PT8H"}`. Documents write it with its calendar:
/// see [`TargetTerms`](crate::clock::TargetTerms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Allowance {
    /// Time counted on the calendar of the target.
    Working(WorkingTime),
    /// Time counted day and night. Pauses still stop it.
    Wall(WallTime),
    /// Business days of the calendar of the target.
    BusinessDays(BusinessDays),
    /// Until an instant that the terms name. Nothing moves it, pauses neither.
    Fixed(#[serde(with = "crate::time::instant::text")] DateTime<Utc>),
    /// No time at all: nothing is due, and nothing is missed.
    BestEffort,
}

impl Allowance {
    /// Whether it needs a calendar to be counted on.
    pub(crate) fn counts_on_a_calendar(&self) -> bool {
        matches!(self, Self::Working(_) | Self::BusinessDays(_))
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working(time) => write!(f, "{} of working time", WrittenTime::from(*time)),
            Self::Wall(time) => fmt::Display::fmt(&WrittenTime::from(*time), f),
            Self::BusinessDays(days) => fmt::Display::fmt(days, f),
            Self::Fixed(at) => write!(f, "by {}", crate::time::instant::rfc3339(*at)),
            Self::BestEffort => f.write_str("best effort"),
        }
    }
}

crate::fingerprint::canonical_text!(Allowance);

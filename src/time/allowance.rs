//! Allowances: how much time is granted, of whichever kind.
//!
//! This module owns [`Allowance`], which keeps the kinds of time apart. Amounts of time are `amount`'s, business days
//! `business_days`'; what an allowance comes to on a calendar is left to `calendar`.

use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::amount::{WallTime, WorkingTime};
use super::business_days::BusinessDays;

/// How much time a target grants, and of which kind. The kinds cannot be mistaken for each other.
///
/// # Example
///
/// ```
/// use sla::{Allowance, BusinessDays, DayMeaning, WallTime, WorkingTime};
///
/// let office = Allowance::Working(WorkingTime::hours(8)); // eight hours while the desk is open
/// let always = Allowance::Wall(WallTime::hours(8)); // eight hours, day or night
/// assert_ne!(office, always);
/// assert_eq!(office.to_string(), "PT8H working");
/// let next_day = Allowance::BusinessDays(BusinessDays::new(1, DayMeaning::ByClose));
/// assert_eq!(next_day.to_string(), "1 business day, end_of_day");
/// ```
///
/// As a document, here in TOML:
///
/// ```toml
/// within.working = "PT8H"
/// within.wall = "PT4H"
/// within.business_days = { days = 2, meaning = "end_of_day", cut_off = "16:00" }
/// within.business_days = { days = 2, meaning.at = "12:00" }
/// within.fixed = "2026-12-31T17:00:00Z"
/// within = "best_effort"
/// ```
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
            Self::Working(time) => write!(f, "{time} working"),
            Self::Wall(time) => write!(f, "{time} wall"),
            Self::BusinessDays(days) => fmt::Display::fmt(days, f),
            Self::Fixed(at) => f.write_str(&crate::time::instant::rfc3339(*at)),
            Self::BestEffort => f.write_str("best_effort"),
        }
    }
}

crate::fingerprint::canonical_text!(Allowance);

//! Dates with hours of their own: closed, special hours, half days.
//!
//! This module owns what such a date may have. What becomes of the ordinary windows of the date is left to `plan`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::ParseError;
use crate::fingerprint::{canonical_struct, canonical_text};
use crate::time::time_of_day::TimeOfDay;

use super::dates::DateRule;
use super::holidays::{Holiday, MarkedDays, Observed, mark, marked_days};
use super::is_written_as;
use super::weekly::Windows;

/// A date, or a rule for dates, that has other hours than its weekday. It takes the place of a holiday on that date.
///
/// # Example: a half day and an open day
///
/// ```
/// use sla::Hours;
///
/// let desk = Hours::in_zone("Europe/Paris")
///     .weekly("Mon-Fri 09:00-17:00")
///     .override_day("24 Dec", "until 13:00", "Christmas Eve") // if it is a weekday at all
///     .override_day("2026-06-20", "10:00-12:00", "Open day") // a Saturday
///     .compile()?;
/// assert_eq!(desk.is_open("2026-12-24T12:30:00Z".parse()?), Ok(false));
/// assert_eq!(desk.is_open("2026-06-20T08:30:00Z".parse()?), Ok(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct DayOverride {
    /// The date, or the rule for it, in the calendar's zone.
    pub on: DateRule,
    /// The hours it has.
    pub hours: DayHours,
    /// Why, as explanations name it.
    pub name: String,
    /// On which day it has these hours instead, or too, if its date falls on certain weekdays: as for a
    /// [`Holiday`](crate::calendar::Holiday). No day is taken that is a holiday, or a date of another override.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub observed: Vec<Observed>,
}

impl DayOverride {
    /// Makes hours for a date, and why.
    ///
    /// # Example: from parts and from texts
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::DayOverride;
    ///
    /// let eve = DayOverride::new("24 Dec".parse()?, "until 13:00".parse()?, "Christmas Eve");
    /// assert_eq!(Hours::always().override_day("24 Dec", "until 13:00", "Christmas Eve").build()?.overrides, [eve]);
    /// # Ok::<(), sla::Error>(())
    /// ```
    pub fn new(on: DateRule, hours: DayHours, name: &str) -> Self {
        Self {
            on,
            hours,
            name: String::from(name),
            observed: Vec::new(),
        }
    }

    /// Adds on which day it has its hours if its date falls on certain weekdays.
    ///
    /// # Example: a half day that moves with its date
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::DayOverride;
    ///
    /// let eve = DayOverride::new("24 Dec".parse()?, "until 13:00".parse()?, "Christmas Eve")
    ///     .observed("Sat,Sun to previous Fri".parse()?);
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").with_override(eve).compile()?;
    /// // 24 December 2028 is a Sunday.
    /// assert_eq!(desk.is_open("2028-12-22T14:00:00Z".parse()?), Ok(false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observed(mut self, observed: Observed) -> Self {
        self.observed.push(observed);
        self
    }
}

/// The hours of one date.
///
/// | text | hours |
/// |---|---|
/// | `closed` | none |
/// | `10:00-14:00`, `09:00-12:00,22:00-02:00` | these, whatever the weekday has |
/// | `until 13:00`, `from 12:00` | a half day: those of the ordinary hours of the date that lie before or after it |
///
/// # Example: half a day
///
/// ```
/// use sla::calendar::DayHours;
///
/// assert_eq!("until 13:00".parse::<DayHours>()?.to_string(), "until 13:00");
/// assert!("half day".parse::<DayHours>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayHours(pub(crate) DayKind);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DayKind {
    Closed,
    Windows(Windows),
    Until(TimeOfDay),
    From(TimeOfDay),
}

impl DayHours {
    pub(crate) fn reach_over_midnight(&self) -> bool {
        match &self.0 {
            DayKind::Windows(windows) => windows.reach_over_midnight(),
            _ => false,
        }
    }

    /// The windows that are its own, not the weekday's.
    pub(crate) fn windows(&self) -> Option<&Windows> {
        match &self.0 {
            DayKind::Windows(windows) => Some(windows),
            _ => None,
        }
    }
}

impl FromStr for DayHours {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(
                "`closed`, windows such as `09:00-12:00,13:00-15:00`, or a half day such as `until 13:00` or `from 12:00`",
                text,
            )
        };
        // A half day of a whole day, or of none, is no half day.
        let inner = |text: &str| {
            let time = TimeOfDay::read(text)?;
            let whole = [TimeOfDay::from_seconds(0), TimeOfDay::from_seconds(86_400)];
            (!whole.contains(&Some(time))).then_some(time)
        };
        let kind = match text.split_once(' ') {
            None if text == "closed" => Some(DayKind::Closed),
            None => text.parse().ok().map(DayKind::Windows),
            Some(("until", time)) => inner(time).map(DayKind::Until),
            Some(("from", time)) => inner(time).map(DayKind::From),
            Some(_) => None,
        };
        kind.map(Self)
            .filter(|hours| is_written_as(hours, text))
            .ok_or_else(error)
    }
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            DayKind::Closed => f.write_str("closed"),
            DayKind::Windows(windows) => fmt::Display::fmt(windows, f),
            DayKind::Until(time) => write!(f, "until {time}"),
            DayKind::From(time) => write!(f, "from {time}"),
        }
    }
}

impl fmt::Debug for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(DayHours);
canonical_text!(DayHours);
canonical_struct!(DayOverride {
    on,
    hours,
    name,
    observed
});

/// The days of overrides in these years. None is moved to a day of a holiday or of another override.
pub(crate) fn days_of_overrides(
    overrides: &[DayOverride],
    holidays: &[Holiday],
    years: &RangeInclusive<i32>,
) -> MarkedDays {
    let entries = overrides.iter().map(|day| (&day.on, day.observed.as_slice()));
    mark(entries, years, || {
        let holidays = marked_days(holidays, years).days;
        holidays.iter().map(|marked| marked.day).collect()
    })
}

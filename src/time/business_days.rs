//! Business days as an allowance: how many, what a day of them is, and the cut-off.
//!
//! This module owns [`BusinessDays`] and the words of documents for it. On which instant they end is left to `calendar`.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::time_of_day::TimeOfDay;
use crate::error::ParseError;

/// What a day of an allowance in business days is.
///
/// There is no default: "two business days" means each of these in some contract. In documents these are written `by
/// close`, `same time`, `same time or next opening`, `same time or last close`, `at 16:00`, `schedule hours` and `day
/// length`.
///
/// # Example: two days, by the close of the second
///
/// ```
/// use sla::Hours;
/// use sla::time::{BusinessDays, DayMeaning};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let friday = "2026-03-06T16:30:00Z".parse()?;
/// let due = |meaning| desk.deadline_in_days(friday, BusinessDays::new(2, meaning)).map(|due| due.to_rfc3339());
/// assert_eq!(due(DayMeaning::ByClose)?, "2026-03-10T17:00:00+00:00");
/// assert_eq!(due(DayMeaning::SameTime)?, "2026-03-10T16:30:00+00:00");
/// assert_eq!("by close".parse(), Ok(DayMeaning::ByClose));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayMeaning {
    /// The same time of day on the n-th business day after the start, whether the calendar is open then or not.
    SameTime,
    /// The same time of day, or the next opening if the calendar is closed then (the `biz` library).
    SameTimeOrNextOpening,
    /// The same time of day, or the close before it on that date if the calendar is closed then (GLPI). Before the first
    /// opening of the date the time stays as it is.
    SameTimeOrLastClose,
    /// The close of the n-th business day after the start; midnight, if hours run on into the next day (ServiceNow).
    ByClose,
    /// This time of day on the n-th business day after the start, whether the calendar is open then or not.
    At(TimeOfDay),
    /// 24 hours of working time for each day: on eight hours a day, three working days (ServiceNow; Freshdesk since 2026).
    ScheduleHours,
    /// As much working time for each day as the longest weekday has, by the week in force at the start (Freshdesk before
    /// 2026; Jira's display).
    DayLength,
}

impl FromStr for DayMeaning {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| {
            ParseError::new(
                "`by close`, `same time`, `same time or next opening`, `same time or last close`, `at` a time of day, \
                 `schedule hours` or `day length`",
                text,
            )
        })
    }
}

impl DayMeaning {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "same time" => Self::SameTime,
            "same time or next opening" => Self::SameTimeOrNextOpening,
            "same time or last close" => Self::SameTimeOrLastClose,
            "by close" => Self::ByClose,
            "schedule hours" => Self::ScheduleHours,
            "day length" => Self::DayLength,
            _ => return text.strip_prefix("at ").and_then(TimeOfDay::read).map(Self::At),
        })
    }
}

/// The words of a document: `same time`, `at 16:00`.
impl fmt::Display for DayMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameTime => f.write_str("same time"),
            Self::SameTimeOrNextOpening => f.write_str("same time or next opening"),
            Self::SameTimeOrLastClose => f.write_str("same time or last close"),
            Self::ByClose => f.write_str("by close"),
            Self::At(time) => write!(f, "at {time}"),
            Self::ScheduleHours => f.write_str("schedule hours"),
            Self::DayLength => f.write_str("day length"),
        }
    }
}

crate::text::serde_as_text!(DayMeaning);

/// A number of business days, and what a day of them is.
///
/// A business day is a local date on which service hours begin. The date of the start is not counted, whatever its hour.
///
/// With a **cut-off**, what arrives on a date that is no business day, or at the cut-off or later on one that is, counts as
/// received when hours first run on the next business day: at midnight, if those of the night before go on.
///
/// # Example: a cut-off at four
///
/// ```
/// use sla::Hours;
/// use sla::time::{BusinessDays, DayMeaning};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let friday = "2026-03-06T16:30:00Z".parse()?;
/// let two_days = BusinessDays::new(2, DayMeaning::ByClose);
/// assert_eq!(desk.deadline_in_days(friday, two_days)?.to_rfc3339(), "2026-03-10T17:00:00+00:00");
/// // Received on Monday, then.
/// let with_cut_off = two_days.with_cut_off("16:00".parse()?);
/// assert_eq!(desk.deadline_in_days(friday, with_cut_off)?.to_rfc3339(), "2026-03-11T17:00:00+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct BusinessDays {
    /// How many days.
    pub days: u32,
    /// What a day is.
    pub meaning: DayMeaning,
    /// The time of day from which on something counts as received on the next business day. Without it, the date of
    /// arrival is the date of receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<TimeOfDay>,
}

impl BusinessDays {
    /// Creates an allowance of `days` business days without a cut-off.
    ///
    /// # Example: the next business day
    ///
    /// ```
    /// use sla::time::{BusinessDays, DayMeaning};
    ///
    /// assert_eq!(BusinessDays::new(1, DayMeaning::ByClose).to_string(), "1 business day, by close");
    /// ```
    pub const fn new(days: u32, meaning: DayMeaning) -> Self {
        Self {
            days,
            meaning,
            cut_off: None,
        }
    }

    /// Returns the same allowance with a cut-off.
    ///
    /// # Example: what comes in after three is of the next day
    ///
    /// ```
    /// use sla::time::{BusinessDays, DayMeaning};
    ///
    /// let next_day = BusinessDays::new(1, DayMeaning::ByClose).with_cut_off("15:00".parse()?);
    /// assert_eq!(next_day.to_string(), "1 business day, by close, cut-off 15:00");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_cut_off(self, cut_off: TimeOfDay) -> Self {
        Self {
            cut_off: Some(cut_off),
            ..self
        }
    }

    /// Writes it as a document does, with the calendar it counts on: `2 business days on office, by close`.
    pub(crate) fn write_on(self, calendar: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.days == 1 { "day" } else { "days" };
        write!(f, "{} business {days}", self.days)?;
        if let Some(calendar) = calendar {
            write!(f, " on {calendar}")?;
        }
        write!(f, ", {}", self.meaning)?;
        self.cut_off
            .map_or(Ok(()), |cut_off| write!(f, ", cut-off {cut_off}"))
    }

    /// Reads what follows the calendar in a document: `by close, cut-off 16:00`.
    pub(crate) fn read_meaning(days: u32, text: &str) -> Option<Self> {
        let (meaning, cut_off) = match text.split_once(", ") {
            Some((meaning, cut_off)) => {
                let cut_off = cut_off.strip_prefix("cut-off ")?;
                (meaning, Some(TimeOfDay::read(cut_off)?))
            }
            None => (text, None),
        };
        let meaning = DayMeaning::read(meaning)?;
        Some(Self {
            days,
            meaning,
            cut_off,
        })
    }
}

/// `2 business days, by close, cut-off 16:00`.
impl fmt::Display for BusinessDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_on(None, f)
    }
}

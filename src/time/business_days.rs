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

/// From when on something that arrives on a business day counts as received on the next one.
///
/// Where a day closes before its cut-off, the close is the cut-off. In documents it is written as a time of day, `at close`
/// or `of the calendar`.
///
/// # Example: Saturdays close at noon
///
/// ```
/// use sla::Hours;
/// use sla::time::{BusinessDays, CutOff, DayMeaning};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").weekly("Sat 09:00-12:00").cut_off("Mon-Fri 16:00").compile()?;
/// let due = |from: &str, cut_off: CutOff| {
///     let next_day = BusinessDays::new(1, DayMeaning::ByClose).with_cut_off(cut_off);
///     desk.deadline_in_days(from.parse().unwrap(), next_day).map(|due| due.to_rfc3339())
/// };
/// let (friday, saturday) = ("2026-03-06T16:30:00Z", "2026-03-07T13:00:00Z");
/// assert_eq!(due(friday, CutOff::AtClose)?, "2026-03-07T12:00:00+00:00");
/// assert_eq!(due(friday, CutOff::OfTheCalendar)?, "2026-03-09T17:00:00+00:00"); // received on Saturday
/// assert_eq!(due(saturday, "16:00".parse()?)?, "2026-03-10T17:00:00+00:00"); // received on Monday
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutOff {
    /// This time of day.
    At(TimeOfDay),
    /// The close of the day; midnight, if hours run on into the next day.
    AtClose,
    /// The time that the calendar states for the weekday, or else the close of the day.
    OfTheCalendar,
}

impl From<TimeOfDay> for CutOff {
    fn from(time: TimeOfDay) -> Self {
        Self::At(time)
    }
}

impl CutOff {
    fn read(text: &str) -> Option<Self> {
        match text {
            "at close" => Some(Self::AtClose),
            "of the calendar" => Some(Self::OfTheCalendar),
            time => TimeOfDay::read(time).map(Self::At),
        }
    }
}

impl FromStr for CutOff {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| {
            ParseError::new(
                "a time of day such as `16:00`, `at close` or `of the calendar`",
                text,
            )
        })
    }
}

/// The words of a document: `16:00`, `at close`.
impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => fmt::Display::fmt(time, f),
            Self::AtClose => f.write_str("at close"),
            Self::OfTheCalendar => f.write_str("of the calendar"),
        }
    }
}

crate::text::serde_as_text!(CutOff);

/// A number of business days, and what a day of them is.
///
/// A business day is a local date on which service hours begin. The date of the start is not counted, whatever its hour.
///
/// With a [**cut-off**](CutOff), what arrives on a date that is no business day, or at the cut-off or later on one that is,
/// counts as received when hours first run on the next business day: at midnight, if those of the night before go on. So
/// does what arrives at the close or later, whatever the cut-off.
///
/// # Example: a cut-off at four
///
/// ```
/// use sla::Hours;
/// use sla::time::{BusinessDays, CutOff, DayMeaning};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let friday = "2026-03-06T16:30:00Z".parse()?;
/// let two_days = BusinessDays::new(2, DayMeaning::ByClose);
/// assert_eq!(desk.deadline_in_days(friday, two_days)?.to_rfc3339(), "2026-03-10T17:00:00+00:00");
/// // Received on Monday, then.
/// let with_cut_off = two_days.with_cut_off("16:00".parse::<CutOff>()?);
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
    /// From when on something counts as received on the next business day. Without it, the date of arrival is the date of
    /// receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
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
    /// use sla::time::{BusinessDays, DayMeaning, TimeOfDay};
    ///
    /// let next_day = BusinessDays::new(1, DayMeaning::ByClose).with_cut_off("15:00".parse::<TimeOfDay>()?);
    /// assert_eq!(next_day.to_string(), "1 business day, by close, cut-off 15:00");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_cut_off(self, cut_off: impl Into<CutOff>) -> Self {
        Self {
            cut_off: Some(cut_off.into()),
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
                (meaning, Some(CutOff::read(cut_off)?))
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

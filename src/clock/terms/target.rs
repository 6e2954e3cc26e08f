//! The target of a clock as a document writes it: `4 h on office`.
//!
//! This module owns [`TargetTerms`] and its grammar. What a target grants is left to `goal`.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};

use crate::error::ParseError;
use crate::text::{digits, is_id};
use crate::time::allowance::Allowance;
use crate::time::business_days::BusinessDays;
use crate::time::instant;
use crate::time::written::WrittenTime;

/// The calendar that is always open. No other has this id.
pub(crate) const ALWAYS: &str = "24x7";

/// The target of a clock as a document writes it: the granted time, and the calendar it counts on.
///
/// | text | target |
/// |---|---|
/// | `4 h on office` | four hours of the calendar `office` |
/// | `15 min on 24x7` | fifteen minutes, day and night |
/// | `2 business days on office, by close` | the close of the second business day: see [`DayMeaning`](crate::time::DayMeaning) |
/// | `1 business day on office, at 12:00, cut-off 15:00` | noon of the next business day; from 15:00 on, noon of the one after |
/// | `by 2026-12-31T17:00:00Z` | an instant that pauses do not move |
/// | `best effort` | none: nothing is due, and nothing is missed |
///
/// Working time always names its calendar, because a forgotten `on office` must not mean day and
/// night.
///
/// # Example: four hours of the desk
///
/// ```
/// use sla::WorkingTime;
/// use sla::clock::TargetTerms;
///
/// let target: TargetTerms = "4 h on office".parse()?;
/// assert_eq!(target, TargetTerms::working(WorkingTime::hours(4), "office"));
/// assert_eq!(target.to_string(), "4 h on office");
/// assert!("4 h".parse::<TargetTerms>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetTerms {
    /// Time counted on a calendar.
    Working {
        /// The granted time.
        time: WrittenTime,
        /// The id of the calendar.
        on: String,
    },
    /// Time counted day and night. Pauses stop it all the same.
    Wall(WrittenTime),
    /// Business days counted on a calendar.
    BusinessDays {
        /// The number of days, and what a business day means.
        days: BusinessDays,
        /// The id of the calendar.
        on: String,
    },
    /// Due at a fixed instant, which pauses do not move.
    By(DateTime<Utc>),
    /// No target: nothing is due, and nothing is missed.
    BestEffort,
}

impl TargetTerms {
    /// Creates a target of working time on the calendar with the id `on`.
    ///
    /// # Example: eight office hours
    ///
    /// ```
    /// use sla::WorkingTime;
    /// use sla::clock::TargetTerms;
    ///
    /// let target = TargetTerms::working(WorkingTime::hours(8), "office");
    /// assert_eq!(target.to_string(), "8 h on office");
    /// ```
    pub fn working(time: impl Into<WrittenTime>, on: impl Into<String>) -> Self {
        Self::Working {
            time: time.into(),
            on: on.into(),
        }
    }

    /// Creates a target of wall time, which counts day and night.
    ///
    /// # Example: a quarter of an hour
    ///
    /// ```
    /// use sla::WallTime;
    /// use sla::clock::TargetTerms;
    ///
    /// assert_eq!(TargetTerms::wall(WallTime::minutes(15)).to_string(), "15 min on 24x7");
    /// ```
    pub fn wall(time: impl Into<WrittenTime>) -> Self {
        Self::Wall(time.into())
    }

    /// Creates a target of business days on the calendar with the id `on`.
    ///
    /// # Example: by the close of the second day
    ///
    /// ```
    /// use sla::clock::TargetTerms;
    /// use sla::time::{BusinessDays, DayMeaning};
    ///
    /// let target = TargetTerms::business_days(BusinessDays::new(2, DayMeaning::ByClose), "office");
    /// assert_eq!(target.to_string(), "2 business days on office, by close");
    /// ```
    pub fn business_days(days: BusinessDays, on: impl Into<String>) -> Self {
        Self::BusinessDays { days, on: on.into() }
    }

    /// Returns the granted time, without the calendar.
    ///
    /// # Example: the time of a written target
    ///
    /// ```
    /// use sla::WorkingTime;
    /// use sla::clock::TargetTerms;
    /// use sla::time::Allowance;
    ///
    /// let target: TargetTerms = "4 h on office".parse()?;
    /// assert_eq!(target.allowance(), Allowance::Working(WorkingTime::hours(4)));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn allowance(&self) -> Allowance {
        match self {
            Self::Working { time, .. } => Allowance::Working(time.working()),
            Self::Wall(time) => Allowance::Wall(time.wall()),
            Self::BusinessDays { days, .. } => Allowance::BusinessDays(*days),
            Self::By(at) => Allowance::Fixed(*at),
            Self::BestEffort => Allowance::BestEffort,
        }
    }

    /// Returns the id of the calendar that the target counts on, or `None` where it needs no
    /// calendar.
    ///
    /// # Example: only some targets need a calendar
    ///
    /// ```
    /// use sla::clock::TargetTerms;
    ///
    /// assert_eq!("4 h on office".parse::<TargetTerms>()?.calendar(), Some("office"));
    /// assert_eq!("15 min on 24x7".parse::<TargetTerms>()?.calendar(), None);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn calendar(&self) -> Option<&str> {
        match self {
            Self::Working { on, .. } | Self::BusinessDays { on, .. } => Some(on),
            Self::Wall(_) | Self::By(_) | Self::BestEffort => None,
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text == "best effort" {
            return Some(Self::BestEffort);
        }
        if let Some(at) = text.strip_prefix("by ") {
            return read_instant(at).map(Self::By);
        }
        let (amount, on) = text.split_once(" on ")?;
        if let Some((count, day)) = amount.split_once(" business ") {
            return read_days(count, day, on);
        }
        let time: WrittenTime = amount.parse().ok()?;
        match on {
            ALWAYS => Some(Self::Wall(time)),
            id => is_id(id).then(|| Self::working(time, id)),
        }
    }
}

/// Reads an instant that is written in the one form in which it is printed.
fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    let at = instant::Instant::parse(text).ok()?.to_utc();
    (instant::rfc3339(at) == text).then_some(at)
}

fn read_days(count: &str, day: &str, on: &str) -> Option<TargetTerms> {
    if count.len() > 1 && count.starts_with('0') {
        return None;
    }
    let days = u32::try_from(digits(count, 10)?).ok()?;
    let (id, meaning) = on.split_once(", ")?;
    let plural = if days == 1 { "day" } else { "days" };
    let days = BusinessDays::read_meaning(days, meaning)?;
    (day == plural && is_id(id)).then(|| TargetTerms::business_days(days, id))
}

impl FromStr for TargetTerms {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| {
            ParseError::new(
                "a target such as `4 h on office`, `15 min on 24x7`, `2 business days on office, by close`, \
                 `by 2026-12-31T17:00:00Z` or `best effort`",
                text,
            )
        })
    }
}

/// The text of a document: `4 h on office`.
impl fmt::Display for TargetTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working { time, on } => write!(f, "{time} on {on}"),
            Self::Wall(time) => write!(f, "{time} on {ALWAYS}"),
            Self::BusinessDays { days, on } => days.write_on(Some(on), f),
            Self::By(at) => write!(f, "by {}", instant::rfc3339(*at)),
            Self::BestEffort => f.write_str("best effort"),
        }
    }
}

crate::text::serde_as_text!(TargetTerms);
crate::fingerprint::canonical_text!(TargetTerms);

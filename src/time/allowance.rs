//! Amounts of time: working time on a calendar, wall time, and the allowance a target grants.
//!
//! This module owns the two time types that cannot be confused and the one way a duration is read and written.
//! What an hour of working time means is the calendar's business.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ParseError;
use crate::text::digits;
use crate::time::time_of_day::TimeOfDay;
use crate::time::unit;

const NANOS_PER_SECOND: u64 = unit::NANOS_PER_SECOND.unsigned_abs();
const SECONDS_PER_MINUTE: u64 = unit::SECONDS_PER_MINUTE.unsigned_abs();
const SECONDS_PER_HOUR: u64 = unit::SECONDS_PER_HOUR.unsigned_abs();

/// The longest duration: the 300 years that instants may span.
const SECONDS_MAX: u64 = 9_467_107_200;

const EXPECTED: &str = "a time in hours, minutes and seconds such as `PT8H` or `PT1H30M` \
     (a `D` would have to say which day it means)";

/// Reads ISO 8601 time parts (`PT8H`, `PT1H30M`, `PT0.5S`) as nanoseconds. The only reader of durations.
fn parse_nanos(text: &str) -> Result<u64, ParseError> {
    read_nanos(text).ok_or_else(|| ParseError::new(EXPECTED, text))
}

fn read_nanos(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT")?;
    if rest.is_empty() {
        return None;
    }
    let mut nanos: u64 = 0;
    for (unit, seconds) in [('H', SECONDS_PER_HOUR), ('M', SECONDS_PER_MINUTE), ('S', 1)] {
        let Some((number, after)) = rest.split_once(unit) else {
            continue;
        };
        let part = if unit == 'S' {
            read_seconds(number)?
        } else {
            read_whole(number)?.checked_mul(NANOS_PER_SECOND)?
        };
        nanos = nanos.checked_add(part.checked_mul(seconds)?)?;
        rest = after;
    }
    (rest.is_empty() && nanos <= SECONDS_MAX.checked_mul(NANOS_PER_SECOND)?).then_some(nanos)
}

fn read_whole(text: &str) -> Option<u64> {
    digits(text, usize::MAX)
}

/// Seconds with at most nine decimals, as nanoseconds.
fn read_seconds(number: &str) -> Option<u64> {
    // Without decimals there are none: `.0`.
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let scale = u32::try_from(decimals.len()).ok().filter(|length| *length <= 9)?;
    let part = read_whole(decimals)?.checked_mul(10_u64.checked_pow(9_u32.checked_sub(scale)?)?)?;
    read_whole(whole)?
        .checked_mul(NANOS_PER_SECOND)?
        .checked_add(part)
}

/// Writes nanoseconds as ISO 8601 time parts, without parts that are zero: `PT1H30M`, `PT0S`.
fn write_nanos(nanos: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (seconds, fraction) = (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    let (hours, minutes) = (
        seconds / SECONDS_PER_HOUR,
        seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
    );
    let seconds = seconds % SECONDS_PER_MINUTE;
    f.write_str("PT")?;
    if hours > 0 {
        write!(f, "{hours}H")?;
    }
    if minutes > 0 {
        write!(f, "{minutes}M")?;
    }
    if fraction > 0 {
        let decimals = format!("{fraction:09}");
        write!(f, "{seconds}.{}S", decimals.trim_end_matches('0'))?;
    } else if seconds > 0 || nanos == 0 {
        write!(f, "{seconds}S")?;
    }
    Ok(())
}

macro_rules! time_amount {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(u64);

        impl $name {
            /// No time.
            pub const ZERO: Self = Self(0);

            /// So many nanoseconds. More than 300 years become 300 years, the longest time there is.
            pub const fn nanoseconds(nanoseconds: u64) -> Self {
                let max = SECONDS_MAX * NANOS_PER_SECOND;
                if nanoseconds > max { Self(max) } else { Self(nanoseconds) }
            }

            /// So many seconds. More than 300 years become 300 years, the longest time there is.
            pub const fn seconds(seconds: u64) -> Self {
                // Saturates on purpose, here and below: all that is too long is the longest time there is.
                Self::nanoseconds(seconds.saturating_mul(NANOS_PER_SECOND))
            }

            /// So many minutes. More than 300 years become 300 years, the longest time there is.
            pub const fn minutes(minutes: u64) -> Self {
                Self::seconds(minutes.saturating_mul(SECONDS_PER_MINUTE))
            }

            /// So many hours. More than 300 years become 300 years, the longest time there is.
            pub const fn hours(hours: u64) -> Self {
                Self::seconds(hours.saturating_mul(SECONDS_PER_HOUR))
            }

            /// The whole of it in nanoseconds.
            pub const fn as_nanoseconds(self) -> u64 {
                self.0
            }

            /// Whole seconds, rounded down.
            pub const fn as_seconds(self) -> u64 {
                self.0 / NANOS_PER_SECOND
            }

            /// The sum, or the 300 years that are the longest time there is.
            #[must_use]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self::nanoseconds(self.0.saturating_add(other.0))
            }

            /// What is left after `other`; zero if nothing is.
            #[must_use]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        /// ISO 8601 time parts: `PT8H`.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_nanos(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                parse_nanos(text).map(Self)
            }
        }

        crate::text::serde_as_text!($name);
    };
}

time_amount! {
    /// Time counted on a calendar: only while service hours run.
    ///
    /// Written as ISO 8601 time parts. A `D` is refused: eight working hours, 24 of them, and the same time on
    /// the next business day are three different things.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::WorkingTime;
    ///
    /// assert_eq!("PT1H30M".parse(), Ok(WorkingTime::minutes(90)));
    /// assert_eq!(WorkingTime::hours(36).to_string(), "PT36H");
    /// assert!("P1D".parse::<WorkingTime>().is_err());
    /// ```
    WorkingTime
}

time_amount! {
    /// Time on the clock on the wall, open or closed.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::WallTime;
    ///
    /// assert_eq!("PT0.5S".parse(), Ok(WallTime::nanoseconds(500_000_000)));
    /// assert_eq!(WallTime::minutes(44_580).to_string(), "PT743H");
    /// ```
    WallTime
}

/// What a day of an allowance is. There is no default: "two business days" means each of these somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
pub enum DayMeaning {
    /// The same time on the clock on the n-th business day after the start, whether hours run then or not.
    SameTime,
    /// The same, or the next opening if hours do not run then (the `biz` library).
    SameTimeOrNextOpening,
    /// The same, or if hours do not run then, but did before on that date, the close before it (GLPI). Before the first hours
    /// of the date it stays.
    SameTimeOrLastClose,
    /// When hours end on the date of the n-th business day after the start; midnight, if they go on (ServiceNow).
    EndOfDay,
    /// This time on the clock on the n-th business day after the start, whether hours run then or not.
    At(TimeOfDay),
    /// 24 hours of working time for each day: on eight hours a day, three working days (ServiceNow; Freshdesk since 2026).
    ScheduleHours,
    /// For each day as much working time as the longest weekday has, by the week that holds at the start (Freshdesk before
    /// 2026; Jira's display).
    DayLength,
}

/// As in a document: `same_time`, `at 16:00`.
impl fmt::Display for DayMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameTime => f.write_str("same_time"),
            Self::SameTimeOrNextOpening => f.write_str("same_time_or_next_opening"),
            Self::SameTimeOrLastClose => f.write_str("same_time_or_last_close"),
            Self::EndOfDay => f.write_str("end_of_day"),
            Self::At(time) => write!(f, "at {time}"),
            Self::ScheduleHours => f.write_str("schedule_hours"),
            Self::DayLength => f.write_str("day_length"),
        }
    }
}

/// A number of business days, and what a day of them is.
///
/// A business day is a local date on which service hours begin. The date of the start is not counted, whatever its hour.
///
/// With a **cut-off**, what comes in on a date that is no business day, or at or after that time on one that is, counts as
/// received when hours first run on the next business day: at midnight, if those of the night before go on.
///
/// # Example
///
/// ```
/// use sla::{BusinessDays, DayMeaning, Hours};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let friday = "2026-03-06T16:30:00Z".parse()?;
/// let two_days = BusinessDays::new(2, DayMeaning::EndOfDay);
/// assert_eq!(desk.deadline_in_days(friday, two_days)?.to_rfc3339(), "2026-03-10T17:00:00+00:00");
/// // Received on Monday, then.
/// let with_cut_off = two_days.with_cut_off("16:00".parse()?);
/// assert_eq!(desk.deadline_in_days(friday, with_cut_off)?.to_rfc3339(), "2026-03-11T17:00:00+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct BusinessDays {
    /// How many.
    pub days: u32,
    /// What a day is.
    pub meaning: DayMeaning,
    /// From which time on something counts as received on the next business day. Without it, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<TimeOfDay>,
}

impl BusinessDays {
    /// So many days of that meaning, without a cut-off.
    pub const fn new(days: u32, meaning: DayMeaning) -> Self {
        Self {
            days,
            meaning,
            cut_off: None,
        }
    }

    /// The same with a cut-off.
    #[must_use]
    pub const fn with_cut_off(self, cut_off: TimeOfDay) -> Self {
        Self {
            cut_off: Some(cut_off),
            ..self
        }
    }
}

/// `2 business days, end_of_day, cut-off 16:00`.
impl fmt::Display for BusinessDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.days == 1 { "day" } else { "days" };
        write!(f, "{} business {days}, {}", self.days, self.meaning)?;
        self.cut_off
            .map_or(Ok(()), |cut_off| write!(f, ", cut-off {cut_off}"))
    }
}

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
/// let next_day = Allowance::BusinessDays(BusinessDays::new(1, DayMeaning::EndOfDay));
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

/// A duration as people read it in a table: `27 h 4 min`, `44 min`, `2 min 30.5 s`.
pub(crate) fn readable(time: WallTime) -> String {
    let seconds = time.as_seconds();
    let fraction = time.as_nanoseconds() % NANOS_PER_SECOND;
    let (hours, minutes) = (
        seconds / SECONDS_PER_HOUR,
        seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
    );
    let seconds = seconds % SECONDS_PER_MINUTE;
    let mut parts = Vec::new();
    if hours > 0 {
        parts.push(format!("{hours} h"));
    }
    if minutes > 0 {
        parts.push(format!("{minutes} min"));
    }
    if fraction > 0 {
        let decimals = format!("{fraction:09}");
        parts.push(format!("{seconds}.{} s", decimals.trim_end_matches('0')));
    } else if seconds > 0 || parts.is_empty() {
        parts.push(format!("{seconds} s"));
    }
    parts.join(" ")
}

crate::fingerprint::canonical_text!(WorkingTime, WallTime, Allowance);

#[cfg(test)]
mod tests {
    use super::{WallTime, readable};

    #[test]
    fn a_duration_reads_in_hours_minutes_and_decimal_seconds() {
        for (nanoseconds, text) in [
            (0, "0 s"),
            (1, "0.000000001 s"),
            (38_400_000_000, "38.4 s"),
            (150_000_000_000, "2 min 30 s"),
            (3_600_000_000_000, "1 h"),
            (97_440_000_000_000, "27 h 4 min"),
            (3_600_500_000_000, "1 h 0.5 s"),
        ] {
            assert_eq!(readable(WallTime::nanoseconds(nanoseconds)), text);
        }
    }
}

//! A time of day as text: `09:00`, `17:30:15`, `24:00`.
//!
//! This module owns the one way in which a time of day is read and written. On which date it is meant, and what it is on the
//! time line, is left to those who use it.

use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::text::exact_digits;
use crate::time::unit::SECONDS_PER_DAY;

/// A local time of day, to the second: from `00:00` to `24:00`, which is the end of the day.
///
/// # Example: half past five
///
/// ```
/// use sla::time::TimeOfDay;
///
/// assert_eq!("17:30".parse::<TimeOfDay>()?.to_string(), "17:30");
/// assert_eq!("09:00:15".parse::<TimeOfDay>()?.seconds(), 32_415);
/// assert!("9:00".parse::<TimeOfDay>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// Returns the seconds since the midnight that starts the day, as the clock on the wall shows them.
    ///
    /// # Example: the end of the day
    ///
    /// ```
    /// assert_eq!("24:00".parse::<sla::time::TimeOfDay>()?.seconds(), 86_400);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// Of seconds since midnight. `None` for more than a day.
    pub(crate) fn from_seconds(seconds: u32) -> Option<Self> {
        (i64::from(seconds) <= SECONDS_PER_DAY).then_some(Self(seconds))
    }

    /// Reads `HH:MM` or `HH:MM:SS`, up to `24:00`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (hours, minutes) = (exact_digits(parts.next()?, 2)?, exact_digits(parts.next()?, 2)?);
        let seconds = parts.next().map_or(Some(0), |text| exact_digits(text, 2))?;
        if parts.next().is_some() || minutes >= 60 || seconds >= 60 {
            return None;
        }
        let time = hours
            .checked_mul(3_600)?
            .checked_add(minutes.checked_mul(60)?)?
            .checked_add(seconds)?;
        Self::from_seconds(time)
    }
}

impl FromStr for TimeOfDay {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| {
            ParseError::new(
                "a time of day from `00:00` to `24:00`, such as `17:30` or `17:30:15`",
                text,
            )
        })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3_600, self.0 % 3_600 / 60)?;
        match self.0 % 60 {
            0 => Ok(()),
            seconds => write!(f, ":{seconds:02}"),
        }
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(TimeOfDay);

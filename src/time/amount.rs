//! Amounts of time: working time and wall time.
//!
//! This module owns both amounts and the one way in which ISO 8601 durations are read and written. What an hour of working
//! time means is the calendar's business; how documents write durations is left to `written`.

use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::text::digits;
use crate::time::unit;

const NANOS_PER_SECOND: u64 = unit::NANOS_PER_SECOND.unsigned_abs();
const SECONDS_PER_MINUTE: u64 = unit::SECONDS_PER_MINUTE.unsigned_abs();
const SECONDS_PER_HOUR: u64 = unit::SECONDS_PER_HOUR.unsigned_abs();

/// The longest duration: the 300 years that instants may span.
pub(super) const SECONDS_MAX: u64 = 9_467_107_200;

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
            ///
            /// # Example: an amount of nothing
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::ZERO.to_string(), \"PT0S\");")]
            /// ```
            pub const ZERO: Self = Self(0);

            /// Creates an amount from nanoseconds. More than 300 years become 300 years, the longest time there is.
            ///
            /// # Example: half a second
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::nanoseconds(500_000_000).to_string(), \"PT0.5S\");")]
            /// ```
            pub const fn nanoseconds(nanoseconds: u64) -> Self {
                let max = SECONDS_MAX * NANOS_PER_SECOND;
                if nanoseconds > max { Self(max) } else { Self(nanoseconds) }
            }

            /// Creates an amount from seconds. More than 300 years become 300 years, the longest time there is.
            ///
            /// # Example: a minute and a half
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::seconds(90).to_string(), \"PT1M30S\");")]
            /// ```
            pub const fn seconds(seconds: u64) -> Self {
                // Saturates on purpose, here and below: all that is too long is the longest time there is.
                Self::nanoseconds(seconds.saturating_mul(NANOS_PER_SECOND))
            }

            /// Creates an amount from minutes. More than 300 years become 300 years, the longest time there is.
            ///
            /// # Example: an hour and a half
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::minutes(90).to_string(), \"PT1H30M\");")]
            /// ```
            pub const fn minutes(minutes: u64) -> Self {
                Self::seconds(minutes.saturating_mul(SECONDS_PER_MINUTE))
            }

            /// Creates an amount from hours. More than 300 years become 300 years, the longest time there is.
            ///
            /// # Example: four hours
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::hours(4).to_string(), \"PT4H\");")]
            /// ```
            pub const fn hours(hours: u64) -> Self {
                Self::seconds(hours.saturating_mul(SECONDS_PER_HOUR))
            }

            /// Returns the whole of it in nanoseconds.
            ///
            /// # Example: a second
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::seconds(1).as_nanoseconds(), 1_000_000_000);")]
            /// ```
            pub const fn as_nanoseconds(self) -> u64 {
                self.0
            }

            /// Returns its whole seconds, rounded down.
            ///
            /// # Example: two hours
            ///
            /// ```
            #[doc = concat!("assert_eq!(sla::", stringify!($name), "::hours(2).as_seconds(), 7_200);")]
            /// ```
            pub const fn as_seconds(self) -> u64 {
                self.0 / NANOS_PER_SECOND
            }

            /// Returns the sum, or the 300 years that are the longest time there is.
            ///
            /// # Example: two hours and one
            ///
            /// ```
            #[doc = concat!("let sum = sla::", stringify!($name), "::hours(2).saturating_add(sla::", stringify!($name), "::hours(1));")]
            #[doc = concat!("assert_eq!(sum, sla::", stringify!($name), "::hours(3));")]
            /// ```
            #[must_use]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self::nanoseconds(self.0.saturating_add(other.0))
            }

            /// Returns what is left after `other`; zero if nothing is.
            ///
            /// # Example: two hours less one, and less three
            ///
            /// ```
            #[doc = concat!("let two = sla::", stringify!($name), "::hours(2);")]
            #[doc = concat!("assert_eq!(two.saturating_sub(sla::", stringify!($name), "::hours(1)), sla::", stringify!($name), "::hours(1));")]
            #[doc = concat!("assert_eq!(two.saturating_sub(sla::", stringify!($name), "::hours(3)), sla::", stringify!($name), "::ZERO);")]
            /// ```
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
    /// # Example: 90 minutes of a desk
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
    /// # Example: half a second, and a month
    ///
    /// ```
    /// use sla::WallTime;
    ///
    /// assert_eq!("PT0.5S".parse(), Ok(WallTime::nanoseconds(500_000_000)));
    /// assert_eq!(WallTime::minutes(44_580).to_string(), "PT743H");
    /// ```
    WallTime
}

crate::fingerprint::canonical_text!(WorkingTime, WallTime);

//! Amounts of time as documents write them: `15 min`, `1 h 30 min`, `0.5 s`.
//!
//! This module owns [`WrittenTime`], the one reader and writer of that form. What the amount is counted on is left to the term
//! that holds it.

use core::fmt;
use core::num::NonZero;
use core::str::FromStr;

use super::amount::{SECONDS_MAX, WallTime, WorkingTime};
use crate::error::ParseError;
use crate::text::digits;

/// The most digits of one number in it.
const DIGITS_MAX: usize = 10;

/// The most decimals of seconds.
const DECIMALS_MAX: usize = 9;

/// An amount of time as a document writes it: hours, minutes and seconds, each at most once and in this order.
///
/// It is printed as it was written: `90 min` stays `90 min`, and does not become `1 h 30 min`. ISO 8601 time parts such as
/// `PT1H30M` are read, too. Two amounts are equal if they are as long as each other.
///
/// # Example: what a contract calls 90 minutes
///
/// ```
/// use sla::WallTime;
/// use sla::time::WrittenTime;
///
/// let time: WrittenTime = "90 min".parse()?;
/// assert_eq!(time.wall(), WallTime::minutes(90));
/// assert_eq!(time.to_string(), "90 min");
/// assert_eq!(WrittenTime::from(WallTime::minutes(90)).to_string(), "1 h 30 min");
/// assert!("90 minutes".parse::<WrittenTime>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WrittenTime {
    nanos: u64,
    /// The greatest unit that it is written in. What does not fill one is written in the smaller ones.
    leading: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Hours,
    Minutes,
    Seconds,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Hours, Self::Minutes, Self::Seconds];

    const fn word(self) -> &'static str {
        match self {
            Self::Hours => "h",
            Self::Minutes => "min",
            Self::Seconds => "s",
        }
    }

    /// Its length in nanoseconds; that none is zero is checked when the crate is compiled.
    const fn nanos(self) -> NonZero<u64> {
        const HOUR: NonZero<u64> = NonZero::new(3_600_000_000_000).unwrap();
        const MINUTE: NonZero<u64> = NonZero::new(60_000_000_000).unwrap();
        const SECOND: NonZero<u64> = NonZero::new(1_000_000_000).unwrap();
        match self {
            Self::Hours => HOUR,
            Self::Minutes => MINUTE,
            Self::Seconds => SECOND,
        }
    }
}

impl WrittenTime {
    /// Returns the amount as wall time.
    ///
    /// # Example: two days of notice
    ///
    /// ```
    /// let notice: sla::time::WrittenTime = "48 h".parse()?;
    /// assert_eq!(notice.wall(), sla::WallTime::hours(48));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn wall(self) -> WallTime {
        WallTime::nanoseconds(self.nanos)
    }

    /// Returns the amount as working time, which counts on a calendar.
    ///
    /// # Example: four hours of a desk
    ///
    /// ```
    /// let within: sla::time::WrittenTime = "4 h".parse()?;
    /// assert_eq!(within.working(), sla::WorkingTime::hours(4));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn working(self) -> WorkingTime {
        WorkingTime::nanoseconds(self.nanos)
    }

    fn of(nanos: u64) -> Self {
        // As people write it: in hours if there are any.
        let leading = Unit::ALL.into_iter().find(|unit| unit.nanos().get() <= nanos);
        let leading = leading.unwrap_or(Unit::Seconds);
        Self { nanos, leading }
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let mut read: Option<Self> = None;
        // The unit before, of which what follows must not fill one.
        let mut before: Option<Unit> = None;
        while let Some(number) = words.next() {
            let word = words.next()?;
            let unit = Unit::ALL.into_iter().find(|unit| unit.word() == word)?;
            let nanos = amount(number, unit)?;
            let sum = match (read, before) {
                (Some(sum), Some(greater)) => {
                    // `1 h 0 min` and `1 h 75 min` have shorter names.
                    let fits = unit > greater && sum.nanos > 0 && nanos > 0 && nanos < fills(greater, unit);
                    sum.nanos.checked_add(nanos).filter(|_| fits)?
                }
                _ => nanos,
            };
            let leading = read.map_or(unit, |read| read.leading);
            read = Some(Self { nanos: sum, leading });
            before = Some(unit);
        }
        let most = SECONDS_MAX.checked_mul(Unit::Seconds.nanos().get())?;
        read.filter(|read| read.nanos <= most)
    }
}

/// What a part must stay below: a minute after minutes, an hour after hours also if it is in seconds only, since `1 h 90 s`
/// is `1 h 1 min 30 s`.
fn fills(greater: Unit, unit: Unit) -> u64 {
    match (greater, unit) {
        (Unit::Hours, Unit::Minutes) => Unit::Hours.nanos().get(),
        _ => Unit::Minutes.nanos().get(),
    }
}

/// Reads the number before a unit. Only seconds have decimals, without zeros at their end: there is one way to write each.
fn amount(number: &str, unit: Unit) -> Option<u64> {
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) if unit == Unit::Seconds && !decimals.ends_with('0') => (whole, decimals),
        Some(_) => return None,
        None => (number, ""),
    };
    if whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    let whole = digits(whole, DIGITS_MAX)?.checked_mul(unit.nanos().get())?;
    if decimals.is_empty() {
        return Some(whole).filter(|_| !number.ends_with('.'));
    }
    let scale = u32::try_from(DECIMALS_MAX.checked_sub(decimals.len())?).ok()?;
    whole.checked_add(digits(decimals, DECIMALS_MAX)?.checked_mul(10_u64.checked_pow(scale)?)?)
}

impl PartialEq for WrittenTime {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for WrittenTime {}

impl From<WallTime> for WrittenTime {
    fn from(time: WallTime) -> Self {
        Self::of(time.as_nanoseconds())
    }
}

impl From<WorkingTime> for WrittenTime {
    fn from(time: WorkingTime) -> Self {
        Self::of(time.as_nanoseconds())
    }
}

impl FromStr for WrittenTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.starts_with("PT") {
            return text.parse::<WallTime>().map(Self::from);
        }
        Self::read(text)
            .ok_or_else(|| ParseError::new("a time such as `15 min`, `4 h`, `1 h 30 min` or `0.5 s`", text))
    }
}

/// As it was written: `90 min`.
impl fmt::Display for WrittenTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.nanos;
        let mut separator = "";
        for unit in Unit::ALL.into_iter().filter(|unit| *unit >= self.leading) {
            let is_leading = unit == self.leading;
            let (whole, part) = (rest / unit.nanos(), rest % unit.nanos());
            let decimals = if unit == Unit::Seconds { part } else { 0 };
            if whole > 0 || decimals > 0 || (is_leading && self.nanos == 0) {
                write!(f, "{separator}{whole}")?;
                if decimals > 0 {
                    let decimals = format!("{decimals:09}");
                    write!(f, ".{}", decimals.trim_end_matches('0'))?;
                }
                write!(f, " {}", unit.word())?;
                separator = " ";
            }
            rest = part;
        }
        Ok(())
    }
}

crate::text::serde_as_text!(WrittenTime);

impl crate::fingerprint::Canonical for WrittenTime {
    /// The amount alone: `90 min` and `1 h 30 min` are one term.
    fn encode(&self, to: &mut crate::fingerprint::Encoder) {
        to.integer(i128::from(self.nanos));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use alloc::string::ToString;

    use super::{WallTime, WrittenTime};

    #[test]
    fn an_amount_reads_in_hours_minutes_and_decimal_seconds() {
        for (nanoseconds, text) in [
            (0, "0 s"),
            (1, "0.000000001 s"),
            (38_400_000_000, "38.4 s"),
            (150_000_000_000, "2 min 30 s"),
            (3_600_000_000_000, "1 h"),
            (97_440_000_000_000, "27 h 4 min"),
            (3_600_500_000_000, "1 h 0.5 s"),
        ] {
            let time = WrittenTime::from(WallTime::nanoseconds(nanoseconds));
            assert_eq!(time.to_string(), text);
            assert_eq!(text.parse::<WrittenTime>().unwrap(), time);
        }
    }
}

//! Percentages as documents state them: `99.9 %`.
//!
//! This module owns [`Percentage`], the number, and [`Target`], the percentage that a level must reach. Measured fractions are
//! `ratio`'s.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::ratio::{Ratio, UNITS_PER_WHOLE};
use crate::error::ParseError;
use crate::text::digits;
use crate::time::amount::WallTime;
use crate::time::interval::Interval;

/// One percent in the units that percentages are kept in: nine decimals.
const UNITS_PER_PERCENT: u64 = 1_000_000_000;
/// One basis point, a hundredth of a percent, in those units.
const UNITS_PER_BASIS_POINT: u64 = 10_000_000;
/// The most decimals of a percentage.
const DECIMALS_MAX: u32 = 9;
/// The greatest percentage: 10,000 %.
const UNITS_MAX: u64 = 10_000_000_000_000;
/// The digits of the greatest percentage before the point.
const WHOLE_DIGITS_MAX: usize = 5;

/// A percentage, from 0 % to 10,000 % with at most nine decimals.
///
/// In text the sign is mandatory and follows a space, as in `99.9 %`: a bare `0.1` could be a tenth of a percent or ten
/// percent. It is printed with the decimals it was written with, and compared by value. It may exceed 100 %: some contracts
/// cap credits at 600 % of a fee.
///
/// # Example: one number, written in two ways
///
/// ```
/// use sla::number::Percentage;
///
/// let share: Percentage = "7.50 %".parse()?;
/// assert_eq!(share, Percentage::basis_points(750));
/// assert_eq!(share.to_string(), "7.50 %");
/// assert_eq!(Percentage::basis_points(750).to_string(), "7.5 %");
/// assert_eq!(
///     "7.5".parse::<Percentage>().unwrap_err().to_string(),
///     "expected a percentage from 0 to 10000 with at most nine decimals and its sign, such as `7.5 %`, found `7.5`"
/// );
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Percentage {
    units: u64,
    /// How many decimals it is printed with.
    decimals: u32,
}

impl Percentage {
    const EXPECTED: &str =
        "a percentage from 0 to 10000 with at most nine decimals and its sign, such as `7.5 %`";

    /// Creates a percentage from basis points, of which 100 are one percent: 9,995 are 99.95 %. More than 1,000,000
    /// become 10,000 %, the greatest percentage.
    ///
    /// # Example: three nines
    ///
    /// ```
    /// assert_eq!(sla::number::Percentage::basis_points(9_990).to_string(), "99.9 %");
    /// ```
    pub const fn basis_points(basis_points: u32) -> Self {
        // No wrap: at most 10^17.
        let units = (basis_points as u64).wrapping_mul(UNITS_PER_BASIS_POINT);
        Self::of_units(if units < UNITS_MAX { units } else { UNITS_MAX })
    }

    /// Creates a percentage with no more decimals than it needs.
    const fn of_units(units: u64) -> Self {
        let (mut rest, mut decimals) = (units, DECIMALS_MAX);
        while decimals > 0 && rest % 10 == 0 {
            rest /= 10;
            decimals = decimals.wrapping_sub(1); // above zero
        }
        Self { units, decimals }
    }

    fn read(text: &str) -> Option<Self> {
        let number = text.strip_suffix(" %")?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() > 1 && whole.starts_with('0') || number.ends_with('.') {
            return None;
        }
        let decimals = u32::try_from(fraction.len()).ok()?;
        let scale = 10_u64.checked_pow(DECIMALS_MAX.checked_sub(decimals)?)?;
        let fraction = if decimals > 0 {
            digits(fraction, fraction.len())?
        } else {
            0
        };
        let whole = digits(whole, WHOLE_DIGITS_MAX)?.checked_mul(UNITS_PER_PERCENT)?;
        let units = whole.checked_add(fraction.checked_mul(scale)?)?;
        (units <= UNITS_MAX).then_some(Self { units, decimals })
    }

    /// Returns the percentage as the exact fraction that it is.
    ///
    /// # Example: 12.5 % is an eighth
    ///
    /// ```
    /// use sla::number::{Percentage, Ratio};
    ///
    /// assert_eq!(Percentage::basis_points(1_250).ratio(), Ratio::new(1, 8).unwrap());
    /// ```
    pub fn ratio(self) -> Ratio {
        Ratio::of_units(self.units)
    }

    /// Reports whether it is more than 100 %.
    pub(crate) fn is_above_whole(self) -> bool {
        self.units > UNITS_PER_WHOLE
    }

    /// Returns how many decimals it is written with.
    pub(crate) fn decimals(self) -> u32 {
        self.decimals
    }
}

impl PartialEq for Percentage {
    fn eq(&self, other: &Self) -> bool {
        self.units == other.units
    }
}

impl Eq for Percentage {}

impl PartialOrd for Percentage {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Percentage {
    fn cmp(&self, other: &Self) -> Ordering {
        self.units.cmp(&other.units)
    }
}

impl Hash for Percentage {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.units.hash(state);
    }
}

impl FromStr for Percentage {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| ParseError::new(Self::EXPECTED, text))
    }
}

/// As it was written: `99.90 %`.
impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percents, fraction) = (self.units / UNITS_PER_PERCENT, self.units % UNITS_PER_PERCENT);
        let fraction = format!("{fraction:09}");
        match fraction.get(..self.decimals as usize) {
            Some(fraction) if !fraction.is_empty() => write!(f, "{percents}.{fraction} %"),
            _ => write!(f, "{percents} %"),
        }
    }
}

impl fmt::Debug for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Percentage({self})")
    }
}

/// The percentage that a level must reach, from 0 % to 100 %.
///
/// # Example: three nines of a month of 30 days
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Interval, WallTime};
/// use sla::number::{Ratio, Target};
///
/// let month = Interval::new(
///     Utc.with_ymd_and_hms(2026, 4, 1, 0, 0, 0).unwrap(),
///     Utc.with_ymd_and_hms(2026, 5, 1, 0, 0, 0).unwrap(),
/// )?;
/// let target: Target = "99.9 %".parse()?;
/// assert_eq!(target.allowed_downtime(&month), WallTime::seconds(2_592));
///
/// let up = |downtime_s: u128| Ratio::new(2_592_000 - downtime_s, 2_592_000).unwrap();
/// assert!(target.is_met_by(&up(2_592)));
/// assert!(!target.is_met_by(&up(2_593)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(Percentage);

impl Target {
    const EXPECTED: &str =
        "a percentage from 0 to 100 with at most nine decimals and its sign, such as `99.95 %`";

    /// All of it: 100 %.
    ///
    /// # Example: nothing may be lost
    ///
    /// ```
    /// use sla::number::Target;
    ///
    /// assert_eq!(Target::ALL, "100 %".parse()?);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub const ALL: Self = Self(Percentage::basis_points(10_000));

    /// Creates a target. Returns `None` for more than 100 %.
    ///
    /// # Example: four nines
    ///
    /// ```
    /// use sla::number::{Percentage, Target};
    ///
    /// let target = Target::new(Percentage::basis_points(9_999)).unwrap();
    /// assert_eq!(target.to_string(), "99.99 %");
    /// assert!(Target::new(Percentage::basis_points(10_001)).is_none());
    /// ```
    pub fn new(percentage: Percentage) -> Option<Self> {
        (!percentage.is_above_whole()).then_some(Self(percentage))
    }

    /// Returns the percentage.
    ///
    /// # Example: 99.95 % in basis points
    ///
    /// ```
    /// use sla::number::{Percentage, Target};
    ///
    /// let target: Target = "99.95 %".parse()?;
    /// assert_eq!(target.percentage(), Percentage::basis_points(9_995));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn percentage(&self) -> Percentage {
        self.0
    }

    /// Reports whether the measured fraction reaches the target.
    ///
    /// Decided without division: a target of 99.9 % is met by 2,592 bad seconds of 30 days and not by 2,593.
    ///
    /// # Example: nineteen of twenty
    ///
    /// ```
    /// use sla::number::{Ratio, Target};
    ///
    /// let target: Target = "95 %".parse()?;
    /// assert!(target.is_met_by(&Ratio::new(19, 20).unwrap()));
    /// assert!(!target.is_met_by(&Ratio::new(18, 19).unwrap())); // 94.7 %
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn is_met_by(&self, measured: &Ratio) -> bool {
        measured.cmp(&self.0.ratio()) != Ordering::Less
    }

    /// Returns the time that a service may be down within `over` and still meet the target, rounded down to the nanosecond.
    ///
    /// # Example: 99.5 % of a day
    ///
    /// ```
    /// use sla::Interval;
    /// use sla::number::Target;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let target: Target = "99.5 %".parse()?;
    /// assert_eq!(target.allowed_downtime(&day).to_string(), "PT7M12S");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allowed_downtime(&self, over: &Interval) -> WallTime {
        self.allowed_of(over.length())
    }

    /// Returns how much of `agreed` may be lost, rounded down to the nanosecond.
    pub(crate) fn allowed_of(&self, agreed: WallTime) -> WallTime {
        WallTime::nanoseconds(self.allowed_misses(agreed.as_nanoseconds()))
    }

    /// Returns how many of `count` may be missed, rounded down.
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "a target is at most the whole, so the product fits and the result is at most `count`"
    )]
    pub(crate) fn allowed_misses(&self, count: u64) -> u64 {
        let spare = u128::from(UNITS_PER_WHOLE - self.0.units);
        (u128::from(count) * spare / u128::from(UNITS_PER_WHOLE)) as u64
    }

    /// Returns how many decimals it is written with.
    pub(crate) fn decimals(&self) -> u32 {
        self.0.decimals()
    }
}

impl FromStr for Target {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Percentage::read(text)
            .and_then(Self::new)
            .ok_or_else(|| ParseError::new(Self::EXPECTED, text))
    }
}

/// As it was written: `99.90 %`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

crate::text::serde_as_text!(Percentage);
crate::text::serde_as_text!(Target);

crate::fingerprint::canonical_text!(Percentage, Target);

//! Exact fractions.
//!
//! This module owns [`Ratio`], a measured share such as uptime or attainment. Nothing here divides in order to decide:
//! comparisons cross-multiply, and decimals appear only as text. What is measured is left to other modules; percentages
//! that terms state are `percentage`'s.

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZero;
use core::str::FromStr;

use crate::error::ParseError;

/// One hundred percent in the units that percentages are kept in: nine decimals of a percent.
pub(super) const UNITS_PER_WHOLE: u64 = 100_000_000_000;
/// One hundred percent, in the units of a percentage; that it is not zero is checked when the crate is compiled.
const WHOLE: NonZero<u128> = NonZero::new(UNITS_PER_WHOLE as u128).unwrap();
/// The largest part and whole of a ratio: with it, part × 100 % in units still fits a `u128`.
const RATIO_MAX: u128 = 1_000_000_000_000_000_000_000_000_000;

/// An exact fraction of two counts or lengths: a part of a whole that is not zero.
///
/// Kept as it was measured (27 of 28 stays 27 of 28) and compared by value.
///
/// # Example: 27 of 28
///
/// ```
/// use sla::number::Ratio;
///
/// let attained = Ratio::new(27, 28).unwrap();
/// assert_eq!(attained, Ratio::new(54, 56).unwrap());
/// assert_eq!(attained.percent(2), "96.42"); // shown rounded down, never up
/// assert_eq!(Ratio::new(99_999, 100_000).unwrap().percent(2), "99.99"); // not 100.00
/// ```
#[derive(Clone, Copy)]
pub struct Ratio {
    part: u128,
    /// At most 10²⁷, as the part.
    whole: NonZero<u128>,
}

impl Ratio {
    /// None of it, written as nothing of one.
    ///
    /// # Example: nothing
    ///
    /// ```
    /// assert_eq!(sla::number::Ratio::ZERO.to_string(), "0/1");
    /// ```
    pub const ZERO: Self = Self {
        part: 0,
        whole: NonZero::<u128>::MIN,
    };

    /// Creates the ratio of `part` to `whole`. `None` if the whole is zero, or either is above 10²⁷.
    ///
    /// # Example: two of three
    ///
    /// ```
    /// use sla::number::Ratio;
    ///
    /// assert_eq!(Ratio::new(2, 3).unwrap().to_string(), "2/3");
    /// assert!(Ratio::new(2, 0).is_none());
    /// ```
    pub fn new(part: u128, whole: u128) -> Option<Self> {
        let whole = NonZero::new(whole)?;
        (whole.get() <= RATIO_MAX && part <= RATIO_MAX).then_some(Self { part, whole })
    }

    /// Returns a percentage in its units as the exact fraction that it is.
    pub(super) fn of_units(units: u64) -> Self {
        Self {
            part: u128::from(units),
            whole: WHOLE,
        }
    }

    /// Returns `number` wholes.
    pub(crate) fn whole_number(number: u64) -> Self {
        Self {
            part: u128::from(number),
            whole: NonZero::<u128>::MIN,
        }
    }

    /// Returns the part.
    ///
    /// # Example: as it was measured
    ///
    /// ```
    /// assert_eq!(sla::number::Ratio::new(54, 56).unwrap().part(), 54);
    /// ```
    pub fn part(&self) -> u128 {
        self.part
    }

    /// Returns the whole, which is never zero.
    ///
    /// # Example: as it was measured
    ///
    /// ```
    /// assert_eq!(sla::number::Ratio::new(54, 56).unwrap().whole(), 56);
    /// ```
    pub fn whole(&self) -> u128 {
        self.whole.get()
    }

    /// Returns the fraction as a percentage with so many decimals, at most 12, **rounded down**: what is shown never reaches
    /// 100 or a target that the fraction itself does not reach.
    ///
    /// # Example: two of three
    ///
    /// ```
    /// use sla::number::Ratio;
    ///
    /// assert_eq!(Ratio::new(2, 3).unwrap().percent(2), "66.66");
    /// assert_eq!(Ratio::new(2, 3).unwrap().percent(0), "66");
    /// ```
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "the part is at most 10^27, a rest below the whole, and ten to the twelfth the largest power"
    )]
    pub fn percent(&self, decimals: u32) -> String {
        // 10²⁷ × 100 × 10¹² does not fit, so the whole percents and the decimals are divided apart.
        let decimals = decimals.min(12);
        let (percents, mut rest) = (self.part * 100 / self.whole, self.part * 100 % self.whole);
        if decimals == 0 {
            return percents.to_string();
        }
        let mut fraction = 0_u128;
        for _ in 0..decimals {
            fraction = fraction * 10 + rest * 10 / self.whole;
            rest = rest * 10 % self.whole;
        }
        format!("{percents}.{fraction:0width$}", width = decimals as usize)
    }

    /// Returns the sum, in lowest terms. `None` if it does not fit.
    pub(crate) fn checked_add(self, other: Self) -> Option<Self> {
        let (mine, theirs, whole) = self.over_one_whole(other)?;
        Self::lowest(mine.checked_add(theirs)?, whole)
    }

    /// Returns the difference, in lowest terms. `None` if it does not fit or would be less than nothing.
    pub(crate) fn checked_sub(self, other: Self) -> Option<Self> {
        let (mine, theirs, whole) = self.over_one_whole(other)?;
        Self::lowest(mine.checked_sub(theirs)?, whole)
    }

    /// Returns both parts over the least whole that both have.
    fn over_one_whole(self, other: Self) -> Option<(u128, u128, u128)> {
        if self.whole == other.whole {
            return Some((self.part, other.part, self.whole.get()));
        }
        let shared = gcd(self.whole.get(), other.whole);
        let (mine, theirs) = (self.whole.get() / shared, other.whole.get() / shared);
        Some((
            self.part.checked_mul(theirs)?,
            other.part.checked_mul(mine)?,
            self.whole.get().checked_mul(theirs)?,
        ))
    }

    /// Returns the product, in lowest terms. `None` if it does not fit.
    pub(crate) fn checked_mul(self, other: Self) -> Option<Self> {
        // What one part shares with the other's whole is taken out first, so that less overflows.
        let (mine, theirs) = (gcd(self.part, other.whole), gcd(other.part, self.whole));
        let part = (self.part / mine).checked_mul(other.part / theirs)?;
        let whole = (self.whole.get() / theirs).checked_mul(other.whole.get() / mine)?;
        Self::lowest(part, whole)
    }

    /// Returns the quotient, in lowest terms. `None` if it does not fit or the divisor is nothing.
    pub(crate) fn checked_div(self, divisor: Self) -> Option<Self> {
        self.checked_mul(Self {
            part: divisor.whole.get(),
            whole: NonZero::new(divisor.part)?,
        })
    }

    fn lowest(part: u128, whole: u128) -> Option<Self> {
        let shared = gcd(part, NonZero::new(whole)?);
        Self::new(part / shared, whole / shared)
    }

    /// Returns part and whole in lowest terms.
    pub(crate) fn lowest_terms(&self) -> (u128, u128) {
        let shared = gcd(self.part, self.whole);
        (self.part / shared, self.whole.get() / shared)
    }

    /// Returns where the ratio lies among all percentages that terms can state: twice the percentage in units of
    /// 10⁻⁹ %, or one more if it lies between that and the next. It keeps the order of percentages and ratios.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "the part is at most 10^27, times twice 10^11: the greatest number is above 3 times 10^38"
    )]
    pub(crate) fn position(self) -> u128 {
        let units = self.part * WHOLE.get();
        units / self.whole * 2 + u128::from(units % self.whole > 0)
    }

    /// Returns the whole number below or at it, and what is left over as a fraction of one.
    pub(crate) fn floor(self) -> (u128, Self) {
        let part = self.part % self.whole;
        let rest = Self { part, ..self };
        (self.part / self.whole, rest)
    }
}

/// Returns the greatest common divisor, by Euclid's algorithm.
fn gcd(left: u128, right: NonZero<u128>) -> NonZero<u128> {
    let (mut left, mut right) = (left, right);
    while let Some(rest) = NonZero::new(left % right) {
        (left, right) = (right.get(), rest);
    }
    right
}

impl Ord for Ratio {
    /// By value, exactly: whole numbers are compared, then the remainders upside down (continued fractions), so
    /// that nothing overflows. At most as many rounds as Euclid's algorithm needs.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right, mut flipped) = (*self, *other, false);
        loop {
            let ((left_floor, left_rest), (right_floor, right_rest)) = (left.floor(), right.floor());
            let rests = (NonZero::new(left_rest.part), NonZero::new(right_rest.part));
            let order = match (left_floor.cmp(&right_floor), rests) {
                (Ordering::Equal, (Some(left_part), Some(right_part))) => {
                    // The rests upside down: what is larger becomes smaller.
                    let upside_down = |rest: Self, whole| Self {
                        part: rest.whole.get(),
                        whole,
                    };
                    left = upside_down(left_rest, left_part);
                    right = upside_down(right_rest, right_part);
                    flipped = !flipped;
                    continue;
                }
                (Ordering::Equal, (left_part, right_part)) => left_part.is_some().cmp(&right_part.is_some()),
                (unequal, _) => unequal,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

/// The fraction as it was measured: `27/28`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Ratio {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = || {
            let (part, whole) = text.split_once('/')?;
            let read = Self::new(part.parse().ok()?, whole.parse().ok()?)?;
            // There is one way to write it: no sign, no leading zero.
            (read.to_string() == text).then_some(read)
        };
        read().ok_or_else(|| ParseError::new("a fraction such as `27/28`", text))
    }
}

/// Decimals of a fraction's percentage where it is serialised.
const SERIALISED_DECIMALS: u32 = 9;

/// The fraction in lowest terms, which is exact, and its percentage, which is rounded down:
/// `{"fraction": "27/28", "percent": "96.428571428"}`.
impl serde::Serialize for Ratio {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let (part, whole) = self.lowest_terms();
        let mut map = serializer.serialize_struct("Ratio", 2)?;
        map.serialize_field("fraction", &format!("{part}/{whole}"))?;
        map.serialize_field("percent", &self.percent(SERIALISED_DECIMALS))?;
        map.end()
    }
}

/// A fraction as a document has it.
#[derive(serde::Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
struct Document {
    fraction: String,
    percent: String,
}

impl<'de> serde::Deserialize<'de> for Ratio {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Document { fraction, percent } = Document::deserialize(deserializer)?;
        let ratio: Self = fraction.parse().map_err(serde::de::Error::custom)?;
        let expected = ratio.percent(SERIALISED_DECIMALS);
        if percent != expected {
            let shown = crate::error::shown(&percent);
            let what = format!("expected the percentage `{expected}` of {fraction}, found `{shown}`");
            return Err(serde::de::Error::custom(what));
        }
        Ok(ratio)
    }
}

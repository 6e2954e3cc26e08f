//! Exact fractions, and the percentages that they are compared with.
//!
//! This module owns [`Ratio`] (a measured share, such as uptime or attainment), [`Target`] (a percentage to be
//! reached) and [`Share`] (a percentage of something, such as a credit). Nothing here divides in order to decide:
//! comparisons cross-multiply, and decimals appear only as text. What is measured is left to other modules.

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::num::NonZero;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::error::ParseError;
use crate::text::decimal;
use crate::time::allowance::WallTime;
use crate::time::interval::Interval;

/// One percent in the units that percentages are kept in: nine decimals.
const UNITS_PER_PERCENT: u64 = 1_000_000_000;
/// One hundred percent in those units.
const UNITS_PER_WHOLE: u64 = 100_000_000_000;
/// The same as the whole of a ratio; that it is not zero is checked when the crate is compiled.
const WHOLE: NonZero<u128> = NonZero::new(100_000_000_000).unwrap();
/// Decimals of a percentage.
const PERCENT_DECIMALS: u32 = 9;
/// The largest part and whole of a ratio: with it, part × 100 % in units still fits a `u128`.
const RATIO_MAX: u128 = 1_000_000_000_000_000_000_000_000_000;

/// An exact fraction of two counts or lengths: a part of a whole that is not zero.
///
/// Kept as it was measured (27 of 28 stays 27 of 28) and compared by value.
///
/// # Example
///
/// ```
/// use sla::Ratio;
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
    pub const ZERO: Self = Self {
        part: 0,
        whole: NonZero::<u128>::MIN,
    };

    /// `part` of `whole`. `None` if the whole is zero, or either is above 10²⁷.
    pub fn new(part: u128, whole: u128) -> Option<Self> {
        let whole = NonZero::new(whole)?;
        (whole.get() <= RATIO_MAX && part <= RATIO_MAX).then_some(Self { part, whole })
    }

    /// Returns `number` wholes.
    pub(crate) fn whole_number(number: u64) -> Self {
        Self {
            part: u128::from(number),
            whole: NonZero::<u128>::MIN,
        }
    }

    /// The part.
    pub fn part(&self) -> u128 {
        self.part
    }

    /// The whole, never zero.
    pub fn whole(&self) -> u128 {
        self.whole.get()
    }

    /// The fraction as a percentage with so many decimals, at most 12, **rounded down**: what is shown never
    /// reaches 100 or a target that the fraction itself does not reach.
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

/// Reads a percentage as units of 10⁻⁹ %. The only reader of percentages.
fn parse_units(text: &str, units_max: u64, expected: &'static str) -> Result<u64, ParseError> {
    decimal(text)
        .and_then(units_of)
        .filter(|units| *units <= units_max)
        .ok_or_else(|| ParseError::new(expected, text))
}

fn units_of(percent: Decimal) -> Option<u64> {
    let percent = percent.normalize();
    let up = PERCENT_DECIMALS.checked_sub(percent.scale())?;
    let mantissa = u64::try_from(percent.mantissa()).ok()?;
    mantissa.checked_mul(10_u64.checked_pow(up)?)
}

fn write_units(units: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (percents, fraction) = (units / UNITS_PER_PERCENT, units % UNITS_PER_PERCENT);
    if fraction == 0 {
        return write!(f, "{percents}");
    }
    write!(f, "{percents}.{}", format!("{fraction:09}").trim_end_matches('0'))
}

/// A percentage that must be reached, from 0 to 100 with at most nine decimals.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Interval, Ratio, Target, WallTime};
///
/// let month = Interval::new(
///     Utc.with_ymd_and_hms(2026, 4, 1, 0, 0, 0).unwrap(),
///     Utc.with_ymd_and_hms(2026, 5, 1, 0, 0, 0).unwrap(),
/// )?;
/// let target = Target::percent("99.9")?;
/// assert_eq!(target.allowed_downtime(&month), WallTime::seconds(2_592));
///
/// let up = |downtime_s: u128| Ratio::new(2_592_000 - downtime_s, 2_592_000).unwrap();
/// assert!(target.is_met_by(&up(2_592)));
/// assert!(!target.is_met_by(&up(2_593)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    units: u64,
}

impl Target {
    const EXPECTED: &str = "a percentage from 0 to 100 with at most nine decimals, such as `99.95`";

    /// Reads a percentage such as `99.95`, without a sign.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for anything but a plain decimal from 0 to 100 with at most nine decimals.
    pub fn percent(text: &str) -> Result<Self, ParseError> {
        parse_units(text, UNITS_PER_WHOLE, Self::EXPECTED).map(|units| Self { units })
    }

    /// Whether the measured fraction reaches the target. Decided without division: a target of 99.9 % is met by
    /// 2,592 bad seconds of 30 days and not by 2,593.
    pub fn is_met_by(&self, measured: &Ratio) -> bool {
        measured.cmp(&self.ratio()) != Ordering::Less
    }

    /// How long a service may be down within `over` and still meet the target, rounded down to the nanosecond.
    pub fn allowed_downtime(&self, over: &Interval) -> WallTime {
        self.allowed_of(over.length())
    }

    /// How much of `agreed` may be lost, rounded down to the nanosecond.
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
        let spare = u128::from(UNITS_PER_WHOLE - self.units);
        (u128::from(count) * spare / WHOLE) as u64
    }

    pub(crate) fn ratio(&self) -> Ratio {
        Ratio {
            part: u128::from(self.units),
            whole: WHOLE,
        }
    }

    /// Returns how many decimals the percentage needs.
    pub(crate) fn decimals(&self) -> u32 {
        let mut units = self.units;
        for decimals in (1..=PERCENT_DECIMALS).rev() {
            if units % 10 > 0 {
                return decimals;
            }
            units /= 10;
        }
        0
    }
}

impl FromStr for Target {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::percent(text)
    }
}

/// The percentage without trailing zeros and without a sign: `99.95`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_units(self.units, f)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self} %)")
    }
}

crate::text::serde_as_text!(Target);

/// A percentage of something, from 0 to 10,000 with at most nine decimals: a credit of 10 % of the charges.
///
/// May exceed 100: some contracts cap credits at 600 % of a fee.
///
/// # Example
///
/// ```
/// use sla::{Ratio, Share};
///
/// let share = Share::percent("7.5")?;
/// assert_eq!(share.to_string(), "7.5");
/// assert!(Share::percent("-1").is_err());
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Share {
    units: u64,
}

impl Share {
    const EXPECTED: &str = "a percentage from 0 to 10000 with at most nine decimals, such as `7.5`";
    const UNITS_MAX: u64 = 10_000_000_000_000;

    /// Reads a percentage such as `7.5`, without a sign.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for anything but a plain decimal from 0 to 10,000 with at most nine decimals.
    pub fn percent(text: &str) -> Result<Self, ParseError> {
        parse_units(text, Self::UNITS_MAX, Self::EXPECTED).map(|units| Self { units })
    }

    pub(crate) fn ratio(&self) -> Ratio {
        Ratio {
            part: u128::from(self.units),
            whole: WHOLE,
        }
    }
}

impl From<Target> for Share {
    fn from(target: Target) -> Self {
        Self { units: target.units }
    }
}

impl FromStr for Share {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::percent(text)
    }
}

/// The percentage without trailing zeros and without a sign: `7.5`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_units(self.units, f)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({self} %)")
    }
}

crate::text::serde_as_text!(Share);

crate::fingerprint::canonical_text!(Target, Share);

//! What a measurement or a step of a calculation comes to: one type for the kinds of numbers there are.
//!
//! This module owns [`Value`], its text, and how two values are compared. What a number means, and which
//! direction of it is good, is left to the modules above.

use alloc::string::ToString;
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::limits::COUNT_DIGITS_MAX;
use crate::number::money::ExactMoney;
use crate::number::percentage::Percentage;
use crate::number::ratio::Ratio;
use crate::text::digits;
use crate::time::amount::WallTime;

/// A number that was measured, agreed or calculated, exactly.
///
/// Its text says which kind it is, and reads back as the same value.
///
/// # Example: a share and a credit
///
/// ```
/// use sla::number::{Ratio, Value};
///
/// let measured = Value::Ratio(Ratio::new(27, 28).unwrap());
/// assert_eq!(measured.to_string(), "27/28");
/// let credit: Value = "12.5 %".parse()?;
/// assert_eq!(credit, Value::Percent("12.5 %".parse()?));
/// assert!("12.5".parse::<Value>().is_err()); // twelve and a half of what?
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A measured share: `27/28`.
    Ratio(Ratio),
    /// A percentage that terms state: `12.5 %`.
    Percent(Percentage),
    /// An exact amount of money: `1234.567 EUR`.
    Money(ExactMoney),
    /// How many: `3`.
    Count(u64),
    /// Time on the clock on the wall: `PT4H`.
    Time(WallTime),
}

impl Value {
    const EXPECTED: &str = "a fraction, percentage, amount of money, count or time, such as `27/28`, `12.5 %`, `1.50 EUR`, `3` \
         or `PT4H`";

    /// Compares two values, exactly. A percentage compares with a ratio by value; other kinds, and amounts of two
    /// currencies, do not compare.
    ///
    /// # Example: a measured share and a target
    ///
    /// ```
    /// use core::cmp::Ordering;
    /// use sla::number::Value;
    ///
    /// let (measured, target): (Value, Value) = ("27/28".parse()?, "95 %".parse()?);
    /// assert_eq!(measured.compare(&target), Some(Ordering::Greater));
    /// assert_eq!(measured.compare(&"3".parse()?), None);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Money(left), Self::Money(right)) => {
                (left.currency() == right.currency()).then(|| left.minor_units().cmp(&right.minor_units()))
            }
            (Self::Count(left), Self::Count(right)) => Some(left.cmp(right)),
            (Self::Time(left), Self::Time(right)) => Some(left.cmp(right)),
            _ => Some(self.share()?.cmp(&other.share()?)),
        }
    }

    /// Returns the fraction that a ratio or a percentage is.
    pub(crate) fn share(&self) -> Option<Ratio> {
        match self {
            Self::Ratio(ratio) => Some(*ratio),
            Self::Percent(share) => Some(share.ratio()),
            Self::Money(_) | Self::Count(_) | Self::Time(_) => None,
        }
    }

    /// Returns the sum of two values of one kind. `None` if they are of two, or it does not fit.
    pub(crate) fn checked_add(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Money(left), Self::Money(right)) => {
                money(left, right, left.minor_units().checked_add(right.minor_units())?)
            }
            (Self::Ratio(left), Self::Ratio(right)) => left.checked_add(*right).map(Self::Ratio),
            (Self::Count(left), Self::Count(right)) => left.checked_add(*right).map(Self::Count),
            (Self::Time(left), Self::Time(right)) => {
                let sum = left.as_nanoseconds().checked_add(right.as_nanoseconds())?;
                Some(Self::Time(WallTime::nanoseconds(sum)))
            }
            _ => None,
        }
    }

    /// Returns the difference of two values of one kind. `None` if they are of two, or it is less than nothing.
    pub(crate) fn checked_sub(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Money(left), Self::Money(right)) => {
                money(left, right, left.minor_units().checked_sub(right.minor_units())?)
            }
            (Self::Ratio(left), Self::Ratio(right)) => left.checked_sub(*right).map(Self::Ratio),
            (Self::Count(left), Self::Count(right)) => left.checked_sub(*right).map(Self::Count),
            (Self::Time(left), Self::Time(right)) => {
                let rest = left.as_nanoseconds().checked_sub(right.as_nanoseconds())?;
                Some(Self::Time(WallTime::nanoseconds(rest)))
            }
            _ => None,
        }
    }

    /// Returns a share of a ratio or of money. `None` if the second value is no share, or the product does not fit.
    pub(crate) fn checked_mul(&self, share: &Self) -> Option<Self> {
        self.scaled(share.share()?, Ratio::checked_mul)
    }

    /// Returns a ratio or money divided by a share, or the ratio of two counts, times or amounts of money. `None` if
    /// the divisor is nothing, or the result does not fit.
    pub(crate) fn checked_div(&self, divisor: &Self) -> Option<Self> {
        let ratio = |part: u64, whole: u64| Ratio::new(u128::from(part), u128::from(whole)).map(Self::Ratio);
        match (self, divisor) {
            (Self::Count(part), Self::Count(whole)) => ratio(*part, *whole),
            (Self::Time(part), Self::Time(whole)) => ratio(part.as_nanoseconds(), whole.as_nanoseconds()),
            (Self::Money(part), Self::Money(whole)) if part.currency() == whole.currency() => part
                .minor_units()
                .checked_div(whole.minor_units())
                .map(Self::Ratio),
            _ => self.scaled(divisor.share()?, Ratio::checked_div),
        }
    }

    fn scaled(&self, by: Ratio, how: fn(Ratio, Ratio) -> Option<Ratio>) -> Option<Self> {
        match self {
            Self::Money(amount) => {
                let minor_units = how(amount.minor_units(), by)?;
                Some(Self::Money(ExactMoney::new(minor_units, amount.currency())))
            }
            _ => how(self.share()?, by).map(Self::Ratio),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text.ends_with('%') {
            return text.parse().ok().map(Self::Percent);
        }
        if text.starts_with('P') {
            return text.parse().ok().map(Self::Time);
        }
        if let Some(count) = digits(text, COUNT_DIGITS_MAX) {
            return Some(Self::Count(count));
        }
        if text.contains(' ') {
            return text.parse().ok().map(Self::Money);
        }
        let (part, whole) = text.split_once('/')?;
        Ratio::new(part.parse().ok()?, whole.parse().ok()?).map(Self::Ratio)
    }
}

/// `None` for amounts of two currencies.
fn money(left: &ExactMoney, right: &ExactMoney, minor_units: Ratio) -> Option<Value> {
    let currency = Some(left.currency()).filter(|currency| *currency == right.currency())?;
    Some(Value::Money(ExactMoney::new(minor_units, currency)))
}

impl FromStr for Value {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text)
            // There is one way to write a value: no sign, no leading zero.
            .filter(|value| value.to_string() == text)
            .ok_or_else(|| ParseError::new(Self::EXPECTED, text))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ratio(ratio) => fmt::Display::fmt(ratio, f),
            Self::Percent(share) => fmt::Display::fmt(share, f),
            Self::Money(money) => fmt::Display::fmt(money, f),
            Self::Count(count) => fmt::Display::fmt(count, f),
            Self::Time(time) => fmt::Display::fmt(time, f),
        }
    }
}

crate::text::serde_as_text!(Value);

impl From<Ratio> for Value {
    fn from(ratio: Ratio) -> Self {
        Self::Ratio(ratio)
    }
}

impl From<Percentage> for Value {
    fn from(share: Percentage) -> Self {
        Self::Percent(share)
    }
}

impl From<ExactMoney> for Value {
    fn from(money: ExactMoney) -> Self {
        Self::Money(money)
    }
}

//! Money: whole minor units of an ISO 4217 currency, and exact amounts between them.
//!
//! This module owns currencies and their minor units, and the text of an amount. How exact amounts become whole ones is left
//! to `rounding`, and what is owed to `credit`.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::error::ParseError;
use crate::number::percentage::Percentage;
use crate::number::ratio::Ratio;
use crate::number::rounding::round_half_even;
use crate::text::decimal;

/// Currencies of ISO 4217 whose minor unit is not a hundredth. `BHD` has thousandths, `JPY` has none.
const MINOR_DIGITS: &[(u32, &str)] = &[
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Currencies of ISO 4217 with hundredths, with those withdrawn since 2023 (`HRK`, `ANG`, `BGN`) for older contracts.
const HUNDREDTHS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
     CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ \
     GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT \
     MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD \
     SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
     VES WST XAD XCD XCG YER ZAR ZMW ZWG";

/// A currency of ISO 4217.
///
/// # Example: a currency without cents
///
/// ```
/// let yen: sla::number::Currency = "JPY".parse()?;
/// assert_eq!(yen.minor_digits(), 0);
/// assert!("EURO".parse::<sla::number::Currency>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    minor_digits: u32,
}

impl Currency {
    /// Returns how many decimals its minor unit has: 2 for `EUR`, 0 for `JPY`, 3 for `BHD`.
    ///
    /// # Example: a currency with thousandths
    ///
    /// ```
    /// let dinar: sla::number::Currency = "BHD".parse()?;
    /// assert_eq!(dinar.minor_digits(), 3);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn minor_digits(self) -> u32 {
        self.minor_digits
    }

    /// Returns its three letters.
    ///
    /// # Example: the euro
    ///
    /// ```
    /// let euro: sla::number::Currency = "EUR".parse()?;
    /// assert_eq!(euro.code(), "EUR");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn code(&self) -> &str {
        self.code
    }
}

impl FromStr for Currency {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let hundredths = core::iter::once((2, HUNDREDTHS));
        MINOR_DIGITS
            .iter()
            .copied()
            .chain(hundredths)
            .find_map(|(minor_digits, codes)| {
                let code = codes.split(' ').find(|code| *code == text)?;
                Some(Self { code, minor_digits })
            })
            .ok_or_else(|| ParseError::new("a currency code of ISO 4217, such as `EUR`", text))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Currency);

/// An amount of money in whole minor units of its currency.
///
/// Its text carries the currency, so that amounts of two currencies cannot be taken for each other.
///
/// # Example: a monthly fee
///
/// ```
/// use sla::number::Money;
///
/// let fee: Money = "1250.00 EUR".parse()?;
/// assert_eq!(fee.minor_units(), 125_000);
/// assert_eq!(fee.to_string(), "1250.00 EUR");
/// assert!("0.005 EUR".parse::<Money>().is_err()); // no half cents
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor_units: i64,
    currency: Currency,
}

impl Money {
    const EXPECTED: &str =
        "an amount with its currency in whole minor units, such as `1250.00 EUR` or `90000 JPY`";

    /// Creates an amount from minor units (cents) of a currency.
    ///
    /// # Example: twelve and a half euros
    ///
    /// ```
    /// use sla::number::Money;
    ///
    /// assert_eq!(Money::from_minor_units(1_250, "EUR".parse()?).to_string(), "12.50 EUR");
    /// assert_eq!(Money::from_minor_units(1_250, "JPY".parse()?).to_string(), "1250 JPY");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn from_minor_units(minor_units: i64, currency: Currency) -> Self {
        Self {
            minor_units,
            currency,
        }
    }

    /// Creates an amount of nothing, in a currency.
    ///
    /// # Example: no credit
    ///
    /// ```
    /// assert_eq!(sla::number::Money::zero("EUR".parse()?).to_string(), "0.00 EUR");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn zero(currency: Currency) -> Self {
        Self::from_minor_units(0, currency)
    }

    /// Returns the amount in minor units (cents).
    ///
    /// # Example: a credit in cents
    ///
    /// ```
    /// let credit: sla::number::Money = "12.50 EUR".parse()?;
    /// assert_eq!(credit.minor_units(), 1_250);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn minor_units(self) -> i64 {
        self.minor_units
    }

    /// Returns its currency.
    ///
    /// # Example: the currency of a fee
    ///
    /// ```
    /// let fee: sla::number::Money = "90000 JPY".parse()?;
    /// assert_eq!(fee.currency().code(), "JPY");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Returns the sum. `None` if the currencies differ or it does not fit.
    ///
    /// # Example: two invoices
    ///
    /// ```
    /// use sla::number::Money;
    ///
    /// let one: Money = "10.50 EUR".parse()?;
    /// assert_eq!(one.checked_add("0.25 EUR".parse()?), Some("10.75 EUR".parse()?));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor_units = self.minor_units.checked_add(other.minor_units)?;
        (self.currency == other.currency).then(|| Self::from_minor_units(minor_units, self.currency))
    }

    /// Returns the difference. `None` if the currencies differ or it does not fit.
    ///
    /// # Example: what is left of a cap
    ///
    /// ```
    /// use sla::number::Money;
    ///
    /// let cap: Money = "500.00 EUR".parse()?;
    /// assert_eq!(cap.checked_sub("120.00 EUR".parse()?), Some("380.00 EUR".parse()?));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let minor_units = self.minor_units.checked_sub(other.minor_units)?;
        (self.currency == other.currency).then(|| Self::from_minor_units(minor_units, self.currency))
    }

    /// Returns an exact share of the amount. `None` if the amount is negative or the share does not fit.
    ///
    /// # Example: a third of a cent is not lost
    ///
    /// ```
    /// use sla::number::{Money, Percentage};
    ///
    /// let fee: Money = "99.99 EUR".parse()?;
    /// assert_eq!(fee.share(Percentage::basis_points(250)).unwrap().to_string(), "2.49975 EUR");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn share(self, percentage: Percentage) -> Option<ExactMoney> {
        let whole = Ratio::whole_number(u64::try_from(self.minor_units).ok()?);
        let minor_units = whole.checked_mul(percentage.ratio())?;
        Some(ExactMoney::new(minor_units, self.currency))
    }

    /// Returns the amount as a decimal, with as many decimals as the currency has.
    ///
    /// # Example: a fee for a spreadsheet
    ///
    /// ```
    /// let fee: sla::number::Money = "1250.00 EUR".parse()?;
    /// assert_eq!(fee.amount().to_string(), "1250.00");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor_units, self.currency.minor_digits)
    }

    fn read(text: &str) -> Option<Self> {
        let (number, code) = text.split_once(' ')?;
        let currency: Currency = code.parse().ok()?;
        let (sign, digits) = match number.strip_prefix('-') {
            Some(digits) => (-1_i128, digits),
            None => (1, number),
        };
        let amount = decimal(digits)?.normalize();
        let up = currency.minor_digits.checked_sub(amount.scale())?;
        let minor_units = i64::try_from(amount.mantissa().checked_mul(sign)?)
            .ok()?
            .checked_mul(10_i64.checked_pow(up)?)?;
        Some(Self {
            minor_units,
            currency,
        })
    }
}

impl FromStr for Money {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| ParseError::new(Self::EXPECTED, text))
    }
}

/// The amount with all decimals of its currency, and the currency: `1250.00 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount(), self.currency))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Money({self})")
    }
}

crate::text::serde_as_text!(Money);

/// How many decimals of a minor unit a text shows; an amount that needs more shows a fraction.
const DECIMALS_MAX: u32 = 9;

/// An amount of money that need not be a whole number of minor units, exactly: a third of a cent is one.
///
/// What a credit comes to before it is rounded. Never less than nothing.
///
/// # Example: a third of a cent stays a third of a cent
///
/// ```
/// use sla::number::{ExactMoney, Ratio};
///
/// let exact = ExactMoney::new(Ratio::new(156_250, 9).unwrap(), "EUR".parse()?);
/// assert_eq!(exact.to_string(), "173.61 EUR and 1/9 of a minor unit");
/// assert_eq!("173.61 EUR and 1/9 of a minor unit".parse(), Ok(exact));
/// assert_eq!(exact.money(), None); // it must be rounded first
/// assert_eq!("1.505 EUR".parse::<ExactMoney>()?.minor_units(), Ratio::new(301, 2).unwrap());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExactMoney {
    minor_units: Ratio,
    currency: Currency,
}

impl ExactMoney {
    const EXPECTED: &str =
        "an exact amount with its currency, such as `12.345 EUR` or `0.33 EUR and 1/3 of a minor unit`";

    /// Creates an amount from minor units (cents) of a currency.
    ///
    /// # Example: half a cent
    ///
    /// ```
    /// use sla::number::{ExactMoney, Ratio};
    ///
    /// let half = ExactMoney::new(Ratio::new(1, 2).unwrap(), "EUR".parse()?);
    /// assert_eq!(half.to_string(), "0.005 EUR");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn new(minor_units: Ratio, currency: Currency) -> Self {
        Self {
            minor_units,
            currency,
        }
    }

    /// Returns the amount of money, exactly. `None` for less than nothing.
    pub(crate) fn of(money: Money) -> Option<Self> {
        let minor_units = u64::try_from(money.minor_units).ok()?;
        Some(Self::new(Ratio::whole_number(minor_units), money.currency))
    }

    /// Returns the amount in minor units (cents).
    ///
    /// # Example: a cent and a half
    ///
    /// ```
    /// use sla::number::{ExactMoney, Ratio};
    ///
    /// let exact: ExactMoney = "0.015 EUR".parse()?;
    /// assert_eq!(exact.minor_units(), Ratio::new(3, 2).unwrap());
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn minor_units(self) -> Ratio {
        self.minor_units
    }

    /// Returns its currency.
    ///
    /// # Example: the currency of an exact amount
    ///
    /// ```
    /// let exact: sla::number::ExactMoney = "0.015 EUR".parse()?;
    /// assert_eq!(exact.currency().code(), "EUR");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Returns the amount as money. `None` if it is not a whole number of minor units, or too large.
    ///
    /// # Example: whole cents
    ///
    /// ```
    /// use sla::number::ExactMoney;
    ///
    /// assert_eq!("12.50 EUR".parse::<ExactMoney>()?.money(), Some("12.50 EUR".parse()?));
    /// assert_eq!("12.505 EUR".parse::<ExactMoney>()?.money(), None);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn money(self) -> Option<Money> {
        let (floor, rest) = self.minor_units.floor();
        let whole = i64::try_from(floor).ok().filter(|_| rest == Ratio::ZERO)?;
        Some(Money::from_minor_units(whole, self.currency))
    }

    /// Returns the amount rounded down to whole minor units. `None` if that is too large for money.
    pub(crate) fn floor(self) -> Option<Money> {
        let floor = i64::try_from(self.minor_units.floor().0).ok()?;
        Some(Money::from_minor_units(floor, self.currency))
    }

    /// Returns the amount rounded to whole minor units, from the middle to the even one. `None` if it does not fit.
    pub(crate) fn half_even(self) -> Option<Self> {
        let rounded = round_half_even(self.minor_units)?;
        Some(Self::new(Ratio::new(rounded, 1)?, self.currency))
    }

    /// Returns the sum. `None` if the currencies differ or it does not fit.
    ///
    /// # Example: two invoices
    ///
    /// ```
    /// use sla::number::Money;
    ///
    /// let one: Money = "10.50 EUR".parse()?;
    /// assert_eq!(one.checked_add("0.25 EUR".parse()?), Some("10.75 EUR".parse()?));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor_units = self.minor_units.checked_add(other.minor_units)?;
        (self.currency == other.currency).then(|| Self::new(minor_units, self.currency))
    }

    fn read(text: &str) -> Option<Self> {
        let (amount, fraction) = match text.strip_suffix(" of a minor unit") {
            Some(text) => text
                .split_once(" and ")
                .map(|(amount, rest)| (amount, Some(rest)))?,
            None => (text, None),
        };
        let (number, code) = amount.split_once(' ')?;
        let currency: Currency = code.parse().ok()?;
        let (major, minor) = number.split_once('.').unwrap_or((number, ""));
        let digits: u128 = long_digits(&format!("{major}{minor}"))?;
        let places = u32::try_from(minor.len())
            .ok()?
            .checked_sub(currency.minor_digits)?;
        let mut minor_units = Ratio::new(digits, 10_u128.checked_pow(places)?)?;
        if let Some(fraction) = fraction {
            let (part, whole) = fraction.split_once('/')?;
            let fraction = Ratio::new(long_digits(part)?, long_digits(whole)?)?;
            minor_units = minor_units.checked_add(fraction)?;
        }
        let read = Self::new(minor_units, currency);
        // There is one way to write an amount.
        (read.to_string() == text).then_some(read)
    }
}

fn long_digits(text: &str) -> Option<u128> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl FromStr for ExactMoney {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| ParseError::new(Self::EXPECTED, text))
    }
}

/// The amount with all decimals that it has, or with the fraction of a minor unit that no decimal says:
/// `321.5935 GBP`, `173.61 EUR and 1/9 of a minor unit`.
impl fmt::Display for ExactMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (floor, rest) = self.minor_units.floor();
        let digits = self.currency.minor_digits;
        let (major, mut minor) = split_digits(floor, digits);
        let fraction = decimals(rest);
        minor.push_str(fraction.as_deref().unwrap_or(""));
        let point = if minor.is_empty() { "" } else { "." };
        write!(f, "{major}{point}{minor} {}", self.currency)?;
        match fraction {
            Some(_) => Ok(()),
            None => {
                let (part, whole) = rest.lowest_terms();
                write!(f, " and {part}/{whole} of a minor unit")
            }
        }
    }
}

impl fmt::Debug for ExactMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExactMoney({self})")
    }
}

crate::text::serde_as_text!(ExactMoney);

/// Returns the digits before and after the point.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a power of ten, of at most four digits, is not zero"
)]
fn split_digits(minor_units: u128, minor_digits: u32) -> (String, String) {
    let scale = 10_u128.pow(minor_digits);
    let major = (minor_units / scale).to_string();
    let minor = match minor_digits {
        0 => String::new(),
        _ => format!("{:0width$}", minor_units % scale, width = minor_digits as usize),
    };
    (major, minor)
}

/// Returns the decimals of a fraction below one, none for nothing; `None` if it has too many.
fn decimals(fraction: Ratio) -> Option<String> {
    if fraction.part() == 0 {
        return Some(String::new());
    }
    (1..=DECIMALS_MAX).find_map(|digits| {
        let scaled = fraction.part().checked_mul(10_u128.checked_pow(digits)?)?;
        let (number, rest) = (
            scaled.checked_div(fraction.whole())?,
            scaled.checked_rem(fraction.whole())?,
        );
        (rest == 0).then(|| format!("{number:0width$}", width = digits as usize))
    })
}

crate::fingerprint::canonical_text!(Money, Currency);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use alloc::string::ToString;

    use super::ExactMoney;
    use crate::number::ratio::Ratio;

    #[test]
    fn exact_amounts_read_as_money_and_a_fraction() {
        for (part, whole, currency, text) in [
            (17_361, 1, "EUR", "173.61 EUR"),
            (0, 7, "EUR", "0.00 EUR"),
            (643_187, 20, "EUR", "321.5935 EUR"),
            (1, 20, "EUR", "0.0005 EUR"),
            (3, 2, "JPY", "1.5 JPY"),
            (7, 1, "JPY", "7 JPY"),
            (7, 1, "CLF", "0.0007 CLF"),
            (156_250, 9, "EUR", "173.61 EUR and 1/9 of a minor unit"),
            (1 << 64, 1, "EUR", "184467440737095516.16 EUR"),
            (
                10_u128.pow(27),
                3,
                "EUR",
                "3333333333333333333333333.33 EUR and 1/3 of a minor unit",
            ),
        ] {
            let exact = ExactMoney::new(Ratio::new(part, whole).unwrap(), currency.parse().unwrap());
            assert_eq!(exact.to_string(), text);
            assert_eq!(text.parse(), Ok(exact));
        }
        for text in [
            "1.5 EUR",
            "01.50 EUR",
            "1.50",
            "1.500 EUR",
            "0.33 EUR and 2/6 of a minor unit",
            "-1.00 EUR",
        ] {
            assert!(text.parse::<ExactMoney>().is_err(), "{text}");
        }
    }
}

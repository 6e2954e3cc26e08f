//! Money: whole minor units of an ISO 4217 currency, and the one rounding step.
//!
//! This module owns currencies and their minor units, the text of an amount, and [`apportion`], through which
//! every exact amount becomes money, once and last. What is owed is left to `credit`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use crate::error::ParseError;
use crate::ratio::Ratio;

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
/// # Example
///
/// ```
/// let yen: sla::Currency = "JPY".parse()?;
/// assert_eq!(yen.minor_digits(), 0);
/// assert!("EURO".parse::<sla::Currency>().is_err());
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    minor_digits: u32,
}

impl Currency {
    /// How many decimals its minor unit has: 2 for `EUR`, 0 for `JPY`, 3 for `BHD`.
    pub fn minor_digits(self) -> u32 {
        self.minor_digits
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.code).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let listed = |codes: &str| text.len() == 3 && codes.split(' ').any(|code| code == text);
        let special = MINOR_DIGITS
            .iter()
            .find(|(_, codes)| listed(codes))
            .map(|(digits, _)| *digits);
        let minor_digits = special.or_else(|| listed(HUNDREDTHS).then_some(2));
        match (minor_digits, <[u8; 3]>::try_from(text.as_bytes())) {
            (Some(minor_digits), Ok(code)) => Ok(Self { code, minor_digits }),
            _ => Err(ParseError::new(
                "a currency code of ISO 4217, such as `EUR`",
                text,
            )),
        }
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
/// # Example
///
/// ```
/// use sla::Money;
///
/// let fee: Money = "1250.00 EUR".parse()?;
/// assert_eq!(fee.minor_units(), 125_000);
/// assert_eq!(fee.to_string(), "1250.00 EUR");
/// assert!("0.005 EUR".parse::<Money>().is_err()); // no half cents
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor_units: i64,
    currency: Currency,
}

impl Money {
    const EXPECTED: &str =
        "an amount with its currency in whole minor units, such as `1250.00 EUR` or `90000 JPY`";

    /// So many minor units (cents) of a currency.
    pub fn from_minor_units(minor_units: i64, currency: Currency) -> Self {
        Self {
            minor_units,
            currency,
        }
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Self {
        Self::from_minor_units(0, currency)
    }

    /// The amount in minor units (cents).
    pub fn minor_units(self) -> i64 {
        self.minor_units
    }

    /// Its currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount as a decimal, with as many decimals as the currency has.
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor_units, self.currency.minor_digits)
    }

    fn read(text: &str) -> Option<Self> {
        let (number, code) = text.split_once(' ')?;
        let currency: Currency = code.parse().ok()?;
        let digits = number.strip_prefix('-').unwrap_or(number);
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.starts_with(|first: char| first.is_ascii_digit())
            && digits.ends_with(|last: char| last.is_ascii_digit());
        let amount = plain
            .then(|| Decimal::from_str_exact(number).ok())
            .flatten()?
            .normalize();
        let up = currency.minor_digits.checked_sub(amount.scale())?;
        let minor_units = i64::try_from(amount.mantissa())
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
        f.pad(&alloc::format!("{} {}", self.amount(), self.currency))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Money({self})")
    }
}

crate::text::serde_as_text!(Money);

/// Rounds exact amounts in minor units to whole ones: the one rounding step of the crate.
///
/// The **total** is rounded, half to even. Each line gets its amount rounded down; the minor units still missing
/// go one each to the lines with the largest remainders, the earlier line first. So the lines sum to the total.
/// `None` if anything does not fit.
pub(crate) fn apportion(exact: &[Ratio]) -> Option<Vec<i64>> {
    let mut total = Ratio::ZERO;
    let mut floors: Vec<i64> = Vec::with_capacity(exact.len());
    let mut floor_sum: i64 = 0;
    for amount in exact {
        total = total.checked_add(*amount)?;
        let floor = i64::try_from(amount.floor().0).ok()?;
        floor_sum = floor_sum.checked_add(floor)?;
        floors.push(floor);
    }
    let missing = usize::try_from(round_half_even(total)?.checked_sub(floor_sum)?).ok()?;
    let mut by_remainder: Vec<(Ratio, usize)> = exact
        .iter()
        .enumerate()
        .map(|(index, amount)| (amount.floor().1, index))
        .collect();
    by_remainder.sort_by(|(left, left_index), (right, right_index)| {
        right.cmp(left).then(left_index.cmp(right_index))
    });
    for (_, index) in by_remainder.into_iter().take(missing) {
        let line = floors.get_mut(index)?;
        *line = line.checked_add(1)?;
    }
    Some(floors)
}

fn round_half_even(amount: Ratio) -> Option<i64> {
    let (floor, rest) = amount.floor();
    let up = match rest.part().checked_mul(2)?.cmp(&rest.whole()) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => floor % 2 == 1,
        core::cmp::Ordering::Greater => true,
    };
    i64::try_from(floor).ok()?.checked_add(i64::from(up))
}

/// An exact amount of minor units as text: `173.61 EUR and 1/9 of a minor unit`.
pub(crate) fn exact_text(amount: Ratio, currency: Currency) -> String {
    let (floor, rest) = amount.floor();
    let whole = i64::try_from(floor).map(|floor| Money::from_minor_units(floor, currency));
    match (whole, rest.part()) {
        (Ok(whole), 0) => alloc::format!("{whole}"),
        (Ok(whole), _) => alloc::format!("{whole} and {rest} of a minor unit"),
        (Err(_), _) => alloc::format!("{amount} minor units of {currency}"),
    }
}

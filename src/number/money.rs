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
use crate::number::ratio::Ratio;
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

/// How many decimals of a minor unit a text shows; an amount that needs more shows a fraction.
const DECIMALS_MAX: u32 = 9;

/// An exact amount of minor units as text: `321.5935 GBP`, `173.61 EUR and 1/9 of a minor unit`.
pub(crate) fn exact_text(amount: Ratio, currency: Currency) -> String {
    let (floor, rest) = amount.floor();
    let whole = i64::try_from(floor).map(|floor| Money::from_minor_units(floor, currency));
    match (whole, rest.part()) {
        (Ok(whole), 0) => format!("{whole}"),
        (Ok(whole), _) => match decimals(rest) {
            Some(decimals) => {
                let point = if currency.minor_digits() == 0 { "." } else { "" };
                format!("{}{point}{decimals} {currency}", whole.amount())
            }
            None => format!("{whole} and {rest} of a minor unit"),
        },
        (Err(_), _) => format!("{amount} minor units of {currency}"),
    }
}

/// The decimals of a fraction below one, if it has few enough.
fn decimals(fraction: Ratio) -> Option<String> {
    (1..=DECIMALS_MAX).find_map(|digits| {
        let scaled = fraction.part().checked_mul(10_u128.checked_pow(digits)?)?;
        let (number, rest) = (
            scaled.checked_div(fraction.whole())?,
            scaled.checked_rem(fraction.whole())?,
        );
        let width = usize::try_from(digits).ok()?;
        (rest == 0).then(|| format!("{number:0width$}"))
    })
}

crate::fingerprint::canonical_text!(Money, Currency);

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_lossless,
    reason = "tests may panic and compute freely"
)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{apportion, exact_text};
    use crate::number::ratio::Ratio;

    /// Amounts over one shared whole, so that plain integers can recompute everything.
    fn over(whole: u128, parts: &[u128]) -> Vec<Ratio> {
        parts
            .iter()
            .map(|part| Ratio::new(*part, whole).unwrap())
            .collect()
    }

    #[test]
    fn rounds_the_total_half_to_even() {
        for (parts, lines) in [
            (vec![], vec![]),
            (vec![0], vec![0]),
            (vec![50], vec![0]),                      // 0.5: the even neighbour is 0
            (vec![150], vec![2]),                     // 1.5: the even neighbour is 2
            (vec![250], vec![2]),                     // 2.5: the even neighbour is 2
            (vec![251], vec![3]),                     // a hundredth above the half
            (vec![249], vec![2]),                     // a hundredth below the half
            (vec![50, 50], vec![1, 0]),               // two halves are one, to the earlier line
            (vec![150, 250], vec![2, 2]),             // 4.0 exactly
            (vec![30, 30, 40], vec![0, 0, 1]),        // the largest remainder gets it
            (vec![33, 33, 33], vec![1, 0, 0]),        // 0.99 is 1
            (vec![100, 100], vec![1, 1]),             // nothing to round
            (vec![70, 70, 10, 50], vec![1, 1, 0, 0]), // 2.00: two units to the two largest
        ] {
            assert_eq!(apportion(&over(100, &parts)), Some(lines), "{parts:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let max = u128::try_from(i64::MAX).unwrap();
        assert_eq!(apportion(&over(1, &[max])), Some(vec![i64::MAX]));
        assert_eq!(apportion(&over(1, &[max + 1])), None);
        assert_eq!(apportion(&over(1, &[max, 1])), None);
        assert_eq!(apportion(&over(2, &[max * 2 + 1])), None); // rounds up to 2⁶³
    }

    #[test]
    fn exact_amounts_read_as_money_and_a_fraction() {
        let eur = "EUR".parse().unwrap();
        let text = |part, whole| exact_text(Ratio::new(part, whole).unwrap(), eur);
        assert_eq!(text(17_361, 1), "173.61 EUR");
        assert_eq!(text(643_187, 20), "321.5935 EUR");
        assert_eq!(text(1, 20), "0.0005 EUR");
        assert_eq!(
            exact_text(Ratio::new(3, 2).unwrap(), "JPY".parse().unwrap()),
            "1.5 JPY"
        );
        assert_eq!(text(156_250, 9), "173.61 EUR and 1/9 of a minor unit");
        assert_eq!(text(1 << 64, 1), "18446744073709551616/1 minor units of EUR");
    }

    proptest! {
        /// The lines sum to the half-even rounded total, each is its amount rounded down or one more, and no line
        /// that got one more had a smaller remainder, or an equal one further down, than a line that did not.
        #[test]
        fn nothing_is_lost(whole in 1_u128..2_000, parts in proptest::collection::vec(0_u128..1_000_000, 0..12)) {
            let lines = apportion(&over(whole, &parts)).unwrap();
            let total: u128 = parts.iter().sum();
            let (floor, twice) = (total / whole, total % whole * 2);
            let up = twice > whole || (twice == whole && floor % 2 == 1);
            let sum: i128 = lines.iter().map(|line| *line as i128).sum();
            prop_assert_eq!(sum, i128::try_from(floor).unwrap() + i128::from(up));

            let raised: Vec<bool> = lines
                .iter()
                .zip(&parts)
                .map(|(line, part)| u128::try_from(*line).unwrap() - part / whole == 1)
                .collect();
            for (index, line) in lines.iter().enumerate() {
                let least = i64::try_from(parts[index] / whole).unwrap();
                prop_assert!(*line == least || *line == least + 1);
                for other in 0..lines.len() {
                    let (mine, theirs) = (parts[index] % whole, parts[other] % whole);
                    if raised[index] && !raised[other] {
                        prop_assert!(mine > theirs || (mine == theirs && index < other));
                    }
                }
            }
        }

        /// Different wholes: the sum of the fractions is exact, so the order of the lines does not change the sum.
        #[test]
        fn the_total_does_not_depend_on_the_order(
            amounts in proptest::collection::vec((0_u128..1_000_000, 1_u128..60), 0..8),
        ) {
            let exact: Vec<Ratio> = amounts.iter().map(|(part, whole)| Ratio::new(*part, *whole).unwrap()).collect();
            let backwards: Vec<Ratio> = exact.iter().rev().copied().collect();
            let sum = |lines: Option<Vec<i64>>| lines.map(|lines| lines.iter().sum::<i64>());
            prop_assert_eq!(sum(apportion(&exact)), sum(apportion(&backwards)));
        }
    }
}

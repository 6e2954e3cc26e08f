//! The outlook: between which amounts the credits of a period can still end.
//!
//! This module owns the range over everything that can still be measured, of one level and of all
//! under the cap. It makes no lines and no steps: nothing in it is owed yet.

use super::charges::Bases;
use super::error::CreditError;
use super::ledger::{Capped, Claim, ToCome};
use super::{rule, stage};
use crate::number::money::{ExactMoney, Money};
use crate::number::ratio::Ratio;

/// Returns the least and the greatest credit that a level gives for any measurement from one ratio
/// to another, both included, exactly and before the cap.
///
/// Both ends are given by some ratio in the range. A level whose measurement takes only some ratios
/// of it, such as two or three of three incidents, may not reach an end, but never goes beyond one.
///
/// # Errors
///
/// [`CreditError`] if the charges or an amount do not fit.
pub(super) fn credit_range<'a>(
    claim: &Claim<'a>,
    least: Ratio,
    most: Ratio,
    bases: &mut Bases<'a>,
) -> Result<(ExactMoney, ExactMoney), CreditError> {
    let (_, base) = bases.base(&claim.terms.of, claim.entity);
    let base = base.ok_or_else(|| claim.base_too_large())?;
    let (low, high) = rule::range(claim, &base, least, most)?;
    let money = |minor_units| ExactMoney::new(minor_units, bases.currency());
    Ok((money(low), money(high)))
}

/// Returns the least and the greatest total that can be owed, under the cap.
///
/// Whatever is measured in the end within what each claim says is to come, the total lies between
/// these two, both included, provided that no fact changes what is decided and no charge is added.
/// A total grows with each line, is rounded once and capped by an amount that does not depend on
/// the lines, so its least and greatest are those of all lines together. It may not reach an end if
/// levels depend on each other, such as two that are measured from one incident.
///
/// # Errors
///
/// [`CreditError`] if a sum does not fit.
///
/// # Cost
///
/// n log n in the number of claims; for each, linear in the places at which its bands begin and end
/// times the bands.
pub(crate) fn total_range<'a>(
    claims: &[Claim<'a>],
    cap: Option<Capped<'a>>,
    bases: &mut Bases<'a>,
) -> Result<(Money, Money), CreditError> {
    let none = ExactMoney::new(Ratio::ZERO, bases.currency());
    let (mut low, mut high) = (none, none);
    for claim in claims {
        let (least, most) = match (claim.to_come, claim.judged()) {
            (ToCome::Between { least, most }, _) => (least, most),
            (ToCome::Nothing, Some(measured)) => (measured, measured),
            (ToCome::Nothing, None) | (ToCome::NotJudged, _) => continue,
        };
        let (least, most) = credit_range(claim, least, most, bases)?;
        low = low.checked_add(least).ok_or(CreditError::Total)?;
        high = high.checked_add(most).ok_or(CreditError::Total)?;
    }
    let limit = match cap {
        Some(capped) => {
            let (_, base) = bases.base(&capped.cap.of, None);
            let limit = base.and_then(|base| stage::at_most(capped, &base));
            Some(limit.ok_or_else(|| capped.too_large())?)
        }
        None => None,
    };
    let owed = |exact: ExactMoney| {
        let rounded = exact
            .half_even()
            .and_then(ExactMoney::money)
            .ok_or(CreditError::Total)?;
        Ok(match limit {
            Some(limit) if limit.minor_units() < rounded.minor_units() => limit,
            _ => rounded,
        })
    };
    Ok((owed(low)?, owed(high)?))
}

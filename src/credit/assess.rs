//! The assessment: claims in, entitlements and their steps out, through the rules and then the
//! stages.
//!
//! This module owns that order. What a rule gives is left to `rule`, what becomes of all lines
//! together to `stage`.

use alloc::vec::Vec;

use super::charges::Bases;
use super::error::CreditError;
use super::ledger::{Capped, Claim, Ledger, Limit, Line};
use super::{rule, stage};
use crate::explain::Steps;
use crate::number::money::Currency;

/// The credits of one period: exact amounts, and the steps that they are the results of.
#[derive(Debug)]
pub(crate) struct Assessment<'a> {
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line<'a>>,
    /// The cap, if the agreement has one.
    pub(crate) limit: Option<Limit<'a>>,
    /// Every step of every line.
    pub(crate) steps: Steps,
}

/// Assesses the credits of one period.
///
/// # Errors
///
/// [`CreditError`] says which sum does not fit.
///
/// # Cost
///
/// n log n in the number of claims and of charges.
pub(crate) fn assess<'a>(
    claims: &'a [Claim<'a>],
    cap: Option<Capped<'a>>,
    bases: &mut Bases<'a>,
) -> Result<Assessment<'a>, CreditError> {
    let mut ledger = Ledger::new(cap, bases);
    for claim in claims {
        let Some(measured) = claim.judged() else { continue };
        if let Some(exact) = rule::entitle(claim, measured, &mut ledger)? {
            ledger.add(claim, exact)?;
        }
    }
    stage::run(&mut ledger)?;
    debug_assert!(ledger.steps.hold(), "results are made by their steps");
    Ok(Assessment {
        currency: ledger.currency,
        lines: ledger.lines,
        limit: ledger.limit,
        steps: ledger.steps,
    })
}

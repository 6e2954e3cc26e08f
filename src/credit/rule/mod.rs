//! Rules: what a finding entitles the customer to, before anything is repeated, capped or rounded.
//!
//! This module owns the list of rules. Each rule is a file with two functions: the credit of what
//! was measured, and the range of credits over what can still be measured. A new rule is its terms,
//! a file here and a line in the list.

mod bands;

use super::charges::Base;
use super::error::CreditError;
use super::ledger::{Claim, Entitlement, Ledger};
use crate::number::ratio::Ratio;

/// Makes the entitlement of a claim whose level was measured and judged, with its steps. `None` if
/// the terms do not use the rule, or there is nothing to state.
type Entitle =
    for<'a> fn(&'a Claim<'a>, Ratio, &mut Ledger<'_, 'a>) -> Result<Option<Entitlement>, CreditError>;

/// Returns the least and the greatest amount in minor units that any measurement from the first to
/// the second ratio gives. `None` if the terms do not use the rule.
type CreditRange = fn(&Claim<'_>, &Base, Ratio, Ratio) -> Result<Option<(Ratio, Ratio)>, CreditError>;

/// A way to make a credit from a finding.
pub(super) struct Rule {
    /// Makes an entitlement.
    entitle: Entitle,
    /// Returns the range of its credits.
    range: CreditRange,
}

const RULES: &[Rule] = &[Rule {
    entitle: bands::entitle,
    range: bands::range,
}];

/// Makes the entitlement of a claim by the first rule that its terms use.
pub(super) fn entitle<'a>(
    claim: &'a Claim<'a>,
    measured: Ratio,
    ledger: &mut Ledger<'_, 'a>,
) -> Result<Option<Entitlement>, CreditError> {
    for rule in RULES {
        let entitlement = (rule.entitle)(claim, measured, ledger)?;
        if entitlement.is_some() {
            return Ok(entitlement);
        }
    }
    Ok(None)
}

/// Returns the range of credits of a claim, by the first rule that its terms use; nothing if they
/// use none.
pub(super) fn range(
    claim: &Claim<'_>,
    base: &Base,
    least: Ratio,
    most: Ratio,
) -> Result<(Ratio, Ratio), CreditError> {
    for rule in RULES {
        if let Some(range) = (rule.range)(claim, base, least, most)? {
            return Ok(range);
        }
    }
    Ok((Ratio::ZERO, Ratio::ZERO))
}

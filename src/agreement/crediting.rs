//! Crediting: findings and charges handed over to `credit`, for the statement's own lines and for its outlook.
//!
//! This module owns which charges a level's credit is a share of in a statement. The rules, the stages and the arithmetic
//! are left to `credit`, the sentences to `statement`.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::compile::Compiled;
use super::gather::Sorted;
use super::terms::ServiceLevel;
use crate::credit::{Charges, Claim, CreditLine, Totals, assess, is_counted};
use crate::error::Problems;
use crate::level::{Finding, Outlook, Prospect, Verdict};
use crate::measure::scope::Scope;
use crate::number::money::Money;
use crate::number::ratio::Ratio;
use crate::statement::{ChargeSum, CreditOutlook, ProratedCharge};

/// What a statement says of money.
pub(super) struct Credited {
    pub(super) charges: Vec<ChargeSum>,
    pub(super) lines: Vec<CreditLine>,
    pub(super) totals: Totals,
    /// Present if it was asked for.
    pub(super) outlook: Option<CreditOutlook>,
}

/// Assesses the credits of the findings, and the range in which their total can still end if something is undecided.
///
/// # Errors
///
/// [`Problems`] at `charges`, if a sum does not fit.
pub(super) fn credit(
    agreement: &Compiled,
    scope: &Scope,
    sorted: &Sorted<'_>,
    findings: &[Finding],
    undecided: bool,
) -> Result<Credited, Problems> {
    let charges = sorted.charges.iter().copied();
    let charges = Charges::of(charges, scope).ok_or_else(too_large)?;
    let crediting = Crediting {
        agreement,
        charges: &charges,
    };
    let (lines, totals) = crediting.assess(findings, |finding| (finding.measured, finding.verdict))?;
    let outlook = if undecided {
        Some(crediting.outlook(findings)?)
    } else {
        None
    };
    let sum = |(entity, service, (amount, counted)): (&str, &str, (Money, Money))| ChargeSum {
        entity: entity.to_string(),
        service: service.to_string(),
        amount,
        counted,
    };
    Ok(Credited {
        charges: charges.iter(agreement.terms.currency).map(sum).collect(),
        lines,
        totals,
        outlook,
    })
}

struct Crediting<'a> {
    agreement: &'a Compiled,
    charges: &'a Charges<'a>,
}

impl Crediting<'_> {
    /// The credits, with each finding's fraction and verdict as `judged` says.
    fn assess(
        &self,
        findings: &[Finding],
        judged: impl Fn(&Finding) -> (Option<Ratio>, Verdict),
    ) -> Result<(Vec<CreditLine>, Totals), Problems> {
        let levels: alloc::collections::BTreeMap<&str, &ServiceLevel> = self
            .agreement
            .terms
            .service_levels
            .iter()
            .map(|level| (level.id.as_str(), level))
            .collect();
        let mut claims = Vec::new();
        for finding in findings {
            let level = levels.get(finding.level.as_str());
            let Some(terms) = level.and_then(|level| level.credit.as_ref()) else {
                continue;
            };
            let entity = finding.entity.as_deref();
            let base = self.charges.selected(&terms.of, entity).ok_or_else(too_large)?;
            let (measured, verdict) = judged(finding);
            claims.push(Claim {
                level: &finding.level,
                entity,
                measured,
                verdict,
                terms,
                base,
            });
        }
        let cap = match &self.agreement.terms.credit_cap {
            Some(cap) => Some((cap, self.charges.selected(&cap.of, None).ok_or_else(too_large)?)),
            None => None,
        };
        assess(&claims, cap, self.agreement.terms.currency).ok_or_else(too_large)
    }

    fn outlook(&self, findings: &[Finding]) -> Result<CreditOutlook, Problems> {
        let total = |prospect: fn(&Outlook) -> Prospect| {
            let judged = |finding: &Finding| match finding.outlook.as_ref().map(prospect) {
                Some(prospect) => (prospect.measured, prospect.verdict),
                None => (finding.measured, finding.verdict),
            };
            self.assess(findings, judged).map(|(_, totals)| totals.net)
        };
        Ok(CreditOutlook {
            best: total(|outlook| outlook.best)?,
            worst: total(|outlook| outlook.worst)?,
        })
    }
}

fn too_large() -> Problems {
    let what = "the charges of the period are too large to sum, or are prorated by too many different numbers of days";
    Problems::one("charges", what)
}

/// Lists the recurring charges of the period of which less than the whole counts.
pub(super) fn prorated(scope: &Scope, sorted: &Sorted<'_>) -> Vec<ProratedCharge> {
    let counted = sorted
        .charges
        .iter()
        .filter(|charge| is_counted(charge, scope.period));
    let prorated = counted.filter_map(|charge| {
        let (days, days_of_period) = scope.prorated_days(charge.period)?;
        (days < days_of_period).then(|| ProratedCharge {
            charge: charge.id.clone(),
            entity: charge.entity.clone(),
            service: charge.service.clone(),
            period: charge.period,
            amount: charge.amount,
            days,
            days_of_period,
        })
    });
    prorated.collect()
}

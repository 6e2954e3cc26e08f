//! Crediting: findings and charges handed over to `credit`, for the statement's own lines and for
//! its outlook.
//!
//! This module owns which finding may give a credit by which terms, and what is still to come of
//! it. The rules, the stages and the arithmetic are left to `credit`, the sentences to `statement`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::compile::Compiled;
use super::gather::Sorted;
use super::measures::ServiceLevel;
use crate::credit::{Base, Bases, Capped, Charges, Claim, ToCome, assess, is_counted, total_range};
use crate::error::{Problems, shown};
use crate::explain::Steps;
use crate::level::{Finding, Verdict};
use crate::measure::scope::Scope;
use crate::statement::{ChargeSum, CreditLine, CreditOutlook, ProratedCharge, Totals};

/// What a statement says of money.
pub(super) struct Credited {
    pub(super) charges: Vec<ChargeSum>,
    pub(super) lines: Vec<CreditLine>,
    pub(super) totals: Totals,
    pub(super) steps: Steps,
    /// Present if it was asked for.
    pub(super) outlook: Option<CreditOutlook>,
}

/// Assesses the credits of the findings once, and the range in which their total can still end if
/// something is undecided.
///
/// # Errors
///
/// [`Problems`] with the path of the sum that does not fit.
pub(super) fn credit(
    agreement: &Compiled,
    scope: &Scope,
    sorted: &Sorted<'_>,
    findings: &[Finding],
    undecided: bool,
) -> Result<Credited, Problems> {
    let charges = Charges::of(sorted.charges.iter().copied(), scope, agreement.terms.currency)?;
    let claims = claims(agreement, findings);
    let mut caps = agreement.terms.caps.iter().enumerate();
    let cap = caps.find(|(_, cap)| cap.per == scope.period.kind());
    let path = cap.map_or_else(String::new, |(index, _)| format!("caps[{index}]"));
    let cap = cap.map(|(_, cap)| Capped { cap, path: &path });
    let mut bases = Bases::new(&charges);
    let assessment = assess(&claims, cap, &mut bases)?;
    let outlook = if undecided {
        let (best, worst) = total_range(&claims, cap, &mut bases)?;
        Some(CreditOutlook { best, worst })
    } else {
        None
    };
    let sum = |(entity, service, base): (&str, &str, Base)| ChargeSum {
        entity: entity.to_string(),
        service: service.to_string(),
        amount: base.billed,
        counted: base.counted_down,
    };
    Ok(Credited {
        charges: charges.iter().map(sum).collect(),
        lines: CreditLine::all(&assessment)?,
        totals: Totals::of(&assessment)?,
        steps: assessment.steps,
        outlook,
    })
}

/// What may give a credit: every finding whose level has one.
fn claims<'a>(agreement: &'a Compiled, findings: &'a [Finding]) -> Vec<Claim<'a>> {
    let levels = agreement.terms.levels.iter();
    let levels: BTreeMap<&str, &ServiceLevel> = levels.map(|level| (level.id.as_str(), level)).collect();
    let claim = |finding: &'a Finding| {
        let level: &'a ServiceLevel = levels.get(finding.level.as_str())?;
        Some(Claim {
            level: &finding.level,
            entity: finding.entity.as_deref(),
            path: format!("levels[{}].credit", shown(&finding.level)),
            terms: level.credit.as_ref()?,
            measured: finding.measured,
            verdict: finding.verdict,
            to_come: to_come(finding),
        })
    };
    findings.iter().filter_map(claim).collect()
}

/// What can still become of a finding: from the worst that is to come to the best.
fn to_come(finding: &Finding) -> ToCome {
    let Some(outlook) = &finding.outlook else {
        return ToCome::Nothing;
    };
    match (outlook.worst.measured, outlook.best.measured) {
        (Some(least), Some(most)) if outlook.best.verdict != Verdict::NotJudged => {
            ToCome::Between { least, most }
        }
        _ => ToCome::NotJudged,
    }
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

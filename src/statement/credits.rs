//! Credit lines and their totals, as a statement shows them.
//!
//! This module owns how an assessment becomes lines of money. The amounts and their steps are made
//! in `credit`, the sentences in `words`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::words;
use crate::credit::{Assessment, CreditError, Entitlement, Line};
use crate::number::money::Money;
use crate::number::percentage::Percentage;

/// A credit, or a missed level that gives none. `gross − withheld = net`.
///
/// # Example: 10 % of the hosting fee, capped
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::{Charge, Fact, Monitoring, Outage};
///
/// let record: Record = [
///     Fact::from(Monitoring::new("MON-1", "leeds", "2026-02-01T00:00:00Z".parse()?)),
///     Outage::new("OUT-1", "leeds", "2026-02-03T02:00:00Z".parse()?)
///         .until("2026-02-03T07:00:00Z".parse()?)
///         .with_impact("full")
///         .into(),
///     Charge::new("INV-1", "hosting", "leeds", "2026-02".parse()?, "9650.00 GBP".parse()?).into(),
/// ]
/// .into_iter()
/// .collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// let line = &statement.credits[0];
/// assert_eq!((line.level.as_str(), line.entity.as_deref()), ("uptime", Some("leeds")));
/// assert_eq!(line.gross.checked_sub(line.withheld), Some(line.net));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreditLine {
    /// The id of the service level.
    pub level: String,
    /// The entity, for a level measured per entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The charges that the credit is a share of. Prorated charges are rounded down to the minor
    /// unit here; the credit is a share of the exact amount, which `why` shows.
    pub base: Money,
    /// The share that the band gives.
    pub share: Percentage,
    /// The amount that the band gives.
    pub gross: Money,
    /// The amount that the cap withholds.
    pub withheld: Money,
    /// The amount that is owed.
    pub net: Money,
    /// How the amount results, step by step.
    pub why: String,
    /// The index of the step, in the statement's steps, whose result is `net`.
    pub step: usize,
}

/// The sums over all credit lines of a statement.
///
/// # Example: what the cap withheld
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::{Charge, Fact, Monitoring, Outage};
///
/// let record: Record = [
///     Fact::from(Monitoring::new("MON-1", "leeds", "2026-02-01T00:00:00Z".parse()?)),
///     Outage::new("OUT-1", "leeds", "2026-02-03T02:00:00Z".parse()?)
///         .until("2026-02-03T07:00:00Z".parse()?)
///         .with_impact("full")
///         .into(),
///     Charge::new("INV-1", "hosting", "leeds", "2026-02".parse()?, "9650.00 GBP".parse()?).into(),
/// ]
/// .into_iter()
/// .collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// assert_eq!(statement.totals.withheld.to_string(), "193.00 GBP");
/// assert_eq!(statement.totals.cap, Some("772.00 GBP".parse()?)); // 8 % of the charges
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Totals {
    /// The sum of what the bands give.
    pub gross: Money,
    /// The sum of what the cap withholds.
    pub withheld: Money,
    /// The sum of what is owed.
    pub net: Money,
    /// The greatest amount that can be owed for the period. Absent if the agreement has no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
}

impl CreditLine {
    /// Makes the lines of an assessment, each with its sentence.
    ///
    /// # Errors
    ///
    /// [`CreditError::Credit`] if an amount is no money.
    pub(crate) fn all(assessment: &Assessment<'_>) -> Result<Vec<Self>, CreditError> {
        let lines = assessment.lines.iter();
        lines
            .map(|line| Self::of(assessment, line).ok_or_else(|| line.claim.too_large()))
            .collect()
    }

    fn of(assessment: &Assessment<'_>, line: &Line<'_>) -> Option<Self> {
        let (gross, net) = (line.gross.amount.money()?, line.net.amount.money()?);
        Some(Self {
            level: String::from(line.claim.level),
            entity: line.claim.entity.map(String::from),
            base: line.base.counted_down,
            share: words::share(assessment, line)?,
            gross,
            withheld: gross.checked_sub(net)?,
            net,
            why: words::why(assessment, line)?,
            step: line.net.step,
        })
    }
}

impl Totals {
    /// Sums the lines of an assessment.
    ///
    /// # Errors
    ///
    /// [`CreditError::Total`] if a sum is no money.
    pub(crate) fn of(assessment: &Assessment<'_>) -> Result<Self, CreditError> {
        Self::sums(assessment).ok_or(CreditError::Total)
    }

    fn sums(assessment: &Assessment<'_>) -> Option<Self> {
        let sum = |column: fn(&Line<'_>) -> Entitlement| {
            let mut amounts = assessment.lines.iter().map(|line| column(line).amount.money());
            amounts.try_fold(Money::zero(assessment.currency), |sum, amount| {
                sum.checked_add(amount?)
            })
        };
        let (gross, net) = (sum(|line| line.gross)?, sum(|line| line.net)?);
        let cap = match assessment.limit {
            Some(limit) => Some(assessment.steps.money(limit.step)?.money()?),
            None => None,
        };
        Some(Self {
            gross,
            withheld: gross.checked_sub(net)?,
            net,
            cap,
        })
    }
}

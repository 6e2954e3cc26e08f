//! Charges: what a service cost.
//!
//! This module owns what such a fact is and when one is impossible by itself. Which charges a credit is a share of is left to the
//! agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check_name;
use super::edition::is_first;
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::number::money::Money;
use crate::period::Period;

crate::words::words! {
    /// What a line of an invoice is for. Credits are a share of recurring charges only.
    #[derive(Default)]
    pub enum ChargeKind {
        /// A charge for running the service.
        #[default]
        Recurring = "recurring",
        /// A charge made once, such as a set-up fee.
        OneOff = "one_off",
        /// Tax.
        Tax = "tax",
    }
}

/// A line of an invoice: what a service cost for an entity in a period.
///
/// # Example
///
/// ```
/// use sla::record::Charge;
///
/// let fee = Charge::new("INV-1/1", "hosting", "eu-cluster", "2026-03".parse()?, "12000.00 EUR".parse()?);
/// assert_eq!(fee.amount.minor_units(), 1_200_000);
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Charge {
    /// Unique among charges.
    pub id: String,
    /// The service that is charged.
    pub service: String,
    /// The entity it is charged for.
    pub entity: String,
    /// The period it is charged for. A statement counts the charges whose period lies inside its own, of whatever
    /// kind, and refuses those that reach beyond it: which part of them it should count, nothing says. Where an agreement
    /// that is in force on some of its dates only prorates charges, one that was billed for those dates alone must say so
    /// here (`15 days ending 2026-04-30`): else it is reduced a second time.
    pub period: Period,
    /// How much, without tax unless the line is tax.
    pub amount: Money,
    /// What it is for.
    #[serde(default)]
    pub kind: ChargeKind,
    /// Which edition of the fact this is, if it was corrected: the greatest one holds. 0 is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    pub revision: u64,
    /// When this edition was recorded. Until then a statement knows nothing of it. Editions above 0 must say it.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Charge {
    /// A recurring charge.
    pub fn new(id: &str, service: &str, entity: &str, period: Period, amount: Money) -> Self {
        Self {
            id: id.to_string(),
            service: service.to_string(),
            entity: entity.to_string(),
            period,
            amount,
            kind: ChargeKind::Recurring,
            revision: 0,
            recorded_at: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        check_name(&mut problems, "service", &self.service);
        check_name(&mut problems, "entity", &self.entity);
        if self.amount.minor_units() < 0 {
            let what = format!("expected a charge of nothing or more, found `{}`", self.amount);
            problems.push("amount", what);
        }
        problems.finish()
    }
}

canonical_struct!(Charge {
    id,
    service,
    entity,
    period,
    amount,
    kind
} skip { revision, recorded_at });

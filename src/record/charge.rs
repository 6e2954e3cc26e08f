//! Charges: what a service cost.
//!
//! This module owns what such a fact is and when one is impossible by itself. Which charges a
//! credit is a share of is left to the agreement.

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
    ///
    /// # Example: the word in a document
    ///
    /// ```
    /// use sla::record::ChargeKind;
    ///
    /// assert_eq!("one_off".parse(), Ok(ChargeKind::OneOff));
    /// assert_eq!(ChargeKind::default(), ChargeKind::Recurring);
    /// ```
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
/// # Example: a monthly fee
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
    /// The id, unique among charges.
    pub id: String,
    /// The service that is charged for.
    pub service: String,
    /// The entity that the service is charged for.
    pub entity: String,
    /// The period that is charged for. A statement counts the charges whose period lies inside its
    /// own, and refuses a charge whose period reaches beyond it, because nothing says which part to
    /// count.
    ///
    /// Where an agreement is in force on part of the period and prorates charges, a charge that was
    /// billed for those dates alone must say so here (`15 days ending 2026-04-30`); otherwise it is
    /// reduced a second time.
    pub period: Period,
    /// The amount, without tax unless the line is tax. At least zero.
    pub amount: Money,
    /// What the line is for. Recurring by default.
    #[serde(default)]
    pub kind: ChargeKind,
    /// The revision of the fact. 0 is the first; the greatest one holds.
    #[serde(default, skip_serializing_if = "is_first")]
    pub revision: u64,
    /// When this revision was recorded. A statement as of an earlier instant does not know it.
    /// Required for a revision above 0.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Charge {
    /// Creates a recurring charge.
    ///
    /// # Example: a set-up fee
    ///
    /// ```
    /// use sla::record::{Charge, ChargeKind};
    ///
    /// let mut fee = Charge::new("INV-1/2", "hosting", "eu-cluster", "2026-03".parse()?, "500.00 EUR".parse()?);
    /// assert_eq!(fee.kind, ChargeKind::Recurring);
    /// fee.kind = ChargeKind::OneOff;
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
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
            let what = format!("expected an amount of zero or more, found `{}`", self.amount);
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

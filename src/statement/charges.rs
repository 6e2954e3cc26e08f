//! Charges, as a statement shows them: what credits and caps are shares of.
//!
//! This module owns the rows. Which charges count is left to `credit`.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::number::money::Money;
use crate::period::Period;

/// What a service cost for an entity in the period, without tax and one-off charges.
///
/// # Example: two lines of one service
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::Charge;
///
/// let line = |id: &str, amount: &str| -> Result<_, sla::error::ParseError> {
///     Ok(Charge::new(id, "hosting", "leeds", "2026-02".parse()?, amount.parse()?).into())
/// };
/// let record: Record = [line("INV-1", "9000.00 GBP")?, line("INV-2", "650.00 GBP")?].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// assert_eq!(statement.charges[0].amount.to_string(), "9650.00 GBP");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct ChargeSum {
    /// The entity.
    pub entity: String,
    /// The service.
    pub service: String,
    /// The sum of the recurring charges, as billed.
    pub amount: Money,
    /// The part that credits and caps are shares of. It is less than `amount` where dates that are
    /// not in force are prorated. Here it is rounded down to the minor unit; credits are shares of
    /// the exact amount.
    pub counted: Money,
}

/// A charge of which only the dates in force count: `amount × days ÷ days_of_period`.
///
/// # Example: half of April
///
/// ```
/// # let text = std::fs::read_to_string("examples/data/agreement.toml")?;
/// # let text = text.replace("from = 2026-01-01,", "from = 2026-04-16, partial_periods = \"prorate\",");
/// # let agreement = sla::Agreement::new(toml::from_str(&text)?)?.compile(&sla::ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::Charge;
///
/// let fee = Charge::new("INV-1", "hosting", "leeds", "2026-04".parse()?, "9650.00 GBP".parse()?);
/// let record: Record = [fee.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-04T09:00:00Z".parse()?)?;
/// assert_eq!((statement.prorated[0].days, statement.prorated[0].days_of_period), (15, 30));
/// assert_eq!(statement.charges[0].counted.to_string(), "4825.00 GBP");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct ProratedCharge {
    /// The id of the charge.
    pub charge: String,
    /// The entity.
    pub entity: String,
    /// The service.
    pub service: String,
    /// The period that is charged for.
    pub period: Period,
    /// The billed amount.
    pub amount: Money,
    /// The number of dates of its period that are in force.
    pub days: u32,
    /// The number of dates of its period.
    pub days_of_period: u32,
}

//! The statement: the result of a period as data, with everything needed to defend it.
//!
//! This module owns what a statement holds, how it serialises and how it reads as a table
//! (`Display`). The same agreement, record, period and instant give the same bytes everywhere.
//! Computing it is left to `agreement`.

mod charges;
mod clocks;
mod credits;
mod layout;
mod local;
mod provenance;
mod table;
mod words;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::explain::Steps;
use crate::level::Finding;
use crate::measure::Evidence;
use crate::measure::scope::PartialPeriod;
use crate::number::money::Money;
use crate::period::Period;
use crate::record::EventName;
use crate::time::interval::{Interval, IntervalSet};

pub use charges::{ChargeSum, ProratedCharge};
pub use clocks::{Attainment, BreachedClock, ExcusedClock, PendingClock};
pub use credits::{CreditLine, Totals};
pub(crate) use local::LocalClock;
pub use provenance::{Provenance, ZoneProvenance};

crate::words::words! {
    /// Whether anything in a statement can still change without new facts about the past.
    ///
    /// # Example: the word in a statement
    ///
    /// ```
    /// use sla::statement::Standing;
    ///
    /// assert_eq!(Standing::Provisional.to_string(), "provisional");
    /// ```
    pub enum Standing {
        /// The period is over, or the agreement has ended in it, and nothing is pending.
        Final = "final",
        /// The period is not over, or a clock in it is pending.
        Provisional = "provisional",
    }
}

/// The statement of one period: what was agreed, what was measured, what is owed, and why.
///
/// [`CompiledAgreement::statement`](crate::agreement::CompiledAgreement::statement) computes it.
/// `Display` prints a table for people; serde writes data for machines.
///
/// # Example: an outage of five hours
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::{Charge, Fact, Monitoring, Outage};
/// use sla::statement::Standing;
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
/// assert_eq!(statement.standing, Standing::Final);
/// assert_eq!(statement.totals.gross.to_string(), "965.00 GBP"); // 10 % below 99.5 %
/// assert_eq!(statement.totals.net.to_string(), "772.00 GBP"); // capped at 8 % of the charges
/// println!("{statement}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Statement {
    /// The number of the form in which statements are written, 1. One with a higher number is refused.
    #[serde(deserialize_with = "read_format")]
    pub format: u32,
    /// The id of the agreement.
    pub agreement: String,
    /// Who provides the service.
    pub provider: String,
    /// Who receives it.
    pub customer: String,
    /// The period.
    pub period: Period,
    /// The period as an interval of instants.
    pub over: Interval,
    /// Present if the agreement is in force on only some dates of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<PartialPeriod>,
    /// The zone in which the period begins and ends.
    pub zone: String,
    /// The clock of that zone, on which the table shows instants.
    #[serde(skip)]
    pub(crate) clock: LocalClock,
    /// The instant of asking: facts that were recorded later are not in the statement.
    #[serde(with = "crate::time::instant::text")]
    pub as_of: DateTime<Utc>,
    /// Whether the statement is final or provisional.
    pub standing: Standing,
    /// The service levels of this kind of period, in the order of the agreement.
    pub findings: Vec<Finding>,
    /// The facts that made downtime, once for each measurement of an entity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub downtime: Vec<Downtime>,
    /// The number of clocks by outcome, for each clock and severity.
    pub attainment: Vec<Attainment>,
    /// The clocks that missed their target, by clock and due.
    pub breached: Vec<BreachedClock>,
    /// The clocks that are not decided yet, by clock and due.
    pub pending: Vec<PendingClock>,
    /// The clocks that an adjustment excuses.
    pub excused: Vec<ExcusedClock>,
    /// The events of the period's incidents that an adjustment re-dated.
    pub adjusted: Vec<RedatedEvent>,
    /// The recurring charges of the period, by entity and service.
    pub charges: Vec<ChargeSum>,
    /// The charges of which only a part counts, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prorated: Vec<ProratedCharge>,
    /// The credits, and the missed levels that give none.
    pub credits: Vec<CreditLine>,
    /// The sums of the credits.
    pub totals: Totals,
    /// The steps that the credits result from: see [`CreditLine::step`].
    pub steps: Steps,
    /// The least and the most that can be owed in the end. Present while provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<CreditOutlook>,
    /// The calendars that were asked about more than they know, and whose terms choose to assume
    /// the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
    /// What the statement was computed from, and by which version.
    pub provenance: Provenance,
}

/// The downtime of an entity, and the facts that made it.
///
/// # Example: two records of one failure
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Record, WallTime};
/// use sla::record::Outage;
///
/// let outage = |id: &str, start: &str, end: &str| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(Outage::new(id, "leeds", start.parse()?).until(end.parse()?).with_impact("full").into())
/// };
/// let record: Record = [
///     outage("OUT-1", "2026-02-03T02:00:00Z", "2026-02-03T04:00:00Z")?,
///     outage("OUT-2", "2026-02-03T03:00:00Z", "2026-02-03T05:00:00Z")?,
/// ]
/// .into_iter()
/// .collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// let downtime = &statement.downtime[0];
/// assert_eq!(downtime.facts.len(), 2);
/// assert_eq!(downtime.merged.total(), WallTime::hours(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Downtime {
    /// The ids of the service levels that count this downtime.
    pub levels: Vec<String>,
    /// The entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The time that the entity was down, without overlaps.
    #[serde(serialize_with = "serialize_set", deserialize_with = "deserialize_set")]
    pub merged: IntervalSet,
    /// The facts that made it, by start. Where they overlap they count once.
    pub facts: Vec<Evidence>,
}

/// The form of the statements of this version.
pub(crate) const FORMAT: u32 = 1;

fn read_format<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        FORMAT => Ok(FORMAT),
        other => Err(serde::de::Error::custom(format!(
            "expected a statement of format {FORMAT}, found {other}"
        ))),
    }
}

/// Reads the intervals of a set as they are written: in order, none touching another.
fn deserialize_set<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<IntervalSet, D::Error> {
    let intervals: Vec<Interval> = Vec::deserialize(deserializer)?;
    let set: IntervalSet = intervals.iter().copied().collect();
    if set.iter().eq(intervals.iter()) {
        return Ok(set);
    }
    Err(serde::de::Error::custom(
        "expected intervals in order, of which none meets another, found others",
    ))
}

fn serialize_set<S: serde::Serializer>(set: &IntervalSet, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(set)
}

/// A calendar that was asked about more than it knows, and whose terms choose to assume the rest.
///
/// # Example: holidays that are known for half a year
///
/// ```
/// # use sla::{Agreement, Incident, Record, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     severities = ["P1"]
/// #     [calendars.office]
/// #     zone = "UTC"
/// #     weekly = ["Mon-Fri 09:00-17:00"]
/// #     known_through = 2026-06-30
/// #     beyond_known = "assume"
/// #     [clocks.resolution]
/// #     start = "opened"
/// #     stop = ["resolved"]
/// #     counted_when = "opened"
/// #     targets = { P1 = "8 h on office" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// let incident = Incident::opened("INC-7", "P1", "2026-07-06T09:00:00Z".parse()?);
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-07".parse()?, "2026-08-03T09:00:00Z".parse()?)?;
/// assert_eq!(statement.assumptions[0].calendar, "office");
/// assert_eq!(statement.assumptions[0].from.to_rfc3339(), "2026-07-01T00:00:00+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Assumption {
    /// The id of the calendar.
    pub calendar: String,
    /// The instant from which it is assumed that there are no further holidays and no further clock
    /// changes.
    #[serde(with = "crate::time::instant::text")]
    pub from: DateTime<Utc>,
}

/// The range in which the total of a provisional statement can still end.
///
/// It assumes that no incident is opened or reopened, no charge is added, and everything pending
/// will be known. The range may be wider than attainable: levels that share incidents cannot all
/// end at their worst at once.
///
/// # Example: in the middle of the month
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::{Charge, Monitoring};
///
/// let record: Record = [
///     Monitoring::new("MON-1", "leeds", "2026-02-01T00:00:00Z".parse()?).into(),
///     Charge::new("INV-1", "hosting", "leeds", "2026-02".parse()?, "9650.00 GBP".parse()?).into(),
/// ]
/// .into_iter()
/// .collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-02-15T00:00:00Z".parse()?)?;
/// let outlook = statement.outlook.unwrap();
/// assert_eq!(outlook.best.to_string(), "0.00 GBP");
/// assert_eq!(outlook.worst.to_string(), "772.00 GBP"); // the cap
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreditOutlook {
    /// The least that can be owed.
    pub best: Money,
    /// The most that can be owed.
    pub worst: Money,
}

/// An event that counts at another instant than the one at which it was recorded.
///
/// # Example: a resolution that was entered late
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Incident, Record};
/// use sla::record::{Adjustment, Change, EventKind, EventName};
///
/// let (entered, really) = ("2026-02-03T16:00:00Z".parse()?, "2026-02-03T12:00:00Z".parse()?);
/// let redated = Adjustment {
///     by: "service board".into(),
///     why: "entered at the end of the shift".into(),
///     change: Change::Redated { event: EventName::Resolved, from: entered, to: really },
/// };
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?)
///     .with(entered, EventKind::Resolved)
///     .with("2026-02-04T09:00:00Z".parse()?, EventKind::Adjusted(redated));
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// assert_eq!((statement.adjusted[0].from, statement.adjusted[0].to), (entered, really));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct RedatedEvent {
    /// The id of the incident.
    pub incident: String,
    /// The kind of the event.
    pub event: EventName,
    /// The instant at which it was recorded.
    #[serde(with = "crate::time::instant::text")]
    pub from: DateTime<Utc>,
    /// The instant to which the adjustment moves it.
    #[serde(with = "crate::time::instant::text")]
    pub to: DateTime<Utc>,
    /// Who decided it.
    pub by: String,
    /// The reason.
    pub why: String,
}

//! The statement: the result of a period as data, with everything needed to defend it.
//!
//! This module owns what a statement holds, how it serialises and how it reads as a table (`Display`). The same agreement,
//! record, period and instant give the same bytes everywhere. Computing it is left to `agreement`.

mod credits;
mod layout;
mod local;
mod table;
mod words;

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::{Elapsed, State};
use crate::explain::Steps;
use crate::fingerprint::Fingerprint;
use crate::level::Finding;
use crate::measure::Evidence;
use crate::measure::count::AttainmentCounts;
use crate::measure::scope::PartialPeriod;
use crate::number::money::Money;
use crate::period::Period;
use crate::record::EventName;
use crate::time::allowance::Allowance;
use crate::time::amount::WallTime;
use crate::time::interval::{Interval, IntervalSet};

pub use credits::{CreditLine, Totals};
pub(crate) use local::LocalClock;

crate::words::words! {
    /// Whether anything in a statement can still change without new facts about the past.
    pub enum Standing {
        /// The period is over, or the agreement in it, and nothing in it is pending.
        Final = "final",
        /// The period is not over, or a clock in it is pending.
        Provisional = "provisional",
    }
}

/// The statement of one period: what was agreed, what was measured, what is owed, and why.
///
/// `Display` is a table for people. See [`CompiledAgreement`](crate::agreement::CompiledAgreement) for how to get one.
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
    /// The period on the time line.
    pub over: Interval,
    /// Present if the agreement is in force on some dates of the period only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<PartialPeriod>,
    /// The zone that the period is reckoned in.
    pub zone: String,
    /// The clock of that zone, on which the table shows instants.
    #[serde(skip)]
    pub(crate) clock: LocalClock,
    /// The instant whose knowledge the statement shows.
    #[serde(with = "crate::time::instant::text")]
    pub as_of: DateTime<Utc>,
    /// Final or provisional.
    pub standing: Standing,
    /// The service levels measured over a period of this kind, in the order of the agreement.
    pub findings: Vec<Finding>,
    /// The facts that made downtime, once for each measurement of an entity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub downtime: Vec<Downtime>,
    /// How many clocks met their targets, by clock and severity.
    pub attainment: Vec<Attainment>,
    /// The clocks that missed their target, by clock and due.
    pub breached: Vec<BreachedClock>,
    /// The clocks that are neither met nor missed, by clock and due.
    pub pending: Vec<PendingClock>,
    /// The clocks that an adjustment excuses.
    pub excused: Vec<ExcusedClock>,
    /// The events of the period's incidents that an adjustment has re-dated.
    pub adjusted: Vec<RedatedEvent>,
    /// The recurring charges of the period, by entity and service.
    pub charges: Vec<ChargeSum>,
    /// Those of which less than the whole counts, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prorated: Vec<ProratedCharge>,
    /// The credits, and the defaults that give none.
    pub credits: Vec<CreditLine>,
    /// Their sums.
    pub totals: Totals,
    /// The steps that the credits are the results of: see [`CreditLine::step`].
    pub steps: Steps,
    /// What would be owed if everything pending turned out well, and badly. Present while provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<CreditOutlook>,
    /// The calendars that the statement asked about more than is known, and whose terms choose to assume it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
    /// What it was computed from and by.
    pub provenance: Provenance,
}

/// The facts that made the downtime of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Downtime {
    /// The ids of the service levels that were measured so.
    pub levels: Vec<String>,
    /// The entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// When it was down, whichever facts say so.
    #[serde(serialize_with = "serialize_set", deserialize_with = "deserialize_set")]
    pub merged: IntervalSet,
    /// The facts, by start. Where they overlap they count once.
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

/// A calendar of which more was asked than is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Assumption {
    /// The id of the calendar.
    pub calendar: String,
    /// From when on it is assumed that no further holiday is listed and that clocks are not changed again.
    #[serde(with = "crate::time::instant::text")]
    pub from: DateTime<Utc>,
}

/// The range in which the total of a provisional statement can still end, if no incident is opened or reopened, no charge
/// is added, and all that is pending will be known.
///
/// Every possible end lies in it. It may be wider than what is attainable: levels that share incidents cannot all end at
/// their worst at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreditOutlook {
    /// The least that can be owed, over every band between the worst and the best that is to come.
    pub best: Money,
    /// The most that can be owed.
    pub worst: Money,
}

/// An event that counts at another instant than the one it was recorded at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct RedatedEvent {
    /// The id of the incident.
    pub incident: String,
    /// The kind of event.
    pub event: EventName,
    /// The instant it was recorded at.
    #[serde(with = "crate::time::instant::text")]
    pub from: DateTime<Utc>,
    /// The instant the adjustment moves it to.
    #[serde(with = "crate::time::instant::text")]
    pub to: DateTime<Utc>,
    /// Who decided it.
    pub by: String,
    /// For which reason.
    pub why: String,
}

/// What a service cost for an entity in the period, without tax and one-off charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct ChargeSum {
    /// The entity.
    pub entity: String,
    /// The service.
    pub service: String,
    /// The sum of its recurring charges, as billed.
    pub amount: Money,
    /// What of it credits and caps are shares of: less, if dates that are not in force are prorated. Here it is rounded
    /// down to the minor unit; credits are shares of the exact amount.
    pub counted: Money,
}

/// A charge for dates of which the agreement is in force on some only: `amount × days ÷ days_of_period` counts of it.
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
    /// The period it is charged for.
    pub period: Period,
    /// What was billed.
    pub amount: Money,
    /// How many dates of its period are in force.
    pub days: u32,
    /// How many dates its period has.
    pub days_of_period: u32,
}

/// How the clocks of one severity ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Attainment {
    /// The id of the clock.
    pub clock: String,
    /// The severity.
    pub severity: String,
    /// How many ended how.
    pub tally: AttainmentCounts,
}

/// A clock that missed its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct BreachedClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// The severity whose target it missed.
    pub severity: String,
    /// The time that was granted.
    pub target: Allowance,
    /// The deadline.
    #[serde(with = "crate::time::instant::text")]
    pub due: DateTime<Utc>,
    /// The instant of the first breach in the incident's history: the due of the first target it missed, which may
    /// be one of an earlier severity.
    #[serde(with = "crate::time::instant::text")]
    pub breached_at: DateTime<Utc>,
    /// When it was delivered, if it was.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivered: Option<DateTime<Utc>>,
    /// From due to delivery, or to the instant of asking, on the clock on the wall.
    pub late_by: WallTime,
    /// What counted, on the calendar of the target.
    pub elapsed: Elapsed,
}

/// A clock that is neither met nor missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct PendingClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// The severity, once it is known.
    pub severity: String,
    /// How it stands.
    pub state: State,
    /// The deadline; none while it is paused or has not started.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub due: Option<DateTime<Utc>>,
    /// What is left, on the calendar of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Elapsed>,
}

/// A clock that an adjustment excuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct ExcusedClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// Who decided it.
    pub by: String,
    /// For which reason.
    pub why: String,
}

/// What a statement was computed from and by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Provenance {
    /// The version of this crate.
    pub crate_version: String,
    /// The zones, by name.
    pub zones: Vec<ZoneProvenance>,
    /// SHA-256 over the terms.
    pub agreement: Fingerprint,
    /// The sum of the SHA-256 of the facts that hold: of each key the greatest revision that was recorded by then.
    pub record: Fingerprint,
    /// How many facts hold.
    pub facts: u64,
    /// Incidents in which an event stands more than once; it counted once. A fact that was pushed more than once is not
    /// listed, since a statement is a function of the set of facts: [`StatementBuilder::push`](crate::agreement::StatementBuilder::push)
    /// tells.
    pub duplicates: Vec<String>,
}

/// A zone and its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ZoneProvenance {
    /// Its name.
    pub name: String,
    /// Its data, and the release of it.
    pub version: String,
    /// SHA-256 over its offsets since 1900.
    pub fingerprint: Fingerprint,
}

//! The record: facts about what happened, as they were observed, without any judgement.
//!
//! This module owns the facts (incidents, outages, maintenance, monitoring, charges), what makes one of them
//! impossible, and when two of them are the same. It knows no terms: whether a status pauses a clock or an impact
//! counts as downtime is the agreement's choice.
//!
//! Every fact has an id. The same id with the same content is a duplicate, counted once and reported; the same id
//! with other content is a problem. The order in which facts arrive has no meaning.

mod incident;
mod service;
mod stub;
pub use stub::Pushed;
pub(crate) use stub::{CheckedFact, Store};

use alloc::string::String;
use alloc::vec::Vec;

pub use incident::{Adjustment, Change, Event, EventKind, EventName, History, Incident};
pub use service::{Charge, ChargeKind, Maintenance, Monitoring, Notice, Outage};

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems, shown};
use crate::fingerprint::{Canonical, Encoder, Fingerprint};

/// The longest id, label, status, reason or other name in a record or in terms, in bytes.
pub(crate) const NAME_BYTES_MAX: usize = 500;

/// One fact. In JSON: `{"outage": {"id": "…", …}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fact {
    /// An incident with all its events.
    Incident(Incident),
    /// A time during which an entity did not work.
    Outage(Outage),
    /// Work that took an entity out of service.
    Maintenance(Maintenance),
    /// A time during which an entity was watched.
    Monitoring(Monitoring),
    /// A line of an invoice.
    Charge(Charge),
}

impl Fact {
    /// The id, unique among facts of its kind.
    pub fn id(&self) -> &str {
        match self {
            Self::Incident(incident) => &incident.id,
            Self::Outage(outage) => &outage.id,
            Self::Maintenance(maintenance) => &maintenance.id,
            Self::Monitoring(monitoring) => &monitoring.id,
            Self::Charge(charge) => &charge.id,
        }
    }

    /// Where a problem with it is reported: `incidents[INC-7]`.
    pub fn path(&self) -> String {
        let kind = match self {
            Self::Incident(_) => "incidents",
            Self::Outage(_) => "outages",
            Self::Maintenance(_) => "maintenance",
            Self::Monitoring(_) => "monitoring",
            Self::Charge(_) => "charges",
        };
        format!("{kind}[{}]", shown(self.id()))
    }

    /// Finds what is wrong with the fact itself, whatever an agreement says.
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an empty id, an end before its start, an impossible sequence of events.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(what) = name_problem(self.id()) {
            return Err(Problems::one(format!("{}.id", self.path()), what));
        }
        let checked = match self {
            Self::Incident(incident) => incident.check(),
            Self::Outage(outage) => outage.check(),
            Self::Maintenance(maintenance) => maintenance.check(),
            Self::Monitoring(monitoring) => monitoring.check(),
            Self::Charge(charge) => charge.check(),
        };
        if let Err(found) = checked {
            problems.extend("", &found);
        }
        let mut placed = ProblemList::default();
        if let Err(found) = problems.finish() {
            placed.extend(&self.path(), &found);
        }
        placed.finish()
    }

    /// SHA-256 over the canonical encoding of the fact.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}

impl Canonical for Fact {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Self::Incident(incident) => (to.text("incident"), incident.encode(to)).1,
            Self::Outage(outage) => (to.text("outage"), outage.encode(to)).1,
            Self::Maintenance(maintenance) => (to.text("maintenance"), maintenance.encode(to)).1,
            Self::Monitoring(monitoring) => (to.text("monitoring"), monitoring.encode(to)).1,
            Self::Charge(charge) => (to.text("charge"), charge.encode(to)).1,
        }
    }
}

/// A collection of facts, in any order.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Fact, Outage, Record};
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
/// let outage = Outage::new("OUT-1", "eu-cluster", at(1)).until(at(2)).with_impact("major");
/// let record: Record = [Fact::Outage(outage)].into_iter().collect();
/// assert_eq!(record.facts().len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    facts: Vec<Fact>,
}

impl Record {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact. It is checked when something is computed from the record.
    pub fn push(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// The facts as they were added.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }
}

impl FromIterator<Fact> for Record {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        Self {
            facts: facts.into_iter().collect(),
        }
    }
}

impl Extend<Fact> for Record {
    fn extend<I: IntoIterator<Item = Fact>>(&mut self, facts: I) {
        self.facts.extend(facts);
    }
}

/// Refuses names that are empty, too long or hold control characters.
pub(crate) fn check_name(problems: &mut ProblemList, path: &str, name: &str) {
    if let Err(what) = name_problem(name) {
        problems.push(path, what);
    }
}

pub(crate) fn name_problem(name: &str) -> Result<(), String> {
    if name.is_empty() {
        Err(String::from("expected a name, found nothing"))
    } else if name.len() > NAME_BYTES_MAX {
        Err(format!(
            "expected at most {NAME_BYTES_MAX} bytes, found {}",
            name.len()
        ))
    } else if name.chars().any(char::is_control) {
        Err(String::from("expected a name without control characters"))
    } else {
        Ok(())
    }
}

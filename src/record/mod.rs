//! The record: facts about what happened, as they were observed, without any judgement.
//!
//! This module owns the facts (incidents, outages, maintenance, monitoring, charges), what makes
//! one of them impossible, which edition of one holds, and when two of them are the same. It knows
//! no terms: whether a status pauses a clock or an impact counts as downtime is the agreement's
//! choice.
//!
//! Every fact has a key: its kind and its id. Of several revisions of one key the greatest that was
//! recorded by the instant of asking holds. The same key and revision with the same content is one
//! fact; with other content it is a problem. The order in which facts arrive has no meaning.

mod charge;
mod edition;
mod incident;
mod key;
mod kind;
mod maintenance;
mod monitoring;
mod outage;
mod store;

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

pub use charge::{Charge, ChargeKind};
pub use incident::{Adjustment, Change, Event, EventKind, EventName, History, Incident};
pub use key::FactKey;
pub(crate) use kind::CheckedFact;
pub use kind::{Fact, FactKind};
pub use maintenance::{Maintenance, Notice};
pub use monitoring::Monitoring;
pub use outage::Outage;
pub use store::Pushed;
pub(crate) use store::Store;

use crate::error::ProblemList;
use crate::limits::NAME_BYTES_MAX;
use crate::text::name_problem;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// A collection of facts, in any order.
///
/// # Example: a record of one outage
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::Record;
/// use sla::record::Outage;
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
/// let outage = Outage::new("OUT-1", "eu-cluster", at(1)).until(at(2)).with_impact("major");
/// let record: Record = [outage.into()].into_iter().collect();
/// assert_eq!(record.facts().len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    facts: Vec<Fact>,
}

impl Record {
    /// Creates an empty record.
    ///
    /// # Example: nothing happened
    ///
    /// ```
    /// assert!(sla::Record::new().facts().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact. Facts are checked when something is computed from the record.
    ///
    /// # Example: one fact after another
    ///
    /// ```
    /// use sla::Record;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let mut record = Record::new();
    /// record.push(Monitoring::new("MON-1", "eu-cluster", "2026-03-01T00:00:00Z".parse()?).into());
    /// record.push(Outage::new("OUT-1", "eu-cluster", "2026-03-04T01:00:00Z".parse()?).into());
    /// assert_eq!(record.facts().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn push(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Returns the facts in the order in which they were added.
    ///
    /// # Example: look at the keys
    ///
    /// ```
    /// use sla::Record;
    /// use sla::record::Outage;
    ///
    /// let mut record = Record::new();
    /// record.push(Outage::new("OUT-1", "eu-cluster", "2026-03-04T01:00:00Z".parse()?).into());
    /// assert_eq!(record.facts()[0].key().to_string(), "outages[OUT-1]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

/// Adds a problem for a name that is empty, too long or holds characters that nobody sees.
pub(crate) fn check_name(problems: &mut ProblemList, path: &str, name: &str) {
    if let Err(what) = name_problem(name, NAME_BYTES_MAX) {
        problems.push(path, what);
    }
}

/// Adds a problem for a start or an end that is no instant, or an end before its start.
fn check_span(problems: &mut ProblemList, start: DateTime<Utc>, end: Option<DateTime<Utc>>) {
    if let Err(error) = Instant::new(start) {
        problems.push("start", error);
    } else if let Some(error) = end.and_then(|end| Interval::new(start, end).err()) {
        problems.push("end", error);
    }
}

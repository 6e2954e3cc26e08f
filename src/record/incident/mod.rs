//! Incidents: what was observed about one, in which order, and which orders are impossible.
//!
//! This module owns the incident itself and its names. The words of its events are `events`', their one order is `arranged`'s, which
//! orders are possible `sequence`'s, and what adjustments move `adjustments`'. A [`History`] is the incident as it was
//! known at an instant. Clocks, targets and pauses are left to `clock`.

mod adjustments;
mod arranged;
mod events;
mod history;
mod placed;
mod sequence;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use arranged::CheckedIncident;
pub use events::{Adjustment, Change, Event, EventKind, EventName};
pub use history::History;

use super::check_name;
use super::edition::is_first;
use crate::error::{ProblemList, Problems, shown};
use crate::fingerprint::{Canonical, Encoder};
use crate::limits::{EVENTS_MAX, LABELS_MAX, NAME_BYTES_MAX};
use crate::text::name_problem;
use crate::time::instant::Instant;

/// An incident: its events, in any order, and what it is labelled with.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::Incident;
/// use sla::record::EventKind;
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap();
/// let incident = Incident::opened("INC-7", "P2", at(9))
///     .with(at(10), EventKind::Acknowledged)
///     .with(at(15), EventKind::Resolved);
/// let history = incident.history(at(12))?; // as it was known at noon
/// assert_eq!(history.resolved(), None);
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Incident {
    /// Unique among incidents.
    pub id: String,
    /// The entity it concerns, if it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Further labels: customer, site, group.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::text::tables::distinct_keys"
    )]
    pub labels: BTreeMap<String, String>,
    /// What was observed, in any order.
    pub events: Vec<Event>,
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

impl Incident {
    /// An incident that was opened with a severity.
    pub fn opened(id: &str, severity: &str, at: DateTime<Utc>) -> Self {
        let incident = Self {
            id: id.to_string(),
            entity: None,
            labels: BTreeMap::new(),
            events: Vec::new(),
            revision: 0,
            recorded_at: None,
        };
        incident.with(
            at,
            EventKind::Opened {
                severity: severity.to_string(),
            },
        )
    }

    /// The same incident with one more event.
    #[must_use]
    pub fn with(mut self, at: DateTime<Utc>, kind: EventKind) -> Self {
        self.events.push(Event {
            at,
            sequence: None,
            kind,
        });
        self
    }

    /// The same incident, concerning an entity.
    #[must_use]
    pub fn of_entity(self, entity: &str) -> Self {
        Self {
            entity: Some(entity.to_string()),
            ..self
        }
    }

    /// The incident as it was known at `as_of`: adjustments made by then applied, events in order, later ones left
    /// out. Every event is checked, also the later ones.
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an event at an impossible instant or out of any possible sequence (resolved
    /// before it was opened, reopened while open), two events of one kind and instant with different content, an
    /// adjustment of an event that does not exist.
    pub fn history(&self, as_of: DateTime<Utc>) -> Result<History<'_>, Problems> {
        let as_of = Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
        CheckedIncident::arrange(self)?.history(as_of)
    }

    /// Checks and arranges the incident, with every adjustment there will be.
    pub(super) fn checked(&self) -> Result<CheckedIncident<'_>, Problems> {
        let checked = CheckedIncident::arrange(self)?;
        checked.check_adjusted()?;
        Ok(checked)
    }

    fn check_names(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        if let Some(entity) = &self.entity {
            check_name(&mut problems, "entity", entity);
        }
        if self.labels.len() > LABELS_MAX {
            let what = format!(
                "expected at most {LABELS_MAX} labels, found {}",
                self.labels.len()
            );
            problems.push("labels", what);
        }
        for (label, value) in self.labels.iter().take(LABELS_MAX) {
            for text in [label, value] {
                if let Err(what) = name_problem(text, NAME_BYTES_MAX) {
                    problems.push(format!("labels[{}]", shown(label)), what);
                }
            }
        }
        if self.events.len() > EVENTS_MAX {
            let what = format!(
                "expected at most {EVENTS_MAX} events, found {}",
                self.events.len()
            );
            problems.push("events", what);
        }
        for (index, event) in self.events.iter().enumerate() {
            let name = event.kind.text().map(|text| name_problem(text, NAME_BYTES_MAX));
            if let Some(Err(what)) = name {
                problems.push(format!("events[{index}]"), what);
            }
        }
        problems.finish()
    }
}

impl Canonical for Incident {
    /// The events enter in order and without repetitions: how they stand in the input does not count.
    fn encode(&self, to: &mut Encoder) {
        let mut distinct: Vec<&Event> = self.events.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        self.encode_with(&distinct, to);
    }
}

impl Incident {
    /// Encodes the incident with its distinct events in order.
    fn encode_with(&self, events: &[impl Canonical], to: &mut Encoder) {
        let Self {
            id,
            entity,
            labels,
            events: _,
            revision: _,
            recorded_at: _,
        } = self;
        to.list(4);
        id.encode(to);
        entity.encode(to);
        labels.encode(to);
        to.list(events.len());
        events.iter().for_each(|event| event.encode(to));
    }
}

//! Incidents: what was observed about one, in which order, and which orders are impossible.
//!
//! This module owns the incident itself and its names. The words of its events are left to
//! `events`, their order to `arranged`, which orders are possible to `sequence`, and what
//! adjustments move to `adjustments`. A [`History`] is the incident as it was known at an instant.
//! Clocks, targets and pauses are left to `clock`.

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

/// An incident: its events, in any order, and its labels.
///
/// # Example: as it was known at noon
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
/// let history = incident.history(at(12))?;
/// assert_eq!(history.resolved(), None);
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Incident {
    /// The id, unique among incidents.
    pub id: String,
    /// The entity that the incident concerns, if it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Further labels, such as customer, site or group.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::text::tables::distinct_keys"
    )]
    pub labels: BTreeMap<String, String>,
    /// The events, in any order.
    #[serde(deserialize_with = "crate::text::tables::list")]
    pub events: Vec<Event>,
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

impl Incident {
    /// Creates an incident that was opened with a severity.
    ///
    /// # Example: a new ticket
    ///
    /// ```
    /// use sla::Incident;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?);
    /// assert_eq!(incident.events.len(), 1);
    /// assert_eq!(incident.entity, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Returns the incident with one more event. Events may be added in any order.
    ///
    /// # Example: a status and a resolution
    ///
    /// ```
    /// use sla::Incident;
    /// use sla::record::EventKind;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
    ///     .with("2026-03-02T10:00:00Z".parse()?, EventKind::Status("awaiting-customer".into()))
    ///     .with("2026-03-02T15:00:00Z".parse()?, EventKind::Resolved);
    /// assert_eq!(incident.events.len(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with(mut self, at: DateTime<Utc>, kind: EventKind) -> Self {
        self.events.push(Event {
            at,
            sequence: None,
            kind,
        });
        self
    }

    /// Returns the incident with the entity that it concerns.
    ///
    /// # Example: an incident of one site
    ///
    /// ```
    /// use sla::Incident;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?).of_entity("leeds");
    /// assert_eq!(incident.entity.as_deref(), Some("leeds"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_entity(self, entity: &str) -> Self {
        Self {
            entity: Some(entity.to_string()),
            ..self
        }
    }

    /// Returns the incident as it was known at `as_of`: its events in order, with the adjustments
    /// made by then, and without the events after it. Every event is checked, also the later ones.
    ///
    /// # Example: an impossible order
    ///
    /// ```
    /// use sla::Incident;
    /// use sla::record::EventKind;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
    ///     .with("2026-03-02T10:00:00Z".parse()?, EventKind::Reopened);
    /// assert_eq!(
    ///     incident.history("2026-03-02T12:00:00Z".parse()?).unwrap_err().to_string(),
    ///     "events[1]: event `reopened` at 2026-03-02T10:00:00Z comes although the incident was neither \
    ///      resolved nor restored by a workaround"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an instant out of range, an event in an impossible order
    /// (resolved before it was opened, reopened while open), two events of one kind, instant
    /// and sequence with different content, an adjustment of an event that does not exist.
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
    /// The events enter in order and without repetitions: how they stand in the input does not
    /// count.
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

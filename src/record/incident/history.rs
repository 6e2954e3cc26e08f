//! An incident as it was known at an instant.
//!
//! This module owns what a history answers. How it came about is left to `arranged`.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::Incident;
use super::events::{Adjustment, Change, EventName};
use super::placed::Placed;
use crate::time::instant::Instant;

/// An incident as it was known at an instant: checked, adjusted and in order. Returned by
/// [`Incident::history`].
///
/// # Example: before and after the resolution
///
/// ```
/// use sla::Incident;
/// use sla::record::EventKind;
///
/// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
///     .with("2026-03-02T15:00:00Z".parse()?, EventKind::Resolved);
/// assert_eq!(incident.history("2026-03-02T12:00:00Z".parse()?)?.resolved(), None);
/// assert!(incident.history("2026-03-02T18:00:00Z".parse()?)?.resolved().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct History<'a> {
    pub(super) incident: &'a Incident,
    pub(super) as_of: Instant,
    pub(super) opened: Instant,
    pub(super) entries: Vec<Placed<'a>>,
    pub(super) adjustments: Vec<&'a Adjustment>,
    pub(super) duplicates: usize,
}

impl<'a> History<'a> {
    /// Returns the incident.
    ///
    /// # Example: from a history back to the incident
    ///
    /// ```
    /// use sla::Incident;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?);
    /// let history = incident.history("2026-03-02T12:00:00Z".parse()?)?;
    /// assert_eq!(history.incident().id, "INC-7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn incident(&self) -> &'a Incident {
        self.incident
    }

    /// Returns the instant as of which the incident is known.
    ///
    /// # Example: known at noon
    ///
    /// ```
    /// use sla::Incident;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?);
    /// let noon = "2026-03-02T12:00:00Z".parse()?;
    /// assert_eq!(incident.history(noon)?.as_of(), noon);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of.to_utc()
    }

    /// Returns the instant at which the incident was opened. It may lie after [`History::as_of`].
    ///
    /// # Example: an incident of the afternoon, seen at noon
    ///
    /// ```
    /// use sla::Incident;
    ///
    /// let opened = "2026-03-02T15:00:00Z".parse()?;
    /// let incident = Incident::opened("INC-7", "P2", opened);
    /// assert_eq!(incident.history("2026-03-02T12:00:00Z".parse()?)?.opened(), opened);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn opened(&self) -> DateTime<Utc> {
        self.opened.to_utc()
    }

    /// Returns the instant of the last resolution, or `None` if the incident is not resolved.
    ///
    /// # Example: a resolution that did not hold
    ///
    /// ```
    /// use sla::Incident;
    /// use sla::record::EventKind;
    ///
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
    ///     .with("2026-03-02T11:00:00Z".parse()?, EventKind::Resolved)
    ///     .with("2026-03-02T14:00:00Z".parse()?, EventKind::Reopened);
    /// assert_eq!(incident.history("2026-03-02T15:00:00Z".parse()?)?.resolved(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolved(&self) -> Option<DateTime<Utc>> {
        self.resolved_instant().map(Instant::to_utc)
    }

    /// Returns the number of repeated events. Each of them counted once.
    ///
    /// # Example: an event that was exported twice
    ///
    /// ```
    /// use sla::Incident;
    /// use sla::record::EventKind;
    ///
    /// let resolved = "2026-03-02T11:00:00Z".parse()?;
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
    ///     .with(resolved, EventKind::Resolved)
    ///     .with(resolved, EventKind::Resolved);
    /// assert_eq!(incident.history("2026-03-02T15:00:00Z".parse()?)?.duplicates(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// Returns the adjustment that excuses the incident on the clock with the id `clock`, if there
    /// is one.
    ///
    /// # Example: excused on one clock
    ///
    /// ```
    /// use sla::Incident;
    /// use sla::record::{Adjustment, Change, EventKind};
    ///
    /// let excuse = Adjustment {
    ///     by: "service board".into(),
    ///     why: "the customer could not be reached".into(),
    ///     change: Change::Excused { clock: Some("resolution".into()) },
    /// };
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
    ///     .with("2026-03-20T12:00:00Z".parse()?, EventKind::Adjusted(excuse));
    /// let history = incident.history("2026-04-01T00:00:00Z".parse()?)?;
    /// assert_eq!(history.excuse("resolution").map(|excuse| excuse.by.as_str()), Some("service board"));
    /// assert!(history.excuse("response").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn excuse(&self, clock: &str) -> Option<&'a Adjustment> {
        let excuses = |adjustment: &&&Adjustment| match &adjustment.change {
            Change::Excused { clock: one } => one.as_deref().is_none_or(|one| one == clock),
            Change::Redated { .. } => false,
        };
        self.adjustments.iter().find(excuses).copied()
    }

    /// The adjustments known by then, in order.
    pub(crate) fn adjustments(&self) -> &[&'a Adjustment] {
        &self.adjustments
    }

    pub(crate) fn as_of_instant(&self) -> Instant {
        self.as_of
    }

    pub(crate) fn opened_instant(&self) -> Instant {
        self.opened
    }

    pub(crate) fn resolved_instant(&self) -> Option<Instant> {
        let last = self
            .entries
            .iter()
            .rev()
            .find(|entry| matches!(entry.kind.name(), EventName::Resolved | EventName::Reopened))?;
        (last.kind.name() == EventName::Resolved).then_some(last.at)
    }

    pub(crate) fn entries(&self) -> &[Placed<'a>] {
        &self.entries
    }
}

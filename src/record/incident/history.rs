//! An incident as it was known at an instant.
//!
//! This module owns what a history answers. How it came about is left to `arranged`.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::Incident;
use super::events::{Adjustment, Change, EventName};
use super::placed::Placed;
use crate::time::instant::Instant;

/// An incident as it was known at an instant: checked, adjusted, in order. Made by [`Incident::history`].
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
    /// The incident.
    pub fn incident(&self) -> &'a Incident {
        self.incident
    }

    /// The instant that it was known at.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of.to_utc()
    }

    /// When it was opened. May lie after the instant it was known at.
    pub fn opened(&self) -> DateTime<Utc> {
        self.opened.to_utc()
    }

    /// When it was last resolved, if it stands resolved.
    pub fn resolved(&self) -> Option<DateTime<Utc>> {
        self.resolved_instant().map(Instant::to_utc)
    }

    /// How many events stood there more than once. Each counted once.
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// The adjustment that excuses the incident on a clock, if there is one.
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

//! An incident's facts on the time line: the states it had, and the marks at which something
//! happened.
//!
//! This module owns the grouping of facts into moments. It is made once for an incident and shared
//! by all its clocks. What a clock makes of it is left to `run`.

use alloc::vec::Vec;

use crate::record::{EventKind, EventName, History};
use crate::time::instant::Instant;

/// The events of a moment, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks(u32);

impl Marks {
    const fn bit(name: EventName) -> u32 {
        1_u32.wrapping_shl(name as u32) // there are far fewer kinds of event than bits
    }

    pub(super) fn insert(&mut self, name: EventName) {
        self.0 |= Self::bit(name);
    }

    pub(super) const fn contains(self, name: EventName) -> bool {
        self.0 & Self::bit(name) != 0
    }

    /// Reports whether some event is in both.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Facts of one instant and one sequence, or of one instant and no sequence: they count as having
/// happened at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) at: Instant,
    /// The severity that the incident has from here on, if one is stated.
    pub(super) severity: Option<&'a str>,
    /// The status that the incident has from here on, if one is stated.
    pub(super) status: Option<&'a str>,
    pub(super) marks: Marks,
}

impl<'a> Moment<'a> {
    fn of(at: Instant, kind: &'a EventKind) -> Self {
        let mut moment = Self {
            at,
            severity: None,
            status: None,
            marks: Marks::default(),
        };
        moment.add(kind);
        moment
    }

    /// Adds a fact of the same moment. Facts are in order: a correction of the severity comes after
    /// the opening.
    fn add(&mut self, kind: &'a EventKind) {
        self.marks.insert(kind.name());
        match kind {
            EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                self.severity = Some(severity);
            }
            EventKind::Status(status) => self.status = Some(status),
            _ => {}
        }
    }
}

/// An incident's facts, moment by moment, as they were known at an instant.
#[derive(Debug)]
pub(crate) struct Timeline<'a> {
    history: &'a History<'a>,
    moments: Vec<Moment<'a>>,
}

impl<'a> Timeline<'a> {
    /// Lays out a history. Linear in its events, which are in order.
    pub(crate) fn of(history: &'a History<'a>) -> Self {
        let entries = history.entries();
        let mut moments: Vec<Moment<'a>> = Vec::with_capacity(entries.len());
        let mut sequence = None;
        for entry in entries {
            match moments.last_mut() {
                Some(moment) if moment.at == entry.at && sequence == entry.sequence => moment.add(entry.kind),
                _ => moments.push(Moment::of(entry.at, entry.kind)),
            }
            sequence = entry.sequence;
        }
        debug_assert!(
            moments.is_sorted_by_key(|moment| moment.at),
            "moments are in order"
        );
        Self { history, moments }
    }

    pub(super) fn history(&self) -> &'a History<'a> {
        self.history
    }

    pub(super) fn moments(&self) -> &[Moment<'a>] {
        &self.moments
    }

    /// The instant that everything was known at.
    pub(super) fn as_of(&self) -> Instant {
        self.history.as_of_instant()
    }
}

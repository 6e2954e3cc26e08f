//! The events of an incident in their one order, checked.
//!
//! This module owns everything about an incident that does not depend on the instant of asking: the
//! order of its events, repetitions, contradictions, and the canonical encoding from them. It is
//! found once, for the fingerprint, the admission and every history. Which orders are possible is
//! left to `sequence`, what adjustments move to `adjustments`.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Incident;
use super::adjustments::{Moves, check_adjustments};
use super::events::{EventKind, EventName};
use super::history::History;
use super::placed::Placed;
use super::sequence::check_sequence;
use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;

/// An incident with its distinct events in order, whatever the instant of asking.
#[derive(Debug, Clone)]
pub(crate) struct CheckedIncident<'a> {
    incident: &'a Incident,
    /// Distinct, in order, where they were recorded; adjustments among them.
    events: Vec<Placed<'a>>,
    /// How many events stood there more than once.
    repeated: usize,
    /// Where adjustments move events. As long as none is moved, the events are in an order that is
    /// possible.
    moves: Moves,
    is_adjusted: bool,
}

impl<'a> CheckedIncident<'a> {
    /// Checks everything but what a later adjustment makes of the order of events.
    pub(super) fn arrange(incident: &'a Incident) -> Result<Self, Problems> {
        incident.check_names()?;
        let (mut events, is_adjusted) = place(incident)?;
        let repeated = sort_distinct(&mut events);
        let moves = if is_adjusted {
            check_adjustments(&events)?
        } else {
            Moves::default()
        };
        if moves.is_empty() {
            check_order(&events)?;
        }
        Ok(Self {
            incident,
            events,
            repeated,
            moves,
            is_adjusted,
        })
    }

    /// Checks the order of events with every adjustment there will be.
    pub(super) fn check_adjusted(&self) -> Result<(), Problems> {
        if self.moves.is_empty() {
            return Ok(());
        }
        self.clone().history(Instant::MAX).map(|_| ())
    }

    /// Returns the incident.
    #[cfg(test)]
    pub(crate) fn incident(&self) -> &'a Incident {
        self.incident
    }

    /// Returns how many events stood there more than once.
    pub(crate) fn repeated(&self) -> usize {
        self.repeated
    }

    /// Returns the incident as it was known at `as_of`: adjustments made by then applied, later
    /// events left out. Where no adjustment moves an event this takes no more than a look for the
    /// last of them.
    ///
    /// # Errors
    ///
    /// [`Problems`] with paths below the incident, where adjustments move events into an order that
    /// is impossible.
    pub(crate) fn history(self, as_of: Instant) -> Result<History<'a>, Problems> {
        let (mut entries, mut adjustments, mut repeated) = (self.events, Vec::new(), self.repeated);
        if self.is_adjusted {
            let known = entries.iter().filter(|entry| entry.at <= as_of);
            adjustments = known.filter_map(Placed::adjustment).collect();
            entries.retain(|entry| entry.adjustment().is_none());
        }
        if !self.moves.is_empty() {
            self.moves.apply(&mut entries, as_of);
            repeated = repeated.saturating_add(sort_distinct(&mut entries));
            check_order(&entries)?;
        }
        let opened = opening(&entries)?;
        entries.truncate(entries.partition_point(|entry| entry.at <= as_of));
        Ok(History {
            incident: self.incident,
            as_of,
            opened,
            entries,
            adjustments,
            duplicates: repeated,
        })
    }
}

impl Canonical for CheckedIncident<'_> {
    fn encode(&self, to: &mut Encoder) {
        self.incident.encode_with(&self.events, to);
    }
}

/// Every event at the instant it was recorded at, and whether there are adjustments.
fn place(incident: &Incident) -> Result<(Vec<Placed<'_>>, bool), Problems> {
    let mut problems = ProblemList::default();
    let mut placed = Vec::with_capacity(incident.events.len());
    let mut is_adjusted = false;
    for (index, event) in incident.events.iter().enumerate() {
        is_adjusted |= matches!(event.kind, EventKind::Adjusted(_));
        match Instant::new(event.at) {
            Ok(at) => placed.push(Placed {
                at,
                sequence: event.sequence,
                kind: &event.kind,
                index,
            }),
            Err(error) => problems.push(format!("events[{index}].at"), error),
        }
    }
    problems.finish()?;
    Ok((placed, is_adjusted))
}

/// Sorts events, drops those that stand there twice, and says how many it dropped. Of equal ones
/// the first stays.
fn sort_distinct(events: &mut Vec<Placed<'_>>) -> usize {
    // Most sources write in order.
    if !events.is_sorted_by(|left, right| left.order(right) == Ordering::Less) {
        events.sort_by(Placed::order);
    }
    let before = events.len();
    events.dedup_by(|right, left| right.is_same(left));
    before.saturating_sub(events.len())
}

/// Refuses events in an order that is impossible. They are sorted and distinct.
fn check_order(events: &[Placed<'_>]) -> Result<(), Problems> {
    check_contradictions(events)?;
    check_sequence(events)?;
    opening(events).map(|_| ())
}

fn opening(events: &[Placed<'_>]) -> Result<Instant, Problems> {
    events
        .iter()
        .find(|event| event.kind.name() == EventName::Opened)
        .map(|event| event.at)
        .ok_or_else(|| Problems::one("events", "expected an event `opened`, found none"))
}

/// Refuses events of one kind, instant and sequence with different content. They are sorted and
/// distinct.
fn check_contradictions(events: &[Placed<'_>]) -> Result<(), Problems> {
    let mut problems = ProblemList::default();
    for (left, right) in events.iter().zip(events.iter().skip(1)) {
        let name = right.kind.name();
        let is_one = (left.at, left.sequence, left.kind.name()) == (right.at, right.sequence, name);
        if !is_one || name == EventName::Adjusted {
            continue;
        }
        let mut what = format!("two events `{name}` at {} with different content", right.at);
        // An incident is opened once, in whatever order.
        if name != EventName::Opened {
            what.push_str("; a `sequence` on each would order them");
        }
        problems.push(format!("events[{}]", left.index.max(right.index)), what);
    }
    problems.finish()
}

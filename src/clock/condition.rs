//! What rules ask of an incident, in the one form that the engine knows.
//!
//! This module owns [`Condition`] and when it is met. Terms say `start`, `stop` and `pause` in words of their own; all of them
//! become conditions here. What a clock does once a condition is met is left to `run`.

use alloc::string::String;
use alloc::vec::Vec;

use super::terms::Rules;
use super::timeline::Marks;
use crate::record::EventName;

/// A condition on an incident: an event holds at its instant, a state while it lasts.
///
/// The order is that of events within one moment, so that of several the first to count is found first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    /// Something happens.
    Event(EventName),
    /// The incident has this status.
    Status(String),
}

/// Conditions of which one is enough.
#[derive(Debug, Clone)]
pub(super) struct AnyOf {
    /// The events among them.
    events: Marks,
    all: Vec<Condition>,
}

impl AnyOf {
    /// Sorted, so that a state is found by search however many there are.
    fn new(conditions: impl Iterator<Item = Condition>) -> Self {
        let mut all: Vec<Condition> = conditions.collect();
        all.sort_unstable();
        let mut events = Marks::default();
        for condition in &all {
            if let Condition::Event(name) = condition {
                events.insert(*name);
            }
        }
        Self { events, all }
    }

    /// Returns the first event among `marks` that meets a condition.
    pub(super) fn event_in(&self, marks: Marks) -> Option<EventName> {
        if !self.events.meets(marks) {
            return None; // as for nearly every moment
        }
        self.all.iter().find_map(|condition| match condition {
            Condition::Event(name) if marks.contains(*name) => Some(*name),
            _ => None,
        })
    }

    /// Reports whether a condition holds while the incident has `status`.
    pub(super) fn holds_in(&self, status: &str) -> bool {
        let order = |condition: &Condition| match condition {
            Condition::Event(_) => core::cmp::Ordering::Less,
            Condition::Status(named) => named.as_str().cmp(status),
        };
        self.all.binary_search_by(order).is_ok()
    }

    /// Reports whether `event` is one of the conditions.
    pub(super) fn names(&self, event: EventName) -> bool {
        self.events.contains(event)
    }
}

/// The conditions of a clock's rules.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) start: AnyOf,
    pub(super) stop: AnyOf,
    pub(super) pause: AnyOf,
    /// The events in whose moments the clock may do more than follow states.
    pub(super) acting: Marks,
}

impl Conditions {
    pub(super) fn of(rules: &Rules) -> Self {
        let stops = rules.stop.iter().map(|stop| Condition::Event(stop.event()));
        let pauses = rules.pause.iter().map(|status| Condition::Status(status.clone()));
        let start = AnyOf::new(core::iter::once(Condition::Event(rules.start.event())));
        let stop = AnyOf::new(stops);
        let mut acting = start.events.and(stop.events);
        for always in [EventName::Resolved, EventName::Reopened, EventName::Cancelled] {
            acting.insert(always);
        }
        Self {
            start,
            stop,
            pause: AnyOf::new(pauses),
            acting,
        }
    }
}

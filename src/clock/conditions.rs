//! The conditions that clocks start, stop and pause by, in the one form that the engine knows.
//!
//! This module owns when the conditions of a clock are met. What a condition is, is left to
//! `condition`; what a clock does once one is met, to `run`.

use alloc::vec::Vec;

use super::condition::Condition;
use super::terms::Rules;
use super::timeline::Marks;
use crate::record::EventName;

/// Alternative conditions: one of them is enough.
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
        let start = AnyOf::new(core::iter::once(rules.start.clone()));
        let stop = AnyOf::new(rules.stop.iter().cloned());
        let mut acting = start.events.and(stop.events);
        for always in [EventName::Resolved, EventName::Reopened, EventName::Cancelled] {
            acting.insert(always);
        }
        Self {
            start,
            stop,
            pause: AnyOf::new(rules.pause.iter().cloned()),
            acting,
        }
    }
}

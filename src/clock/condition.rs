//! What rules ask of an incident, in the one form that the engine knows.
//!
//! This module owns [`Condition`] and when it is met. Terms say `start`, `stop` and `pause` in words of their own; all of them
//! become conditions here. What a clock does once a condition is met is left to `run`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::terms::Rules;
use super::timeline::Marks;
use crate::error::ParseError;
use crate::record::EventName;

/// A condition on an incident, as terms write it: `resolved`, `status:awaiting-customer`.
///
/// An event holds at its instant, a state while it lasts.
///
/// # Example: a status
///
/// ```
/// use sla::{Condition, EventName};
///
/// assert_eq!("resolved".parse(), Ok(Condition::Event(EventName::Resolved)));
/// assert_eq!("status:on-hold".parse(), Ok(Condition::status("on-hold")));
/// assert_eq!(
///     "on-hold".parse::<Condition>().unwrap_err().to_string(),
///     "expected an event such as `resolved`, or a status such as `status:on-hold`, found `on-hold`"
/// );
/// ```
// The order is that of events within one moment, so that of several the first to count is found first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Condition {
    /// Something happens.
    Event(EventName),
    /// The incident has this status.
    Status(String),
}

/// What stands before the name of a status.
const STATUS: &str = "status:";

impl Condition {
    /// Creates the condition that the incident has a status.
    pub fn status(name: impl Into<String>) -> Self {
        Self::Status(name.into())
    }

    /// Reports whether it is this event.
    pub(crate) fn is(&self, event: EventName) -> bool {
        *self == Self::Event(event)
    }

    /// Returns the status that it names, if it names one.
    pub(crate) fn named_status(&self) -> Option<&str> {
        match self {
            Self::Status(name) => Some(name),
            Self::Event(_) => None,
        }
    }
}

impl From<EventName> for Condition {
    fn from(event: EventName) -> Self {
        Self::Event(event)
    }
}

impl FromStr for Condition {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new("an event such as `resolved`, or a status such as `status:on-hold`", text);
        if let Some(name) = text.strip_prefix(STATUS) {
            return (!name.is_empty()).then(|| Self::status(name)).ok_or_else(error);
        }
        match text.parse() {
            // These need a name to be a condition.
            Ok(EventName::Status | EventName::SeverityChanged | EventName::Adjusted) | Err(_) => Err(error()),
            Ok(event) => Ok(Self::Event(event)),
        }
    }
}

/// The text of a document: `status:on-hold`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) => fmt::Display::fmt(event, f),
            Self::Status(name) => write!(f, "{STATUS}{name}"),
        }
    }
}

crate::text::serde_as_text!(Condition);
crate::fingerprint::canonical_text!(Condition);

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

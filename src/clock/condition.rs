//! Conditions on an incident, as terms write them.
//!
//! This module owns [`Condition`] and its text. When a condition is met is left to `conditions`,
//! which rules may use which to `terms`.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::record::EventName;

/// A condition on an incident, as terms write it: `resolved`, `status:awaiting-customer`.
///
/// An event holds at its instant, a state holds while it lasts. The text of an unknown condition is
/// refused with an example of each form.
///
/// # Example: the two forms of a condition
///
/// ```
/// use sla::clock::Condition;
/// use sla::record::EventName;
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
    /// The event happens.
    Event(EventName),
    /// The incident has this status.
    Status(String),
}

/// What stands before the name of a status.
const STATUS: &str = "status:";

impl Condition {
    /// Creates the condition that the incident has the status `name`.
    ///
    /// # Example: waiting for a supplier
    ///
    /// ```
    /// use sla::clock::Condition;
    ///
    /// assert_eq!(Condition::status("awaiting-vendor").to_string(), "status:awaiting-vendor");
    /// ```
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
        let error = || {
            ParseError::new(
                "an event such as `resolved`, or a status such as `status:on-hold`",
                text,
            )
        };
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

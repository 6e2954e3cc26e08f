//! What can be observed about an incident: the words of its record.
//!
//! This module owns the events, the adjustments by which parties correct a record, and their canonical encoding. Which orders of events
//! are possible is left to `sequence`, what adjustments do to `adjustments`.

use alloc::string::String;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fingerprint::{Canonical, Encoder, canonical_struct};

/// One thing that was observed about an incident.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Event {
    /// When.
    #[serde(with = "crate::time::instant::text")]
    pub at: DateTime<Utc>,
    /// Orders events of one instant, where the source knows their order. Events without one come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// What.
    #[serde(rename = "event")]
    pub kind: EventKind,
}

/// What can be observed about an incident. In JSON: `"acknowledged"`, `{"opened": {"severity": "P2"}}`,
/// `{"status": "awaiting-customer"}`.
///
/// The order of variants is the order of events of one instant, unless their `sequence` says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum EventKind {
    /// Monitoring or a person noticed it, perhaps before it was reported.
    Detected,
    /// The incident was opened.
    Opened {
        /// Its first severity.
        severity: String,
    },
    /// Its severity changed.
    SeverityChanged {
        /// The severity from now on.
        severity: String,
    },
    /// Its status changed, such as to `awaiting-customer`. The agreement says which statuses pause a clock.
    Status(String),
    /// Somebody took it on.
    Acknowledged,
    /// The provider answered the requester.
    PublicReply,
    /// Service was restored by a workaround.
    Workaround,
    /// It was resolved.
    Resolved,
    /// The resolution, or the workaround, did not hold.
    Reopened,
    /// It was withdrawn; nothing is owed for it.
    Cancelled,
    /// The parties agreed to correct or excuse it.
    Adjusted(Adjustment),
}

crate::words::words! {
    /// The kind of an event without its content.
    #[non_exhaustive]
    pub enum EventName {
        /// See [`EventKind::Detected`].
        Detected = "detected",
        /// See [`EventKind::Opened`].
        Opened = "opened",
        /// See [`EventKind::SeverityChanged`].
        SeverityChanged = "severity_changed",
        /// See [`EventKind::Status`].
        Status = "status",
        /// See [`EventKind::Acknowledged`].
        Acknowledged = "acknowledged",
        /// See [`EventKind::PublicReply`].
        PublicReply = "public_reply",
        /// See [`EventKind::Workaround`].
        Workaround = "workaround",
        /// See [`EventKind::Resolved`].
        Resolved = "resolved",
        /// See [`EventKind::Reopened`].
        Reopened = "reopened",
        /// See [`EventKind::Cancelled`].
        Cancelled = "cancelled",
        /// See [`EventKind::Adjusted`].
        Adjusted = "adjusted",
    }
}

impl EventKind {
    /// The kind without its content.
    pub fn name(&self) -> EventName {
        match self {
            Self::Detected => EventName::Detected,
            Self::Opened { .. } => EventName::Opened,
            Self::SeverityChanged { .. } => EventName::SeverityChanged,
            Self::Status(_) => EventName::Status,
            Self::Acknowledged => EventName::Acknowledged,
            Self::PublicReply => EventName::PublicReply,
            Self::Workaround => EventName::Workaround,
            Self::Resolved => EventName::Resolved,
            Self::Reopened => EventName::Reopened,
            Self::Cancelled => EventName::Cancelled,
            Self::Adjusted(_) => EventName::Adjusted,
        }
    }

    /// The text it carries: a severity or a status.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Opened { severity } | Self::SeverityChanged { severity } => Some(severity),
            Self::Status(status) => Some(status),
            _ => None,
        }
    }
}

/// A correction of an incident's record, by agreement of the parties. Known from the instant of its event on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Adjustment {
    /// Who decided it.
    pub by: String,
    /// For which reason.
    pub why: String,
    /// What changes.
    pub change: Change,
}

/// What an adjustment changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// The incident counts neither as met nor as breached.
    Excused {
        /// For one clock only; absent for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<String>,
    },
    /// An event really happened at another instant. Of several adjustments of one event the last holds.
    Redated {
        /// Which kind of event.
        event: EventName,
        /// The instant it was recorded at, whatever earlier adjustments say.
        #[serde(with = "crate::time::instant::text")]
        from: DateTime<Utc>,
        /// The instant it happened at.
        #[serde(with = "crate::time::instant::text")]
        to: DateTime<Utc>,
    },
}

canonical_struct!(Event { at, sequence, kind });
canonical_struct!(Adjustment { by, why, change });

impl Canonical for EventKind {
    fn encode(&self, to: &mut Encoder) {
        self.name().encode(to);
        match self {
            Self::Adjusted(adjustment) => adjustment.encode(to),
            _ => match self.text() {
                Some(text) => to.text(text),
                None => to.nothing(),
            },
        }
    }
}

impl Canonical for Change {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Self::Excused { clock } => {
                to.text("excused");
                clock.encode(to);
            }
            Self::Redated {
                event,
                from,
                to: until,
            } => {
                to.text("redated");
                event.encode(to);
                from.encode(to);
                until.encode(to);
            }
        }
    }
}

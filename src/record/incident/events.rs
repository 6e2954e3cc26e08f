//! What can be observed about an incident: the words of its record.
//!
//! This module owns the events, the adjustments by which parties correct a record, and their
//! canonical encoding. Which orders of events are possible is left to `sequence`, what adjustments
//! do to `adjustments`.

use alloc::string::String;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fingerprint::{Canonical, Encoder, canonical_struct};

/// One thing that was observed about an incident, at its instant.
///
/// # Example: a reply in JSON
///
/// ```
/// use sla::record::{Event, EventKind};
///
/// let event: Event = serde_json::from_str(r#"{"at": "2026-03-02T10:00:00Z", "event": "public_reply"}"#)?;
/// assert_eq!(event.kind, EventKind::PublicReply);
/// assert_eq!(event.sequence, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Event {
    /// The instant at which it happened.
    #[serde(with = "crate::time::instant::text")]
    pub at: DateTime<Utc>,
    /// The place of the event among events of the same instant, where the source knows it. Events
    /// without a sequence come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// What happened.
    #[serde(rename = "event")]
    pub kind: EventKind,
}

/// What can be observed about an incident.
///
/// In JSON: `"acknowledged"`, `{"opened": {"severity": "P2"}}`, `{"status": "awaiting-customer"}`.
/// Events of one instant are listed in the order of the variants, unless their `sequence` says
/// otherwise. Clocks take those that share instant and sequence together, as if they happened at
/// once.
///
/// # Example: events as a help desk exports them
///
/// ```
/// use sla::record::EventKind;
///
/// let opened: EventKind = serde_json::from_str(r#"{"opened": {"severity": "P2"}}"#)?;
/// assert_eq!(opened, EventKind::Opened { severity: "P2".into() });
/// let waiting = EventKind::Status("awaiting-customer".into());
/// assert!(opened < waiting);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum EventKind {
    /// Monitoring or a person noticed the incident, perhaps before it was reported.
    Detected,
    /// The incident was opened.
    Opened {
        /// The first severity.
        severity: String,
    },
    /// The severity changed.
    SeverityChanged {
        /// The severity from this instant on.
        severity: String,
    },
    /// The status changed, for example to `awaiting-customer`. The agreement says which statuses
    /// pause a clock.
    Status(String),
    /// The provider took the incident on.
    Acknowledged,
    /// The provider answered the requester.
    PublicReply,
    /// A workaround restored the service.
    Workaround,
    /// The incident was resolved.
    Resolved,
    /// The resolution, or the workaround, did not hold.
    Reopened,
    /// The incident was cancelled; nothing is owed for it.
    Cancelled,
    /// The parties agreed to excuse the incident or to correct its record.
    Adjusted(Adjustment),
}

crate::words::words! {
    /// The kind of an event, without its content.
    ///
    /// # Example: the word in terms and records
    ///
    /// ```
    /// use sla::record::EventName;
    ///
    /// assert_eq!(EventName::PublicReply.to_string(), "public_reply");
    /// assert_eq!("resolved".parse(), Ok(EventName::Resolved));
    /// ```
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
    /// Returns the kind of the event, without its content.
    ///
    /// # Example: a status of any text
    ///
    /// ```
    /// use sla::record::{EventKind, EventName};
    ///
    /// assert_eq!(EventKind::Status("on-hold".into()).name(), EventName::Status);
    /// ```
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

/// A correction of an incident's record that the parties agreed on. It is known from the instant of
/// its event on.
///
/// # Example: an excuse
///
/// ```
/// use sla::Incident;
/// use sla::record::{Adjustment, Change, EventKind};
///
/// let excuse = Adjustment {
///     by: "service board".into(),
///     why: "wrong contact data from the customer".into(),
///     change: Change::Excused { clock: None },
/// };
/// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
///     .with("2026-03-20T12:00:00Z".parse()?, EventKind::Adjusted(excuse));
/// let history = incident.history("2026-04-01T00:00:00Z".parse()?)?;
/// assert!(history.excuse("response").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Adjustment {
    /// Who decided it.
    pub by: String,
    /// The reason.
    pub why: String,
    /// What changes.
    pub change: Change,
}

/// What an adjustment changes.
///
/// # Example: a resolution that was entered an hour late
///
/// ```
/// use sla::Incident;
/// use sla::record::{Adjustment, Change, EventKind, EventName};
///
/// let (entered, really) = ("2026-03-02T12:00:00Z".parse()?, "2026-03-02T11:00:00Z".parse()?);
/// let redated = Adjustment {
///     by: "service board".into(),
///     why: "the engineer entered it after lunch".into(),
///     change: Change::Redated { event: EventName::Resolved, from: entered, to: really },
/// };
/// let incident = Incident::opened("INC-7", "P2", "2026-03-02T09:00:00Z".parse()?)
///     .with(entered, EventKind::Resolved)
///     .with("2026-03-03T09:00:00Z".parse()?, EventKind::Adjusted(redated));
/// assert_eq!(incident.history("2026-03-02T23:00:00Z".parse()?)?.resolved(), Some(entered));
/// assert_eq!(incident.history("2026-04-01T00:00:00Z".parse()?)?.resolved(), Some(really));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// The incident counts neither as met nor as breached.
    Excused {
        /// The id of the one clock that is excused. Absent: all clocks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<String>,
    },
    /// An event happened at another instant than recorded. Of several adjustments of one event, the
    /// last holds.
    Redated {
        /// The kind of the event.
        event: EventName,
        /// The recorded instant, without regard to earlier adjustments.
        #[serde(with = "crate::time::instant::text")]
        from: DateTime<Utc>,
        /// The instant at which it happened.
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

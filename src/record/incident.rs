//! Incidents: what was observed about one, in which order, and which orders are impossible.
//!
//! Owns the order of events, duplicates, conflicts and adjustments. A [`History`] is the checked form of an
//! [`Incident`] as it was known at an instant. Clocks, targets and pauses are left to `clock`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{check_name, name_problem};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder, canonical_struct};
use crate::time::instant::Instant;

/// The most events of one incident.
const EVENTS_MAX: usize = 10_000;
/// The most labels of one incident.
const LABELS_MAX: usize = 64;

/// An incident: its events, in any order, and what it is labelled with.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{EventKind, Incident};
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap();
/// let incident = Incident::opened("INC-7", "P2", at(9))
///     .with(at(10), EventKind::Acknowledged)
///     .with(at(15), EventKind::Resolved);
/// let history = incident.history(at(12))?; // as it was known at noon
/// assert_eq!(history.resolved(), None);
/// # Ok::<(), sla::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Unique among incidents.
    pub id: String,
    /// The entity it concerns, if it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Further labels: customer, site, group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What was observed, in any order.
    pub events: Vec<Event>,
}

/// One thing that was observed about an incident.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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
    AgentReply,
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
        /// See [`EventKind::AgentReply`].
        AgentReply = "agent_reply",
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
            Self::AgentReply => EventName::AgentReply,
            Self::Workaround => EventName::Workaround,
            Self::Resolved => EventName::Resolved,
            Self::Reopened => EventName::Reopened,
            Self::Cancelled => EventName::Cancelled,
            Self::Adjusted(_) => EventName::Adjusted,
        }
    }

    /// The texts it carries: a severity or a status.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Opened { severity } | Self::SeverityChanged { severity } => Some(severity),
            Self::Status(status) => Some(status),
            _ => None,
        }
    }
}

/// A correction of an incident's record, by agreement of the parties. Known from the instant of its event on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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

impl Incident {
    /// An incident that was opened with a severity.
    pub fn opened(id: &str, severity: &str, at: DateTime<Utc>) -> Self {
        let incident = Self {
            id: id.to_string(),
            entity: None,
            labels: BTreeMap::new(),
            events: Vec::new(),
        };
        incident.with(
            at,
            EventKind::Opened {
                severity: severity.to_string(),
            },
        )
    }

    /// The same incident with one more event.
    #[must_use]
    pub fn with(mut self, at: DateTime<Utc>, kind: EventKind) -> Self {
        self.events.push(Event {
            at,
            sequence: None,
            kind,
        });
        self
    }

    /// The same incident, concerning an entity.
    #[must_use]
    pub fn of_entity(self, entity: &str) -> Self {
        Self {
            entity: Some(entity.to_string()),
            ..self
        }
    }

    /// The incident as it was known at `as_of`: adjustments made by then applied, events in order, later ones left
    /// out. Every event is checked, also the later ones.
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an event at an impossible instant or out of any possible sequence (resolved
    /// before it was opened, reopened while open), two events of one kind and instant with different content, an
    /// adjustment of an event that does not exist.
    pub fn history(&self, as_of: DateTime<Utc>) -> Result<History<'_>, Problems> {
        let as_of = Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
        self.history_at(as_of)
    }

    pub(crate) fn history_at(&self, as_of: Instant) -> Result<History<'_>, Problems> {
        self.check_names()?;
        let Arranged {
            mut placed,
            adjustments,
            repeated,
        } = self.placed(as_of)?;
        // The text comes last, so that of events that contradict each other the equal ones are neighbours.
        placed.sort_by_key(|entry| (entry.key(), entry.kind.text()));
        let duplicates = repeated.saturating_add(self.merge_equals(&mut placed)?);
        check_sequence(&placed)?;
        let opened = placed
            .iter()
            .find(|entry| entry.kind.name() == EventName::Opened)
            .map(|entry| entry.at);
        let Some(opened) = opened else {
            return Err(Problems::one("events", "expected an event `opened`, found none"));
        };
        placed.retain(|entry| entry.at <= as_of);
        Ok(History {
            incident: self,
            as_of,
            opened,
            entries: placed,
            adjustments,
            duplicates,
        })
    }

    pub(crate) fn check(&self) -> Result<(), Problems> {
        self.history_at(Instant::MAX).map(|_| ())
    }

    fn check_names(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        if let Some(entity) = &self.entity {
            check_name(&mut problems, "entity", entity);
        }
        if self.labels.len() > LABELS_MAX {
            let what = format!(
                "expected at most {LABELS_MAX} labels, found {}",
                self.labels.len()
            );
            problems.push("labels", what);
        }
        for (label, value) in self.labels.iter().take(LABELS_MAX) {
            check_name(&mut problems, "labels", label);
            check_name(&mut problems, "labels", value);
        }
        if self.events.len() > EVENTS_MAX {
            let what = format!(
                "expected at most {EVENTS_MAX} events, found {}",
                self.events.len()
            );
            problems.push("events", what);
        }
        for (index, event) in self.events.iter().enumerate() {
            if let Some(Err(what)) = event.kind.text().map(name_problem) {
                problems.push(format!("events[{index}]"), what);
            }
        }
        problems.finish()
    }

    /// Every event at its instant, with the adjustments known by `as_of` applied, and those adjustments.
    fn placed(&self, as_of: Instant) -> Result<Arranged<'_>, Problems> {
        let mut problems = ProblemList::default();
        let mut placed = Vec::with_capacity(self.events.len());
        let mut decisions = Vec::new();
        for (index, event) in self.events.iter().enumerate() {
            let sequence = event.sequence;
            match (Instant::new(event.at), &event.kind) {
                (Err(error), _) => problems.push(format!("events[{index}].at"), error),
                (Ok(at), EventKind::Adjusted(adjustment)) => decisions.push(Decision {
                    at,
                    sequence,
                    index,
                    adjustment,
                }),
                (Ok(at), kind) => placed.push(Placed {
                    at,
                    sequence,
                    kind,
                    index,
                }),
            }
        }
        // One order whatever the input's: by instant and sequence, then by content.
        decisions.sort_by_key(|decision| (decision.key(), decision.adjustment));
        let before = decisions.len();
        decisions.dedup_by(|right, left| left.key() == right.key() && left.adjustment == right.adjustment);
        let repeated = before.saturating_sub(decisions.len());
        let moved = check_decisions(&mut problems, &decisions, &placed, as_of);
        problems.finish()?;
        for entry in &mut placed {
            if let Some(to) = moved.get(&(entry.kind.name(), entry.at)) {
                entry.at = *to;
            }
        }
        let known = decisions.into_iter().filter(|decision| decision.at <= as_of);
        Ok(Arranged {
            placed,
            adjustments: known.map(|decision| decision.adjustment).collect(),
            repeated,
        })
    }

    /// Drops events that stand there twice and refuses those that contradict each other. They are sorted.
    fn merge_equals(&self, placed: &mut Vec<Placed<'_>>) -> Result<usize, Problems> {
        let before = placed.len();
        placed.dedup_by(|right, left| left.key() == right.key() && left.kind == right.kind);
        let mut problems = ProblemList::default();
        for (left, right) in placed.iter().zip(placed.iter().skip(1)) {
            if left.key() == right.key() {
                let what = format!(
                    "two events `{}` at {} with different content; a `sequence` on each would order them",
                    left.kind.name(),
                    left.at
                );
                problems.push(format!("events[{}]", left.index.max(right.index)), what);
            }
        }
        problems.finish()?;
        Ok(before.saturating_sub(placed.len()))
    }
}

/// The events of an incident at their instants, and the adjustments that put them there.
struct Arranged<'a> {
    placed: Vec<Placed<'a>>,
    adjustments: Vec<&'a Adjustment>,
    /// How many adjustments stood there more than once.
    repeated: usize,
}

/// An adjustment, and when it was made.
struct Decision<'a> {
    at: Instant,
    sequence: Option<u64>,
    index: usize,
    adjustment: &'a Adjustment,
}

impl Decision<'_> {
    fn key(&self) -> (Instant, Option<u64>) {
        (self.at, self.sequence)
    }
}

/// Checks every adjustment, also those made after `as_of`, and says where those made by then move which events. They
/// name an event by its kind and the instant it was recorded at; of several the last holds.
fn check_decisions(
    problems: &mut ProblemList,
    decisions: &[Decision<'_>],
    placed: &[Placed<'_>],
    as_of: Instant,
) -> BTreeMap<(EventName, Instant), Instant> {
    if decisions.is_empty() {
        return BTreeMap::new(); // as for nearly every incident
    }
    let recorded: BTreeSet<(EventName, Instant)> =
        placed.iter().map(|entry| (entry.kind.name(), entry.at)).collect();
    let mut moved = BTreeMap::new();
    let mut decided = BTreeMap::new();
    for decision in decisions {
        let path = format!("events[{}].adjusted", decision.index);
        check_name(problems, &format!("{path}.by"), &decision.adjustment.by);
        check_name(problems, &format!("{path}.why"), &decision.adjustment.why);
        let Change::Redated { event, from, to } = &decision.adjustment.change else {
            continue;
        };
        let (from, to) = match (Instant::new(*from), Instant::new(*to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(error), _) | (_, Err(error)) => {
                problems.push(path, error);
                continue;
            }
        };
        if !recorded.contains(&(*event, from)) {
            problems.push(path, format!("expected an event `{event}` at {from}, found none"));
            continue;
        }
        if decision.at < from.max(to) {
            let what = format!(
                "an adjustment made at {} cannot move the event `{event}` from {from} to {to}: it knows neither before",
                decision.at
            );
            problems.push(path, what);
            continue;
        }
        if decided.insert((decision.key(), *event, from), to).is_some() {
            let what = format!(
                "two adjustments at {} move the event `{event}` at {from}; a `sequence` on each would order them",
                decision.at
            );
            problems.push(path, what);
        }
        if decision.at <= as_of {
            moved.insert((*event, from), to);
        }
    }
    moved
}

/// An event at its instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) at: Instant,
    pub(crate) sequence: Option<u64>,
    pub(crate) kind: &'a EventKind,
    index: usize,
}

impl Placed<'_> {
    /// What orders events: never their place in the input.
    fn key(&self) -> (Instant, Option<u64>, EventName) {
        (self.at, self.sequence, self.kind.name())
    }
}

/// Where an incident stands while its events are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unopened,
    Open,
    /// A workaround holds.
    Restored,
    Resolved,
    Cancelled,
}

fn check_sequence(placed: &[Placed<'_>]) -> Result<(), Problems> {
    let mut problems = ProblemList::default();
    let (mut stage, mut detected) = (Stage::Unopened, false);
    for entry in placed {
        let name = entry.kind.name();
        let refused = match (stage, name) {
            (Stage::Cancelled, _) => Some("after the incident was cancelled"),
            (_, EventName::Detected) if detected => Some("although the incident was detected before"),
            (Stage::Unopened, EventName::Detected) => None,
            (_, EventName::Detected) => Some("after the incident was opened"),
            (Stage::Unopened, EventName::Opened) => None,
            (_, EventName::Opened) => Some("although the incident was opened before"),
            (Stage::Unopened, _) => Some("before the incident was opened"),
            (Stage::Resolved, EventName::Cancelled) => Some("after the incident was resolved"),
            (Stage::Resolved, EventName::Resolved) => {
                Some("although the incident was resolved and not reopened")
            }
            (Stage::Open, EventName::Reopened) => {
                Some("although the incident was neither resolved nor restored by a workaround")
            }
            _ => None,
        };
        if let Some(why) = refused {
            let mut what = format!("event `{name}` at {} comes {why}", entry.at);
            if placed
                .iter()
                .filter(|other| other.at == entry.at)
                .nth(1)
                .is_some()
            {
                what.push_str("; a `sequence` on each event of that instant would order them");
            }
            problems.push(format!("events[{}]", entry.index), what);
            // One that is refused moves nothing: the next is judged as if it were not there.
            continue;
        }
        detected |= name == EventName::Detected;
        stage = match name {
            EventName::Opened | EventName::Reopened => Stage::Open,
            EventName::Workaround if stage == Stage::Open => Stage::Restored,
            EventName::Resolved => Stage::Resolved,
            EventName::Cancelled => Stage::Cancelled,
            _ => stage,
        };
    }
    problems.finish()
}

/// An incident as it was known at an instant: checked, adjusted, in order. Made by [`Incident::history`].
#[derive(Debug, Clone)]
pub struct History<'a> {
    incident: &'a Incident,
    as_of: Instant,
    opened: Instant,
    entries: Vec<Placed<'a>>,
    adjustments: Vec<&'a Adjustment>,
    duplicates: usize,
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

impl Canonical for Incident {
    /// The events enter in order and without repetitions: how they stand in the input does not count.
    fn encode(&self, to: &mut Encoder) {
        let Self {
            id,
            entity,
            labels,
            events,
        } = self;
        let mut distinct: Vec<&Event> = events.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        to.list(4);
        id.encode(to);
        entity.encode(to);
        labels.encode(to);
        to.list(distinct.len());
        distinct.into_iter().for_each(|event| event.encode(to));
    }
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

//! The terms of a clock: what starts, stops and pauses it, and how much time each severity grants.
//!
//! This module owns these choices and which of them contradict each other. Carrying them out is left to `run` and `lap`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::record::{EventName, check_name};
use crate::time::allowance::Allowance;

crate::words::words! {
    /// Which fact starts a clock.
    pub enum Start {
        /// Its detection. An incident without one has no such clock: it is not judged.
        Detected = "detected",
        /// Its opening.
        Opened = "opened",
        /// Its first acknowledgement.
        Acknowledged = "acknowledged",
    }
}

impl Start {
    pub(crate) fn event(self) -> EventName {
        match self {
            Self::Detected => EventName::Detected,
            Self::Opened => EventName::Opened,
            Self::Acknowledged => EventName::Acknowledged,
        }
    }
}

crate::words::words! {
    /// Which fact stops a clock. Where several are named, the first to happen stops it.
    pub enum Stop {
        /// An acknowledgement.
        Acknowledged = "acknowledged",
        /// A reply to the requester.
        AgentReply = "agent_reply",
        /// A workaround. A reopening makes the clock run on.
        Workaround = "workaround",
        /// The resolution. A reopening makes the clock run on.
        Resolved = "resolved",
    }
}

impl Stop {
    pub(crate) fn event(self) -> EventName {
        match self {
            Self::Acknowledged => EventName::Acknowledged,
            Self::AgentReply => EventName::AgentReply,
            Self::Workaround => EventName::Workaround,
            Self::Resolved => EventName::Resolved,
        }
    }
}

crate::words::words! {
    /// What happens to time already counted when a new severity is measured on another calendar.
    pub enum CalendarChange {
        /// It stays counted: each stretch counts on the calendar of the severity it had then.
        Keep = "keep",
        /// Everything is counted again on the new calendar, from the start of the clock.
        Recount = "recount",
    }
}

crate::words::words! {
    /// Which period an incident belongs to, of the agreement that is in force when it is opened. Until that is decided, it
    /// belongs to the period that the instant of asking lies in. What lies after the last date in force, or is undecided
    /// then, belongs to the last period. So an open incident is never lost, and counts once.
    pub enum CountBy {
        /// The one in which it was opened.
        Opened = "opened",
        /// The one in which the clock is due. Delivered or withdrawn from a pause, when nothing was due, the one in which
        /// that happened.
        Due = "due",
        /// The one in which it was resolved or withdrawn.
        Resolved = "resolved",
    }
}

/// What starts, stops and pauses a clock.
///
/// # Example
///
/// ```
/// use sla::{Rules, Start, Stop};
///
/// let rules = Rules::resolution()
///     .with_start(Start::Detected)
///     .with_stop(&[Stop::Workaround, Stop::Resolved])
///     .with_pause(&["awaiting-customer"]);
/// assert_eq!(rules.pause, ["awaiting-customer"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Rules {
    /// The fact that starts it.
    pub start: Start,
    /// The facts of which the first stops it.
    pub stop: Vec<Stop>,
    /// The statuses during which it does not count. None by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pause: Vec<String>,
    /// Needed where severities are measured on different calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_change: Option<CalendarChange>,
}

impl Rules {
    /// From opening until the first acknowledgement, reply or resolution. Nothing pauses it.
    pub fn response() -> Self {
        let stop = [Stop::Acknowledged, Stop::AgentReply, Stop::Resolved].to_vec();
        Self {
            start: Start::Opened,
            stop,
            pause: Vec::new(),
            calendar_change: None,
        }
    }

    /// From opening until resolution. Which statuses pause it, the caller adds.
    pub fn resolution() -> Self {
        Self {
            start: Start::Opened,
            stop: [Stop::Resolved].to_vec(),
            pause: Vec::new(),
            calendar_change: None,
        }
    }

    /// The same rules with another start.
    #[must_use]
    pub fn with_start(self, start: Start) -> Self {
        Self { start, ..self }
    }

    /// The same rules with other stops.
    #[must_use]
    pub fn with_stop(self, stop: &[Stop]) -> Self {
        Self {
            stop: stop.to_vec(),
            ..self
        }
    }

    /// The same rules, pausing in these statuses and no others.
    #[must_use]
    pub fn with_pause(self, statuses: &[&str]) -> Self {
        Self {
            pause: statuses.iter().map(ToString::to_string).collect(),
            ..self
        }
    }

    /// The same rules with what happens when the calendar changes.
    #[must_use]
    pub fn with_calendar_change(self, calendar_change: CalendarChange) -> Self {
        Self {
            calendar_change: Some(calendar_change),
            ..self
        }
    }

    /// Finds what contradicts itself in the rules.
    ///
    /// # Errors
    ///
    /// [`Problems`]: nothing stops the clock, or the fact that starts it also stops it.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.stop.is_empty() {
            problems.push(
                "stop",
                "expected at least one fact that stops the clock, found none",
            );
        }
        if self.stop.iter().any(|stop| stop.event() == self.start.event()) {
            problems.push(
                "stop",
                format!("`{}` starts the clock and cannot stop it", self.start.event()),
            );
        }
        for (index, stop) in self.stop.iter().enumerate() {
            if self.stop.iter().take(index).any(|earlier| earlier == stop) {
                problems.push(format!("stop[{index}]"), format!("`{stop}` stands there twice"));
                break; // each more would be the same problem again
            }
        }
        for (index, status) in self.pause.iter().enumerate() {
            check_name(&mut problems, &format!("pause[{index}]"), status);
        }
        problems.finish()
    }
}

/// How much time a severity grants, and on which calendar it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct SeverityTarget {
    /// The id of the severity.
    pub severity: String,
    /// The time it grants.
    pub within: Allowance,
    /// The id of the calendar that working time counts on. Wall time needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}

/// A clock of an agreement: its rules and its target for each severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct ClockTerms {
    /// Unique among clocks.
    pub id: String,
    /// What starts, stops and pauses it.
    pub rules: Rules,
    /// Which period an incident belongs to.
    pub count_by: CountBy,
    /// The time each severity grants. A severity that is not listed has no target: it is not judged.
    pub targets: Vec<SeverityTarget>,
}

canonical_struct!(Rules {
    start,
    stop,
    pause,
    calendar_change
});
canonical_struct!(SeverityTarget {
    severity,
    within,
    calendar
});
canonical_struct!(ClockTerms {
    id,
    rules,
    count_by,
    targets
});

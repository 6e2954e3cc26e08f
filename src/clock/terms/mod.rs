//! The terms of a clock: what starts, stops and pauses it, and how much time each severity grants.
//!
//! This module owns these choices and which of them contradict each other. Carrying them out is left to `run` and `lap`.

mod target;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::record::{EventName, check_name};

pub use target::TargetTerms;

/// The key of the target that severities have which the table does not list.
pub(crate) const DEFAULT: &str = "default";

crate::words::words! {
    /// Which target a clock has after a change of severity, and what of the time before it counts.
    ///
    /// The clock runs on from where it started. The two ways differ only where the severities count time on different
    /// calendars.
    ///
    /// # Example: an hour at night, on a clock that is lowered to office hours
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WallTime, WorkingTime};
    /// use sla::clock::{ClockTarget, Rules, SeverityChange};
    /// use sla::record::EventKind;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let goals = [
    ///     ("P1".to_string(), ClockTarget::wall(WallTime::hours(4))),
    ///     ("P3".to_string(), ClockTarget::working(WorkingTime::hours(8), &desk)),
    /// ];
    /// let incident = Incident::opened("INC-7", "P1", "2026-03-03T05:00:00Z".parse()?)
    ///     .with("2026-03-03T06:00:00Z".parse()?, EventKind::SeverityChanged { severity: "P3".into() });
    /// let elapsed = |change| {
    ///     let rules = Rules::resolution().with_severity_change(change);
    ///     let clock = Clock::new("resolution", rules, goals.to_vec())?;
    ///     let history = incident.history("2026-03-03T10:00:00Z".parse().unwrap())?;
    ///     Ok::<_, sla::error::Problems>(clock.read(&history).unwrap().elapsed.as_nanoseconds() / 3_600_000_000_000)
    /// };
    /// assert_eq!(elapsed(SeverityChange::FromOpeningKept)?, 2); // an hour at night, and one since nine
    /// assert_eq!(elapsed(SeverityChange::FromOpeningRecounted)?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum SeverityChange {
        /// Time stays as it was counted: each stretch counts on the calendar of the severity it had then.
        FromOpeningKept = "from opening, kept",
        /// All time since the start is counted again on the calendar of the new severity.
        FromOpeningRecounted = "from opening, recounted",
    }
}

impl SeverityChange {
    /// What is wrong where severities count time on different calendars and nothing is said.
    pub(crate) const MISSING: &str = "severities count time on different calendars: expected `from opening, kept` or \
         `from opening, recounted`, found nothing";
}

crate::words::words! {
    /// Which statement period an incident is attributed to.
    ///
    /// Until that is decided, it is attributed to the period of the instant of asking. What lies after the last date in force,
    /// or is undecided then, is attributed to the last period. So an open incident is never lost, and counts once.
    pub enum CountedWhen {
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
/// # Example: a resolution clock that starts when monitoring notices
///
/// ```
/// use sla::clock::{Condition, Rules};
/// use sla::record::EventName;
///
/// let rules = Rules::resolution()
///     .with_start(EventName::Detected)
///     .with_stop([EventName::Workaround, EventName::Resolved])
///     .with_pause([Condition::status("awaiting-customer")]);
/// assert_eq!(rules.pause[0].to_string(), "status:awaiting-customer");
/// assert!(rules.check().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Rules {
    /// The event that starts it: `detected`, `opened` or `acknowledged`. An incident that was never detected has no clock
    /// that starts so, and is not judged.
    pub start: Condition,
    /// The events of which the first stops it: `acknowledged`, `public_reply`, `workaround` or `resolved`. A reopening makes a
    /// clock run on that a workaround or the resolution has stopped.
    pub stop: Vec<Condition>,
    /// The statuses during which it does not count. None by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pause: Vec<Condition>,
    /// What happens when the severity is raised. Needed where severities count time on different calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_raise: Option<SeverityChange>,
    /// What happens when the severity is lowered: the same as when it is raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_lower: Option<SeverityChange>,
}

impl Rules {
    /// Creates the rules of a response clock: from opening until the first acknowledgement, public reply or resolution.
    /// Nothing pauses it.
    pub fn response() -> Self {
        Self::from_opening(&[
            EventName::Acknowledged,
            EventName::PublicReply,
            EventName::Resolved,
        ])
    }

    /// Creates the rules of a resolution clock: from opening until resolution. Which statuses pause it, the caller adds.
    pub fn resolution() -> Self {
        Self::from_opening(&[EventName::Resolved])
    }

    fn from_opening(stop: &[EventName]) -> Self {
        Self {
            start: Condition::Event(EventName::Opened),
            stop: stop.iter().copied().map(Condition::Event).collect(),
            pause: Vec::new(),
            on_raise: None,
            on_lower: None,
        }
    }

    /// Returns the same rules with another start.
    #[must_use]
    pub fn with_start(self, start: impl Into<Condition>) -> Self {
        let start = start.into();
        Self { start, ..self }
    }

    /// Returns the same rules with other stops, of which the first to happen stops the clock.
    #[must_use]
    pub fn with_stop(self, stop: impl IntoIterator<Item = impl Into<Condition>>) -> Self {
        let stop = stop.into_iter().map(Into::into).collect();
        Self { stop, ..self }
    }

    /// Returns the same rules, pausing while one of these conditions holds and at no other time.
    #[must_use]
    pub fn with_pause(self, pause: impl IntoIterator<Item = impl Into<Condition>>) -> Self {
        let pause = pause.into_iter().map(Into::into).collect();
        Self { pause, ..self }
    }

    /// Returns the same rules with what happens when the severity is raised or lowered.
    #[must_use]
    pub fn with_severity_change(self, change: SeverityChange) -> Self {
        let change = Some(change);
        Self {
            on_raise: change,
            on_lower: change,
            ..self
        }
    }

    /// Finds what contradicts itself in the rules.
    ///
    /// # Errors
    ///
    /// [`Problems`]: nothing stops the clock, the event that starts it also stops it, a condition that cannot start, stop or
    /// pause a clock, one that is listed twice, another treatment of lowered severities than of raised ones.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        self.check_start(&mut problems);
        self.check_stop(&mut problems);
        for (index, condition) in self.pause.iter().enumerate() {
            let path = format!("pause[{index}]");
            match condition {
                Condition::Status(status) => check_name(&mut problems, &path, status),
                Condition::Event(_) => {
                    let what = format!("expected a status such as `status:on-hold`, found `{condition}`");
                    problems.push(path, what);
                }
            }
        }
        if self.on_raise != self.on_lower {
            let what = match self.on_raise {
                Some(raised) => format!("expected `{raised}` as for `on_raise`"),
                None => String::from("expected nothing as for `on_raise`"),
            };
            problems.push("on_lower", what);
        }
        problems.finish()
    }

    fn check_start(&self, problems: &mut ProblemList) {
        let starts = [EventName::Detected, EventName::Opened, EventName::Acknowledged];
        if !starts.iter().any(|event| self.start.is(*event)) {
            let expected = "expected `detected`, `opened` or `acknowledged`";
            problems.push("start", format!("{expected}, found `{}`", self.start));
        }
    }

    fn check_stop(&self, problems: &mut ProblemList) {
        let stops = [
            EventName::Acknowledged,
            EventName::PublicReply,
            EventName::Workaround,
            EventName::Resolved,
        ];
        if self.stop.is_empty() {
            problems.push(
                "stop",
                "expected at least one event that stops the clock, found none",
            );
        }
        for (index, stop) in self.stop.iter().enumerate() {
            let path = format!("stop[{index}]");
            if !stops.iter().any(|event| stop.is(*event)) {
                let expected = "expected `acknowledged`, `public_reply`, `workaround` or `resolved`";
                problems.push(path, format!("{expected}, found `{stop}`"));
            } else if *stop == self.start {
                problems.push(path, format!("`{stop}` starts the clock and cannot stop it"));
            } else if self.stop.iter().take(index).any(|earlier| earlier == stop) {
                problems.push(path, format!("duplicate entry `{stop}`"));
                break; // each more would be the same problem again
            }
        }
    }
}

/// A clock of an agreement: its rules, and a target for each severity.
///
/// As a document, here in TOML:
///
/// ```
/// # let text = r#"
/// start = "opened"
/// stop = ["workaround", "resolved"]
/// pause = ["status:awaiting-customer"]
/// counted_when = "opened"
/// targets = { P1 = "4 h on 24x7", P2 = "8 h on office", default = "2 business days on office, by close" }
/// on_raise = "from opening, kept"
/// on_lower = "from opening, kept"
/// # "#;
/// # let clock: sla::clock::ClockTerms = toml::from_str(text).unwrap();
/// # assert_eq!(clock.targets.len(), 3);
/// # assert!(clock.rules().check().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct ClockTerms {
    /// The event that starts it: see [`Rules::start`].
    pub start: Condition,
    /// The events of which the first stops it: see [`Rules::stop`].
    pub stop: Vec<Condition>,
    /// The statuses during which it does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pause: Vec<Condition>,
    /// Which period an incident is attributed to.
    pub counted_when: CountedWhen,
    /// The target of each severity. `default` is that of every severity that is not listed; without it they have none and
    /// are not judged.
    #[serde(deserialize_with = "crate::text::tables::distinct_keys")]
    pub targets: BTreeMap<String, TargetTerms>,
    /// What happens when the severity is raised. Needed where severities count time on different calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_raise: Option<SeverityChange>,
    /// What happens when the severity is lowered: the same as when it is raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_lower: Option<SeverityChange>,
}

impl ClockTerms {
    /// Returns its rules, without its targets.
    pub fn rules(&self) -> Rules {
        Rules {
            start: self.start.clone(),
            stop: self.stop.clone(),
            pause: self.pause.clone(),
            on_raise: self.on_raise,
            on_lower: self.on_lower,
        }
    }

    /// Returns the target of a severity, if it has one.
    pub(crate) fn target(&self, severity: &str) -> Option<&TargetTerms> {
        self.targets.get(severity).or_else(|| self.targets.get(DEFAULT))
    }
}

canonical_struct!(Rules {
    start,
    stop,
    pause,
    on_raise,
    on_lower
});
canonical_struct!(ClockTerms {
    start,
    stop,
    pause,
    counted_when,
    targets,
    on_raise,
    on_lower
});

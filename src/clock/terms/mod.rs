//! The terms of a clock: what starts, stops and pauses it, and how much time each severity grants.
//!
//! This module owns these choices and which of them contradict each other. Carrying them out is
//! left to `run` and `lap`.

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
    /// What of the time before a change of severity counts for the target of the new severity.
    ///
    /// With either choice the new severity's target applies from the change on, and the clock is
    /// not restarted. The two choices differ only where the severities count time on different
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
    /// let targets = [
    ///     ("P1".to_string(), ClockTarget::wall(WallTime::hours(4))),
    ///     ("P3".to_string(), ClockTarget::working(WorkingTime::hours(8), &desk)),
    /// ];
    /// let incident = Incident::opened("INC-7", "P1", "2026-03-03T05:00:00Z".parse()?)
    ///     .with("2026-03-03T06:00:00Z".parse()?, EventKind::SeverityChanged { severity: "P3".into() });
    /// let elapsed = |change| -> Result<_, Box<dyn std::error::Error>> {
    ///     let rules = Rules::resolution().with_severity_change(change);
    ///     let clock = Clock::new("resolution", rules, targets.to_vec())?;
    ///     Ok(clock.read(&incident.history("2026-03-03T10:00:00Z".parse()?)?)?.elapsed)
    /// };
    /// // Kept: the hour at night, and the hour since nine. Recounted: the hour since nine.
    /// assert_eq!(elapsed(SeverityChange::FromOpeningKept)?, WorkingTime::hours(2).into());
    /// assert_eq!(elapsed(SeverityChange::FromOpeningRecounted)?, WorkingTime::hours(1).into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum SeverityChange {
        /// Counted time stays: each stretch counts on the calendar of the severity that it had
        /// then.
        FromOpeningKept = "from opening, kept",
        /// All time since the start is counted again, on the calendar of the new severity.
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
    /// An incident whose period is not decided yet, such as an open one that is counted when it is
    /// resolved, belongs to the period of the instant of asking. If it is not decided by the
    /// last date on which the agreement is in force, it belongs to the last period. So every
    /// incident counts, and counts once.
    ///
    /// # Example: the word in a document
    ///
    /// ```
    /// use sla::clock::CountedWhen;
    ///
    /// assert_eq!("resolved".parse(), Ok(CountedWhen::Resolved));
    /// assert_eq!(CountedWhen::Opened.to_string(), "opened");
    /// ```
    pub enum CountedWhen {
        /// The period in which the incident was opened.
        Opened = "opened",
        /// The period in which the clock is due. An incident that is delivered or cancelled during
        /// a pause, when its clock has no due, belongs to the period in which that happens.
        Due = "due",
        /// The period in which the incident was resolved or cancelled.
        Resolved = "resolved",
    }
}

/// The rules of a clock: what starts, stops and pauses it, and what a change of severity does.
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
    /// The event that starts the clock: `detected`, `opened` or `acknowledged`. An incident that
    /// can no longer have that event has no clock and is not judged.
    pub start: Condition,
    /// The events that stop the clock; the first to happen does: `acknowledged`, `public_reply`,
    /// `workaround` or `resolved`. After a reopening, a clock that a workaround or the resolution
    /// stopped runs on.
    #[serde(deserialize_with = "crate::text::tables::list")]
    pub stop: Vec<Condition>,
    /// The statuses during which the clock does not count. None by default.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub pause: Vec<Condition>,
    /// What happens when the severity is raised. Required where severities count time on different
    /// calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_raise: Option<SeverityChange>,
    /// What happens when the severity is lowered. Must equal `on_raise`: both are written, or
    /// neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_lower: Option<SeverityChange>,
}

impl Rules {
    /// Creates the rules of a response clock: it runs from opening to the first acknowledgement,
    /// public reply or resolution. Nothing pauses it.
    ///
    /// # Example: what stops a response clock
    ///
    /// ```
    /// use sla::clock::{Condition, Rules};
    /// use sla::record::EventName;
    ///
    /// let rules = Rules::response();
    /// assert_eq!(rules.start, Condition::Event(EventName::Opened));
    /// assert!(rules.stop.contains(&Condition::Event(EventName::PublicReply)));
    /// assert!(rules.pause.is_empty());
    /// ```
    pub fn response() -> Self {
        Self::from_opening(&[
            EventName::Acknowledged,
            EventName::PublicReply,
            EventName::Resolved,
        ])
    }

    /// Creates the rules of a resolution clock: it runs from opening to resolution. Nothing pauses
    /// it until [`Rules::with_pause`] says what does.
    ///
    /// # Example: what stops a resolution clock
    ///
    /// ```
    /// use sla::clock::{Condition, Rules};
    /// use sla::record::EventName;
    ///
    /// assert_eq!(Rules::resolution().stop, [Condition::Event(EventName::Resolved)]);
    /// ```
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

    /// Returns the rules with another start.
    ///
    /// # Example: from the acknowledgement on
    ///
    /// ```
    /// use sla::clock::Rules;
    /// use sla::record::EventName;
    ///
    /// let rules = Rules::resolution().with_start(EventName::Acknowledged);
    /// assert_eq!(rules.start.to_string(), "acknowledged");
    /// ```
    #[must_use]
    pub fn with_start(self, start: impl Into<Condition>) -> Self {
        let start = start.into();
        Self { start, ..self }
    }

    /// Returns the rules with other stops. The first of them to happen stops the clock.
    ///
    /// # Example: a workaround is enough
    ///
    /// ```
    /// use sla::clock::Rules;
    /// use sla::record::EventName;
    ///
    /// let rules = Rules::resolution().with_stop([EventName::Workaround, EventName::Resolved]);
    /// assert_eq!(rules.stop.len(), 2);
    /// ```
    #[must_use]
    pub fn with_stop(self, stop: impl IntoIterator<Item = impl Into<Condition>>) -> Self {
        let stop = stop.into_iter().map(Into::into).collect();
        Self { stop, ..self }
    }

    /// Returns the rules with other pauses: the clock pauses while one of these conditions holds.
    ///
    /// # Example: two statuses that pause
    ///
    /// ```
    /// use sla::clock::{Condition, Rules};
    ///
    /// let rules = Rules::resolution()
    ///     .with_pause([Condition::status("awaiting-customer"), Condition::status("awaiting-vendor")]);
    /// assert_eq!(rules.pause[1].to_string(), "status:awaiting-vendor");
    /// ```
    #[must_use]
    pub fn with_pause(self, pause: impl IntoIterator<Item = impl Into<Condition>>) -> Self {
        let pause = pause.into_iter().map(Into::into).collect();
        Self { pause, ..self }
    }

    /// Returns the rules with what happens when the severity is raised or lowered.
    ///
    /// # Example: keep the time as it was counted
    ///
    /// ```
    /// use sla::clock::{Rules, SeverityChange};
    ///
    /// let rules = Rules::resolution().with_severity_change(SeverityChange::FromOpeningKept);
    /// assert_eq!(rules.on_raise, Some(SeverityChange::FromOpeningKept));
    /// assert_eq!(rules.on_lower, rules.on_raise);
    /// ```
    #[must_use]
    pub fn with_severity_change(self, change: SeverityChange) -> Self {
        let change = Some(change);
        Self {
            on_raise: change,
            on_lower: change,
            ..self
        }
    }

    /// Checks the rules for contradictions.
    ///
    /// # Example: a clock that stops as it starts
    ///
    /// ```
    /// use sla::clock::Rules;
    /// use sla::record::EventName;
    ///
    /// let rules = Rules::resolution().with_start(EventName::Acknowledged).with_stop([EventName::Acknowledged]);
    /// assert_eq!(
    ///     rules.check().unwrap_err().to_string(),
    ///     "stop[0]: `acknowledged` starts the clock and cannot stop it"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`], all at once: no stop, an event that both starts and stops the clock, a
    /// condition that cannot start, stop or pause a clock, a duplicate condition, `on_lower` other
    /// than `on_raise`.
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
            let shown = |change: Option<SeverityChange>| {
                change.map_or(String::from("nothing"), |change| format!("`{change}`"))
            };
            let (expected, found) = (shown(self.on_raise), shown(self.on_lower));
            let what = format!("expected {expected} as for `on_raise`, found {found}");
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

/// The terms of a clock in an agreement: its rules, and a target for each severity.
///
/// # Example: a resolution clock as TOML
///
/// ```
/// use sla::clock::ClockTerms;
///
/// let clock: ClockTerms = toml::from_str(
///     r#"
/// start = "opened"
/// stop = ["workaround", "resolved"]
/// pause = ["status:awaiting-customer"]
/// counted_when = "opened"
/// targets = { P1 = "4 h on 24x7", P2 = "8 h on office", default = "2 business days on office, by close" }
/// on_raise = "from opening, kept"
/// on_lower = "from opening, kept"
/// "#,
/// )?;
/// assert_eq!(clock.targets.len(), 3);
/// assert!(clock.rules().check().is_ok());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct ClockTerms {
    /// The event that starts the clock: see [`Rules::start`].
    pub start: Condition,
    /// The events that stop the clock; the first to happen does: see [`Rules::stop`].
    #[serde(deserialize_with = "crate::text::tables::list")]
    pub stop: Vec<Condition>,
    /// The statuses during which the clock does not count.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub pause: Vec<Condition>,
    /// Which statement period an incident is attributed to.
    pub counted_when: CountedWhen,
    /// The target of each severity. `default` is the target of every severity that is not listed;
    /// without it, those have no target and are not judged.
    #[serde(deserialize_with = "crate::text::tables::distinct_keys")]
    pub targets: BTreeMap<String, TargetTerms>,
    /// What happens when the severity is raised. Required where severities count time on different
    /// calendars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_raise: Option<SeverityChange>,
    /// What happens when the severity is lowered. Must equal `on_raise`: both are written, or
    /// neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_lower: Option<SeverityChange>,
}

impl ClockTerms {
    /// Returns the rules of the clock, without its targets.
    ///
    /// # Example: from terms to rules
    ///
    /// ```
    /// use sla::clock::{ClockTerms, Rules};
    ///
    /// let clock: ClockTerms = toml::from_str(
    ///     r#"
    /// start = "opened"
    /// stop = ["resolved"]
    /// counted_when = "opened"
    /// targets = { default = "8 h on office" }
    /// "#,
    /// )?;
    /// assert_eq!(clock.rules(), Rules::resolution());
    /// # Ok::<(), toml::de::Error>(())
    /// ```
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

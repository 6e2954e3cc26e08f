//! What a clock shows: the reading as data.
//!
//! This module owns [`Reading`] and its parts. How it is made is left to `reader` and `lap`.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::elapsed::Elapsed;
use super::no_due::NoDue;
use crate::record::EventName;
use crate::time::allowance::Allowance;
use crate::time::amount::WallTime;

crate::words::words! {
    /// What a clock is doing at an instant.
    ///
    /// # Example: before the desk opens
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::State;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-02T06:00:00Z".parse()?);
    /// let reading = clock.read(&incident.history("2026-03-02T07:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.state, State::OutsideHours);
    /// assert_eq!(reading.state.to_string(), "outside_hours");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum State {
        /// The event that starts the clock has not happened.
        NotStarted = "not_started",
        /// The clock counts.
        Running = "running",
        /// The clock runs, but service hours do not, so nothing counts.
        OutsideHours = "outside_hours",
        /// A status pauses the clock.
        Paused = "paused",
        /// An event stopped the clock, such as the resolution.
        Stopped = "stopped",
        /// The incident was cancelled.
        Cancelled = "cancelled",
    }
}

crate::words::words! {
    /// How a clock is judged.
    ///
    /// Where several outcomes apply, the first of this order holds: excused, cancelled, breached,
    /// pending, met.
    ///
    /// # Example: open and late
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::Outcome;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::resolution(WorkingTime::hours(1), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-02T09:00:00Z".parse()?);
    /// let outcome_at = |as_of: &str| -> Result<Outcome, Box<dyn std::error::Error>> {
    ///     Ok(clock.read(&incident.history(as_of.parse()?)?)?.outcome)
    /// };
    /// assert_eq!(outcome_at("2026-03-02T10:00:00Z")?, Outcome::Pending); // still in time
    /// assert_eq!(outcome_at("2026-03-02T10:00:01Z")?, Outcome::Breached);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum Outcome {
        /// Delivered at or before the due.
        Met = "met",
        /// Delivered after the due, or not delivered although the due has passed.
        Breached = "breached",
        /// Not delivered, and the due has not passed. Or delivered, but the calendars do
        /// not know enough to tell whether the due lay before the delivery.
        Pending = "pending",
        /// An adjustment excuses the incident on this clock.
        Excused = "excused",
        /// The incident was cancelled.
        Cancelled = "cancelled",
        /// The severity has no target, or the clock never started and can no longer start.
        NotJudged = "not_judged",
    }
}

/// A target that was missed. A breach stays in the history whatever happens later.
///
/// # Example: a resolution an hour late
///
/// ```
/// use sla::{Clock, Hours, Incident, WorkingTime};
/// use sla::record::EventKind;
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(1), &desk);
/// let incident = Incident::opened("INC-7", "P3", "2026-03-02T09:00:00Z".parse()?)
///     .with("2026-03-02T11:00:00Z".parse()?, EventKind::Resolved);
/// let reading = clock.read(&incident.history("2026-03-03T00:00:00Z".parse()?)?)?;
/// assert_eq!(reading.breaches.len(), 1);
/// assert_eq!(reading.breaches[0].due.to_rfc3339(), "2026-03-02T10:00:00+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Breach {
    /// The severity whose target was missed.
    pub severity: Option<String>,
    /// The due, which is also the instant of the breach.
    #[serde(with = "crate::time::instant::text")]
    pub due: DateTime<Utc>,
}

/// A life of a clock that ended before the incident was reopened.
///
/// # Example: a resolution that did not hold
///
/// ```
/// use sla::{Clock, Hours, Incident, WorkingTime};
/// use sla::record::{EventKind, EventName};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
/// let incident = Incident::opened("INC-7", "P3", "2026-03-02T09:00:00Z".parse()?)
///     .with("2026-03-02T11:00:00Z".parse()?, EventKind::Resolved)
///     .with("2026-03-02T15:00:00Z".parse()?, EventKind::Reopened);
/// let reading = clock.read(&incident.history("2026-03-02T16:00:00Z".parse()?)?)?;
/// assert_eq!(reading.cycles.len(), 1);
/// assert_eq!(reading.cycles[0].by, EventName::Resolved);
/// assert_eq!(reading.elapsed, WorkingTime::hours(3).into()); // the time it stood resolved is not counted
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cycle {
    /// The instant at which the cycle began.
    #[serde(with = "crate::time::instant::text")]
    pub started: DateTime<Utc>,
    /// The instant at which it was stopped.
    #[serde(with = "crate::time::instant::text")]
    pub stopped: DateTime<Utc>,
    /// The event that stopped it.
    pub by: EventName,
}

/// What a clock shows as of an instant. Returned by [`Clock::read`](crate::Clock::read).
///
/// # Example: set a timer instead of polling
///
/// ```
/// use sla::{Clock, Hours, Incident, WorkingTime};
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
/// let incident = Incident::opened("INC-7", "P3", "2026-03-02T15:00:00Z".parse()?); // Monday
/// let reading = clock.read(&incident.history("2026-03-02T16:00:00Z".parse()?)?)?;
/// assert_eq!(reading.elapsed, WorkingTime::hours(1).into());
/// assert_eq!(reading.due, Some("2026-03-03T15:00:00Z".parse()?));
/// assert_eq!(reading.next_change, Some("2026-03-02T17:00:00Z".parse()?)); // the desk closes
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reading {
    /// What the clock is doing.
    pub state: State,
    /// The severity whose target is in force.
    pub severity: Option<String>,
    /// The instant at which the clock started.
    #[serde(with = "crate::time::instant::optional_text")]
    pub started: Option<DateTime<Utc>>,
    /// The instant at which the clock was stopped.
    #[serde(with = "crate::time::instant::optional_text")]
    pub stopped: Option<DateTime<Utc>>,
    /// The instant at which the incident was cancelled.
    #[serde(with = "crate::time::instant::optional_text")]
    pub cancelled: Option<DateTime<Utc>>,
    /// The time that counted so far. Working time counts on the calendar of the target; wall time,
    /// a fixed instant and best effort count day and night. Without a target: the time that counted
    /// while there was one.
    pub elapsed: Elapsed,
    /// The wall time during which the clock was neither paused nor stopped.
    pub wall: WallTime,
    /// The time that the target grants.
    pub target: Option<Allowance>,
    /// The deadline. Delivery at or before it is in time. While the clock is paused there is no
    /// deadline, unless the granted time is used up. For a clock that was stopped or cancelled: the
    /// deadline it had.
    #[serde(with = "crate::time::instant::optional_text")]
    pub due: Option<DateTime<Utc>>,
    /// Why there is no deadline. Absent where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_due: Option<NoDue>,
    /// What is left of the granted time.
    pub remaining: Option<Elapsed>,
    /// What counted beyond the granted time.
    pub overdue: Option<Elapsed>,
    /// The due of the first missed target, in the order in which targets were in force. It stays
    /// even if a later severity granted more time. If the severity was raised when the new target
    /// was already used up, this is the due by the new target, which lies before the change.
    #[serde(with = "crate::time::instant::optional_text")]
    pub breached_at: Option<DateTime<Utc>>,
    /// Every breach in the history.
    pub breaches: Vec<Breach>,
    /// The earlier lives of a clock that was stopped and then ran on after a reopening.
    pub cycles: Vec<Cycle>,
    /// How the clock is judged, on the last target in force.
    pub outcome: Outcome,
    /// The first instant at which state, breach or outcome will differ if no further event happens.
    /// A service sets a timer to it instead of polling.
    #[serde(with = "crate::time::instant::optional_text")]
    pub next_change: Option<DateTime<Utc>>,
    /// The instant from which a calendar assumes that there are no further holidays and no further
    /// clock changes, where the reading rests on that: see
    /// [`Calendar::assumed_from`](crate::Calendar::assumed_from).
    #[serde(
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub assumed_from: Option<DateTime<Utc>>,
    /// The targets whose calendars assume it, by their places in the list the clock was made of, in
    /// order.
    #[serde(skip)]
    pub(crate) assuming: Vec<usize>,
}

//! What a clock shows: the reading as data.
//!
//! This module owns [`Reading`] and its parts. How it is made is `reader`'s and `lap`'s.

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
    /// How a clock stands at an instant.
    pub enum State {
        /// The fact that starts it has not happened.
        NotStarted = "not_started",
        /// It counts.
        Running = "running",
        /// It would count, but service hours do not run.
        OutsideHours = "outside_hours",
        /// A status pauses it.
        Paused = "paused",
        /// What it waits for was delivered.
        Stopped = "stopped",
        /// The incident was withdrawn.
        Cancelled = "cancelled",
    }
}

crate::words::words! {
    /// How a clock is judged. Where several apply, the order is excused, cancelled, breached, pending, met.
    pub enum Outcome {
        /// Delivered at or before due.
        Met = "met",
        /// Delivered after due, or not delivered although due has passed.
        Breached = "breached",
        /// Not delivered, and due has not passed; or delivered, but a due past all that is known may lie before that.
        Pending = "pending",
        /// An adjustment excuses it.
        Excused = "excused",
        /// Withdrawn.
        Cancelled = "cancelled",
        /// The severity has no target, or the clock never started and cannot start any more.
        NotJudged = "not_judged",
    }
}

/// A target that was missed. It stays in the history whatever happens later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Breach {
    /// The severity whose target it was.
    pub severity: Option<String>,
    /// The instant it was due, which is also the instant of the breach.
    #[serde(with = "crate::time::instant::text")]
    pub due: DateTime<Utc>,
}

/// A life of the clock that ended before the incident was reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cycle {
    /// When it began.
    #[serde(with = "crate::time::instant::text")]
    pub started: DateTime<Utc>,
    /// When it was stopped.
    #[serde(with = "crate::time::instant::text")]
    pub stopped: DateTime<Utc>,
    /// By which fact.
    pub by: EventName,
}

/// What a clock shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reading {
    /// How it stands.
    pub state: State,
    /// The severity whose target it has.
    pub severity: Option<String>,
    /// When it started.
    #[serde(with = "crate::time::instant::optional_text")]
    pub started: Option<DateTime<Utc>>,
    /// When it was stopped.
    #[serde(with = "crate::time::instant::optional_text")]
    pub stopped: Option<DateTime<Utc>>,
    /// When the incident was withdrawn.
    #[serde(with = "crate::time::instant::optional_text")]
    pub cancelled: Option<DateTime<Utc>>,
    /// What counted so far: on the calendar of the target, or day and night for one in wall time, until an instant or
    /// of best effort. Without a target: what counted while there was one.
    pub elapsed: Elapsed,
    /// Wall time during which it was neither paused nor stopped.
    pub wall: WallTime,
    /// The time that the target grants.
    pub target: Option<Allowance>,
    /// The deadline. Delivered at or before it is in time. While paused there is none, unless the allowance is
    /// used up. For a clock that was stopped or cancelled, the deadline it had.
    #[serde(with = "crate::time::instant::optional_text")]
    pub due: Option<DateTime<Utc>>,
    /// Why there is no deadline. Absent where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_due: Option<NoDue>,
    /// What is left of the allowance.
    pub remaining: Option<Elapsed>,
    /// What counted beyond the allowance.
    pub overdue: Option<Elapsed>,
    /// The due of the first target that was missed, in the order in which targets were in force, also if a later
    /// severity granted more. A severity that was raised too late to be met was due before it was in force.
    #[serde(with = "crate::time::instant::optional_text")]
    pub breached_at: Option<DateTime<Utc>>,
    /// Every breach in the history.
    pub breaches: Vec<Breach>,
    /// The earlier lives of a clock that was stopped and made to run on.
    pub cycles: Vec<Cycle>,
    /// How it is judged, on the target it has last.
    pub outcome: Outcome,
    /// The first instant at which state, breach or outcome differ although nothing new is observed. A service sets
    /// a timer to it instead of polling.
    #[serde(with = "crate::time::instant::optional_text")]
    pub next_change: Option<DateTime<Utc>>,
    /// From when on a calendar assumes that no further holiday is listed and clocks are not changed again, where the reading
    /// rests on that: see [`Calendar::assumed_from`](crate::Calendar::assumed_from).
    #[serde(
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub assumed_from: Option<DateTime<Utc>>,
    /// The targets whose calendars assume it, by their places in the list the clock was made of, in order.
    #[serde(skip)]
    pub(crate) assuming: Vec<usize>,
}

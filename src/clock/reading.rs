//! Targets laid over a replay: due, left, missed, and the trace that shows it.
//!
//! Owns [`Clock`], [`Reading`] and the trace. Which facts start, stop and pause the clock is `replay`'s; when hours
//! run is the calendar's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::goal::Goal;
use super::replay::{Mode, Replay, Standing, Stretch, replay};
use super::terms::{CalendarChange, Rules, Start};
use crate::calendar::Calendar;
use crate::error::{ProblemList, Problems, QueryError};
use crate::record::{EventName, History};
use crate::time::allowance::{Allowance, WallTime, WorkingTime};
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// A clock: rules, and a target for each severity or one for all.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Clock, EventKind, Hours, Incident, Outcome, Rules, State, WorkingTime};
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk)
///     .with_rules(Rules::resolution().with_pause(&["awaiting-customer"]))?;
///
/// let incident = Incident::opened("INC-7", "P3", at(2, 15)) // Monday
///     .with(at(2, 16), EventKind::Status("awaiting-customer".into()))
///     .with(at(3, 12), EventKind::Status("in-progress".into()));
/// let reading = clock.read(&incident.history(at(3, 13))?)?;
/// assert_eq!(reading.state, State::Running);
/// assert_eq!(reading.elapsed, WorkingTime::hours(2)); // one on Monday, one on Tuesday
/// assert_eq!(reading.due, Some(at(4, 11)));
/// assert_eq!(reading.next_change, Some(at(3, 17))); // the desk closes
/// assert_eq!(reading.outcome, Outcome::Pending);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
///
/// A reading is linear in the incident's events; each asks the calendar once or twice, at no more cost for a distant
/// due than for a near one.
#[derive(Debug, Clone)]
pub struct Clock {
    id: String,
    rules: Rules,
    /// By severity; `None` holds for every severity.
    goals: Vec<(Option<String>, Goal)>,
}

impl Clock {
    /// A clock with a goal for each severity. A severity without one is not judged.
    ///
    /// # Errors
    ///
    /// [`Problems`] of the rules, a severity that stands there twice, and goals on different calendars where the
    /// rules do not say what happens when a severity changes. Calendars that were compiled apart are different ones, even
    /// of equal hours; clones of one are not.
    pub fn new(id: &str, rules: Rules, goals: Vec<(String, Goal)>) -> Result<Self, Problems> {
        let mut problems = ProblemList::default();
        for (index, (severity, _)) in goals.iter().enumerate() {
            if goals.iter().take(index).any(|(earlier, _)| earlier == severity) {
                problems.push(
                    format!("targets[{index}].severity"),
                    format!("`{severity}` stands there twice"),
                );
            }
        }
        problems.finish()?;
        let goals = goals
            .into_iter()
            .map(|(severity, goal)| (Some(severity), goal))
            .collect();
        Self {
            id: id.to_string(),
            rules: Rules::resolution(),
            goals,
        }
        .with_rules(rules)
    }

    /// From opening to the first acknowledgement, reply or resolution, with one target for every severity.
    pub fn response(within: WorkingTime, calendar: &Calendar) -> Self {
        let goals = [(None, Goal::working(within, calendar))].into();
        Self {
            id: String::from("response"),
            rules: Rules::response(),
            goals,
        }
    }

    /// From opening to resolution, with one target for every severity.
    pub fn resolution(within: WorkingTime, calendar: &Calendar) -> Self {
        let goals = [(None, Goal::working(within, calendar))].into();
        Self {
            id: String::from("resolution"),
            rules: Rules::resolution(),
            goals,
        }
    }

    /// The same clock under other rules.
    ///
    /// # Errors
    ///
    /// [`Problems`] of the rules; see [`Clock::new`].
    pub fn with_rules(self, rules: Rules) -> Result<Self, Problems> {
        let mut problems = ProblemList::default();
        if let Err(found) = rules.check() {
            problems.extend("rules", &found);
        }
        let differ = self
            .goals
            .iter()
            .zip(self.goals.iter().skip(1))
            .any(|((_, left), (_, right))| !left.is_counted_like(right));
        if differ && rules.calendar_change.is_none() {
            problems.push(
                "rules.calendar_change",
                "severities are measured on different calendars: expected `keep` or `recount`, found nothing",
            );
        }
        problems.finish()?;
        Ok(Self { rules, ..self })
    }

    /// Its id, by which adjustments excuse incidents on it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Reads the clock at the instant the history was known at.
    ///
    /// # Errors
    ///
    /// [`QueryError`] if the calendar cannot answer, such as for a due past the dates its holidays are known for.
    pub fn read(&self, history: &History<'_>) -> Result<Reading, QueryError> {
        let replay = replay(history, &self.rules);
        let last = replay.severities.len().saturating_sub(1);
        let measured = self.measure(&replay, last)?;
        let goal = self.goal(&replay, last);
        let breaches = self.breaches(&replay, &measured)?;
        let as_of = history.as_of_instant();
        let state = state(&replay, goal, as_of)?;
        let outcome = self.outcome(history, &replay, goal, &measured);
        let allowed = granted(goal, &replay)?;
        Ok(Reading {
            state,
            severity: replay.severities.last().map(ToString::to_string),
            started: replay.started.map(Instant::to_utc),
            stopped: stopped(&replay).map(|(at, _)| at.to_utc()),
            cancelled: cancelled(&replay).map(Instant::to_utc),
            elapsed: WorkingTime::nanoseconds(measured.elapsed),
            wall: wall(&replay),
            target: goal.map(Goal::within),
            due: measured.due.map(Instant::to_utc),
            remaining: allowed
                .map(|allowed| WorkingTime::nanoseconds(allowed.saturating_sub(measured.elapsed))),
            overdue: allowed
                .map(|allowed| WorkingTime::nanoseconds(measured.elapsed.saturating_sub(allowed))),
            breached_at: breaches.first().map(|breach| breach.due),
            breaches,
            cycles: cycles(&replay),
            outcome,
            next_change: next_change(&replay, goal, measured.due, as_of)?.map(Instant::to_utc),
            assumed_from: self.assumed_from(&replay, &measured),
        })
    }

    /// Everything the clock did, span by span: what counted and by which rule, what did not and why.
    ///
    /// The spans follow one another without gaps from the start to the stop or to the instant of asking. Those that
    /// counted sum to [`Reading::elapsed`]; with those outside hours and those without a target they sum to
    /// [`Reading::wall`].
    ///
    /// # Errors
    ///
    /// As [`Clock::read`].
    ///
    /// # Cost
    ///
    /// Linear in the days that the clock ran.
    pub fn trace(&self, history: &History<'_>) -> Result<Vec<Span>, QueryError> {
        let replay = replay(history, &self.rules);
        let last = replay.severities.len().saturating_sub(1);
        let mut spans = Vec::new();
        for stretch in &replay.stretches {
            let over = Interval::clamped(stretch.from, stretch.until);
            let goal = self.counted_on(&replay, stretch, last);
            match (stretch.mode, goal.map(|goal| goal.calendar())) {
                (Mode::Running, Some(Some(calendar))) => {
                    let hours = calendar.explain_between(over)?.into_iter();
                    spans.extend(hours.map(|part| {
                        let kind = if part.is_open() {
                            SpanKind::Counted
                        } else {
                            SpanKind::Closed
                        };
                        Span {
                            over: part.interval,
                            kind,
                            why: part.reason.to_string(),
                        }
                    }));
                }
                (Mode::Running, Some(None)) => {
                    spans.push(Span::new(over, SpanKind::Counted, "day and night"));
                }
                (Mode::Running, None) => {
                    spans.push(Span::new(
                        over,
                        SpanKind::Untargeted,
                        "the severity has no target",
                    ));
                }
                (Mode::Paused(status), _) => spans.push(Span::new(over, SpanKind::Paused, status)),
                (Mode::Stopped(by), _) => spans.push(Span::new(over, SpanKind::Stopped, &by.to_string())),
            }
        }
        spans.retain(|span| !span.over.is_empty());
        Ok(spans)
    }

    fn goal(&self, replay: &Replay<'_>, level: usize) -> Option<&Goal> {
        let severity = replay.severities.get(level).copied();
        let found = self
            .goals
            .iter()
            .find(|(of, _)| of.as_deref().is_none_or(|of| Some(of) == severity));
        found.map(|(_, goal)| goal)
    }

    /// The goal on whose calendar a stretch counts towards the goal of `level`.
    fn counted_on(&self, replay: &Replay<'_>, stretch: &Stretch<'_>, level: usize) -> Option<&Goal> {
        let considered = self.goal(replay, level);
        match self.rules.calendar_change {
            // A severity without a target has no calendar: its time counts on the one that is asked about.
            Some(CalendarChange::Keep) => self.goal(replay, stretch.level).or(considered),
            Some(CalendarChange::Recount) | None => considered,
        }
    }

    /// What counted until the end of a severity, and when its allowance is used up.
    fn measure(&self, replay: &Replay<'_>, level: usize) -> Result<Measured, QueryError> {
        let mut measured = Measured {
            elapsed: 0,
            due: None,
        };
        let goal = self.goal(replay, level);
        let mut left = granted(goal, replay)?;
        if left == Some(0) {
            measured.due = replay.started;
        }
        let stretches = || replay.stretches.iter().filter(|stretch| stretch.level <= level);
        for stretch in stretches().filter(|stretch| stretch.mode == Mode::Running) {
            let Some(counting) = self.counted_on(replay, stretch, level) else {
                continue;
            };
            let counted = counting.elapsed(stretch.from, stretch.until)?;
            if let (None, Some(rest)) = (measured.due, left.filter(|left| counted >= *left)) {
                measured.due = Some(counting.deadline(stretch.from, rest)?);
            }
            left = left.map(|left| left.saturating_sub(counted));
            measured.elapsed = measured.elapsed.saturating_add(counted);
        }
        let is_last = level.saturating_add(1) >= replay.severities.len();
        // What a clock did before it was stopped says what was due then.
        let end = stretches()
            .rfind(|stretch| !matches!(stretch.mode, Mode::Stopped(_)))
            .filter(|stretch| stretch.mode == Mode::Running);
        if let (true, None, Some(goal), Some(left), Some(end)) = (is_last, measured.due, goal, left, end) {
            measured.due = Some(goal.deadline(end.until, left)?);
        }
        let dated = goal
            .zip(replay.started)
            .and_then(|(goal, started)| goal.dated_due(started, stretches(), is_last && end.is_some()));
        if let Some(due) = dated {
            measured.due = due?;
        }
        Ok(measured)
    }

    /// From when on a calendar that the reading used assumes, if the reading reaches further.
    fn assumed_from(&self, replay: &Replay<'_>, measured: &Measured) -> Option<DateTime<Utc>> {
        let end = replay.stretches.last().map(|stretch| stretch.until);
        let reach = end.max(measured.due)?.to_utc();
        let goals = (0..replay.severities.len().max(1)).filter_map(|level| self.goal(replay, level));
        let assumed = goals.filter_map(|goal| goal.calendar()?.assumed_from());
        assumed.filter(|from| *from < reach).min()
    }

    /// Every target that was missed while its severity was in force, in order.
    fn breaches(&self, replay: &Replay<'_>, last: &Measured) -> Result<Vec<Breach>, QueryError> {
        let mut breaches: Vec<Breach> = Vec::new();
        let levels = replay.severities.len().max(1);
        for level in 0..levels {
            let due = if level.saturating_add(1) == levels {
                last.due
            } else {
                self.measure(replay, level)?.due
            };
            let alive = replay
                .stretches
                .iter()
                .filter(|stretch| stretch.level <= level && !matches!(stretch.mode, Mode::Stopped(_)));
            let (Some(due), Some(end)) = (due, alive.map(|stretch| stretch.until).max()) else {
                continue;
            };
            let severity = replay.severities.get(level).map(ToString::to_string);
            let breach = Breach {
                severity,
                due: due.to_utc(),
            };
            if due < end && !breaches.contains(&breach) {
                breaches.push(breach);
            }
        }
        Ok(breaches)
    }

    /// Excused before cancelled before breached before pending before met.
    fn outcome(
        &self,
        history: &History<'_>,
        replay: &Replay<'_>,
        goal: Option<&Goal>,
        measured: &Measured,
    ) -> Outcome {
        if history.excuse(&self.id).is_some() {
            return Outcome::Excused;
        }
        let late = |at: Instant| measured.due.is_some_and(|due| at > due);
        match (replay.standing, goal) {
            (Standing::Cancelled(_), _) => Outcome::Cancelled,
            (Standing::NotStarted, _) if self.never_starts(history) => Outcome::NotJudged,
            (Standing::NotStarted, _) => Outcome::Pending,
            // Detected and not opened yet: its severity, and so its target, is still to come.
            (_, None) if replay.severities.is_empty() => Outcome::Pending,
            (_, None) => Outcome::NotJudged,
            (_, Some(goal)) if !goal.is_judged() => Outcome::NotJudged,
            (Standing::Stopped(at, _), _) if late(at) => Outcome::Breached,
            (Standing::Stopped(..), _) => Outcome::Met,
            _ if late(history.as_of_instant()) => Outcome::Breached,
            _ => Outcome::Pending,
        }
    }

    /// Whether a clock that has not started cannot start any more, as far as is known: the incident stands resolved,
    /// or was opened without the detection that would have come before.
    fn never_starts(&self, history: &History<'_>) -> bool {
        let undetected =
            self.rules.start == Start::Detected && history.opened_instant() <= history.as_of_instant();
        undetected || history.resolved().is_some()
    }
}

/// What is granted to a clock that was started.
fn granted(goal: Option<&Goal>, replay: &Replay<'_>) -> Result<Option<u64>, QueryError> {
    let Some(goal) = goal else { return Ok(None) };
    // Before the start only days depend on it.
    match (replay.started, goal.within()) {
        (Some(started), _) => goal.granted(started),
        (None, Allowance::Working(time)) => Ok(Some(time.as_nanoseconds())),
        (None, Allowance::Wall(time)) => Ok(Some(time.as_nanoseconds())),
        (None, _) => Ok(None),
    }
}

/// What counted towards a goal.
struct Measured {
    elapsed: u64,
    due: Option<Instant>,
}

fn stopped(replay: &Replay<'_>) -> Option<(Instant, EventName)> {
    match replay.standing {
        Standing::Stopped(at, by) => Some((at, by)),
        _ => None,
    }
}

fn cancelled(replay: &Replay<'_>) -> Option<Instant> {
    match replay.standing {
        Standing::Cancelled(at) => Some(at),
        _ => None,
    }
}

fn state(replay: &Replay<'_>, goal: Option<&Goal>, as_of: Instant) -> Result<State, QueryError> {
    Ok(match (replay.standing, goal.and_then(|goal| goal.calendar())) {
        (Standing::NotStarted, _) => State::NotStarted,
        (Standing::Paused(_), _) => State::Paused,
        (Standing::Stopped(..), _) => State::Stopped,
        (Standing::Cancelled(_), _) => State::Cancelled,
        (Standing::Running, Some(calendar)) if !calendar.open_at(as_of)? => State::OutsideHours,
        (Standing::Running, _) => State::Running,
    })
}

/// Time in which the clock was running, whether hours ran or not.
fn wall(replay: &Replay<'_>) -> WallTime {
    let running = replay
        .stretches
        .iter()
        .filter(|stretch| stretch.mode == Mode::Running);
    running.fold(WallTime::ZERO, |sum, stretch| {
        sum.saturating_add(WallTime::nanoseconds(stretch.from.nanos_until(stretch.until)))
    })
}

/// The earlier lives of a clock that was stopped and made to run on.
fn cycles(replay: &Replay<'_>) -> Vec<Cycle> {
    let mut cycles: Vec<Cycle> = Vec::new();
    let mut from = replay.started;
    for stretch in &replay.stretches {
        if let (Mode::Stopped(by), Some(start)) = (stretch.mode, from) {
            cycles.push(Cycle {
                started: start.to_utc(),
                stopped: stretch.from.to_utc(),
                by,
            });
            from = Some(stretch.until);
        }
    }
    cycles
}

/// The first instant at which the reading differs although nothing new is observed: hours open or close, or the due
/// instant has passed. What changes with every instant (time elapsed, time left) does not count.
fn next_change(
    replay: &Replay<'_>,
    goal: Option<&Goal>,
    due: Option<Instant>,
    as_of: Instant,
) -> Result<Option<Instant>, QueryError> {
    let calendar = goal.and_then(|goal| goal.calendar());
    let boundary = match (replay.standing, calendar) {
        (Standing::Running, Some(calendar)) => calendar.next_boundary(as_of)?,
        (Standing::Running, None) | (Standing::Paused(_), _) => None,
        _ => return Ok(None),
    };
    let late = match due.filter(|due| *due >= as_of) {
        Some(due) => Some(due.checked_add(1)?),
        None => None,
    };
    Ok(boundary.into_iter().chain(late).min())
}

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
        /// Not delivered, and due has not passed.
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
    /// What counted so far: on the calendar of the target, or day and night for a target in wall time.
    pub elapsed: WorkingTime,
    /// Wall time during which it was neither paused nor stopped.
    pub wall: WallTime,
    /// The time that the target grants.
    pub target: Option<Allowance>,
    /// The deadline. Delivered at or before it is in time. While paused there is none, unless the allowance is
    /// used up. For a clock that was stopped or cancelled, the deadline it had.
    #[serde(with = "crate::time::instant::optional_text")]
    pub due: Option<DateTime<Utc>>,
    /// What is left of the allowance.
    pub remaining: Option<WorkingTime>,
    /// What counted beyond the allowance.
    pub overdue: Option<WorkingTime>,
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
    /// rests on that: see [`Calendar::assumed_from`].
    #[serde(
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub assumed_from: Option<DateTime<Utc>>,
}

crate::words::words! {
    /// What a clock did during a span.
    pub enum SpanKind {
        /// It counted.
        Counted = "counted",
        /// Service hours did not run.
        Closed = "closed",
        /// It ran, but the severity has no target, and so nothing to count on.
        Untargeted = "untargeted",
        /// A status paused it.
        Paused = "paused",
        /// It had been stopped and was made to run on later.
        Stopped = "stopped",
    }
}

/// A part of a clock's life, and why it counted or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// When.
    pub over: Interval,
    /// What the clock did.
    pub kind: SpanKind,
    /// The rule of the calendar, the pausing status or the stopping fact.
    pub why: String,
}

impl Span {
    fn new(over: Interval, kind: SpanKind, why: &str) -> Self {
        Self {
            over,
            kind,
            why: why.to_string(),
        }
    }
}

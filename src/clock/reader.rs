//! Reading a clock: rules played over an incident's facts, targets laid over that, and what
//! results.
//!
//! This module owns [`Clock`] and the making of a [`Reading`]. Which facts start, stop and pause
//! the clock is left to `run`, what was due when to `lap`, when hours run to the calendar.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::conditions::Conditions;
use super::elapsed::Elapsed;
use super::goal::ClockTarget;
use super::lap::{Laid, Lap};
use super::no_due::NoDue;
use super::reading::{Breach, Cycle, Outcome, Reading, State};
use super::run::{Mode, Phase, Run};
use super::targets::Targets;
use super::terms::{Rules, SeverityChange};
use super::timeline::Timeline;
use super::trace::{Span, trace};
use crate::calendar::Calendar;
use crate::error::{ProblemList, Problems, QueryError};
use crate::record::{EventName, History};
use crate::time::amount::{WallTime, WorkingTime};
use crate::time::instant::Instant;

/// A clock: rules that start, stop and pause it, and a target for each severity or one for all.
///
/// A clock holds no state. It is made once, and read for any incident as of any instant.
///
/// # Example: a ticket that waits for the customer
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Clock, Hours, Incident, WorkingTime};
/// use sla::clock::{Condition, Outcome, Rules, State};
/// use sla::record::EventKind;
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk)
///     .with_rules(Rules::resolution().with_pause([Condition::status("awaiting-customer")]))?;
///
/// let incident = Incident::opened("INC-7", "P3", at(2, 15)) // Monday
///     .with(at(2, 16), EventKind::Status("awaiting-customer".into()))
///     .with(at(3, 12), EventKind::Status("in-progress".into()));
/// let reading = clock.read(&incident.history(at(3, 13))?)?;
/// assert_eq!(reading.state, State::Running);
/// assert_eq!(reading.elapsed, WorkingTime::hours(2).into()); // one on Monday, one on Tuesday
/// assert_eq!(reading.due, Some(at(4, 11)));
/// assert_eq!(reading.next_change, Some(at(3, 17))); // the desk closes
/// assert_eq!(reading.outcome, Outcome::Pending);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
///
/// A reading is linear in the incident's events, however many targets there are. Each event asks
/// the calendar once or twice, at no more cost for a distant due than for a near one. Where
/// severities count on different calendars, all events are counted once for each calendar.
#[derive(Debug, Clone)]
pub struct Clock {
    id: String,
    conditions: Conditions,
    on_change: Option<SeverityChange>,
    targets: Targets,
}

impl Clock {
    /// Creates a clock with a target for each severity. A severity without a target is not judged.
    ///
    /// # Example: two severities
    ///
    /// ```
    /// use sla::{Clock, Hours, WorkingTime};
    /// use sla::clock::{ClockTarget, Rules};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let target = |hours| ClockTarget::working(WorkingTime::hours(hours), &desk);
    /// let clock = Clock::new(
    ///     "resolution",
    ///     Rules::resolution(),
    ///     vec![("P1".into(), target(4)), ("P2".into(), target(16))],
    /// )?;
    /// assert_eq!(clock.id(), "resolution");
    ///
    /// let twice = vec![("P1".into(), target(4)), ("P1".into(), target(8))];
    /// assert_eq!(
    ///     Clock::new("resolution", Rules::resolution(), twice).unwrap_err().to_string(),
    ///     "targets[1].severity: duplicate entry `P1`"
    /// );
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`]: the problems of the rules (see [`Rules::check`]), no target at all, a
    /// duplicate severity, or targets on different calendars where the rules do not say what
    /// happens when a severity changes. Clones of a calendar are the same calendar; calendars that
    /// were compiled separately are different, even if their hours are equal.
    pub fn new(id: &str, rules: Rules, goals: Vec<(String, ClockTarget)>) -> Result<Self, Problems> {
        Self::of(id, &Rules::resolution(), Targets::by_severity(goals)?).with_rules(rules)
    }

    /// Creates a clock from opening to the first acknowledgement, public reply or resolution, with
    /// one target for all severities. Its id is `response`.
    ///
    /// # Example: a first answer within an hour
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::Outcome;
    /// use sla::record::EventKind;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::response(WorkingTime::hours(1), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-02T10:00:00Z".parse()?)
    ///     .with("2026-03-02T10:20:00Z".parse()?, EventKind::PublicReply);
    /// let reading = clock.read(&incident.history("2026-03-02T12:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.outcome, Outcome::Met);
    /// assert_eq!(reading.elapsed, WorkingTime::minutes(20).into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn response(within: WorkingTime, calendar: &Calendar) -> Self {
        let goal = ClockTarget::working(within, calendar);
        Self::of("response", &Rules::response(), Targets::for_every_severity(goal))
    }

    /// Creates a clock from opening to resolution, with one target for all severities. Nothing
    /// pauses it until [`Clock::with_rules`] adds a pause. Its id is `resolution`.
    ///
    /// # Example: a ticket opened on Friday afternoon
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-06T15:00:00Z".parse()?);
    /// let reading = clock.read(&incident.history("2026-03-06T16:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.due, Some("2026-03-09T15:00:00Z".parse()?)); // Monday
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolution(within: WorkingTime, calendar: &Calendar) -> Self {
        let goal = ClockTarget::working(within, calendar);
        Self::of(
            "resolution",
            &Rules::resolution(),
            Targets::for_every_severity(goal),
        )
    }

    /// For rules that were checked, or are to be replaced.
    fn of(id: &str, rules: &Rules, targets: Targets) -> Self {
        Self {
            id: id.to_string(),
            conditions: Conditions::of(rules),
            on_change: rules.on_raise,
            targets,
        }
    }

    /// Returns the clock with other rules. Its id and its targets stay.
    ///
    /// # Example: a workaround stops the clock too
    ///
    /// ```
    /// use sla::{Clock, Hours, WorkingTime};
    /// use sla::clock::Rules;
    /// use sla::record::EventName;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let rules = Rules::resolution().with_stop([EventName::Workaround, EventName::Resolved]);
    /// let clock = Clock::resolution(WorkingTime::hours(8), &desk).with_rules(rules)?;
    /// assert_eq!(clock.id(), "resolution");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`] of the rules, with paths below `rules`; see [`Clock::new`].
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers make the rules for this clock alone"
    )]
    pub fn with_rules(self, rules: Rules) -> Result<Self, Problems> {
        let mut problems = ProblemList::default();
        if let Err(found) = rules.check() {
            problems.extend("rules", &found);
        }
        if !self.targets.count_alike() && rules.on_raise.is_none() {
            problems.push("rules.on_raise", SeverityChange::MISSING);
        }
        problems.finish()?;
        Ok(Self::of(&self.id, &rules, self.targets))
    }

    /// Returns the id of the clock. An adjustment that excuses an incident on one clock names it
    /// so.
    ///
    /// # Example: the id of a ready-made clock
    ///
    /// ```
    /// use sla::{Clock, Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(Clock::response(WorkingTime::hours(1), &desk).id(), "response");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the reading of the clock as of the instant of the history.
    ///
    /// # Example: half of the time is used up
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::State;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-02T09:00:00Z".parse()?);
    /// let reading = clock.read(&incident.history("2026-03-02T13:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.state, State::Running);
    /// assert_eq!(reading.remaining, Some(WorkingTime::hours(4).into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError`] if what the clock counted so far is not known, for example because it ran
    /// past the last date that its calendar knows. A due that is not known leaves the rest of the
    /// reading intact: see [`Reading::no_due`].
    pub fn read(&self, history: &History<'_>) -> Result<Reading, QueryError> {
        self.read_timeline(&Timeline::of(history))
    }

    /// Reads the clock from a timeline that it shares with other clocks of the incident. As
    /// [`Clock::read`].
    pub(crate) fn read_timeline(&self, timeline: &Timeline<'_>) -> Result<Reading, QueryError> {
        let as_of = timeline.as_of();
        let mut laid = self.lay(timeline);
        laid.use_up_earlier_levels()?;
        let lap = laid.lap(&laid.run.cycles().last().unwrap_or(0..0), as_of)?;
        let goal = laid.last_target().map(|target| &target.goal);
        let breaches = breaches(&laid, &lap);
        let reading = Reading {
            state: state(laid.run.phase, goal, as_of)?,
            severity: laid.severity().map(ToString::to_string),
            started: laid.run.started.map(Instant::to_utc),
            stopped: match laid.run.phase {
                Phase::Stopped(at, _) => Some(at.to_utc()),
                _ => None,
            },
            cancelled: match laid.run.phase {
                Phase::Cancelled(at) => Some(at.to_utc()),
                _ => None,
            },
            elapsed: laid.amount(lap.counted),
            wall: wall(&laid.run)?,
            target: goal.map(ClockTarget::within),
            due: lap.due.as_ref().ok().map(|due| due.to_utc()),
            no_due: lap.due.as_ref().err().cloned(),
            // Both saturate on purpose: what went beyond leaves nothing, and what is left went beyond nothing.
            remaining: left(&laid, &lap, u64::saturating_sub),
            overdue: left(&laid, &lap, |granted, counted| counted.saturating_sub(granted)),
            breached_at: breaches.first().map(|breach| breach.due),
            breaches,
            cycles: cycles(&laid.run),
            outcome: self.outcome(timeline.history(), &laid.run, &lap),
            next_change: next_change(laid.run.phase, goal, &lap, as_of)?.map(Instant::to_utc),
            assumed_from: None,
            assuming: Vec::new(),
        };
        Ok(assuming(reading, &laid, &lap))
    }

    /// Returns everything the clock did, span by span: what counted and by which rule, what did not
    /// count and why.
    ///
    /// The spans follow one another without gaps, from the start to the stop or to the instant of
    /// asking. The counted spans sum to [`Reading::elapsed`]; together with those outside hours and
    /// those without a target they sum to [`Reading::wall`].
    ///
    /// # Example: an afternoon and the next morning
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::SpanKind;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
    /// let incident = Incident::opened("INC-7", "P3", "2026-03-02T15:00:00Z".parse()?);
    /// let spans = clock.trace(&incident.history("2026-03-03T10:00:00Z".parse()?)?)?;
    /// let kinds: Vec<SpanKind> = spans.iter().map(|span| span.kind).collect();
    /// assert_eq!(kinds.first(), Some(&SpanKind::Counted)); // 15:00 to 17:00
    /// assert_eq!(kinds.last(), Some(&SpanKind::Counted)); // 09:00 to 10:00
    /// assert!(kinds.contains(&SpanKind::Closed)); // the night
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError`], as for [`Clock::read`], and where the trace has too many spans.
    ///
    /// # Cost
    ///
    /// Linear in the days that the clock ran.
    pub fn trace(&self, history: &History<'_>) -> Result<Vec<Span>, QueryError> {
        trace(&self.lay(&Timeline::of(history)))
    }

    fn lay<'a>(&self, timeline: &Timeline<'a>) -> Laid<'_, 'a> {
        let keeps = self.on_change == Some(SeverityChange::FromOpeningKept);
        Laid::new(Run::of(timeline, &self.conditions), &self.targets, keeps)
    }

    /// Excused before cancelled before breached before pending before met.
    fn outcome(&self, history: &History<'_>, run: &Run<'_>, lap: &Lap) -> Outcome {
        if history.excuse(&self.id).is_some() {
            return Outcome::Excused;
        }
        match run.phase {
            Phase::Cancelled(_) => Outcome::Cancelled,
            Phase::NotStarted if self.never_starts(history) => Outcome::NotJudged,
            _ => lap.outcome,
        }
    }

    /// Whether a clock that has not started cannot start any more, as far as is known: the incident
    /// stands resolved, or was opened without the detection that would have come before.
    fn never_starts(&self, history: &History<'_>) -> bool {
        let from_detection = self.conditions.start.names(EventName::Detected);
        let undetected = from_detection && history.opened_instant() <= history.as_of_instant();
        undetected || history.resolved_instant().is_some()
    }
}

/// What is left of what was granted, or went beyond it: one of the two is nothing.
fn left(laid: &Laid<'_, '_>, lap: &Lap, of: impl Fn(u64, u64) -> u64) -> Option<Elapsed> {
    let target = laid.last_target()?;
    let granted = match laid.run.started {
        Some(_) => lap.granted?,
        None => target.goal.time_granted()?,
    };
    Some(target.goal.amount(of(granted, lap.counted)))
}

fn state(phase: Phase<'_>, goal: Option<&ClockTarget>, as_of: Instant) -> Result<State, QueryError> {
    Ok(match (phase, goal.and_then(ClockTarget::calendar)) {
        (Phase::NotStarted, _) => State::NotStarted,
        (Phase::Paused(_), _) => State::Paused,
        (Phase::Stopped(..), _) => State::Stopped,
        (Phase::Cancelled(_), _) => State::Cancelled,
        (Phase::Running, Some(calendar)) if !is_open(calendar, as_of)? => State::OutsideHours,
        (Phase::Running, _) => State::Running,
    })
}

/// Whether hours run at the instant of asking. Where nothing is known from it on, whether they ran
/// until it: all that the reading counts is known.
fn is_open(calendar: &Calendar, as_of: Instant) -> Result<bool, QueryError> {
    calendar.open_at(last_known(calendar, as_of)?)
}

/// The instant of asking, or the last of which something is known where that ends with it.
fn last_known(calendar: &Calendar, as_of: Instant) -> Result<Instant, QueryError> {
    if !calendar.is_known_through(as_of) {
        return Ok(as_of);
    }
    let before = as_of.epoch_nanos().checked_sub(1).ok_or(QueryError::Overflow)?;
    Instant::from_epoch(before, 1)
}

/// Time in which the clock was running, whether hours ran or not. It is no longer than from the
/// start to the end.
fn wall(run: &Run<'_>) -> Result<WallTime, QueryError> {
    let mut running = run.sections.iter().filter(|section| section.is_running());
    let nanos = running.try_fold(0_u64, |sum, section| {
        sum.checked_add(section.from.nanos_until(section.until))
    });
    nanos.map(WallTime::nanoseconds).ok_or(QueryError::Overflow)
}

fn breaches(laid: &Laid<'_, '_>, lap: &Lap) -> Vec<Breach> {
    let missed = laid.missed(lap.due.as_ref().ok().copied()).into_iter();
    let breach = |(severity, due): (Option<&str>, Instant)| Breach {
        severity: severity.map(ToString::to_string),
        due: due.to_utc(),
    };
    missed.map(breach).collect()
}

/// The earlier lives of a clock that was stopped and made to run on.
fn cycles(run: &Run<'_>) -> Vec<Cycle> {
    let mut cycles: Vec<Cycle> = Vec::new();
    let mut from = run.started;
    for section in &run.sections {
        if let (Mode::Stopped(by), Some(start)) = (section.mode, from) {
            cycles.push(Cycle {
                started: start.to_utc(),
                stopped: section.from.to_utc(),
                by,
            });
            from = Some(section.until);
        }
    }
    cycles
}

/// The first instant at which the reading differs although nothing new is observed: hours open or
/// close, or the due instant has passed. What changes with every instant (time elapsed, time left)
/// does not count.
fn next_change(
    phase: Phase<'_>,
    goal: Option<&ClockTarget>,
    lap: &Lap,
    as_of: Instant,
) -> Result<Option<Instant>, QueryError> {
    let boundary = match (phase, goal.and_then(ClockTarget::calendar)) {
        // Where knowledge ends with the instant of asking, no change is known.
        (Phase::Running, Some(calendar)) if calendar.is_known_through(as_of) => None,
        (Phase::Running, Some(calendar)) => calendar.next_boundary(as_of)?,
        (Phase::Running, None) | (Phase::Paused(_), _) => None,
        _ => return Ok(None),
    };
    // After the last instant there is nothing that could be late.
    let due = lap.due.as_ref().ok().filter(|due| **due >= as_of);
    let late = due.and_then(|due| due.checked_add(1).ok());
    Ok(boundary.into_iter().chain(late).min())
}

/// The reading, with the targets whose calendars assume what it rests on.
fn assuming(mut reading: Reading, laid: &Laid<'_, '_>, lap: &Lap) -> Reading {
    let end = laid.run.sections.last().map(|section| section.until);
    let reach = match &lap.due {
        Ok(due) => end.max(Some(*due)),
        // It says so of all the time to come.
        Err(NoDue::NeverOpens) => Some(Instant::MAX),
        Err(_) => end,
    };
    let Some(reach) = reach.map(Instant::to_utc) else {
        return reading;
    };
    for target in laid.run.levels.iter().filter_map(|level| laid.target_of(level)) {
        let assumed = target.goal.calendar().and_then(Calendar::assumed_from);
        if let Some(from) = assumed.filter(|from| *from < reach) {
            reading.assuming.push(target.place);
            reading.assumed_from = Some(reading.assumed_from.map_or(from, |least| least.min(from)));
        }
    }
    reading.assuming.sort_unstable();
    reading.assuming.dedup();
    reading
}

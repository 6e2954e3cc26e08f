//! What a clock must show, found by simulating it minute by minute.
//!
//! At each minute of a grid the oracle applies the facts of that minute, moment by moment, then counts the
//! minute if the clock runs and the calendar says it is open. It knows neither intervals nor deadlines: a due is the
//! first minute at which the count reaches the allowance.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sla::clock::{Condition, Outcome, Reading, Rules, SeverityChange, State};
use sla::record::{Change, Event, EventKind, EventName};
use sla::{Calendar, Incident};

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// Whether each minute from a base is open, by asking the calendar about every one of them. What it does not know is closed.
#[derive(Debug)]
pub(crate) struct Minutes {
    base: DateTime<Utc>,
    open: Vec<bool>,
}

impl Minutes {
    pub(crate) fn of(calendar: &Calendar, base: DateTime<Utc>, days: usize) -> Self {
        let minute = |index: usize| base + MINUTE * index as i32;
        let open = (0..days * 1_440).map(|index| calendar.is_open(minute(index)).unwrap_or(false));
        Self {
            base,
            open: open.collect(),
        }
    }

    fn knows(&self, at: DateTime<Utc>) -> bool {
        ((at - self.base).num_minutes() as usize) < self.open.len()
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open[(at - self.base).num_minutes() as usize]
    }
}

/// A target on the grid. `open` is absent for wall time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GridTarget<'a> {
    pub(crate) severity: &'a str,
    pub(crate) minutes: i64,
    pub(crate) open: Option<&'a Minutes>,
}

impl GridTarget<'_> {
    fn counts(&self, at: DateTime<Utc>) -> bool {
        self.open.is_none_or(|open| open.is_open(at))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    Paused,
    Stopped,
    Cancelled,
}

/// What a reading must show.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    state: State,
    severity: Option<String>,
    started: Option<DateTime<Utc>>,
    stopped: Option<DateTime<Utc>>,
    elapsed_min: i64,
    wall_min: i64,
    due: Option<DateTime<Utc>>,
    breaches: Vec<(String, DateTime<Utc>)>,
    cycles: usize,
    outcome: Outcome,
}

impl Expected {
    pub(crate) fn of(reading: &Reading) -> Self {
        let minutes = |nanos: u64| {
            assert_eq!(nanos % 60_000_000_000, 0);
            (nanos / 60_000_000_000) as i64
        };
        let named = |severity: &Option<String>| severity.clone().unwrap_or_default();
        Self {
            state: reading.state,
            severity: reading.severity.clone(),
            started: reading.started,
            stopped: reading.stopped,
            elapsed_min: minutes(reading.elapsed.as_nanoseconds()),
            wall_min: minutes(reading.wall.as_nanoseconds()),
            due: reading.due,
            breaches: reading
                .breaches
                .iter()
                .map(|breach| (named(&breach.severity), breach.due))
                .collect(),
            cycles: reading.cycles.len(),
            outcome: reading.outcome,
        }
    }
}

/// The documented rank of events of one instant.
pub(crate) fn rank(kind: &EventKind) -> u8 {
    match kind {
        EventKind::Detected => 0,
        EventKind::Opened { .. } => 1,
        EventKind::SeverityChanged { .. } => 2,
        EventKind::Status(_) => 3,
        EventKind::Acknowledged => 4,
        EventKind::PublicReply => 5,
        EventKind::Workaround => 6,
        EventKind::Resolved => 7,
        EventKind::Reopened => 8,
        EventKind::Cancelled => 9,
        _ => 10,
    }
}

/// The events known at an instant, re-dated and in order, each once; and whether the incident is excused.
fn known(incident: &Incident, clock: &str, as_of: DateTime<Utc>) -> (Vec<Event>, bool) {
    let (mut excused, mut moves) = (false, Vec::new());
    for event in &incident.events {
        if let EventKind::Adjusted(adjustment) = &event.kind {
            match &adjustment.change {
                _ if event.at > as_of => {}
                Change::Excused { clock: one } => excused |= one.as_deref().is_none_or(|one| one == clock),
                Change::Redated {
                    event: name,
                    from,
                    to,
                } => moves.push((event.at, *name, *from, *to)),
                _ => unreachable!(),
            }
        }
    }
    moves.sort_by_key(|(decided, ..)| *decided);
    let mut events: Vec<Event> = Vec::new();
    for event in incident
        .events
        .iter()
        .filter(|event| event.kind.name() != EventName::Adjusted)
    {
        let mut event = event.clone();
        let recorded = event.at;
        for (_, name, from, to) in &moves {
            if event.kind.name() == *name && recorded == *from {
                event.at = *to;
            }
        }
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events.sort_by_key(|event| (event.at, event.sequence, rank(&event.kind)));
    (events, excused)
}

/// Whether the order of events is possible. Written from the documentation of the record, not from its code.
pub(crate) fn possible(events: &[Event]) -> bool {
    let (mut opened, mut detected, mut resolved, mut restored, mut cancelled) =
        (false, false, false, false, false);
    for event in events {
        let fine = match &event.kind {
            _ if cancelled => false,
            EventKind::Detected => !detected && !opened,
            EventKind::Opened { .. } => !opened,
            _ if !opened => false,
            EventKind::Resolved => !resolved,
            EventKind::Reopened => resolved || restored,
            EventKind::Cancelled => !resolved,
            _ => true,
        };
        if !fine {
            return false;
        }
        match &event.kind {
            EventKind::Detected => detected = true,
            EventKind::Opened { .. } => opened = true,
            EventKind::Workaround => restored = true,
            EventKind::Resolved => resolved = true,
            EventKind::Reopened => (resolved, restored) = (false, false),
            EventKind::Cancelled => cancelled = true,
            _ => {}
        }
    }
    opened
}

fn severity_of(event: &Event) -> Option<&str> {
    match &event.kind {
        EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => Some(severity),
        _ => None,
    }
}

fn conflicts(events: &[Event]) -> bool {
    let key = |event: &Event| (event.at, event.sequence, rank(&event.kind));
    events.windows(2).any(|pair| key(&pair[0]) == key(&pair[1]))
}

struct Simulation<'a> {
    rules: &'a Rules,
    targets: &'a [GridTarget<'a>],
    phase: Phase,
    severity: Option<&'a str>,
    /// The severity of the clock, which does not follow the incident's while it is stopped.
    clock_severity: Option<&'a str>,
    /// The severity it was opened with, under which also the time since its detection counts.
    first_severity: Option<&'a str>,
    pausing: bool,
    status_at: Option<DateTime<Utc>>,
    opened: bool,
    resolved: bool,
    /// Whether a reopening makes a stopped clock run on.
    undoable: bool,
    started: Option<DateTime<Utc>>,
    stopped: Option<DateTime<Utc>>,
    /// When it was last stopped or cancelled, and whether it was running then.
    ended: Option<(DateTime<Utc>, bool)>,
    cycles: usize,
    wall: i64,
    /// What counted towards the target of each severity, and the first minute at which it sufficed.
    counts: BTreeMap<&'a str, (i64, Option<DateTime<Utc>>)>,
    breaches: Vec<(String, DateTime<Utc>)>,
}

impl<'a> Simulation<'a> {
    fn new(rules: &'a Rules, targets: &'a [GridTarget<'a>]) -> Self {
        Self {
            rules,
            targets,
            phase: Phase::Waiting,
            severity: None,
            clock_severity: None,
            first_severity: None,
            pausing: false,
            status_at: None,
            opened: false,
            resolved: false,
            undoable: false,
            started: None,
            stopped: None,
            ended: None,
            cycles: 0,
            wall: 0,
            counts: BTreeMap::new(),
            breaches: Vec::new(),
        }
    }

    fn target(&self) -> Option<&'a GridTarget<'a>> {
        self.target_of(self.clock_severity)
    }

    fn target_of(&self, severity: Option<&str>) -> Option<&'a GridTarget<'a>> {
        self.targets
            .iter()
            .find(|target| Some(target.severity) == severity)
    }

    fn lives(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Paused)
    }

    /// Notes a breach if the clock lives, or lived until this instant, and the due of its severity lies before it.
    fn judge(&mut self, at: DateTime<Utc>) {
        let ended_now = self.ended.is_some_and(|(ended, _)| ended == at);
        let Some(severity) = self.clock_severity.filter(|_| self.lives() || ended_now) else {
            return;
        };
        if let Some((_, Some(due))) = self.counts.get(severity) {
            let breach = (severity.to_string(), *due);
            if *due < at && !self.breaches.contains(&breach) {
                self.breaches.push(breach);
            }
        }
    }

    /// Notes which targets are used up at this minute.
    fn note_due(&mut self, at: DateTime<Utc>) {
        for target in self.targets {
            let (count, due) = self.counts.entry(target.severity).or_default();
            if self.started.is_some() && due.is_none() && *count >= target.minutes {
                *due = Some(at);
            }
        }
    }

    /// Lives through the minute that begins at this instant.
    fn live(&mut self, at: DateTime<Utc>) {
        if self.phase != Phase::Running {
            return;
        }
        self.wall += 1;
        let keeps = self.rules.on_raise == Some(SeverityChange::FromOpeningKept);
        let severity = self.clock_severity.or(self.first_severity);
        let own = self.target_of(severity).filter(|_| keeps);
        for target in self.targets {
            let counting = own.unwrap_or(target);
            self.counts.entry(target.severity).or_default().0 += i64::from(counting.counts(at));
        }
        // What an incident without a target shows: what counted while it had one.
        self.counts.entry("").or_default().0 += i64::from(own.is_some_and(|own| own.counts(at)));
    }

    fn go_on(&mut self) {
        self.phase = if self.pausing {
            Phase::Paused
        } else {
            Phase::Running
        };
    }

    fn end(&mut self, at: DateTime<Utc>, phase: Phase) {
        if self.lives() {
            self.ended = Some((at, self.phase == Phase::Running));
        }
        self.phase = phase;
    }

    /// All facts of one moment: states first, then stop, cancel, start, pause and resume, each once.
    fn moment(&mut self, events: &[&'a Event]) {
        let at = events[0].at;
        let has = |name: EventName| events.iter().any(|event| event.kind.name() == name);
        let (reopened, mut status_now) = (has(EventName::Reopened), false);
        for event in events {
            if let Some(severity) = severity_of(event) {
                self.opened |= has(EventName::Opened);
                self.severity = Some(severity);
                if self.phase != Phase::Stopped {
                    self.clock_severity = self.severity;
                }
            }
            if let EventKind::Status(status) = &event.kind {
                self.pausing = self.rules.pause.contains(&Condition::status(status));
                self.status_at = Some(at);
                status_now = true;
            }
        }
        if reopened {
            self.resolved = false;
            // A pausing status of the same instant is the one the reopening leads to.
            self.pausing &= self.status_at == Some(at);
        }
        let Condition::Event(start) = self.rules.start else {
            panic!("{:?}", self.rules)
        };
        if has(start) && self.started.is_none() && !self.resolved {
            self.started = Some(at);
            // A status of this very moment pauses what starts in it, but only after it may have been stopped.
            self.phase = if self.pausing && !status_now {
                Phase::Paused
            } else {
                Phase::Running
            };
            self.note_due(at);
        }
        let stops = |event: &&&Event| {
            let event = Condition::Event(event.kind.name());
            self.rules.stop.contains(&event)
        };
        if let (true, Some(by)) = (self.lives(), events.iter().find(stops)) {
            self.end(at, Phase::Stopped);
            self.stopped = Some(at);
            self.undoable = matches!(by.kind.name(), EventName::Resolved | EventName::Workaround);
        }
        if has(EventName::Cancelled) {
            self.cycles += usize::from(self.phase == Phase::Stopped);
            self.stopped = None;
            self.end(at, Phase::Cancelled);
        }
        if reopened && self.phase == Phase::Stopped && self.undoable {
            self.cycles += 1;
            self.stopped = None;
            self.clock_severity = self.severity;
            self.phase = Phase::Running;
        }
        if self.lives() {
            self.go_on();
        }
        self.resolved |= has(EventName::Resolved) && !reopened;
    }

    /// The due of the last severity: noted, or looked for minute by minute as if nothing more happened.
    fn due(&self, as_of: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let target = self.target()?;
        let (mut count, due) = self.counts.get(target.severity).copied()?;
        let from = match self.phase {
            Phase::Running => Some(as_of),
            Phase::Stopped | Phase::Cancelled => self.ended.filter(|(_, ran)| *ran).map(|(at, _)| at),
            Phase::Waiting | Phase::Paused => None,
        };
        due.or_else(|| {
            let mut minute = from?;
            while count < target.minutes {
                target.open.is_none_or(|open| open.knows(minute)).then_some(())?;
                count += i64::from(target.counts(minute));
                minute += MINUTE;
            }
            Some(minute)
        })
    }

    fn outcome(&self, excused: bool, due: Option<DateTime<Utc>>, as_of: DateTime<Utc>) -> Outcome {
        let never =
            self.resolved || (self.rules.start == Condition::Event(EventName::Detected) && self.opened);
        let late = |at: DateTime<Utc>| due.is_some_and(|due| at > due);
        match self.phase {
            _ if excused => Outcome::Excused,
            Phase::Cancelled => Outcome::Cancelled,
            Phase::Waiting if never => Outcome::NotJudged,
            Phase::Waiting => Outcome::Pending,
            _ if self.clock_severity.is_none() => Outcome::Pending,
            _ if self.target().is_none() => Outcome::NotJudged,
            Phase::Stopped if late(self.stopped.unwrap()) => Outcome::Breached,
            Phase::Stopped => Outcome::Met,
            _ if late(as_of) => Outcome::Breached,
            _ => Outcome::Pending,
        }
    }
}

/// What the clock must show. `None` if the events are impossible or contradict each other.
pub(crate) fn simulate(
    incident: &Incident,
    rules: &Rules,
    targets: &[GridTarget<'_>],
    as_of: DateTime<Utc>,
) -> Option<Expected> {
    let (events, excused) = known(incident, "clock", as_of);
    if conflicts(&events) || !possible(&events) {
        return None;
    }
    let mut clock = Simulation::new(rules, targets);
    let opened = events
        .iter()
        .find(|event| event.kind.name() == EventName::Opened)?
        .at;
    if opened <= as_of {
        let at_opening = events.iter().filter(|event| event.at == opened);
        clock.first_severity = at_opening.filter_map(severity_of).next_back();
    }
    let mut now = events.first()?.at.min(as_of);
    loop {
        clock.note_due(now);
        clock.judge(now);
        let facts: Vec<&Event> = events.iter().filter(|event| event.at == now).collect();
        for moment in facts.chunk_by(|left, right| left.sequence == right.sequence) {
            clock.moment(moment);
        }
        clock.judge(now);
        if now >= as_of {
            break;
        }
        clock.live(now);
        now += MINUTE;
    }
    let due = clock.due(as_of);
    let closed = clock.target().is_some_and(|target| !target.counts(as_of));
    Some(Expected {
        state: match clock.phase {
            Phase::Waiting => State::NotStarted,
            Phase::Running if closed => State::OutsideHours,
            Phase::Running => State::Running,
            Phase::Paused => State::Paused,
            Phase::Stopped => State::Stopped,
            Phase::Cancelled => State::Cancelled,
        },
        severity: clock.clock_severity.map(String::from),
        started: clock.started,
        stopped: clock.stopped,
        elapsed_min: {
            let of = clock.target().map_or("", |target| target.severity);
            clock.counts.get(of).map_or(0, |(count, _)| *count)
        },
        wall_min: clock.wall,
        due,
        outcome: clock.outcome(excused, due, as_of),
        breaches: clock.breaches,
        cycles: clock.cycles,
    })
}

//! Clocks: a minute-by-minute oracle, the laws of readings and traces, rows worked out by hand, impossible sequences.
//!
//! The oracle simulates a clock on a grid of minutes: at each minute it applies the facts of that minute in their
//! documented order, then counts the minute if the clock runs and the calendar says it is open. It knows neither
//! intervals nor deadlines: a due is the first minute at which the count reaches the allowance.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::{
    Adjustment, Allowance, Calendar, CalendarChange, Change, Clock, Event, EventKind, EventName, Goal, Hours,
    Incident, Outcome, Problems, Reading, Rules, SeverityTarget, SpanKind, Start, State, Stop, WallTime,
    WorkingTime,
};

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const NANO: TimeDelta = TimeDelta::nanoseconds(1);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|_| panic!("`{text}`"))
}

// The oracle.

/// Whether each minute from a base is open, by asking the calendar about every one of them.
#[derive(Debug)]
struct Minutes {
    base: DateTime<Utc>,
    open: Vec<bool>,
}

impl Minutes {
    fn of(calendar: &Calendar, base: DateTime<Utc>, days: usize) -> Self {
        let minute = |index: usize| base + MINUTE * index as i32;
        let open = (0..days * 1_440).map(|index| calendar.is_open(minute(index)).unwrap());
        Self {
            base,
            open: open.collect(),
        }
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open[(at - self.base).num_minutes() as usize]
    }
}

/// A target on the grid. `open` is absent for wall time.
#[derive(Debug, Clone, Copy)]
struct GridTarget<'a> {
    severity: &'a str,
    minutes: i64,
    open: Option<&'a Minutes>,
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
struct Expected {
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
    fn of(reading: &Reading) -> Self {
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
fn rank(kind: &EventKind) -> u8 {
    match kind {
        EventKind::Detected => 0,
        EventKind::Opened { .. } => 1,
        EventKind::SeverityChanged { .. } => 2,
        EventKind::Status(_) => 3,
        EventKind::Acknowledged => 4,
        EventKind::AgentReply => 5,
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
fn possible(events: &[Event]) -> bool {
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
        let keeps = self.rules.calendar_change == Some(CalendarChange::Keep);
        let severity = self.clock_severity.or(self.first_severity);
        let own = self.target_of(severity).filter(|_| keeps);
        for target in self.targets {
            let counting = own.unwrap_or(target);
            self.counts.entry(target.severity).or_default().0 += i64::from(counting.counts(at));
        }
        // What an incident without a target shows: what counted while it had one.
        self.counts.entry("").or_default().0 += i64::from(own.is_some_and(|own| own.counts(at)));
    }

    fn start(&mut self, at: DateTime<Utc>) {
        self.started = Some(at);
        self.go_on();
        self.note_due(at);
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

    fn fact(&mut self, event: &'a Event) {
        let name = event.kind.name();
        let stops = self.rules.stop.iter().any(|stop| match stop {
            Stop::Acknowledged => name == EventName::Acknowledged,
            Stop::AgentReply => name == EventName::AgentReply,
            Stop::Workaround => name == EventName::Workaround,
            Stop::Resolved => name == EventName::Resolved,
        });
        let starts = match self.rules.start {
            Start::Detected => name == EventName::Detected,
            Start::Opened => name == EventName::Opened,
            Start::Acknowledged => name == EventName::Acknowledged,
        };
        match &event.kind {
            EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                self.opened = true;
                self.severity = Some(severity);
                if self.phase != Phase::Stopped {
                    self.clock_severity = self.severity;
                }
            }
            EventKind::Status(status) => {
                self.pausing = self.rules.pause.contains(status);
                self.status_at = Some(event.at);
                if self.lives() {
                    self.go_on();
                }
            }
            EventKind::Reopened => {
                self.resolved = false;
                // A pausing status of the same instant is the one the reopening leads to.
                self.pausing &= self.status_at == Some(event.at);
                if self.phase == Phase::Stopped && self.undoable {
                    self.cycles += 1;
                    self.stopped = None;
                    self.clock_severity = self.severity;
                    self.go_on();
                } else if self.lives() {
                    self.go_on();
                }
            }
            EventKind::Cancelled => {
                self.cycles += usize::from(self.phase == Phase::Stopped);
                self.stopped = None;
                self.end(event.at, Phase::Cancelled);
            }
            _ => {}
        }
        if starts && self.started.is_none() && !self.resolved {
            self.start(event.at);
        } else if stops && self.lives() {
            self.end(event.at, Phase::Stopped);
            self.stopped = Some(event.at);
            self.undoable = matches!(name, EventName::Resolved | EventName::Workaround);
        }
        self.resolved |= name == EventName::Resolved;
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
                count += i64::from(target.counts(minute));
                minute += MINUTE;
            }
            Some(minute)
        })
    }

    fn outcome(&self, excused: bool, due: Option<DateTime<Utc>>, as_of: DateTime<Utc>) -> Outcome {
        let never = self.resolved || (self.rules.start == Start::Detected && self.opened);
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
fn simulate(
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
        for event in events.iter().filter(|event| event.at == now) {
            clock.fact(event);
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

// Clocks for both sides.

/// Targets by severity, on named calendars, for the crate and for the oracle.
#[derive(Debug)]
struct Desk {
    calendars: BTreeMap<&'static str, (Calendar, Minutes)>,
}

impl Desk {
    fn new(base: DateTime<Utc>, days: usize) -> Self {
        let office = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
        let paris = Hours::in_zone("Europe/Paris")
            .weekly("Mon-Fri 09:00-12:00,13:00-18:00")
            .holiday("2026-04-03", "Good Friday")
            .holiday("2026-04-06", "Easter Monday")
            .known_until("2026-12-31");
        let night = Hours::in_zone("Europe/Paris").weekly("Sat,Sun 22:00-06:00");
        let calendars = [
            ("office", office),
            ("paris", paris),
            ("night", night),
            ("always", Hours::always()),
        ];
        let compiled = calendars.map(|(name, hours)| {
            let calendar = hours.compile().unwrap();
            let minutes = Minutes::of(&calendar, base, days);
            (name, (calendar, minutes))
        });
        Self {
            calendars: compiled.into_iter().collect(),
        }
    }

    fn goals(&self, targets: &[SeverityTarget]) -> Vec<(String, Goal)> {
        let goal = |target: &SeverityTarget| match (target.within, &target.calendar) {
            (Allowance::Working(within), Some(id)) => Goal::working(within, &self.calendars[id.as_str()].0),
            (Allowance::Wall(within), None) => Goal::wall(within),
            _ => panic!("{target:?}"),
        };
        let named = targets
            .iter()
            .map(|target| (target.severity.clone(), goal(target)));
        named.collect()
    }

    fn grid<'a>(&'a self, targets: &'a [SeverityTarget]) -> Vec<GridTarget<'a>> {
        let grid = |target: &'a SeverityTarget| GridTarget {
            severity: &target.severity,
            minutes: match target.within {
                Allowance::Working(within) => (within.as_seconds() / 60) as i64,
                Allowance::Wall(within) => (within.as_seconds() / 60) as i64,
                _ => unreachable!(),
            },
            open: target.calendar.as_ref().map(|id| &self.calendars[id.as_str()].1),
        };
        targets.iter().map(grid).collect()
    }
}

fn read(clock: &Clock, incident: &Incident, as_of: DateTime<Utc>) -> Reading {
    clock.read(&incident.history(as_of).unwrap()).unwrap()
}

/// Contiguous from the start, and what its kinds sum to is what the reading shows.
fn assert_trace(clock: &Clock, incident: &Incident, as_of: DateTime<Utc>) {
    let history = incident.history(as_of).unwrap();
    let (reading, trace) = (clock.read(&history).unwrap(), clock.trace(&history).unwrap());
    let sum = |kinds: &[SpanKind]| {
        let spans = trace.iter().filter(|span| kinds.contains(&span.kind));
        spans.map(|span| span.over.length().as_nanoseconds()).sum::<u64>()
    };
    assert_eq!(
        sum(&[SpanKind::Counted]),
        reading.elapsed.as_nanoseconds(),
        "{trace:?}"
    );
    assert_eq!(
        sum(&[SpanKind::Counted, SpanKind::Closed, SpanKind::Untargeted]),
        reading.wall.as_nanoseconds(),
        "{trace:?}"
    );
    for pair in trace.windows(2) {
        assert_eq!(pair[0].over.end(), pair[1].over.start(), "{trace:?}");
    }
    assert!(
        trace
            .iter()
            .all(|span| !span.over.is_empty() && !span.why.is_empty())
    );
    if let (Some(first), Some(last)) = (trace.first(), trace.last()) {
        assert_eq!(Some(first.over.start()), reading.started);
        if reading.state != State::Cancelled {
            assert_eq!(last.over.end(), reading.stopped.unwrap_or(as_of));
        }
    }
}

// Random incidents.

const STATUSES: [&str; 3] = ["waiting", "held", "working"];
const SEVERITIES: [&str; 4] = ["P1", "P2", "P3", "P9"];
/// Slots of a quarter of an hour, over eight days in which clocks go forward and two holidays fall.
const SLOTS: i64 = 8 * 96;

fn base() -> DateTime<Utc> {
    at("2026-03-27T00:00:00Z")
}

fn slot(slot: i64) -> DateTime<Utc> {
    base() + TimeDelta::minutes(15 * slot)
}

fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| Desk::new(base(), 90))
}

fn kind() -> impl Strategy<Value = EventKind> {
    let severity = || proptest::sample::select(&SEVERITIES[..]).prop_map(String::from);
    prop_oneof![
        2 => Just(EventKind::Detected),
        3 => severity().prop_map(|severity| EventKind::SeverityChanged { severity }),
        4 => proptest::sample::select(&STATUSES[..]).prop_map(|status| EventKind::Status(status.into())),
        1 => Just(EventKind::Acknowledged),
        1 => Just(EventKind::AgentReply),
        1 => Just(EventKind::Workaround),
        2 => Just(EventKind::Resolved),
        2 => Just(EventKind::Reopened),
    ]
}

/// Slots that coincide often: whole hours of the working day more than any quarter.
fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..SLOTS,
        (
            0..8_i64,
            proptest::sample::select(&[28_i64, 36, 40, 44, 64, 68, 88][..])
        )
            .prop_map(|(day, quarter)| day * 96 + quarter),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let sequence = prop_oneof![3 => Just(None), 1 => (0..3_u64).prop_map(Some)];
    (moment(), sequence, kind()).prop_map(|(moment, sequence, kind)| Event {
        at: slot(moment),
        sequence,
        kind,
    })
}

/// A possible incident: random events, of which those are left out that are impossible where they stand.
fn incident() -> impl Strategy<Value = Incident> {
    let severity = proptest::sample::select(&SEVERITIES[..]);
    let opened = (0..SLOTS / 2, severity, proptest::bool::weighted(0.1));
    let adjustment = proptest::option::weighted(0.2, (moment(), 0..20_usize, proptest::option::of(moment())));
    (opened, proptest::collection::vec(event(), 0..12), adjustment).prop_map(
        |((opened, severity, cancelled), mut events, adjustment)| {
            let opening = Event {
                at: slot(opened),
                sequence: None,
                kind: EventKind::Opened {
                    severity: severity.to_string(),
                },
            };
            events.push(opening);
            let key = |event: &Event| (event.at, event.sequence, rank(&event.kind));
            events.sort_by_key(key);
            events.dedup_by_key(|event| key(event));
            let mut kept: Vec<Event> = Vec::new();
            for event in &events {
                let mut longer = kept.clone();
                longer.push(event.clone());
                let detected_first = event.kind == EventKind::Detected && event.at <= slot(opened);
                if possible(&longer) || (kept.is_empty() && detected_first) {
                    kept = longer;
                }
            }
            if cancelled {
                let mut longer = kept.clone();
                longer.push(Event {
                    at: kept.last().unwrap().at,
                    sequence: Some(9),
                    kind: EventKind::Cancelled,
                });
                kept = if possible(&longer) { longer } else { kept };
            }
            if let Some((decided, index, moved)) = adjustment {
                let target = &kept[index % kept.len()];
                let change = match moved {
                    None => Change::Excused { clock: None },
                    Some(to) => Change::Redated {
                        event: target.kind.name(),
                        from: target.at,
                        to: slot(to),
                    },
                };
                let (by, why) = (String::from("Board"), String::from("agreed"));
                // Nobody can decide on what has not happened yet.
                let decided = slot(decided).max(target.at).max(moved.map_or(target.at, slot));
                let kind = EventKind::Adjusted(Adjustment { by, why, change });
                kept.push(Event {
                    at: decided,
                    sequence: None,
                    kind,
                });
            }
            Incident {
                id: "INC-1".into(),
                entity: None,
                labels: BTreeMap::new(),
                events: kept,
            }
        },
    )
}

fn rules() -> impl Strategy<Value = Rules> {
    use Stop::{Acknowledged, AgentReply, Resolved, Workaround};
    let choices: Vec<(Start, Vec<Stop>)> = vec![
        (Start::Opened, vec![Resolved]),
        (Start::Opened, vec![Resolved]),
        (Start::Opened, vec![Workaround, Resolved]),
        (Start::Opened, vec![Acknowledged, AgentReply, Resolved]),
        (Start::Opened, vec![Workaround]),
        (Start::Detected, vec![Resolved]),
        (Start::Acknowledged, vec![Resolved]),
        (Start::Acknowledged, vec![AgentReply]),
    ];
    let change = proptest::sample::select(&[CalendarChange::Keep, CalendarChange::Recount][..]);
    let pause = proptest::sample::select(vec![&["waiting", "held"][..], &["waiting"][..], &[][..]]);
    (proptest::sample::select(choices), pause, change).prop_map(|((start, stop), pause, change)| {
        Rules::resolution()
            .with_start(start)
            .with_stop(&stop)
            .with_pause(pause)
            .with_calendar_change(change)
    })
}

fn severity_targets() -> impl Strategy<Value = Vec<SeverityTarget>> {
    let calendar = || proptest::sample::select(&["office", "paris", "night", "always", "wall"][..]);
    let quarters = || prop_oneof![1 => Just(0_u64), 9 => 1..90_u64];
    let one = move || (calendar(), quarters());
    let target = |severity: &str, calendar: &str, quarters: u64| {
        let within = if calendar == "wall" {
            Allowance::Wall(WallTime::minutes(15 * quarters))
        } else {
            Allowance::Working(WorkingTime::minutes(15 * quarters))
        };
        let calendar = (calendar != "wall").then(|| calendar.to_string());
        SeverityTarget {
            severity: severity.to_string(),
            within,
            calendar,
        }
    };
    (one(), one(), one(), any::<bool>()).prop_map(move |(first, second, third, one_calendar)| {
        let calendar = |own: &'static str| if one_calendar { first.0 } else { own };
        vec![
            target("P1", first.0, first.1),
            target("P2", calendar(second.0), second.1),
            target("P3", calendar(third.0), third.1),
        ]
    })
}

/// A re-dating takes a fact out of the past or puts it into the future: laws about growing knowledge leave it out.
fn is_redated(incident: &Incident) -> bool {
    let redates = |event: &Event| match &event.kind {
        EventKind::Adjusted(adjustment) => matches!(adjustment.change, Change::Redated { .. }),
        _ => false,
    };
    incident.events.iter().any(redates)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The crate shows what the oracle shows, at every instant of asking; the trace sums to it; a breach stays.
    #[test]
    fn readings_are_those_of_the_oracle(
        incident in incident(), rules in rules(), targets in severity_targets(),
        mut asked in proptest::collection::vec(moment(), 5),
    ) {
        let desk = desk();
        let clock = Clock::new("clock", rules.clone(), desk.goals(&targets)).unwrap();
        let grid = desk.grid(&targets);
        asked.sort_unstable();
        let redated = is_redated(&incident);
        let mut earlier: Vec<sla::Breach> = Vec::new();
        for as_of in asked.into_iter().map(slot) {
            let expected = simulate(&incident, &rules, &grid, as_of);
            prop_assert_eq!(expected.is_some(), incident.history(as_of).is_ok());
            let Some(expected) = expected else { continue };
            let reading = read(&clock, &incident, as_of);
            prop_assert_eq!(&Expected::of(&reading), &expected, "as of {}", as_of);
            if let Some(Allowance::Working(target)) = reading.target {
                prop_assert_eq!(reading.remaining, Some(target.saturating_sub(reading.elapsed)));
                prop_assert_eq!(reading.overdue, Some(reading.elapsed.saturating_sub(target)));
            }
            assert_trace(&clock, &incident, as_of);
            if !redated {
                prop_assert!(reading.breaches.starts_with(&earlier), "{:?} after {:?}", reading.breaches, earlier);
                earlier = reading.breaches;
            }
        }
    }

    /// Until the next change nothing changes; at the next change something does.
    #[test]
    fn the_next_change_is_the_next_change(
        incident in incident(), rules in rules(), targets in severity_targets(), asked in moment(), share in 0..1_000_u32,
    ) {
        let clock = Clock::new("clock", rules, desk().goals(&targets)).unwrap();
        let as_of = slot(asked);
        if incident.history(as_of).is_err() || is_redated(&incident) {
            return Ok(());
        }
        let known = Incident {
            events: incident.events.iter().filter(|event| event.at <= as_of).cloned().collect(),
            ..incident
        };
        if known.history(as_of).is_err() {
            return Ok(());
        }
        let shown = |reading: Reading| (reading.state, reading.outcome, reading.breaches);
        let reading = read(&clock, &known, as_of);
        let next = reading.next_change;
        let now = shown(reading);
        let until = next.unwrap_or(as_of + TimeDelta::days(20));
        prop_assert!(until > as_of);
        for between in [as_of + (until - as_of) / 1_000 * share as i32, until - NANO] {
            prop_assert_eq!(&shown(read(&clock, &known, between)), &now, "at {}", between);
        }
        if let Some(next) = next {
            prop_assert_ne!(shown(read(&clock, &known, next)), now);
        }
    }

    /// Events in any order, and reported twice, are the same history.
    #[test]
    fn the_order_of_reports_has_no_meaning(
        incident in incident(), rules in rules(), targets in severity_targets(), asked in moment(),
        order in proptest::collection::vec(any::<u16>(), 40), twice in 0..12_usize,
    ) {
        let clock = Clock::new("clock", rules, desk().goals(&targets)).unwrap();
        let as_of = slot(asked);
        let mut events = incident.events.clone();
        let repeated = events[twice % events.len()].clone();
        events.push(repeated);
        let mut keyed: Vec<(u16, Event)> = order.into_iter().zip(events).collect();
        keyed.sort_by_key(|(place, _)| *place);
        let shuffled = Incident {
            events: keyed.into_iter().map(|(_, event)| event).collect(),
            ..incident.clone()
        };
        match incident.history(as_of) {
            Ok(history) => {
                let same = shuffled.history(as_of).unwrap();
                prop_assert_eq!(same.duplicates(), history.duplicates() + 1);
                prop_assert_eq!(clock.read(&same), clock.read(&history));
                prop_assert_eq!(clock.trace(&same), clock.trace(&history));
            }
            Err(problems) => {
                let texts = |problems: &Problems| {
                    let mut texts: Vec<String> = problems.iter().map(|one| one.what().to_string()).collect();
                    texts.sort();
                    texts
                };
                prop_assert_eq!(texts(&problems), texts(&shuffled.history(as_of).unwrap_err()));
            }
        }
        let fact = |incident: &Incident| sla::Fact::Incident(incident.clone()).fingerprint();
        prop_assert_eq!(fact(&shuffled), fact(&incident));
    }

    /// On one calendar a change of severity, and other allowances, never change what has elapsed.
    #[test]
    fn retargeting_on_one_calendar_changes_nothing_but_the_target(
        incident in incident(), rules in rules(), quarters in proptest::array::uniform4(0..200_u64), asked in moment(),
    ) {
        let as_of = slot(asked);
        if !(incident.history(as_of).is_ok_and(|history| history.opened() <= as_of)) {
            return Ok(());
        }
        let office = &desk().calendars["paris"].0;
        let goals = SEVERITIES.iter().zip(quarters).map(|(severity, quarters)| {
            (severity.to_string(), Goal::working(WorkingTime::minutes(15 * quarters), office))
        });
        let many = Clock::new("clock", rules.clone(), goals.collect()).unwrap();
        let one = Clock::resolution(WorkingTime::hours(8), office).with_rules(rules).unwrap();
        let (many, one) = (read(&many, &incident, as_of), read(&one, &incident, as_of));
        prop_assert_eq!((many.elapsed, many.wall, many.state), (one.elapsed, one.wall, one.state));
        prop_assert_eq!((many.started, many.stopped, many.cycles), (one.started, one.stopped, one.cycles));
    }

    /// Delivered at due is met; a nanosecond later it is late, whatever happened before.
    #[test]
    fn delivered_at_due_is_met(incident in incident(), targets in severity_targets(), rules in rules(), asked in moment()) {
        let rules = rules.with_stop(&[Stop::Resolved]);
        let clock = Clock::new("clock", rules, desk().goals(&targets)).unwrap();
        let as_of = slot(asked);
        let ends = |event: &Event| matches!(event.kind.name(), EventName::Resolved | EventName::Reopened
            | EventName::Cancelled | EventName::Adjusted);
        let known = Incident {
            events: incident.events.iter().filter(|event| event.at <= as_of && !ends(event)).cloned().collect(),
            ..incident
        };
        if known.history(as_of).is_err() {
            return Ok(());
        }
        let reading = read(&clock, &known, as_of);
        let running = matches!(reading.state, State::Running | State::OutsideHours);
        if !running || reading.outcome != Outcome::Pending || reading.target.is_none() {
            return Ok(());
        }
        let due = reading.due.unwrap();
        let resolved = |at: DateTime<Utc>| {
            let event = Event { at, sequence: Some(8), kind: EventKind::Resolved };
            let mut incident = known.clone();
            incident.events.push(event);
            read(&clock, &incident, at + TimeDelta::days(1))
        };
        let (met, late) = (resolved(due), resolved(due + NANO));
        prop_assert_eq!((met.outcome, met.due, met.stopped), (Outcome::Met, Some(due), Some(due)));
        prop_assert_eq!((late.outcome, late.due), (Outcome::Breached, Some(due)));
        prop_assert_eq!(met.breaches.len() + 1, late.breaches.len());
        prop_assert_eq!(read(&clock, &known, due).outcome, Outcome::Pending);
        prop_assert_eq!(read(&clock, &known, due + NANO).outcome, Outcome::Breached);
    }
}

// Rows worked out by hand.

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    case: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    why: String,
    rules: Rules,
    targets: Vec<SeverityTarget>,
    events: Vec<Event>,
    readings: Vec<Shown>,
}

/// What a reading shows. What is absent is not asked, but `due` and `breaches`: absent, there must be none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    as_of: String,
    state: Option<String>,
    outcome: String,
    elapsed: Option<WorkingTime>,
    due: Option<String>,
    #[serde(default)]
    breaches: Vec<String>,
    cycles: Option<usize>,
    next_change: Option<String>,
}

fn snake(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_string()
}

#[test]
fn rows_worked_out_by_hand() {
    let rows: Rows = toml::from_str(include_str!("../vectors/clock.toml")).unwrap();
    for row in rows.case {
        let place = format!("{}: {}", row.name, row.why);
        let first = row.events.iter().map(|event| event.at).min().unwrap();
        let midnight = first.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
        let desk = Desk::new(midnight, 60);
        let clock = Clock::new("clock", row.rules.clone(), desk.goals(&row.targets)).unwrap();
        let mut incident = Incident::opened("INC-1", "P1", first);
        incident.events = row.events;
        assert!(!row.readings.is_empty(), "{place}");
        for shown in row.readings {
            let as_of = at(&shown.as_of);
            let place = format!("{place}, as of {as_of}");
            let reading = read(&clock, &incident, as_of);
            assert_eq!(snake(&reading.outcome), shown.outcome, "{place}");
            assert_eq!(reading.due, shown.due.as_deref().map(at), "due of {place}");
            let breaches: Vec<String> = reading
                .breaches
                .iter()
                .map(|breach| {
                    format!(
                        "{} {}",
                        breach.severity.clone().unwrap(),
                        breach.due.format("%FT%TZ")
                    )
                })
                .collect();
            assert_eq!(breaches, shown.breaches, "{place}");
            if let Some(state) = shown.state {
                assert_eq!(snake(&reading.state), state, "{place}");
            }
            if let Some(elapsed) = shown.elapsed {
                assert_eq!(reading.elapsed, elapsed, "{place}");
            }
            if let Some(cycles) = shown.cycles {
                assert_eq!(reading.cycles.len(), cycles, "{place}");
            }
            if let Some(next) = shown.next_change {
                assert_eq!(reading.next_change, Some(at(&next)), "next change of {place}");
            }
            assert_trace(&clock, &incident, as_of);
            let expected = simulate(&incident, &row.rules, &desk.grid(&row.targets), as_of);
            assert_eq!(Some(Expected::of(&reading)), expected, "the oracle on {place}");
        }
    }
}

// Impossible sequences, contradictions and duplicates.

fn refused(events: Vec<Event>) -> Vec<String> {
    let mut incident = Incident::opened("INC-1", "P1", at("2026-03-02T09:00:00Z"));
    incident.events = events;
    let problems = incident.history(at("2026-04-01T00:00:00Z")).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn on(hour: u32, kind: EventKind) -> Event {
    Event {
        at: at(&format!("2026-03-02T{hour:02}:00:00Z")),
        sequence: None,
        kind,
    }
}

fn opened(severity: &str) -> EventKind {
    EventKind::Opened {
        severity: severity.into(),
    }
}

fn redated(event: EventName, from: u32, to: u32) -> EventKind {
    let (from, to) = (on(from, EventKind::Resolved).at, on(to, EventKind::Resolved).at);
    let (by, why) = ("Board".into(), "agreed".into());
    let change = Change::Redated { event, from, to };
    EventKind::Adjusted(Adjustment { by, why, change })
}

#[test]
fn impossible_sequences_are_refused_in_words() {
    use EventKind::{AgentReply, Cancelled, Detected, Reopened, Resolved, Workaround};
    let status = |status: &str| EventKind::Status(status.into());
    let rows: Vec<(Vec<Event>, &[&str])> = vec![
        (vec![], &["events: expected an event `opened`, found none"]),
        (
            vec![on(9, AgentReply)],
            &["events[0]: event `agent_reply` at 2026-03-02T09:00:00Z comes before the incident was opened"],
        ),
        (
            vec![on(9, opened("P1")), on(10, opened("P1"))],
            &[
                "events[1]: event `opened` at 2026-03-02T10:00:00Z comes although the incident was opened before",
            ],
        ),
        (
            vec![on(10, opened("P1")), on(9, Resolved)],
            &["events[1]: event `resolved` at 2026-03-02T09:00:00Z comes before the incident was opened"],
        ),
        (
            vec![on(9, opened("P1")), on(10, Detected)],
            &["events[1]: event `detected` at 2026-03-02T10:00:00Z comes after the incident was opened"],
        ),
        (
            vec![on(7, Detected), on(8, Detected), on(9, opened("P1"))],
            &[
                "events[1]: event `detected` at 2026-03-02T08:00:00Z comes although the incident was detected before",
            ],
        ),
        (
            vec![on(9, opened("P1")), on(10, Resolved), on(11, Resolved)],
            &[
                "events[2]: event `resolved` at 2026-03-02T11:00:00Z comes although the incident was resolved and not reopened",
            ],
        ),
        (
            vec![on(9, opened("P1")), on(11, Reopened)],
            &[
                "events[1]: event `reopened` at 2026-03-02T11:00:00Z comes although the incident was neither resolved nor restored by a workaround",
            ],
        ),
        (
            vec![
                on(9, opened("P1")),
                on(10, Workaround),
                on(11, Reopened),
                on(12, Reopened),
            ],
            &[
                "events[3]: event `reopened` at 2026-03-02T12:00:00Z comes although the incident was neither resolved nor restored by a workaround",
            ],
        ),
        (
            vec![
                on(9, opened("P1")),
                on(10, Cancelled),
                on(11, status("waiting")),
                on(12, Resolved),
            ],
            &[
                "events[2]: event `status` at 2026-03-02T11:00:00Z comes after the incident was cancelled",
                "events[3]: event `resolved` at 2026-03-02T12:00:00Z comes after the incident was cancelled",
            ],
        ),
        (
            vec![on(9, opened("P1")), on(9, opened("P2"))],
            &[
                "events[1]: two events `opened` at 2026-03-02T09:00:00Z with different content; a `sequence` on each would order them",
            ],
        ),
        (
            vec![
                on(9, opened("P1")),
                on(10, status("waiting")),
                on(10, status("held")),
                on(10, status("waiting")),
            ],
            &[
                "events[2]: two events `status` at 2026-03-02T10:00:00Z with different content; a `sequence` on each would order them",
            ],
        ),
        (
            vec![on(9, opened("")), on(10, status("a\nb"))],
            &[
                "events[0]: expected a name, found nothing",
                "events[1]: expected a name without control characters",
            ],
        ),
        (
            vec![on(9, opened("P1")), on(12, redated(EventName::Resolved, 11, 10))],
            &["events[1].adjusted: expected an event `resolved` at 2026-03-02T11:00:00Z, found none"],
        ),
        (
            vec![
                on(9, opened("P1")),
                on(11, Resolved),
                on(12, redated(EventName::Resolved, 11, 8)),
            ],
            &["events[1]: event `resolved` at 2026-03-02T08:00:00Z comes before the incident was opened"],
        ),
        (
            vec![
                on(9, opened("P1")),
                on(11, Resolved),
                on(12, redated(EventName::Resolved, 11, 10)),
                on(12, redated(EventName::Resolved, 11, 10)),
                on(12, redated(EventName::Resolved, 11, 11)),
            ],
            &[
                "two adjustments at 2026-03-02T12:00:00Z move the event `resolved` at 2026-03-02T11:00:00Z; a `sequence` on each would order them",
            ],
        ),
    ];
    for (events, expected) in rows {
        let found = refused(events.clone());
        assert_eq!(found.len(), expected.len(), "{found:?} for {events:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                found.starts_with("events") && found.ends_with(expected),
                "{found}\n{expected}"
            );
        }
    }
    let leap = Event {
        at: DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap(),
        ..on(9, Resolved)
    };
    assert_eq!(
        refused(vec![on(9, opened("P1")), leap]),
        ["events[1].at: expected an instant of POSIX time, found the leap second `2016-12-31T23:59:60.500Z`"]
    );
}

#[test]
fn what_stands_there_twice_counts_once() {
    let mut incident = Incident::opened("INC-1", "P1", at("2026-03-02T09:00:00Z"));
    for _ in 0..3 {
        incident.events.push(on(10, EventKind::AgentReply));
        incident.events.push(on(11, EventKind::Resolved));
        incident.events.push(on(12, redated(EventName::Resolved, 11, 10)));
    }
    let history = incident.history(at("2026-04-01T00:00:00Z")).unwrap();
    assert_eq!(history.duplicates(), 6);
    assert_eq!(history.resolved(), Some(at("2026-03-02T10:00:00Z")));
    let sequenced = Event {
        sequence: Some(1),
        ..on(10, EventKind::AgentReply)
    };
    incident.events.push(sequenced);
    assert_eq!(
        incident.history(at("2026-04-01T00:00:00Z")).unwrap().duplicates(),
        6
    );
}

#[test]
fn rules_that_contradict_themselves_are_refused_in_words() {
    let desk = desk();
    let goals = |first: &str, second: &str| {
        let goal = |id: &str| Goal::working(WorkingTime::hours(1), &desk.calendars[id].0);
        vec![("P1".to_string(), goal(first)), ("P2".to_string(), goal(second))]
    };
    let problems = |result: Result<Clock, Problems>| result.unwrap_err().to_string();
    assert_eq!(
        problems(Clock::new(
            "clock",
            Rules::resolution().with_stop(&[]),
            goals("office", "paris")
        )),
        "rules.stop: expected at least one fact that stops the clock, found none\n\
         rules.calendar_change: severities are measured on different calendars: expected `keep` or `recount`, found nothing"
    );
    let acknowledged = Rules::response().with_start(Start::Acknowledged);
    assert_eq!(
        problems(Clock::new("clock", acknowledged, goals("office", "office"))),
        "rules.stop: `acknowledged` starts the clock and cannot stop it"
    );
    let mut twice = goals("office", "office");
    twice[1].0 = "P1".into();
    assert_eq!(
        problems(Clock::new("clock", Rules::resolution(), twice)),
        "targets[1].severity: `P1` stands there twice"
    );
}

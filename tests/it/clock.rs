//! Clocks: the laws of readings and traces, and rows worked out by hand. Both are held against `clock_oracle`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::clock::{
    ClockTarget, Condition, Elapsed, Outcome, Reading, Rules, SeverityChange, SpanKind, State, TargetTerms,
};
use sla::error::Problems;
use sla::record::{Adjustment, Change, Event, EventKind, EventName};
use sla::time::Allowance;
use sla::{Calendar, Clock, Hours, Incident, WallTime, WorkingTime};

use crate::clock_oracle::{Expected, GridTarget, Minutes, possible, rank, simulate};

const NANO: TimeDelta = TimeDelta::nanoseconds(1);

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|_| panic!("`{text}`"))
}

// Clocks for both sides.

/// A target, and the severity whose it is.
#[derive(Debug, Clone)]
pub(crate) struct SeverityTarget {
    pub(crate) severity: String,
    pub(crate) target: TargetTerms,
}

/// Targets by severity, on named calendars, for the crate and for the oracle.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) calendars: BTreeMap<&'static str, (Calendar, Minutes)>,
}

impl Desk {
    pub(crate) fn new(base: DateTime<Utc>, days: usize) -> Self {
        let office = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
        let paris = Hours::in_zone("Europe/Paris")
            .weekly("Mon-Fri 09:00-12:00,13:00-18:00")
            .holiday("2026-04-03", "Good Friday")
            .holiday("2026-04-06", "Easter Monday")
            .known_through("2026-12-31");
        let night = Hours::in_zone("Europe/Paris").weekly("Sat,Sun 22:00-06:00");
        let calendars = [
            ("office", office),
            ("paris", paris),
            ("night", night),
            ("always", Hours::always()),
            (
                "closing",
                Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00 through 2026-03-13"),
            ),
            (
                "known",
                Hours::in_zone("UTC")
                    .weekly("Mon-Fri 09:00-17:00")
                    .known_through("2026-03-13"),
            ),
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

    pub(crate) fn goals(&self, targets: &[SeverityTarget]) -> Vec<(String, ClockTarget)> {
        let goal = |target: &SeverityTarget| match &target.target {
            TargetTerms::Working { time, on } => {
                ClockTarget::working(time.working(), &self.calendars[on.as_str()].0)
            }
            TargetTerms::Wall(time) => ClockTarget::wall(time.wall()),
            _ => panic!("{target:?}"),
        };
        let named = targets
            .iter()
            .map(|target| (target.severity.clone(), goal(target)));
        named.collect()
    }

    pub(crate) fn grid<'a>(&'a self, targets: &'a [SeverityTarget]) -> Vec<GridTarget<'a>> {
        let grid = |target: &'a SeverityTarget| GridTarget {
            severity: &target.severity,
            minutes: match &target.target {
                TargetTerms::Working { time, .. } | TargetTerms::Wall(time) => {
                    (time.wall().as_seconds() / 60) as i64
                }
                _ => unreachable!(),
            },
            open: target.target.calendar().map(|id| &self.calendars[id].1),
        };
        targets.iter().map(grid).collect()
    }
}

fn read(clock: &Clock, incident: &Incident, as_of: DateTime<Utc>) -> Reading {
    clock.read(&incident.history(as_of).unwrap()).unwrap()
}

/// What counted, what is left and what went beyond are of the kind that the target grants, and add up.
fn assert_left(reading: &Reading) {
    let expected = match (reading.target, reading.elapsed) {
        (Some(Allowance::Working(target)), Elapsed::Working(elapsed)) => Some((
            Elapsed::Working(target.saturating_sub(elapsed)),
            Elapsed::Working(elapsed.saturating_sub(target)),
        )),
        (Some(Allowance::Wall(target)), Elapsed::Wall(elapsed)) => Some((
            Elapsed::Wall(target.saturating_sub(elapsed)),
            Elapsed::Wall(elapsed.saturating_sub(target)),
        )),
        (None, _) => None,
        (target, elapsed) => panic!("{elapsed} for {target:?}"),
    };
    assert_eq!(reading.remaining.zip(reading.overdue), expected);
    assert_eq!(reading.due.is_none(), reading.no_due.is_some(), "{reading:?}");
}

/// Contiguous from the start, and what its kinds sum to is what the reading shows.
pub(crate) fn assert_trace(clock: &Clock, incident: &Incident, as_of: DateTime<Utc>) {
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

pub(crate) fn desk() -> &'static Desk {
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
        1 => Just(EventKind::PublicReply),
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
                revision: 0,
                recorded_at: None,
            }
        },
    )
}

fn rules() -> impl Strategy<Value = Rules> {
    use EventName::{Acknowledged, PublicReply, Resolved, Workaround};
    let choices: Vec<(EventName, Vec<EventName>)> = vec![
        (EventName::Opened, vec![Resolved]),
        (EventName::Opened, vec![Resolved]),
        (EventName::Opened, vec![Workaround, Resolved]),
        (EventName::Opened, vec![Acknowledged, PublicReply, Resolved]),
        (EventName::Opened, vec![Workaround]),
        (EventName::Detected, vec![Resolved]),
        (EventName::Acknowledged, vec![Resolved]),
        (EventName::Acknowledged, vec![PublicReply]),
    ];
    let change = proptest::sample::select(
        &[
            SeverityChange::FromOpeningKept,
            SeverityChange::FromOpeningRecounted,
        ][..],
    );
    let pause = proptest::sample::select(vec![&["waiting", "held"][..], &["waiting"][..], &[][..]]);
    (proptest::sample::select(choices), pause, change).prop_map(|((start, stop), pause, change)| {
        Rules::resolution()
            .with_start(start)
            .with_stop(stop)
            .with_pause(pause.iter().copied().map(Condition::status))
            .with_severity_change(change)
    })
}

fn severity_targets() -> impl Strategy<Value = Vec<SeverityTarget>> {
    let calendar = || proptest::sample::select(&["office", "paris", "night", "always", "wall"][..]);
    let quarters = || prop_oneof![1 => Just(0_u64), 9 => 1..90_u64];
    let one = move || (calendar(), quarters());
    let target = |severity: &str, calendar: &str, quarters: u64| SeverityTarget {
        severity: severity.to_string(),
        target: if calendar == "wall" {
            TargetTerms::wall(WallTime::minutes(15 * quarters))
        } else {
            TargetTerms::working(WorkingTime::minutes(15 * quarters), calendar)
        },
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
        let mut earlier: Vec<sla::clock::Breach> = Vec::new();
        for as_of in asked.into_iter().map(slot) {
            let expected = simulate(&incident, &rules, &grid, as_of);
            prop_assert_eq!(expected.is_some(), incident.history(as_of).is_ok());
            let Some(expected) = expected else { continue };
            let reading = read(&clock, &incident, as_of);
            prop_assert_eq!(&Expected::of(&reading), &expected, "as of {}", as_of);
            assert_left(&reading);
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
        let fact = |incident: &Incident| sla::record::Fact::Incident(incident.clone()).fingerprint();
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
            (severity.to_string(), ClockTarget::working(WorkingTime::minutes(15 * quarters), office))
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
        let rules = rules.with_stop([EventName::Resolved]);
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
    targets: BTreeMap<String, TargetTerms>,
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
    no_due: Option<String>,
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
        let targets = row.targets.into_iter();
        let targets: Vec<SeverityTarget> = targets
            .map(|(severity, target)| SeverityTarget { severity, target })
            .collect();
        let clock = Clock::new("clock", row.rules.clone(), desk.goals(&targets)).unwrap();
        let mut incident = Incident::opened("INC-1", "P1", first);
        incident.events = row.events;
        assert!(!row.readings.is_empty(), "{place}");
        for shown in row.readings {
            let as_of = at(&shown.as_of);
            let place = format!("{place}, as of {as_of}");
            let reading = read(&clock, &incident, as_of);
            assert_eq!(snake(&reading.outcome), shown.outcome, "{place}");
            assert_eq!(reading.due, shown.due.as_deref().map(at), "due of {place}");
            if let Some(no_due) = shown.no_due {
                let why = serde_json::to_value(&reading.no_due).unwrap();
                let why = why.as_str().or(why["beyond_known"].as_str()).map(String::from);
                assert_eq!(why, Some(no_due), "{place}");
            }
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
                assert_eq!(
                    reading.elapsed.as_nanoseconds(),
                    elapsed.as_nanoseconds(),
                    "{place}"
                );
            }
            if let Some(cycles) = shown.cycles {
                assert_eq!(reading.cycles.len(), cycles, "{place}");
            }
            if let Some(next) = shown.next_change {
                assert_eq!(reading.next_change, Some(at(&next)), "next change of {place}");
            }
            assert_left(&reading);
            assert_trace(&clock, &incident, as_of);
            let expected = simulate(&incident, &row.rules, &desk.grid(&targets), as_of);
            assert_eq!(Some(Expected::of(&reading)), expected, "the oracle on {place}");
        }
    }
}

//! Clocks: facts of one instant in every order and subset, what a due that is not known leaves known, and severities by
//! the thousand. The moments are held against `clock_oracle`.

use chrono::{DateTime, TimeDelta, Utc};
use sla::calendar::{BeyondKnown, HoursBuilder};
use sla::clock::{
    ClockTarget, Condition, Elapsed, NoDue, Outcome, Reading, Rules, SeverityChange, State, TargetTerms,
};
use sla::error::QueryError;
use sla::record::{Event, EventKind, EventName};
use sla::time::{BusinessDays, DayMeaning};
use sla::{Calendar, Clock, Hours, Incident, WallTime, WorkingTime};

use crate::clock::{Desk, SeverityTarget, assert_trace, at};
use crate::clock_oracle::{Expected, simulate};

fn read(clock: &Clock, incident: &Incident, as_of: &str) -> Reading {
    clock.read(&incident.history(at(as_of)).unwrap()).unwrap()
}

fn status(status: &str) -> EventKind {
    EventKind::Status(status.into())
}

fn changed(severity: &str) -> EventKind {
    EventKind::SeverityChanged {
        severity: severity.into(),
    }
}

/// Every order of some items.
fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for rest in permutations(rest) {
        for place in 0..=rest.len() {
            let mut one = rest.clone();
            one.insert(place, first.clone());
            all.push(one);
        }
    }
    all
}

fn rules() -> Vec<Rules> {
    let choices = [
        (
            EventName::Opened,
            vec![EventName::PublicReply, EventName::Resolved],
        ),
        (
            EventName::Opened,
            vec![EventName::Workaround, EventName::Resolved],
        ),
        (EventName::Opened, vec![EventName::Resolved]),
        (
            EventName::Acknowledged,
            vec![EventName::PublicReply, EventName::Resolved],
        ),
    ];
    let rules = choices.map(|(start, stop)| {
        Rules::resolution()
            .with_start(start)
            .with_stop(stop)
            .with_pause([Condition::status("waiting")])
    });
    rules.to_vec()
}

/// What may have happened before the moment, and the facts of which every subset may happen in it.
fn beginnings() -> Vec<Vec<Event>> {
    let event = |hour: u32, kind: EventKind| Event {
        at: at(&format!("2026-03-02T{hour:02}:00:00Z")),
        sequence: None,
        kind,
    };
    let opened = || {
        event(
            9,
            EventKind::Opened {
                severity: "P1".into(),
            },
        )
    };
    vec![
        vec![opened()],
        vec![opened(), event(10, status("waiting"))],
        vec![opened(), event(10, EventKind::Resolved)],
        vec![
            opened(),
            event(10, status("waiting")),
            event(11, EventKind::Workaround),
        ],
    ]
}

/// Each subset of facts of one instant reads the same in every order, and as the oracle reads it.
#[test]
fn facts_of_one_instant_have_no_order() {
    let desk = Desk::new(at("2026-03-02T00:00:00Z"), 30);
    let target = |severity: &str, hours| SeverityTarget {
        severity: severity.into(),
        target: TargetTerms::working(WorkingTime::hours(hours), "office"),
    };
    let targets = [target("P1", 8), target("P2", 2)];
    let facts = [
        status("waiting"),
        status("working"),
        EventKind::Acknowledged,
        EventKind::PublicReply,
        EventKind::Workaround,
        EventKind::Resolved,
        EventKind::Reopened,
        changed("P2"),
        EventKind::Cancelled,
    ];
    let moment = at("2026-03-02T14:00:00Z");
    let asked = [moment, at("2026-03-02T15:00:00Z"), at("2026-03-03T10:00:00Z")];
    let (mut possible, mut differ) = (0, 0);
    for (rules, beginning) in rules()
        .iter()
        .flat_map(|rules| beginnings().into_iter().map(move |b| (rules, b)))
    {
        let clock = Clock::new("clock", rules.clone(), desk.goals(&targets)).unwrap();
        for chosen in (0..1_u32 << facts.len()).filter(|chosen| chosen.count_ones() <= 4) {
            let now = facts
                .iter()
                .enumerate()
                .filter(|(index, _)| chosen & (1 << index) != 0);
            let now: Vec<Event> = now
                .map(|(_, kind)| Event {
                    at: moment,
                    sequence: None,
                    kind: kind.clone(),
                })
                .collect();
            let readings = |now: Vec<Event>, held: bool| {
                let mut incident = Incident::opened("INC-1", "P1", moment);
                incident.events = now.into_iter().chain(beginning.clone()).collect();
                asked.map(|as_of| {
                    let history = incident.history(as_of).ok()?;
                    let reading = clock.read(&history).unwrap();
                    if held {
                        assert_trace(&clock, &incident, as_of);
                        let expected = simulate(&incident, rules, &desk.grid(&targets), as_of);
                        assert_eq!(
                            Some(Expected::of(&reading)),
                            expected,
                            "{incident:?} by {rules:?}"
                        );
                    }
                    Some(reading)
                })
            };
            let first = readings(now.clone(), true);
            let Some(_) = &first[0] else { continue };
            possible += 1;
            let orders = if now.len() < 4 {
                permutations(&now)
            } else {
                vec![now.iter().rev().cloned().collect()]
            };
            for order in orders {
                assert_eq!(
                    readings(order.clone(), false),
                    first,
                    "{order:?} after {beginning:?}"
                );
            }
            // Where the source knows an order, that order counts.
            let sequenced = now.iter().zip(1..).map(|(event, sequence)| Event {
                sequence: Some(sequence),
                ..event.clone()
            });
            differ += usize::from(readings(sequenced.collect(), true) != first);
        }
    }
    assert!(possible > 500, "{possible}");
    assert!(differ > 50, "{differ}");
}

fn office() -> HoursBuilder {
    Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00")
}

fn days(count: u32, meaning: DayMeaning, calendar: &Calendar) -> ClockTarget {
    ClockTarget::business_days(BusinessDays::new(count, meaning), calendar)
}

fn one(goal: ClockTarget) -> Clock {
    let rules = Rules::resolution()
        .with_stop([EventName::PublicReply, EventName::Resolved])
        .with_pause([Condition::status("waiting")]);
    Clock::new("clock", rules, vec![("P3".into(), goal)]).unwrap()
}

/// Friday 2026-03-06, 15:00.
fn incident() -> Incident {
    Incident::opened("INC-1", "P3", at("2026-03-06T15:00:00Z"))
}

#[test]
fn stopped_in_the_moment_of_a_pause_every_kind_of_target_keeps_its_due() {
    let desk = office().compile().unwrap();
    let waited = incident()
        .with(at("2026-03-09T10:00:00Z"), status("waiting"))
        .with(at("2026-03-09T12:00:00Z"), status("working"));
    for (goal, due, moved) in [
        (
            ClockTarget::working(WorkingTime::hours(8), &desk),
            "2026-03-09T15:00:00Z",
            "2026-03-09T17:00:00Z",
        ),
        (
            ClockTarget::wall(WallTime::hours(96)),
            "2026-03-10T15:00:00Z",
            "2026-03-10T17:00:00Z",
        ),
        (
            days(2, DayMeaning::SameTime, &desk),
            "2026-03-10T15:00:00Z",
            "2026-03-10T17:00:00Z",
        ),
        (
            days(2, DayMeaning::ByClose, &desk),
            "2026-03-10T17:00:00Z",
            "2026-03-11T11:00:00Z",
        ),
        (
            days(1, DayMeaning::DayLength, &desk),
            "2026-03-09T15:00:00Z",
            "2026-03-09T17:00:00Z",
        ),
        (
            ClockTarget::fixed(at("2026-03-12T12:00:00Z")),
            "2026-03-12T12:00:00Z",
            "2026-03-12T12:00:00Z",
        ),
    ] {
        let clock = one(goal);
        for stop in [EventKind::PublicReply, EventKind::Resolved, EventKind::Cancelled] {
            for (incident, due) in [(incident(), due), (waited.clone(), moved)] {
                let stopped = incident.with(at("2026-03-09T13:00:00Z"), stop.clone());
                let alone = read(&clock, &stopped, "2026-04-01T00:00:00Z");
                let with_pause = stopped.with(at("2026-03-09T13:00:00Z"), status("waiting"));
                assert_eq!(read(&clock, &with_pause, "2026-04-01T00:00:00Z"), alone);
                assert_eq!(alone.due, Some(at(due)), "{alone:?}");
            }
        }
    }
}

#[test]
fn a_due_past_all_that_is_known_leaves_the_rest_of_a_reading() {
    let known = office().known_through("2026-03-10").compile().unwrap();
    let closing = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00 through 2026-03-10")
        .compile()
        .unwrap();
    let ends = "2026-03-10".parse().unwrap();
    let beyond = Some(NoDue::BeyondKnown(QueryError::BeyondCoverage {
        known_through: ends,
    }));
    let resolved = incident().with(at("2026-03-10T16:45:00Z"), EventKind::Resolved);
    for (goal, no_due) in [
        (
            ClockTarget::working(WorkingTime::hours(40), &known),
            beyond.clone(),
        ),
        (
            ClockTarget::working(WorkingTime::hours(40), &closing),
            Some(NoDue::NeverOpens),
        ),
        (days(5, DayMeaning::ByClose, &known), beyond.clone()),
        (days(5, DayMeaning::ByClose, &closing), Some(NoDue::NeverOpens)),
        (days(2, DayMeaning::ScheduleHours, &known), beyond),
    ] {
        let clock = one(goal);
        let running = read(&clock, &incident(), "2026-03-10T16:00:00Z");
        assert_eq!(
            (running.state, running.outcome),
            (State::Running, Outcome::Pending)
        );
        assert_eq!((running.due, &running.no_due), (None, &no_due));
        assert_eq!(running.elapsed, WorkingTime::hours(2 + 8 + 7).into());
        let met = read(&clock, &resolved, "2026-04-01T00:00:00Z");
        assert_eq!((met.outcome, met.due, &met.no_due), (Outcome::Met, None, &no_due));
        assert_eq!(
            met.elapsed,
            Elapsed::Working(WorkingTime::seconds(17 * 3_600 + 45 * 60))
        );
        assert!(met.breaches.is_empty());
    }
}

/// What a clock counted until the end of all that is known is known, and so is whether it counted until then.
#[test]
fn a_clock_is_read_where_knowledge_ends() {
    let ends = at("2026-03-11T00:00:00Z");
    let late = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00,20:00-24:00");
    for (hours, state, elapsed) in [
        (office(), State::OutsideHours, 2 + 8 + 8),
        (late, State::Running, 2 + 4 + 12 + 12),
    ] {
        let known = hours.known_through("2026-03-10").compile().unwrap();
        let clock = one(ClockTarget::working(WorkingTime::hours(40), &known));
        let reading = clock.read(&incident().history(ends).unwrap()).unwrap();
        assert_eq!((reading.state, reading.outcome), (state, Outcome::Pending));
        assert_eq!(reading.elapsed, WorkingTime::hours(elapsed).into());
        assert_eq!((reading.due, reading.next_change), (None, None));
        let spans = clock.trace(&incident().history(ends).unwrap()).unwrap();
        assert_eq!(spans.last().unwrap().over.end(), ends);
        let past = ends + TimeDelta::nanoseconds(1);
        let error = clock.read(&incident().history(past).unwrap()).unwrap_err();
        assert!(matches!(error, QueryError::BeyondCoverage { .. }), "{error}");
    }
}

/// The limit of a trace is that of all its spans, however they lie around pauses.
#[test]
fn a_trace_has_a_limit() {
    let hours = (0..24).map(|hour| format!("{hour:02}:00-{hour:02}:15,{hour:02}:30-{hour:02}:45"));
    let windows: Vec<String> = hours.collect();
    let quarters = Hours::in_zone("UTC").weekly(&format!("Mon-Sun {}", windows.join(",")));
    let clock = one(ClockTarget::working(
        WorkingTime::hours(40),
        &quarters.compile().unwrap(),
    ));
    let opened = at("2026-03-06T15:00:00Z");
    // Each quarter of an hour is a span, one of them that of the pause.
    let quarter = |number: i64| opened + TimeDelta::minutes(15 * number);
    let paused = Incident::opened("INC-1", "P3", opened)
        .with(quarter(60_001), status("waiting"))
        .with(quarter(60_002), status("working"));
    let spans = |as_of| {
        clock
            .trace(&paused.history(as_of).unwrap())
            .map(|spans| spans.len())
    };
    assert_eq!(spans(quarter(60_000)), Ok(60_000));
    assert_eq!(spans(quarter(100_000)), Ok(100_000));
    let most = TimeDelta::nanoseconds(1);
    assert_eq!(
        spans(quarter(100_000) + most),
        Err(QueryError::TooManyStretches { most: 100_000 })
    );
}

/// A pause moves the due of days past what is known. Neither the pause nor what comes after it spoils the reading.
#[test]
fn a_pause_may_move_a_due_past_all_that_is_known() {
    let known = office().known_through("2026-03-10").compile().unwrap();
    let clock = one(days(2, DayMeaning::SameTime, &known));
    let waiting = incident().with(at("2026-03-09T10:00:00Z"), status("waiting"));
    assert_eq!(
        read(&clock, &waiting, "2026-04-01T00:00:00Z").no_due,
        Some(NoDue::Paused)
    );
    let waited = waiting.with(at("2026-03-10T10:00:00Z"), status("working"));
    let moved = read(&clock, &waited, "2026-03-10T16:00:00Z");
    assert!(matches!(moved.no_due, Some(NoDue::BeyondKnown(_))), "{moved:?}");
    assert_eq!(moved.remaining, Some(WorkingTime::hours(16 - 9).into()));
}

/// Kept time lets a clock be read where the calendar of its target knows nothing: whether that is late, nobody can tell.
#[test]
fn late_or_not_cannot_be_told_is_pending() {
    let known = office().known_through("2026-03-10").compile().unwrap();
    let goals = |goal: ClockTarget| {
        vec![
            ("P1".into(), ClockTarget::wall(WallTime::hours(1_000))),
            ("P3".into(), goal),
        ]
    };
    let rules = || Rules::resolution().with_severity_change(SeverityChange::FromOpeningKept);
    let incident = Incident::opened("INC-1", "P1", at("2026-03-06T15:00:00Z"))
        .with(at("2026-03-20T12:00:00Z"), changed("P3"))
        .with(at("2026-03-20T12:00:00Z"), EventKind::Resolved);
    let days = Clock::new("clock", rules(), goals(days(5, DayMeaning::ByClose, &known))).unwrap();
    let reading = read(&days, &incident, "2026-03-21T00:00:00Z");
    assert_eq!(
        (reading.state, reading.outcome),
        (State::Stopped, Outcome::Pending)
    );
    // Less counted than is granted: not late, wherever the rest of it lies.
    let hours = ClockTarget::working(WorkingTime::hours(500), &known);
    let hours = Clock::new("clock", rules(), goals(hours)).unwrap();
    let reading = read(&hours, &incident, "2026-03-21T00:00:00Z");
    assert_eq!((reading.due, reading.outcome), (None, Outcome::Met));
}

#[test]
fn why_there_is_no_due_is_told() {
    let desk = office().compile().unwrap();
    let no_due =
        |goal: ClockTarget, incident: &Incident, as_of: &str| read(&one(goal), incident, as_of).no_due;
    let eight = || ClockTarget::working(WorkingTime::hours(8), &desk);
    let later = "2026-03-09T12:00:00Z";
    assert_eq!(
        no_due(eight(), &incident(), "2026-03-06T14:00:00Z"),
        Some(NoDue::NotStarted)
    );
    assert_eq!(
        no_due(eight(), &incident().with(at(later), changed("P9")), later),
        Some(NoDue::NoTarget)
    );
    assert_eq!(
        no_due(ClockTarget::best_effort(), &incident(), later),
        Some(NoDue::BestEffort)
    );
    assert_eq!(
        no_due(eight(), &incident().with(at(later), status("waiting")), later),
        Some(NoDue::Paused)
    );
    assert_eq!(no_due(eight(), &incident(), later), None);
    let never = ClockTarget::wall(WallTime::hours(24 * 365 * 250));
    let overflow = no_due(never, &incident(), later).unwrap();
    assert_eq!(overflow, NoDue::BeyondKnown(QueryError::Overflow));
    assert_eq!(
        serde_json::to_string(&overflow).unwrap(),
        r#"{"beyond_known":"the result lies outside 1900-01-01 to 2200-01-01 UTC, or does not fit"}"#
    );
    assert_eq!(
        serde_json::to_string(&NoDue::NeverOpens).unwrap(),
        r#""never_opens""#
    );
    let shown = [
        NoDue::NotStarted,
        NoDue::NoTarget,
        NoDue::BestEffort,
        NoDue::Paused,
        NoDue::NeverOpens,
    ];
    let shown = shown.map(|no_due| no_due.to_string());
    assert_eq!(
        shown,
        [
            "not started",
            "no target",
            "best effort",
            "paused",
            "service hours never run again"
        ]
    );
}

/// What is not known yet when a clock starts is no due past all that is known: nothing of the clock is known.
#[test]
fn before_all_that_is_known_there_is_no_reading() {
    let known = office().known_from("2026-03-10").compile().unwrap();
    let clock = one(days(1, DayMeaning::ByClose, &known));
    let incident = incident();
    let history = incident.history(at("2026-03-06T16:00:00Z")).unwrap();
    assert!(matches!(
        clock.read(&history),
        Err(QueryError::BeforeCoverage { .. })
    ));
}

#[test]
fn working_and_wall_time_stay_apart() {
    let desk = office().compile().unwrap();
    let later = "2026-03-06T16:00:00Z";
    for (goal, elapsed, left) in [
        (
            ClockTarget::working(WorkingTime::hours(8), &desk),
            "PT1H working",
            Some("PT7H working"),
        ),
        (
            ClockTarget::wall(WallTime::hours(8)),
            "PT1H wall",
            Some("PT7H wall"),
        ),
        (
            days(1, DayMeaning::ByClose, &desk),
            "PT1H working",
            Some("PT9H working"),
        ),
        (
            ClockTarget::fixed(at("2026-03-07T00:00:00Z")),
            "PT1H wall",
            Some("PT8H wall"),
        ),
        (ClockTarget::best_effort(), "PT1H wall", None),
    ] {
        let reading = read(&one(goal), &incident(), later);
        assert_eq!(reading.elapsed.to_string(), elapsed);
        assert_eq!(reading.remaining.map(|left| left.to_string()).as_deref(), left);
    }
    assert_eq!(
        serde_json::to_string(&Elapsed::Wall(WallTime::hours(1))).unwrap(),
        r#"{"wall":"PT1H"}"#
    );
    assert_eq!(
        serde_json::from_str::<Elapsed>(r#"{"working":"PT1H"}"#).unwrap(),
        WorkingTime::hours(1).into()
    );
}

/// A reading rests on the assumption of a calendar also where it says that hours never run again.
#[test]
fn never_again_may_be_an_assumption() {
    let closing = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00 through 2026-03-06");
    let closing = closing
        .known_through("2026-12-31")
        .beyond_known(BeyondKnown::Assume)
        .compile()
        .unwrap();
    let reading = read(
        &one(ClockTarget::working(WorkingTime::hours(8), &closing)),
        &incident(),
        "2026-03-06T16:00:00Z",
    );
    assert_eq!(reading.no_due, Some(NoDue::NeverOpens));
    assert_eq!(reading.assumed_from, Some(at("2027-01-01T00:00:00Z")));
}

/// Ten thousand changes among a thousand severities, each read against what the change itself says.
#[test]
fn severities_by_the_thousand() {
    let desk = office().compile().unwrap();
    let apart: Vec<Calendar> = (0..8).map(|_| office().compile().unwrap()).collect();
    let minute = |index: usize| at("2026-03-02T09:00:00Z") + TimeDelta::minutes(index as i64);
    let mut incident = Incident::opened("INC-1", "S0", minute(0));
    for index in 1..9_999 {
        incident = incident.with(minute(index), changed(&format!("S{}", index % 1_000)));
    }
    let as_of: DateTime<Utc> = minute(9_999);
    let history = incident.history(as_of).unwrap();
    for (change, kinds) in [
        (SeverityChange::FromOpeningRecounted, 1),
        (SeverityChange::FromOpeningRecounted, 8),
        (SeverityChange::FromOpeningKept, 8),
    ] {
        let goals = (0..1_000_usize).map(|index| {
            let calendar = if kinds == 1 { &desk } else { &apart[index % kinds] };
            let goal = match index % 3 {
                0 => ClockTarget::working(WorkingTime::minutes(index as u64), calendar),
                1 => days(1, DayMeaning::ByClose, calendar),
                _ => ClockTarget::working(WorkingTime::hours(1_000), calendar),
            };
            (format!("S{index}"), goal)
        });
        let rules = Rules::resolution().with_severity_change(change);
        let clock = Clock::new("clock", rules, goals.collect()).unwrap();
        let begun = std::time::Instant::now();
        let reading = clock.read(&history).unwrap();
        assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed()); // some milliseconds; quadratic takes minutes
        // Those of a day are late from Tuesday's close on; those of minutes once they were in force afterwards.
        assert_eq!(reading.breaches.len(), 334 + 333);
    }
}

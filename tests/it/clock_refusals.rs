//! Clocks: events in an impossible order, in contradiction or there twice, and rules that contradict themselves.

use chrono::DateTime;
use sla::clock::{ClockTarget, Rules, SeverityChange};
use sla::error::Problems;
use sla::record::{Adjustment, Change, Event, EventKind, EventName};
use sla::{Clock, Incident, WorkingTime};

use crate::clock::{at, desk};

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
    use EventKind::{Cancelled, Detected, PublicReply, Reopened, Resolved, Workaround};
    let status = |status: &str| EventKind::Status(status.into());
    let rows: Vec<(Vec<Event>, &[&str])> = vec![
        (vec![], &["events: expected an event `opened`, found none"]),
        (
            vec![on(9, PublicReply)],
            &["events[0]: event `public_reply` at 2026-03-02T09:00:00Z comes before the incident was opened"],
        ),
        (
            vec![on(9, opened("P1")), on(10, opened("P1"))],
            &[
                "events[1]: event `opened` at 2026-03-02T10:00:00Z comes although the incident was already opened",
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
                "events[1]: event `detected` at 2026-03-02T08:00:00Z comes although the incident was already detected",
            ],
        ),
        (
            vec![on(9, opened("P1")), on(10, Resolved), on(11, Resolved)],
            &[
                "events[2]: event `resolved` at 2026-03-02T11:00:00Z comes although the incident is already resolved",
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
            &["events[1]: two events `opened` at 2026-03-02T09:00:00Z with different content"],
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
                "events[1]: expected a name without control, bidirectional and invisible characters, found `\\u{a}`",
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
        incident.events.push(on(10, EventKind::PublicReply));
        incident.events.push(on(11, EventKind::Resolved));
        incident.events.push(on(12, redated(EventName::Resolved, 11, 10)));
    }
    let history = incident.history(at("2026-04-01T00:00:00Z")).unwrap();
    assert_eq!(history.duplicates(), 6);
    assert_eq!(history.resolved(), Some(at("2026-03-02T10:00:00Z")));
    let sequenced = Event {
        sequence: Some(1),
        ..on(10, EventKind::PublicReply)
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
        let goal = |id: &str| ClockTarget::working(WorkingTime::hours(1), &desk.calendars[id].0);
        vec![("P1".to_string(), goal(first)), ("P2".to_string(), goal(second))]
    };
    let problems = |result: Result<Clock, Problems>| result.unwrap_err().to_string();
    assert_eq!(
        problems(Clock::new(
            "clock",
            Rules::resolution().with_stop([EventName::Resolved; 0]),
            goals("office", "paris")
        )),
        "rules.stop: expected at least one event that stops the clock, found none\n\
         rules.on_raise: severities count time on different calendars: expected `from opening, kept` or `from opening, recounted`, found nothing"
    );
    let acknowledged = Rules::response().with_start(EventName::Acknowledged);
    assert_eq!(
        problems(Clock::new("clock", acknowledged, goals("office", "office"))),
        "rules.stop[0]: `acknowledged` starts the clock and cannot stop it"
    );
    let raised_alone = Rules {
        on_lower: None,
        ..Rules::resolution().with_severity_change(SeverityChange::FromOpeningKept)
    };
    assert_eq!(
        problems(Clock::new("clock", raised_alone, goals("office", "office"))),
        "rules.on_lower: expected `from opening, kept` as for `on_raise`, found nothing"
    );
    let mut twice = goals("office", "office");
    twice[1].0 = "P1".into();
    assert_eq!(
        problems(Clock::new("clock", Rules::resolution(), twice)),
        "targets[1].severity: duplicate entry `P1`"
    );
}

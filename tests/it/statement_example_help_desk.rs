//! The example `statement` on the log of a help desk: how it is read, and what the public data set comes to.

use std::path::Path;

use sla::clock::{Outcome, SpanKind};
use sla::record::Fact;

use crate::statement_example::cli;
use crate::statement_example::read::{self, Failure, Placed};
use crate::statement_example::rows::csv_rows;
use crate::statement_example::{
    bytes, own, period, public_data, record, servicenow_log, shuffled, with_data,
};

// The adapter, on invented lines

/// Rows as `state,count,updated,priority,assignee` of an incident opened on 01-03-2016 at 09:00.
fn desk(resolved_at: &str, rows: &[&str]) -> Result<servicenow_log::Log, Failure> {
    let mut text = String::from(
        "number,incident_state,sys_mod_count,sys_updated_at,priority,assigned_to,opened_at,resolved_at\n",
    );
    for row in rows {
        text.push_str(&format!("INC1,{row},01-03-2016 09:00,{resolved_at}\n"));
    }
    servicenow_log::read(&text, "log.csv")
}

#[test]
fn each_oddity_of_a_help_desk_log_is_decided_and_counted() {
    let read = |resolved_at: &str, rows: &[&str]| {
        let log = desk(resolved_at, rows).unwrap();
        let Fact::Incident(incident) = &log.facts[0].fact else {
            panic!("incident")
        };
        let mut events: Vec<_> = incident.events.iter().collect();
        events.sort_by_key(|event| (event.at, event.sequence, event.kind.name()));
        let events = events
            .iter()
            .map(|event| format!("{} {}", event.at.format("%d %H:%M"), event.kind.name()));
        incident.history(log.end).unwrap();
        (events.collect::<Vec<_>>().join(", "), log.summary)
    };
    let new = "New,0,01-03-2016 09:01,3 - Moderate,?";
    let active = "Active,1,01-03-2016 10:00,3 - Moderate,R1";
    let resolved = "Resolved,2,01-03-2016 11:00,3 - Moderate,R1";
    let again = "Resolved,3,01-03-2016 12:00,3 - Moderate,R1";
    let closed = "Closed,4,06-03-2016 12:00,3 - Moderate,R1";
    let start = "01 09:00 opened, 01 09:01 status, 01 10:00 acknowledged, 01 10:00 status";

    let (events, summary) = read("01-03-2016 11:00", &[new, active, resolved, closed]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(
        (summary.rows, summary.incidents, summary.resolved_repeatedly),
        (4, 1, 0)
    );

    let (events, summary) = read("01-03-2016 12:00", &[new, active, resolved, again, closed]);
    assert_eq!(events, format!("{start}, 01 12:00 resolved"));
    assert_eq!((summary.resolved_repeatedly, summary.resolved_later), (1, 1));

    let (events, summary) = read("?", &[new, active, resolved, again]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!((summary.resolved_unknown, summary.resolved_later), (1, 0));

    let (events, summary) = read("01-03-2016 11:30", &[new, active, resolved, again]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(summary.resolved_elsewhere, 1);

    let (events, summary) = read("?", &[new, active, closed]); // never `Resolved`: closing resolves it
    assert_eq!(events, format!("{start}, 06 12:00 resolved"));
    assert_eq!(summary.resolved_unknown, 1);

    let (events, summary) = read("?", &[new]);
    assert_eq!(events, "01 09:00 opened, 01 09:01 status");
    assert_eq!((summary.unresolved, summary.unacknowledged), (1, 1));

    let waiting = "Awaiting User Info,5,02-03-2016 08:00,2 - High,R1";
    let last = "Resolved,6,02-03-2016 09:00,2 - High,R1";
    let (events, summary) = read("02-03-2016 09:00", &[new, active, resolved, waiting, last]);
    assert_eq!(
        events,
        format!(
            "{start}, 01 11:00 resolved, 02 08:00 severity_changed, 02 08:00 reopened, 02 08:00 status, \
             02 09:00 resolved"
        )
    );
    assert_eq!((summary.reopened, summary.severity_changed), (1, 1));

    // An older state that is written after the resolution reopens nothing.
    let late = "Active,1,01-03-2016 11:10,3 - Moderate,R1";
    let (events, summary) = read("01-03-2016 11:00", &[new, active, resolved, late, closed]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(
        (summary.stale, summary.reopened, summary.order_disagrees),
        (1, 0, 1)
    );

    // Older than the opening, with the count of a later row.
    let before = "New,7,01-03-2016 07:00,3 - Moderate,?";
    let (events, summary) = read("01-03-2016 11:00", &[before, active, resolved, closed]);
    assert_eq!(
        events,
        format!("{}, 01 11:00 resolved", start.replace("09:01", "09:00"))
    );
    assert_eq!((summary.before_opening, summary.order_disagrees), (1, 1));
}

#[test]
fn bad_rows_of_a_help_desk_log_are_refused_with_their_line() {
    for (row, expected) in [
        ("New,0,01-03-2016,3 - Moderate,?", "column `sys_updated_at`: "),
        (
            "New,x,01-03-2016 09:01,3 - Moderate,?",
            "column `sys_mod_count`: expected a whole number, found `x`",
        ),
        (
            "New,0,01-03-2016 09:01,5 - Planning,?",
            "column `priority`: expected 1 to 4, found `5 - Planning`",
        ),
        (
            ",0,01-03-2016 09:01,3 - Moderate,?",
            "column `incident_state`: expected a value, found nothing",
        ),
    ] {
        let message = desk("?", &[row]).err().unwrap().0;
        assert!(
            message.starts_with(&format!("log.csv:2: {expected}")),
            "{message}"
        );
    }
}

// Public data

fn help_desk() -> Option<(servicenow_log::Log, String)> {
    let path = public_data()?.join(servicenow_log::FILE);
    let text = read::text(&path).unwrap();
    Some((servicenow_log::read(&text, "log").unwrap(), text))
}

#[test]
fn every_incident_of_the_help_desk_is_in_and_every_oddity_counted() {
    let Some((log, text)) = help_desk() else { return };
    let summary = servicenow_log::Summary {
        rows: 5_998,
        incidents: 890,
        before_opening: 5,
        order_disagrees: 5,
        stale: 1,
        resolved_repeatedly: 23,
        resolved_later: 17,
        resolved_elsewhere: 0,
        resolved_unknown: 29,
        unresolved: 0,
        reopened: 10,
        severity_changed: 39,
        unacknowledged: 0,
    };
    assert_eq!(log.summary, summary);
    assert_eq!(log.facts.len(), 890);

    // The log's own counter of reopenings, and its own priorities, say the same.
    let (columns, rows) = csv_rows(&text, "log").unwrap();
    assert_eq!(columns.len(), 36);
    for placed in &log.facts {
        let Fact::Incident(incident) = &placed.fact else {
            panic!("incident")
        };
        let own = || rows.iter().filter(|row| row.cells["number"] == incident.id);
        let counted = own()
            .map(|row| row.cells["reopen_count"].parse::<usize>().unwrap())
            .max()
            .unwrap();
        let reopened = incident
            .events
            .iter()
            .filter(|event| event.kind == sla::record::EventKind::Reopened);
        assert_eq!(reopened.count(), counted, "{}", incident.id);
        let history = incident.history(log.end).unwrap();
        let stated = own().map(|row| row.cells["resolved_at"].clone()).max().unwrap();
        let resolved = history.resolved().unwrap().format("%d-%m-%Y %H:%M").to_string();
        assert!(
            stated == "?" || stated == resolved,
            "{}: {stated} {resolved}",
            incident.id
        );
    }
}

#[test]
fn the_clocks_of_the_help_desk_hold_their_laws() {
    let Some((log, _)) = help_desk() else { return };
    let agreement = cli::agreement(Path::new(&own("servicenow-support.toml"))).unwrap();
    let mut outcomes = std::collections::BTreeMap::<(String, String), u64>::new();
    for placed in &log.facts {
        let Fact::Incident(incident) = &placed.fact else {
            panic!("incident")
        };
        let history = incident.history(log.end).unwrap();
        for id in ["response", "resolution"] {
            let clock = agreement.clock(id).unwrap();
            let reading = clock.read(&history).unwrap();
            let late = match (reading.due, reading.stopped) {
                (Some(due), Some(delivered)) => delivered > due,
                (Some(due), None) => log.end > due,
                (None, _) => false,
            };
            assert_eq!(reading.outcome == Outcome::Breached, late, "{id} {}", incident.id);
            *outcomes
                .entry((id.into(), format!("{:?}", reading.outcome)))
                .or_default() += 1;

            let trace = clock.trace(&history).unwrap();
            let sum = |kinds: &[SpanKind]| {
                let spans = trace.iter().filter(|span| kinds.contains(&span.kind));
                spans.map(|span| span.over.length().as_nanoseconds()).sum::<u64>()
            };
            assert_eq!(
                sum(&[SpanKind::Counted]),
                reading.elapsed.as_nanoseconds(),
                "{id} {}",
                incident.id
            );
            assert_eq!(
                sum(&[SpanKind::Counted, SpanKind::Closed]),
                reading.wall.as_nanoseconds()
            );
            let whole = (reading.stopped.unwrap() - reading.started.unwrap()).num_seconds() as u64;
            let every = [
                SpanKind::Counted,
                SpanKind::Closed,
                SpanKind::Paused,
                SpanKind::Stopped,
            ];
            assert_eq!(sum(&every), whole * 1_000_000_000, "{id} {}", incident.id);
            for (left, right) in trace.iter().zip(trace.iter().skip(1)) {
                assert_eq!(left.over.end(), right.over.start(), "{id} {}", incident.id);
            }
        }
    }
    assert_eq!(outcomes.values().sum::<u64>(), 2 * 890);
    assert!(
        outcomes
            .keys()
            .all(|(_, outcome)| matches!(outcome.as_str(), "Met" | "Breached"))
    );
}

#[test]
fn the_statements_of_the_help_desk_count_every_incident_once_in_any_order() {
    let Some((log, text)) = help_desk() else { return };
    let agreement = cli::agreement(Path::new(&own("servicenow-support.toml"))).unwrap();
    let charges = read::facts(Path::new(&own("servicenow-charges.csv"))).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let other = format!("{header}\n{}\n", shuffled(&rows, 11).join("\n"));
    let other = servicenow_log::read(&other, "log").unwrap();
    assert_eq!(other.summary, log.summary);
    let mut counted = std::collections::BTreeMap::<String, u64>::new();
    // Met and breached by severity, response before resolution; recomputed from the log by other means.
    let expected = [
        (
            "2016-02",
            [
                (2, 4),
                (3, 0),
                (156, 7),
                (34, 1),
                (3, 0),
                (0, 2),
                (123, 44),
                (33, 2),
            ],
        ),
        (
            "2016-03",
            [
                (4, 5),
                (24, 6),
                (455, 139),
                (46, 4),
                (12, 2),
                (19, 10),
                (492, 105),
                (38, 5),
            ],
        ),
    ];
    for (text, tallies) in expected {
        let statement = |log: &servicenow_log::Log| {
            let facts: Vec<Placed> = log.facts.iter().chain(&charges).cloned().collect();
            agreement
                .statement(&record(&shuffled(&facts, 3)), period(text), log.end)
                .unwrap()
        };
        let (one, two) = (statement(&log), statement(&other));
        assert_eq!(bytes(&one), bytes(&two));
        for row in &one.attainment {
            let tally = row.tally;
            *counted.entry(row.clock.clone()).or_default() += tally.met
                + tally.breached
                + tally.pending
                + tally.excused
                + tally.cancelled
                + tally.not_judged;
        }
        let found: Vec<_> = one
            .attainment
            .iter()
            .map(|row| (row.tally.met, row.tally.breached))
            .collect();
        assert_eq!(found, tallies);
        let breached: u64 = one.attainment.iter().map(|row| row.tally.breached).sum();
        assert_eq!(one.breached.len() as u64, breached);
        for clock in &one.breached {
            assert!(
                clock.delivered.is_none_or(|delivered| delivered > clock.due),
                "{}",
                clock.incident
            );
        }
        assert_eq!(one.totals.net.minor_units(), 375_000); // both months reach the cap of 15 %
    }
    assert_eq!(counted.into_values().collect::<Vec<_>>(), [890, 890]);
}

#[test]
fn a_help_desk_is_read_by_the_program() {
    let Some(data) = public_data() else { return };
    let output = with_data(
        &["--from", "servicenow-log", "--data", data.to_str().unwrap()],
        None,
    );
    let output = output.unwrap();
    assert_eq!(output.text.matches("SERVICE LEVEL STATEMENT").count(), 2);
    assert!(
        output.notes.starts_with("890 incidents from 5998 rows\n"),
        "{}",
        output.notes
    );
}

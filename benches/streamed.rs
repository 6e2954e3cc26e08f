//! A statement over 1,000,000 incidents of ten facts and three clocks each, streamed: what it costs beside its readings,
//! and what it keeps.
//!
//! Incidents are made in pieces of 64 and dropped as soon as they are pushed. The same pieces are then fingerprinted,
//! ordered and read on their own, so that every figure is of the same facts and the same moments of one run. The bars
//! are those of the design: 3 µs beside the readings; 64 bytes, the id, and 16 bytes per counted lap. One incident in a
//! hundred is late, and listed; what its row keeps is in the figures too. All is done twice: with ids in order, as a source
//! writes them, and with ids in none, as parts of a record may come.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sla::agreement::CompiledAgreement;
use sla::record::{EventKind, Fact, History};
use sla::{Clock, Incident, Statement};

use crate::counting::InUse;
use crate::{agreement, at, numbers};

const INCIDENTS: u32 = 1_000_000;
const INCIDENTS_OF_A_TEST: u32 = 1_000;
const PIECE: u32 = 64;
/// One in so many is late.
const LATE: u32 = 100;
const CLOCKS: [&str; 3] = ["response", "restoration", "resolution"];

/// A stride without a factor in common with the number of incidents, by which ids come in no order.
const STRIDE: u32 = 3_917;

/// An incident of ten facts whose service is restored within its 8 hours, or, if it is late, after 30.
fn incident(id: u32, index: u32, opened: i64) -> Incident {
    let status = |status: &str| EventKind::Status(status.into());
    let minute = |minutes: i64| at(opened + 60 * minutes);
    let resolved = if index.is_multiple_of(LATE) {
        30 * 60
    } else {
        6 * 60
    };
    let severity = EventKind::SeverityChanged {
        severity: "P2".into(),
    };
    Incident::opened(&format!("INC-{id:07}"), "P3", minute(0))
        .with(minute(20), EventKind::Acknowledged)
        .with(minute(60), status("awaiting-customer"))
        .with(minute(120), status("in-progress"))
        .with(minute(130), severity)
        .with(minute(180), status("awaiting-customer"))
        .with(minute(240), status("in-progress"))
        .with(minute(resolved), EventKind::Resolved)
        .with(minute(resolved + 60), EventKind::Reopened)
        .with(minute(resolved + 90), EventKind::Resolved)
}

/// Time spent on the same incidents.
#[derive(Default)]
struct Spent {
    pushing: Duration,
    finishing: Duration,
    fingerprints: Duration,
    histories: Duration,
    readings: Duration,
}

/// Adds to a sum how long something takes.
fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = black_box(work());
    *sum += start.elapsed();
    done
}

/// What a builder would do with a piece, part by part.
fn time_parts(spent: &mut Spent, clocks: &[&Clock], piece: &[Fact], as_of: DateTime<Utc>) {
    timed(&mut spent.fingerprints, || {
        for fact in piece {
            black_box(black_box(fact).fingerprint());
        }
    });
    let histories: Vec<History<'_>> = timed(&mut spent.histories, || {
        let incidents = piece.iter().map(|fact| match fact {
            Fact::Incident(incident) => incident.history(as_of).unwrap(),
            _ => panic!("only incidents are made"),
        });
        incidents.collect()
    });
    timed(&mut spent.readings, || {
        for history in &histories {
            for clock in clocks {
                black_box(clock.read(black_box(history)).unwrap());
            }
        }
    });
}

/// Pushes all incidents and states them. Returns what was kept in between.
fn stream(
    agreement: &CompiledAgreement,
    incidents: u32,
    id: impl Fn(u32) -> u32,
    spent: &mut Spent,
) -> (Statement, InUse) {
    let as_of = at(40 * 86_400);
    let clocks = CLOCKS.map(|id| agreement.clock(id).unwrap());
    let mut below = numbers();
    let before = InUse::now();
    let mut building = agreement.open("2026-01".parse().unwrap(), as_of).unwrap();
    for first in (0..incidents).step_by(PIECE as usize) {
        let piece: Vec<Fact> = (first..incidents.min(first + PIECE))
            .map(|index| Fact::Incident(incident(id(index), index, below(29 * 86_400))))
            .collect();
        timed(&mut spent.pushing, || {
            for fact in &piece {
                building.push(black_box(fact));
            }
        });
        time_parts(spent, &clocks, &piece, as_of);
    }
    let kept = InUse::now() - before;
    (timed(&mut spent.finishing, || building.finish().unwrap()), kept)
}

/// Every incident is counted by each clock, and restoration is late where it was made so.
fn assert_counted(statement: &Statement, incidents: u32) {
    for id in CLOCKS {
        let rows = statement.attainment.iter().filter(|row| row.clock == id);
        let counted: u64 = rows.map(|row| row.tally.met + row.tally.breached).sum();
        assert_eq!(counted, u64::from(incidents), "{id}");
    }
    let late = statement.breached.iter().filter(|row| row.clock == "restoration");
    assert_eq!(late.count(), incidents.div_ceil(LATE) as usize);
}

fn print(order: &str, incidents: u32, statement: &Statement, spent: &Spent, kept: InUse) {
    let each = |time: Duration| time.as_nanos() / u128::from(incidents);
    let whole = spent.pushing + spent.finishing;
    let beside = whole.saturating_sub(spent.readings);
    let tenth = |number: i64| {
        let tenths = number * 10 / i64::from(incidents);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let row = |what: &str, time: Duration, more: &str| println!("  {what:<32} {:>7} ns  {more}", each(time));
    println!(
        "\nstreamed: {incidents} incidents of ten facts, {} clocks each, {order}",
        CLOCKS.len()
    );
    row("statement, per incident", whole, "");
    row("  of which its readings", spent.readings, "");
    row("  beside its readings", beside, "(bar: 3000)");
    let share = 100 * each(spent.fingerprints) / each(beside).max(1);
    row(
        "    SHA-256 of its facts",
        spent.fingerprints,
        &format!("({share} % of that)"),
    );
    row("    ordering and checking once", spent.histories, "");
    row("    finishing", spent.finishing, "");
    let bar = 64 + "INC-0000000".len() + 16 * CLOCKS.len();
    println!(
        "  {:<32} {:>7} bytes  (bar: {bar})",
        "memory kept, per incident",
        tenth(kept.bytes)
    );
    println!("  {:<32} {:>7}", "  allocations kept", tenth(kept.allocations));
    println!("  {:<32} {:>7}", "  listed, in all", statement.breached.len());
}

/// Runs it whole and prints; as a test, runs a small part and prints nothing.
pub(crate) fn run(is_test: bool) {
    let incidents = if is_test { INCIDENTS_OF_A_TEST } else { INCIDENTS };
    let agreement = agreement();
    let in_order = |index: u32| index;
    let in_none = |index: u32| (u64::from(index) * u64::from(STRIDE) % u64::from(incidents)) as u32;
    let orders: [(&str, &dyn Fn(u32) -> u32); 2] = [("ids in order", &in_order), ("ids in none", &in_none)];
    for (order, id) in orders {
        let mut spent = Spent::default();
        let (statement, kept) = stream(&agreement, incidents, id, &mut spent);
        assert_counted(&statement, incidents);
        if !is_test {
            print(order, incidents, &statement, &spent, kept);
        }
    }
    if is_test {
        println!("Testing streamed\nSuccess");
    }
}

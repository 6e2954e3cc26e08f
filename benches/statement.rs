//! One reading of a clock, availability from many raw outages, and a whole statement over many incidents.
//!
//! Answers are asserted before anything is timed.
//!
//! ```sh
//! cargo bench --manifest-path benches/Cargo.toml --bench statement              # all
//! cargo bench --manifest-path benches/Cargo.toml --bench statement -- streamed  # the million incidents only
//! ```

mod counting;
mod streamed;

use std::env;
use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group};
use sla::agreement::{AgreementTerms, CompiledAgreement};
use sla::clock::{Condition, Outcome, Rules};
use sla::measure::Availability;
use sla::record::{EventKind, Fact, Monitoring, Outage};
use sla::{Agreement, Clock, Hours, Incident, Interval, WallTime, WorkingTime, ZoneData};

/// 2026-01-01, a Thursday.
const FIRST_S: i64 = 1_767_225_600;
const OUTAGES: usize = 1_000_000;
const INCIDENTS: usize = 20_000;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(FIRST_S + second, 0).unwrap()
}

/// Numbers from a generator with a fixed seed (Knuth's MMIX).
fn numbers() -> impl FnMut(i64) -> i64 {
    let mut state = 42_u64;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % below
    }
}

/// An incident of ten facts: two pauses, a change of severity, a reopening.
fn incident(id: &str, opened: i64) -> Incident {
    let status = |status: &str| EventKind::Status(status.into());
    let hour = 3_600;
    Incident::opened(id, "P3", at(opened))
        .with(at(opened + hour), EventKind::Acknowledged)
        .with(at(opened + 2 * hour), status("awaiting-customer"))
        .with(at(opened + 5 * hour), status("in-progress"))
        .with(
            at(opened + 6 * hour),
            EventKind::SeverityChanged {
                severity: "P2".into(),
            },
        )
        .with(at(opened + 7 * hour), status("awaiting-customer"))
        .with(at(opened + 9 * hour), status("in-progress"))
        .with(at(opened + 10 * hour), EventKind::Resolved)
        .with(at(opened + 30 * hour), EventKind::Reopened)
        .with(at(opened + 33 * hour), EventKind::Resolved)
}

fn reading(criterion: &mut Criterion) {
    let desk = Hours::in_zone("Europe/Paris")
        .weekly("Mon-Fri 09:00-17:00")
        .compile()
        .unwrap();
    let clock = Clock::resolution(WorkingTime::hours(16), &desk)
        .with_rules(Rules::resolution().with_pause([Condition::status("awaiting-customer")]))
        .unwrap();
    // Friday 2026-01-02 09:00 in Paris; reopened on Saturday at 15:00, outside hours.
    let incident = incident("INC-1", 86_400 + 8 * 3_600);
    let as_of = at(10 * 86_400);
    let history = incident.history(as_of).unwrap();
    let read = clock.read(&history).unwrap();
    assert_eq!(
        (read.elapsed, read.outcome),
        (WorkingTime::hours(4).into(), Outcome::Met)
    );
    let mut group = criterion.benchmark_group("one clock of ten facts");
    group.bench_function("order and check the facts", |bench| {
        bench.iter(|| black_box(&incident).history(as_of).unwrap());
    });
    group.bench_function("read", |bench| {
        bench.iter(|| clock.read(black_box(&history)).unwrap());
    });
    group.finish();
}

fn availability(criterion: &mut Criterion) {
    let mut below = numbers();
    let outages: Vec<Outage> = (0..OUTAGES)
        .map(|index| {
            let start = below(365 * 86_400);
            Outage::new(&index.to_string(), "eu", at(start)).until(at(start + below(60)))
        })
        .collect();
    let monitoring = [Monitoring::new("MON-1", "eu", at(0))];
    let year = Interval::new(at(0), at(365 * 86_400)).unwrap();
    let measure = || {
        Availability::over(year, year.end())
            .with_outages(&outages)
            .with_monitoring(&monitoring)
            .measure()
            .unwrap()
    };
    // Independent of the merge: mark every second.
    let mut down = vec![false; 365 * 86_400];
    for outage in &outages {
        let second = |at: DateTime<Utc>| (at.timestamp() - FIRST_S) as usize;
        let end = second(outage.end.unwrap()).min(down.len());
        down[second(outage.start)..end].fill(true);
    }
    let down_s = down.iter().filter(|down| **down).count() as u64;
    assert_eq!(measure().down, WallTime::seconds(down_s));
    let mut group = criterion.benchmark_group("availability");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(OUTAGES as u64));
    group.bench_function("a year from 1,000,000 raw outages", |bench| {
        bench.iter(|| black_box(measure()));
    });
    group.finish();
}

fn agreement() -> CompiledAgreement {
    let terms: AgreementTerms = toml::from_str(
        r#"
        id = "bench"
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "Europe/Paris"
        in_force = { from = 2026-01-01, through = 2026-12-31 }
        severities = ["P2", "P3"]
        statuses = ["in-progress", "awaiting-customer"]
        [calendars.office]
        zone = "Europe/Paris"
        weekly = ["Mon-Fri 09:00-17:00"]
        [clocks.response]
        start = "opened"
        stop = ["acknowledged"]
        counted_when = "opened"
        targets = { P2 = "1 h on office", P3 = "4 h on office" }
        [clocks.restoration]
        start = "opened"
        stop = ["workaround", "resolved"]
        counted_when = "opened"
        targets = { P2 = "8 h on 24x7", P3 = "48 h on 24x7" }
        [clocks.resolution]
        start = "opened"
        stop = ["resolved"]
        pause = ["status:awaiting-customer"]
        counted_when = "opened"
        targets = { P2 = "8 h on office", P3 = "40 h on office" }
        "#,
    )
    .unwrap();
    Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap()
}

fn statement(criterion: &mut Criterion) {
    let mut below = numbers();
    let agreement = agreement();
    let facts: Vec<Fact> = (0..INCIDENTS)
        .map(|index| Fact::Incident(incident(&index.to_string(), below(29 * 86_400))))
        .collect();
    let builder = || {
        agreement
            .open("2026-01".parse().unwrap(), at(40 * 86_400))
            .unwrap()
    };
    let state = || {
        let mut builder = builder();
        for fact in &facts {
            builder.push(fact);
        }
        builder.finish().unwrap()
    };
    let stated = state();
    let counted: u64 = stated
        .attainment
        .iter()
        .map(|row| row.tally.met + row.tally.breached)
        .sum();
    assert_eq!(counted, 3 * INCIDENTS as u64);
    let mut group = criterion.benchmark_group("statement");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(INCIDENTS as u64));
    group.bench_function("20,000 incidents of ten facts, three clocks each", |bench| {
        bench.iter(|| black_box(state()));
    });
    group.finish();
}

criterion_group!(benches, reading, availability, statement);

/// As `criterion_main!` would make it, and the streamed run, which is too long to be sampled. A filter of criterion's
/// that is not `streamed` leaves it out.
fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments != ["streamed", "--bench"] {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
    if arguments
        .iter()
        .all(|argument| ["--bench", "--test", "streamed"].contains(&argument.as_str()))
    {
        streamed::run(arguments.iter().any(|argument| argument == "--test"));
    }
}

//! Whole agreements over a record: what is refused, order and parts, which period an incident belongs to, and outlooks
//! on what is not decided yet.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sla::agreement::{AgreementTerms, CompiledAgreement, Gathered, StatementBuilder};
use sla::error::Problems;
use sla::level::Verdict;
use sla::record::{EventKind, Fact, Monitoring, Outage};
use sla::statement::Standing;
use sla::{Agreement, Incident, Record, Statement, ZoneData};

use crate::agreement::{as_of, at, compiled, facts, json, march};

// Records.

fn problems(facts: impl IntoIterator<Item = Fact>) -> Problems {
    let record: Record = facts.into_iter().collect();
    compiled().statement(&record, march(), as_of()).unwrap_err()
}

#[test]
fn every_problem_of_a_record_at_once() {
    let lines = r#"
        {"outage":{"id":"","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","impact":"major"}}
        {"outage":{"id":"O1","entity":"mars","start":"2026-03-05T01:00:00Z"}}
        {"outage":{"id":"O2","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","end":"2026-03-05T00:00:00Z","impact":"major"}}
        {"outage":{"id":"O3","entity":"eu-cluster","start":"2026-03-05T01:00:00Z"}}
        {"maintenance":{"id":"M1","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","notice":{"at":"2026-03-01T00:00:00Z","start":"2026-03-05T02:00:00Z","end":"2026-03-05T01:00:00Z"}}}
        {"monitoring":{"id":"W1","entity":"moon","start":"2026-03-05T01:00:00Z"}}
        {"charge":{"id":"C1","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"-1.00 EUR"}}
        {"charge":{"id":"C2","service":"hostin","entity":"eu-cluster","period":"2026-Q1","amount":"1 JPY"}}
        {"charge":{"id":"C3","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"1.00 EUR"}}
        {"charge":{"id":"C3","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"2.00 EUR"}}
        {"incident":{"id":"I1","events":[{"at":"2026-03-05T01:00:00Z","event":{"opened":{"severity":"P9"}}},{"at":"2026-03-05T02:00:00Z","event":{"status":"asleep"}}]}}
        {"incident":{"id":"I2","events":[{"at":"2026-03-05T01:00:00Z","event":"resolved"}]}}
        {"incident":{"id":"I3","events":[{"at":"2026-03-05T01:00:00Z","event":{"opened":{"severity":"P1"}}},{"at":"2026-03-05T02:00:00Z","event":{"adjusted":{"by":"Board","why":"agreed","change":{"excused":{"clock":"resolve"}}}}}]}}
    "#;
    let facts: Vec<Fact> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let found = problems(facts.clone());
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "charges[C1].amount: expected an amount of zero or more, found `-1.00 EUR`",
            "charges[C2].amount: expected an amount in EUR, found `1 JPY`",
            "charges[C2].period: expected a period inside 2026-03, found 2026-Q1",
            "charges[C2].service: expected a service of the agreement, found `hostin`",
            "charges[C3]: two facts have this id and different content",
            "incidents[I1].events[0]: expected a severity of the agreement, found `P9`",
            "incidents[I1].events[1]: expected a status of the agreement, found `asleep`",
            "incidents[I2].events[0]: event `resolved` at 2026-03-05T01:00:00Z comes before the incident was opened",
            "incidents[I3].events[1].adjusted.change.excused.clock: expected a clock of the agreement, found `resolve`",
            "maintenance[M1].notice.end: expected an end not before `2026-03-05T02:00:00Z`, found `2026-03-05T01:00:00Z`",
            "monitoring[W1].entity: expected an entity of the agreement, found `moon`",
            "outages[].id: expected a name, found nothing",
            "outages[O1].entity: expected an entity of the agreement, found `mars`",
            "outages[O2].end: expected an end not before `2026-03-05T01:00:00Z`, found `2026-03-05T00:00:00Z`",
            "outages[O3].impact: expected an impact, since service level `uptime` counts outages by impact, found nothing",
        ]
    );
    assert_eq!(problems(facts.into_iter().rev()), found);
}

#[test]
fn a_period_outside_the_agreement_is_refused() {
    let error = compiled().open("2027-01".parse().unwrap(), as_of()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "period: expected a period in which the agreement is in force (2026-01-01 to 2026-12-31), found 2027-01"
    );
    let early = DateTime::<Utc>::MIN_UTC;
    let error = compiled().open(march(), early).unwrap_err().to_string();
    assert!(
        error.starts_with("as_of: expected an instant from 1900-01-01"),
        "{error}"
    );
}

#[test]
fn parts_of_different_statements_do_not_merge() {
    let compiled = compiled();
    let refused = |other: StatementBuilder| {
        let mut builder = compiled.open(march(), as_of()).unwrap();
        builder.push(&facts()[0]);
        let before = builder.clone().gathered();
        let error = builder.merge(other).unwrap_err().to_string();
        assert_eq!(builder.gathered(), before, "nothing is taken over");
        error
    };
    assert_eq!(
        refused(
            compiled
                .open(march(), as_of() + TimeDelta::nanoseconds(1))
                .unwrap()
        ),
        "expected a part of the same instant of asking, `2026-04-02T08:00:00Z`, found `2026-04-02T08:00:00.000000001Z`"
    );
    assert_eq!(
        refused(compiled.open("2026-04".parse().unwrap(), as_of()).unwrap()),
        "expected a part of the same period, `2026-03`, found `2026-04`"
    );
    let mut terms = compiled.terms().clone();
    terms.customer.push('x');
    let other = Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap();
    let error = refused(other.open(march(), as_of()).unwrap());
    assert!(
        error.starts_with("expected a part of the same agreement, `"),
        "{error}"
    );
    let zones = ZoneData::bundled()
        .with_tzif(
            "Europe/Paris",
            include_bytes!("../data/tzif/Europe/Dublin"),
            "2026f",
        )
        .unwrap();
    let other = Agreement::new(compiled.terms().clone())
        .unwrap()
        .compile(&zones)
        .unwrap();
    let error = refused(other.open(march(), as_of()).unwrap());
    assert!(
        error.starts_with("expected a part of the same zone data, `"),
        "{error}"
    );
}

/// What is shared between threads.
#[test]
fn results_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Statement>();
    shared::<CompiledAgreement>();
    shared::<StatementBuilder>();
    shared::<Problems>();
    shared::<AgreementTerms>();
}

/// Contradictions and oddities beside the golden record: each with a part that chooses whether it takes part.
fn extras() -> Vec<Fact> {
    let mut extras = facts();
    extras.truncate(10);
    let contradicting = Outage::new("OUT-1", "eu-cluster", at("2026-03-05T01:10:00Z")).with_impact("major");
    extras.push(Fact::Outage(contradicting));
    extras.push(Fact::Outage(
        Outage::new("OUT-X", "nowhere", at("2026-03-05T01:10:00Z")).with_impact("major"),
    ));
    extras.push(Fact::Monitoring(Monitoring::new(
        "MON-X",
        "us-cluster",
        at("2026-02-01T00:00:00Z"),
    )));
    extras
}

/// Two outages whose ids differ in their last character only.
fn long_outage(length: usize, index: usize) -> Fact {
    let id = format!("{}{index}", "x".repeat(length));
    let start = at("2026-03-06T01:00:00Z");
    Outage::new(&id, "eu-cluster", start)
        .until(start + TimeDelta::seconds(7))
        .with_impact("minor")
        .into()
}

fn bad_outage(index: usize) -> Fact {
    Outage::new(&format!("BAD-{index}"), "nowhere", at("2026-03-06T01:00:00Z"))
        .with_impact("major")
        .into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any cover of a record by parts, overlapping ones included, merged in any grouping, also after each part was written
    /// and read: the same bytes as the whole, or the same problems.
    #[test]
    fn order_and_parts_do_not_matter(
        order in proptest::collection::vec(any::<u16>(), 60), parts in proptest::collection::vec(0..4_usize, 60),
        twice in proptest::collection::vec(0..8_usize, 60), merges in proptest::array::uniform3(any::<bool>()),
        clean in any::<bool>(), written in any::<bool>(), many in 0..20_u8, long in 0..490_usize,
    ) {
        let compiled = compiled();
        let mut all = facts();
        all.extend((0..2).map(|index| long_outage(long, index)));
        if !clean {
            all.extend(extras());
        }
        let bad: Vec<Fact> = if many == 0 { (0..2_500).map(bad_outage).collect() } else { Vec::new() };
        let mut whole = compiled.open(march(), as_of()).unwrap();
        for fact in all.iter().chain(&bad) {
            whole.push(fact);
        }
        let mut shuffled: Vec<(u16, &Fact)> = order.iter().copied().zip(&all).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let mut builders: Vec<StatementBuilder> = (0..4).map(|_| compiled.open(march(), as_of()).unwrap()).collect();
        for (index, (_, fact)) in shuffled.iter().enumerate() {
            builders[parts[index]].push(fact);
            if let Some(other) = builders.get_mut(twice[index]) {
                other.push(fact);
            }
        }
        for (index, fact) in bad.iter().enumerate() {
            builders[index % 3].push(fact);
            builders[index % 4].push(fact);
        }
        let mut builders: Vec<StatementBuilder> = builders.into_iter().map(|builder| {
            if !written {
                return builder;
            }
            let text = serde_json::to_string(&builder.gathered()).unwrap();
            let mut read = compiled.open(march(), as_of()).unwrap();
            read.merge(serde_json::from_str::<Gathered>(&text).unwrap()).unwrap();
            read
        }).collect();
        for backwards in merges {
            let (left, right) = (builders.remove(0), builders.pop().unwrap());
            let (mut into, from) = if backwards { (right, left) } else { (left, right) };
            into.merge(from).unwrap();
            builders.insert(usize::from(backwards).min(builders.len()), into);
        }
        let merged = builders.pop().unwrap();
        prop_assert!(builders.is_empty());
        match (merged.finish(), whole.finish()) {
            (Ok(merged), Ok(whole)) => prop_assert_eq!(json(&merged), json(&whole)),
            (Err(merged), Err(whole)) => {
                prop_assert!(!clean || many == 0 || long == 489);
                prop_assert_eq!(merged, whole);
            }
            (merged, whole) => prop_assert!(false, "{:?} {:?}", merged.is_ok(), whole.is_ok()),
        }
    }

    /// At every instant of asking: what is owed lies between best and worst, and so does what is owed later.
    #[test]
    fn the_outlook_holds(hours in 0..900_i64, later in 0..900_i64) {
        let compiled = compiled();
        let asked = at("2026-02-28T23:00:00Z") + TimeDelta::hours(hours);
        let all = facts();
        // Only what happens in the future of the asking is left open: no incidents that are opened later.
        let known: Record = all.into_iter().filter(|fact| match fact {
            Fact::Incident(incident) => incident.events.iter().any(|event| event.at <= asked),
            _ => true,
        }).collect();
        let early = compiled.statement(&known, march(), asked).unwrap();
        let late = compiled.statement(&known, march(), asked + TimeDelta::hours(later)).unwrap();
        if let Some(outlook) = early.outlook {
            prop_assert!(outlook.best.minor_units() <= outlook.worst.minor_units());
            let severity_stays = !known.facts().iter().any(|fact| match fact {
                Fact::Incident(incident) => incident.events.iter().any(|event| event.at > asked && matches!(
                    event.kind, sla::record::EventKind::SeverityChanged { .. } | sla::record::EventKind::Reopened
                    | sla::record::EventKind::Cancelled | sla::record::EventKind::Adjusted(_))),
                _ => false,
            });
            if severity_stays && late.outlook.is_none() {
                prop_assert!(late.totals.net.minor_units() <= outlook.worst.minor_units());
                prop_assert!(late.totals.net.minor_units() >= outlook.best.minor_units());
            }
        } else {
            prop_assert_eq!(early.standing, Standing::Final);
            prop_assert_eq!(late.totals, early.totals);
        }
    }
}

// What is not decided yet.

const SMALL: &str = r#"
    id = "small"
    provider = "P"
    customer = "C"
    currency = "EUR"
    zone = "UTC"
    in_force = { from = 2026-01-01, through = 2026-12-31 }
    severities = ["P1", "P2"]
    statuses = ["waiting"]
    entities = ["eu"]
    services = ["hosting"]
    [clocks.resolution]
    start = "opened"
    stop = ["resolved"]
    pause = ["status:waiting"]
    counted_when = "due"
    targets = { P1 = "4 h on 24x7", P2 = "4 h on 24x7" }
    [[levels]]
    id = "resolution"
    per = "month"
    attainment = { clock = "resolution", severities = ["P1"], target = "90 %" }
    credit.bands = [{ below = "90 %", pays = "10 %" }]
    [[levels]]
    id = "uptime"
    per = "month"
    availability = { target = "99.9 %", known_at_least = "99.5 %" }
    credit.bands = [{ at_least = "99 %", below = "99.9 %", pays = "20 %" }, { below = "99 %", pays = "50 %" }]
"#;

fn small(lines: &str, as_of: &str) -> Statement {
    let agreement = Agreement::new(toml::from_str(SMALL).unwrap()).unwrap();
    let compiled = agreement.compile(&ZoneData::bundled()).unwrap();
    let charge =
        r#"{"charge":{"id":"C","service":"hosting","entity":"eu","period":"2026-04","amount":"100.00 EUR"}}"#;
    let facts = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .chain([charge]);
    let record: Record = facts
        .map(|line| serde_json::from_str::<Fact>(line).unwrap())
        .collect();
    compiled
        .statement(&record, "2026-04".parse().unwrap(), at(as_of))
        .unwrap()
}

fn owed(statement: &Statement) -> (String, Option<(String, String)>) {
    let outlook = statement
        .outlook
        .map(|outlook| (outlook.best.to_string(), outlook.worst.to_string()));
    (statement.totals.net.to_string(), outlook)
}

#[test]
fn outlooks_count_what_is_not_judged_yet() {
    let watched = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-01-01T00:00:00Z"}}"#;
    let opened = r#"{"incident":{"id":"I","events":[{"at":"2026-04-10T00:00:00Z","event":{"opened":{"severity":"P1"}}}]}}"#;
    let range = |best: &str, worst: &str| Some((format!("{best} EUR"), format!("{worst} EUR")));

    // Nothing is decided: the one incident can still be met or missed, the rest of the month up or down.
    let statement = small(&format!("{watched}\n{opened}"), "2026-04-10T01:00:00Z");
    assert_eq!(
        statement.findings[0].reason.as_deref(),
        Some("nothing is decided yet")
    );
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "60.00")));

    // After the month, missed: final.
    let statement = small(&format!("{watched}\n{opened}"), "2026-05-01T00:00:00Z");
    assert_eq!(owed(&statement), ("10.00 EUR".into(), None));
    assert_eq!(statement.standing, Standing::Final);

    // Too little is known, and even a month watched from now on cannot make up for it.
    let late = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-04-02T00:00:00Z"}}"#;
    let statement = small(late, "2026-04-03T00:00:00Z");
    assert_eq!(
        statement.findings[1].reason.as_deref(),
        Some("only 50.0000 % of the time is known, 99.5 % is required")
    );
    assert_eq!(
        statement.findings[1].outlook.unwrap().worst.verdict,
        Verdict::NotJudged
    );
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "0.00")));

    // An hour is missing of a day: too little now, enough if the rest is known.
    let hour = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-04-01T01:00:00Z"}}"#;
    let statement = small(hour, "2026-04-02T00:00:00Z");
    assert_eq!(statement.findings[1].verdict, Verdict::NotJudged);
    assert_eq!(statement.findings[1].outlook.unwrap().best.verdict, Verdict::Met);
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "50.00")));

    // No incidents, nothing watched: nothing to judge.
    let statement = small("", "2026-05-01T00:00:00Z");
    let reasons: Vec<&str> = statement
        .findings
        .iter()
        .filter_map(|finding| finding.reason.as_deref())
        .collect();
    assert_eq!(reasons, ["no incidents", "nothing is known of the period"]);
    assert_eq!(owed(&statement), ("0.00 EUR".into(), None));
}

#[test]
fn no_clock_falls_out_of_every_period() {
    // Delivered from a pause, nothing was due: it counts where it was delivered.
    let paused = r#"{"incident":{"id":"I","events":[{"at":"2026-03-31T23:00:00Z","event":{"opened":{"severity":"P1"}}},
        {"at":"2026-03-31T23:30:00Z","event":{"status":"waiting"}},{"at":"2026-04-10T00:00:00Z","event":"resolved"}]}}"#;
    let paused = paused.replace('\n', "");
    let statement = small(&paused, "2026-05-01T00:00:00Z");
    assert_eq!(statement.attainment.len(), 1);
    assert_eq!(statement.attainment[0].tally.met, 1);
    // Opened in March, due in April: it counts in April.
    let over = r#"{"incident":{"id":"I","events":[{"at":"2026-03-31T23:00:00Z","event":{"opened":{"severity":"P1"}}}]}}"#;
    let statement = small(over, "2026-05-01T00:00:00Z");
    assert_eq!(statement.attainment[0].tally.breached, 1);
    assert_eq!(statement.breached[0].due, at("2026-04-01T03:00:00Z"));
}

/// Whatever decides which period an incident belongs to, and however it stands: over all months, each clock counts once.
#[test]
fn every_incident_belongs_to_exactly_one_period() {
    let agreement = |count_by: &str| {
        let document = format!(
            r#"
            id = "A"
            provider = "P"
            customer = "C"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
            severities = ["P1", "P3"]
            statuses = ["open", "waiting"]
            [clocks.repair]
            start = "acknowledged"
            stop = ["resolved"]
            pause = ["status:waiting"]
            counted_when = "{count_by}"
            targets = {{ P1 = "240 h on 24x7" }}
            "#
        );
        let terms = toml::from_str(&document).unwrap();
        Agreement::new(terms)
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap()
    };
    let status = |status: &str| EventKind::Status(status.into());
    let opened = |id: &str, severity: &str| Incident::opened(id, severity, at("2026-01-30T00:00:00Z"));
    let running = |id: &str| opened(id, "P1").with(at("2026-01-31T00:00:00Z"), EventKind::Acknowledged);
    let paused = |id: &str| running(id).with(at("2026-02-01T00:00:00Z"), status("waiting"));
    let excused = EventKind::Adjusted(sla::record::Adjustment {
        by: "Board".into(),
        why: "agreed".into(),
        change: sla::record::Change::Excused { clock: None },
    });
    let late = at("2026-03-05T00:00:00Z");
    let incidents = [
        opened("unacknowledged", "P1"),
        running("running"),
        running("resolved late").with(late, EventKind::Resolved),
        running("resolved at once").with(at("2026-01-31T01:00:00Z"), EventKind::Resolved),
        running("cancelled").with(late, EventKind::Cancelled),
        paused("paused"),
        paused("paused and cancelled").with(late, EventKind::Cancelled),
        paused("paused and excused").with(late, excused),
        paused("paused and resolved").with(late, EventKind::Resolved),
        opened("without a target", "P3").with(at("2026-01-31T00:00:00Z"), EventKind::Acknowledged),
        opened("never started", "P1").with(late, EventKind::Resolved),
    ];
    for count_by in ["opened", "due", "resolved"] {
        let agreement = agreement(count_by);
        for as_of in [
            "2026-02-15T00:00:00Z",
            "2026-03-20T00:00:00Z",
            "2026-04-30T00:00:00Z",
        ] {
            for incident in &incidents {
                let record: Record = [Fact::Incident(incident.clone())].into_iter().collect();
                let counted = (1..=12).filter(|month| {
                    let month = sla::Period::month(2026, *month).unwrap();
                    let statement = agreement.statement(&record, month, at(as_of)).unwrap();
                    !statement.attainment.is_empty()
                });
                assert_eq!(counted.count(), 1, "{} by {count_by} as of {as_of}", incident.id);
            }
        }
    }
}

/// What is promised by an agreement belongs to one of its periods: also what was due before its first date, since the clock
/// started with a detection before it.
#[test]
fn what_is_due_before_the_first_date_belongs_to_the_first_period() {
    let agreement = |count_by: &str, target: &str, start: &str| {
        let document = format!(
            r#"
            id = "A"
            provider = "P"
            customer = "C"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
            severities = ["P1"]
            entities = ["eu"]
            services = ["hosting"]
            [clocks.repair]
            start = "{start}"
            stop = ["resolved"]
            counted_when = "{count_by}"
            targets = {{ P1 = "{target}" }}
            [[levels]]
            id = "repair"
            per = "month"
            attainment = {{ clock = "repair", target = "90 %" }}
            credit.bands = [{{ below = "90 %", pays = "10 %" }}]
            [[levels]]
            id = "repair-in-a-quarter"
            per = "quarter"
            attainment = {{ clock = "repair", target = "90 %" }}
            "#
        );
        let terms = toml::from_str(&document).unwrap();
        Agreement::new(terms)
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap()
    };
    let incident = Incident::opened("I", "P1", at("2026-01-01T00:30:00Z"))
        .with(at("2025-12-31T23:00:00Z"), EventKind::Detected)
        .with(at("2026-01-03T00:00:00Z"), EventKind::Resolved);
    let record: Record = [
        incident.into(),
        serde_json::from_str(r#"{"charge":{"id":"C","service":"hosting","entity":"eu","period":"2026-01","amount":"100.00 EUR"}}"#)
            .unwrap(),
    ]
    .into_iter()
    .collect();
    let fixed = "by 2025-12-31T23:30:00Z";
    for (count_by, target, start) in [
        ("due", "30 min on 24x7", "detected"),
        ("due", fixed, "detected"),
        ("due", fixed, "opened"),
        ("opened", "30 min on 24x7", "detected"),
    ] {
        let agreement = agreement(count_by, target, start);
        let counted = |period: &str| {
            let statement = agreement
                .statement(&record, period.parse().unwrap(), at("2026-04-30T00:00:00Z"))
                .unwrap();
            let breached: u64 = statement.attainment.iter().map(|row| row.tally.breached).sum();
            (breached, statement.totals.net.to_string())
        };
        let place = format!("{count_by} {target} {start}");
        assert_eq!(counted("2026-01"), (1, "10.00 EUR".into()), "{place}");
        assert_eq!(counted("2026-02"), (0, "0.00 EUR".into()), "{place}");
        assert_eq!(counted("2026-Q1").0, 1, "{place}");
        assert_eq!(counted("2026-Q2").0, 0, "{place}");
    }
}

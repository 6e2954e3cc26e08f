//! Periods of which an agreement is in force on some dates only: rows reckoned by hand, laws, and exact texts.

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::agreement::CompiledAgreement;
use sla::level::Verdict;
use sla::measure::{Availability, Basis};
use sla::number::Ratio;
use sla::period::{PartialPeriods, PeriodKind};
use sla::record::{Charge, EventKind, Fact, Maintenance, Monitoring, Notice, Outage};
use sla::statement::Standing;
use sla::{Agreement, Incident, Period, Record, Statement, WallTime, ZoneData};

type Pair = (DateTime<Utc>, DateTime<Utc>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    #[serde(default = "utc")]
    zone: String,
    #[serde(default = "long_ago")]
    from: String,
    #[serde(default = "far_off")]
    through: String,
    rule: String,
    #[serde(default = "april")]
    period: String,
    as_of: Option<String>,
    #[serde(default = "nothing")]
    coverage: String,
    hours: Option<String>,
    cap: Option<String>,
    #[serde(default)]
    down: Vec<(String, String)>,
    watched: Option<Vec<(String, String)>>,
    charges: Option<Vec<(String, String)>>,
    /// Absent: the period is no partial one.
    days: Option<(u32, u32)>,
    measured: Option<String>,
    #[serde(default = "yes")]
    judged: bool,
    assumed_up: Option<WallTime>,
    counted: Vec<String>,
    net: Option<String>,
    #[serde(default)]
    provisional: bool,
}

fn utc() -> String {
    "UTC".to_string()
}

fn long_ago() -> String {
    "2020-01-01".to_string()
}

fn far_off() -> String {
    "2030-12-31".to_string()
}

fn april() -> String {
    "2026-04".to_string()
}

fn nothing() -> String {
    "0".to_string()
}

fn yes() -> bool {
    true
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An agreement over availability, and attainment of one clock; `effective` is its TOML.
fn agreement(
    effective: &str,
    zone: &str,
    kind: PeriodKind,
    coverage: &str,
    hours: Option<&str>,
    cap: Option<&str>,
) -> CompiledAgreement {
    compile(&document(effective, zone, kind, coverage, hours, cap))
}

/// Of months, with another period for incidents.
fn agreement_by(count_by: &str, effective: &str) -> CompiledAgreement {
    let document = document(effective, "UTC", PeriodKind::Month, "0", None, None);
    compile(&document.replace(
        "counted_when = \"opened\"",
        &format!("counted_when = \"{count_by}\""),
    ))
}

fn compile(document: &str) -> CompiledAgreement {
    let terms = toml::from_str(document).unwrap_or_else(|error| panic!("{error}\n{document}"));
    let agreement = Agreement::new(terms).unwrap();
    agreement.compile(&ZoneData::bundled()).unwrap()
}

fn document(
    effective: &str,
    zone: &str,
    kind: PeriodKind,
    coverage: &str,
    hours: Option<&str>,
    cap: Option<&str>,
) -> String {
    let kind = toml::Value::try_from(kind).unwrap();
    let (calendar, service_hours) = match hours {
        Some(weekly) => (
            format!("[calendars.office]\nzone = \"{zone}\"\nweekly = [\"{weekly}\"]"),
            "service_hours = \"office\", ",
        ),
        None => (String::new(), ""),
    };
    let cap = cap.map_or(String::new(), |cap| {
        format!("caps = [{{ per = {kind}, at_most = \"{cap} %\" }}]")
    });
    format!(
        r#"
        id = "partial"
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "{zone}"
        in_force = {{ {effective} }}
        severities = ["P1"]
        entities = ["eu", "us"]
        services = ["hosting"]
        {cap}
        {calendar}
        [clocks.resolution]
        start = "opened"
        stop = ["resolved"]
        counted_when = "opened"
        targets = {{ P1 = "4 h on 24x7" }}
        [[levels]]
        id = "uptime"
        per = {kind}
        availability = {{ entities = ["eu"], {service_hours}target = "99.9 %", maintenance = {{ notice = "1 h" }}, known_at_least = "{coverage} %" }}
        credit.bands = [
            {{ below = "99.9 %", at_least = "99.5 %", pays = "10 %" }},
            {{ below = "99.5 %", pays = "25 %" }},
        ]
        "#
    )
}

fn record(down: &[Pair], watched: &[Pair], charges: &[(String, String)]) -> Record {
    let outages = down.iter().enumerate().map(|(index, (start, end))| {
        Fact::Outage(Outage::new(&format!("OUT-{index}"), "eu", *start).until(*end))
    });
    let watched = watched.iter().enumerate().map(|(index, (start, end))| {
        Fact::Monitoring(Monitoring::new(&format!("MON-{index}"), "eu", *start).until(*end))
    });
    let charges = charges.iter().enumerate().map(|(index, (period, amount))| {
        let (period, amount) = (period.parse().unwrap(), amount.parse().unwrap());
        Fact::Charge(Charge::new(
            &format!("INV-{index}"),
            "hosting",
            "eu",
            period,
            amount,
        ))
    });
    outages.chain(watched).chain(charges).collect()
}

fn availability(statement: &Statement) -> &Availability {
    match &statement.findings[0].basis {
        Basis::Time(availability) => availability,
        other => panic!("{other:?}"),
    }
}

fn fraction(text: &str) -> Ratio {
    let (part, whole) = text.split_once('/').unwrap();
    Ratio::new(part.parse().unwrap(), whole.parse().unwrap()).unwrap()
}

/// Agreed time is spent in one way or another.
fn assert_sums(measured: &Availability, place: &str) {
    let parts = [
        measured.assumed_up,
        measured.up,
        measured.down,
        measured.unknown,
        measured.excluded,
        measured.pending,
    ];
    let sum: u64 = parts.iter().map(|part| part.as_nanoseconds()).sum();
    assert_eq!(WallTime::nanoseconds(sum), measured.agreed, "{place}");
}

#[test]
fn rows() {
    #[derive(Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let text = include_str!("../vectors/partial_periods.toml");
    let file: File = toml::from_str(text).unwrap();
    assert!(file.case.len() >= 28);
    for case in &file.case {
        let place = format!("{}: {}", case.name, case.why);
        let period: Period = case.period.parse().unwrap();
        let effective = format!(
            "from = {}, through = {}, partial_periods = \"{}\"",
            case.from, case.through, case.rule
        );
        let agreement = agreement(
            &effective,
            &case.zone,
            period.kind(),
            &case.coverage,
            case.hours.as_deref(),
            case.cap.as_deref(),
        );
        let pairs = |texts: &[(String, String)]| {
            let pairs = texts.iter().map(|(start, end)| (at(start), at(end)));
            pairs.collect::<Vec<Pair>>()
        };
        let always = vec![(at("2026-01-01T00:00:00Z"), at("2027-06-01T00:00:00Z"))];
        let billed = vec![(case.period.clone(), "12000.00 EUR".to_string())];
        let record = record(
            &pairs(&case.down),
            &case.watched.as_deref().map_or(always, pairs),
            case.charges.as_ref().unwrap_or(&billed),
        );
        let as_of = at(case.as_of.as_deref().unwrap_or("2027-06-01T00:00:00Z"));
        let found = agreement.statement(&record, period, as_of).unwrap();

        let partial = found.partial.map(|partial| {
            assert_eq!(partial.rule.to_string(), case.rule, "{place}");
            (partial.days, partial.days_of_period)
        });
        assert_eq!(partial, case.days, "{place}");
        let measured = availability(&found);
        assert_eq!(
            measured.ratio(),
            case.measured.as_deref().map(fraction),
            "{place}"
        );
        assert_eq!(
            measured.assumed_up,
            case.assumed_up.unwrap_or(WallTime::ZERO),
            "{place}"
        );
        assert_sums(measured, &place);
        let judged = found.findings[0].verdict != Verdict::NotJudged;
        assert_eq!(judged, case.judged && case.measured.is_some(), "{place}");
        let counted: Vec<String> = found.charges.iter().map(|sum| sum.counted.to_string()).collect();
        assert_eq!(counted, case.counted, "{place}");
        let net = case.net.as_deref().unwrap_or("0.00 EUR");
        assert_eq!(found.totals.net.to_string(), net, "{place}\n{found}");
        let standing = if case.provisional {
            Standing::Provisional
        } else {
            Standing::Final
        };
        assert_eq!(found.standing, standing, "{place}");
    }
}

/// What a reader of the table and of the lines is told.
#[test]
fn texts() {
    let april: Period = "2026-04".parse().unwrap();
    let down = [(at("2026-04-20T08:00:00Z"), at("2026-04-20T11:00:00Z"))];
    let watched = [(at("2026-04-16T00:00:00Z"), at("2026-06-01T00:00:00Z"))];
    let charges = [("2026-04".to_string(), "1000.00 EUR".to_string())];
    let record = record(&down, &watched, &charges);
    let text = |rule: &str, from: &str| {
        let effective = format!("from = {from}, through = 2027-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        agreement
            .statement(&record, april, at("2026-06-01T00:00:00Z"))
            .unwrap()
            .to_string()
            .replace("\n             ", " ") // what goes on in the next line
            .replace("\n    ", " ")
    };
    let contains = |text: &str, lines: &[&str]| {
        for line in lines {
            assert!(text.contains(line), "{line}\n{text}");
        }
    };
    contains(
        &text("prorate", "2026-04-18"),
        &[
            "\n  period     2026-04-01 00:00:00 until 2026-05-01 00:00:00 (720 h)\n",
            "\n  in force   2026-04-18 00:00:00 until 2026-05-01 00:00:00 (13 of 30 days): time, incidents and charges count for those only\n",
            "down 3 h of 312 h\n",
            "\n  service  entity  recurring charges  for the dates in force\n  hosting  eu            1000.00 EUR              433.33 EUR\n",
            "\nCHARGES PRORATED BY DAYS\n  charge  service  entity  period        billed  days in force\n  \
             INV-0   hosting  eu      2026-04  1000.00 EUR       13 of 30\n",
            "25 % of all recurring charges (1000.00 EUR, of which 433.33 EUR and 1/3 of a minor unit for the dates in force) = \
             108.33 EUR and 1/3 of a minor unit, rounded to 108.33 EUR\n",
        ],
    );
    contains(
        &text("assume_up", "2026-04-16"),
        &[
            "\n  in force   2026-04-16 00:00:00 until 2026-05-01 00:00:00 (15 of 30 days): the others count as up and without incidents, charges as billed\n",
            "down 3 h of 720 h, 360 h of it assumed up\n",
            "\n  service  entity  recurring charges\n  hosting  eu            1000.00 EUR\n",
            "10 % of all recurring charges (1000.00 EUR) = 100.00 EUR\n",
        ],
    );
    contains(
        &text("whole", "2026-04-16"),
        &[
            "(15 of 30 days): the whole period counts all the same\n",
            "down 3 h of 360 h, 360 h unknown\n",
        ],
    );
    assert!(!text("prorate", "2026-04-01").contains("in force"));
}

/// As data: what a program reads, and nothing of it where the period is whole.
#[test]
fn as_json() {
    let april: Period = "2026-04".parse().unwrap();
    let json = |from: &str| {
        let effective = format!("from = {from}, through = 2027-12-31, partial_periods = \"assume_up\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        let statement = agreement.statement(&Record::default(), april, at("2026-06-01T00:00:00Z"));
        serde_json::to_value(statement.unwrap()).unwrap()
    };
    let partial = serde_json::json!({
        "rule": "assume_up",
        "in_force": "2026-04-16T00:00:00Z/2026-05-01T00:00:00Z",
        "days": 15,
        "days_of_period": 30,
    });
    assert_eq!(json("2026-04-16")["partial"], partial);
    assert_eq!(json("2026-04-01").get("partial"), None);
}

/// An incident belongs to the dates in force, or to the period where the whole of it counts.
#[test]
fn incidents_of_the_dates_in_force() {
    let april: Period = "2026-04".parse().unwrap();
    let incident = |id: &str, opened: &str| {
        let opened = at(opened);
        let solved = opened + chrono::TimeDelta::hours(1);
        Fact::Incident(Incident::opened(id, "P1", opened).with(solved, EventKind::Resolved))
    };
    let record: Record = [
        incident("before", "2026-04-15T23:59:59Z"),
        incident("first", "2026-04-16T00:00:00Z"),
        incident("last", "2026-04-30T23:59:59Z"),
        incident("after", "2026-05-01T00:00:00Z"),
    ]
    .into_iter()
    .collect();
    for (rule, met) in [("prorate", 2), ("assume_up", 2), ("whole", 3)] {
        let effective = format!("from = 2026-04-16, through = 2027-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        let found = agreement
            .statement(&record, april, at("2026-06-01T00:00:00Z"))
            .unwrap();
        assert_eq!(found.attainment[0].tally.met, met, "{rule}");
    }
}

/// An agreement until the 10th, or until the end of the month: what is decided after its last date belongs to its last
/// period, and what is undecided too.
#[test]
fn incidents_at_the_end_of_an_agreement() {
    let april: Period = "2026-04".parse().unwrap();
    for (until, opened, resolved) in [
        ("2026-04-10", "2026-04-10T22:00:00Z", "2026-04-11T12:00:00Z"),
        ("2026-04-30", "2026-04-30T22:00:00Z", "2026-05-01T12:00:00Z"),
    ] {
        let record: Record = [Fact::Incident(
            Incident::opened("INC", "P1", at(opened)).with(at(resolved), EventKind::Resolved),
        )]
        .into_iter()
        .collect();
        for count_by in ["opened", "due", "resolved"] {
            for rule in ["prorate", "assume_up"] {
                let effective = format!("from = 2026-01-01, through = {until}, partial_periods = \"{rule}\"");
                let agreement = agreement_by(count_by, &effective);
                let tally = |after: i64| {
                    let as_of = at(opened) + chrono::TimeDelta::hours(after);
                    let found = agreement.statement(&record, april, as_of).unwrap();
                    let tally = found.attainment[0].tally;
                    (tally.pending, tally.breached, found.standing)
                };
                let place = format!("{until} {count_by} {rule}");
                assert_eq!(tally(3), (1, 0, Standing::Provisional), "{place}"); // the agreement has ended
                assert_eq!(tally(5), (0, 1, Standing::Final), "{place}"); // due four hours after it was opened
                assert_eq!(tally(500), (0, 1, Standing::Final), "{place}");
            }
        }
    }
}

/// What was opened before the agreement is none of its incidents, also where it ends in a later period of it.
#[test]
fn incidents_before_an_agreement() {
    let record: Record = [
        ("soon", "2026-04-16T01:00:00Z"),
        ("later", "2026-05-05T01:00:00Z"),
    ]
    .into_iter()
    .map(|(id, resolved)| {
        let incident = Incident::opened(id, "P1", at("2026-04-10T00:00:00Z"));
        Fact::Incident(incident.with(at(resolved), EventKind::Resolved))
    })
    .collect();
    for (rule, in_each) in [("prorate", [0, 0]), ("assume_up", [0, 0]), ("whole", [1, 1])] {
        let effective = format!("from = 2026-04-16, through = 2026-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement_by("resolved", &effective);
        let found = ["2026-04", "2026-05"].map(|period| {
            let period = period.parse().unwrap();
            let found = agreement.statement(&record, period, at("2026-06-01T00:00:00Z"));
            found.unwrap().breached.len()
        });
        assert_eq!(found, in_each, "{rule}");
    }
}

/// Unlike fractions, two lines, a cap, and any order of the facts: reckoned by hand.
#[test]
fn unlike_fractions() {
    let april: Period = "2026-04".parse().unwrap();
    let document = |cap: &str| {
        format!(
            r#"
            id = "two"
            provider = "P"
            customer = "C"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-04-16, through = 2026-12-31, partial_periods = "prorate" }}
            entities = ["eu", "us"]
            services = ["hosting"]
            caps = [{{ per = "month", at_most = "{cap} %" }}]
            [[levels]]
            id = "uptime"
            per = "month"
            availability = {{ target = "99.9 %", known_at_least = "0 %" }}
            credit.bands = [{{ below = "99.9 %", pays = "10 %" }}]
            "#
        )
    };
    let mut facts = Vec::new();
    for (entity, period, amount) in [
        ("eu", "21 days ending 2026-04-21", "200.00 EUR"), // 6 of 21 days: 57.142857
        ("us", "9 days ending 2026-04-17", "300.00 EUR"),  // 2 of 9 days: 66.666666
    ] {
        let start = at("2026-04-20T00:00:00Z");
        facts.extend([
            Fact::Monitoring(Monitoring::new(
                &format!("MON-{entity}"),
                entity,
                at("2026-01-01T00:00:00Z"),
            )),
            Fact::Outage(
                Outage::new(&format!("OUT-{entity}"), entity, start)
                    .until(start + chrono::TimeDelta::hours(9)),
            ),
            Fact::Charge(Charge::new(
                &format!("INV-{entity}"),
                "hosting",
                entity,
                period.parse().unwrap(),
                amount.parse().unwrap(),
            )),
        ]);
    }
    let owed = |cap: &str| {
        let agreement = Agreement::new(toml::from_str(&document(cap)).unwrap()).unwrap();
        let agreement = agreement.compile(&ZoneData::bundled()).unwrap();
        let open = || agreement.open(april, at("2026-06-01T00:00:00Z")).unwrap();
        let (mut whole, mut first, mut second) = (open(), open(), open());
        for (index, fact) in facts.iter().enumerate() {
            whole.push(fact);
            [&mut first, &mut second][index % 2].push(fact);
        }
        second.merge(first).unwrap();
        let found = whole.finish().unwrap();
        assert_eq!(second.finish().unwrap(), found);
        let days: Vec<(u32, u32)> = found
            .prorated
            .iter()
            .map(|charge| (charge.days, charge.days_of_period))
            .collect();
        assert_eq!(days, [(6, 21), (2, 9)]);
        let net: Vec<String> = found.credits.iter().map(|line| line.net.to_string()).collect();
        (net, found.totals.net.to_string())
    };
    // 5.714285 and 6.666666 are 12.380952: the missing cent goes to the second.
    let texts = |net: [&str; 2], total: &str| (net.map(String::from).to_vec(), total.to_string());
    assert_eq!(owed("100"), texts(["5.71 EUR", "6.67 EUR"], "12.38 EUR"));
    // 5 % of 123.809523 are 6.190476.
    assert_eq!(owed("5"), texts(["5.71 EUR", "0.48 EUR"], "6.19 EUR"));
}

#[test]
fn charges_of_too_many_lengths_are_refused() {
    let year: Period = "2026".parse().unwrap();
    let effective = "from = 2026-06-15, through = 2026-12-31, partial_periods = \"prorate\"";
    let agreement = agreement(effective, "UTC", year.kind(), "0", None, None);
    let primes = [
        7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73,
    ];
    let charges = primes.map(|days| (format!("{days} days ending 2026-06-16"), "0.01 EUR".to_string()));
    let error = agreement
        .statement(&record(&[], &[], &charges), year, at("2027-06-01T00:00:00Z"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "charges: the charges for `hosting` of `eu` are too large to sum, or prorated by too many different numbers of days"
    );
}

/// Days in force of periods of every kind.
#[test]
fn days_of_every_kind() {
    for (zone, from, period, days) in [
        ("UTC", "2026-04-16", "2026", (260, 365)),
        ("UTC", "2026-04-16", "2026-04-10 monthly", (24, 30)),
        ("UTC", "2026-04-16", "2026-03-31 monthly", (14, 30)),
        ("UTC", "2026-04-16", "2026-Q1 from Apr", (76, 91)),
        ("UTC", "2026-04-16", "2026 from Apr", (350, 365)),
        (
            "UTC",
            "2026-04-16",
            "2026-04-01 yearly from 2024-04-01",
            (350, 365),
        ),
        (
            "UTC",
            "2026-04-16",
            "2026-04-01 every 30 days from 2026-04-01",
            (15, 30),
        ),
        ("UTC", "2026-04-16", "30 days ending 2026-04-20", (5, 30)),
        // A date that the zone skipped is one: 24 hours of two dates.
        ("Pacific/Apia", "2011-12-30", "2011-12", (2, 31)),
    ] {
        let period: Period = period.parse().unwrap();
        let effective = format!("from = {from}, through = 2030-12-31, partial_periods = \"prorate\"");
        let found = agreement(&effective, zone, period.kind(), "0", None, None)
            .statement(&Record::default(), period, at("2028-01-01T00:00:00Z"))
            .unwrap();
        let partial = found.partial.unwrap();
        assert_eq!((partial.days, partial.days_of_period), days, "{period}");
        assert_eq!(partial.in_force.length(), availability(&found).agreed, "{period}");
        let hours = u64::from(if zone == "UTC" { days.0 * 24 } else { 24 });
        assert_eq!(availability(&found).agreed, WallTime::hours(hours), "{period}");
    }
}

/// What can still become of a period whose agreement ends within it: 3 of its 240 hours are down, 120 are to come.
#[test]
fn outlooks() {
    let april: Period = "2026-04".parse().unwrap();
    let down = [(at("2026-04-02T00:00:00Z"), at("2026-04-02T03:00:00Z"))];
    let watched = [(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))];
    let charges = [("2026-04".to_string(), "12000.00 EUR".to_string())];
    let record = record(&down, &watched, &charges);
    for (rule, best, worst, owed) in [
        ("assume_up", "717/720", "597/720", ["1200.00 EUR", "3000.00 EUR"]),
        ("prorate", "237/240", "117/240", ["1000.00 EUR", "1000.00 EUR"]),
        ("whole", "717/720", "117/720", ["1200.00 EUR", "3000.00 EUR"]),
    ] {
        let effective = format!("from = 2026-01-01, through = 2026-04-10, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        let found = agreement
            .statement(&record, april, at("2026-04-06T00:00:00Z"))
            .unwrap();
        let outlook = found.findings[0].outlook.unwrap();
        assert_eq!(outlook.best.measured, Some(fraction(best)), "{rule}");
        assert_eq!(outlook.worst.measured, Some(fraction(worst)), "{rule}");
        let totals = found.outlook.unwrap();
        assert_eq!(
            [totals.best, totals.worst].map(|net| net.to_string()),
            owed,
            "{rule}"
        );
    }
}

/// Announced work over the first midnight of the agreement, and the day before it.
#[test]
fn before_the_agreement_and_over_its_start() {
    let april: Period = "2026-04".parse().unwrap();
    let (start, end) = (at("2026-04-15T22:00:00Z"), at("2026-04-16T02:00:00Z"));
    let work = Maintenance::new("CHG", "eu", start)
        .until(end)
        .with_notice(Notice {
            at: at("2026-04-10T00:00:00Z"),
            start,
            end,
        });
    let watched = Monitoring::new("MON", "eu", at("2026-01-01T00:00:00Z"));
    let record: Record = [Fact::Maintenance(work), Fact::Monitoring(watched)]
        .into_iter()
        .collect();
    for (rule, agreed, assumed) in [("prorate", 360, 0), ("assume_up", 720, 360)] {
        let effective = format!("from = 2026-04-16, through = 2026-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        let measured = |as_of: &str| {
            let found = agreement.statement(&record, april, at(as_of)).unwrap();
            let measured = availability(&found);
            assert_sums(measured, rule);
            assert_eq!(
                (measured.agreed, measured.assumed_up),
                (WallTime::hours(agreed), WallTime::hours(assumed))
            );
            (measured.excluded, measured.up, measured.pending, found.standing)
        };
        let hours = WallTime::hours;
        let after = (hours(2), hours(358), hours(0), Standing::Final);
        assert_eq!(measured("2026-06-01T00:00:00Z"), after, "{rule}");
        let before = (hours(0), hours(0), hours(360), Standing::Provisional);
        assert_eq!(measured("2026-04-12T00:00:00Z"), before, "{rule}");
    }
}

/// Why a level is not judged, in words that fit its row.
#[test]
fn reasons() {
    let april: Period = "2026-04".parse().unwrap();
    let reason = |from: &str, hours: Option<&str>, watched: &[Pair]| {
        let effective = format!("from = {from}, through = 2026-12-31, partial_periods = \"assume_up\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "95", hours, None);
        let found = agreement
            .statement(&record(&[], watched, &[]), april, at("2026-06-01T00:00:00Z"))
            .unwrap();
        found.findings[0].reason.clone().unwrap()
    };
    assert_eq!(
        reason("2026-04-16", None, &[]),
        "nothing is known of the dates in force"
    );
    let most = [(at("2026-04-16T00:00:00Z"), at("2026-04-30T00:00:00Z"))];
    assert_eq!(
        reason("2026-04-16", None, &most),
        "only 93.3333 % of the time on the dates in force is known, 95 % is required"
    );
    // The 25th is a Saturday: hours on Fridays do not run again in April, so all of them are assumed.
    assert_eq!(
        reason("2026-04-25", Some("Fri 09:00-17:00"), &most),
        "no time was agreed"
    );
}

#[test]
fn what_is_refused() {
    let open = |effective: &str, period: &str| {
        let period: Period = period.parse().unwrap();
        let agreement = agreement(effective, "UTC", period.kind(), "0", None, None);
        agreement
            .open(period, at("2026-06-01T00:00:00Z"))
            .unwrap_err()
            .to_string()
    };
    let without = "from = 2026-04-16, through = 2026-12-31";
    assert_eq!(
        open(without, "2026-04"),
        "period: the agreement (2026-04-16 to 2026-12-31) is in force on 15 of the 30 days of 2026-04: expected \
         `prorate`, `assume_up` or `whole` as its `in_force.partial_periods`, found nothing"
    );
    for rule in ["prorate", "assume_up", "whole"] {
        let with = format!("{without}, partial_periods = \"{rule}\"");
        for period in ["2026-03", "2027-01"] {
            assert_eq!(
                open(&with, period),
                format!(
                    "period: expected a period in which the agreement is in force (2026-04-16 to 2026-12-31), found {period}"
                )
            );
        }
    }
}

/// A statement of April in which whole days are down, and what is left of it under each rule.
fn of_days(effective: &str, down: &[u64], watched: &[Pair], cents: i64) -> Statement {
    let april: Period = "2026-04".parse().unwrap();
    let midnight = |day: u64| {
        let date = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap() + Days::new(day);
        date.and_hms_opt(0, 0, 0).unwrap().and_utc()
    };
    let down: Vec<Pair> = down
        .iter()
        .map(|day| (midnight(*day), midnight(day + 1)))
        .collect();
    let amount = format!("{}.{:02} EUR", cents / 100, cents % 100);
    let record = record(&down, watched, &[("2026-04".to_string(), amount)]);
    agreement(effective, "UTC", april.kind(), "0", None, None)
        .statement(&record, april, at("2026-06-01T00:00:00Z"))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Where one agreement ends another begins: the prorated time and charges of both are those of the whole month.
    #[test]
    fn prorated_parts_are_the_whole(
        last in 1..30_u64, down in proptest::collection::vec(0..30_u64, 0..6), cents in 0..10_000_000_i64,
    ) {
        let watched = [(at("2026-03-01T00:00:00Z"), at("2026-06-01T00:00:00Z"))];
        let rule = "partial_periods = \"prorate\"";
        let first = of_days(&format!("from = 2026-01-01, through = 2026-04-{last:02}, {rule}"), &down, &watched, cents);
        let second = format!("from = 2026-04-{:02}, through = 2026-12-31, {rule}", last + 1);
        let second = of_days(&second, &down, &watched, cents);
        let whole = of_days("from = 2026-01-01, through = 2026-12-31", &down, &watched, cents);
        let (a, b, all) = (availability(&first), availability(&second), availability(&whole));
        for part in [|of: &Availability| of.agreed, |of: &Availability| of.up, |of: &Availability| of.down] {
            prop_assert_eq!(part(a).as_nanoseconds() + part(b).as_nanoseconds(), part(all).as_nanoseconds());
        }
        prop_assert_eq!(a.agreed, WallTime::hours(last * 24));
        // Both are rounded down to the cent: by days, exactly.
        let counted = |statement: &Statement| statement.charges[0].counted.minor_units();
        prop_assert_eq!(counted(&first), cents * i64::try_from(last).unwrap() / 30);
        prop_assert_eq!(counted(&second), cents * i64::try_from(30 - last).unwrap() / 30);
        prop_assert_eq!(counted(&whole), cents);
    }

    /// What is assumed up is what a statement of the whole month says if the other dates were watched and up.
    #[test]
    fn assumed_up_is_watched_and_up(
        first in 2..=30_u64, down in proptest::collection::vec(0..30_u64, 0..6), cents in 0..10_000_000_i64,
    ) {
        let watched = [(at("2026-03-01T00:00:00Z"), at("2026-06-01T00:00:00Z"))];
        let effective = format!("from = 2026-04-{first:02}, through = 2026-12-31, partial_periods = \"assume_up\"");
        let assumed = of_days(&effective, &down, &watched, cents);
        let later: Vec<u64> = down.iter().copied().filter(|day| *day + 1 >= first).collect();
        let whole = of_days("from = 2026-01-01, through = 2026-12-31", &later, &watched, cents);
        prop_assert_eq!(assumed.findings[0].measured, whole.findings[0].measured);
        prop_assert_eq!(assumed.findings[0].margin, whole.findings[0].margin);
        prop_assert_eq!(assumed.totals, whole.totals);
        assert_sums(availability(&assumed), "assumed up");
    }

    /// Under `whole` nothing differs from an agreement in force all along, but what tells of it.
    #[test]
    fn whole_is_whole(
        first in 2..=30_u64, down in proptest::collection::vec(0..30_u64, 0..6), cents in 0..10_000_000_i64,
    ) {
        let watched = [(at("2026-04-07T00:00:00Z"), at("2026-06-01T00:00:00Z"))];
        let effective = format!("from = 2026-04-{first:02}, through = 2026-12-31, partial_periods = \"whole\"");
        let mut found = of_days(&effective, &down, &watched, cents);
        let mut whole = of_days("from = 2026-01-01, through = 2026-12-31", &down, &watched, cents);
        prop_assert_eq!(found.partial.take().map(|partial| partial.rule), Some(PartialPeriods::Whole));
        whole.provenance.agreement = found.provenance.agreement;
        prop_assert_eq!(found, whole);
    }
}

//! Periods of which an agreement is in force on some dates only: rows reckoned by hand, laws, and exact texts.

use chrono::{DateTime, Days, NaiveDate, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::{
    Agreement, Availability, Basis, Charge, CompiledAgreement, EventKind, Fact, Incident, Monitoring, Outage,
    PartialPeriods, Period, PeriodKind, Ratio, Record, Standing, Statement, Verdict, WallTime, ZoneData,
};

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
    until: String,
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
    let kind = toml::Value::try_from(kind).unwrap();
    let (calendar, service_hours) = match hours {
        Some(weekly) => (
            format!(
                "[[calendars]]\nid = \"office\"\nhours = {{ zone = \"{zone}\", weekly = [\"{weekly}\"] }}"
            ),
            "service_hours = \"office\", ",
        ),
        None => (String::new(), ""),
    };
    let cap = cap.map_or(String::new(), |cap| {
        format!("credit_cap = {{ share = \"{cap}\" }}")
    });
    let document = format!(
        r#"
        id = "partial"
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "{zone}"
        effective = {{ {effective} }}
        severities = ["P1"]
        entities = ["eu"]
        services = ["hosting"]
        {cap}
        {calendar}
        [[clocks]]
        id = "resolution"
        rules = {{ start = "opened", stop = ["resolved"] }}
        count_by = "opened"
        targets = [{{ severity = "P1", within.wall = "PT4H" }}]
        [[service_levels]]
        id = "uptime"
        period = {kind}
        measure.availability = {{ {service_hours}target = "99.9", coverage = "{coverage}" }}
        credit.bands = [
            {{ below = "99.9", at_least = "99.5", credit = "10" }},
            {{ below = "99.5", credit = "25" }},
        ]
        "#
    );
    let terms = toml::from_str(&document).unwrap_or_else(|error| panic!("{error}\n{document}"));
    Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap()
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
        Basis::Availability(availability) => availability,
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
            "from = {}, until = {}, partial_periods = \"{}\"",
            case.from, case.until, case.rule
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
        let effective = format!("from = {from}, until = 2027-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        agreement
            .statement(&record, april, at("2026-06-01T00:00:00Z"))
            .unwrap()
            .to_string()
    };
    let contains = |text: &str, lines: &[&str]| {
        for line in lines {
            assert!(text.contains(line), "{line}\n{text}");
        }
    };
    contains(
        &text("prorate", "2026-04-18"),
        &[
            "\n  period     2026-04-01T00:00:00Z until 2026-05-01T00:00:00Z (UTC, 720 h)\n",
            "\n  in force   2026-04-18T00:00:00Z until 2026-05-01T00:00:00Z (13 of 30 days): time and charges count for those only\n",
            "down 3 h of 312 h\n",
            "\n  service  entity  recurring charges  for the dates in force\n  hosting  eu            1000.00 EUR              433.33 EUR\n",
            "25 % of all recurring charges (1000.00 EUR, of which 433.33 EUR and 1/3 of a minor unit for the dates in force) = \
             108.33 EUR and 1/3 of a minor unit, rounded to 108.33 EUR\n",
        ],
    );
    contains(
        &text("assume_up", "2026-04-16"),
        &[
            "\n  in force   2026-04-16T00:00:00Z until 2026-05-01T00:00:00Z (15 of 30 days): the others count as up, charges as billed\n",
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
        let effective = format!("from = {from}, until = 2027-12-31, partial_periods = \"assume_up\"");
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
        let effective = format!("from = 2026-04-16, until = 2027-12-31, partial_periods = \"{rule}\"");
        let agreement = agreement(&effective, "UTC", april.kind(), "0", None, None);
        let found = agreement
            .statement(&record, april, at("2026-06-01T00:00:00Z"))
            .unwrap();
        assert_eq!(found.attainment[0].tally.met, met, "{rule}");
    }
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
    let without = "from = 2026-04-16, until = 2026-12-31";
    assert_eq!(
        open(without, "2026-04"),
        "period: the agreement (2026-04-16 to 2026-12-31) is in force on 15 of the 30 days of 2026-04: expected \
         `prorate`, `assume_up` or `whole` as its `effective.partial_periods`, found nothing"
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
        let first = of_days(&format!("from = 2026-01-01, until = 2026-04-{last:02}, {rule}"), &down, &watched, cents);
        let second = format!("from = 2026-04-{:02}, until = 2026-12-31, {rule}", last + 1);
        let second = of_days(&second, &down, &watched, cents);
        let whole = of_days("from = 2026-01-01, until = 2026-12-31", &down, &watched, cents);
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
        let effective = format!("from = 2026-04-{first:02}, until = 2026-12-31, partial_periods = \"assume_up\"");
        let assumed = of_days(&effective, &down, &watched, cents);
        let later: Vec<u64> = down.iter().copied().filter(|day| *day + 1 >= first).collect();
        let whole = of_days("from = 2026-01-01, until = 2026-12-31", &later, &watched, cents);
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
        let effective = format!("from = 2026-04-{first:02}, until = 2026-12-31, partial_periods = \"whole\"");
        let mut found = of_days(&effective, &down, &watched, cents);
        let mut whole = of_days("from = 2026-01-01, until = 2026-12-31", &down, &watched, cents);
        prop_assert_eq!(found.partial.take().map(|partial| partial.rule), Some(PartialPeriods::Whole));
        whole.provenance.agreement = found.provenance.agreement;
        prop_assert_eq!(found, whole);
    }
}

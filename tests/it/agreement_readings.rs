//! What an agreement answers without a statement: readings of an incident, and whether it takes a fact.

use sla::error::Problem;
use sla::record::{Charge, EventKind, Fact, Monitoring, Outage, Pushed};
use sla::{Agreement, Incident, ZoneData};

use crate::agreement::{as_of, at, compiled, facts, march};

fn incidents() -> Vec<Incident> {
    let incidents = facts().into_iter().filter_map(|fact| match fact {
        Fact::Incident(incident) => Some(incident),
        _ => None,
    });
    incidents.collect()
}

fn refused(incident: &Incident, as_of: &str) -> String {
    compiled().read(incident, at(as_of)).unwrap_err().to_string()
}

#[test]
fn every_clock_of_the_agreement_is_read_as_by_itself() {
    let agreement = compiled();
    for incident in incidents() {
        let history = incident.history(as_of()).unwrap();
        let readings = agreement.read(&incident, as_of()).unwrap();
        let ids: Vec<&str> = readings.iter().map(|read| read.clock.as_str()).collect();
        assert_eq!(ids, ["resolution", "response", "weekend-repair"]);
        for read in readings {
            let clock = agreement.clock(&read.clock).unwrap();
            assert_eq!(
                clock.read(&history),
                Ok(read.reading),
                "{} {}",
                incident.id,
                read.clock
            );
        }
    }
}

#[test]
fn an_incident_has_readings_from_its_opening_on() {
    let incident = Incident::opened("I", "P1", at("2026-03-05T10:00:00Z"));
    let count = |as_of: &str| compiled().read(&incident, at(as_of)).unwrap().len();
    assert_eq!(count("2026-03-05T09:59:59.999999999Z"), 0);
    assert_eq!(count("2026-03-05T10:00:00Z"), 3);
}

#[test]
fn an_incident_that_cannot_be_read_is_refused_with_its_path() {
    let opened = Incident::opened("I-7", "P9", at("2026-03-05T10:00:00Z"))
        .with(at("2026-03-05T11:00:00Z"), EventKind::Status("asleep".into()));
    assert_eq!(
        refused(&opened, "2026-03-06T00:00:00Z"),
        "incidents[I-7].events[0]: expected a severity of the agreement, found `P9`\n\
         incidents[I-7].events[1]: expected a status of the agreement, found `asleep`"
    );
    let resolved = Incident::opened("I-7", "P1", at("2026-03-05T10:00:00Z"))
        .with(at("2026-03-05T09:00:00Z"), EventKind::Resolved);
    let problems = refused(&resolved, "2026-03-06T00:00:00Z");
    assert!(problems.starts_with("incidents[I-7].events[1]"), "{problems}");
    let plain = Incident::opened("I-7", "P1", at("2026-03-05T10:00:00Z"));
    let problems = refused(&plain, "2300-01-01T00:00:00Z");
    assert!(
        problems.starts_with("as_of: expected an instant from 1900"),
        "{problems}"
    );
}

#[test]
fn a_fact_is_checked_as_a_statement_checks_it() {
    let agreement = compiled();
    let start = at("2026-03-05T10:00:00Z");
    let of = |service: &str, amount: &str| {
        Charge::new(
            "INV",
            service,
            "eu-cluster",
            "2026-03".parse().unwrap(),
            amount.parse().unwrap(),
        )
    };
    let wrong: [Fact; 6] = [
        Incident::opened("", "P1", start).into(),
        Incident::opened("I", "P9", start).of_entity("asia").into(),
        Monitoring::new("M", "asia", start).into(),
        Outage::new("O", "eu-cluster", start).into(),
        Outage::new("O", "eu-cluster", start)
            .until(at("2026-03-05T09:00:00Z"))
            .into(),
        of("housing", "1.00 USD").into(),
    ];
    for fact in wrong.iter().chain(&facts()) {
        let mut builder = agreement.open(march(), as_of()).unwrap();
        assert_eq!(builder.push(fact), Pushed::New);
        // A statement has them in the order of their paths.
        let stated: Vec<Problem> = builder.finish().err().iter().flatten().cloned().collect();
        let mut checked: Vec<Problem> = agreement.check(fact).err().iter().flatten().cloned().collect();
        checked.sort();
        assert_eq!(checked, stated, "{:?}", fact.key());
    }
    for fact in &wrong {
        assert!(agreement.check(fact).is_err(), "{:?}", fact.key());
    }
    assert_eq!(
        agreement.check(&wrong[5]).unwrap_err().to_string(),
        "charges[INV].service: expected a service of the agreement, found `housing`\n\
         charges[INV].amount: expected an amount in EUR, found `1.00 USD`"
    );
}

#[test]
fn of_a_charge_the_period_is_a_question_of_a_statement() {
    let agreement = compiled();
    let quarter = Charge::new(
        "INV",
        "hosting",
        "eu-cluster",
        "2026-Q1".parse().unwrap(),
        "1.00 EUR".parse().unwrap(),
    );
    let fact = Fact::from(quarter);
    assert_eq!(agreement.check(&fact), Ok(()));
    let mut march = agreement.open(march(), as_of()).unwrap();
    march.push(&fact);
    assert_eq!(
        march.finish().unwrap_err().to_string(),
        "charges[INV].period: expected a period inside 2026-03, found 2026-Q1"
    );
}

#[test]
fn no_clock_no_reading() {
    let terms = toml::from_str(
        "id = 'a'\nprovider = 'p'\ncustomer = 'c'\ncurrency = 'EUR'\nzone = 'UTC'\nseverities = ['P1']\n\
         in_force = { from = 2026-01-01, through = 2026-12-31 }\n",
    );
    let agreement = Agreement::new(terms.unwrap())
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap();
    let incident = Incident::opened("I", "P1", at("2026-03-05T10:00:00Z"));
    assert_eq!(agreement.read(&incident, as_of()), Ok(Vec::new()));
}

#[test]
fn a_detection_before_all_that_calendars_answer_for_is_named() {
    let text = include_str!("../golden/agreement.toml").replace("start = \"opened\"", "start = \"detected\"");
    let agreement = Agreement::new(toml::from_str(&text).unwrap())
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap();
    let incident = Incident::opened("I-7", "P3", at("2026-03-05T10:00:00Z"))
        .with(at("1990-01-01T00:00:00Z"), EventKind::Detected);
    let problems = agreement.read(&incident, as_of()).unwrap_err().to_string();
    let first = problems.lines().next().unwrap();
    assert!(
        first.starts_with("incidents[I-7].events[1].at: expected an instant from 20"),
        "{problems}"
    );
    let mut builder = agreement.open(march(), as_of()).unwrap();
    builder.push(&incident.into());
    assert_eq!(builder.finish().unwrap_err().to_string(), problems);
}

//! An agreement from TOML: it is refused with its problems, or prints so that it reads back equal, compiles, answers by
//! its calendars, and states its first period.
#![no_main]

use chrono::{DateTime, TimeDelta, Utc};
use libfuzzer_sys::fuzz_target;
use sla::agreement::{AgreementTerms, CompiledAgreement};
use sla::calendar::CalendarTerms;
use sla::period::PeriodKind;
use sla::record::{EventKind, Fact, Monitoring, Outage};
use sla::{Agreement, Incident, Period};
use sla_fuzz::{ask, asked_at, shown, stage, zones};

/// Some facts that name what the terms declare.
fn facts(terms: &AgreementTerms, start: DateTime<Utc>) -> Vec<Fact> {
    let hours = |hours| start + TimeDelta::hours(hours);
    let mut facts = Vec::new();
    for entity in terms.entities.iter().take(2) {
        facts.push(Fact::Monitoring(Monitoring::new(
            &format!("M-{entity}"),
            entity,
            start,
        )));
        let mut outage = Outage::new(&format!("O-{entity}"), entity, hours(30)).until(hours(40));
        if let Some(impact) = terms.impacts.first() {
            outage = outage.with_impact(impact);
        }
        facts.push(Fact::Outage(outage));
    }
    for severity in terms.severities.iter().take(4) {
        let mut incident = Incident::opened(&format!("I-{severity}"), severity, hours(20));
        if let Some(status) = terms.statuses.first() {
            incident = incident.with(hours(21), EventKind::Status(status.clone()));
        }
        facts.push(Fact::Incident(incident.with(hours(100), EventKind::Resolved)));
    }
    facts
}

/// States the first period of each kind that its levels have.
fn state(agreement: &CompiledAgreement) {
    let terms = agreement.terms();
    let mut kinds: Vec<PeriodKind> = terms.levels.iter().map(|level| level.per).collect();
    kinds.truncate(2);
    for kind in kinds {
        let Some(period) = Period::containing(kind, terms.in_force.from) else {
            continue;
        };
        let Ok(over) = agreement.zone().interval(period) else {
            continue;
        };
        for as_of in [
            over.start() + TimeDelta::hours(35),
            over.end() + TimeDelta::days(400),
        ] {
            let Ok(mut building) = stage("open", || agreement.open(period, as_of)) else {
                continue;
            };
            for fact in facts(terms, over.start()) {
                stage("push", || building.push(&fact));
            }
            match stage("finish", || building.finish()) {
                Ok(statement) => {
                    shown(&statement);
                    serde_json::to_string(&statement).unwrap();
                }
                Err(problems) => drop(shown(&problems)),
            }
        }
    }
}

fuzz_target!(init: { zones(); }, |text: &str| {
    let Ok(terms) = stage("read", || toml::from_str::<AgreementTerms>(text)) else {
        return;
    };
    let printed = toml::to_string(&terms).unwrap();
    assert_eq!(toml::from_str::<AgreementTerms>(&printed).as_ref(), Ok(&terms), "{printed}");
    let compiled = match stage("check", || Agreement::new(terms)) {
        Ok(agreement) => stage("compile", || agreement.compile(zones())),
        Err(problems) => Err(problems),
    };
    let agreement = match compiled {
        Ok(agreement) => agreement,
        Err(problems) => {
            shown(&problems);
            return;
        }
    };
    let terms = agreement.terms();
    let is_composite = |calendar: &CalendarTerms| matches!(calendar, CalendarTerms::Composite(_));
    let (composites, hours): (Vec<_>, Vec<_>) =
        terms.calendars.iter().partition(|(_, calendar)| is_composite(calendar));
    let ids = hours.into_iter().take(2).chain(composites.into_iter().rev().take(2)).map(|(id, _)| id);
    let at = "2026-03-29T01:00:00Z".parse().unwrap();
    for id in ids.take(6) {
        for at in asked_at(text).chain([at]) {
            ask(agreement.calendar(id).unwrap(), at);
        }
    }
    state(&agreement);
});

//! Seeds are read and accepted: a seed that is refused at once leads nowhere.

use std::fs;

use sla::agreement::AgreementTerms;
use sla::record::Fact;
use sla::{Agreement, Hours, Incident, ZoneData};
use sla_fuzz::zones;

/// Does something with the text of every seed of a target.
fn each(target: &str, accept: impl Fn(&str)) {
    for seed in fs::read_dir(format!("{}/seeds/{target}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let path = seed.unwrap().path();
        println!("{}", path.display());
        accept(&fs::read_to_string(path).unwrap());
    }
}

#[test]
fn hours_compile() {
    each("hours", |text| {
        let hours: Hours = toml::from_str(text).unwrap();
        hours.compile_with(zones()).unwrap();
    });
}

#[test]
fn incidents_have_a_history() {
    each("incidents", |text| {
        let incident: Incident = serde_json::from_str(text).unwrap();
        incident.history("2026-12-31T00:00:00Z".parse().unwrap()).unwrap();
    });
}

#[test]
fn terms_compile() {
    each("terms", |text| {
        let terms: AgreementTerms = toml::from_str(text).unwrap();
        Agreement::new(terms).unwrap().compile(zones()).unwrap();
    });
}

#[test]
fn facts_are_possible() {
    each("facts", |text| {
        for line in text.lines() {
            serde_json::from_str::<Fact>(line).unwrap().check().unwrap();
        }
    });
}

#[test]
fn zone_data_is_read() {
    for seed in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/tzif")).unwrap() {
        let path = seed.unwrap().path();
        println!("{}", path.display());
        let bytes = fs::read(path).unwrap();
        ZoneData::fixed_only()
            .with_tzif("Test/Zone", &bytes, "1")
            .unwrap();
    }
}

//! Facts from JSON Lines: each is refused or prints so that it reads back equal; a statement from all of them is the same
//! bytes as one from overlapping parts, pushed backwards, sent and merged.
#![no_main]

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use sla::Agreement;
use sla::agreement::{CompiledAgreement, Gathered, StatementBuilder};
use sla::record::Fact;
use sla_fuzz::{shown, stage, zones};

const TERMS: &str = include_str!("../../tests/golden/agreement.toml");
const PERIOD: &str = "2026-03";
const ASKED: [&str; 2] = ["2026-03-20T12:00:00Z", "2026-06-30T00:00:00Z"];

fn agreement() -> &'static CompiledAgreement {
    static AGREEMENT: OnceLock<CompiledAgreement> = OnceLock::new();
    AGREEMENT.get_or_init(|| {
        let terms = toml::from_str(TERMS).unwrap();
        Agreement::new(terms).unwrap().compile(zones()).unwrap()
    })
}

fn open(as_of: DateTime<Utc>) -> StatementBuilder {
    agreement().open(PERIOD.parse().unwrap(), as_of).unwrap()
}

/// The statement as JSON, or its problems.
fn finished(building: StatementBuilder) -> Result<String, String> {
    match stage("finish", || building.finish()) {
        Ok(statement) => {
            shown(&statement);
            Ok(serde_json::to_string(&statement).unwrap())
        }
        Err(problems) => Err(shown(&problems)),
    }
}

fn whole(facts: &[Fact], as_of: DateTime<Utc>) -> Result<String, String> {
    let mut building = open(as_of);
    for fact in facts {
        stage("push", || building.push(fact));
    }
    finished(building)
}

/// Three parts that overlap, each backwards, one of them as JSON, of which the last two are merged first.
fn in_parts(facts: &[Fact], as_of: DateTime<Utc>) -> Result<String, String> {
    let [mut first, mut second, third] = [0, 1, 2].map(|part| {
        let mut building = open(as_of);
        for (index, fact) in facts.iter().enumerate().rev() {
            if index % 3 != part {
                building.push(fact);
            }
        }
        building
    });
    let sent = serde_json::to_string(&third.gathered()).unwrap();
    let received: Gathered = stage("read gathered", || serde_json::from_str(&sent).unwrap());
    stage("merge", || second.merge(received)).unwrap();
    stage("merge", || first.merge(second)).unwrap();
    finished(first)
}

fuzz_target!(init: { agreement(); }, |text: &str| {
    let read = |line| serde_json::from_str::<Fact>(line).ok();
    let facts: Vec<Fact> = stage("read", || text.lines().filter_map(read).collect());
    for fact in &facts {
        let printed = serde_json::to_string(fact).unwrap();
        assert_eq!(&serde_json::from_str::<Fact>(&printed).unwrap(), fact, "{printed}");
        stage("fingerprint", || fact.fingerprint());
        if let Err(problems) = stage("check", || fact.check()) {
            shown(&problems);
        }
    }
    for as_of in ASKED.map(|at| at.parse().unwrap()) {
        assert_eq!(whole(&facts, as_of), in_parts(&facts, as_of));
    }
});

//! Service hours from TOML: they are refused, or print so that they read back equal; compiled, they answer what they are
//! asked, and the answers fit together.
#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use sla::Hours;
use sla_fuzz::{ask, asked_at, shown, stage, zones};

const ASKED: [&str; 2] = ["2026-03-29T01:00:00Z", "2100-01-01T12:00:00.000000001Z"];

fuzz_target!(init: { zones(); }, |text: &str| {
    let Ok(hours) = stage("read", || toml::from_str::<Hours>(text)) else {
        return;
    };
    let printed = toml::to_string(&hours).unwrap();
    assert_eq!(toml::from_str::<Hours>(&printed).as_ref(), Ok(&hours), "{printed}");
    if let Err(problems) = stage("check", || hours.check()) {
        shown(&problems);
        return;
    }
    let calendar = match stage("compile", || hours.compile_with(zones())) {
        Ok(calendar) => calendar,
        Err(problems) => {
            shown(&problems);
            return;
        }
    };
    stage("fingerprint", || calendar.fingerprint());
    let covers = calendar.covers();
    let fixed = ASKED.map(|at| at.parse::<DateTime<Utc>>().unwrap());
    for at in asked_at(text).chain(fixed).chain([covers.start(), covers.end()]) {
        ask(&calendar, at);
    }
});

//! Zone data from TZif bytes: it is refused, or answers for every instant and every calendar in it.
#![no_main]

use chrono::{DateTime, Datelike, Utc};
use libfuzzer_sys::fuzz_target;
use sla::{Hours, Period, ZoneData};
use sla_fuzz::{ask, shown, stage};

const ASKED: [&str; 5] = [
    "1900-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "2026-03-29T01:00:00Z",
    "2037-12-31T23:59:59.5Z",
    "2150-07-01T00:00:00Z",
];

fuzz_target!(|bytes: &[u8]| {
    let zones = match stage("read", || {
        ZoneData::fixed_only().with_tzif("Test/Zone", bytes, "1")
    }) {
        Ok(zones) => zones,
        Err(error) => {
            assert!(shown(&error).len() <= 1_000, "{error}");
            return;
        }
    };
    let zone = zones.zone("Test/Zone").unwrap();
    stage("fingerprint", || zone.fingerprint());
    let asked = ASKED.map(|at| at.parse::<DateTime<Utc>>().unwrap());
    for at in asked.into_iter().chain([zone.known_until()]) {
        let offset = stage("offset_at", || zone.offset_at(at));
        let local = at.naive_utc();
        let first = stage("first_instant", || zone.first_instant(local));
        if let (Ok(first), Ok(_)) = (&first, &offset) {
            let _ = zone.date_at(*first);
        }
        let month = Period::month(local.year(), local.month());
        let _ = month.map(|month| stage("interval", || zone.interval(month)));
    }
    let hours = Hours::in_zone("Test/Zone")
        .weekly("Mon-Fri 09:00-17:00")
        .weekly("Sun 22:00-06:00");
    match stage("compile", || hours.compile_with(&zones)) {
        Ok(calendar) => asked.iter().for_each(|at| ask(&calendar, *at)),
        Err(problems) => drop(shown(&problems)),
    }
});

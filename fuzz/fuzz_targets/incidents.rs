//! An incident from JSON: its history is refused, or every clock reads it at every instant of asking; traces have no gap.
#![no_main]

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use libfuzzer_sys::fuzz_target;
use sla::calendar::HoursBuilder;
use sla::clock::{ClockTarget, Condition, Rules, SeverityChange};
use sla::record::{EventName, History};
use sla::time::{BusinessDays, DayMeaning};
use sla::{Clock, Hours, Incident, WallTime, WorkingTime};
use sla_fuzz::{shown, stage, zones};

/// Of the events, so that an input with many of them stays quick.
const ASKED_MAX: usize = 6;

fn goals() -> Vec<(String, ClockTarget)> {
    let compile = |hours: HoursBuilder| hours.compile_with(zones()).unwrap();
    let office = compile(
        Hours::in_zone("Europe/Paris")
            .weekly("Mon-Fri 09:00-17:00")
            .holiday("2026-12-25", "Christmas")
            .known_through("2027-12-31"),
    );
    let night = compile(Hours::in_zone("America/New_York").weekly("Mon-Sun 22:00-06:00"));
    let next_day = BusinessDays::new(1, DayMeaning::ByClose);
    let same_time = BusinessDays::new(2, DayMeaning::SameTime);
    let goals = [
        ("P1", ClockTarget::wall(WallTime::minutes(30))),
        ("P2", ClockTarget::working(WorkingTime::hours(4), &office)),
        ("P3", ClockTarget::business_days(next_day, &office)),
        ("P4", ClockTarget::working(WorkingTime::hours(8), &night)),
        ("P5", ClockTarget::business_days(same_time, &night)),
        ("P6", ClockTarget::fixed("2026-06-30T16:00:00Z".parse().unwrap())),
        ("P7", ClockTarget::best_effort()),
    ];
    goals.map(|(severity, goal)| (severity.to_owned(), goal)).into()
}

fn clocks() -> &'static [Clock] {
    static CLOCKS: OnceLock<Vec<Clock>> = OnceLock::new();
    CLOCKS.get_or_init(|| {
        let pauses =
            Rules::resolution().with_pause([Condition::status("waiting"), Condition::status("vendor")]);
        let rules = [
            Rules::response().with_severity_change(SeverityChange::FromOpeningKept),
            pauses
                .clone()
                .with_severity_change(SeverityChange::FromOpeningRecounted),
            pauses.with_severity_change(SeverityChange::FromOpeningKept),
            Rules::resolution()
                .with_start(EventName::Detected)
                .with_stop([EventName::Workaround, EventName::Resolved])
                .with_severity_change(SeverityChange::FromOpeningKept),
        ];
        let clock = |(index, rules)| Clock::new(&format!("clock-{index}"), rules, goals()).unwrap();
        rules.into_iter().enumerate().map(clock).collect()
    })
}

fn read(history: &History<'_>) {
    for clock in clocks() {
        let reading = stage("read", || clock.read(history));
        let trace = stage("trace", || clock.trace(history));
        if let Err(error) = &reading {
            shown(error);
        }
        if let Ok(reading) = &reading {
            assert!(
                reading.next_change.is_none_or(|next| next > history.as_of()),
                "{reading:?}"
            );
            serde_json::to_string(reading).unwrap();
        }
        for pair in trace.iter().flat_map(|spans| spans.windows(2)) {
            assert_eq!(pair[0].over.end(), pair[1].over.start(), "{pair:?}");
        }
    }
}

fuzz_target!(init: { clocks(); }, |text: &str| {
    let Ok(incident) = stage("from JSON", || serde_json::from_str::<Incident>(text)) else {
        return;
    };
    let printed = serde_json::to_string(&incident).unwrap();
    assert_eq!(serde_json::from_str::<Incident>(&printed).unwrap(), incident);
    let later = TimeDelta::days(3);
    let events = incident.events.iter().map(|event| event.at).take(ASKED_MAX);
    let mut asked: Vec<DateTime<Utc>> = events
        .flat_map(|at| [Some(at), at.checked_add_signed(later)])
        .flatten()
        .collect();
    asked.push("2026-12-31T23:59:59.999999999Z".parse().unwrap());
    for as_of in asked {
        match stage("history", || incident.history(as_of)) {
            Ok(history) => read(&history),
            Err(problems) => drop(shown(&problems)),
        }
    }
});

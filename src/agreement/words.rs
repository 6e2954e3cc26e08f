//! The terms of an agreement in words: one sentence for each, defaults included.
//!
//! This module owns what the parties read before they sign. Every struct of terms is taken apart
//! field by field, so that a term without a sentence does not compile. The sentences of a calendar
//! are left to `calendar`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::measures::{Measure, ServiceLevel};
use super::terms::{AgreementTerms, InForce};
use crate::availability::{AvailabilityTerms, MaintenanceTerms};
use crate::clock::{AttainmentTerms, ClockTerms, Condition, DEFAULT, SeverityChange, TargetTerms};
use crate::credit::{Band, Cap, CreditTerms};
use crate::number::percentage::Target;
use crate::period::{PartialPeriods, PeriodKind};

/// Returns the sentences of all terms, one in a line.
pub(super) fn sentences(terms: &AgreementTerms) -> Vec<String> {
    let AgreementTerms {
        id,
        provider,
        customer,
        currency,
        zone,
        in_force,
        severities,
        statuses,
        impacts,
        entities,
        services,
        caps,
        calendars,
        clocks,
        levels,
    } = terms;
    let mut lines = vec![format!("{id}: {provider} provides services to {customer}.")];
    lines.extend(dates(in_force));
    lines.push(format!("Periods begin and end at midnight in {zone}."));
    lines.push(format!("Charges and credits are in {currency}."));
    for (names, what) in [
        (
            severities,
            "An incident has one of the severities, from the most severe",
        ),
        (statuses, "An incident has one of the statuses"),
        (impacts, "An outage has one of the impacts"),
        (entities, "Each of these is measured and charged by itself"),
        (services, "Charges are for the services"),
    ] {
        if !names.is_empty() {
            lines.push(format!("{what}: {}.", names.join(", ")));
        }
    }
    for (id, calendar) in calendars {
        lines.extend(calendar.sentences(id));
    }
    for (id, terms) in clocks {
        lines.extend(clock(id, terms));
    }
    lines.extend(levels.iter().flat_map(level));
    lines.extend(caps.iter().map(cap));
    if caps.is_empty() {
        lines.push(String::from("No cap limits the credits."));
    }
    lines
}

fn dates(in_force: &InForce) -> [String; 2] {
    let InForce {
        from,
        through,
        partial_periods,
    } = in_force;
    let partial = match partial_periods {
        None => "No statement is made of a period that it is in force for in part.",
        Some(PartialPeriods::Prorate) => {
            "Of a period that it is in force for in part, only the dates in force count, for time and charges alike."
        }
        Some(PartialPeriods::AssumeUp) => {
            "Of a period that it is in force for in part, the other dates count as up, and charges as billed."
        }
        Some(PartialPeriods::Whole) => {
            "A period that it is in force for in part counts as a whole, and charges as billed."
        }
    };
    [
        format!("The agreement is in force from {from} through {through}."),
        String::from(partial),
    ]
}

fn clock(id: &str, terms: &ClockTerms) -> Vec<String> {
    let ClockTerms {
        start,
        stop,
        pause,
        counted_when,
        targets,
        on_raise,
        on_lower,
    } = terms;
    let mut lines = vec![format!(
        "Clock {id} starts when an incident is {start} and stops at the first of: {}.",
        either(stop)
    )];
    lines.push(if pause.is_empty() {
        format!("Nothing pauses clock {id}.")
    } else {
        format!("Clock {id} does not count in: {}.", either(pause))
    });
    lines.push(format!(
        "An incident counts for clock {id} in the period in which it is {counted_when}."
    ));
    for (severity, target) in targets {
        let whose = if severity == DEFAULT {
            "every other severity"
        } else {
            severity
        };
        lines.push(format!("Clock {id} gives {whose} {}.", target_in_words(target)));
    }
    if !targets.contains_key(DEFAULT) {
        lines.push(format!("Clock {id} is not judged for any other severity."));
    }
    for (change, what) in [(on_raise, "raised"), (on_lower, "lowered")] {
        let counts = match change {
            None => continue,
            Some(SeverityChange::FromOpeningKept) => "time already counted stays as it was counted",
            Some(SeverityChange::FromOpeningRecounted) => "all time since the start is counted again",
        };
        lines.push(format!(
            "When a severity is {what}, clock {id} has the target of the new one from the start, and {counts}."
        ));
    }
    lines
}

/// Joins alternative conditions.
fn either(conditions: &[Condition]) -> String {
    let words: Vec<String> = conditions.iter().map(ToString::to_string).collect();
    words.join(", ")
}

fn target_in_words(target: &TargetTerms) -> String {
    match target {
        TargetTerms::Working { time, on } => format!("{time} of the open time of {on}"),
        TargetTerms::Wall(time) => format!("{time}, day and night"),
        TargetTerms::BusinessDays { .. } => target.to_string(),
        TargetTerms::By(_) => format!("time {target}"),
        TargetTerms::BestEffort => String::from("best effort: nothing is due"),
    }
}

fn level(level: &ServiceLevel) -> Vec<String> {
    let ServiceLevel {
        id,
        per,
        measure,
        credit,
    } = level;
    let per = period(*per);
    let mut lines = match measure {
        Measure::Availability(terms) => availability(id, &per, terms),
        Measure::Attainment(terms) => vec![attainment(id, &per, terms)],
    };
    lines.push(match credit {
        None => format!("Level {id} pays no credit."),
        Some(terms) => pays(id, terms),
    });
    lines
}

/// A kind of period as it follows `per`: `month`, `billing_cycle 15`.
fn period(kind: PeriodKind) -> String {
    kind.to_string().replace('_', " ")
}

fn availability(id: &str, per: &str, terms: &AvailabilityTerms) -> Vec<String> {
    let AvailabilityTerms {
        target,
        impacts,
        service_hours,
        maintenance,
        known_at_least,
        entities,
    } = terms;
    let whose = list(entities.as_deref(), "every entity");
    let within = match service_hours {
        Some(calendar) => format!("the open time of {calendar}"),
        None => String::from("all time"),
    };
    let downtime = match impacts {
        Some(impacts) => format!("an outage with the impact {} is downtime", impacts.join(" or ")),
        None => String::from("every outage is downtime"),
    };
    let excluded = match maintenance {
        Some(MaintenanceTerms { notice }) => format!(
            "maintenance announced at least {notice} before its start leaves both sides, any other is downtime"
        ),
        None => String::from("maintenance is downtime, announced or not"),
    };
    let known = known_at_least.unwrap_or(Target::ALL);
    vec![
        format!("Level {id}: {whose} is up for at least {target} of {within} per {per}."),
        format!("For level {id}, {downtime}, and {excluded}."),
        format!("Level {id} is not judged unless {known} of the time is known."),
    ]
}

fn attainment(id: &str, per: &str, terms: &AttainmentTerms) -> String {
    let AttainmentTerms {
        clock,
        severities,
        target,
    } = terms;
    let of = list(severities.as_deref(), "every severity with a target");
    format!("Level {id}: at least {target} of the incidents of {of} meet clock {clock} per {per}.")
}

fn pays(id: &str, terms: &CreditTerms) -> String {
    let CreditTerms { bands, of } = terms;
    let band = |band: &Band| format!("{} of {of} if {band}", band.pays);
    let bands: Vec<String> = bands.iter().map(band).collect();
    let highest = if bands.len() > 1 {
        "; of several that hold, the highest counts"
    } else {
        ""
    };
    format!("Level {id} pays {}{highest}.", bands.join(", "))
}

fn cap(cap: &Cap) -> String {
    let Cap { of, per, at_most } = cap;
    format!(
        "The credits of levels per {} come to at most {at_most} of {of}.",
        period(*per)
    )
}

/// The names of a list, or what no list means.
fn list(names: Option<&[String]>, all: &str) -> String {
    names.map_or_else(|| String::from(all), |names| names.join(", "))
}

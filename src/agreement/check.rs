//! What must hold between the terms of an agreement: ids are unique, references point at something, ranges hold.
//!
//! What must hold within one term is checked by the module that owns it; this one gathers those problems too, so that
//! all are reported at once.

use alloc::string::String;
use alloc::vec::Vec;

use super::terms::{Measure, ServiceLevel, Terms};
use crate::allowance::Allowance;
use crate::availability::AvailabilityTerms;
use crate::clock::{ClockTerms, SeverityTarget};
use crate::credit::Selector;
use crate::error::{ProblemList, Problems};
use crate::record::check_name;

/// The most entries of any list in an agreement.
const ENTRIES_MAX: usize = 10_000;

pub(super) fn check(terms: &Terms) -> Result<(), Problems> {
    let mut problems = ProblemList::default();
    for (path, name) in [
        ("id", &terms.id),
        ("provider", &terms.provider),
        ("customer", &terms.customer),
    ] {
        check_name(&mut problems, path, name);
    }
    if terms.effective.until < terms.effective.from {
        let what = alloc::format!(
            "expected a date not before {}, found {}",
            terms.effective.from,
            terms.effective.until
        );
        problems.push("effective.until", what);
    }
    check_ids(&mut problems, "severities", &terms.severities);
    check_ids(&mut problems, "statuses", &terms.statuses);
    check_ids(&mut problems, "entities", &terms.entities);
    check_ids(&mut problems, "services", &terms.services);
    check_ids(
        &mut problems,
        "calendars",
        terms.calendars.iter().map(|calendar| &calendar.id),
    );
    check_ids(
        &mut problems,
        "clocks",
        terms.clocks.iter().map(|clock| &clock.id),
    );
    check_ids(
        &mut problems,
        "service_levels",
        terms.service_levels.iter().map(|level| &level.id),
    );
    for calendar in &terms.calendars {
        if let Err(found) = calendar.hours.check() {
            problems.extend(&alloc::format!("calendars[{}].hours", calendar.id), &found);
        }
    }
    for clock in &terms.clocks {
        check_clock(&mut problems, terms, clock);
    }
    for level in &terms.service_levels {
        check_level(&mut problems, terms, level);
    }
    if let Some(cap) = &terms.credit_cap {
        check_selector(&mut problems, "credit_cap.of", terms, &cap.of);
    }
    problems.finish()
}

fn check_ids<'a>(problems: &mut ProblemList, path: &str, ids: impl IntoIterator<Item = &'a String>) {
    let ids: Vec<&String> = ids.into_iter().collect();
    if ids.len() > ENTRIES_MAX {
        problems.push(
            path,
            alloc::format!("expected at most {ENTRIES_MAX} entries, found {}", ids.len()),
        );
    }
    let mut sorted: Vec<(&String, usize)> = ids.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    for ((left, _), (right, index)) in sorted.iter().zip(sorted.iter().skip(1)) {
        if left == right {
            problems.push(
                alloc::format!("{path}[{index}]"),
                alloc::format!("`{left}` stands there twice"),
            );
        }
    }
    for (index, id) in ids.into_iter().enumerate() {
        check_name(problems, &alloc::format!("{path}[{index}]"), id);
    }
}

/// A problem unless `id` is one of those that are declared.
fn check_reference<'a>(
    problems: &mut ProblemList,
    path: &str,
    what: &str,
    id: &str,
    declared: impl IntoIterator<Item = &'a String>,
) {
    if !declared.into_iter().any(|one| one == id) {
        problems.push(path, alloc::format!("expected the id of {what}, found `{id}`"));
    }
}

fn check_clock(problems: &mut ProblemList, terms: &Terms, clock: &ClockTerms) {
    let path = alloc::format!("clocks[{}]", clock.id);
    if let Err(found) = clock.rules.check() {
        problems.extend(&alloc::format!("{path}.rules"), &found);
    }
    for (index, status) in clock.rules.pause.iter().enumerate() {
        let place = alloc::format!("{path}.rules.pause[{index}]");
        check_reference(problems, &place, "a status", status, &terms.statuses);
    }
    if clock.targets.is_empty() {
        problems.push(
            alloc::format!("{path}.targets"),
            "expected at least one target, found none",
        );
    }
    for (index, target) in clock.targets.iter().enumerate() {
        let place = alloc::format!("{path}.targets[{index}]");
        check_reference(
            problems,
            &alloc::format!("{place}.severity"),
            "a severity",
            &target.severity,
            &terms.severities,
        );
        if clock
            .targets
            .iter()
            .take(index)
            .any(|earlier| earlier.severity == target.severity)
        {
            let what = alloc::format!("`{}` stands there twice", target.severity);
            problems.push(alloc::format!("{place}.severity"), what);
        }
        check_counted_on(problems, &alloc::format!("{place}.calendar"), terms, target);
    }
    let mut calendars = clock.targets.iter().map(|target| &target.calendar);
    let first = calendars.next();
    if clock.rules.calendar_change.is_none() && calendars.any(|calendar| Some(calendar) != first) {
        problems.push(
            alloc::format!("{path}.rules.calendar_change"),
            "severities are measured on different calendars: expected `keep` or `recount`, found nothing",
        );
    }
}

/// Working time needs a calendar, wall time must have none.
fn check_counted_on(problems: &mut ProblemList, place: &str, terms: &Terms, target: &SeverityTarget) {
    let calendars = terms.calendars.iter().map(|calendar| &calendar.id);
    match (target.within, &target.calendar) {
        (Allowance::Working(_), Some(id)) => {
            check_reference(problems, place, "a calendar", id, calendars);
        }
        (Allowance::Working(_), None) => {
            problems.push(
                place,
                "working time counts on a calendar: expected its id, found nothing",
            );
        }
        (Allowance::Wall(_), Some(id)) => {
            problems.push(
                place,
                alloc::format!("wall time counts on no calendar: expected nothing, found `{id}`"),
            );
        }
        (Allowance::Wall(_), None) => {}
    }
}

fn check_level(problems: &mut ProblemList, terms: &Terms, level: &ServiceLevel) {
    let path = alloc::format!("service_levels[{}]", level.id);
    match &level.measure {
        Measure::Availability(availability) => {
            check_availability(
                problems,
                &alloc::format!("{path}.measure.availability"),
                terms,
                availability,
            );
        }
        Measure::Attainment(attainment) => {
            let path = alloc::format!("{path}.measure.attainment");
            let clock = terms.clocks.iter().find(|clock| clock.id == attainment.clock);
            if clock.is_none() {
                let what = alloc::format!("expected the id of a clock, found `{}`", attainment.clock);
                problems.push(alloc::format!("{path}.clock"), what);
            }
            if attainment.severities.is_empty() {
                problems.push(
                    alloc::format!("{path}.severities"),
                    "expected at least one severity, found none",
                );
            }
            let targets = || {
                clock
                    .into_iter()
                    .flat_map(|clock| &clock.targets)
                    .map(|target| &target.severity)
            };
            for (index, severity) in attainment.severities.iter().enumerate() {
                let place = alloc::format!("{path}.severities[{index}]");
                if attainment
                    .severities
                    .iter()
                    .take(index)
                    .any(|earlier| earlier == severity)
                {
                    problems.push(&place, alloc::format!("`{severity}` stands there twice"));
                }
                if clock.is_some() {
                    check_reference(
                        problems,
                        &place,
                        "a severity that the clock has a target for",
                        severity,
                        targets(),
                    );
                }
            }
        }
    }
    if let Some(credit) = &level.credit {
        if let Err(found) = credit.check() {
            problems.extend(&alloc::format!("{path}.credit"), &found);
        }
        check_selector(problems, &alloc::format!("{path}.credit.of"), terms, &credit.of);
    }
}

fn check_availability(
    problems: &mut ProblemList,
    path: &str,
    terms: &Terms,
    availability: &AvailabilityTerms,
) {
    if let Some(calendar) = &availability.service_hours {
        let calendars = terms.calendars.iter().map(|calendar| &calendar.id);
        check_reference(
            problems,
            &alloc::format!("{path}.service_hours"),
            "a calendar",
            calendar,
            calendars,
        );
    }
    if availability.impacts.as_ref().is_some_and(Vec::is_empty) {
        problems.push(
            alloc::format!("{path}.impacts"),
            "expected at least one impact that is downtime, found none",
        );
    }
    if terms.entities.is_empty() {
        problems.push(
            "entities",
            "availability is measured per entity: expected at least one, found none",
        );
    }
    check_ids(
        problems,
        &alloc::format!("{path}.entities"),
        &availability.entities,
    );
    for (index, entity) in availability.entities.iter().enumerate() {
        check_reference(
            problems,
            &alloc::format!("{path}.entities[{index}]"),
            "an entity",
            entity,
            &terms.entities,
        );
    }
}

fn check_selector(problems: &mut ProblemList, path: &str, terms: &Terms, selector: &Selector) {
    for (index, service) in selector.services.iter().enumerate() {
        check_reference(
            problems,
            &alloc::format!("{path}.services[{index}]"),
            "a service",
            service,
            &terms.services,
        );
    }
}

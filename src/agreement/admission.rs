//! Admission: which facts an agreement takes, and which incidents belong to the period of a
//! statement.
//!
//! This module owns what an agreement demands of a fact (that every name in it is declared) and the
//! rule by which an incident belongs to exactly one period. What is wrong with a fact itself is
//! left to `record`.

use alloc::string::String;

use super::compile::Compiled;
use crate::clock::{CountedWhen, Reading};
use crate::error::{ProblemList, Problems, shown};
use crate::measure::scope::Scope;
use crate::period::{PartialPeriods, Period};
use crate::record::{Change, Charge, EventKind, Fact, History, Incident, Outage};
use crate::registry::Registry;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// Which incidents are a statement's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admission {
    /// They are opened here: while the agreement is in force.
    opened: Interval,
    /// And this is where what their terms say of their period lies. The first period of the
    /// agreement has all that lies before it, the last all that lies after it: what is due before
    /// the first date was still promised by it.
    counted: Interval,
}

impl Admission {
    pub(super) fn new(agreement: &Compiled, scope: &Scope) -> Self {
        let in_force = &agreement.terms.in_force;
        let mut dates = in_force.dates();
        if in_force.partial_periods == Some(PartialPeriods::Whole) {
            let around = |date| Period::containing(scope.period.kind(), date);
            if let Some(first) = around(in_force.from) {
                dates.first = dates.first.min(first.first_day());
            }
            if let Some(last) = around(in_force.through) {
                dates.day_after = dates.day_after.max(last.day_after());
            }
        }
        let counted = scope.counted;
        // Where zone data ends before the agreement does, nothing later is asked about.
        let start = agreement.zone.start_of(dates.first).unwrap_or(Instant::MIN);
        let end = agreement.zone.start_of(dates.day_after).unwrap_or(Instant::MAX);
        let from = if scope.is_first() {
            Instant::MIN
        } else {
            counted.from()
        };
        let until = if scope.is_last() {
            Instant::MAX
        } else {
            counted.until()
        };
        Self {
            opened: Interval::clamped(start.min(counted.from()), end.max(counted.until())),
            counted: Interval::clamped(from, until),
        }
    }

    /// Reports whether an incident was opened while the agreement was in force, and by the instant
    /// of asking.
    pub(super) fn takes(&self, history: &History<'_>) -> bool {
        history.opened_instant() <= history.as_of_instant() && self.opened.contains(history.opened())
    }

    /// Reports whether an incident belongs to another period, as far as that can be told without
    /// asking a calendar.
    pub(super) fn is_elsewhere(&self, history: &History<'_>, counted_when: CountedWhen) -> bool {
        let at = match counted_when {
            CountedWhen::Opened => Some(history.opened()),
            CountedWhen::Due => None,
            CountedWhen::Resolved => history.resolved(),
        };
        at.is_some_and(|at| !self.counted.contains(at))
    }

    /// Reports whether a clock belongs to the period. Every clock belongs to one: while it is not
    /// decided by what its terms say, to the one that the instant of asking lies in.
    pub(super) fn has(&self, reading: &Reading, history: &History<'_>, counted_when: CountedWhen) -> bool {
        let ended = reading.stopped.or(reading.cancelled);
        let at = match counted_when {
            CountedWhen::Opened => Some(history.opened()),
            CountedWhen::Due => reading.due.or(ended),
            CountedWhen::Resolved => history.resolved().or(reading.cancelled),
        };
        self.counted.contains(at.unwrap_or(history.as_of()))
    }
}

/// Finds the names in a fact that the agreement does not declare, and amounts in another currency.
///
/// # Errors
///
/// [`Problems`] with paths below the fact.
pub(super) fn check(agreement: &Compiled, period: Period, fact: &Fact) -> Result<(), Problems> {
    check_for(agreement, Some(period), fact)
}

/// As [`check`], without the period of a statement: whether a charge lies inside of one is not
/// asked.
pub(super) fn check_alone(agreement: &Compiled, fact: &Fact) -> Result<(), Problems> {
    check_for(agreement, None, fact)
}

/// As [`check`], for an incident.
pub(super) fn check_incident(agreement: &Compiled, incident: &Incident) -> Result<(), Problems> {
    let mut checker = Checker::new(agreement);
    checker.incident(incident);
    checker.problems.finish()
}

fn check_for(agreement: &Compiled, period: Option<Period>, fact: &Fact) -> Result<(), Problems> {
    let mut checker = Checker::new(agreement);
    match fact {
        Fact::Incident(incident) => checker.incident(incident),
        Fact::Outage(outage) => checker.outage(outage),
        Fact::Maintenance(work) => checker.entity(&work.entity),
        Fact::Monitoring(watch) => checker.entity(&watch.entity),
        Fact::Charge(charge) => checker.charge(charge, period),
    }
    checker.problems.finish()
}

struct Checker<'a> {
    agreement: &'a Compiled,
    problems: ProblemList,
}

impl<'a> Checker<'a> {
    fn new(agreement: &'a Compiled) -> Self {
        Self {
            agreement,
            problems: ProblemList::default(),
        }
    }

    fn entity(&mut self, entity: &str) {
        self.declared("entity", "an entity", entity, &self.agreement.names.entities);
    }

    fn declared(&mut self, path: &str, what: &str, name: &str, declared: &Registry) {
        if !declared.contains(name) {
            self.problems.push(path, undeclared(what, name));
        }
    }

    fn incident(&mut self, incident: &Incident) {
        if let Some(entity) = &incident.entity {
            self.entity(entity);
        }
        let names = &self.agreement.names;
        for (index, event) in incident.events.iter().enumerate() {
            let (field, what, name, known) = match &event.kind {
                EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                    ("", "a severity", severity, &names.severities)
                }
                EventKind::Status(status) => ("", "a status", status, &names.statuses),
                EventKind::Adjusted(adjustment) => match &adjustment.change {
                    Change::Excused { clock: Some(id) } => {
                        (".adjusted.change.excused.clock", "a clock", id, &names.clocks)
                    }
                    _ => continue,
                },
                _ => continue,
            };
            if !known.contains(name) {
                self.problems
                    .push(format!("events[{index}]{field}"), undeclared(what, name));
            }
        }
    }

    fn outage(&mut self, outage: &Outage) {
        self.entity(&outage.entity);
        if let Some(impact) = &outage.impact {
            self.declared("impact", "an impact", impact, &self.agreement.names.impacts);
            return;
        }
        let entity = self.agreement.names.entities.index(&outage.entity);
        let level = entity.and_then(|entity| self.agreement.needs_impact.get(entity).copied().flatten());
        if let Some(level) = level.and_then(|level| self.agreement.terms.levels.get(level)) {
            let what = format!(
                "expected an impact, since service level `{}` counts outages by impact, found nothing",
                shown(&level.id)
            );
            self.problems.push("impact", what);
        }
    }

    fn charge(&mut self, charge: &Charge, period: Option<Period>) {
        self.entity(&charge.entity);
        let services = &self.agreement.names.services;
        self.declared("service", "a service", &charge.service, services);
        let currency = self.agreement.terms.currency;
        if charge.amount.currency() != currency {
            let what = format!("expected an amount in {currency}, found `{}`", charge.amount);
            self.problems.push("amount", what);
        }
        let reaches_beyond =
            |period: &Period| charge.period.overlaps(*period) && !period.contains(charge.period);
        if let Some(period) = period.filter(reaches_beyond) {
            let what = format!("expected a period inside {period}, found {}", charge.period);
            self.problems.push("period", what);
        }
    }
}

fn undeclared(what: &str, name: &str) -> String {
    format!("expected {what} of the agreement, found `{}`", shown(name))
}

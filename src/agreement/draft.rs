//! The run: facts in, in any order and any number of parts; one statement out.
//!
//! Owns duplicates across a record, what an agreement demands of a fact (known entities, severities, statuses), and which
//! incidents belong to the period. The composition of the statement is `conclude`'s. Each fact is measured when it is
//! pushed and kept by its id, so that parts merge without counting anything twice and the order of arrival cannot be
//! seen.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::Compiled;
use super::conclude::conclude;
use super::terms::{Measure, ServiceLevel};
use crate::clock::{Clock, CountBy, Elapsed, Outcome, Reading, State, Timeline};
use crate::error::{Problem, ProblemList, Problems};
use crate::fingerprint::Fingerprint;
use crate::period::{DatesInForce, PartialPeriods, Period};
use crate::record::{Change, Charge, EventKind, Fact, History, Incident, Maintenance, Monitoring, Outage};
use crate::statement::{PartialPeriod, RedatedEvent, Statement};
use crate::time::allowance::Allowance;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// How many problems a draft keeps: more than a refusal shows, so that it says that there are more.
const PROBLEMS_KEPT_MAX: usize = 2_000;

/// A statement being drafted. Facts are pushed one by one, in any order; drafts of parts of a record merge.
///
/// # Example
///
/// ```
/// # use chrono::{TimeZone, Utc};
/// # use sla::{Agreement, Fact, Monitoring, Outage, Terms, ZoneData};
/// # let terms: Terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     effective = { from = 2026-01-01, until = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[service_levels]]
/// #     id = "uptime"
/// #     period = "month"
/// #     measure.availability = { target = "99.9", coverage = "99" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// # let at = |day, hour| Utc.with_ymd_and_hms(2026, 4, day, hour, 0, 0).unwrap();
/// # let as_of = Utc.with_ymd_and_hms(2026, 5, 2, 9, 0, 0).unwrap();
/// # let facts = [
/// #     Fact::Monitoring(Monitoring::new("MON-1", "eu", at(1, 0))),
/// #     Fact::Outage(Outage::new("OUT-1", "eu", at(10, 0)).until(at(10, 2))),
/// # ];
/// let mut whole = agreement.open("2026-04".parse()?, as_of)?;
/// whole.push(&facts[0]);
/// whole.push(&facts[1]);
///
/// let mut part = agreement.open("2026-04".parse()?, as_of)?;
/// part.push(&facts[1]);
/// let mut other = agreement.open("2026-04".parse()?, as_of)?;
/// other.push(&facts[0]);
/// part.merge(other);
/// assert_eq!(part.finish()?, whole.finish()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Draft {
    pub(super) agreement: Arc<Compiled>,
    pub(super) period: Period,
    /// The period on the time line.
    pub(super) over: Interval,
    /// What of it facts count in.
    pub(super) counted: Interval,
    pub(super) partial: Option<PartialPeriod>,
    incidents_of: IncidentsOf,
    pub(super) as_of: Instant,
    pub(super) incidents: BTreeMap<String, Kept<MeasuredIncident>>,
    pub(super) outages: BTreeMap<String, Kept<Outage>>,
    pub(super) maintenance: BTreeMap<String, Kept<Maintenance>>,
    pub(super) monitoring: BTreeMap<String, Kept<Monitoring>>,
    pub(super) charges: BTreeMap<String, Kept<Charge>>,
    pub(super) duplicates: BTreeSet<String>,
    /// Sorted, so that what is reported does not depend on the order of arrival.
    pub(super) problems: BTreeSet<Problem>,
}

/// Which incidents are a statement's.
#[derive(Debug, Clone, Copy)]
struct IncidentsOf {
    /// They are opened here: while the agreement is in force.
    opened: Interval,
    /// And this is where what their terms say of their period lies; in the agreement's last period, also after it.
    counted: Interval,
}

impl IncidentsOf {
    fn new(agreement: &Compiled, period: Period, counted: Interval) -> Self {
        let effective = &agreement.terms.effective;
        let mut dates = effective.dates();
        let is_last = dates.day_after <= period.day_after();
        if effective.partial_periods == Some(PartialPeriods::Whole) {
            let around = |date| Period::containing(period.kind(), date);
            if let Some(first) = around(effective.from) {
                dates.first = dates.first.min(first.first_day());
            }
            if let Some(last) = around(effective.until) {
                dates.day_after = dates.day_after.max(last.day_after());
            }
        }
        // Where zone data ends before the agreement does, nothing later is asked about.
        let start = agreement.zone.start_of(dates.first).unwrap_or(Instant::MIN);
        let end = agreement.zone.start_of(dates.day_after).unwrap_or(Instant::MAX);
        let counted_until = if is_last { Instant::MAX } else { counted.until() };
        Self {
            opened: Interval::clamped(start.min(counted.from()), end.max(counted.until())),
            counted: Interval::clamped(counted.from(), counted_until),
        }
    }
}

/// What a fact came to, and its fingerprint, by which duplicates are told from contradictions.
#[derive(Debug, Clone)]
pub(super) struct Kept<T> {
    pub(super) fingerprint: Fingerprint,
    pub(super) measured: T,
}

/// An incident, as far as it belongs to the period.
#[derive(Debug, Clone)]
pub(super) struct MeasuredIncident {
    pub(super) clocks: Vec<Counted>,
    /// Empty if no clock belongs to the period.
    pub(super) redated: Vec<RedatedEvent>,
}

/// A clock of an incident that belongs to the period.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// Its index in the agreement.
    pub(super) clock: usize,
    pub(super) severity: String,
    pub(super) outcome: Outcome,
    pub(super) state: State,
    /// From when on a calendar assumes, if the reading rests on it.
    pub(super) assumed_from: Option<DateTime<Utc>>,
    pub(super) target: Option<Allowance>,
    pub(super) due: Option<DateTime<Utc>>,
    pub(super) breached_at: Option<DateTime<Utc>>,
    pub(super) delivered: Option<DateTime<Utc>>,
    pub(super) elapsed: Elapsed,
    pub(super) remaining: Option<Elapsed>,
    /// By whom and why it is excused.
    pub(super) excuse: Option<(String, String)>,
}

impl Draft {
    pub(super) fn open(
        agreement: Arc<Compiled>,
        period: Period,
        as_of: DateTime<Utc>,
    ) -> Result<Self, Problems> {
        let as_of = Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
        let partial = partial(&agreement, period)?;
        let over = agreement
            .zone
            .interval(period)
            .map_err(|error| Problems::one("period", error))?;
        let counted = match &partial {
            Some(partial) if partial.rule != PartialPeriods::Whole => partial.in_force,
            _ => over,
        };
        Ok(Self {
            incidents_of: IncidentsOf::new(&agreement, period, counted),
            agreement,
            period,
            over,
            counted,
            partial,
            as_of,
            incidents: BTreeMap::new(),
            outages: BTreeMap::new(),
            maintenance: BTreeMap::new(),
            monitoring: BTreeMap::new(),
            charges: BTreeMap::new(),
            duplicates: BTreeSet::new(),
            problems: BTreeSet::new(),
        })
    }

    /// What the terms make of a period of which the agreement is in force on some dates only.
    pub(super) fn rule(&self) -> Option<PartialPeriods> {
        self.partial.map(|partial| partial.rule)
    }

    /// The dates by which charges are prorated, if they are.
    pub(super) fn prorated_by(&self) -> Option<DatesInForce> {
        (self.rule() == Some(PartialPeriods::Prorate)).then(|| self.agreement.terms.effective.dates())
    }

    /// What of the period agreed time may lie in.
    pub(super) fn agreed_within(&self) -> Interval {
        match self.rule() {
            Some(PartialPeriods::AssumeUp) => self.over,
            _ => self.counted,
        }
    }

    /// Adds a fact. Whatever is wrong with it is reported by [`Draft::finish`], with everything else.
    pub fn push(&mut self, fact: &Fact) {
        if let Err(found) = self.take(fact) {
            self.problems.extend(found.iter().cloned());
        }
        // The first in their order stay, whatever the order in which they come.
        while self.problems.len() > PROBLEMS_KEPT_MAX {
            self.problems.pop_last();
        }
    }

    fn take(&mut self, fact: &Fact) -> Result<(), Problems> {
        fact.check()?;
        self.check_against_agreement(fact)?;
        let fingerprint = fact.fingerprint();
        let path = fact.path();
        let (duplicates, problems) = (&mut self.duplicates, &mut self.problems);
        let id = fact.id().to_string();
        match fact {
            Fact::Incident(incident) => {
                let measured = measure(
                    &self.agreement,
                    self.incidents_of,
                    self.as_of,
                    incident,
                    duplicates,
                )?;
                keep(
                    &mut self.incidents,
                    id,
                    Kept {
                        fingerprint,
                        measured,
                    },
                    &path,
                    duplicates,
                    problems,
                );
            }
            Fact::Outage(outage) => {
                let kept = Kept {
                    fingerprint,
                    measured: outage.clone(),
                };
                keep(&mut self.outages, id, kept, &path, duplicates, problems);
            }
            Fact::Maintenance(work) => {
                let kept = Kept {
                    fingerprint,
                    measured: work.clone(),
                };
                keep(&mut self.maintenance, id, kept, &path, duplicates, problems);
            }
            Fact::Monitoring(watch) => {
                let kept = Kept {
                    fingerprint,
                    measured: watch.clone(),
                };
                keep(&mut self.monitoring, id, kept, &path, duplicates, problems);
            }
            Fact::Charge(charge) => {
                let kept = Kept {
                    fingerprint,
                    measured: charge.clone(),
                };
                keep(&mut self.charges, id, kept, &path, duplicates, problems);
            }
        }
        Ok(())
    }

    /// What the agreement demands of a fact: that everything it names is declared.
    fn check_against_agreement(&self, fact: &Fact) -> Result<(), Problems> {
        let declared = &self.agreement.declared;
        let mut problems = ProblemList::default();
        let mut known = |field: &str, what: &str, name: &str, declared: &BTreeSet<String>| {
            if !declared.contains(name) {
                problems.push(format!("{}.{field}", fact.path()), undeclared(what, name));
            }
        };
        match fact {
            Fact::Incident(incident) => {
                if let Some(entity) = &incident.entity {
                    known("entity", "an entity", entity, &declared.entities);
                }
                for (index, event) in incident.events.iter().enumerate() {
                    if let Err((field, what)) = self.check_event(&event.kind) {
                        problems.push(format!("{}.events[{index}]{field}", fact.path()), what);
                    }
                }
            }
            Fact::Outage(outage) => {
                known("entity", "an entity", &outage.entity, &declared.entities);
                self.check_outage(&mut problems, fact, outage);
            }
            Fact::Maintenance(work) => known("entity", "an entity", &work.entity, &declared.entities),
            Fact::Monitoring(watch) => known("entity", "an entity", &watch.entity, &declared.entities),
            Fact::Charge(charge) => {
                known("entity", "an entity", &charge.entity, &declared.entities);
                known("service", "a service", &charge.service, &declared.services);
                self.check_charge(&mut problems, fact, charge);
            }
        }
        problems.finish()
    }

    /// What the agreement does not declare, and the field of the event that names it.
    fn check_event(&self, kind: &EventKind) -> Result<(), (&'static str, String)> {
        let declared = &self.agreement.declared;
        let (field, what, name, known) = match kind {
            EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                ("", "a severity", severity, &declared.severities)
            }
            EventKind::Status(status) => ("", "a status", status, &declared.statuses),
            EventKind::Adjusted(adjustment) => match &adjustment.change {
                Change::Excused { clock: Some(id) } => {
                    (".adjusted.change.excused.clock", "a clock", id, &declared.clocks)
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        if known.contains(name) {
            Ok(())
        } else {
            Err((field, undeclared(what, name)))
        }
    }

    fn check_outage(&self, problems: &mut ProblemList, fact: &Fact, outage: &Outage) {
        if let Some(impact) = &outage.impact {
            if !self.agreement.declared.impacts.contains(impact) {
                problems.push(format!("{}.impact", fact.path()), undeclared("an impact", impact));
            }
            return;
        }
        let by_impact = |level: &&ServiceLevel| match &level.measure {
            Measure::Availability(terms) => terms.impacts.is_some() && terms.measures(&outage.entity),
            Measure::Attainment(_) => false,
        };
        if let Some(level) = self.agreement.terms.service_levels.iter().find(by_impact) {
            let what = format!(
                "service level `{}` counts outages by impact: expected one, found nothing",
                level.id
            );
            problems.push(format!("{}.impact", fact.path()), what);
        }
    }

    fn check_charge(&self, problems: &mut ProblemList, fact: &Fact, charge: &Charge) {
        let currency = self.agreement.terms.currency;
        if charge.amount.currency() != currency {
            let what = format!("expected an amount in {currency}, found `{}`", charge.amount);
            problems.push(format!("{}.amount", fact.path()), what);
        }
        if charge.period.overlaps(self.period) && !self.period.contains(charge.period) {
            let what = format!(
                "expected a period inside {}, found {}",
                self.period, charge.period
            );
            problems.push(format!("{}.period", fact.path()), what);
        }
    }

    /// Takes over the facts of another draft of the same statement, made from another part of the record. What stands
    /// in both counts once.
    ///
    /// A draft of another agreement, period or instant cannot be merged: [`Draft::finish`] then reports it.
    pub fn merge(&mut self, other: Self) {
        let same = self.agreement.fingerprint == other.agreement.fingerprint
            && self.agreement.zones_used == other.agreement.zones_used
            && (self.period, self.over, self.as_of) == (other.period, other.over, other.as_of);
        if !same {
            let what = "expected a draft of the same agreement, zone data, period and instant, found another";
            self.problems.extend(Problems::one("merge", what).iter().cloned());
            return;
        }
        let (duplicates, problems) = (&mut self.duplicates, &mut self.problems);
        merge(
            &mut self.incidents,
            other.incidents,
            "incidents",
            duplicates,
            problems,
        );
        merge(&mut self.outages, other.outages, "outages", duplicates, problems);
        merge(
            &mut self.maintenance,
            other.maintenance,
            "maintenance",
            duplicates,
            problems,
        );
        merge(
            &mut self.monitoring,
            other.monitoring,
            "monitoring",
            duplicates,
            problems,
        );
        merge(&mut self.charges, other.charges, "charges", duplicates, problems);
        duplicates.extend(other.duplicates);
        problems.extend(other.problems);
    }

    /// Judges, assesses and states.
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that is wrong with any fact, each with its path: see [`Fact::check`]; a name that the
    /// agreement does not declare; one id with two contents; a charge in another currency or for a period that
    /// reaches beyond the statement's; a question that a calendar cannot answer, such as past the dates its holidays
    /// are known for.
    pub fn finish(self) -> Result<Statement, Problems> {
        let mut problems = ProblemList::default();
        for problem in &self.problems {
            problems.push(problem.path(), problem.what());
        }
        problems.finish()?;
        conclude(&self)
    }
}

/// What the terms make of a period of which the agreement is in force on some dates only. `None` if it is on all.
fn partial(agreement: &Compiled, period: Period) -> Result<Option<PartialPeriod>, Problems> {
    let effective = &agreement.terms.effective;
    let refused = |what: String| Err(Problems::one("period", what));
    let Some(dates) = effective.dates().within(period) else {
        return refused(format!(
            "expected a period in which the agreement is in force ({} to {}), found {period}",
            effective.from, effective.until
        ));
    };
    let (days, days_of_period) = (dates.days_of(period), period.days());
    if days == days_of_period {
        return Ok(None);
    }
    let Some(rule) = effective.partial_periods else {
        return refused(format!(
            "the agreement ({} to {}) is in force on {days} of the {days_of_period} days of {period}: expected \
             `prorate`, `assume_up` or `whole` as its `effective.partial_periods`, found nothing",
            effective.from, effective.until
        ));
    };
    let in_force = agreement
        .zone
        .interval_of_dates(dates.first, dates.day_after)
        .map_err(|error| Problems::one("period", error))?;
    Ok(Some(PartialPeriod {
        rule,
        in_force,
        days,
        days_of_period,
    }))
}

fn undeclared(what: &str, name: &str) -> String {
    format!("expected {what} of the agreement, found `{name}`")
}

/// Reads every clock of an incident and keeps those that belong to the period.
fn measure(
    agreement: &Compiled,
    of: IncidentsOf,
    as_of: Instant,
    incident: &Incident,
    duplicates: &mut BTreeSet<String>,
) -> Result<MeasuredIncident, Problems> {
    let path = format!("incidents[{}]", incident.id);
    let history = incident.history_at(as_of).map_err(|found| {
        let mut placed = ProblemList::default();
        placed.extend(&path, &found);
        placed.finish().err().unwrap_or(found)
    })?;
    if history.duplicates() > 0 {
        duplicates.insert(format!("{path}.events ({} repeated)", history.duplicates()));
    }
    let mut measured = MeasuredIncident {
        clocks: Vec::new(),
        redated: Vec::new(),
    };
    if history.opened_instant() > as_of || !of.opened.contains(history.opened()) {
        return Ok(measured);
    }
    let mut problems = ProblemList::default();
    let timeline = Timeline::of(&history);
    let clocks = agreement.clocks.iter().zip(&agreement.terms.clocks).enumerate();
    for (index, (clock, terms)) in
        clocks.filter(|(_, (_, terms))| !is_elsewhere(&history, terms.count_by, of.counted))
    {
        match clock.read_timeline(&timeline) {
            Ok(reading) if belongs(&reading, &history, terms.count_by, of.counted) => {
                measured
                    .clocks
                    .push(Counted::new(index, clock, reading, &history));
            }
            Ok(_) => {}
            Err(error) => problems.push(format!("{path}.clocks[{}]", clock.id()), error),
        }
    }
    problems.finish()?;
    if !measured.clocks.is_empty() {
        measured.redated = redated(&history);
    }
    Ok(measured)
}

fn redated(history: &History<'_>) -> Vec<RedatedEvent> {
    let moves = history
        .adjustments()
        .iter()
        .filter_map(|adjustment| match &adjustment.change {
            Change::Redated { event, from, to } => Some(RedatedEvent {
                incident: history.incident().id.clone(),
                event: *event,
                from: *from,
                to: *to,
                by: adjustment.by.clone(),
                why: adjustment.why.clone(),
            }),
            Change::Excused { .. } => None,
        });
    moves.collect()
}

/// Whether a clock belongs to the period of a statement. Every clock belongs to one period: while it is not decided by
/// what its terms say, to the one that the instant of asking lies in.
fn belongs(reading: &Reading, history: &History<'_>, count_by: CountBy, counted: Interval) -> bool {
    let ended = reading.stopped.or(reading.cancelled);
    let at = match count_by {
        CountBy::Opened => Some(history.opened()),
        CountBy::Due => reading.due.or(ended),
        CountBy::Resolved => history.resolved().or(reading.cancelled),
    };
    counted.contains(at.unwrap_or(history.as_of()))
}

/// Whether an incident belongs to another period, as far as that can be told without asking a calendar.
fn is_elsewhere(history: &History<'_>, count_by: CountBy, counted: Interval) -> bool {
    let at = match count_by {
        CountBy::Opened => Some(history.opened()),
        CountBy::Due => None,
        CountBy::Resolved => history.resolved(),
    };
    at.is_some_and(|at| !counted.contains(at))
}

impl Counted {
    fn new(index: usize, clock: &Clock, reading: Reading, history: &History<'_>) -> Self {
        let excuse = history
            .excuse(clock.id())
            .map(|adjustment| (adjustment.by.clone(), adjustment.why.clone()));
        Self {
            clock: index,
            severity: reading.severity.unwrap_or_default(),
            outcome: reading.outcome,
            state: reading.state,
            target: reading.target,
            due: reading.due,
            breached_at: reading.breached_at,
            delivered: reading.stopped,
            elapsed: reading.elapsed,
            remaining: reading.remaining,
            assumed_from: reading.assumed_from,
            excuse,
        }
    }
}

/// Keeps a fact by its id. The same content again is a duplicate; other content is a problem, whichever came first.
fn keep<T>(
    kept: &mut BTreeMap<String, Kept<T>>,
    id: String,
    fact: Kept<T>,
    path: &str,
    duplicates: &mut BTreeSet<String>,
    problems: &mut BTreeSet<Problem>,
) {
    match kept.get(&id) {
        None => {
            kept.insert(id, fact);
        }
        Some(earlier) if earlier.fingerprint == fact.fingerprint => {
            duplicates.insert(path.to_string());
        }
        Some(_) => problems.extend(
            Problems::one(path, "two facts have this id and different content")
                .iter()
                .cloned(),
        ),
    }
}

fn merge<T>(
    kept: &mut BTreeMap<String, Kept<T>>,
    other: BTreeMap<String, Kept<T>>,
    kind: &str,
    duplicates: &mut BTreeSet<String>,
    problems: &mut BTreeSet<Problem>,
) {
    for (id, fact) in other {
        let path = format!("{kind}[{id}]");
        keep(kept, id, fact, &path, duplicates, problems);
    }
}

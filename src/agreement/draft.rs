//! The run: facts in, in any order and any number of parts; one statement out.
//!
//! Owns duplicates across a record, what an agreement demands of a fact (known entities, severities, statuses), which
//! incidents belong to the period, and the composition of the statement. Each fact is measured when it is pushed and
//! kept by its id, so that parts merge without counting anything twice and the order of arrival cannot be seen.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::Compiled;
use super::terms::{AttainmentTerms, Measure, ServiceLevel};
use crate::allowance::{Allowance, WallTime, WorkingTime};
use crate::availability::{Availability, AvailabilityTerms};
use crate::clock::{Clock, CountBy, Outcome, Reading, State, Tally};
use crate::credit::{Claim, CreditLine, Selector, Totals, assess, base_of};
use crate::error::{Problem, ProblemList, Problems};
use crate::finding::{Basis, Finding, Outlook, Prospect, Question, Verdict, judge};
use crate::fingerprint::Fingerprint;
use crate::instant::Instant;
use crate::interval::Interval;
use crate::period::Period;
use crate::ratio::Ratio;
use crate::record::{
    Adjustment, Change, Charge, EventKind, Fact, History, Incident, Maintenance, Monitoring, Outage,
};
use crate::statement::{
    Attainment, BreachedClock, CreditOutlook, ExcusedClock, PendingClock, Provenance, Standing, Statement,
};

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
    agreement: Arc<Compiled>,
    period: Period,
    over: Interval,
    as_of: Instant,
    incidents: BTreeMap<String, Kept<Vec<Counted>>>,
    outages: BTreeMap<String, Kept<Outage>>,
    maintenance: BTreeMap<String, Kept<Maintenance>>,
    monitoring: BTreeMap<String, Kept<Monitoring>>,
    charges: BTreeMap<String, Kept<Charge>>,
    duplicates: BTreeSet<String>,
    /// Sorted, so that what is reported does not depend on the order of arrival.
    problems: BTreeSet<Problem>,
}

/// What a fact came to, and its fingerprint, by which duplicates are told from contradictions.
#[derive(Debug, Clone)]
struct Kept<T> {
    fingerprint: Fingerprint,
    measured: T,
}

/// A clock of an incident that belongs to the period.
#[derive(Debug, Clone)]
struct Counted {
    /// Its index in the agreement.
    clock: usize,
    severity: String,
    outcome: Outcome,
    state: State,
    target: Option<Allowance>,
    due: Option<DateTime<Utc>>,
    breached_at: Option<DateTime<Utc>>,
    delivered: Option<DateTime<Utc>>,
    elapsed: WorkingTime,
    remaining: Option<WorkingTime>,
    /// By whom and why it is excused.
    excuse: Option<(String, String)>,
}

impl Draft {
    pub(super) fn open(
        agreement: Arc<Compiled>,
        period: Period,
        as_of: DateTime<Utc>,
    ) -> Result<Self, Problems> {
        let as_of = Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
        let effective = &agreement.terms.effective;
        if period.first_day() < effective.from.naive() || period.day_after() > effective.until.next() {
            let what = alloc::format!(
                "expected a period on whose every date the agreement is in force ({} to {}), found {period}",
                effective.from,
                effective.until
            );
            return Err(Problems::one("period", what));
        }
        let over = agreement
            .zone
            .interval(period)
            .map_err(|error| Problems::one("period", error))?;
        Ok(Self {
            agreement,
            period,
            over,
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

    /// Adds a fact. Whatever is wrong with it is reported by [`Draft::finish`], with everything else.
    pub fn push(&mut self, fact: &Fact) {
        if let Err(found) = self.take(fact) {
            self.problems.extend(found.iter().cloned());
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
                let measured = measure(&self.agreement, self.over, self.as_of, incident, duplicates)?;
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
        let terms = &self.agreement.terms;
        let mut problems = ProblemList::default();
        let mut known = |field: &str, what: &str, name: &str, declared: &[String]| {
            if !declared.iter().any(|one| one == name) {
                problems.push(
                    alloc::format!("{}.{field}", fact.path()),
                    alloc::format!("expected {what} of the agreement, found `{name}`"),
                );
            }
        };
        match fact {
            Fact::Incident(incident) => {
                if let Some(entity) = &incident.entity {
                    known("entity", "an entity", entity, &terms.entities);
                }
                for (index, event) in incident.events.iter().enumerate() {
                    let field = alloc::format!("events[{index}]");
                    match &event.kind {
                        EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                            known(&field, "a severity", severity, &terms.severities);
                        }
                        EventKind::Status(status) => known(&field, "a status", status, &terms.statuses),
                        EventKind::Adjusted(Adjustment {
                            change: Change::Excused { clock: Some(clock) },
                            ..
                        }) => {
                            let clocks: Vec<String> = terms.clocks.iter().map(|one| one.id.clone()).collect();
                            known(
                                &alloc::format!("{field}.adjusted.change.excused.clock"),
                                "a clock",
                                clock,
                                &clocks,
                            );
                        }
                        _ => {}
                    }
                }
            }
            Fact::Outage(outage) => known("entity", "an entity", &outage.entity, &terms.entities),
            Fact::Maintenance(work) => known("entity", "an entity", &work.entity, &terms.entities),
            Fact::Monitoring(watch) => known("entity", "an entity", &watch.entity, &terms.entities),
            Fact::Charge(charge) => {
                known("entity", "an entity", &charge.entity, &terms.entities);
                known("service", "a service", &charge.service, &terms.services);
            }
        }
        match fact {
            Fact::Outage(outage) => self.check_outage(&mut problems, fact, outage),
            Fact::Charge(charge) => self.check_charge(&mut problems, fact, charge),
            _ => {}
        }
        problems.finish()
    }

    fn check_outage(&self, problems: &mut ProblemList, fact: &Fact, outage: &Outage) {
        let by_impact = |level: &&ServiceLevel| match &level.measure {
            Measure::Availability(terms) => terms.impacts.is_some() && measures(terms, &outage.entity),
            Measure::Attainment(_) => false,
        };
        let level = self.agreement.terms.service_levels.iter().find(by_impact);
        if let (Some(level), None) = (level, &outage.impact) {
            let what = alloc::format!(
                "service level `{}` counts outages by impact: expected one, found nothing",
                level.id
            );
            problems.push(alloc::format!("{}.impact", fact.path()), what);
        }
    }

    fn check_charge(&self, problems: &mut ProblemList, fact: &Fact, charge: &Charge) {
        let currency = self.agreement.terms.currency;
        if charge.amount.currency() != currency {
            let what = alloc::format!("expected an amount in {currency}, found `{}`", charge.amount);
            problems.push(alloc::format!("{}.amount", fact.path()), what);
        }
        if charge.period.overlaps(self.period) && !self.period.contains(charge.period) {
            let what = alloc::format!(
                "expected a period inside {}, found {}",
                self.period,
                charge.period
            );
            problems.push(alloc::format!("{}.period", fact.path()), what);
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
        let tallies = self.tallies();
        let findings = self.findings(&tallies)?;
        let (credits, totals) = self.credits(&findings, |finding| (finding.measured, finding.verdict))?;
        let clocks = self.clocks();
        let decided = self.as_of >= self.over.until() && clocks.pending.is_empty();
        let outlook = if decided {
            None
        } else {
            Some(self.outlook(&findings)?)
        };
        let terms = &self.agreement.terms;
        Ok(Statement {
            agreement: terms.id.clone(),
            provider: terms.provider.clone(),
            customer: terms.customer.clone(),
            period: self.period,
            over: self.over,
            zone: self.agreement.zone.name().to_string(),
            as_of: self.as_of.to_utc(),
            standing: if decided {
                Standing::Final
            } else {
                Standing::Provisional
            },
            findings,
            attainment: self.attainment(&tallies),
            breached: clocks.breached,
            pending: clocks.pending,
            excused: clocks.excused,
            credits,
            totals,
            outlook,
            provenance: self.provenance(),
        })
    }

    /// Tallies by clock and severity. Readings without a severity are counted under an empty one.
    fn tallies(&self) -> BTreeMap<(usize, &str), Tally> {
        let mut tallies: BTreeMap<(usize, &str), Tally> = BTreeMap::new();
        for counted in self.incidents.values().flat_map(|kept| &kept.measured) {
            tallies
                .entry((counted.clock, counted.severity.as_str()))
                .or_default()
                .count(counted.outcome);
        }
        tallies
    }

    /// The tallies in the order of the agreement, without those that are empty.
    fn attainment(&self, tallies: &BTreeMap<(usize, &str), Tally>) -> Vec<Attainment> {
        let mut rows = Vec::with_capacity(tallies.len());
        let severities = || {
            self.agreement
                .terms
                .severities
                .iter()
                .map(String::as_str)
                .chain(core::iter::once(""))
        };
        for (index, clock) in self.agreement.clocks.iter().enumerate() {
            for severity in severities() {
                if let Some(tally) = tallies.get(&(index, severity)) {
                    let (clock, severity) = (clock.id().to_string(), severity.to_string());
                    rows.push(Attainment {
                        clock,
                        severity,
                        tally: *tally,
                    });
                }
            }
        }
        rows
    }

    fn findings(&self, tallies: &BTreeMap<(usize, &str), Tally>) -> Result<Vec<Finding>, Problems> {
        let mut findings = Vec::new();
        let levels = self
            .agreement
            .terms
            .service_levels
            .iter()
            .filter(|level| level.period == self.period.kind());
        for level in levels {
            match &level.measure {
                Measure::Attainment(terms) => findings.push(self.attained(level, terms, tallies)),
                Measure::Availability(terms) => {
                    let entities = &self.agreement.terms.entities;
                    for entity in entities.iter().filter(|entity| measures(terms, entity)) {
                        findings.push(self.available(level, terms, entity)?);
                    }
                }
            }
        }
        Ok(findings)
    }

    fn attained(
        &self,
        level: &ServiceLevel,
        terms: &AttainmentTerms,
        tallies: &BTreeMap<(usize, &str), Tally>,
    ) -> Finding {
        let clock = self
            .agreement
            .clocks
            .iter()
            .position(|clock| clock.id() == terms.clock);
        let tally =
            |severity: &String| clock.and_then(|clock| tallies.get(&(clock, severity.as_str())).copied());
        let sum = terms
            .severities
            .iter()
            .filter_map(tally)
            .fold(Tally::default(), Tally::merge);
        judge(Question {
            level: level.id.clone(),
            entity: None,
            period: self.period,
            target: terms.target,
            coverage: None,
            basis: Basis::Attainment(sum),
        })
    }

    fn available(
        &self,
        level: &ServiceLevel,
        terms: &AvailabilityTerms,
        entity: &str,
    ) -> Result<Finding, Problems> {
        let outages = self.outages.values().map(|kept| &kept.measured);
        let maintenance = self
            .maintenance
            .values()
            .map(|kept| &kept.measured)
            .filter(|work| work.entity == entity);
        let monitoring = self.monitoring.values().map(|kept| &kept.measured);
        let mut measurement = Availability::over(self.over, self.as_of.to_utc())
            .with_outages(outages.filter(|outage| outage.entity == entity && terms.counts(outage)))
            .with_monitoring(monitoring.filter(|watch| watch.entity == entity));
        measurement = match terms.maintenance_notice {
            Some(notice) => measurement.with_maintenance(maintenance, notice),
            None => measurement.with_maintenance_as_downtime(maintenance),
        };
        if let Some(id) = &terms.service_hours {
            let calendar = self
                .agreement
                .calendars
                .iter()
                .find(|(one, _)| one == id)
                .map(|(_, calendar)| calendar);
            measurement = calendar.into_iter().fold(measurement, |measurement, hours| {
                measurement.with_service_hours(hours)
            });
        }
        let availability = measurement.measure().map_err(|error| {
            Problems::one(
                alloc::format!("service_levels[{}].measure.availability", level.id),
                error,
            )
        })?;
        Ok(judge(Question {
            level: level.id.clone(),
            entity: Some(entity.to_string()),
            period: self.period,
            target: terms.target,
            coverage: Some(terms.coverage),
            basis: Basis::Availability(availability),
        }))
    }

    /// The credits, with each finding's fraction and verdict as `judged` says.
    fn credits(
        &self,
        findings: &[Finding],
        judged: impl Fn(&Finding) -> (Option<Ratio>, Verdict),
    ) -> Result<(Vec<CreditLine>, Totals), Problems> {
        let terms = &self.agreement.terms;
        let overflow = || Problems::one("charges", "the charges of the period are too large to sum");
        let mut claims = Vec::new();
        for finding in findings {
            let level = terms
                .service_levels
                .iter()
                .find(|level| level.id == finding.level);
            let Some(credit) = level.and_then(|level| level.credit.as_ref()) else {
                continue;
            };
            let base = self
                .base(&credit.of, finding.entity.as_deref())
                .ok_or_else(overflow)?;
            let (measured, verdict) = judged(finding);
            claims.push(Claim {
                level: &finding.level,
                entity: finding.entity.as_deref(),
                measured,
                verdict,
                terms: credit,
                base,
            });
        }
        let cap = match &terms.credit_cap {
            Some(cap) => Some((cap, self.base(&cap.of, None).ok_or_else(overflow)?)),
            None => None,
        };
        assess(&claims, cap, terms.currency).ok_or_else(overflow)
    }

    /// The charges that are selected, of one entity or of all, in minor units.
    fn base(&self, selector: &Selector, entity: Option<&str>) -> Option<u64> {
        let charges = self.charges.values().map(|kept| &kept.measured);
        base_of(charges, self.period, |charge| {
            selector.selects(&charge.service) && entity.is_none_or(|entity| charge.entity == entity)
        })
    }

    fn outlook(&self, findings: &[Finding]) -> Result<CreditOutlook, Problems> {
        let total = |prospect: fn(&Outlook) -> Prospect| {
            let judged = |finding: &Finding| match finding.outlook.as_ref().map(prospect) {
                Some(prospect) => (prospect.measured, prospect.verdict),
                None => (finding.measured, finding.verdict),
            };
            self.credits(findings, judged).map(|(_, totals)| totals.net)
        };
        Ok(CreditOutlook {
            best: total(|outlook| outlook.best)?,
            worst: total(|outlook| outlook.worst)?,
        })
    }

    /// The clocks that a statement lists, sorted by clock, due and incident.
    fn clocks(&self) -> ListedClocks {
        let mut listed = ListedClocks::default();
        let mut all: Vec<(&String, &Counted)> = self
            .incidents
            .iter()
            .flat_map(|(id, kept)| kept.measured.iter().map(move |counted| (id, counted)))
            .collect();
        all.sort_by_key(|(id, counted)| (counted.clock, counted.due, *id));
        for (incident, counted) in all {
            let clock = self
                .agreement
                .clocks
                .get(counted.clock)
                .map(Clock::id)
                .unwrap_or_default();
            listed.add(clock, incident, counted, self.as_of.to_utc());
        }
        listed
    }

    fn provenance(&self) -> Provenance {
        let incidents = self.incidents.values().map(|kept| kept.fingerprint);
        let outages = self.outages.values().map(|kept| kept.fingerprint);
        let maintenance = self.maintenance.values().map(|kept| kept.fingerprint);
        let monitoring = self.monitoring.values().map(|kept| kept.fingerprint);
        let charges = self.charges.values().map(|kept| kept.fingerprint);
        let all = incidents
            .chain(outages)
            .chain(maintenance)
            .chain(monitoring)
            .chain(charges);
        let (record, facts) = all.fold((Fingerprint::default(), 0_u64), |(sum, count), fingerprint| {
            (sum.plus(fingerprint), count.saturating_add(1))
        });
        Provenance {
            crate_version: String::from(env!("CARGO_PKG_VERSION")),
            zones: self.agreement.zones_used.clone(),
            agreement: self.agreement.fingerprint,
            record,
            facts,
            duplicates: self.duplicates.iter().cloned().collect(),
        }
    }
}

/// The clocks that a statement lists one by one.
#[derive(Default)]
struct ListedClocks {
    breached: Vec<BreachedClock>,
    pending: Vec<PendingClock>,
    excused: Vec<ExcusedClock>,
}

impl ListedClocks {
    fn add(&mut self, clock: &str, incident: &str, counted: &Counted, as_of: DateTime<Utc>) {
        let (clock, incident) = (clock.to_string(), incident.to_string());
        match (counted.outcome, counted.target, counted.due) {
            (Outcome::Breached, Some(target), Some(due)) => {
                let end = counted.delivered.unwrap_or(as_of);
                let late_by = Interval::new(due, end)
                    .map(|late| late.length())
                    .unwrap_or(WallTime::ZERO);
                self.breached.push(BreachedClock {
                    clock,
                    incident,
                    severity: counted.severity.clone(),
                    target,
                    due,
                    breached_at: counted.breached_at.unwrap_or(due),
                    delivered: counted.delivered,
                    late_by,
                    elapsed: counted.elapsed,
                });
            }
            (Outcome::Pending, ..) => self.pending.push(PendingClock {
                clock,
                incident,
                severity: counted.severity.clone(),
                state: counted.state,
                due: counted.due,
                remaining: counted.remaining,
            }),
            (Outcome::Excused, ..) => {
                let (by, why) = counted.excuse.clone().unwrap_or_default();
                self.excused.push(ExcusedClock {
                    clock,
                    incident,
                    by,
                    why,
                });
            }
            _ => {}
        }
    }
}

/// Whether the terms measure an entity. None named: all.
fn measures(terms: &AvailabilityTerms, entity: &str) -> bool {
    terms.entities.is_empty() || terms.entities.iter().any(|one| one == entity)
}

/// Reads every clock of an incident and keeps those that belong to the period.
fn measure(
    agreement: &Compiled,
    over: Interval,
    as_of: Instant,
    incident: &Incident,
    duplicates: &mut BTreeSet<String>,
) -> Result<Vec<Counted>, Problems> {
    let path = alloc::format!("incidents[{}]", incident.id);
    let history = incident.history_at(as_of).map_err(|found| {
        let mut placed = ProblemList::default();
        placed.extend(&path, &found);
        placed.finish().err().unwrap_or(found)
    })?;
    if history.duplicates() > 0 {
        duplicates.insert(alloc::format!(
            "{path}.events ({} repeated)",
            history.duplicates()
        ));
    }
    let mut counted = Vec::new();
    if history.opened_instant() > as_of {
        return Ok(counted);
    }
    let mut problems = ProblemList::default();
    for (index, (clock, terms)) in agreement.clocks.iter().zip(&agreement.terms.clocks).enumerate() {
        match clock.read(&history) {
            Ok(reading) if belongs(&reading, &history, terms.count_by, over) => {
                counted.push(Counted::new(index, clock, reading, &history));
            }
            Ok(_) => {}
            Err(error) => problems.push(alloc::format!("{path}.clocks[{}]", clock.id()), error),
        }
    }
    problems.finish()?;
    Ok(counted)
}

/// Whether a clock belongs to the period of a statement.
fn belongs(reading: &Reading, history: &History<'_>, count_by: CountBy, over: Interval) -> bool {
    let at = match count_by {
        CountBy::Opened => Some(history.opened()),
        // Delivered from a pause, nothing was due; it still belongs somewhere. Without a target nothing ever is.
        CountBy::Due => reading.due.or(reading.target.and(reading.stopped)),
        CountBy::Resolved => history.resolved(),
    };
    at.is_some_and(|at| over.contains(at))
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
        let path = alloc::format!("{kind}[{id}]");
        keep(kept, id, fact, &path, duplicates, problems);
    }
}

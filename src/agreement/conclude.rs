//! From what a draft has gathered to the statement: tallies, findings, credits, lists, provenance.
//!
//! Owns the composition only: what is measured is `clock`'s and `availability`'s, judging is `finding`'s, money is
//! `credit`'s. Facts are grouped once, so that no level walks over those of entities it does not measure.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::draft::{Counted, Draft, Kept};
use super::terms::{AttainmentTerms, Measure, ServiceLevel, Terms};
use crate::availability::{Availability, AvailabilityTerms};
use crate::clock::{Clock, Outcome, Tally};
use crate::credit::{Base, Bases, Capped, Charges, Claim, ToCome, assess, is_counted, total_range};
use crate::error::Problems;
use crate::fingerprint::Fingerprint;
use crate::level::{Basis, Finding, Question, Verdict, judge};
use crate::period::PartialPeriods;
use crate::record::{Maintenance, Monitoring, Outage};
use crate::statement::{
    Assumption, Attainment, BreachedClock, ChargeSum, CreditLine, CreditOutlook, ExcusedClock, PendingClock,
    ProratedCharge, Provenance, Standing, Statement, Totals,
};
use crate::time::allowance::WallTime;
use crate::time::interval::Interval;

/// Judges, assesses and states what a draft without problems has gathered.
pub(super) fn conclude(draft: &Draft) -> Result<Statement, Problems> {
    let conclusion = Conclusion::new(draft)?;
    let findings = conclusion.findings()?;
    let claims = conclusion.claims(&findings);
    let cap = conclusion.terms.credit_cap.as_ref();
    let cap = cap.map(|cap| Capped {
        cap,
        path: "credit_cap",
    });
    let mut bases = Bases::new(&conclusion.charges);
    let assessment = assess(&claims, cap, &mut bases)?;
    let listed = ListedClocks::of(draft);
    let decided = draft.as_of >= draft.counted.until() && listed.pending.is_empty();
    let outlook = if decided {
        None
    } else {
        let (best, worst) = total_range(&claims, cap, &mut bases)?;
        Some(CreditOutlook { best, worst })
    };
    let terms = conclusion.terms;
    let (credits, totals) = (CreditLine::all(&assessment)?, Totals::of(&assessment)?);
    let (steps, charges) = (assessment.steps, conclusion.charges());
    drop(claims);
    Ok(Statement {
        agreement: terms.id.clone(),
        provider: terms.provider.clone(),
        customer: terms.customer.clone(),
        period: draft.period,
        over: draft.over,
        partial: draft.partial,
        zone: draft.agreement.zone.name().to_string(),
        as_of: draft.as_of.to_utc(),
        standing: if decided {
            Standing::Final
        } else {
            Standing::Provisional
        },
        findings,
        attainment: conclusion.attainment(),
        breached: listed.breached,
        pending: listed.pending,
        excused: listed.excused,
        adjusted: draft
            .incidents
            .values()
            .flat_map(|kept| kept.measured.redated.clone())
            .collect(),
        charges,
        prorated: prorated(draft),
        credits,
        totals,
        steps,
        outlook,
        assumptions: assumptions(draft),
        provenance: provenance(draft),
    })
}

/// The facts about one entity that decide its availability.
#[derive(Default)]
struct OfEntity<'a> {
    outages: Vec<&'a Outage>,
    maintenance: Vec<&'a Maintenance>,
    monitoring: Vec<&'a Monitoring>,
}

/// A draft's facts, grouped.
struct Conclusion<'a> {
    draft: &'a Draft,
    terms: &'a Terms,
    /// By clock and severity.
    tallies: BTreeMap<(usize, &'a str), Tally>,
    entities: BTreeMap<&'a str, OfEntity<'a>>,
    charges: Charges<'a>,
}

impl<'a> Conclusion<'a> {
    fn new(draft: &'a Draft) -> Result<Self, Problems> {
        let mut tallies: BTreeMap<(usize, &str), Tally> = BTreeMap::new();
        for counted in draft.incidents.values().flat_map(|kept| &kept.measured.clocks) {
            let key = (counted.clock, counted.severity.as_str());
            tallies.entry(key).or_default().count(counted.outcome);
        }
        let mut entities: BTreeMap<&str, OfEntity<'_>> = BTreeMap::new();
        for outage in draft.outages.values().map(|kept| &kept.measured) {
            entities.entry(&outage.entity).or_default().outages.push(outage);
        }
        for work in draft.maintenance.values().map(|kept| &kept.measured) {
            entities.entry(&work.entity).or_default().maintenance.push(work);
        }
        for watch in draft.monitoring.values().map(|kept| &kept.measured) {
            entities.entry(&watch.entity).or_default().monitoring.push(watch);
        }
        let charges = draft.charges.values().map(|kept| &kept.measured);
        let currency = draft.agreement.terms.currency;
        let charges = Charges::of(charges, draft.period, draft.prorated_by(), currency)?;
        Ok(Self {
            draft,
            terms: &draft.agreement.terms,
            tallies,
            entities,
            charges,
        })
    }

    /// The tallies in the order of the agreement, without those that are empty.
    fn attainment(&self) -> Vec<Attainment> {
        let mut rows = Vec::with_capacity(self.tallies.len());
        for (index, clock) in self.draft.agreement.clocks.iter().enumerate() {
            for severity in &self.terms.severities {
                if let Some(tally) = self.tallies.get(&(index, severity.as_str())) {
                    let (clock, severity) = (clock.id().to_string(), severity.clone());
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

    fn findings(&self) -> Result<Vec<Finding>, Problems> {
        let mut findings = Vec::new();
        let kind = self.draft.period.kind();
        for level in self
            .terms
            .service_levels
            .iter()
            .filter(|level| level.period == kind)
        {
            match &level.measure {
                Measure::Attainment(terms) => findings.push(self.attained(level, terms)),
                Measure::Availability(terms) => {
                    for entity in self.terms.entities.iter().filter(|entity| terms.measures(entity)) {
                        findings.push(self.available(level, terms, entity)?);
                    }
                }
            }
        }
        Ok(findings)
    }

    fn attained(&self, level: &ServiceLevel, terms: &AttainmentTerms) -> Finding {
        let clock = self
            .draft
            .agreement
            .clocks
            .iter()
            .position(|clock| clock.id() == terms.clock);
        let tally = |severity: &String| {
            clock.and_then(|clock| self.tallies.get(&(clock, severity.as_str())).copied())
        };
        let sum = terms
            .severities
            .iter()
            .filter_map(tally)
            .fold(Tally::default(), Tally::merge);
        judge(Question {
            level: level.id.clone(),
            entity: None,
            period: self.draft.period,
            target: terms.target,
            coverage: None,
            over: self.draft.as_of >= self.draft.counted.until(),
            basis: Basis::Attainment(sum),
            evidence: Vec::new(),
        })
    }

    fn available(
        &self,
        level: &ServiceLevel,
        terms: &AvailabilityTerms,
        entity: &str,
    ) -> Result<Finding, Problems> {
        let mut measurement = Availability::over(self.draft.agreed_within(), self.draft.as_of.to_utc());
        if self.draft.rule() == Some(PartialPeriods::AssumeUp) {
            measurement = measurement.assuming_up_outside(self.draft.counted);
        }
        if let Some(facts) = self.entities.get(entity) {
            let outages = facts.outages.iter().copied();
            let work = facts.maintenance.iter().copied();
            measurement = measurement
                .with_outages(outages.filter(|outage| terms.counts(outage)))
                .with_monitoring(facts.monitoring.iter().copied());
            measurement = measurement.with_maintenance(work, terms.maintenance_notice);
        }
        let calendars = &self.draft.agreement.calendars;
        let hours = calendars
            .iter()
            .find(|(id, _)| Some(id) == terms.service_hours.as_ref());
        if let Some((_, calendar)) = hours {
            measurement = measurement.with_service_hours(calendar);
        }
        let place = |error| {
            Problems::one(
                format!("service_levels[{}].measure.availability", level.id),
                error,
            )
        };
        let availability = measurement.measure().map_err(place)?;
        let evidence = if availability.down > WallTime::ZERO {
            measurement.evidence().map_err(place)?
        } else {
            Vec::new()
        };
        Ok(judge(Question {
            level: level.id.clone(),
            entity: Some(entity.to_string()),
            period: self.draft.period,
            target: terms.target,
            coverage: Some(terms.coverage),
            over: self.draft.as_of >= self.draft.counted.until(),
            basis: Basis::Availability(availability),
            evidence,
        }))
    }

    fn charges(&self) -> Vec<ChargeSum> {
        let sum = |(entity, service, base): (&str, &str, Base)| ChargeSum {
            entity: entity.to_string(),
            service: service.to_string(),
            amount: base.billed,
            counted: base.counted_down,
        };
        self.charges.iter().map(sum).collect()
    }

    /// What may give a credit: every finding whose level has one.
    fn claims<'f>(&'f self, findings: &'f [Finding]) -> Vec<Claim<'f>> {
        let levels = self.terms.service_levels.iter();
        let levels: BTreeMap<&str, &ServiceLevel> = levels.map(|level| (level.id.as_str(), level)).collect();
        let claim = |finding: &'f Finding| {
            let level: &'f ServiceLevel = levels.get(finding.level.as_str())?;
            Some(Claim {
                level: &finding.level,
                entity: finding.entity.as_deref(),
                path: format!("service_levels[{}].credit", finding.level),
                terms: level.credit.as_ref()?,
                measured: finding.measured,
                verdict: finding.verdict,
                to_come: to_come(finding),
            })
        };
        findings.iter().filter_map(claim).collect()
    }
}

fn to_come(finding: &Finding) -> ToCome {
    let Some(outlook) = &finding.outlook else {
        return ToCome::Nothing;
    };
    let (best, worst) = (outlook.best, outlook.worst);
    match (worst.measured, best.measured) {
        (Some(least), Some(most)) if best.verdict != Verdict::NotJudged => ToCome::Between { least, most },
        _ => ToCome::NotJudged,
    }
}

/// The recurring charges of the period that are not for dates in force only.
fn prorated(draft: &Draft) -> Vec<ProratedCharge> {
    let Some(dates) = draft.prorated_by() else {
        return Vec::new();
    };
    let charges = draft.charges.values().map(|kept| &kept.measured);
    let charges = charges
        .filter(|charge| is_counted(charge, draft.period))
        .map(|charge| ProratedCharge {
            charge: charge.id.clone(),
            entity: charge.entity.clone(),
            service: charge.service.clone(),
            period: charge.period,
            amount: charge.amount,
            days: dates.days_of(charge.period),
            days_of_period: charge.period.days(),
        });
    charges
        .filter(|charge| charge.days < charge.days_of_period)
        .collect()
}

/// The clocks that a statement lists one by one.
#[derive(Default)]
struct ListedClocks {
    breached: Vec<BreachedClock>,
    pending: Vec<PendingClock>,
    excused: Vec<ExcusedClock>,
}

impl ListedClocks {
    /// Sorted by clock, due and incident.
    fn of(draft: &Draft) -> Self {
        let mut all: Vec<(&String, &Counted)> = Vec::new();
        for (id, kept) in &draft.incidents {
            all.extend(kept.measured.clocks.iter().map(|counted| (id, counted)));
        }
        all.sort_by_key(|(id, counted)| (counted.clock, counted.due, *id));
        let mut listed = Self::default();
        for (incident, counted) in all {
            let clock = draft
                .agreement
                .clocks
                .get(counted.clock)
                .map(Clock::id)
                .unwrap_or_default();
            listed.add(clock, incident, counted, draft.as_of.to_utc());
        }
        listed
    }

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

/// The calendars on whose assumption a clock or an availability of the statement rests.
fn assumptions(draft: &Draft) -> Vec<Assumption> {
    let agreement = &draft.agreement;
    let assumed = |id: &String| {
        let named = agreement.calendars.iter().find(|(one, _)| one == id);
        Some((id.clone(), named?.1.assumed_from()?))
    };
    let mut found = BTreeSet::new();
    for counted in draft.incidents.values().flat_map(|kept| &kept.measured.clocks) {
        let targets = agreement
            .terms
            .clocks
            .get(counted.clock)
            .map(|clock| clock.targets.iter());
        let calendars = targets.into_iter().flatten();
        let resting = calendars.filter_map(|target| Some((target, assumed(target.calendar.as_ref()?)?)));
        let resting = resting.filter(|(_, (_, from))| counted.assumed_from == Some(*from));
        // That of the severity it has; else that of one it had.
        let (own, other): (Vec<_>, Vec<_>) =
            resting.partition(|(target, _)| target.severity == counted.severity);
        found.extend(
            if own.is_empty() { other } else { own }
                .into_iter()
                .map(|(_, assumed)| assumed),
        );
    }
    let levels = agreement.terms.service_levels.iter();
    for level in levels.filter(|level| level.period == draft.period.kind()) {
        if let Measure::Availability(availability) = &level.measure {
            let assumed = availability.service_hours.as_ref().and_then(assumed);
            found.extend(assumed.filter(|(_, from)| *from < draft.agreed_within().end()));
        }
    }
    let found = found.into_iter();
    found
        .map(|(calendar, from)| Assumption { calendar, from })
        .collect()
}

fn provenance(draft: &Draft) -> Provenance {
    fn all<T>(kept: &BTreeMap<String, Kept<T>>) -> impl Iterator<Item = Fingerprint> {
        kept.values().map(|kept| kept.fingerprint)
    }
    let services = all(&draft.outages)
        .chain(all(&draft.maintenance))
        .chain(all(&draft.monitoring));
    let facts = all(&draft.incidents).chain(services).chain(all(&draft.charges));
    let (record, facts) = facts.fold((Fingerprint::default(), 0_u64), |(sum, count), fingerprint| {
        (sum.plus(fingerprint), count.saturating_add(1))
    });
    Provenance {
        crate_version: String::from(env!("CARGO_PKG_VERSION")),
        zones: draft.agreement.zones_used.clone(),
        agreement: draft.agreement.fingerprint,
        record,
        facts,
        duplicates: draft.duplicates.iter().cloned().collect(),
    }
}

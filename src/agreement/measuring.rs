//! Measuring: gathered facts arranged for every measure, and each level measured and judged.
//!
//! This module owns that facts are grouped once, that levels which differ in their target alone
//! share one measurement, and that equal lists of facts are said once. What a measure does is left
//! to the module that owns it, the judgement to `level`.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::string::String;
use alloc::vec::Vec;

use super::compile::Compiled;
use super::gather::Sorted;
use super::measures::Arranged;
use super::measures::ServiceLevel;
use crate::availability::{EntityFacts, ServiceFacts};
use crate::clock::{Clock, Tallies};
use crate::error::{Problems, QueryError, shown};
use crate::fingerprint::Fingerprint;
use crate::level::{Finding, Question, judge};
use crate::measure::Measurement;
use crate::measure::count::AttainmentCounts;
use crate::measure::scope::Scope;
use crate::statement::{Attainment, Downtime};

/// Groups the facts by what measures ask for: counts by clock and severity, service facts by
/// entity.
pub(super) fn arrange<'a>(agreement: &'a Compiled, sorted: &Sorted<'a>) -> Arranged<'a> {
    let mut tallies: BTreeMap<(usize, usize), AttainmentCounts> = BTreeMap::new();
    for counted in sorted.counted() {
        let key = (usize::from(counted.clock), usize::from(counted.severity));
        tallies.entry(key).or_default().count(counted.outcome);
    }
    let names = &agreement.names;
    let mut of: Vec<EntityFacts<'a>> = names.entities.iter().map(|_| EntityFacts::default()).collect();
    let mut add = |entity: &str, add: &dyn Fn(&mut EntityFacts<'a>)| {
        let facts = names.entities.index(entity).and_then(|index| of.get_mut(index));
        debug_assert!(
            facts.is_some(),
            "facts of entities that are not declared are refused"
        );
        facts.into_iter().for_each(add);
    };
    for outage in &sorted.outages {
        add(&outage.entity, &|facts| facts.outages.push(outage));
    }
    for work in &sorted.maintenance {
        add(&work.entity, &|facts| facts.maintenance.push(work));
    }
    for watch in &sorted.monitoring {
        add(&watch.entity, &|facts| facts.monitoring.push(watch));
    }
    Arranged {
        service: ServiceFacts {
            of,
            entities: &names.entities,
            calendars: &agreement.calendars,
        },
        tallies: Tallies { of: tallies, names },
    }
}

/// The findings of a statement in the order of the agreement, and the facts that count against each
/// measurement, once.
pub(super) struct Measured {
    pub(super) findings: Vec<Finding>,
    pub(super) downtime: Vec<Downtime>,
}

/// What levels that are alike but for their target share: what is measured, how, and of which
/// subject.
type Alike<'a> = (&'static str, Fingerprint, Option<&'a str>);

/// The facts that count against a measurement.
struct List {
    /// In which order it was made.
    number: usize,
    /// The places of the levels in the agreement; `said` has none yet.
    levels: Vec<usize>,
    said: Downtime,
}

/// A measurement, and where the facts that count against it are listed, if there are any.
struct Shared {
    measurement: Measurement,
    listed: Option<usize>,
}

/// Measures and judges every level whose period is of the kind of the statement's.
///
/// # Errors
///
/// [`Problems`] with the path of the level, if a calendar cannot answer.
pub(super) fn measure(
    agreement: &Compiled,
    arranged: &Arranged<'_>,
    scope: &Scope,
) -> Result<Measured, Problems> {
    let mut shared: BTreeMap<Alike<'_>, Shared> = BTreeMap::new();
    let (mut findings, mut lists) = (Vec::new(), Vec::<List>::new());
    let levels = agreement.terms.levels.iter().enumerate();
    for (place, level) in levels.filter(|(_, level)| level.per == scope.period.kind()) {
        let (word, alike) = (level.measure.word(), level.measure.alike());
        for subject in level.measure.subjects(&agreement.names) {
            let shared = match shared.entry((word, alike, subject)) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let measured = level.measure.measure(subject, arranged, scope);
                    let measured = measured.map_err(|error| unanswered(agreement, level, error))?;
                    entry.insert(share(measured, subject, &mut lists))
                }
            };
            if let Some(list) = shared.listed.and_then(|index| lists.get_mut(index)) {
                list.levels.push(place);
            }
            findings.push(judge(&question(level, subject, scope), &shared.measurement));
        }
    }
    let id = |place: usize| agreement.terms.levels.get(place).map(|level| level.id.clone());
    let downtime = said_once(lists).into_iter().map(|list| Downtime {
        levels: list.levels.into_iter().filter_map(id).collect(),
        ..list.said
    });
    Ok(Measured {
        findings,
        downtime: downtime.collect(),
    })
}

/// Moves the facts that count against a measurement, and the time they make, to the list of the
/// statement.
fn share(mut measurement: Measurement, subject: Option<&str>, lists: &mut Vec<List>) -> Shared {
    let facts = core::mem::take(&mut measurement.evidence);
    let merged = core::mem::take(&mut measurement.downtime);
    let listed = (!facts.is_empty()).then_some(lists.len());
    if let Some(number) = listed {
        lists.push(List {
            number,
            levels: Vec::new(),
            said: Downtime {
                levels: Vec::new(),
                entity: subject.map(String::from),
                merged,
                facts,
            },
        });
    }
    Shared { measurement, listed }
}

/// Joins lists that are equal: levels that count by impact or by notice may still count the same.
fn said_once(mut lists: Vec<List>) -> Vec<List> {
    lists.sort_by(|left, right| {
        let (one, other) = (&left.said, &right.said);
        (&one.entity, &one.facts, left.number).cmp(&(&other.entity, &other.facts, right.number))
    });
    lists.dedup_by(|again, first| {
        let (one, other) = (&again.said, &first.said);
        let is_same = one.entity == other.entity && one.facts == other.facts && one.merged == other.merged;
        if is_same {
            first.levels.append(&mut again.levels);
        }
        is_same
    });
    lists.sort_by_key(|list| list.number);
    for list in &mut lists {
        list.levels.sort_unstable();
    }
    lists
}

fn question<'a>(level: &'a ServiceLevel, subject: Option<&'a str>, scope: &Scope) -> Question<'a> {
    Question {
        level: &level.id,
        entity: subject,
        period: scope.period,
        target: level.measure.target(),
        least_coverage: level.measure.least_coverage(),
        over: scope.is_over(),
    }
}

fn unanswered(agreement: &Compiled, level: &ServiceLevel, error: QueryError) -> Problems {
    let path = format!("levels[{}].{}", shown(&level.id), level.measure.word());
    match level.measure.calendar() {
        Some(calendar) => Problems::one(path, agreement.calendar_error(calendar, error)),
        None => Problems::one(path, error),
    }
}

/// Lists the counts in the order of the agreement, without those that are empty.
pub(super) fn attainment(agreement: &Compiled, arranged: &Arranged<'_>) -> Vec<Attainment> {
    let of = arranged.tallies.of.iter();
    let rows = of.filter_map(|((clock, severity), tally)| {
        Some(Attainment {
            clock: String::from(agreement.clocks.get(*clock).map(Clock::id)?),
            severity: String::from(agreement.names.severities.id(*severity)?),
            tally: *tally,
        })
    });
    rows.collect()
}

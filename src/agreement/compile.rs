//! From checked terms to an agreement that can be carried out: zones, calendars, clocks, and the
//! registries in which names are looked up.
//!
//! This module owns what is resolved once, whatever is asked later. What the parts mean is left to
//! the modules that own them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{Datelike, NaiveDate};

use super::check::names_of;
use super::composites;
use super::terms::AgreementTerms;
use crate::calendar::{Calendar, CalendarTerms};
use crate::clock::{Clock, ClockTarget, ClockTerms, TargetTerms};
use crate::error::{ProblemList, Problems, QueryError, shown};
use crate::fingerprint::Fingerprint;
use crate::limits::{CALENDAR_BYTES_MAX, YEARS_AFTER, YEARS_BEFORE};
use crate::measure::Names;
use crate::registry::{Named, Registry};
use crate::statement::ZoneProvenance;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{Zone, ZoneData, local_midnight};

/// An agreement with everything that its terms name resolved.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) terms: AgreementTerms,
    pub(super) names: Names,
    pub(super) zone: Zone,
    pub(super) calendars: Named<Calendar>,
    /// In the order of the terms.
    pub(super) clocks: Vec<Clock>,
    /// By entity, the first level that counts outages by impact, if one does.
    pub(super) needs_impact: Vec<Option<usize>>,
    pub(super) zones_used: Vec<ZoneProvenance>,
    pub(super) fingerprint: Fingerprint,
}

impl Compiled {
    /// Resolves checked terms.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that the data does not have, hours that only the zone shows to make no
    /// sense.
    pub(super) fn new(terms: &AgreementTerms, zones: &ZoneData) -> Result<Self, Problems> {
        let horizon = horizon(terms);
        let mut problems = ProblemList::default();
        let zone = zones.zone(terms.zone.as_str());
        if let Err(error) = &zone {
            problems.push("zone", error);
        }
        let mut calendars = Vec::with_capacity(terms.calendars.len());
        let mut budget = Budget::default();
        for (id, calendar) in &terms.calendars {
            let CalendarTerms::Hours(hours) = calendar else {
                continue;
            };
            match hours.compile_within(zones, horizon) {
                Ok(calendar) => {
                    budget.take(&calendar, || format!("calendars[{id}]"))?;
                    calendars.push((id.clone(), calendar));
                }
                Err(found) => problems.extend(&format!("calendars[{id}]"), &found),
            }
        }
        problems.finish()?;
        let zone = zone.map_err(|error| Problems::one("zone", error))?;
        let calendars = Named::of(with_composites(terms, zones, calendars, budget)?);
        let names = names_of(terms);
        let clocks = terms.clocks.iter().zip(&names.targeted);
        let clocks = clocks.map(|((id, clock), targeted)| compile_clock(id, clock, targeted, &calendars));
        let clocks = clocks.collect::<Result<_, _>>()?;
        Ok(Self {
            needs_impact: needs_impact(terms, &names),
            zones_used: provenance(&zone, &calendars),
            fingerprint: Fingerprint::of(terms),
            terms: terms.clone(),
            names,
            zone,
            calendars,
            clocks,
        })
    }

    /// The error of a calendar with its name; of a composite, with that of the part that gave it,
    /// the innermost first.
    pub(super) fn calendar_error(&self, id: &str, error: QueryError) -> String {
        let calendar = self.calendars.get(id);
        let parts = calendar.map(|calendar| calendar.part_behind(error));
        let mut place = format!("calendar `{}`", shown(id));
        for part in parts.into_iter().flatten() {
            place = format!("part `{}` of {place}", shown(part));
        }
        format!("{place}: {error}")
    }
}

/// The time that calendars answer for: what an agreement of a few years asks about is a small part
/// of three centuries.
fn horizon(terms: &AgreementTerms) -> Interval {
    let new_year = |year: i32| {
        let date = NaiveDate::from_ymd_opt(year, 1, 1);
        date.and_then(|date| Instant::of_second(local_midnight(date)))
    };
    let (from, until) = (terms.in_force.from.naive(), terms.in_force.through.naive());
    let start = from.year().checked_sub(YEARS_BEFORE).and_then(new_year);
    let end = until.year().checked_add(YEARS_AFTER).and_then(new_year);
    // A year outside the range of instants is one that it ends with.
    Interval::clamped(start.unwrap_or(Instant::MIN), end.unwrap_or(Instant::MAX))
}

/// What the calendars compiled so far take.
#[derive(Debug, Default)]
struct Budget {
    bytes: usize,
}

impl Budget {
    /// Refuses a calendar with which all together take too much. It is the last that is laid out.
    fn take(&mut self, calendar: &Calendar, path: impl FnOnce() -> String) -> Result<(), Problems> {
        // Saturating: compared with a limit far below.
        self.bytes = self.bytes.saturating_add(calendar.bytes());
        if self.bytes <= CALENDAR_BYTES_MAX {
            return Ok(());
        }
        let what = format!(
            "expected calendars that take at most {CALENDAR_BYTES_MAX} bytes together, found more up to here: \
             fewer calendars, fewer windows or a shorter time in force would fit"
        );
        Err(Problems::one(path(), what))
    }
}

/// Adds the composites, each after those that it is made of.
fn with_composites(
    terms: &AgreementTerms,
    zones: &ZoneData,
    mut calendars: Vec<(String, Calendar)>,
    mut budget: Budget,
) -> Result<Vec<(String, Calendar)>, Problems> {
    for (id, composite) in composites::in_order(terms).sorted {
        let parts: Vec<(&str, &Calendar)> = calendars.iter().map(|(id, part)| (id.as_str(), part)).collect();
        let path = format!("calendars[{id}]");
        let compiled = composite.compile(zones, &parts);
        let compiled = compiled.map_err(|found| found.placed(&path))?;
        budget.take(&compiled, || path)?;
        calendars.push((id.clone(), compiled));
    }
    Ok(calendars)
}

/// The clock of its terms. They were checked, so every calendar they name exists.
fn compile_clock(
    id: &str,
    terms: &ClockTerms,
    targeted: &Registry,
    calendars: &Named<Calendar>,
) -> Result<Clock, Problems> {
    let path = format!("clocks[{id}]");
    let mut goals = Vec::with_capacity(terms.targets.len());
    for severity in targeted.iter() {
        let target = terms.target(severity);
        let calendar = target.and_then(TargetTerms::calendar);
        let calendar = calendar.and_then(|id| calendars.get(id));
        let Some(goal) = target.and_then(|target| ClockTarget::of(target.allowance(), calendar)) else {
            return Err(Problems::one(path, "expected a calendar, found none"));
        };
        goals.push((String::from(severity), goal));
    }
    Clock::new(id, terms.rules(), goals).map_err(|found| found.placed(&path))
}

fn needs_impact(terms: &AgreementTerms, names: &Names) -> Vec<Option<usize>> {
    let mut first = vec![None; names.entities.iter().count()];
    let levels = terms.levels.iter().enumerate();
    for (index, level) in levels.filter(|(_, level)| level.measure.needs_impact()) {
        for entity in level.measure.subjects(names).into_iter().flatten() {
            let entity = names.entities.index(entity);
            if let Some(first) = entity.and_then(|entity| first.get_mut(entity)) {
                first.get_or_insert(index);
            }
        }
    }
    first
}

/// Every zone that the agreement uses, by name.
fn provenance(zone: &Zone, calendars: &Named<Calendar>) -> Vec<ZoneProvenance> {
    let mut used: Vec<&Zone> = core::iter::once(zone)
        .chain(calendars.values().iter().flat_map(Calendar::zones))
        .collect();
    used.sort_by_key(|zone| zone.name());
    used.dedup_by_key(|zone| zone.name());
    let describe = |zone: &Zone| ZoneProvenance {
        name: zone.name().to_string(),
        version: zone.version(),
        fingerprint: zone.fingerprint(),
    };
    used.into_iter().map(describe).collect()
}

//! Calendars made of calendars: union, intersection and difference, each part in its own zone.
//!
//! This module owns what a composite covers, and which dates it has. What each part answers is left to the parts, which
//! instants are open to `together`, and whose reasons explain it to `reasons`.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::calendar::table::open_time::OpenTime;
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::composite::{Combination, Composite, PARTS_MAX};
use crate::calendar::terms::hours::Hours;
use crate::error::{ProblemList, Problems};
use crate::limits::{COMPOSITE_DEPTH_MAX, PARTS_IN_ALL_MAX};
use crate::time::amount::WorkingTime;
use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{GapRule, OffsetTable, Zone, ZoneData};

use super::compiled::{Bound, Compiled, Laid, Later, Reasons, Source, Told};
use super::coverage::{Coverage, End};
use super::local::LocalMap;
use super::outlook::{self, composite_later};
use super::plan::Plan;
use super::reasons::explain_composite;
use super::together;

/// Takes calendars together, each by the name that the terms give it.
pub(crate) fn compile(
    terms: &Composite,
    zones: &ZoneData,
    part_named: impl Fn(&str) -> Option<Arc<Compiled>>,
) -> Result<Arc<Compiled>, Problems> {
    let mut problems = ProblemList::default();
    let zone = zones.zone(terms.zone.as_str());
    if let Err(error) = &zone {
        problems.push("zone", error);
    }
    terms.find_problems(&mut problems);
    let mut found = Vec::new();
    for (index, name) in terms.of.parts().iter().enumerate().take(PARTS_MAX) {
        match part_named(name) {
            Some(part) => found.push(part),
            None => problems.push(
                terms.path(index),
                format!(
                    "expected the id of a calendar, found `{}`",
                    crate::error::shown(name)
                ),
            ),
        }
    }
    if found.iter().any(|part| part.depth >= COMPOSITE_DEPTH_MAX) {
        let what =
            format!("expected at most {COMPOSITE_DEPTH_MAX} composites within one another, found more");
        problems.push("of", what);
    }
    let parts_in_all = parts_in_all(&found);
    if parts_in_all > PARTS_IN_ALL_MAX {
        let what = format!(
            "expected at most {PARTS_IN_ALL_MAX} different calendars through all its parts, found {parts_in_all}"
        );
        problems.push("of", what);
    }
    problems.finish()?;
    match zone {
        Ok(zone) => {
            let terms = terms.clone();
            Ok(Arc::new(Combined { terms, parts: found }.compile(zone)))
        }
        Err(error) => Err(Problems::one("zone", error)),
    }
}

/// How many different calendars there are through all composites. None of the parts has more than there may be.
fn parts_in_all(parts: &[Arc<Compiled>]) -> usize {
    let all: BTreeSet<*const Compiled> = parts
        .iter()
        .flat_map(|part| part.with_parts())
        .map(core::ptr::from_ref)
        .collect();
    all.len()
}

/// A composite with its parts, in the order of the terms.
struct Combined {
    terms: Composite,
    parts: Vec<Arc<Compiled>>,
}

impl Source for Combined {
    fn hours(&self) -> Option<&Hours> {
        None
    }

    fn parts(&self) -> &[Arc<Compiled>] {
        &self.parts
    }

    fn part_names(&self) -> &[String] {
        self.terms.of.parts()
    }

    fn lay_out_later(&self, _: &Zone, later: &mut Later, bound: Bound) -> Option<Laid> {
        composite_later(&self.terms.of, &self.parts, later, bound)
    }

    /// Each part has days of its own.
    fn longest_days(&self, _: (EpochDay, EpochDay)) -> Option<Vec<(EpochDay, WorkingTime)>> {
        None
    }

    fn longest_day(&self, _: EpochDay) -> Option<WorkingTime> {
        None
    }

    fn explain<'a>(&'a self, told: &mut Told<'a>) -> Reasons<'a> {
        explain_composite(&self.terms.of, &self.parts, told)
    }

    fn plan(&self) -> Option<&Plan> {
        None
    }

    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>) {
        shown.field("composite", &self.terms);
    }
}

impl Combined {
    fn compile(self, zone: Zone) -> Compiled {
        let coverage = self.coverage(&zone);
        let local = Arc::new(local_map(&zone, coverage.span));
        let tables: Vec<Option<&OpenTime>> = self.parts.iter().map(|part| Some(&part.open)).collect();
        let open = together::open_time(&self.terms.of, coverage.span, &tables);
        let workdays = self.workdays(&local, coverage.span, &open);
        let depth = self.parts.iter().map(|part| part.depth).max().unwrap_or(0);
        Compiled {
            // No wrap: a depth is limited.
            depth: depth.wrapping_add(1),
            outlook: outlook::of_composite(&self.terms.of, &self.parts, coverage.span, &open),
            source: Box::new(self),
            zone,
            coverage,
            local,
            open,
            workdays,
        }
    }

    /// What all parts cover and the zone's data knows, and what ends it first.
    fn coverage(&self, zone: &Zone) -> Coverage {
        let known = zone.known_until_instant();
        let whole = Coverage {
            span: Interval::clamped(Instant::MIN, known),
            assumed_from: None,
            holidays_from: None,
            end: End::ZoneData(known),
        };
        let coverage = self
            .parts
            .iter()
            .map(|part| &part.coverage)
            .fold(whole, |all, part| Coverage {
                span: all.span.intersection(&part.span),
                holidays_from: if all.span.from() < part.span.from() {
                    part.holidays_from
                } else {
                    all.holidays_from
                },
                assumed_from: all.assumed_from.into_iter().chain(part.assumed_from).min(),
                end: if part.span.until() < all.span.until() {
                    part.end
                } else {
                    all.end
                },
            });
        let until = coverage.span.until();
        Coverage {
            assumed_from: coverage.assumed_from.filter(|from| *from < until),
            ..coverage
        }
    }

    fn workdays(&self, local: &LocalMap, span: Interval, table: &OpenTime) -> Workdays {
        let is_workday = |part: &Arc<Compiled>, day: EpochDay| part.workdays.contains(day) == Some(true);
        // Of dates that a part does not know as a whole, nothing is known.
        let known = self.parts.iter().map(|part| part.workdays.days());
        let known = known.fold(local.whole_days(span), |(first, end), (part_first, part_end)| {
            let first = first.max(part_first);
            (first, end.min(part_end).max(first))
        });
        Workdays::new(known, |day| {
            let mut parts = self.parts.iter();
            let by_parts = match self.terms.of {
                Combination::Union(_) => parts.any(|part| is_workday(part, day)),
                Combination::Intersection(_) => parts.all(|part| is_workday(part, day)),
                Combination::Difference(_) => parts.next().is_some_and(|part| is_workday(part, day)),
            };
            by_parts && {
                let date = local.day(day, span);
                table.open_nanos_before(date.from()) < table.open_nanos_before(date.until())
            }
        })
    }
}

/// The local clock of a composite: some days more than it covers, for the ends of days.
fn local_map(zone: &Zone, span: Interval) -> LocalMap {
    const SECONDS_AROUND: i64 = 5 * 86_400;
    let first = span.from().second().minus(SECONDS_AROUND);
    let until = span.until().second().plus(SECONDS_AROUND);
    let known = zone.known_until_instant().second();
    let offsets = OffsetTable::new(zone, first.max(Instant::MIN_SECOND), until.min(known));
    LocalMap::new(offsets, GapRule::FirstInstant)
}

//! Hours, compiled: their plan, their table, and the dates on which they begin.
//!
//! This module owns the order in which hours are compiled, and what a calendar of hours tells of itself. Where windows lie is
//! left to `plan`, which weeks are alike to `weeks`, and why it is open or closed to `explain`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::calendar::table::open_time::OpenTime;
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::hours::Hours;
use crate::error::{ProblemList, Problems};
use crate::time::amount::WorkingTime;
use crate::time::epoch::EpochDay;
use crate::time::interval::Interval;
use crate::zone::{Zone, ZoneData};

use super::compiled::{Bound, Compiled, Laid, Later, Reason, Reasons, Source, Told};
use super::explain::explain_hours;
use super::outlook::{self, hours_later};
use super::plan::Plan;
use super::weeks;

/// Resolves hours to instants: for all that is known, or for a horizon.
pub(crate) fn compile(
    hours: &Hours,
    zones: &ZoneData,
    horizon: Option<Interval>,
) -> Result<Arc<Compiled>, Problems> {
    let mut problems = ProblemList::default();
    let zone = zones.zone(hours.zone.as_str());
    if let Err(error) = &zone {
        problems.push("zone", error);
    }
    hours.find_problems(&mut problems);
    problems.finish()?;
    match zone {
        Ok(zone) => checked(hours.clone(), zone, horizon).map(Arc::new),
        Err(error) => Err(Problems::one("zone", error)),
    }
}

/// For hours without problems, but for those that only the zone shows.
fn checked(hours: Hours, zone: Zone, horizon: Option<Interval>) -> Result<Compiled, Problems> {
    let plan = Plan::new(&hours, &zone, horizon)?;
    let local = plan.local().clone();
    let open = weeks::open_time(&plan);
    let workdays = workdays(&plan, &open);
    let coverage = *plan.coverage();
    Ok(Compiled {
        depth: 0,
        outlook: outlook::of_hours(&hours, &zone, coverage.span, &open),
        coverage,
        source: Box::new(Planned { hours, plan }),
        zone,
        local,
        open,
        workdays,
    })
}

/// Those of hours. On nearly all days the week decides; on a few others, what the layers leave of the windows of the day.
pub(crate) fn workdays(plan: &Plan, open: &OpenTime) -> Workdays {
    let mut unusual = plan.unusual_days().into_iter().peekable();
    let mut removed = plan.removed_days().peekable();
    let mut by_week = plan.weeks().worked();
    let days = plan.local().whole_days(plan.covers());
    let is_open = |span: Interval| open.open_nanos_before(span.from()) < open.open_nanos_before(span.until());
    Workdays::by_words(days, |days| {
        let mut found = by_week.over(&days);
        // Each is passed once.
        while let Some(day) = unusual.next_if(|day| *day < days.end) {
            if days.contains(&day) {
                found.set(day, plan.begins_on(day, is_open));
            }
        }
        while let Some(closed) = removed.peek().filter(|closed| *closed.start() < days.end) {
            found.clear(*closed.start()..closed.end().plus(1));
            if *closed.end() >= days.end {
                break;
            }
            removed.next();
        }
        found
    })
}

/// Hours, and where they lie on the time line.
struct Planned {
    hours: Hours,
    plan: Plan,
}

impl Source for Planned {
    fn hours(&self) -> Option<&Hours> {
        Some(&self.hours)
    }

    fn parts(&self) -> &[Arc<Compiled>] {
        &[]
    }

    fn part_names(&self) -> &[String] {
        &[]
    }

    fn lay_out_later(&self, zone: &Zone, later: &mut Later, bound: Bound) -> Option<Laid> {
        hours_later(&self.hours, zone, later, bound)
    }

    fn longest_days(&self, days: (EpochDay, EpochDay)) -> Option<Vec<(EpochDay, WorkingTime)>> {
        Some(self.plan.weeks().longest_days(days))
    }

    fn longest_day(&self, day: EpochDay) -> Option<WorkingTime> {
        Some(self.plan.weeks().longest_day(day))
    }

    fn explain<'a>(&'a self, told: &mut Told<'a>) -> Reasons<'a> {
        let stretches = explain_hours(&self.plan, told.asked).into_iter();
        stretches
            .map(|(interval, cause)| (interval, Reason::own(cause)))
            .collect()
    }

    fn plan(&self) -> Option<&Plan> {
        Some(&self.plan)
    }

    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>) {
        shown.field("hours", &self.hours);
    }
}

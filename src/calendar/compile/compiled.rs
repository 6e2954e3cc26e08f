//! A compiled calendar: what every question reads, and what it was made of.
//!
//! This module owns [`Compiled`] and [`Source`], the one place in which hours and composites differ after they are compiled.
//! How either is compiled is left to `hours` and `composite`.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::calendar::table::open_time::OpenTime;
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::hours::Hours;
use crate::error::QueryError;
use crate::time::amount::WorkingTime;
use crate::time::epoch::EpochDay;
use crate::zone::Zone;

use super::coverage::{Coverage, End};
use super::local::LocalMap;
use super::outlook::{Bound, Laid, Later, Outlook};
use super::plan::alike::AlikeWeeks;
use super::reasons::{Reasons, Told};

/// A calendar, resolved to instants.
pub(crate) struct Compiled {
    pub(crate) source: Box<dyn Source>,
    pub(crate) zone: Zone,
    pub(crate) coverage: Coverage,
    pub(crate) local: Arc<LocalMap>,
    pub(crate) open: OpenTime,
    pub(crate) workdays: Workdays,
    /// How many composites lie within one another: none in hours.
    pub(crate) depth: usize,
    pub(crate) outlook: Outlook,
}

/// What a calendar was made of: hours of one zone, or other calendars taken together.
pub(crate) trait Source: Send + Sync {
    /// The terms, of hours only.
    fn hours(&self) -> Option<&Hours>;

    /// The calendars that it is made of, each of which has a zone of its own.
    fn parts(&self) -> &[Arc<Compiled>];

    /// The names of the parts, in their order.
    fn part_names(&self) -> &[String];

    /// What is open after all that is known, by the rules alone; hours are meant in a zone. `None` if they cannot be laid out.
    fn lay_out_later(&self, zone: &Zone, later: &mut Later, bound: Bound) -> Option<Laid>;

    /// How long the longest weekday is, by the week that holds on each of some days, and from which day on. The first entry is
    /// that of the first day. `None` for what has no week of its own.
    fn longest_days(&self, days: (EpochDay, EpochDay)) -> Option<Vec<(EpochDay, WorkingTime)>>;

    /// How long the longest weekday is, by the week that holds on a day. `None` for what has no week of its own.
    fn longest_day(&self, day: EpochDay) -> Option<WorkingTime>;

    /// Every stretch of an interval that is covered, in order, and why it is open or closed.
    fn explain<'a>(&'a self, told: &mut Told<'a>) -> Reasons<'a>;

    /// Which of its weeks are explained alike, of hours only: composites are as all their parts are.
    fn alike_weeks(&self) -> Option<AlikeWeeks<'_>>;

    /// Shows the terms.
    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>);
}

impl Compiled {
    /// It, and each part through all composites in it, once.
    pub(crate) fn with_parts(&self) -> Vec<&Self> {
        let (mut all, mut seen) = (vec![self], BTreeSet::from([core::ptr::from_ref(self)]));
        let mut next = 0_usize;
        while let Some(one) = all.get(next).copied() {
            // No wrap: an index.
            next = next.wrapping_add(1);
            let parts = one.source.parts().iter().map(Arc::as_ref);
            all.extend(parts.filter(|part| seen.insert(core::ptr::from_ref(*part))));
        }
        all
    }

    /// Every zone whose data it uses, its own first.
    pub(crate) fn zones(&self) -> Vec<&Zone> {
        self.with_parts().into_iter().map(|part| &part.zone).collect()
    }

    /// The names of the part for which something holds as it does for the whole, the outermost first.
    pub(crate) fn part_with<'a>(&'a self, holds: &dyn Fn(&Self) -> bool) -> Vec<&'a str> {
        let (mut names, mut at) = (Vec::new(), self);
        let named = |at: &'a Self| at.source.part_names().iter().zip(at.source.parts());
        while let Some((name, part)) = named(at).find(|(_, part)| holds(part)) {
            names.push(name.as_str());
            at = part;
        }
        names
    }

    /// Why nothing is answered from the end of `covers` on.
    #[cold]
    pub(crate) fn beyond(&self) -> QueryError {
        let covers = self.coverage.span;
        match self.coverage.end {
            End::Holidays(known_until) => QueryError::BeyondCoverage { known_until },
            End::ZoneData(known_until) => QueryError::BeyondZoneData {
                known_until: known_until.to_utc(),
            },
            End::Horizon => QueryError::OutsideHorizon {
                from: covers.start(),
                until: covers.end(),
            },
        }
    }

    /// Why nothing is answered before the start of `covers`.
    #[cold]
    pub(crate) fn before(&self) -> QueryError {
        let covers = self.coverage.span;
        match self.coverage.holidays_from {
            Some(known_from) => QueryError::BeforeCoverage { known_from },
            None => QueryError::OutsideHorizon {
                from: covers.start(),
                until: covers.end(),
            },
        }
    }
}

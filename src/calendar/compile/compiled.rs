//! A compiled calendar: what every question reads, and what it was made of.
//!
//! This module owns [`Compiled`] and [`Source`], the one place in which hours and composites differ after they are compiled.
//! How either is compiled is left to `hours` and `composite`.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::calendar::table::open_time::OpenTime;
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::hours::Hours;
use crate::time::allowance::WorkingTime;
use crate::time::interval::Interval;
use crate::zone::Zone;

use super::coverage::Coverage;
use super::explain::Stretch;
use super::local::LocalMap;

/// A calendar, resolved to instants.
pub(crate) struct Compiled {
    pub(crate) source: Box<dyn Source>,
    pub(crate) zone: Zone,
    pub(crate) coverage: Coverage,
    pub(crate) local: Arc<LocalMap>,
    pub(crate) open: OpenTime,
    pub(crate) workdays: Workdays,
}

/// What a calendar was made of: hours of one zone, or other calendars taken together.
pub(crate) trait Source: Send + Sync {
    /// The terms, of hours only.
    fn hours(&self) -> Option<&Hours>;

    /// The calendars that it is made of, each of which has a zone of its own.
    fn parts(&self) -> &[Arc<Compiled>];

    /// Whether any term could still open it after all that it knows. Conservative: may be `true` although nothing opens later.
    fn opens_later(&self) -> bool;

    /// Whether any term could still close it after all that it knows. Conservative: may be `true` although nothing closes
    /// later.
    fn closes_later(&self) -> bool;

    /// How long the longest weekday is, by the week that holds on each of some days, and from which day on. The first entry is
    /// that of the first day. `None` for what has no week of its own.
    fn longest_days(&self, days: (i64, i64)) -> Option<Vec<(i64, WorkingTime)>>;

    /// How long the longest weekday is, by the week that holds on a day. `None` for what has no week of its own.
    fn longest_day(&self, day: i64) -> Option<WorkingTime>;

    /// Every stretch of an interval that is covered, and why it is open or closed.
    fn explain(&self, asked: Interval) -> Vec<Stretch>;

    /// Shows the terms.
    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>);
}

impl Compiled {
    /// Whether all that is covered is open.
    pub(crate) fn is_always_open(&self) -> bool {
        let covered = self.coverage.span;
        let seconds = covered
            .until()
            .epoch_seconds()
            .abs_diff(covered.from().epoch_seconds());
        self.open.total_seconds() == seconds
    }

    /// Every zone whose data it uses, its own first.
    pub(crate) fn zones(&self) -> Vec<&Zone> {
        let mut zones = vec![&self.zone];
        zones.extend(self.source.parts().iter().flat_map(|part| part.zones()));
        zones
    }

    /// How many composites lie within one another: none in hours.
    pub(crate) fn depth(&self) -> usize {
        let inner = self.source.parts().iter().map(|part| part.depth()).max();
        inner.map_or(0, |inner| inner.saturating_add(1))
    }

    /// How many hours it is made of, each as often as it is named.
    pub(crate) fn hours_count(&self) -> usize {
        let parts = self.source.parts();
        if parts.is_empty() {
            return 1;
        }
        parts.iter().map(|part| part.hours_count()).sum()
    }
}

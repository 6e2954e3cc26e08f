//! A compiled calendar: what every question reads, and what it was made of.
//!
//! This module owns [`Compiled`] and [`Source`], the one place in which hours and composites differ after they are compiled,
//! and what is known of calendars while one walks through a composite: each part is asked once, however often it is named. How
//! either is compiled is left to `hours` and `composite`, and what the walks look for to `outlook` and `reasons`.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
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
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::Zone;

use super::coverage::{Coverage, End};
use super::explain::{Cause, Stretch, StretchReason};
use super::local::LocalMap;
use super::plan::Plan;

/// How many names a path shows: of a longer one, as many of the outermost and of the innermost as fit. Without a limit each
/// composite around others would make all their reasons longer.
const NAMES_SHOWN_MAX: usize = 4;

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

    /// The layers by date, of hours only: composites are as all their parts are.
    fn plan(&self) -> Option<&Plan>;

    /// Shows the terms.
    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>);
}

/// Whether a calendar changes again after all that it knows. Where the rules do not decide that, it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outlook {
    pub(crate) opens: bool,
    pub(crate) closes: bool,
}

impl Compiled {
    /// Whether it opens after an instant, which is not after all that it knows.
    pub(crate) fn opens_after(&self, from: Instant) -> bool {
        self.outlook.opens || self.open.nth_open(self.open.open_nanos_before(from)).is_some()
    }

    /// Whether it closes after an instant, which is not after all that it knows.
    pub(crate) fn closes_after(&self, from: Instant) -> bool {
        let until = self.coverage.span.until();
        let before = self.open.open_nanos_before(from);
        // No wrap: no less is open before a later instant.
        let open = self.open.open_nanos_before(until).wrapping_sub(before);
        self.outlook.closes || open < from.nanos_until(until)
    }

    /// Every stretch of an interval that is covered, in order.
    pub(crate) fn explain(&self, asked: Interval) -> Vec<Stretch> {
        let reasons = self.reasons(asked);
        let stretches = reasons.iter().map(|(interval, reason)| Stretch {
            interval: *interval,
            reason: reason.told(),
        });
        stretches.collect()
    }

    /// The same, as it is known before it is told.
    pub(crate) fn reasons(&self, asked: Interval) -> Rc<Reasons<'_>> {
        Told::new(asked).of(self)
    }

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
            End::Holidays(known_through) => QueryError::BeyondCoverage { known_through },
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

/// Which answer is wanted of hours whose holidays are not known: open wherever they may be, or only where they must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bound {
    Most,
    Least,
}

impl Bound {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Most => Self::Least,
            Self::Least => Self::Most,
        }
    }
}

/// What is open in a span; no table if nothing is.
#[derive(Clone, Default)]
pub(crate) struct Laid(pub(crate) Option<Arc<OpenTime>>);

impl Laid {
    pub(crate) fn total_seconds(&self) -> u64 {
        self.0.as_ref().map_or(0, |table| table.total_seconds())
    }
}

/// The parts of a composite after all that it knows. Each is laid out once, however often it is named.
pub(crate) struct Later {
    pub(crate) span: Interval,
    known: BTreeMap<(*const Compiled, Bound), Laid>,
}

impl Later {
    pub(crate) fn new(span: Interval) -> Self {
        Self {
            span,
            known: BTreeMap::new(),
        }
    }

    /// `None` if a part cannot be laid out.
    pub(crate) fn of(&mut self, part: &Compiled, bound: Bound) -> Option<Laid> {
        let key = (core::ptr::from_ref(part), bound);
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let laid = if part.opens_after(self.span.from()) {
            part.source.lay_out_later(&part.zone, self, bound)?
        } else {
            Laid::default()
        };
        self.known.insert(key, laid.clone());
        Some(laid)
    }
}

/// Why hours run or do not, and by which names they are reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reason<'a> {
    pub(crate) cause: Cause<'a>,
    /// The innermost first.
    names: Vec<&'a str>,
}

/// The stretches of an interval, in order.
pub(crate) type Reasons<'a> = Vec<(Interval, Reason<'a>)>;

impl<'a> Reason<'a> {
    pub(crate) fn own(cause: Cause<'a>) -> Self {
        Self {
            cause,
            names: Vec::new(),
        }
    }

    /// For another cause, by the same names.
    pub(crate) fn with(&self, cause: Cause<'a>) -> Self {
        Self {
            cause,
            names: self.names.clone(),
        }
    }

    /// As the reason of a part. Outside of hours, it does not matter whose they are.
    pub(crate) fn of_part(&self, name: &'a str) -> Self {
        let mut named = self.clone();
        if self.cause != Cause::OutsideHours {
            named.names.push(name);
        }
        named
    }

    /// With the names before it.
    pub(crate) fn told(&self) -> StretchReason {
        self.cause.told(&path(&self.names))
    }
}

/// The names from the outermost on, each followed by a colon.
fn path(names: &[&str]) -> String {
    let inner = NAMES_SHOWN_MAX / 2;
    // Saturates on purpose: of fewer names none is hidden.
    let hidden = inner..names.len().saturating_sub(NAMES_SHOWN_MAX - inner);
    let mut path = String::new();
    for (index, name) in names.iter().enumerate().rev() {
        if names.len() <= NAMES_SHOWN_MAX || !hidden.contains(&index) {
            path.push_str(name);
            path.push_str(": ");
        } else if index == inner {
            path.push_str("…: ");
        }
    }
    path
}

/// What has been explained of an interval: each part of a composite once, however often it is named.
pub(crate) struct Told<'a> {
    pub(crate) asked: Interval,
    parts: BTreeMap<*const Compiled, Rc<Reasons<'a>>>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(asked: Interval) -> Self {
        Self {
            asked,
            parts: BTreeMap::new(),
        }
    }

    pub(crate) fn of(&mut self, part: &'a Compiled) -> Rc<Reasons<'a>> {
        let key = core::ptr::from_ref(part);
        if let Some(known) = self.parts.get(&key) {
            return known.clone();
        }
        let reasons = Rc::new(part.source.explain(self));
        self.parts.insert(key, reasons.clone());
        reasons
    }

    /// How many calendars have been explained.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn long_paths_show_their_ends() {
        assert_eq!(path(&[]), "");
        assert_eq!(path(&["d", "c", "b", "a"]), "a: b: c: d: ");
        assert_eq!(path(&["e", "d", "c", "b", "a"]), "a: b: …: d: e: ");
        assert_eq!(path(&["g", "f", "e", "d", "c", "b", "a"]), "a: b: …: f: g: ");
    }
}

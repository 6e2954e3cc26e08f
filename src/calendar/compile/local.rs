//! Local time of a calendar: what its zone's clock shows, and the instants that local times mean.
//!
//! This module owns the one map between both for a calendar. The rules of the map are `zone`'s, the questions about it
//! `ask`'s.

use alloc::vec::Vec;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{ClockFaces, LocalTime, OffsetTable};

use crate::calendar::terms::days::SECONDS_PER_DAY;

/// The zone's offsets over what a calendar covers and some days around it, and the rule for local times.
pub(crate) struct LocalMap {
    offsets: OffsetTable,
    rule: LocalTime,
}

impl LocalMap {
    pub(crate) fn new(offsets: OffsetTable, rule: LocalTime) -> Self {
        Self { offsets, rule }
    }

    pub(crate) fn rule(&self) -> LocalTime {
        self.rule
    }

    /// What the clock shows, for spans that only go forward.
    pub(crate) fn clocks(&self) -> ClockFaces<'_> {
        self.offsets.clocks()
    }

    /// The instants at which the clock goes forward, in seconds.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = i64> + '_ {
        self.offsets.gaps()
    }

    /// The second that a local second means. `None` after all that is known.
    pub(crate) fn instant_of(&self, local_s: i64) -> Option<i64> {
        self.offsets.instant_of(local_s, self.rule)
    }

    /// The local second that the clock shows. Not before all that is known.
    pub(crate) fn local_at(&self, at_s: i64) -> i64 {
        self.offsets.local_at(at_s).unwrap_or(at_s)
    }

    /// From one local second until another, as far as a span goes. One that a gap swallows is empty.
    pub(crate) fn between(&self, start_s: i64, end_s: i64, within: Interval) -> Interval {
        let instant_of = |local_s| {
            let at = self.instant_of(local_s);
            at.map_or(within.until(), Instant::clamped_from_seconds)
        };
        Interval::clamped(instant_of(start_s), instant_of(end_s)).intersection(&within)
    }

    /// A local day, as far as a span goes.
    pub(crate) fn day(&self, day: i64, within: Interval) -> Interval {
        let midnight = day.saturating_mul(SECONDS_PER_DAY);
        self.between(midnight, midnight.saturating_add(SECONDS_PER_DAY), within)
    }

    /// The days that lie in a span from their first instant to their last: the first of them, and the first after them.
    pub(crate) fn whole_days(&self, span: Interval) -> (i64, i64) {
        let (from, until) = (span.from().epoch_seconds(), span.until().epoch_seconds());
        let last = self.local_at(until.saturating_sub(1)).saturating_add(1);
        let first = self
            .local_at(from)
            .saturating_add(SECONDS_PER_DAY.saturating_sub(1))
            .div_euclid(SECONDS_PER_DAY);
        (first, last.div_euclid(SECONDS_PER_DAY).max(first))
    }

    /// All that answers about a span depend on.
    pub(crate) fn encode_over(&self, span: Interval, to: &mut Encoder) {
        let (from, until) = (span.from().epoch_seconds(), span.until().epoch_seconds());
        let segments: Vec<(i64, i32)> = self.offsets.over(from, until).collect();
        to.list(segments.len());
        for (start, offset) in &segments {
            to.integer(i128::from(*start));
            to.integer(i128::from(*offset));
        }
        // Without a gap the rules do not differ; of one at the end, one of them says its first instant.
        if self.gaps().any(|gap| from < gap && gap <= until) {
            self.rule.encode(to);
        } else {
            to.nothing();
        }
    }
}

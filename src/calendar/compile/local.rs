//! Local time of a calendar: what its zone's clock shows, and the instants that local times mean.
//!
//! This module owns the one map between both for a calendar. The rules of the map are `zone`'s, the questions about it
//! `ask`'s.

use alloc::vec::Vec;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{ClockFaces, GapRule, OffsetTable};

use crate::calendar::terms::days::SECONDS_PER_DAY;

/// The zone's offsets over what a calendar covers and some days around it, and the rule for local times.
pub(crate) struct LocalMap {
    offsets: OffsetTable,
    rule: GapRule,
}

impl LocalMap {
    pub(crate) fn new(offsets: OffsetTable, rule: GapRule) -> Self {
        Self { offsets, rule }
    }

    pub(crate) fn rule(&self) -> GapRule {
        self.rule
    }

    /// What the clock shows, for spans that only go forward.
    pub(crate) fn clocks(&self) -> ClockFaces<'_> {
        self.offsets.clocks()
    }

    /// The seconds with which the clock goes forward.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = EpochSecond> + '_ {
        self.offsets.gaps()
    }

    /// The offsets from one second until another, and from when on each holds.
    pub(crate) fn offsets_over(
        &self,
        from: EpochSecond,
        until: EpochSecond,
    ) -> impl Iterator<Item = (EpochSecond, i32)> + '_ {
        self.offsets.over(from, until)
    }

    /// By how many seconds the clock is ahead of UTC from one second until another, at least and at most. `None` if it is not
    /// known from the first on.
    pub(crate) fn bounds_over(&self, from: EpochSecond, until: EpochSecond) -> Option<(i64, i64)> {
        let mut offsets = self.offsets.over(from, until);
        let (_, first) = offsets.next().filter(|(at, _)| *at == from)?;
        let bounds = offsets.fold((first, first), |(least, most), (_, offset)| {
            (least.min(offset), most.max(offset))
        });
        Some((i64::from(bounds.0), i64::from(bounds.1)))
    }

    /// The second that a local second means. `None` after all that is known.
    pub(crate) fn instant_of(&self, local: EpochSecond) -> Option<EpochSecond> {
        self.offsets.instant_of(local, self.rule)
    }

    /// The local second that the clock shows. Of one that the map does not know, as UTC shows it.
    pub(crate) fn local_at(&self, at: EpochSecond) -> EpochSecond {
        self.offsets.local_at(at).unwrap_or(at)
    }

    /// From one local second until another, as far as a span goes. One that a gap swallows is empty.
    pub(crate) fn between(&self, start: EpochSecond, end: EpochSecond, within: Interval) -> Interval {
        let instant_of = |local| {
            let at = self.instant_of(local);
            at.map_or(within.until(), Instant::nearest)
        };
        Interval::clamped(instant_of(start), instant_of(end)).intersection(&within)
    }

    /// A local day, as far as a span goes.
    pub(crate) fn day(&self, day: EpochDay, within: Interval) -> Interval {
        let midnight = day.start();
        self.between(midnight, midnight.plus(SECONDS_PER_DAY), within)
    }

    /// The days that lie in a span from their first instant to their last: the first of them, and the first after them. A
    /// clock that goes forward may skip the midnight between two days, or a day: what matters is the instant that it means.
    pub(crate) fn whole_days(&self, span: Interval) -> (EpochDay, EpochDay) {
        let (from, until) = (span.from().second(), span.until().second());
        let day_at = |at: EpochSecond| self.local_at(at).day();
        let midnight = EpochDay::start;
        let mut first = day_at(from);
        if self.is_before(midnight(first), from) {
            first = first.plus(1);
        }
        while !self.is_before(midnight(first.minus(1)), from) {
            first = first.minus(1);
        }
        let last = until.minus(1);
        // Of what the clock shows first at the very end the map may know nothing.
        let shown = self.local_at(last).plus(1);
        let is_over = |day: EpochDay| {
            let end = self.instant_of(midnight(day));
            end.map_or(midnight(day) == shown, |end| end <= until)
        };
        let mut end = day_at(last);
        while is_over(end.plus(1)) {
            end = end.plus(1);
        }
        (first, end.max(first))
    }

    /// Whether a local second means an instant before one of the span, or is shown before all that the map knows.
    pub(crate) fn is_before(&self, local: EpochSecond, at: EpochSecond) -> bool {
        let knows_before = self.offsets.start().is_some_and(|start| start < at);
        let means_before = self.instant_of(local).is_some_and(|meant| meant < at);
        means_before || !knows_before && local < self.local_at(at)
    }

    /// All that answers about a span depend on.
    pub(crate) fn encode_over(&self, span: Interval, to: &mut Encoder) {
        let (from, until) = (span.from().second(), span.until().second());
        let segments: Vec<(EpochSecond, i32)> = self.offsets.over(from, until).collect();
        to.list(segments.len());
        for (start, offset) in &segments {
            to.integer(i128::from(start.get()));
            to.integer(i128::from(*offset));
        }
        if self.offsets.has_skipped(from, until) {
            self.rule.encode(to);
        } else {
            to.nothing();
        }
    }
}

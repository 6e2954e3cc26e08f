//! What the plan says of days and instants that only go forward, without a search for each.
//!
//! This module owns the walks along patterns, special days and one-off spans. What these are is left to `plan`.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use super::patterns::PatternsInOrder;

/// What one-off spans make of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Around {
    #[default]
    Neither,
    Added,
    Removed,
}

/// The one-off spans around instants that only go forward.
pub(crate) struct AroundInOrder<'a> {
    added: &'a [Interval],
    removed: &'a [Interval],
}

impl<'a> AroundInOrder<'a> {
    pub(crate) fn new(added: &'a IntervalSet, removed: &'a IntervalSet) -> Self {
        Self {
            added: added.iter().as_slice(),
            removed: removed.iter().as_slice(),
        }
    }

    pub(crate) fn at(&mut self, at: Instant) -> Around {
        // Each is passed once.
        for spans in [&mut self.added, &mut self.removed] {
            while let [first, later @ ..] = *spans {
                if at < first.until() {
                    break;
                }
                *spans = later;
            }
        }
        let holds = |spans: &[Interval]| spans.first().is_some_and(|span| span.from() <= at);
        match (holds(self.added), holds(self.removed)) {
            (_, true) => Around::Removed,
            (true, false) => Around::Added,
            (false, false) => Around::Neither,
        }
    }
}

/// Patterns and special days in order, for spans of days that only go forward.
pub(crate) struct DaysInOrder<'a> {
    patterns: PatternsInOrder<'a>,
    specials: Vec<(EpochDay, u32)>,
    passed: usize,
}

impl<'a> DaysInOrder<'a> {
    /// The special days are in order.
    pub(crate) fn new(patterns: PatternsInOrder<'a>, specials: Vec<(EpochDay, u32)>) -> Self {
        Self {
            patterns,
            specials,
            passed: 0,
        }
    }

    /// The pattern that holds on all of these days, and which of them are special, counted from the first. `None` if the
    /// pattern changes among them.
    pub(crate) fn over(
        &mut self,
        days: &RangeInclusive<EpochDay>,
        specials: &mut Vec<(i64, u32)>,
    ) -> Option<u32> {
        // Each is passed once.
        let later = |(day, _): &(EpochDay, u32)| day < days.start();
        while self.specials.get(self.passed).is_some_and(later) {
            // No wrap: an index.
            self.passed = self.passed.wrapping_add(1);
        }
        specials.clear();
        let near = self.specials.iter().skip(self.passed);
        let near = near.take_while(|(day, _)| day <= days.end());
        specials.extend(near.map(|(day, code)| (day.since(*days.start()), *code)));
        self.patterns.over(days)
    }
}

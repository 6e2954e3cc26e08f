//! One-off spans on the time line.
//!
//! This module owns the search for those that reach into an interval. Where they start and end is left to the plan.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

/// One-off spans.
#[derive(Default)]
pub(super) struct Spans {
    /// As far as they are covered, by their start.
    each: Vec<NamedSpan>,
    /// The latest end of each and those before it: never falls, so it can be searched.
    reach: Vec<Instant>,
    /// Whole, also where they reach out of what is covered.
    pub(super) by_start: Vec<Interval>,
    pub(super) all: IntervalSet,
}

/// A one-off span, as far as it is covered.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedSpan {
    pub(crate) interval: Interval,
    /// Its place in the terms, among those that are added or those that are removed.
    pub(crate) place: u32,
    pub(crate) name: Arc<str>,
}

impl Spans {
    /// In any order: each as far as it is covered, and whole.
    pub(super) fn new(mut each: Vec<NamedSpan>, mut by_start: Vec<Interval>) -> Self {
        by_start.sort_unstable();
        each.sort_unstable();
        let latest = each.iter().scan(Instant::MIN, |latest, span| {
            *latest = span.interval.until().max(*latest);
            Some(*latest)
        });
        Self {
            reach: latest.collect(),
            all: each.iter().map(|span| span.interval).collect(),
            each,
            by_start,
        }
    }

    /// Those that reach into an interval, by their start.
    pub(super) fn reaching_into(&self, within: Interval) -> impl Iterator<Item = &NamedSpan> + '_ {
        let first = self.reach.partition_point(|latest| *latest <= within.from());
        let near = self.each.iter().skip(first);
        near.take_while(move |span| span.interval.from() < within.until())
            .filter(move |span| !span.interval.intersection(&within).is_empty())
    }
}

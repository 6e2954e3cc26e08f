//! Open time as a table of whole seconds, and its look-ups.
//!
//! This module owns the arithmetic between instants and open time. Every look-up is a binary search over the windows
//! (about sixteen steps for two centuries of office hours), whatever distance it bridges. It knows neither rules nor
//! where the table ends; `query` refuses what lies beyond.

use alloc::vec::Vec;

use crate::allowance::NANOS_PER_SECOND;
use crate::instant::Instant;
use crate::interval::{Interval, IntervalSet};

/// Windows in order: disjoint, never touching, none empty.
pub(super) struct Table {
    /// Where each window starts, in seconds since 1970.
    starts: Vec<i64>,
    /// Where each window ends.
    ends: Vec<i64>,
    /// The open seconds from the first window through this one.
    through: Vec<i64>,
}

/// Where an instant lies among the windows.
pub(super) enum Place {
    /// In the window of that index.
    Inside(usize),
    /// Before the window of that index, and after the one before it.
    Before(usize),
}

impl Table {
    /// Linear in the windows.
    pub(super) fn new(open: &IntervalSet) -> Self {
        let seconds = |instant: Instant| instant.epoch_seconds();
        let starts: Vec<i64> = open.iter().map(|window| seconds(window.from())).collect();
        let ends: Vec<i64> = open.iter().map(|window| seconds(window.until())).collect();
        let through = starts.iter().zip(&ends).scan(0_i64, |sum, (start, end)| {
            *sum = sum.saturating_add(end.saturating_sub(*start));
            Some(*sum)
        });
        Self {
            through: through.collect(),
            starts,
            ends,
        }
    }

    /// Windows start and end on whole seconds, so the second decides.
    pub(super) fn place(&self, at: Instant) -> Place {
        let second = at.epoch_seconds();
        let ended = self.ends.partition_point(|end| *end <= second);
        match self.starts.get(ended) {
            Some(start) if *start <= second => Place::Inside(ended),
            _ => Place::Before(ended),
        }
    }

    pub(super) fn start(&self, index: usize) -> Option<Instant> {
        self.starts.get(index).copied().and_then(Instant::from_seconds)
    }

    pub(super) fn end(&self, index: usize) -> Option<Instant> {
        self.ends.get(index).copied().and_then(Instant::from_seconds)
    }

    /// Open nanoseconds before an instant. Fits: the table spans at most 300 years.
    pub(super) fn open_nanos_before(&self, at: Instant) -> u64 {
        match self.place(at) {
            Place::Before(index) => self.nanos_before_window(index),
            Place::Inside(index) => {
                let since = self.start(index).map_or(0, |start| start.nanos_until(at));
                self.nanos_before_window(index).saturating_add(since)
            }
        }
    }

    /// The earliest instant before which `nanos` have been open; not for zero. `None` if the table has fewer.
    pub(super) fn earliest_with(&self, nanos: u64) -> Option<Instant> {
        let seconds = i64::try_from(nanos.div_ceil(NANOS_PER_SECOND)).ok()?;
        let index = self.through.partition_point(|through| *through < seconds);
        let inside = nanos.checked_sub(self.nanos_before_window(index))?;
        self.start(index)?.checked_add(inside).ok()
    }

    /// The windows within `span`, cut at its bounds. Two searches, then linear in what is returned.
    pub(super) fn within(&self, span: Interval) -> IntervalSet {
        let (Place::Inside(first) | Place::Before(first)) = self.place(span.from());
        (first..)
            .map_while(|index| Some(Interval::clamped(self.start(index)?, self.end(index)?)))
            .take_while(|window| window.from() < span.until())
            .map(|window| window.intersection(&span))
            .collect()
    }

    /// In `u64`: three centuries of nanoseconds do not fit an `i64`.
    fn nanos_before_window(&self, index: usize) -> u64 {
        let seconds = index.checked_sub(1).and_then(|last| self.through.get(last));
        let seconds = seconds.copied().unwrap_or_default().unsigned_abs();
        seconds.saturating_mul(NANOS_PER_SECOND)
    }
}

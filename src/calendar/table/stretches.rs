//! Where open time begins and ends around an instant.
//!
//! This module owns stretches: windows of a table that touch are one. How a window is found is left to `open_time`.

use crate::time::epoch::WeekSecond;
use crate::time::instant::Instant;

use super::open_time::{NANOS_PER_SECOND, OpenTime, Spot, WEEK_S, WEEKS_AHEAD, week_start};

/// Instants at which service hours run without pause, from the one asked about or later.
pub(crate) struct OpenSpan {
    pub(crate) from: Instant,
    pub(crate) until: Instant,
}

impl OpenTime {
    /// The first stretch that ends after `at`, without what lies before `at`. `None` if all is closed from there on.
    pub(crate) fn stretch(&self, at: Instant) -> Option<OpenSpan> {
        let second = self.nanos_since_start(at) / NANOS_PER_SECOND;
        let spot = self.spot(second)?;
        if second < spot.end() {
            return Some(OpenSpan {
                from: at,
                until: self.end_of_stretch(spot)?,
            });
        }
        let next = self.spot_of_open(spot.open_until)?;
        Some(OpenSpan {
            from: self.instant(next.closed.wrapping_add(spot.open_until))?,
            until: self.end_of_stretch(next)?,
        })
    }

    /// The first instant from `at` on at which it is open. `None` if all is closed from there on.
    pub(crate) fn next_open(&self, at: Instant) -> Option<Instant> {
        let second = self.nanos_since_start(at) / NANOS_PER_SECOND;
        let (spot, next) = self.spot_and_next(second)?;
        if second < spot.end() {
            return Some(at);
        }
        if next < WeekSecond::END {
            // No wrap: a second of its week.
            return self.instant(week_start_of(second).wrapping_add(next.get().into()));
        }
        let next = self.spot_of_open(spot.open_until)?;
        self.instant(next.closed.wrapping_add(spot.open_until))
    }

    /// The last instant at or before `at` until which it is open: where that ended, or `at` itself. `None` if nothing is open
    /// before it.
    pub(crate) fn last_open_until(&self, at: Instant) -> Option<Instant> {
        let second = self.nanos_since_start(at).checked_sub(1)? / NANOS_PER_SECOND;
        let end = self.spot(second).map_or(0, Spot::end);
        if end > week_start_of(second) {
            return self.instant(end).map(|end| end.min(at));
        }
        // Nothing of its week.
        self.earliest_with(self.open_nanos_before(at))
    }

    /// The start of the last stretch that starts at or before `at`. `None` if there is none.
    pub(crate) fn previous_open(&self, at: Instant) -> Option<Instant> {
        let second = self.nanos_since_start(at) / NANOS_PER_SECOND;
        let spot = self.spot(second)?;
        if second < spot.end() {
            self.start_of_stretch(spot)
        } else {
            self.start_before(self.last_open_until(at)?)
        }
    }

    /// The end of the last stretch that ends at or before `at`. `None` if there is none.
    pub(crate) fn previous_close(&self, at: Instant) -> Option<Instant> {
        if self.is_open(at) {
            self.last_open_until(self.previous_open(at)?)
        } else {
            self.last_open_until(at)
        }
    }

    /// The start of the stretch that runs right before an instant. `None` if none does in the table.
    pub(crate) fn start_before(&self, close: Instant) -> Option<Instant> {
        let second = self.nanos_since_start(close).checked_sub(1)? / NANOS_PER_SECOND;
        self.start_of_stretch(self.spot(second)?)
    }

    /// Where the window starts, or those that go on until it: the mirror of [`OpenTime::end_of_stretch`].
    fn start_of_stretch(&self, spot: Spot) -> Option<Instant> {
        let start = spot.start();
        if start % WEEK_S != 0 || spot.closed == 0 {
            return self.instant(if spot.closed == 0 { 0 } else { start });
        }
        // It opens with the second after the last closed one, which lies in the last week that has fewer before it.
        let week = self.last_week(|closed_before| closed_before < spot.closed)?;
        // No wrap: the end of a week that has begun.
        let end = week_start(week).wrapping_add(WEEK_S);
        let last = self.spot(end.wrapping_sub(1))?;
        self.instant(if last.end() == end { last.start() } else { end })
    }

    /// Where the window ends, or those that go on where it ends: a window over the end of a week is kept in parts.
    fn end_of_stretch(&self, spot: Spot) -> Option<Instant> {
        let end = spot.end();
        if end % WEEK_S != 0 {
            return self.instant(end);
        }
        // It closes with the second of closed time after those before it.
        self.instant(self.first_closed_after(spot.closed)?)
    }

    /// The first second that is closed when so many before it are. There is one: see `weeks`.
    fn first_closed_after(&self, closed: u64) -> Option<u64> {
        let week = self.last_week(|closed_before| closed_before <= closed)?;
        // The week has closed time, so a window at its very start ends within it.
        self.spot(week_start(week)).map(Spot::end)
    }

    /// The last week for whose number of closed seconds before it something holds, as it does for the first: a binary search.
    fn last_week(&self, holds: impl Fn(u64) -> bool) -> Option<usize> {
        // Not the last three, which are no weeks.
        let (mut low, mut high) = (0_usize, self.weeks.len().checked_sub(WEEKS_AHEAD)?);
        // Nothing wraps: the higher of the two stays the higher, and of a week no more is open than comes before it.
        while high.wrapping_sub(low) > 1 {
            self.count();
            let middle = low.midpoint(high);
            let open = self.weeks.get(middle)?.open_before();
            if holds(week_start(middle).wrapping_sub(open)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }
}

/// The start of the week that a second is in.
fn week_start_of(second: u64) -> u64 {
    second.wrapping_sub(u64::from(WeekSecond::of(second).get()))
}

//! Which windows may reach into a span.
//!
//! This module owns that bound, by the clock of a calendar. Where windows lie is left to the plan.

use core::ops::RangeInclusive;

use super::Plan;
use crate::calendar::compile::patterns::Shift;
use crate::calendar::terms::days::{SECONDS_PER_DAY, days_reaching};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::interval::Interval;

/// How far around a span a clock must not change for it to be enough to look at the local time that it shows: the clocks of
/// both sides may differ by two days and some hours, and a gap may move a window by as much.
pub(super) const CLOCK_AROUND_S: i64 = 5 * SECONDS_PER_DAY;

/// The windows that may reach into a span.
pub(crate) struct Reach {
    /// The local days on which they start, in order.
    pub(super) days: RangeInclusive<EpochDay>,
    /// The local time of the span: whatever ends at the start of it or earlier, or starts at the end or later, does not reach
    /// into it.
    shown: (EpochSecond, EpochSecond),
}

impl Reach {
    /// All windows of some days.
    pub(super) fn all_of(days: RangeInclusive<EpochDay>) -> Self {
        Self {
            days,
            shown: (EpochSecond::FAR_PAST, EpochSecond::FAR_FUTURE),
        }
    }

    /// Those windows of a day that may reach into the span.
    pub(super) fn of<'s>(
        &self,
        day: EpochDay,
        shifts: &'s [Shift],
    ) -> impl Iterator<Item = &'s Shift> + use<'s> {
        let midnight = day.start();
        let (from, until) = self.shown;
        let (from_s, until_s) = (from.since(midnight), until.since(midnight));
        // By their start.
        let begun = shifts.iter().take_while(move |shift| shift.start_s() < until_s);
        begun.filter(move |shift| from_s < shift.end_s())
    }
}

impl Plan {
    /// The windows that may reach into a span. While a clock does not change, they start on the days that it shows in the
    /// span, or on the one before, on which windows start that end on the first.
    pub(crate) fn reach(&self, span: Interval) -> Reach {
        let (from, until) = (span.from().second(), span.until().second());
        let around = (from.minus(CLOCK_AROUND_S), until.plus(CLOCK_AROUND_S));
        let Some(offset) = self.local.steady_over(around.0, around.1) else {
            return Reach::all_of(days_reaching(span));
        };
        // The last instant of a span may be part of a second.
        let (from, until) = (from.plus(offset), until.plus(offset).plus(1));
        Reach {
            days: from.day().minus(1)..=until.day(),
            shown: (from, until),
        }
    }
}

//! Which windows may reach into a span.
//!
//! This module owns that bound, by the clock of a calendar. Where windows lie is left to the plan.

use core::ops::RangeInclusive;

use super::Plan;
use crate::calendar::compile::patterns::Shift;
use crate::calendar::terms::days::{SECONDS_PER_DAY, days_reaching};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::interval::Interval;

/// How far around a span the clock is looked at. What it shows before and after that shows no local time of the span: clocks
/// may differ by two days and some hours, and a gap may move a window by as much.
pub(super) const CLOCK_AROUND_S: i64 = 5 * SECONDS_PER_DAY;

/// The windows that may reach into a span.
pub(crate) struct Reach {
    /// The local days on which they start, in order.
    pub(super) days: RangeInclusive<EpochDay>,
    /// Local times: what ends at the first or earlier, or starts at the second or later, does not reach into the span.
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
    /// The windows that may reach into a span. A local time means an instant as far from it as some offset around says, also
    /// one that a gap skips: so the least of them says what ends before the span, and the greatest what starts after it. The
    /// last window that reaches into it from before starts on the day before.
    pub(crate) fn reach(&self, span: Interval) -> Reach {
        let (from, until) = (span.from().second(), span.until().second());
        // The last second may be in the span in part.
        let is_whole = span.until().subsec_nanos() == 0;
        let until = if is_whole { until } else { until.plus(1) };
        let around = (from.minus(CLOCK_AROUND_S), until.plus(CLOCK_AROUND_S));
        let Some((least, most)) = self.local.bounds_over(around.0, around.1) else {
            return Reach::all_of(days_reaching(span));
        };
        let (from, until) = (from.plus(least), until.plus(most));
        Reach {
            days: from.day().minus(1)..=until.minus(1).day(),
            shown: (from, until),
        }
    }
}

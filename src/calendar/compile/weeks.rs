//! Which weeks are alike, and the table of all weeks.
//!
//! This module owns the compilation of a [`OpenTime`]. It lays no window on the time line itself: `plan` lays out one week of
//! each kind, and the others of its kind share its page. What makes weeks alike is a [`WeekKind`]: everything that the windows
//! of a week depend on, seen from its start.
//!
//! # Cost
//!
//! Some nanoseconds for a week, and for each kind the cost of laying out some twelve days. Office hours have some dozen
//! kinds, since clocks change at the same hour of the week year by year.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::ClockFace;

use super::in_order::Around;
use super::plan::Plan;
use crate::calendar::table::open_time::{OpenTime, SECONDS_PER_WEEK};
use crate::calendar::table::pages::{Filled, Filling};

/// Everything that the windows of a week depend on, seen from its start. All weeks start with Monday in UTC.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct WeekKind {
    clock: ClockFace,
    /// The pattern of the local days that reach into the week.
    pattern: u32,
    /// Which of these days are special, and how.
    specials: Vec<(i64, u32)>,
    /// A span around all of the week.
    around: Around,
}

/// The table of all that the plan knows.
pub(crate) fn open_time(plan: &Plan) -> OpenTime {
    let (mut filling, mut kinds) = (
        Filling::from(plan.covers().from()),
        BTreeMap::<WeekKind, Filled>::new(),
    );
    let (mut clocks, mut days, mut spans) = (plan.clocks(), plan.days_in_order(), plan.around_in_order());
    let (mut kind, mut filled) = (WeekKind::default(), None);
    let (covers, irregular) = (plan.covers(), plan.irregular());
    let mut irregular = irregular.iter().peekable();
    let (first, until) = (covers.from().second(), covers.until().second());
    let mut from = first.week_start();
    let mut specials = Vec::new();
    while let Some(next) = Some(from.plus(SECONDS_PER_WEEK.into())).filter(|next| *next <= until) {
        let same_clock = clocks.over(from, next, &mut kind.clock);
        let pattern = days.over(&days_reaching_into(&kind.clock, from), &mut specials);
        // Each is passed once.
        while irregular
            .next_if(|around| around.until().second() <= from)
            .is_some()
        {}
        let is_irregular = irregular
            .peek()
            .is_some_and(|around| around.from().second() < next);
        let around = spans.at(Instant::nearest(from));
        let same =
            same_clock && pattern == Some(kind.pattern) && specials == kind.specials && around == kind.around;
        filled = match (pattern, filled) {
            (Some(pattern), known) if !is_irregular && from >= first => Some(match known {
                Some(known) if same => known,
                _ => {
                    (kind.pattern, kind.around) = (pattern, around);
                    kind.specials.clone_from(&specials);
                    *kinds
                        .entry(kind.clone())
                        .or_insert_with(|| filling.page(&plan.open(week(from)), from))
                }
            }),
            _ => None,
        };
        let page = filled.unwrap_or_else(|| filling.page(&plan.open(week(from)), from));
        filling.push(page);
        from = next;
    }
    // The week in which knowledge ends is cut there. It is empty if that is its start: `OpenTime` wants a week after the end.
    let cut = filling.page(&plan.open(week(from)), from);
    filling.push(cut);
    filling.finish()
}

/// The local days that a week meets, and the one before, since a window ends on the day after its start at the latest.
fn days_reaching_into(clock: &ClockFace, from: EpochSecond) -> RangeInclusive<EpochDay> {
    let (lowest, highest) = clock.shown(from);
    lowest.day().minus(1)..=highest.minus(1).day()
}

/// As far as instants go: nothing is known after them.
pub(crate) fn week(from: EpochSecond) -> Interval {
    Interval::clamped(
        Instant::nearest(from),
        Instant::nearest(from.plus(SECONDS_PER_WEEK.into())),
    )
}

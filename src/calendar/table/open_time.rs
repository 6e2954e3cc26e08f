//! Open time by weeks, and its look-ups.
//!
//! This module owns the arithmetic between instants and open time. It knows neither rules nor where knowledge ends;
//! `weeks` fills it, and `query` refuses what lies beyond.
//!
//! # Structure
//!
//! Weeks of UTC start with Monday. Of each week are kept, in eight bytes, the open seconds before it and where its *page*
//! is: its windows in seconds of the week. Weeks that are alike share a page; office hours have some dozen in two centuries.
//!
//! A window is kept as the *closed* and the open seconds before it. A second within it, less the closed ones before it,
//! is its place in open time; and that place, plus the closed ones, is the second again. So both directions are one
//! addition, once the window is found.
//!
//! # Cost
//!
//! A division gives the week of an instant. Every other search begins at a *hint*: for steps of equal length, in which a
//! window or at most three weeks begin, the one with which the step begins. What begins within the step is then told by
//! comparisons without a branch. Hints are kept for the windows of a page by second and by open second, and for the weeks by
//! open second. So a look-up takes the same steps at any distance, and for one window a week as for hundreds: from an
//! instant to open time it reads three places (week, hint, windows), and four the other way.
//!
//! Where more begins in a step, since windows are some seconds long or weeks are closed for months, its hint says so, and a
//! binary search follows: the only loop, at most 19 rounds among the windows of a page (10 for 96 windows a day), or 14
//! among the weeks of 300 years. What ends with its week may go on in the next; its end is found in 14 rounds too.

use alloc::vec::Vec;

use crate::time::epoch::{EpochSecond, WeekSecond};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};
use crate::time::unit;

pub(super) const NANOS_PER_SECOND: u64 = unit::NANOS_PER_SECOND.unsigned_abs();
pub(crate) const SECONDS_PER_WEEK: u32 = unit::narrow(unit::SECONDS_PER_WEEK);
pub(super) const WEEK_S: u64 = unit::SECONDS_PER_WEEK.unsigned_abs();

/// How many weeks may begin in a step of open time, after the one with which it begins.
pub(crate) const WEEKS_AHEAD: usize = 3;

/// How many windows may begin in a step of a week, after the one with which it begins.
pub(crate) const WINDOWS_AHEAD: usize = 1;

/// Look-ups without a loop over weeks: see the module. Made by `pages`, which keeps the promises of each field.
///
/// Numbers that the fields bound are added with the `wrapping` operations. None wraps: all are seconds of 300 years, or
/// such in the ticks of a unit, of which a `u64` holds 300 years even if they are nanoseconds.
pub(crate) struct OpenTime {
    /// When the first week starts.
    pub(crate) start: Instant,
    /// One at least begins after the last instant that is asked for. Then three [`Week::AFTER`] all.
    pub(crate) weeks: Vec<Week>,
    /// Those of each page, and the start of the week after it. One more at last, so that two follow every window.
    pub(crate) windows: Vec<PageWindow>,
    /// Those of each page, after its header: see [`PageId`].
    pub(crate) hints: Vec<WindowHint>,
    /// The weeks by open seconds, in steps of so many bits.
    pub(crate) steps: Vec<Hint>,
    pub(crate) step_bits: u32,
    /// All open seconds.
    pub(crate) total_s: u64,
    #[cfg(test)]
    pub(crate) work: core::sync::atomic::AtomicUsize,
}

/// The open seconds before a week, and below them its page: weeks are in order of their open seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Week(u64);

impl Week {
    /// After all open time, on no page.
    pub(crate) const AFTER: Self = Self(u64::MAX);

    /// 300 years have less than 2^34 seconds.
    const PAGE_BITS: u32 = 30;
    const PAGE_MASK: u64 = (1 << Self::PAGE_BITS) - 1;

    pub(crate) fn new(open_before: u64, page: PageId) -> Self {
        debug_assert!(open_before <= u64::MAX >> Self::PAGE_BITS && page.0 <= PageId::NONE.0);
        Self(open_before << Self::PAGE_BITS | u64::from(page.0))
    }

    /// No less than all weeks with at most so many open seconds before them.
    #[inline]
    fn last_with(open_before: u64) -> Self {
        Self(open_before << Self::PAGE_BITS | Self::PAGE_MASK)
    }

    #[inline]
    pub(crate) fn open_before(self) -> u64 {
        self.0 >> Self::PAGE_BITS
    }

    #[inline]
    fn page(self) -> PageId {
        PageId(lowest_32_bits(self.0 & Self::PAGE_MASK))
    }
}

/// Where the hints of a page begin, in [`HINTS_ALIGNED`], and below it the bits of a step of open seconds and of one of
/// seconds. It tells all that a look-up needs to know of the page, so that nothing is read before the hint itself.
///
/// By second come first, then those by open second. Before them is a header of two numbers: the first window, and the one
/// after the last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct PageId(u32);

/// The hints of a page begin at a multiple of this.
pub(crate) const HINTS_ALIGNED: usize = 8;

impl PageId {
    const STEP_BITS: u32 = 5;
    const STEP_MASK: u32 = (1 << Self::STEP_BITS) - 1;

    /// No page of a table. The hints of none begin so late: see `pages`.
    pub(crate) const NONE: Self = Self(u32::MAX >> 2);

    pub(crate) fn new(first_hint: usize, open_bits: u32, second_bits: u32) -> Self {
        let first = index_32(first_hint / HINTS_ALIGNED);
        let bits = (open_bits & Self::STEP_MASK) << Self::STEP_BITS | second_bits & Self::STEP_MASK;
        Self(first << (2 * Self::STEP_BITS) | bits)
    }

    #[inline(always)]
    fn first_hint(self) -> u32 {
        const ALIGNED_BITS: u32 = HINTS_ALIGNED.ilog2();
        (self.0 >> (2 * Self::STEP_BITS)) << ALIGNED_BITS
    }

    /// The hint of a second of the week. A shift of 32 bits takes no more than the lowest five of its length, as here.
    #[inline(always)]
    fn second_hint(self, second: WeekSecond) -> u32 {
        self.first_hint().wrapping_add(second.get().wrapping_shr(self.0))
    }

    /// The hint of an open second of the week. They come after all by second.
    #[inline(always)]
    fn open_hint(self, open_second: u32) -> u32 {
        const LAST_SECOND: u64 = WEEK_S - 1;
        let last = self.second_hint(WeekSecond::of(LAST_SECOND));
        let step = open_second.wrapping_shr(self.0 >> Self::STEP_BITS);
        last.wrapping_add(1).wrapping_add(step)
    }
}

/// A window by the seconds of its week that are closed and open before it. It is open until as many are open as before the
/// next one.
#[derive(Clone, Copy)]
pub(crate) struct PageWindow {
    pub(crate) closed: u32,
    pub(crate) open: u32,
}

impl PageWindow {
    #[inline]
    fn start(self) -> WeekSecond {
        WeekSecond::after(self.closed, self.open)
    }
}

/// The week with which a step begins, and whether too many begin in the step.
#[derive(Clone, Copy)]
pub(crate) struct Hint(u16);

impl Hint {
    const CROWDED: u16 = 1 << 15;

    pub(crate) fn new(week: usize, crowded: bool) -> Self {
        debug_assert!(week < usize::from(Self::CROWDED));
        #[expect(clippy::cast_possible_truncation, reason = "there are at most 15,654 weeks")]
        let week = week as u16;
        Self(week | if crowded { Self::CROWDED } else { 0 })
    }

    #[inline]
    fn index(self) -> usize {
        usize::from(self.0 & !Self::CROWDED)
    }

    #[inline]
    fn is_crowded(self) -> bool {
        self.0 & Self::CROWDED != 0
    }
}

/// The window with which a step begins, counted over all pages, and whether too many begin in the step. Or a number of the
/// header of a page.
#[derive(Clone, Copy)]
pub(crate) struct WindowHint(u32);

impl WindowHint {
    const CROWDED: u32 = 1 << 31;

    pub(crate) fn new(window: usize, crowded: bool) -> Self {
        let window = index_32(window);
        debug_assert!(window < Self::CROWDED);
        Self(window | if crowded { Self::CROWDED } else { 0 })
    }

    #[inline]
    fn index(self) -> u32 {
        self.0 & !Self::CROWDED
    }

    #[inline]
    fn is_crowded(self) -> bool {
        self.0 & Self::CROWDED != 0
    }
}

/// A window, by the closed seconds of the table before it, and the open ones before it and until its end.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) closed: u64,
    open_from: u64,
    pub(super) open_until: u64,
}

/// A window, by the closed seconds of its week before it, and the open ones before it and until its end.
#[derive(Clone, Copy)]
struct InWeek {
    closed: u32,
    open_from: u32,
    open_until: u32,
    /// The closed seconds before the next window, or of the whole week if it is the last.
    next_closed: u32,
}

impl InWeek {
    /// The start of the next window, or the end of the week.
    #[inline(always)]
    fn next(self) -> WeekSecond {
        WeekSecond::after(self.next_closed, self.open_until)
    }
}

impl Spot {
    #[inline]
    pub(super) fn start(self) -> u64 {
        self.closed.wrapping_add(self.open_from)
    }

    #[inline]
    pub(super) fn end(self) -> u64 {
        self.closed.wrapping_add(self.open_until)
    }
}

impl OpenTime {
    /// All open seconds.
    #[inline]
    pub(crate) fn total_seconds(&self) -> u64 {
        self.total_s
    }

    /// Windows start and end on whole seconds, so the second decides.
    #[inline]
    pub(crate) fn is_open(&self, at: Instant) -> bool {
        self.is_open_tick::<NANOS_PER_SECOND>(self.nanos_since_start(at))
    }

    /// Open nanoseconds before an instant.
    #[inline]
    pub(crate) fn open_nanos_before(&self, at: Instant) -> u64 {
        self.open_ticks_before::<NANOS_PER_SECOND>(self.nanos_since_start(at))
    }

    /// The earliest instant before which `nanos` have been open; not for zero. `None` if the table has fewer.
    #[inline]
    pub(crate) fn earliest_with(&self, nanos: u64) -> Option<Instant> {
        let since = self.earliest_tick_with::<NANOS_PER_SECOND>(nanos)?;
        self.start.checked_add(since).ok()
    }

    /// The open nanosecond before which `nanos` have been open: the latest instant before which so many have been. `None` if
    /// the table has no more.
    #[inline]
    pub(crate) fn nth_open(&self, nanos: u64) -> Option<Instant> {
        let since = self.nth_open_tick::<NANOS_PER_SECOND>(nanos)?;
        self.start.checked_add(since).ok()
    }

    /// Whether a tick is open. Ticks are counted from the start of the table; a second has `PER_SECOND`.
    #[inline(always)] // here and below, since the three units would else share no constants
    pub(crate) fn is_open_tick<const PER_SECOND: u64>(&self, tick: u64) -> bool {
        let second = second_of::<PER_SECOND>(tick);
        self.spot(second).is_some_and(|spot| second < spot.end())
    }

    /// Open ticks before a tick.
    #[inline(always)]
    pub(crate) fn open_ticks_before<const PER_SECOND: u64>(&self, tick: u64) -> u64 {
        let Some(spot) = self.spot(second_of::<PER_SECOND>(tick)) else {
            return self.after_all::<PER_SECOND>();
        };
        // A minimum instead of a question whether it is open: half of the answers would be mispredicted.
        let until = spot.open_until.wrapping_mul(PER_SECOND);
        tick.wrapping_sub(spot.closed.wrapping_mul(PER_SECOND)).min(until)
    }

    #[cold]
    fn after_all<const PER_SECOND: u64>(&self) -> u64 {
        self.total_s.wrapping_mul(PER_SECOND)
    }

    /// The earliest tick before which `ticks` have been open; not for zero. `None` if the table has fewer.
    #[inline(always)]
    pub(crate) fn earliest_tick_with<const PER_SECOND: u64>(&self, ticks: u64) -> Option<u64> {
        let last = self.nth_open_tick::<PER_SECOND>(ticks.checked_sub(1)?)?;
        Some(last.wrapping_add(1))
    }

    /// The open tick before which `ticks` have been open. `None` if the table has no more.
    #[inline(always)]
    pub(crate) fn nth_open_tick<const PER_SECOND: u64>(&self, ticks: u64) -> Option<u64> {
        let spot = self.spot_of_open(second_of::<PER_SECOND>(ticks))?;
        Some(ticks.wrapping_add(spot.closed.wrapping_mul(PER_SECOND)))
    }

    /// The windows within `span`, cut at its bounds. Two searches for each that is returned.
    pub(crate) fn within(&self, span: Interval) -> IntervalSet {
        let mut at = span.from();
        core::iter::from_fn(|| {
            let stretch = self.stretch(at).filter(|stretch| stretch.from < span.until())?;
            at = stretch.until;
            Some(Interval::clamped(stretch.from, stretch.until).intersection(&span))
        })
        .collect()
    }

    /// The page of the week that starts with a second. `None` outside of the table. Two weeks on a page are alike.
    pub(crate) fn page_of(&self, from: EpochSecond) -> Option<PageId> {
        let since = from.since(self.start.second());
        let week = usize::try_from(since.div_euclid(SECONDS_PER_WEEK.into())).ok()?;
        let found = self.weeks.get(week).filter(|week| **week != Week::AFTER)?;
        Some(found.page())
    }

    /// The windows of a page, for a week that starts with a second; none for no page.
    pub(crate) fn open_on(&self, page: Option<PageId>, from: EpochSecond) -> IntervalSet {
        let windows = page.and_then(|page| self.windows_and_end(page)).unwrap_or(&[]);
        let at = |second: WeekSecond| Instant::nearest(second.in_week(from));
        let bounds = windows.iter().zip(windows.iter().skip(1));
        let windows = bounds.map(|(window, next)| {
            Interval::clamped(
                at(window.start()),
                at(WeekSecond::after(window.closed, next.open)),
            )
        });
        windows.collect()
    }

    /// The windows of a page, and the start of the week after it.
    fn windows_and_end(&self, page: PageId) -> Option<&[PageWindow]> {
        let (first, end) = (self.header(page, 2)?, self.header(page, 1)?);
        self.windows.get(first..end)
    }

    /// A number of the header of a page, counted from its hints back.
    fn header(&self, page: PageId, back: u32) -> Option<usize> {
        usize::try_from(self.hint(page.first_hint().wrapping_sub(back))?.index()).ok()
    }

    #[inline]
    pub(super) fn nanos_since_start(&self, at: Instant) -> u64 {
        self.start.nanos_until(at)
    }

    pub(super) fn instant(&self, second: u64) -> Option<Instant> {
        let nanos = second.checked_mul(NANOS_PER_SECOND)?;
        self.start.checked_add(nanos).ok()
    }

    /// The last window that starts at or before a second of the table, within its week.
    #[inline(always)] // else its answer goes through memory
    pub(super) fn spot(&self, second: u64) -> Option<Spot> {
        self.spot_and_next(second).map(|(spot, _)| spot)
    }

    /// And the start of the window after it, in its week, or the end of the week.
    #[inline(always)]
    pub(super) fn spot_and_next(&self, second: u64) -> Option<(Spot, WeekSecond)> {
        let (week, in_week) = (second / WEEK_S, WeekSecond::of(second));
        self.count();
        let entry = *self.weeks.get(usize::try_from(week).ok()?)?;
        let page = entry.page();
        let hint = self.hint(page.second_hint(in_week))?;
        let found = self.window(page, hint, move |window| window.start() <= in_week)?;
        let week_start = second.wrapping_sub(u64::from(in_week.get()));
        Some((spot(week_start, entry, found), found.next()))
    }

    /// The window of the open second before which so many have passed. Of weeks and windows it is in the last that has no
    /// more before it.
    #[inline(always)]
    pub(super) fn spot_of_open(&self, passed: u64) -> Option<Spot> {
        if passed >= self.total_s {
            return None;
        }
        let (week, entry) = self.week_of_open(passed)?;
        let page = entry.page();
        let in_week = lowest_32_bits(passed.wrapping_sub(entry.open_before()));
        let hint = self.hint(page.open_hint(in_week))?;
        let found = self.window(page, hint, move |window| window.open <= in_week)?;
        Some(spot(week_start(week), entry, found))
    }

    /// The last week with at most so many open seconds before it.
    #[inline(always)]
    fn week_of_open(&self, passed: u64) -> Option<(usize, Week)> {
        self.count();
        let hint = *self.steps.get(usize::try_from(passed >> self.step_bits).ok()?)?;
        let last = Week::last_with(passed);
        let mut week = hint.index();
        if hint.is_crowded() {
            // No wrap: an index.
            week = week.wrapping_add(self.last(self.weeks.get(week..)?, move |week| *week <= last));
        }
        let [_, ahead @ ..] = self.weeks.get(week..)?.first_chunk::<{ WEEKS_AHEAD + 1 }>()?;
        let begun = ahead.iter().map(|week| usize::from(*week <= last));
        let week = week.wrapping_add(begun.sum());
        self.count();
        Some((week, *self.weeks.get(week)?))
    }

    #[inline(always)]
    fn hint(&self, index: u32) -> Option<WindowHint> {
        self.count();
        self.hints.get(usize::try_from(index).ok()?).copied()
    }

    /// The last window of a page that `begun` holds for.
    #[inline(always)]
    fn window(
        &self,
        page: PageId,
        hint: WindowHint,
        begun: impl Fn(&PageWindow) -> bool + Copy,
    ) -> Option<InWeek> {
        let mut first = usize::try_from(hint.index()).ok()?;
        if hint.is_crowded() {
            first = self.header(page, 2)?;
            // No wrap: an index.
            first = first.wrapping_add(self.last(self.windows_and_end(page)?, begun));
        }
        self.count();
        let three = self.windows.get(first..)?;
        let [window, next, after] = three.first_chunk::<{ WINDOWS_AHEAD + 2 }>()?;
        // All are read before it is known which are asked for, so that no read waits for another.
        let begun = begun(next);
        Some(InWeek {
            closed: either(begun, next.closed, window.closed),
            open_from: either(begun, next.open, window.open),
            open_until: either(begun, after.open, next.open),
            next_closed: either(begun, after.closed, next.closed),
        })
    }

    /// The index of the last that `begun` holds for, as it does for the first: a binary search.
    #[cold]
    #[inline(never)]
    fn last<T>(&self, all: &[T], begun: impl Fn(&T) -> bool) -> usize {
        let begun = all.partition_point(|one| {
            self.count();
            begun(one)
        });
        debug_assert!(begun > 0);
        // No wrap: the first has begun.
        begun.wrapping_sub(1)
    }

    /// Tests count the places that are read.
    #[inline(always)]
    pub(super) fn count(&self) {
        #[cfg(test)]
        self.work.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
    }
}

/// All, of a number of seconds of a week or of a page.
#[inline(always)]
fn lowest_32_bits(number: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are asked for")]
    let lowest = number as u32;
    lowest
}

/// A place in the vectors of a table, none of which is as long as a `u32` counts: `pages` says so.
fn index_32(index: usize) -> u32 {
    debug_assert!(u32::try_from(index).is_ok());
    #[expect(clippy::cast_possible_truncation, reason = "as asserted")]
    let index = index as u32;
    index
}

/// One of two numbers, without a branch that would be mispredicted.
#[inline(always)]
fn either(first: bool, one: u32, other: u32) -> u32 {
    let mask = 0_u32.wrapping_sub(u32::from(first));
    other ^ ((one ^ other) & mask)
}

#[inline(always)]
fn spot(week_start: u64, week: Week, found: InWeek) -> Spot {
    let closed_before = week_start.wrapping_sub(week.open_before());
    Spot {
        closed: closed_before.wrapping_add(u64::from(found.closed)),
        open_from: week.open_before().wrapping_add(u64::from(found.open_from)),
        open_until: week.open_before().wrapping_add(u64::from(found.open_until)),
    }
}

/// A second has one tick at least.
#[inline(always)]
fn second_of<const PER_SECOND: u64>(tick: u64) -> u64 {
    tick.checked_div(PER_SECOND).unwrap_or(tick)
}

/// The seconds from the start of the table to that of a week.
#[inline]
pub(super) fn week_start(week: usize) -> u64 {
    (week as u64).wrapping_mul(WEEK_S)
}

impl OpenTime {
    /// What the vectors hold, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let parts = [
            size_of_val(self.weeks.as_slice()),
            size_of_val(self.windows.as_slice()),
            size_of_val(self.hints.as_slice()),
            size_of_val(self.steps.as_slice()),
        ];
        parts.iter().sum()
    }
}

#[cfg(all(test, feature = "chrono-tz"))]
impl OpenTime {
    /// How many places have been read since it was asked last.
    pub(crate) fn work(&self) -> usize {
        self.work.swap(0, core::sync::atomic::Ordering::Relaxed)
    }
}

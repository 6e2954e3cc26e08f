//! Open time by weeks, and its look-ups.
//!
//! This module owns the arithmetic between instants and open time. It knows neither rules nor where knowledge ends;
//! `weeks` fills it, and `query` refuses what lies beyond.
//!
//! # Structure
//!
//! Weeks of UTC are counted from 1900-01-01, a Monday. A week has a *page*: its windows, in seconds of the week. Eight
//! weeks are a *block*, and a block has a *shape*: the pages of its weeks, and the open time before each of them within
//! the block. Equal pages and equal shapes are kept once; office hours have some dozen of each in two centuries. Of every
//! block are kept its shape and the open time before it, so that both directions are sums of three numbers (before the
//! block, before the week, before the window).
//!
//! # Cost
//!
//! From an instant to open time: a division gives the week, a binary search the line of its page (office hours have one
//! line), and a count among the eight windows of the line, without a branch, the window. From open time to an instant: the
//! block lies between two entries of an index of equal steps of open time, and week and window are counted among eight.
//! Both do the same work at any distance. There is no other loop than these: a binary search halves the lines of a week (at
//! most about 20), or the blocks between two entries of the index (one or two; at most all 1957, when a calendar is hardly
//! ever open), and where a window goes on after its week, all blocks.

use alloc::vec::Vec;

use crate::allowance::NANOS_PER_SECOND;
use crate::instant::Instant;
use crate::interval::{Interval, IntervalSet};

pub(super) const SECONDS_PER_WEEK: u32 = 604_800;
const NANOS_PER_WEEK: u64 = 604_800_000_000_000;

/// A power of two. With more, shapes are less often alike; with fewer, there are more blocks.
pub(super) const WEEKS_PER_BLOCK: usize = 8;
const SECONDS_PER_BLOCK: u64 = 4_838_400;

pub(super) const WINDOWS_PER_LINE: usize = 8;

/// Look-ups without a loop over weeks: see the module. Made by `weeks`, which keeps the promises of each field.
#[derive(Default)]
pub(super) struct Table {
    /// The open seconds before each block, and at last those of all blocks.
    pub(super) open_before: Vec<u64>,
    /// The shape of each block. At least one week after the last instant that is asked for is in a block.
    pub(super) shape_of: Vec<u16>,
    pub(super) shapes: Vec<Shape>,
    /// The pages one after another.
    pub(super) lines: Vec<Line>,
    pub(super) index: OpenIndex,
}

/// The weeks of a block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Shape {
    /// The open seconds of the block before each week.
    pub(super) before: [u32; WEEKS_PER_BLOCK],
    pub(super) pages: [Page; WEEKS_PER_BLOCK],
}

/// Where the windows of a week are kept: from which line on, and in how many.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Page {
    pub(super) first: u32,
    pub(super) lines: u32,
}

/// Eight windows of a page in seconds of its week, which they do not leave. The first of a page is empty and at its start,
/// so that one precedes every second. What is left of the last line lies after every second.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) starts: [u32; WINDOWS_PER_LINE],
    pub(super) ends: [u32; WINDOWS_PER_LINE],
    /// The open seconds of the week before each window.
    pub(super) before: [u32; WINDOWS_PER_LINE],
}

impl Line {
    pub(super) const EMPTY: Self = Self {
        starts: [u32::MAX; WINDOWS_PER_LINE],
        ends: [u32::MAX; WINDOWS_PER_LINE],
        before: [u32::MAX; WINDOWS_PER_LINE],
    };

    #[inline]
    fn first_start(&self) -> u32 {
        let [first, ..] = self.starts;
        first
    }

    #[inline]
    fn first_before(&self) -> u32 {
        let [first, ..] = self.before;
        first
    }

    #[inline]
    fn window(&self, index: usize) -> Option<Window> {
        Some(Window {
            start: *self.starts.get(index)?,
            end: *self.ends.get(index)?,
            before: *self.before.get(index)?,
        })
    }
}

/// A window in seconds of its week, and the open seconds of the week before it.
#[derive(Clone, Copy)]
struct Window {
    start: u32,
    end: u32,
    before: u32,
}

/// Which block has a given open second.
#[derive(Default)]
pub(super) struct OpenIndex {
    /// For each step of open time the last block that has at most so much before it, and the last block of all.
    blocks: Vec<u16>,
    /// A step is so many bits of open seconds.
    step_bits: u32,
}

/// Instants at which service hours run without pause, from the one asked about or later.
pub(super) struct Stretch {
    pub(super) from: Instant,
    pub(super) until: Instant,
}

/// The last window of a week that starts at or before a second of it, or has a given open second.
#[derive(Clone, Copy)]
struct Spot {
    /// The seconds from 1900 to the week.
    week_start: u64,
    /// The open seconds before the week.
    before_week: u64,
    window: Window,
}

impl Spot {
    #[inline]
    fn before_window(&self) -> u64 {
        self.before_week.saturating_add(u64::from(self.window.before))
    }

    #[inline]
    fn start(&self) -> u64 {
        self.week_start.saturating_add(u64::from(self.window.start))
    }

    #[inline]
    fn end(&self) -> u64 {
        self.week_start.saturating_add(u64::from(self.window.end))
    }
}

impl Table {
    /// All open seconds.
    #[inline]
    pub(super) fn total_seconds(&self) -> u64 {
        self.open_before.last().copied().unwrap_or_default()
    }

    /// Windows start and end on whole seconds, so the second decides.
    #[inline]
    pub(super) fn is_open(&self, at: Instant) -> bool {
        let (week, nanos) = week_of(at);
        let second = second_of(nanos);
        self.spot(week, second)
            .is_some_and(|spot| second < spot.window.end)
    }

    /// Open nanoseconds before an instant. Fits: the table spans at most 300 years.
    #[inline]
    pub(super) fn open_nanos_before(&self, at: Instant) -> u64 {
        let (week, nanos) = week_of(at);
        let second = second_of(nanos);
        let Some(spot) = self.spot(week, second) else {
            return nanos_of(self.total_seconds());
        };
        // A minimum instead of a question whether it is open: half of the answers would be mispredicted.
        let inside = nanos
            .min(nanos_of(spot.window.end.into()))
            .saturating_sub(nanos_of(spot.window.start.into()));
        nanos_of(spot.before_window()).saturating_add(inside)
    }

    /// The earliest instant before which `nanos` have been open; not for zero. `None` if the table has fewer.
    #[inline]
    pub(super) fn earliest_with(&self, nanos: u64) -> Option<Instant> {
        // The last of these nanoseconds is in the open second after all that are full before it.
        let spot = self.spot_after(nanos.checked_sub(1)? / NANOS_PER_SECOND)?;
        let inside = nanos.saturating_sub(nanos_of(spot.before_window()));
        let since = nanos_of(spot.start()).saturating_add(inside);
        Instant::MIN.checked_add(since).ok()
    }

    /// The latest instant before which no more than `nanos` have been open; `None` if the table has no more.
    pub(super) fn nth_open(&self, nanos: u64) -> Option<Instant> {
        let after = self.earliest_with(nanos.checked_add(1)?)?;
        Instant::MIN
            .checked_add(Instant::MIN.nanos_until(after).checked_sub(1)?)
            .ok()
    }

    /// The first stretch that ends after `at`, without what lies before `at`. `None` if all is closed from there on.
    pub(super) fn stretch(&self, at: Instant) -> Option<Stretch> {
        let (week, nanos) = week_of(at);
        let second = second_of(nanos);
        let spot = self.spot(week, second)?;
        if second < spot.window.end {
            let until = self.end_of_stretch(&spot)?;
            return Some(Stretch { from: at, until });
        }
        let passed = spot
            .before_window()
            .saturating_add(u64::from(spot.window.end.saturating_sub(spot.window.start)));
        let next = self.spot_after(passed)?;
        Some(Stretch {
            from: instant(next.start())?,
            until: self.end_of_stretch(&next)?,
        })
    }

    /// The windows within `span`, cut at its bounds. Two searches for each that is returned.
    pub(super) fn within(&self, span: Interval) -> IntervalSet {
        let mut at = span.from();
        core::iter::from_fn(|| {
            let stretch = self.stretch(at).filter(|stretch| stretch.from < span.until())?;
            at = stretch.until;
            Some(Interval::clamped(stretch.from, stretch.until).intersection(&span))
        })
        .collect()
    }

    /// Where the window ends, or those that go on where it ends: a window over the end of a week is kept in parts.
    fn end_of_stretch(&self, spot: &Spot) -> Option<Instant> {
        if spot.window.end < SECONDS_PER_WEEK {
            return instant(spot.end());
        }
        // It closes with the second of closed time after those that have passed.
        let end = spot.end();
        let passed = spot
            .before_window()
            .saturating_add(u64::from(spot.window.end.saturating_sub(spot.window.start)));
        instant(self.first_closed_after(end.saturating_sub(passed)))
    }

    /// The first second that is closed, seen from 1900, when so many before it are. There is one: see `shape_of`.
    fn first_closed_after(&self, closed: u64) -> u64 {
        let block = self.last_block(|block, open| block.saturating_sub(open) <= closed);
        let block_start = block_start(block);
        let open_before = self.open_before.get(block).copied().unwrap_or_default();
        let left = closed.saturating_sub(block_start.saturating_sub(open_before));
        let Some(shape) = self.shape(block) else {
            return block_start;
        };
        let first_week = block.saturating_mul(WEEKS_PER_BLOCK);
        let mut week = first_week;
        for (candidate, before) in (first_week..).zip(shape.before) {
            let start = week_start(candidate).saturating_sub(block_start);
            if start.saturating_sub(u64::from(before)) <= left {
                week = candidate;
            }
        }
        // The week has closed time, so a window at its very start ends within it.
        let opening = self.spot(week, 0).map_or(0, |spot| spot.window.end);
        week_start(week).saturating_add(u64::from(opening))
    }

    /// The last block of which `holds` for its start and the open seconds before it; the first if there is none.
    fn last_block(&self, holds: impl Fn(u64, u64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.shape_of.len());
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            let open = self.open_before.get(middle).copied().unwrap_or_default();
            if holds(block_start(middle), open) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    #[inline]
    fn shape(&self, block: usize) -> Option<&Shape> {
        self.shapes.get(usize::from(*self.shape_of.get(block)?))
    }

    /// The last line of a page of which `holds`; the first if there is none.
    #[inline(always)]
    fn last_line(&self, page: Page, holds: impl Fn(&Line) -> bool) -> Option<&Line> {
        let first = usize::try_from(page.first).ok()?;
        if page.lines == 1 {
            return self.lines.get(first);
        }
        let later = self.lines.get(first.saturating_add(1)..)?;
        let later = later.get(..usize::try_from(page.lines.saturating_sub(1)).ok()?)?;
        self.lines.get(first.saturating_add(later.partition_point(holds)))
    }

    /// The last window of a week that starts at or before a second of it.
    #[inline(always)] // else its answer goes through memory
    fn spot(&self, week: usize, second: u32) -> Option<Spot> {
        let (block, in_block) = (week / WEEKS_PER_BLOCK, week % WEEKS_PER_BLOCK);
        let shape = self.shape(block)?;
        let page = *shape.pages.get(in_block)?;
        let line = self.last_line(page, |line| line.first_start() <= second)?;
        let before_block = *self.open_before.get(block)?;
        Some(Spot {
            week_start: week_start(week),
            before_week: before_block.saturating_add(u64::from(*shape.before.get(in_block)?)),
            window: line.window(last_at_most(&line.starts, second))?,
        })
    }

    /// The window of the open second before which so many have passed. Of blocks, weeks and windows it is in the last that
    /// has no more before it.
    #[inline(always)]
    fn spot_after(&self, passed: u64) -> Option<Spot> {
        if passed >= self.total_seconds() {
            return None;
        }
        let block = self.index.block(&self.open_before, passed)?;
        let shape = self.shape(block)?;
        let before_block = *self.open_before.get(block)?;
        let passed_of_block = u32::try_from(passed.checked_sub(before_block)?).ok()?;
        let in_block = last_at_most(&shape.before, passed_of_block);
        let before_week = *shape.before.get(in_block)?;
        let page = *shape.pages.get(in_block)?;
        let passed_of_week = passed_of_block.saturating_sub(before_week);
        let line = self.last_line(page, |line| line.first_before() <= passed_of_week)?;
        Some(Spot {
            week_start: week_start(block.saturating_mul(WEEKS_PER_BLOCK).saturating_add(in_block)),
            before_week: before_block.saturating_add(u64::from(before_week)),
            window: line.window(last_at_most(&line.before, passed_of_week))?,
        })
    }
}

/// The index of the last number that is at most `limit`; 0 if there is none. The numbers never fall. All eight are compared,
/// without a branch that could be mispredicted.
#[inline]
fn last_at_most(numbers: &[u32; 8], limit: u32) -> usize {
    let at_most: u32 = numbers.iter().map(|number| u32::from(*number <= limit)).sum();
    usize::try_from(at_most.saturating_sub(1)).unwrap_or_default()
}

impl OpenIndex {
    /// With about two steps for each block. `open_before` as in the table.
    pub(super) fn new(open_before: &[u64]) -> Self {
        let total = open_before.last().copied().unwrap_or_default();
        let blocks = open_before.len().saturating_sub(1);
        let steps_max = u64::try_from(blocks).unwrap_or(u64::MAX).saturating_mul(2).max(1);
        let step_bits = (0..u64::BITS)
            .find(|bits| total >> bits <= steps_max)
            .unwrap_or_default();
        let last = u16::try_from(blocks.saturating_sub(1)).unwrap_or(u16::MAX);
        let mut block = 0_u16;
        let mut index: Vec<u16> = Vec::new();
        for step in 0..=total >> step_bits {
            let next = |block: u16| open_before.get(usize::from(block).saturating_add(1));
            // Each block is passed once over all steps.
            while block < last && next(block).is_some_and(|open| *open <= step << step_bits) {
                block = block.saturating_add(1);
            }
            index.push(block);
        }
        index.push(last);
        Self {
            blocks: index,
            step_bits,
        }
    }

    /// The last block with at most `passed` open seconds before it, for less than all of them.
    #[inline]
    fn block(&self, open_before: &[u64], passed: u64) -> Option<usize> {
        let step = usize::try_from(passed >> self.step_bits).ok()?;
        let first = usize::from(*self.blocks.get(step)?);
        let last = usize::from(*self.blocks.get(step.saturating_add(1))?);
        let in_last = usize::from(*open_before.get(last)? <= passed);
        let apart = last.saturating_sub(first);
        if apart <= 1 {
            // Nearly always. Which of both it is would be mispredicted, so there is no branch.
            return Some(first.saturating_add(apart.min(in_last)));
        }
        if in_last == 1 {
            return Some(last);
        }
        let between = open_before.get(first.saturating_add(1)..last)?;
        Some(first.saturating_add(between.partition_point(|open| *open <= passed)))
    }

    #[cfg(all(test, feature = "chrono-tz"))]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.blocks.as_slice())
    }

    /// The most blocks that a look-up searches.
    #[cfg(all(test, feature = "chrono-tz"))]
    pub(super) fn most_blocks(&self) -> usize {
        let ends = self.blocks.iter().zip(self.blocks.iter().skip(1));
        let spans = ends.map(|(first, last)| usize::from(last.saturating_sub(*first)));
        spans.max().unwrap_or_default().saturating_add(1)
    }
}

#[cfg(all(test, feature = "chrono-tz"))]
impl Table {
    /// What the vectors hold.
    pub(super) fn bytes(&self) -> usize {
        let blocks =
            size_of_val(self.open_before.as_slice()).saturating_add(size_of_val(self.shape_of.as_slice()));
        let alike = size_of_val(self.shapes.as_slice()).saturating_add(size_of_val(self.lines.as_slice()));
        blocks.saturating_add(alike).saturating_add(self.index.bytes())
    }
}

/// The week of an instant, and the nanoseconds since its start.
#[inline]
fn week_of(at: Instant) -> (usize, u64) {
    let nanos = Instant::MIN.nanos_until(at);
    let week = nanos / NANOS_PER_WEEK;
    (
        usize::try_from(week).unwrap_or(usize::MAX),
        nanos % NANOS_PER_WEEK,
    )
}

#[inline]
fn nanos_of(seconds: u64) -> u64 {
    seconds.saturating_mul(NANOS_PER_SECOND)
}

#[inline]
fn second_of(nanos_of_week: u64) -> u32 {
    u32::try_from(nanos_of_week / NANOS_PER_SECOND).unwrap_or(u32::MAX)
}

/// The seconds from 1900 to the start of a week.
#[inline]
fn week_start(week: usize) -> u64 {
    u64::try_from(week)
        .unwrap_or(u64::MAX)
        .saturating_mul(u64::from(SECONDS_PER_WEEK))
}

/// The seconds from 1900 to the start of a block.
#[inline]
fn block_start(block: usize) -> u64 {
    u64::try_from(block)
        .unwrap_or(u64::MAX)
        .saturating_mul(SECONDS_PER_BLOCK)
}

fn instant(seconds: u64) -> Option<Instant> {
    Instant::MIN.checked_add(nanos_of(seconds)).ok()
}

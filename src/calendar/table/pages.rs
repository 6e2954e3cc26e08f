//! A table in the making: weeks go in one after another, and windows that were seen before are kept once.
//!
//! This module owns how the parts of a [`OpenTime`] are filled. Which windows a week has is left to `weeks`.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::time::epoch::{EpochSecond, WeekSecond};
use crate::time::instant::Instant;
use crate::time::interval::IntervalSet;

use super::open_time::{
    HINTS_ALIGNED, Hint, OpenTime, PageId, PageWindow, SECONDS_PER_WEEK, WEEKS_AHEAD, WINDOWS_AHEAD, Week,
    WindowHint,
};

/// A page has no more hints of a kind than this, and [`HINTS_PER_WINDOW`] for each of its windows.
const HINTS_MAX: u64 = 64;
const HINTS_PER_WINDOW: u64 = 4;

/// With so many hints kept, 4 MB, a page gets no more than two and is searched: weeks that are all different are rare, and
/// a [`PageId`] has no room for them.
const HINTS_MAX_OF_ALL: usize = 1 << 20;

/// The bits of a step that a week does not exceed.
const ONE_STEP: u32 = 20;

/// A page, and the open seconds on it.
#[derive(Clone, Copy)]
pub(crate) struct Filled {
    page: PageId,
    open_s: u32,
}

/// A page that no week is on yet.
impl Default for Filled {
    fn default() -> Self {
        Self {
            page: PageId::NONE,
            open_s: 0,
        }
    }
}

/// A table as far as it is filled.
pub(crate) struct Filling {
    table: OpenTime,
    /// Pages by their windows, so that none is kept twice.
    pages: BTreeMap<Vec<(WeekSecond, WeekSecond)>, Filled>,
}

impl Filling {
    /// From the week on in which an instant lies. Nothing before it can be asked of the table. Instants start with a week.
    pub(crate) fn from(at: Instant) -> Self {
        let table = OpenTime {
            start: Instant::nearest(at.second().week_start()),
            weeks: Vec::new(),
            windows: Vec::new(),
            hints: Vec::new(),
            steps: Vec::new(),
            step_bits: 0,
            total_s: 0,
            #[cfg(test)]
            work: core::sync::atomic::AtomicUsize::new(0),
        };
        Self {
            table,
            pages: BTreeMap::new(),
        }
    }

    /// The page of the windows of a week that starts with a second, as far as they lie in it.
    pub(crate) fn page(&mut self, open: &IntervalSet, from: EpochSecond) -> Filled {
        let second = |at: Instant| WeekSecond::within(from, at.second());
        let windows = open
            .iter()
            .map(|window| (second(window.from()), second(window.until())));
        let windows: Vec<(WeekSecond, WeekSecond)> = windows.collect();
        if let Some(known) = self.pages.get(&windows) {
            return *known;
        }
        let filled = self.keep(&windows);
        self.pages.insert(windows, filled);
        filled
    }

    fn keep(&mut self, windows: &[(WeekSecond, WeekSecond)]) -> Filled {
        let table = &mut self.table;
        let first = table.windows.len();
        let (mut open_s, mut starts, mut opens) = (0_u32, Vec::new(), Vec::new());
        // No wrap: windows are in order and do not overlap, so that no more is open than comes before.
        let window = |start: WeekSecond, open: u32| {
            debug_assert!(open <= start.get());
            let closed = start.get().wrapping_sub(open);
            PageWindow { closed, open }
        };
        let at_start = windows
            .first()
            .is_some_and(|(start, _)| *start == WeekSecond::START);
        let empty = (!at_start).then_some(&(WeekSecond::START, WeekSecond::START));
        for (start, end) in empty.into_iter().chain(windows) {
            table.windows.push(window(*start, open_s));
            starts.push(u64::from(start.get()));
            opens.push(u64::from(open_s));
            // No wrap: a week.
            open_s = open_s.wrapping_add(end.since(*start));
        }
        table.windows.push(window(WeekSecond::END, open_s));
        let number = |index: usize| WindowHint::new(index, false);
        let (second_bits, open_bits) = if table.hints.len() < HINTS_MAX_OF_ALL {
            (
                bits_of_page(&starts, SECONDS_PER_WEEK),
                bits_of_page(&opens, open_s),
            )
        } else {
            (ONE_STEP, ONE_STEP)
        };
        let header = [first, table.windows.len()].map(number);
        // The hints begin at a multiple, right after the header. No wrap: a vector holds fewer.
        while table.hints.len().wrapping_add(header.len()) % HINTS_ALIGNED != 0 {
            table.hints.push(number(0));
        }
        table.hints.extend(header);
        let page = PageId::new(table.hints.len(), open_bits, second_bits);
        for (numbers, span, bits) in [
            (&starts, SECONDS_PER_WEEK, second_bits),
            (&opens, open_s, open_bits),
        ] {
            // No wrap: an index.
            each_step(numbers, span.into(), bits, WINDOWS_AHEAD, |window, crowded| {
                table
                    .hints
                    .push(WindowHint::new(first.wrapping_add(window), crowded));
            });
        }
        Filled { page, open_s }
    }

    /// Adds the next week.
    pub(crate) fn push(&mut self, week: Filled) {
        self.table.weeks.push(Week::new(self.table.total_s, week.page));
        // No wrap: seconds of 300 years.
        self.table.total_s = self.table.total_s.wrapping_add(u64::from(week.open_s));
    }

    /// Completes what follows the last week, and finds the hints from open time to weeks.
    pub(crate) fn finish(mut self) -> OpenTime {
        let table = &mut self.table;
        let opens: Vec<u64> = table.weeks.iter().map(|week| week.open_before()).collect();
        let weeks = opens.len() as u64;
        // About as many steps as weeks, so that only closed weeks crowd a step. No wrap: at most 15,654 weeks.
        let steps_max = weeks.wrapping_add(weeks / 2);
        table.step_bits = bits_for(table.total_s, steps_max);
        let (span, bits, steps) = (table.total_s, table.step_bits, &mut table.steps);
        each_step(&opens, span, bits, WEEKS_AHEAD, |week, crowded| {
            steps.push(Hint::new(week, crowded));
        });
        table.weeks.extend([Week::AFTER; WEEKS_AHEAD]);
        table.windows.push(PageWindow { closed: 0, open: 0 });
        table.weeks.shrink_to_fit();
        table.windows.shrink_to_fit();
        table.hints.shrink_to_fit();
        table.steps.shrink_to_fit();
        self.table
    }
}

/// The fewest bits of a step with which `span` has at most so many.
fn bits_for(span: u64, steps_max: u64) -> u32 {
    let too_few = |bits: &u32| last_step(span, *bits) >= steps_max.max(1);
    // No wrap: fewer than 64.
    let last = (0..u64::BITS).take_while(too_few).last();
    last.map_or(0, |bits| bits.wrapping_add(1))
}

/// The last step of so many bits in `span`: the first, of no length at all.
fn last_step(span: u64, bits: u32) -> u64 {
    // Saturates on purpose: where nothing is open, there is one step too.
    span.saturating_sub(1) >> bits
}

/// The bits of the longest step in which few enough of the sorted numbers of a week begin, with not too many steps.
fn bits_of_page(numbers: &[u64], span: u32) -> u32 {
    // Nothing wraps: no more windows than seconds, and the numbers are sorted.
    let steps_max = HINTS_MAX.wrapping_add((numbers.len() as u64).wrapping_mul(HINTS_PER_WINDOW));
    // The first number begins the week, so that it begins a step.
    let (earlier, later) = (numbers.iter().skip(1), numbers.iter().skip(2));
    let apart = earlier
        .zip(later)
        .map(|(number, next)| next.wrapping_sub(*number));
    let apart = apart.min().unwrap_or_else(|| span.into()).max(1);
    bits_for(span.into(), steps_max).max(apart.ilog2())
}

/// Tells for each step of `span` the last number at or before its start, and whether more than `ahead` within it crowd it.
fn each_step(numbers: &[u64], span: u64, bits: u32, ahead: usize, mut tell: impl FnMut(usize, bool)) {
    let mut last = 0_usize;
    // Nothing wraps: indices, and seconds of 300 years with a step more.
    for step in 0..=last_step(span, bits) {
        let (start, next) = (step << bits, step.wrapping_add(1) << bits);
        let number = |index: usize| numbers.get(index);
        // Each number is passed once over all steps.
        while number(last.wrapping_add(1)).is_some_and(|number| *number <= start) {
            last = last.wrapping_add(1);
        }
        let too_many = last.wrapping_add(ahead).wrapping_add(1);
        let crowded = number(too_many).is_some_and(|number| *number < next);
        tell(last, crowded);
    }
}

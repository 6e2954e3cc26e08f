//! A table in the making: weeks go in one after another, and windows that were seen before are kept once.
//!
//! This module owns how the parts of a [`OpenTime`] are filled. Which windows a week has is left to `weeks`.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

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
    pages: BTreeMap<Vec<(u32, u32)>, Filled>,
}

impl Filling {
    /// From a week on, counted from Monday 1900-01-01 UTC. Nothing before it can be asked of the table.
    fn new(first_week: u32) -> Self {
        let start_s = i64::from(first_week).saturating_mul(SECONDS_PER_WEEK.into());
        let table = OpenTime {
            start: Instant::clamped_from_seconds(Instant::MIN_SECONDS.saturating_add(start_s)),
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

    /// From the week on in which an instant lies.
    pub(crate) fn from(at: Instant) -> Self {
        let week = at.epoch_seconds().saturating_sub(Instant::MIN_SECONDS) / 604_800;
        Self::new(u32::try_from(week).unwrap_or_default())
    }

    /// The page of the windows of a week that starts with second `from`.
    pub(crate) fn page(&mut self, open: &IntervalSet, from: i64) -> Filled {
        let second = |at: Instant| u32::try_from(at.epoch_seconds().saturating_sub(from)).unwrap_or_default();
        let windows = open
            .iter()
            .map(|window| (second(window.from()), second(window.until())));
        let windows: Vec<(u32, u32)> = windows.collect();
        if let Some(known) = self.pages.get(&windows) {
            return *known;
        }
        let filled = self.keep(&windows);
        self.pages.insert(windows, filled);
        filled
    }

    fn keep(&mut self, windows: &[(u32, u32)]) -> Filled {
        let table = &mut self.table;
        let first = table.windows.len();
        let mut open_s = 0_u32;
        let at_start = windows.first().is_some_and(|(start, _)| *start == 0);
        let empty = (!at_start).then_some(&(0, 0));
        for (start, end) in empty.into_iter().chain(windows) {
            table.windows.push(PageWindow {
                closed: start.saturating_sub(open_s),
                open: open_s,
            });
            open_s = open_s.saturating_add(end.saturating_sub(*start));
        }
        let kept = table.windows.get(first..).unwrap_or_default();
        let starts: Vec<u64> = kept
            .iter()
            .map(|window| u64::from(window.closed.saturating_add(window.open)))
            .collect();
        let opens: Vec<u64> = kept.iter().map(|window| u64::from(window.open)).collect();
        table.windows.push(PageWindow {
            closed: SECONDS_PER_WEEK.saturating_sub(open_s),
            open: open_s,
        });
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
        let hints = table.hints.len().saturating_add(header.len());
        table.hints.resize(
            hints.next_multiple_of(HINTS_ALIGNED).saturating_sub(header.len()),
            number(0),
        );
        table.hints.extend(header);
        let page = PageId::new(table.hints.len(), open_bits, second_bits);
        for (numbers, span, bits) in [
            (&starts, SECONDS_PER_WEEK, second_bits),
            (&opens, open_s, open_bits),
        ] {
            each_step(numbers, span.into(), bits, WINDOWS_AHEAD, |window, crowded| {
                table
                    .hints
                    .push(WindowHint::new(first.saturating_add(window), crowded));
            });
        }
        Filled { page, open_s }
    }

    /// Adds the next week.
    pub(crate) fn push(&mut self, week: Filled) {
        self.table.weeks.push(Week::new(self.table.total_s, week.page));
        self.table.total_s = self.table.total_s.saturating_add(u64::from(week.open_s));
    }

    /// Completes what follows the last week, and finds the hints from open time to weeks.
    pub(crate) fn finish(mut self) -> OpenTime {
        let table = &mut self.table;
        let opens: Vec<u64> = table.weeks.iter().map(|week| week.open_before()).collect();
        let weeks = u64::try_from(opens.len()).unwrap_or(u64::MAX);
        // About as many steps as weeks, so that only closed weeks crowd a step.
        let steps_max = weeks.saturating_add(weeks / 2);
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
    let fits = |bits: &u32| span.saturating_sub(1) >> bits < steps_max.max(1);
    (0..u64::BITS).find(fits).unwrap_or(u64::BITS.saturating_sub(1))
}

/// The bits of the longest step in which few enough of the sorted numbers of a week begin, with not too many steps.
fn bits_of_page(numbers: &[u64], span: u32) -> u32 {
    let count = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
    let steps_max = HINTS_MAX.saturating_add(count.saturating_mul(HINTS_PER_WINDOW));
    // The first number begins the week, so that it begins a step.
    let (earlier, later) = (numbers.iter().skip(1), numbers.iter().skip(2));
    let apart = earlier
        .zip(later)
        .map(|(number, next)| next.saturating_sub(*number));
    let apart = apart.min().unwrap_or_else(|| span.into()).max(1);
    bits_for(span.into(), steps_max).max(apart.ilog2())
}

/// Tells for each step of `span` the last number at or before its start, and whether more than `ahead` within it crowd it.
fn each_step(numbers: &[u64], span: u64, bits: u32, ahead: usize, mut tell: impl FnMut(usize, bool)) {
    let mut last = 0_usize;
    for step in 0..=span.saturating_sub(1) >> bits {
        let (start, next) = (step << bits, step.saturating_add(1) << bits);
        let number = |index: usize| numbers.get(index);
        // Each number is passed once over all steps.
        while number(last.saturating_add(1)).is_some_and(|number| *number <= start) {
            last = last.saturating_add(1);
        }
        let too_many = last.saturating_add(ahead).saturating_add(1);
        let crowded = number(too_many).is_some_and(|number| *number < next);
        tell(last, crowded);
    }
}

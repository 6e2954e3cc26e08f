//! A table in the making: weeks go in one after another, and windows that were seen before are kept once.
//!
//! This module owns how the parts of a [`Table`] are filled. Which windows a week has is left to `weeks`.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::instant::Instant;
use crate::interval::IntervalSet;

use super::table::{Line, OpenIndex, Page, Shape, Table, WEEKS_PER_BLOCK, WINDOWS_PER_LINE};

/// A page, and the open seconds on it.
#[derive(Clone, Copy, Default)]
pub(super) struct Filled {
    page: Page,
    open_s: u32,
}

/// A table as far as it is filled.
#[derive(Default)]
pub(super) struct Filling {
    table: Table,
    /// Pages by their windows, so that none is kept twice.
    pages: BTreeMap<Vec<(u32, u32)>, Filled>,
    shapes: BTreeMap<Shape, u16>,
    /// The block that is being filled: its weeks so far, and their open seconds.
    block: Shape,
    weeks: usize,
    open_s: u32,
}

impl Filling {
    /// The page of the windows of a week that starts with second `from`.
    pub(super) fn page(&mut self, open: &IntervalSet, from: i64) -> Filled {
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
        let first = self.table.lines.len();
        let (mut open_s, mut line, mut in_line) = (0_u32, Line::EMPTY, 0);
        for (start, end) in core::iter::once(&(0, 0)).chain(windows) {
            if in_line == WINDOWS_PER_LINE {
                self.table.lines.push(line);
                (line, in_line) = (Line::EMPTY, 0);
            }
            set(&mut line.starts, in_line, *start);
            set(&mut line.ends, in_line, *end);
            set(&mut line.before, in_line, open_s);
            open_s = open_s.saturating_add(end.saturating_sub(*start));
            in_line = in_line.saturating_add(1);
        }
        self.table.lines.push(line);
        let lines = self.table.lines.len().saturating_sub(first);
        // Both fit: there are at most 15,654 weeks, and some dozen lines in one.
        let page = Page {
            first: u32::try_from(first).unwrap_or(u32::MAX),
            lines: u32::try_from(lines).unwrap_or(u32::MAX),
        };
        Filled { page, open_s }
    }

    /// Closed weeks until the one that starts with a second.
    pub(super) fn skip_to(&mut self, from: i64) {
        let closed = self.page(&IntervalSet::default(), Instant::MIN_SECONDS);
        let weeks = from.saturating_sub(Instant::MIN_SECONDS) / 604_800;
        (0..weeks).for_each(|_| self.push(closed));
    }

    /// Adds the next week.
    pub(super) fn push(&mut self, week: Filled) {
        set(&mut self.block.before, self.weeks, self.open_s);
        set(&mut self.block.pages, self.weeks, week.page);
        self.open_s = self.open_s.saturating_add(week.open_s);
        self.weeks = self.weeks.saturating_add(1);
        if self.weeks == WEEKS_PER_BLOCK {
            self.end_block();
        }
    }

    fn end_block(&mut self) {
        let before = self.table.total_seconds();
        if self.table.open_before.is_empty() {
            self.table.open_before.push(before);
        }
        self.table
            .open_before
            .push(before.saturating_add(u64::from(self.open_s)));
        let shape = self.shape();
        self.table.shape_of.push(shape);
        (self.block, self.weeks, self.open_s) = (Shape::default(), 0, 0);
    }

    /// The number of the shape of the block. It fits: there are at most 1957 blocks.
    fn shape(&mut self) -> u16 {
        let new = u16::try_from(self.table.shapes.len()).unwrap_or(u16::MAX);
        let shape = *self.shapes.entry(self.block).or_insert(new);
        if shape == new {
            self.table.shapes.push(self.block);
        }
        shape
    }

    /// Fills the last block with closed weeks.
    pub(super) fn finish(mut self) -> Table {
        let closed = self.page(&IntervalSet::default(), Instant::MIN_SECONDS);
        while self.weeks != 0 {
            self.push(closed);
        }
        self.table.index = OpenIndex::new(&self.table.open_before);
        self.table.lines.shrink_to_fit();
        self.table.shapes.shrink_to_fit();
        self.table
    }
}

fn set<T, const N: usize>(all: &mut [T; N], index: usize, value: T) {
    if let Some(place) = all.get_mut(index) {
        *place = value;
    }
}

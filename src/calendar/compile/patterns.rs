//! The windows of ordinary dates: which week holds on which date, by weekly lines and seasons.
//!
//! This module owns layers 1 and 2 of the terms by date. Which dates are special, and where windows lie on the time line, is
//! left to `plan`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::ops::{Range, RangeInclusive};

use crate::time::amount::WorkingTime;
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use crate::calendar::table::workdays::Days;
use crate::calendar::terms::hours::Hours;
use crate::calendar::terms::seasons::Spell;
use crate::calendar::terms::weekly::{Weekly, Window};

/// Which entry of the terms has a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    Weekly(usize),
    Season(usize, usize),
    Override(usize),
    Added(usize),
}

/// The windows of ordinary dates.
pub(crate) struct Weeks {
    /// Weeks that differ in the lines that hold.
    patterns: Vec<Pattern>,
    /// By pattern, how long the hours of its longest weekday are.
    longest_days: Vec<WorkingTime>,
    runs: Vec<Run>,
    /// As they would be without seasons.
    runs_without_seasons: Vec<Run>,
}

/// For each weekday from Monday the windows that start on it, by their start.
type Pattern = [Vec<Shift>; 7];

/// From which day on which pattern holds. In order; the first from the first day there is.
struct Run {
    first_day: EpochDay,
    pattern: usize,
}

/// A window in local seconds since the midnight of its day, and the entry that has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shift {
    pub(crate) start_s: i64,
    pub(crate) end_s: i64,
    pub(crate) rule: Rule,
}

impl Shift {
    pub(crate) fn new(window: Window, rule: Rule) -> Self {
        Self {
            start_s: window.start_s(),
            end_s: window.end_s(),
            rule,
        }
    }
}

impl Weeks {
    pub(crate) fn new(hours: &Hours, spells: &[Spell]) -> Self {
        let mut known = KnownPatterns::default();
        let runs = known.runs(hours, spells);
        let runs_without_seasons = known.runs(hours, &[]);
        Self {
            longest_days: known.patterns.iter().map(longest_day_of).collect(),
            patterns: known.patterns,
            runs,
            runs_without_seasons,
        }
    }

    /// The windows that start on a day by its week.
    pub(crate) fn shifts_on(&self, day: EpochDay) -> &[Shift] {
        self.of_weekday(run_on(&self.runs, day), day)
    }

    /// As they would be without seasons.
    pub(crate) fn shifts_without_seasons_on(&self, day: EpochDay) -> &[Shift] {
        self.of_weekday(run_on(&self.runs_without_seasons, day), day)
    }

    fn of_weekday(&self, run: Option<&Run>, day: EpochDay) -> &[Shift] {
        let pattern = run.and_then(|run| self.patterns.get(run.pattern));
        let shifts = pattern.and_then(|pattern| pattern.get(day.weekday()));
        shifts.map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of the pattern that holds on the first of some days, and of each that begins on a later one.
    pub(crate) fn runs_over(&self, days: &RangeInclusive<EpochDay>) -> RunsOver<'_> {
        RunsOver::new(&self.runs, days)
    }

    /// As they would be without seasons.
    pub(crate) fn runs_without_seasons_over(&self, days: &RangeInclusive<EpochDay>) -> RunsOver<'_> {
        RunsOver::new(&self.runs_without_seasons, days)
    }

    /// The patterns, for spans of days that only go forward.
    pub(crate) fn in_order(&self) -> PatternsInOrder<'_> {
        PatternsInOrder { runs: &self.runs }
    }

    /// On which weekdays windows start, for days that only go forward.
    pub(crate) fn worked(&self) -> Worked {
        let worked = |run: &Run| {
            let pattern = self.patterns.get(run.pattern).into_iter().flatten();
            let worked = pattern.zip(0_u32..).fold(0_u8, |week, (shifts, weekday)| {
                week | u8::from(!shifts.is_empty()) << weekday
            });
            (run.first_day, worked)
        };
        Worked {
            later: self.runs.iter().rev().map(worked).collect(),
            week: 0,
        }
    }

    /// How long the hours of the longest weekday are by the week that holds on a day, whatever clocks and holidays do.
    pub(crate) fn longest_day(&self, day: EpochDay) -> WorkingTime {
        let longest = run_on(&self.runs, day).and_then(|run| self.longest_days.get(run.pattern));
        longest.copied().unwrap_or_default()
    }

    /// From which day on the longest weekday is how long, within some days.
    pub(crate) fn longest_days(&self, (first, end): (EpochDay, EpochDay)) -> Vec<(EpochDay, WorkingTime)> {
        let starts = self.runs.iter().map(|run| run.first_day);
        let within = starts.filter(|start| first < *start && *start < end);
        let mut longest: Vec<(EpochDay, WorkingTime)> = core::iter::once(first)
            .chain(within)
            .map(|day| (day, self.longest_day(day)))
            .collect();
        longest.dedup_by_key(|(_, length)| *length);
        longest
    }
}

/// Patterns by the lines that hold in them, so that none is laid out twice.
#[derive(Default)]
struct KnownPatterns {
    by_rules: BTreeMap<Vec<Rule>, usize>,
    patterns: Vec<Pattern>,
}

impl KnownPatterns {
    /// Where the pattern of the week changes: a line starts or stops to hold, a season starts or ends.
    fn runs(&mut self, hours: &Hours, spells: &[Spell]) -> Vec<Run> {
        let lines = hours.weekly.iter();
        let lines = lines.chain(hours.seasons.iter().flat_map(|season| &season.weekly));
        let changes = lines.flat_map(Weekly::changes).map(EpochDay::of_date);
        let seasons = spells.iter().flat_map(|spell| [spell.first, spell.last.plus(1)]);
        let starts: BTreeSet<EpochDay> = core::iter::once(EpochDay::FAR_PAST)
            .chain(changes)
            .chain(seasons)
            .collect();
        let mut runs: Vec<Run> = Vec::new();
        for first_day in starts {
            let pattern = self.pattern(hours, spells, first_day);
            if runs.last().is_none_or(|run| run.pattern != pattern) {
                runs.push(Run { first_day, pattern });
            }
        }
        runs
    }

    /// The number of the pattern that holds on a day.
    fn pattern(&mut self, hours: &Hours, spells: &[Spell], day: EpochDay) -> usize {
        let started = spells.partition_point(|spell| spell.first <= day);
        let spell = started.checked_sub(1).and_then(|last| spells.get(last));
        let season = spell
            .filter(|spell| day <= spell.last)
            .and_then(|spell| Some((spell.season, hours.seasons.get(spell.season)?)));
        let lines = season.map_or(&hours.weekly, |(_, season)| &season.weekly);
        let rule = |line| match season {
            Some((season, _)) => Rule::Season(season, line),
            None => Rule::Weekly(line),
        };
        let holding = || {
            let holding = lines
                .iter()
                .enumerate()
                .filter(|(_, weekly)| weekly.holds_on_day(day));
            holding.map(|(line, weekly)| (rule(line), weekly))
        };
        let rules: Vec<Rule> = holding().map(|(rule, _)| rule).collect();
        if let Some(known) = self.by_rules.get(&rules) {
            return *known;
        }
        let mut pattern = Pattern::default();
        for (rule, weekly) in holding() {
            for (weekday, shifts) in pattern.iter_mut().enumerate() {
                let windows = weekly.windows_on(weekday).iter();
                shifts.extend(windows.map(|window| Shift::new(*window, rule)));
            }
        }
        pattern.iter_mut().for_each(|shifts| shifts.sort_unstable());
        let new = self.patterns.len();
        self.patterns.push(pattern);
        self.by_rules.insert(rules, new);
        new
    }
}

/// On which weekdays windows start, for days that only go forward.
pub(crate) struct Worked {
    /// From which day on, the last first.
    later: Vec<(EpochDay, u8)>,
    /// A bit for each weekday, from Monday on.
    week: u8,
}

impl Worked {
    /// For at most as many days as [`Days`] hold.
    pub(crate) fn over(&mut self, days: &Range<EpochDay>) -> Days {
        self.pass(days.start);
        if self
            .later
            .last()
            .is_none_or(|(first_day, _)| days.end <= *first_day)
        {
            let weekday = days.start.weekday();
            // No wrap: days of two weeks.
            let from_first = (0..7_usize).zip([0_u32, 1, 2, 3, 4, 5, 6]);
            let week = from_first.fold(0_u8, |week, (later, bit)| {
                week | u8::from(self.has(weekday.wrapping_add(later))) << bit
            });
            return Days::weekly(days.start, week);
        }
        Days::new(days.clone(), |day| {
            self.pass(day);
            self.has(day.weekday())
        })
    }

    /// Each run is passed once.
    fn pass(&mut self, day: EpochDay) {
        while self.later.last().is_some_and(|(first_day, _)| *first_day <= day) {
            self.week = self.later.pop().map_or(self.week, |(_, week)| week);
        }
    }

    /// Of weekdays counted from some Monday.
    fn has(&self, weekday: usize) -> bool {
        let bit = u32::try_from(weekday % 7).unwrap_or_default();
        self.week.checked_shr(bit).unwrap_or_default() & 1 == 1
    }
}

/// The patterns, for spans of days that only go forward.
pub(crate) struct PatternsInOrder<'a> {
    runs: &'a [Run],
}

impl PatternsInOrder<'_> {
    /// The number of the pattern that holds on all of these days; `None` if it changes among them.
    pub(crate) fn over(&mut self, days: &RangeInclusive<EpochDay>) -> Option<usize> {
        // Each run is passed once.
        while let [_, later @ ..] = self.runs {
            if later.first().is_none_or(|next| next.first_day > *days.start()) {
                break;
            }
            self.runs = later;
        }
        match self.runs {
            [run, next, ..] if next.first_day > *days.end() => Some(run.pattern),
            [run] => Some(run.pattern),
            _ => None,
        }
    }
}

/// Which patterns hold on some days, and from which of them on.
pub(crate) struct RunsOver<'a> {
    runs: core::slice::Iter<'a, Run>,
    first: EpochDay,
    last: EpochDay,
}

impl<'a> RunsOver<'a> {
    fn new(runs: &'a [Run], days: &RangeInclusive<EpochDay>) -> Self {
        let earlier = runs.partition_point(|run| run.first_day <= *days.start());
        // Saturates on purpose: where none is earlier, the first is the first.
        let runs = runs.get(earlier.saturating_sub(1)..).unwrap_or_default();
        Self {
            runs: runs.iter(),
            first: *days.start(),
            last: *days.end(),
        }
    }
}

impl Iterator for RunsOver<'_> {
    type Item = (EpochDay, usize);

    fn next(&mut self) -> Option<(EpochDay, usize)> {
        let run = self.runs.next().filter(|run| run.first_day <= self.last)?;
        Some((run.first_day.max(self.first), run.pattern))
    }
}

fn longest_day_of(pattern: &Pattern) -> WorkingTime {
    let at = |second| Instant::nearest(EpochSecond::of(second));
    let length = |shifts: &Vec<Shift>| {
        let spans = shifts
            .iter()
            .map(|shift| Interval::clamped(at(shift.start_s), at(shift.end_s)));
        spans.collect::<IntervalSet>().total().as_nanoseconds()
    };
    let longest = pattern.iter().map(length).max();
    WorkingTime::nanoseconds(longest.unwrap_or_default())
}

fn run_on(runs: &[Run], day: EpochDay) -> Option<&Run> {
    let started = runs.partition_point(|run| run.first_day <= day);
    started.checked_sub(1).and_then(|last| runs.get(last))
}

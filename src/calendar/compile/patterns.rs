//! The windows of ordinary dates: which week holds on which date, by weekly lines and seasons.
//!
//! This module owns layers 1 and 2 of the terms by date. Which dates are special, and where windows lie on the time line, is
//! left to `plan`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Range, RangeInclusive};

use crate::time::allowance::WorkingTime;
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use crate::calendar::table::workdays::Days;
use crate::calendar::terms::hours::Hours;
use crate::calendar::terms::seasons::Season;
use crate::calendar::terms::weekly::{Weekly, Window};

/// The place of an entry in the terms. Of entries that run at the same time, the first is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Weekly(u32),
    Season(u32, u32),
    Override(u32),
    Added(u32),
}

/// An entry of the terms that has windows, and how it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule<'a> {
    pub(crate) place: Place,
    pub(crate) text: &'a str,
}

/// When a season lasts.
pub(crate) struct SeasonSpell<'a> {
    pub(crate) first: EpochDay,
    pub(crate) last: EpochDay,
    /// Its place in the terms.
    pub(crate) place: u32,
    pub(crate) season: &'a Season,
}

/// The windows of ordinary dates.
pub(crate) struct Weeks {
    runs: Vec<Run>,
    /// As they would be without seasons.
    runs_without_seasons: Vec<Run>,
}

/// A week that differs from others in the lines that hold.
struct Pattern {
    number: u32,
    /// For each weekday from Monday the windows that start on it, by their start.
    weekdays: [Vec<Shift>; 7],
    /// How long the hours of its longest weekday are.
    longest_day: WorkingTime,
}

/// From which day on which pattern holds. In order; the first from the first day there is.
struct Run {
    first_day: EpochDay,
    pattern: Arc<Pattern>,
}

/// A window in local seconds since the midnight of its day, and the entry that has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shift {
    start_s: i64,
    end_s: i64,
    place: Place,
    text: Arc<str>,
}

impl Shift {
    fn new(window: Window, place: Place, text: Arc<str>) -> Self {
        Self {
            start_s: window.start_s(),
            end_s: window.end_s(),
            place,
            text,
        }
    }

    pub(crate) fn start_s(&self) -> i64 {
        self.start_s
    }

    pub(crate) fn end_s(&self) -> i64 {
        self.end_s
    }

    pub(crate) fn shown(&self) -> ShownShift<'_> {
        ShownShift {
            start_s: self.start_s,
            end_s: self.end_s,
            rule: Rule {
                place: self.place,
                text: &self.text,
            },
        }
    }
}

/// A window in local seconds since the midnight of its day, and the entry that has it.
#[derive(Clone, Copy)]
pub(crate) struct ShownShift<'a> {
    pub(crate) start_s: i64,
    pub(crate) end_s: i64,
    pub(crate) rule: Rule<'a>,
}

impl<'a> ShownShift<'a> {
    pub(crate) fn new(window: Window, rule: Rule<'a>) -> Self {
        Self {
            start_s: window.start_s(),
            end_s: window.end_s(),
            rule,
        }
    }
}

impl Weeks {
    pub(crate) fn new(hours: &Hours, spells: &[SeasonSpell<'_>]) -> Self {
        let mut known = KnownPatterns::default();
        Self {
            runs: known.runs(hours, spells),
            runs_without_seasons: known.runs(hours, &[]),
        }
    }

    /// The windows that start on a day by its week.
    pub(crate) fn shifts_on(&self, day: EpochDay) -> &[Shift] {
        of_weekday(run_on(&self.runs, day), day)
    }

    /// As they would be without seasons.
    pub(crate) fn shifts_without_seasons_on(&self, day: EpochDay) -> &[Shift] {
        of_weekday(run_on(&self.runs_without_seasons, day), day)
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
            let weekdays = run.pattern.weekdays.iter();
            let worked = weekdays.zip(0_u32..).fold(0_u8, |week, (shifts, weekday)| {
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
        run_on(&self.runs, day).map_or(WorkingTime::ZERO, |run| run.pattern.longest_day)
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

/// The windows that start on the weekday of a day.
fn of_weekday(run: Option<&Run>, day: EpochDay) -> &[Shift] {
    let shifts = run.and_then(|run| run.pattern.weekdays.get(day.weekday()));
    shifts.map_or(&[], Vec::as_slice)
}

/// Patterns by the lines that hold in them, so that none is laid out twice, and the texts of lines.
#[derive(Default)]
struct KnownPatterns {
    by_lines: BTreeMap<Vec<Place>, Arc<Pattern>>,
    texts: BTreeMap<Place, Arc<str>>,
    next: u32,
}

impl KnownPatterns {
    /// Where the pattern of the week changes: a line starts or stops to hold, a season starts or ends.
    fn runs(&mut self, hours: &Hours, spells: &[SeasonSpell<'_>]) -> Vec<Run> {
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
            if runs.last().is_none_or(|run| run.pattern.number != pattern.number) {
                runs.push(Run { first_day, pattern });
            }
        }
        runs
    }

    /// The pattern that holds on a day.
    fn pattern(&mut self, hours: &Hours, spells: &[SeasonSpell<'_>], day: EpochDay) -> Arc<Pattern> {
        let started = spells.partition_point(|spell| spell.first <= day);
        let spell = started.checked_sub(1).and_then(|last| spells.get(last));
        let spell = spell.filter(|spell| day <= spell.last);
        let lines = spell.map_or(&hours.weekly, |spell| &spell.season.weekly);
        let place = |line| match spell {
            Some(spell) => Place::Season(spell.place, line),
            None => Place::Weekly(line),
        };
        let holding = || {
            let holding = lines
                .iter()
                .zip(0_u32..)
                .filter(|(weekly, _)| weekly.holds_on_day(day));
            holding.map(|(weekly, line)| (place(line), weekly))
        };
        let places: Vec<Place> = holding().map(|(place, _)| place).collect();
        if let Some(known) = self.by_lines.get(&places) {
            return known.clone();
        }
        let mut weekdays: [Vec<Shift>; 7] = Default::default();
        for (place, weekly) in holding() {
            let text = self.texts.entry(place).or_insert_with(|| {
                Arc::from(match spell {
                    Some(spell) => format!("{}: {weekly}", spell.season.name),
                    None => format!("{weekly}"),
                })
            });
            for (weekday, shifts) in weekdays.iter_mut().enumerate() {
                let windows = weekly.windows_on(weekday).iter();
                shifts.extend(windows.map(|window| Shift::new(*window, place, text.clone())));
            }
        }
        weekdays.iter_mut().for_each(|shifts| shifts.sort_unstable());
        let new = Arc::new(Pattern {
            number: self.next,
            longest_day: longest_day_of(&weekdays),
            weekdays,
        });
        // No wrap: there are not as many days.
        self.next = self.next.wrapping_add(1);
        self.by_lines.insert(places, new.clone());
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
    pub(crate) fn over(&mut self, days: &RangeInclusive<EpochDay>) -> Option<u32> {
        // Each run is passed once.
        while let [_, later @ ..] = self.runs {
            if later.first().is_none_or(|next| next.first_day > *days.start()) {
                break;
            }
            self.runs = later;
        }
        match self.runs {
            [run, next, ..] if next.first_day > *days.end() => Some(run.pattern.number),
            [run] => Some(run.pattern.number),
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
    type Item = (EpochDay, u32);

    fn next(&mut self) -> Option<(EpochDay, u32)> {
        let run = self.runs.next().filter(|run| run.first_day <= self.last)?;
        Some((run.first_day.max(self.first), run.pattern.number))
    }
}

fn longest_day_of(weekdays: &[Vec<Shift>; 7]) -> WorkingTime {
    let at = |second| Instant::nearest(EpochSecond::of(second));
    let length = |shifts: &Vec<Shift>| {
        let spans = shifts
            .iter()
            .map(|shift| Interval::clamped(at(shift.start_s), at(shift.end_s)));
        spans.collect::<IntervalSet>().total().as_nanoseconds()
    };
    let longest = weekdays.iter().map(length).max();
    longest.map_or(WorkingTime::ZERO, WorkingTime::nanoseconds)
}

fn run_on(runs: &[Run], day: EpochDay) -> Option<&Run> {
    let started = runs.partition_point(|run| run.first_day <= day);
    started.checked_sub(1).and_then(|last| runs.get(last))
}

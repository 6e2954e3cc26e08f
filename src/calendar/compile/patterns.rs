//! The windows of ordinary dates: which week holds on which date, by weekly lines and seasons.
//!
//! This module owns layers 1 and 2 of the terms by date. Which dates are special, and where windows lie on the time line, is
//! left to `plan`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Range, RangeInclusive};

use crate::time::amount::WorkingTime;
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
    runs: Runs,
    /// As they would be without seasons.
    runs_without_seasons: Runs,
}

/// A week that differs from others in the lines that hold.
struct Pattern {
    number: u32,
    /// For each weekday from Monday the windows that start on it, by their start.
    weekdays: [Vec<Shift>; 7],
    /// How long the hours of its longest weekday are.
    longest_day: WorkingTime,
}

/// Which pattern holds when.
struct Runs {
    /// From the first day there is.
    first: Arc<Pattern>,
    /// In order.
    later: Vec<Run>,
}

impl Runs {
    /// The pattern that holds on a day, and the runs that begin after it.
    fn on(&self, day: EpochDay) -> (&Pattern, &[Run]) {
        let begun = self.later.partition_point(|run| run.first_day <= day);
        let (begun, later) = self.later.split_at_checked(begun).unwrap_or((&self.later, &[]));
        (begun.last().map_or(&self.first, |run| &run.pattern), later)
    }

    /// The number of the pattern that holds on the first of some days, and of each that begins on a later one.
    fn over(&self, days: &RangeInclusive<EpochDay>) -> impl Iterator<Item = (EpochDay, u32)> + use<'_> {
        let (first, last) = (*days.start(), *days.end());
        let (holding, later) = self.on(first);
        let later = later.iter().take_while(move |run| run.first_day <= last);
        let later = later.map(|run| (run.first_day, run.pattern.number));
        core::iter::once((first, holding.number)).chain(later)
    }
}

impl Pattern {
    /// The windows that start on the weekday of a day.
    fn shifts_on(&self, day: EpochDay) -> &[Shift] {
        // There are as many as weekdays.
        self.weekdays.get(day.weekday()).map_or(&[], Vec::as_slice)
    }

    /// A bit for each weekday on which windows start.
    fn worked(&self) -> u8 {
        let worked = self.weekdays.iter().zip(WEEKDAY_BITS);
        let worked = worked.filter(|(shifts, _)| !shifts.is_empty());
        worked.fold(0, |week, (_, bit)| week | bit)
    }
}

/// A bit for each weekday, from Monday on.
const WEEKDAY_BITS: [u8; 7] = [1, 2, 4, 8, 16, 32, 64];

/// From which day on a pattern holds.
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
        self.runs.on(day).0.shifts_on(day)
    }

    /// As they would be without seasons.
    pub(crate) fn shifts_without_seasons_on(&self, day: EpochDay) -> &[Shift] {
        self.runs_without_seasons.on(day).0.shifts_on(day)
    }

    /// The number of the pattern that holds on the first of some days, and of each that begins on a later one.
    pub(crate) fn runs_over(
        &self,
        days: &RangeInclusive<EpochDay>,
    ) -> impl Iterator<Item = (EpochDay, u32)> + '_ {
        self.runs.over(days)
    }

    /// As they would be without seasons.
    pub(crate) fn runs_without_seasons_over(
        &self,
        days: &RangeInclusive<EpochDay>,
    ) -> impl Iterator<Item = (EpochDay, u32)> + '_ {
        self.runs_without_seasons.over(days)
    }

    /// The patterns, for spans of days that only go forward.
    pub(crate) fn in_order(&self) -> PatternsInOrder<'_> {
        PatternsInOrder {
            holding: &self.runs.first,
            later: &self.runs.later,
        }
    }

    /// On which weekdays windows start, for days that only go forward.
    pub(crate) fn worked(&self) -> Worked {
        let later = self.runs.later.iter().rev();
        Worked {
            later: later.map(|run| (run.first_day, run.pattern.worked())).collect(),
            week: self.runs.first.worked(),
        }
    }

    /// How long the hours of the longest weekday are by the week that holds on a day, whatever clocks and holidays do.
    pub(crate) fn longest_day(&self, day: EpochDay) -> WorkingTime {
        self.runs.on(day).0.longest_day
    }

    /// From which day on the longest weekday is how long, within some days.
    pub(crate) fn longest_days(&self, (first, end): (EpochDay, EpochDay)) -> Vec<(EpochDay, WorkingTime)> {
        let starts = self.runs.later.iter().map(|run| run.first_day);
        let within = starts.filter(|start| first < *start && *start < end);
        let mut longest: Vec<(EpochDay, WorkingTime)> = core::iter::once(first)
            .chain(within)
            .map(|day| (day, self.longest_day(day)))
            .collect();
        longest.dedup_by_key(|(_, length)| *length);
        longest
    }
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
    fn runs(&mut self, hours: &Hours, spells: &[SeasonSpell<'_>]) -> Runs {
        let lines = hours.weekly.iter();
        let lines = lines.chain(hours.seasons.iter().flat_map(|season| &season.weekly));
        let changes = lines.flat_map(Weekly::changes).map(EpochDay::of_date);
        let seasons = spells.iter().flat_map(|spell| [spell.first, spell.last.plus(1)]);
        let starts: BTreeSet<EpochDay> = changes.chain(seasons).collect();
        let first = self.pattern(hours, spells, EpochDay::FAR_PAST);
        let (mut later, mut holding) = (Vec::new(), first.number);
        for first_day in starts {
            let pattern = self.pattern(hours, spells, first_day);
            if pattern.number != holding {
                holding = pattern.number;
                later.push(Run { first_day, pattern });
            }
        }
        Runs { first, later }
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
            let from_first = WEEKDAY_BITS.into_iter().cycle().skip(days.start.weekday());
            let worked = from_first.zip(WEEKDAY_BITS);
            let worked = worked.filter(|(weekday, _)| self.week & weekday != 0);
            return Days::weekly(days.start, worked.fold(0, |week, (_, bit)| week | bit));
        }
        Days::new(days.clone(), |day| {
            self.pass(day);
            let weekday = WEEKDAY_BITS.into_iter().nth(day.weekday());
            weekday.is_some_and(|weekday| self.week & weekday != 0)
        })
    }

    /// Each run is passed once.
    fn pass(&mut self, day: EpochDay) {
        while self.later.last().is_some_and(|(first_day, _)| *first_day <= day) {
            self.week = self.later.pop().map_or(self.week, |(_, week)| week);
        }
    }
}

/// The patterns, for spans of days that only go forward.
pub(crate) struct PatternsInOrder<'a> {
    holding: &'a Pattern,
    later: &'a [Run],
}

impl PatternsInOrder<'_> {
    /// The number of the pattern that holds on all of these days; `None` if it changes among them.
    pub(crate) fn over(&mut self, days: &RangeInclusive<EpochDay>) -> Option<u32> {
        // Each run is passed once.
        while let [next, later @ ..] = self.later {
            if next.first_day > *days.start() {
                break;
            }
            (self.holding, self.later) = (&next.pattern, later);
        }
        let changes = self
            .later
            .first()
            .is_some_and(|next| next.first_day <= *days.end());
        (!changes).then_some(self.holding.number)
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

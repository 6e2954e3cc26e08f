//! All that is explained of a calendar, for its fingerprint.
//!
//! This module owns how few days need to be explained for all of them. On what the explanation of a day depends is left to
//! `compile`, and how values are hashed to `fingerprint`.
//!
//! # Day by day
//!
//! What is explained is hashed by days of UTC, from the second before each on: where a stretch goes on over a day's start, it
//! is one stretch there, and else two. Each digest is of all that is told of its day, in seconds from that second, so the
//! digests in order tell as much as the whole explanation. Days with the same [`AlikeKey`] have the same digest, and one of
//! them is explained; days that differ in the names of their holidays only share all of it but the names; and weeks with the
//! same key have the same days. Keys do not enter the digests, so that terms that change nothing do not.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::calendar::compile::compiled::{Compiled, Reason};
use crate::calendar::compile::explain::{Cause, StretchReason};
use crate::calendar::compile::plan::Plan;
use crate::calendar::compile::plan::alike::AlikeKey;
use crate::calendar::compile::weeks::week;
use crate::fingerprint::{Canonical, Encoder, Fingerprint};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// All that is explained of a calendar.
#[derive(Default)]
pub(in crate::calendar) struct ExplainedWeeks {
    /// The digests of days that differ, in order of the first day of each.
    days: Numbered<Fingerprint>,
    /// For each day of weeks that differ the number of its digest, in order of the first week of each.
    distinct: Numbered<Vec<u32>>,
    /// For each week that is covered, its number.
    weeks: Vec<u32>,
    /// How many weeks were looked at day by day for it.
    #[cfg(test)]
    pub(in crate::calendar) looked_at: usize,
    /// How many days were explained for those that are like others.
    #[cfg(test)]
    pub(in crate::calendar) explained: usize,
}

impl ExplainedWeeks {
    pub(in crate::calendar) fn of(calendar: &Compiled) -> Self {
        let mut all = Self::default();
        let mut known = KnownWeeks::new(calendar);
        let covers = calendar.coverage.span;
        let mut from = covers.from().second().week_start();
        // As far as instants go.
        while Instant::nearest(from) < covers.until() {
            let number = known.number(week(from), &mut all);
            all.weeks.push(number);
            from = week(from).until().second();
        }
        #[cfg(test)]
        {
            all.explained = known.days.known.len();
        }
        all
    }

    /// The digests of the days of each week, in order.
    #[cfg(all(test, feature = "chrono-tz"))]
    pub(in crate::calendar) fn each(&self) -> impl Iterator<Item = Vec<Fingerprint>> + '_ {
        let digests = |days: &Vec<u32>| days.iter().map(|day| *self.days.with(*day)).collect();
        self.weeks
            .iter()
            .map(move |number| digests(self.distinct.with(*number)))
    }
}

impl Canonical for ExplainedWeeks {
    fn encode(&self, to: &mut Encoder) {
        to.list(3);
        // No wrap: a vector of fewer pairs.
        to.list(self.days.in_order.len().wrapping_mul(2));
        self.days
            .in_order
            .iter()
            .for_each(|digest| encode_digest(digest, to));
        to.list(self.distinct.in_order.len());
        self.distinct
            .in_order
            .iter()
            .for_each(|days| encode_numbers(days, to));
        encode_numbers(&self.weeks, to);
    }
}

fn encode_numbers(numbers: &[u32], to: &mut Encoder) {
    to.list(numbers.len());
    numbers.iter().for_each(|number| to.integer(i128::from(*number)));
}

/// As two numbers.
fn encode_digest(digest: &Fingerprint, to: &mut Encoder) {
    for half in digest.as_bytes().chunks(16) {
        to.integer(half.iter().fold(0, |all, byte| all << 8 | i128::from(*byte)));
    }
}

/// Values that differ, with numbers in the order in which they were met.
struct Numbered<T> {
    in_order: Vec<T>,
    numbers: BTreeMap<T, u32>,
    next: u32,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            in_order: Vec::new(),
            numbers: BTreeMap::new(),
            next: 0,
        }
    }
}

impl<T: Clone + Ord> Numbered<T> {
    fn number(&mut self, value: T) -> u32 {
        if let Some(known) = self.numbers.get(&value) {
            return *known;
        }
        let number = self.next;
        // No wrap: of stretches, days or weeks of three centuries.
        self.next = number.wrapping_add(1);
        self.in_order.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    #[cfg(all(test, feature = "chrono-tz"))]
    #[expect(clippy::unwrap_used, reason = "for tests, which may panic")]
    fn with(&self, number: u32) -> &T {
        self.in_order.get(usize::try_from(number).unwrap()).unwrap()
    }
}

/// The numbers of weeks that are known, by their keys.
struct KnownWeeks<'a> {
    days: KnownDays<'a>,
    /// By digest: of a composite of many parts, a key is long.
    known: BTreeMap<Fingerprint, u32>,
    /// The key of the week before, if it has one, and its number: most weeks are like the one before.
    last: Option<(AlikeKey<'a>, u32)>,
}

impl<'a> KnownWeeks<'a> {
    fn new(calendar: &'a Compiled) -> Self {
        Self {
            days: KnownDays::new(calendar),
            known: BTreeMap::new(),
            last: None,
        }
    }

    fn number(&mut self, week: Interval, all: &mut ExplainedWeeks) -> u32 {
        let mut key = AlikeKey::default();
        if !self.days.push_alike(week, &mut key) {
            return self.look_at(week, all);
        }
        if let Some((_, number)) = self.last.as_ref().filter(|(last, _)| *last == key) {
            return *number;
        }
        let digest = Fingerprint::of(&key);
        let number = match self.known.get(&digest) {
            Some(known) => *known,
            None => self.look_at(week, all),
        };
        self.known.insert(digest, number);
        self.last = Some((key, number));
        number
    }

    fn look_at(&mut self, week: Interval, all: &mut ExplainedWeeks) -> u32 {
        #[cfg(test)]
        {
            all.looked_at = all.looked_at.wrapping_add(1);
        }
        let (first, until) = (week.from().second().day(), week.until().second());
        let mut days = Vec::with_capacity(7);
        let mut day = first;
        while day.start() < until {
            days.push(all.days.number(self.days.digest(day)));
            day = day.plus(1);
        }
        all.distinct.number(days)
    }
}

/// The explanations of days that are known, by their keys.
struct KnownDays<'a> {
    calendar: &'a Compiled,
    /// Of the hours through all parts, each once.
    plans: Vec<&'a Plan>,
    /// By digest of the shape.
    known: BTreeMap<Fingerprint, ExplainedDay<'a>>,
    /// Of the day that was asked for last, for its memory.
    key: AlikeKey<'a>,
}

impl<'a> KnownDays<'a> {
    fn new(calendar: &'a Compiled) -> Self {
        let parts = calendar.with_parts().into_iter();
        Self {
            calendar,
            plans: parts.filter_map(|part| part.source.plan()).collect(),
            known: BTreeMap::new(),
            key: AlikeKey::default(),
        }
    }

    fn push_alike(&self, span: Interval, key: &mut AlikeKey<'a>) -> bool {
        self.plans.iter().all(|plan| plan.push_alike(span, key))
    }

    /// Of all that is told of a day, and of the second before it.
    fn digest(&mut self, day: EpochDay) -> Fingerprint {
        let mut key = core::mem::take(&mut self.key);
        key.clear();
        let at = |second: EpochSecond| Instant::nearest(second);
        let whole = Interval::clamped(at(day.start()), at(day.plus(1).start()));
        let is_alike = self.push_alike(whole, &mut key);
        let calendar = self.calendar;
        let explain = |holidays: &[&'a str]| {
            let asked = asked(day).intersection(&calendar.coverage.span);
            ExplainedDay::new(&calendar.reasons(asked), holidays)
        };
        let digest = if is_alike {
            let known = self.known.entry(Fingerprint::of(&key.shape));
            let explained = known.or_insert_with(|| explain(&key.holidays));
            explained.digest(&key.holidays)
        } else {
            explain(&[]).digest(&[])
        };
        self.key = key;
        digest
    }
}

/// A day of UTC, and the second before it.
fn asked(day: EpochDay) -> Interval {
    let (from, until) = (day.start().minus(1), day.plus(1).start());
    Interval::clamped(Instant::nearest(from), Instant::nearest(until))
}

/// What is told of a day, and of all that are like it but for the names of their holidays.
struct ExplainedDay<'a> {
    /// Of how long each stretch is, and which of the reasons it has.
    stretches: Fingerprint,
    /// In the order in which they are told first.
    reasons: Vec<DayReason<'a>>,
    /// The digest, if no holiday is told.
    whole: Option<Fingerprint>,
}

/// A reason that holds on days that are alike.
enum DayReason<'a> {
    Same(StretchReason),
    /// On each the holiday that has a number in its key.
    Holiday(Reason<'a>, usize),
}

impl<'a> ExplainedDay<'a> {
    fn new(reasons: &[(Interval, Reason<'a>)], holidays: &[&'a str]) -> Self {
        let (mut stretches, mut told) = (Vec::with_capacity(reasons.len()), Numbered::default());
        let mut numbers: BTreeMap<&Reason<'a>, u32> = BTreeMap::new();
        let mut in_order = Vec::new();
        let start = reasons.first().map_or(Instant::MIN, |(first, _)| first.from());
        for (interval, reason) in reasons {
            let number = *numbers.entry(reason).or_insert_with(|| {
                // Of different reasons, too, it counts whether they are told alike.
                let (text, known) = (reason.told(), told.next);
                let number = told.number(text.clone());
                if number == known {
                    in_order.push(DayReason::new(reason, text, holidays));
                }
                number
            });
            stretches.push((start.nanos_until(interval.until()), number));
        }
        let mut day = Self {
            stretches: Fingerprint::of(&Stretches(&stretches)),
            reasons: in_order,
            whole: None,
        };
        let is_same = |reason: &DayReason<'a>| matches!(reason, DayReason::Same(_));
        day.whole = day.reasons.iter().all(is_same).then(|| day.digest(&[]));
        day
    }

    /// That of the day with these holidays.
    fn digest(&self, holidays: &[&'a str]) -> Fingerprint {
        let told = || Fingerprint::of(&DayWith(self, holidays));
        self.whole.unwrap_or_else(told)
    }
}

impl<'a> DayReason<'a> {
    fn new(reason: &Reason<'a>, text: StretchReason, holidays: &[&'a str]) -> Self {
        let number = match reason.cause {
            Cause::Holiday(name) => holidays.iter().position(|holiday| *holiday == name),
            _ => None,
        };
        number.map_or(Self::Same(text), |number| Self::Holiday(reason.clone(), number))
    }
}

/// Ends and reasons of stretches, in order.
struct Stretches<'a>(&'a [(u64, u32)]);

impl Canonical for Stretches<'_> {
    fn encode(&self, to: &mut Encoder) {
        to.list(self.0.len());
        for (until, reason) in self.0 {
            // As one number, since days may have hundreds.
            to.integer(i128::from(*until) << u32::BITS | i128::from(*reason));
        }
    }
}

/// What is told of one day.
struct DayWith<'d, 'a>(&'d ExplainedDay<'a>, &'d [&'a str]);

impl Canonical for DayWith<'_, '_> {
    fn encode(&self, to: &mut Encoder) {
        let Self(day, holidays) = self;
        to.list(2);
        encode_digest(&day.stretches, to);
        to.list(day.reasons.len());
        for reason in &day.reasons {
            match reason {
                DayReason::Same(told) => told.encode(to),
                DayReason::Holiday(reason, number) => {
                    // Days that are alike have as many.
                    let name = holidays.get(*number).copied();
                    debug_assert!(name.is_some());
                    let own = name.map(|name| reason.with(Cause::Holiday(name)));
                    own.as_ref().unwrap_or(reason).told().encode(to);
                }
            }
        }
    }
}

/// The digests of the days of a week, by what is told of each and nothing that it shares with others.
#[cfg(all(test, feature = "chrono-tz"))]
pub(in crate::calendar) fn digests_alone(calendar: &Compiled, from: EpochSecond) -> Vec<Fingerprint> {
    let first = from.day();
    let digest = |day: EpochDay| {
        let told = calendar.explain(asked(day).intersection(&calendar.coverage.span));
        let mut reasons = Numbered::default();
        let start = told.first().map_or(Instant::MIN, |first| first.interval.from());
        let stretches: Vec<(u64, u32)> = told
            .iter()
            .map(|stretch| {
                let number = reasons.number(stretch.reason.clone());
                (start.nanos_until(stretch.interval.until()), number)
            })
            .collect();
        let day = ExplainedDay {
            stretches: Fingerprint::of(&Stretches(&stretches)),
            reasons: reasons.in_order.into_iter().map(DayReason::Same).collect(),
            whole: None,
        };
        day.digest(&[])
    };
    let until = week(from).until().second();
    let days = EpochDay::each(&(first..=first.plus(6)));
    days.filter(|day| day.start() < until).map(digest).collect()
}

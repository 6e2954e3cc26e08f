//! Everything on which the explanation of a day or a week depends, seen from its start.
//!
//! This module owns which of them are explained alike, but for the names of holidays. It says so rather once too seldom: what
//! it takes into a key may change nothing. Which weeks have the same windows is left to `weeks`, and what the keys are for to
//! whoever explains many weeks.

use alloc::vec::Vec;

use super::reach::CLOCK_AROUND_S;
use super::{Plan, Spans};
use crate::fingerprint::{Canonical, Encoder};
use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// Ends each list of a key. No number in a list is as low.
const END: i64 = i64::MIN;

/// What is equal where spans of time are explained alike, but for their dates.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct AlikeKey<'a> {
    /// Equal where they are explained alike but for the names of their holidays, too.
    pub(crate) shape: Shape,
    /// How the holidays are told, each once, in the order in which the shape counts them.
    pub(crate) holidays: Vec<&'a str>,
}

/// Numbers, in lists.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Shape(Vec<i64>);

impl Shape {
    fn push(&mut self, list: impl Iterator<Item = i64>) {
        self.0.extend(list);
        self.0.push(END);
    }
}

impl Canonical for AlikeKey<'_> {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        self.shape.encode(to);
        self.holidays.encode(to);
    }
}

impl Canonical for Shape {
    fn encode(&self, to: &mut Encoder) {
        // Two in one, since keys are many and long. An odd one is followed by none in both, or else the lengths differ.
        to.list(self.0.len());
        for two in self.0.chunks(2) {
            let (high, low) = two.iter().fold((0, 0), |(_, high), low| (high, i128::from(*low)));
            to.integer(high << i64::BITS | low & i128::from(u64::MAX));
        }
    }
}

impl<'a> AlikeKey<'a> {
    pub(crate) fn clear(&mut self) {
        self.shape.0.clear();
        self.holidays.clear();
    }

    /// The number by which the shape counts a holiday. Of two that are told alike nothing else is told, so they have one.
    fn number_of(&mut self, holiday: &'a str) -> i64 {
        let mut next = 0_i64;
        for known in &self.holidays {
            if *known == holiday {
                return next;
            }
            // No wrap: an index.
            next = next.wrapping_add(1);
        }
        self.holidays.push(holiday);
        next
    }
}

impl Plan {
    /// Adds to a key all on which the explanation of a span of whole days of UTC depends, and of the second before it. Nothing,
    /// if it lies at an end of what is covered: then it is like no other, and the answer is no.
    pub(crate) fn push_alike<'a>(&'a self, span: Interval, key: &mut AlikeKey<'a>) -> bool {
        let start = span.from().second();
        // What the clock showed before that shows no local time of the span.
        let from = start.minus(CLOCK_AROUND_S);
        let until = span.until().second().plus(CLOCK_AROUND_S);
        let covers = self.covers();
        if from <= covers.from().second() || covers.until().second() <= until {
            return false;
        }
        let clock = self.local.offsets_over(from, until);
        key.shape
            .push(clock.flat_map(|(at, offset)| [at.since(start), i64::from(offset)]));
        self.push_days(span, key);
        let at = Instant::nearest;
        for spans in [&self.added, &self.removed] {
            spans.push_over(Interval::clamped(at(from), at(until)), &mut key.shape);
        }
        true
    }

    /// What the local days are whose windows may reach into the span.
    fn push_days<'a>(&'a self, span: Interval, key: &mut AlikeKey<'a>) {
        let (start, before) = (span.from().second().day(), span.from().second().minus(1));
        let days = self
            .reach(Interval::clamped(Instant::nearest(before), span.until()))
            .days;
        let since = |day: EpochDay| day.since(start);
        // Which weekdays they are.
        let monday = start.start().week_start().day();
        key.shape.push(core::iter::once(since(monday)));
        let numbers = |(day, pattern)| [since(day), i64::from(pattern)];
        let weeks = &self.weeks;
        key.shape.push(weeks.runs_over(&days).flat_map(numbers));
        key.shape
            .push(weeks.runs_without_seasons_over(&days).flat_map(numbers));
        // What a season's last day has after midnight belongs to it: the day before the span is one of these.
        let (first, last) = (*days.start(), *days.end());
        let spells = self.spells_meeting(first..=last);
        key.shape.push(spells.flat_map(|spell| {
            let bounds = [since(spell.first.max(first)), since(spell.last.min(last))];
            bounds.into_iter().chain([i64::from(spell.place)])
        }));
        let holidays = self.holidays.iter();
        let holidays = holidays.skip(self.holidays.partition_point(|(day, _)| day < days.start()));
        for (day, name) in holidays.take_while(|(day, _)| day <= days.end()) {
            let number = key.number_of(&name.told);
            key.shape.0.extend([since(*day), number]);
        }
        key.shape.push(core::iter::empty());
        let overrides = self.overrides.iter();
        let overrides = overrides.skip(self.overrides.partition_point(|(day, _)| day < days.start()));
        let overrides = overrides.take_while(|(day, _)| day <= days.end());
        key.shape
            .push(overrides.flat_map(|(day, own)| [since(*day), i64::from(own.place)]));
    }
}

impl Spans {
    /// Those that have time of their own there: what begins earlier takes it from what begins later.
    fn push_over(&self, around: Interval, shape: &mut Shape) {
        let start = around.from().second();
        let since = |at: Instant| at.second().since(start);
        let mut reached = around.from();
        for named in self.reaching_into(around) {
            if reached >= around.until() {
                break;
            }
            let span = named.interval;
            if span.until() > reached {
                reached = span.until();
                let span = span.intersection(&around);
                let place = i64::from(named.place);
                shape.0.extend([since(span.from()), since(span.until()), place]);
            }
        }
        shape.push(core::iter::empty());
    }
}

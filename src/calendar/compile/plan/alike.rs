//! Everything on which the explanation of a week depends, seen from its start.
//!
//! This module owns which weeks are explained alike. It says so rather once too seldom: what it takes into a key may change
//! nothing. Which weeks have the same windows is left to `weeks`, and what the keys are for to whoever explains many weeks.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Plan, Spans};
use crate::calendar::terms::days::{SECONDS_PER_DAY, days_reaching};
use crate::calendar::terms::hours::Hours;
use crate::fingerprint::{Canonical, Encoder};
use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// How far around a week the clock and the one-off spans are looked at, in seconds. The windows of all days that reach into
/// it end so early, and what the clock showed before that shows no local time of the week.
const AROUND_S: i64 = 5 * SECONDS_PER_DAY;

/// Ends each list of a key. No number in a list is as low.
const END: i64 = i64::MIN;

/// Numbers that are equal where weeks are explained alike, but for their dates.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct WeekKey(Vec<i64>);

impl WeekKey {
    fn push(&mut self, list: impl Iterator<Item = i64>) {
        self.0.extend(list);
        self.0.push(END);
    }
}

impl Canonical for WeekKey {
    fn encode(&self, to: &mut Encoder) {
        to.list(self.0.len());
        self.0.iter().for_each(|number| to.integer(i128::from(*number)));
    }
}

/// Which weeks of some hours are explained alike.
pub(crate) struct AlikeWeeks<'a> {
    plan: &'a Plan,
    /// For each holiday the first that has its name: of a holiday nothing else is told.
    names: Vec<usize>,
}

impl<'a> AlikeWeeks<'a> {
    pub(crate) fn new(hours: &'a Hours, plan: &'a Plan) -> Self {
        let mut first = BTreeMap::new();
        let names = hours.holidays.iter().enumerate();
        let names = names.map(|(index, holiday)| *first.entry(holiday.name.as_str()).or_insert(index));
        Self {
            plan,
            names: names.collect(),
        }
    }

    /// Adds all on which the explanation of a week depends, and of the second before it. Nothing, if it lies at an end of what
    /// is covered: then it is like no other, and the answer is no.
    pub(crate) fn push(&self, week: Interval, key: &mut WeekKey) -> bool {
        let (plan, start) = (self.plan, week.from().second());
        let from = start.minus(AROUND_S);
        let until = week.until().second().plus(AROUND_S);
        let covers = plan.covers();
        if from <= covers.from().second() || covers.until().second() <= until {
            return false;
        }
        let clock = plan.local.offsets_over(from, until);
        key.push(clock.flat_map(|(at, offset)| [at.since(start), i64::from(offset)]));
        self.push_days(week, key);
        let at = Instant::nearest;
        for spans in [&plan.added, &plan.removed] {
            spans.push_over(Interval::clamped(at(from), at(until)), key);
        }
        true
    }

    /// What the local days are whose windows may reach into the week.
    fn push_days(&self, week: Interval, key: &mut WeekKey) {
        let (plan, start) = (self.plan, week.from().second().day());
        let before = week.from().second().minus(1);
        let days = days_reaching(Interval::clamped(Instant::nearest(before), week.until()));
        let since = |day: EpochDay| day.since(start);
        for runs in [
            plan.weeks.runs_over(&days),
            plan.weeks.runs_without_seasons_over(&days),
        ] {
            key.push(runs.flat_map(|(day, pattern)| [since(day), number(pattern)]));
        }
        // What a season's last day has after midnight belongs to it.
        let (first, last) = (days.start().minus(1), days.end().plus(1));
        let spells = plan.spells.iter();
        let spells = spells.skip(plan.spells.partition_point(|spell| spell.last < first));
        let spells = spells.take_while(|spell| spell.first <= last);
        key.push(spells.flat_map(|spell| {
            let bounds = [since(spell.first.max(first)), since(spell.last.min(last))];
            bounds.into_iter().chain([number(spell.season)])
        }));
        let holidays = plan.holidays.iter();
        let holidays = holidays.skip(plan.holidays.partition_point(|marked| marked.day < *days.start()));
        let holidays = holidays.take_while(|marked| marked.day <= *days.end());
        key.push(holidays.flat_map(|marked| {
            let name = self.names.get(marked.holiday).copied().unwrap_or(marked.holiday);
            [since(marked.day), number(name), i64::from(marked.is_observed)]
        }));
        let overrides = plan.overrides.iter();
        let overrides = overrides.skip(plan.overrides.partition_point(|(day, _)| day < days.start()));
        let overrides = overrides.take_while(|(day, _)| day <= days.end());
        key.push(overrides.flat_map(|(day, index)| [since(*day), number(*index)]));
    }
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

impl Spans {
    /// Those that have time of their own there: what begins earlier takes it from what begins later.
    fn push_over(&self, around: Interval, key: &mut WeekKey) {
        let start = around.from().second();
        let since = |at: Instant| at.second().since(start);
        let mut reached = around.from();
        for (span, index) in self.reaching_into(around) {
            if reached >= around.until() {
                break;
            }
            if span.until() > reached {
                reached = span.until();
                let span = span.intersection(&around);
                key.0
                    .extend([since(span.from()), since(span.until()), number(index)]);
            }
        }
        key.push(core::iter::empty());
    }
}

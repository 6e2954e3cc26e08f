//! What the fingerprint of a calendar is made of.
//!
//! This module owns which answers enter it, and how few weeks need to be explained for all of them. On what the explanation of
//! a week depends is left to `compile`, and how values are hashed to `fingerprint`.
//!
//! # Week by week
//!
//! What is explained is hashed by weeks of UTC, from the second before each on: where a stretch goes on over a week's start,
//! it is one stretch there, and else two. Each digest is of all that is told of its week, in seconds from that second, so the
//! digests in order tell as much as the whole explanation. Weeks with the same [`WeekKey`] have the same digest, and one of
//! them is explained; keys do not enter it, so that terms that change nothing do not.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::calendar::compile::compiled::Compiled;
use crate::calendar::compile::explain::{Stretch, StretchReason};
use crate::calendar::compile::plan::alike::{AlikeWeeks, WeekKey};
use crate::calendar::compile::weeks::week;
use crate::fingerprint::{Canonical, Encoder, Fingerprint, encode_text};
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

use super::calendar::Calendar;

impl Calendar {
    /// The business days, and how long a day is.
    fn encode_days(&self, to: &mut Encoder) {
        to.list(2);
        self.workdays().encode(to);
        match self.source().longest_days(self.workdays().days()) {
            Some(longest) => {
                // No wrap: a vector of fewer pairs.
                to.list(longest.len().wrapping_mul(2));
                for (day, length) in longest {
                    to.integer(i128::from(day.get()));
                    length.encode(to);
                }
            }
            None => to.nothing(),
        }
    }
}

impl Canonical for Calendar {
    fn encode(&self, to: &mut Encoder) {
        let covers = self.covers();
        to.list(8);
        covers.start().encode(to);
        covers.end().encode(to);
        // What is answered at the ends of it.
        to.list(4);
        encode_text(&self.before(), to);
        encode_text(&self.beyond(), to);
        encode_text(&self.no_open(), to);
        encode_text(&self.no_close(), to);
        self.assumed_from().encode(to);
        self.local().encode_over(covers, to);
        self.encode_days(to);
        ExplainedWeeks::of(&self.0).encode(to);
    }
}

/// All that is explained of a calendar, week by week.
pub(in crate::calendar) struct ExplainedWeeks {
    /// The digests of weeks that differ, in order of the first week of each.
    digests: Vec<Fingerprint>,
    /// For each week that is covered, the number of its digest.
    weeks: Vec<usize>,
    /// How many weeks were explained for it.
    pub(in crate::calendar) explained: usize,
}

impl ExplainedWeeks {
    pub(in crate::calendar) fn of(calendar: &Compiled) -> Self {
        let mut all = Self {
            digests: Vec::new(),
            weeks: Vec::new(),
            explained: 0,
        };
        let mut by_digest = BTreeMap::new();
        let mut numbered = |all: &mut Self, from: EpochSecond| {
            all.explained = all.explained.saturating_add(1);
            let digest = digest_of_week(calendar, from);
            let next = all.digests.len();
            let number = *by_digest.entry(digest).or_insert(next);
            if number == next {
                all.digests.push(digest);
            }
            number
        };
        let mut alike = KnownWeeks::new(calendar);
        let covers = calendar.coverage.span;
        let mut from = covers.from().second().week_start();
        // As far as instants go.
        while Instant::nearest(from) < covers.until() {
            let week = week(from);
            let number = alike.number(week, || numbered(&mut all, from));
            all.weeks.push(number);
            from = week.until().second();
        }
        all
    }

    /// The digest of each week, in order.
    #[cfg(all(test, feature = "chrono-tz"))]
    pub(in crate::calendar) fn each(&self) -> impl Iterator<Item = Option<Fingerprint>> + '_ {
        let digests = self.weeks.iter();
        digests.map(|number| self.digests.get(*number).copied())
    }
}

/// Of all that is told of a week, and of the second before it.
pub(in crate::calendar) fn digest_of_week(calendar: &Compiled, from: EpochSecond) -> Fingerprint {
    let second_before = Instant::nearest(from.minus(1));
    let asked = Interval::clamped(second_before, week(from).until());
    let stretches = calendar.explain(asked.intersection(&calendar.coverage.span));
    Fingerprint::of(&ExplainedWeek(&stretches))
}

impl Canonical for ExplainedWeeks {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        self.digests.encode(to);
        to.list(self.weeks.len());
        for number in &self.weeks {
            to.integer(i128::try_from(*number).unwrap_or(i128::MAX));
        }
    }
}

/// The stretches of a week, in order.
struct ExplainedWeek<'a>(&'a [Stretch]);

impl Canonical for ExplainedWeek<'_> {
    /// A reason stands where it is told first, and after that its number.
    fn encode(&self, to: &mut Encoder) {
        let start = self.0.first().map_or(Instant::MIN, |first| first.interval.from());
        let mut reasons: BTreeMap<&StretchReason, usize> = BTreeMap::new();
        to.list(self.0.len().saturating_mul(2));
        for Stretch { interval, reason } in self.0 {
            start.nanos_until(interval.until()).encode(to);
            let next = reasons.len();
            let number = *reasons.entry(reason).or_insert(next);
            if number == next {
                reason.encode(to);
            } else {
                to.integer(i128::try_from(number).unwrap_or(i128::MAX));
            }
        }
    }
}

/// The numbers of weeks that are known, by their keys.
struct KnownWeeks<'a> {
    /// The hours through all parts, each once.
    parts: Vec<AlikeWeeks<'a>>,
    /// By digest: of a composite of many parts, a key is long.
    known: BTreeMap<Fingerprint, usize>,
    /// That of the week before, if it has one, and its number: most weeks are like the one before.
    last: Option<(WeekKey, usize)>,
}

impl<'a> KnownWeeks<'a> {
    fn new(calendar: &'a Compiled) -> Self {
        let parts = calendar.with_parts().into_iter();
        Self {
            parts: parts.filter_map(|part| part.source.alike_weeks()).collect(),
            known: BTreeMap::new(),
            last: None,
        }
    }

    /// The number of a week; asked for, if no week is known that is like it.
    fn number(&mut self, week: Interval, ask: impl FnOnce() -> usize) -> usize {
        let mut key = WeekKey::default();
        if !self.parts.iter().all(|part| part.push(week, &mut key)) {
            return ask();
        }
        if let Some((_, number)) = self.last.as_ref().filter(|(last, _)| *last == key) {
            return *number;
        }
        let number = *self.known.entry(Fingerprint::of(&key)).or_insert_with(ask);
        self.last = Some((key, number));
        number
    }
}

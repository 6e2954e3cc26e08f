//! Local time of a calendar: what its zone's clock shows, and the instants that local times mean.
//!
//! This module owns the one map between both for a calendar, and the questions about it. The map itself is `zone`'s.

use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::error::QueryError;
use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{ClockFaces, LocalTime, OffsetTable};

use crate::calendar::Calendar;
use crate::calendar::terms::days::SECONDS_PER_DAY;

/// The zone's offsets over what a calendar covers and some days around it, and the rule for local times.
pub(crate) struct LocalMap {
    offsets: OffsetTable,
    rule: LocalTime,
}

impl LocalMap {
    pub(crate) fn new(offsets: OffsetTable, rule: LocalTime) -> Self {
        Self { offsets, rule }
    }

    pub(crate) fn rule(&self) -> LocalTime {
        self.rule
    }

    /// What the clock shows, for spans that only go forward.
    pub(crate) fn clocks(&self) -> ClockFaces<'_> {
        self.offsets.clocks()
    }

    /// The instants at which the clock goes forward, in seconds.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = i64> + '_ {
        self.offsets.gaps()
    }

    /// The second that a local second means. `None` after all that is known.
    pub(crate) fn instant_of(&self, local_s: i64) -> Option<i64> {
        self.offsets.instant_of(local_s, self.rule)
    }

    /// The local second that the clock shows. Not before all that is known.
    pub(crate) fn local_at(&self, at_s: i64) -> i64 {
        self.offsets.local_at(at_s).unwrap_or(at_s)
    }

    /// From one local second until another, as far as a span goes. One that a gap swallows is empty.
    pub(crate) fn between(&self, start_s: i64, end_s: i64, within: Interval) -> Interval {
        let instant_of = |local_s| {
            let at = self.instant_of(local_s);
            at.map_or(within.until(), Instant::clamped_from_seconds)
        };
        Interval::clamped(instant_of(start_s), instant_of(end_s)).intersection(&within)
    }

    /// A local day, as far as a span goes.
    pub(crate) fn day(&self, day: i64, within: Interval) -> Interval {
        let midnight = day.saturating_mul(SECONDS_PER_DAY);
        self.between(midnight, midnight.saturating_add(SECONDS_PER_DAY), within)
    }

    /// The days that lie in a span from their first instant to their last: the first of them, and the first after them.
    pub(crate) fn whole_days(&self, span: Interval) -> (i64, i64) {
        let (from, until) = (span.from().epoch_seconds(), span.until().epoch_seconds());
        let last = self.local_at(until.saturating_sub(1)).saturating_add(1);
        let first = self
            .local_at(from)
            .saturating_add(SECONDS_PER_DAY.saturating_sub(1))
            .div_euclid(SECONDS_PER_DAY);
        (first, last.div_euclid(SECONDS_PER_DAY).max(first))
    }

    /// All that answers about a span depend on.
    pub(crate) fn encode_over(&self, span: Interval, to: &mut Encoder) {
        let (from, until) = (span.from().epoch_seconds(), span.until().epoch_seconds());
        let segments: Vec<(i64, i32)> = self.offsets.over(from, until).collect();
        to.list(segments.len());
        for (start, offset) in &segments {
            to.integer(i128::from(*start));
            to.integer(i128::from(*offset));
        }
        // Without a gap the rules do not differ; of one at the end, one of them says its first instant.
        if self.gaps().any(|gap| from < gap && gap <= until) {
            self.rule.encode(to);
        } else {
            to.nothing();
        }
    }
}

impl Calendar {
    /// The date and time that the calendar's clock shows at an instant.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let local = desk.local_at("2026-07-01T03:30:00Z".parse()?)?;
    /// assert_eq!(local.to_string(), "2026-06-30 23:30:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local_at(&self, at: DateTime<Utc>) -> Result<NaiveDateTime, QueryError> {
        let at = self.known(Instant::new(at)?)?;
        let offset = self
            .local()
            .local_at(at.epoch_seconds())
            .saturating_sub(at.epoch_seconds());
        let shift = chrono::TimeDelta::try_seconds(offset).unwrap_or_default();
        let local = at.to_utc().naive_utc().checked_add_signed(shift);
        local.ok_or(QueryError::Overflow)
    }

    /// The date that the calendar's clock shows at an instant.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let date = desk.date_at("2026-07-01T03:30:00Z".parse()?)?; // 23:30
    /// assert_eq!(date.to_string(), "2026-06-30");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn date_at(&self, at: DateTime<Utc>) -> Result<NaiveDate, QueryError> {
        self.local_at(at).map(|local| local.date())
    }

    /// The instant that a local time means, by the calendar's rule for gaps and folds, to the nanosecond.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), of the instant that is the answer.
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// // 02:30 does not exist on 2026-03-29: the transition.
    /// let at = desk.instant_of("2026-03-29T02:30:00".parse()?)?;
    /// assert_eq!(at.to_rfc3339(), "2026-03-29T01:00:00+00:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn instant_of(&self, local: NaiveDateTime) -> Result<DateTime<Utc>, QueryError> {
        let utc = local.and_utc();
        self.instant_of_second(utc.timestamp(), utc.timestamp_subsec_nanos().into())
            .map(Instant::to_utc)
    }

    /// The instant that a local second of the clock means, in seconds since 1970, and nanoseconds after it.
    pub(crate) fn instant_of_second(&self, seconds: i64, nanos: u64) -> Result<Instant, QueryError> {
        // Local times before all that is known would map to its start.
        if seconds < self.local().local_at(self.covers().from().epoch_seconds()) {
            return Err(self.before());
        }
        let second = self.local().instant_of(seconds).ok_or_else(|| self.beyond())?;
        let at = Instant::from_seconds(second).ok_or_else(|| self.beyond())?;
        // In a gap the fraction would lead past the transition.
        let is_exact = nanos == 0
            || self.local().rule() == LocalTime::Compatible
            || self.local().local_at(second) == seconds;
        let at = at.checked_add(if is_exact { nanos } else { 0 })?;
        // A day may end where knowledge ends.
        if at <= self.covers().until() {
            Ok(at)
        } else {
            Err(self.beyond())
        }
    }
}

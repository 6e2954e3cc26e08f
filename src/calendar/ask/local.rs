//! Questions about local time: what a calendar's clock shows, and the instants that local times mean.
//!
//! This module owns the limits of what is known, for local times. The map itself is `compile::local`'s.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::error::QueryError;
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::zone::GapRule;

use super::calendar::Calendar;

impl Calendar {
    /// Returns the date and time that the calendar's clock shows at an instant.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example: evening in New York
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let local = desk.local_at("2026-07-01T03:30:00Z".parse()?)?;
    /// assert_eq!(local.to_string(), "2026-06-30 23:30:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local_at(&self, at: DateTime<Utc>) -> Result<NaiveDateTime, QueryError> {
        let at = self.known(Instant::new(at)?)?;
        let offset = self.local().local_at(at.second()).since(at.second());
        let shift = chrono::TimeDelta::try_seconds(offset);
        let local = shift.and_then(|shift| at.to_utc().naive_utc().checked_add_signed(shift));
        local.ok_or(QueryError::Overflow)
    }

    /// Returns the date that the calendar's clock shows at an instant.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example: still the day before
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

    /// Returns the instant that a local time means, by the calendar's rule for gaps and folds, to the nanosecond.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), of the instant that is the answer.
    ///
    /// # Example: a time that clocks skip
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
        self.instant_of_second(EpochSecond::shown_as(local), utc.timestamp_subsec_nanos().into())
            .map(Instant::to_utc)
    }

    /// The instant that a local second of the clock means, and nanoseconds after it.
    pub(super) fn instant_of_second(&self, local: EpochSecond, nanos: u64) -> Result<Instant, QueryError> {
        let from = self.covers().from().second();
        let second = self.local().instant_of(local).ok_or_else(|| self.beyond())?;
        // Local times before all that is known would map to its start.
        if second < from || second == from && self.local().is_before(local, from) {
            return Err(self.before());
        }
        let at = Instant::of_second(second).ok_or_else(|| self.beyond())?;
        // In a gap the fraction would lead past the transition.
        let is_exact = nanos == 0
            || self.local().rule() == GapRule::Compatible
            || self.local().local_at(second) == local;
        let at = at.checked_add(if is_exact { nanos } else { 0 })?;
        // A day may end where knowledge ends.
        if at <= self.covers().until() {
            Ok(at)
        } else {
            Err(self.beyond())
        }
    }
}

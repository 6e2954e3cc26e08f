//! The questions a calendar answers, for instants of chrono at the border and for checked instants inside the crate.
//!
//! This module owns the limits of what is known: a question beyond them gets an error, never a guess. The arithmetic is
//! `table`'s, the reasons are `explain`'s.

use chrono::{DateTime, Utc};

use crate::allowance::WorkingTime;
use crate::error::QueryError;
use crate::instant::Instant;
use crate::interval::{Interval, IntervalSet};

use super::Calendar;
use super::table::Stretch;

/// # Questions
///
/// Every question gets [`QueryError::BeyondCoverage`] after the last date for which holidays are known,
/// [`QueryError::BeyondZoneData`] past what the zone data knows, and the errors of an instant that is a leap second
/// or not from 1900 to 2200. An interval may end, and a deadline may lie, where knowledge ends.
impl Calendar {
    /// Whether service hours run at an instant. They do at their opening, and no longer at their close.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(desk.is_open("2026-03-02T08:00:00Z".parse().unwrap()), Ok(true)); // Monday 09:00
    /// assert_eq!(desk.is_open("2026-03-02T16:00:00Z".parse().unwrap()), Ok(false)); // Monday 17:00
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One or two look-ups, whatever the distance.
    pub fn is_open(&self, at: DateTime<Utc>) -> Result<bool, QueryError> {
        self.open_at(Instant::new(at)?)
    }

    /// The earliest instant at or after `at` at which service hours run: `at` itself if they do.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error beyond what is known also if no opening is known.
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let saturday = "2026-03-07T12:00:00Z".parse().unwrap();
    /// assert_eq!(desk.next_open(saturday).unwrap().to_rfc3339(), "2026-03-09T08:00:00+00:00");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One or two look-ups, whatever the distance.
    pub fn next_open(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, QueryError> {
        let stretch = self.table().stretch(self.known(Instant::new(at)?)?);
        let open = stretch.map(|stretch| stretch.from.to_utc());
        open.ok_or_else(|| self.beyond())
    }

    /// The earliest instant at or after `at` at which service hours do not run: `at` itself if they do not.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); [`QueryError::NeverCloses`] if the calendar is always open, and the error beyond
    /// what is known if no close is known.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, QueryError};
    ///
    /// let monday = "2026-03-02T12:00:00Z".parse().unwrap();
    /// let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(desk.next_close(monday).unwrap().to_rfc3339(), "2026-03-02T16:00:00+00:00");
    /// assert_eq!(Hours::always().compile()?.next_close(monday), Err(QueryError::NeverCloses));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One or two look-ups, whatever the distance.
    pub fn next_close(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, QueryError> {
        let from = self.known(Instant::new(at)?)?;
        match self.table().stretch(from).filter(|stretch| stretch.from == from) {
            None => Ok(at),
            Some(open) => self
                .known_end(&open)
                .map(Instant::to_utc)
                .ok_or_else(|| self.no_close()),
        }
    }

    /// The service hours from an instant until another.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T10:00:00Z".parse().unwrap());
    /// let open = desk.open_within(from, to).unwrap();
    /// let open: Vec<String> = open.iter().map(|window| window.to_string()).collect();
    /// assert_eq!(open, ["2026-03-06T16:00:00Z/2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z/2026-03-09T10:00:00Z"]);
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the windows returned, however far apart they are.
    pub fn open_within(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<IntervalSet, QueryError> {
        self.open_between(Interval::new(from, to)?)
    }

    /// How much working time passes from an instant until another. Exact to the nanosecond.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T16:00:00Z".parse().unwrap());
    /// // Friday from 11:00, and Monday until 12:00: the clocks went forward in between.
    /// assert_eq!(desk.elapsed(from, to), Ok(WorkingTime::hours(6 + 3)));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn elapsed(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<WorkingTime, QueryError> {
        self.elapsed_between(Instant::new(from)?, Instant::new(to)?)
    }

    /// The earliest instant at or after `from` until which `within` of working time has passed.
    ///
    /// It lands on a close, not on the opening after it. No working time at all gives `from`, open or closed.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error beyond what is known also if the result would lie there.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T15:00:00Z".parse().unwrap(); // 16:00
    /// let close = desk.deadline(friday, WorkingTime::hours(1)).unwrap();
    /// assert_eq!(close.to_rfc3339(), "2026-03-06T16:00:00+00:00");
    /// let monday = desk.deadline(friday, WorkingTime::hours(2)).unwrap();
    /// assert_eq!(monday.to_rfc3339(), "2026-03-09T09:00:00+00:00");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn deadline(&self, from: DateTime<Utc>, within: WorkingTime) -> Result<DateTime<Utc>, QueryError> {
        self.deadline_from(Instant::new(from)?, within)
            .map(Instant::to_utc)
    }

    #[inline]
    pub(crate) fn open_at(&self, at: Instant) -> Result<bool, QueryError> {
        Ok(self.table().is_open(self.known(at)?))
    }

    pub(crate) fn open_between(&self, asked: Interval) -> Result<IntervalSet, QueryError> {
        Ok(self.table().within(self.covered(asked)?))
    }

    #[inline]
    pub(crate) fn elapsed_between(&self, from: Instant, to: Instant) -> Result<WorkingTime, QueryError> {
        self.covered(Interval::between(from, to)?)?;
        let before = self.table().open_nanos_before(from);
        let after = self.table().open_nanos_before(to);
        Ok(WorkingTime::nanoseconds(after.saturating_sub(before)))
    }

    #[inline]
    pub(crate) fn deadline_from(&self, from: Instant, within: WorkingTime) -> Result<Instant, QueryError> {
        if from > self.covers().until() {
            return Err(self.beyond());
        }
        if within == WorkingTime::ZERO {
            return Ok(from);
        }
        let before = self.table().open_nanos_before(from);
        let wanted = before.saturating_add(within.as_nanoseconds());
        self.table().earliest_with(wanted).ok_or_else(|| self.beyond())
    }

    /// The first instant after `at` at which service hours start or stop; `None` if no change is known.
    pub(crate) fn next_boundary(&self, at: Instant) -> Result<Option<Instant>, QueryError> {
        let stretch = self.table().stretch(self.known(at)?);
        Ok(stretch.and_then(|stretch| {
            if stretch.from > at {
                Some(stretch.from)
            } else {
                self.known_end(&stretch)
            }
        }))
    }

    /// The end of a stretch, unless it only ends because nothing is known after it.
    fn known_end(&self, stretch: &Stretch) -> Option<Instant> {
        (stretch.until < self.covers().until()).then_some(stretch.until)
    }

    fn no_close(&self) -> QueryError {
        // Where only zone data ends, the rules say that it goes on; where holidays end, the next day may be one.
        if self.is_always_open() && self.holidays_end().is_none() {
            QueryError::NeverCloses
        } else {
            self.beyond()
        }
    }

    /// Refuses an instant about which nothing is known.
    #[inline]
    fn known(&self, at: Instant) -> Result<Instant, QueryError> {
        if at < self.covers().until() {
            Ok(at)
        } else {
            Err(self.beyond())
        }
    }

    /// Refuses an interval of which a part is not known.
    #[inline]
    pub(super) fn covered(&self, asked: Interval) -> Result<Interval, QueryError> {
        if asked.until() <= self.covers().until() {
            Ok(asked)
        } else {
            Err(self.beyond())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Hours;
    use crate::error::QueryError;
    use crate::instant::Instant;
    use crate::zone::ZoneData;

    #[test]
    fn next_boundary_is_after_the_instant_and_known() -> Result<(), alloc::boxed::Box<dyn core::error::Error>>
    {
        let hours = Hours::in_zone("UTC")
            .weekly("Mon 09:00-10:00,23:00-24:00")
            .known_until("2026-03-02"); // a Monday
        let calendar = hours.compile_with(&ZoneData::fixed_only())?;
        let boundaries = [
            ("2026-03-02T08:59:59.5Z", Some("2026-03-02T09:00:00Z")),
            ("2026-03-02T09:00:00Z", Some("2026-03-02T10:00:00Z")),
            ("2026-03-02T09:59:59.999999999Z", Some("2026-03-02T10:00:00Z")),
            ("2026-03-02T10:00:00Z", Some("2026-03-02T23:00:00Z")),
            // The window may go on: whether Tuesday is open is not known.
            ("2026-03-02T23:00:00Z", None),
        ];
        for (at, next) in boundaries {
            let next = next.map(Instant::parse).transpose()?;
            assert_eq!(calendar.next_boundary(Instant::parse(at)?), Ok(next), "{at}");
        }
        let end = calendar.next_boundary(Instant::parse("2026-03-03T00:00:00Z")?);
        assert!(matches!(end, Err(QueryError::BeyondCoverage { .. })));
        Ok(())
    }
}

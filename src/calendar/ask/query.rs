//! The questions a calendar answers, for instants of chrono at the border and for checked instants inside the crate.
//!
//! This module owns the limits of what is known: a question beyond them gets an error, never a guess. The arithmetic is
//! `table`'s, the reasons are `explain`'s; business days are `business`'s.

use core::iter::FusedIterator;

use chrono::{DateTime, Utc};

use crate::error::QueryError;
use crate::time::amount::WorkingTime;
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use crate::calendar::table::stretches::OpenSpan;

use super::calendar::Calendar;

/// # Questions
///
/// Every question gets [`QueryError::BeyondCoverage`] after the last date for which holidays are known,
/// [`QueryError::BeforeCoverage`] before the first of them, [`QueryError::BeyondZoneData`] past what the zone data
/// knows, [`QueryError::OutsideHorizon`] outside the horizon it was compiled for, and the errors of an instant that is
/// a leap second or not from 1900 to 2200. An interval may end, and a deadline may lie, where knowledge ends. A
/// question for hours that never run again by the rules gets [`QueryError::NeverOpens`], which costs no more than
/// another answer.
impl Calendar {
    /// Reports whether service hours run at an instant. They do at their opening, and no longer at their close.
    ///
    /// # Errors
    ///
    /// See [questions](#questions).
    ///
    /// # Example: open at the opening, closed at the close
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(desk.is_open("2026-03-02T08:00:00Z".parse().unwrap()), Ok(true)); // Monday 09:00
    /// assert_eq!(desk.is_open("2026-03-02T16:00:00Z".parse().unwrap()), Ok(false)); // Monday 17:00
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One or two look-ups, whatever the distance.
    pub fn is_open(&self, at: DateTime<Utc>) -> Result<bool, QueryError> {
        self.open_at(Instant::new(at)?)
    }

    /// Returns the earliest instant at or after `at` at which service hours run: `at` itself if they do.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error beyond what is known also if no opening is known.
    ///
    /// # Example: from a Saturday to Monday
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let saturday = "2026-03-07T12:00:00Z".parse().unwrap();
    /// assert_eq!(desk.next_open(saturday).unwrap().to_rfc3339(), "2026-03-09T08:00:00+00:00");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One or two look-ups, whatever the distance.
    pub fn next_open(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, QueryError> {
        let stretch = self.table().stretch(self.known(Instant::new(at)?)?);
        let open = stretch.map(|stretch| stretch.from.to_utc());
        open.ok_or_else(|| self.no_open())
    }

    /// Returns the earliest instant at or after `at` at which service hours do not run: `at` itself if they do not.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); [`QueryError::NeverCloses`] if hours run from then on for ever, and the error
    /// beyond what is known if no close is known.
    ///
    /// # Example: the end of a Monday
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::error::QueryError;
    ///
    /// let monday = "2026-03-02T12:00:00Z".parse().unwrap();
    /// let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(desk.next_close(monday).unwrap().to_rfc3339(), "2026-03-02T16:00:00+00:00");
    /// assert_eq!(Hours::always().compile()?.next_close(monday), Err(QueryError::NeverCloses));
    /// # Ok::<(), sla::error::Problems>(())
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

    /// Returns the last opening at or before an instant: `at` itself if service hours start then, when they started while they
    /// run, and when they last did while they do not. Windows that touch are one, so one that starts at a close is no opening.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error before what is known also if no opening is known: hours that run from where
    /// knowledge starts may have run before.
    ///
    /// # Example: since when the desk is open
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let previous = |at: &str| desk.previous_open(at.parse().unwrap()).unwrap().to_rfc3339();
    /// assert_eq!(previous("2026-03-02T12:00:00Z"), "2026-03-02T09:00:00+00:00"); // a Monday
    /// assert_eq!(previous("2026-03-02T09:00:00Z"), "2026-03-02T09:00:00+00:00");
    /// assert_eq!(previous("2026-03-02T08:59:59Z"), "2026-02-27T09:00:00+00:00"); // Friday
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Three or four look-ups, whatever the distance.
    pub fn previous_open(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, QueryError> {
        let open = self.table().previous_open(self.known(Instant::new(at)?)?);
        let open = open.and_then(|from| self.known_start(from));
        open.map(Instant::to_utc).ok_or_else(|| self.before())
    }

    /// Returns the last close at or before an instant: `at` itself if service hours end then, and when they last ended, whether
    /// they run at `at` or not.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error before what is known also if no close is known.
    ///
    /// # Example: for how long the desk is closed
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let previous = |at: &str| desk.previous_close(at.parse().unwrap()).unwrap().to_rfc3339();
    /// assert_eq!(previous("2026-03-02T20:00:00Z"), "2026-03-02T17:00:00+00:00"); // a Monday
    /// assert_eq!(previous("2026-03-02T17:00:00Z"), "2026-03-02T17:00:00+00:00");
    /// assert_eq!(previous("2026-03-02T12:00:00Z"), "2026-02-27T17:00:00+00:00"); // Friday
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Three or four look-ups, whatever the distance.
    pub fn previous_close(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, QueryError> {
        let close = self.table().previous_close(self.known(Instant::new(at)?)?);
        close.map(Instant::to_utc).ok_or_else(|| self.before())
    }

    /// Returns the service hours from an instant until another.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example: over a weekend
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T10:00:00Z".parse().unwrap());
    /// let open = desk.open_within(from, to).unwrap();
    /// let open: Vec<String> = open.iter().map(|window| window.to_string()).collect();
    /// assert_eq!(open, ["2026-03-06T16:00:00Z/2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z/2026-03-09T10:00:00Z"]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the windows returned, however far apart they are.
    pub fn open_within(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<IntervalSet, QueryError> {
        self.open_between(Interval::new(from, to)?)
    }

    /// Measures the working time from an instant until another. Exact to the nanosecond.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example: over a weekend on which clocks change
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T16:00:00Z".parse().unwrap());
    /// // Friday from 11:00, and Monday until 12:00: the clocks went forward in between.
    /// assert_eq!(desk.elapsed(from, to), Ok(WorkingTime::hours(6 + 3)));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn elapsed(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<WorkingTime, QueryError> {
        self.elapsed_between(Instant::new(from)?, Instant::new(to)?)
    }

    /// Returns the earliest instant at or after `from` until which `within` of working time has passed.
    ///
    /// It lands on a close, not on the opening after it. No working time at all gives `from`, open or closed.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); the error beyond what is known also if the result would lie there.
    ///
    /// # Example: one hour and two, late on a Friday
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
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn deadline(&self, from: DateTime<Utc>, within: WorkingTime) -> Result<DateTime<Utc>, QueryError> {
        self.deadline_from(Instant::new(from)?, within)
            .map(Instant::to_utc)
    }

    /// Returns the earliest instant at which somebody can act on [`Calendar::deadline`]: as it, but an instant at which
    /// hours run. Where the deadline is a close, that is the next opening; and with no working time at all, the next
    /// opening too, unless hours run at `from`.
    ///
    /// # Errors
    ///
    /// As [`Calendar::deadline`].
    ///
    /// # Example: after the close comes the next opening
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T16:00:00Z".parse().unwrap();
    /// let hour = WorkingTime::hours(1);
    /// assert_eq!(desk.deadline(friday, hour).unwrap().to_rfc3339(), "2026-03-06T17:00:00+00:00");
    /// assert_eq!(desk.next_action(friday, hour).unwrap().to_rfc3339(), "2026-03-09T09:00:00+00:00");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn next_action(&self, from: DateTime<Utc>, within: WorkingTime) -> Result<DateTime<Utc>, QueryError> {
        let from = self.known(Instant::new(from)?)?;
        let before = self.table().open_nanos_before(from);
        // Saturates on purpose: more than all that is open is more, however much.
        let wanted = before.saturating_add(within.as_nanoseconds());
        let found = self.table().nth_open(wanted);
        found.map(Instant::to_utc).ok_or_else(|| self.no_open())
    }

    /// Returns the latest instant at or before `due` from which on `within` of working time is left until `due`: when work must
    /// start to be done in time. The mirror of [`Calendar::deadline`]: it lands on an opening, not on the close before it,
    /// and no working time at all gives `due`.
    ///
    /// # Errors
    ///
    /// See [questions](#questions); [`QueryError::OutsideHorizon`] also if less is known before `due`.
    ///
    /// # Example: start on Monday, or on Friday
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let monday = "2026-03-09T10:00:00Z".parse().unwrap();
    /// let start = |hours| desk.latest_start(monday, WorkingTime::hours(hours)).unwrap().to_rfc3339();
    /// assert_eq!(start(1), "2026-03-09T09:00:00+00:00");
    /// assert_eq!(start(2), "2026-03-06T16:00:00+00:00");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups, whatever the distance.
    pub fn latest_start(&self, due: DateTime<Utc>, within: WorkingTime) -> Result<DateTime<Utc>, QueryError> {
        let due = self.not_beyond(Instant::new(due)?)?;
        self.latest_start_before(due, within).map(Instant::to_utc)
    }

    pub(crate) fn latest_start_before(
        &self,
        due: Instant,
        within: WorkingTime,
    ) -> Result<Instant, QueryError> {
        if within == WorkingTime::ZERO {
            return Ok(due);
        }
        let before = self.table().open_nanos_before(due);
        let wanted = before.checked_sub(within.as_nanoseconds());
        let found = wanted.and_then(|wanted| self.table().nth_open(wanted));
        found.ok_or_else(|| self.before())
    }

    /// Returns the stretches of service hours from an instant on, one after another. The first starts at `from` if
    /// hours run then. Windows that touch are one stretch. What ends the iteration is told by its last item, an error.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), of `from`. The last item is [`QueryError::NeverOpens`], [`QueryError::NeverCloses`] or
    /// the error beyond what is known.
    ///
    /// # Example: the next two stretches
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T12:00:00Z".parse().unwrap();
    /// let next: Vec<String> =
    ///     desk.open_from(friday).unwrap().take(2).map(|open| open.unwrap().to_string()).collect();
    /// assert_eq!(next, ["2026-03-06T12:00:00Z/2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z/2026-03-09T17:00:00Z"]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each stretch.
    pub fn open_from(&self, from: DateTime<Utc>) -> Result<OpenStretches<'_>, QueryError> {
        Ok(OpenStretches {
            calendar: self,
            from: Some(self.known(Instant::new(from)?)?),
        })
    }

    /// Returns the stretches of service hours until an instant, the last first: the mirror of [`Calendar::open_from`]. The
    /// first one ends at `until` if hours run right before it. What ends the iteration is told by its last item, an error.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), of `until`, which may be where knowledge ends. The last item is the error before what is
    /// known.
    ///
    /// # Example: the last two working days
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let monday = "2026-03-09T12:00:00Z".parse().unwrap();
    /// let last: Vec<String> =
    ///     desk.open_before(monday).unwrap().take(2).map(|open| open.unwrap().to_string()).collect();
    /// assert_eq!(last, ["2026-03-09T09:00:00Z/2026-03-09T12:00:00Z", "2026-03-06T09:00:00Z/2026-03-06T17:00:00Z"]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Three or four look-ups for each stretch.
    pub fn open_before(&self, until: DateTime<Utc>) -> Result<EarlierStretches<'_>, QueryError> {
        Ok(EarlierStretches {
            calendar: self,
            until: Some(self.not_beyond(Instant::new(until)?)?),
        })
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
        // No wrap: no less is open before a later instant.
        Ok(WorkingTime::nanoseconds(after.wrapping_sub(before)))
    }

    #[inline]
    pub(crate) fn deadline_from(&self, from: Instant, within: WorkingTime) -> Result<Instant, QueryError> {
        self.not_beyond(from)?;
        if within == WorkingTime::ZERO {
            return Ok(from);
        }
        let before = self.table().open_nanos_before(from);
        // Saturates on purpose: more than all that is open is more, however much.
        let wanted = before.saturating_add(within.as_nanoseconds());
        self.table().earliest_with(wanted).ok_or_else(|| self.no_open())
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

    /// Reports whether all is known up to an instant and nothing from it on. An interval may end there.
    pub(crate) fn is_known_through(&self, at: Instant) -> bool {
        let covers = self.covers();
        covers.from() < at && at == covers.until()
    }

    /// The end of a stretch, unless it only ends because nothing is known after it.
    fn known_end(&self, stretch: &OpenSpan) -> Option<Instant> {
        (stretch.until < self.covers().until()).then_some(stretch.until)
    }

    /// The start of a stretch, unless it only starts because nothing is known before it.
    fn known_start(&self, from: Instant) -> Option<Instant> {
        (self.covers().from() < from).then_some(from)
    }

    /// Refuses an instant about which nothing is known.
    #[inline]
    pub(crate) fn known(&self, at: Instant) -> Result<Instant, QueryError> {
        if at < self.covers().until() {
            self.not_beyond(at)
        } else {
            Err(self.beyond())
        }
    }

    /// Refuses an instant before or after all that is known. Where knowledge ends an interval may end.
    #[inline]
    fn not_beyond(&self, at: Instant) -> Result<Instant, QueryError> {
        let covers = self.covers();
        if at < covers.from() {
            Err(self.before())
        } else if at > covers.until() {
            Err(self.beyond())
        } else {
            Ok(at)
        }
    }

    /// Refuses an interval of which a part is not known.
    #[inline]
    pub(crate) fn covered(&self, asked: Interval) -> Result<Interval, QueryError> {
        self.not_beyond(asked.from())?;
        self.not_beyond(asked.until())?;
        Ok(asked)
    }
}

/// The stretches of service hours from an instant on: see [`Calendar::open_from`].
///
/// # Example: until what is known ends
///
/// ```
/// use sla::Hours;
/// use sla::error::QueryError;
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_through("2026-03-06").compile()?; // a Friday
/// let mut open = desk.open_from("2026-03-05T12:00:00Z".parse().unwrap()).unwrap();
/// assert_eq!(open.next().unwrap().unwrap().to_string(), "2026-03-05T12:00:00Z/2026-03-05T17:00:00Z");
/// assert_eq!(open.next().unwrap().unwrap().to_string(), "2026-03-06T09:00:00Z/2026-03-06T17:00:00Z");
/// assert!(matches!(open.next(), Some(Err(QueryError::BeyondCoverage { .. }))));
/// assert_eq!(open.next(), None);
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct OpenStretches<'a> {
    calendar: &'a Calendar,
    /// Where to go on; nothing after the end was told.
    from: Option<Instant>,
}

impl Iterator for OpenStretches<'_> {
    type Item = Result<Interval, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        let calendar = self.calendar;
        let stretch = calendar.table().stretch(self.from.take()?);
        let Some(stretch) = stretch else {
            return Some(Err(calendar.no_open()));
        };
        let Some(until) = calendar.known_end(&stretch) else {
            return Some(Err(calendar.no_close()));
        };
        self.from = Some(until);
        Some(Ok(Interval::clamped(stretch.from, until)))
    }
}

impl FusedIterator for OpenStretches<'_> {}

/// The stretches of service hours until an instant, the last first: see [`Calendar::open_before`].
///
/// # Example: back to the first date of which anything is known
///
/// ```
/// use sla::Hours;
/// use sla::error::QueryError;
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_from("2026-03-06").compile()?; // a Friday
/// let mut open = desk.open_before("2026-03-09T12:00:00Z".parse().unwrap()).unwrap();
/// assert_eq!(open.next().unwrap().unwrap().to_string(), "2026-03-09T09:00:00Z/2026-03-09T12:00:00Z");
/// assert_eq!(open.next().unwrap().unwrap().to_string(), "2026-03-06T09:00:00Z/2026-03-06T17:00:00Z");
/// assert!(matches!(open.next(), Some(Err(QueryError::BeforeCoverage { .. }))));
/// assert_eq!(open.next(), None);
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct EarlierStretches<'a> {
    calendar: &'a Calendar,
    /// Where to go on; nothing after the start was told.
    until: Option<Instant>,
}

impl EarlierStretches<'_> {
    /// The last stretch that starts before an instant, as far as it lies before it.
    fn last_before(&self, until: Instant) -> Option<Interval> {
        let calendar = self.calendar;
        let close = calendar.table().last_open_until(until)?;
        let open = calendar.table().start_before(close)?;
        let open = calendar.known_start(open)?;
        Some(Interval::clamped(open, close))
    }
}

impl Iterator for EarlierStretches<'_> {
    type Item = Result<Interval, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        let until = self.until.take()?;
        let Some(stretch) = self.last_before(until) else {
            return Some(Err(self.calendar.before()));
        };
        self.until = Some(stretch.from());
        Some(Ok(stretch))
    }
}

impl FusedIterator for EarlierStretches<'_> {}

#[cfg(test)]
mod tests {
    use crate::calendar::terms::hours::Hours;
    use crate::error::QueryError;
    use crate::time::instant::Instant;
    use crate::zone::ZoneData;

    #[test]
    fn next_boundary_is_after_the_instant_and_known() -> Result<(), alloc::boxed::Box<dyn core::error::Error>>
    {
        let hours = Hours::in_zone("UTC")
            .weekly("Mon 09:00-10:00,23:00-24:00")
            .known_through("2026-03-02"); // a Monday
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

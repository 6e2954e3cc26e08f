//! Business days: how many, which, and what is due after some of them in each meaning in use.
//!
//! This module owns what a number of business days means from an instant. Which dates are business days is left to
//! `workdays`, where hours lie to `table`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};

use crate::error::QueryError;
use crate::time::allowance::{Allowance, BusinessDays, DayMeaning, WorkingTime};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::time::time_of_day::TimeOfDay;

use crate::calendar::terms::days::{SECONDS_PER_DAY, date_of_day, epoch_day};

use super::calendar::Calendar;

/// Which way business days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toward {
    Later,
    Earlier,
}

/// # Business days
///
/// A business day is a local date on which service hours begin: on which a window of that date runs, as far as holidays and
/// overrides leave it. A date into which only the previous night's window reaches is none. Of a composite see
/// [`Composite`](crate::Composite).
///
/// Questions about dates get the errors of [questions](#questions) for dates that are not known as a whole. Each is a look-up
/// or two, and finding the n-th business day a binary search over words of 64 days, at any distance.
impl Calendar {
    /// Whether a date is a business day.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days).
    ///
    /// # Example
    ///
    /// ```
    /// let night = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 22:00-06:00").compile()?;
    /// assert_eq!(night.is_business_day("2026-03-06".parse()?), Ok(true)); // Friday
    /// assert_eq!(night.is_business_day("2026-03-07".parse()?), Ok(false)); // open until six, but nothing begins
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, QueryError> {
        let day = epoch_day(date);
        self.workdays().contains(day).ok_or_else(|| self.unknown_day(day))
    }

    /// The n-th business day after a date; the date itself for none.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06".parse()?;
    /// assert_eq!(desk.add_business_days(friday, 1)?.to_string(), "2026-03-09");
    /// assert_eq!(desk.subtract_business_days("2026-03-09".parse()?, 1)?, friday);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_business_days(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, QueryError> {
        let day = epoch_day(date);
        let earlier = self.business_days_until(day.saturating_add(1))?;
        let Some(number) = days.checked_sub(1) else {
            return Ok(date);
        };
        let found = earlier
            .checked_add(number)
            .and_then(|number| self.workdays().nth(number));
        found.map(date_of_day).ok_or_else(|| self.no_open())
    }

    /// The n-th business day before a date; the date itself for none.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days); [`QueryError::OutsideHorizon`] also if fewer are known before it.
    ///
    /// # Example
    ///
    /// See [`Calendar::add_business_days`].
    pub fn subtract_business_days(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, QueryError> {
        let earlier = self.business_days_until(epoch_day(date))?;
        if days == 0 {
            return Ok(date);
        }
        let found = earlier
            .checked_sub(days)
            .and_then(|number| self.workdays().nth(number));
        found.map(date_of_day).ok_or_else(|| self.before())
    }

    /// How many business days there are from a date until before another.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days), and [`QueryError::ReversedDates`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").holiday("05-01", "Labour Day")
    ///     .compile()?;
    /// assert_eq!(desk.business_days_between("2026-05-01".parse()?, "2026-06-01".parse()?), Ok(20));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, QueryError> {
        if to < from {
            return Err(QueryError::ReversedDates { from, to });
        }
        let before = self.business_days_until(epoch_day(from))?;
        let after = self.business_days_until(epoch_day(to))?;
        Ok(after.saturating_sub(before))
    }

    /// How much working time the longest weekday has by the week that holds on a date, whatever clocks and holidays do
    /// around it: what [`DayMeaning::DayLength`] counts.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days); [`QueryError::NoDayLength`] for a composite, which has no week of its own.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let shop = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-12:00,13:00-17:00").weekly("Sat 10:00-14:00").compile()?;
    /// assert_eq!(shop.day_length("2026-03-07".parse()?), Ok(WorkingTime::hours(7)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day_length(&self, on: NaiveDate) -> Result<WorkingTime, QueryError> {
        let day = epoch_day(on);
        let length = self.source().longest_day(day).ok_or(QueryError::NoDayLength)?;
        self.business_days_until(day)?; // refuses dates that are not known
        Ok(length)
    }

    /// When something is due that may take so many business days from an instant.
    ///
    /// No days at all are due at the start. At the end of a day, at a time of day, or where hours must run, that is the next
    /// such moment to come: that of the date itself, or of the next business day if it is over.
    ///
    /// # Errors
    ///
    /// See [questions](#questions) and [business days](#business-days); [`QueryError::NoDayLength`].
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{BusinessDays, DayMeaning, Hours};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T11:30:00Z".parse()?;
    /// let due = |meaning| desk.deadline_in_days(friday, BusinessDays::new(1, meaning)).map(|due| due.to_rfc3339());
    /// assert_eq!(due(DayMeaning::SameTime)?, "2026-03-09T11:30:00+00:00"); // Monday
    /// assert_eq!(due(DayMeaning::EndOfDay)?, "2026-03-09T17:00:00+00:00");
    /// assert_eq!(due(DayMeaning::At("10:00".parse()?))?, "2026-03-09T10:00:00+00:00");
    /// assert_eq!(due(DayMeaning::DayLength)?, "2026-03-09T11:30:00+00:00"); // eight working hours
    /// assert_eq!(due(DayMeaning::ScheduleHours)?, "2026-03-11T11:30:00+00:00"); // 24 of them
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn deadline_in_days(
        &self,
        from: DateTime<Utc>,
        days: BusinessDays,
    ) -> Result<DateTime<Utc>, QueryError> {
        self.deadline_in_days_from(Instant::new(from)?, days)
            .map(Instant::to_utc)
    }

    /// The mirror of [`Calendar::deadline_in_days`]: so many business days before an instant. A cut-off says when something
    /// is received, so there is none.
    ///
    /// At the end of a day, or at a time of day, means that of the n-th business day before. For no days at all it is the
    /// moment of the date itself, or of the business day before it if it has not come. Working time is counted as by
    /// [`Calendar::latest_start`]. A next opening that would lie after `due` is `due` itself.
    ///
    /// # Errors
    ///
    /// As [`Calendar::deadline_in_days`]; [`QueryError::OutsideHorizon`] also if fewer days are known before it.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{DayMeaning, Hours};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let expiry = "2026-03-09T11:30:00Z".parse()?; // Monday
    /// let start = desk.start_in_days(expiry, 5, DayMeaning::SameTime)?;
    /// assert_eq!(start.to_rfc3339(), "2026-03-02T11:30:00+00:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start_in_days(
        &self,
        due: DateTime<Utc>,
        days: u32,
        meaning: DayMeaning,
    ) -> Result<DateTime<Utc>, QueryError> {
        let due = self.known(Instant::new(due)?)?;
        let local = self.local_time_of(due)?;
        let start = match self.working_time(local.date(), days, meaning)? {
            Some(within) => self.latest_start_before(due, within)?,
            None => self.days_away(due, days, meaning, Toward::Earlier)?,
        };
        Ok(start.to_utc())
    }

    /// When something is due that is granted an allowance from an instant. `None` for best effort.
    ///
    /// # Errors
    ///
    /// As [`Calendar::deadline`] and [`Calendar::deadline_in_days`].
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Allowance, Hours, WallTime, WorkingTime};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T16:00:00Z".parse()?;
    /// let due = |allowance| desk.due(friday, allowance).map(|due| due.map(|due| due.to_rfc3339()));
    /// assert_eq!(due(Allowance::Working(WorkingTime::hours(2)))?.as_deref(), Some("2026-03-09T10:00:00+00:00"));
    /// assert_eq!(due(Allowance::Wall(WallTime::hours(2)))?.as_deref(), Some("2026-03-06T18:00:00+00:00"));
    /// assert_eq!(due(Allowance::BestEffort)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn due(&self, from: DateTime<Utc>, within: Allowance) -> Result<Option<DateTime<Utc>>, QueryError> {
        let from = Instant::new(from)?;
        let due = match within {
            Allowance::Working(time) => self.deadline_from(from, time)?,
            Allowance::Wall(time) => from.checked_add(time.as_nanoseconds())?,
            Allowance::BusinessDays(days) => self.deadline_in_days_from(from, days)?,
            Allowance::Fixed(at) => Instant::new(at)?,
            Allowance::BestEffort => return Ok(None),
        };
        Ok(Some(due.to_utc()))
    }

    pub(crate) fn deadline_in_days_from(
        &self,
        from: Instant,
        days: BusinessDays,
    ) -> Result<Instant, QueryError> {
        let received = self.received(self.known(from)?, days.cut_off)?;
        let local = self.local_time_of(received)?;
        let (count, meaning) = (days.days, days.meaning);
        if let Some(within) = self.working_time(local.date(), count, meaning)? {
            return self.deadline_from(received, within);
        }
        self.days_away(received, count, meaning, Toward::Later)
    }

    /// The moment that a meaning names, so many business days from an instant.
    fn days_away(
        &self,
        start: Instant,
        days: u32,
        meaning: DayMeaning,
        toward: Toward,
    ) -> Result<Instant, QueryError> {
        let local = self.local_time_of(start)?;
        let moment = |days| {
            let date = match toward {
                Toward::Later => self.add_business_days(local.date(), days),
                Toward::Earlier => self.subtract_business_days(local.date(), days),
            }?;
            self.on_day(date, start, local, meaning)
        };
        // The date itself is asked for its moment only if it has one: before the first hours there is no close.
        if days == 0 && self.is_moment_of(local.date(), meaning)? {
            let at = moment(0)?;
            let is_ahead = match toward {
                Toward::Later => start <= at,
                Toward::Earlier => at <= start,
            };
            if is_ahead {
                return Ok(at);
            }
        }
        // No days at all: today is no business day, or its moment lies on the other side.
        let at = moment(days.max(1))?;
        // The opening next to an earlier day may be the one after `start`.
        Ok(if toward == Toward::Earlier {
            at.min(start)
        } else {
            at
        })
    }

    /// Whether a moment on a date may be the answer for no days at all: it may be any date's for the same time, and only a
    /// business day's for the others.
    fn is_moment_of(&self, date: NaiveDate, meaning: DayMeaning) -> Result<bool, QueryError> {
        match meaning {
            DayMeaning::EndOfDay | DayMeaning::At(_) => self.is_business_day(date),
            _ => Ok(true),
        }
    }

    /// When something counts as received that came in at an instant.
    fn received(&self, at: Instant, cut_off: Option<TimeOfDay>) -> Result<Instant, QueryError> {
        let Some(cut_off) = cut_off else {
            return Ok(at);
        };
        let local = self.local_time_of(at)?;
        let in_time = local.time().num_seconds_from_midnight() < cut_off.seconds();
        if in_time && self.is_business_day(local.date())? {
            return Ok(at);
        }
        let next = self.day_of(self.add_business_days(local.date(), 1)?);
        // Hours run on a business day.
        let stretch = self.table().stretch(next.from());
        stretch.map(|stretch| stretch.from).ok_or_else(|| self.no_open())
    }

    /// The working time that days stand for, in the meanings in which they do.
    fn working_time(
        &self,
        on: NaiveDate,
        days: u32,
        meaning: DayMeaning,
    ) -> Result<Option<WorkingTime>, QueryError> {
        let of_one = match meaning {
            DayMeaning::ScheduleHours => WorkingTime::hours(24),
            DayMeaning::DayLength => self.day_length(on)?,
            _ => return Ok(None),
        };
        let nanos = of_one.as_nanoseconds().saturating_mul(days.into());
        Ok(Some(WorkingTime::nanoseconds(nanos)))
    }

    /// The moment of a date that a meaning names, for something that started at an instant.
    fn on_day(
        &self,
        date: NaiveDate,
        start: Instant,
        local: NaiveDateTime,
        meaning: DayMeaning,
    ) -> Result<Instant, QueryError> {
        let same_time = || {
            // Where the time is shown twice, the start itself may be the second.
            if date == local.date() {
                Ok(start)
            } else {
                self.instant_of_local(date.and_time(local.time()))
            }
        };
        match meaning {
            DayMeaning::EndOfDay => self.last_close(self.day_of(date).until()),
            DayMeaning::At(time) => self.at_time(date, time),
            DayMeaning::SameTimeOrNextOpening => {
                let stretch = self.table().stretch(same_time()?);
                stretch.map(|stretch| stretch.from).ok_or_else(|| self.no_open())
            }
            DayMeaning::SameTimeOrLastClose => {
                let at = same_time()?;
                let day = self.day_of(date);
                let ran = self.table().open_nanos_before(day.from()) < self.table().open_nanos_before(at);
                if ran && !self.table().is_open(at) {
                    self.last_close(at)
                } else {
                    Ok(at)
                }
            }
            DayMeaning::SameTime | DayMeaning::ScheduleHours | DayMeaning::DayLength => same_time(),
        }
    }

    fn at_time(&self, date: NaiveDate, time: TimeOfDay) -> Result<Instant, QueryError> {
        let seconds = epoch_day(date)
            .saturating_mul(SECONDS_PER_DAY)
            .saturating_add(time.seconds().into());
        let local = DateTime::from_timestamp(seconds, 0).ok_or(QueryError::Overflow)?;
        self.instant_of_local(local.naive_utc())
    }

    /// The last instant at or before `at` at which hours ended, or until which they run.
    fn last_close(&self, at: Instant) -> Result<Instant, QueryError> {
        let before = self.table().open_nanos_before(at);
        self.table().earliest_with(before).ok_or_else(|| self.before())
    }

    fn local_time_of(&self, at: Instant) -> Result<NaiveDateTime, QueryError> {
        self.local_at(at.to_utc())
    }

    fn day_of(&self, date: NaiveDate) -> Interval {
        self.local().day(epoch_day(date), self.covers())
    }

    fn business_days_until(&self, day: i64) -> Result<u32, QueryError> {
        self.workdays().before(day).ok_or_else(|| self.unknown_day(day))
    }

    #[cold]
    fn unknown_day(&self, day: i64) -> QueryError {
        let (first, _) = self.workdays().days();
        if day < first { self.before() } else { self.beyond() }
    }
}

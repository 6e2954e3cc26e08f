//! Business days: how many, which, and what is due after some of them in each meaning in use.
//!
//! This module owns what a number of business days means from an instant. Which dates are business days is left to
//! `workdays`, where hours lie to `table`.

use core::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::terms::cut_off::cut_off_on;
use crate::error::QueryError;
use crate::time::allowance::Allowance;
use crate::time::amount::WorkingTime;
use crate::time::business_days::{BusinessDays, CutOff, DayMeaning};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::Interval;

use super::calendar::Calendar;

/// Which way business days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toward {
    Later,
    Earlier,
}

/// A holiday on one of its days: see [`Calendar::holiday_on`].
///
/// # Example: a holiday on its own date
///
/// ```
/// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").holiday("1 May", "Labour Day").compile()?;
/// let holiday = desk.holiday_on("2026-05-01".parse()?)?.unwrap();
/// assert_eq!((holiday.name, holiday.is_observed), ("Labour Day", false));
/// assert_eq!(holiday.to_string(), "Labour Day");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct HolidayOn<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is observed on the day, which is not its own date.
    pub is_observed: bool,
}

/// `Boxing Day (observed)`, as explanations tell it.
impl fmt::Display for HolidayOn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        f.write_str(if self.is_observed { " (observed)" } else { "" })
    }
}

/// # Business days
///
/// A business day is a local date on which service hours begin: on which a window of that date runs, as far as holidays and
/// overrides leave it. A date into which only the previous night's window reaches is none. Of a composite see
/// [`Composite`](crate::calendar::Composite).
///
/// Questions about dates get the errors of [questions](#questions) for dates that are not known as a whole. Each is a look-up
/// or two, and finding the n-th business day a binary search over words of 64 days, at any distance.
impl Calendar {
    /// Reports whether a date is a business day.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days).
    ///
    /// # Example: a night shift belongs to the day it begins on
    ///
    /// ```
    /// let night = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 22:00-06:00").compile()?;
    /// assert_eq!(night.is_business_day("2026-03-06".parse()?), Ok(true)); // Friday
    /// assert_eq!(night.is_business_day("2026-03-07".parse()?), Ok(false)); // open until six, but nothing begins
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, QueryError> {
        self.is_workday(EpochDay::of_date(date))
    }

    /// Returns the holiday on a date, also where an override gives the date hours of its own. Of several, the first that the
    /// terms list is named.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days); [`QueryError::NoHolidays`] for a composite, which has none of its own.
    ///
    /// # Example: Boxing Day, and when it is observed
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .observed_holiday("26 Dec", "Boxing Day", &["Sat,Sun to next Mon"])
    ///     .compile()?;
    /// let monday = desk.holiday_on("2026-12-28".parse()?)?;
    /// assert_eq!(monday.map(|holiday| (holiday.name, holiday.is_observed)), Some(("Boxing Day", true)));
    /// assert_eq!(desk.holiday_on("2026-12-26".parse()?)?, None); // a Saturday: it moves
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn holiday_on(&self, date: NaiveDate) -> Result<Option<HolidayOn<'_>>, QueryError> {
        let day = EpochDay::of_date(date);
        let plan = self.source().plan().ok_or(QueryError::NoHolidays)?;
        self.is_workday(day)?; // refuses dates that are not known
        let found = plan.named_holiday_on(day);
        Ok(found.map(|(name, is_observed)| HolidayOn { name, is_observed }))
    }

    /// Returns the n-th business day after a date; the date itself for none.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days).
    ///
    /// # Example: from Friday to Monday
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let monday = desk.add_business_days("2026-03-06".parse()?, 1)?;
    /// assert_eq!(monday.to_string(), "2026-03-09");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_business_days(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, QueryError> {
        self.day_after(EpochDay::of_date(date), days).map(EpochDay::date)
    }

    /// Returns the n-th business day before a date; the date itself for none.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days); [`QueryError::OutsideHorizon`] also if fewer are known before it.
    ///
    /// # Example: from Monday back to Friday
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = desk.subtract_business_days("2026-03-09".parse()?, 1)?;
    /// assert_eq!(friday.to_string(), "2026-03-06");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn subtract_business_days(&self, date: NaiveDate, days: u32) -> Result<NaiveDate, QueryError> {
        self.day_before(EpochDay::of_date(date), days).map(EpochDay::date)
    }

    /// Counts the business days from a date until before another.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days), and [`QueryError::ReversedDates`].
    ///
    /// # Example: a month that begins with a holiday
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").holiday("1 May", "Labour Day")
    ///     .compile()?;
    /// assert_eq!(desk.business_days_between("2026-05-01".parse()?, "2026-06-01".parse()?), Ok(20));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, QueryError> {
        if to < from {
            return Err(QueryError::ReversedDates { from, to });
        }
        let before = self.business_days_until(EpochDay::of_date(from))?;
        let after = self.business_days_until(EpochDay::of_date(to))?;
        // No wrap: there are no fewer before a later date.
        Ok(after.wrapping_sub(before))
    }

    /// Returns how much working time the longest weekday has by the week that holds on a date, whatever clocks and holidays do
    /// around it: what [`DayMeaning::DayLength`] counts.
    ///
    /// # Errors
    ///
    /// See [business days](#business-days); [`QueryError::NoDayLength`] for a composite, which has no week of its own.
    ///
    /// # Example: two windows on a weekday
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    ///
    /// let shop = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-12:00,13:00-17:00").weekly("Sat 10:00-14:00").compile()?;
    /// assert_eq!(shop.day_length("2026-03-07".parse()?), Ok(WorkingTime::hours(7)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn day_length(&self, on: NaiveDate) -> Result<WorkingTime, QueryError> {
        self.longest_day(EpochDay::of_date(on))
    }

    fn longest_day(&self, day: EpochDay) -> Result<WorkingTime, QueryError> {
        let length = self.source().longest_day(day).ok_or(QueryError::NoDayLength)?;
        self.business_days_until(day)?; // refuses dates that are not known
        Ok(length)
    }

    /// Returns when something is due that may take so many business days from an instant.
    ///
    /// No days at all are due at the start. At the end of a day, at a time of day, or where hours must run, that is the next
    /// such moment to come: that of the date itself, or of the next business day if it is over.
    ///
    /// # Errors
    ///
    /// See [questions](#questions) and [business days](#business-days); [`QueryError::NoDayLength`].
    ///
    /// # Example: one business day after Friday 11:30
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::time::{BusinessDays, DayMeaning};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let friday = "2026-03-06T11:30:00Z".parse()?;
    /// let due = |meaning| desk.deadline_in_days(friday, BusinessDays::new(1, meaning)).map(|due| due.to_rfc3339());
    /// assert_eq!(due(DayMeaning::SameTime)?, "2026-03-09T11:30:00+00:00"); // Monday
    /// assert_eq!(due(DayMeaning::ByClose)?, "2026-03-09T17:00:00+00:00");
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

    /// Returns the instant so many business days before another, the mirror of [`Calendar::deadline_in_days`]. A
    /// cut-off says when something is received, so there is none.
    ///
    /// At the end of a day, or at a time of day, means that of the n-th business day before. For no days at all it is the
    /// moment of the date itself, or of the business day before it if it has not come. Working time is counted as by
    /// [`Calendar::latest_start`]. A next opening that would lie after `due` is `due` itself.
    ///
    /// # Errors
    ///
    /// As [`Calendar::deadline_in_days`]; [`QueryError::OutsideHorizon`] also if fewer days are known before it.
    ///
    /// # Example: notice of five business days
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::time::DayMeaning;
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
        let due = self.shown(Instant::new(due)?)?;
        let start = match self.working_time(due.day, days, meaning)? {
            Some(within) => self.latest_start_before(due.at, within)?,
            None => self.days_away(due, days, meaning, Toward::Earlier)?,
        };
        Ok(start.to_utc())
    }

    /// Returns when something is due that is granted an allowance from an instant. `None` for best effort.
    ///
    /// # Errors
    ///
    /// As [`Calendar::deadline`] and [`Calendar::deadline_in_days`].
    ///
    /// # Example: two hours of each kind
    ///
    /// ```
    /// use sla::{Hours, WallTime, WorkingTime};
    /// use sla::time::Allowance;
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
        let mut received = self.shown(from)?;
        if let Some(cut_off) = days.cut_off {
            received = self.received(received, cut_off)?;
        }
        let (count, meaning) = (days.days, days.meaning);
        if let Some(within) = self.working_time(received.day, count, meaning)? {
            return self.deadline_from(received.at, within);
        }
        self.days_away(received, count, meaning, Toward::Later)
    }

    /// The moment that a meaning names, so many business days from an instant.
    fn days_away(
        &self,
        start: Shown,
        days: u32,
        meaning: DayMeaning,
        toward: Toward,
    ) -> Result<Instant, QueryError> {
        // The date itself is asked for its moment only if it has one: before the first hours there is no close.
        if days == 0 && self.is_moment_of(start.day, meaning)? {
            let today = self.moment_on(start.day, start, meaning)?;
            let is_ahead = today.is_some_and(|at| match toward {
                Toward::Later => start.at <= at,
                Toward::Earlier => at <= start.at,
            });
            if let Some(at) = today.filter(|_| is_ahead) {
                return Ok(at);
            }
        }
        // No days at all: today is no business day, or its moment lies on the other side.
        let days = days.max(1);
        match toward {
            Toward::Later => {
                let day = self.day_after(start.day, days)?;
                let moment = self.moment_on(day, start, meaning)?;
                moment.ok_or_else(|| self.no_open())
            }
            Toward::Earlier => {
                let day = self.day_before(start.day, days)?;
                let moment = self.moment_on(day, start, meaning)?;
                // The opening next to an earlier day may be the one after `start`, or hours may have ended.
                Ok(moment.map_or(start.at, |at| at.min(start.at)))
            }
        }
    }

    /// Whether a moment on a date may be the answer for no days at all: it may be any date's for the same time, and only a
    /// business day's for the others.
    fn is_moment_of(&self, day: EpochDay, meaning: DayMeaning) -> Result<bool, QueryError> {
        match meaning {
            DayMeaning::ByClose | DayMeaning::At(_) => self.is_workday(day),
            _ => Ok(true),
        }
    }

    /// When something counts as received that came in at an instant.
    fn received(&self, came: Shown, cut_off: CutOff) -> Result<Shown, QueryError> {
        if self.is_workday(came.day)? && self.is_before_cut_off(came, cut_off)? {
            return Ok(came);
        }
        let next = self.day_of(self.day_after(came.day, 1)?);
        // Hours run on a business day.
        let opening = self.table().next_open(next.from());
        let opening = opening.ok_or_else(|| self.no_open())?;
        self.shown(opening)
    }

    /// Whether something came before the cut-off of a business day, and before its close: a day that closes before its cut-off
    /// has its close for one.
    fn is_before_cut_off(&self, came: Shown, cut_off: CutOff) -> Result<bool, QueryError> {
        let time = match cut_off {
            CutOff::At(time) => Some(time),
            CutOff::AtClose => None,
            CutOff::OfTheCalendar => {
                let hours = self.hours().ok_or(QueryError::NoCutOff)?;
                cut_off_on(came.day.weekday(), &hours.cut_off)
            }
        };
        if time.is_some_and(|time| came.second >= i64::from(time.seconds())) {
            return Ok(false);
        }
        Ok(came.at < self.last_close(self.end_of(came.day))?)
    }

    /// The working time that days stand for, in the meanings in which they do.
    fn working_time(
        &self,
        day: EpochDay,
        days: u32,
        meaning: DayMeaning,
    ) -> Result<Option<WorkingTime>, QueryError> {
        let of_one = match meaning {
            DayMeaning::ScheduleHours => WorkingTime::hours(24),
            DayMeaning::DayLength => self.longest_day(day)?,
            _ => return Ok(None),
        };
        // Saturates on purpose: what is longer than 300 years is as long as the longest time there is.
        let nanos = of_one.as_nanoseconds().saturating_mul(days.into());
        Ok(Some(WorkingTime::nanoseconds(nanos)))
    }

    /// The moment of a date that a meaning names, for something that started at an instant. `None` if it is an opening, and
    /// hours do not run then or later.
    fn moment_on(
        &self,
        day: EpochDay,
        start: Shown,
        meaning: DayMeaning,
    ) -> Result<Option<Instant>, QueryError> {
        let at = match meaning {
            DayMeaning::ByClose => self.last_close(self.end_of(day))?,
            DayMeaning::At(time) => self.instant_of_second(second_on(day, time.seconds().into()), 0)?,
            DayMeaning::SameTimeOrNextOpening => {
                return Ok(self.table().next_open(self.same_time(day, start)?));
            }
            DayMeaning::SameTimeOrLastClose => {
                let at = self.same_time(day, start)?;
                let before_day = self.table().open_nanos_before(self.day_of(day).from());
                let ran = before_day < self.table().open_nanos_before(at);
                if ran && !self.table().is_open(at) {
                    self.last_close(at)?
                } else {
                    at
                }
            }
            DayMeaning::SameTime | DayMeaning::ScheduleHours | DayMeaning::DayLength => {
                self.same_time(day, start)?
            }
        };
        Ok(Some(at))
    }

    fn same_time(&self, day: EpochDay, start: Shown) -> Result<Instant, QueryError> {
        // Where the time is shown twice, the start itself may be the second.
        if day == start.day {
            return Ok(start.at);
        }
        self.instant_of_second(second_on(day, start.second), start.at.subsec_nanos())
    }

    /// The last instant at or before `at` at which hours ended, or until which they run.
    fn last_close(&self, at: Instant) -> Result<Instant, QueryError> {
        self.table().last_open_until(at).ok_or_else(|| self.before())
    }

    /// What the calendar's clock shows at an instant.
    fn shown(&self, at: Instant) -> Result<Shown, QueryError> {
        let at = self.known(at)?;
        let local = self.local().local_at(at.second());
        Ok(Shown {
            at,
            day: local.day(),
            second: local.since(local.day().start()),
        })
    }

    fn day_of(&self, day: EpochDay) -> Interval {
        self.local().day(day, self.covers())
    }

    /// The end of a day, as far as it is known: the end of [`Calendar::day_of`] without its start.
    fn end_of(&self, day: EpochDay) -> Instant {
        let covers = self.covers();
        let end = self.local().instant_of(day.plus(1).start());
        let end = end.map_or(covers.until(), Instant::nearest);
        end.clamp(covers.from(), covers.until())
    }

    fn is_workday(&self, day: EpochDay) -> Result<bool, QueryError> {
        self.workdays().contains(day).ok_or_else(|| self.unknown_day(day))
    }

    /// The n-th business day after a day; the day itself for none.
    fn day_after(&self, day: EpochDay, days: u32) -> Result<EpochDay, QueryError> {
        let earlier = self.business_days_until(day.plus(1))?;
        let Some(number) = days.checked_sub(1) else {
            return Ok(day);
        };
        let found = earlier
            .checked_add(number)
            .and_then(|number| self.workdays().nth(number));
        found.ok_or_else(|| self.no_open())
    }

    /// The n-th business day before a day; the day itself for none.
    fn day_before(&self, day: EpochDay, days: u32) -> Result<EpochDay, QueryError> {
        let earlier = self.business_days_until(day)?;
        if days == 0 {
            return Ok(day);
        }
        let found = earlier
            .checked_sub(days)
            .and_then(|number| self.workdays().nth(number));
        found.ok_or_else(|| self.before())
    }

    fn business_days_until(&self, day: EpochDay) -> Result<u32, QueryError> {
        self.workdays().before(day).ok_or_else(|| self.unknown_day(day))
    }

    #[cold]
    fn unknown_day(&self, day: EpochDay) -> QueryError {
        let (first, _) = self.workdays().days();
        if day < first { self.before() } else { self.beyond() }
    }
}

/// An instant, and the date and time of day that a calendar's clock shows at it.
#[derive(Clone, Copy)]
struct Shown {
    at: Instant,
    day: EpochDay,
    /// Of the day, by the clock.
    second: i64,
}

/// The local second of a day, by the clock.
fn second_on(day: EpochDay, second: i64) -> EpochSecond {
    day.start().plus(second)
}

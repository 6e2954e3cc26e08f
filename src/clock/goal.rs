//! One target: how much time it grants, and what it is counted on.
//!
//! This module owns [`ClockTarget`] and what each kind of allowance grants to a clock that was
//! started. When that is used up by what the clock did is left to `lap`, when hours run to the
//! calendar.

use chrono::{DateTime, Utc};

use super::elapsed::Elapsed;
use super::no_due::NoDue;
use crate::calendar::Calendar;
use crate::error::QueryError;
use crate::time::allowance::Allowance;
use crate::time::amount::{WallTime, WorkingTime};
use crate::time::business_days::{BusinessDays, DayMeaning};
use crate::time::instant::Instant;

/// The target of a clock: how much time it grants, and the calendar that this time is counted on.
///
/// A target in business days falls on a date if it ends at the same time, by the close, or at a time
/// of day. That date is counted from the start of the clock, and each pause or stop moves the due by
/// the working time that passed during it. In the other meanings a business day is an amount of
/// working time.
///
/// # Example: eight office hours, eight hours, and the next business day
///
/// ```
/// use sla::{Hours, WallTime, WorkingTime};
/// use sla::clock::ClockTarget;
/// use sla::time::{BusinessDays, DayMeaning};
///
/// let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let office = ClockTarget::working(WorkingTime::hours(8), &desk);
/// let around_the_clock = ClockTarget::wall(WallTime::hours(8));
/// assert_ne!(office.within(), around_the_clock.within());
/// let next_day = ClockTarget::business_days(BusinessDays::new(1, DayMeaning::ByClose), &desk);
/// assert_eq!(next_day.within().to_string(), "1 business day, by close");
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClockTarget {
    within: Allowance,
    /// Wall time, an instant and best effort have none.
    calendar: Option<Calendar>,
}

/// What a target comes to for a clock that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Grant {
    /// An amount of nanoseconds, used up as they count.
    Time(u64),
    /// Until a date that pauses move. `time` is the working time until then, in nanoseconds.
    Date { due: Instant, time: u64 },
    /// Until an instant that nothing moves.
    Fixed(Instant),
    /// Nothing that could be due.
    Nothing(NoDue),
}

impl Grant {
    /// Returns the nanoseconds that are granted to a clock that started at an instant.
    pub(super) fn time(&self, started: Instant) -> Option<u64> {
        match self {
            Self::Time(time) | Self::Date { time, .. } => Some(*time),
            Self::Fixed(due) => Some(started.nanos_until(*due)),
            Self::Nothing(_) => None,
        }
    }
}

impl ClockTarget {
    /// Creates a target of working time on a calendar.
    ///
    /// # Example: four office hours, from an hour before the desk closes
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident, WorkingTime};
    /// use sla::clock::{ClockTarget, Rules};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let target = ClockTarget::working(WorkingTime::hours(4), &desk);
    /// let clock = Clock::new("resolution", Rules::resolution(), vec![("P2".into(), target)])?;
    /// let incident = Incident::opened("INC-7", "P2", "2026-03-02T16:00:00Z".parse()?); // Monday
    /// let reading = clock.read(&incident.history("2026-03-02T16:30:00Z".parse()?)?)?;
    /// assert_eq!(reading.due, Some("2026-03-03T12:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn working(within: WorkingTime, calendar: &Calendar) -> Self {
        Self {
            within: Allowance::Working(within),
            calendar: Some(calendar.clone()),
        }
    }

    /// Creates a target of wall time, which counts day and night.
    ///
    /// # Example: one hour for an outage
    ///
    /// ```
    /// use sla::WallTime;
    /// use sla::clock::ClockTarget;
    /// use sla::time::Allowance;
    ///
    /// let target = ClockTarget::wall(WallTime::hours(1));
    /// assert_eq!(target.within(), Allowance::Wall(WallTime::hours(1)));
    /// ```
    pub fn wall(within: WallTime) -> Self {
        Self::without_calendar(Allowance::Wall(within))
    }

    /// Creates a target of business days on a calendar.
    ///
    /// # Example: by the close of the next business day
    ///
    /// ```
    /// use sla::{Clock, Hours, Incident};
    /// use sla::clock::{ClockTarget, Rules};
    /// use sla::time::{BusinessDays, DayMeaning};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let target = ClockTarget::business_days(BusinessDays::new(1, DayMeaning::ByClose), &desk);
    /// let clock = Clock::new("resolution", Rules::resolution(), vec![("P4".into(), target)])?;
    /// let incident = Incident::opened("INC-7", "P4", "2026-03-06T10:00:00Z".parse()?); // Friday
    /// let reading = clock.read(&incident.history("2026-03-06T11:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.due, Some("2026-03-09T17:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn business_days(days: BusinessDays, calendar: &Calendar) -> Self {
        Self {
            within: Allowance::BusinessDays(days),
            calendar: Some(calendar.clone()),
        }
    }

    /// Creates a target that is due at a fixed instant. Pauses do not move it; time counts day and
    /// night.
    ///
    /// # Example: an agreed date
    ///
    /// ```
    /// use sla::{Clock, Incident};
    /// use sla::clock::{ClockTarget, Rules};
    ///
    /// let target = ClockTarget::fixed("2026-03-31T17:00:00Z".parse()?);
    /// let clock = Clock::new("resolution", Rules::resolution(), vec![("P4".into(), target)])?;
    /// let incident = Incident::opened("INC-7", "P4", "2026-03-06T10:00:00Z".parse()?);
    /// let reading = clock.read(&incident.history("2026-03-06T11:00:00Z".parse()?)?)?;
    /// assert_eq!(reading.due, Some("2026-03-31T17:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fixed(due: DateTime<Utc>) -> Self {
        Self::without_calendar(Allowance::Fixed(due))
    }

    /// Creates a target under which nothing is due. The clock counts day and night and is not
    /// judged.
    ///
    /// # Example: a question without a deadline
    ///
    /// ```
    /// use sla::{Clock, Incident};
    /// use sla::clock::{ClockTarget, NoDue, Outcome, Rules};
    ///
    /// let targets = vec![("P5".into(), ClockTarget::best_effort())];
    /// let clock = Clock::new("resolution", Rules::resolution(), targets)?;
    /// let incident = Incident::opened("INC-7", "P5", "2026-03-06T10:00:00Z".parse()?);
    /// let reading = clock.read(&incident.history("2026-03-06T11:00:00Z".parse()?)?)?;
    /// assert_eq!((reading.due, reading.no_due), (None, Some(NoDue::BestEffort)));
    /// assert_eq!(reading.outcome, Outcome::NotJudged);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn best_effort() -> Self {
        Self::without_calendar(Allowance::BestEffort)
    }

    /// Returns the target of an allowance, or `None` if it needs a calendar and has none.
    pub(crate) fn of(within: Allowance, calendar: Option<&Calendar>) -> Option<Self> {
        let calendar = calendar.filter(|_| within.counts_on_a_calendar()).cloned();
        let complete = calendar.is_some() || !within.counts_on_a_calendar();
        complete.then_some(Self { within, calendar })
    }

    fn without_calendar(within: Allowance) -> Self {
        Self {
            within,
            calendar: None,
        }
    }

    /// Returns the time that the target grants, without its calendar.
    ///
    /// # Example: print what is granted
    ///
    /// ```
    /// use sla::{Hours, WorkingTime};
    /// use sla::clock::ClockTarget;
    /// use sla::time::Allowance;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let target = ClockTarget::working(WorkingTime::hours(8), &desk);
    /// assert_eq!(target.within(), Allowance::Working(WorkingTime::hours(8)));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn within(&self) -> Allowance {
        self.within
    }

    pub(super) fn calendar(&self) -> Option<&Calendar> {
        self.calendar.as_ref()
    }

    /// Returns an amount of nanoseconds as the kind of time that this target counts.
    pub(super) fn amount(&self, nanos: u64) -> Elapsed {
        match &self.calendar {
            Some(_) => Elapsed::Working(WorkingTime::nanoseconds(nanos)),
            None => Elapsed::Wall(WallTime::nanoseconds(nanos)),
        }
    }

    /// Returns what is granted before the start of the clock is known. Days depend on the start.
    pub(super) fn time_granted(&self) -> Option<u64> {
        match self.within {
            Allowance::Working(time) => Some(time.as_nanoseconds()),
            Allowance::Wall(time) => Some(time.as_nanoseconds()),
            Allowance::BusinessDays(_) | Allowance::Fixed(_) | Allowance::BestEffort => None,
        }
    }

    /// Returns what is granted to a clock that started at an instant.
    pub(super) fn grant(&self, started: Instant) -> Result<Grant, QueryError> {
        match (self.within, &self.calendar) {
            (Allowance::Working(time), _) => Ok(Grant::Time(time.as_nanoseconds())),
            (Allowance::Wall(time), _) => Ok(Grant::Time(time.as_nanoseconds())),
            (Allowance::Fixed(at), _) => Ok(Grant::Fixed(Instant::new(at)?)),
            (Allowance::BusinessDays(days), Some(calendar)) => self.grant_of_days(started, days, calendar),
            (Allowance::BestEffort, _) => Ok(Grant::Nothing(NoDue::BestEffort)),
            (Allowance::BusinessDays(_), None) => {
                debug_assert!(false, "no goal of business days is made without a calendar");
                Ok(Grant::Nothing(NoDue::NoTarget))
            }
        }
    }

    /// Reports whether pauses move its due by working time of its own calendar, whatever counts
    /// towards it.
    pub(super) fn ends_on_a_date(&self) -> bool {
        match self.within {
            Allowance::BusinessDays(days) => {
                !matches!(days.meaning, DayMeaning::ScheduleHours | DayMeaning::DayLength)
            }
            _ => false,
        }
    }

    fn grant_of_days(
        &self,
        started: Instant,
        days: BusinessDays,
        calendar: &Calendar,
    ) -> Result<Grant, QueryError> {
        let due = match calendar.deadline_in_days_from(started, days) {
            Ok(due) => due,
            Err(error) => return NoDue::after(started, error).map(Grant::Nothing),
        };
        let time = if due > started {
            self.elapsed(started, due)?
        } else {
            0
        };
        Ok(match days.meaning {
            DayMeaning::ScheduleHours | DayMeaning::DayLength => Grant::Time(time),
            _ => Grant::Date { due, time },
        })
    }

    /// Reports whether all is known up to an instant that the target counts on.
    pub(super) fn is_known_through(&self, at: Instant) -> bool {
        self.calendar
            .as_ref()
            .is_none_or(|calendar| at <= calendar.covers().until())
    }

    pub(super) fn elapsed(&self, from: Instant, until: Instant) -> Result<u64, QueryError> {
        match &self.calendar {
            Some(calendar) => calendar
                .elapsed_between(from, until)
                .map(WorkingTime::as_nanoseconds),
            None => Ok(from.nanos_until(until)),
        }
    }

    /// As [`ClockTarget::elapsed`], of what is known: nothing counts after it.
    pub(super) fn elapsed_as_known(&self, from: Instant, until: Instant) -> Result<u64, QueryError> {
        match &self.calendar {
            Some(calendar) => {
                let end = calendar.covers().until();
                self.elapsed(from.min(end), until.min(end))
            }
            None => self.elapsed(from, until),
        }
    }

    pub(super) fn deadline(&self, from: Instant, nanos: u64) -> Result<Instant, QueryError> {
        match &self.calendar {
            Some(calendar) => calendar.deadline_from(from, WorkingTime::nanoseconds(nanos)),
            None => from.checked_add(nanos),
        }
    }

    pub(super) fn is_counted_like(&self, other: &Self) -> bool {
        match (&self.calendar, &other.calendar) {
            (Some(mine), Some(theirs)) => mine.is_same(theirs),
            (None, None) => true,
            _ => false,
        }
    }
}

//! One target: how much time it grants, what it is counted on, and when that time is used up.
//!
//! Owns [`Goal`] and what each kind of allowance means for a clock that was started. What the clock did is `replay`'s; when
//! hours run is the calendar's.

use chrono::{DateTime, Utc};

use super::replay::{Mode, Stretch};
use crate::calendar::Calendar;
use crate::error::QueryError;
use crate::time::allowance::{Allowance, BusinessDays, DayMeaning, WallTime, WorkingTime};
use crate::time::instant::Instant;

/// A target: how much time is granted, and what it is counted on.
///
/// Business days that end on a date (at the same time, at its end, at a time of day) are counted from the start of the clock.
/// A pause or a stop then moves the due by the working time that passed in it, as GLPI does.
///
/// # Example
///
/// ```
/// use sla::{BusinessDays, DayMeaning, Goal, Hours, WallTime, WorkingTime};
///
/// let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let office = Goal::working(WorkingTime::hours(8), &desk);
/// let around_the_clock = Goal::wall(WallTime::hours(8));
/// assert_ne!(office.within(), around_the_clock.within());
/// let next_day = Goal::business_days(BusinessDays::new(1, DayMeaning::EndOfDay), &desk);
/// assert_eq!(next_day.within().to_string(), "1 business day, end_of_day");
/// # Ok::<(), sla::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct Goal {
    within: Allowance,
    /// Wall time, an instant and best effort have none.
    calendar: Option<Calendar>,
}

impl Goal {
    /// Working time on a calendar.
    pub fn working(within: WorkingTime, calendar: &Calendar) -> Self {
        Self {
            within: Allowance::Working(within),
            calendar: Some(calendar.clone()),
        }
    }

    /// Time on the clock on the wall.
    pub fn wall(within: WallTime) -> Self {
        Self::without_calendar(Allowance::Wall(within))
    }

    /// Business days of a calendar.
    pub fn business_days(days: BusinessDays, calendar: &Calendar) -> Self {
        Self {
            within: Allowance::BusinessDays(days),
            calendar: Some(calendar.clone()),
        }
    }

    /// Until an instant, whatever happens before. Time counts day and night.
    pub fn fixed(due: DateTime<Utc>) -> Self {
        Self::without_calendar(Allowance::Fixed(due))
    }

    /// Nothing is due: such a clock counts day and night and is not judged.
    pub fn best_effort() -> Self {
        Self::without_calendar(Allowance::BestEffort)
    }

    /// The goal of an allowance. `None` if it needs a calendar and there is none.
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

    /// How much time is granted.
    pub fn within(&self) -> Allowance {
        self.within
    }

    pub(super) fn calendar(&self) -> Option<&Calendar> {
        self.calendar.as_ref()
    }

    /// Whether anything can be due.
    pub(super) fn is_judged(&self) -> bool {
        self.within != Allowance::BestEffort
    }

    /// The nanoseconds that are granted to a clock that was started, on what the goal counts on.
    pub(super) fn granted(&self, started: Instant) -> Result<Option<u64>, QueryError> {
        Ok(match self.within {
            Allowance::Working(time) => Some(time.as_nanoseconds()),
            Allowance::Wall(time) => Some(time.as_nanoseconds()),
            Allowance::BusinessDays(_) | Allowance::Fixed(_) => match self.first_due(started)? {
                Some(due) if due > started => Some(self.elapsed(started, due)?),
                _ => Some(0),
            },
            Allowance::BestEffort => None,
        })
    }

    pub(super) fn elapsed(&self, from: Instant, until: Instant) -> Result<u64, QueryError> {
        match &self.calendar {
            Some(calendar) => calendar
                .elapsed_between(from, until)
                .map(WorkingTime::as_nanoseconds),
            None => Ok(from.nanos_until(until)),
        }
    }

    pub(super) fn deadline(&self, from: Instant, nanos: u64) -> Result<Instant, QueryError> {
        match &self.calendar {
            Some(calendar) => calendar.deadline_from(from, WorkingTime::nanoseconds(nanos)),
            None => from.checked_add(nanos),
        }
    }

    /// For allowances that end on a date: the due of a clock that did this, if it is reached or the clock still runs towards
    /// it. `None` for the others, which are used up second by second.
    pub(super) fn dated_due<'a>(
        &self,
        started: Instant,
        stretches: impl Iterator<Item = &'a Stretch<'a>>,
        runs_on: bool,
    ) -> Option<Result<Option<Instant>, QueryError>> {
        match self.within {
            Allowance::Fixed(at) => Some(Instant::new(at).map(Some)),
            Allowance::BusinessDays(BusinessDays {
                meaning: DayMeaning::ScheduleHours | DayMeaning::DayLength,
                ..
            }) => None,
            Allowance::BusinessDays(_) => Some(self.moved_due(started, stretches, runs_on)),
            Allowance::Working(_) | Allowance::Wall(_) | Allowance::BestEffort => None,
        }
    }

    fn moved_due<'a>(
        &self,
        started: Instant,
        stretches: impl Iterator<Item = &'a Stretch<'a>>,
        runs_on: bool,
    ) -> Result<Option<Instant>, QueryError> {
        let Some(mut due) = self.first_due(started)? else {
            return Ok(None);
        };
        for stretch in stretches {
            if stretch.mode != Mode::Running {
                // As much working time as passed in the pause is still to come after it.
                due = self.deadline(due, self.elapsed(stretch.from, stretch.until)?)?;
            } else if due <= stretch.until {
                return Ok(Some(due));
            }
        }
        Ok(runs_on.then_some(due))
    }

    /// The due of a clock that is never paused, for allowances that end on a date or are counted from one.
    fn first_due(&self, started: Instant) -> Result<Option<Instant>, QueryError> {
        match (self.within, &self.calendar) {
            (Allowance::BusinessDays(days), Some(calendar)) => {
                calendar.deadline_in_days_from(started, days).map(Some)
            }
            (Allowance::Fixed(at), _) => Instant::new(at).map(Some),
            _ => Ok(None),
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

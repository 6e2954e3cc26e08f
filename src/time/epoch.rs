//! Seconds and days since 1970, and seconds of a week: numbers that are no lengths, and no numbers of another kind.
//!
//! This module owns their arithmetic. It is total and exact: each type says how far from zero its numbers are, so that no sum
//! or product below leaves its integer, which each operation states. Which of them is an instant is left to `instant`, and
//! which clock shows them to `zone`: local times are counted as if they were times of UTC.

use core::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

use crate::time::unit;
use crate::time::unit::{SECONDS_PER_DAY, SECONDS_PER_WEEK};

/// Far beyond all that can be asked: 285 million years. chrono's dates end after 262 thousand.
const FAR_SECONDS: i64 = 1 << 53;

/// The day of [`FAR_SECONDS`], and a second of it stays below that.
const FAR_DAYS: i64 = FAR_SECONDS / SECONDS_PER_DAY;

/// A whole second, counted from 1970-01-01T00:00:00, of UTC or of a local clock. Within 2^53 of it when made, and within
/// 2^62 whatever is done to it: see [`EpochSecond::plus`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub(crate) struct EpochSecond(i64);

impl EpochSecond {
    /// Before all that is asked about.
    pub(crate) const FAR_PAST: Self = Self(-FAR_SECONDS);
    /// After all that is asked about.
    pub(crate) const FAR_FUTURE: Self = Self(FAR_SECONDS);
    /// 1970-01-01T00:00:00.
    pub(crate) const EPOCH: Self = Self(0);

    /// Of a number from anywhere. Numbers that are further away than [`EpochSecond::FAR_PAST`] and
    /// [`EpochSecond::FAR_FUTURE`] are these: they too are before and after all that is asked about.
    #[inline]
    pub(crate) const fn of(seconds: i64) -> Self {
        if seconds < -FAR_SECONDS {
            Self::FAR_PAST
        } else if seconds > FAR_SECONDS {
            Self::FAR_FUTURE
        } else {
            Self(seconds)
        }
    }

    /// The second that a clock shows, of UTC or a local one. Its fraction is dropped.
    #[inline]
    pub(crate) fn shown_as(time: NaiveDateTime) -> Self {
        // chrono's dates are within 2^43 seconds.
        Self(time.and_utc().timestamp())
    }

    /// The number.
    #[inline]
    pub(crate) const fn get(self) -> i64 {
        self.0
    }

    /// The second so many seconds later, or earlier for less than none.
    #[inline]
    #[must_use]
    pub(crate) const fn plus(self, seconds: i64) -> Self {
        // No wrap: it takes 2^9 lengths of 2^53 seconds, and what is added are offsets, days and lengths of 300 years.
        debug_assert!(-FAR_SECONDS <= seconds && seconds <= FAR_SECONDS);
        Self(self.0.wrapping_add(seconds))
    }

    /// The second so many seconds earlier, or later for less than none.
    #[inline]
    #[must_use]
    pub(crate) const fn minus(self, seconds: i64) -> Self {
        // No wrap, as for `plus`.
        debug_assert!(-FAR_SECONDS <= seconds && seconds <= FAR_SECONDS);
        Self(self.0.wrapping_sub(seconds))
    }

    /// The seconds from another one until this; less than none if this is the earlier.
    #[inline]
    pub(crate) const fn since(self, other: Self) -> i64 {
        // No wrap: both are within 2^62.
        self.0.wrapping_sub(other.0)
    }

    /// The second in the middle, rounded towards the earlier one, between this and a later one.
    #[inline]
    pub(crate) const fn midpoint(self, later: Self) -> Self {
        // No wrap: the middle lies between both.
        Self(self.0.wrapping_add(later.since(self) / 2))
    }

    /// The day on which it lies.
    #[inline]
    pub(crate) const fn day(self) -> EpochDay {
        EpochDay(self.0.div_euclid(SECONDS_PER_DAY))
    }

    /// The first second of the week on or before it. Weeks start with Monday.
    #[inline]
    pub(crate) const fn week_start(self) -> Self {
        // 1970-01-05 was a Monday. No wrap: less than two weeks are taken.
        const MONDAY: i64 = 4 * SECONDS_PER_DAY;
        Self(
            self.0
                .wrapping_sub(self.0.wrapping_sub(MONDAY).rem_euclid(SECONDS_PER_WEEK)),
        )
    }

    /// Its date and time, if chrono has them.
    pub(crate) fn date_time(self) -> Option<NaiveDateTime> {
        DateTime::<Utc>::from_timestamp(self.0, 0).map(|at| at.naive_utc())
    }
}

/// A date, counted in days from 1970-01-01. When made within 2^37 of it, and within 2^46 whatever is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub(crate) struct EpochDay(i64);

impl EpochDay {
    /// Before all dates that are asked about.
    pub(crate) const FAR_PAST: Self = Self(-FAR_DAYS);
    /// After all dates that are asked about.
    pub(crate) const FAR_FUTURE: Self = Self(FAR_DAYS);

    /// Of a number from anywhere. What is further away than [`EpochDay::FAR_PAST`] and [`EpochDay::FAR_FUTURE`] is these.
    #[cfg(test)]
    pub(crate) const fn of(days: i64) -> Self {
        if days < -FAR_DAYS {
            Self::FAR_PAST
        } else if days > FAR_DAYS {
            Self::FAR_FUTURE
        } else {
            Self(days)
        }
    }

    /// The day of a date.
    #[inline]
    pub(crate) fn of_date(date: NaiveDate) -> Self {
        const EPOCH_FROM_CE: i64 = 719_163;
        // No wrap: chrono counts its dates in an `i32`.
        Self(i64::from(date.num_days_from_ce()).wrapping_sub(EPOCH_FROM_CE))
    }

    /// The number.
    #[inline]
    pub(crate) const fn get(self) -> i64 {
        self.0
    }

    /// The days from one to another, in order.
    pub(crate) fn each(days: &RangeInclusive<Self>) -> impl Iterator<Item = Self> + use<> {
        (days.start().0..=days.end().0).map(Self)
    }

    /// The day so many days later, or earlier for less than none.
    #[inline]
    #[must_use]
    pub(crate) const fn plus(self, days: i64) -> Self {
        // No wrap: it takes 2^26 numbers of 2^37 days, and what is added are years and less.
        debug_assert!(-FAR_DAYS <= days && days <= FAR_DAYS);
        Self(self.0.wrapping_add(days))
    }

    /// The day so many days earlier, or later for less than none.
    #[inline]
    #[must_use]
    pub(crate) const fn minus(self, days: i64) -> Self {
        // No wrap, as for `plus`.
        debug_assert!(-FAR_DAYS <= days && days <= FAR_DAYS);
        Self(self.0.wrapping_sub(days))
    }

    /// The days from another one until this; less than none if this is the earlier.
    #[inline]
    pub(crate) const fn since(self, other: Self) -> i64 {
        // No wrap: both are within 2^46.
        self.0.wrapping_sub(other.0)
    }

    /// Its midnight: the local second with which it starts.
    #[inline]
    pub(crate) const fn start(self) -> EpochSecond {
        // No wrap: 2^46 days have less than 2^63 seconds.
        EpochSecond(self.0.wrapping_mul(SECONDS_PER_DAY))
    }

    /// Its weekday, from 0 for Monday to 6 for Sunday.
    #[inline]
    pub(crate) const fn weekday(self) -> usize {
        /// Counted from Monday, 1970-01-01 was the fourth day of its week: a Thursday.
        const EPOCH_WEEKDAY: i64 = 3;
        // No wrap: three days more.
        match self.0.wrapping_add(EPOCH_WEEKDAY).rem_euclid(7) {
            0 => 0,
            1 => 1,
            2 => 2,
            3 => 3,
            4 => 4,
            5 => 5,
            _ => 6,
        }
    }

    /// Its date. Before and after all dates that chrono has it is the first and the last of them.
    pub(crate) fn date(self) -> NaiveDate {
        let beyond = if self.0 < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        };
        self.start()
            .date_time()
            .map_or(beyond, |midnight| midnight.date())
    }
}

/// A second of a week, from its start, Monday 00:00 UTC, until its end: 604,800 is the start of the next week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub(crate) struct WeekSecond(u32);

impl WeekSecond {
    /// The first second of a week.
    pub(crate) const START: Self = Self(0);
    /// The first second after a week.
    pub(crate) const END: Self = Self(unit::narrow(SECONDS_PER_WEEK));

    /// Where a second lies in the week that starts with another. What lies before or after that week is cut off at its start
    /// or end.
    #[inline]
    pub(crate) fn within(week: EpochSecond, at: EpochSecond) -> Self {
        Self(unit::narrow(at.since(week).clamp(0, SECONDS_PER_WEEK)))
    }

    /// Of seconds since the start of any week.
    #[inline(always)]
    pub(crate) const fn of(seconds: u64) -> Self {
        const WEEK: u64 = SECONDS_PER_WEEK.unsigned_abs();
        // Less than a week fits.
        Self((seconds % WEEK) as u32)
    }

    /// The second before which so many of its week are closed, and so many open.
    #[inline(always)]
    pub(crate) const fn after(closed: u32, open: u32) -> Self {
        // No wrap: together they are no more than a week.
        let second = closed.wrapping_add(open);
        debug_assert!(second <= Self::END.0);
        Self(second)
    }

    /// The number.
    #[inline]
    pub(crate) const fn get(self) -> u32 {
        self.0
    }

    /// The seconds from another one until this, which is not earlier.
    #[inline]
    pub(crate) const fn since(self, earlier: Self) -> u32 {
        debug_assert!(earlier.0 <= self.0);
        // No wrap: the other is not greater.
        self.0.wrapping_sub(earlier.0)
    }

    /// Where it is on the time line, in the week that starts with a second.
    #[inline]
    pub(crate) fn in_week(self, week: EpochSecond) -> EpochSecond {
        week.plus(i64::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::{EpochDay, EpochSecond, WeekSecond};

    #[test]
    fn seconds_beyond_all_are_far_and_stay_in_order() {
        for (number, second) in [
            (i64::MIN, EpochSecond::FAR_PAST),
            (i64::MAX, EpochSecond::FAR_FUTURE),
            (0, EpochSecond::EPOCH),
        ] {
            assert_eq!(EpochSecond::of(number), second);
        }
        assert_eq!(EpochSecond::of(-5).get(), -5);
        let (past, future) = (EpochSecond::FAR_PAST, EpochSecond::FAR_FUTURE);
        assert!(past.minus(1 << 40) < past && future < future.plus(1 << 40));
        assert_eq!(future.since(past), 1 << 54);
        assert_eq!(past.midpoint(future), EpochSecond::EPOCH);
        assert_eq!((past.date_time(), future.date_time()), (None, None));
        assert!(past.day() < EpochSecond::EPOCH.day() && EpochSecond::EPOCH.day() < future.day());
    }

    #[test]
    fn days_are_those_of_chrono() {
        for date in [
            NaiveDate::MIN,
            EpochDay::of(-25_567).date(), // 1900-01-01
            EpochDay::of(0).date(),
            EpochDay::of(11_322).date(), // 2000-12-31
            NaiveDate::MAX,
        ] {
            let day = EpochDay::of_date(date);
            assert_eq!(day.date(), date);
            assert_eq!(day.weekday(), date.weekday().num_days_from_monday() as usize);
            assert_eq!(day.start().day(), day);
            assert_eq!(day.start().plus(86_399).day(), day);
            assert_eq!(day.start().minus(1).day(), day.minus(1));
        }
        assert_eq!(EpochDay::of(i64::MIN).date(), NaiveDate::MIN);
        assert_eq!(EpochDay::of(i64::MAX).date(), NaiveDate::MAX);
        assert_eq!((EpochDay::of(0).get(), EpochDay::of(-1).weekday()), (0, 2));
        assert_eq!(
            NaiveDate::from_ymd_opt(1900, 1, 1),
            Some(EpochDay::of(-25_567).date())
        );
        assert_eq!(
            NaiveDate::from_ymd_opt(2000, 12, 31),
            Some(EpochDay::of(11_322).date())
        );
        assert_eq!(EpochDay::of(3).since(EpochDay::of(-4)), 7);
    }

    #[test]
    fn weeks_start_with_monday_and_end_where_the_next_starts() {
        let monday = EpochDay::of(-25_567).start(); // 1900-01-01
        for second in [0, 1, 604_799] {
            assert_eq!(monday.plus(second).week_start(), monday);
        }
        assert_eq!(monday.minus(1).week_start(), monday.minus(604_800));
        let end = monday.plus(604_800);
        assert_eq!(WeekSecond::within(monday, end), WeekSecond::END);
        assert_eq!(WeekSecond::within(monday, end.plus(1)), WeekSecond::END);
        assert_eq!(WeekSecond::within(monday, monday.minus(1)), WeekSecond::START);
        assert_eq!(WeekSecond::END.in_week(monday), end);
        assert_eq!(WeekSecond::END.since(WeekSecond::START), 604_800);
        assert_eq!(WeekSecond::of(604_800), WeekSecond::START);
        assert_eq!(WeekSecond::of(604_800 * 15_000 + 604_799).get(), 604_799);
        assert_eq!(WeekSecond::after(604_000, 800), WeekSecond::END);
    }
}

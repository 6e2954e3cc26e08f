//! The terms by weekday and by date, and where their windows lie on the time line.
//!
//! This module owns the step from local time to instants: every window goes through f(L) here and nowhere else. The
//! compiled table and the explanation are both made from these spans. It answers no question about an instant.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::instant::Instant;
use crate::interval::{Interval, IntervalSet};
use crate::period::Date;
use crate::zone::{Clocks, OFFSET_SECONDS_MAX, OffsetTable, Zone, local_midnight};

use super::terms::{Hours, OvernightOnHoliday};

pub(super) const SECONDS_PER_DAY: i64 = 86_400;

/// 1970-01-01 was a Thursday: counted from Monday = 0, the fourth day of its week.
const EPOCH_WEEKDAY: i64 = 3;

/// The rules of a calendar, laid out so that the windows of a date are found without a search over the rules.
pub(super) struct Plan {
    /// For each weekday from Monday the windows that start on it, by their start.
    week: [Vec<Shift>; 7],
    /// Local days since 1970 in order, and the index of the holiday on that day.
    holidays: Vec<(i64, usize)>,
    masks_local_day: bool,
    offsets: OffsetTable,
    coverage: Interval,
}

/// A window in local seconds since the midnight of its day, and the index of the weekly line that has it.
struct Shift {
    start_s: i64,
    end_s: i64,
    rule: usize,
}

/// A window on the time line, and the index of the weekly line that has it.
pub(super) struct Placed {
    pub(super) interval: Interval,
    pub(super) rule: usize,
}

impl Plan {
    pub(super) fn new(hours: &Hours, zone: &Zone) -> Self {
        let (from, zone_until) = (
            Instant::MIN_SECONDS,
            zone.known_until_instant()
                .epoch_seconds()
                .max(Instant::MIN_SECONDS),
        );
        let last_midnight = hours.known_until.map(|date| local_midnight(date.next()));
        // No further than f of that midnight can lie.
        let asked_until = last_midnight.map_or(zone_until, |local| local.saturating_add(OFFSET_SECONDS_MAX));
        let offsets = OffsetTable::new(zone, from, asked_until.saturating_add(1).min(zone_until));
        let until = last_midnight
            .and_then(|local| offsets.first_instant(local))
            .unwrap_or(zone_until);
        Self {
            week: week(hours),
            holidays: holidays(hours),
            masks_local_day: hours.overnight_on_holiday == Some(OvernightOnHoliday::HolidayMasksLocalDay),
            offsets,
            coverage: Interval::clamped(Instant::MIN, Instant::clamped_from_seconds(until)),
        }
    }

    /// The instants about which the calendar knows.
    #[inline]
    pub(super) fn coverage(&self) -> Interval {
        self.coverage
    }

    /// What the clock shows, for spans of the coverage that only go forward.
    pub(super) fn clocks(&self) -> Clocks<'_> {
        self.offsets.clocks()
    }

    /// The holidays, for spans of days that only go forward.
    pub(super) fn holidays_in_order(&self) -> Holidays<'_> {
        Holidays { days: &self.holidays }
    }

    /// The holidays of those days.
    fn holidays_of(&self, days: RangeInclusive<i64>) -> impl Iterator<Item = &(i64, usize)> + '_ {
        let first = self.holidays.partition_point(|(day, _)| day < days.start());
        let later = self.holidays.iter().skip(first);
        later.take_while(move |(day, _)| days.contains(day))
    }

    fn is_holiday(&self, day: i64) -> bool {
        self.holidays.binary_search_by_key(&day, |(day, _)| *day).is_ok()
    }

    /// All instants within `span` at which hours run.
    pub(super) fn open(&self, span: Interval) -> IntervalSet {
        let days = days_reaching(span);
        let worked = self.worked(days.clone()).map(|placed| placed.interval);
        let open: IntervalSet = worked.collect();
        open.difference(&self.masks(days)).clip(span)
    }

    /// The windows of those days that no holiday removes whole.
    pub(super) fn worked(&self, days: RangeInclusive<i64>) -> impl Iterator<Item = Placed> + '_ {
        days.filter(|day| self.masks_local_day || !self.is_holiday(*day))
            .flat_map(|day| self.shifts(day))
    }

    /// The local days that holidays remove from whatever runs on them.
    pub(super) fn masks(&self, days: RangeInclusive<i64>) -> IntervalSet {
        let masking = self.holidays_of(days).filter(|_| self.masks_local_day);
        masking.map(|(day, _)| self.local_day(*day)).collect()
    }

    /// What each holiday of those days removes: its index, and the time that would have been open.
    pub(super) fn removed(
        &self,
        days: RangeInclusive<i64>,
    ) -> impl Iterator<Item = (usize, IntervalSet)> + '_ {
        self.holidays_of(days).map(|(day, holiday)| {
            if self.masks_local_day {
                // Only the window that starts the evening before reaches into the day.
                let reaching = self.shifts(day.saturating_sub(1)).chain(self.shifts(*day));
                let reaching: IntervalSet = reaching.map(|placed| placed.interval).collect();
                (*holiday, reaching.clip(self.local_day(*day)))
            } else {
                (
                    *holiday,
                    self.shifts(*day).map(|placed| placed.interval).collect(),
                )
            }
        })
    }

    /// The windows that start on a local day. One that a gap swallows is empty.
    fn shifts(&self, day: i64) -> impl Iterator<Item = Placed> + '_ {
        let weekday = usize::try_from(day.saturating_add(EPOCH_WEEKDAY).rem_euclid(7)).unwrap_or_default();
        let shifts = self.week.get(weekday).map(Vec::as_slice).unwrap_or_default();
        let midnight = day.saturating_mul(SECONDS_PER_DAY);
        shifts.iter().map(move |shift| Placed {
            interval: self.between(
                midnight.saturating_add(shift.start_s),
                midnight.saturating_add(shift.end_s),
            ),
            rule: shift.rule,
        })
    }

    fn local_day(&self, day: i64) -> Interval {
        let midnight = day.saturating_mul(SECONDS_PER_DAY);
        self.between(midnight, midnight.saturating_add(SECONDS_PER_DAY))
    }

    /// From f(start) until f(end), as far as the calendar knows.
    fn between(&self, start_s: i64, end_s: i64) -> Interval {
        let first = |local| {
            let at = self.offsets.first_instant(local);
            at.map_or(self.coverage.until(), Instant::clamped_from_seconds)
        };
        Interval::clamped(first(start_s), first(end_s)).intersection(&self.coverage)
    }
}

/// Holidays in order, for spans of days that only go forward.
pub(super) struct Holidays<'a> {
    days: &'a [(i64, usize)],
}

impl Holidays<'_> {
    /// One bit for each of those days that is a holiday, for no more than 32 days.
    pub(super) fn bits(&mut self, days: RangeInclusive<i64>) -> u32 {
        // Each holiday is dropped once.
        while let Some(((day, _), later)) = self.days.split_first() {
            if day >= days.start() {
                break;
            }
            self.days = later;
        }
        let near = self.days.iter().take_while(|(day, _)| day <= days.end());
        near.fold(0, |bits, (day, _)| {
            let bit = u32::try_from(day.saturating_sub(*days.start())).ok();
            bits | bit.and_then(|bit| 1_u32.checked_shl(bit)).unwrap_or_default()
        })
    }
}

/// The local days whose windows may reach into `span`, in days since 1970. A window ends on the day after its start
/// at the latest, and no clock is further from UTC than the largest offset.
pub(super) fn days_reaching(span: Interval) -> RangeInclusive<i64> {
    let earliest = span.from().epoch_seconds().saturating_sub(OFFSET_SECONDS_MAX);
    let latest = span.until().epoch_seconds().saturating_add(OFFSET_SECONDS_MAX);
    let first = earliest.div_euclid(SECONDS_PER_DAY).saturating_sub(2);
    first..=latest.div_euclid(SECONDS_PER_DAY)
}

fn week(hours: &Hours) -> [Vec<Shift>; 7] {
    core::array::from_fn(|weekday| {
        let lines = hours.weekly.iter().enumerate();
        let mut shifts: Vec<Shift> = lines
            .flat_map(|(rule, weekly)| {
                weekly.windows_on(weekday).iter().map(move |window| Shift {
                    start_s: window.start_s(),
                    end_s: window.end_s(),
                    rule,
                })
            })
            .collect();
        shifts.sort_by_key(|shift| shift.start_s);
        shifts
    })
}

fn holidays(hours: &Hours) -> Vec<(i64, usize)> {
    let day = |date: Date| epoch_day(date.naive());
    let listed = hours.holidays.iter().enumerate();
    let mut days: Vec<(i64, usize)> = listed
        .map(|(index, holiday)| (day(holiday.date), index))
        .collect();
    days.sort_unstable();
    days
}

/// The days of a date since 1970-01-01.
fn epoch_day(date: NaiveDate) -> i64 {
    local_midnight(date).div_euclid(SECONDS_PER_DAY)
}

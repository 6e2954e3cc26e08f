//! The compiled table against the windows that the plan lays out day by day.
//!
//! This module owns the tests of which weeks are alike. It shares the plan with the compiler, and nothing after it.

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::calendar::compile::plan::Plan;
use crate::calendar::table::open_time::OpenTime;
use crate::calendar::{Calendar, Hours, HoursBuilder, OvernightOnHoliday};
use crate::time::epoch::EpochDay;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::time::interval::IntervalSet;
use crate::zone::ZoneData;

/// Sixteen quarters of an hour a day, 112 windows a week, of which many go over an end of a week in UTC.
pub(super) const QUARTERS: &str = "Mon-Sun 00:00-00:15,01:30-01:45,03:00-03:15,04:30-04:45,06:00-06:15,07:30-07:45,\
    09:00-09:15,10:30-10:45,12:00-12:15,13:30-13:45,15:00-15:15,16:30-16:45,18:00-18:15,19:30-19:45,21:00-21:15,\
    23:50-00:05";

fn windows(calendar: &Calendar) -> IntervalSet {
    let plan = Plan::new(calendar.hours().unwrap(), calendar.zone(), None).unwrap();
    plan.open(calendar.covers())
}

/// The table against the windows that the plan lays out day by day: what is open, closed and next around each boundary,
/// and both directions between instants and open time.
fn assert_same(hours: &HoursBuilder, every: usize) {
    let calendar = hours.compile().unwrap();
    let (open, table) = (windows(&calendar), &calendar.0.open);
    assert_eq!(table.within(calendar.covers()), open, "{hours:?}");
    let all: Vec<_> = open.iter().collect();
    let mut before = 0_u64;
    for (index, window) in all.iter().enumerate() {
        let length = window.from().nanos_until(window.until());
        if index.checked_rem(every) == Some(0) {
            let next = all.get(index.saturating_add(1)).map(|next| next.from());
            assert_window(table, (window.from(), window.until()), next, before);
        }
        before = before.saturating_add(length);
    }
    assert_eq!(table.open_nanos_before(calendar.covers().until()), before);
    assert_eq!(table.earliest_with(before.saturating_add(1)), None);
}

fn assert_window(table: &OpenTime, (start, end): (Instant, Instant), next: Option<Instant>, before: u64) {
    let after = before.saturating_add(start.nanos_until(end));
    let last = start
        .checked_add(start.nanos_until(end).saturating_sub(1))
        .unwrap();
    assert!(table.is_open(start) && table.is_open(last) && !table.is_open(end));
    assert_eq!(table.open_nanos_before(start), before);
    assert_eq!(table.open_nanos_before(last), after.saturating_sub(1));
    assert_eq!(table.open_nanos_before(end), after);
    assert_eq!(
        table.earliest_with(before.saturating_add(1)),
        start.checked_add(1).ok()
    );
    assert_eq!(table.earliest_with(after.saturating_sub(1)), Some(last));
    assert_eq!(table.earliest_with(after), Some(end));
    assert_eq!(table.nth_open(before), Some(start));
    assert_eq!(table.nth_open(after.saturating_sub(1)), last_nanosecond(end));
    assert_eq!(table.nth_open(after), next);
    let stretch = |at| table.stretch(at).map(|stretch| (stretch.from, stretch.until));
    assert_eq!(stretch(start), Some((start, end)));
    assert_eq!(stretch(last), Some((last, end)));
    assert_eq!(stretch(end).map(|(from, _)| from), next);
}

fn last_nanosecond(end: Instant) -> Option<Instant> {
    let since = Instant::MIN.nanos_until(end).saturating_sub(1);
    Instant::MIN.checked_add(since).ok()
}

pub(super) fn with_holidays(hours: HoursBuilder, from: &str, days: usize, step: usize) -> HoursBuilder {
    let first: chrono::NaiveDate = from.parse().unwrap();
    let dates = first.iter_days().step_by(step).take(days);
    dates.fold(hours, |hours, date| hours.holiday(&date.to_string(), "Holiday"))
}

/// Zones whose clocks have done unusual things: dates skipped and repeated, transitions at midnight, at the end of a
/// week in UTC, of half an hour, twice within a month; and offsets of seconds.
pub(super) const ZONES: [&str; 16] = [
    "America/New_York",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Asia/Manila",
    "America/Havana",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "America/Sao_Paulo",
    "Europe/Dublin",
    "Asia/Tehran",
    "Antarctica/Troll",
    "Africa/Freetown",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
];

#[test]
fn weeks_share_pages_only_when_alike() {
    for zone in ZONES {
        assert_same(&Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00"), 1);
        assert_same(&Hours::in_zone(zone).weekly(QUARTERS), 7);
        assert_same(
            &Hours::in_zone(zone)
                .weekly("Sun 22:00-21:00")
                .weekly("Tue,Wed 02:15-03:10"),
            3,
        );
    }
}

#[test]
fn holidays_are_found_in_every_week() {
    let choices = [
        OvernightOnHoliday::HolidayMasksLocalDay,
        OvernightOnHoliday::ShiftBelongsToStartDay,
    ];
    for (zone, choice) in ZONES.into_iter().zip(choices.into_iter().cycle()) {
        let hours = Hours::in_zone(zone)
            .weekly("Fri-Mon 22:00-21:00")
            .weekly("Wed 08:00-10:00");
        let hours = hours.overnight_on_holiday(choice).known_through("2012-02-29");
        let hours = with_holidays(hours, "1900-01-01", 40, 1);
        let hours = with_holidays(hours, "1960-02-29", 2_000, 5);
        // Two years closed, and a long row of closed blocks.
        assert_same(&with_holidays(hours, "2010-02-01", 740, 1), 3);
    }
}

#[test]
fn always_open_and_hardly_ever() {
    assert_same(&Hours::always(), 1);
    assert_same(&Hours::in_zone("America/New_York").weekly("24x7"), 1);
    assert_same(&Hours::always().known_through("1900-01-07"), 1); // ends with the first week
    assert_same(&Hours::always().known_through("1900-02-25"), 1); // ends with the first block
    assert_same(&Hours::always().known_through("1900-01-01"), 1);
    assert_same(
        &Hours::in_zone("+14:00")
            .weekly("Mon 00:00-00:01")
            .known_through("1900-01-01"),
        1,
    );
    let once = with_holidays(
        Hours::always().known_through("2020-12-31"),
        "1999-01-01",
        8_000,
        1,
    );
    assert_same(&once, 1); // open for a century, and then for some weeks at the end
    let only_holidays = with_holidays(Hours::always().known_through("1900-12-31"), "1900-01-01", 365, 1);
    assert_same(&only_holidays, 1);
    assert_eq!(only_holidays.compile().unwrap().0.open.total_seconds(), 0);
}

#[test]
fn windows_of_a_second_are_told_apart() {
    let many = |step: u32, length: u32| {
        let time = |s: u32| match s % 60 {
            0 => format!("10:{:02}", s / 60),
            seconds => format!("10:{:02}:{seconds:02}", s / 60),
        };
        let window = |index: u32| {
            let from = index.saturating_mul(step);
            format!("{}-{}", time(from), time(from.saturating_add(length)))
        };
        let windows: Vec<_> = (0..47).map(window).collect();
        format!("Mon-Sun {}", windows.join(","))
    };
    let hours = Hours::in_zone("Europe/Paris").known_through("1901-12-31");
    assert_same(&hours.clone().weekly(&many(2, 1)), 1);
    assert_same(&hours.clone().weekly(&many(61, 60)), 1);
    let office = hours.weekly("Mon-Fri 08:00-09:00");
    assert_same(&office.weekly(&many(3, 1)).weekly(&many(70, 2)), 1);
}

#[test]
fn memory_is_small() {
    let office = |zone| Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00");
    let ten_years = with_holidays(
        office("America/New_York").known_through("2035-12-31"),
        "2026-01-01",
        120,
        30,
    );
    let horizon = Interval::new(
        "2026-01-01T00:00:00Z".parse().unwrap(),
        "2036-01-01T00:00:00Z".parse().unwrap(),
    );
    let within = ten_years
        .compile_within(&ZoneData::bundled(), horizon.unwrap())
        .unwrap();
    assert!(within.bytes() <= 16 << 10, "{}", within.bytes());
    for hours in [ten_years, Hours::in_zone("America/New_York").weekly(QUARTERS)] {
        let calendar = hours.compile().unwrap();
        assert!(calendar.bytes() <= 128 << 10, "{}", calendar.bytes());
    }
    for zone in ZONES {
        let calendar = office(zone).compile().unwrap();
        assert!(calendar.bytes() <= 128 << 10, "{zone}: {}", calendar.bytes());
    }
}

/// Each span for a century and a half, with both readings of windows over midnight.
#[test]
fn weeks_within_long_spans_are_alike() {
    let choices = [
        OvernightOnHoliday::HolidayMasksLocalDay,
        OvernightOnHoliday::ShiftBelongsToStartDay,
    ];
    for choice in choices {
        let hours = Hours::in_zone("Europe/Paris")
            .weekly("Mon-Fri 09:00-12:00,22:00-03:00")
            .holiday("25 Dec", "Christmas Day")
            .override_day("24 Dec", "until 13:00", "Christmas Eve")
            .overnight_on_holiday(choice);
        let work = |hours: &HoursBuilder| {
            let zone = ZoneData::bundled().zone("Europe/Paris").unwrap();
            let plan = Plan::new(hours.hours(), &zone, None).unwrap();
            let open = crate::calendar::compile::weeks::open_time(&plan);
            crate::calendar::compile::hours::workdays(&plan, &open);
            plan.work.into_inner()
        };
        let plain = work(&hours);
        let (from, until) = ("1910-03-02T10:00", "2060-03-03T11:00");
        let added = hours.clone().open_once(from, until, "Round the clock");
        let removed = hours.clone().close_once(from, until, "Suspended");
        for spanned in [&added, &removed] {
            assert!(work(spanned) < 3 * plain, "{} of {plain}", work(spanned));
            assert_same(spanned, 97);
            assert_days_begin(spanned);
        }
        // Whole weeks of UTC, and spans that meet.
        let both = hours
            .open_once("1950-01-02T00:00:00Z", "1990-01-01T00:00:00Z", "Round the clock")
            .close_once("1990-01-01T00:00:00Z", "1999-01-04T00:00:00Z", "Suspended");
        assert_same(&both, 97);
        assert_days_begin(&both);
    }
}

/// The business days against each day laid out alone.
fn assert_days_begin(hours: &HoursBuilder) {
    let calendar = hours.compile().unwrap();
    let plan = Plan::new(hours.hours(), calendar.zone(), None).unwrap();
    let open = &calendar.0.open;
    let is_open = |span: Interval| open.open_nanos_before(span.from()) < open.open_nanos_before(span.until());
    let (first, end) = calendar.0.workdays.days();
    for day in EpochDay::each(&(first..=end.minus(1))) {
        assert_eq!(
            calendar.0.workdays.contains(day),
            Some(plan.begins_on(day, is_open)),
            "{day:?}"
        );
    }
}

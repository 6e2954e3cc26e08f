//! Which weeks are alike, and the table of all weeks.
//!
//! This module owns the compilation of a [`OpenTime`]. It lays no window on the time line itself: `plan` lays out one week of
//! each kind, and the others of its kind share its page. What makes weeks alike is a [`WeekKind`]: everything that the windows
//! of a week depend on, seen from its start.
//!
//! # Cost
//!
//! Some nanoseconds for a week, and for each kind the cost of laying out some twelve days. Office hours have some dozen
//! kinds, since clocks change at the same hour of the week year by year.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::ClockFace;

use super::plan::Plan;
use crate::calendar::table::open_time::{OpenTime, SECONDS_PER_WEEK};
use crate::calendar::table::pages::{Filled, Filling};
use crate::calendar::terms::days::SECONDS_PER_DAY;

/// Everything that the windows of a week depend on, seen from its start. All weeks start with Monday in UTC.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct WeekKind {
    clock: ClockFace,
    /// The pattern of the local days that reach into the week.
    pattern: usize,
    /// Which of these days are special, and how.
    specials: Vec<(i64, u32)>,
}

/// The table of all that the plan knows.
pub(crate) fn table(plan: &Plan) -> OpenTime {
    let (mut filling, mut kinds) = (
        Filling::from(plan.covers().from()),
        BTreeMap::<WeekKind, Filled>::new(),
    );
    let (mut clocks, mut days) = (plan.clocks(), plan.days_in_order());
    let (mut kind, mut filled) = (WeekKind::default(), None);
    let (covers, irregular) = (plan.covers(), plan.irregular());
    let mut irregular = irregular.iter().peekable();
    let (first, until) = (covers.from().epoch_seconds(), covers.until().epoch_seconds());
    let mut from = start_of_week(first);
    let mut specials = Vec::new();
    while let Some(next) = Some(from.saturating_add(SECONDS_PER_WEEK.into())).filter(|next| *next <= until) {
        let same_clock = clocks.over(from, next, &mut kind.clock);
        let pattern = days.over(&days_reaching_into(&kind.clock, from), &mut specials);
        // Each is passed once.
        while irregular
            .next_if(|around| around.until().epoch_seconds() <= from)
            .is_some()
        {}
        let is_irregular = irregular
            .peek()
            .is_some_and(|around| around.from().epoch_seconds() < next);
        let same = same_clock && pattern == Some(kind.pattern) && specials == kind.specials;
        filled = match (pattern, filled) {
            (Some(pattern), known) if !is_irregular && from >= first => Some(match known {
                Some(known) if same => known,
                _ => {
                    (kind.pattern, kind.specials) = (pattern, specials.clone());
                    *kinds
                        .entry(kind.clone())
                        .or_insert_with(|| filling.page(&plan.open(week(from)), from))
                }
            }),
            _ => None,
        };
        let page = filled.unwrap_or_else(|| filling.page(&plan.open(week(from)), from));
        filling.push(page);
        from = next;
    }
    // The week in which knowledge ends is cut there. It is empty if that is its start: `OpenTime` wants a week after the end.
    let cut = filling.page(&plan.open(week(from)), from);
    filling.push(cut);
    filling.finish()
}

/// The Monday on or before an instant, in seconds.
pub(crate) fn start_of_week(at_seconds: i64) -> i64 {
    let since = at_seconds.saturating_sub(Instant::MIN_SECONDS);
    at_seconds.saturating_sub(since.rem_euclid(SECONDS_PER_WEEK.into()))
}

/// The local days that a week meets, and the one before, since a window ends on the day after its start at the latest.
fn days_reaching_into(clock: &ClockFace, from: i64) -> RangeInclusive<i64> {
    let (lowest, highest) = clock.shown(from);
    let first = lowest.div_euclid(SECONDS_PER_DAY).saturating_sub(1);
    first..=highest.saturating_sub(1).div_euclid(SECONDS_PER_DAY)
}

/// As far as instants go: nothing is known after them.
pub(crate) fn week(from: i64) -> Interval {
    Interval::clamped(
        Instant::clamped_from_seconds(from),
        Instant::clamped_from_seconds(from.saturating_add(i64::from(SECONDS_PER_WEEK))),
    )
}

#[cfg(all(test, feature = "chrono-tz"))]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::super::plan::Plan;
    use crate::calendar::table::open_time::OpenTime;
    use crate::calendar::{Calendar, Hours, Made, OvernightOnHoliday};
    use crate::time::instant::Instant;
    use crate::time::interval::Interval;
    use crate::time::interval::IntervalSet;
    use crate::zone::ZoneData;

    /// Sixteen quarters of an hour a day, 112 windows a week, of which many go over an end of a week in UTC.
    const QUARTERS: &str = "Mon-Sun 00:00-00:15,01:30-01:45,03:00-03:15,04:30-04:45,06:00-06:15,07:30-07:45,\
        09:00-09:15,10:30-10:45,12:00-12:15,13:30-13:45,15:00-15:15,16:30-16:45,18:00-18:15,19:30-19:45,21:00-21:15,\
        23:50-00:05";

    fn plan(calendar: &Calendar) -> &Plan {
        match calendar.made() {
            Made::Hours { plan, .. } => plan,
            Made::Composite(_) => panic!("hours"),
        }
    }

    fn windows(calendar: &Calendar) -> IntervalSet {
        plan(calendar).open(calendar.covers())
    }

    /// The table against the windows that the plan lays out day by day: what is open, closed and next around each boundary,
    /// and both directions between instants and open time.
    fn assert_same(hours: &Hours, every: usize) {
        let calendar = hours.compile().unwrap();
        let (open, table) = (windows(&calendar), calendar.table());
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

    fn with_holidays(hours: Hours, from: &str, days: usize, step: usize) -> Hours {
        let first: chrono::NaiveDate = from.parse().unwrap();
        let dates = first.iter_days().step_by(step).take(days);
        dates.fold(hours, |hours, date| hours.holiday(&date.to_string(), "Holiday"))
    }

    /// Zones whose clocks have done unusual things: dates skipped and repeated, transitions at midnight, at the end of a
    /// week in UTC, of half an hour, twice within a month; and offsets of seconds.
    const ZONES: [&str; 16] = [
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
            let hours = hours.overnight_on_holiday(choice).known_until("2012-02-29");
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
        assert_same(&Hours::always().known_until("1900-01-07"), 1); // ends with the first week
        assert_same(&Hours::always().known_until("1900-02-25"), 1); // ends with the first block
        assert_same(&Hours::always().known_until("1900-01-01"), 1);
        assert_same(
            &Hours::in_zone("+14:00")
                .weekly("Mon 00:00-00:01")
                .known_until("1900-01-01"),
            1,
        );
        let once = with_holidays(Hours::always().known_until("2020-12-31"), "1999-01-01", 8_000, 1);
        assert_same(&once, 1); // open for a century, and then for some weeks at the end
        let only_holidays = with_holidays(Hours::always().known_until("1900-12-31"), "1900-01-01", 365, 1);
        assert_same(&only_holidays, 1);
        assert_eq!(only_holidays.compile().unwrap().table().total_seconds(), 0);
    }

    /// What is kept without names: the table, and the business days.
    fn bytes(calendar: &Calendar) -> usize {
        calendar
            .table()
            .bytes()
            .saturating_add(calendar.workdays().bytes())
    }

    #[test]
    fn windows_of_a_second_are_told_apart() {
        let many = |step: u32, length: u32| {
            let time = |s: u32| format!("{:02}:{:02}:{:02}", 10, s / 60, s % 60);
            let window = |index: u32| {
                let from = index.saturating_mul(step);
                format!("{}-{}", time(from), time(from.saturating_add(length)))
            };
            let windows: Vec<_> = (0..47).map(window).collect();
            format!("Mon-Sun {}", windows.join(","))
        };
        let hours = Hours::in_zone("Europe/Paris").known_until("1901-12-31");
        assert_same(&hours.clone().weekly(&many(2, 1)), 1);
        assert_same(&hours.clone().weekly(&many(61, 60)), 1);
        let office = hours.weekly("Mon-Fri 08:00-09:00");
        assert_same(&office.weekly(&many(3, 1)).weekly(&many(70, 2)), 1);
    }

    #[test]
    fn memory_is_small() {
        let office = |zone| Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00");
        let ten_years = with_holidays(
            office("America/New_York").known_until("2035-12-31"),
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
        assert!(bytes(&within) <= 16 << 10, "{}", bytes(&within));
        for hours in [ten_years, Hours::in_zone("America/New_York").weekly(QUARTERS)] {
            let calendar = hours.compile().unwrap();
            assert!(bytes(&calendar) <= 128 << 10, "{}", bytes(&calendar));
        }
        for zone in ZONES {
            let calendar = office(zone).compile().unwrap();
            assert!(bytes(&calendar) <= 128 << 10, "{zone}: {}", bytes(&calendar));
        }
    }
}

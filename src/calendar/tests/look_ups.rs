//! How many places a look-up reads, and what a table that is filled by hand answers.
//!
//! This module owns the tests of the structure of `table`; what is open when is left to `alike_weeks` and the tests outside.

use alloc::string::String;
use alloc::vec::Vec;

use crate::calendar::table::open_time::{OpenTime, SECONDS_PER_WEEK};
use crate::calendar::table::pages::Filling;
use crate::calendar::{Hours, HoursBuilder};
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

const HOUR: u64 = 3_600_000_000_000;

fn quarters() -> HoursBuilder {
    let hours = (0..24).map(|hour| format!("{hour:02}:00-{hour:02}:15,{hour:02}:30-{hour:02}:45"));
    let windows: Vec<String> = hours.collect();
    Hours::in_zone("Europe/Paris").weekly(&format!("Mon-Sun {}", windows.join(",")))
}

/// The places that a look-up in each direction reads, over some thousand instants and a distance in open time.
fn work(table: &OpenTime, distance: u64) -> Vec<usize> {
    let from = Instant::parse("2026-01-01T00:00:00Z").unwrap();
    let starts = (0..5_000_u64).map(|step| from.checked_add(step.saturating_mul(7 * HOUR)).unwrap());
    let mut counts: Vec<usize> = starts
        .map(|start| {
            table.work();
            let before = table.open_nanos_before(start);
            table.earliest_with(before.saturating_add(distance)).unwrap();
            table.work()
        })
        .collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}

/// Three places for the one direction and four for the other, whatever the distance and however many windows.
#[test]
fn every_look_up_takes_the_same_steps() {
    let office = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    for hours in [office, quarters(), Hours::always()] {
        let calendar = hours.compile().unwrap();
        let week = calendar
            .0
            .open
            .open_nanos_before(Instant::parse("2026-01-12T00:00:00Z").unwrap())
            .saturating_sub(
                calendar
                    .0
                    .open
                    .open_nanos_before(Instant::parse("2026-01-05T00:00:00Z").unwrap()),
            );
        for distance in [1, 8 * HOUR, 400 * HOUR, week.saturating_mul(52 * 20)] {
            assert_eq!(work(&calendar.0.open, distance), [7], "{hours:?} {distance}");
        }
    }
}

/// Where a step is crowded a binary search follows, of few rounds.
#[test]
fn windows_of_a_second_are_found_in_few_steps() {
    let seconds = (0..48_u32).map(|window| {
        let (from, until) = (
            window.saturating_mul(2),
            window.saturating_mul(2).saturating_add(1),
        );
        let time = |second: u32| match second % 60 {
            0 => format!("12:{:02}", second / 60),
            rest => format!("12:{:02}:{rest:02}", second / 60),
        };
        format!("{}-{}", time(from), time(until))
    });
    let windows: Vec<String> = seconds.collect();
    let (first, second) = windows.split_at(24);
    let hours = Hours::in_zone("Europe/Paris")
        .weekly(&format!("Mon-Sun {}", first.join(",")))
        .weekly(&format!("Mon-Sun {}", second.join(",")));
    let calendar = hours.compile().unwrap();
    let most = *work(&calendar.0.open, HOUR).last().unwrap();
    assert!(most <= 7 + 2 * 10, "{most}");
}

#[test]
fn pages_hold_the_windows_of_their_weeks() {
    for hours in [
        quarters(),
        Hours::always(),
        Hours::in_zone("Asia/Tokyo").weekly("Sun 22:00-12:00"),
    ] {
        let calendar = hours.compile().unwrap();
        let table = &calendar.0.open;
        for week in (0..10_000_i64).step_by(37) {
            let start = Instant::MIN_SECOND.plus(week * i64::from(SECONDS_PER_WEEK));
            let at = |second: u32| Instant::nearest(start.plus(second.into()));
            assert_eq!(
                table.open_on(table.page_of(start), start),
                table.within(Interval::clamped(at(0), at(SECONDS_PER_WEEK)))
            );
        }
        assert_eq!(table.page_of(EpochSecond::FAR_FUTURE), None);
        assert!(table.open_on(None, EpochSecond::EPOCH).is_empty());
    }
}

/// Two weeks from 2026 on: nothing is open before them, and nothing after them.
#[test]
fn a_table_begins_with_any_week() {
    let monday = Instant::parse("2025-12-29T00:00:00Z").unwrap();
    let mut filling = Filling::from(monday);
    let at = |hour: u64| monday.checked_add(hour.saturating_mul(HOUR)).unwrap();
    let open: IntervalSet = [Interval::clamped(at(9), at(17))].into_iter().collect();
    let page = filling.page(&open, monday.second());
    let closed = filling.page(&IntervalSet::default(), monday.second());
    [page, page, closed]
        .into_iter()
        .for_each(|week| filling.push(week));
    let table = filling.finish();
    assert_eq!(table.within(Interval::clamped(at(0), at(168))), open);
    assert!(table.is_open(at(9)) && table.is_open(at(168 + 16)) && !table.is_open(at(17)));
    assert_eq!(table.open_nanos_before(at(168 + 10)), 9 * HOUR);
    assert_eq!(table.earliest_with(16 * HOUR), Some(at(168 + 17)));
    assert_eq!(
        (table.nth_open(8 * HOUR), table.nth_open(16 * HOUR)),
        (Some(at(168 + 9)), None)
    );
    assert!(table.stretch(at(168 + 17)).is_none());
    for outside in [Instant::MIN, Instant::MAX] {
        assert!(!table.is_open(outside));
    }
    assert_eq!(table.open_nanos_before(Instant::MIN), 0);
    assert_eq!(table.open_nanos_before(Instant::MAX), 16 * HOUR);
    let page_of = |week: i64| table.page_of(monday.second().plus(week * 604_800));
    assert_eq!((page_of(-1), page_of(3)), (None, None));
    assert!(page_of(0).is_some() && page_of(0) == page_of(1));
}

/// Around every bound and every start of a week: by the windows, one after another.
#[test]
fn open_time_around_an_instant_is_found() {
    let crowded: Vec<String> = (0..48)
        .map(|window: u32| format!("12:{window:02}-12:{window:02}:01"))
        .collect();
    for hours in [
        quarters(),
        Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00"),
        Hours::in_zone("Asia/Tokyo").weekly("Sun 22:00-12:00"),
        Hours::in_zone("UTC").weekly("Sat,Sun 00:00-24:00"),
        Hours::in_zone("UTC")
            .weekly("Mon 00:00-24:00")
            .weekly("Sun 23:00-24:00"),
        Hours::in_zone("Europe/Paris")
            .weekly(&format!("Tue,Wed {}", crowded.join(",")))
            .holiday("1 Jan", "New Year"),
        Hours::in_zone("UTC").weekly("Wed 09:00-17:00 from 2026-01-01 through 2026-01-31"),
    ] {
        let calendar = hours.compile().unwrap();
        let table = &calendar.0.open;
        let (from, until) = ("2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z");
        let span = Interval::clamped(Instant::parse(from).unwrap(), Instant::parse(until).unwrap());
        // Far enough on both sides that the windows next to all that is asked are among them.
        let wide = Interval::clamped(
            Instant::nearest(span.from().second().minus(60 * 86_400)),
            Instant::nearest(span.until().second().plus(400 * 86_400)),
        );
        let windows = table.within(wide);
        let weeks = (0..5).map(|week| span.from().second().plus(week * 604_800 - 3 * 86_400));
        let bounds = table
            .within(span)
            .iter()
            .flat_map(|window| [window.from(), window.until()])
            .collect::<Vec<_>>();
        for at in bounds.into_iter().chain(weeks.map(Instant::nearest)) {
            let nanos = at.epoch_nanos();
            for near in [-1_000_000_000, -1, 0, 1, 1_000_000_000].map(|more| nanos + more) {
                let at = Instant::from_epoch(near, 1).unwrap();
                let next = windows
                    .iter()
                    .find(|window| at < window.until())
                    .map(|window| window.from().max(at));
                let last = windows
                    .iter()
                    .rfind(|window| window.from() < at)
                    .map(|window| window.until().min(at));
                let in_wide = |found: &Instant| wide.from() < *found && *found < wide.until();
                assert_eq!(table.next_open(at).filter(in_wide), next, "{at}");
                assert_eq!(table.last_open_until(at).filter(in_wide), last, "{at}");
            }
        }
    }
}

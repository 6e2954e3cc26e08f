//! Questions to a calendar and its compilation, over 65,536 pseudo-random inputs so that no branch is learnt.
//!
//! Answers are asserted before anything is timed: deadlines by the law that ties them to `elapsed`, and both by a count of
//! office days in UTC, where no clock changes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark may panic, and criterion's macros write undocumented items"
)]

use std::hint::black_box;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sla::{Calendar, Hours, WorkingTime};

const INPUTS: usize = 65_536;

/// 2026-01-01.
const FIRST_S: i64 = 1_767_225_600;

/// Instants in the six years from 2026 on, from a generator with a fixed seed (Knuth's MMIX).
fn instants() -> Vec<DateTime<Utc>> {
    let mut state = 42_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    (0..INPUTS)
        .map(|_| DateTime::from_timestamp(FIRST_S + next() % (6 * 365 * 86_400), 0).unwrap())
        .collect()
}

/// Office hours of ten years, with twelve holidays in each.
fn office(zone: &str) -> Hours {
    let months = (2026..2036).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let dates = months.map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1 + month * 2).unwrap());
    let hours = Hours::in_zone(zone)
        .weekly("Mon-Fri 09:00-17:00")
        .known_until("2035-12-31");
    dates.fold(hours, |hours, date| hours.holiday(&date.to_string(), "Holiday"))
}

fn assert_deadlines(calendar: &Calendar, instants: &[DateTime<Utc>], within: WorkingTime) {
    for from in instants {
        let due = calendar.deadline(*from, within).unwrap();
        assert_eq!(calendar.elapsed(*from, due), Ok(within));
        assert!(calendar.elapsed(*from, due - Duration::nanoseconds(1)).unwrap() < within);
    }
}

/// Counts office days, from midnight to midnight in UTC.
fn assert_elapsed(instants: &[DateTime<Utc>], days: i64) {
    let (hours, calendar) = (office("UTC"), office("UTC").compile().unwrap());
    for from in instants.iter().step_by(256) {
        let first = from.date_naive();
        let dates = first.iter_days().take(days as usize);
        let works = |date: &NaiveDate| {
            date.weekday().num_days_from_monday() < 5
                && !hours.holidays.iter().any(|holiday| holiday.date.naive() == *date)
        };
        let worked = WorkingTime::hours(8 * dates.filter(works).count() as u64);
        let midnight = first.and_hms_opt(0, 0, 0).unwrap().and_utc();
        assert_eq!(
            calendar.elapsed(midnight, midnight + Duration::days(days)),
            Ok(worked)
        );
    }
}

fn queries(criterion: &mut Criterion) {
    let (calendar, instants) = (office("America/New_York").compile().unwrap(), instants());
    let mut group = criterion.benchmark_group("calendar");
    group.throughput(Throughput::Elements(INPUTS as u64));
    group.bench_function("is_open", |bencher| {
        bencher.iter(|| {
            instants
                .iter()
                .filter(|at| calendar.is_open(black_box(**at)).unwrap())
                .count()
        });
    });
    for (name, days) in [("elapsed 30 days", 30), ("elapsed 3 years", 3 * 365)] {
        assert_elapsed(&instants, days);
        let span = Duration::days(days);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for from in &instants {
                    black_box(calendar.elapsed(black_box(*from), *from + span).unwrap());
                }
            });
        });
    }
    for (name, within) in [
        ("deadline 8 hours", WorkingTime::hours(8)),
        ("deadline 400 hours", WorkingTime::hours(400)),
    ] {
        assert_deadlines(&calendar, &instants, within);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for from in &instants {
                    black_box(calendar.deadline(black_box(*from), within).unwrap());
                }
            });
        });
    }
    group.finish();
}

fn compile(criterion: &mut Criterion) {
    let hours = office("America/New_York");
    criterion.bench_function("calendar/compile until 2035, 120 holidays", |bencher| {
        bencher.iter(|| black_box(&hours).compile().unwrap());
    });
}

criterion_group!(benches, queries, compile);
criterion_main!(benches);

//! Questions about many instants: each element gets the answer of the single question, or the error that names it.

use chrono::{DateTime, Duration, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use sla::calendar::Unit;
use sla::error::{BatchError, QueryError};
use sla::{Calendar, Hours, Interval, WorkingTime, ZoneData};

use crate::calendar::{World, world};
use crate::oracle::DAY_S;

/// A unit of time, and its nanoseconds.
#[derive(Debug, Clone, Copy)]
struct Ticks {
    nanos: i64,
    unit: Unit,
}

const UNITS: [Ticks; 4] = [
    Ticks {
        nanos: 1_000_000_000,
        unit: Unit::Seconds,
    },
    Ticks {
        nanos: 1_000_000,
        unit: Unit::Millis,
    },
    Ticks {
        nanos: 1_000,
        unit: Unit::Micros,
    },
    Ticks {
        nanos: 1,
        unit: Unit::Nanos,
    },
];

impl Ticks {
    fn instant(self, ticks: i64) -> DateTime<Utc> {
        let nanos = i128::from(ticks) * i128::from(self.nanos);
        let second = i64::try_from(nanos.div_euclid(1_000_000_000)).ok();
        let instant = second
            .and_then(|second| DateTime::from_timestamp(second, nanos.rem_euclid(1_000_000_000) as u32));
        let last = if ticks < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        };
        instant.unwrap_or(last)
    }

    fn ticks(self, at: DateTime<Utc>) -> i64 {
        let nanos = i128::from(at.timestamp()) * 1_000_000_000 + i128::from(at.timestamp_subsec_nanos());
        i64::try_from(nanos.div_euclid(i128::from(self.nanos))).unwrap()
    }

    fn single_elapsed(self, calendar: &Calendar, from: i64, to: i64) -> Result<i64, QueryError> {
        let elapsed = calendar
            .elapsed(self.instant(from), self.instant(to))?
            .as_nanoseconds();
        Ok(i64::try_from(elapsed).unwrap() / self.nanos)
    }

    fn single_deadline(self, calendar: &Calendar, from: i64, within: i64) -> Result<i64, QueryError> {
        let nanos = within as u64 * self.nanos as u64;
        let due = calendar.deadline(self.instant(from), WorkingTime::nanoseconds(nanos))?;
        Ok(self.ticks(due))
    }
}

/// The answers one by one until the first error, and then what a batch leaves there.
fn one_by_one<T: Copy>(
    length: usize,
    untouched: T,
    answer: impl Fn(usize) -> Result<T, QueryError>,
) -> (Vec<T>, Option<(usize, QueryError)>) {
    let mut answers = vec![untouched; length];
    for index in 0..length {
        match answer(index) {
            Ok(found) => answers[index] = found,
            Err(error) => return (answers, Some((index, error))),
        }
    }
    (answers, None)
}

fn parts(result: Result<(), BatchError>) -> Option<(usize, QueryError)> {
    result.err().map(|error| match error {
        BatchError::Element { index, error } => (index, error),
        other => panic!("{other}"),
    })
}

fn assert_same(calendar: &Calendar, unit: Ticks, from: &[i64], to: &[i64], within: &[i64]) {
    let length = from.len();
    let mut open = vec![false; length];
    let failed = parts(calendar.batch(unit.unit).is_open(from, &mut open));
    let single = one_by_one(length, false, |index| calendar.is_open(unit.instant(from[index])));
    assert_eq!((open, failed), single);

    let mut elapsed = vec![-7; length];
    let failed = parts(calendar.batch(unit.unit).elapsed(from, to, &mut elapsed));
    let single = one_by_one(length, -7, |index| {
        unit.single_elapsed(calendar, from[index], to[index])
    });
    assert_eq!((elapsed, failed), single);

    let mut due = vec![-7; length];
    let failed = parts(calendar.batch(unit.unit).deadlines(from, within, &mut due));
    let single = one_by_one(length, -7, |index| {
        unit.single_deadline(calendar, from[index], within[index])
    });
    assert_eq!((due, failed), single);
}

/// Seconds from the instant of interest: near, some years before, and sometimes where nothing is known.
fn second() -> impl Strategy<Value = i64> {
    prop_oneof![
        60 => -3 * DAY_S..3 * DAY_S,
        30 => -9_000 * DAY_S..50 * DAY_S,
        1 => 55 * DAY_S..70 * DAY_S,
        1 => -900_000 * DAY_S..900_000 * DAY_S,
    ]
}

/// An instant, a later one (rarely an earlier one), and seconds of working time.
fn question() -> impl Strategy<Value = (i64, i64, i64)> {
    let length = prop_oneof![40 => 0..40 * DAY_S, 1 => -DAY_S..0];
    let within = prop_oneof![30 => 0..20 * DAY_S, 5 => Just(0), 1 => 0..8_000 * DAY_S];
    (second(), length, within)
}

fn columns(
    world: &World,
    unit: Ticks,
    part: i64,
    questions: &[(i64, i64, i64)],
) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
    let ticks = |seconds: i64| seconds.saturating_mul(1_000_000_000 / unit.nanos);
    let part = part % (1_000_000_000 / unit.nanos);
    let from = |second: i64| ticks(world.near.timestamp() + second).saturating_add(part);
    let rows = questions.iter();
    let from_to = rows.map(|(second, length, _)| (from(*second), from(*second + length)));
    let (from, to) = from_to.unzip();
    let within = questions.iter().map(|(_, _, within)| ticks(*within) + part);
    (from, to, within.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn batches_answer_as_single_questions(
        world in world(),
        part in 0_i64..1_000_000_000,
        questions in vec(question(), 0..150),
    ) {
        let calendar = world.rules.compile();
        for unit in UNITS {
            for part in [0, part] {
                let (from, to, within) = columns(&world, unit, part, &questions);
                assert_same(&calendar, unit, &from, &to, &within);
            }
        }
    }

    /// Wherever what is known starts and ends, and whatever an `i64` holds.
    #[test]
    fn any_number_is_answered_or_refused(ticks in vec(any::<i64>(), 1..4), close in -3_i64..4) {
        let hours = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31");
        // In the middle of a week, and of a working day.
        let horizon = Interval::new("2026-03-04T15:00:00Z".parse().unwrap(), "2026-04-02T16:30:00Z".parse().unwrap());
        let short = hours.compile_within(&ZoneData::bundled(), horizon.unwrap()).unwrap();
        for calendar in [hours.compile().unwrap(), Hours::always().compile().unwrap(), short] {
            let covers = calendar.covers();
            for unit in UNITS {
                for at in [covers.start(), covers.end()] {
                    let at = unit.ticks(at) + close;
                    let (to, within) = ([at.saturating_add(3_600), at], [3_600 * 1_000_000_000 / unit.nanos, 0]);
                    assert_same(&calendar, unit, &[at, at], &to, &within);
                }
                for at in &ticks {
                    assert_same(&calendar, unit, &[*at], &[at.saturating_add(5)], &[5]);
                    assert_same(&calendar, unit, &[0], &[(*at).max(0)], &[5]);
                }
            }
        }
    }
}

fn desk() -> Calendar {
    let hours = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .known_through("2026-12-31");
    hours.compile().unwrap()
}

/// Monday 2026-03-02 at 09:00.
const MONDAY_S: i64 = 1_772_442_000;

#[test]
fn the_first_element_without_an_answer_is_named() {
    let mut from = [MONDAY_S; 100];
    from[71] = MONDAY_S + 365 * DAY_S;
    let mut due = [0; 100];
    let error = desk()
        .batch(Unit::Seconds)
        .deadlines(&from, &[3_600; 100], &mut due)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "element 71: no holidays are known after 2026-12-31"
    );
    assert!(matches!(error, BatchError::Element { index: 71, .. }));
    assert!(due[..71].iter().all(|due| *due == MONDAY_S + 3_600));
    assert!(due[71..].iter().all(|due| *due == 0));

    let error = desk()
        .batch(Unit::Seconds)
        .elapsed(&[0, 5], &[1, 4], &mut [0; 2])
        .unwrap_err();
    let text = "element 1: expected an end not before `1970-01-01T00:00:05Z`, found `1970-01-01T00:00:04Z`";
    assert_eq!(error.to_string(), text);
    let error = desk()
        .batch(Unit::Seconds)
        .is_open(&[i64::MIN], &mut [false])
        .unwrap_err();
    let found = DateTime::<Utc>::MIN_UTC;
    let error_of_first = QueryError::InstantOutOfRange { found };
    assert_eq!(parts(Err(error)), Some((0, error_of_first)));
}

#[test]
fn negative_time_is_refused() {
    let mut due = [7; 3];
    for unit in UNITS {
        for negative in [-1, i64::MIN] {
            let error = desk()
                .batch(unit.unit)
                .deadlines(&[0, 0, 0], &[0, 0, negative], &mut due)
                .unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("element 2: expected no negative time, found `{negative}`")
            );
            assert_eq!(due, [0, 0, 7]);
        }
    }
}

#[test]
fn lengths_are_the_same() {
    let desk = desk();
    let mut answers = [7; 3];
    for unit in UNITS {
        let batch = desk.batch(unit.unit);
        let error = batch.is_open(&[0; 3], &mut [false; 2]).unwrap_err();
        assert_eq!(error.to_string(), "slices differ in length: 3 and 2");
        assert_eq!(error, BatchError::LengthsDiffer { lengths: vec![3, 2] });
        for (from, to, length) in [(2, 3, 3), (3, 2, 3), (3, 3, 2)] {
            let (from, to) = (&[0; 3][..from], &[0; 3][..to]);
            let text = format!(
                "slices differ in length: {}, {} and {length}",
                from.len(),
                to.len()
            );
            let error = batch.elapsed(from, to, &mut answers[..length]).unwrap_err();
            assert_eq!(error.to_string(), text);
            let error = batch.deadlines(from, to, &mut answers[..length]).unwrap_err();
            assert_eq!(error.to_string(), text);
            assert_eq!(answers, [7; 3]);
        }
        assert_eq!(batch.is_open(&[], &mut []), Ok(()));
    }
}

/// 300 years of nanoseconds do not fit an `i64`; more time than there is has no deadline, and is not cut to what there is.
#[test]
fn what_does_not_fit_is_refused() {
    let always = Hours::always().compile().unwrap();
    let year_s = 365 * DAY_S;
    let (from, to) = (-70 * year_s - 17 * DAY_S, 230 * year_s + 56 * DAY_S);
    assert_eq!(
        DateTime::from_timestamp(from, 0).unwrap().to_rfc3339(),
        "1900-01-01T00:00:00+00:00"
    );
    let to_nanos = |second: i64| second * 1_000_000_000;
    let mut elapsed = [0];
    assert_eq!(
        always
            .batch(Unit::Seconds)
            .elapsed(&[from], &[to - DAY_S], &mut elapsed),
        Ok(())
    );
    assert_eq!(elapsed, [to - DAY_S - from]);
    let error = always
        .batch(Unit::Nanos)
        .elapsed(&[to_nanos(from)], &[to_nanos(to - DAY_S)], &mut elapsed);
    assert_eq!(parts(error), Some((0, QueryError::Overflow)));

    let all = always.covers().length().as_nanoseconds() / 1_000_000_000;
    let start = always.covers().start().timestamp();
    let mut due = [0];
    assert_eq!(
        always
            .batch(Unit::Seconds)
            .deadlines(&[start], &[all as i64], &mut due),
        Ok(())
    );
    assert_eq!(due, [always.covers().end().timestamp()]);
    for more in [all as i64 + 1, i64::MAX] {
        assert!(
            always
                .batch(Unit::Seconds)
                .deadlines(&[start], &[more], &mut due)
                .is_err(),
            "{more}"
        );
        let millis = more.saturating_mul(1_000);
        assert!(
            always
                .batch(Unit::Millis)
                .deadlines(&[start * 1_000], &[millis], &mut due)
                .is_err(),
            "{more}"
        );
    }
    assert_eq!(
        always.covers().end() - always.covers().start(),
        Duration::seconds(all as i64)
    );
}

//! The questions backwards: previous openings, previous closes and stretches before an instant, at every boundary and one
//! nanosecond around it, against every second and against their mirrors.

use chrono::{DateTime, Duration, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use sla::error::QueryError;
use sla::{Calendar, Hours, Interval, ZoneData};

use crate::calendar::{World, world};
use crate::calendar_rows::at;
use crate::oracle::{Composite, DAY_S, DayWalker, Kind, Line, PerSecond, Rules};

const NANOSECOND: Duration = Duration::nanoseconds(1);

const DAYS: i64 = 4;

/// Every instant at which hours start or stop within some days, with those next to it.
fn boundaries(calendar: &Calendar, near: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let (from, to) = (near - Duration::days(DAYS - 1), near + Duration::days(DAYS - 1));
    let open = calendar.open_within(from, to).unwrap();
    let ends = open.iter().flat_map(|window| [window.start(), window.end()]);
    let around = ends.flat_map(|end| [end - NANOSECOND, end, end + NANOSECOND]);
    around.chain([from, near, to]).take(60).collect()
}

fn scanned(near: DateTime<Utc>) -> (i64, i64) {
    let second = near.timestamp();
    (second - DAYS * DAY_S, second + DAYS * DAY_S)
}

/// What was scanned shows each answer that lies in it.
fn agrees(calendar: &Calendar, oracle: &PerSecond, near: DateTime<Utc>) -> Result<(), TestCaseError> {
    for at in boundaries(calendar, near) {
        if let Some(open) = oracle.previous(at, true) {
            prop_assert_eq!(calendar.previous_open(at), Ok(open), "opening before {}", at);
        }
        if let Some(close) = oracle.previous(at, false) {
            prop_assert_eq!(calendar.previous_close(at), Ok(close), "close before {}", at);
        }
        // From the stretches of the oracle that end before `at`, or at it.
        let mut until = at;
        for stretch in calendar.open_before(at).unwrap().take(3) {
            let Ok(stretch) = stretch else { break };
            let before = until - NANOSECOND;
            if before.timestamp() < scanned(near).0 {
                break;
            }
            let end = if oracle.is_open(before) {
                Some(until)
            } else {
                oracle.previous(before, false)
            };
            let Some(end) = end else { break };
            let Some(start) = oracle.previous(end - NANOSECOND, true) else {
                break;
            };
            prop_assert_eq!(
                stretch,
                Interval::new(start, end).unwrap(),
                "stretches before {}",
                at
            );
            until = start;
        }
    }
    Ok(())
}

/// Mirrors of each other, wherever both have an answer.
fn mirrors(calendar: &Calendar, near: DateTime<Utc>) -> Result<(), TestCaseError> {
    for at in boundaries(calendar, near) {
        let (open, close) = (calendar.previous_open(at), calendar.previous_close(at));
        let is_open = calendar.is_open(at).unwrap();
        if let Ok(open) = open {
            prop_assert!(open <= at);
            prop_assert_eq!(calendar.next_open(open), Ok(open));
            let next = calendar.next_close(open);
            prop_assert!(is_open || next == close, "{}: {:?} and {:?}", at, next, close);
        }
        if let Ok(close) = close {
            prop_assert!(close <= at);
            prop_assert_eq!(calendar.next_close(close), Ok(close));
            let next = calendar.next_open(close);
            prop_assert!(!is_open || next == open, "{}: {:?} and {:?}", at, next, open);
        }
        let forward: Result<Vec<Interval>, QueryError> = match open {
            Ok(open) => calendar.open_from(open).unwrap().take(1).collect(),
            Err(error) => Err(error),
        };
        if let (Ok(forward), Ok(open)) = (forward, open) {
            let back = calendar.open_before(forward[0].end()).unwrap().next();
            prop_assert_eq!(back, Some(Interval::new(open, forward[0].end())));
        }
    }
    Ok(())
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Union),
        Just(Kind::Intersection),
        Just(Kind::Difference)
    ]
}

/// Of two sets of rules; both are asked near the instant of the first.
fn composite(kind: Kind, one: &World, mut other: Rules) -> (Composite, Calendar) {
    other.known_through = one.rules.known_through;
    other
        .holidays
        .retain(|date| Some(*date) <= one.rules.known_through);
    let (first, second) = (one.rules.compile(), other.compile());
    let names = ["one", "other"];
    let terms = match kind {
        Kind::Union => sla::calendar::Composite::union("UTC", &names),
        Kind::Intersection => sla::calendar::Composite::intersection("UTC", &names),
        Kind::Difference => sla::calendar::Composite::difference("UTC", &names),
    };
    let compiled = terms.compile(&ZoneData::bundled(), &[("one", &first), ("other", &second)]);
    let parts = vec![one.rules.clone(), other];
    let zone = String::from("UTC");
    (Composite { kind, zone, parts }, compiled.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn previous_agrees_with_every_second(world in world()) {
        let calendar = world.rules.compile();
        let (from, until) = scanned(world.near);
        agrees(&calendar, &PerSecond::new(&world.rules, from, until), world.near)?;
    }

    #[test]
    fn previous_of_composites_agrees_with_every_second(kind in kind(), one in world(), other in world()) {
        let (terms, calendar) = composite(kind, &one, other.rules);
        let (from, until) = scanned(one.near);
        agrees(&calendar, &PerSecond::composite(&terms, from, until), one.near)?;
        mirrors(&calendar, one.near)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn previous_mirrors_next(world in world()) {
        mirrors(&world.rules.compile(), world.near)?;
    }
}

/// Stretches over the ends of many weeks, and pauses of years: against a walk over the days.
#[test]
fn previous_agrees_with_the_walker() {
    for weekly in [
        "Mon-Sun 00:00-24:00",
        "Sun 22:00-06:00",
        "Mon 00:00-00:01",
        "Mon-Fri 09:00-17:00",
    ] {
        let mut rules = Rules {
            zone: "Europe/Paris".to_owned(),
            lines: vec![Line::read(weekly)],
            known_through: Some("2036-12-31".parse().unwrap()),
            ..Rules::default()
        };
        rules.more.removed = vec![
            ("2026-01-05T00:00".to_owned(), "2027-03-01T00:00".to_owned()),
            ("2030-06-05T03:00".to_owned(), "2030-06-05T04:00".to_owned()),
        ];
        let (calendar, walker) = (rules.compile(), DayWalker::new(&rules));
        let first = at("2025-06-01T00:00:00Z").timestamp().div_euclid(DAY_S);
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (start, end) in walker.windows(first, first + 3_800) {
            match joined.last_mut().filter(|last| last.1 == start) {
                Some(last) => last.1 = end,
                None => joined.push((start, end)),
            }
        }
        let instant = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        for pair in joined.windows(2).skip(1).step_by(1.max(joined.len() / 300)) {
            let [(start, end), (next, next_end)] = pair else {
                panic!()
            };
            let (start, end) = (instant(*start), instant(*end));
            for inside in [
                start,
                start + NANOSECOND,
                end - NANOSECOND,
                end,
                instant(*next) - NANOSECOND,
            ] {
                assert_eq!(calendar.previous_open(inside), Ok(start), "{weekly} {inside}");
            }
            let (next, last) = (instant(*next), instant(*next_end) - NANOSECOND);
            for after in [end, next - NANOSECOND, next, last] {
                assert_eq!(calendar.previous_close(after), Ok(end), "{weekly} {after}");
            }
            let back: Vec<_> = calendar.open_before(next).unwrap().take(1).collect();
            assert_eq!(back, [Interval::new(start, end)], "{weekly} {next}");
        }
    }
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    let always = Hours::always().compile().unwrap();
    let start = always.covers().start();
    let unknown = QueryError::OutsideHorizon {
        from: start,
        until: always.covers().end(),
    };
    let noon = at("2026-03-02T12:00:00Z");
    for asked in [start, noon] {
        assert_eq!(always.previous_open(asked), Err(unknown));
        assert_eq!(always.previous_close(asked), Err(unknown));
        let stretches: Vec<_> = always.open_before(asked).unwrap().collect();
        assert_eq!(stretches, [Err(unknown)]);
    }
    let desk = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .known_from("2026-03-02")
        .known_through("2026-03-06")
        .compile()
        .unwrap();
    for question in [Calendar::previous_open, Calendar::previous_close] {
        let ask = |text| question(&desk, at(text)).map_err(|error| error.to_string());
        assert_eq!(
            ask("2026-03-02T08:59:59Z"),
            Err("no holidays are known before 2026-03-02".to_owned())
        );
        assert_eq!(
            ask("2026-03-07T00:00:00Z"),
            Err("no holidays are known after 2026-03-06".to_owned())
        );
        assert!(ask("2026-03-02T17:00:00Z").is_ok());
    }
    // An interval may end where knowledge ends.
    assert_eq!(desk.open_before(at("2026-03-07T00:00:00Z")).unwrap().count(), 6);
    assert!(desk.open_before(at("2026-03-07T00:00:01Z")).is_err());
}

#[test]
fn holidays_are_named_by_date() {
    let desk = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .observed_holiday(
            "25 Dec",
            "Christmas",
            &["Sat to previous Fri", "Sun also next Mon"],
        )
        .holiday("2026-05-01", "May (observed)")
        .holiday("2026-05-01", "Second name")
        .holiday("2026-12-24", "Eve")
        .override_day("2026-12-24", "until 12:00", "Half day")
        .known_from("2021-01-01")
        .known_through("2026-12-31")
        .compile()
        .unwrap();
    let on = |date: &str| {
        let found = desk.holiday_on(date.parse().unwrap());
        found.map(|found| found.map(|holiday| (holiday.name, holiday.is_observed)))
    };
    assert_eq!(on("2026-12-25"), Ok(Some(("Christmas", false))));
    assert_eq!(on("2022-12-25"), Ok(Some(("Christmas", false)))); // a Sunday
    assert_eq!(on("2022-12-26"), Ok(Some(("Christmas", true))));
    assert_eq!(on("2021-12-24"), Ok(Some(("Christmas", true)))); // for Saturday
    assert_eq!(on("2021-12-25"), Ok(None));
    assert_eq!(on("2026-05-01"), Ok(Some(("May (observed)", false))));
    assert_eq!(on("2026-12-24"), Ok(Some(("Eve", false))));
    assert_eq!(on("2026-12-23"), Ok(None));
    assert!(matches!(on("2027-01-01"), Err(QueryError::BeyondCoverage { .. })));
    assert!(matches!(on("2020-12-31"), Err(QueryError::BeforeCoverage { .. })));
    let both = sla::calendar::Composite::union("UTC", &["desk", "too"]);
    let both = both.compile(&ZoneData::bundled(), &[("desk", &desk), ("too", &desk)]);
    let error = both
        .unwrap()
        .holiday_on("2026-12-25".parse().unwrap())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "a composite calendar has no holidays of its own: ask one of its parts"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A date without service hours that has them without the holidays has a holiday.
    #[test]
    fn a_holiday_is_on_each_date_that_is_listed(world in world(), days in vec(-5_i64..6, 8)) {
        let calendar = world.rules.compile();
        for day in days {
            let date = (world.near + Duration::days(day)).date_naive();
            let found = calendar.holiday_on(date).unwrap();
            prop_assert_eq!(found.is_some(), world.rules.holidays.contains(&date));
            prop_assert!(found.is_none_or(|holiday| holiday.name == "Holiday" && !holiday.is_observed));
        }
    }
}

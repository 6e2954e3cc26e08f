//! Service hours: what a reader with a hostile eye found, each once.

use sla::calendar::{BeyondKnown, Composite, HoursBuilder};
use sla::error::QueryError;
use sla::time::DayMeaning;
use sla::{Hours, Interval, ZoneData};

use crate::calendar_rows::at;

fn horizon(from: &str, until: &str) -> Interval {
    Interval::new(at(from), at(until)).unwrap()
}

fn office(zone: &str) -> HoursBuilder {
    Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00")
}

#[test]
fn holidays_may_end_long_before_a_horizon() {
    let hours = office("Europe/Paris")
        .holiday("2020-05-01", "Labour Day")
        .known_through("2020-12-31");
    let over = horizon("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let desk = hours.compile_within(&ZoneData::bundled(), over).unwrap();
    let known_through = "2020-12-31".parse().unwrap();
    assert_eq!(
        desk.is_open(at("2026-03-04T12:00:00Z")),
        Err(QueryError::BeyondCoverage { known_through })
    );
    assert!(desk.covers().is_empty());
    let assuming = hours.beyond_known(BeyondKnown::Assume);
    let desk = assuming.compile_within(&ZoneData::bundled(), over).unwrap();
    assert_eq!(desk.is_open(at("2026-03-04T12:00:00Z")), Ok(true));
    assert_eq!(desk.assumed_from(), Some(at("2020-12-31T23:00:00Z")));
}

#[test]
fn a_composite_knows_the_dates_that_its_parts_know() {
    let over = horizon("2026-06-01T00:00:00Z", "2026-06-11T00:00:00Z");
    let zones = ZoneData::bundled();
    let new_york = office("America/New_York").compile_within(&zones, over).unwrap();
    let always = Hours::always().compile_within(&zones, over).unwrap();
    let both = Composite::intersection("UTC", &["new-york", "always"])
        .compile(&zones, &[("new-york", &new_york), ("always", &always)])
        .unwrap();
    let wednesday = "2026-06-10".parse().unwrap();
    assert_eq!(
        both.is_business_day(wednesday),
        new_york.is_business_day(wednesday)
    );
    assert!(both.is_business_day(wednesday).is_err());
    assert_eq!(both.is_business_day("2026-06-09".parse().unwrap()), Ok(true));
}

#[test]
fn seasons_that_adjoin_are_told_apart() {
    let desk = office("UTC")
        .season("Spring", "1 Jun", "30 Jun", &["Mon-Fri 08:00-12:00"])
        .season("Shutdown", "1 Jul", "31 Jul", &[])
        .compile()
        .unwrap();
    let why = desk
        .explain(at("2026-07-01T09:00:00Z"), at("2026-07-01T17:00:00Z"))
        .unwrap();
    let why: Vec<String> = why.map(|stretch| stretch.reason.to_string()).collect();
    assert_eq!(why, ["closed: Shutdown"]);
}

#[test]
fn days_of_a_season_that_touch_are_one_stretch() {
    let desk = office("UTC")
        .season("Fair", "1 Jul", "31 Jul", &["24x7"])
        .compile()
        .unwrap();
    let why = desk
        .explain(at("2026-07-01T00:00:00Z"), at("2026-08-01T00:00:00Z"))
        .unwrap();
    let why: Vec<String> = why.map(|stretch| stretch.to_string()).collect();
    assert_eq!(
        why,
        ["2026-07-01T00:00:00Z/2026-08-01T00:00:00Z open: Fair: 24x7"]
    );
}

#[test]
fn nothing_starts_after_it_is_due() {
    let desk = office("UTC").compile().unwrap();
    let sunday = at("2026-03-08T20:00:00Z");
    for days in [0, 1] {
        let start = desk.start_in_days(sunday, days, DayMeaning::SameTimeOrNextOpening);
        assert_eq!(start, Ok(sunday), "{days}");
    }
}

#[test]
fn a_season_that_goes_on_opens_later() {
    let winter = Hours::in_zone("UTC")
        .season("Winter", "2025-12-01", "2026-02-28", &["Mon-Fri 09:00-17:00"])
        .known_through("2025-12-31")
        .compile()
        .unwrap();
    let known_through = "2025-12-31".parse().unwrap();
    assert_eq!(
        winter.next_open(at("2025-12-31T20:00:00Z")),
        Err(QueryError::BeyondCoverage { known_through })
    );
}

#[test]
fn where_coverage_starts_no_span_begins() {
    let desk = office("UTC").open_once("2026-06-19T20:00", "2026-06-20T10:00", "Migration");
    let saturday = "2026-06-20".parse().unwrap();
    for desk in [desk.clone(), desk.known_from("2026-06-20")] {
        assert_eq!(desk.compile().unwrap().is_business_day(saturday), Ok(false));
    }
}

#[test]
fn lines_are_counted_in_all() {
    let line = "Mon 09:00-10:00 from 2026-01-01";
    let lines = [line; 200];
    let dates = [
        ("1 Jan", "31 Jan"),
        ("1 Feb", "28 Feb"),
        ("1 Mar", "31 Mar"),
        ("1 Apr", "30 Apr"),
        ("1 May", "31 May"),
    ];
    let seasons = |hours: HoursBuilder| {
        dates.iter().fold(hours, |hours, (from, until)| {
            hours.season("Season", from, until, &lines)
        })
    };
    // The windows are too many for a weekday, but a thousand lines are not too many in all.
    let thousand = seasons(Hours::in_zone("UTC")).check().unwrap_err();
    assert!(!thousand.to_string().contains("in all"), "{thousand}");
    let problems = seasons(Hours::in_zone("UTC").weekly(line)).check().unwrap_err();
    assert!(
        problems
            .to_string()
            .ends_with("seasons: expected at most 1000 lines of weekly hours in all, found 1001"),
        "{problems}"
    );
}

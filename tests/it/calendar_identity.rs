//! What the fingerprint of a calendar tells apart, and what it does not.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sla::calendar::{Composite, HoursBuilder, OvernightOnHoliday};
use sla::fingerprint::Fingerprint;
use sla::{Calendar, Hours, Interval, ZoneData};

use crate::calendar_rows::at;

fn fingerprint(hours: &HoursBuilder) -> Fingerprint {
    hours.compile().unwrap().fingerprint()
}

/// Everything once, over two centuries; each entry is about one week of them, or some.
fn desk() -> HoursBuilder {
    Hours::in_zone("Europe/Paris")
        .weekly("Mon-Fri 09:00-17:00,22:00-01:00")
        .season("Summer", "1 Jul", "31 Aug", &["Mon-Fri 08:00-15:00"])
        .season("Shutdown", "27 Dec", "2 Jan", &[])
        .holiday("1 May", "Labour Day")
        .observed_holiday("25 Dec", "Christmas", &["Sat to next Mon"])
        .override_day("2061-03-03", "10:00-12:00", "Stocktaking")
        .open_once("2044-02-06T08:00", "2044-02-06T20:00", "Migration")
        .close_once("2055-03-02T14:00", "2055-03-02T16:00", "Meeting")
        .overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay)
}

/// A text of the document of all terms, changed in one place.
fn changed(from: &str, to: &str) -> HoursBuilder {
    let text = toml::to_string(&desk().build().unwrap()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    toml::from_str::<Hours>(&text.replace(from, to)).unwrap().into()
}

#[test]
fn one_entry_anywhere_changes_a_fingerprint() {
    let same = fingerprint(&desk());
    assert_eq!(fingerprint(&desk()), same);
    let mut seen = vec![same];
    for (from, to) in [
        (
            "Mon-Fri 09:00-17:00,22:00-01:00",
            "Mon-Fri 09:00-17:00,22:00-01:01",
        ),
        ("\"Summer\"", "\"Sommer\""),
        ("\"Shutdown\"", "\"Shut down\""),
        ("\"31 Aug\"", "\"30 Aug\""),
        ("\"Labour Day\"", "\"May Day\""),
        ("\"1 May\"", "\"2 May\""),
        ("\"1 May\"", "\"1 May through 2060\""),
        ("\"Sat to next Mon\"", "\"Sun to next Mon\""),
        ("\"2061-03-03\"", "\"2061-03-04\""),
        ("\"10:00-12:00\"", "\"10:00-12:01\""),
        ("\"Stocktaking\"", "\"Stock-taking\""),
        ("\"Migration\"", "\"Move\""),
        ("\"2044-02-06T20:00\"", "\"2044-02-06T20:00:01\""),
        ("\"2055-03-02T14:00\"", "\"2055-03-02T13:59:59\""),
        ("\"Meeting\"", "\"All-hands meeting\""),
        ("shift_belongs_to_start_day", "holiday_masks_local_day"),
    ] {
        let other = fingerprint(&changed(from, to));
        assert!(!seen.contains(&other), "{from} -> {to}");
        seen.push(other);
    }
}

/// Spans that meet at the end of a week are two stretches, and one span over it is one, whatever they are called.
#[test]
fn stretches_that_meet_between_weeks_are_told_from_one() {
    let one = Hours::in_zone("UTC").open_once("2026-03-02T00:00", "2026-03-16T00:00", "Move");
    for between in ["2026-03-09T00:00", "2026-03-08T23:59:59", "2026-03-09T00:00:01"] {
        let two = Hours::in_zone("UTC")
            .open_once("2026-03-02T00:00", between, "Move")
            .open_once(between, "2026-03-16T00:00", "Move");
        assert_ne!(fingerprint(&two), fingerprint(&one), "{between}");
    }
    // In the time of another it is told by nothing but the business day on which it begins.
    let within = one
        .clone()
        .open_once("2026-03-09T00:00", "2026-03-10T00:00", "Within");
    assert_ne!(fingerprint(&within), fingerprint(&one));
}

fn within(zone: &str, from: &str, until: &str) -> Calendar {
    let horizon = Interval::new(at(from), at(until)).unwrap();
    let hours = Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00");
    hours.compile_within(&ZoneData::bundled(), horizon).unwrap()
}

/// Clocks of Minsk and Moscow differ through 2014-10-26, and not after it.
#[test]
fn one_change_of_a_clock_changes_a_fingerprint() {
    let print = |zone, from| within(zone, from, "2030-01-01T00:00:00Z").fingerprint();
    let later = "2014-10-26T00:00:00Z";
    assert_eq!(print("Europe/Minsk", later), print("Europe/Moscow", later));
    let day_before = "2014-10-25T00:00:00Z";
    assert_ne!(
        print("Europe/Minsk", day_before),
        print("Europe/Moscow", day_before)
    );
}

/// A second more or less is known.
#[test]
fn what_is_covered_changes_a_fingerprint() {
    let until: DateTime<Utc> = at("2030-01-01T00:00:00Z");
    let print =
        |until: DateTime<Utc>| within("UTC", "2026-01-01T00:00:00Z", &until.to_rfc3339()).fingerprint();
    let (same, later) = (print(until), print(until + Duration::from_secs(1)));
    assert_ne!(same, later);
    assert_ne!(same, print(until - Duration::from_secs(1)));
}

/// A part's name is told, and the reasons of each part.
#[test]
fn composites_are_told_apart_by_their_parts() {
    let union = |name: &str, desk: &HoursBuilder| {
        let (desk, night) = (
            desk.compile().unwrap(),
            Hours::in_zone("UTC").weekly("Mon-Sun 00:00-06:00"),
        );
        let night = night.compile().unwrap();
        let union = Composite::union("UTC", &[name, "night"]);
        let union = union.compile(&ZoneData::bundled(), &[(name, &desk), ("night", &night)]);
        union.unwrap().fingerprint()
    };
    let same = union("desk", &desk());
    assert_eq!(union("desk", &desk()), same);
    assert_ne!(union("office", &desk()), same);
    assert_ne!(
        union("desk", &changed("\"Stocktaking\"", "\"Stock-taking\"")),
        same
    );
    assert_ne!(
        union("desk", &changed("\"10:00-12:00\"", "\"10:00-12:01\"")),
        same
    );
}

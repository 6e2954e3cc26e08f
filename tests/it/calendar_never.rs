//! Calendars that never open again, and those that never close again, where rules or parts have to be taken together to see
//! it. Rows of it are in `tests/vectors/calendar_ends.toml` and `calendar_composites.toml`; here are those that a row cannot
//! say.

use chrono::NaiveDate;
use sla::calendar::Composite;
use sla::error::QueryError;
use sla::{Calendar, Hours, ZoneData};

use crate::calendar_rows::at;

fn union(parts: &[(&str, &Calendar)]) -> Calendar {
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    Composite::union("UTC", &names)
        .compile(&ZoneData::bundled(), parts)
        .unwrap()
}

fn difference(parts: &[(&str, &Calendar)]) -> Calendar {
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    Composite::difference("UTC", &names)
        .compile(&ZoneData::bundled(), parts)
        .unwrap()
}

fn next_open(calendar: &Calendar) -> Result<String, QueryError> {
    calendar
        .next_open(at("2026-06-01T00:00:00Z"))
        .map(|at| at.to_rfc3339())
}

/// A holiday on each date of the year, the leap day included, in all zones and behind a horizon.
#[test]
fn a_holiday_on_every_day() {
    for zone in ["Europe/Paris", "UTC"] {
        let mut hours = Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00");
        let leap_year = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().iter_days().take(366);
        for date in leap_year {
            hours = hours.holiday(&date.format("%-d %b").to_string(), "Closed down");
        }
        let mut hours = hours.build().unwrap();
        assert_eq!(hours.holidays.len(), 366);
        assert_eq!(next_open(&hours.compile().unwrap()), Err(QueryError::NeverOpens));
        // Of one day less it is known that it opens.
        hours.holidays.pop();
        assert!(
            next_open(&hours.compile().unwrap())
                .unwrap()
                .starts_with("2026-12-31")
        );
    }
}

/// Sixty rules close all Mondays; fifty-nine leave some.
#[test]
fn a_holiday_on_every_monday() {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut hours = Hours::in_zone("America/New_York").weekly("Mon 09:00-17:00");
    for month in MONTHS {
        for nth in ["1st", "2nd", "3rd", "4th", "5th"] {
            hours = hours.holiday(&format!("{nth} Mon of {month}"), "Closed");
        }
    }
    let mut hours = hours.build().unwrap();
    assert_eq!(next_open(&hours.compile().unwrap()), Err(QueryError::NeverOpens));
    hours.holidays.pop();
    let calendar = hours.compile().unwrap();
    assert!(next_open(&calendar).is_ok());
    // The last fifth Monday of a December that is known is that of 2096.
    let beyond = calendar.next_open(at("2099-12-01T00:00:00Z")).unwrap_err();
    assert!(matches!(beyond, QueryError::BeyondZoneData { .. }), "{beyond}");
}

/// Whatever it is, and also where its holidays are known until a date only.
#[test]
fn a_calendar_minus_itself() {
    let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    let listed = desk
        .clone()
        .holiday("2026-12-25", "Christmas")
        .known_through("2026-12-31");
    for desk in [desk, listed] {
        let desk = desk.compile().unwrap();
        let nothing = difference(&[("desk", &desk), ("same", &desk.clone())]);
        assert_eq!(next_open(&nothing), Err(QueryError::NeverOpens));
        let both = union(&[("nothing", &nothing), ("again", &nothing)]);
        assert_eq!(next_open(&both), Err(QueryError::NeverOpens));
        let of_nothing = difference(&[("nothing", &nothing), ("desk", &desk)]);
        assert_eq!(next_open(&of_nothing), Err(QueryError::NeverOpens));
        let all = difference(&[("desk", &desk), ("nothing", &nothing)]);
        assert_eq!(
            all.next_open(at("2026-06-01T00:00:00Z")),
            desk.next_open(at("2026-06-01T00:00:00Z"))
        );
    }
}

/// Compiled apart, of equal hours: their holidays are not known, so one may be a holiday where the other is not.
#[test]
fn a_calendar_minus_one_of_equal_hours() {
    let desk = || Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    let (one, other) = (desk().compile().unwrap(), desk().compile().unwrap());
    let nothing = difference(&[("one", &one), ("other", &other)]);
    assert_eq!(next_open(&nothing), Err(QueryError::NeverOpens));
    let known = || desk().known_through("2026-12-31").compile().unwrap();
    let unclear = difference(&[("one", &known()), ("other", &known())]);
    let known_through = "2026-12-31".parse().unwrap();
    assert_eq!(
        next_open(&unclear),
        Err(QueryError::BeyondCoverage { known_through })
    );
}

/// Composites, each of the two before it.
#[test]
fn composites_of_composites() {
    let week = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .compile()
        .unwrap();
    let weekend = Hours::in_zone("UTC").weekly("Sat 09:00-17:00").compile().unwrap();
    let (mut one, mut other) = (difference(&[("week", &week), ("same", &week)]), weekend);
    for _ in 0..7 {
        let less = difference(&[("one", &one), ("other", &other)]);
        let more = union(&[("one", &one), ("less", &less)]);
        assert_eq!(next_open(&more), Err(QueryError::NeverOpens));
        (one, other) = (less, more);
    }
}

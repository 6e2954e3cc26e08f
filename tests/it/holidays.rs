//! Holiday rules of twelve calendars, written from the laws, against dates that others worked out; and tables of Easter
//! and of federal holidays that others printed.
//!
//! The export of holidays lies in the directory that `SLA_DATA` names. What does not agree with it is listed in
//! `tests/vectors/holidays/differences.toml` with its reason, and nothing else may differ.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};
use serde::Deserialize;
use sla::calendar::DateRule;
use sla::{Calendar, Hours, Interval, ZoneData};

use crate::statement_example::public_data;

/// Each calendar as the export names it, with the document that states its rules.
const CALENDARS: [(&str, &str); 13] = [
    ("AU-NSW", include_str!("../vectors/holidays/au-nsw.toml")),
    ("BR-SP", include_str!("../vectors/holidays/br-sp.toml")),
    ("CA-ON", include_str!("../vectors/holidays/ca-on.toml")),
    ("DE-BE", include_str!("../vectors/holidays/de-be.toml")),
    ("DE-BY", include_str!("../vectors/holidays/de-by.toml")),
    ("FR", include_str!("../vectors/holidays/fr.toml")),
    ("GB-ENG", include_str!("../vectors/holidays/gb-eng.toml")),
    ("GB-SCT", include_str!("../vectors/holidays/gb-sct.toml")),
    ("GB-NIR", include_str!("../vectors/holidays/gb-nir.toml")),
    ("JP", include_str!("../vectors/holidays/jp.toml")),
    ("US", include_str!("../vectors/holidays/us.toml")),
    ("US-MA", include_str!("../vectors/holidays/us-ma.toml")),
    ("US-NY", include_str!("../vectors/holidays/us-ny.toml")),
];

/// The years of the export.
const YEARS: std::ops::RangeInclusive<i32> = 2015..=2035;

/// A date of a calendar, and `+` if only the rules have it, `-` if only the export does.
type Difference = (String, NaiveDate, char);

#[derive(Deserialize)]
struct Differences {
    difference: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    calendar: String,
    sign: char,
    /// Each for all years of the export in which it holds.
    dates: Vec<DateRule>,
    why: String,
}

pub(crate) fn rules(calendar: &str) -> Hours {
    let (_, text) = CALENDARS.iter().find(|(name, _)| *name == calendar).unwrap();
    toml::from_str(text).unwrap_or_else(|error| panic!("{calendar}: {error}"))
}

fn first_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
}

fn dates_of(years: std::ops::RangeInclusive<i32>) -> impl Iterator<Item = NaiveDate> {
    let (first, after) = (first_of(*years.start()), first_of(*years.end() + 1));
    first.iter_days().take_while(move |date| *date < after)
}

/// Compiled for these years only, so that days observed in another year must come from beyond the horizon.
fn compiled(hours: &Hours, years: std::ops::RangeInclusive<i32>) -> Calendar {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let (from, until) = (first_of(*years.start()), first_of(*years.end() + 1));
    let horizon = Interval::new(midnight(from), midnight(until)).unwrap();
    hours.compile_within(&ZoneData::bundled(), horizon).unwrap()
}

/// The dates without service hours, which include noon wherever there are any.
pub(crate) fn closed(hours: &Hours, years: std::ops::RangeInclusive<i32>) -> BTreeSet<NaiveDate> {
    let calendar = compiled(hours, years.clone());
    dates_of(years)
        .filter(|date| {
            let noon = date.and_hms_opt(12, 0, 0).unwrap().and_utc();
            let open = calendar.is_open(noon).unwrap();
            assert_eq!(calendar.is_business_day(*date), Ok(open), "{date}");
            !open
        })
        .collect()
}

/// The same holidays for a desk that works from Monday to Friday.
pub(crate) fn weekdays(hours: &Hours) -> Hours {
    let mut desk = hours.clone();
    desk.weekly = vec!["Mon-Fri 09:00-17:00".parse().unwrap()];
    desk
}

/// The same holidays where those that are observed on another day are not kept on their own date as well.
pub(crate) fn moved(hours: &Hours) -> Hours {
    let mut desk = hours.clone();
    for observed in desk.holidays.iter_mut().flat_map(|holiday| &mut holiday.observed) {
        *observed = observed.to_string().replace(" also ", " to ").parse().unwrap();
    }
    desk
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn export() -> Option<BTreeMap<String, BTreeSet<NaiveDate>>> {
    let path = public_data()?.join("holidays-export/holidays.csv");
    let mut found: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().deserialize() {
        let (calendar, date, _name): (String, sla::period::Date, String) = row.unwrap();
        found.entry(calendar).or_default().insert(date.naive());
    }
    Some(found)
}

fn differences(calendar: &str, ours: &BTreeSet<NaiveDate>, theirs: &BTreeSet<NaiveDate>) -> Vec<Difference> {
    let only = |one: &BTreeSet<NaiveDate>, other: &BTreeSet<NaiveDate>, sign| {
        let dates = one.difference(other);
        dates
            .map(|date| (calendar.to_string(), *date, sign))
            .collect::<Vec<_>>()
    };
    [only(ours, theirs, '+'), only(theirs, ours, '-')].concat()
}

#[test]
fn rules_from_the_laws_agree_with_the_export_but_for_what_is_listed() {
    let Some(export) = export() else { return };
    let exported: Vec<_> = CALENDARS
        .iter()
        .filter(|(name, _)| export.contains_key(*name))
        .collect();
    assert_eq!(exported.len(), 12, "all but Northern Ireland");
    let found: BTreeSet<Difference> = exported
        .into_iter()
        .flat_map(|(calendar, _)| {
            let ours = closed(&rules(calendar), YEARS);
            differences(calendar, &ours, &export[*calendar])
        })
        .collect();
    let listed: Differences = toml::from_str(include_str!("../vectors/holidays/differences.toml")).unwrap();
    let mut expected = BTreeSet::new();
    for row in &listed.difference {
        assert!(
            !row.why.is_empty(),
            "{}: a difference without a reason",
            row.calendar
        );
        let dates = row
            .dates
            .iter()
            .flat_map(|rule| YEARS.flat_map(|year| rule.dates_in(year)));
        for date in dates {
            let difference = (row.calendar.clone(), date.naive(), row.sign);
            assert!(
                expected.insert(difference.clone()),
                "{difference:?} is listed twice"
            );
        }
    }
    let text = |of: Vec<&Difference>| {
        let lines = of
            .iter()
            .map(|(calendar, date, sign)| format!("{calendar} {sign}{date} {}", date.weekday()));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        text(found.difference(&expected).collect()),
        "",
        "differences that are not listed"
    );
    assert_eq!(
        text(expected.difference(&found).collect()),
        "",
        "listed differences that are none"
    );
}

#[test]
fn every_rule_closes_its_own_dates() {
    for (name, _) in CALENDARS {
        let hours = rules(name);
        let closed = closed(&hours, YEARS);
        for holiday in &hours.holidays {
            let moves = holiday
                .observed
                .iter()
                .any(|observed| observed.to_string().contains(" to "));
            let dates = YEARS.flat_map(|year| holiday.on.dates_in(year));
            let lost: Vec<_> = dates
                .filter(|date| !moves && !closed.contains(&date.naive()))
                .collect();
            assert_eq!(lost, [], "{name}: {}", holiday.name);
        }
    }
}

// Tables in print

#[derive(Deserialize)]
struct Easters {
    gregorian: Vec<Printed>,
    orthodox: Vec<Printed>,
    gregorian_full_moons: Vec<String>,
    julian_full_moons: Vec<String>,
}

#[derive(Deserialize)]
struct Printed {
    date: sla::period::Date,
    why: String,
}

fn easters() -> Easters {
    toml::from_str(include_str!("../vectors/holidays/easter.toml")).unwrap()
}

fn rule(text: &str) -> DateRule {
    text.parse().unwrap()
}

#[test]
fn easter_falls_where_it_was_printed() {
    let Easters {
        gregorian, orthodox, ..
    } = easters();
    for (rule, rows) in [(rule("easter"), gregorian), (rule("orthodox easter"), orthodox)] {
        assert!(rows.len() >= 25);
        for Printed { date, why } in rows {
            assert_eq!(rule.dates_in(date.naive().year()), [date], "{rule}: {why}");
        }
    }
}

#[test]
fn easter_is_the_sunday_after_the_full_moon_of_the_tables() {
    let tables = easters();
    // The days by which the Julian calendar is behind in spring.
    let gap = |year| if year < 2100 { 13 } else { 14 };
    for year in 1900..=2199 {
        let after = |full_moons: &[String], days: i64| {
            let full_moon: NaiveDate = format!("{year}-{}", full_moons[year as usize % 19])
                .parse()
                .unwrap();
            let mut later = (full_moon + TimeDelta::days(days)).iter_days().skip(1);
            later.find(|date| date.weekday() == Weekday::Sun).unwrap()
        };
        let found = |text: &str| rule(text).dates_in(year).first().map(|date| date.naive());
        assert_eq!(
            found("easter"),
            Some(after(&tables.gregorian_full_moons, 0)),
            "{year}"
        );
        let orthodox = after(&tables.julian_full_moons, gap(year));
        assert_eq!(found("orthodox easter"), Some(orthodox), "{year}");
    }
}

#[test]
fn federal_offices_close_when_it_was_printed() {
    #[derive(Deserialize)]
    struct Year {
        year: i32,
        why: String,
        dates: Vec<sla::period::Date>,
    }
    let file: BTreeMap<String, Vec<Year>> =
        toml::from_str(include_str!("../vectors/holidays/federal.toml")).unwrap();
    for Year { year, why, dates } in &file["case"] {
        let closed = closed(&moved(&rules("US")), *year..=*year);
        let expected: BTreeSet<NaiveDate> = dates.iter().map(|date| date.naive()).collect();
        assert_eq!(closed, expected, "{year}: {why}");
    }
}

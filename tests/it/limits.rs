//! The limits: each is tested at its number and one past it.
//!
//! The table says where; tests that have no better place stand here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use sla::agreement::CompiledAgreement;
use sla::calendar::{Composite, DateRule, HoursBuilder};
use sla::credit::{Band, CreditTerms};
use sla::error::QueryError;
use sla::number::{Percentage, Value};
use sla::period::PeriodKind;
use sla::record::EventKind;
use sla::{Agreement, Hours, Incident, ZoneData};

/// Each limit, and the test of it: its file and its function.
const TESTED: &[(&str, &str, &str)] = &[
    ("NAME_BYTES_MAX", "tests/it/limits.rs", "names"),
    ("ID_BYTES_MAX", "tests/it/limits.rs", "ids"),
    ("DAY_NAME_BYTES_MAX", "tests/it/limits.rs", "names"),
    (
        "ZONE_NAME_BYTES_MAX",
        "tests/it/values.rs",
        "a_long_refused_text_is_cut",
    ),
    ("WEEKLY_BYTES_MAX", "tests/it/calendar_terms.rs", "long_lines"),
    (
        "DATE_RULE_BYTES_MAX",
        "tests/it/calendar_terms.rs",
        "dates_of_the_last_byte",
    ),
    ("COUNT_DIGITS_MAX", "tests/it/limits.rs", "digits_of_a_count"),
    (
        "FOUND_CHARS_MAX",
        "tests/it/limits.rs",
        "characters_of_a_refused_text",
    ),
    (
        "PROBLEMS_MAX",
        "tests/it/record.rs",
        "a_refusal_is_bounded_and_says_that_there_is_more",
    ),
    ("PATH_BYTES_MAX", "src/error.rs", "texts_of_a_problem_are_bounded"),
    ("WHAT_BYTES_MAX", "src/error.rs", "texts_of_a_problem_are_bounded"),
    (
        "INPUTS_MAX",
        "tests/it/credit_laws.rs",
        "a_base_is_summed_once_and_listed_up_to_a_hundred_charges",
    ),
    (
        "STRETCHES_MAX",
        "tests/it/clock_moments.rs",
        "a_trace_has_a_limit",
    ),
    (
        "EVENTS_MAX",
        "tests/it/limits.rs",
        "events_and_labels_of_an_incident",
    ),
    (
        "LABELS_MAX",
        "tests/it/limits.rs",
        "events_and_labels_of_an_incident",
    ),
    ("WINDOWS_PER_DAY_MAX", "tests/it/calendar_terms.rs", "limits_hold"),
    ("WEEKLY_LINES_MAX", "tests/it/calendar_terms.rs", "lines_are_few"),
    (
        "WEEKLY_LINES_IN_ALL_MAX",
        "tests/it/calendar_found.rs",
        "lines_are_counted_in_all",
    ),
    ("SEASONS_MAX", "tests/it/limits.rs", "seasons_and_overrides"),
    (
        "SEASON_DAYS_MAX",
        "tests/it/calendar_terms.rs",
        "the_longest_season",
    ),
    ("HOLIDAYS_MAX", "tests/it/calendar_terms.rs", "limits_hold"),
    ("OBSERVED_MAX", "tests/it/calendar_terms.rs", "bounds_are_allowed"),
    (
        "MOVED_DAYS_MAX",
        "tests/it/limits.rs",
        "days_that_a_holiday_is_moved_by",
    ),
    ("DATE_RULES_MAX", "tests/it/calendar_terms.rs", "rules_are_few"),
    (
        "DATE_RULE_OFFSET_DAYS_MAX",
        "tests/it/limits.rs",
        "days_that_a_rule_is_shifted_by",
    ),
    ("OVERRIDES_MAX", "tests/it/limits.rs", "seasons_and_overrides"),
    (
        "CONTRADICTIONS_MAX",
        "tests/it/limits.rs",
        "spans_both_added_and_removed",
    ),
    ("PARTS_MAX", "tests/it/limits.rs", "parts_of_a_composite"),
    (
        "COMPOSITE_DEPTH_MAX",
        "tests/it/calendar_terms.rs",
        "composites_do_not_grow_without_bound",
    ),
    (
        "PARTS_IN_ALL_MAX",
        "tests/it/calendar_terms.rs",
        "composites_of_too_many_calendars",
    ),
    ("OFFSET_SECONDS_MAX", "tests/it/limits.rs", "seconds_from_utc"),
    (
        "ENTRIES_MAX",
        "tests/it/agreement_limits.rs",
        "each_limit_holds_at_its_number_and_not_one_past_it",
    ),
    (
        "COMPOSITES_MAX",
        "tests/it/agreement_limits.rs",
        "each_limit_holds_at_its_number_and_not_one_past_it",
    ),
    (
        "FINDINGS_MAX",
        "tests/it/agreement_limits.rs",
        "each_limit_holds_at_its_number_and_not_one_past_it",
    ),
    ("BANDS_MAX", "tests/it/limits.rs", "bands_of_a_level"),
    ("DATE_RANGE_DAYS_MAX", "tests/it/limits.rs", "dates_of_a_range"),
    // The bytes of a table cannot be chosen one by one: few fit, many do not.
    (
        "CALENDAR_BYTES_MAX",
        "tests/it/agreement_limits.rs",
        "calendars_share_one_budget",
    ),
    ("YEARS_BEFORE", "tests/it/limits.rs", "years_around_an_agreement"),
    ("YEARS_AFTER", "tests/it/limits.rs", "years_around_an_agreement"),
    ("PERIOD_DAYS_MAX", "tests/it/limits.rs", "days_of_a_period"),
];

fn text_of(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

#[test]
fn every_limit_is_tested() {
    let limits = text_of("src/limits.rs");
    let names = limits
        .lines()
        .filter_map(|line| line.strip_prefix("pub(crate) const "));
    let names: BTreeSet<&str> = names.filter_map(|rest| Some(rest.split_once(':')?.0)).collect();
    let tested: BTreeSet<&str> = TESTED.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, tested);
    for (name, file, test) in TESTED {
        let has_test = text_of(file).contains(&format!("#[test]\nfn {test}()"))
            || text_of(file).contains(&format!("    #[test]\n    fn {test}()"));
        assert!(has_test, "{name}: {file} has no test `{test}`");
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn problems(hours: &HoursBuilder) -> String {
    hours
        .check()
        .err()
        .map_or(String::new(), |found| found.to_string())
}

#[test]
fn names() {
    let incident = |length: usize| {
        let incident = Incident::opened(&"i".repeat(length), "P1", at("2026-03-02T09:00:00Z"));
        sla::record::Fact::from(incident)
            .check()
            .err()
            .map(|found| found.to_string())
    };
    assert_eq!(incident(500), None);
    let refusal = incident(501).unwrap();
    assert!(
        refusal.ends_with("].id: expected at most 500 bytes, found 501"),
        "{refusal}"
    );
    let holiday = |length: usize| problems(&Hours::always().holiday("25 Dec", &"h".repeat(length)));
    assert_eq!(holiday(200), "");
    assert_eq!(
        holiday(201),
        "holidays[0].name: expected at most 200 bytes, found 201"
    );
}

#[test]
fn ids() {
    let agreement = |length: usize| {
        let id = "k".repeat(length);
        let text = format!(
            r#"
            id = "a"
            provider = "p"
            customer = "c"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
            [calendars.{id}]
            zone = "UTC"
            weekly = ["24x7"]
            "#
        );
        Agreement::new(toml::from_str(&text).unwrap())
    };
    assert!(agreement(64).is_ok());
    let refusal = agreement(65).unwrap_err().to_string();
    assert!(
        refusal.contains("]: expected an id of at most 64 letters, digits"),
        "{refusal}"
    );
}

#[test]
fn digits_of_a_count() {
    let most = u64::MAX.to_string();
    assert_eq!(most.parse(), Ok(Value::Count(u64::MAX)));
    assert!(format!("{most}0").parse::<Value>().is_err());
    assert!("18446744073709551616".parse::<Value>().is_err());
}

#[test]
fn characters_of_a_refused_text() {
    let shown = |count: usize| {
        "9".repeat(count)
            .parse::<sla::number::Target>()
            .unwrap_err()
            .to_string()
    };
    let whole = format!("found `{}`", "9".repeat(60));
    assert!(shown(60).ends_with(&whole), "{}", shown(60));
    let cut = format!("found `{}…`", "9".repeat(60));
    assert!(shown(61).ends_with(&cut), "{}", shown(61));
}

#[test]
fn events_and_labels_of_an_incident() {
    let opened = at("2026-03-02T09:00:00Z");
    let of_events = |count: usize| {
        let mut incident = Incident::opened("I", "P1", opened);
        for second in (1..count).map(|index| i64::try_from(index).unwrap()) {
            incident = incident.with(opened + TimeDelta::seconds(second), EventKind::Acknowledged);
        }
        sla::record::Fact::from(incident)
            .check()
            .err()
            .map(|found| found.to_string())
    };
    assert_eq!(of_events(10_000), None);
    assert_eq!(
        of_events(10_001).unwrap(),
        "incidents[I].events: expected at most 10000 events, found 10001"
    );
    let of_labels = |count: usize| {
        let mut incident = Incident::opened("I", "P1", opened);
        incident.labels = (0..count)
            .map(|index| (format!("l{index}"), "v".into()))
            .collect();
        sla::record::Fact::from(incident)
            .check()
            .err()
            .map(|found| found.to_string())
    };
    assert_eq!(of_labels(64), None);
    assert_eq!(
        of_labels(65).unwrap(),
        "incidents[I].labels: expected at most 64 labels, found 65"
    );
}

#[test]
fn seasons_and_overrides() {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    let date = |day: usize| (first + TimeDelta::days(i64::try_from(day).unwrap())).to_string();
    let seasons = |count: usize| {
        let hours = Hours::in_zone("UTC").weekly("Mon 09:00-10:00");
        problems(&(0..count).fold(hours, |hours, index| {
            hours.season("S", &date(index), &date(index), &["Mon 09:00-10:00"])
        }))
    };
    assert_eq!(seasons(100), "");
    assert_eq!(seasons(101), "seasons: expected at most 100, found 101");
    let overrides = |count: usize| {
        problems(&(0..count).fold(Hours::always(), |hours, index| {
            hours.override_day(&date(index), "closed", "Fair")
        }))
    };
    assert_eq!(overrides(10_000), "");
    assert_eq!(
        overrides(10_001),
        "overrides: expected at most 10000, found 10001"
    );
}

/// A holiday on a Saturday, observed on the next day that is free. The 28th day is a Saturday again, on which it is not
/// observed: that is why no more are looked at.
#[test]
fn days_that_a_holiday_is_moved_by() {
    let saturday = NaiveDate::from_ymd_opt(2026, 5, 2).unwrap();
    let told = |others: i64| {
        let mut text = String::from(
            "zone = 'UTC'\nweekly = ['24x7']\nknown_through = '2026-12-31'\n[[holidays]]\non = '2026-05-02'\nname = 'Day'\n\
             observed = ['Sat to next Sun']\n",
        );
        for day in 1..=others {
            let date = saturday + TimeDelta::days(day);
            text += &format!("[[holidays]]\non = '{date}'\nname = 'Other'\n");
        }
        problems(&toml::from_str::<Hours>(&text).unwrap().into())
    };
    assert_eq!(told(26), "");
    assert_eq!(
        told(27),
        "holidays[0].observed: 2026-05-02 finds no free day within 28 days to be observed on"
    );
}

#[test]
fn dates_of_a_range() {
    let single = |last: &str| format!("2026-03-01 through {last}").parse::<DateRule>().is_ok();
    assert!(single("2026-05-31") && !single("2026-06-01"));
    let told = |last: &str| problems(&Hours::always().holidays(&[&format!("1 Mar through {last}")]));
    assert_eq!(told("31 May"), "");
    assert_eq!(
        told("1 Jun"),
        "holidays[0].on: expected a date less than 92 days after 1900-03-01, on which the range starts, found none"
    );
}

#[test]
fn days_that_a_rule_is_shifted_by() {
    assert!("25 Dec +366".parse::<DateRule>().is_ok() && "25 Dec -366".parse::<DateRule>().is_ok());
    assert!("25 Dec +367".parse::<DateRule>().is_err() && "25 Dec -367".parse::<DateRule>().is_err());
}

#[test]
fn spans_both_added_and_removed() {
    let told = |count: i64| {
        let first = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        let hours = (0..count).fold(Hours::in_zone("UTC").weekly("Mon 09:00-10:00"), |hours, day| {
            let text = |hour: i64| {
                let time = first + TimeDelta::days(day) + TimeDelta::hours(hour);
                time.format("%Y-%m-%dT%H:%M").to_string()
            };
            hours
                .open_once(&text(9), &text(10), "added")
                .close_once(&text(9), &text(10), "removed")
        });
        hours.compile().unwrap_err().iter().count()
    };
    assert_eq!((told(100), told(101)), (100, 100));
}

#[test]
fn parts_of_a_composite() {
    let told = |count: usize| {
        let parts: Vec<String> = (0..count).map(|index| format!("part-{index}")).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let checked = Composite::union("UTC", &parts).check();
        checked.err().map(|found| found.to_string())
    };
    assert_eq!(told(100), None);
    assert_eq!(
        told(101).unwrap(),
        "union: expected from 2 to 100 parts, found 101"
    );
}

#[test]
fn seconds_from_utc() {
    for (zone, is_known) in [
        ("+26:00", true),
        ("-26:00", true),
        ("+26:01", false),
        ("-26:01", false),
    ] {
        assert_eq!(ZoneData::bundled().zone(zone).is_ok(), is_known, "{zone}");
    }
}

fn agreement(rest: &str) -> Agreement {
    let text = format!(
        r#"
        id = "a"
        provider = "p"
        customer = "c"
        currency = "EUR"
        zone = "UTC"
        in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
        entities = ["eu"]
        services = ["s"]
        {rest}
        "#
    );
    Agreement::new(toml::from_str(&text).unwrap()).unwrap()
}

#[test]
fn bands_of_a_level() {
    let told = |count: usize| {
        let band = Band::paying(Percentage::basis_points(1_000)).with_below(Percentage::basis_points(9_900));
        let terms: CreditTerms = toml::from_str("bands = []").unwrap();
        let terms = CreditTerms {
            bands: vec![band; count],
            ..terms
        };
        terms.check().err().map(|found| found.to_string())
    };
    assert_eq!(told(100), None);
    assert_eq!(told(101).unwrap(), "bands: expected at most 100 bands, found 101");
}

#[test]
fn years_around_an_agreement() {
    let compiled: CompiledAgreement =
        agreement("[calendars.desk]\nzone = \"UTC\"\nweekly = [\"Mon-Fri 09:00-17:00\"]")
            .compile(&ZoneData::bundled())
            .unwrap();
    let desk = compiled.calendar("desk").unwrap();
    for (inside, past) in [
        ("2021-01-01T00:00:00Z", "2020-12-31T23:59:59.999999999Z"),
        ("2035-12-31T23:59:59.999999999Z", "2036-01-01T00:00:00Z"),
    ] {
        assert_eq!(desk.is_open(at(inside)), Ok(false));
        let error = desk.is_open(at(past)).unwrap_err();
        assert!(
            matches!(error, QueryError::OutsideHorizon { .. }),
            "{past}: {error}"
        );
    }
}

#[test]
fn days_of_a_period() {
    let from = "2026-01-15".parse().unwrap();
    assert!(PeriodKind::fixed_days(3_660, from).is_some() && PeriodKind::trailing_days(3_660).is_some());
    assert!(PeriodKind::fixed_days(3_661, from).is_none() && PeriodKind::trailing_days(3_661).is_none());
}

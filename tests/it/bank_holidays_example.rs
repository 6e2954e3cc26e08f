//! The example `bank_holidays`: what it reads, what it refuses, and whether the published list agrees with the laws.
//!
//! The modules of the example are built into this test; only its `main` is not. The lists here are invented.

#[path = "../../examples/bank_holidays/read.rs"]
mod read;
#[path = "../../examples/bank_holidays/report.rs"]
mod report;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use sla::calendar::StretchReason;

use crate::holidays::{closed, is_weekend, moved, rules, weekdays};
use crate::statement_example::public_data;
use read::{Division, divisions};

/// An invented list of two years in the older shape.
const BY_YEAR: &str = r#"{
    "title": "bank_holidays.calendar.title",
    "divisions": {
        "lyonesse": {
            "title": "common.nations.lyonesse",
            "slug": "common.nations.lyonesse_slug",
            "2032": [
                { "title": "bank_holidays.new_year", "date": "01/01/2032", "notes": "", "bunting": true },
                { "title": "bank_holidays.christmas", "date": "27/12/2032", "notes": "common.substitute_day" },
                { "title": "bank_holidays.boxing_day", "date": "28/12/2032", "notes": "common.substitute_day" }
            ],
            "2033": [
                { "title": "bank_holidays.return_of_the_king", "date": "18/07/2033" }
            ]
        }
    }
}"#;

/// The same list in the shape of today.
const BY_EVENT: &str = r#"{
    "lyonesse": {
        "division": "lyonesse",
        "events": [
            { "title": "New Year's Day", "date": "2032-01-01", "notes": "", "bunting": true },
            { "title": "Christmas Day", "date": "2032-12-27", "notes": "Substitute day", "bunting": true },
            { "title": "Boxing Day", "date": "2032-12-28", "notes": "Substitute day", "bunting": true },
            { "title": "Return of the king", "date": "2033-07-18", "notes": "", "bunting": true }
        ]
    }
}"#;

/// A file of this test, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = env::temp_dir().join(format!("sla-bank-holidays-{}-{name}.json", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn run(&self, more: &[&str]) -> Result<String, String> {
        let own = [self.0.to_str().unwrap()];
        let arguments: Vec<String> = own.iter().chain(more).map(ToString::to_string).collect();
        let unnamed = |text: String| text.replace(own[0], "FILE");
        report::run(&arguments, None).map(unnamed).map_err(unnamed)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn both_shapes_of_a_list_mean_the_same() {
    let by_year = divisions(BY_YEAR).unwrap();
    assert_eq!(divisions(BY_EVENT), Ok(by_year.clone()));
    let expected = [
        ("2032-01-01", "New Year's Day"),
        ("2032-12-27", "Christmas Day (substitute day)"),
        ("2032-12-28", "Boxing Day (substitute day)"),
        ("2033-07-18", "Return of the king"),
    ];
    let holidays = expected.map(|(on, name)| (date(on), name.to_string()));
    let lyonesse = Division {
        name: "lyonesse".to_string(),
        holidays: BTreeMap::from(holidays),
    };
    assert_eq!(by_year, [lyonesse]);
}

#[test]
fn what_is_known_begins_and_ends_with_the_list() {
    let lyonesse = divisions(BY_EVENT).unwrap().remove(0);
    let desk = report::calendar(&lyonesse).unwrap();
    assert_eq!(
        desk.covers().to_string(),
        "2032-01-01T00:00:00Z/2034-01-01T00:00:00Z"
    );
    assert_eq!(
        lyonesse.desk().build().unwrap().known_through,
        Some("2033-12-31".parse().unwrap())
    );
    // The list says nothing about 2031, which is not the same as a year without holidays.
    assert!(desk.is_business_day(date("2031-12-31")).is_err());
    assert!(desk.is_business_day(date("2034-01-02")).is_err());
}

#[test]
fn the_week_of_christmas_is_explained() {
    let file = Scratch::new("week", BY_YEAR);
    let expected = "\
lyonesse: 4 holidays from 2032 to 2033
  open on 259 days in 2032, 259 days in 2033
  opened Fri 2032-12-24 15:00, due within PT8H of service hours: Wed 2032-12-29 15:00
    Fri 2032-12-24 00:00 - Fri 2032-12-24 09:00  closed: outside service hours
    Fri 2032-12-24 09:00 - Fri 2032-12-24 17:00  open: Mon-Fri 09:00-17:00
    Fri 2032-12-24 17:00 - Mon 2032-12-27 09:00  closed: outside service hours
    Mon 2032-12-27 09:00 - Mon 2032-12-27 17:00  closed: Christmas Day (substitute day)
    Mon 2032-12-27 17:00 - Tue 2032-12-28 09:00  closed: outside service hours
    Tue 2032-12-28 09:00 - Tue 2032-12-28 17:00  closed: Boxing Day (substitute day)
    Tue 2032-12-28 17:00 - Wed 2032-12-29 09:00  closed: outside service hours
    Wed 2032-12-29 09:00 - Wed 2032-12-29 17:00  open: Mon-Fri 09:00-17:00
    Wed 2032-12-29 17:00 - Thu 2032-12-30 09:00  closed: outside service hours
    Thu 2032-12-30 09:00 - Thu 2032-12-30 17:00  open: Mon-Fri 09:00-17:00
    Thu 2032-12-30 17:00 - Fri 2032-12-31 00:00  closed: outside service hours
";
    assert_eq!(file.run(&["2032"]), Ok(expected.to_string()));
}

#[test]
fn without_a_list_the_program_says_where_to_get_one() {
    for data in [None, Some(env::temp_dir().join("sla-no-such-directory"))] {
        let text = report::run(&[], data).unwrap();
        assert!(
            text.starts_with("there is no list of bank holidays here\n\nusage: bank_holidays"),
            "{text}"
        );
        assert!(text.contains("www.gov.uk/bank-holidays.json"), "{text}");
    }
    let named = report::run(&["/no/such.json".to_string()], None).unwrap_err();
    assert!(named.starts_with("/no/such.json: "), "{named}");
}

#[test]
fn a_year_must_be_one_of_the_list() {
    let file = Scratch::new("year", BY_EVENT);
    let text = file.run(&["soon"]).unwrap_err();
    assert_eq!(text, "YEAR: expected a year such as `2026`, found `soon`");
    for year in ["2031", "2034"] {
        let text = file.run(&[year]).unwrap_err();
        assert!(
            text.starts_with(&format!("FILE: lyonesse: Christmas Eve {year}: ")),
            "{text}"
        );
    }
}

#[test]
fn every_fault_of_a_list_is_named_with_its_place() {
    let cases = [
        ("[", "EOF while parsing a list at line 1 column 1"),
        (
            "[]",
            "the document: expected an object with a name for each division, found an empty list",
        ),
        (
            r#"{"divisions": 3}"#,
            "divisions: expected an object with a name for each division, found `3`",
        ),
        (
            "{}",
            "the document: expected at least one division, found nothing",
        ),
        (
            r#"{"divisions": {"wales": []}}"#,
            "wales: expected an object, found an empty list",
        ),
        (
            r#"{"divisions": {"wales": {"title": "Wales"}}}"#,
            "wales: expected at least one holiday, found nothing",
        ),
        (
            r#"{"divisions": {"wales": {"next": []}}}"#,
            "wales, next: expected a year, found `next`",
        ),
        (
            r#"{"divisions": {"wales": {"2031": []}}}"#,
            "wales, 2031: expected a list of holidays, found an empty list",
        ),
        (
            r#"{"divisions": {"wales": {"2031": [{"title": "A", "date": "01/01/2032"}, {"date": "2031-01-01"}, 7]}}}"#,
            "wales, 2031, entry 1: date: expected a date dd/mm/yyyy in 2031, found `01/01/2032`\n\
             wales, 2031, entry 2: title: expected a name, found nothing\n\
             wales, 2031, entry 2: date: expected a date dd/mm/yyyy in 2031, found `2031-01-01`\n\
             wales, 2031, entry 3: title: expected a name, found nothing\n\
             wales, 2031, entry 3: date: expected a date dd/mm/yyyy in 2031, found nothing",
        ),
        (
            r#"{"divisions": {"wales": {"2031": [{"title": "A", "date": "01/01/2031"}], "2033": [{"title": "B", "date": "01/01/2033"}]}}}"#,
            "wales, 2032: expected holidays, since there are some before and after this year, found nothing",
        ),
        (
            r#"{"wales": {"division": "wales"}}"#,
            "wales, events: expected a list of holidays, found nothing",
        ),
        (
            r#"{"wales": {"events": [{"title": "A", "date": "31/12/2031"}, {"title": " ", "date": "2031-02-29"}]}}"#,
            "wales, events, entry 1: date: expected a date yyyy-mm-dd, found `31/12/2031`\n\
             wales, events, entry 2: title: expected a name, found ` `\n\
             wales, events, entry 2: date: expected a date yyyy-mm-dd, found `2031-02-29`",
        ),
        (
            r#"{"wales": {"events": [{"title": "A", "date": "2031-12-25"}, {"title": "B", "date": "2031-12-25"}]}}"#,
            "wales, events, entry 2: date: expected a date that is not listed yet (A), found `2031-12-25`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(divisions(text).unwrap_err().join("\n"), expected, "{text}");
    }
}

// The published list

/// The divisions that list a date on which the rules keep a desk open (`-`), or the other way round (`+`).
///
/// None: from 2015 to 2021 the list and the Act agree in all three, the day of VE Day 2020 and every substitute included.
const DIFFERENCES: [(&str, char, &str); 0] = [];

fn published() -> Option<Vec<Division>> {
    let path = public_data()?.join("uk-bank-holidays/bank-holidays.json");
    Some(divisions(&fs::read_to_string(path).unwrap()).unwrap())
}

const RULES: [(&str, &str); 3] = [
    ("england-and-wales", "GB-ENG"),
    ("northern-ireland", "GB-NIR"),
    ("scotland", "GB-SCT"),
];

#[test]
fn the_published_list_closes_the_desk_when_the_rules_do() {
    let Some(published) = published() else { return };
    let mut found = Vec::new();
    for (division, (name, calendar)) in published.iter().zip(RULES) {
        assert_eq!(division.name, name);
        assert_eq!(division.years(), 2015..=2021);
        let listed = closed(&division.desk().build().unwrap(), division.years());
        let ruled = closed(&weekdays(&rules(calendar)), division.years());
        found.extend(
            ruled
                .difference(&listed)
                .map(|date| (name, '+', date.to_string())),
        );
        found.extend(
            listed
                .difference(&ruled)
                .map(|date| (name, '-', date.to_string())),
        );
        // In the list substitutes stand in the place of the days, not beside them: so it names no weekend.
        assert!(division.holidays.keys().all(|date| !is_weekend(*date)));
        let moved = closed(&moved(&rules(calendar)), division.years());
        assert!(moved.iter().eq(division.holidays.keys()), "{name}: {moved:?}");
    }
    assert_eq!(
        found,
        DIFFERENCES.map(|(name, sign, date)| (name, sign, date.to_string()))
    );
}

#[test]
fn the_published_list_gives_each_day_the_name_that_the_rules_give_it() {
    let Some(published) = published() else { return };
    for (division, (_, calendar)) in published.iter().zip(RULES) {
        let desk = weekdays(&rules(calendar)).compile().unwrap();
        for (date, name) in &division.holidays {
            let at = |hour| date.and_hms_opt(hour, 0, 0).unwrap().and_utc();
            let stretches: Vec<_> = desk.explain(at(11), at(12)).unwrap().collect();
            let StretchReason::Holiday { name: ruled } = &stretches[0].reason else {
                panic!("{calendar} {date}: {}", stretches[0])
            };
            assert_eq!(
                ruled.replace(" (observed)", " (substitute day)"),
                *name,
                "{calendar} {date}"
            );
        }
    }
}

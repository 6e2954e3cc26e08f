//! The published JSON of bank holidays, in both of its shapes, as service hours.
//!
//! * `{"divisions": {DIVISION: {YEAR: [{"title", "date": "dd/mm/yyyy", "notes"}]}}}`: alphagov/calendars, until 2021
//! * `{DIVISION: {"division", "events": [{"title", "date": "yyyy-mm-dd", "notes"}]}}`: www.gov.uk/bank-holidays.json
//!
//! # Decisions
//!
//! * A list is complete for every year that it names; before the first and after the last of them nothing is known. A year
//!   without an entry between others is refused: it would silently be a year without holidays.
//! * The first shape names its holidays by message keys. [`NAMES`] gives those that are published a readable name; another
//!   key is taken apart: `bank_holidays.state_funeral` is `State funeral`.
//! * `notes` tells a substitute day, and is put after the name.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};
use sla::Hours;
use sla::calendar::{DateRule, Holiday, HoursBuilder};
use sla::period::Date;

/// The message keys of the first shape.
pub const NAMES: [(&str, &str); 14] = [
    ("2nd_january", "2nd January"),
    ("battle_boyne", "Battle of the Boyne (Orangemen's Day)"),
    ("boxing_day", "Boxing Day"),
    ("christmas", "Christmas Day"),
    ("early_may", "Early May bank holiday"),
    ("early_may_ve", "Early May bank holiday (VE Day)"),
    ("easter_monday", "Easter Monday"),
    ("good_friday", "Good Friday"),
    ("late_august", "Summer bank holiday"),
    ("new_year", "New Year's Day"),
    ("spring", "Spring bank holiday"),
    ("st_andrew", "St Andrew's Day"),
    ("st_patrick", "St Patrick's Day"),
    ("summer", "Summer bank holiday"),
];

/// The bank holidays of a part of the United Kingdom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    pub name: String,
    /// By date. There is at least one in each year.
    pub holidays: BTreeMap<NaiveDate, String>,
}

impl Division {
    /// The years for which its holidays are known.
    pub fn years(&self) -> RangeInclusive<i32> {
        let mut years = self.holidays.keys().map(Datelike::year);
        let first = years.next().unwrap_or_default();
        first..=years.next_back().unwrap_or(first)
    }

    /// Office hours in London, but for these holidays.
    pub fn desk(&self) -> HoursBuilder {
        let hours = Hours::in_zone("Europe/London")
            .weekly("Mon-Fri 09:00-17:00")
            .known_from(&format!("{}-01-01", self.years().start()))
            .known_through(&format!("{}-12-31", self.years().end()));
        let holidays = self.holidays.iter();
        let holidays =
            holidays.filter_map(|(date, name)| Some(Holiday::new(DateRule::from(Date::new(*date)?), name)));
        holidays.fold(hours, HoursBuilder::with_holiday)
    }
}

/// All that is wrong with a document.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn add(&mut self, place: &str, expected: &str, found: Option<&Value>) {
        let found = match found {
            None => "nothing".to_string(),
            Some(Value::Array(list)) if list.is_empty() => "an empty list".to_string(),
            Some(Value::Array(_)) => "a list".to_string(),
            Some(Value::Object(_)) => "an object".to_string(),
            Some(value) => format!("`{}`", value.to_string().trim_matches('"')),
        };
        self.0
            .push(format!("{place}: expected {expected}, found {found}"));
    }
}

/// The divisions of a document, in the order of their names.
///
/// # Errors
///
/// A line for everything that is wrong, each with its division, year and entry.
pub fn divisions(text: &str) -> Result<Vec<Division>, Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(text).map_err(|error| vec![error.to_string()])?;
    let mut wrong = Wrong::default();
    let found = match (document.get("divisions"), &document) {
        (Some(Value::Object(divisions)), _) => each(divisions, by_year, &mut wrong),
        (None, Value::Object(divisions)) => each(divisions, by_event, &mut wrong),
        (divisions, _) => {
            let place = if divisions.is_some() {
                "divisions"
            } else {
                "the document"
            };
            wrong.add(
                place,
                "an object with a name for each division",
                divisions.or(Some(&document)),
            );
            Vec::new()
        }
    };
    if wrong.0.is_empty() {
        Ok(found)
    } else {
        Err(wrong.0)
    }
}

type Reader = fn(&mut Division, &Map<String, Value>, &mut Wrong);

fn each(divisions: &Map<String, Value>, read: Reader, wrong: &mut Wrong) -> Vec<Division> {
    if divisions.is_empty() {
        wrong.add("the document", "at least one division", None);
    }
    let mut found = Vec::new();
    for (name, value) in divisions {
        let before = wrong.0.len();
        let mut division = Division {
            name: name.clone(),
            holidays: BTreeMap::new(),
        };
        match value {
            Value::Object(value) => read(&mut division, value, wrong),
            _ => wrong.add(name, "an object", Some(value)),
        }
        // Entries that could not be read are no years without holidays.
        if wrong.0.len() == before {
            check_years(&division, wrong);
        }
        found.push(division);
    }
    found
}

fn check_years(division: &Division, wrong: &mut Wrong) {
    if division.holidays.is_empty() {
        return wrong.add(&division.name, "at least one holiday", None);
    }
    for year in division.years() {
        if !division.holidays.keys().any(|date| date.year() == year) {
            let place = format!("{}, {year}", division.name);
            wrong.add(
                &place,
                "holidays, since there are some before and after this year",
                None,
            );
        }
    }
}

/// The first shape: lists by year, beside `slug` and `title`.
fn by_year(division: &mut Division, value: &Map<String, Value>, wrong: &mut Wrong) {
    for (key, list) in value.iter().filter(|(_, list)| !list.is_string()) {
        let place = format!("{}, {key}", division.name);
        let year = key.parse::<i32>().ok().filter(|_| key.len() == 4);
        match (year, list) {
            (None, _) => wrong.add(&place, "a year", Some(&Value::from(key.as_str()))),
            (Some(_), Value::Array(list)) if !list.is_empty() => {
                let date = |text: &str| day_month_year(text).filter(|date| Some(date.year()) == year);
                let expected = format!("a date dd/mm/yyyy in {key}");
                entries(division, &place, list, &expected, date, wrong);
            }
            (Some(_), list) => wrong.add(&place, "a list of holidays", Some(list)),
        }
    }
}

/// The second shape: one list.
fn by_event(division: &mut Division, value: &Map<String, Value>, wrong: &mut Wrong) {
    let place = format!("{}, events", division.name);
    match value.get("events") {
        Some(Value::Array(list)) if !list.is_empty() => {
            let date = |text: &str| text.parse().ok().map(Date::naive);
            entries(division, &place, list, "a date yyyy-mm-dd", date, wrong);
        }
        list => wrong.add(&place, "a list of holidays", list),
    }
}

fn entries(
    division: &mut Division,
    place: &str,
    list: &[Value],
    expected_date: &str,
    read_date: impl Fn(&str) -> Option<NaiveDate>,
    wrong: &mut Wrong,
) {
    for (number, entry) in (1..).zip(list) {
        let place = format!("{place}, entry {number}");
        let text = |field: &str| entry.get(field).and_then(Value::as_str);
        let title = text("title").filter(|title| !title.trim().is_empty());
        let date = text("date").and_then(&read_date);
        if title.is_none() {
            wrong.add(&format!("{place}: title"), "a name", entry.get("title"));
        }
        if date.is_none() {
            wrong.add(&format!("{place}: date"), expected_date, entry.get("date"));
        }
        let (Some(title), Some(date)) = (title, date) else {
            continue;
        };
        let name = name(title, text("notes").unwrap_or_default());
        if let Some(earlier) = division.holidays.insert(date, name) {
            let what = format!("a date that is not listed yet ({earlier})");
            wrong.add(&format!("{place}: date"), &what, entry.get("date"));
        }
    }
}

fn day_month_year(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else {
        return None;
    };
    // The reader of dates takes one form only: four digits, two and two.
    let date: Date = format!("{year}-{month}-{day}").parse().ok()?;
    Some(date.naive())
}

fn name(title: &str, notes: &str) -> String {
    let name = match title.strip_prefix("bank_holidays.") {
        None => title.to_string(),
        Some(key) => match NAMES.iter().find(|(known, _)| *known == key) {
            Some((_, name)) => (*name).to_string(),
            None => capitalised(&key.replace('_', " ")),
        },
    };
    match notes {
        "" => name,
        "common.substitute_day" => format!("{name} (substitute day)"),
        notes => format!("{name} ({})", notes.to_lowercase()),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

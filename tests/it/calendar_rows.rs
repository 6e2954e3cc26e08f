//! Rows of worked examples about service hours: the questions of `tests/vectors/calendar*.toml` and their answers.
//!
//! A row has a `name`, says `why` its answer is what it is, and has
//!
//! - the service hours: `hours`, which is the document of [`Hours`]; or `parts`, such documents by id, and `composite`, the
//!   document of [`Composite`] that takes them together; with `zone_data = "tzif"` on the supplied TZif files instead of the
//!   bundled zone data; with `horizon` compiled for that interval only,
//! - a `question` and what it asks about: `from`, `to` (instants, or dates where dates are asked about), `within` (working
//!   time; an allowance for `due`), `days` (business days), `due`, `date`, `count`, `local`,
//! - the answer `expected`: a text, or a list of lines. Several windows are separated by a space. `error: ` is followed by the
//!   exact text of the error, of the question or of the document; `none` says that there is nothing.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sla::calendar::Composite;
use sla::error::QueryError;
use sla::time::{Allowance, BusinessDays};
use sla::{Calendar, Hours, Interval, WorkingTime, ZoneData};
use toml::{Table, Value};

use crate::zone::supplied_data;

const FILES: &[(&str, &str)] = &[
    ("calendar", include_str!("../vectors/calendar.toml")),
    (
        "calendar_composites",
        include_str!("../vectors/calendar_composites.toml"),
    ),
    (
        "calendar_cut_offs",
        include_str!("../vectors/calendar_cut_offs.toml"),
    ),
    ("calendar_days", include_str!("../vectors/calendar_days.toml")),
    ("calendar_ends", include_str!("../vectors/calendar_ends.toml")),
    (
        "calendar_previous",
        include_str!("../vectors/calendar_previous.toml"),
    ),
    ("calendar_rules", include_str!("../vectors/calendar_rules.toml")),
    ("calendar_terms", include_str!("../vectors/calendar_terms.toml")),
    ("calendar_zones", include_str!("../vectors/calendar_zones.toml")),
];

/// Every key that a row may have.
const KEYS: &[&str] = &[
    "name",
    "why",
    "hours",
    "parts",
    "composite",
    "zone_data",
    "horizon",
    "question",
    "from",
    "to",
    "within",
    "days",
    "due",
    "date",
    "count",
    "local",
    "expected",
];

static TZIF: LazyLock<ZoneData> = LazyLock::new(supplied_data);
static BUNDLED: LazyLock<ZoneData> = LazyLock::new(ZoneData::bundled);

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[derive(Clone)]
pub(crate) struct Row(pub(crate) Table);

/// All rows of all files.
pub(crate) fn all_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (file, text) in FILES {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        let cases = table["case"].as_array().unwrap().iter();
        rows.extend(cases.map(|row| Row(row.as_table().unwrap().clone())));
    }
    rows
}

impl Row {
    pub(crate) fn text(&self, key: &str) -> &str {
        let value = self
            .0
            .get(key)
            .unwrap_or_else(|| panic!("{} has `{key}`", self.name()));
        value.as_str().unwrap()
    }

    pub(crate) fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    pub(crate) fn expected(&self) -> String {
        match &self.0["expected"] {
            Value::Array(lines) => {
                let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
                lines.join("\n")
            }
            text => text.as_str().unwrap().to_owned(),
        }
    }

    pub(crate) fn instant(&self, key: &str) -> DateTime<Utc> {
        at(self.text(key))
    }

    pub(crate) fn date(&self, key: &str) -> NaiveDate {
        self.text(key).parse().unwrap()
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.0["count"].as_integer().unwrap()).unwrap()
    }

    pub(crate) fn working_time(&self) -> WorkingTime {
        self.text("within").parse().unwrap()
    }

    fn days(&self) -> BusinessDays {
        self.0["days"].clone().try_into().unwrap()
    }

    pub(crate) fn zone_data(&self) -> &'static ZoneData {
        match self.0.get("zone_data").map(|source| source.as_str().unwrap()) {
            None => &BUNDLED,
            Some("tzif") => &TZIF,
            Some(other) => panic!("{}: unknown source {other}", self.name()),
        }
    }

    /// The calendar of the row; the text of what is wrong with its document.
    fn calendar(&self) -> Result<Calendar, String> {
        let Some(composite) = self.0.get("composite") else {
            return self.compile(&self.0["hours"]);
        };
        let mut parts = Vec::new();
        for (id, hours) in self.0["parts"].as_table().unwrap() {
            parts.push((id.as_str(), self.compile(hours)?));
        }
        let parts: Vec<(&str, &Calendar)> = parts.iter().map(|(id, part)| (*id, part)).collect();
        let composite: Composite = read(composite)?;
        let compiled = composite.compile(self.zone_data(), &parts);
        compiled.map_err(|problems| problems.to_string())
    }

    fn compile(&self, hours: &Value) -> Result<Calendar, String> {
        let hours: Hours = read(hours)?;
        let compiled = match self.0.get("horizon") {
            None => hours.compile_with(self.zone_data()),
            Some(horizon) => hours.compile_within(self.zone_data(), interval(horizon.as_str().unwrap())),
        };
        compiled.map_err(|problems| problems.to_string())
    }

    /// What the crate answers; the text of what is wrong with the document.
    pub(crate) fn answer(&self) -> Result<String, String> {
        let calendar = self.calendar()?;
        let (from, to, due) = (
            || self.instant("from"),
            || self.instant("to"),
            || self.instant("due"),
        );
        let local = "%Y-%m-%dT%H:%M:%S%.f";
        Ok(match self.text("question") {
            "is_open" => shown(calendar.is_open(from())),
            "next_open" => shown(calendar.next_open(from()).map(rfc3339)),
            "next_close" => shown(calendar.next_close(from()).map(rfc3339)),
            "previous_open" => shown(calendar.previous_open(from()).map(rfc3339)),
            "previous_close" => shown(calendar.previous_close(from()).map(rfc3339)),
            "open_before" => self.open_before(&calendar),
            "holiday_on" => shown(
                calendar
                    .holiday_on(self.date("date"))
                    .map(|holiday| or_none(holiday.map(|holiday| holiday.to_string()))),
            ),
            "open_within" => shown(
                calendar
                    .open_within(from(), to())
                    .map(|open| joined(open.iter(), " ")),
            ),
            "open_from" => self.open_from(&calendar),
            "elapsed" => shown(calendar.elapsed(from(), to())),
            "deadline" => shown(calendar.deadline(from(), self.working_time()).map(rfc3339)),
            "next_action" => shown(calendar.next_action(from(), self.working_time()).map(rfc3339)),
            "latest_start" => shown(calendar.latest_start(due(), self.working_time()).map(rfc3339)),
            "is_business_day" => shown(calendar.is_business_day(self.date("date"))),
            "add_business_days" => shown(calendar.add_business_days(self.date("date"), self.count())),
            "subtract_business_days" => {
                shown(calendar.subtract_business_days(self.date("date"), self.count()))
            }
            "business_days_between" => {
                shown(calendar.business_days_between(self.date("from"), self.date("to")))
            }
            "day_length" => shown(calendar.day_length(self.date("date"))),
            "deadline_in_days" => shown(calendar.deadline_in_days(from(), self.days()).map(rfc3339)),
            "start_in_days" => {
                let (days, meaning) = (self.days().days, self.days().meaning);
                shown(calendar.start_in_days(due(), days, meaning).map(rfc3339))
            }
            "due" => {
                let within: Allowance = self.0["within"].clone().try_into().unwrap();
                shown(calendar.due(from(), within).map(|due| or_none(due.map(rfc3339))))
            }
            "explain" => shown(calendar.explain(from(), to()).map(|found| joined(found, "\n"))),
            "local_at" => shown(calendar.local_at(from()).map(|at| at.format(local).to_string())),
            "instant_of" => shown(
                calendar
                    .instant_of(self.text("local").parse().unwrap())
                    .map(rfc3339),
            ),
            "assumed_from" => or_none(calendar.assumed_from().map(rfc3339)),
            "covers" => calendar.covers().to_string(),
            other => panic!("{}: unknown question {other}", self.name()),
        })
    }

    fn open_before(&self, calendar: &Calendar) -> String {
        match calendar.open_before(self.instant("to")) {
            Ok(stretches) => joined(stretches.take(self.count() as usize).map(shown), " "),
            Err(error) => format!("error: {error}"),
        }
    }

    fn open_from(&self, calendar: &Calendar) -> String {
        match calendar.open_from(self.instant("from")) {
            Ok(stretches) => joined(stretches.take(self.count() as usize).map(shown), " "),
            Err(error) => format!("error: {error}"),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(document: &Value) -> Result<T, String> {
    document
        .clone()
        .try_into()
        .map_err(|error: toml::de::Error| error.message().to_owned())
}

fn interval(text: &str) -> Interval {
    let (from, until) = text.split_once('/').unwrap();
    Interval::new(at(from), at(until)).unwrap()
}

fn joined(items: impl Iterator<Item = impl Display>, separator: &str) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    items.join(separator)
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

fn shown(answer: Result<impl Display, QueryError>) -> String {
    match answer {
        Ok(value) => value.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn rows_are_well_formed() {
    let mut names = BTreeSet::new();
    for row in all_rows() {
        assert!(
            names.insert(row.name().to_owned()),
            "two rows are named {}",
            row.name()
        );
        assert!(!row.text("why").is_empty(), "{} says why", row.name());
        for key in row.0.keys() {
            assert!(KEYS.contains(&key.as_str()), "{} has `{key}`", row.name());
        }
    }
}

#[test]
fn rows_by_the_crate() {
    let mut wrong = Vec::new();
    for row in all_rows() {
        let answer = row.answer().unwrap_or_else(|problem| format!("error: {problem}"));
        if answer != row.expected() {
            wrong.push(format!(
                "{}\n  expected {}\n  found    {answer}",
                row.name(),
                row.expected()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

//! What is printed: the desk's year in each division, and the week after Christmas Eve.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sla::{Calendar, WorkingTime};

use super::read::{Division, divisions};

const HELP: &str = "\
usage: bank_holidays [FILE [YEAR]]

FILE is the list that the government of the United Kingdom publishes, www.gov.uk/bank-holidays.json (Open Government
Licence), or the older form, bank-holidays.json in the archived repository alphagov/calendars (MIT licence).
Without FILE it is uk-bank-holidays/bank-holidays.json in the directory that the environment variable SLA_DATA names.
YEAR is that of the Christmas Eve which is looked at: the last one of the list, if none is given.
";

/// How much working time an incident may take.
const WITHIN: WorkingTime = WorkingTime::hours(8);

/// The text to print.
///
/// # Errors
///
/// What is wrong with the arguments or the file, each line with its place.
pub fn run(arguments: &[String], data: Option<PathBuf>) -> Result<String, String> {
    let (path, year) = match arguments {
        [] => match data.map(|data| data.join("uk-bank-holidays/bank-holidays.json")) {
            Some(path) if path.exists() => (path, None),
            // Nothing was asked for: that there is no data is no failure.
            _ => return Ok(format!("there is no list of bank holidays here\n\n{HELP}")),
        },
        [option] if option == "--help" => return Ok(HELP.to_string()),
        [path] => (PathBuf::from(path), None),
        [path, year] => {
            let read = year.parse::<i32>();
            let year = read.map_err(|_| format!("YEAR: expected a year such as `2026`, found `{year}`"))?;
            (PathBuf::from(path), Some(year))
        }
        _ => return Err(HELP.to_string()),
    };
    let divisions = read(&path)?;
    let overviews: Result<Vec<String>, String> = divisions
        .iter()
        .map(|division| {
            overview(division, year).map_err(|what| format!("{}: {}: {what}", path.display(), division.name))
        })
        .collect();
    Ok(overviews?.join("\n"))
}

fn read(path: &Path) -> Result<Vec<Division>, String> {
    let place = |line: &str| format!("{}: {line}", path.display());
    let text = fs::read_to_string(path).map_err(|error| place(&error.to_string()))?;
    divisions(&text).map_err(|lines| {
        lines
            .iter()
            .map(|line| place(line))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// The calendar of a division's desk, for the years of its list.
pub fn calendar(division: &Division) -> Result<Calendar, String> {
    division.desk().compile().map_err(|problems| problems.to_string())
}

fn overview(division: &Division, year: Option<i32>) -> Result<String, String> {
    let desk = calendar(division)?;
    let years = division.years();
    let year = year.unwrap_or(*years.end());
    let mut text = format!(
        "{}: {} holidays from {} to {}\n  open on",
        division.name,
        division.holidays.len(),
        years.start(),
        years.end()
    );
    for (index, year) in years.enumerate() {
        let comma = if index == 0 { "" } else { "," };
        text.push_str(&format!("{comma} {} days in {year}", open_days(&desk, year)?));
    }
    let asked = christmas(&desk, year);
    text.push_str(&asked.map_err(|error| format!("Christmas Eve {year}: {error}"))?);
    Ok(text)
}

/// On how many days of a year the desk opens.
fn open_days(desk: &Calendar, year: i32) -> Result<u32, String> {
    let first_of = |year| NaiveDate::from_ymd_opt(year, 1, 1).ok_or("no such year");
    let days = desk.business_days_between(first_of(year)?, first_of(year + 1)?);
    days.map_err(|error| error.to_string())
}

/// When an incident of Christmas Eve is due, and why the desk is open or closed in that week.
fn christmas(desk: &Calendar, year: i32) -> Result<String, Box<dyn std::error::Error>> {
    let eve = NaiveDate::from_ymd_opt(year, 12, 24).ok_or("no such year")?;
    let local = |day, hour| -> Result<DateTime<Utc>, Box<dyn std::error::Error>> {
        let time = eve.with_day(day).and_then(|date| date.and_hms_opt(hour, 0, 0));
        Ok(desk.instant_of(time.ok_or("no such time")?)?)
    };
    let opened = local(24, 15)?;
    let due = desk.deadline(opened, WITHIN)?;
    let mut text = format!(
        "\n  opened {}, due within {WITHIN} of service hours: {}\n",
        shown(desk, opened)?,
        shown(desk, due)?
    );
    for stretch in desk.explain(local(24, 0)?, local(31, 0)?)? {
        let (from, until) = (stretch.interval.start(), stretch.interval.end());
        text.push_str(&format!(
            "    {} - {}  {}\n",
            shown(desk, from)?,
            shown(desk, until)?,
            stretch.reason
        ));
    }
    Ok(text)
}

/// As the desk's clock shows it.
fn shown(desk: &Calendar, at: DateTime<Utc>) -> Result<String, Box<dyn std::error::Error>> {
    Ok(desk.local_at(at)?.format("%a %Y-%m-%d %H:%M").to_string())
}

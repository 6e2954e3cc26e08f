//! The options of the program: what may be said, and what is said wrongly.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use sla::Period;

use super::read::Failure;

pub const HELP: &str = "\
Prints the service level statements of an agreement.

  statement                          the agreement and record under examples/data
  statement --agreement FILE [--record FILE]... --period PERIOD...
  statement --agreement FILE [--record FILE]... --readings --as-of INSTANT
  statement --from SOURCE [--data DIR]

  --agreement FILE   the terms, .toml or .json
  --record FILE      facts, .jsonl (one fact a line) or .csv (its columns tell the kind); any number, in any order
  --period PERIOD    such as 2026-03, 2026-Q1 or '2026-03-15 monthly'; any number, stated in this order
  --as-of INSTANT    what is known at this instant (2026-04-15T09:00:00Z) is what the statements show.
                     Without it: the end of the latest period; with --from, the last instant of the log;
                     for the agreement under examples/data, 2026-04-15T09:00:00Z. Never the computer's clock.
  --clocks           adds to each statement every clock that it counts, not only those that were missed
  --readings         instead of statements: how every clock of every incident stands, a row for each, whatever the period
  --format FORMAT    table (default) or json: an array of statements, or of readings
  --from SOURCE      github-status or servicenow-log: public data, turned into facts. It comes with an agreement,
                     charges and periods under examples/data, which --agreement, --record and --period replace
  --data DIR         where that data lies; without it, the environment variable SLA_DATA says so
  --help             this

An option may also be written --period=2026-03. Bad arguments and files: status 2, nothing on standard output, and
each problem on standard error with its file and line.
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    GithubStatus,
    ServicenowLog,
}

#[derive(Debug, Default)]
pub struct Options {
    pub agreement: Option<PathBuf>,
    pub records: Vec<PathBuf>,
    pub periods: Vec<Period>,
    pub as_of: Option<DateTime<Utc>>,
    pub clocks: bool,
    pub readings: bool,
    pub format: Option<Format>,
    pub from: Option<Source>,
    pub data: Option<PathBuf>,
    pub help: bool,
}

pub fn misuse(what: impl std::fmt::Display) -> Failure {
    Failure(format!("{what}\nstatement --help lists the options"))
}

impl Options {
    pub fn of(arguments: &[String]) -> Result<Self, Failure> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if options.flag(argument) {
                continue;
            }
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument.as_str(), None),
            };
            if !WITH_VALUE.contains(&name) {
                return Err(misuse(format!("unknown option `{argument}`")));
            }
            let value = attached.or_else(|| arguments.next().map(String::as_str));
            let value = value.ok_or_else(|| misuse(format!("{name}: expected a value, found nothing")))?;
            options
                .set(name, value)
                .map_err(|what| misuse(format!("{name}: {what}")))?;
        }
        Ok(options)
    }

    /// Reports whether an argument is an option without a value, which is then set.
    fn flag(&mut self, argument: &str) -> bool {
        let flag = match argument {
            "--help" | "-h" => &mut self.help,
            "--clocks" => &mut self.clocks,
            "--readings" => &mut self.readings,
            _ => return false,
        };
        *flag = true;
        true
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "--record" => {
                self.records.push(value.into());
                Ok(())
            }
            "--period" => {
                let period = value
                    .parse()
                    .map_err(|error: sla::error::ParseError| error.to_string());
                self.periods.push(period?);
                Ok(())
            }
            "--agreement" => once(&mut self.agreement, value.into()),
            "--data" => once(&mut self.data, value.into()),
            "--as-of" => once(&mut self.as_of, instant(value)?),
            "--format" => once(&mut self.format, format(value)?),
            _ => once(&mut self.from, source(value)?),
        }
    }
}

const WITH_VALUE: [&str; 7] = [
    "--agreement",
    "--record",
    "--period",
    "--as-of",
    "--format",
    "--from",
    "--data",
];

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let at = DateTime::parse_from_rfc3339(text);
    let at = at.map_err(|_| format!("expected an instant such as `2026-04-15T09:00:00Z`, found `{text}`"))?;
    Ok(at.to_utc())
}

fn format(text: &str) -> Result<Format, String> {
    match text {
        "table" => Ok(Format::Table),
        "json" => Ok(Format::Json),
        _ => Err(format!("expected `table` or `json`, found `{text}`")),
    }
}

fn source(text: &str) -> Result<Source, String> {
    match text {
        "github-status" => Ok(Source::GithubStatus),
        "servicenow-log" => Ok(Source::ServicenowLog),
        _ => Err(format!(
            "expected `github-status` or `servicenow-log`, found `{text}`"
        )),
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("given twice".to_string()),
    }
}

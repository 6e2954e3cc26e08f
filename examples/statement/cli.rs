//! The program without its process: arguments in, the text to print out, or the reason why there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sla::agreement::CompiledAgreement;
use sla::error::{Problem, Problems};
use sla::fingerprint::Fingerprint;
use sla::record::FactKey;
use sla::{Agreement, Period, Record, Statement, ZoneData};

use super::options::{Format, HELP, Options, Source, misuse};
use super::read::{Document, Failure, Placed};
use super::{github_status, lists, locate, read, servicenow_log};

/// The exit status when anything is wrong with the arguments or the files. Standard output is then empty.
pub const REFUSED: u8 = 2;

/// What to print: the statements on standard output, the notes on standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub text: String,
    pub notes: String,
}

/// The directories that data lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directories {
    /// This example's own data.
    pub own: PathBuf,
    /// Public data, if the environment says where.
    pub public: Option<PathBuf>,
}

/// What is to be stated, wherever it came from.
struct Job {
    agreement: PathBuf,
    facts: Vec<Placed>,
    periods: Vec<Period>,
    /// Absent: the end of the latest period.
    as_of: Option<DateTime<Utc>>,
    notes: String,
}

/// How the results are to be shown.
struct Show {
    format: Format,
    clocks: bool,
    readings: bool,
}

/// Runs the program.
pub fn run(arguments: &[String], directories: &Directories) -> Result<Output, Failure> {
    let options = Options::of(arguments)?;
    if options.help {
        return Ok(Output {
            text: HELP.to_string(),
            notes: String::new(),
        });
    }
    if options.clocks && options.readings {
        return Err(misuse(
            "--clocks: belongs to statements, instead of which --readings are printed",
        ));
    }
    let show = Show {
        format: options.format.unwrap_or(Format::Table),
        clocks: options.clocks,
        readings: options.readings,
    };
    let job = match (options.from, &options.agreement) {
        (Some(source), _) => from_source(source, options, directories)?,
        (None, Some(_)) => from_files(options)?,
        (None, None) => own(options, &directories.own)?,
    };
    let agreement = agreement(&job.agreement)?;
    let text = match show.readings {
        true => readings(&agreement, &job, &show)?,
        false => statements(&agreement, &job, &show)?,
    };
    Ok(Output {
        text,
        notes: repeated(&job.facts) + &job.notes,
    })
}

fn from_files(options: Options) -> Result<Job, Failure> {
    if options.data.is_some() {
        return Err(misuse("--data: belongs to --from, which is not given"));
    }
    if options.periods.is_empty() && !options.readings {
        return Err(misuse(
            "--period: expected at least one such as 2026-03 or 2026-Q1, found none",
        ));
    }
    Ok(Job {
        agreement: options.agreement.unwrap_or_default(),
        facts: facts(&options.records)?,
        periods: options.periods,
        as_of: options.as_of,
        notes: if options.records.is_empty() {
            String::from("no --record was given: these are statements of no facts at all\n")
        } else {
            String::new()
        },
    })
}

/// The agreement that was written for this example.
fn own(options: Options, data: &Path) -> Result<Job, Failure> {
    if !options.records.is_empty() || options.data.is_some() {
        return Err(misuse("--record and --data: expected --agreement or --from, too"));
    }
    let records = [
        "incidents.jsonl",
        "maintenance.jsonl",
        "monitoring.jsonl",
        "outages.csv",
        "charges.csv",
    ];
    let as_of = DateTime::from_timestamp(1_776_243_600, 0); // 2026-04-15T09:00:00Z
    Ok(Job {
        agreement: data.join("agreement.toml"),
        facts: facts(&records.map(|name| data.join(name)))?,
        periods: or_else(options.periods, &["2026-01", "2026-02", "2026-03", "2026-Q1"]),
        as_of: options.as_of.or(as_of),
        notes: String::new(),
    })
}

fn from_source(source: Source, options: Options, directories: &Directories) -> Result<Job, Failure> {
    let directory = options.data.or(directories.public.clone()).ok_or_else(|| {
        misuse("--from: expected --data or the environment variable SLA_DATA, found neither")
    })?;
    let (agreement, charges) = match source {
        Source::GithubStatus => ("github-enterprise-style.toml", "github-charges.csv"),
        Source::ServicenowLog => ("servicenow-support.toml", "servicenow-charges.csv"),
    };
    let mut records = options.records;
    if records.is_empty() {
        records.push(directories.own.join(charges));
    }
    let mut facts = facts(&records)?;
    let (end, notes, periods) = match source {
        Source::GithubStatus => {
            let path = directory.join(github_status::FILE);
            let log = github_status::read(&read::text(&path)?, &path.display().to_string())?;
            let notes = format!(
                "{} facts, from {} until {}\n",
                log.facts.len(),
                log.start,
                log.end
            );
            facts.extend(log.facts);
            (log.end, notes, quarters())
        }
        Source::ServicenowLog => {
            let path = directory.join(servicenow_log::FILE);
            let log = servicenow_log::read(&read::text(&path)?, &path.display().to_string())?;
            facts.extend(log.facts);
            (
                log.end,
                log.summary.to_string(),
                or_else(Vec::new(), &["2016-02", "2016-03"]),
            )
        }
    };
    Ok(Job {
        agreement: options
            .agreement
            .unwrap_or_else(|| directories.own.join(agreement)),
        facts,
        periods: if options.periods.is_empty() {
            periods
        } else {
            options.periods
        },
        as_of: options.as_of.or(Some(end)),
        notes,
    })
}

/// The quarters that the status page covers in full: 2022-Q2 to 2026-Q2.
fn quarters() -> Vec<Period> {
    let all =
        (2022..=2026).flat_map(|year| (1..=4).filter_map(move |quarter| Period::quarter(year, quarter)));
    all.skip(1).take(17).collect()
}

fn or_else(given: Vec<Period>, texts: &[&str]) -> Vec<Period> {
    if given.is_empty() {
        texts.iter().filter_map(|text| text.parse().ok()).collect()
    } else {
        given
    }
}

fn facts(paths: &[PathBuf]) -> Result<Vec<Placed>, Failure> {
    let (mut facts, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match read::facts(path) {
            Ok(found) => facts.extend(found),
            Err(failure) => wrong.push(failure.0),
        }
    }
    if wrong.is_empty() {
        Ok(facts)
    } else {
        Err(Failure(wrong.join("\n")))
    }
}

/// The agreement of a file, checked and compiled.
pub fn agreement(path: &Path) -> Result<CompiledAgreement, Failure> {
    let Document { terms, text, is_toml } = read::terms(path)?;
    let compiled = Agreement::new(terms).and_then(|agreement| agreement.compile(&ZoneData::bundled()));
    compiled.map_err(|problems| {
        let file = path.display().to_string();
        let tell = |problem: &Problem| {
            let place = locate::in_toml(&text, problem.path()).filter(|_| is_toml);
            match place {
                Some(place) => place.tell(&text, &file, &problem.to_string()),
                None => format!("{file}: {problem}"),
            }
        };
        Failure(problems.iter().map(tell).collect::<Vec<_>>().join("\n"))
    })
}

/// Every statement, in the form that was asked for.
fn statements(agreement: &CompiledAgreement, job: &Job, show: &Show) -> Result<String, Failure> {
    let as_of = match job.as_of {
        Some(as_of) => as_of,
        None => end_of_latest(agreement, &job.periods)?,
    };
    let record: Record = job.facts.iter().map(|placed| placed.fact.clone()).collect();
    let incidents = lists::incidents(job.facts.iter().map(|placed| &placed.fact), as_of);
    let mut stated = Vec::new();
    for period in &job.periods {
        let refused =
            |problems: Problems| located(&problems, &job.facts, &format!("no statement of {period}"));
        let statement = agreement.statement(&record, *period, as_of).map_err(refused)?;
        let clocks = match show.clocks {
            true => Some(lists::counted(agreement, &incidents, *period, as_of).map_err(refused)?),
            false => None,
        };
        stated.push((statement, clocks));
    }
    match show.format {
        Format::Table => Ok(table(agreement, &stated)),
        Format::Json => {
            let values = stated.iter().map(|(statement, clocks)| WithClocks {
                statement,
                clocks: clocks.as_deref(),
            });
            json(&values.collect::<Vec<_>>())
        }
    }
}

type Stated<'a> = (Statement, Option<Vec<lists::Row<'a>>>);

fn table(agreement: &CompiledAgreement, stated: &[Stated<'_>]) -> String {
    let rule = "=".repeat(100);
    let mut text = String::new();
    for (statement, clocks) in stated {
        if !text.is_empty() {
            let _ = writeln!(text, "\n{rule}\n");
        }
        let _ = write!(text, "{statement}");
        if let Some(clocks) = clocks {
            text.push_str(&lists::clocks_table(clocks, agreement.zone()));
        }
    }
    if stated.len() > 1 {
        let statements: Vec<&Statement> = stated.iter().map(|(statement, _)| statement).collect();
        let _ = write!(text, "\n{rule}\n\n{}", lists::overview(&statements));
    }
    text
}

/// A statement in JSON, with its clocks where they were asked for.
#[derive(Serialize)]
struct WithClocks<'a> {
    #[serde(flatten)]
    statement: &'a Statement,
    #[serde(skip_serializing_if = "Option::is_none")]
    clocks: Option<&'a [lists::Row<'a>]>,
}

/// How every clock of every incident stands.
fn readings(agreement: &CompiledAgreement, job: &Job, show: &Show) -> Result<String, Failure> {
    let as_of = match job.as_of {
        Some(as_of) => as_of,
        None if job.periods.is_empty() => {
            return Err(misuse("--readings: expected --as-of or --period, found neither"));
        }
        None => end_of_latest(agreement, &job.periods)?,
    };
    let incidents = lists::incidents(job.facts.iter().map(|placed| &placed.fact), as_of);
    let rows = lists::readings(agreement, &incidents, as_of);
    let rows = rows.map_err(|problems| located(&problems, &job.facts, "no readings"))?;
    match show.format {
        Format::Table => Ok(lists::readings_table(&rows, agreement.zone(), as_of)),
        Format::Json => json(&rows),
    }
}

/// A note for every fact that stands in the record more than once: a statement counts it once and is silent about it.
fn repeated(facts: &[Placed]) -> String {
    let mut places: BTreeMap<(FactKey, Fingerprint), Vec<&str>> = BTreeMap::new();
    for placed in facts {
        let of = (placed.fact.key(), placed.fact.fingerprint());
        places.entry(of).or_default().push(&placed.place);
    }
    let mut notes = String::new();
    for ((key, _), places) in places.iter().filter(|(_, places)| places.len() > 1) {
        let _ = writeln!(notes, "note: {key} counts once: {}", places.join(", "));
    }
    notes
}

fn end_of_latest(agreement: &CompiledAgreement, periods: &[Period]) -> Result<DateTime<Utc>, Failure> {
    let mut latest = None;
    for period in periods {
        let over = agreement.zone().interval(*period);
        let over = over.map_err(|error| Failure(format!("--period {period}: {error}")))?;
        latest = latest.max(Some(over.end()));
    }
    latest.ok_or_else(|| Failure(String::from("--period: expected a period, found none")))
}

/// Every problem, with the lines that the fact it concerns was read from.
fn located(problems: &Problems, facts: &[Placed], what: &str) -> Failure {
    let places = places(problems, facts);
    let mut text = format!("{what}:");
    for problem in problems {
        // Where the id of a fact holds brackets, more than one key may be meant: the longest that is there.
        let at = keys(problem.path()).filter_map(|key| places.get(key)).next();
        let at = at.map_or(String::new(), |at| format!("{}: ", at.join(", ")));
        let _ = write!(text, "\n  {at}{problem}");
    }
    Failure(text)
}

/// What a path may begin with that is the key of a fact, the longest first: a key ends with a bracket.
fn keys(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices(']').rev();
    ends.filter_map(|(end, _)| path.get(..=end))
}

/// Where the facts that problems are about were read from. One walk over the facts, however many problems there are.
fn places<'a>(problems: &'a Problems, facts: &'a [Placed]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let asked: BTreeSet<&str> = problems.iter().flat_map(|problem| keys(problem.path())).collect();
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for placed in facts {
        if let Some(key) = asked.get(placed.fact.key().to_string().as_str()) {
            places.entry(key).or_default().push(&placed.place);
        }
    }
    places
}

fn json(values: &[impl Serialize]) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(values);
    text.map(|text| text + "\n")
        .map_err(|error| Failure(format!("the results cannot be written as JSON: {error}")))
}

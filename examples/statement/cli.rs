//! The program without its process: arguments in, the text to print out, or the reason why there is none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sla::{
    Agreement, CompiledAgreement, FactKey, Fingerprint, Period, Problems, Record, Statement, Verdict,
    ZoneData,
};

use super::read::{Failure, Placed};
use super::{github_status, read, servicenow_log};

/// The exit status when anything is wrong with the arguments or the files. Standard output is then empty.
pub const REFUSED: u8 = 2;

const HELP: &str = "\
Prints the service level statements of an agreement.

  statement                          the agreement and record under examples/data
  statement --agreement FILE [--record FILE]... --period PERIOD...
  statement --from SOURCE [--data DIR]

  --agreement FILE   the terms, .toml or .json
  --record FILE      facts, .jsonl (one fact a line) or .csv (its columns tell the kind); any number, in any order
  --period PERIOD    such as 2026-03, 2026-Q1 or '2026-03-15 monthly'; any number, stated in this order
  --as-of INSTANT    what is known at this instant (2026-04-15T09:00:00Z) is what the statements show.
                     Without it: the end of the latest period; with --from, the last instant of the log;
                     for the agreement under examples/data, 2026-04-15T09:00:00Z. Never the computer's clock.
  --format FORMAT    table (default) or json: an array of statements
  --from SOURCE      github-status or servicenow-log: public data, turned into facts. It comes with an agreement,
                     charges and periods under examples/data, which --agreement, --record and --period replace
  --data DIR         where that data lies; without it, the environment variable SLA_DATA says so
  --help             this

An option may also be written --period=2026-03. Bad arguments and files: status 2, nothing on standard output, and
each problem on standard error with its file and line, or its path in the terms.
";

/// What to print: the statements on standard output, the notes on standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    pub text: String,
    pub notes: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    GithubStatus,
    ServicenowLog,
}

#[derive(Debug, Default)]
struct Options {
    agreement: Option<PathBuf>,
    records: Vec<PathBuf>,
    periods: Vec<Period>,
    as_of: Option<DateTime<Utc>>,
    format: Option<Format>,
    from: Option<Source>,
    data: Option<PathBuf>,
    help: bool,
}

fn misuse(what: impl std::fmt::Display) -> Failure {
    Failure(format!("{what}\nstatement --help lists the options"))
}

fn options(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        if matches!(argument.as_str(), "--help" | "-h") {
            options.help = true;
            continue;
        }
        if !matches!(
            name,
            "--agreement" | "--record" | "--period" | "--as-of" | "--format" | "--from" | "--data"
        ) {
            return Err(misuse(format!("unknown option `{argument}`")));
        }
        let value = attached.or_else(|| arguments.next().map(String::as_str));
        let value = value.ok_or_else(|| misuse(format!("{name}: expected a value, found nothing")))?;
        set(&mut options, name, value).map_err(|what| misuse(format!("{name}: {what}")))?;
    }
    Ok(options)
}

fn set(options: &mut Options, name: &str, value: &str) -> Result<(), String> {
    match name {
        "--record" => options.records.push(value.into()),
        "--period" => options.periods.push(
            value
                .parse()
                .map_err(|error: sla::ParseError| error.to_string())?,
        ),
        "--agreement" => once(&mut options.agreement, value.into())?,
        "--data" => once(&mut options.data, value.into())?,
        "--as-of" => {
            let at = DateTime::parse_from_rfc3339(value);
            let at = at.map_err(|_| {
                format!("expected an instant such as `2026-04-15T09:00:00Z`, found `{value}`")
            })?;
            once(&mut options.as_of, at.to_utc())?;
        }
        "--format" => {
            let format = match value {
                "table" => Format::Table,
                "json" => Format::Json,
                _ => return Err(format!("expected `table` or `json`, found `{value}`")),
            };
            once(&mut options.format, format)?;
        }
        _ => {
            let from = match value {
                "github-status" => Source::GithubStatus,
                "servicenow-log" => Source::ServicenowLog,
                _ => {
                    return Err(format!(
                        "expected `github-status` or `servicenow-log`, found `{value}`"
                    ));
                }
            };
            once(&mut options.from, from)?;
        }
    }
    Ok(())
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("given twice".to_string()),
    }
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

/// The directory of this example's own data.
pub fn own_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data")
}

/// Runs the program. `data` is what the environment says about where the public data lies.
pub fn run(arguments: &[String], data: Option<PathBuf>) -> Result<Output, Failure> {
    let options = options(arguments)?;
    if options.help {
        return Ok(Output {
            text: HELP.to_string(),
            notes: String::new(),
        });
    }
    let format = options.format.unwrap_or(Format::Table);
    let job = match (options.from, &options.agreement) {
        (Some(source), _) => from_source(source, options, data)?,
        (None, Some(_)) => from_files(options)?,
        (None, None) => own(options)?,
    };
    let statements = statements(&job)?;
    let text = match format {
        Format::Table => table(&statements),
        Format::Json => json(&statements)?,
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
    if options.periods.is_empty() {
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
fn own(options: Options) -> Result<Job, Failure> {
    if !options.records.is_empty() || options.data.is_some() {
        return Err(misuse("--record and --data: expected --agreement or --from, too"));
    }
    let data = own_data();
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

fn from_source(source: Source, options: Options, data: Option<PathBuf>) -> Result<Job, Failure> {
    let directory = options.data.or(data).ok_or_else(|| {
        misuse("--from: expected --data or the environment variable SLA_DATA, found neither")
    })?;
    let (agreement, charges) = match source {
        Source::GithubStatus => ("github-enterprise-style.toml", "github-charges.csv"),
        Source::ServicenowLog => ("servicenow-support.toml", "servicenow-charges.csv"),
    };
    let mut records = options.records;
    if records.is_empty() {
        records.push(own_data().join(charges));
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
        agreement: options.agreement.unwrap_or_else(|| own_data().join(agreement)),
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
    let terms = read::terms(path)?;
    let compiled = Agreement::new(terms).and_then(|agreement| agreement.compile(&ZoneData::bundled()));
    compiled.map_err(|problems| {
        let lines = problems
            .iter()
            .map(|problem| format!("{}: {problem}", path.display()));
        Failure(lines.collect::<Vec<_>>().join("\n"))
    })
}

fn statements(job: &Job) -> Result<Vec<Statement>, Failure> {
    let agreement = agreement(&job.agreement)?;
    let as_of = match job.as_of {
        Some(as_of) => as_of,
        None => end_of_latest(&agreement, &job.periods)?,
    };
    let record: Record = job.facts.iter().map(|placed| placed.fact.clone()).collect();
    job.periods
        .iter()
        .map(|period| {
            agreement
                .statement(&record, *period, as_of)
                .map_err(|problems| located(&problems, &job.facts, *period))
        })
        .collect()
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
fn located(problems: &Problems, facts: &[Placed], period: Period) -> Failure {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for placed in facts {
        places
            .entry(placed.fact.key().to_string())
            .or_default()
            .push(&placed.place);
    }
    let mut text = format!("no statement of {period}:");
    for problem in problems {
        let path = problem.path();
        // The key of the fact ends with a bracket; where one holds more of them, the longest that is known is meant.
        let keys = path
            .match_indices(']')
            .rev()
            .filter_map(|(end, _)| path.get(..=end));
        let places = match keys.filter_map(|key| places.get(key)).next() {
            Some(places) => format!("{}: ", places.join(", ")),
            None => String::new(),
        };
        let _ = write!(text, "\n  {places}{problem}");
    }
    Failure(text)
}

fn json(statements: &[Statement]) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(statements);
    text.map(|text| text + "\n")
        .map_err(|error| Failure(format!("the statements cannot be written as JSON: {error}")))
}

fn table(statements: &[Statement]) -> String {
    let mut text = String::new();
    for statement in statements {
        if !text.is_empty() {
            let _ = writeln!(text, "\n{}\n", "=".repeat(100));
        }
        let _ = write!(text, "{statement}");
    }
    if statements.len() > 1 {
        overview(statements, &mut text);
    }
    text
}

/// One line for each statement, and nothing added up: a month and its quarter are not two debts.
fn overview(statements: &[Statement], text: &mut String) {
    let _ = writeln!(text, "\n{}\n\nOVERVIEW", "=".repeat(100));
    let _ = writeln!(
        text,
        "  {:8}  {:11}  {:>3}  {:>8}  {:>10}  {:>14}  {:>14}  {:>14}",
        "period", "standing", "met", "breached", "not judged", "gross", "withheld", "net"
    );
    for statement in statements {
        let count = |verdict: Verdict| {
            let findings = statement.findings.iter();
            findings.filter(|finding| finding.verdict == verdict).count()
        };
        let standing = match statement.standing {
            sla::Standing::Final => "final",
            sla::Standing::Provisional => "provisional",
        };
        let totals = &statement.totals;
        let _ = writeln!(
            text,
            "  {:8}  {standing:11}  {:>3}  {:>8}  {:>10}  {:>14}  {:>14}  {:>14}",
            statement.period.to_string(),
            count(Verdict::Met),
            count(Verdict::Breached),
            count(Verdict::NotJudged),
            totals.gross.to_string(),
            totals.withheld.to_string(),
            totals.net.to_string(),
        );
    }
}

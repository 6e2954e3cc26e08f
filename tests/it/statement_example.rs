//! The example `statement`: what it prints, what it refuses, and what two public data sets come to.
//!
//! The modules of the example are built into this test; only its `main` is not. Tests on public data take it from
//! the directory that `SLA_DATA` names. Without it they say so and pass, unless `SLA_REQUIRE_DATA` is 1.

#[path = "../../examples/statement/cli.rs"]
mod cli;
#[path = "../../examples/statement/github_status.rs"]
mod github_status;
#[path = "../../examples/statement/read.rs"]
mod read;
#[path = "../../examples/statement/servicenow_log.rs"]
mod servicenow_log;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sla::{
    Availability, Basis, CompiledAgreement, Fact, Outage, Outcome, Period, Record, SpanKind, Standing,
    Statement, Verdict, WallTime,
};

use cli::{Output, own_data, run};
use read::{Failure, Placed};

// Helpers

fn cli(arguments: &[&str]) -> Result<Output, Failure> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    run(&arguments, None)
}

fn refused(arguments: &[&str]) -> String {
    cli(arguments).expect_err("refused").0
}

/// A directory of this test for files that it writes.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let directory = env::temp_dir().join(format!("sla-statement-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn own(name: &str) -> String {
    own_data().join(name).to_str().unwrap().to_string()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn record<'a>(facts: impl IntoIterator<Item = &'a Placed>) -> Record {
    facts.into_iter().map(|placed| placed.fact.clone()).collect()
}

/// Another order, the same each time: what xorshift makes of a seed.
fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut state = seed | 1;
    let mut items = items.to_vec();
    for index in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        items.swap(index, (state % (index as u64 + 1)) as usize);
    }
    items
}

fn own_facts() -> Vec<Placed> {
    [
        "incidents.jsonl",
        "maintenance.jsonl",
        "monitoring.jsonl",
        "outages.csv",
        "charges.csv",
    ]
    .iter()
    .flat_map(|name| read::facts(Path::new(&own(name))).unwrap())
    .collect()
}

fn bytes(statement: &Statement) -> (String, String) {
    (statement.to_string(), serde_json::to_string(statement).unwrap())
}

/// The directory of public data, if there is one.
#[allow(
    clippy::print_stderr,
    reason = "a test that passes for want of data must say so"
)]
pub(crate) fn public_data() -> Option<PathBuf> {
    match env::var_os("SLA_DATA") {
        Some(directory) => Some(directory.into()),
        None if env::var("SLA_REQUIRE_DATA").as_deref() == Ok("1") => {
            panic!("SLA_REQUIRE_DATA is 1 and SLA_DATA is not set")
        }
        None => {
            eprintln!("passed over: SLA_DATA does not name the directory of public data");
            None
        }
    }
}

// The agreement and record of the example

#[test]
fn the_example_owes_what_was_worked_out_by_hand() {
    let output = cli(&["--format", "json"]).unwrap();
    let statements: Value = serde_json::from_str(&output.text).unwrap();
    let mut owed = Vec::new();
    for statement in statements.as_array().unwrap() {
        assert_eq!(statement["standing"], "final");
        assert_eq!(
            statement["provenance"]["duplicates"],
            serde_json::json!(["incidents[INC-1020]"])
        );
        for line in statement["credits"].as_array().unwrap() {
            let text = |field: &str| line[field].as_str().unwrap_or("-").to_string();
            let period = statement["period"].as_str().unwrap();
            owed.push(format!(
                "{period} {} {} {} {} {}",
                text("level"),
                text("entity"),
                text("gross"),
                text("withheld"),
                text("net")
            ));
        }
    }
    // Worked out in examples/data/README.md.
    assert_eq!(
        owed,
        [
            "2026-01 uptime leeds 482.50 GBP 0.00 GBP 482.50 GBP",
            "2026-01 resolution-p3-p4 - 187.50 GBP 0.00 GBP 187.50 GBP",
            "2026-02 uptime london 4600.00 GBP 1354.00 GBP 3246.00 GBP",
            "2026-02 resolution-p1 - 625.00 GBP 625.00 GBP 0.00 GBP",
            "2026-03 uptime london 920.00 GBP 0.00 GBP 920.00 GBP",
            "2026-03 uptime bristol 321.59 GBP 0.00 GBP 321.59 GBP",
            "2026-03 response-p2 - 312.50 GBP 0.00 GBP 312.50 GBP",
            "2026-Q1 resolution-quarter - 375.00 GBP 0.00 GBP 375.00 GBP",
        ]
    );
}

#[test]
fn the_example_shows_what_its_readme_tells() {
    let output = cli(&[]).unwrap();
    assert_eq!(output.notes, "");
    for line in [
        "  uptime            london   99.9 %   99.9014 %  met       38.4 s to spare         down 44 min of 744 h",
        "  uptime            leeds    99.9 %   99.8876 %  BREACHED  5 min 28.8 s too much   down 50 min of 742 h, 2 h excluded",
        "  uptime            london   99.9 %   99.8999 %  BREACHED  1.2 s too much          down 44 min 36 s of 743 h",
        "  resolution  INC-1031  P3        PT20H working  2026-03-10T18:00:00Z  2026-03-10T18:00:00Z  2026-03-11T08:00:00Z  14 h",
        "  response  INC-1018  Calloway Books  the alert went to a telephone number that we had changed without notice",
        "  duplicate    incidents[INC-1020], counted once",
        "  2026-03   final          6         3           0     1554.09 GBP        0.00 GBP     1554.09 GBP",
    ] {
        assert!(
            output.text.lines().any(|one| one == line),
            "missing: {line}\n{}",
            output.text
        );
    }
    assert!(
        output
            .text
            .contains("only 97.0238 % of the time is known, 98 % is required")
    );
}

#[test]
fn toml_and_json_give_the_same_bytes() {
    let record = [
        "incidents.jsonl",
        "maintenance.jsonl",
        "monitoring.jsonl",
        "outages.csv",
        "charges.csv",
    ]
    .map(own);
    for format in ["table", "json"] {
        let texts = ["agreement.toml", "agreement.json"].map(|name| {
            let agreement = own(name);
            let mut arguments = vec![
                "--agreement",
                &agreement,
                "--format",
                format,
                "--as-of=2026-04-15T09:00:00Z",
            ];
            for file in &record {
                arguments.extend(["--record", file]);
            }
            for period in ["2026-01", "2026-02", "2026-03", "2026-Q1"] {
                arguments.extend(["--period", period]);
            }
            cli(&arguments).unwrap().text
        });
        assert_eq!(texts[0], texts[1]);
        assert_eq!(texts[0], cli(&["--format", format]).unwrap().text);
    }
}

#[test]
fn the_order_of_facts_and_events_and_a_split_of_the_record_change_no_byte() {
    let agreement = cli::agreement(Path::new(&own("agreement.toml"))).unwrap();
    let (facts, as_of) = (own_facts(), at("2026-04-15T09:00:00Z"));
    for text in ["2026-01", "2026-02", "2026-03", "2026-Q1"] {
        let whole = bytes(&agreement.statement(&record(&facts), period(text), as_of).unwrap());
        for seed in 1..20 {
            let mut other = shuffled(&facts, seed);
            for placed in &mut other {
                if let Fact::Incident(incident) = &mut placed.fact {
                    incident.events = shuffled(&incident.events, seed);
                }
            }
            assert_eq!(
                bytes(&agreement.statement(&record(&other), period(text), as_of).unwrap()),
                whole
            );
            let mut merged = agreement.open(period(text), as_of).unwrap();
            for part in other.chunks(7 + seed as usize) {
                let mut draft = agreement.open(period(text), as_of).unwrap();
                part.iter().for_each(|placed| draft.push(&placed.fact));
                merged.merge(draft);
            }
            assert_eq!(bytes(&merged.finish().unwrap()), whole);
        }
    }
}

/// A CSV cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => format!("\"{}\"", other.to_string().replace('"', "\"\"")),
    }
}

#[test]
fn csv_and_json_lines_of_the_same_facts_are_the_same_record() {
    let agreement = cli::agreement(Path::new(&own("agreement.toml"))).unwrap();
    let facts = own_facts();
    let (mut lines, mut outages, mut maintenance, mut monitoring, mut charges, mut events) = (
        String::new(),
        "impact,id,entity,start,end\n".to_string(), // columns in any order
        "id,entity,start,end,notice.at,notice.start,notice.end\n".to_string(),
        "id,entity,watched.start,watched.end\n".to_string(),
        "id,service,entity,period,amount,kind\n".to_string(),
        "incident,at,event,value,entity,sequence\n".to_string(),
    );
    let row = |cells: &[&Value]| {
        cells
            .iter()
            .map(|value| cell(value))
            .collect::<Vec<_>>()
            .join(",")
            + "\n"
    };
    for placed in &facts {
        let value = serde_json::to_value(&placed.fact).unwrap();
        lines.push_str(&format!("{value}\n\n"));
        let (kind, fact) = value.as_object().unwrap().iter().next().unwrap();
        let (id, entity, start, end) = (&fact["id"], &fact["entity"], &fact["start"], &fact["end"]);
        match kind.as_str() {
            "outage" => outages.push_str(&row(&[&fact["impact"], id, entity, start, end])),
            "monitoring" => monitoring.push_str(&row(&[id, entity, start, end])),
            "maintenance" => {
                let notice = &fact["notice"];
                let cells = [
                    id,
                    entity,
                    start,
                    end,
                    &notice["at"],
                    &notice["start"],
                    &notice["end"],
                ];
                maintenance.push_str(&row(&cells));
            }
            "charge" => charges.push_str(&row(&[
                id,
                &fact["service"],
                entity,
                &fact["period"],
                &fact["amount"],
                &fact["kind"],
            ])),
            _ => {
                for event in fact["events"].as_array().unwrap() {
                    let (name, value) = match &event["event"] {
                        Value::String(name) => (name.clone(), Value::Null),
                        tagged => {
                            let (name, value) = tagged.as_object().unwrap().iter().next().unwrap();
                            let severity = value.get("severity").unwrap_or(value);
                            (name.clone(), severity.clone())
                        }
                    };
                    let cells = [id, &event["at"], &name.into(), &value, entity, &event["sequence"]];
                    events.push_str(&row(&cells));
                }
            }
        }
    }
    let mut from_csv = Vec::new();
    for (text, name) in [
        (&outages, "o"),
        (&maintenance, "m"),
        (&monitoring, "w"),
        (&charges, "c"),
        (&events, "e"),
    ] {
        from_csv.extend(read::csv(text, name).unwrap());
    }
    let from_lines = read::json_lines(&lines, "lines").unwrap();
    let statement = |facts: &[Placed]| {
        let statement = agreement.statement(&record(facts), period("2026-Q1"), at("2026-04-15T09:00:00Z"));
        statement.unwrap()
    };
    let (whole, lines, csv) = (statement(&facts), statement(&from_lines), statement(&from_csv));
    assert_eq!(bytes(&lines), bytes(&whole));
    // In CSV the incident that stands there twice is one incident with repeated events.
    assert_eq!(csv.provenance.record, whole.provenance.record);
    assert_eq!(csv.provenance.facts, whole.provenance.facts);
    assert_eq!(csv.credits, whole.credits);
    assert_eq!(
        csv.provenance.duplicates,
        ["incidents[INC-1020].events (4 repeated)"]
    );
}

// Refusals

#[test]
fn bad_arguments_are_refused() {
    let hint = "\nstatement --help lists the options";
    for (arguments, message) in [
        (&["--agrement", "x"] as &[&str], "unknown option `--agrement`"),
        (&["statement.toml"], "unknown option `statement.toml`"),
        (&["--period"], "--period: expected a value, found nothing"),
        (
            &["--format", "xml"],
            "--format: expected `table` or `json`, found `xml`",
        ),
        (&["--format=table", "--format=json"], "--format: given twice"),
        (
            &["--period", "2026-13"],
            "--period: expected a period within 1900 to 2199, such as `2026-03`, `2026-Q1`, `2026`, `2026-Q1 from Apr`, \
             `2026 from Apr`, `2026-03-15 monthly`, `2026-02-28 monthly on 31`, `2026-04-15 yearly from 2024-04-15`, \
             `30 days ending 2026-03-31` or `2026-03-16 every 30 days from 2026-01-15`, found `2026-13`",
        ),
        (
            &["--as-of", "2026-04-15"],
            "--as-of: expected an instant such as `2026-04-15T09:00:00Z`, found `2026-04-15`",
        ),
        (
            &["--agreement", "a.toml"],
            "--period: expected at least one such as 2026-03 or 2026-Q1, found none",
        ),
        (
            &["--record", "r.csv"],
            "--record and --data: expected --agreement or --from, too",
        ),
        (
            &["--agreement", "a.toml", "--period", "2026-01", "--data", "d"],
            "--data: belongs to --from, which is not given",
        ),
        (
            &["--from", "jira"],
            "--from: expected `github-status` or `servicenow-log`, found `jira`",
        ),
        (
            &["--from", "github-status"],
            "--from: expected --data or the environment variable SLA_DATA, found neither",
        ),
    ] {
        assert_eq!(refused(arguments), format!("{message}{hint}"));
    }
    assert_eq!(cli::REFUSED, 2);
}

#[test]
fn help_says_what_the_defaults_are() {
    let help = cli(&["--format", "json", "--help"]).unwrap();
    assert!(help.text.contains("Without it: the end of the latest period"));
    assert_eq!(cli(&["-h"]).unwrap(), help);
}

#[test]
fn the_default_instant_is_the_end_of_the_latest_period() {
    let agreement = own("agreement.toml");
    let output = cli(&[
        "--agreement",
        &agreement,
        "--period=2026-03",
        "--period=2026-02",
        "--format=json",
    ]);
    let statements: Value = serde_json::from_str(&output.unwrap().text).unwrap();
    let as_of = |index: usize| statements[index]["as_of"].as_str().unwrap().to_string();
    assert_eq!(
        (as_of(0), as_of(1)),
        ("2026-03-31T23:00:00Z".into(), "2026-03-31T23:00:00Z".into())
    );
    assert_eq!(statements[0]["period"], "2026-03"); // in the order of the options
}

fn with_agreement(file: &str) -> String {
    refused(&["--agreement", file, "--period", "2026-01"])
}

fn with_record(file: &str) -> String {
    let agreement = own("agreement.toml");
    refused(&["--agreement", &agreement, "--record", file, "--period", "2026-01"])
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let scratch = Scratch::new("unread");
    let missing = scratch.0.join("missing.toml").to_str().unwrap().to_string();
    assert!(with_agreement(&missing).starts_with(&format!("{missing}: ")));
    let missing = scratch.0.join("missing.csv").to_str().unwrap().to_string();
    assert!(with_record(&missing).starts_with(&format!("{missing}: ")));
    let other = scratch.file("facts.xlsx", "");
    assert_eq!(
        with_record(&other),
        format!("{other}: expected a file named .jsonl or .csv")
    );
    assert_eq!(
        with_agreement(&other),
        format!("{other}: expected a file named .toml or .json")
    );
}

#[test]
fn terms_of_the_wrong_shape_are_refused_with_their_line() {
    let scratch = Scratch::new("shape");
    let toml = fs::read_to_string(own("agreement.toml")).unwrap();
    let line = 1 + toml
        .lines()
        .position(|line| line.starts_with("customer"))
        .unwrap();
    let file = scratch.file("unknown.toml", &toml.replace("customer =", "client ="));
    let message = with_agreement(&file);
    assert!(
        message.starts_with(&format!("{file}:{line}: unknown field `client`")),
        "{message}"
    );
    let file = scratch.file(
        "leaf.toml",
        &toml.replace("target = \"99.9\"", "target = \"99,9\""),
    );
    let line = 1 + toml
        .lines()
        .position(|line| line.starts_with("target = \"99.9\""))
        .unwrap();
    let message = with_agreement(&file);
    assert!(
        message.starts_with(&format!("{file}:{line}: expected a percentage")),
        "{message}"
    );

    let json = fs::read_to_string(own("agreement.json")).unwrap();
    let line = 1 + json
        .lines()
        .position(|line| line.contains("\"customer\""))
        .unwrap();
    let file = scratch.file("unknown.json", &json.replace("\"customer\"", "\"client\""));
    let message = with_agreement(&file);
    assert!(
        message.starts_with(&format!("{file}:{line}: unknown field `client`")),
        "{message}"
    );
    assert!(!message.contains("column"), "{message}");
}

#[test]
fn terms_without_meaning_are_refused_with_every_path() {
    let scratch = Scratch::new("meaning");
    let toml = fs::read_to_string(own("agreement.toml")).unwrap();
    let toml = toml
        .replace("pause = [\"awaiting-customer\"]", "pause = [\"waiting\"]")
        .replace("zone = \"Europe/London\" #", "zone = \"Europe/Londinium\" #")
        .replace("services = [\"hosting\"] }", "services = [\"housing\"] }");
    let file = scratch.file("agreement.toml", &toml);
    let message = with_agreement(&file);
    for path in [
        "clocks[resolution].rules.pause[0]: expected the id of a status, found `waiting`",
        "service_levels[uptime].credit.of.services[0]: expected the id of a service, found `housing`",
    ] {
        assert!(message.contains(&format!("{file}: {path}")), "{message}");
    }
}

#[test]
fn bad_lines_are_refused_with_their_file_and_line() {
    let scratch = Scratch::new("lines");
    let good = r#"{"monitoring":{"id":"M","entity":"leeds","start":"2026-01-01T00:00:00Z"}}"#;
    let text = format!("{good}\n\n{{\"outage\":{{\"id\":\"O\"}}}}\n{good}\nno\n");
    let file = scratch.file("facts.jsonl", &text);
    assert_eq!(
        with_record(&file),
        format!("{file}:3: missing field `entity`\n{file}:5: expected value")
    );

    let text = "# a comment\n\nid,entity,start,end,impact\nO-1,leeds,2026-01-01T00:00:00Z,,full\n\n# another\n\
                O-2,leeds,2026-01-01 00:00,,full\r\nO-3,leeds\nO-4,\"le\neds\",yesterday,,\n";
    let file = scratch.file("short.csv", text);
    assert_eq!(with_record(&file), format!("{file}:8: expected 5 cells, found 2"));
    let file = scratch.file("cells.csv", &text.replace("O-3,leeds\n", ""));
    let message = with_record(&file);
    let lines: Vec<&str> = message.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{file}:7: expected an instant")),
        "{message}"
    );
    assert!(
        lines[1].starts_with(&format!("{file}:8: expected an instant")),
        "{message}"
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn columns_that_belong_to_no_fact_are_refused() {
    let message = read::csv(
        "id,entity,start,end\nO,leeds,2026-01-01T00:00:00Z,\n",
        "outages.csv",
    )
    .unwrap_err();
    assert!(
        message
            .0
            .starts_with("outages.csv:1: expected the columns of one kind of fact"),
        "{message}"
    );
    assert!(message.0.ends_with("found id,entity,start,end"), "{message}");
}

#[test]
fn bad_events_are_refused_with_their_line() {
    let header = "incident,at,event,value,sequence,entity\n";
    for (row, expected) in [
        ("INC-1,2026-01-01T00:00:00Z,opened,,,", "invalid type"),
        ("INC-1,2026-01-01T00:00:00Z,closed,,,", "unknown variant `closed`"),
        ("INC-1,2026-01-01T00:00:00Z,resolved,P1,,", "invalid type"),
        (
            "INC-1,2026-01-01T00:00:00Z,adjusted,excused,,",
            "column `value`: ",
        ),
        (
            "INC-1,2026-01-01T00:00:00Z,resolved,,-1,",
            "column `sequence`: expected a whole number, found `-1`",
        ),
        (
            ",2026-01-01T00:00:00Z,resolved,,,",
            "column `incident`: expected a value, found nothing",
        ),
    ] {
        let message = read::csv(&format!("{header}{row}\n"), "events.csv")
            .unwrap_err()
            .0;
        assert!(
            message.starts_with(&format!("events.csv:2: {expected}")),
            "{message}"
        );
    }
    let text = format!(
        "{header}I,2026-01-01T00:00:00Z,opened,P1,,leeds\nI,2026-01-01T01:00:00Z,resolved,,,london\n"
    );
    assert_eq!(
        read::csv(&text, "events.csv").unwrap_err().0,
        "events.csv:3: column `entity`: expected `leeds` as before, found `london`"
    );
}

#[test]
fn facts_without_meaning_are_refused_with_every_path_and_place() {
    let scratch = Scratch::new("facts");
    let file = scratch.file(
        "outages.csv",
        "id,entity,start,end,impact\n\
         O-1,leeds,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z,full\n\
         O-2,paris,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,full\n\
         O-3,leeds,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,full\n\
         O-3,leeds,2026-01-02T00:00:00Z,2026-01-04T00:00:00Z,full\n",
    );
    assert_eq!(
        with_record(&file),
        format!(
            "no statement of 2026-01:\n  \
             {file}:2: outages[O-1].end: expected an end not before `2026-01-02T00:00:00Z`, found `2026-01-01T00:00:00Z`\n  \
             {file}:3: outages[O-2].entity: expected an entity of the agreement, found `paris`\n  \
             {file}:4, {file}:5: outages[O-3]: two facts have this id and different content"
        )
    );
    let agreement = own("agreement.toml");
    assert!(refused(&["--agreement", &agreement, "--period", "2027-01"]).contains("period: "));
}

// The adapters, on invented lines

#[test]
fn a_status_page_with_quoted_titles_and_an_empty_window_is_read() {
    let text = "incident_id,downtime_start,downtime_end,duration_minutes,source,title,impact\n\
                7,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,0,updates,\"Slow, \"\"very\"\" slow\",none\n\
                8,2026-01-02T00:00:00Z,2026-01-02T01:00:00Z,60,updates,Down,critical\n";
    let log = github_status::read(text, "windows.csv").unwrap();
    let impacts: Vec<_> = outages(&log.facts)
        .iter()
        .map(|window| window.impact.clone().unwrap())
        .collect();
    assert_eq!(impacts, ["none", "critical"]);
    assert_eq!(
        (log.start, log.end),
        (at("2026-01-01T00:00:00Z"), at("2026-01-02T01:00:00Z"))
    );
    assert_eq!(log.facts[1].place, "windows.csv:3");

    let refused = |text: &str| github_status::read(text, "windows.csv").err().unwrap().0;
    let message = refused(&text.replace("2026-01-02T01:00:00Z", "tomorrow"));
    assert!(
        message.starts_with("windows.csv:3: column `downtime_end`: "),
        "{message}"
    );
    assert!(refused(&text.replace("impact", "severity")).contains("column `impact`: expected a value"));
}

/// Rows as `state,count,updated,priority,assignee` of an incident opened on 01-03-2016 at 09:00.
fn desk(resolved_at: &str, rows: &[&str]) -> Result<servicenow_log::Log, Failure> {
    let mut text = String::from(
        "number,incident_state,sys_mod_count,sys_updated_at,priority,assigned_to,opened_at,resolved_at\n",
    );
    for row in rows {
        text.push_str(&format!("INC1,{row},01-03-2016 09:00,{resolved_at}\n"));
    }
    servicenow_log::read(&text, "log.csv")
}

#[test]
fn each_oddity_of_a_help_desk_log_is_decided_and_counted() {
    let read = |resolved_at: &str, rows: &[&str]| {
        let log = desk(resolved_at, rows).unwrap();
        let Fact::Incident(incident) = &log.facts[0].fact else {
            panic!("incident")
        };
        let mut events: Vec<_> = incident.events.iter().collect();
        events.sort_by_key(|event| (event.at, event.sequence, event.kind.name()));
        let events = events
            .iter()
            .map(|event| format!("{} {}", event.at.format("%d %H:%M"), event.kind.name()));
        incident.history(log.end).unwrap();
        (events.collect::<Vec<_>>().join(", "), log.summary)
    };
    let new = "New,0,01-03-2016 09:01,3 - Moderate,?";
    let active = "Active,1,01-03-2016 10:00,3 - Moderate,R1";
    let resolved = "Resolved,2,01-03-2016 11:00,3 - Moderate,R1";
    let again = "Resolved,3,01-03-2016 12:00,3 - Moderate,R1";
    let closed = "Closed,4,06-03-2016 12:00,3 - Moderate,R1";
    let start = "01 09:00 opened, 01 09:01 status, 01 10:00 acknowledged, 01 10:00 status";

    let (events, summary) = read("01-03-2016 11:00", &[new, active, resolved, closed]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(
        (summary.rows, summary.incidents, summary.resolved_repeatedly),
        (4, 1, 0)
    );

    let (events, summary) = read("01-03-2016 12:00", &[new, active, resolved, again, closed]);
    assert_eq!(events, format!("{start}, 01 12:00 resolved"));
    assert_eq!((summary.resolved_repeatedly, summary.resolved_later), (1, 1));

    let (events, summary) = read("?", &[new, active, resolved, again]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!((summary.resolved_unknown, summary.resolved_later), (1, 0));

    let (events, summary) = read("01-03-2016 11:30", &[new, active, resolved, again]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(summary.resolved_elsewhere, 1);

    let (events, summary) = read("?", &[new, active, closed]); // never `Resolved`: closing resolves it
    assert_eq!(events, format!("{start}, 06 12:00 resolved"));
    assert_eq!(summary.resolved_unknown, 1);

    let (events, summary) = read("?", &[new]);
    assert_eq!(events, "01 09:00 opened, 01 09:01 status");
    assert_eq!((summary.unresolved, summary.unacknowledged), (1, 1));

    let waiting = "Awaiting User Info,5,02-03-2016 08:00,2 - High,R1";
    let last = "Resolved,6,02-03-2016 09:00,2 - High,R1";
    let (events, summary) = read("02-03-2016 09:00", &[new, active, resolved, waiting, last]);
    assert_eq!(
        events,
        format!(
            "{start}, 01 11:00 resolved, 02 08:00 severity_changed, 02 08:00 reopened, 02 08:00 status, \
             02 09:00 resolved"
        )
    );
    assert_eq!((summary.reopened, summary.severity_changed), (1, 1));

    // An older state that is written after the resolution reopens nothing.
    let late = "Active,1,01-03-2016 11:10,3 - Moderate,R1";
    let (events, summary) = read("01-03-2016 11:00", &[new, active, resolved, late, closed]);
    assert_eq!(events, format!("{start}, 01 11:00 resolved"));
    assert_eq!(
        (summary.stale, summary.reopened, summary.order_disagrees),
        (1, 0, 1)
    );

    // Older than the opening, with the count of a later row.
    let before = "New,7,01-03-2016 07:00,3 - Moderate,?";
    let (events, summary) = read("01-03-2016 11:00", &[before, active, resolved, closed]);
    assert_eq!(
        events,
        format!("{}, 01 11:00 resolved", start.replace("09:01", "09:00"))
    );
    assert_eq!((summary.before_opening, summary.order_disagrees), (1, 1));
}

#[test]
fn bad_rows_of_a_help_desk_log_are_refused_with_their_line() {
    for (row, expected) in [
        ("New,0,01-03-2016,3 - Moderate,?", "column `sys_updated_at`: "),
        (
            "New,x,01-03-2016 09:01,3 - Moderate,?",
            "column `sys_mod_count`: expected a whole number, found `x`",
        ),
        (
            "New,0,01-03-2016 09:01,5 - Planning,?",
            "column `priority`: expected 1 to 4, found `5 - Planning`",
        ),
        (
            ",0,01-03-2016 09:01,3 - Moderate,?",
            "column `incident_state`: expected a value, found nothing",
        ),
    ] {
        let message = desk("?", &[row]).err().unwrap().0;
        assert!(
            message.starts_with(&format!("log.csv:2: {expected}")),
            "{message}"
        );
    }
}

// A status page: public data

fn status_page() -> Option<(github_status::Log, String)> {
    let path = public_data()?.join(github_status::FILE);
    let text = read::text(&path).unwrap();
    Some((github_status::read(&text, "windows").unwrap(), text))
}

fn outages(facts: &[Placed]) -> Vec<&Outage> {
    let outages = facts.iter().filter_map(|placed| match &placed.fact {
        Fact::Outage(outage) => Some(outage),
        _ => None,
    });
    outages.collect()
}

/// Seconds of a window within a span; what a test may compute that has nothing in common with the library.
fn seconds(outage: &Outage, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (outage.end.unwrap().min(end) - outage.start.max(start))
        .num_seconds()
        .max(0)
}

/// Seconds of the union, by sweeping over sorted windows.
fn union(mut windows: Vec<&Outage>, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    windows.sort_by_key(|window| window.start);
    let (mut reached, mut sum) = (start, 0);
    for window in windows {
        let from = window.start.max(reached);
        let until = window.end.unwrap().min(end);
        if until > from {
            sum += (until - from).num_seconds();
            reached = until;
        }
    }
    sum
}

/// The terms of the file, which also serve to measure over a single month.
fn page_terms(name: &str) -> (CompiledAgreement, Vec<Placed>) {
    let agreement = cli::agreement(Path::new(&own(name))).unwrap();
    (
        agreement,
        read::facts(Path::new(&own("github-charges.csv"))).unwrap(),
    )
}

#[test]
fn overlapping_windows_of_a_status_page_count_once() {
    let Some((log, _)) = status_page() else { return };
    let windows = outages(&log.facts);
    assert_eq!(windows.len(), 819);
    // Windows of length zero are facts like any other, and no downtime.
    let zero = || windows.iter().filter(|window| window.end == Some(window.start));
    let unnamed = zero().filter(|window| window.impact.as_deref() == Some("none"));
    assert_eq!((zero().count(), unnamed.count()), (22, 13));
    let plain: i64 = windows
        .iter()
        .map(|window| seconds(window, log.start, log.end))
        .sum();
    assert_eq!(plain, 11_798_640);
    let over = sla::Interval::new(log.start, log.end).unwrap();
    let merged = Availability::over(over, log.end)
        .with_outages(windows.iter().copied())
        .measure()
        .unwrap();
    assert_eq!(merged.down, WallTime::seconds(10_688_160));
    assert_eq!(union(windows, log.start, log.end), 10_688_160);
}

#[test]
fn february_2026_of_a_status_page_by_union_and_by_plain_sum() {
    let Some((log, _)) = status_page() else { return };
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z"));
    let counted = |outage: &&&Outage| {
        outage
            .impact
            .as_deref()
            .is_some_and(|one| matches!(one, "minor" | "major" | "critical"))
    };
    let all = outages(&log.facts);
    let windows: Vec<&Outage> = all.iter().filter(counted).copied().collect();
    let watch = sla::Monitoring::new("page", github_status::ENTITY, log.start).until(log.end);
    let february = Availability::over(sla::Interval::new(start, end).unwrap(), log.end)
        .with_outages(windows.iter().copied())
        .with_monitoring([&watch])
        .measure()
        .unwrap();
    // 86.2177… %: 86.22 to the nearest, and never shown as more than it is.
    let month = (end - start).num_seconds();
    let up = february.up.as_seconds() as i64;
    assert_eq!((up * 20_000 + month) / (2 * month), 8_622);
    assert_eq!(february.ratio().unwrap().percent(2), "86.21");
    let plain: i64 = windows.iter().map(|window| seconds(window, start, end)).sum();
    assert_eq!(((month - plain) * 20_000 + month) / (2 * month), 8_362);
    assert_eq!(february.down.as_seconds() as i64, union(windows, start, end));
}

#[test]
fn quarters_of_a_status_page_are_judged_as_integers_say() {
    let Some((log, _)) = status_page() else { return };
    for (name, impacts) in [
        ("github-enterprise-style.toml", &["major", "critical"] as &[&str]),
        (
            "github-enterprise-style-minor.toml",
            &["minor", "major", "critical"],
        ),
    ] {
        let (agreement, charges) = page_terms(name);
        let record = record(log.facts.iter().chain(&charges));
        let (mut judged, mut lower) = (0, 0);
        for (year, quarter) in (2022..=2026).flat_map(|year| (1..=4).map(move |quarter| (year, quarter))) {
            let period = Period::quarter(year, quarter).unwrap();
            let statement = agreement.statement(&record, period, log.end).unwrap();
            let (start, end) = (statement.over.start(), statement.over.end());
            let finding = &statement.findings[0];
            if end > log.end {
                assert_eq!(statement.standing, Standing::Provisional, "{period}");
                continue;
            }
            if start < log.start {
                assert_eq!(finding.verdict, Verdict::NotJudged, "{period}");
                assert_eq!(statement.totals.net.minor_units(), 0);
                continue;
            }
            judged += 1;
            let windows = outages(&log.facts);
            let windows: Vec<&Outage> = windows
                .into_iter()
                .filter(|window| impacts.contains(&window.impact.as_deref().unwrap()))
                .collect();
            let (agreed, down) = ((end - start).num_seconds(), union(windows.clone(), start, end));
            let Basis::Availability(basis) = &finding.basis else {
                panic!("availability")
            };
            assert_eq!(basis.down.as_seconds() as i64, down, "{period}");
            assert_eq!(basis.up.as_seconds() as i64, agreed - down, "{period}");

            // The three months of the quarter add up to it.
            let months: i64 = (1..=3)
                .map(|month| Period::month(year, 3 * (quarter - 1) + month).unwrap())
                .map(|month| agreement.zone().interval(month).unwrap())
                .map(|over| {
                    let part = Availability::over(over, log.end).with_outages(windows.iter().copied());
                    part.measure().unwrap().down.as_seconds() as i64
                })
                .sum();
            assert_eq!(months, down, "{period}");

            // Below 99.9 %, below 99.0 %: in whole seconds, without division.
            let below = |tenths: i64| (agreed - down) * 1_000 < agreed * tenths;
            let credit = match (below(999), below(990)) {
                (false, _) => 0,
                (true, false) => 100_000,
                (true, true) => 250_000,
            };
            lower += usize::from(below(990));
            assert_eq!(finding.verdict == Verdict::Breached, below(999), "{period}");
            assert_eq!(statement.totals.net.minor_units(), credit, "{period}");
        }
        assert_eq!(judged, 17);
        assert_eq!(lower, if impacts.len() == 2 { 4 } else { 17 });
    }
}

#[test]
fn the_order_of_a_status_page_changes_no_byte() {
    let Some((log, text)) = status_page() else { return };
    let (agreement, charges) = page_terms("github-enterprise-style.toml");
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let other = format!("{header}\n{}\n", shuffled(&rows, 7).join("\n"));
    let other = github_status::read(&other, "windows").unwrap();
    let statement = |log: &github_status::Log| {
        let record = record(log.facts.iter().chain(&charges));
        bytes(&agreement.statement(&record, period("2026-Q1"), log.end).unwrap())
    };
    assert_eq!(statement(&log), statement(&other));
}

#[test]
fn a_status_page_is_read_by_the_program() {
    let Some(data) = public_data() else { return };
    let output = run(&["--from".into(), "github-status".into()], Some(data)).unwrap();
    assert_eq!(output.text.matches("SERVICE LEVEL STATEMENT").count(), 17);
    assert!(output.notes.starts_with("820 facts, "), "{}", output.notes);
    assert!(
        output
            .text
            .contains("  2024-Q3   final          0         1           0     2500.00 USD")
    );
}

// The log of a help desk: public data

fn help_desk() -> Option<(servicenow_log::Log, String)> {
    let path = public_data()?.join(servicenow_log::FILE);
    let text = read::text(&path).unwrap();
    Some((servicenow_log::read(&text, "log").unwrap(), text))
}

#[test]
fn every_incident_of_the_help_desk_is_in_and_every_oddity_counted() {
    let Some((log, text)) = help_desk() else { return };
    let summary = servicenow_log::Summary {
        rows: 5_998,
        incidents: 890,
        before_opening: 5,
        order_disagrees: 5,
        stale: 1,
        resolved_repeatedly: 23,
        resolved_later: 17,
        resolved_elsewhere: 0,
        resolved_unknown: 29,
        unresolved: 0,
        reopened: 10,
        severity_changed: 39,
        unacknowledged: 0,
    };
    assert_eq!(log.summary, summary);
    assert_eq!(log.facts.len(), 890);

    // The log's own counter of reopenings, and its own priorities, say the same.
    let (columns, rows) = read::csv_rows(&text, "log").unwrap();
    assert_eq!(columns.len(), 36);
    for placed in &log.facts {
        let Fact::Incident(incident) = &placed.fact else {
            panic!("incident")
        };
        let own = || rows.iter().filter(|row| row.cells["number"] == incident.id);
        let counted = own()
            .map(|row| row.cells["reopen_count"].parse::<usize>().unwrap())
            .max()
            .unwrap();
        let reopened = incident
            .events
            .iter()
            .filter(|event| event.kind == sla::EventKind::Reopened);
        assert_eq!(reopened.count(), counted, "{}", incident.id);
        let history = incident.history(log.end).unwrap();
        let stated = own().map(|row| row.cells["resolved_at"].clone()).max().unwrap();
        let resolved = history.resolved().unwrap().format("%d-%m-%Y %H:%M").to_string();
        assert!(
            stated == "?" || stated == resolved,
            "{}: {stated} {resolved}",
            incident.id
        );
    }
}

#[test]
fn the_clocks_of_the_help_desk_hold_their_laws() {
    let Some((log, _)) = help_desk() else { return };
    let agreement = cli::agreement(Path::new(&own("servicenow-support.toml"))).unwrap();
    let mut outcomes = std::collections::BTreeMap::<(String, String), u64>::new();
    for placed in &log.facts {
        let Fact::Incident(incident) = &placed.fact else {
            panic!("incident")
        };
        let history = incident.history(log.end).unwrap();
        for id in ["response", "resolution"] {
            let clock = agreement.clock(id).unwrap();
            let reading = clock.read(&history).unwrap();
            let late = match (reading.due, reading.stopped) {
                (Some(due), Some(delivered)) => delivered > due,
                (Some(due), None) => log.end > due,
                (None, _) => false,
            };
            assert_eq!(reading.outcome == Outcome::Breached, late, "{id} {}", incident.id);
            *outcomes
                .entry((id.into(), format!("{:?}", reading.outcome)))
                .or_default() += 1;

            let trace = clock.trace(&history).unwrap();
            let sum = |kinds: &[SpanKind]| {
                let spans = trace.iter().filter(|span| kinds.contains(&span.kind));
                spans.map(|span| span.over.length().as_nanoseconds()).sum::<u64>()
            };
            assert_eq!(
                sum(&[SpanKind::Counted]),
                reading.elapsed.as_nanoseconds(),
                "{id} {}",
                incident.id
            );
            assert_eq!(
                sum(&[SpanKind::Counted, SpanKind::Closed]),
                reading.wall.as_nanoseconds()
            );
            let whole = (reading.stopped.unwrap() - reading.started.unwrap()).num_seconds() as u64;
            let every = [
                SpanKind::Counted,
                SpanKind::Closed,
                SpanKind::Paused,
                SpanKind::Stopped,
            ];
            assert_eq!(sum(&every), whole * 1_000_000_000, "{id} {}", incident.id);
            for (left, right) in trace.iter().zip(trace.iter().skip(1)) {
                assert_eq!(left.over.end(), right.over.start(), "{id} {}", incident.id);
            }
        }
    }
    assert_eq!(outcomes.values().sum::<u64>(), 2 * 890);
    assert!(
        outcomes
            .keys()
            .all(|(_, outcome)| matches!(outcome.as_str(), "Met" | "Breached"))
    );
}

#[test]
fn the_statements_of_the_help_desk_count_every_incident_once_in_any_order() {
    let Some((log, text)) = help_desk() else { return };
    let agreement = cli::agreement(Path::new(&own("servicenow-support.toml"))).unwrap();
    let charges = read::facts(Path::new(&own("servicenow-charges.csv"))).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let other = format!("{header}\n{}\n", shuffled(&rows, 11).join("\n"));
    let other = servicenow_log::read(&other, "log").unwrap();
    assert_eq!(other.summary, log.summary);
    let mut counted = std::collections::BTreeMap::<String, u64>::new();
    // Met and breached by severity, response before resolution; recomputed from the log by other means.
    let expected = [
        (
            "2016-02",
            [
                (3, 0),
                (0, 2),
                (123, 44),
                (33, 2),
                (2, 4),
                (3, 0),
                (156, 7),
                (34, 1),
            ],
        ),
        (
            "2016-03",
            [
                (12, 2),
                (19, 10),
                (492, 105),
                (38, 5),
                (4, 5),
                (24, 6),
                (455, 139),
                (46, 4),
            ],
        ),
    ];
    for (text, tallies) in expected {
        let statement = |log: &servicenow_log::Log| {
            let facts: Vec<Placed> = log.facts.iter().chain(&charges).cloned().collect();
            agreement
                .statement(&record(&shuffled(&facts, 3)), period(text), log.end)
                .unwrap()
        };
        let (one, two) = (statement(&log), statement(&other));
        assert_eq!(bytes(&one), bytes(&two));
        for row in &one.attainment {
            let tally = row.tally;
            *counted.entry(row.clock.clone()).or_default() += tally.met
                + tally.breached
                + tally.pending
                + tally.excused
                + tally.cancelled
                + tally.not_judged;
        }
        let found: Vec<_> = one
            .attainment
            .iter()
            .map(|row| (row.tally.met, row.tally.breached))
            .collect();
        assert_eq!(found, tallies);
        let breached: u64 = one.attainment.iter().map(|row| row.tally.breached).sum();
        assert_eq!(one.breached.len() as u64, breached);
        for clock in &one.breached {
            assert!(
                clock.delivered.is_none_or(|delivered| delivered > clock.due),
                "{}",
                clock.incident
            );
        }
        assert_eq!(one.totals.net.minor_units(), 375_000); // both months reach the cap of 15 %
    }
    assert_eq!(counted.into_values().collect::<Vec<_>>(), [890, 890]);
}

#[test]
fn a_help_desk_is_read_by_the_program() {
    let Some(data) = public_data() else { return };
    let output = run(
        &[
            "--from".into(),
            "servicenow-log".into(),
            "--data".into(),
            data.to_str().unwrap().into(),
        ],
        None,
    );
    let output = output.unwrap();
    assert_eq!(output.text.matches("SERVICE LEVEL STATEMENT").count(), 2);
    assert!(
        output.notes.starts_with("890 incidents from 5998 rows\n"),
        "{}",
        output.notes
    );
}

//! The example `statement`: what it prints of its own agreement and record, and what it refuses.
//!
//! The modules of the example are built into this test; only its `main` is not. Tests on public data take it from
//! the directory that `SLA_DATA` names. Without it they say so and pass, unless `SLA_REQUIRE_DATA` is 1.

#[path = "../../examples/statement/cli.rs"]
pub(crate) mod cli;
#[path = "../../examples/statement/github_status.rs"]
pub(crate) mod github_status;
#[path = "../../examples/statement/read.rs"]
pub(crate) mod read;
#[path = "../../examples/statement/servicenow_log.rs"]
pub(crate) mod servicenow_log;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sla::{Fact, Period, Record, Statement};

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

pub(crate) fn own(name: &str) -> String {
    own_data().join(name).to_str().unwrap().to_string()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub(crate) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(crate) fn record<'a>(facts: impl IntoIterator<Item = &'a Placed>) -> Record {
    facts.into_iter().map(|placed| placed.fact.clone()).collect()
}

/// Another order, the same each time: what xorshift makes of a seed.
pub(crate) fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
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

pub(crate) fn bytes(statement: &Statement) -> (String, String) {
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
    assert!(
        output
            .notes
            .starts_with("note: incidents[INC-1020] counts once: ")
            && output.notes.lines().count() == 1,
        "{}",
        output.notes
    );
    let statements: Value = serde_json::from_str(&output.text).unwrap();
    let mut owed = Vec::new();
    for statement in statements.as_array().unwrap() {
        assert_eq!(statement["standing"], "final");
        assert_eq!(statement["provenance"]["duplicates"], serde_json::json!([]));
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
    assert!(
        output
            .notes
            .starts_with("note: incidents[INC-1020] counts once: ")
    );
    for line in [
        "  uptime            london   99.9 %   99.9014 %  met       38.4 s to spare         down 44 min of 744 h",
        "  uptime            leeds    99.9 %   99.8876 %  BREACHED  5 min 28.8 s too much   down 50 min of 742 h, 2 h excluded",
        "  uptime            london   99.9 %   99.8999 %  BREACHED  1.2 s too much          down 44 min 36 s of 743 h",
        "  resolution  INC-1031  P3        20 h of working time  2026-03-10T18:00:00Z  2026-03-10T18:00:00Z  2026-03-11T08:00:00Z  14 h",
        "  response  INC-1018  Calloway Books  the alert went to a telephone number that we had changed without notice",
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
                for placed in part {
                    draft.push(&placed.fact);
                }
                merged.merge(draft).unwrap();
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
        &toml.replace("target = \"99.9 %\"", "target = \"99,9 %\""),
    );
    let line = 1 + toml
        .lines()
        .position(|line| line.starts_with("target = \"99.9 %\""))
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
        .replace(
            "pause = [\"status:awaiting-customer\"]",
            "pause = [\"status:waiting\"]",
        )
        .replace("zone = \"Europe/London\" #", "zone = \"Europe/Londinium\" #")
        .replace("of = [\"hosting\"]", "of = [\"housing\"]");
    let file = scratch.file("agreement.toml", &toml);
    let message = with_agreement(&file);
    for path in [
        "clocks[resolution].pause[0]: expected the id of a status, found `waiting`",
        "levels[uptime].credit.of[0]: expected the id of a service, found `housing`",
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
fn columns_and_names_that_stand_there_twice_are_refused() {
    let message = read::csv(
        "id,entity,start,end,impact,end\nO,leeds,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,major,2026-01-02T00:00:00Z\n",
        "outages.csv",
    )
    .unwrap_err();
    assert_eq!(message.0, "outages.csv:1: column `end` stands there twice");
    let adjusted = r#""{""by"":""A"",""by"":""B"",""why"":""x"",""change"":{""excused"":{}}}""#;
    let text = format!("incident,at,event,value\nINC-1,2026-01-01T00:00:00Z,adjusted,{adjusted}\n");
    let message = read::csv(&text, "events.csv").unwrap_err();
    assert!(
        message
            .0
            .starts_with("events.csv:2: column `value`: duplicate field `by`"),
        "{message}"
    );
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

//! The example `statement`: what it prints of its own agreement and record, and what it refuses.
//!
//! The modules of the example are built into this test; only its `main` is not. Tests on public data take it from
//! the directory that `SLA_DATA` names. Without it they say so and pass, unless `SLA_REQUIRE_DATA` is 1.

#[path = "../../examples/statement/cli.rs"]
pub(crate) mod cli;
#[path = "../../examples/statement/github_status.rs"]
pub(crate) mod github_status;
#[path = "../../examples/statement/lists.rs"]
pub(crate) mod lists;
#[path = "../../examples/statement/locate.rs"]
pub(crate) mod locate;
#[path = "../../examples/statement/options.rs"]
pub(crate) mod options;
#[path = "../../examples/statement/read.rs"]
pub(crate) mod read;
#[path = "../../examples/statement/rows.rs"]
pub(crate) mod rows;
#[path = "../../examples/statement/servicenow_log.rs"]
pub(crate) mod servicenow_log;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sla::record::Fact;
use sla::{Period, Record, Statement};

use cli::{Directories, Output, run};
use read::{Failure, Placed};

// Helpers

pub(crate) fn cli(arguments: &[&str]) -> Result<Output, Failure> {
    with_data(arguments, None)
}

pub(crate) fn with_data(arguments: &[&str], public: Option<PathBuf>) -> Result<Output, Failure> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let own = own_data();
    run(&arguments, &Directories { own, public })
}

fn own_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data")
}

pub(crate) fn refused(arguments: &[&str]) -> String {
    cli(arguments).expect_err("refused").0
}

/// A directory of this test for files that it writes.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let directory = env::temp_dir().join(format!("sla-statement-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
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
        "  uptime            leeds    99.9 %   99.8876 %  breached  5 min 28.8 s too much   down 50 min of 742 h, 2 h excluded",
        "  uptime            london   99.9 %   99.8999 %  breached  1.2 s too much          down 44 min 36 s of 743 h",
        "  resolution  INC-1031  P3        20 h of working time  2026-03-10 18:00:00  2026-03-11 08:00:00  14 h",
        "  response  INC-1018  Calloway Books",
        "      the alert went to a telephone number that we had changed without notice",
        "  period   standing  met  breached  not judged  clocks met  of        gross     withheld          net",
        "  2026-03  final       6         3           0          28  30  1554.09 GBP     0.00 GBP  1554.09 GBP",
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
            .contains("\n      only 97.0238 % of the time is known, 98 % is required\n")
    );
    // On the clock of London, which goes forward on the 29th.
    assert!(
        output
            .text
            .contains("\n  period     2026-03-01 00:00:00 until 2026-04-01 00:00:00 (743 h)\n")
    );
    let longest = output.text.lines().map(|line| line.chars().count()).max();
    assert_eq!(longest, Some(119));
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
        from_csv.extend(rows::csv(text, name).unwrap());
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

// What was asked for beside the statements

#[test]
fn every_counted_clock_is_listed_as_often_as_the_attainment_counts_it() {
    let output = cli(&["--clocks", "--format", "json"]).unwrap();
    let statements: Value = serde_json::from_str(&output.text).unwrap();
    for statement in statements.as_array().unwrap() {
        let mut listed = std::collections::BTreeMap::<(String, String), [u64; 6]>::new();
        let text = |value: &Value| value.as_str().unwrap().to_string();
        let outcomes = ["met", "breached", "pending", "excused", "cancelled", "not_judged"];
        for clock in statement["clocks"].as_array().unwrap() {
            let key = (text(&clock["clock"]), text(&clock["reading"]["severity"]));
            let outcome = text(&clock["reading"]["outcome"]);
            let place = outcomes.iter().position(|one| *one == outcome).unwrap();
            listed.entry(key).or_default()[place] += 1;
        }
        let counted = statement["attainment"].as_array().unwrap().iter().map(|row| {
            let tally = outcomes.map(|outcome| row["tally"][outcome].as_u64().unwrap());
            ((text(&row["clock"]), text(&row["severity"])), tally)
        });
        assert_eq!(listed, counted.collect(), "{}", statement["period"]);
    }
    // Without the option, and with its list taken out, the bytes are the same.
    let plain: Value = serde_json::from_str(&cli(&["--format", "json"]).unwrap().text).unwrap();
    let mut without = statements;
    for statement in without.as_array_mut().unwrap() {
        statement.as_object_mut().unwrap().remove("clocks");
    }
    assert_eq!(without, plain);

    let table = cli(&["--clocks", "--period", "2026-03"]).unwrap().text;
    for line in [
        "CLOCKS THAT COUNTED: 30",
        "  incident  clock       severity  outcome   due                  delivered                     counted  beyond",
        "  INC-1029  response    P2        breached  2026-03-03 09:30:00  2026-03-03 09:45:00        PT45M wall   PT15M",
        "  INC-1031  resolution  P3        breached  2026-03-10 18:00:00  2026-03-11 08:00:00     PT20H working       -",
        "  INC-1039  response    P3        met       2026-03-30 09:00:00  2026-03-27 16:00:00      PT1H working       -",
    ] {
        assert!(table.lines().any(|one| one == line), "missing: {line}\n{table}");
    }
}

#[test]
fn readings_have_a_row_for_each_incident_and_clock() {
    let agreement = own("agreement.toml");
    let incidents = own("incidents.jsonl");
    let output = cli(&[
        "--agreement",
        &agreement,
        "--record",
        &incidents,
        "--readings",
        "--as-of=2026-01-20T09:30:00Z",
    ]);
    let expected = "\
READINGS AS OF 2026-01-20 09:30:00 (Europe/London): 18
  incident  clock       severity  state    outcome   due                        remaining  next change
  INC-1007  resolution  P3        running  breached  2026-01-19 11:00:00     PT0S working  2026-01-20 18:00:00
  INC-1007  response    P3        stopped  met       2026-01-15 15:00:00  PT3H30M working  -
  INC-1009  resolution  P3        running  pending   2026-01-21 09:00:00  PT9H30M working  2026-01-20 18:00:00
  INC-1009  response    P3        stopped  met       2026-01-19 13:00:00     PT3H working  -
";
    let text = output.unwrap().text;
    let shown = |line: &&str| {
        ["READINGS", "  incident", "  INC-1007", "  INC-1009"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let rows: Vec<&str> = text.lines().filter(shown).collect();
    assert_eq!(rows.join("\n") + "\n", expected, "{text}");

    let json = cli(&["--readings", "--format=json"]).unwrap().text;
    let readings: Value = serde_json::from_str(&json).unwrap();
    let readings = readings.as_array().unwrap();
    assert_eq!(readings.len(), 86); // 43 incidents, two clocks
    assert_eq!(readings[0]["incident"], "INC-1001");
    assert_eq!(readings[1]["clock"], "response");
    assert_eq!(readings[1]["reading"]["due"], "2026-01-02T12:00:00Z");
}

#[test]
fn of_an_incident_the_edition_that_holds_is_read() {
    let scratch = Scratch::new("editions");
    let edition = |revision: u64, recorded: &str, severity: &str| {
        format!(
            r#"{{"incident":{{"id":"I","revision":{revision},"recorded_at":"{recorded}","events":[
            {{"at":"2026-02-03T10:00:00Z","event":{{"opened":{{"severity":"{severity}"}}}}}}]}}}}"#
        )
        .replace('\n', "")
    };
    let lines = [
        edition(2, "2026-02-05T00:00:00Z", "P3"),
        edition(0, "2026-02-03T10:00:00Z", "P1"),
        edition(1, "2026-02-04T00:00:00Z", "P2"),
    ];
    let file = scratch.file("facts.jsonl", lines.join("\n"));
    let agreement = own("agreement.toml");
    for (as_of, severities) in [
        ("2026-02-03T09:00:00Z", &[] as &[&str]),
        ("2026-02-03T11:00:00Z", &["P1", "P1"]),
        ("2026-02-04T00:00:00Z", &["P2", "P2"]),
        ("2026-02-06T00:00:00Z", &["P3", "P3"]),
    ] {
        let arguments = [
            "--agreement",
            &agreement,
            "--record",
            &file,
            "--readings",
            "--as-of",
            as_of,
        ];
        let text = cli(&[&arguments[..], &["--format=json"]].concat()).unwrap().text;
        let readings: Value = serde_json::from_str(&text).unwrap();
        let found = readings.as_array().unwrap().iter();
        let found: Vec<&str> = found
            .map(|one| one["reading"]["severity"].as_str().unwrap())
            .collect();
        assert_eq!(found, severities, "{as_of}");
    }
}

// Options

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

//! The example `statement`: what it refuses, each with its place.
//!
//! See `statement_example` for how it is built into the tests.

use std::fs;

use crate::statement_example::cli::REFUSED;
use crate::statement_example::{Scratch, locate, own, refused, rows};

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
            &[
                "--agreement",
                "a.toml",
                "--period=2026-01",
                "--clocks",
                "--readings",
            ],
            "--clocks: belongs to statements, instead of which --readings are printed",
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
    assert_eq!(REFUSED, 2);
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

/// The agreement of the example with another text in the place of one that it has.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn terms_of_the_wrong_shape_are_refused_with_their_line() {
    let scratch = Scratch::new("shape");
    let toml = fs::read_to_string(own("agreement.toml")).unwrap();
    let json = fs::read_to_string(own("agreement.json")).unwrap();
    let fields = "expected `clocks`, `id`, ";
    let file = scratch.file("unknown.toml", changed(&toml, "customer =", "client ="));
    let message = with_agreement(&file);
    assert!(
        message.starts_with(&format!("{file}:6: unknown field `client`, {fields}")),
        "{message}"
    );
    assert!(
        message.ends_with("\n  6 | client = \"Calloway Books\"\n    | ^"),
        "{message}"
    );
    let file = scratch.file(
        "leaf.toml",
        changed(&toml, "target = \"99.9 %\"", "target = \"99,9 %\""),
    );
    let line = line_of(&toml, "target = \"99.9 %\"");
    assert_eq!(
        with_agreement(&file),
        format!(
            "{file}:{line}: expected a percentage from 0 to 100 with at most nine decimals and its sign, such as `99.95 %`, found `99,9 %`\n  \
             {line} | target = \"99,9 %\"\n  {} |          ^",
            " ".repeat(line.to_string().len())
        )
    );
    let file = scratch.file("syntax.toml", "id = \"x\"\nprovider =\t[ Harbour ]\n");
    assert_eq!(
        with_agreement(&file),
        format!(
            "{file}:2: string values must be quoted, expected literal string\n  \
             2 | provider = [ Harbour ]\n    |              ^"
        )
    );

    let file = scratch.file("unknown.json", changed(&json, "\"customer\"", "\"client\""));
    let message = with_agreement(&file);
    assert!(
        message.starts_with(&format!("{file}:4: unknown field `client`, {fields}")),
        "{message}"
    );
    assert!(
        message.ends_with("\n  4 |   \"client\": \"Calloway Books\",\n    |          ^"),
        "{message}"
    );
}

/// The line that a text first stands in, counted from one.
fn line_of(document: &str, text: &str) -> usize {
    1 + document.lines().position(|line| line.contains(text)).unwrap()
}

#[test]
fn terms_without_meaning_are_refused_with_the_lines_that_their_paths_lead_to() {
    let scratch = Scratch::new("meaning");
    let toml = fs::read_to_string(own("agreement.toml")).unwrap();
    let toml = changed(
        &toml,
        "pause = [\"status:awaiting-customer\"]",
        "pause = [\"status:waiting\"]",
    );
    let toml = changed(&toml, "of = [\"hosting\"]  ", "of = [\"housing\"]  ");
    let file = scratch.file("agreement.toml", &toml);
    let (pause, of) = (
        line_of(&toml, "[\"status:waiting\"]"),
        line_of(&toml, "[\"housing\"]"),
    );
    assert_eq!(
        with_agreement(&file),
        format!(
            "{file}:{pause}: clocks[resolution].pause[0]: expected the id of a status, found `waiting`: there are `new`, `in-progress` and `awaiting-customer`\n  \
             {pause} | pause = [\"status:waiting\"]\n     |          ^\n\
             {file}:{of}: levels[uptime].credit.of[0]: expected the id of a service, found `housing`: there are `hosting` and `service-desk`\n  \
             {of} | of = [\"housing\"]                                # of the cluster that missed its target\n     |       ^"
        )
    );
    // JSON has no spans: the path says where.
    let json = fs::read_to_string(own("agreement.json")).unwrap();
    let json = json.replace("\"status:awaiting-customer\"", "\"status:waiting\"");
    let file = scratch.file("agreement.json", &json);
    assert_eq!(
        with_agreement(&file),
        format!(
            "{file}: clocks[resolution].pause[0]: expected the id of a status, found `waiting`: there are `new`, `in-progress` and `awaiting-customer`"
        )
    );
}

#[test]
fn paths_lead_to_the_innermost_thing_that_is_written() {
    let toml = "\
zone = 'UTC'
[calendars.'a.b']
weekly = ['x', 'y']
[calendars.a]
weekly = [
  'Mon',
]
[[levels]]
id = 'p1'
credit.bands = [{ below = '99' }, { below = '98' }]
[[levels]]
id = '2'
[[levels]]
title = 'no id'
[levels.credit]
bands = [
  { below = '99' },
  { below = '98' },
]
";
    for (path, line) in [
        ("zone", Some(1)),
        ("zone.name", Some(1)),
        ("calendars[a.b].weekly[1]", Some(3)),
        ("calendars.a.weekly[0]", Some(6)),
        ("calendars[a].weekly[7]", Some(5)),
        ("calendars[a].holidays[7].on", Some(4)),
        ("levels[p1].credit.bands[1]", Some(10)),
        ("levels[0].credit.bands[1].below", Some(10)),
        ("levels[2].credit", Some(11)), // the id is looked for first
        ("levels[1]", Some(11)),
        ("levels[02].credit.bands[1].below", Some(18)),
        ("levels[p3].credit", Some(8)),
        ("levelsp1", None),
        ("", None),
        ("…", None),
    ] {
        let found = locate::in_toml(toml, path).map(|place| place.line(toml));
        assert_eq!(found, line, "{path}");
    }
    assert_eq!(locate::in_toml("zone = ", "zone"), None);
    // An id of which the library repeats the beginning only.
    let long = "i".repeat(64);
    let toml = format!("x = 1\n[clocks.{long}]\nrules = 1\n");
    let path = format!("clocks[{}…].rules", "i".repeat(60));
    let found = locate::in_toml(&toml, &path).map(|place| place.line(&toml));
    assert_eq!(found, Some(3));
}

#[test]
fn of_a_long_line_the_part_around_the_place_is_shown() {
    let text = format!("first\n{}here{}\n", "a".repeat(200), "b".repeat(200));
    let told = locate::Place::at_byte(206).tell(&text, "file", "what");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "file:2: what");
    assert_eq!(
        lines[1],
        format!("  2 | {}here{}", "a".repeat(80), "b".repeat(16))
    );
    assert_eq!(lines[2], format!("    | {}^", " ".repeat(80)));
    // The end of a text, and a byte that it does not have.
    assert_eq!(
        locate::Place::at_byte(5).tell("äb\n", "f", "w"),
        "f:2: w\n  2 |\n    | ^"
    );
    assert_eq!(
        locate::Place::at_byte(1).tell("äb", "f", "w"),
        "f:1: w\n  1 | äb\n    | ^"
    );
}

#[test]
fn a_file_that_is_not_utf_8_says_where() {
    let scratch = Scratch::new("bytes");
    let header = "id,entity,start,end,impact\n";
    let mut latin = format!("{header}O-1,leeds,2026-01-01T00:00:00Z,,full\nO-2,l").into_bytes();
    latin.extend(b"\xe9eds,2026-01-01T00:00:00Z,,full\n");
    let file = scratch.file("latin.csv", &latin);
    assert_eq!(
        with_record(&file),
        format!("{file}:3: expected UTF-8, found the byte 0xe9 as byte 6 of the line")
    );
    let file = scratch.file("latin.toml", b"id = \"x\" # \xfc\n");
    assert_eq!(
        with_agreement(&file),
        format!("{file}:1: expected UTF-8, found the byte 0xfc as byte 12 of the line")
    );
    let file = scratch.file("wide.jsonl", b"\xff\xfe{\0}\0");
    assert_eq!(
        with_record(&file),
        format!("{file}:1: expected UTF-8, found UTF-16")
    );
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
    let file = scratch.file("many.jsonl", "no\n".repeat(102));
    let message = with_record(&file);
    assert_eq!(message.lines().count(), 101);
    assert!(
        message.ends_with(&format!("{file}:100: expected value\nand 2 more")),
        "{message}"
    );

    let text = "# a comment\n\nid,entity,start,end,impact\nO-1,leeds,2026-01-01T00:00:00Z,,full\n\n# another\n\
                O-2,leeds,2026-01-01 00:00,,full\r\nO-3,leeds\nO-4,\"le\neds\",yesterday,,\n\
                O-5,leeds,2026-01-01T00:00:00Z,,full,,\n";
    let file = scratch.file("short.csv", text);
    assert_eq!(
        with_record(&file),
        format!(
            "{file}:8: column `start`: expected 5 cells, found 2\n{file}:11: cell ``: expected 5 cells, found 7"
        )
    );
}

/// What is wrong with a row of a file with this header, without its place.
fn bad_row(header: &str, row: &str) -> String {
    let message = rows::csv(&format!("{header}\n{row}\n"), "f.csv").unwrap_err().0;
    message.strip_prefix("f.csv:2: ").unwrap_or(&message).to_string()
}

#[test]
fn a_bad_row_names_its_first_bad_cell() {
    let instant = "expected an instant from 1900 to 2200 in RFC 3339, to the nanosecond and without leap seconds, such as \
                   `2026-03-01T09:00:00Z`, found";
    let outage = "id,entity,start,end,impact";
    for (row, expected) in [
        (
            "O,leeds,soon,never,full",
            format!("column `start`: {instant} `soon`"),
        ),
        (
            "O,leeds,2026-01-01T00:00:00Z,never,full",
            format!("column `end`: {instant} `never`"),
        ),
        (
            "O,,soon,,full",
            String::from("column `entity`: expected a value, found nothing"),
        ),
        (
            "O,leeds,,,full",
            String::from("column `start`: expected a value, found nothing"),
        ),
    ] {
        assert_eq!(bad_row(outage, row), expected, "{row}");
    }
    // The order is that of the file.
    assert_eq!(
        bad_row("end,start,id,entity,impact", "never,soon,O,leeds,full"),
        format!("column `end`: {instant} `never`")
    );
    let maintenance = "notice.at,notice.start,notice.end,id,entity,start,end";
    for (row, column) in [
        (",,,M,leeds,,2026-01-01T00:00:00Z", "start"),
        (
            ",2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,M,leeds,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z",
            "notice.at",
        ),
        (
            "2026-01-01T00:00:00Z,,,M,leeds,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z",
            "notice.start",
        ),
    ] {
        let expected = format!("column `{column}`: expected a value, found nothing");
        assert_eq!(bad_row(maintenance, row), expected, "{row}");
    }
    assert_eq!(
        bad_row(
            "id,entity,watched.start,watched.end",
            "M,leeds,2026-01-01T00:00:00Z,never"
        ),
        format!("column `watched.end`: {instant} `never`")
    );
    let charge = "id,service,entity,period,amount,kind";
    assert!(
        bad_row(charge, "C,hosting,leeds,2026-13,1.00 GBP,")
            .starts_with("column `period`: expected a period")
    );
    assert!(bad_row(charge, "C,hosting,leeds,2026-01,1.00,").starts_with("column `amount`: expected "));
    assert!(
        bad_row(charge, "C,hosting,leeds,2026-01,1.00 GBP,often")
            .starts_with("column `kind`: expected `recurring`")
    );
}

#[test]
fn columns_that_belong_to_no_fact_are_refused() {
    let message = rows::csv(
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
    let message = rows::csv(
        "id,entity,start,end,impact,end\nO,leeds,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,major,2026-01-02T00:00:00Z\n",
        "outages.csv",
    )
    .unwrap_err();
    assert_eq!(message.0, "outages.csv:1: duplicate column `end`");
    let adjusted = r#""{""by"":""A"",""by"":""B"",""why"":""x"",""change"":{""excused"":{}}}""#;
    let text = format!("incident,at,event,value\nINC-1,2026-01-01T00:00:00Z,adjusted,{adjusted}\n");
    let message = rows::csv(&text, "events.csv").unwrap_err();
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
        ("INC-1,2026-01-01,opened,P1,,", "column `at`: expected an instant"),
        (
            "INC-1,2026-01-01T00:00:00Z,opened,,,",
            "column `value`: expected a value, found nothing",
        ),
        (
            "INC-1,2026-01-01T00:00:00Z,closed,,,",
            "column `event`: expected `detected` or `opened` or ",
        ),
        (
            "INC-1,2026-01-01T00:00:00Z,resolved,P1,,",
            "column `value`: expected nothing, found `P1`",
        ),
        (
            "INC-1,2026-01-01T00:00:00Z,adjusted,excused,,",
            "column `value`: expected value",
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
        let message = rows::csv(&format!("{header}{row}\n"), "events.csv")
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
        rows::csv(&text, "events.csv").unwrap_err().0,
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

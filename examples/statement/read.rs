//! Files in, terms and facts out; whatever cannot be read is refused with its file and line.
//!
//! TOML and JSON go through their serde readers. A line of CSV becomes the same JSON object that a line of JSON Lines
//! holds, so that both forms are read by the same code of the library and mean the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use sla::{Adjustment, AgreementTerms, Event, Fact, Incident};

/// Why nothing was printed: one or more lines, each naming its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// A fact, and the line it was read from: `records/outages.csv:7`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub fact: Fact,
    pub place: String,
}

/// The text of a file, without the mark that spreadsheets put first.
pub fn text(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    Ok(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text))
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// The terms in a TOML or JSON file.
pub fn terms(path: &Path) -> Result<AgreementTerms, Failure> {
    let file = path.display();
    match extension(path) {
        "toml" => {
            let text = text(path)?;
            toml::from_str(&text).map_err(|error| {
                let line = error.span().map_or(1, |span| line_of(&text, span.start));
                Failure(format!("{file}:{line}: {}", error.message().trim_end()))
            })
        }
        "json" => serde_json::from_str(&text(path)?)
            .map_err(|error| Failure(format!("{file}:{}: {}", error.line(), without_place(&error)))),
        _ => Err(Failure(format!("{file}: expected a file named .toml or .json"))),
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

/// The reader's words without its own account of the place, which is put in front.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, _)) => what.to_string(),
        None => text,
    }
}

/// The facts in a JSON Lines or CSV file. Every bad line is named, not only the first.
pub fn facts(path: &Path) -> Result<Vec<Placed>, Failure> {
    let file = path.display().to_string();
    match extension(path) {
        "jsonl" => json_lines(&text(path)?, &file),
        "csv" => csv(&text(path)?, &file),
        _ => Err(Failure(format!("{file}: expected a file named .jsonl or .csv"))),
    }
}

/// What was read, and what is wrong on which line.
#[derive(Default)]
struct Lines {
    facts: Vec<Placed>,
    wrong: Vec<String>,
}

impl Lines {
    fn add(&mut self, place: String, fact: Result<Fact, impl fmt::Display>) {
        match fact {
            Ok(fact) => self.facts.push(Placed { fact, place }),
            Err(error) => self.wrong.push(format!("{place}: {error}")),
        }
    }

    fn finish(self) -> Result<Vec<Placed>, Failure> {
        if self.wrong.is_empty() {
            Ok(self.facts)
        } else {
            Err(Failure(self.wrong.join("\n")))
        }
    }
}

/// One fact a line: `{"outage": {"id": "OUT-1", …}}`. Blank lines are passed over.
pub fn json_lines(text: &str, file: &str) -> Result<Vec<Placed>, Failure> {
    let mut lines = Lines::default();
    for (line, text) in (1..)
        .zip(text.lines())
        .filter(|(_, text)| !text.trim().is_empty())
    {
        let fact = serde_json::from_str(text).map_err(|error| without_place(&error));
        lines.add(format!("{file}:{line}"), fact);
    }
    lines.finish()
}

/// A line of CSV: the line it begins on, and its cells by column, empty ones left out.
pub struct Row {
    pub line: u64,
    pub cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell that must hold something.
    pub fn cell(&self, column: &str) -> Result<&str, String> {
        self.cells
            .get(column)
            .map(String::as_str)
            .ok_or_else(|| format!("column `{column}`: expected a value, found nothing"))
    }
}

/// The columns and rows of a CSV text whose first line names the columns. Lines that begin with `#` are comments.
pub fn csv_rows(text: &str, file: &str) -> Result<(Vec<String>, Vec<Row>), Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let wrong = |error: &csv::Error| {
        let line = error.position().map_or(1, |at| line_at(text, at));
        let what = match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!("expected {expected_len} cells, found {len}")
            }
            _ => error.to_string(),
        };
        format!("{file}:{line}: {what}")
    };
    let header = reader.headers().map_err(|error| Failure(wrong(&error)))?;
    let columns: Vec<String> = header.iter().map(String::from).collect();
    let mut seen = BTreeSet::new();
    if let Some(column) = columns.iter().find(|column| !seen.insert(*column)) {
        let message = format!("{file}:1: column `{column}` stands there twice");
        return Err(Failure(message));
    }
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let cells = columns.iter().cloned().zip(record.iter().map(String::from));
                rows.push(Row {
                    line: record.position().map_or(0, |at| line_at(text, at)),
                    cells: cells.filter(|(_, cell)| !cell.is_empty()).collect(),
                });
            }
            Err(error) => refused.push(wrong(&error)),
        }
    }
    if refused.is_empty() {
        Ok((columns, rows))
    } else {
        Err(Failure(refused.join("\n")))
    }
}

/// The line on which a record begins. The reader counts from the end of the record before, so that line ends and
/// comments in between are still to be passed.
fn line_at(text: &str, at: &csv::Position) -> u64 {
    let mut line = at.line();
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let mut rest = text.get(start..).unwrap_or_default();
    loop {
        if let Some(after) = rest.strip_prefix('\n') {
            (line, rest) = (line + 1, after);
        } else if let Some(after) = rest.strip_prefix('\r') {
            rest = after;
        } else if rest.starts_with('#') {
            rest = rest
                .find('\n')
                .and_then(|end| rest.get(end..))
                .unwrap_or_default();
        } else {
            return line;
        }
    }
}

/// The columns that tell what the rows of a file are, and the fact they make.
///
/// The kinds share no set of columns: a file of outages without `impact` is refused instead of being taken for a
/// file of monitoring, which would turn downtime into uptime.
const KINDS: [(&str, &[&str]); 4] = [
    ("outage", &["id", "entity", "start", "end", "impact"]),
    (
        "maintenance",
        &[
            "id",
            "entity",
            "start",
            "end",
            "notice.at",
            "notice.start",
            "notice.end",
        ],
    ),
    ("monitoring", &["id", "entity", "watched.start", "watched.end"]),
    ("charge", &["id", "service", "entity", "period", "amount", "kind"]),
];

/// The columns of a file of events, of which the last two may be absent.
const EVENT_COLUMNS: [&str; 6] = ["incident", "at", "event", "value", "sequence", "entity"];

/// One fact a row; in a file of events, one event a row, gathered by incident.
pub fn csv(text: &str, file: &str) -> Result<Vec<Placed>, Failure> {
    let (columns, rows) = csv_rows(text, file)?;
    let known = |names: &[&str]| columns.iter().all(|column| names.contains(&column.as_str()));
    let has = |names: &[&str]| {
        names
            .iter()
            .all(|name| columns.iter().any(|column| column == name))
    };
    if let Some((kind, _)) = KINDS.iter().find(|(_, names)| has(names) && known(names)) {
        let mut lines = Lines::default();
        for row in &rows {
            let fact = serde_json::from_value(json!({ *kind: object(row) }));
            lines.add(format!("{file}:{}", row.line), fact);
        }
        return lines.finish();
    }
    let (required, _) = EVENT_COLUMNS.split_at(4);
    if has(required) && known(&EVENT_COLUMNS) {
        return events(&rows, file);
    }
    let mut message = format!("{file}:1: expected the columns of one kind of fact, in any order, such as");
    for (_, names) in KINDS {
        message.push_str(&format!("\n    {}", names.join(",")));
    }
    message.push_str(&format!("\n    {}", EVENT_COLUMNS.join(",")));
    message.push_str(&format!("\n  found {}", columns.join(",")));
    Err(Failure(message))
}

/// The cells as the object that the fact has in JSON: `notice.at` is the field `at` of the object `notice`.
fn object(row: &Row) -> Value {
    let mut object = Map::new();
    for (column, cell) in &row.cells {
        match column.split_once('.') {
            // Monitoring names its columns apart from those of an outage; in the fact both are a start and an end.
            Some(("watched", field)) => {
                object.insert(field.to_string(), json!(cell));
            }
            Some((outer, field)) => {
                let inner = object.entry(outer.to_string()).or_insert_with(|| json!({}));
                if let Value::Object(inner) = inner {
                    inner.insert(field.to_string(), json!(cell));
                }
            }
            None => {
                object.insert(column.clone(), json!(cell));
            }
        }
    }
    Value::Object(object)
}

fn events(rows: &[Row], file: &str) -> Result<Vec<Placed>, Failure> {
    let mut incidents: BTreeMap<&str, (Incident, String)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows {
        let place = format!("{file}:{}", row.line);
        match event(row) {
            Ok((id, event)) => {
                let (incident, _) = incidents.entry(id).or_insert_with(|| {
                    let incident = Incident {
                        id: id.to_string(),
                        entity: None,
                        labels: BTreeMap::new(),
                        events: Vec::new(),
                        revision: 0,
                        recorded_at: None,
                    };
                    (incident, place.clone())
                });
                incident.events.push(event);
                match (row.cells.get("entity"), &incident.entity) {
                    (Some(entity), None) => incident.entity = Some(entity.clone()),
                    (Some(entity), Some(earlier)) if entity != earlier => wrong.push(format!(
                        "{place}: column `entity`: expected `{earlier}` as before, found `{entity}`"
                    )),
                    _ => {}
                }
            }
            Err(error) => wrong.push(format!("{place}: {error}")),
        }
    }
    if wrong.is_empty() {
        let placed = incidents.into_values().map(|(incident, place)| Placed {
            fact: Fact::Incident(incident),
            place,
        });
        Ok(placed.collect())
    } else {
        Err(Failure(wrong.join("\n")))
    }
}

/// An event. Its value is the severity, the status, or an adjustment as JSON.
fn event(row: &Row) -> Result<(&str, Event), String> {
    let (id, at, name) = (row.cell("incident")?, row.cell("at")?, row.cell("event")?);
    let value = row.cells.get("value").map(String::as_str);
    let kind = match (name, value) {
        ("opened" | "severity_changed", Some(severity)) => json!({ name: { "severity": severity } }),
        ("adjusted", Some(text)) => {
            // Not read as any JSON first: a name that stands there twice would be lost.
            let adjustment: Adjustment =
                serde_json::from_str(text).map_err(|error| format!("column `value`: {error}"))?;
            json!({ name: adjustment })
        }
        (_, Some(value)) => json!({ name: value }),
        (_, None) => json!(name),
    };
    let mut event = json!({ "at": at, "event": kind });
    if let (Some(sequence), Value::Object(event)) = (row.cells.get("sequence"), &mut event) {
        let sequence: u64 = sequence
            .parse()
            .map_err(|_| format!("column `sequence`: expected a whole number, found `{sequence}`"))?;
        event.insert("sequence".to_string(), json!(sequence));
    }
    let event = serde_json::from_value(event).map_err(|error| error.to_string())?;
    Ok((id, event))
}

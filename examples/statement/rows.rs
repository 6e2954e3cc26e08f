//! Facts as CSV: the columns of a file tell what its rows are, and what is wrong is told with its line and column.
//!
//! A row becomes the same JSON object that a line of JSON Lines holds, so that both forms are read by the same code of the
//! library and mean the same. The library then tells what is wrong with a fact, but not in which cell it stood: that is
//! found by trying each cell among right ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sla::Incident;
use sla::record::{Adjustment, Event, EventName, Fact};

use super::read::{Failure, Found, Placed, without_place};

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
            .ok_or_else(|| missing(column))
    }
}

fn missing(column: &str) -> String {
    format!("column `{column}`: expected a value, found nothing")
}

/// The columns and rows of a CSV text whose first line names the columns. Lines that begin with `#` are comments.
pub fn csv_rows(text: &str, file: &str) -> Result<(Vec<String>, Vec<Row>), Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .flexible(true) // rows are counted below, where their cells are at hand
        .from_reader(text.as_bytes());
    let wrong = |error: &csv::Error| format!("{file}: {error}");
    let header = reader.headers().map_err(|error| Failure(wrong(&error)))?.clone();
    let columns: Vec<String> = header.iter().map(String::from).collect();
    let line = |record: &csv::StringRecord| record.position().map_or(1, |at| line_at(text, at));
    let mut seen = BTreeSet::new();
    if let Some(column) = columns.iter().find(|column| !seen.insert(*column)) {
        let message = format!("{file}:{}: duplicate column `{column}`", line(&header));
        return Err(Failure(message));
    }
    let mut found = Found::default();
    for record in reader.records() {
        let record = record.map_err(|error| Failure(wrong(&error)))?;
        let line = line(&record);
        match miscounted(&columns, &record) {
            Some(what) => found.wrong(&format!("{file}:{line}"), what),
            None => {
                let cells = columns.iter().cloned().zip(record.iter().map(String::from));
                let cells = cells.filter(|(_, cell)| !cell.is_empty()).collect();
                found.right.push(Row { line, cells });
            }
        }
    }
    Ok((columns, found.finish()?))
}

/// What is wrong with a row that has not as many cells as there are columns.
fn miscounted(columns: &[String], record: &csv::StringRecord) -> Option<String> {
    let (expected, found) = (columns.len(), record.len());
    let place = match (columns.get(found), record.get(expected)) {
        (Some(column), _) => format!("column `{column}`"),
        (None, Some(cell)) => format!("cell `{cell}`"),
        (None, None) => return None,
    };
    Some(format!("{place}: expected {expected} cells, found {found}"))
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

/// A kind of fact that is one row: its columns, each with a cell that is right.
struct Kind {
    word: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const START: &str = "2026-01-01T00:00:00Z";
const END: &str = "2026-01-01T01:00:00Z";

/// The kinds share no set of columns: a file of outages without `impact` is refused instead of being taken for a file of
/// monitoring, which would turn downtime into uptime.
const KINDS: [Kind; 4] = [
    Kind {
        word: "outage",
        columns: &[
            ("id", "OUT-1"),
            ("entity", "eu"),
            ("start", START),
            ("end", END),
            ("impact", "full"),
        ],
    },
    Kind {
        word: "maintenance",
        columns: &[
            ("id", "CHG-1"),
            ("entity", "eu"),
            ("start", START),
            ("end", END),
            ("notice.at", START),
            ("notice.start", START),
            ("notice.end", END),
        ],
    },
    Kind {
        word: "monitoring",
        columns: &[
            ("id", "MON-1"),
            ("entity", "eu"),
            ("watched.start", START),
            ("watched.end", END),
        ],
    },
    Kind {
        word: "charge",
        columns: &[
            ("id", "INV-1"),
            ("service", "hosting"),
            ("entity", "eu"),
            ("period", "2026-01"),
            ("amount", "1.00 EUR"),
            ("kind", "recurring"),
        ],
    },
];

/// The columns of a file of events, of which the last two may be absent.
const EVENT_COLUMNS: [&str; 6] = ["incident", "at", "event", "value", "sequence", "entity"];

/// One fact a row; in a file of events, one event a row, gathered by incident.
pub fn csv(text: &str, file: &str) -> Result<Vec<Placed>, Failure> {
    let (columns, rows) = csv_rows(text, file)?;
    let given: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    for kind in &KINDS {
        if given == kind.columns.iter().map(|(column, _)| *column).collect() {
            return facts(kind, &columns, &rows, file);
        }
    }
    let (required, optional) = EVENT_COLUMNS.split_at(4);
    if required.iter().all(|column| given.contains(column))
        && given
            .iter()
            .all(|column| required.contains(column) || optional.contains(column))
    {
        return events(&rows, file);
    }
    let mut message = format!("{file}:1: expected the columns of one kind of fact, in any order, such as");
    for kind in &KINDS {
        let columns: Vec<&str> = kind.columns.iter().map(|(column, _)| *column).collect();
        message.push_str(&format!("\n    {}", columns.join(",")));
    }
    message.push_str(&format!("\n    {}", EVENT_COLUMNS.join(",")));
    message.push_str(&format!("\n  found {}", columns.join(",")));
    Err(Failure(message))
}

fn facts(kind: &Kind, columns: &[String], rows: &[Row], file: &str) -> Result<Vec<Placed>, Failure> {
    let mut found = Found::default();
    for row in rows {
        let place = format!("{file}:{}", row.line);
        match fact(kind, &row.cells) {
            Ok(fact) => found.right.push(Placed { fact, place }),
            Err(error) => found.wrong(&place, wrong_cell(kind, columns, row).unwrap_or(error)),
        }
    }
    found.finish()
}

/// The cells as the object that the fact has in JSON: `notice.at` is the field `at` of the object `notice`.
fn fact(kind: &Kind, cells: &BTreeMap<String, String>) -> Result<Fact, String> {
    let mut object = Map::new();
    for (column, cell) in cells {
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
    serde_json::from_value(json!({ kind.word: object })).map_err(|error| error.to_string())
}

/// The first cell, in the order of the file, for which a row is refused, and why.
fn wrong_cell(kind: &Kind, columns: &[String], row: &Row) -> Option<String> {
    let right = kind.columns.iter();
    let right: BTreeMap<String, String> = right
        .map(|(column, cell)| (column.to_string(), cell.to_string()))
        .collect();
    let refused = |column: &String| {
        let mut cells = right.clone();
        match row.cells.get(column) {
            Some(cell) => {
                cells.insert(column.clone(), cell.clone());
                fact(kind, &cells)
                    .err()
                    .map(|error| format!("column `{column}`: {error}"))
            }
            None => {
                // A notice may be absent as a whole, but not in part.
                let with = |other: &&String| group(other).is_some() && group(other) == group(column);
                for other in columns.iter().filter(with) {
                    match row.cells.get(other) {
                        Some(cell) => cells.insert(other.clone(), cell.clone()),
                        None => cells.remove(other),
                    };
                }
                cells.remove(column);
                fact(kind, &cells).err().map(|_| missing(column))
            }
        }
    };
    columns.iter().find_map(refused)
}

/// The object within the fact that a column belongs to.
fn group(column: &str) -> Option<&str> {
    let (outer, _) = column.split_once('.')?;
    (outer != "watched").then_some(outer)
}

fn events(rows: &[Row], file: &str) -> Result<Vec<Placed>, Failure> {
    let mut incidents: BTreeMap<&str, (Incident, String)> = BTreeMap::new();
    let mut found: Found<()> = Found::default();
    for row in rows {
        let place = format!("{file}:{}", row.line);
        match event(row) {
            Ok((id, event)) => {
                let (incident, _) = incidents
                    .entry(id)
                    .or_insert_with(|| (without_events(id), place.clone()));
                incident.events.push(event);
                match (row.cells.get("entity"), &incident.entity) {
                    (Some(entity), None) => incident.entity = Some(entity.clone()),
                    (Some(entity), Some(earlier)) if entity != earlier => found.wrong(
                        &place,
                        format!("column `entity`: expected `{earlier}` as before, found `{entity}`"),
                    ),
                    _ => {}
                }
            }
            Err(error) => found.wrong(&place, error),
        }
    }
    found.finish()?;
    let placed = incidents.into_values().map(|(incident, place)| Placed {
        fact: Fact::Incident(incident),
        place,
    });
    Ok(placed.collect())
}

fn without_events(id: &str) -> Incident {
    Incident {
        id: id.to_string(),
        entity: None,
        labels: BTreeMap::new(),
        events: Vec::new(),
        revision: 0,
        recorded_at: None,
    }
}

/// An event. Its value is the severity, the status, or an adjustment as JSON.
fn event(row: &Row) -> Result<(&str, Event), String> {
    let (id, at, name) = (row.cell("incident")?, row.cell("at")?, row.cell("event")?);
    let read = |event: Value| serde_json::from_value::<Event>(event).map_err(|error| error.to_string());
    read(json!({ "at": at, "event": "resolved" })).map_err(|error| format!("column `at`: {error}"))?;
    name.parse::<EventName>()
        .map_err(|error| format!("column `event`: {error}"))?;
    let kind = match name {
        "opened" | "severity_changed" => json!({ name: { "severity": row.cell("value")? } }),
        "status" => json!({ name: row.cell("value")? }),
        "adjusted" => {
            // Not read as any JSON first: a name that stands there twice would be lost.
            let adjustment: Adjustment = serde_json::from_str(row.cell("value")?)
                .map_err(|error| format!("column `value`: {}", without_place(&error)))?;
            json!({ name: adjustment })
        }
        _ => match row.cells.get("value") {
            Some(value) => return Err(format!("column `value`: expected nothing, found `{value}`")),
            None => json!(name),
        },
    };
    let mut event = json!({ "at": at, "event": kind });
    if let (Some(sequence), Value::Object(event)) = (row.cells.get("sequence"), &mut event) {
        let sequence: u64 = sequence
            .parse()
            .map_err(|_| format!("column `sequence`: expected a whole number, found `{sequence}`"))?;
        event.insert("sequence".to_string(), json!(sequence));
    }
    Ok((id, read(event)?))
}

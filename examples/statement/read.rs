//! Files in, terms and facts out; whatever cannot be read is refused with its file and line.
//!
//! TOML and JSON go through their serde readers, CSV through `rows`. Every bad line of a record is named, not only the
//! first.

use std::fmt;
use std::fs;
use std::path::Path;

use sla::agreement::AgreementTerms;
use sla::record::Fact;

use super::locate::Place;
use super::rows;

/// How many bad lines of a file are named.
const NAMED: usize = 100;

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

/// What was read, and what could not be.
pub struct Found<T> {
    pub right: Vec<T>,
    wrong: Vec<String>,
    more: usize,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            right: Vec::new(),
            wrong: Vec::new(),
            more: 0,
        }
    }
}

impl<T> Found<T> {
    pub fn wrong(&mut self, place: &str, what: impl fmt::Display) {
        if self.wrong.len() < NAMED {
            self.wrong.push(format!("{place}: {what}"));
        } else {
            self.more += 1;
        }
    }

    pub fn finish(mut self) -> Result<Vec<T>, Failure> {
        if self.wrong.is_empty() {
            return Ok(self.right);
        }
        if self.more > 0 {
            self.wrong.push(format!("and {} more", self.more));
        }
        Err(Failure(self.wrong.join("\n")))
    }
}

/// The text of a file, without the mark that spreadsheets put first.
pub fn text(path: &Path) -> Result<String, Failure> {
    let file = path.display();
    let bytes = fs::read(path).map_err(|error| Failure(format!("{file}: {error}")))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Failure(format!("{file}:1: expected UTF-8, found UTF-16")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (valid, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let before = bytes.get(..valid).unwrap_or_default();
        let ends = before.iter().filter(|byte| **byte == b'\n');
        let (line, in_line) = (
            1 + ends.count(),
            before.iter().rev().take_while(|byte| **byte != b'\n'),
        );
        let (byte, in_line) = (bytes.get(valid).copied().unwrap_or_default(), 1 + in_line.count());
        Failure(format!(
            "{file}:{line}: expected UTF-8, found the byte 0x{byte:02x} as byte {in_line} of the line"
        ))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text))
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// The terms, and the text they were read from.
pub struct Document {
    pub terms: AgreementTerms,
    pub text: String,
    pub is_toml: bool,
}

/// The terms in a TOML or JSON file. What has the wrong shape is told with the line it stands in.
pub fn terms(path: &Path) -> Result<Document, Failure> {
    let file = path.display().to_string();
    let is_toml = match extension(path) {
        "toml" => true,
        "json" => false,
        _ => return Err(Failure(format!("{file}: expected a file named .toml or .json"))),
    };
    let text = text(path)?;
    let terms = if is_toml {
        toml::from_str(&text).map_err(|error| {
            let place = Place::at_byte(error.span().map_or(0, |span| span.start));
            Failure(place.tell(&text, &file, error.message().trim_end()))
        })
    } else {
        serde_json::from_str(&text).map_err(|error| {
            let place = Place::at_column(&text, error.line(), error.column());
            Failure(place.tell(&text, &file, &without_place(&error)))
        })
    };
    Ok(Document {
        terms: terms?,
        text,
        is_toml,
    })
}

/// The reader's words without its own account of the place, which is put in front.
pub fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((what, _)) => what.to_string(),
        None => text,
    }
}

/// The facts in a JSON Lines or CSV file.
pub fn facts(path: &Path) -> Result<Vec<Placed>, Failure> {
    let file = path.display().to_string();
    match extension(path) {
        "jsonl" => json_lines(&text(path)?, &file),
        "csv" => rows::csv(&text(path)?, &file),
        _ => Err(Failure(format!("{file}: expected a file named .jsonl or .csv"))),
    }
}

/// One fact a line: `{"outage": {"id": "OUT-1", …}}`. Blank lines are passed over.
pub fn json_lines(text: &str, file: &str) -> Result<Vec<Placed>, Failure> {
    let mut found = Found::default();
    for (line, text) in (1..)
        .zip(text.lines())
        .filter(|(_, text)| !text.trim().is_empty())
    {
        let place = format!("{file}:{line}");
        match serde_json::from_str(text) {
            Ok(fact) => found.right.push(Placed { fact, place }),
            Err(error) => found.wrong(&place, without_place(&error)),
        }
    }
    found.finish()
}

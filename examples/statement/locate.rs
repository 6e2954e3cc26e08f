//! Where in a text something is: the line of a byte, and the line in a TOML document that the path of a problem leads to.
//!
//! The library knows no texts, so that its problems have a path and no line: `levels[uptime].credit.bands[0]`. A
//! reader that keeps the spans of what it read finds the line. Each part of the path is looked for among what the document
//! has at that place: fields and keys of a table by their names, elements of an array by their index or their `id`. A path
//! that leads on to something that is not written, such as a missing field, ends at what it lacks.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// How many characters of a line are shown.
const SHOWN: usize = 100;

/// The longest id that the library repeats in a path as it is. Of a longer one it repeats the beginning.
const ID_CHARS: usize = 60;

/// A place in a text: the byte at which something begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(usize);

impl Place {
    pub fn at_byte(byte: usize) -> Self {
        Self(byte)
    }

    /// The place of a line and a column, as `serde_json` counts them: from one, the column in bytes.
    pub fn at_column(text: &str, line: usize, column: usize) -> Self {
        let before = text.split_inclusive('\n').take(line.saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        Self(start + column.saturating_sub(1))
    }

    /// Its line, counted from one.
    pub fn line(self, text: &str) -> usize {
        1 + text.bytes().take(self.0).filter(|byte| *byte == b'\n').count()
    }

    /// `file:line: what`, and below it the line itself with a mark where it begins.
    pub fn tell(self, text: &str, file: &str, what: &str) -> String {
        let line = self.line(text);
        let shown = text.lines().nth(line - 1).unwrap_or_default();
        let start = text.get(..self.0).and_then(|before| before.rfind('\n'));
        let before = text
            .get(start.map_or(0, |end| end + 1)..self.0)
            .unwrap_or_default();
        // Of a long line the part around the place; a tab is shown as one space, so that the mark stands below its place.
        let column = before.chars().count().min(shown.chars().count());
        let from = (column + 20).saturating_sub(SHOWN);
        let part: String = shown.chars().skip(from).take(SHOWN).collect();
        let part = part.replace('\t', " ");
        let number = line.to_string();
        let shown = format!("  {number} | {part}");
        let mark = format!("  {} | {}^", " ".repeat(number.len()), " ".repeat(column - from));
        format!("{file}:{line}: {what}\n{}\n{mark}", shown.trim_end())
    }
}

/// Where in a TOML document a path leads to. `None` if its first part already leads nowhere.
pub fn in_toml(text: &str, path: &str) -> Option<Place> {
    let document = DeTable::parse(text).ok()?;
    let (mut found, mut value, mut rest) = in_table(document.get_ref(), path)?;
    while let Some((at, inner, further)) = step(value, rest) {
        (found, value, rest) = (at, inner, further);
    }
    Some(Place(found))
}

/// Where a part of a path leads to, what is there, and the rest of the path.
type Step<'a> = (usize, &'a DeValue<'a>, &'a str);

fn step<'a>(value: &'a DeValue<'a>, path: &'a str) -> Option<Step<'a>> {
    match value {
        DeValue::Table(table) => in_table(table, path.strip_prefix('.').unwrap_or(path)),
        DeValue::Array(array) => in_array(array, path),
        _ => None,
    }
}

/// The key that the path begins with. Of several the longest is meant: keys may hold dots and brackets themselves.
fn in_table<'a>(table: &'a DeTable<'a>, path: &'a str) -> Option<Step<'a>> {
    let named = table.iter().filter_map(|(key, value)| {
        let rest = after(path, key.get_ref())?;
        Some((key.span().start, value.get_ref(), rest))
    });
    named.min_by_key(|(_, _, rest)| rest.len())
}

fn in_array<'a>(array: &'a DeArray<'a>, path: &'a str) -> Option<Step<'a>> {
    let by_id = array.iter().find_map(|element| {
        let DeValue::Table(table) = element.get_ref() else {
            return None;
        };
        let id = table.get("id").map(Spanned::get_ref);
        let Some(DeValue::String(id)) = id else {
            return None;
        };
        let rest = after(path, id).filter(|_| path.starts_with('['))?;
        Some((element.span().start, element.get_ref(), rest))
    });
    by_id.or_else(|| {
        let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
        let element = array.get(index.parse::<usize>().ok()?)?;
        Some((element.span().start, element.get_ref(), rest))
    })
}

/// What follows a name in a path that begins with it, as a field or in brackets.
fn after<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let rest = match path.strip_prefix('[') {
        None => path.strip_prefix(name)?,
        Some(path) => match name.char_indices().nth(ID_CHARS) {
            None => path.strip_prefix(name)?.strip_prefix(']')?,
            Some((end, _)) => path.strip_prefix(name.get(..end)?)?.strip_prefix("…]")?,
        },
    };
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}

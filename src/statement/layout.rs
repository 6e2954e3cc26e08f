//! The layout of the table: columns, lines that break at words, and the width that nothing exceeds.
//!
//! This module owns how texts are laid out for people. Which texts there are is left to `table`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// No line is longer, in characters.
pub(super) const WIDTH: usize = 120;

/// What a line of a section begins with.
const INDENT: &str = "  ";

/// The space between two columns.
const GAP: &str = "  ";

/// What a note below a row begins with.
const NOTE_INDENT: &str = "      ";

/// Rows of cells below a heading. Columns are as wide as their widest cell, where the lines have
/// room for that. A column whose heading begins with `>` is flush right, as numbers are.
pub(super) struct Table {
    heading: Vec<String>,
    right: Vec<bool>,
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// Texts of any length, each on lines of its own below the row.
    notes: Vec<String>,
}

impl Table {
    pub(super) fn new(heading: &[&str]) -> Self {
        let title = |name: &&str| name.strip_prefix('>').unwrap_or(name).to_string();
        Self {
            heading: heading.iter().map(title).collect(),
            right: heading.iter().map(|name| name.starts_with('>')).collect(),
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: &[&dyn fmt::Display]) {
        self.rows.push(Row {
            cells: cells.iter().map(ToString::to_string).collect(),
            notes: Vec::new(),
        });
    }

    /// Adds a text below the last row.
    pub(super) fn note(&mut self, text: impl fmt::Display) {
        if let Some(row) = self.rows.last_mut() {
            row.notes.push(text.to_string());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        self.write_cells(f, &self.heading, &widths)?;
        for row in &self.rows {
            self.write_cells(f, &row.cells, &widths)?;
            for note in &row.notes {
                paragraph(f, NOTE_INDENT, NOTE_INDENT, note)?;
            }
        }
        Ok(())
    }

    /// As wide as the widest cell; where a line has no room for that, the widest columns give way.
    fn widths(&self) -> Vec<usize> {
        let natural = |(column, title): (usize, &String)| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            let cells = cells.map(|cell| length(cell));
            cells.fold(length(title), usize::max)
        };
        let mut widths: Vec<usize> = self.heading.iter().enumerate().map(natural).collect();
        let gaps = GAP.len().saturating_mul(widths.len().saturating_sub(1));
        let room = WIDTH.saturating_sub(INDENT.len()).saturating_sub(gaps);
        narrow(&mut widths, room);
        widths
    }

    fn write_cells(&self, f: &mut fmt::Formatter<'_>, cells: &[String], widths: &[usize]) -> fmt::Result {
        let wrapped = cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width));
        let wrapped: Vec<Vec<String>> = wrapped.collect();
        let lines = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        for line in 0..lines {
            let mut text = String::from(INDENT);
            for ((cell, width), right) in wrapped.iter().zip(widths).zip(&self.right) {
                let part = cell.get(line).map_or("", String::as_str);
                text.push_str(&match right {
                    true => format!("{part:>width$}{GAP}"),
                    false => format!("{part:width$}{GAP}"),
                });
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

/// How many characters a text has.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Takes from the widest columns until all have room together. No column disappears.
fn narrow(widths: &mut [usize], room: usize) {
    let mut sum = widths
        .iter()
        .fold(0_usize, |sum, width| sum.saturating_add(*width));
    while sum > room {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width) else {
            return;
        };
        if *widest <= 1 {
            return;
        }
        *widest = widest.saturating_sub(1);
        sum = sum.saturating_sub(1);
    }
}

/// Breaks a text into lines of at most `width` characters: at words, and within a word that is
/// longer than a line. At least one line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        let with_space = usize::from(!line.is_empty());
        if length(&line)
            .saturating_add(with_space)
            .saturating_add(length(word))
            <= width
        {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(core::mem::take(&mut line));
        }
        while let Some((end, _)) = word.char_indices().nth(width.max(1)) {
            let (head, tail) = word.split_at(end);
            lines.push(head.to_string());
            word = tail;
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Writes a text that begins with `first` and goes on with `further` on the lines below.
pub(super) fn paragraph(
    f: &mut fmt::Formatter<'_>,
    first: &str,
    further: &str,
    text: impl fmt::Display,
) -> fmt::Result {
    let width = WIDTH.saturating_sub(length(first).max(length(further)));
    let mut indent = first;
    for line in wrap(&text.to_string(), width) {
        writeln!(f, "{}", format!("{indent}{line}").trim_end())?;
        indent = further;
    }
    Ok(())
}

/// Writes a heading and a table; nothing if the table has no rows.
pub(super) fn section(f: &mut fmt::Formatter<'_>, heading: &str, table: &Table) -> fmt::Result {
    if table.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading}")?;
    table.write(f)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::fmt;

    use super::{Table, WIDTH, length, narrow, paragraph, wrap};

    struct Shown(Table);

    impl fmt::Display for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.write(f)?;
            paragraph(f, "  a ", "    ", "word ".repeat(60))
        }
    }

    #[test]
    fn texts_break_at_words_and_inside_of_long_ones_only() {
        let lines = |text, width| wrap(text, width).join("|");
        assert_eq!(lines("", 5), "");
        assert_eq!(lines("one two three", 7), "one two|three");
        assert_eq!(lines("one two three", 6), "one|two|three");
        assert_eq!(lines("a incomprehensible", 6), "a|incomp|rehens|ible");
        assert_eq!(lines("äöü ß", 3), "äöü|ß");
        assert_eq!(lines("two\nlines\u{85}", 20), "two lines");
        assert_eq!(lines("ab", 0), "a|b");
    }

    #[test]
    fn the_widest_columns_give_way() {
        let narrowed = |widths: &[usize], room| {
            let mut widths = widths.to_vec();
            narrow(&mut widths, room);
            widths
        };
        assert_eq!(narrowed(&[3, 4], 7), [3, 4]);
        assert_eq!(narrowed(&[3, 40, 30], 63), [3, 30, 30]);
        assert_eq!(narrowed(&[1, 1], 1), [1, 1]);
    }

    #[test]
    fn no_line_is_longer_than_the_width() {
        let mut table = Table::new(&["id", ">number", "what"]);
        for words in 0..40 {
            table.row(&[&"i".repeat(64), &"n".repeat(words), &"what ".repeat(words)]);
            table.note("why ".repeat(words));
        }
        let shown = format!("{}", Shown(table));
        let longest = shown.lines().map(length).max();
        assert!(
            longest.is_some_and(|longest| longest > 100 && longest <= WIDTH),
            "{shown}"
        );
        let ends: Vec<&str> = shown.lines().filter(|line| line.ends_with(' ')).collect();
        assert_eq!(ends, Vec::<&str>::new());
        assert_eq!(shown.matches(&"i".repeat(38)).count(), 40, "{shown}");
        assert!(shown.ends_with(&(String::from("word") + "\n")));
    }
}

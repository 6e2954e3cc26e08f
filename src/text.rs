//! One way in and out of text for every leaf value: `FromStr` and `Display`, and serde over them.
//!
//! This module owns the one reader of digits, the macro that gives a leaf its serde form, reading a TOML date as its
//! text, and what a name may be. A bare number is refused everywhere: readers
//! hand numbers over as `f64`, so `99.95000000000000001` would become `99.95`. That a struct is read from a table only is
//! `text::tables`' business.

pub(crate) mod tables;

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use crate::error::hidden::{is_hidden, is_plain};
use crate::limits::ID_BYTES_MAX;

/// Reads a number of plain ASCII digits: no sign, no blank, no separator. `None` also for more than `digits_max` of them.
pub(crate) fn digits(text: &str, digits_max: usize) -> Option<u64> {
    let plain =
        !text.is_empty() && text.len() <= digits_max && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Reads exactly so many digits, such as the two of an hour.
pub(crate) fn exact_digits(text: &str, length: usize) -> Option<u32> {
    let number = (text.len() == length).then(|| digits(text, length)).flatten()?;
    u32::try_from(number).ok()
}

/// Reads a number from one up, without leading zeros: there is one way to write it.
pub(crate) fn count(text: &str, digits_max: usize) -> Option<u64> {
    digits(text, digits_max).filter(|_| !text.starts_with('0'))
}

/// Reads a decimal without a sign, exactly or not at all: digits on both sides of the point, if there is one.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.ends_with(|last: char| last.is_ascii_digit());
    // `from_str` would round past 28 digits in silence.
    plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

/// Reports whether a text can be the id of a calendar, a clock or a level: letters, digits, `-` and `_`, beginning with a letter
/// or a digit. So an id needs no quotes in a document, and ends where a sentence goes on.
pub(crate) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() <= ID_BYTES_MAX
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(plain)
        && text != "24x7"
}

/// How many of the names that there are an error repeats.
const NEAREST_SHOWN: usize = 3;

/// Of how many characters of a name the distance to others is measured.
const NEAREST_CHARS: usize = 40;

/// Tells which names there are where another one was found, the nearest first.
pub(crate) fn names_there<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> String {
    let mut near: Vec<(usize, &str)> = names.map(|name| (distance(found, name), name)).collect();
    near.sort_by_key(|(distance, _)| *distance); // stable: of equally near ones the first of the document
    let shown: Vec<String> = near
        .iter()
        .take(NEAREST_SHOWN)
        .map(|(_, name)| format!("`{}`", crate::error::shown(name)))
        .collect();
    match (shown.as_slice(), near.len().checked_sub(shown.len())) {
        ([], _) => String::from("there is none"),
        ([one], _) => format!("there is {one}"),
        ([.., _], Some(more)) if more > 0 => format!("there are {} and {more} more", shown.join(", ")),
        ([first @ .., last], _) => format!("there are {} and {last}", first.join(", ")),
    }
}

/// Returns names in the order of their distance to another one.
pub(crate) fn nearest_first<'a>(found: &str, names: &[&'a str]) -> Vec<&'a str> {
    let mut near = names.to_vec();
    near.sort_by_key(|name| distance(found, name));
    near
}

/// Returns how many characters must be put in, left out or changed to make one name of the other, case apart.
///
/// Of long names the beginnings are compared: a misspelling shows there, and the cost stays bounded.
fn distance(one: &str, other: &str) -> usize {
    let letters = |name: &str| -> Vec<char> {
        name.chars()
            .take(NEAREST_CHARS)
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (one, other) = (letters(one), letters(other));
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index.wrapping_add(1); // no wrap: lengths of short lists, here and below
        for (cell, right) in row.iter_mut().skip(1).zip(&other) {
            let changed = diagonal.wrapping_add(usize::from(left != right));
            diagonal = *cell;
            before = changed.min(cell.wrapping_add(1)).min(before.wrapping_add(1));
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = index.wrapping_add(1);
        }
    }
    row.last().copied().unwrap_or(one.len())
}

/// Says what is wrong with a name: it is empty, longer than `bytes_max`, or has characters that nobody sees, with which two
/// names would look alike and a statement could show what it does not say.
pub(crate) fn name_problem(name: &str, bytes_max: usize) -> Result<(), String> {
    if name.is_empty() {
        return Err(String::from("expected a name, found nothing"));
    }
    if name.len() > bytes_max {
        return Err(format!(
            "expected at most {bytes_max} bytes, found {}",
            name.len()
        ));
    }
    match name
        .chars()
        .find(|one| is_hidden(*one))
        .filter(|_| !is_plain(name))
    {
        None => Ok(()),
        Some(hidden) => Err(format!(
            "expected a name without control, bidirectional and invisible characters, found `{}`",
            hidden.escape_unicode()
        )),
    }
}

/// Implements serde for a type through its `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::text::Text::deserialize(deserializer)?
                    .0
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

pub(crate) use from_serde::Text;

mod from_serde {
    use alloc::string::String;
    use core::fmt;

    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

    /// The key under which TOML readers hand over a bare date: a map of one entry, the date as text.
    const TOML_DATE_KEY: &str = "$__toml_private_datetime";

    /// A string, or a bare TOML date as its text. Numbers are refused.
    pub(crate) struct Text(pub(crate) String);

    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            // Readers of JSON refuse a table here; those of TOML hand over what there is, also a date.
            deserializer.deserialize_str(TextVisitor)
        }
    }

    struct TextVisitor;

    impl<'de> Visitor<'de> for TextVisitor {
        type Value = Text;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text in quotes, since exact values are written as text")
        }

        crate::text::tables::refuse_numbers!("text in quotes, since exact values are written as text");

        fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
            Ok(Text(String::from(text)))
        }

        fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
            Ok(Text(text))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
            let is_date = map.next_key::<String>()?.is_some_and(|key| key == TOML_DATE_KEY);
            let date = if is_date {
                map.next_value::<Date>()?.0
            } else {
                None
            };
            date.map(Text)
                .ok_or_else(|| A::Error::custom("expected text in quotes, found a table"))
        }
    }

    /// The text of a date that a TOML reader hands over, and nothing where a document has a table with that key. Asked for
    /// something optional, a document says that it is there; only a text that the reader made itself is just handed over.
    struct Date(Option<String>);

    impl<'de> Deserialize<'de> for Date {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_option(DateVisitor)
        }
    }

    struct DateVisitor;

    impl<'de> Visitor<'de> for DateVisitor {
        type Value = Date;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text in quotes, found a table")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
            Ok(Date(Some(String::from(text))))
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Date, D::Error> {
            serde::de::IgnoredAny::deserialize(deserializer).map(|_| Date(None))
        }

        fn visit_none<E: Error>(self) -> Result<Date, E> {
            Ok(Date(None))
        }
    }
}

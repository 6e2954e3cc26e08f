//! One way in and out of text for every leaf value: `FromStr` and `Display`, and serde over them.
//!
//! This module owns the one reader of digits, the macro that gives a leaf its serde form, and reading a TOML date as its text. A bare number is refused everywhere: readers hand numbers
//! over as `f64`, so `99.95000000000000001` would become `99.95`.

use rust_decimal::Decimal;

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
            deserializer.deserialize_any(TextVisitor)
        }
    }

    struct TextVisitor;

    impl<'de> Visitor<'de> for TextVisitor {
        type Value = Text;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text in quotes, since exact values are written as text")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
            Ok(Text(String::from(text)))
        }

        fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
            Ok(Text(text))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
            match map.next_entry::<String, String>()? {
                Some((key, text)) if key == TOML_DATE_KEY => Ok(Text(text)),
                _ => Err(A::Error::custom("expected text in quotes, found a table")),
            }
        }
    }
}

//! One way in and out of text for every leaf value: `FromStr` and `Display`, and serde over them.
//!
//! This module owns the macro that gives a leaf its serde form, and reading a TOML date as its text. A bare
//! number is refused everywhere: readers hand numbers over as `f64`, so `99.95000000000000001` would become `99.95`.

/// Implements serde for a type through its `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($name:ty) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
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

#[cfg(feature = "serde")]
pub(crate) use from_serde::Text;

#[cfg(feature = "serde")]
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

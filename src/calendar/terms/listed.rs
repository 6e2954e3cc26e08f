//! How holidays stand in a document: as tables, or as the texts of their rules alone.
//!
//! This module owns how the two are told apart, and which of them is written. What a holiday is, is left to `holidays`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::dates::DateRule;
use super::either::with_key_read;
use super::holidays::{Holiday, Observed};
use crate::text::Text;

/// A holiday as a table.
#[derive(Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields, rename = "Holiday")]
struct Table {
    on: DateRule,
    name: String,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    observed: Vec<Observed>,
}

impl Serialize for Holiday {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { on, name, observed } = self;
        if observed.is_empty() && on.to_string() == *name {
            return on.serialize(serializer);
        }
        let table = Table {
            on: on.clone(),
            name: name.clone(),
            observed: observed.clone(),
        };
        table.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Holiday {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Listed)
    }
}

/// The only key of the table as which a reader of TOML hands over a bare date.
const TOML_DATE_KEY: &str = "$__toml_private_datetime";

struct Listed;

impl<'de> Visitor<'de> for Listed {
    type Value = Holiday;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date or a rule for dates in quotes, or a table with `on` and `name`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Holiday, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Holiday, A::Error> {
        let key = map.next_key::<String>()?;
        let is_date = key.as_deref() == Some(TOML_DATE_KEY);
        let rest = with_key_read(key, map);
        if is_date {
            let Text(date) = Text::deserialize(rest)?;
            return date.parse().map_err(A::Error::custom);
        }
        let Table { on, name, observed } = Table::deserialize(rest)?;
        Ok(Holiday { on, name, observed })
    }
}

//! The adapter through which structs are read from tables only.
//!
//! Derived readers take a struct also from a list, by position: `["INC-7", …]` would be an incident. This module owns what
//! refuses that. It stands in for serde in a type's `#[serde(crate = "crate::text::tables")]`: it is all of serde, but the
//! traits through which a derived reader asks its format are those here, which refuse a list where a table is meant. It
//! also owns reading a map in which no key stands twice: serde's own keeps the last value and drops the others in silence;
//! and lists, which it refuses in plain words where something else stands.
//!
//! It wraps one level: a struct inside a struct asks for itself. So nothing is wrapped twice, and a type may hold itself.
//! Which types are read through it is left to their modules.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
pub(crate) use serde::*;

use crate::error::shown;

/// What a derived reader asks of a format.
pub(crate) trait Deserializer<'de>: serde::Deserializer<'de> {
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde::Deserializer::deserialize_struct(self, name, fields, Table(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        serde::Deserializer::deserialize_enum(self, name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        serde::Deserializer::deserialize_identifier(self, visitor)
    }
}

impl<'de, D: serde::Deserializer<'de>> Deserializer<'de> for D {}

/// All of `serde::de`, with the same change to the variants of an enum, and with errors that repeat a document's names as
/// all errors of this crate do.
pub(crate) mod de {
    pub(crate) use serde::de::*;

    use crate::error::shown;
    use crate::text::nearest_first;

    /// The terms of an agreement that are no tables: after the header of a table, TOML takes them for fields of it.
    const HEAD: [&str; 11] = [
        "provider",
        "customer",
        "currency",
        "in_force",
        "severities",
        "statuses",
        "impacts",
        "entities",
        "services",
        "caps",
        "levels",
    ];

    /// What a derived reader says is wrong.
    pub(crate) trait Error: serde::de::Error {
        fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
            let names = super::quoted(&nearest_first(field, expected));
            let hint = if HEAD.contains(&field) && !expected.contains(&field) {
                "; in TOML it stands before the first `[table]`"
            } else {
                ""
            };
            Self::custom(format!(
                "unknown field `{}`, expected {names}{hint}",
                shown(field)
            ))
        }

        fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
            let names = super::quoted(&nearest_first(variant, expected));
            Self::custom(format!("expected {names}, found `{}`", shown(variant)))
        }

        fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
            serde::de::Error::invalid_length(length, expected)
        }

        fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
            serde::de::Error::invalid_value(found, expected)
        }

        fn missing_field(field: &'static str) -> Self {
            serde::de::Error::missing_field(field)
        }

        fn duplicate_field(field: &'static str) -> Self {
            serde::de::Error::duplicate_field(field)
        }
    }

    impl<E: serde::de::Error> Error for E {}

    /// What a derived reader asks of a variant.
    pub(crate) trait VariantAccess<'de>: serde::de::VariantAccess<'de> {
        fn unit_variant(self) -> Result<(), Self::Error> {
            serde::de::VariantAccess::unit_variant(self)
        }

        fn newtype_variant<T: Deserialize<'de>>(self) -> Result<T, Self::Error> {
            serde::de::VariantAccess::newtype_variant(self)
        }

        fn struct_variant<V: Visitor<'de>>(
            self,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            serde::de::VariantAccess::struct_variant(self, fields, super::Table(visitor))
        }
    }

    impl<'de, A: serde::de::VariantAccess<'de>> VariantAccess<'de> for A {}
}

/// Names in quotes, with `or` before the last: `` `a`, `b` or `c` ``.
fn quoted(names: &[&str]) -> String {
    match names {
        [] => String::from("nothing"),
        [one] => format!("`{one}`"),
        [first @ .., last] => format!("`{}` or `{last}`", first.join("`, `")),
    }
}

/// Hands a table over and refuses whatever else stands in its place.
struct Table<V>(V);

/// Refuses numbers and truth values where something else is meant, in words.
macro_rules! refuse_numbers {
    ($expected:literal) => {
        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
            Err(E::custom(format!(
                concat!("expected ", $expected, ", found the number {}"),
                number
            )))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
            Err(E::custom(format!(
                concat!("expected ", $expected, ", found the number {}"),
                number
            )))
        }

        #[expect(
            clippy::disallowed_types,
            reason = "readers hand it over; it is refused unseen"
        )]
        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Err(E::custom(concat!(
                "expected ",
                $expected,
                ", found a number with a point"
            )))
        }

        fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
            Err(E::custom(format!(
                concat!("expected ", $expected, ", found `{}`"),
                value
            )))
        }
    };
}
pub(crate) use refuse_numbers;

/// Refuses texts, numbers and truth values where a table or a list is meant, in words.
macro_rules! refuse_scalars {
    ($expected:literal) => {
        $crate::text::tables::refuse_numbers!($expected);

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            let text = $crate::error::shown(text);
            Err(E::custom(format!(
                concat!("expected ", $expected, ", found the text `{}`"),
                text
            )))
        }
    };
}
pub(crate) use refuse_scalars;

impl<'de, V: Visitor<'de>> Visitor<'de> for Table<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }

    refuse_scalars!("a table with the names of its fields");

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<V::Value, A::Error> {
        Err(A::Error::custom(
            "expected a table with the names of its fields, found a list",
        ))
    }
}

/// Reads a map with text keys, for `#[serde(deserialize_with)]`. A key that stands there twice is refused.
pub(crate) fn distinct_keys<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    deserializer.deserialize_map(DistinctKeys(PhantomData))
}

struct DistinctKeys<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for DistinctKeys<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    refuse_scalars!("a table");

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom("expected a table, found a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate key `{}`", shown(&key))));
            }
            map.insert(key, entries.next_value()?);
        }
        Ok(map)
    }
}

/// Reads a list, for `#[serde(deserialize_with)]`. Anything else is refused in words that say what a list is.
pub(crate) fn list<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(List(PhantomData))
}

/// Reads a list that may be absent, as [`list`].
pub(crate) fn optional_list<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let list: Option<Listed<T>> = Option::deserialize(deserializer)?;
    Ok(list.map(|listed| listed.0))
}

struct Listed<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list(deserializer).map(Self)
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    refuse_scalars!("a list in square brackets");

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(A::Error::custom(
            "expected a list, in TOML with `[[` and `]]`, found a table",
        ))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element()? {
            list.push(entry);
        }
        Ok(list)
    }
}

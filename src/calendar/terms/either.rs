//! A calendar of an agreement: hours, or a composite of other calendars.
//!
//! This module owns how the two are told apart in a document. What each of them says is left to `hours` and `composite`.

use alloc::string::String;
use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::composite::Composite;
use super::hours::Hours;
use crate::error::{ProblemList, Problems, shown};
use crate::fingerprint::{Canonical, Encoder};
use crate::text::Text;
use crate::text::tables::refuse_scalars;

/// A calendar as an agreement states it.
///
/// # Example: service hours without lunch
///
/// ```
/// use sla::calendar::CalendarTerms;
///
/// let office: CalendarTerms = toml::from_str(r#"
///     zone = "Europe/Paris"
///     weekly = ["Mon-Fri 09:00-17:00"]
/// "#)?;
/// assert!(matches!(office, CalendarTerms::Hours(_)));
/// let open: CalendarTerms = toml::from_str(r#"
///     zone = "Europe/Paris"
///     difference = ["office", "lunch"]
/// "#)?;
/// assert!(matches!(open, CalendarTerms::Composite(_)));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum CalendarTerms {
    /// Service hours in one zone.
    Hours(Hours),
    /// A union, an intersection or a difference of calendars, by their ids.
    Composite(Composite),
}

impl CalendarTerms {
    /// Checks what can be checked without zone data and without other calendars.
    ///
    /// # Errors
    ///
    /// [`Problems`] as for [`Hours::check`] and [`Composite::check`].
    pub fn check(&self) -> Result<(), Problems> {
        match self {
            Self::Hours(hours) => hours.check(),
            Self::Composite(composite) => composite.check(),
        }
    }
}

impl From<Hours> for CalendarTerms {
    fn from(hours: Hours) -> Self {
        Self::Hours(hours)
    }
}

impl From<Composite> for CalendarTerms {
    fn from(composite: Composite) -> Self {
        Self::Composite(composite)
    }
}

impl Canonical for CalendarTerms {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        match self {
            Self::Hours(hours) => (to.text("hours"), hours.encode(to)).1,
            Self::Composite(composite) => (to.text("composite"), composite.encode(to)).1,
        }
    }
}

impl<'de> Deserialize<'de> for CalendarTerms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Either)
    }
}

/// The terms that only a composite has.
const COMBINATIONS: [&str; 3] = ["union", "intersection", "difference"];

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = CalendarTerms;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with the terms of a calendar")
    }

    refuse_scalars!("a table with the terms of a calendar");

    /// The first term but the zone, which both have, tells which of the two it is.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CalendarTerms, A::Error> {
        let mut zone = None;
        let key = loop {
            match map.next_key::<String>()? {
                Some(key) if key == "zone" && zone.is_none() => zone = Some(map.next_value::<Text>()?.0),
                key => break key,
            }
        };
        let is_composite = key.as_deref().is_some_and(|key| COMBINATIONS.contains(&key));
        let rest = MapAccessDeserializer::new(Peeked { zone, key, map });
        if is_composite {
            Composite::deserialize(rest).map(CalendarTerms::Composite)
        } else {
            Hours::deserialize(rest).map(CalendarTerms::Hours)
        }
    }
}

/// A table of which the zone and one key have been read.
struct Peeked<A> {
    zone: Option<String>,
    key: Option<String>,
    map: A,
}

/// A table of which one key has been read.
pub(super) fn with_key_read<'de, A: MapAccess<'de>>(
    key: Option<String>,
    map: A,
) -> impl Deserializer<'de, Error = A::Error> {
    MapAccessDeserializer::new(Peeked { zone: None, key, map })
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Peeked<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if self.zone.is_some() {
            return seed.deserialize("zone".into_deserializer()).map(Some);
        }
        match self.key.take() {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.zone.take() {
            Some(zone) => seed.deserialize(zone.into_deserializer()),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// Finds everything that contradicts itself in the calendars of an agreement, each with its id.
pub(crate) fn check_all<'a>(
    calendars: impl Iterator<Item = (&'a String, &'a CalendarTerms)>,
    problems: &mut ProblemList,
) {
    for (id, calendar) in calendars {
        if let Err(found) = calendar.check() {
            problems.extend(&format!("calendars[{}]", shown(id)), &found);
        }
    }
}

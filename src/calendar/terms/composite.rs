//! Calendars made of calendars, as an agreement states them: union, intersection and difference.
//!
//! This module owns which composites make sense. Which instants, dates and reasons one has is left to `compile`.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder, canonical_struct};
pub(crate) use crate::limits::PARTS_MAX;
use crate::zone::ZoneName;

/// Calendars taken together, by the names under which they are compiled.
///
/// Each part keeps its own zone, holidays and coverage; a composite knows what all of its parts know. Its own zone is the
/// one in which its dates are asked. A date is a **business day** of a union if it is one of any part, of an intersection
/// if it is one of all, and of a difference if it is one of the first: each by the date of its own zone; and the composite
/// must be open at some time of that date in its own.
///
/// # Example: follow the sun
///
/// ```
/// use sla::{Hours, ZoneData};
/// use sla::calendar::Composite;
///
/// let london = Hours::in_zone("Europe/London").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let sydney = Hours::in_zone("Australia/Sydney").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let follow_the_sun = Composite::union("UTC", &["london", "sydney"])
///     .compile(&ZoneData::bundled(), &[("london", &london), ("sydney", &sydney)])?;
/// assert_eq!(follow_the_sun.is_open("2026-07-01T01:00:00Z".parse().unwrap()), Ok(true)); // 11:00 in Sydney
/// assert_eq!(follow_the_sun.is_open("2026-07-01T10:00:00Z".parse().unwrap()), Ok(true)); // 11:00 in London
/// assert_eq!(follow_the_sun.is_open("2026-07-01T20:00:00Z".parse().unwrap()), Ok(false));
/// # Ok::<(), sla::error::Problems>(())
/// ```
///
/// As a document, here in TOML:
///
/// ```toml
/// zone = "UTC"
/// union = ["london", "sydney"]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Document", into = "Document")]
pub struct Composite {
    /// The zone in which dates are asked.
    pub zone: ZoneName,
    /// The parts, and how they are taken together.
    pub of: Combination,
}

/// How the parts of a composite are taken together.
///
/// # Example: two shifts, combined three ways
///
/// ```
/// use sla::{Hours, WorkingTime, ZoneData};
/// use sla::calendar::{Combination, Composite};
///
/// let early = Hours::in_zone("UTC").weekly("Mon 08:00-13:00").compile()?;
/// let late = Hours::in_zone("UTC").weekly("Mon 10:00-14:00").compile()?;
/// let (from, to) = ("2026-03-02T00:00:00Z".parse().unwrap(), "2026-03-03T00:00:00Z".parse().unwrap()); // a Monday
/// let open = |of| {
///     let composite = Composite { zone: "UTC".into(), of };
///     let compiled = composite.compile(&ZoneData::bundled(), &[("early", &early), ("late", &late)]);
///     compiled.unwrap().elapsed(from, to).unwrap()
/// };
/// let parts = vec!["early".to_string(), "late".to_string()];
/// assert_eq!(open(Combination::Union(parts.clone())), WorkingTime::hours(6)); // 08:00 to 14:00
/// assert_eq!(open(Combination::Intersection(parts.clone())), WorkingTime::hours(3)); // 10:00 to 13:00
/// assert_eq!(open(Combination::Difference(parts)), WorkingTime::hours(2)); // 08:00 to 10:00
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Combination {
    /// Open where any part is.
    Union(Vec<String>),
    /// Open where all parts are.
    Intersection(Vec<String>),
    /// Open where the first part is and none of the others.
    Difference(Vec<String>),
}

/// A composite as a document has it: with each combination as a term of its own.
#[derive(Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
struct Document {
    zone: ZoneName,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    union: Option<Vec<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    intersection: Option<Vec<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    difference: Option<Vec<String>>,
}

impl TryFrom<Document> for Composite {
    type Error = &'static str;

    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let of = match (document.union, document.intersection, document.difference) {
            (Some(parts), None, None) => Combination::Union(parts),
            (None, Some(parts), None) => Combination::Intersection(parts),
            (None, None, Some(parts)) => Combination::Difference(parts),
            _ => return Err("expected exactly one of `union`, `intersection` and `difference`"),
        };
        Ok(Self::new(document.zone, of))
    }
}

impl From<Composite> for Document {
    fn from(composite: Composite) -> Self {
        let mut document = Self {
            zone: composite.zone,
            union: None,
            intersection: None,
            difference: None,
        };
        match composite.of {
            Combination::Union(parts) => document.union = Some(parts),
            Combination::Intersection(parts) => document.intersection = Some(parts),
            Combination::Difference(parts) => document.difference = Some(parts),
        }
        document
    }
}

impl Combination {
    fn name(&self) -> &'static str {
        match self {
            Self::Union(_) => "union",
            Self::Intersection(_) => "intersection",
            Self::Difference(_) => "difference",
        }
    }

    /// Returns the ids of the parts.
    pub fn parts(&self) -> &[String] {
        match self {
            Self::Union(parts) | Self::Intersection(parts) | Self::Difference(parts) => parts,
        }
    }
}

impl Canonical for Combination {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        to.text(self.name());
        to.list(self.parts().len());
        self.parts().iter().for_each(|part| part.encode(to));
    }
}

canonical_struct!(Composite { zone, of });

impl Composite {
    /// Combines calendars: open where any part is, as in follow the sun.
    ///
    /// # Example: from Berlin to Boston
    ///
    /// ```
    /// use sla::{Hours, WorkingTime, ZoneData};
    /// use sla::calendar::Composite;
    ///
    /// let berlin = Hours::in_zone("Europe/Berlin").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let boston = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let either = Composite::union("Europe/Berlin", &["berlin", "boston"])
    ///     .compile(&ZoneData::bundled(), &[("berlin", &berlin), ("boston", &boston)])?;
    /// let (from, to) = ("2026-07-01T00:00:00Z".parse().unwrap(), "2026-07-02T00:00:00Z".parse().unwrap());
    /// assert_eq!(either.elapsed(from, to), Ok(WorkingTime::hours(14))); // 09:00 to 23:00 in Berlin
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn union(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Union(names(parts)))
    }

    /// Combines calendars: open where all parts are.
    ///
    /// # Example: the hours both offices share
    ///
    /// ```
    /// use sla::{Hours, WorkingTime, ZoneData};
    /// use sla::calendar::Composite;
    ///
    /// let berlin = Hours::in_zone("Europe/Berlin").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let boston = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let both = Composite::intersection("Europe/Berlin", &["berlin", "boston"])
    ///     .compile(&ZoneData::bundled(), &[("berlin", &berlin), ("boston", &boston)])?;
    /// let (from, to) = ("2026-07-01T00:00:00Z".parse().unwrap(), "2026-07-02T00:00:00Z".parse().unwrap());
    /// assert_eq!(both.elapsed(from, to), Ok(WorkingTime::hours(2))); // 15:00 to 17:00 in Berlin
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn intersection(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Intersection(names(parts)))
    }

    /// Combines calendars: open where the first part is and none of the others.
    ///
    /// # Example: all hours but maintenance
    ///
    /// ```
    /// use sla::{Hours, WorkingTime, ZoneData};
    /// use sla::calendar::Composite;
    ///
    /// let always = Hours::always().compile()?;
    /// let maintenance = Hours::in_zone("Europe/Paris").weekly("Sun 02:00-04:00").compile()?;
    /// let agreed = Composite::difference("Europe/Paris", &["always", "maintenance"])
    ///     .compile(&ZoneData::bundled(), &[("always", &always), ("maintenance", &maintenance)])?;
    /// let (from, to) = ("2026-07-06T00:00:00Z".parse().unwrap(), "2026-07-13T00:00:00Z".parse().unwrap());
    /// assert_eq!(agreed.elapsed(from, to), Ok(WorkingTime::hours(166)));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn difference(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Difference(names(parts)))
    }

    fn new(zone: impl Into<ZoneName>, of: Combination) -> Self {
        Self {
            zone: zone.into(),
            of,
        }
    }

    /// Checks what can be checked without the parts.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that is none, fewer than two parts or more than 100, a part twice.
    ///
    /// # Example: a part named twice
    ///
    /// ```
    /// let problems = sla::calendar::Composite::union("UTC", &["london", "london"]).check().unwrap_err();
    /// assert_eq!(problems.to_string(), "union[1]: duplicate entry `london`");
    /// ```
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(error) = self.zone.as_str().parse::<ZoneName>() {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()
    }

    /// The path of a part.
    pub(crate) fn path(&self, index: usize) -> String {
        format!("{}[{index}]", self.of.name())
    }

    pub(crate) fn find_problems(&self, problems: &mut ProblemList) {
        let found = self.of.parts().len();
        if !(2..=PARTS_MAX).contains(&found) {
            let what = format!("expected from 2 to {PARTS_MAX} parts, found {found}");
            problems.push(self.of.name(), what);
        }
        let mut seen = BTreeSet::new();
        for (index, part) in self.of.parts().iter().enumerate().take(PARTS_MAX) {
            if !seen.insert(part) {
                let what = format!("duplicate entry `{}`", crate::error::shown(part));
                problems.push(self.path(index), what);
            }
        }
    }
}

fn names(parts: &[&str]) -> Vec<String> {
    parts.iter().map(ToString::to_string).collect()
}

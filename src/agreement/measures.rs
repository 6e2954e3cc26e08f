//! Service levels, and the table of measures: every kind of level that there is.
//!
//! This module owns which measures a document may name, and that each is checked, listed and
//! measured through the one trait of measures. What a measure means is left to its own module. A
//! new one is its file and a line here.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::availability::{AvailabilityTerms, ServiceFacts};
use crate::clock::{AttainmentTerms, Tallies};
use crate::credit::CreditTerms;
use crate::error::{ProblemList, QueryError, shown};
use crate::fingerprint::{Canonical, Encoder, Fingerprint, canonical_struct};
use crate::measure::scope::Scope;
use crate::measure::{self, Measurement, Names};
use crate::number::percentage::Target;
use crate::period::PeriodKind;

impl Serialize for ServiceLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        LevelDocument::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ServiceLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut document = LevelDocument::deserialize(deserializer)?;
        let mut measures = document.measures();
        match (measures.pop(), measures.pop()) {
            (Some((_, measure)), None) => Ok(Self {
                id: document.id,
                per: document.per,
                measure,
                credit: document.credit,
            }),
            (Some((second, _)), Some((first, _))) => Err(D::Error::custom(format!(
                "expected one measure in the level `{}`, found `{first}` and `{second}`",
                shown(&document.id)
            ))),
            (None, _) => Err(D::Error::custom(format!(
                "expected one of `{}` in the level `{}`, found none",
                MEASURES.join("`, `"),
                shown(&document.id)
            ))),
        }
    }
}

/// The facts of a record, arranged for every measure.
pub(super) struct Arranged<'a> {
    pub(super) service: ServiceFacts<'a>,
    pub(super) tallies: Tallies<'a>,
}

/// A service level: what is measured, per which kind of period, and what a miss costs.
///
/// In a document, a level has exactly one of the measures `availability` and `attainment`.
///
/// # Example: monthly uptime
///
/// ```
/// use sla::agreement::{Measure, ServiceLevel};
///
/// let level: ServiceLevel = toml::from_str(
///     r#"
/// id = "uptime"
/// per = "month"
/// availability = { target = "99.9 %" }
/// credit.bands = [{ below = "99.9 %", pays = "10 %" }]
/// "#,
/// )?;
/// assert!(matches!(level.measure, Measure::Availability(_)));
/// assert!(level.credit.is_some());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLevel {
    /// The id, unique among service levels.
    pub id: String,
    /// The kind of period that the level is measured per. A statement has the levels whose kind is
    /// that of its period in every respect: a billing cycle from day 15 is not one from day 1.
    pub per: PeriodKind,
    /// What is measured, and its target.
    pub measure: Measure,
    /// The credit. Absent: the level is reported and costs nothing.
    pub credit: Option<CreditTerms>,
}

canonical_struct!(ServiceLevel {
    id,
    per,
    measure,
    credit
});

macro_rules! measures {
    ($($(#[$meta:meta])* $variant:ident($terms:ident) = $word:ident from $facts:ident;)+) => {
        /// What a service level measures.
        ///
        /// # Example: the share of tickets answered in time
        ///
        /// ```
        /// use sla::agreement::{Measure, ServiceLevel};
        ///
        /// let level: ServiceLevel = toml::from_str(
        ///     r#"
        /// id = "answered-in-time"
        /// per = "month"
        /// attainment = { clock = "response", target = "95 %" }
        /// "#,
        /// )?;
        /// assert!(matches!(level.measure, Measure::Attainment(terms) if terms.clock == "response"));
        /// # Ok::<(), toml::de::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Measure {
            $($(#[$meta])* $variant($terms),)+
        }

        /// A level as a document has it: with each measure as a term of its own.
        #[derive(Serialize, Deserialize)]
        #[serde(crate = "crate::text::tables", deny_unknown_fields)]
        struct LevelDocument {
            id: String,
            per: PeriodKind,
            $(#[serde(default, skip_serializing_if = "Option::is_none")] $word: Option<$terms>,)+
            #[serde(default, skip_serializing_if = "Option::is_none")]
            credit: Option<CreditTerms>,
        }

        impl LevelDocument {
            /// The measures that it has, each with its term.
            fn measures(&mut self) -> Vec<(&'static str, Measure)> {
                let mut found = Vec::new();
                $(if let Some(terms) = self.$word.take() {
                    found.push((stringify!($word), Measure::$variant(terms)));
                })+
                found
            }
        }

        impl From<&ServiceLevel> for LevelDocument {
            fn from(level: &ServiceLevel) -> Self {
                let mut document = Self {
                    id: level.id.clone(),
                    per: level.per,
                    $($word: None,)+
                    credit: level.credit.clone(),
                };
                match &level.measure {
                    $(Measure::$variant(terms) => document.$word = Some(terms.clone()),)+
                }
                document
            }
        }

        /// The terms by which a level can name its measure.
        const MEASURES: &[&str] = &[$(stringify!($word)),+];

        impl Canonical for Measure {
            fn encode(&self, to: &mut Encoder) {
                match self {
                    $(Self::$variant(terms) => (to.text(stringify!($word)), terms.encode(to)).1,)+
                }
            }
        }

        impl Measure {
            /// The word by which a document names it.
            pub(super) fn word(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($word),)+
                }
            }

            pub(super) fn target(&self) -> Target {
                match self {
                    $(Self::$variant(terms) => measure::Measure::target(terms),)+
                }
            }

            pub(super) fn least_coverage(&self) -> Option<Target> {
                match self {
                    $(Self::$variant(terms) => measure::Measure::least_coverage(terms),)+
                }
            }

            pub(super) fn calendar(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(terms) => measure::Measure::calendar(terms),)+
                }
            }

            pub(super) fn needs_impact(&self) -> bool {
                match self {
                    $(Self::$variant(terms) => measure::Measure::needs_impact(terms),)+
                }
            }

            pub(super) fn check(&self, names: &Names, path: &str, problems: &mut ProblemList) {
                match self {
                    $(Self::$variant(terms) => measure::Measure::check(terms, names, path, problems),)+
                }
            }

            pub(super) fn subjects<'n>(&self, names: &'n Names) -> Vec<Option<&'n str>> {
                match self {
                    $(Self::$variant(terms) => measure::Measure::subjects(terms, names),)+
                }
            }

            /// What decides its measurements, the target apart.
            pub(super) fn alike(&self) -> Fingerprint {
                match self {
                    $(Self::$variant(terms) => measure::Measure::alike(terms),)+
                }
            }

            pub(super) fn measure(
                &self,
                subject: Option<&str>,
                facts: &Arranged<'_>,
                scope: &Scope,
            ) -> Result<Measurement, QueryError> {
                match self {
                    $(Self::$variant(terms) => measure::Measure::measure(terms, subject, &facts.$facts, scope),)+
                }
            }
        }
    };
}

measures! {
    /// Uptime, of each entity by itself.
    Availability(AvailabilityTerms) = availability from service;
    /// The share of clocks that met their target.
    Attainment(AttainmentTerms) = attainment from tallies;
}

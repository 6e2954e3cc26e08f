//! The table of measures: every kind of service level that there is.
//!
//! This module owns which measures a document may name, and that each is checked, listed and measured through the one trait
//! of measures. What a measure means is left to its own module. A new one is its file and a line here.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::availability::{AvailabilityTerms, ServiceFacts};
use crate::clock::{AttainmentTerms, Tallies};
use crate::error::{ProblemList, QueryError};
use crate::fingerprint::{Canonical, Encoder, Fingerprint};
use crate::measure::scope::Scope;
use crate::measure::{self, Measurement, Names};
use crate::number::ratio::Target;

/// The facts of a record, arranged for every measure.
pub(super) struct Arranged<'a> {
    pub(super) service: ServiceFacts<'a>,
    pub(super) tallies: Tallies<'a>,
}

macro_rules! measures {
    ($($(#[$meta:meta])* $variant:ident($terms:ident) = $word:literal from $facts:ident;)+) => {
        /// What a service level measures.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(crate = "crate::text::tables")]
        #[non_exhaustive]
        pub enum Measure {
            $($(#[$meta])* #[serde(rename = $word)] $variant($terms),)+
        }

        impl Canonical for Measure {
            fn encode(&self, to: &mut Encoder) {
                match self {
                    $(Self::$variant(terms) => (to.text($word), terms.encode(to)).1,)+
                }
            }
        }

        impl Measure {
            /// The word by which a document names it.
            pub(super) fn word(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $word,)+
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
    Availability(AvailabilityTerms) = "availability" from service;
    /// The share of clocks that met their target.
    Attainment(AttainmentTerms) = "attainment" from tallies;
}

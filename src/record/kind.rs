//! The one table of the kinds of fact.
//!
//! This module owns what all kinds have in common: their words, the enum of facts and its
//! conversions, their identity and edition, the dispatch of checks and of the canonical encoding. A
//! new kind is one line of the table and a file of its own, which owns what such a fact is.

use alloc::string::ToString;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::charge::Charge;
use super::incident::{CheckedIncident, Incident};
use super::maintenance::Maintenance;
use super::monitoring::Monitoring;
use super::outage::Outage;
use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder, Fingerprint};
use crate::time::instant::Instant;

/// What each kind of fact says of itself.
pub(crate) trait OneFact {
    /// What a check makes of it.
    type Checked<'a>: Canonical
    where
        Self: 'a;

    /// Checks the fact itself, whatever an agreement says. Problems have paths below the fact.
    fn checked(&self) -> Result<Self::Checked<'_>, Problems>;
}

/// Implements [`OneFact`] for kinds whose checked form is the fact itself.
macro_rules! checked_as_they_are {
    ($($kind:ident),+) => {$(
        impl OneFact for $kind {
            type Checked<'a> = &'a Self;

            fn checked(&self) -> Result<&Self, Problems> {
                self.check().map(|()| self)
            }
        }
    )+};
}

checked_as_they_are!(Charge, Maintenance, Monitoring, Outage);

impl OneFact for Incident {
    type Checked<'a> = CheckedIncident<'a>;

    fn checked(&self) -> Result<CheckedIncident<'_>, Problems> {
        Self::checked(self)
    }
}

macro_rules! fact_kinds {
    (
        $(#[$first_meta:meta])* $first:ident = $first_word:literal in $first_plural:literal,
        $($(#[$meta:meta])* $kind:ident = $word:literal in $plural:literal,)*
    ) => {
        crate::words::words! {
            /// A kind of fact. The order is that of the paths of facts.
            ///
            /// # Example: the word in a record
            ///
            /// ```
            /// use sla::record::FactKind;
            ///
            /// assert_eq!(FactKind::Outage.to_string(), "outage");
            /// assert_eq!("incident".parse(), Ok(FactKind::Incident));
            /// ```
            #[non_exhaustive]
            pub enum FactKind {
                $(#[$first_meta])* $first = $first_word,
                $($(#[$meta])* $kind = $word,)*
            }
        }

        impl FactKind {
            /// Every kind, in order.
            ///
            /// # Example: a fact cannot be of any other kind
            ///
            /// ```
            /// use sla::record::FactKind;
            ///
            /// assert_eq!(FactKind::ALL.first(), Some(&FactKind::Charge));
            /// assert!(FactKind::ALL.is_sorted());
            /// ```
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$kind,)*];

            /// Returns the plural of the word, which begins the paths of such facts: `incidents`.
            ///
            /// # Example: the paths of outages
            ///
            /// ```
            /// use sla::record::FactKind;
            ///
            /// assert_eq!(FactKind::Outage.plural(), "outages");
            /// ```
            pub const fn plural(self) -> &'static str {
                match self {
                    Self::$first => $first_plural,
                    $(Self::$kind => $plural,)*
                }
            }
        }

        /// One fact. In JSON: `{"outage": {"id": "…", …}}`.
        ///
        /// # Example: a fact and its key
        ///
        /// ```
        /// use chrono::{TimeZone, Utc};
        /// use sla::record::{Fact, Outage};
        ///
        /// let start = Utc.with_ymd_and_hms(2026, 3, 1, 1, 0, 0).unwrap();
        /// let fact = Fact::from(Outage::new("OUT-7", "eu-cluster", start));
        /// assert_eq!(fact.key().to_string(), "outages[OUT-7]");
        /// assert_eq!(fact.revision(), 0);
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(crate = "crate::text::tables")]
        #[non_exhaustive]
        pub enum Fact {
            $(#[$first_meta])* #[serde(rename = $first_word)] $first($first),
            $($(#[$meta])* #[serde(rename = $word)] $kind($kind),)*
        }

        /// A fact that was checked, ordered and arranged once, for whoever looks at it from then
        /// on.
        #[derive(Debug, Clone)]
        pub(crate) enum CheckedFact<'a> {
            $first(<$first as OneFact>::Checked<'a>),
            $($kind(<$kind as OneFact>::Checked<'a>),)*
        }

        impl Fact {
            /// Returns the kind of the fact.
            ///
            /// # Example: an outage
            ///
            /// ```
            /// use sla::record::{Fact, FactKind, Outage};
            ///
            /// let fact = Fact::from(Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?));
            /// assert_eq!(fact.kind(), FactKind::Outage);
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn kind(&self) -> FactKind {
                match self {
                    Self::$first(_) => FactKind::$first,
                    $(Self::$kind(_) => FactKind::$kind,)*
                }
            }

            /// Returns the id of the fact, unique among facts of its kind.
            ///
            /// # Example: an outage
            ///
            /// ```
            /// use sla::record::{Fact, Outage};
            ///
            /// let fact = Fact::from(Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?));
            /// assert_eq!(fact.id(), "OUT-7");
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn id(&self) -> &str {
                match self {
                    Self::$first(fact) => &fact.id,
                    $(Self::$kind(fact) => &fact.id,)*
                }
            }

            /// Returns the revision of the fact. 0 is the first; of one key, the greatest holds.
            ///
            /// # Example: a corrected outage
            ///
            /// ```
            /// use sla::record::{Fact, Outage};
            ///
            /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?);
            /// let corrected = outage.with_revision(1, "2026-03-04T09:00:00Z".parse()?);
            /// assert_eq!(Fact::from(corrected).revision(), 1);
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn revision(&self) -> u64 {
                match self {
                    Self::$first(fact) => fact.revision,
                    $(Self::$kind(fact) => fact.revision,)*
                }
            }

            /// Returns when this revision was recorded, or `None` where the fact does not say.
            ///
            /// # Example: an outage that was entered the next morning
            ///
            /// ```
            /// use sla::record::{Fact, Outage};
            ///
            /// let entered = "2026-03-02T08:00:00Z".parse()?;
            /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?).recorded(entered);
            /// assert_eq!(Fact::from(outage).recorded_at(), Some(entered));
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            pub fn recorded_at(&self) -> Option<DateTime<Utc>> {
                match self {
                    Self::$first(fact) => fact.recorded_at,
                    $(Self::$kind(fact) => fact.recorded_at,)*
                }
            }

            fn arranged(&self) -> Result<CheckedFact<'_>, Problems> {
                match self {
                    Self::$first(fact) => OneFact::checked(fact).map(CheckedFact::$first),
                    $(Self::$kind(fact) => OneFact::checked(fact).map(CheckedFact::$kind),)*
                }
            }
        }

        impl Canonical for Fact {
            fn encode(&self, to: &mut Encoder) {
                self.encode_around(to, |to| match self {
                    Self::$first(fact) => fact.encode(to),
                    $(Self::$kind(fact) => fact.encode(to),)*
                });
            }
        }

        impl Canonical for ByChecked<'_, '_> {
            fn encode(&self, to: &mut Encoder) {
                self.fact.encode_around(to, |to| match self.checked {
                    CheckedFact::$first(fact) => fact.encode(to),
                    $(CheckedFact::$kind(fact) => fact.encode(to),)*
                });
            }
        }

        fact_kinds!(@of_one $first $($kind)*);
    };
    (@of_one $($kind:ident)+) => {$(
        impl From<$kind> for Fact {
            fn from(fact: $kind) -> Self {
                Self::$kind(fact)
            }
        }

        impl $kind {
            /// Returns the fact as a later revision. It holds instead of lower revisions from the
            /// instant on at which it was recorded.
            ///
            /// # Example: a corrected outage
            ///
            /// ```
            /// use sla::record::Outage;
            ///
            /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?);
            /// let corrected = outage
            ///     .until("2026-03-01T02:00:00Z".parse()?)
            ///     .with_revision(1, "2026-03-04T09:00:00Z".parse()?);
            /// assert_eq!(corrected.revision, 1);
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            #[must_use]
            pub fn with_revision(self, revision: u64, recorded_at: DateTime<Utc>) -> Self {
                Self {
                    revision,
                    recorded_at: Some(recorded_at),
                    ..self
                }
            }

            /// Returns the fact with the instant at which it was recorded. A statement as of an
            /// earlier instant does not know it.
            ///
            /// # Example: an outage that was entered the next morning
            ///
            /// ```
            /// use sla::record::Outage;
            ///
            /// let entered = "2026-03-02T08:00:00Z".parse()?;
            /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?).recorded(entered);
            /// assert_eq!(outage.recorded_at, Some(entered));
            /// # Ok::<(), Box<dyn std::error::Error>>(())
            /// ```
            #[must_use]
            pub fn recorded(self, at: DateTime<Utc>) -> Self {
                Self {
                    recorded_at: Some(at),
                    ..self
                }
            }
        }
    )+};
}

// In the order of their paths, which is the order in which problems are listed.
fact_kinds! {
    /// A line of an invoice.
    Charge = "charge" in "charges",
    /// An incident with all its events.
    Incident = "incident" in "incidents",
    /// Work that took an entity out of service.
    Maintenance = "maintenance" in "maintenance",
    /// A time during which an entity was watched.
    Monitoring = "monitoring" in "monitoring",
    /// A time during which an entity did not work.
    Outage = "outage" in "outages",
}

impl Fact {
    /// Checks the fact by itself, without regard to an agreement.
    ///
    /// # Example: an outage that ends before it starts
    ///
    /// ```
    /// use sla::record::{Fact, Outage};
    ///
    /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?)
    ///     .until("2026-03-01T00:00:00Z".parse()?);
    /// let problems = Fact::from(outage).check().unwrap_err();
    /// assert!(problems.to_string().starts_with("outages[OUT-7].end: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an empty id, an end before its start, an impossible order
    /// of events, a revision above 0 without the instant at which it was recorded.
    pub fn check(&self) -> Result<(), Problems> {
        let Err(found) = self.checked() else { return Ok(()) };
        let mut placed = ProblemList::default();
        placed.extend(&self.key().to_string(), &found);
        placed.finish()
    }

    /// Returns the SHA-256 of the canonical encoding of the fact.
    ///
    /// # Example: equal facts have equal fingerprints
    ///
    /// ```
    /// use sla::record::{Fact, Outage};
    ///
    /// let start = "2026-03-01T01:00:00Z".parse()?;
    /// let outage = || Outage::new("OUT-7", "eu-cluster", start);
    /// assert_eq!(Fact::from(outage()).fingerprint(), Fact::from(outage()).fingerprint());
    /// let other = outage().with_impact("major");
    /// assert_ne!(Fact::from(outage()).fingerprint(), Fact::from(other).fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// Checks, orders and arranges the fact, once. Problems have paths below the fact:
    /// `events[3].at`.
    pub(crate) fn checked(&self) -> Result<CheckedFact<'_>, Problems> {
        let edition = self.check_edition();
        match (self.arranged(), edition) {
            (Ok(checked), Ok(())) => Ok(checked),
            (Ok(_), Err(found)) | (Err(found), Ok(())) => Err(found),
            (Err(found), Err(more)) => {
                let mut problems = ProblemList::default();
                problems.extend("", &found);
                problems.extend("", &more);
                Err(problems.finish().err().unwrap_or(found))
            }
        }
    }

    /// Encodes the kind, the content, and the edition where one is said: a record that says none
    /// has the fingerprint it always had.
    fn encode_around(&self, to: &mut Encoder, content: impl FnOnce(&mut Encoder)) {
        to.text(self.kind().word());
        content(to);
        let (revision, recorded_at) = (self.revision(), self.recorded_at());
        if revision > 0 || recorded_at.is_some() {
            revision.encode(to);
            recorded_at.encode(to);
        }
    }

    fn check_edition(&self) -> Result<(), Problems> {
        match (self.recorded_at(), self.revision()) {
            (None, 0) => Ok(()),
            (None, revision) => {
                let what =
                    format!("expected the instant at which revision {revision} was recorded, found nothing");
                Err(Problems::one("recorded_at", what))
            }
            (Some(at), _) => Instant::new(at)
                .map(|_| ())
                .map_err(|error| Problems::one("recorded_at", error)),
        }
    }

    /// Returns the SHA-256 of the fact, from its checked form.
    pub(crate) fn fingerprint_of(&self, checked: &CheckedFact<'_>) -> Fingerprint {
        Fingerprint::of(&ByChecked { fact: self, checked })
    }
}

/// A fact whose encoding is made from its checked form.
struct ByChecked<'f, 'a> {
    fact: &'f Fact,
    checked: &'f CheckedFact<'a>,
}

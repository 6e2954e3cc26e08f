//! Gathering: what a statement builder holds, as plain data that serialises.
//!
//! This module owns the form in which facts wait for a statement, and which gathered parts fit
//! together. It is a function of the set of facts: neither their order nor how they were split into
//! parts can be seen in it. What each fact came to is left to `outcome`, the conclusion to
//! `conclude`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::admission;
use super::compile::Compiled;
use super::outcome::{self, Counted, Details, Outcomes};
use crate::error::shown;
use crate::fingerprint::Fingerprint;
use crate::measure::scope::Scope;
use crate::period::Period;
use crate::record::{Charge, Fact, FactKey, FactKind, Maintenance, Monitoring, Outage, Store};
use crate::statement::ZoneProvenance;

/// The form of gathered data. A part in another form is refused.
const FORMAT: u32 = 2;

/// What a [`StatementBuilder`](crate::agreement::StatementBuilder) has gathered, as plain data that
/// serialises. So several processes can gather the parts of a record, and one can merge them.
///
/// # Example: from one process to another
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::agreement::Gathered;
///
/// let as_of = "2026-05-02T09:00:00Z".parse()?;
/// let sent = serde_json::to_string(&agreement.open("2026-04".parse()?, as_of)?.gathered())?;
///
/// let mut builder = agreement.open("2026-04".parse()?, as_of)?;
/// builder.merge(serde_json::from_str::<Gathered>(&sent)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Gathered {
    pub(super) head: Head,
    pub(super) facts: Store<Kept>,
}

/// Which statement something was gathered for. Parts fit together if and only if their heads are
/// equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Head {
    format: u32,
    crate_version: String,
    agreement: Fingerprint,
    zones: Vec<ZoneProvenance>,
    period: Period,
    #[serde(with = "crate::time::instant::text")]
    as_of: DateTime<Utc>,
}

impl Head {
    fn of(agreement: &Compiled, scope: &Scope) -> Self {
        Self {
            format: FORMAT,
            crate_version: String::from(env!("CARGO_PKG_VERSION")),
            agreement: agreement.fingerprint,
            zones: agreement.zones_used.clone(),
            period: scope.period,
            as_of: scope.as_of.to_utc(),
        }
    }

    /// Finds the first thing in which another part differs.
    fn difference(&self, other: &Self) -> Option<MergeError> {
        let differs = |what, ours: &dyn fmt::Display, theirs: &dyn fmt::Display| {
            let (expected, found) = (ours.to_string(), theirs.to_string());
            (expected != found).then_some(MergeError(Misfit::Differs {
                what,
                expected,
                found,
            }))
        };
        let as_of = |head: &Self| crate::time::instant::rfc3339(head.as_of);
        let zones = |head: &Self| {
            let texts = head
                .zones
                .iter()
                .map(|zone| format!("{} {} {}", zone.name, zone.version, zone.fingerprint));
            texts.collect::<Vec<_>>().join(", ")
        };
        differs("format", &self.format, &other.format)
            .or_else(|| differs("version of the crate", &self.crate_version, &other.crate_version))
            .or_else(|| differs("agreement", &self.agreement, &other.agreement))
            .or_else(|| differs("zone data", &zones(self), &zones(other)))
            .or_else(|| differs("period", &self.period, &other.period))
            .or_else(|| differs("instant of asking", &as_of(self), &as_of(other)))
    }
}

/// The error of a gathered part that does not fit: it belongs to another statement, or it is
/// damaged.
///
/// # Example: a part as of another instant
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// let mut builder = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
/// let other = agreement.open("2026-04".parse()?, "2026-05-03T09:00:00Z".parse()?)?;
/// assert_eq!(
///     builder.merge(other).unwrap_err().to_string(),
///     "expected a part of the same instant of asking, `2026-05-02T09:00:00Z`, found `2026-05-03T09:00:00Z`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError(Misfit);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Misfit {
    Differs {
        what: &'static str,
        expected: String,
        found: String,
    },
    Damaged(FactKey),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Misfit::Differs {
                what,
                expected,
                found,
            } => write!(
                f,
                "expected a part of the same {what}, `{}`, found `{}`",
                shown(expected),
                shown(found)
            ),
            Misfit::Damaged(fact) => write!(
                f,
                "{fact}: expected data that gathering can produce, found other data"
            ),
        }
    }
}

impl core::error::Error for MergeError {}

/// What a fact came to, as far as a statement needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kept {
    /// The clocks of an incident of which nothing is listed; its events are not kept.
    Counted(Clocks),
    /// The clocks of an incident, and what a statement lists of it.
    Incident(Box<Outcomes>),
    /// A fact that is measured when all facts are there.
    Fact(Box<Fact>),
}

/// Millions of them are kept.
const _: () = assert!(size_of::<Option<Kept>>() <= 24);

/// The clocks of an incident that count. Up to three, as most agreements have, take no list of
/// their own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Box<[Counted]>")]
pub(super) enum Clocks {
    Few([Option<Counted>; 3]),
    Many(Box<[Counted]>),
}

impl From<Box<[Counted]>> for Clocks {
    fn from(counted: Box<[Counted]>) -> Self {
        let mut few = [None; 3];
        if counted.len() > few.len() {
            return Self::Many(counted);
        }
        for (place, one) in few.iter_mut().zip(counted) {
            *place = Some(one);
        }
        Self::Few(few)
    }
}

impl Clocks {
    fn iter(&self) -> impl Iterator<Item = &Counted> + Clone {
        let (few, many): (&[_], &[_]) = match self {
            Self::Few(few) => (few, &[]),
            Self::Many(many) => (&[], many),
        };
        few.iter().flatten().chain(many)
    }
}

impl Serialize for Clocks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl From<Outcomes> for Kept {
    /// One form for equal outcomes, the smaller one where there is nothing to list.
    fn from(outcomes: Outcomes) -> Self {
        if outcomes.details.is_none() {
            Self::Counted(outcomes.counted.into())
        } else {
            Self::Incident(Box::new(outcomes))
        }
    }
}

impl Kept {
    /// Returns the clocks of an incident that belong to the period.
    fn counted(&self) -> impl Iterator<Item = &Counted> {
        let (few, many): (Option<&Clocks>, &[_]) = match self {
            Self::Counted(clocks) => (Some(clocks), &[]),
            Self::Incident(outcomes) => (None, &outcomes.counted),
            Self::Fact(_) => (None, &[]),
        };
        few.into_iter().flat_map(Clocks::iter).chain(many)
    }

    /// Returns what a statement lists of an incident.
    fn details(&self) -> Option<&Details> {
        match self {
            Self::Incident(outcomes) => outcomes.details.as_deref(),
            _ => None,
        }
    }
}

impl Gathered {
    pub(super) fn new(agreement: &Compiled, scope: &Scope) -> Self {
        Self {
            head: Head::of(agreement, scope),
            facts: Store::default(),
        }
    }

    /// Returns the period of the statement.
    ///
    /// # Example: which statement a part belongs to
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// let gathered = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?.gathered();
    /// assert_eq!(gathered.period(), "2026-04".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn period(&self) -> Period {
        self.head.period
    }

    /// Returns the instant of asking of the statement.
    ///
    /// # Example: as of when a part was gathered
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// let as_of = "2026-05-02T09:00:00Z".parse()?;
    /// assert_eq!(agreement.open("2026-04".parse()?, as_of)?.gathered().as_of(), as_of);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn as_of(&self) -> DateTime<Utc> {
        self.head.as_of
    }

    /// Takes over another part.
    ///
    /// # Errors
    ///
    /// [`MergeError`] if it is a part of another statement, or damaged; nothing is taken over then.
    pub(super) fn merge(
        &mut self,
        other: Self,
        agreement: &Compiled,
        scope: &Scope,
    ) -> Result<(), MergeError> {
        if let Some(error) = self.head.difference(&other.head) {
            return Err(error);
        }
        if let Some(fact) = damaged(&other.facts, agreement, scope) {
            return Err(MergeError(Misfit::Damaged(fact)));
        }
        self.facts.merge(other.facts);
        Ok(())
    }
}

/// Gathered facts by their kinds, each in the order of ids.
pub(super) struct Sorted<'a> {
    /// Incidents are not listed a second time: there may be millions.
    all: &'a Store<Kept>,
    pub(super) outages: Vec<&'a Outage>,
    pub(super) maintenance: Vec<&'a Maintenance>,
    pub(super) monitoring: Vec<&'a Monitoring>,
    pub(super) charges: Vec<&'a Charge>,
}

impl<'a> Sorted<'a> {
    pub(super) fn of(facts: &'a Store<Kept>) -> Self {
        let mut sorted = Self {
            all: facts,
            outages: Vec::new(),
            maintenance: Vec::new(),
            monitoring: Vec::new(),
            charges: Vec::new(),
        };
        for kind in FactKind::ALL.iter().filter(|kind| **kind != FactKind::Incident) {
            for (_, kept) in facts.of_kind(*kind) {
                if let Kept::Fact(fact) = kept {
                    sorted.add(fact);
                }
            }
        }
        sorted
    }

    /// Returns the clocks of every incident that belong to the period.
    pub(super) fn counted(&self) -> impl Iterator<Item = &'a Counted> {
        let incidents = self.all.of_kind(FactKind::Incident);
        incidents.flat_map(|(_, kept)| kept.counted())
    }

    /// Returns what is listed of incidents, by their ids.
    pub(super) fn details(&self) -> impl Iterator<Item = (&'a str, &'a Details)> {
        let incidents = self.all.of_kind(FactKind::Incident);
        incidents.filter_map(|(id, kept)| Some((id, kept.details()?)))
    }

    fn add(&mut self, fact: &'a Fact) {
        match fact {
            Fact::Incident(_) => debug_assert!(false, "of incidents, outcomes are kept"),
            Fact::Outage(outage) => self.outages.push(outage),
            Fact::Maintenance(work) => self.maintenance.push(work),
            Fact::Monitoring(watch) => self.monitoring.push(watch),
            Fact::Charge(charge) => self.charges.push(charge),
        }
    }
}

/// The first fact that gathering would not have left so.
fn damaged(facts: &Store<Kept>, agreement: &Compiled, scope: &Scope) -> Option<FactKey> {
    facts
        .outcomes()
        .find_map(|(kind, id, revision, fingerprint, kept)| {
            let is_sound = match kept {
                Kept::Counted(clocks) => {
                    let is_sound = || outcome::are_sound(clocks.iter(), None, agreement, scope.as_of);
                    kind == FactKind::Incident && is_sound()
                }
                Kept::Incident(outcomes) => {
                    let details = outcomes.details.as_deref();
                    let counted = outcomes.counted.iter();
                    let is_sound = || outcome::are_sound(counted, details, agreement, scope.as_of);
                    kind == FactKind::Incident && details.is_some() && is_sound()
                }
                Kept::Fact(fact) => {
                    let is_itself = fact.kind() == kind && fact.id() == id && fact.revision() == revision;
                    let is_kept_so = kind != FactKind::Incident && fact.fingerprint() == fingerprint;
                    let is_taken = || admission::check(agreement, scope.period, fact).is_ok();
                    is_itself && is_kept_so && fact.check().is_ok() && is_taken()
                }
            };
            (!is_sound).then(|| FactKey {
                kind,
                id: String::from(id),
            })
        })
}

//! One entry for each fact of a record: what it came to, in the edition that holds.
//!
//! This module owns repetitions, contradictions, revisions, and what merging makes of them. The
//! store is a function of the **set** of facts pushed into it, whatever their order, number and
//! grouping: so any cover of a record by parts, overlapping ones included, merges to the same
//! bytes. What a fact comes to is left to the caller.

mod by_id;
#[cfg(test)]
mod laws;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::marker::PhantomData;
use core::mem;

use chrono::{DateTime, Utc};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use self::by_id::ById;
use super::key::write_key;
use super::kind::{CheckedFact, Fact, FactKind};
use crate::error::{Problem, ProblemList, Problems};
use crate::fingerprint::Fingerprint;
use crate::limits::{NAME_BYTES_MAX, PROBLEMS_MAX};
use crate::time::instant::{Instant, rfc3339};

/// What a pushed fact was to the facts before it. Returned by
/// [`StatementBuilder::push`](crate::agreement::StatementBuilder::push).
///
/// # Example: the same outage twice, and then a correction
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
/// use sla::record::{Outage, Pushed};
///
/// let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// let mut builder = agreement.open("2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
/// let outage = Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?)
///     .until("2026-04-10T02:00:00Z".parse()?);
/// let corrected = outage.clone().with_revision(1, "2026-04-12T09:00:00Z".parse()?);
/// assert_eq!(builder.push(&outage.clone().into()), Pushed::New);
/// assert_eq!(builder.push(&outage.into()), Pushed::Repeated);
/// assert_eq!(builder.push(&corrected.into()), Pushed::Supersedes { revision: 0 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pushed {
    /// The first fact with its key.
    New,
    /// A fact with the same key, revision and content was there. It counts once.
    Repeated,
    /// The fact holds instead of a lower revision.
    Supersedes {
        /// The lower revision.
        revision: u64,
    },
    /// A higher revision was there, which holds.
    SupersededBy {
        /// The higher revision.
        revision: u64,
    },
    /// A fact with the same key and revision but other content was there: the statement is refused.
    Contradicts,
    /// The fact was recorded after the instant of asking: the statement does not know it.
    NotYetRecorded,
}

/// What each fact came to, by key, in the edition that holds.
///
/// # Cost
///
/// 58 bytes and the id for a fact of revision 0 that is not wrong, beside `T`, where ids come in
/// order, and a tenth more where they do not. A push is log n in the facts of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Store<T> {
    kinds: BTreeMap<FactKind, ById<Entry<T>>>,
}

/// What is known of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
struct Entry<T> {
    /// Of the content. Where contents contradict each other, the least of theirs.
    fingerprint: Fingerprint,
    /// Absent where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rare: Option<Box<Rare>>,
}

/// What few facts have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields, default)]
struct Rare {
    revision: u64,
    #[serde(
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    recorded_at: Option<DateTime<Utc>>,
    /// When the last of the lower revisions was recorded.
    #[serde(
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    lower_recorded_at: Option<DateTime<Utc>>,
    is_contradicted: bool,
    /// How many events stand in the fact more than once.
    repeated: u64,
    /// Sorted and distinct, with paths below the fact. No more than are listed in a refusal.
    problems: Vec<Problem>,
    /// Whether there are more of them.
    more: bool,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self {
            kinds: BTreeMap::new(),
        }
    }
}

impl<T> Store<T> {
    /// Adds a fact and what `came_to` makes of it, which is asked only where the answer is not
    /// known. Problems, also those that `came_to` returns, have paths below the fact; they are
    /// listed by [`Store::find_problems`].
    ///
    /// What `came_to` returns must depend on the content of the fact alone.
    pub(crate) fn push(
        &mut self,
        fact: &Fact,
        as_of: Instant,
        came_to: impl FnOnce(CheckedFact<'_>) -> Result<T, Problems>,
    ) -> Pushed {
        if fact.recorded_at().is_some_and(|at| at > as_of.to_utc()) {
            return Pushed::NotYetRecorded;
        }
        let facts = self.kinds.entry(fact.kind()).or_default();
        let id = kept_id(fact.id());
        let Some(known) = facts.get_mut(id) else {
            facts.insert(Box::from(id), Entry::of(fact, came_to));
            return Pushed::New;
        };
        let revision = known.revision();
        match revision.cmp(&fact.revision()) {
            Ordering::Greater => {
                // When it was recorded is all that is known of it from now on.
                known.note_lower(recorded_at(fact));
                Pushed::SupersededBy { revision }
            }
            Ordering::Less => {
                known.absorb(Entry::of(fact, came_to));
                Pushed::Supersedes { revision }
            }
            Ordering::Equal => known.push_again(fact, came_to),
        }
    }

    /// Takes over what another store of the same instant knows. Associative, commutative and
    /// idempotent.
    pub(crate) fn merge(&mut self, other: Self) {
        for (kind, mut facts) in other.kinds {
            let kept = self.kinds.entry(kind).or_default();
            if kept.len() < facts.len() {
                mem::swap(kept, &mut facts);
            }
            for (id, entry) in facts.into_entries() {
                match kept.get_mut(&id) {
                    Some(known) => known.absorb(entry),
                    None => {
                        kept.insert(id, entry);
                    }
                }
            }
        }
    }

    /// Adds everything that is wrong with the facts that hold, in the order of their paths.
    pub(crate) fn find_problems(&self, problems: &mut ProblemList) {
        for (kind, facts) in &self.kinds {
            for (id, entry) in facts.iter() {
                if problems.has_more() {
                    return;
                }
                entry.find_problems(*kind, id, problems);
            }
        }
    }

    /// Returns what the facts of a kind came to, by id. Facts with problems came to nothing.
    pub(crate) fn of_kind(&self, kind: FactKind) -> impl Iterator<Item = (&str, &T)> {
        let facts = self.kinds.get(&kind).into_iter().flat_map(ById::iter);
        facts.filter_map(|(id, entry)| Some((id, entry.outcome.as_ref()?)))
    }

    /// Returns what every fact came to, by kind and id, with the revision and the fingerprint that
    /// it is kept under. Facts with problems came to nothing.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (FactKind, &str, u64, Fingerprint, &T)> {
        self.entries().filter_map(|(kind, id, entry)| {
            let outcome = entry.outcome.as_ref()?;
            Some((kind, id, entry.revision(), entry.fingerprint, outcome))
        })
    }

    /// Returns the facts in which events stand more than once, with their number, in the order of
    /// their paths.
    pub(crate) fn repeated_events(&self) -> impl Iterator<Item = (FactKind, &str, u64)> {
        self.entries()
            .filter_map(|(kind, id, entry)| Some((kind, id, entry.rare.as_deref()?.repeated)))
            .filter(|(_, _, repeated)| *repeated > 0)
    }

    /// Returns the sum of the fingerprints of the facts that hold.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.entries().fold(Fingerprint::default(), |sum, (_, _, entry)| {
            sum.plus(entry.fingerprint)
        })
    }

    /// Returns the number of facts that hold.
    pub(crate) fn len(&self) -> usize {
        self.kinds.values().map(ById::len).sum()
    }

    fn entries(&self) -> impl Iterator<Item = (FactKind, &str, &Entry<T>)> {
        self.kinds
            .iter()
            .flat_map(|(kind, facts)| facts.iter().map(|(id, entry)| (*kind, id, entry)))
    }
}

/// Returns the id by which a fact is kept: of an id that is too long, only the beginning.
fn kept_id(id: &str) -> &str {
    let past = NAME_BYTES_MAX.saturating_add(1);
    let end = (past..id.len()).find(|end| id.is_char_boundary(*end));
    end.and_then(|end| id.get(..end)).unwrap_or(id)
}

/// When it was recorded, if that is an instant.
fn recorded_at(fact: &Fact) -> Option<DateTime<Utc>> {
    fact.recorded_at().filter(|at| Instant::new(*at).is_ok())
}

impl<T> Entry<T> {
    fn of(fact: &Fact, came_to: impl FnOnce(CheckedFact<'_>) -> Result<T, Problems>) -> Self {
        let checked = fact.checked();
        let (fingerprint, repeated) = match &checked {
            Ok(checked) => (fact.fingerprint_of(checked), checked.repeated_events()),
            Err(_) => (fact.fingerprint(), 0),
        };
        let mut rare = Rare {
            revision: fact.revision(),
            recorded_at: recorded_at(fact),
            repeated,
            ..Rare::default()
        };
        let outcome = match checked.and_then(came_to) {
            Ok(outcome) => Some(outcome),
            Err(found) => {
                rare.list(found.iter().cloned());
                None
            }
        };
        Self {
            fingerprint,
            outcome,
            rare: rare.boxed(),
        }
    }

    fn revision(&self) -> u64 {
        self.rare.as_ref().map_or(0, |rare| rare.revision)
    }

    /// Changes what few facts have.
    fn change(&mut self, change: impl FnOnce(&mut Rare)) {
        let mut rare = self.rare.take().map(|rare| *rare).unwrap_or_default();
        change(&mut rare);
        if rare.is_contradicted || !rare.problems.is_empty() {
            self.outcome = None;
        }
        self.rare = rare.boxed();
    }

    fn note_lower(&mut self, recorded_at: Option<DateTime<Utc>>) {
        if recorded_at.is_some() {
            self.change(|rare| rare.lower_recorded_at = rare.lower_recorded_at.max(recorded_at));
        }
    }

    /// Adds a fact of the same key and revision.
    fn push_again(
        &mut self,
        fact: &Fact,
        came_to: impl FnOnce(CheckedFact<'_>) -> Result<T, Problems>,
    ) -> Pushed {
        if self.outcome.is_some() {
            if let Ok(checked) = fact.checked() {
                if fact.fingerprint_of(&checked) == self.fingerprint {
                    // It came to the same. Its events may stand in another order and number.
                    let repeated = checked.repeated_events();
                    if repeated > 0 {
                        self.change(|rare| rare.repeated = rare.repeated.max(repeated));
                    }
                    return Pushed::Repeated;
                }
            }
        }
        self.absorb(Entry::of(fact, came_to));
        if self.rare.as_ref().is_some_and(|rare| rare.is_contradicted) {
            Pushed::Contradicts
        } else {
            Pushed::Repeated
        }
    }

    /// Joins what two stores know of one key. Whatever a lower revision caused is withdrawn with
    /// it.
    fn absorb(&mut self, mut other: Self) {
        if self.revision() < other.revision() {
            mem::swap(self, &mut other);
        }
        let is_same = self.fingerprint == other.fingerprint;
        let (revision, lower) = (self.revision(), other.rare.map(|rare| *rare).unwrap_or_default());
        if lower.revision < revision {
            self.note_lower(lower.recorded_at.max(lower.lower_recorded_at));
            return;
        }
        self.fingerprint = self.fingerprint.min(other.fingerprint);
        if is_same && self.rare.is_none() && lower == Rare::default() {
            return;
        }
        self.change(|rare| {
            rare.is_contradicted |= lower.is_contradicted || !is_same;
            rare.recorded_at = rare.recorded_at.max(lower.recorded_at);
            rare.lower_recorded_at = rare.lower_recorded_at.max(lower.lower_recorded_at);
            rare.repeated = rare.repeated.max(lower.repeated);
            rare.more |= lower.more;
            rare.list(lower.problems.into_iter());
        });
    }

    fn find_problems(&self, kind: FactKind, id: &str, problems: &mut ProblemList) {
        let Some(rare) = self.rare.as_deref() else { return };
        let late = rare
            .lower_recorded_at
            .zip(rare.recorded_at)
            .filter(|(lower, own)| lower >= own);
        if !rare.is_contradicted && rare.problems.is_empty() && late.is_none() {
            return;
        }
        let mut key = String::new();
        // Writing to a `String` cannot fail.
        let _ = write_key(&mut key, kind, id);
        if rare.is_contradicted {
            let what = match rare.revision {
                0 => String::from("two facts have this id and different content"),
                revision => format!("two facts have this id and revision {revision} and different content"),
            };
            problems.push(key.as_str(), what);
        }
        if let Some((lower, own)) = late {
            let what = format!(
                "expected revision {} to be recorded after {}, when a lower revision was, found {}",
                rare.revision,
                rfc3339(lower),
                rfc3339(own)
            );
            problems.push(format!("{key}.recorded_at"), what);
        }
        problems.extend_all(&key, &rare.problems);
        if rare.more {
            problems.and_more();
        }
    }
}

impl Rare {
    /// Adds problems, each once and in order, no more than a refusal lists.
    fn list(&mut self, problems: impl Iterator<Item = Problem>) {
        for problem in problems {
            if problem.is_more() {
                self.more = true;
            } else {
                self.problems.push(problem);
            }
        }
        self.problems.sort();
        self.problems.dedup();
        if self.problems.len() > PROBLEMS_MAX {
            self.problems.truncate(PROBLEMS_MAX);
            self.more = true;
        }
    }

    /// Nothing, where it says nothing: so equal entries have one form.
    fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

impl CheckedFact<'_> {
    fn repeated_events(&self) -> u64 {
        match self {
            CheckedFact::Incident(incident) => u64::try_from(incident.repeated()).unwrap_or(u64::MAX),
            _ => 0,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Store<T> {
    /// Reads what was written, and refuses what no pushing and merging could have made.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Ascending(mut kinds) =
            Ascending::<BTreeMap<FactKind, Ascending<ById<Entry<T>>>>>::deserialize(deserializer)?;
        for (kind, facts) in &kinds {
            for (id, entry) in facts.0.iter() {
                if let Err(what) = entry.check_read(id) {
                    let mut key = String::new();
                    let _ = write_key(&mut key, *kind, kept_id(id));
                    return Err(D::Error::custom(format_args!("{key}: {what}")));
                }
            }
        }
        kinds.retain(|_, facts| facts.0.len() > 0);
        let kinds = kinds.into_iter().map(|(kind, facts)| (kind, facts.0));
        Ok(Self {
            kinds: kinds.collect(),
        })
    }
}

impl<T> Entry<T> {
    fn check_read(&self, id: &str) -> Result<(), &'static str> {
        let nothing = Rare::default();
        let rare = self.rare.as_deref().unwrap_or(&nothing);
        if kept_id(id) != id {
            return Err("expected a shorter id");
        }
        if self.rare.as_deref() == Some(&nothing) {
            return Err("expected nothing where there is nothing to say");
        }
        if self.outcome.is_some() == (rare.is_contradicted || !rare.problems.is_empty()) {
            return Err("expected an outcome or problems");
        }
        let is_in_order = rare.problems.is_sorted_by(|left, right| left < right);
        if !is_in_order || rare.problems.len() > PROBLEMS_MAX {
            return Err("expected distinct problems in order");
        }
        Ok(())
    }
}

/// A map that is read from a table whose keys stand in order, each once.
struct Ascending<M>(M);

/// A map as it is read.
trait Growing: Default {
    type Key: Ord;
    type Value;

    /// Reports whether a key lies after all that there are.
    fn is_next(&self, key: &Self::Key) -> bool;

    fn add(&mut self, key: Self::Key, value: Self::Value);
}

impl<K: Ord, V> Growing for BTreeMap<K, V> {
    type Key = K;
    type Value = V;

    fn is_next(&self, key: &K) -> bool {
        self.last_key_value().is_none_or(|(last, _)| last < key)
    }

    fn add(&mut self, key: K, value: V) {
        self.insert(key, value);
    }
}

impl<V> Growing for ById<V> {
    type Key = Box<str>;
    type Value = V;

    fn is_next(&self, key: &Box<str>) -> bool {
        self.last_id().is_none_or(|last| last < &**key)
    }

    fn add(&mut self, key: Box<str>, value: V) {
        self.insert(key, value);
    }
}

impl<'de, M: Growing> Deserialize<'de> for Ascending<M>
where
    M::Key: Deserialize<'de>,
    M::Value: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

struct InOrder<M>(PhantomData<M>);

impl<'de, M: Growing> Visitor<'de> for InOrder<M>
where
    M::Key: Deserialize<'de>,
    M::Value: Deserialize<'de>,
{
    type Value = Ascending<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table whose keys stand in order")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = M::default();
        while let Some(key) = entries.next_key()? {
            if !map.is_next(&key) {
                return Err(A::Error::custom("expected keys in order, each once"));
            }
            map.add(key, entries.next_value()?);
        }
        Ok(Ascending(map))
    }
}

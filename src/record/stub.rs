//! Temporary stand-in owns nothing.
#![allow(missing_docs, reason = "temporary")]
use super::*;
use crate::error::Problems;
use crate::record::incident::History;
use crate::time::instant::Instant;
use alloc::collections::BTreeMap;
use alloc::string::String;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct FactKey {
    pub kind: u8,
    pub id: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    New,
    Repeated,
    Contradiction,
}
pub(crate) struct CheckedFact<'a>(&'a Fact);
impl<'a> CheckedFact<'a> {
    pub(crate) fn fact(&self) -> &'a Fact {
        self.0
    }
    pub(crate) fn history(&self, as_of: Instant) -> Result<History<'a>, Problems> {
        match self.0 {
            Fact::Incident(i) => i.history_at(as_of),
            _ => Err(Problems::one("x", "y")),
        }
    }
}
impl Fact {
    pub(crate) fn key(&self) -> String {
        self.path()
    }
    pub(crate) fn checked(&self) -> Result<CheckedFact<'_>, Problems> {
        self.check()?;
        Ok(CheckedFact(self))
    }
}
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Store<T> {
    kept: BTreeMap<String, (String, Fingerprint, T)>,
    problems: alloc::collections::BTreeSet<(String, String)>,
}
impl<T> Store<T> {
    pub(crate) fn new(_: Instant) -> Self {
        Self {
            kept: BTreeMap::new(),
            problems: Default::default(),
        }
    }
    pub(crate) fn push<'a>(
        &mut self,
        fact: &'a Fact,
        checked: Result<CheckedFact<'a>, Problems>,
        take: impl FnOnce(&CheckedFact<'a>) -> Result<T, Problems>,
    ) -> Pushed {
        match checked.and_then(|c| take(&c)) {
            Err(found) => {
                for p in &found {
                    self.problems.insert((p.path().into(), p.what().into()));
                }
                Pushed::New
            }
            Ok(t) => self.add(fact.path(), fact.id().into(), fact.fingerprint(), t),
        }
    }
    fn add(&mut self, path: String, id: String, fp: Fingerprint, t: T) -> Pushed {
        match self.kept.get(&path) {
            None => {
                self.kept.insert(path, (id, fp, t));
                Pushed::New
            }
            Some((_, f, _)) if *f == fp => Pushed::Repeated,
            Some(_) => {
                self.problems
                    .insert((path, "two facts have this id and different content".into()));
                Pushed::Contradiction
            }
        }
    }
    pub(crate) fn merge(&mut self, other: Self) {
        for (path, (id, fp, t)) in other.kept {
            self.add(path, id, fp, t);
        }
        self.problems.extend(other.problems);
    }
    pub(crate) fn check(&self) -> Result<(), Problems> {
        let mut l = ProblemList::default();
        for (p, w) in &self.problems {
            l.push(p.clone(), w);
        }
        l.finish()
    }
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.kept.values().map(|(id, _, t)| (id.as_str(), t))
    }
    pub(crate) fn fingerprints(&self) -> impl Iterator<Item = Fingerprint> {
        self.kept.values().map(|(_, f, _)| *f)
    }
}
macro_rules! from { ($($k:ident)+) => { $(impl From<$k> for Fact { fn from(x: $k) -> Self { Self::$k(x) } })+ } }
from!(Incident Outage Maintenance Monitoring Charge);

//! Laws of the store: it is a function of the set of facts.
//!
//! This module owns the tests that any order, cover and grouping of the same facts leaves the same
//! store.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may panic and compute freely; a wrong number fails the test that has it"
)]

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;

use super::{Pushed, Store};
use crate::error::{ProblemList, Problems};
use crate::record::{CheckedFact, EventKind, Fact, FactKind, Incident, Monitoring, Outage};
use crate::time::instant::Instant;

fn at(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap()
}

fn as_of() -> Instant {
    Instant::new(at(18)).unwrap()
}

/// What a fact comes to here: when it starts. Entities called `undeclared` come to a problem.
fn came_to(checked: CheckedFact<'_>) -> Result<String, Problems> {
    let (entity, start) = match checked {
        CheckedFact::Incident(incident) => {
            for (index, event) in incident.incident().events.iter().enumerate() {
                if event.kind == EventKind::Status(String::from("undeclared")) {
                    return Err(Problems::one(format!("events[{index}]"), "not declared"));
                }
            }
            let history = incident.history(as_of())?;
            return Ok(format!("{} {}", history.opened(), history.entries().len()));
        }
        CheckedFact::Outage(outage) => (&outage.entity, outage.start),
        CheckedFact::Monitoring(watch) => (&watch.entity, watch.start),
        _ => return Ok(String::new()),
    };
    if entity == "undeclared" {
        return Err(Problems::one("entity", "not declared"));
    }
    Ok(start.to_string())
}

fn push(store: &mut Store<String>, fact: &Fact) -> Pushed {
    store.push(fact, as_of(), came_to)
}

fn store_of<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Store<String> {
    let mut store = Store::default();
    for fact in facts {
        push(&mut store, fact);
    }
    store
}

fn problems(store: &Store<String>) -> Vec<String> {
    let mut problems = ProblemList::default();
    store.find_problems(&mut problems);
    let found = problems.finish().err();
    found.iter().flatten().map(ToString::to_string).collect()
}

fn outage(id: &str) -> Outage {
    Outage::new(id, "eu", at(9))
}

/// Millions of them are kept.
#[test]
fn an_entry_is_small() {
    use alloc::boxed::Box;
    use core::mem::size_of;
    let outcome = size_of::<Option<Box<u8>>>();
    assert_eq!(
        size_of::<Box<str>>() + size_of::<super::Entry<Box<u8>>>() - outcome,
        16 + 32 + 8
    );
}

#[test]
fn a_push_tells_what_the_fact_was() {
    let mut store = Store::default();
    let later = outage("A").with_revision(2, at(10));
    let pushes = [
        (Fact::from(outage("A")), Pushed::New),
        (outage("A").into(), Pushed::Repeated),
        (Monitoring::new("A", "eu", at(9)).into(), Pushed::New),
        (later.clone().into(), Pushed::Supersedes { revision: 0 }),
        (later.clone().into(), Pushed::Repeated),
        (outage("A").into(), Pushed::SupersededBy { revision: 2 }),
        (
            outage("A").with_revision(3, at(19)).into(),
            Pushed::NotYetRecorded,
        ),
        (later.until(at(11)).into(), Pushed::Contradicts),
        (
            outage("A").with_revision(3, at(17)).into(),
            Pushed::Supersedes { revision: 2 },
        ),
    ];
    for (fact, expected) in pushes {
        assert_eq!(push(&mut store, &fact), expected, "{fact:?}");
    }
    // The contradiction is withdrawn with the revision that had it.
    assert_eq!(problems(&store), [""; 0]);
    assert_eq!(store.len(), 2);
    assert_eq!(store.of_kind(FactKind::Outage).count(), 1);
}

#[test]
fn contradictions_and_late_revisions_are_problems() {
    let rows: [(&[Fact], &[&str]); 5] = [
        (
            &[outage("A").into(), outage("A").until(at(10)).into()],
            &["outages[A]: two facts have this id and different content"],
        ),
        (
            &[
                outage("A").with_revision(1, at(10)).into(),
                outage("A").with_revision(1, at(11)).into(),
            ],
            &["outages[A]: two facts have this id and revision 1 and different content"],
        ),
        (
            &[
                outage("A").with_revision(1, at(12)).into(),
                outage("A").recorded(at(12)).into(),
                outage("A").with_revision(3, at(12)).into(),
            ],
            &[
                "outages[A].recorded_at: expected revision 3 to be recorded after 2026-03-02T12:00:00Z, when a lower \
                 revision was, found 2026-03-02T12:00:00Z",
            ],
        ),
        // A wrong one that is corrected is forgotten, one that nobody knows yet is nothing.
        (
            &[
                Outage::new("A", "undeclared", at(9)).into(),
                outage("A").with_revision(1, at(10)).into(),
                Outage::new("B", "", at(9)).recorded(at(19)).into(),
            ],
            &[],
        ),
        (
            &[
                outage("A").with_revision(1, at(10)).into(),
                Outage::new("A", "", at(9)).with_revision(2, at(11)).into(),
            ],
            &["outages[A].entity: expected a name, found nothing"],
        ),
    ];
    for (facts, expected) in rows {
        assert_eq!(problems(&store_of(facts)), expected);
        assert_eq!(problems(&store_of(facts.iter().rev())), expected);
    }
}

#[test]
fn only_what_pushing_makes_is_read_back() {
    let long = "x".repeat(600);
    let facts = [
        outage("A").into(),
        outage("B").into(),
        outage(&long).with_revision(1, at(10)).into(),
    ];
    let store = store_of(&facts);
    let text = serde_json::to_string(&store).unwrap();
    assert_eq!(serde_json::from_str::<Store<String>>(&text).unwrap(), store);
    let print = crate::fingerprint::Fingerprint::default();
    for (forged, what) in [
        (
            format!(r#"{{"outage": {{"B": {{"fingerprint": "{print}", "outcome": ""}}, "A": {{}}}}}}"#),
            "expected keys in order, each once",
        ),
        (
            format!(r#"{{"outage": {{"{long}": {{"fingerprint": "{print}", "outcome": ""}}}}}}"#),
            "expected a shorter id",
        ),
        (
            format!(r#"{{"outage": {{"B": {{"fingerprint": "{print}"}}}}}}"#),
            "outages[B]: expected an outcome or problems",
        ),
        (
            format!(r#"{{"outage": {{"B": ["{print}", ""]}}}}"#),
            "expected a table",
        ),
        (
            format!(r#"{{"outage": {{"B": {{"fingerprint": "{print}", "outcome": "", "rare": {{}}}}}}}}"#),
            "expected nothing where there is nothing to say",
        ),
    ] {
        let error = serde_json::from_str::<Store<String>>(&forged)
            .unwrap_err()
            .to_string();
        assert!(error.contains(what), "{error}");
    }
}

/// Ids of up to the limit that begin alike, and one past it.
fn id() -> impl Strategy<Value = String> {
    let long = "x".repeat(499);
    prop_oneof![
        Just(String::from("A")),
        Just(String::from("B")),
        Just(format!("{long}1")),
        Just(format!("{long}2")),
        Just(format!("{long}12")),
        Just(String::from("a\u{202e}b")),
    ]
}

/// Few ids, revisions and contents, so that facts meet.
fn fact() -> impl Strategy<Value = Fact> {
    let edition = (0_u64..3, proptest::option::of(9_u32..20));
    let entity = prop_oneof![3 => Just("eu"), 1 => Just("undeclared"), 1 => Just("")];
    let outage = (id(), entity, edition.clone(), 9_u32..11).prop_map(|(id, entity, edition, start)| {
        let mut outage = Outage::new(&id, entity, at(start));
        (outage.revision, outage.recorded_at) = (edition.0, edition.1.map(at));
        Fact::from(outage)
    });
    let statuses = proptest::collection::vec(
        prop_oneof![3 => Just("waiting"), 1 => Just("undeclared"), 1 => Just("")],
        0..4,
    );
    let incident = (id(), statuses, edition).prop_map(|(id, statuses, edition)| {
        let mut incident = Incident::opened(&id, "P1", at(9));
        for (hour, status) in statuses.into_iter().enumerate() {
            let hour = 12 + u32::try_from(hour % 2).unwrap();
            incident = incident.with(at(hour), EventKind::Status(status.into()));
        }
        (incident.revision, incident.recorded_at) = (edition.0, edition.1.map(at));
        Fact::from(incident)
    });
    prop_oneof![outage, incident]
}

/// Facts, some of them twice, the events of some in another order.
fn facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec((fact(), any::<bool>(), any::<bool>()), 0..24).prop_map(|drawn| {
        let mut facts = Vec::new();
        for (fact, twice, turned) in drawn {
            let mut again = fact.clone();
            if let (Fact::Incident(incident), true) = (&mut again, turned) {
                incident.events.reverse();
                incident.events.extend(incident.events.last().cloned());
            }
            facts.push(fact);
            if twice {
                facts.push(again);
            }
        }
        facts
    })
}

fn written(store: &Store<String>) -> Store<String> {
    let read: Store<String> = serde_json::from_str(&serde_json::to_string(store).unwrap()).unwrap();
    assert_eq!(read, *store);
    read
}

proptest! {
    /// Any order, any cover by parts, overlapping ones included, merged in any grouping, written
    /// and read in between: the same store and the same bytes.
    #[test]
    fn any_cover_merged_in_any_grouping_is_the_whole(
        facts in facts(),
        cover in proptest::collection::vec(proptest::collection::vec(any::<prop::sample::Index>(), 0..24), 0..5),
        shuffle in any::<u64>(),
        merges in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 8),
    ) {
        let whole = store_of(&facts);
        let mut parts: Vec<Store<String>> = cover
            .iter()
            .filter(|_| !facts.is_empty())
            .map(|part| store_of(part.iter().map(|index| index.get(&facts))))
            .collect();
        // What no part has yet, in another order.
        let mut rest: Vec<&Fact> = facts.iter().collect();
        rest.rotate_left(usize::try_from(shuffle).unwrap_or_default() % facts.len().max(1));
        parts.push(store_of(rest.into_iter().rev()));
        let mut merges = merges.iter();
        while parts.len() > 1 {
            let (into, from) = merges.next().unwrap();
            let from = parts.remove(from.index(parts.len()));
            let into = into.index(parts.len());
            let mut merged = written(&parts[into]);
            merged.merge(from);
            parts[into] = merged;
        }
        let merged = written(&parts[0]);
        prop_assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
        prop_assert_eq!(problems(&merged), problems(&whole));
        prop_assert_eq!(&merged, &whole);
    }

    /// What was recorded later changes nothing, and neither does what a later revision withdrew,
    /// but for when it was recorded.
    #[test]
    fn what_is_not_known_or_withdrawn_leaves_nothing(facts in facts()) {
        let known: Vec<Fact> = facts
            .iter()
            .filter(|fact| fact.recorded_at().is_none_or(|at| at <= as_of().to_utc()))
            .cloned()
            .collect();
        prop_assert_eq!(store_of(&known), store_of(&facts));
        let greatest = |fact: &Fact| {
            let same = known.iter().filter(|one| one.key() == fact.key());
            same.map(Fact::revision).max() == Some(fact.revision())
        };
        let holding: Vec<&Fact> = known.iter().filter(|fact| greatest(fact)).collect();
        let (all, held) = (store_of(&known), store_of(holding.iter().copied()));
        prop_assert_eq!(all.fingerprint(), held.fingerprint());
        prop_assert_eq!(all.len(), held.len());
        let late = |problem: &String| problem.contains("to be recorded after");
        let kept = |store: &Store<String>| -> Vec<String> {
            problems(store).into_iter().filter(|problem| !late(problem)).collect()
        };
        prop_assert_eq!(kept(&all), kept(&held));
        let keys: BTreeSet<String> = known.iter().map(|fact| fact.key().to_string()).collect();
        prop_assert!(all.len() <= keys.len() + 1, "ids past the limit may share an entry");
    }

    /// A store merged with itself is itself.
    #[test]
    fn merging_is_idempotent(facts in facts()) {
        let store = store_of(&facts);
        let mut twice = store.clone();
        twice.merge(store.clone());
        prop_assert_eq!(twice, store);
    }
}

//! Values by id, in order, with little room left beside them.
//!
//! This module owns the map that millions of facts wait in. A B-tree of the standard library is
//! half empty where ids come in order, which is how most records are written; this one keeps its
//! entries in leaves that grow by a few places at a time. What a value is, is left to the store.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Bound;

use serde::{Serialize, Serializer};

/// How many entries a leaf has at most: few enough to move on every insertion, enough that its own
/// cost is small.
const LEAF_MAX: usize = 64;

/// By how many places a leaf grows.
const STEP: usize = 8;

/// A map from ids to values.
///
/// # Cost
///
/// Finding and inserting is log n. Beside the entries it keeps two bytes for each of them where ids
/// come in order, and room for about one more entry in ten otherwise.
#[derive(Debug, Clone)]
pub(super) struct ById<V> {
    /// Leaves by an id that none of their own lies before, in order; the first is found by every id
    /// that is before all others. No leaf is empty.
    leaves: BTreeMap<Box<str>, Leaf<V>>,
}

/// Entries in the order of their ids.
type Leaf<V> = Vec<(Box<str>, V)>;

impl<V> Default for ById<V> {
    fn default() -> Self {
        Self {
            leaves: BTreeMap::new(),
        }
    }
}

impl<V> ById<V> {
    /// Returns the value of an id.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut V> {
        let leaf = self.leaf_mut(id)?;
        let at = place(leaf, id).ok()?;
        leaf.get_mut(at).map(|(_, value)| value)
    }

    /// Inserts the value of an id, and replaces the value that it had.
    pub(super) fn insert(&mut self, id: Box<str>, value: V) {
        let is_in_last = self
            .leaves
            .last_key_value()
            .is_some_and(|(first, _)| *first <= id);
        let Some(leaf) = self.leaf_mut(&id) else {
            self.leaves.insert(Box::default(), vec![(id, value)]);
            return;
        };
        match place(leaf, &id) {
            Ok(at) => {
                if let Some((_, known)) = leaf.get_mut(at) {
                    *known = value;
                }
            }
            Err(at) if leaf.len() < LEAF_MAX => insert_at(leaf, at, (id, value)),
            // Ids that come in order fill one leaf after the other.
            Err(at) if is_in_last && at >= leaf.len() => {
                let mut next = Vec::with_capacity(STEP);
                let first = id.clone();
                next.push((id, value));
                self.leaves.insert(first, next);
            }
            Err(at) => {
                let half = LEAF_MAX / 2;
                let mut upper = leaf.split_off(half.min(leaf.len()));
                leaf.shrink_to_fit();
                match at.checked_sub(half) {
                    None | Some(0) => insert_at(leaf, at, (id, value)),
                    Some(at) => insert_at(&mut upper, at, (id, value)),
                }
                if let Some(first) = upper.first().map(|(id, _)| id.clone()) {
                    self.leaves.insert(first, upper);
                }
            }
        }
    }

    /// Returns the greatest id.
    pub(super) fn last_id(&self) -> Option<&str> {
        let (_, leaf) = self.leaves.last_key_value()?;
        leaf.last().map(|(id, _)| &**id)
    }

    /// Returns all ids and values, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.leaves.values().flatten().map(|(id, value)| (&**id, value))
    }

    /// Takes all ids and values out, in order.
    pub(super) fn into_entries(self) -> impl Iterator<Item = (Box<str>, V)> {
        self.leaves.into_values().flatten()
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.leaves.values().map(Vec::len).sum()
    }

    /// The leaf that an id is in, if it is in any. There is none only where there is no leaf.
    fn leaf_mut(&mut self, id: &str) -> Option<&mut Leaf<V>> {
        let through = (Bound::Unbounded, Bound::Included(id));
        let (_, leaf) = self.leaves.range_mut::<str, _>(through).next_back()?;
        Some(leaf)
    }
}

/// Where an id is in a leaf, or where it would be.
fn place<V>(leaf: &Leaf<V>, id: &str) -> Result<usize, usize> {
    leaf.binary_search_by(|(known, _)| (**known).cmp(id))
}

fn insert_at<V>(leaf: &mut Leaf<V>, at: usize, entry: (Box<str>, V)) {
    if leaf.len() == leaf.capacity() {
        leaf.reserve_exact(STEP);
    }
    leaf.insert(at.min(leaf.len()), entry);
}

/// How entries lie in leaves depends on the order in which they came; what they are does not.
impl<V: PartialEq> PartialEq for ById<V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<V: Eq> Eq for ById<V> {}

/// A table in the order of ids.
impl<V: Serialize> Serialize for ById<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::arithmetic_side_effects,
        reason = "tests may compute freely; a wrong number fails the test that has it"
    )]

    use alloc::string::String;

    use proptest::prelude::*;

    use super::*;

    impl<V> ById<V> {
        /// The room that was taken beside what is used, in entries.
        fn room(&self) -> usize {
            self.leaves
                .values()
                .map(|leaf| leaf.capacity() - leaf.len())
                .sum()
        }

        fn assert_sound(&self) {
            let mut after: Option<&str> = None;
            for (first, leaf) in &self.leaves {
                assert!(!leaf.is_empty() && leaf.len() <= LEAF_MAX);
                for (id, _) in leaf {
                    assert!(first <= id && after.is_none_or(|before| before < &**id), "{id}");
                    after = Some(id);
                }
            }
        }
    }

    fn of(ids: impl Iterator<Item = u32>) -> ById<u32> {
        let mut all = ById::default();
        for id in ids {
            all.insert(format!("{id:05}").into(), id);
        }
        all.assert_sound();
        all
    }

    #[test]
    fn little_room_is_left_in_whatever_order_ids_come() {
        const MANY: u32 = 10_000;
        let ascending = of(0..MANY);
        assert!(ascending.room() < STEP && ascending.leaves.len() <= 157);
        let stride = |id: u32| id * 7_919 % MANY;
        let orders: [ById<u32>; 3] = [
            of((0..MANY).rev()),
            of((0..MANY).map(stride)),
            of((0..MANY).map(|id| id / 2 + id % 2 * 5_000)),
        ];
        for other in orders {
            assert_eq!(other, ascending);
            assert!(
                other.room() < 1_500 && other.leaves.len() <= 340,
                "{}",
                other.room()
            );
        }
    }

    proptest! {
        /// It is a map.
        #[test]
        fn it_holds_what_a_map_holds(ids in proptest::collection::vec("[a-c]{0,6}", 0..600)) {
            let (mut all, mut map) = (ById::default(), BTreeMap::new());
            for (number, id) in ids.iter().enumerate() {
                all.insert(Box::from(id.as_str()), number);
                map.insert(id.clone(), number);
            }
            all.assert_sound();
            prop_assert_eq!(all.len(), map.len());
            prop_assert_eq!(all.last_id(), map.last_key_value().map(|(id, _)| id.as_str()));
            for id in ids.iter().map(String::as_str).chain(["", "b", "zz"]) {
                prop_assert_eq!(all.get_mut(id).copied(), map.get(id).copied());
            }
            let held = map.iter().map(|(id, number)| (id.as_str(), number));
            prop_assert!(all.iter().eq(held));
            let taken: Vec<(String, usize)> =
                all.into_entries().map(|(id, number)| (id.into(), number)).collect();
            prop_assert_eq!(taken, map.into_iter().collect::<Vec<_>>());
        }
    }
}

//! Registries: ids and their indices, resolved once when an agreement is compiled.
//!
//! This module owns how an id is found without a search through a list, and the checks that every list of ids and of
//! references shares. What an id stands for is left to those who keep one.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::ProblemList;
use crate::limits::ENTRIES_MAX;
use crate::text::names_there;

/// Ids in the order of the document, each with its index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    ids: Vec<String>,
    /// The indices of the ids, in the order of the ids; of equal ids the first comes first.
    sorted: Vec<usize>,
}

impl Registry {
    /// Collects ids. One that comes twice has the index of the first; the document with it is refused elsewhere.
    pub(crate) fn of<'a>(ids: impl IntoIterator<Item = &'a String>) -> Self {
        let ids: Vec<String> = ids.into_iter().cloned().collect();
        let mut order: Vec<(usize, &String)> = ids.iter().enumerate().collect();
        order.sort_by_key(|(_, id)| *id);
        let sorted = order.into_iter().map(|(index, _)| index).collect();
        Self { ids, sorted }
    }

    /// Returns the index of an id.
    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        let before = self
            .sorted
            .partition_point(|index| self.id(*index).is_some_and(|one| one < id));
        let found = self.sorted.get(before).copied()?;
        (self.id(found) == Some(id)).then_some(found)
    }

    /// Returns the id at an index.
    pub(crate) fn id(&self, index: usize) -> Option<&str> {
        self.ids.get(index).map(String::as_str)
    }

    /// Reports whether an id is among them.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.index(id).is_some()
    }

    /// Returns the ids in the order of the document.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    /// Reports whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// Values that are found by id.
#[derive(Debug, Clone)]
pub(crate) struct Named<T> {
    ids: Registry,
    values: Vec<T>,
}

impl<T> Named<T> {
    /// Pairs ids with their values.
    pub(crate) fn of(pairs: Vec<(String, T)>) -> Self {
        let (ids, values): (Vec<String>, Vec<T>) = pairs.into_iter().unzip();
        Self {
            ids: Registry::of(&ids),
            values,
        }
    }

    /// Returns the value with an id.
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.values.get(self.ids.index(id)?)
    }

    /// Returns the values in the order of the document.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }
}

/// Reports a list that is too long, at its path. Returns whether it is.
pub(crate) fn check_length(problems: &mut ProblemList, path: &str, found: usize) -> bool {
    let too_long = found > ENTRIES_MAX;
    if too_long {
        problems.push(
            path,
            format!("expected at most {ENTRIES_MAX} entries, found {found}"),
        );
    }
    too_long
}

/// How many problems say which names there are: each looks at all of them.
const HINTS_MAX: usize = 20;

/// Reports a reference to an id that is not declared. `what` is what the id should be of: `a calendar`.
pub(crate) fn check_reference(
    problems: &mut ProblemList,
    path: impl fmt::Display,
    what: &str,
    name: &str,
    declared: &Registry,
) {
    if declared.contains(name) {
        return;
    }
    let found = format!("expected the id of {what}, found `{}`", crate::error::shown(name));
    let what = if problems.len() < HINTS_MAX {
        format!("{found}: {}", names_there(name, declared.iter()))
    } else {
        found
    };
    problems.push(format!("{path}"), what);
}

/// Reports what is wrong with a list of references that may be left out: absent means all, so an empty one is refused;
/// each must be declared, and none may come twice.
pub(crate) fn check_references(
    problems: &mut ProblemList,
    path: &str,
    what: &str,
    names: Option<&[String]>,
    declared: &Registry,
) {
    let Some(names) = names else { return };
    if names.is_empty() {
        problems.push(
            path,
            format!("expected the id of {what}, or no list for all of them, found an empty list"),
        );
    }
    if check_length(problems, path, names.len()) {
        return;
    }
    let mut seen = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        let place = format!("{path}[{index}]");
        check_reference(problems, &place, what, name, declared);
        if !seen.insert(name) {
            problems.push(place, format!("duplicate entry `{}`", crate::error::shown(name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_search_in_the_order_of_the_document() {
        let ids = ["b", "a", "c", "a", ""].map(String::from);
        let registry = Registry::of(&ids);
        let found = ["a", "b", "c", "", "aa", "d"].map(|id| registry.index(id));
        assert_eq!(found, [Some(1), Some(0), Some(2), Some(4), None, None]);
        assert_eq!(registry.id(3), Some("a"));
        assert!(registry.iter().eq(ids.iter().map(String::as_str)));
        assert!(registry.contains("c") && !registry.contains("ca") && !registry.is_empty());
        assert!(Registry::default().is_empty() && !Registry::default().contains(""));
    }
}

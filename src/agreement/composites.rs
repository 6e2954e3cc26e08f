//! The order of calendars that are made of calendars.
//!
//! This module owns which composite comes after which, and which lie within themselves. What they
//! mean is left to `calendar`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::terms::AgreementTerms;
use crate::calendar::{CalendarTerms, Composite};

/// The composites of an agreement.
pub(super) struct Composites<'a> {
    /// Each after those that it is made of.
    pub(super) sorted: Vec<(&'a String, &'a Composite)>,
    /// The composites that depend on themselves, or on one that does.
    pub(super) circular: Vec<(&'a String, &'a Composite)>,
}

/// Sorts the composites. What a composite names and nothing declares holds it back no more than a
/// calendar of hours: that is a problem of its own.
///
/// Quadratic in the composites, of which there are at most a hundred.
pub(super) fn in_order(terms: &AgreementTerms) -> Composites<'_> {
    let composites = terms
        .calendars
        .iter()
        .filter_map(|(id, calendar)| match calendar {
            CalendarTerms::Composite(composite) => Some((id, composite)),
            CalendarTerms::Hours(_) => None,
        });
    let mut waiting: Vec<(&String, &Composite)> = composites.collect();
    let mut sorted = Vec::with_capacity(waiting.len());
    loop {
        let ids: BTreeSet<&String> = waiting.iter().map(|(id, _)| *id).collect();
        let is_ready = |composite: &Composite| composite.of.parts().iter().all(|part| !ids.contains(part));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(_, composite)| is_ready(composite));
        waiting = rest;
        if ready.is_empty() {
            break;
        }
        sorted.extend(ready);
    }
    Composites {
        sorted,
        circular: waiting,
    }
}

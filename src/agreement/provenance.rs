//! Provenance: what a statement was computed from and by.
//!
//! This module owns what a statement says of its own making. The fingerprint of a record, to which
//! its parts add up, is `record`'s.

use alloc::string::String;

use super::compile::Compiled;
use super::gather::Gathered;
use crate::record::FactKey;
use crate::statement::Provenance;

pub(super) fn provenance(agreement: &Compiled, gathered: &Gathered) -> Provenance {
    let facts = &gathered.facts;
    let repeated = facts.repeated_events().map(|(kind, id, repeated)| {
        let key = FactKey {
            kind,
            id: String::from(id),
        };
        format!("{key}.events ({repeated} repeated)")
    });
    Provenance {
        crate_version: String::from(env!("CARGO_PKG_VERSION")),
        zones: agreement.zones_used.clone(),
        agreement: agreement.fingerprint,
        record: facts.fingerprint(),
        facts: u64::try_from(facts.len()).unwrap_or(u64::MAX), // a `usize` is no longer
        duplicates: repeated.collect(),
    }
}

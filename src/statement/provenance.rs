//! Provenance: what a statement was computed from, and by which version.
//!
//! This module owns the rows. Their fingerprints are made by the modules of what they are of.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// What a statement was computed from, and by which version of this crate.
///
/// # Example: the facts that hold
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::record::Monitoring;
///
/// let watch = Monitoring::new("MON-1", "leeds", "2026-02-01T00:00:00Z".parse()?);
/// let record: Record = [watch.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// assert_eq!(statement.provenance.facts, 1);
/// assert_eq!(statement.provenance.zones[0].name, "Europe/London");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Provenance {
    /// The version of this crate.
    pub crate_version: String,
    /// The zones and their data, by name.
    pub zones: Vec<ZoneProvenance>,
    /// The SHA-256 of the terms.
    pub agreement: Fingerprint,
    /// The sum of the SHA-256 of the facts that hold: for each key, the greatest revision that was
    /// recorded by the instant of asking.
    pub record: Fingerprint,
    /// The number of facts that hold.
    pub facts: u64,
    /// The incidents in which an event is repeated; it counted once. A fact that was pushed more
    /// than once is not listed, because a statement depends only on the set of facts;
    /// [`StatementBuilder::push`](crate::agreement::StatementBuilder::push) reports it.
    pub duplicates: Vec<String>,
}

/// A zone, the release of its data, and their fingerprint.
///
/// # Example: the zone of the agreement
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
///
/// let as_of = "2026-03-02T09:00:00Z".parse()?;
/// let statement = agreement.statement(&Record::new(), "2026-02".parse()?, as_of)?;
/// assert_eq!(statement.provenance.zones[0].name, "Europe/London");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ZoneProvenance {
    /// The name of the zone.
    pub name: String,
    /// The source of the zone data and its release.
    pub version: String,
    /// The SHA-256 of the zone's offsets since 1900.
    pub fingerprint: Fingerprint,
}

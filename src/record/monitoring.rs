//! Monitoring: times during which an entity was watched.
//!
//! This module owns what such a fact is and when one is impossible by itself. What unwatched time means is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;

/// A time during which an entity was watched, so that silence means it worked. Time that nobody watched is unknown:
/// it is neither up nor down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Monitoring {
    /// Unique among monitoring.
    pub id: String,
    /// What was watched.
    pub entity: String,
    /// The first instant of watching.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The first instant after it. Absent while it goes on.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
    /// Which edition of the fact this is, if it was corrected: the greatest one holds. 0 is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    pub revision: u64,
    /// When this edition was recorded. Until then a statement knows nothing of it. Editions above 0 must say it.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Monitoring {
    /// Watching that goes on.
    pub fn new(id: &str, entity: &str, start: DateTime<Utc>) -> Self {
        Self {
            id: id.to_string(),
            entity: entity.to_string(),
            start,
            end: None,
            revision: 0,
            recorded_at: None,
        }
    }

    /// The same watching, ended.
    #[must_use]
    pub fn until(self, end: DateTime<Utc>) -> Self {
        Self {
            end: Some(end),
            ..self
        }
    }

    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        check_name(&mut problems, "entity", &self.entity);
        check_span(&mut problems, self.start, self.end);
        problems.finish()
    }
}

canonical_struct!(Monitoring {
    id,
    entity,
    start,
    end
} skip { revision, recorded_at });

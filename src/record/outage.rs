//! Outages: times during which an entity did not work.
//!
//! This module owns what such a fact is and when one is impossible by itself. Whether it counts as downtime is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;

/// A time during which an entity did not work. Whether it counts as downtime is the agreement's choice.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::record::Outage;
///
/// let start = Utc.with_ymd_and_hms(2026, 3, 1, 1, 0, 0).unwrap();
/// let ongoing = Outage::new("OUT-7", "eu-cluster", start).with_impact("major");
/// assert_eq!(ongoing.end, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Outage {
    /// Unique among outages.
    pub id: String,
    /// What did not work: an account, region, machine or site of the agreement.
    pub entity: String,
    /// The first instant of the outage.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The first instant after it. Absent while it lasts: it then counts until the instant of asking.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
    /// How bad it was, in the words of its source: `major`, `partial`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
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

impl Outage {
    /// An outage that lasts.
    pub fn new(id: &str, entity: &str, start: DateTime<Utc>) -> Self {
        Self {
            id: id.to_string(),
            entity: entity.to_string(),
            start,
            end: None,
            impact: None,
            revision: 0,
            recorded_at: None,
        }
    }

    /// The same outage, ended.
    #[must_use]
    pub fn until(self, end: DateTime<Utc>) -> Self {
        Self {
            end: Some(end),
            ..self
        }
    }

    /// The same outage with its impact.
    #[must_use]
    pub fn with_impact(self, impact: &str) -> Self {
        Self {
            impact: Some(impact.to_string()),
            ..self
        }
    }

    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        check_name(&mut problems, "entity", &self.entity);
        if let Some(impact) = &self.impact {
            check_name(&mut problems, "impact", impact);
        }
        check_span(&mut problems, self.start, self.end);
        problems.finish()
    }
}

canonical_struct!(Outage {
    id,
    entity,
    start,
    end,
    impact
} skip { revision, recorded_at });

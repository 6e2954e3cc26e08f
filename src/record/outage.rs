//! Outages: times during which an entity did not work.
//!
//! This module owns what such a fact is and when one is impossible by itself. Whether it counts as
//! downtime is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;

/// A time during which an entity did not work. The agreement decides whether it counts as downtime.
///
/// # Example: an outage that still lasts
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
    /// The id, unique among outages.
    pub id: String,
    /// The entity that did not work: an account, region, machine or site of the agreement.
    pub entity: String,
    /// The first instant of the outage.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The first instant after the outage. Absent while it lasts: it then counts until the instant
    /// of asking.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
    /// The impact in the words of the source, such as `major` or `partial`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// The revision of the fact. 0 is the first; the greatest one holds.
    #[serde(default, skip_serializing_if = "is_first")]
    pub revision: u64,
    /// When this revision was recorded. A statement as of an earlier instant does not know it.
    /// Required for a revision above 0.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub recorded_at: Option<DateTime<Utc>>,
}

impl Outage {
    /// Creates an outage that still lasts.
    ///
    /// # Example: a cluster that went down
    ///
    /// ```
    /// use sla::record::Outage;
    ///
    /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?);
    /// assert_eq!((outage.end, outage.impact), (None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Returns the outage with its end: the first instant after it.
    ///
    /// # Example: an hour of downtime
    ///
    /// ```
    /// use chrono::TimeDelta;
    /// use sla::record::Outage;
    ///
    /// let start = "2026-03-01T01:00:00Z".parse()?;
    /// let outage = Outage::new("OUT-7", "eu-cluster", start).until(start + TimeDelta::hours(1));
    /// assert_eq!(outage.end, Some("2026-03-01T02:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn until(self, end: DateTime<Utc>) -> Self {
        Self {
            end: Some(end),
            ..self
        }
    }

    /// Returns the outage with its impact, in the words of the source.
    ///
    /// # Example: a degraded service
    ///
    /// ```
    /// use sla::record::Outage;
    ///
    /// let outage = Outage::new("OUT-7", "eu-cluster", "2026-03-01T01:00:00Z".parse()?).with_impact("partial");
    /// assert_eq!(outage.impact.as_deref(), Some("partial"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

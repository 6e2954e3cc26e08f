//! Monitoring: times during which an entity was watched.
//!
//! This module owns what such a fact is and when one is impossible by itself. What unwatched time
//! means is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;

/// A time during which an entity was watched, so that silence means it worked.
///
/// Time that nobody watched is unknown: neither up nor down.
///
/// # Example: watched since the start of the month
///
/// ```
/// use sla::record::Monitoring;
///
/// let watch = Monitoring::new("MON-1", "eu-cluster", "2026-03-01T00:00:00Z".parse()?);
/// assert_eq!(watch.end, None); // it goes on
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Monitoring {
    /// The id, unique among monitoring.
    pub id: String,
    /// The entity that was watched.
    pub entity: String,
    /// The first instant of watching.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The first instant after watching. Absent while it goes on.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
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

impl Monitoring {
    /// Creates monitoring that still goes on.
    ///
    /// # Example: a probe that was set up on a Monday
    ///
    /// ```
    /// use sla::record::Monitoring;
    ///
    /// let watch = Monitoring::new("MON-2", "eu-cluster", "2026-03-02T08:00:00Z".parse()?);
    /// assert_eq!((watch.entity.as_str(), watch.end), ("eu-cluster", None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Returns the monitoring with its end: the first instant after watching.
    ///
    /// # Example: a probe that failed on the tenth
    ///
    /// ```
    /// use sla::record::Monitoring;
    ///
    /// let watch = Monitoring::new("MON-2", "eu-cluster", "2026-03-02T08:00:00Z".parse()?)
    ///     .until("2026-03-10T04:30:00Z".parse()?);
    /// assert!(watch.end.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

//! Maintenance: work that took an entity out of service, and how it was announced.
//!
//! This module owns what such a fact is and when one is impossible by itself. Whether it was planned is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// Work that took an entity out of service, whether announced or not.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::record::{Maintenance, Notice};
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// // Announced for two hours, took three: the third counts as downtime.
/// let work = Maintenance::new("CHG-12", "eu-cluster", at(8, 2))
///     .until(at(8, 5))
///     .with_notice(Notice { at: at(3, 12), start: at(8, 2), end: at(8, 4) });
/// assert!(work.notice.is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Maintenance {
    /// Unique among maintenance.
    pub id: String,
    /// What was worked on.
    pub entity: String,
    /// When it really began.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// When it really ended. Absent while it lasts.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
    /// How it was announced. Absent for emergency work, which is never planned maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
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

/// The announcement of maintenance: when it was made, and for which time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Notice {
    /// When it was given.
    #[serde(with = "crate::time::instant::text")]
    pub at: DateTime<Utc>,
    /// The announced start.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The announced end.
    #[serde(with = "crate::time::instant::text")]
    pub end: DateTime<Utc>,
}

impl Maintenance {
    /// Unannounced work that lasts.
    pub fn new(id: &str, entity: &str, start: DateTime<Utc>) -> Self {
        Self {
            id: id.to_string(),
            entity: entity.to_string(),
            start,
            end: None,
            notice: None,
            revision: 0,
            recorded_at: None,
        }
    }

    /// The same work, ended.
    #[must_use]
    pub fn until(self, end: DateTime<Utc>) -> Self {
        Self {
            end: Some(end),
            ..self
        }
    }

    /// The same work with its announcement.
    #[must_use]
    pub fn with_notice(self, notice: Notice) -> Self {
        Self {
            notice: Some(notice),
            ..self
        }
    }

    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "id", &self.id);
        check_name(&mut problems, "entity", &self.entity);
        check_span(&mut problems, self.start, self.end);
        if let Some(notice) = &self.notice {
            if let Err(error) = Instant::new(notice.at) {
                problems.push("notice.at", error);
            }
            if let Err(error) = Interval::new(notice.start, notice.end) {
                problems.push("notice.end", error);
            }
        }
        problems.finish()
    }
}

canonical_struct!(Notice { at, start, end });
canonical_struct!(Maintenance {
    id,
    entity,
    start,
    end,
    notice
} skip { revision, recorded_at });

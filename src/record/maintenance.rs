//! Maintenance: work that took an entity out of service, and how it was announced.
//!
//! This module owns what such a fact is and when one is impossible by itself. Whether it was
//! planned is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::edition::is_first;
use super::{check_name, check_span};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// Work that took an entity out of service, announced or not.
///
/// # Example: announced for two hours, took three
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::record::{Maintenance, Notice};
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// let work = Maintenance::new("CHG-12", "eu-cluster", at(8, 2))
///     .until(at(8, 5)) // the third hour counts as downtime
///     .with_notice(Notice { at: at(3, 12), start: at(8, 2), end: at(8, 4) });
/// assert!(work.notice.is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Maintenance {
    /// The id, unique among maintenance.
    pub id: String,
    /// The entity that was worked on.
    pub entity: String,
    /// The first instant of the work.
    #[serde(with = "crate::time::instant::text")]
    pub start: DateTime<Utc>,
    /// The first instant after the work. Absent while it lasts.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<DateTime<Utc>>,
    /// The announcement. Absent for emergency work, which is never planned maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
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

/// The announcement of maintenance: when it was made, and the time that it announced.
///
/// # Example: five days ahead
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use sla::record::Notice;
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// let notice = Notice { at: at(3, 2), start: at(8, 2), end: at(8, 4) };
/// assert_eq!(notice.start - notice.at, TimeDelta::days(5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Notice {
    /// The instant at which the customer was told.
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
    /// Creates unannounced maintenance that still lasts.
    ///
    /// # Example: emergency work
    ///
    /// ```
    /// use sla::record::Maintenance;
    ///
    /// let work = Maintenance::new("CHG-13", "eu-cluster", "2026-03-08T02:00:00Z".parse()?);
    /// assert_eq!((work.end, work.notice), (None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Returns the maintenance with its end: the first instant after the work.
    ///
    /// # Example: two hours of work
    ///
    /// ```
    /// use chrono::TimeDelta;
    /// use sla::record::Maintenance;
    ///
    /// let start = "2026-03-08T02:00:00Z".parse()?;
    /// let work = Maintenance::new("CHG-13", "eu-cluster", start).until(start + TimeDelta::hours(2));
    /// assert_eq!(work.end, Some("2026-03-08T04:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn until(self, end: DateTime<Utc>) -> Self {
        Self {
            end: Some(end),
            ..self
        }
    }

    /// Returns the maintenance with its announcement.
    ///
    /// # Example: work that was announced the week before
    ///
    /// ```
    /// use sla::record::{Maintenance, Notice};
    ///
    /// let start = "2026-03-08T02:00:00Z".parse()?;
    /// let end = "2026-03-08T04:00:00Z".parse()?;
    /// let work = Maintenance::new("CHG-12", "eu-cluster", start)
    ///     .until(end)
    ///     .with_notice(Notice { at: "2026-03-01T12:00:00Z".parse()?, start, end });
    /// assert_eq!(work.notice.map(|notice| notice.end), work.end);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

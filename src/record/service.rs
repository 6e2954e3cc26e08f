//! Facts about a service: outages, maintenance, monitoring, and what it costs.
//!
//! Owns what these facts are and when one is impossible by itself. Which of them count is left to the agreement.

use alloc::string::{String, ToString};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::check_name;
use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::number::money::Money;
use crate::period::Period;
use crate::time::instant::Instant;
use crate::time::interval::Interval;

/// A time during which an entity did not work. Whether it counts as downtime is the agreement's choice.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::Outage;
///
/// let start = Utc.with_ymd_and_hms(2026, 3, 1, 1, 0, 0).unwrap();
/// let ongoing = Outage::new("OUT-7", "eu-cluster", start).with_impact("major");
/// assert_eq!(ongoing.end, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

    pub(crate) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
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
});

/// Work that took an entity out of service, whether announced or not.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Maintenance, Notice};
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 3, day, hour, 0, 0).unwrap();
/// // Announced for two hours, took three: the third counts as downtime.
/// let work = Maintenance::new("CHG-12", "eu-cluster", at(8, 2))
///     .until(at(8, 5))
///     .with_notice(Notice { at: at(3, 12), start: at(8, 2), end: at(8, 4) });
/// assert!(work.notice.is_some());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

/// The announcement of maintenance: when it was made, and for which time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

    pub(crate) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
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
});

/// A time during which an entity was watched, so that silence means it worked. Time that nobody watched is unknown:
/// it is neither up nor down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

impl Monitoring {
    /// Watching that goes on.
    pub fn new(id: &str, entity: &str, start: DateTime<Utc>) -> Self {
        Self {
            id: id.to_string(),
            entity: entity.to_string(),
            start,
            end: None,
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

    pub(crate) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
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
});

crate::words::words! {
    /// What a line of an invoice is for. Credits are a share of recurring charges only.
    #[derive(Default)]
    pub enum ChargeKind {
        /// A charge for running the service.
        #[default]
        Recurring = "recurring",
        /// A charge made once, such as a set-up fee.
        OneOff = "one_off",
        /// Tax.
        Tax = "tax",
    }
}

/// A line of an invoice: what a service cost for an entity in a period.
///
/// # Example
///
/// ```
/// use sla::Charge;
///
/// let fee = Charge::new("INV-1/1", "hosting", "eu-cluster", "2026-03".parse()?, "12000.00 EUR".parse()?);
/// assert_eq!(fee.amount.minor_units(), 1_200_000);
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Unique among charges.
    pub id: String,
    /// The service that is charged.
    pub service: String,
    /// The entity it is charged for.
    pub entity: String,
    /// The period it is charged for. A statement counts the charges whose period lies inside its own, of whatever
    /// kind, and refuses those that reach beyond it: which part of them it should count, nothing says. Where an agreement
    /// that is in force on some of its dates only prorates charges, one that was billed for those dates alone must say so
    /// here (`15 days ending 2026-04-30`): else it is reduced a second time.
    pub period: Period,
    /// How much, without tax unless the line is tax.
    pub amount: Money,
    /// What it is for.
    #[serde(default)]
    pub kind: ChargeKind,
}

impl Charge {
    /// A recurring charge.
    pub fn new(id: &str, service: &str, entity: &str, period: Period, amount: Money) -> Self {
        Self {
            id: id.to_string(),
            service: service.to_string(),
            entity: entity.to_string(),
            period,
            amount,
            kind: ChargeKind::Recurring,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        check_name(&mut problems, "service", &self.service);
        check_name(&mut problems, "entity", &self.entity);
        if self.amount.minor_units() < 0 {
            let what = format!("expected a charge of nothing or more, found `{}`", self.amount);
            problems.push("amount", what);
        }
        problems.finish()
    }
}

canonical_struct!(Charge {
    id,
    service,
    entity,
    period,
    amount,
    kind
});

fn check_span(problems: &mut ProblemList, start: DateTime<Utc>, end: Option<DateTime<Utc>>) {
    if let Err(error) = Instant::new(start) {
        problems.push("start", error);
    } else if let Some(error) = end.and_then(|end| Interval::new(start, end).err()) {
        problems.push("end", error);
    }
}

//! Clocks, as a statement shows them: how many met their target, and which did not.
//!
//! This module owns the rows. Which outcome a clock has is left to `clock`.

use alloc::string::String;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::{Elapsed, State};
use crate::measure::count::AttainmentCounts;
use crate::time::allowance::Allowance;
use crate::time::amount::WallTime;

/// The clocks of one severity, by outcome.
///
/// # Example: one incident, answered in time
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Incident, Record};
/// use sla::record::EventKind;
///
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?)
///     .with("2026-02-03T10:05:00Z".parse()?, EventKind::Acknowledged);
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-02-03T11:00:00Z".parse()?)?;
/// let response = statement.attainment.iter().find(|row| row.clock == "response" && row.severity == "P1");
/// assert_eq!(response.map(|row| row.tally.met), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Attainment {
    /// The id of the clock.
    pub clock: String,
    /// The severity.
    pub severity: String,
    /// The number of clocks by outcome.
    pub tally: AttainmentCounts,
}

/// A clock that missed its target.
///
/// # Example: an answer five minutes late
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Incident, Record, WallTime};
/// use sla::record::EventKind;
///
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?)
///     .with("2026-02-03T10:20:00Z".parse()?, EventKind::Acknowledged)
///     .with("2026-02-03T12:00:00Z".parse()?, EventKind::Resolved);
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// let breached = &statement.breached[0];
/// assert_eq!(breached.clock, "response");
/// assert_eq!(breached.late_by, WallTime::minutes(5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct BreachedClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// The severity whose target was missed.
    pub severity: String,
    /// The granted time.
    pub target: Allowance,
    /// The deadline.
    #[serde(with = "crate::time::instant::text")]
    pub due: DateTime<Utc>,
    /// The instant of the first breach in the incident's history: the due of the first missed
    /// target, which may be the target of an earlier severity.
    #[serde(with = "crate::time::instant::text")]
    pub breached_at: DateTime<Utc>,
    /// The instant of delivery. Absent if not delivered.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivered: Option<DateTime<Utc>>,
    /// The wall time from the due to the delivery, or to the instant of asking.
    pub late_by: WallTime,
    /// The time that counted, on the calendar of the target.
    pub elapsed: Elapsed,
}

/// A clock that is not decided yet.
///
/// # Example: an hour before the due
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Incident, Record, WallTime};
/// use sla::record::EventKind;
///
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?)
///     .with("2026-02-03T10:05:00Z".parse()?, EventKind::Acknowledged);
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-02-03T13:00:00Z".parse()?)?;
/// let pending = &statement.pending[0];
/// assert_eq!(pending.clock, "resolution");
/// assert_eq!(pending.remaining, Some(WallTime::hours(1).into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct PendingClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// The severity, once it is known.
    pub severity: String,
    /// What the clock is doing.
    pub state: State,
    /// The deadline. Absent while the clock is paused or has not started.
    #[serde(
        default,
        with = "crate::time::instant::optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub due: Option<DateTime<Utc>>,
    /// The time that is left, on the calendar of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Elapsed>,
}

/// A clock on which an adjustment excuses the incident.
///
/// # Example: a customer who could not be reached
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(&std::fs::read_to_string("examples/data/agreement.toml")?)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::{Incident, Record};
/// use sla::record::{Adjustment, Change, EventKind};
///
/// let excuse = Adjustment {
///     by: "service board".into(),
///     why: "nobody at the customer answered".into(),
///     change: Change::Excused { clock: Some("resolution".into()) },
/// };
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?)
///     .with("2026-02-03T10:05:00Z".parse()?, EventKind::Acknowledged)
///     .with("2026-02-03T20:00:00Z".parse()?, EventKind::Resolved)
///     .with("2026-02-10T09:00:00Z".parse()?, EventKind::Adjusted(excuse));
/// let record: Record = [incident.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-02".parse()?, "2026-03-02T09:00:00Z".parse()?)?;
/// assert_eq!(statement.excused[0].clock, "resolution");
/// assert!(statement.breached.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct ExcusedClock {
    /// The id of the clock.
    pub clock: String,
    /// The id of the incident.
    pub incident: String,
    /// Who decided it.
    pub by: String,
    /// The reason.
    pub why: String,
}

//! Why a clock has no due.
//!
//! This module owns [`NoDue`], and which answers of a calendar mean that a due lies past all that
//! is known. The rest of a reading does not depend on it.

use core::fmt;

use serde::{Serialize, Serializer};

use crate::error::QueryError;
use crate::time::instant::Instant;

/// The reason why a [`Reading`](crate::clock::Reading) has no due.
///
/// # Example: a desk that closes for good
///
/// ```
/// use sla::{Clock, Hours, Incident, WorkingTime};
/// use sla::clock::{NoDue, Outcome};
/// use sla::record::EventKind;
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00 through 2026-06-30").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk);
/// let incident = Incident::opened("INC-7", "P3", "2026-06-30T16:00:00Z".parse()?)
///     .with("2026-06-30T16:45:00Z".parse()?, EventKind::Resolved);
/// let reading = clock.read(&incident.history("2026-07-15T00:00:00Z".parse()?)?)?;
/// assert_eq!(reading.elapsed, WorkingTime::minutes(45).into());
/// assert_eq!(reading.outcome, Outcome::Met);
/// assert_eq!((reading.due, reading.no_due), (None, Some(NoDue::NeverOpens)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoDue {
    /// The event that starts the clock has not happened.
    NotStarted,
    /// The severity has no target, or the severity is not known yet.
    NoTarget,
    /// The target is best effort.
    BestEffort,
    /// The clock is paused, or was stopped or cancelled while paused.
    Paused,
    /// Service hours never run again, so the granted time never passes.
    NeverOpens,
    /// The due lies beyond what the calendar or its zone data knows; the error says which.
    BeyondKnown(#[serde(serialize_with = "as_text")] QueryError),
}

fn as_text<S: Serializer>(error: &QueryError, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}

impl NoDue {
    /// Tells an answer that only the due depends on from one that the whole reading rests on.
    ///
    /// # Errors
    ///
    /// `error`, if it is not about what comes after `from`.
    pub(super) fn after(from: Instant, error: QueryError) -> Result<Self, QueryError> {
        match error {
            QueryError::NeverOpens => Ok(Self::NeverOpens),
            // An instant before the horizon has the same error as one after it.
            QueryError::OutsideHorizon { from: first, .. } if first > from.to_utc() => Err(error),
            QueryError::BeyondCoverage { .. }
            | QueryError::BeyondZoneData { .. }
            | QueryError::OutsideHorizon { .. }
            | QueryError::Overflow => Ok(Self::BeyondKnown(error)),
            _ => Err(error),
        }
    }
}

/// The reason as a clause: `paused`, `service hours never run again`.
impl fmt::Display for NoDue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted => f.write_str("not started"),
            Self::NoTarget => f.write_str("no target"),
            Self::BestEffort => f.write_str("best effort"),
            Self::Paused => f.write_str("paused"),
            Self::NeverOpens => f.write_str("service hours never run again"),
            Self::BeyondKnown(error) => fmt::Display::fmt(error, f),
        }
    }
}

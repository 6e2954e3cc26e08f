//! Readings: how the clocks of an agreement stand on an incident, without a statement.
//!
//! This module owns which readings an incident has. How a clock is read is left to `clock`, which
//! names an agreement knows to `admission`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::admission;
use super::compile::Compiled;
use super::outcome::unread;
use crate::clock::{Reading, Timeline};
use crate::error::{ProblemList, Problems};
use crate::record::{FactKey, FactKind, Incident};
use crate::time::instant::Instant;

/// The reading of one clock of an agreement. Returned by
/// [`CompiledAgreement::read`](crate::agreement::CompiledAgreement::read).
///
/// # Example: the clocks of a new incident
///
/// ```
/// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
/// use sla::{Agreement, Incident, ZoneData};
///
/// let agreement = Agreement::new(toml::from_str(text)?)?.compile(&ZoneData::bundled())?;
/// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?);
/// for read in agreement.read(&incident, "2026-02-03T10:05:00Z".parse()?)? {
///     assert_eq!(read.reading.severity.as_deref(), Some("P1"), "{}", read.clock);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClockReading {
    /// The id of the clock.
    pub clock: String,
    /// What the clock shows.
    pub reading: Reading,
}

/// Reads every clock of the agreement, in the order of their ids.
///
/// # Errors
///
/// [`Problems`] with paths that begin with the key of the incident.
pub(super) fn of_incident(
    agreement: &Compiled,
    incident: &Incident,
    as_of: DateTime<Utc>,
) -> Result<Vec<ClockReading>, Problems> {
    Instant::new(as_of).map_err(|error| Problems::one("as_of", error))?;
    let read = || {
        admission::check_incident(agreement, incident)?;
        let history = incident.history(as_of)?;
        if history.opened_instant() > history.as_of_instant() {
            return Ok(Vec::new());
        }
        let timeline = Timeline::of(&history);
        let mut problems = ProblemList::default();
        let mut readings = Vec::with_capacity(agreement.clocks.len());
        for (clock, terms) in agreement.clocks.iter().zip(agreement.terms.clocks.values()) {
            match clock.read_timeline(&timeline) {
                Ok(reading) => readings.push(ClockReading {
                    clock: clock.id().to_string(),
                    reading,
                }),
                Err(error) => {
                    let (path, what) = unread(agreement, (clock, terms), &history, error);
                    problems.push(path, what);
                }
            }
        }
        problems.finish().map(|()| readings)
    };
    read().map_err(|found: Problems| {
        let key = FactKey {
            kind: FactKind::Incident,
            id: incident.id.clone(),
        };
        found.placed(&key.to_string())
    })
}

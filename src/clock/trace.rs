//! The trace of a clock: its life in spans that sum to the reading.
//!
//! This module owns [`Span`]. What the clock did is left to `run`; which hours ran, and by which
//! rule, to the calendar.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::goal::ClockTarget;
use super::lap::Laid;
use super::run::Mode;
use crate::error::QueryError;
use crate::limits::STRETCHES_MAX;
use crate::time::interval::Interval;

/// Everything a clock did, from its start to its stop or to the instant of asking.
pub(super) fn trace(laid: &Laid<'_, '_>) -> Result<Vec<Span>, QueryError> {
    let asked = laid.last_target();
    let mut spans = Vec::new();
    for section in &laid.run.sections {
        let over = Interval::clamped(section.from, section.until);
        let (kind, why) = match (
            section.mode,
            laid.counting(section, asked).map(ClockTarget::calendar),
        ) {
            (Mode::Running, Some(Some(calendar))) => {
                for part in calendar.explanation(over)? {
                    let kind = if part.is_open() {
                        SpanKind::Counted
                    } else {
                        SpanKind::Closed
                    };
                    add(&mut spans, part.interval, kind, &part.reason)?;
                }
                continue;
            }
            (Mode::Running, Some(None)) => (SpanKind::Counted, "day and night".to_string()),
            (Mode::Running, None) => (SpanKind::Untargeted, "the severity has no target".to_string()),
            (Mode::Paused(status), _) => (SpanKind::Paused, status.to_string()),
            (Mode::Stopped(by), _) => (SpanKind::Stopped, by.to_string()),
        };
        add(&mut spans, over, kind, &why)?;
    }
    Ok(spans)
}

/// Adds a span, unless it is empty, to a trace that is not too long to be kept.
fn add(
    spans: &mut Vec<Span>,
    over: Interval,
    kind: SpanKind,
    why: &dyn fmt::Display,
) -> Result<(), QueryError> {
    if over.is_empty() {
        return Ok(());
    }
    if spans.len() >= STRETCHES_MAX {
        return Err(QueryError::TooManyStretches { most: STRETCHES_MAX });
    }
    spans.push(Span {
        over,
        kind,
        why: why.to_string(),
    });
    Ok(())
}

crate::words::words! {
    /// What a clock did during a span of its trace.
    ///
    /// # Example: the word of a statement
    ///
    /// ```
    /// use sla::clock::SpanKind;
    ///
    /// assert_eq!(SpanKind::Paused.to_string(), "paused");
    /// assert_eq!("closed".parse(), Ok(SpanKind::Closed));
    /// ```
    pub enum SpanKind {
        /// It counted.
        Counted = "counted",
        /// It ran, but service hours did not.
        Closed = "closed",
        /// It ran, but the severity has no target and therefore no calendar to count on.
        Untargeted = "untargeted",
        /// A status paused it.
        Paused = "paused",
        /// It was stopped, and a reopening made it run on later.
        Stopped = "stopped",
    }
}

/// A part of a clock's life, and why it counted or did not. Returned by
/// [`Clock::trace`](crate::Clock::trace).
///
/// # Example: the reason of a pause
///
/// ```
/// use sla::{Clock, Hours, Incident, WorkingTime};
/// use sla::clock::{Condition, Rules, SpanKind};
/// use sla::record::EventKind;
///
/// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let clock = Clock::resolution(WorkingTime::hours(8), &desk)
///     .with_rules(Rules::resolution().with_pause([Condition::status("on-hold")]))?;
/// let incident = Incident::opened("INC-7", "P3", "2026-03-02T09:00:00Z".parse()?)
///     .with("2026-03-02T11:00:00Z".parse()?, EventKind::Status("on-hold".into()));
/// let spans = clock.trace(&incident.history("2026-03-02T12:00:00Z".parse()?)?)?;
/// let last = spans.last().unwrap();
/// assert_eq!((last.kind, last.why.as_str()), (SpanKind::Paused, "on-hold"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// The time that the span covers.
    pub over: Interval,
    /// What the clock did.
    pub kind: SpanKind,
    /// The calendar's rule, the status that paused the clock, or the event that stopped it.
    pub why: String,
}

//! The trace of a clock: its life in spans that sum to the reading.
//!
//! This module owns [`Span`]. What the clock did is `run`'s; which hours ran, and by which rule, is the calendar's.

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
    /// What a clock did during a span.
    pub enum SpanKind {
        /// It counted.
        Counted = "counted",
        /// Service hours did not run.
        Closed = "closed",
        /// It ran, but the severity has no target, and so nothing to count on.
        Untargeted = "untargeted",
        /// A status paused it.
        Paused = "paused",
        /// It had been stopped and was made to run on later.
        Stopped = "stopped",
    }
}

/// A part of a clock's life, and why it counted or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// When.
    pub over: Interval,
    /// What the clock did.
    pub kind: SpanKind,
    /// The rule of the calendar, the pausing status or the stopping fact.
    pub why: String,
}

//! The trace of a clock: its life in spans that sum to the reading.
//!
//! This module owns [`Span`]. What the clock did is `run`'s; which hours ran, and by which rule, is the calendar's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::goal::Goal;
use super::lap::Laid;
use super::run::Mode;
use crate::error::QueryError;
use crate::time::interval::Interval;

/// Everything a clock did, from its start to its stop or to the instant of asking.
pub(super) fn trace(laid: &Laid<'_, '_>) -> Result<Vec<Span>, QueryError> {
    let asked = laid.last_target();
    let mut spans = Vec::new();
    for section in &laid.run.sections {
        let over = Interval::clamped(section.from, section.until);
        let span = |kind, why: &str| Span {
            over,
            kind,
            why: why.to_string(),
        };
        match (section.mode, laid.counting(section, asked).map(Goal::calendar)) {
            (Mode::Running, Some(Some(calendar))) => {
                for part in calendar.explain_between(over)? {
                    spans.push(Span {
                        over: part.interval,
                        kind: if part.is_open() {
                            SpanKind::Counted
                        } else {
                            SpanKind::Closed
                        },
                        why: part.reason.to_string(),
                    });
                }
            }
            (Mode::Running, Some(None)) => spans.push(span(SpanKind::Counted, "day and night")),
            (Mode::Running, None) => spans.push(span(SpanKind::Untargeted, "the severity has no target")),
            (Mode::Paused(status), _) => spans.push(span(SpanKind::Paused, status)),
            (Mode::Stopped(by), _) => spans.push(span(SpanKind::Stopped, &by.to_string())),
        }
    }
    spans.retain(|span| !span.over.is_empty());
    Ok(spans)
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

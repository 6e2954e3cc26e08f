//! Clocks: from an incident's facts and the rules of a clock to what is due, what is left, and what was missed.
//!
//! This module owns the replay of an incident's facts ([`Rules`] say what starts, stops and pauses a clock), the
//! laying of targets over it ([`Clock`]), and the [`Reading`] that results. Facts, clocks and targets are three
//! layers: a change of severity lays another target over the same replay, so no pause is ever lost. Counting outcomes
//! over a period is `attainment`'s. What a missed target costs is left to `credit`.
//!
//! The rules that hold for every clock are a table in [`guide::clocks`](crate::guide::clocks).

mod attainment;
mod goal;
mod reading;
mod replay;
mod tally;
mod terms;

pub use attainment::AttainmentTerms;
pub(crate) use attainment::Tallies;
pub use goal::Goal;
pub use reading::{Breach, Clock, Cycle, Outcome, Reading, Span, SpanKind, State};
pub use terms::{CalendarChange, ClockTerms, CountBy, Rules, SeverityTarget, Start, Stop};

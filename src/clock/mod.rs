//! Clocks: from an incident's facts and the rules of a clock to what is due, what is left, and what
//! was missed.
//!
//! This module owns four steps, one on the other. A `timeline` is an incident's facts as states
//! over time and marks, made once for all clocks of the incident. A `run` is what the [`Rules`] of
//! a clock make of it, as `condition`s: cycles of running, paused and stopped sections. A `lap` is
//! one cycle read under the `targets` that were in force: what counted, when it was due, how it
//! ended. A [`Reading`] is what is shown of it all. Facts, clocks and targets are three layers: a
//! change of severity lays another target over the same run, so no pause is ever lost. Counting
//! outcomes over a period is left to `attainment`. What a missed target costs is left to `credit`.
//!
//! The rules that hold for every clock are a table in [`guide::clocks`](crate::guide::clocks).

mod attainment;
mod condition;
mod conditions;
mod elapsed;
mod goal;
mod lap;
mod no_due;
mod reader;
mod reading;
mod run;
mod tally;
mod targets;
mod terms;
mod timeline;
mod trace;

pub use attainment::AttainmentTerms;
pub(crate) use attainment::Tallies;
pub use condition::Condition;
pub use elapsed::Elapsed;
pub use goal::ClockTarget;
pub use no_due::NoDue;
pub use reader::Clock;
pub use reading::{Breach, Cycle, Outcome, Reading, State};
pub(crate) use terms::DEFAULT;
pub use terms::{ClockTerms, CountedWhen, Rules, SeverityChange, TargetTerms};
pub(crate) use timeline::Timeline;
pub use trace::{Span, SpanKind};

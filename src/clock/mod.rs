//! Clocks: from an incident's facts and the rules of a clock to what is due, what is left, and what was missed.
//!
//! This module owns the replay of an incident's facts ([`Rules`] say what starts, stops and pauses a clock), the
//! laying of targets over it ([`Clock`]), and the [`Reading`] that results. Facts, clocks and targets are three
//! layers: a change of severity lays another target over the same replay, so no pause is ever lost. Counting readings
//! over a period is [`Tally`]'s. What a missed target costs is left to `credit`.
//!
//! # Rules that hold for every clock
//!
//! | question | answer |
//! |---|---|
//! | delivered exactly at the due instant | met; late is the instant after it |
//! | what is compared | instants: a reply at Monday's opening is late for a due at Friday's close |
//! | pause | counts nothing, on the calendar; goes on after a breach; while paused nothing is due, unless the allowance is used up |
//! | reopening | the same clock runs on; the time it stood resolved does not count; the earlier cycle is kept |
//! | status when an incident is reopened | cleared: a reopening ends a pause |
//! | status in force when a clock starts | pauses it, if it is a pausing one |
//! | a start while the incident stands resolved | none: what is resolved starts no clock |
//! | several stops | the first to happen stops the clock, the others change nothing; a fact that is not named never does |
//! | reopening after a workaround | undoes it as it undoes a resolution; a stop by a reply or acknowledgement stays |
//! | severity change | same clock, new target, pauses kept; a stopped clock keeps its target |
//! | severity change to another calendar | as [`CalendarChange`] says; the terms must |
//! | severity corrected in the same instant | was never in force and breaches nothing |
//! | breach | an event that stays in the history, with the target it broke; the outcome is judged apart, on the last target |

mod reading;
mod replay;
mod tally;
mod terms;

pub use reading::{Breach, Clock, Cycle, Goal, Outcome, Reading, Span, SpanKind, State};
pub use tally::Tally;
pub use terms::{CalendarChange, ClockTerms, CountBy, Rules, SeverityTarget, Start, Stop};

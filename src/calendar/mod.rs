//! Service hours: the terms, what they compile to, and the questions the compiled calendar answers.
//!
//! This module owns the order of its four folders: what an agreement says is in `terms`, how answers are kept in `table`, what
//! terms mean on the time line is found in `compile`, and questions are asked in `ask`. Each uses only those before it. What a
//! zone is, is left to `zone`; what working time is owed, to those who ask.
//!
//! Local time is resolved once, here: every question reads the same instants.

mod ask;
mod compile;
mod table;
mod terms;

#[cfg(all(test, feature = "chrono-tz"))]
mod tests;

pub use ask::batch::{Batch, Unit};
pub use ask::business::HolidayOn;
pub use ask::calendar::Calendar;
pub use ask::explain::Explanation;
pub use ask::query::{EarlierStretches, OpenStretches};
pub use compile::explain::{Stretch, StretchReason};
pub use terms::builder::HoursBuilder;
pub use terms::composite::{Combination, Composite};
pub use terms::cut_off::WeekdayCutOff;
pub use terms::dates::DateRule;
pub use terms::either::CalendarTerms;
pub(crate) use terms::either::check_all;
pub use terms::holidays::{Holiday, Observed};
pub use terms::hours::{BeyondKnown, Hours, OvernightOnHoliday};
pub use terms::overrides::{DayHours, DayOverride};
pub use terms::seasons::Season;
pub use terms::spans::{Moment, OneOff};
pub use terms::weekly::Weekly;

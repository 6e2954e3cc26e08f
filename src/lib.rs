//! Service-level agreements as data, and what follows from them: deadlines, breaches, uptime and credits, exactly and
//! the same way every time.
//!
//! `sla` turns **an agreement, written down as data,** and **a record of what happened** into numbers that can be
//! defended. It is a pure library: it reads no clock, file, environment or network, holds no state, and uses no float.
//! The instant of asking (`as_of`) is an argument.
//!
//! # Three doors
//!
//! Each is usable alone.
//!
//! **1. Functions on values.** Is the desk open, when is this due, how much downtime does a target allow?
//!
//! ```
//! use sla::{Hours, Period, Target, WallTime, WorkingTime, ZoneData};
//!
//! let desk = Hours::in_zone("America/New_York")
//!     .weekly("Mon-Fri 09:00-17:00")
//!     .holiday("2026-11-26", "Thanksgiving")
//!     .known_through("2026-12-31")
//!     .compile()?; // every problem at once
//! let opened = "2026-11-25T20:00:00Z".parse()?; // Wednesday 15:00
//! let due = desk.deadline(opened, WorkingTime::hours(8))?;
//! assert_eq!(due.to_rfc3339(), "2026-11-27T20:00:00+00:00"); // two hours on Wednesday, six on Friday
//!
//! let march = ZoneData::bundled().zone("America/New_York")?.interval(Period::month(2026, 3).unwrap())?;
//! assert_eq!(march.length(), WallTime::minutes(44_580)); // an hour was skipped
//! assert_eq!("99.9 %".parse::<Target>()?.allowed_downtime(&march).to_string(), "PT44M34.8S");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **2. One clock.** Events in, a reading out.
//!
//! ```
//! use sla::{Clock, EventKind, Hours, Incident, Rules, State, WorkingTime};
//!
//! let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
//! let clock = Clock::resolution(WorkingTime::hours(8), &desk)
//!     .with_rules(Rules::resolution().with_pause([Condition::status("awaiting-customer")]))?;
//!
//! let incident = Incident::opened("INC-7", "P3", "2026-03-05T14:00:00Z".parse()?) // Thursday 15:00
//!     .with("2026-03-05T15:00:00Z".parse()?, EventKind::Status("awaiting-customer".into()))
//!     .with("2026-03-06T09:00:00Z".parse()?, EventKind::Status("in-progress".into()));
//! let reading = clock.read(&incident.history("2026-03-06T10:00:00Z".parse()?)?)?;
//! assert_eq!(reading.state, State::Running);
//! assert_eq!(reading.remaining, Some(WorkingTime::hours(6).into()));
//! assert_eq!(reading.due, Some("2026-03-06T16:00:00Z".parse()?)); // Friday's close
//! assert_eq!(reading.next_change, reading.due); // the close: set a timer, never poll
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **3. A whole agreement.** Terms, record and period in; a statement out, with every credit explained.
//! [`CompiledAgreement`] has the smallest example, [`guide::agreement`] a whole one.
//!
//! # The promise
//!
//! * **Pure.** Same input, same output bytes, on every platform and in whatever order the record arrives. Purity is a
//!   property of the build: the crate is `no_std`, and chrono without its default features has no `now()`.
//! * **Exact.** Time is integers. Comparisons are made without division, so 99.949999 % never passes for 99.95 %.
//!   Decimals appear only as money and as displayed numbers; money is rounded once, and last.
//! * **Total.** Bad input gets a typed error that names the place. Nothing panics, loops without bound, or is dropped
//!   in silence. There are three errors: [`ParseError`] (one text), [`Problems`] (terms and records; all at once, each
//!   with its path) and [`QueryError`] (one unanswerable question).
//! * **Explained.** A reading has a trace that sums to it, a calendar says which rule opened or closed it, a credit
//!   line says how it came about, and a statement names the zone data, terms and record it was computed from.
//!
//! What these words mean in detail is [`guide::determinism`].
//!
//! # Guide
//!
//! * [`guide::time`]: instants, local time, service hours, periods
//! * [`guide::clocks`]: facts, clocks, targets, readings
//! * [`guide::agreement`]: a whole agreement, from terms to statement
//! * [`guide::determinism`]: what makes two results the same, and how to check it
//!
//! # What it does not do
//!
//! It does not read files, TOML or JSON text (any serde reader does), watch anything, store anything, send anything,
//! convert currencies, or know any country's holidays. It gives no legal advice: where a contract can be read in two
//! ways, its terms here must say which.
//!
//! Not covered yet: clocks other than those that a fact starts and a fact stops, availability measured from request
//! counts, credits other than bands, credit notes, and anything carried from one period to another.
//!
//! # Features
//!
//! `chrono-tz`, the one feature, is on by default: zone data bundled with the crate of that name. Without it, zones come
//! from TZif bytes that the caller supplies, or are fixed offsets. The crate needs `alloc` only.
//!
//! # Cost
//!
//! Compiling a calendar is linear in the days it knows; a question to it is one or two look-ups, however far it
//! reaches. A clock's reading is linear in the incident's events. A statement is n log n in the facts. Each type says
//! more under *Cost*.

#![no_std]
#![forbid(unsafe_code)]

#[macro_use]
extern crate alloc;

mod agreement;
mod availability;
mod calendar;
mod clock;
mod credit;
mod error;
mod explain;
mod fingerprint;
pub mod guide;
mod level;
mod limits;
mod measure;
mod number;
mod period;
mod record;
mod registry;
mod statement;
mod text;
mod time;
mod words;
mod zone;

pub use agreement::{
    Agreement, AgreementTerms, CompiledAgreement, Gathered, InForce, Measure, MergeError, ServiceLevel,
    StatementBuilder,
};
pub use availability::{AvailabilityBuilder, AvailabilityTerms, MaintenanceTerms};
pub use calendar::{
    Batch, BeyondKnown, Calendar, CalendarTerms, Combination, Composite, DateRule, DayHours, DayOverride,
    EarlierStretches, Explanation, Holiday, HolidayOn, Hours, HoursBuilder, Moment, Observed, OneOff,
    OpenStretches, OvernightOnHoliday, Season, Stretch, StretchReason, Unit, WeekdayCutOff, Weekly,
};
pub use clock::{
    AttainmentTerms, Breach, Clock, ClockTarget, ClockTerms, Condition, CountedWhen, Cycle, Elapsed, NoDue,
    Outcome, Reading, Rules, SeverityChange, Span, SpanKind, State, TargetTerms,
};
pub use credit::{Band, Cap, ChargeFilter, CreditTerms};
pub use error::{BatchError, ParseError, Problem, Problems, QueryError};
pub use explain::{Edge, Op, Operand, Rounding, Source, Step, Steps};
pub use fingerprint::Fingerprint;
pub use level::{Finding, Margin, Outlook, Prospect, Verdict};
pub use measure::count::AttainmentCounts;
pub use measure::scope::PartialPeriod;
pub use measure::time::Availability;
pub use measure::{Basis, Evidence};
pub use number::money::{Currency, ExactMoney, Money};
pub use number::percentage::{Percentage, Target};
pub use number::ratio::Ratio;
pub use number::value::Value;
pub use period::{AnchorDay, Date, DayCount, FixedDays, PartialPeriods, Period, PeriodKind, StartMonth};
pub use record::{
    Adjustment, Change, Charge, ChargeKind, Event, EventKind, EventName, Fact, FactKey, FactKind, History,
    Incident, Maintenance, Monitoring, Notice, Outage, Pushed, Record,
};
pub use statement::{
    Assumption, Attainment, BreachedClock, ChargeSum, CreditLine, CreditOutlook, Downtime, ExcusedClock,
    PendingClock, ProratedCharge, Provenance, RedatedEvent, Standing, Statement, Totals, ZoneProvenance,
};
pub use time::allowance::Allowance;
pub use time::amount::{WallTime, WorkingTime};
pub use time::business_days::{BusinessDays, CutOff, DayMeaning};
pub use time::interval::{Interval, IntervalSet};
pub use time::time_of_day::TimeOfDay;
pub use time::written::WrittenTime;
pub use zone::{GapRule, Zone, ZoneData, ZoneName};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;

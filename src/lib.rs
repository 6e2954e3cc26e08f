//! Service-level agreements as data: deadlines, breaches, uptime and service credits, computed exactly and explained.
//!
//! `sla` turns **an agreement, written as data,** and **a record of what happened** into numbers that can be defended. It
//! is a pure library: it reads no clock, file, environment or network, holds no state, and uses no float. The instant of
//! asking (`as_of`) is an argument.
//!
//! There are three doors, and each is usable alone. *Functions on values* ([`calendar`], [`time`], [`number`]) answer for a
//! service: is the desk open, when is this due. *One clock* ([`clock`], [`record`]) replays a ticket. *A whole agreement*
//! ([`agreement`], [`statement`]) computes what is owed for a period.
//!
//! # Cookbook
//!
//! ### When is a ticket due?
//!
//! ```
//! use sla::{Hours, WorkingTime};
//!
//! let desk = Hours::in_zone("America/New_York")
//!     .weekly("Mon-Fri 09:00-17:00")
//!     .holiday("2026-11-26", "Thanksgiving")
//!     .known_through("2026-12-31")
//!     .compile()?; // every problem at once
//! let opened = "2026-11-25T20:00:00Z".parse()?; // Wednesday 15:00
//! let due = desk.deadline(opened, WorkingTime::hours(8))?;
//! assert_eq!(due.to_rfc3339(), "2026-11-27T20:00:00+00:00"); // two hours on Wednesday, six on Friday
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### How much time is left?
//!
//! ```
//! use sla::clock::{Condition, Rules};
//! use sla::record::EventKind;
//! use sla::{Clock, Hours, Incident, WorkingTime};
//!
//! let desk = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
//! let clock = Clock::resolution(WorkingTime::hours(8), &desk)
//!     .with_rules(Rules::resolution().with_pause([Condition::status("awaiting-customer")]))?;
//! let incident = Incident::opened("INC-7", "P3", "2026-03-05T14:00:00Z".parse()?) // Thursday 15:00
//!     .with("2026-03-05T15:00:00Z".parse()?, EventKind::Status("awaiting-customer".into()))
//!     .with("2026-03-06T09:00:00Z".parse()?, EventKind::Status("in-progress".into()));
//! let reading = clock.read(&incident.history("2026-03-06T10:00:00Z".parse()?)?)?;
//! assert_eq!(reading.remaining, Some(WorkingTime::hours(6).into()));
//! assert_eq!(reading.due, Some("2026-03-06T16:00:00Z".parse()?)); // Friday's close
//! assert_eq!(reading.next_change, reading.due); // set a timer, never poll
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### Is the desk open?
//!
//! ```
//! let desk = sla::Hours::in_zone("Asia/Tokyo").weekly("Mon-Fri 09:00-18:00").compile()?;
//! assert!(desk.is_open("2026-03-05T00:00:00Z".parse()?)?); // Thursday 09:00
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### When does it open next?
//!
//! ```
//! let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
//! let opens = desk.next_open("2026-03-07T12:00:00Z".parse()?)?; // a Saturday
//! assert_eq!(opens.to_rfc3339(), "2026-03-09T09:00:00+00:00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### How much downtime does a target allow?
//!
//! ```
//! use sla::number::Target;
//! use sla::{Period, ZoneData};
//!
//! // March in New York, in which an hour is skipped.
//! let march: Period = "2026-03".parse()?;
//! let march = ZoneData::bundled().zone("America/New_York")?.interval(march)?;
//! let target: Target = "99.9 %".parse()?;
//! assert_eq!(target.allowed_downtime(&march).to_string(), "PT44M34.8S");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### Which credit does a measured percentage give?
//!
//! ```
//! use sla::credit::CreditTerms;
//! use sla::number::{Money, Percentage, Ratio};
//!
//! let credit: CreditTerms = toml::from_str(
//!     r#"bands = [{ below = "99.9 %", pays = "10 %" }, { below = "99.0 %", pays = "25 %" }]"#,
//! )?;
//! let measured = Ratio::new(985, 1_000).expect("part of a whole");
//! let pays = credit.band(&measured).map(|band| band.pays);
//! assert_eq!(pays, Some(Percentage::basis_points(2_500)));
//! let fee: Money = "1200.00 EUR".parse()?;
//! assert_eq!(pays.and_then(|pays| fee.share(pays)).map(|owed| owed.to_string()), Some("300.00 EUR".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ### What is owed for a month?
//!
//! ```
//! use sla::agreement::AgreementTerms;
//! use sla::record::{Charge, Monitoring, Outage};
//! use sla::{Agreement, Record, ZoneData};
//!
//! let terms: AgreementTerms = toml::from_str(r#"
//!     id = "acme-2026"
//!     provider = "Northwind"
//!     customer = "Acme"
//!     currency = "EUR"
//!     zone = "UTC"
//!     in_force = { from = 2026-01-01, through = 2026-12-31 }
//!     entities = ["shop"]
//!     services = ["hosting"]
//!
//!     [[levels]]
//!     id = "uptime"
//!     per = "month"
//!     availability = { target = "99.9 %" }
//!     credit.bands = [{ below = "99.9 %", pays = "10 %" }, { below = "99.0 %", pays = "25 %" }]
//! "#)?;
//! let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
//! let outage = Outage::new("OUT-1", "shop", "2026-04-10T00:00:00Z".parse()?);
//! let record: Record = [
//!     Monitoring::new("MON-1", "shop", "2026-04-01T00:00:00Z".parse()?).into(),
//!     outage.until("2026-04-10T02:00:00Z".parse()?).into(),
//!     Charge::new("INV-1", "hosting", "shop", "2026-04".parse()?, "12000.00 EUR".parse()?).into(),
//! ]
//! .into_iter()
//! .collect();
//! let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
//! assert_eq!(statement.totals.net.to_string(), "1200.00 EUR");
//!
//! // ### Why is the number what it is?
//! assert_eq!(
//!     statement.credits[0].why,
//!     "measured 99.7222 %, which is below 99.9 %: 10 % of all recurring charges (12000.00 EUR) = 1200.00 EUR"
//! );
//! assert!(statement.steps.hold()); // each step of the arithmetic, evaluated again
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The promise
//!
//! * **Pure.** Same input, same output bytes, on every platform and in whatever order the record arrives. Purity is a
//!   property of the build: the crate is `no_std`, and chrono without its default features has no `now()`.
//! * **Exact.** Time is integers. Comparisons are made without division, so 99.949999 % never passes for 99.95 %.
//!   Money is rounded once, and last.
//! * **Total.** Bad input gets a typed error that names the place. Nothing panics, loops without bound, or is dropped
//!   in silence. There are three errors: [`ParseError`](error::ParseError) (one text), [`Problems`](error::Problems)
//!   (terms and records; all at once, each with its path) and [`QueryError`](error::QueryError) (one question without an
//!   answer). [`Error`] joins them, so that `?` composes.
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
//! * [`guide::terms`]: the reference of every term, and the grammar
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
//! from TZif bytes that the caller supplies, or are fixed offsets. The crate needs `alloc` only. [`chrono`] and
//! [`rust_decimal`], whose types are in its interface, are re-exported.
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

pub mod agreement;
pub mod availability;
pub mod calendar;
pub mod clock;
pub mod credit;
pub mod error;
pub mod explain;
pub mod fingerprint;
pub mod guide;
pub mod level;
mod limits;
pub mod measure;
pub mod number;
pub mod period;
pub mod record;
mod registry;
pub mod statement;
mod text;
pub mod time;
mod words;
pub mod zone;

pub use agreement::Agreement;
pub use calendar::{Calendar, Hours};
pub use clock::Clock;
pub use error::Error;
pub use period::Period;
pub use record::{Incident, Record};
pub use statement::Statement;
pub use time::{Interval, WallTime, WorkingTime};
pub use zone::ZoneData;

pub use {chrono, rust_decimal};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;

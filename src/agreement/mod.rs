//! The agreement: all terms together, checked, compiled, and carried out.
//!
//! This module owns how the terms of the floors below are composed into one document ([`AgreementTerms`]), which references
//! between them must hold ([`Agreement`]), and the run that turns facts into a [`Statement`]
//! ([`CompiledAgreement`], [`StatementBuilder`]). What each term means is left to the module that owns it.
//!
//! A fact goes through `builder` to `admission` (does the agreement know what it names), `outcome` (what an incident came
//! to) and `gather` (where it waits). `conclude` then goes through `measuring`, `crediting`, `listing` and `provenance`.

mod admission;
mod builder;
mod check;
mod compile;
mod composites;
mod conclude;
mod crediting;
mod gather;
mod listing;
mod measures;
mod measuring;
mod outcome;
mod provenance;
mod readings;
mod terms;
mod words;

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

pub use builder::StatementBuilder;
pub use gather::{Gathered, MergeError};
pub use measures::{Measure, ServiceLevel};
pub use readings::ClockReading;
pub use terms::{AgreementTerms, InForce};

use compile::Compiled;

use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::error::Problems;
use crate::fingerprint::Fingerprint;
use crate::period::Period;
use crate::record::{Fact, Incident, Record};
use crate::statement::Statement;
use crate::zone::{Zone, ZoneData};

/// An agreement whose terms hold together. Opaque: what it says cannot be changed any more.
///
/// # Example
///
/// ```
/// use sla::{Agreement, ZoneData};
/// use sla::agreement::AgreementTerms;
///
/// let terms: AgreementTerms = toml::from_str(r#"
///     id = "acme-2026"
///     provider = "Northwind"
///     customer = "Acme"
///     currency = "EUR"
///     zone = "Europe/Paris"
///     in_force = { from = 2026-01-01, through = 2026-12-31 }
///     entities = ["eu"]
///     services = ["hosting"]
///
///     [[levels]]
///     id = "uptime"
///     per = "month"
///     availability = { target = "99.9 %", known_at_least = "99 %" }
///     credit.bands = [{ below = "99.9 %", pays = "10 %" }]
/// "#)?;
/// let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    terms: AgreementTerms,
}

impl Agreement {
    /// Checks the terms.
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that contradicts itself or refers to nothing, each with its path.
    pub fn new(terms: AgreementTerms) -> Result<Self, Problems> {
        check::check(&terms)?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> &AgreementTerms {
        &self.terms
    }

    /// Returns the terms in words, one sentence in a line, defaults included: what the parties sign.
    ///
    /// # Example: a level in words
    ///
    /// ```
    /// use sla::Agreement;
    /// use sla::agreement::AgreementTerms;
    ///
    /// let terms: AgreementTerms = toml::from_str(r#"
    ///     id = "acme-2026"
    ///     provider = "Northwind"
    ///     customer = "Acme"
    ///     currency = "EUR"
    ///     zone = "Europe/Paris"
    ///     in_force = { from = 2026-01-01, through = 2026-12-31 }
    ///     entities = ["web-shop"]
    ///     services = ["hosting"]
    ///
    ///     [[levels]]
    ///     id = "uptime"
    ///     per = "month"
    ///     availability = { target = "99.9 %" }
    ///     credit = { of = ["hosting"], bands = [{ below = "99.9 %", pays = "10 %" }] }
    /// "#)?;
    /// let words = Agreement::new(terms)?.in_words();
    /// assert!(words.contains("Level uptime: every entity is up for at least 99.9 % of all time per month.\n"));
    /// assert!(words.contains("Level uptime is not judged unless 100 % of the time is known.\n"));
    /// assert!(words.contains("Level uptime pays 10 % of the charges for hosting if below 99.9 %.\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_words(&self) -> String {
        let mut text = String::new();
        for line in words::sentences(&self.terms) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// SHA-256 over the terms, whatever text they were read from.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.terms)
    }

    /// Resolves zones and calendars.
    ///
    /// Calendars answer from five years before the first date in force until ten years after the last.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that the data does not have, hours that only the zone shows to make no sense, calendars that
    /// take more than 32 MiB together.
    pub fn compile(&self, zones: &ZoneData) -> Result<CompiledAgreement, Problems> {
        Compiled::new(&self.terms, zones).map(|compiled| CompiledAgreement(Arc::new(compiled)))
    }
}

/// An agreement ready to be carried out: immutable, `Send + Sync`, cheap to clone.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Agreement, Record, ZoneData};
/// use sla::agreement::AgreementTerms;
/// use sla::level::Verdict;
/// use sla::record::{Charge, Fact, Monitoring, Outage};
///
/// let terms: AgreementTerms = toml::from_str(r#"
///     id = "acme-2026"
///     provider = "Northwind"
///     customer = "Acme"
///     currency = "EUR"
///     zone = "UTC"
///     in_force = { from = 2026-01-01, through = 2026-12-31 }
///     entities = ["eu"]
///     services = ["hosting"]
///
///     [[levels]]
///     id = "uptime"
///     per = "month"
///     availability = { target = "99.9 %", known_at_least = "99 %" }
///     credit.bands = [
///         { at_least = "99.0 %", below = "99.9 %", pays = "10 %" },
///         { below = "99.0 %", pays = "25 %" },
///     ]
/// "#)?;
/// let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
///
/// let at = |day, hour| Utc.with_ymd_and_hms(2026, 4, day, hour, 0, 0).unwrap();
/// let record: Record = [
///     Fact::Monitoring(Monitoring::new("MON-1", "eu", at(1, 0))),
///     Fact::Outage(Outage::new("OUT-1", "eu", at(10, 0)).until(at(10, 2))),
///     Fact::Charge(Charge::new("INV-1", "hosting", "eu", "2026-04".parse()?, "12000.00 EUR".parse()?)),
/// ]
/// .into_iter()
/// .collect();
///
/// let as_of = Utc.with_ymd_and_hms(2026, 5, 2, 9, 0, 0).unwrap();
/// let statement = agreement.statement(&record, "2026-04".parse()?, as_of)?;
/// assert_eq!(statement.findings[0].verdict, Verdict::Breached);
/// assert_eq!(statement.totals.net.to_string(), "1200.00 EUR");
/// assert_eq!(
///     statement.credits[0].why,
///     "measured 99.7222 %, which is at least 99.0 % and below 99.9 %: 10 % of all recurring charges (12000.00 EUR) = 1200.00 EUR"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CompiledAgreement(Arc<Compiled>);

impl CompiledAgreement {
    /// The terms it was compiled from.
    pub fn terms(&self) -> &AgreementTerms {
        &self.0.terms
    }

    /// The zone its periods are reckoned in.
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// One of its calendars, by id: "is the desk open" for a program that has the agreement anyway.
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.0.calendars.get(id)
    }

    /// One of its clocks, by id: "when is this due" for a program that has the agreement anyway.
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.0.clocks.get(self.0.names.clocks.index(id)?)
    }

    /// Returns how every clock of the agreement stands on an incident, as known at an instant, in the order of their ids. Of an
    /// incident that is opened later than that, nothing is known: it has no readings.
    ///
    /// # Errors
    ///
    /// [`Problems`], each with its path: an instant out of range, what [`Incident::history`] and
    /// [`CompiledAgreement::check`] refuse, a calendar that cannot answer.
    ///
    /// # Example: what a desk has to do next
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::{Agreement, Incident, ZoneData};
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?.compile(&ZoneData::bundled())?;
    /// let incident = Incident::opened("INC-7", "P1", "2026-02-03T10:00:00Z".parse()?);
    /// let readings = agreement.read(&incident, "2026-02-03T10:05:00Z".parse()?)?;
    /// let due = |clock: &str| {
    ///     let read = readings.iter().find(|read| read.clock == clock)?;
    ///     Some(read.reading.due?.to_rfc3339())
    /// };
    /// assert_eq!(due("response").as_deref(), Some("2026-02-03T10:15:00+00:00"));
    /// assert_eq!(due("resolution").as_deref(), Some("2026-02-03T14:00:00+00:00"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the events of the incident, for each clock.
    pub fn read(&self, incident: &Incident, as_of: DateTime<Utc>) -> Result<Vec<ClockReading>, Problems> {
        readings::of_incident(&self.0, incident, as_of)
    }

    /// Finds what a statement would refuse a fact for, whatever its period: what is wrong with the fact itself, and names
    /// that the agreement does not declare. A program that takes facts in asks this before it stores them.
    ///
    /// # Errors
    ///
    /// [`Problems`] as for [`Fact::check`], and for each name that is not declared or amount in another currency.
    ///
    /// # Example: a misspelt entity
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::{Agreement, ZoneData};
    /// use sla::record::Outage;
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?.compile(&ZoneData::bundled())?;
    /// let outage = Outage::new("OUT-1", "leed", "2026-02-03T10:00:00Z".parse()?).with_impact("full");
    /// assert_eq!(
    ///     agreement.check(&outage.into()).unwrap_err().to_string(),
    ///     "outages[OUT-1].entity: expected an entity of the agreement, found `leed`"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(&self, fact: &Fact) -> Result<(), Problems> {
        fact.check()?;
        admission::check_alone(&self.0, fact).map_err(|found| found.placed(&fact.key().to_string()))
    }

    /// The statement of a period, as known at an instant: [`CompiledAgreement::open`], every fact pushed, finished.
    ///
    /// # Errors
    ///
    /// [`Problems`] as for [`CompiledAgreement::open`] and [`StatementBuilder::finish`].
    ///
    /// # Cost
    ///
    /// n log n in the facts.
    pub fn statement(
        &self,
        record: &Record,
        period: Period,
        as_of: DateTime<Utc>,
    ) -> Result<Statement, Problems> {
        let mut builder = self.open(period, as_of)?;
        for fact in record.facts() {
            builder.push(fact);
        }
        builder.finish()
    }

    /// Opens the statement of a period for facts to be pushed one by one.
    ///
    /// # Errors
    ///
    /// [`Problems`] if the agreement is not in force in the period, or only on some of its dates and the terms do not say
    /// what becomes of it ([`PartialPeriods`](crate::period::PartialPeriods)), or if an instant is out of range.
    pub fn open(&self, period: Period, as_of: DateTime<Utc>) -> Result<StatementBuilder, Problems> {
        StatementBuilder::open(self.0.clone(), period, as_of)
    }
}

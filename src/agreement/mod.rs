//! The agreement: all terms together, checked, compiled, and carried out.
//!
//! This module owns how the terms of the floors below are composed into one document
//! ([`AgreementTerms`]), which references between them must hold ([`Agreement`]), and the run that
//! turns facts into a [`Statement`] ([`CompiledAgreement`], [`StatementBuilder`]). What each term
//! means is left to the module that owns it.
//!
//! A fact goes through `builder` to `admission` (does the agreement know what it names), `outcome`
//! (what an incident came to) and `gather` (where it waits). `conclude` then goes through
//! `measuring`, `crediting`, `listing` and `provenance`.

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

/// An agreement whose terms were checked and hold together. It cannot be changed.
///
/// # Example: uptime with a credit
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
    /// Creates an agreement from its terms, if they hold together.
    ///
    /// # Example: a level on a clock that does not exist
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
    ///
    ///     [[levels]]
    ///     id = "answered-in-time"
    ///     per = "month"
    ///     attainment = { clock = "respnse", target = "95 %" }
    /// "#)?;
    /// let problems = Agreement::new(terms).unwrap_err();
    /// assert!(problems.to_string().contains("levels[answered-in-time].attainment.clock: "), "{problems}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`]: every contradiction and every reference to something undeclared, all at once,
    /// each with its path.
    pub fn new(terms: AgreementTerms) -> Result<Self, Problems> {
        check::check(&terms)?;
        Ok(Self { terms })
    }

    /// Returns the terms.
    ///
    /// # Example: the parties
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::Agreement;
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?;
    /// println!("{} for {}", agreement.terms().provider, agreement.terms().customer);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terms(&self) -> &AgreementTerms {
        &self.terms
    }

    /// Returns the terms in words, one sentence in a line, defaults included: what the parties
    /// sign.
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

    /// Returns the SHA-256 of the terms. It does not depend on the text that they were read from.
    ///
    /// # Example: another layout of the same terms
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::Agreement;
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?;
    /// let json = serde_json::to_string(agreement.terms())?;
    /// let again = Agreement::new(serde_json::from_str(&json)?)?;
    /// assert_eq!(again.fingerprint(), agreement.fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.terms)
    }

    /// Compiles the agreement with zone data: local times become instants.
    ///
    /// Calendars answer from five years before the first date in force until ten years after the
    /// last.
    ///
    /// # Example: with the bundled zone data
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::{Agreement, ZoneData};
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?.compile(&ZoneData::bundled())?;
    /// assert!(agreement.clock("response").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that the data does not have, hours that turn out impossible in their
    /// zone, or calendars that take more than 32 MiB together.
    pub fn compile(&self, zones: &ZoneData) -> Result<CompiledAgreement, Problems> {
        Compiled::new(&self.terms, zones).map(|compiled| CompiledAgreement(Arc::new(compiled)))
    }
}

/// An agreement that is ready to answer: immutable, `Send + Sync`, cheap to clone.
///
/// # Example: the credit of a month
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
    /// Returns the terms that the agreement was compiled from.
    ///
    /// # Example: the currency of credits
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// assert_eq!(agreement.terms().currency.to_string(), "EUR");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terms(&self) -> &AgreementTerms {
        &self.0.terms
    }

    /// Returns the zone in which periods begin and end.
    ///
    /// # Example: a month in the agreement's zone
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use chrono::TimeDelta;
    ///
    /// let april = agreement.zone().interval("2026-04".parse()?)?;
    /// assert_eq!(april.end() - april.start(), TimeDelta::days(30));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// Returns the calendar with an id: whether the desk is open, for a program that has the
    /// agreement anyway.
    ///
    /// # Example: an id that is not there
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// assert!(agreement.calendar("offfice").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.0.calendars.get(id)
    }

    /// Returns the clock with an id: when something is due, for a program that has the agreement
    /// anyway.
    ///
    /// # Example: the response clock
    ///
    /// ```
    /// # let text = &std::fs::read_to_string("examples/data/agreement.toml")?;
    /// use sla::{Agreement, ZoneData};
    ///
    /// let agreement = Agreement::new(toml::from_str(text)?)?.compile(&ZoneData::bundled())?;
    /// assert_eq!(agreement.clock("response").map(|clock| clock.id()), Some("response"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.0.clocks.get(self.0.names.clocks.index(id)?)
    }

    /// Returns the readings of every clock of the agreement for an incident, as known at `as_of`,
    /// in the order of their ids. An incident that is opened after `as_of` has no readings.
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
    /// # Errors
    ///
    /// [`Problems`], each with its path: an instant out of range, what [`Incident::history`] and
    /// [`CompiledAgreement::check`] refuse, a calendar that cannot answer.
    ///
    /// # Cost
    ///
    /// Linear in the events of the incident, for each clock.
    pub fn read(&self, incident: &Incident, as_of: DateTime<Utc>) -> Result<Vec<ClockReading>, Problems> {
        readings::of_incident(&self.0, incident, as_of)
    }

    /// Checks a fact against the agreement, without regard to a period: the fact by itself, and the
    /// names that it uses. A program that takes facts in asks this before it stores them.
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
    ///
    /// # Errors
    ///
    /// [`Problems`] as for [`Fact::check`], and one for each undeclared name and each amount in
    /// another currency.
    pub fn check(&self, fact: &Fact) -> Result<(), Problems> {
        fact.check()?;
        admission::check_alone(&self.0, fact).map_err(|found| found.placed(&fact.key().to_string()))
    }

    /// Returns the statement of a period as known at `as_of`.
    ///
    /// It does the same as [`CompiledAgreement::open`], [`StatementBuilder::push`] for every fact,
    /// and [`StatementBuilder::finish`].
    ///
    /// # Example: two hours of downtime in April
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// use sla::Record;
    /// use sla::level::Verdict;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let record: Record = [
    ///     Monitoring::new("MON-1", "eu", "2026-04-01T00:00:00Z".parse()?).into(),
    ///     Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?)
    ///         .until("2026-04-10T02:00:00Z".parse()?)
    ///         .into(),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
    /// assert_eq!(statement.findings[0].verdict, Verdict::Breached);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// Creates a builder for the statement of a period, to which facts are pushed one by one.
    ///
    /// # Example: a period before the agreement
    ///
    /// ```
    /// # use sla::{Agreement, ZoneData};
    /// # let terms = toml::from_str(r#"
    /// #     id = "acme-2026"
    /// #     provider = "Northwind"
    /// #     customer = "Acme"
    /// #     currency = "EUR"
    /// #     zone = "UTC"
    /// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
    /// #     entities = ["eu"]
    /// #     [[levels]]
    /// #     id = "uptime"
    /// #     per = "month"
    /// #     availability = { target = "99.9 %" }
    /// # "#)?;
    /// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    /// let refused = agreement.open("2025-12".parse()?, "2026-05-02T09:00:00Z".parse()?).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "period: expected a period in which the agreement is in force (2026-01-01 to 2026-12-31), found 2025-12"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`] if the agreement is not in force in the period; if it is in force on only some
    /// of its dates and the terms do not say what to do
    /// ([`PartialPeriods`](crate::period::PartialPeriods)); or if an instant is out of range.
    pub fn open(&self, period: Period, as_of: DateTime<Utc>) -> Result<StatementBuilder, Problems> {
        StatementBuilder::open(self.0.clone(), period, as_of)
    }
}

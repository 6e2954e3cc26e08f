//! The agreement: all terms together, checked, compiled, and carried out.
//!
//! This module owns how the terms of the layers below are composed into one document ([`Terms`]), which references
//! between them must hold ([`Agreement`]), and the run that turns facts into a [`Statement`](crate::Statement)
//! ([`CompiledAgreement`], [`Draft`]). What each term means is left to the module that owns it.

mod check;
mod conclude;
mod draft;
mod terms;

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

pub use draft::Draft;
pub use terms::{AttainmentTerms, Effective, Measure, NamedCalendar, NamedComposite, ServiceLevel, Terms};

use crate::calendar::Calendar;
use crate::clock::{Clock, ClockTerms, Goal};
use crate::error::{ProblemList, Problems};
use crate::fingerprint::Fingerprint;
use crate::period::Period;
use crate::record::Record;
use crate::statement::{Statement, ZoneProvenance};
use crate::zone::{Zone, ZoneData};

/// An agreement whose terms hold together. Opaque: what it says cannot be changed any more.
///
/// # Example
///
/// ```
/// use sla::{Agreement, Terms, ZoneData};
///
/// let terms: Terms = toml::from_str(r#"
///     id = "acme-2026"
///     provider = "Northwind"
///     customer = "Acme"
///     currency = "EUR"
///     zone = "Europe/Paris"
///     effective = { from = 2026-01-01, until = 2026-12-31 }
///     entities = ["eu"]
///     services = ["hosting"]
///
///     [[service_levels]]
///     id = "uptime"
///     period = "month"
///     measure.availability = { target = "99.9", coverage = "99" }
///     credit.bands = [{ below = "99.9", credit = "10" }]
/// "#)?;
/// let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    terms: Terms,
}

impl Agreement {
    /// Checks the terms.
    ///
    /// # Errors
    ///
    /// [`Problems`]: everything that contradicts itself or refers to nothing, each with its path.
    pub fn new(terms: Terms) -> Result<Self, Problems> {
        check::check(&terms)?;
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// SHA-256 over the terms, whatever text they were read from.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.terms)
    }

    /// Resolves zones and calendars.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that the data does not have.
    pub fn compile(&self, zones: &ZoneData) -> Result<CompiledAgreement, Problems> {
        let mut problems = ProblemList::default();
        let zone = match zones.zone(self.terms.zone.as_str()) {
            Ok(zone) => Some(zone),
            Err(error) => {
                problems.push("zone", error);
                None
            }
        };
        let mut calendars = Vec::with_capacity(self.terms.calendars.len());
        for named in &self.terms.calendars {
            match named.hours.compile_with(zones) {
                Ok(calendar) => calendars.push((named.id.clone(), calendar)),
                Err(found) => problems.extend(&format!("calendars[{}].hours", named.id), &found),
            }
        }
        problems.finish()?;
        for named in &self.terms.composites {
            let parts: Vec<(&str, &Calendar)> =
                calendars.iter().map(|(id, part)| (id.as_str(), part)).collect();
            let composite = named
                .composite
                .compile(zones, &parts)
                .map_err(|found| placed(&format!("composites[{}].composite", named.id), found))?;
            calendars.push((named.id.clone(), composite));
        }
        let Some(zone) = zone else {
            return Err(Problems::one("zone", "expected a zone, found none"));
        };
        let clocks = self
            .terms
            .clocks
            .iter()
            .map(|terms| clock(terms, &calendars))
            .collect::<Result<_, _>>()?;
        let zones_used = provenance(&zone, &calendars);
        let fingerprint = self.fingerprint();
        let (terms, declared) = (self.terms.clone(), check::Declared::of(&self.terms));
        Ok(CompiledAgreement(Arc::new(Compiled {
            terms,
            declared,
            zone,
            calendars,
            clocks,
            zones_used,
            fingerprint,
        })))
    }
}

/// The clock of its terms. They were checked, so every calendar they name exists.
fn clock(terms: &ClockTerms, calendars: &[(String, Calendar)]) -> Result<Clock, Problems> {
    let path = || format!("clocks[{}]", terms.id);
    let mut goals = Vec::with_capacity(terms.targets.len());
    for target in &terms.targets {
        let named = calendars
            .iter()
            .find(|(id, _)| Some(id) == target.calendar.as_ref());
        let Some(goal) = Goal::of(target.within, named.map(|(_, calendar)| calendar)) else {
            return Err(Problems::one(path(), "expected a calendar, found none"));
        };
        goals.push((target.severity.clone(), goal));
    }
    Clock::new(&terms.id, terms.rules.clone(), goals).map_err(|found| placed(&path(), found))
}

/// Problems with the path at which they were found before each.
fn placed(path: &str, found: Problems) -> Problems {
    let mut placed = ProblemList::default();
    placed.extend(path, &found);
    placed.finish().err().unwrap_or(found)
}

/// Every zone that the agreement uses, by name.
fn provenance(zone: &Zone, calendars: &[(String, Calendar)]) -> Vec<ZoneProvenance> {
    let mut used: Vec<&Zone> = core::iter::once(zone)
        .chain(calendars.iter().flat_map(|(_, calendar)| calendar.zones()))
        .collect();
    used.sort_by_key(|zone| zone.name());
    used.dedup_by_key(|zone| zone.name());
    let describe = |zone: &Zone| ZoneProvenance {
        name: zone.name().to_string(),
        version: zone.version(),
        fingerprint: zone.fingerprint(),
    };
    used.into_iter().map(describe).collect()
}

/// An agreement ready to be carried out: immutable, `Send + Sync`, cheap to clone.
///
/// # Example
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Agreement, Charge, Fact, Monitoring, Outage, Record, Terms, Verdict, ZoneData};
///
/// let terms: Terms = toml::from_str(r#"
///     id = "acme-2026"
///     provider = "Northwind"
///     customer = "Acme"
///     currency = "EUR"
///     zone = "UTC"
///     effective = { from = 2026-01-01, until = 2026-12-31 }
///     entities = ["eu"]
///     services = ["hosting"]
///
///     [[service_levels]]
///     id = "uptime"
///     period = "month"
///     measure.availability = { target = "99.9", coverage = "99" }
///     credit.bands = [
///         { at_least = "99.0", below = "99.9", credit = "10" },
///         { below = "99.0", credit = "25" },
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
///     "measured 99.7222 %, which is at least 99 % and below 99.9 %: 10 % of all recurring charges (12000.00 EUR) = 1200.00 EUR"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CompiledAgreement(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    terms: Terms,
    declared: check::Declared,
    zone: Zone,
    calendars: Vec<(String, Calendar)>,
    clocks: Vec<Clock>,
    zones_used: Vec<ZoneProvenance>,
    fingerprint: Fingerprint,
}

impl CompiledAgreement {
    /// The terms it was compiled from.
    pub fn terms(&self) -> &Terms {
        &self.0.terms
    }

    /// The zone its periods are reckoned in.
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// One of its calendars, by id: "is the desk open" for a program that has the agreement anyway.
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.0
            .calendars
            .iter()
            .find(|(one, _)| one == id)
            .map(|(_, calendar)| calendar)
    }

    /// One of its clocks, by id: "when is this due" for a program that has the agreement anyway.
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.0.clocks.iter().find(|clock| clock.id() == id)
    }

    /// The statement of a period, as known at an instant: [`CompiledAgreement::open`], every fact pushed, finished.
    ///
    /// # Errors
    ///
    /// [`Problems`] as for [`CompiledAgreement::open`] and [`Draft::finish`].
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
        let mut draft = self.open(period, as_of)?;
        for fact in record.facts() {
            draft.push(fact);
        }
        draft.finish()
    }

    /// Opens the statement of a period for facts to be pushed one by one.
    ///
    /// # Errors
    ///
    /// [`Problems`] if the agreement is not in force in the period, or only on some of its dates and the terms do not say
    /// what becomes of it ([`PartialPeriods`](crate::PartialPeriods)), or if an instant is out of range.
    pub fn open(&self, period: Period, as_of: DateTime<Utc>) -> Result<Draft, Problems> {
        Draft::open(self.0.clone(), period, as_of)
    }
}

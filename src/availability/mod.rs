//! Availability: how long an entity worked, of the time it should have, exactly and with coverage.
//!
//! This module owns the terms of an availability measure and the pipeline from raw outages to an
//! exact ratio. What the ratio is compared with is left to `level`, what a miss costs to `credit`.
//!
//! # The pipeline
//!
//! 1. **Agreed time**: the period, within service hours if the terms name a calendar. Of a period
//!    that the agreement covers in part and whose other dates are *assumed up*, those are set
//!    aside: no fact about them counts.
//! 2. **Clip**: nothing outside agreed time counts. What lies after the instant of asking is
//!    *pending*.
//! 3. **Exclude**: maintenance, as far as it ran within the time it was announced for, announced
//!    early enough, leaves both sides. Late-announced work, an overrun and emergency work are
//!    downtime.
//! 4. **Merge**: what two records say about one instant counts once.
//! 5. **Cover**: of the rest, what was watched is up; what nobody watched is unknown and leaves
//!    both sides.
//!
//! `agreed = assumed up + up + down + unknown + excluded + pending` always holds. Availability is
//! `(assumed up + up) ÷ (assumed up + up + down)`, if anything is known; coverage is
//! `(up + down) ÷ (up + down + unknown)`; below the stated coverage the level is not judged.

mod builder;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use builder::AvailabilityBuilder;

use crate::calendar::Calendar;
use crate::error::{ProblemList, QueryError};
use crate::fingerprint::{Canonical, Encoder, Fingerprint, canonical_struct};
use crate::measure::scope::Scope;
use crate::measure::time::Availability;
use crate::measure::{Measure, Measurement, Names};
use crate::number::percentage::Target;
use crate::record::{Maintenance, Monitoring, Outage};
use crate::registry::{Named, Registry, check_reference, check_references};
use crate::time::amount::WallTime;
use crate::time::written::WrittenTime;

/// The terms of announced maintenance: it leaves both sides of the ratio if it was announced early
/// enough.
///
/// # Example: two days ahead
///
/// ```
/// use sla::availability::MaintenanceTerms;
///
/// let terms: MaintenanceTerms = toml::from_str(r#"notice = "48 h""#)?;
/// assert_eq!(terms.notice.to_string(), "48 h");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct MaintenanceTerms {
    /// The least time from the announcement to the announced start.
    pub notice: WrittenTime,
}

canonical_struct!(MaintenanceTerms { notice });

/// The terms of an availability measure.
///
/// # Example: 99.9 % during office hours
///
/// ```
/// use sla::availability::AvailabilityTerms;
///
/// let terms: AvailabilityTerms = toml::from_str(
///     r#"
/// target = "99.9 %"
/// service_hours = "office"
/// impacts = ["full", "partial"]
/// maintenance = { notice = "48 h" }
/// known_at_least = "98 %"
/// "#,
/// )?;
/// assert_eq!(terms.service_hours.as_deref(), Some("office"));
/// assert_eq!(terms.entities, None); // every entity of the agreement, each by itself
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct AvailabilityTerms {
    /// The smallest share of agreed time that an entity must be up.
    pub target: Target,
    /// The impacts of an outage that count as downtime. Absent: every outage counts.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    pub impacts: Option<Vec<String>>,
    /// The id of the calendar of agreed service time. Absent: the whole period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_hours: Option<String>,
    /// What happens to announced maintenance. Absent: maintenance is downtime like any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<MaintenanceTerms>,
    /// The smallest share of time that must be known; below it the level is not judged. Absent: all
    /// of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at_least: Option<Target>,
    /// The entities that are measured, each by itself. Absent: all entities of the agreement.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    pub entities: Option<Vec<String>>,
}

impl Canonical for AvailabilityTerms {
    /// All entities are encoded as an empty list, which names none and is refused in terms.
    fn encode(&self, to: &mut Encoder) {
        let Self {
            target,
            impacts,
            service_hours,
            maintenance,
            known_at_least,
            entities,
        } = self;
        to.list(6);
        target.encode(to);
        impacts.encode(to);
        service_hours.encode(to);
        maintenance.encode(to);
        known_at_least.encode(to);
        match entities {
            Some(entities) => entities.encode(to),
            None => to.list(0),
        }
    }
}

impl AvailabilityTerms {
    /// Returns how early maintenance must be announced, if it is excluded at all.
    fn notice(&self) -> Option<WallTime> {
        self.maintenance.as_ref().map(|terms| terms.notice.wall())
    }

    /// Reports whether an outage is downtime under these terms.
    pub(crate) fn counts(&self, outage: &Outage) -> bool {
        match (&self.impacts, &outage.impact) {
            (None, _) => true,
            (Some(impacts), Some(impact)) => impacts.contains(impact),
            (Some(_), None) => false,
        }
    }
}

/// The facts about one entity that decide its availability.
#[derive(Debug, Default)]
pub(crate) struct EntityFacts<'a> {
    pub(crate) outages: Vec<&'a Outage>,
    pub(crate) maintenance: Vec<&'a Maintenance>,
    pub(crate) monitoring: Vec<&'a Monitoring>,
}

/// The facts of every entity, and the calendars in which time may be agreed.
#[derive(Debug)]
pub(crate) struct ServiceFacts<'a> {
    /// By the index of the entity.
    pub(crate) of: Vec<EntityFacts<'a>>,
    pub(crate) entities: &'a Registry,
    pub(crate) calendars: &'a Named<Calendar>,
}

/// What decides a measurement under these terms: all but the target and the coverage.
struct Alike<'a>(&'a AvailabilityTerms);

impl Canonical for Alike<'_> {
    fn encode(&self, to: &mut Encoder) {
        to.list(3);
        self.0.impacts.encode(to);
        self.0.service_hours.encode(to);
        self.0.maintenance.encode(to);
    }
}

impl Measure for AvailabilityTerms {
    type Facts<'a> = ServiceFacts<'a>;

    fn target(&self) -> Target {
        self.target
    }

    fn least_coverage(&self) -> Option<Target> {
        Some(self.known_at_least.unwrap_or(Target::ALL))
    }

    fn calendar(&self) -> Option<&str> {
        self.service_hours.as_deref()
    }

    fn needs_impact(&self) -> bool {
        self.impacts.is_some()
    }

    fn check(&self, names: &Names, path: &str, problems: &mut ProblemList) {
        if let Some(calendar) = &self.service_hours {
            let place = format!("{path}.service_hours");
            check_reference(problems, place, "a calendar", calendar, &names.calendars);
        }
        let impacts = format!("{path}.impacts");
        check_references(
            problems,
            &impacts,
            "an impact",
            self.impacts.as_deref(),
            &names.impacts,
        );
        if names.entities.is_empty() {
            let what = "expected at least one entity, since availability is measured per entity, found none";
            problems.push("entities", what);
        }
        let entities = format!("{path}.entities");
        check_references(
            problems,
            &entities,
            "an entity",
            self.entities.as_deref(),
            &names.entities,
        );
    }

    fn subjects<'n>(&self, names: &'n Names) -> Vec<Option<&'n str>> {
        let Some(named) = &self.entities else {
            return names.entities.iter().map(Some).collect();
        };
        let indices = named.iter().filter_map(|entity| names.entities.index(entity));
        let measured: BTreeSet<usize> = indices.collect();
        measured
            .into_iter()
            .filter_map(|index| names.entities.id(index))
            .map(Some)
            .collect()
    }

    fn alike(&self) -> Fingerprint {
        Fingerprint::of(&Alike(self))
    }

    fn measure(
        &self,
        subject: Option<&str>,
        facts: &ServiceFacts<'_>,
        scope: &Scope,
    ) -> Result<Measurement, QueryError> {
        let mut builder = Availability::over(scope.agreed, scope.as_of.to_utc());
        if let Some(within) = scope.assumes_up_outside() {
            builder = builder.assuming_up_outside(within);
        }
        let index = subject.and_then(|entity| facts.entities.index(entity));
        if let Some(of) = index.and_then(|index| facts.of.get(index)) {
            let outages = of.outages.iter().copied();
            builder = builder
                .with_outages(outages.filter(|outage| self.counts(outage)))
                .with_monitoring(of.monitoring.iter().copied())
                .with_maintenance(of.maintenance.iter().copied(), self.notice());
        }
        if let Some(calendar) = self.service_hours.as_ref().and_then(|id| facts.calendars.get(id)) {
            builder = builder.with_service_hours(calendar);
        }
        let (spent, downtime) = builder.spent()?;
        let evidence = if spent.down > WallTime::ZERO {
            builder.evidence()?
        } else {
            Vec::new()
        };
        Ok(Measurement::of_time(spent, downtime, evidence))
    }
}

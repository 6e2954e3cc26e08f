//! The document: every term of an agreement, as plain data.
//!
//! This module owns the shape of the document. Whatever has an order is a list with ids. Unknown fields are refused by the
//! reader, with its line; references and ranges are `check`'s.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::{Composite, Hours};
use crate::clock::ClockTerms;
use crate::credit::{Cap, CreditTerms};
use crate::fingerprint::canonical_struct;

use crate::number::money::Currency;
use crate::period::{Date, DatesInForce, PartialPeriods, PeriodKind};
use crate::zone::ZoneName;

use super::measures::Measure;

/// All terms of an agreement. They read from TOML, JSON or any other self-describing format.
///
/// See the `guide` for a walk through a whole agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Terms {
    /// What the agreement is called in statements.
    pub id: String,
    /// Who provides the service.
    pub provider: String,
    /// Who receives it.
    pub customer: String,
    /// The currency of its charges and credits.
    pub currency: Currency,
    /// The zone in which periods begin and end.
    pub zone: ZoneName,
    /// The dates on which it is in force.
    pub effective: Effective,
    /// The severities, the highest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<String>,
    /// The statuses an incident may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<String>,
    /// The impacts an outage may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impacts: Vec<String>,
    /// What is measured and charged by itself: accounts, regions, machines, sites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<String>,
    /// What is charged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Service hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<NamedCalendar>,
    /// Calendars made of calendars. Each may name those, and composites that stand before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub composites: Vec<NamedComposite>,
    /// Clocks of incidents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockTerms>,
    /// What must be reached, and what a miss costs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_levels: Vec<ServiceLevel>,
    /// The most that is credited for a period, over all its levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_cap: Option<Cap>,
}

/// The dates on which an agreement is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Effective {
    /// The first date.
    pub from: Date,
    /// The last date.
    pub until: Date,
    /// What becomes of a period of which it is in force on some dates only. Absent: such a period is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial_periods: Option<PartialPeriods>,
}

impl Effective {
    pub(super) fn dates(&self) -> DatesInForce {
        DatesInForce {
            first: self.from.naive(),
            day_after: self.until.next(),
        }
    }
}

/// Service hours with an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct NamedCalendar {
    /// Unique among calendars.
    pub id: String,
    /// The hours.
    pub hours: Hours,
}

/// A calendar made of calendars, with an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct NamedComposite {
    /// Unique among calendars and composites. It is used wherever that of a calendar is.
    pub id: String,
    /// Its zone and its parts.
    pub composite: Composite,
}

/// A service level: what is measured over which period, and what a miss costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct ServiceLevel {
    /// Unique among service levels.
    pub id: String,
    /// The kind of period it is measured over. A statement has the levels whose kind is that of its period, with all
    /// that terms state of it: a billing cycle from day 15 is none from day 1.
    pub period: PeriodKind,
    /// What is measured, and the target.
    pub measure: Measure,
    /// The credit. Absent: the level is reported and costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<CreditTerms>,
}

canonical_struct!(Terms {
    id,
    provider,
    customer,
    currency,
    zone,
    effective,
    severities,
    statuses,
    impacts,
    entities,
    services,
    calendars,
    composites,
    clocks,
    service_levels,
    credit_cap,
});
canonical_struct!(Effective {
    from,
    until,
    partial_periods
});
canonical_struct!(NamedCalendar { id, hours });
canonical_struct!(NamedComposite { id, composite });
canonical_struct!(ServiceLevel {
    id,
    period,
    measure,
    credit
});

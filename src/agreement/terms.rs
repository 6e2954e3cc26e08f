//! The document: every term of an agreement, as plain data.
//!
//! This module owns the shape of the document. What has an order is a list, what has none a table
//! by id. Unknown fields are refused by the reader, with its line; references and ranges are left
//! to `check`, how a level names its measure to `measures`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::CalendarTerms;
use crate::clock::ClockTerms;
use crate::credit::Cap;
use crate::fingerprint::canonical_struct;
use crate::number::money::Currency;
use crate::period::{Date, DatesInForce, PartialPeriods};
use crate::zone::ZoneName;

use super::measures::ServiceLevel;

/// All terms of an agreement, as a document states them.
///
/// They read from TOML, JSON or any other self-describing format. The guide has a
/// [reference](crate::guide::terms) of every term.
///
/// # Example: an agreement in TOML
///
/// ```
/// use sla::agreement::AgreementTerms;
///
/// let terms: AgreementTerms = toml::from_str(r#"
///     id = "acme-2026"
///     provider = "Northwind"
///     customer = "Acme"
///     currency = "EUR"
///     zone = "Europe/Paris"
///     in_force = { from = 2026-01-01, through = 2026-12-31 }
///     severities = ["P1", "P2"]
///
///     [calendars.office]
///     zone = "Europe/Paris"
///     weekly = ["Mon-Fri 09:00-17:00"]
///
///     [clocks.response]
///     start = "opened"
///     stop = ["acknowledged", "public_reply", "resolved"]
///     counted_when = "opened"
///     targets = { P1 = "1 h on office", P2 = "1 business day on office, by close" }
///
///     [[levels]]
///     id = "answered-in-time"
///     per = "month"
///     attainment = { clock = "response", target = "95 %" }
/// "#)?;
/// assert_eq!(terms.clocks["response"].targets["P1"].to_string(), "1 h on office");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct AgreementTerms {
    /// The id of the agreement, which its statements show.
    pub id: String,
    /// Who provides the service.
    pub provider: String,
    /// Who receives it.
    pub customer: String,
    /// The currency of its charges and credits.
    pub currency: Currency,
    /// The zone in which periods begin and end.
    pub zone: ZoneName,
    /// The dates on which the agreement is in force.
    pub in_force: InForce,
    /// The severities, from the most severe to the least.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub severities: Vec<String>,
    /// The statuses that an incident may have. A name that is not listed is refused.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub statuses: Vec<String>,
    /// The impacts that an outage may have. A name that is not listed is refused.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub impacts: Vec<String>,
    /// What is measured and charged separately: accounts, regions, machines, sites.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub entities: Vec<String>,
    /// The services that are charged for.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub services: Vec<String>,
    /// The greatest credit of a period, over all its levels.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub caps: Vec<Cap>,
    /// Service hours and composite calendars, by id.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::text::tables::distinct_keys"
    )]
    pub calendars: BTreeMap<String, CalendarTerms>,
    /// The clocks of incidents, by id.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::text::tables::distinct_keys"
    )]
    pub clocks: BTreeMap<String, ClockTerms>,
    /// The service levels: what must be reached, and what a miss costs.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub levels: Vec<ServiceLevel>,
}

/// The dates on which an agreement is in force.
///
/// # Example: a contract that starts in the middle of a month
///
/// ```
/// use sla::agreement::InForce;
/// use sla::period::PartialPeriods;
///
/// let dates: InForce = toml::from_str(
///     r#"
/// from = 2026-01-15
/// through = 2026-12-31
/// partial_periods = "prorate"
/// "#,
/// )?;
/// assert_eq!(dates.partial_periods, Some(PartialPeriods::Prorate));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct InForce {
    /// The first date in force.
    pub from: Date,
    /// The last date in force.
    pub through: Date,
    /// What happens in a period in which the agreement is in force on only some dates. Absent: such
    /// a period is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial_periods: Option<PartialPeriods>,
}

impl InForce {
    pub(super) fn dates(&self) -> DatesInForce {
        DatesInForce {
            first: self.from.naive(),
            day_after: self.through.next(),
        }
    }
}

canonical_struct!(AgreementTerms {
    id,
    provider,
    customer,
    currency,
    zone,
    in_force,
    severities,
    statuses,
    impacts,
    entities,
    services,
    caps,
    calendars,
    clocks,
    levels,
});
canonical_struct!(InForce {
    from,
    through,
    partial_periods
});

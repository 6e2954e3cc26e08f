//! The scope of a statement: what of a period counts.
//!
//! This module owns what becomes of a period of which an agreement is in force on some dates only,
//! and of what is still to come at the instant of asking. Availability and credits ask it; neither
//! knows the rule.

use serde::{Deserialize, Serialize};

use crate::error::QueryError;
use crate::period::{DatesInForce, PartialPeriods, Period};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::Zone;

/// A period in which the agreement is in force on only some of its dates.
///
/// # Example: a contract that starts on 15 January
///
/// ```
/// # use sla::{Agreement, Record, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-15, through = 2026-12-31, partial_periods = "prorate" }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// let as_of = "2026-02-02T09:00:00Z".parse()?;
/// let january = agreement.statement(&Record::new(), "2026-01".parse()?, as_of)?;
/// let partial = january.partial.unwrap();
/// assert_eq!((partial.days, partial.days_of_period), (17, 31));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct PartialPeriod {
    /// What the terms say about such a period.
    pub rule: PartialPeriods,
    /// The dates in force, as an interval of instants.
    pub in_force: Interval,
    /// The number of dates in force.
    pub days: u32,
    /// The number of dates of the period.
    pub days_of_period: u32,
}

/// What of a period counts, at an instant of asking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) period: Period,
    /// The whole period on the time line.
    pub(crate) over: Interval,
    pub(crate) as_of: Instant,
    /// What facts count in.
    pub(crate) counted: Interval,
    /// What agreed time lies in: more than facts count in where the other dates are up by
    /// agreement.
    pub(crate) agreed: Interval,
    pub(crate) partial: Option<PartialPeriod>,
    dates: DatesInForce,
}

/// Why a period has no scope.
#[derive(Debug)]
pub(crate) enum OutOfScope {
    /// The agreement is not in force on any date of it.
    NotInForce,
    /// It is on so many, and the terms do not say what becomes of such a period.
    InPart { days: u32, of: u32 },
    /// The zone cannot place it.
    Unplaced(QueryError),
}

impl Scope {
    /// Finds what of a period counts for an agreement that is in force on `dates`.
    ///
    /// # Errors
    ///
    /// [`OutOfScope`] if the agreement is not in force in it, or in a part of it and there is no
    /// rule for that.
    pub(crate) fn new(
        zone: &Zone,
        period: Period,
        dates: DatesInForce,
        rule: Option<PartialPeriods>,
        as_of: Instant,
    ) -> Result<Self, OutOfScope> {
        let in_force = dates.within(period).ok_or(OutOfScope::NotInForce)?;
        let (days, of) = (in_force.days_of(period), period.days());
        let over = zone.interval(period).map_err(OutOfScope::Unplaced)?;
        let mut scope = Self {
            period,
            over,
            as_of,
            counted: over,
            agreed: over,
            partial: None,
            dates,
        };
        if days == of {
            return Ok(scope);
        }
        let rule = rule.ok_or(OutOfScope::InPart { days, of })?;
        let in_force = zone
            .interval_of_dates(in_force.first, in_force.day_after)
            .map_err(OutOfScope::Unplaced)?;
        if rule != PartialPeriods::Whole {
            scope.counted = in_force;
        }
        if rule == PartialPeriods::Prorate {
            scope.agreed = in_force;
        }
        scope.partial = Some(PartialPeriod {
            rule,
            in_force,
            days,
            days_of_period: of,
        });
        Ok(scope)
    }

    /// Returns what facts count in where the agreed time around it is up by agreement.
    pub(crate) fn assumes_up_outside(&self) -> Option<Interval> {
        (self.counted != self.agreed).then_some(self.counted)
    }

    /// Reports whether all that counts has passed.
    pub(crate) fn is_over(&self) -> bool {
        self.as_of >= self.counted.until()
    }

    /// Returns how many days of a charge's period count, and of how many, if charges are prorated.
    pub(crate) fn prorated_days(&self, period: Period) -> Option<(u32, u32)> {
        let prorates = self.partial.map(|partial| partial.rule) == Some(PartialPeriods::Prorate);
        prorates.then(|| (self.dates.days_of(period), period.days()))
    }

    /// Reports whether the agreement is in force on no date before the period: what was decided
    /// before belongs to it.
    pub(crate) fn is_first(&self) -> bool {
        self.period.first_day() <= self.dates.first
    }

    /// Reports whether it is in force on no date after the period: what is decided later belongs to
    /// it.
    pub(crate) fn is_last(&self) -> bool {
        self.dates.day_after <= self.period.day_after()
    }
}

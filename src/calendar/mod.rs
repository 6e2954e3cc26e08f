//! Service hours: the terms, what they compile to, and the questions the compiled calendar answers.
//!
//! This module owns [`Calendar`], the compiled form. `terms` and `weekly` are what an agreement says, `plan` lays it on
//! the time line, `weeks` finds which weeks are alike, `pages` keeps each kind once in the `table` in which questions are
//! looked up, `query`, `batch` and `explain` are the questions. What a zone is, is left to `zone`; what working time is owed, to those who ask.
//!
//! Local time is resolved once, here: every question reads the same instants.

mod batch;
mod explain;
mod pages;
mod plan;
mod query;
mod table;
mod terms;
mod weekly;
mod weeks;

use alloc::sync::Arc;
use core::fmt;

use chrono::NaiveDate;

use crate::error::QueryError;
use crate::fingerprint::{Canonical, Encoder, Fingerprint, encode_text};
use crate::interval::Interval;
use crate::period::Date;
use crate::zone::Zone;

use plan::Plan;
use table::Table;

pub use explain::{Stretch, StretchReason};
pub use terms::{Holiday, Hours, OvernightOnHoliday};
pub use weekly::Weekly;

/// Service hours, resolved to instants: made by [`Hours::compile_with`].
///
/// Immutable and `Send + Sync`; cloning copies a pointer. It knows all from 1900 until its holidays or its zone data
/// run out, whichever is first.
///
/// # Gaps and folds
///
/// A local time means the first instant at which the zone's clock shows it or later: in a gap the transition, in a
/// fold the first occurrence. So 09:00-17:00 on a day of 25 hours is eight hours, and 00:00-24:00 is 25.
///
/// # Example
///
/// ```
/// use sla::{Hours, WorkingTime};
///
/// let sundays = Hours::in_zone("Europe/Paris").weekly("Sun 00:00-24:00").compile()?;
/// let (from, to) = ("2026-10-24T12:00:00Z".parse().unwrap(), "2026-10-26T12:00:00Z".parse().unwrap());
/// assert_eq!(sundays.elapsed(from, to), Ok(WorkingTime::hours(25)));
/// # Ok::<(), sla::Problems>(())
/// ```
///
/// # Cost
///
/// Eight bytes for each week, some three to find it by open time, and the windows of weeks that are alike once: office
/// hours take some 6 KB for ten years, and 110 KB for two centuries. No question's cost grows with the distance it bridges, but that of [`Calendar::explain`].
#[derive(Clone)]
pub struct Calendar(Arc<Compiled>);

struct Compiled {
    hours: Hours,
    zone: Zone,
    plan: Plan,
    table: Table,
    always_open: bool,
}

impl Calendar {
    /// For hours without problems.
    fn new(hours: Hours, zone: Zone) -> Self {
        let plan = Plan::new(&hours, &zone);
        let table = weeks::table(&plan);
        let covered = plan.coverage();
        let seconds = covered
            .until()
            .epoch_seconds()
            .abs_diff(covered.from().epoch_seconds());
        Self(Arc::new(Compiled {
            always_open: table.total_seconds() == seconds,
            table,
            hours,
            zone,
            plan,
        }))
    }

    /// The zone in which the hours are meant.
    ///
    /// # Example
    ///
    /// ```
    /// assert_eq!(sla::Hours::always().compile()?.zone().name(), "UTC");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// The terms it was compiled from.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// assert_eq!(Hours::always().compile()?.hours(), &Hours::always());
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn hours(&self) -> &Hours {
        &self.0.hours
    }

    /// The instants about which it knows: from 1900 until holidays or zone data run out.
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").known_until("2026-12-31")
    ///     .compile()?;
    /// assert_eq!(desk.covers().end().to_rfc3339(), "2026-12-31T23:00:00+00:00");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn covers(&self) -> Interval {
        self.0.plan.coverage()
    }

    /// SHA-256 over the terms and the zone's offsets from 1900 to the end of its data. Calendars that are equal in both
    /// answer every question alike; the release of the zone data does not enter.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let (one, other) = (Hours::always().compile()?, Hours::always().compile()?);
    /// assert_eq!(one.fingerprint(), other.fingerprint());
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Reads all of the zone's data: about a millisecond.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// Whether both are the same hours on the same zone data, so that nothing changes when one replaces the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let alike =
            || self.hours() == other.hours() && self.zone().fingerprint() == other.zone().fingerprint();
        Arc::ptr_eq(&self.0, &other.0) || alike()
    }

    fn plan(&self) -> &Plan {
        &self.0.plan
    }

    fn table(&self) -> &Table {
        &self.0.table
    }

    fn is_always_open(&self) -> bool {
        self.0.always_open
    }

    /// Why nothing is known from the end of `covers` on.
    #[cold]
    fn beyond(&self) -> QueryError {
        match self.holidays_end() {
            Some(known_until) => QueryError::BeyondCoverage { known_until },
            None => QueryError::BeyondZoneData {
                known_until: self.zone().known_until(),
            },
        }
    }

    /// The last date of known holidays, if that is what ends `covers`.
    fn holidays_end(&self) -> Option<NaiveDate> {
        let before_zone_data = self.covers().end() < self.zone().known_until();
        let last = self.hours().known_until.filter(|_| before_zone_data);
        last.map(Date::naive)
    }
}

impl Canonical for Calendar {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        self.hours().encode(to);
        encode_text(&self.zone().fingerprint(), to);
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar")
            .field("hours", self.hours())
            .field("zone", self.zone())
            .field("covers", &self.covers())
            .finish()
    }
}

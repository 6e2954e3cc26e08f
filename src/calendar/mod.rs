//! Service hours: the terms, what they compile to, and the questions the compiled calendar answers.
//!
//! This module owns [`Calendar`], the compiled form. What an agreement says is in `terms`, what that means on the time line is
//! found in `compile`, kept in `table`, and asked for in `ask`. What a zone is, is left to `zone`; what working time is owed,
//! to those who ask.
//!
//! Local time is resolved once, here: every question reads the same instants.

mod ask;
mod compile;
mod table;
mod terms;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

use chrono::{DateTime, Utc};

use crate::error::{Problems, QueryError};
use crate::fingerprint::{Canonical, Encoder, Fingerprint, encode_text};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::Zone;

use compile::composite::Combined;
use compile::coverage::{Coverage, End};
use compile::local::LocalMap;
use compile::outlook::Outlook;
use compile::plan::Plan;
use compile::weeks;
use table::open_time::OpenTime;
use table::workdays::{self, Workdays};

pub use ask::query::OpenStretches;
pub use compile::composite::{Combination, Composite};
pub use compile::explain::{Stretch, StretchReason};
pub use terms::dates::DateRule;
pub use terms::holidays::{Holiday, Observed};
pub use terms::hours::{BeyondKnown, Hours, OvernightOnHoliday};
pub use terms::overrides::{DayHours, DayOverride};
pub use terms::seasons::Season;
pub use terms::spans::{Moment, OneOff};
pub use terms::weekly::Weekly;

/// Service hours, resolved to instants: made by [`Hours::compile_with`] or [`Composite::compile`].
///
/// Immutable and `Send + Sync`; cloning copies a pointer. It knows all from 1900 until its holidays or its zone data
/// run out, whichever is first, or the horizon it was compiled for.
///
/// # Gaps and folds
///
/// A local time means the first instant at which the zone's clock shows it or later: in a gap the transition, in a
/// fold the first occurrence. So 09:00-17:00 on a day of 25 hours is eight hours, and 00:00-24:00 is 25. Hours may choose
/// another rule for gaps: [`LocalTime`](crate::LocalTime).
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
/// Eight bytes for each week, some three to find it by open time, half a byte for each date, and the windows of weeks that
/// are alike once: office hours take some 7 KB for ten years, and 125 KB for two centuries. No question's cost grows with the
/// distance it bridges, but that of [`Calendar::explain`].
#[derive(Clone)]
pub struct Calendar(Arc<Compiled>);

struct Compiled {
    made: Made,
    zone: Zone,
    coverage: Coverage,
    local: Arc<LocalMap>,
    table: OpenTime,
    workdays: Workdays,
    outlook: Outlook,
}

/// What a calendar was made of.
enum Made {
    Hours { hours: Box<Hours>, plan: Box<Plan> },
    Composite(Combined),
}

impl Calendar {
    /// For hours without problems, but for those that only the zone shows.
    fn of_hours(hours: Hours, zone: Zone, horizon: Option<Interval>) -> Result<Self, Problems> {
        let plan = Plan::new(&hours, &zone, horizon)?;
        let local = plan.local().clone();
        let table = weeks::table(&plan);
        let workdays = workdays::of_plan(&plan, &table);
        let coverage = *plan.coverage();
        Ok(Self::new(Compiled {
            outlook: Outlook::of_hours(&hours, &zone, coverage.span, &table),
            coverage,
            made: Made::Hours {
                hours: Box::new(hours),
                plan: Box::new(plan),
            },
            zone,
            local,
            table,
            workdays,
        }))
    }

    fn new(compiled: Compiled) -> Self {
        Self(Arc::new(compiled))
    }

    /// The zone in which the hours are meant; of a composite, the one in which its dates are asked.
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

    /// The terms it was compiled from; a composite has none of its own.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// assert_eq!(Hours::always().compile()?.hours(), Some(&Hours::always()));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn hours(&self) -> Option<&Hours> {
        match self.made() {
            Made::Hours { hours, .. } => Some(hours),
            Made::Composite(_) => None,
        }
    }

    /// Every zone whose data it uses, its own first.
    pub(crate) fn zones(&self) -> alloc::vec::Vec<&Zone> {
        let mut zones = vec![self.zone()];
        if let Made::Composite(composite) = self.made() {
            zones.extend(composite.parts().flat_map(Self::zones));
        }
        zones
    }

    /// The instants about which it answers: from 1900 until holidays or zone data run out, or its horizon.
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
        self.0.coverage.span
    }

    /// From when on answers rest on the assumption that no further holiday is listed and that clocks are not changed again,
    /// where the terms choose to assume it. An answer rests on it if the interval it is about ends after that instant.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{BeyondKnown, Hours};
    ///
    /// let desk = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").known_until("2026-12-31");
    /// assert_eq!(desk.compile()?.assumed_from(), None);
    /// let assuming = desk.beyond_known(BeyondKnown::Assume).compile()?;
    /// assert_eq!(assuming.assumed_from().unwrap().to_rfc3339(), "2026-12-31T23:00:00+00:00");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn assumed_from(&self) -> Option<DateTime<Utc>> {
        self.0.coverage.assumed_from.map(Instant::to_utc)
    }

    /// Two calendars have equal fingerprints if and only if every question gets the same answer from both, for what they
    /// cover: SHA-256 over what they cover, why it ends, the zone's offsets, the business days, the lengths of days, and the
    /// explanation of all of it. The names of zones, the release of their data and terms that change nothing do not enter.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let desk = |weekly| Hours::in_zone("Europe/Paris").weekly(weekly).compile();
    /// let office = desk("Mon-Fri 09:00-17:00")?.fingerprint();
    /// assert_eq!(desk("Mon,Tue,Wed,Thu,Fri 09:00-17:00")?.fingerprint(), office);
    /// assert_ne!(desk("Mon-Fri 09:00-17:01")?.fingerprint(), office);
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Explains all that is covered: some tens of milliseconds for office hours over two centuries, and more for more windows.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// Whether both are one compiled calendar, or clones of it. Those that were compiled apart may answer alike: what their
    /// fingerprints tell, at the cost of all that they know.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn made(&self) -> &Made {
        &self.0.made
    }

    fn table(&self) -> &OpenTime {
        &self.0.table
    }

    fn local(&self) -> &LocalMap {
        &self.0.local
    }

    fn workdays(&self) -> &Workdays {
        &self.0.workdays
    }

    fn coverage(&self) -> &Coverage {
        &self.0.coverage
    }

    fn outlook(&self) -> Outlook {
        self.0.outlook
    }

    /// By which it is known among calendars that live at the same time.
    fn address(&self) -> *const Compiled {
        Arc::as_ptr(&self.0)
    }

    /// Why nothing is answered from the end of `covers` on.
    #[cold]
    fn beyond(&self) -> QueryError {
        let covers = self.covers();
        match self.coverage().end {
            End::Holidays(known_until) => QueryError::BeyondCoverage { known_until },
            End::ZoneData(known_until) => QueryError::BeyondZoneData {
                known_until: known_until.to_utc(),
            },
            End::Horizon => QueryError::OutsideHorizon {
                from: covers.start(),
                until: covers.end(),
            },
        }
    }

    /// Why nothing is answered before the start of `covers`.
    #[cold]
    fn before(&self) -> QueryError {
        let covers = self.covers();
        match self.coverage().holidays_from {
            Some(known_from) => QueryError::BeforeCoverage { known_from },
            None => QueryError::OutsideHorizon {
                from: covers.start(),
                until: covers.end(),
            },
        }
    }

    /// Why there is no opening in what is covered.
    #[cold]
    fn no_open(&self) -> QueryError {
        if self.outlook().opens {
            self.beyond()
        } else {
            QueryError::NeverOpens
        }
    }

    /// Why no close comes of hours that run until the end of what is covered.
    #[cold]
    fn no_close(&self) -> QueryError {
        if self.outlook().closes {
            self.beyond()
        } else {
            QueryError::NeverCloses
        }
    }
}

impl Calendar {
    /// The business days, and how long a day is.
    fn encode_days(&self, to: &mut Encoder) {
        to.list(2);
        self.workdays().encode(to);
        match self.made() {
            Made::Hours { plan, .. } => {
                let longest = plan.weeks().longest_days(self.workdays().days());
                to.list(longest.len().saturating_mul(2));
                for (day, length) in longest {
                    to.integer(i128::from(day));
                    length.encode(to);
                }
            }
            Made::Composite(_) => to.nothing(),
        }
    }
}

impl Canonical for Calendar {
    fn encode(&self, to: &mut Encoder) {
        let covers = self.covers();
        to.list(7);
        covers.start().encode(to);
        covers.end().encode(to);
        // What is answered at the ends of it.
        to.list(4);
        encode_text(&self.before(), to);
        encode_text(&self.beyond(), to);
        encode_text(&self.no_open(), to);
        encode_text(&self.no_close(), to);
        self.assumed_from().encode(to);
        self.local().encode_over(covers, to);
        self.encode_days(to);
        let stretches = self.explain_known(covers);
        to.list(stretches.len());
        for stretch in &stretches {
            stretch.interval.end().encode(to);
            stretch.reason.encode(to);
        }
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Calendar");
        match self.made() {
            Made::Hours { hours, .. } => shown.field("hours", hours),
            Made::Composite(composite) => shown.field("composite", composite.terms()),
        };
        shown
            .field("zone", &self.zone())
            .field("covers", &self.covers())
            .finish()
    }
}

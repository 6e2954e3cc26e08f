//! A compiled calendar as others hold it.
//!
//! This module owns [`Calendar`], what it tells of itself, its identity, and what a question beyond what it knows is told. The
//! questions are in the modules beside it.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};

use crate::calendar::compile::compiled::{Compiled, Source};
use crate::calendar::compile::local::LocalMap;
use crate::calendar::table::open_time::OpenTime;
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::hours::Hours;
use crate::error::QueryError;
use crate::fingerprint::Fingerprint;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::Zone;

/// Service hours, resolved to instants: made by [`Hours::compile_with`] or
/// [`Composite::compile`](crate::calendar::Composite::compile).
///
/// Immutable and `Send + Sync`; cloning copies a pointer. It knows all from 1900 until its holidays or its zone data
/// run out, whichever is first, or the horizon it was compiled for.
///
/// # Gaps and folds
///
/// A local time means the first instant at which the zone's clock shows it or later: in a gap the transition, in a
/// fold the first occurrence. So 09:00-17:00 on a day of 25 hours is eight hours, and 00:00-24:00 is 25. Hours may choose
/// another rule for gaps: [`GapRule`](crate::zone::GapRule).
///
/// # Example: a day of 25 hours
///
/// ```
/// use sla::{Hours, WorkingTime};
///
/// let sundays = Hours::in_zone("Europe/Paris").weekly("Sun 00:00-24:00").compile()?;
/// let (from, to) = ("2026-10-24T12:00:00Z".parse().unwrap(), "2026-10-26T12:00:00Z".parse().unwrap());
/// assert_eq!(sundays.elapsed(from, to), Ok(WorkingTime::hours(25)));
/// # Ok::<(), sla::error::Problems>(())
/// ```
///
/// # Cost
///
/// Eight bytes for each week, some three to find it by open time, half a byte for each date, and the windows of weeks that
/// are alike once: office hours take some 7 KB for ten years, and 125 KB for two centuries. No question's cost grows with the
/// distance it bridges, but that of [`Calendar::explain`].
#[derive(Clone)]
pub struct Calendar(pub(in crate::calendar) Arc<Compiled>);

impl Calendar {
    /// Returns the zone in which the hours are meant; of a composite, the one in which its dates are asked.
    ///
    /// # Example: hours that never close
    ///
    /// ```
    /// assert_eq!(sla::Hours::always().compile()?.zone().name(), "UTC");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    /// Returns the terms it was compiled from; a composite has none of its own.
    ///
    /// # Example: the terms come back
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let always = Hours::always().build()?;
    /// assert_eq!(always.compile()?.hours(), Some(&always));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn hours(&self) -> Option<&Hours> {
        self.source().hours()
    }

    /// Every zone whose data it uses, its own first.
    pub(crate) fn zones(&self) -> alloc::vec::Vec<&Zone> {
        self.0.zones()
    }

    /// Returns the instants about which it answers: from 1900 until holidays or zone data run out, or its horizon.
    ///
    /// # Example: known until the end of a year
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31")
    ///     .compile()?;
    /// assert_eq!(desk.covers().end().to_rfc3339(), "2026-12-31T23:00:00+00:00");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn covers(&self) -> Interval {
        self.0.coverage.span
    }

    /// Returns from when on answers rest on the assumption that no further holiday is listed and that clocks are not
    /// changed again, where the terms choose to assume it. An answer rests on it if the interval it is about ends after
    /// that instant.
    ///
    /// # Example: holidays that are not listed yet
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::BeyondKnown;
    ///
    /// let desk = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31");
    /// assert_eq!(desk.compile()?.assumed_from(), None);
    /// let assuming = desk.beyond_known(BeyondKnown::Assume).compile()?;
    /// assert_eq!(assuming.assumed_from().unwrap().to_rfc3339(), "2026-12-31T23:00:00+00:00");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn assumed_from(&self) -> Option<DateTime<Utc>> {
        self.0.coverage.assumed_from.map(Instant::to_utc)
    }

    /// Two calendars have equal fingerprints if and only if every question gets the same answer from both, for what they
    /// cover: SHA-256 over what they cover, why it ends, the zone's offsets, the business days, the lengths of days, the cut-offs
    /// that are stated, and the explanation of all of it. The names of zones, the release of their data and terms that change nothing do not enter.
    ///
    /// # Example: one minute longer
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let desk = |weekly| Hours::in_zone("Europe/Paris").weekly(weekly).compile();
    /// let office = desk("Mon-Fri 09:00-17:00")?.fingerprint();
    /// assert_eq!(desk("Mon-Fri 09:00-17:00")?.fingerprint(), office);
    /// assert_ne!(desk("Mon-Fri 09:00-17:01")?.fingerprint(), office);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Looks at each week that is covered, and day by day at those that are like no earlier one. Of these days it explains those
    /// that differ from all earlier ones in more than the names of holidays: of office hours over two centuries some hundreds,
    /// which takes some milliseconds; more where special days and clocks meet in more ways.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// Returns the names of the part whose knowledge ends where an error says, the outermost first: of a composite, an error
    /// such as "no holidays are known after 2026-12-31" is about one of its parts. Nothing for hours, for the composite's
    /// own zone, and for errors about anything else.
    ///
    /// # Example: which part ends first
    ///
    /// ```
    /// use sla::{Hours, ZoneData};
    /// use sla::calendar::Composite;
    ///
    /// let london = Hours::in_zone("Europe/London").weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31").compile()?;
    /// let sydney = Hours::in_zone("Australia/Sydney").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let either = Composite::union("UTC", &["london", "sydney"])
    ///     .compile(&ZoneData::bundled(), &[("london", &london), ("sydney", &sydney)])?;
    /// let error = either.is_open("2027-01-04T10:00:00Z".parse().unwrap()).unwrap_err();
    /// assert_eq!(either.part_behind(error), ["london"]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn part_behind(&self, error: QueryError) -> Vec<&str> {
        self.0
            .part_with(&|part| part.before() == error || part.beyond() == error)
    }

    /// Tells whether the error is that of a question about what lies before or beyond all that the calendar knows.
    pub(crate) fn is_behind(&self, error: QueryError) -> bool {
        self.before() == error || self.beyond() == error
    }

    /// Whether both are one compiled calendar, or clones of it. Those that were compiled apart may answer alike: what their
    /// fingerprints tell, at the cost of all that they know.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns how many bytes its tables take.
    pub(crate) fn bytes(&self) -> usize {
        // Saturating: both are the sizes of vectors that are held.
        self.0.open.bytes().saturating_add(self.0.workdays.bytes())
    }

    pub(super) fn source(&self) -> &dyn Source {
        self.0.source.as_ref()
    }

    pub(super) fn table(&self) -> &OpenTime {
        &self.0.open
    }

    pub(super) fn local(&self) -> &LocalMap {
        &self.0.local
    }

    pub(super) fn workdays(&self) -> &Workdays {
        &self.0.workdays
    }

    /// Why nothing is answered from the end of `covers` on.
    #[cold]
    pub(super) fn beyond(&self) -> QueryError {
        self.0.beyond()
    }

    /// Why nothing is answered before the start of `covers`.
    #[cold]
    pub(super) fn before(&self) -> QueryError {
        self.0.before()
    }

    /// Why there is no opening in what is covered.
    #[cold]
    pub(super) fn no_open(&self) -> QueryError {
        if self.0.outlook.opens {
            self.beyond()
        } else {
            QueryError::NeverOpens
        }
    }

    /// Why no close comes of hours that run until the end of what is covered.
    #[cold]
    pub(super) fn no_close(&self) -> QueryError {
        if self.0.outlook.closes {
            self.beyond()
        } else {
            QueryError::NeverCloses
        }
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Calendar");
        self.source().debug(&mut shown);
        shown
            .field("zone", &self.zone())
            .field("covers", &self.covers())
            .finish()
    }
}

//! From terms to a calendar: the entrances of [`Hours`] and [`Composite`].
//!
//! This module owns what they take and give. What compiling does is left to `compile`.

use crate::calendar::compile;
use crate::calendar::terms::builder::HoursBuilder;
use crate::calendar::terms::composite::Composite;
use crate::calendar::terms::hours::Hours;
use crate::error::{ProblemList, Problems};
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::ZoneData;

use super::calendar::Calendar;

impl Hours {
    /// Resolves the hours to instants, with the zone data that the caller chooses, for all that the zone data knows.
    ///
    /// # Errors
    ///
    /// The [`Problems`] of [`Hours::check`], a zone that the data does not have, and a span that is added and one that is
    /// removed for the same time.
    ///
    /// # Example: zones that are not there
    ///
    /// ```
    /// use sla::{Hours, ZoneData};
    ///
    /// let office = Hours::in_zone("+05:30").weekly("Mon-Fri 09:00-17:00");
    /// assert!(office.compile_with(&ZoneData::fixed_only()).is_ok());
    ///
    /// let paris = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    /// let problems = paris.compile_with(&ZoneData::fixed_only()).unwrap_err();
    /// assert_eq!(problems.to_string(), "zone: expected a zone of the zone data, found `Europe/Paris`");
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the days from 1900 until the end of what is known.
    pub fn compile_with(&self, zones: &ZoneData) -> Result<Calendar, Problems> {
        compile::hours::compile(self, zones, None).map(Calendar)
    }

    /// Compiles as [`Hours::compile_with`], for a horizon only: questions about instants outside it are errors. Takes
    /// less time and memory than all that the zone data knows.
    ///
    /// # Errors
    ///
    /// As [`Hours::compile_with`], and a horizon that is empty or not of whole seconds.
    ///
    /// # Example: ten years of office hours
    ///
    /// ```
    /// use sla::{Hours, Interval, ZoneData};
    ///
    /// let horizon = Interval::new("2026-01-01T00:00:00Z".parse()?, "2036-01-01T00:00:00Z".parse()?)?;
    /// let office = Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    /// let desk = office.compile_within(&ZoneData::bundled(), horizon)?;
    /// assert_eq!(desk.covers(), horizon);
    /// assert!(desk.is_open("2025-12-31T12:00:00Z".parse()?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the days of the horizon.
    pub fn compile_within(&self, zones: &ZoneData, horizon: Interval) -> Result<Calendar, Problems> {
        let is_whole = |at: Instant| Instant::nearest(at.second()) == at;
        if horizon.is_empty() || !is_whole(horizon.from()) || !is_whole(horizon.until()) {
            let what = format!("expected an interval of whole seconds that is not empty, found {horizon}");
            return Err(Problems::one("horizon", what));
        }
        compile::hours::compile(self, zones, Some(horizon)).map(Calendar)
    }

    /// Resolves the hours to instants, with the zone data that the `chrono-tz` crate carries.
    ///
    /// # Errors
    ///
    /// As [`Hours::compile_with`].
    ///
    /// # Example: office hours in Paris
    ///
    /// ```
    /// let office = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(office.zone().name(), "Europe/Paris");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    #[cfg(feature = "chrono-tz")]
    pub fn compile(&self) -> Result<Calendar, Problems> {
        self.compile_with(&ZoneData::bundled())
    }
}

/// As of the hours that are built.
impl HoursBuilder {
    /// Resolves the hours to instants, with the zone data that the caller chooses: see [`Hours::compile_with`].
    ///
    /// # Errors
    ///
    /// [`Problems`]: texts that could not be read, and those of [`Hours::compile_with`].
    pub fn compile_with(&self, zones: &ZoneData) -> Result<Calendar, Problems> {
        self.read_in(zones)?.compile_with(zones)
    }

    /// Resolves the hours to instants, for a horizon only: see [`Hours::compile_within`].
    ///
    /// # Errors
    ///
    /// [`Problems`]: texts that could not be read, and those of [`Hours::compile_within`].
    pub fn compile_within(&self, zones: &ZoneData, horizon: Interval) -> Result<Calendar, Problems> {
        self.read_in(zones)?.compile_within(zones, horizon)
    }

    /// Resolves the hours to instants, with the zone data that the `chrono-tz` crate carries.
    ///
    /// # Errors
    ///
    /// [`Problems`]: texts that could not be read, and those of [`Hours::compile_with`].
    ///
    /// # Example: an office
    ///
    /// ```
    /// let office = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(office.zone().name(), "Europe/Paris");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    #[cfg(feature = "chrono-tz")]
    pub fn compile(&self) -> Result<Calendar, Problems> {
        self.compile_with(&ZoneData::bundled())
    }

    /// Returns the hours, or everything that is wrong with them, a zone that the data lacks included.
    fn read_in(&self, zones: &ZoneData) -> Result<&Hours, Problems> {
        let hours = self.hours();
        if self.is_read() {
            return Ok(hours);
        }
        let mut problems = ProblemList::default();
        if let Err(error) = zones.zone(hours.zone.as_str()) {
            problems.push("zone", error);
        }
        if let Err(found) = self.check() {
            let others = found.iter().filter(|problem| problem.path() != "zone");
            others.for_each(|problem| problems.push(problem.path(), problem.what()));
        }
        problems.finish()?;
        debug_assert!(false, "texts that could not be read are problems");
        Ok(hours)
    }
}

impl Composite {
    /// Takes compiled calendars together, each by the name that the terms give it. Others may be there too.
    ///
    /// # Errors
    ///
    /// The [`Problems`] of [`Composite::check`], a zone that the data does not have, a part that is not there, and more than
    /// 16 composites within one another or 1,000 calendars of hours through all of them.
    ///
    /// # Example: parts by their ids
    ///
    /// ```
    /// use sla::{Hours, ZoneData};
    /// use sla::calendar::Composite;
    ///
    /// let london = Hours::in_zone("Europe/London").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let sydney = Hours::in_zone("Australia/Sydney").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (zones, either) = (ZoneData::bundled(), Composite::union("UTC", &["london", "sydney"]));
    /// assert!(either.compile(&zones, &[("sydney", &sydney), ("london", &london)]).is_ok()); // in any order
    ///
    /// let problems = either.compile(&zones, &[("london", &london)]).unwrap_err();
    /// assert_eq!(problems.to_string(), "union[1]: expected the id of a calendar, found `sydney`");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the weeks that all parts cover, times the parts.
    pub fn compile(&self, zones: &ZoneData, parts: &[(&str, &Calendar)]) -> Result<Calendar, Problems> {
        let part_named = |name: &str| {
            let found = parts.iter().find(|(id, _)| *id == name);
            found.map(|(_, part)| part.0.clone())
        };
        compile::composite::compile(self, zones, part_named).map(Calendar)
    }
}

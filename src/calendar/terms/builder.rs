//! Hours built in code, from texts.
//!
//! This module owns the builder of [`Hours`], which keeps each text that cannot be read as a problem with its place. Which hours
//! make sense is left to `check`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ParseError;
use crate::zone::{LocalTime, ZoneName};

use super::holidays::Holiday;
use super::hours::{BeyondKnown, Hours, List, OvernightOnHoliday, Refused};
use super::overrides::DayOverride;
use super::seasons::Season;
use super::spans::OneOff;
use super::weekly::Weekly;

/// Texts of one entry being read: keeps the errors, so that all are reported.
struct Entry {
    list: List,
    index: usize,
    refused: Vec<Refused>,
}

impl Entry {
    fn read<T: core::str::FromStr<Err = ParseError>>(&mut self, field: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.refused.push(Refused {
                    list: self.list,
                    index: self.index,
                    field: String::from(field),
                    error,
                });
                None
            }
        }
    }
}

impl Hours {
    /// Hours in a zone, to which windows are to be added.
    ///
    /// # Example
    ///
    /// ```
    /// let office = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    /// assert!(office.check().is_ok());
    /// ```
    pub fn in_zone(zone: impl Into<ZoneName>) -> Self {
        Self {
            zone: zone.into(),
            local_time: LocalTime::default(),
            weekly: Vec::new(),
            seasons: Vec::new(),
            holidays: Vec::new(),
            known_from: None,
            known_until: None,
            beyond_known: BeyondKnown::default(),
            overnight_on_holiday: None,
            overrides: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Day and night, in UTC.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, ZoneData};
    ///
    /// let always = Hours::always().compile_with(&ZoneData::fixed_only())?;
    /// assert_eq!(always.is_open("2026-12-25T03:00:00Z".parse().unwrap()), Ok(true));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn always() -> Self {
        let mut hours = Self::in_zone("UTC");
        hours.weekly.push(Weekly::always());
        hours
    }

    /// Layer 1: adds a line of weekly hours, such as `Mon-Fri 09:00-17:00` or `Sat 10:00-14:00 from 2026-04-01`: see
    /// [`Weekly`].
    ///
    /// # Example
    ///
    /// ```
    /// let shop = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-12:00,13:00-17:00")
    ///     .weekly("Sat 10:00-14:00");
    /// assert_eq!(shop.weekly.len(), 2);
    /// ```
    #[must_use]
    pub fn weekly(mut self, text: &str) -> Self {
        let mut entry = self.entry(List::Weekly);
        let read = entry.read("", text);
        self.weekly.extend(read);
        self.keep(entry)
    }

    /// Layer 2: adds a part of the year with other weekly hours, or with none: see [`Season`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Madrid")
    ///     .weekly("Mon-Fri 09:00-18:00")
    ///     .season("Summer", "07-01", "08-31", &["Mon-Fri 08:00-15:00"]);
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn season(mut self, name: &str, from: &str, until: &str, weekly: &[&str]) -> Self {
        let mut entry = self.entry(List::Seasons);
        let (from, until) = (entry.read(".from", from), entry.read(".until", until));
        let lines = weekly.iter().enumerate();
        let weekly: Vec<Weekly> = lines
            .filter_map(|(line, text)| entry.read(&format!(".weekly[{line}]"), text))
            .collect();
        if let (Some(from), Some(until), true) = (from, until, entry.refused.is_empty()) {
            self.seasons.push(Season {
                name: String::from(name),
                from,
                until,
                weekly,
            });
        }
        self.keep(entry)
    }

    /// Layer 3: adds a holiday by its date, such as `2026-11-26`, or by a rule, such as `4th Thu of Nov`, and its name: see
    /// [`DateRule`](crate::DateRule). For one that is observed on other days see [`Holiday`].
    ///
    /// # Example
    ///
    /// ```
    /// let hours = sla::Hours::always()
    ///     .holiday("2026-11-26", "Thanksgiving")
    ///     .holiday("12-25", "Christmas Day");
    /// assert_eq!(hours.holidays[0].name, "Thanksgiving");
    /// ```
    #[must_use]
    pub fn holiday(self, on: &str, name: &str) -> Self {
        self.observed_holiday(on, name, &[])
    }

    /// Layer 3: adds a holiday that is observed on another day if it falls on certain weekdays: see
    /// [`Observed`](crate::Observed).
    ///
    /// # Example
    ///
    /// ```
    /// // Saturday 26 December 2026 is observed on Monday 28.
    /// let desk = sla::Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .observed_holiday("12-26", "Boxing Day", &["Sat,Sun to next Mon"])
    ///     .compile()?;
    /// assert_eq!(desk.is_open("2026-12-28T12:00:00Z".parse().unwrap()), Ok(false));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    #[must_use]
    pub fn observed_holiday(mut self, on: &str, name: &str, observed: &[&str]) -> Self {
        let mut entry = self.entry(List::Holidays);
        let on = entry.read(".on", on);
        let texts = observed.iter().enumerate();
        let observed = texts
            .filter_map(|(index, text)| entry.read(&format!(".observed[{index}]"), text))
            .collect();
        if let (Some(on), true) = (on, entry.refused.is_empty()) {
            let name = String::from(name);
            self.holidays.push(Holiday { on, name, observed });
        }
        self.keep(entry)
    }

    /// States the first date for which the holidays are known, such as `2015-01-01`: a published list starts somewhere.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::QueryError;
    ///
    /// let desk = sla::Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .holiday("2026-12-25", "Christmas Day").known_from("2026-01-01").known_until("2026-12-31")
    ///     .compile()?;
    /// let error = desk.is_open("2025-12-25T12:00:00Z".parse().unwrap()).unwrap_err();
    /// assert!(matches!(error, QueryError::BeforeCoverage { .. }));
    /// assert_eq!(error.to_string(), "holidays are known from 2026-01-01 only");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    #[must_use]
    pub fn known_from(mut self, date: &str) -> Self {
        let mut entry = self.entry(List::KnownFrom);
        if let Some(date) = entry.read("", date) {
            self.known_from = Some(date);
        }
        self.keep(entry)
    }

    /// States the last date for which the holidays are known, such as `2026-12-31`.
    ///
    /// # Example
    ///
    /// ```
    /// let hours = sla::Hours::always().known_until("2026-12-31");
    /// assert!(hours.known_until.is_some());
    /// ```
    #[must_use]
    pub fn known_until(mut self, date: &str) -> Self {
        let mut entry = self.entry(List::KnownUntil);
        if let Some(date) = entry.read("", date) {
            self.known_until = Some(date);
        }
        self.keep(entry)
    }

    /// States what is answered about dates after those that are known.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{BeyondKnown, Hours};
    ///
    /// let desk = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").holiday("2026-12-25", "Christmas Day").known_until("2026-12-31")
    ///     .beyond_known(BeyondKnown::Assume)
    ///     .compile()?;
    /// let next_year = "2027-01-04T10:00:00Z".parse().unwrap();
    /// assert_eq!(desk.is_open(next_year), Ok(true));
    /// assert!(desk.assumed_from().is_some_and(|from| from <= next_year));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    #[must_use]
    pub fn beyond_known(mut self, beyond_known: BeyondKnown) -> Self {
        self.beyond_known = beyond_known;
        self
    }

    /// States what a holiday or an override does to a window over midnight.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, OvernightOnHoliday};
    ///
    /// let night = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 22:00-06:00")
    ///     .holiday("12-25", "Christmas");
    /// assert!(night.check().is_err());
    /// let stated = night.overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay);
    /// assert!(stated.check().is_ok());
    /// ```
    #[must_use]
    pub fn overnight_on_holiday(mut self, choice: OvernightOnHoliday) -> Self {
        self.overnight_on_holiday = Some(choice);
        self
    }

    /// States what a local time means that the zone's clock skips.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, LocalTime};
    ///
    /// // 02:30 does not exist on 2026-03-29: the clock goes from 02:00 to 03:00.
    /// let night = Hours::in_zone("Europe/Paris").weekly("Sun 02:30-05:00");
    /// let opens = |hours: &Hours| {
    ///     let desk = hours.compile().unwrap();
    ///     desk.next_open("2026-03-29T00:00:00Z".parse().unwrap()).unwrap().to_rfc3339()
    /// };
    /// assert_eq!(opens(&night), "2026-03-29T01:00:00+00:00"); // 03:00, the transition
    /// assert_eq!(opens(&night.local_time(LocalTime::Compatible)), "2026-03-29T01:30:00+00:00"); // 03:30
    /// ```
    #[must_use]
    pub fn local_time(mut self, local_time: LocalTime) -> Self {
        self.local_time = local_time;
        self
    }

    /// Layer 4: gives a date, or the dates of a rule, hours of their own: `closed`, windows such as `10:00-14:00`, or a half
    /// day such as `until 13:00`. See [`DayOverride`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .override_day("12-24", "until 13:00", "Christmas Eve");
    /// assert_eq!(desk.overrides[0].hours.to_string(), "until 13:00");
    /// ```
    #[must_use]
    pub fn override_day(mut self, on: &str, hours: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Overrides);
        if let (Some(on), Some(hours)) = (entry.read(".on", on), entry.read(".hours", hours)) {
            self.overrides.push(DayOverride::new(on, hours, name));
        }
        self.keep(entry)
    }

    /// Layer 5: adds hours once, from a local time or an instant until another: see [`OneOff`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .add("2026-06-20T08:00", "2026-06-21T20:00", "Migration weekend");
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn add(mut self, from: &str, until: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Added);
        let span = entry.span(from, until, name);
        self.added.extend(span);
        self.keep(entry)
    }

    /// Layer 5: removes hours once, from a local time or an instant until another: see [`OneOff`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .remove("2026-06-18T14:00", "2026-06-18T16:00", "All-hands meeting");
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn remove(mut self, from: &str, until: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Removed);
        let span = entry.span(from, until, name);
        self.removed.extend(span);
        self.keep(entry)
    }

    /// The next entry of a list, of which some texts may have been refused.
    fn entry(&self, list: List) -> Entry {
        let kept = match list {
            List::Weekly => self.weekly.len(),
            List::Seasons => self.seasons.len(),
            List::Holidays => self.holidays.len(),
            List::KnownFrom | List::KnownUntil => 0,
            List::Overrides => self.overrides.len(),
            List::Added => self.added.len(),
            List::Removed => self.removed.len(),
        };
        let mut refused: Vec<usize> = self.refused_in(list).map(|refused| refused.index).collect();
        refused.dedup();
        Entry {
            list,
            // No wrap: the lengths of two lists.
            index: kept.wrapping_add(refused.len()),
            refused: Vec::new(),
        }
    }

    fn keep(mut self, entry: Entry) -> Self {
        self.refused.extend(entry.refused);
        self
    }

    pub(crate) fn refused_in(&self, list: List) -> impl Iterator<Item = &Refused> {
        self.refused.iter().filter(move |refused| refused.list == list)
    }
}

impl Entry {
    fn span(&mut self, from: &str, until: &str, name: &str) -> Option<OneOff> {
        let (from, until) = (self.read(".from", from), self.read(".until", until));
        Some(OneOff::new(from?, until?, name))
    }
}

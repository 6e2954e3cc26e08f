//! Hours built in code, from texts.
//!
//! This module owns the builder of [`Hours`], which keeps each text that cannot be read as a problem with its place. Which hours
//! make sense is left to `check`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{ParseError, Problems};
use crate::zone::{GapRule, ZoneName};

use super::check::Checker;
use super::cut_off::WeekdayCutOff;
use super::holidays::Holiday;
use super::hours::{BeyondKnown, Hours, OvernightOnHoliday};
use super::overrides::DayOverride;
use super::refused::{List, Refused};
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
    /// Creates hours in a zone that are never open, to whose fields windows are to be added.
    ///
    /// # Example: hours from parts
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let mut office = Hours::new("Europe/Paris");
    /// office.weekly.push("Mon-Fri 09:00-17:00".parse()?);
    /// assert!(office.check().is_ok());
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn new(zone: impl Into<ZoneName>) -> Self {
        Self {
            zone: zone.into(),
            gap_rule: GapRule::default(),
            weekly: Vec::new(),
            seasons: Vec::new(),
            holidays: Vec::new(),
            known_from: None,
            known_through: None,
            beyond_known: BeyondKnown::default(),
            overnight_on_holiday: None,
            overrides: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
            cut_off: Vec::new(),
        }
    }

    /// Starts building hours in a zone from texts.
    ///
    /// # Example: an office
    ///
    /// ```
    /// let office = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    /// assert!(office.check().is_ok());
    /// ```
    pub fn in_zone(zone: impl Into<ZoneName>) -> HoursBuilder {
        HoursBuilder {
            hours: Self::new(zone),
            refused: Vec::new(),
        }
    }

    /// Starts building hours that are open day and night, in UTC.
    ///
    /// # Example: always open
    ///
    /// ```
    /// use sla::{Hours, ZoneData};
    ///
    /// let always = Hours::always().compile_with(&ZoneData::fixed_only())?;
    /// assert_eq!(always.is_open("2026-12-25T03:00:00Z".parse().unwrap()), Ok(true));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn always() -> HoursBuilder {
        let mut builder = Self::in_zone("UTC");
        builder.hours.weekly.push(Weekly::always());
        builder
    }
}

/// Builds [`Hours`] from texts.
///
/// A text that cannot be read is kept as a problem with its place, so that [`HoursBuilder::check`] and
/// [`HoursBuilder::compile`] report everything at once.
///
/// # Example: two mistakes, told together
///
/// ```
/// let problems = sla::Hours::in_zone("Europe/Paris")
///     .weekly("Mon-Fri 9-17")
///     .holiday("32 May", "May Day")
///     .check()
///     .unwrap_err();
/// assert_eq!(problems.iter().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursBuilder {
    hours: Hours,
    /// What it was given and could not read.
    refused: Vec<Refused>,
}

impl From<Hours> for HoursBuilder {
    fn from(hours: Hours) -> Self {
        Self {
            hours,
            refused: Vec::new(),
        }
    }
}

impl HoursBuilder {
    /// Returns the hours. Like those of a document, they are not checked yet: [`Hours::check`].
    ///
    /// # Errors
    ///
    /// [`Problems`]: texts that could not be read, and whatever else is wrong then.
    ///
    /// # Example: from a builder to a document
    ///
    /// ```
    /// let hours = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").build()?;
    /// assert_eq!(toml::to_string(&hours)?, "zone = \"UTC\"\nweekly = [\"Mon-Fri 09:00-17:00\"]\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(self) -> Result<Hours, Problems> {
        if !self.is_read() {
            self.check()?;
        }
        debug_assert!(self.is_read(), "texts that could not be read are problems");
        Ok(self.hours)
    }

    /// Checks all that can be checked without zone data.
    ///
    /// # Errors
    ///
    /// [`Problems`]: texts that could not be read, and those of [`Hours::check`].
    pub fn check(&self) -> Result<(), Problems> {
        Checker::built(&self.hours, &self.refused).check()
    }

    /// Returns the hours as far as their texts could be read.
    pub(crate) fn hours(&self) -> &Hours {
        &self.hours
    }

    /// Reports whether every text could be read.
    pub(crate) fn is_read(&self) -> bool {
        self.refused.is_empty()
    }

    /// Adds a holiday from its parts.
    #[must_use]
    pub fn with_holiday(mut self, holiday: Holiday) -> Self {
        self.hours.holidays.push(holiday);
        self
    }

    /// Adds a date, or the dates of a rule, with hours of their own from its parts.
    #[must_use]
    pub fn with_override(mut self, day: DayOverride) -> Self {
        self.hours.overrides.push(day);
        self
    }

    /// Adds a line of weekly hours, such as `Mon-Fri 09:00-17:00` or `Sat 10:00-14:00 from 2026-04-01`: see
    /// [`Weekly`].
    ///
    /// # Example: weekdays and a Saturday
    ///
    /// ```
    /// let shop = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-12:00,13:00-17:00")
    ///     .weekly("Sat 10:00-14:00")
    ///     .build()?;
    /// assert_eq!(shop.weekly.len(), 2);
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[must_use]
    pub fn weekly(mut self, text: &str) -> Self {
        let mut entry = self.entry(List::Weekly);
        let read = entry.read("", text);
        self.hours.weekly.extend(read);
        self.keep(entry)
    }

    /// Adds a part of the year with other weekly hours, or with none: see [`Season`].
    ///
    /// # Example: shorter days in summer
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Madrid")
    ///     .weekly("Mon-Fri 09:00-18:00")
    ///     .season("Summer", "1 Jul", "31 Aug", &["Mon-Fri 08:00-15:00"]);
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn season(mut self, name: &str, from: &str, through: &str, weekly: &[&str]) -> Self {
        let mut entry = self.entry(List::Seasons);
        let (from, through) = (entry.read(".from", from), entry.read(".through", through));
        let lines = weekly.iter().enumerate();
        let weekly: Vec<Weekly> = lines
            .filter_map(|(line, text)| entry.read(&format!(".weekly[{line}]"), text))
            .collect();
        if let (Some(from), Some(through), true) = (from, through, entry.refused.is_empty()) {
            self.hours.seasons.push(Season {
                name: String::from(name),
                from,
                through,
                weekly,
            });
        }
        self.keep(entry)
    }

    /// Adds a holiday by its date, such as `2026-11-26`, or by a rule, such as `4th Thu of Nov`, and its name: see
    /// [`DateRule`](crate::calendar::DateRule). For one that is observed on other days see [`Holiday`].
    ///
    /// # Example: once, and every year
    ///
    /// ```
    /// let hours = sla::Hours::always()
    ///     .holiday("2026-11-26", "Thanksgiving")
    ///     .holiday("25 Dec", "Christmas Day")
    ///     .build()?;
    /// assert_eq!(hours.holidays[0].name, "Thanksgiving");
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[must_use]
    pub fn holiday(self, on: &str, name: &str) -> Self {
        self.observed_holiday(on, name, &[])
    }

    /// Adds holidays by their dates or rules alone, each of which is its own name.
    ///
    /// # Example: days off as a contract lists them
    ///
    /// ```
    /// let hours = sla::Hours::always().holidays(&["1 Jan", "easter +1", "24 Dec through 26 Dec"]).build()?;
    /// assert_eq!(hours.holidays[2].name, "24 Dec through 26 Dec");
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[must_use]
    pub fn holidays(self, on: &[&str]) -> Self {
        on.iter().fold(self, |hours, on| hours.holiday(on, on))
    }

    /// Adds a holiday that is observed on another day if it falls on certain weekdays: see
    /// [`Observed`](crate::calendar::Observed).
    ///
    /// # Example: Boxing Day on a Saturday
    ///
    /// ```
    /// // Saturday 26 December 2026 is observed on Monday 28.
    /// let desk = sla::Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .observed_holiday("26 Dec", "Boxing Day", &["Sat,Sun to next Mon"])
    ///     .compile()?;
    /// assert_eq!(desk.is_open("2026-12-28T12:00:00Z".parse().unwrap()), Ok(false));
    /// # Ok::<(), sla::error::Problems>(())
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
            self.hours.holidays.push(Holiday { on, name, observed });
        }
        self.keep(entry)
    }

    /// States the first date for which the holidays are known, such as `2015-01-01`: a published list starts somewhere.
    ///
    /// # Example: no answer about the year before
    ///
    /// ```
    /// use sla::error::QueryError;
    ///
    /// let desk = sla::Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .holiday("2026-12-25", "Christmas Day").known_from("2026-01-01").known_through("2026-12-31")
    ///     .compile()?;
    /// let error = desk.is_open("2025-12-25T12:00:00Z".parse().unwrap()).unwrap_err();
    /// assert!(matches!(error, QueryError::BeforeCoverage { .. }));
    /// assert_eq!(error.to_string(), "no holidays are known before 2026-01-01");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    #[must_use]
    pub fn known_from(mut self, date: &str) -> Self {
        let mut entry = self.entry(List::KnownFrom);
        if let Some(date) = entry.read("", date) {
            self.hours.known_from = Some(date);
        }
        self.keep(entry)
    }

    /// States the last date for which the holidays are known, such as `2026-12-31`.
    ///
    /// # Example: holidays of one year
    ///
    /// ```
    /// let hours = sla::Hours::always().known_through("2026-12-31").build()?;
    /// assert!(hours.known_through.is_some());
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[must_use]
    pub fn known_through(mut self, date: &str) -> Self {
        let mut entry = self.entry(List::KnownThrough);
        if let Some(date) = entry.read("", date) {
            self.hours.known_through = Some(date);
        }
        self.keep(entry)
    }

    /// States what is answered about dates after those that are known.
    ///
    /// # Example: an answer about the next year
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::BeyondKnown;
    ///
    /// let desk = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00").holiday("2026-12-25", "Christmas Day").known_through("2026-12-31")
    ///     .beyond_known(BeyondKnown::Assume)
    ///     .compile()?;
    /// let next_year = "2027-01-04T10:00:00Z".parse().unwrap();
    /// assert_eq!(desk.is_open(next_year), Ok(true));
    /// assert!(desk.assumed_from().is_some_and(|from| from <= next_year));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    #[must_use]
    pub fn beyond_known(mut self, beyond_known: BeyondKnown) -> Self {
        self.hours.beyond_known = beyond_known;
        self
    }

    /// States what a holiday or an override does to a window over midnight.
    ///
    /// # Example: a night shift beside Christmas
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::OvernightOnHoliday;
    ///
    /// let night = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 22:00-06:00")
    ///     .holiday("25 Dec", "Christmas");
    /// assert!(night.check().is_err());
    /// let stated = night.overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay);
    /// assert!(stated.check().is_ok());
    /// ```
    #[must_use]
    pub fn overnight_on_holiday(mut self, choice: OvernightOnHoliday) -> Self {
        self.hours.overnight_on_holiday = Some(choice);
        self
    }

    /// States what a local time means that the zone's clock skips.
    ///
    /// # Example: an opening that clocks skip
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::HoursBuilder;
    /// use sla::zone::GapRule;
    ///
    /// // 02:30 does not exist on 2026-03-29: the clock goes from 02:00 to 03:00.
    /// let night = Hours::in_zone("Europe/Paris").weekly("Sun 02:30-05:00");
    /// let opens = |hours: &HoursBuilder| {
    ///     let desk = hours.compile().unwrap();
    ///     desk.next_open("2026-03-29T00:00:00Z".parse().unwrap()).unwrap().to_rfc3339()
    /// };
    /// assert_eq!(opens(&night), "2026-03-29T01:00:00+00:00"); // 03:00, the transition
    /// assert_eq!(opens(&night.gap_rule(GapRule::Compatible)), "2026-03-29T01:30:00+00:00"); // 03:30
    /// ```
    #[must_use]
    pub fn gap_rule(mut self, gap_rule: GapRule) -> Self {
        self.hours.gap_rule = gap_rule;
        self
    }

    /// Gives a date, or the dates of a rule, hours of their own: `closed`, windows such as `10:00-14:00`, or a half
    /// day such as `until 13:00`. See [`DayOverride`].
    ///
    /// # Example: a short Christmas Eve
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .override_day("24 Dec", "until 13:00", "Christmas Eve")
    ///     .build()?;
    /// assert_eq!(desk.overrides[0].hours.to_string(), "until 13:00");
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[must_use]
    pub fn override_day(mut self, on: &str, hours: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Overrides);
        if let (Some(on), Some(hours)) = (entry.read(".on", on), entry.read(".hours", hours)) {
            self.hours.overrides.push(DayOverride::new(on, hours, name));
        }
        self.keep(entry)
    }

    /// Adds hours once, from a local time or an instant until another: see [`OneOff`].
    ///
    /// # Example: a weekend of work
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .open_once("2026-06-20T08:00", "2026-06-21T20:00", "Migration weekend");
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn open_once(mut self, from: &str, until: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Added);
        let span = entry.span(from, until, name);
        self.hours.added.extend(span);
        self.keep(entry)
    }

    /// Removes hours once, from a local time or an instant until another: see [`OneOff`].
    ///
    /// # Example: an afternoon off
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .close_once("2026-06-18T14:00", "2026-06-18T16:00", "All-hands meeting");
    /// assert!(desk.check().is_ok());
    /// ```
    #[must_use]
    pub fn close_once(mut self, from: &str, until: &str, name: &str) -> Self {
        let mut entry = self.entry(List::Removed);
        let span = entry.span(from, until, name);
        self.hours.removed.extend(span);
        self.keep(entry)
    }

    /// Adds the time of day from which on what arrives on some weekdays counts as received on the next business day: see
    /// [`WeekdayCutOff`].
    ///
    /// # Example: from four o'clock on
    ///
    /// ```
    /// use sla::time::{BusinessDays, CutOff, DayMeaning};
    ///
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").cut_off("Mon-Fri 16:00").compile()?;
    /// let next_day = BusinessDays::new(1, DayMeaning::ByClose).with_cut_off(CutOff::OfTheCalendar);
    /// let due = desk.deadline_in_days("2026-03-06T16:30:00Z".parse()?, next_day)?; // a Friday
    /// assert_eq!(due.to_rfc3339(), "2026-03-10T17:00:00+00:00"); // received on Monday
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cut_off(mut self, text: &str) -> Self {
        let mut entry = self.entry(List::CutOff);
        let read: Option<WeekdayCutOff> = entry.read("", text);
        self.hours.cut_off.extend(read);
        self.keep(entry)
    }

    /// The next entry of a list, of which some texts may have been refused.
    fn entry(&self, list: List) -> Entry {
        let kept = match list {
            List::Weekly => self.hours.weekly.len(),
            List::Seasons => self.hours.seasons.len(),
            List::Holidays => self.hours.holidays.len(),
            List::KnownFrom | List::KnownThrough => 0,
            List::Overrides => self.hours.overrides.len(),
            List::Added => self.hours.added.len(),
            List::Removed => self.hours.removed.len(),
            List::CutOff => self.hours.cut_off.len(),
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

    fn refused_in(&self, list: List) -> impl Iterator<Item = &Refused> {
        self.refused.iter().filter(move |refused| refused.list == list)
    }
}

impl Entry {
    fn span(&mut self, from: &str, until: &str, name: &str) -> Option<OneOff> {
        let (from, until) = (self.read(".from", from), self.read(".until", until));
        Some(OneOff::new(from?, until?, name))
    }
}

//! Service hours as an agreement states them: the terms, their builder and their text are one type.
//!
//! This module owns the layers of the hours and their precedence. Which hours make sense is left to `check`, what they mean
//! on the time line to `plan`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ParseError, ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::period::Date;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::zone::{LocalTime, ZoneData, ZoneName};

use super::holidays::Holiday;
use super::overrides::DayOverride;
use super::seasons::Season;
use super::spans::OneOff;
use super::weekly::Weekly;
use crate::calendar::Calendar;

/// Service hours in one zone.
///
/// The fields are what a document says; the methods build the same in code. A text that cannot be read is kept as a
/// problem, so that [`Hours::check`] and [`Hours::compile_with`] report everything at once.
///
/// # Precedence
///
/// Hours are layers. Each takes the place of those before it, where it says anything at all:
///
/// | layer | field | says |
/// |---|---|---|
/// | 1 | [`weekly`](Hours::weekly) | the windows of an ordinary week; each line may hold from and until a date |
/// | 2 | [`seasons`](Hours::seasons) | the windows of the week instead, for a part of the year |
/// | 3 | [`holidays`](Hours::holidays) | dates without hours |
/// | 4 | [`overrides`](Hours::overrides) | dates with hours of their own: closed, special hours, half days |
/// | 5 | [`added`](Hours::added), [`removed`](Hours::removed) | spans of time, once |
///
/// Within a layer nothing is decided by order: two seasons, or two overrides, for one date are a problem, and so are a span
/// that is added and one that is removed for the same time. Windows of a layer that overlap count once, and so do holidays
/// whose rules meet on a date.
///
/// A window belongs to the date on which it starts. What a holiday or an override does to a window over midnight has no
/// default: [`OvernightOnHoliday`].
///
/// # Example
///
/// ```
/// use sla::{Hours, WorkingTime};
///
/// let desk = Hours::in_zone("America/New_York")
///     .weekly("Mon-Fri 09:00-17:00")
///     .holiday("4th Thu of Nov", "Thanksgiving")
///     .override_day("4th Thu of Nov +1", "until 13:00", "Day after Thanksgiving")
///     .compile()?;
/// let opened = "2026-11-25T21:00:00Z".parse().unwrap(); // Wednesday 16:00
/// let due = desk.deadline(opened, WorkingTime::hours(6)).unwrap();
/// assert_eq!(due.to_rfc3339(), "2026-11-30T15:00:00+00:00"); // one hour, four on Friday, one on Monday
/// # Ok::<(), sla::Problems>(())
/// ```
///
/// As a document, here in TOML:
///
/// ```
/// # let text = r#"
/// zone = "America/New_York"
/// weekly = ["Mon-Fri 09:00-17:00", "Sat 10:00-14:00 until 2026-06-30"]
/// holidays = [
///     { on = "2026-11-26", name = "Thanksgiving" },
///     { on = "07-04", name = "Independence Day", observed = ["Sat to previous Fri", "Sun to next Mon"] },
/// ]
/// known_until = "2026-12-31"
/// overrides = [{ on = "12-24", hours = "until 13:00", name = "Christmas Eve" }]
/// removed = [{ from = "2026-03-05T14:00", until = "2026-03-05T16:00", name = "All-hands meeting" }]
///
/// [[seasons]]
/// name = "Summer"
/// from = "07-01"
/// until = "08-31"
/// weekly = ["Mon-Fri 08:00-15:00"]
/// # "#;
/// # let hours: sla::Hours = toml::from_str(text).unwrap();
/// # assert!(hours.compile().is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields, rename_all = "snake_case")]
pub struct Hours {
    /// The zone in which times and dates are meant.
    pub zone: ZoneName,
    /// What a local time means that the zone's clock skips: by default the first instant at which it shows that time or a
    /// later one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub local_time: LocalTime,
    /// Layer 1: when service hours run in an ordinary week. Windows that overlap count once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekly: Vec<Weekly>,
    /// Layer 2: parts of the year with other weekly hours. No two may meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<Season>,
    /// Layer 3: the dates without service hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// The first date for which holidays are known. Nothing is answered about earlier dates. Without it, the list is complete
    /// from 1900 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<Date>,
    /// The last date for which holidays are known. Nothing is answered about later dates, unless `beyond_known` says so. A
    /// calendar that lists holidays by single dates must state it; without it, the rules hold for all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_until: Option<Date>,
    /// What is answered about dates after `known_until`, and after the end of the zone data.
    #[serde(default, skip_serializing_if = "is_default")]
    pub beyond_known: BeyondKnown,
    /// What a holiday or an override does to a window over midnight. A calendar that has both must state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overnight_on_holiday: Option<OvernightOnHoliday>,
    /// Layer 4: dates with hours of their own. No two may name one date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<DayOverride>,
    /// Layer 5: hours that run once. None may meet one that is removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<OneOff>,
    /// Layer 5: hours that fall away once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<OneOff>,
    /// What the builder was given and could not read.
    #[serde(
        skip_deserializing,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "refuse"
    )]
    pub(crate) refused: Vec<Refused>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Hours that hold unread texts are not written: without them they would be other hours.
fn refuse<S: serde::Serializer>(refused: &[Refused], _: S) -> Result<S::Ok, S::Error> {
    let first = refused.first().map(|refused| &refused.error);
    let text = first.map(|error| format!("{error}")).unwrap_or_default();
    Err(serde::ser::Error::custom(format!(
        "the hours hold a text that could not be read: {text}"
    )))
}

crate::words::words! {
    /// What a calendar answers about dates after those for which its holidays are known, and after the end of its zone data.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{BeyondKnown, Hours, QueryError};
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_until("2026-12-31");
    /// let monday = "2027-01-04T10:00:00Z".parse().unwrap();
    /// assert_eq!(desk.beyond_known, BeyondKnown::Refuse);
    /// assert!(matches!(desk.compile()?.is_open(monday), Err(QueryError::BeyondCoverage { .. })));
    /// assert_eq!(desk.beyond_known(BeyondKnown::Assume).compile()?.is_open(monday), Ok(true));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    #[derive(Hash, Default)]
    pub enum BeyondKnown {
        /// An error: [`QueryError::BeyondCoverage`](crate::QueryError::BeyondCoverage) or
        /// [`QueryError::BeyondZoneData`](crate::QueryError::BeyondZoneData).
        #[default]
        Refuse = "refuse",
        /// What would hold if no further holiday were listed and clocks were not changed again.
        /// [`Calendar::assumed_from`] says from when on answers rest on it; readings and statements say so too.
        Assume = "assume",
    }
}

crate::words::words! {
    /// What a holiday or a date override does to a window over midnight. There is no default: contracts mean either.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, OvernightOnHoliday};
    ///
    /// let night = Hours::in_zone("UTC").weekly("Mon-Fri 22:00-06:00").holiday("12-25", "Christmas Day");
    /// // At three in the night to Christmas Day, a Friday in 2026, and in the night after it.
    /// let open = |choice| {
    ///     let desk = night.clone().overnight_on_holiday(choice).compile().unwrap();
    ///     ["2026-12-25T03:00:00Z", "2026-12-26T03:00:00Z"].map(|at| desk.is_open(at.parse().unwrap()).unwrap())
    /// };
    /// assert_eq!(open(OvernightOnHoliday::ShiftBelongsToStartDay), [true, false]);
    /// assert_eq!(open(OvernightOnHoliday::HolidayMasksLocalDay), [false, true]);
    /// ```
    #[derive(Hash)]
    pub enum OvernightOnHoliday {
        /// The holiday removes each window that starts on its date, also the part after midnight. The part of the
        /// previous night's window that reaches into the holiday stays. So with overrides: they take the place of the windows
        /// that start on their date.
        ShiftBelongsToStartDay = "shift_belongs_to_start_day",
        /// The holiday removes the hours of its date, from midnight to midnight, and nothing else. So with overrides: they take
        /// the place of the hours of their date. What a window of the previous date has after midnight is among those hours, also
        /// if an override gave it that window.
        HolidayMasksLocalDay = "holiday_masks_local_day",
    }
}

/// A text that the builder could not read, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) list: List,
    /// The place in the list, among those that were read and those that were not.
    pub(crate) index: usize,
    /// The field of the entry, with a dot before it; empty if the entry is the text.
    pub(crate) field: String,
    pub(crate) error: ParseError,
}

/// The fields that the builder fills from texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Weekly,
    Seasons,
    Holidays,
    KnownFrom,
    KnownUntil,
    Overrides,
    Added,
    Removed,
}

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

    /// Checks all that can be checked without zone data.
    ///
    /// # Errors
    ///
    /// [`Problems`], all of them: texts that the builder could not read, such as the zone's name; no windows at all, or
    /// more than 96 that start on one weekday or are an override's; more than 200 weekly lines in the ordinary week or
    /// in one season, or than 1,000 in all layers together; more than 366 rules of holidays, and other lists that are
    /// too long; names that are empty or too long; `known_until` before `known_from`, and single dates of holidays that
    /// stand there twice, without `known_until` or not between the two; two seasons or two overrides for one date; a
    /// season without an end; a holiday that finds no free day to be observed on; a span that ends before it starts;
    /// and windows over midnight beside holidays or overrides without [`Hours::overnight_on_holiday`].
    ///
    /// # Example
    ///
    /// ```
    /// let problems = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 22:00-06:00")
    ///     .holiday("2026-12-25", "Christmas")
    ///     .check()
    ///     .unwrap_err();
    /// assert_eq!(
    ///     problems.to_string(),
    ///     "known_until: expected the last date for which holidays are known, since there are holidays by single dates\n\
    ///      overnight_on_holiday: expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
    ///      since there are holidays or overrides, and windows over midnight"
    /// );
    /// ```
    ///
    /// # Cost
    ///
    /// n log n in the entries; rules are looked at for each year.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(error) = self.zone.as_str().parse::<ZoneName>() {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()
    }

    /// Resolves the hours to instants, with the zone data that the caller chooses, for all that the zone data knows.
    ///
    /// # Errors
    ///
    /// The [`Problems`] of [`Hours::check`], a zone that the data does not have, and a span that is added and one that is
    /// removed for the same time.
    ///
    /// # Example
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
        self.compile_over(zones, None)
    }

    /// As [`Hours::compile_with`], for a horizon only: questions about instants outside it are errors. Takes less time and
    /// memory than all that the zone data knows.
    ///
    /// # Errors
    ///
    /// As [`Hours::compile_with`], and a horizon that is empty or not of whole seconds.
    ///
    /// # Example
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
        let is_whole = |at: Instant| Instant::clamped_from_seconds(at.epoch_seconds()) == at;
        if horizon.is_empty() || !is_whole(horizon.from()) || !is_whole(horizon.until()) {
            let what = format!("expected an interval of whole seconds that is not empty, found {horizon}");
            return Err(Problems::one("horizon", what));
        }
        self.compile_over(zones, Some(horizon))
    }

    fn compile_over(&self, zones: &ZoneData, horizon: Option<Interval>) -> Result<Calendar, Problems> {
        let mut problems = ProblemList::default();
        let zone = zones.zone(self.zone.as_str());
        if let Err(error) = &zone {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()?;
        match zone {
            Ok(zone) => Calendar::of_hours(self.clone(), zone, horizon),
            Err(error) => Err(Problems::one("zone", error)),
        }
    }

    /// Resolves the hours to instants, with the zone data that the `chrono-tz` crate carries.
    ///
    /// # Errors
    ///
    /// As [`Hours::compile_with`].
    ///
    /// # Example
    ///
    /// ```
    /// let office = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// assert_eq!(office.zone().name(), "Europe/Paris");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    #[cfg(feature = "chrono-tz")]
    pub fn compile(&self) -> Result<Calendar, Problems> {
        self.compile_with(&ZoneData::bundled())
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
            index: kept.saturating_add(refused.len()),
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

canonical_struct!(Hours {
    zone, local_time, weekly, seasons, holidays, known_from, known_until, beyond_known, overnight_on_holiday, overrides, added, removed
} skip { refused });

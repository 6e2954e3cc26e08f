//! Service hours as an agreement states them: the terms, their builder and their text are one type.
//!
//! This module owns which hours make sense, and says so with every problem at once. What the hours mean on the
//! time line is left to `plan`.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::{ParseError, ProblemList, Problems};
use crate::fingerprint::{canonical_struct, canonical_text};
use crate::period::Date;
use crate::zone::{ZoneData, ZoneName};

use super::Calendar;
use super::weekly::Weekly;

/// How many windows may start on one weekday. It bounds what a calendar compiles to.
const WINDOWS_PER_DAY_MAX: usize = 96;

/// How many holidays a calendar may list: thirty a year for three centuries.
const HOLIDAYS_MAX: usize = 10_000;

/// The longest name of a holiday.
const HOLIDAY_NAME_BYTES_MAX: usize = 200;

/// Service hours: weekly windows and holidays in one zone.
///
/// The fields are what a document says; the methods build the same in code. A text that cannot be read is kept as a
/// problem, so that [`Hours::check`] and [`Hours::compile_with`] report everything at once.
///
/// # Example
///
/// ```
/// use sla::{Hours, WorkingTime};
///
/// let desk = Hours::in_zone("America/New_York")
///     .weekly("Mon-Fri 09:00-17:00")
///     .holiday("2026-11-26", "Thanksgiving")
///     .known_until("2026-12-31")
///     .compile()?;
/// let opened = "2026-11-25T21:00:00Z".parse().unwrap(); // Wednesday 16:00
/// let due = desk.deadline(opened, WorkingTime::hours(2)).unwrap();
/// assert_eq!(due.to_rfc3339(), "2026-11-27T15:00:00+00:00"); // Friday 10:00
/// # Ok::<(), sla::Problems>(())
/// ```
///
/// As a document, here in TOML:
///
/// ```toml
/// zone = "America/New_York"
/// weekly = ["Mon-Fri 09:00-17:00", "Sat 10:00-14:00"]
/// holidays = [{ date = "2026-11-26", name = "Thanksgiving" }]
/// known_until = "2026-12-31"
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "snake_case"))]
pub struct Hours {
    /// The zone in which times and dates are meant.
    pub zone: ZoneName,
    /// When service hours run in a week without holidays. Windows that overlap count once.
    pub weekly: Vec<Weekly>,
    /// The dates without service hours.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub holidays: Vec<Holiday>,
    /// The last date for which holidays are known. Nothing is answered about later dates. A calendar with holidays
    /// must state it; without it, there are none, ever.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub known_until: Option<Date>,
    /// What a holiday does to a window over midnight. A calendar that has both must state it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub overnight_on_holiday: Option<OvernightOnHoliday>,
    /// What the builder was given and could not read.
    #[cfg_attr(
        feature = "serde",
        serde(
            skip_deserializing,
            skip_serializing_if = "Vec::is_empty",
            serialize_with = "refuse"
        )
    )]
    refused: Vec<Refused>,
}

/// Hours that hold unread texts are not written: without them they would be other hours.
#[cfg(feature = "serde")]
fn refuse<S: serde::Serializer>(refused: &[Refused], _: S) -> Result<S::Ok, S::Error> {
    let first = refused.first().map(|refused| &refused.error);
    let text = first.map(|error| format!("{error}")).unwrap_or_default();
    Err(serde::ser::Error::custom(alloc::format!(
        "the hours hold a text that could not be read: {text}"
    )))
}

/// A date without service hours, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, rename_all = "snake_case"))]
pub struct Holiday {
    /// The date in the calendar's zone.
    pub date: Date,
    /// What closes the calendar, as explanations name it.
    pub name: String,
}

/// What a holiday does to a window over midnight. There is no default: contracts mean either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OvernightOnHoliday {
    /// The holiday removes each window that starts on its date, also the part after midnight. The part of the
    /// previous night's window that reaches into the holiday stays.
    ShiftBelongsToStartDay,
    /// The holiday removes the hours of its date, from midnight to midnight, and nothing else.
    HolidayMasksLocalDay,
}

/// A text that the builder could not read, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused {
    place: Place,
    error: ParseError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Weekly(usize),
    Holiday(usize),
    KnownUntil,
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
            weekly: Vec::new(),
            holidays: Vec::new(),
            known_until: None,
            overnight_on_holiday: None,
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

    /// Adds a line of weekly hours, such as `Mon-Fri 09:00-17:00`: see [`Weekly`].
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
        let index = self.given(|place| matches!(place, Place::Weekly(_)), self.weekly.len());
        match text.parse() {
            Ok(weekly) => self.weekly.push(weekly),
            Err(error) => self.refuse(Place::Weekly(index), error),
        }
        self
    }

    /// Adds a holiday by its date, such as `2026-11-26`, and its name.
    ///
    /// # Example
    ///
    /// ```
    /// let hours = sla::Hours::always().holiday("2026-11-26", "Thanksgiving");
    /// assert_eq!(hours.holidays[0].name, "Thanksgiving");
    /// ```
    #[must_use]
    pub fn holiday(mut self, date: &str, name: &str) -> Self {
        let index = self.given(|place| matches!(place, Place::Holiday(_)), self.holidays.len());
        match date.parse() {
            Ok(date) => self.holidays.push(Holiday {
                date,
                name: String::from(name),
            }),
            Err(error) => self.refuse(Place::Holiday(index), error),
        }
        self
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
        match date.parse() {
            Ok(date) => self.known_until = Some(date),
            Err(error) => self.refuse(Place::KnownUntil, error),
        }
        self
    }

    /// States what a holiday does to a window over midnight.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Hours, OvernightOnHoliday};
    ///
    /// let night = Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 22:00-06:00")
    ///     .holiday("2026-12-25", "Christmas").known_until("2026-12-31");
    /// assert!(night.check().is_err());
    /// let stated = night.overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay);
    /// assert!(stated.check().is_ok());
    /// ```
    #[must_use]
    pub fn overnight_on_holiday(mut self, choice: OvernightOnHoliday) -> Self {
        self.overnight_on_holiday = Some(choice);
        self
    }

    /// Checks all that can be checked without zone data.
    ///
    /// # Errors
    ///
    /// [`Problems`], all of them: texts that the builder could not read, no windows at all, more than 96 windows
    /// that start on one weekday, more than 10,000 holidays, a date twice, holidays without or after `known_until`,
    /// and windows over midnight beside holidays without [`Hours::overnight_on_holiday`].
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
    ///     "known_until: expected the last date for which holidays are known, since there are holidays\n\
    ///      overnight_on_holiday: expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
    ///      since there are holidays and windows over midnight"
    /// );
    /// ```
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(error) = self.zone.as_str().parse::<ZoneName>() {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()
    }

    /// Resolves the hours to instants, with the zone data that the caller chooses.
    ///
    /// # Errors
    ///
    /// The [`Problems`] of [`Hours::check`], and a zone that the data does not have.
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
        let mut problems = ProblemList::default();
        let zone = zones.zone(self.zone.as_str());
        if let Err(error) = &zone {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()?;
        match zone {
            Ok(zone) => Ok(Calendar::new(self.clone(), zone)),
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

    /// How many entries of a list the builder was given: those kept, and those refused.
    fn given(&self, in_list: impl Fn(Place) -> bool, kept: usize) -> usize {
        let refused = self.refused.iter().filter(|refused| in_list(refused.place));
        kept.saturating_add(refused.count())
    }

    fn refuse(&mut self, place: Place, error: ParseError) {
        self.refused.push(Refused { place, error });
    }

    /// In the order of the document.
    fn find_problems(&self, problems: &mut ProblemList) {
        self.find_weekly_problems(problems);
        self.find_holiday_problems(problems);
        self.find_known_until_problems(problems);
        let overnight = self.weekly.iter().any(Weekly::has_window_over_midnight);
        if overnight && !self.holidays.is_empty() && self.overnight_on_holiday.is_none() {
            problems.push(
                "overnight_on_holiday",
                "expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
                 since there are holidays and windows over midnight",
            );
        }
    }

    fn find_weekly_problems(&self, problems: &mut ProblemList) {
        let mut refused = 0_usize;
        for text in &self.refused {
            if let Place::Weekly(index) = text.place {
                problems.push(format!("weekly[{index}]"), &text.error);
                refused = refused.saturating_add(1);
            }
        }
        if self.weekly.is_empty() && refused == 0 {
            problems.push("weekly", "expected at least one window, found none");
        }
        let on_day = |day| {
            self.weekly
                .iter()
                .map(|weekly| weekly.windows_on(day).len())
                .fold(0, usize::saturating_add)
        };
        let most = (0..7).map(on_day).max().unwrap_or_default();
        if most > WINDOWS_PER_DAY_MAX {
            problems.push(
                "weekly",
                format!("expected at most {WINDOWS_PER_DAY_MAX} windows on a weekday, found {most}"),
            );
        }
    }

    fn find_holiday_problems(&self, problems: &mut ProblemList) {
        for text in &self.refused {
            if let Place::Holiday(index) = text.place {
                problems.push(format!("holidays[{index}].date"), &text.error);
            }
        }
        if self.holidays.len() > HOLIDAYS_MAX {
            let found = self.holidays.len();
            problems.push(
                "holidays",
                format!("expected at most {HOLIDAYS_MAX}, found {found}"),
            );
            return;
        }
        let mut seen = BTreeMap::new();
        for (kept, holiday) in self.holidays.iter().enumerate() {
            let index = self.holiday_index(kept);
            find_name_problems(index, &holiday.name, problems);
            if let Some(first) = seen.insert(holiday.date, index) {
                let what = format!("{} is also the date of `holidays[{first}]`", holiday.date);
                problems.push(format!("holidays[{index}].date"), what);
            }
            if let Some(until) = self.known_until.filter(|until| *until < holiday.date) {
                let what = format!(
                    "expected a date until {until} (`known_until`), found {}",
                    holiday.date
                );
                problems.push(format!("holidays[{index}].date"), what);
            }
        }
    }

    fn find_known_until_problems(&self, problems: &mut ProblemList) {
        let mut refused = self
            .refused
            .iter()
            .filter(|text| text.place == Place::KnownUntil)
            .peekable();
        if refused.peek().is_none() && self.known_until.is_none() && !self.holidays.is_empty() {
            problems.push(
                "known_until",
                "expected the last date for which holidays are known, since there are holidays",
            );
        }
        for text in refused {
            problems.push("known_until", &text.error);
        }
    }

    /// The place at which a kept holiday was given, among those that were refused.
    fn holiday_index(&self, kept: usize) -> usize {
        self.refused.iter().fold(kept, |index, refused| {
            let before = matches!(refused.place, Place::Holiday(skipped) if skipped <= index);
            index.saturating_add(usize::from(before))
        })
    }
}

fn find_name_problems(index: usize, name: &str, problems: &mut ProblemList) {
    let bytes = name.len();
    if bytes == 0 || bytes > HOLIDAY_NAME_BYTES_MAX {
        problems.push(
            format!("holidays[{index}].name"),
            format!("expected from 1 to {HOLIDAY_NAME_BYTES_MAX} bytes, found {bytes}"),
        );
    }
}

/// As in a document: `shift_belongs_to_start_day`.
impl fmt::Display for OvernightOnHoliday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ShiftBelongsToStartDay => "shift_belongs_to_start_day",
            Self::HolidayMasksLocalDay => "holiday_masks_local_day",
        })
    }
}

canonical_text!(OvernightOnHoliday);
canonical_struct!(Holiday { date, name });
canonical_struct!(Hours { zone, weekly, holidays, known_until, overnight_on_holiday } skip { refused });

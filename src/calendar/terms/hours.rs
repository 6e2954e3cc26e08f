//! Service hours as an agreement states them: the terms, their builder and their text are one type.
//!
//! This module owns the layers of the hours and their precedence. How they are built from texts is left to `builder`, which
//! hours make sense to `check`, and what they mean on the time line to `compile`.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::fingerprint::canonical_struct;
use crate::period::Date;
use crate::zone::{GapRule, ZoneName};

use super::cut_off::WeekdayCutOff;
use super::holidays::Holiday;
use super::overrides::DayOverride;
use super::seasons::Season;
use super::spans::OneOff;
use super::weekly::Weekly;
/// Service hours in one zone.
///
/// The fields are what a document says. In code they are built from texts by a [`HoursBuilder`](crate::calendar::HoursBuilder), or from parts:
/// [`Hours::new`].
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
/// that meet on a date; the first of them is named there.
///
/// A window belongs to the date on which it starts. What a holiday or an override does to a window over midnight has no
/// default: [`OvernightOnHoliday`].
///
/// # Example: six hours over Thanksgiving
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
/// # Ok::<(), sla::error::Problems>(())
/// ```
///
/// As a document, here in TOML:
///
/// ```
/// # let text = r#"
/// zone = "America/New_York"
/// weekly = ["Mon-Fri 09:00-17:00", "Sat 10:00-14:00 through 2026-06-30"]
/// holidays = [
///     { on = "2026-11-26", name = "Thanksgiving" },
///     { on = "4 Jul", name = "Independence Day", observed = ["Sat to previous Fri", "Sun to next Mon"] },
/// ]
/// known_through = "2026-12-31"
/// overrides = [{ on = "24 Dec", hours = "until 13:00", name = "Christmas Eve" }]
/// removed = [{ from = "2026-03-05T14:00", until = "2026-03-05T16:00", name = "All-hands meeting" }]
///
/// [[seasons]]
/// name = "Summer"
/// from = "1 Jul"
/// through = "31 Aug"
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
    pub gap_rule: GapRule,
    /// Layer 1: when service hours run in an ordinary week. Windows that overlap count once.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub weekly: Vec<Weekly>,
    /// Layer 2: parts of the year with other weekly hours. No two may meet.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub seasons: Vec<Season>,
    /// Layer 3: the dates without service hours.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub holidays: Vec<Holiday>,
    /// The first date for which holidays are known. Nothing is answered about earlier dates. Without it, the list is complete
    /// from 1900 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<Date>,
    /// The last date for which holidays are known. Nothing is answered about later dates, unless `beyond_known` says so. A
    /// calendar that lists holidays by single dates must state it; without it, the rules hold for all time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_through: Option<Date>,
    /// What is answered about dates after `known_through`, and after the end of the zone data.
    #[serde(default, skip_serializing_if = "is_default")]
    pub beyond_known: BeyondKnown,
    /// What a holiday or an override does to a window over midnight. A calendar that has both must state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overnight_on_holiday: Option<OvernightOnHoliday>,
    /// Layer 4: dates with hours of their own. No two may name one date.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub overrides: Vec<DayOverride>,
    /// Layer 5: hours that run once. None may meet one that is removed.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub added: Vec<OneOff>,
    /// Layer 5: hours that fall away once.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub removed: Vec<OneOff>,
    /// From when on, by weekday, what arrives counts as received on the next business day, for targets with a cut-off `of the
    /// calendar`. A weekday without one has its close for a cut-off.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub cut_off: Vec<WeekdayCutOff>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

crate::words::words! {
    /// What a calendar answers about dates after those for which its holidays are known, and after the end of its zone data.
    ///
    /// # Example: a year that is not listed
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::BeyondKnown;
    /// use sla::error::QueryError;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31");
    /// let monday = "2027-01-04T10:00:00Z".parse().unwrap();
    /// assert_eq!(desk.clone().build()?.beyond_known, BeyondKnown::Refuse);
    /// assert!(matches!(desk.compile()?.is_open(monday), Err(QueryError::BeyondCoverage { .. })));
    /// assert_eq!(desk.beyond_known(BeyondKnown::Assume).compile()?.is_open(monday), Ok(true));
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    #[derive(Hash, Default)]
    pub enum BeyondKnown {
        /// An error: [`QueryError::BeyondCoverage`](crate::error::QueryError::BeyondCoverage) or
        /// [`QueryError::BeyondZoneData`](crate::error::QueryError::BeyondZoneData).
        #[default]
        Refuse = "refuse",
        /// What would hold if no further holiday were listed and clocks were not changed again.
        /// [`Calendar::assumed_from`](crate::Calendar::assumed_from) says from when on answers rest on it; readings and
        /// statements say so too.
        Assume = "assume",
    }
}

crate::words::words! {
    /// What a holiday or a date override does to a window over midnight. There is no default: contracts mean either.
    ///
    /// # Example: the night to Christmas Day
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::OvernightOnHoliday;
    ///
    /// let night = Hours::in_zone("UTC").weekly("Mon-Fri 22:00-06:00").holiday("25 Dec", "Christmas Day");
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

canonical_struct!(Hours {
    zone,
    gap_rule,
    weekly,
    seasons,
    holidays,
    known_from,
    known_through,
    beyond_known,
    overnight_on_holiday,
    overrides,
    added,
    removed,
    cut_off
});

//! One-off spans: hours added once, or removed once.
//!
//! This module owns how their bounds are read and written. Where a local bound lies on the time line is left to `plan`.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ParseError;
use crate::fingerprint::{canonical_struct, canonical_text};
use crate::period::Date;
use crate::time::instant::{Instant, rfc3339};
use crate::time::time_of_day::TimeOfDay;
use crate::time::unit;

use super::dates::YEARS;

/// As times of day are kept.
const SECONDS_PER_DAY: u32 = unit::narrow(unit::SECONDS_PER_DAY);

/// Hours added or removed once, whatever the rules say.
///
/// # Example: open for a weekend, closed for a meeting
///
/// ```
/// use sla::Hours;
///
/// let desk = Hours::in_zone("Europe/Paris")
///     .weekly("Mon-Fri 09:00-17:00")
///     .open_once("2026-06-20T08:00", "2026-06-21T20:00", "Migration weekend")
///     .close_once("2026-06-18T14:00", "2026-06-18T16:00", "All-hands meeting")
///     .compile()?;
/// assert_eq!(desk.is_open("2026-06-20T23:00:00Z".parse()?), Ok(true));
/// assert_eq!(desk.is_open("2026-06-18T13:00:00Z".parse()?), Ok(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct OneOff {
    /// Where it starts.
    pub from: Moment,
    /// Where it ends.
    pub until: Moment,
    /// Why, as explanations name it.
    pub name: String,
}

impl OneOff {
    /// Makes a span, and why.
    ///
    /// # Example: from parts and from texts
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::OneOff;
    ///
    /// let meeting = OneOff::new("2026-06-18T14:00".parse()?, "2026-06-18T16:00".parse()?, "All-hands meeting");
    /// let desk = Hours::always()
    ///     .close_once("2026-06-18T14:00", "2026-06-18T16:00", "All-hands meeting")
    ///     .build()?;
    /// assert_eq!(desk.removed, [meeting]);
    /// # Ok::<(), sla::Error>(())
    /// ```
    pub fn new(from: Moment, until: Moment, name: &str) -> Self {
        Self {
            from,
            until,
            name: name.to_string(),
        }
    }
}

/// A bound of a one-off span, to the second: a local time in the calendar's zone (`2026-06-20T08:00`), or an instant
/// (`2026-06-20T06:00:00Z`), which can also name the second occurrence of a time that a clock shows twice.
///
/// # Example: on the clock, and an instant
///
/// ```
/// use sla::calendar::Moment;
///
/// assert_eq!("2026-06-20T08:00".parse::<Moment>()?.to_string(), "2026-06-20T08:00");
/// assert_eq!("2026-06-20T08:00:00+02:00".parse::<Moment>()?.to_string(), "2026-06-20T06:00:00Z");
/// assert!("2026-06-20".parse::<Moment>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub(crate) MomentKind);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum MomentKind {
    Local(NaiveDateTime),
    Instant(DateTime<Utc>),
}

impl Moment {
    /// Makes a local time in the calendar's zone, from 1900 to 2199 and of whole seconds.
    ///
    /// # Example: whole seconds only
    ///
    /// ```
    /// use sla::calendar::Moment;
    ///
    /// assert_eq!(Moment::local("2026-06-20T08:00:00".parse()?), Some("2026-06-20T08:00".parse()?));
    /// assert_eq!(Moment::local("2026-06-20T08:00:00.5".parse()?), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local(at: NaiveDateTime) -> Option<Self> {
        let plain = Date::new(at.date()).is_some() && at.nanosecond() == 0;
        plain.then_some(Self(MomentKind::Local(at)))
    }

    /// Makes an instant from 1900 to 2200, of whole seconds.
    ///
    /// # Example: the second of two times
    ///
    /// ```
    /// use sla::calendar::Moment;
    ///
    /// // Clocks in Paris show 02:30 twice on 2026-10-25: this is the second time.
    /// let second = Moment::instant("2026-10-25T02:30:00+01:00".parse()?);
    /// assert_eq!(second, Some("2026-10-25T01:30:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn instant(at: DateTime<Utc>) -> Option<Self> {
        let plain = Instant::new(at).is_ok() && at.nanosecond() == 0;
        plain.then_some(Self(MomentKind::Instant(at)))
    }

    /// Its local date, or that of UTC.
    pub(crate) fn date(self) -> NaiveDate {
        match self.0 {
            MomentKind::Local(at) => at.date(),
            MomentKind::Instant(at) => at.date_naive(),
        }
    }

    fn read_local(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let date: Date = date.parse().ok()?;
        let time = TimeOfDay::read(time)?.seconds();
        // 24:00 is the next date's midnight.
        let days = u64::from(time / SECONDS_PER_DAY);
        let date = date.naive().checked_add_days(Days::new(days))?;
        let time = time % SECONDS_PER_DAY;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(time, 0)?;
        (date.year() <= *YEARS.end()).then_some(Self(MomentKind::Local(date.and_time(time))))
    }

    fn read_instant(text: &str) -> Option<Self> {
        let at = Instant::parse(text).ok()?;
        Self::instant(at.to_utc())
    }
}

impl FromStr for Moment {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read_local(text)
            .or_else(|| Self::read_instant(text))
            .ok_or_else(|| {
                ParseError::new(
                    "a local time such as `2026-06-20T08:00` or an instant such as `2026-06-20T06:00:00Z`, of whole seconds",
                    text,
                )
            })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            MomentKind::Local(at) => {
                let time = TimeOfDay::from_seconds(at.num_seconds_from_midnight());
                write!(f, "{}T", at.date())?;
                time.map_or(Ok(()), |time| fmt::Display::fmt(&time, f))
            }
            MomentKind::Instant(at) => f.write_str(&rfc3339(at)),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Moment);
canonical_text!(Moment);
canonical_struct!(OneOff { from, until, name });

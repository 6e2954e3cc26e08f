//! Time zones as an input: where zone data comes from, and what local time means on the time line.
//!
//! This module owns [`ZoneData`] (a caller's choice of zone data), [`Zone`] (one zone of it) and the rule
//! **f(L) = min { u : local(u) ≥ L }**: a local time means the first instant at which the zone's clock shows it or
//! later. In a gap that is the transition, in a fold the first occurrence. The rule asks a zone one question only, its
//! offset at an instant, and is the same for every source of data. Which local times matter is left to `calendar`.

mod offsets;
mod tzif;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::error::{ParseError, QueryError};
use crate::fingerprint::Fingerprint;
pub(crate) use crate::limits::OFFSET_SECONDS_MAX;
use crate::limits::{self, ZONE_NAME_BYTES_MAX};
use crate::period::Period;
use crate::text::{exact_digits, name_problem};
use crate::time::epoch::{EpochDay, EpochSecond};
use crate::time::instant::Instant;
use crate::time::interval::Interval;

pub use offsets::GapRule;
pub(crate) use offsets::{ClockFace, ClockFaces, OffsetTable};

/// The name of a zone: of the tz database (`Europe/Paris`), `UTC`, or a fixed offset (`+05:30`).
///
/// Only the form is checked here; whether the zone exists depends on the [`ZoneData`].
///
/// # Example: names and what is none
///
/// ```
/// use sla::zone::ZoneName;
///
/// assert!("Europe/Paris".parse::<ZoneName>().is_ok());
/// assert!("+05:30".parse::<ZoneName>().is_ok());
/// assert!("Paris, France".parse::<ZoneName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(String);

impl ZoneName {
    /// Returns the name as text.
    ///
    /// # Example: Paris
    ///
    /// ```
    /// assert_eq!("Europe/Paris".parse::<sla::zone::ZoneName>()?.as_str(), "Europe/Paris");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Keeps any text; [`ZoneData::zone`] then refuses what is no zone, by its name. Of a text that is too long it
    /// keeps one character too many, so that it stays too long and cannot become the name of another zone.
    pub(crate) fn unchecked(text: &str) -> Self {
        Self(text.chars().take(ZONE_NAME_BYTES_MAX + 1).collect())
    }

    /// Seconds east of UTC if the name is `UTC` or a fixed offset such as `+05:30` or `-03:00`.
    fn fixed_offset_seconds(&self) -> Option<i32> {
        if self.0 == "UTC" {
            return Some(0);
        }
        let (sign, digits) = match self.0.split_at_checked(1)? {
            ("+", digits) => (1, digits),
            ("-", digits) => (-1, digits),
            _ => return None,
        };
        let (hours, minutes) = digits.split_once(':')?;
        let two = |text: &str| i32::try_from(exact_digits(text, 2)?).ok();
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        let seconds = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?;
        // No wrap: at most 26 hours, and a sign.
        (minutes < 60 && i64::from(seconds) <= OFFSET_SECONDS_MAX).then(|| seconds.wrapping_mul(sign))
    }
}

impl FromStr for ZoneName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-/:".contains(&byte);
        if text.is_empty() || text.len() > ZONE_NAME_BYTES_MAX || !text.bytes().all(allowed) {
            return Err(ParseError::new(
                "a time zone such as `Europe/Paris`, `UTC` or `+05:30`",
                text,
            ));
        }
        Ok(Self(String::from(text)))
    }
}

impl From<&str> for ZoneName {
    /// For builders: the text is checked when the terms are.
    fn from(text: &str) -> Self {
        Self::unchecked(text)
    }
}

#[cfg(feature = "chrono-tz")]
impl From<chrono_tz::Tz> for ZoneName {
    fn from(zone: chrono_tz::Tz) -> Self {
        Self::unchecked(zone.name())
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::text::serde_as_text!(ZoneName);
crate::fingerprint::canonical_text!(ZoneName);

/// Where zones come from. A zone that the data does not have is an error, never a fallback.
///
/// `UTC` and fixed offsets (`+05:30`) need no data and are always there.
///
/// # Example: a misspelt zone
///
/// ```
/// use sla::ZoneData;
///
/// let zones = ZoneData::bundled();
/// assert!(zones.zone("Europe/Paris").is_ok());
/// assert_eq!(zones.zone("Europe/Pariss").unwrap_err().to_string(), "expected a zone of the zone data, found `Europe/Pariss`");
/// ```
#[derive(Debug, Clone, Default)]
pub struct ZoneData {
    #[cfg(feature = "chrono-tz")]
    bundled: bool,
    supplied: BTreeMap<String, Zone>,
}

impl ZoneData {
    /// Creates data of no zone: `UTC` and fixed offsets only, and what is added with [`ZoneData::with_tzif`].
    ///
    /// # Example: offsets need no data
    ///
    /// ```
    /// let zones = sla::ZoneData::fixed_only();
    /// assert!(zones.zone("+05:30").is_ok());
    /// assert!(zones.zone("Europe/Paris").is_err());
    /// ```
    pub fn fixed_only() -> Self {
        Self::default()
    }

    /// Returns the data that the `chrono-tz` crate carries. It knows no daylight-saving time from 2100 on, so all zones of it
    /// end there, `Etc/UTC` too. `UTC` and fixed offsets, which need no data, do not.
    ///
    /// # Example: Paris
    ///
    /// ```
    /// assert!(sla::ZoneData::bundled().zone("Europe/Paris").is_ok());
    /// ```
    #[cfg(feature = "chrono-tz")]
    pub fn bundled() -> Self {
        Self {
            bundled: true,
            supplied: BTreeMap::new(),
        }
    }

    /// Adds a zone from the bytes of a TZif file (RFC 8536), as found in `/usr/share/zoneinfo`. It takes the place
    /// of a bundled zone of that name. `version` is the release of the tz database as the caller knows it, such as
    /// `2026b`; it is on every statement.
    ///
    /// # Errors
    ///
    /// [`ParseError`] for the name of a fixed offset, and what is wrong with bytes that are no TZif, that count leap seconds
    /// (the `right/` files), whose offsets exceed 26 hours, or that know nothing after the start of 1900.
    ///
    /// # Example: a newer release for one zone
    ///
    /// ```
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tzif/America/Vancouver");
    /// let bytes = std::fs::read(path)?; // where zone data is installed, `/usr/share/zoneinfo/America/Vancouver`
    /// let zones = sla::ZoneData::bundled().with_tzif("America/Vancouver", &bytes, "2026f")?;
    /// assert_eq!(zones.zone("America/Vancouver")?.version(), "TZif 2026f");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_tzif(mut self, name: &str, bytes: &[u8], version: &str) -> Result<Self, ParseError> {
        let checked: ZoneName = name.parse()?;
        if checked.fixed_offset_seconds().is_some() {
            return Err(ParseError::new(
                "the name of a zone other than `UTC` and fixed offsets",
                name,
            ));
        }
        // It stands on every statement.
        if name_problem(version, limits::NAME_BYTES_MAX).is_err() {
            return Err(ParseError::new(
                "a version without hidden characters, such as `2026f`",
                version,
            ));
        }
        let zone = tzif::zone(checked, bytes, version)?;
        self.supplied.insert(String::from(name), zone);
        Ok(self)
    }

    /// Returns the zone of that name.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the data has no such zone.
    ///
    /// # Example: Paris
    ///
    /// ```
    /// let zones = sla::ZoneData::bundled();
    /// assert_eq!(zones.zone("Europe/Paris")?.name(), "Europe/Paris");
    /// assert!(zones.zone("Paris").is_err());
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn zone(&self, name: &str) -> Result<Zone, ParseError> {
        let name = ZoneName::unchecked(name);
        if let Some(zone) = self.supplied.get(name.as_str()) {
            return Ok(zone.clone());
        }
        if let Some(offset) = name.fixed_offset_seconds() {
            return Ok(Zone::of(name, Origin::Fixed(offset)));
        }
        #[cfg(feature = "chrono-tz")]
        if let (true, Ok(zone)) = (self.bundled, name.as_str().parse::<chrono_tz::Tz>()) {
            return Ok(Zone::of(name, Origin::ChronoTz(zone)));
        }
        Err(ParseError::new("a zone of the zone data", name.as_str()))
    }
}

/// One time zone. Cheap to clone; [`ZoneData::zone`] returns it.
///
/// # Example: summer in Paris
///
/// ```
/// let paris = sla::ZoneData::bundled().zone("Europe/Paris")?;
/// assert_eq!(paris.offset_at("2026-07-01T12:00:00Z".parse()?)?, 7_200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Zone(Arc<Inner>);

struct Inner {
    name: ZoneName,
    source: Origin,
}

enum Origin {
    Fixed(i32),
    #[cfg(feature = "chrono-tz")]
    ChronoTz(chrono_tz::Tz),
    Tzif(tzif::Data),
}

impl Zone {
    fn of(name: ZoneName, source: Origin) -> Self {
        Self(Arc::new(Inner { name, source }))
    }

    /// Returns its name.
    ///
    /// # Example: a fixed offset
    ///
    /// ```
    /// assert_eq!(sla::ZoneData::bundled().zone("+05:30")?.name(), "+05:30");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// Returns what its data is and of which release: `chrono-tz 2025b`, `TZif 2026b`, `fixed offset`.
    ///
    /// # Example: two sources
    ///
    /// ```
    /// let zones = sla::ZoneData::bundled();
    /// assert_eq!(zones.zone("+05:30")?.version(), "fixed offset");
    /// assert!(zones.zone("Europe/Paris")?.version().starts_with("chrono-tz "));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn version(&self) -> String {
        match &self.0.source {
            Origin::Fixed(_) => String::from("fixed offset"),
            #[cfg(feature = "chrono-tz")]
            Origin::ChronoTz(_) => format!("chrono-tz {}", chrono_tz::IANA_TZDB_VERSION),
            Origin::Tzif(data) => format!("TZif {}", data.version),
        }
    }

    /// Returns the first instant about which the data knows nothing; 2200-01-01 if it knows all that can be asked.
    ///
    /// # Example: where the bundled data ends
    ///
    /// ```
    /// let zones = sla::ZoneData::bundled();
    /// assert_eq!(zones.zone("UTC")?.known_until().to_rfc3339(), "2200-01-01T00:00:00+00:00");
    /// assert_eq!(zones.zone("Europe/Paris")?.known_until().to_rfc3339(), "2100-01-01T00:00:00+00:00");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn known_until(&self) -> DateTime<Utc> {
        self.known_until_instant().to_utc()
    }

    pub(crate) fn known_until_instant(&self) -> Instant {
        match &self.0.source {
            Origin::Fixed(_) => Instant::MAX,
            #[cfg(feature = "chrono-tz")]
            // 2100-01-01: the crate's tables stop with the year 2099, without saying so.
            Origin::ChronoTz(_) => Instant::nearest(EpochSecond::of(4_102_444_800)),
            Origin::Tzif(data) => data.known_until,
        }
    }

    /// Returns the SHA-256 over the zone's offsets from 1900 on: equal for equal data, whatever its name and source.
    ///
    /// # Example: two names of one zone
    ///
    /// ```
    /// let zones = sla::ZoneData::bundled();
    /// assert_eq!(zones.zone("Europe/Vatican")?.fingerprint(), zones.zone("Europe/Rome")?.fingerprint());
    /// assert_ne!(zones.zone("Europe/Paris")?.fingerprint(), zones.zone("Europe/Rome")?.fingerprint());
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&OffsetTable::new(
            self,
            Instant::MIN_SECOND,
            self.known_until_instant().second(),
        ))
    }

    /// Seconds east of UTC at an instant that the data knows.
    fn offset_seconds(&self, at: EpochSecond) -> i32 {
        match &self.0.source {
            Origin::Fixed(offset) => *offset,
            #[cfg(feature = "chrono-tz")]
            Origin::ChronoTz(zone) => {
                use chrono::{Offset, TimeZone};
                let utc = Instant::nearest(at).to_utc().naive_utc();
                zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
            }
            Origin::Tzif(data) => data.offset_seconds(at),
        }
    }

    /// Instants in `[from, until)` at which the data itself lists a transition, beside those found by asking.
    fn listed_transitions(&self, from: EpochSecond, until: EpochSecond) -> Vec<EpochSecond> {
        match &self.0.source {
            Origin::Tzif(data) => data.listed_transitions(from, until),
            _ => {
                let _ = (from, until);
                Vec::new()
            }
        }
    }

    /// Returns the seconds east of UTC at an instant.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, and the errors of an instant.
    ///
    /// # Example: winter and summer in Paris
    ///
    /// ```
    /// let paris = sla::ZoneData::bundled().zone("Europe/Paris")?;
    /// assert_eq!(paris.offset_at("2026-01-01T12:00:00Z".parse()?)?, 3_600);
    /// assert_eq!(paris.offset_at("2026-07-01T12:00:00Z".parse()?)?, 7_200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn offset_at(&self, at: DateTime<Utc>) -> Result<i32, QueryError> {
        let at = Instant::new(at)?;
        if at >= self.known_until_instant() {
            return Err(QueryError::BeyondZoneData {
                known_until: self.known_until(),
            });
        }
        Ok(self.offset_seconds(at.second()))
    }

    /// Returns the first instant at which the zone's clock shows `local` or later: f(L) = min { u : local(u) ≥ L }.
    ///
    /// Fractions of a second are dropped: rules name whole seconds.
    ///
    /// # Example: a time that does not exist
    ///
    /// ```
    /// use chrono::{NaiveDate, TimeZone, Utc};
    ///
    /// let zone = sla::ZoneData::bundled().zone("Europe/Paris")?;
    /// let date = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
    /// // 02:30 does not exist that day: the clock goes from 02:00 to 03:00.
    /// let first = zone.first_instant(date.and_hms_opt(2, 30, 0).unwrap())?;
    /// assert_eq!(first, Utc.with_ymd_and_hms(2026, 3, 29, 1, 0, 0).unwrap());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, [`QueryError::Overflow`] outside 1900 to 2200.
    pub fn first_instant(&self, local: NaiveDateTime) -> Result<DateTime<Utc>, QueryError> {
        self.first_instant_of(EpochSecond::shown_as(local))
            .map(Instant::to_utc)
    }

    fn first_instant_of(&self, local: EpochSecond) -> Result<Instant, QueryError> {
        let from = local.minus(OFFSET_SECONDS_MAX);
        // One more second, since the span excludes its end, where a zone 26 hours west shows `local`.
        let until = local.plus(OFFSET_SECONDS_MAX).plus(1);
        // Data that knows all that can be asked also knows the last instant, at which a period may end.
        let (known_until, beyond) = match self.known_until_instant() {
            Instant::MAX => (Instant::MAX_SECOND.plus(1), QueryError::Overflow),
            known_until => {
                let beyond = QueryError::BeyondZoneData {
                    known_until: known_until.to_utc(),
                };
                (known_until.second(), beyond)
            }
        };
        let table = OffsetTable::new(self, from, until.min(known_until));
        let second = table.first_instant(local).ok_or(beyond)?;
        Instant::of_second(second).ok_or(QueryError::Overflow)
    }

    /// Returns the interval of a measurement period: from the first instant of its first date until the first instant of
    /// the date after it, so that the parts of a year sum to the year.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, [`QueryError::Overflow`] outside 1900 to 2200.
    ///
    /// # Example: a month in Paris
    ///
    /// ```
    /// let paris = sla::ZoneData::bundled().zone("Europe/Paris")?;
    /// let july = paris.interval("2026-07".parse()?)?;
    /// assert_eq!(july.to_string(), "2026-06-30T22:00:00Z/2026-07-31T22:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn interval(&self, period: Period) -> Result<Interval, QueryError> {
        self.interval_of_dates(period.first_day(), period.day_after())
    }

    /// From the first instant of a date until the first instant of another.
    pub(crate) fn interval_of_dates(
        &self,
        first: NaiveDate,
        day_after: NaiveDate,
    ) -> Result<Interval, QueryError> {
        Interval::between(self.start_of(first)?, self.start_of(day_after)?)
    }

    /// The first instant of a date.
    pub(crate) fn start_of(&self, date: NaiveDate) -> Result<Instant, QueryError> {
        self.first_instant_of(local_midnight(date))
    }

    /// Returns the date that the zone's clock shows.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, and the errors of an instant.
    ///
    /// # Example: half past eleven in the evening in New York
    ///
    /// ```
    /// let new_york = sla::ZoneData::bundled().zone("America/New_York")?;
    /// let date = new_york.date_at("2026-07-01T03:30:00Z".parse()?)?; // 23:30
    /// assert_eq!(date.to_string(), "2026-06-30");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn date_at(&self, at: DateTime<Utc>) -> Result<NaiveDate, QueryError> {
        let offset = self.offset_at(at)?;
        let local = EpochSecond::shown_as(at.naive_utc()).plus(i64::from(offset));
        Ok(local.day().date())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({}, {})", self.name(), self.version())
    }
}

/// Midnight at the start of a date, on a local clock.
pub(crate) fn local_midnight(date: NaiveDate) -> EpochSecond {
    EpochDay::of_date(date).start()
}

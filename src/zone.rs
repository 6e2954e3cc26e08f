//! Time zones as an input: where zone data comes from, and the one map from local time to instants.
//!
//! This module owns [`ZoneData`] (a caller's choice of zone data), [`Zone`] (one zone of it) and the rule
//! **f(L) = min { u : local(u) ≥ L }**: a local time means the first instant at which the zone's clock shows it or
//! later. In a gap that is the transition, in a fold the first occurrence. The rule asks a zone one question only, its
//! offset at an instant, and is the same for every source of data. Which local times matter is left to `calendar`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

use crate::error::{ParseError, QueryError};
use crate::fingerprint::{Canonical, Encoder, Fingerprint};
use crate::instant::Instant;
use crate::interval::Interval;
use crate::period::Period;

/// No zone has ever been further from UTC than this (POSIX allows 167 h in rules; such data is refused).
pub(crate) const OFFSET_SECONDS_MAX: i64 = 26 * 3_600;

/// How far apart a zone is asked for its offset when looking for transitions, where its data does not list them. In all
/// of the tz database since 1900 no two transitions of a zone are closer than 3.98 days (Freetown, 1939); a test asks
/// every zone every four hours.
const PROBE_SECONDS: i64 = 3 * 86_400;

/// The longest name of a zone.
const NAME_BYTES_MAX: usize = 64;

/// The name of a zone: of the tz database (`Europe/Paris`), `UTC`, or a fixed offset (`+05:30`).
///
/// Only the form is checked here; whether the zone exists depends on the [`ZoneData`].
///
/// # Example
///
/// ```
/// use sla::ZoneName;
///
/// assert!("Europe/Paris".parse::<ZoneName>().is_ok());
/// assert!("+05:30".parse::<ZoneName>().is_ok());
/// assert!("Paris, France".parse::<ZoneName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(String);

impl ZoneName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Keeps any text; [`ZoneData::zone`] then refuses what is no zone, by its name. Of a text that is too long it
    /// keeps one character too many, so that it stays too long and cannot become the name of another zone.
    pub(crate) fn unchecked(text: &str) -> Self {
        Self(text.chars().take(NAME_BYTES_MAX.saturating_add(1)).collect())
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
        let two = |text: &str| {
            let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<u8>().ok()).flatten().map(i32::from)
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        let seconds = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?;
        (minutes < 60 && i64::from(seconds) <= OFFSET_SECONDS_MAX).then(|| seconds.saturating_mul(sign))
    }
}

impl FromStr for ZoneName {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-/:".contains(&byte);
        if text.is_empty() || text.len() > NAME_BYTES_MAX || !text.bytes().all(allowed) {
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
/// # Example
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
    /// No data: `UTC` and fixed offsets only, and what is added with [`ZoneData::with_tzif`].
    pub fn fixed_only() -> Self {
        Self::default()
    }

    /// The data that the `chrono-tz` crate carries. It knows no daylight-saving time from 2100 on, so every zone
    /// but `UTC` ends there.
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
    /// [`ParseError`] for the name of a fixed offset, for bytes that are no TZif, that count leap seconds (the `right/` files), or whose offsets
    /// exceed 26 hours.
    #[cfg(feature = "tzif")]
    pub fn with_tzif(mut self, name: &str, bytes: &[u8], version: &str) -> Result<Self, ParseError> {
        let checked: ZoneName = name.parse()?;
        if checked.fixed_offset_seconds().is_some() {
            return Err(ParseError::new(
                "the name of a zone other than `UTC` and fixed offsets",
                name,
            ));
        }
        let zone = tzif::zone(checked, bytes, version)?;
        self.supplied.insert(String::from(name), zone);
        Ok(self)
    }

    /// The zone of that name.
    ///
    /// # Errors
    ///
    /// [`ParseError`] if the data has no such zone.
    pub fn zone(&self, name: &str) -> Result<Zone, ParseError> {
        let name = ZoneName::unchecked(name);
        if let Some(zone) = self.supplied.get(name.as_str()) {
            return Ok(zone.clone());
        }
        if let Some(offset) = name.fixed_offset_seconds() {
            return Ok(Zone::of(name, Source::Fixed(offset)));
        }
        #[cfg(feature = "chrono-tz")]
        if let (true, Ok(zone)) = (self.bundled, name.as_str().parse::<chrono_tz::Tz>()) {
            return Ok(Zone::of(name, Source::ChronoTz(zone)));
        }
        Err(ParseError::new("a zone of the zone data", name.as_str()))
    }
}

/// One time zone. Cheap to clone; made by [`ZoneData::zone`].
#[derive(Clone)]
pub struct Zone(Arc<Inner>);

struct Inner {
    name: ZoneName,
    source: Source,
}

enum Source {
    Fixed(i32),
    #[cfg(feature = "chrono-tz")]
    ChronoTz(chrono_tz::Tz),
    #[cfg(feature = "tzif")]
    Tzif(tzif::Data),
}

impl Zone {
    fn of(name: ZoneName, source: Source) -> Self {
        Self(Arc::new(Inner { name, source }))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// What its data is and of which release: `chrono-tz 2025b`, `TZif 2026b`, `fixed offset`.
    pub fn version(&self) -> String {
        match &self.0.source {
            Source::Fixed(_) => String::from("fixed offset"),
            #[cfg(feature = "chrono-tz")]
            Source::ChronoTz(_) => alloc::format!("chrono-tz {}", chrono_tz::IANA_TZDB_VERSION),
            #[cfg(feature = "tzif")]
            Source::Tzif(data) => alloc::format!("TZif {}", data.version),
        }
    }

    /// The first instant about which the data knows nothing; 2200-01-01 if it knows all that can be asked.
    pub fn known_until(&self) -> DateTime<Utc> {
        self.known_until_instant().to_utc()
    }

    pub(crate) fn known_until_instant(&self) -> Instant {
        match &self.0.source {
            Source::Fixed(_) => Instant::MAX,
            #[cfg(feature = "chrono-tz")]
            // 2100-01-01: the crate's tables stop with the year 2099, without saying so.
            Source::ChronoTz(_) => Instant::clamped_from_seconds(4_102_444_800),
            #[cfg(feature = "tzif")]
            Source::Tzif(data) => data.known_until,
        }
    }

    /// SHA-256 over the zone's offsets from 1900 on: equal for equal data, whatever its name and source.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&OffsetTable::new(
            self,
            Instant::MIN_SECONDS,
            self.known_until_instant().epoch_seconds(),
        ))
    }

    /// Seconds east of UTC at an instant that the data knows.
    #[cfg_attr(
        not(any(feature = "chrono-tz", feature = "tzif")),
        expect(
            unused_variables,
            reason = "without zone data an offset holds at every instant"
        )
    )]
    fn offset_seconds(&self, at_seconds: i64) -> i32 {
        match &self.0.source {
            Source::Fixed(offset) => *offset,
            #[cfg(feature = "chrono-tz")]
            Source::ChronoTz(zone) => {
                use chrono::{Offset, TimeZone};
                let utc = DateTime::from_timestamp(at_seconds, 0)
                    .unwrap_or_default()
                    .naive_utc();
                zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
            }
            #[cfg(feature = "tzif")]
            Source::Tzif(data) => data.offset_seconds(at_seconds),
        }
    }

    /// Instants in `[from, until)` at which the data itself lists a transition, beside those found by asking.
    fn listed_transitions(&self, from: i64, until: i64) -> Vec<i64> {
        match &self.0.source {
            #[cfg(feature = "tzif")]
            Source::Tzif(data) => data.listed_transitions(from, until),
            _ => {
                let _ = (from, until);
                Vec::new()
            }
        }
    }

    /// Seconds east of UTC at an instant.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, and the errors of an instant.
    pub fn offset_at(&self, at: DateTime<Utc>) -> Result<i32, QueryError> {
        let at = Instant::new(at)?;
        if at >= self.known_until_instant() {
            return Err(QueryError::BeyondZoneData {
                known_until: self.known_until(),
            });
        }
        Ok(self.offset_seconds(at.epoch_seconds()))
    }

    /// The first instant at which the zone's clock shows `local` or later: f(L) = min { u : local(u) ≥ L }.
    ///
    /// Fractions of a second are dropped: rules name whole seconds.
    ///
    /// # Example
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
        self.first_instant_of(local.and_utc().timestamp())
            .map(Instant::to_utc)
    }

    fn first_instant_of(&self, local_seconds: i64) -> Result<Instant, QueryError> {
        let from = local_seconds.saturating_sub(OFFSET_SECONDS_MAX);
        // One more second, since the span excludes its end, where a zone 26 hours west shows `local_seconds`.
        let until = local_seconds.saturating_add(OFFSET_SECONDS_MAX).saturating_add(1);
        // Data that knows all that can be asked also knows the last instant, at which a period may end.
        let (known_until, beyond) = match self.known_until_instant() {
            Instant::MAX => (Instant::MAX_SECONDS.saturating_add(1), QueryError::Overflow),
            known_until => {
                let beyond = QueryError::BeyondZoneData {
                    known_until: known_until.to_utc(),
                };
                (known_until.epoch_seconds(), beyond)
            }
        };
        let table = OffsetTable::new(self, from, until.min(known_until));
        let seconds = table.first_instant(local_seconds).ok_or(beyond)?;
        Instant::from_seconds(seconds).ok_or(QueryError::Overflow)
    }

    /// The interval of a measurement period: from the first instant of its first date until the first instant of
    /// the date after it, so that the parts of a year sum to the year.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, [`QueryError::Overflow`] outside 1900 to 2200.
    pub fn interval(&self, period: Period) -> Result<Interval, QueryError> {
        let midnight = |date: NaiveDate| self.first_instant_of(local_midnight(date));
        Interval::between(midnight(period.first_day())?, midnight(period.day_after())?)
    }

    /// The date that the zone's clock shows.
    ///
    /// # Errors
    ///
    /// [`QueryError::BeyondZoneData`] past what the data knows, and the errors of an instant.
    pub fn date_at(&self, at: DateTime<Utc>) -> Result<NaiveDate, QueryError> {
        let local = at.timestamp().saturating_add(i64::from(self.offset_at(at)?));
        DateTime::from_timestamp(local, 0)
            .map(|local| local.date_naive())
            .ok_or(QueryError::Overflow)
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

/// A zone's offsets over a span of instants, and f(L) over them.
pub(crate) struct OffsetTable {
    /// Where each segment of constant offset starts, in seconds; the first is the start of the span.
    starts: Vec<i64>,
    offsets: Vec<i32>,
    /// The latest local time shown before the end of each segment or earlier: never falls, so it can be searched.
    reach: Vec<i64>,
    until: i64,
}

impl OffsetTable {
    /// Asks the zone for its offsets in `[from, until)`. Linear in the length of the span.
    pub(crate) fn new(zone: &Zone, from: i64, until: i64) -> Self {
        let mut table = Self {
            starts: Vec::new(),
            offsets: Vec::new(),
            reach: Vec::new(),
            until,
        };
        if from >= until {
            return table;
        }
        let mut offset = zone.offset_seconds(from);
        table.starts.push(from);
        table.offsets.push(offset);
        let (mut at, mut listed) = (from, zone.listed_transitions(from, until).into_iter().peekable());
        while at < until {
            let mut next = at.saturating_add(PROBE_SECONDS).min(until);
            if let Some(transition) = listed.next_if(|transition| *transition < next) {
                next = transition.max(at);
            }
            if next == until {
                break;
            }
            let there = zone.offset_seconds(next);
            if there != offset {
                table.starts.push(transition_between(zone, at, next, offset));
                table.offsets.push(there);
                offset = there;
            }
            at = next.max(at);
        }
        table.finish(zone, at, offset)
    }

    /// Looks at the last stretch, whose end is not part of the span, and fills in the reach.
    fn finish(mut self, zone: &Zone, at: i64, offset: i32) -> Self {
        let last = self.until.saturating_sub(1);
        let there = zone.offset_seconds(last);
        if there != offset {
            self.starts.push(transition_between(zone, at, last, offset));
            self.offsets.push(there);
        }
        let ends = self
            .starts
            .iter()
            .skip(1)
            .copied()
            .chain(core::iter::once(self.until));
        let mut reach = i64::MIN;
        for (end, offset) in ends.zip(&self.offsets) {
            reach = reach.max(end.saturating_add(i64::from(*offset)));
            self.reach.push(reach);
        }
        self
    }

    /// f(L): the first instant of the span, in seconds, at which the clock shows `local_seconds` or later.
    pub(crate) fn first_instant(&self, local_seconds: i64) -> Option<i64> {
        let segment = self.reach.partition_point(|reach| *reach <= local_seconds);
        let (start, offset) = (self.starts.get(segment)?, self.offsets.get(segment)?);
        Some(local_seconds.saturating_sub(i64::from(*offset)).max(*start))
    }

    /// What the clock shows over spans that only go forward.
    pub(crate) fn clocks(&self) -> Clocks<'_> {
        Clocks {
            table: self,
            segment: 0,
            same_until: i64::MIN,
        }
    }
}

/// What a zone's clock shows over a span, seen from the start of the span. It is all on which f(L) depends within it: of
/// two spans with equal clocks, whose starts are whole days apart, one is the other but for its date.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Clock {
    /// The earliest local time that it shows, and the first after all that it has shown until the end of the span: in a
    /// fold before the span it may have been further than it gets. In seconds from the start of the span in UTC.
    shown: (i64, i64),
    /// The offset at the start and after each transition, and after how many seconds of the span it begins.
    offsets: Vec<(i64, i32)>,
    /// By how many seconds the clock, before the span, was further than it is at its start: up to an hour after a fold.
    ahead_s: i64,
}

impl Clock {
    /// The earliest local second that the clock shows in the span that starts with second `from`, and the first after all
    /// that it has shown until the end of the span. f maps no local time before or after these into the span.
    pub(crate) fn shown(&self, from: i64) -> (i64, i64) {
        let (lowest, highest) = self.shown;
        (from.saturating_add(lowest), from.saturating_add(highest))
    }

    fn find_shown(&mut self, length: i64) {
        let ends = self
            .offsets
            .iter()
            .skip(1)
            .map(|(start, _)| *start)
            .chain([length]);
        let (mut lowest, mut highest) = (i64::MAX, i64::MIN);
        for ((start, offset), end) in self.offsets.iter().zip(ends) {
            lowest = lowest.min(start.saturating_add(i64::from(*offset)));
            highest = highest.max(end.saturating_add(i64::from(*offset)));
        }
        let first = self.offsets.first().map_or(0, |(_, offset)| i64::from(*offset));
        self.shown = (lowest, highest.max(first.saturating_add(self.ahead_s)));
    }
}

/// Walks over a table of offsets.
pub(crate) struct Clocks<'a> {
    table: &'a OffsetTable,
    /// A segment that does not start after the last span.
    segment: usize,
    /// Until when spans as long as the last have the same clock as it.
    same_until: i64,
}

impl Clocks<'_> {
    /// The clock over `[from, until)` of the table, into what held the one before. Spans are equally long and do not overlap.
    /// Whether the clock is the same as before. Over all spans linear in the segments.
    pub(crate) fn over(&mut self, from: i64, until: i64, clock: &mut Clock) -> bool {
        if until <= self.same_until {
            return true;
        }
        let (starts, next) = (&self.table.starts, |segment: usize| segment.saturating_add(1));
        while starts.get(next(self.segment)).is_some_and(|start| *start <= from) {
            self.segment = next(self.segment);
        }
        let before = self
            .segment
            .checked_sub(1)
            .and_then(|last| self.table.reach.get(last));
        let segments = starts.iter().zip(&self.table.offsets).skip(self.segment);
        clock.offsets.clear();
        for (start, offset) in segments.take_while(|(start, _)| **start < until) {
            clock.offsets.push((start.saturating_sub(from).max(0), *offset));
        }
        let shown = clock
            .offsets
            .first()
            .map_or(from, |(_, offset)| from.saturating_add(i64::from(*offset)));
        clock.ahead_s = before.map_or(0, |reach| reach.saturating_sub(shown).max(0));
        clock.find_shown(until.saturating_sub(from));
        if clock.ahead_s == 0 {
            self.same_until = starts
                .get(next(self.segment))
                .copied()
                .unwrap_or(self.table.until);
        }
        false
    }
}

/// The first instant in `(from, until]` at which the offset is no longer `offset`. It is another one at `until`.
fn transition_between(zone: &Zone, from: i64, until: i64, offset: i32) -> i64 {
    let (mut same, mut other) = (from, until);
    while other.saturating_sub(same) > 1 {
        let middle = same.saturating_add(other.saturating_sub(same) / 2);
        if zone.offset_seconds(middle) == offset {
            same = middle;
        } else {
            other = middle;
        }
    }
    other
}

impl Canonical for OffsetTable {
    fn encode(&self, to: &mut Encoder) {
        to.integer(i128::from(self.until));
        to.list(self.starts.len());
        for (start, offset) in self.starts.iter().zip(&self.offsets) {
            to.integer(i128::from(*start));
            to.integer(i128::from(*offset));
        }
    }
}

/// Zones from TZif bytes, read by the `tz-rs` crate.
#[cfg(feature = "tzif")]
mod tzif {
    use alloc::string::String;
    use alloc::vec::Vec;

    use chrono::{Datelike, Days, NaiveDate, Weekday};
    use tz::timezone::{AlternateTime, RuleDay, Transition, TransitionRule};

    use super::{OFFSET_SECONDS_MAX, Source, Zone, ZoneName, local_midnight};
    use crate::error::ParseError;
    use crate::instant::Instant;

    pub(super) struct Data {
        zone: tz::TimeZone,
        pub(super) version: String,
        pub(super) known_until: Instant,
    }

    pub(super) fn zone(name: ZoneName, bytes: &[u8], version: &str) -> Result<Zone, ParseError> {
        let zone = tz::TimeZone::from_tz_data(bytes)
            .map_err(|_| ParseError::new("the bytes of a TZif file", name.as_str()))?;
        // The reader takes a file that was cut after the line break that opens its footer for one without a rule.
        if !has_whole_footer(bytes) {
            return Err(ParseError::new("the bytes of a TZif file", name.as_str()));
        }
        let data = zone.as_ref();
        if !data.leap_seconds().is_empty() {
            return Err(ParseError::new(
                "TZif data of POSIX time, without leap seconds",
                name.as_str(),
            ));
        }
        if data
            .local_time_types()
            .iter()
            .any(|kind| i64::from(kind.ut_offset()).abs() > OFFSET_SECONDS_MAX)
        {
            return Err(ParseError::new(
                "TZif data with offsets of at most 26 hours",
                name.as_str(),
            ));
        }
        // Without a rule for the time after it, the data ends with its last transition.
        let known_until = match (data.extra_rule(), data.transitions().last()) {
            (None, Some(last)) => Instant::clamped_from_seconds(last.unix_leap_time()),
            _ => Instant::MAX,
        };
        Ok(Zone::of(
            name,
            Source::Tzif(Data {
                zone,
                version: String::from(version),
                known_until,
            }),
        ))
    }

    /// Whether the file ends with a line of text, which may be empty. Only version 1 has none.
    fn has_whole_footer(bytes: &[u8]) -> bool {
        const VERSION_AT: usize = 4;
        if bytes.get(VERSION_AT) == Some(&0) {
            return true;
        }
        let line = bytes
            .strip_suffix(b"\n")
            .and_then(|bytes| bytes.rsplit(|byte| *byte == b'\n').next());
        line.is_some_and(|line| line.iter().all(u8::is_ascii_graphic))
    }

    impl Data {
        pub(super) fn offset_seconds(&self, at_seconds: i64) -> i32 {
            // Fails only past the last transition without a rule, which nobody asks about: see `known_until`.
            self.zone
                .find_local_time_type(at_seconds)
                .map_or(0, tz::LocalTimeType::ut_offset)
        }

        /// In order, from the list of the file and then from its rule for the time after the list.
        pub(super) fn listed_transitions(&self, from: i64, until: i64) -> Vec<i64> {
            let listed = self.zone.as_ref().transitions();
            let first = listed.partition_point(|transition| transition.unix_leap_time() <= from);
            let mut all: Vec<i64> = listed
                .iter()
                .skip(first)
                .map(Transition::unix_leap_time)
                .take_while(|at| *at < until)
                .collect();
            let listed_until = listed.last().map_or(i64::MIN, Transition::unix_leap_time);
            if let Some(TransitionRule::Alternate(rule)) = self.zone.as_ref().extra_rule() {
                all.extend(rule_transitions(rule, from.max(listed_until), until));
            }
            all
        }
    }

    /// The instants inside `(from, until)` at which a rule changes the offset. A hostile rule may hold for hours.
    fn rule_transitions(rule: &AlternateTime, from: i64, until: i64) -> Vec<i64> {
        let year_of = |at: i64| {
            let at = Instant::clamped_from_seconds(at).to_utc();
            at.year()
        };
        // A year more on both sides, since a rule's time of day may leave its year.
        let years = year_of(from).saturating_sub(1)..=year_of(until).saturating_add(1);
        let mut all: Vec<i64> = years
            .flat_map(|year| {
                let at = |day: &RuleDay, time: i32, offset: i32| {
                    let midnight = local_midnight(date_of(day, year)?);
                    Some(
                        midnight
                            .saturating_add(i64::from(time))
                            .saturating_sub(i64::from(offset)),
                    )
                };
                [
                    at(rule.dst_start(), rule.dst_start_time(), rule.std().ut_offset()),
                    at(rule.dst_end(), rule.dst_end_time(), rule.dst().ut_offset()),
                ]
            })
            .flatten()
            .filter(|at| from < *at && *at < until)
            .collect();
        all.sort_unstable();
        all
    }

    /// The date that a rule names in a year, by POSIX.
    fn date_of(day: &RuleDay, year: i32) -> Option<NaiveDate> {
        let january = NaiveDate::from_ymd_opt(year, 1, 1)?;
        match day {
            RuleDay::Julian0WithLeap(day) => january.checked_add_days(Days::new(day.get().into())),
            RuleDay::Julian1WithoutLeap(day) => {
                // Counted as if there were no 29 February.
                let common = NaiveDate::from_yo_opt(2001, day.get().into())?;
                common.with_year(year)
            }
            RuleDay::MonthWeekDay(day) => {
                let weekday = Weekday::try_from(day.week_day().checked_add(6)?.checked_rem(7)?).ok()?;
                let nth =
                    |week| NaiveDate::from_weekday_of_month_opt(year, day.month().into(), weekday, week);
                nth(day.week()).or_else(|| nth(4)) // the fifth means the last
            }
        }
    }
}

/// Midnight at the start of a date, in local seconds since 1970.
pub(crate) fn local_midnight(date: NaiveDate) -> i64 {
    const UNIX_EPOCH_DAYS_FROM_CE: i64 = 719_163;
    i64::from(date.num_days_from_ce())
        .saturating_sub(UNIX_EPOCH_DAYS_FROM_CE)
        .saturating_mul(86_400)
}

#[cfg(all(test, feature = "chrono-tz"))]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    extern crate std;

    use alloc::vec::Vec;

    use super::{Clock, Instant, OffsetTable, PROBE_SECONDS, ZoneData};

    /// Asks every zone of chrono-tz for its offset every four hours from 1900 to 2100, and finds what the table
    /// says that was built by asking every six days. So the table misses no stretch of four hours or more; and the
    /// transitions found are never as close as the probes, which is what finding them by probes rests on.
    #[test]
    fn probing_misses_no_transition() {
        let (left, right) = chrono_tz::TZ_VARIANTS.split_at(chrono_tz::TZ_VARIANTS.len() / 2);
        std::thread::scope(|scope| {
            scope.spawn(|| assert_probing_finds_all(left));
            assert_probing_finds_all(right);
        });
    }

    fn assert_probing_finds_all(of: &[chrono_tz::Tz]) {
        const STEP_SECONDS: usize = 4 * 3_600;
        let zones = ZoneData::bundled();
        let mut closest = i64::MAX;
        for tz in of {
            let zone = zones.zone(tz.name()).unwrap();
            let until = zone.known_until_instant().epoch_seconds();
            let table = OffsetTable::new(&zone, Instant::MIN_SECONDS, until);
            let ends = table.starts.iter().skip(1).copied().chain([until]);
            for ((start, end), offset) in table.starts.iter().zip(ends).zip(&table.offsets) {
                if *start > Instant::MIN_SECONDS && end < until {
                    closest = closest.min(end.saturating_sub(*start));
                }
                let wrong = (*start..end)
                    .step_by(STEP_SECONDS)
                    .find(|at| zone.offset_seconds(*at) != *offset);
                assert_eq!(wrong, None, "{tz}");
                assert_eq!(zone.offset_seconds(end.saturating_sub(1)), *offset, "{tz}");
            }
        }
        assert!(closest > PROBE_SECONDS, "{closest} s between two transitions");
    }

    /// Weeks with equal clocks have equal f, seen from their start; here clocks change just before, at and after the ends
    /// of weeks, forwards and backwards, by an hour or a day.
    #[test]
    fn equal_clocks_are_interchangeable() {
        const WEEK: i64 = 604_800;
        let hour = [
            (5, -1_800, 3_600),
            (8, -1_800, 7_200),
            (11, 0, 3_600),
            (14, 0, 7_200),
            (17, 1_800, 3_600),
        ];
        let more = [
            (20, -3_600, 7_200),
            (23, -1, 3_600),
            (26, -43_200, -82_800),
            (29, -7_200, 3_600),
        ];
        let changes = hour.into_iter().chain(more);
        let changes: Vec<_> = changes
            .map(|(week, after, offset)| (week * WEEK + after, offset))
            .collect();
        let (mut starts, mut offsets) = (std::vec![0], std::vec![7_200]);
        starts.extend(changes.iter().map(|(start, _)| *start));
        offsets.extend(changes.iter().map(|(_, offset)| *offset));
        let until = 40 * WEEK;
        let ends = starts.iter().skip(1).copied().chain([until]);
        let shown = ends.zip(&offsets).map(|(end, offset)| end + i64::from(*offset));
        let reach = shown.scan(i64::MIN, |most, shown| {
            *most = shown.max(*most);
            Some(*most)
        });
        let reach = reach.collect();
        let table = OffsetTable {
            starts,
            offsets,
            reach,
            until,
        };
        let (mut clocks, mut clock, mut weeks) = (table.clocks(), Clock::default(), Vec::new());
        for from in (WEEK..until - WEEK).step_by(604_800) {
            clocks.over(from, from + WEEK, &mut clock);
            let f = |local: i64| {
                table
                    .first_instant(from + local)
                    .map(|at| (at - from).clamp(0, WEEK))
            };
            let mapped: Vec<_> = (-172_800..WEEK + 172_800).step_by(600).map(f).collect();
            let (lowest, highest) = clock.shown(0);
            assert_eq!((f(lowest), f(highest)), (Some(0), Some(WEEK)));
            weeks.push((clock.clone(), mapped));
        }
        for (index, (clock, mapped)) in weeks.iter().enumerate() {
            let alike = weeks.iter().skip(index).filter(|(other, _)| other == clock);
            alike.for_each(|(_, other)| assert!(mapped == other, "{index}"));
        }
        weeks.sort();
        weeks.dedup();
        assert!(
            (10..30).contains(&weeks.len()),
            "{} kinds of {until} s",
            weeks.len()
        );
    }
}

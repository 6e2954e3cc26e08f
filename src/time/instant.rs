//! The one entrance for instants: a UTC instant from 1900 to 2200, to the nanosecond, in an `i64`.
//!
//! This module owns the range, the refusal of leap-second forms, and the RFC 3339 text of instants. It knows
//! neither zones nor calendars. Public functions take and return `DateTime<Utc>`; inside, everything is [`Instant`].

use core::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Timelike, Utc};

use crate::error::QueryError;
use crate::time::epoch::EpochSecond;
use crate::time::unit::{self, NANOS_PER_SECOND};

const SECONDS_PER_DAY: u64 = unit::SECONDS_PER_DAY.unsigned_abs();
const UNSIGNED_NANOS_PER_SECOND: u64 = NANOS_PER_SECOND.unsigned_abs();
const NANOS_PER_DAY: u64 = SECONDS_PER_DAY * UNSIGNED_NANOS_PER_SECOND;

/// The year with which the range starts, and the years after it until the one whose first instant ends the range.
const FIRST_YEAR: i32 = 1900;
const YEARS: u32 = 300;

/// The days of four years, one of which is a leap year.
const DAYS_PER_FOUR_YEARS: u32 = 1_461;

/// The days from 1900 through 1901, which is no leap year, and through 2101, after the next that is none.
const DAYS_UNTIL_1901: u32 = days_before_year(1);
const DAYS_UNTIL_2101: u32 = days_before_year(201);

/// The days from 1900 until a year, in years since 1900, up to 2200.
#[inline]
const fn days_before_year(years: u32) -> u32 {
    // Every fourth year is a leap year from 1904 on, but not 2100.
    // No wrap: 1900 itself has no days before it, and up to 2200 there are no more than 2^19 quarters.
    let quarters = years.wrapping_mul(DAYS_PER_FOUR_YEARS);
    let days = if years > 0 {
        quarters.wrapping_sub(1) / 4
    } else {
        0
    };
    if years > 200 { days.wrapping_sub(1) } else { days }
}

/// The years since 1900 until a day, counted from 1900, and the days of its year before it.
#[inline]
fn year_and_day(day: u32) -> (u32, u32) {
    // As if 1900 and 2100 had 29 February; of 1900 only that it has none before its first day. No more than 2^17 days.
    let leap_days = u32::from(day >= DAYS_UNTIL_1901).wrapping_add(u32::from(day >= DAYS_UNTIL_2101));
    let quarters = day.wrapping_add(leap_days).wrapping_mul(4);
    (quarters / DAYS_PER_FOUR_YEARS, quarters % DAYS_PER_FOUR_YEARS / 4)
}

/// The first day of each year, from which others of the year are made with fewer steps than from a number.
static NEW_YEARS: [NaiveDate; 301] = new_years();

const fn new_years() -> [NaiveDate; 301] {
    let mut dates = [NaiveDate::MIN; 301];
    let mut left: &mut [NaiveDate] = &mut dates;
    let mut year = FIRST_YEAR;
    while let Some((date, later)) = left.split_first_mut() {
        if let Some(first) = NaiveDate::from_yo_opt(year, 1) {
            *date = first;
        }
        // No wrap: 301 years.
        (left, year) = (later, year.wrapping_add(1));
    }
    dates
}

/// A checked instant: nanoseconds since 1970-01-01 UTC. Every value lies from [`Instant::MIN`] to [`Instant::MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instant(i64);

impl Instant {
    /// 1900-01-01T00:00:00Z in seconds.
    pub(crate) const MIN_SECONDS: i64 = -2_208_988_800;
    /// 2200-01-01T00:00:00Z in seconds.
    pub(crate) const MAX_SECONDS: i64 = 7_258_118_400;
    /// The second that starts with [`Instant::MIN`].
    pub(crate) const MIN_SECOND: EpochSecond = EpochSecond::of(Self::MIN_SECONDS);
    /// The second that starts with [`Instant::MAX`].
    pub(crate) const MAX_SECOND: EpochSecond = EpochSecond::of(Self::MAX_SECONDS);
    /// 1900-01-01T00:00:00Z.
    pub(crate) const MIN: Self = Self(Self::MIN_SECONDS * NANOS_PER_SECOND);
    /// 2200-01-01T00:00:00Z, which an interval may end at.
    pub(crate) const MAX: Self = Self(Self::MAX_SECONDS * NANOS_PER_SECOND);

    /// The entrance. chrono writes a leap second as a subsecond of a full second or more; POSIX time has none.
    #[inline]
    pub(crate) fn new(at: DateTime<Utc>) -> Result<Self, QueryError> {
        if i64::from(at.timestamp_subsec_nanos()) >= NANOS_PER_SECOND {
            return Err(QueryError::LeapSecond { found: at });
        }
        Self::from_parts(at.naive_utc()).ok_or(QueryError::InstantOutOfRange { found: at })
    }

    /// By year and day of the year, which chrono keeps: in less than half the steps of its own count from the year 1 on.
    #[inline]
    fn from_parts(at: NaiveDateTime) -> Option<Self> {
        let years = u32::try_from(at.year().wrapping_sub(FIRST_YEAR)).ok()?;
        if years > YEARS {
            return None;
        }
        // All fit, since no year is after 2200.
        let days = days_before_year(years).wrapping_add(at.ordinal0());
        let second = u64::from(days)
            .wrapping_mul(SECONDS_PER_DAY)
            .wrapping_add(u64::from(at.time().num_seconds_from_midnight()));
        let nanos = second
            .wrapping_mul(UNSIGNED_NANOS_PER_SECOND)
            .wrapping_add(u64::from(at.nanosecond()));
        let instant = Self(Self::MIN.0.wrapping_add_unsigned(nanos));
        (instant <= Self::MAX).then_some(instant)
    }

    /// The instant with which a second starts, if it is in range. Rule boundaries come this way.
    #[inline]
    pub(crate) fn of_second(second: EpochSecond) -> Option<Self> {
        let nearest = Self::nearest(second);
        (nearest.second() == second).then_some(nearest)
    }

    /// The instant in range that is nearest to the start of a second: what lies outside is cut off, since nothing is asked
    /// about it.
    #[inline]
    pub(crate) fn nearest(second: EpochSecond) -> Self {
        let second = second.clamp(Self::MIN_SECOND, Self::MAX_SECOND);
        // No wrap: both bounds are constants above.
        Self(second.get().wrapping_mul(NANOS_PER_SECOND))
    }

    /// The instant of ticks of so many nanoseconds since 1970. Where chrono has no such instant, the error has its last one
    /// on that side.
    pub(crate) fn from_epoch(ticks: i64, nanos_per_tick: i64) -> Result<Self, QueryError> {
        // No wrap: two numbers of 64 bits.
        let nanos = i128::from(ticks).wrapping_mul(i128::from(nanos_per_tick));
        let instant = i64::try_from(nanos).ok().map(Self);
        let in_range = instant.filter(|instant| (Self::MIN..=Self::MAX).contains(instant));
        in_range.ok_or_else(|| {
            let per_second = i128::from(NANOS_PER_SECOND);
            let second = i64::try_from(nanos.div_euclid(per_second)).ok();
            let nano = u32::try_from(nanos.rem_euclid(per_second)).ok();
            let found = second.zip(nano);
            let found = found.and_then(|(second, nano)| DateTime::from_timestamp(second, nano));
            let last = if ticks < 0 {
                DateTime::<Utc>::MIN_UTC
            } else {
                DateTime::<Utc>::MAX_UTC
            };
            QueryError::InstantOutOfRange {
                found: found.unwrap_or(last),
            }
        })
    }

    /// Nanoseconds since 1970.
    #[inline]
    pub(crate) fn epoch_nanos(self) -> i64 {
        self.0
    }

    /// The second in which it lies.
    #[inline]
    pub(crate) fn second(self) -> EpochSecond {
        EpochSecond::of(self.0.div_euclid(NANOS_PER_SECOND))
    }

    /// Nanoseconds after the whole second.
    #[inline]
    pub(crate) fn subsec_nanos(self) -> u64 {
        self.0.rem_euclid(NANOS_PER_SECOND).unsigned_abs()
    }

    /// Nanoseconds from here to `later`; zero when `later` is not later. Exact: 300 years fit a `u64`.
    #[inline]
    pub(crate) fn nanos_until(self, later: Self) -> u64 {
        if later <= self {
            0
        } else {
            later.0.abs_diff(self.0)
        }
    }

    /// The instant `nanos` later, unless it leaves the range.
    #[inline]
    pub(crate) fn checked_add(self, nanos: u64) -> Result<Self, QueryError> {
        match self.0.checked_add_unsigned(nanos).map(Self) {
            Some(sum) if sum <= Self::MAX => Ok(sum),
            _ => Err(QueryError::Overflow),
        }
    }

    #[inline]
    pub(crate) fn to_utc(self) -> DateTime<Utc> {
        // Every value has parts; the other way is there so that none needs to be trusted.
        self.to_parts()
            .map_or_else(|| DateTime::from_timestamp_nanos(self.0), |parts| parts.and_utc())
    }

    #[inline]
    fn to_parts(self) -> Option<NaiveDateTime> {
        let nanos = Self::MIN.nanos_until(self);
        let (second, nano) = (
            nanos / UNSIGNED_NANOS_PER_SECOND,
            nanos % UNSIGNED_NANOS_PER_SECOND,
        );
        // Not from `second`, so that both are known at once.
        let day = nanos / NANOS_PER_DAY;
        let (year, day_of_year) = year_and_day(u32::try_from(day).ok()?);
        let new_year = NEW_YEARS.get(usize::try_from(year).ok()?)?;
        let date = new_year.with_ordinal0(day_of_year)?;
        let second = u32::try_from(second.wrapping_sub(day.wrapping_mul(SECONDS_PER_DAY))).ok()?;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(second, u32::try_from(nano).ok()?)?;
        Some(date.and_time(time))
    }

    /// Reads RFC 3339 with any offset. More than nine decimals are refused, since chrono drops them in silence.
    pub(crate) fn parse(text: &str) -> Result<Self, crate::error::ParseError> {
        /// The nanosecond is the resolution.
        const DECIMALS_MAX: usize = 9;
        const EXPECTED: &str = "an instant from 1900 to 2200 in RFC 3339, to the nanosecond and without leap seconds, \
             such as `2026-03-01T09:00:00Z`";
        let error = || crate::error::ParseError::new(EXPECTED, text);
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| {
            decimals.bytes().take_while(u8::is_ascii_digit).count()
        });
        if decimals > DECIMALS_MAX {
            return Err(error());
        }
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| error())?;
        Self::new(at.to_utc()).map_err(|_| error())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of an instant, as every statement and error shows it.
pub(crate) fn rfc3339(at: DateTime<Utc>) -> alloc::string::String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// `#[serde(with)]` for instants in records and statements: RFC 3339 text.
pub(crate) mod text {
    use alloc::string::String;

    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::rfc3339(*at))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::Instant::parse(&text)
            .map(super::Instant::to_utc)
            .map_err(serde::de::Error::custom)
    }
}

/// `#[serde(with)]` for instants that may be absent.
pub(crate) mod optional_text {
    use alloc::string::String;

    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
    pub(crate) fn serialize<S: Serializer>(
        at: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::text::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            super::Instant::parse(&text)
                .map(super::Instant::to_utc)
                .map_err(serde::de::Error::custom)
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Instant;
    use crate::time::epoch::EpochSecond;

    #[test]
    fn seconds_outside_of_the_range_have_no_instant() {
        for (second, instant) in [
            (Instant::MIN_SECOND, Some(Instant::MIN)),
            (Instant::MAX_SECOND, Some(Instant::MAX)),
            (Instant::MIN_SECOND.minus(1), None),
            (Instant::MAX_SECOND.plus(1), None),
            (EpochSecond::FAR_PAST, None),
            (EpochSecond::FAR_FUTURE, None),
        ] {
            assert_eq!(Instant::of_second(second), instant, "{second:?}");
        }
        assert_eq!(Instant::nearest(EpochSecond::FAR_PAST), Instant::MIN);
        assert_eq!(Instant::nearest(EpochSecond::FAR_FUTURE), Instant::MAX);
    }

    /// On every day, at its first and last nanosecond, and outside the range.
    #[test]
    fn every_day_is_converted_as_chrono_does() {
        for second in (Instant::MIN_SECONDS..Instant::MAX_SECONDS).step_by(86_400) {
            for nanos in [0, 1, 86_399_999_999_999] {
                let nanos = second * 1_000_000_000 + nanos;
                let at = DateTime::from_timestamp_nanos(nanos);
                assert_eq!(Instant::new(at), Ok(Instant(nanos)));
                assert_eq!(Instant(nanos).to_utc(), at);
            }
        }
        assert_eq!(Instant::new(Instant::MAX.to_utc()), Ok(Instant::MAX));
        assert_eq!(Instant::MAX.to_utc().timestamp(), Instant::MAX_SECONDS);
        let outside = [Instant::MIN_SECONDS - 1, Instant::MAX_SECONDS + 1];
        let far = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
        let outside = outside
            .into_iter()
            .filter_map(|second| DateTime::from_timestamp(second, 0));
        let just_after = Instant::MAX
            .to_utc()
            .checked_add_signed(chrono::TimeDelta::nanoseconds(1));
        for at in outside.chain(far).chain(just_after) {
            assert!(Instant::new(at).is_err(), "{at}");
        }
    }

    #[test]
    fn text_is_read_exactly_or_refused() {
        for (text, nanos) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T01:00:00.5+01:00", Some(500_000_000)),
            ("1970-01-01T00:00:00.000000001Z", Some(1)),
            ("1969-12-31T23:59:59.999999999Z", Some(-1)),
            ("1970-01-01T00:00:00.0000000019Z", None), // chrono would drop the tenth decimal
            ("2016-12-31T23:59:60Z", None),
            ("2016-12-31T23:59:60.5Z", None),
            ("1899-12-31T23:59:59Z", None),
            ("2200-01-01T00:00:00.000000001Z", None),
            ("2026-03-01T09:00:00", None),
            ("2026-03-01", None),
            ("", None),
        ] {
            let read = Instant::parse(text).ok().map(|instant| instant.0);
            assert_eq!(read, nanos, "{text}");
        }
        for text in [
            "1900-01-01T00:00:00Z",
            "2200-01-01T00:00:00Z",
            "2026-03-01T09:00:00.000000001Z",
        ] {
            assert_eq!(
                Instant::parse(text).map(|at| format!("{at}")).as_deref(),
                Ok(text)
            );
        }
    }
}

//! Dates as text, and measurement periods by their dates: a calendar month or quarter.
//!
//! This module owns which dates a period has and how it is written (`2026-03`, `2026-Q1`). Where those dates begin
//! and end on the time line is the zone's business: see `Zone::interval`.

use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

use crate::error::ParseError;

const YEAR_MIN: i32 = 1900;
const YEAR_MAX: i32 = 2199;

/// A date from 1900-01-01 to 2199-12-31, written `2026-04-03`. A bare date in TOML is accepted as its text.
///
/// # Example
///
/// ```
/// let date: sla::Date = "2026-04-03".parse()?;
/// assert_eq!(date.naive(), chrono::NaiveDate::from_ymd_opt(2026, 4, 3).unwrap());
/// assert!("2026-02-29".parse::<sla::Date>().is_err());
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The date, if its year is from 1900 to 2199.
    pub fn new(date: NaiveDate) -> Option<Self> {
        (YEAR_MIN..=YEAR_MAX).contains(&date.year()).then_some(Self(date))
    }

    /// The date as chrono's type.
    pub fn naive(self) -> NaiveDate {
        self.0
    }

    /// The day after; the last day of 2199 stays.
    pub(crate) fn next(self) -> NaiveDate {
        self.0.succ_opt().unwrap_or(self.0)
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // chrono would also take signs and spaces for digits.
        let digits = |(index, byte): (usize, u8)| matches!(index, 4 | 7) || byte.is_ascii_digit();
        let date = (text.len() == 10 && text.bytes().enumerate().all(digits))
            .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten();
        date.and_then(Self::new)
            .ok_or_else(|| ParseError::new("a date from 1900 to 2199, such as `2026-04-03`", text))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Date);

/// How long a measurement period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PeriodKind {
    /// A calendar month.
    Month,
    /// A calendar quarter: January to March, and so on.
    Quarter,
}

impl PeriodKind {
    fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
        }
    }
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
        })
    }
}

/// A measurement period by its dates: `2026-03` or `2026-Q1`.
///
/// Its true length depends on the zone: March in New York has 44,580 minutes.
///
/// # Example
///
/// ```
/// use sla::{Period, Target, WallTime, ZoneData};
///
/// let zone = ZoneData::bundled().zone("America/New_York")?;
/// let march = zone.interval(Period::month(2026, 3).unwrap())?;
/// assert_eq!(march.length(), WallTime::minutes(44_580)); // an hour was skipped
///
/// let quarter: Period = "2026-Q1".parse()?;
/// assert!(quarter.contains("2026-03".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: NaiveDate,
    kind: PeriodKind,
}

impl Period {
    /// A calendar month. `None` unless the year is from 1900 to 2199 and the month from 1 to 12.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::starting(NaiveDate::from_ymd_opt(year, month, 1)?, PeriodKind::Month)
    }

    /// A calendar quarter. `None` unless the year is from 1900 to 2199 and the quarter from 1 to 4.
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let month = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
        Self::starting(NaiveDate::from_ymd_opt(year, month, 1)?, PeriodKind::Quarter)
    }

    fn starting(first: NaiveDate, kind: PeriodKind) -> Option<Self> {
        Date::new(first).map(|first| Self {
            first: first.naive(),
            kind,
        })
    }

    /// The period of that kind on whose dates `date` lies.
    pub fn containing(kind: PeriodKind, date: Date) -> Self {
        let past = date.naive().month0() % kind.months();
        let first = date
            .naive()
            .with_day(1)
            .and_then(|first| first.checked_sub_months(Months::new(past)));
        Self {
            first: first.unwrap_or(date.naive()),
            kind,
        }
    }

    /// Month or quarter.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Its first date.
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The first date after it.
    pub fn day_after(self) -> NaiveDate {
        self.first
            .checked_add_months(Months::new(self.kind.months()))
            .unwrap_or(self.first)
    }

    /// Whether every date of `other` is one of this period.
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.day_after() <= self.day_after()
    }

    /// Whether any date of `other` is one of this period.
    pub fn overlaps(self, other: Self) -> bool {
        self.first < other.day_after() && other.first < self.day_after()
    }

    fn read(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-')?;
        let number = |digits: &str, length: usize| {
            let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u32>().ok()).flatten()
        };
        let year = i32::try_from(number(year, 4)?).ok()?;
        match part.strip_prefix('Q') {
            Some(quarter) => Self::quarter(year, number(quarter, 1)?),
            None => Self::month(year, number(part, 2)?),
        }
    }
}

impl FromStr for Period {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text)
            .ok_or_else(|| ParseError::new("a month such as `2026-03` or a quarter such as `2026-Q1`", text))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PeriodKind::Month => write!(f, "{}-{:02}", self.first.year(), self.first.month()),
            PeriodKind::Quarter => {
                write!(
                    f,
                    "{}-Q{}",
                    self.first.year(),
                    (self.first.month0() / 3).saturating_add(1)
                )
            }
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Period);

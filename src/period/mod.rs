//! Dates as text, and measurement periods by their dates: months, quarters, years, billing cycles, runs of days.
//!
//! This module owns which dates a period has and how it is written (`2026-03`, `2026-Q1 from Apr`). Where those dates
//! begin and end on the time line is the zone's business: see `Zone::interval`.

mod kind;
mod partial;

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, NaiveDate};

pub use kind::{AnchorDay, DayCount, FixedDays, PeriodKind, StartMonth};
pub(crate) use kind::{MONTH_NAMES, month_name};
use kind::{Rhythm, day_of_month, month_number};
pub(crate) use partial::DatesInForce;
pub use partial::PartialPeriods;

use crate::error::ParseError;
use crate::text::exact_digits;
use crate::time::epoch::EpochDay;

const YEAR_MIN: i32 = 1900;
const YEAR_MAX: i32 = 2199;

/// A date from 1900-01-01 to 2199-12-31, written `2026-04-03`. A bare date in TOML is accepted as its text.
///
/// # Example: a date that exists, and one that does not
///
/// ```
/// let date: sla::period::Date = "2026-04-03".parse()?;
/// assert_eq!(date.naive(), chrono::NaiveDate::from_ymd_opt(2026, 4, 3).unwrap());
/// assert!("2026-02-29".parse::<sla::period::Date>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// Creates a date. `None` unless its year is from 1900 to 2199.
    ///
    /// # Example: the last date there is
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use sla::period::Date;
    ///
    /// let last = NaiveDate::from_ymd_opt(2199, 12, 31).unwrap();
    /// assert!(Date::new(last).is_some());
    /// assert!(Date::new(last.succ_opt().unwrap()).is_none());
    /// ```
    pub fn new(date: NaiveDate) -> Option<Self> {
        (YEAR_MIN..=YEAR_MAX).contains(&date.year()).then_some(Self(date))
    }

    /// Returns the date as chrono's type.
    ///
    /// # Example: a Friday
    ///
    /// ```
    /// use chrono::{Datelike, Weekday};
    ///
    /// let date: sla::period::Date = "2026-04-03".parse()?;
    /// assert_eq!(date.naive().weekday(), Weekday::Fri);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn naive(self) -> NaiveDate {
        self.0
    }

    /// The day after, which is 2200-01-01 for the last date there is.
    pub(crate) fn next(self) -> NaiveDate {
        EpochDay::of_date(self.0).plus(1).date()
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // The form is checked here: chrono also takes signs, blanks and single digits (`+2026- 4-3`).
        let plain = text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        plain
            .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten()
            .and_then(Self::new)
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

/// A measurement period by its dates.
///
/// | period | written |
/// |---|---|
/// | March 2026 | `2026-03` |
/// | the first calendar quarter of 2026 | `2026-Q1` |
/// | the calendar year 2026 | `2026` |
/// | the first quarter of the fiscal year that starts in April 2026: April to June | `2026-Q1 from Apr` |
/// | the fiscal year that starts in April 2026, and ends in March 2027 | `2026 from Apr` |
/// | the billing cycle from 15 March 2026 | `2026-03-15 monthly` |
/// | the billing cycle from 28 February 2026, since there is no 31st | `2026-02-28 monthly on 31` |
/// | the contract year from 15 April 2026, of a contract from 15 April 2024 | `2026-04-15 yearly from 2024-04-15` |
/// | the thirty days of which 31 March 2026 is the last | `30 days ending 2026-03-31` |
/// | the block of thirty days from 16 March 2026, counted from 15 January 2026 | `2026-03-16 every 30 days from 2026-01-15` |
///
/// **A fiscal year is named by the calendar year in which it starts**, whatever its parties call it.
///
/// Every date of a period is one from 1900 to 2199. Its true length depends on the zone: March in New York has 44,580
/// minutes. Periods are ordered by their first dates.
///
/// # Example: a month with a skipped hour
///
/// ```
/// use sla::{Period, WallTime, ZoneData};
/// use sla::number::Target;
///
/// let zone = ZoneData::bundled().zone("America/New_York")?;
/// let march = zone.interval(Period::month(2026, 3).unwrap())?;
/// assert_eq!(march.length(), WallTime::minutes(44_580)); // an hour was skipped
///
/// let quarter: Period = "2026-Q1".parse()?;
/// assert!(quarter.contains("2026-03".parse()?));
/// assert!(!quarter.contains("2026-03-15 monthly".parse()?)); // it ends on 14 April
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: NaiveDate,
    /// Follows from the others; kept, so that asking for it cannot fail.
    day_after: NaiveDate,
    kind: PeriodKind,
}

impl Period {
    /// Creates a calendar month. `None` unless the year is from 1900 to 2199 and the month from 1 to 12.
    ///
    /// # Example: March
    ///
    /// ```
    /// assert_eq!(sla::Period::month(2026, 3).unwrap().to_string(), "2026-03");
    /// ```
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::starting(PeriodKind::Month, Date::new(first)?)
    }

    /// Creates a calendar quarter. `None` unless the year is from 1900 to 2199 and the quarter from 1 to 4.
    ///
    /// # Example: the first quarter
    ///
    /// ```
    /// assert_eq!(sla::Period::quarter(2026, 1).unwrap().to_string(), "2026-Q1");
    /// ```
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let month = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::starting(PeriodKind::Quarter, Date::new(first)?)
    }

    /// Creates a calendar year. `None` unless it is from 1900 to 2199.
    ///
    /// # Example: 2026
    ///
    /// ```
    /// assert_eq!(sla::Period::year(2026).unwrap().to_string(), "2026");
    /// ```
    pub fn year(year: i32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        Self::starting(PeriodKind::Year, Date::new(first)?)
    }

    /// Creates a quarter of the fiscal year that starts in `start` of the calendar year `year`. `None` unless the quarter is
    /// from 1 to 4 and lies within 1900 to 2199.
    ///
    /// # Example: the last quarter of a year from February
    ///
    /// ```
    /// use sla::Period;
    /// use sla::period::StartMonth;
    ///
    /// let last = Period::fiscal_quarter(2026, 4, StartMonth::new(2).unwrap()).unwrap();
    /// assert_eq!(last.to_string(), "2026-Q4 from Feb");
    /// assert_eq!(last.first_day().to_string(), "2026-11-01");
    /// assert_eq!(last.day_after().to_string(), "2027-02-01");
    /// ```
    pub fn fiscal_quarter(year: i32, quarter: u32, start: StartMonth) -> Option<Self> {
        let past = i32::try_from(quarter.checked_sub(1).filter(|past| *past < 4)?.checked_mul(3)?).ok()?;
        let first = day_of_month(first_month(year, start)?.checked_add(past)?, 1)?;
        Self::starting(PeriodKind::FiscalQuarter(start), Date::new(first)?)
    }

    /// Creates the fiscal year that starts in `start` of the calendar year `year`. `None` unless it lies within 1900 to 2199.
    ///
    /// # Example: a year from April
    ///
    /// ```
    /// use sla::Period;
    /// use sla::period::StartMonth;
    ///
    /// let year = Period::fiscal_year(2026, StartMonth::new(4).unwrap()).unwrap();
    /// assert_eq!(year.to_string(), "2026 from Apr");
    /// assert_eq!(year.day_after().to_string(), "2027-04-01");
    /// ```
    pub fn fiscal_year(year: i32, start: StartMonth) -> Option<Self> {
        let first = day_of_month(first_month(year, start)?, 1)?;
        Self::starting(PeriodKind::FiscalYear(start), Date::new(first)?)
    }

    /// Creates the period of that kind whose first date is `first`. `None` if none starts there, or if it does not lie within
    /// 1900 to 2199.
    ///
    /// # Example: a cycle from the 15th
    ///
    /// ```
    /// use sla::Period;
    /// use sla::period::PeriodKind;
    ///
    /// let cycle = PeriodKind::billing_cycle(15).unwrap();
    /// assert_eq!(Period::starting(cycle, "2026-03-15".parse()?).unwrap().to_string(), "2026-03-15 monthly");
    /// assert_eq!(Period::starting(cycle, "2026-03-16".parse()?), None);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn starting(kind: PeriodKind, first: Date) -> Option<Self> {
        let last = kind.rhythm().day_after(first.naive())?.pred_opt()?;
        Self::containing(kind, Date::new(last)?).filter(|period| period.first == first.naive())
    }

    /// Creates the period of that kind on whose dates `date` lies; of trailing ones, the one that ends on it. `None` if it
    /// does not lie within 1900 to 2199, as for a fiscal year from April, the first three months of 1900.
    ///
    /// # Example: one date, three kinds
    ///
    /// ```
    /// use sla::Period;
    /// use sla::period::PeriodKind;
    ///
    /// let date = "2026-03-31".parse()?;
    /// let text = |kind| Period::containing(kind, date).unwrap().to_string();
    /// assert_eq!(text(PeriodKind::Month), "2026-03");
    /// assert_eq!(text(PeriodKind::ContractYear("2024-04-15".parse()?)), "2025-04-15 yearly from 2024-04-15");
    /// assert_eq!(text(PeriodKind::trailing_days(30).unwrap()), "30 days ending 2026-03-31");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn containing(kind: PeriodKind, date: Date) -> Option<Self> {
        let rhythm = kind.rhythm();
        let first = Date::new(rhythm.first_day(date.naive())?)?.naive();
        let day_after = rhythm.day_after(first)?;
        Date::new(day_after.pred_opt()?)?;
        Some(Self {
            first,
            day_after,
            kind,
        })
    }

    /// Returns the period of the same kind that starts where this one ends. `None` for trailing days, which overlap, and at
    /// the end of 2199.
    ///
    /// # Example: the true day again
    ///
    /// ```
    /// let cycle: sla::Period = "2026-02-28 monthly on 31".parse()?;
    /// assert_eq!(cycle.next().unwrap().to_string(), "2026-03-31 monthly");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn next(self) -> Option<Self> {
        self.neighbour(self.day_after)
    }

    /// Returns the period of the same kind that ends where this one starts. `None` for trailing days, which overlap, and at
    /// the start of 1900.
    ///
    /// # Example: the quarter before
    ///
    /// ```
    /// let quarter: sla::Period = "2026-Q1 from Apr".parse()?;
    /// assert_eq!(quarter.previous().unwrap().to_string(), "2025-Q4 from Apr");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn previous(self) -> Option<Self> {
        self.neighbour(self.first.pred_opt()?)
    }

    fn neighbour(self, date: NaiveDate) -> Option<Self> {
        match self.kind.rhythm() {
            Rhythm::Trailing { .. } => None,
            Rhythm::Months { .. } | Rhythm::Days { .. } => Self::containing(self.kind, Date::new(date)?),
        }
    }

    /// Returns its kind, with what the terms state of it.
    ///
    /// # Example: a cycle on the 31st
    ///
    /// ```
    /// let cycle: sla::Period = "2026-02-28 monthly on 31".parse()?;
    /// assert_eq!(Some(cycle.kind()), sla::period::PeriodKind::billing_cycle(31));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Returns its first date.
    ///
    /// # Example: a quarter
    ///
    /// ```
    /// let quarter: sla::Period = "2026-Q2".parse()?;
    /// assert_eq!(quarter.first_day().to_string(), "2026-04-01");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn first_day(self) -> NaiveDate {
        self.first
    }

    /// Returns the first date after it.
    ///
    /// # Example: a quarter
    ///
    /// ```
    /// let quarter: sla::Period = "2026-Q2".parse()?;
    /// assert_eq!(quarter.day_after().to_string(), "2026-07-01");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn day_after(self) -> NaiveDate {
        self.day_after
    }

    fn last_day(self) -> NaiveDate {
        EpochDay::of_date(self.day_after).minus(1).date()
    }

    /// Reports whether every date of `other` is one of this period, whatever their kinds.
    ///
    /// # Example: a month of a quarter
    ///
    /// ```
    /// use sla::Period;
    ///
    /// let quarter: Period = "2026-Q1".parse()?;
    /// assert!(quarter.contains("2026-03".parse()?));
    /// assert!(!quarter.contains("2026-03-15 monthly".parse()?)); // it ends on 14 April
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.day_after <= self.day_after
    }

    /// Reports whether any date of `other` is one of this period, whatever their kinds.
    ///
    /// # Example: a billing cycle that begins in a quarter
    ///
    /// ```
    /// use sla::Period;
    ///
    /// let quarter: Period = "2026-Q1".parse()?;
    /// assert!(quarter.overlaps("2026-03-15 monthly".parse()?));
    /// assert!(!quarter.overlaps("2026-04".parse()?));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn overlaps(self, other: Self) -> bool {
        self.first < other.day_after && other.first < self.day_after
    }

    fn read(text: &str) -> Option<Self> {
        let date = |text: &str| text.parse::<Date>().ok();
        // One word more than the longest form has, so that a long text costs nothing.
        let words: Vec<&str> = text.splitn(7, ' ').collect();
        match words.as_slice() {
            [name] => match Name::read(name)? {
                Name::Year(year) => Self::year(year),
                Name::Quarter(year, quarter) => Self::quarter(year, quarter),
                Name::Month(year, month) => Self::month(year, month),
            },
            [name, "from", start] => match (Name::read(name)?, start.parse().ok()?) {
                (Name::Year(year), start) => Self::fiscal_year(year, start),
                (Name::Quarter(year, quarter), start) => Self::fiscal_quarter(year, quarter, start),
                (Name::Month(..), _) => None,
            },
            [first, "monthly"] => {
                let first = date(first)?;
                Self::starting(PeriodKind::billing_cycle(first.naive().day())?, first)
            }
            [first, "monthly", "on", day] => {
                let cycle = Self::starting(PeriodKind::billing_cycle(count(day)?)?, date(first)?)?;
                (count(day) != Some(cycle.first.day())).then_some(cycle)
            }
            [first, "yearly", "from", from] => {
                Self::starting(PeriodKind::ContractYear(date(from)?), date(first)?)
            }
            [first, "every", number, unit, "from", from] => {
                let days = days(number, unit)?;
                let from = date(from)?;
                Self::starting(PeriodKind::FixedDays(FixedDays { days, from }), date(first)?)
            }
            [number, unit, "ending", last] => {
                Self::containing(PeriodKind::TrailingDays(days(number, unit)?), date(last)?)
            }
            _ => None,
        }
    }
}

/// The number of the month in which a fiscal year starts.
fn first_month(year: i32, start: StartMonth) -> Option<i32> {
    year.checked_mul(12)?.checked_add(start.months_before())
}

/// What calendar and fiscal periods begin with: `2026`, `2026-Q1`, `2026-03`.
enum Name {
    Year(i32),
    Quarter(i32, u32),
    Month(i32, u32),
}

impl Name {
    fn read(text: &str) -> Option<Self> {
        let year = |digits: &str| i32::try_from(exact_digits(digits, 4)?).ok();
        let Some((before, part)) = text.split_once('-') else {
            return year(text).map(Self::Year);
        };
        match part.strip_prefix('Q') {
            Some(quarter) => Some(Self::Quarter(year(before)?, exact_digits(quarter, 1)?)),
            None => Some(Self::Month(year(before)?, exact_digits(part, 2)?)),
        }
    }
}

/// A number from one up, in digits without leading zeros.
fn count(digits: &str) -> Option<u32> {
    u32::try_from(crate::text::count(digits, 10)?).ok()
}

/// A number of days as it is written: `30 days`, `1 day`.
fn days(number: &str, unit: &str) -> Option<DayCount> {
    let days = count(number)?;
    let expected = if days == 1 { "day" } else { "days" };
    DayCount::new(days).filter(|_| unit == expected)
}

impl FromStr for Period {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "a period within 1900 to 2199, such as `2026-03`, `2026-Q1`, `2026`, `2026-Q1 from Apr`, \
             `2026 from Apr`, `2026-03-15 monthly`, `2026-02-28 monthly on 31`, `2026-04-15 yearly from 2024-04-15`, \
             `30 days ending 2026-03-31` or `2026-03-16 every 30 days from 2026-01-15`";
        Self::read(text).ok_or_else(|| ParseError::new(expected, text))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first;
        match self.kind {
            PeriodKind::Month => write!(f, "{}-{:02}", first.year(), first.month()),
            PeriodKind::Quarter => write!(f, "{}-Q{}", first.year(), quarter_of(month_number(first))),
            PeriodKind::Year => write!(f, "{}", first.year()),
            PeriodKind::FiscalQuarter(start) => {
                // No wrap: months of chrono's years.
                let month = month_number(first).wrapping_sub(start.months_before());
                write!(f, "{}-Q{} from {start}", month.div_euclid(12), quarter_of(month))
            }
            PeriodKind::FiscalYear(start) => write!(f, "{} from {start}", first.year()),
            PeriodKind::BillingCycle(day) => {
                write!(f, "{first} monthly")?;
                if first.day() == day.number() {
                    return Ok(());
                }
                write!(f, " on {day}")
            }
            PeriodKind::ContractYear(from) => write!(f, "{first} yearly from {from}"),
            PeriodKind::TrailingDays(days) => write!(f, "{days} ending {}", self.last_day()),
            PeriodKind::FixedDays(FixedDays { days, from }) => write!(f, "{first} every {days} from {from}"),
        }
    }
}

/// 1 to 4, by the number of a month of a year that starts with its first.
fn quarter_of(month: i32) -> i32 {
    // No wrap: from 0 to 3.
    (month.rem_euclid(12) / 3).wrapping_add(1)
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Period);

crate::fingerprint::canonical_text!(Date, Period);

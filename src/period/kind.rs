//! The kinds of measurement periods, and how each divides the calendar.
//!
//! This module owns what a contract has to state of a kind (the month in which a fiscal year starts, the day of a billing cycle),
//! how terms write it, and the arithmetic of dates behind it. Which periods there are of a kind is the module above.

use core::fmt;
use core::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};

use super::Date;
use crate::error::ParseError;
use crate::limits::PERIOD_DAYS_MAX;
use crate::text::count;

/// The name of a month of that number, from 1 to 12, as rules of dates write it too.
pub(crate) fn month_name(number: u32) -> &'static str {
    let named = (1_u32..).zip(MONTH_NAMES).find(|(month, _)| *month == number);
    debug_assert!(named.is_some(), "months are checked when they are read");
    named.map_or("", |(_, name)| name)
}

pub(crate) const MONTH_NAMES: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The month in which a fiscal year starts, written `Apr`.
///
/// # Example: April
///
/// ```
/// use sla::period::StartMonth;
///
/// assert_eq!("Apr".parse::<StartMonth>()?.number(), 4);
/// assert_eq!(StartMonth::new(4).unwrap().to_string(), "Apr");
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StartMonth(u8);

impl StartMonth {
    /// Creates the month of that number. `None` unless it is from 1 to 12.
    ///
    /// # Example: April
    ///
    /// ```
    /// use sla::period::StartMonth;
    ///
    /// assert_eq!(StartMonth::new(4).unwrap().to_string(), "Apr");
    /// assert_eq!(StartMonth::new(13), None);
    /// ```
    pub fn new(number: u32) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        (1..=12).contains(&number).then_some(Self(number))
    }

    /// Returns its number: 1 for January, 12 for December.
    ///
    /// # Example: April
    ///
    /// ```
    /// assert_eq!("Apr".parse::<sla::period::StartMonth>()?.number(), 4);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn number(self) -> u32 {
        self.0.into()
    }

    fn name(self) -> &'static str {
        month_name(self.number())
    }

    /// How many months of a calendar year come before it.
    pub(super) fn months_before(self) -> i32 {
        // No wrap: from 1 to 12.
        i32::from(self.0).wrapping_sub(1)
    }
}

impl FromStr for StartMonth {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let named = (1..=12).filter_map(Self::new).find(|month| month.name() == text);
        named.ok_or_else(|| ParseError::new("a month in three letters, such as `Apr`", text))
    }
}

impl fmt::Display for StartMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for StartMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(StartMonth);

/// The day of the month on which a billing cycle starts, from 1 to 31.
///
/// In a month that lacks the day, the cycle starts on the last day of that month; the next one starts on the true day
/// again.
///
/// # Example: the last day of every month
///
/// ```
/// use sla::period::AnchorDay;
///
/// assert_eq!(AnchorDay::new(31).unwrap().number(), 31);
/// assert_eq!(AnchorDay::new(32), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnchorDay(u32);

impl AnchorDay {
    /// Creates that day of the month. `None` unless it is from 1 to 31.
    ///
    /// # Example: the last day there may be
    ///
    /// ```
    /// use sla::period::AnchorDay;
    ///
    /// assert!(AnchorDay::new(31).is_some());
    /// assert!(AnchorDay::new(0).is_none());
    /// ```
    pub fn new(day: u32) -> Option<Self> {
        (1..=31).contains(&day).then_some(Self(day))
    }

    /// Returns the day.
    ///
    /// # Example: the fifteenth
    ///
    /// ```
    /// assert_eq!(sla::period::AnchorDay::new(15).unwrap().number(), 15);
    /// ```
    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for AnchorDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// How many days a period has, from 1 to 3,660 (ten years).
///
/// # Example: thirty days
///
/// ```
/// use sla::period::DayCount;
///
/// assert_eq!(DayCount::new(30).unwrap().to_string(), "30 days");
/// assert_eq!(DayCount::new(0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayCount(u32);

impl DayCount {
    /// Creates that number of days. `None` unless it is from 1 to 3,660.
    ///
    /// # Example: ten years, and a day more
    ///
    /// ```
    /// use sla::period::DayCount;
    ///
    /// assert!(DayCount::new(3_660).is_some());
    /// assert!(DayCount::new(3_661).is_none());
    /// ```
    pub fn new(days: u32) -> Option<Self> {
        (1..=PERIOD_DAYS_MAX).contains(&days).then_some(Self(days))
    }

    /// Returns how many days there are.
    ///
    /// # Example: thirty
    ///
    /// ```
    /// assert_eq!(sla::period::DayCount::new(30).unwrap().number(), 30);
    /// ```
    pub fn number(self) -> u32 {
        self.0
    }
}

impl DayCount {
    /// Reads it as it is printed: `30 days`, `1 day`.
    fn read(text: &str) -> Option<Self> {
        let (number, word) = text.split_once(' ')?;
        let days = Self::new(u32::try_from(count(number, 4)?).ok()?)?;
        (word == days.word()).then_some(days)
    }

    fn word(self) -> &'static str {
        if self.0 == 1 { "day" } else { "days" }
    }
}

/// `30 days`, `1 day`.
impl fmt::Display for DayCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.word())
    }
}

/// Blocks of days: how long each is, and a date on which one starts.
///
/// # Example: the second block of a contract
///
/// ```
/// use sla::Period;
/// use sla::period::{DayCount, FixedDays, PeriodKind};
///
/// let blocks = FixedDays { days: DayCount::new(30).unwrap(), from: "2026-01-15".parse()? };
/// let second = Period::containing(PeriodKind::FixedDays(blocks), "2026-03-01".parse()?).unwrap();
/// assert_eq!(second.to_string(), "2026-02-14 every 30 days from 2026-01-15");
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FixedDays {
    /// How many days each has.
    pub days: DayCount,
    /// The first date of one of them. The others are counted from it, before it too.
    pub from: Date,
}

/// How long a measurement period is, and where it starts: what the terms state.
///
/// The periods of every kind but the trailing ones follow one another without a gap: each date lies in exactly one of
/// them.
///
/// # Example: billing cycles from the 31st
///
/// ```
/// use sla::Period;
/// use sla::period::PeriodKind;
///
/// let cycle = PeriodKind::billing_cycle(31).unwrap();
/// let february = Period::containing(cycle, "2026-03-15".parse()?).unwrap();
/// assert_eq!(february.first_day().to_string(), "2026-02-28"); // the 31st, or the last day there is
/// assert_eq!(february.day_after().to_string(), "2026-03-31"); // the next starts on the true day again
/// # Ok::<(), sla::error::ParseError>(())
/// ```
///
/// In a document it is one of these texts:
///
/// | text | kind |
/// |---|---|
/// | `month`, `quarter`, `year` | of the calendar |
/// | `fiscal quarter from Feb`, `fiscal year from Apr` | of a year that starts in that month |
/// | `billing cycle from day 15` | a month that starts on that day |
/// | `contract year from 2026-04-15` | a year that starts on that date or an anniversary of it |
/// | `trailing period of 30 days` | so many days, ending on any date |
/// | `block of 30 days from 2026-01-15` | so many days each, counted from a date |
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// A calendar month.
    Month,
    /// A calendar quarter: January to March, and so on.
    Quarter,
    /// A calendar year.
    Year,
    /// A quarter of a fiscal year that starts in this month.
    FiscalQuarter(StartMonth),
    /// A year that starts on the first of this month.
    FiscalYear(StartMonth),
    /// A month that starts on this day: on the last day of a month that lacks it. The cycle after it starts on the
    /// true day again.
    BillingCycle(AnchorDay),
    /// A year that starts on this date or an anniversary of it. Of a contract from 29 February, years start on
    /// 28 February unless it is a leap year. Years are counted before the date too: from when on there is a contract
    /// is the agreement's to say.
    ContractYear(Date),
    /// So many days, ending on any date. They overlap, so none follows another, and what happens counts in each in which
    /// it lies.
    TrailingDays(DayCount),
    /// Blocks of so many days, counted from a date.
    FixedDays(FixedDays),
}

impl PeriodKind {
    /// Creates quarters of a fiscal year that starts in this month. `None` unless it is from 1 to 12.
    ///
    /// # Example: quarters from February
    ///
    /// ```
    /// assert_eq!(sla::period::PeriodKind::fiscal_quarter(2).unwrap().to_string(), "fiscal quarter from Feb");
    /// ```
    pub fn fiscal_quarter(start_month: u32) -> Option<Self> {
        StartMonth::new(start_month).map(Self::FiscalQuarter)
    }

    /// Creates fiscal years that start in this month. `None` unless it is from 1 to 12.
    ///
    /// # Example: years from April
    ///
    /// ```
    /// assert_eq!(sla::period::PeriodKind::fiscal_year(4).unwrap().to_string(), "fiscal year from Apr");
    /// ```
    pub fn fiscal_year(start_month: u32) -> Option<Self> {
        StartMonth::new(start_month).map(Self::FiscalYear)
    }

    /// Creates billing cycles that start on this day of the month. `None` unless it is from 1 to 31.
    ///
    /// # Example: cycles from the 15th
    ///
    /// ```
    /// assert_eq!(sla::period::PeriodKind::billing_cycle(15).unwrap().to_string(), "billing cycle from day 15");
    /// ```
    pub fn billing_cycle(day: u32) -> Option<Self> {
        AnchorDay::new(day).map(Self::BillingCycle)
    }

    /// Creates periods of so many days, ending on any date. `None` unless they are from 1 to 3,660.
    ///
    /// # Example: thirty trailing days
    ///
    /// ```
    /// assert_eq!(sla::period::PeriodKind::trailing_days(30).unwrap().to_string(), "trailing period of 30 days");
    /// ```
    pub fn trailing_days(days: u32) -> Option<Self> {
        DayCount::new(days).map(Self::TrailingDays)
    }

    /// Creates blocks of so many days, counted from a date. `None` unless they are from 1 to 3,660.
    ///
    /// # Example: blocks from mid-January
    ///
    /// ```
    /// let blocks = sla::period::PeriodKind::fixed_days(30, "2026-01-15".parse()?).unwrap();
    /// assert_eq!(blocks.to_string(), "block of 30 days from 2026-01-15");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn fixed_days(days: u32, from: Date) -> Option<Self> {
        DayCount::new(days).map(|days| Self::FixedDays(FixedDays { days, from }))
    }

    pub(super) fn rhythm(self) -> Rhythm {
        let months = |length, before, day| Rhythm::Months { length, before, day };
        match self {
            Self::Month => months(1, 0, 1),
            Self::Quarter => months(3, 0, 1),
            Self::Year => months(12, 0, 1),
            Self::FiscalQuarter(start) => months(3, start.months_before(), 1),
            Self::FiscalYear(start) => months(12, start.months_before(), 1),
            Self::BillingCycle(day) => months(1, 0, day.0),
            Self::ContractYear(from) => {
                let from = from.naive();
                months(12, month_number(from), from.day())
            }
            Self::TrailingDays(days) => Rhythm::Trailing { length: days.0 },
            Self::FixedDays(FixedDays { days, from }) => Rhythm::Days {
                length: days.0,
                from: from.naive(),
            },
        }
    }
}

impl PeriodKind {
    fn read(text: &str) -> Option<Self> {
        let after = |start: &str| text.strip_prefix(start);
        if let Some(month) = after("fiscal quarter from ") {
            return month.parse().ok().map(Self::FiscalQuarter);
        }
        if let Some(month) = after("fiscal year from ") {
            return month.parse().ok().map(Self::FiscalYear);
        }
        if let Some(day) = after("billing cycle from day ") {
            return Self::billing_cycle(u32::try_from(count(day, 2)?).ok()?);
        }
        if let Some(date) = after("contract year from ") {
            return date.parse().ok().map(Self::ContractYear);
        }
        if let Some(days) = after("trailing period of ") {
            return DayCount::read(days).map(Self::TrailingDays);
        }
        if let Some(block) = after("block of ") {
            let (days, from) = block.split_once(" from ")?;
            let (days, from) = (DayCount::read(days)?, from.parse().ok()?);
            return Some(Self::FixedDays(FixedDays { days, from }));
        }
        match text {
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

impl FromStr for PeriodKind {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| {
            ParseError::new(
                "a kind of period such as `month`, `quarter`, `year`, `fiscal quarter from Apr`, `billing cycle from day 15`, \
                 `contract year from 2026-04-15`, `trailing period of 30 days` or `block of 30 days from 2026-01-15`",
                text,
            )
        })
    }
}

crate::text::serde_as_text!(PeriodKind);

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month => f.write_str("month"),
            Self::Quarter => f.write_str("quarter"),
            Self::Year => f.write_str("year"),
            Self::FiscalQuarter(start) => write!(f, "fiscal quarter from {start}"),
            Self::FiscalYear(start) => write!(f, "fiscal year from {start}"),
            Self::BillingCycle(day) => write!(f, "billing cycle from day {day}"),
            Self::ContractYear(from) => write!(f, "contract year from {from}"),
            Self::TrailingDays(days) => write!(f, "trailing period of {days}"),
            Self::FixedDays(FixedDays { days, from }) => write!(f, "block of {days} from {from}"),
        }
    }
}

/// What the kinds come down to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Every so many months, on the same day of the month or the last there is. `before` is the number of a month in
    /// which one starts.
    Months { length: i32, before: i32, day: u32 },
    /// Every so many days, counted from a date in both directions.
    Days { length: u32, from: NaiveDate },
    /// So many days, ending on any date.
    Trailing { length: u32 },
}

impl Rhythm {
    /// The first date of the period in which `date` lies; of the trailing one that ends on it.
    pub(super) fn first_day(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Months { length, before, day } => {
                let month = month_number(date);
                let past = month.checked_sub(before)?.checked_rem_euclid(length)?;
                let start = month.checked_sub(past)?;
                match day_of_month(start, day)? {
                    first if first <= date => Some(first),
                    _ => day_of_month(start.checked_sub(length)?, day),
                }
            }
            Self::Days { length, from } => {
                let since = date.signed_duration_since(from).num_days();
                let past = since.checked_rem_euclid(i64::from(length))?;
                date.checked_sub_days(Days::new(u64::try_from(past).ok()?))
            }
            Self::Trailing { length } => date.checked_sub_days(Days::new(u64::from(length).checked_sub(1)?)),
        }
    }

    /// The first date after the period that starts on `first`.
    pub(super) fn day_after(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Months { length, day, .. } => day_of_month(month_number(first).checked_add(length)?, day),
            Self::Days { length, .. } | Self::Trailing { length } => {
                first.checked_add_days(Days::new(u64::from(length)))
            }
        }
    }
}

/// The number of a date's month, counted through all years.
pub(super) fn month_number(date: NaiveDate) -> i32 {
    #[expect(clippy::cast_possible_wrap, reason = "from 0 to 11")]
    let month = date.month0() as i32;
    // No wrap: chrono's years are within 2^19.
    date.year().wrapping_mul(12).wrapping_add(month)
}

/// A day of the month of that number, or the last that the month has.
pub(super) fn day_of_month(number: i32, day: u32) -> Option<NaiveDate> {
    let month = u32::try_from(number.rem_euclid(12)).ok()?.checked_add(1)?;
    let on = |last: u32| NaiveDate::from_ymd_opt(number.div_euclid(12), month, day.min(last));
    [day, 30, 29, 28].into_iter().find_map(on)
}

crate::fingerprint::canonical_text!(PeriodKind);

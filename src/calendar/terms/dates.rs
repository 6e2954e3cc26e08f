//! Which dates a rule names, year by year: `25 Dec`, `4th Thu of Nov`, `easter -2`, `Mon before 25 May since 2001`.
//!
//! This module owns how such rules are read, written and resolved to dates. What happens on those dates is left to
//! `holidays`, `overrides` and `seasons`.

use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::error::ParseError;
use crate::limits::{DATE_RANGE_DAYS_MAX, DATE_RULE_BYTES_MAX, DATE_RULE_OFFSET_DAYS_MAX};
use crate::period::{Date, MONTH_NAMES, month_name};
use crate::text::{self, exact_digits};
use crate::time::epoch::EpochDay;

use super::easter::{easter, orthodox_easter};
use super::is_written_as;
use super::weekly::{Weekdays, weekday_of};
use super::years::Years;

pub(crate) use super::years::{YEARS, YEARS_AROUND};

const NTH_NAMES: [(&str, Nth); 6] = [
    ("1st", Nth::From(1)),
    ("2nd", Nth::From(2)),
    ("3rd", Nth::From(3)),
    ("4th", Nth::From(4)),
    ("5th", Nth::From(5)),
    ("last", Nth::Last),
];

const EXPECTED: &str = "a date such as `2026-12-25`, or a rule such as `25 Dec`, `4th Thu of Nov`, `last Fri of every month`, `easter -2`, \
     `orthodox easter +1`, `Mon before 25 May`, `24 Dec through 1 Jan`, with `since 2021`, `through 2030` or `in 2025,2027` after it if need be";

/// A date, or a rule that names dates in every year or in some.
///
/// | text | date |
/// |---|---|
/// | `2026-11-26` | this one |
/// | `25 Dec` | 25 December; `29 Feb` exists in leap years only |
/// | `4th Thu of Nov`, `last Mon of May` | by weekday and month; the `5th` exists in some years |
/// | `2nd Sat of every month` | the same in each month of the year |
/// | `easter`, `orthodox easter` | Easter Sunday by the Gregorian and by the Julian reckoning, as a Gregorian date |
/// | `Mon before 25 May`, `Mon on or before 24 May` | the nearest such weekday before any of the above |
/// | `Sat after 19 Jun`, `Sat on or after 20 Jun` | or after it |
/// | `24 Dec through 1 Jan`, `2026-12-24 through 2027-01-01` | each date from the first through the last, at most 92; not for months |
///
/// To a rule, not to a single date, may be added a number of days (`easter -2`, `4th Thu of Nov +1`), and then the
/// years in which it holds: `every 4 years`, `since 2021`, `through 2030`, `except 2025,2027`, in this order, or
/// `in 2025,2027` alone, each list in ascending order. Every so many years are counted from `since`. The year of a rule is that of the date it starts
/// from, before days are added: the eve of 1 January, `1 Jan -1`, since 2021 is first 2020-12-31.
///
/// # Example: Good Friday, Juneteenth and a monthly market
///
/// ```
/// use sla::calendar::DateRule;
///
/// let good_friday: DateRule = "easter -2".parse()?;
/// assert_eq!(good_friday.dates_in(2026), ["2026-04-03".parse()?]);
/// let juneteenth: DateRule = "19 Jun since 2021".parse()?;
/// assert_eq!(juneteenth.dates_in(2020), []);
/// let market: DateRule = "2nd Sat of every month".parse()?;
/// assert_eq!(market.dates_in(2026).len(), 12);
/// assert!("Thanksgiving".parse::<DateRule>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRule {
    first: Point,
    /// The last date of a range: the first that it names on or after the start.
    last: Option<Point>,
    years: Years,
}

/// A date, or one in every year or month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Point {
    anchor: Anchor,
    /// The nearest such weekday before or after the anchor.
    weekday: Option<(usize, Relation)>,
    offset_days: i16,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Anchor {
    Date(Date),
    Yearly { month: u32, day: u32 },
    Nth { nth: Nth, weekday: usize, month: Month },
    Easter,
    OrthodoxEaster,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Month {
    Of(u32),
    Every,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Nth {
    From(u8),
    Last,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Relation {
    Before,
    OnOrBefore,
    OnOrAfter,
    After,
}

impl DateRule {
    /// Returns the dates it names for a year, in order. Those of a range belong to the year in which it starts, a single date
    /// to its own.
    ///
    /// # Example: a leap day, and the days between the years
    ///
    /// ```
    /// use sla::calendar::DateRule;
    ///
    /// let leap_day: DateRule = "29 Feb".parse()?;
    /// assert_eq!(leap_day.dates_in(2028), ["2028-02-29".parse()?]);
    /// assert_eq!(leap_day.dates_in(2026), []);
    ///
    /// let between: DateRule = "30 Dec through 1 Jan".parse()?;
    /// assert_eq!(between.dates_in(2026), ["2026-12-30".parse()?, "2026-12-31".parse()?, "2027-01-01".parse()?]);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn dates_in(&self, year: i32) -> Vec<Date> {
        let days = self.spans_in(year).flat_map(|days| EpochDay::each(&days));
        days.filter_map(|day| Date::new(day.date())).collect()
    }

    /// The first and the last date, if they are single ones and no rules.
    pub(crate) fn single(&self) -> Option<(Date, Date)> {
        let of = |point: &Point| match point.anchor {
            Anchor::Date(date) => Some(date),
            _ => None,
        };
        let first = of(&self.first)?;
        Some((first, self.last.as_ref().and_then(of).unwrap_or(first)))
    }

    /// Whether it has a first date and a last.
    pub(crate) fn is_range(&self) -> bool {
        self.last.is_some()
    }

    /// How many dates a rule names in a year, at most.
    pub(crate) fn dates_a_year(&self) -> usize {
        if self.last.is_none() {
            return self.first.months().count();
        }
        let spans = YEARS_AROUND.flat_map(|year| self.spans_in(year));
        let lengths = spans.map(|days| EpochDay::each(&days).count());
        // One that never ends within its limit is told as such.
        lengths.max().unwrap_or(1)
    }

    /// The last date of the last year in which the rule starts or ceases to hold; the last date, if it is a single one. `None` if
    /// it holds in all years alike.
    pub(crate) fn last_change(&self) -> Option<NaiveDate> {
        let years = &self.years;
        let named = years.except.iter().chain(&years.only).copied();
        let last = named.chain(years.since).chain(years.until).max();
        let end_of_year = last.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
        end_of_year.or(self.single().map(|(_, last)| last.naive()))
    }

    /// The days it names for these years; a single date only if it is one of these years.
    pub(crate) fn days_in(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = EpochDay> + '_ {
        let spans = self.among(years).flat_map(|year| self.spans_in(year));
        spans.flat_map(|days| EpochDay::each(&days))
    }

    /// The first days in these years of ranges that have no end within their limit.
    pub(crate) fn endless_in(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = EpochDay> + '_ {
        let years = self.among(years).filter(|year| self.years.contains(*year));
        let starts = years.flat_map(|year| self.first.days_in(year));
        starts
            .filter(|first| self.end_of(*first).is_none())
            .map(EpochDay::of_date)
    }

    /// Those years in which it may name dates: a single date would otherwise be looked for in every year.
    fn among(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = i32> + use<> {
        let (single, yearly) = match self.single().map(|(first, _)| first.naive().year()) {
            Some(year) => (Some(year).filter(|year| years.contains(year)), None),
            None => (None, Some(years)),
        };
        single.into_iter().chain(yearly.into_iter().flatten())
    }

    /// From when through when it names dates for a year.
    fn spans_in(&self, year: i32) -> impl Iterator<Item = RangeInclusive<EpochDay>> + '_ {
        let holds = self.years.contains(year).then_some(year);
        let starts = holds.into_iter().flat_map(|year| self.first.days_in(year));
        starts.filter_map(|first| {
            let last = self.end_of(first)?;
            Some(EpochDay::of_date(first)..=EpochDay::of_date(last))
        })
    }

    /// The last date of what starts on a date.
    fn end_of(&self, first: NaiveDate) -> Option<NaiveDate> {
        let Some(last) = self.last else {
            return Some(first);
        };
        // No wrap: of years of dates. A date may lie in another year than that for which it is named.
        let years = first.year().wrapping_sub(1)..=first.year().wrapping_add(1);
        let days = years.flat_map(|year| last.days_in(year));
        let end = days.filter(|day| *day >= first).min()?;
        is_short(first, end).then_some(end)
    }
}

/// Whether a range is not too long.
fn is_short(first: NaiveDate, last: NaiveDate) -> bool {
    last.signed_duration_since(first).num_days() < DATE_RANGE_DAYS_MAX
}

impl Point {
    /// The months in which it names a date; the first stands for a year.
    fn months(&self) -> RangeInclusive<u32> {
        match self.anchor {
            Anchor::Nth {
                month: Month::Every, ..
            } => 1..=12,
            _ => 1..=1,
        }
    }

    /// The dates it names for a year, also outside the years that a [`Date`] can have.
    fn days_in(self, year: i32) -> impl Iterator<Item = NaiveDate> {
        self.months().filter_map(move |month| {
            let anchor = self.anchor.date_in(year, month)?;
            let found = match self.weekday {
                None => anchor,
                Some((weekday, relation)) => nearest(anchor, weekday, relation)?,
            };
            add_days(found, self.offset_days.into())
        })
    }

    /// Whether nothing is added to what it starts from.
    fn is_plain(&self) -> bool {
        self.weekday.is_none() && self.offset_days == 0
    }
}

impl Anchor {
    fn date_in(self, year: i32, month_asked: u32) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(date.naive()).filter(|date| date.year() == year),
            Self::Yearly { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Nth { nth, weekday, month } => {
                let month = match month {
                    Month::Of(month) => month,
                    Month::Every => month_asked,
                };
                nth_weekday(year, month, weekday, nth)
            }
            Self::Easter => easter(year),
            Self::OrthodoxEaster => orthodox_easter(year),
        }
    }
}

fn add_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(count)
    } else {
        date.checked_add_days(count)
    }
}

fn nth_weekday(year: i32, month: u32, weekday: usize, nth: Nth) -> Option<NaiveDate> {
    let weekday = Weekday::try_from(u8::try_from(weekday).ok()?).ok()?;
    let on = |nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth);
    match nth {
        Nth::From(nth) => on(nth),
        Nth::Last => on(5).or_else(|| on(4)),
    }
}

fn nearest(anchor: NaiveDate, weekday: usize, relation: Relation) -> Option<NaiveDate> {
    let (weekday, there) = (
        i64::try_from(weekday).ok()?,
        i64::try_from(weekday_of(anchor)).ok()?,
    );
    // Nothing wraps: days of a week.
    let ahead = weekday.wrapping_sub(there).rem_euclid(7);
    let behind = there.wrapping_sub(weekday).rem_euclid(7);
    let a_week_for_none = |days: i64| if days == 0 { 7 } else { days };
    let days = match relation {
        Relation::OnOrAfter => ahead,
        Relation::After => a_week_for_none(ahead),
        Relation::OnOrBefore => behind.wrapping_neg(),
        Relation::Before => a_week_for_none(behind).wrapping_neg(),
    };
    add_days(anchor, days)
}

impl FromStr for DateRule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).ok_or_else(|| ParseError::new(EXPECTED, text))
    }
}

fn read(text: &str) -> Option<DateRule> {
    if text.len() > DATE_RULE_BYTES_MAX {
        return None;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let (rule, years) = words.split_at_checked(start_of_years(&words))?;
    let years = Years::read(years)?;
    let through = rule.iter().position(|word| *word == "through");
    let (first, last) = match through.and_then(|at| rule.split_at_checked(at)) {
        Some((first, [_, last @ ..])) => (read_point(first)?, Some(read_point(last)?)),
        _ => (read_point(rule)?, None),
    };
    let rule = DateRule { first, last, years };
    // One way to write each rule, so that equal rules have equal texts.
    (rule.makes_sense() && is_written_as(&rule, text)).then_some(rule)
}

/// The place of the first word that says in which years a rule holds.
fn start_of_years(words: &[&str]) -> usize {
    let next = words.iter().skip(1).map(Some).chain([None]);
    let of_years = |(word, next): (&&str, Option<&&str>)| match *word {
        "since" | "except" | "in" => true,
        "every" => next != Some(&"month"),
        "through" => next.is_some_and(|next| exact_digits(next, 4).is_some()),
        _ => false,
    };
    words.iter().zip(next).position(of_years).unwrap_or(words.len())
}

fn read_point(words: &[&str]) -> Option<Point> {
    let (words, offset_days) = match words.split_last() {
        Some((last, before)) if !before.is_empty() && last.starts_with(['+', '-']) => {
            (before, read_offset(last)?)
        }
        _ => (words, 0),
    };
    let (anchor, weekday) = match words {
        [weekday, "on", "or", "before", anchor @ ..] => (anchor, Some((*weekday, Relation::OnOrBefore))),
        [weekday, "on", "or", "after", anchor @ ..] => (anchor, Some((*weekday, Relation::OnOrAfter))),
        [weekday, "before", anchor @ ..] => (anchor, Some((*weekday, Relation::Before))),
        [weekday, "after", anchor @ ..] => (anchor, Some((*weekday, Relation::After))),
        anchor => (anchor, None),
    };
    let weekday = match weekday {
        Some((name, relation)) => Some((Weekdays::named(name)?, relation)),
        None => None,
    };
    Some(Point {
        anchor: read_anchor(anchor)?,
        weekday,
        offset_days,
    })
}

impl DateRule {
    /// Whether its parts go together: to a single date nothing can be added, since it would be another one, and a range is from
    /// a date through a date, or from a date of each year.
    fn makes_sense(&self) -> bool {
        let is_single = |point: &Point| matches!(point.anchor, Anchor::Date(_));
        let Some(last) = self.last else {
            return !is_single(&self.first) || self.first.is_plain() && self.years == Years::default();
        };
        match self.single() {
            Some((first, end)) => {
                let plain = self.first.is_plain() && last.is_plain() && self.years == Years::default();
                plain && is_single(&last) && first <= end && is_short(first.naive(), end.naive())
            }
            None => [self.first, last]
                .iter()
                .all(|point| !is_single(point) && point.months().count() == 1),
        }
    }
}

fn read_anchor(words: &[&str]) -> Option<Anchor> {
    match words {
        ["easter"] => Some(Anchor::Easter),
        ["orthodox", "easter"] => Some(Anchor::OrthodoxEaster),
        [nth, weekday, "of", month @ ..] => Some(Anchor::Nth {
            nth: NTH_NAMES.iter().find(|(name, _)| name == nth)?.1,
            weekday: Weekdays::named(weekday)?,
            month: match month {
                ["every", "month"] => Month::Every,
                [month] => Month::Of(month_named(month)?),
                _ => return None,
            },
        }),
        [date] if date.len() == 10 => date.parse().ok().map(Anchor::Date),
        [day, month] => {
            let (day, month) = (text::count(day, 2)?, month_named(month)?);
            let day = u32::try_from(day).ok()?;
            // A leap year, so that 29 February can be named.
            NaiveDate::from_ymd_opt(2000, month, day).map(|_| Anchor::Yearly { month, day })
        }
        _ => None,
    }
}

fn month_named(name: &str) -> Option<u32> {
    let month = MONTH_NAMES.iter().position(|known| *known == name)?;
    u32::try_from(month).ok()?.checked_add(1)
}

fn read_offset(text: &str) -> Option<i16> {
    let (sign, digits) = text.split_at_checked(1)?;
    let days = i16::try_from(text::count(digits, 3)?).ok()?;
    // No wrap: three digits.
    let signed = if sign == "-" { days.wrapping_neg() } else { days };
    (days <= DATE_RULE_OFFSET_DAYS_MAX).then_some(signed)
}

impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if let Some(last) = self.last {
            write!(f, " through {last}")?;
        }
        write!(f, "{}", self.years)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((weekday, relation)) = self.weekday {
            write!(f, "{} {relation} ", Weekdays::name(weekday))?;
        }
        write!(f, "{}", self.anchor)?;
        match self.offset_days {
            0 => Ok(()),
            days => write!(f, " {days:+}"),
        }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => fmt::Display::fmt(date, f),
            Self::Yearly { month, day } => write!(f, "{day} {}", month_name(*month)),
            Self::Nth { nth, weekday, month } => {
                let nth = NTH_NAMES.iter().find(|(_, one)| one == nth);
                let nth = nth.map_or("", |(name, _)| name);
                write!(f, "{nth} {} of ", Weekdays::name(*weekday))?;
                f.write_str(match month {
                    Month::Of(month) => month_name(*month),
                    Month::Every => "every month",
                })
            }
            Self::Easter => f.write_str("easter"),
            Self::OrthodoxEaster => f.write_str("orthodox easter"),
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::OnOrBefore => "on or before",
            Self::OnOrAfter => "on or after",
            Self::After => "after",
        })
    }
}

impl fmt::Debug for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Date> for DateRule {
    fn from(date: Date) -> Self {
        let first = Point {
            anchor: Anchor::Date(date),
            weekday: None,
            offset_days: 0,
        };
        Self {
            first,
            last: None,
            years: Years::default(),
        }
    }
}

crate::text::serde_as_text!(DateRule);
crate::fingerprint::canonical_text!(DateRule);

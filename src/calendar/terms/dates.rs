//! Which dates a rule names, year by year: `25 Dec`, `4th Thu of Nov`, `easter -2`, `Mon before 25 May since 2001`.
//!
//! This module owns how such rules are read, written and resolved to dates. What happens on those dates is left to
//! `holidays`, `overrides` and `seasons`.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::error::ParseError;
use crate::limits::{DATE_RULE_BYTES_MAX, DATE_RULE_OFFSET_DAYS_MAX};
use crate::period::{Date, MONTH_NAMES, month_name};
use crate::text::{self, exact_digits};
use crate::time::epoch::EpochDay;

use super::weekly::{Weekdays, weekday_of};

/// The years for which dates exist.
pub(crate) const YEARS: RangeInclusive<i32> = 1900..=2199;

/// The years of which a rule may name such a date: days are added, holidays observed and seasons over in the next year.
pub(crate) const YEARS_AROUND: RangeInclusive<i32> = 1897..=2202;

const NTH_NAMES: [(&str, Nth); 6] = [
    ("1st", Nth::From(1)),
    ("2nd", Nth::From(2)),
    ("3rd", Nth::From(3)),
    ("4th", Nth::From(4)),
    ("5th", Nth::From(5)),
    ("last", Nth::Last),
];

const EXPECTED: &str = "a date such as `2026-12-25`, or a rule such as `25 Dec`, `4th Thu of Nov`, `last Mon of May`, `easter -2`, \
     `orthodox easter +1`, `Mon before 25 May`, with `since 2021`, `through 2030` or `in 2025,2027` after it if need be";

/// A date, or a rule that names one date in every year or in some.
///
/// | text | date |
/// |---|---|
/// | `2026-11-26` | this one |
/// | `25 Dec` | 25 December; `29 Feb` exists in leap years only |
/// | `4th Thu of Nov`, `last Mon of May` | by weekday and month; the `5th` exists in some years |
/// | `easter`, `orthodox easter` | Easter Sunday by the Gregorian and by the Julian reckoning, as a Gregorian date |
/// | `Mon before 25 May`, `Mon on or before 24 May` | the nearest such weekday before any of the above |
/// | `Sat after 19 Jun`, `Sat on or after 20 Jun` | or after it |
///
/// To a rule, not to a single date, may be added a number of days (`easter -2`, `4th Thu of Nov +1`), and then the
/// years in which it holds: `every 4 years`, `since 2021`, `through 2030`, `except 2025,2027`, in this order, or
/// `in 2025,2027` alone. Every so many years are counted from `since`. The year of a rule is that of the date it starts
/// from, before days are added: the eve of 1 January, `1 Jan -1`, since 2021 is first 2020-12-31.
///
/// # Example
///
/// ```
/// use sla::calendar::DateRule;
///
/// let good_friday: DateRule = "easter -2".parse()?;
/// assert_eq!(good_friday.date_in(2026), Some("2026-04-03".parse()?));
/// let juneteenth: DateRule = "19 Jun since 2021".parse()?;
/// assert_eq!(juneteenth.date_in(2020), None);
/// assert!("Thanksgiving".parse::<DateRule>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRule {
    anchor: Anchor,
    /// The nearest such weekday before or after the anchor.
    weekday: Option<(usize, Relation)>,
    offset_days: i16,
    years: Years,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Anchor {
    Date(Date),
    Yearly { month: u32, day: u32 },
    Nth { nth: Nth, weekday: usize, month: u32 },
    Easter,
    OrthodoxEaster,
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

/// In which years a rule holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
struct Years {
    /// Every so many years from `since` on.
    every: Option<i32>,
    since: Option<i32>,
    until: Option<i32>,
    except: Vec<i32>,
    /// In these only; then there is nothing else.
    only: Vec<i32>,
}

impl DateRule {
    /// The date it names for a year, if there is one. A single date is named for its own year.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::calendar::DateRule;
    ///
    /// let leap_day: DateRule = "29 Feb".parse()?;
    /// assert_eq!(leap_day.date_in(2028), Some("2028-02-29".parse()?));
    /// assert_eq!(leap_day.date_in(2026), None);
    ///
    /// let once: DateRule = "2026-11-26".parse()?;
    /// assert_eq!(once.date_in(2027), None);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn date_in(&self, year: i32) -> Option<Date> {
        self.day_in(year).and_then(Date::new)
    }

    /// As [`DateRule::date_in`], also outside the years that a [`Date`] can have.
    pub(crate) fn day_in(&self, year: i32) -> Option<NaiveDate> {
        if !self.years.contains(year) {
            return None;
        }
        let anchor = self.anchor.date_in(year)?;
        let found = match self.weekday {
            None => anchor,
            Some((weekday, relation)) => nearest(anchor, weekday, relation)?,
        };
        add_days(found, self.offset_days.into())
    }

    /// The date, if it is a single one and no rule.
    pub(crate) fn single(&self) -> Option<Date> {
        match self.anchor {
            Anchor::Date(date) => Some(date),
            _ => None,
        }
    }

    /// The last date of the last year in which the rule starts or ceases to hold; the date, if it is a single one. `None` if it
    /// holds in all years alike.
    pub(crate) fn last_change(&self) -> Option<NaiveDate> {
        let years = &self.years;
        let named = years.except.iter().chain(&years.only).copied();
        let last = named.chain(years.since).chain(years.until).max();
        let end_of_year = last.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
        end_of_year.or(self.single().map(Date::naive))
    }

    /// The days it names for these years; a single date only if it is one of these years.
    pub(crate) fn days_in(&self, years: RangeInclusive<i32>) -> impl Iterator<Item = EpochDay> + '_ {
        // A single date would otherwise be looked for in every year.
        let (single, yearly) = match self.single().map(|date| date.naive().year()) {
            Some(year) => (Some(year).filter(|year| years.contains(year)), None),
            None => (None, Some(years)),
        };
        let years = single.into_iter().chain(yearly.into_iter().flatten());
        years.filter_map(|year| self.day_in(year)).map(EpochDay::of_date)
    }
}

impl Anchor {
    fn date_in(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(date.naive()).filter(|date| date.year() == year),
            Self::Yearly { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Nth { nth, weekday, month } => nth_weekday(year, month, weekday, nth),
            Self::Easter => easter(year),
            Self::OrthodoxEaster => orthodox_easter(year),
        }
    }
}

impl Years {
    fn contains(&self, year: i32) -> bool {
        let by_turn = |since: i32| {
            let past = year.checked_sub(since)?;
            past.checked_rem(self.every?).map(|over| over == 0)
        };
        self.since
            .is_none_or(|since| since <= year && by_turn(since) != Some(false))
            && (self.only.is_empty() || self.only.contains(&year))
            && self.until.is_none_or(|until| year <= until)
            && !self.except.contains(&year)
    }

    fn read(words: &[&str]) -> Option<Self> {
        let mut years = Self::default();
        let words = match words {
            ["every", count, "years", words @ ..] => {
                let count = text::count(count, 2).filter(|count| *count >= 2)?;
                years.every = Some(u8::try_from(count).ok()?.into());
                words
            }
            words => words,
        };
        let mut pairs = words.chunks(2).peekable();
        let year = |text: &str| {
            let year = i32::try_from(exact_digits(text, 4)?).ok()?;
            YEARS.contains(&year).then_some(year)
        };
        // One way to write each rule, so that equal rules have equal texts.
        let list = |text: &str| {
            let years: Option<BTreeSet<i32>> = text.split(',').map(year).collect();
            years.map(|years| years.into_iter().collect())
        };
        let mut value = |name: &str| {
            pairs
                .next_if(|pair| pair.first() == Some(&name) && pair.len() == 2)?
                .get(1)
        };
        let (since, until, except) = (value("since"), value("through"), value("except"));
        let only = value("in");
        if pairs.next().is_some() {
            return None;
        }
        if let Some(text) = since {
            years.since = Some(year(text)?);
        }
        if let Some(text) = until {
            years.until = Some(year(text)?);
        }
        if let Some(text) = except {
            years.except = list(text)?;
        }
        if let Some(text) = only {
            years.only = list(text)?;
        }
        let alone = years.only.is_empty()
            || (years.since, years.until, years.except.is_empty()) == (None, None, true);
        if !alone || (years.every.is_some() && years.since.is_none()) {
            return None;
        }
        let ordered = years
            .since
            .zip(years.until)
            .is_none_or(|(since, until)| since <= until);
        ordered.then_some(years)
    }
}

/// The sum of some numbers. Nothing here wraps: they come from years of four digits.
fn sum(terms: &[i32]) -> i32 {
    terms.iter().copied().fold(0, i32::wrapping_add)
}

fn times(factor: i32, number: i32) -> i32 {
    factor.wrapping_mul(number)
}

fn minus(number: i32) -> i32 {
    number.wrapping_neg()
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

/// Easter Sunday by the Gregorian reckoning: the anonymous algorithm printed in Nature in 1876.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let corrected = sum(&[century, 8]) / 25;
    let lunar = sum(&[century, minus(corrected), 1]) / 3;
    let moon = sum(&[times(19, golden), century, minus(century / 4), minus(lunar), 15]) % 30;
    let to_sunday = sum(&[
        32,
        times(2, century % 4),
        times(2, in_century / 4),
        minus(moon),
        minus(in_century % 4),
    ]) % 7;
    let late = sum(&[golden, times(11, moon), times(22, to_sunday)]) / 451;
    let days = sum(&[moon, to_sunday, times(-7, late), 114]);
    march_or_april(year, days)
}

/// Easter Sunday by the Julian reckoning, as a Gregorian date: Meeus, Astronomical Algorithms, chapter 8.
fn orthodox_easter(year: i32) -> Option<NaiveDate> {
    let moon = sum(&[times(19, year % 19), 15]) % 30;
    let to_sunday = sum(&[times(2, year % 4), times(4, year % 7), minus(moon), 34]) % 7;
    let julian = march_or_april(year, sum(&[moon, to_sunday, 114]))?;
    // By so many days the Julian calendar is behind from March of the year on: 13 through 2099, then 14. March and April
    // have equally many days in both.
    let century = year / 100;
    add_days(julian, i64::from(sum(&[century, minus(century / 4), -2])))
}

fn march_or_april(year: i32, days: i32) -> Option<NaiveDate> {
    let day = u32::try_from(sum(&[days % 31, 1])).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, day)
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
    let of_years = |word: &&str| ["every", "since", "through", "except", "in"].contains(word);
    let rule = words.iter().position(of_years).unwrap_or(words.len());
    let (rule, years) = words.split_at_checked(rule)?;
    let years = Years::read(years)?;
    let (rule, offset_days) = match rule.split_last() {
        Some((last, before)) if !before.is_empty() && last.starts_with(['+', '-']) => {
            (before, read_offset(last)?)
        }
        _ => (rule, 0),
    };
    let (anchor, weekday) = match rule {
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
    let rule = DateRule {
        anchor: read_anchor(anchor)?,
        weekday,
        offset_days,
        years,
    };
    // To a single date nothing can be added: it would be another one.
    let plain = rule.weekday.is_none() && rule.offset_days == 0 && rule.years == Years::default();
    (plain || rule.single().is_none()).then_some(rule)
}

fn read_anchor(words: &[&str]) -> Option<Anchor> {
    match words {
        ["easter"] => Some(Anchor::Easter),
        ["orthodox", "easter"] => Some(Anchor::OrthodoxEaster),
        [nth, weekday, "of", month] => {
            let nth = NTH_NAMES.iter().find(|(name, _)| name == nth)?.1;
            Some(Anchor::Nth {
                nth,
                weekday: Weekdays::named(weekday)?,
                month: month_named(month)?,
            })
        }
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
        if let Some((weekday, relation)) = self.weekday {
            write!(f, "{} {relation} ", Weekdays::name(weekday))?;
        }
        write!(f, "{}", self.anchor)?;
        if self.offset_days != 0 {
            write!(f, " {:+}", self.offset_days)?;
        }
        write!(f, "{}", self.years)
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => fmt::Display::fmt(date, f),
            Self::Yearly { month, day } => write!(f, "{day} {}", month_name(*month)),
            Self::Nth { nth, weekday, month } => {
                let nth = NTH_NAMES.iter().find(|(_, one)| one == nth);
                let month = month_name(*month);
                write!(
                    f,
                    "{} {} of {month}",
                    nth.map_or("", |(name, _)| name),
                    Weekdays::name(*weekday)
                )
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

impl fmt::Display for Years {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(every) = self.every {
            write!(f, " every {every} years")?;
        }
        if let Some(since) = self.since {
            write!(f, " since {since}")?;
        }
        if let Some(until) = self.until {
            write!(f, " through {until}")?;
        }
        for (index, year) in self.except.iter().enumerate() {
            write!(f, "{}{year}", if index == 0 { " except " } else { "," })?;
        }
        for (index, year) in self.only.iter().enumerate() {
            write!(f, "{}{year}", if index == 0 { " in " } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Debug for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Date> for DateRule {
    fn from(date: Date) -> Self {
        Self {
            anchor: Anchor::Date(date),
            weekday: None,
            offset_days: 0,
            years: Years::default(),
        }
    }
}

crate::text::serde_as_text!(DateRule);
crate::fingerprint::canonical_text!(DateRule);

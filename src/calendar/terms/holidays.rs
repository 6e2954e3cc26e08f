//! Holidays: their dates by rule, and where they are observed when they fall on a day off.
//!
//! This module owns [`Holiday`], its shifting to other days and the collisions of shifted days. What a date without service
//! hours does to the windows of that date is left to `plan`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use crate::error::ParseError;
use crate::fingerprint::{canonical_struct, canonical_text};
pub(crate) use crate::limits::MOVED_DAYS_MAX;
use crate::time::epoch::EpochDay;

use super::dates::DateRule;
use super::weekly::Weekdays;

/// A date without service hours, or a rule for such dates, and its name.
///
/// In a document it is a table with `on`, `name` and, if need be, `observed`; or the text of the rule alone, which then is its
/// name, too. It is written as the text where that says it all.
///
/// # Example: holidays as a contract lists them
///
/// ```
/// use sla::Hours;
///
/// let text = r#"zone = "Europe/Paris"
/// weekly = ["Mon-Fri 09:00-17:00"]
/// holidays = ["1 Jan", "easter +1", "24 Dec through 26 Dec"]
/// "#;
/// let office: Hours = toml::from_str(text)?;
/// assert_eq!(office.holidays[1].name, "easter +1");
/// assert_eq!(toml::to_string(&office)?, text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Example: observed on another day
///
/// ```
/// use sla::Hours;
/// use sla::calendar::Holiday;
///
/// // Sunday 4 July 2027 is observed on the Monday after it, Saturday 4 July 2026 on the Friday before.
/// let independence_day = Holiday::new("4 Jul".parse()?, "Independence Day")
///     .observed("Sat to previous Fri".parse()?)
///     .observed("Sun to next Mon".parse()?);
/// let desk = Hours::in_zone("America/New_York")
///     .weekly("Mon-Fri 09:00-17:00")
///     .with_holiday(independence_day)
///     .compile()?;
/// assert_eq!(desk.is_open("2026-07-03T15:00:00Z".parse()?), Ok(false));
/// assert_eq!(desk.is_open("2027-07-05T15:00:00Z".parse()?), Ok(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The date, or the rule for it, in the calendar's zone.
    pub on: DateRule,
    /// What closes the calendar, as explanations name it.
    pub name: String,
    /// Where it is observed if its date falls on certain weekdays. The first entry that names the weekday decides. Each date of
    /// a range goes its own way.
    pub observed: Vec<Observed>,
}

impl Holiday {
    /// Makes a holiday that is observed on its own dates.
    ///
    /// # Example: Christmas Day
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::Holiday;
    ///
    /// let christmas = Holiday::new("25 Dec".parse()?, "Christmas Day");
    /// assert_eq!(Hours::always().holiday("25 Dec", "Christmas Day").build()?.holidays, [christmas]);
    /// # Ok::<(), sla::Error>(())
    /// ```
    pub fn new(on: DateRule, name: &str) -> Self {
        Self {
            on,
            name: String::from(name),
            observed: Vec::new(),
        }
    }

    /// Adds where it is observed if its date falls on certain weekdays.
    ///
    /// # Example: Boxing Day on a Saturday
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::calendar::Holiday;
    ///
    /// let boxing_day = Holiday::new("26 Dec".parse()?, "Boxing Day").observed("Sat,Sun to next Mon".parse()?);
    /// let shop = Hours::in_zone("Europe/London")
    ///     .weekly("Mon-Sun 09:00-17:00")
    ///     .with_holiday(boxing_day)
    ///     .compile()?;
    /// assert_eq!(shop.is_business_day("2026-12-26".parse()?), Ok(true)); // a Saturday
    /// assert_eq!(shop.is_business_day("2026-12-28".parse()?), Ok(false)); // the Monday after it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observed(mut self, observed: Observed) -> Self {
        self.observed.push(observed);
        self
    }
}

/// Where a holiday is observed if its date falls on certain weekdays: `Sat,Sun to next Mon`, `Sat to previous Fri`,
/// `Sun also next Mon`.
///
/// `to` moves it: its own date is none. `also` adds a day: its own date stays one. If the day is a holiday already, or
/// a weekday that an entry of this holiday names, by `to` or by `also`, the next day in the same direction is taken,
/// until one is free, at most 28 days off. Of several holidays the earlier is placed first. The day may lie in another
/// year.
///
/// Where the law lets moved holidays fall together (Colombia's Mondays), name the day by its own rule instead:
/// `Mon on or after 29 Jun` moves nothing.
///
/// # Example: a Saturday or Sunday to Monday
///
/// ```
/// use sla::calendar::Observed;
///
/// assert_eq!("Sat,Sun to next Mon".parse::<Observed>()?.to_string(), "Sat,Sun to next Mon");
/// assert!("Sun,Sat to next Mon".parse::<Observed>().is_err()); // weekdays stand in order
/// assert!("Sat to Mon".parse::<Observed>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Observed {
    days: Weekdays,
    own_date: OwnDate,
    direction: Direction,
    weekday: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum OwnDate {
    Moves,
    Stays,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Direction {
    Next,
    Previous,
}

impl Direction {
    fn step(self) -> i64 {
        match self {
            Self::Next => 1,
            Self::Previous => -1,
        }
    }
}

impl FromStr for Observed {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read(text).ok_or_else(|| {
            ParseError::new(
                "weekdays and where the holiday goes, such as `Sat,Sun to next Mon`, `Sat to previous Fri` or `Sun also next Mon`",
                text,
            )
        })
    }
}

fn read(text: &str) -> Option<Observed> {
    let words: Vec<&str> = text.split(' ').collect();
    let [days, own_date, direction, weekday] = words.as_slice() else {
        return None;
    };
    let observed = Observed {
        days: days.parse().ok()?,
        own_date: match *own_date {
            "to" => OwnDate::Moves,
            "also" => OwnDate::Stays,
            _ => return None,
        },
        direction: match *direction {
            "next" => Direction::Next,
            "previous" => Direction::Previous,
            _ => return None,
        },
        weekday: Weekdays::named(weekday)?,
    };
    // Else it would be moved from where it is moved to.
    (!observed.days.contains(observed.weekday)).then_some(observed)
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own_date = match self.own_date {
            OwnDate::Moves => "to",
            OwnDate::Stays => "also",
        };
        let direction = match self.direction {
            Direction::Next => "next",
            Direction::Previous => "previous",
        };
        let weekday = Weekdays::name(self.weekday);
        write!(f, "{} {own_date} {direction} {weekday}", self.days)
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Holiday {
    type Err = ParseError;

    /// Reads the rule alone, which then is the name, too.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse().map(|on| Self::new(on, text))
    }
}

crate::text::serde_as_text!(Observed);
canonical_text!(Observed);
canonical_struct!(Holiday { on, name, observed });

/// A day that a holiday closes, or that has the hours of an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marked {
    /// In days since 1970.
    pub(crate) day: EpochDay,
    /// The index of the entry.
    pub(crate) entry: usize,
    /// Whether the day is not the entry's own date.
    pub(crate) is_observed: bool,
}

/// The days of holidays or of overrides, in order, and those for which there is no free day to be observed on.
#[derive(Default)]
pub(crate) struct MarkedDays {
    pub(crate) days: Vec<Marked>,
    pub(crate) stuck: Vec<Marked>,
}

/// A day that is to be observed on another one.
struct Move<'a> {
    from: Marked,
    how: &'a Observed,
    moved_from: &'a [Observed],
}

/// The days of holidays in these years. A day may be observed in another year, so ask for a year more on either side.
pub(crate) fn marked_days(holidays: &[Holiday], years: &RangeInclusive<i32>) -> MarkedDays {
    let entries = holidays
        .iter()
        .map(|holiday| (&holiday.on, holiday.observed.as_slice()));
    mark(entries, years, BTreeSet::new)
}

/// Puts each date where it is observed, on no day that is taken.
pub(super) fn mark<'a>(
    entries: impl Iterator<Item = (&'a DateRule, &'a [Observed])>,
    years: &RangeInclusive<i32>,
    taken: impl FnOnce() -> BTreeSet<EpochDay>,
) -> MarkedDays {
    let mut found = MarkedDays::default();
    let mut moves: Vec<Move<'_>> = Vec::new();
    for (entry, (on, observed)) in entries.enumerate() {
        for day in on.days_in(years.clone()) {
            let own = Marked {
                day,
                entry,
                is_observed: false,
            };
            let how = observed.iter().find(|how| how.days.contains(day.weekday()));
            if how.is_none_or(|how| how.own_date == OwnDate::Stays) {
                found.days.push(own);
            }
            moves.extend(how.map(|how| Move {
                from: own,
                how,
                moved_from: observed,
            }));
        }
    }
    if !moves.is_empty() {
        moves.sort_by_key(|one| one.from);
        found.place(&moves, taken());
    }
    found.days.sort_unstable();
    found
}

impl MarkedDays {
    /// Each goes to a free day: at most 28 steps for each.
    fn place(&mut self, moves: &[Move<'_>], mut taken: BTreeSet<EpochDay>) {
        taken.extend(self.days.iter().map(|marked| marked.day));
        for one in moves {
            match one.free_day(&taken) {
                Some(day) => {
                    taken.insert(day);
                    self.days.push(Marked {
                        day,
                        is_observed: true,
                        ..one.from
                    });
                }
                None => self.stuck.push(one.from),
            }
        }
    }
}

impl Move<'_> {
    fn free_day(&self, taken: &BTreeSet<EpochDay>) -> Option<EpochDay> {
        let reached = |days: &i64| self.day_after(*days).weekday() == self.how.weekday;
        let first = (1..=7).find(reached)?;
        let is_free = |day: &EpochDay| {
            let weekday = day.weekday();
            !taken.contains(day)
                && !self
                    .moved_from
                    .iter()
                    .any(|observed| observed.days.contains(weekday))
        };
        (first..=MOVED_DAYS_MAX)
            .map(|days| self.day_after(days))
            .find(is_free)
    }

    fn day_after(&self, days: i64) -> EpochDay {
        // No wrap: at most 28 days, and a sign.
        self.from.day.plus(days.wrapping_mul(self.how.direction.step()))
    }
}

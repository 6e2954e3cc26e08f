//! One line of weekly hours as text: `Mon-Fri 09:00-12:00,13:00-17:00 from 2026-04-01`.
//!
//! This module owns how weekdays and windows are read and written. When a window opens on the time line is left to
//! `plan`; which lines a calendar may have, to `check`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::NaiveDate;

use crate::error::ParseError;
use crate::limits::WEEKLY_BYTES_MAX;
use crate::period::Date;
use crate::time::epoch::EpochDay;
use crate::time::time_of_day::TimeOfDay;
use crate::time::unit;

use super::is_written_as;

/// As times of day are kept.
const SECONDS_PER_DAY: u32 = unit::narrow(unit::SECONDS_PER_DAY);

/// From Monday, which is 0 wherever weekdays are counted.
const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const EVERY_DAY: Weekdays = Weekdays([true; 7]);

/// Weekly service hours: weekdays, and one or more windows on each of them.
///
/// Weekdays are `Mon`, `Mon-Fri`, `Mon,Wed,Fri`, `Fri-Mon` (over the end of the week) or a mixture. A window is
/// `09:00-17:00`, with seconds if need be. It lasts until the next day if its end is not after its start
/// (`22:00-06:00`); `24:00` is the end of the day; a start that equals the end is refused. `24x7` is all week.
///
/// There is one way to write each: weekdays stand in order, three or more in a row with a hyphen; seconds only if there are
/// any; midnight at the end of a window is `24:00`; and all of every day is `24x7`.
///
/// A line may say on which dates it holds: `from 2026-04-01`, `through 2026-09-30` (which is the last one), or both. A window
/// belongs to the date on which it starts.
///
/// # Example: lines that are read, and one that is not
///
/// ```
/// use sla::calendar::Weekly;
///
/// let office: Weekly = "Mon-Fri 09:00-12:00,13:00-17:00".parse()?;
/// assert_eq!(office.to_string(), "Mon-Fri 09:00-12:00,13:00-17:00");
/// assert!("Mon-Sun 00:00-24:00".parse::<Weekly>().is_err()); // that is `24x7`
/// let longer: Weekly = "Mon-Fri 08:00-20:00 from 2026-04-01".parse()?;
/// assert!(!longer.holds_on("2026-03-31".parse()?));
/// assert!("Mon-Fri 9-17".parse::<Weekly>().is_err());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weekly {
    days: Weekdays,
    windows: Windows,
    from: Option<Date>,
    until: Option<Date>,
}

/// One or more windows that start on the same day: `09:00-12:00,13:00-17:00`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Windows(Vec<Window>);

/// A window in local seconds since the midnight that starts its day. Its end may lie on the next day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Window {
    start_s: u32,
    end_s: u32,
}

/// A set of weekdays, from Monday.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Weekdays([bool; 7]);

impl Weekly {
    /// Day and night, all week.
    pub(crate) fn always() -> Self {
        let all_day = Window {
            start_s: 0,
            end_s: SECONDS_PER_DAY,
        };
        Self {
            days: EVERY_DAY,
            windows: Windows(vec![all_day]),
            from: None,
            until: None,
        }
    }

    /// Reports whether the line holds on a date. Its windows run on it only if the weekday is one of the line's.
    ///
    /// # Example: one summer
    ///
    /// ```
    /// use sla::calendar::Weekly;
    ///
    /// let summer: Weekly = "Sat 10:00-14:00 from 2026-04-01 through 2026-09-30".parse()?;
    /// assert!(!summer.holds_on("2026-03-31".parse()?));
    /// assert!(summer.holds_on("2026-09-30".parse()?)); // a Wednesday, without windows
    /// assert!(!summer.holds_on("2026-10-01".parse()?));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn holds_on(&self, date: Date) -> bool {
        self.holds_on_day(EpochDay::of_date(date.naive()))
    }

    /// As [`Weekly::holds_on`], for days that may lie outside the dates there are.
    pub(crate) fn holds_on_day(&self, day: EpochDay) -> bool {
        let day_of = |date: Date| EpochDay::of_date(date.naive());
        self.from.is_none_or(|from| day_of(from) <= day)
            && self.until.is_none_or(|until| day <= day_of(until))
    }

    /// The first dates from which on the line holds, and no longer holds.
    pub(crate) fn changes(&self) -> impl Iterator<Item = NaiveDate> {
        let from = self.from.map(Date::naive);
        from.into_iter().chain(self.until.map(Date::next))
    }

    /// The windows that start on a weekday, counted from Monday = 0.
    pub(crate) fn windows_on(&self, weekday: usize) -> &[Window] {
        if self.days.contains(weekday) {
            self.windows.all()
        } else {
            &[]
        }
    }

    pub(crate) fn has_window_over_midnight(&self) -> bool {
        self.windows.reach_over_midnight()
    }

    /// The last date on which it holds.
    pub(crate) fn last_date(&self) -> Option<Date> {
        self.until
    }
}

impl Windows {
    pub(crate) fn all(&self) -> &[Window] {
        &self.0
    }

    pub(crate) fn reach_over_midnight(&self) -> bool {
        self.0.iter().any(|window| window.end_s > SECONDS_PER_DAY)
    }
}

/// The weekday of a date, counted from Monday.
pub(crate) fn weekday_of(date: NaiveDate) -> usize {
    EpochDay::of_date(date).weekday()
}

impl FromStr for Weekly {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const EXPECTED: &str = "weekdays and windows such as `Mon-Fri 09:00-17:00`, or `24x7`";
        if text.len() > WEEKLY_BYTES_MAX {
            return Err(ParseError::new(
                "weekdays and windows of at most 1502 bytes",
                text,
            ));
        }
        let (head, rest) = first_word(text);
        if head == "24x7" {
            let (from, until) = read_validity(rest)?;
            return Ok(Self {
                from,
                until,
                ..Self::always()
            });
        }
        let rest = rest.ok_or_else(|| ParseError::new(EXPECTED, text))?;
        let days = head.parse()?;
        let (windows, validity) = first_word(rest);
        let windows = windows.parse()?;
        let always = Self::always();
        if (days, &windows) == (always.days, &always.windows) {
            return Err(ParseError::new("`24x7` for all of every day", text));
        }
        let (from, until) = read_validity(validity)?;
        Ok(Self {
            days,
            windows,
            from,
            until,
        })
    }
}

fn first_word(text: &str) -> (&str, Option<&str>) {
    text.split_once(' ')
        .map_or((text, None), |(first, rest)| (first, Some(rest)))
}

/// Reads `from 2026-04-01`, `through 2026-09-30` or both.
fn read_validity(text: Option<&str>) -> Result<(Option<Date>, Option<Date>), ParseError> {
    let Some(text) = text else {
        return Ok((None, None));
    };
    let error = || {
        ParseError::new(
            "dates such as `from 2026-04-01`, `through 2026-09-30` or `from 2026-04-01 through 2026-09-30`",
            text,
        )
    };
    let words: Vec<&str> = text.split(' ').collect();
    let (from, until) = match words.as_slice() {
        ["from", from] => (Some(from.parse()?), None),
        ["through", until] => (None, Some(until.parse()?)),
        ["from", from, "through", until] => (Some(from.parse()?), Some(until.parse()?)),
        _ => return Err(error()),
    };
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        return Err(error());
    }
    Ok((from, until))
}

impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let always = Self::always();
        if (self.days, &self.windows) == (always.days, &always.windows) {
            f.write_str("24x7")?;
        } else {
            write!(f, "{} {}", self.days, self.windows)?;
        }
        if let Some(from) = self.from {
            write!(f, " from {from}")?;
        }
        if let Some(until) = self.until {
            write!(f, " through {until}")?;
        }
        Ok(())
    }
}

impl FromStr for Windows {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for Windows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, window) in self.0.iter().enumerate() {
            write!(f, "{}{window}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(Weekly);
crate::fingerprint::canonical_text!(Weekly);

impl Weekdays {
    pub(crate) const NONE: Self = Self([false; 7]);

    /// All that are in one of both.
    pub(crate) fn and(self, others: Self) -> Self {
        let others = (0..7).filter(|day| others.contains(*day));
        others.fold(self, Self::with)
    }

    /// The weekday of that name.
    pub(crate) fn named(name: &str) -> Option<usize> {
        DAY_NAMES.iter().position(|day| *day == name)
    }

    /// The name of a weekday.
    pub(crate) fn name(weekday: usize) -> &'static str {
        let name = DAY_NAMES.get(weekday).copied();
        debug_assert!(name.is_some(), "weekdays are checked when they are read");
        name.map_or("", |name| name)
    }

    pub(crate) fn contains(self, weekday: usize) -> bool {
        self.0.get(weekday).is_some_and(|is_in| *is_in)
    }

    fn with(mut self, weekday: usize) -> Self {
        if let Some(day) = self.0.get_mut(weekday) {
            *day = true;
        }
        self
    }

    /// The days from one to another, over the end of the week if need be.
    fn with_run(self, first: usize, last: usize) -> Self {
        let mut days = self.with(first);
        let mut day = first;
        // At most seven turns: `next_day` comes round to every day.
        while day != last {
            day = next_day(day);
            days = days.with(day);
        }
        days
    }

    /// The first day of the run of days that a day is in. Not for a set of all days.
    fn run_start(self, last: usize) -> usize {
        let mut first = last;
        while self.contains(previous_day(first)) && previous_day(first) != last {
            first = previous_day(first);
        }
        first
    }

    /// The last day of the run of days that `first` is in. Not for a set of all days.
    fn run_end(self, first: usize) -> usize {
        let mut last = first;
        while self.contains(next_day(last)) && next_day(last) != first {
            last = next_day(last);
        }
        last
    }
}

fn next_day(weekday: usize) -> usize {
    // No wrap: from 0 to 6.
    weekday.wrapping_add(1) % 7
}

fn previous_day(weekday: usize) -> usize {
    // No wrap: from 0 to 6.
    weekday.wrapping_add(6) % 7
}

impl FromStr for Weekdays {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new("weekdays such as `Mon-Fri` or `Mon,Wed,Fri`", text);
        let named = |name: &str| Self::named(name).ok_or_else(error);
        let days = text
            .split(',')
            .try_fold(Self::NONE, |days, part| match part.split_once('-') {
                None => Ok(days.with(named(part)?)),
                // `Mon-Mon` could mean a day or a week.
                Some((first, last)) if first == last => Err(error()),
                Some((first, last)) => Ok(days.with_run(named(first)?, named(last)?)),
            })?;
        if is_written_as(&days, text) {
            return Ok(days);
        }
        Err(ParseError::new(
            "weekdays in order, three or more in a row with a hyphen, such as `Sat,Sun`, `Mon-Fri`, `Fri-Mon` or `Mon,Wed-Fri`",
            text,
        ))
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == EVERY_DAY {
            return f.write_str("Mon-Sun");
        }
        let mut comma = "";
        for day in (0..DAY_NAMES.len()).filter(|day| self.contains(*day)) {
            let (first, last) = (self.run_start(day), self.run_end(day));
            if first == last || next_day(first) == last {
                write!(f, "{comma}{}", Self::name(day))?;
            } else if day == first {
                write!(f, "{comma}{}-{}", Self::name(first), Self::name(last))?;
            } else {
                continue;
            }
            comma = ",";
        }
        Ok(())
    }
}

impl Window {
    pub(crate) fn start_s(self) -> i64 {
        i64::from(self.start_s)
    }

    pub(crate) fn end_s(self) -> i64 {
        i64::from(self.end_s)
    }
}

impl FromStr for Window {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || {
            ParseError::new(
                "a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`",
                text,
            )
        };
        let times = text.split_once('-');
        let times = times.and_then(|(start, end)| {
            Some((TimeOfDay::read(start)?.seconds(), TimeOfDay::read(end)?.seconds()))
        });
        match times {
            Some((start_s, end_s)) if start_s == end_s => Err(ParseError::new(
                "a window that ends at another time than it starts (`00:00-24:00` is a whole day)",
                text,
            )),
            Some((start_s, end_s)) if start_s < SECONDS_PER_DAY => Ok(Self {
                start_s,
                end_s: if end_s > start_s {
                    end_s
                } else {
                    // No wrap: two days.
                    end_s.wrapping_add(SECONDS_PER_DAY)
                },
            }),
            _ => Err(error()),
        }
        .and_then(|window| {
            if is_written_as(&window, text) {
                Ok(window)
            } else {
                Err(error())
            }
        })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end_s = if self.end_s > SECONDS_PER_DAY {
            // No wrap: it is greater.
            self.end_s.wrapping_sub(SECONDS_PER_DAY)
        } else {
            self.end_s
        };
        for (seconds, before) in [(self.start_s, ""), (end_s, "-")] {
            f.write_str(before)?;
            TimeOfDay::from_seconds(seconds).map_or(Ok(()), |time| fmt::Display::fmt(&time, f))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

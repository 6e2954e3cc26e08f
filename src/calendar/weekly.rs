//! One line of weekly hours as text: `Mon-Fri 09:00-12:00,13:00-17:00`.
//!
//! This module owns how weekdays and windows are read and written. When a window opens on the time line is left to
//! `plan`; which lines a calendar may have, to `terms`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;

/// The longest text of one line. A line with a window for each hour has 300 bytes.
const TEXT_BYTES_MAX: usize = 1_000;

const SECONDS_PER_DAY: u32 = 86_400;

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const EVERY_DAY: Days = Days([true; 7]);

/// Weekly service hours: weekdays, and one or more windows on each of them.
///
/// Weekdays are `Mon`, `Mon-Fri`, `Mon,Wed,Fri`, `Fri-Mon` (over the end of the week) or a mixture. A window is
/// `09:00-17:00`, with seconds if need be. It lasts until the next day if its end is not after its start
/// (`22:00-06:00`); `24:00` is the end of the day; a start that equals the end is refused. `24x7` is all week.
///
/// # Example
///
/// ```
/// use sla::Weekly;
///
/// let office: Weekly = "Mon-Fri 09:00-12:00,13:00-17:00".parse()?;
/// assert_eq!(office.to_string(), "Mon-Fri 09:00-12:00,13:00-17:00");
/// assert_eq!("Mon-Sun 00:00-24:00".parse::<Weekly>()?.to_string(), "24x7");
/// assert!("Mon-Fri 9-17".parse::<Weekly>().is_err());
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weekly {
    days: Days,
    windows: Vec<Window>,
}

/// A window in local seconds since the midnight that starts its day. Its end may lie on the next day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Window {
    start_s: u32,
    end_s: u32,
}

/// A set of weekdays, from Monday.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Days([bool; 7]);

impl Weekly {
    /// Day and night, all week.
    pub(super) fn always() -> Self {
        let all_day = Window {
            start_s: 0,
            end_s: SECONDS_PER_DAY,
        };
        Self {
            days: EVERY_DAY,
            windows: alloc::vec![all_day],
        }
    }

    /// The windows that start on a weekday, counted from Monday = 0.
    pub(super) fn windows_on(&self, weekday: usize) -> &[Window] {
        if self.days.contains(weekday) {
            &self.windows
        } else {
            &[]
        }
    }

    pub(super) fn has_window_over_midnight(&self) -> bool {
        self.windows.iter().any(|window| window.end_s > SECONDS_PER_DAY)
    }
}

impl FromStr for Weekly {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const EXPECTED: &str = "weekdays and windows such as `Mon-Fri 09:00-17:00`, or `24x7`";
        if text == "24x7" {
            return Ok(Self::always());
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(ParseError::new(
                "weekdays and windows of at most 1000 bytes",
                text,
            ));
        }
        let (days, windows) = text
            .split_once(' ')
            .ok_or_else(|| ParseError::new(EXPECTED, text))?;
        Ok(Self {
            days: days.parse()?,
            windows: windows.split(',').map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::always() {
            return f.write_str("24x7");
        }
        fmt::Display::fmt(&self.days, f)?;
        for (index, window) in self.windows.iter().enumerate() {
            write!(f, "{}{window}", if index == 0 { ' ' } else { ',' })?;
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

impl Days {
    fn contains(self, weekday: usize) -> bool {
        self.0.get(weekday).copied().unwrap_or_default()
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

    /// The last day of the run of days that starts with `first`. Not for a set of all days.
    fn run_end(self, first: usize) -> usize {
        let mut last = first;
        while self.contains(next_day(last)) && next_day(last) != first {
            last = next_day(last);
        }
        last
    }
}

fn next_day(weekday: usize) -> usize {
    if weekday >= 6 {
        0
    } else {
        weekday.saturating_add(1)
    }
}

fn previous_day(weekday: usize) -> usize {
    weekday.checked_sub(1).unwrap_or(6)
}

impl FromStr for Days {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new("weekdays such as `Mon-Fri` or `Mon,Wed,Fri`", text);
        let named = |name: &str| DAY_NAMES.iter().position(|day| *day == name).ok_or_else(error);
        text.split(',')
            .try_fold(Self([false; 7]), |days, part| match part.split_once('-') {
                None => Ok(days.with(named(part)?)),
                // `Mon-Mon` could mean a day or a week.
                Some((first, last)) if first == last => Err(error()),
                Some((first, last)) => Ok(days.with_run(named(first)?, named(last)?)),
            })
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == EVERY_DAY {
            return f.write_str("Mon-Sun");
        }
        let starts_run = |day: &usize| self.contains(*day) && !self.contains(previous_day(*day));
        for (index, first) in (0..DAY_NAMES.len()).filter(starts_run).enumerate() {
            let name = |day: usize| DAY_NAMES.get(day).copied().unwrap_or_default();
            let comma = if index == 0 { "" } else { "," };
            let last = self.run_end(first);
            write!(f, "{comma}{}", name(first))?;
            match last {
                _ if last == first => {}
                _ if last == next_day(first) => write!(f, ",{}", name(last))?,
                _ => write!(f, "-{}", name(last))?,
            }
        }
        Ok(())
    }
}

impl Window {
    pub(super) fn start_s(self) -> i64 {
        i64::from(self.start_s)
    }

    pub(super) fn end_s(self) -> i64 {
        i64::from(self.end_s)
    }
}

impl FromStr for Window {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let times = text.split_once('-');
        let times = times.and_then(|(start, end)| Some((read_time(start)?, read_time(end)?)));
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
                    end_s.saturating_add(SECONDS_PER_DAY)
                },
            }),
            _ => Err(ParseError::new(
                "a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`",
                text,
            )),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time(self.start_s, f)?;
        f.write_str("-")?;
        if self.end_s > SECONDS_PER_DAY {
            write_time(self.end_s.saturating_sub(SECONDS_PER_DAY), f)
        } else {
            write_time(self.end_s, f)
        }
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `HH:MM` or `HH:MM:SS`, up to `24:00`.
fn read_time(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let (hours, minutes) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), two_digits)?;
    if parts.next().is_some() || minutes >= 60 || seconds >= 60 {
        return None;
    }
    let time = hours
        .checked_mul(3_600)?
        .checked_add(minutes.checked_mul(60)?)?
        .checked_add(seconds)?;
    (time <= SECONDS_PER_DAY).then_some(time)
}

fn two_digits(text: &str) -> Option<u32> {
    let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn write_time(time_s: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{:02}:{:02}", time_s / 3_600, time_s % 3_600 / 60)?;
    match time_s % 60 {
        0 => Ok(()),
        seconds => write!(f, ":{seconds:02}"),
    }
}

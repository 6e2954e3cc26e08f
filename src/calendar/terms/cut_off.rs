//! The cut-off of a calendar by weekday, as text: `Mon-Fri 16:00`.
//!
//! This module owns how it is read, written and checked. What arrives when counts as received when is left to `business`.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::error::ParseError;
use crate::time::time_of_day::TimeOfDay;

use super::weekly::Weekdays;

/// Weekdays, and the time of day from which on what arrives on them counts as received on the next business day. It holds
/// for targets whose cut-off is that [of the calendar](crate::time::CutOff::OfTheCalendar).
///
/// # Example: earlier on Saturdays
///
/// ```
/// use sla::Hours;
/// use sla::calendar::WeekdayCutOff;
///
/// let saturday: WeekdayCutOff = "Sat 11:30".parse()?;
/// assert_eq!(saturday.to_string(), "Sat 11:30");
/// let desk = Hours::in_zone("UTC").weekly("Mon-Sat 09:00-17:00").cut_off("Mon-Fri 16:00").cut_off("Sat 11:30").build()?;
/// assert_eq!(desk.cut_off[1], saturday);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeekdayCutOff {
    days: Weekdays,
    time: TimeOfDay,
}

impl FromStr for WeekdayCutOff {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parts = text.split_once(' ');
        let time = parts.and_then(|(days, time)| Some((days, TimeOfDay::read(time)?)));
        let (days, time) =
            time.ok_or_else(|| ParseError::new("weekdays and a time of day such as `Mon-Fri 16:00`", text))?;
        let days = days.parse()?;
        Ok(Self { days, time })
    }
}

impl fmt::Display for WeekdayCutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.days, self.time)
    }
}

impl fmt::Debug for WeekdayCutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::text::serde_as_text!(WeekdayCutOff);
crate::fingerprint::canonical_text!(WeekdayCutOff);

/// The cut-off that is stated for a weekday, counted from Monday = 0.
pub(crate) fn cut_off_on(weekday: usize, stated: &[WeekdayCutOff]) -> Option<TimeOfDay> {
    let found = stated.iter().find(|cut_off| cut_off.days.contains(weekday))?;
    Some(found.time)
}

/// The places of cut-offs for a weekday that has one already, and the name of the weekday.
pub(super) fn stated_twice(all: &[WeekdayCutOff]) -> Vec<(usize, &'static str)> {
    let (mut stated, mut twice) = (Weekdays::NONE, Vec::new());
    for (place, cut_off) in all.iter().enumerate() {
        let day = (0..7).find(|day| cut_off.days.contains(*day) && stated.contains(*day));
        twice.extend(day.map(|day| (place, Weekdays::name(day))));
        stated = stated.and(cut_off.days);
    }
    twice
}

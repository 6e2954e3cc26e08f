//! In which years a rule for dates holds: `every 4 years since 1965 through 2030 except 2001`, `in 2025,2027`.
//!
//! This module owns how years are read, written and counted. Which dates a rule names in a year is left to `dates`.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use crate::text::{self, exact_digits};

/// The years for which dates exist.
pub(crate) const YEARS: RangeInclusive<i32> = 1900..=2199;

/// The years of which a rule may name such a date: days are added, holidays observed and seasons over in the next year.
pub(crate) const YEARS_AROUND: RangeInclusive<i32> = 1897..=2202;

/// In which years a rule holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Years {
    /// Every so many years from `since` on.
    pub(crate) every: Option<i32>,
    pub(crate) since: Option<i32>,
    pub(crate) until: Option<i32>,
    pub(crate) except: Vec<i32>,
    /// In these only; then there is nothing else.
    pub(crate) only: Vec<i32>,
}

impl Years {
    pub(crate) fn contains(&self, year: i32) -> bool {
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

    pub(crate) fn read(words: &[&str]) -> Option<Self> {
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

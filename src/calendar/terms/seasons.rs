//! Parts of the year that have weekly hours of their own.
//!
//! This module owns from which date until which a season lasts, year by year. What its windows are on the time line is left
//! to `plan`.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::fingerprint::canonical_struct;
pub(crate) use crate::limits::SEASON_DAYS_MAX;
use crate::time::epoch::EpochDay;

use super::dates::DateRule;
use super::weekly::Weekly;

/// A part of the year, each year or once, in which other weekly hours hold than in the rest of it.
///
/// # Example: summer hours and a shutdown
///
/// ```
/// use sla::Hours;
///
/// let desk = Hours::in_zone("Europe/Madrid")
///     .weekly("Mon-Fri 09:00-18:00")
///     .season("Summer", "1 Jul", "31 Aug", &["Mon-Fri 08:00-15:00"])
///     .season("Christmas shutdown", "24 Dec", "1 Jan", &[]) // over the end of the year, closed
///     .compile()?;
/// assert_eq!(desk.is_open("2026-07-01T14:00:00Z".parse()?), Ok(false)); // 16:00
/// assert_eq!(desk.is_open("2026-09-01T14:00:00Z".parse()?), Ok(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Season {
    /// What it is called, as explanations name it.
    pub name: String,
    /// Its first date. A rule starts a season in each of its years, a single date starts one season.
    pub from: DateRule,
    /// Its last date: the first that the rule names on or after the season's start. A season has at most
    /// 366 days.
    pub through: DateRule,
    /// The weekly hours that hold instead of those of the rest of the year; none if it is closed.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::text::tables::list"
    )]
    pub weekly: Vec<Weekly>,
}

canonical_struct!(Season {
    name,
    from,
    through,
    weekly
});

/// Days since 1970 in one season, and the season's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spell {
    pub(crate) first: EpochDay,
    pub(crate) last: EpochDay,
    pub(crate) season: usize,
}

/// The seasons that start in these years, in order, and the first day of each that has no end.
pub(crate) fn spells(seasons: &[Season], years: &RangeInclusive<i32>) -> (Vec<Spell>, Vec<Spell>) {
    let (mut found, mut endless) = (Vec::new(), Vec::new());
    for (season, terms) in seasons.iter().enumerate() {
        // Ends may lie in the year after. No wrap: of years of dates.
        let ends: Vec<EpochDay> = terms
            .through
            .days_in(*years.start()..=years.end().wrapping_add(1))
            .collect();
        for first in terms.from.days_in(years.clone()) {
            let later = ends.partition_point(|end| *end < first);
            let last = ends.get(later).copied();
            let last = last.filter(|last| last.since(first) < SEASON_DAYS_MAX);
            let spell = |last| Spell { first, last, season };
            match last {
                Some(last) => found.push(spell(last)),
                None => endless.push(spell(first)),
            }
        }
    }
    found.sort_unstable();
    (found, endless)
}

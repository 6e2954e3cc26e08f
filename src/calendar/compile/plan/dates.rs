//! The dates of entries that come again: seasons, holidays and overrides, each with what is told of it.
//!
//! This module owns the lists of days in which the plan searches. On which dates rules fall is left to the terms.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use super::{NamedSpell, OBSERVED, OwnHours, ToldHoliday};
use crate::calendar::compile::patterns::SeasonSpell;
use crate::calendar::terms::holidays::marked_days;
use crate::calendar::terms::hours::Hours;
use crate::calendar::terms::overrides::{DayOverride, days_of_overrides};
use crate::calendar::terms::seasons;
use crate::time::epoch::EpochDay;

/// When seasons last, in order.
pub(super) fn spells<'a>(hours: &'a Hours, years: &RangeInclusive<i32>) -> Vec<SeasonSpell<'a>> {
    let by_place: Vec<(u32, _)> = (0..).zip(&hours.seasons).collect();
    let (spells, _) = seasons::spells(&hours.seasons, years);
    let spells = spells.into_iter().filter_map(|spell| {
        // Each is of a season of these hours.
        let (place, season) = *by_place.get(spell.season)?;
        let (first, last) = (spell.first, spell.last);
        Some(SeasonSpell {
            first,
            last,
            place,
            season,
        })
    });
    spells.collect()
}

/// The same with their names.
pub(super) fn named(spells: &[SeasonSpell<'_>]) -> Vec<NamedSpell> {
    let mut names: BTreeMap<u32, Arc<str>> = BTreeMap::new();
    let mut name = |spell: &SeasonSpell<'_>| {
        let name = names.entry(spell.place);
        name.or_insert_with(|| Arc::from(spell.season.name.as_str()))
            .clone()
    };
    let spells = spells.iter().map(|spell| NamedSpell {
        first: spell.first,
        last: spell.last,
        place: spell.place,
        name: name(spell),
    });
    spells.collect()
}

/// The days that holidays close, in order: of several on a day, the first. Those that are observed are told so.
pub(super) fn holidays(hours: &Hours, years: &RangeInclusive<i32>) -> Vec<(EpochDay, ToldHoliday)> {
    let names = hours
        .holidays
        .iter()
        .map(|holiday| Arc::from(holiday.name.as_str()));
    let names: Vec<Arc<str>> = names.collect();
    let mut observed: BTreeMap<usize, Arc<str>> = BTreeMap::new();
    let days = marked_days(&hours.holidays, years).days;
    let days = days.into_iter().filter_map(|marked| {
        // Each is of a holiday of these hours.
        let own = names.get(marked.entry)?;
        let name = if marked.is_observed {
            let name = observed.entry(marked.entry);
            name.or_insert_with(|| Arc::from(format!("{own}{OBSERVED}")))
        } else {
            own
        };
        let holiday = ToldHoliday {
            told: name.clone(),
            is_observed: marked.is_observed,
        };
        Some((marked.day, holiday))
    });
    let mut days: Vec<(EpochDay, ToldHoliday)> = days.collect();
    days.dedup_by_key(|(day, _)| *day);
    days
}

/// The days with hours of their own, in order.
pub(super) fn overrides(hours: &Hours, years: &RangeInclusive<i32>) -> Vec<(EpochDay, Arc<OwnHours>)> {
    let own = |(place, day): (u32, &DayOverride)| {
        Arc::new(OwnHours {
            place,
            name: Arc::from(day.name.as_str()),
            text: Arc::from(format!("{}: {}", day.name, day.hours)),
            hours: day.hours.clone(),
        })
    };
    let own: Vec<Arc<OwnHours>> = (0..).zip(&hours.overrides).map(own).collect();
    let days = days_of_overrides(&hours.overrides, &hours.holidays, years).days;
    let days = days
        .into_iter()
        // Each is of an override of these hours.
        .filter_map(|marked| Some((marked.day, own.get(marked.entry)?.clone())));
    days.collect()
}

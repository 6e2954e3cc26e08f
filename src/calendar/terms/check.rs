//! Which service hours make sense: every problem at once, each with its place.
//!
//! This module owns the limits of [`Hours`] and the contradictions between its entries. What needs zone data to be found is
//! left to `plan`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::error::{ProblemList, Problems};
use crate::limits::{
    DATE_RANGE_DAYS_MAX, DATE_RULES_MAX, DAY_NAME_BYTES_MAX, HOLIDAYS_MAX, OBSERVED_MAX, OVERRIDES_MAX,
    SEASONS_MAX, WEEKLY_LINES_IN_ALL_MAX, WEEKLY_LINES_MAX, WINDOWS_PER_DAY_MAX,
};
use crate::text::name_problem;
use crate::time::epoch::EpochDay;
use crate::zone::ZoneName;

use super::cut_off::stated_twice;
use super::dates::{DateRule, YEARS, YEARS_AROUND};
use super::holidays::{MOVED_DAYS_MAX, Marked, Observed, marked_days};
use super::hours::{BeyondKnown, Hours};
use super::overrides::days_of_overrides;
use super::refused::{List, Refused};
use super::seasons::{SEASON_DAYS_MAX, spells};
use super::spans::{MomentKind, OneOff};
use super::weekly::Weekly;

impl Hours {
    /// Checks all that can be checked without zone data.
    ///
    /// # Errors
    ///
    /// [`Problems`], all of them: a zone's name that is none; no windows at all, or
    /// more than 96 that start on one weekday or are an override's; more than 200 weekly lines in the ordinary week or
    /// in one season, or than 1,000 in all layers together; rules of holidays for more than 366 dates a year, and other lists that are
    /// too long; names that are empty or too long; `known_through` before `known_from`, and single dates of holidays
    /// without `known_through` or not between the two; two seasons or two overrides for one date that may be asked about; a
    /// season without an end; a holiday that finds no free day to be observed on; a span that ends before it starts; two
    /// cut-offs for one weekday; and windows over midnight beside holidays or overrides without [`Hours::overnight_on_holiday`].
    ///
    /// # Example: two problems, both told
    ///
    /// ```
    /// let problems = sla::Hours::in_zone("Europe/Paris")
    ///     .weekly("Mon-Fri 22:00-06:00")
    ///     .holiday("2026-12-25", "Christmas")
    ///     .check()
    ///     .unwrap_err();
    /// assert_eq!(
    ///     problems.to_string(),
    ///     "known_through: expected the last date for which holidays are known, since there are holidays by single dates\n\
    ///      overnight_on_holiday: expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
    ///      since there are holidays or overrides, and windows over midnight"
    /// );
    /// ```
    ///
    /// # Cost
    ///
    /// n log n in the entries; rules are looked at for each year.
    pub fn check(&self) -> Result<(), Problems> {
        Checker::of(self).check()
    }

    /// In the order of precedence, which is that of the layers.
    pub(crate) fn find_problems(&self, problems: &mut ProblemList) {
        Checker::of(self).find_problems(problems);
    }
}

/// Hours being checked, and the texts that could not be read when they were built.
pub(super) struct Checker<'a> {
    hours: &'a Hours,
    refused: &'a [Refused],
}

impl Deref for Checker<'_> {
    type Target = Hours;

    fn deref(&self) -> &Hours {
        self.hours
    }
}

impl<'a> Checker<'a> {
    fn of(hours: &'a Hours) -> Self {
        Self::built(hours, &[])
    }

    pub(super) fn built(hours: &'a Hours, refused: &'a [Refused]) -> Self {
        Self { hours, refused }
    }

    pub(super) fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(error) = self.zone.as_str().parse::<ZoneName>() {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()
    }

    /// In the order of precedence, which is that of the layers.
    fn find_problems(&self, problems: &mut ProblemList) {
        self.find_weekly_problems(problems);
        let lists = [
            ("seasons", self.seasons.len(), SEASONS_MAX),
            ("holidays", self.holidays.len(), HOLIDAYS_MAX),
            ("overrides", self.overrides.len(), OVERRIDES_MAX),
            ("added", self.added.len(), OVERRIDES_MAX),
            ("removed", self.removed.len(), OVERRIDES_MAX),
        ];
        let short = |of: &str| {
            lists
                .iter()
                .any(|(name, found, most)| *name == of && found <= most)
        };
        for (name, found, most) in lists.iter().filter(|(_, found, most)| found > most) {
            problems.push(*name, format!("expected at most {most}, found {found}"));
        }
        // What is in a list that is too long is not looked at.
        if short("seasons") {
            self.find_season_problems(problems);
        }
        if short("holidays") {
            self.find_holiday_problems(problems);
        }
        self.find_known_problems(problems);
        self.find_overnight_problem(problems);
        if short("overrides") {
            self.find_override_problems(problems);
        }
        if short("added") && short("removed") {
            self.find_span_problems("added", List::Added, &self.added, problems);
            self.find_span_problems("removed", List::Removed, &self.removed, problems);
        }
        self.find_cut_off_problems(problems);
    }

    fn refused_problems(&self, list: List, path: impl Fn(usize) -> String, problems: &mut ProblemList) {
        for refused in self.refused_in(list) {
            problems.push(
                format!("{}{}", path(refused.index), refused.field),
                &refused.error,
            );
        }
    }

    fn refused_in(&self, list: List) -> impl Iterator<Item = &Refused> {
        self.refused.iter().filter(move |refused| refused.list == list)
    }

    /// The place at which a kept entry was given, among those that were refused.
    fn place(&self, list: List, kept: usize) -> usize {
        let mut refused: Vec<usize> = self.refused_in(list).map(|refused| refused.index).collect();
        refused.dedup();
        refused.iter().fold(kept, |index, skipped| {
            // No wrap: an index.
            index.wrapping_add(usize::from(*skipped <= index))
        })
    }

    fn find_weekly_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::Weekly, |index| format!("weekly[{index}]"), problems);
        let elsewhere = !self.added.is_empty()
            || self.seasons.iter().any(|season| !season.weekly.is_empty())
            || self.overrides.iter().any(|day| day.hours.windows().is_some());
        if self.weekly.is_empty() && self.refused.is_empty() && !elsewhere {
            problems.push("weekly", "expected at least one window, found none");
        }
        find_line_problems("weekly", &self.weekly, problems);
    }

    fn find_season_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::Seasons, |index| format!("seasons[{index}]"), problems);
        let path = |kept| format!("seasons[{}]", self.place(List::Seasons, kept));
        for (kept, season) in self.seasons.iter().enumerate() {
            find_name_problems(&path(kept), &season.name, problems);
            find_line_problems(&format!("{}.weekly", path(kept)), &season.weekly, problems);
            for (field, rule) in [("from", &season.from), ("through", &season.through)] {
                if rule.is_range() {
                    let what = format!("expected one date, or one in each year or month, found `{rule}`");
                    problems.push(format!("{}.{field}", path(kept)), what);
                }
            }
        }
        let seasons = self.seasons.iter().map(|season| &season.weekly);
        let lines = seasons.chain([&self.weekly]).flatten().count();
        if lines > WEEKLY_LINES_IN_ALL_MAX {
            let what = format!(
                "expected at most {WEEKLY_LINES_IN_ALL_MAX} lines of weekly hours in all, found {lines}"
            );
            problems.push("seasons", what);
        }
        if self
            .seasons
            .iter()
            .any(|season| season.from.is_range() || season.through.is_range())
        {
            return;
        }
        let known = KnownDays::of(self.hours);
        let (spells, endless) = spells(&self.seasons, &YEARS_AROUND);
        let mut told = BTreeSet::new();
        for spell in &endless {
            if known.may_meet(spell.first, SEASON_DAYS_MAX) && told.insert(spell.season) {
                let what = format!(
                    "expected a date less than {SEASON_DAYS_MAX} days after {}, on which the season starts, found none",
                    spell.first.date()
                );
                problems.push(format!("{}.through", path(spell.season)), what);
            }
        }
        let mut told = BTreeSet::new();
        for (spell, next) in spells.iter().zip(spells.iter().skip(1)) {
            let pair = (spell.season, next.season);
            let meet = next.first <= spell.last && known.meets(next.first, spell.last.min(next.last));
            if meet && told.insert(pair) {
                let what = format!("{} also lies in `{}`", next.first.date(), path(spell.season));
                problems.push(path(next.season), what);
            }
        }
    }

    fn find_holiday_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::Holidays, |index| format!("holidays[{index}]"), problems);
        let rules = self.holidays.iter().map(|holiday| &holiday.on);
        if has_too_many_rules("holidays", rules, problems) {
            return;
        }
        let known = KnownDays::of(self.hours);
        // The place of each is only needed for a problem, and would cost a search.
        let path = |kept| format!("holidays[{}]", self.place(List::Holidays, kept));
        for (kept, holiday) in self.holidays.iter().enumerate() {
            if is_bad_name(&holiday.name) {
                find_name_problems(&path(kept), &holiday.name, problems);
            }
            find_observed_problem(&holiday.observed, || path(kept), problems);
            find_endless(&holiday.on, &known, || path(kept), problems);
            let Some((first, last)) = holiday.on.single() else {
                continue;
            };
            if let Some(from) = self.known_from.filter(|from| first < *from) {
                let what = format!("expected a date from {from} (`known_from`), found {first}");
                problems.push(format!("{}.on", path(kept)), what);
            }
            if let Some(through) = self.known_through.filter(|through| *through < last) {
                let what = format!("expected a date through {through} (`known_through`), found {last}");
                problems.push(format!("{}.on", path(kept)), what);
            }
        }
        if self.holidays.iter().any(|holiday| !holiday.observed.is_empty()) {
            let stuck = marked_days(&self.holidays, &YEARS_AROUND).stuck;
            find_stuck(&stuck, &known, path, problems);
        }
    }

    fn find_known_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::KnownFrom, |_| String::from("known_from"), problems);
        self.refused_problems(List::KnownThrough, |_| String::from("known_through"), problems);
        if let Some((from, until)) = self
            .known_from
            .zip(self.known_through)
            .filter(|(from, until)| until < from)
        {
            let what = format!("expected a date not before {from} (`known_from`), found {until}");
            problems.push("known_through", what);
        }
        let refused = self.refused_in(List::KnownThrough).next().is_some();
        let listed = self.holidays.iter().any(|holiday| holiday.on.single().is_some());
        if listed && self.known_through.is_none() && !refused {
            problems.push(
                "known_through",
                "expected the last date for which holidays are known, since there are holidays by single dates",
            );
        }
    }

    fn find_overnight_problem(&self, problems: &mut ProblemList) {
        let seasons = self.seasons.iter().flat_map(|season| &season.weekly);
        let overnight = self
            .weekly
            .iter()
            .chain(seasons)
            .any(Weekly::has_window_over_midnight)
            || self.overrides.iter().any(|day| day.hours.reach_over_midnight());
        let special = !self.holidays.is_empty() || !self.overrides.is_empty();
        if overnight && special && self.overnight_on_holiday.is_none() {
            problems.push(
                "overnight_on_holiday",
                "expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
                 since there are holidays or overrides, and windows over midnight",
            );
        }
    }

    fn find_cut_off_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::CutOff, |index| format!("cut_off[{index}]"), problems);
        for (kept, weekday) in stated_twice(&self.cut_off) {
            let path = format!("cut_off[{}]", self.place(List::CutOff, kept));
            problems.push(path, format!("duplicate entry for `{weekday}`"));
        }
    }

    fn find_override_problems(&self, problems: &mut ProblemList) {
        self.refused_problems(List::Overrides, |index| format!("overrides[{index}]"), problems);
        if has_too_many_rules("overrides", self.overrides.iter().map(|day| &day.on), problems) {
            return;
        }
        let path = |kept| format!("overrides[{}]", self.place(List::Overrides, kept));
        let known = KnownDays::of(self.hours);
        for (kept, day) in self.overrides.iter().enumerate() {
            if is_bad_name(&day.name) {
                find_name_problems(&path(kept), &day.name, problems);
            }
            let found = day.hours.windows().map_or(0, |windows| windows.all().len());
            if found > WINDOWS_PER_DAY_MAX {
                let what = format!("expected at most {WINDOWS_PER_DAY_MAX} windows, found {found}");
                problems.push(format!("{}.hours", path(kept)), what);
            }
            find_endless(&day.on, &known, || path(kept), problems);
            find_observed_problem(&day.observed, || path(kept), problems);
        }
        // Of holidays that are too many nothing is asked.
        let too_many = self.holidays.len() > HOLIDAYS_MAX
            || dates_a_year(self.holidays.iter().map(|holiday| &holiday.on)) > DATE_RULES_MAX;
        let holidays = if too_many { &[] } else { self.holidays.as_slice() };
        let found = days_of_overrides(&self.overrides, holidays, &YEARS_AROUND);
        find_stuck(&found.stuck, &known, path, problems);
        let mut days: Vec<(EpochDay, usize)> = found
            .days
            .iter()
            .map(|marked| (marked.day, marked.entry))
            .collect();
        days.retain(|(day, _)| known.meets(*day, *day));
        days.sort_unstable();
        let mut told = BTreeSet::new();
        for ((day, first), (next_day, second)) in days.iter().zip(days.iter().skip(1)) {
            let pair = (*first, *second);
            if day == next_day && told.insert(pair) {
                let what = format!("{} is also a date of `{}`", day.date(), path(*first));
                problems.push(format!("{}.on", path(*second)), what);
            }
        }
    }

    fn find_span_problems(&self, name: &str, list: List, spans: &[OneOff], problems: &mut ProblemList) {
        self.refused_problems(list, |index| format!("{name}[{index}]"), problems);
        for (kept, span) in spans.iter().enumerate() {
            let path = || format!("{name}[{}]", self.place(list, kept));
            if is_bad_name(&span.name) {
                find_name_problems(&path(), &span.name, problems);
            }
            let ordered = match (span.from.0, span.until.0) {
                (MomentKind::Local(from), MomentKind::Local(until)) => from < until,
                (MomentKind::Instant(from), MomentKind::Instant(until)) => from < until,
                // Which comes first depends on the zone: `plan` looks.
                _ => true,
            };
            if !ordered {
                let what = format!(
                    "expected a time after {} (`from`), found {}",
                    span.from, span.until
                );
                problems.push(format!("{}.until", path()), what);
            }
        }
    }
}

/// The days, since 1970, about which a calendar may answer: what rules do on others is no problem.
struct KnownDays {
    first: EpochDay,
    last: EpochDay,
}

impl KnownDays {
    fn of(hours: &Hours) -> Self {
        let refuses = hours.beyond_known == BeyondKnown::Refuse;
        let last = hours.known_through.filter(|_| refuses);
        Self {
            // The windows of the day before may reach into the first that is known.
            first: hours.known_from.map_or(EpochDay::FAR_PAST, |date| {
                EpochDay::of_date(date.naive()).minus(1)
            }),
            last: last.map_or(EpochDay::FAR_FUTURE, |date| EpochDay::of_date(date.naive())),
        }
    }

    /// Whether one of the days from the first to the last is among them.
    fn meets(&self, first: EpochDay, last: EpochDay) -> bool {
        first <= self.last && self.first <= last
    }

    /// Whether one is that is so many days from a day, or nearer.
    fn may_meet(&self, day: EpochDay, days: i64) -> bool {
        self.meets(day.minus(days), day.plus(days))
    }
}

/// How many dates the rules of a list name in a year, at most.
fn dates_a_year<'a>(rules: impl Iterator<Item = &'a DateRule>) -> usize {
    let rules = rules.filter(|rule| rule.single().is_none());
    rules.map(DateRule::dates_a_year).sum()
}

/// Finds more ways of being observed than there are weekdays.
fn find_observed_problem(observed: &[Observed], path: impl FnOnce() -> String, problems: &mut ProblemList) {
    let found = observed.len();
    if found > OBSERVED_MAX {
        let what = format!("expected at most {OBSERVED_MAX}, found {found}");
        problems.push(format!("{}.observed", path()), what);
    }
}

/// Tells those days, of the ones that may be asked about, for which there is no free day to be observed on.
fn find_stuck(
    stuck: &[Marked],
    known: &KnownDays,
    path: impl Fn(usize) -> String,
    problems: &mut ProblemList,
) {
    let told = stuck
        .iter()
        .filter(|stuck| known.may_meet(stuck.day, MOVED_DAYS_MAX));
    for stuck in told {
        let what = format!(
            "{} finds no free day within {MOVED_DAYS_MAX} days to be observed on",
            stuck.day.date()
        );
        problems.push(format!("{}.observed", path(stuck.entry)), what);
    }
}

/// Finds a range that never ends, or only after too many dates.
fn find_endless(
    rule: &DateRule,
    known: &KnownDays,
    path: impl FnOnce() -> String,
    problems: &mut ProblemList,
) {
    if !rule.is_range() {
        return;
    }
    let mut endless = rule.endless_in(YEARS);
    if let Some(first) = endless.find(|first| known.may_meet(*first, DATE_RANGE_DAYS_MAX)) {
        let what = format!(
            "expected a date less than {DATE_RANGE_DAYS_MAX} days after {}, on which the range starts, found none",
            first.date()
        );
        problems.push(format!("{}.on", path()), what);
    }
}

/// Whether a list holds rules for more dates than can be resolved at little cost.
fn has_too_many_rules<'a>(
    path: &str,
    rules: impl Iterator<Item = &'a DateRule>,
    problems: &mut ProblemList,
) -> bool {
    let found = dates_a_year(rules);
    if found > DATE_RULES_MAX {
        let what = format!(
            "expected rules for at most {DATE_RULES_MAX} dates a year beside single dates, found {found}"
        );
        problems.push(path, what);
    }
    found > DATE_RULES_MAX
}

fn find_line_problems(path: &str, lines: &[Weekly], problems: &mut ProblemList) {
    if lines.len() > WEEKLY_LINES_MAX {
        let what = format!("expected at most {WEEKLY_LINES_MAX} lines, found {}", lines.len());
        problems.push(path, what);
        return;
    }
    let on_day = |day| {
        lines
            .iter()
            .flat_map(move |weekly| weekly.windows_on(day))
            .count()
    };
    let crowded = (0..7)
        .map(on_day)
        .max()
        .filter(|most| *most > WINDOWS_PER_DAY_MAX);
    if let Some(most) = crowded {
        let what = format!("expected at most {WINDOWS_PER_DAY_MAX} windows on a weekday, found {most}");
        problems.push(path, what);
    }
}

fn is_bad_name(name: &str) -> bool {
    name_problem(name, DAY_NAME_BYTES_MAX).is_err()
}

fn find_name_problems(path: &str, name: &str, problems: &mut ProblemList) {
    if let Err(what) = name_problem(name, DAY_NAME_BYTES_MAX) {
        problems.push(format!("{path}.name"), what);
    }
}

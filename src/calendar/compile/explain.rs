//! Why a calendar is open or closed: every stretch of an interval with the rule that opened or closed it.
//!
//! This module owns which rule is named when several apply: what opens before what closes, a lower layer's window
//! before a higher one's if both stand, an earlier line of the week before a later one, of other entries the one that
//! begins first. The spans come from `plan`, as those of the compiled table do; how the parts of a composite explain it
//! is left to `composite`.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use super::patterns::Rule;
use super::plan::{Plan, UpTo};
use crate::calendar::terms::days::days_reaching;
use crate::calendar::terms::hours::Hours;

/// Time during which service hours run, or do not, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// From when until when.
    pub interval: Interval,
    /// Why.
    pub reason: StretchReason,
}

/// Why service hours run or do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StretchReason {
    /// They run, by this entry; the first one, if several do.
    Open {
        /// The text of a weekly line; for other layers, and for a part of a composite, with its name before it. Of composites
        /// within one another, the two outermost and the two innermost names are given.
        rule: String,
    },
    /// They would run, but for this holiday.
    Holiday {
        /// Its name, with `(observed)` after it where the day is not its own date.
        name: String,
    },
    /// They would run by the hours of the ordinary week, but not in this season.
    Season {
        /// Its name.
        name: String,
    },
    /// They would run, but for the hours that an override gives this date.
    Override {
        /// Its name.
        name: String,
    },
    /// They would run, but for this one-off span.
    Removed {
        /// Its name.
        name: String,
    },
    /// They would run, but for the hours of this part of a difference.
    Excluded {
        /// The name of the part, and its own rule.
        rule: String,
    },
    /// They do not run at that time, holiday or not.
    OutsideHours,
}

impl Stretch {
    /// Whether service hours run.
    ///
    /// # Example
    ///
    /// ```
    /// let always = sla::Hours::always().compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T10:00:00Z".parse().unwrap());
    /// assert!(always.explain(from, to).unwrap().all(|stretch| stretch.is_open()));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn is_open(&self) -> bool {
        matches!(self.reason, StretchReason::Open { .. })
    }
}

/// The interval and the reason, on one line.
impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.interval, self.reason)
    }
}

impl fmt::Display for StretchReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { rule } => write!(f, "open: {rule}"),
            Self::Holiday { name }
            | Self::Season { name }
            | Self::Override { name }
            | Self::Removed { name } => {
                write!(f, "closed: {name}")
            }
            Self::Excluded { rule } => write!(f, "closed: {rule}"),
            Self::OutsideHours => f.write_str("closed: outside service hours"),
        }
    }
}

impl Canonical for StretchReason {
    /// Reasons that read alike may differ in kind.
    fn encode(&self, to: &mut Encoder) {
        let kind = match self {
            Self::Open { .. } => "open",
            Self::Holiday { .. } => "holiday",
            Self::Season { .. } => "season",
            Self::Override { .. } => "override",
            Self::Removed { .. } => "removed",
            Self::Excluded { .. } => "excluded",
            Self::OutsideHours => "outside_hours",
        };
        to.list(2);
        to.text(kind);
        to.text(&format!("{self}"));
    }
}

/// Every stretch of an interval that is covered, in order.
pub(crate) fn explain_hours(hours: &Hours, plan: &Plan, asked: Interval) -> Vec<(Interval, StretchReason)> {
    let mut left = Unexplained::new(asked);
    explain_open(hours, plan, &mut left);
    left.explain_within(&removed_by(hours, plan, asked));
    left.explain_within(&overridden(hours, plan, asked));
    left.explain_within(&closed_by_holidays(hours, plan, asked));
    left.explain_within(&out_of_season(hours, plan, asked, 0));
    left.explain_within(&out_of_season(hours, plan, asked, 1));
    if plan.masks_local_day() {
        left.explain_within(&masked_nights(hours, plan, asked));
    }
    left.finish(&StretchReason::OutsideHours)
}

/// The time that a layer closed or opened, with the entries that may have done so.
struct Closed<R = StretchReason> {
    /// What was open before the layer; of what it opened, what is open.
    before: IntervalSet,
    /// By the start of their time.
    by: Vec<(Interval, R)>,
}

impl<R> Closed<R> {
    /// Without entries nothing is claimed of it, so what was open before is not laid out.
    fn new(by: Vec<(Interval, R)>, before: impl FnOnce() -> IntervalSet) -> Self {
        let before = if by.is_empty() {
            IntervalSet::default()
        } else {
            before()
        };
        Self { before, by }
    }
}

fn explain_open(hours: &Hours, plan: &Plan, left: &mut Unexplained<StretchReason>) {
    let open = plan.open(left.asked);
    let mut by_rule: Vec<(Rule, Interval)> = plan
        .placed(UpTo::Overrides, days_reaching(left.asked))
        .into_iter()
        .map(|placed| (placed.rule, placed.interval))
        .collect();
    let added = plan.added(left.asked);
    by_rule.extend(added.map(|(interval, index)| (Rule::Added(index), interval)));
    by_rule.sort_unstable();
    let is_of_a_week = |rule: &Rule| matches!(rule, Rule::Weekly(_) | Rule::Season(..));
    let weekly = by_rule.partition_point(|(rule, _)| is_of_a_week(rule));
    let (weekly, later) = by_rule.split_at_checked(weekly).unwrap_or_default();
    let reason = |rule| StretchReason::Open {
        rule: rule_text(hours, rule),
    };
    // Lines of the week may overlap for long: the first has all that it opens.
    for group in weekly.chunk_by(|(rule, _), (other, _)| rule == other) {
        if let Some((rule, _)) = group.first() {
            let times: IntervalSet = group.iter().map(|(_, interval)| *interval).collect();
            left.explain(&times.intersection(&open), &reason(*rule));
        }
    }
    // There may be thousands of the others. Each is seen whole, so where an explanation begins does not matter.
    let mut by: Vec<(Interval, Rule)> = Vec::new();
    for group in later.chunk_by(|(rule, _), (other, _)| rule == other) {
        // Windows of one rule that touch are one stretch.
        let times: IntervalSet = group.iter().map(|(_, interval)| *interval).collect();
        if let Some((rule, _)) = group.first() {
            by.extend(times.iter().map(|interval| (*interval, *rule)));
        }
    }
    by.sort_unstable();
    let by = by.into_iter().map(|(interval, rule)| (interval, reason(rule)));
    left.explain_within(&Closed::new(by.collect(), || open.clone()));
    left.left = left.left.difference(&open);
}

fn rule_text(hours: &Hours, rule: Rule) -> String {
    let text = match rule {
        Rule::Weekly(line) => hours.weekly.get(line).map(|weekly| format!("{weekly}")),
        Rule::Season(season, line) => hours.seasons.get(season).and_then(|season| {
            let weekly = season.weekly.get(line)?;
            Some(format!("{}: {weekly}", season.name))
        }),
        Rule::Override(index) => hours
            .overrides
            .get(index)
            .map(|day| format!("{}: {}", day.name, day.hours)),
        Rule::Added(index) => hours.added.get(index).map(|span| span.name.clone()),
    };
    text.unwrap_or_default()
}

fn removed_by(hours: &Hours, plan: &Plan, asked: Interval) -> Closed {
    let mut by: Vec<(Interval, StretchReason)> = plan
        .removed(asked)
        .map(|(interval, index)| {
            let name = hours.removed.get(index).map(|span| span.name.clone());
            let name = name.unwrap_or_default();
            (interval, StretchReason::Removed { name })
        })
        .collect();
    by.sort();
    Closed::new(by, || plan.open_up_to(UpTo::Added, asked))
}

fn overridden(hours: &Hours, plan: &Plan, asked: Interval) -> Closed {
    Closed::new(by_overrides(hours, plan, asked), || {
        plan.open_up_to(UpTo::Holidays, asked)
    })
}

fn closed_by_holidays(hours: &Hours, plan: &Plan, asked: Interval) -> Closed {
    Closed::new(by_holidays(hours, plan, asked), || {
        plan.open_up_to(UpTo::Seasons, asked)
    })
}

/// What an override's window over midnight loses to the special day after it.
fn masked_nights(hours: &Hours, plan: &Plan, asked: Interval) -> Closed {
    let mut by = by_overrides(hours, plan, asked);
    by.extend(by_holidays(hours, plan, asked));
    by.sort();
    Closed::new(by, || plan.given(days_reaching(asked)).clip(asked))
}

fn by_overrides(hours: &Hours, plan: &Plan, asked: Interval) -> Vec<(Interval, StretchReason)> {
    let mut by = Vec::new();
    for (_, index, times) in plan.taken(UpTo::Overrides, days_reaching(asked)) {
        let name = hours.overrides.get(index).map(|day| day.name.clone());
        let reason = StretchReason::Override {
            name: name.unwrap_or_default(),
        };
        by.extend(times.iter().map(|interval| (*interval, reason.clone())));
    }
    by
}

fn by_holidays(hours: &Hours, plan: &Plan, asked: Interval) -> Vec<(Interval, StretchReason)> {
    let mut by = Vec::new();
    for (day, index, times) in plan.taken(UpTo::Holidays, days_reaching(asked)) {
        let name = hours.holidays.get(index).map_or("", |holiday| &holiday.name);
        let observed = if plan.is_observed(day) { " (observed)" } else { "" };
        let reason = StretchReason::Holiday {
            name: format!("{name}{observed}"),
        };
        by.extend(times.iter().map(|interval| (*interval, reason.clone())));
    }
    by
}

fn out_of_season(hours: &Hours, plan: &Plan, asked: Interval, days_after: i64) -> Closed {
    let times = plan.season_times(asked, days_after);
    let by = times.map(|(index, interval)| {
        let name = hours.seasons.get(index).map(|season| season.name.clone());
        let name = name.unwrap_or_default();
        (interval, StretchReason::Season { name })
    });
    Closed::new(by.collect(), || plan.open_up_to(UpTo::Weekly, asked))
}

/// What has no reason yet, and what has one.
pub(crate) struct Unexplained<R> {
    asked: Interval,
    left: IntervalSet,
    found: Vec<(Interval, R)>,
}

impl<R: Clone> Unexplained<R> {
    pub(crate) fn new(asked: Interval) -> Self {
        Self {
            asked,
            left: IntervalSet::from(asked),
            found: Vec::new(),
        }
    }

    /// Linear in what is left.
    pub(crate) fn explain(&mut self, times: &IntervalSet, reason: &R) {
        let explained = self.left.intersection(times);
        if !explained.is_empty() {
            self.left = self.left.difference(&explained);
            let found = explained.iter().map(|interval| (*interval, reason.clone()));
            self.found.extend(found);
        }
    }

    /// What a layer closed. An entry takes what no earlier one has taken; only the last of those can reach into it.
    fn explain_within(&mut self, closed: &Closed<R>) {
        let mut lost = self.left.intersection(&closed.before);
        if lost.is_empty() {
            return;
        }
        self.left = self.left.difference(&lost);
        // Entries begin one after another, so what earlier ones have of a later one ends where the last of them does.
        let (mut explained, mut reached) = (Vec::new(), Instant::MIN);
        for (interval, reason) in &closed.by {
            let new = Interval::clamped(interval.from().max(reached), interval.until());
            reached = reached.max(interval.until());
            for part in &lost.clip(new) {
                explained.push(*part);
                self.found.push((*part, reason.clone()));
            }
        }
        lost = lost.difference(&explained.into_iter().collect());
        // Whatever no entry claims has the reason of what lies below.
        self.left = self.left.union(&lost);
    }

    /// In order. Whatever has no reason lies outside the hours.
    pub(crate) fn finish(mut self, outside_hours: &R) -> Vec<(Interval, R)> {
        let left = self
            .left
            .iter()
            .map(|interval| (*interval, outside_hours.clone()));
        self.found.extend(left);
        self.found.sort_unstable_by_key(|(interval, _)| *interval);
        self.found
    }
}

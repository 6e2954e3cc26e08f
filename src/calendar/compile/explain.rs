//! Why a calendar is open or closed: every stretch of an interval with the rule that opened or closed it.
//!
//! This module owns which rule is named when several apply: what opens before what closes, a lower layer's window
//! before a higher one's if both stand, an earlier line of the week before a later one, of other entries the one that
//! begins first. The spans come from `plan`, as those of the compiled table do; how the parts of a composite explain it
//! is left to `composite`.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::fmt;

use serde::Serialize;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};

use super::patterns::{Place, Rule};
use super::plan::{Plan, UpTo};

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
    /// Reports whether service hours run.
    ///
    /// # Example: open throughout
    ///
    /// ```
    /// let always = sla::Hours::always().compile()?;
    /// let (from, to) = ("2026-03-06T16:00:00Z".parse().unwrap(), "2026-03-09T10:00:00Z".parse().unwrap());
    /// assert!(always.explain(from, to).unwrap().all(|stretch| stretch.is_open()));
    /// # Ok::<(), sla::error::Problems>(())
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

/// Why service hours run or do not, as the plan has the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause<'a> {
    Open(&'a str),
    Holiday(&'a str),
    Season(&'a str),
    Override(&'a str),
    Removed(&'a str),
    Excluded(&'a str),
    OutsideHours,
}

impl Cause<'_> {
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// As it is told, with a path of names before it.
    pub(crate) fn told(self, path: &str) -> StretchReason {
        let with = |text: &str| format!("{path}{text}");
        match self {
            Self::Open(rule) => StretchReason::Open { rule: with(rule) },
            Self::Holiday(name) => StretchReason::Holiday { name: with(name) },
            Self::Season(name) => StretchReason::Season { name: with(name) },
            Self::Override(name) => StretchReason::Override { name: with(name) },
            Self::Removed(name) => StretchReason::Removed { name: with(name) },
            Self::Excluded(rule) => StretchReason::Excluded { rule: with(rule) },
            Self::OutsideHours => StretchReason::OutsideHours,
        }
    }
}

/// Every stretch of an interval that is covered, in order.
pub(crate) fn explain_hours(plan: &Plan, asked: Interval) -> Vec<(Interval, Cause<'_>)> {
    let mut left = Unexplained::new(asked);
    explain_open(plan, &mut left);
    left.explain_within(&removed_by(plan, asked));
    left.explain_within(&overridden(plan, asked));
    left.explain_within(&closed_by_holidays(plan, asked));
    let ordinary = OnceCell::new();
    let ordinary = || ordinary.get_or_init(|| plan.open_up_to(UpTo::Weekly, asked));
    left.explain_within(&out_of_season(plan, asked, 0, ordinary));
    left.explain_within(&out_of_season(plan, asked, 1, ordinary));
    if plan.masks_local_day() {
        left.explain_within(&masked_nights(plan, asked));
    }
    left.finish(&Cause::OutsideHours)
}

/// The time that a layer closed or opened, with the entries that may have done so.
struct Closed<R> {
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

fn explain_open<'a>(plan: &'a Plan, left: &mut Unexplained<Cause<'a>>) {
    let placed = plan.placed(UpTo::Overrides, &plan.reach(left.asked));
    let open = plan.open_by(UpTo::Removed, left.asked, &placed);
    let mut by_rule: Vec<(Rule<'a>, Interval)> = placed
        .into_iter()
        .map(|placed| (placed.rule, placed.interval))
        .collect();
    let added = plan.added(left.asked);
    by_rule.extend(added.map(|span| {
        let (place, text) = (Place::Added(span.place), &*span.name);
        (Rule { place, text }, span.interval)
    }));
    by_rule.sort_unstable();
    let is_of_a_week =
        |(rule, _): &(Rule<'a>, Interval)| matches!(rule.place, Place::Weekly(_) | Place::Season(..));
    let is_same = |(rule, _): &(Rule<'a>, Interval), (other, _): &(Rule<'a>, Interval)| rule == other;
    // Windows of one rule that touch are one stretch.
    let times = |group: &[(Rule<'a>, Interval)]| -> IntervalSet {
        group.iter().map(|(_, interval)| *interval).collect()
    };
    let mut by: Vec<(Interval, Rule<'a>)> = Vec::new();
    for group in by_rule.chunk_by(is_same) {
        match group {
            // Lines of the week may overlap for long: the first has all that it opens.
            [first, ..] if is_of_a_week(first) => {
                left.explain(&times(group).intersection(&open), &Cause::Open(first.0.text));
            }
            // There may be thousands of the others. Each is seen whole, so where an explanation begins does not matter.
            [(rule, _), ..] => by.extend(times(group).iter().map(|interval| (*interval, *rule))),
            [] => {}
        }
    }
    by.sort_unstable();
    let by = by
        .into_iter()
        .map(|(interval, rule)| (interval, Cause::Open(rule.text)));
    left.explain_within(&Closed::new(by.collect(), || open.clone()));
    left.left = left.left.difference(&open);
}

fn removed_by(plan: &Plan, asked: Interval) -> Closed<Cause<'_>> {
    let removed = plan.removed(asked);
    let by = removed.map(|span| (span.interval, Cause::Removed(&span.name)));
    let mut by: Vec<(Interval, Cause<'_>)> = by.collect();
    by.sort_unstable();
    Closed::new(by, || plan.open_up_to(UpTo::Added, asked))
}

fn overridden(plan: &Plan, asked: Interval) -> Closed<Cause<'_>> {
    Closed::new(by_overrides(plan, asked), || {
        plan.open_up_to(UpTo::Holidays, asked)
    })
}

fn closed_by_holidays(plan: &Plan, asked: Interval) -> Closed<Cause<'_>> {
    Closed::new(by_holidays(plan, asked), || plan.open_up_to(UpTo::Seasons, asked))
}

/// What an override's window over midnight loses to the special day after it.
fn masked_nights(plan: &Plan, asked: Interval) -> Closed<Cause<'_>> {
    let mut by = by_overrides(plan, asked);
    by.extend(by_holidays(plan, asked));
    by.sort_unstable();
    Closed::new(by, || plan.given(&plan.reach(asked)).clip(asked))
}

fn by_overrides(plan: &Plan, asked: Interval) -> Vec<(Interval, Cause<'_>)> {
    let taken = plan.taken(UpTo::Overrides, &plan.reach(asked));
    each_interval(taken, Cause::Override)
}

fn by_holidays(plan: &Plan, asked: Interval) -> Vec<(Interval, Cause<'_>)> {
    let taken = plan.taken(UpTo::Holidays, &plan.reach(asked));
    each_interval(taken, Cause::Holiday)
}

fn each_interval<'a>(
    taken: Vec<(&'a str, IntervalSet)>,
    cause: impl Fn(&'a str) -> Cause<'a>,
) -> Vec<(Interval, Cause<'a>)> {
    let mut by = Vec::new();
    for (name, times) in taken {
        by.extend(times.iter().map(|interval| (*interval, cause(name))));
    }
    by
}

fn out_of_season<'a, 'o>(
    plan: &'a Plan,
    asked: Interval,
    days_after: i64,
    ordinary: impl FnOnce() -> &'o IntervalSet,
) -> Closed<Cause<'a>> {
    let times = plan.season_times(asked, days_after);
    let by = times.map(|(name, interval)| (interval, Cause::Season(name)));
    Closed::new(by.collect(), || ordinary().clone())
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

//! Why a calendar is open or closed: every stretch of an interval with the rule that opened or closed it.
//!
//! This module owns which rule is named when several apply: service hours before holidays, a line of weekly hours
//! before a later one. The spans come from `plan`, as those of the compiled table do.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};

use crate::error::QueryError;
use crate::interval::{Interval, IntervalSet};

use super::Calendar;
use super::plan::{Placed, days_reaching};

/// Time during which service hours run, or do not, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stretch {
    /// From when until when.
    pub interval: Interval,
    /// Why.
    pub reason: StretchReason,
}

/// Why service hours run or do not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum StretchReason {
    /// They run, by this line of weekly hours; the first one, if several do.
    Open {
        /// The text of the line.
        rule: String,
    },
    /// They would run, but for this holiday.
    Holiday {
        /// Its name.
        name: String,
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
    /// assert!(always.explain(from, to).unwrap().iter().all(|stretch| stretch.is_open()));
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
            Self::Holiday { name } => write!(f, "closed: {name}"),
            Self::OutsideHours => f.write_str("closed: outside service hours"),
        }
    }
}

impl Calendar {
    /// Every stretch of an interval, with the rule that opened or closed it. Together they cover it without gaps; those
    /// that are open sum to [`Calendar::elapsed`].
    ///
    /// A holiday is named where service hours would run without it, so that its stretches sum to what it costs.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .holiday("2026-12-25", "Christmas").known_until("2026-12-31")
    ///     .compile()?;
    /// let (from, to) = ("2026-12-24T16:00:00Z".parse().unwrap(), "2026-12-26T00:00:00Z".parse().unwrap());
    /// let stretches: Vec<String> =
    ///     desk.explain(from, to).unwrap().iter().map(|stretch| stretch.to_string()).collect();
    /// assert_eq!(stretches, [
    ///     "2026-12-24T16:00:00Z/2026-12-24T17:00:00Z open: Mon-Fri 09:00-17:00",
    ///     "2026-12-24T17:00:00Z/2026-12-25T09:00:00Z closed: outside service hours",
    ///     "2026-12-25T09:00:00Z/2026-12-25T17:00:00Z closed: Christmas",
    ///     "2026-12-25T17:00:00Z/2026-12-26T00:00:00Z closed: outside service hours",
    /// ]);
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Walks the days of the interval: linear in them, times the lines of weekly hours.
    pub fn explain(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Stretch>, QueryError> {
        self.explain_between(Interval::new(from, to)?)
    }

    pub(crate) fn explain_between(&self, asked: Interval) -> Result<Vec<Stretch>, QueryError> {
        let mut left = Unexplained::new(self.covered(asked)?);
        self.explain_open(asked, &mut left);
        self.explain_holidays(asked, &mut left);
        Ok(left.finish())
    }

    fn explain_open(&self, asked: Interval, left: &mut Unexplained) {
        let days = days_reaching(asked);
        let masks = self.plan().masks(days.clone());
        let worked: Vec<Placed> = self.plan().worked(days).collect();
        for (rule, weekly) in self.hours().weekly.iter().enumerate() {
            let by_rule = worked.iter().filter(|placed| placed.rule == rule);
            let open: IntervalSet = by_rule.map(|placed| placed.interval).collect();
            let reason = StretchReason::Open {
                rule: alloc::format!("{weekly}"),
            };
            left.explain(&open.difference(&masks), &reason);
        }
    }

    fn explain_holidays(&self, asked: Interval, left: &mut Unexplained) {
        let mut day_before = IntervalSet::default();
        for (holiday, removed) in self.plan().removed(days_reaching(asked)) {
            if let Some(holiday) = self.hours().holidays.get(holiday) {
                let reason = StretchReason::Holiday {
                    name: holiday.name.clone(),
                };
                // Windows over midnight may overlap those of the next day; no window reaches further.
                left.explain_few(&removed.difference(&day_before), &reason);
            }
            day_before = removed;
        }
    }
}

/// What has no reason yet, and the stretches that have one.
struct Unexplained {
    left: IntervalSet,
    found: Vec<Stretch>,
}

impl Unexplained {
    fn new(asked: Interval) -> Self {
        Self {
            left: IntervalSet::from(asked),
            found: Vec::new(),
        }
    }

    /// Linear in what is left.
    fn explain(&mut self, times: &IntervalSet, reason: &StretchReason) {
        self.record(&self.left.intersection(times), reason);
        self.left = self.left.difference(times);
    }

    /// Logarithmic in what is left, but it stays: for times of which no two overlap.
    fn explain_few(&mut self, times: &IntervalSet, reason: &StretchReason) {
        for interval in times {
            self.record(&self.left.clip(*interval), reason);
        }
    }

    fn record(&mut self, times: &IntervalSet, reason: &StretchReason) {
        self.found.extend(times.iter().map(|interval| Stretch {
            interval: *interval,
            reason: reason.clone(),
        }));
    }

    /// Whatever has no reason lies outside the hours.
    fn finish(mut self) -> Vec<Stretch> {
        let explained: IntervalSet = self.found.iter().map(|stretch| stretch.interval).collect();
        self.record(&self.left.difference(&explained), &StretchReason::OutsideHours);
        self.found.sort_by_key(|stretch| stretch.interval);
        self.found
    }
}

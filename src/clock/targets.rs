//! The targets of a clock, by severity.
//!
//! This module owns finding the target of a severity, and which targets count time alike. What a
//! target grants is left to `goal`.

use alloc::string::String;
use alloc::vec::Vec;

use super::goal::ClockTarget;
use crate::error::{ProblemList, Problems};

/// A target, and the severity whose it is.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// `None` holds for every severity, and then there is no other target.
    severity: Option<String>,
    pub(super) goal: ClockTarget,
    /// Its place in the list it was given in.
    pub(super) place: usize,
    /// Targets of one basis count every second alike.
    pub(super) basis: usize,
}

/// The targets of a clock. Found by search, so that a thousand of them cost little more than four.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    /// By severity.
    all: Vec<Target>,
    /// Whether all of them count time alike.
    alike: bool,
}

impl Targets {
    pub(super) fn for_every_severity(goal: ClockTarget) -> Self {
        let (severity, place, basis) = (None, 0, 0);
        let all = vec![Target {
            severity,
            goal,
            place,
            basis,
        }];
        Self { all, alike: true }
    }

    pub(super) fn by_severity(goals: Vec<(String, ClockTarget)>) -> Result<Self, Problems> {
        let mut problems = ProblemList::default();
        if goals.is_empty() {
            problems.push("targets", "expected at least one target, found none");
        }
        let mut bases: Vec<ClockTarget> = Vec::new();
        let mut targets = Vec::with_capacity(goals.len());
        for (place, (severity, goal)) in goals.into_iter().enumerate() {
            let known = bases.iter().position(|basis| basis.is_counted_like(&goal));
            let basis = known.unwrap_or(bases.len());
            if known.is_none() {
                bases.push(goal.clone());
            }
            targets.push(Target {
                severity: Some(severity),
                goal,
                place,
                basis,
            });
        }
        targets.sort_by(|left, right| (&left.severity, left.place).cmp(&(&right.severity, right.place)));
        for (left, right) in targets.iter().zip(targets.iter().skip(1)) {
            if let (true, Some(severity)) = (left.severity == right.severity, &right.severity) {
                let what = format!("duplicate entry `{severity}`");
                problems.push(format!("targets[{}].severity", right.place), what);
            }
        }
        problems.finish()?;
        Ok(Self {
            all: targets,
            alike: bases.len() < 2,
        })
    }

    /// Reports whether all targets count time alike.
    pub(super) fn count_alike(&self) -> bool {
        self.alike
    }

    /// Returns the index of the target of a severity, for [`Targets::get`].
    pub(super) fn of(&self, severity: Option<&str>) -> Option<usize> {
        match self.all.first() {
            Some(Target { severity: None, .. }) => Some(0),
            _ => {
                let severity = Some(severity?);
                self.all
                    .binary_search_by(|target| target.severity.as_deref().cmp(&severity))
                    .ok()
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Target> {
        self.all.get(index)
    }
}

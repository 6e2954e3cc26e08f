//! Targets laid over a run: what counted, when a target was used up, and the reading of one cycle.
//!
//! This module owns [`Laid`] and [`Lap`]. What the clock did is `run`'s, what a target grants is
//! `goal`'s, when hours run is the calendar's; what is shown of it all is left to `reading`.
//!
//! A cycle that a reopening began carries over what counted before it: the same clock runs on.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use super::elapsed::Elapsed;
use super::goal::{ClockTarget, Grant};
use super::no_due::NoDue;
use super::reading::Outcome;
use super::run::{Level, Phase, Run, Section};
use super::targets::{Target, Targets};
use crate::error::QueryError;
use crate::time::amount::WallTime;
use crate::time::instant::Instant;

/// A run with targets laid over it.
#[derive(Debug)]
pub(super) struct Laid<'c, 'a> {
    pub(super) run: Run<'a>,
    targets: &'c Targets,
    /// Whether time stays counted on the calendar of the severity that the clock had then.
    keeps: bool,
    /// What stands in the sections' `counted`.
    filled: Option<Count>,
}

/// A way to count the time of a run, and how many of its sections are counted so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    way: Way,
    through: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// The basis of the target that is asked about.
    basis: Option<usize>,
    /// Whether all counts on that target's own calendar, and only as far as it is known: what its
    /// days are moved by.
    own: bool,
}

/// One cycle, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lap {
    /// The nanoseconds that counted from the start of the clock to the end of the cycle.
    pub(super) counted: u64,
    /// The nanoseconds that its target grants.
    pub(super) granted: Option<u64>,
    pub(super) due: Result<Instant, NoDue>,
    /// Met, breached, pending or not judged: excuses and cancellations are the reading's.
    pub(super) outcome: Outcome,
}

impl<'c, 'a> Laid<'c, 'a> {
    pub(super) fn new(mut run: Run<'a>, targets: &'c Targets, keeps: bool) -> Self {
        for level in &mut run.levels {
            level.target = targets.of(level.severity);
        }
        Self {
            run,
            targets,
            keeps,
            filled: None,
        }
    }

    /// The target of a severity that the clock had.
    pub(super) fn target_of(&self, level: &Level<'_>) -> Option<&'c Target> {
        self.targets.get(level.target?)
    }

    /// The target of the severity that the clock has last.
    pub(super) fn last_target(&self) -> Option<&'c Target> {
        self.target_of(self.run.last_level()?)
    }

    pub(super) fn severity(&self) -> Option<&'a str> {
        self.run.last_level()?.severity
    }

    /// An amount of the kind of time that the last target counts. Without one, of the latest target
    /// there was.
    pub(super) fn amount(&self, nanos: u64) -> Elapsed {
        let mut latest = self.run.levels.iter().rev();
        match latest.find_map(|level| self.target_of(level)) {
            Some(target) => target.goal.amount(nanos),
            None => Elapsed::Wall(WallTime::nanoseconds(nanos)),
        }
    }

    /// Returns the target on which a section counts towards the target that is asked about.
    pub(super) fn counting(
        &self,
        section: &Section<'_>,
        asked: Option<&'c Target>,
    ) -> Option<&'c ClockTarget> {
        counting(&self.run.levels, self.targets, self.keeps, section, asked)
    }

    /// Reads a cycle: as of its end, whatever came later.
    pub(super) fn lap(&mut self, cycle: &Range<usize>, as_of: Instant) -> Result<Lap, QueryError> {
        let through = cycle.end;
        let last = through
            .checked_sub(1)
            .and_then(|last| self.run.sections.get(last));
        let (Some(last), Some(started)) = (last.copied(), self.run.started) else {
            return Ok(Lap::not_started());
        };
        let level = self.run.levels.get(last.level).copied();
        let target = level.and_then(|level| self.target_of(&level));
        let stopped = self.stopped_after(through);
        let Some(target) = target else {
            let is_open = level.is_some_and(|level| level.severity.is_some());
            return self.untargeted(through, is_open);
        };
        let grant = target.goal.grant(started)?;
        self.count(Some(target), target.goal.ends_on_a_date(), through)?;
        let due = match self.used_up(target, &grant, through)? {
            Some(due) => Ok(due),
            None => self.ahead(target, &grant, through)?,
        };
        self.count(Some(target), false, through)?;
        let in_time = match (&due, stopped) {
            // Less counted than is granted, or no instant of which anything is known is late.
            (Err(NoDue::BeyondKnown(_)), Some(at)) => {
                matches!(grant, Grant::Time(_)) || target.goal.is_known_through(at)
            }
            _ => true,
        };
        Ok(Lap {
            counted: self.counted(through),
            granted: grant.time(started),
            outcome: match (&due, stopped) {
                (Ok(due), at) if at.unwrap_or(as_of) > *due => Outcome::Breached,
                (Err(NoDue::BestEffort), _) => Outcome::NotJudged,
                (_, Some(_)) if in_time => Outcome::Met,
                _ => Outcome::Pending,
            },
            due,
        })
    }

    fn untargeted(&mut self, through: usize, is_open: bool) -> Result<Lap, QueryError> {
        self.count(None, false, through)?;
        Ok(Lap {
            counted: self.counted(through),
            granted: None,
            due: Err(NoDue::NoTarget),
            // Detected and not opened yet: its severity, and so its target, is still to come.
            outcome: if is_open {
                Outcome::NotJudged
            } else {
                Outcome::Pending
            },
        })
    }

    /// Whether time may count on another calendar than that of the target that is asked about.
    fn counts_apart(&self) -> bool {
        self.keeps && !self.targets.count_alike()
    }

    /// Returns when the cycle that ends with the first `through` sections was stopped, if it was.
    fn stopped_after(&self, through: usize) -> Option<Instant> {
        match (self.run.sections.get(through), self.run.phase) {
            (Some(stopped), _) => Some(stopped.from),
            (None, Phase::Stopped(at, _)) => Some(at),
            (None, _) => None,
        }
    }

    fn counted(&self, through: usize) -> u64 {
        let last = through
            .checked_sub(1)
            .and_then(|last| self.run.sections.get(last));
        last.map_or(0, |section| section.counted)
    }

    /// Counts the first `through` sections towards a target. Counts nothing again that is counted
    /// so already.
    fn count(&mut self, asked: Option<&'c Target>, own: bool, through: usize) -> Result<(), QueryError> {
        let way = Way {
            basis: asked.map(|target| target.basis),
            own: own && self.counts_apart(),
        };
        if self
            .filled
            .is_some_and(|filled| filled.way == way && filled.through >= through)
        {
            return Ok(());
        }
        let Run { levels, sections, .. } = &mut self.run;
        let keeps = self.keeps && !way.own;
        let mut counted = 0_u64;
        for section in sections.iter_mut().take(through) {
            let goal = counting(levels, self.targets, keeps, section, asked);
            if let (Some(goal), true) = (goal, section.is_running() && section.from < section.until) {
                let time = if way.own {
                    goal.elapsed_as_known(section.from, section.until)?
                } else {
                    goal.elapsed(section.from, section.until)?
                };
                counted = counted.checked_add(time).ok_or(QueryError::Overflow)?;
            }
            section.counted = counted;
        }
        self.filled = Some(Count { way, through });
        Ok(())
    }

    /// When a target was used up within the first `through` sections, which are counted towards it.
    fn used_up(
        &self,
        target: &'c Target,
        grant: &Grant,
        through: usize,
    ) -> Result<Option<Instant>, QueryError> {
        let sections = self.run.sections.get(..through).unwrap_or_default();
        match grant {
            Grant::Nothing(_) => Ok(None),
            Grant::Fixed(due) => Ok(Some(*due)),
            Grant::Time(0) => Ok(self.run.started),
            Grant::Time(time) => {
                let before = sections.partition_point(|section| section.counted < *time);
                let Some(section) = sections.get(before) else {
                    return Ok(None);
                };
                let left = time
                    .checked_sub(self.counted(before))
                    .ok_or(QueryError::Overflow)?;
                let goal = self.counting(section, Some(target)).unwrap_or(&target.goal);
                goal.deadline(section.from, left).map(Some)
            }
            Grant::Date { due, time } => self.date_reached(&target.goal, *due, *time, sections),
        }
    }

    /// When a date was reached that pauses moved, within sections that count on the goal's own
    /// calendar.
    ///
    /// The due is moved by the working time of all pauses before the section in which it is
    /// reached. That section is the first in which the clock ran, as much counted as lay before the
    /// date, and either the date itself was over or a pause had moved it. All three hold from some
    /// section on, so each is found by search.
    fn date_reached(
        &self,
        goal: &ClockTarget,
        due: Instant,
        time: u64,
        sections: &[Section<'_>],
    ) -> Result<Option<Instant>, QueryError> {
        let counted = sections.partition_point(|section| section.counted < time);
        let over = sections.partition_point(|section| section.until < due);
        let moved = sections.partition_point(|section| self.paused(goal, section) == Ok(0));
        let rest = sections.get(counted.max(over.min(moved))..).unwrap_or_default();
        let Some(section) = rest.iter().find(|section| section.is_running()) else {
            return Ok(None);
        };
        let reached = self.moved(goal, due, section)?;
        debug_assert!(reached <= section.until, "the date is reached in its section");
        Ok(Some(reached))
    }

    /// A date, moved by the pauses before the end of a section.
    fn moved(&self, goal: &ClockTarget, due: Instant, section: &Section<'_>) -> Result<Instant, QueryError> {
        match self.paused(goal, section)? {
            // A date outside hours stays where it is.
            0 => Ok(due),
            paused => goal.deadline(due, paused),
        }
    }

    /// The working time in which the clock did not run, from its start to the end of a section.
    fn paused(&self, goal: &ClockTarget, section: &Section<'_>) -> Result<u64, QueryError> {
        let Some(started) = self.run.started else {
            return Ok(0);
        };
        let all = goal.elapsed_as_known(started, section.until)?;
        all.checked_sub(section.counted).ok_or(QueryError::Overflow)
    }

    /// The due that a cycle ran towards when it ended, its target not used up, or why it had none.
    fn ahead(
        &self,
        target: &Target,
        grant: &Grant,
        through: usize,
    ) -> Result<Result<Instant, NoDue>, QueryError> {
        let last = through
            .checked_sub(1)
            .and_then(|last| self.run.sections.get(last));
        let Some(last) = last.filter(|last| last.is_running()) else {
            return Ok(Err(match grant {
                Grant::Nothing(NoDue::BestEffort) => NoDue::BestEffort,
                _ => NoDue::Paused,
            }));
        };
        let due = match grant {
            Grant::Nothing(why) => return Ok(Err(why.clone())),
            Grant::Fixed(due) => Ok(*due),
            Grant::Date { due, .. } => self.moved(&target.goal, *due, last),
            Grant::Time(time) => match time.checked_sub(last.counted) {
                Some(left) => target.goal.deadline(last.until, left),
                None => Err(QueryError::Overflow),
            },
        };
        match due {
            Ok(due) => Ok(Ok(due)),
            Err(error) => NoDue::after(last.until, error).map(Err),
        }
    }

    /// Finds when the target of each severity but the last was used up while that severity was in
    /// force.
    ///
    /// Severities whose targets count alike are taken together, so that a run is counted once for
    /// each way to count.
    pub(super) fn use_up_earlier_levels(&mut self) -> Result<(), QueryError> {
        let Some(earlier) = self.run.levels.len().checked_sub(1) else {
            return Ok(());
        };
        if self.targets.count_alike() {
            return self.use_up(0..earlier);
        }
        let ways = self.run.levels.iter().take(earlier).enumerate();
        let mut ways: Vec<(Option<Way>, usize)> =
            ways.map(|(index, level)| (self.way_of(level), index)).collect();
        ways.sort_unstable();
        for alike in ways.chunk_by(|(left, _), (right, _)| left == right) {
            self.use_up(alike.iter().map(|(_, index)| *index))?;
        }
        Ok(())
    }

    fn way_of(&self, level: &Level<'_>) -> Option<Way> {
        let target = self.target_of(level)?;
        Some(Way {
            basis: Some(target.basis),
            own: target.goal.ends_on_a_date() && self.counts_apart(),
        })
    }

    /// For severities in order, whose targets count alike.
    fn use_up(&mut self, levels: impl DoubleEndedIterator<Item = usize> + Clone) -> Result<(), QueryError> {
        let Some(started) = self.run.started else {
            return Ok(());
        };
        let is_targeted = |level: &usize| {
            let level = self.run.levels.get(*level);
            level.is_some_and(|level| level.target.is_some())
        };
        let Some(last) = levels.clone().rev().find(is_targeted) else {
            return Ok(());
        };
        // Where the last severity counts alike too, all is counted at once.
        let way = self.run.levels.get(last).and_then(|level| self.way_of(level));
        let all = self.run.last_level().and_then(|level| self.way_of(level)) == way;
        let through = if all {
            self.run.sections.len()
        } else {
            self.run.sections_through(last)
        };
        let mut known: Option<(usize, Grant)> = None;
        for index in levels {
            let Some(level) = self.run.levels.get(index).copied() else {
                continue;
            };
            let (Some(target), Some(number)) = (self.target_of(&level), level.target) else {
                continue;
            };
            let end = self.run.sections_through(index);
            if end == 0 {
                continue; // never in force
            }
            self.count(Some(target), target.goal.ends_on_a_date(), through)?;
            let grant = match known.take() {
                Some((same, grant)) if same == number => grant,
                _ => target.goal.grant(started)?,
            };
            let used_up = self.used_up(target, &grant, end)?;
            known = Some((number, grant));
            if let Some(level) = self.run.levels.get_mut(index) {
                level.used_up = used_up;
            }
        }
        Ok(())
    }

    /// Every target that was missed while its severity was in force, in order: the severity, and
    /// when it was due.
    ///
    /// A severity that comes into force again breaches nothing anew: its target was used up once
    /// and for all.
    pub(super) fn missed(&self, last_due: Option<Instant>) -> Vec<(Option<&'a str>, Instant)> {
        let mut missed = Vec::new();
        let mut seen = BTreeSet::new();
        let last = self.run.levels.len().checked_sub(1);
        for (index, level) in self.run.levels.iter().enumerate() {
            let due = if Some(index) == last {
                last_due
            } else {
                level.used_up
            };
            let Some(due) = due else { continue };
            let lived = self
                .run
                .sections
                .iter()
                .take(self.run.sections_through(index))
                .rev();
            let mut lived = lived.filter(|section| !section.is_stopped());
            let is_late = lived.next().is_some_and(|section| due < section.until);
            if is_late && seen.insert(level.severity) {
                missed.push((level.severity, due));
            }
        }
        missed
    }
}

impl Lap {
    fn not_started() -> Self {
        Self {
            counted: 0,
            granted: None,
            due: Err(NoDue::NotStarted),
            outcome: Outcome::Pending,
        }
    }
}

fn counting<'c>(
    levels: &[Level<'_>],
    targets: &'c Targets,
    keeps: bool,
    section: &Section<'_>,
    asked: Option<&'c Target>,
) -> Option<&'c ClockTarget> {
    // A severity without a target has no calendar: its time counts on the one that is asked about.
    let own = levels
        .get(section.level)
        .filter(|_| keeps)
        .and_then(|level| targets.get(level.target?));
    own.or(asked).map(|target| &target.goal)
}

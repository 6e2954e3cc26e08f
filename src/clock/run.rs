//! What the rules of a clock make of a timeline, without any target.
//!
//! This module owns when the clock started, stopped, was paused and ran on, and which severity was
//! in force when. It knows no calendar and no allowance: those are laid over a run by `lap`.
//!
//! # One moment
//!
//! Facts of one moment (one instant and one sequence, or none) are taken together: states are set
//! first, then the clock acts, each action once, in the order start, stop, cancel, reopen, pause or
//! resume. So a stop and a cancellation also end a clock that starts in their moment.

use alloc::vec::Vec;
use core::ops::Range;

use super::conditions::Conditions;
use super::timeline::{Moment, Timeline};
use crate::record::EventName;
use crate::time::instant::Instant;

/// What the clock did during a section of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode<'a> {
    /// It ran; what counts of it is the target's choice.
    Running,
    /// It was paused by this status.
    Paused(&'a str),
    /// It stood still between this fact and a reopening.
    Stopped(EventName),
}

/// A section of a run, during which mode and severity stayed the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) from: Instant,
    pub(super) until: Instant,
    pub(super) mode: Mode<'a>,
    /// The index of the severity in force, in [`Run::levels`].
    pub(super) level: usize,
    /// The nanoseconds that counted from the start of the clock to the end of this section. Filled
    /// in by `lap`.
    pub(super) counted: u64,
}

impl Section<'_> {
    pub(super) fn is_running(&self) -> bool {
        self.mode == Mode::Running
    }

    pub(super) fn is_stopped(&self) -> bool {
        matches!(self.mode, Mode::Stopped(_))
    }
}

/// A severity that came into force for the clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level<'a> {
    /// Absent until the incident is opened.
    pub(super) severity: Option<&'a str>,
    /// The index of its target, if it has one. Filled in by `lap`.
    pub(super) target: Option<usize>,
    /// When its target was used up, if that was while it was in force. Filled in by `lap`, but for
    /// the last.
    pub(super) used_up: Option<Instant>,
    /// When it was taken over.
    since: Instant,
}

/// Where the clock stands at the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase<'a> {
    /// Its start has not happened.
    NotStarted,
    /// It runs.
    Running,
    /// It is paused by this status.
    Paused(&'a str),
    /// This fact stopped it.
    Stopped(Instant, EventName),
    /// The incident was cancelled.
    Cancelled(Instant),
}

/// The whole life of a clock until the instant of asking: cycles, separated by the time it stood
/// stopped.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub(super) started: Option<Instant>,
    /// In order, without gaps, from the start to the end of the run. Some may be empty.
    pub(super) sections: Vec<Section<'a>>,
    /// The severities as they came into force for this clock, the first from its beginning. Never
    /// empty.
    pub(super) levels: Vec<Level<'a>>,
    pub(super) phase: Phase<'a>,
}

impl<'a> Run<'a> {
    /// Plays a timeline by the conditions of a clock. Linear in its moments.
    pub(super) fn of(timeline: &Timeline<'a>, conditions: &Conditions) -> Self {
        let moments = timeline.moments();
        let as_of = timeline.as_of();
        let mut player = Player {
            conditions,
            run: Run {
                started: None,
                // One for each moment and one at the end. No wrap: moments are kept in memory.
                sections: Vec::with_capacity(moments.len().wrapping_add(1)),
                levels: Vec::new(),
                phase: Phase::NotStarted,
            },
            since: as_of,
            pausing: None,
            severity: None,
            resolved: false,
        };
        for moment in moments {
            player.play(moment);
        }
        if player.lives() {
            player.close(as_of);
        }
        let mut run = player.run;
        if run.levels.is_empty() {
            run.levels.push(Level {
                severity: None,
                target: None,
                used_up: None,
                since: as_of,
            });
        }
        debug_assert!(run.is_sound(), "sections follow one another: {run:?}");
        run
    }

    /// The cycles of the run, in order, as ranges of its sections: each from a start or a reopening
    /// until a stop, a withdrawal or the instant of asking.
    pub(super) fn cycles(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0_usize;
        core::iter::from_fn(move || {
            let rest = self.sections.get(start..).filter(|rest| !rest.is_empty())?;
            let length = rest.iter().position(Section::is_stopped).unwrap_or(rest.len());
            // No wrap: places of a list and one past its end.
            let cycle = start..start.wrapping_add(length);
            start = cycle.end.wrapping_add(1);
            Some(cycle)
        })
    }

    /// How many sections had passed when a level ended.
    pub(super) fn sections_through(&self, level: usize) -> usize {
        self.sections.partition_point(|section| section.level <= level)
    }

    /// The severity that the clock has last.
    pub(super) fn last_level(&self) -> Option<&Level<'a>> {
        self.levels.last()
    }

    fn is_sound(&self) -> bool {
        let joined = self.sections.iter().zip(self.sections.iter().skip(1));
        let follow = |(left, right): (&Section<'_>, &Section<'_>)| {
            left.until == right.from && left.level <= right.level
        };
        let first = self.sections.first().map(|section| section.from);
        joined.into_iter().all(follow)
            && first == self.started
            && self.sections.iter().all(|section| section.from <= section.until)
    }
}

struct Player<'a, 'c> {
    conditions: &'c Conditions,
    run: Run<'a>,
    /// Where the section began that is not closed yet.
    since: Instant,
    /// The pausing status in force, if any, and since when.
    pausing: Option<(&'a str, Instant)>,
    /// The severity that the incident has; the clock takes it over while it is not stopped.
    severity: Option<&'a str>,
    /// Whether the incident stands resolved: it then starts no clock.
    resolved: bool,
}

impl<'a> Player<'a, '_> {
    fn play(&mut self, moment: &Moment<'a>) {
        self.set_states(moment);
        if moment.marks.meets(self.conditions.acting) {
            self.act(moment);
        }
        self.pause_or_resume(moment.at);
    }

    /// Starts and ends the clock, in the order that the module states.
    fn act(&mut self, moment: &Moment<'a>) {
        let at = moment.at;
        self.start(moment);
        match self.conditions.stop.event_in(moment.marks) {
            Some(by) if self.lives() => self.end(at, Phase::Stopped(at, by)),
            _ => {}
        }
        if moment.marks.contains(EventName::Cancelled) {
            self.end(at, Phase::Cancelled(at));
        }
        if moment.marks.contains(EventName::Reopened) {
            self.reopen(at);
        } else if moment.marks.contains(EventName::Resolved) {
            self.resolved = true;
        }
    }

    fn set_states(&mut self, moment: &Moment<'a>) {
        if let Some(severity) = moment.severity {
            self.severity = Some(severity);
            // Before its start and while it runs a clock follows the severity; a stopped clock keeps its own.
            if self.lives() || self.run.phase == Phase::NotStarted {
                self.adopt_severity(moment.at);
            }
        }
        if let Some(status) = moment.status {
            let pauses = self.conditions.pause.holds_in(status);
            self.pausing = pauses.then_some((status, moment.at));
        }
        if moment.marks.contains(EventName::Reopened) {
            // Help desks write a reopening and the status it leads to with one instant: that status holds.
            self.pausing = self.pausing.filter(|(_, since)| *since == moment.at);
            self.resolved = false;
        }
    }

    fn start(&mut self, moment: &Moment<'a>) {
        let is_first = self.run.started.is_none() && !self.resolved;
        if !is_first || self.conditions.start.event_in(moment.marks).is_none() {
            return;
        }
        self.run.started = Some(moment.at);
        self.since = moment.at;
        // A status that was in force before pauses it from the start; one of this moment pauses it last.
        self.run.phase = match self.pausing.filter(|_| moment.status.is_none()) {
            Some((status, _)) => Phase::Paused(status),
            None => Phase::Running,
        };
    }

    fn reopen(&mut self, at: Instant) {
        // A reply or an acknowledgement stays one: no reopening undoes it.
        if let Phase::Stopped(_, EventName::Resolved | EventName::Workaround) = self.run.phase {
            self.close(at);
            self.run.phase = Phase::Running;
            self.adopt_severity(at);
        }
    }

    fn pause_or_resume(&mut self, at: Instant) {
        let next = match (self.run.phase, self.pausing) {
            (Phase::Running | Phase::Paused(_), Some((status, _))) => Phase::Paused(status),
            (Phase::Paused(_), None) => Phase::Running,
            _ => return,
        };
        if next != self.run.phase {
            self.close_if_begun(at);
            self.run.phase = next;
        }
    }

    fn lives(&self) -> bool {
        matches!(self.run.phase, Phase::Running | Phase::Paused(_))
    }

    fn adopt_severity(&mut self, at: Instant) {
        let last = self.run.levels.last().and_then(|last| last.severity);
        if self.severity.is_none() || last == self.severity {
            return;
        }
        if self.lives() {
            self.close_if_begun(at);
        } else {
            self.run.levels.clear(); // what it was before the clock started was never in force for it
        }
        match self.run.levels.last_mut() {
            // One that is corrected in the same instant was never in force.
            Some(last) if last.since == at => last.severity = self.severity,
            _ => self.run.levels.push(Level {
                severity: self.severity,
                target: None,
                used_up: None,
                since: at,
            }),
        }
    }

    fn end(&mut self, at: Instant, phase: Phase<'a>) {
        self.close(at);
        self.run.phase = phase;
    }

    fn close_if_begun(&mut self, at: Instant) {
        if self.since < at {
            self.close(at);
        }
    }

    /// Ends the section that is under way.
    fn close(&mut self, at: Instant) {
        let mode = match self.run.phase {
            Phase::NotStarted | Phase::Cancelled(_) => return,
            Phase::Running => Mode::Running,
            Phase::Paused(status) => Mode::Paused(status),
            Phase::Stopped(_, by) => Mode::Stopped(by),
        };
        self.run.sections.push(Section {
            from: self.since,
            until: at,
            mode,
            // Saturates on purpose: what lies before the first severity counts as its own.
            level: self.run.levels.len().saturating_sub(1),
            counted: 0,
        });
        self.since = at;
    }
}

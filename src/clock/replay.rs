//! The replay of an incident's facts under the rules of one clock, without any target.
//!
//! Owns when the clock started, stopped, was paused and ran on, and which severity was in force when. It knows no
//! calendar and no allowance: those are laid over the replay by `reading`.

use alloc::vec::Vec;

use super::terms::Rules;
use crate::record::{EventKind, EventName, History};
use crate::time::instant::Instant;

/// What the clock did during a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode<'a> {
    /// It ran; what counts of it is the calendar's business.
    Running,
    /// It was paused by this status.
    Paused(&'a str),
    /// It stood still between this fact and a reopening.
    Stopped(EventName),
}

/// A stretch of the clock's life, during which its mode and severity stayed the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) from: Instant,
    pub(super) until: Instant,
    pub(super) mode: Mode<'a>,
    /// The index of the severity in force, in [`Replay::severities`].
    pub(super) level: usize,
}

/// Where the clock stands at the end of the replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// Its start has not happened.
    NotStarted,
    /// It runs.
    Running,
    /// It is paused by this status.
    Paused(&'a str),
    /// This fact stopped it.
    Stopped(Instant, EventName),
    /// The incident was withdrawn.
    Cancelled(Instant),
}

/// The whole life of the clock until the history's instant.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    pub(super) started: Option<Instant>,
    /// In order, without gaps, from the start to the end of the replay. Some may be empty.
    pub(super) stretches: Vec<Stretch<'a>>,
    /// The severities as they came into force for this clock, the first from its beginning.
    pub(super) severities: Vec<&'a str>,
    pub(super) standing: Standing<'a>,
}

struct Player<'a, 'r> {
    rules: &'r Rules,
    replay: Replay<'a>,
    /// Where the stretch began that is not closed yet.
    since: Instant,
    /// The pausing status in force, if any, and since when.
    pausing: Option<(&'a str, Instant)>,
    /// The severity that the incident has; the clock takes it over while it is not stopped.
    severity: Option<&'a str>,
    /// When the clock took over the severity it has.
    adopted: Option<Instant>,
    /// Whether the incident stands resolved: it then starts no clock.
    resolved: bool,
}

/// Replays the history. Linear in its events.
pub(super) fn replay<'a>(history: &History<'a>, rules: &Rules) -> Replay<'a> {
    let replay = Replay {
        started: None,
        stretches: Vec::new(),
        severities: Vec::new(),
        standing: Standing::NotStarted,
    };
    let mut player = Player {
        rules,
        replay,
        since: history.as_of_instant(),
        pausing: None,
        severity: None,
        adopted: None,
        resolved: false,
    };
    for entry in history.entries() {
        player.play(entry.at, entry.kind);
    }
    if player.lives() {
        player.close(history.as_of_instant());
    }
    player.replay
}

impl<'a> Player<'a, '_> {
    fn play(&mut self, at: Instant, kind: &'a EventKind) {
        match kind {
            EventKind::Opened { severity } | EventKind::SeverityChanged { severity } => {
                self.severity(at, severity);
            }
            EventKind::Status(status) => self.status(at, status),
            EventKind::Reopened => self.reopened(at),
            EventKind::Cancelled => self.end(at, Standing::Cancelled(at)),
            _ => {}
        }
        let name = kind.name();
        if self.replay.started.is_none() && !self.resolved && name == self.rules.start.event() {
            self.replay.started = Some(at);
            self.since = at;
            self.replay.standing = self.running_or_paused();
        } else if self.rules.stop.iter().any(|stop| stop.event() == name) {
            self.end(at, Standing::Stopped(at, name));
        }
        self.resolved |= name == EventName::Resolved;
    }

    fn lives(&self) -> bool {
        matches!(self.replay.standing, Standing::Running | Standing::Paused(_))
    }

    fn severity(&mut self, at: Instant, severity: &'a str) {
        self.severity = Some(severity);
        if self.lives() {
            self.close(at);
        }
        // Before its start and while it runs a clock follows the severity; a stopped clock keeps its own.
        if self.lives() || self.replay.standing == Standing::NotStarted {
            self.adopt_severity(at);
        }
    }

    fn adopt_severity(&mut self, at: Instant) {
        let Some(severity) = self.severity else { return };
        if self.replay.standing == Standing::NotStarted {
            self.replay.severities.clear();
        }
        match self.replay.severities.last_mut() {
            Some(last) if *last == severity => return,
            // One that is corrected in the same instant was never in force.
            Some(last) if self.adopted == Some(at) => *last = severity,
            _ => self.replay.severities.push(severity),
        }
        self.adopted = Some(at);
    }

    fn running_or_paused(&self) -> Standing<'a> {
        self.pausing
            .map_or(Standing::Running, |(status, _)| Standing::Paused(status))
    }

    fn status(&mut self, at: Instant, status: &'a str) {
        self.pausing = self
            .rules
            .pause
            .iter()
            .any(|pausing| pausing == status)
            .then_some((status, at));
        if self.lives() {
            self.close(at);
            self.replay.standing = self.running_or_paused();
        }
    }

    fn reopened(&mut self, at: Instant) {
        // Help desks write a reopening and the status it leads to with one instant: that status holds.
        self.pausing = self.pausing.filter(|(_, since)| *since == at);
        self.resolved = false;
        let undoes = matches!(
            self.replay.standing,
            Standing::Stopped(_, EventName::Resolved | EventName::Workaround) | Standing::Paused(_)
        );
        if undoes {
            self.close(at);
            self.replay.standing = self.running_or_paused();
            self.adopt_severity(at);
        }
    }

    fn end(&mut self, at: Instant, standing: Standing<'a>) {
        if self.lives() || matches!(standing, Standing::Cancelled(_)) {
            self.close(at);
            self.replay.standing = standing;
        }
    }

    /// Ends the stretch that is under way.
    fn close(&mut self, at: Instant) {
        let mode = match self.replay.standing {
            Standing::NotStarted | Standing::Cancelled(_) => return,
            Standing::Running => Mode::Running,
            Standing::Paused(status) => Mode::Paused(status),
            Standing::Stopped(_, by) => Mode::Stopped(by),
        };
        let level = self.replay.severities.len().saturating_sub(1);
        self.replay.stretches.push(Stretch {
            from: self.since,
            until: at.max(self.since),
            mode,
            level,
        });
        self.since = at;
    }
}

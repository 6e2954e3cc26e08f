//! Which orders of an incident's events are possible.
//!
//! This module owns the stages of an incident. Knows neither adjustments nor clocks.

use super::events::EventName;
use super::placed::Placed;
use crate::error::{ProblemList, Problems};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Unopened,
    Open,
    /// A workaround holds.
    Restored,
    Resolved,
    Cancelled,
}

/// Where an incident stands while its events are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Progress {
    stage: Stage,
    is_detected: bool,
}

impl Progress {
    /// Where it stands after an event, or why the event cannot come here.
    fn after(self, name: EventName) -> Result<Self, &'static str> {
        let refused = match (self.stage, name) {
            // What the parties decide about an incident has no place in its life.
            (_, EventName::Adjusted) => return Ok(self),
            (Stage::Cancelled, _) => Some("after the incident was cancelled"),
            (_, EventName::Detected) if self.is_detected => {
                Some("although the incident was already detected")
            }
            (Stage::Unopened, EventName::Detected | EventName::Opened) => None,
            (_, EventName::Detected) => Some("after the incident was opened"),
            (_, EventName::Opened) => Some("although the incident was already opened"),
            (Stage::Unopened, _) => Some("before the incident was opened"),
            (Stage::Resolved, EventName::Cancelled) => Some("after the incident was resolved"),
            (Stage::Resolved, EventName::Resolved) => Some("although the incident is already resolved"),
            (Stage::Open, EventName::Reopened) => {
                Some("although the incident was neither resolved nor restored by a workaround")
            }
            _ => None,
        };
        if let Some(why) = refused {
            return Err(why);
        }
        let stage = match name {
            EventName::Opened | EventName::Reopened => Stage::Open,
            EventName::Workaround if self.stage == Stage::Open => Stage::Restored,
            EventName::Resolved => Stage::Resolved,
            EventName::Cancelled => Stage::Cancelled,
            _ => self.stage,
        };
        Ok(Self {
            stage,
            is_detected: self.is_detected || name == EventName::Detected,
        })
    }

    /// Tells whether some order of these events is possible from here on.
    fn allows_some_order_of(self, names: impl Iterator<Item = EventName>) -> bool {
        let count = Count::of(names);
        let is_unopened = self.stage == Stage::Unopened;
        let may_be_detected = usize::from(is_unopened && !self.is_detected);
        let may_be_opened = usize::from(is_unopened);
        if count.detected > may_be_detected || count.opened > may_be_opened || count.cancelled > 1 {
            return false;
        }
        if is_unopened && count.opened == 0 {
            return count.of_open_ones() == 0;
        }
        match self.stage {
            Stage::Cancelled => count.of_open_ones() == 0,
            Stage::Unopened | Stage::Open => count.fits(0, 0),
            Stage::Restored => count.fits(1, 0),
            Stage::Resolved => count.fits(1, 1),
        }
    }
}

/// How many events of one instant there are of each kind that matters.
#[derive(Debug, Default)]
struct Count {
    detected: usize,
    opened: usize,
    resolved: usize,
    reopened: usize,
    workaround: usize,
    cancelled: usize,
    /// Those that may come at any time while the incident is open.
    others: usize,
}

impl Count {
    fn of(names: impl Iterator<Item = EventName>) -> Self {
        let mut count = Self::default();
        for name in names {
            let one = match name {
                EventName::Detected => &mut count.detected,
                EventName::Opened => &mut count.opened,
                EventName::Resolved => &mut count.resolved,
                EventName::Reopened => &mut count.reopened,
                EventName::Workaround => &mut count.workaround,
                EventName::Cancelled => &mut count.cancelled,
                EventName::Adjusted => continue,
                EventName::SeverityChanged
                | EventName::Status
                | EventName::Acknowledged
                | EventName::PublicReply => &mut count.others,
            };
            *one = one.saturating_add(1);
        }
        count
    }

    fn of_open_ones(&self) -> usize {
        let of_life = self
            .resolved
            .saturating_add(self.reopened)
            .saturating_add(self.workaround);
        of_life.saturating_add(self.cancelled).saturating_add(self.others)
    }

    /// Tells whether the events of an opened incident fit: a reopening needs a resolution or a
    /// workaround of its own (`restored` of them hold before), two resolutions a reopening between
    /// them (`resolved` holds before), and a cancellation comes last and not after a resolution.
    fn fits(&self, restored: usize, resolved: usize) -> bool {
        let undone = self
            .resolved
            .saturating_add(self.workaround)
            .saturating_add(restored);
        let resolutions = self
            .resolved
            .saturating_add(resolved)
            .saturating_add(self.cancelled);
        self.reopened <= undone && resolutions <= self.reopened.saturating_add(1)
    }
}

/// Refuses events that cannot come where they stand. They are sorted. Linear.
pub(super) fn check_sequence(events: &[Placed<'_>]) -> Result<(), Problems> {
    let mut problems = ProblemList::default();
    let mut progress = Progress::default();
    for moment in events.chunk_by(|left, right| left.at == right.at) {
        let (before, mut advice) = (progress, None);
        for event in moment {
            let name = event.kind.name();
            match progress.after(name) {
                Ok(next) => progress = next,
                // One that is refused moves nothing: the next is judged as if it were not there.
                Err(why) => {
                    let advice: &mut &str = advice.get_or_insert_with(|| advice_for(before, moment));
                    let what = format!("event `{name}` at {} comes {why}{advice}", event.at);
                    problems.push(format!("events[{}]", event.index), what);
                }
            }
        }
    }
    problems.finish()
}

/// What would help events of one instant that cannot come in the order they have. Nothing, where
/// their source has said their order already or no order is possible.
fn advice_for(before: Progress, moment: &[Placed<'_>]) -> &'static str {
    let is_ordered = moment.iter().all(|event| event.sequence.is_some());
    if !is_ordered && before.allows_some_order_of(moment.iter().map(|event| event.kind.name())) {
        "; a `sequence` on each event of that instant would order them"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{EventName, Progress, Stage};

    /// By trying every order.
    fn some_order(progress: Progress, names: &[EventName]) -> bool {
        names.is_empty()
            || (0..names.len()).any(|first| {
                let mut rest = names.to_vec();
                let name = rest.remove(first);
                progress.after(name).is_ok_and(|next| some_order(next, &rest))
            })
    }

    #[test]
    fn an_order_is_possible_exactly_where_trying_finds_one() {
        const NAMES: [EventName; 7] = [
            EventName::Detected,
            EventName::Opened,
            EventName::Resolved,
            EventName::Reopened,
            EventName::Workaround,
            EventName::Cancelled,
            EventName::Status,
        ];
        let stages = [
            Stage::Unopened,
            Stage::Open,
            Stage::Restored,
            Stage::Resolved,
            Stage::Cancelled,
        ];
        let mut lists: Vec<Vec<EventName>> = alloc::vec![Vec::new()];
        for _ in 0..5 {
            let longer = lists.iter().flat_map(|list| {
                // Only sorted lists: the order does not count.
                let from = list.last().copied();
                NAMES
                    .into_iter()
                    .filter(move |name| from.is_none_or(|last| last <= *name))
                    .map(|name| {
                        let mut longer = list.clone();
                        longer.push(name);
                        longer
                    })
            });
            let longer: Vec<_> = longer.collect();
            for names in &longer {
                for stage in stages {
                    for is_detected in [false, true] {
                        let progress = Progress { stage, is_detected };
                        assert_eq!(
                            progress.allows_some_order_of(names.iter().copied()),
                            some_order(progress, names),
                            "{progress:?} {names:?}"
                        );
                    }
                }
            }
            lists = longer;
        }
    }
}

//! Adjustments of an incident: which are possible, and where they move events.
//!
//! This module owns what the parties may correct. Whether the order of events is still possible
//! afterwards is left to `sequence`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::events::{Change, EventName};
use super::placed::Placed;
use crate::error::{ProblemList, Problems};
use crate::record::check_name;
use crate::time::instant::Instant;

/// Where adjustments move events, in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves(Vec<Move>);

#[derive(Debug, Clone)]
struct Move {
    made: Instant,
    event: EventName,
    /// Where the event was recorded, whatever earlier adjustments say.
    from: Instant,
    to: Instant,
}

impl Moves {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves the events to where the adjustments made by `as_of` put them. Of several of one event
    /// the last holds.
    pub(super) fn apply(&self, events: &mut [Placed<'_>], as_of: Instant) {
        let known = self.0.iter().filter(|one| one.made <= as_of);
        let moved: BTreeMap<(EventName, Instant), Instant> =
            known.map(|one| ((one.event, one.from), one.to)).collect();
        if moved.is_empty() {
            return;
        }
        for event in events {
            if let Some(to) = moved.get(&(event.kind.name(), event.at)) {
                event.at = *to;
            }
        }
    }
}

/// Checks every adjustment, whenever it was made. They name an event by its kind and the instant it
/// was recorded at. The events are sorted, so the adjustments are too.
pub(super) fn check_adjustments(events: &[Placed<'_>]) -> Result<Moves, Problems> {
    let mut problems = ProblemList::default();
    let recorded = events.iter().filter(|event| event.adjustment().is_none());
    let recorded: BTreeSet<(EventName, Instant)> =
        recorded.map(|event| (event.kind.name(), event.at)).collect();
    let (mut moves, mut decided) = (Vec::new(), BTreeSet::new());
    for entry in events {
        let Some(adjustment) = entry.adjustment() else {
            continue;
        };
        let path = format!("events[{}].adjusted", entry.index);
        check_name(&mut problems, &format!("{path}.by"), &adjustment.by);
        check_name(&mut problems, &format!("{path}.why"), &adjustment.why);
        let (event, from, to) = match &adjustment.change {
            Change::Redated { event, from, to } => (*event, *from, *to),
            Change::Excused { clock } => {
                if let Some(clock) = clock {
                    check_name(&mut problems, &format!("{path}.change.excused.clock"), clock);
                }
                continue;
            }
        };
        let (from, to) = match (Instant::new(from), Instant::new(to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(error), _) | (_, Err(error)) => {
                problems.push(path, error);
                continue;
            }
        };
        let one = Move {
            made: entry.at,
            event,
            from,
            to,
        };
        if !recorded.contains(&(event, from)) {
            problems.push(path, format!("expected an event `{event}` at {from}, found none"));
        } else if let Some(what) = one.cannot_know() {
            problems.push(path, what);
        } else {
            if !decided.insert((entry.at, entry.sequence, event, from)) {
                let what = format!(
                    "two adjustments at {} move the event `{event}` at {from}; a `sequence` on each would order them",
                    entry.at
                );
                problems.push(path, what);
            }
            moves.push(one);
        }
    }
    problems.finish()?;
    Ok(Moves(moves))
}

impl Move {
    /// An adjustment is made when both instants have passed.
    fn cannot_know(&self) -> Option<alloc::string::String> {
        let Self {
            made,
            event,
            from,
            to,
        } = self;
        (made < from.max(to)).then(|| {
            format!(
                "an adjustment made at {made} cannot move the event `{event}` from {from} to {to}: it knows neither before"
            )
        })
    }
}

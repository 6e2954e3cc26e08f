//! What a statement lists one by one: clocks that were missed, are pending or excused, events that
//! were re-dated, and what an answer assumes.
//!
//! This module owns the lists and their order. What an incident came to is left to `outcome`.

use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::compile::Compiled;
use super::gather::Sorted;
use super::outcome::Listed;
use crate::clock::{Clock, Outcome};
use crate::measure::scope::Scope;
use crate::statement::{Assumption, BreachedClock, ExcusedClock, PendingClock, RedatedEvent};
use crate::time::amount::WallTime;
use crate::time::interval::Interval;

/// The clocks that a statement lists one by one.
#[derive(Default)]
pub(super) struct ListedClocks {
    pub(super) breached: Vec<BreachedClock>,
    pub(super) pending: Vec<PendingClock>,
    pub(super) excused: Vec<ExcusedClock>,
}

impl ListedClocks {
    /// Lists them by clock, due and incident.
    pub(super) fn of(agreement: &Compiled, sorted: &Sorted<'_>, as_of: DateTime<Utc>) -> Self {
        let mut all: Vec<(&str, &Listed)> = Vec::new();
        for (id, details) in sorted.details() {
            all.extend(details.clocks.iter().map(|clock| (id, clock)));
        }
        all.sort_by_key(|(id, clock)| (clock.clock, clock.due, *id));
        let mut listed = Self::default();
        for (incident, clock) in all {
            listed.add(agreement, incident, clock, as_of);
        }
        listed
    }

    fn add(&mut self, agreement: &Compiled, incident: &str, listed: &Listed, as_of: DateTime<Utc>) {
        let clock = agreement.clocks.get(usize::from(listed.clock)).map(Clock::id);
        let severity = agreement.names.severities.id(usize::from(listed.severity));
        debug_assert!(
            clock.is_some() && severity.is_some(),
            "indices are those of the agreement"
        );
        let (Some(clock), Some(severity)) = (clock, severity) else {
            return;
        };
        let (clock, severity, incident) = (clock.to_string(), severity.to_string(), incident.to_string());
        match (listed.outcome, listed.target, listed.due) {
            (Outcome::Breached, Some(target), Some(due)) => self.breached.push(BreachedClock {
                clock,
                incident,
                severity,
                target,
                due,
                breached_at: listed.breached_at.unwrap_or(due),
                delivered: listed.delivered,
                late_by: late_by(due, listed.delivered.unwrap_or(as_of)),
                elapsed: listed.elapsed,
            }),
            (Outcome::Pending, ..) => self.pending.push(PendingClock {
                clock,
                incident,
                severity,
                state: listed.state,
                due: listed.due,
                remaining: listed.remaining,
            }),
            (Outcome::Excused, ..) => {
                let Some(excuse) = &listed.excuse else { return };
                self.excused.push(ExcusedClock {
                    clock,
                    incident,
                    by: excuse.by.clone(),
                    why: excuse.why.clone(),
                });
            }
            _ => debug_assert!(false, "only these outcomes are listed: {listed:?}"),
        }
    }
}

/// From due to an instant that is later for every breach.
fn late_by(due: DateTime<Utc>, end: DateTime<Utc>) -> WallTime {
    let late = Interval::new(due, end);
    debug_assert!(late.is_ok(), "a breach is delivered after its due: {due} {end}");
    late.map_or(WallTime::ZERO, |late| late.length())
}

/// Lists the events of the period's incidents that an adjustment has re-dated, by incident.
pub(super) fn redated(sorted: &Sorted<'_>) -> Vec<RedatedEvent> {
    let mut events = Vec::new();
    for (incident, details) in sorted.details() {
        events.extend(details.moved.iter().map(|moved| RedatedEvent {
            incident: incident.to_string(),
            event: moved.event,
            from: moved.from,
            to: moved.to,
            by: moved.by.clone(),
            why: moved.why.clone(),
        }));
    }
    events
}

/// Lists the calendars on whose assumption a clock or an availability of the statement rests.
pub(super) fn assumptions(agreement: &Compiled, sorted: &Sorted<'_>, scope: &Scope) -> Vec<Assumption> {
    let mut found = BTreeSet::new();
    for (_, details) in sorted.details() {
        found.extend(details.assumed.iter().filter_map(|assumed| {
            let id = agreement.names.calendars.id(usize::from(assumed.calendar))?;
            Some((id, assumed.from))
        }));
    }
    let levels = agreement.terms.levels.iter();
    for level in levels.filter(|level| level.per == scope.period.kind()) {
        let assumed = level.measure.calendar().and_then(|id| {
            let from = agreement.calendars.get(id)?.assumed_from()?;
            Some((id, from))
        });
        found.extend(assumed.filter(|(_, from)| *from < scope.agreed.end()));
    }
    let list = found.into_iter().map(|(calendar, from)| Assumption {
        calendar: calendar.to_string(),
        from,
    });
    list.collect()
}

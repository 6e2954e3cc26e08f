//! What an incident came to: the clocks of it that belong to a statement, as they are kept until it
//! is concluded.
//!
//! This module owns the reading of an incident's clocks and the compact form in which outcomes
//! wait: a few bytes for each clock that counts, and the rest only for those that a statement
//! lists. Which incidents belong to a period is left to `admission`, the listing to `listing`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::admission::Admission;
use super::compile::Compiled;
use crate::clock::{Clock, ClockTerms, Elapsed, Outcome, Reading, State, TargetTerms, Timeline};
use crate::error::{ProblemList, Problems, QueryError, shown};
use crate::record::{Change, EventName, History};
use crate::time::allowance::Allowance;
use crate::time::instant::{Instant, rfc3339};

/// An incident, as far as it belongs to a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Outcomes {
    /// Its clocks that belong to the period.
    pub(super) counted: Box<[Counted]>,
    /// What a statement says of it beside the counts; absent for most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<Box<Details>>,
}

/// A clock of an incident that counts, by the indices of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Counted {
    pub(super) clock: u16,
    pub(super) severity: u16,
    pub(super) outcome: Outcome,
}

/// What is listed of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Details {
    pub(super) clocks: Vec<Listed>,
    /// The re-dated events, if a clock of it counts.
    pub(super) moved: Vec<Moved>,
    /// The calendars whose assumptions its readings rest on.
    pub(super) assumed: Vec<Assumed>,
}

impl Details {
    fn is_empty(&self) -> bool {
        self.clocks.is_empty() && self.moved.is_empty() && self.assumed.is_empty()
    }
}

/// A clock that a statement lists by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) clock: u16,
    pub(super) severity: u16,
    pub(super) outcome: Outcome,
    pub(super) state: State,
    pub(super) target: Option<Allowance>,
    #[serde(with = "crate::time::instant::optional_text")]
    pub(super) due: Option<DateTime<Utc>>,
    #[serde(with = "crate::time::instant::optional_text")]
    pub(super) breached_at: Option<DateTime<Utc>>,
    #[serde(with = "crate::time::instant::optional_text")]
    pub(super) delivered: Option<DateTime<Utc>>,
    pub(super) elapsed: Elapsed,
    pub(super) remaining: Option<Elapsed>,
    pub(super) excuse: Option<Excuse>,
}

/// By whom and why a clock is excused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Excuse {
    pub(super) by: String,
    pub(super) why: String,
}

/// An event that counts at another instant than the one it was recorded at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Moved {
    pub(super) event: EventName,
    #[serde(with = "crate::time::instant::text")]
    pub(super) from: DateTime<Utc>,
    #[serde(with = "crate::time::instant::text")]
    pub(super) to: DateTime<Utc>,
    pub(super) by: String,
    pub(super) why: String,
}

/// A calendar of the agreement by its index, and from when on it assumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub(super) struct Assumed {
    pub(super) calendar: u16,
    #[serde(with = "crate::time::instant::text")]
    pub(super) from: DateTime<Utc>,
}

/// An index of a list of an agreement, whose lists are far shorter.
pub(super) fn narrow(index: usize) -> u16 {
    debug_assert!(index < usize::from(u16::MAX), "lists are limited");
    u16::try_from(index).unwrap_or(u16::MAX) // no entry is found by it
}

/// Reports whether every index is one of the agreement, exactly the clocks are listed that a
/// statement lists, and each of them has what is listed of it. What was read from elsewhere may be
/// damaged.
pub(super) fn are_sound<'a>(
    mut counted: impl Iterator<Item = &'a Counted> + Clone,
    details: Option<&Details>,
    agreement: &Compiled,
    as_of: Instant,
) -> bool {
    let names = &agreement.names;
    let is_declared = |one: &Counted| {
        agreement.clocks.get(usize::from(one.clock)).is_some()
            && names.severities.id(usize::from(one.severity)).is_some()
    };
    let has_sound_details = details.is_none_or(|details| {
        let assumed = |one: &Assumed| names.calendars.id(usize::from(one.calendar)).is_some();
        let is_sound = |one: &Listed| one.is_sound(as_of.to_utc());
        !details.is_empty() && details.clocks.iter().all(is_sound) && details.assumed.iter().all(assumed)
    });
    let listed = details.into_iter().flat_map(|details| &details.clocks);
    let to_list = counted.clone().filter(|one| is_listed(one.outcome)).copied();
    listed.map(Listed::counted).eq(to_list) && has_sound_details && counted.all(is_declared)
}

/// Reports whether a statement lists clocks that ended so by themselves.
fn is_listed(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Breached | Outcome::Pending | Outcome::Excused)
}

impl Listed {
    fn counted(&self) -> Counted {
        Counted {
            clock: self.clock,
            severity: self.severity,
            outcome: self.outcome,
        }
    }

    fn is_sound(&self, as_of: DateTime<Utc>) -> bool {
        match self.outcome {
            Outcome::Breached => {
                let end = self.delivered.unwrap_or(as_of);
                self.due.is_some_and(|due| due <= end) && self.target.is_some()
            }
            Outcome::Pending => true,
            Outcome::Excused => self.excuse.is_some(),
            _ => false,
        }
    }
}

/// Reads every clock of an incident and keeps those that belong to the period.
///
/// # Errors
///
/// [`Problems`] with paths below the incident, if a calendar cannot answer.
pub(super) fn of_incident(
    agreement: &Compiled,
    admission: &Admission,
    history: &History<'_>,
) -> Result<Outcomes, Problems> {
    let mut details = Details::default();
    let mut counted = Vec::new();
    if admission.takes(history) {
        let timeline = Timeline::of(history);
        let mut problems = ProblemList::default();
        for (index, (clock, terms)) in agreement
            .clocks
            .iter()
            .zip(agreement.terms.clocks.values())
            .enumerate()
        {
            if admission.is_elsewhere(history, terms.counted_when) {
                continue;
            }
            match clock.read_timeline(&timeline) {
                Ok(reading) if admission.has(&reading, history, terms.counted_when) => {
                    let of = narrow(index);
                    add(
                        agreement,
                        of,
                        clock,
                        &reading,
                        history,
                        (&mut counted, &mut details),
                    );
                }
                Ok(_) => {}
                Err(error) => {
                    let (path, what) = unread(agreement, (clock, terms), history, error);
                    problems.push(path, what);
                }
            }
        }
        problems.finish()?;
    }
    if !counted.is_empty() {
        details.moved = moved(history);
    }
    Ok(Outcomes {
        counted: counted.into(),
        details: (!details.is_empty()).then(|| Box::new(details)),
    })
}

fn add(
    agreement: &Compiled,
    index: u16,
    clock: &Clock,
    reading: &Reading,
    history: &History<'_>,
    (counted, details): (&mut Vec<Counted>, &mut Details),
) {
    let severity = reading.severity.as_deref();
    let severity = severity.and_then(|severity| agreement.names.severities.index(severity));
    debug_assert!(
        severity.is_some(),
        "an incident that was opened has a severity that is declared"
    );
    let severity = narrow(severity.unwrap_or(usize::from(u16::MAX)));
    let outcome = reading.outcome;
    counted.push(Counted {
        clock: index,
        severity,
        outcome,
    });
    details.assumed.extend(assumed(agreement, index, reading));
    if is_listed(outcome) {
        let excuse = history.excuse(clock.id()).map(|adjustment| Excuse {
            by: adjustment.by.clone(),
            why: adjustment.why.clone(),
        });
        details.clocks.push(Listed {
            clock: index,
            severity,
            outcome,
            state: reading.state,
            target: reading.target,
            due: reading.due,
            breached_at: reading.breached_at,
            delivered: reading.stopped,
            elapsed: reading.elapsed,
            remaining: reading.remaining,
            excuse,
        });
    }
}

/// The calendars on whose assumption a reading rests.
fn assumed(agreement: &Compiled, clock: u16, reading: &Reading) -> impl Iterator<Item = Assumed> {
    let index = usize::from(clock);
    let terms = agreement.terms.clocks.values().nth(index);
    let targeted = agreement.names.targeted.get(index);
    reading.assuming.iter().filter_map(move |target| {
        let id = terms?.target(targeted?.id(*target)?)?.calendar()?;
        Some(Assumed {
            calendar: narrow(agreement.names.calendars.index(id)?),
            from: agreement.calendars.get(id)?.assumed_from()?,
        })
    })
}

/// Where and why a clock of an incident cannot be read; the path is below the incident.
pub(super) fn unread(
    agreement: &Compiled,
    (clock, terms): (&Clock, &ClockTerms),
    history: &History<'_>,
    error: QueryError,
) -> (String, String) {
    too_early(clock, history, error).unwrap_or_else(|| {
        let path = format!("clocks[{}]", shown(clock.id()));
        (path, named_error(agreement, terms, error))
    })
}

/// What is wrong where a clock counts from an event before all that the calendars of an agreement
/// answer for.
fn too_early(clock: &Clock, history: &History<'_>, error: QueryError) -> Option<(String, String)> {
    let QueryError::OutsideHorizon { from, .. } = error else {
        return None;
    };
    let first = history
        .entries()
        .first()
        .filter(|first| first.at.to_utc() < from)?;
    let what = format!(
        "expected an instant from {} on, since when the calendars of the agreement answer, found {}: clock `{}` counts \
         from it",
        rfc3339(from),
        first.at,
        shown(clock.id())
    );
    Some((format!("events[{}].at", first.index), what))
}

/// The error of a reading with the name of the calendar that gave it.
fn named_error(agreement: &Compiled, terms: &ClockTerms, error: QueryError) -> String {
    let mut ids = terms.targets.values().filter_map(TargetTerms::calendar);
    let is_behind = |id: &&str| {
        let calendar = agreement.calendars.get(id);
        calendar.is_some_and(|calendar| calendar.is_behind(error))
    };
    match ids.find(is_behind) {
        Some(id) => agreement.calendar_error(id, error),
        None => error.to_string(),
    }
}

fn moved(history: &History<'_>) -> Vec<Moved> {
    let adjustments = history.adjustments().iter();
    let moves = adjustments.filter_map(|adjustment| match &adjustment.change {
        Change::Redated { event, from, to } => Some(Moved {
            event: *event,
            from: *from,
            to: *to,
            by: adjustment.by.clone(),
            why: adjustment.why.clone(),
        }),
        Change::Excused { .. } => None,
    });
    moves.collect()
}

//! The audit log of a help desk as incidents.
//!
//! Reads `uci-incident-log/incident_event_log_first_5998.csv`, the first rows of the public data set "Incident
//! management process enriched event log" (UCI dataset 498, DOI 10.24432/C57S4H, CC BY 4.0): a row for each update of
//! an incident, with the state and priority it had then. Dates are `dd-mm-yyyy hh:mm` in an unnamed zone, taken as
//! UTC; `?` is an unknown value.
//!
//! # Decisions
//!
//! Every incident of the log becomes an incident. What the log contradicts itself about is decided as follows and
//! counted in [`Summary`].
//!
//! * **Order.** Rows are ordered by `sys_updated_at`, then by `sys_mod_count`. Where the two disagree, the time wins,
//!   with one exception: a row of an unresolved state that follows a resolution in time and precedes it in its count
//!   is stale and reopens nothing.
//! * **Before its opening.** A row that is older than `opened_at` is taken to be of `opened_at`; its count is trusted
//!   no further.
//! * **Severity.** The priority of the first row is the one it was opened with; each row with another changes it.
//! * **Status.** Each row with another state changes the status, except to `Resolved` and `Closed`.
//! * **Acknowledged.** By the first row whose state is not `New`, or whose assignee is known.
//! * **Resolved.** A run of `Resolved` and `Closed` rows resolves the incident with its first row. For the last run
//!   `resolved_at` says when, if it is the time of a `Resolved` row of the run: the desk then resolved it again. If
//!   `resolved_at` is unknown, the first row of the run stands.
//! * **Reopened.** By the first unresolved row after a run. `Closed` ends no clock of its own.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};
use sla::Incident;
use sla::record::{Event, EventKind, Fact};

use super::read::{Failure, Placed};
use super::rows::{Row, csv_rows};

/// The file within the data directory.
pub const FILE: &str = "uci-incident-log/incident_event_log_first_5998.csv";

/// The incidents of a log, its last instant, and what had to be decided.
pub struct Log {
    pub facts: Vec<Placed>,
    pub end: DateTime<Utc>,
    pub summary: Summary,
}

/// How many rows and incidents there were, and how many needed a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: usize,
    pub incidents: usize,
    /// Rows older than `opened_at`.
    pub before_opening: usize,
    /// Incidents whose counts do not rise with time.
    pub order_disagrees: usize,
    /// Rows that would undo a resolution that came after them.
    pub stale: usize,
    /// Incidents with the same state `Resolved` in several rows of a run.
    pub resolved_repeatedly: usize,
    /// Incidents whose `resolved_at` is a later row of the run than the first.
    pub resolved_later: usize,
    /// Incidents whose `resolved_at` is no row of the last run; the run stands.
    pub resolved_elsewhere: usize,
    /// Incidents without `resolved_at`; the run stands.
    pub resolved_unknown: usize,
    /// Incidents with no `Resolved` or `Closed` row at the end; left unresolved.
    pub unresolved: usize,
    pub reopened: usize,
    pub severity_changed: usize,
    /// Incidents that no row acknowledges.
    pub unacknowledged: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} incidents from {} rows", self.incidents, self.rows)?;
        for (count, what) in [
            (self.reopened, "incidents were reopened"),
            (self.severity_changed, "incidents changed their priority"),
            (
                self.before_opening,
                "rows are older than the opening: taken to be of it",
            ),
            (
                self.order_disagrees,
                "incidents count updates in another order than that of time: time was followed",
            ),
            (
                self.stale,
                "rows would undo a later resolution: their state was passed over",
            ),
            (
                self.resolved_repeatedly,
                "incidents have several rows `Resolved` in one run",
            ),
            (
                self.resolved_later,
                "of them were resolved by a later row, as `resolved_at` says",
            ),
            (
                self.resolved_elsewhere,
                "incidents have a `resolved_at` that is no row: the first row was followed",
            ),
            (
                self.resolved_unknown,
                "incidents have no `resolved_at`: the first row was followed",
            ),
            (self.unresolved, "incidents end unresolved"),
            (self.unacknowledged, "incidents were never acknowledged"),
        ] {
            writeln!(f, "  {count:>5} {what}")?;
        }
        Ok(())
    }
}

/// One update of an incident.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Update {
    at: DateTime<Utc>,
    count: u64,
    opened_at: DateTime<Utc>,
    severity: String,
    state: String,
    assigned: bool,
    resolved_at: Option<DateTime<Utc>>,
    line: u64,
    /// Its time was before the opening.
    moved: bool,
}

impl Update {
    fn is_resolved(&self) -> bool {
        matches!(self.state.as_str(), "resolved" | "closed")
    }
}

pub fn read(text: &str, file: &str) -> Result<Log, Failure> {
    let (_, rows) = csv_rows(text, file)?;
    let mut incidents: BTreeMap<String, Vec<Update>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in &rows {
        match row
            .cell("number")
            .map(String::from)
            .and_then(|number| Ok((number, update(row)?)))
        {
            Ok((number, update)) => incidents.entry(number).or_default().push(update),
            Err(error) => wrong.push(format!("{file}:{}: {error}", row.line)),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure(wrong.join("\n")));
    }
    let mut summary = Summary {
        rows: rows.len(),
        incidents: incidents.len(),
        ..Summary::default()
    };
    let Some(end) = incidents.values().flatten().map(|update| update.at).max() else {
        return Err(Failure(format!(
            "{file}: expected at least one incident, found none"
        )));
    };
    let mut facts = Vec::with_capacity(incidents.len());
    for (number, updates) in incidents {
        let line = updates.iter().map(|update| update.line).min().unwrap_or(0);
        facts.push(Placed {
            fact: Fact::Incident(incident(&number, updates, &mut summary)),
            place: format!("{file}:{line}"),
        });
    }
    Ok(Log { facts, end, summary })
}

fn update(row: &Row) -> Result<Update, String> {
    let known = |column: &str| {
        row.cell(column)
            .map(|text| Some(text).filter(|text| *text != "?"))
    };
    let instant = |column: &str, text: &str| {
        NaiveDateTime::parse_from_str(text, "%d-%m-%Y %H:%M")
            .map(|at| at.and_utc())
            .map_err(|error| format!("column `{column}`: {error}, found `{text}`"))
    };
    let at = |column: &str| instant(column, row.cell(column)?);
    let count = row.cell("sys_mod_count")?;
    let resolved_at = known("resolved_at")?;
    Ok(Update {
        at: at("sys_updated_at")?,
        count: count
            .parse()
            .map_err(|_| format!("column `sys_mod_count`: expected a whole number, found `{count}`"))?,
        opened_at: at("opened_at")?,
        severity: severity(row.cell("priority")?)?,
        state: row.cell("incident_state")?.to_lowercase().replace(' ', "-"),
        assigned: known("assigned_to")?.is_some(),
        resolved_at: resolved_at.map(|text| instant("resolved_at", text)).transpose()?,
        line: row.line,
        moved: false,
    })
}

/// `1 - Critical` is P1, and so on to `4 - Low`.
fn severity(priority: &str) -> Result<String, String> {
    match priority.split_once(" - ") {
        Some((number @ ("1" | "2" | "3" | "4"), _)) => Ok(format!("P{number}")),
        _ => Err(format!("column `priority`: expected 1 to 4, found `{priority}`")),
    }
}

/// The rows in the order in which they are taken to have happened; see the decisions above.
fn ordered(mut updates: Vec<Update>, summary: &mut Summary) -> Vec<Update> {
    for update in &mut updates {
        if update.at < update.opened_at {
            update.at = update.opened_at;
            update.moved = true;
            summary.before_opening += 1;
        }
    }
    // A moved row came before every other, whatever it counts.
    updates.sort_by(|left, right| (left.at, !left.moved, left).cmp(&(right.at, !right.moved, right)));
    let falls = |pair: &[Update]| matches!(pair, [left, right] if left.count >= right.count);
    summary.order_disagrees += usize::from(updates.windows(2).any(falls));
    let mut resolved: Option<u64> = None;
    updates.retain(|update| {
        let stale = !update.is_resolved() && resolved.is_some_and(|count| update.count < count);
        summary.stale += usize::from(stale);
        if update.is_resolved() && !update.moved {
            resolved = resolved.max(Some(update.count));
        }
        !stale
    });
    updates
}

/// The row of each run of resolved rows that resolves the incident, and the row that reopens it, by their index.
fn resolutions(updates: &[Update], summary: &mut Summary) -> (Vec<usize>, Vec<usize>) {
    let (mut resolved, mut reopened) = (Vec::new(), Vec::new());
    let mut run: Option<usize> = None;
    let mut repeated = false;
    for (index, update) in updates.iter().enumerate() {
        match (run, update.is_resolved()) {
            (None, true) => run = Some(index),
            (Some(_), true) => repeated |= update.state == "resolved",
            (Some(first), false) => {
                resolved.push(first);
                reopened.push(index);
                run = None;
            }
            (None, false) => {}
        }
    }
    summary.resolved_repeatedly += usize::from(repeated);
    summary.reopened += usize::from(!reopened.is_empty());
    let stated = updates.iter().find_map(|update| update.resolved_at);
    match (run, stated) {
        (None, _) => summary.unresolved += 1,
        (Some(first), None) => {
            summary.resolved_unknown += 1;
            resolved.push(first);
        }
        (Some(first), Some(stated)) => {
            let row = (first..).zip(updates.iter().skip(first));
            let mut row = row.filter(|(_, update)| update.state == "resolved" && update.at == stated);
            match row.next() {
                Some((index, _)) => {
                    summary.resolved_later += usize::from(index > first);
                    resolved.push(index);
                }
                None => {
                    summary.resolved_elsewhere += 1;
                    resolved.push(first);
                }
            }
        }
    }
    (resolved, reopened)
}

fn incident(number: &str, updates: Vec<Update>, summary: &mut Summary) -> Incident {
    let updates = ordered(updates, summary);
    let (resolved, reopened) = resolutions(&updates, summary);
    let opened = updates
        .first()
        .map(|first| (first.severity.clone(), first.opened_at));
    let (mut severity, opened_at) = opened.unwrap_or_default();
    let mut incident = Incident::opened(number, &severity, opened_at);
    let (mut acknowledged, mut changed, mut status) = (false, false, "");
    for (index, update) in updates.iter().enumerate() {
        // Two places for each row: in a row that reopens, the new status follows the reopening.
        let sequence = 2 * u64::try_from(index).unwrap_or(u64::MAX / 2);
        let mut add = |sequence: u64, kind: EventKind| {
            incident.events.push(Event {
                at: update.at,
                sequence: Some(sequence),
                kind,
            });
        };
        if update.severity != severity {
            severity.clone_from(&update.severity);
            changed = true;
            add(
                sequence,
                EventKind::SeverityChanged {
                    severity: severity.clone(),
                },
            );
        }
        if !acknowledged && (update.state != "new" || update.assigned) {
            acknowledged = true;
            add(sequence, EventKind::Acknowledged);
        }
        if reopened.contains(&index) {
            status = "";
            add(sequence, EventKind::Reopened);
        }
        if !update.is_resolved() && update.state != status {
            status = &update.state;
            add(sequence + 1, EventKind::Status(update.state.clone()));
        }
        if resolved.contains(&index) {
            add(sequence, EventKind::Resolved);
        }
    }
    summary.severity_changed += usize::from(changed);
    summary.unacknowledged += usize::from(!acknowledged);
    incident
}

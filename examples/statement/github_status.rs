//! The incident windows of a status page as outages of one entity.
//!
//! Reads `github-status/downtime_windows.csv` of the public data set `mrshu/github-statuses` (MIT licence): a line
//! for each incident with its start, its end and the impact that the page gave it. Titles may hold commas and quotes.
//!
//! # Decisions
//!
//! * Every window becomes an outage of the one entity, whatever its impact, and also those of length zero. Which
//!   impacts are downtime is the agreement's choice.
//! * The page says nothing about time before its first window and after its last one. Monitoring therefore spans just
//!   that time, and the statement is as of its end. The first quarter, which it covers in part, does not reach the
//!   coverage that the agreement demands: it is not judged, instead of being up. The last one is provisional. Neither
//!   is stated unless it is asked for.

use chrono::{DateTime, Utc};
use sla::record::{Fact, Monitoring, Outage};

use super::read::{Failure, Placed};
use super::rows::{Row, csv_rows};

/// The file within the data directory.
pub const FILE: &str = "github-status/downtime_windows.csv";
/// The entity of the agreement that the windows concern.
pub const ENTITY: &str = "github";

/// The facts of a status page, and the span that it covers.
pub struct Log {
    pub facts: Vec<Placed>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

pub fn read(text: &str, file: &str) -> Result<Log, Failure> {
    let (_, rows) = csv_rows(text, file)?;
    let (mut outages, mut wrong) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        match window(row) {
            Ok(outage) => outages.push((outage, format!("{file}:{}", row.line))),
            Err(error) => wrong.push(format!("{file}:{}: {error}", row.line)),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure(wrong.join("\n")));
    }
    let start = outages.iter().map(|(outage, _)| outage.start).min();
    let end = outages.iter().filter_map(|(outage, _)| outage.end).max();
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Failure(format!(
            "{file}: expected at least one window, found none"
        )));
    };
    let watched = Monitoring::new("status-page", ENTITY, start).until(end);
    let outages = outages
        .into_iter()
        .map(|(outage, place)| (Fact::Outage(outage), place));
    let facts = outages.chain([(Fact::Monitoring(watched), file.to_string())]);
    let facts = facts.map(|(fact, place)| Placed { fact, place }).collect();
    Ok(Log { facts, start, end })
}

fn window(row: &Row) -> Result<Outage, String> {
    let at = |column: &str| {
        let text = row.cell(column)?;
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .map_err(|error| format!("column `{column}`: {error}, found `{text}`"))
    };
    let outage = Outage::new(row.cell("incident_id")?, ENTITY, at("downtime_start")?);
    Ok(outage.until(at("downtime_end")?).with_impact(row.cell("impact")?))
}

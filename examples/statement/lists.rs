//! The lists that this program adds to what the library prints: counted clocks, readings, the overview of all statements.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Serialize;
use sla::agreement::{ClockReading, CompiledAgreement};
use sla::clock::{Elapsed, Outcome};
use sla::error::Problems;
use sla::level::Verdict;
use sla::measure::AttainmentCounts;
use sla::record::Fact;
use sla::statement::Standing;
use sla::zone::Zone;
use sla::{Incident, Period, Statement};

/// Rows of cells below a heading, each column as wide as its widest cell. A heading with `>` is that of a column that is
/// flush right.
struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    fn new(heading: &[&str]) -> Self {
        let title = |name: &&str| name.trim_start_matches('>').to_string();
        Self {
            rows: vec![heading.iter().map(title).collect()],
            right: heading.iter().map(|name| name.starts_with('>')).collect(),
        }
    }

    fn row(&mut self, cells: &[&dyn fmt::Display]) {
        self.rows.push(cells.iter().map(ToString::to_string).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.right.len()).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                let _ = match right {
                    true => write!(line, "  {cell:>width$}"),
                    false => write!(line, "  {cell:width$}"),
                };
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The editions of incidents that hold at an instant, by id: of each the greatest revision that was recorded by then.
pub fn incidents<'a>(facts: impl Iterator<Item = &'a Fact>, as_of: DateTime<Utc>) -> Vec<&'a Incident> {
    let mut held: BTreeMap<&str, &Incident> = BTreeMap::new();
    for fact in facts.filter(|fact| fact.recorded_at().is_none_or(|at| at <= as_of)) {
        if let Fact::Incident(incident) = fact {
            let holds = held.entry(&incident.id).or_insert(incident);
            if incident.revision > holds.revision {
                *holds = incident;
            }
        }
    }
    held.into_values().collect()
}

/// How a clock of an incident stands.
#[derive(Serialize)]
pub struct Row<'a> {
    incident: &'a str,
    #[serde(flatten)]
    read: ClockReading,
}

/// The reading of every clock of every incident, by incident.
pub fn readings<'a>(
    agreement: &CompiledAgreement,
    incidents: &[&'a Incident],
    as_of: DateTime<Utc>,
) -> Result<Vec<Row<'a>>, Problems> {
    let mut rows = Vec::new();
    for incident in incidents {
        let read = agreement.read(incident, as_of)?.into_iter();
        rows.extend(read.map(|read| Row {
            incident: &incident.id,
            read,
        }));
    }
    Ok(rows)
}

/// The clocks that a statement counts: those that the statement of their incident alone counts. So the rule by which a
/// clock belongs to a period is written down once, in the library.
pub fn counted<'a>(
    agreement: &CompiledAgreement,
    incidents: &[&'a Incident],
    period: Period,
    as_of: DateTime<Utc>,
) -> Result<Vec<Row<'a>>, Problems> {
    let nothing = agreement.open(period, as_of)?;
    let mut rows = Vec::new();
    for incident in incidents {
        let mut alone = nothing.clone();
        alone.push(&Fact::Incident((*incident).clone()));
        let alone = alone.finish()?;
        let counts = |row: &Row<'_>| alone.attainment.iter().any(|one| one.clock == row.read.clock);
        rows.extend(
            readings(agreement, &[*incident], as_of)?
                .into_iter()
                .filter(counts),
        );
    }
    Ok(rows)
}

/// Counted clocks for people, below their statement.
pub fn clocks_table(rows: &[Row<'_>], zone: &Zone) -> String {
    let mut table = Table::new(&[
        "incident",
        "clock",
        "severity",
        "outcome",
        "due",
        "delivered",
        ">counted",
        ">beyond",
    ]);
    for Row { incident, read } in rows {
        let reading = &read.reading;
        table.row(&[
            incident,
            &read.clock,
            &reading.severity.as_deref().unwrap_or("-"),
            &words(reading.outcome),
            &or_dash(reading.due.map(|at| local(zone, at))),
            &or_dash(reading.stopped.map(|at| local(zone, at))),
            &reading.elapsed,
            &or_dash(
                reading
                    .overdue
                    .filter(|time| time.as_nanoseconds() > 0)
                    .map(amount),
            ),
        ]);
    }
    format!("\nCLOCKS THAT COUNTED: {}\n{table}", rows.len())
}

/// Readings for people.
pub fn readings_table(rows: &[Row<'_>], zone: &Zone, as_of: DateTime<Utc>) -> String {
    let mut table = Table::new(&[
        "incident",
        "clock",
        "severity",
        "state",
        "outcome",
        "due",
        ">remaining",
        "next change",
    ]);
    for Row { incident, read } in rows {
        let reading = &read.reading;
        table.row(&[
            incident,
            &read.clock,
            &reading.severity.as_deref().unwrap_or("-"),
            &reading.state.to_string().replace('_', " "),
            &words(reading.outcome),
            &or_dash(reading.due.map(|at| local(zone, at))),
            &or_dash(reading.remaining),
            &or_dash(reading.next_change.map(|at| local(zone, at))),
        ]);
    }
    format!(
        "READINGS AS OF {} ({}): {}\n{table}",
        local(zone, as_of),
        zone.name(),
        rows.len()
    )
}

/// The amount without its kind, which the column before tells.
fn amount(time: Elapsed) -> String {
    match time {
        Elapsed::Working(time) => time.to_string(),
        Elapsed::Wall(time) => time.to_string(),
    }
}

fn words(outcome: Outcome) -> String {
    outcome.to_string().replace('_', " ")
}

fn or_dash(value: Option<impl fmt::Display>) -> String {
    value.map_or(String::from("-"), |value| value.to_string())
}

/// An instant on the clock of a zone: `2026-03-29 03:05:00`. Where the clock shows that for the second time, the offset
/// follows; where the zone's data knows nothing, it is UTC.
fn local(zone: &Zone, at: DateTime<Utc>) -> String {
    let Some(offset) = zone.offset_at(at).ok().and_then(FixedOffset::east_opt) else {
        return at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    };
    let shown = at.with_timezone(&offset);
    let first = zone.first_instant(shown.naive_local());
    let is_first = first.is_ok_and(|first| first.timestamp() == at.timestamp());
    let format = if is_first { "%F %T%.f" } else { "%F %T%.f %:z" };
    shown.format(format).to_string()
}

/// One line for each statement, and nothing added up: a month and its quarter are not two debts.
pub fn overview(statements: &[&Statement]) -> String {
    let mut table = Table::new(&[
        "period",
        "standing",
        ">met",
        ">breached",
        ">not judged",
        ">clocks met",
        ">of",
        ">gross",
        ">withheld",
        ">net",
    ]);
    for statement in statements {
        let count = |verdict: Verdict| {
            let findings = statement.findings.iter();
            findings.filter(|finding| finding.verdict == verdict).count()
        };
        let standing = match statement.standing {
            Standing::Final => "final",
            Standing::Provisional => "provisional",
        };
        let clocks = |counted: fn(&AttainmentCounts) -> u64| -> u64 {
            statement.attainment.iter().map(|row| counted(&row.tally)).sum()
        };
        let totals = &statement.totals;
        table.row(&[
            &statement.period,
            &standing,
            &count(Verdict::Met),
            &count(Verdict::Breached),
            &count(Verdict::NotJudged),
            &clocks(|tally| tally.met),
            &clocks(|tally| tally.met + tally.breached),
            &totals.gross,
            &totals.withheld,
            &totals.net,
        ]);
    }
    format!("OVERVIEW\n{table}")
}

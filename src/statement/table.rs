//! The statement as a table that a customer can read.
//!
//! This module owns the layout: which sections there are, and in which order. What a row says is left to the statement.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Standing, Statement};
use crate::clock::Elapsed;
use crate::level::Verdict;
use crate::measure::Basis;
use crate::number::percentage::Target;
use crate::number::ratio::Ratio;
use crate::period::PartialPeriods;
use crate::time::amount::WallTime;
use crate::time::instant::rfc3339;
use crate::time::written::WrittenTime;

/// How many entries of a list one cell shows.
const LISTED_MAX: usize = 3;

/// Rows of cells, of which the first is the heading. Columns are as wide as their widest cell. A column whose heading
/// begins with `>` is flush right, as numbers are.
struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    fn new(heading: &[&str]) -> Self {
        let title = |name: &&str| name.strip_prefix('>').unwrap_or(name).to_string();
        Self {
            rows: [heading.iter().map(title).collect()].into(),
            right: heading.iter().map(|name| name.starts_with('>')).collect(),
        }
    }

    fn row(&mut self, cells: &[&dyn fmt::Display]) {
        self.rows.push(cells.iter().map(ToString::to_string).collect());
    }

    fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::from(" ");
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                line.push_str(&match right {
                    true => format!(" {cell:>width$} "),
                    false => format!(" {cell:width$} "),
                });
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_head(f)?;
        self.write_findings(f)?;
        self.write_downtime(f)?;
        self.write_attainment(f)?;
        self.write_breached(f)?;
        self.write_pending(f)?;
        self.write_excused(f)?;
        self.write_adjusted(f)?;
        self.write_charges(f)?;
        self.write_credits(f)?;
        self.write_provenance(f)
    }
}

impl Statement {
    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "SERVICE LEVEL STATEMENT {}", self.period)?;
        writeln!(
            f,
            "  agreement  {}: {} for {}",
            self.agreement, self.provider, self.customer
        )?;
        let length = WrittenTime::from(self.over.length());
        writeln!(
            f,
            "  period     {} until {} ({}, {length})",
            rfc3339(self.over.start()),
            rfc3339(self.over.end()),
            self.zone
        )?;
        if let Some(partial) = &self.partial {
            let rule = match partial.rule {
                PartialPeriods::Prorate => "time, incidents and charges count for those only",
                PartialPeriods::AssumeUp => "the others count as up and without incidents, charges as billed",
                PartialPeriods::Whole => "the whole period counts all the same",
            };
            writeln!(
                f,
                "  in force   {} until {} ({} of {} days): {rule}",
                rfc3339(partial.in_force.start()),
                rfc3339(partial.in_force.end()),
                partial.days,
                partial.days_of_period
            )?;
        }
        let standing = match self.standing {
            Standing::Final => "final",
            Standing::Provisional => "provisional: not everything is decided yet",
        };
        writeln!(f, "  as of      {}, {standing}", rfc3339(self.as_of))
    }

    fn write_findings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nSERVICE LEVELS")?;
        let mut table = Table::new(&[
            "level",
            "entity",
            ">target",
            ">measured",
            "outcome",
            "margin",
            "basis",
        ]);
        for finding in &self.findings {
            let margin = match (&finding.margin, &finding.reason) {
                (Some(margin), _) if finding.outlook.is_some() => format!("{margin} so far"),
                (Some(margin), _) => margin.to_string(),
                (None, reason) => reason.clone().unwrap_or_default(),
            };
            table.row(&[
                &finding.level,
                &finding.entity.as_deref().unwrap_or("-"),
                &finding.target.to_string(),
                &percent(finding.measured, finding.verdict, finding.target),
                &finding.verdict,
                &margin,
                &basis(&finding.basis),
            ]);
        }
        if table.is_empty() {
            return writeln!(f, "  none is measured over a {}", self.period.kind());
        }
        table.write(f)?;
        for finding in &self.findings {
            if let Some(outlook) = &finding.outlook {
                let entity = finding
                    .entity
                    .as_ref()
                    .map(|entity| format!(" of {entity}"))
                    .unwrap_or_default();
                writeln!(
                    f,
                    "  {}{entity} can still end from {} ({}), at worst, to {} ({})",
                    finding.level,
                    percent(outlook.worst.measured, outlook.worst.verdict, finding.target),
                    outlook.worst.verdict,
                    percent(outlook.best.measured, outlook.best.verdict, finding.target),
                    outlook.best.verdict
                )?;
            }
        }
        Ok(())
    }

    /// The facts that made the downtime.
    fn write_downtime(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[
            "level",
            "entity",
            "fact",
            "from",
            "until",
            ">down",
            "why it counts",
        ]);
        for downtime in &self.downtime {
            let levels = first_of(&downtime.levels);
            for fact in &downtime.facts {
                table.row(&[
                    &levels,
                    &downtime.entity.as_deref().unwrap_or("-"),
                    &fact.fact,
                    &rfc3339(fact.from),
                    &rfc3339(fact.until),
                    &WrittenTime::from(fact.down),
                    &fact.why,
                ]);
            }
        }
        section(f, "DOWNTIME THAT COUNTED (where facts overlap, once)", &table)
    }

    fn write_charges(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prorated = self.charges.iter().any(|charge| charge.counted != charge.amount);
        let heading = [
            "service",
            "entity",
            ">recurring charges",
            ">for the dates in force",
        ];
        let columns = if prorated { 4 } else { 3 };
        let mut table = Table::new(heading.get(..columns).unwrap_or_default());
        for charge in &self.charges {
            let cells: [&dyn fmt::Display; 4] =
                [&charge.service, &charge.entity, &charge.amount, &charge.counted];
            table.row(cells.get(..columns).unwrap_or_default());
        }
        section(f, "CHARGES", &table)?;
        let mut table = Table::new(&[
            "charge",
            "service",
            "entity",
            "period",
            ">billed",
            ">days in force",
        ]);
        for charge in &self.prorated {
            let days = format!("{} of {}", charge.days, charge.days_of_period);
            table.row(&[
                &charge.charge,
                &charge.service,
                &charge.entity,
                &charge.period,
                &charge.amount,
                &days,
            ]);
        }
        section(f, "CHARGES PRORATED BY DAYS", &table)
    }

    fn write_attainment(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[
            "clock",
            "severity",
            ">attained",
            ">met",
            ">breached",
            ">pending",
            ">excused",
            ">cancelled",
            ">not judged",
        ]);
        for row in &self.attainment {
            let tally = &row.tally;
            table.row(&[
                &row.clock,
                &row.severity,
                &tally
                    .attained()
                    .map_or(String::from("-"), |ratio| format!("{} %", ratio.percent(2))),
                &tally.met,
                &tally.breached,
                &tally.pending,
                &tally.excused,
                &tally.cancelled,
                &tally.not_judged,
            ]);
        }
        section(f, "ATTAINMENT", &table)
    }

    fn write_breached(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[
            "clock",
            "incident",
            "severity",
            "target",
            "due",
            "breached at",
            "delivered",
            "late by (wall)",
        ]);
        for row in &self.breached {
            table.row(&[
                &row.clock,
                &row.incident,
                &row.severity,
                &row.target,
                &rfc3339(row.due),
                &rfc3339(row.breached_at),
                &row.delivered.map_or(String::from("not yet"), rfc3339),
                &WrittenTime::from(row.late_by),
            ]);
        }
        section(f, "BREACHED INCIDENTS", &table)
    }

    fn write_pending(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["clock", "incident", "severity", "state", "due", ">remaining"]);
        for row in &self.pending {
            let remaining = row.remaining.map(amount);
            table.row(&[
                &row.clock,
                &row.incident,
                &row.severity,
                &row.state,
                &row.due.map_or(String::from("none yet"), rfc3339),
                &remaining.unwrap_or_else(|| String::from("-")),
            ]);
        }
        section(f, "PENDING", &table)
    }

    fn write_excused(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["clock", "incident", "by", "why"]);
        for row in &self.excused {
            table.row(&[&row.clock, &row.incident, &row.by, &row.why]);
        }
        section(f, "EXCUSED", &table)
    }

    fn write_adjusted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["incident", "event", "recorded at", "counted at", "by", "why"]);
        for row in &self.adjusted {
            let (from, to) = (rfc3339(row.from), rfc3339(row.to));
            table.row(&[&row.incident, &row.event, &from, &to, &row.by, &row.why]);
        }
        section(f, "RE-DATED", &table)
    }

    fn write_credits(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = match self.standing {
            Standing::Final => "CREDITS",
            Standing::Provisional => "CREDITS, AS THINGS STAND",
        };
        writeln!(f, "\n{heading}")?;
        let mut table = Table::new(&["level", "entity", ">gross", ">withheld", ">net"]);
        for line in &self.credits {
            let entity = line.entity.as_deref().unwrap_or("-");
            table.row(&[&line.level, &entity, &line.gross, &line.withheld, &line.net]);
        }
        table.row(&[
            &"total",
            &"",
            &self.totals.gross,
            &self.totals.withheld,
            &self.totals.net,
        ]);
        table.write(f)?;
        for line in &self.credits {
            let entity = line
                .entity
                .as_ref()
                .map(|entity| format!(" of {entity}"))
                .unwrap_or_default();
            writeln!(f, "  {}{entity} = {} because: {}", line.level, line.net, line.why)?;
        }
        if let Some(cap) = &self.totals.cap {
            writeln!(f, "  the cap of {} is {cap}", self.period)?;
        }
        if let Some(outlook) = &self.outlook {
            writeln!(
                f,
                "  can still end from {}, at best for the provider, to {}, if no incident is opened or reopened",
                outlook.best, outlook.worst
            )?;
        }
        Ok(())
    }

    fn write_provenance(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let provenance = &self.provenance;
        writeln!(f, "\nPROVENANCE")?;
        writeln!(f, "  computed by  sla {}", provenance.crate_version)?;
        for zone in &provenance.zones {
            writeln!(
                f,
                "  zone         {} ({}) {}",
                zone.name, zone.version, zone.fingerprint
            )?;
        }
        writeln!(f, "  agreement    {}", provenance.agreement)?;
        writeln!(
            f,
            "  record       {} ({} facts)",
            provenance.record, provenance.facts
        )?;
        for assumption in &self.assumptions {
            writeln!(
                f,
                "  assumed      calendar {}: no further holiday, no change of clocks, from {} on",
                assumption.calendar,
                crate::time::instant::rfc3339(assumption.from)
            )?;
        }
        for duplicate in &provenance.duplicates {
            writeln!(f, "  duplicate    {duplicate}, counted once")?;
        }
        Ok(())
    }
}

/// A list in one cell, which stands in every row of its facts: no more than its first entries, and how many more there are.
fn first_of(list: &[String]) -> String {
    let (first, rest) = list.split_at(list.len().min(LISTED_MAX));
    let first = first.join(", ");
    match rest.len() {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// An amount of time with its kind, since an hour at the desk and an hour on the wall are not the same.
fn amount(time: Elapsed) -> String {
    let kind = match time {
        Elapsed::Working(_) => "working",
        Elapsed::Wall(_) => "wall",
    };
    format!(
        "{} {kind}",
        WrittenTime::from(WallTime::nanoseconds(time.as_nanoseconds()))
    )
}

/// A heading and a table; nothing if the table has no rows.
fn section(f: &mut fmt::Formatter<'_>, heading: &str, table: &Table) -> fmt::Result {
    if table.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading}")?;
    table.write(f)
}

/// A fraction with as many decimals as the target needs, four at least, rounded down; in brackets if it is not judged.
fn percent(measured: Option<Ratio>, verdict: Verdict, target: Target) -> String {
    let decimals = target.decimals().max(4);
    match measured {
        Some(measured) if verdict != Verdict::NotJudged => format!("{} %", measured.percent(decimals)),
        Some(measured) => format!("({} %)", measured.percent(decimals)),
        None => String::from("-"),
    }
}

fn basis(basis: &Basis) -> String {
    match basis {
        Basis::Count(tally) => {
            format!("{} of {}", tally.met, tally.met.saturating_add(tally.breached))
        }
        Basis::Time(availability) => {
            let mut text = format!(
                "down {} of {}",
                WrittenTime::from(availability.down),
                WrittenTime::from(availability.measured())
            );
            for (time, what) in [
                (availability.assumed_up, "of it assumed up"),
                (availability.excluded, "excluded"),
                (availability.unknown, "unknown"),
                (availability.pending, "to come"),
            ] {
                if time > WallTime::ZERO {
                    text.push_str(&format!(", {} {what}", WrittenTime::from(time)));
                }
            }
            text
        }
    }
}

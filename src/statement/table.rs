//! The statement as a table that a customer can read, with instants on the clock of the agreement's
//! zone.
//!
//! This module owns which sections there are, and in which order. What a row says is left to the
//! statement, how wide it may be to `layout`.

use alloc::string::{String, ToString};
use core::fmt;

use super::layout::{Table, paragraph, section};
use super::{Standing, Statement};
use crate::clock::Elapsed;
use crate::level::Verdict;
use crate::measure::Basis;
use crate::number::percentage::Target;
use crate::number::ratio::Ratio;
use crate::period::PartialPeriods;
use crate::time::amount::WallTime;
use crate::time::instant::Instant;
use crate::time::written::WrittenTime;

/// How many entries of a list one cell shows.
const LISTED_MAX: usize = 3;

/// What the further lines of a long text begin with, below a name of nine characters.
const HANGING: &str = "             ";

/// What the further lines of a sentence begin with.
const SENTENCE: &str = "    ";

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
        let mut line = |name: &str, text: String| paragraph(f, &format!("  {name:9}  "), HANGING, text);
        let parties = format!("{}: {} for {}", self.agreement, self.provider, self.customer);
        line("agreement", parties)?;
        let (start, end) = (
            self.clock.show(self.over.start()),
            self.clock.show(self.over.end()),
        );
        let length = WrittenTime::from(self.over.length());
        line("period", format!("{start} until {end} ({length})"))?;
        if let Some(partial) = &self.partial {
            let rule = match partial.rule {
                PartialPeriods::Prorate => "time, incidents and charges count for those only",
                PartialPeriods::AssumeUp => "the others count as up and without incidents, charges as billed",
                PartialPeriods::Whole => "the whole period counts all the same",
            };
            let (start, end) = (partial.in_force.start(), partial.in_force.end());
            let text = format!(
                "{} until {} ({} of {} days): {rule}",
                self.clock.show(start),
                self.clock.show(end),
                partial.days,
                partial.days_of_period
            );
            line("in force", text)?;
        }
        let standing = match self.standing {
            Standing::Final => "final",
            Standing::Provisional => "provisional: not everything is decided yet",
        };
        line("as of", format!("{}, {standing}", self.clock.show(self.as_of)))?;
        let twice = "where a clock shows an hour twice, the offset from UTC follows";
        line("times", format!("{}; {twice}", self.zone))
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
            let margin = match &finding.margin {
                Some(margin) if finding.outlook.is_some() => format!("{margin} so far"),
                Some(margin) => margin.to_string(),
                None => String::from("-"),
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
            if let (None, Some(reason)) = (&finding.margin, &finding.reason) {
                table.note(reason);
            }
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
                let text = format!(
                    "{}{entity} can still end from {} ({}), at worst, to {} ({})",
                    finding.level,
                    percent(outlook.worst.measured, outlook.worst.verdict, finding.target),
                    outlook.worst.verdict,
                    percent(outlook.best.measured, outlook.best.verdict, finding.target),
                    outlook.best.verdict
                );
                paragraph(f, "  ", SENTENCE, text)?;
            }
        }
        Ok(())
    }

    /// The facts that made the downtime.
    fn write_downtime(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["level", "entity", "fact", "from", "until", ">down"]);
        for downtime in &self.downtime {
            let levels = first_of(&downtime.levels);
            for fact in &downtime.facts {
                table.row(&[
                    &levels,
                    &downtime.entity.as_deref().unwrap_or("-"),
                    &fact.fact,
                    &self.clock.show(fact.from),
                    &self.clock.show(fact.until),
                    &WrittenTime::from(fact.down),
                ]);
                table.note(self.on_the_clock(&fact.why));
            }
        }
        section(f, "DOWNTIME THAT COUNTED (where facts overlap, once)", &table)
    }

    /// Shows the instants in a text on the clock of the zone. The texts of evidence name them in
    /// UTC, as documents do.
    fn on_the_clock(&self, text: &str) -> String {
        let shown = text.split_inclusive([' ', '(', ')', ',']).map(|word| {
            let end = word.trim_end_matches([' ', '(', ')', ',']).len();
            let (word, mark) = word.split_at_checked(end).unwrap_or((word, ""));
            match Instant::parse(word) {
                Ok(at) => format!("{}{mark}", self.clock.show(at.to_utc())),
                Err(_) => format!("{word}{mark}"),
            }
        });
        shown.collect()
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
            "delivered",
            "late by (wall)",
        ]);
        for row in &self.breached {
            table.row(&[
                &row.clock,
                &row.incident,
                &row.severity,
                &row.target,
                &self.clock.show(row.due),
                &row.delivered
                    .map_or(String::from("not yet"), |at| self.clock.show(at)),
                &WrittenTime::from(row.late_by),
            ]);
            if row.breached_at != row.due {
                table.note(format!(
                    "missed an earlier target at {}",
                    self.clock.show(row.breached_at)
                ));
            }
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
                &row.due.map_or(String::from("none yet"), |at| self.clock.show(at)),
                &remaining.unwrap_or_else(|| String::from("-")),
            ]);
        }
        section(f, "PENDING", &table)
    }

    fn write_excused(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["clock", "incident", "by"]);
        for row in &self.excused {
            table.row(&[&row.clock, &row.incident, &row.by]);
            table.note(&row.why);
        }
        section(f, "EXCUSED", &table)
    }

    fn write_adjusted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["incident", "event", "recorded at", "counted at", "by"]);
        for row in &self.adjusted {
            let (from, to) = (self.clock.show(row.from), self.clock.show(row.to));
            table.row(&[&row.incident, &row.event, &from, &to, &row.by]);
            table.note(&row.why);
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
            let text = format!("{}{entity} = {} because: {}", line.level, line.net, line.why);
            paragraph(f, "  ", SENTENCE, text)?;
        }
        if let Some(cap) = &self.totals.cap {
            writeln!(f, "  the cap of {} is {cap}", self.period)?;
        }
        if let Some(outlook) = &self.outlook {
            let text = format!(
                "can still end from {}, at best for the provider, to {}, if no incident is opened or reopened",
                outlook.best, outlook.worst
            );
            paragraph(f, "  ", SENTENCE, text)?;
        }
        Ok(())
    }

    fn write_provenance(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let provenance = &self.provenance;
        writeln!(f, "\nPROVENANCE")?;
        let mut line = |name: &str, text: String| {
            let hanging = format!("  {:11}  ", "");
            paragraph(f, &format!("  {name:11}  "), &hanging, text)
        };
        line("computed by", format!("sla {}", provenance.crate_version))?;
        for zone in &provenance.zones {
            line(
                "zone",
                format!("{} ({}) {}", zone.name, zone.version, zone.fingerprint),
            )?;
        }
        line("agreement", provenance.agreement.to_string())?;
        line(
            "record",
            format!("{} ({} facts)", provenance.record, provenance.facts),
        )?;
        for assumption in &self.assumptions {
            let from = self.clock.show(assumption.from);
            let what = "no further holiday, no change of clocks";
            line(
                "assumed",
                format!("calendar {}: {what}, from {from} on", assumption.calendar),
            )?;
        }
        for duplicate in &provenance.duplicates {
            line("duplicate", format!("{duplicate}, counted once"))?;
        }
        Ok(())
    }
}

/// A list in one cell, which stands in every row of its facts: no more than its first entries, and
/// how many more there are.
fn first_of(list: &[String]) -> String {
    let (first, rest) = list.split_at(list.len().min(LISTED_MAX));
    let first = first.join(", ");
    match rest.len() {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// An amount of time with its kind, since an hour at the desk and an hour on the wall are not the
/// same.
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

/// A fraction with as many decimals as the target needs, four at least, rounded down; in brackets
/// if it is not judged.
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

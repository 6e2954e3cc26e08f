//! The conclusion: from gathered facts to the statement, one step after another.
//!
//! This module owns the order of the steps only. Each of them is a function over plain data in a
//! module of its own: `measuring`, `crediting`, `listing`, `provenance`.

use alloc::string::ToString;

use super::compile::Compiled;
use super::crediting;
use super::gather::{Gathered, Sorted};
use super::listing::{self, ListedClocks};
use super::measuring::{self, Measured};
use super::provenance::provenance;
use crate::error::Problems;
use crate::measure::scope::Scope;
use crate::statement::{FORMAT, LocalClock, Standing, Statement};

/// Judges, assesses and states what was gathered without problems.
///
/// # Errors
///
/// [`Problems`]: a question that a calendar cannot answer, charges that are too large to sum.
pub(super) fn conclude(
    agreement: &Compiled,
    scope: &Scope,
    gathered: &Gathered,
) -> Result<Statement, Problems> {
    let sorted = Sorted::of(&gathered.facts);
    let arranged = measuring::arrange(agreement, &sorted);
    let Measured { findings, downtime } = measuring::measure(agreement, &arranged, scope)?;
    let listed = ListedClocks::of(agreement, &sorted, scope.as_of.to_utc());
    let decided = scope.is_over() && listed.pending.is_empty();
    let credited = crediting::credit(agreement, scope, &sorted, &findings, !decided)?;
    let terms = &agreement.terms;
    Ok(Statement {
        format: FORMAT,
        agreement: terms.id.clone(),
        provider: terms.provider.clone(),
        customer: terms.customer.clone(),
        period: scope.period,
        over: scope.over,
        partial: scope.partial,
        zone: agreement.zone.name().to_string(),
        clock: LocalClock::of(&agreement.zone),
        as_of: scope.as_of.to_utc(),
        standing: if decided {
            Standing::Final
        } else {
            Standing::Provisional
        },
        findings,
        downtime,
        attainment: measuring::attainment(agreement, &arranged),
        breached: listed.breached,
        pending: listed.pending,
        excused: listed.excused,
        adjusted: listing::redated(&sorted),
        charges: credited.charges,
        prorated: crediting::prorated(scope, &sorted),
        credits: credited.lines,
        totals: credited.totals,
        steps: credited.steps,
        outlook: credited.outlook,
        assumptions: listing::assumptions(agreement, &sorted, scope),
        provenance: provenance(agreement, gathered),
    })
}

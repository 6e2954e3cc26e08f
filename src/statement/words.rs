//! Sentences: why a credit is what it is, read off its steps.
//!
//! This module owns the words of credit lines. It calculates nothing: every number that it names is
//! the input or the result of a step.

use alloc::string::String;
use alloc::vec::Vec;

use crate::credit::{Assessment, Base, ChargeFilter, Line, decimals};
use crate::explain::{Edge, Op, Operand, Source, Step, Steps};
use crate::number::percentage::Percentage;
use crate::number::value::Value;

/// How many decimals a measured percentage has at least.
const DECIMALS_MIN: u32 = 4;

/// Returns the share of the charges that a line's rule gives. `None` if its steps say no share,
/// which no rule makes.
pub(super) fn share(assessment: &Assessment<'_>, line: &Line<'_>) -> Option<Percentage> {
    match share_operand(assessment, line)?.value {
        Value::Percent(share) => Some(share),
        _ => None,
    }
}

/// Returns how a line came about, in one sentence. `None` if its steps say something else than a
/// share, which no rule makes.
pub(super) fn why(assessment: &Assessment<'_>, line: &Line<'_>) -> Option<String> {
    let claim = line.claim;
    let decimals = decimals(&claim.terms.bands).max(DECIMALS_MIN);
    let mut why = format!("measured {} %", claim.measured?.percent(decimals));
    let share = share_operand(assessment, line)?;
    match band(&assessment.steps, share) {
        None => why.push_str(", for which the terms have no band"),
        Some(band) => {
            let of = charges(&claim.terms.of, &line.base);
            let exact = line.exact.amount;
            why.push_str(&format!(
                ", which is {}: {} of {of} = {exact}",
                bounds(band)?,
                share.value
            ));
            why.push_str(&rounded(assessment.steps.get(line.gross.step)?)?);
        }
    }
    if let Some(withheld) = withheld(assessment, line) {
        why.push_str(&withheld);
    }
    Some(why)
}

/// The share that the step of a line's exact amount takes of the charges.
fn share_operand<'a>(assessment: &'a Assessment<'_>, line: &Line<'_>) -> Option<&'a Operand> {
    assessment.steps.get(line.exact.step)?.inputs.first()
}

/// Returns the band that gives a share; where several do, the first of them.
fn band<'a>(steps: &'a Steps, share: &Operand) -> Option<&'a Step> {
    let Source::Step(index) = share.from else {
        return None;
    };
    let step = steps.get(index)?;
    match step.op {
        Op::Band { .. } => Some(step),
        Op::Greatest => {
            let mut bands = step.inputs.iter();
            band(steps, bands.find(|input| input.value == step.after)?)
        }
        _ => None,
    }
}

/// The bounds in words: `at least 99 % and below 99.9 %`.
fn bounds(band: &Step) -> Option<String> {
    let Op::Band { lower, upper } = band.op else {
        return None;
    };
    let lower = lower.map(|edge| match edge {
        Edge::Inside => "at least",
        Edge::Outside => "above",
    });
    let upper = upper.map(|edge| match edge {
        Edge::Inside => "at most",
        Edge::Outside => "below",
    });
    let words = [lower, upper].into_iter().flatten().zip(&band.inputs);
    let bounds: Vec<String> = words
        .map(|(word, bound)| format!("{word} {}", bound.value))
        .collect();
    Some(bounds.join(" and "))
}

/// The charges in words, with how much they come to: `the charges for hosting (1250.00 EUR)`.
fn charges(of: &ChargeFilter, base: &Base) -> String {
    let Base {
        billed,
        counted,
        charges,
        ..
    } = base;
    if *charges == 0 {
        return format!("{of}, of which none is known for the period");
    }
    if counted.money() == Some(*billed) {
        return format!("{of} ({billed})");
    }
    format!("{of} ({billed}, of which {counted} for the dates in force)")
}

/// What the rounding of a line's gross amount did, if it did anything. A line that was moved says
/// to what end.
fn rounded(step: &Step) -> Option<String> {
    let (Op::Round(_), Value::Money(exact)) = (step.op, step.before.value) else {
        return None;
    };
    if step.after == step.before.value {
        return Some(String::new());
    }
    let to = format!(", rounded to {}", step.after);
    let Some(total) = step.inputs.first() else {
        return Some(to);
    };
    let alone = exact.half_even()?;
    Some(format!(
        "{to} instead of {alone}, so that all lines add up to {}",
        total.value
    ))
}

/// What the cap takes away from a line, if it does.
fn withheld(assessment: &Assessment<'_>, line: &Line<'_>) -> Option<String> {
    let (withheld, limit, steps) = (line.withheld?, assessment.limit?, &assessment.steps);
    Some(format!(
        "; the cap of the period is {}, {} of {}, of which {} was left: {} is withheld",
        steps.get(limit.step)?.after,
        limit.cap.at_most,
        charges(&limit.cap.of, &limit.base),
        steps.get(withheld.left)?.after,
        steps.get(withheld.step)?.after
    ))
}

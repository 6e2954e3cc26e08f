//! Rounding: the total once, half to even, and the lines by largest remainder, so that they sum to
//! it.
//!
//! This module owns the one rounding of credits. The arithmetic of it is `money`'s.

use alloc::vec::Vec;

use crate::credit::error::CreditError;
use crate::credit::ledger::{Entitlement, Ledger, Line};
use crate::explain::{Op, Operand, Rounding, Source};
use crate::number::money::ExactMoney;
use crate::number::ratio::Ratio;
use crate::number::rounding::apportion;

/// Rounds what the stages before have left of every line. A line that is not rounded to its nearest
/// amount has the rounded total among the inputs of its step: it was moved for the lines to sum to
/// that.
pub(super) fn round(ledger: &mut Ledger<'_, '_>) -> Result<(), CreditError> {
    if ledger.lines.is_empty() {
        return Ok(());
    }
    let exact: Vec<Ratio> = ledger
        .lines
        .iter()
        .map(|line| line.net.amount.minor_units())
        .collect();
    if let Some(line) = ledger.lines.iter().find(|line| line.net.amount.floor().is_none()) {
        return Err(line.claim.too_large());
    }
    let total = rounded_total(ledger).ok_or(CreditError::Total)?;
    let whole = apportion(&exact).ok_or(CreditError::Total)?;
    for (index, minor_units) in whole.into_iter().enumerate() {
        let minor_units = u64::try_from(minor_units).map_err(|_| CreditError::Total)?;
        let Some(line) = ledger.lines.get_mut(index) else {
            continue;
        };
        let amount = ExactMoney::new(Ratio::whole_number(minor_units), ledger.currency);
        let before = Operand::new(Source::Step(line.net.step), line.net.amount);
        let rounding = rounding(line, amount);
        let inputs = match rounding {
            Rounding::HalfEven => Vec::new(),
            Rounding::Down | Rounding::Up => vec![Operand::new(Source::Step(total.step), total.amount)],
        };
        let path = line.claim.path.clone();
        let step = ledger.steps.push(path, Op::Round(rounding), before, inputs);
        let rounded = step.and_then(|step| Entitlement::of(&ledger.steps, step));
        let rounded = rounded.ok_or_else(|| line.claim.too_large())?;
        (line.gross, line.net) = (rounded, rounded);
    }
    Ok(())
}

fn rounded_total(ledger: &mut Ledger<'_, '_>) -> Option<Entitlement> {
    let exact = ledger.sum_of_lines("credits", |line| line.net)?;
    let before = Operand::new(Source::Step(exact.step), exact.amount);
    let step = ledger
        .steps
        .push("credits", Op::Round(Rounding::HalfEven), before, Vec::new())?;
    Entitlement::of(&ledger.steps, step)
}

/// Returns how a line was rounded to an amount.
fn rounding(line: &Line<'_>, amount: ExactMoney) -> Rounding {
    let exact = line.net.amount;
    if exact.half_even() == Some(amount) {
        Rounding::HalfEven
    } else if amount.minor_units() < exact.minor_units() {
        Rounding::Down
    } else {
        Rounding::Up
    }
}

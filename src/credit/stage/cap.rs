//! The cap of the period: lines are paid in order until it is reached; what exceeds it is withheld
//! and lost.
//!
//! This module owns how a limit is shared among lines. What the limit is a share of is left to the
//! terms.

use alloc::string::String;

use crate::credit::charges::Base;
use crate::credit::error::CreditError;
use crate::credit::ledger::{Capped, Entitlement, Ledger, Limit, Withheld};
use crate::explain::{Op, Operand, Rounding, Source};
use crate::number::money::Money;
use crate::number::ratio::Ratio;

/// Caps what the stages before have left of every line, if the agreement has a cap.
pub(super) fn cap(ledger: &mut Ledger<'_, '_>) -> Result<(), CreditError> {
    let Some(capped) = ledger.cap else { return Ok(()) };
    let (limit, at_most) = limit(ledger, capped).ok_or_else(|| capped.too_large())?;
    ledger.limit = Some(limit);
    let mut left = at_most;
    for index in 0..ledger.lines.len() {
        left = pay(ledger, index, left, capped.path).ok_or_else(|| capped.too_large())?;
    }
    Ok(())
}

/// Makes the steps of the cap itself: a share of the selected charges, rounded down.
fn limit<'a>(ledger: &mut Ledger<'_, 'a>, capped: Capped<'a>) -> Option<(Limit<'a>, Entitlement)> {
    let Capped { cap, path } = capped;
    let (base, charges) = ledger.base(&cap.of, None)?;
    let steps = &mut ledger.steps;
    let exact = steps.push(path, Op::Times, charges, vec![Operand::term(cap.at_most)])?;
    let before = steps.operand(exact)?;
    let step = steps.push(path, Op::Round(Rounding::Down), before, vec![])?;
    let at_most = Entitlement::of(steps, step)?;
    at_most.amount.money()?;
    Some((Limit { cap, base, step }, at_most))
}

/// Pays a line from what is left, and returns what is left for the next. `None` if a step has no
/// result.
fn pay(ledger: &mut Ledger<'_, '_>, index: usize, left: Entitlement, path: &str) -> Option<Entitlement> {
    let (line, steps) = (ledger.lines.get_mut(index)?, &mut ledger.steps);
    let operand = |one: Entitlement| Operand::new(Source::Step(one.step), one.amount);
    let gross = operand(line.net);
    let paid = steps.push(path, Op::Least, gross.clone(), vec![operand(left)])?;
    let paid = Entitlement::of(steps, paid)?;
    if paid.amount != line.net.amount {
        let step = steps.push(path, Op::Subtract, gross, vec![operand(paid)])?;
        line.withheld = Some(Withheld {
            step,
            left: left.step,
        });
    }
    line.net = paid;
    let rest = steps.push(
        String::from(path),
        Op::Subtract,
        operand(left),
        vec![operand(paid)],
    )?;
    Entitlement::of(steps, rest)
}

/// Returns the most that a cap lets through, without steps. `None` if it does not fit.
pub(in crate::credit) fn at_most(capped: Capped<'_>, base: &Base) -> Option<Money> {
    let exact = capped
        .cap
        .at_most
        .ratio()
        .checked_mul(base.counted.minor_units())?;
    let floor = Ratio::new(exact.floor().0, 1)?;
    crate::number::money::ExactMoney::new(floor, base.counted.currency()).money()
}

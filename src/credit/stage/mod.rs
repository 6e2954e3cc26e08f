//! Stages: what becomes of all lines together once the rules have made them.
//!
//! This module owns the list of stages and their order. Each stage is a file with one function over
//! the ledger: it reads the net amounts that the stage before has left and writes its own, with the
//! steps.

mod cap;
mod round;

use super::error::CreditError;
use super::ledger::Ledger;

pub(super) use cap::at_most;

/// A stage. It changes the lines of the ledger and adds its steps.
type Stage = for<'a> fn(&mut Ledger<'_, 'a>) -> Result<(), CreditError>;

/// The stages in the order in which they run. The cap is a whole number of minor units, so lines are
/// rounded before it: each line's gross amount is then money already, and no later stage takes a
/// fraction away.
const STAGES: &[Stage] = &[round::round, cap::cap];

/// Runs every stage.
pub(super) fn run(ledger: &mut Ledger<'_, '_>) -> Result<(), CreditError> {
    STAGES.iter().try_for_each(|stage| stage(ledger))
}

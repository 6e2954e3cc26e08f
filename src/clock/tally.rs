//! Counting outcomes: attainment as partial results that merge in any order.

use serde::Serialize;

use crate::clock::Outcome;
use crate::number::ratio::Ratio;

/// How many clocks ended how. Tallies of parts of a record add up to the tally of the whole, in any order.
///
/// # Example
///
/// ```
/// use sla::{Outcome, Ratio, Tally};
///
/// let mut tally = Tally::default();
/// for outcome in [Outcome::Met, Outcome::Met, Outcome::Breached, Outcome::Pending, Outcome::Excused] {
///     tally.count(outcome);
/// }
/// assert_eq!(tally.attained(), Ratio::new(2, 3)); // pending and excused stay outside
/// assert_eq!(tally.best(), Ratio::new(3, 4));
/// assert_eq!(tally.worst(), Ratio::new(2, 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Delivered at or before due.
    pub met: u64,
    /// Delivered later, or not yet delivered after due.
    pub breached: u64,
    /// Neither delivered nor late yet.
    pub pending: u64,
    /// Excused by an adjustment.
    pub excused: u64,
    /// Withdrawn.
    pub cancelled: u64,
    /// Without a target, or never started.
    pub not_judged: u64,
}

impl Tally {
    /// Counts one outcome.
    pub fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Met => &mut self.met,
            Outcome::Breached => &mut self.breached,
            Outcome::Pending => &mut self.pending,
            Outcome::Excused => &mut self.excused,
            Outcome::Cancelled => &mut self.cancelled,
            Outcome::NotJudged => &mut self.not_judged,
        };
        *counter = sum(*counter, 1);
    }

    /// Both tallies together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            met: sum(self.met, other.met),
            breached: sum(self.breached, other.breached),
            pending: sum(self.pending, other.pending),
            excused: sum(self.excused, other.excused),
            cancelled: sum(self.cancelled, other.cancelled),
            not_judged: sum(self.not_judged, other.not_judged),
        }
    }

    /// Met of all that are decided. `None` if none is.
    pub fn attained(&self) -> Option<Ratio> {
        ratio(&[self.met], &[self.breached])
    }

    /// The attainment if all that are pending were met.
    pub fn best(&self) -> Option<Ratio> {
        ratio(&[self.met, self.pending], &[self.breached])
    }

    /// The attainment if all that are pending were missed.
    pub fn worst(&self) -> Option<Ratio> {
        ratio(&[self.met], &[self.breached, self.pending])
    }
}

/// Adds counts. Each counted clock takes memory or time, so their number stays far below 2^64.
fn sum(left: u64, right: u64) -> u64 {
    let sum = left.checked_add(right);
    debug_assert!(sum.is_some(), "no record has 2^64 clocks");
    sum.unwrap_or(u64::MAX)
}

fn ratio(met: &[u64], missed: &[u64]) -> Option<Ratio> {
    let met: u128 = met.iter().copied().map(u128::from).sum();
    let missed: u128 = missed.iter().copied().map(u128::from).sum();
    Ratio::new(met, met.checked_add(missed)?)
}

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
        *counter = counter.saturating_add(1);
    }

    /// Both tallies together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            met: self.met.saturating_add(other.met),
            breached: self.breached.saturating_add(other.breached),
            pending: self.pending.saturating_add(other.pending),
            excused: self.excused.saturating_add(other.excused),
            cancelled: self.cancelled.saturating_add(other.cancelled),
            not_judged: self.not_judged.saturating_add(other.not_judged),
        }
    }

    /// Met of all that are decided. `None` if none is.
    pub fn attained(&self) -> Option<Ratio> {
        ratio(self.met, self.breached)
    }

    /// The attainment if all that are pending were met.
    pub fn best(&self) -> Option<Ratio> {
        ratio(self.met.saturating_add(self.pending), self.breached)
    }

    /// The attainment if all that are pending were missed.
    pub fn worst(&self) -> Option<Ratio> {
        ratio(self.met, self.breached.saturating_add(self.pending))
    }
}

fn ratio(met: u64, missed: u64) -> Option<Ratio> {
    Ratio::new(
        u128::from(met),
        u128::from(met).saturating_add(u128::from(missed)),
    )
}

//! Counting outcomes of clocks.
//!
//! This module owns which count an outcome adds to. The counts and their ratios are left to
//! `measure`.

use crate::clock::Outcome;
use crate::measure::count::AttainmentCounts;

impl AttainmentCounts {
    /// Counts one outcome.
    ///
    /// # Example: two met, one missed
    ///
    /// ```
    /// use sla::clock::Outcome;
    /// use sla::measure::AttainmentCounts;
    ///
    /// let mut counts = AttainmentCounts::default();
    /// for outcome in [Outcome::Met, Outcome::Breached, Outcome::Met] {
    ///     counts.count(outcome);
    /// }
    /// assert_eq!((counts.met, counts.breached), (2, 1));
    /// ```
    pub fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Met => &mut self.met,
            Outcome::Breached => &mut self.breached,
            Outcome::Pending => &mut self.pending,
            Outcome::Excused => &mut self.excused,
            Outcome::Cancelled => &mut self.cancelled,
            Outcome::NotJudged => &mut self.not_judged,
        };
        // Saturating: counting to the end of a `u64` takes longer than any record can be pushed.
        *counter = counter.saturating_add(1);
    }
}

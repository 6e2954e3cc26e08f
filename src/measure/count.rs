//! Counted outcomes: how many of the things a level counts ended how.
//!
//! This module owns the counts, and the ratios that follow from them. Which outcome a clock has is
//! left to `clock`.

use serde::{Deserialize, Serialize};

use crate::number::ratio::Ratio;

/// The number of clocks by outcome. The counts of the parts of a record add up to the counts of the
/// whole, in any order.
///
/// # Example: pending and excused clocks stay outside the ratio
///
/// ```
/// use sla::clock::Outcome;
/// use sla::measure::AttainmentCounts;
/// use sla::number::Ratio;
///
/// let mut tally = AttainmentCounts::default();
/// for outcome in [Outcome::Met, Outcome::Met, Outcome::Breached, Outcome::Pending, Outcome::Excused] {
///     tally.count(outcome);
/// }
/// assert_eq!(tally.attained(), Ratio::new(2, 3));
/// assert_eq!(tally.best(), Ratio::new(3, 4));
/// assert_eq!(tally.worst(), Ratio::new(2, 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct AttainmentCounts {
    /// Delivered at or before the due.
    pub met: u64,
    /// Delivered after the due, or not yet delivered although it has passed.
    pub breached: u64,
    /// Neither delivered nor late.
    pub pending: u64,
    /// Excused by an adjustment.
    pub excused: u64,
    /// Cancelled.
    pub cancelled: u64,
    /// Without a target, or never started.
    pub not_judged: u64,
}

impl AttainmentCounts {
    /// Returns the sum of two counts.
    ///
    /// # Example: two parts of a month
    ///
    /// ```
    /// use sla::clock::Outcome;
    /// use sla::measure::AttainmentCounts;
    ///
    /// let (mut first, mut second) = (AttainmentCounts::default(), AttainmentCounts::default());
    /// first.count(Outcome::Met);
    /// second.count(Outcome::Met);
    /// second.count(Outcome::Breached);
    /// let both = first.merge(second);
    /// assert_eq!((both.met, both.breached), (2, 1));
    /// ```
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        // Saturating: what is counted is held in memory, so no count comes near the end of a `u64`.
        Self {
            met: self.met.saturating_add(other.met),
            breached: self.breached.saturating_add(other.breached),
            pending: self.pending.saturating_add(other.pending),
            excused: self.excused.saturating_add(other.excused),
            cancelled: self.cancelled.saturating_add(other.cancelled),
            not_judged: self.not_judged.saturating_add(other.not_judged),
        }
    }

    /// Returns the share of the decided clocks that met their target, or `None` if none is decided.
    ///
    /// # Example: nothing decided yet
    ///
    /// ```
    /// use sla::clock::Outcome;
    /// use sla::measure::AttainmentCounts;
    /// use sla::number::Ratio;
    ///
    /// let mut counts = AttainmentCounts::default();
    /// counts.count(Outcome::Pending);
    /// assert_eq!(counts.attained(), None);
    /// counts.count(Outcome::Met);
    /// assert_eq!(counts.attained(), Ratio::new(1, 1));
    /// ```
    pub fn attained(&self) -> Option<Ratio> {
        ratio(self.met.into(), self.breached.into())
    }

    /// Returns the attainment if every pending clock were met.
    ///
    /// # Example: one missed, one pending
    ///
    /// ```
    /// use sla::clock::Outcome;
    /// use sla::measure::AttainmentCounts;
    /// use sla::number::Ratio;
    ///
    /// let mut counts = AttainmentCounts::default();
    /// counts.count(Outcome::Breached);
    /// counts.count(Outcome::Pending);
    /// assert_eq!(counts.best(), Ratio::new(1, 2));
    /// ```
    pub fn best(&self) -> Option<Ratio> {
        ratio(sum(self.met, self.pending), self.breached.into())
    }

    /// Returns the attainment if every pending clock were missed.
    ///
    /// # Example: one met, one pending
    ///
    /// ```
    /// use sla::clock::Outcome;
    /// use sla::measure::AttainmentCounts;
    /// use sla::number::Ratio;
    ///
    /// let mut counts = AttainmentCounts::default();
    /// counts.count(Outcome::Met);
    /// counts.count(Outcome::Pending);
    /// assert_eq!(counts.worst(), Ratio::new(1, 2));
    /// ```
    pub fn worst(&self) -> Option<Ratio> {
        ratio(self.met.into(), sum(self.breached, self.pending))
    }
}

/// Cannot wrap: two `u64` fit a `u128`.
fn sum(left: u64, right: u64) -> u128 {
    u128::from(left).wrapping_add(right.into())
}

fn ratio(met: u128, missed: u128) -> Option<Ratio> {
    Ratio::new(met, met.checked_add(missed)?)
}

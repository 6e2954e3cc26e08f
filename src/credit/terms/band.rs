//! Bands: ranges of measured percentages with explicit bounds, and the credit that each gives.
//!
//! This module owns what a band holds and when one is impossible. What becomes of several that hold
//! what was measured is left to the rule of bands.

use core::fmt;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::limits::BANDS_MAX;
use crate::number::percentage::Percentage;
use crate::number::ratio::Ratio;

/// How many positions there are from 0 to 100 %: see [`Ratio::position`].
const POSITIONS: u128 = 200_000_000_001;

/// A band of measured percentages and the credit it gives. The name of each bound says whether the
/// bound itself belongs to the band.
///
/// # Example: 10 % below 99.9 %, and another band below 99.0 %
///
/// ```
/// use sla::credit::Band;
/// use sla::number::Ratio;
///
/// let upper = Band::paying("10 %".parse()?)
///     .with_at_least("99.0 %".parse()?)
///     .with_below("99.9 %".parse()?);
/// let percent = |tenths| Ratio::new(tenths, 1_000).unwrap();
/// assert!(upper.holds(&percent(990)));
/// assert!(!upper.holds(&percent(999)));
/// assert_eq!(upper.to_string(), "at least 99.0 % and below 99.9 %");
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Band {
    /// The inclusive lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Percentage>,
    /// The exclusive lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Percentage>,
    /// The exclusive upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Percentage>,
    /// The inclusive upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Percentage>,
    /// The credit, as a share of the selected charges.
    pub pays: Percentage,
}

impl Band {
    /// Creates a band without bounds that gives the credit `pays`.
    ///
    /// # Example: half the fee below 95 %
    ///
    /// ```
    /// use sla::credit::Band;
    /// use sla::number::Percentage;
    ///
    /// let band = Band::paying(Percentage::basis_points(5_000)).with_below(Percentage::basis_points(9_500));
    /// assert_eq!(band.to_string(), "below 95 %");
    /// ```
    pub fn paying(pays: Percentage) -> Self {
        Self {
            at_least: None,
            above: None,
            below: None,
            at_most: None,
            pays,
        }
    }

    /// Returns the band with an inclusive lower bound.
    ///
    /// # Example: from 99 % on
    ///
    /// ```
    /// use sla::credit::Band;
    ///
    /// let band = Band::paying("10 %".parse()?).with_at_least("99 %".parse()?);
    /// assert_eq!(band.to_string(), "at least 99 %");
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_at_least(self, bound: Percentage) -> Self {
        let at_least = Some(bound);
        Self { at_least, ..self }
    }

    /// Returns the band with an exclusive lower bound.
    ///
    /// # Example: above 99 %
    ///
    /// ```
    /// use sla::credit::Band;
    /// use sla::number::Percentage;
    ///
    /// let bound: Percentage = "99 %".parse()?;
    /// let band = Band::paying("10 %".parse()?).with_above(bound);
    /// assert!(!band.holds(&bound.ratio()));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_above(self, bound: Percentage) -> Self {
        let above = Some(bound);
        Self { above, ..self }
    }

    /// Returns the band with an exclusive upper bound.
    ///
    /// # Example: below 99.9 %
    ///
    /// ```
    /// use sla::credit::Band;
    /// use sla::number::Percentage;
    ///
    /// let bound: Percentage = "99.9 %".parse()?;
    /// let band = Band::paying("10 %".parse()?).with_below(bound);
    /// assert!(!band.holds(&bound.ratio()));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_below(self, bound: Percentage) -> Self {
        let below = Some(bound);
        Self { below, ..self }
    }

    /// Returns the band with an inclusive upper bound.
    ///
    /// # Example: up to 99.9 %
    ///
    /// ```
    /// use sla::credit::Band;
    /// use sla::number::Percentage;
    ///
    /// let bound: Percentage = "99.9 %".parse()?;
    /// let band = Band::paying("10 %".parse()?).with_at_most(bound);
    /// assert!(band.holds(&bound.ratio()));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_at_most(self, bound: Percentage) -> Self {
        let at_most = Some(bound);
        Self { at_most, ..self }
    }

    /// Reports whether a measured ratio lies in the band. Nothing is divided or rounded.
    ///
    /// # Example: just below the bound
    ///
    /// ```
    /// use sla::credit::Band;
    /// use sla::number::Ratio;
    ///
    /// let band = Band::paying("10 %".parse()?).with_below("99.9 %".parse()?);
    /// assert!(band.holds(&Ratio::new(998_999, 1_000_000).unwrap()));
    /// assert!(!band.holds(&Ratio::new(999, 1_000).unwrap()));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn holds(&self, measured: &Ratio) -> bool {
        let lower = self.at_least.is_none_or(|bound| *measured >= bound.ratio())
            && self.above.is_none_or(|bound| *measured > bound.ratio());
        let upper = self.below.is_none_or(|bound| *measured < bound.ratio())
            && self.at_most.is_none_or(|bound| *measured <= bound.ratio());
        lower && upper
    }

    fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.at_least.is_some() && self.above.is_some() {
            problems.push(
                "above",
                "expected one lower bound, found both `at_least` and `above`",
            );
        }
        if self.below.is_some() && self.at_most.is_some() {
            problems.push(
                "at_most",
                "expected one upper bound, found both `below` and `at_most`",
            );
        }
        for (word, bound) in self.bounds() {
            if bound.is_above_whole() {
                problems.push(
                    word,
                    format!("expected a percentage of at most 100 %, found `{bound}`"),
                );
            }
        }
        let (lower, upper) = (self.at_least.or(self.above), self.below.or(self.at_most));
        if lower.is_none() && upper.is_none() {
            problems.push("", "expected at least one bound, found none");
        }
        if (lower.is_some() || upper.is_some()) && self.positions().is_empty() {
            problems.push("", format!("no percentage is {self}"));
        }
        problems.finish()
    }

    /// Returns the positions between percentages that the band holds, none beyond 100 %.
    pub(in crate::credit) fn positions(&self) -> Range<u128> {
        let at = |bound: Percentage| bound.ratio().position();
        // The position of a percentage is even; what lies between it and the next has the odd one after it.
        let after = |bound: Percentage| bound.ratio().position() | 1;
        let start = self.at_least.map_or(0, at).max(self.above.map_or(0, after));
        let end = self.below.map_or(POSITIONS, at);
        start..end.min(self.at_most.map_or(POSITIONS, after))
    }

    /// Returns the bounds that it has, each with the term that states it.
    fn bounds(&self) -> impl Iterator<Item = (&'static str, Percentage)> {
        let bounds = [
            ("at_least", self.at_least),
            ("above", self.above),
            ("below", self.below),
            ("at_most", self.at_most),
        ];
        bounds
            .into_iter()
            .filter_map(|(word, bound)| Some((word, bound?)))
    }

    /// Returns how many decimals its bounds are written with.
    fn decimals(&self) -> u32 {
        self.bounds().map(|(_, bound)| bound.decimals()).fold(0, u32::max)
    }
}

/// The bounds in words: `at least 99 % and below 99.9 %`.
impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (term, bound)) in self.bounds().enumerate() {
            let and = if index > 0 { " and " } else { "" };
            write!(f, "{and}{} {bound}", term.replace('_', " "))?;
        }
        Ok(())
    }
}

canonical_struct!(Band {
    at_least,
    above,
    below,
    at_most,
    pays
});

/// Finds what contradicts itself in the bands of a level.
pub(super) fn check(problems: &mut ProblemList, bands: &[Band]) {
    if bands.is_empty() {
        problems.push("bands", "expected at least one band, found none");
    }
    if bands.len() > BANDS_MAX {
        let what = format!("expected at most {BANDS_MAX} bands, found {}", bands.len());
        problems.push("bands", what);
    }
    for (index, band) in bands.iter().enumerate().take(BANDS_MAX) {
        if let Err(found) = band.check() {
            problems.extend(&format!("bands[{index}]"), &found);
        }
    }
}

/// Returns how many decimals the bounds of any band need.
pub(crate) fn decimals(bands: &[Band]) -> u32 {
    bands.iter().map(Band::decimals).fold(0, u32::max)
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "tests may panic and compute freely"
)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::{Band, Percentage};
    use crate::number::ratio::Ratio;

    /// A percentage in steps of 10⁻⁹ %, near the ends and in the middle.
    fn bound() -> impl Strategy<Value = Option<u64>> {
        let near = prop_oneof![
            0..3_u64,
            50_000_000_000..50_000_000_003_u64,
            99_999_999_998..=100_000_000_000_u64
        ];
        proptest::option::of(near)
    }

    fn percentage(units: u64) -> Percentage {
        let text = format!("{}.{:09} %", units / 1_000_000_000, units % 1_000_000_000);
        text.parse().unwrap()
    }

    proptest! {
        /// A band holds a ratio if and only if it holds its position, and one that is refused holds
        /// none.
        #[test]
        fn positions_hold_what_ratios_say(
            bounds in (bound(), bound(), bound(), bound()),
            near in prop_oneof![0..4_u128, 50_000_000_000..50_000_000_004_u128, 99_999_999_997..=100_000_000_000_u128],
            between in 0..3_u128,
        ) {
            let mut band = Band::paying(Percentage::basis_points(100));
            let (at_least, above, below, at_most) = bounds;
            for (bound, with) in [
                (at_least, Band::with_at_least as fn(Band, Percentage) -> Band),
                (above, Band::with_above),
                (below, Band::with_below),
                (at_most, Band::with_at_most),
            ] {
                if let Some(bound) = bound {
                    band = with(band, percentage(bound));
                }
            }
            let part = (near * 3 + between).min(300_000_000_000);
            let ratio = Ratio::new(part, 300_000_000_000).unwrap();
            let positions = band.positions();
            prop_assert_eq!(band.holds(&ratio), positions.contains(&ratio.position()), "{} of {}", ratio, band);
            if let Err(problems) = band.check() {
                let empty: Vec<_> = problems.iter().filter(|one| one.what().starts_with("no percentage")).collect();
                prop_assert!(empty.is_empty() || positions.is_empty(), "{}", problems.to_string());
            } else {
                prop_assert!(!positions.is_empty());
            }
        }
    }
}

//! Bands: ranges of measured percentages with explicit bounds, and the credit that each gives.
//!
//! This module owns what a band holds and when one is impossible. What becomes of several that hold what was measured is
//! left to the rule of bands.

use core::fmt;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{ParseError, ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::limits::BANDS_MAX;
use crate::number::ratio::{Ratio, Share, Target};

/// How many positions there are from 0 to 100 %: see [`Ratio::position`].
const POSITIONS: u128 = 200_000_000_001;

/// A band of measured percentages and the credit it gives. Each side says whether the bound itself belongs to it.
///
/// # Example
///
/// ```
/// use sla::{Band, Ratio};
///
/// // Published as "10 % below 99.9 %, 25 % below 99.0 %".
/// let lower = Band::of("10")?.with_at_least("99.0")?.with_below("99.9")?;
/// let percent = |tenths| Ratio::new(tenths, 1_000).unwrap();
/// assert!(lower.holds(&percent(990)));
/// assert!(!lower.holds(&percent(999)));
/// assert_eq!(lower.to_string(), "at least 99 % and below 99.9 %");
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Band {
    /// The lower bound, inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Target>,
    /// The lower bound, outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Target>,
    /// The upper bound, outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Target>,
    /// The upper bound, inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Target>,
    /// The credit, in percent of the selected charges.
    pub credit: Share,
}

impl Band {
    /// A band without bounds that gives a credit of so many percent.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Share::percent`].
    pub fn of(credit: &str) -> Result<Self, ParseError> {
        let credit = Share::percent(credit)?;
        Ok(Self {
            at_least: None,
            above: None,
            below: None,
            at_most: None,
            credit,
        })
    }

    /// The same band from a percentage on, which belongs to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_at_least(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            at_least: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band above a percentage, which does not belong to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_above(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            above: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band below a percentage, which does not belong to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_below(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            below: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band up to a percentage, which belongs to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_at_most(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            at_most: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// Whether a measured fraction lies in the band. Decided without division.
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
        let at = |bound: Target| bound.ratio().position();
        // The position of a percentage is even; what lies between it and the next has the odd one after it.
        let after = |bound: Target| bound.ratio().position() | 1;
        let start = self.at_least.map_or(0, at).max(self.above.map_or(0, after));
        let end = self.below.map_or(POSITIONS, at);
        start..end.min(self.at_most.map_or(POSITIONS, after))
    }

    /// Returns how many decimals its bounds need.
    fn decimals(&self) -> u32 {
        let bounds = [self.at_least, self.above, self.below, self.at_most];
        bounds
            .into_iter()
            .flatten()
            .map(|bound| bound.decimals())
            .fold(0, u32::max)
    }
}

/// The bounds in words: `at least 99 % and below 99.9 %`.
impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = [
            ("at least", self.at_least),
            ("above", self.above),
            ("below", self.below),
            ("at most", self.at_most),
        ];
        let mut first = true;
        for (word, bound) in bounds
            .into_iter()
            .filter_map(|(word, bound)| Some((word, bound?)))
        {
            if !first {
                f.write_str(" and ")?;
            }
            first = false;
            write!(f, "{word} {bound} %")?;
        }
        Ok(())
    }
}

canonical_struct!(Band {
    at_least,
    above,
    below,
    at_most,
    credit
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

    use super::Band;
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

    fn text(units: u64) -> alloc::string::String {
        format!("{}.{:09}", units / 1_000_000_000, units % 1_000_000_000)
    }

    proptest! {
        /// A band holds a ratio if and only if it holds its position, and one that is refused holds none.
        #[test]
        fn positions_hold_what_ratios_say(
            bounds in (bound(), bound(), bound(), bound()),
            near in prop_oneof![0..4_u128, 50_000_000_000..50_000_000_004_u128, 99_999_999_997..=100_000_000_000_u128],
            between in 0..3_u128,
        ) {
            let mut band = Band::of("1").unwrap();
            let (at_least, above, below, at_most) = bounds;
            for (bound, with) in [
                (at_least, Band::with_at_least as fn(Band, &str) -> _),
                (above, Band::with_above),
                (below, Band::with_below),
                (at_most, Band::with_at_most),
            ] {
                if let Some(bound) = bound {
                    band = with(band, &text(bound)).unwrap();
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

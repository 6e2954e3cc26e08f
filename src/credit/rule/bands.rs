//! The rule of bands: what is measured falls into a band, and the band gives a share of the charges.
//!
//! This module owns bands, what they hold, and the credit that they give. Where several bands hold what was measured,
//! the highest credit counts, and only that one.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::credit::assess::{Claim, Entitlement, Ledger};
use crate::credit::charges::Base;
use crate::credit::error::CreditError;
use crate::error::{ParseError, ProblemList, Problems};
use crate::explain::{Edge, Op, Operand, Source};
use crate::fingerprint::canonical_struct;
use crate::level::Verdict;
use crate::number::ratio::{Ratio, Share, Target};

pub(super) const RULE: Rule = Rule { entitle, range };

/// The most bands of one level.
const BANDS_MAX: usize = 100;

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
#[serde(deny_unknown_fields)]
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

    pub(super) fn check(&self) -> Result<(), Problems> {
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
    fn positions(&self) -> Range<u128> {
        let at = |bound: Target| bound.ratio().position();
        // The position of a percentage is even; what lies between it and the next has the odd one after it.
        let after = |bound: Target| bound.ratio().position() | 1;
        let start = self.at_least.map_or(0, at).max(self.above.map_or(0, after));
        let end = self.below.map_or(POSITIONS, at);
        start..end.min(self.at_most.map_or(POSITIONS, after))
    }

    /// Returns what a step needs that says that the measured fraction lies in the band.
    fn step(&self, measured: Ratio) -> (Op, Operand, Vec<Operand>) {
        let edge = |inside: Option<Target>, outside: Option<Target>| match (inside, outside) {
            (Some(bound), _) => Some((Edge::Inside, bound)),
            (None, Some(bound)) => Some((Edge::Outside, bound)),
            (None, None) => None,
        };
        let (lower, upper) = (edge(self.at_least, self.above), edge(self.at_most, self.below));
        let bounds = [lower, upper]
            .into_iter()
            .flatten()
            .map(|(_, bound)| Share::from(bound));
        let op = Op::Band {
            lower: lower.map(|(edge, _)| edge),
            upper: upper.map(|(edge, _)| edge),
        };
        let inputs = bounds.chain([self.credit]).map(Operand::term).collect();
        (op, Operand::new(Source::Measurement, measured), inputs)
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
pub(in crate::credit) fn check(problems: &mut ProblemList, bands: &[Band]) {
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

/// Makes the share of the charges that the bands give. A default that no band holds gives nothing, and says so; what is
/// met and in no band needs no line.
fn entitle<'a>(
    claim: &'a Claim<'a>,
    measured: Ratio,
    ledger: &mut Ledger<'_, 'a>,
) -> Result<Option<Entitlement>, CreditError> {
    let bands = claim.terms.bands.iter().enumerate();
    let holding: Vec<(usize, &Band)> = bands.filter(|(_, band)| band.holds(&measured)).collect();
    if holding.is_empty() && claim.verdict != Verdict::Breached {
        return Ok(None);
    }
    let base = ledger.base(&claim.terms.of, claim.entity);
    let (_, base) = base.ok_or_else(|| claim.base_too_large())?;
    let steps = &mut ledger.steps;
    let too_large = || claim.too_large();
    let mut shares = Vec::with_capacity(holding.len());
    for (index, band) in holding {
        let (op, before, inputs) = band.step(measured);
        let path = format!("{}.bands[{index}]", claim.path);
        let step = steps.push(path, op, before, inputs).ok_or_else(too_large)?;
        shares.push(steps.operand(step).ok_or_else(too_large)?);
    }
    let share = match <[Operand; 1]>::try_from(shares) {
        Ok([only]) => only,
        Err(shares) => {
            let path = format!("{}.bands", claim.path);
            let greatest = steps.push(path, Op::Greatest, Operand::term(Share::default()), shares);
            greatest
                .and_then(|step| steps.operand(step))
                .ok_or_else(too_large)?
        }
    };
    let share_of = steps.push(claim.path.clone(), Op::Times, base, vec![share]);
    let entitlement = share_of.and_then(|step| Entitlement::of(steps, step));
    entitlement.map(Some).ok_or_else(too_large)
}

/// Looks up every band that meets the range, and every gap between them. A gap gives nothing.
fn range(claim: &Claim<'_>, base: &Base, least: Ratio, most: Ratio) -> Option<(Ratio, Ratio)> {
    let (first, last) = (least.min(most).position(), least.max(most).position());
    let bands: Vec<(Range<u128>, Share)> = claim
        .terms
        .bands
        .iter()
        .map(|band| (band.positions(), band.credit))
        .collect();
    // Between two places at which a band begins or ends, all measurements give the same.
    let ends = bands.iter().flat_map(|(held, _)| [held.start, held.end]);
    let places = ends.filter(|place| first < *place && *place <= last);
    let credit_at = |place: u128| {
        let holding = bands.iter().filter(|(held, _)| held.contains(&place));
        holding
            .map(|(_, credit)| *credit)
            .fold(Share::default(), Share::max)
    };
    let at_first = credit_at(first);
    let (low, high) = places
        .map(credit_at)
        .fold((at_first, at_first), |(low, high), credit| {
            (low.min(credit), high.max(credit))
        });
    let counted = base.counted.minor_units();
    Some((
        low.ratio().checked_mul(counted)?,
        high.ratio().checked_mul(counted)?,
    ))
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

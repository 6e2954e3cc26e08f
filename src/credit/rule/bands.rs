//! The rule of bands: what was measured falls into a band, and the band gives a share of the
//! charges.
//!
//! This module owns which band counts. Where several bands hold what was measured, the highest
//! credit counts, and only that one.

use alloc::vec::Vec;
use core::ops::Range;

use crate::credit::charges::Base;
use crate::credit::error::CreditError;
use crate::credit::ledger::{Claim, Entitlement, Ledger};
use crate::credit::terms::Band;
use crate::explain::{Edge, Op, Operand, Source};
use crate::level::Verdict;
use crate::number::percentage::Percentage;
use crate::number::ratio::Ratio;

/// Makes the share of the charges that the bands give. A default that no band holds gives nothing,
/// and says so; what is met and in no band needs no line.
pub(super) fn entitle<'a>(
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
        let (op, before, inputs) = band_step(band, measured);
        let path = format!("{}.bands[{index}]", claim.path);
        let step = steps.push(path, op, before, inputs).ok_or_else(too_large)?;
        shares.push(steps.operand(step).ok_or_else(too_large)?);
    }
    let share = match <[Operand; 1]>::try_from(shares) {
        Ok([only]) => only,
        Err(shares) => {
            let path = format!("{}.bands", claim.path);
            let greatest = steps.push(path, Op::Greatest, Operand::term(Percentage::default()), shares);
            greatest
                .and_then(|step| steps.operand(step))
                .ok_or_else(too_large)?
        }
    };
    let share_of = steps.push(claim.path.clone(), Op::Times, base, vec![share]);
    let entitlement = share_of.and_then(|step| Entitlement::of(steps, step));
    entitlement.map(Some).ok_or_else(too_large)
}

/// Returns what a step needs that says that the measured fraction lies in the band.
fn band_step(band: &Band, measured: Ratio) -> (Op, Operand, Vec<Operand>) {
    let edge = |inside: Option<Percentage>, outside: Option<Percentage>| match (inside, outside) {
        (Some(bound), _) => Some((Edge::Inside, bound)),
        (None, Some(bound)) => Some((Edge::Outside, bound)),
        (None, None) => None,
    };
    let (lower, upper) = (edge(band.at_least, band.above), edge(band.at_most, band.below));
    let bounds = [lower, upper].into_iter().flatten().map(|(_, bound)| bound);
    let op = Op::Band {
        lower: lower.map(|(edge, _)| edge),
        upper: upper.map(|(edge, _)| edge),
    };
    let inputs = bounds.chain([band.pays]).map(Operand::term).collect();
    (op, Operand::new(Source::Measurement, measured), inputs)
}

/// Looks up every band that meets the range, and every gap between them. A gap gives nothing.
pub(super) fn range(
    claim: &Claim<'_>,
    base: &Base,
    least: Ratio,
    most: Ratio,
) -> Result<Option<(Ratio, Ratio)>, CreditError> {
    let (first, last) = (least.min(most).position(), least.max(most).position());
    let bands: Vec<(Range<u128>, Percentage)> = claim
        .terms
        .bands
        .iter()
        .map(|band| (band.positions(), band.pays))
        .collect();
    // Between two places at which a band begins or ends, all measurements give the same.
    let ends = bands.iter().flat_map(|(held, _)| [held.start, held.end]);
    let places = ends.filter(|place| first < *place && *place <= last);
    let credit_at = |place: u128| {
        let holding = bands.iter().filter(|(held, _)| held.contains(&place));
        holding
            .map(|(_, credit)| *credit)
            .fold(Percentage::default(), Percentage::max)
    };
    let at_first = credit_at(first);
    let (low, high) = places
        .map(credit_at)
        .fold((at_first, at_first), |(low, high), credit| {
            (low.min(credit), high.max(credit))
        });
    let share = |share: Percentage| share.ratio().checked_mul(base.counted.minor_units());
    let range = share(low).zip(share(high)).ok_or_else(|| claim.too_large())?;
    Ok(Some(range))
}

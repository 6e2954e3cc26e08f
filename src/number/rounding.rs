//! Rounding: the one step in which exact amounts become whole minor units.
//!
//! This module owns [`apportion`], through which every exact amount of a statement becomes money, once. Which amounts
//! there are is left to `credit`.

use alloc::vec::Vec;

use crate::number::ratio::Ratio;

/// Rounds exact amounts in minor units to whole ones: the one rounding step of the crate.
///
/// The **total** is rounded, half to even. Each line gets its amount rounded down; the minor units still missing
/// go one each to the lines with the largest remainders, the earlier line first. So the lines sum to the total.
/// `None` if anything does not fit.
pub(crate) fn apportion(exact: &[Ratio]) -> Option<Vec<i64>> {
    let mut total = Ratio::ZERO;
    let mut floors: Vec<i64> = Vec::with_capacity(exact.len());
    let mut floor_sum: i64 = 0;
    for amount in exact {
        total = total.checked_add(*amount)?;
        let floor = i64::try_from(amount.floor().0).ok()?;
        floor_sum = floor_sum.checked_add(floor)?;
        floors.push(floor);
    }
    let rounded = i64::try_from(round_half_even(total)?).ok()?;
    let missing = usize::try_from(rounded.checked_sub(floor_sum)?).ok()?;
    let mut by_remainder: Vec<(Ratio, usize)> = exact
        .iter()
        .enumerate()
        .map(|(index, amount)| (amount.floor().1, index))
        .collect();
    by_remainder.sort_by(|(left, left_index), (right, right_index)| {
        right.cmp(left).then(left_index.cmp(right_index))
    });
    for (_, index) in by_remainder.into_iter().take(missing) {
        let line = floors.get_mut(index)?;
        *line = line.checked_add(1)?;
    }
    Some(floors)
}

/// Returns a number rounded to a whole one, from the middle to the even one.
pub(super) fn round_half_even(amount: Ratio) -> Option<u128> {
    let (floor, rest) = amount.floor();
    let up = match rest.part().checked_mul(2)?.cmp(&rest.whole()) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => floor % 2 == 1,
        core::cmp::Ordering::Greater => true,
    };
    floor.checked_add(u128::from(up))
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::cast_lossless,
    reason = "tests may panic and compute freely"
)]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::apportion;
    use crate::number::ratio::Ratio;

    /// Amounts over one shared whole, so that plain integers can recompute everything.
    fn over(whole: u128, parts: &[u128]) -> Vec<Ratio> {
        parts
            .iter()
            .map(|part| Ratio::new(*part, whole).unwrap())
            .collect()
    }

    #[test]
    fn rounds_the_total_half_to_even() {
        for (parts, lines) in [
            (vec![], vec![]),
            (vec![0], vec![0]),
            (vec![50], vec![0]),                      // 0.5: the even neighbour is 0
            (vec![150], vec![2]),                     // 1.5: the even neighbour is 2
            (vec![250], vec![2]),                     // 2.5: the even neighbour is 2
            (vec![251], vec![3]),                     // a hundredth above the half
            (vec![249], vec![2]),                     // a hundredth below the half
            (vec![50, 50], vec![1, 0]),               // two halves are one, to the earlier line
            (vec![150, 250], vec![2, 2]),             // 4.0 exactly
            (vec![30, 30, 40], vec![0, 0, 1]),        // the largest remainder gets it
            (vec![33, 33, 33], vec![1, 0, 0]),        // 0.99 is 1
            (vec![100, 100], vec![1, 1]),             // nothing to round
            (vec![70, 70, 10, 50], vec![1, 1, 0, 0]), // 2.00: two units to the two largest
        ] {
            assert_eq!(apportion(&over(100, &parts)), Some(lines), "{parts:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let max = u128::try_from(i64::MAX).unwrap();
        assert_eq!(apportion(&over(1, &[max])), Some(vec![i64::MAX]));
        assert_eq!(apportion(&over(1, &[max + 1])), None);
        assert_eq!(apportion(&over(1, &[max, 1])), None);
        assert_eq!(apportion(&over(2, &[max * 2 + 1])), None); // rounds up to 2⁶³
    }

    proptest! {
        /// The lines sum to the half-even rounded total, each is its amount rounded down or one more, and no line
        /// that got one more had a smaller remainder, or an equal one further down, than a line that did not.
        #[test]
        fn nothing_is_lost(whole in 1_u128..2_000, parts in proptest::collection::vec(0_u128..1_000_000, 0..12)) {
            let lines = apportion(&over(whole, &parts)).unwrap();
            let total: u128 = parts.iter().sum();
            let (floor, twice) = (total / whole, total % whole * 2);
            let up = twice > whole || (twice == whole && floor % 2 == 1);
            let sum: i128 = lines.iter().map(|line| *line as i128).sum();
            prop_assert_eq!(sum, i128::try_from(floor).unwrap() + i128::from(up));

            let raised: Vec<bool> = lines
                .iter()
                .zip(&parts)
                .map(|(line, part)| u128::try_from(*line).unwrap() - part / whole == 1)
                .collect();
            for (index, line) in lines.iter().enumerate() {
                let least = i64::try_from(parts[index] / whole).unwrap();
                prop_assert!(*line == least || *line == least + 1);
                for other in 0..lines.len() {
                    let (mine, theirs) = (parts[index] % whole, parts[other] % whole);
                    if raised[index] && !raised[other] {
                        prop_assert!(mine > theirs || (mine == theirs && index < other));
                    }
                }
            }
        }

        /// Different wholes: the sum of the fractions is exact, so the order of the lines does not change the sum.
        #[test]
        fn the_total_does_not_depend_on_the_order(
            amounts in proptest::collection::vec((0_u128..1_000_000, 1_u128..60), 0..8),
        ) {
            let exact: Vec<Ratio> = amounts.iter().map(|(part, whole)| Ratio::new(*part, *whole).unwrap()).collect();
            let backwards: Vec<Ratio> = exact.iter().rev().copied().collect();
            let sum = |lines: Option<Vec<i64>>| lines.map(|lines| lines.iter().sum::<i64>());
            prop_assert_eq!(sum(apportion(&exact)), sum(apportion(&backwards)));
        }
    }
}

//! Service credits: what a finding costs the provider, to the minor unit, with the reason.
//!
//! This module owns the terms of credits (bands, the charges they are a share of, caps) and their assessment. It
//! leaves measuring and judging to the layers below.
//!
//! # The order of steps
//!
//! 1. **Band**: the measured fraction is looked up, exactly. Where several bands hold it, the highest credit counts,
//!    and only that one.
//! 2. **Gross**: the band's share of the selected charges, exactly.
//! 3. **Round**: the total of all lines once, half to even; the lines by largest remainder, so that they sum to it.
//! 4. **Cap**: a share of the period's charges, rounded down to the minor unit. Lines are paid in order until it is
//!    reached; what exceeds it is withheld and lost.
//!
//! On every line `gross − withheld = net`. Since the cap is a whole number of minor units, capping after rounding
//! gives the same total as rounding last.

mod assess;
mod terms;

pub(crate) use assess::{Charges, Claim, assess, is_counted};
pub use assess::{CreditLine, Totals};
pub use terms::{Band, Cap, CreditTerms, Selector};

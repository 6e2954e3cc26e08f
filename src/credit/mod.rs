//! Service credits: what a finding costs the provider, to the minor unit, with every step.
//!
//! This module owns the terms of credits (rules, the charges they are a share of, caps) and their
//! assessment. It leaves measuring and judging to the layers below, and sentences to `statement`.
//!
//! # The order of steps
//!
//! 1. **Base**: the recurring charges that the terms select, exactly.
//! 2. **Rule**: what was measured is looked up, exactly, and gives a share of the base.
//! 3. **Rounding**: the total of all lines is rounded once, half to even. The lines are rounded by
//!    largest remainder, so that they sum to it.
//! 4. **Cap**: a share of the period's charges. The cap itself is rounded down to the minor unit.
//!    Lines are paid in the order of the statement until the cap is reached; what exceeds it is
//!    withheld and lost.
//!
//! On every line `gross − withheld = net`. Since the cap is a whole number of minor units, capping
//! after rounding gives the same total as rounding last.

mod assess;
mod charges;
mod error;
mod ledger;
mod outlook;
mod rule;
mod stage;
mod terms;

pub(crate) use assess::{Assessment, assess};
pub(crate) use charges::{Base, Bases, Charges, is_counted};
pub(crate) use error::CreditError;
pub(crate) use ledger::{Capped, Claim, Entitlement, Line, ToCome};
pub(crate) use outlook::total_range;
pub(crate) use terms::decimals;
pub use terms::{Band, Cap, ChargeFilter, CreditTerms};

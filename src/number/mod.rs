//! Numbers: exact ratios, percentages, money, and the value that any of them is.
//!
//! This module owns exact arithmetic: comparisons never divide, and money is rounded in one place. What is measured
//! and what it is compared with is left to the modules above.

pub(crate) mod money;
pub(crate) mod percentage;
pub(crate) mod ratio;
pub(crate) mod rounding;
pub(crate) mod value;

pub use money::{Currency, ExactMoney, Money};
pub use percentage::{Percentage, Target};
pub use ratio::Ratio;
pub use value::Value;

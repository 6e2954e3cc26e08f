//! Where a compiled calendar keeps its answers: open time by week, and business days by date.
//!
//! This module owns look-ups and how what they read is kept. What is open, and until when that is known, is left to
//! `compile`.

pub(crate) mod open_time;
pub(crate) mod pages;
pub(crate) mod stretches;
pub(crate) mod workdays;

//! Tests that look into a compiled calendar.
//!
//! This module owns what they share. What can be seen from outside is tested outside.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod alike_weeks;
mod composites;
mod identity;
mod look_ups;

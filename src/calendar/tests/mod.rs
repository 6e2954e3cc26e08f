//! Tests that look into a compiled calendar.
//!
//! This module owns what they share. What can be seen from outside is tested outside.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod alike_weeks;
mod identity;
mod look_ups;

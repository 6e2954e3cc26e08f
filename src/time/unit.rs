//! How long the units of time are, each stated once.
//!
//! This module owns these lengths. All are `i64`, as seconds of the time line are; where a length without a sign is
//! wanted, `unsigned_abs` gives it, also in a constant.

pub(crate) const NANOS_PER_SECOND: i64 = 1_000_000_000;
pub(crate) const SECONDS_PER_MINUTE: i64 = 60;
pub(crate) const SECONDS_PER_HOUR: i64 = 3_600;
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;
pub(crate) const SECONDS_PER_WEEK: i64 = 604_800;

/// A length as the `u32` in which seconds of a day or of a week are kept.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "const, and asserted in the constants that use it: a week has fewer seconds than a `u32` holds"
)]
pub(crate) const fn narrow(seconds: i64) -> u32 {
    assert!(0 <= seconds && seconds <= SECONDS_PER_WEEK);
    seconds as u32
}

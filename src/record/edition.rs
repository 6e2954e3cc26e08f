//! Editions of a fact: which revision it is, as a document says it.
//!
//! This module owns that the first edition need not say so. Which edition holds is left to `store`.

/// Reports whether a revision is the first, which is left out where it is written.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field over by reference"
)]
pub(super) fn is_first(revision: &u64) -> bool {
    *revision == 0
}

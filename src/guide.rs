//! The guide: short chapters on how the parts fit together. It has no code of its own.

#[doc = include_str!("guide/agreement.md")]
pub mod agreement {}

#[doc = include_str!("guide/clocks.md")]
pub mod clocks {}

#[doc = include_str!("guide/determinism.md")]
pub mod determinism {}

#[doc = include_str!("guide/terms.md")]
pub mod terms {}

#[doc = include_str!("guide/time.md")]
pub mod time {}

//! The questions that a compiled calendar answers.
//!
//! This module owns what a question beyond what is known is told. The answers are kept in `table`, their reasons are found by
//! `compile`.

pub(crate) mod batch;
pub(crate) mod business;
pub(crate) mod calendar;
pub(crate) mod entrance;
pub(crate) mod explain;
pub(crate) mod explained;
pub(crate) mod identity;
pub(crate) mod local;
pub(crate) mod query;

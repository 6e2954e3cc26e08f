//! From terms to instants: which hours run when, what is known, and why.
//!
//! This module owns the step from terms to the time line. What an agreement may say is left to `terms`, how look-ups are made
//! to `table`, and the questions to `ask`.

pub(crate) mod compiled;
pub(crate) mod composite;
pub(crate) mod coverage;
pub(crate) mod explain;
pub(crate) mod hours;
pub(crate) mod in_order;
pub(crate) mod local;
pub(crate) mod outlook;
pub(crate) mod patterns;
pub(crate) mod plan;
pub(crate) mod reasons;
pub(crate) mod together;
pub(crate) mod weeks;

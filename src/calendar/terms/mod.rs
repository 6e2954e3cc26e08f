//! What an agreement says about service hours.
//!
//! This module owns the terms: their types, their texts, and what of them makes no sense. What they mean on the time line is
//! left to `compile`.

pub(crate) mod builder;
pub(crate) mod check;
pub(crate) mod composite;
pub(crate) mod cut_off;
pub(crate) mod dates;
pub(crate) mod days;
pub(crate) mod either;
pub(crate) mod holidays;
pub(crate) mod hours;
pub(crate) mod overrides;
pub(crate) mod refused;
pub(crate) mod seasons;
pub(crate) mod spans;
pub(crate) mod weekly;
mod words;

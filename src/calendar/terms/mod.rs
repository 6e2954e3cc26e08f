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
pub(crate) mod easter;
pub(crate) mod either;
pub(crate) mod holidays;
pub(crate) mod hours;
mod listed;
pub(crate) mod overrides;
pub(crate) mod refused;
pub(crate) mod seasons;
pub(crate) mod spans;
pub(crate) mod weekly;
mod words;
pub(crate) mod years;

use core::fmt::{self, Write};

/// Whether a value is printed as a text says, so that there is one way to write it.
fn is_written_as(value: &impl fmt::Display, text: &str) -> bool {
    let mut rest = Rest(text);
    write!(rest, "{value}").is_ok() && rest.0.is_empty()
}

/// What is left of a text, from which what is printed is taken away.
struct Rest<'a>(&'a str);

impl Write for Rest<'_> {
    fn write_str(&mut self, printed: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(printed).ok_or(fmt::Error)?;
        Ok(())
    }
}

//! The error of a batch of questions.
//!
//! This module owns [`BatchError`], which names the first question without an answer. Why it has none is a `QueryError`'s.

use alloc::vec::Vec;
use core::fmt;

use super::QueryError;

/// Why a [`Batch`](crate::calendar::Batch) of questions stopped.
///
/// # Example: an element without an answer
///
/// ```
/// use sla::Hours;
/// use sla::calendar::Unit;
///
/// let desk = Hours::in_zone("UTC")
///     .weekly("Mon-Fri 09:00-17:00")
///     .holiday("2026-05-01", "Labour Day").known_through("2026-12-31")
///     .compile()?;
/// let (march_2026, march_2027) = (1_772_445_600, 1_803_981_600);
/// let mut open = [false; 3];
/// let error = desk.batch(Unit::Seconds).is_open(&[march_2026, march_2027, march_2026], &mut open).unwrap_err();
/// assert_eq!(error.to_string(), "element 1: no holidays are known after 2026-12-31");
/// assert_eq!(open, [true, false, false]); // those after the first are not answered
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchError {
    /// Slices that belong together differ in length: nothing has been answered.
    LengthsDiffer {
        /// Their lengths, in the order in which they were given.
        lengths: Vec<usize>,
    },
    /// An element has no answer: those before it have been answered.
    Element {
        /// Its index.
        index: usize,
        /// Why it has none.
        error: QueryError,
    },
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element { index, error } => write!(f, "element {index}: {error}"),
            Self::LengthsDiffer { lengths } => {
                f.write_str("slices differ in length: ")?;
                let last = lengths.len().saturating_sub(1);
                for (index, length) in lengths.iter().enumerate() {
                    let joint = match index {
                        0 => "",
                        index if index == last => " and ",
                        _ => ", ",
                    };
                    write!(f, "{joint}{length}")?;
                }
                Ok(())
            }
        }
    }
}

impl core::error::Error for BatchError {}

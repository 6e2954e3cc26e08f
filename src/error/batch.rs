//! The error of a batch of questions.
//!
//! This module owns [`BatchError`], which names the first question without an answer. Why it has none is a `QueryError`'s.

use core::fmt;

use super::QueryError;

/// The first of many questions that has no answer.
///
/// # Example: the second of three
///
/// ```
/// let desk = sla::Hours::in_zone("UTC")
///     .weekly("Mon-Fri 09:00-17:00")
///     .holiday("2026-05-01", "Labour Day").known_through("2026-12-31")
///     .compile()?;
/// let (march_2026, march_2027) = (1_772_445_600, 1_803_981_600);
/// let mut open = [false; 3];
/// let error = desk.is_open_epoch_seconds(&[march_2026, march_2027, march_2026], &mut open).unwrap_err();
/// assert_eq!(error.to_string(), "element 1: no holidays are known after 2026-12-31");
/// assert_eq!(open, [true, false, false]); // those after the first are not answered
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchError {
    index: usize,
    error: QueryError,
}

impl BatchError {
    pub(crate) fn new(index: usize, error: QueryError) -> Self {
        Self { index, error }
    }

    /// Returns the index of the element. Those before it have been answered; but where lengths differ none has, and it is the
    /// first that one of the slices does not have.
    ///
    /// # Example: the second of two
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31").compile()?;
    /// let (march_2026, march_2027) = (1_772_445_600, 1_803_981_600);
    /// let error = desk.is_open_epoch_seconds(&[march_2026, march_2027], &mut [false; 2]).unwrap_err();
    /// assert_eq!(error.index(), 1);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns why the element has no answer.
    ///
    /// # Example: a date of which no holidays are known
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_through("2026-12-31").compile()?;
    /// let (march_2026, march_2027) = (1_772_445_600, 1_803_981_600);
    /// let error = desk.is_open_epoch_seconds(&[march_2026, march_2027], &mut [false; 2]).unwrap_err();
    /// assert_eq!(error.error().to_string(), "no holidays are known after 2026-12-31");
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    pub fn error(&self) -> QueryError {
        self.error
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "element {}: {}", self.index, self.error)
    }
}

impl core::error::Error for BatchError {}

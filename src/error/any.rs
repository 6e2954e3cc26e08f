//! The error that joins the others, so that `?` composes.
//!
//! This module owns [`Error`]. What each of the others says is left to them.

use core::fmt;

use super::{BatchError, ParseError, Problems, QueryError};

/// Any error of the crate.
///
/// Each function returns the one error that it can have; this joins them for those who call several.
///
/// # Example: three kinds of errors, one `?`
///
/// ```
/// use sla::{Hours, WorkingTime};
///
/// fn due(weekly: &str, opened: &str, within: &str) -> Result<String, sla::Error> {
///     let desk = Hours::in_zone("UTC").weekly(weekly).compile()?; // problems
///     let within: WorkingTime = within.parse()?; // a text
///     let opened = sla::time::instant(opened)?; // a text
///     Ok(desk.deadline(opened, within)?.to_rfc3339()) // a question
/// }
/// let desk = "Mon-Fri 09:00-17:00";
/// assert_eq!(due(desk, "2026-03-06T16:00:00Z", "PT2H")?, "2026-03-09T10:00:00+00:00");
/// assert!(due(desk, "2026-03-06T16:00:00Z", "2 hours").unwrap_err().to_string().starts_with("expected a time"));
/// # Ok::<(), sla::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// One text is not what it should be.
    Parse(ParseError),
    /// Terms or a record contradict themselves.
    Problems(Problems),
    /// One question has no answer.
    Query(QueryError),
    /// One of many questions has no answer.
    Batch(BatchError),
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Self::Parse(error)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<BatchError> for Error {
    fn from(error: BatchError) -> Self {
        Self::Batch(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(error) => fmt::Display::fmt(error, f),
            Self::Problems(problems) => fmt::Display::fmt(problems, f),
            Self::Query(error) => fmt::Display::fmt(error, f),
            Self::Batch(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Parse(error) => Some(error),
            Self::Problems(problems) => Some(problems),
            Self::Query(error) => Some(error),
            Self::Batch(error) => Some(error),
        }
    }
}

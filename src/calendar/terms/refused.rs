//! Texts that a builder could not read.
//!
//! This module owns where in the terms of hours such a text belongs. Gathering them is left to `builder`, telling them to `check`.

use alloc::string::String;

use crate::error::ParseError;

/// A text that the builder could not read, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) list: List,
    /// The place in the list, among those that were read and those that were not.
    pub(crate) index: usize,
    /// The field of the entry, with a dot before it; empty if the entry is the text.
    pub(crate) field: String,
    pub(crate) error: ParseError,
}

/// The fields that the builder fills from texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Weekly,
    Seasons,
    Holidays,
    KnownFrom,
    KnownThrough,
    Overrides,
    Added,
    Removed,
    CutOff,
}

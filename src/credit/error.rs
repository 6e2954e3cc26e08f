//! Which sum of a credit does not fit.
//!
//! This module owns the places at which money can be too large, and how that reads. The paths of
//! terms are given by those who hold the terms.

use alloc::string::{String, ToString};
use core::fmt;

use crate::error::Problems;

/// A sum of money that cannot be represented, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CreditError {
    /// The recurring charges for a service of an entity.
    Charges { entity: String, service: String },
    /// The charges that the credit of a level is a share of.
    Base { path: String, entity: Option<String> },
    /// The credit of a level.
    Credit { path: String, entity: Option<String> },
    /// All credits together.
    Total,
    /// The charges that a cap is a share of, or the cap.
    Cap { path: String },
}

impl CreditError {
    /// Returns the place: a path of the terms, or the charges of the record.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Charges { .. } => "charges",
            Self::Base { path, .. } | Self::Credit { path, .. } | Self::Cap { path } => path,
            Self::Total => "credits",
        }
    }
}

/// Why charges cannot be summed.
const TOO_LARGE: &str = "too large to sum, or prorated by too many different numbers of days";

impl fmt::Display for CreditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |entity: &Option<String>| match entity {
            Some(entity) => format!(" of `{entity}`"),
            None => String::new(),
        };
        match self {
            Self::Charges { entity, service } => {
                write!(f, "the charges for `{service}` of `{entity}` are {TOO_LARGE}")
            }
            Self::Base { entity, .. } => {
                write!(
                    f,
                    "the charges{} that the credit is a share of are {TOO_LARGE}",
                    of(entity)
                )
            }
            Self::Credit { entity, .. } => write!(f, "the credit{} is too large", of(entity)),
            Self::Total => f.write_str("the sum of the credits of the period is too large"),
            Self::Cap { .. } => {
                write!(
                    f,
                    "the cap is too large, or the charges that it is a share of are {TOO_LARGE}"
                )
            }
        }
    }
}

impl From<CreditError> for Problems {
    fn from(error: CreditError) -> Self {
        Self::one(error.path().to_string(), &error)
    }
}

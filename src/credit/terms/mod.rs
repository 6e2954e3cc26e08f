//! The terms of credits: the rule that gives one, the charges it is a share of, and the cap.
//!
//! This module owns what a document says of credits, and what of it contradicts itself. Carrying it out is left to `rule` and
//! `stage`.

mod band;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder, canonical_struct};
use crate::number::ratio::{Ratio, Share};

pub use band::Band;
pub(crate) use band::decimals;

/// Which charges a credit or a cap is a share of: recurring charges of these services in the period. Tax and one-off
/// charges never are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Selector {
    /// The ids of services, at least one. Absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<String>>,
}

impl Selector {
    /// Finds what the selector contradicts itself in.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a list of services that names none.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.services.as_ref().is_some_and(Vec::is_empty) {
            let what = "expected the id of a service, or no list for all of them, found an empty list";
            problems.push("services", what);
        }
        problems.finish()
    }
}

/// In words: `the charges for hosting, support`.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.services {
            None => f.write_str("all recurring charges"),
            Some(services) => write!(f, "the charges for {}", services.join(", ")),
        }
    }
}

/// The credit of a service level: bands over what was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct CreditTerms {
    /// The bands. Where several hold a percentage, the highest credit counts; where none does, there is none.
    pub bands: Vec<Band>,
    /// The charges that the credit is a share of; for a level measured per entity, those of that entity.
    #[serde(default)]
    pub of: Selector,
}

impl CreditTerms {
    /// Finds what contradicts itself in the bands and in the choice of charges.
    ///
    /// # Errors
    ///
    /// [`Problems`]: no bands, a band without bounds, with two bounds on one side, or that holds no percentage from 0
    /// to 100; a list of services that names none.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        band::check(&mut problems, &self.bands);
        if let Err(found) = self.of.check() {
            problems.extend("of", &found);
        }
        problems.finish()
    }

    /// Returns the band with the highest credit of those that hold the fraction; of equal ones, the first.
    pub fn band(&self, measured: &Ratio) -> Option<&Band> {
        let holding = self.bands.iter().rev().filter(|band| band.holds(measured));
        holding.max_by_key(|band| band.credit)
    }
}

/// The most that is credited in a period. Each statement has its own: what monthly levels give is capped by the charges
/// of the month, what quarterly levels give by those of the quarter, in addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Cap {
    /// In percent of the selected charges of the period.
    pub share: Share,
    /// The charges, of all entities.
    #[serde(default)]
    pub of: Selector,
}

impl Cap {
    /// Finds what contradicts itself in the choice of charges.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a list of services that names none.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(found) = self.of.check() {
            problems.extend("of", &found);
        }
        problems.finish()
    }
}

canonical_struct!(CreditTerms { bands, of });
canonical_struct!(Cap { share, of });

impl Canonical for Selector {
    /// All services are encoded as an empty list, which names none and is refused in terms.
    fn encode(&self, to: &mut Encoder) {
        let Self { services } = self;
        to.list(1);
        match services {
            Some(services) => services.encode(to),
            None => to.list(0),
        }
    }
}

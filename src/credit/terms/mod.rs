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
use crate::number::percentage::Percentage;
use crate::number::ratio::Ratio;
use crate::period::PeriodKind;

pub use band::Band;
pub(crate) use band::decimals;

/// Which charges a credit or a cap is a share of: the recurring charges for some services in the period.
///
/// Tax and one-off charges never are. In a document it is the list of the services, and no list for all of them.
///
/// # Example: hosting alone
///
/// ```
/// use sla::credit::ChargeFilter;
///
/// let hosting = ChargeFilter::services(["hosting"]);
/// assert_eq!(hosting.to_string(), "the charges for hosting");
/// assert_eq!(ChargeFilter::default().to_string(), "all recurring charges");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChargeFilter {
    /// The ids of services, at least one. Absent: all.
    pub services: Option<Vec<String>>,
}

impl ChargeFilter {
    /// Creates a filter for the charges for some services.
    pub fn services(services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let services = services.into_iter().map(Into::into).collect();
        Self {
            services: Some(services),
        }
    }

    /// Reports whether it lets the charges for all services through.
    pub fn is_all(&self) -> bool {
        self.services.is_none()
    }

    /// Finds what contradicts itself.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a list of services that names none.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.services.as_ref().is_some_and(Vec::is_empty) {
            let what = "expected the id of a service, or no list for all of them, found an empty list";
            problems.push("", what);
        }
        problems.finish()
    }
}

/// In words: `the charges for hosting, support`.
impl fmt::Display for ChargeFilter {
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
    #[serde(default, skip_serializing_if = "ChargeFilter::is_all")]
    pub of: ChargeFilter,
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
        holding.max_by_key(|band| band.pays)
    }
}

/// The most that is credited for a period.
///
/// A cap per month holds for the levels that are measured per month, and one per quarter for those per quarter: what
/// quarterly levels give comes in addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Cap {
    /// The charges that it is a share of, for all entities.
    #[serde(default, skip_serializing_if = "ChargeFilter::is_all")]
    pub of: ChargeFilter,
    /// The kind of period that it caps: it is a cap of the statements of such periods, and of no others.
    pub per: PeriodKind,
    /// The greatest share of the charges of the period that is credited.
    pub at_most: Percentage,
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
canonical_struct!(Cap { of, per, at_most });

impl Canonical for ChargeFilter {
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

//! The terms of credits: the rule that gives one, the charges it is a share of, and the cap.
//!
//! This module owns what a document says of credits, and what of it contradicts itself. Carrying it
//! out is left to `rule` and `stage`.

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

/// Which charges a credit or a cap is a share of: the recurring charges for some services in the
/// period.
///
/// Tax and one-off charges are never part of it. In a document it is the list of services; without
/// a list it is all of them.
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
    /// The ids of the services, at least one. Absent: all services.
    #[serde(deserialize_with = "crate::text::tables::optional_list")]
    pub services: Option<Vec<String>>,
}

impl ChargeFilter {
    /// Creates a filter for the charges for some services.
    ///
    /// # Example: hosting and support
    ///
    /// ```
    /// use sla::credit::ChargeFilter;
    ///
    /// let filter = ChargeFilter::services(["hosting", "support"]);
    /// assert_eq!(filter.to_string(), "the charges for hosting, support");
    /// ```
    pub fn services(services: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let services = services.into_iter().map(Into::into).collect();
        Self {
            services: Some(services),
        }
    }

    /// Reports whether the filter selects the charges for all services.
    ///
    /// # Example: with and without a list
    ///
    /// ```
    /// use sla::credit::ChargeFilter;
    ///
    /// assert!(ChargeFilter::default().is_all());
    /// assert!(!ChargeFilter::services(["hosting"]).is_all());
    /// ```
    pub fn is_all(&self) -> bool {
        self.services.is_none()
    }

    /// Checks the filter.
    ///
    /// # Example: an empty list
    ///
    /// ```
    /// use sla::credit::ChargeFilter;
    ///
    /// let none: [&str; 0] = [];
    /// let problems = ChargeFilter::services(none).check().unwrap_err();
    /// assert_eq!(
    ///     problems.iter().next().unwrap().what(),
    ///     "expected the id of a service, or no list for all of them, found an empty list"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`] if the list of services is empty.
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

/// The credit of a service level: bands of what was measured, and the charges that each pays a
/// share of.
///
/// # Example: two bands over the charges for hosting
///
/// ```
/// use sla::credit::CreditTerms;
///
/// let credit: CreditTerms = toml::from_str(
///     r#"
/// of = ["hosting"]
/// bands = [{ below = "99.9 %", pays = "10 %" }, { below = "99.0 %", pays = "25 %" }]
/// "#,
/// )?;
/// assert_eq!(credit.bands.len(), 2);
/// assert!(credit.check().is_ok());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct CreditTerms {
    /// The bands. Where several hold a ratio, the highest credit counts; where none does, there is
    /// no credit.
    #[serde(deserialize_with = "crate::text::tables::list")]
    pub bands: Vec<Band>,
    /// The charges that the credit is a share of. For a level that is measured per entity: those of
    /// that entity.
    #[serde(default, skip_serializing_if = "ChargeFilter::is_all")]
    pub of: ChargeFilter,
}

impl CreditTerms {
    /// Checks the bands and the choice of charges.
    ///
    /// # Example: a band that holds no percentage
    ///
    /// ```
    /// use sla::credit::CreditTerms;
    ///
    /// let credit: CreditTerms =
    ///     toml::from_str(r#"bands = [{ at_least = "99.9 %", below = "99.0 %", pays = "10 %" }]"#)?;
    /// assert_eq!(
    ///     credit.check().unwrap_err().to_string(),
    ///     "bands[0]: no percentage is at least 99.9 % and below 99.0 %"
    /// );
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`], all at once: no bands, a band without bounds, with two bounds on one side, or
    /// that holds no percentage from 0 to 100; an empty list of services.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        band::check(&mut problems, &self.bands);
        if let Err(found) = self.of.check() {
            problems.extend("of", &found);
        }
        problems.finish()
    }

    /// Returns the band with the highest credit of those that hold the measured ratio; of equal
    /// ones, the first. `None` if no band holds it.
    ///
    /// # Example: 98.5 % lies in both bands
    ///
    /// ```
    /// use sla::credit::CreditTerms;
    /// use sla::number::{Percentage, Ratio};
    ///
    /// let credit: CreditTerms = toml::from_str(
    ///     r#"bands = [{ below = "99.9 %", pays = "10 %" }, { below = "99.0 %", pays = "25 %" }]"#,
    /// )?;
    /// let band = credit.band(&Ratio::new(985, 1_000).unwrap());
    /// assert_eq!(band.map(|band| band.pays), Some(Percentage::basis_points(2_500)));
    /// assert_eq!(credit.band(&Ratio::new(1, 1).unwrap()), None);
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    pub fn band(&self, measured: &Ratio) -> Option<&Band> {
        let holding = self.bands.iter().rev().filter(|band| band.holds(measured));
        holding.max_by_key(|band| band.pays)
    }
}

/// The greatest credit of a period, as a share of its charges.
///
/// A cap per month holds for the levels that are measured per month, and a cap per quarter for
/// those measured per quarter. The two do not limit each other.
///
/// # Example: at most 30 % of the monthly charges
///
/// ```
/// use sla::credit::Cap;
///
/// let cap: Cap = toml::from_str(
///     r#"
/// per = "month"
/// at_most = "30 %"
/// "#,
/// )?;
/// assert_eq!(cap.at_most.to_string(), "30 %");
/// assert!(cap.of.is_all());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Cap {
    /// The charges that the cap is a share of, for all entities.
    #[serde(default, skip_serializing_if = "ChargeFilter::is_all")]
    pub of: ChargeFilter,
    /// The kind of period that the cap limits. Statements of other periods ignore it.
    pub per: PeriodKind,
    /// The greatest share of the period's charges that is credited.
    pub at_most: Percentage,
}

impl Cap {
    /// Checks the choice of charges.
    ///
    /// # Example: a cap over no service
    ///
    /// ```
    /// use sla::credit::Cap;
    ///
    /// let cap: Cap = toml::from_str(
    ///     r#"
    /// of = []
    /// per = "month"
    /// at_most = "30 %"
    /// "#,
    /// )?;
    /// assert!(cap.check().unwrap_err().to_string().starts_with("of: expected the id of a service"));
    /// # Ok::<(), toml::de::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Problems`] if the list of services is empty.
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

//! The terms of credits: bands with explicit bounds, the charges they are a share of, and the cap.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{ParseError, ProblemList, Problems};
use crate::fingerprint::canonical_struct;
use crate::number::ratio::{Ratio, Share, Target};

/// The most bands of one level.
const BANDS_MAX: usize = 100;

/// A band of measured percentages and the credit it gives. Each side says whether the bound itself belongs to it.
///
/// # Example
///
/// ```
/// use sla::{Band, Ratio};
///
/// // Published as "10 % below 99.9 %, 25 % below 99.0 %".
/// let lower = Band::of("10")?.with_at_least("99.0")?.with_below("99.9")?;
/// let percent = |tenths| Ratio::new(tenths, 1_000).unwrap();
/// assert!(lower.holds(&percent(990)));
/// assert!(!lower.holds(&percent(999)));
/// assert_eq!(lower.to_string(), "at least 99 % and below 99.9 %");
/// # Ok::<(), sla::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Band {
    /// The lower bound, inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Target>,
    /// The lower bound, outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Target>,
    /// The upper bound, outside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Target>,
    /// The upper bound, inside the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Target>,
    /// The credit, in percent of the selected charges.
    pub credit: Share,
}

impl Band {
    /// A band without bounds that gives a credit of so many percent.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Share::percent`].
    pub fn of(credit: &str) -> Result<Self, ParseError> {
        let credit = Share::percent(credit)?;
        Ok(Self {
            at_least: None,
            above: None,
            below: None,
            at_most: None,
            credit,
        })
    }

    /// The same band from a percentage on, which belongs to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_at_least(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            at_least: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band above a percentage, which does not belong to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_above(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            above: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band below a percentage, which does not belong to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_below(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            below: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// The same band up to a percentage, which belongs to it.
    ///
    /// # Errors
    ///
    /// [`ParseError`] as for [`Target::percent`].
    pub fn with_at_most(self, percent: &str) -> Result<Self, ParseError> {
        Ok(Self {
            at_most: Some(Target::percent(percent)?),
            ..self
        })
    }

    /// Whether a measured fraction lies in the band. Decided without division.
    pub fn holds(&self, measured: &Ratio) -> bool {
        let lower = self.at_least.is_none_or(|bound| *measured >= bound.ratio())
            && self.above.is_none_or(|bound| *measured > bound.ratio());
        let upper = self.below.is_none_or(|bound| *measured < bound.ratio())
            && self.at_most.is_none_or(|bound| *measured <= bound.ratio());
        lower && upper
    }

    fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.at_least.is_some() && self.above.is_some() {
            problems.push(
                "above",
                "expected one lower bound, found both `at_least` and `above`",
            );
        }
        if self.below.is_some() && self.at_most.is_some() {
            problems.push(
                "at_most",
                "expected one upper bound, found both `below` and `at_most`",
            );
        }
        let (lower, upper) = (self.at_least.or(self.above), self.below.or(self.at_most));
        if lower.is_none() && upper.is_none() {
            problems.push("", "expected at least one bound, found none");
        }
        if let (Some(lower), Some(upper)) = (lower, upper) {
            let one_point = lower == upper && self.at_least.is_some() && self.at_most.is_some();
            if lower >= upper && !one_point {
                problems.push("", format!("no percentage is {self}"));
            }
        }
        problems.finish()
    }

    /// How many decimals its bounds need.
    pub(crate) fn decimals(&self) -> u32 {
        let bounds = [self.at_least, self.above, self.below, self.at_most];
        bounds
            .into_iter()
            .flatten()
            .map(|bound| bound.decimals())
            .max()
            .unwrap_or(0)
    }
}

/// The bounds in words: `at least 99 % and below 99.9 %`.
impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = [
            ("at least", self.at_least),
            ("above", self.above),
            ("below", self.below),
            ("at most", self.at_most),
        ];
        let mut first = true;
        for (word, bound) in bounds
            .into_iter()
            .filter_map(|(word, bound)| Some((word, bound?)))
        {
            if !first {
                f.write_str(" and ")?;
            }
            first = false;
            write!(f, "{word} {bound} %")?;
        }
        Ok(())
    }
}

/// Which charges a credit or a cap is a share of: recurring charges of these services in the period. Tax and one-off
/// charges never are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Selector {
    /// The ids of services. None named: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
}

impl Selector {
    pub(crate) fn selects(&self, service: &str) -> bool {
        self.services.is_empty() || self.services.iter().any(|one| one == service)
    }
}

/// In words: `the charges for hosting, support`.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.services.is_empty() {
            return f.write_str("all recurring charges");
        }
        write!(f, "the charges for {}", self.services.join(", "))
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
    /// Finds what contradicts itself in the bands.
    ///
    /// # Errors
    ///
    /// [`Problems`]: no bands, a band without bounds, with two bounds on one side, or that holds nothing.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if self.bands.is_empty() {
            problems.push("bands", "expected at least one band, found none");
        }
        if self.bands.len() > BANDS_MAX {
            let what = format!("expected at most {BANDS_MAX} bands, found {}", self.bands.len());
            problems.push("bands", what);
        }
        for (index, band) in self.bands.iter().enumerate().take(BANDS_MAX) {
            if let Err(found) = band.check() {
                problems.extend(&format!("bands[{index}]"), &found);
            }
        }
        problems.finish()
    }

    /// The band with the highest credit of those that hold the fraction; of equal ones, the first.
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

canonical_struct!(Band {
    at_least,
    above,
    below,
    at_most,
    credit
});
canonical_struct!(Selector { services });
canonical_struct!(CreditTerms { bands, of });
canonical_struct!(Cap { share, of });

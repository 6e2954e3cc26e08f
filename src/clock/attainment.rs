//! Attainment: the share of the clocks of some severities that met their target, as a measure.
//!
//! This module owns the terms of the measure and how it is made from counted outcomes. Which
//! outcome a clock has is left to `reading`, and which incidents belong to a period to the
//! agreement.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, QueryError};
use crate::fingerprint::{Canonical, Encoder, Fingerprint, canonical_struct};
use crate::measure::count::AttainmentCounts;
use crate::measure::scope::Scope;
use crate::measure::{Measure, Measurement, Names};
use crate::number::percentage::Target;
use crate::registry::{Registry, check_reference, check_references};

/// The terms of an attainment measure: which clock, which severities, and the share that must meet
/// its target.
///
/// # Example: nine in ten urgent tickets
///
/// ```
/// use sla::clock::AttainmentTerms;
///
/// let terms: AttainmentTerms = toml::from_str(
///     r#"
/// clock = "resolution"
/// severities = ["P1", "P2"]
/// target = "90 %"
/// "#,
/// )?;
/// assert_eq!(terms.target.to_string(), "90 %");
/// assert_eq!(terms.severities, Some(vec!["P1".to_string(), "P2".to_string()]));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct AttainmentTerms {
    /// The id of the clock.
    pub clock: String,
    /// The severities that count together. Absent: every severity that the clock has a target for.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::text::tables::optional_list"
    )]
    pub severities: Option<Vec<String>>,
    /// The smallest share of clocks that must meet their target.
    pub target: Target,
}

canonical_struct!(AttainmentTerms {
    clock,
    severities,
    target
});

/// The counted outcomes of a record, by clock and severity, both by their index.
#[derive(Debug)]
pub(crate) struct Tallies<'a> {
    pub(crate) of: BTreeMap<(usize, usize), AttainmentCounts>,
    pub(crate) names: &'a Names,
}

/// What decides a measurement under these terms: all but the target.
struct Alike<'a>(&'a AttainmentTerms);

impl Canonical for Alike<'_> {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        self.0.clock.encode(to);
        self.0.severities.encode(to);
    }
}

impl AttainmentTerms {
    /// Returns the severities that count, as far as they are declared.
    fn counted<'a>(&'a self, names: &'a Names) -> Vec<usize> {
        let targeted = names
            .clocks
            .index(&self.clock)
            .and_then(|clock| names.targeted.get(clock));
        let index = |severity: &str| names.severities.index(severity);
        match &self.severities {
            Some(severities) => severities.iter().filter_map(|severity| index(severity)).collect(),
            None => targeted.map_or(Vec::new(), |all| all.iter().filter_map(index).collect()),
        }
    }
}

impl Measure for AttainmentTerms {
    type Facts<'a> = Tallies<'a>;

    fn target(&self) -> Target {
        self.target
    }

    fn check(&self, names: &Names, path: &str, problems: &mut ProblemList) {
        let place = format!("{path}.clock");
        check_reference(problems, place, "a clock", &self.clock, &names.clocks);
        let targeted = names
            .clocks
            .index(&self.clock)
            .and_then(|clock| names.targeted.get(clock));
        let (what, known): (&str, &Registry) = match targeted {
            Some(targeted) => ("a severity that the clock has a target for", targeted),
            None => ("a severity", &names.severities),
        };
        let severities = self.severities.as_deref();
        check_references(problems, &format!("{path}.severities"), what, severities, known);
    }

    fn subjects<'n>(&self, _names: &'n Names) -> Vec<Option<&'n str>> {
        [None].into()
    }

    fn alike(&self) -> Fingerprint {
        Fingerprint::of(&Alike(self))
    }

    fn measure(
        &self,
        _subject: Option<&str>,
        facts: &Tallies<'_>,
        _scope: &Scope,
    ) -> Result<Measurement, QueryError> {
        let clock = facts.names.clocks.index(&self.clock);
        let tally = |severity: usize| facts.of.get(&(clock?, severity)).copied();
        let counted = self.counted(facts.names).into_iter().filter_map(tally);
        Ok(Measurement::of_counts(
            counted.fold(AttainmentCounts::default(), AttainmentCounts::merge),
        ))
    }
}

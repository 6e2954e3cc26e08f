//! Findings: what was measured, judged against its target.
//!
//! This module owns the judgement: met, breached or not judged, by how much, and what could still become of it. It
//! leaves measuring to `clock` and `availability`, and money to `credit`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::availability::{Availability, Evidence};
use crate::clock::Tally;
use crate::number::ratio::{Ratio, Target};
use crate::period::Period;
use crate::time::allowance::WallTime;

/// Whether a service level was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The target was reached.
    Met,
    /// It was not: a service level default.
    Breached,
    /// There is nothing to judge, or too little is known. No credit, and neither a good nor a bad period.
    NotJudged,
}

impl core::fmt::Display for Verdict {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::Met => "met",
            Self::Breached => "BREACHED",
            Self::NotJudged => "not judged",
        })
    }
}

/// How far a measurement is from its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Margin {
    /// So much more downtime would still have met the target.
    TimeToSpare(WallTime),
    /// So much less downtime would have met it.
    TimeShort(WallTime),
    /// So many more of the same clocks could have been missed.
    MissesToSpare(u64),
    /// So many misses too many.
    MissesShort(u64),
}

impl core::fmt::Display for Margin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TimeToSpare(time) => write!(f, "{} to spare", crate::time::allowance::readable(*time)),
            Self::TimeShort(time) => write!(f, "{} too much", crate::time::allowance::readable(*time)),
            Self::MissesToSpare(0) => f.write_str("no miss to spare"),
            Self::MissesToSpare(1) => f.write_str("1 miss to spare"),
            Self::MissesToSpare(misses) => write!(f, "{misses} misses to spare"),
            Self::MissesShort(1) => f.write_str("1 miss too many"),
            Self::MissesShort(misses) => write!(f, "{misses} misses too many"),
        }
    }
}

/// What a level was measured from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// Uptime of one entity.
    Availability(Availability),
    /// Clocks that met their target.
    Attainment(Tally),
}

impl Basis {
    /// The measured fraction; `None` if there is nothing to measure.
    pub fn ratio(&self) -> Option<Ratio> {
        match self {
            Self::Availability(availability) => availability.ratio(),
            Self::Attainment(tally) => tally.attained(),
        }
    }

    /// The fraction if everything pending turns out well.
    pub fn best(&self) -> Option<Ratio> {
        match self {
            Self::Availability(availability) => availability.best(),
            Self::Attainment(tally) => tally.best(),
        }
    }

    /// The fraction if everything pending turns out badly.
    pub fn worst(&self) -> Option<Ratio> {
        match self {
            Self::Availability(availability) => availability.worst(),
            Self::Attainment(tally) => tally.worst(),
        }
    }

    fn has_pending(&self) -> bool {
        match self {
            Self::Availability(availability) => availability.pending > WallTime::ZERO,
            Self::Attainment(tally) => tally.pending > 0,
        }
    }

    /// The coverage when everything pending is known.
    fn coverage_to_come(&self) -> Option<Ratio> {
        match self {
            Self::Availability(availability) => {
                let known = u128::from(
                    availability
                        .known()
                        .saturating_add(availability.pending)
                        .as_nanoseconds(),
                );
                Ratio::new(
                    known,
                    known.saturating_add(u128::from(availability.unknown.as_nanoseconds())),
                )
            }
            Self::Attainment(_) => None,
        }
    }

    fn margin(&self, target: Target) -> Margin {
        match self {
            Self::Availability(availability) => {
                let allowed = target.allowed_of(availability.measured());
                if availability.down <= allowed {
                    Margin::TimeToSpare(allowed.saturating_sub(availability.down))
                } else {
                    Margin::TimeShort(availability.down.saturating_sub(allowed))
                }
            }
            Self::Attainment(tally) => {
                let allowed = target.allowed_misses(tally.met.saturating_add(tally.breached));
                if tally.breached <= allowed {
                    Margin::MissesToSpare(allowed.saturating_sub(tally.breached))
                } else {
                    Margin::MissesShort(tally.breached.saturating_sub(allowed))
                }
            }
        }
    }
}

/// What could still become of a level: a fraction, and how it would be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Prospect {
    /// The fraction.
    pub measured: Option<Ratio>,
    /// How it would be judged.
    pub verdict: Verdict,
}

/// The range in which a level that is not final can still end, if no new incidents are opened and all that is pending
/// will be known. Where monitoring stops, a level may end as not judged instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Outlook {
    /// If everything pending turns out well.
    pub best: Prospect,
    /// If everything pending turns out badly.
    pub worst: Prospect,
}

/// One service level in one period, for one entity if it is measured per entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the level.
    pub level: String,
    /// The entity, for a level measured per entity.
    pub entity: Option<String>,
    /// The period.
    pub period: Period,
    /// What had to be reached.
    pub target: Target,
    /// What was reached, exactly.
    pub measured: Option<Ratio>,
    /// Whether that is enough.
    pub verdict: Verdict,
    /// By how much. Absent if not judged.
    pub margin: Option<Margin>,
    /// Why it is not judged. Absent if it is.
    pub reason: Option<String>,
    /// Present while the level is provisional: something in it is pending.
    pub outlook: Option<Outlook>,
    /// What it was measured from.
    pub basis: Basis,
    /// The facts that made the downtime, for a level that measures availability.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// What is to be judged.
pub(crate) struct Question {
    pub(crate) level: String,
    pub(crate) entity: Option<String>,
    pub(crate) period: Period,
    pub(crate) target: Target,
    /// The least coverage, for availability.
    pub(crate) coverage: Option<Target>,
    /// Whether the period has passed, or what of it the agreement is in force for.
    pub(crate) over: bool,
    pub(crate) basis: Basis,
    pub(crate) evidence: Vec<Evidence>,
}

/// Judges a measurement. Nothing is divided or rounded.
pub(crate) fn judge(question: Question) -> Finding {
    let Question {
        level,
        entity,
        period,
        target,
        coverage,
        over,
        basis,
        evidence,
    } = question;
    let reason = reason_not_to_judge(&basis, coverage);
    let measured = basis.ratio();
    let verdict = if reason.is_some() {
        Verdict::NotJudged
    } else {
        verdict(target, measured)
    };
    // Both prospects take what is pending as known then; too little may be known even so.
    let stays_unknown = too_little_known(basis.coverage_to_come(), coverage);
    let prospect = |measured: Option<Ratio>| Prospect {
        measured,
        verdict: if stays_unknown {
            Verdict::NotJudged
        } else {
            self::verdict(target, measured)
        },
    };
    let outlook = (!over || basis.has_pending()).then(|| Outlook {
        best: prospect(basis.best()),
        worst: prospect(basis.worst()),
    });
    let margin = (verdict != Verdict::NotJudged).then(|| basis.margin(target));
    Finding {
        level,
        entity,
        period,
        target,
        measured,
        verdict,
        margin,
        reason,
        outlook,
        basis,
        evidence,
    }
}

fn verdict(target: Target, measured: Option<Ratio>) -> Verdict {
    match measured {
        Some(measured) if target.is_met_by(&measured) => Verdict::Met,
        Some(_) => Verdict::Breached,
        None => Verdict::NotJudged,
    }
}

fn reason_not_to_judge(basis: &Basis, required: Option<Target>) -> Option<String> {
    match (basis, basis.ratio()) {
        (Basis::Attainment(tally), None) if tally.pending > 0 => Some(String::from("nothing is decided yet")),
        (Basis::Attainment(_), None) => Some(String::from("no incidents")),
        (Basis::Availability(availability), None) => {
            Some(String::from(if availability.agreed == availability.assumed_up {
                "no time was agreed"
            } else if availability.assumed_up > WallTime::ZERO {
                "nothing is known of the dates in force"
            } else {
                "nothing is known of the period"
            }))
        }
        (Basis::Availability(availability), Some(_)) => {
            let (coverage, required) = (availability.coverage()?, required?);
            too_little_known(Some(coverage), Some(required)).then(|| {
                let decimals = required.decimals().max(4);
                let assumed = availability.assumed_up > WallTime::ZERO;
                format!(
                    "only {} % of the time{} is known, {required} % is required",
                    coverage.percent(decimals),
                    if assumed { " on the dates in force" } else { "" }
                )
            })
        }
        (Basis::Attainment(_), Some(_)) => None,
    }
}

fn too_little_known(coverage: Option<Ratio>, required: Option<Target>) -> bool {
    match (coverage, required) {
        (Some(coverage), Some(required)) => !required.is_met_by(&coverage),
        _ => false,
    }
}

//! Levels: what was measured, judged against its target.
//!
//! This module owns the judgement: met, breached or not judged, by how much, and what could still become of it. It
//! leaves measuring to the measures (`clock`, `availability`), and money to `credit`. It sees a measurement only as a value,
//! its bounds and how the whole was spent; which measure it came from makes no difference.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::explain::Steps;
use crate::measure::{Basis, Lost, Measurement};
use crate::number::percentage::Target;
use crate::number::ratio::Ratio;
use crate::period::Period;
use crate::time::amount::WallTime;
use crate::time::written::WrittenTime;

/// Whether a service level was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
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
            Self::Breached => "breached",
            Self::NotJudged => "not judged",
        })
    }
}

/// How far a measurement is from its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Margin {
    /// The additional downtime that would still have met the target.
    TimeToSpare(WallTime),
    /// The downtime beyond what would have met the target.
    TimeShort(WallTime),
    /// The additional misses that would still have met the target.
    MissesToSpare(u64),
    /// The misses beyond what would have met the target.
    MissesShort(u64),
}

impl Margin {
    fn of(lost: Lost, target: Target) -> Self {
        match lost {
            Lost::Time { lost, of } => {
                let allowed = target.allowed_of(of);
                if lost <= allowed {
                    Self::TimeToSpare(allowed.saturating_sub(lost))
                } else {
                    Self::TimeShort(lost.saturating_sub(allowed))
                }
            }
            Lost::Count { lost, of } => {
                let allowed = target.allowed_misses(of);
                match allowed.checked_sub(lost) {
                    Some(spare) => Self::MissesToSpare(spare),
                    None => Self::MissesShort(lost.abs_diff(allowed)),
                }
            }
        }
    }
}

impl core::fmt::Display for Margin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TimeToSpare(time) => write!(f, "{} to spare", WrittenTime::from(*time)),
            Self::TimeShort(time) => write!(f, "{} too much", WrittenTime::from(*time)),
            Self::MissesToSpare(0) => f.write_str("no miss to spare"),
            Self::MissesToSpare(1) => f.write_str("1 miss to spare"),
            Self::MissesToSpare(misses) => write!(f, "{misses} misses to spare"),
            Self::MissesShort(1) => f.write_str("1 miss too many"),
            Self::MissesShort(misses) => write!(f, "{misses} misses too many"),
        }
    }
}

/// What could still become of a level: a fraction, and how it would be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Prospect {
    /// The fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Ratio>,
    /// How it would be judged.
    pub verdict: Verdict,
}

/// The range in which a level that is not final can still end, if no new incidents are opened, none is reopened, and all
/// that is pending will be known. Where monitoring stops, a level may end as not judged instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Outlook {
    /// If everything pending turns out well.
    pub best: Prospect,
    /// If everything pending turns out badly.
    pub worst: Prospect,
}

/// One service level in one period, for one entity if it is measured per entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the level.
    pub level: String,
    /// The entity, for a level measured per entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The period.
    pub period: Period,
    /// What had to be reached.
    pub target: Target,
    /// What was reached, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Ratio>,
    /// Whether that is enough.
    pub verdict: Verdict,
    /// By how much. Absent if not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
    /// Why it is not judged. Absent if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Present while the level is provisional: something in it is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// What it was measured from.
    pub basis: Basis,
    /// The steps from that to what was measured, which the last of them results in.
    pub steps: Steps,
}

/// Whose measurement is judged, and against what.
pub(crate) struct Question<'a> {
    pub(crate) level: &'a str,
    pub(crate) entity: Option<&'a str>,
    pub(crate) period: Period,
    pub(crate) target: Target,
    /// The least share that must be known.
    pub(crate) least_coverage: Option<Target>,
    /// Whether the period has passed, or what of it counts.
    pub(crate) over: bool,
}

/// Judges a measurement. Nothing is divided or rounded.
pub(crate) fn judge(question: &Question<'_>, measurement: &Measurement) -> Finding {
    let target = question.target;
    let reason = reason_not_to_judge(measurement, question.least_coverage);
    let verdict = match reason {
        Some(_) => Verdict::NotJudged,
        None => verdict(target, measurement.value),
    };
    // Both prospects take what is pending as known then; too little may be known even so.
    let basis = &measurement.basis;
    let stays_unknown = too_little_known(basis.coverage_to_come(), question.least_coverage);
    let prospect = |measured: Option<Ratio>| Prospect {
        measured,
        verdict: if stays_unknown {
            Verdict::NotJudged
        } else {
            self::verdict(target, measured)
        },
    };
    let outlook = (!question.over || basis.has_pending()).then(|| Outlook {
        // More is better for every measure there is.
        best: prospect(measurement.to_come.most),
        worst: prospect(measurement.to_come.least),
    });
    Finding {
        level: String::from(question.level),
        entity: question.entity.map(String::from),
        period: question.period,
        target,
        measured: measurement.value,
        verdict,
        margin: (verdict != Verdict::NotJudged).then(|| Margin::of(basis.lost(), target)),
        reason,
        outlook,
        basis: basis.clone(),
        steps: measurement.steps.clone(),
    }
}

fn verdict(target: Target, measured: Option<Ratio>) -> Verdict {
    match measured {
        Some(measured) if target.is_met_by(&measured) => Verdict::Met,
        Some(_) => Verdict::Breached,
        None => Verdict::NotJudged,
    }
}

fn reason_not_to_judge(measurement: &Measurement, required: Option<Target>) -> Option<String> {
    if measurement.value.is_none() {
        return Some(String::from(measurement.nothing));
    }
    let (coverage, required) = (measurement.basis.coverage()?, required?);
    too_little_known(Some(coverage), Some(required)).then(|| {
        let decimals = required.decimals().max(4);
        let assumed = measurement.basis.is_assumed_in_part();
        format!(
            "only {} % of the time{} is known, {required} is required",
            coverage.percent(decimals),
            if assumed { " on the dates in force" } else { "" }
        )
    })
}

fn too_little_known(coverage: Option<Ratio>, required: Option<Target>) -> bool {
    match (coverage, required) {
        (Some(coverage), Some(required)) => !required.is_met_by(&coverage),
        _ => false,
    }
}

//! Levels: what was measured, judged against its target.
//!
//! This module owns the judgement: met, breached or not judged, by how much, and what could still
//! become of it. It leaves measuring to the measures (`clock`, `availability`), and money to
//! `credit`. It sees a measurement only as a value, its bounds and how the whole was spent; which
//! measure it came from makes no difference.

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
///
/// # Example: what a statement prints
///
/// ```
/// use sla::level::Verdict;
///
/// assert_eq!(Verdict::Met.to_string(), "met");
/// assert_eq!(Verdict::NotJudged.to_string(), "not judged");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
pub enum Verdict {
    /// The target was reached.
    Met,
    /// The target was missed: a service level default.
    Breached,
    /// There was nothing to judge, or too little is known. There is no credit, and the period
    /// counts as neither good nor bad.
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
///
/// # Example: half an hour to spare
///
/// ```
/// use sla::WallTime;
/// use sla::level::Margin;
///
/// assert_eq!(Margin::TimeToSpare(WallTime::minutes(30)).to_string(), "30 min to spare");
/// assert_eq!(Margin::MissesShort(2).to_string(), "2 misses too many");
/// ```
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

/// One possible end of a level: the ratio, and how it would be judged.
///
/// # Example: if the rest of the month goes well
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::level::Verdict;
/// use sla::record::Monitoring;
///
/// let watch = Monitoring::new("MON-1", "eu", "2026-04-01T00:00:00Z".parse()?);
/// let record: Record = [watch.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-04-16T00:00:00Z".parse()?)?;
/// let best = statement.findings[0].outlook.map(|outlook| outlook.best);
/// assert_eq!(best.map(|best| best.verdict), Some(Verdict::Met));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Prospect {
    /// The ratio that would be measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Ratio>,
    /// How it would be judged.
    pub verdict: Verdict,
}

/// The range in which a level that is not final can still end.
///
/// It assumes that no new incident is opened, none is reopened, and everything pending will be
/// known. Where monitoring stops, a level may end as not judged instead.
///
/// # Example: in the middle of the month
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::level::Verdict;
/// use sla::record::Monitoring;
///
/// let watch = Monitoring::new("MON-1", "eu", "2026-04-01T00:00:00Z".parse()?);
/// let record: Record = [watch.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-04-16T00:00:00Z".parse()?)?;
/// let outlook = statement.findings[0].outlook.unwrap();
/// assert_eq!(outlook.best.verdict, Verdict::Met);
/// assert_eq!(outlook.worst.verdict, Verdict::Breached); // down for the rest of April
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Outlook {
    /// The end if everything pending turns out well.
    pub best: Prospect,
    /// The end if everything pending turns out badly.
    pub worst: Prospect,
}

/// The judgement of one service level in one period, and for one entity if it is measured per
/// entity.
///
/// # Example: two hours of downtime in April
///
/// ```
/// # use sla::{Agreement, ZoneData};
/// # let terms = toml::from_str(r#"
/// #     id = "acme-2026"
/// #     provider = "Northwind"
/// #     customer = "Acme"
/// #     currency = "EUR"
/// #     zone = "UTC"
/// #     in_force = { from = 2026-01-01, through = 2026-12-31 }
/// #     entities = ["eu"]
/// #     [[levels]]
/// #     id = "uptime"
/// #     per = "month"
/// #     availability = { target = "99.9 %" }
/// # "#)?;
/// # let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
/// use sla::Record;
/// use sla::level::Verdict;
/// use sla::record::{Monitoring, Outage};
///
/// let record: Record = [
///     Monitoring::new("MON-1", "eu", "2026-04-01T00:00:00Z".parse()?).into(),
///     Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?)
///         .until("2026-04-10T02:00:00Z".parse()?)
///         .into(),
/// ]
/// .into_iter()
/// .collect();
/// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
/// let finding = &statement.findings[0];
/// assert_eq!(finding.verdict, Verdict::Breached);
/// assert_eq!(finding.margin.map(|margin| margin.to_string()), Some("1 h 16 min 48 s too much".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The target.
    pub target: Target,
    /// The exact ratio that was measured. Absent if there was nothing to measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Ratio>,
    /// Whether the target was reached.
    pub verdict: Verdict,
    /// How far the measurement is from the target. Absent if not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
    /// Why it is not judged. Absent if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The range of possible ends. Present while something in the level is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// The time or the counts that the ratio was measured from.
    pub basis: Basis,
    /// The steps from the basis to the measured ratio, which is the result of the last step.
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

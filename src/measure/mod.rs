//! Measures: what each of them yields, and what it takes to be one.
//!
//! This module owns `Measurement`, the form in which every measure hands over what it found, and
//! the private trait `Measure` through which an agreement checks a measure's terms, lists what it
//! measures, and measures one subject. It leaves the measuring to the modules of the measures
//! (`availability`, `clock`), and whether a value is good enough to `level`: a measurement does not
//! know which direction is good.

pub(crate) mod count;
pub(crate) mod scope;
pub(crate) mod time;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, QueryError};
use crate::explain::{Op, Operand, Source, Steps};
use crate::fingerprint::Fingerprint;
use crate::number::percentage::Target;
use crate::number::ratio::Ratio;
use crate::number::value::Value;
use crate::registry::Registry;
use crate::time::amount::WallTime;
use crate::time::interval::IntervalSet;

pub use count::AttainmentCounts;
pub use scope::PartialPeriod;
pub use time::Availability;

use scope::Scope;

/// What a measure found.
#[derive(Debug, Clone)]
pub(crate) struct Measurement {
    /// What was measured; `None` if there was nothing to measure.
    pub(crate) value: Option<Ratio>,
    /// What nobody knows, taken for the least and for the most it can be.
    pub(crate) unknown: Bounds,
    /// What is still pending, taken for the least and for the most it can become.
    pub(crate) to_come: Bounds,
    /// Why there is no value. Absent where there is one.
    pub(crate) nothing: &'static str,
    /// How the whole was spent.
    pub(crate) basis: Basis,
    /// The time that was lost, merged, where it is time that is measured.
    pub(crate) downtime: IntervalSet,
    /// The facts that count against the subject, where they are listed one by one.
    pub(crate) evidence: Vec<Evidence>,
    /// The steps from what was counted to the value, which the last of them results in. None where
    /// there is no value.
    pub(crate) steps: Steps,
}

/// The least and the most that a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) least: Option<Ratio>,
    pub(crate) most: Option<Ratio>,
}

impl Bounds {
    /// Reports whether a value lies between them. Where nothing is known, every value does.
    fn hold(&self, value: Option<Ratio>) -> bool {
        let Some(value) = value else { return true };
        self.least.is_none_or(|least| least <= value) && self.most.is_none_or(|most| value <= most)
    }
}

impl Measurement {
    /// Creates the measurement of time that was spent.
    pub(crate) fn of_time(spent: Availability, downtime: IntervalSet, evidence: Vec<Evidence>) -> Self {
        debug_assert_eq!(
            spent.down,
            downtime.total(),
            "the downtime is as long as it is said to be"
        );
        let nothing = if spent.agreed == spent.assumed_up {
            "no time was agreed"
        } else if spent.assumed_up > WallTime::ZERO {
            "nothing is known of the dates in force"
        } else {
            "nothing is known of the period"
        };
        // What is assumed says nothing by itself: where nothing is known, there is no value.
        let parts = spent.ratio().map(|_| {
            let good = [spent.assumed_up, spent.up].map(Value::Time);
            (
                Value::Time(WallTime::ZERO),
                good.to_vec(),
                Value::Time(spent.down),
            )
        });
        let (value, steps) = share("measure.availability", parts);
        debug_assert_eq!(value, spent.ratio(), "the steps lead to the ratio");
        Self {
            value,
            steps,
            unknown: Bounds {
                least: spent.least(),
                most: spent.most(),
            },
            to_come: Bounds {
                least: spent.worst(),
                most: spent.best(),
            },
            nothing,
            basis: Basis::Time(spent),
            downtime,
            evidence,
        }
        .asserted()
    }

    /// Creates the measurement of counted outcomes.
    pub(crate) fn of_counts(counts: AttainmentCounts) -> Self {
        let parts = counts.attained().map(|_| {
            let good = vec![Value::Count(counts.met)];
            (Value::Count(0), good, Value::Count(counts.breached))
        });
        let (value, steps) = share("measure.attainment", parts);
        debug_assert_eq!(value, counts.attained(), "the steps lead to the ratio");
        Self {
            value,
            steps,
            unknown: Bounds {
                least: value,
                most: value,
            },
            to_come: Bounds {
                least: counts.worst(),
                most: counts.best(),
            },
            nothing: if counts.pending > 0 {
                "nothing is decided yet"
            } else {
                "no incidents"
            },
            basis: Basis::Count(counts),
            downtime: IntervalSet::default(),
            evidence: Vec::new(),
        }
        .asserted()
    }

    fn asserted(self) -> Self {
        debug_assert!(
            self.unknown.hold(self.value),
            "the bounds hold the value: {self:?}"
        );
        debug_assert!(
            self.to_come.hold(self.value),
            "so do those of what is to come: {self:?}"
        );
        self
    }
}

/// Takes what is good as a share of what is good and what is lost, in three steps, of which the
/// last is the value.
fn share(cites: &str, parts: Option<(Value, Vec<Value>, Value)>) -> (Option<Ratio>, Steps) {
    let mut steps = Steps::default();
    let value = parts.and_then(|(zero, good, lost)| {
        let measured = |value: Value| Operand::new(Source::Measurement, value);
        let good = steps.push(
            cites,
            Op::Add,
            Operand::term(zero),
            good.into_iter().map(measured).collect(),
        )?;
        let good = steps.operand(good)?;
        let whole = steps.push(cites, Op::Add, good.clone(), vec![measured(lost)])?;
        let whole = steps.operand(whole)?;
        let share = steps.push(cites, Op::Divide, good, vec![whole])?;
        match steps.get(share)?.after {
            Value::Ratio(value) => Some(value),
            _ => None,
        }
    });
    (value, steps)
}

/// What a level was measured from: time that was spent, or outcomes that were counted.
///
/// # Example: the downtime behind a finding
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
/// use sla::{Record, WallTime};
/// use sla::measure::Basis;
/// use sla::record::Outage;
///
/// let outage = Outage::new("OUT-1", "eu", "2026-04-10T00:00:00Z".parse()?)
///     .until("2026-04-10T02:00:00Z".parse()?);
/// let record: Record = [outage.into()].into_iter().collect();
/// let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-02T09:00:00Z".parse()?)?;
/// assert!(matches!(&statement.findings[0].basis, Basis::Time(spent) if spent.down == WallTime::hours(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// The agreed time, and how it was spent.
    Time(Availability),
    /// The clocks that were counted, by outcome.
    Count(AttainmentCounts),
}

impl Basis {
    /// Reports whether something in it is still pending.
    pub(crate) fn has_pending(&self) -> bool {
        match self {
            Self::Time(spent) => spent.pending > WallTime::ZERO,
            Self::Count(counts) => counts.pending > 0,
        }
    }

    /// Returns the share that is known, where some of it may be unknown.
    pub(crate) fn coverage(&self) -> Option<Ratio> {
        match self {
            Self::Time(spent) => spent.coverage(),
            Self::Count(_) => None,
        }
    }

    /// Returns the coverage when everything that is pending is known.
    pub(crate) fn coverage_to_come(&self) -> Option<Ratio> {
        match self {
            Self::Time(spent) => spent.coverage_to_come(),
            Self::Count(_) => None,
        }
    }

    /// Reports whether some of it is good by agreement, whatever was observed.
    pub(crate) fn is_assumed_in_part(&self) -> bool {
        matches!(self, Self::Time(spent) if spent.assumed_up > WallTime::ZERO)
    }

    /// Returns what was lost, and of what.
    pub(crate) fn lost(&self) -> Lost {
        match self {
            Self::Time(spent) => Lost::Time {
                lost: spent.down,
                of: spent.measured(),
            },
            Self::Count(counts) => Lost::Count {
                lost: counts.breached,
                // Both are counts of things held in memory.
                of: counts.met.saturating_add(counts.breached),
            },
        }
    }
}

/// How much was lost of what a value is a share of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lost {
    Time { lost: WallTime, of: WallTime },
    Count { lost: u64, of: u64 },
}

/// A fact that counts as downtime, and the part of it that does. Returned by
/// [`AvailabilityBuilder::evidence`](crate::availability::AvailabilityBuilder::evidence).
///
/// # Example: an outage that began the day before
///
/// ```
/// use sla::{Interval, WallTime};
/// use sla::measure::Availability;
/// use sla::record::Outage;
///
/// let day = Interval::new("2026-04-02T00:00:00Z".parse()?, "2026-04-03T00:00:00Z".parse()?)?;
/// let outage = Outage::new("OUT-1", "eu", "2026-04-01T22:00:00Z".parse()?)
///     .until("2026-04-02T03:00:00Z".parse()?);
/// let evidence = Availability::over(day, day.end()).with_outages(&[outage]).evidence()?;
/// assert_eq!(evidence[0].fact, "outages[OUT-1]");
/// assert_eq!(evidence[0].from, day.start());
/// assert_eq!(evidence[0].down, WallTime::hours(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Evidence {
    /// The key of the fact: `outages[OUT-7]`.
    pub fact: String,
    /// The first instant of it that counts.
    #[serde(with = "crate::time::instant::text")]
    pub from: chrono::DateTime<chrono::Utc>,
    /// The first instant after the last that counts.
    #[serde(with = "crate::time::instant::text")]
    pub until: chrono::DateTime<chrono::Utc>,
    /// The time between the two that counts.
    pub down: WallTime,
    /// Why it counts.
    pub why: String,
}

/// The ids that an agreement declares, in the registries in which its terms and its facts are
/// looked up.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) severities: Registry,
    pub(crate) statuses: Registry,
    pub(crate) impacts: Registry,
    pub(crate) entities: Registry,
    pub(crate) services: Registry,
    /// Calendars and composites.
    pub(crate) calendars: Registry,
    pub(crate) clocks: Registry,
    /// By clock, the severities that it has a target for.
    pub(crate) targeted: Vec<Registry>,
}

/// A measure: the terms of one kind of service level, and how they are carried out.
///
/// It sees registries and facts, never the agreement. Adding one is one file that implements this,
/// and one line in the table of measures.
pub(crate) trait Measure {
    /// The facts it is made from, arranged once for all levels.
    type Facts<'a>;

    /// Returns what must be reached.
    fn target(&self) -> Target;

    /// Returns the least share that must be known for a judgement, where some may be unknown.
    fn least_coverage(&self) -> Option<Target> {
        None
    }

    /// Returns the calendar that its time is agreed in, if it names one.
    fn calendar(&self) -> Option<&str> {
        None
    }

    /// Reports whether an outage of what is measured must say its impact to be counted.
    fn needs_impact(&self) -> bool {
        false
    }

    /// Finds what the terms refer to in vain, with `path` before each place.
    fn check(&self, names: &Names, path: &str, problems: &mut ProblemList);

    /// Returns what is measured, each by itself: entities, or one `None` for all together.
    fn subjects<'n>(&self, names: &'n Names) -> Vec<Option<&'n str>>;

    /// Returns a fingerprint of what decides the measurement: levels that differ in their target
    /// alone share one.
    fn alike(&self) -> Fingerprint;

    /// Measures one subject.
    ///
    /// # Errors
    ///
    /// [`QueryError`] if a calendar cannot answer.
    fn measure(
        &self,
        subject: Option<&str>,
        facts: &Self::Facts<'_>,
        scope: &Scope,
    ) -> Result<Measurement, QueryError>;
}

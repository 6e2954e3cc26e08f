//! Explanations: a calculation as steps, each of which can be evaluated again without knowing what
//! it is about.
//!
//! This module owns the kinds of steps, what each kind computes, and the list that they are kept
//! in. A result is *made* by adding its step: no number is calculated beside its explanation. What
//! is calculated is left to the modules above, and sentences are made from steps in `statement`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::limits::INPUTS_MAX;
use crate::number::money::ExactMoney;
use crate::number::ratio::Ratio;
use crate::number::value::Value;

/// The operation of a step, on the value it starts from and its inputs.
///
/// The set is closed: whoever knows these operations can evaluate every explanation.
///
/// # Example: a credit that a cap limits
///
/// ```
/// use sla::explain::{Op, Operand, Source, Step};
///
/// let step = Step {
///     cites: "caps[0]".into(),
///     op: Op::Least,
///     before: Operand { from: Source::Step(3), value: "125.00 EUR".parse()? },
///     inputs: vec![Operand { from: Source::Step(4), value: "100.00 EUR".parse()? }],
///     after: "100.00 EUR".parse()?,
/// };
/// assert!(step.holds());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Adds all inputs.
    Add,
    /// Subtracts all inputs. The result is never negative.
    Subtract,
    /// Multiplies by each input, which is a share.
    Times,
    /// Divides by each input.
    Divide,
    /// Takes the least of the value and all inputs.
    Least,
    /// Takes the greatest of the value and all inputs.
    Greatest,
    /// States that the value lies between two bounds, and gives the last input.
    Band {
        /// Whether the lower bound, the first input, belongs to the band. Absent: there is no such
        /// bound or input.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lower: Option<Edge>,
        /// Whether the upper bound, the next input, belongs to the band. Absent: there is no such
        /// bound or input.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upper: Option<Edge>,
    },
    /// Rounds money to whole minor units.
    Round(Rounding),
}

/// Whether a bound belongs to the band that it bounds.
///
/// # Example: at least 99 % and below 99.9 %
///
/// ```
/// use sla::explain::{Edge, Op, Operand, Source, Step};
///
/// let term = |text: &str| Ok(Operand { from: Source::Term, value: text.parse()? });
/// let step = Step {
///     cites: "levels[uptime].credit.bands[0]".into(),
///     op: Op::Band { lower: Some(Edge::Inside), upper: Some(Edge::Outside) },
///     before: Operand { from: Source::Measurement, value: "99 %".parse()? },
///     inputs: vec![term("99 %")?, term("99.9 %")?, term("10 %")?],
///     after: "10 %".parse()?,
/// };
/// assert!(step.holds());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// The bound belongs to the band: "at least", "at most".
    Inside,
    /// The bound does not belong to the band: "above", "below".
    Outside,
}

/// How money is rounded to whole minor units.
///
/// # Example: half a cent
///
/// ```
/// use sla::explain::{Op, Operand, Rounding, Source, Step};
///
/// let holds = |rounding, after: &str| -> Result<bool, sla::error::ParseError> {
///     let before = Operand { from: Source::Term, value: "125.005 EUR".parse()? };
///     let (cites, op) = ("levels[uptime].credit".into(), Op::Round(rounding));
///     Ok(Step { cites, op, before, inputs: vec![], after: after.parse()? }.holds())
/// };
/// assert!(holds(Rounding::HalfEven, "125.00 EUR")?);
/// assert!(holds(Rounding::Up, "125.01 EUR")?);
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest minor unit; from the middle, to the even one.
    HalfEven,
    /// Down to a whole minor unit.
    Down,
    /// Up to a whole minor unit.
    Up,
}

/// A value that a step uses, and where it comes from.
///
/// # Example: an amount of an invoice
///
/// ```
/// use sla::explain::{Operand, Source};
///
/// let fee = Operand { from: Source::Fact("charges[INV-7/1]".into()), value: "1250.05 EUR".parse()? };
/// assert_eq!(fee.value.to_string(), "1250.05 EUR");
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operand {
    /// The origin of the value.
    pub from: Source,
    /// The value.
    pub value: Value,
}

/// Where a value of a step comes from.
///
/// # Example: a term in JSON
///
/// ```
/// use sla::explain::Operand;
///
/// let operand: Operand = serde_json::from_str(r#"{"from": "term", "value": "10 %"}"#)?;
/// assert_eq!(operand.from, sla::explain::Source::Term);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// The result of an earlier step, by its index.
    Step(usize),
    /// A fact of the record, by its key: `charges[INV-7/1]`.
    Fact(String),
    /// The term that the step cites, or the zero that a sum starts from.
    Term,
    /// The measurement of the level.
    Measurement,
    /// The sum of this number of facts or earlier steps, where they are too many to list.
    SumOf(u64),
}

/// One step of a calculation: the value it starts from, the operation and its inputs, and the
/// result.
///
/// # Example: ten percent of a fee
///
/// ```
/// use sla::explain::{Op, Operand, Source, Step};
///
/// let step = Step {
///     cites: "levels[uptime].credit".into(),
///     op: Op::Times,
///     before: Operand { from: Source::Fact("charges[INV-7/1]".into()), value: "1250.05 EUR".parse()? },
///     inputs: vec![Operand { from: Source::Term, value: "10 %".parse()? }],
///     after: "125.005 EUR".parse()?,
/// };
/// assert!(step.holds());
/// assert!(!Step { after: "125.01 EUR".parse()?, ..step }.holds());
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The path of the term that asks for the step: `levels[uptime].credit.bands[1]`.
    pub cites: String,
    /// The operation.
    pub op: Op,
    /// The value that the step starts from.
    pub before: Operand,
    /// The other values that it uses.
    pub inputs: Vec<Operand>,
    /// The result.
    pub after: Value,
}

impl Step {
    /// Reports whether the result follows from the inputs. Neither the agreement nor the record is
    /// needed.
    ///
    /// # Example: a sum of two charges
    ///
    /// ```
    /// use sla::explain::{Op, Operand, Source, Step};
    ///
    /// let fee = |id: &str, amount: &str| -> Result<Operand, sla::error::ParseError> {
    ///     Ok(Operand { from: Source::Fact(format!("charges[{id}]")), value: amount.parse()? })
    /// };
    /// let step = Step {
    ///     cites: "levels[uptime].credit.of".into(),
    ///     op: Op::Add,
    ///     before: Operand { from: Source::Term, value: "0.00 EUR".parse()? },
    ///     inputs: vec![fee("INV-1", "100.00 EUR")?, fee("INV-2", "50.00 EUR")?],
    ///     after: "150.00 EUR".parse()?,
    /// };
    /// assert!(step.holds());
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn holds(&self) -> bool {
        evaluate(self.op, &self.before.value, &self.inputs) == Some(self.after)
    }

    /// The earlier steps that it uses.
    fn uses(&self) -> impl Iterator<Item = (usize, &Value)> {
        let operands = core::iter::once(&self.before).chain(&self.inputs);
        operands.filter_map(|operand| match operand.from {
            Source::Step(index) => Some((index, &operand.value)),
            _ => None,
        })
    }
}

/// Computes what an operation makes of its operands. `None` if they do not go together, or the
/// result does not fit.
fn evaluate(op: Op, before: &Value, inputs: &[Operand]) -> Option<Value> {
    let mut values = inputs.iter().map(|input| &input.value);
    match op {
        Op::Add => values.try_fold(*before, |sum, value| sum.checked_add(value)),
        Op::Subtract => values.try_fold(*before, |rest, value| rest.checked_sub(value)),
        Op::Times => values.try_fold(*before, |product, value| product.checked_mul(value)),
        Op::Divide => values.try_fold(*before, |quotient, value| quotient.checked_div(value)),
        Op::Least => values.try_fold(*before, |least, value| {
            Some(if value.compare(&least)? == Ordering::Less {
                *value
            } else {
                least
            })
        }),
        Op::Greatest => values.try_fold(*before, |most, value| {
            Some(if value.compare(&most)? == Ordering::Greater {
                *value
            } else {
                most
            })
        }),
        Op::Band { lower, upper } => {
            let mut inside = |edge: Option<Edge>, wrong: Ordering| match edge {
                None => Some(true),
                Some(edge) => {
                    let order = before.compare(values.next()?)?;
                    Some(order != wrong && (edge == Edge::Inside || order != Ordering::Equal))
                }
            };
            let holds = inside(lower, Ordering::Less)? & inside(upper, Ordering::Greater)?;
            values
                .next()
                .copied()
                .filter(|_| holds && values.next().is_none())
        }
        Op::Round(rounding) => match before {
            Value::Money(amount) => Some(Value::Money(rounded(*amount, rounding)?)),
            _ => None,
        },
    }
}

fn rounded(amount: ExactMoney, rounding: Rounding) -> Option<ExactMoney> {
    if rounding == Rounding::HalfEven {
        return amount.half_even();
    }
    let (floor, rest) = amount.minor_units().floor();
    let up = rounding == Rounding::Up && rest > Ratio::ZERO;
    let whole = floor.checked_add(u128::from(up))?;
    Some(ExactMoney::new(Ratio::new(whole, 1)?, amount.currency()))
}

/// The steps of several results. Each step uses only earlier ones; a step that several results rest
/// on is listed once.
///
/// # Example: a fee, a share, a rounding
///
/// ```
/// use sla::explain::Steps;
///
/// let steps: Steps = serde_json::from_str(r#"[
///     {
///         "cites": "levels[uptime].credit",
///         "op": "times",
///         "before": { "from": { "fact": "charges[INV-7/1]" }, "value": "1250.05 EUR" },
///         "inputs": [{ "from": "term", "value": "10 %" }],
///         "after": "125.005 EUR"
///     },
///     {
///         "cites": "levels[uptime].credit",
///         "op": { "round": "half_even" },
///         "before": { "from": { "step": 0 }, "value": "125.005 EUR" },
///         "inputs": [],
///         "after": "125.00 EUR"
///     }
/// ]"#)?;
/// assert!(steps.hold());
/// assert_eq!(steps.iter().last().map(|step| step.after.to_string()), Some("125.00 EUR".into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Steps(Vec<Step>);

impl Steps {
    /// Returns the step at an index, or `None` if there are fewer steps.
    ///
    /// # Example: the first step
    ///
    /// ```
    /// use sla::explain::Steps;
    ///
    /// let steps: Steps = serde_json::from_str(r#"[
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": "times",
    ///         "before": { "from": { "fact": "charges[INV-7/1]" }, "value": "1250.05 EUR" },
    ///         "inputs": [{ "from": "term", "value": "10 %" }],
    ///         "after": "125.005 EUR"
    ///     },
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": { "round": "half_even" },
    ///         "before": { "from": { "step": 0 }, "value": "125.005 EUR" },
    ///         "inputs": [],
    ///         "after": "125.00 EUR"
    ///     }
    /// ]"#)?;
    /// assert_eq!(steps.get(0).map(|step| step.after.to_string()), Some("125.005 EUR".into()));
    /// assert!(steps.get(2).is_none());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<&Step> {
        self.0.get(index)
    }

    /// Returns the steps in order.
    ///
    /// # Example: the terms that were applied
    ///
    /// ```
    /// use sla::explain::Steps;
    ///
    /// let steps: Steps = serde_json::from_str(r#"[
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": "times",
    ///         "before": { "from": { "fact": "charges[INV-7/1]" }, "value": "1250.05 EUR" },
    ///         "inputs": [{ "from": "term", "value": "10 %" }],
    ///         "after": "125.005 EUR"
    ///     },
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": { "round": "half_even" },
    ///         "before": { "from": { "step": 0 }, "value": "125.005 EUR" },
    ///         "inputs": [],
    ///         "after": "125.00 EUR"
    ///     }
    /// ]"#)?;
    /// assert!(steps.iter().all(|step| step.cites == "levels[uptime].credit"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn iter(&self) -> core::slice::Iter<'_, Step> {
        self.0.iter()
    }

    /// Returns the indices of a step and of every step that it rests on, in order.
    ///
    /// # Example: what a rounded amount rests on
    ///
    /// ```
    /// use sla::explain::Steps;
    ///
    /// let steps: Steps = serde_json::from_str(r#"[
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": "times",
    ///         "before": { "from": { "fact": "charges[INV-7/1]" }, "value": "1250.05 EUR" },
    ///         "inputs": [{ "from": "term", "value": "10 %" }],
    ///         "after": "125.005 EUR"
    ///     },
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": { "round": "half_even" },
    ///         "before": { "from": { "step": 0 }, "value": "125.005 EUR" },
    ///         "inputs": [],
    ///         "after": "125.00 EUR"
    ///     }
    /// ]"#)?;
    /// assert_eq!(steps.behind(1), [0, 1]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Cost
    ///
    /// n log n in the number of those steps.
    pub fn behind(&self, index: usize) -> Vec<usize> {
        let (mut found, mut open) = (BTreeSet::new(), Vec::from([index]));
        while let Some(index) = open.pop() {
            let Some(step) = self.0.get(index) else { continue };
            if found.insert(index) {
                open.extend(step.uses().map(|(index, _)| index));
            }
        }
        found.into_iter().collect()
    }

    /// Reports whether every step holds, and whether every value that a step takes from an earlier
    /// step is that step's result.
    ///
    /// # Example: a changed result
    ///
    /// ```
    /// use sla::explain::Steps;
    ///
    /// let steps: Steps = serde_json::from_str(r#"[
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": "times",
    ///         "before": { "from": { "fact": "charges[INV-7/1]" }, "value": "1250.05 EUR" },
    ///         "inputs": [{ "from": "term", "value": "10 %" }],
    ///         "after": "125.005 EUR"
    ///     },
    ///     {
    ///         "cites": "levels[uptime].credit",
    ///         "op": { "round": "half_even" },
    ///         "before": { "from": { "step": 0 }, "value": "125.005 EUR" },
    ///         "inputs": [],
    ///         "after": "125.00 EUR"
    ///     }
    /// ]"#)?;
    /// assert!(steps.hold());
    /// let forged = serde_json::to_string(&steps)?.replace("125.00 EUR", "126.00 EUR");
    /// assert!(!serde_json::from_str::<Steps>(&forged)?.hold());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn hold(&self) -> bool {
        let linked = |index: usize, (used, value): (usize, &Value)| {
            used < index && self.0.get(used).is_some_and(|step| step.after == *value)
        };
        let mut steps = self.0.iter().enumerate();
        steps.all(|(index, step)| step.holds() && step.uses().all(|used| linked(index, used)))
    }

    /// Adds a step and evaluates it. `None` if it has no result; then nothing is added.
    pub(crate) fn push(
        &mut self,
        cites: impl Into<String>,
        op: Op,
        before: Operand,
        inputs: Vec<Operand>,
    ) -> Option<usize> {
        let after = evaluate(op, &before.value, &inputs)?;
        self.0.push(Step {
            cites: cites.into(),
            op,
            before,
            inputs,
            after,
        });
        self.0.len().checked_sub(1)
    }

    /// Adds the sum of `inputs`, each of which is listed if they are few enough. `None` if it does
    /// not fit.
    pub(crate) fn push_sum(
        &mut self,
        cites: impl Into<String>,
        zero: Value,
        inputs: impl ExactSizeIterator<Item = Operand>,
    ) -> Option<usize> {
        let count = u64::try_from(inputs.len()).ok()?;
        let inputs = if inputs.len() > INPUTS_MAX {
            let mut inputs = inputs;
            let sum = inputs.try_fold(zero, |sum, input| sum.checked_add(&input.value))?;
            vec![Operand::new(Source::SumOf(count), sum)]
        } else {
            inputs.collect()
        };
        self.push(cites, Op::Add, Operand::term(zero), inputs)
    }

    /// Returns the result of a step as an operand of a later one. `None` if there is no such step.
    pub(crate) fn operand(&self, index: usize) -> Option<Operand> {
        Some(Operand::new(Source::Step(index), self.get(index)?.after))
    }

    /// Returns the result of a step. `None` if it is no money.
    pub(crate) fn money(&self, index: usize) -> Option<ExactMoney> {
        match self.get(index)?.after {
            Value::Money(amount) => Some(amount),
            _ => None,
        }
    }
}

impl Operand {
    pub(crate) fn new(from: Source, value: impl Into<Value>) -> Self {
        Self {
            from,
            value: value.into(),
        }
    }

    /// What the term that is cited states.
    pub(crate) fn term(value: impl Into<Value>) -> Self {
        Self::new(Source::Term, value)
    }
}

//! The ledger: claims, the lines and steps made from them, and the charges that they rest on.
//!
//! This module owns what rules and stages work on, and how a base becomes a step. What a rule gives
//! is in `rule`, what becomes of all lines together in `stage`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::charges::{Base, BaseId, Bases, Counted};
use super::error::CreditError;
use super::terms::{Cap, ChargeFilter, CreditTerms};
use crate::explain::{Op, Operand, Source, Steps};
use crate::level::Verdict;
use crate::limits::INPUTS_MAX;
use crate::number::money::{Currency, ExactMoney};
use crate::number::ratio::Ratio;
use crate::number::value::Value;

/// The term by which charges are prorated.
const PRORATED_BY: &str = "in_force.partial_periods";

/// A finding that may give a credit.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    /// The id of the level.
    pub(crate) level: &'a str,
    pub(crate) entity: Option<&'a str>,
    /// The path of the credit's terms: `levels[uptime].credit`.
    pub(crate) path: String,
    pub(crate) terms: &'a CreditTerms,
    pub(crate) measured: Option<Ratio>,
    pub(crate) verdict: Verdict,
    pub(crate) to_come: ToCome,
}

/// What can still become of a level that a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ToCome {
    /// Nothing is pending.
    Nothing,
    /// It ends somewhere from the least to the most, both included.
    Between {
        /// The least that can be measured.
        least: Ratio,
        /// The most.
        most: Ratio,
    },
    /// It cannot be judged, however what is pending turns out.
    NotJudged,
}

impl Claim<'_> {
    /// Returns the error that says that the credit does not fit.
    pub(crate) fn too_large(&self) -> CreditError {
        CreditError::Credit {
            path: self.path.clone(),
            entity: self.entity.map(String::from),
        }
    }

    /// Returns the error that says that the charges do not fit.
    pub(super) fn base_too_large(&self) -> CreditError {
        CreditError::Base {
            path: self.path.clone(),
            entity: self.entity.map(String::from),
        }
    }

    /// Returns what was measured, if it is judged.
    pub(super) fn judged(&self) -> Option<Ratio> {
        self.measured.filter(|_| self.verdict != Verdict::NotJudged)
    }
}

/// A cap and the path of its terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capped<'a> {
    pub(crate) cap: &'a Cap,
    pub(crate) path: &'a str,
}

impl Capped<'_> {
    pub(super) fn too_large(&self) -> CreditError {
        CreditError::Cap {
            path: String::from(self.path),
        }
    }
}

/// An exact amount, and the step that it is the result of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entitlement {
    pub(crate) amount: ExactMoney,
    pub(crate) step: usize,
}

impl Entitlement {
    /// `None` if there is no such step, or its result is no money.
    pub(super) fn of(steps: &Steps, step: usize) -> Option<Self> {
        let amount = steps.money(step)?;
        Some(Self { amount, step })
    }
}

/// What a stage takes away from a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Withheld {
    /// The step that says how much.
    pub(crate) step: usize,
    /// The step that says how much was left for the line.
    pub(crate) left: usize,
}

/// A credit, or a default that gives none. `gross − withheld = net`.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) claim: &'a Claim<'a>,
    /// The charges that it is a share of.
    pub(crate) base: Base,
    /// What the rule gives, exactly.
    pub(crate) exact: Entitlement,
    /// What the rule gives, as money once a stage has rounded it.
    pub(crate) gross: Entitlement,
    /// What the cap takes away, if it does.
    pub(crate) withheld: Option<Withheld>,
    /// What is left after all stages so far.
    pub(crate) net: Entitlement,
}

/// A cap that was applied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit<'a> {
    pub(crate) cap: &'a Cap,
    pub(crate) base: Base,
    /// The step that says how much it is.
    pub(crate) step: usize,
}

/// What rules and stages work on: the lines and steps made so far, and what they are made from.
pub(super) struct Ledger<'w, 'a> {
    pub(super) currency: Currency,
    pub(super) cap: Option<Capped<'a>>,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) limit: Option<Limit<'a>>,
    pub(super) steps: Steps,
    bases: &'w mut Bases<'a>,
    /// The steps that bases and prorated charges are the results of, each made once.
    sums: BTreeMap<BaseId, usize>,
    prorated: BTreeMap<usize, usize>,
}

impl<'w, 'a> Ledger<'w, 'a> {
    /// Creates a ledger without lines.
    pub(super) fn new(cap: Option<Capped<'a>>, bases: &'w mut Bases<'a>) -> Self {
        Self {
            currency: bases.currency(),
            cap,
            lines: Vec::new(),
            limit: None,
            steps: Steps::default(),
            bases,
            sums: BTreeMap::new(),
            prorated: BTreeMap::new(),
        }
    }

    /// Adds the line of a claim.
    pub(super) fn add(&mut self, claim: &'a Claim<'a>, exact: Entitlement) -> Result<(), CreditError> {
        let (_, base) = self.bases.base(&claim.terms.of, claim.entity);
        self.lines.push(Line {
            claim,
            base: base.ok_or_else(|| claim.base_too_large())?,
            exact,
            gross: exact,
            withheld: None,
            net: exact,
        });
        Ok(())
    }

    /// Returns the selected charges, summed, with the step that sums them. `None` if they do not
    /// fit.
    pub(super) fn base(
        &mut self,
        selector: &'a ChargeFilter,
        entity: Option<&str>,
    ) -> Option<(Base, Operand)> {
        let (id, base) = self.bases.base(selector, entity);
        let base = base?;
        let step = match self.sums.get(&id) {
            Some(step) => *step,
            None => self.sum(id, base)?,
        };
        self.sums.insert(id, step);
        Some((base, self.steps.operand(step)?))
    }

    fn sum(&mut self, id: BaseId, base: Base) -> Option<usize> {
        let zero = Value::Money(ExactMoney::new(Ratio::ZERO, self.currency));
        if base.charges > INPUTS_MAX {
            let sum = Source::SumOf(u64::try_from(base.charges).ok()?);
            let inputs = vec![Operand::new(sum, base.counted)];
            return self.steps.push("charges", Op::Add, Operand::term(zero), inputs);
        }
        let charges: Vec<(usize, &Counted<'_>)> = self.bases.charges_of(id).collect();
        let mut inputs = Vec::with_capacity(charges.len());
        for (index, counted) in charges {
            inputs.push(self.charge(index, counted)?);
        }
        self.steps.push("charges", Op::Add, Operand::term(zero), inputs)
    }

    /// Returns what counts of a charge; of one that is prorated, the step that takes its share.
    fn charge(&mut self, index: usize, counted: &Counted<'_>) -> Option<Operand> {
        let fact = Operand::new(
            Source::Fact(format!("charges[{}]", counted.charge.id)),
            counted.billed,
        );
        let Some(part) = counted.part else {
            return Some(fact);
        };
        let step = match self.prorated.get(&index) {
            Some(step) => *step,
            None => self
                .steps
                .push(PRORATED_BY, Op::Times, fact, vec![Operand::term(part)])?,
        };
        self.prorated.insert(index, step);
        self.steps.operand(step)
    }

    /// Adds the sum of a column of the lines.
    pub(super) fn sum_of_lines(
        &mut self,
        cites: &str,
        column: fn(&Line<'a>) -> Entitlement,
    ) -> Option<Entitlement> {
        let zero = Value::Money(ExactMoney::new(Ratio::ZERO, self.currency));
        let entitlements = self.lines.iter().map(column);
        let operands = entitlements.map(|one| Operand::new(Source::Step(one.step), one.amount));
        let step = self.steps.push_sum(cites, zero, operands)?;
        Entitlement::of(&self.steps, step)
    }
}

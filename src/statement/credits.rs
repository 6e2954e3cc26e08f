//! Credit lines and their totals, as a statement shows them.
//!
//! This module owns how an assessment becomes lines of money. The amounts and their steps are made in `credit`, the
//! sentences in `words`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::words;
use crate::credit::{Assessment, CreditError, Entitlement, Line};
use crate::number::money::Money;
use crate::number::percentage::Percentage;

/// A credit, or a default that gives none. `gross − withheld = net`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreditLine {
    /// The id of the service level.
    pub level: String,
    /// The entity, for a level measured per entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The charges that the credit is a share of, those that are prorated rounded down to the minor unit: the credit is
    /// a share of the exact amount, which `why` tells.
    pub base: Money,
    /// The share that the band gives.
    pub share: Percentage,
    /// What the band gives.
    pub gross: Money,
    /// What the cap takes away.
    pub withheld: Money,
    /// What is owed.
    pub net: Money,
    /// How it came about, step by step.
    pub why: String,
    /// The index, in the statement's steps, of the step whose result is `net`.
    pub step: usize,
}

/// The sums over all credit lines of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
#[non_exhaustive]
pub struct Totals {
    /// What the bands give.
    pub gross: Money,
    /// What the cap takes away.
    pub withheld: Money,
    /// What is owed.
    pub net: Money,
    /// The most that can be owed for the period, if the agreement has a cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
}

impl CreditLine {
    /// Makes the lines of an assessment, each with its sentence.
    ///
    /// # Errors
    ///
    /// [`CreditError::Credit`] if an amount is no money.
    pub(crate) fn all(assessment: &Assessment<'_>) -> Result<Vec<Self>, CreditError> {
        let lines = assessment.lines.iter();
        lines
            .map(|line| Self::of(assessment, line).ok_or_else(|| line.claim.too_large()))
            .collect()
    }

    fn of(assessment: &Assessment<'_>, line: &Line<'_>) -> Option<Self> {
        let (gross, net) = (line.gross.amount.money()?, line.net.amount.money()?);
        Some(Self {
            level: String::from(line.claim.level),
            entity: line.claim.entity.map(String::from),
            base: line.base.counted_down,
            share: words::share(assessment, line)?,
            gross,
            withheld: gross.checked_sub(net)?,
            net,
            why: words::why(assessment, line)?,
            step: line.net.step,
        })
    }
}

impl Totals {
    /// Sums the lines of an assessment.
    ///
    /// # Errors
    ///
    /// [`CreditError::Total`] if a sum is no money.
    pub(crate) fn of(assessment: &Assessment<'_>) -> Result<Self, CreditError> {
        Self::sums(assessment).ok_or(CreditError::Total)
    }

    fn sums(assessment: &Assessment<'_>) -> Option<Self> {
        let sum = |column: fn(&Line<'_>) -> Entitlement| {
            let mut amounts = assessment.lines.iter().map(|line| column(line).amount.money());
            amounts.try_fold(Money::zero(assessment.currency), |sum, amount| {
                sum.checked_add(amount?)
            })
        };
        let (gross, net) = (sum(|line| line.gross)?, sum(|line| line.net)?);
        let cap = match assessment.limit {
            Some(limit) => Some(assessment.steps.money(limit.step)?.money()?),
            None => None,
        };
        Some(Self {
            gross,
            withheld: gross.checked_sub(net)?,
            net,
            cap,
        })
    }
}

//! The assessment: bands, shares, the one rounding, and the cap.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::terms::{Band, Cap, CreditTerms, Selector};
use crate::level::Verdict;
use crate::number::money::{Currency, ExactMoney, Money, apportion};
use crate::number::ratio::{Ratio, Share};
use crate::period::{DatesInForce, Period};
use crate::record::{Charge, ChargeKind};

/// A finding that may give a credit.
pub(crate) struct Claim<'a> {
    pub(crate) level: &'a str,
    pub(crate) entity: Option<&'a str>,
    pub(crate) measured: Option<Ratio>,
    pub(crate) verdict: Verdict,
    pub(crate) terms: &'a CreditTerms,
    /// The charges it is a share of.
    pub(crate) base: Base,
}

/// A credit, or a default that gives none. `gross − withheld = net`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CreditLine {
    /// The id of the service level.
    pub level: String,
    /// The entity, for a level measured per entity.
    pub entity: Option<String>,
    /// The charges that the credit is a share of, those that are prorated rounded down to the minor unit: the credit is
    /// a share of the exact amount, which `why` tells.
    pub base: Money,
    /// The share that the band gives.
    pub share: Share,
    /// What the band gives.
    pub gross: Money,
    /// What the cap takes away.
    pub withheld: Money,
    /// What is owed.
    pub net: Money,
    /// How it came about, step by step.
    pub why: String,
}

/// The sums over all credit lines of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// What the bands give.
    pub gross: Money,
    /// What the cap takes away.
    pub withheld: Money,
    /// What is owed.
    pub net: Money,
    /// The most that can be owed for the period, if the agreement has a cap.
    pub cap: Option<Money>,
}

/// The recurring charges of a period, summed by entity and service.
pub(crate) struct Charges<'a>(BTreeMap<(&'a str, &'a str), Amount>);

/// Whether a charge is one that credits of a period are shares of.
pub(crate) fn is_counted(charge: &Charge, period: Period) -> bool {
    charge.kind == ChargeKind::Recurring && period.contains(charge.period)
}

/// An amount of charges in minor units.
#[derive(Clone, Copy)]
struct Amount {
    billed: u64,
    /// What counts of it.
    counted: Ratio,
}

impl Amount {
    const ZERO: Self = Self {
        billed: 0,
        counted: Ratio::ZERO,
    };

    /// A charge; if it is prorated, by the days of its period that are in force. `None` if it does not fit.
    fn of(charge: &Charge, prorated: Option<DatesInForce>) -> Option<Self> {
        let billed = u64::try_from(charge.amount.minor_units()).ok()?;
        let (days, of) = match prorated {
            Some(dates) => (dates.days_of(charge.period), charge.period.days()),
            None => (1, 1),
        };
        let share = Ratio::new(u128::from(days), u128::from(of))?;
        let counted = Ratio::whole_number(billed).checked_mul(share)?;
        Some(Self { billed, counted })
    }

    /// `None` if the sum is none of money.
    fn plus(self, other: Self) -> Option<Self> {
        let billed = self.billed.checked_add(other.billed)?;
        i64::try_from(billed).ok()?;
        Some(Self {
            billed,
            counted: self.counted.checked_add(other.counted)?,
        })
    }

    fn money(self, currency: Currency) -> (Money, Money) {
        let money = |units| Money::from_minor_units(units, currency);
        let counted = i64::try_from(self.counted.floor().0).unwrap_or(i64::MAX);
        (
            money(i64::try_from(self.billed).unwrap_or(i64::MAX)),
            money(counted),
        )
    }
}

impl<'a> Charges<'a> {
    /// Those whose period lies inside the statement's, whatever its kind, are summed; as billed, or `prorated` by the
    /// dates in force. Charges whose period reaches into it and beyond are refused before. `None` if a sum does not fit.
    pub(crate) fn of(
        charges: impl IntoIterator<Item = &'a Charge>,
        period: Period,
        prorated: Option<DatesInForce>,
    ) -> Option<Self> {
        let mut sums: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
        for charge in charges.into_iter().filter(|charge| is_counted(charge, period)) {
            let sum = sums
                .entry((&charge.entity, &charge.service))
                .or_insert(Amount::ZERO);
            *sum = sum.plus(Amount::of(charge, prorated)?)?;
        }
        Some(Self(sums))
    }

    /// Entity and service, in that order, with what was billed and what of it counts, rounded down.
    pub(crate) fn iter(
        &self,
        currency: Currency,
    ) -> impl Iterator<Item = (&'a str, &'a str, (Money, Money))> + '_ {
        self.0
            .iter()
            .map(move |((entity, service), sum)| (*entity, *service, sum.money(currency)))
    }

    /// The charges that are selected, of one entity or of all. `None` if they do not fit.
    pub(crate) fn selected(&self, selector: &Selector, entity: Option<&str>) -> Option<Base> {
        let (from, all) = (entity.map(|entity| (entity, "")), self.0.iter());
        let of_entity = from.map(|from| self.0.range(from..).take_while(move |((of, _), _)| *of == from.0));
        let mut base = Base {
            amount: Amount::ZERO,
            lines: 0,
        };
        let mut add = |service: &str, sum: Amount| -> Option<()> {
            if selector.selects(service) {
                base.amount = base.amount.plus(sum)?;
                base.lines = base.lines.saturating_add(1);
            }
            Some(())
        };
        match of_entity {
            Some(mut charges) => charges.try_for_each(|((_, service), sum)| add(service, *sum))?,
            None => all
                .map(|((_, service), sum)| add(service, *sum))
                .collect::<Option<()>>()?,
        }
        Some(base)
    }
}

/// The charges that a credit or a cap is a share of.
#[derive(Clone, Copy)]
pub(crate) struct Base {
    amount: Amount,
    /// How many charges were selected: none known is not the same as nothing charged.
    lines: usize,
}

impl Base {
    fn explained(self, of: &Selector, currency: Currency) -> String {
        if self.lines == 0 {
            return format!("{of}, of which none is known for the period");
        }
        let (billed, _) = self.amount.money(currency);
        if self.amount.counted == Ratio::whole_number(self.amount.billed) {
            return format!("{of} ({billed})");
        }
        let counted = ExactMoney::new(self.amount.counted, currency);
        format!("{of} ({billed}, of which {counted} for the dates in force)")
    }
}

/// A claim that gets a line, with the band that holds it, if one does.
struct Due<'a> {
    claim: &'a Claim<'a>,
    measured: Ratio,
    band: Option<&'a Band>,
    exact: Ratio,
}

/// Assesses the credits of one period. `cap` comes with the charges it is a share of, in minor units. `None` if an
/// amount does not fit.
pub(crate) fn assess(
    claims: &[Claim<'_>],
    cap: Option<(&Cap, Base)>,
    currency: Currency,
) -> Option<(Vec<CreditLine>, Totals)> {
    let due = claims.iter().filter_map(due_of).collect::<Option<Vec<_>>>()?;
    let exact: Vec<Ratio> = due.iter().map(|due| due.exact).collect();
    let gross = apportion(&exact)?;
    let limit = match cap {
        Some((cap, base)) => {
            Some(i64::try_from(cap.share.ratio().checked_mul(base.amount.counted)?.floor().0).ok()?)
        }
        None => None,
    };
    let money = |minor_units| Money::from_minor_units(minor_units, currency);
    let mut left = limit.unwrap_or(i64::MAX);
    let (mut lines, mut gross_sum, mut net_sum) = (Vec::with_capacity(due.len()), 0_i64, 0_i64);
    for (due, gross) in due.iter().zip(gross) {
        let net = gross.min(left);
        left = left.checked_sub(net)?;
        gross_sum = gross_sum.checked_add(gross)?;
        net_sum = net_sum.checked_add(net)?;
        let withheld = gross.checked_sub(net)?;
        let line = Line {
            gross: money(gross),
            withheld: money(withheld),
            net: money(net),
        };
        lines.push(line.explained(due, cap, limit.map(money), currency));
    }
    let totals = Totals {
        gross: money(gross_sum),
        withheld: money(gross_sum.checked_sub(net_sum)?),
        net: money(net_sum),
        cap: limit.map(money),
    };
    Some((lines, totals))
}

/// Whether a claim gets a line: a band holds it, or it is a default that no band holds. The inner `None` says that
/// the amount does not fit.
fn due_of<'a>(claim: &'a Claim<'a>) -> Option<Option<Due<'a>>> {
    let measured = claim.measured.filter(|_| claim.verdict != Verdict::NotJudged)?;
    let band = claim.terms.band(&measured);
    if band.is_none() && claim.verdict != Verdict::Breached {
        return None;
    }
    let exact = band.map_or(Some(Ratio::ZERO), |band| {
        band.credit.ratio().checked_mul(claim.base.amount.counted)
    });
    Some(exact.map(|exact| Due {
        claim,
        measured,
        band,
        exact,
    }))
}

struct Line {
    gross: Money,
    withheld: Money,
    net: Money,
}

impl Line {
    fn explained(
        self,
        due: &Due<'_>,
        cap: Option<(&Cap, Base)>,
        limit: Option<Money>,
        currency: Currency,
    ) -> CreditLine {
        let decimals = due
            .claim
            .terms
            .bands
            .iter()
            .map(Band::decimals)
            .max()
            .unwrap_or(0)
            .max(4);
        let mut why = format!("measured {} %", due.measured.percent(decimals));
        match due.band {
            None => why.push_str(", for which the terms have no band"),
            Some(band) => {
                let of = due.claim.base.explained(&due.claim.terms.of, currency);
                let exact = ExactMoney::new(due.exact, currency).to_string();
                why.push_str(&format!(", which is {band}: {} % of {of} = {exact}", band.credit));
                if exact != self.gross.to_string() {
                    why.push_str(&format!(", rounded to {}", self.gross));
                }
            }
        }
        if let (Some((cap, capped)), Some(limit), true) = (cap, limit, self.withheld.minor_units() > 0) {
            why.push_str(&format!(
                "; the cap of the period is {limit}, {} % of {}, of which {} was left: {} is withheld",
                cap.share,
                capped.explained(&cap.of, currency),
                self.net,
                self.withheld
            ));
        }
        CreditLine {
            level: String::from(due.claim.level),
            entity: due.claim.entity.map(String::from),
            base: due.claim.base.amount.money(currency).1,
            share: due.band.map(|band| band.credit).unwrap_or_default(),
            gross: self.gross,
            withheld: self.withheld,
            net: self.net,
            why,
        }
    }
}

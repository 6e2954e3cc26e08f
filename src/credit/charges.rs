//! The charges of a period, and the bases that credits and caps are shares of.
//!
//! This module owns which charges count, how much of each, and their sums by entity and service. A
//! base is summed once for each distinct choice of services and entity, however many levels make
//! that choice.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::error::CreditError;
use super::terms::ChargeFilter;
use crate::measure::scope::Scope;
use crate::number::money::{Currency, ExactMoney, Money};
use crate::number::ratio::Ratio;
use crate::period::Period;
use crate::record::{Charge, ChargeKind};

/// Reports whether credits of a period are shares of a charge.
pub(crate) fn is_counted(charge: &Charge, period: Period) -> bool {
    charge.kind == ChargeKind::Recurring && period.contains(charge.period)
}

/// The charges that a credit or a cap is a share of, summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Base {
    /// As billed.
    pub(crate) billed: Money,
    /// What counts of it.
    pub(crate) counted: ExactMoney,
    /// The same, rounded down to the minor unit.
    pub(crate) counted_down: Money,
    /// How many charges were selected: none known is not the same as nothing charged.
    pub(crate) charges: usize,
}

impl Base {
    fn none(currency: Currency) -> Self {
        Self {
            billed: Money::zero(currency),
            counted: ExactMoney::new(Ratio::ZERO, currency),
            counted_down: Money::zero(currency),
            charges: 0,
        }
    }

    /// `None` if a sum does not fit.
    fn plus(self, other: Self) -> Option<Self> {
        let counted = self.counted.checked_add(other.counted)?;
        Some(Self {
            billed: self.billed.checked_add(other.billed)?,
            counted,
            counted_down: counted.floor()?,
            charges: self.charges.checked_add(other.charges)?,
        })
    }
}

/// A charge that counts.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) charge: &'a Charge,
    /// The amount, exactly.
    pub(super) billed: ExactMoney,
    /// The share of it that counts, if that is not all of it: the days of its period that are in
    /// force.
    pub(super) part: Option<Ratio>,
    base: Base,
}

impl<'a> Counted<'a> {
    /// `None` if the amount does not fit.
    fn of(charge: &'a Charge, scope: &Scope) -> Option<Self> {
        let billed = ExactMoney::of(charge.amount)?;
        let days = scope.prorated_days(charge.period);
        let part = match days.filter(|(days, of)| days < of) {
            Some((days, of)) => Some(Ratio::new(u128::from(days), u128::from(of))?),
            None => None,
        };
        let counted = match part {
            Some(part) => ExactMoney::new(billed.minor_units().checked_mul(part)?, billed.currency()),
            None => billed,
        };
        let base = Base {
            billed: charge.amount,
            counted,
            counted_down: counted.floor()?,
            charges: 1,
        };
        Some(Self {
            charge,
            billed,
            part,
            base,
        })
    }
}

/// The charges for one service of one entity.
struct Row<'a> {
    entity: &'a str,
    /// Indices into services and charges.
    service: usize,
    charges: Range<usize>,
    base: Base,
}

/// The recurring charges of a period, summed by entity and service.
pub(crate) struct Charges<'a> {
    currency: Currency,
    /// By entity, service and id.
    counted: Vec<Counted<'a>>,
    /// By entity and service.
    rows: Vec<Row<'a>>,
    /// The rows of each entity.
    entities: BTreeMap<&'a str, Range<usize>>,
    /// The services that are charged, by id, each with its rows and their sum. `None` if that does
    /// not fit, which matters only where it is selected.
    services: Vec<(&'a str, Vec<usize>, Option<Base>)>,
}

impl<'a> Charges<'a> {
    /// Sums the charges whose period lies inside the statement's, be it a month or a quarter, each
    /// as far as the scope counts it. Charges whose period reaches into it and beyond are refused before.
    ///
    /// # Errors
    ///
    /// [`CreditError::Charges`] if the charges for a service of an entity do not fit.
    ///
    /// # Cost
    ///
    /// n log n in the number of charges.
    pub(crate) fn of(
        charges: impl IntoIterator<Item = &'a Charge>,
        scope: &Scope,
        currency: Currency,
    ) -> Result<Self, CreditError> {
        let counted = charges
            .into_iter()
            .filter(|charge| is_counted(charge, scope.period));
        let counted = counted.map(|charge| Counted::of(charge, scope).ok_or_else(|| too_large(charge)));
        let mut counted: Vec<Counted<'a>> = counted.collect::<Result<_, _>>()?;
        counted.sort_by_key(|one| (&one.charge.entity, &one.charge.service, &one.charge.id));
        let mut all = Self {
            currency,
            services: services(&counted, currency),
            counted,
            rows: Vec::new(),
            entities: BTreeMap::new(),
        };
        all.sum_rows()?;
        Ok(all)
    }

    fn sum_rows(&mut self) -> Result<(), CreditError> {
        let mut start = 0;
        while let Some(Counted { charge, .. }) = self.counted.get(start).copied() {
            let of = (&charge.entity, &charge.service);
            let end = self
                .counted
                .partition_point(|one| (&one.charge.entity, &one.charge.service) <= of);
            let mut sums = self.counted.iter().take(end).skip(start).map(|one| one.base);
            let base = sums.try_fold(Base::none(self.currency), Base::plus);
            self.add_row(charge, start..end, base.ok_or_else(|| too_large(charge))?);
            start = end;
        }
        Ok(())
    }

    fn add_row(&mut self, of: &'a Charge, charges: Range<usize>, base: Base) {
        let row = self.rows.len();
        let found = self
            .services
            .binary_search_by_key(&of.service.as_str(), |(id, ..)| id);
        let Some((service, (_, rows, sum))) =
            found.ok().and_then(|at| Some((at, self.services.get_mut(at)?)))
        else {
            debug_assert!(false, "services are those of the charges");
            return;
        };
        rows.push(row);
        *sum = sum.and_then(|sum| sum.plus(base));
        self.rows.push(Row {
            entity: &of.entity,
            service,
            charges,
            base,
        });
        let of_entity = self.entities.entry(&of.entity).or_insert(row..row);
        of_entity.end = self.rows.len();
    }

    /// Returns entity and service, in that order, with what was billed and what of it counts,
    /// rounded down.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str, Base)> + '_ {
        self.rows.iter().filter_map(|row| {
            let (service, ..) = self.services.get(row.service)?;
            Some((row.entity, *service, row.base))
        })
    }
}

fn services<'a>(counted: &[Counted<'a>], currency: Currency) -> Vec<(&'a str, Vec<usize>, Option<Base>)> {
    let mut ids: Vec<&str> = counted.iter().map(|one| one.charge.service.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let none = Some(Base::none(currency));
    ids.into_iter().map(|id| (id, Vec::new(), none)).collect()
}

fn too_large(charge: &Charge) -> CreditError {
    CreditError::Charges {
        entity: charge.entity.clone(),
        service: charge.service.clone(),
    }
}

/// Which charges a base is the sum of: a choice of services, and an entity if it is not of all.
pub(super) type BaseId = (usize, Option<usize>);

/// Bases, each summed when it is first asked for.
pub(crate) struct Bases<'a> {
    charges: &'a Charges<'a>,
    /// Every distinct choice of services, as sorted indices, with its own index.
    choices: BTreeMap<Option<Vec<usize>>, usize>,
    /// The choices by index.
    chosen: Vec<Option<Vec<usize>>>,
    /// The selector that was asked for last, which is most often asked for again: for the next
    /// entity of a level.
    last: Option<(&'a ChargeFilter, usize)>,
    sums: BTreeMap<BaseId, Option<Base>>,
}

impl<'a> Bases<'a> {
    pub(crate) fn new(charges: &'a Charges<'a>) -> Self {
        Self {
            charges,
            choices: BTreeMap::new(),
            chosen: Vec::new(),
            last: None,
            sums: BTreeMap::new(),
        }
    }

    pub(super) fn currency(&self) -> Currency {
        self.charges.currency
    }

    /// Returns the sum of the charges that are selected, of one entity or of all. `None` if it does
    /// not fit.
    ///
    /// # Cost
    ///
    /// Two searches, but when a choice of services and entity is asked for the first time: then
    /// linear in the services chosen, or in the charged services of the entity, whichever are
    /// fewer.
    pub(super) fn base(
        &mut self,
        selector: &'a ChargeFilter,
        entity: Option<&str>,
    ) -> (BaseId, Option<Base>) {
        let choice = self.choice(selector);
        let entity = match entity {
            // An entity without charges has the number after those with charges.
            Some(entity) => Some(
                self.charges
                    .entities
                    .get(entity)
                    .map_or(self.charges.rows.len(), |rows| rows.start),
            ),
            None => None,
        };
        let id = (choice, entity);
        if let Some(known) = self.sums.get(&id) {
            return (id, *known);
        }
        let none = Base::none(self.currency());
        let base = match (entity, self.chosen.get(choice).and_then(Option::as_ref)) {
            (None, None) => {
                let mut sums = self.charges.services.iter().map(|(.., sum)| *sum);
                sums.try_fold(none, |base, sum| base.plus(sum?))
            }
            (None, Some(services)) => {
                let mut sums = services
                    .iter()
                    .filter_map(|index| self.charges.services.get(*index));
                sums.try_fold(none, |base, (.., sum)| base.plus((*sum)?))
            }
            (Some(_), _) => self
                .rows(id)
                .into_iter()
                .try_fold(none, |base, row| base.plus(row.base)),
        };
        self.sums.insert(id, base);
        (id, base)
    }

    fn choice(&mut self, selector: &'a ChargeFilter) -> usize {
        if let Some((_, choice)) = self.last.filter(|(last, _)| core::ptr::eq(*last, selector)) {
            return choice;
        }
        let services = selector.services.as_ref().map(|services| {
            let charged = |id: &String| {
                self.charges
                    .services
                    .binary_search_by_key(&id.as_str(), |(id, ..)| id)
                    .ok()
            };
            let mut indices: Vec<usize> = services.iter().filter_map(charged).collect();
            indices.sort_unstable();
            indices.dedup();
            indices
        });
        let next = self.chosen.len();
        let choice = *self.choices.entry(services.clone()).or_insert(next);
        if choice == next {
            self.chosen.push(services);
        }
        self.last = Some((selector, choice));
        choice
    }

    /// Returns the rows of a base.
    fn rows(&self, (choice, entity): BaseId) -> Vec<&'a Row<'a>> {
        let charges = self.charges;
        let services = self.chosen.get(choice).and_then(Option::as_ref);
        let Some(start) = entity else {
            let rows_of = |index: &usize| charges.services.get(*index).map(|(_, rows, _)| rows.iter());
            return match services {
                None => charges.rows.iter().collect(),
                Some(services) => {
                    let indices = services.iter().filter_map(rows_of).flatten();
                    indices.filter_map(|index| charges.rows.get(*index)).collect()
                }
            };
        };
        let entity = charges
            .rows
            .get(start)
            .and_then(|row| charges.entities.get(row.entity));
        let own = entity
            .and_then(|rows| charges.rows.get(rows.clone()))
            .unwrap_or(&[]); // an entity without charges
        match services {
            None => own.iter().collect(),
            Some(services) if services.len() < own.len() => {
                let row_of =
                    |service: &usize| own.get(own.binary_search_by_key(service, |row| row.service).ok()?);
                services.iter().filter_map(row_of).collect()
            }
            Some(services) => own
                .iter()
                .filter(|row| services.binary_search(&row.service).is_ok())
                .collect(),
        }
    }

    /// Returns the charges of a base, by index.
    pub(super) fn charges_of(&self, id: BaseId) -> impl Iterator<Item = (usize, &'a Counted<'a>)> {
        let charges = self.charges;
        let indices = self.rows(id).into_iter().flat_map(|row| row.charges.clone());
        indices.filter_map(move |index| Some((index, charges.counted.get(index)?)))
    }
}

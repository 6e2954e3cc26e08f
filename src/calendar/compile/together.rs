//! The tables of calendars taken together.
//!
//! This module owns which instants are open in a composite. Which dates it has is left to `composite`.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::calendar::table::open_time::{OpenTime, PageId, SECONDS_PER_WEEK};
use crate::calendar::table::pages::{Filled, Filling};
use crate::calendar::terms::composite::Combination;
use crate::time::interval::{Interval, IntervalSet};

use super::weeks::week;

/// What is open in a span by the tables of the parts; of one without a table, nothing. Weeks for which all of them have
/// the same pages as for an earlier one are alike.
pub(crate) fn open_time(of: &Combination, span: Interval, parts: &[Option<&OpenTime>]) -> OpenTime {
    let mut filling = Filling::from(span.from());
    let mut alike: BTreeMap<Vec<Option<PageId>>, Filled> = BTreeMap::new();
    let mut from = span.from().second().week_start();
    // One week more than is covered: `OpenTime` wants a week after the end.
    while from <= span.until().second() {
        let week = week(from);
        let page_of = |part: &Option<&OpenTime>| part.and_then(|part| part.page_of(from));
        let pages: Vec<Option<PageId>> = parts.iter().map(page_of).collect();
        let is_whole = week.intersection(&span) == week;
        let known = alike.get(&pages).filter(|_| is_whole).copied();
        let page = known.unwrap_or_else(|| {
            let parts = parts.iter().zip(&pages);
            let open_on = |part: &Option<&OpenTime>, page| {
                part.map_or_else(IntervalSet::default, |part| part.open_on(page, from))
            };
            let open = combine(of, parts.map(|(part, page)| open_on(part, *page)));
            filling.page(&open.clip(span), from)
        });
        if is_whole {
            alike.insert(pages, page);
        }
        filling.push(page);
        from = from.plus(SECONDS_PER_WEEK.into());
    }
    filling.finish()
}

/// What is open by the parts, of which each is handed over: of none, nothing.
fn combine(of: &Combination, parts: impl Iterator<Item = IntervalSet>) -> IntervalSet {
    let combined = match of {
        Combination::Union(_) => parts.reduce(|all, part| all.union(&part)),
        Combination::Intersection(_) => parts.reduce(|all, part| all.intersection(&part)),
        Combination::Difference(_) => parts.reduce(|all, part| all.difference(&part)),
    };
    combined.unwrap_or_default()
}

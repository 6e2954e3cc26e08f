//! How the parts of a composite explain it: whose reason is named.
//!
//! This module owns the order in which parts are asked for a reason. Why hours run or do not is left to `explain`, and how a
//! reason is told to `compiled`.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::calendar::terms::composite::Combination;
use crate::time::interval::{Interval, IntervalSet};

use super::compiled::{Compiled, Reason, Reasons, Told};
use super::explain::{Cause, Unexplained};

/// The time of each reason of a part.
type Times<'a> = BTreeMap<Reason<'a>, IntervalSet>;

/// Each part's reasons have its name before them. Of several parts the first is named: of those that are open in a union, of
/// those that are closed in an intersection, of those that are excluded in a difference. Where all parts of a union are
/// closed, one that is closed for another reason than the hour is named.
pub(crate) fn explain_composite<'a>(
    of: &'a Combination,
    parts: &'a [Arc<Compiled>],
    told: &mut Told<'a>,
) -> Reasons<'a> {
    let mut left = Unexplained::new(told.asked);
    let parts = of.parts().iter().zip(parts);
    let parts: Vec<Times<'a>> = parts
        .map(|(name, part)| by_reason(name, &told.of(part)))
        .collect();
    let (first, others) = parts
        .split_first()
        .map_or((None, &[][..]), |(first, others)| (Some(first), others));
    let outside = Reason::own(Cause::OutsideHours);
    let is_open = |reason: &Reason<'a>| reason.cause.is_open();
    let is_closed = |reason: &Reason<'a>| !reason.cause.is_open();
    let mut explain = |times: &Times<'a>, wanted: &dyn Fn(&Reason<'a>) -> bool| {
        for (reason, times) in times.iter().filter(|(reason, _)| wanted(reason)) {
            left.explain(times, reason);
        }
    };
    match of {
        Combination::Union(_) => {
            parts.iter().for_each(|part| explain(part, &is_open));
            let other = |reason: &Reason<'a>| is_closed(reason) && *reason != outside;
            parts.iter().for_each(|part| explain(part, &other));
        }
        Combination::Intersection(_) => {
            parts.iter().for_each(|part| explain(part, &is_closed));
            first.iter().for_each(|part| explain(part, &is_open));
        }
        Combination::Difference(_) => {
            first.iter().for_each(|part| explain(part, &is_closed));
            others.iter().for_each(|part| explain(&excluded(part), &|_| true));
            first.iter().for_each(|part| explain(part, &is_open));
        }
    }
    left.finish(&outside)
}

fn by_reason<'a>(name: &'a str, reasons: &Reasons<'a>) -> Times<'a> {
    let mut times: BTreeMap<&Reason<'a>, Vec<Interval>> = BTreeMap::new();
    for (interval, reason) in reasons {
        times.entry(reason).or_default().push(*interval);
    }
    let sets = times.into_iter();
    sets.map(|(reason, times)| (reason.of_part(name), times.into_iter().collect()))
        .collect()
}

/// The time in which a part runs, as what closes a difference.
fn excluded<'a>(times: &Times<'a>) -> Times<'a> {
    let open = times.iter().filter_map(|(reason, times)| match reason.cause {
        Cause::Open(rule) => Some((reason.with(Cause::Excluded(rule)), times.clone())),
        _ => None,
    });
    open.collect()
}

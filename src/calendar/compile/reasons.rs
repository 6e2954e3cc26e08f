//! How the parts of a composite explain it: whose reason is named, and by which names the part is reached.
//!
//! This module owns the order in which parts are asked for a reason, and the path of names before it. Why hours run or do not
//! is left to `explain`.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::calendar::terms::composite::Combination;
use crate::time::interval::{Interval, IntervalSet};

use super::compiled::{Compiled, Source};
use super::composite::Combined;
use super::explain::{Stretch, StretchReason, Unexplained};

/// How many names a path shows: of a longer one, as many of the outermost and of the innermost as fit. Without a limit each
/// composite around others would make all their reasons longer.
const NAMES_SHOWN_MAX: usize = 4;

/// A reason of hours, and by which names they are reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reason<'a> {
    own: Rc<StretchReason>,
    /// The innermost first.
    names: Vec<&'a str>,
}

/// The stretches of an interval, in order.
pub(crate) type Reasons<'a> = Vec<(Interval, Reason<'a>)>;

impl<'a> Reason<'a> {
    pub(crate) fn own(reason: StretchReason) -> Self {
        Self {
            own: Rc::new(reason),
            names: Vec::new(),
        }
    }

    /// As the reason of a part. Outside of hours, it does not matter whose they are.
    fn of_part(&self, name: &'a str) -> Self {
        let mut named = self.clone();
        if *self.own != StretchReason::OutsideHours {
            named.names.push(name);
        }
        named
    }

    fn is_open(&self) -> bool {
        matches!(*self.own, StretchReason::Open { .. })
    }

    /// As what closes a difference, for what runs.
    fn excluded(&self) -> Option<Self> {
        let StretchReason::Open { rule } = &*self.own else {
            return None;
        };
        let own = Rc::new(StretchReason::Excluded { rule: rule.clone() });
        Some(Self {
            own,
            names: self.names.clone(),
        })
    }

    /// With the names before it.
    fn text(&self) -> StretchReason {
        let path = path(&self.names);
        let with = |text: &String| format!("{path}{text}");
        match &*self.own {
            StretchReason::Open { rule } => StretchReason::Open { rule: with(rule) },
            StretchReason::Holiday { name } => StretchReason::Holiday { name: with(name) },
            StretchReason::Season { name } => StretchReason::Season { name: with(name) },
            StretchReason::Override { name } => StretchReason::Override { name: with(name) },
            StretchReason::Removed { name } => StretchReason::Removed { name: with(name) },
            StretchReason::Excluded { rule } => StretchReason::Excluded { rule: with(rule) },
            StretchReason::OutsideHours => StretchReason::OutsideHours,
        }
    }
}

/// The names from the outermost on, each followed by a colon.
fn path(names: &[&str]) -> String {
    let inner = NAMES_SHOWN_MAX / 2;
    // Saturates on purpose: of fewer names none is hidden.
    let hidden = inner..names.len().saturating_sub(NAMES_SHOWN_MAX - inner);
    let mut path = String::new();
    for (index, name) in names.iter().enumerate().rev() {
        if names.len() <= NAMES_SHOWN_MAX || !hidden.contains(&index) {
            path.push_str(name);
            path.push_str(": ");
        } else if index == inner {
            path.push_str("…: ");
        }
    }
    path
}

/// What has been explained of an interval: each part of a composite once, however often it is named.
pub(crate) struct Told<'a> {
    pub(crate) asked: Interval,
    parts: BTreeMap<*const Compiled, Rc<Reasons<'a>>>,
}

impl<'a> Told<'a> {
    fn new(asked: Interval) -> Self {
        Self {
            asked,
            parts: BTreeMap::new(),
        }
    }

    fn of(&mut self, part: &'a Compiled) -> Rc<Reasons<'a>> {
        let key = core::ptr::from_ref(part);
        if let Some(known) = self.parts.get(&key) {
            return known.clone();
        }
        let reasons = Rc::new(part.source.explain(self));
        self.parts.insert(key, reasons.clone());
        reasons
    }
}

impl Compiled {
    /// Every stretch of an interval that is covered, in order.
    pub(crate) fn explain(&self, asked: Interval) -> Vec<Stretch> {
        let reasons = Told::new(asked).of(self);
        let stretches = reasons.iter().map(|(interval, reason)| Stretch {
            interval: *interval,
            reason: reason.text(),
        });
        stretches.collect()
    }
}

/// The time of each reason of a part.
type Times<'a> = BTreeMap<Reason<'a>, IntervalSet>;

/// Each part's reasons have its name before them. Of several parts the first is named: of those that are open in a union, of
/// those that are closed in an intersection, of those that are excluded in a difference. Where all parts of a union are
/// closed, one that is closed for another reason than the hour is named.
pub(crate) fn explain_composite<'a>(composite: &'a Combined, told: &mut Told<'a>) -> Reasons<'a> {
    let mut left = Unexplained::new(told.asked);
    let parts = composite.of().parts().iter().zip(composite.parts());
    let parts: Vec<Times<'a>> = parts
        .map(|(name, part)| by_reason(name, &told.of(part)))
        .collect();
    let (first, others) = parts
        .split_first()
        .map_or((None, &[][..]), |(first, others)| (Some(first), others));
    let outside = Reason::own(StretchReason::OutsideHours);
    let mut explain = |times: &Times<'a>, wanted: &dyn Fn(&Reason<'a>) -> bool| {
        for (reason, times) in times.iter().filter(|(reason, _)| wanted(reason)) {
            left.explain(times, reason);
        }
    };
    match composite.of() {
        Combination::Union(_) => {
            parts.iter().for_each(|part| explain(part, &Reason::is_open));
            let other = |reason: &Reason<'a>| !reason.is_open() && *reason != outside;
            parts.iter().for_each(|part| explain(part, &other));
        }
        Combination::Intersection(_) => {
            parts
                .iter()
                .for_each(|part| explain(part, &|reason| !reason.is_open()));
            first.iter().for_each(|part| explain(part, &Reason::is_open));
        }
        Combination::Difference(_) => {
            first
                .iter()
                .for_each(|part| explain(part, &|reason| !reason.is_open()));
            others.iter().for_each(|part| explain(&excluded(part), &|_| true));
            first.iter().for_each(|part| explain(part, &Reason::is_open));
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
    let open = times
        .iter()
        .filter_map(|(reason, times)| Some((reason.excluded()?, times.clone())));
    open.collect()
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::{Compiled, Stretch, Told, path};
    use crate::calendar::compile::{composite, hours};
    use crate::calendar::terms::composite::Composite;
    use crate::calendar::terms::hours::Hours;
    use crate::error::Problems;
    use crate::time::epoch::EpochSecond;
    use crate::time::instant::Instant;
    use crate::time::interval::Interval;
    use crate::zone::ZoneData;

    /// Each composite is made of the two before it: 16 calendars, by more than a thousand paths.
    #[test]
    fn each_part_is_explained_once() -> Result<(), Problems> {
        let zones = ZoneData::fixed_only();
        let desk = |weekly| hours::compile(&Hours::in_zone("UTC").weekly(weekly), &zones, None);
        let mut calendars: Vec<Arc<Compiled>> =
            [desk("Mon-Fri 09:00-17:00")?, desk("Sat 10:00-12:00")?].into();
        for _ in 0..14 {
            let earlier: Vec<Arc<Compiled>> = calendars.iter().rev().take(2).cloned().collect();
            let part = |name: &str| earlier.get(usize::from(name == "other")).cloned();
            let union = Composite::union("UTC", &["one", "other"]);
            calendars.push(composite::compile(&union, &zones, part)?);
        }
        let march = EpochSecond::of(1_772_409_600); // Monday, the second
        let asked = Interval::clamped(Instant::nearest(march), Instant::nearest(march.plus(30 * 86_400)));
        for last in calendars.iter().skip(15) {
            let mut told = Told::new(asked);
            told.of(last);
            assert_eq!((told.parts.len(), last.with_parts().len()), (16, 16));
            let stretches = last.explain(asked);
            assert_eq!(
                stretches
                    .iter()
                    .filter(|stretch| Stretch::is_open(stretch))
                    .count(),
                22 + 4
            );
        }
        Ok(())
    }

    #[test]
    fn long_paths_show_their_ends() {
        assert_eq!(path(&[]), "");
        assert_eq!(path(&["d", "c", "b", "a"]), "a: b: c: d: ");
        assert_eq!(path(&["e", "d", "c", "b", "a"]), "a: b: …: d: e: ");
        assert_eq!(path(&["g", "f", "e", "d", "c", "b", "a"]), "a: b: …: f: g: ");
    }
}

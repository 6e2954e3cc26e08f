//! Calendars made of calendars: union, intersection and difference, each part in its own zone.
//!
//! This module owns which instants, which dates and which reasons a composite has. What each part answers is left to the
//! parts.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::error::{ProblemList, Problems};
use crate::fingerprint::{Canonical, Encoder, canonical_struct};
use crate::time::instant::Instant;
use crate::time::interval::{Interval, IntervalSet};
use crate::zone::{LocalTime, OffsetTable, Zone, ZoneData, ZoneName};

use super::coverage::{Coverage, End};
use super::explain::{Stretch, StretchReason, Unexplained};
use super::local::LocalMap;
use super::outlook::Outlook;
use super::weeks::{start_of_week, week};
use crate::calendar::table::open_time::{OpenTime, PageId, SECONDS_PER_WEEK};
use crate::calendar::table::pages::{Filled, Filling};
use crate::calendar::table::workdays::Workdays;
use crate::calendar::terms::hours::Hours;
use crate::calendar::{Calendar, Compiled, Made};

/// How many parts a composite may have.
const PARTS_MAX: usize = 100;

/// How many composites may lie within one another.
const DEPTH_MAX: usize = 16;

/// How many hours a composite may be made of, through all composites in it. Without a limit a few lines, of which each names
/// the one before it twice, would stand for more than can be walked.
const HOURS_MAX: usize = 1_000;

/// Calendars taken together, by the names under which they are compiled.
///
/// Each part keeps its own zone, holidays and coverage; a composite knows what all of its parts know. Its own zone is the
/// one in which its dates are asked. A date is a **business day** of a union if it is one of any part, of an intersection
/// if it is one of all, and of a difference if it is one of the first: each by the date of its own zone; and the composite
/// must be open at some time of that date in its own.
///
/// # Example
///
/// ```
/// use sla::{Composite, Hours, ZoneData};
///
/// let london = Hours::in_zone("Europe/London").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let sydney = Hours::in_zone("Australia/Sydney").weekly("Mon-Fri 09:00-17:00").compile()?;
/// let follow_the_sun = Composite::union("UTC", &["london", "sydney"])
///     .compile(&ZoneData::bundled(), &[("london", &london), ("sydney", &sydney)])?;
/// assert_eq!(follow_the_sun.is_open("2026-07-01T01:00:00Z".parse().unwrap()), Ok(true)); // 11:00 in Sydney
/// assert_eq!(follow_the_sun.is_open("2026-07-01T10:00:00Z".parse().unwrap()), Ok(true)); // 11:00 in London
/// assert_eq!(follow_the_sun.is_open("2026-07-01T20:00:00Z".parse().unwrap()), Ok(false));
/// # Ok::<(), sla::Problems>(())
/// ```
///
/// As a document, here in TOML:
///
/// ```toml
/// zone = "UTC"
/// of.union = ["london", "sydney"]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
pub struct Composite {
    /// The zone in which dates are asked.
    pub zone: ZoneName,
    /// The parts, and how they are taken together.
    pub of: Combination,
}

/// How the parts of a composite are taken together.
///
/// # Example
///
/// ```
/// use sla::{Combination, Composite, Hours, WorkingTime, ZoneData};
///
/// let early = Hours::in_zone("UTC").weekly("Mon 08:00-13:00").compile()?;
/// let late = Hours::in_zone("UTC").weekly("Mon 10:00-14:00").compile()?;
/// let (from, to) = ("2026-03-02T00:00:00Z".parse().unwrap(), "2026-03-03T00:00:00Z".parse().unwrap()); // a Monday
/// let open = |of| {
///     let composite = Composite { zone: "UTC".into(), of };
///     let compiled = composite.compile(&ZoneData::bundled(), &[("early", &early), ("late", &late)]);
///     compiled.unwrap().elapsed(from, to).unwrap()
/// };
/// let parts = vec!["early".to_string(), "late".to_string()];
/// assert_eq!(open(Combination::Union(parts.clone())), WorkingTime::hours(6)); // 08:00 to 14:00
/// assert_eq!(open(Combination::Intersection(parts.clone())), WorkingTime::hours(3)); // 10:00 to 13:00
/// assert_eq!(open(Combination::Difference(parts)), WorkingTime::hours(2)); // 08:00 to 10:00
/// # Ok::<(), sla::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
pub enum Combination {
    /// Open where any part is.
    Union(Vec<String>),
    /// Open where all parts are.
    Intersection(Vec<String>),
    /// Open where the first part is and none of the others.
    Difference(Vec<String>),
}

impl Combination {
    fn name(&self) -> &'static str {
        match self {
            Self::Union(_) => "union",
            Self::Intersection(_) => "intersection",
            Self::Difference(_) => "difference",
        }
    }

    /// The names of the parts.
    pub fn parts(&self) -> &[String] {
        match self {
            Self::Union(parts) | Self::Intersection(parts) | Self::Difference(parts) => parts,
        }
    }
}

impl Canonical for Combination {
    fn encode(&self, to: &mut Encoder) {
        to.list(2);
        to.text(self.name());
        to.list(self.parts().len());
        self.parts().iter().for_each(|part| part.encode(to));
    }
}

canonical_struct!(Composite { zone, of });

impl Composite {
    /// Open where any part is: follow the sun.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Composite, Hours, WorkingTime, ZoneData};
    ///
    /// let berlin = Hours::in_zone("Europe/Berlin").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let boston = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let either = Composite::union("Europe/Berlin", &["berlin", "boston"])
    ///     .compile(&ZoneData::bundled(), &[("berlin", &berlin), ("boston", &boston)])?;
    /// let (from, to) = ("2026-07-01T00:00:00Z".parse().unwrap(), "2026-07-02T00:00:00Z".parse().unwrap());
    /// assert_eq!(either.elapsed(from, to), Ok(WorkingTime::hours(14))); // 09:00 to 23:00 in Berlin
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn union(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Union(names(parts)))
    }

    /// Open where all parts are.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Composite, Hours, WorkingTime, ZoneData};
    ///
    /// let berlin = Hours::in_zone("Europe/Berlin").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let boston = Hours::in_zone("America/New_York").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let both = Composite::intersection("Europe/Berlin", &["berlin", "boston"])
    ///     .compile(&ZoneData::bundled(), &[("berlin", &berlin), ("boston", &boston)])?;
    /// let (from, to) = ("2026-07-01T00:00:00Z".parse().unwrap(), "2026-07-02T00:00:00Z".parse().unwrap());
    /// assert_eq!(both.elapsed(from, to), Ok(WorkingTime::hours(2))); // 15:00 to 17:00 in Berlin
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn intersection(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Intersection(names(parts)))
    }

    /// Open where the first part is and none of the others.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Composite, Hours, WorkingTime, ZoneData};
    ///
    /// let always = Hours::always().compile()?;
    /// let maintenance = Hours::in_zone("Europe/Paris").weekly("Sun 02:00-04:00").compile()?;
    /// let agreed = Composite::difference("Europe/Paris", &["always", "maintenance"])
    ///     .compile(&ZoneData::bundled(), &[("always", &always), ("maintenance", &maintenance)])?;
    /// let (from, to) = ("2026-07-06T00:00:00Z".parse().unwrap(), "2026-07-13T00:00:00Z".parse().unwrap());
    /// assert_eq!(agreed.elapsed(from, to), Ok(WorkingTime::hours(166)));
    /// # Ok::<(), sla::Problems>(())
    /// ```
    pub fn difference(zone: impl Into<ZoneName>, parts: &[&str]) -> Self {
        Self::new(zone, Combination::Difference(names(parts)))
    }

    fn new(zone: impl Into<ZoneName>, of: Combination) -> Self {
        Self {
            zone: zone.into(),
            of,
        }
    }

    /// Checks what can be checked without the parts.
    ///
    /// # Errors
    ///
    /// [`Problems`]: a zone that is none, fewer than two parts or more than 100, a part twice.
    ///
    /// # Example
    ///
    /// ```
    /// let problems = sla::Composite::union("UTC", &["london", "london"]).check().unwrap_err();
    /// assert_eq!(problems.to_string(), "of.union[1]: `london` stands there twice");
    /// ```
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = ProblemList::default();
        if let Err(error) = self.zone.as_str().parse::<ZoneName>() {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        problems.finish()
    }

    /// Takes compiled calendars together, each by the name that the terms give it. Others may be there too.
    ///
    /// # Errors
    ///
    /// The [`Problems`] of [`Composite::check`], a zone that the data does not have, a part that is not there, and more than
    /// 16 composites within one another or 1,000 calendars of hours through all of them.
    ///
    /// # Example
    ///
    /// ```
    /// use sla::{Composite, Hours, ZoneData};
    ///
    /// let london = Hours::in_zone("Europe/London").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let sydney = Hours::in_zone("Australia/Sydney").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let (zones, either) = (ZoneData::bundled(), Composite::union("UTC", &["london", "sydney"]));
    /// assert!(either.compile(&zones, &[("sydney", &sydney), ("london", &london)]).is_ok()); // in any order
    ///
    /// let problems = either.compile(&zones, &[("london", &london)]).unwrap_err();
    /// assert_eq!(problems.to_string(), "of.union[1]: expected the id of a calendar, found `sydney`");
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Linear in the weeks that all parts cover, times the parts.
    pub fn compile(&self, zones: &ZoneData, parts: &[(&str, &Calendar)]) -> Result<Calendar, Problems> {
        let mut problems = ProblemList::default();
        let zone = zones.zone(self.zone.as_str());
        if let Err(error) = &zone {
            problems.push("zone", error);
        }
        self.find_problems(&mut problems);
        let mut found = Vec::new();
        for (index, name) in self.of.parts().iter().enumerate().take(PARTS_MAX) {
            match parts.iter().find(|(id, _)| id == name) {
                Some((_, part)) => found.push((*part).clone()),
                None => problems.push(
                    self.path(index),
                    format!(
                        "expected the id of a calendar, found `{}`",
                        crate::error::shown(name)
                    ),
                ),
            }
        }
        let combined = Combined {
            terms: self.clone(),
            parts: found,
        };
        if combined.depth() > DEPTH_MAX {
            let what = format!("expected at most {DEPTH_MAX} composites within one another, found more");
            problems.push("of", what);
        }
        let hours = combined.hours();
        if hours > HOURS_MAX {
            let what = format!(
                "expected at most {HOURS_MAX} calendars of hours through all its parts, found {hours}"
            );
            problems.push("of", what);
        }
        problems.finish()?;
        match zone {
            Ok(zone) => Ok(combined.compile(zone)),
            Err(error) => Err(Problems::one("zone", error)),
        }
    }

    /// The path of a part.
    pub(crate) fn path(&self, index: usize) -> String {
        format!("of.{}[{index}]", self.of.name())
    }

    fn find_problems(&self, problems: &mut ProblemList) {
        let found = self.of.parts().len();
        if !(2..=PARTS_MAX).contains(&found) {
            let what = format!("expected from 2 to {PARTS_MAX} parts, found {found}");
            problems.push(format!("of.{}", self.of.name()), what);
        }
        let mut seen = BTreeSet::new();
        for (index, part) in self.of.parts().iter().enumerate().take(PARTS_MAX) {
            if !seen.insert(part) {
                let what = format!("`{}` stands there twice", crate::error::shown(part));
                problems.push(self.path(index), what);
            }
        }
    }
}

fn names(parts: &[&str]) -> Vec<String> {
    parts.iter().map(ToString::to_string).collect()
}

/// A composite with its parts, in the order of the terms.
pub(crate) struct Combined {
    terms: Composite,
    parts: Vec<Calendar>,
}

impl Combined {
    pub(crate) fn terms(&self) -> &Composite {
        &self.terms
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Calendar> {
        self.parts.iter()
    }

    /// The hours of which it is made, through all composites in it, each calendar once.
    pub(crate) fn each_hours<'a>(&'a self, tell: &mut impl FnMut(&'a Hours, &'a Zone)) {
        let mut seen = BTreeSet::new();
        self.each_part(&mut seen, &mut |part| {
            if let Made::Hours { hours, .. } = part.made() {
                tell(hours, part.zone());
            }
        });
    }

    /// Each part, through all composites in it, once.
    fn each_part<'a>(&'a self, seen: &mut BTreeSet<*const Compiled>, tell: &mut impl FnMut(&'a Calendar)) {
        for part in &self.parts {
            if seen.insert(part.address()) {
                tell(part);
                if let Made::Composite(composite) = part.made() {
                    composite.each_part(seen, tell);
                }
            }
        }
    }

    fn depth(&self) -> usize {
        let inner = self.parts.iter().map(|part| match part.made() {
            Made::Hours { .. } => 0,
            Made::Composite(composite) => composite.depth(),
        });
        inner.max().unwrap_or_default().saturating_add(1)
    }

    /// How many hours it is made of, each as often as it is named.
    fn hours(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part.made() {
            Made::Hours { .. } => 1,
            Made::Composite(composite) => composite.hours(),
        });
        parts.fold(0, usize::saturating_add)
    }

    fn compile(self, zone: Zone) -> Calendar {
        let coverage = self.coverage(&zone);
        let local = Arc::new(local_map(&zone, coverage.span));
        let tables: Vec<Option<&OpenTime>> = self.parts.iter().map(|part| Some(part.table())).collect();
        let table = self.table(coverage.span, &tables);
        let workdays = self.workdays(&local, coverage.span, &table);
        Calendar::new(Compiled {
            outlook: Outlook::of_composite(&self, coverage.span, &table),
            made: Made::Composite(self),
            zone,
            coverage,
            local,
            table,
            workdays,
        })
    }

    /// What all parts cover and the zone's data knows, and what ends it first.
    fn coverage(&self, zone: &Zone) -> Coverage {
        let known = zone.known_until_instant();
        let whole = Coverage {
            span: Interval::clamped(Instant::MIN, known),
            assumed_from: None,
            holidays_from: None,
            end: End::ZoneData(known),
        };
        let coverage = self
            .parts
            .iter()
            .map(Calendar::coverage)
            .fold(whole, |all, part| Coverage {
                span: all.span.intersection(&part.span),
                holidays_from: if all.span.from() < part.span.from() {
                    part.holidays_from
                } else {
                    all.holidays_from
                },
                assumed_from: all.assumed_from.into_iter().chain(part.assumed_from).min(),
                end: if part.span.until() < all.span.until() {
                    part.end
                } else {
                    all.end
                },
            });
        let until = coverage.span.until();
        Coverage {
            assumed_from: coverage.assumed_from.filter(|from| *from < until),
            ..coverage
        }
    }

    /// What is open by the parts, of which each is handed over.
    fn combine(&self, mut parts: impl Iterator<Item = IntervalSet>) -> IntervalSet {
        let first = parts.next().unwrap_or_default();
        match self.terms.of {
            Combination::Union(_) => parts.fold(first, |all, part| all.union(&part)),
            Combination::Intersection(_) => parts.fold(first, |all, part| all.intersection(&part)),
            Combination::Difference(_) => parts.fold(first, |all, part| all.difference(&part)),
        }
    }

    /// What is open in a span by the tables of the parts; of one without a table, nothing. Weeks for which all of them have
    /// the same pages as for an earlier one are alike.
    pub(crate) fn table(&self, span: Interval, parts: &[Option<&OpenTime>]) -> OpenTime {
        let mut filling = Filling::from(span.from());
        let mut alike: BTreeMap<Vec<Option<PageId>>, Filled> = BTreeMap::new();
        let mut from = start_of_week(span.from().epoch_seconds());
        // One week more than is covered: `OpenTime` wants a week after the end.
        while from <= span.until().epoch_seconds() {
            let week = week(from);
            let pages: Vec<Option<PageId>> = parts
                .iter()
                .map(|part| part.and_then(|part| part.page_of(from)))
                .collect();
            let is_whole = week.intersection(&span) == week;
            let known = alike.get(&pages).filter(|_| is_whole).copied();
            let page = known.unwrap_or_else(|| {
                let parts = parts.iter().zip(&pages);
                let open = self.combine(parts.map(|(part, page)| {
                    part.map_or_else(IntervalSet::default, |part| part.open_on(*page, from))
                }));
                filling.page(&open.clip(span), from)
            });
            if is_whole {
                alike.insert(pages, page);
            }
            filling.push(page);
            from = from.saturating_add(SECONDS_PER_WEEK.into());
        }
        filling.finish()
    }

    fn workdays(&self, local: &LocalMap, span: Interval, table: &OpenTime) -> Workdays {
        let is_workday = |part: &Calendar, day: i64| part.workdays().contains(day).unwrap_or_default();
        // Of dates that a part does not know as a whole, nothing is known.
        let known = self.parts.iter().map(|part| part.workdays().days());
        let known = known.fold(local.whole_days(span), |(first, end), (part_first, part_end)| {
            let first = first.max(part_first);
            (first, end.min(part_end).max(first))
        });
        Workdays::new(known, |day| {
            let mut parts = self.parts.iter();
            let by_parts = match self.terms.of {
                Combination::Union(_) => parts.any(|part| is_workday(part, day)),
                Combination::Intersection(_) => parts.all(|part| is_workday(part, day)),
                Combination::Difference(_) => parts.next().is_some_and(|part| is_workday(part, day)),
            };
            by_parts && {
                let date = local.day(day, span);
                table.open_nanos_before(date.from()) < table.open_nanos_before(date.until())
            }
        })
    }

    /// Each part's reasons have its name before them. Of several parts the first is named: of those that are open in a
    /// union, of those that are closed in an intersection, of those that are excluded in a difference. Where all parts of a
    /// union are closed, one that is closed for another reason than the hour is named.
    pub(crate) fn explain(&self, asked: Interval) -> Vec<Stretch> {
        let mut left = Unexplained::new(asked);
        let parts = self.terms.of.parts().iter().zip(&self.parts);
        let parts: Vec<Reasons> = parts
            .map(|(name, part)| by_reason(name, part.explain_known(asked)))
            .collect();
        let (first, others) = parts
            .split_first()
            .map_or((None, &[][..]), |(first, others)| (Some(first), others));
        let is_open = |reason: &StretchReason| matches!(reason, StretchReason::Open { .. });
        let mut explain = |times: &Reasons, wanted: &dyn Fn(&StretchReason) -> bool| {
            for (reason, times) in times.iter().filter(|(reason, _)| wanted(reason)) {
                left.explain(times, reason);
            }
        };
        match self.terms.of {
            Combination::Union(_) => {
                parts.iter().for_each(|part| explain(part, &is_open));
                let other =
                    |reason: &StretchReason| !is_open(reason) && *reason != StretchReason::OutsideHours;
                parts.iter().for_each(|part| explain(part, &other));
            }
            Combination::Intersection(_) => {
                parts
                    .iter()
                    .for_each(|part| explain(part, &|reason| !is_open(reason)));
                first.iter().for_each(|part| explain(part, &is_open));
            }
            Combination::Difference(_) => {
                first
                    .iter()
                    .for_each(|part| explain(part, &|reason| !is_open(reason)));
                others.iter().for_each(|part| explain(&excluded(part), &|_| true));
                first.iter().for_each(|part| explain(part, &is_open));
            }
        }
        left.finish()
    }
}

/// The time of each reason.
type Reasons = BTreeMap<StretchReason, IntervalSet>;

/// The local clock of a composite: some days more than it covers, for the ends of days.
fn local_map(zone: &Zone, span: Interval) -> LocalMap {
    const SECONDS_AROUND: i64 = 5 * 86_400;
    let first = span.from().epoch_seconds().saturating_sub(SECONDS_AROUND);
    let until = span.until().epoch_seconds().saturating_add(SECONDS_AROUND);
    let known = zone.known_until_instant().epoch_seconds();
    let offsets = OffsetTable::new(zone, first.max(Instant::MIN_SECONDS), until.min(known));
    LocalMap::new(offsets, LocalTime::FirstInstant)
}

fn by_reason(name: &str, stretches: Vec<Stretch>) -> Reasons {
    let mut times: BTreeMap<StretchReason, Vec<Interval>> = BTreeMap::new();
    for stretch in stretches {
        times
            .entry(named(name, stretch.reason))
            .or_default()
            .push(stretch.interval);
    }
    let sets = times.into_iter();
    sets.map(|(reason, times)| (reason, times.into_iter().collect()))
        .collect()
}

/// The time in which a part runs, as what closes a difference.
fn excluded(times: &Reasons) -> Reasons {
    let open = times.iter().filter_map(|(reason, times)| match reason {
        StretchReason::Open { rule } => Some((StretchReason::Excluded { rule: rule.clone() }, times.clone())),
        _ => None,
    });
    open.collect()
}

/// The reason of a part, with the name of the part before it.
fn named(part: &str, reason: StretchReason) -> StretchReason {
    let with = |text: &str| format!("{part}: {text}");
    match reason {
        StretchReason::Open { rule } => StretchReason::Open { rule: with(&rule) },
        StretchReason::Holiday { name } => StretchReason::Holiday { name: with(&name) },
        StretchReason::Season { name } => StretchReason::Season { name: with(&name) },
        StretchReason::Override { name } => StretchReason::Override { name: with(&name) },
        StretchReason::Removed { name } => StretchReason::Removed { name: with(&name) },
        StretchReason::Excluded { rule } => StretchReason::Excluded { rule: with(&rule) },
        StretchReason::OutsideHours => StretchReason::OutsideHours,
    }
}

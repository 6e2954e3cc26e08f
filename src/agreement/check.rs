//! What a document must hold beyond its shape: references, ranges, and what terms demand of each
//! other.
//!
//! This module owns the references between the parts of an agreement and its limits. What a part
//! means by itself is checked by the module that owns it.

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::composites;
use super::measures::ServiceLevel;
use super::terms::AgreementTerms;
use crate::calendar::{CalendarTerms, check_all};
use crate::clock::{ClockTerms, DEFAULT, SeverityChange, TargetTerms};
use crate::credit::ChargeFilter;
use crate::error::{ProblemList, Problems, shown};
use crate::limits::{COMPOSITES_MAX, FINDINGS_MAX};
use crate::measure::Names;
use crate::record::check_name;
use crate::registry::{Registry, check_length, check_reference, check_references};
use crate::text::is_id;
use crate::time::business_days::CutOff;

/// Collects the ids that an agreement declares.
pub(super) fn names_of(terms: &AgreementTerms) -> Names {
    let severities = Registry::of(&terms.severities);
    let targeted = |clock: &ClockTerms| {
        let listed = terms.severities.iter();
        Registry::of(listed.filter(|severity| clock.target(severity).is_some()))
    };
    Names {
        statuses: Registry::of(&terms.statuses),
        impacts: Registry::of(&terms.impacts),
        entities: Registry::of(&terms.entities),
        services: Registry::of(&terms.services),
        calendars: Registry::of(terms.calendars.keys()),
        clocks: Registry::of(terms.clocks.keys()),
        targeted: terms.clocks.values().map(targeted).collect(),
        severities,
    }
}

/// Finds everything that contradicts itself or refers to nothing.
pub(super) fn check(terms: &AgreementTerms) -> Result<(), Problems> {
    let names = names_of(terms);
    let mut checker = Checker {
        terms,
        names: &names,
        problems: ProblemList::default(),
        too_long: false,
    };
    checker.head();
    checker.lists();
    if checker.too_long {
        // What refers to a list that is too long is not looked at.
        return checker.problems.finish();
    }
    checker.caps();
    check_all(terms.calendars.iter(), &mut checker.problems);
    checker.composites();
    for (id, clock) in &terms.clocks {
        checker.clock(id, clock);
    }
    terms.levels.iter().for_each(|level| checker.level(level));
    checker.problems.finish()
}

struct Checker<'a> {
    terms: &'a AgreementTerms,
    names: &'a Names,
    problems: ProblemList,
    too_long: bool,
}

impl Checker<'_> {
    fn head(&mut self) {
        let terms = self.terms;
        for (path, name) in [
            ("id", &terms.id),
            ("provider", &terms.provider),
            ("customer", &terms.customer),
        ] {
            check_name(&mut self.problems, path, name);
        }
        let in_force = &terms.in_force;
        if in_force.through < in_force.from {
            let what = format!(
                "expected a date not before {}, found {}",
                in_force.from, in_force.through
            );
            self.problems.push("in_force.through", what);
        }
    }

    fn lists(&mut self) {
        let terms = self.terms;
        self.unique("severities", terms.severities.iter());
        self.unique("statuses", terms.statuses.iter());
        self.unique("impacts", terms.impacts.iter());
        self.unique("entities", terms.entities.iter());
        self.unique("services", terms.services.iter());
        if terms.severities.iter().any(|severity| severity == DEFAULT) {
            let what = "expected another name than `default`, which stands for severities without a target of their own";
            self.problems.push("severities", what);
        }
        let composites = terms.calendars.values();
        let composites = composites.filter(|calendar| matches!(calendar, CalendarTerms::Composite(_)));
        let composites = composites.count();
        if composites > COMPOSITES_MAX {
            let what = format!("expected at most {COMPOSITES_MAX} composites, found {composites}");
            self.problems.push("calendars", what);
            self.too_long = true;
        }
        self.ids("calendars", terms.calendars.keys());
        self.ids("clocks", terms.clocks.keys());
        self.unique("levels", terms.levels.iter().map(|level| &level.id));
        if !self.too_long {
            self.ids("levels", terms.levels.iter().map(|level| &level.id));
        }
        self.too_long |= check_length(&mut self.problems, "caps", terms.caps.len());
        self.findings();
    }

    /// Levels are multiplied by their subjects; a document of a few kilobytes must not make
    /// millions of findings.
    fn findings(&mut self) {
        let subjects = |level: &ServiceLevel| level.measure.subjects(self.names).len();
        let counts = self.terms.levels.iter().map(subjects);
        let found = counts.fold(0, usize::saturating_add); // compared with a limit far below
        if !self.too_long && found > FINDINGS_MAX {
            let what = format!(
                "expected at most {FINDINGS_MAX} findings (levels times the entities of each), found {found}"
            );
            self.problems.push("levels", what);
            self.too_long = true;
        }
    }

    /// A list of ids: not too long, each well formed, none twice.
    fn unique<'n>(&mut self, path: &str, ids: impl ExactSizeIterator<Item = &'n String>) {
        if check_length(&mut self.problems, path, ids.len()) {
            self.too_long = true;
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            self.another(&format!("{path}[{index}]"), id, &mut seen);
        }
    }

    /// Ids of what the agreement names itself, which texts of terms can hold without quotes.
    fn ids<'n>(&mut self, path: &str, ids: impl ExactSizeIterator<Item = &'n String>) {
        if check_length(&mut self.problems, path, ids.len()) {
            self.too_long = true;
            return;
        }
        for id in ids.filter(|id| !is_id(id)) {
            let id = shown(id);
            let what = format!(
                "expected an id of at most 64 letters, digits, `-` and `_` that is not `24x7`, found `{id}`"
            );
            self.problems.push(format!("{path}[{id}]"), what);
        }
    }

    /// A name that must differ from those before it.
    fn another<'n>(&mut self, path: &str, name: &'n String, seen: &mut BTreeSet<&'n String>) {
        check_name(&mut self.problems, path, name);
        if !seen.insert(name) {
            self.problems
                .push(path, format!("duplicate entry `{}`", shown(name)));
        }
    }

    /// Each kind of period has one cap at most.
    fn caps(&mut self) {
        let caps = &self.terms.caps;
        for (index, cap) in caps.iter().enumerate() {
            let path = format!("caps[{index}]");
            if caps.iter().take(index).any(|earlier| earlier.per == cap.per) {
                let what = format!("duplicate entry `{}`", cap.per);
                self.problems.push(format!("{path}.per"), what);
            }
            if let Err(found) = cap.check() {
                self.problems.extend(&path, &found);
            }
            self.filter(&format!("{path}.of"), &cap.of);
        }
    }

    /// A composite names other calendars, and none lies within itself.
    fn composites(&mut self) {
        let composites = composites::in_order(self.terms);
        for (id, composite) in composites.sorted.iter().chain(&composites.circular) {
            for (index, part) in composite.of.parts().iter().enumerate() {
                let path = format!("calendars[{}].{}", shown(id), composite.path(index));
                check_reference(
                    &mut self.problems,
                    path,
                    "a calendar",
                    part,
                    &self.names.calendars,
                );
            }
        }
        for (id, _) in composites.circular {
            let what = "expected a calendar that does not depend on itself, found a circle";
            self.problems.push(format!("calendars[{}]", shown(id)), what);
        }
    }

    fn clock(&mut self, id: &str, clock: &ClockTerms) {
        let path = format!("clocks[{}]", shown(id));
        if let Err(found) = clock.rules().check() {
            self.problems.extend(&path, &found);
        }
        for (index, condition) in clock.pause.iter().enumerate() {
            let Some(status) = condition.named_status() else {
                continue;
            };
            let place = format!("{path}.pause[{index}]");
            check_reference(
                &mut self.problems,
                &place,
                "a status",
                status,
                &self.names.statuses,
            );
            if clock.pause.iter().take(index).any(|earlier| earlier == condition) {
                self.problems
                    .push(place, format!("duplicate entry `{}`", shown(status)));
            }
        }
        self.targets(&format!("{path}.targets"), clock);
        let mut calendars = clock.targets.values().map(TargetTerms::calendar);
        let first = calendars.next();
        if clock.on_raise.is_none() && calendars.any(|calendar| Some(calendar) != first) {
            self.problems
                .push(format!("{path}.on_raise"), SeverityChange::MISSING);
        }
    }

    fn targets(&mut self, path: &str, clock: &ClockTerms) {
        if clock.targets.is_empty() {
            self.problems
                .push(path, "expected at least one target, found none");
        }
        if check_length(&mut self.problems, path, clock.targets.len()) {
            return;
        }
        for (severity, target) in &clock.targets {
            let place = format!("{path}[{}]", shown(severity));
            if severity != DEFAULT {
                check_reference(
                    &mut self.problems,
                    &place,
                    "a severity",
                    severity,
                    &self.names.severities,
                );
            }
            if let Some(calendar) = target.calendar() {
                check_reference(
                    &mut self.problems,
                    &place,
                    "a calendar",
                    calendar,
                    &self.names.calendars,
                );
            }
            self.cut_off(&place, target);
        }
    }

    /// A composite has no cut-off of its own, since its parts may have different ones.
    fn cut_off(&mut self, place: &str, target: &TargetTerms) {
        let TargetTerms::BusinessDays { days, on } = target else {
            return;
        };
        let is_composite = matches!(self.terms.calendars.get(on), Some(CalendarTerms::Composite(_)));
        if is_composite && days.cut_off == Some(CutOff::OfTheCalendar) {
            let what = format!(
                "expected a cut-off at a time of day or `at close`, since `{}` is a composite calendar",
                shown(on)
            );
            self.problems.push(place, what);
        }
    }

    fn level(&mut self, level: &ServiceLevel) {
        let path = format!("levels[{}]", shown(&level.id));
        let measure = format!("{path}.{}", level.measure.word());
        level.measure.check(self.names, &measure, &mut self.problems);
        if let Some(credit) = &level.credit {
            if let Err(found) = credit.check() {
                self.problems.extend(&format!("{path}.credit"), &found);
            }
            self.filter(&format!("{path}.credit.of"), &credit.of);
        }
    }

    fn filter(&mut self, path: &str, filter: &ChargeFilter) {
        // That it is not empty is checked with the terms of the credit or the cap.
        let named = filter.services.as_deref().filter(|services| !services.is_empty());
        check_references(&mut self.problems, path, "a service", named, &self.names.services);
    }
}

//! What a document must hold beyond its shape: references, ranges, and what terms demand of each other.
//!
//! This module owns the references between the parts of an agreement and its limits. What a part means by itself is checked
//! by the module that owns it.

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::terms::{ServiceLevel, Terms};
use crate::clock::ClockTerms;
use crate::credit::Selector;
use crate::error::{ProblemList, Problems, shown};
use crate::limits::{COMPOSITES_MAX, FINDINGS_MAX};
use crate::measure::Names;
use crate::record::check_name;
use crate::registry::{Registry, check_length, check_reference, check_references};
use crate::time::allowance::Allowance;

/// Collects the ids that an agreement declares.
pub(super) fn names_of(terms: &Terms) -> Names {
    let calendars = terms.calendars.iter().map(|calendar| &calendar.id);
    let composites = terms.composites.iter().map(|composite| &composite.id);
    let targeted = |clock: &ClockTerms| Registry::of(clock.targets.iter().map(|target| &target.severity));
    Names {
        severities: Registry::of(&terms.severities),
        statuses: Registry::of(&terms.statuses),
        impacts: Registry::of(&terms.impacts),
        entities: Registry::of(&terms.entities),
        services: Registry::of(&terms.services),
        calendars: Registry::of(calendars.chain(composites)),
        clocks: Registry::of(terms.clocks.iter().map(|clock| &clock.id)),
        targeted: terms.clocks.iter().map(targeted).collect(),
    }
}

/// Finds everything that contradicts itself or refers to nothing.
pub(super) fn check(terms: &Terms) -> Result<(), Problems> {
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
    for calendar in &terms.calendars {
        if let Err(found) = calendar.hours.check() {
            checker
                .problems
                .extend(&format!("calendars[{}].hours", shown(&calendar.id)), &found);
        }
    }
    checker.composites();
    terms.clocks.iter().for_each(|clock| checker.clock(clock));
    terms.service_levels.iter().for_each(|level| checker.level(level));
    if let Some(cap) = &terms.credit_cap {
        if let Err(found) = cap.check() {
            checker.problems.extend("credit_cap", &found);
        }
        checker.selector("credit_cap.of", &cap.of);
    }
    checker.problems.finish()
}

struct Checker<'a> {
    terms: &'a Terms,
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
        let effective = &terms.effective;
        if effective.until < effective.from {
            let what = format!(
                "expected a date not before {}, found {}",
                effective.from, effective.until
            );
            self.problems.push("effective.until", what);
        }
    }

    fn lists(&mut self) {
        let terms = self.terms;
        self.unique("severities", terms.severities.iter());
        self.unique("statuses", terms.statuses.iter());
        self.unique("impacts", terms.impacts.iter());
        self.unique("entities", terms.entities.iter());
        self.unique("services", terms.services.iter());
        self.unique("calendars", terms.calendars.iter().map(|calendar| &calendar.id));
        let composites = terms.composites.len();
        if composites > COMPOSITES_MAX {
            let what = format!("expected at most {COMPOSITES_MAX} entries, found {composites}");
            self.problems.push("composites", what);
            self.too_long = true;
        }
        self.unique(
            "composites",
            terms.composites.iter().map(|composite| &composite.id),
        );
        self.unique("clocks", terms.clocks.iter().map(|clock| &clock.id));
        self.unique(
            "service_levels",
            terms.service_levels.iter().map(|level| &level.id),
        );
        for clock in &terms.clocks {
            let path = format!("clocks[{}].targets", shown(&clock.id));
            self.too_long |= check_length(&mut self.problems, &path, clock.targets.len());
        }
        self.findings();
    }

    /// Levels are multiplied by their subjects; a document of a few kilobytes must not make millions of findings.
    fn findings(&mut self) {
        let subjects = |level: &ServiceLevel| level.measure.subjects(self.names).len();
        let counts = self.terms.service_levels.iter().map(subjects);
        let found = counts.fold(0, usize::saturating_add); // compared with a limit far below
        if !self.too_long && found > FINDINGS_MAX {
            let what =
                format!("expected at most {FINDINGS_MAX} levels times what each measures, found {found}");
            self.problems.push("service_levels", what);
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

    /// A name that must differ from those before it.
    fn another<'n>(&mut self, path: &str, name: &'n String, seen: &mut BTreeSet<&'n String>) {
        check_name(&mut self.problems, path, name);
        if !seen.insert(name) {
            self.problems
                .push(path, format!("`{}` stands there twice", shown(name)));
        }
    }

    /// A composite names calendars, and composites that stand before it; so none lies within itself.
    fn composites(&mut self) {
        let terms = self.terms;
        let ids = |count: usize| {
            let composites = terms.composites.iter().take(count).map(|composite| &composite.id);
            terms
                .calendars
                .iter()
                .map(|calendar| &calendar.id)
                .chain(composites)
        };
        let calendars = Registry::of(ids(0));
        let all = Registry::of(ids(terms.composites.len()));
        for (place, named) in terms.composites.iter().enumerate() {
            let path = format!("composites[{}].composite", shown(&named.id));
            if let Err(found) = named.composite.check() {
                self.problems.extend(&path, &found);
            }
            // Calendars come first in the registry, then the composites in their order.
            let before = terms.calendars.len().saturating_add(place);
            for (index, part) in named.composite.of.parts().iter().enumerate() {
                if all.index(part).is_none_or(|index| index >= before) {
                    let what = "expected the id of a calendar or of a composite before it";
                    self.problems.push(
                        format!("{path}.{}", named.composite.path(index)),
                        format!("{what}, found `{}`", shown(part)),
                    );
                }
            }
            if calendars.contains(&named.id) {
                let what = format!("`{}` is also the id of a calendar", shown(&named.id));
                self.problems
                    .push(format!("composites[{}].id", shown(&named.id)), what);
            }
        }
    }

    fn clock(&mut self, clock: &ClockTerms) {
        let path = format!("clocks[{}]", shown(&clock.id));
        if let Err(found) = clock.rules.check() {
            self.problems.extend(&format!("{path}.rules"), &found);
        }
        let pause = format!("{path}.rules.pause");
        let statuses = Some(clock.rules.pause.as_slice()).filter(|pause| !pause.is_empty());
        check_references(
            &mut self.problems,
            &pause,
            "a status",
            statuses,
            &self.names.statuses,
        );
        if clock.targets.is_empty() {
            self.problems.push(
                format!("{path}.targets"),
                "expected at least one target, found none",
            );
        }
        let mut seen = BTreeSet::new();
        for (index, target) in clock.targets.iter().enumerate() {
            let place = format!("{path}.targets[{index}]");
            let severity = format!("{place}.severity");
            let known = &self.names.severities;
            check_reference(
                &mut self.problems,
                &severity,
                "a severity",
                &target.severity,
                known,
            );
            self.another(&severity, &target.severity, &mut seen);
            let calendar = target.calendar.as_deref();
            self.calendar_of(&format!("{place}.calendar"), target.within, calendar);
        }
        let mut calendars = clock.targets.iter().map(|target| &target.calendar);
        let first = calendars.next();
        if clock.rules.calendar_change.is_none() && calendars.any(|calendar| Some(calendar) != first) {
            self.problems.push(
                format!("{path}.rules.calendar_change"),
                "severities are measured on different calendars: expected `keep` or `recount`, found nothing",
            );
        }
    }

    /// Working time and business days count on a calendar, other allowances on none.
    fn calendar_of(&mut self, path: &str, within: Allowance, calendar: Option<&str>) {
        let (kind, verb) = match within {
            Allowance::Working(_) => ("working time", "counts"),
            Allowance::BusinessDays(_) => ("business days", "count"),
            Allowance::Wall(_) => ("wall time", "counts"),
            Allowance::Fixed(_) => ("a fixed instant", "counts"),
            Allowance::BestEffort => ("best effort", "counts"),
        };
        match (within.counts_on_a_calendar(), calendar) {
            (true, Some(id)) => {
                check_reference(&mut self.problems, path, "a calendar", id, &self.names.calendars);
            }
            (true, None) => {
                let what = format!("{kind} {verb} on a calendar: expected its id, found nothing");
                self.problems.push(path, what);
            }
            (false, Some(id)) => {
                let what = format!(
                    "{kind} counts on no calendar: expected nothing, found `{}`",
                    shown(id)
                );
                self.problems.push(path, what);
            }
            (false, None) => {}
        }
    }

    fn level(&mut self, level: &ServiceLevel) {
        let path = format!("service_levels[{}]", shown(&level.id));
        let measure = format!("{path}.measure.{}", level.measure.word());
        level.measure.check(self.names, &measure, &mut self.problems);
        if let Some(credit) = &level.credit {
            if let Err(found) = credit.check() {
                self.problems.extend(&format!("{path}.credit"), &found);
            }
            self.selector(&format!("{path}.credit.of"), &credit.of);
        }
    }

    fn selector(&mut self, path: &str, selector: &Selector) {
        let services = format!("{path}.services");
        // That it is not empty is checked with the terms of the credit or the cap.
        let named = selector
            .services
            .as_deref()
            .filter(|services| !services.is_empty());
        check_references(
            &mut self.problems,
            &services,
            "a service",
            named,
            &self.names.services,
        );
    }
}

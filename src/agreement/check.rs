//! What must hold between the terms of an agreement: ids are unique, references point at something, ranges hold.
//!
//! What must hold within one term is checked by the module that owns it; this one gathers those problems too, so that
//! all are reported at once. n log n in the terms.

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::terms::{AttainmentTerms, Measure, ServiceLevel, Terms};
use crate::availability::AvailabilityTerms;
use crate::clock::ClockTerms;
use crate::credit::Selector;
use crate::error::{ProblemList, Problems};
use crate::record::check_name;
use crate::time::allowance::Allowance;

/// The most entries of any list in an agreement.
const ENTRIES_MAX: usize = 1_000;

/// The most composites, each of which is laid out over all the weeks it covers.
const COMPOSITES_MAX: usize = 100;

/// The most findings of a statement: levels, those that measure availability once for each entity.
const FINDINGS_MAX: usize = 10_000;

/// The names that an agreement declares and that its terms and facts may use.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) severities: BTreeSet<String>,
    pub(super) statuses: BTreeSet<String>,
    pub(super) impacts: BTreeSet<String>,
    pub(super) entities: BTreeSet<String>,
    pub(super) services: BTreeSet<String>,
    pub(super) calendars: BTreeSet<String>,
    pub(super) clocks: BTreeSet<String>,
}

impl Declared {
    pub(super) fn of(terms: &Terms) -> Self {
        let set = |names: &[String]| names.iter().cloned().collect();
        Self {
            severities: set(&terms.severities),
            statuses: set(&terms.statuses),
            impacts: set(&terms.impacts),
            entities: set(&terms.entities),
            services: set(&terms.services),
            calendars: terms
                .calendars
                .iter()
                .map(|calendar| &calendar.id)
                .chain(terms.composites.iter().map(|composite| &composite.id))
                .cloned()
                .collect(),
            clocks: terms.clocks.iter().map(|clock| clock.id.clone()).collect(),
        }
    }
}

/// Finds everything that contradicts itself or refers to nothing.
pub(super) fn check(terms: &Terms) -> Result<(), Problems> {
    let declared = Declared::of(terms);
    let mut checker = Checker {
        terms,
        declared: &declared,
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
                .extend(&format!("calendars[{}].hours", calendar.id), &found);
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
    declared: &'a Declared,
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
            self.is_past_the_end(&format!("clocks[{}].targets", clock.id), clock.targets.len());
        }
        let per_entity = |level: &&ServiceLevel| matches!(level.measure, Measure::Availability(_));
        let availability = terms.service_levels.iter().filter(per_entity).count();
        if availability.saturating_mul(terms.entities.len()) > FINDINGS_MAX {
            let what =
                format!("expected at most {FINDINGS_MAX} levels of availability times entities, found more");
            self.problems.push("service_levels", what);
            self.too_long = true;
        }
    }

    /// A list of ids: not too long, each well formed, none twice.
    fn unique<'n>(&mut self, path: &str, ids: impl Iterator<Item = &'n String>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            if self.is_past_the_end(path, index) {
                return;
            }
            self.another(&format!("{path}[{index}]"), id, &mut seen);
        }
    }

    /// A list of references: each declared, none twice.
    fn references(&mut self, path: &str, what: &str, names: &[String], declared: &BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        for (index, name) in names.iter().enumerate() {
            if self.is_past_the_end(path, index) {
                return;
            }
            let place = format!("{path}[{index}]");
            self.reference(&place, what, name, declared);
            self.another(&place, name, &mut seen);
        }
    }

    fn is_past_the_end(&mut self, path: &str, index: usize) -> bool {
        if index == ENTRIES_MAX {
            self.problems.push(
                path,
                format!("expected at most {ENTRIES_MAX} entries, found more"),
            );
            self.too_long = true;
        }
        index >= ENTRIES_MAX
    }

    /// A name that must differ from those before it.
    fn another<'n>(&mut self, path: &str, name: &'n String, seen: &mut BTreeSet<&'n String>) {
        check_name(&mut self.problems, path, name);
        if !seen.insert(name) {
            self.problems.push(path, format!("`{name}` stands there twice"));
        }
    }

    fn reference(&mut self, path: &str, what: &str, name: &str, declared: &BTreeSet<String>) {
        if !declared.contains(name) {
            self.problems
                .push(path, format!("expected the id of {what}, found `{name}`"));
        }
    }

    /// A composite names calendars, and composites that stand before it; so none lies within itself.
    fn composites(&mut self) {
        let terms = self.terms;
        let mut known: BTreeSet<String> = terms
            .calendars
            .iter()
            .map(|calendar| calendar.id.clone())
            .collect();
        for named in &terms.composites {
            let path = format!("composites[{}].composite", named.id);
            if let Err(found) = named.composite.check() {
                self.problems.extend(&path, &found);
            }
            for (index, part) in named.composite.of.parts().iter().enumerate() {
                self.reference(
                    &format!("{path}.{}", named.composite.path(index)),
                    "a calendar or of a composite before it",
                    part,
                    &known,
                );
            }
            if !known.insert(named.id.clone())
                && terms.calendars.iter().any(|calendar| calendar.id == named.id)
            {
                let what = format!("`{}` is also the id of a calendar", named.id);
                self.problems.push(format!("composites[{}].id", named.id), what);
            }
        }
    }

    fn clock(&mut self, clock: &ClockTerms) {
        let path = format!("clocks[{}]", clock.id);
        if let Err(found) = clock.rules.check() {
            self.problems.extend(&format!("{path}.rules"), &found);
        }
        let declared = self.declared;
        self.references(
            &format!("{path}.rules.pause"),
            "a status",
            &clock.rules.pause,
            &declared.statuses,
        );
        if clock.targets.is_empty() {
            self.problems.push(
                format!("{path}.targets"),
                "expected at least one target, found none",
            );
        }
        let mut seen = BTreeSet::new();
        for (index, target) in clock.targets.iter().enumerate() {
            if self.is_past_the_end(&format!("{path}.targets"), index) {
                return;
            }
            let place = format!("{path}.targets[{index}]");
            let severity = format!("{place}.severity");
            self.reference(&severity, "a severity", &target.severity, &declared.severities);
            self.another(&severity, &target.severity, &mut seen);
            self.calendar_of(
                &format!("{place}.calendar"),
                target.within,
                target.calendar.as_deref(),
            );
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
        let kind = match within {
            Allowance::Working(_) => "working time",
            Allowance::BusinessDays(_) => "business days",
            Allowance::Wall(_) => "wall time",
            Allowance::Fixed(_) => "a fixed instant",
            Allowance::BestEffort => "best effort",
        };
        let verb = if matches!(within, Allowance::BusinessDays(_)) {
            "count"
        } else {
            "counts"
        };
        match (within.counts_on_a_calendar(), calendar) {
            (true, Some(id)) => {
                self.reference(path, "a calendar", id, &self.declared.calendars);
            }
            (true, None) => {
                let what = format!("{kind} {verb} on a calendar: expected its id, found nothing");
                self.problems.push(path, what);
            }
            (false, Some(id)) => {
                let what = format!("{kind} counts on no calendar: expected nothing, found `{id}`");
                self.problems.push(path, what);
            }
            (false, None) => {}
        }
    }

    fn level(&mut self, level: &ServiceLevel) {
        let path = format!("service_levels[{}]", level.id);
        match &level.measure {
            Measure::Availability(availability) => {
                self.availability(&format!("{path}.measure.availability"), availability);
            }
            Measure::Attainment(attainment) => {
                self.attainment(&format!("{path}.measure.attainment"), attainment);
            }
        }
        if let Some(credit) = &level.credit {
            if let Err(found) = credit.check() {
                self.problems.extend(&format!("{path}.credit"), &found);
            }
            self.selector(&format!("{path}.credit.of"), &credit.of);
        }
    }

    fn attainment(&mut self, path: &str, attainment: &AttainmentTerms) {
        let declared = self.declared;
        self.reference(
            &format!("{path}.clock"),
            "a clock",
            &attainment.clock,
            &declared.clocks,
        );
        let severities = format!("{path}.severities");
        if attainment.severities.is_empty() {
            self.problems
                .push(&severities, "expected at least one severity, found none");
        }
        match self
            .terms
            .clocks
            .iter()
            .find(|clock| clock.id == attainment.clock)
        {
            Some(clock) => {
                let targeted: BTreeSet<String> = clock
                    .targets
                    .iter()
                    .map(|target| target.severity.clone())
                    .collect();
                let what = "a severity that the clock has a target for";
                self.references(&severities, what, &attainment.severities, &targeted);
            }
            None => self.references(
                &severities,
                "a severity",
                &attainment.severities,
                &declared.severities,
            ),
        }
    }

    fn availability(&mut self, path: &str, availability: &AvailabilityTerms) {
        let declared = self.declared;
        if let Some(calendar) = &availability.service_hours {
            self.reference(
                &format!("{path}.service_hours"),
                "a calendar",
                calendar,
                &declared.calendars,
            );
        }
        if let Some(impacts) = &availability.impacts {
            if impacts.is_empty() {
                let what = "expected at least one impact that is downtime, found none";
                self.problems.push(format!("{path}.impacts"), what);
            }
            self.references(
                &format!("{path}.impacts"),
                "an impact",
                impacts,
                &declared.impacts,
            );
        }
        if declared.entities.is_empty() {
            let what = "availability is measured per entity: expected at least one, found none";
            self.problems.push("entities", what);
        }
        self.references(
            &format!("{path}.entities"),
            "an entity",
            &availability.entities,
            &declared.entities,
        );
    }

    fn selector(&mut self, path: &str, selector: &Selector) {
        if let Some(services) = &selector.services {
            let path = format!("{path}.services");
            self.references(&path, "a service", services, &self.declared.services);
        }
    }
}

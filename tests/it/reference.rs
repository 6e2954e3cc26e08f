//! The reference of the terms, `src/guide/terms.md`, is in step with what the readers accept.
//!
//! Each table of a document is given a term that does not exist. The refusal lists the terms that do; exactly these stand in
//! the section of the reference. So with words: the refusal of one that does not exist lists those that do.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use sla::agreement::{AgreementTerms, InForce, ServiceLevel};
use sla::availability::{AvailabilityTerms, MaintenanceTerms};
use sla::calendar::{
    BeyondKnown, Composite, DateRule, DayOverride, Holiday, Hours, OneOff, OvernightOnHoliday, Season,
};
use sla::clock::{AttainmentTerms, ClockTerms, CountedWhen, SeverityChange, TargetTerms};
use sla::credit::{Band, Cap, CreditTerms};
use sla::error::ParseError;
use sla::period::{PartialPeriods, PeriodKind};
use sla::time::DayMeaning;
use sla::zone::GapRule;

const REFERENCE: &str = include_str!("../../src/guide/terms.md");

/// Every table of a document: its section in the reference, and the refusal of a term that it does not have.
fn tables() -> Vec<(&'static str, String)> {
    vec![
        ("The agreement", refusal::<AgreementTerms>()),
        ("The dates in force", refusal::<InForce>()),
        ("A calendar of hours", refusal::<Hours>()),
        ("A season", refusal::<Season>()),
        ("A holiday", refusal::<Holiday>()),
        ("An override", refusal::<DayOverride>()),
        ("A span of time", refusal::<OneOff>()),
        ("A calendar made of calendars", refusal::<Composite>()),
        ("A clock", refusal::<ClockTerms>()),
        ("A level", refusal::<ServiceLevel>()),
        ("Availability", refusal::<AvailabilityTerms>()),
        ("Maintenance", refusal::<MaintenanceTerms>()),
        ("Attainment", refusal::<AttainmentTerms>()),
        ("A credit", refusal::<CreditTerms>()),
        ("A band", refusal::<Band>()),
        ("A cap", refusal::<Cap>()),
    ]
}

/// Every term that is one of some words: its section, and the refusal of a word that there is not.
fn words() -> Vec<(&'static str, String)> {
    vec![
        ("The dates in force", refused::<PartialPeriods>()),
        ("A calendar of hours", refused::<GapRule>()),
        ("A calendar of hours", refused::<BeyondKnown>()),
        ("A calendar of hours", refused::<OvernightOnHoliday>()),
        ("A clock", refused::<CountedWhen>()),
        ("A clock", refused::<SeverityChange>()),
        ("A clock", refused_events("cancelled", "cancelled")),
        ("The targets of a clock", refused::<TargetTerms>()),
        ("The targets of a clock", refused::<DayMeaning>()),
        ("A level", refused::<PeriodKind>()),
    ]
}

/// What is said of a term that a table does not have.
fn refusal<T: DeserializeOwned>() -> String {
    match toml::from_str::<T>("bogus = 1") {
        Ok(_) => panic!("a term `bogus` was taken"),
        Err(error) => error.message().to_string(),
    }
}

/// What is said of a word that there is not.
fn refused<T: std::str::FromStr<Err = ParseError>>() -> String {
    match "bogus".parse::<T>() {
        Ok(_) => panic!("a word `bogus` was taken"),
        Err(error) => error.to_string(),
    }
}

/// What is said of events that start and stop no clock.
fn refused_events(start: &str, stop: &str) -> String {
    let text = format!("start = {start:?}\nstop = [{stop:?}]\ncounted_when = \"opened\"\ntargets = {{}}");
    let clock: ClockTerms = toml::from_str(&text).unwrap();
    let problems = clock.rules().check().unwrap_err();
    let expected: Vec<String> = problems
        .iter()
        .map(|problem| problem.what().replace(", found", ""))
        .collect();
    expected.join(", ").replace("`cancelled`", "")
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What a refusal says there is.
fn expected(refusal: &str) -> BTreeSet<&str> {
    let (_, expected) = refusal
        .split_once("expected ")
        .unwrap_or_else(|| panic!("no list of what there is in: {refusal}"));
    quoted(expected).filter(|text| *text != "bogus").collect()
}

/// A section of the reference, without its heading.
fn section(title: &str) -> &'static str {
    let heading = format!("\n# {title}\n");
    let start = REFERENCE
        .find(&heading)
        .unwrap_or_else(|| panic!("no section `{title}`"));
    let text = &REFERENCE[start + heading.len()..];
    text.split("\n# ").next().unwrap()
}

/// The terms that a section has: the first cells of its table of terms.
fn listed(section: &str) -> BTreeSet<&str> {
    let table = section.split("| term | value | default | meaning |").nth(1);
    let rows = table
        .into_iter()
        .flat_map(|table| table.trim_start().lines().skip(1));
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| quoted(row).next()).collect()
}

#[test]
fn the_reference_has_the_terms_that_are_read_and_no_others() {
    for (title, refusal) in tables() {
        let terms = expected(&refusal);
        assert!(!terms.is_empty(), "{title}: {refusal}");
        assert_eq!(listed(section(title)), terms, "in the section `{title}`");
    }
}

#[test]
fn every_section_with_terms_is_compared_with_a_reader() {
    let sections = REFERENCE
        .split("\n# ")
        .filter(|section| section.contains("| term | value |"));
    let titles: Vec<&str> = sections.filter_map(|section| section.lines().next()).collect();
    let compared: Vec<&str> = tables().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, compared);
}

#[test]
fn the_reference_has_every_word_and_every_form_of_a_text() {
    for (title, refusal) in words() {
        let stands: BTreeSet<&str> = quoted(section(title)).collect();
        for word in expected(&refusal) {
            let stands = stands.contains(word) || (word == "at" && section(title).contains("`at 12:00`"));
            assert!(stands, "expected `{word}` in the section `{title}`");
        }
    }
}

#[test]
fn every_table_that_a_term_leads_to_is_a_section() {
    for link in REFERENCE.split("](#").skip(1) {
        let anchor = link.split(')').next().unwrap();
        let is_title = |line: &str| {
            line.strip_prefix("# ")
                .is_some_and(|title| title.to_lowercase().replace(' ', "-") == anchor)
        };
        assert!(REFERENCE.lines().any(is_title), "no section for `#{anchor}`");
    }
}

/// The texts in the first cells of a table, by its first words.
fn forms<'a>(section: &'a str, head: &str) -> Vec<&'a str> {
    let table = section.split(head).nth(1).unwrap().trim_start();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| quoted(row.split('|').nth(1).unwrap()))
        .collect()
}

#[test]
fn every_form_of_a_text_is_read() {
    let targets = forms(section("The targets of a clock"), "| text |");
    let kinds = forms(section("A level"), "| kind of period |");
    let rules = forms(section("Rules for dates"), "| text |");
    assert!(targets.len() > 5 && kinds.len() > 8 && rules.len() > 10);
    for text in targets {
        assert_eq!(text.parse::<TargetTerms>().unwrap().to_string(), text);
    }
    for text in kinds {
        assert_eq!(text.parse::<PeriodKind>().unwrap().to_string(), text);
    }
    for text in rules {
        assert_eq!(text.parse::<DateRule>().unwrap().to_string(), text);
    }
}

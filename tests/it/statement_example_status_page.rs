//! The example `statement` on the log of a status page: how it is read, and what the public data set comes to.

use std::path::Path;

use chrono::{DateTime, Utc};
use sla::agreement::CompiledAgreement;
use sla::level::Verdict;
use sla::measure::{Availability, Basis};
use sla::record::{Fact, Outage};
use sla::statement::Standing;
use sla::{Period, WallTime};

use crate::statement_example::cli;
use crate::statement_example::read::{self, Placed};
use crate::statement_example::{
    at, bytes, github_status, own, period, public_data, record, shuffled, with_data,
};

// The adapter, on invented lines

#[test]
fn a_status_page_with_quoted_titles_and_an_empty_window_is_read() {
    let text = "incident_id,downtime_start,downtime_end,duration_minutes,source,title,impact\n\
                7,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,0,updates,\"Slow, \"\"very\"\" slow\",none\n\
                8,2026-01-02T00:00:00Z,2026-01-02T01:00:00Z,60,updates,Down,critical\n";
    let log = github_status::read(text, "windows.csv").unwrap();
    let impacts: Vec<_> = outages(&log.facts)
        .iter()
        .map(|window| window.impact.clone().unwrap())
        .collect();
    assert_eq!(impacts, ["none", "critical"]);
    assert_eq!(
        (log.start, log.end),
        (at("2026-01-01T00:00:00Z"), at("2026-01-02T01:00:00Z"))
    );
    assert_eq!(log.facts[1].place, "windows.csv:3");

    let refused = |text: &str| github_status::read(text, "windows.csv").err().unwrap().0;
    let message = refused(&text.replace("2026-01-02T01:00:00Z", "tomorrow"));
    assert!(
        message.starts_with("windows.csv:3: column `downtime_end`: "),
        "{message}"
    );
    assert!(refused(&text.replace("impact", "severity")).contains("column `impact`: expected a value"));
}

// Public data

fn status_page() -> Option<(github_status::Log, String)> {
    let path = public_data()?.join(github_status::FILE);
    let text = read::text(&path).unwrap();
    Some((github_status::read(&text, "windows").unwrap(), text))
}

fn outages(facts: &[Placed]) -> Vec<&Outage> {
    let outages = facts.iter().filter_map(|placed| match &placed.fact {
        Fact::Outage(outage) => Some(outage),
        _ => None,
    });
    outages.collect()
}

/// Seconds of a window within a span; what a test may compute that has nothing in common with the library.
fn seconds(outage: &Outage, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (outage.end.unwrap().min(end) - outage.start.max(start))
        .num_seconds()
        .max(0)
}

/// Seconds of the union, by sweeping over sorted windows.
fn union(mut windows: Vec<&Outage>, start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    windows.sort_by_key(|window| window.start);
    let (mut reached, mut sum) = (start, 0);
    for window in windows {
        let from = window.start.max(reached);
        let until = window.end.unwrap().min(end);
        if until > from {
            sum += (until - from).num_seconds();
            reached = until;
        }
    }
    sum
}

/// The terms of the file, which also serve to measure over a single month.
fn page_terms(name: &str) -> (CompiledAgreement, Vec<Placed>) {
    let agreement = cli::agreement(Path::new(&own(name))).unwrap();
    (
        agreement,
        read::facts(Path::new(&own("github-charges.csv"))).unwrap(),
    )
}

#[test]
fn overlapping_windows_of_a_status_page_count_once() {
    let Some((log, _)) = status_page() else { return };
    let windows = outages(&log.facts);
    assert_eq!(windows.len(), 819);
    // Windows of length zero are facts like any other, and no downtime.
    let zero = || windows.iter().filter(|window| window.end == Some(window.start));
    let unnamed = zero().filter(|window| window.impact.as_deref() == Some("none"));
    assert_eq!((zero().count(), unnamed.count()), (22, 13));
    let plain: i64 = windows
        .iter()
        .map(|window| seconds(window, log.start, log.end))
        .sum();
    assert_eq!(plain, 11_798_640);
    let over = sla::Interval::new(log.start, log.end).unwrap();
    let merged = Availability::over(over, log.end)
        .with_outages(windows.iter().copied())
        .measure()
        .unwrap();
    assert_eq!(merged.down, WallTime::seconds(10_688_160));
    assert_eq!(union(windows, log.start, log.end), 10_688_160);
}

#[test]
fn february_2026_of_a_status_page_by_union_and_by_plain_sum() {
    let Some((log, _)) = status_page() else { return };
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z"));
    let counted = |outage: &&&Outage| {
        outage
            .impact
            .as_deref()
            .is_some_and(|one| matches!(one, "minor" | "major" | "critical"))
    };
    let all = outages(&log.facts);
    let windows: Vec<&Outage> = all.iter().filter(counted).copied().collect();
    let watch = sla::record::Monitoring::new("page", github_status::ENTITY, log.start).until(log.end);
    let february = Availability::over(sla::Interval::new(start, end).unwrap(), log.end)
        .with_outages(windows.iter().copied())
        .with_monitoring([&watch])
        .measure()
        .unwrap();
    // 86.2177… %: 86.22 to the nearest, and never shown as more than it is.
    let month = (end - start).num_seconds();
    let up = february.up.as_seconds() as i64;
    assert_eq!((up * 20_000 + month) / (2 * month), 8_622);
    assert_eq!(february.ratio().unwrap().percent(2), "86.21");
    let plain: i64 = windows.iter().map(|window| seconds(window, start, end)).sum();
    assert_eq!(((month - plain) * 20_000 + month) / (2 * month), 8_362);
    assert_eq!(february.down.as_seconds() as i64, union(windows, start, end));
}

#[test]
fn quarters_of_a_status_page_are_judged_as_integers_say() {
    let Some((log, _)) = status_page() else { return };
    for (name, impacts) in [
        ("github-enterprise-style.toml", &["major", "critical"] as &[&str]),
        (
            "github-enterprise-style-minor.toml",
            &["minor", "major", "critical"],
        ),
    ] {
        let (agreement, charges) = page_terms(name);
        let record = record(log.facts.iter().chain(&charges));
        let (mut judged, mut lower) = (0, 0);
        for (year, quarter) in (2022..=2026).flat_map(|year| (1..=4).map(move |quarter| (year, quarter))) {
            let period = Period::quarter(year, quarter).unwrap();
            let statement = agreement.statement(&record, period, log.end).unwrap();
            let (start, end) = (statement.over.start(), statement.over.end());
            let finding = &statement.findings[0];
            if end > log.end {
                assert_eq!(statement.standing, Standing::Provisional, "{period}");
                continue;
            }
            if start < log.start {
                assert_eq!(finding.verdict, Verdict::NotJudged, "{period}");
                assert_eq!(statement.totals.net.minor_units(), 0);
                continue;
            }
            judged += 1;
            let windows = outages(&log.facts);
            let windows: Vec<&Outage> = windows
                .into_iter()
                .filter(|window| impacts.contains(&window.impact.as_deref().unwrap()))
                .collect();
            let (agreed, down) = ((end - start).num_seconds(), union(windows.clone(), start, end));
            let Basis::Time(basis) = &finding.basis else {
                panic!("availability")
            };
            assert_eq!(basis.down.as_seconds() as i64, down, "{period}");
            assert_eq!(basis.up.as_seconds() as i64, agreed - down, "{period}");

            // The three months of the quarter add up to it.
            let months: i64 = (1..=3)
                .map(|month| Period::month(year, 3 * (quarter - 1) + month).unwrap())
                .map(|month| agreement.zone().interval(month).unwrap())
                .map(|over| {
                    let part = Availability::over(over, log.end).with_outages(windows.iter().copied());
                    part.measure().unwrap().down.as_seconds() as i64
                })
                .sum();
            assert_eq!(months, down, "{period}");

            // Below 99.9 %, below 99.0 %: in whole seconds, without division.
            let below = |tenths: i64| (agreed - down) * 1_000 < agreed * tenths;
            let credit = match (below(999), below(990)) {
                (false, _) => 0,
                (true, false) => 100_000,
                (true, true) => 250_000,
            };
            lower += usize::from(below(990));
            assert_eq!(finding.verdict == Verdict::Breached, below(999), "{period}");
            assert_eq!(statement.totals.net.minor_units(), credit, "{period}");
        }
        assert_eq!(judged, 17);
        assert_eq!(lower, if impacts.len() == 2 { 4 } else { 17 });
    }
}

#[test]
fn the_order_of_a_status_page_changes_no_byte() {
    let Some((log, text)) = status_page() else { return };
    let (agreement, charges) = page_terms("github-enterprise-style.toml");
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let other = format!("{header}\n{}\n", shuffled(&rows, 7).join("\n"));
    let other = github_status::read(&other, "windows").unwrap();
    let statement = |log: &github_status::Log| {
        let record = record(log.facts.iter().chain(&charges));
        bytes(&agreement.statement(&record, period("2026-Q1"), log.end).unwrap())
    };
    assert_eq!(statement(&log), statement(&other));
}

#[test]
fn a_status_page_is_read_by_the_program() {
    let Some(data) = public_data() else { return };
    let output = with_data(&["--from", "github-status"], Some(data)).unwrap();
    assert_eq!(output.text.matches("SERVICE LEVEL STATEMENT").count(), 17);
    assert!(output.notes.starts_with("820 facts, "), "{}", output.notes);
    assert!(
        output
            .text
            .contains("\n  2024-Q3  final       0         1           0           0   0  2500.00 USD  0.00 USD  2500.00 USD\n")
    );
}

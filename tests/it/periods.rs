//! Measurement periods: their dates against a walk over days, their texts, their true lengths, and whole agreements
//! that measure and charge over each kind.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::agreement::CompiledAgreement;
use sla::period::{Date, FixedDays, PeriodKind, StartMonth};
use sla::record::{Charge, Fact, Monitoring, Outage};
use sla::{Agreement, Interval, Period, Record, Statement, WallTime, ZoneData};

use crate::values::{cases, number, text_of};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

// The oracle: whether a period of a kind starts on a date, read off the calendar, and a walk from day to day.

fn days_in_month(date: NaiveDate) -> u32 {
    let next = match date.month() {
        12 => NaiveDate::from_ymd_opt(date.year() + 1, 1, 1),
        month => NaiveDate::from_ymd_opt(date.year(), month + 1, 1),
    };
    next.unwrap().pred_opt().unwrap().day()
}

/// `None` for trailing days, which start on every date.
fn starts(kind: PeriodKind, date: NaiveDate) -> Option<bool> {
    let is_day = |day: u32| date.day() == day.min(days_in_month(date));
    Some(match kind {
        PeriodKind::Month => date.day() == 1,
        PeriodKind::Quarter => date.day() == 1 && [1, 4, 7, 10].contains(&date.month()),
        PeriodKind::Year => date.day() == 1 && date.month() == 1,
        PeriodKind::FiscalQuarter(start) => date.day() == 1 && (date.month() + 12 - start.number()) % 3 == 0,
        PeriodKind::FiscalYear(start) => date.day() == 1 && date.month() == start.number(),
        PeriodKind::BillingCycle(anchor) => is_day(anchor.number()),
        PeriodKind::ContractYear(from) => date.month() == from.naive().month() && is_day(from.naive().day()),
        PeriodKind::FixedDays(FixedDays { days, from }) => {
            let since = date.num_days_from_ce() - from.naive().num_days_from_ce();
            since % days.number() as i32 == 0
        }
        PeriodKind::TrailingDays(_) => return None,
    })
}

/// The first date of the period of `date`, and the date after it.
fn walked(kind: PeriodKind, date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let (mut first, mut after) = (date, date.succ_opt().unwrap());
    if let PeriodKind::TrailingDays(days) = kind {
        (1..days.number()).for_each(|_| first = first.pred_opt().unwrap());
        return (first, after);
    }
    while starts(kind, first) == Some(false) {
        first = first.pred_opt().unwrap();
    }
    while starts(kind, after) == Some(false) {
        after = after.succ_opt().unwrap();
    }
    (first, after)
}

/// Every kind, with parameters that matter.
fn kinds() -> Vec<PeriodKind> {
    let mut kinds = vec![PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];
    kinds.extend((1..=12).filter_map(PeriodKind::fiscal_quarter));
    kinds.extend((1..=12).filter_map(PeriodKind::fiscal_year));
    kinds.extend(
        [1, 2, 15, 28, 29, 30, 31]
            .into_iter()
            .filter_map(PeriodKind::billing_cycle),
    );
    let contracts = [
        "2024-02-29",
        "2026-02-28",
        "2026-04-15",
        "1900-01-01",
        "2199-12-31",
    ];
    kinds.extend(contracts.map(|from| PeriodKind::ContractYear(day(from))));
    for days in [1, 7, 30, 365, 3_660] {
        kinds.extend(
            ["1900-01-01", "2026-01-15", "2199-12-31"]
                .map(|from| PeriodKind::fixed_days(days, day(from)).unwrap()),
        );
        kinds.extend(PeriodKind::trailing_days(days));
    }
    kinds
}

fn is_trailing(kind: PeriodKind) -> bool {
    matches!(kind, PeriodKind::TrailingDays(_))
}

fn any_date() -> impl Strategy<Value = Date> {
    let offset = prop_oneof![4 => 0_u64..109_573, 1 => 0_u64..400, 1 => 109_173_u64..109_573];
    offset.prop_map(|days| {
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        Date::new(first + Days::new(days)).unwrap()
    })
}

fn any_kind() -> impl Strategy<Value = PeriodKind> {
    prop_oneof![
        Just(PeriodKind::Month),
        Just(PeriodKind::Quarter),
        Just(PeriodKind::Year),
        (1_u32..=12).prop_map(|month| PeriodKind::fiscal_quarter(month).unwrap()),
        (1_u32..=12).prop_map(|month| PeriodKind::fiscal_year(month).unwrap()),
        (1_u32..=31).prop_map(|day| PeriodKind::billing_cycle(day).unwrap()),
        any_date().prop_map(PeriodKind::ContractYear),
        (1_u32..=400).prop_map(|days| PeriodKind::trailing_days(days).unwrap()),
        (1_u32..=400, any_date()).prop_map(|(days, from)| PeriodKind::fixed_days(days, from).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A date lies in the period that a walk over days finds, and in that one only; its text reads as itself.
    #[test]
    fn a_date_lies_in_one_period(kind in any_kind(), date in any_date()) {
        let (first, after) = walked(kind, date.naive());
        let within = first.year() >= 1900 && after.pred_opt().unwrap().year() <= 2199;
        let Some(found) = Period::containing(kind, date) else {
            prop_assert!(!within, "{kind} on {date}");
            return Ok(());
        };
        prop_assert!(within, "{} on {}", kind, date);
        prop_assert_eq!((found.first_day(), found.day_after()), (first, after));
        prop_assert_eq!(found.kind(), kind);
        prop_assert_eq!(found.to_string().parse(), Ok(found));
        prop_assert!(found.contains(found) && found.overlaps(found));
        prop_assert_eq!(Period::starting(kind, Date::new(first).unwrap()), Some(found));
        if !is_trailing(kind) {
            prop_assert_eq!(Period::starting(kind, date).is_some(), date.naive() == first);
        }
    }

    /// The next starts where one ends, the previous ends where it starts, and trailing days have neither.
    #[test]
    fn periods_follow_one_another(kind in any_kind(), date in any_date()) {
        let Some(found) = Period::containing(kind, date) else { return Ok(()) };
        if is_trailing(kind) {
            prop_assert_eq!((found.next(), found.previous()), (None, None));
            return Ok(());
        }
        match found.next() {
            Some(next) => {
                prop_assert_eq!((next.kind(), next.first_day()), (kind, found.day_after()));
                prop_assert_eq!(next.previous(), Some(found));
                prop_assert!(found < next && !found.overlaps(next));
            }
            None => prop_assert!(walked(kind, found.day_after()).1.pred_opt().unwrap().year() > 2199),
        }
        match found.previous() {
            Some(previous) => {
                prop_assert_eq!((previous.kind(), previous.day_after()), (kind, found.first_day()));
                prop_assert_eq!(previous.next(), Some(found));
            }
            None => prop_assert!(walked(kind, found.first_day().pred_opt().unwrap()).0.year() < 1900),
        }
    }

    /// What reads as a period is written as it was read: there is one text for each.
    #[test]
    fn there_is_one_text_for_a_period(text in prop_oneof![
        "(19|20|21)[0-9]{2}(-Q[0-5]|-[01][0-9])?( from (Jan|Apr|Dec))?",
        "20[0-9]{2}-(02|04|0[0-9])-(28|29|30|31|0?[0-9]) monthly( on [ 0+]?(15|28|29|30|31))?",
        "(2024|2025|2028|20[0-9]{2})-02-(28|29) yearly from 2024-02-(28|29)",
        "[0+]?[0-9]{1,4} days? ending 20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        "2026-0[123]-[0-3][0-9] every [0+]?[1-3]0? days? from 2026-01-(15|16)",
    ]) {
        if let Ok(found) = text.parse::<Period>() {
            prop_assert_eq!(found.to_string(), text);
        }
    }
}

/// Every date from 1900 to 2199, for every kind: each period starts where the one before it ends, and only what would
/// reach out of these years is left at both ends.
#[test]
fn each_kind_tiles_the_calendar() {
    for kind in kinds().into_iter().filter(|kind| !is_trailing(*kind)) {
        let mut date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        let mut found = loop {
            if let Some(first) = Period::containing(kind, Date::new(date).unwrap()) {
                break first;
            }
            date = date.succ_opt().unwrap();
        };
        assert_eq!(found.first_day(), date, "{kind}: what is left starts before 1900");
        assert_eq!(found.previous(), None);
        while let Some(next) = found.next() {
            assert_eq!(next.first_day(), found.day_after(), "{kind}");
            assert!(next.day_after() > next.first_day(), "{kind}");
            found = next;
        }
        let rest = Date::new(found.day_after());
        assert_eq!(
            rest.and_then(|date| Period::containing(kind, date)),
            None,
            "{kind}"
        );
        assert!(
            walked(kind, found.day_after()).1 > NaiveDate::from_ymd_opt(2200, 1, 1).unwrap(),
            "{kind}"
        );
    }
}

#[derive(Deserialize)]
struct Rows {
    case: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[allow(dead_code, reason = "shown when the row fails")]
    why: String,
    kind: PeriodKind,
    on: Date,
    period: Option<Period>,
    first: Option<Date>,
    after: Option<toml::value::Datetime>,
}

#[test]
fn period_dates() {
    let rows: Rows = toml::from_str(include_str!("../vectors/period_dates.toml")).unwrap();
    for row in rows.case {
        let found = Period::containing(row.kind, row.on);
        assert_eq!(found, row.period, "{row:?}");
        assert_eq!(
            found.and_then(|found| Date::new(found.first_day())),
            row.first,
            "{row:?}"
        );
        assert_eq!(
            found.map(|found| found.day_after().to_string()),
            row.after.as_ref().map(ToString::to_string),
            "{row:?}"
        );
    }
}

#[test]
fn period_lengths() {
    let zones = ZoneData::bundled();
    for case in cases(include_str!("../vectors/period_lengths.toml")) {
        let zone = zones.zone(text_of(&case, "zone")).unwrap();
        let length = zone
            .interval(period(text_of(&case, "period")))
            .map(|interval| interval.length());
        assert_eq!(length, Ok(WallTime::minutes(number(&case, "minutes"))), "{case}");
    }
}

/// In every zone: the periods of a kind touch, and their lengths sum to the time from the first to the last.
#[test]
fn lengths_sum_over_a_year_and_more() {
    let zones = ZoneData::bundled();
    let names = [
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Havana",
        "UTC",
        "+14:00",
    ];
    for name in names {
        let zone = zones.zone(name).unwrap();
        for kind in kinds().into_iter().filter(|kind| !is_trailing(*kind)) {
            let start = Period::containing(kind, day("2011-03-01")).unwrap();
            let (mut last, mut sum) = (start, zone.interval(start).unwrap().length());
            while last.day_after() < NaiveDate::from_ymd_opt(2012, 3, 1).unwrap() {
                let next = last.next().unwrap();
                let over = zone.interval(next).unwrap();
                assert_eq!(over.start(), zone.interval(last).unwrap().end(), "{name} {next}");
                sum = sum.saturating_add(over.length());
                last = next;
            }
            let from = zone.interval(start).unwrap().start();
            let whole = Interval::new(from, zone.interval(last).unwrap().end()).unwrap();
            assert_eq!(whole.length(), sum, "{name} {kind}");
        }
    }
}

/// In every zone and year: the parts of a year sum to it.
#[test]
fn parts_sum_to_the_whole() {
    let zones = ZoneData::bundled();
    for name in [
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Havana",
        "+14:00",
    ] {
        let zone = zones.zone(name).unwrap();
        for year in [1970, 2011, 2012, 2026, 2097] {
            let wholes_and_parts = [
                (period(&format!("{year}")), PeriodKind::Month, 12),
                (period(&format!("{year}")), PeriodKind::Quarter, 4),
                (period(&format!("{year}-Q3")), PeriodKind::Month, 3),
                (
                    period(&format!("{year} from Apr")),
                    PeriodKind::fiscal_quarter(4).unwrap(),
                    4,
                ),
                (period(&format!("{year}-Q4 from Feb")), PeriodKind::Month, 3),
                (
                    period(&format!("{year}-03-15 yearly from 2024-03-15")),
                    PeriodKind::billing_cycle(15).unwrap(),
                    12,
                ),
                (
                    period(&format!("{year}-12-31 yearly from 2024-12-31")),
                    PeriodKind::billing_cycle(31).unwrap(),
                    12,
                ),
            ];
            for (whole, kind, count) in wholes_and_parts {
                let (mut sum, mut parts) = (WallTime::ZERO, 0);
                let mut part = Period::containing(kind, Date::new(whole.first_day()).unwrap()).unwrap();
                while part.first_day() < whole.day_after() {
                    assert!(whole.contains(part) && whole.overlaps(part), "{whole} and {part}");
                    sum = sum.saturating_add(zone.interval(part).unwrap().length());
                    parts += 1;
                    part = part.next().unwrap();
                }
                assert!(!whole.overlaps(part));
                assert_eq!(
                    (zone.interval(whole).unwrap().length(), parts),
                    (sum, count),
                    "{name} {whole}"
                );
            }
        }
    }
}

#[test]
fn periods_by_their_dates() {
    assert_eq!(
        period("2199-12").day_after(),
        NaiveDate::from_ymd_opt(2200, 1, 1).unwrap()
    );
    assert_eq!(
        period("2026-Q1").first_day(),
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
    );
    assert!(period("2026-Q1").contains(period("2026-03")) && !period("2026-Q1").contains(period("2026-04")));
    assert!(period("2026-03").overlaps(period("2026-Q1")) && !period("2026-04").overlaps(period("2026-Q1")));
    assert!(!period("2026-03").contains(period("2026-Q1")));
    // By their dates, whatever their kinds; but they are not the same period.
    let (month, cycle) = (period("2026-03"), period("2026-03-01 monthly"));
    assert!(month.contains(cycle) && cycle.contains(month) && month != cycle);
    assert!(period("2026-03-15 monthly").overlaps(month) && !month.contains(period("2026-03-15 monthly")));
    assert!(period("2026-03").contains(period("30 days ending 2026-03-31")));
    assert!(!period("2026-03").contains(period("30 days ending 2026-03-29")));
    for (year, month) in [
        (1899, 12),
        (2200, 1),
        (2026, 0),
        (2026, 13),
        (i32::MAX, 1),
        (i32::MIN, 1),
    ] {
        assert!(Period::month(year, month).is_none(), "{year}-{month}");
    }
    let april = StartMonth::new(4).unwrap();
    for quarter in [0, 5, u32::MAX] {
        assert!(Period::quarter(2026, quarter).is_none(), "{quarter}");
        assert!(
            Period::fiscal_quarter(2026, quarter, april).is_none(),
            "{quarter}"
        );
    }
    for year in [1899, 2200, i32::MAX, i32::MIN] {
        assert!(
            Period::year(year).is_none() && Period::fiscal_year(year, april).is_none(),
            "{year}"
        );
        assert!(Period::fiscal_quarter(year, 1, april).is_none(), "{year}");
    }
    assert!(Period::fiscal_year(2199, april).is_none() && Period::fiscal_quarter(2199, 3, april).is_some());
    assert!(Date::new(NaiveDate::MIN).is_none() && Date::new(NaiveDate::MAX).is_none());
}

// Kinds.

#[test]
fn kinds_read_as_they_are_written() {
    for kind in kinds() {
        let json = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<PeriodKind>(&json).unwrap(), kind, "{json}");
    }
    let texts: std::collections::BTreeSet<String> = kinds().iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), kinds().len(), "a fingerprint tells them apart");
}

// Agreements.

/// One level of availability for each kind, in the order in which they are given, by its index.
fn agreement(kinds: &[&str]) -> CompiledAgreement {
    let levels = kinds.iter().enumerate().map(|(index, kind)| {
        format!(
            r#"
            [[levels]]
            id = "level-{index}"
            per = {kind}
            availability = {{ target = "99.9 %", known_at_least = "99 %" }}
            credit.bands = [{{ below = "99.9 %", pays = "10 %" }}]
            "#
        )
    });
    let document = format!(
        r#"
        id = "A"
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "America/New_York"
        in_force = {{ from = 2024-02-29, through = 2029-12-31 }}
        entities = ["eu"]
        services = ["hosting"]
        {}
        "#,
        levels.collect::<String>()
    );
    let terms: sla::agreement::AgreementTerms =
        toml::from_str(&document).unwrap_or_else(|error| panic!("{error} in {document}"));
    let text = toml::to_string(&terms).unwrap();
    assert_eq!(
        toml::from_str::<sla::agreement::AgreementTerms>(&text).unwrap(),
        terms,
        "{text}"
    );
    Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap()
}

fn as_of() -> DateTime<Utc> {
    "2030-01-10T00:00:00Z".parse().unwrap()
}

/// Watched since ever, down on 20 March 2026, and charged 100.00 EUR for each of the periods.
fn record(charged: &[&str]) -> Record {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let outage = Outage::new("O", "eu", at("2026-03-20T00:00:00Z")).until(at("2026-03-21T00:00:00Z"));
    let mut facts = vec![
        Fact::Monitoring(Monitoring::new("W", "eu", at("2024-01-01T00:00:00Z"))),
        Fact::Outage(outage),
    ];
    facts.extend(charged.iter().map(|text| {
        Fact::Charge(Charge::new(
            text,
            "hosting",
            "eu",
            period(text),
            "100.00 EUR".parse().unwrap(),
        ))
    }));
    facts.into_iter().collect()
}

fn statement(agreement: &CompiledAgreement, charged: &[&str], over: &str) -> Statement {
    agreement
        .statement(&record(charged), period(over), as_of())
        .unwrap()
}

const KINDS: [&str; 14] = [
    "\"month\"",
    "\"quarter\"",
    "\"year\"",
    "\"fiscal quarter from Feb\"",
    "\"fiscal quarter from Jan\"",
    "\"fiscal year from Apr\"",
    r#""billing cycle from day 1""#,
    r#""billing cycle from day 15""#,
    r#""billing cycle from day 31""#,
    r#""contract year from 2024-02-29""#,
    r#""contract year from 2025-02-28""#,
    r#""trailing period of 30 days""#,
    r#""block of 30 days from 2026-01-15""#,
    r#""block of 30 days from 2026-02-14""#,
];

/// A statement has the level whose kind is that of its period, with all that the terms state of it, and no other.
#[test]
fn a_statement_has_the_levels_of_its_kind() {
    let agreement = agreement(&KINDS);
    let rows = [
        ("2026-03", "PT743H"),
        ("2026-Q1", "PT2159H"),
        ("2026", "PT8760H"),
        ("2026-Q1 from Feb", "PT2135H"),
        ("2026-Q1 from Jan", "PT2159H"),
        ("2025 from Apr", "PT8760H"),
        ("2026-03-01 monthly", "PT743H"),
        ("2026-03-15 monthly", "PT744H"),
        ("2026-02-28 monthly on 31", "PT743H"),
        ("2026-02-28 yearly from 2024-02-29", "PT8760H"),
        ("2026-02-28 yearly from 2025-02-28", "PT8760H"),
        ("30 days ending 2026-03-31", "PT719H"),
        ("2026-03-16 every 30 days from 2026-01-15", "PT720H"),
        ("2026-03-16 every 30 days from 2026-02-14", "PT720H"),
    ];
    for (index, (over, length)) in rows.into_iter().enumerate() {
        let found = statement(&agreement, &[over], over);
        let levels: Vec<&str> = found
            .findings
            .iter()
            .map(|finding| finding.level.as_str())
            .collect();
        assert_eq!(levels, [format!("level-{index}")], "{over}");
        assert_eq!(found.over.length().to_string(), length, "{over}");
        assert_eq!(found.totals.net.to_string(), "10.00 EUR", "{over}");
        assert!(
            found
                .to_string()
                .starts_with(&format!("SERVICE LEVEL STATEMENT {over}\n"))
        );
        let sla::measure::Basis::Time(measured) = &found.findings[0].basis else {
            panic!("{found:?}")
        };
        assert_eq!(measured.down, WallTime::hours(24), "{over}");
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(json["period"], *over, "{over}");
    }
    let found = statement(&agreement, &[], "2026-03-16 monthly");
    assert!(found.findings.is_empty());
    assert!(
        found
            .to_string()
            .contains("none is measured over a billing cycle from day 16\n"),
        "{found}"
    );
}

/// The agreement is in force for every date, or the statement is refused: of every kind.
#[test]
fn an_agreement_must_be_in_force_for_the_whole_period() {
    let agreement = agreement(&KINDS);
    for (over, within) in [
        ("2024-02-29 yearly from 2024-02-29", true),
        ("2024-Q1 from Mar", true),
        ("2024-02-29 monthly on 31", true),
        ("2024-02-15 monthly", false),
        ("2024", false),
        ("2023 from Apr", false),
        ("1 day ending 2024-02-29", true),
        ("2 days ending 2024-02-29", false),
        ("30 days ending 2029-12-31", true),
        ("2029-12-15 monthly", false),
        ("2029-12-31 yearly from 2024-12-31", false),
        ("2029-12-22 every 10 days from 2029-12-22", true),
        ("2029-12-23 every 10 days from 2029-12-23", false),
    ] {
        match agreement.open(period(over), as_of()) {
            Ok(_) => assert!(within, "{over}"),
            Err(problems) => {
                let text = problems.to_string();
                let beginning = "period: the agreement (2024-02-29 to 2029-12-31) is in force on ";
                assert!(!within && text.starts_with(beginning), "{over}: {text}");
                assert!(
                    text.contains(&format!(" days of {over}: expected `prorate`, ")),
                    "{text}"
                );
            }
        }
    }
}

/// A statement's period; charges inside it; charges outside it; charges that reach into it and beyond.
type Charged<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

/// Charges whose period lies inside the statement's are summed, whatever their kinds; those that lie outside belong to
/// other statements; those that reach into it and beyond are refused.
#[test]
fn charges_count_by_their_dates() {
    let agreement = agreement(&KINDS);
    let rows: [Charged<'_>; 6] = [
        (
            "2026-03-15 monthly", // 15 March to 14 April
            &[
                "2026-03-15 monthly",
                "2026-03-16 every 30 days from 2026-01-15",
                "1 day ending 2026-03-15",
                "1 day ending 2026-04-14",
            ],
            &[
                "2026-02-15 monthly",
                "2026-04-15 monthly",
                "2026-02",
                "2026-05",
                "30 days ending 2026-03-14",
            ],
            &[
                "2026-03",
                "2026-04",
                "2026-Q1",
                "2026-03-16 monthly",
                "2026-03-14 monthly",
                "2 days ending 2026-03-15",
                "2 days ending 2026-04-15",
            ],
        ),
        (
            "2026-02-28 monthly on 31", // 28 February to 30 March
            &[
                "2026-02-28 monthly on 31",
                "2026-02-28 monthly on 30",
                "31 days ending 2026-03-30",
            ],
            &["2026-01-31 monthly", "2026-03-31 monthly"],
            &[
                "2026-02-27 monthly",
                "32 days ending 2026-03-30",
                "2026-03",
                "2026-02",
            ],
        ),
        (
            "30 days ending 2026-03-31", // 2 to 31 March
            &[
                "30 days ending 2026-03-31",
                "7 days ending 2026-03-31",
                "1 day ending 2026-03-02",
            ],
            &[
                "2026-04",
                "2026-02",
                "1 day ending 2026-03-01",
                "2026-04-01 monthly",
            ],
            &[
                "2026-03",
                "30 days ending 2026-03-30",
                "2026-03-15 monthly",
                "2026",
            ],
        ),
        (
            "2026-Q1 from Feb", // February to April
            &[
                "2026-02",
                "2026-03",
                "2026-04",
                "2026-02-28 monthly on 31",
                "2026-03-31 monthly",
            ],
            &["2026-01", "2026-05", "2025-Q4 from Feb"],
            &["2026-Q1", "2026-Q2", "2026-04-15 monthly"],
        ),
        (
            "2026-02-28 yearly from 2024-02-29", // to 27 February 2027
            &[
                "2026-03",
                "2026-Q2",
                "2026-02-28 yearly from 2025-02-28",
                "2026-02-28 yearly from 2024-02-28",
            ],
            &[
                "2025-02-28 yearly from 2024-02-29",
                "2027-02-28 yearly from 2024-02-29",
            ],
            &["2026", "2026-02", "2027-02"],
        ),
        (
            "2026-03-16 every 30 days from 2026-01-15", // to 14 April
            &[
                "2026-03-16 every 30 days from 2026-02-14",
                "2026-03-16 every 10 days from 2026-01-15",
            ],
            &["2026-04-15 every 30 days from 2026-01-15", "2026-04-15 monthly"],
            &["2026-03-15 monthly", "2026-03"],
        ),
    ];
    for (over, inside, outside, across) in rows {
        let charged: Vec<&str> = inside.iter().chain(outside).copied().collect();
        let found = statement(&agreement, &charged, over);
        let expected = format!("{}.00 EUR", 100 * inside.len());
        assert_eq!(found.charges[0].amount.to_string(), expected, "{over}");
        assert_eq!(found.credits[0].base.to_string(), expected, "{over}");
        for charge in across {
            let problems = agreement
                .statement(&record(&[charge]), period(over), as_of())
                .unwrap_err();
            assert_eq!(
                problems.to_string(),
                format!("charges[{charge}].period: expected a period inside {over}, found {charge}")
            );
        }
    }
}

//! Credits of whole statements: steps that hold, ranges that contain every end, and what terms may not say.

use proptest::prelude::*;
use sla::agreement::CompiledAgreement;
use sla::credit::{Band, Cap, ChargeFilter, CreditTerms};
use sla::error::Problems;
use sla::explain::Source;
use sla::number::Percentage;
use sla::record::{Charge, Fact, Monitoring, Outage};
use sla::{Agreement, Record, Statement, ZoneData};

use crate::agreement;

/// An agreement over availability by month of so many entities; `levels` are the TOML of each level's credit, `head` is
/// more of the top of the document.
fn document(entities: usize, services: &[&str], head: &str, levels: &[String]) -> String {
    let entities: Vec<String> = (0..entities).map(|index| format!("e{index}")).collect();
    let levels: String = levels
        .iter()
        .enumerate()
        .map(|(index, credit)| {
            format!(
                "[[levels]]\nid = \"l{index}\"\nper = \"month\"\n\
                 availability = {{ target = \"99.9 %\", known_at_least = \"0 %\" }}\n{credit}\n"
            )
        })
        .collect();
    format!(
        "id = \"laws\"\nprovider = \"P\"\ncustomer = \"C\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n\
         in_force = {{ from = 2026-01-01, through = 2026-12-31 }}\nentities = {entities:?}\nservices = {services:?}\n\
         {head}\n{levels}"
    )
}

fn agreed(document: &str) -> Result<Agreement, Problems> {
    Agreement::new(toml::from_str(document).unwrap_or_else(|error| panic!("{error}\n{document}")))
}

fn compiled(document: &str) -> CompiledAgreement {
    agreed(document).unwrap().compile(&ZoneData::bundled()).unwrap()
}

fn charge(id: &str, entity: &str, service: &str, cents: i64) -> Fact {
    let amount = sla::number::Money::from_minor_units(cents, "EUR".parse().unwrap());
    Fact::Charge(Charge::new(
        id,
        service,
        entity,
        "2026-04".parse().unwrap(),
        amount,
    ))
}

/// Watched from the first of April on, and down for so many seconds from a time on.
fn service(entity: &str, from: &str, down_s: i64) -> Vec<Fact> {
    let april = "2026-04-01T00:00:00Z".parse().unwrap();
    let start: chrono::DateTime<chrono::Utc> = from.parse().unwrap();
    let end = start + chrono::TimeDelta::seconds(down_s);
    vec![
        Fact::Monitoring(Monitoring::new(entity, entity, april)),
        Fact::Outage(Outage::new(&format!("{entity}-{from}"), entity, start).until(end)),
    ]
}

fn stated(agreement: &CompiledAgreement, facts: Vec<Fact>, as_of: &str) -> Result<Statement, Problems> {
    let record: Record = facts.into_iter().collect();
    agreement.statement(&record, "2026-04".parse().unwrap(), as_of.parse().unwrap())
}

const AFTERWARDS: &str = "2026-05-02T00:00:00Z";

/// Every step of every line holds, and ends in what is owed; no line loses anything, and no cap is exceeded.
fn assert_explained(statement: &Statement) {
    assert!(statement.steps.hold());
    let mut net = 0;
    for line in &statement.credits {
        let steps = statement.steps.behind(line.step);
        assert!(
            steps
                .iter()
                .all(|index| statement.steps.get(*index).unwrap().holds())
        );
        assert_eq!(steps.last(), Some(&line.step));
        let owed = statement.steps.get(line.step).unwrap().after;
        assert_eq!(owed.to_string(), line.net.to_string());
        assert_eq!(
            line.gross.minor_units() - line.withheld.minor_units(),
            line.net.minor_units()
        );
        net += line.net.minor_units();
    }
    let totals = statement.totals;
    assert_eq!(net, totals.net.minor_units());
    assert_eq!(totals.gross.minor_units() - totals.withheld.minor_units(), net);
    assert!(totals.cap.is_none_or(|cap| net <= cap.minor_units()));
}

#[test]
fn the_golden_statement_is_explained() {
    let record: Record = agreement::facts().into_iter().collect();
    let statement = agreement::compiled()
        .statement(&record, agreement::march(), agreement::as_of())
        .unwrap();
    assert_explained(&statement);
    // The line that the cap cuts, from its charge to what is owed.
    let line = &statement.credits[2];
    let text: Vec<String> = statement
        .steps
        .behind(line.step)
        .into_iter()
        .map(|index| statement.steps.get(index).unwrap())
        .filter(|step| step.cites.starts_with("levels[resolution]") || step.cites == "caps[0]")
        .map(|step| format!("{}: {:?} = {}", step.cites, step.op, step.after))
        .collect();
    assert_eq!(
        text,
        [
            "levels[resolution].credit.bands[1]: Band { lower: None, upper: Some(Outside) } = 12.5 %",
            "levels[resolution].credit: Times = 250.00625 EUR",
            "levels[resolution].credit: Round(HalfEven) = 250.01 EUR",
            "caps[0]: Times = 1493.3448 EUR",
            "caps[0]: Round(Down) = 1493.34 EUR",
            "caps[0]: Least = 1234.57 EUR",
            "caps[0]: Subtract = 258.77 EUR",
            "caps[0]: Least = 150.00 EUR",
            "caps[0]: Subtract = 108.77 EUR",
            "caps[0]: Least = 108.77 EUR",
        ]
    );
}

// What the outlook of a provisional statement says.

/// Best and worst end in no band, a band lies between them, and the other way round: the range has the ends that can
/// come, not those of the best and the worst measurement.
#[test]
fn the_outlook_looks_at_every_band_between_worst_and_best() {
    for (bands, expected) in [
        (
            r#"{ at_least = "60 %", below = "70 %", pays = "10 %" }"#,
            ["0.00 EUR", "10.00 EUR"],
        ),
        (
            r#"{ below = "60 %", pays = "10 %" }, { at_least = "70 %", pays = "10 %" }"#,
            ["0.00 EUR", "10.00 EUR"],
        ),
        // Only the point between two bands gives less.
        (
            r#"{ below = "70 %", pays = "10 %" }, { above = "70 %", pays = "20 %" }"#,
            ["0.00 EUR", "20.00 EUR"],
        ),
        // A higher credit within a lower one, and bands beyond what can come.
        (
            r#"{ below = "40 %", pays = "90 %" }, { at_least = "0 %", pays = "5 %" }, { at_least = "80 %", below = "81 %", pays = "7 %" }"#,
            ["5.00 EUR", "7.00 EUR"],
        ),
        (r#"{ below = "50 %", pays = "10 %" }"#, ["0.00 EUR", "0.00 EUR"]),
        // The worst that can come is exactly half.
        (
            r#"{ at_most = "50 %", pays = "10 %" }"#,
            ["0.00 EUR", "10.00 EUR"],
        ),
    ] {
        let level = format!("credit.bands = [{bands}]");
        let agreement = compiled(&document(1, &["hosting"], "", &[level]));
        let mut facts = service("e0", "2026-04-01T00:00:00Z", 0);
        facts.push(charge("A", "e0", "hosting", 10_000));
        // Half of April has passed without a second of downtime.
        let found = stated(&agreement, facts, "2026-04-16T00:00:00Z").unwrap();
        let outlook = found.outlook.unwrap();
        assert_eq!(
            [outlook.best.to_string(), outlook.worst.to_string()],
            expected,
            "{bands}"
        );
    }
}

#[test]
fn the_outlook_stays_under_the_cap() {
    let level = String::from(r#"credit.bands = [{ below = "99 %", pays = "10 %" }]"#);
    let agreement = compiled(&document(
        2,
        &["hosting"],
        "caps = [{ per = \"month\", at_most = \"7 %\" }]",
        &[level],
    ));
    let mut facts = service("e0", "2026-04-01T00:00:00Z", 864_000);
    facts.extend(service("e1", "2026-04-01T00:00:00Z", 0));
    facts.extend([
        charge("A", "e0", "hosting", 5_005),
        charge("B", "e1", "hosting", 5_005),
    ]);
    let found = stated(&agreement, facts, "2026-04-16T00:00:00Z").unwrap();
    let outlook = found.outlook.unwrap();
    // 5.005 for the one that is down is rounded to 5.00; 10.01 for both exceeds 7 % of 100.10.
    assert_eq!(
        [outlook.best.to_string(), outlook.worst.to_string()],
        ["5.00 EUR", "7.00 EUR"]
    );
    assert_explained(&found);
}

/// Bands anywhere, which may overlap and leave gaps.
fn bands() -> impl Strategy<Value = String> {
    let band = (0..1_000_u32, 1..400_u32, 0..200_u32, any::<(bool, bool)>());
    proptest::collection::vec(band, 1..4).prop_map(|bands| {
        let bands = bands.into_iter().map(|(from, width, credit, (inside, also))| {
            let (lower, upper) = (
                if inside { "at_least" } else { "above" },
                if also { "at_most" } else { "below" },
            );
            let to = (from + width).min(1_000);
            let (from, to) = (
                format!("{}.{}", from / 10, from % 10),
                format!("{}.{}", to / 10, to % 10),
            );
            format!("{{ {lower} = \"{from} %\", {upper} = \"{to} %\", pays = \"{credit} %\" }}")
        });
        format!("credit.bands = [{}]", bands.collect::<Vec<_>>().join(", "))
    })
}

fn cap() -> impl Strategy<Value = String> {
    proptest::option::of(0..60_u32).prop_map(|cap| match cap {
        Some(cap) => format!("caps = [{{ per = \"month\", at_most = \"{cap} %\" }}]"),
        None => String::new(),
    })
}

const MONTH_S: i64 = 2_592_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Whatever happens in the rest of the month, the total lies in the range that was shown in its middle.
    #[test]
    fn every_end_lies_in_the_outlook(
        levels in proptest::collection::vec(bands(), 1..3), cap in cap(),
        so_far in proptest::collection::vec(0..MONTH_S / 2, 2), to_come in proptest::collection::vec(0..MONTH_S / 2, 2),
        charges in proptest::collection::vec(0..10_000_i64, 2),
    ) {
        let agreement = compiled(&document(2, &["hosting"], &cap, &levels));
        let mut facts = Vec::new();
        for index in 0..2 {
            let entity = format!("e{index}");
            facts.extend(service(&entity, "2026-04-01T00:00:00Z", so_far[index]));
            facts.push(charge(&entity, &entity, "hosting", charges[index]));
        }
        let early = stated(&agreement, facts.clone(), "2026-04-16T00:00:00Z").unwrap();
        let outlook = early.outlook.unwrap();
        for (index, down) in to_come.iter().enumerate() {
            facts.push(service(&format!("e{index}"), "2026-04-16T00:00:00Z", *down).remove(1));
        }
        let late = stated(&agreement, facts, AFTERWARDS).unwrap();
        prop_assert!(late.outlook.is_none());
        let net = late.totals.net.minor_units();
        prop_assert!(outlook.best.minor_units() <= net && net <= outlook.worst.minor_units());
        assert_explained(&early);
        assert_explained(&late);
    }

    /// Levels in another order, and every charge on two lines: no total changes, and every line is explained.
    #[test]
    fn order_and_lines_change_no_total(
        levels in proptest::collection::vec(bands(), 1..5), cap in cap(),
        down in proptest::collection::vec(0..MONTH_S, 2), charges in proptest::collection::vec((0..10_000_i64, 0..10_000_i64), 4),
    ) {
        let services = ["hosting", "support"];
        let facts = |split: bool| {
            let mut facts = Vec::new();
            for (index, down) in down.iter().enumerate() {
                facts.extend(service(&format!("e{index}"), "2026-04-01T00:00:00Z", *down));
            }
            for (index, (one, other)) in charges.iter().enumerate() {
                let (entity, service) = (format!("e{}", index % 2), services[index / 2]);
                let parts = if split { vec![*one, *other] } else { vec![one + other] };
                for (part, cents) in parts.into_iter().enumerate() {
                    facts.push(charge(&format!("{index}-{part}"), &entity, service, cents));
                }
            }
            facts
        };
        let whole = stated(&compiled(&document(2, &services, &cap, &levels)), facts(false), AFTERWARDS).unwrap();
        assert_explained(&whole);
        let mut backwards = levels;
        backwards.reverse();
        let other = compiled(&document(2, &services, &cap, &backwards));
        for split in [false, true] {
            let found = stated(&other, facts(split), AFTERWARDS).unwrap();
            assert_explained(&found);
            prop_assert_eq!(found.totals, whole.totals);
        }
    }
}

#[test]
fn a_line_that_is_moved_for_the_total_says_so() {
    let level = String::from(r#"credit.bands = [{ below = "99 %", pays = "5 %" }]"#);
    let agreement = compiled(&document(3, &["hosting"], "", &[level]));
    let owed = |cents: [i64; 3]| {
        let mut facts = Vec::new();
        for (index, cents) in cents.into_iter().enumerate() {
            let entity = format!("e{index}");
            facts.extend(service(&entity, "2026-04-01T00:00:00Z", 864_000));
            facts.push(charge(&entity, &entity, "hosting", cents));
        }
        let found = stated(&agreement, facts, AFTERWARDS).unwrap();
        assert_explained(&found);
        found
            .credits
            .iter()
            .map(|line| String::from(line.why.split(" = ").nth(1).unwrap()))
            .collect::<Vec<_>>()
    };
    // Two halves of a cent are one, which the first line gets.
    assert_eq!(
        owed([10_010, 10_010, 0]),
        [
            "5.005 EUR, rounded to 5.01 EUR instead of 5.00 EUR, so that all lines add up to 10.01 EUR",
            "5.005 EUR, rounded to 5.00 EUR",
            "0.00 EUR",
        ]
    );
    // Three times 0.6 of a cent are two cents: one line gets none.
    assert_eq!(
        owed([12, 12, 12]),
        [
            "0.006 EUR, rounded to 0.01 EUR",
            "0.006 EUR, rounded to 0.01 EUR",
            "0.006 EUR, rounded to 0.00 EUR instead of 0.01 EUR, so that all lines add up to 0.02 EUR",
        ]
    );
}

#[test]
fn a_base_is_summed_once_and_listed_up_to_a_hundred_charges() {
    for (charges, listed) in [(100, 100), (101, 1)] {
        let level = r#"credit.bands = [{ at_least = "0 %", pays = "1 %" }]"#;
        let levels = vec![String::from(level); 50];
        let agreement = compiled(&document(1, &["hosting"], "", &levels));
        let mut facts = service("e0", "2026-04-01T00:00:00Z", 0);
        facts.extend((0..charges).map(|index| charge(&format!("C{index}"), "e0", "hosting", 100)));
        let found = stated(&agreement, facts, AFTERWARDS).unwrap();
        assert_explained(&found);
        assert_eq!(found.credits.len(), 50);
        let sums: Vec<_> = found
            .steps
            .iter()
            .filter(|step| step.cites == "charges")
            .collect();
        assert_eq!(sums.len(), 1);
        assert_eq!(sums[0].inputs.len(), listed);
        let from = &sums[0].inputs[0].from;
        match charges {
            100 => assert_eq!(*from, Source::Fact("charges[C0]".into())),
            _ => assert_eq!(*from, Source::SumOf(101)),
        }
    }
}

/// 400 levels over 20,000 charges: linear in their sum. Multiplied, it takes seconds.
#[test]
fn levels_and_charges_are_not_multiplied() {
    let services: Vec<String> = (0..1_000).map(|index| format!("s{index}")).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    let level = String::from(r#"credit.bands = [{ at_least = "0 %", pays = "1 %" }]"#);
    let mut facts = Vec::new();
    for index in 0..20_000_usize {
        facts.push(charge(
            &format!("C{index}"),
            &format!("e{}", index % 20),
            services[index / 20],
            100,
        ));
    }
    facts.extend((0..20).flat_map(|index| service(&format!("e{index}"), "2026-04-01T00:00:00Z", 0)));
    let agreement = compiled(&document(
        20,
        &services,
        "caps = [{ per = \"month\", at_most = \"5 %\" }]",
        &vec![level; 400],
    ));
    let found = stated(&agreement, facts, AFTERWARDS).unwrap();
    assert_eq!(found.credits.len(), 8_000);
    let sums = found.steps.iter().filter(|step| step.cites == "charges").count();
    assert_eq!(sums, 21, "of each entity, and of all for the cap");
    assert_eq!(found.totals.gross.to_string(), "80000.00 EUR");
    assert_eq!(found.totals.net.to_string(), "1000.00 EUR");
}

#[test]
fn sums_that_do_not_fit_say_which() {
    const MOST: i64 = i64::MAX;
    let level = |share: &str| {
        vec![format!(
            "credit.bands = [{{ below = \"99 %\", pays = \"{share} %\" }}]"
        )]
    };
    let refused = |share: &str, head: &str, charges: &[(&str, &str)]| {
        let agreement = compiled(&document(2, &["hosting", "support"], head, &level(share)));
        let mut facts = service("e0", "2026-04-01T00:00:00Z", 864_000);
        facts.extend(service("e1", "2026-04-01T00:00:00Z", 864_000));
        for (index, (entity, service)) in charges.iter().enumerate() {
            facts.push(charge(&format!("C{index}"), entity, service, MOST));
        }
        stated(&agreement, facts, AFTERWARDS).unwrap_err().to_string()
    };
    for (share, head, charges, error) in [
        (
            "1",
            "",
            &[("e0", "hosting"), ("e0", "hosting")][..],
            "charges: the charges for `hosting` of `e0` are too large to sum, or prorated by too many different numbers of days",
        ),
        (
            "1",
            "",
            &[("e0", "hosting"), ("e0", "support")],
            "levels[l0].credit: the charges of `e0` that the credit is a share of are too large to sum, or prorated \
             by too many different numbers of days",
        ),
        (
            "101",
            "",
            &[("e1", "hosting")],
            "levels[l0].credit: the credit of `e1` is too large",
        ),
        (
            "60",
            "",
            &[("e0", "hosting"), ("e1", "hosting")],
            "credits: the sum of the credits of the period is too large",
        ),
        (
            "1",
            "caps = [{ per = \"month\", at_most = \"1 %\" }]",
            &[("e0", "hosting"), ("e1", "hosting")],
            "caps[0]: the cap is too large, or the charges that it is a share of are too large to sum, or \
             prorated by too many different numbers of days",
        ),
        (
            "1",
            "caps = [{ per = \"month\", at_most = \"101 %\" }]",
            &[("e0", "hosting")],
            "caps[0]: the cap is too large, or the charges that it is a share of are too large to sum, or \
             prorated by too many different numbers of days",
        ),
    ] {
        assert_eq!(refused(share, head, charges), error);
    }
}

#[test]
fn an_empty_list_of_services_is_refused() {
    let level = String::from("credit = { of = [], bands = [{ below = \"99 %\", pays = \"5 %\" }] }");
    let head = "caps = [{ per = \"month\", at_most = \"5 %\", of = [] }]";
    let problems = agreed(&document(1, &["hosting"], head, &[level])).unwrap_err();
    let what = "expected the id of a service, or no list for all of them, found an empty list";
    assert_eq!(
        problems.to_string(),
        format!("caps[0].of: {what}\nlevels[l0].credit.of: {what}")
    );
    // No list at all is all services, and is written as none.
    let cap: Cap = serde_json::from_str(r#"{"per":"month","at_most":"8 %"}"#).unwrap();
    assert_eq!(cap.of, ChargeFilter::default());
    assert_eq!(
        serde_json::to_string(&cap).unwrap(),
        r#"{"per":"month","at_most":"8 %"}"#
    );
}

#[test]
fn bands_that_hold_nothing_are_refused() {
    let with = |bounds: &[(&str, &str)]| {
        let mut band = Band::paying(Percentage::basis_points(1_000));
        for (bound, percent) in bounds {
            let percent = format!("{percent} %").parse().unwrap();
            band = match *bound {
                "at_least" => band.with_at_least(percent),
                "above" => band.with_above(percent),
                "below" => band.with_below(percent),
                _ => band.with_at_most(percent),
            };
        }
        CreditTerms {
            bands: vec![band],
            of: ChargeFilter::default(),
        }
        .check()
    };
    for (bounds, words) in [
        (&[("below", "0")][..], "below 0 %"),
        (&[("above", "100")], "above 100 %"),
        (
            &[("at_least", "50"), ("below", "50")],
            "at least 50 % and below 50 %",
        ),
        (
            &[("above", "50"), ("at_most", "50")],
            "above 50 % and at most 50 %",
        ),
        (&[("above", "50"), ("below", "50")], "above 50 % and below 50 %"),
        (&[("at_least", "0"), ("below", "0")], "at least 0 % and below 0 %"),
        (
            &[("above", "100"), ("at_most", "100")],
            "above 100 % and at most 100 %",
        ),
    ] {
        assert_eq!(
            with(bounds).unwrap_err().to_string(),
            format!("bands[0]: no percentage is {words}")
        );
    }
    for bounds in [
        &[("at_most", "0")][..],
        &[("at_least", "100")],
        &[("above", "99.999999999")],
        &[("below", "0.000000001")],
        &[("above", "50"), ("below", "50.000000001")],
        &[("at_least", "50"), ("at_most", "50")],
    ] {
        assert!(with(bounds).is_ok(), "{bounds:?}");
    }
}

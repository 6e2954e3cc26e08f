//! Credits: bands against plain integers, rows of published bands, and the laws of whole statements.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::agreement::AgreementTerms;
use sla::credit::{Band, ChargeFilter, CreditTerms};
use sla::level::Verdict;
use sla::number::{Money, Percentage, Ratio};
use sla::record::{Charge, Fact, Monitoring, Outage};
use sla::{Agreement, Record, Statement, ZoneData};

/// One percent in the unit that the tests calculate in.
const PERCENT: i128 = 1_000_000_000;

/// A percentage as a whole number of 10⁻⁹ %, by a reader of its own.
fn units(text: &str) -> i128 {
    let text = text.trim_end_matches(" %");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let padded = format!("{decimals:0<9}");
    whole.parse::<i128>().unwrap() * PERCENT + padded.parse::<i128>().unwrap()
}

fn text(units: i128) -> String {
    format!("{}.{:09}", units / PERCENT, units % PERCENT)
}

/// A band in plain numbers: at least, above, below, at most, and the credit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    at_least: Option<String>,
    above: Option<String>,
    below: Option<String>,
    at_most: Option<String>,
    credit: String,
}

impl Plain {
    fn band(&self) -> Band {
        let mut band = Band::paying(format!("{} %", self.credit).parse().unwrap());
        for (bound, with) in [
            (
                &self.at_least,
                Band::with_at_least as fn(Band, Percentage) -> Band,
            ),
            (&self.above, Band::with_above),
            (&self.below, Band::with_below),
            (&self.at_most, Band::with_at_most),
        ] {
            if let Some(bound) = bound {
                band = with(band, format!("{bound} %").parse().unwrap());
            }
        }
        band
    }

    /// Whether `part` of `whole` lies in the band: both sides multiplied, nothing divided.
    fn holds(&self, part: i128, whole: i128) -> bool {
        let measured = part * 100 * PERCENT;
        let bound = |text: &Option<String>| text.as_deref().map(|text| units(text) * whole);
        bound(&self.at_least).is_none_or(|bound| measured >= bound)
            && bound(&self.above).is_none_or(|bound| measured > bound)
            && bound(&self.below).is_none_or(|bound| measured < bound)
            && bound(&self.at_most).is_none_or(|bound| measured <= bound)
    }
}

fn highest(bands: &[Plain], part: i128, whole: i128) -> Option<i128> {
    let holding = bands.iter().filter(|band| band.holds(part, whole));
    holding.map(|band| units(&band.credit)).max()
}

fn bound() -> impl Strategy<Value = Option<String>> {
    let near = (0..=1_000_i128).prop_map(|tenths| text(tenths * PERCENT / 10));
    proptest::option::of(near)
}

fn plain() -> impl Strategy<Value = Plain> {
    (bound(), bound(), bound(), bound(), 0..200_u32).prop_map(|(at_least, above, below, at_most, credit)| {
        Plain {
            at_least,
            above,
            below,
            at_most,
            credit: credit.to_string(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// The four kinds of bounds, exactly; of the bands that hold a fraction the highest credit.
    #[test]
    fn bands_hold_what_integers_say(bands in proptest::collection::vec(plain(), 1..4), part in 0..=1_000_i128, off in -1..=1_i128) {
        // A thousandth hits the bounds exactly, and the neighbours of a bound in a large whole lie beside it.
        let (part, whole) = ((part * 1_000_000 + off).max(0), 1_000_000_000);
        let ratio = Ratio::new(part as u128, whole as u128).unwrap();
        for band in &bands {
            prop_assert_eq!(band.band().holds(&ratio), band.holds(part, whole));
        }
        let terms = CreditTerms { bands: bands.iter().map(Plain::band).collect(), of: ChargeFilter::default() };
        let found = terms.band(&ratio).map(|band| units(&band.pays.to_string()));
        prop_assert_eq!(found, highest(&bands, part, whole));
    }
}

// Whole statements.

fn agreement(
    currency: &str,
    period: &str,
    target: &str,
    bands: &[Plain],
    cap: Option<&str>,
    entities: usize,
) -> Agreement {
    let entities: Vec<String> = (0..entities).map(|index| format!("e{index}")).collect();
    let level = |bands: &[Plain]| {
        let lines = bands.iter().map(|band| {
            let bounds = [
                ("at_least", &band.at_least),
                ("above", &band.above),
                ("below", &band.below),
                ("at_most", &band.at_most),
            ];
            let bounds = bounds
                .into_iter()
                .filter_map(|(name, bound)| Some((name, bound.as_ref()?)));
            let bounds: String = bounds
                .map(|(name, bound)| format!("{name} = \"{bound} %\", "))
                .collect();
            format!("{{ {bounds}pays = \"{} %\" }}", band.credit)
        });
        lines.collect::<Vec<String>>().join(", ")
    };
    let cap = cap.map_or(String::new(), |cap| {
        format!("caps = [{{ per = \"{period}\", at_most = \"{cap} %\" }}]")
    });
    let document = format!(
        r#"
        id = "credits"
        provider = "P"
        customer = "C"
        currency = "{currency}"
        zone = "UTC"
        in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
        entities = {entities:?}
        services = ["hosting"]
        {cap}
        [[levels]]
        id = "uptime"
        per = "{period}"
        availability = {{ target = "{target} %", known_at_least = "0 %" }}
        credit.bands = [{}]
        "#,
        level(bands)
    );
    let terms: AgreementTerms =
        toml::from_str(&document).unwrap_or_else(|error| panic!("{error} in {document}"));
    Agreement::new(terms).unwrap()
}

/// The statement of the period that starts on the first of January 2026 or April, with so many bad seconds from the
/// start and one charge in minor units for each entity.
fn statement(agreement: &Agreement, period: &str, down_s: &[i64], charges: &[i64]) -> Statement {
    let start: DateTime<Utc> = match period {
        "2026-04" => "2026-04-01T00:00:00Z",
        _ => "2026-01-01T00:00:00Z",
    }
    .parse()
    .unwrap();
    let mut record = Record::new();
    for (index, (down, charge)) in down_s.iter().zip(charges).enumerate() {
        let entity = format!("e{index}");
        let id = format!("F{index}");
        let end = start + TimeDelta::seconds(*down);
        let amount = Money::from_minor_units(*charge, agreement.terms().currency);
        record.push(Fact::Monitoring(Monitoring::new(&id, &entity, start)));
        record.push(Fact::Outage(Outage::new(&id, &entity, start).until(end)));
        record.push(Fact::Charge(Charge::new(
            &id,
            "hosting",
            &entity,
            period.parse().unwrap(),
            amount,
        )));
    }
    let agreement = agreement.compile(&ZoneData::bundled()).unwrap();
    let as_of = "2026-08-01T00:00:00Z".parse().unwrap();
    agreement
        .statement(&record, period.parse().unwrap(), as_of)
        .unwrap()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    group: Vec<Group>,
}

/// Published bands, and what they give for so many bad seconds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    why: String,
    source: Option<String>,
    period: String,
    target: String,
    bands: Vec<Plain>,
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    down_s: i64,
    /// Absent: no band holds it.
    credit: Option<String>,
    verdict: String,
}

#[test]
fn published_bands() {
    let rows: Rows = toml::from_str(include_str!("../vectors/credit.toml")).unwrap();
    for group in rows.group {
        let kind = if group.period.contains('Q') {
            "quarter"
        } else {
            "month"
        };
        let seconds = if group.period.contains('Q') {
            7_776_000
        } else {
            2_592_000
        };
        let agreement = agreement("EUR", kind, &group.target, &group.bands, None, 1);
        for row in group.rows {
            let source = group.source.as_deref().unwrap_or_default();
            let place = format!("{}: {} {source}: {row:?}", group.name, group.why);
            let up = i128::from(seconds - row.down_s);
            let plain = highest(&group.bands, up, i128::from(seconds));
            assert_eq!(plain, row.credit.as_deref().map(units), "{place}");
            let found = statement(&agreement, &group.period, &[row.down_s], &[1_000_000]);
            let verdict = match row.verdict.as_str() {
                "met" => Verdict::Met,
                "breached" => Verdict::Breached,
                other => panic!("{other}"),
            };
            assert_eq!(found.findings[0].verdict, verdict, "{place}");
            let net = plain.map_or(0, |credit| credit * 1_000_000 / (100 * PERCENT));
            assert_eq!(i128::from(found.totals.net.minor_units()), net, "{place}");
            match (&row.credit, found.credits.first()) {
                (Some(credit), Some(line)) => {
                    assert_eq!(units(&line.share.to_string()), units(credit), "{place}");
                }
                // A default that no band holds is shown, and gives nothing.
                (None, Some(line)) => {
                    assert!(
                        verdict == Verdict::Breached
                            && line.why.ends_with(", for which the terms have no band"),
                        "{place}"
                    );
                }
                (None, None) => assert_eq!(verdict, Verdict::Met, "{place}"),
                (Some(_), None) => panic!("{place}"),
            }
        }
    }
}

/// Thresholds that fall and credits that rise, without gaps.
fn falling_bands() -> impl Strategy<Value = Vec<Plain>> {
    let step = (1..60_i128, 1..4_000_i128);
    proptest::collection::vec(step, 1..5).prop_map(|steps| {
        let (mut bound, mut credit) = (999_i128, 0_i128);
        let mut bands: Vec<Plain> = Vec::new();
        for (fall, rise) in steps {
            let below = text(bound * PERCENT / 10);
            if let Some(last) = bands.last_mut() {
                last.at_least = Some(below.clone());
            }
            credit += rise;
            bands.push(Plain {
                below: Some(below),
                credit: text(credit * PERCENT / 100),
                ..Plain::default()
            });
            bound -= fall;
        }
        bands
    })
}

const MONTH_S: i64 = 2_592_000;

/// The half-even rounding of `part ÷ whole`.
fn half_even(part: i128, whole: i128) -> i128 {
    let (floor, rest) = (part.div_euclid(whole), part.rem_euclid(whole));
    let up = rest * 2 > whole || (rest * 2 == whole && floor % 2 == 1);
    floor + i128::from(up)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Lines, totals and the cap, recomputed with plain integers.
    #[test]
    fn statements_add_up(
        bands in falling_bands(), cap in proptest::option::of(0..15_000_i128),
        entities in proptest::collection::vec((0..400_000_i64, 0..5_000_000_i64), 1..6),
        currency in proptest::sample::select(vec!["EUR", "JPY", "BHD"]), worse in (0..6_usize, 0..400_000_i64),
    ) {
        let cap_text = cap.map(|cap| text(cap * PERCENT / 100));
        let agreement = agreement(currency, "month", "99.9", &bands, cap_text.as_deref(), entities.len());
        let (mut down, charges): (Vec<i64>, Vec<i64>) = entities.iter().copied().unzip();
        let found = statement(&agreement, "2026-04", &down, &charges);
        let money = |amount: Money| {
            assert_eq!(amount.currency().code(), currency);
            i128::from(amount.minor_units())
        };

        // Exactly, over one whole: 100 % in units.
        let whole = 100 * PERCENT;
        let share = |down: i64| highest(&bands, i128::from(MONTH_S - down), i128::from(MONTH_S));
        let exact: Vec<(usize, i128)> = (0..down.len())
            .filter_map(|index| Some((index, share(down[index])? * i128::from(charges[index]))))
            .collect();
        prop_assert_eq!(found.credits.len(), exact.len());
        let gross = half_even(exact.iter().map(|(_, exact)| exact).sum(), whole);
        let base: i128 = charges.iter().copied().map(i128::from).sum();
        let limit = cap.map(|cap| (cap * PERCENT / 100 * base).div_euclid(whole));
        let net = limit.map_or(gross, |limit| gross.min(limit));
        prop_assert_eq!(money(found.totals.gross), gross);
        prop_assert_eq!(money(found.totals.net), net);
        prop_assert_eq!(money(found.totals.withheld), gross - net);
        prop_assert_eq!(found.totals.cap.map(money), limit);
        for (line, (index, exact)) in found.credits.iter().zip(exact) {
            let entity = format!("e{index}");
            prop_assert_eq!(line.entity.as_deref(), Some(entity.as_str()));
            prop_assert_eq!(money(line.gross) - money(line.withheld), money(line.net));
            prop_assert!(money(line.net) >= 0 && money(line.withheld) >= 0);
            let floor = exact.div_euclid(whole);
            prop_assert!(money(line.gross) == floor || money(line.gross) == floor + 1);
            prop_assert_eq!(i128::from(line.base.minor_units()), i128::from(charges[index]));
        }
        let sum = |column: fn(&sla::statement::CreditLine) -> Money| found.credits.iter().map(column).map(money).sum::<i128>();
        prop_assert_eq!(sum(|line| line.gross), gross);
        prop_assert_eq!(sum(|line| line.withheld), gross - net);
        prop_assert_eq!(sum(|line| line.net), net);

        // Worse service never earns less.
        let index = worse.0 % down.len();
        down[index] += worse.1;
        let worse = statement(&agreement, "2026-04", &down, &charges);
        prop_assert!(money(worse.totals.net) >= net);
        prop_assert!(money(worse.totals.gross) >= gross);
    }
}

#[test]
fn currencies_never_mix() {
    let bands = [Plain {
        below: Some("99.9".into()),
        credit: "10".into(),
        ..Plain::default()
    }];
    let agreement = agreement("JPY", "month", "99.9", &bands, None, 1);
    let charge = |id: &str, amount: &str| {
        Fact::Charge(Charge::new(
            id,
            "hosting",
            "e0",
            "2026-04".parse().unwrap(),
            amount.parse().unwrap(),
        ))
    };
    let record: Record = [charge("A", "1000 JPY"), charge("B", "10.00 EUR")]
        .into_iter()
        .collect();
    let compiled = agreement.compile(&ZoneData::bundled()).unwrap();
    let as_of = "2026-05-01T00:00:00Z".parse().unwrap();
    let problems = compiled
        .statement(&record, "2026-04".parse().unwrap(), as_of)
        .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "charges[B].amount: expected an amount in JPY, found `10.00 EUR`"
    );
}

#[test]
fn only_recurring_charges_of_the_period_are_a_base() {
    use sla::record::ChargeKind::{OneOff, Recurring, Tax};
    let bands = [Plain {
        below: Some("99.9".into()),
        credit: "10".into(),
        ..Plain::default()
    }];
    let agreement = agreement("EUR", "quarter", "99.9", &bands, Some("5"), 2);
    let charge = |id: &str, entity: &str, period: &str, kind| {
        let charge = Charge::new(
            id,
            "hosting",
            entity,
            period.parse().unwrap(),
            "100.00 EUR".parse().unwrap(),
        );
        Fact::Charge(Charge { kind, ..charge })
    };
    let january = "2026-01-01T00:00:00Z".parse().unwrap();
    let february = "2026-02-01T00:00:00Z".parse().unwrap();
    let record: Record = [
        Fact::Outage(Outage::new("O", "e0", january).until(february)),
        charge("A", "e0", "2026-01", Recurring),
        charge("B", "e0", "2026-Q1", Recurring),
        charge("C", "e0", "2026-02", OneOff),
        charge("D", "e0", "2026-03", Tax),
        charge("E", "e0", "2026-04", Recurring),
        charge("F", "e0", "2025-12", Recurring),
        charge("G", "e1", "2026-02", Recurring),
    ]
    .into_iter()
    .collect();
    let compiled = agreement.compile(&ZoneData::bundled()).unwrap();
    let as_of = "2026-05-01T00:00:00Z".parse().unwrap();
    let found = compiled
        .statement(&record, "2026-Q1".parse().unwrap(), as_of)
        .unwrap();
    assert_eq!(found.credits.len(), 1);
    assert_eq!(found.credits[0].base.to_string(), "200.00 EUR");
    assert_eq!(
        found.totals.cap.map(|cap| cap.to_string()).as_deref(),
        Some("15.00 EUR")
    );
    assert_eq!(
        found.credits[0].why,
        "measured 0.0000 %, which is below 99.9 %: 10 % of all recurring charges (200.00 EUR) = 20.00 EUR; \
         the cap of the period is 15.00 EUR, 5 % of all recurring charges (300.00 EUR), of which 15.00 EUR was left: \
         5.00 EUR is withheld"
    );
    let quarterly: Record = [charge("Q", "e0", "2026-Q1", Recurring)].into_iter().collect();
    let monthly = self::agreement("EUR", "month", "99.9", &bands, None, 1)
        .compile(&ZoneData::bundled())
        .unwrap();
    let problems = monthly
        .statement(&quarterly, "2026-02".parse().unwrap(), as_of)
        .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "charges[Q].period: expected a period inside 2026-02, found 2026-Q1"
    );
}

//! Facts: their keys, editions and names, and what is said of those that are wrong.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use sla::record::{
    Adjustment, Change, Charge, Event, EventKind, Fact, FactKey, FactKind, Maintenance, Monitoring, Outage,
};
use sla::{Hours, Incident};

fn at(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap()
}

fn problems(fact: &Fact) -> Vec<String> {
    let found = fact.check().unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

fn one_of_each() -> Vec<Fact> {
    vec![
        Charge::new(
            "A",
            "hosting",
            "eu",
            "2026-03".parse().unwrap(),
            "1.00 EUR".parse().unwrap(),
        )
        .into(),
        Incident::opened("A", "P1", at(9)).into(),
        Maintenance::new("A", "eu", at(9)).into(),
        Monitoring::new("A", "eu", at(9)).into(),
        Outage::new("A", "eu", at(9)).into(),
    ]
}

#[test]
fn every_kind_has_its_key() {
    let keys: Vec<String> = one_of_each().iter().map(|fact| fact.key().to_string()).collect();
    assert_eq!(
        keys,
        [
            "charges[A]",
            "incidents[A]",
            "maintenance[A]",
            "monitoring[A]",
            "outages[A]"
        ]
    );
    let kinds: Vec<FactKind> = one_of_each().iter().map(Fact::kind).collect();
    assert_eq!(kinds, FactKind::ALL);
    assert!(keys.is_sorted(), "kinds stand in the order of their paths");
    for fact in one_of_each() {
        let json = serde_json::to_value(&fact).unwrap();
        let word = fact.kind().to_string();
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), [&word]);
        assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
    }
}

#[test]
fn a_key_is_shown_whole_and_without_hidden_characters() {
    let long = "x".repeat(500);
    let key = |id: &str| {
        FactKey {
            kind: FactKind::Outage,
            id: id.into(),
        }
        .to_string()
    };
    assert_eq!(key(&long), format!("outages[{long}]"));
    assert_eq!(key("a\u{1b}[2J\u{202e}b"), r"outages[a\u{1b}[2J\u{202e}b]");
    assert_eq!(key(r"a\u{202e}b"), r"outages[a\\u{202e}b]");
    assert_eq!(key("Zürich \u{4e2d}"), "outages[Zürich 中]");
}

proptest! {
    /// However ids are chosen, also with escapes in them: different keys never look alike, and nothing hidden is shown.
    #[test]
    fn different_keys_look_different(
        ids in proptest::collection::btree_set(r"[\\u{}2a\u{202e}\u{200b}\n\u{7f}é]{0,6}", 2..20),
    ) {
        let shown: BTreeSet<String> = ids
            .iter()
            .map(|id| FactKey { kind: FactKind::Charge, id: id.clone() }.to_string())
            .collect();
        prop_assert_eq!(shown.len(), ids.len());
        for key in shown {
            prop_assert!(!key.contains(['\n', '\u{7f}', '\u{202e}', '\u{200b}']), "{key:?}");
        }
    }
}

#[test]
fn a_revision_says_when_it_was_recorded() {
    for fact in one_of_each() {
        assert_eq!((fact.revision(), fact.recorded_at()), (0, None));
        fact.check().unwrap();
        let mut json = serde_json::to_value(&fact).unwrap();
        let word = fact.kind().to_string();
        assert!(json[&word].get("revision").is_none() && json[&word].get("recorded_at").is_none());
        json[&word]["revision"] = 2.into();
        let unsaid: Fact = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(
            problems(&unsaid),
            [format!(
                "{}.recorded_at: expected the instant at which revision 2 was recorded, found nothing",
                fact.key()
            )]
        );
        json[&word]["recorded_at"] = "2026-03-03T09:00:00Z".into();
        let said: Fact = serde_json::from_value(json).unwrap();
        said.check().unwrap();
        assert_eq!(said.revision(), 2);
        assert_ne!(said.fingerprint(), fact.fingerprint());
        assert_eq!(
            serde_json::from_value::<Fact>(serde_json::to_value(&said).unwrap()).unwrap(),
            said
        );
    }
    let outage = Outage::new("A", "eu", at(9));
    let (first, second) = (
        outage.clone().recorded(at(10)),
        outage.clone().with_revision(1, at(10)),
    );
    assert_eq!((first.revision, first.recorded_at), (0, Some(at(10))));
    let prints = [outage.into(), first.into(), second.into()].map(|fact: Fact| fact.fingerprint());
    assert_eq!(BTreeSet::from(prints).len(), 3);
}

/// Of the version before facts had editions.
#[test]
fn fingerprints_of_facts_without_an_edition_stay() {
    let kept = [
        "d81e025ab494ec40f42a940b8d9fb9070104680b8aea62a5a0be2e6e4cdfcdac",
        "38fdcabaa58ebf887df78ee7946dab686421c1123f5b66af2b43e1413327c03e",
        "b6c2d0d9a48c2406cfd1ade31be5593dd05cd7b584c4df62421f25efc3c45853",
        "f65c8d3f25882b9854e7eea7f00e6694572c248eb7ab9afd650bf959a56263ca",
        "c80c8ac57acf80ea2e44c2f33b30d61151e04c335e2594ec0fee22d550b50e04",
    ];
    let found: Vec<String> = one_of_each()
        .iter()
        .map(|fact| fact.fingerprint().to_string())
        .collect();
    assert_eq!(found, kept);
    let adjusted = Incident::opened("INC-7", "P1", at(9))
        .with(at(11), EventKind::Resolved)
        .with(at(10), EventKind::Status("waiting".into()))
        .with(at(10), EventKind::Status("waiting".into()))
        .with(at(13), excused("Board", "agreed", None));
    assert_eq!(
        Fact::from(adjusted).fingerprint().to_string(),
        "9e0853dbe633880bda1a7d3f99f65a94314c7b54fddb3a17b9beff0b00152e51"
    );
}

fn excused(by: &str, why: &str, clock: Option<&str>) -> EventKind {
    EventKind::Adjusted(Adjustment {
        by: by.into(),
        why: why.into(),
        change: Change::Excused {
            clock: clock.map(String::from),
        },
    })
}

const HIDDEN: [(char, &str); 10] = [
    ('\u{1b}', r"\u{1b}"),
    ('\n', r"\u{a}"),
    ('\u{9b}', r"\u{9b}"),
    ('\u{ad}', r"\u{ad}"),
    ('\u{200b}', r"\u{200b}"),
    ('\u{2028}', r"\u{2028}"),
    ('\u{202e}', r"\u{202e}"),
    ('\u{2066}', r"\u{2066}"),
    ('\u{feff}', r"\u{feff}"),
    ('\u{e0041}', r"\u{e0041}"),
];

#[test]
fn names_have_no_hidden_characters() {
    for (hidden, escape) in HIDDEN {
        let name = format!("a{hidden}b");
        let what = format!(
            "expected a name without control, bidirectional and invisible characters, found `{escape}`"
        );
        let mut incident = Incident::opened(&name, &name, at(9))
            .of_entity(&name)
            .with(at(10), EventKind::Status(name.clone()));
        incident.labels = BTreeMap::from([(name.clone(), name.clone())]);
        let shown = format!("a{escape}b");
        assert_eq!(
            problems(&incident.into()),
            [
                format!("incidents[{shown}].id: {what}"),
                format!("incidents[{shown}].entity: {what}"),
                format!("incidents[{shown}].labels[{shown}]: {what}"),
                format!("incidents[{shown}].labels[{shown}]: {what}"),
                format!("incidents[{shown}].events[0]: {what}"),
                format!("incidents[{shown}].events[1]: {what}"),
            ]
        );
        let incident =
            Incident::opened("INC-7", "P1", at(9)).with(at(10), excused(&name, &name, Some(&name)));
        assert_eq!(
            problems(&incident.into()),
            ["by", "why", "change.excused.clock"]
                .map(|field| format!("incidents[INC-7].events[1].adjusted.{field}: {what}"))
        );
        let outage = Outage::new("OUT-1", &name, at(9)).with_impact(&name);
        assert_eq!(
            problems(&outage.into()),
            [
                format!("outages[OUT-1].entity: {what}"),
                format!("outages[OUT-1].impact: {what}")
            ]
        );
        let desk = Hours::in_zone("UTC")
            .weekly("Mon-Fri 09:00-17:00")
            .holiday("2026-05-01", &name)
            .known_through("2026-12-31");
        assert_eq!(
            desk.check().unwrap_err().to_string(),
            format!("holidays[0].name: {what}")
        );
    }
    for name in ["May Day", "Zürich", "中秋节", "عيد الفطر", "INC-7 (eu)", "🎄"] {
        Fact::from(Outage::new(name, name, at(9)).with_impact(name))
            .check()
            .unwrap();
    }
}

#[test]
fn errors_show_no_hidden_characters() {
    for (hidden, escape) in HIDDEN {
        let error = format!("9{hidden}9")
            .parse::<sla::number::Target>()
            .unwrap_err()
            .to_string();
        assert!(error.ends_with(&format!("found `9{escape}9`")), "{error}");
        let error = Hours::in_zone(format!("UTC{hidden}").as_str())
            .check()
            .unwrap_err()
            .to_string();
        assert!(!error.replace("\nweekly", "").contains(hidden), "{error:?}");
    }
}

/// The version of zone data is the caller's text, and stands on every statement.
#[test]
fn a_version_of_zone_data_has_no_hidden_characters() {
    let error = sla::ZoneData::bundled()
        .with_tzif("Europe/Paris", &[], "2026\u{202e}f")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        r"expected a version without hidden characters, such as `2026f`, found `2026\u{202e}f`"
    );
}

#[test]
fn a_problem_names_the_label() {
    let mut incident = Incident::opened("INC-7", "P1", at(9));
    incident.labels = [("customer", ""), ("", "x"), ("site", "north")]
        .map(|(label, value)| (label.to_string(), value.to_string()))
        .into();
    assert_eq!(
        problems(&incident.into()),
        [
            "incidents[INC-7].labels[]: expected a name, found nothing",
            "incidents[INC-7].labels[customer]: expected a name, found nothing",
        ]
    );
}

#[test]
fn a_refusal_is_bounded_and_says_that_there_is_more() {
    let many = |count: usize| {
        let mut incident = Incident::opened(&"x".repeat(100_000), "P1", at(9));
        incident.events.extend((0..count).map(|_| Event {
            at: at(10),
            sequence: None,
            kind: EventKind::Status(String::new()),
        }));
        Fact::from(incident).check().unwrap_err()
    };
    for (count, listed, is_more) in [
        (998, 999, false),
        (999, 1_000, false),
        (1_000, 1_000, true),
        (9_000, 1_000, true),
    ] {
        let found = many(count);
        let last = found.iter().last().unwrap().to_string();
        assert_eq!(found.iter().count(), listed + usize::from(is_more), "{count}");
        assert_eq!(last == "…: and more problems", is_more, "{last}");
    }
    assert!(many(9_000).to_string().len() < 5_200_000);
    // Ids of the greatest length are whole, longer ones lose their middle.
    let path = |length: usize| {
        let fact = Fact::from(Outage::new(&"x".repeat(length), "", at(9)));
        fact.check()
            .unwrap_err()
            .iter()
            .last()
            .unwrap()
            .path()
            .to_string()
    };
    assert_eq!(path(500), format!("outages[{}].entity", "x".repeat(500)));
    assert!(path(100_000).len() <= 4_096 && path(100_000).ends_with("xx].entity"));
    assert!(path(100_000).starts_with("outages[xx") && path(100_000).contains('…'));
}

/// A long id stands in the path of every problem below it: here 900 of them, which would be 180 MB of text.
#[test]
fn a_refusal_of_terms_with_long_ids_is_bounded() {
    let id = "x".repeat(200_000);
    let severities: Vec<String> = (0..900).map(|number| format!("'S{number}'")).collect();
    let terms = format!(
        "id = 'a'\nprovider = 'b'\ncustomer = 'c'\ncurrency = 'EUR'\nzone = 'UTC'\n\
         in_force = {{ from = 2026-01-01, through = 2026-12-31 }}\n\
         [[levels]]\nid = '{id}'\nper = 'month'\n\
         attainment = {{ clock = 'none', target = '95 %', severities = [{}] }}\n",
        severities.join(", ")
    );
    let terms: sla::agreement::AgreementTerms = toml::from_str(&terms).unwrap();
    let found = sla::Agreement::new(terms).unwrap_err();
    assert!(found.iter().count() > 900);
    assert!(found.to_string().len() < 5_200_000);
}

/// A `sequence` is advised where it can help, and only there.
#[test]
fn a_sequence_is_advised_where_it_helps() {
    use EventKind::{Cancelled, Detected, Reopened, Resolved, Workaround};
    let advice = "; a `sequence` on each event of that instant would order them";
    let opened = || EventKind::Opened {
        severity: "P1".into(),
    };
    // What happened at ten, after what happened at nine.
    let rows: [(&[EventKind], &[EventKind], bool); 11] = [
        (&[], &[Resolved, Cancelled], false),
        (&[], &[Workaround, Resolved, Cancelled], false),
        (&[], &[Resolved, Reopened, Cancelled], false), // in that order by itself
        (&[], &[Cancelled, EventKind::Acknowledged], false),
        (&[], &[Detected, Resolved], false),
        (&[], &[opened(), Resolved], false),
        (&[], &[Reopened, Cancelled], false),
        (&[Resolved], &[Resolved, Reopened], true),
        (&[Resolved], &[Resolved, EventKind::Acknowledged], false),
        (&[Resolved], &[Resolved, Reopened, Cancelled], false),
        (&[Cancelled], &[EventKind::Acknowledged, Reopened], false),
    ];
    for (before, kinds, helps) in rows {
        let mut incident = Incident::opened("INC-7", "P1", at(8));
        for kind in before {
            incident = incident.with(at(9), kind.clone());
        }
        for kind in kinds {
            incident = incident.with(at(10), kind.clone());
        }
        let refused = incident.history(at(12)).err();
        let advised = refused
            .as_ref()
            .is_some_and(|found| found.to_string().contains(advice));
        assert_eq!(advised, helps, "{kinds:?}: {refused:?}");
        // Where every event has one, its source has spoken.
        for (index, event) in (0..).zip(&mut incident.events) {
            event.sequence = Some(index);
        }
        if let Err(found) = incident.history(at(12)) {
            assert!(!found.to_string().contains(advice), "{found}");
        }
    }
    let twice = Incident::opened("INC-7", "P1", at(9)).with(
        at(9),
        EventKind::Opened {
            severity: "P2".into(),
        },
    );
    assert_eq!(
        twice.history(at(12)).unwrap_err().to_string(),
        "events[1]: two events `opened` at 2026-03-02T09:00:00Z with different content"
    );
}

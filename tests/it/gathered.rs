//! What a statement builder holds: any cover of a record by parts is the whole, what was damaged on its way is refused or
//! answered, and what levels share is said once.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use sla::agreement::{AgreementTerms, CompiledAgreement, Gathered, StatementBuilder};
use sla::record::{Charge, EventKind, Fact, Maintenance, Monitoring, Notice, Outage};
use sla::{Agreement, Incident, Record, Statement, ZoneData};

use crate::agreement::{at, march};
use crate::worlds::Random;

/// Hours that assume and hours that refuse, clocks from opening and from detection, counted by opening, due and resolution.
const TERMS: &str = r#"
    id = "parts"
    provider = "P"
    customer = "C"
    currency = "EUR"
    zone = "Europe/Paris"
    in_force = { from = 2026-01-01, through = 2026-12-31 }
    severities = ["P1", "P2", "P3"]
    statuses = ["waiting", "busy"]
    impacts = ["major", "minor"]
    entities = ["eu", "us"]
    services = ["hosting"]
    [calendars.office]
    zone = "Europe/Paris"
    weekly = ["Mon-Fri 09:00-17:00"]
    holidays = [{ on = 2026-03-19, name = "F" }]
    known_through = 2026-03-25
    beyond_known = "assume"
    [calendars.strict]
    zone = "Europe/Paris"
    weekly = ["Mon-Fri 09:00-17:00"]
    holidays = [{ on = 2026-03-19, name = "F" }]
    known_through = 2026-03-25
    [calendars.either]
    zone = "Europe/Paris"
    union = ["office", "strict"]
    [calendars.outer]
    zone = "Europe/Paris"
    union = ["office", "either"]
    [clocks.response]
    start = "opened"
    stop = ["acknowledged", "public_reply", "resolved"]
    on_raise = "from opening, kept"
    on_lower = "from opening, kept"
    counted_when = "opened"
    targets = { P1 = "15 min on 24x7", P2 = "4 h on office", P3 = "4 h on outer" }
    [clocks.resolution]
    start = "detected"
    stop = ["resolved"]
    pause = ["status:waiting"]
    on_raise = "from opening, recounted"
    on_lower = "from opening, recounted"
    counted_when = "due"
    targets = { P1 = "4 h on 24x7", P2 = "20 h on office" }
    [clocks.repair]
    start = "opened"
    stop = ["resolved"]
    pause = ["status:waiting"]
    on_raise = "from opening, kept"
    on_lower = "from opening, kept"
    counted_when = "resolved"
    targets = { P1 = "4 h on 24x7", P2 = "30 h on office" }
    [[levels]]
    id = "uptime"
    per = "month"
    availability = { target = "99.9 %", impacts = ["major"], maintenance = { notice = "48 h" }, known_at_least = "1 %", service_hours = "office" }
    credit.bands = [{ below = "99.9 %", pays = "10 %" }]
    [[levels]]
    id = "resolution"
    per = "month"
    attainment = { clock = "resolution", severities = ["P1", "P2"], target = "90 %" }
    credit.bands = [{ below = "90 %", pays = "10 %" }]
    [[caps]]
    per = "month"
    at_most = "8 %"
"#;

fn compile(terms: &str) -> CompiledAgreement {
    let terms: AgreementTerms = toml::from_str(terms).unwrap();
    Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap()
}

fn open(as_of: DateTime<Utc>) -> StatementBuilder {
    static COMPILED: OnceLock<CompiledAgreement> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| compile(TERMS));
    compiled.open(march(), as_of).unwrap()
}

fn pushed<'a>(facts: impl IntoIterator<Item = &'a Fact>, as_of: DateTime<Utc>) -> StatementBuilder {
    let mut builder = open(as_of);
    for fact in facts {
        builder.push(fact);
    }
    builder
}

/// The statement in both forms, or its problems.
fn finished(builder: StatementBuilder) -> Result<String, String> {
    match builder.finish() {
        Ok(statement) => Ok(format!(
            "{}\n{statement}",
            serde_json::to_string(&statement).unwrap()
        )),
        Err(problems) => Err(problems.to_string()),
    }
}

// The law.

/// Ids that meet, look alike, or are as long as they may be.
fn id() -> impl Strategy<Value = String> {
    let long = "x".repeat(498);
    prop_oneof![
        Just(String::from("A")),
        Just(String::from("B")),
        Just(String::from("C]")),
        Just(String::from("a\\b")),
        Just(format!("{long}1")),
        Just(format!("{long}12")),
        Just(format!("{long}123")),
        Just(format!("{long}124")),
        Just(String::from("a\u{202e}b")),
        Just(String::new()),
        Just("é".repeat(250)),
    ]
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0..45 * 72_i64).prop_map(|thirds| at("2026-02-20T08:00:00Z") + TimeDelta::minutes(20 * thirds))
}

/// A revision, and when it was recorded; some without the latter, which is a problem.
fn edition() -> impl Strategy<Value = (u64, Option<DateTime<Utc>>)> {
    prop_oneof![
        4 => Just((0, None)),
        2 => (0..4_u64, instant()).prop_map(|(revision, at)| (revision, Some(at))),
        1 => (1..3_u64).prop_map(|revision| (revision, None)),
    ]
}

fn entity() -> impl Strategy<Value = &'static str> {
    prop_oneof![5 => Just("eu"), 5 => Just("us"), 1 => Just("mars")]
}

fn event() -> impl Strategy<Value = EventKind> {
    let severity = prop_oneof![Just("P1"), Just("P2"), Just("P3")];
    prop_oneof![
        Just(EventKind::Acknowledged),
        Just(EventKind::PublicReply),
        Just(EventKind::Resolved),
        Just(EventKind::Reopened),
        Just(EventKind::Cancelled),
        Just(EventKind::Status("waiting".into())),
        Just(EventKind::Status("busy".into())),
        severity.prop_map(|severity| EventKind::SeverityChanged {
            severity: severity.into()
        }),
    ]
}

fn adjusted(change: &Value) -> EventKind {
    serde_json::from_value(json!({"adjusted": {"by": "Board", "why": "agreed", "change": change}})).unwrap()
}

fn incident() -> impl Strategy<Value = Fact> {
    let severity = prop_oneof![10 => Just("P1"), 10 => Just("P2"), 10 => Just("P3"), 1 => Just("P9")];
    let events = proptest::collection::vec((0..300_i64, event()), 0..5);
    let drawn = (
        id(),
        severity,
        instant(),
        events,
        edition(),
        0..6_u8,
        any::<bool>(),
    );
    drawn.prop_map(
        |(id, severity, opened, events, edition, adjustment, is_detected)| {
            let mut incident = Incident::opened(&id, severity, opened);
            if is_detected {
                incident = incident.with(opened - TimeDelta::minutes(30), EventKind::Detected);
            }
            for (place, event) in events {
                incident = incident.with(opened + TimeDelta::minutes(17 * place), event);
            }
            let text = |at: DateTime<Utc>| at.to_rfc3339().replace("+00:00", "Z");
            let earlier = opened - TimeDelta::minutes(10);
            let changes = [
                json!({"excused": {"clock": "response"}}),
                json!({"excused": {}}),
                json!({"redated": {"event": "opened", "from": text(opened), "to": text(earlier)}}),
            ];
            if let Some(change) = changes.get(usize::from(adjustment)) {
                incident = incident.with(opened + TimeDelta::hours(100), adjusted(change));
            }
            (incident.revision, incident.recorded_at) = edition;
            incident.into()
        },
    )
}

fn fact() -> impl Strategy<Value = Fact> {
    let impact = prop_oneof![6 => Just("major"), 6 => Just("minor"), 1 => Just("none")];
    let outage = (id(), entity(), instant(), -1..30_i64, edition(), impact);
    let outage = outage.prop_map(|(id, entity, start, length, edition, impact)| {
        let mut outage = Outage::new(&id, entity, start).with_impact(impact);
        if length != 7 {
            outage = outage.until(start + TimeDelta::minutes(30 * length));
        }
        (outage.revision, outage.recorded_at) = edition;
        Fact::from(outage)
    });
    let monitoring = (id(), entity(), instant(), edition()).prop_map(|(id, entity, start, edition)| {
        let mut monitoring = Monitoring::new(&id, entity, start);
        (monitoring.revision, monitoring.recorded_at) = edition;
        Fact::from(monitoring)
    });
    let maintenance = (id(), entity(), instant(), edition()).prop_map(|(id, entity, start, edition)| {
        let end = start + TimeDelta::hours(3);
        let mut maintenance = Maintenance::new(&id, entity, start)
            .until(end + TimeDelta::hours(1))
            .with_notice(Notice {
                at: start - TimeDelta::hours(50),
                start,
                end,
            });
        (maintenance.revision, maintenance.recorded_at) = edition;
        Fact::from(maintenance)
    });
    let amount = prop_oneof![
        Just("100.05 EUR"),
        Just("33.33 EUR"),
        Just("0.01 EUR"),
        Just("5 JPY")
    ];
    let period = prop_oneof![8 => Just("2026-03"), 1 => Just("2026-Q1"), 1 => Just("2026-04")];
    let charge = (id(), entity(), period, amount, edition());
    let charge = charge.prop_map(|(id, entity, period, amount, edition)| {
        let mut charge = Charge::new(
            &id,
            "hosting",
            entity,
            period.parse().unwrap(),
            amount.parse().unwrap(),
        );
        (charge.revision, charge.recorded_at) = edition;
        Fact::from(charge)
    });
    prop_oneof![4 => incident(), 2 => outage, 1 => monitoring, 1 => maintenance, 1 => charge]
}

/// The same incident, its events backwards and the last of them twice.
fn turned(fact: &Fact) -> Fact {
    let mut turned = fact.clone();
    if let Fact::Incident(incident) = &mut turned {
        incident.events.reverse();
        incident.events.extend(incident.events.last().cloned());
    }
    turned
}

/// Facts, some of them twice. Those of a clean record are good, each with a key of its own.
fn record() -> impl Strategy<Value = Vec<Fact>> {
    let drawn = proptest::collection::vec((fact(), any::<bool>()), 0..30);
    (drawn, any::<bool>()).prop_map(|(drawn, is_clean)| {
        let mut seen = BTreeSet::new();
        let asked = at("2026-04-20T00:00:00Z");
        let mut facts = Vec::new();
        for (fact, twice) in drawn {
            let good = || pushed([&fact], asked).finish().is_ok();
            if is_clean && !(good() && seen.insert(fact.key())) {
                continue;
            }
            facts.extend(twice.then(|| turned(&fact)));
            facts.push(fact);
        }
        facts
    })
}

fn sent(builder: StatementBuilder) -> Gathered {
    let text = serde_json::to_string(&builder.gathered()).unwrap();
    let read: Gathered = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Whatever facts there are (assumed hours, excuses, re-dated events, revisions, contradictions), any cover by parts,
    /// merged in any grouping, some of them written and read: the same bytes as the whole, or the same problems.
    #[test]
    fn any_cover_is_the_whole(
        facts in record(), asked in prop_oneof![instant(), Just(at("2026-04-20T00:00:00Z"))],
        cover in proptest::collection::vec(proptest::collection::vec(any::<prop::sample::Index>(), 0..20), 0..5),
        merges in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index, bool)>(), 8),
    ) {
        let whole = pushed(&facts, asked);
        let mut parts: Vec<StatementBuilder> = cover
            .iter()
            .filter(|_| !facts.is_empty())
            .map(|part| pushed(part.iter().map(|index| index.get(&facts)), asked))
            .collect();
        for half in 0..2 {
            parts.push(pushed(facts.iter().rev().skip(half).step_by(2), asked));
        }
        for (from, into, is_sent) in merges {
            if parts.len() < 2 {
                break;
            }
            let from = parts.remove(from.index(parts.len()));
            let into = into.index(parts.len());
            let merged = if is_sent { parts[into].merge(sent(from)) } else { parts[into].merge(from) };
            prop_assert_eq!(merged, Ok(()));
        }
        prop_assert_eq!(parts.len(), 1);
        let merged = parts.remove(0);
        prop_assert_eq!(merged.clone().gathered(), whole.clone().gathered());
        prop_assert_eq!(finished(merged), finished(whole));
    }
}

// What was damaged.

const RECORD: &str = r#"
    {"monitoring":{"id":"M1","entity":"eu","start":"2026-01-01T00:00:00Z"}}
    {"monitoring":{"id":"M2","entity":"us","start":"2026-01-01T00:00:00Z"}}
    {"charge":{"id":"C1","service":"hosting","entity":"eu","period":"2026-03","amount":"123.45 EUR"}}
    {"charge":{"id":"C2","service":"hosting","entity":"us","period":"2026-03","amount":"500.00 EUR"}}
    {"outage":{"id":"O1","entity":"eu","start":"2026-03-05T08:10:00Z","end":"2026-03-05T12:40:00Z","impact":"major"}}
    {"outage":{"id":"O2","entity":"us","start":"2026-03-05T08:10:00Z","impact":"major","revision":2,"recorded_at":"2026-03-06T00:00:00Z"}}
    {"maintenance":{"id":"W","entity":"eu","start":"2026-03-12T09:00:00Z","end":"2026-03-12T12:00:00Z","notice":{"at":"2026-03-12T00:00:00Z","start":"2026-03-12T09:00:00Z","end":"2026-03-12T12:00:00Z"}}}
    {"incident":{"id":"I1","events":[{"at":"2026-03-05T01:00:00Z","event":"detected"},{"at":"2026-03-05T01:15:00Z","event":{"opened":{"severity":"P1"}}},{"at":"2026-03-05T01:45:00Z","event":"acknowledged"},{"at":"2026-03-05T06:15:00Z","event":"resolved"}]}}
    {"incident":{"id":"I2","events":[{"at":"2026-03-30T08:00:00Z","event":"detected"},{"at":"2026-03-30T09:00:00Z","event":{"opened":{"severity":"P2"}}},{"at":"2026-03-30T10:00:00Z","event":{"status":"waiting"}}]}}
    {"incident":{"id":"I3","events":[{"at":"2026-03-05T01:15:00Z","event":{"opened":{"severity":"P1"}}},{"at":"2026-03-05T02:00:00Z","event":{"adjusted":{"by":"B","why":"w","change":{"excused":{}}}}},{"at":"2026-03-06T02:00:00Z","event":"resolved"}]}}
    {"incident":{"id":"I4","events":[{"at":"2026-03-05T01:15:00Z","event":{"opened":{"severity":"P1"}}},{"at":"2026-03-05T06:00:00Z","event":"resolved"},{"at":"2026-03-07T00:00:00Z","event":{"adjusted":{"by":"B","why":"w","change":{"redated":{"event":"resolved","from":"2026-03-05T06:00:00Z","to":"2026-03-05T05:45:00Z"}}}}}]}}
    {"incident":{"id":"I5","events":[{"at":"2026-03-31T01:15:00Z","event":{"opened":{"severity":"P1"}}}]}}
    {"outage":{"id":"BAD","entity":"mars","start":"2026-03-05T01:10:00Z","impact":"major"}}
"#;

fn lines() -> Vec<Fact> {
    let lines = RECORD.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The places of all values below the facts, as JSON pointers.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(String::from(place));
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                places(
                    value,
                    &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn damage(gathered: &mut Value, random: &mut Random) {
    const TEXTS: [&str; 12] = [
        "1900-01-01T00:00:00Z",
        "2200-01-01T00:00:00Z",
        "2026-12-01T00:00:00Z",
        "met",
        "breached",
        "pending",
        "excused",
        "99999999999999.99 EUR",
        "-1.00 EUR",
        "1 JPY",
        "2020-01",
        "PT9999999H",
    ];
    const NUMBERS: [i64; 6] = [0, 1, 2, 65_535, -1, i64::MAX];
    let mut all = Vec::new();
    places(gathered, "", &mut all);
    all.retain(|place| place.starts_with("/facts/"));
    let place = random.of(&all).clone();
    // Half of the time from a place of the same name, where it is more likely to be read.
    let name = place.rsplit('/').next().unwrap();
    let alike: Vec<&String> = all
        .iter()
        .filter(|other| other.rsplit('/').next() == Some(name))
        .collect();
    let from = if random.one_in(2) {
        random.of(&all)
    } else {
        random.of(&alike)
    };
    let other = gathered.pointer(from).unwrap().clone();
    match gathered.pointer_mut(&place).unwrap() {
        Value::Number(number) if !random.one_in(3) => *number = (*random.of(&NUMBERS)).into(),
        Value::String(text) if !random.one_in(3) => *text = String::from(*random.of(&TEXTS)),
        Value::Array(list) if !list.is_empty() && !random.one_in(3) => {
            let one = list.remove(0);
            if random.one_in(2) {
                list.extend([one.clone(), one]);
            }
        }
        value => *value = if random.one_in(8) { Value::Null } else { other },
    }
}

/// Whatever is changed in a part on its way, nothing panics: it is not read, does not fit, or is answered.
#[test]
fn damaged_parts_are_refused_or_answered() {
    let mut random = Random(8);
    let (mut unread, mut refused, mut answered) = (0, 0, 0);
    for asked in ["2026-04-20T00:00:00Z", "2026-03-31T12:00:00Z"].map(at) {
        let whole = serde_json::to_value(pushed(&lines(), asked).gathered()).unwrap();
        for _ in 0..4_000 {
            let mut damaged = whole.clone();
            if let Some(bad) = damaged
                .pointer_mut("/facts/outage")
                .and_then(Value::as_object_mut)
            {
                bad.remove("BAD");
            }
            for _ in 0..random.between(1, 3) {
                damage(&mut damaged, &mut random);
            }
            let Ok(read) = serde_json::from_str::<Gathered>(&damaged.to_string()) else {
                unread += 1;
                continue;
            };
            let mut builder = open(asked);
            if let Err(error) = builder.merge(read) {
                assert!(error.to_string().contains("expected"), "{error}");
                refused += 1;
                continue;
            }
            let mut both = pushed(&lines(), asked);
            assert_eq!(both.merge(builder.clone()), Ok(()));
            let _ = finished(both);
            let _ = finished(builder);
            answered += 1;
        }
    }
    assert!(
        unread > 1_000 && refused > 300 && answered > 300,
        "{unread} {refused} {answered}"
    );
}

/// A clock that is missed before its due, lists that are not those of the counts, a fact that is not the one that was pushed.
#[test]
fn a_part_that_contradicts_itself_is_damaged() {
    let asked = at("2026-04-20T00:00:00Z");
    let whole = serde_json::to_value(pushed(&lines()[..12], asked).gathered()).unwrap();
    let of = |id: &str, rest: &str| format!("/facts/incident/{id}/outcome/incident/{rest}");
    for (place, value) in [
        (of("I5", "details/clocks/0/due"), json!("2026-05-01T00:00:00Z")),
        (
            of("I1", "details/clocks/2/due"),
            json!("2026-03-05T01:45:00.000000001Z"),
        ),
        (of("I1", "details/clocks"), json!([])),
        (of("I1", "counted/0/outcome"), json!("met")),
        (of("I1", "counted/0/severity"), json!(3)),
        (of("I1", "counted/0/clock"), json!(3)),
        (of("I3", "details/clocks/0/excuse"), Value::Null),
        (
            String::from("/facts/incident/I1/outcome"),
            json!({"incident": {"counted": []}}),
        ),
        (
            of("I4", "details"),
            json!({"clocks": [], "moved": [], "assumed": []}),
        ),
        (String::from("/facts/outage/O1/outcome"), json!({"counted": []})),
        (
            String::from("/facts/charge/C1/outcome/fact/charge/amount"),
            json!("123.46 EUR"),
        ),
        (
            String::from("/facts/charge/C1/fingerprint"),
            json!("00".repeat(32)),
        ),
        (String::from("/facts/charge/C1/rare"), json!({"revision": 1})),
    ] {
        let mut damaged = whole.clone();
        let (parent, field) = place.rsplit_once('/').unwrap();
        damaged.pointer_mut(parent).expect(&place)[field] = value;
        let read: Gathered = serde_json::from_str(&damaged.to_string()).unwrap();
        let error = open(asked).merge(read).expect_err(&place).to_string();
        let what = "expected data that gathering can produce, found other data";
        assert!(error.ends_with(what), "{place}: {error}");
    }
}

// What a statement says.

/// Also just past the end of what is known, and of a composite the part that does not know.
#[test]
fn errors_name_the_calendar_that_does_not_know() {
    let opened: Fact = Incident::opened("I", "P3", at("2026-03-25T14:00:00Z")).into();
    let last = pushed([&opened], at("2026-03-25T23:00:00Z")).finish().unwrap();
    assert_eq!(last.pending.len(), 1);
    for asked in ["2026-03-25T23:00:00.000000001Z", "2026-04-20T00:00:00Z"].map(at) {
        assert_eq!(
            finished(pushed([&opened], asked)).unwrap_err(),
            "incidents[I].clocks[response]: part `strict` of part `either` of calendar `outer`: no holidays are known after 2026-03-25"
        );
    }
}

/// A detection before all that calendars answer for is that of one incident, and the place says which; one nanosecond later it
/// is answered. Of an incident that belongs to no statement of the agreement it does not matter.
#[test]
fn a_detection_long_before_the_agreement_is_named() {
    let asked = at("2026-03-20T00:00:00Z");
    let incident = |detected: &str, opened: &str| -> Fact {
        let severity = EventKind::Opened {
            severity: "P2".into(),
        };
        Incident::opened("I", "P2", at(opened))
            .with(at(detected), EventKind::Detected)
            .with(at("2026-03-19T10:00:00Z"), EventKind::Resolved)
            .with(at(opened), severity)
            .into()
    };
    let early = incident("2020-12-31T23:59:59.999999999Z", "2026-03-05T08:00:00Z");
    assert_eq!(
        finished(pushed([&early], asked)).unwrap_err(),
        "incidents[I].events[1].at: expected an instant from 2021-01-01T00:00:00Z on, since when the calendars of the \
         agreement answer, found 2020-12-31T23:59:59.999999999Z: clock `resolution` counts from it"
    );
    let first = incident("2021-01-01T00:00:00Z", "2026-03-05T08:00:00Z");
    assert!(finished(pushed([&first], asked)).is_ok());
    let before = incident("2019-03-05T08:00:00Z", "2025-12-30T08:00:00Z");
    assert!(finished(pushed([&before], asked)).is_ok());
}

/// Levels that differ in which outages they count, or how early maintenance is announced, and count the same: one list. The
/// order of levels is that of the agreement.
#[test]
fn what_unlike_levels_count_alike_is_said_once() {
    let (head, _) = TERMS.split_once("[[levels]]").unwrap();
    let level = |id: &str, rest: &str| {
        format!(
            "[[levels]]\nid = \"{id}\"\nper = \"month\"\navailability = {{ target = \"99 %\", known_at_least = \
             \"1 %\", entities = [\"eu\"]{rest} }}\n"
        )
    };
    let levels = [
        level("all", ""),
        level("major", ", impacts = [\"major\"]"),
        level("noticed", ", maintenance = { notice = \"24 h\" }"),
        level("minor", ", impacts = [\"minor\"]"),
        level("either", ", impacts = [\"major\", \"minor\"]"),
    ];
    let outage = |id: &str, day: &str, impact: &str| -> Fact {
        let start = at(&format!("2026-03-{day}T00:00:00Z"));
        let outage = Outage::new(id, "eu", start).until(start + TimeDelta::hours(1));
        outage.with_impact(impact).into()
    };
    let watch = Monitoring::new("M", "eu", at("2026-01-01T00:00:00Z"));
    let record: Record = [
        outage("O1", "03", "major"),
        outage("O2", "04", "minor"),
        watch.into(),
    ]
    .into_iter()
    .collect();
    let statement = compile(&format!("{head}{}", levels.concat()))
        .statement(&record, march(), at("2026-04-02T00:00:00Z"))
        .unwrap();
    let listed = |list: &sla::statement::Downtime| (list.levels.join(" "), list.facts.len());
    let listed: Vec<(String, usize)> = statement.downtime.iter().map(listed).collect();
    let expected = [("all noticed either", 2), ("major", 1), ("minor", 1)];
    assert_eq!(
        listed,
        expected.map(|(levels, facts)| (levels.to_string(), facts))
    );
}

/// Levels that are alike but for their target repeat neither the facts nor the time that they share.
#[test]
fn what_levels_share_is_said_once() {
    let (head, _) = TERMS.split_once("[[levels]]").unwrap();
    let statement = |levels: usize, outages: i64| -> Statement {
        let mut terms = String::from(head);
        for level in 0..levels {
            terms.push_str(&format!(
                "[[levels]]\nid = \"L{level}\"\nper = \"month\"\navailability = {{ target = \"99.{level} %\", \
                 known_at_least = \"1 %\" }}\n"
            ));
        }
        let mut record = Record::new();
        record.push(Monitoring::new("M", "eu", at("2026-01-01T00:00:00Z")).into());
        for number in 0..outages {
            let start = at("2026-03-01T00:00:00Z") + TimeDelta::minutes(10 * number);
            let outage = Outage::new(&format!("O{number}"), "eu", start).until(start + TimeDelta::minutes(1));
            record.push(outage.into());
        }
        compile(&terms)
            .statement(&record, march(), at("2026-04-02T00:00:00Z"))
            .unwrap()
    };
    let (few, many) = (statement(1, 1_000), statement(100, 1_000));
    assert_eq!(many.downtime.len(), 1);
    assert_eq!(many.downtime[0].levels.len(), 100);
    assert_eq!(many.downtime[0].merged, few.downtime[0].merged);
    assert_eq!(many.downtime[0].merged.iter().count(), 1_000);
    let bytes = |statement: &Statement| {
        (
            serde_json::to_string(statement).unwrap().len(),
            statement.to_string().len(),
        )
    };
    let (few_bytes, many_bytes) = (bytes(&few), bytes(&many));
    // Of each level its findings, and its credit lines if it had any.
    assert!(
        many_bytes.0 < few_bytes.0 + 100 * 1_500,
        "{few_bytes:?} {many_bytes:?}"
    );
    assert!(many_bytes.1 < few_bytes.1 * 2, "{few_bytes:?} {many_bytes:?}");
    let rows = many.to_string();
    let row = rows.lines().find(|line| line.contains("outages[O7]")).unwrap();
    assert!(row.starts_with("  L0, L1, L2 and 97 more  eu  "), "{row}");
}

//! Whole agreements: documents and their refusals, order and parts of records, fingerprints, outlooks, and the golden
//! statement.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sla::{
    Agreement, CompiledAgreement, Draft, EventKind, Fact, Fingerprint, Incident, Monitoring, Outage, Outcome,
    Period, Problems, Record, Standing, State, Statement, Terms, Verdict, ZoneData,
};

const AGREEMENT: &str = include_str!("../golden/agreement.toml");
const RECORD: &str = include_str!("../golden/record.jsonl");

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn terms() -> Terms {
    toml::from_str(AGREEMENT).unwrap()
}

fn compiled() -> CompiledAgreement {
    static COMPILED: OnceLock<CompiledAgreement> = OnceLock::new();
    let compile = || {
        Agreement::new(terms())
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap()
    };
    COMPILED.get_or_init(compile).clone()
}

fn facts() -> Vec<Fact> {
    RECORD
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn march() -> Period {
    "2026-03".parse().unwrap()
}

fn as_of() -> DateTime<Utc> {
    at("2026-04-02T08:00:00Z")
}

fn json(statement: &Statement) -> String {
    serde_json::to_string_pretty(statement).unwrap()
}

// The golden statement.

/// The text with the version of the crate left out, which changes with every release.
fn masked(text: &str) -> String {
    text.replace(
        &format!("\"crate_version\": \"{}\"", env!("CARGO_PKG_VERSION")),
        "\"crate_version\": \"*\"",
    )
    .replace(
        &format!("computed by  sla {}", env!("CARGO_PKG_VERSION")),
        "computed by  sla *",
    )
}

/// Compares with a file, or writes it if `SLA_BLESS` is `1`.
fn assert_golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var("SLA_BLESS").as_deref() == Ok("1") {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{name}, line {}", number + 1);
    }
    assert_eq!(found, expected, "{name}");
}

#[test]
fn the_golden_statement() {
    let record: Record = facts().into_iter().collect();
    let statement = compiled().statement(&record, march(), as_of()).unwrap();
    assert_golden("statement.json", &(masked(&json(&statement)) + "\n"));
    assert_golden("statement.txt", &masked(&statement.to_string()));
}

/// What the golden statement must say, worked out by hand, so that blessing it cannot bless a mistake.
#[test]
fn the_golden_statement_says_what_is_worked_out_by_hand() {
    let record: Record = facts().into_iter().collect();
    let statement = compiled().statement(&record, march(), as_of()).unwrap();
    // March in Paris lacks the hour of the 29th.
    assert_eq!(
        statement.over.to_string(),
        "2026-02-28T23:00:00Z/2026-03-31T22:00:00Z"
    );
    assert_eq!(statement.over.length().to_string(), "PT743H");
    assert_eq!(
        statement.standing,
        Standing::Provisional,
        "INC-108 waits for the customer"
    );

    // Downtime in Europe: 01:10 to 03:05:30 in two records, an hour around the change of clocks, and the half hour
    // by which the planned maintenance overran. In America: 20 minutes of March, and 15 announced a second late.
    let downs = ["PT3H25M30S", "PT35M"];
    let knowns = ["PT740H", "PT741H"];
    let measured = ["99.5371", "99.9212"];
    for (index, finding) in statement.findings.iter().take(2).enumerate() {
        let sla::Basis::Availability(availability) = &finding.basis else {
            panic!("{finding:?}")
        };
        assert_eq!(availability.down.to_string(), downs[index]);
        assert_eq!(availability.known().to_string(), knowns[index]);
        assert_eq!(finding.measured.unwrap().percent(4), measured[index]);
    }
    let verdicts: Vec<(&str, Verdict)> = statement
        .findings
        .iter()
        .map(|finding| (finding.level.as_str(), finding.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("uptime", Verdict::Breached),
            ("uptime", Verdict::Met),
            ("response-p1-p2", Verdict::Breached), // INC-105 was answered after 30 minutes
            ("resolution", Verdict::Breached),
        ]
    );
    let breached: BTreeSet<(&str, &str)> = statement
        .breached
        .iter()
        .map(|row| (row.clock.as_str(), row.incident.as_str()))
        .collect();
    // INC-101 was a nanosecond late. INC-103 had 2.5 h at the desk before its upgrade (the 19th is a holiday), so 9.5
    // of 12 h were left. INC-107 was answered at 10:00 for a due at Monday's close.
    let expected = [
        ("resolution", "INC-101"),
        ("resolution", "INC-103"),
        ("response", "INC-105"),
        ("response", "INC-107"),
    ];
    assert_eq!(breached, BTreeSet::from(expected));
    let late: Vec<String> = statement
        .breached
        .iter()
        .map(|row| row.late_by.to_string())
        .collect();
    assert!(late.contains(&"PT0.000000001S".to_string()), "{late:?}");
    let pending: Vec<&str> = statement
        .pending
        .iter()
        .map(|row| row.incident.as_str())
        .collect();
    assert_eq!(pending, ["INC-108"]);
    assert_eq!(statement.pending[0].state, State::Paused);
    assert_eq!(statement.excused.len(), 1);
    assert_eq!(statement.provenance.duplicates.len(), 2);

    // 10 % of 12,345.67 + 7.5 % and 12.5 % of 2,000.05 = 1,234.567 + 150.00375 + 250.00625 = 1,634.577, half-even.
    assert_eq!(statement.totals.gross.to_string(), "1634.58 EUR");
    // 8 % of 18,666.81 is 1,493.3448, rounded down; the last line gets what is left of it.
    assert_eq!(statement.totals.cap.unwrap().to_string(), "1493.34 EUR");
    let lines: Vec<String> = statement
        .credits
        .iter()
        .map(|line| format!("{} - {} = {}", line.gross, line.withheld, line.net))
        .collect();
    assert_eq!(
        lines,
        [
            "1234.57 EUR - 0.00 EUR = 1234.57 EUR",
            "150.00 EUR - 0.00 EUR = 150.00 EUR",
            "250.01 EUR - 141.24 EUR = 108.77 EUR",
        ]
    );
}

// Documents.

#[test]
fn terms_to_text_to_terms_is_the_identity() {
    let terms = terms();
    let toml = toml::to_string(&terms).unwrap();
    assert_eq!(toml::from_str::<Terms>(&toml).unwrap(), terms, "{toml}");
    let json = serde_json::to_string(&terms).unwrap();
    assert_eq!(serde_json::from_str::<Terms>(&json).unwrap(), terms, "{json}");
    assert_eq!(
        toml::to_string(&serde_json::from_str::<Terms>(&json).unwrap()).unwrap(),
        toml
    );
    // The same bytes of result, whichever text it came from.
    let record: Record = facts().into_iter().collect();
    let from = |terms: Terms| {
        let agreement = Agreement::new(terms)
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap();
        self::json(&agreement.statement(&record, march(), as_of()).unwrap())
    };
    assert_eq!(
        from(serde_json::from_str(&json).unwrap()),
        from(toml::from_str(&toml).unwrap())
    );
    // A bare TOML date is its text.
    let quoted = AGREEMENT.replace("from = 2026-01-01", "from = \"2026-01-01\"");
    assert_ne!(quoted, AGREEMENT);
    assert_eq!(toml::from_str::<Terms>(&quoted).unwrap(), terms);
    // Records, too.
    for fact in facts() {
        let text = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<Fact>(&text).unwrap(), fact);
    }
}

/// The line of a reader's error, and its text.
fn shape_error(from: &str, to: &str) -> String {
    let document = AGREEMENT.replacen(from, to, 1);
    assert_ne!(document, AGREEMENT, "`{from}` is in the agreement");
    let error = toml::from_str::<Terms>(&document).unwrap_err().to_string();
    // What is wrong stands in the last line of what was put in.
    let place = document.find(to).unwrap() + to.rfind('\n').map_or(0, |line| line + 1);
    let line = document[..place].matches('\n').count() + 1;
    let last = error.lines().last().unwrap_or_default().to_string();
    assert!(error.contains(&format!("line {line},")), "line {line}: {error}");
    last
}

#[test]
fn wrong_shapes_are_refused_with_their_line() {
    let found = shape_error("id = \"northwind-acme-2026\"", "id = \"x\"\nidd = 1");
    assert!(
        found.starts_with("unknown field `idd`, expected one of `id`, `provider`"),
        "{found}"
    );
    let found = shape_error("share = \"8\"", "share = 15");
    assert!(
        found.starts_with("invalid type: integer `15`, expected"),
        "{found}"
    );
    let found = shape_error("share = \"8\"", "share = 15.0");
    assert!(
        found.starts_with("invalid type: floating point `15.0`, expected"),
        "{found}"
    );
    assert_eq!(
        shape_error("share = \"8\"", "share = \"15,0\""),
        "expected a percentage from 0 to 10000 with at most nine decimals, such as `7.5`, found `15,0`"
    );
    assert_eq!(
        shape_error("currency = \"EUR\"", "currency = \"EURO\""),
        "expected a currency code of ISO 4217, such as `EUR`, found `EURO`"
    );
    let found = shape_error("count_by = \"opened\"", "count_by = \"openedd\"");
    assert_eq!(
        found,
        "unknown variant `openedd`, expected one of `opened`, `due`, `resolved`"
    );
    let found = shape_error("until = 2026-12-31", "until = 2026-12-31T00:00:00Z");
    assert!(found.contains("2026-12-31T00:00:00Z"), "{found}");
    let found = shape_error(
        "weekly = [\"Sat,Sun 22:00-06:00\"]",
        "weekly = [\"Sat,Sun 22:00-22:00\"]",
    );
    assert!(found.contains("22:00-22:00"), "{found}");
    let found = shape_error("{ wall = \"PT15M\" }", "{ wall = \"P1D\" }");
    assert!(found.contains("found `P1D`"), "{found}");
    let found = shape_error("{ wall = \"PT15M\" }", "{ business = \"PT15M\" }");
    assert!(found.starts_with("unknown variant `business`"), "{found}");
}

#[test]
fn every_problem_of_meaning_at_once() {
    let document = r#"
        id = ""
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "UTC"
        effective = { from = 2026-12-31, until = 2026-01-01 }
        severities = ["P1", "P2", "P1"]
        statuses = ["waiting"]
        entities = ["eu"]
        services = ["hosting"]
        [[calendars]]
        id = "desk"
        hours = { zone = "UTC", weekly = ["Mon-Fri 09:00-17:00"], holidays = [{ on = 2026-05-01, name = "May" }] }
        [[calendars]]
        id = "desk"
        hours = { zone = "UTC", weekly = ["Mon-Fri 09:00-17:00"] }
        [[clocks]]
        id = "response"
        rules = { start = "acknowledged", stop = ["acknowledged"], pause = ["sleeping"] }
        count_by = "opened"
        targets = [
            { severity = "P1", within = { working = "PT1H" } },
            { severity = "P1", within = { wall = "PT1H" }, calendar = "desk" },
            { severity = "P7", within = { working = "PT1H" }, calendar = "night" },
        ]
        [[clocks]]
        id = "empty"
        rules = { start = "opened", stop = [] }
        count_by = "due"
        targets = []
        [[service_levels]]
        id = "uptime"
        period = "month"
        measure.availability = { target = "99.9", impacts = [], service_hours = "day", coverage = "99", entities = ["us", "us"] }
        credit.bands = []
        [[service_levels]]
        id = "response"
        period = "month"
        measure.attainment = { clock = "respond", severities = [], target = "95" }
        credit = { of = { services = ["support"] }, bands = [
            { at_least = "90", above = "80", below = "95", credit = "5" },
            { credit = "5" },
            { at_least = "95", below = "90", credit = "5" },
            { at_least = "95", below = "95", credit = "5" },
        ] }
        [[service_levels]]
        id = "response"
        period = "quarter"
        measure.attainment = { clock = "response", severities = ["P2", "P1", "P1"], target = "95" }
        [credit_cap]
        share = "10"
        of.services = ["hostin"]
    "#;
    let problems = Agreement::new(toml::from_str(document).unwrap()).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "id: expected a name, found nothing",
            "effective.until: expected a date not before 2026-12-31, found 2026-01-01",
            "severities[2]: `P1` stands there twice",
            "calendars[1]: `desk` stands there twice",
            "service_levels[2]: `response` stands there twice",
            "calendars[desk].hours.known_until: expected the last date for which holidays are known, since there are holidays by single dates",
            "clocks[response].rules.stop: `acknowledged` starts the clock and cannot stop it",
            "clocks[response].rules.pause[0]: expected the id of a status, found `sleeping`",
            "clocks[response].targets[0].calendar: working time counts on a calendar: expected its id, found nothing",
            "clocks[response].targets[1].severity: `P1` stands there twice",
            "clocks[response].targets[1].calendar: wall time counts on no calendar: expected nothing, found `desk`",
            "clocks[response].targets[2].severity: expected the id of a severity, found `P7`",
            "clocks[response].targets[2].calendar: expected the id of a calendar, found `night`",
            "clocks[response].rules.calendar_change: severities are measured on different calendars: expected `keep` or `recount`, found nothing",
            "clocks[empty].rules.stop: expected at least one fact that stops the clock, found none",
            "clocks[empty].targets: expected at least one target, found none",
            "service_levels[uptime].measure.availability.service_hours: expected the id of a calendar, found `day`",
            "service_levels[uptime].measure.availability.impacts: expected at least one impact that is downtime, found none",
            "service_levels[uptime].measure.availability.entities[0]: expected the id of an entity, found `us`",
            "service_levels[uptime].measure.availability.entities[1]: expected the id of an entity, found `us`",
            "service_levels[uptime].measure.availability.entities[1]: `us` stands there twice",
            "service_levels[uptime].credit.bands: expected at least one band, found none",
            "service_levels[response].measure.attainment.clock: expected the id of a clock, found `respond`",
            "service_levels[response].measure.attainment.severities: expected at least one severity, found none",
            "service_levels[response].credit.bands[0].above: expected one lower bound, found both `at_least` and `above`",
            "service_levels[response].credit.bands[1]: expected at least one bound, found none",
            "service_levels[response].credit.bands[2]: no percentage is at least 95 % and below 90 %",
            "service_levels[response].credit.bands[3]: no percentage is at least 95 % and below 95 %",
            "service_levels[response].credit.of.services[0]: expected the id of a service, found `support`",
            "service_levels[response].measure.attainment.severities[0]: expected the id of a severity that the clock has a target for, found `P2`",
            "service_levels[response].measure.attainment.severities[2]: `P1` stands there twice",
            "credit_cap.of.services[0]: expected the id of a service, found `hostin`",
        ]
    );
}

#[test]
fn zones_that_the_data_lacks_are_refused_with_their_place() {
    let mut terms = terms();
    terms.zone = "Europe/Atlantis".parse().unwrap();
    terms.calendars[0].hours.zone = "Europe/Lutetia".parse().unwrap();
    let problems = Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap_err();
    let paths: Vec<&str> = problems.iter().map(sla::Problem::path).collect();
    assert_eq!(paths, ["zone", "calendars[desk].hours.zone"], "{problems}");
}

// Records.

fn problems(facts: impl IntoIterator<Item = Fact>) -> Problems {
    let record: Record = facts.into_iter().collect();
    compiled().statement(&record, march(), as_of()).unwrap_err()
}

#[test]
fn every_problem_of_a_record_at_once() {
    let lines = r#"
        {"outage":{"id":"","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","impact":"major"}}
        {"outage":{"id":"O1","entity":"mars","start":"2026-03-05T01:00:00Z"}}
        {"outage":{"id":"O2","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","end":"2026-03-05T00:00:00Z","impact":"major"}}
        {"outage":{"id":"O3","entity":"eu-cluster","start":"2026-03-05T01:00:00Z"}}
        {"maintenance":{"id":"M1","entity":"eu-cluster","start":"2026-03-05T01:00:00Z","notice":{"at":"2026-03-01T00:00:00Z","start":"2026-03-05T02:00:00Z","end":"2026-03-05T01:00:00Z"}}}
        {"monitoring":{"id":"W1","entity":"moon","start":"2026-03-05T01:00:00Z"}}
        {"charge":{"id":"C1","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"-1.00 EUR"}}
        {"charge":{"id":"C2","service":"hostin","entity":"eu-cluster","period":"2026-Q1","amount":"1 JPY"}}
        {"charge":{"id":"C3","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"1.00 EUR"}}
        {"charge":{"id":"C3","service":"hosting","entity":"eu-cluster","period":"2026-03","amount":"2.00 EUR"}}
        {"incident":{"id":"I1","events":[{"at":"2026-03-05T01:00:00Z","event":{"opened":{"severity":"P9"}}},{"at":"2026-03-05T02:00:00Z","event":{"status":"asleep"}}]}}
        {"incident":{"id":"I2","events":[{"at":"2026-03-05T01:00:00Z","event":"resolved"}]}}
        {"incident":{"id":"I3","events":[{"at":"2026-03-05T01:00:00Z","event":{"opened":{"severity":"P1"}}},{"at":"2026-03-05T02:00:00Z","event":{"adjusted":{"by":"Board","why":"agreed","change":{"excused":{"clock":"resolve"}}}}}]}}
    "#;
    let facts: Vec<Fact> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let found = problems(facts.clone());
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "charges[C1].amount: expected a charge of nothing or more, found `-1.00 EUR`",
            "charges[C2].amount: expected an amount in EUR, found `1 JPY`",
            "charges[C2].period: expected a period inside 2026-03, found 2026-Q1",
            "charges[C2].service: expected a service of the agreement, found `hostin`",
            "charges[C3]: two facts have this id and different content",
            "incidents[I1].events[0]: expected a severity of the agreement, found `P9`",
            "incidents[I1].events[1]: expected a status of the agreement, found `asleep`",
            "incidents[I2].events[0]: event `resolved` at 2026-03-05T01:00:00Z comes before the incident was opened",
            "incidents[I3].events[1].adjusted.change.excused.clock: expected a clock of the agreement, found `resolve`",
            "maintenance[M1].notice.end: expected an end not before `2026-03-05T02:00:00Z`, found `2026-03-05T01:00:00Z`",
            "monitoring[W1].entity: expected an entity of the agreement, found `moon`",
            "outages[O1].entity: expected an entity of the agreement, found `mars`",
            "outages[O1].impact: service level `uptime` counts outages by impact: expected one, found nothing",
            "outages[O2].end: expected an end not before `2026-03-05T01:00:00Z`, found `2026-03-05T00:00:00Z`",
            "outages[O3].impact: service level `uptime` counts outages by impact: expected one, found nothing",
            "outages[].id: expected a name, found nothing",
        ]
    );
    assert_eq!(problems(facts.into_iter().rev()), found);
}

#[test]
fn a_period_outside_the_agreement_is_refused() {
    let error = compiled().open("2027-01".parse().unwrap(), as_of()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "period: expected a period in which the agreement is in force (2026-01-01 to 2026-12-31), found 2027-01"
    );
    let early = DateTime::<Utc>::MIN_UTC;
    let error = compiled().open(march(), early).unwrap_err().to_string();
    assert!(
        error.starts_with("as_of: expected an instant from 1900-01-01"),
        "{error}"
    );
}

#[test]
fn drafts_of_different_statements_do_not_merge() {
    let compiled = compiled();
    let mut draft = compiled.open(march(), as_of()).unwrap();
    draft.merge(
        compiled
            .open(march(), as_of() + TimeDelta::nanoseconds(1))
            .unwrap(),
    );
    assert_eq!(
        draft.finish().unwrap_err().to_string(),
        "merge: expected a draft of the same agreement, zone data, period and instant, found another"
    );
}

/// What is shared between threads.
#[test]
fn results_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Statement>();
    shared::<CompiledAgreement>();
    shared::<Draft>();
    shared::<Problems>();
    shared::<Terms>();
}

/// Contradictions and oddities beside the golden record: each with a part that chooses whether it takes part.
fn extras() -> Vec<Fact> {
    let mut extras = facts();
    extras.truncate(10);
    let contradicting = Outage::new("OUT-1", "eu-cluster", at("2026-03-05T01:10:00Z")).with_impact("major");
    extras.push(Fact::Outage(contradicting));
    extras.push(Fact::Outage(
        Outage::new("OUT-X", "nowhere", at("2026-03-05T01:10:00Z")).with_impact("major"),
    ));
    extras.push(Fact::Monitoring(Monitoring::new(
        "MON-X",
        "us-cluster",
        at("2026-02-01T00:00:00Z"),
    )));
    extras
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Facts in any order, in any number of parts merged in any order, facts in several parts: the same bytes.
    #[test]
    fn order_and_parts_do_not_matter(
        order in proptest::collection::vec(any::<u16>(), 60), parts in proptest::collection::vec(0..4_usize, 60),
        twice in proptest::collection::vec(0..4_usize, 60), merges in proptest::array::uniform3(any::<bool>()),
        clean in any::<bool>(),
    ) {
        let compiled = compiled();
        let mut all = facts();
        // The golden record has a repeated fact of its own; here every fact may stand in a second part.
        if !clean {
            all.extend(extras());
        }
        let mut whole = compiled.open(march(), as_of()).unwrap();
        for fact in &all {
            whole.push(fact);
        }
        let mut shuffled: Vec<(u16, &Fact)> = order.iter().copied().zip(&all).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let mut drafts: Vec<Draft> = (0..4).map(|_| compiled.open(march(), as_of()).unwrap()).collect();
        let repeats = !clean;
        for (index, (_, fact)) in shuffled.iter().enumerate() {
            drafts[parts[index]].push(fact);
            if repeats {
                drafts[twice[index]].push(fact);
                whole.push(fact);
            }
        }
        for backwards in merges {
            let (left, right) = (drafts.remove(0), drafts.pop().unwrap());
            let (mut into, from) = if backwards { (right, left) } else { (left, right) };
            into.merge(from);
            drafts.insert(usize::from(backwards).min(drafts.len()), into);
        }
        let merged = drafts.pop().unwrap();
        prop_assert!(drafts.is_empty());
        match (merged.finish(), whole.finish()) {
            (Ok(merged), Ok(whole)) => prop_assert_eq!(json(&merged), json(&whole)),
            (Err(merged), Err(whole)) => {
                prop_assert!(!clean);
                prop_assert_eq!(merged, whole);
            }
            (merged, whole) => prop_assert!(false, "{:?} {:?}", merged.is_ok(), whole.is_ok()),
        }
    }

    /// At every instant of asking: what is owed lies between best and worst, and so does what is owed later.
    #[test]
    fn the_outlook_holds(hours in 0..900_i64, later in 0..900_i64) {
        let compiled = compiled();
        let asked = at("2026-02-28T23:00:00Z") + TimeDelta::hours(hours);
        let all = facts();
        // Only what happens in the future of the asking is left open: no incidents that are opened later.
        let known: Record = all.into_iter().filter(|fact| match fact {
            Fact::Incident(incident) => incident.events.iter().any(|event| event.at <= asked),
            _ => true,
        }).collect();
        let early = compiled.statement(&known, march(), asked).unwrap();
        let late = compiled.statement(&known, march(), asked + TimeDelta::hours(later)).unwrap();
        if let Some(outlook) = early.outlook {
            prop_assert!(outlook.best.minor_units() <= outlook.worst.minor_units());
            let severity_stays = !known.facts().iter().any(|fact| match fact {
                Fact::Incident(incident) => incident.events.iter().any(|event| event.at > asked && matches!(
                    event.kind, sla::EventKind::SeverityChanged { .. } | sla::EventKind::Reopened
                    | sla::EventKind::Cancelled | sla::EventKind::Adjusted(_))),
                _ => false,
            });
            if severity_stays && late.outlook.is_none() {
                prop_assert!(late.totals.net.minor_units() <= outlook.worst.minor_units());
                prop_assert!(late.totals.net.minor_units() >= outlook.best.minor_units());
            }
        } else {
            prop_assert_eq!(early.standing, Standing::Final);
            prop_assert_eq!(late.totals, early.totals);
        }
    }
}

// What is not decided yet.

const SMALL: &str = r#"
    id = "small"
    provider = "P"
    customer = "C"
    currency = "EUR"
    zone = "UTC"
    effective = { from = 2026-01-01, until = 2026-12-31 }
    severities = ["P1", "P2"]
    statuses = ["waiting"]
    entities = ["eu"]
    services = ["hosting"]
    [[clocks]]
    id = "resolution"
    rules = { start = "opened", stop = ["resolved"], pause = ["waiting"] }
    count_by = "due"
    targets = [{ severity = "P1", within = { wall = "PT4H" } }, { severity = "P2", within = { wall = "PT4H" } }]
    [[service_levels]]
    id = "resolution"
    period = "month"
    measure.attainment = { clock = "resolution", severities = ["P1"], target = "90" }
    credit.bands = [{ below = "90", credit = "10" }]
    [[service_levels]]
    id = "uptime"
    period = "month"
    measure.availability = { target = "99.9", coverage = "99.5" }
    credit.bands = [{ at_least = "99", below = "99.9", credit = "20" }, { below = "99", credit = "50" }]
"#;

fn small(lines: &str, as_of: &str) -> Statement {
    let agreement = Agreement::new(toml::from_str(SMALL).unwrap()).unwrap();
    let compiled = agreement.compile(&ZoneData::bundled()).unwrap();
    let charge =
        r#"{"charge":{"id":"C","service":"hosting","entity":"eu","period":"2026-04","amount":"100.00 EUR"}}"#;
    let facts = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .chain([charge]);
    let record: Record = facts
        .map(|line| serde_json::from_str::<Fact>(line).unwrap())
        .collect();
    compiled
        .statement(&record, "2026-04".parse().unwrap(), at(as_of))
        .unwrap()
}

fn owed(statement: &Statement) -> (String, Option<(String, String)>) {
    let outlook = statement
        .outlook
        .map(|outlook| (outlook.best.to_string(), outlook.worst.to_string()));
    (statement.totals.net.to_string(), outlook)
}

#[test]
fn outlooks_count_what_is_not_judged_yet() {
    let watched = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-01-01T00:00:00Z"}}"#;
    let opened = r#"{"incident":{"id":"I","events":[{"at":"2026-04-10T00:00:00Z","event":{"opened":{"severity":"P1"}}}]}}"#;
    let range = |best: &str, worst: &str| Some((format!("{best} EUR"), format!("{worst} EUR")));

    // Nothing is decided: the one incident can still be met or missed, the rest of the month up or down.
    let statement = small(&format!("{watched}\n{opened}"), "2026-04-10T01:00:00Z");
    assert_eq!(
        statement.findings[0].reason.as_deref(),
        Some("nothing is decided yet")
    );
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "60.00")));

    // After the month, missed: final.
    let statement = small(&format!("{watched}\n{opened}"), "2026-05-01T00:00:00Z");
    assert_eq!(owed(&statement), ("10.00 EUR".into(), None));
    assert_eq!(statement.standing, Standing::Final);

    // Too little is known, and even a month watched from now on cannot make up for it.
    let late = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-04-02T00:00:00Z"}}"#;
    let statement = small(late, "2026-04-03T00:00:00Z");
    assert_eq!(
        statement.findings[1].reason.as_deref(),
        Some("only 50.0000 % of the time is known, 99.5 % is required")
    );
    assert_eq!(
        statement.findings[1].outlook.unwrap().worst.verdict,
        Verdict::NotJudged
    );
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "0.00")));

    // An hour is missing of a day: too little now, enough if the rest is known.
    let hour = r#"{"monitoring":{"id":"M","entity":"eu","start":"2026-04-01T01:00:00Z"}}"#;
    let statement = small(hour, "2026-04-02T00:00:00Z");
    assert_eq!(statement.findings[1].verdict, Verdict::NotJudged);
    assert_eq!(statement.findings[1].outlook.unwrap().best.verdict, Verdict::Met);
    assert_eq!(owed(&statement), ("0.00 EUR".into(), range("0.00", "50.00")));

    // No incidents, nothing watched: nothing to judge.
    let statement = small("", "2026-05-01T00:00:00Z");
    let reasons: Vec<&str> = statement
        .findings
        .iter()
        .filter_map(|finding| finding.reason.as_deref())
        .collect();
    assert_eq!(reasons, ["no incidents", "nothing is known of the period"]);
    assert_eq!(owed(&statement), ("0.00 EUR".into(), None));
}

#[test]
fn no_clock_falls_out_of_every_period() {
    // Delivered from a pause, nothing was due: it counts where it was delivered.
    let paused = r#"{"incident":{"id":"I","events":[{"at":"2026-03-31T23:00:00Z","event":{"opened":{"severity":"P1"}}},
        {"at":"2026-03-31T23:30:00Z","event":{"status":"waiting"}},{"at":"2026-04-10T00:00:00Z","event":"resolved"}]}}"#;
    let paused = paused.replace('\n', "");
    let statement = small(&paused, "2026-05-01T00:00:00Z");
    assert_eq!(statement.attainment.len(), 1);
    assert_eq!(statement.attainment[0].tally.met, 1);
    // Opened in March, due in April: it counts in April.
    let over = r#"{"incident":{"id":"I","events":[{"at":"2026-03-31T23:00:00Z","event":{"opened":{"severity":"P1"}}}]}}"#;
    let statement = small(over, "2026-05-01T00:00:00Z");
    assert_eq!(statement.attainment[0].tally.breached, 1);
    assert_eq!(statement.breached[0].due, at("2026-04-01T03:00:00Z"));
}

/// Whatever decides which period an incident belongs to, and however it stands: over all months, each clock counts once.
#[test]
fn every_incident_belongs_to_exactly_one_period() {
    let agreement = |count_by: &str| {
        let document = format!(
            r#"
            id = "A"
            provider = "P"
            customer = "C"
            currency = "EUR"
            zone = "UTC"
            effective = {{ from = 2026-01-01, until = 2026-12-31 }}
            severities = ["P1", "P3"]
            statuses = ["open", "waiting"]
            [[clocks]]
            id = "repair"
            rules = {{ start = "acknowledged", stop = ["resolved"], pause = ["waiting"] }}
            count_by = "{count_by}"
            targets = [{{ severity = "P1", within.wall = "PT240H" }}]
            "#
        );
        let terms = toml::from_str(&document).unwrap();
        Agreement::new(terms)
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap()
    };
    let status = |status: &str| EventKind::Status(status.into());
    let opened = |id: &str, severity: &str| Incident::opened(id, severity, at("2026-01-30T00:00:00Z"));
    let running = |id: &str| opened(id, "P1").with(at("2026-01-31T00:00:00Z"), EventKind::Acknowledged);
    let paused = |id: &str| running(id).with(at("2026-02-01T00:00:00Z"), status("waiting"));
    let excused = EventKind::Adjusted(sla::Adjustment {
        by: "Board".into(),
        why: "agreed".into(),
        change: sla::Change::Excused { clock: None },
    });
    let late = at("2026-03-05T00:00:00Z");
    let incidents = [
        opened("unacknowledged", "P1"),
        running("running"),
        running("resolved late").with(late, EventKind::Resolved),
        running("resolved at once").with(at("2026-01-31T01:00:00Z"), EventKind::Resolved),
        running("cancelled").with(late, EventKind::Cancelled),
        paused("paused"),
        paused("paused and cancelled").with(late, EventKind::Cancelled),
        paused("paused and excused").with(late, excused),
        paused("paused and resolved").with(late, EventKind::Resolved),
        opened("without a target", "P3").with(at("2026-01-31T00:00:00Z"), EventKind::Acknowledged),
        opened("never started", "P1").with(late, EventKind::Resolved),
    ];
    for count_by in ["opened", "due", "resolved"] {
        let agreement = agreement(count_by);
        for as_of in [
            "2026-02-15T00:00:00Z",
            "2026-03-20T00:00:00Z",
            "2026-04-30T00:00:00Z",
        ] {
            for incident in &incidents {
                let record: Record = [Fact::Incident(incident.clone())].into_iter().collect();
                let counted = (1..=12).filter(|month| {
                    let month = sla::Period::month(2026, *month).unwrap();
                    let statement = agreement.statement(&record, month, at(as_of)).unwrap();
                    !statement.attainment.is_empty()
                });
                assert_eq!(counted.count(), 1, "{} by {count_by} as of {as_of}", incident.id);
            }
        }
    }
}

// Fingerprints.

#[test]
fn any_change_of_the_terms_changes_their_fingerprint() {
    let fingerprint = |document: &str| {
        Agreement::new(toml::from_str(document).unwrap())
            .unwrap()
            .fingerprint()
    };
    let mut seen = BTreeSet::from([fingerprint(AGREEMENT)]);
    let changes = [
        ("id = \"northwind-acme-2026\"", "id = \"northwind-acme-2027\""),
        ("Northwind Hosting", "Southwind Hosting"),
        ("customer = \"Acme\"", "customer = \"Acne\""),
        ("currency = \"EUR\"", "currency = \"USD\""),
        ("zone = \"Europe/Paris\"\n", "zone = \"Europe/Madrid\"\n"),
        ("from = 2026-01-01", "from = 2026-01-02"),
        ("until = 2026-12-31 }", "until = 2026-12-30 }"),
        (
            "severities = [\"P1\", \"P2\", \"P3\", \"P4\"]",
            "severities = [\"P1\", \"P2\", \"P4\", \"P3\"]",
        ),
        ("\"in-progress\", ", "\"in-progress\", \"held\", "),
        ("\"us-cluster\"]", "\"us-cluster\", \"ap-cluster\"]"),
        (
            "\"hosting\", \"support\"]",
            "\"hosting\", \"support\", \"backup\"]",
        ),
        ("13:00-18:00", "13:00-18:01"),
        ("on = 2026-03-19", "on = 2026-03-20"),
        ("Founders' Day", "Founder's Day"),
        ("known_until = 2026-12-31", "known_until = 2027-12-31"),
        ("start = \"opened\"", "start = \"detected\""),
        ("\"agent_reply\", ", ""),
        ("pause = [\"awaiting-customer\"]", "pause = [\"in-progress\"]"),
        ("calendar_change = \"keep\"", "calendar_change = \"recount\""),
        ("count_by = \"opened\"", "count_by = \"due\""),
        ("wall = \"PT15M\"", "wall = \"PT16M\""),
        ("working = \"PT4H\"", "wall = \"PT4H\""),
        ("target = \"99.9\"", "target = \"99.95\""),
        ("impacts = [\"major\"], ", ""),
        ("maintenance_notice = \"PT48H\"", "maintenance_notice = \"PT47H\""),
        ("coverage = \"99\"", "coverage = \"98\""),
        ("period = \"month\"", "period = \"quarter\""),
        ("period = \"month\"", "period = { fiscal_quarter = \"Jan\" }"),
        ("period = \"month\"", "period = { fiscal_quarter = \"Feb\" }"),
        ("period = \"month\"", "period = { billing_cycle = 1 }"),
        ("period = \"month\"", "period = { billing_cycle = 31 }"),
        ("period = \"month\"", "period = { contract_year = 2026-01-01 }"),
        ("period = \"month\"", "period = { contract_year = 2025-01-01 }"),
        ("period = \"month\"", "period = { trailing_days = 30 }"),
        (
            "period = \"month\"",
            "period = { fixed_days = { days = 30, from = 2026-01-01 } }",
        ),
        (
            "period = \"month\"",
            "period = { fixed_days = { days = 30, from = 2026-01-31 } }",
        ),
        ("services = [\"hosting\"] }", "services = [\"support\"] }"),
        ("at_least = \"99.5\"", "above = \"99.5\""),
        ("credit = \"25\"", "credit = \"26\""),
        ("clock = \"response\"", "clock = \"resolution\""),
        ("severities = [\"P1\", \"P2\"], ", "severities = [\"P1\"], "),
        ("share = \"8\"", "share = \"8.000000001\""),
        ("[credit_cap]\nshare = \"8\"", ""),
    ];
    for (from, to) in changes {
        let document = AGREEMENT.replacen(from, to, 1);
        assert_ne!(document, AGREEMENT, "`{from}` is in the agreement");
        let document = document.replace(
            "calendar = \"desk\" },\n    { severity = \"P4\", within = { wall",
            "{ wall",
        );
        let terms: Terms =
            toml::from_str(&document).unwrap_or_else(|error| panic!("{from} -> {to}: {error}"));
        // What contradicts itself has no fingerprint; here wall time with a calendar.
        let Ok(agreement) = Agreement::new(terms) else {
            assert!(to.starts_with("wall"), "{from} -> {to}");
            continue;
        };
        assert!(
            seen.insert(agreement.fingerprint()),
            "`{from}` to `{to}` changes nothing"
        );
    }
    // Other spellings of the same terms are the same terms.
    for (from, to) in [
        ("share = \"8\"", "share = \"8.0\""),
        ("PT48H", "PT2880M"),
        ("# An agreement", "# The agreement"),
    ] {
        let document = AGREEMENT.replacen(from, to, 1);
        assert_ne!(document, AGREEMENT);
        assert_eq!(fingerprint(&document), fingerprint(AGREEMENT));
    }
}

#[test]
fn any_change_of_a_fact_changes_the_fingerprint_of_the_record() {
    let fingerprint = |lines: &str| -> Fingerprint {
        let record: Record = lines
            .lines()
            .map(|line| serde_json::from_str::<Fact>(line).unwrap())
            .collect();
        compiled()
            .statement(&record, march(), as_of())
            .unwrap()
            .provenance
            .record
    };
    let original = fingerprint(RECORD);
    let backwards: Vec<&str> = RECORD.lines().rev().collect();
    assert_eq!(fingerprint(&backwards.join("\n")), original);
    let mut seen = BTreeSet::from([original]);
    for (from, to) in [
        ("MON-EU", "MON-AS"),
        (
            "\"end\":\"2026-03-10T00:00:00Z\"",
            "\"end\":\"2026-03-10T00:00:00.000000001Z\"",
        ),
        ("12345.67", "12345.68"),
        ("\"kind\":\"one_off\"", "\"kind\":\"tax\""),
        (
            "\"entity\":\"us-cluster\",\"period\"",
            "\"entity\":\"eu-cluster\",\"period\"",
        ),
        ("\"impact\":\"minor\"", "\"impact\":\"major\""),
        (
            "\"at\":\"2026-03-12T09:00:00Z\"",
            "\"at\":\"2026-03-12T09:00:01Z\"",
        ),
        (
            "\"start\":\"2026-03-22T01:00:00Z\",\"end\":\"2026-03-22T03",
            "\"start\":\"2026-03-22T01:00:01Z\",\"end\":\"2026-03-22T03",
        ),
        ("firewall blocked", "firewall barred"),
        ("Service board", "Steering board"),
        ("{\"clock\":\"resolution\"}", "{}"),
        ("\"id\":\"INC-109\"", "\"id\":\"INC-110\""),
        ("\"agent_reply\"", "\"acknowledged\""),
        (
            "\"at\":\"2026-03-31T08:00:00Z\"",
            "\"at\":\"2026-03-31T08:00:00Z\",\"sequence\":1",
        ),
    ] {
        let lines = RECORD.replacen(from, to, 1);
        assert_ne!(lines, RECORD, "`{from}` is in the record");
        assert!(
            seen.insert(fingerprint(&lines)),
            "`{from}` to `{to}` changes nothing"
        );
    }
}

#[test]
fn one_clock_of_an_agreement_answers_alone() {
    let compiled = compiled();
    let clock = compiled.clock("weekend-repair").unwrap();
    let Some(Fact::Incident(incident)) = facts().into_iter().find(|fact| fact.id() == "INC-107") else {
        panic!("INC-107")
    };
    // Seven hours on the night the clocks go forward, and 59 minutes of the next.
    let reading = clock.read(&incident.history(as_of()).unwrap()).unwrap();
    assert_eq!(reading.elapsed.to_string(), "PT7H59M");
    assert_eq!(reading.due, Some(at("2026-03-29T21:00:00Z")));
    assert_eq!(reading.outcome, Outcome::Met);
    assert!(
        compiled
            .calendar("desk")
            .is_some_and(|desk| !desk.is_open(at("2026-03-19T10:00:00Z")).unwrap())
    );
    assert!(compiled.calendar("attic").is_none() && compiled.clock("attic").is_none());
}

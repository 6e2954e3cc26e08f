//! Whole agreements: the golden statement, documents and their refusals, and fingerprints.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use sla::agreement::{AgreementTerms, CompiledAgreement};
use sla::clock::{Outcome, State};
use sla::fingerprint::Fingerprint;
use sla::level::Verdict;
use sla::record::Fact;
use sla::statement::Standing;
use sla::{Agreement, Period, Record, Statement, ZoneData};

const AGREEMENT: &str = include_str!("../golden/agreement.toml");
const RECORD: &str = include_str!("../golden/record.jsonl");

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn terms() -> AgreementTerms {
    toml::from_str(AGREEMENT).unwrap()
}

pub(crate) fn compiled() -> CompiledAgreement {
    static COMPILED: OnceLock<CompiledAgreement> = OnceLock::new();
    let compile = || {
        Agreement::new(terms())
            .unwrap()
            .compile(&ZoneData::bundled())
            .unwrap()
    };
    COMPILED.get_or_init(compile).clone()
}

pub(crate) fn facts() -> Vec<Fact> {
    RECORD
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub(crate) fn march() -> Period {
    "2026-03".parse().unwrap()
}

pub(crate) fn as_of() -> DateTime<Utc> {
    at("2026-04-02T08:00:00Z")
}

pub(crate) fn json(statement: &Statement) -> String {
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

/// Whatever the names and the reasons are.
#[test]
fn no_line_of_the_table_is_longer_than_120_columns() {
    let long = |text: &str| {
        let mut text = text.to_string();
        for name in [
            "eu-cluster",
            "us-cluster",
            "response",
            "resolution",
            "uptime",
            "hosting",
            "INC-1",
            "OUT-",
        ] {
            text = text.replace(name, &format!("{name}{}", "x".repeat(50 - name.len())));
        }
        text
    };
    let why = "Acme's firewall blocked the on-call engineer";
    assert!(RECORD.contains(why));
    let record = long(RECORD).replace(why, &"a reason without an end ".repeat(20));
    let facts: Record = record
        .lines()
        .map(|line| serde_json::from_str::<Fact>(line).unwrap())
        .collect();
    let terms: AgreementTerms = toml::from_str(&long(AGREEMENT)).unwrap();
    let agreement = Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap();
    let table = agreement.statement(&facts, march(), as_of()).unwrap().to_string();
    let longest = table.lines().map(|line| line.chars().count()).max();
    assert_eq!(longest, Some(120), "{table}");
    assert!(!table.lines().any(|line| line.ends_with(' ')), "{table}");
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
        let sla::measure::Basis::Time(availability) = &finding.basis else {
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
    assert_eq!(
        statement.provenance.duplicates,
        ["incidents[INC-104].events (1 repeated)"]
    );

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
    assert_eq!(toml::from_str::<AgreementTerms>(&toml).unwrap(), terms, "{toml}");
    let json = serde_json::to_string(&terms).unwrap();
    assert_eq!(
        serde_json::from_str::<AgreementTerms>(&json).unwrap(),
        terms,
        "{json}"
    );
    assert_eq!(
        toml::to_string(&serde_json::from_str::<AgreementTerms>(&json).unwrap()).unwrap(),
        toml
    );
    // The same bytes of result, whichever text it came from.
    let record: Record = facts().into_iter().collect();
    let from = |terms: AgreementTerms| {
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
    assert_eq!(toml::from_str::<AgreementTerms>(&quoted).unwrap(), terms);
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
    let error = toml::from_str::<AgreementTerms>(&document)
        .unwrap_err()
        .to_string();
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
        found.starts_with("unknown field `idd`, expected `id`, `zone`, "),
        "{found}"
    );
    let found = shape_error("at_most = \"8 %\"", "at_most = 15");
    assert!(
        found == "expected text in quotes, since exact values are written as text, found the number 15",
        "{found}"
    );
    let found = shape_error("at_most = \"8 %\"", "at_most = 15.0");
    assert!(
        found
            == "expected text in quotes, since exact values are written as text, found a number with a point",
        "{found}"
    );
    assert_eq!(
        shape_error("at_most = \"8 %\"", "at_most = \"15,0\""),
        "expected a percentage from 0 to 10000 with at most nine decimals and its sign, such as `7.5 %`, found `15,0`"
    );
    assert_eq!(
        shape_error("currency = \"EUR\"", "currency = \"EURO\""),
        "expected a currency code of ISO 4217, such as `EUR`, found `EURO`"
    );
    let found = shape_error("counted_when = \"opened\"", "counted_when = \"openedd\"");
    assert_eq!(found, "expected `opened` or `due` or `resolved`, found `openedd`");
    let found = shape_error("through = 2026-12-31", "through = 2026-12-31T00:00:00Z");
    assert!(found.contains("2026-12-31T00:00:00Z"), "{found}");
    let found = shape_error(
        "weekly = [\"Sat,Sun 22:00-06:00\"]",
        "weekly = [\"Sat,Sun 22:00-22:00\"]",
    );
    assert!(found.contains("22:00-22:00"), "{found}");
    let targets = "a target such as `4 h on office`, `15 min on 24x7`, `2 business days on office, by close`, \
         `by 2026-12-31T17:00:00Z` or `best effort`";
    for wrong in [
        "P1D on 24x7",
        "15 min",
        "15 minutes on 24x7",
        "15 min on the desk",
        "1 business days on desk, by close",
    ] {
        let found = shape_error("\"15 min on 24x7\"", &format!("\"{wrong}\""));
        assert_eq!(found, format!("expected {targets}, found `{wrong}`"));
    }
}

/// A level has exactly one measure; what it has instead is said with its line.
#[test]
fn a_level_has_one_measure() {
    let uptime = AGREEMENT
        .lines()
        .find(|line| line.starts_with("availability = "))
        .unwrap();
    let error = |instead: &str| {
        let document = AGREEMENT.replace(uptime, instead);
        let error = toml::from_str::<AgreementTerms>(&document)
            .unwrap_err()
            .to_string();
        let line = 1 + document[..document.find("[[levels]]").unwrap()]
            .matches('\n')
            .count();
        assert!(error.contains(&format!("line {line},")), "line {line}: {error}");
        error.lines().last().unwrap_or_default().to_string()
    };
    assert_eq!(
        error(""),
        "expected one of `availability`, `attainment` in the level `uptime`, found none"
    );
    let both = format!("{uptime}\nattainment = {{ clock = \"response\", target = \"95 %\" }}");
    assert_eq!(
        error(&both),
        "expected one measure in the level `uptime`, found `availability` and `attainment`"
    );
}

#[test]
fn every_problem_of_meaning_at_once() {
    let document = r#"
        id = ""
        provider = "P"
        customer = "C"
        currency = "EUR"
        zone = "UTC"
        in_force = { from = 2026-12-31, through = 2026-01-01 }
        severities = ["P1", "P2", "P1"]
        statuses = ["waiting"]
        entities = ["eu"]
        services = ["hosting"]
        [calendars.desk]
        zone = "UTC"
        weekly = ["Mon-Fri 09:00-17:00"]
        holidays = [{ on = 2026-05-01, name = "May" }]
        [calendars."the desk"]
        zone = "UTC"
        weekly = ["Mon-Fri 09:00-17:00"]
        [calendars.one]
        zone = "UTC"
        union = ["desk", "two"]
        [calendars.two]
        zone = "UTC"
        union = ["desk", "one"]
        [clocks.response]
        start = "acknowledged"
        stop = ["acknowledged"]
        pause = ["status:sleeping"]
        counted_when = "opened"
        targets = { P1 = "1 h on 24x7", P2 = "1 h on desk", P7 = "1 h on night" }
        [clocks.empty]
        start = "opened"
        stop = []
        counted_when = "due"
        targets = {}
        [[levels]]
        id = "uptime"
        per = "month"
        availability = { target = "99.9 %", impacts = [], service_hours = "day", known_at_least = "99 %", entities = ["us", "us"] }
        credit.bands = []
        [[levels]]
        id = "response"
        per = "month"
        attainment = { clock = "respond", severities = [], target = "95 %" }
        credit = { of = ["support"], bands = [
            { at_least = "90 %", above = "80 %", below = "95 %", pays = "5 %" },
            { pays = "5 %" },
            { at_least = "95 %", below = "90 %", pays = "5 %" },
            { at_least = "95 %", below = "95 %", pays = "5 %" },
        ] }
        [[levels]]
        id = "response"
        per = "quarter"
        attainment = { clock = "response", severities = ["P9", "P1", "P1"], target = "95 %" }
        [[caps]]
        per = "month"
        at_most = "10 %"
        of = ["hostin"]
    "#;
    let problems = Agreement::new(toml::from_str(document).unwrap()).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "id: expected a name, found nothing",
            "in_force.through: expected a date not before 2026-12-31, found 2026-01-01",
            "severities[2]: duplicate entry `P1`",
            "calendars[the desk]: expected an id of at most 64 letters, digits, `-` and `_` that is not `24x7`, found `the desk`",
            "levels[2]: duplicate entry `response`",
            "caps[0].of[0]: expected the id of a service, found `hostin`: there is `hosting`",
            "calendars[desk].known_through: expected the last date for which holidays are known, since there are holidays by single dates",
            "calendars[one]: expected a calendar that does not depend on itself, found a circle",
            "calendars[two]: expected a calendar that does not depend on itself, found a circle",
            "clocks[empty].stop: expected at least one event that stops the clock, found none",
            "clocks[empty].targets: expected at least one target, found none",
            "clocks[response].stop[0]: `acknowledged` starts the clock and cannot stop it",
            "clocks[response].pause[0]: expected the id of a status, found `sleeping`: there is `waiting`",
            "clocks[response].targets[P7]: expected the id of a severity, found `P7`: there are `P1`, `P2` and `P1`",
            "clocks[response].targets[P7]: expected the id of a calendar, found `night`: there are `desk`, `one`, `two` and 1 more",
            "clocks[response].on_raise: severities count time on different calendars: expected `from opening, kept` or `from opening, recounted`, found nothing",
            "levels[uptime].availability.service_hours: expected the id of a calendar, found `day`: there are `desk`, `one`, `two` and 1 more",
            "levels[uptime].availability.impacts: expected the id of an impact, or no list for all of them, found an empty list",
            "levels[uptime].availability.entities[0]: expected the id of an entity, found `us`: there is `eu`",
            "levels[uptime].availability.entities[1]: expected the id of an entity, found `us`: there is `eu`",
            "levels[uptime].availability.entities[1]: duplicate entry `us`",
            "levels[uptime].credit.bands: expected at least one band, found none",
            "levels[response].attainment.clock: expected the id of a clock, found `respond`",
            "levels[response].attainment.severities: expected the id of a severity, or no list for all of them, found an empty list",
            "levels[response].credit.bands[0].above: expected one lower bound, found both `at_least` and `above`",
            "levels[response].credit.bands[1]: expected at least one bound, found none",
            "levels[response].credit.bands[2]: no percentage is at least 95 % and below 90 %",
            "levels[response].credit.bands[3]: no percentage is at least 95 % and below 95 %",
            "levels[response].credit.of[0]: expected the id of a service, found `support`",
            "levels[response].attainment.severities[0]: expected the id of a severity that the clock has a target for, found `P9`",
            "levels[response].attainment.severities[2]: duplicate entry `P1`",
        ]
    );
}

#[test]
fn a_severity_named_default_and_availability_of_nothing_are_refused_in_words() {
    let mut terms = terms();
    terms.severities.push("default".into());
    terms.entities.clear();
    let problems = Agreement::new(terms).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for expected in [
        "severities: expected another name than `default`, which stands for severities without a target of their own",
        "entities: expected at least one entity, since availability is measured per entity, found none",
    ] {
        assert!(found.iter().any(|one| one == expected), "{problems}");
    }
}

#[test]
fn zones_that_the_data_lacks_are_refused_with_their_place() {
    let mut terms = terms();
    terms.zone = "Europe/Atlantis".parse().unwrap();
    let hours = sla::Hours::in_zone("Europe/Lutetia").weekly("Mon-Fri 09:00-17:00");
    let hours = hours.build().unwrap();
    terms.calendars.insert("desk".into(), hours.into());
    let problems = Agreement::new(terms)
        .unwrap()
        .compile(&ZoneData::bundled())
        .unwrap_err();
    let paths: Vec<&str> = problems.iter().map(sla::error::Problem::path).collect();
    assert_eq!(paths, ["zone", "calendars[desk].zone"], "{problems}");
}

// Fingerprints.

#[test]
fn any_change_of_the_terms_changes_their_fingerprint() {
    let fingerprint = |document: &str| {
        Agreement::new(toml::from_str(document).unwrap())
            .unwrap()
            .fingerprint()
    };
    const KEPT: &str = "on_raise = \"from opening, kept\"\non_lower = \"from opening, kept\"";
    const RECOUNTED: &str = "on_raise = \"from opening, recounted\"\non_lower = \"from opening, recounted\"";
    let mut seen = BTreeSet::from([fingerprint(AGREEMENT)]);
    let changes = [
        ("id = \"northwind-acme-2026\"", "id = \"northwind-acme-2027\""),
        ("Northwind Hosting", "Southwind Hosting"),
        ("customer = \"Acme\"", "customer = \"Acne\""),
        ("currency = \"EUR\"", "currency = \"USD\""),
        ("zone = \"Europe/Paris\"\n", "zone = \"Europe/Madrid\"\n"),
        ("from = 2026-01-01", "from = 2026-01-02"),
        ("through = 2026-12-31 }", "through = 2026-12-30 }"),
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
        ("known_through = 2026-12-31", "known_through = 2027-12-31"),
        ("start = \"opened\"", "start = \"detected\""),
        ("\"public_reply\", ", ""),
        (
            "pause = [\"status:awaiting-customer\"]",
            "pause = [\"status:in-progress\"]",
        ),
        (KEPT, RECOUNTED),
        ("counted_when = \"opened\"", "counted_when = \"due\""),
        ("15 min on 24x7", "16 min on 24x7"),
        ("4 h on desk", "4 h on 24x7"),
        ("target = \"99.9 %\"", "target = \"99.95 %\""),
        ("impacts = [\"major\"], ", ""),
        ("notice = \"48 h\"", "notice = \"47 h\""),
        ("known_at_least = \"99 %\"", "known_at_least = \"98 %\""),
        ("per = \"month\"", "per = \"quarter\""),
        ("per = \"month\"", "per = \"fiscal quarter from Jan\""),
        ("per = \"month\"", "per = \"fiscal quarter from Feb\""),
        ("per = \"month\"", "per = \"billing cycle from day 1\""),
        ("per = \"month\"", "per = \"billing cycle from day 31\""),
        ("per = \"month\"", "per = \"contract year from 2026-01-01\""),
        ("per = \"month\"", "per = \"contract year from 2025-01-01\""),
        ("per = \"month\"", "per = \"trailing period of 30 days\""),
        ("per = \"month\"", "per = \"block of 30 days from 2026-01-01\""),
        ("per = \"month\"", "per = \"block of 30 days from 2026-01-31\""),
        ("of = [\"hosting\"]", "of = [\"support\"]"),
        ("at_least = \"99.5 %\"", "above = \"99.5 %\""),
        ("pays = \"25 %\"", "pays = \"26 %\""),
        ("clock = \"response\"", "clock = \"resolution\""),
        ("severities = [\"P1\", \"P2\"], ", "severities = [\"P1\"], "),
        ("at_most = \"8 %\"", "at_most = \"8.000000001 %\""),
        ("[[caps]]\nper = \"month\"\nat_most = \"8 %\"", ""),
    ];
    for (from, to) in changes {
        let document = AGREEMENT.replacen(from, to, 1);
        assert_ne!(document, AGREEMENT, "`{from}` is in the agreement");
        let terms: AgreementTerms =
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
    // Terms are printed as they are written; what is no term, such as a comment, changes nothing.
    for (from, to) in [
        ("# An agreement", "# The agreement"),
        (
            "{ from = 2026-01-01, through = 2026-12-31 }",
            "{ through = 2026-12-31, from = 2026-01-01 }",
        ),
        (
            "targets = { P4 = \"8 h on nights\" }",
            "targets.P4 = \"8 h on nights\"",
        ),
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
        ("\"public_reply\"", "\"acknowledged\""),
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
    assert_eq!(reading.elapsed.to_string(), "PT7H59M working");
    assert_eq!(reading.due, Some(at("2026-03-29T21:00:00Z")));
    assert_eq!(reading.outcome, Outcome::Met);
    assert!(
        compiled
            .calendar("desk")
            .is_some_and(|desk| !desk.is_open(at("2026-03-19T10:00:00Z")).unwrap())
    );
    assert!(compiled.calendar("attic").is_none() && compiled.clock("attic").is_none());
}

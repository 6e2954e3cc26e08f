//! What readers of documents may hand over: tables with each name once, and dates of TOML only.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sla::agreement::{AgreementTerms, ServiceLevel};
use sla::availability::AvailabilityTerms;
use sla::clock::{ClockTerms, Rules};
use sla::credit::{Band, CreditTerms};
use sla::record::{Adjustment, Charge, Event, Fact, Maintenance, Monitoring, Outage};
use sla::time::Allowance;
use sla::{Hours, Incident};

const LIST: &str = "expected a table with the names of its fields, found a list";

fn json_error<T: DeserializeOwned>(text: &str) -> String {
    match serde_json::from_str::<T>(text) {
        Ok(_) => panic!("{text} is read"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn structs_are_not_read_from_lists() {
    let outage = r#"["OUT-1", "eu", "2026-03-01T00:00:00Z", null, null, 0, null]"#;
    let errors = [
        json_error::<Outage>(outage),
        json_error::<Fact>(&format!(r#"{{"outage": {outage}}}"#)),
        json_error::<Incident>(r#"["INC-1", null, {}, []]"#),
        json_error::<Maintenance>(r#"["CHG-1", "eu", "2026-03-01T00:00:00Z", null, null]"#),
        json_error::<Monitoring>(r#"["MON-1", "eu", "2026-03-01T00:00:00Z", null]"#),
        json_error::<Charge>(r#"["INV-1", "hosting", "eu", "2026-03", "1.00 EUR", "recurring"]"#),
        json_error::<Event>(r#"["2026-03-01T00:00:00Z", null, "resolved"]"#),
        // The variants of enums too.
        json_error::<Event>(r#"{"at": "2026-03-01T00:00:00Z", "event": {"opened": ["P1"]}}"#),
        json_error::<Event>(
            r#"{"at": "2026-03-01T00:00:00Z", "event": {"adjusted": ["Board", "agreed", null]}}"#,
        ),
        json_error::<Adjustment>(r#"{"by": "Board", "why": "agreed", "change": {"excused": [null]}}"#),
        json_error::<AgreementTerms>(r#"["acme"]"#),
        json_error::<ServiceLevel>(r#"["uptime"]"#),
        json_error::<AvailabilityTerms>(r#"["99.9"]"#),
        json_error::<ClockTerms>("[]"),
        json_error::<Rules>("[]"),
        json_error::<CreditTerms>("[]"),
        json_error::<Band>(r#"["99", null, "10"]"#),
        json_error::<Hours>(r#"["UTC", "Mon-Fri 09:00-17:00"]"#),
        json_error::<Allowance>(r#"{"business_days": [1]}"#),
    ];
    for error in errors {
        assert!(error.starts_with(LIST), "{error}");
    }
}

#[test]
fn no_key_stands_there_twice() {
    let twice = r#"{"id": "INC-1", "labels": {"site": "north", "site": "south"}, "events": []}"#;
    assert_eq!(
        json_error::<Incident>(twice),
        "duplicate key `site` at line 1 column 50"
    );
    let twice = r#"{"id": "INC-1", "id": "INC-2", "events": []}"#;
    assert_eq!(
        json_error::<Incident>(twice),
        "duplicate field `id` at line 1 column 20"
    );
    let twice = "{\"id\": \"INC-1\", \"labels\": {\"a\u{202e}\": \"\", \"a\u{202e}\": \"\"}, \"events\": []}";
    assert!(json_error::<Incident>(twice).starts_with(r"duplicate key `a\u{202e}`"));
}

#[derive(Debug, Deserialize)]
struct Document {
    #[serde(rename = "period")]
    _period: sla::Period,
    #[serde(rename = "on")]
    on: sla::period::Date,
}

#[test]
fn dates_come_from_a_reader_of_toml_only() {
    let read: Document = toml::from_str("period = '2026-03'\non = 2026-03-01").unwrap();
    assert_eq!(read.on.to_string(), "2026-03-01");
    let table: toml::Table = toml::from_str("period = '2026-03'\non = 2026-03-01").unwrap();
    assert_eq!(table.try_into::<Document>().unwrap().on.to_string(), "2026-03-01");
    // What a reader of TOML makes of a date on the way, written into a document.
    let forged = r#"{"period": "2026-03", "on": {"$__toml_private_datetime": "2026-03-01"}}"#;
    assert_eq!(
        json_error::<Document>(forged),
        "invalid type: map, expected text in quotes, since exact values are written as text at line 1 column 28"
    );
    let value: serde_json::Value = serde_json::from_str(forged).unwrap();
    let error = serde_json::from_value::<Document>(value).unwrap_err().to_string();
    assert_eq!(
        error,
        "invalid type: map, expected text in quotes, since exact values are written as text"
    );
    for forged in [
        "period = '2026-03'\non = { \"$__toml_private_datetime\" = '2026-03-01' }",
        "period = '2026-03'\non = { day = '2026-03-01' }",
    ] {
        let error = toml::from_str::<Document>(forged)
            .unwrap_err()
            .message()
            .to_string();
        assert_eq!(error, "expected text in quotes, found a table", "{forged}");
    }
    // A text that is a name is no date at all.
    let forged = r#"{"id": {"$__toml_private_datetime": "2026-03-01"}, "events": []}"#;
    assert!(json_error::<Incident>(forged).starts_with("invalid type: map, expected a string"));
}

/// The words of a reader repeat what a document calls its fields: in part, and without hidden characters.
#[test]
fn names_that_there_are_not_are_shown_as_texts_are() {
    let long = "x".repeat(100_000);
    let error = json_error::<Monitoring>(&format!(r#"{{"{long}": 1}}"#));
    let shown = format!("{}…", "x".repeat(60));
    assert!(
        error.starts_with(&format!("unknown field `{shown}`, expected `id`, `entity`, ")),
        "{error}"
    );
    let error = json_error::<Fact>("{\"out\u{202e}age\": {}}");
    assert_eq!(
        error,
        r"expected `outage`, `charge`, `incident`, `maintenance` or `monitoring`, found `out\u{202e}age` at line 1 column 12"
    );
    let error = json_error::<Event>("{\"at\": \"2026-03-01T00:00:00Z\", \"event\": \"\u{202e}\"}");
    assert!(
        error.starts_with("expected `opened`, ") || error.contains(r"found `\u{202e}`"),
        "{error}"
    );
    let error = toml::from_str::<Hours>("zone = 'UTC'\n\"a\u{202e}\" = 1").unwrap_err();
    assert!(
        error
            .message()
            .starts_with(r"unknown field `a\u{202e}`, expected "),
        "{}",
        error.message()
    );
}

//! Statements that are read back: what was written is what is read, and nothing else is taken for one.

use serde_json::{Value, json};
use sla::{Record, Statement};

use crate::agreement::{as_of, compiled, facts, march};

fn statement() -> Statement {
    let record: Record = facts().into_iter().collect();
    compiled().statement(&record, march(), as_of()).unwrap()
}

fn error(change: impl FnOnce(&mut Value)) -> String {
    let mut document = serde_json::to_value(statement()).unwrap();
    change(&mut document);
    serde_json::from_str::<Statement>(&document.to_string())
        .unwrap_err()
        .to_string()
}

/// Also through TOML, which has no null: what is absent is not written.
#[test]
fn a_statement_reads_back_equal() {
    let statement = statement();
    let text = serde_json::to_string_pretty(&statement).unwrap();
    let read: Statement = serde_json::from_str(&text).unwrap();
    assert_eq!(read, statement);
    assert_eq!(serde_json::to_string_pretty(&read).unwrap(), text);
    assert!(!text.contains("null"), "{text}");
    let toml = toml::to_string(&statement).unwrap();
    assert_eq!(toml::from_str::<Statement>(&toml).unwrap(), statement);
    // Its arithmetic can be evaluated again without the agreement.
    assert!(read.steps.hold() && read.findings.iter().all(|finding| finding.steps.hold()));
    let credit = read.credits.first().unwrap();
    assert_eq!(
        read.steps.get(credit.step).unwrap().after.to_string(),
        credit.net.to_string()
    );
}

#[test]
fn what_is_no_statement_of_this_form_is_refused() {
    let found = error(|document| document["format"] = json!(2));
    assert!(
        found.starts_with("expected a statement of format 1, found 2"),
        "{found}"
    );
    let found = error(|document| drop(document.as_object_mut().unwrap().remove("format")));
    assert!(found.starts_with("missing field `format`"), "{found}");
    let found = error(|document| document["discount"] = json!("1.00 EUR"));
    assert!(found.starts_with("unknown field `discount`"), "{found}");
    let found = error(|document| document["findings"][0]["measured"]["percent"] = json!("100.000000000"));
    assert!(found.starts_with("expected the percentage `99."), "{found}");
    let found = error(|document| {
        let merged = document["downtime"][0]["merged"].as_array_mut().unwrap();
        let first = merged[0].clone();
        merged.push(first);
    });
    assert!(found.starts_with("expected intervals in order"), "{found}");
}

//! Agreements of the wrong shape are refused in the words that the rows of `tests/data/wrong-agreements.toml` expect.

use std::collections::BTreeSet;

use serde::Deserialize;
use sla::agreement::AgreementTerms;

const ROWS: &str = include_str!("../data/wrong-agreements.toml");

/// Words of readers that mean nothing to who writes a contract.
const JARGON: [&str; 4] = ["variant", "sequence", "newtype", "struct"];

#[derive(Deserialize)]
struct Rows {
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    why: String,
    message: String,
    document: String,
}

fn message(document: &str) -> String {
    let error = toml::from_str::<AgreementTerms>(document).expect_err("a document of the wrong shape");
    error.message().to_owned()
}

#[test]
fn wrong_agreements_are_refused_in_exact_words() {
    let rows: Rows = toml::from_str(ROWS).unwrap();
    let different: Vec<String> = rows
        .row
        .iter()
        .map(|row| (row, message(&row.document)))
        .filter(|(row, found)| row.message != *found)
        .map(|(row, found)| format!("{}\n  expected {}\n  found    {found}", row.why, row.message))
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn refusals_have_no_jargon_and_no_row_stands_twice() {
    let rows: Rows = toml::from_str(ROWS).unwrap();
    let mut seen = BTreeSet::new();
    for row in &rows.row {
        assert!(
            seen.insert(&row.document),
            "{}: the document stands twice",
            row.why
        );
        let word = JARGON.iter().find(|word| row.message.contains(*word));
        assert_eq!(word, None, "{}: {}", row.why, row.message);
    }
}

//! The golden statement as a module for wasm32: two exports, one that computes it and one that says how long it is.

use std::sync::OnceLock;

use sla::{Agreement, Record, ZoneData};
use sla::agreement::AgreementTerms;
use sla::record::Fact;

const AGREEMENT: &str = include_str!("../../golden/agreement.toml");
const RECORD: &str = include_str!("../../golden/record.jsonl");

/// The statement as JSON, or the text of what went wrong, which is no golden statement either.
fn compute() -> Result<String, Box<dyn std::error::Error>> {
    let terms: AgreementTerms = toml::from_str(AGREEMENT)?;
    let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    let facts: Result<Record, _> = RECORD.lines().map(serde_json::from_str::<Fact>).collect();
    // Without its `std` feature, chrono's error is no `std::error::Error`.
    let as_of = "2026-04-02T08:00:00Z".parse().map_err(|_| "as_of")?;
    let statement = agreement.statement(&facts?, "2026-03".parse()?, as_of)?;
    let version = statement.provenance.crate_version.clone();
    let json = serde_json::to_string_pretty(&statement)? + "\n";
    let field = |version: &str| format!("\"crate_version\": \"{version}\"");
    Ok(json.replace(&field(&version), &field("*")))
}

fn statement() -> &'static str {
    static STATEMENT: OnceLock<String> = OnceLock::new();
    STATEMENT.get_or_init(|| compute().unwrap_or_else(|error| error.to_string()))
}

/// Where the statement lies in the memory of the module.
// Unsafe only because an exported name must be unique in the module; it has no other.
#[unsafe(no_mangle)]
pub extern "C" fn statement_start() -> *const u8 {
    statement().as_ptr()
}

/// How many bytes it has.
// As above.
#[unsafe(no_mangle)]
pub extern "C" fn statement_length() -> usize {
    statement().len()
}

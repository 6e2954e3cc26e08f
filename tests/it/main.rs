//! The integration tests, one binary: laws, exact texts, rows of cases, and the rules of the house.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "tests may panic and compute freely; a wrong number fails the test that has it"
)]

mod agreement;
mod agreement_limits;
mod agreement_readings;
mod agreement_record;
mod allowances;
mod availability;
mod bank_holidays_example;
mod batch;
mod calendar;
mod calendar_edges;
mod calendar_explained;
mod calendar_flips;
mod calendar_found;
mod calendar_identity;
mod calendar_never;
mod calendar_previous;
mod calendar_rows;
mod calendar_rows_oracles;
mod calendar_terms;
mod clock;
mod clock_moments;
mod clock_oracle;
mod clock_refusals;
mod credit;
mod credit_laws;
mod explain;
mod gathered;
mod grammar;
mod holidays;
mod layers;
mod limits;
mod oracle;
mod partial_periods;
mod periods;
mod record;
mod record_readers;
mod reference;
mod statement_back;
mod statement_example;
mod statement_example_help_desk;
mod statement_example_refusals;
mod statement_example_status_page;
mod values;
mod world_laws;
mod worlds;
mod wrong_agreements;
mod zone;

//! From the published list of the United Kingdom's bank holidays to the hours of a desk.
//!
//! `cargo run -p bank_holidays -- bank-holidays.json` prints for each division when a desk in London is
//! open and when an incident of Christmas Eve is due; without a file it says where to get one. See `examples/README.md`.

#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    reason = "a program: its modules are also built into the tests, and it speaks on standard error"
)]

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

mod read;
mod report;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match report::run(&arguments, env::var_os("SLA_DATA").map(PathBuf::from)) {
        // A reader that has seen enough, such as `head`, is no failure.
        Ok(text) => match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                eprintln!("standard output: {error}");
                ExitCode::FAILURE
            }
            _ => ExitCode::SUCCESS,
        },
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

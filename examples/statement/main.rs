//! From an agreement and a record, both read from files, to the statements of its periods.
//!
//! `cargo run -p statement` prints the statements of the agreement under `examples/data`;
//! `cargo run -p statement -- --help` says what else it does. See `examples/README.md`.
//!
//! The library reads no file, no clock and no environment. This program does all of that here and in `cli`, and
//! computes everything before it prints: whatever is wrong leaves standard output empty.

#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    reason = "a program: its modules are also built into the tests, and it speaks on standard error"
)]

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod cli;
mod github_status;
mod lists;
mod locate;
mod options;
mod read;
mod rows;
mod servicenow_log;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let directories = cli::Directories {
        own: Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("data"),
        public: env::var_os("SLA_DATA").map(PathBuf::from),
    };
    match cli::run(&arguments, &directories) {
        Ok(output) => {
            eprint!("{}", output.notes);
            // A reader that has seen enough, such as `head`, is no failure.
            match io::stdout().write_all(output.text.as_bytes()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    eprintln!("standard output: {error}");
                    ExitCode::FAILURE
                }
                _ => ExitCode::SUCCESS,
            }
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(cli::REFUSED)
        }
    }
}

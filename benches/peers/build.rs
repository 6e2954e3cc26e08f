//! Tells the program which compiler built it: figures without one mean little.

use std::env;
use std::process::Command;

fn main() {
    let rustc = env::var("RUSTC").unwrap();
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    println!(
        "cargo::rustc-env=RUSTC_VERSION={}",
        String::from_utf8(version).unwrap().trim()
    );
    println!("cargo::rerun-if-changed=build.rs");
}

//! Rules of the house that a compiler does not check: layers, headings, sizes, and one place for the MSRV.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules, lowest first. A module uses only modules before it, so that there is no circle among them.
const LAYERS: &[&str] = &[
    // 1: limits, errors, texts
    "limits",
    "error",
    "text",
    "fingerprint",
    "words",
    "registry",
    // 2: values
    "time",
    "number",
    "period",
    "zone",
    // 3: steps, measurements
    "explain",
    "measure",
    // 4: service hours, facts
    "calendar",
    "record",
    // 5: what is measured
    "clock",
    "availability",
    // 6 to 9
    "level",
    "credit",
    "statement",
    "agreement",
];

/// Modules of documentation only, which may point anywhere.
const DOCS_ONLY: &[&str] = &["guide"];

/// No source file is longer.
const LINES_MAX: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with its text, sorted by path.
fn files_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The source files, as (path below `src`, text).
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let named = |(path, text): (PathBuf, String)| {
        let below = path
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        below.ends_with(".rs").then_some((below, text))
    };
    let sources: Vec<_> = files_below(&src).into_iter().filter_map(named).collect();
    assert!(sources.len() > 5, "the sources are found");
    sources
}

/// The module path of a file: `calendar/rules.rs` is `[calendar, rules]`, `calendar/mod.rs` is `[calendar]`.
fn module_path(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs");
    path.split('/').filter(|part| *part != "mod").collect()
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// The paths that follow one such as `crate::`: one, or those of a tree in braces.
fn paths_of_tree(tree: &str) -> Vec<Vec<String>> {
    let Some(group) = tree.strip_prefix('{') else {
        let name = identifier(tree);
        let below = tree[name.len()..].strip_prefix("::").map(paths_of_tree);
        let below = below.unwrap_or_else(|| vec![Vec::new()]);
        let own = (!name.is_empty()).then(|| name.to_owned());
        return below
            .into_iter()
            .map(|path| own.iter().cloned().chain(path).collect())
            .collect();
    };
    let (mut paths, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                paths.extend(paths_of_tree(group[start..index].trim_start()));
                start = index + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

/// The code without comments and without what stands in quotes, line by line, indentation kept.
fn code_lines(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let mut in_quotes = false;
        let mut previous = ' ';
        for (index, c) in line.char_indices() {
            if !in_quotes && line[index..].starts_with("//") {
                break;
            }
            if c == '"' && previous != '\\' && previous != '\'' {
                in_quotes = !in_quotes;
            }
            if !in_quotes {
                code.push(c);
            }
            previous = if previous == '\\' && c == '\\' { ' ' } else { c };
        }
        code.push('\n');
    }
    code
}

/// A path that code uses: the module from which it was named, and what follows.
type Used = (Vec<String>, Vec<String>);

/// What the code of a file uses through `crate::` and `super::`.
///
/// Inline modules are found by indentation: the sources are formatted.
fn paths_used(file: &str, text: &str) -> BTreeSet<Used> {
    let code = code_lines(text);
    let mut own: Vec<String> = module_path(file).into_iter().map(String::from).collect();
    let mut inline: Vec<usize> = Vec::new();
    let mut used = BTreeSet::new();
    let mut offset = 0;
    for line in code.split_inclusive('\n') {
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        if trimmed == "}" && inline.last() == Some(&indent) {
            inline.pop();
            own.pop();
        }
        for (at, _) in line.match_indices("crate::") {
            let part_of_name = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if !part_of_name {
                let paths = paths_of_tree(&code[offset + at + 7..]);
                used.extend(paths.into_iter().map(|path| (Vec::new(), path)));
            }
        }
        let mut rest = 0;
        while let Some(found) = line[rest..].find("super::") {
            let mut end = rest + found;
            let mut steps = 0;
            while line[end..].starts_with("super::") {
                end += 7;
                steps += 1;
            }
            let base = own[..own.len().saturating_sub(steps)].to_vec();
            let paths = paths_of_tree(&code[offset + end..]);
            used.extend(paths.into_iter().map(|path| (base.clone(), path)));
            rest = end;
        }
        let opens = trimmed
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub(super) ")
            .trim_start_matches("pub ");
        if let Some(name) = opens.strip_prefix("mod ").filter(|_| opens.ends_with('{')) {
            inline.push(indent);
            own.push(identifier(name).to_owned());
        }
        offset += line.len();
    }
    used
}

/// Which names of the crate's root the code of a file uses.
fn root_names_used(file: &str, text: &str) -> BTreeSet<String> {
    let from_root = paths_used(file, text)
        .into_iter()
        .filter(|(base, _)| base.is_empty());
    from_root
        .filter_map(|(_, path)| path.into_iter().next())
        .collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|name| *name == module)
}

/// What is wrong with the imports of one file.
fn violations(file: &str, text: &str) -> Vec<String> {
    let module = module_path(file)[0];
    if module == "lib" || DOCS_ONLY.contains(&module) {
        return Vec::new();
    }
    let Some(own) = layer(module) else {
        return vec![format!("{file}: module `{module}` has no layer")];
    };
    let judge = |name: String| match layer(&name) {
        Some(used) if used <= own => None,
        Some(_) => Some(format!("{file}: `{module}` uses `{name}`, which lies above it")),
        None => Some(format!(
            "{file}: `{name}` is no module of a layer; name it by its module"
        )),
    };
    root_names_used(file, text)
        .into_iter()
        .filter_map(judge)
        .collect()
}

#[test]
fn a_module_uses_only_what_lies_below() {
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|(file, text)| violations(file, text))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The check sees what is there: an import known to exist in each form.
    let (_, zone) = sources()
        .into_iter()
        .find(|(file, _)| file == "zone/mod.rs")
        .unwrap();
    assert!(root_names_used("zone/mod.rs", &zone).is_superset(&names(&[
        "error",
        "time",
        "text",
        "fingerprint"
    ])));
}

/// The folders of the calendar, lowest first. A folder uses only those before it, and nothing of the module they lie in.
const CALENDAR_FOLDERS: &[&str] = &["terms", "table", "compile", "ask"];

/// What is wrong with the imports of one file of the calendar's folders.
fn folder_violations(file: &str, text: &str) -> Vec<String> {
    let place = |name: &str| CALENDAR_FOLDERS.iter().position(|folder| *folder == name);
    let path = module_path(file);
    let ["calendar", folder, ..] = path.as_slice() else {
        return Vec::new();
    };
    let Some(own) = place(folder) else {
        return Vec::new();
    };
    let code = code_lines(text);
    let mut found = Vec::new();
    for (at, prefix) in code.match_indices("crate::calendar::") {
        let paths = paths_of_tree(&code[at + prefix.len()..]);
        for name in paths.iter().map(|path| path[0].as_str()) {
            if place(name).is_none_or(|used| used > own) {
                found.push(format!(
                    "{file}: `{folder}` uses `{name}`, which does not lie below it"
                ));
            }
        }
    }
    if code.contains("super::super::") {
        found.push(format!(
            "{file}: name what lies outside of `{folder}` by `crate::calendar`"
        ));
    }
    found
}

#[test]
fn the_folders_of_the_calendar_use_only_those_below() {
    let sources = sources();
    let found = sources
        .iter()
        .flat_map(|(file, text)| folder_violations(file, text));
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for folder in CALENDAR_FOLDERS {
        let prefix = format!("calendar/{folder}/");
        assert!(
            sources.iter().any(|(file, _)| file.starts_with(&prefix)),
            "{folder}"
        );
    }
    for (file, text, wrong) in [
        (
            "calendar/ask/query.rs",
            "use crate::calendar::terms::hours::Hours;",
            0,
        ),
        (
            "calendar/terms/hours.rs",
            "use crate::calendar::compile::plan::Plan;",
            1,
        ),
        (
            "calendar/terms/hours.rs",
            "use crate::calendar::{ask::calendar::Calendar, table::T};",
            2,
        ),
        ("calendar/table/pages.rs", "use crate::calendar::Calendar;", 1),
        (
            "calendar/table/pages.rs",
            "use super::super::compile::plan::Plan;",
            1,
        ),
        (
            "calendar/mod.rs",
            "use crate::calendar::ask::calendar::Calendar;",
            0,
        ),
        ("calendar/tests/look_ups.rs", "use crate::calendar::Calendar;", 0),
    ] {
        assert_eq!(folder_violations(file, text).len(), wrong, "{file}: {text}");
    }
}

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|name| String::from(*name)).collect()
}

#[test]
fn the_import_check_sees_every_form() {
    for (file, text, used) in [
        ("number.rs", "use crate::credit::Band;", &["credit"][..]),
        (
            "number.rs",
            "use crate::{\n    error::{ParseError, Problem},\n    credit::Band,\n};",
            &["credit", "error"],
        ),
        ("number.rs", "let x = crate::credit::f();", &["credit"]),
        ("number.rs", "use super::credit::Band;", &["credit"]),
        ("calendar/rules.rs", "use super::compile::Rule;", &[]),
        (
            "calendar/rules.rs",
            "use super::super::agreement::AgreementTerms;",
            &["agreement"],
        ),
        (
            "calendar/mod.rs",
            "use super::agreement::AgreementTerms;",
            &["agreement"],
        ),
        ("zone.rs", "mod tzif {\n    use super::Zone;\n}", &[]),
        (
            "zone.rs",
            "mod tzif {\n    use super::super::credit::Band;\n}",
            &["credit"],
        ),
        (
            "zone.rs",
            "mod tzif {\n    use super::Zone;\n}\nuse super::credit::Band;",
            &["credit"],
        ),
        ("number.rs", "use crate::Interval;", &["Interval"]),
        (
            "number.rs",
            "// crate::credit::Band\n/// [`crate::agreement`]\nlet x = \"crate::clock::f\";",
            &[],
        ),
        ("number.rs", "let quote = '\"'; crate::credit::f();", &["credit"]),
        ("number.rs", "mycrate::credit::f();", &[]),
    ] {
        assert_eq!(root_names_used(file, text), names(used), "{file}: {text}");
    }
    assert_eq!(
        violations("number.rs", "use crate::error::E;\nuse crate::credit::Band;"),
        ["number.rs: `number` uses `credit`, which lies above it"]
    );
    assert_eq!(violations("number.rs", "use crate::error::E;"), [""; 0]);
    assert_eq!(violations("odd.rs", ""), ["odd.rs: module `odd` has no layer"]);
    assert_eq!(
        violations("number.rs", "use crate::Interval;"),
        ["number.rs: `Interval` is no module of a layer; name it by its module"]
    );
    assert_eq!(
        violations("guide.rs", "use crate::agreement::AgreementTerms;"),
        [""; 0]
    );
}

/// The comment with which a file begins.
fn purpose(text: &str) -> String {
    text.lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_source_file_begins_with_its_purpose() {
    let mut found = Vec::new();
    for (file, text) in sources() {
        let says = |word: &str| {
            purpose(&text)
                .split_whitespace()
                .any(|said| said.eq_ignore_ascii_case(word))
        };
        if !text.starts_with("//! ") {
            found.push(format!("{file} does not begin with what it is for"));
        } else if file != "lib.rs" && !DOCS_ONLY.contains(&module_path(&file)[0]) && !says("owns") {
            found.push(format!("{file} does not say in its first comment what it owns"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_source_file_is_short() {
    let lines = |(file, text): (String, String)| (file, text.lines().count());
    let long: Vec<_> = sources()
        .into_iter()
        .map(lines)
        .filter(|(_, lines)| *lines > LINES_MAX)
        .collect();
    assert!(long.is_empty(), "more than {LINES_MAX} lines: {long:?}");
}

/// Which modules of a folder use which others of it.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The imports of files between the modules of one folder, for every folder; the crate's root is one. What a `mod.rs`
/// defines itself is part of no module below it, and not looked at.
fn uses_within_folders(sources: &[(String, String)]) -> BTreeMap<Vec<String>, Uses> {
    let module = |file: &str| -> Vec<String> { module_path(file).into_iter().map(String::from).collect() };
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|(file, _)| module(file)).collect();
    let mut folders: BTreeMap<Vec<String>, Uses> = BTreeMap::new();
    for (file, text) in sources {
        let own = module(file);
        if own == ["lib"] || DOCS_ONLY.contains(&own[0].as_str()) {
            continue;
        }
        for (base, path) in paths_used(file, text) {
            let path: Vec<String> = base.into_iter().chain(path).collect();
            let shared = own
                .iter()
                .zip(&path)
                .take_while(|(own, used)| own == used)
                .count();
            if shared < own.len() && modules.contains(path.get(..=shared).unwrap_or_default()) {
                let folder = folders.entry(own[..shared].to_vec()).or_default();
                folder
                    .entry(own[shared].clone())
                    .or_default()
                    .insert(path[shared].clone());
            }
        }
    }
    folders
}

/// What is left when modules that use none of the others are taken away, again and again: nothing, or circles and what
/// uses them.
fn circles(mut uses: Uses) -> Uses {
    loop {
        let left: BTreeSet<String> = uses.keys().cloned().collect();
        for used in uses.values_mut() {
            used.retain(|name| left.contains(name));
        }
        uses.retain(|_, used| !used.is_empty());
        if uses.len() == left.len() {
            return uses;
        }
    }
}

#[test]
fn no_modules_of_a_folder_use_each_other_in_a_circle() {
    for (folder, uses) in uses_within_folders(&sources()) {
        let circle = circles(uses);
        assert!(circle.is_empty(), "in {folder:?}: {circle:#?}");
    }
}

#[test]
fn the_circle_check_sees_circles() {
    let found = |files: &[(&str, &str)]| {
        let files = files
            .iter()
            .map(|(file, text)| (String::from(*file), String::from(*text)));
        let folders = uses_within_folders(&files.collect::<Vec<_>>());
        let in_circles = folders.into_values().flat_map(|uses| circles(uses).into_keys());
        in_circles.collect::<Vec<_>>()
    };
    for (a, b, circle) in [
        ("use super::b::B;", "use super::a::A;", &["a", "b"][..]),
        ("use crate::x::b::B;", "fn b() { super::a::f(); }", &["a", "b"]),
        ("use super::{Shared, b::B};", "use super::Shared;", &[]),
        ("use super::b::B;", "mod tests {\n    use super::B;\n}", &[]),
        (
            "use super::b::B;",
            "mod tests {\n    use super::super::a::A;\n}",
            &["a", "b"],
        ),
        ("use crate::y::Y;", "use super::a::A;", &[]),
    ] {
        let files = [
            ("x/mod.rs", "mod a;\nmod b;"),
            ("x/a.rs", a),
            ("x/b.rs", b),
            ("y.rs", ""),
        ];
        assert_eq!(found(&files), circle, "{a} {b}");
    }
    let nested = [
        ("x/mod.rs", ""),
        ("x/a/mod.rs", ""),
        ("x/a/one.rs", "use super::super::b::B;"),
        ("x/b.rs", "use super::a::one::One;"),
    ];
    assert_eq!(found(&nested), ["a", "b"]);
}

/// What the crate has one way to do, and the ways there were before.
const SUPERSEDED: &[(&str, &str)] = &[
    ("alloc::format!", "`format!`"),
    ("use alloc::format;", "`format!`, as in std"),
    ("use alloc::vec;", "`vec!`, as in std"),
    ("feature = \"serde\"", "serde, a plain dependency"),
    ("feature = \"tzif\"", "TZif, which is always there"),
];

#[test]
fn nothing_superseded_comes_back() {
    let mut found = Vec::new();
    for (file, text) in sources() {
        let came_back = SUPERSEDED.iter().filter(|(was, _)| text.contains(was));
        found.extend(came_back.map(|(was, is)| format!("{file} has `{was}`: now {is}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_minimum_rust_version_is_stated_once() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let version = manifest["package"]["rust-version"].as_str().unwrap();
    assert!(version.split('.').count() >= 2, "{version}");
    let mut read = vec![];
    for file in ["README.md", "CHANGELOG.md", "clippy.toml", "rustfmt.toml"] {
        read.extend(fs::read_to_string(root().join(file)).map(|text| (PathBuf::from(file), text)));
    }
    for folder in [".ci", "tests/no_std/src"] {
        if root().join(folder).exists() {
            read.extend(files_below(&root().join(folder)));
        }
    }
    assert!(!read.is_empty());
    for (path, text) in read {
        assert!(
            !text.contains(version),
            "{} states the Rust version again",
            path.display()
        );
        assert!(
            !text.contains("msrv ="),
            "{} states the Rust version again",
            path.display()
        );
    }
}

/// `.ci/run` reads the version where it is stated, and names no other.
#[test]
fn the_ci_script_names_no_rust_version() {
    // A published package does not carry the script.
    let Ok(script) = fs::read_to_string(root().join(".ci/run")) else {
        return;
    };
    assert!(
        script.contains("rust-version"),
        "it reads the version from Cargo.toml"
    );
    for (number, line) in script.lines().enumerate() {
        let named = line.match_indices("1.").any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + 2..].chars().next();
            !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
                && after.is_some_and(|c| c.is_ascii_digit())
        });
        assert!(!named, ".ci/run:{} names a Rust version: {line}", number + 1);
    }
}

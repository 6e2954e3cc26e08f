//! The same questions to `sla` and to the published crates beside it: answers compared, then timed.
//!
//! ```sh
//! cargo bench --manifest-path benches/peers/Cargo.toml             # less than a minute, and the build
//! cargo bench --manifest-path benches/peers/Cargo.toml -- --test   # the comparison only, on fewer inputs
//! ```
//!
//! It prints two Markdown tables. The **known differences** are cases in which the peers answer otherwise, each asserted
//! as printed (`differences.rs`): a peer's release that changes one of them is noticed. The **speeds** are nanoseconds
//! for one question, and how many times as long as `sla` needed in the same run.
//!
//! - The desk is open Mon-Fri 09:00-17:00 in New York, but for 30 holidays from 2024 to 2026.
//! - Questions start at pseudo-random instants of 2024 from a fixed seed, in no order; one in sixteen lies exactly on an
//!   opening or a close. `sla` answers 65,536 of them, so that no branch is learnt; the peers answer the first so many
//!   that the column *peers' inputs* states, which favours them.
//! - Before anything is timed, every answer that will be is compared, those of `sla` like those of the peers, with sums
//!   over the windows that ule-hours lists for each date. There are no exceptions: none of the known differences is
//!   within what is timed.
//! - Each engine is asked in its own types, which are made before. Building the calendar is not timed: `sla` compiles
//!   it into a table, the peers keep the rules.
//! - Inputs are timed in short pieces, and of each piece the fastest of several passes counts: on a busy machine a long
//!   pass would be charged with the work of others. One question that takes milliseconds still is: run it on a quiet one.
//! - The release profile is cargo's own, as a user's is.
//!
//! | known difference | who |
//! |---|---|
//! | a deadline of nothing | ule-hours: the next opening; sla, workclock: unchanged |
//! | a deadline of less than nothing | workclock goes back; ule-hours: error; sla has no such value |
//! | an interval that ends before it starts | ule-hours, workclock: negative; opening-hours: nothing; sla: error |
//! | a window that starts or ends in a gap | ule-hours, workclock: shifted by the gap; sla, opening-hours: at its end |
//! | windows before and after the end of a gap | ule-hours loses what both cover |
//! | a window that starts or ends in a fold | opening-hours: the second time, though open at both; the others: the first |
//! | the minute before a fold | opening-hours: closed in a window that spans it |
//! | windows that overlap | ule-hours: error, the others: united |
//! | a window that ends when it starts | workclock, opening-hours: 24 h; sla, ule-hours: error |
//! | seconds | opening-hours has minutes |
//! | a night that reaches into a holiday | ule-hours: stays; workclock, opening-hours: cut off; sla: must be stated |
//! | after the last known holiday | sla: error; the others: open |
//! | far away | ule-hours: stops after ten years, `between` without a word |
//! | always open | workclock: closes after 366 days |
//! | after the last known offset of the zone | sla: error; opening-hours: no daylight saving time from 2100 on |
//! | before 1900 | sla: error; opening-hours: closed |
//!
//! `autumn-web`, whose `sla` module also walks days, is left out: it is a web framework of more than 300 packages.

mod differences;
mod engines;

use std::env;
use std::fmt::Debug;
use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use engines::{Engine, OsmHours, Sla, Terms, UleHours, Workclock};
use jiff::civil::date;

const INPUTS: usize = 65_536;

/// One in so many inputs lies on an opening or a close.
const EDGE_EVERY: usize = 16;

const PASSES: usize = 7;

/// Passes of `sla`, which are short.
const PASSES_OF_SLA: usize = 25;

/// Inputs are timed in so many pieces, or one by one; where there are most, in fewer, longer than reading the time.
const PIECES: usize = 1_024;
const PIECES_OF_MOST: usize = 256;

/// With `--test`, a question gets one in so many of the peers' inputs.
const TEST_SHARE: usize = 16;

/// 2024-01-01 and 2025-01-01 in UTC, in seconds.
const YEAR_S: (i64, i64) = (1_704_067_200, 1_735_689_600);

const NANOS: i64 = 1_000_000_000;
const HOUR: i64 = 3_600 * NANOS;
const DAY: i64 = 24 * HOUR;

const DESK: Terms = Terms {
    days: "Mon-Fri",
    windows: "09:00-17:00",
    holidays: &[
        "2024-01-01",
        "2024-01-15",
        "2024-02-19",
        "2024-05-27",
        "2024-06-19",
        "2024-07-04",
        "2024-09-02",
        "2024-11-11",
        "2024-11-28",
        "2024-12-25",
        "2025-01-01",
        "2025-01-20",
        "2025-02-17",
        "2025-05-26",
        "2025-06-19",
        "2025-07-04",
        "2025-09-01",
        "2025-11-11",
        "2025-11-27",
        "2025-12-25",
        "2026-01-01",
        "2026-01-19",
        "2026-02-16",
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",
        "2026-09-07",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
    ],
    known_through: "2049-12-31",
    horizon_days: Some(10_000),
};

#[derive(Clone, Copy)]
enum Ask {
    IsOpen,
    Elapsed { over: i64 },
    Deadline { within: i64 },
}

struct Question {
    name: &'static str,
    ask: Ask,
    inputs_of_peers: usize,
}

const fn question(name: &'static str, ask: Ask, inputs_of_peers: usize) -> Question {
    Question {
        name,
        ask,
        inputs_of_peers,
    }
}

const QUESTIONS: [Question; 8] = [
    question("`is_open`", Ask::IsOpen, INPUTS),
    question("`elapsed`, 30 days", Ask::Elapsed { over: 30 * DAY }, 16_384),
    question("`elapsed`, 3 years", Ask::Elapsed { over: 1_096 * DAY }, 1_024),
    question("`elapsed`, 20 years", Ask::Elapsed { over: 7_305 * DAY }, 128),
    question("`deadline`, 8 h", Ask::Deadline { within: 8 * HOUR }, INPUTS),
    question("`deadline`, 400 h", Ask::Deadline { within: 400 * HOUR }, 16_384),
    question(
        "`deadline`, 6,000 h: 3 years",
        Ask::Deadline { within: 6_000 * HOUR },
        1_024,
    ),
    question(
        "`deadline`, 41,000 h: 20 years",
        Ask::Deadline {
            within: 41_000 * HOUR,
        },
        128,
    ),
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let timed = has("--bench") && !has("--test"); // cargo bench says `--bench`, cargo test says nothing
    differences::assert_and_print();
    let run = Run::new(timed);
    // One column each. The first is what the others are compared with.
    let columns = [
        run.column(&Sla::new(&DESK).unwrap()),
        run.column(&UleHours::new(&DESK).unwrap()),
        run.column(&Workclock::new(&DESK).unwrap()),
        run.column(&OsmHours::new(&DESK).unwrap()),
    ];
    if timed {
        print(&columns);
    } else {
        println!("Every answer agrees. Nothing was timed.");
    }
}

/// One engine's column of the table.
struct Column {
    head: String,
    notes: &'static [&'static str],
    /// Tenths of a nanosecond, for each question it has.
    cells: Vec<Option<u128>>,
}

/// The inputs, and what must be answered to them.
struct Run {
    timed: bool,
    windows: Windows,
    instants: Vec<i64>,
}

impl Run {
    fn new(timed: bool) -> Self {
        let windows = Windows::new();
        let instants = instants(&windows);
        Self {
            timed,
            windows,
            instants,
        }
    }

    /// Compares and times one engine.
    fn column<E: Engine>(&self, engine: &E) -> Column {
        let ours = E::PACKAGE == Sla::PACKAGE;
        let cell = |question: &Question| {
            let (inputs, passes) = match (self.timed, ours) {
                (true, true) => (INPUTS, PASSES_OF_SLA),
                (true, false) => (question.inputs_of_peers, PASSES),
                (false, _) => (question.inputs_of_peers / TEST_SHARE, 0),
            };
            self.cell(engine, question, &self.instants[..inputs], passes)
        };
        Column {
            head: format!("{} {}", E::NAME, version(E::PACKAGE)),
            notes: E::NOTES,
            cells: QUESTIONS.iter().map(cell).collect(),
        }
    }

    fn cell<E: Engine>(
        &self,
        engine: &E,
        question: &Question,
        instants: &[i64],
        passes: usize,
    ) -> Option<u128> {
        let windows = &self.windows;
        let what = format!("{}: {}", E::NAME, question.name);
        let from: Vec<E::At> = instants.iter().map(|at| E::at(*at)).collect();
        let count = instants.len();
        let nanos = match question.ask {
            Ask::IsOpen => {
                let mut open = vec![false; count];
                if !engine.is_open(&from, &mut open) {
                    return None;
                }
                compare(&what, instants, &open, |at| windows.is_open(at));
                best(passes, count, |piece| {
                    engine.is_open(&from[piece.clone()], black_box(&mut open[piece]));
                })
            }
            Ask::Elapsed { over } => {
                let to: Vec<E::At> = instants.iter().map(|at| E::at(at + over)).collect();
                let mut times = vec![E::time(0); count];
                if !engine.elapsed(&from, &to, &mut times) {
                    return None;
                }
                let nanos: Vec<i64> = times.iter().map(|time| E::time_nanos(*time)).collect();
                compare(&what, instants, &nanos, |at| windows.elapsed(at, at + over));
                best(passes, count, |piece| {
                    let (from, to) = (&from[piece.clone()], &to[piece.clone()]);
                    engine.elapsed(from, to, black_box(&mut times[piece]));
                })
            }
            Ask::Deadline { within } => {
                let mut due = from.clone();
                let time = E::time(within);
                if !engine.deadline(&from, time, &mut due) {
                    return None;
                }
                let nanos: Vec<i64> = due.iter().map(|due| E::at_nanos(*due)).collect();
                compare(&what, instants, &nanos, |at| windows.deadline(at, within));
                best(passes, count, |piece| {
                    engine.deadline(&from[piece.clone()], time, black_box(&mut due[piece]));
                })
            }
        };
        nanos.map(|nanos| nanos * 10 / count as u128)
    }
}

fn compare<A: Debug + PartialEq>(what: &str, instants: &[i64], answers: &[A], expected: impl Fn(i64) -> A) {
    assert!(!instants.is_empty());
    for (at, answer) in instants.iter().zip(answers) {
        assert_eq!(*answer, expected(*at), "{what}, from {}", UleHours::at(*at));
    }
}

/// The nanoseconds of all inputs, each piece of them as fast as in its fastest pass; `None` without passes.
///
/// A pass goes through all pieces, so that the inputs of one are not remembered from the pass before.
fn best(passes: usize, inputs: usize, mut answer: impl FnMut(Range<usize>)) -> Option<u128> {
    let pieces = if inputs == INPUTS { PIECES_OF_MOST } else { PIECES };
    let length = inputs.div_ceil(pieces);
    let starts: Vec<usize> = (0..inputs).step_by(length).collect();
    let mut shortest = vec![u128::MAX; starts.len()];
    for _ in 0..passes {
        for (shortest, start) in shortest.iter_mut().zip(&starts) {
            let piece = *start..inputs.min(start + length);
            let begun = Instant::now();
            answer(piece);
            *shortest = begun.elapsed().as_nanos().min(*shortest);
        }
    }
    (passes > 0).then(|| shortest.iter().sum())
}

/// The windows that ule-hours lists for each date, with the open time before each.
struct Windows {
    starts: Vec<i64>,
    ends: Vec<i64>,
    before: Vec<i64>,
}

impl Windows {
    fn new() -> Self {
        let UleHours(schedule) = UleHours::new(&DESK).unwrap();
        let mut windows = Self {
            starts: vec![],
            ends: vec![],
            before: vec![],
        };
        let mut open = 0;
        let mut day = date(2023, 12, 20);
        while day < date(2048, 1, 1) {
            for window in schedule.windows_on(day) {
                windows.starts.push(UleHours::at_nanos(window.start));
                windows.ends.push(UleHours::at_nanos(window.end));
                windows.before.push(open);
                open += UleHours::time_nanos(window.len());
            }
            day = day.tomorrow().unwrap();
        }
        windows
    }

    /// The last window that has begun.
    fn begun(&self, at: i64) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    fn is_open(&self, at: i64) -> bool {
        at < self.ends[self.begun(at)]
    }

    fn open_before(&self, at: i64) -> i64 {
        let last = self.begun(at);
        self.before[last] + at.min(self.ends[last]) - self.starts[last]
    }

    fn elapsed(&self, from: i64, to: i64) -> i64 {
        self.open_before(to) - self.open_before(from)
    }

    fn deadline(&self, from: i64, within: i64) -> i64 {
        let wanted = self.open_before(from) + within;
        let last = self.before.partition_point(|before| *before < wanted) - 1;
        self.starts[last] + wanted - self.before[last]
    }
}

/// From a generator with a fixed seed (Knuth's MMIX), to the nanosecond.
fn instants(windows: &Windows) -> Vec<i64> {
    let mut state = 42_u64;
    let mut below = |bound: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % bound
    };
    let instant = |index: usize| {
        let at = (YEAR_S.0 + below(YEAR_S.1 - YEAR_S.0)) * NANOS + below(NANOS);
        match index % (2 * EDGE_EVERY) {
            0 => windows.starts[windows.begun(at)],
            EDGE_EVERY => windows.ends[windows.begun(at)],
            _ => at,
        }
    };
    (0..INPUTS).map(instant).collect()
}

/// The version of a package in the lock file.
fn version(package: &str) -> &'static str {
    let lock = include_str!("Cargo.lock");
    let entry = lock
        .split("[[package]]")
        .find(|entry| entry.contains(&format!("name = \"{package}\"\n")));
    let version = entry
        .unwrap()
        .lines()
        .find_map(|line| line.strip_prefix("version = "));
    version.unwrap().trim_matches('"')
}

fn print(columns: &[Column]) {
    let heads: Vec<&str> = columns.iter().map(|column| column.head.as_str()).collect();
    println!("| ns for one question | {} | peers' inputs |", heads.join(" | "));
    println!("|---|{}---:|", "---:|".repeat(columns.len()));
    for (row, question) in QUESTIONS.iter().enumerate() {
        let ours = columns[0].cells[row].unwrap();
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(column.cells[row], ours))
            .collect();
        println!(
            "| {} | {} | {} |",
            question.name,
            cells.join(" | "),
            grouped(question.inputs_of_peers as u128)
        );
    }
    println!();
    println!(
        "{}, `cargo bench`, one thread, {} inputs of sla.",
        env!("RUSTC_VERSION"),
        grouped(INPUTS as u128)
    );
    println!("In parentheses: how many times as long as sla. `-`: the engine has no such question.");
    for column in columns {
        for note in column.notes {
            println!("- {}: {note}.", column.head);
        }
    }
}

/// `37.4` or `8,390 (224×)`.
fn cell(tenths: Option<u128>, ours: u128) -> String {
    match tenths {
        None => "-".to_owned(),
        Some(tenths) if tenths == ours => short(tenths),
        Some(tenths) => format!("{} ({}×)", short(tenths), short(tenths * 10 / ours)),
    }
}

/// A number given in tenths, which are shown below a hundred.
fn short(tenths: u128) -> String {
    if tenths < 1_000 {
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        grouped((tenths + 5) / 10)
    }
}

fn grouped(number: u128) -> String {
    if number < 1_000 {
        number.to_string()
    } else {
        format!("{},{:03}", grouped(number / 1_000), number % 1_000)
    }
}

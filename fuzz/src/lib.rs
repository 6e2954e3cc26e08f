//! What the fuzz targets share: bounds on what a document may cost, zone data, and questions to a calendar.
//!
//! Owns how much processor time and memory a stage of a target may take. Time is that of the thread, so that a busy
//! machine finds nothing that a quiet one does not; memory is what is in use beyond what was in use before the stage.
//! Both are far above the law of the design (a document under 10 KB stays under 100 ms and 50 MB, or meets a named
//! limit), since a fuzzed build is slower than a plain one: what exceeds them breaks the law by far.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sla::{Calendar, WorkingTime, ZoneData};

const STAGE_TIME_MAX: Duration = Duration::from_secs(1);
const STAGE_BYTES_MAX: i64 = 100 << 20;

static IN_USE: AtomicI64 = AtomicI64::new(0);
static LIMIT: AtomicI64 = AtomicI64::new(i64::MAX);

struct Bounded;

/// For one thread, as a target is.
fn count(bytes: i64) {
    let in_use = IN_USE.load(Relaxed) + bytes;
    IN_USE.store(in_use, Relaxed);
    if in_use > LIMIT.load(Relaxed) {
        LIMIT.store(i64::MAX, Relaxed); // the words below need memory, too
        eprintln!("the stage needs more than {} MB", STAGE_BYTES_MAX >> 20);
        process::abort();
    }
}

// SAFETY: every call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as i64 - layout.size() as i64);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Bounded = Bounded;

/// The processor time that the thread has used.
fn thread_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes to the structure that it is given, and to nothing else.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Does one stage of the work on an input.
///
/// # Panics
///
/// If it takes too long. It aborts as soon as it needs too much memory.
pub fn stage<T>(name: &str, work: impl FnOnce() -> T) -> T {
    LIMIT.store(IN_USE.load(Relaxed) + STAGE_BYTES_MAX, Relaxed);
    let start = thread_time();
    let done = work();
    let spent = thread_time() - start;
    LIMIT.store(i64::MAX, Relaxed);
    assert!(spent <= STAGE_TIME_MAX, "{name}: {spent:?}");
    done
}

/// The zones of chrono-tz, read once.
pub fn zones() -> &'static ZoneData {
    static ZONES: OnceLock<ZoneData> = OnceLock::new();
    ZONES.get_or_init(ZoneData::bundled)
}

/// The instants that lines such as `# at 2026-03-29T01:00:00Z` name, at most four: what a document is asked about.
pub fn asked_at(document: &str) -> impl Iterator<Item = DateTime<Utc>> {
    let named = document.lines().filter_map(|line| line.strip_prefix("# at "));
    named.filter_map(|at| at.trim().parse().ok()).take(4)
}

/// Whether a character moves, hides or overprints what stands beside it in a terminal.
fn is_treacherous(c: char) -> bool {
    let invisible =
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let turning = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    invisible || turning || (c.is_control() && c != '\n')
}

/// What is shown of an error, or of a statement, fits a screen or some and leaves a terminal as it is, whatever a document
/// names.
pub fn shown(value: &impl std::fmt::Display) -> String {
    let mut text = String::new();
    write!(text, "{value}").unwrap();
    assert!(text.len() <= 200_000, "{} bytes are shown", text.len());
    assert!(!text.contains(is_treacherous), "{text:?}");
    text
}

/// Asks a calendar everything about an instant. Answers may be errors; those that are not must fit together.
pub fn ask(calendar: &Calendar, at: DateTime<Utc>) {
    let open = stage("is_open", || calendar.is_open(at));
    let next = stage("next_open", || calendar.next_open(at));
    if let (Ok(true), Ok(next)) = (&open, &next) {
        assert_eq!(*next, at, "open is the next opening");
    }
    let _ = stage("next_close", || calendar.next_close(at));
    previous(calendar, at);
    for within in [0, 1, 3_600, 400 * 3_600] {
        let within = WorkingTime::seconds(within);
        let due = stage("deadline", || calendar.deadline(at, within));
        let Ok(due) = due else { continue };
        assert!(due >= at);
        assert_eq!(calendar.elapsed(at, due), Ok(within), "{at} to {due}");
        let _ = stage("next_action", || calendar.next_action(at, within));
        if let Ok(start) = stage("latest_start", || calendar.latest_start(due, within)) {
            assert_eq!(calendar.elapsed(start, due), Ok(within), "{start} to {due}");
        }
    }
    days(calendar, at);
    explain(calendar, at);
}

fn previous(calendar: &Calendar, at: DateTime<Utc>) {
    if let Ok(open) = stage("previous_open", || calendar.previous_open(at)) {
        assert!(open <= at);
        assert_eq!(calendar.next_open(open), Ok(open), "an opening is open");
    }
    if let Ok(close) = stage("previous_close", || calendar.previous_close(at)) {
        assert!(close <= at);
        assert_eq!(calendar.next_close(close), Ok(close), "a close is closed");
    }
    if let Ok(mut stretches) = stage("open_before", || calendar.open_before(at)) {
        assert!(!matches!(stretches.next(), Some(Ok(last)) if last.end() > at));
    }
}

fn days(calendar: &Calendar, at: DateTime<Utc>) {
    let date = at.date_naive();
    let _ = stage("holiday_on", || calendar.holiday_on(date));
    let _ = stage("is_business_day", || calendar.is_business_day(date));
    let _ = stage("day_length", || calendar.day_length(date));
    for days in [0, 1, 250] {
        let after = stage("add_business_days", || calendar.add_business_days(date, days));
        let next = |date: NaiveDate| date.succ_opt().unwrap();
        if let Ok(after) = after
            && let Ok(counted) = calendar.business_days_between(next(date), next(after))
        {
            assert_eq!(counted, days, "after {date} to {after}");
        }
        let _ = stage("subtract_business_days", || {
            calendar.subtract_business_days(date, days)
        });
    }
}

/// An explanation of 60 days has no gap, and agrees with what it explains.
fn explain(calendar: &Calendar, at: DateTime<Utc>) {
    let Some((from, until)) = at
        .checked_sub_signed(TimeDelta::days(30))
        .zip(at.checked_add_signed(TimeDelta::days(30)))
    else {
        return;
    };
    let explain = || calendar.explain(from, until).map(Iterator::collect::<Vec<_>>);
    let stretches = stage("explain", explain);
    let Ok(stretches) = stretches else { return };
    let mut reached = from;
    let mut open = TimeDelta::zero();
    for stretch in &stretches {
        assert_eq!(stretch.interval.start(), reached, "no gap");
        reached = stretch.interval.end();
        if stretch.is_open() {
            open += reached - stretch.interval.start();
        }
    }
    assert_eq!(reached, until);
    let elapsed = calendar.elapsed(from, until).unwrap().as_nanoseconds();
    assert_eq!(
        open.num_nanoseconds(),
        Some(elapsed as i64),
        "open time is what passes"
    );
}

//! Service hours: the laws that hold however rules are chosen.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use sla::calendar::{StretchReason, Weekly};
use sla::error::QueryError;
use sla::{Hours, WorkingTime};

use crate::calendar_rows::at;
use crate::oracle::{DAY_S, DayWalker, Line, PerSecond, Rules};

/// Zones, and an instant near which their clocks do something.
const PLACES: [(&str, &str); 14] = [
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2025-10-26T01:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/Havana", "2025-03-09T05:00:00Z"),
    ("America/Havana", "2025-11-02T05:00:00Z"),
    ("Europe/Dublin", "2026-03-29T01:00:00Z"),
    ("America/Sao_Paulo", "2017-10-15T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    ("+05:30", "2026-01-01T00:00:00Z"),
    ("UTC", "2026-01-01T00:00:00Z"),
];

/// Rules, and the instant near which they are asked.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) near: DateTime<Utc>,
}

impl World {
    /// An instant so many nanoseconds from the one of interest.
    fn instant(&self, nanos: i64) -> DateTime<Utc> {
        self.near + Duration::nanoseconds(nanos)
    }

    fn date(&self, day: i64) -> NaiveDate {
        (self.near + Duration::days(day)).date_naive()
    }
}

fn window() -> impl Strategy<Value = (i64, i64)> {
    let quarters = (0_i64..96, 1_i64..96).prop_map(|(start, length)| (start * 900, (start + length) * 900));
    let seconds = (0_i64..DAY_S, 1_i64..DAY_S).prop_map(|(start, length)| (start, start + length));
    // Around midnight and the hours in which clocks change.
    let night = (-7_200_i64..7_200, 1_i64..7_200)
        .prop_map(|(start, length)| (start.rem_euclid(DAY_S), start.rem_euclid(DAY_S) + length));
    prop_oneof![quarters, seconds, night, Just((0, DAY_S))]
}

fn line() -> impl Strategy<Value = Line> {
    (1_u8..128, vec(window(), 1..4)).prop_map(|(days, windows)| Line {
        days: std::array::from_fn(|day| days >> day & 1 == 1),
        windows,
        ..Line::default()
    })
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let parts = (
        0..PLACES.len(),
        vec(line(), 1..4),
        vec(-4_i64..5, 0..4),
        any::<bool>(),
    );
    parts.prop_map(|(place, lines, holidays, masks)| {
        let (zone, near) = (PLACES[place].0.to_owned(), at(PLACES[place].1));
        let rules = Rules {
            zone,
            lines,
            holidays: Vec::new(),
            masks,
            known_through: None,
            ..Rules::default()
        };
        let mut world = World { rules, near };
        world.rules.holidays = holidays.into_iter().map(|day| world.date(day)).collect();
        world.rules.holidays.sort_unstable();
        world.rules.holidays.dedup();
        world.rules.known_through = Some(world.date(60));
        world
    })
}

/// Nanoseconds from the instant of interest: up to three days, whole seconds or not.
fn offset() -> impl Strategy<Value = i64> {
    let nanos = 3 * DAY_S * 1_000_000_000;
    prop_oneof![
        (-3 * DAY_S..3 * DAY_S).prop_map(|s| s * 1_000_000_000),
        -nanos..nanos
    ]
}

/// Two of them in order.
fn span() -> impl Strategy<Value = (i64, i64)> {
    (offset(), offset()).prop_map(|(one, other)| (one.min(other), one.max(other)))
}

/// Working time up to two days, whole minutes or not.
fn within() -> impl Strategy<Value = WorkingTime> {
    prop_oneof![
        (0_u64..2_880).prop_map(WorkingTime::minutes),
        (0..172_800_000_000_000_u64).prop_map(WorkingTime::nanoseconds),
    ]
}

const NANOSECOND: Duration = Duration::nanoseconds(1);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn agrees_with_every_second(world in world(), spans in vec(span(), 1..8), within in within()) {
        let calendar = world.rules.compile();
        let (first, last) = (world.near.timestamp() - 3 * DAY_S, world.near.timestamp() + 3 * DAY_S + 1);
        let oracle = PerSecond::new(&world.rules, first, last);
        for (from, to) in spans.into_iter().map(|(from, to)| (world.instant(from), world.instant(to))) {
            prop_assert_eq!(calendar.is_open(from).unwrap(), oracle.is_open(from));
            prop_assert_eq!(calendar.elapsed(from, to).unwrap().as_nanoseconds(), oracle.elapsed_nanos(from, to));
            if let Some(due) = oracle.deadline(from, within.as_nanoseconds()) {
                prop_assert_eq!(calendar.deadline(from, within).unwrap(), due);
            }
            if let Some(open) = oracle.next(from, true) {
                prop_assert_eq!(calendar.next_open(from).unwrap(), open);
            }
            if let Some(close) = oracle.next(from, false) {
                prop_assert_eq!(calendar.next_close(from).unwrap(), close);
            }
        }
        // Chance seldom meets a boundary, so each is asked about by itself.
        let (from, to) = (world.near - Duration::days(3), world.near + Duration::days(3));
        for window in calendar.open_within(from, to).unwrap().iter().take(12) {
            prop_assert!(oracle.is_open(window.start()) && calendar.is_open(window.start()).unwrap());
            let ends = window.end() < to;
            prop_assert!(!(ends && (oracle.is_open(window.end()) || calendar.is_open(window.end()).unwrap())));
            let until_close = calendar.elapsed(from, window.end()).unwrap();
            let due = oracle.deadline(from, until_close.as_nanoseconds());
            prop_assert_eq!(calendar.deadline(from, until_close).ok(), due);
        }
    }

    #[test]
    fn walker_agrees_with_every_second(world in world(), (from, to) in span()) {
        let (from, to) = (world.instant(from), world.instant(to));
        let oracle = PerSecond::new(&world.rules, from.timestamp(), to.timestamp() + 1);
        let walker = DayWalker::new(&world.rules);
        prop_assert_eq!(walker.elapsed_nanos(from, to), oracle.elapsed_nanos(from, to));
    }
}

proptest! {
    // The walker asks for some hundred offsets for each window of each day.
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn agrees_with_walker_over_years(world in world(), from in offset(), days in 0_i64..800) {
        let mut rules = world.rules.clone();
        rules.known_through = Some(world.date(1_000));
        let (calendar, walker) = (rules.compile(), DayWalker::new(&rules));
        let from = world.instant(from);
        let to = from + Duration::days(days);
        let elapsed = calendar.elapsed(from, to).unwrap();
        prop_assert_eq!(elapsed.as_nanoseconds(), walker.elapsed_nanos(from, to));
        if elapsed > WorkingTime::ZERO {
            let due = walker.deadline(from, elapsed.as_nanoseconds(), days + 3).unwrap();
            prop_assert_eq!(calendar.deadline(from, elapsed).unwrap(), due);
        }
    }
}

/// Far over the weeks that a page is kept for, in both directions.
#[test]
fn agrees_with_walker_over_twenty_years() {
    let slots = "Mon-Sun 00:15-00:30,01:45-02:15,06:00-06:15,12:00:01-12:00:02,18:00-18:15,23:45-00:10";
    for (zone, weekly) in [
        ("America/New_York", "Mon-Fri 09:00-17:00"),
        ("Australia/Lord_Howe", "Mon-Fri 09:00-17:00"),
        ("Europe/Paris", slots),
        ("Pacific/Apia", "Sat 22:00-21:00"),
    ] {
        let rules = Rules {
            zone: zone.to_owned(),
            lines: vec![Line::read(weekly)],
            holidays: (0..60)
                .map(|month| at("2008-01-07T00:00:00Z").date_naive() + Duration::days(31 * month))
                .collect(),
            masks: zone == "Pacific/Apia",
            known_through: Some("2039-12-31".parse().unwrap()),
            ..Rules::default()
        };
        let (calendar, walker) = (rules.compile(), DayWalker::new(&rules));
        for from in ["2008-01-04T21:59:59.5Z", "2011-12-29T12:00:00.000000001Z"].map(at) {
            let to = from + Duration::days(20 * 365) + Duration::nanoseconds(7);
            let elapsed = calendar.elapsed(from, to).unwrap();
            assert_eq!(elapsed.as_nanoseconds(), walker.elapsed_nanos(from, to), "{zone}");
            let due = walker.deadline(from, elapsed.as_nanoseconds(), 20 * 365 + 10);
            assert_eq!(calendar.deadline(from, elapsed).ok(), due, "{zone}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn deadline_is_the_earliest(world in world(), from in offset(), within in within()) {
        let (calendar, from) = (world.rules.compile(), world.instant(from));
        let due = match calendar.deadline(from, within) {
            Ok(due) => due,
            // Rules may leave fewer hours than asked for until holidays run out.
            Err(error) => {
                let beyond = matches!(error, QueryError::BeyondCoverage { .. });
                prop_assert!(beyond);
                return Ok(());
            }
        };
        prop_assert_eq!(calendar.elapsed(from, due).unwrap(), within);
        if within > WorkingTime::ZERO {
            prop_assert!(calendar.elapsed(from, due - NANOSECOND).unwrap() < within);
        } else {
            prop_assert_eq!(due, from);
        }
    }

    #[test]
    fn adding_twice_is_adding_the_sum(world in world(), from in offset(), a in within(), b in within()) {
        let (calendar, from) = (world.rules.compile(), world.instant(from));
        let twice = calendar.deadline(from, a).and_then(|due| calendar.deadline(due, b));
        // Landing on a close or on the opening after it are the same for what follows, but not for nothing at all.
        let once = calendar.deadline(from, a.saturating_add(b));
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn elapsed_is_additive_monotone_and_at_most_wall_time(world in world(), mut offsets in vec(offset(), 3)) {
        offsets.sort_unstable();
        let calendar = world.rules.compile();
        let [a, b, c] = [0, 1, 2].map(|index| world.instant(offsets[index]));
        let elapsed = |from, to| calendar.elapsed(from, to).unwrap();
        prop_assert_eq!(elapsed(a, b).saturating_add(elapsed(b, c)), elapsed(a, c));
        prop_assert!(elapsed(a, b) <= elapsed(a, c));
        prop_assert!(i128::from(elapsed(a, c).as_nanoseconds()) <= crate::oracle::nanos(c) - crate::oracle::nanos(a));
    }

    #[test]
    fn always_open_is_wall_time(place in 0..PLACES.len(), (from, to) in span()) {
        let (zone, near) = PLACES[place];
        let calendar = Hours::in_zone(zone).weekly("24x7").compile().unwrap();
        let (from, to) = (at(near) + Duration::nanoseconds(from), at(near) + Duration::nanoseconds(to));
        let wall = (to - from).num_nanoseconds().unwrap() as u64;
        prop_assert_eq!(calendar.elapsed(from, to).unwrap(), WorkingTime::nanoseconds(wall));
        prop_assert_eq!(calendar.deadline(from, WorkingTime::nanoseconds(wall)).unwrap(), to);
        prop_assert_eq!(calendar.next_close(from), Err(QueryError::NeverCloses));
        prop_assert_eq!(calendar.open_within(from, to).unwrap().len(), usize::from(wall > 0));
    }

    #[test]
    fn windows_agree_with_points(world in world(), (from, to) in span()) {
        let (calendar, from, to) = (world.rules.compile(), world.instant(from), world.instant(to));
        let open = calendar.open_within(from, to).unwrap();
        let second = Duration::seconds(1);
        for boundary in open.iter().flat_map(|window| [window.start(), window.end()]) {
            for at in [boundary - second, boundary - NANOSECOND, boundary, boundary + second] {
                if from <= at && at < to {
                    prop_assert_eq!(calendar.is_open(at).unwrap(), open.contains(at));
                }
            }
        }
        prop_assert_eq!(open.total().as_nanoseconds(), calendar.elapsed(from, to).unwrap().as_nanoseconds());
    }

    #[test]
    fn splitting_a_window_changes_nothing(world in world(), (from, to) in span(), part in 1_i64..1_000) {
        let (from, to) = (world.instant(from), world.instant(to));
        // A part after midnight would belong to the next day, where a holiday may tell them apart.
        let mut whole = world.rules;
        whole.lines.truncate(2); // Twice the windows must stay within the limit.
        whole.lines.iter_mut().flat_map(|line| &mut line.windows).for_each(|window| window.1 = window.1.min(DAY_S));
        let mut split = whole.clone();
        for line in &mut split.lines {
            let parts = line.windows.iter().flat_map(|(start, end)| {
                let middle = start + ((end - start) * part / 1_000).max(1).min(end - start);
                [(*start, middle), (middle, *end)]
            });
            line.windows = parts.filter(|(start, end)| start < end).collect();
        }
        let open = whole.compile().open_within(from, to);
        prop_assert_eq!(split.compile().open_within(from, to), open);
    }

    #[test]
    fn shifting_everything_shifts_the_answers(
        mut world in world(), (from, to) in span(), within in within(), minutes in -720_i64..=720,
    ) {
        let (from, to) = (world.instant(from), world.instant(to));
        world.rules.zone = "UTC".to_owned();
        let mut shifted = world.rules.clone();
        // East of UTC, everything happens earlier.
        let (sign, east) = (if minutes < 0 { '+' } else { '-' }, minutes.abs());
        shifted.zone = format!("{sign}{:02}:{:02}", east / 60, east % 60);
        let (calendar, other, by) = (world.rules.compile(), shifted.compile(), Duration::minutes(minutes));
        prop_assert_eq!(calendar.is_open(from), other.is_open(from + by));
        prop_assert_eq!(calendar.elapsed(from, to), other.elapsed(from + by, to + by));
        let due = calendar.deadline(from, within).map(|due| due + by);
        prop_assert_eq!(due, other.deadline(from + by, within));
    }

    #[test]
    fn explanation_covers_and_sums(world in world(), (from, to) in span()) {
        let (calendar, from, to) = (world.rules.compile(), world.instant(from), world.instant(to));
        let stretches: Vec<_> = calendar.explain(from, to).unwrap().collect();
        let mut reached = from;
        for stretch in &stretches {
            prop_assert_eq!(stretch.interval.start(), reached);
            prop_assert!(!stretch.interval.is_empty());
            prop_assert_eq!(calendar.is_open(reached).unwrap(), stretch.is_open());
            reached = stretch.interval.end();
        }
        prop_assert_eq!(reached, to);
        let open: sla::time::IntervalSet =
            stretches.iter().filter(|stretch| stretch.is_open()).map(|stretch| stretch.interval).collect();
        prop_assert_eq!(open, calendar.open_within(from, to).unwrap());
        // What the holidays cost is what the calendar has without them.
        let mut without = world.rules;
        without.holidays.clear();
        let lost = stretches.iter().filter(|stretch| matches!(stretch.reason, StretchReason::Holiday { .. }));
        let lost = lost.fold(0, |sum, stretch| sum + stretch.interval.length().as_nanoseconds());
        let (with, without) = (calendar.elapsed(from, to), without.compile().elapsed(from, to));
        prop_assert_eq!(with.unwrap().as_nanoseconds() + lost, without.unwrap().as_nanoseconds());
    }

    #[test]
    fn weekly_text_is_kept(line in line()) {
        let weekly: Weekly = line.text().parse().unwrap();
        prop_assert_eq!(weekly.to_string().parse(), Ok(weekly));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[ -~]{0,40}|(Mon|Tue|24x7|-|,| |[0-9]{2}|:|é){0,12}") {
        if let Ok(weekly) = text.parse::<Weekly>() {
            prop_assert_eq!(weekly.to_string().parse(), Ok(weekly));
        }
    }

    #[test]
    fn terms_survive_text(world in world()) {
        let hours = world.rules.hours();
        let toml_text = toml::to_string(&hours).unwrap();
        prop_assert_eq!(&toml::from_str::<Hours>(&toml_text).unwrap(), &hours);
        let json_text = serde_json::to_string(&hours).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Hours>(&json_text).unwrap(), &hours);
    }
}

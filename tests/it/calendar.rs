//! Service hours: the laws that hold however rules are chosen, and the words of the problems.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use sla::{Calendar, Hours, OvernightOnHoliday, QueryError, StretchReason, Weekly, WorkingTime};

use crate::calendar_rows::at;
use crate::oracle::{DAY_S, DayWalker, Line, PerSecond, Rules, instant};

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
            known_until: None,
            ..Rules::default()
        };
        let mut world = World { rules, near };
        world.rules.holidays = holidays.into_iter().map(|day| world.date(day)).collect();
        world.rules.holidays.sort_unstable();
        world.rules.holidays.dedup();
        world.rules.known_until = Some(world.date(60));
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
        rules.known_until = Some(world.date(1_000));
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
            known_until: Some("2039-12-31".parse().unwrap()),
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
        let stretches = calendar.explain(from, to).unwrap();
        let mut reached = from;
        for stretch in &stretches {
            prop_assert_eq!(stretch.interval.start(), reached);
            prop_assert!(!stretch.interval.is_empty());
            prop_assert_eq!(calendar.is_open(reached).unwrap(), stretch.is_open());
            reached = stretch.interval.end();
        }
        prop_assert_eq!(reached, to);
        let open: sla::IntervalSet =
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

#[test]
fn weekly_text_is_canonical() {
    for (text, canonical) in [
        ("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
        ("Fri,Mon,Wed 09:00-17:00", "Mon,Wed,Fri 09:00-17:00"),
        ("Fri-Mon 22:00:00-06:00:30", "Fri-Mon 22:00-06:00:30"),
        ("Sat,Sun 00:00-24:00:00", "Sat,Sun 00:00-24:00"),
        ("Wed,Fri-Sun,Mon 18:00-00:00", "Wed,Fri-Mon 18:00-24:00"),
        ("Mon-Sun 00:00-24:00", "24x7"),
        ("Mon-Sun 08:00-20:00", "Mon-Sun 08:00-20:00"),
        ("24x7", "24x7"),
    ] {
        assert_eq!(text.parse::<Weekly>().unwrap().to_string(), canonical);
    }
}

#[test]
fn weekly_text_that_is_refused() {
    let window = "a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`";
    let equal = "a window that ends at another time than it starts (`00:00-24:00` is a whole day)";
    let days = "weekdays such as `Mon-Fri` or `Mon,Wed,Fri`";
    let validity =
        "dates such as `from 2026-04-01`, `until 2026-09-30` or `from 2026-04-01 until 2026-09-30`";
    let whole = "weekdays and windows such as `Mon-Fri 09:00-17:00`, or `24x7`";
    for (text, expected, found) in [
        ("", whole, ""),
        ("Mon", whole, "Mon"),
        ("24x7 ", validity, ""),
        ("24x7 since 2026-01-01", validity, "since 2026-01-01"),
        (
            "Mon 09:00-17:00 until 2026-01-01 from 2026-01-01",
            validity,
            "until 2026-01-01 from 2026-01-01",
        ),
        (
            "Mon 09:00-17:00 from 2026-01-02 until 2026-01-01",
            validity,
            "from 2026-01-02 until 2026-01-01",
        ),
        ("mon 09:00-17:00", days, "mon"),
        ("Monday 09:00-17:00", days, "Monday"),
        ("Mon-Mon 09:00-17:00", days, "Mon-Mon"),
        ("Mon, Tue 09:00-17:00", days, "Mon,"),
        ("Mon  09:00-17:00", window, ""),
        ("Mon 9:00-17:00", window, "9:00-17:00"),
        ("Mon 09:00-24:01", window, "09:00-24:01"),
        ("Mon 24:00-02:00", window, "24:00-02:00"),
        ("Mon 09:00-17:60", window, "09:00-17:60"),
        ("Mon 09:00:00:00-17:00", window, "09:00:00:00-17:00"),
        ("Mon 09:00-12:00,", window, ""),
        ("Mon 09:00-09:00", equal, "09:00-09:00"),
        ("Mon 24:00-24:00", equal, "24:00-24:00"),
    ] {
        let error = text.parse::<Weekly>().unwrap_err();
        assert_eq!(error.to_string(), format!("expected {expected}, found `{found}`"));
    }
    let long = format!("Mon 09:00-10:00{}", ",09:00-10:00".repeat(130));
    assert!(
        long.parse::<Weekly>()
            .unwrap_err()
            .to_string()
            .starts_with("expected weekdays and windows of at most 1500")
    );
}

#[track_caller]
fn assert_problems(hours: &Hours, expected: &[&str]) {
    let problems = hours.compile().unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_problem_at_once() {
    let hours = Hours::in_zone("Europe/Pariss")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Mon-Fri 9-17")
        .holiday("2026-02-30", "Leap")
        .holiday("2026-12-25", "Christmas")
        .holiday("2027-01-01", "")
        .holiday("2026-12-25", "Boxing Day")
        .known_until("2026-12-31");
    assert_problems(
        &hours,
        &[
            "zone: expected a zone of the zone data, found `Europe/Pariss`",
            "weekly[1]: expected a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`, found `9-17`",
            "holidays[0].on: expected a date such as `2026-12-25`, or a rule such as `12-25`, `4th Thu of Nov`, `last Mon of May`, \
             `easter -2`, `orthodox easter +1`, `Mon before 05-25`, with `since 2021`, `until 2030` or `in 2025,2027` \
             after it if need be, found `2026-02-30`",
            "holidays[2].name: expected from 1 to 200 bytes, found 0",
            "holidays[2].on: expected a date until 2026-12-31 (`known_until`), found 2027-01-01",
            "holidays[3].on: 2026-12-25 is also the date of `holidays[1]`",
            "overnight_on_holiday: expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
             since there are holidays or overrides, and windows over midnight",
        ],
    );
}

#[test]
fn problems_of_what_is_missing() {
    assert_problems(
        &Hours::in_zone("UTC"),
        &["weekly: expected at least one window, found none"],
    );
    assert_problems(
        &Hours::always().holiday("2026-12-25", "Christmas"),
        &[
            "known_until: expected the last date for which holidays are known, since there are holidays by single dates",
        ],
    );
    assert_problems(
        &Hours::always().known_until("soon"),
        &["known_until: expected a date from 1900 to 2199, such as `2026-04-03`, found `soon`"],
    );
    let problems = Hours::in_zone("Paris, France")
        .weekly("24x7")
        .check()
        .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "zone: expected a time zone such as `Europe/Paris`, `UTC` or `+05:30`, found `Paris, France`"
    );
}

#[test]
fn limits_hold() {
    let window = "Tue 09:00-10:00";
    let at_most = (0..96).fold(Hours::in_zone("UTC"), |hours, _| hours.weekly(window));
    assert!(at_most.check().is_ok());
    assert_problems(
        &at_most.weekly(window),
        &["weekly: expected at most 96 windows on a weekday, found 97"],
    );
    let mut hours = Hours::always().known_until("2199-12-31");
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    for date in first.iter_days().take(10_001) {
        hours = hours.holiday(&date.to_string(), "Holiday");
    }
    assert_problems(&hours, &["holidays: expected at most 10000, found 10001"]);
    hours.holidays.pop();
    assert!(hours.compile().is_ok());
}

#[test]
fn documents_are_strict() {
    let read = |text: &str| toml::from_str::<Hours>(text).map_err(|error| error.message().to_owned());
    let bare_dates = "zone = 'UTC'\nweekly = ['24x7']\nknown_until = 2026-12-31\n";
    assert_eq!(read(bare_dates), Ok(Hours::always().known_until("2026-12-31")));
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['24x7']\nholiday = []\n").unwrap_err(),
        "unknown field `holiday`, expected one of \
         `zone`, `local_time`, `weekly`, `seasons`, `holidays`, `known_from`, `known_until`, `beyond_known`, `overnight_on_holiday`, \
         `overrides`, `added`, `removed`"
    );
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['Mon 9-17']\n").unwrap_err(),
        "expected a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`, found `9-17`"
    );
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['Mon 09:00-17:00']\novernight_on_holiday = 'both'").unwrap_err(),
        "unknown variant `both`, expected `shift_belongs_to_start_day` or `holiday_masks_local_day`"
    );
}

#[test]
fn dates_and_offsets_are_digits() {
    for date in [
        "2026- 4-03",
        "+2026-4-03",
        "2026-04- 3",
        "2026-4-003",
        "20260-4-03",
        "2026/04/03",
        "٢٠٢٦",
    ] {
        assert!(date.parse::<sla::Date>().is_err(), "{date}");
    }
    for zone in ["++5:30", "+05:+3", "+5:30", "+05:60", "+26:01", "utc"] {
        assert!(sla::ZoneData::bundled().zone(zone).is_err(), "{zone}");
    }
}

#[test]
fn overnight_choice_is_free_without_need() {
    for choice in [
        OvernightOnHoliday::ShiftBelongsToStartDay,
        OvernightOnHoliday::HolidayMasksLocalDay,
    ] {
        assert!(Hours::always().overnight_on_holiday(choice).compile().is_ok());
    }
}

#[test]
fn explanation_names_lines_and_holidays() {
    let desk = Hours::in_zone("America/New_York")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Thu 05:00-08:00")
        .holiday("2026-11-27", "Day after Thanksgiving")
        .known_until("2026-12-31")
        .overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay)
        .compile()
        .unwrap();
    let stretches = desk
        .explain(at("2026-11-26T06:00:00Z"), at("2026-11-28T12:00:00Z"))
        .unwrap();
    let found: Vec<String> = stretches.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "2026-11-26T06:00:00Z/2026-11-26T11:00:00Z open: Mon-Fri 22:00-06:00",
            "2026-11-26T11:00:00Z/2026-11-26T13:00:00Z open: Thu 05:00-08:00",
            "2026-11-26T13:00:00Z/2026-11-27T03:00:00Z closed: outside service hours",
            "2026-11-27T03:00:00Z/2026-11-27T11:00:00Z open: Mon-Fri 22:00-06:00",
            "2026-11-27T11:00:00Z/2026-11-28T03:00:00Z closed: outside service hours",
            "2026-11-28T03:00:00Z/2026-11-28T11:00:00Z closed: Day after Thanksgiving",
            "2026-11-28T11:00:00Z/2026-11-28T12:00:00Z closed: outside service hours",
        ]
    );
}

#[test]
fn explanation_names_one_of_two_holidays() {
    let desk = Hours::in_zone("UTC")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Mon-Fri 00:00-08:00")
        .holiday("2026-11-26", "Thanksgiving")
        .holiday("2026-11-27", "Day after Thanksgiving")
        .known_until("2026-12-31")
        .overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay)
        .compile()
        .unwrap();
    let stretches = desk
        .explain(at("2026-11-26T20:00:00Z"), at("2026-11-27T12:00:00Z"))
        .unwrap();
    let found: Vec<String> = stretches.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "2026-11-26T20:00:00Z/2026-11-26T22:00:00Z closed: outside service hours",
            "2026-11-26T22:00:00Z/2026-11-27T06:00:00Z closed: Thanksgiving",
            "2026-11-27T06:00:00Z/2026-11-27T08:00:00Z closed: Day after Thanksgiving",
            "2026-11-27T08:00:00Z/2026-11-27T12:00:00Z closed: outside service hours",
        ]
    );
}

#[test]
fn hours_with_unread_texts_are_not_written() {
    let hours = Hours::in_zone("UTC").weekly("Mon 9-17").weekly("Tue 09:00-17:00");
    let error = serde_json::to_string(&hours).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the hours hold a text that could not be read: expected "),
        "{error}"
    );
}

#[test]
fn instants_are_checked() {
    let desk = Hours::always().compile().unwrap();
    let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
    assert_eq!(desk.is_open(leap), Err(QueryError::LeapSecond { found: leap }));
    let early = at("1899-12-31T23:59:59Z");
    assert_eq!(
        desk.is_open(early),
        Err(QueryError::InstantOutOfRange { found: early })
    );
    assert_eq!(desk.is_open(at("1900-01-01T00:00:00Z")), Ok(true));
    let end = at("2200-01-01T00:00:00Z");
    assert_eq!(
        desk.is_open(end),
        Err(QueryError::BeyondZoneData { known_until: end })
    );
    assert_eq!(desk.elapsed(end, end), Ok(WorkingTime::ZERO));
    let whole = desk.elapsed(at("1900-01-01T00:00:00Z"), end).unwrap();
    assert_eq!(desk.deadline(at("1900-01-01T00:00:00Z"), whole), Ok(end));
    assert_eq!(instant(crate::oracle::nanos(early)), early);
}

#[test]
fn fingerprint_follows_the_terms() {
    let office = || Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    let fingerprint = |hours: Hours| hours.compile().unwrap().fingerprint();
    assert_eq!(fingerprint(office()), fingerprint(office()));
    assert_ne!(
        fingerprint(office()),
        fingerprint(office().weekly("Sat 09:00-12:00"))
    );
    assert_ne!(
        fingerprint(office()),
        fingerprint(office().known_until("2026-12-31"))
    );
}

#[test]
fn calendars_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Calendar>();
}

#[test]
fn years_of_rules() {
    let years = |rule: &str| -> Vec<i32> {
        let rule: sla::DateRule = rule.parse().unwrap();
        let dates = (2010..2030).filter_map(|year| rule.date_in(year));
        dates.map(|date| chrono::Datelike::year(&date.naive())).collect()
    };
    assert_eq!(
        years("01-20 every 4 years since 1965"),
        [2013, 2017, 2021, 2025, 2029]
    ); // Inauguration Day, 5 U.S.C. 6103(c)
    assert_eq!(
        years("01-20 every 4 years since 2013 until 2022 except 2017"),
        [2013, 2021]
    );
    assert_eq!(years("03-20 in 2025,2012"), [2012, 2025]);
    assert_eq!(years("02-29 since 2015 until 2025"), [2016, 2020, 2024]);
    for (text, canonical) in [
        ("03-20 in 2025,2012,2025", "03-20 in 2012,2025"),
        (
            "easter +1 every 2 years since 2000",
            "easter +1 every 2 years since 2000",
        ),
    ] {
        assert_eq!(text.parse::<sla::DateRule>().unwrap().to_string(), canonical);
    }
    for refused in [
        "01-20 every 4 years",
        "01-20 every 1 years since 2000",
        "01-20 every +4 years since 2000",
        "01-20 since 2000 every 4 years",
        "01-20 in 2020 since 2000",
        "01-20 since 2000 in 2020",
        "01-20 in ",
        "2026-01-20 in 2026",
        "every 4 years since 2000",
    ] {
        assert!(refused.parse::<sla::DateRule>().is_err(), "{refused}");
    }
}

#[test]
fn a_list_of_holidays_starts_somewhere() {
    let listed = || {
        Hours::in_zone("Europe/London")
            .weekly("Mon-Fri 09:00-17:00")
            .holiday("2015-01-01", "New Year's Day")
            .known_from("2015-01-01")
            .known_until("2015-12-31")
    };
    let desk = listed().compile().unwrap();
    let before = Err(QueryError::BeforeCoverage {
        known_from: "2015-01-01".parse().unwrap(),
    });
    assert_eq!(desk.is_open(at("2014-12-31T23:59:59Z")), before);
    assert_eq!(desk.is_open(at("2015-01-01T00:00:00Z")), Ok(false));
    assert_eq!(desk.is_business_day("2014-12-31".parse().unwrap()), before);
    assert_eq!(
        desk.latest_start(at("2015-01-02T10:00:00Z"), WorkingTime::hours(2))
            .map(|_| false),
        before
    );
    assert_eq!(
        desk.covers().to_string(),
        "2015-01-01T00:00:00Z/2016-01-01T00:00:00Z"
    );
    assert_ne!(desk.fingerprint(), {
        let horizon = sla::Interval::new(at("2015-01-01T00:00:00Z"), at("2016-01-01T00:00:00Z")).unwrap();
        let mut without = listed();
        without.known_from = None;
        let within = without
            .compile_within(&sla::ZoneData::bundled(), horizon)
            .unwrap();
        assert_eq!(within.covers(), desk.covers());
        within.fingerprint() // another error before it
    });
    assert_problems(
        &listed()
            .holiday("2014-12-25", "Christmas Day")
            .known_from("2016-01-01"),
        &[
            "holidays[0].on: expected a date from 2016-01-01 (`known_from`), found 2015-01-01",
            "holidays[1].on: expected a date from 2016-01-01 (`known_from`), found 2014-12-25",
            "known_until: expected a date not before 2016-01-01 (`known_from`), found 2015-12-31",
        ],
    );
    assert_problems(
        &listed().known_from("soon"),
        &["known_from: expected a date from 1900 to 2199, such as `2026-04-03`, found `soon`"],
    );
}

/// Each composite names the one before it twice, through another: a few lines for more than could be walked.
#[test]
fn composites_do_not_grow_without_bound() {
    let horizon = sla::Interval::new(at("2026-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z")).unwrap();
    let zones = sla::ZoneData::bundled();
    let office = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
    let office = office.compile_within(&zones, horizon).unwrap();
    let always = Hours::always().compile_within(&zones, horizon).unwrap();
    let union = |parts: &[(&str, &Calendar)]| {
        let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
        sla::Composite::union("UTC", &names).compile(&zones, parts)
    };
    let (mut one, mut other) = (office, always);
    for doubled in 1..=9 {
        let parts = [("one", &one), ("other", &other)];
        let next = (union(&parts).unwrap(), union(&parts).unwrap());
        (one, other) = next;
        assert_eq!(one.is_open(at("2026-02-01T00:00:00Z")), Ok(true), "{doubled}");
    }
    assert_eq!(
        one.explain(at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"))
            .unwrap()
            .len(),
        1
    );
    let error = union(&[("one", &one), ("other", &other)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "of: expected at most 1000 calendars of hours through all its parts, found 1024"
    );
    let mut deep = office_in_utc(&zones, horizon);
    let leaf = office_in_utc(&zones, horizon);
    for _ in 0..16 {
        deep = union(&[("deep", &deep), ("leaf", &leaf)]).unwrap();
    }
    let error = union(&[("deep", &deep), ("leaf", &leaf)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "of: expected at most 16 composites within one another, found more"
    );
}

fn office_in_utc(zones: &sla::ZoneData, horizon: sla::Interval) -> Calendar {
    let office = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
    office.compile_within(zones, horizon).unwrap()
}

/// What a reader with a hostile eye found, each once.
mod found {
    use super::*;
    use sla::{Composite, DayMeaning, Interval, ZoneData};

    fn horizon(from: &str, until: &str) -> Interval {
        Interval::new(at(from), at(until)).unwrap()
    }

    fn office(zone: &str) -> Hours {
        Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00")
    }

    #[test]
    fn holidays_may_end_long_before_a_horizon() {
        let hours = office("Europe/Paris")
            .holiday("2020-05-01", "Labour Day")
            .known_until("2020-12-31");
        let over = horizon("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let desk = hours.compile_within(&ZoneData::bundled(), over).unwrap();
        let known_until = "2020-12-31".parse().unwrap();
        assert_eq!(
            desk.is_open(at("2026-03-04T12:00:00Z")),
            Err(QueryError::BeyondCoverage { known_until })
        );
        assert!(desk.covers().is_empty());
        let assuming = hours.beyond_known(sla::BeyondKnown::Assume);
        let desk = assuming.compile_within(&ZoneData::bundled(), over).unwrap();
        assert_eq!(desk.is_open(at("2026-03-04T12:00:00Z")), Ok(true));
        assert_eq!(desk.assumed_from(), Some(at("2020-12-31T23:00:00Z")));
    }

    #[test]
    fn a_composite_knows_the_dates_that_its_parts_know() {
        let over = horizon("2026-06-01T00:00:00Z", "2026-06-11T00:00:00Z");
        let zones = ZoneData::bundled();
        let new_york = office("America/New_York").compile_within(&zones, over).unwrap();
        let always = Hours::always().compile_within(&zones, over).unwrap();
        let both = Composite::intersection("UTC", &["new-york", "always"])
            .compile(&zones, &[("new-york", &new_york), ("always", &always)])
            .unwrap();
        let wednesday = "2026-06-10".parse().unwrap();
        assert_eq!(
            both.is_business_day(wednesday),
            new_york.is_business_day(wednesday)
        );
        assert!(both.is_business_day(wednesday).is_err());
        assert_eq!(both.is_business_day("2026-06-09".parse().unwrap()), Ok(true));
    }

    #[test]
    fn seasons_that_adjoin_are_told_apart() {
        let desk = office("UTC")
            .season("Spring", "06-01", "06-30", &["Mon-Fri 08:00-12:00"])
            .season("Shutdown", "07-01", "07-31", &[])
            .compile()
            .unwrap();
        let why = desk
            .explain(at("2026-07-01T09:00:00Z"), at("2026-07-01T17:00:00Z"))
            .unwrap();
        let why: Vec<String> = why.iter().map(|stretch| stretch.reason.to_string()).collect();
        assert_eq!(why, ["closed: Shutdown"]);
    }

    #[test]
    fn days_of_a_season_that_touch_are_one_stretch() {
        let desk = office("UTC")
            .season("Fair", "07-01", "07-31", &["24x7"])
            .compile()
            .unwrap();
        let why = desk
            .explain(at("2026-07-01T00:00:00Z"), at("2026-08-01T00:00:00Z"))
            .unwrap();
        let why: Vec<String> = why.iter().map(ToString::to_string).collect();
        assert_eq!(
            why,
            ["2026-07-01T00:00:00Z/2026-08-01T00:00:00Z open: Fair: 24x7"]
        );
    }

    #[test]
    fn nothing_starts_after_it_is_due() {
        let desk = office("UTC").compile().unwrap();
        let sunday = at("2026-03-08T20:00:00Z");
        for days in [0, 1] {
            let start = desk.start_in_days(sunday, days, DayMeaning::SameTimeOrNextOpening);
            assert_eq!(start, Ok(sunday), "{days}");
        }
    }

    #[test]
    fn a_season_that_goes_on_opens_later() {
        let winter = Hours::in_zone("UTC")
            .season("Winter", "2025-12-01", "2026-02-28", &["Mon-Fri 09:00-17:00"])
            .known_until("2025-12-31")
            .compile()
            .unwrap();
        let known_until = "2025-12-31".parse().unwrap();
        assert_eq!(
            winter.next_open(at("2025-12-31T20:00:00Z")),
            Err(QueryError::BeyondCoverage { known_until })
        );
    }

    #[test]
    fn where_coverage_starts_no_span_begins() {
        let desk = office("UTC").add("2026-06-19T20:00", "2026-06-20T10:00", "Migration");
        let saturday = "2026-06-20".parse().unwrap();
        for desk in [desk.clone(), desk.known_from("2026-06-20")] {
            assert_eq!(desk.compile().unwrap().is_business_day(saturday), Ok(false));
        }
    }

    #[test]
    fn lines_are_counted_in_all() {
        let line = "Mon 09:00-10:00 from 2026-01-01";
        let lines = [line; 200];
        let dates = [
            ("01-01", "01-31"),
            ("02-01", "02-28"),
            ("03-01", "03-31"),
            ("04-01", "04-30"),
            ("05-01", "05-31"),
        ];
        let hours = dates
            .iter()
            .fold(Hours::in_zone("UTC").weekly(line), |hours, (from, until)| {
                hours.season("Season", from, until, &lines)
            });
        let problems = hours.check().unwrap_err();
        assert!(
            problems
                .to_string()
                .ends_with("seasons: expected at most 1000 lines of weekly hours in all, found 1001"),
            "{problems}"
        );
    }
}

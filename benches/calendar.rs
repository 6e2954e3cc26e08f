//! Questions to a calendar and its compilation, over 65,536 pseudo-random inputs so that no branch is learnt.
//!
//! Every answer that is timed is compared before with a plain day-walker, which shares no line with the crate. Instants
//! come as they fall (`shuffled`) and in order (`sorted`).

#[allow(dead_code, reason = "a part of what the tests share")]
#[path = "../tests/it/oracle.rs"]
mod oracle;

use std::hint::black_box;
use std::time::Duration as Wait;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use sla::calendar::Unit;
use sla::error::QueryError;
use sla::time::{BusinessDays, CutOff, DayMeaning};
use sla::{Calendar, Hours, Interval, WorkingTime, ZoneData};

use oracle::{DAY_S, DayWalker, Line, NANOS, Rules, instant, nanos};

const INPUTS: usize = 65_536;

/// 2026-01-01.
const FIRST_S: i64 = 1_767_225_600;

/// After the last deadline and the end of the last interval that is asked about.
const LAST: &str = "2058-12-31";

const OFFICE: &str = "Mon-Fri 09:00-17:00";

/// Open and closed quarters of an hour by turns: 336 windows a week.
fn slots() -> String {
    let hours = (0..24).map(|hour| format!("{hour:02}:00-{hour:02}:15,{hour:02}:30-{hour:02}:45"));
    format!("Mon-Sun {}", hours.collect::<Vec<_>>().join(","))
}

const DISTANCES: [(&str, Duration); 5] = [
    ("8 hours", Duration::hours(8)),
    ("400 hours", Duration::hours(400)),
    ("30 days", Duration::days(30)),
    ("3 years", Duration::days(3 * 365)),
    ("20 years", Duration::days(20 * 365)),
];

/// Instants in the six years from 2026 on, from a generator with a fixed seed (Knuth's MMIX).
fn instants() -> Vec<DateTime<Utc>> {
    let mut state = 42_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    let mut second = || FIRST_S + next() % (6 * 365 * DAY_S);
    (0..INPUTS)
        .map(|index| DateTime::from_timestamp(second(), index as u32 * 15_000).unwrap())
        .collect()
}

/// Twelve holidays in each of ten years.
fn holidays(first_year: i32) -> Vec<NaiveDate> {
    let months = (first_year..first_year + 10).flat_map(|year| (1..=12).map(move |month| (year, month)));
    months
        .map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1 + month * 2).unwrap())
        .collect()
}

fn rules(weekly: &str) -> Rules {
    Rules {
        zone: "America/New_York".to_owned(),
        lines: vec![Line::read(weekly)],
        holidays: holidays(2026),
        masks: false,
        known_through: Some(LAST.parse().unwrap()),
        ..Rules::default()
    }
}

/// A question about an instant that is answered by an instant.
type Question = fn(&Calendar, DateTime<Utc>) -> Result<DateTime<Utc>, QueryError>;

/// The windows of the day-walker, with the open time before each in nanoseconds.
struct Walked {
    starts: Vec<i128>,
    ends: Vec<i128>,
    before: Vec<i128>,
}

impl Walked {
    fn new(rules: &Rules) -> Self {
        let last = rules
            .known_through
            .unwrap()
            .and_hms_opt(0, 0, 0)
            .unwrap()
            .and_utc();
        let windows = DayWalker::new(rules).windows(FIRST_S / DAY_S - 3, last.timestamp() / DAY_S - 3);
        let mut open = 0_i128;
        let before = windows.iter().map(|(start, end)| {
            open += i128::from(end - start) * NANOS;
            open - i128::from(end - start) * NANOS
        });
        Self {
            before: before.collect(),
            starts: windows
                .iter()
                .map(|(start, _)| i128::from(*start) * NANOS)
                .collect(),
            ends: windows.iter().map(|(_, end)| i128::from(*end) * NANOS).collect(),
        }
    }

    fn open_before(&self, at: i128) -> i128 {
        let last = self.starts.partition_point(|start| *start <= at) - 1;
        self.before[last] + (at.min(self.ends[last]) - self.starts[last])
    }

    fn is_open(&self, at: DateTime<Utc>) -> bool {
        nanos(at) < self.ends[self.starts.partition_point(|start| *start <= nanos(at)) - 1]
    }

    fn elapsed(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> WorkingTime {
        WorkingTime::nanoseconds((self.open_before(nanos(to)) - self.open_before(nanos(from))) as u64)
    }

    fn deadline(&self, from: DateTime<Utc>, within: WorkingTime) -> DateTime<Utc> {
        let wanted = self.open_before(nanos(from)) + i128::from(within.as_nanoseconds());
        let last = self.before.partition_point(|before| *before < wanted) - 1;
        instant(self.starts[last] + wanted - self.before[last])
    }
}

/// One set of hours, compiled and walked.
struct Desk {
    calendar: Calendar,
    walked: Walked,
}

impl Desk {
    fn new(weekly: &str) -> Self {
        let rules = rules(weekly);
        Self {
            calendar: rules.compile(),
            walked: Walked::new(&rules),
        }
    }

    /// As much working time as passes over a distance; of hours, as much as they are long.
    fn within(&self, distance: Duration) -> WorkingTime {
        let first = DateTime::from_timestamp(FIRST_S, 0).unwrap();
        if distance < Duration::days(30) {
            WorkingTime::hours(distance.num_hours() as u64)
        } else {
            self.walked.elapsed(first, first + distance)
        }
    }

    fn assert_answers(&self, instants: &[DateTime<Utc>]) {
        for at in instants {
            assert_eq!(self.calendar.is_open(*at), Ok(self.walked.is_open(*at)));
            for (_, distance) in DISTANCES {
                let to = *at + distance;
                assert_eq!(self.calendar.elapsed(*at, to), Ok(self.walked.elapsed(*at, to)));
                let within = self.within(distance);
                let due = self.walked.deadline(*at, within);
                assert_eq!(self.calendar.deadline(*at, within), Ok(due));
            }
        }
    }

    /// The batch forms, in seconds and nanoseconds, against the walker.
    fn assert_batches(&self, instants: &[DateTime<Utc>]) {
        for (_, distance) in DISTANCES {
            let columns = Columns::new(self, instants, distance);
            for (unit, _) in UNITS {
                let (from, to, within) = columns.ticks(unit);
                let (mut elapsed, mut due) = (vec![0; from.len()], vec![0; from.len()]);
                let mut open = vec![false; from.len()];
                columns.ask(&self.calendar, unit, &from, &to, &mut elapsed);
                columns.due(&self.calendar, unit, &from, &within, &mut due);
                columns.open(&self.calendar, unit, &from, &mut open);
                for (index, at) in columns.at.iter().enumerate() {
                    let walked = self.walked.elapsed(*at, *at + distance).as_nanoseconds();
                    assert_eq!(elapsed[index] as u64, walked / (1_000_000_000 / unit));
                    let walked = nanos(self.walked.deadline(*at, columns.within));
                    assert_eq!(due[index] as i128, walked * unit as i128 / NANOS);
                    assert_eq!(open[index], self.walked.is_open(*at));
                }
            }
        }
    }

    fn time_batches(
        &self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        order: &str,
        instants: &[DateTime<Utc>],
    ) {
        for (unit, unit_name) in UNITS {
            for (name, distance) in DISTANCES {
                let columns = Columns::new(self, instants, distance);
                let (from, to, within) = columns.ticks(unit);
                let mut answers = vec![0; from.len()];
                group.bench_function(format!("batch elapsed {name}, {unit_name}, {order}"), |bencher| {
                    bencher.iter(|| columns.ask(&self.calendar, unit, black_box(&from), &to, &mut answers));
                });
                group.bench_function(
                    format!("batch deadline {name}, {unit_name}, {order}"),
                    |bencher| {
                        bencher.iter(|| {
                            columns.due(&self.calendar, unit, black_box(&from), &within, &mut answers);
                        });
                    },
                );
            }
            let columns = Columns::new(self, instants, DISTANCES[0].1);
            let (from, ..) = columns.ticks(unit);
            let mut open = vec![false; from.len()];
            group.bench_function(format!("batch is_open, {unit_name}, {order}"), |bencher| {
                bencher.iter(|| columns.open(&self.calendar, unit, black_box(&from), &mut open));
            });
        }
    }

    /// Previous openings and closes, against the walker.
    fn time_previous(&self, group: &mut BenchmarkGroup<'_, WallTime>, instants: &[DateTime<Utc>]) {
        let questions: [(&str, Question); 2] = [
            ("previous_open", Calendar::previous_open),
            ("previous_close", Calendar::previous_close),
        ];
        for at in instants {
            let index = self.walked.starts.partition_point(|start| *start <= nanos(*at)) - 1;
            let open = instant(self.walked.starts[index]);
            assert_eq!(self.calendar.previous_open(*at), Ok(open));
            let ended = self.walked.ends.partition_point(|end| *end <= nanos(*at)) - 1;
            let close = instant(self.walked.ends[ended]);
            assert_eq!(self.calendar.previous_close(*at), Ok(close));
        }
        for (name, question) in questions {
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    for at in instants {
                        black_box(question(&self.calendar, black_box(*at)).unwrap());
                    }
                });
            });
        }
    }

    fn time(&self, group: &mut BenchmarkGroup<'_, WallTime>, order: &str, instants: &[DateTime<Utc>]) {
        let calendar = &self.calendar;
        group.bench_function(format!("is_open, {order}"), |bencher| {
            bencher.iter(|| {
                let open = instants
                    .iter()
                    .filter(|at| calendar.is_open(black_box(**at)).unwrap());
                open.count()
            });
        });
        for (name, distance) in DISTANCES {
            group.bench_function(format!("elapsed {name}, {order}"), |bencher| {
                let spans: Vec<_> = instants.iter().map(|from| (*from, *from + distance)).collect();
                bencher.iter(|| {
                    for (from, to) in &spans {
                        black_box(calendar.elapsed(black_box(*from), *to).unwrap());
                    }
                });
            });
            let within = self.within(distance);
            group.bench_function(format!("deadline {name}, {order}"), |bencher| {
                bencher.iter(|| {
                    for from in instants {
                        black_box(calendar.deadline(black_box(*from), within).unwrap());
                    }
                });
            });
        }
    }
}

/// Ticks of a second.
const UNITS: [(u64, &str); 2] = [(1, "seconds"), (1_000_000_000, "nanos")];

fn unit_of(ticks: u64) -> Unit {
    if ticks == 1 { Unit::Seconds } else { Unit::Nanos }
}

/// Questions for the batch forms, at whole seconds.
struct Columns {
    at: Vec<DateTime<Utc>>,
    distance: Duration,
    within: WorkingTime,
}

impl Columns {
    fn new(desk: &Desk, instants: &[DateTime<Utc>], distance: Duration) -> Self {
        Self {
            at: instants
                .iter()
                .map(|at| DateTime::from_timestamp(at.timestamp(), 0).unwrap())
                .collect(),
            distance,
            within: WorkingTime::seconds(desk.within(distance).as_seconds()),
        }
    }

    fn ticks(&self, unit: u64) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
        let ticks = |second: i64| second * unit as i64;
        let from: Vec<i64> = self.at.iter().map(|at| ticks(at.timestamp())).collect();
        let to = self.at.iter().map(|at| ticks((*at + self.distance).timestamp()));
        (
            from.clone(),
            to.collect(),
            vec![ticks(self.within.as_seconds() as i64); from.len()],
        )
    }

    fn ask(&self, calendar: &Calendar, unit: u64, from: &[i64], to: &[i64], elapsed: &mut [i64]) {
        calendar.batch(unit_of(unit)).elapsed(from, to, elapsed).unwrap();
    }

    fn due(&self, calendar: &Calendar, unit: u64, from: &[i64], within: &[i64], due: &mut [i64]) {
        calendar
            .batch(unit_of(unit))
            .deadlines(from, within, due)
            .unwrap();
    }

    fn open(&self, calendar: &Calendar, unit: u64, at: &[i64], open: &mut [bool]) {
        calendar.batch(unit_of(unit)).is_open(at, open).unwrap();
    }
}

fn queries(criterion: &mut Criterion) {
    let shuffled = instants();
    let mut sorted = shuffled.clone();
    sorted.sort_unstable();
    for (name, weekly) in [("office", OFFICE.to_owned()), ("slots", slots())] {
        let desk = Desk::new(&weekly);
        desk.assert_answers(&shuffled);
        desk.assert_batches(&shuffled);
        let mut group = criterion.benchmark_group(format!("calendar/{name}"));
        group.throughput(Throughput::Elements(INPUTS as u64));
        group
            .sample_size(20)
            .warm_up_time(Wait::from_millis(200))
            .measurement_time(Wait::from_secs(1));
        desk.time(&mut group, "shuffled", &shuffled);
        desk.time_previous(&mut group, &shuffled);
        desk.time(&mut group, "sorted", &sorted);
        desk.time_batches(&mut group, "shuffled", &shuffled);
        desk.time_batches(&mut group, "sorted", &sorted);
        group.finish();
    }
}

/// The ten years of the bar as a horizon; the same holidays without one, from 1900 until they end; and all that zone data knows.
fn compile(criterion: &mut Criterion) {
    let (zones, office) = (ZoneData::bundled(), || {
        Hours::in_zone("America/New_York").weekly(OFFICE)
    });
    let dates = holidays(2026).into_iter();
    let ten_years = dates
        .fold(office(), |hours, date| {
            hours.holiday(&date.to_string(), "Holiday")
        })
        .known_through("2035-12-31");
    let horizon = Interval::new(
        "2026-01-01T00:00:00Z".parse().unwrap(),
        "2035-12-31T00:00:00Z".parse().unwrap(),
    );
    let horizon = horizon.unwrap();
    criterion.bench_function("calendar/compile ten years, 120 holidays", |bencher| {
        bencher.iter(|| black_box(&ten_years).compile_within(&zones, horizon).unwrap());
    });
    for (name, hours) in [
        ("136 years, 120 holidays", ten_years.clone()),
        ("default horizon, office", office()),
        (
            "default horizon, slots",
            Hours::in_zone("America/New_York").weekly(&slots()),
        ),
    ] {
        criterion.bench_function(&format!("calendar/compile {name}"), |bencher| {
            bencher.iter(|| black_box(&hours).compile_with(&zones).unwrap());
        });
    }
}

/// Business days ahead of an instant, in each meaning; the ends of days are compared with a walk over dates.
fn business_days(criterion: &mut Criterion) {
    let (instants, desk) = (instants(), Desk::new(OFFICE));
    let mut group = criterion.benchmark_group("calendar/business days");
    group.throughput(Throughput::Elements(INPUTS as u64));
    group
        .sample_size(20)
        .warm_up_time(Wait::from_millis(200))
        .measurement_time(Wait::from_secs(1));
    for (name, meaning) in [
        ("same time", DayMeaning::SameTime),
        ("end of day", DayMeaning::ByClose),
        ("at 10:00", DayMeaning::At("10:00".parse().unwrap())),
        ("next opening", DayMeaning::SameTimeOrNextOpening),
        ("day length", DayMeaning::DayLength),
    ] {
        for count in [1, 10, 250] {
            let days = BusinessDays::new(count, meaning);
            for at in instants
                .iter()
                .take(1_000)
                .filter(|_| meaning == DayMeaning::ByClose)
            {
                let mut date = desk.calendar.date_at(*at).unwrap();
                for _ in 0..count {
                    date = date.succ_opt().unwrap();
                    while !desk.calendar.is_business_day(date).unwrap() {
                        date = date.succ_opt().unwrap();
                    }
                }
                let close = desk.calendar.instant_of(date.and_hms_opt(17, 0, 0).unwrap());
                assert_eq!(desk.calendar.deadline_in_days(*at, days), close);
            }
            group.bench_function(format!("deadline {count}, {name}"), |bencher| {
                bencher.iter(|| {
                    for from in &instants {
                        black_box(desk.calendar.deadline_in_days(black_box(*from), days).unwrap());
                    }
                });
            });
        }
    }
    for cut_off in [
        CutOff::At("16:00".parse().unwrap()),
        CutOff::AtClose,
        CutOff::OfTheCalendar,
    ] {
        let days = BusinessDays::new(10, DayMeaning::ByClose).with_cut_off(cut_off);
        group.bench_function(format!("deadline 10, end of day, cut-off {cut_off}"), |bencher| {
            bencher.iter(|| {
                for from in &instants {
                    black_box(desk.calendar.deadline_in_days(black_box(*from), days).unwrap());
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, queries, compile, business_days);
criterion_main!(benches);

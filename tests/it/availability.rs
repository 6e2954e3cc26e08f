//! Availability: an oracle on a grid of seconds, the laws of splitting and merging, and rows of published examples.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;
use sla::error::QueryError;
use sla::measure::Availability;
use sla::number::{Ratio, Target};
use sla::record::{Maintenance, Monitoring, Notice, Outage};
use sla::{Calendar, Hours, Interval, WallTime};

fn start() -> DateTime<Utc> {
    "2026-04-01T00:00:00Z".parse().unwrap()
}

fn second(at: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(at)
}

fn span(from: i64, until: i64) -> Interval {
    Interval::new(second(from), second(until)).unwrap()
}

/// Facts in seconds; an end that is absent is still to come.
#[derive(Debug, Clone, Default)]
struct Facts {
    outages: Vec<(i64, Option<i64>)>,
    works: Vec<Work>,
    watched: Vec<(i64, Option<i64>)>,
    /// Absent: no maintenance is excluded.
    notice: Option<i64>,
}

/// Maintenance, and its announcement: when it was made, for when.
type Work = (i64, Option<i64>, Option<(i64, i64, i64)>);

/// What an entity's time came to, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    agreed: i64,
    up: i64,
    down: i64,
    unknown: i64,
    excluded: i64,
    pending: i64,
}

/// Decides every second by itself, by asking each fact whether it holds there.
fn oracle(facts: &Facts, over: (i64, i64), as_of: i64, open: impl Fn(i64) -> bool) -> Sums {
    let mut sums = Sums::default();
    let within = |at: i64, from: i64, until: Option<i64>| from <= at && until.is_none_or(|until| at < until);
    for at in (over.0..over.1).filter(|at| open(*at)) {
        let worked = facts
            .works
            .iter()
            .filter(|(from, until, _)| within(at, *from, *until));
        let planned = |(_, _, notice): &&Work| {
            let (Some(required), Some((given, from, until))) = (facts.notice, *notice) else {
                return false;
            };
            from - given >= required && within(at, from, Some(until))
        };
        sums.agreed += 1;
        let counter = if at >= as_of {
            &mut sums.pending
        } else if worked.clone().any(|work| planned(&work)) {
            &mut sums.excluded
        } else if worked.count() > 0
            || facts
                .outages
                .iter()
                .any(|(from, until)| within(at, *from, *until))
        {
            &mut sums.down
        } else if facts
            .watched
            .iter()
            .any(|(from, until)| within(at, *from, *until))
        {
            &mut sums.up
        } else {
            &mut sums.unknown
        };
        *counter += 1;
    }
    sums
}

fn measured(facts: &Facts, over: (i64, i64), as_of: i64, hours: Option<&Calendar>) -> Availability {
    let outages: Vec<Outage> = facts
        .outages
        .iter()
        .map(|(from, until)| Outage {
            end: until.map(second),
            ..Outage::new("OUT", "eu", second(*from))
        })
        .collect();
    let works: Vec<Maintenance> = facts
        .works
        .iter()
        .map(|(from, until, notice)| Maintenance {
            end: until.map(second),
            notice: notice.map(|(at, start, end)| Notice {
                at: second(at),
                start: second(start),
                end: second(end),
            }),
            ..Maintenance::new("CHG", "eu", second(*from))
        })
        .collect();
    let watched: Vec<Monitoring> = facts
        .watched
        .iter()
        .map(|(from, until)| Monitoring {
            end: until.map(second),
            ..Monitoring::new("MON", "eu", second(*from))
        })
        .collect();
    let mut measurement = Availability::over(span(over.0, over.1), second(as_of))
        .with_outages(&outages)
        .with_monitoring(&watched);
    measurement = match facts.notice {
        Some(notice) => measurement.with_maintenance(&works, Some(WallTime::seconds(notice as u64))),
        None => measurement.with_maintenance(&works, None),
    };
    if let Some(hours) = hours {
        measurement = measurement.with_service_hours(hours);
    }
    let spent = measurement.measure().unwrap();
    assert_eq!(spent.down, measurement.downtime().unwrap().total());
    spent
}

fn sums(availability: &Availability) -> Sums {
    let seconds = |time: WallTime| {
        assert_eq!(time.as_nanoseconds() % 1_000_000_000, 0);
        time.as_seconds() as i64
    };
    Sums {
        agreed: seconds(availability.agreed),
        up: seconds(availability.up),
        down: seconds(availability.down),
        unknown: seconds(availability.unknown),
        excluded: seconds(availability.excluded),
        pending: seconds(availability.pending),
    }
}

// Random facts.

const LENGTH: i64 = 90;

fn lasting() -> impl Strategy<Value = (i64, Option<i64>)> {
    (
        0..LENGTH,
        prop_oneof![4 => (0..30_i64).prop_map(Some), 1 => Just(None)],
    )
        .prop_map(|(from, length)| (from, length.map(|length| from + length)))
}

fn work() -> impl Strategy<Value = Work> {
    let announced = (0..LENGTH, -3..12_i64, 0..30_i64)
        .prop_map(|(from, early, length)| (from - early, from, from + length));
    let near =
        (lasting(), -3..12_i64, -3..4_i64, 0..25_i64).prop_map(|((from, until), early, moved, length)| {
            let announced = from + moved;
            (
                from,
                until,
                Some((announced - early, announced, announced + length)),
            )
        });
    prop_oneof![
        4 => near,
        1 => (lasting(), proptest::option::of(announced)).prop_map(|((from, until), notice)| (from, until, notice)),
    ]
}

fn facts() -> impl Strategy<Value = Facts> {
    (
        proptest::collection::vec(lasting(), 0..6),
        proptest::collection::vec(work(), 0..4),
        proptest::collection::vec(lasting(), 0..4),
        proptest::option::weighted(0.8, 0..8_i64),
    )
        .prop_map(|(outages, works, watched, notice)| Facts {
            outages,
            works,
            watched,
            notice,
        })
}

/// Service hours in seconds of the first of April 2026, a Wednesday.
fn hours() -> impl Strategy<Value = Option<Calendar>> {
    let texts = [
        "Wed 00:00:10-00:00:40,00:01-00:01:15",
        "Mon-Sun 00:00-00:00:45",
        "Thu 09:00-17:00",
    ];
    let compile = |text: &str| Hours::in_zone("UTC").weekly(text).compile().unwrap();
    proptest::option::of(proptest::sample::select(texts.to_vec()).prop_map(compile))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_second_is_accounted_for(
        facts in facts(), hours in hours(), from in 0..40_i64, length in 0..50_i64, as_of in 0..LENGTH,
    ) {
        let over = (from, from + length);
        let found = measured(&facts, over, as_of, hours.as_ref());
        let open = |at| hours.as_ref().is_none_or(|hours| hours.is_open(second(at)).unwrap());
        let expected = oracle(&facts, over, as_of, open);
        prop_assert_eq!(sums(&found), expected);
        prop_assert_eq!(
            expected.agreed,
            expected.up + expected.down + expected.unknown + expected.excluded + expected.pending
        );
        let ratio = |part: i64, whole: i64| Ratio::new(part as u128, whole as u128);
        let Sums { up, down, unknown, pending, .. } = expected;
        prop_assert_eq!(found.ratio(), ratio(up, up + down));
        prop_assert_eq!(found.coverage(), ratio(up + down, up + down + unknown));
        prop_assert_eq!(found.best(), ratio(up + pending, up + down + pending));
        prop_assert_eq!(found.worst(), ratio(up, up + down + pending));
    }

    /// Facts in any order, reported twice, or cut in two at any second: nothing changes.
    #[test]
    fn merging_is_idempotent_and_commutative(facts in facts(), as_of in 0..LENGTH, cut in 0..LENGTH) {
        let once = measured(&facts, (0, LENGTH), as_of, None);
        let mut other = facts.clone();
        other.outages.reverse();
        other.works.reverse();
        other.watched.reverse();
        other.outages.extend(facts.outages.iter().copied());
        other.watched.extend(facts.watched.iter().copied());
        other.works.extend(facts.works.first().copied());
        prop_assert_eq!(&measured(&other, (0, LENGTH), as_of, None), &once);
        let halves = |(from, until): (i64, Option<i64>)| match until {
            Some(until) if from < cut && cut < until => vec![(from, Some(cut)), (cut, Some(until))],
            _ => vec![(from, until)],
        };
        let cut = Facts {
            outages: facts.outages.iter().copied().flat_map(halves).collect(),
            watched: facts.watched.iter().copied().flat_map(halves).collect(),
            ..facts
        };
        prop_assert_eq!(&measured(&cut, (0, LENGTH), as_of, None), &once);
    }

    /// A period is the sum of its parts.
    #[test]
    fn split_periods_add_up(facts in facts(), hours in hours(), as_of in 0..LENGTH, cut in 0..=LENGTH) {
        let part = |over| sums(&measured(&facts, over, as_of, hours.as_ref()));
        let (left, right, whole) = (part((0, cut)), part((cut, LENGTH)), part((0, LENGTH)));
        prop_assert_eq!(left.agreed + right.agreed, whole.agreed);
        prop_assert_eq!(left.up + right.up, whole.up);
        prop_assert_eq!(left.down + right.down, whole.down);
        prop_assert_eq!(left.unknown + right.unknown, whole.unknown);
        prop_assert_eq!(left.excluded + right.excluded, whole.excluded);
        prop_assert_eq!(left.pending + right.pending, whole.pending);
    }

    /// Time that nobody watched earns no uptime: watching less never raises it.
    #[test]
    fn silence_never_earns_uptime(facts in facts(), as_of in 0..LENGTH) {
        let all = measured(&facts, (0, LENGTH), as_of, None);
        let mut fewer = facts;
        fewer.watched.pop();
        let some = measured(&fewer, (0, LENGTH), as_of, None);
        prop_assert!(some.up <= all.up && some.down == all.down && some.unknown >= all.unknown);
        fewer.watched.clear();
        prop_assert_eq!(measured(&fewer, (0, LENGTH), as_of, None).up, WallTime::ZERO);
    }
}

#[test]
fn reversed_facts_are_refused() {
    let over = Availability::over(span(0, 60), second(60));
    let outage = Outage::new("OUT", "eu", second(9)).until(second(8));
    let reversed = QueryError::Reversed {
        from: second(9),
        to: second(8),
    };
    assert_eq!(over.clone().with_outages(&[outage]).measure(), Err(reversed));
    let watch = Monitoring::new("MON", "eu", second(9)).until(second(8));
    assert_eq!(over.clone().with_monitoring(&[watch]).measure(), Err(reversed));
    let work = Maintenance::new("CHG", "eu", second(9)).until(second(8));
    assert_eq!(
        over.with_maintenance(&[work], Some(WallTime::ZERO)).measure(),
        Err(reversed)
    );
}

// Rows.

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    case: Vec<Row>,
}

/// Minutes, or seconds where the name says so. A pair whose end is absent lasts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    why: String,
    source: Option<String>,
    minutes: i64,
    as_of_minutes: Option<i64>,
    #[serde(default)]
    outages: Vec<Vec<i64>>,
    #[serde(default)]
    outages_s: Vec<Vec<i64>>,
    #[serde(default)]
    works: Vec<WorkRow>,
    notice_minutes: Option<i64>,
    watched: Option<Vec<Vec<i64>>>,
    down_s: i64,
    #[serde(default)]
    excluded_s: i64,
    #[serde(default)]
    unknown_s: i64,
    #[serde(default)]
    pending_s: i64,
    /// Rounded down, as everything that is shown.
    percent: String,
    #[serde(default)]
    meets: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
    not_percent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkRow {
    over: Vec<i64>,
    notice_s: Option<(i64, i64, i64)>,
}

#[test]
fn published_and_derived_examples() {
    let rows: Rows = toml::from_str(include_str!("../vectors/availability.toml")).unwrap();
    for row in rows.case {
        let place = format!("{}: {} {}", row.name, row.why, row.source.unwrap_or_default());
        let lasting = |pair: &Vec<i64>, unit: i64| (pair[0] * unit, pair.get(1).map(|end| end * unit));
        let minutes = row.outages.iter().map(|pair| lasting(pair, 60));
        let facts = Facts {
            outages: minutes
                .chain(row.outages_s.iter().map(|pair| lasting(pair, 1)))
                .collect(),
            works: row
                .works
                .iter()
                .map(|work| {
                    let (from, until) = lasting(&work.over, 60);
                    (from, until, work.notice_s)
                })
                .collect(),
            watched: match &row.watched {
                Some(watched) => watched.iter().map(|pair| lasting(pair, 60)).collect(),
                None => vec![(0, None)],
            },
            notice: row.notice_minutes.map(|notice| notice * 60),
        };
        let (over, as_of) = (
            (0, row.minutes * 60),
            row.as_of_minutes.unwrap_or(row.minutes) * 60,
        );
        let found = measured(&facts, over, as_of, None);
        let expected = oracle(&facts, over, as_of, |_| true);
        assert_eq!(sums(&found), expected, "{place}");
        let sum = sums(&found);
        assert_eq!(
            (sum.down, sum.excluded, sum.unknown, sum.pending),
            (row.down_s, row.excluded_s, row.unknown_s, row.pending_s),
            "{place}"
        );
        let ratio = found.ratio().unwrap();
        let decimals = row
            .percent
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        assert_eq!(ratio.percent(decimals as u32), row.percent, "{place}");
        assert_ne!(Some(ratio.percent(decimals as u32)), row.not_percent, "{place}");
        for target in row.meets {
            assert!(
                format!("{target} %").parse::<Target>().unwrap().is_met_by(&ratio),
                "{target} of {place}"
            );
        }
        for target in row.misses {
            assert!(
                !format!("{target} %").parse::<Target>().unwrap().is_met_by(&ratio),
                "{target} of {place}"
            );
        }
    }
}

#[test]
fn evidence_says_which_facts_count_and_why() {
    let notice = |at: i64, from: i64, until: i64| Notice {
        at: second(at),
        start: second(from),
        end: second(until),
    };
    let day = 86_400;
    let work =
        |id: &str, from: i64, until: i64| Maintenance::new(id, "eu", second(from)).until(second(until));
    let works = [
        work("emergency", 100, 200),
        // Two days are required; this is a second short of them.
        work("late", 3 * day, 3 * day + 60).with_notice(notice(day + 1, 3 * day, 3 * day + 60)),
        work("after", 4 * day, 4 * day + 60).with_notice(notice(4 * day + 1, 4 * day, 4 * day + 60)),
        work("overrun", 5 * day, 5 * day + 90).with_notice(notice(0, 5 * day, 5 * day + 60)),
        work("planned", 6 * day, 6 * day + 60).with_notice(notice(0, 6 * day, 6 * day + 60)),
    ];
    let outages = [
        Outage::new("bad", "eu", second(-50))
            .until(second(150))
            .with_impact("major"),
        Outage::new("plain", "eu", second(7 * day)), // lasts
        Outage::new("elsewhen", "eu", second(20 * day)).until(second(20 * day + 1)),
    ];
    let measurement = Availability::over(span(0, 10 * day), second(7 * day + 5))
        .with_outages(&outages)
        .with_maintenance(&works, Some(WallTime::hours(48)));
    let evidence: Vec<(String, u64, String)> = measurement
        .evidence()
        .unwrap()
        .into_iter()
        .map(|evidence| (evidence.fact, evidence.down.as_seconds(), evidence.why))
        .collect();
    let row = |fact: &str, down_s: u64, why: &str| (fact.to_string(), down_s, why.to_string());
    assert_eq!(
        evidence,
        [
            row("outages[bad]", 150, "outage of impact `major`"),
            row(
                "maintenance[emergency]",
                100,
                "maintenance that was not announced"
            ),
            row(
                "maintenance[late]",
                60,
                "maintenance announced 47 h 59 min 59 s ahead, where 48 h are required"
            ),
            row(
                "maintenance[after]",
                60,
                "maintenance announced only after its announced start"
            ),
            row(
                "maintenance[overrun]",
                30,
                "maintenance outside the announced time (2026-04-06T00:00:00Z until 2026-04-06T00:01:00Z)"
            ),
            row("outages[plain]", 5, "outage"),
        ]
    );
    // The first two overlap by 50 s, which count once.
    assert_eq!(measurement.measure().unwrap().down, WallTime::seconds(355));
    let unconditional = Availability::over(span(0, 10 * day), second(10 * day))
        .with_maintenance(&works[4..], None)
        .evidence()
        .unwrap();
    assert_eq!(
        unconditional[0].why,
        "maintenance, which these terms do not exclude"
    );
}

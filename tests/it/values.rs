//! Laws and exact texts of the values: intervals, ratios, percentages, money, durations, dates, fingerprints.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use sla::clock::{Condition, TargetTerms};
use sla::error::{ParseError, QueryError};
use sla::fingerprint::Fingerprint;
use sla::number::{Currency, Money, Percentage, Ratio, Target};
use sla::period::{Date, PeriodKind, StartMonth};
use sla::time::{Allowance, DayMeaning, IntervalSet, WrittenTime};
use sla::zone::ZoneName;
use sla::{Interval, Period, WallTime, WorkingTime};
use toml::{Table, Value};

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

pub fn cases(text: &str) -> Vec<Table> {
    let document = table(text);
    let cases = document["case"].as_array().unwrap();
    assert!(!cases.is_empty());
    cases
        .iter()
        .map(|case| case.as_table().unwrap().clone())
        .collect()
}

pub fn text_of<'a>(case: &'a Table, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("`{key}` in {case}"))
}

pub fn number(case: &Table, key: &str) -> u64 {
    u64::try_from(
        case[key]
            .as_integer()
            .unwrap_or_else(|| panic!("`{key}` in {case}")),
    )
    .unwrap()
}

fn seconds(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

// Intervals.

/// How many grid cells the boolean oracle has. A cell is one second.
const CELLS: i64 = 24;

type Cells = [bool; CELLS as usize];

fn interval(start: i64, end: i64) -> Interval {
    Interval::new(seconds(start), seconds(end)).unwrap()
}

fn set(pairs: &[(i64, i64)]) -> IntervalSet {
    pairs.iter().map(|(start, end)| interval(*start, *end)).collect()
}

fn cells(pairs: &[(i64, i64)]) -> Cells {
    let mut cells = [false; CELLS as usize];
    for (start, end) in pairs {
        (*start..*end).for_each(|cell| cells[cell as usize] = true);
    }
    cells
}

/// Checks every question about a set against the cells that it should hold.
fn assert_holds(set: &IntervalSet, expected: Cells) {
    for (index, inside) in expected.iter().enumerate() {
        let at = index as i64;
        assert_eq!(set.contains(seconds(at)), *inside, "{set:?} at {at}");
        let late = seconds(at) + chrono::TimeDelta::nanoseconds(999_999_999);
        assert_eq!(set.contains(late), *inside, "{set:?} at the end of {at}");
    }
    assert!(!set.contains(seconds(-1)) && !set.contains(seconds(CELLS)));
    let total = expected.iter().filter(|inside| **inside).count();
    assert_eq!(set.total(), WallTime::seconds(total as u64));
    assert_eq!(set.is_empty(), total == 0);
    let runs = (0..expected.len()).filter(|&index| expected[index] && (index == 0 || !expected[index - 1]));
    assert_eq!(
        set.len(),
        runs.count(),
        "{set:?} is sorted, disjoint and never touching"
    );
    let parts: Vec<Interval> = set.iter().copied().collect();
    assert!(parts.iter().all(|part| !part.is_empty()));
    assert!(parts.windows(2).all(|pair| pair[0].end() < pair[1].start()));
}

fn both(left: Cells, right: Cells, keep: impl Fn(bool, bool) -> bool) -> Cells {
    let mut kept = [false; CELLS as usize];
    (0..kept.len()).for_each(|index| kept[index] = keep(left[index], right[index]));
    kept
}

fn pair() -> impl Strategy<Value = (i64, i64)> {
    (0..=CELLS, 0..=CELLS).prop_map(|(left, right)| (left.min(right), left.max(right)))
}

fn short_pair() -> impl Strategy<Value = (i64, i64)> {
    (0..CELLS, 0..4_i64).prop_map(|(start, length)| (start, (start + length).min(CELLS)))
}

fn pairs() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop_oneof![
        proptest::collection::vec(pair(), 0..5),
        proptest::collection::vec(short_pair(), 0..12),
    ]
}

/// An interval holds its start and not its end, and shows as it is written.
#[test]
fn intervals_are_half_open() {
    let one = interval(3, 5);
    let inside: Vec<i64> = (0..8).filter(|at| one.contains(seconds(*at))).collect();
    assert_eq!(inside, [3, 4]);
    assert!(!interval(3, 3).contains(seconds(3)));
    assert_eq!(format!("{one:?}"), "1970-01-01T00:00:03Z/1970-01-01T00:00:05Z");
    assert_eq!(
        format!("{:?}", set(&[(3, 5), (7, 8)])),
        "{1970-01-01T00:00:03Z/1970-01-01T00:00:05Z, 1970-01-01T00:00:07Z/1970-01-01T00:00:08Z}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every operation on sets is the same operation on the cells of a grid.
    #[test]
    fn sets_are_boolean_algebra(left in pairs(), right in pairs(), within in pair()) {
        let (a, b) = (set(&left), set(&right));
        let (x, y) = (cells(&left), cells(&right));
        assert_holds(&a, x);
        assert_holds(&a.union(&b), both(x, y, |x, y| x || y));
        assert_holds(&a.intersection(&b), both(x, y, |x, y| x && y));
        assert_holds(&a.difference(&b), both(x, y, |x, y| x && !y));
        assert_holds(&a.clip(interval(within.0, within.1)), both(x, cells(&[within]), |x, y| x && y));
        prop_assert_eq!(a == b, x == y);
    }

    /// Normalising again, in another order, or with a part reported twice, changes nothing.
    #[test]
    fn the_normaliser_is_idempotent_and_commutative(given in pairs(), turn in 0_usize..12) {
        let once = set(&given);
        let again: IntervalSet = once.iter().copied().collect();
        prop_assert_eq!(&again, &once);
        let mut turned = given.clone();
        turned.rotate_left(if given.is_empty() { 0 } else { turn % given.len() });
        turned.reverse();
        turned.extend(given.first().copied());
        prop_assert_eq!(set(&turned), once);
    }
}

#[test]
fn overlapping_outages_count_once() {
    let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
    let first = Interval::new(at(0), at(2)).unwrap();
    let second = Interval::new(at(1), at(3)).unwrap();
    let outages: IntervalSet = [second, first].into_iter().collect();
    assert_eq!(outages.total(), WallTime::minutes(180));
    assert_eq!(outages.len(), 1);
    let seam: IntervalSet = [(at(0), at(1)), (at(1), at(2))]
        .map(|(start, end)| Interval::new(start, end).unwrap())
        .into_iter()
        .collect();
    assert_eq!((seam.total(), seam.len()), (WallTime::minutes(120), 1));
    assert_eq!(first.to_string(), "2026-03-01T00:00:00Z/2026-03-01T02:00:00Z");
    assert_eq!(first.intersection(&second).length(), WallTime::hours(1));
    assert_eq!(IntervalSet::from(first).iter().next(), Some(&first));
}

#[test]
fn instants_enter_through_one_door() {
    let good = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    let leap: DateTime<Utc> = "2016-12-31T23:59:60Z".parse().unwrap();
    let error = Interval::new(leap, good).unwrap_err();
    assert_eq!(error, QueryError::LeapSecond { found: leap });
    assert_eq!(
        error.to_string(),
        "expected an instant of POSIX time, found the leap second `2016-12-31T23:59:60Z`"
    );
    let halfway: DateTime<Utc> = "2016-12-31T23:59:60.5Z".parse().unwrap();
    assert_eq!(
        Interval::new(good, halfway),
        Err(QueryError::LeapSecond { found: halfway })
    );

    let (first, last) = (seconds(-2_208_988_800), seconds(7_258_118_400));
    assert_eq!(
        Interval::new(first, last).unwrap().length(),
        WallTime::hours(2_629_752)
    );
    let nano = chrono::TimeDelta::nanoseconds(1);
    let extremes = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
    for outside in [first - nano, last + nano].into_iter().chain(extremes) {
        let error = Interval::new(outside, last).unwrap_err();
        assert_eq!(error, QueryError::InstantOutOfRange { found: outside });
        assert_eq!(Interval::new(first, outside), Err(error));
    }
    assert_eq!(
        Interval::new(first - nano, last).unwrap_err().to_string(),
        "expected an instant from 1900-01-01 to 2200-01-01 UTC, found `1899-12-31T23:59:59.999999999Z`"
    );
    let error = Interval::new(last, first).unwrap_err();
    assert_eq!(
        error,
        QueryError::Reversed {
            from: last,
            to: first
        }
    );
    assert_eq!(
        error.to_string(),
        "expected an end not before `2200-01-01T00:00:00Z`, found `1900-01-01T00:00:00Z`"
    );
    assert!(Interval::new(first, first).unwrap().is_empty());
}

// Ratios and percentages.

/// The largest part and whole that a ratio takes.
const RATIO_MAX: u128 = 10_u128.pow(27);

/// The full product of two numbers as (high, low) halves of 256 bits: schoolbook on four 64-bit digits.
fn wide_product(left: u128, right: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (left >> 64, left & LOW, right >> 64, right & LOW);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let crossed = a0 * b1 + (middle & LOW);
    (
        a1 * b1 + (middle >> 64) + (crossed >> 64),
        (crossed << 64) | (low & LOW),
    )
}

fn large() -> impl Strategy<Value = u128> {
    prop_oneof![
        0..=RATIO_MAX,
        (0_u128..1_000).prop_map(|less| RATIO_MAX - less),
        0_u128..1_000,
        any::<u64>().prop_map(u128::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn small_ratios_compare_by_cross_multiplication(a in 0_u128..60, b in 1_u128..60, c in 0_u128..60, d in 1_u128..60) {
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
        prop_assert_eq!(left == right, a * d == c * b);
    }

    #[test]
    fn large_ratios_compare_by_cross_multiplication(a in large(), b in large(), c in large(), d in large()) {
        let (b, d) = (b.max(1), d.max(1));
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(left.cmp(&right), wide_product(a, d).cmp(&wide_product(c, b)));
    }

    /// What is shown is the largest number of that many decimals that the fraction reaches.
    #[test]
    fn percent_never_rounds_up(part in large(), whole in large(), decimals in 0_u32..16) {
        let whole = whole.max(1);
        let shown = Ratio::new(part, whole).unwrap().percent(decimals);
        let decimals = decimals.min(12);
        let fraction = shown.split_once('.').map_or("", |(_, fraction)| fraction);
        prop_assert_eq!(fraction.len(), decimals as usize);
        let digits: u128 = shown.replace('.', "").parse().unwrap_or(u128::MAX);
        // shown ≤ part × 100 / whole < shown + one unit, both sides × whole × 10^decimals.
        let scaled = wide_product(part, 10_u128.pow(decimals + 2));
        if digits < u128::MAX {
            prop_assert!(wide_product(digits, whole) <= scaled);
            prop_assert!(wide_product(digits + 1, whole) > scaled);
        }
        if part < whole {
            prop_assert!(!shown.starts_with("100"));
        }
    }

    /// A target that is missed is not shown as met, with as many decimals as it has or fewer.
    #[test]
    fn a_missed_target_is_not_shown_as_met(units in 0_u64..=100_000_000_000, down in 0_u64..10_000, total in 10_000_u64..10_000_000) {
        let text = format!("{}.{:09}", units / 1_000_000_000, units % 1_000_000_000);
        let target = format!("{text} %").parse::<Target>().unwrap();
        let up = Ratio::new(u128::from(total - down), u128::from(total)).unwrap();
        let exact = u128::from(total - down) * 100_000_000_000 >= u128::from(units) * u128::from(total);
        prop_assert_eq!(target.is_met_by(&up), exact);
        let shown: u128 = up.percent(9).replace('.', "").parse().unwrap();
        prop_assert_eq!(shown >= u128::from(units), exact);
    }
}

#[test]
fn ratios_at_their_limits() {
    assert!(Ratio::new(1, 0).is_none());
    assert!(Ratio::new(RATIO_MAX, RATIO_MAX).is_some());
    assert!(Ratio::new(RATIO_MAX + 1, 1).is_none());
    assert!(Ratio::new(1, RATIO_MAX + 1).is_none());
    let almost = Ratio::new(RATIO_MAX - 1, RATIO_MAX).unwrap();
    let closer = Ratio::new(RATIO_MAX - 2, RATIO_MAX - 1).unwrap();
    assert!(closer < almost, "1 - 1/(10^27 - 1) is below 1 - 1/10^27");
    assert_eq!(almost.percent(0), "99");
    assert_eq!(almost.percent(12), "99.999999999999");
    assert_eq!(almost.percent(u32::MAX), "99.999999999999");
    assert!(!Target::ALL.is_met_by(&almost));
    assert_eq!(
        Ratio::new(RATIO_MAX, 1).unwrap().percent(2),
        format!("1{}.00", "0".repeat(29))
    );
    assert_eq!(Ratio::new(1, RATIO_MAX).unwrap().percent(12), "0.000000000000");
    assert_eq!(Ratio::new(99_996, 100_000).unwrap().percent(2), "99.99"); // `%.2f` shows 100.00
    assert_eq!(Ratio::new(27, 28).unwrap().to_string(), "27/28");
    assert_eq!(Ratio::ZERO, Ratio::new(0, 7).unwrap());
}

#[test]
fn target_boundaries() {
    for case in cases(include_str!("../vectors/target_boundaries.toml")) {
        let why = text_of(&case, "why");
        let target = format!("{} %", text_of(&case, "target"))
            .parse::<Target>()
            .unwrap();
        let total = u128::from(number(&case, "total_s"));
        let met_with = |down: u64| target.is_met_by(&Ratio::new(total - u128::from(down), total).unwrap());
        assert!(met_with(number(&case, "met_s")), "met: {why}");
        assert!(!met_with(number(&case, "missed_s")), "missed: {why}");
        assert_eq!(number(&case, "missed_s"), number(&case, "met_s") + 1, "{why}");
    }
}

#[test]
fn allowed_downtime() {
    let start = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    for case in cases(include_str!("../vectors/allowed_downtime.toml")) {
        let target = format!("{} %", text_of(&case, "target"))
            .parse::<Target>()
            .unwrap();
        for row in case["allowed_seconds"].as_array().unwrap() {
            let row = row.as_table().unwrap();
            let period_s = number(row, "period_s");
            let over = Interval::new(start, start + chrono::TimeDelta::seconds(period_s as i64)).unwrap();
            let allowed = target.allowed_downtime(&over);
            let expected: WallTime = format!("PT{}S", text_of(row, "allowed_s")).parse().unwrap();
            assert_eq!(allowed, expected, "{target} over {row}");
            let total = u128::from(over.length().as_nanoseconds());
            let met_with =
                |down: u64| target.is_met_by(&Ratio::new(total - u128::from(down), total).unwrap());
            assert!(met_with(allowed.as_nanoseconds()), "{target} over {row}");
            assert!(!met_with(allowed.as_nanoseconds() + 1), "{target} over {row}");
        }
    }
}

// Texts.

/// The value's text as it is written back, or the refusal.
fn shown<T: FromStr<Err = ParseError> + Display>(text: &str) -> Result<String, String> {
    let value: T = text.parse().map_err(|error: ParseError| error.to_string())?;
    let shown = value.to_string();
    let again = shown.parse::<T>().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.to_string(), shown, "writing and reading is the identity");
    Ok(shown)
}

fn shown_as(kind: &str, text: &str) -> Result<String, String> {
    match kind {
        "WorkingTime" => shown::<WorkingTime>(text),
        "WallTime" => shown::<WallTime>(text),
        "Target" => shown::<Target>(text),
        "Percentage" => shown::<Percentage>(text),
        "PeriodKind" => shown::<PeriodKind>(text),
        "WrittenTime" => shown::<WrittenTime>(text),
        "TargetTerms" => shown::<TargetTerms>(text),
        "Condition" => shown::<Condition>(text),
        "DayMeaning" => shown::<DayMeaning>(text),
        "Money" => shown::<Money>(text),
        "Currency" => shown::<Currency>(text),
        "Date" => shown::<Date>(text),
        "Period" => shown::<Period>(text),
        "StartMonth" => shown::<StartMonth>(text),
        "Fingerprint" => shown::<Fingerprint>(text),
        "ZoneName" => shown::<ZoneName>(text),
        other => panic!("no type `{other}`"),
    }
}

#[test]
fn texts_are_read_and_written_or_refused_in_words() {
    let document = table(include_str!("../vectors/texts.toml"));
    let rows = |part: &str, kind: &str| -> Vec<Table> {
        let rows = document[part].as_table().unwrap()[kind].as_array().unwrap();
        rows.iter().map(|row| row.as_table().unwrap().clone()).collect()
    };
    for (kind, expected) in document["expected"].as_table().unwrap() {
        for row in rows("accepted", kind) {
            let text = text_of(&row, "text");
            let written = row.get("shown").and_then(Value::as_str).unwrap_or(text);
            assert_eq!(shown_as(kind, text).as_deref(), Ok(written), "{kind}: {row}");
        }
        for row in rows("refused", kind) {
            let text = text_of(&row, "text");
            let error = format!("expected {}, found `{text}`", expected.as_str().unwrap());
            assert_eq!(shown_as(kind, text), Err(error), "{kind}: {row}");
        }
    }
}

#[test]
fn a_long_refused_text_is_cut() {
    let error = "9".repeat(100).parse::<Target>().unwrap_err().to_string();
    assert!(
        error.ends_with(&format!("found `{}…`", "9".repeat(60))),
        "{error}"
    );
    let error = "€".repeat(61).parse::<Target>().unwrap_err().to_string();
    assert!(
        error.ends_with(&format!("found `{}…`", "€".repeat(60))),
        "{error}"
    );
    let name = "A".repeat(65);
    assert!(name.parse::<ZoneName>().is_err() && name[1..].parse::<ZoneName>().is_ok());
}

proptest! {
    /// No text makes a reader panic, and what is read is written so that it reads the same.
    #[test]
    fn readers_are_total(text in prop_oneof!["\\PC{0,40}", "[-+PTHMSQ0-9:./ A-Z]{0,24}", "PT([0-9]{1,12}H)?([0-9]{1,12}M)?([0-9.]{1,12}S)?",
        "([0-9]{1,4} )?[a-z]{2,8} [0-9]{4}-[0-9]{2}-[0-9]{2}( [a-z]{2,6})? [0-9A-Za-z-]{0,10}"]) {
        for kind in table(include_str!("../vectors/texts.toml"))["expected"].as_table().unwrap().keys() {
            let _ = shown_as(kind, &text);
        }
    }

    #[test]
    fn durations_round_trip(nanos in prop_oneof![0_u64..=9_467_107_200_000_000_000, 0_u64..10_000_000_000]) {
        let time = WallTime::nanoseconds(nanos);
        prop_assert_eq!(time.as_nanoseconds(), nanos);
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn money_round_trips(minor in any::<i64>(), code in prop::sample::select(vec!["EUR", "JPY", "BHD", "CLF"])) {
        let money = Money::from_minor_units(minor, code.parse().unwrap());
        prop_assert_eq!(money.to_string().parse(), Ok(money));
        prop_assert_eq!(money.amount().scale(), money.currency().minor_digits());
    }

    #[test]
    fn percentages_round_trip(units in 0_u64..=10_000_000_000_000) {
        let text = format!("{}.{:09} %", units / 1_000_000_000, units % 1_000_000_000);
        let share: Percentage = text.parse().unwrap();
        prop_assert_eq!(&share.to_string(), &text);
        // With fewer decimals it is the same percentage, and keeps the decimals it is given.
        let number = text.trim_end_matches(" %").trim_end_matches('0').trim_end_matches('.');
        let short = format!("{number} %");
        prop_assert_eq!(short.parse::<Percentage>().unwrap(), share);
        prop_assert_eq!(short.parse::<Percentage>().unwrap().to_string(), short);
        prop_assert_eq!(text.parse::<Target>().is_ok(), units <= 100_000_000_000);
    }

    #[test]
    fn fingerprints_round_trip(text in "[0-9a-f]{64}") {
        let fingerprint: Fingerprint = text.parse().unwrap();
        prop_assert_eq!(&fingerprint.to_string(), &text);
        prop_assert!(text.to_uppercase() == text || text.to_uppercase().parse::<Fingerprint>().is_err());
        prop_assert!(text[1..].parse::<Fingerprint>().is_err());
    }
}

#[test]
fn times_stop_at_300_years() {
    let longest = WallTime::hours(2_629_752);
    assert_eq!(WallTime::hours(u64::MAX), longest);
    assert_eq!(WallTime::nanoseconds(u64::MAX), longest);
    assert_eq!(longest.saturating_add(longest), longest);
    assert_eq!(WallTime::ZERO.saturating_sub(longest), WallTime::ZERO);
    assert_eq!(WallTime::nanoseconds(1_999_999_999).as_seconds(), 1);
    assert_eq!(Allowance::Wall(WallTime::minutes(15)).to_string(), "15 min");
    assert_eq!(
        Allowance::Working(WorkingTime::hours(8)).to_string(),
        "8 h of working time"
    );
}

#[test]
fn currencies_have_their_minor_units() {
    for (code, digits) in [
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("BHD", 3),
        ("CLF", 4),
        ("MGA", 2),
        ("ISK", 0),
    ] {
        let currency: Currency = code.parse().unwrap();
        assert_eq!((currency.code(), currency.minor_digits()), (code, digits));
        assert_eq!(Money::zero(currency).minor_units(), 0);
    }
}

#[test]
fn numbers_are_refused_where_texts_are_meant() {
    for (kind, json) in [
        ("number", "99.95"),
        ("integer", "99"),
        ("null", "null"),
        ("list", "[]"),
        ("table", "{\"a\":\"1\"}"),
    ] {
        assert!(serde_json::from_str::<Target>(json).is_err(), "{kind}");
    }
    let target: Target = serde_json::from_str("\"99.95 %\"").unwrap();
    assert_eq!(serde_json::to_string(&target).unwrap(), "\"99.95 %\"");
    let dates: std::collections::BTreeMap<String, Date> =
        toml::from_str("bare = 2026-04-03\ntext = '2026-04-03'").unwrap();
    assert_eq!(dates["bare"], dates["text"]);
    assert!(
        toml::from_str::<std::collections::BTreeMap<String, Date>>("bare = 2026-04-03T10:00:00Z").is_err()
    );
    let error = toml::from_str::<std::collections::BTreeMap<String, Target>>("target = 99.95").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("text in quotes, since exact values are written as text"),
        "{error}"
    );
    let allowance: Allowance = serde_json::from_str("{\"working\":\"PT8H\"}").unwrap();
    assert_eq!(
        serde_json::to_string(&allowance).unwrap(),
        "{\"working\":\"PT8H\"}"
    );
}

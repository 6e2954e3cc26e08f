//! Zones: f(L) against a scan of seconds, and zone data from files against the bundled data.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;
use sla::error::{ParseError, QueryError};
use sla::zone::Zone;
use sla::{Period, WallTime, ZoneData};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// No zone of the tests is further from UTC.
const OFFSET_MAX: i64 = 16 * HOUR;

fn seconds(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn bundled(name: &str) -> Zone {
    ZoneData::bundled().zone(name).unwrap()
}

/// The local time that the zone's clock shows, in seconds, by its offset only.
fn shown(zone: &Zone, at: i64) -> i64 {
    at + i64::from(zone.offset_at(seconds(at)).unwrap())
}

/// The first second of UTC at which the clock shows `local` or later: looks at every one.
fn scanned(zone: &Zone, local: i64) -> i64 {
    let from = local - OFFSET_MAX;
    assert!(shown(zone, from) < local, "the scan begins early enough");
    (from..).find(|at| shown(zone, *at) >= local).unwrap()
}

fn first_instant(zone: &Zone, local: i64) -> i64 {
    zone.first_instant(seconds(local).naive_utc())
        .unwrap()
        .timestamp()
}

/// Transitions of all kinds: (zone, an instant less than a day from the transition).
const TRANSITIONS: &[(&str, &str)] = &[
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("America/New_York", "1942-02-09T07:00:00Z"), // war time, for years
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2025-10-26T01:00:00Z"),
    ("Europe/Paris", "1940-06-14T22:00:00Z"), // to Berlin's time
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), // half an hour
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"), // a date that did not exist
    ("Pacific/Apia", "2012-03-31T14:00:00Z"),
    ("America/Havana", "2024-03-10T05:00:00Z"), // midnight in a gap
    ("America/Havana", "2024-11-03T05:00:00Z"),
    ("Europe/Dublin", "2026-03-29T01:00:00Z"), // winter time is the exception
    ("Europe/Dublin", "2026-10-25T01:00:00Z"),
    ("Africa/Casablanca", "2024-03-10T02:00:00Z"), // Ramadan
    ("Africa/Casablanca", "2024-04-14T02:00:00Z"),
    ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"), // across the date line, 24 hours at once
    ("America/Sao_Paulo", "2017-10-15T03:00:00Z"), // midnight in a gap
    ("America/Sao_Paulo", "2017-02-19T02:00:00Z"), // midnight twice
    ("Asia/Beirut", "2022-03-26T22:00:00Z"),       // midnight in a gap
    ("Asia/Beirut", "2022-10-29T21:00:00Z"),
    ("Africa/Cairo", "2010-08-10T21:00:00Z"), // for Ramadan, and back
    ("Africa/Cairo", "2010-09-09T21:00:00Z"),
    ("Africa/Freetown", "1939-09-05T00:00:00Z"), // the two closest transitions
    ("Africa/Freetown", "1939-09-09T00:00:00Z"),
    ("Africa/Monrovia", "1972-01-07T00:44:30Z"), // an odd number of seconds
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// The definition itself, within three days of transitions of all kinds.
    #[test]
    fn first_instant_is_the_first_second_that_shows_it(
        (name, near) in prop::sample::select(TRANSITIONS),
        off in prop_oneof![-3 * DAY..3 * DAY, -2 * HOUR..2 * HOUR, Just(0)],
        shift in prop::sample::select(vec![0, -1, 1]),
    ) {
        let zone = bundled(name);
        let near = near.parse::<DateTime<Utc>>().unwrap().timestamp();
        for local in [shown(&zone, near) + off + shift, shown(&zone, near - 1) + off + shift] {
            let found = first_instant(&zone, local);
            prop_assert_eq!(found, scanned(&zone, local), "{} {:?}", name, seconds(local).naive_utc());
        }
    }

    /// Local times in order give instants in order, so windows never change places.
    #[test]
    fn first_instant_never_falls(
        (name, near) in prop::sample::select(TRANSITIONS),
        off in -3 * DAY..3 * DAY,
        step in prop_oneof![0..10_i64, 0..2 * DAY],
    ) {
        let zone = bundled(name);
        let local = near.parse::<DateTime<Utc>>().unwrap().timestamp() + off;
        prop_assert!(first_instant(&zone, local) <= first_instant(&zone, local + step));
    }

    /// A fixed offset only shifts, up to 26 hours on either side.
    #[test]
    fn fixed_offsets_only_shift(minutes in -26 * 60..=26 * 60_i64, at in -2_000_000_000_i64..7_000_000_000) {
        let sign = if minutes < 0 { '-' } else { '+' };
        let name = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        let zone = ZoneData::fixed_only().zone(&name).unwrap();
        prop_assert_eq!(i64::from(zone.offset_at(seconds(at)).unwrap()), minutes * 60);
        prop_assert_eq!(first_instant(&zone, at + minutes * 60), at);
    }
}

#[test]
fn gaps_folds_and_skipped_days() {
    for (name, asked, instant) in [
        ("Europe/Paris", "2026-03-29T02:30:00", "2026-03-29T01:00:00Z"), // in the gap: the transition
        ("Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("Europe/Paris", "2025-10-26T02:30:00", "2025-10-26T00:30:00Z"), // in the fold: the first
        (
            "Australia/Lord_Howe",
            "2026-10-04T02:15:00",
            "2026-10-03T15:30:00Z",
        ),
        ("Pacific/Apia", "2011-12-30T00:00:00", "2011-12-30T10:00:00Z"), // the whole date is a gap
        ("Pacific/Apia", "2011-12-30T23:59:59", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z"),
        ("America/Havana", "2024-03-10T00:00:00", "2024-03-10T05:00:00Z"),
        ("America/Sao_Paulo", "2017-02-18T23:30:00", "2017-02-19T01:30:00Z"), // the hour before midnight, twice
        ("UTC", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
    ] {
        let found = bundled(name).first_instant(local(asked)).unwrap();
        assert_eq!(found, instant.parse::<DateTime<Utc>>().unwrap(), "{name} {asked}");
    }
    let apia = bundled("Pacific/Apia");
    let before: DateTime<Utc> = "2011-12-30T09:59:59Z".parse().unwrap();
    let day = |month, day| NaiveDate::from_ymd_opt(2011, month, day).unwrap();
    assert_eq!(apia.date_at(before), Ok(day(12, 29)));
    assert_eq!(apia.date_at(before + TimeDelta::seconds(1)), Ok(day(12, 31)));
}

#[test]
fn the_ends_of_what_can_be_asked() {
    let utc = bundled("UTC");
    let last: DateTime<Utc> = "2200-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(utc.first_instant(local("2200-01-01T00:00:00")), Ok(last));
    assert_eq!(utc.known_until(), last);
    for outside in [
        local("2200-01-01T00:00:01"),
        local("1899-12-31T23:59:59"),
        NaiveDateTime::MIN,
        NaiveDateTime::MAX,
    ] {
        assert_eq!(utc.first_instant(outside), Err(QueryError::Overflow), "{outside}");
    }
    let paris = bundled("Europe/Paris");
    let known_until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let beyond = QueryError::BeyondZoneData { known_until };
    assert_eq!(beyond.to_string(), "no zone data from 2100-01-01T00:00:00Z on");
    assert_eq!(paris.known_until(), known_until);
    assert_eq!(paris.offset_at(known_until), Err(beyond));
    assert_eq!(
        paris.offset_at(known_until - TimeDelta::nanoseconds(1)),
        Ok(3_600)
    );
    assert_eq!(
        paris.first_instant(local("2100-01-01T00:59:59")),
        Ok(known_until - TimeDelta::seconds(1))
    );
    for outside in [
        local("2100-01-01T01:00:00"),
        local("2100-07-01T00:00:00"),
        NaiveDateTime::MAX,
    ] {
        assert_eq!(paris.first_instant(outside), Err(beyond), "{outside}");
    }
    assert_eq!(paris.first_instant(NaiveDateTime::MIN), Err(QueryError::Overflow));
    assert_eq!(paris.interval("2100-07".parse().unwrap()), Err(beyond));
    let leap: DateTime<Utc> = "2016-12-31T23:59:60Z".parse().unwrap();
    assert_eq!(paris.offset_at(leap), Err(QueryError::LeapSecond { found: leap }));
    assert_eq!(paris.date_at(leap), Err(QueryError::LeapSecond { found: leap }));
}

#[test]
fn names_that_are_no_zone() {
    let zones = ZoneData::bundled();
    for name in [
        "Europe/Pariss",
        "europe/paris",
        "",
        "++5:30",
        "+05:+3",
        "+5:30",
        "+05:60",
        "+26:01",
        "+0530",
        "+05",
        "±05:30",
    ] {
        let error = zones.zone(name).map(|zone| zone.name().to_string()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("expected a zone of the zone data, found `{name}`")
        );
    }
    for name in ["UTC", "+05:30", "-26:00", "+26:00", "-00:00"] {
        assert_eq!(ZoneData::fixed_only().zone(name).unwrap().name(), name);
    }
    assert!(ZoneData::fixed_only().zone("Europe/Paris").is_err());
    // A name that is too long is not the zone whose name it begins with.
    let name = "A".repeat(64);
    let supplied = ZoneData::fixed_only().with_tzif(&name, GMT_14, "2026f").unwrap();
    assert!(supplied.zone(&name).is_ok());
    assert!(supplied.zone(&"A".repeat(65)).is_err());
}

#[test]
fn a_zone_says_what_it_is() {
    assert_eq!(bundled("UTC").version(), "fixed offset");
    assert_eq!(
        bundled("Europe/Paris").version(),
        format!("chrono-tz {}", chrono_tz::IANA_TZDB_VERSION)
    );
    assert_eq!(supplied("Etc/GMT-14").version(), "TZif 2026f");
    // Equal data has equal fingerprints, whatever the name: these two are links of one zone.
    assert_eq!(
        bundled("Europe/Paris").fingerprint(),
        bundled("Europe/Monaco").fingerprint()
    );
    assert_ne!(
        bundled("Europe/Paris").fingerprint(),
        bundled("Europe/Rome").fingerprint()
    );
    assert_eq!(bundled("UTC").fingerprint(), bundled("+00:00").fingerprint());
    assert_ne!(bundled("UTC").fingerprint(), bundled("+01:00").fingerprint());
    assert_eq!(
        supplied("Etc/GMT-14").fingerprint(),
        bundled("+14:00").fingerprint()
    );
}

// TZif.

const GMT_14: &[u8] = include_bytes!("../data/tzif/Etc/GMT-14");
const RIGHT_UTC: &[u8] = include_bytes!("../data/tzif/right/Etc/UTC");

const FILES: &[(&str, &[u8])] = &[
    ("Africa/Cairo", include_bytes!("../data/tzif/Africa/Cairo")),
    (
        "Africa/Casablanca",
        include_bytes!("../data/tzif/Africa/Casablanca"),
    ),
    (
        "America/Edmonton",
        include_bytes!("../data/tzif/America/Edmonton"),
    ),
    ("America/Havana", include_bytes!("../data/tzif/America/Havana")),
    (
        "America/New_York",
        include_bytes!("../data/tzif/America/New_York"),
    ),
    (
        "America/Sao_Paulo",
        include_bytes!("../data/tzif/America/Sao_Paulo"),
    ),
    (
        "America/Vancouver",
        include_bytes!("../data/tzif/America/Vancouver"),
    ),
    ("Asia/Beirut", include_bytes!("../data/tzif/Asia/Beirut")),
    (
        "Australia/Lord_Howe",
        include_bytes!("../data/tzif/Australia/Lord_Howe"),
    ),
    ("Etc/GMT-14", GMT_14),
    ("Europe/Dublin", include_bytes!("../data/tzif/Europe/Dublin")),
    ("Pacific/Apia", include_bytes!("../data/tzif/Pacific/Apia")),
    (
        "Pacific/Kwajalein",
        include_bytes!("../data/tzif/Pacific/Kwajalein"),
    ),
];

/// The zones of the files, and no others but fixed offsets.
pub(crate) fn supplied_data() -> ZoneData {
    FILES.iter().fold(ZoneData::fixed_only(), |data, (name, bytes)| {
        data.with_tzif(name, bytes, "2026f").unwrap()
    })
}

fn supplied(name: &str) -> Zone {
    supplied_data().zone(name).unwrap()
}

/// Zones whose rules did not change between release 2025b and 2026f give the same answers from both sources, every
/// hour from 1970 to 2099, and the same first instants near every transition.
#[test]
fn both_sources_agree_where_the_data_do() {
    for name in [
        "America/New_York",
        "Europe/Dublin",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "Africa/Cairo",
        "Etc/GMT-14",
    ] {
        let (file, crate_data) = (supplied(name), bundled(name));
        let (from, until) = (0, 4_102_444_800 - 2 * DAY);
        let mut previous = file.offset_at(seconds(from)).unwrap();
        for at in (from..until).step_by(HOUR as usize) {
            let offset = file.offset_at(seconds(at)).unwrap();
            assert_eq!(
                Ok(offset),
                crate_data.offset_at(seconds(at)),
                "{name} at {}",
                seconds(at)
            );
            if offset != previous {
                for off in (-26 * HOUR..26 * HOUR).step_by(1_799) {
                    let local = at + i64::from(offset) + off;
                    assert_eq!(
                        first_instant(&file, local),
                        first_instant(&crate_data, local),
                        "{name} {local}"
                    );
                }
            }
            previous = offset;
        }
    }
}

#[test]
fn files_know_what_comes_after_2100() {
    let new_york = supplied("America/New_York");
    assert_eq!(
        new_york.known_until(),
        "2200-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
    );
    let length = |zone: &Zone, year, month| {
        zone.interval(Period::month(year, month).unwrap())
            .unwrap()
            .length()
    };
    assert_eq!(length(&new_york, 2100, 7), WallTime::minutes(44_640));
    assert_eq!(
        new_york.offset_at("2100-07-01T12:00:00Z".parse().unwrap()),
        Ok(-4 * 3_600)
    );
    assert_eq!(
        new_york.offset_at("2199-07-01T12:00:00Z".parse().unwrap()),
        Ok(-4 * 3_600)
    );
    assert_eq!(length(&new_york, 2100, 3), WallTime::minutes(44_580));
    assert_eq!(length(&new_york, 2150, 11), WallTime::minutes(43_260));
    assert_eq!(
        length(&supplied("Australia/Lord_Howe"), 2150, 4),
        WallTime::minutes(43_230)
    );
}

/// f(L) by scanning, from files, beyond the years that the bundled data knows.
#[test]
fn files_keep_the_definition() {
    for (name, near) in [
        ("America/New_York", "2150-03-08T07:00:00Z"),
        ("America/New_York", "2150-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2150-10-03T15:30:00Z"),
        ("America/Havana", "2150-03-08T05:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ("Europe/Dublin", "2150-10-25T01:00:00Z"),
    ] {
        let zone = supplied(name);
        let near = near.parse::<DateTime<Utc>>().unwrap().timestamp();
        for off in (-30 * HOUR..30 * HOUR).step_by(5_400) {
            let local = shown(&zone, near) + off;
            assert_eq!(
                first_instant(&zone, local),
                scanned(&zone, local),
                "{name} {local}"
            );
        }
    }
}

/// In November 2026 clocks no longer go back where release 2025b still says so: not in Vancouver, Edmonton and Casablanca
/// for good, and not in Havana until November 2027. The offsets are those that `zdump` shows of the files.
#[test]
fn files_are_right_where_the_bundled_data_is_old() {
    const VANCOUVER: &str = "America/Vancouver";
    for (name, at, right, by_2025b) in [
        (VANCOUVER, "2026-11-01T08:59:59Z", -7, -7), // the second before clocks would have gone back
        (VANCOUVER, "2026-11-01T09:00:00Z", -7, -8),
        (VANCOUVER, "2026-11-15T12:00:00Z", -7, -8),
        (VANCOUVER, "2027-07-01T12:00:00Z", -7, -7),
        ("America/Havana", "2026-11-01T04:59:59Z", -4, -4),
        ("America/Havana", "2026-11-01T05:00:00Z", -4, -5),
        ("America/Havana", "2026-11-15T12:00:00Z", -4, -5),
        ("America/Havana", "2027-02-15T12:00:00Z", -4, -5),
        ("America/Havana", "2027-11-15T12:00:00Z", -5, -5),
        ("America/Edmonton", "2026-11-15T12:00:00Z", -6, -7),
        ("Africa/Casablanca", "2026-11-15T12:00:00Z", 0, 1),
    ] {
        let at: DateTime<Utc> = at.parse().unwrap();
        let hours = |zone: Zone| i64::from(zone.offset_at(at).unwrap()) / HOUR;
        assert_eq!(hours(supplied(name)), right, "{name} at {at}");
        if chrono_tz::IANA_TZDB_VERSION == "2025b" {
            assert_eq!(hours(bundled(name)), by_2025b, "{name} at {at}, bundled");
        }
    }
    // What that does to a month, and to a day that is an hour longer with the old data.
    let november = |zone: Zone| zone.interval(Period::month(2026, 11).unwrap()).unwrap().length();
    for name in [VANCOUVER, "America/Havana", "America/Edmonton"] {
        assert_eq!(november(supplied(name)), WallTime::hours(720), "{name}");
        if chrono_tz::IANA_TZDB_VERSION == "2025b" {
            assert_eq!(november(bundled(name)), WallTime::hours(721), "{name}");
        }
    }
}

#[test]
fn supplied_data_takes_the_place_of_bundled_data() {
    let november: DateTime<Utc> = "2026-11-15T12:00:00Z".parse().unwrap();
    let bytes = FILES
        .iter()
        .find(|(name, _)| *name == "America/Vancouver")
        .unwrap()
        .1;
    let mixed = ZoneData::bundled()
        .with_tzif("America/Vancouver", bytes, "2026f")
        .unwrap();
    assert_eq!(
        mixed.zone("America/Vancouver").unwrap().offset_at(november),
        Ok(-7 * 3_600)
    );
    assert_eq!(
        mixed.zone("America/New_York").unwrap().version(),
        bundled("America/New_York").version()
    );
    assert!(
        supplied_data().zone("Europe/Paris").is_err(),
        "a missing zone is an error, never a fallback"
    );
}

fn refusal(bytes: &[u8]) -> ParseError {
    ZoneData::fixed_only()
        .with_tzif("Test/Zone", bytes, "test")
        .unwrap_err()
}

#[test]
fn bytes_that_are_no_zone_are_refused() {
    let mut counts_more = tzif(&[], 3_600, "AAA0");
    counts_more[32..36].copy_from_slice(&u32::MAX.to_be_bytes()); // transitions of the first block
    let mut counts_more_later = tzif(&[], 3_600, "AAA0");
    counts_more_later[44 + 16 + 32..][..4].copy_from_slice(&0x2000_0000_u32.to_be_bytes()); // times 8 it is 2^32
    let mut odd = tzif(&[(5, 0)], 3_600, "AAA0");
    odd[4] = b'9';
    for (bytes, found) in [
        (&b""[..], "fewer bytes than a header has"),
        (b"TZif", "fewer bytes than a header has"),
        (b"hello, this is no zone data", "fewer bytes than a header has"),
        (&[0; 200], "other bytes than TZif at the start of a header"),
        (&[0xff; 200], "other bytes than TZif at the start of a header"),
        (&counts_more, "a header that counts more than there is"),
        (&counts_more_later, "a header that counts more than there is"),
        (&odd, "transitions, types or a footer that cannot be"),
        (
            &GMT_14[..GMT_14.len() - 1],
            "transitions, types or a footer that cannot be",
        ),
    ] {
        assert_eq!(
            refusal(bytes).to_string(),
            format!("expected the bytes of a TZif file, found `{found}`")
        );
    }
    for (name, bytes) in FILES {
        for length in 0..bytes.len() {
            assert!(
                ZoneData::fixed_only()
                    .with_tzif(name, &bytes[..length], "test")
                    .is_err(),
                "{name} cut to {length} of {} bytes",
                bytes.len()
            );
        }
    }
    assert!(
        ZoneData::fixed_only()
            .with_tzif("no zone!", GMT_14, "2026f")
            .is_err()
    );
    assert_eq!(
        refusal(RIGHT_UTC).to_string(),
        "expected TZif data of POSIX time, without leap seconds, found `27 leap seconds`"
    );
}

/// A TZif file of version 2 or later, by hand: one local time type at UTC and one at `offset`.
fn tzif(transitions: &[(i64, u8)], offset: i32, footer: &str) -> Vec<u8> {
    let header = |transitions: usize, out: &mut Vec<u8>| {
        out.extend(b"TZif2");
        out.extend([0; 15]);
        // isut, isstd, leap, transitions, types, characters
        for count in [0, 0, 0, transitions as u32, 2, 4] {
            out.extend(count.to_be_bytes());
        }
    };
    let types = |out: &mut Vec<u8>| {
        for (offset, dst) in [(0_i32, 0), (offset, 1)] {
            out.extend(offset.to_be_bytes());
            out.extend([dst, 0]);
        }
        out.extend(b"AAA\0");
    };
    let mut out = Vec::new();
    header(0, &mut out);
    types(&mut out);
    header(transitions.len(), &mut out);
    transitions
        .iter()
        .for_each(|(at, _)| out.extend(at.to_be_bytes()));
    out.extend(transitions.iter().map(|(_, index)| *index));
    types(&mut out);
    out.extend(format!("\n{footer}\n").bytes());
    out
}

fn by_hand(bytes: &[u8]) -> Zone {
    ZoneData::fixed_only()
        .with_tzif("Test/Zone", bytes, "test")
        .unwrap()
        .zone("Test/Zone")
        .unwrap()
}

#[test]
fn without_a_rule_the_data_ends_with_its_last_transition() {
    let zone = by_hand(&tzif(&[(1_000_000, 1), (2_000_000, 0)], 3_600, ""));
    let known_until = seconds(2_000_000);
    assert_eq!(zone.known_until(), known_until);
    assert_eq!(zone.offset_at(seconds(999_999)), Ok(0));
    assert_eq!(zone.offset_at(seconds(1_000_000)), Ok(3_600));
    assert_eq!(
        zone.offset_at(known_until),
        Err(QueryError::BeyondZoneData { known_until })
    );
    assert_eq!(first_instant(&zone, 2_003_599), 1_999_999);
    let beyond = zone.first_instant(seconds(2_003_600).naive_utc());
    assert_eq!(beyond, Err(QueryError::BeyondZoneData { known_until }));
    assert_eq!(
        refusal(&tzif(&[], 27 * 3_600, "AAA0")).to_string(),
        "expected TZif data with offsets of at most 26 hours, found `97200 seconds`"
    );
}

/// It could answer nothing, and a calendar that assumes that clocks do not change any more would be closed for ever.
#[test]
fn data_that_ends_before_1900_is_refused() {
    for last in [-5_000_000_000, -2_208_988_800] {
        assert_eq!(
            refusal(&tzif(&[(last, 1)], 3_600, "")).to_string(),
            "expected TZif data of instants after 1900-01-01T00:00:00Z, found `none`"
        );
    }
    let first_second = by_hand(&tzif(&[(-2_208_988_799, 1)], 3_600, ""));
    assert_eq!(first_second.known_until(), seconds(-2_208_988_799));
}

/// The last offset that is known holds on, where the terms choose so, also for a horizon long after it.
#[test]
fn hours_may_assume_the_last_offset() {
    let bytes = tzif(
        &[(1_000_000, 1), (2_000_000, 0), (3_000_000, 1), (3_000_001, 1)],
        3_600,
        "",
    );
    let zones = ZoneData::fixed_only()
        .with_tzif("Test/Zone", &bytes, "test")
        .unwrap();
    let hours = sla::Hours::in_zone("Test/Zone").weekly("Mon-Fri 09:00-17:00");
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let horizon = sla::Interval::new(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap();
    let known_until = seconds(3_000_001);
    let refusing = hours.compile_within(&zones, horizon).unwrap();
    assert_eq!(
        refusing.is_open(at("2026-03-02T12:00:00Z")),
        Err(QueryError::BeyondZoneData { known_until })
    );
    let assuming = hours.beyond_known(sla::calendar::BeyondKnown::Assume);
    for desk in [
        assuming.compile_within(&zones, horizon),
        assuming.compile_with(&zones),
    ] {
        let desk = desk.unwrap();
        assert_eq!(
            desk.next_open(at("2026-03-01T00:00:00Z")),
            Ok(at("2026-03-02T08:00:00Z"))
        );
        assert_eq!(desk.assumed_from(), Some(known_until));
        assert_eq!(
            desk.is_business_day(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()),
            Ok(true)
        );
    }
}

/// Transitions that a file lists are found however close they are.
#[test]
fn listed_transitions_may_be_close() {
    let at = 1_000_000_000;
    let zone = by_hand(&tzif(
        &[(at, 1), (at + 10, 0), (at + 20, 1), (at + 90, 0)],
        60,
        "AAA0",
    ));
    for local in at - 200..at + 200 {
        assert_eq!(first_instant(&zone, local), scanned(&zone, local), "{local}");
    }
}

/// So are those of its rule for later years, here a summer of a day or less.
#[test]
fn transitions_of_a_rule_may_be_close() {
    for (footer, hours) in [
        ("AAA0BBB,J100,J101/3", 24),
        ("AAA0BBB,100,101/3", 24),
        ("AAA0BBB,J60/0,J60/23", 22), // the first of March, in leap years too
        ("AAA0BBB,M4.2.3/0,M4.2.3/23", 22),
        ("AAA0BBB,M2.5.4/0,M2.5.4/23", 22), // 29 February in 1996 and 2024, the fourth Thursday elsewhere
    ] {
        let zone = by_hand(&tzif(&[], 3_600, footer));
        for year in [1970, 2024] {
            let january = NaiveDate::from_ymd_opt(year, 1, 1)
                .unwrap()
                .and_hms_opt(0, 0, 0)
                .unwrap();
            let from = january.and_utc().timestamp();
            let summer: Vec<i64> = (from..from + 365 * DAY)
                .step_by(HOUR as usize)
                .filter(|at| zone.offset_at(seconds(*at)).unwrap() != 0)
                .collect();
            assert_eq!(summer.len(), hours, "{footer} {year}");
            for local in (summer[0] - DAY..summer[0] + 2 * DAY).step_by(8_999) {
                assert_eq!(
                    first_instant(&zone, local),
                    scanned(&zone, local),
                    "{footer} {year} {local}"
                );
            }
        }
        // The fingerprint reads the whole table: two summers of different lengths are different data.
        let other = by_hand(&tzif(
            &[],
            3_600,
            &footer.replace("/3", "/4").replace("/23", "/22"),
        ));
        assert_ne!(zone.fingerprint(), other.fingerprint(), "{footer}");
    }
}

proptest! {
    /// No bytes make the reader, or a zone that it accepts, panic.
    #[test]
    fn any_bytes_are_refused_or_answered(
        (file, changes, cut) in (
            0..FILES.len(),
            proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            any::<prop::sample::Index>(),
        ),
        noise in proptest::collection::vec(any::<u8>(), 0..200),
        at in -2_208_988_800_i64..7_258_118_400,
    ) {
        let mut bytes = FILES[file].1.to_vec();
        for (index, byte) in &changes {
            let index = index.index(bytes.len());
            bytes[index] = *byte;
        }
        let footer = [&bytes[..bytes.len() - 1 - cut.index(40.min(bytes.len() - 1))], &noise[..], b"\n"].concat();
        for bytes in [&bytes, &footer, &noise, &[b"TZif2", &noise[..]].concat()] {
            if let Ok(data) = ZoneData::fixed_only().with_tzif("Test/Zone", bytes, "test") {
                let zone = data.zone("Test/Zone").unwrap();
                let _ = zone.offset_at(seconds(at));
                let _ = zone.first_instant(seconds(at).naive_utc());
                let _ = zone.date_at(seconds(at));
                let _ = zone.interval("2026-03".parse().unwrap());
            }
        }
    }
}

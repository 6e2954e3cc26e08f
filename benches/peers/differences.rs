//! Where the peers are known to answer otherwise: the table that the program prints, each line of it asserted.

use std::fmt::{Debug, Display};

use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};

use crate::engines::{Engine, OsmHours, Sla, Terms, UleHours, Workclock};

const NONE: &[&str] = &[];

/// What is asked. Instants are RFC 3339 texts.
#[derive(Clone, Copy)]
enum Ask {
    IsOpen(&'static str),
    Elapsed(&'static str, &'static str),
    Deadline(&'static str, i64),
    NextClose(&'static str),
}

use Ask::{Deadline, Elapsed, IsOpen, NextClose};

struct Row {
    question: &'static str,
    terms: Terms,
    ask: Ask,
    /// By sla, ule-hours, workclock and opening-hours.
    answers: [&'static str; 4],
}

const OFFICE: Terms = Terms {
    days: "Mon-Fri",
    windows: "09:00-17:00",
    holidays: NONE,
    known_through: "2049-12-31",
    horizon_days: None,
};

const fn desk(days: &'static str, windows: &'static str) -> Terms {
    Terms {
        days,
        windows,
        ..OFFICE
    }
}

const SPRING: Ask = Elapsed("2024-03-10T00:00:00-05:00", "2024-03-11T00:00:00-04:00");
const AUTUMN: Ask = Elapsed("2024-11-03T00:00:00-04:00", "2024-11-04T00:00:00-05:00");

/// A holiday on a Friday that a night reaches into.
const NIGHTS: Terms = Terms {
    holidays: &["2024-07-05"],
    ..desk("Mon-Fri", "22:00-06:00")
};

const KNOWN_UNTIL_2026: Terms = Terms {
    holidays: &["2026-12-25"],
    known_through: "2026-12-31",
    ..OFFICE
};

const ROWS: &[Row] = &[
    Row {
        question: "deadline of 0 h from Saturday 12:00",
        terms: OFFICE,
        ask: Deadline("2024-05-11T12:00:00-04:00", 0),
        answers: [
            "Sat 2024-05-11 12:00",
            "Mon 2024-05-13 09:00",
            "Sat 2024-05-11 12:00",
            "-",
        ],
    },
    Row {
        question: "deadline of 0 h from the close, Friday 17:00",
        terms: OFFICE,
        ask: Deadline("2024-05-10T17:00:00-04:00", 0),
        answers: [
            "Fri 2024-05-10 17:00",
            "Mon 2024-05-13 09:00",
            "Fri 2024-05-10 17:00",
            "-",
        ],
    },
    Row {
        question: "deadline of 1 h from Friday 16:00: no difference, the close",
        terms: OFFICE,
        ask: Deadline("2024-05-10T16:00:00-04:00", 1),
        answers: [
            "Fri 2024-05-10 17:00",
            "Fri 2024-05-10 17:00",
            "Fri 2024-05-10 17:00",
            "-",
        ],
    },
    Row {
        question: "deadline of -1 h from Monday 09:00",
        terms: OFFICE,
        ask: Deadline("2024-05-13T09:00:00-04:00", -1),
        answers: ["not in the type", "error Negative", "Fri 2024-05-10 16:00", "-"],
    },
    Row {
        question: "elapsed from Monday 10:00 back to Friday 16:00",
        terms: OFFICE,
        ask: Elapsed("2024-05-13T10:00:00-04:00", "2024-05-10T16:00:00-04:00"),
        answers: ["error Reversed", "-120 min", "-120 min", "0 min"],
    },
    Row {
        question: "spring, clocks from 02:00 to 03:00: window 02:30-10:00",
        terms: desk("Sun", "02:30-10:00"),
        ask: SPRING,
        answers: ["420 min", "390 min", "390 min", "420 min"],
    },
    Row {
        question: "spring, clocks from 02:00 to 03:00: window 00:00-02:30",
        terms: desk("Sun", "00:00-02:30"),
        ask: SPRING,
        answers: ["120 min", "150 min", "150 min", "120 min"],
    },
    Row {
        question: "spring, clocks from 02:00 to 03:00: window 02:15-02:45",
        terms: desk("Sun", "02:15-02:45"),
        ask: SPRING,
        answers: ["0 min", "30 min", "30 min", "0 min"],
    },
    Row {
        question: "spring, clocks from 02:00 to 03:00: windows 02:30-02:45 and 03:00-04:00",
        terms: desk("Sun", "02:30-02:45,03:00-04:00"),
        ask: SPRING,
        answers: ["60 min", "30 min", "60 min", "60 min"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: window 01:30-10:00",
        terms: desk("Sun", "01:30-10:00"),
        ask: AUTUMN,
        answers: ["570 min", "570 min", "570 min", "510 min"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: window 00:00-01:30",
        terms: desk("Sun", "00:00-01:30"),
        ask: AUTUMN,
        answers: ["90 min", "90 min", "90 min", "150 min"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: window 01:15-01:45",
        terms: desk("Sun", "01:15-01:45"),
        ask: AUTUMN,
        answers: ["30 min", "30 min", "30 min", "30 min"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: window 01:15-01:45, open at the second 01:20",
        terms: desk("Sun", "01:15-01:45"),
        ask: IsOpen("2024-11-03T01:20:00-05:00"),
        answers: ["closed", "closed", "closed", "open"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: window 01:15-01:45, open at the first 01:20",
        terms: desk("Sun", "01:15-01:45"),
        ask: IsOpen("2024-11-03T01:20:00-04:00"),
        answers: ["open", "open", "open", "open"],
    },
    Row {
        question: "autumn, clocks from 02:00 to 01:00: all Sunday, open at the first 01:59",
        terms: desk("Sun", "00:00-24:00"),
        ask: IsOpen("2024-11-03T01:59:00-04:00"),
        answers: ["open", "open", "open", "closed"],
    },
    Row {
        question: "windows 10:00-20:00 and 12:00-14:00, a Sunday",
        terms: desk("Sun", "10:00-20:00,12:00-14:00"),
        ask: Elapsed("2024-05-12T00:00:00-04:00", "2024-05-13T00:00:00-04:00"),
        answers: ["600 min", "refused", "600 min", "600 min"],
    },
    Row {
        question: "window 00:00-00:00",
        terms: desk("Sun", "00:00-00:00"),
        ask: Elapsed("2024-05-12T00:00:00-04:00", "2024-05-13T00:00:00-04:00"),
        answers: ["refused", "refused", "1440 min", "1440 min"],
    },
    Row {
        question: "window 09:00:30-17:00",
        terms: desk("Sun", "09:00:30-17:00"),
        ask: IsOpen("2024-05-12T09:00:00-04:00"),
        answers: ["closed", "closed", "closed", "refused"],
    },
    Row {
        question: "Mon-Fri 22:00-06:00, holiday on Friday 07-05: open on it at 03:00",
        terms: NIGHTS,
        ask: IsOpen("2024-07-05T03:00:00-04:00"),
        answers: ["refused", "open", "closed", "closed"],
    },
    Row {
        question: "the same, open on Saturday at 03:00",
        terms: NIGHTS,
        ask: IsOpen("2024-07-06T03:00:00-04:00"),
        answers: ["refused", "closed", "open", "open"],
    },
    Row {
        question: "holidays known through 2026: open on Tuesday 2028-07-04",
        terms: KNOWN_UNTIL_2026,
        ask: IsOpen("2028-07-04T12:00:00-04:00"),
        answers: ["error BeyondCoverage", "open", "open", "open"],
    },
    Row {
        question: "elapsed over 12 years",
        terms: OFFICE,
        ask: Elapsed("2024-01-01T00:00:00-05:00", "2036-01-01T00:00:00-05:00"),
        answers: ["1502880 min", "1255200 min", "1502880 min", "1502880 min"],
    },
    Row {
        question: "deadline of 25,000 h",
        terms: OFFICE,
        ask: Deadline("2024-01-01T00:00:00-05:00", 25_000),
        answers: [
            "Fri 2035-12-21 17:00",
            "error NeverOpens",
            "Fri 2035-12-21 17:00",
            "-",
        ],
    },
    Row {
        question: "next close of 24x7",
        terms: desk("Mon-Sun", "00:00-24:00"),
        ask: NextClose("2024-05-12T12:00:00-04:00"),
        answers: ["error NeverCloses", "-", "Tue 2025-05-13 12:00", "never"],
    },
    Row {
        question: "zone data after 2099: open on Thursday 2100-07-01 at 13:30Z",
        terms: OFFICE,
        ask: IsOpen("2100-07-01T13:30:00Z"),
        answers: ["error BeyondZoneData", "open", "open", "closed"],
    },
    Row {
        question: "open on Friday 1899-12-29",
        terms: OFFICE,
        ask: IsOpen("1899-12-29T12:00:00-05:00"),
        answers: ["error InstantOutOfRange", "open", "open", "closed"],
    },
];

/// Asserts every row and prints them all.
pub fn assert_and_print() {
    println!("| known difference | sla | ule-hours | workclock | opening-hours |");
    println!("|---|---|---|---|---|");
    let mut unexpected = 0;
    for row in ROWS {
        let found = answers(&row.terms, row.ask);
        println!("| {} | {} |", row.question, found.join(" | "));
        if found != row.answers {
            println!("| expected was | {} |", row.answers.join(" | "));
            unexpected += 1;
        }
    }
    println!();
    assert_eq!(unexpected, 0, "answers differ otherwise than is known: see above");
}

fn answers(terms: &Terms, ask: Ask) -> [String; 4] {
    let refused = |_: String| "refused".to_owned();
    let sla = Sla::new(terms).map(|engine| sla(&engine, ask));
    let ule_hours = UleHours::new(terms).map(|engine| ule_hours(&engine, ask));
    let workclock = Workclock::new(terms).map(|engine| workclock(&engine, ask));
    let osm_hours = OsmHours::new(terms).map(|engine| osm_hours(&engine, ask));
    [sla, ule_hours, workclock, osm_hours].map(|answer| answer.unwrap_or_else(refused))
}

fn sla(Sla(engine): &Sla, ask: Ask) -> String {
    match ask {
        IsOpen(at) => or_error(engine.is_open(utc(at)).map(state)),
        Elapsed(from, to) => or_error(
            engine
                .elapsed(utc(from), utc(to))
                .map(|time| minutes(Sla::time_nanos(time))),
        ),
        Deadline(from, hours) => match u64::try_from(hours) {
            Ok(hours) => or_error(
                engine
                    .deadline(utc(from), sla::WorkingTime::hours(hours))
                    .map(local::<Sla>),
            ),
            Err(_) => "not in the type".to_owned(),
        },
        NextClose(at) => or_error(engine.next_close(utc(at)).map(local::<Sla>)),
    }
}

fn ule_hours(UleHours(engine): &UleHours, ask: Ask) -> String {
    match ask {
        IsOpen(at) => state(engine.is_open(stamp(at))),
        Elapsed(from, to) => minutes(UleHours::time_nanos(engine.between(stamp(from), stamp(to)))),
        Deadline(from, hours) => or_error(
            engine
                .add(stamp(from), SignedDuration::from_hours(hours))
                .map(local::<UleHours>),
        ),
        NextClose(_) => "-".to_owned(),
    }
}

fn workclock(Workclock(engine): &Workclock, ask: Ask) -> String {
    match ask {
        IsOpen(at) => or_error(
            engine
                .next_period(stamp(at))
                .map(|period| state(period.start == stamp(at))),
        ),
        Elapsed(from, to) => minutes(Workclock::time_nanos(engine.between(stamp(from), stamp(to)))),
        Deadline(from, hours) => or_error(
            engine
                .add(stamp(from), SignedDuration::from_hours(hours))
                .map(local::<Workclock>),
        ),
        NextClose(at) => or_error(
            engine
                .next_period(stamp(at))
                .map(|period| local::<Workclock>(period.end)),
        ),
    }
}

fn osm_hours(engine: &OsmHours, ask: Ask) -> String {
    let zoned = |text| utc(text).with_timezone(&chrono_tz::America::New_York);
    match ask {
        IsOpen(at) => state(engine.0.is_open(zoned(at))),
        Elapsed(from, to) => minutes(OsmHours::time_nanos(engine.sum(zoned(from), zoned(to)))),
        Deadline(..) => "-".to_owned(),
        NextClose(at) => engine
            .0
            .next_change(zoned(at))
            .map_or("never".to_owned(), local::<OsmHours>),
    }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn stamp(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn state(open: bool) -> String {
    if open { "open" } else { "closed" }.to_owned()
}

fn minutes(nanos: i64) -> String {
    assert_eq!(nanos % 60_000_000_000, 0, "the cases are of whole minutes");
    format!("{} min", nanos / 60_000_000_000)
}

/// The local time in New York.
fn local<E: Engine>(at: E::At) -> String {
    OsmHours::at(E::at_nanos(at))
        .format("%a %Y-%m-%d %H:%M")
        .to_string()
}

/// The answer, or the name of the error.
fn or_error<E: Debug>(answer: Result<impl Display, E>) -> String {
    answer.map_or_else(
        |error| {
            let error = format!("{error:?}");
            let name = error.split(|c: char| !c.is_alphanumeric()).next().unwrap();
            format!("error {name}")
        },
        |answer| answer.to_string(),
    )
}

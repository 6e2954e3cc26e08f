//! The grammar of the terms: sentences made from it are read and printed back as they are, and what differs from one in a
//! character is refused, or printed back as it is.
//!
//! The sentences are made here from the grammar of the reference, by code of its own.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use sla::calendar::{DateRule, DayHours, Observed, Weekly};
use sla::clock::{Condition, TargetTerms};
use sla::error::ParseError;
use sla::number::{Percentage, Target};
use sla::time::WrittenTime;

const SENTENCES: usize = 100_000;

/// A generator with a fixed seed: the same sentences in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn number(&mut self) -> u64 {
        let digits = self.below(4) as u32;
        self.below(10_u64.pow(digits + 1))
    }

    fn decimals(&mut self, most: u64) -> String {
        let count = self.below(most) + 1;
        (0..count)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// `time = n unit {" " n unit}`, falling, decimals in seconds only.
fn time(random: &mut Random) -> String {
    let seconds = |random: &mut Random, below: u64| {
        let whole = random.below(below);
        match random.below(3) {
            0 => format!("{whole}.{}{} s", random.decimals(8), 1 + random.below(9)),
            _ => format!("{} s", whole.max(1)),
        }
    };
    match random.below(7) {
        0 => format!("{} h", random.number()),
        1 => format!("{} min", random.number()),
        2 => seconds(random, 10_000),
        3 => format!("{} h {} min", random.number() + 1, 1 + random.below(59)),
        4 => format!("{} h {}", random.number() + 1, seconds(random, 60)),
        5 => format!("{} min {}", random.number() + 1, seconds(random, 60)),
        _ => format!(
            "{} h {} min {}",
            random.number() + 1,
            1 + random.below(59),
            seconds(random, 60)
        ),
    }
}

/// `id = [A-Za-z0-9][A-Za-z0-9_-]{0,63}`, not `24x7`.
fn id(random: &mut Random) -> String {
    const FIRST: &[u8] = b"abcXYZ019";
    const REST: &[u8] = b"abcXYZ019_-";
    let mut id = String::from(char::from(FIRST[random.below(9) as usize]));
    for _ in 0..random.below(12) {
        id.push(char::from(REST[random.below(11) as usize]));
    }
    id
}

fn time_of_day(random: &mut Random) -> String {
    format!("{:02}:{:02}", random.below(24), random.below(60))
}

fn target(random: &mut Random) -> String {
    match random.below(8) {
        0 => String::from("best effort"),
        1 => format!(
            "by 20{:02}-{:02}-{:02}T{}:{:02}Z",
            random.below(100),
            1 + random.below(12),
            1 + random.below(28),
            time_of_day(random),
            random.below(60)
        ),
        2..=4 => {
            let on = match random.below(3) {
                0 => String::from("24x7"),
                _ => id(random),
            };
            format!("{} on {on}", time(random))
        }
        _ => {
            let days = random.below(40);
            let at = format!("at {}", time_of_day(random));
            let meaning = random.one(&[
                "by close",
                "same time",
                "same time or next opening",
                "same time or last close",
                &at,
                "schedule hours",
                "day length",
            ]);
            let cut_off = match random.below(2) {
                0 => String::new(),
                _ => match random.below(4) {
                    0 => String::from(", cut-off at close"),
                    1 => String::from(", cut-off of the calendar"),
                    _ => format!(", cut-off {}", time_of_day(random)),
                },
            };
            let plural = if days == 1 { "" } else { "s" };
            format!(
                "{days} business day{plural} on {}, {meaning}{cut_off}",
                id(random)
            )
        }
    }
}

fn percentage(random: &mut Random, below: u64) -> String {
    match random.below(2) {
        0 => format!("{} %", random.below(below + 1)),
        _ => format!("{}.{} %", random.below(below), random.decimals(9)),
    }
}

fn condition(random: &mut Random) -> String {
    match random.below(2) {
        0 => {
            let events = [
                "opened",
                "detected",
                "acknowledged",
                "public_reply",
                "workaround",
                "resolved",
            ];
            String::from(random.one(&events))
        }
        _ => format!("status:{} {}", id(random), id(random)),
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Weekdays in order, of which three or more in a row are a run, also over the end of the week.
fn weekdays(random: &mut Random) -> String {
    match random.below(4) {
        0 => String::from(random.one(&WEEKDAYS)),
        1 => String::from(random.one(&[
            "Mon-Sun",
            "Mon,Tue",
            "Sat,Sun",
            "Mon,Sun",
            "Tue,Thu,Sat",
            "Mon-Wed,Fri,Sat",
        ])),
        _ => {
            let (first, length) = (random.below(7), 2 + random.below(4));
            let day = |at: u64| WEEKDAYS[(at % 7) as usize];
            format!("{}-{}", day(first), day(first + length))
        }
    }
}

fn clock(random: &mut Random, hours: u64) -> String {
    let time = format!("{:02}:{:02}", 1 + random.below(hours), random.below(60));
    match random.below(4) {
        0 => format!("{time}:{:02}", 1 + random.below(59)),
        _ => time,
    }
}

/// Windows that end on the day on which they start, or on the next.
fn windows(random: &mut Random) -> String {
    let window = |random: &mut Random| {
        let start = clock(random, 11);
        match random.below(4) {
            0 => format!("1{}:30-0{}:15", random.below(10), 1 + random.below(9)),
            1 => format!("{start}-24:00"),
            _ => format!("{start}-1{}:{:02}", 2 + random.below(8), random.below(60)),
        }
    };
    let all: Vec<String> = (0..=random.below(3)).map(|_| window(random)).collect();
    all.join(",")
}

fn date(random: &mut Random, decade: u64) -> String {
    format!(
        "20{decade}{}-{:02}-{:02}",
        random.below(10),
        1 + random.below(12),
        1 + random.below(28)
    )
}

fn weekly(random: &mut Random) -> String {
    let week = match random.below(6) {
        0 => String::from("24x7"),
        _ => format!("{} {}", weekdays(random), windows(random)),
    };
    match random.below(4) {
        0 => format!("{week} from {}", date(random, 2)),
        1 => format!("{week} through {}", date(random, 3)),
        2 => format!("{week} from {} through {}", date(random, 2), date(random, 3)),
        _ => week,
    }
}

fn day_hours(random: &mut Random) -> String {
    match random.below(5) {
        0 => String::from("closed"),
        1 => format!("until 1{}:{:02}", random.below(10), random.below(60)),
        2 => format!(
            "from {:02}:{:02}:{:02}",
            random.below(24),
            random.below(60),
            1 + random.below(59)
        ),
        _ => windows(random),
    }
}

fn observed(random: &mut Random) -> String {
    let days = random.one(&["Sat", "Sun", "Sat,Sun", "Fri-Sun", "Tue,Sat", "Tue-Thu"]);
    format!(
        "{days} {} {} Mon",
        random.one(&["to", "also"]),
        random.one(&["next", "previous"])
    )
}

/// A date of each year, or of each month.
fn point(random: &mut Random, months: bool) -> String {
    let nth = |random: &mut Random, month: &str| {
        let nth = random.one(&["1st", "2nd", "3rd", "4th", "5th", "last"]);
        format!("{nth} {} of {month}", random.one(&WEEKDAYS))
    };
    let anchor = match random.below(6) {
        0 => String::from(random.one(&["easter", "orthodox easter"])),
        1 if months => nth(random, "every month"),
        2 => {
            let month = random.one(&MONTHS);
            nth(random, month)
        }
        _ => format!("{} {}", 1 + random.below(29), random.one(&MONTHS)),
    };
    let anchor = match random.below(4) {
        0 => {
            let relation = random.one(&["before", "on or before", "on or after", "after"]);
            format!("{} {relation} {anchor}", random.one(&WEEKDAYS))
        }
        _ => anchor,
    };
    match random.below(4) {
        0 => format!("{anchor} {}{}", random.one(&["+", "-"]), 1 + random.below(366)),
        _ => anchor,
    }
}

fn date_rule(random: &mut Random) -> String {
    let rule = match random.below(6) {
        0 => return date(random, 2),
        1 => {
            let (year, month) = (random.below(100), 1 + random.below(12));
            let (first, last) = (1 + random.below(14), 15 + random.below(14));
            return format!("20{year:02}-{month:02}-{first:02} through 20{year:02}-{month:02}-{last:02}");
        }
        2 => format!("{} through {}", point(random, false), point(random, false)),
        _ => point(random, true),
    };
    let year = |random: &mut Random, decade: u64| format!("20{decade}{}", random.below(10));
    match random.below(6) {
        0 => format!("{rule} since {}", year(random, 1)),
        1 => format!("{rule} through {}", year(random, 2)),
        2 => format!(
            "{rule} every {} years since {}",
            2 + random.below(98),
            year(random, 1)
        ),
        3 => format!(
            "{rule} since {} through {} except {}",
            year(random, 1),
            year(random, 3),
            year(random, 2)
        ),
        4 => format!("{rule} in {},{}", year(random, 1), year(random, 2)),
        _ => rule,
    }
}

/// One character more, one less, or another one.
fn mutated(random: &mut Random, text: &str) -> String {
    const OTHERS: &[char] = &[
        'a', 'h', 'm', 's', 'T', 'Z', '0', '1', '9', ' ', ',', '.', ':', '-', '_', '%', '+', '\u{a0}', 'é',
        '\u{202e}',
    ];
    let mut characters: Vec<char> = text.chars().collect();
    let place = random.below(characters.len() as u64) as usize;
    let other = OTHERS[random.below(OTHERS.len() as u64) as usize];
    match random.below(3) {
        0 => characters.insert(place, other),
        1 => drop(characters.remove(place)),
        _ => characters[place] = other,
    }
    characters.into_iter().collect()
}

fn check<T>(seed: u64, mut sentence: impl FnMut(&mut Random) -> String)
where
    T: FromStr<Err = ParseError> + Display + Debug + PartialEq,
{
    let mut random = Random(seed);
    let (mut refused, mut read) = (0, 0);
    for _ in 0..SENTENCES {
        let text = sentence(&mut random);
        match text.parse::<T>() {
            Ok(value) => assert_eq!(value.to_string(), text),
            Err(error) => panic!("{error}"),
        }
        let mutant = mutated(&mut random, &text);
        match mutant.parse::<T>() {
            Ok(value) => {
                assert_eq!(value.to_string(), mutant, "from {text}");
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(
        refused > SENTENCES / 10 && read > SENTENCES / 1_000,
        "{refused} refused, {read} read"
    );
}

#[test]
fn sentences_are_printed_as_they_are_written() {
    check::<WrittenTime>(0x5eed_0001, time);
    check::<TargetTerms>(0x5eed_0002, target);
    check::<Percentage>(0x5eed_0003, |random| percentage(random, 10_000));
    check::<Target>(0x5eed_0004, |random| percentage(random, 100));
    check::<Condition>(0x5eed_0005, condition);
    check::<DateRule>(0x5eed_0006, date_rule);
    check::<Weekly>(0x5eed_0007, weekly);
    check::<Observed>(0x5eed_0008, observed);
    check::<DayHours>(0x5eed_0009, day_hours);
}

//! Zones from TZif bytes, read by the `tz-rs` crate.
//!
//! This module owns which bytes are refused, and the transitions that a file lists or that follow from the rule at its end.
//! What offsets mean for local time is left to `offsets`.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use tz::timezone::{AlternateTime, RuleDay, Transition, TransitionRule};

use super::{OFFSET_SECONDS_MAX, Origin, Zone, ZoneName, local_midnight};
use crate::error::ParseError;
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;

pub(super) struct Data {
    zone: tz::TimeZone,
    pub(super) version: String,
    pub(super) known_until: Instant,
}

pub(super) fn zone(name: ZoneName, bytes: &[u8], version: &str) -> Result<Zone, ParseError> {
    let refused = |found: &str| ParseError::new("the bytes of a TZif file", found);
    check_counts(bytes).map_err(refused)?;
    let zone = tz::TimeZone::from_tz_data(bytes)
        .map_err(|_| refused("transitions, types or a footer that cannot be"))?;
    // The reader takes a file that was cut after the line break that opens its footer for one without a rule.
    if !has_whole_footer(bytes) {
        return Err(refused("no line of text at the end"));
    }
    let data = zone.as_ref();
    let leap_seconds = data.leap_seconds().len();
    if leap_seconds > 0 {
        let expected = "TZif data of POSIX time, without leap seconds";
        return Err(ParseError::new(expected, &format!("{leap_seconds} leap seconds")));
    }
    let offsets = data
        .local_time_types()
        .iter()
        .map(|kind| i64::from(kind.ut_offset()));
    if let Some(offset) = offsets
        .into_iter()
        .find(|offset| offset.abs() > OFFSET_SECONDS_MAX)
    {
        let expected = "TZif data with offsets of at most 26 hours";
        return Err(ParseError::new(expected, &format!("{offset} seconds")));
    }
    // Without a rule for the time after it, the data ends with its last transition.
    let known_until = match (data.extra_rule(), data.transitions().last()) {
        (None, Some(last)) => Instant::nearest(second_of(last)),
        _ => Instant::MAX,
    };
    // No question could be answered, and nothing that is known could be assumed to go on.
    if known_until == Instant::MIN {
        let expected = "TZif data of instants after 1900-01-01T00:00:00Z";
        return Err(ParseError::new(expected, "none"));
    }
    Ok(Zone::of(
        name,
        Origin::Tzif(Data {
            zone,
            version: String::from(version),
            known_until,
        }),
    ))
}

/// Refuses a file whose headers count more than its bytes hold, before the reader multiplies those counts: on a target of 32
/// bits the product need not fit.
fn check_counts(bytes: &[u8]) -> Result<(), &'static str> {
    const VERSION_1: u8 = 0;
    let (first, version, rest) = block_length(bytes, 4)?;
    let (_, later) = rest.split_at_checked(first).ok_or(MORE_THAN_THERE_IS)?;
    if version != VERSION_1 {
        let (second, _, footer) = block_length(later, 8)?;
        footer.get(second..).ok_or(MORE_THAN_THERE_IS)?;
    }
    Ok(())
}

const MORE_THAN_THERE_IS: &str = "a header that counts more than there is";

/// The length of the data after a header, the version in the header, and the bytes after it. A time has so many bytes.
fn block_length(bytes: &[u8], time_size: u64) -> Result<(usize, u8, &[u8]), &'static str> {
    const TOO_SHORT: &str = "fewer bytes than a header has";
    let (header, rest) = bytes.split_first_chunk::<44>().ok_or(TOO_SHORT)?;
    let (magic, header) = header.split_first_chunk::<4>().ok_or(TOO_SHORT)?;
    if magic != b"TZif" {
        return Err("other bytes than TZif at the start of a header");
    }
    let (version, header) = header.split_first().ok_or(TOO_SHORT)?;
    let (_, counts) = header.split_first_chunk::<15>().ok_or(TOO_SHORT)?;
    // In the order of the header; each is followed by the bytes that one of it takes. Nothing here wraps: the length is that of
    // six numbers below 2^32, times 12 at most.
    let sizes = [1, 1, time_size.wrapping_add(4), time_size.wrapping_add(1), 6, 1];
    let lengths = counts.chunks_exact(4).zip(sizes).map(|(count, size)| {
        let count = count.iter().fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
        count.wrapping_mul(size)
    });
    let length = lengths.fold(0_u64, u64::wrapping_add);
    let length = usize::try_from(length).map_err(|_| MORE_THAN_THERE_IS)?;
    Ok((length, *version, rest))
}

/// Whether the file ends with a line of text, which may be empty. Only version 1 has none.
fn has_whole_footer(bytes: &[u8]) -> bool {
    const VERSION_AT: usize = 4;
    if bytes.get(VERSION_AT) == Some(&0) {
        return true;
    }
    let line = bytes
        .strip_suffix(b"\n")
        .and_then(|bytes| bytes.rsplit(|byte| *byte == b'\n').next());
    line.is_some_and(|line| line.iter().all(u8::is_ascii_graphic))
}

impl Data {
    pub(super) fn offset_seconds(&self, at: EpochSecond) -> i32 {
        // Fails only past the last transition without a rule, which nobody asks about: see `known_until`.
        self.zone
            .find_local_time_type(at.get())
            .map_or(0, tz::LocalTimeType::ut_offset)
    }

    /// In order, from the list of the file and then from its rule for the time after the list.
    pub(super) fn listed_transitions(&self, from: EpochSecond, until: EpochSecond) -> Vec<EpochSecond> {
        let listed = self.zone.as_ref().transitions();
        let first = listed.partition_point(|transition| second_of(transition) <= from);
        let mut all: Vec<EpochSecond> = listed
            .iter()
            .skip(first)
            .map(second_of)
            .take_while(|at| *at < until)
            .collect();
        let listed_until = listed.last().map_or(from, second_of);
        if let Some(TransitionRule::Alternate(rule)) = self.zone.as_ref().extra_rule() {
            all.extend(rule_transitions(rule, from.max(listed_until), until));
        }
        all
    }
}

/// A file may list any number of 64 bits: what is far from all that is asked about stays before or after it.
fn second_of(transition: &Transition) -> EpochSecond {
    EpochSecond::of(transition.unix_leap_time())
}

/// The instants inside `(from, until)` at which a rule changes the offset. A hostile rule may hold for hours.
fn rule_transitions(rule: &AlternateTime, from: EpochSecond, until: EpochSecond) -> Vec<EpochSecond> {
    let year_of = |at: EpochSecond| Instant::nearest(at).to_utc().year();
    // A year more on both sides, since a rule's time of day may leave its year. No wrap: of the years of instants.
    let years = year_of(from).wrapping_sub(1)..=year_of(until).wrapping_add(1);
    let mut all: Vec<EpochSecond> = years
        .flat_map(|year| {
            let at = |day: &RuleDay, time: i32, offset: i32| {
                let midnight = local_midnight(date_of(day, year)?);
                Some(midnight.plus(i64::from(time)).minus(i64::from(offset)))
            };
            [
                at(rule.dst_start(), rule.dst_start_time(), rule.std().ut_offset()),
                at(rule.dst_end(), rule.dst_end_time(), rule.dst().ut_offset()),
            ]
        })
        .flatten()
        .filter(|at| from < *at && *at < until)
        .collect();
    all.sort_unstable();
    all
}

/// The date that a rule names in a year, by POSIX.
fn date_of(day: &RuleDay, year: i32) -> Option<NaiveDate> {
    let january = NaiveDate::from_ymd_opt(year, 1, 1)?;
    match day {
        RuleDay::Julian0WithLeap(day) => january.checked_add_days(Days::new(day.get().into())),
        RuleDay::Julian1WithoutLeap(day) => {
            // Counted as if there were no 29 February.
            let common = NaiveDate::from_yo_opt(2001, day.get().into())?;
            common.with_year(year)
        }
        RuleDay::MonthWeekDay(day) => {
            let weekday = Weekday::try_from(day.week_day().checked_add(6)?.checked_rem(7)?).ok()?;
            let nth = |week| NaiveDate::from_weekday_of_month_opt(year, day.month().into(), weekday, week);
            nth(day.week()).or_else(|| nth(4)) // the fifth means the last
        }
    }
}

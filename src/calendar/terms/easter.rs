//! Easter Sunday, year by year.
//!
//! This module owns both reckonings. Which days are counted from Easter is left to `dates`.

use chrono::{Days, NaiveDate};

/// Easter Sunday by the Gregorian reckoning: the anonymous algorithm printed in Nature in 1876.
pub(crate) fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let corrected = sum(&[century, 8]) / 25;
    let lunar = sum(&[century, minus(corrected), 1]) / 3;
    let moon = sum(&[times(19, golden), century, minus(century / 4), minus(lunar), 15]) % 30;
    let to_sunday = sum(&[
        32,
        times(2, century % 4),
        times(2, in_century / 4),
        minus(moon),
        minus(in_century % 4),
    ]) % 7;
    let late = sum(&[golden, times(11, moon), times(22, to_sunday)]) / 451;
    let days = sum(&[moon, to_sunday, times(-7, late), 114]);
    march_or_april(year, days)
}

/// Easter Sunday by the Julian reckoning, as a Gregorian date: Meeus, Astronomical Algorithms, chapter 8.
pub(crate) fn orthodox_easter(year: i32) -> Option<NaiveDate> {
    let moon = sum(&[times(19, year % 19), 15]) % 30;
    let to_sunday = sum(&[times(2, year % 4), times(4, year % 7), minus(moon), 34]) % 7;
    let julian = march_or_april(year, sum(&[moon, to_sunday, 114]))?;
    // By so many days the Julian calendar is behind from March of the year on: 13 through 2099, then 14. March and April
    // have equally many days in both.
    let century = year / 100;
    let behind = sum(&[century, minus(century / 4), -2]);
    julian.checked_add_days(Days::new(u64::try_from(behind).ok()?))
}

fn march_or_april(year: i32, days: i32) -> Option<NaiveDate> {
    let day = u32::try_from(sum(&[days % 31, 1])).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, day)
}

/// The sum of some numbers. Nothing here wraps: they come from years of four digits.
fn sum(terms: &[i32]) -> i32 {
    terms.iter().copied().fold(0, i32::wrapping_add)
}

fn times(factor: i32, number: i32) -> i32 {
    factor.wrapping_mul(number)
}

fn minus(number: i32) -> i32 {
    number.wrapping_neg()
}

//! The business days of a calendar: the local dates on which service hours begin.
//!
//! This module owns which dates these are, and how many lie between two of them. What is due after so many of them is left to
//! `business`.
//!
//! # Structure
//!
//! A bit for each date, in words of 64, and the business days before each word. Counting is two look-ups. For every 64th
//! business day its word is kept, so the n-th lies between two of those: within some three words where there are business
//! days every week, and else found by a binary search over at most 1,712 words. Within its word it is found by arithmetic,
//! since processors need not have an instruction that counts bits.

use alloc::vec::Vec;
use core::ops::Range;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::epoch::EpochDay;

const BITS: i64 = 64;

/// The bits of a step of business days.
const STEP_BITS: u32 = 6;

pub(crate) struct Workdays {
    first_day: EpochDay,
    /// The first day after those that are known.
    end_day: EpochDay,
    words: Vec<u64>,
    /// The business days before each word, and at last all.
    before: Vec<u32>,
    /// The word of every 64th business day.
    steps: Vec<u16>,
}

impl Workdays {
    /// Of days from the first on until before the second; each is asked about once, in order.
    pub(crate) fn new(days: (EpochDay, EpochDay), mut is_workday: impl FnMut(EpochDay) -> bool) -> Self {
        Self::by_words(days, |days| Days::new(days, &mut is_workday))
    }

    /// Of days from the first on until before the second, by as many at once as a word has bits, in order.
    pub(crate) fn by_words(
        (first_day, end_day): (EpochDay, EpochDay),
        mut workdays: impl FnMut(Range<EpochDay>) -> Days,
    ) -> Self {
        let mut words = Vec::new();
        let mut before = vec![0_u32];
        let (mut day, mut count) = (first_day, 0_u32);
        while day < end_day {
            // Nothing wraps: no more business days than days.
            let last = day.plus(BITS).min(end_day);
            let word = workdays(day..last).of(day..last);
            words.push(word);
            count = count.wrapping_add(word.count_ones());
            before.push(count);
            day = last;
        }
        Self {
            steps: steps(&before),
            first_day,
            end_day,
            words,
            before,
        }
    }

    /// The first known day, and the first after all known ones.
    pub(crate) fn days(&self) -> (EpochDay, EpochDay) {
        (self.first_day, self.end_day)
    }

    /// Whether a day is a business day. `None` if that is not known.
    pub(crate) fn contains(&self, day: EpochDay) -> Option<bool> {
        let (word, bit) = self.place(day)?;
        Some(self.words.get(word)? >> bit & 1 == 1)
    }

    /// How many business days are known before a day that is known, or the first after all that are.
    pub(crate) fn before(&self, day: EpochDay) -> Option<u32> {
        if day == self.end_day {
            return self.before.last().copied();
        }
        let (word, bit) = self.place(day)?;
        let earlier = self.words.get(word)? & 1_u64.checked_shl(bit)?.wrapping_sub(1);
        self.before.get(word)?.checked_add(earlier.count_ones())
    }

    /// The day of a business day by its number, from 0.
    pub(crate) fn nth(&self, number: u32) -> Option<EpochDay> {
        // Nothing wraps: indices, and there is a word where there is a step.
        let step = usize::try_from(number >> STEP_BITS).ok()?;
        let first = usize::from(*self.steps.get(step)?);
        let last = self.steps.get(step.wrapping_add(1)).copied().map(usize::from);
        let last = last.unwrap_or_else(|| self.words.len().wrapping_sub(1));
        let later = self.before.get(first.wrapping_add(1)..=last)?;
        let word = first.wrapping_add(later.partition_point(|before| *before <= number));
        let in_word = number.checked_sub(*self.before.get(word)?)?;
        let bit = nth_bit(*self.words.get(word)?, in_word)?;
        let days = i64::try_from(word).ok()?.checked_mul(BITS)?;
        Some(self.first_day.plus(days).plus(bit.into()))
    }

    fn place(&self, day: EpochDay) -> Option<(usize, u32)> {
        if day < self.first_day || self.end_day <= day {
            return None;
        }
        let index = day.since(self.first_day);
        let bit = u32::try_from(index % BITS).ok()?;
        Some((usize::try_from(index / BITS).ok()?, bit))
    }

    /// What the vectors hold, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let parts = [
            size_of_val(self.words.as_slice()),
            size_of_val(self.before.as_slice()),
            size_of_val(self.steps.as_slice()),
        ];
        parts.iter().sum()
    }
}

/// Some days in a row, and which of them are business days: a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    first: EpochDay,
    word: u64,
}

impl Days {
    /// Each is asked about once, in order.
    pub(crate) fn new(days: Range<EpochDay>, mut is_workday: impl FnMut(EpochDay) -> bool) -> Self {
        let mut all = Self {
            first: days.start,
            word: 0,
        };
        let days = days.start..=days.end.minus(1);
        EpochDay::each(&days).for_each(|day| all.set(day, is_workday(day)));
        all
    }

    /// By the week: a bit for each weekday, from that of the first day on.
    pub(crate) fn weekly(first: EpochDay, week: u8) -> Self {
        const EACH_WEEK: u64 = 0x8102_0408_1020_4081;
        Self {
            first,
            // Seven bits fill the time until the next seven, so nothing is carried.
            word: u64::from(week & 0x7f).wrapping_mul(EACH_WEEK),
        }
    }

    /// One that is not among them is left as it is.
    pub(crate) fn set(&mut self, day: EpochDay, is_workday: bool) {
        let bit = self.bits_before(day.plus(1)) & !self.bits_before(day);
        self.word = if is_workday {
            self.word | bit
        } else {
            self.word & !bit
        };
    }

    /// Those from one day on until before another are no business days.
    pub(crate) fn clear(&mut self, days: Range<EpochDay>) {
        self.word &= !(self.bits_before(days.end) & !self.bits_before(days.start));
    }

    fn bits_before(&self, day: EpochDay) -> u64 {
        let bits = day.since(self.first).clamp(0, BITS);
        let bit = u32::try_from(bits).ok().and_then(|bits| 1_u64.checked_shl(bits));
        bit.unwrap_or_default().wrapping_sub(1)
    }

    /// Without those that are not asked about.
    fn of(self, days: Range<EpochDay>) -> u64 {
        self.word & self.bits_before(days.end) & !self.bits_before(days.start)
    }
}

/// The word of every 64th business day, from the business days before each word.
fn steps(before: &[u32]) -> Vec<u16> {
    let mut steps = Vec::new();
    for (word, pair) in (0_u16..).zip(before.windows(2)) {
        let [_, until] = pair else { continue };
        // Those whose number is a multiple of 64.
        let begun = until.div_ceil(1 << STEP_BITS);
        while u32::try_from(steps.len()).is_ok_and(|kept| kept < begun) {
            steps.push(word);
        }
    }
    steps
}

/// The place of the set bit that has so many set bits below it. Without a loop over bits, whose end no processor foresees.
fn nth_bit(word: u64, number: u32) -> Option<u32> {
    if number >= word.count_ones() {
        return None;
    }
    // How many bits of each byte are set.
    let pairs = word.wrapping_sub(word >> 1 & 0x5555_5555_5555_5555);
    let fours = (pairs & 0x3333_3333_3333_3333).wrapping_add(pairs >> 2 & 0x3333_3333_3333_3333);
    let bytes = fours.wrapping_add(fours >> 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let (shift, below) = first_byte_with(bytes, number.into());
    // The bits of the byte, each in a byte of its own: alone, then as its highest, then as one.
    let alone = (word >> shift & 0xff).wrapping_mul(EACH_BYTE) & 0x8040_2010_0804_0201;
    let ones = (alone.wrapping_add(0x7f7f_7f7f_7f7f_7f7f) & HIGHEST_OF_EACH_BYTE) >> 7;
    let (bit, _) = first_byte_with(ones, u64::from(number).wrapping_sub(below));
    Some(shift.wrapping_add(bit >> 3))
}

const EACH_BYTE: u64 = 0x0101_0101_0101_0101;
const HIGHEST_OF_EACH_BYTE: u64 = 0x8080_8080_8080_8080;

/// The first byte, counted in bits, with which the sum of the bytes exceeds a number, and the sum of those before it. All of
/// them together exceed it, and are no more than 64.
fn first_byte_with(bytes: u64, number: u64) -> (u32, u64) {
    let up_to = bytes.wrapping_mul(EACH_BYTE);
    // A byte keeps its highest bit unless more is taken from it than it has: at most 64 of 128 and more.
    let wanted = number.wrapping_add(1).wrapping_mul(EACH_BYTE);
    let reached = (up_to | HIGHEST_OF_EACH_BYTE).wrapping_sub(wanted) & HIGHEST_OF_EACH_BYTE;
    let shift = reached.trailing_zeros() & 0x38;
    (shift, up_to << 8 >> shift & 0xff)
}

impl Canonical for Workdays {
    fn encode(&self, to: &mut Encoder) {
        // No wrap: a vector has fewer.
        to.list(self.words.len().wrapping_add(2));
        to.integer(i128::from(self.first_day.get()));
        to.integer(i128::from(self.end_day.get()));
        self.words.iter().for_each(|word| word.encode(to));
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Days, EpochDay, Workdays, nth_bit};

    #[test]
    fn bits_are_found_by_number() {
        let words = [
            0,
            1,
            1 << 63,
            u64::MAX,
            0x8000_0000_0000_0001,
            0x00ff_ff00_f0f0_0a50,
            0x1f1f_3e7c_f8f1_e3c7,
        ];
        for word in words {
            let set = (0..64).filter(|bit| word >> bit & 1 == 1);
            let found: Vec<u32> = (0..word.count_ones())
                .filter_map(|number| nth_bit(word, number))
                .collect();
            assert_eq!(found, set.collect::<Vec<u32>>(), "{word:#x}");
            assert_eq!(nth_bit(word, word.count_ones()), None);
        }
    }

    #[test]
    fn days_of_a_week_fill_words() {
        for (length, week) in [
            (64, 0b001_1111_u8),
            (64, 0b100_0001),
            (64, 0),
            (64, 0x7f),
            (13, 0b101_0110),
        ] {
            let first = EpochDay::of(-5);
            let weekly = Days::weekly(first, week).of(first..first.plus(length));
            let bit = |day: EpochDay| (week >> (day.since(first) % 7)) & 1 == 1;
            assert_eq!(
                weekly,
                Days::new(first..first.plus(length), bit).word,
                "{week:#b}"
            );
        }
        let mut days = Days::weekly(EpochDay::of(100), 0x7f);
        let days_of = |from, until| EpochDay::of(from)..EpochDay::of(until);
        (99..101)
            .chain([163, 164])
            .for_each(|day| days.set(EpochDay::of(day), false));
        days.clear(days_of(90, 100));
        days.clear(days_of(164, 170));
        assert_eq!(days.word, u64::MAX >> 2 << 1);
        days.clear(days_of(102, 102));
        days.set(EpochDay::of(163), true);
        days.clear(days_of(i64::MIN, 163));
        assert_eq!(days.word, 1 << 63);
        days.clear(days_of(163, i64::MAX));
        assert_eq!(days.word, 0);
    }

    /// Of business days every week, of one a year, of all days and of none.
    #[test]
    fn days_are_found_by_number() {
        let patterns: [fn(i64) -> bool; 5] = [
            |day| day.rem_euclid(7) < 5,
            |day| day.rem_euclid(365) == 100,
            |_| true,
            |_| false,
            |day| !(1_000..9_000).contains(&day) || day == 5_000,
        ];
        for is_workday in patterns {
            let workdays = Workdays::new((EpochDay::of(-100), EpochDay::of(20_000)), |day| {
                is_workday(day.get())
            });
            let expected: Vec<i64> = (-100..20_000).filter(|day| is_workday(*day)).collect();
            let found = (0..).map_while(|number| workdays.nth(number)).map(EpochDay::get);
            let found: Vec<i64> = found.collect();
            assert_eq!(found, expected);
            assert_eq!(workdays.nth(u32::MAX), None);
        }
    }
}

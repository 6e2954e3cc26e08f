//! The business days of a calendar: the local dates on which service hours begin.
//!
//! This module owns which dates these are, and how many lie between two of them. What is due after so many of them is left to
//! `business`.
//!
//! # Structure
//!
//! A bit for each date, in words of 64, and the business days before each word. Counting is two look-ups. Finding the n-th is
//! a binary search over the words (at most 1,712 of them, so 11 steps) and at most 63 steps within one, at any distance.

use alloc::vec::Vec;

use crate::fingerprint::{Canonical, Encoder};

const BITS: i64 = 64;

#[derive(Default)]
pub(crate) struct Workdays {
    /// In days since 1970.
    first_day: i64,
    /// The first day after those that are known.
    end_day: i64,
    words: Vec<u64>,
    /// The business days before each word, and at last all.
    before: Vec<u32>,
}

impl Workdays {
    /// Of days from the first on until before the second; each is asked about once, in order.
    pub(crate) fn new((first_day, end_day): (i64, i64), mut is_workday: impl FnMut(i64) -> bool) -> Self {
        let mut words = Vec::new();
        let mut before = vec![0_u32];
        let (mut day, mut count) = (first_day, 0_u32);
        while day < end_day {
            let last = day.saturating_add(BITS).min(end_day);
            let word = (day..last).zip(0_u32..).fold(0_u64, |word, (day, bit)| {
                word | u64::from(is_workday(day)).checked_shl(bit).unwrap_or_default()
            });
            words.push(word);
            count = count.saturating_add(word.count_ones());
            before.push(count);
            day = last;
        }
        Self {
            first_day,
            end_day,
            words,
            before,
        }
    }

    /// The first known day, and the first after all known ones.
    pub(crate) fn days(&self) -> (i64, i64) {
        (self.first_day, self.end_day)
    }

    /// Whether a day is a business day. `None` if that is not known.
    pub(crate) fn contains(&self, day: i64) -> Option<bool> {
        let (word, bit) = self.place(day)?;
        Some(self.words.get(word)? >> bit & 1 == 1)
    }

    /// How many business days are known before a day that is known, or the first after all that are.
    pub(crate) fn before(&self, day: i64) -> Option<u32> {
        if day == self.end_day {
            return self.before.last().copied();
        }
        let (word, bit) = self.place(day)?;
        let earlier = self.words.get(word)? & 1_u64.checked_shl(bit)?.wrapping_sub(1);
        self.before.get(word)?.checked_add(earlier.count_ones())
    }

    /// The day of a business day by its number, from 0.
    pub(crate) fn nth(&self, number: u32) -> Option<i64> {
        let word = self
            .before
            .partition_point(|before| *before <= number)
            .checked_sub(1)?;
        let mut bits = *self.words.get(word)?;
        for _ in 0..number.checked_sub(*self.before.get(word)?)? {
            bits &= bits.wrapping_sub(1); // drops the lowest bit
        }
        let in_word = i64::from(bits.trailing_zeros());
        let days = i64::try_from(word).ok()?.checked_mul(BITS)?;
        self.first_day.checked_add(days)?.checked_add(in_word)
    }

    fn place(&self, day: i64) -> Option<(usize, u32)> {
        let index = day.checked_sub(self.first_day).filter(|index| *index >= 0)?;
        if day >= self.end_day {
            return None;
        }
        let bit = u32::try_from(index % BITS).ok()?;
        Some((usize::try_from(index / BITS).ok()?, bit))
    }

    #[cfg(all(test, feature = "chrono-tz"))]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.words.as_slice()).saturating_add(size_of_val(self.before.as_slice()))
    }
}

impl Canonical for Workdays {
    fn encode(&self, to: &mut Encoder) {
        to.list(self.words.len().saturating_add(2));
        to.integer(i128::from(self.first_day));
        to.integer(i128::from(self.end_day));
        self.words.iter().for_each(|word| word.encode(to));
    }
}

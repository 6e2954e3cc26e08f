//! What the fingerprint of a calendar is made of.
//!
//! This module owns which answers enter it. How all that is explained is taken together is left to `explained`, and how values
//! are hashed to `fingerprint`.

use crate::calendar::terms::cut_off::cut_off_on;
use crate::fingerprint::{Canonical, Encoder, encode_text};

use super::calendar::Calendar;
use super::explained::ExplainedWeeks;

impl Calendar {
    /// The business days, how long a day is, and the cut-offs if any are stated.
    fn encode_days(&self, to: &mut Encoder) {
        let stated = self.hours().filter(|hours| !hours.cut_off.is_empty());
        to.list(if stated.is_some() { 3 } else { 2 });
        self.workdays().encode(to);
        match self.source().longest_days(self.workdays().days()) {
            Some(longest) => {
                // No wrap: a vector of fewer pairs.
                to.list(longest.len().wrapping_mul(2));
                for (day, length) in longest {
                    to.integer(i128::from(day.get()));
                    length.encode(to);
                }
            }
            None => to.nothing(),
        }
        let Some(hours) = stated else { return };
        to.list(7);
        for weekday in 0..7 {
            match cut_off_on(weekday, &hours.cut_off) {
                Some(time) => to.integer(time.seconds().into()),
                None => to.nothing(),
            }
        }
    }
}

impl Canonical for Calendar {
    fn encode(&self, to: &mut Encoder) {
        let covers = self.covers();
        to.list(8);
        covers.start().encode(to);
        covers.end().encode(to);
        // What is answered at the ends of it.
        to.list(4);
        encode_text(&self.before(), to);
        encode_text(&self.beyond(), to);
        encode_text(&self.no_open(), to);
        encode_text(&self.no_close(), to);
        self.assumed_from().encode(to);
        self.local().encode_over(covers, to);
        self.encode_days(to);
        ExplainedWeeks::of(&self.0).encode(to);
    }
}

//! The question why a calendar is open or closed.
//!
//! This module owns how much is explained at once. Which reason holds is left to `compile`.

use alloc::vec::{self, Vec};
use core::iter::FusedIterator;

use chrono::{DateTime, Utc};

use crate::calendar::compile::explain::Stretch;
use crate::error::QueryError;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::time::unit;

use super::calendar::Calendar;

/// How much is explained at once.
const PIECE_SECONDS: i64 = 4 * unit::SECONDS_PER_WEEK;

impl Calendar {
    /// Returns every stretch of an interval, with the rule that opened or closed it. Together they cover it without gaps;
    /// those that are open sum to [`Calendar::elapsed`].
    ///
    /// What closes is the last layer that did so: a holiday is named where service hours would run without it, so that its
    /// stretches sum to what it costs.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`]. The stretches themselves have none.
    ///
    /// # Example: two days of Christmas
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .holiday("25 Dec", "Christmas")
    ///     .override_day("24 Dec", "until 13:00", "Christmas Eve")
    ///     .compile()?;
    /// let (from, to) = ("2026-12-24T09:00:00Z".parse().unwrap(), "2026-12-26T00:00:00Z".parse().unwrap());
    /// let stretches: Vec<String> =
    ///     desk.explain(from, to).unwrap().map(|stretch| stretch.to_string()).collect();
    /// assert_eq!(stretches, [
    ///     "2026-12-24T09:00:00Z/2026-12-24T13:00:00Z open: Mon-Fri 09:00-17:00",
    ///     "2026-12-24T13:00:00Z/2026-12-24T17:00:00Z closed: Christmas Eve",
    ///     "2026-12-24T17:00:00Z/2026-12-25T09:00:00Z closed: outside service hours",
    ///     "2026-12-25T09:00:00Z/2026-12-25T17:00:00Z closed: Christmas",
    ///     "2026-12-25T17:00:00Z/2026-12-26T00:00:00Z closed: outside service hours",
    /// ]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Walks the days of the interval, four weeks at a time and only as far as stretches are taken: n log n in their
    /// windows, times the lines of weekly hours. Each part of a composite is explained once, however often it is named.
    pub fn explain(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Explanation<'_>, QueryError> {
        self.explanation(Interval::new(from, to)?)
    }

    pub(crate) fn explanation(&self, asked: Interval) -> Result<Explanation<'_>, QueryError> {
        Ok(Explanation {
            calendar: self,
            left: self.covered(asked)?,
            found: Vec::new().into_iter(),
            is_new_piece: false,
            last: None,
        })
    }

    /// Whether what runs until a whole second, or does not, goes on after it for the same entry.
    fn goes_on(&self, at: Instant) -> bool {
        let second = at.second();
        let around = Interval::clamped(
            Instant::nearest(second.minus(1)),
            Instant::nearest(second.plus(1)),
        );
        self.0.explain(around.intersection(&self.covers())).len() == 1
    }
}

/// Why a calendar is open or closed, stretch by stretch: see [`Calendar::explain`].
///
/// # Example: the first holiday of a century
///
/// ```
/// use sla::calendar::StretchReason;
///
/// let desk = sla::Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").holiday("1 May", "Labour Day").compile()?;
/// let (from, to) = ("2026-01-01T00:00:00Z".parse().unwrap(), "2126-01-01T00:00:00Z".parse().unwrap());
/// let holiday = desk.explain(from, to).unwrap().find(|stretch| matches!(stretch.reason, StretchReason::Holiday { .. }));
/// assert_eq!(holiday.unwrap().to_string(), "2026-05-01T09:00:00Z/2026-05-01T17:00:00Z closed: Labour Day");
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    calendar: &'a Calendar,
    /// What is not explained yet.
    left: Interval,
    /// The stretches of the piece that was explained last.
    found: vec::IntoIter<Stretch>,
    /// Whether the next of them is the first.
    is_new_piece: bool,
    /// Held back, since it may go on in the next piece.
    last: Option<Stretch>,
}

impl Explanation<'_> {
    fn explain_next_piece(&mut self) {
        let next = self.left.from().second().plus(PIECE_SECONDS);
        let until = Instant::nearest(next).min(self.left.until());
        let piece = Interval::clamped(self.left.from(), until);
        self.found = self.calendar.0.explain(piece).into_iter();
        self.is_new_piece = true;
        self.left = Interval::clamped(until, self.left.until());
    }
}

impl Iterator for Explanation<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        loop {
            let Some(next) = self.found.next() else {
                if self.left.is_empty() {
                    return self.last.take();
                }
                self.explain_next_piece();
                continue;
            };
            let is_new_piece = core::mem::take(&mut self.is_new_piece);
            let Some(last) = &mut self.last else {
                self.last = Some(next);
                continue;
            };
            // A piece ends where it ends, whatever runs then.
            if is_new_piece && last.reason == next.reason && self.calendar.goes_on(next.interval.from()) {
                last.interval = Interval::clamped(last.interval.from(), next.interval.until());
                continue;
            }
            return self.last.replace(next);
        }
    }
}

impl FusedIterator for Explanation<'_> {}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::PIECE_SECONDS;
    use crate::calendar::ask::calendar::Calendar;
    use crate::calendar::terms::hours::Hours;
    use crate::error::Problems;
    use crate::time::instant::Instant;
    use crate::zone::ZoneData;

    /// Open and closed by turns, each for a quarter of an hour: 96 stretches a day.
    fn quarters() -> Result<Calendar, Problems> {
        let hours = (0..24).map(|hour| format!("{hour:02}:00-{hour:02}:15,{hour:02}:30-{hour:02}:45"));
        let windows: Vec<String> = hours.collect();
        let hours = Hours::in_zone("UTC").weekly(&format!("Mon-Sun {}", windows.join(",")));
        hours.compile_with(&ZoneData::fixed_only())
    }

    /// Of three centuries nothing is explained before it is asked for, and then four weeks.
    #[test]
    fn explanations_are_made_piece_by_piece() -> Result<(), Box<dyn core::error::Error>> {
        let calendar = quarters()?;
        let mut explanation = calendar.explanation(calendar.covers())?;
        assert_eq!(explanation.found.len(), 0);
        explanation.next();
        let explained = Instant::MIN.nanos_until(explanation.left.from()) / 1_000_000_000;
        assert_eq!(explained, PIECE_SECONDS.unsigned_abs());
        assert_eq!(explanation.found.len(), 28 * 96 - 2); // one is told, and one held back
        Ok(())
    }
}

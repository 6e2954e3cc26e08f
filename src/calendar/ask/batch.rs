//! Questions about many instants at once, as numbers of seconds, milliseconds or nanoseconds since 1970.
//!
//! This module owns the step between such numbers and the ticks in which `table` counts, and what is told of an element
//! that has no answer. The single questions are `query`'s: what this module does not answer at once, it asks there, so both
//! always say the same.

use crate::error::{BatchError, QueryError};
use crate::time::amount::WorkingTime;
use crate::time::epoch::EpochSecond;
use crate::time::instant::Instant;
use crate::time::interval::Interval;
use crate::time::unit;

use super::calendar::Calendar;

const NANOS_PER_SECOND: u64 = unit::NANOS_PER_SECOND.unsigned_abs();

const MILLIS_PER_SECOND: u64 = 1_000;

/// How many deadlines are found together.
const BLOCK: usize = 32;

/// # Questions about many instants
///
/// For columns of numbers. The unit is in the name: seconds, milliseconds or nanoseconds since 1970-01-01 UTC, and as much
/// for amounts of working time. Every element gets the answer of the single question, and the results are exact: hours
/// open and close on whole seconds.
///
/// They stop at the first element that has no answer, with a [`BatchError`] that names it. The results before it are
/// written by then; those from it on are left as they were. Where slices are of different lengths nothing is answered.
///
/// A batch takes about a fifth of the time of single questions, and no memory.
impl Calendar {
    /// Whether service hours run at each instant in `at`: see [`Calendar::is_open`].
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut open = [false; 3]; // 1970 began with a Thursday
    /// assert_eq!(desk.is_open_epoch_seconds(&[-1, 119, 120], &mut open), Ok(()));
    /// assert_eq!(open, [false, true, false]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One look-up for each element, whatever the distance.
    pub fn is_open_epoch_seconds(&self, at: &[i64], open: &mut [bool]) -> Result<(), BatchError> {
        self.is_open_ticks::<1>(at, open)
    }

    /// [`Calendar::is_open_epoch_seconds`] for milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut open = [false; 3];
    /// assert_eq!(desk.is_open_epoch_millis(&[-1, 119_999, 120_000], &mut open), Ok(()));
    /// assert_eq!(open, [false, true, false]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One look-up for each element, whatever the distance.
    pub fn is_open_epoch_millis(&self, at: &[i64], open: &mut [bool]) -> Result<(), BatchError> {
        self.is_open_ticks::<MILLIS_PER_SECOND>(at, open)
    }

    /// [`Calendar::is_open_epoch_seconds`] for nanoseconds since 1970.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut open = [false; 3];
    /// assert_eq!(desk.is_open_epoch_nanos(&[-1, 119_999_999_999, 120_000_000_000], &mut open), Ok(()));
    /// assert_eq!(open, [false, true, false]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// One look-up for each element, whatever the distance.
    pub fn is_open_epoch_nanos(&self, at: &[i64], open: &mut [bool]) -> Result<(), BatchError> {
        self.is_open_ticks::<NANOS_PER_SECOND>(at, open)
    }

    /// The working seconds that pass from each instant in `from` until that in `to`: see [`Calendar::elapsed`].
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut elapsed = [0; 2];
    /// assert_eq!(desk.elapsed_epoch_seconds(&[-1, 100], &[60, 604_800], &mut elapsed), Ok(()));
    /// assert_eq!(elapsed, [60, 20]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn elapsed_epoch_seconds(
        &self,
        from: &[i64],
        to: &[i64],
        elapsed: &mut [i64],
    ) -> Result<(), BatchError> {
        self.elapsed_ticks::<1>(from, to, elapsed)
    }

    /// [`Calendar::elapsed_epoch_seconds`] for milliseconds since 1970, and in milliseconds.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants).
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut elapsed = [0; 2];
    /// assert_eq!(desk.elapsed_epoch_millis(&[-1, 100_001], &[60_500, 604_800_000], &mut elapsed), Ok(()));
    /// assert_eq!(elapsed, [60_500, 19_999]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn elapsed_epoch_millis(
        &self,
        from: &[i64],
        to: &[i64],
        elapsed: &mut [i64],
    ) -> Result<(), BatchError> {
        self.elapsed_ticks::<MILLIS_PER_SECOND>(from, to, elapsed)
    }

    /// [`Calendar::elapsed_epoch_seconds`] for nanoseconds since 1970, and in nanoseconds.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants); [`QueryError::Overflow`] for more than 292
    /// years of working time, since an `i64` holds no more nanoseconds.
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut elapsed = [0; 2];
    /// let (from, to) = ([-1, 119_999_999_999], [1, 604_800_000_000_000]);
    /// assert_eq!(desk.elapsed_epoch_nanos(&from, &to, &mut elapsed), Ok(()));
    /// assert_eq!(elapsed, [1, 1]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn elapsed_epoch_nanos(
        &self,
        from: &[i64],
        to: &[i64],
        elapsed: &mut [i64],
    ) -> Result<(), BatchError> {
        self.elapsed_ticks::<NANOS_PER_SECOND>(from, to, elapsed)
    }

    /// For each instant in `from` the earliest at or after it until which so many working seconds have passed as the
    /// element of `within` says: see [`Calendar::deadline`].
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants), and [`QueryError::Negative`].
    ///
    /// # Example
    ///
    /// ```
    /// use sla::error::QueryError;
    ///
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut due = [0; 2];
    /// assert_eq!(desk.deadline_epoch_seconds(&[-1, 60], &[120, 61], &mut due), Ok(()));
    /// assert_eq!(due, [120, 604_801]);
    ///
    /// let error = desk.deadline_epoch_seconds(&[0, 0], &[60, -1], &mut due).unwrap_err();
    /// assert_eq!(error.to_string(), "element 1: expected no negative time, found `-1`");
    /// assert_eq!((error.index(), error.error()), (1, QueryError::Negative { found: -1 }));
    /// assert_eq!(due, [60, 604_801]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn deadline_epoch_seconds(
        &self,
        from: &[i64],
        within_seconds: &[i64],
        due: &mut [i64],
    ) -> Result<(), BatchError> {
        self.deadline_ticks::<1>(from, within_seconds, due)
    }

    /// [`Calendar::deadline_epoch_seconds`] for milliseconds since 1970, and in milliseconds.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants), and [`QueryError::Negative`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut due = [0; 2];
    /// assert_eq!(desk.deadline_epoch_millis(&[-1, 60_500], &[120_000, 59_501], &mut due), Ok(()));
    /// assert_eq!(due, [120_000, 604_800_001]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn deadline_epoch_millis(
        &self,
        from: &[i64],
        within_millis: &[i64],
        due: &mut [i64],
    ) -> Result<(), BatchError> {
        self.deadline_ticks::<MILLIS_PER_SECOND>(from, within_millis, due)
    }

    /// [`Calendar::deadline_epoch_seconds`] for nanoseconds since 1970, and in nanoseconds.
    ///
    /// # Errors
    ///
    /// See [questions about many instants](#questions-about-many-instants), and [`QueryError::Negative`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC").weekly("Thu 00:00-00:02").compile()?;
    /// let mut due = [0; 2];
    /// assert_eq!(desk.deadline_epoch_nanos(&[-1, 0], &[1, 120_000_000_001], &mut due), Ok(()));
    /// assert_eq!(due, [1, 604_800_000_000_001]);
    /// # Ok::<(), sla::error::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Two look-ups for each element, whatever the distance.
    pub fn deadline_epoch_nanos(
        &self,
        from: &[i64],
        within_nanos: &[i64],
        due: &mut [i64],
    ) -> Result<(), BatchError> {
        self.deadline_ticks::<NANOS_PER_SECOND>(from, within_nanos, due)
    }

    fn is_open_ticks<const PER_SECOND: u64>(&self, at: &[i64], open: &mut [bool]) -> Result<(), BatchError> {
        same_lengths([at.len(), at.len(), open.len()])?;
        let (table, known) = (self.table(), Known::new::<PER_SECOND>(self));
        for (index, (at, open)) in at.iter().zip(open).enumerate() {
            let after = known.after_start(*at);
            *open = if after < known.length {
                table.is_open_tick::<PER_SECOND>(known.tick(after))
            } else {
                let single = instant::<PER_SECOND>(*at).and_then(|at| self.open_at(at));
                single.map_err(|error| BatchError::new(index, error))?
            };
        }
        Ok(())
    }

    fn elapsed_ticks<const PER_SECOND: u64>(
        &self,
        from: &[i64],
        to: &[i64],
        elapsed: &mut [i64],
    ) -> Result<(), BatchError> {
        same_lengths([from.len(), to.len(), elapsed.len()])?;
        let (table, known) = (self.table(), Known::new::<PER_SECOND>(self));
        for (index, ((from, to), elapsed)) in from.iter().zip(to).zip(elapsed).enumerate() {
            let (start, end) = (known.after_start(*from), known.after_start(*to));
            let at_once = (start <= end && end <= known.length).then(|| {
                let before = table.open_ticks_before::<PER_SECOND>(known.tick(start));
                let after = table.open_ticks_before::<PER_SECOND>(known.tick(end));
                after.wrapping_sub(before) // never falls from `start` to `end`
            });
            *elapsed = match at_once.and_then(|ticks| i64::try_from(ticks).ok()) {
                Some(ticks) => ticks,
                None => self
                    .elapsed_single::<PER_SECOND>(*from, *to)
                    .map_err(|error| BatchError::new(index, error))?,
            };
        }
        Ok(())
    }

    fn deadline_ticks<const PER_SECOND: u64>(
        &self,
        from: &[i64],
        within: &[i64],
        due: &mut [i64],
    ) -> Result<(), BatchError> {
        same_lengths([from.len(), within.len(), due.len()])?;
        let (table, known) = (self.table(), Known::new::<PER_SECOND>(self));
        let blocks = from.chunks(BLOCK).zip(within.chunks(BLOCK));
        for (block, ((from, within), due)) in blocks.zip(due.chunks_mut(BLOCK)).enumerate() {
            // All of one look-up, and then all of the other: the processor begins the next while it waits for this one.
            let mut asked = [0_u64; BLOCK];
            for (asked, (from, within)) in asked.iter_mut().zip(from.iter().zip(within)) {
                let start = known.after_start(*from);
                if start <= known.length && *within > 0 {
                    let before = table.open_ticks_before::<PER_SECOND>(known.tick(start));
                    // Saturates on purpose: more than all that is open is more, however much.
                    *asked = before.saturating_add(within.unsigned_abs());
                }
            }
            let elements = from.iter().zip(within).zip(due).zip(asked);
            for (index, (((from, within), due), asked)) in elements.enumerate() {
                *due = match table.earliest_tick_with::<PER_SECOND>(asked) {
                    Some(tick) => known.epoch(tick),
                    None => self
                        .deadline_single::<PER_SECOND>(*from, *within)
                        .map_err(|error| {
                            // No wrap: the index of an element.
                            let index = block.wrapping_mul(BLOCK).wrapping_add(index);
                            BatchError::new(index, error)
                        })?,
                };
            }
        }
        Ok(())
    }

    #[cold]
    fn elapsed_single<const PER_SECOND: u64>(&self, from: i64, to: i64) -> Result<i64, QueryError> {
        let (from, to) = (instant::<PER_SECOND>(from)?, instant::<PER_SECOND>(to)?);
        let nanos = self.elapsed_between(from, to)?.as_nanoseconds();
        let ticks = nanos.checked_div(nanos_per_tick::<PER_SECOND>());
        let ticks = ticks.and_then(|ticks| i64::try_from(ticks).ok());
        ticks.ok_or(QueryError::Overflow)
    }

    #[cold]
    fn deadline_single<const PER_SECOND: u64>(&self, from: i64, within: i64) -> Result<i64, QueryError> {
        let from = instant::<PER_SECOND>(from)?;
        let ticks = u64::try_from(within).map_err(|_| QueryError::Negative { found: within })?;
        // Saturates on purpose: what is longer than 300 years is told below.
        let nanos = ticks.saturating_mul(nanos_per_tick::<PER_SECOND>());
        let longest = WorkingTime::nanoseconds(nanos);
        let due = self.deadline_from(from, longest)?;
        if longest.as_nanoseconds() < nanos {
            return Err(self.beyond()); // after more than the 300 years that there are
        }
        let since_1970 = due
            .epoch_nanos()
            .div_euclid(signed(nanos_per_tick::<PER_SECOND>()));
        Ok(since_1970)
    }
}

/// What a calendar knows, in the ticks of a unit.
#[derive(Clone, Copy)]
struct Known {
    /// When it starts, since 1970.
    from: i64,
    length: u64,
    /// How long after the table it starts.
    after_table: u64,
}

impl Known {
    fn new<const PER_SECOND: u64>(calendar: &Calendar) -> Self {
        let covers: Interval = calendar.covers();
        let table_start = calendar.table().start.second();
        // It ends on a whole second, or else a part of one is left to the single questions.
        let (from, until) = (covers.from().second().max(table_start), covers.until().second());
        // No wrap: seconds of instants, which in nanoseconds too are numbers of 64 bits.
        let ticks = |from: EpochSecond, until: EpochSecond| {
            until.since(from).max(0).unsigned_abs().wrapping_mul(PER_SECOND)
        };
        Self {
            from: from.get().wrapping_mul(signed(PER_SECOND)),
            length: ticks(from, until),
            after_table: ticks(table_start, from),
        }
    }

    /// The ticks from the start of what is known to a tick since 1970. One before the start is after the end, too: as far
    /// as a `u64` goes around.
    #[inline(always)]
    fn after_start(self, tick: i64) -> u64 {
        0_u64.wrapping_add_signed(tick.wrapping_sub(self.from))
    }

    /// The tick of the table, for one within what is known.
    #[inline(always)]
    fn tick(self, after_start: u64) -> u64 {
        after_start.wrapping_add(self.after_table)
    }

    /// The tick since 1970 of one of the table.
    #[inline(always)]
    fn epoch(self, tick: u64) -> i64 {
        self.from
            .wrapping_add_unsigned(tick.wrapping_sub(self.after_table))
    }
}

fn same_lengths(lengths: [usize; 3]) -> Result<(), BatchError> {
    let [first, second, third] = lengths;
    if first == second && second == third {
        return Ok(());
    }
    let shortest = first.min(second).min(third);
    Err(BatchError::new(shortest, QueryError::LengthsDiffer))
}

const fn nanos_per_tick<const PER_SECOND: u64>() -> u64 {
    match NANOS_PER_SECOND.checked_div(PER_SECOND) {
        Some(nanos) => nanos,
        None => NANOS_PER_SECOND,
    }
}

fn signed(small: u64) -> i64 {
    // No wrap: the ticks of a second, or the nanoseconds of a tick.
    0_i64.wrapping_add_unsigned(small)
}

fn instant<const PER_SECOND: u64>(tick: i64) -> Result<Instant, QueryError> {
    Instant::from_epoch(tick, signed(nanos_per_tick::<PER_SECOND>()))
}

//! Half-open intervals `[start, end)` of UTC instants, and sets of them.
//!
//! This module owns the one normaliser of the crate: every merge of outages, every union of open hours passes
//! through [`IntervalSet`]. It knows no zone and no policy.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};

use crate::error::{ParseError, QueryError};
use crate::time::amount::WallTime;
use crate::time::instant::Instant;

/// The instants from a start until before an end. May be empty.
///
/// # Example: an outage of two hours
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Interval, WallTime};
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
/// let outage = Interval::new(at(1), at(3))?;
/// assert_eq!(outage.length(), WallTime::hours(2));
/// assert!(outage.contains(at(1)) && !outage.contains(at(3)));
/// # Ok::<(), sla::error::QueryError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: Instant,
    end: Instant,
}

impl Interval {
    /// Creates the interval `[start, end)`.
    ///
    /// # Errors
    ///
    /// [`QueryError::Reversed`] if the end lies before the start, and the errors of an instant that is a leap
    /// second or not from 1900 to 2200.
    ///
    /// # Example: a morning
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert_eq!(morning.to_string(), "2026-03-05T08:00:00Z/2026-03-05T12:00:00Z");
    /// assert!(Interval::new(morning.end(), morning.start()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, QueryError> {
        Self::between(Instant::new(start)?, Instant::new(end)?)
    }

    #[inline]
    pub(crate) fn between(start: Instant, end: Instant) -> Result<Self, QueryError> {
        if end < start {
            return Err(QueryError::Reversed {
                from: start.to_utc(),
                to: end.to_utc(),
            });
        }
        Ok(Self { start, end })
    }

    /// The interval, or the empty one at `start` when `end` lies before it.
    #[inline]
    pub(crate) fn clamped(start: Instant, end: Instant) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// Returns the first instant inside.
    ///
    /// # Example: a morning
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert!(morning.contains(morning.start()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(&self) -> DateTime<Utc> {
        self.start.to_utc()
    }

    /// Returns the first instant after it.
    ///
    /// # Example: a morning
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert!(!morning.contains(morning.end()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn end(&self) -> DateTime<Utc> {
        self.end.to_utc()
    }

    #[inline]
    pub(crate) fn from(&self) -> Instant {
        self.start
    }

    #[inline]
    pub(crate) fn until(&self) -> Instant {
        self.end
    }

    /// Returns its length on the clock on the wall.
    ///
    /// # Example: a morning
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert_eq!(morning.length(), sla::WallTime::hours(4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn length(&self) -> WallTime {
        WallTime::nanoseconds(self.start.nanos_until(self.end))
    }

    /// Reports whether no instant lies inside.
    ///
    /// # Example: no time at all
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert!(!morning.is_empty());
    /// assert!(Interval::new(morning.start(), morning.start())?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Reports whether `at` lies inside: at or after the start, before the end.
    ///
    /// # Example: ten and twelve of a morning
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// assert!(morning.contains("2026-03-05T10:00:00Z".parse()?));
    /// assert!(!morning.contains("2026-03-05T12:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.start() <= at && at < self.end()
    }

    /// Returns what both have in common, which is empty if they have nothing in common.
    ///
    /// # Example: a morning and an outage
    ///
    /// ```
    /// use sla::Interval;
    ///
    /// let morning = Interval::new("2026-03-05T08:00:00Z".parse()?, "2026-03-05T12:00:00Z".parse()?)?;
    /// let outage = Interval::new("2026-03-05T11:00:00Z".parse()?, "2026-03-05T13:00:00Z".parse()?)?;
    /// assert_eq!(morning.intersection(&outage).length(), sla::WallTime::hours(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self::clamped(self.start.max(other.start), self.end.min(other.end))
    }
}

/// The interval in RFC 3339: `2026-03-01T01:00:00Z/2026-03-01T03:00:00Z`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}

/// Two instants with `/` between them, in the one form in which they are printed.
impl FromStr for Interval {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let read = || {
            let (start, end) = text.split_once('/')?;
            let (start, end) = (Instant::parse(start).ok()?, Instant::parse(end).ok()?);
            let read = (start <= end).then_some(Self { start, end })?;
            (read.to_string() == text).then_some(read)
        };
        read().ok_or_else(|| {
            ParseError::new(
                "an interval in UTC such as `2026-03-01T00:00:00Z/2026-04-01T00:00:00Z`",
                text,
            )
        })
    }
}

crate::text::serde_as_text!(Interval);

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of instants as intervals: sorted, none empty, none touching another.
///
/// Two sets are equal if and only if they hold the same instants. Collecting intervals merges what overlaps or
/// touches, so an outage reported twice counts once.
///
/// # Example: an outage reported twice
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::{Interval, WallTime};
/// use sla::time::IntervalSet;
///
/// let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
/// let outages: IntervalSet =
///     [Interval::new(at(0), at(2))?, Interval::new(at(1), at(3))?].into_iter().collect();
/// assert_eq!(outages.total(), WallTime::minutes(180)); // not 240
/// # Ok::<(), sla::error::QueryError>(())
/// ```
///
/// # Cost
///
/// Collecting n intervals and the union of two sets take n log n; every other operation is linear in the intervals
/// of both sets, or better.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct IntervalSet(Vec<Interval>);

impl IntervalSet {
    /// Returns the intervals in order.
    ///
    /// # Example: a desk with a lunch break
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// let lengths: Vec<WallTime> = open.iter().map(Interval::length).collect();
    /// assert_eq!(lengths, [WallTime::hours(3), WallTime::hours(4)]);
    /// ```
    pub fn iter(&self) -> core::slice::Iter<'_, Interval> {
        self.0.iter()
    }

    /// Returns how many separate intervals there are.
    ///
    /// # Example: a desk with a lunch break
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!((open.len(), open.total()), (2, WallTime::hours(7)));
    /// ```
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Reports whether no instant is inside.
    ///
    /// # Example: a closed day
    ///
    /// ```
    /// use sla::time::IntervalSet;
    ///
    /// assert!(IntervalSet::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the length of all of it. It cannot overflow: the intervals are disjoint and lie within 300 years.
    ///
    /// # Example: a desk with a lunch break
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!(open.total(), WallTime::hours(7));
    /// ```
    pub fn total(&self) -> WallTime {
        // Nothing wraps: as said above.
        let nanos = self.iter().fold(0_u64, |sum, interval| {
            sum.wrapping_add(interval.start.nanos_until(interval.end))
        });
        debug_assert!(nanos <= Instant::MIN.nanos_until(Instant::MAX));
        WallTime::nanoseconds(nanos)
    }

    /// Reports whether `at` lies inside, in logarithmic time.
    ///
    /// # Example: at noon, and at one
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert!(!open.contains(hours(12, 13).start()));
    /// assert!(open.contains(hours(12, 13).end()));
    /// assert_eq!(open.total(), WallTime::hours(7));
    /// ```
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        let index = self.0.partition_point(|interval| interval.end() <= at);
        self.0.get(index).is_some_and(|interval| interval.contains(at))
    }

    /// Returns the instants in either set.
    ///
    /// # Example: somebody stays over lunch
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!(open.union(&hours(12, 13).into()).total(), WallTime::hours(8));
    /// ```
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).copied().collect()
    }

    /// Returns the instants in both sets.
    ///
    /// # Example: an outage over lunch
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!(open.intersection(&hours(11, 14).into()).total(), WallTime::hours(2));
    /// ```
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut mine, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        let mut common = Vec::new();
        while let (Some(left), Some(right)) = (mine.peek(), theirs.peek()) {
            let both = left.intersection(right);
            if !both.is_empty() {
                common.push(both);
            }
            // The one that ends first cannot meet anything further on.
            if left.end <= right.end {
                mine.next();
            } else {
                theirs.next();
            }
        }
        // Parts of disjoint, never touching intervals are so themselves.
        Self(common)
    }

    /// Returns the instants in this set that are not in the other.
    ///
    /// # Example: without an outage over lunch
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!(open.difference(&hours(11, 14).into()).total(), WallTime::hours(5));
    /// ```
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        let mut holes = other.0.as_slice();
        for interval in self.iter() {
            let passed = holes.partition_point(|hole| hole.end <= interval.start);
            if let Some((_, later)) = holes.split_at_checked(passed) {
                holes = later;
            }
            let mut start = interval.start;
            for hole in holes.iter().take_while(|hole| hole.start < interval.end) {
                if start < hole.start {
                    left.push(Interval {
                        start,
                        end: hole.start,
                    });
                }
                start = start.max(hole.end);
            }
            if start < interval.end {
                left.push(Interval {
                    start,
                    end: interval.end,
                });
            }
        }
        Self(left)
    }

    /// Returns the part inside `within`.
    ///
    /// # Example: the hours of an afternoon
    ///
    /// ```
    /// use sla::time::IntervalSet;
    /// use sla::{Interval, WallTime};
    ///
    /// let hours = |from: u32, to: u32| {
    ///     let at = |hour| format!("2026-03-05T{hour:02}:00:00Z").parse().unwrap();
    ///     Interval::new(at(from), at(to)).unwrap()
    /// };
    /// let open: IntervalSet = [hours(9, 12), hours(13, 17)].into_iter().collect();
    /// assert_eq!(open.clip(hours(12, 16)).total(), WallTime::hours(3));
    /// ```
    #[must_use]
    pub fn clip(&self, within: Interval) -> Self {
        let first = self.0.partition_point(|interval| interval.end <= within.start);
        let rest = self.0.iter().skip(first);
        let inside = rest.take_while(|interval| interval.start < within.end);
        Self(
            inside
                .map(|interval| interval.intersection(&within))
                .filter(|part| !part.is_empty())
                .collect(),
        )
    }
}

impl FromIterator<Interval> for IntervalSet {
    /// The normaliser: sorts, drops empty intervals, merges what overlaps or touches.
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut all: Vec<Interval> = intervals
            .into_iter()
            .filter(|interval| !interval.is_empty())
            .collect();
        all.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(all.len());
        for next in all {
            match merged.last_mut() {
                // `max`, because `next` may lie wholly inside `last`.
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                _ => merged.push(next),
            }
        }
        Self(merged)
    }
}

impl From<Interval> for IntervalSet {
    fn from(interval: Interval) -> Self {
        core::iter::once(interval).collect()
    }
}

impl<'a> IntoIterator for &'a IntervalSet {
    type Item = &'a Interval;
    type IntoIter = core::slice::Iter<'a, Interval>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for IntervalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

//! A zone's offsets over a span of instants, and the maps from local time to instants over them.
//!
//! This module owns the two rules for what a local time means: f(L), and the one of RFC 5545 and Temporal. It asks a zone
//! nothing but its offset at an instant. Where a zone's data comes from is left to its parent and to `tzif`.

use alloc::vec::Vec;

use crate::fingerprint::{Canonical, Encoder};
use crate::time::epoch::EpochSecond;

use super::{OFFSET_SECONDS_MAX, Zone};

/// How far apart a zone is asked for its offset when looking for transitions, where its data does not list them. In all
/// of the tz database since 1900 no two transitions of a zone are closer than 3.98 days (Freetown, 1939), and since 1970 none
/// are closer than 7 (Brazil, 2000); a test asks every zone every four hours.
const PROBE_SECONDS: i64 = 3 * 86_400;
const PROBE_SECONDS_SINCE_1970: i64 = 6 * 86_400;

fn probe_after(at: EpochSecond) -> EpochSecond {
    let step = if at < EpochSecond::EPOCH {
        PROBE_SECONDS
    } else {
        PROBE_SECONDS_SINCE_1970
    };
    at.plus(step)
}

crate::words::words! {
    /// What a local time means that a zone's clock skips, because it goes forward over it. A time that the clock shows twice
    /// means its first occurrence in either.
    ///
    /// # Example: the default
    ///
    /// ```
    /// use sla::Hours;
    /// use sla::zone::GapRule;
    ///
    /// let hours = Hours::in_zone("Europe/Paris").weekly("Sun 02:30-05:00");
    /// assert_eq!(hours.clone().build()?.gap_rule, GapRule::FirstInstant);
    /// assert_ne!(hours.clone().gap_rule(GapRule::Compatible), hours);
    /// # Ok::<(), sla::Error>(())
    /// ```
    #[derive(Hash, Default)]
    pub enum GapRule {
        /// The first instant at which the clock shows that time or a later one: the transition. Later local times never come
        /// earlier, so windows keep their order and parts sum to the whole.
        #[default]
        FirstInstant = "first_instant",
        /// The instant by the offset before the transition, which shows the time moved forward by as much as the clock was: the
        /// rule of RFC 5545 (section 3.3.5) and of Temporal's `compatible`. 02:30 may so come after 03:00: two windows may change
        /// places, parts need not sum to the whole, and a window that would end before it starts is empty.
        Compatible = "compatible",
    }
}

/// A zone's offsets over a span of instants, and f(L) over them.
pub(crate) struct OffsetTable {
    /// Where each segment of constant offset starts, in order; the first is the start of the span.
    starts: Vec<EpochSecond>,
    offsets: Vec<i32>,
    /// The latest local time shown before the end of each segment or earlier: never falls, so it can be searched.
    reach: Vec<EpochSecond>,
    /// The segment in which each step of so many seconds starts, until that of the last: segments are long, so two or three
    /// lie between one and the next.
    steps: Vec<u32>,
    until: EpochSecond,
}

/// The bits of a step of seconds: 194 days, in which most clocks change once.
const STEP_BITS: u32 = 24;

impl OffsetTable {
    /// Asks the zone for its offsets in `[from, until)`. Linear in the length of the span.
    pub(crate) fn new(zone: &Zone, from: EpochSecond, until: EpochSecond) -> Self {
        let mut table = Self {
            starts: Vec::new(),
            offsets: Vec::new(),
            reach: Vec::new(),
            steps: Vec::new(),
            until,
        };
        if from >= until {
            return table;
        }
        let mut offset = zone.offset_seconds(from);
        table.starts.push(from);
        table.offsets.push(offset);
        let (mut at, mut listed) = (from, zone.listed_transitions(from, until).into_iter().peekable());
        while at < until {
            let mut next = probe_after(at).min(until);
            if let Some(transition) = listed.next_if(|transition| *transition < next) {
                next = transition.max(at);
            }
            if next == until {
                break;
            }
            let there = zone.offset_seconds(next);
            if there != offset {
                table.starts.push(transition_between(zone, at, next, offset));
                table.offsets.push(there);
                offset = there;
            }
            at = next.max(at);
        }
        table.finish(zone, at, offset)
    }

    /// Looks at the last stretch, whose end is not part of the span, and fills in the reach.
    fn finish(mut self, zone: &Zone, at: EpochSecond, offset: i32) -> Self {
        let last = self.until.minus(1);
        let there = zone.offset_seconds(last);
        if there != offset {
            self.starts.push(transition_between(zone, at, last, offset));
            self.offsets.push(there);
        }
        self.find_reach();
        self
    }

    /// Fills in what is searched, from the segments.
    fn find_reach(&mut self) {
        let ends = self
            .starts
            .iter()
            .skip(1)
            .copied()
            .chain(core::iter::once(self.until));
        let mut reach = EpochSecond::FAR_PAST;
        for (end, offset) in ends.zip(&self.offsets) {
            reach = reach.max(end.plus(i64::from(*offset)));
            self.reach.push(reach);
        }
        self.steps = steps(&self.starts);
    }

    /// Where the span starts. `None` if it is empty.
    pub(crate) fn start(&self) -> Option<EpochSecond> {
        self.starts.first().copied()
    }

    /// f(L): the first second of the span at which the clock shows `local` or later.
    pub(crate) fn first_instant(&self, local: EpochSecond) -> Option<EpochSecond> {
        // No clock is further from UTC.
        let earliest = self.segment_before(local.minus(OFFSET_SECONDS_MAX));
        let latest = self.segment_after(local.plus(OFFSET_SECONDS_MAX));
        let near = self.reach.get(earliest..=latest)?;
        let segment = earliest.checked_add(near.partition_point(|reach| *reach <= local))?;
        let (start, offset) = (self.starts.get(segment)?, self.offsets.get(segment)?);
        Some(local.minus(i64::from(*offset)).max(*start))
    }

    /// The second of the span that a local time means.
    pub(crate) fn instant_of(&self, local: EpochSecond, rule: GapRule) -> Option<EpochSecond> {
        let first = self.first_instant(local)?;
        match rule {
            GapRule::FirstInstant => Some(first),
            GapRule::Compatible => {
                let segment = self.segment_at(first)?;
                // In a gap the clock already shows more at the transition: the offset before it is taken instead.
                let shown = first.plus(i64::from(*self.offsets.get(segment)?));
                let before = segment
                    .checked_sub(1)
                    .filter(|_| shown > local)
                    .and_then(|before| self.offsets.get(before));
                Some(before.map_or(first, |offset| local.minus(i64::from(*offset))))
            }
        }
    }

    /// The local time that the clock shows at a second of the span.
    pub(crate) fn local_at(&self, at: EpochSecond) -> Option<EpochSecond> {
        let offset = self.offsets.get(self.segment_at(at)?)?;
        Some(at.plus(i64::from(*offset)))
    }

    /// The segment of a second that is not before the span.
    fn segment_at(&self, at: EpochSecond) -> Option<usize> {
        if at < *self.starts.first()? {
            return None;
        }
        let earliest = self.segment_before(at);
        let later = self
            .starts
            .get(earliest.checked_add(1)?..=self.segment_after(at))?;
        earliest.checked_add(later.partition_point(|start| *start <= at))
    }

    /// A segment that is not after that of a second, or the first.
    fn segment_before(&self, at: EpochSecond) -> usize {
        self.step_of(at).map_or(0, |step| self.step_segment(step))
    }

    /// A segment that is not before that of a second, or the first.
    fn segment_after(&self, at: EpochSecond) -> usize {
        // No wrap: a step is a number of seconds by 2^24.
        self.step_of(at)
            .map_or(0, |step| self.step_segment(step.wrapping_add(1)))
    }

    /// `None` before the span.
    fn step_of(&self, at: EpochSecond) -> Option<usize> {
        let since = at.since(*self.starts.first()?);
        usize::try_from(since >> STEP_BITS).ok()
    }

    /// The segment in which a step starts: the last one in all steps that are not kept.
    fn step_segment(&self, step: usize) -> usize {
        let kept = self
            .steps
            .get(step)
            .and_then(|segment| usize::try_from(*segment).ok());
        // No wrap: a span without segments has no steps, see `step_of`.
        kept.unwrap_or_else(|| self.starts.len().wrapping_sub(1))
    }

    /// Takes the span to end later, as if the offset did not change any more.
    pub(crate) fn extend_to(&mut self, until: EpochSecond) {
        let before = self.reach.iter().rev().nth(1).copied();
        if let (Some(last), Some(reach)) = (self.offsets.last(), self.reach.last_mut()) {
            let shown = until.plus(i64::from(*last));
            *reach = before.map_or(shown, |before| before.max(shown));
            self.until = until;
        }
    }

    /// The offsets within `[from, until)` of the span, and from when on each holds.
    pub(crate) fn over(
        &self,
        from: EpochSecond,
        until: EpochSecond,
    ) -> impl Iterator<Item = (EpochSecond, i32)> + '_ {
        // Before the span none holds: then all of its segments may lie within.
        let first = self.segment_at(from).unwrap_or(0);
        let segments = self.starts.iter().zip(&self.offsets).skip(first);
        let within = segments.take_while(move |(start, _)| **start < until);
        within.map(move |(start, offset)| ((*start).max(from), *offset))
    }

    /// The seconds with which the clock goes forward.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = EpochSecond> + '_ {
        let pairs = self.offsets.iter().zip(self.offsets.iter().skip(1));
        let starts = self.starts.iter().skip(1);
        starts
            .zip(pairs)
            .filter(|(_, (before, after))| before < after)
            .map(|(start, _)| *start)
    }

    /// Whether a local time that the clock skips means an instant from one second until another, by one rule at least: of a
    /// gap at the end, the first of them says its first instant, and of one just before the start, the second says a later one.
    pub(crate) fn has_skipped(&self, from: EpochSecond, until: EpochSecond) -> bool {
        let pairs = self.offsets.iter().zip(self.offsets.iter().skip(1));
        let mut gaps = self.starts.iter().skip(1).zip(pairs);
        gaps.any(|(start, (before, after))| {
            // No wrap: two numbers of 32 bits.
            let skipped = i64::from(*after).wrapping_sub(i64::from(*before));
            skipped > 0 && *start <= until && from < start.plus(skipped)
        })
    }

    /// What the clock shows over spans that only go forward.
    pub(crate) fn clocks(&self) -> ClockFaces<'_> {
        ClockFaces {
            table: self,
            segment: 0,
            same_until: EpochSecond::FAR_PAST,
        }
    }
}

/// The segment in which each step starts, until the step in which the last segment starts.
fn steps(starts: &[EpochSecond]) -> Vec<u32> {
    let mut steps = Vec::new();
    let Some(first) = starts.first() else { return steps };
    for (segment, start) in (0_u32..).zip(starts.iter().skip(1)) {
        debug_assert!(first < start, "segments are in order");
        // Those that start before this segment does.
        let last = start.since(*first).wrapping_sub(1) >> STEP_BITS;
        while i64::try_from(steps.len()).is_ok_and(|kept| kept <= last) {
            steps.push(segment);
        }
    }
    steps
}

/// What a zone's clock shows over a span, seen from the start of the span. It is all on which f(L) depends within it: of
/// two spans with equal clocks, whose starts are whole days apart, one is the other but for its date.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct ClockFace {
    /// The earliest local time that it shows, and the first after all that it has shown until the end of the span: in a
    /// fold before the span it may have been further than it gets. In seconds from the start of the span in UTC.
    shown: (i64, i64),
    /// The offset at the start and after each transition, and after how many seconds of the span it begins.
    offsets: Vec<(i64, i32)>,
    /// By how many seconds the clock, before the span, was further than it is at its start: up to an hour after a fold.
    ahead_s: i64,
}

impl ClockFace {
    /// The earliest local second that the clock shows in the span that starts with second `from`, and the first after all
    /// that it has shown until the end of the span. f maps no local time before or after these into the span.
    pub(crate) fn shown(&self, from: EpochSecond) -> (EpochSecond, EpochSecond) {
        let (lowest, highest) = self.shown;
        (from.plus(lowest), from.plus(highest))
    }

    fn find_shown(&mut self, length: i64) {
        let ends = self
            .offsets
            .iter()
            .skip(1)
            .map(|(start, _)| *start)
            .chain([length]);
        // A clock without offsets shows nothing: from after all until before all.
        let nothing = (EpochSecond::FAR_FUTURE.get(), EpochSecond::FAR_PAST.get());
        let (mut lowest, mut highest) = nothing;
        // No sum wraps: lengths within a span of 300 years, and offsets of 32 bits.
        for ((start, offset), end) in self.offsets.iter().zip(ends) {
            lowest = lowest.min(start.wrapping_add(i64::from(*offset)));
            highest = highest.max(end.wrapping_add(i64::from(*offset)));
        }
        if let Some((_, offset)) = self.offsets.first() {
            highest = highest.max(i64::from(*offset).wrapping_add(self.ahead_s));
        }
        self.shown = (lowest, highest);
    }
}

/// Walks over a table of offsets.
pub(crate) struct ClockFaces<'a> {
    table: &'a OffsetTable,
    /// A segment that does not start after the last span.
    segment: usize,
    /// Until when spans as long as the last have the same clock as it.
    same_until: EpochSecond,
}

impl ClockFaces<'_> {
    /// The clock over `[from, until)` of the table, into what held the one before. Spans are equally long and do not overlap.
    /// Whether the clock is the same as before. Over all spans linear in the segments.
    pub(crate) fn over(&mut self, from: EpochSecond, until: EpochSecond, clock: &mut ClockFace) -> bool {
        if until <= self.same_until {
            return true;
        }
        // No wrap: an index, and one more.
        let (starts, next) = (&self.table.starts, |segment: usize| segment.wrapping_add(1));
        while starts.get(next(self.segment)).is_some_and(|start| *start <= from) {
            self.segment = next(self.segment);
        }
        let before = self
            .segment
            .checked_sub(1)
            .and_then(|last| self.table.reach.get(last));
        let segments = starts.iter().zip(&self.table.offsets).skip(self.segment);
        clock.offsets.clear();
        for (start, offset) in segments.take_while(|(start, _)| **start < until) {
            clock.offsets.push((start.since(from).max(0), *offset));
        }
        let shown = clock
            .offsets
            .first()
            .map_or(from, |(_, offset)| from.plus(i64::from(*offset)));
        clock.ahead_s = before.map_or(0, |reach| reach.since(shown).max(0));
        clock.find_shown(until.since(from));
        if clock.ahead_s == 0 {
            self.same_until = starts
                .get(next(self.segment))
                .copied()
                .unwrap_or(self.table.until);
        }
        false
    }
}

/// The first second in `(from, until]` at which the offset is no longer `offset`. It is another one at `until`.
fn transition_between(zone: &Zone, from: EpochSecond, until: EpochSecond, offset: i32) -> EpochSecond {
    let (mut same, mut other) = (from, until);
    while other.since(same) > 1 {
        let middle = same.midpoint(other);
        if zone.offset_seconds(middle) == offset {
            same = middle;
        } else {
            other = middle;
        }
    }
    other
}

impl Canonical for OffsetTable {
    fn encode(&self, to: &mut Encoder) {
        to.integer(i128::from(self.until.get()));
        to.list(self.starts.len());
        for (start, offset) in self.starts.iter().zip(&self.offsets) {
            to.integer(i128::from(start.get()));
            to.integer(i128::from(*offset));
        }
    }
}

#[cfg(all(test, feature = "chrono-tz"))]
#[expect(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    extern crate std;

    use alloc::vec::Vec;

    use super::super::ZoneData;
    use super::{ClockFace, OffsetTable, PROBE_SECONDS, PROBE_SECONDS_SINCE_1970};
    use crate::time::epoch::EpochSecond;
    use crate::time::instant::Instant;

    /// Asks every zone of chrono-tz for its offset every four hours from 1900 to 2100, and finds what the table
    /// says that was built by asking every few days. So the table misses no stretch of four hours or more; and the
    /// transitions found are never as close as the probes, which is what finding them by probes rests on.
    #[test]
    fn probing_misses_no_transition() {
        let (left, right) = chrono_tz::TZ_VARIANTS.split_at(chrono_tz::TZ_VARIANTS.len() / 2);
        std::thread::scope(|scope| {
            scope.spawn(|| assert_probing_finds_all(left));
            assert_probing_finds_all(right);
        });
    }

    fn assert_probing_finds_all(of: &[chrono_tz::Tz]) {
        const STEP_SECONDS: usize = 4 * 3_600;
        let zones = ZoneData::bundled();
        let (mut closest, mut closest_since_1970) = (i64::MAX, i64::MAX);
        for tz in of {
            let zone = zones.zone(tz.name()).unwrap();
            let until = zone.known_until_instant().second();
            let table = OffsetTable::new(&zone, Instant::MIN_SECOND, until);
            let ends = table.starts.iter().skip(1).copied().chain([until]);
            for ((start, end), offset) in table.starts.iter().zip(ends).zip(&table.offsets) {
                if *start > Instant::MIN_SECOND && end < until {
                    closest = closest.min(end.since(*start));
                    if end > EpochSecond::EPOCH {
                        closest_since_1970 = closest_since_1970.min(end.since(*start));
                    }
                }
                let wrong = (start.get()..end.get())
                    .step_by(STEP_SECONDS)
                    .find(|at| zone.offset_seconds(EpochSecond::of(*at)) != *offset);
                assert_eq!(wrong, None, "{tz}");
                assert_eq!(zone.offset_seconds(end.minus(1)), *offset, "{tz}");
            }
        }
        assert!(closest > PROBE_SECONDS, "{closest} s between two transitions");
        assert!(
            closest_since_1970 > PROBE_SECONDS_SINCE_1970,
            "{closest_since_1970} s between two transitions since 1970"
        );
    }

    /// Weeks with equal clocks have equal f, seen from their start; here clocks change just before, at and after the ends
    /// of weeks, forwards and backwards, by an hour or a day.
    #[test]
    fn equal_clocks_are_interchangeable() {
        const WEEK: i64 = 604_800;
        let hour = [
            (5, -1_800, 3_600),
            (8, -1_800, 7_200),
            (11, 0, 3_600),
            (14, 0, 7_200),
            (17, 1_800, 3_600),
        ];
        let more = [
            (20, -3_600, 7_200),
            (23, -1, 3_600),
            (26, -43_200, -82_800),
            (29, -7_200, 3_600),
        ];
        let changes = hour.into_iter().chain(more);
        let changes: Vec<_> = changes
            .map(|(week, after, offset)| (EpochSecond::of(week * WEEK + after), offset))
            .collect();
        let (mut starts, mut offsets) = (std::vec![EpochSecond::EPOCH], std::vec![7_200]);
        starts.extend(changes.iter().map(|(start, _)| *start));
        offsets.extend(changes.iter().map(|(_, offset)| *offset));
        let until = 40 * WEEK;
        let mut table = OffsetTable {
            starts,
            offsets,
            reach: Vec::new(),
            steps: Vec::new(),
            until: EpochSecond::of(until),
        };
        table.find_reach();
        let (mut clocks, mut clock, mut weeks) = (table.clocks(), ClockFace::default(), Vec::new());
        for from in (WEEK..until - WEEK).step_by(604_800) {
            let from = EpochSecond::of(from);
            clocks.over(from, from.plus(WEEK), &mut clock);
            let f = |local: i64| {
                table
                    .first_instant(from.plus(local))
                    .map(|at| at.since(from).clamp(0, WEEK))
            };
            let mapped: Vec<_> = (-172_800..WEEK + 172_800).step_by(600).map(f).collect();
            let (lowest, highest) = clock.shown(from);
            let shown = (f(lowest.since(from)), f(highest.since(from)));
            assert_eq!(shown, (Some(0), Some(WEEK)));
            weeks.push((clock.clone(), mapped));
        }
        for (index, (clock, mapped)) in weeks.iter().enumerate() {
            let alike = weeks.iter().skip(index).filter(|(other, _)| other == clock);
            alike.for_each(|(_, other)| assert!(mapped == other, "{index}"));
        }
        weeks.sort();
        weeks.dedup();
        assert!(
            (10..30).contains(&weeks.len()),
            "{} kinds of {until} s",
            weeks.len()
        );
    }
}

//! Two oracles for service hours, independent of the crate's compiler and of each other.
//!
//! Both interpret rules that are written down as numbers here, and ask a zone one question only: its offset at an
//! instant. [`PerSecond`] scans every second of a span and decides for each whether it is open. [`DayWalker`] walks day
//! by day over any distance; it is checked against the first. Neither shares a line with the crate, and neither asks a
//! library to turn local time into instants.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sla::{OvernightOnHoliday, Zone, ZoneData};

pub(crate) const DAY_S: i64 = 86_400;
pub(crate) const NANOS: i128 = 1_000_000_000;

/// One line of weekly hours: which weekdays from Monday, and windows in seconds since midnight.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) days: [bool; 7],
    pub(crate) windows: Vec<(i64, i64)>,
}

/// Service hours as plain numbers.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) zone: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) holidays: Vec<NaiveDate>,
    /// Whether a holiday removes its local day, and not the windows that start on it.
    pub(crate) masks: bool,
    pub(crate) known_until: Option<NaiveDate>,
}

impl Line {
    /// A plain reader of the text of a line, for the rows of data files.
    pub(crate) fn read(text: &str) -> Self {
        const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        if text == "24x7" {
            return Self {
                days: [true; 7],
                windows: vec![(0, DAY_S)],
            };
        }
        let day = |name: &str| NAMES.iter().position(|known| *known == name).unwrap();
        let (weekdays, windows) = text.split_once(' ').unwrap();
        let mut days = [false; 7];
        for part in weekdays.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first), day(last));
            (0..(last + 7 - first) % 7 + 1).for_each(|step| days[(first + step) % 7] = true);
        }
        let time = |text: &str| -> i64 {
            let parts = text.split(':').map(|part| part.parse::<i64>().unwrap());
            parts
                .zip([3_600, 60, 1])
                .map(|(number, unit)| number * unit)
                .sum()
        };
        let window = |text: &str| {
            let (start, end) = text.split_once('-').unwrap();
            let (start, end) = (time(start), time(end));
            (start, if end > start { end } else { end + DAY_S })
        };
        Self {
            days,
            windows: windows.split(',').map(window).collect(),
        }
    }

    /// The text of the line, which the crate reads.
    pub(crate) fn text(&self) -> String {
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let days: Vec<&str> = (0..7)
            .filter(|day| self.days[*day])
            .map(|day| names[day])
            .collect();
        let time = |s: i64| format!("{:02}:{:02}:{:02}", s / 3_600, s % 3_600 / 60, s % 60);
        let end = |s: i64| time(if s > DAY_S { s - DAY_S } else { s });
        let windows: Vec<String> = self
            .windows
            .iter()
            .map(|(from, to)| format!("{}-{}", time(*from), end(*to)))
            .collect();
        format!("{} {}", days.join(","), windows.join(","))
    }
}

impl Rules {
    /// The same rules as the crate's terms.
    pub(crate) fn hours(&self) -> sla::Hours {
        let choice = if self.masks {
            OvernightOnHoliday::HolidayMasksLocalDay
        } else {
            OvernightOnHoliday::ShiftBelongsToStartDay
        };
        let mut hours = sla::Hours::in_zone(self.zone.as_str()).overnight_on_holiday(choice);
        for line in &self.lines {
            hours = hours.weekly(&line.text());
        }
        for date in &self.holidays {
            hours = hours.holiday(&date.to_string(), "Holiday");
        }
        match self.known_until {
            Some(date) => hours.known_until(&date.to_string()),
            None => hours,
        }
    }

    pub(crate) fn compile(&self) -> sla::Calendar {
        self.hours().compile().unwrap()
    }

    fn zone_data(&self) -> Zone {
        ZoneData::bundled().zone(&self.zone).unwrap()
    }

    /// Local windows of a day that holidays leave whole, in local seconds since 1970.
    fn local_windows(&self, day: i64) -> Vec<(i64, i64)> {
        let date = date_of(day);
        if !self.masks && self.holidays.contains(&date) {
            return Vec::new();
        }
        let weekday = date.weekday().num_days_from_monday() as usize;
        let lines = self.lines.iter().filter(|line| line.days[weekday]);
        let windows = lines.flat_map(|line| line.windows.iter());
        windows
            .map(|(from, to)| (day * DAY_S + from, day * DAY_S + to))
            .collect()
    }

    /// Local days that a holiday closes whatever runs on them.
    fn masked(&self, day: i64) -> Option<(i64, i64)> {
        let masked = self.masks && self.holidays.contains(&date_of(day));
        masked.then_some((day * DAY_S, (day + 1) * DAY_S))
    }
}

pub(crate) fn date_of(day: i64) -> NaiveDate {
    DateTime::from_timestamp(day * DAY_S, 0).unwrap().date_naive()
}

pub(crate) fn nanos(at: DateTime<Utc>) -> i128 {
    i128::from(at.timestamp()) * NANOS + i128::from(at.timestamp_subsec_nanos())
}

pub(crate) fn instant(nanos: i128) -> DateTime<Utc> {
    DateTime::from_timestamp(nanos.div_euclid(NANOS) as i64, nanos.rem_euclid(NANOS) as u32).unwrap()
}

fn offset(zone: &Zone, at_s: i64) -> i64 {
    i64::from(
        zone.offset_at(DateTime::from_timestamp(at_s, 0).unwrap())
            .unwrap(),
    )
}

/// Whether each second of a span is open.
pub(crate) struct PerSecond {
    from: i64,
    open: Vec<bool>,
}

impl PerSecond {
    /// Scans `[from, until)` and three days on either side, so that every f(L) of interest is in what is scanned.
    pub(crate) fn new(rules: &Rules, from: i64, until: i64) -> Self {
        let zone = rules.zone_data();
        let (first, last) = (from - 3 * DAY_S, until + 3 * DAY_S);
        let local: Vec<i64> = (first..last).map(|at| at + offset(&zone, at)).collect();
        // f(L) = min { u : local(u) >= L }, by looking at every second.
        let f = |wanted: i64| {
            local
                .iter()
                .position(|shown| *shown >= wanted)
                .unwrap_or(local.len())
        };
        let mut open = vec![false; local.len()];
        let days = first.div_euclid(DAY_S) - 2..=last.div_euclid(DAY_S) + 2;
        for (start, end) in days.clone().flat_map(|day| rules.local_windows(day)) {
            (f(start)..f(end)).for_each(|second| open[second] = true);
        }
        for (start, end) in days.filter_map(|day| rules.masked(day)) {
            (f(start)..f(end)).for_each(|second| open[second] = false);
        }
        let kept = open[3 * DAY_S as usize..open.len() - 3 * DAY_S as usize].to_vec();
        Self { from, open: kept }
    }

    pub(crate) fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.open[(at.timestamp() - self.from) as usize]
    }

    /// The open nanoseconds in `[from, to)`: each open second gives what it has in common with the interval.
    pub(crate) fn elapsed_nanos(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
        let (from, to) = (nanos(from), nanos(to));
        let seconds = from.div_euclid(NANOS)..to.div_euclid(NANOS) + 1;
        let open = seconds.filter(|second| {
            let index = second - i128::from(self.from);
            self.open.get(index as usize).copied().unwrap_or_default()
        });
        open.map(|second| ((second + 1) * NANOS).min(to) - (second * NANOS).max(from))
            .sum::<i128>() as u64
    }

    /// The earliest instant until which `within_nanos` have been open, if the span has as much.
    pub(crate) fn deadline(&self, from: DateTime<Utc>, within_nanos: u64) -> Option<DateTime<Utc>> {
        let (from, mut left) = (nanos(from), i128::from(within_nanos));
        if left == 0 {
            return Some(instant(from));
        }
        let end = i128::from(self.from) + self.open.len() as i128;
        for second in from.div_euclid(NANOS)..end {
            if self.open[(second - i128::from(self.from)) as usize] {
                let start = (second * NANOS).max(from);
                if start + left <= (second + 1) * NANOS {
                    return Some(instant(start + left));
                }
                left -= (second + 1) * NANOS - start;
            }
        }
        None
    }

    /// The earliest instant at or after `at` whose second is, or is not, open.
    pub(crate) fn next(&self, at: DateTime<Utc>, open: bool) -> Option<DateTime<Utc>> {
        let first = at.timestamp();
        if self.is_open(at) == open {
            return Some(at);
        }
        let later = (first - self.from) as usize + 1;
        let found = self.open[later..].iter().position(|state| *state == open)?;
        DateTime::from_timestamp(self.from + (later + found) as i64, 0)
    }
}

/// Walks day by day: for long distances.
pub(crate) struct DayWalker<'a> {
    rules: &'a Rules,
    zone: Zone,
}

impl<'a> DayWalker<'a> {
    pub(crate) fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            zone: rules.zone_data(),
        }
    }

    /// f(L) by looking at every quarter of an hour, and then at every second of the one that reaches L. Within a quarter
    /// of an hour clocks only go forward, since transitions (of our century) lie between quarters.
    fn f(&self, local: i64) -> i64 {
        const QUARTER_S: i64 = 900;
        let reaches = |at: i64| at + offset(&self.zone, at) >= local;
        let first = (local - 15 * 3_600).div_euclid(QUARTER_S) * QUARTER_S;
        let mut quarters = (first..).step_by(QUARTER_S as usize);
        let quarter = quarters.find(|start| reaches(start + QUARTER_S - 1)).unwrap();
        (quarter..).find(|at| reaches(*at)).unwrap()
    }

    /// Open windows in seconds that start on local days from `first` to `last`, in order, disjoint.
    pub(crate) fn windows(&self, first: i64, last: i64) -> Vec<(i64, i64)> {
        let mut windows: Vec<(i64, i64)> = Vec::new();
        for day in first..=last {
            let mut local = self.rules.local_windows(day);
            local.sort_unstable();
            for (start, end) in local {
                let (start, end) = (self.f(start), self.f(end));
                match windows.last_mut() {
                    Some(before) if start <= before.1 => before.1 = before.1.max(end),
                    _ if start < end => windows.push((start, end)),
                    _ => {}
                }
            }
        }
        for day in first - 1..=last + 1 {
            if let Some((start, end)) = self.rules.masked(day) {
                let (start, end) = (self.f(start), self.f(end));
                let parts = windows
                    .iter()
                    .flat_map(|(from, to)| [(*from, start.min(*to)), (end.max(*from), *to)]);
                windows = parts.filter(|(from, to)| from < to).collect();
            }
        }
        windows
    }

    pub(crate) fn elapsed_nanos(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
        let days = from.timestamp().div_euclid(DAY_S) - 3..=to.timestamp().div_euclid(DAY_S) + 3;
        let (from, to) = (nanos(from), nanos(to));
        let windows = self.windows(*days.start(), *days.end()).into_iter();
        let common = windows.map(|(start, end)| {
            let (start, end) = (i128::from(start) * NANOS, i128::from(end) * NANOS);
            (end.min(to) - start.max(from)).max(0)
        });
        common.sum::<i128>() as u64
    }

    /// The earliest instant until which `within_nanos` have been open, looking `days` far.
    pub(crate) fn deadline(
        &self,
        from: DateTime<Utc>,
        within_nanos: u64,
        days: i64,
    ) -> Option<DateTime<Utc>> {
        let (first, mut left) = (from.timestamp().div_euclid(DAY_S) - 3, i128::from(within_nanos));
        for (start, end) in self.windows(first, first + 3 + days) {
            let start = (i128::from(start) * NANOS).max(nanos(from));
            let length = i128::from(end) * NANOS - start;
            if length >= left && length > 0 {
                return Some(instant(start + left));
            }
            left -= length.max(0);
        }
        None
    }
}

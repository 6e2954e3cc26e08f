//! Rules of service hours with plain readers of their own, and the local hours of each date by them.
//!
//! Written from the documentation of the terms. It shares no line with the crate: dates are found by walking, Easter by Gauss
//! and by the table of paschal full moons.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sla::ZoneData;
use sla::calendar::{BeyondKnown, OvernightOnHoliday};
use sla::zone::GapRule;

use super::{DAY_S, date_of, day_of};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// From when until when, in seconds.
pub(crate) type Span = (i64, i64);

/// One line of weekly hours: which weekdays from Monday, windows in seconds since midnight, and the dates on which it holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) days: [bool; 7],
    pub(crate) windows: Vec<(i64, i64)>,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
}

/// Service hours as plain numbers, and the rarer rules as texts that are read here once more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) zone: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) holidays: Vec<NaiveDate>,
    /// Whether a holiday removes its local day, and not the windows that start on it.
    pub(crate) masks: bool,
    pub(crate) known_through: Option<NaiveDate>,
    pub(crate) more: More,
}

/// The rules beside weekly hours and single holidays.
#[derive(Debug, Clone, Default)]
pub(crate) struct More {
    /// Where the zone is from, if not from the bundled data.
    pub(crate) zone_data: Option<ZoneData>,
    pub(crate) compatible: bool,
    pub(crate) assume: bool,
    pub(crate) seasons: Vec<Season>,
    /// The rule of each date, and where it is observed.
    pub(crate) holidays: Vec<(String, Vec<String>)>,
    /// The rule of each date, its hours, and where it is observed.
    pub(crate) overrides: Vec<(String, String, Vec<String>)>,
    /// From when until when.
    pub(crate) added: Vec<(String, String)>,
    pub(crate) removed: Vec<(String, String)>,
    /// The texts of cut-offs by weekday.
    pub(crate) cut_offs: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Season {
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) lines: Vec<Line>,
}

/// Calendars taken together.
#[derive(Debug, Clone)]
pub(crate) struct Composite {
    pub(crate) kind: Kind,
    /// The zone in which its dates are asked.
    pub(crate) zone: String,
    pub(crate) parts: Vec<Rules>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Union,
    Intersection,
    Difference,
}

/// `HH:MM` or `HH:MM:SS`, in seconds.
pub(crate) fn seconds_of(text: &str) -> i64 {
    let parts = text.split(':').map(|part| part.parse::<i64>().unwrap());
    parts
        .zip([3_600, 60, 1])
        .map(|(number, unit)| number * unit)
        .sum()
}

/// The text of a time of day.
pub(crate) fn time_text(s: i64) -> String {
    let time = format!("{:02}:{:02}", s / 3_600, s % 3_600 / 60);
    match s % 60 {
        0 => time,
        seconds => format!("{time}:{seconds:02}"),
    }
}

/// The text of some weekdays: three or more in a row, also over the end of the week, as a run.
pub(crate) fn days_text(days: [bool; 7]) -> String {
    if days == [true; 7] {
        return "Mon-Sun".to_owned();
    }
    let is_in = |day: usize| days[day % 7];
    let mut texts = Vec::new();
    for day in (0..7).filter(|day| is_in(*day)) {
        let before = (1..7).take_while(|step| is_in(day + 7 - step)).count();
        let after = (1..7).take_while(|step| is_in(day + step)).count();
        match (before, before + after) {
            (_, 0 | 1) => texts.push(WEEKDAYS[day].to_owned()),
            (0, _) => texts.push(format!("{}-{}", WEEKDAYS[day], WEEKDAYS[(day + after) % 7])),
            _ => {}
        }
    }
    texts.join(",")
}

fn weekday_index(name: &str) -> usize {
    WEEKDAYS.iter().position(|known| *known == name).unwrap()
}

/// `Mon-Fri`, `Mon,Wed`, `Fri-Mon`.
fn weekdays_of(text: &str) -> [bool; 7] {
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (weekday_index(first), weekday_index(last));
        (0..(last + 7 - first) % 7 + 1).for_each(|step| days[(first + step) % 7] = true);
    }
    days
}

/// `09:00-12:00,22:00-02:00`.
fn windows_of(text: &str) -> Vec<(i64, i64)> {
    let window = |text: &str| {
        let (start, end) = text.split_once('-').unwrap();
        let (start, end) = (seconds_of(start), seconds_of(end));
        (start, if end > start { end } else { end + DAY_S })
    };
    text.split(',').map(window).collect()
}

pub(crate) fn windows_text(windows: &[(i64, i64)]) -> String {
    let end = |s: i64| time_text(if s > DAY_S { s - DAY_S } else { s });
    let texts: Vec<String> = windows
        .iter()
        .map(|(from, to)| format!("{}-{}", time_text(*from), end(*to)))
        .collect();
    texts.join(",")
}

fn weekday_of(day: i64) -> usize {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as usize
}

impl Line {
    /// A plain reader of the text of a line.
    pub(crate) fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let after = |name: &str| {
            let at = words.iter().position(|word| *word == name)?;
            Some(words[at + 1].parse().unwrap())
        };
        let (days, windows) = if words[0] == "24x7" {
            ([true; 7], vec![(0, DAY_S)])
        } else {
            (weekdays_of(words[0]), windows_of(words[1]))
        };
        Self {
            days,
            windows,
            from: after("from"),
            until: after("through"),
        }
    }

    /// The text of the line, which the crate reads.
    pub(crate) fn text(&self) -> String {
        let from = self.from.map(|date| format!(" from {date}")).unwrap_or_default();
        let until = self
            .until
            .map(|date| format!(" through {date}"))
            .unwrap_or_default();
        let week = match (days_text(self.days).as_str(), self.windows.as_slice()) {
            ("Mon-Sun", [(0, DAY_S)]) => "24x7".to_owned(),
            (days, windows) => format!("{days} {}", windows_text(windows)),
        };
        format!("{week}{from}{until}")
    }

    fn holds_on(&self, day: i64) -> bool {
        let date = date_of(day);
        self.from.is_none_or(|from| date >= from) && self.until.is_none_or(|until| date <= until)
    }
}

impl Rules {
    /// Reads the document that the crate reads as `Hours`.
    pub(crate) fn read(document: &toml::Table) -> Self {
        let text = |table: &toml::Table, key: &str| -> String {
            match table.get(key) {
                None => String::new(),
                Some(toml::Value::String(text)) => text.clone(),
                Some(bare_date) => bare_date.to_string(),
            }
        };
        let texts = |table: &toml::Table, key: &str| -> Vec<String> {
            let list = table.get(key).map(|list| list.as_array().unwrap().as_slice());
            let list = list.unwrap_or_default().iter();
            list.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let tables = |key: &str| -> Vec<&toml::Table> {
            let list = document.get(key).map(|list| list.as_array().unwrap().as_slice());
            let list = list.unwrap_or_default().iter();
            list.map(|table| table.as_table().unwrap()).collect()
        };
        let lines = |table: &toml::Table| {
            texts(table, "weekly")
                .iter()
                .map(|line| Line::read(line))
                .collect()
        };
        let pairs = |key: &str, first: &str, second: &str| -> Vec<(String, String)> {
            let pair = |table| (text(table, first), text(table, second));
            tables(key).into_iter().map(pair).collect()
        };
        let known_through = text(document, "known_through");
        Self {
            zone: text(document, "zone"),
            lines: lines(document),
            holidays: Vec::new(),
            masks: text(document, "overnight_on_holiday") == "holiday_masks_local_day",
            known_through: (!known_through.is_empty()).then(|| known_through.parse().unwrap()),
            more: More {
                zone_data: None,
                compatible: text(document, "gap_rule") == "compatible",
                assume: text(document, "beyond_known") == "assume",
                seasons: tables("seasons")
                    .into_iter()
                    .map(|season| Season {
                        from: text(season, "from"),
                        until: text(season, "through"),
                        lines: lines(season),
                    })
                    .collect(),
                holidays: document
                    .get("holidays")
                    .map(|list| list.as_array().unwrap().as_slice())
                    .unwrap_or_default()
                    .iter()
                    .map(|holiday| match holiday {
                        toml::Value::Table(holiday) => (text(holiday, "on"), texts(holiday, "observed")),
                        toml::Value::String(on) => (on.clone(), Vec::new()),
                        bare_date => (bare_date.to_string(), Vec::new()),
                    })
                    .collect(),
                overrides: tables("overrides")
                    .into_iter()
                    .map(|day| (text(day, "on"), text(day, "hours"), texts(day, "observed")))
                    .collect(),
                added: pairs("added", "from", "until"),
                removed: pairs("removed", "from", "until"),
                cut_offs: texts(document, "cut_off"),
            },
        }
    }

    /// The same rules as the crate's terms. Names are numbered, so that explanations tell them apart.
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
        for (index, season) in self.more.seasons.iter().enumerate() {
            let lines: Vec<String> = season.lines.iter().map(Line::text).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            hours = hours.season(&format!("Season {index}"), &season.from, &season.until, &lines);
        }
        for date in &self.holidays {
            hours = hours.holiday(&date.to_string(), "Holiday");
        }
        for (index, (on, observed)) in self.more.holidays.iter().enumerate() {
            let observed: Vec<&str> = observed.iter().map(String::as_str).collect();
            hours = hours.observed_holiday(on, &format!("Holiday {index}"), &observed);
        }
        for (index, (on, windows, observed)) in self.more.overrides.iter().enumerate() {
            let (on, windows) = (on.parse().unwrap(), windows.parse().unwrap());
            let mut day = sla::calendar::DayOverride::new(on, windows, &format!("Override {index}"));
            for text in observed {
                day = day.observed(text.parse().unwrap());
            }
            hours = hours.with_override(day);
        }
        for (index, (from, until)) in self.more.added.iter().enumerate() {
            hours = hours.open_once(from, until, &format!("Added {index}"));
        }
        for (index, (from, until)) in self.more.removed.iter().enumerate() {
            hours = hours.close_once(from, until, &format!("Removed {index}"));
        }
        for text in &self.more.cut_offs {
            hours = hours.cut_off(text);
        }
        if self.more.compatible {
            hours = hours.gap_rule(GapRule::Compatible);
        }
        if self.more.assume {
            hours = hours.beyond_known(BeyondKnown::Assume);
        }
        if let Some(date) = self.known_through {
            hours = hours.known_through(&date.to_string());
        }
        hours.build().unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// The cut-off that is stated for the weekday of a day, in seconds of the day.
    pub(crate) fn cut_off_on(&self, day: i64) -> Option<i64> {
        let mut texts = self
            .more
            .cut_offs
            .iter()
            .map(|text| text.split_once(' ').unwrap());
        let found = texts.find(|(days, _)| weekdays_of(days)[weekday_of(day)])?;
        Some(seconds_of(found.1))
    }

    pub(crate) fn compile(&self) -> sla::Calendar {
        self.hours().compile().unwrap()
    }

    /// Which dates are what, for the years from `first` to `last`.
    pub(crate) fn dates(&self, first: i32, last: i32) -> Dates<'_> {
        // Days added, seasons, and holidays moved on reach into other years.
        let years = first - 3..=last + 3;
        let mut dates = Dates {
            rules: self,
            holidays: self.holidays_in(&years.clone().collect::<Vec<i32>>()),
            overrides: BTreeMap::new(),
            seasons: BTreeMap::new(),
        };
        let entries: Vec<(&str, &[String])> = self
            .more
            .overrides
            .iter()
            .map(|(on, _, observed)| (on.as_str(), observed.as_slice()))
            .collect();
        let all_years: Vec<i32> = years.clone().collect();
        // The days of holidays are not free, but an override may have its own date there.
        dates.overrides = placed(&entries, &all_years, &dates.holidays)
            .into_iter()
            .collect();
        for (index, season) in self.more.seasons.iter().enumerate() {
            let ends: BTreeSet<i64> = years
                .clone()
                .flat_map(|year| rule_days(&season.until, year))
                .collect();
            for start in years.clone().flat_map(|year| rule_days(&season.from, year)) {
                if let Some(end) = (start..start + 366).find(|day| ends.contains(day)) {
                    (start..=end).for_each(|day| {
                        dates.seasons.insert(day, index);
                    });
                }
            }
        }
        dates
    }

    fn holidays_in(&self, years: &[i32]) -> BTreeSet<i64> {
        let single: BTreeSet<i64> = self.holidays.iter().map(|date| day_of(*date)).collect();
        let entries: Vec<(&str, &[String])> = self
            .more
            .holidays
            .iter()
            .map(|(on, observed)| (on.as_str(), observed.as_slice()))
            .collect();
        let ruled = placed(&entries, years, &single).into_iter().map(|(day, _)| day);
        single.iter().copied().chain(ruled).collect()
    }

    pub(crate) fn spans(&self, removed: bool) -> impl Iterator<Item = (Moment, Moment)> {
        let list = if removed {
            &self.more.removed
        } else {
            &self.more.added
        };
        list.iter()
            .map(|(from, until)| (Moment::read(from), Moment::read(until)))
    }
}

/// A bound of a span.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Moment {
    /// Seconds since 1970 in local time.
    Local(i64),
    /// Seconds since 1970.
    Instant(i64),
}

impl Moment {
    fn read(text: &str) -> Self {
        if let Ok(at) = text.parse::<DateTime<Utc>>() {
            return Self::Instant(at.timestamp());
        }
        let (date, time) = text.split_once('T').unwrap();
        Self::Local(day_of(date.parse().unwrap()) * DAY_S + seconds_of(time))
    }
}

/// What the rules say about each date.
pub(crate) struct Dates<'a> {
    rules: &'a Rules,
    pub(crate) holidays: BTreeSet<i64>,
    pub(crate) overrides: BTreeMap<i64, usize>,
    pub(crate) seasons: BTreeMap<i64, usize>,
}

impl Dates<'_> {
    /// The lines that hold on a date: those of its season, if it is in one.
    fn lines(&self, day: i64) -> impl Iterator<Item = &Line> {
        let season = self
            .seasons
            .get(&day)
            .map(|index| &self.rules.more.seasons[*index].lines);
        season
            .unwrap_or(&self.rules.lines)
            .iter()
            .filter(move |line| line.holds_on(day))
    }

    /// Layers 1 and 2: the windows that start on a date, in local seconds since 1970.
    fn ordinary(&self, day: i64) -> Vec<(i64, i64)> {
        let lines = self.lines(day).filter(|line| line.days[weekday_of(day)]);
        let windows = lines.flat_map(|line| line.windows.iter());
        windows
            .map(|(from, to)| (day * DAY_S + from, day * DAY_S + to))
            .collect()
    }

    fn override_of(&self, day: i64) -> Option<&str> {
        let index = self.overrides.get(&day)?;
        Some(self.rules.more.overrides[*index].1.as_str())
    }

    /// Windows of their own that an override gives a date.
    fn special(&self, day: i64) -> Vec<(i64, i64)> {
        match self.override_of(day) {
            None | Some("closed") => Vec::new(),
            Some(half) if half.contains(' ') => Vec::new(),
            Some(windows) => {
                let windows = windows_of(windows).into_iter();
                windows
                    .map(|(from, to)| (day * DAY_S + from, day * DAY_S + to))
                    .collect()
            }
        }
    }

    /// From when until when an override or a holiday lets ordinary hours of a date be.
    fn left(&self, day: i64) -> (i64, i64) {
        let time = |text: &str| day * DAY_S + seconds_of(text);
        match self.override_of(day).map(|hours| hours.split_once(' ')) {
            Some(Some(("until", at))) => (i64::MIN, time(at)),
            Some(Some(("from", at))) => (time(at), i64::MAX),
            Some(_) => (0, 0),
            None if self.holidays.contains(&day) => (0, 0),
            None => (i64::MIN, i64::MAX),
        }
    }

    /// Layers 1 to 4: the windows that start on a date, in local seconds since 1970, and what is to be cut out of each. By the
    /// default map it is the same to cut before the bounds become instants; by `compatible`, cuts are spans of instants.
    pub(crate) fn windows(&self, day: i64) -> Vec<(Span, Vec<Span>)> {
        let (ordinary, special) = (self.ordinary(day), self.special(day));
        if !self.rules.masks {
            // Long before, and long after, any window of the date.
            let all = (day - 1) * DAY_S..(day + 3) * DAY_S;
            let cuts = self.cuts(day, all.start, all.end);
            let ordinary = ordinary.into_iter().map(|window| (window, cuts.clone()));
            let kept = ordinary
                .filter(|(window, cuts)| !cuts.iter().any(|cut| cut.0 <= window.0 && window.1 <= cut.1));
            return kept
                .chain(special.into_iter().map(|window| (window, Vec::new())))
                .collect();
        }
        // What holidays and overrides leave of this date, and of those into which a window may reach: the next one, and by
        // `compatible`, where a day is skipped or begins in a gap, others around. A date's special hours are what its
        // override says itself; on other dates they are hours as any others.
        let cuts_of = |days: &[i64]| -> Vec<Span> {
            let days = days.iter().map(|step| day + step);
            days.flat_map(|day| self.cuts(day, day * DAY_S, (day + 1) * DAY_S))
                .collect()
        };
        let (all, others) = (cuts_of(&[-1, 0, 1, 2]), cuts_of(&[-1, 1, 2]));
        let ordinary = ordinary.into_iter().map(|window| (window, all.clone()));
        let special = special.into_iter().map(|window| (window, others.clone()));
        ordinary.chain(special).collect()
    }

    /// What a holiday or an override takes from the ordinary hours of a date.
    fn cuts(&self, day: i64, first: i64, end: i64) -> Vec<(i64, i64)> {
        let (from, until) = self.left(day);
        if from >= until {
            return vec![(first, end)];
        }
        let cuts = [(first, from.max(first)), (until.min(end), end)];
        cuts.into_iter().filter(|(from, to)| from < to).collect()
    }

    /// The most seconds that the windows of one weekday have, by the week that holds on a date.
    pub(crate) fn day_length(&self, day: i64) -> i64 {
        let lengths = (0..7).map(|weekday| {
            let lines = self.lines(day).filter(|line| line.days[weekday]);
            let windows: Vec<(i64, i64)> = lines.flat_map(|line| line.windows.iter().copied()).collect();
            (0..2 * DAY_S)
                .filter(|s| windows.iter().any(|(from, to)| (*from..*to).contains(s)))
                .count()
        });
        lengths.max().unwrap() as i64
    }
}

/// The days on which entries are, with their indices: on their own dates, or where they are observed. None goes to a day that is
/// taken, or has an entry already.
fn placed(entries: &[(&str, &[String])], years: &[i32], taken: &BTreeSet<i64>) -> Vec<(i64, usize)> {
    let mut days: Vec<(i64, usize)> = Vec::new();
    // Those that are moved: own date, index, direction, weekday.
    let mut moved: Vec<(i64, usize, i64, usize)> = Vec::new();
    for (index, (on, observed)) in entries.iter().enumerate() {
        for day in years.iter().flat_map(|year| rule_days(on, *year)) {
            let words = observed.iter().map(|text| text.split(' ').collect::<Vec<_>>());
            let mut deciding = words.filter(|words| weekdays_of(words[0])[weekday_of(day)]);
            let deciding = deciding.next();
            if deciding.as_ref().is_none_or(|words| words[1] == "also") {
                days.push((day, index));
            }
            if let Some(words) = deciding {
                let step = if words[2] == "next" { 1 } else { -1 };
                moved.push((day, index, step, weekday_index(words[3])));
            }
        }
    }
    let mut taken: BTreeSet<i64> = taken
        .iter()
        .copied()
        .chain(days.iter().map(|(day, _)| *day))
        .collect();
    moved.sort_unstable();
    for (own, index, step, weekday) in moved {
        // No entry is put on a weekday that it names.
        let named = |day: i64| {
            let mut days = entries[index]
                .1
                .iter()
                .map(|text| weekdays_of(text.split(' ').next().unwrap()));
            days.any(|days| days[weekday_of(day)])
        };
        let mut day = own + step;
        while weekday_of(day) != weekday {
            day += step;
        }
        while taken.contains(&day) || named(day) {
            day += step;
            assert!((day - own).abs() < 1_000, "no day is free");
        }
        taken.insert(day);
        days.push((day, index));
    }
    days
}

/// The dates that a rule names for a year, in days since 1970.
pub(crate) fn rule_days(text: &str, year: i32) -> Vec<i64> {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |text: &str| text.parse::<i32>().unwrap();
    let is_year = |text: &str| text.len() == 4 && text.parse::<i32>().is_ok();
    // Words of years come last, and each has a year, a list of years, or a count of years after it.
    let starts = |at: usize| match words[at] {
        "since" | "except" | "in" => true,
        "through" => is_year(words[at + 1]),
        "every" => words.get(at + 2) == Some(&"years"),
        _ => false,
    };
    let end = (0..words.len()).find(|at| starts(*at)).unwrap_or(words.len());
    let (rule, years) = words.split_at(end);
    let after = |name: &str| {
        let at = years.iter().position(|word| *word == name)?;
        Some(years[at + 1])
    };
    let listed = |name: &str| after(name).map(|list| list.split(',').any(|one| number(one) == year));
    let turn =
        after("every").is_none_or(|count| (year - number(after("since").unwrap())) % number(count) == 0);
    if after("since").is_some_and(|since| year < number(since))
        || after("through").is_some_and(|until| year > number(until))
        || listed("except") == Some(true)
        || listed("in") == Some(false)
        || !turn
    {
        return Vec::new();
    }
    let Some(through) = rule.iter().position(|word| *word == "through") else {
        return point_days(rule, year);
    };
    let (first, last) = (&rule[..through], &rule[through + 1..]);
    let ends: BTreeSet<i64> = (year - 2..=year + 2)
        .flat_map(|year| point_days(last, year))
        .collect();
    let mut days = Vec::new();
    for start in point_days(first, year) {
        let length = (0..92).find(|step| ends.contains(&(start + step)));
        days.extend(length.into_iter().flat_map(|length| start..=start + length));
    }
    days
}

/// The dates of a rule without its years, and without the last of a range.
fn point_days(rule: &[&str], year: i32) -> Vec<i64> {
    if let Some(at) = rule.iter().position(|word| *word == "every") {
        let mut days = Vec::new();
        for month in MONTHS {
            days.extend(point_days(
                &[&rule[..at], &[month], &rule[at + 2..]].concat(),
                year,
            ));
        }
        return days;
    }
    let number = |text: &str| text.parse::<i32>().unwrap();
    let (offset, rule) = match rule.split_last().unwrap() {
        (last, rule) if last.starts_with(['+', '-']) => (i64::from(number(last)), rule),
        _ => (0, rule),
    };
    let (weekday, direction, anchor) = match rule {
        [weekday, "on", "or", "before", anchor @ ..] => (Some((weekday, 0)), -1, anchor),
        [weekday, "on", "or", "after", anchor @ ..] => (Some((weekday, 0)), 1, anchor),
        [weekday, "before", anchor @ ..] => (Some((weekday, 1)), -1, anchor),
        [weekday, "after", anchor @ ..] => (Some((weekday, 1)), 1, anchor),
        anchor => (None, 0, anchor),
    };
    let Some(mut day) = anchor_day(anchor, year) else {
        return Vec::new();
    };
    if let Some((weekday, first)) = weekday {
        day += direction * first;
        while weekday_of(day) != weekday_index(weekday) {
            day += direction;
        }
    }
    vec![day + offset]
}

fn anchor_day(words: &[&str], year: i32) -> Option<i64> {
    match words {
        ["easter"] => Some(gregorian_easter(i64::from(year))),
        ["orthodox", "easter"] => Some(julian_easter(i64::from(year))),
        [nth, weekday, "of", month] => {
            let month = MONTHS.iter().position(|name| name == month).unwrap() as u32 + 1;
            let days = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day).map(day_of));
            let found: Vec<i64> = days
                .filter(|day| weekday_of(*day) == weekday_index(weekday))
                .collect();
            match *nth {
                "last" => found.last().copied(),
                nth => found.get(nth[..1].parse::<usize>().unwrap() - 1).copied(),
            }
        }
        [date] if date.len() == 10 => {
            let date: NaiveDate = date.parse().unwrap();
            (date.year() == year).then(|| day_of(date))
        }
        [day, month] => {
            let month = MONTHS.iter().position(|name| name == month).unwrap() as u32 + 1;
            NaiveDate::from_ymd_opt(year, month, day.parse().unwrap()).map(day_of)
        }
        _ => None,
    }
}

/// By Gauss, with his two exceptions.
pub(crate) fn gregorian_easter(year: i64) -> i64 {
    let (a, b, c, k) = (year % 19, year % 4, year % 7, year / 100);
    let (p, q) = ((13 + 8 * k) / 25, k / 4);
    let (m, n) = ((15 - p + k - q) % 30, (4 + k - q) % 7);
    let d = (19 * a + m) % 30;
    let e = (2 * b + 4 * c + 6 * d + n) % 7;
    let april = |day| NaiveDate::from_ymd_opt(year as i32, 4, day).map(day_of).unwrap();
    match (d, e) {
        (29, 6) => april(19),
        (28, 6) if (11 * m + 11) % 30 < 19 => april(18),
        _ => april(1) - 10 + d + e,
    }
}

/// The Sunday after the paschal full moon of the table by golden numbers, by Julian Day numbers.
pub(crate) fn julian_easter(year: i64) -> i64 {
    const FULL_MOONS: [(i64, i64); 19] = [
        (4, 5),
        (3, 25),
        (4, 13),
        (4, 2),
        (3, 22),
        (4, 10),
        (3, 30),
        (4, 18),
        (4, 7),
        (3, 27),
        (4, 15),
        (4, 4),
        (3, 24),
        (4, 12),
        (4, 1),
        (3, 21),
        (4, 9),
        (3, 29),
        (4, 17),
    ];
    let (month, day) = FULL_MOONS[(year % 19) as usize];
    let (years, months) = (year + 4_800, month - 3);
    let full_moon = day + (153 * months + 2) / 5 + 365 * years + years / 4 - 32_083;
    // Day 0 was a Monday.
    let sunday = (full_moon + 1..).find(|day| day % 7 == 6).unwrap();
    sunday - 2_440_588
}

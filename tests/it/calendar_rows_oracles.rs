//! The rows of `calendar_rows` through the oracles: every second of a short row, day by day over a long one.
//!
//! The oracles read the same documents by readers of their own. They know no errors and no names, so rows about those are
//! left out; of an explanation they know what is open.

use chrono::{DateTime, NaiveDate, Utc};
use sla::WorkingTime;
use toml::{Table, Value};

use crate::calendar_rows::{Row, all_rows, at, rfc3339};
use crate::oracle::{
    Composite, Cut, DAY_S, DayWalker, Days, Kind, Meaning, PerSecond, Rules, day_of, seconds_of,
};

/// Rows of more days are left to the walker.
const DAYS_SCANNED_MAX: i64 = 40;

/// Rows of more days are left out.
const DAYS_WALKED_MAX: i64 = 4_000;

impl Row {
    fn rules(&self, hours: &Value) -> Rules {
        let mut rules = Rules::read(hours.as_table().unwrap());
        if self.0.contains_key("zone_data") {
            rules.more.zone_data = Some(self.zone_data().clone());
        }
        rules
    }

    fn composite(&self) -> Option<Composite> {
        let composite = self.0.get("composite")?;
        let (name, ids) = composite
            .as_table()
            .unwrap()
            .iter()
            .find(|(key, _)| *key != "zone")
            .unwrap();
        let parts = ids.as_array().unwrap().iter();
        Some(Composite {
            kind: match name.as_str() {
                "union" => Kind::Union,
                "intersection" => Kind::Intersection,
                _ => Kind::Difference,
            },
            zone: composite["zone"].as_str().unwrap().to_owned(),
            parts: parts
                .map(|id| self.rules(&self.0["parts"][id.as_str().unwrap()]))
                .collect(),
        })
    }

    /// The seconds of the first and last instant or date that stands in the row, and a day on either side of a date.
    fn span(&self) -> Option<(i64, i64)> {
        let mut found = Vec::new();
        let mut look = |text: &str| {
            if let Ok(at) = text.parse::<DateTime<Utc>>() {
                found.extend([at.timestamp(), at.timestamp() + 1]);
            } else if let Ok(date) = text.get(..10).unwrap_or(text).parse::<NaiveDate>() {
                let midnight = day_of(date) * DAY_S;
                found.extend([midnight - DAY_S, midnight + 2 * DAY_S]);
            }
        };
        for key in ["from", "to", "due", "date", "local"] {
            if let Some(text) = self.0.get(key) {
                look(text.as_str().unwrap());
            }
        }
        self.expected().split([' ', '/', '\n']).for_each(look);
        Some((*found.iter().min()?, *found.iter().max()?))
    }

    fn days_asked(&self, days: &Table) -> Days {
        Days {
            count: u32::try_from(days["days"].as_integer().unwrap()).unwrap(),
            meaning: match days["meaning"].as_str().unwrap().strip_prefix("at ") {
                Some(at) => Meaning::At(seconds_of(at)),
                None => match days["meaning"].as_str().unwrap() {
                    "same time" => Meaning::SameTime,
                    "same time or next opening" => Meaning::SameTimeOrNextOpening,
                    "same time or last close" => Meaning::SameTimeOrLastClose,
                    "by close" => Meaning::EndOfDay,
                    "schedule hours" => Meaning::ScheduleHours,
                    "day length" => Meaning::DayLength,
                    other => panic!("unknown meaning {other}"),
                },
            },
            cut_off: days
                .get("cut_off")
                .map(|cut_off| match cut_off.as_str().unwrap() {
                    "at close" => Cut::AtClose,
                    "of the calendar" => Cut::OfTheCalendar,
                    time => Cut::At(seconds_of(time)),
                }),
        }
    }

    /// What the per-second oracle answers; none if it is not asked.
    fn by_seconds(&self, oracle: &PerSecond, rules: &Rules) -> Option<String> {
        let (from, to, due) = (
            || self.instant("from"),
            || self.instant("to"),
            || self.instant("due"),
        );
        let found = |at: Option<DateTime<Utc>>| at.map_or("none in the span".to_owned(), rfc3339);
        let nanos = || self.working_time().as_nanoseconds();
        let dated = |day: Option<i64>| {
            day.map_or("none in the span".to_owned(), |day| {
                crate::oracle::date_of(day).to_string()
            })
        };
        Some(match self.text("question") {
            "is_open" => oracle.is_open(from()).to_string(),
            "next_open" => found(oracle.next(from(), true)),
            "next_close" => found(oracle.next(from(), false)),
            "previous_open" => found(oracle.previous(from(), true)),
            "previous_close" => found(oracle.previous(from(), false)),
            "elapsed" => WorkingTime::nanoseconds(oracle.elapsed_nanos(from(), to())).to_string(),
            "deadline" => found(oracle.deadline(from(), nanos())),
            "next_action" => found(oracle.next_action(from(), nanos())),
            "latest_start" => found(oracle.latest_start(due(), nanos())),
            "open_within" | "explain" => windows_of(oracle, from(), to()).join(" "),
            "open_from" => {
                let end = self.expected();
                let end = at(end.rsplit('/').next()?);
                windows_of(oracle, from(), end).join(" ")
            }
            "is_business_day" => oracle.is_business_day(self.date("date")).to_string(),
            "add_business_days" => dated(oracle.business_day(day_of(self.date("date")), self.count().into())),
            "subtract_business_days" => {
                dated(oracle.business_day(day_of(self.date("date")), -i64::from(self.count())))
            }
            "business_days_between" => {
                let dates = self
                    .date("from")
                    .iter_days()
                    .take_while(|date| *date < self.date("to"));
                dates
                    .filter(|date| oracle.is_business_day(*date))
                    .count()
                    .to_string()
            }
            "day_length" => {
                let (date, year) = (self.date("date"), self.text("date")[..4].parse().unwrap());
                let seconds = rules.dates(year, year).day_length(day_of(date));
                WorkingTime::seconds(seconds as u64).to_string()
            }
            "deadline_in_days" => {
                let days = self.days_asked(self.0["days"].as_table()?);
                found(oracle.deadline_in_days(rules, from(), days))
            }
            "start_in_days" => {
                let days = self.days_asked(self.0["days"].as_table()?);
                found(oracle.start_in_days(rules, due(), days.count, days.meaning))
            }
            "due" => {
                let within = self.0["within"].as_table()?;
                match (within.get("working"), within.get("business_days")) {
                    (Some(time), _) => {
                        let time: WorkingTime = time.as_str()?.parse().unwrap();
                        found(oracle.deadline(from(), time.as_nanoseconds()))
                    }
                    (_, Some(days)) => {
                        found(oracle.deadline_in_days(rules, from(), self.days_asked(days.as_table()?)))
                    }
                    _ => return None,
                }
            }
            "local_at" => oracle.local_at(from()).format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
            "instant_of" => rfc3339(oracle.instant_of(self.text("local").parse().unwrap())),
            _ => return None,
        })
    }

    /// What the walker answers; none if it is not asked.
    fn by_days(&self, walker: &DayWalker<'_>, days: i64) -> Option<String> {
        let from = || self.instant("from");
        let windows = |from: DateTime<Utc>, to: DateTime<Utc>| {
            let first = from.timestamp().div_euclid(DAY_S) - 3;
            let last = to.timestamp().div_euclid(DAY_S) + 3;
            let inside = walker
                .windows(first, last)
                .into_iter()
                .map(|(open, close)| (open.max(from.timestamp()), close.min(to.timestamp())));
            let inside = inside.filter(|(open, close)| open < close);
            let text = |s: i64| rfc3339(DateTime::from_timestamp(s, 0).unwrap());
            inside
                .map(|(open, close)| format!("{}/{}", text(open), text(close)))
                .collect::<Vec<_>>()
        };
        let (first, last) = match self.text("question") {
            "add_business_days" => (self.date("date").succ_opt()?, self.expected().parse().ok()?),
            "business_days_between" => (self.date("from"), self.date("to").pred_opt()?),
            _ => (NaiveDate::MIN, NaiveDate::MIN),
        };
        let counted = || {
            let (_, business) = walker.walk(day_of(first) - 3, day_of(last) + 3);
            business.range(day_of(first)..=day_of(last)).count()
        };
        Some(match self.text("question") {
            "elapsed" => {
                WorkingTime::nanoseconds(walker.elapsed_nanos(from(), self.instant("to"))).to_string()
            }
            "deadline" => {
                let due = walker.deadline(from(), self.working_time().as_nanoseconds(), days + 3);
                due.map_or("none".to_owned(), rfc3339)
            }
            "open_within" => windows(from(), self.instant("to")).join(" "),
            "next_open" => {
                let end = at(&self.expected()) + chrono::Duration::seconds(1);
                windows(from(), end).first()?.split('/').next()?.to_owned()
            }
            "business_days_between" => counted().to_string(),
            // As many as were asked for, the last of them the answer.
            "add_business_days" if counted() == self.count() as usize => self.expected(),
            "add_business_days" => format!("{} business days", counted()),
            _ => return None,
        })
    }

    /// What the oracles should find: of an explanation what is open.
    fn expected_by_oracles(&self) -> String {
        if self.text("question") != "explain" {
            return self.expected();
        }
        let mut open: Vec<(String, String)> = Vec::new();
        for line in self.expected().lines() {
            let (interval, reason) = line.split_once(' ').unwrap();
            let (from, until) = interval.split_once('/').unwrap();
            match open.last_mut() {
                _ if !reason.starts_with("open: ") => {}
                Some((_, end)) if end == from => until.clone_into(end),
                _ => open.push((from.to_owned(), until.to_owned())),
            }
        }
        let open: Vec<String> = open
            .iter()
            .map(|(from, until)| format!("{from}/{until}"))
            .collect();
        open.join(" ")
    }

    /// The documents of the row: rows with equal ones can be judged by one scan.
    fn documents(&self) -> String {
        let document = |key: &str| self.0.get(key).map(ToString::to_string).unwrap_or_default();
        ["hours", "parts", "composite", "zone_data"]
            .map(document)
            .join(" ")
    }

    fn scan(&self, (from, until): (i64, i64)) -> PerSecond {
        match self.composite() {
            Some(composite) => PerSecond::composite(&composite, from, until),
            None => PerSecond::new(&self.own_rules(), from, until),
        }
    }

    /// Those of a composite are its parts'.
    fn own_rules(&self) -> Rules {
        self.0
            .get("hours")
            .map(|hours| self.rules(hours))
            .unwrap_or_default()
    }
}

/// Rows with equal documents, of days so near to each other that one scan of `span` shows all of them.
struct Group<'a> {
    rows: Vec<&'a Row>,
    span: (i64, i64),
}

impl Group<'_> {
    fn days(&self) -> i64 {
        (self.span.1 - self.span.0) / DAY_S
    }
}

fn groups(rows: &[Row]) -> Vec<Group<'_>> {
    let mut found: Vec<Group<'_>> = Vec::new();
    let mut sorted: Vec<(String, (i64, i64), &Row)> = Vec::new();
    for row in rows.iter().filter(|row| !row.expected().contains("error: ")) {
        sorted.extend(
            row.span()
                .map(|(from, until)| (row.documents(), (from, until + DAY_S), row)),
        );
    }
    sorted.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    for (documents, span, row) in sorted {
        let near = found.last_mut().filter(|group| {
            let until = group.span.1.max(span.1);
            group.rows[0].documents() == documents && until - group.span.0 <= DAYS_SCANNED_MAX * DAY_S
        });
        match near {
            Some(group) => {
                group.rows.push(row);
                group.span.1 = group.span.1.max(span.1);
            }
            None => found.push(Group {
                rows: vec![row],
                span,
            }),
        }
    }
    found
}

/// The oracle's windows in `[from, to)`.
fn windows_of(oracle: &PerSecond, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<String> {
    let mut windows = Vec::new();
    let mut next = oracle.next(from, true);
    while let Some(open) = next.filter(|open| *open < to) {
        let close = oracle.next(open, false).unwrap_or(to).min(to);
        windows.push(format!("{}/{}", rfc3339(open), rfc3339(close)));
        next = oracle.next(close, true);
    }
    windows
}

fn assert_oracles_agree(part: usize) {
    let (mut asked, mut wrong, rows) = (0, Vec::new(), all_rows());
    let groups = groups(&rows);
    for group in groups.iter().skip(part).step_by(2) {
        let row = group.rows[0];
        let (rules, days) = (row.own_rules(), group.days());
        let scan = (days <= DAYS_SCANNED_MAX).then(|| row.scan(group.span));
        let is_walked = scan.is_none() && days <= DAYS_WALKED_MAX && row.0.contains_key("hours");
        let walker = is_walked.then(|| DayWalker::new(&rules));
        for row in &group.rows {
            let answer = match (&scan, &walker) {
                (Some(scan), _) => row.by_seconds(scan, &rules),
                (None, Some(walker)) => row.by_days(walker, days),
                (None, None) => None,
            };
            let Some(answer) = answer else { continue };
            asked += 1;
            let expected = row.expected_by_oracles();
            if answer != expected {
                wrong.push(format!(
                    "{}\n  expected {expected}\n  found    {answer}",
                    row.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 250, "{asked} rows were asked");
}

#[test]
fn rows_by_the_oracles() {
    assert_oracles_agree(0);
}

/// The other half, so that both run at once.
#[test]
fn rows_by_the_oracles_too() {
    assert_oracles_agree(1);
}

//! One interface over the engines, and what each is made from.
//!
//! Every engine is asked in its own types: inputs are converted before the clock starts. Whoever adds an engine, such as
//! a batch interface over epoch integers, implements [`Engine`] and adds a line to `columns` in `main.rs`.

use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use compact_calendar::CompactCalendar;
use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Timestamp};
use opening_hours::localization::TzLocation;
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use sla::{Calendar, Hours, WorkingTime};
use workclock::{Holidays, WorkDay};

pub const ZONE: &str = "America/New_York";

/// The hours of a desk in New York, as every engine is given them.
#[derive(Clone, Copy)]
pub struct Terms {
    /// `Mon-Fri`, `Sun` or `Mon-Sun`.
    pub days: &'static str,
    /// `09:00-17:00`, or several with commas.
    pub windows: &'static str,
    pub holidays: &'static [&'static str],
    /// Only sla asks.
    pub known_through: &'static str,
    /// How far ule-hours looks, if not as far as it does by itself.
    pub horizon_days: Option<u32>,
}

/// What is timed: each function answers for a whole slice, into a slice that is as long.
///
/// An engine that has no such question keeps the default, which answers nothing and returns `false`.
pub trait Engine {
    /// The name of its column.
    const NAME: &'static str;
    /// Whose version is shown with the name.
    const PACKAGE: &'static str;
    /// What the reader must know of its column.
    const NOTES: &'static [&'static str];
    type At: Copy;
    type Time: Copy;

    fn at(nanos: i64) -> Self::At;
    fn at_nanos(at: Self::At) -> i64;
    fn time(nanos: i64) -> Self::Time;
    fn time_nanos(time: Self::Time) -> i64;

    fn is_open(&self, _: &[Self::At], _: &mut [bool]) -> bool {
        false
    }

    fn elapsed(&self, _from: &[Self::At], _to: &[Self::At], _: &mut [Self::Time]) -> bool {
        false
    }

    fn deadline(&self, _from: &[Self::At], _within: Self::Time, _: &mut [Self::At]) -> bool {
        false
    }
}

/// Asks one by one.
fn each<I, O>(inputs: impl Iterator<Item = I>, answers: &mut [O], ask: impl Fn(I) -> O) -> bool {
    for (answer, input) in answers.iter_mut().zip(inputs) {
        *answer = ask(black_box(input));
    }
    true
}

fn pairs<T: Copy>(from: &[T], to: &[T]) -> impl Iterator<Item = (T, T)> {
    from.iter().copied().zip(to.iter().copied())
}

pub struct Sla(pub Calendar);

impl Sla {
    pub fn new(terms: &Terms) -> Result<Self, String> {
        // All week has one spelling.
        let line = match (terms.days, terms.windows) {
            ("Mon-Sun", "00:00-24:00") => "24x7".to_owned(),
            (days, windows) => format!("{days} {windows}"),
        };
        let hours = Hours::in_zone(ZONE).weekly(&line);
        let dates = terms.holidays.iter();
        let mut hours = dates.fold(hours, |hours, date| hours.holiday(date, "Holiday"));
        if !terms.holidays.is_empty() {
            hours = hours.known_through(terms.known_through);
        }
        hours.compile().map(Self).map_err(|problems| problems.to_string())
    }
}

impl Engine for Sla {
    const NAME: &'static str = "sla";
    const PACKAGE: &'static str = "sla";
    const NOTES: &'static [&'static str] = &["asked through chrono's `DateTime<Utc>`, one by one"];
    type At = DateTime<Utc>;
    type Time = WorkingTime;

    fn at(nanos: i64) -> Self::At {
        DateTime::from_timestamp_nanos(nanos)
    }

    fn at_nanos(at: Self::At) -> i64 {
        at.timestamp_nanos_opt().unwrap()
    }

    fn time(nanos: i64) -> Self::Time {
        WorkingTime::nanoseconds(u64::try_from(nanos).unwrap())
    }

    fn time_nanos(time: Self::Time) -> i64 {
        i64::try_from(time.as_nanoseconds()).unwrap()
    }

    fn is_open(&self, at: &[Self::At], open: &mut [bool]) -> bool {
        each(at.iter(), open, |at| self.0.is_open(*at).unwrap())
    }

    fn elapsed(&self, from: &[Self::At], to: &[Self::At], elapsed: &mut [Self::Time]) -> bool {
        each(pairs(from, to), elapsed, |(from, to)| {
            self.0.elapsed(from, to).unwrap()
        })
    }

    fn deadline(&self, from: &[Self::At], within: Self::Time, due: &mut [Self::At]) -> bool {
        each(from.iter(), due, |from| self.0.deadline(*from, within).unwrap())
    }
}

pub struct UleHours(pub ule_hours::Schedule);

impl UleHours {
    pub fn new(terms: &Terms) -> Result<Self, String> {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let week = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        let days = match terms.days {
            "Mon-Fri" => &week[..5],
            "Sun" => &week[6..],
            _ => &week[..],
        };
        let builder = ule_hours::Schedule::builder(ZONE).unwrap();
        let mut builder = builder
            .open(days.iter().copied(), terms.windows)
            .map_err(|error| error.to_string())?;
        for date in terms.holidays {
            builder = builder.closed_on(date.parse().unwrap());
        }
        if let Some(days) = terms.horizon_days {
            builder = builder.horizon_days(days);
        }
        Ok(Self(builder.build()))
    }
}

impl Engine for UleHours {
    const NAME: &'static str = "ule-hours";
    const PACKAGE: &'static str = "ule-hours";
    const NOTES: &'static [&'static str] = &[
        "holidays through `closed_on`, its fastest form",
        "with `horizon_days(10_000)`: by itself it stops after 3,660 days",
    ];
    type At = Timestamp;
    type Time = SignedDuration;

    fn at(nanos: i64) -> Self::At {
        Timestamp::from_nanosecond(nanos.into()).unwrap()
    }

    fn at_nanos(at: Self::At) -> i64 {
        i64::try_from(at.as_nanosecond()).unwrap()
    }

    fn time(nanos: i64) -> Self::Time {
        SignedDuration::from_nanos(nanos)
    }

    fn time_nanos(time: Self::Time) -> i64 {
        i64::try_from(time.as_nanos()).unwrap()
    }

    fn is_open(&self, at: &[Self::At], open: &mut [bool]) -> bool {
        each(at.iter(), open, |at| self.0.is_open(*at))
    }

    fn elapsed(&self, from: &[Self::At], to: &[Self::At], elapsed: &mut [Self::Time]) -> bool {
        each(pairs(from, to), elapsed, |(from, to)| self.0.between(from, to))
    }

    fn deadline(&self, from: &[Self::At], within: Self::Time, due: &mut [Self::At]) -> bool {
        each(from.iter(), due, |from| self.0.add(*from, within).unwrap())
    }
}

pub struct Workclock(pub workclock::Schedule);

impl Workclock {
    pub fn new(terms: &Terms) -> Result<Self, String> {
        use workclock::Weekdays;
        let days = match terms.days {
            "Mon-Fri" => Weekdays::MON_TO_FRI,
            "Sun" => Weekdays::from_iter([Weekday::Sunday]),
            _ => Weekdays::ALL,
        };
        let time = |text: &str| -> Time { text.replace("24:00", "00:00").parse().unwrap() };
        let mut builder = workclock::Schedule::builder().time_zone(ZONE);
        for window in terms.windows.split(',') {
            let (start, end) = window.split_once('-').unwrap();
            builder = builder.rule(WorkDay::new(time(start), time(end), days));
        }
        let dates = terms.holidays.iter().map(|date| date.parse::<Date>().unwrap());
        let built = builder.rule(Holidays::new(dates)).build();
        built.map(Self).map_err(|error| error.to_string())
    }
}

impl Engine for Workclock {
    const NAME: &'static str = "workclock";
    const PACKAGE: &'static str = "workclock";
    const NOTES: &'static [&'static str] =
        &["has no `is_open`: asked is whether `next_period` starts at the instant"];
    type At = Timestamp;
    type Time = SignedDuration;

    fn at(nanos: i64) -> Self::At {
        UleHours::at(nanos)
    }

    fn at_nanos(at: Self::At) -> i64 {
        UleHours::at_nanos(at)
    }

    fn time(nanos: i64) -> Self::Time {
        UleHours::time(nanos)
    }

    fn time_nanos(time: Self::Time) -> i64 {
        UleHours::time_nanos(time)
    }

    fn is_open(&self, at: &[Self::At], open: &mut [bool]) -> bool {
        each(at.iter(), open, |at| {
            self.0.next_period(*at).unwrap().start == *at
        })
    }

    fn elapsed(&self, from: &[Self::At], to: &[Self::At], elapsed: &mut [Self::Time]) -> bool {
        each(pairs(from, to), elapsed, |(from, to)| self.0.between(from, to))
    }

    fn deadline(&self, from: &[Self::At], within: Self::Time, due: &mut [Self::At]) -> bool {
        each(from.iter(), due, |from| self.0.add(*from, within).unwrap())
    }
}

pub struct OsmHours(pub OpeningHours<TzLocation<Tz>>);

impl OsmHours {
    pub fn new(terms: &Terms) -> Result<Self, String> {
        let days = terms.days.replace("Mon", "Mo").replace("Fri", "Fr");
        let text = format!("{} {}; PH off", days.replace("Sun", "Su"), terms.windows);
        let hours: OpeningHours = text.parse().map_err(|_| "not its grammar")?;
        let mut public = CompactCalendar::default();
        for date in terms.holidays {
            public.insert(date.parse::<NaiveDate>().unwrap());
        }
        let holidays = ContextHolidays::new(Arc::new(public), Arc::default());
        let context = Context::default()
            .with_holidays(holidays)
            .with_locale(TzLocation::new(chrono_tz::America::New_York));
        Ok(Self(hours.with_context(context)))
    }

    pub fn sum(&self, from: DateTime<Tz>, to: DateTime<Tz>) -> TimeDelta {
        let states = self.0.iter_range(from, to);
        let open = states.filter(|state| state.kind == RuleKind::Open);
        open.map(|state| state.range.end - state.range.start).sum()
    }
}

impl Engine for OsmHours {
    const NAME: &'static str = "opening-hours";
    const PACKAGE: &'static str = "opening-hours";
    const NOTES: &'static [&'static str] = &[
        "holidays as a set that `PH off` refers to, its fastest form",
        "has no `elapsed`: asked is the sum over `iter_range(from, to)`",
        "has no `deadline`, nor anything near it: a loop over its intervals would cost what their sum costs",
    ];
    type At = DateTime<Tz>;
    type Time = TimeDelta;

    fn at(nanos: i64) -> Self::At {
        DateTime::from_timestamp_nanos(nanos).with_timezone(&chrono_tz::America::New_York)
    }

    fn at_nanos(at: Self::At) -> i64 {
        at.timestamp_nanos_opt().unwrap()
    }

    fn time(nanos: i64) -> Self::Time {
        TimeDelta::nanoseconds(nanos)
    }

    fn time_nanos(time: Self::Time) -> i64 {
        time.num_nanoseconds().unwrap()
    }

    fn is_open(&self, at: &[Self::At], open: &mut [bool]) -> bool {
        each(at.iter(), open, |at| self.0.is_open(*at))
    }

    fn elapsed(&self, from: &[Self::At], to: &[Self::At], elapsed: &mut [Self::Time]) -> bool {
        each(pairs(from, to), elapsed, |(from, to)| self.sum(from, to))
    }
}

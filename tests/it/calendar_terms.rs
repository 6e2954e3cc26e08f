//! Service hours: their texts, documents and limits, and the words of problems and explanations.

use chrono::{DateTime, NaiveDate};
use sla::calendar::{HoursBuilder, OvernightOnHoliday, Weekly};
use sla::error::QueryError;
use sla::zone::GapRule;
use sla::{Calendar, Hours, WorkingTime};

use crate::calendar_rows::at;
use crate::oracle::instant;

#[test]
fn weekly_text_is_canonical() {
    for canonical in [
        "Mon-Fri 09:00-17:00",
        "Mon,Wed,Fri 09:00-17:00",
        "Fri-Mon 22:00-06:00:30",
        "Sat,Sun 00:00-24:00",
        "Mon,Sun 00:00-24:00",
        "Wed,Fri-Mon 18:00-24:00",
        "Mon-Sun 08:00-20:00",
        "24x7",
    ] {
        assert_eq!(canonical.parse::<Weekly>().unwrap().to_string(), canonical);
    }
}

#[test]
fn weekly_text_that_is_refused() {
    let window = "a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`";
    let equal = "a window that ends at another time than it starts (`00:00-24:00` is a whole day)";
    let days = "weekdays such as `Mon-Fri` or `Mon,Wed,Fri`";
    let validity =
        "dates such as `from 2026-04-01`, `through 2026-09-30` or `from 2026-04-01 through 2026-09-30`";
    let whole = "weekdays and windows such as `Mon-Fri 09:00-17:00`, or `24x7`";
    let order = "weekdays in order, three or more in a row with a hyphen, such as `Sat,Sun`, `Mon-Fri`, `Fri-Mon` or `Mon,Wed-Fri`";
    for (text, expected, found) in [
        ("Fri,Mon,Wed 09:00-17:00", order, "Fri,Mon,Wed"),
        ("Sat-Sun 09:00-17:00", order, "Sat-Sun"),
        ("Sun,Mon 09:00-17:00", order, "Sun,Mon"),
        ("Mon,Tue,Wed 09:00-17:00", order, "Mon,Tue,Wed"),
        ("Mon-Wed,Tue-Thu 09:00-17:00", order, "Mon-Wed,Tue-Thu"),
        ("Mon,Mon 09:00-17:00", order, "Mon,Mon"),
        ("Tue-Mon 09:00-17:00", order, "Tue-Mon"),
        ("Mon 09:00:00-17:00", window, "09:00:00-17:00"),
        ("Mon 18:00-00:00", window, "18:00-00:00"),
        (
            "Mon-Sun 00:00-24:00",
            "`24x7` for all of every day",
            "Mon-Sun 00:00-24:00",
        ),
        ("", whole, ""),
        ("Mon", whole, "Mon"),
        ("24x7 ", validity, ""),
        ("24x7 since 2026-01-01", validity, "since 2026-01-01"),
        (
            "Mon 09:00-17:00 through 2026-01-01 from 2026-01-01",
            validity,
            "through 2026-01-01 from 2026-01-01",
        ),
        (
            "Mon 09:00-17:00 from 2026-01-02 through 2026-01-01",
            validity,
            "from 2026-01-02 through 2026-01-01",
        ),
        ("mon 09:00-17:00", days, "mon"),
        ("Monday 09:00-17:00", days, "Monday"),
        ("Mon-Mon 09:00-17:00", days, "Mon-Mon"),
        ("Mon, Tue 09:00-17:00", days, "Mon,"),
        ("Mon  09:00-17:00", window, ""),
        ("Mon 9:00-17:00", window, "9:00-17:00"),
        ("Mon 09:00-24:01", window, "09:00-24:01"),
        ("Mon 24:00-02:00", window, "24:00-02:00"),
        ("Mon 09:00-17:60", window, "09:00-17:60"),
        ("Mon 09:00:00:00-17:00", window, "09:00:00:00-17:00"),
        ("Mon 09:00-12:00,", window, ""),
        ("Mon 09:00-09:00", equal, "09:00-09:00"),
        ("Mon 24:00-24:00", equal, "24:00-24:00"),
    ] {
        let error = text.parse::<Weekly>().unwrap_err();
        assert_eq!(error.to_string(), format!("expected {expected}, found `{found}`"));
    }
    let long = format!("Mon 09:00-10:00{}", ",09:00-10:00".repeat(130));
    assert!(
        long.parse::<Weekly>()
            .unwrap_err()
            .to_string()
            .starts_with("expected weekdays and windows of at most 1502")
    );
}

#[track_caller]
fn assert_problems(hours: &HoursBuilder, expected: &[&str]) {
    let problems = hours.compile().unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_problem_at_once() {
    let hours = Hours::in_zone("Europe/Pariss")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Mon-Fri 9-17")
        .holiday("2026-02-30", "Leap")
        .holiday("2026-12-25", "Christmas")
        .holiday("2027-01-01", "")
        .holiday("2026-12-25", "Boxing Day")
        .known_through("2026-12-31");
    assert_problems(
        &hours,
        &[
            "zone: expected a zone of the zone data, found `Europe/Pariss`",
            "weekly[1]: expected a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`, found `9-17`",
            "holidays[0].on: expected a date such as `2026-12-25`, or a rule such as `25 Dec`, `4th Thu of Nov`, `last Fri of every month`, \
             `easter -2`, `orthodox easter +1`, `Mon before 25 May`, `24 Dec through 1 Jan`, with `since 2021`, `through 2030` or `in 2025,2027` \
             after it if need be, found `2026-02-30`",
            "holidays[2].name: expected a name, found nothing",
            "holidays[2].on: expected a date through 2026-12-31 (`known_through`), found 2027-01-01",
            "overnight_on_holiday: expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, \
             since there are holidays or overrides, and windows over midnight",
        ],
    );
}

#[test]
fn problems_of_what_is_missing() {
    assert_problems(
        &Hours::in_zone("UTC"),
        &["weekly: expected at least one window, found none"],
    );
    assert_problems(
        &Hours::always().holiday("2026-12-25", "Christmas"),
        &[
            "known_through: expected the last date for which holidays are known, since there are holidays by single dates",
        ],
    );
    assert_problems(
        &Hours::always().known_through("soon"),
        &["known_through: expected a date from 1900 to 2199, such as `2026-04-03`, found `soon`"],
    );
    let problems = Hours::in_zone("Paris, France")
        .weekly("24x7")
        .check()
        .unwrap_err();
    assert_eq!(
        problems.to_string(),
        "zone: expected a time zone such as `Europe/Paris`, `UTC` or `+05:30`, found `Paris, France`"
    );
}

#[test]
fn limits_hold() {
    let window = "Tue 09:00-10:00";
    let at_most = (0..96).fold(Hours::in_zone("UTC"), |hours, _| hours.weekly(window));
    assert!(at_most.check().is_ok());
    assert_problems(
        &at_most.weekly(window),
        &["weekly: expected at most 96 windows on a weekday, found 97"],
    );
    let mut hours = Hours::always().known_through("2199-12-31");
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    for date in first.iter_days().take(10_000) {
        hours = hours.holiday(&date.to_string(), "Holiday");
    }
    assert!(hours.compile().is_ok());
    let more = hours.holiday("2100-01-01", "Holiday");
    assert_problems(&more, &["holidays: expected at most 10000, found 10001"]);
}

/// Rules are looked at for each year, so there are fewer of them than of single dates.
#[test]
fn rules_are_few() {
    let rules = |count: usize| {
        let hours = Hours::always().override_day("2026-05-01", "closed", "Fair");
        (0..count).fold(hours, |hours, index| {
            hours.holiday(&format!("25 Dec since {}", 1950 + index % 100), "Christmas")
        })
    };
    assert_eq!(rules(366).check(), Ok(()));
    let nameless = |count| rules(count).holiday("1 May", "");
    assert_problems(
        &nameless(365),
        &["holidays[365].name: expected a name, found nothing"],
    );
    assert_problems(
        &nameless(366),
        &["holidays: expected rules for at most 366 dates a year beside single dates, found 367"],
    );
    assert_problems(
        &rules(367),
        &["holidays: expected rules for at most 366 dates a year beside single dates, found 367"],
    );
}

#[test]
fn lines_are_few() {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let lines = |count: usize| {
        (0..count).fold(Hours::in_zone("UTC"), |hours, index| {
            hours.weekly(&format!("{} 09:00-10:00", days[index % 7]))
        })
    };
    assert_eq!(lines(200).check(), Ok(()));
    assert_problems(&lines(201), &["weekly: expected at most 200 lines, found 201"]);
    let override_day = Hours::always().override_day("2026-05-01", "10:00-12:00", "Fair");
    assert!(
        format!("{override_day:?}").contains("hours: 10:00-12:00"),
        "{override_day:?}"
    );
}

/// Of what is too long nothing else is told.
#[test]
fn lists_that_are_too_long_are_not_looked_at() {
    let many = |one: fn(HoursBuilder) -> HoursBuilder| {
        let hours = Hours::always().overnight_on_holiday(OvernightOnHoliday::HolidayMasksLocalDay);
        (0..10_001).fold(hours, |hours, _| one(hours))
    };
    assert_problems(
        &many(|hours| hours.override_day("2026-01-01", "closed", "")),
        &["overrides: expected at most 10000, found 10001"],
    );
    assert_problems(
        &many(|hours| hours.open_once("2026-01-01T10:00", "2026-01-01T09:00", "")),
        &["added: expected at most 10000, found 10001"],
    );
    assert_problems(
        &many(|hours| hours.close_once("2026-01-01T10:00", "2026-01-01T09:00", "")),
        &["removed: expected at most 10000, found 10001"],
    );
}

#[test]
fn documents_are_strict() {
    let read = |text: &str| toml::from_str::<Hours>(text).map_err(|error| error.message().to_owned());
    let bare_dates = "zone = 'UTC'\nweekly = ['24x7']\nknown_through = 2026-12-31\n";
    assert_eq!(
        read(bare_dates),
        Ok(Hours::always().known_through("2026-12-31").build().unwrap())
    );
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['24x7']\nholiday = []\n").unwrap_err(),
        "unknown field `holiday`, expected `holidays`, `zone`, `weekly`, `added`, `seasons`, `overrides`, `removed`, \
         `cut_off`, `gap_rule`, `known_from`, `beyond_known`, `known_through` or `overnight_on_holiday`"
    );
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['Mon 9-17']\n").unwrap_err(),
        "expected a window such as `09:00-17:00`, `22:00-06:00` or `17:00-24:00`, found `9-17`"
    );
    assert_eq!(
        read("zone = 'UTC'\nweekly = ['Mon 09:00-17:00']\novernight_on_holiday = 'both'").unwrap_err(),
        "expected `shift_belongs_to_start_day` or `holiday_masks_local_day`, found `both`"
    );
}

#[test]
fn dates_and_offsets_are_digits() {
    for date in [
        "2026- 4-03",
        "+2026-4-03",
        "2026-04- 3",
        "2026-4-003",
        "20260-4-03",
        "2026/04/03",
        "٢٠٢٦",
    ] {
        assert!(date.parse::<sla::period::Date>().is_err(), "{date}");
    }
    for zone in ["++5:30", "+05:+3", "+5:30", "+05:60", "+26:01", "utc"] {
        assert!(sla::ZoneData::bundled().zone(zone).is_err(), "{zone}");
    }
}

#[test]
fn overnight_choice_is_free_without_need() {
    for choice in [
        OvernightOnHoliday::ShiftBelongsToStartDay,
        OvernightOnHoliday::HolidayMasksLocalDay,
    ] {
        assert!(Hours::always().overnight_on_holiday(choice).compile().is_ok());
    }
}

#[test]
fn explanation_names_lines_and_holidays() {
    let desk = Hours::in_zone("America/New_York")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Thu 05:00-08:00")
        .holiday("2026-11-27", "Day after Thanksgiving")
        .known_through("2026-12-31")
        .overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay)
        .compile()
        .unwrap();
    let stretches = desk
        .explain(at("2026-11-26T06:00:00Z"), at("2026-11-28T12:00:00Z"))
        .unwrap();
    let found: Vec<String> = stretches.map(|stretch| stretch.to_string()).collect();
    assert_eq!(
        found,
        [
            "2026-11-26T06:00:00Z/2026-11-26T11:00:00Z open: Mon-Fri 22:00-06:00",
            "2026-11-26T11:00:00Z/2026-11-26T13:00:00Z open: Thu 05:00-08:00",
            "2026-11-26T13:00:00Z/2026-11-27T03:00:00Z closed: outside service hours",
            "2026-11-27T03:00:00Z/2026-11-27T11:00:00Z open: Mon-Fri 22:00-06:00",
            "2026-11-27T11:00:00Z/2026-11-28T03:00:00Z closed: outside service hours",
            "2026-11-28T03:00:00Z/2026-11-28T11:00:00Z closed: Day after Thanksgiving",
            "2026-11-28T11:00:00Z/2026-11-28T12:00:00Z closed: outside service hours",
        ]
    );
}

#[test]
fn explanation_names_one_of_two_holidays() {
    let desk = Hours::in_zone("UTC")
        .weekly("Mon-Fri 22:00-06:00")
        .weekly("Mon-Fri 00:00-08:00")
        .holiday("2026-11-26", "Thanksgiving")
        .holiday("2026-11-27", "Day after Thanksgiving")
        .known_through("2026-12-31")
        .overnight_on_holiday(OvernightOnHoliday::ShiftBelongsToStartDay)
        .compile()
        .unwrap();
    let stretches = desk
        .explain(at("2026-11-26T20:00:00Z"), at("2026-11-27T12:00:00Z"))
        .unwrap();
    let found: Vec<String> = stretches.map(|stretch| stretch.to_string()).collect();
    assert_eq!(
        found,
        [
            "2026-11-26T20:00:00Z/2026-11-26T22:00:00Z closed: outside service hours",
            "2026-11-26T22:00:00Z/2026-11-27T06:00:00Z closed: Thanksgiving",
            "2026-11-27T06:00:00Z/2026-11-27T08:00:00Z closed: Day after Thanksgiving",
            "2026-11-27T08:00:00Z/2026-11-27T12:00:00Z closed: outside service hours",
        ]
    );
}

#[test]
fn hours_with_unread_texts_are_not_built() {
    let hours = Hours::in_zone("UTC").weekly("Mon 9-17").weekly("Tue 09:00-17:00");
    let problems = hours.build().unwrap_err().to_string();
    assert!(problems.starts_with("weekly[0]: expected "), "{problems}");
}

#[test]
fn instants_are_checked() {
    let desk = Hours::always().compile().unwrap();
    let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
    assert_eq!(desk.is_open(leap), Err(QueryError::LeapSecond { found: leap }));
    let early = at("1899-12-31T23:59:59Z");
    assert_eq!(
        desk.is_open(early),
        Err(QueryError::InstantOutOfRange { found: early })
    );
    assert_eq!(desk.is_open(at("1900-01-01T00:00:00Z")), Ok(true));
    let end = at("2200-01-01T00:00:00Z");
    assert_eq!(
        desk.is_open(end),
        Err(QueryError::BeyondZoneData { known_until: end })
    );
    assert_eq!(desk.elapsed(end, end), Ok(WorkingTime::ZERO));
    let whole = desk.elapsed(at("1900-01-01T00:00:00Z"), end).unwrap();
    assert_eq!(desk.deadline(at("1900-01-01T00:00:00Z"), whole), Ok(end));
    assert_eq!(instant(crate::oracle::nanos(early)), early);
}

#[test]
fn fingerprint_follows_the_terms() {
    let office = || Hours::in_zone("Europe/Paris").weekly("Mon-Fri 09:00-17:00");
    let fingerprint = |hours: HoursBuilder| hours.compile().unwrap().fingerprint();
    assert_eq!(fingerprint(office()), fingerprint(office()));
    assert_ne!(
        fingerprint(office()),
        fingerprint(office().weekly("Sat 09:00-12:00"))
    );
    assert_ne!(
        fingerprint(office()),
        fingerprint(office().known_through("2026-12-31"))
    );
}

#[test]
fn calendars_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Calendar>();
}

#[test]
fn years_of_rules() {
    let years = |rule: &str| -> Vec<i32> {
        let rule: sla::calendar::DateRule = rule.parse().unwrap();
        let dates = (2010..2030).flat_map(|year| rule.dates_in(year));
        dates.map(|date| chrono::Datelike::year(&date.naive())).collect()
    };
    assert_eq!(
        years("20 Jan every 4 years since 1965"),
        [2013, 2017, 2021, 2025, 2029]
    ); // Inauguration Day, 5 U.S.C. 6103(c)
    assert_eq!(
        years("20 Jan every 4 years since 2013 through 2022 except 2017"),
        [2013, 2021]
    );
    assert_eq!(years("20 Mar in 2012,2025"), [2012, 2025]);
    assert_eq!(years("29 Feb since 2015 through 2025"), [2016, 2020, 2024]);
    for refused in [
        "20 Jan every 4 years",
        "20 Jan every 1 years since 2000",
        "20 Jan every +4 years since 2000",
        "20 Jan since 2000 every 4 years",
        "20 Jan in 2020 since 2000",
        "20 Jan since 2000 in 2020",
        "20 Jan in ",
        "20 Mar in 2025,2012",
        "20 Mar in 2012,2012",
        "20 Mar except 2025,2012",
        "2026-01-20 in 2026",
        "every 4 years since 2000",
    ] {
        assert!(refused.parse::<sla::calendar::DateRule>().is_err(), "{refused}");
    }
}

#[test]
fn a_list_of_holidays_starts_somewhere() {
    let listed = || {
        Hours::in_zone("Europe/London")
            .weekly("Mon-Fri 09:00-17:00")
            .holiday("2015-01-01", "New Year's Day")
            .known_from("2015-01-01")
            .known_through("2015-12-31")
    };
    let desk = listed().compile().unwrap();
    let before = Err(QueryError::BeforeCoverage {
        known_from: "2015-01-01".parse().unwrap(),
    });
    assert_eq!(desk.is_open(at("2014-12-31T23:59:59Z")), before);
    assert_eq!(desk.is_open(at("2015-01-01T00:00:00Z")), Ok(false));
    assert_eq!(desk.is_business_day("2014-12-31".parse().unwrap()), before);
    assert_eq!(
        desk.latest_start(at("2015-01-02T10:00:00Z"), WorkingTime::hours(2))
            .map(|_| false),
        before
    );
    assert_eq!(
        desk.covers().to_string(),
        "2015-01-01T00:00:00Z/2016-01-01T00:00:00Z"
    );
    assert_ne!(desk.fingerprint(), {
        let horizon = sla::Interval::new(at("2015-01-01T00:00:00Z"), at("2016-01-01T00:00:00Z")).unwrap();
        let mut without = listed().build().unwrap();
        without.known_from = None;
        let within = without
            .compile_within(&sla::ZoneData::bundled(), horizon)
            .unwrap();
        assert_eq!(within.covers(), desk.covers());
        within.fingerprint() // another error before it
    });
    assert_problems(
        &listed()
            .holiday("2014-12-25", "Christmas Day")
            .known_from("2016-01-01"),
        &[
            "holidays[0].on: expected a date from 2016-01-01 (`known_from`), found 2015-01-01",
            "holidays[1].on: expected a date from 2016-01-01 (`known_from`), found 2014-12-25",
            "known_through: expected a date not before 2016-01-01 (`known_from`), found 2015-12-31",
        ],
    );
    assert_problems(
        &listed().known_from("soon"),
        &["known_from: expected a date from 1900 to 2199, such as `2026-04-03`, found `soon`"],
    );
}

/// Each composite names the two before it: a few lines, in which the first are named a thousand times and more.
#[test]
fn composites_do_not_grow_without_bound() {
    let horizon = sla::Interval::new(at("2026-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z")).unwrap();
    let zones = sla::ZoneData::bundled();
    let union = |parts: &[(&str, &Calendar)]| {
        let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
        sla::calendar::Composite::union("UTC", &names).compile(&zones, parts)
    };
    let always = Hours::always().compile_within(&zones, horizon).unwrap();
    let (mut one, mut other) = (office_in_utc(&zones, horizon), always);
    for doubled in 1..=16 {
        let parts = [("one", &one), ("other", &other)];
        let next = (union(&parts).unwrap(), union(&parts).unwrap());
        (one, other) = next;
        assert_eq!(one.is_open(at("2026-02-01T00:00:00Z")), Ok(true), "{doubled}");
    }
    let why = one.explain(at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"));
    let why: Vec<String> = why.unwrap().map(|stretch| stretch.reason.to_string()).collect();
    assert_eq!(why, ["open: one: one: …: one: other: 24x7"]);
    let error = union(&[("one", &one), ("other", &other)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "of: expected at most 16 composites within one another, found more"
    );
}

/// A thousand are not too many: nine composites of hundred hours each, one of 90, and the ten.
#[test]
fn composites_of_too_many_calendars() {
    let horizon = sla::Interval::new(at("2026-01-01T00:00:00Z"), at("2026-01-08T00:00:00Z")).unwrap();
    let zones = sla::ZoneData::bundled();
    let union = |parts: &[Calendar]| {
        let parts: Vec<(String, &Calendar)> = (0..).map(|n: usize| format!("part-{n}")).zip(parts).collect();
        let parts: Vec<(&str, &Calendar)> = parts.iter().map(|(name, part)| (name.as_str(), *part)).collect();
        let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
        sla::calendar::Composite::union("UTC", &names).compile(&zones, &parts)
    };
    let offices =
        |count: usize| -> Vec<Calendar> { (0..count).map(|_| office_in_utc(&zones, horizon)).collect() };
    let mut groups: Vec<Calendar> = [100; 9].map(|count| union(&offices(count)).unwrap()).into();
    groups.push(union(&offices(90)).unwrap());
    assert!(union(&groups).is_ok());
    groups.push(office_in_utc(&zones, horizon));
    assert_eq!(
        union(&groups).unwrap_err().to_string(),
        "of: expected at most 1000 different calendars through all its parts, found 1001"
    );
    // The same once more is no other.
    groups.pop();
    groups.push(groups[0].clone());
    assert!(union(&groups).is_ok());
}

fn office_in_utc(zones: &sla::ZoneData, horizon: sla::Interval) -> Calendar {
    let office = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
    office.compile_within(zones, horizon).unwrap()
}

/// Of exactly as many bytes as a line may have, and of one more.
#[test]
fn long_lines() {
    let windows: Vec<String> = (0..80)
        .map(|minute| {
            let time = format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{time}:01-{time}:02")
        })
        .collect();
    let line = format!(
        "Mon {},12:00-13:00,14:00-15:00 from 2026-01-01 through 2026-12-31",
        windows.join(",")
    );
    assert_eq!(line.len(), 1_502);
    let read: sla::calendar::Weekly = line.parse().unwrap();
    assert!(!read.holds_on("2025-12-31".parse().unwrap()));
    assert!(read.holds_on("2026-01-01".parse().unwrap()));
    assert!(read.holds_on("2026-12-31".parse().unwrap()));
    assert!(!read.holds_on("2027-01-01".parse().unwrap()));
    let error = format!("{line} ").parse::<sla::calendar::Weekly>().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("expected weekdays and windows of at most 1502 bytes, found `Mon 00:00:01")
    );
    let short: sla::calendar::Weekly = "Mon-Fri 09:00-17:00".parse().unwrap();
    assert_eq!(format!("{short:?}"), "Mon-Fri 09:00-17:00");
}

/// A holiday is read from a text, a bare date or a table, and written as a text where that says it all.
#[test]
fn holidays_are_texts_or_tables() {
    let read = |holidays: &str| {
        let text = format!("zone = \"UTC\"\nweekly = [\"24x7\"]\nholidays = [{holidays}]\n");
        toml::from_str::<Hours>(&text).map_err(|error| error.message().to_owned())
    };
    let written = |holidays: &str| {
        let hours = read(holidays).unwrap();
        let text = toml::to_string(&hours).unwrap();
        assert_eq!(toml::from_str::<Hours>(&text).unwrap(), hours);
        let json = serde_json::to_string(&hours.holidays).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<sla::calendar::Holiday>>(&json).unwrap(),
            hours.holidays
        );
        json
    };
    let texts = r#"["1 Jan","easter +1","24 Dec through 1 Jan","last Fri of every month"]"#;
    assert_eq!(written(&texts[1..texts.len() - 1]), texts);
    assert_eq!(written(r#"{ on = "1 Jan", name = "1 Jan" }"#), r#"["1 Jan"]"#);
    assert_eq!(
        written("2026-12-25, \"2026-12-26\""),
        r#"["2026-12-25","2026-12-26"]"#
    );
    assert_eq!(
        written(r#""1 Jan", { name = "New Year", on = "1 Jan" }, { on = 2026-01-02, name = "Day" }"#),
        r#"["1 Jan",{"on":"1 Jan","name":"New Year"},{"on":"2026-01-02","name":"Day"}]"#
    );
    assert_eq!(
        written(r#"{ on = "1 Jan", name = "1 Jan", observed = ["Sat to next Mon"] }"#),
        r#"[{"on":"1 Jan","name":"1 Jan","observed":["Sat to next Mon"]}]"#
    );
    for (holidays, refusal) in [
        (
            r#""Christmas""#,
            "expected a date such as `2026-12-25`, or a rule",
        ),
        (r#"{ on = "1 Jan" }"#, "missing field `name`"),
        (r#"{ name = "1 Jan" }"#, "missing field `on`"),
        ("{ }", "missing field `on`"),
        (
            r#"{ on = "1 Jan", name = "a", hours = "closed" }"#,
            "unknown field `hours`",
        ),
        (
            "20260101",
            "invalid type: integer `20260101`, expected a date or a rule for dates in quotes",
        ),
        (
            r#"["1 Jan", "a"]"#,
            "invalid type: sequence, expected a date or a rule for dates in quotes",
        ),
    ] {
        let found = read(holidays).unwrap_err();
        assert!(found.starts_with(refusal), "{holidays}: {found}");
    }
    let twice = r#"[{"on":"1 Jan","name":"a","on":"2 Jan"}]"#;
    assert!(serde_json::from_str::<Vec<sla::calendar::Holiday>>(twice).is_err());
    let built = Hours::always()
        .holidays(&["1 Jan", "Christmas"])
        .check()
        .unwrap_err();
    assert!(
        built
            .to_string()
            .starts_with("holidays[1].on: expected a date such as")
    );
}

/// Rules of dates of exactly as many bytes as they may have; and what is nearly one.
#[test]
fn dates_of_the_last_byte() {
    let years: Vec<String> = (1951..2043).map(|year| year.to_string()).collect();
    let rule = |date: &str| format!("{date} since 1950 through 2150 except {}", years.join(","));
    let longest = rule("easter +1");
    assert_eq!(longest.len(), 500);
    let read: sla::calendar::DateRule = longest.parse().unwrap();
    assert_eq!(
        (read.dates_in(2042), read.dates_in(2044)),
        (Vec::new(), vec!["2044-04-18".parse().unwrap()])
    );
    assert_eq!(format!("{read:?}"), longest);
    assert!(rule("easter +10").parse::<sla::calendar::DateRule>().is_err());
    for refused in [
        "12-25",
        "08 May",
        "8 may",
        "8 May ",
        "0 May",
        "31 Apr",
        "30 Feb",
        "May 8",
        "25 Dec since 02026",
        "25 Dec since +026",
        "easter +01",
        "easter +-5",
        "easter ++5",
        "easter 5",
        "24 Dec through",
        "24 Dec through ",
        "24 Dec through 2027-01-01",
        "2026-12-24 through 1 Jan",
        "2026-12-24 through 2026-12-23",
        "2026-12-24 through 2027-03-26",
        "2026-12-24 through 2026-12-26 since 2026",
        "24 Dec through 1 Jan through 6 Jan",
        "1st Mon of every month through 2nd Mon of every month",
        "2nd Sat of every",
        "2nd Sat of each month",
        "1 of every month",
        "easter +1000",
    ] {
        assert!(refused.parse::<sla::calendar::DateRule>().is_err(), "{refused}");
    }
    let observed: sla::calendar::Observed = "Sat to previous Fri".parse().unwrap();
    assert_eq!(format!("{observed:?}"), "Sat to previous Fri");
}

#[test]
fn moments_are_of_whole_seconds_and_known_years() {
    use sla::calendar::Moment;
    let local = |text: &str| Moment::local(text.parse().unwrap()).map(|moment| format!("{moment:?}"));
    assert_eq!(
        local("2199-12-31T23:59:59").as_deref(),
        Some("2199-12-31T23:59:59")
    );
    assert_eq!(local("2200-01-01T00:00:00"), None);
    assert_eq!(local("1899-12-31T23:59:59"), None);
    assert_eq!(local("2026-03-01T09:00:00.5"), None);
    let instant = |text: &str| Moment::instant(at(text)).map(|moment| format!("{moment:?}"));
    assert_eq!(
        instant("2026-03-01T09:00:00Z").as_deref(),
        Some("2026-03-01T09:00:00Z")
    );
    assert_eq!(instant("2200-01-01T00:00:01Z"), None);
    assert_eq!(instant("2026-03-01T09:00:00.5Z"), None);
}

/// A season has at most 366 days, the first and the last counted.
#[test]
fn the_longest_season() {
    let until = |date: &str| {
        let season = Hours::in_zone("UTC").season("Trial", "2026-01-01", date, &["24x7"]);
        season.check().map_err(|problems| problems.to_string())
    };
    assert_eq!(until("2027-01-01"), Ok(()));
    assert!(until("2027-01-02").unwrap_err().starts_with("seasons[0]"));
}

/// The local clock where knowledge starts and ends.
#[test]
fn local_time_at_the_ends_of_a_horizon() {
    let paris = |from: &str, until: &str, rule: GapRule| {
        let horizon = sla::Interval::new(at(from), at(until)).unwrap();
        let hours = Hours::in_zone("Europe/Paris")
            .weekly("Mon-Fri 09:00-17:00")
            .gap_rule(rule);
        hours.compile_within(&sla::ZoneData::bundled(), horizon).unwrap()
    };
    let local = |text: &str| text.parse().unwrap();
    let winter = paris(
        "2026-01-01T00:00:00Z",
        "2026-03-29T01:00:00Z",
        GapRule::FirstInstant,
    );
    assert_eq!(
        winter.instant_of(local("2026-01-01T01:00:00")),
        Ok(at("2026-01-01T00:00:00Z"))
    );
    let error = winter.instant_of(local("2026-01-01T00:59:59")).unwrap_err();
    assert!(matches!(error, QueryError::OutsideHorizon { .. }));
    assert_eq!(
        winter.date_at(at("2026-01-31T22:59:59Z")),
        Ok("2026-01-31".parse().unwrap())
    );
    assert_eq!(
        winter.date_at(at("2026-01-31T23:00:00Z")),
        Ok("2026-02-01".parse().unwrap())
    );

    // Calendars with other rules for gaps are equal if no local time tells them apart.
    for (from, until, answers) in [
        ("2026-01-01T00:00:00Z", "2026-03-29T00:00:00Z", [None, None]),
        (
            "2026-01-01T00:00:00Z",
            "2026-03-29T01:00:00Z",
            [Some("2026-03-29T01:00:00Z"), None],
        ),
        (
            "2026-01-01T00:00:00Z",
            "2026-03-29T03:00:00Z",
            [Some("2026-03-29T01:00:00Z"), Some("2026-03-29T01:30:00Z")],
        ),
        (
            "2026-03-29T01:00:00Z",
            "2026-04-29T01:00:00Z",
            [Some("2026-03-29T01:00:00Z"), Some("2026-03-29T01:30:00Z")],
        ),
        (
            "2026-03-29T01:00:01Z",
            "2026-04-29T01:00:00Z",
            [None, Some("2026-03-29T01:30:00Z")],
        ),
        ("2026-03-29T02:00:00Z", "2026-04-29T01:00:00Z", [None, None]),
    ] {
        let both = [GapRule::FirstInstant, GapRule::Compatible].map(|rule| paris(from, until, rule));
        let in_the_gap = both
            .each_ref()
            .map(|calendar| calendar.instant_of(local("2026-03-29T02:30:00")).ok());
        assert_eq!(in_the_gap, answers.map(|answer| answer.map(at)), "{from} {until}");
        let [one, other] = both.map(|calendar| calendar.fingerprint());
        assert_eq!(one == other, in_the_gap[0] == in_the_gap[1], "{from} {until}");
    }
}

/// As many as are allowed, and the first and last dates of a list.
#[test]
fn bounds_are_allowed() {
    let one_day = Hours::always()
        .holiday("2026-05-01", "Labour Day")
        .known_from("2026-05-01")
        .known_through("2026-05-01");
    assert_eq!(one_day.check(), Ok(()));
    assert_problems(
        &one_day.known_from("2026-05-02"),
        &[
            "holidays[0].on: expected a date from 2026-05-02 (`known_from`), found 2026-05-01",
            "known_through: expected a date not before 2026-05-02 (`known_from`), found 2026-05-01",
        ],
    );
    let windows = |count: u32| {
        let windows: Vec<String> = (0..count)
            .map(|index| {
                let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
                format!("{}-{}", time(index * 14), time(index * 14 + 7))
            })
            .collect();
        Hours::in_zone("UTC").override_day("2026-05-01", &windows.join(","), "Fair")
    };
    assert_eq!(windows(96).check(), Ok(()));
    assert_problems(
        &windows(97),
        &["overrides[0].hours: expected at most 96 windows, found 97"],
    );
    let observed = |count: usize| {
        let each = ["Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Tue", "Wed"];
        let observed = each
            .iter()
            .take(count)
            .map(|day| format!("\"{day} also next Mon\""));
        let observed: Vec<String> = observed.collect();
        let text = format!(
            "zone = 'UTC'\nweekly = ['24x7']\nholidays = [{{ on = '1 May', name = 'Labour Day', observed = [{}] }}]",
            observed.join(", ")
        );
        toml::from_str::<Hours>(&text).unwrap()
    };
    let told = |hours: &Hours| {
        hours
            .check()
            .map_or_else(|problems| problems.to_string(), |()| String::new())
    };
    assert!(!told(&observed(7)).contains("expected at most 7"));
    assert!(told(&observed(8)).contains("holidays[0].observed: expected at most 7, found 8"));
}

/// What is not said is not written, and choices are written as documents name them.
#[test]
fn defaults_are_not_written() {
    let plain = Hours::in_zone("UTC").weekly("Mon 09:00-10:00").build().unwrap();
    assert_eq!(
        serde_json::to_string(&plain).unwrap(),
        r#"{"zone":"UTC","weekly":["Mon 09:00-10:00"]}"#
    );
    let both = [
        OvernightOnHoliday::ShiftBelongsToStartDay,
        OvernightOnHoliday::HolidayMasksLocalDay,
    ];
    assert_eq!(
        both.map(|choice| choice.to_string()),
        ["shift_belongs_to_start_day", "holiday_masks_local_day"]
    );
    use sla::calendar::BeyondKnown;
    let both = [BeyondKnown::Refuse, BeyondKnown::Assume];
    assert_eq!(both.map(|choice| choice.to_string()), ["refuse", "assume"]);
    assert_eq!(plain.compile().unwrap().hours(), Some(&plain));
}

/// Horizons are of whole seconds; names have at most 200 bytes.
#[test]
fn horizons_and_names() {
    let desk = Hours::in_zone("UTC").weekly("Mon 09:00-10:00");
    let within = |from: &str, until: &str| {
        let horizon = sla::Interval::new(at(from), at(until)).unwrap();
        desk.compile_within(&sla::ZoneData::bundled(), horizon).is_ok()
    };
    assert!(within("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"));
    assert!(!within("2026-01-01T00:00:00.5Z", "2026-02-01T00:00:00Z"));
    assert!(!within("2026-01-01T00:00:00Z", "2026-02-01T00:00:00.5Z"));
    assert!(!within("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"));
    let named = |length: usize| {
        desk.clone()
            .override_day("2026-01-01", "closed", &"n".repeat(length))
    };
    assert_eq!(named(200).check(), Ok(()));
    assert!(named(201).check().is_err());
}

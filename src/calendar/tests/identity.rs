//! Which weeks a fingerprint explains, against all of them explained alone.
//!
//! This module owns the tests of what weeks share a digest. What a fingerprint tells apart is tested outside.

use alloc::string::String;
use alloc::vec::Vec;

use super::alike_weeks::{QUARTERS, ZONES, with_holidays};
use crate::calendar::ask::explained::{ExplainedWeeks, digests_alone};
use crate::calendar::{Calendar, Composite, Hours, HoursBuilder, OvernightOnHoliday};
use crate::time::instant::Instant;
use crate::zone::{GapRule, ZoneData};

const WEEK_S: i64 = 7 * 86_400;

/// Each week's digest is that of the week explained alone, whichever it shares it with.
fn assert_shared_rightly(calendar: &Calendar) -> ExplainedWeeks {
    let explained = ExplainedWeeks::of(&calendar.0);
    let covers = calendar.covers();
    let mut from = covers.from().second().week_start();
    for digest in explained.each() {
        let alone = digests_alone(&calendar.0, from);
        let week = Instant::nearest(from);
        assert_eq!(digest, alone, "{week} of {calendar:?}");
        from = from.plus(WEEK_S);
    }
    assert!(covers.until() <= Instant::nearest(from));
    explained
}

/// All layers at once, in a year and another.
fn layered(zone: &str, choice: OvernightOnHoliday) -> HoursBuilder {
    Hours::in_zone(zone)
        .weekly("Mon-Fri 08:00-12:00,22:00-03:00")
        .weekly("Sat,Sun 23:00-24:00 through 1987-06-10")
        .weekly("Mon-Sun 00:00-01:30 from 1950-02-01")
        .season("Summer", "1 Jul", "31 Aug", &["Mon-Fri 09:00-13:00,23:30-02:30"])
        .season("Winter", "27 Dec", "2 Jan", &[])
        .holiday("25 Dec", "Christmas")
        .holiday("26 Dec", "Christmas")
        .observed_holiday("1 May", "Labour Day", &["Sat to next Mon", "Sun to next Mon"])
        .override_day("24 Dec", "until 13:00", "Christmas Eve")
        .override_day("31 Dec", "20:00-02:00", "New Year's Eve")
        .override_day("last Mon of Oct", "from 10:00", "After the change")
        .open_once("1961-03-02T10:00", "1961-03-26T01:30:00Z", "Migration")
        .open_once("1961-03-20T10:00", "1961-04-25T11:00", "Second migration")
        .close_once("1975-03-02T10:00", "1978-05-01T11:00", "Suspended")
        .close_once("1976-03-02T10:00", "1976-03-03T10:00", "Within the other")
        .close_once("1978-05-01T11:00", "1978-05-29T00:00:00Z", "Suspended")
        .overnight_on_holiday(choice)
}

#[test]
fn weeks_share_digests_only_when_explained_alike() {
    let choices = [
        OvernightOnHoliday::HolidayMasksLocalDay,
        OvernightOnHoliday::ShiftBelongsToStartDay,
    ];
    let rules = [GapRule::Compatible, GapRule::FirstInstant, GapRule::FirstInstant];
    let kinds = choices.into_iter().cycle().zip(rules.into_iter().cycle());
    for (zone, (choice, rule)) in ZONES.into_iter().zip(kinds) {
        let hours = layered(zone, choice).gap_rule(rule);
        let explained = assert_shared_rightly(&hours.known_through("2039-12-31").compile().unwrap());
        let weeks = explained.each().count();
        assert!(
            explained.looked_at < weeks / 3,
            "{zone}: {} of {weeks}",
            explained.looked_at
        );
    }
}

#[test]
fn weeks_at_the_ends_of_what_is_known_are_like_no_others() {
    for (known_from, known_through) in [
        ("1900-01-01", "1900-01-01"),
        ("1900-01-05", "1900-02-20"),
        ("2026-03-28", "2026-04-20"),
        ("2026-10-01", "2199-12-31"),
    ] {
        let hours = Hours::in_zone("Europe/Paris").weekly(QUARTERS);
        let hours = hours.known_from(known_from).known_through(known_through);
        assert_shared_rightly(&hours.compile().unwrap());
    }
}

#[test]
fn composites_share_digests_where_all_parts_are_alike() {
    let zones = ZoneData::bundled();
    let part = |zone| {
        let hours = layered(zone, OvernightOnHoliday::HolidayMasksLocalDay);
        hours
            .known_from("1960-01-01")
            .known_through("1990-12-31")
            .compile()
            .unwrap()
    };
    let (paris, havana) = (part("Europe/Paris"), part("America/Havana"));
    let office = Hours::in_zone("Asia/Tehran")
        .weekly("Sat-Wed 08:00-16:00")
        .compile()
        .unwrap();
    let parts = [("paris", &paris), ("havana", &havana), ("office", &office)];
    let names = ["paris", "havana", "office"];
    for terms in [
        Composite::union("UTC", &names),
        Composite::intersection("Europe/London", &names),
        Composite::difference("UTC", &["paris", "office", "havana"]),
    ] {
        let calendar = terms.compile(&zones, &parts).unwrap();
        assert_shared_rightly(&calendar);
        let both = Composite::union("UTC", &["either", "office"]);
        let both = both
            .compile(&zones, &[("either", &calendar), ("office", &office)])
            .unwrap();
        assert_shared_rightly(&both);
    }
}

/// 48 windows a day as office hours: the kinds of weeks do not depend on their windows.
#[test]
fn a_fingerprint_explains_few_weeks() {
    let half_hours = (0..24).map(|hour| format!("{hour:02}:00-{hour:02}:15,{hour:02}:30-{hour:02}:45"));
    let slots = format!("Mon-Sun {}", half_hours.collect::<Vec<String>>().join(","));
    for (zone, most) in [("UTC", 5), ("Europe/Paris", 90), ("America/New_York", 90)] {
        for weekly in ["Mon-Fri 09:00-17:00", &slots] {
            let calendar = Hours::in_zone(zone).weekly(weekly).known_through("2099-12-31");
            let explained = ExplainedWeeks::of(&calendar.compile().unwrap().0);
            assert!(
                explained.looked_at <= most,
                "{zone} {weekly}: {}",
                explained.looked_at
            );
        }
    }
    // However many spans lie around a week, the first of them has it.
    let spans = (1..=28).map(|day| format!("1905-02-{day:02}T00:00"));
    let hours = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
    let spanned = spans.fold(hours, |hours, from| {
        hours.open_once(&from, "2095-02-01T00:00", &from)
    });
    let explained = ExplainedWeeks::of(&spanned.compile().unwrap().0);
    assert!(explained.looked_at <= 16, "{}", explained.looked_at);
    // As many as their holidays and clocks meet in ways.
    let holidays = with_holidays(spanned.known_through("2099-12-31"), "2026-01-01", 120, 30);
    let explained = ExplainedWeeks::of(&holidays.compile().unwrap().0);
    assert!(explained.looked_at <= 60, "{}", explained.looked_at);
}

/// A holiday in nearly every week of two centuries, each with a name of its own: few days differ in more than the names.
#[test]
fn a_fingerprint_explains_few_days() {
    let months = crate::period::MONTH_NAMES.into_iter();
    let dates = months.flat_map(|month| (1..=28).step_by(6).map(move |day| format!("{day} {month}")));
    for choice in [
        OvernightOnHoliday::HolidayMasksLocalDay,
        OvernightOnHoliday::ShiftBelongsToStartDay,
    ] {
        let hours = Hours::in_zone("Europe/Paris").weekly(QUARTERS);
        let hours = hours.known_through("2099-12-31").overnight_on_holiday(choice);
        let named = dates
            .clone()
            .fold(hours, |hours, date| hours.holiday(&date, &format!("Day {date}")));
        let explained = ExplainedWeeks::of(&named.compile().unwrap().0);
        assert!(explained.looked_at > 1_000, "{} weeks", explained.looked_at);
        assert!(explained.explained < 800, "{} days", explained.explained);
    }
}

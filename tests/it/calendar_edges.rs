//! Service hours at the edges of what is known: rules that meet beyond them, and dates whose first or last local time is
//! skipped there.

use sla::calendar::{BeyondKnown, HoursBuilder};
use sla::error::QueryError;
use sla::{Hours, Interval, ZoneData};

use crate::calendar_rows::at;

fn office(zone: &str) -> HoursBuilder {
    Hours::in_zone(zone).weekly("Mon-Fri 09:00-17:00")
}

fn known(hours: HoursBuilder) -> HoursBuilder {
    hours.known_from("2024-01-01").known_through("2026-12-31")
}

/// They do in 1897 and in 2027, of which nothing is asked.
#[test]
fn overrides_may_meet_where_nothing_is_known() {
    let rules = office("Europe/Paris")
        .override_day("24 Dec", "until 13:00", "Christmas Eve")
        .override_day("4th Fri of Dec", "closed", "Inventory");
    assert!(rules.check().is_err());
    assert_eq!(known(rules.clone()).check(), Ok(()));
    // With what is assumed beyond, 2027 is asked about.
    let assuming = known(rules).beyond_known(BeyondKnown::Assume);
    assert_eq!(
        assuming.check().unwrap_err().to_string(),
        "overrides[1].on: 2027-12-24 is also a date of `overrides[0]`"
    );
    // The windows of 2026-12-24 may reach into the first date that is known.
    let eve = office("Europe/Paris")
        .override_day("2026-12-24", "until 13:00", "Christmas Eve")
        .override_day("24 Dec", "closed", "Inventory")
        .known_through("2026-12-31");
    assert_eq!(eve.clone().known_from("2026-12-26").check(), Ok(()));
    assert!(eve.known_from("2026-12-25").check().is_err());
}

#[test]
fn seasons_may_meet_where_nothing_is_known() {
    let rules = office("Europe/Paris")
        .season("Summer", "1 Jul", "31 Aug", &["Mon-Fri 08:00-15:00"])
        .season("Fair", "2020-08-20", "2020-09-10", &["Mon-Sun 08:00-20:00"]);
    assert!(rules.check().is_err());
    assert_eq!(known(rules.clone()).check(), Ok(()));
    assert!(
        rules.known_from("2020-09-01").check().is_err(),
        "the last day of the summer is the day before"
    );
}

#[test]
fn holidays_may_find_no_free_day_where_nothing_is_known() {
    let crowded = |hours: HoursBuilder| {
        (5..=31).fold(hours, |hours, day| {
            hours.holiday(&format!("{day} Jul through 2010"), "Closed")
        })
    };
    let rules = crowded(office("Europe/Paris").holiday("1 Aug through 2010", "Closed")).observed_holiday(
        "4 Jul",
        "Independence Day",
        &["Sat,Sun to next Mon"],
    );
    assert!(rules.check().is_err());
    assert_eq!(known(rules).check(), Ok(()));
}

#[test]
fn two_holidays_on_one_date_are_two_names_of_one_closed_day() {
    let desk = office("Europe/London")
        .holiday("2022-06-02", "Spring bank holiday")
        .holiday("2022-06-02", "Platinum Jubilee")
        .known_through("2022-12-31")
        .compile()
        .unwrap();
    let (from, to) = (at("2022-06-02T08:00:00Z"), at("2022-06-02T16:00:00Z"));
    let stretches: Vec<String> = desk
        .explain(from, to)
        .unwrap()
        .map(|stretch| stretch.to_string())
        .collect();
    assert_eq!(
        stretches,
        ["2022-06-02T08:00:00Z/2022-06-02T16:00:00Z closed: Spring bank holiday"]
    );
    assert_eq!(desk.is_business_day("2022-06-02".parse().unwrap()), Ok(false));
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// In Cairo the clock went from 00:00 to 01:00 on 2026-04-24, and in Nuuk from 23:00 on 2026-03-28 to 00:00.
#[test]
fn a_date_whose_midnight_is_skipped_is_known_as_a_whole() {
    let cairo = Hours::in_zone("Africa/Cairo")
        .weekly("24x7")
        .known_from("2026-04-24")
        .compile()
        .unwrap();
    assert_eq!(cairo.covers().start(), at("2026-04-23T22:00:00Z"));
    assert_eq!(cairo.is_business_day(date("2026-04-24")), Ok(true));
    assert_eq!(
        cairo.is_business_day(date("2026-04-23")),
        Err(QueryError::BeforeCoverage {
            known_from: date("2026-04-24")
        })
    );
    // 00:30 does not exist: the transition.
    assert_eq!(
        cairo.instant_of("2026-04-24T00:30:00".parse().unwrap()),
        Ok(at("2026-04-23T22:00:00Z"))
    );
    assert!(cairo.instant_of("2026-04-23T23:59:59".parse().unwrap()).is_err());

    let nuuk = Hours::in_zone("America/Nuuk")
        .weekly("24x7")
        .known_through("2026-03-28")
        .compile()
        .unwrap();
    assert_eq!(nuuk.covers().end(), at("2026-03-29T01:00:00Z"));
    assert_eq!(nuuk.is_business_day(date("2026-03-28")), Ok(true));
    assert_eq!(
        nuuk.is_business_day(date("2026-03-29")),
        Err(QueryError::BeyondCoverage {
            known_through: date("2026-03-28")
        })
    );
}

/// In Asuncion 2023-10-01 began at 01:00, and in Apia there was no 2011-12-30.
#[test]
fn a_horizon_may_begin_or_end_with_a_skipped_time() {
    let zones = ZoneData::bundled();
    let within = |zone: &str, horizon: Interval| {
        let hours = Hours::in_zone(zone).weekly("24x7");
        hours.compile_within(&zones, horizon).unwrap()
    };
    let asuncion = zones.zone("America/Asuncion").unwrap();
    for (period, days) in [("2023-10", 31), ("2023-09", 30), ("2023-Q4", 92)] {
        let period: sla::Period = period.parse().unwrap();
        let desk = within("America/Asuncion", asuncion.interval(period).unwrap());
        let (first, after) = (period.first_day(), period.day_after());
        assert_eq!(desk.business_days_between(first, after), Ok(days), "{period}");
        assert!(desk.is_business_day(first.pred_opt().unwrap()).is_err());
        assert!(desk.is_business_day(after).is_err());
    }
    let over = |from, until| within("Pacific/Apia", Interval::new(at(from), at(until)).unwrap());
    let after = over("2011-12-30T10:00:00Z", "2012-01-10T10:00:00Z");
    assert_eq!(after.is_business_day(date("2011-12-30")), Ok(false));
    assert_eq!(after.is_business_day(date("2011-12-31")), Ok(true));
    assert!(after.is_business_day(date("2011-12-29")).is_err());
    let before = over("2011-12-20T10:00:00Z", "2011-12-30T10:00:00Z");
    assert_eq!(before.is_business_day(date("2011-12-29")), Ok(true));
    assert_eq!(before.is_business_day(date("2011-12-30")), Ok(false));
    assert!(before.is_business_day(date("2011-12-31")).is_err());
}

//! Explanations over long spans: they are made piece by piece, and nobody sees where a piece ends.

use sla::calendar::{Stretch, StretchReason};
use sla::{Calendar, Hours};

use crate::calendar_rows::at;

/// A Monday: pieces end on Mondays, every four weeks from it.
const FROM: &str = "2026-03-02T00:00:00Z";

fn explained(calendar: &Calendar, from: &str, to: &str) -> Vec<String> {
    let stretches = calendar.explain(at(from), at(to)).unwrap();
    stretches.map(|stretch| stretch.to_string()).collect()
}

#[test]
fn what_goes_on_is_one_stretch() {
    let always = Hours::always().compile().unwrap();
    assert_eq!(
        explained(&always, FROM, "2126-03-02T00:00:00Z"),
        ["2026-03-02T00:00:00Z/2126-03-02T00:00:00Z open: 24x7"]
    );
    let moved = Hours::always()
        .close_once("2026-03-20T00:00", "2026-06-01T12:00", "Move")
        .compile()
        .unwrap();
    assert_eq!(
        explained(&moved, FROM, "2026-07-01T00:00:00Z"),
        [
            "2026-03-02T00:00:00Z/2026-03-20T00:00:00Z open: 24x7",
            "2026-03-20T00:00:00Z/2026-06-01T12:00:00Z closed: Move",
            "2026-06-01T12:00:00Z/2026-07-01T00:00:00Z open: 24x7",
        ]
    );
}

/// Two holidays of one name, of which one ends with a piece and the other begins with the next: as elsewhere, they are two.
#[test]
fn what_only_looks_alike_stays_two() {
    let hours = |dates: [&str; 2]| {
        let [one, other] = dates;
        Hours::always()
            .holiday(one, "Closed")
            .holiday(other, "Closed")
            .known_through("2026-12-31")
            .compile()
            .unwrap()
    };
    let holidays = |calendar: &Calendar| {
        let stretches = calendar.explain(at(FROM), at("2026-05-01T00:00:00Z")).unwrap();
        let closed = |stretch: &Stretch| matches!(stretch.reason, StretchReason::Holiday { .. });
        stretches.filter(closed).count()
    };
    assert_eq!(holidays(&hours(["2026-03-29", "2026-03-30"])), 2); // Sunday and Monday
    assert_eq!(holidays(&hours(["2026-03-25", "2026-03-26"])), 2);
}

/// Whatever is explained at once gives the same as the parts of it, wherever it begins.
#[test]
fn pieces_give_what_the_whole_gives() {
    let desk = Hours::in_zone("Europe/Paris")
        .weekly("Mon-Fri 09:00-17:00")
        .weekly("Sat 22:00-04:00")
        .season("Summer", "1 Jul", "31 Aug", &["24x7"])
        .holiday("1 May", "Labour Day")
        .holiday("easter +1", "Easter Monday")
        .override_day("24 Dec", "until 13:00", "Christmas Eve")
        .open_once("2026-06-20T08:00", "2026-07-10T20:00", "Migration")
        .close_once("2026-09-18T14:00", "2026-10-02T16:00", "Move")
        .overnight_on_holiday(sla::calendar::OvernightOnHoliday::HolidayMasksLocalDay)
        .compile()
        .unwrap();
    let whole = explained(&desk, FROM, "2028-01-01T00:00:00Z");
    for later in [
        "2026-03-09T08:00:00Z",
        "2026-05-01T07:00:00Z",
        "2026-07-05T22:00:00Z",
        "2026-10-05T07:00:00Z",
    ] {
        let found = explained(&desk, later, "2028-01-01T00:00:00Z");
        // The first may be cut.
        let same = whole.iter().rev().take(found.len() - 1).rev();
        assert!(found.iter().skip(1).eq(same), "{later}");
    }
}

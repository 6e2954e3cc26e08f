//! Allowances of every kind: on a calendar alone, on a clock, and in an agreement; composites and assumptions there too.

use chrono::{DateTime, Utc};
use sla::agreement::AgreementTerms;
use sla::calendar::BeyondKnown;
use sla::clock::{ClockTarget, Condition, Outcome, Rules, State, TargetTerms};
use sla::record::{EventKind, Monitoring};
use sla::time::{Allowance, BusinessDays, CutOff, DayMeaning};
use sla::{Agreement, Clock, Hours, Incident, Record, WallTime, WorkingTime, ZoneData};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn desk() -> sla::Calendar {
    Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .compile()
        .unwrap()
}

fn clock(goal: ClockTarget) -> Clock {
    let rules = Rules::resolution().with_pause([Condition::status("awaiting-customer")]);
    Clock::new("resolution", rules, vec![("P3".to_owned(), goal)]).unwrap()
}

/// 2026-03-06 is a Friday.
fn incident() -> Incident {
    Incident::opened("INC-1", "P3", at("2026-03-06T15:00:00Z"))
}

fn paused(from: &str, until: &str) -> Incident {
    incident()
        .with(at(from), EventKind::Status("awaiting-customer".into()))
        .with(at(until), EventKind::Status("in-progress".into()))
}

#[track_caller]
fn due(clock: &Clock, incident: &Incident, as_of: &str) -> Option<String> {
    let reading = clock.read(&incident.history(at(as_of)).unwrap()).unwrap();
    reading.due.map(|due| due.to_rfc3339())
}

#[test]
fn business_days_are_counted_from_the_start_of_the_clock() {
    for (meaning, expected) in [
        (DayMeaning::SameTime, "2026-03-10T15:00:00+00:00"),
        (DayMeaning::ByClose, "2026-03-10T17:00:00+00:00"),
        (
            DayMeaning::At("20:00".parse().unwrap()),
            "2026-03-10T20:00:00+00:00",
        ),
        (DayMeaning::DayLength, "2026-03-10T15:00:00+00:00"),
        (DayMeaning::ScheduleHours, "2026-03-16T15:00:00+00:00"), // 48 hours at eight a day
    ] {
        let clock = clock(ClockTarget::business_days(BusinessDays::new(2, meaning), &desk()));
        assert_eq!(
            due(&clock, &incident(), "2026-03-06T16:00:00Z").as_deref(),
            Some(expected),
            "{meaning}"
        );
    }
}

/// Two working hours, Monday from 10:00 to 12:00.
#[test]
fn a_pause_moves_the_due_by_its_working_time() {
    let waited = paused("2026-03-09T10:00:00Z", "2026-03-09T12:00:00Z");
    for (meaning, expected) in [
        (DayMeaning::SameTime, "2026-03-10T17:00:00+00:00"),
        (DayMeaning::ByClose, "2026-03-11T11:00:00+00:00"),
        (
            DayMeaning::At("20:00".parse().unwrap()),
            "2026-03-11T11:00:00+00:00",
        ),
    ] {
        let clock = clock(ClockTarget::business_days(BusinessDays::new(2, meaning), &desk()));
        assert_eq!(
            due(&clock, &waited, "2026-03-09T13:00:00Z").as_deref(),
            Some(expected),
            "{meaning}"
        );
        assert_eq!(
            due(&clock, &waited, "2026-03-09T11:00:00Z"),
            None,
            "nothing is due while paused"
        );
        // A pause after the due does not move it any more.
        let late = paused("2026-03-11T12:00:00Z", "2026-03-11T13:00:00Z");
        let unmoved = due(&clock, &incident(), "2026-03-12T16:00:00Z");
        assert_eq!(due(&clock, &late, "2026-03-12T16:00:00Z"), unmoved, "{meaning}");
    }
}

#[test]
fn what_is_left_of_days_is_working_time() {
    let clock = clock(ClockTarget::business_days(
        BusinessDays::new(1, DayMeaning::ByClose),
        &desk(),
    ));
    let reading = clock
        .read(&incident().history(at("2026-03-09T10:00:00Z")).unwrap())
        .unwrap();
    assert_eq!(reading.elapsed, WorkingTime::hours(3).into());
    assert_eq!(reading.remaining, Some(WorkingTime::hours(7).into()));
    assert_eq!(reading.outcome, Outcome::Pending);
    let resolved = incident().with(at("2026-03-09T17:00:00Z"), EventKind::Resolved);
    let met = clock.read(&resolved.history(at("2026-03-20T00:00:00Z")).unwrap());
    assert_eq!(met.unwrap().outcome, Outcome::Met);
    let resolved = incident().with(at("2026-03-10T09:00:00Z"), EventKind::Resolved);
    let late = clock.read(&resolved.history(at("2026-03-20T00:00:00Z")).unwrap());
    assert_eq!(late.unwrap().outcome, Outcome::Breached);
}

#[test]
fn a_fixed_due_is_moved_by_nothing() {
    let clock = clock(ClockTarget::fixed(at("2026-03-09T12:00:00Z")));
    let waiting = incident().with(
        at("2026-03-06T16:00:00Z"),
        EventKind::Status("awaiting-customer".into()),
    );
    let reading = clock
        .read(&waiting.history(at("2026-03-09T11:00:00Z")).unwrap())
        .unwrap();
    assert_eq!(reading.state, State::Paused);
    assert_eq!(reading.due, Some(at("2026-03-09T12:00:00Z")));
    assert_eq!(reading.next_change, Some(at("2026-03-09T12:00:00.000000001Z")));
    let late = clock
        .read(&waiting.history(at("2026-03-09T12:00:01Z")).unwrap())
        .unwrap();
    assert_eq!(late.outcome, Outcome::Breached);
    assert_eq!(late.breached_at, Some(at("2026-03-09T12:00:00Z")));
}

#[test]
fn best_effort_is_not_judged() {
    let clock = clock(ClockTarget::best_effort());
    for incident in [
        incident(),
        incident().with(at("2026-03-07T15:00:00Z"), EventKind::Resolved),
    ] {
        let reading = clock
            .read(&incident.history(at("2026-04-01T00:00:00Z")).unwrap())
            .unwrap();
        assert_eq!(reading.outcome, Outcome::NotJudged);
        assert_eq!((reading.due, reading.remaining), (None, None));
        assert_eq!(reading.target, Some(Allowance::BestEffort));
    }
}

#[test]
fn targets_as_texts() {
    let days = |meaning| BusinessDays::new(2, meaning);
    for (text, allowance, calendar) in [
        (
            "8 h on office",
            Allowance::Working(WorkingTime::hours(8)),
            Some("office"),
        ),
        ("4 h on 24x7", Allowance::Wall(WallTime::hours(4)), None),
        ("90 min on 24x7", Allowance::Wall(WallTime::minutes(90)), None),
        (
            "2 business days on office, by close, cut-off 16:00",
            Allowance::BusinessDays(
                days(DayMeaning::ByClose).with_cut_off("16:00".parse::<CutOff>().unwrap()),
            ),
            Some("office"),
        ),
        (
            "2 business days on office, by close, cut-off at close",
            Allowance::BusinessDays(days(DayMeaning::ByClose).with_cut_off(CutOff::AtClose)),
            Some("office"),
        ),
        (
            "2 business days on office, by close, cut-off of the calendar",
            Allowance::BusinessDays(days(DayMeaning::ByClose).with_cut_off(CutOff::OfTheCalendar)),
            Some("office"),
        ),
        (
            "2 business days on office, at 12:00",
            Allowance::BusinessDays(days(DayMeaning::At("12:00".parse().unwrap()))),
            Some("office"),
        ),
        (
            "1 business day on office, same time or next opening",
            Allowance::BusinessDays(BusinessDays::new(1, DayMeaning::SameTimeOrNextOpening)),
            Some("office"),
        ),
        (
            "by 2026-12-31T17:00:00Z",
            Allowance::Fixed(at("2026-12-31T17:00:00Z")),
            None,
        ),
        ("best effort", Allowance::BestEffort, None),
    ] {
        let target: TargetTerms = text.parse().unwrap();
        assert_eq!((target.allowance(), target.calendar()), (allowance, calendar));
        assert_eq!(target.to_string(), text);
    }
    for text in [
        "P1D on office",
        "8 h",
        "8h on office",
        "8 h on the office",
        "08 h on office",
        "1 h 60 min on office",
        "1 h 0 min on office",
        "30 min 1 h on office",
        "1.5 h on office",
        "1.50 s on office",
        "2 business days on office",
        "2 business day on office, by close",
        "-1 business days on office, same time",
        "1 business day on office, day",
        "1 business day on office, by close, cut-off 4pm",
        "1 business day on office, by close, cut-off close",
        "1 business day on office, by close, at close",
        "by 2026-12-31",
        "by 2026-12-31T18:00:00+01:00",
        "best_effort",
        "Best effort",
        "",
    ] {
        let error = text.parse::<TargetTerms>().unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "expected a target such as `4 h on office`, `15 min on 24x7`, `2 business days on office, by close`, \
                 `by 2026-12-31T17:00:00Z` or `best effort`, found `{text}`"
            )
        );
    }
}

const AGREEMENT: &str = r#"
    id = "days"
    provider = "Northwind"
    customer = "Acme"
    currency = "EUR"
    zone = "UTC"
    in_force = { from = 2026-01-01, through = 2026-12-31 }
    severities = ["P1", "P2", "P3", "P4", "P5"]
    entities = ["eu"]
    services = ["support"]

    [calendars.london]
    zone = "Europe/London"
    weekly = ["Mon-Fri 09:00-17:00"]
    holidays = [{ on = 2026-03-09, name = "Local holiday" }]
    known_through = 2026-03-31
    beyond_known = "assume"

    [calendars.sydney]
    zone = "Australia/Sydney"
    weekly = ["Mon-Fri 09:00-17:00"]

    [calendars.follow-the-sun]
    zone = "UTC"
    union = ["london", "sydney"]

    [calendars.agreed]
    zone = "UTC"
    difference = ["follow-the-sun", "london"]

    [clocks.resolution]
    start = "opened"
    stop = ["resolved"]
    on_raise = "from opening, kept"
    on_lower = "from opening, kept"
    counted_when = "opened"
    targets = { P1 = "4 h on follow-the-sun", P2 = "1 business day on london, by close", P3 = "10 business days on london, by close", P4 = "by 2026-04-30T12:00:00Z", P5 = "best effort" }

    [[levels]]
    id = "resolution"
    per = "month"
    attainment = { clock = "resolution", severities = ["P1", "P2", "P3", "P4", "P5"], target = "90 %" }
"#;

fn statement(incidents: &[(&str, &str)], as_of: &str) -> sla::Statement {
    let agreement = Agreement::new(toml::from_str(AGREEMENT).unwrap()).unwrap();
    let agreement = agreement.compile(&ZoneData::bundled()).unwrap();
    let mut record: Record = incidents
        .iter()
        .enumerate()
        .map(|(index, (severity, opened))| {
            sla::record::Fact::Incident(Incident::opened(&format!("INC-{index}"), severity, at(opened)))
        })
        .collect();
    record.push(sla::record::Fact::Monitoring(Monitoring::new(
        "MON-1",
        "eu",
        at("2026-01-01T00:00:00Z"),
    )));
    agreement
        .statement(&record, "2026-03".parse().unwrap(), at(as_of))
        .unwrap()
}

#[test]
fn an_agreement_grants_every_kind_of_allowance() {
    let incidents = [
        ("P1", "2026-03-06T14:00:00Z"), // two hours in London; sydney opens on Sunday at 22:00
        ("P2", "2026-03-06T14:00:00Z"), // Monday is a holiday in London
        ("P4", "2026-03-06T14:00:00Z"),
        ("P5", "2026-03-06T14:00:00Z"),
    ];
    let statement = statement(&incidents, "2026-03-06T15:00:00Z");
    let due: Vec<_> = statement
        .pending
        .iter()
        .map(|clock| (clock.severity.as_str(), clock.due.map(|due| due.to_rfc3339())))
        .collect();
    assert_eq!(
        due,
        [
            ("P1", Some("2026-03-08T23:00:00+00:00".to_owned())),
            ("P2", Some("2026-03-10T17:00:00+00:00".to_owned())),
            ("P4", Some("2026-04-30T12:00:00+00:00".to_owned())),
        ]
    );
    assert!(statement.assumptions.is_empty(), "{:?}", statement.assumptions);
}

#[test]
fn a_statement_says_what_it_assumes() {
    // Ten business days from 27 March end in April, of which no holidays are known.
    let statement = statement(&[("P3", "2026-03-27T10:00:00Z")], "2026-03-27T15:00:00Z");
    let assumed: Vec<_> = statement
        .assumptions
        .iter()
        .map(|assumption| (assumption.calendar.as_str(), assumption.from.to_rfc3339()))
        .collect();
    assert_eq!(assumed, [("london", "2026-03-31T23:00:00+00:00".to_owned())]);
    let line = "  assumed      calendar london: no further holiday, no change of clocks, from 2026-03-31 23:00:00 on\n";
    assert!(statement.to_string().contains(line), "{statement}");
    assert!(
        serde_json::to_string(&statement)
            .unwrap()
            .contains(r#""assumptions":[{"calendar":"london""#)
    );
}

#[test]
fn a_reading_says_what_it_assumes() {
    let desk = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .known_through("2026-03-31")
        .beyond_known(BeyondKnown::Assume)
        .compile()
        .unwrap();
    let clock = Clock::resolution(WorkingTime::hours(16), &desk);
    let reading = |opened: &str| {
        let incident = Incident::opened("INC-1", "P3", at(opened));
        let history = incident.history(at(opened)).unwrap();
        clock.read(&history).unwrap().assumed_from
    };
    assert_eq!(reading("2026-03-30T09:00:00Z"), None); // due at the close of the 31st
    assert_eq!(reading("2026-03-30T09:00:01Z"), Some(at("2026-04-01T00:00:00Z")));
}

#[test]
fn problems_of_composites_and_allowances_at_once() {
    let terms: AgreementTerms = toml::from_str(
        &AGREEMENT
            .replace(
                r#"union = ["london", "sydney"]"#,
                r#"union = ["london", "agreed", "london"]"#,
            )
            .replace(
                r#"difference = ["follow-the-sun", "london"]"#,
                r#"difference = ["agreed"]"#,
            )
            .replace("P5 = \"best effort\"", "P5 = \"4 h on sydny\""),
    )
    .unwrap();
    let problems = Agreement::new(terms).unwrap_err();
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "calendars[agreed].difference: expected from 2 to 100 parts, found 1",
            "calendars[follow-the-sun].union[2]: duplicate entry `london`",
            "calendars[agreed]: expected a calendar that does not depend on itself, found a circle",
            "calendars[follow-the-sun]: expected a calendar that does not depend on itself, found a circle",
            "clocks[resolution].targets[P5]: expected the id of a calendar, found `sydny`: there are `sydney`, `london`, `agreed` and 1 more",
        ]
    );
}

/// Of a calendar of hours it is the calendar's own; a composite has none, so a target must state one.
#[test]
fn the_cut_off_of_the_calendar_is_that_of_hours() {
    let target = |text: &str| {
        let text = AGREEMENT.replace("1 business day on london, by close", text);
        Agreement::new(toml::from_str(&text).unwrap()).map_err(|problems| problems.to_string())
    };
    let hours = target("1 business day on london, by close, cut-off of the calendar");
    assert!(hours.is_ok());
    assert!(target("1 business day on agreed, by close, cut-off at close").is_ok());
    let composite = target("1 business day on agreed, by close, cut-off of the calendar");
    assert_eq!(
        composite.unwrap_err(),
        "clocks[resolution].targets[P2]: expected a cut-off at a time of day or `at close`, \
         since `agreed` is a composite calendar"
    );
}

/// Weekdays with one cut-off are alike, however they are listed; a cut-off changes what a calendar answers.
#[test]
fn fingerprints_of_calendars_see_their_cut_offs() {
    let desk = |cut_offs: &[&str]| {
        let hours = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00");
        let hours = cut_offs.iter().fold(hours, |hours, text| hours.cut_off(text));
        hours.compile().unwrap().fingerprint()
    };
    assert_eq!(desk(&[]), self::desk().fingerprint());
    assert_ne!(desk(&["Fri 16:00"]), desk(&[]));
    assert_ne!(desk(&["Fri 16:00"]), desk(&["Fri 16:01"]));
    assert_ne!(desk(&["Fri 16:00"]), desk(&["Thu 16:00"]));
    assert_eq!(desk(&["Mon,Tue 16:00"]), desk(&["Tue 16:00", "Mon 16:00"]));
}

/// A text that cannot be read, and a weekday that has two, each with its place.
#[test]
fn problems_of_cut_offs_have_places() {
    let hours = Hours::in_zone("UTC")
        .weekly("Mon-Fri 09:00-17:00")
        .cut_off("Mon-Wed 16:00")
        .cut_off("Thu 16")
        .cut_off("Tue-Fri 15:00");
    assert_eq!(
        hours.check().unwrap_err().to_string(),
        "cut_off[1]: expected weekdays and a time of day such as `Mon-Fri 16:00`, found `Thu 16`\n\
         cut_off[2]: duplicate entry for `Tue`"
    );
}

#[test]
fn the_cut_off_of_a_calendar_is_said_in_words() {
    let words = |cut_off: &str| {
        let text = AGREEMENT.replace("[calendars.sydney]", &format!("[calendars.sydney]\n{cut_off}"));
        Agreement::new(toml::from_str(&text).unwrap()).unwrap().in_words()
    };
    assert!(words("").contains("The cut-off of the calendar is the close of the day."));
    let stated = "The cut-off of the calendar is Mon-Fri 16:00; Sat 11:30; or the close of a day that closes earlier or has none.";
    let words = words(r#"cut_off = ["Mon-Fri 16:00", "Sat 11:30"]"#);
    assert!(words.contains(stated), "{words}");
}

#[test]
fn composites_of_an_agreement_are_few() {
    let one = "    [calendars.follow-the-sun]";
    let many: String = (0..101)
        .map(|index| format!("[calendars.c{index}]\nzone = \"UTC\"\nunion = [\"london\", \"sydney\"]\n\n"))
        .collect();
    let text = AGREEMENT.replace(one, &format!("{many}{one}"));
    let problems = Agreement::new(toml::from_str(&text).unwrap()).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "calendars: expected at most 100 composites, found 103"
    );
}

/// A composite may name one that stands after it.
#[test]
fn composites_have_no_order() {
    let renamed = AGREEMENT
        .replace("[calendars.agreed]", "[calendars.before]")
        .replace("[calendars.follow-the-sun]", "[calendars.z-sun]")
        .replace("follow-the-sun", "z-sun");
    for text in [AGREEMENT, &renamed] {
        let agreement = Agreement::new(toml::from_str(text).unwrap()).unwrap();
        let agreement = agreement.compile(&ZoneData::bundled()).unwrap();
        let id = if text == AGREEMENT { "agreed" } else { "before" };
        let agreed = agreement.calendar(id).unwrap();
        assert_eq!(
            agreed.is_open(at("2026-03-02T01:00:00Z")),
            Ok(true),
            "noon in Sydney"
        );
        assert_eq!(
            agreed.is_open(at("2026-03-02T10:00:00Z")),
            Ok(false),
            "ten in London"
        );
    }
}

/// How the parts are taken together is a part of the terms.
#[test]
fn fingerprints_of_agreements_see_composites() {
    let fingerprint = |text: &str| {
        let terms: AgreementTerms = toml::from_str(text).unwrap();
        Agreement::new(terms).unwrap().fingerprint()
    };
    let union = r#"union = ["london", "sydney"]"#;
    let all = [
        union,
        r#"union = ["sydney", "london"]"#,
        r#"intersection = ["london", "sydney"]"#,
        r#"difference = ["london", "sydney"]"#,
    ]
    .map(|of| fingerprint(&AGREEMENT.replace(union, of)));
    let different: std::collections::BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(different.len(), all.len());
}

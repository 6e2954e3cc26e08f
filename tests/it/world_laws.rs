//! The laws that hold however the layers of service hours are chosen, and calendars made of calendars.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use sla::calendar::{HoursBuilder, StretchReason};
use sla::{Calendar, Hours, Interval, WorkingTime, ZoneData};

use crate::oracle::{
    Composite, DAY_S, DayWalker, Kind, PerSecond, Rules, date_of, gregorian_easter, julian_easter,
};
use crate::worlds::{ASKED_S, PLACES, Random, World, cases, known, same, seed};

const NANOSECOND: Duration = Duration::nanoseconds(1);

type Checked = Result<(), String>;

/// What is asked: until the calendar ends.
fn asked(world: &World, calendar: &Calendar) -> (DateTime<Utc>, DateTime<Utc>) {
    let near = Duration::seconds(ASKED_S);
    (
        world.near - near,
        (world.near + near).min(calendar.covers().end()),
    )
}

/// Some instants in order.
fn instants<const N: usize>(world: &World, random: &mut Random, last: DateTime<Utc>) -> [DateTime<Utc>; N] {
    let mut found = [(); N].map(|()| world.instant(random).min(last));
    found.sort_unstable();
    found
}

fn within(random: &mut Random) -> WorkingTime {
    let far = if random.one_in(2) { 3_600 } else { 3 * DAY_S } * 1_000_000_000;
    WorkingTime::nanoseconds(if random.one_in(6) {
        0
    } else {
        random.between(0, far) as u64
    })
}

fn laws_hold(world: &World) -> Checked {
    let calendar = world.compile();
    let random = &mut Random(world.seed ^ 5);
    let (first, last) = asked(world, &calendar);
    for _ in 0..12 {
        let [from, middle, to] = instants(world, random, last);
        let (a, b) = (within(random), within(random));
        let elapsed = |from, to| calendar.elapsed(from, to).unwrap();
        let sum = elapsed(from, middle).saturating_add(elapsed(middle, to));
        same(
            || format!("additive {from} {middle} {to}"),
            sum,
            elapsed(from, to),
        )?;
        same(
            || format!("monotone {from} {middle} {to}"),
            elapsed(from, middle) <= elapsed(from, to),
            true,
        )?;
        let wall = (to - from).num_nanoseconds().unwrap() as u64;
        same(
            || format!("wall time {from} {to}"),
            elapsed(from, to).as_nanoseconds() <= wall,
            true,
        )?;
        if let Ok(due) = calendar.deadline(from, a) {
            same(
                || format!("elapsed until the deadline {from} {a}"),
                elapsed(from, due),
                a,
            )?;
            let earliest = if a == WorkingTime::ZERO {
                due == from
            } else {
                elapsed(from, due - NANOSECOND) < a
            };
            same(|| format!("earliest deadline {from} {a}"), earliest, true)?;
            let twice = calendar.deadline(due, b);
            same(
                || format!("a then b {from} {a} {b}"),
                twice,
                calendar.deadline(from, a.saturating_add(b)),
            )?;
            let action = known(calendar.next_action(from, a));
            same(
                || format!("next action {from} {a}"),
                action,
                known(calendar.next_open(due)),
            )?;
            let start = known(calendar.latest_start(due, a));
            same(
                || format!("start of the deadline {from} {a}"),
                start.is_some_and(|start| from <= start && start <= due),
                true,
            )?;
        }
        if let Ok(start) = calendar.latest_start(to, a) {
            same(
                || format!("elapsed from the latest start {to} {a}"),
                elapsed(start, to),
                a,
            )?;
            let latest = if a == WorkingTime::ZERO {
                start == to
            } else {
                elapsed(start + NANOSECOND, to) < a
            };
            same(|| format!("latest start {to} {a}"), latest, true)?;
        }
        let open = calendar.open_within(from, to).unwrap();
        let stretches = calendar.open_from(from).map_err(|error| error.to_string());
        let stretches = stretches
            .into_iter()
            .flatten()
            .map_while(Result::ok)
            .take_while(|open| open.start() < to);
        let walked: Vec<Interval> = stretches
            .map(|open| Interval::new(open.start(), open.end().min(to)).unwrap())
            .collect();
        if from < last {
            // A stretch of which no end is known is told by an error.
            let ends = |window: &&Interval| calendar.next_close(window.start()).is_ok();
            same(
                || format!("open_from {from} {to}"),
                walked,
                open.iter().filter(ends).copied().collect::<Vec<_>>(),
            )?;
        }
        for boundary in open.iter().flat_map(|window| [window.start(), window.end()]) {
            for at in [
                boundary - Duration::seconds(1),
                boundary - NANOSECOND,
                boundary,
                boundary + Duration::seconds(1),
            ] {
                if from <= at && at < to {
                    same(
                        || format!("is_open {at}"),
                        calendar.is_open(at),
                        Ok(open.contains(at)),
                    )?;
                }
            }
        }
    }
    same(
        || "before the horizon".to_owned(),
        calendar.is_open(calendar.covers().start() - NANOSECOND).is_err(),
        true,
    )?;
    same(
        || "after the horizon".to_owned(),
        calendar.is_open(calendar.covers().end()).is_err(),
        true,
    )?;
    same(|| "covered".to_owned(), calendar.is_open(first).is_ok(), true)
}

fn explained(
    calendar: &Calendar,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<sla::calendar::Stretch>, String> {
    let stretches = calendar.explain(from, to).map_err(|error| error.to_string())?;
    let stretches: Vec<_> = stretches.collect();
    let mut reached = from;
    for stretch in &stretches {
        same(
            || format!("gap in {from} {to}"),
            stretch.interval.start(),
            reached,
        )?;
        same(
            || format!("empty stretch at {reached}"),
            stretch.interval.is_empty(),
            false,
        )?;
        reached = stretch.interval.end();
    }
    same(|| format!("covered {from} {to}"), reached, to)?;
    let open: sla::time::IntervalSet = stretches
        .iter()
        .filter(|stretch| stretch.is_open())
        .map(|stretch| stretch.interval)
        .collect();
    same(
        || format!("open {from} {to}"),
        &open,
        &calendar.open_within(from, to).unwrap(),
    )?;
    Ok(stretches)
}

/// The layer that closes for a reason, by precedence.
fn rank(reason: &StretchReason) -> usize {
    match reason {
        StretchReason::Season { .. } => rank_of("seasons"),
        StretchReason::Holiday { .. } => rank_of("holidays"),
        StretchReason::Override { .. } => rank_of("overrides"),
        StretchReason::Removed { .. } => rank_of("removed"),
        _ => 0,
    }
}

fn rank_of(layer: &str) -> usize {
    let layers = ["weekly", "seasons", "holidays", "overrides", "removed"];
    layers.iter().position(|name| *name == layer).unwrap()
}

fn explanations_agree(world: &World) -> Checked {
    let calendar = world.compile();
    let random = &mut Random(world.seed ^ 6);
    let covers = calendar.covers();
    let whole = explained(&calendar, covers.start(), covers.end())?;
    for _ in 0..8 {
        let [from, to] = instants(world, random, covers.end());
        let asked = Interval::new(from, to).unwrap();
        let part: Vec<(Interval, StretchReason)> = explained(&calendar, from, to)?
            .into_iter()
            .map(|stretch| (stretch.interval, stretch.reason))
            .collect();
        let expected: Vec<(Interval, StretchReason)> = whole
            .iter()
            .map(|stretch| (stretch.interval.intersection(&asked), stretch.reason.clone()))
            .filter(|(interval, _)| !interval.is_empty())
            .collect();
        same(|| format!("explanation of {from} {to}"), part, expected)?;
    }
    // What is open without a layer, and closed with it, is closed by that layer or by a later one. Parts sum to the whole
    // only by the default map.
    if world.rules.more.compatible {
        return Ok(());
    }
    type Layer = (&'static str, fn(&mut Rules), fn(&StretchReason) -> bool);
    let layers: [Layer; 4] = [
        (
            "holidays",
            |rules| rules.more.holidays.clear(),
            |reason| matches!(reason, StretchReason::Holiday { .. }),
        ),
        (
            "seasons",
            |rules| rules.more.seasons.clear(),
            |reason| matches!(reason, StretchReason::Season { .. }),
        ),
        (
            "overrides",
            |rules| rules.more.overrides.clear(),
            |reason| matches!(reason, StretchReason::Override { .. }),
        ),
        (
            "removed",
            |rules| rules.more.removed.clear(),
            |reason| matches!(reason, StretchReason::Removed { .. }),
        ),
    ];
    // An override is observed on no holiday: without holidays it may be on another date, and open that date.
    let moves = world
        .rules
        .more
        .overrides
        .iter()
        .any(|(_, _, observed)| !observed.is_empty());
    for (name, clear, is_reason) in layers {
        if name == "holidays" && moves {
            continue;
        }
        let mut without = world.clone();
        clear(&mut without.rules);
        let Ok(without) = without.try_compile() else {
            continue;
        };
        let is_later = |reason: &StretchReason| rank(reason) > rank_of(name);
        for stretch in whole
            .iter()
            .filter(|stretch| !stretch.is_open() && !is_reason(&stretch.reason) && !is_later(&stretch.reason))
        {
            let open = without
                .open_within(stretch.interval.start(), stretch.interval.end())
                .unwrap();
            same(|| format!("open without {name}, but: {stretch}"), open.len(), 0)?;
        }
    }
    Ok(())
}

fn terms_survive_text(world: &World) -> Checked {
    let hours = world.rules.hours();
    let toml_text = toml::to_string(&hours).unwrap();
    same(
        || "TOML".to_owned(),
        &toml::from_str::<Hours>(&toml_text).unwrap(),
        &hours,
    )?;
    let json_text = serde_json::to_string(&hours).unwrap();
    same(
        || "JSON".to_owned(),
        &serde_json::from_str::<Hours>(&json_text).unwrap(),
        &hours,
    )?;
    // The oracle's own reader sees the same in it.
    let read = Rules::read(&toml_text.parse().unwrap());
    let day = world.near.timestamp().div_euclid(DAY_S);
    let walk = |rules: &Rules| DayWalker::new(rules).walk(day - 10, day + 10);
    same(
        || "read by the oracle".to_owned(),
        walk(&read),
        walk(&world.rules),
    )
}

/// Answers to all kinds of questions, over all that is covered.
fn answers(calendar: &Calendar) -> String {
    let covers = calendar.covers();
    let (from, to) = (covers.start(), covers.end());
    let mut told = vec![format!(
        "{covers} {:?} {:?}",
        calendar.assumed_from(),
        calendar.is_open(to)
    )];
    told.extend(
        calendar
            .explain(from, to)
            .unwrap()
            .map(|stretch| stretch.to_string()),
    );
    let day = from.timestamp().div_euclid(DAY_S);
    let days = (to - from).num_days();
    for date in (day + 1..day + days).map(date_of) {
        told.push(format!(
            "{:?} {:?}",
            calendar.is_business_day(date),
            calendar.day_length(date)
        ));
    }
    for hour in 0..days * 24 {
        let at = from + Duration::hours(hour);
        let local = calendar.local_at(at);
        told.push(format!("{local:?}"));
        // Into gaps of half an hour, of some hours, and of a day.
        for minutes in [15, 45, 75, 105, 720] {
            let later = local.map(|local| calendar.instant_of(local + Duration::minutes(minutes)));
            told.push(format!("{later:?}"));
        }
    }
    told.push(format!(
        "{:?} {:?} {:?}",
        calendar.next_open(to - NANOSECOND),
        calendar.next_close(from),
        calendar.next_close(to - NANOSECOND)
    ));
    told.join("\n")
}

fn fingerprints_follow_answers(world: &World) -> Checked {
    let calendar = world.compile();
    // The same again, and with rules that never apply within the horizon, or change nothing where others stand before.
    let mut same_answers = world.clone();
    let more = &mut same_answers.rules.more;
    more.holidays
        .push(("5 May since 1901 through 1907".to_owned(), Vec::new()));
    more.overrides.push((
        "Mon before 25 May through 1905".to_owned(),
        "closed".to_owned(),
        Vec::new(),
    ));
    more.removed.push((
        "1905-01-01T00:00:00".to_owned(),
        "1905-01-02T00:00:00Z".to_owned(),
    ));
    more.added.push((
        "1906-01-01T00:00:00".to_owned(),
        "1906-01-02T00:00:00Z".to_owned(),
    ));
    same_answers.rules.lines.extend(world.rules.lines.last().cloned());
    if let Ok(other) = same_answers.try_compile() {
        if answers(&calendar) == answers(&other) {
            same(
                || "fingerprint of the same answers".to_owned(),
                other.fingerprint(),
                calendar.fingerprint(),
            )?;
        } else {
            return Err("rules outside the horizon change answers within it".to_owned());
        }
    }
    for other in world.simpler().into_iter().take(8) {
        let simpler = other.compile();
        let (one, two) = (answers(&calendar), answers(&simpler));
        let told = |what: &str| {
            let difference = one.lines().zip(two.lines()).find(|(one, two)| one != two);
            format!(
                "{what}: {difference:?}; the other is\n{}",
                toml::to_string(&other.rules.hours()).unwrap()
            )
        };
        if one != two {
            same(
                || told("same fingerprint"),
                calendar.fingerprint() != simpler.fingerprint(),
                true,
            )?;
        } else if calendar.next_open(calendar.covers().start()) == simpler.next_open(simpler.covers().start())
        {
            let ends = |calendar: &Calendar| {
                format!(
                    "{:?}",
                    calendar.deadline(calendar.covers().end(), WorkingTime::hours(1))
                )
            };
            if ends(&calendar) == ends(&simpler) {
                same(
                    || told("other fingerprint"),
                    simpler.fingerprint(),
                    calendar.fingerprint(),
                )?;
            }
        }
    }
    Ok(())
}

fn splitting_changes_nothing(world: &World) -> Checked {
    let random = &mut Random(world.seed ^ 7);
    let mut whole = world.clone();
    whole.rules.more.compatible = false;
    // A part after midnight would belong to the next day.
    for line in &mut whole.rules.lines {
        line.windows
            .iter_mut()
            .for_each(|window| window.1 = window.1.min(DAY_S));
    }
    let mut split = whole.clone();
    for line in &mut split.rules.lines {
        let parts = line.windows.iter().flat_map(|(start, end)| {
            let middle = random.between(*start, *end + 1);
            [(*start, middle), (middle, *end)]
        });
        line.windows = parts.filter(|(start, end)| start < end).collect();
    }
    let (Ok(whole), Ok(split)) = (whole.try_compile(), split.try_compile()) else {
        return Ok(());
    };
    let covers = whole.covers();
    let open = |calendar: &Calendar| calendar.open_within(covers.start(), covers.end());
    same(|| "open".to_owned(), open(&split), open(&whole))?;
    let first = world.near.timestamp().div_euclid(DAY_S) - 35;
    for date in (first..first + 40).map(date_of) {
        same(
            || format!("business day {date}"),
            split.is_business_day(date),
            whole.is_business_day(date),
        )?;
    }
    Ok(())
}

fn shifting_shifts(world: &World) -> Checked {
    let random = &mut Random(world.seed ^ 8);
    let mut here = world.clone();
    here.rules.zone = "UTC".to_owned();
    here.rules
        .more
        .added
        .retain(|(from, until)| !from.ends_with('Z') && !until.ends_with('Z'));
    here.rules
        .more
        .removed
        .retain(|(from, until)| !from.ends_with('Z') && !until.ends_with('Z'));
    let mut there = here.clone();
    // East of UTC, everything happens earlier.
    let minutes = random.between(-720, 721);
    let (sign, east) = (if minutes < 0 { '+' } else { '-' }, minutes.abs());
    there.rules.zone = format!("{sign}{:02}:{:02}", east / 60, east % 60);
    there.near += Duration::minutes(minutes);
    let by = Duration::minutes(minutes);
    let (Ok(calendar), Ok(other)) = (here.try_compile(), there.try_compile()) else {
        return Ok(());
    };
    let (_, last) = asked(&here, &calendar);
    for _ in 0..8 {
        let [from, to] = instants(&here, random, last);
        let time = within(random);
        same(
            || format!("elapsed {from} {to}"),
            other.elapsed(from + by, to + by),
            calendar.elapsed(from, to),
        )?;
        let due = known(calendar.deadline(from, time)).map(|due| due + by);
        same(
            || format!("deadline {from} {time}"),
            known(other.deadline(from + by, time)),
            due,
        )?;
        let start = known(calendar.latest_start(from, time)).map(|due| due + by);
        same(
            || format!("latest_start {from} {time}"),
            known(other.latest_start(from + by, time)),
            start,
        )?;
        same(
            || format!("local_at {from}"),
            known(other.local_at(from + by)),
            known(calendar.local_at(from)),
        )?;
    }
    let day = here.near.timestamp().div_euclid(DAY_S);
    for date in (day - 30..day + 5).map(date_of) {
        same(
            || format!("business day {date}"),
            known(other.is_business_day(date)),
            known(calendar.is_business_day(date)),
        )?;
    }
    Ok(())
}

/// A composite of random worlds, each in its own zone, against the parts scanned second by second.
fn composite_agrees(number: u64) -> Checked {
    let random = &mut Random(number);
    let (zone, near) = *random.of(&PLACES);
    let near: DateTime<Utc> = near.parse().unwrap();
    let mut worlds = vec![World::near(random.next(), zone, near)];
    for _ in 0..random.between(1, 3) {
        let zone = random.of(&PLACES).0;
        worlds.push(World::near(random.next(), zone, near));
    }
    let composite = Composite {
        kind: *random.of(&[Kind::Union, Kind::Intersection, Kind::Difference]),
        zone: random.of(&PLACES).0.to_owned(),
        parts: worlds.iter().map(|world| world.rules.clone()).collect(),
    };
    let names = ["a", "b", "c"];
    let parts: Vec<Calendar> = worlds.iter().map(World::compile).collect();
    let named: Vec<(&str, &Calendar)> = names.into_iter().zip(&parts).collect();
    let terms = match composite.kind {
        Kind::Union => sla::calendar::Composite::union(composite.zone.as_str(), &names[..parts.len()]),
        Kind::Intersection => {
            sla::calendar::Composite::intersection(composite.zone.as_str(), &names[..parts.len()])
        }
        Kind::Difference => {
            sla::calendar::Composite::difference(composite.zone.as_str(), &names[..parts.len()])
        }
    };
    let calendar = terms.compile(&ZoneData::bundled(), &named).unwrap();
    let oracle = PerSecond::composite(&composite, near.timestamp() - ASKED_S, near.timestamp() + ASKED_S);
    let (first, last) = asked(&worlds[0], &calendar);
    let told = |what: String| {
        let documents = worlds
            .iter()
            .map(|world| toml::to_string(&world.rules.hours()).unwrap());
        format!(
            "{number}: {:?} in {}: {what}\n{}",
            composite.kind,
            composite.zone,
            documents.collect::<Vec<_>>().join("\n---\n")
        )
    };
    let open = calendar.open_within(first, last).unwrap();
    for second in 0..(last - first).num_seconds() {
        let at = first + Duration::seconds(second);
        let is_open = oracle.seconds()[second as usize];
        // Where it changes, and a second before.
        if second > 0 && is_open != oracle.seconds()[second as usize - 1] || second % 1_800 == 0 {
            same(
                || told(format!("is_open {at}")),
                calendar.is_open(at),
                Ok(is_open),
            )?;
        }
    }
    let total = open.total().as_nanoseconds();
    same(
        || told("open".to_owned()),
        total,
        oracle.elapsed_nanos(first, last),
    )?;
    explained(&calendar, first, last).map_err(&told)?;
    for _ in 0..12 {
        let [from, to] = instants(&worlds[0], random, last);
        if from >= last {
            continue;
        }
        let time = within(random);
        let elapsed = calendar.elapsed(from, to).map(WorkingTime::as_nanoseconds);
        same(
            || told(format!("elapsed {from} {to}")),
            elapsed,
            Ok(oracle.elapsed_nanos(from, to)),
        )?;
        let answers = [
            (
                "deadline",
                calendar.deadline(from, time),
                oracle.deadline(from, time.as_nanoseconds()),
            ),
            ("next_open", calendar.next_open(from), oracle.next(from, true)),
            ("next_close", calendar.next_close(from), oracle.next(from, false)),
            (
                "next_action",
                calendar.next_action(from, time),
                oracle.next_action(from, time.as_nanoseconds()),
            ),
            (
                "latest_start",
                calendar.latest_start(from, time),
                oracle.latest_start(from, time.as_nanoseconds()),
            ),
        ];
        for (name, found, expected) in answers {
            if let Some(expected) = expected.filter(|expected| *expected < last) {
                same(
                    || told(format!("{name} {from} {time}")),
                    known(found),
                    Some(expected),
                )?;
            }
        }
    }
    let day = near.timestamp().div_euclid(DAY_S);
    for day in day - 5..=(day + 5).min(last.timestamp().div_euclid(DAY_S) - 1) {
        let date = date_of(day);
        let found = known(calendar.is_business_day(date));
        same(
            || told(format!("business day {date}")),
            found,
            Some(oracle.is_business_day(date)),
        )?;
    }
    Ok(())
}

fn fail(error: String) -> TestCaseError {
    TestCaseError::fail(error)
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn composites_agree_with_every_second(seed in seed()) {
        composite_agrees(seed).map_err(fail)?;
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn laws_of_elapsed_and_deadline(seed in seed()) {
        World::new(seed).check(laws_hold).map_err(fail)?;
    }

    #[test]
    fn explanations_cover_and_name_the_layer(seed in seed()) {
        World::new(seed).check(explanations_agree).map_err(fail)?;
    }

    #[test]
    fn terms_of_all_layers_survive_text(seed in seed()) {
        World::new(seed).check(terms_survive_text).map_err(fail)?;
    }

    #[test]
    fn splitting_windows_of_all_layers_changes_nothing(seed in seed()) {
        World::new(seed).check(splitting_changes_nothing).map_err(fail)?;
    }

    #[test]
    fn shifting_all_layers_shifts_the_answers(seed in seed()) {
        World::new(seed).check(shifting_shifts).map_err(fail)?;
    }

    #[test]
    fn fingerprints_are_equal_if_all_answers_are(seed in seed()) {
        World::new(seed).check(fingerprints_follow_answers).map_err(fail)?;
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn a_horizon_changes_no_answer_within_it(seed in seed()) {
        let world = World::new(seed);
        let (whole, part) = (world.rules.compile(), world.compile());
        let covers = part.covers();
        let open = |calendar: &Calendar| {
            let stretches = calendar.explain(covers.start(), covers.end()).unwrap();
            stretches.collect::<Vec<_>>()
        };
        prop_assert_eq!(open(&whole), open(&part), "seed {}", seed);
    }
}

/// Hidden beneath the night of Monday, the window of Tuesday is seen by no explanation, and yet begins a business day.
#[test]
fn fingerprints_see_business_days_and_day_lengths() {
    let horizon = Interval::new(
        "2026-03-01T00:00:00Z".parse().unwrap(),
        "2026-04-01T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let compile = |hours: HoursBuilder| hours.compile_within(&ZoneData::bundled(), horizon).unwrap();
    let night = Hours::in_zone("UTC").weekly("Mon 22:00-06:00");
    let (one, other) = (compile(night.clone()), compile(night.weekly("Tue 01:00-02:00")));
    let tuesday = "2026-03-03".parse().unwrap();
    assert_eq!(
        (one.is_business_day(tuesday), other.is_business_day(tuesday)),
        (Ok(false), Ok(true))
    );
    assert_ne!(one.fingerprint(), other.fingerprint());
    // Always closed on Mondays, whose hours are the longest.
    let desk = |monday: &str| {
        let desk = Hours::in_zone("UTC").weekly(monday).weekly("Tue 09:00-12:00");
        compile((2..=30).step_by(7).fold(desk, |desk, day| {
            desk.override_day(&format!("2026-03-{day:02}"), "closed", "Inventory")
        }))
    };
    let (one, other) = (desk("Mon 09:00-12:00"), desk("Mon 09:00-12:00,10:00-12:00"));
    assert_eq!(one.day_length(tuesday), other.day_length(tuesday));
    let lengths = [&one, &desk("Mon 09:00-13:00")].map(|desk| desk.day_length(tuesday).unwrap());
    assert_ne!(lengths[0], lengths[1]);
}

/// From the 17th on a day is an hour longer, which no window within the horizon shows; from the 21st on, which is not in
/// it, nothing does.
#[test]
fn fingerprints_see_when_day_lengths_change() {
    let horizon = Interval::new(
        "2026-03-01T00:00:00Z".parse().unwrap(),
        "2026-03-21T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let compile = |lines: &[&str]| {
        let hours = Hours::in_zone("UTC").weekly("Mon,Tue 09:00-12:00");
        let hours = lines.iter().fold(hours, |hours, line| hours.weekly(line));
        hours.compile_within(&ZoneData::bundled(), horizon).unwrap()
    };
    let (same, longer) = (compile(&[]), compile(&["Mon 09:00-13:00 from 2026-03-17"]));
    let day = "2026-03-18".parse().unwrap();
    assert_ne!(same.day_length(day), longer.day_length(day));
    assert_ne!(same.fingerprint(), longer.fingerprint());
    assert_eq!(
        same.fingerprint(),
        compile(&["Mon 09:00-13:00 from 2026-03-21"]).fingerprint()
    );
}

/// No days at all, on a date that is no business day, before the first hours there are.
#[test]
fn no_days_before_the_first_hours() {
    use sla::time::{BusinessDays, DayMeaning};
    let horizon = Interval::new(
        "2026-03-01T00:00:00Z".parse().unwrap(),
        "2026-04-01T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let desk = Hours::in_zone("UTC")
        .weekly("Tue 09:00-17:00")
        .compile_within(&ZoneData::bundled(), horizon)
        .unwrap();
    let due = |meaning| {
        desk.deadline_in_days(
            "2026-03-01T12:00:00Z".parse().unwrap(),
            BusinessDays::new(0, meaning),
        )
    };
    assert_eq!(
        due(DayMeaning::ByClose),
        Ok("2026-03-03T17:00:00Z".parse().unwrap())
    );
}

/// Easter as published: the Gregorian dates of 1961 to 2040 that an almanac prints, and the Julian ones of some years.
#[test]
fn easter_as_published() {
    for (year, western, orthodox) in [
        (1943, "1943-04-25", "1943-04-25"),
        (1954, "1954-04-18", "1954-04-25"),
        (1961, "1961-04-02", "1961-04-09"),
        (1981, "1981-04-19", "1981-04-26"),
        (2000, "2000-04-23", "2000-04-30"),
        (2008, "2008-03-23", "2008-04-27"),
        (2011, "2011-04-24", "2011-04-24"),
        (2016, "2016-03-27", "2016-05-01"),
        (2024, "2024-03-31", "2024-05-05"),
        (2025, "2025-04-20", "2025-04-20"),
        (2026, "2026-04-05", "2026-04-12"),
        (2038, "2038-04-25", "2038-04-25"),
        (2049, "2049-04-18", "2049-04-25"),
        (2076, "2076-04-19", "2076-04-26"),
    ] {
        assert_eq!(date_of(gregorian_easter(year)).to_string(), western);
        assert_eq!(date_of(julian_easter(year)).to_string(), orthodox);
    }
    let (western, orthodox) = (
        "easter".parse::<sla::calendar::DateRule>().unwrap(),
        "orthodox easter".parse::<sla::calendar::DateRule>().unwrap(),
    );
    for year in 1900..=2199 {
        let date = |day| sla::period::Date::new(date_of(day));
        assert_eq!(
            western.dates_in(year),
            [date(gregorian_easter(i64::from(year))).unwrap()],
            "{year}"
        );
        assert_eq!(
            orthodox.dates_in(year),
            [date(julian_easter(i64::from(year))).unwrap()],
            "{year}"
        );
    }
}

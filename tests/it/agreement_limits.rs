//! The limits of an agreement, each at its number and one past it, and lists that are absent or empty.

use sla::agreement::AgreementTerms;
use sla::error::Problems;
use sla::{Agreement, ZoneData};

/// An agreement with so much of each.
#[derive(Default)]
struct Size {
    severities: usize,
    targets: usize,
    entities: usize,
    calendars: usize,
    composites: usize,
    levels: usize,
}

fn document(size: &Size) -> String {
    let names = |letter: &str, count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("\"{letter}{index}\"")).collect();
        names.join(", ")
    };
    let mut text = format!(
        "id = \"a\"\nprovider = \"p\"\ncustomer = \"c\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n\
         in_force = {{ from = 2026-01-01, through = 2026-12-31 }}\nservices = [\"s\"]\n\
         severities = [{}]\nentities = [{}]\n",
        names("p", size.severities),
        names("e", size.entities),
    );
    for index in 0..size.calendars {
        text += &format!("[calendars.k{index}]\nzone = \"UTC\"\nweekly = [\"Mon-Fri 09:00-17:00\"]\n");
    }
    for index in 0..size.composites {
        text += &format!("[calendars.x{index}]\nzone = \"UTC\"\nunion = [\"k0\", \"k1\"]\n");
    }
    if size.targets > 0 {
        let targets: Vec<String> = (0..size.targets)
            .map(|index| format!("p{index} = \"4 h on 24x7\""))
            .collect();
        text += &format!(
            "[clocks.repair]\nstart = \"opened\"\nstop = [\"resolved\"]\n\
             counted_when = \"opened\"\ntargets = {{ {} }}\n",
            targets.join(", ")
        );
    }
    for index in 0..size.levels {
        text += &format!(
            "[[levels]]\nid = \"l{index}\"\nper = \"month\"\n\
             availability = {{ target = \"99.9 %\", known_at_least = \"99 %\" }}\n"
        );
    }
    text
}

fn checked(size: &Size) -> Result<Agreement, Problems> {
    Agreement::new(toml::from_str(&document(size)).unwrap())
}

fn texts(problems: &Problems) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn each_limit_holds_at_its_number_and_not_one_past_it() {
    let cases = [
        (
            |count| Size {
                severities: count,
                ..Size::default()
            },
            1_000,
            "severities: expected at most 1000 entries, found 1001",
        ),
        (
            |count| Size {
                severities: 1_000,
                targets: count,
                ..Size::default()
            },
            1_000,
            "clocks[repair].targets: expected at most 1000 entries, found 1001",
        ),
        (
            |count| Size {
                entities: count,
                ..Size::default()
            },
            1_000,
            "entities: expected at most 1000 entries, found 1001",
        ),
        (
            |count| Size {
                calendars: count,
                ..Size::default()
            },
            1_000,
            "calendars: expected at most 1000 entries, found 1001",
        ),
        (
            |count| Size {
                calendars: 2,
                composites: count,
                ..Size::default()
            },
            100,
            "calendars: expected at most 100 composites, found 101",
        ),
        (
            |count| Size {
                entities: 1,
                levels: count,
                ..Size::default()
            },
            1_000,
            "levels: expected at most 1000 entries, found 1001",
        ),
        (
            |count| Size {
                entities: count,
                levels: 20,
                ..Size::default()
            },
            500,
            "levels: expected at most 10000 findings (levels times the entities of each), found 10020",
        ),
    ] as [(fn(usize) -> Size, usize, &str); 7];
    for (size, limit, refusal) in cases {
        if let Err(problems) = checked(&size(limit)) {
            panic!("{refusal}: {problems}");
        }
        assert_eq!(texts(&checked(&size(limit + 1)).unwrap_err()), [refusal]);
    }
}

/// A list that may be left out means all when it is: an empty one is refused, whatever it lists.
#[test]
fn absent_means_all_and_empty_is_refused() {
    let of = |availability: &str, attainment: &str, credit: &str, cap: &str| {
        let text = format!(
            r#"
            id = "a"
            provider = "p"
            customer = "c"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-01-01, through = 2026-12-31 }}
            severities = ["P1", "P2"]
            impacts = ["major"]
            entities = ["eu", "us"]
            services = ["s"]
            caps = [{{ per = "month", at_most = "10 %"{cap} }}]
            [clocks.repair]
            start = "opened"
            stop = ["resolved"]
            counted_when = "opened"
            targets = {{ P1 = "4 h on 24x7" }}
            [[levels]]
            id = "uptime"
            per = "month"
            availability = {{ target = "99.9 %", known_at_least = "99 %"{availability} }}
            credit = {{ bands = [{{ below = "99.9 %", pays = "10 %" }}]{credit} }}
            [[levels]]
            id = "repair"
            per = "month"
            attainment = {{ clock = "repair", target = "90 %"{attainment} }}
            "#
        );
        Agreement::new(toml::from_str::<AgreementTerms>(&text).unwrap())
    };
    let agreement = of("", "", "", "").unwrap().compile(&ZoneData::bundled()).unwrap();
    let statement = agreement
        .statement(
            &sla::Record::new(),
            "2026-03".parse().unwrap(),
            "2026-04-02T00:00:00Z".parse().unwrap(),
        )
        .unwrap();
    let found: Vec<_> = statement
        .findings
        .iter()
        .map(|finding| finding.entity.as_deref())
        .collect();
    assert_eq!(
        found,
        [Some("eu"), Some("us"), None],
        "both entities, and the severity that has a target"
    );

    let refused = of(
        ", entities = [], impacts = []",
        ", severities = []",
        ", of = []",
        ", of = []",
    );
    let none =
        |what: &str| format!("expected the id of {what}, or no list for all of them, found an empty list");
    assert_eq!(
        texts(&refused.unwrap_err()),
        [
            format!("caps[0].of: {}", none("a service")),
            format!("levels[uptime].availability.impacts: {}", none("an impact")),
            format!("levels[uptime].availability.entities: {}", none("an entity")),
            format!("levels[uptime].credit.of: {}", none("a service")),
            format!(
                "levels[repair].attainment.severities: {}",
                none("a severity that the clock has a target for")
            ),
        ]
    );
}

/// A document whose composites are a few bytes each, and lay out 800 weeks of 672 windows each that are all unlike.
#[test]
fn calendars_share_one_budget() {
    let windows: Vec<String> = (0..96)
        .map(|quarter| {
            let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{}-{}", time(quarter * 15), time(quarter * 15 + 7))
        })
        .collect();
    let monday = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    let overrides: Vec<String> = (0..800_u32)
        .map(|week| {
            let on = monday + chrono::TimeDelta::weeks(week.into());
            format!(
                "{{ on = \"{on}\", hours = \"10:00-10:{:02}\", name = \"o{week}\" }}",
                week % 59 + 1
            )
        })
        .collect();
    let compile = |composites: usize| {
        let mut text = format!(
            r#"
            id = "a"
            provider = "p"
            customer = "c"
            currency = "EUR"
            zone = "UTC"
            in_force = {{ from = 2026-01-01, through = 2035-12-31 }}
            [calendars.k0]
            zone = "Europe/Paris"
            weekly = ["Mon-Sun {}"]
            overrides = [{}]
            [calendars.k1]
            zone = "America/New_York"
            weekly = ["Mon-Fri 09:00-17:00"]
            "#,
            windows.join(","),
            overrides.join(", ")
        );
        for index in 0..composites {
            text += &format!("[calendars.x{index}]\nzone = \"UTC\"\nunion = [\"k0\", \"k1\"]\n");
        }
        Agreement::new(toml::from_str(&text).unwrap())
            .unwrap()
            .compile(&ZoneData::bundled())
    };
    if let Err(problems) = compile(1) {
        panic!("{problems}");
    }
    let problems = compile(100).unwrap_err().to_string();
    let (path, what) = problems.split_once(": ").unwrap();
    assert!(path.starts_with("calendars[x"), "{path}");
    assert_eq!(
        what,
        "expected calendars that take at most 33554432 bytes together, found more up to here: fewer calendars, fewer \
         windows or a shorter time in force would fit"
    );
}

//! Every option of service hours matters: each of its values, changed to each other value, changes the answer of a row.
//!
//! The rows of `calendar_rows` are taken, one value in their documents is replaced by another, and the crate is asked again.
//! A document that is refused for it proves nothing, nor does a row whose answer repeats the document's words.

use toml::{Table, Value};

use crate::calendar_rows::{Row, all_rows};

/// The values of an option, and where in a document they stand.
enum Choice {
    /// The value of a field of the hours; the first is that of hours without it.
    Field(&'static str, &'static [&'static str]),
    /// A phrase in the texts under some key of the hours. The longest that fits is the one that is meant.
    Phrase(&'static str, &'static [&'static str]),
    /// The key itself, in the table under another key.
    Key(&'static str, &'static [&'static str]),
    /// What a day means.
    Meaning(&'static [&'static str]),
    /// Whether there is such a field at all, in the table under another key.
    Without(&'static str, &'static [&'static str]),
}

/// Where `Key` and `Without` look: the row itself, its hours, a holiday of them, what a composite is of.
const ROW: &str = "";
const HOURS: &str = "hours";
const HOLIDAY: &str = "holidays";
const OVERRIDE: &str = "overrides";

const CHOICES: &[(&str, Choice)] = &[
    (
        "local time",
        Choice::Field("gap_rule", &["first_instant", "compatible"]),
    ),
    (
        "overnight",
        Choice::Field(
            "overnight_on_holiday",
            &["shift_belongs_to_start_day", "holiday_masks_local_day"],
        ),
    ),
    (
        "beyond known",
        Choice::Field("beyond_known", &["refuse", "assume"]),
    ),
    (
        "own date of a holiday",
        Choice::Phrase("observed", &[" to ", " also "]),
    ),
    (
        "direction of a holiday",
        Choice::Phrase("observed", &[" next ", " previous "]),
    ),
    (
        "relation to a date",
        Choice::Phrase("on", &[" before ", " on or before ", " on or after ", " after "]),
    ),
    (
        "which weekday",
        Choice::Phrase("on", &["1st ", "2nd ", "3rd ", "4th ", "5th ", "last "]),
    ),
    (
        "which Easter",
        Choice::Phrase("on", &["easter", "orthodox easter"]),
    ),
    (
        "years of a rule",
        Choice::Phrase("on", &[" since ", " through ", " except "]),
    ),
    ("days added", Choice::Phrase("on", &[" +", " -"])),
    (
        "last date of a range",
        Choice::Phrase("holidays", &[" through 1 Jan", " through 31 Dec"]),
    ),
    (
        "months of a rule",
        Choice::Phrase("holidays", &[" of every month", " of Mar"]),
    ),
    (
        "texts of holidays",
        Choice::Phrase("holidays", &["1 Jan", "easter +1", "last Fri of every month"]),
    ),
    (
        "dates of a weekly line",
        Choice::Phrase("weekly", &[" from ", " through "]),
    ),
    ("half of a day", Choice::Phrase("hours", &["until ", "from "])),
    (
        "a day's own hours",
        Choice::Phrase("hours", &["closed", "10:00-12:00", "until 10:00", "from 16:00"]),
    ),
    ("spans", Choice::Key(HOURS, &["added", "removed"])),
    (
        "composite",
        Choice::Key("composite", &["union", "intersection", "difference"]),
    ),
    ("kind of time", Choice::Key("within", &["working", "wall"])),
    (
        "meaning of a day",
        Choice::Meaning(&[
            "same time",
            "same time or next opening",
            "same time or last close",
            "by close",
            "schedule hours",
            "day length",
            "at 16:00",
        ]),
    ),
    (
        "layers and limits",
        Choice::Without(
            HOURS,
            &[
                "weekly",
                "seasons",
                "holidays",
                "known_through",
                "overrides",
                "added",
                "removed",
            ],
        ),
    ),
    ("observed at all", Choice::Without(HOLIDAY, &["observed"])),
    (
        "whether an override is observed",
        Choice::Without(OVERRIDE, &["observed"]),
    ),
    ("cut-off", Choice::Without("days", &["cut_off"])),
    (
        "cut-off of an allowance",
        Choice::Without("business_days", &["cut_off"]),
    ),
    (
        "horizon and zone data",
        Choice::Without(ROW, &["horizon", "zone_data"]),
    ),
];

/// One value that becomes another; none if it is taken away.
struct Flip {
    from: &'static str,
    to: Option<&'static str>,
}

impl Choice {
    fn flips(&self) -> Vec<Flip> {
        match self {
            Self::Without(_, values) => values.iter().map(|from| Flip { from, to: None }).collect(),
            Self::Field(_, values)
            | Self::Phrase(_, values)
            | Self::Key(_, values)
            | Self::Meaning(values) => {
                let pairs = values
                    .iter()
                    .flat_map(|from| values.iter().map(move |to| (*from, *to)));
                let differ = pairs.filter(|(from, to)| from != to);
                differ.map(|(from, to)| Flip { from, to: Some(to) }).collect()
            }
        }
    }

    /// The row with one value in the place of the other, wherever it stands; none if it stands nowhere.
    fn changed(&self, row: &Row, flip: &Flip) -> Option<Row> {
        let mut changed = row.clone();
        let to = flip.to.unwrap_or_default();
        match self {
            Self::Field(key, values) => {
                let default = values[0];
                each_table(&mut changed.0, HOURS, &mut |hours| {
                    let found = hours.get(*key).map_or(default, |value| value.as_str().unwrap());
                    if found == flip.from {
                        hours.insert((*key).to_owned(), Value::from(to));
                    }
                });
            }
            Self::Phrase(key, values) => {
                each_table(&mut changed.0, HOURS, &mut |hours| {
                    hours.iter_mut().for_each(|(name, value)| {
                        each_text(name, value, &mut |name, text| {
                            let meant = values.iter().filter(|value| text.contains(**value));
                            let meant = meant.max_by_key(|value| value.len());
                            if name == *key && meant == Some(&flip.from) {
                                *text = text.replace(flip.from, to);
                            }
                        });
                    });
                });
            }
            Self::Key(at, _) => each_table(&mut changed.0, at, &mut |table| {
                if let Some(value) = table.get(flip.from).cloned().filter(|_| !table.contains_key(to)) {
                    table.remove(flip.from);
                    table.insert(to.to_owned(), value);
                }
            }),
            Self::Without(at, _) => each_table(&mut changed.0, at, &mut |table| {
                table.remove(flip.from);
            }),
            Self::Meaning(_) => each_table(&mut changed.0, "days", &mut |days| {
                let meaning = days["meaning"].as_str().unwrap();
                let any_time = meaning.starts_with("at ") && flip.from.starts_with("at ");
                if meaning == flip.from || any_time {
                    days.insert("meaning".to_owned(), Value::from(to));
                }
            }),
        }
        (changed.0 != row.0).then_some(changed)
    }
}

/// Each table that stands under a key, also in a list; the parts of a composite are hours, too.
fn each_table(row: &mut Table, key: &str, change: &mut dyn FnMut(&mut Table)) {
    if key == ROW {
        change(row);
        return;
    }
    for (name, value) in row.iter_mut() {
        match value {
            Value::Table(table) if name == "parts" && key == HOURS => {
                table
                    .iter_mut()
                    .for_each(|(_, part)| change(part.as_table_mut().unwrap()));
            }
            Value::Table(table) if name == key => change(table),
            Value::Table(table) => each_table(table, key, change),
            Value::Array(list) if name == key => {
                list.iter_mut()
                    .filter_map(Value::as_table_mut)
                    .for_each(&mut *change);
            }
            _ => {}
        }
    }
}

/// Each text within a value, with the key it stands under.
fn each_text(key: &str, value: &mut Value, change: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => change(key, text),
        Value::Array(list) => list.iter_mut().for_each(|item| each_text(key, item, change)),
        Value::Table(table) => table
            .iter_mut()
            .for_each(|(key, item)| each_text(key, item, change)),
        _ => {}
    }
}

#[test]
fn every_option_changes_an_answer() {
    let rows: Vec<Row> = all_rows()
        .into_iter()
        .filter(|row| row.text("question") != "explain" && row.answer().is_ok())
        .collect();
    let mut without_effect = Vec::new();
    let mut flips = 0;
    for (name, choice) in CHOICES {
        for flip in choice.flips() {
            let matters = rows.iter().any(|row| {
                let answer = choice
                    .changed(row, &flip)
                    .and_then(|changed| changed.answer().ok());
                answer.is_some_and(|answer| answer != row.expected())
            });
            flips += 1;
            if !matters {
                let to = flip.to.unwrap_or("nothing");
                without_effect.push(format!("{name}: `{}` to `{to}`", flip.from));
            }
        }
    }
    assert!(
        without_effect.is_empty(),
        "no row tells apart:\n{}",
        without_effect.join("\n")
    );
    assert!(flips > 100, "{flips} flips");
}

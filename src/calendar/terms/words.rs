//! The terms of a calendar in words: one sentence for each, defaults included.
//!
//! This module owns the sentences of hours and of composites. Every struct is taken apart field by field, so that a term without
//! a sentence does not compile. The sentences of an agreement around them are `agreement`'s.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::composite::{Combination, Composite};
use super::either::CalendarTerms;
use super::holidays::Holiday;
use super::hours::{BeyondKnown, Hours, OvernightOnHoliday};
use super::overrides::DayOverride;
use super::seasons::Season;
use super::spans::OneOff;
use crate::period::Date;
use crate::zone::GapRule;

impl CalendarTerms {
    /// Returns the sentences of the calendar with an id.
    pub(crate) fn sentences(&self, id: &str) -> Vec<String> {
        match self {
            Self::Hours(terms) => hours(id, terms),
            Self::Composite(terms) => vec![composite(id, terms)],
        }
    }
}

fn composite(id: &str, composite: &Composite) -> String {
    let Composite { zone, of } = composite;
    let open = match of {
        Combination::Union(parts) => format!("any of {}", parts.join(", ")),
        Combination::Intersection(parts) => format!("every one of {}", parts.join(", ")),
        Combination::Difference(parts) => match parts.split_first() {
            Some((first, others)) => format!("{first} and none of {}", others.join(", ")),
            None => String::from("nothing"),
        },
    };
    format!("Calendar {id} is open whenever {open} is; its dates are those of {zone}.")
}

fn hours(id: &str, hours: &Hours) -> Vec<String> {
    let Hours {
        zone,
        gap_rule,
        weekly,
        seasons,
        holidays,
        known_from,
        known_through,
        beyond_known,
        overnight_on_holiday,
        overrides,
        added,
        removed,
        cut_off,
    } = hours;
    let mut lines = vec![format!("Calendar {id} has the times of {zone}.")];
    lines.push(match listed(weekly).as_str() {
        "" => format!("Calendar {id} has no weekly hours."),
        weekly => format!("Calendar {id} is open {weekly}."),
    });
    lines.extend(seasons.iter().map(season));
    lines.extend(holidays.iter().map(holiday));
    for one in overrides {
        let DayOverride {
            on,
            hours,
            name,
            observed,
        } = one;
        let observed = match listed(observed).as_str() {
            "" => String::new(),
            observed => format!(", observed {observed},"),
        };
        lines.push(format!("On {on} ({name}){observed} its hours are: {hours}."));
    }
    for (spans, open) in [(added, "open"), (removed, "closed")] {
        for OneOff { from, until, name } in spans {
            lines.push(format!("It is {open} once from {from} until {until} ({name})."));
        }
    }
    lines.extend(overnight_on_holiday.map(overnight));
    lines.push(match listed(cut_off).as_str() {
        "" => String::from("The cut-off of the calendar is the close of the day."),
        stated => format!(
            "The cut-off of the calendar is {stated}; or the close of a day that closes earlier or has none."
        ),
    });
    lines.extend(known_from.map(|date| format!("Its holidays are known from {date} on.")));
    lines.push(known(*known_through, *beyond_known));
    lines.push(skipped_times(*gap_rule));
    lines
}

fn season(season: &Season) -> String {
    let Season {
        name,
        from,
        through,
        weekly,
    } = season;
    let open = match listed(weekly).as_str() {
        "" => String::from("closed"),
        weekly => format!("open {weekly}"),
    };
    format!("From {from} through {through} ({name}) it is {open} instead.")
}

/// Says what a holiday does to a window over midnight.
fn overnight(choice: OvernightOnHoliday) -> String {
    String::from(match choice {
        OvernightOnHoliday::ShiftBelongsToStartDay => {
            "A holiday removes the shifts that start on its date, also after midnight."
        }
        OvernightOnHoliday::HolidayMasksLocalDay => {
            "A holiday removes the hours of its date, from midnight to midnight."
        }
    })
}

/// Says how far the calendar is known.
fn known(through: Option<Date>, beyond: BeyondKnown) -> String {
    match (through, beyond) {
        (None, BeyondKnown::Refuse) => String::from("Its rules hold for all time that zone data covers."),
        (None, BeyondKnown::Assume) => String::from(
            "Its rules hold for all time; after the zone data ends, clocks are assumed unchanged.",
        ),
        (Some(date), BeyondKnown::Refuse) => {
            format!("Its holidays are known through {date}; nothing is said of later dates.")
        }
        (Some(date), BeyondKnown::Assume) => {
            format!("Its holidays are known through {date}; later dates are assumed to have no others.")
        }
    }
}

/// Says what a local time means that a clock change skips or repeats.
fn skipped_times(gap_rule: GapRule) -> String {
    String::from(match gap_rule {
        GapRule::FirstInstant => {
            "A time that a clock change skips means the change; one that comes twice, the first."
        }
        GapRule::Compatible => {
            "A time that a clock change skips is moved on by its length; one that comes twice means the first."
        }
    })
}

fn holiday(holiday: &Holiday) -> String {
    let Holiday { on, name, observed } = holiday;
    let observed = match listed(observed).as_str() {
        "" => String::new(),
        observed => format!(", observed {observed}"),
    };
    // One that is listed as a text is its own name.
    if on.to_string() == *name {
        return format!("It is closed on {on}{observed}.");
    }
    format!("It is closed on {on} ({name}){observed}.")
}

/// Joins the texts of a list.
fn listed<T: ToString>(items: &[T]) -> String {
    let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

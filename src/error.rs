//! The errors of the crate, one for each moment at which something can be wrong, and [`Error`], which joins them.
//!
//! * [`ParseError`]: one text is not what it should be (`"99.9.5"` is no percentage).
//! * [`Problems`]: terms or a record contradict themselves. **All** problems at once, each with its path.
//! * [`QueryError`]: one question has no answer. Small and `Copy`. Of many questions, [`BatchError`] names the first.
//!
//! This module owns how errors read: lower case, the place first, then what was expected and what was found.
//! It leaves to each other module what counts as an error there.

mod any;
mod batch;
pub(crate) mod hidden;

pub use any::Error;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use serde::{Deserialize, Serialize};

use crate::limits::{FOUND_CHARS_MAX, PATH_BYTES_MAX, PROBLEMS_MAX, WHAT_BYTES_MAX};
pub use batch::BatchError;
use hidden::escaped;

/// The path of the line that says that there are more problems.
const MORE: &str = "…";

/// A text as errors repeat it: not too long, and with hidden characters as escapes.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(FOUND_CHARS_MAX) {
        None => escaped(text).into_owned(),
        Some((end, _)) => {
            let mut kept = escaped(text.get(..end).unwrap_or_default()).into_owned();
            kept.push('…');
            kept
        }
    }
}

/// A text of at most so many bytes and without hidden characters. What is left out is taken from its middle: the ends of
/// a path say most.
fn bounded(text: String, bytes_max: usize) -> String {
    let text = match escaped(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    };
    if text.len() <= bytes_max {
        return text;
    }
    let half = bytes_max.saturating_sub(MORE.len()) / 2;
    let head = (0..=half).rev().find_map(|end| text.get(..end));
    let tail = (text.len().saturating_sub(half)..=text.len()).find_map(|start| text.get(start..));
    format!("{}{MORE}{}", head.unwrap_or_default(), tail.unwrap_or_default())
}

/// A text that cannot be read as the value it should be.
///
/// # Example: a decimal comma
///
/// ```
/// let error = "99,95 %".parse::<sla::number::Target>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "expected a percentage from 0 to 100 with at most nine decimals and its sign, such as `99.95 %`, found `99,95 %`"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
    found: String,
}

impl ParseError {
    pub(crate) fn new(expected: &'static str, found: &str) -> Self {
        Self {
            expected,
            found: shown(found),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found `{}`", self.expected, self.found)
    }
}

impl core::error::Error for ParseError {}

/// One thing that is wrong in terms or in a record, and where.
///
/// # Example: a zone that is none
///
/// ```
/// let problems = sla::Hours::in_zone("Paris, France").weekly("24x7").check().unwrap_err();
/// let problem = problems.iter().next().unwrap();
/// assert_eq!(
///     problem.to_string(),
///     "zone: expected a time zone such as `Europe/Paris`, `UTC` or `+05:30`, found `Paris, France`"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", from = "ReadProblem")]
pub struct Problem {
    path: String,
    what: String,
}

/// By place, as a document has them: `events[2]` comes before `events[10]`.
impl Ord for Problem {
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = path_parts(&self.path).cmp(path_parts(&other.path));
        parts.then_with(|| (&self.path, &self.what).cmp(&(&other.path, &other.what)))
    }
}

impl PartialOrd for Problem {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The parts of a path, each with the number it is; a part that is none comes as its text.
fn path_parts(path: &str) -> impl Iterator<Item = (Option<u64>, &str)> {
    path.split(['[', ']']).map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match part.parse().ok().filter(|_| is_number) {
            Some(number) => (Some(number), ""),
            None => (None, part),
        }
    })
}

/// A problem as it is read back, before its texts are bounded again.
#[derive(Deserialize)]
#[serde(crate = "crate::text::tables", deny_unknown_fields)]
struct ReadProblem {
    path: String,
    what: String,
}

impl From<ReadProblem> for Problem {
    fn from(read: ReadProblem) -> Self {
        Self::new(read.path, read.what)
    }
}

impl Problem {
    /// Returns the place, such as `levels[p1-response].credit.bands[2]`. A name in brackets is an id, a number
    /// counts from zero.
    ///
    /// # Example: the first line of weekly hours
    ///
    /// ```
    /// let problems = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 9-17").check().unwrap_err();
    /// let problem = problems.iter().next().unwrap();
    /// assert_eq!(problem.path(), "weekly[0]");
    /// ```
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong there, in lower case, with what was expected and what was found.
    ///
    /// # Example: a zone that is none
    ///
    /// ```
    /// let problems = sla::Hours::in_zone("Paris, France").weekly("24x7").check().unwrap_err();
    /// let problem = problems.iter().next().unwrap();
    /// assert!(problem.what().ends_with("found `Paris, France`"));
    /// ```
    pub fn what(&self) -> &str {
        &self.what
    }

    pub(crate) fn new(path: impl Into<String>, what: impl fmt::Display) -> Self {
        Self {
            path: bounded(path.into(), PATH_BYTES_MAX),
            what: bounded(what.to_string(), WHAT_BYTES_MAX),
        }
    }

    /// The same problem of something inside of `prefix`.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        let path = match (prefix.is_empty(), self.path.is_empty()) {
            (true, _) => self.path.clone(),
            (_, true) => prefix.to_string(),
            _ => format!("{prefix}.{}", self.path),
        };
        Self {
            path: bounded(path, PATH_BYTES_MAX),
            what: self.what.clone(),
        }
    }

    /// The line that says that there are more.
    fn more() -> Self {
        Self::new(MORE, "and more problems")
    }

    /// Tells whether it is the line that says that there are more.
    pub(crate) fn is_more(&self) -> bool {
        self.path == MORE
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// Everything that is wrong in terms or in a record, in the order of the document.
///
/// Never empty. At most 1,000 problems are listed; a last one, whose path is `…`, then says that there are more. Long ids
/// and names are repeated in part, and hidden characters as escapes such as `\u{202e}`.
///
/// # Example: two problems, told together
///
/// ```
/// let problems = sla::Hours::in_zone("Europe/Paris")
///     .weekly("Mon-Fri 09:00-09:00")
///     .holiday("2026-05-32", "May Day")
///     .check()
///     .unwrap_err();
/// assert_eq!(problems.iter().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Returns the problems, in the order of the document.
    ///
    /// # Example: their places
    ///
    /// ```
    /// let problems = sla::Hours::in_zone("Europe/Paris").weekly("Mon-Fri 9-17").holiday("32 May", "May Day").check().unwrap_err();
    /// let places: Vec<&str> = problems.iter().map(|problem| problem.path()).collect();
    /// assert_eq!(places, ["weekly[0]", "holidays[0].on"]);
    /// ```
    pub fn iter(&self) -> core::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Returns the same problems with `prefix` before each path.
    pub(crate) fn placed(self, prefix: &str) -> Self {
        let mut placed = ProblemList::default();
        placed.extend(prefix, &self);
        placed.finish().err().unwrap_or(self)
    }

    pub(crate) fn one(path: impl Into<String>, what: impl fmt::Display) -> Self {
        Self(vec![Problem::new(path, what)])
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = core::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Problems {}

/// Problems being gathered. `finish` turns them into a refusal, if there are any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ProblemList {
    kept: Vec<Problem>,
    more: bool,
}

impl ProblemList {
    pub(crate) fn push(&mut self, path: impl Into<String>, what: impl fmt::Display) {
        if self.is_full() {
            self.more = true;
        } else {
            self.kept.push(Problem::new(path, what));
        }
    }

    /// Takes over problems found elsewhere, with `prefix` before each path.
    pub(crate) fn extend(&mut self, prefix: &str, problems: &Problems) {
        self.extend_all(prefix, &problems.0);
    }

    /// Takes over some of the problems found elsewhere, with `prefix` before each path.
    pub(crate) fn extend_all(&mut self, prefix: &str, problems: &[Problem]) {
        for problem in problems {
            if self.is_full() || problem.is_more() {
                self.more = true;
                return;
            }
            self.kept.push(problem.below(prefix));
        }
    }

    /// Returns how many problems are listed so far.
    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= PROBLEMS_MAX
    }

    /// Tells whether there are more problems than are listed.
    pub(crate) fn has_more(&self) -> bool {
        self.more
    }

    /// Says that there are more problems than those that are listed.
    pub(crate) fn and_more(&mut self) {
        self.more = true;
    }

    pub(crate) fn finish(mut self) -> Result<(), Problems> {
        if self.more {
            self.kept.push(Problem::more());
        }
        if self.kept.is_empty() {
            Ok(())
        } else {
            Err(Problems(self.kept))
        }
    }
}

/// A question that has no answer.
///
/// # Example: a year of which no holidays are known
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use sla::Hours;
/// use sla::error::QueryError;
///
/// let desk = Hours::in_zone("Europe/Paris")
///     .weekly("Mon-Fri 09:00-17:00")
///     .holiday("2026-05-01", "Labour Day").known_through("2026-12-31")
///     .compile()?;
/// let error = desk.is_open(Utc.with_ymd_and_hms(2027, 1, 4, 10, 0, 0).unwrap()).unwrap_err();
/// assert!(matches!(error, QueryError::BeyondCoverage { .. }));
/// assert_eq!(error.to_string(), "no holidays are known after 2026-12-31");
/// # Ok::<(), sla::error::Problems>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryError {
    /// The instant is not from 1900-01-01 to 2200-01-01 UTC.
    InstantOutOfRange {
        /// The instant that was given.
        found: DateTime<Utc>,
    },
    /// The instant is chrono's form of a leap second (`:60`). Convert it before asking: POSIX time, which
    /// every source of such records uses, has no such second.
    LeapSecond {
        /// The instant that was given.
        found: DateTime<Utc>,
    },
    /// The result would lie after 2200-01-01 UTC, or does not fit its type.
    Overflow,
    /// An interval whose end lies before its start.
    Reversed {
        /// The start that was given.
        from: DateTime<Utc>,
        /// The end that was given.
        to: DateTime<Utc>,
    },
    /// The holidays of the calendar are not known on that date.
    BeyondCoverage {
        /// The last date on which they are known.
        known_through: NaiveDate,
    },
    /// The holidays of the calendar are not known on that date yet.
    BeforeCoverage {
        /// The first date on which they are known.
        known_from: NaiveDate,
    },
    /// The zone data says nothing about that instant.
    BeyondZoneData {
        /// The first instant about which the zone data says nothing.
        known_until: DateTime<Utc>,
    },
    /// The instant or the date lies outside the horizon that the calendar was compiled for, or before all that it knows.
    OutsideHorizon {
        /// The first instant that is answered for.
        from: DateTime<Utc>,
        /// The first instant after those that are answered for.
        until: DateTime<Utc>,
    },
    /// By its rules, the calendar does not close again.
    NeverCloses,
    /// By its rules, the calendar does not open again.
    NeverOpens,
    /// Two dates of which the second lies before the first.
    ReversedDates {
        /// The first date that was given.
        from: NaiveDate,
        /// The date after the last that was given.
        to: NaiveDate,
    },
    /// The length of a day was asked of a composite calendar, which has no week of its own.
    NoDayLength,
    /// A holiday was asked of a composite calendar, which has none of its own.
    NoHolidays,
    /// The cut-off of the calendar was asked of a composite calendar, which has none of its own.
    NoCutOff,
    /// The trace of a clock has more stretches than are kept. Ask for an earlier instant.
    TooManyStretches {
        /// The most that are kept.
        most: usize,
    },
    /// An amount of time less than zero, in the unit of the question.
    Negative {
        /// The amount that was given.
        found: i64,
    },
}

impl QueryError {
    /// Reports whether the question is about an instant or a date of which nothing is known: before or after holidays, zone
    /// data or a horizon, or the instants there are. That a calendar never opens or closes again is known.
    ///
    /// # Example: hours that ended, and holidays that are not known
    ///
    /// ```
    /// use sla::Hours;
    ///
    /// let may = "2026-05-01T00:00:00Z".parse()?;
    /// let ended = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00 through 2026-03-31").compile()?;
    /// assert!(!ended.next_open(may).unwrap_err().is_beyond_knowledge());
    /// let unknown = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").known_through("2026-03-31").compile()?;
    /// assert!(unknown.next_open(may).unwrap_err().is_beyond_knowledge());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_beyond_knowledge(&self) -> bool {
        matches!(
            self,
            Self::BeyondCoverage { .. }
                | Self::BeforeCoverage { .. }
                | Self::BeyondZoneData { .. }
                | Self::OutsideHorizon { .. }
                | Self::Overflow
        )
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InstantOutOfRange { found } => {
                write!(
                    f,
                    "expected an instant from 1900-01-01 to 2200-01-01 UTC, found `{found:?}`"
                )
            }
            Self::LeapSecond { found } => write!(
                f,
                "expected an instant of POSIX time, found the leap second `{found:?}`"
            ),
            Self::Overflow => {
                f.write_str("the result lies outside 1900-01-01 to 2200-01-01 UTC, or does not fit")
            }
            Self::Reversed { from, to } => write!(f, "expected an end not before `{from:?}`, found `{to:?}`"),
            Self::BeyondCoverage { known_through } => {
                write!(f, "no holidays are known after {known_through}")
            }
            Self::BeforeCoverage { known_from } => write!(f, "no holidays are known before {known_from}"),
            Self::BeyondZoneData { known_until } => {
                write!(
                    f,
                    "no zone data from {} on",
                    known_until.to_rfc3339_opts(SecondsFormat::AutoSi, true)
                )
            }
            Self::OutsideHorizon { from, until } => {
                write!(
                    f,
                    "the calendar answers from `{from:?}` until before `{until:?}` only"
                )
            }
            Self::NeverCloses => f.write_str("the calendar never closes"),
            Self::NeverOpens => f.write_str("the calendar never opens again"),
            Self::ReversedDates { from, to } => write!(f, "expected a date not before {from}, found {to}"),
            Self::NoDayLength => f.write_str(
                "a composite calendar has no length of a day: state hours of working time instead",
            ),
            Self::NoHolidays => {
                f.write_str("a composite calendar has no holidays of its own: ask one of its parts")
            }
            Self::NoCutOff => f.write_str(
                "a composite calendar has no cut-off of its own: state a time of day or `at close` instead",
            ),
            Self::TooManyStretches { most } => {
                write!(f, "expected an interval of at most {most} stretches, found more")
            }
            Self::Negative { found } => write!(f, "expected no negative time, found `{found}`"),
        }
    }
}

impl core::error::Error for QueryError {}

#[cfg(test)]
mod tests {
    use super::{PATH_BYTES_MAX, Problem, WHAT_BYTES_MAX};

    #[test]
    fn texts_of_a_problem_are_bounded() {
        let of = |path: usize, what: usize| Problem::new("p".repeat(path), "w".repeat(what));
        let whole = of(PATH_BYTES_MAX, WHAT_BYTES_MAX);
        assert!(!whole.path.contains('…') && !whole.what.contains('…'));
        assert_eq!((whole.path.len(), whole.what.len()), (4_096, 1_024));
        let cut = of(4_097, 1_025);
        assert!(cut.path.contains('…') && cut.what.contains('…'));
        assert!(cut.path.len() <= 4_096 && cut.what.len() <= 1_024);
    }
}

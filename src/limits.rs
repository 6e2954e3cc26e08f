//! The limits: how long, how deep and how many whatever comes from outside may be.
//!
//! This module owns the numbers, and why each is what it is. What is refused past one, and in which words, is left to the
//! module that reads or computes it. Each is tested at its number and one past it; `tests/it/limits.rs` lists where.
//!
//! Ranges of values (years, decimals of a percentage, the longest duration) are not limits in this sense: they belong to
//! the types that have them. So do the sizes of tables and buffers, which change no answer.

// Texts.

/// Bytes of an id, label, status, reason or other name, in a record or in terms: a long sentence fits, a document does not.
pub(crate) const NAME_BYTES_MAX: usize = 500;

/// Bytes of the id of a calendar, a clock or a level: it stands in targets and in tables, without quotes.
pub(crate) const ID_BYTES_MAX: usize = 64;

/// Bytes of the name of anything that closes or opens a calendar: it is repeated in every explanation.
pub(crate) const DAY_NAME_BYTES_MAX: usize = 200;

/// Bytes of the name of a zone: the longest of the IANA database has 32.
pub(crate) const ZONE_NAME_BYTES_MAX: usize = 64;

/// Bytes of one line of weekly hours: a line with 96 windows has 1,160.
pub(crate) const WEEKLY_BYTES_MAX: usize = 1_502;

/// Bytes of a rule for dates, which is a few words.
pub(crate) const DATE_RULE_BYTES_MAX: usize = 500;

/// Digits of a count: those of the largest `u64`.
pub(crate) const COUNT_DIGITS_MAX: usize = 20;

// Errors and explanations, which repeat what they were given.

/// Characters of a refused text that an error repeats: enough to find it by.
pub(crate) const FOUND_CHARS_MAX: usize = 60;

/// Problems that a refusal lists; that there are more is said in one closing line. Nobody mends more at once.
pub(crate) const PROBLEMS_MAX: usize = 1_000;

/// Bytes of the path of a problem: room for an id of the greatest length with every character escaped.
pub(crate) const PATH_BYTES_MAX: usize = 4_096;

/// Bytes of what is wrong. With the two limits above no refusal is longer than 5.2 MB.
pub(crate) const WHAT_BYTES_MAX: usize = 1_024;

/// Inputs that a step lists; more are one sum with its count, so that a statement does not repeat its record.
pub(crate) const INPUTS_MAX: usize = 100;

/// Stretches of the trace of a clock: some two centuries of office hours.
pub(crate) const STRETCHES_MAX: usize = 100_000;

// Records.

/// Events of an incident: more than people write in years, few enough to sort at once.
pub(crate) const EVENTS_MAX: usize = 10_000;

/// Labels of an incident: more than any help desk has fields.
pub(crate) const LABELS_MAX: usize = 64;

// Calendars.

/// Windows that start on one weekday: one for each quarter of an hour. It bounds what a calendar compiles to.
pub(crate) const WINDOWS_PER_DAY_MAX: usize = 96;

/// Lines of weekly hours, in the ordinary week or in a season.
pub(crate) const WEEKLY_LINES_MAX: usize = 200;

/// Lines of weekly hours in all. Each may hold on dates of its own, and so make a week of its own.
pub(crate) const WEEKLY_LINES_IN_ALL_MAX: usize = 1_000;

/// Seasons of a calendar.
pub(crate) const SEASONS_MAX: usize = 100;

/// Days of a season: a leap year.
pub(crate) const SEASON_DAYS_MAX: i64 = 366;

/// Holidays of a calendar: thirty a year for three centuries.
pub(crate) const HOLIDAYS_MAX: usize = 10_000;

/// Ways in which a holiday is observed: one for each weekday.
pub(crate) const OBSERVED_MAX: usize = 7;

/// Days by which a holiday that collides with others is moved on: four weeks, longer than any row of feasts.
pub(crate) const MOVED_DAYS_MAX: i64 = 28;

/// Dates in a year of all rules among the holidays, or among the overrides: as many as a year has.
pub(crate) const DATE_RULES_MAX: usize = 366;

/// Days by which a rule for dates is shifted: a leap year.
pub(crate) const DATE_RULE_OFFSET_DAYS_MAX: i16 = 366;

/// Dates of a range: a quarter. What lasts longer is a season.
pub(crate) const DATE_RANGE_DAYS_MAX: i64 = 92;

/// Overrides, spans added, or spans removed: as many as holidays.
pub(crate) const OVERRIDES_MAX: usize = 10_000;

/// Spans that are added and removed for the same time, as far as they are told.
pub(crate) const CONTRADICTIONS_MAX: usize = 100;

/// Parts of a composite.
pub(crate) const PARTS_MAX: usize = 100;

/// Composites within one another. Nobody follows an explanation through more.
pub(crate) const COMPOSITE_DEPTH_MAX: usize = 16;

/// Calendars of a composite through all composites in it, each counted once: as many as an agreement has.
pub(crate) const PARTS_IN_ALL_MAX: usize = 1_000;

/// Seconds between UTC and local time. No zone has ever been further away (POSIX allows 167 h; such data is refused).
pub(crate) const OFFSET_SECONDS_MAX: i64 = 26 * 3_600;

// Agreements.

/// Entries of any list in an agreement: a few bytes of each are kept with every clock that is counted.
pub(crate) const ENTRIES_MAX: usize = 1_000;

/// Composites of an agreement, each of which is laid out over all the weeks it covers.
pub(crate) const COMPOSITES_MAX: usize = 100;

/// Findings of a statement: levels, each as often as it has subjects. A statement stays readable by a machine.
pub(crate) const FINDINGS_MAX: usize = 10_000;

/// Bands of a level: one for each percent.
pub(crate) const BANDS_MAX: usize = 100;

/// Bytes of the tables of all calendars of an agreement. A composite is a line in the document, and may lay out every week by
/// itself.
pub(crate) const CALENDAR_BYTES_MAX: usize = 32 << 20;

/// Years before the first date in force that calendars answer for: a clock may start with a detection before it.
pub(crate) const YEARS_BEFORE: i32 = 5;

/// Years after the last date in force that calendars answer for: what is opened on it may be due much later.
pub(crate) const YEARS_AFTER: i32 = 10;

/// Days of a trailing period or of a block: ten years.
pub(crate) const PERIOD_DAYS_MAX: u32 = 3_660;

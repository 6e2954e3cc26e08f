//! The clock on which a statement shows its instants to people.
//!
//! This module owns the text of an instant in a table: what the clock of the agreement's zone
//! shows. Documents keep UTC.

use alloc::string::{String, ToString};

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};

use crate::time::instant::rfc3339;
use crate::zone::Zone;

/// How far around an instant the zone may set its clock for the instant to be told apart from
/// another one that shows the same. Clocks were set back by up to a whole day, where a zone changed
/// sides of the date line.
const AROUND: TimeDelta = TimeDelta::hours(24);

/// The clock of a zone; of a statement that was read back, which has no zone data, that of UTC.
///
/// All are equal: how a statement is shown is no part of what it says.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocalClock(Option<Zone>);

impl LocalClock {
    pub(crate) fn of(zone: &Zone) -> Self {
        Self(Some(zone.clone()))
    }

    /// Returns what the clock shows: `2026-03-29 03:05:00`. Where it shows that twice, the offset
    /// follows. Where the zone's data knows nothing, the instant in UTC.
    pub(crate) fn show(&self, at: DateTime<Utc>) -> String {
        let offset = |at| self.0.as_ref()?.offset_at(at).ok();
        let Some((seconds, zone)) =
            offset(at).and_then(|seconds| Some((seconds, FixedOffset::east_opt(seconds)?)))
        else {
            return rfc3339(at);
        };
        let text = at
            .with_timezone(&zone)
            .to_rfc3339_opts(SecondsFormat::AutoSi, false);
        let text = text.replacen('T', " ", 1);
        // The offset is the last six characters, always.
        let (shown, of) = text
            .split_at_checked(text.len().saturating_sub(6))
            .unwrap_or((&text, ""));
        let is_shown_again = [-AROUND, AROUND].into_iter().any(|there| {
            let other = at.checked_add_signed(there).and_then(offset);
            let back = other.and_then(|other| Some((other, seconds.checked_sub(other)?)));
            back.is_some_and(|(other, back)| {
                let twin = at.checked_add_signed(TimeDelta::seconds(i64::from(back)));
                back != 0 && twin.and_then(offset) == Some(other)
            })
        });
        match is_shown_again {
            true => format!("{shown} {of}"),
            false => shown.to_string(),
        }
    }
}

impl PartialEq for LocalClock {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LocalClock {}

#[cfg(all(test, feature = "chrono-tz"))]
mod tests {
    use super::LocalClock;
    use crate::zone::ZoneData;

    #[track_caller]
    fn assert_shown(zone: &str, at: &str, shown: &str) {
        let found = ZoneData::bundled().zone(zone).ok();
        let found = found.and_then(|zone| Some(LocalClock::of(&zone).show(at.parse().ok()?)));
        assert_eq!(found.as_deref(), Some(shown), "{zone} {at}");
    }

    #[test]
    fn the_offset_is_said_where_the_clock_shows_an_instant_twice() {
        for (at, shown) in [
            ("2026-03-29T00:59:59Z", "2026-03-29 01:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29 03:00:00"),
            ("2026-10-24T23:59:59Z", "2026-10-25 01:59:59"),
            ("2026-10-25T00:00:00Z", "2026-10-25 02:00:00 +02:00"),
            ("2026-10-25T00:59:59.5Z", "2026-10-25 02:59:59.500 +02:00"),
            ("2026-10-25T01:00:00Z", "2026-10-25 02:00:00 +01:00"),
            ("2026-10-25T01:59:59Z", "2026-10-25 02:59:59 +01:00"),
            ("2026-10-25T02:00:00Z", "2026-10-25 03:00:00"),
        ] {
            assert_shown("Europe/Paris", at, shown);
        }
        assert_shown(
            "Australia/Lord_Howe",
            "2026-04-04T14:45:00Z",
            "2026-04-05 01:45:00 +11:00",
        );
        assert_shown(
            "Australia/Lord_Howe",
            "2026-04-04T15:15:00Z",
            "2026-04-05 01:45:00 +10:30",
        );
        // A day was repeated.
        assert_shown(
            "Pacific/Kwajalein",
            "1969-09-30T12:30:00Z",
            "1969-09-30 23:30:00 +11:00",
        );
        assert_shown(
            "Pacific/Kwajalein",
            "1969-10-01T11:30:00Z",
            "1969-09-30 23:30:00 -12:00",
        );
    }

    #[test]
    fn what_the_data_does_not_know_is_shown_in_utc() {
        assert_shown("Europe/Paris", "2100-07-01T12:00:00Z", "2100-07-01T12:00:00Z");
        assert_shown("+05:30", "2100-07-01T12:00:00Z", "2100-07-01 17:30:00");
    }
}

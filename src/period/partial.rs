//! Periods of which an agreement is in force on some dates only: the rules there are, and how many days that leaves.
//!
//! This module owns the names of the rules and the count of days. What a rule does to measured time is `availability`'s, what it does to charges is `credit`'s.

use chrono::NaiveDate;

use super::Period;
use crate::time::epoch::EpochDay;

crate::words::words! {
    /// What becomes of a period of which an agreement is in force on some dates only: the first and the last one of most
    /// contracts.
    ///
    /// | | measured time | incidents | charges |
    /// |---|---|---|---|
    /// | `prorate` | the dates in force | of the dates in force | by days: of one for 30 days, 15 in force, a half |
    /// | `assume_up` | the period; the other dates count as up | of the dates in force | as billed |
    /// | `whole` | the period, whatever happened in it | of the period | as billed |
    ///
    /// Days are dates of the calendar: short and long ones alike, and one that a zone skipped too. The rule holds for the
    /// first period and the last, for every level, and for periods of every kind. Where the whole period is agreed time
    /// (`assume_up`, `whole`), calendars of service hours must know all its dates, before and after those in force. Where
    /// an agreement follows another within a period, each of them takes the charges as billed under these two.
    ///
    /// The three readings are found in published agreements: a subscription that starts in mid-month prorates in most
    /// templates; several database and compute providers take the time before a deployment as available.
    ///
    /// # Example: a contract that starts in mid-April
    ///
    /// ```
    /// use chrono::{TimeZone, Utc};
    /// use sla::{Agreement, Record, ZoneData};
    /// use sla::record::{Charge, Fact, Monitoring, Outage};
    ///
    /// let at = |hour| Utc.with_ymd_and_hms(2026, 4, 20, hour, 0, 0).unwrap();
    /// let record: Record = [
    ///     Fact::Monitoring(Monitoring::new("MON-1", "eu", "2026-04-16T00:00:00Z".parse()?)),
    ///     Fact::Outage(Outage::new("OUT-1", "eu", at(8)).until(at(11))), // 3 of 360 hours: 99.1666 %
    ///     Fact::Charge(Charge::new("INV-1", "hosting", "eu", "2026-04".parse()?, "12000.00 EUR".parse()?)),
    /// ]
    /// .into_iter()
    /// .collect();
    /// let owed = |rule: &str| {
    ///     let terms = toml::from_str(&format!(r#"
    ///         id = "acme-2026"
    ///         provider = "Northwind"
    ///         customer = "Acme"
    ///         currency = "EUR"
    ///         zone = "UTC"
    ///         in_force = {{ from = 2026-04-16, through = 2028-04-15, partial_periods = "{rule}" }}
    ///         entities = ["eu"]
    ///         services = ["hosting"]
    ///         [[levels]]
    ///         id = "uptime"
    ///         per = "month"
    ///         availability = {{ target = "99.9 %", known_at_least = "0 %" }}
    ///         credit.bands = [
    ///             {{ below = "99.9 %", at_least = "99.5 %", pays = "10 %" }},
    ///             {{ below = "99.5 %", pays = "25 %" }},
    ///         ]
    ///     "#))?;
    ///     let agreement = Agreement::new(terms)?.compile(&ZoneData::bundled())?;
    ///     let statement = agreement.statement(&record, "2026-04".parse()?, "2026-05-02T00:00:00Z".parse()?)?;
    ///     Ok::<_, Box<dyn std::error::Error>>(statement.totals.net.to_string())
    /// };
    /// assert_eq!(owed("prorate")?, "1500.00 EUR"); // 25 % of 6,000.00
    /// assert_eq!(owed("assume_up")?, "1200.00 EUR"); // 3 of 720 hours: 99.5833 %, 10 % of 12,000.00
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub enum PartialPeriods {
        /// Only the dates in force count, for time and charges alike. A charge counts by the days of its own period that are
        /// in force; one that was billed for those only says so by its period, as `15 days ending 2026-04-30`.
        Prorate = "prorate",
        /// The other dates count as up, whatever is known of them. They neither add to coverage nor take from it, and where
        /// nothing is known of the dates in force, the level is not judged. Charges count as billed.
        AssumeUp = "assume_up",
        /// The whole period counts, as if the agreement were in force on every date of it.
        Whole = "whole",
    }
}

/// The dates on which something is in force: from `first` until before `day_after`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatesInForce {
    pub(crate) first: NaiveDate,
    pub(crate) day_after: NaiveDate,
}

impl DatesInForce {
    /// Those of them that a period has. `None` if it has none.
    pub(crate) fn within(self, period: Period) -> Option<Self> {
        let (first, day_after) = (
            self.first.max(period.first_day()),
            self.day_after.min(period.day_after()),
        );
        (first < day_after).then_some(Self { first, day_after })
    }

    /// How many dates of a period are among them.
    pub(crate) fn days_of(self, period: Period) -> u32 {
        self.within(period)
            .map_or(0, |common| days_between(common.first, common.day_after))
    }
}

impl Period {
    /// Returns how many dates it has.
    ///
    /// # Example: a cycle over February
    ///
    /// ```
    /// let cycle: sla::Period = "2026-02-15 monthly".parse()?;
    /// assert_eq!(cycle.days(), 28);
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn days(self) -> u32 {
        days_between(self.first_day(), self.day_after())
    }
}

/// From a date to one that is not before it, within three centuries.
fn days_between(first: NaiveDate, day_after: NaiveDate) -> u32 {
    let days = EpochDay::of_date(day_after).since(EpochDay::of_date(first));
    debug_assert!((0..=i64::from(u32::MAX)).contains(&days));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as asserted"
    )]
    let days = days as u32;
    days
}

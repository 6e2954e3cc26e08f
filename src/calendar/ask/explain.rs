//! The question why a calendar is open or closed.
//!
//! This module owns the limits of what can be asked. Which reason holds is left to `compile`.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::calendar::compile::explain::Stretch;
use crate::error::QueryError;
use crate::time::interval::Interval;

use super::calendar::Calendar;

impl Calendar {
    /// Every stretch of an interval, with the rule that opened or closed it. Together they cover it without gaps; those
    /// that are open sum to [`Calendar::elapsed`].
    ///
    /// What closes is the last layer that did so: a holiday is named where service hours would run without it, so that its
    /// stretches sum to what it costs.
    ///
    /// # Errors
    ///
    /// See [questions](#questions), and [`QueryError::Reversed`].
    ///
    /// # Example
    ///
    /// ```
    /// let desk = sla::Hours::in_zone("UTC")
    ///     .weekly("Mon-Fri 09:00-17:00")
    ///     .holiday("12-25", "Christmas")
    ///     .override_day("12-24", "until 13:00", "Christmas Eve")
    ///     .compile()?;
    /// let (from, to) = ("2026-12-24T09:00:00Z".parse().unwrap(), "2026-12-26T00:00:00Z".parse().unwrap());
    /// let stretches: Vec<String> =
    ///     desk.explain(from, to).unwrap().iter().map(|stretch| stretch.to_string()).collect();
    /// assert_eq!(stretches, [
    ///     "2026-12-24T09:00:00Z/2026-12-24T13:00:00Z open: Mon-Fri 09:00-17:00",
    ///     "2026-12-24T13:00:00Z/2026-12-24T17:00:00Z closed: Christmas Eve",
    ///     "2026-12-24T17:00:00Z/2026-12-25T09:00:00Z closed: outside service hours",
    ///     "2026-12-25T09:00:00Z/2026-12-25T17:00:00Z closed: Christmas",
    ///     "2026-12-25T17:00:00Z/2026-12-26T00:00:00Z closed: outside service hours",
    /// ]);
    /// # Ok::<(), sla::Problems>(())
    /// ```
    ///
    /// # Cost
    ///
    /// Walks the days of the interval: n log n in their windows, times the lines of weekly hours.
    pub fn explain(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Stretch>, QueryError> {
        self.explain_between(Interval::new(from, to)?)
    }

    pub(crate) fn explain_between(&self, asked: Interval) -> Result<Vec<Stretch>, QueryError> {
        self.covered(asked)?;
        Ok(self.source().explain(asked))
    }
}

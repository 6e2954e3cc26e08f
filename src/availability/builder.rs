//! From raw facts to time as it was spent: the pipeline of the [module](super), step by step.
//!
//! This module owns [`AvailabilityBuilder`], which takes the facts of one entity and measures them.
//! Which facts an agreement counts is left to the terms.

use alloc::string::String;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::calendar::Calendar;
use crate::error::QueryError;
use crate::measure::Evidence;
use crate::measure::time::Availability;
use crate::record::{Maintenance, Monitoring, Notice, Outage};
use crate::time::amount::WallTime;
use crate::time::instant::{Instant, rfc3339};
use crate::time::interval::{Interval, IntervalSet};
use crate::time::written::WrittenTime;

impl Availability {
    /// Creates a measurement over a period, as known at `as_of`.
    ///
    /// # Example: a day that was watched
    ///
    /// ```
    /// use sla::Interval;
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::Monitoring;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let spent = Availability::over(day, day.end())
    ///     .with_monitoring(&[Monitoring::new("MON-1", "eu", day.start())])
    ///     .measure()?;
    /// assert_eq!(spent.ratio(), Ratio::new(1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn over<'a>(over: Interval, as_of: DateTime<Utc>) -> AvailabilityBuilder<'a> {
        AvailabilityBuilder {
            over,
            as_of,
            assumed_outside: None,
            service_hours: None,
            outages: Vec::new(),
            maintenance: Vec::new(),
            monitoring: Vec::new(),
        }
    }
}

/// A measurement that is being prepared from the facts of **one** entity. Created by
/// [`Availability::over`].
///
/// # Example: one outage in a day
///
/// ```
/// use sla::{Interval, WallTime};
/// use sla::measure::Availability;
/// use sla::record::{Monitoring, Outage};
///
/// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
/// let outage = Outage::new("OUT-1", "eu", "2026-04-01T10:00:00Z".parse()?)
///     .until("2026-04-01T11:00:00Z".parse()?);
/// let spent = Availability::over(day, day.end())
///     .with_monitoring(&[Monitoring::new("MON-1", "eu", day.start())])
///     .with_outages(&[outage])
///     .measure()?;
/// assert_eq!((spent.up, spent.down), (WallTime::hours(23), WallTime::hours(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AvailabilityBuilder<'a> {
    over: Interval,
    as_of: DateTime<Utc>,
    assumed_outside: Option<Interval>,
    service_hours: Option<&'a Calendar>,
    outages: Vec<&'a Outage>,
    maintenance: Vec<Work<'a>>,
    monitoring: Vec<&'a Monitoring>,
}

/// Maintenance, and how early it must be announced to be excluded.
#[derive(Debug, Clone)]
struct Work<'a> {
    work: &'a Maintenance,
    notice: Option<WallTime>,
}

impl<'a> AvailabilityBuilder<'a> {
    /// Returns the measurement with service hours: only the time while they run is agreed.
    ///
    /// # Example: an office day
    ///
    /// ```
    /// use sla::{Hours, Interval, WallTime};
    /// use sla::measure::Availability;
    ///
    /// let desk = Hours::in_zone("UTC").weekly("Mon-Fri 09:00-17:00").compile()?;
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let spent = Availability::over(day, day.end()).with_service_hours(&desk).measure()?;
    /// assert_eq!(spent.agreed, WallTime::hours(8));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_service_hours(self, service_hours: &'a Calendar) -> Self {
        Self {
            service_hours: Some(service_hours),
            ..self
        }
    }

    /// Returns the measurement with facts counting only within `within`. Agreed time outside it is
    /// up by agreement, such as the days of a month before an agreement is in force.
    ///
    /// # Example: an agreement that starts on 16 April
    ///
    /// ```
    /// use chrono::{TimeZone, Utc};
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::number::Ratio;
    /// use sla::record::{Monitoring, Outage};
    ///
    /// let at = |day, hour| Utc.with_ymd_and_hms(2026, 4, day, hour, 0, 0).unwrap();
    /// let april = Interval::new(at(1, 0), Utc.with_ymd_and_hms(2026, 5, 1, 0, 0, 0).unwrap())?;
    /// let availability = Availability::over(april, april.end())
    ///     .assuming_up_outside(Interval::new(at(16, 0), april.end())?)
    ///     .with_monitoring(&[Monitoring::new("MON-1", "eu", at(1, 0))])
    ///     .with_outages(&[Outage::new("OUT-1", "eu", at(15, 22)).until(at(16, 3))])
    ///     .measure()?;
    /// assert_eq!(availability.assumed_up, WallTime::hours(360));
    /// assert_eq!(availability.ratio(), Ratio::new(717, 720));
    /// # Ok::<(), sla::error::QueryError>(())
    /// ```
    #[must_use]
    pub fn assuming_up_outside(self, within: Interval) -> Self {
        Self {
            assumed_outside: Some(within),
            ..self
        }
    }

    /// Returns the measurement with outages added. All of them count; where they overlap, they
    /// count once.
    ///
    /// # Example: two records of one failure
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::record::Outage;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let seen_by = |probe: &str| Outage::new(probe, "eu", day.start()).until(day.end());
    /// let spent = Availability::over(day, day.end()).with_outages(&[seen_by("A"), seen_by("B")]).measure()?;
    /// assert_eq!(spent.down, WallTime::hours(24));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_outages(mut self, outages: impl IntoIterator<Item = &'a Outage>) -> Self {
        self.outages.extend(outages);
        self
    }

    /// Returns the measurement with maintenance added. It is excluded if it was announced at least
    /// `notice` before its announced start. Without a required notice (`None`), all of it is
    /// downtime.
    ///
    /// # Example: announced too late
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::record::{Maintenance, Notice};
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let (start, end) = ("2026-04-01T02:00:00Z".parse()?, "2026-04-01T04:00:00Z".parse()?);
    /// let work = Maintenance::new("CHG-1", "eu", start)
    ///     .until(end)
    ///     .with_notice(Notice { at: "2026-03-31T20:00:00Z".parse()?, start, end });
    /// let excluded = |notice| -> Result<WallTime, sla::error::QueryError> {
    ///     let builder = Availability::over(day, day.end()).with_maintenance([&work], notice);
    ///     Ok(builder.measure()?.excluded)
    /// };
    /// assert_eq!(excluded(Some(WallTime::hours(6)))?, WallTime::hours(2));
    /// assert_eq!(excluded(Some(WallTime::hours(48)))?, WallTime::ZERO);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_maintenance(
        mut self,
        maintenance: impl IntoIterator<Item = &'a Maintenance>,
        notice: Option<WallTime>,
    ) -> Self {
        self.maintenance
            .extend(maintenance.into_iter().map(|work| Work { work, notice }));
        self
    }

    /// Returns the measurement with monitoring added: the times during which the entity was
    /// watched.
    ///
    /// # Example: watched for half a day
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::record::Monitoring;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let watch = Monitoring::new("MON-1", "eu", "2026-04-01T12:00:00Z".parse()?);
    /// let spent = Availability::over(day, day.end()).with_monitoring(&[watch]).measure()?;
    /// assert_eq!((spent.up, spent.unknown), (WallTime::hours(12), WallTime::hours(12)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_monitoring(mut self, monitoring: impl IntoIterator<Item = &'a Monitoring>) -> Self {
        self.monitoring.extend(monitoring);
        self
    }

    /// Returns how the agreed time was spent.
    ///
    /// # Example: a day that nobody watched
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let spent = Availability::over(day, day.end()).measure()?;
    /// assert_eq!(spent.unknown, WallTime::hours(24));
    /// assert_eq!(spent.ratio(), None); // nothing is known
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError`] if a fact ends before it starts, an instant is out of range, or the calendar
    /// cannot answer for the period.
    ///
    /// # Cost
    ///
    /// n log n in the number of facts, and linear in the openings of the calendar within the
    /// period.
    pub fn measure(&self) -> Result<Availability, QueryError> {
        self.spent().map(|(spent, _)| spent)
    }

    /// Returns the downtime, merged. Its total is [`Availability::down`].
    ///
    /// # Example: two outages that touch
    ///
    /// ```
    /// use sla::{Interval, WallTime};
    /// use sla::measure::Availability;
    /// use sla::record::Outage;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let noon = "2026-04-01T12:00:00Z".parse()?;
    /// let downtime = Availability::over(day, day.end())
    ///     .with_outages(&[
    ///         Outage::new("OUT-1", "eu", "2026-04-01T11:00:00Z".parse()?).until(noon),
    ///         Outage::new("OUT-2", "eu", noon).until("2026-04-01T13:00:00Z".parse()?),
    ///     ])
    ///     .downtime()?;
    /// assert_eq!(downtime.iter().count(), 1);
    /// assert_eq!(downtime.total(), WallTime::hours(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError`], as for [`AvailabilityBuilder::measure`].
    ///
    /// # Cost
    ///
    /// As [`AvailabilityBuilder::measure`].
    pub fn downtime(&self) -> Result<IntervalSet, QueryError> {
        self.spent().map(|(_, downtime)| downtime)
    }

    /// How the agreed time was spent, and the downtime, merged.
    pub(crate) fn spent(&self) -> Result<(Availability, IntervalSet), QueryError> {
        let as_of = Instant::new(self.as_of)?;
        let Sorted {
            agreed,
            within,
            past,
            counted,
        } = self.sorted(as_of)?;
        let mut down = Vec::with_capacity(self.outages.len());
        for outage in &self.outages {
            down.push(span(outage.start, outage.end, as_of)?);
        }
        for Work { work, .. } in &self.maintenance {
            down.push(span(work.start, work.end, as_of)?);
        }
        let watched = self
            .monitoring
            .iter()
            .map(|watch| span(watch.start, watch.end, as_of));
        let watched: IntervalSet = watched.collect::<Result<Vec<_>, _>>()?.into_iter().collect();
        let down = counted.intersection(&down.into_iter().collect());
        let other = counted.difference(&down);
        let spent = Availability {
            agreed,
            up: other.intersection(&watched).total(),
            down: down.total(),
            unknown: other.difference(&watched).total(),
            excluded: past.total().saturating_sub(counted.total()),
            pending: within.saturating_sub(past.total()),
            assumed_up: agreed.saturating_sub(within),
        };
        Ok((spent, down))
    }

    /// Returns the facts that made the downtime, and why each counts, by start. Where they overlap
    /// they still count once only, so their times may sum to more than [`Availability::down`].
    ///
    /// # Example: why a time is downtime
    ///
    /// ```
    /// use sla::Interval;
    /// use sla::measure::Availability;
    /// use sla::record::Outage;
    ///
    /// let day = Interval::new("2026-04-01T00:00:00Z".parse()?, "2026-04-02T00:00:00Z".parse()?)?;
    /// let outage = Outage::new("OUT-1", "eu", day.start()).until(day.end()).with_impact("major");
    /// let evidence = Availability::over(day, day.end()).with_outages(&[outage]).evidence()?;
    /// assert_eq!(evidence[0].why, "outage of impact `major`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`QueryError`], as for [`AvailabilityBuilder::measure`].
    ///
    /// # Cost
    ///
    /// n log n in the number of facts, and linear in the openings of the calendar within the
    /// period.
    pub fn evidence(&self) -> Result<Vec<Evidence>, QueryError> {
        let as_of = Instant::new(self.as_of)?;
        let counted = Sums::of(&self.sorted(as_of)?.counted);
        let mut evidence = Vec::new();
        for outage in &self.outages {
            let why = match &outage.impact {
                Some(impact) => format!("outage of impact `{impact}`"),
                None => String::from("outage"),
            };
            let over = span(outage.start, outage.end, as_of)?;
            evidence.extend(counted.evidence(format!("outages[{}]", outage.id), over, why));
        }
        for announced in &self.maintenance {
            let over = span(announced.work.start, announced.work.end, as_of)?;
            let fact = format!("maintenance[{}]", announced.work.id);
            evidence.extend(counted.evidence(fact, over, announced.why_not_planned()));
        }
        evidence.sort_by(|left, right| (left.from, &left.fact).cmp(&(right.from, &right.fact)));
        Ok(evidence)
    }

    /// The first three steps of the pipeline: agreed time, what of it facts count in, what of that
    /// has passed, and that without what is excluded.
    fn sorted(&self, as_of: Instant) -> Result<Sorted, QueryError> {
        let all = match self.service_hours {
            Some(calendar) => calendar.open_between(self.over)?,
            None => IntervalSet::from(self.over),
        };
        let agreed = all.total();
        let within = match self.assumed_outside {
            Some(within) => all.clip(within),
            None => all,
        };
        let past = within.clip(Interval::clamped(Instant::MIN, as_of));
        let mut excluded = Vec::new();
        for announced in &self.maintenance {
            let over = span(announced.work.start, announced.work.end, as_of)?;
            excluded.extend(announced.planned()?.map(|planned| planned.intersection(&over)));
        }
        let counted = past.difference(&excluded.into_iter().collect());
        Ok(Sorted {
            agreed,
            within: within.total(),
            past,
            counted,
        })
    }
}

impl Work<'_> {
    /// The time that work was announced for, if it was announced early enough.
    fn planned(&self) -> Result<Option<Interval>, QueryError> {
        let (Some(required), Some(notice)) = (self.notice, &self.work.notice) else {
            return Ok(None);
        };
        let announced = Interval::new(notice.start, notice.end)?;
        Ok((notice_given(notice)? >= Some(required)).then_some(announced))
    }

    /// Why work, or the part of it that is not excluded, is downtime.
    fn why_not_planned(&self) -> String {
        match (
            self.notice,
            &self.work.notice,
            self.work.notice.as_ref().map(notice_given),
        ) {
            (None, ..) => String::from("maintenance, which these terms do not exclude"),
            (Some(_), None, _) => String::from("maintenance that was not announced"),
            (Some(required), Some(_), Some(Ok(Some(given)))) if given < required => format!(
                "maintenance announced {} ahead, where {} are required",
                WrittenTime::from(given),
                WrittenTime::from(required)
            ),
            (Some(_), Some(notice), Some(Ok(Some(_)))) => format!(
                "maintenance outside the announced time ({} until {})",
                rfc3339(notice.start),
                rfc3339(notice.end)
            ),
            _ => String::from("maintenance announced only after its announced start"),
        }
    }
}

/// Time sorted by what can count.
struct Sorted {
    agreed: WallTime,
    within: WallTime,
    past: IntervalSet,
    counted: IntervalSet,
}

/// Disjoint time with running sums, so that how much of it lies within a fact takes two searches.
struct Sums {
    set: Vec<Interval>,
    /// The length of all intervals before each.
    before: Vec<WallTime>,
}

impl Sums {
    fn of(set: &IntervalSet) -> Self {
        let set: Vec<Interval> = set.iter().copied().collect();
        let lengths = set.iter().scan(WallTime::ZERO, |sum, interval| {
            let before = *sum;
            *sum = sum.saturating_add(interval.length());
            Some(before)
        });
        Self {
            before: lengths.collect(),
            set,
        }
    }

    /// `None` if nothing of the fact counts.
    fn evidence(&self, fact: String, over: Interval, why: String) -> Option<Evidence> {
        let first = self
            .set
            .partition_point(|interval| interval.until() <= over.from());
        let end = self
            .set
            .partition_point(|interval| interval.from() < over.until());
        let last = end.checked_sub(1)?;
        let (head, tail) = (self.set.get(first)?, self.set.get(last)?);
        let (from, until) = (head.from().max(over.from()), tail.until().min(over.until()));
        if last < first || until <= from {
            return None;
        }
        // Up to the end of the last interval, less what the fact does not reach at either side.
        let whole = self
            .before
            .get(last)?
            .saturating_add(tail.length())
            .saturating_sub(*self.before.get(first)?);
        let missed = Interval::clamped(head.from(), from).length();
        let missed = missed.saturating_add(Interval::clamped(until, tail.until()).length());
        Some(Evidence {
            fact,
            from: from.to_utc(),
            until: until.to_utc(),
            down: whole.saturating_sub(missed),
            why,
        })
    }
}

/// How long before the announced start the announcement was made; `None` if it was made after it.
fn notice_given(notice: &Notice) -> Result<Option<WallTime>, QueryError> {
    let (at, start) = (Instant::new(notice.at)?, Instant::new(notice.start)?);
    Ok((at <= start).then(|| WallTime::nanoseconds(at.nanos_until(start))))
}

/// From the start until the end, or until the instant of asking for what lasts. Empty if it starts
/// after that.
fn span(start: DateTime<Utc>, end: Option<DateTime<Utc>>, as_of: Instant) -> Result<Interval, QueryError> {
    match end {
        Some(end) => Interval::new(start, end),
        None => Ok(Interval::clamped(Instant::new(start)?, as_of)),
    }
}

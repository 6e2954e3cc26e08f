//! TBD
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod agreement;
mod allowance;
mod availability;
mod calendar;
mod clock;
mod credit;
mod error;
mod finding;
mod fingerprint;
mod instant;
mod interval;
mod money;
mod period;
mod ratio;
mod record;
mod statement;
mod text;
mod zone;

pub use agreement::{
    Agreement, AttainmentTerms, CompiledAgreement, Draft, Effective, Measure, NamedCalendar, ServiceLevel,
    Terms,
};
pub use allowance::{Allowance, WallTime, WorkingTime};
pub use availability::{Availability, AvailabilityTerms, Measurement};
pub use calendar::{Calendar, Holiday, Hours, OvernightOnHoliday, Stretch, StretchReason, Weekly};
pub use clock::{
    Breach, CalendarChange, Clock, ClockTerms, CountBy, Cycle, Goal, Outcome, Reading, Rules, SeverityTarget,
    Span, SpanKind, Start, State, Stop, Tally,
};
pub use credit::{Band, Cap, CreditLine, CreditTerms, Selector, Totals};
pub use error::{ParseError, Problem, Problems, QueryError};
pub use finding::{Basis, Finding, Margin, Outlook, Prospect, Verdict};
pub use fingerprint::Fingerprint;
pub use interval::{Interval, IntervalSet};
pub use money::{Currency, Money};
pub use period::{Date, Period, PeriodKind};
pub use ratio::{Ratio, Share, Target};
pub use record::{
    Adjustment, Change, Charge, ChargeKind, Event, EventKind, EventName, Fact, History, Incident,
    Maintenance, Monitoring, Notice, Outage, Record,
};
pub use statement::{
    Attainment, BreachedClock, CreditOutlook, ExcusedClock, PendingClock, Provenance, Standing, Statement,
    ZoneProvenance,
};
pub use zone::{Zone, ZoneData, ZoneName};

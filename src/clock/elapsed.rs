//! Time that a clock counted: working time or wall time, never one in the place of the other.
//!
//! This module owns [`Elapsed`]. Which of the two a clock counts is its target's choice.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::time::amount::{WallTime, WorkingTime};

/// An amount of time that a clock counted or has left: working time or wall time, as its target
/// says.
///
/// The two kinds never compare equal. As a document: `{ working = "PT8H" }` or `{ wall = "PT8H" }`.
///
/// # Example: eight office hours are not eight hours
///
/// ```
/// use sla::{WallTime, WorkingTime};
/// use sla::clock::Elapsed;
///
/// let office = Elapsed::from(WorkingTime::hours(8));
/// let always = Elapsed::from(WallTime::hours(8));
/// assert_ne!(office, always);
/// assert_eq!(office.to_string(), "PT8H working");
/// assert_eq!(always.to_string(), "PT8H wall");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(crate = "crate::text::tables", rename_all = "snake_case")]
pub enum Elapsed {
    /// Time counted on the calendar of the target.
    Working(WorkingTime),
    /// Time counted day and night.
    Wall(WallTime),
}

impl Elapsed {
    /// Returns the amount in nanoseconds, whichever kind it is.
    ///
    /// # Example: one minute
    ///
    /// ```
    /// use sla::WallTime;
    /// use sla::clock::Elapsed;
    ///
    /// assert_eq!(Elapsed::Wall(WallTime::minutes(1)).as_nanoseconds(), 60_000_000_000);
    /// ```
    pub const fn as_nanoseconds(self) -> u64 {
        match self {
            Self::Working(time) => time.as_nanoseconds(),
            Self::Wall(time) => time.as_nanoseconds(),
        }
    }
}

impl From<WorkingTime> for Elapsed {
    fn from(time: WorkingTime) -> Self {
        Self::Working(time)
    }
}

impl From<WallTime> for Elapsed {
    fn from(time: WallTime) -> Self {
        Self::Wall(time)
    }
}

/// The amount and its kind: `PT8H working`.
impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working(time) => write!(f, "{time} working"),
            Self::Wall(time) => write!(f, "{time} wall"),
        }
    }
}

crate::fingerprint::canonical_text!(Elapsed);

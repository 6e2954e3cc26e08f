//! One event of an incident at its instant, and what orders events.
//!
//! This module owns that order: by instant, sequence and content, never by the place in the input.
//! Which orders are possible is left to `sequence`.

use core::cmp::Ordering;

use super::events::{Adjustment, EventKind};
use crate::fingerprint::{Canonical, Encoder};
use crate::time::instant::Instant;

/// An event at its instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<'a> {
    pub(crate) at: Instant,
    pub(crate) sequence: Option<u64>,
    pub(crate) kind: &'a EventKind,
    /// Where it stands in the input, for the paths of problems.
    pub(crate) index: usize,
}

impl<'a> Placed<'a> {
    /// What orders events: never their place in the input.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        (self.at, self.sequence)
            .cmp(&(other.at, other.sequence))
            .then_with(|| self.kind.cmp(other.kind))
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }

    pub(super) fn adjustment(&self) -> Option<&'a Adjustment> {
        match self.kind {
            EventKind::Adjusted(adjustment) => Some(adjustment),
            _ => None,
        }
    }
}

impl Canonical for Placed<'_> {
    /// As the event is encoded.
    fn encode(&self, to: &mut Encoder) {
        to.list(3);
        to.integer(i128::from(self.at.epoch_nanos()));
        self.sequence.encode(to);
        self.kind.encode(to);
    }
}

//! SHA-256 fingerprints of terms, records and zone data.
//!
//! This module owns the canonical encoding that is hashed. Each type says in its own module which of its parts
//! enter the encoding, and in which order.
//!
//! # The encoding
//!
//! A value is written as one tag byte, eight bytes of length (big-endian), and that many bytes:
//!
//! | tag | value | bytes |
//! |---|---|---|
//! | `t` | text | UTF-8 |
//! | `i` | integer | sixteen bytes, big-endian two's complement |
//! | `n` | nothing (an absent option) | none |
//! | `l` | list, or the fields of a struct in order | eight bytes: how many values follow |
//!
//! Since every value states its length, two different sequences of values never have the same bytes. Values with
//! a text form (dates, durations, percentages, money) are written as that text; instants as nanoseconds since 1970;
//! enum variants as their name, followed by their content. A map is a list of keys and values in the order of keys.
//!
//! A **record's** fingerprint is the sum of the SHA-256 digests of its distinct facts, as 256-bit big-endian numbers
//! modulo 2²⁵⁶. It does not depend on the order of facts, and parts of a record add up to the whole. It tells
//! records apart; it is no defence against somebody who constructs facts to collide.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::error::ParseError;

/// A SHA-256 fingerprint, written as 64 hexadecimal digits.
///
/// # Example: two names of one zone
///
/// ```
/// let zones = sla::ZoneData::bundled();
/// let rome = zones.zone("Europe/Rome")?.fingerprint();
/// assert_eq!(rome, zones.zone("Europe/Vatican")?.fingerprint());
/// assert_eq!(rome.to_string().parse(), Ok(rome));
/// assert_eq!(rome.to_string().len(), 64);
/// # Ok::<(), sla::error::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Returns the 32 bytes.
    ///
    /// # Example: the first byte in hexadecimal digits
    ///
    /// ```
    /// let fingerprint = sla::ZoneData::bundled().zone("UTC")?.fingerprint();
    /// assert!(fingerprint.to_string().starts_with(&format!("{:02x}", fingerprint.as_bytes()[0])));
    /// # Ok::<(), sla::error::ParseError>(())
    /// ```
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The fingerprint of one value in the canonical encoding.
    pub(crate) fn of(value: &(impl Canonical + ?Sized)) -> Self {
        let mut encoder = Encoder::new();
        value.encode(&mut encoder);
        encoder.finish()
    }

    /// The sum modulo 2²⁵⁶, by which the fingerprints of facts combine in any order.
    pub(crate) fn plus(self, other: Self) -> Self {
        let mut sum = [0_u8; 32];
        let mut carry = 0_u16;
        for ((out, left), right) in sum.iter_mut().zip(self.0).zip(other.0).rev() {
            let digit = u16::from(left).wrapping_add(u16::from(right)).wrapping_add(carry);
            let [high, low] = digit.to_be_bytes();
            *out = low;
            carry = u16::from(high);
        }
        Self(sum)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new("64 lower-case hexadecimal digits", text);
        let plain = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0_u8; 32];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let digits =
                plain.then(|| text.get(index.saturating_mul(2)..index.saturating_mul(2).saturating_add(2)));
            let digits = digits.flatten().ok_or_else(error)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| error())?;
        }
        Ok(Self(bytes))
    }
}

crate::text::serde_as_text!(Fingerprint);

/// Writes values in the canonical encoding. They are gathered and hashed many at a time: a fact has dozens of values of a
/// few bytes, each of which would cost as much as a block of the hash.
pub(crate) struct Encoder {
    /// What is not hashed yet.
    bytes: Vec<u8>,
    hash: Sha256,
}

/// From how many bytes on they are hashed, so that terms of any size take no memory.
const HASHED_AT: usize = 4_096;

impl Encoder {
    fn new() -> Self {
        Self {
            bytes: Vec::with_capacity(1_024),
            hash: Sha256::new(),
        }
    }

    fn finish(mut self) -> Fingerprint {
        self.hash.update(&self.bytes);
        Fingerprint(self.hash.finalize().into())
    }

    fn value(&mut self, tag: u8, bytes: &[u8]) {
        if self.bytes.len() >= HASHED_AT {
            self.hash.update(&self.bytes);
            self.bytes.clear();
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        if bytes.len() >= HASHED_AT {
            self.hash.update(&self.bytes);
            self.bytes.clear();
            self.hash.update(bytes);
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.value(b't', text.as_bytes());
    }

    pub(crate) fn integer(&mut self, integer: i128) {
        self.value(b'i', &integer.to_be_bytes());
    }

    pub(crate) fn nothing(&mut self) {
        self.value(b'n', &[]);
    }

    pub(crate) fn list(&mut self, length: usize) {
        self.value(b'l', &u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }
}

/// A value with a canonical encoding.
pub(crate) trait Canonical {
    fn encode(&self, to: &mut Encoder);
}

impl Canonical for str {
    fn encode(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl<T: Canonical + ?Sized> Canonical for &T {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl Canonical for String {
    fn encode(&self, to: &mut Encoder) {
        to.text(self);
    }
}

impl Canonical for u64 {
    fn encode(&self, to: &mut Encoder) {
        to.integer(i128::from(*self));
    }
}

impl Canonical for DateTime<Utc> {
    /// Nanoseconds since 1970. A `DateTime` outside the range of instants is refused before anything is hashed.
    fn encode(&self, to: &mut Encoder) {
        let seconds = i128::from(self.timestamp()).saturating_mul(1_000_000_000);
        to.integer(seconds.saturating_add(i128::from(self.timestamp_subsec_nanos())));
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn encode(&self, to: &mut Encoder) {
        match self {
            Some(value) => value.encode(to),
            None => to.nothing(),
        }
    }
}

impl<T: Canonical> Canonical for Vec<T> {
    fn encode(&self, to: &mut Encoder) {
        to.list(self.len());
        self.iter().for_each(|value| value.encode(to));
    }
}

impl<T: Canonical> Canonical for alloc::collections::BTreeMap<String, T> {
    fn encode(&self, to: &mut Encoder) {
        to.list(self.len());
        for (key, value) in self {
            key.encode(to);
            value.encode(to);
        }
    }
}

/// Encodes a leaf as the text it is written as.
pub(crate) fn encode_text(leaf: &impl ToString, to: &mut Encoder) {
    to.text(&leaf.to_string());
}

/// Implements the encoding of leaves as their text.
macro_rules! canonical_text {
    ($($name:ty),+ $(,)?) => {$(
        impl crate::fingerprint::Canonical for $name {
            fn encode(&self, to: &mut crate::fingerprint::Encoder) {
                crate::fingerprint::encode_text(self, to);
            }
        }
    )+};
}
pub(crate) use canonical_text;

/// Implements the encoding of a struct as a list of its fields. Naming every field is the point: the pattern has no
/// `..`, so a field that is added and not encoded does not compile.
macro_rules! canonical_struct {
    ($name:ty { $($field:ident),+ $(,)? } $(skip { $($skipped:ident),+ })?) => {
        impl crate::fingerprint::Canonical for $name {
            fn encode(&self, to: &mut crate::fingerprint::Encoder) {
                let Self { $($field,)+ $($($skipped: _,)+)? } = self;
                to.list([$(stringify!($field)),+].len());
                $(crate::fingerprint::Canonical::encode($field, to);)+
            }
        }
    };
}
pub(crate) use canonical_struct;

canonical_text!(Fingerprint);

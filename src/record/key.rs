//! What a fact is known by.
//!
//! This module owns the key of a fact and its one text. What the kinds are is left to `kind`.

use alloc::string::{String, ToString};
use core::fmt;

use super::kind::{Fact, FactKind};
use crate::error::hidden::is_hidden;

/// The key of a fact: its kind, and its id among facts of that kind.
///
/// Its text is the place at which a problem with the fact is reported. Different keys never look
/// alike: hidden characters are escaped, and so is the backslash that begins an escape.
///
/// # Example: an id that would be read from right to left
///
/// ```
/// use sla::record::{FactKey, FactKind};
///
/// let key = |id: &str| FactKey { kind: FactKind::Incident, id: id.into() };
/// assert_eq!(key("INC-7").to_string(), "incidents[INC-7]");
/// assert_eq!(key("INC-\u{202e}7").to_string(), r"incidents[INC-\u{202e}7]");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactKey {
    /// The kind of the fact.
    pub kind: FactKind,
    /// The id of the fact, unique among facts of its kind.
    pub id: String,
}

impl Fact {
    /// Returns the key of the fact. The path of each problem with the fact begins with it.
    ///
    /// # Example: where a problem is reported
    ///
    /// ```
    /// use sla::record::{Fact, Outage};
    ///
    /// let fact: Fact = Outage::new("OUT-7", "", "2026-03-01T01:00:00Z".parse()?).into();
    /// let problems = fact.check().unwrap_err();
    /// assert!(problems.to_string().starts_with(&format!("{}.entity: ", fact.key())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key(&self) -> FactKey {
        FactKey {
            kind: self.kind(),
            id: self.id().to_string(),
        }
    }
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, self.kind, &self.id)
    }
}

/// Writes the text of a key.
pub(super) fn write_key(to: &mut impl fmt::Write, kind: FactKind, id: &str) -> fmt::Result {
    write!(to, "{}[", kind.plural())?;
    for one in id.chars() {
        if one == '\\' {
            to.write_str("\\\\")?;
        } else if is_hidden(one) {
            write!(to, "{}", one.escape_unicode())?;
        } else {
            to.write_char(one)?;
        }
    }
    to.write_char(']')
}

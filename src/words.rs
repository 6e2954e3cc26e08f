//! Enums whose variants are words: `opened`, `prorate`, `not_judged`.
//!
//! This module owns how such an enum is read and written, once for all of them. Which words there are, and what each
//! means, is left to the module that defines the enum.

/// Defines an enum each of whose variants is one word of documents and statements, and everything by which such an enum
/// is read and written: `Display`, `FromStr` with the words that there are, serde, and the canonical encoding.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(#[$first_meta:meta])* $first:ident = $first_word:literal,
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[$first_meta])* $first,
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// The word of a document.
            pub(crate) const fn word(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }
        }

        /// The word of a document.
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.word())
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::error::ParseError;

            fn from_str(text: &str) -> Result<Self, crate::error::ParseError> {
                match text {
                    $first_word => Ok(Self::$first),
                    $($word => Ok(Self::$variant),)*
                    _ => Err(crate::error::ParseError::new(
                        concat!("`", $first_word, "`" $(, " or `", $word, "`")*),
                        text,
                    )),
                }
            }
        }

        crate::text::serde_as_text!($name);

        impl crate::fingerprint::Canonical for $name {
            fn encode(&self, to: &mut crate::fingerprint::Encoder) {
                to.text(self.word());
            }
        }
    };
}
pub(crate) use words;

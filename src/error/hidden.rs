//! Characters that are shown as escapes.
//!
//! This module owns which those are, for errors and for names.

use alloc::borrow::Cow;
use alloc::string::String;

/// Characters that no reader sees, or that change how those around them are shown: control characters, line and paragraph
/// separators, marks of the direction of writing, and what Unicode lets a screen leave out (its property
/// `Default_Ignorable_Code_Point`, to which joiners and variation selectors belong). In order.
const HIDDEN: &[(char, char)] = &[
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Tells whether a character is shown as an escape, since nobody would see it or it would change what others see.
pub(crate) fn is_hidden(one: char) -> bool {
    // Nearly every character of a name is one of these.
    !matches!(one, ' '..='~') && HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&one))
}

/// Returns the text with each hidden character as its escape, such as `\u{202e}`: a text from a stranger must not steer
/// the terminal that shows it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        if is_hidden(one) {
            shown.extend(one.escape_unicode());
        } else {
            shown.push(one);
        }
    }
    Cow::Owned(shown)
}

/// Tells whether there are only letters, digits, blanks and signs of ASCII, as in nearly every name.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

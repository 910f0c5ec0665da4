//! Makes foreign text harmless to a terminal, and to a build server that reads what a step prints.
//!
//! Replaces characters that would move the cursor, reorder or hide text, and the signs of commands that servers obey wherever
//! in a line they stand; knows no colours of its own.

use std::borrow::Cow;

/// A text in which every character is visible and stays where it is printed.
pub(super) struct Neutral {
    /// The text.
    pub text: String,
    /// For each byte of the original, and its end, where it begins in `text`.
    offsets: Vec<usize>,
}

impl Neutral {
    /// Neutralises source text; its line ends and tabs stay.
    pub(super) fn source(original: &str) -> Self {
        let mut neutral = Self { text: String::with_capacity(original.len()), offsets: Vec::new() };
        let disarmed = disarmed(original);
        let mut characters = disarmed.chars().peekable();
        for was in original.chars() {
            let Some(character) = characters.next() else { break };
            let start = neutral.text.len();
            neutral.offsets.extend(std::iter::repeat_n(start, was.len_utf8()));
            let line_end = character == '\r' && characters.peek() == Some(&'\n');
            if line_end || matches!(character, '\n' | '\t') {
                neutral.text.push(character);
            } else {
                neutral.text.extend(visible(character));
            }
        }
        neutral.offsets.push(neutral.text.len());
        neutral
    }

    /// Returns where the byte `offset` of the original begins; the end where there is no such byte.
    pub(super) fn offset(&self, offset: usize) -> usize {
        self.offsets.get(offset).copied().unwrap_or(self.text.len())
    }
}

/// Neutralises a text of one line; line feeds and tabs become visible signs.
pub(super) fn line(original: &str) -> String {
    disarmed(original).chars().filter_map(visible).collect()
}

/// Neutralises a text that may have several lines.
pub(super) fn lines(original: &str) -> String {
    original.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Neutralises a text in which line ends and tabs have a meaning.
pub(super) fn text(original: &str) -> String {
    Neutral::source(original).text
}

/// Writes as escapes what a JSON text may hold, but a terminal would obey or not show.
pub(super) fn json(document: String) -> String {
    let is_safe = |character: char| character == '\n' || visible(character) == Some(character);
    if document.chars().all(is_safe) {
        return document;
    }
    let mut text = String::with_capacity(document.len());
    for character in document.chars() {
        match is_safe(character) {
            true => text.push(character),
            // All of them lie in the basic plane.
            false => text.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    text
}

/// Returns the text without what Azure Pipelines, GitHub, TeamCity or Jenkins would take for a command: `##[name]`,
/// `##vso[name]`, `##teamcity[name]`, `[[ATTACHMENT|path]]`, and `::name` where a line could begin. A look-alike stands for one
/// sign.
fn disarmed(original: &str) -> Cow<'_, str> {
    if !["##", "[[", "::"].iter().any(|signs| original.contains(signs)) {
        return Cow::Borrowed(original);
    }
    let mut text = String::with_capacity(original.len());
    for (place, character) in original.char_indices() {
        let (before, rest) = (&original[..place], &original[place + character.len_utf8()..]);
        text.push(match character {
            '#' if before.ends_with('#') && opens_a_command(rest) => '\u{ff03}',
            '[' if before.ends_with('[') && rest.starts_with("ATTACHMENT") => '\u{ff3b}',
            ':' if before.strip_suffix(':').is_some_and(may_end_a_line) && begins_a_word(rest) => '\u{ff1a}',
            other => other,
        });
    }
    Cow::Owned(text)
}

/// Tells whether what follows could stand at the beginning of a line, also after a line break that is made later.
fn may_end_a_line(text: &str) -> bool {
    text.chars().next_back().is_none_or(|last| last.is_whitespace() || visible(last) != Some(last))
}

fn begins_a_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
}

fn opens_a_command(rest: &str) -> bool {
    rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric()).starts_with('[')
}

/// Returns what stands for a character; `None` for a byte order mark, which means nothing.
fn visible(character: char) -> Option<char> {
    Some(match character {
        '\u{feff}' => return None,
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => char::REPLACEMENT_CHARACTER,
        '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        _ => character,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_controls_and_reordering_become_visible() {
        assert_eq!(line("a\u{1b}[31m\u{7}\u{9b}\u{202e}\n\u{7f}é"), "a␛[31m␇��␊␡é");
        assert_eq!(lines("a\u{1b}\nb"), "a␛\nb");
    }

    #[test]
    fn what_a_build_server_would_obey_is_a_look_alike() {
        assert_eq!(line("x ##vso[task.a]b ###[c]"), "x #\u{ff03}vso[task.a]b ##\u{ff03}[c]");
        assert_eq!(line("[[ATTACHMENT|/etc]]"), "[\u{ff3b}ATTACHMENT|/etc]]");
        assert_eq!(line("::error x"), ":\u{ff1a}error x");
        assert_eq!(line("a::b, 1::text, :: x"), "a::b, 1::text, :: x");
        assert_eq!(line("## heading [[x]] #[y]"), "## heading [[x]] #[y]");
    }

    #[test]
    fn offsets_follow_the_characters() {
        let neutral = Neutral::source("\u{feff}\u{1b}é\r\nx");
        assert_eq!(neutral.text, "␛é\r\nx");
        // Bytes: BOM 0..3, escape 3, é 4..6, CR 6, LF 7, x 8; in the new text ␛ 0..3, é 3..5, CR 5, LF 6, x 7.
        let offsets: Vec<usize> = [0, 3, 4, 5, 6, 7, 8, 9, 99].map(|offset| neutral.offset(offset)).to_vec();
        assert_eq!(offsets, [0, 0, 3, 3, 5, 6, 7, 8, 8]);
    }
}

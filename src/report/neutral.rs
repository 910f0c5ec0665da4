//! Makes foreign text harmless to a terminal.
//!
//! Replaces characters that would move the cursor, reorder or hide text; knows no colours of its own.

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
        let mut characters = original.chars().peekable();
        while let Some(character) = characters.next() {
            let start = neutral.text.len();
            neutral.offsets.extend(std::iter::repeat_n(start, character.len_utf8()));
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
    original.chars().filter_map(visible).collect()
}

/// Neutralises a text that may have several lines.
pub(super) fn lines(original: &str) -> String {
    original.split('\n').map(line).collect::<Vec<_>>().join("\n")
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
    fn offsets_follow_the_characters() {
        let neutral = Neutral::source("\u{feff}\u{1b}é\r\nx");
        assert_eq!(neutral.text, "␛é\r\nx");
        // Bytes: BOM 0..3, escape 3, é 4..6, CR 6, LF 7, x 8; in the new text ␛ 0..3, é 3..5, CR 5, LF 6, x 7.
        let offsets: Vec<usize> = [0, 3, 4, 5, 6, 7, 8, 9, 99].map(|offset| neutral.offset(offset)).to_vec();
        assert_eq!(offsets, [0, 0, 3, 3, 5, 6, 7, 8, 8]);
    }
}

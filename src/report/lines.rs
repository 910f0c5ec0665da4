//! Where spans lie: lines and columns, the lines of each text found once.
//!
//! Knows texts only, not what a span stands for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::{Span, TextId, Texts};

/// The lines of the texts of a report.
pub(super) struct Lines<'t> {
    /// The texts.
    pub(super) texts: &'t Texts,
    known: BTreeMap<TextId, Vec<usize>>,
}

/// A place as other programs count it: from 1, columns in characters, the end behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Region {
    /// The line of the first character.
    pub(super) line: usize,
    /// The column of the first character.
    pub(super) column: usize,
    /// The line of the last character.
    pub(super) end_line: usize,
    /// The column behind the last character.
    pub(super) end_column: usize,
}

impl<'t> Lines<'t> {
    /// Returns the lines of `texts`; none is looked for yet.
    pub(super) fn of(texts: &'t Texts) -> Self {
        Self { texts, known: BTreeMap::new() }
    }

    fn starts(&mut self, text: TextId) -> &[usize] {
        let content = &self.texts.get(text).content;
        self.known.entry(text).or_insert_with(|| {
            std::iter::once(0).chain(content.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
        })
    }

    /// Returns the lines that a span touches, from 0, the last one included.
    pub(super) fn touched(&mut self, span: Span) -> Range<usize> {
        let starts = self.starts(span.text);
        let line = |byte: usize| starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let range = span.range();
        line(range.start)..line(range.end.saturating_sub(1).max(range.start))
    }

    /// Returns the bytes from the first to the last of `lines`, without the last line's end.
    pub(super) fn bytes(&mut self, text: TextId, lines: &Range<usize>) -> Range<usize> {
        let content = &self.texts.get(text).content;
        let starts = self.starts(text);
        let start = starts.get(lines.start).copied().unwrap_or(content.len());
        let end = starts.get(lines.end + 1).map_or(content.len(), |next| next - 1);
        let line_end = usize::from(end > start && content[start..end].ends_with('\r'));
        start..end - line_end
    }

    /// Returns the place of a span; what lies beyond the text lies at its end.
    pub(super) fn region(&mut self, span: Span) -> Region {
        let lines = self.touched(span);
        let content = &self.texts.get(span.text).content;
        let starts = self.starts(span.text);
        let column = |line: usize, byte: usize| {
            let start = starts.get(line).copied().unwrap_or_default();
            content.get(start..byte.min(content.len())).map_or(1, |before| before.chars().count() + 1)
        };
        let range = span.range();
        let (column, end_column) = (column(lines.start, range.start), column(lines.end, range.end));
        Region { line: lines.start + 1, column, end_line: lines.end + 1, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(content: &str, start: usize, end: usize) -> [usize; 4] {
        let mut texts = Texts::new();
        let id = texts.add("a.yaml", content);
        let Region { line, column, end_line, end_column } = Lines::of(&texts).region(Span::new(id, start, end));
        [line, column, end_line, end_column]
    }

    #[test]
    fn columns_count_characters_and_the_end_lies_behind_the_last() {
        // `größe` is seven bytes and five characters.
        assert_eq!(region("x: 1\ngröße: no\n", 14, 16), [2, 8, 2, 10]);
        assert_eq!(region("a: 1\n", 0, 0), [1, 1, 1, 1]);
    }

    #[test]
    fn a_span_over_lines_ends_on_its_last_line_and_not_at_the_start_of_the_next() {
        assert_eq!(region("a:\n  b: 1\n  c: 2\n", 0, 16), [1, 1, 3, 7]);
        // The line feed belongs to its line.
        assert_eq!(region("ab\ncd\n", 0, 3), [1, 1, 1, 4]);
    }

    #[test]
    fn what_lies_beyond_the_text_has_a_place_all_the_same() {
        assert_eq!(region("", 0, 0), [1, 1, 1, 1]);
        assert_eq!(region("a\n", 9, 12)[0], 2);
    }
}

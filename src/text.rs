//! Source texts and positions in them.
//!
//! Holds the text of every file of a run and the spans that point into it. Knows no YAML and no meaning.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Identifies one text of a [`Texts`] collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextId(u32);

/// A half-open byte range `[start, end)` in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(TextId, u32, u32)", into = "(TextId, u32, u32)")]
pub struct Span {
    /// The text the range lies in.
    pub text: TextId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl From<(TextId, u32, u32)> for Span {
    fn from((text, start, end): (TextId, u32, u32)) -> Self {
        Self { text, start, end }
    }
}

impl From<Span> for (TextId, u32, u32) {
    fn from(Span { text, start, end }: Span) -> Self {
        (text, start, end)
    }
}

impl TextId {
    /// Returns its position among the texts, counted in the order in which they were added.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

impl Span {
    /// Returns the span of `[start, end)` in `text`; offsets are bytes.
    pub fn new(text: TextId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { text, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// Returns the byte range of this span.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value together with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Attaches `span` to `value`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Applies `change` to the value and keeps the span.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// One file (or standard input) as it was read.
#[derive(Debug, Clone)]
pub struct Text {
    /// The name shown to people: a path with forward slashes, or `<stdin>`.
    pub name: String,
    /// The content.
    pub content: String,
}

/// A one-based line and column (columns count characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// All texts of a run, in the order they were read.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    texts: Vec<Text>,
}

impl Texts {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many more texts.
    pub fn reserve(&mut self, more: usize) {
        self.texts.reserve(more);
    }

    /// Adds a text and returns its identity.
    pub fn add(&mut self, name: impl Into<String>, content: impl Into<String>) -> TextId {
        let id = TextId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(Text { name: name.into(), content: content.into() });
        id
    }

    /// Gives a text that has been empty its content.
    pub fn fill(&mut self, id: TextId, content: impl Into<String>) {
        self.texts[id.0 as usize].content = content.into();
    }

    /// Returns the text behind `id`.
    pub fn get(&self, id: TextId) -> &Text {
        &self.texts[id.0 as usize]
    }

    /// Iterates over all texts with their identities.
    pub fn iter(&self) -> impl Iterator<Item = (TextId, &Text)> {
        self.texts.iter().enumerate().map(|(index, text)| (TextId(index as u32), text))
    }

    /// Returns the slice a span covers; empty where the span lies outside its text.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.text).content.get(span.range()).unwrap_or("")
    }

    /// Returns the line and column of a span's first character.
    pub fn position(&self, span: Span) -> Position {
        let content = &self.get(span.text).content;
        let before = content.get(..span.start as usize).unwrap_or(content);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let mut texts = Texts::new();
        let id = texts.add("a.yaml", "x: é\ntitle: Größe no\n");
        let start = texts.get(id).content.find("no").expect("written above");
        let position = texts.position(Span::new(id, start, start + 2));
        assert_eq!(position, Position { line: 2, column: 14 });
    }
}

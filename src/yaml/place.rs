//! Maps places inside a scalar's value back to the file.
//!
//! Undoes quotes, escapes, folding and indentation; knows nothing of what the value says.

use crate::text::{Span, Texts};
use crate::yaml::{Node, NodeKind, Style};
use std::ops::Range;

impl Node {
    /// Returns the span in the file of the bytes `range` of this scalar's value.
    ///
    /// Exact for plain and quoted scalars, continued lines and common escapes included, and for block scalars. The
    /// whole node where the value cannot be followed back, the node is no scalar or `range` lies outside the value.
    pub fn span_within(&self, texts: &Texts, range: Range<usize>) -> Span {
        let raw = texts.slice(self.span);
        let (value, style) = match &self.kind {
            NodeKind::Text { value, style } => (value, style),
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => return self.span,
            _ => return self.shifted(raw.len(), range),
        };
        if raw == value {
            return self.shifted(raw.len(), range);
        }
        let content = &texts.get(self.span.text).content;
        let Some(trace) = Trace::of(content, self.span.range(), *style) else {
            return self.span;
        };
        // A node ends with its last visible character; what follows in the value is not traced.
        let traced = trace.value == value.as_str() || trace.value == value.trim_end();
        if !traced || range.start > range.end || range.end > value.len() {
            return self.span;
        }
        let found = trace.locate(&range);
        Span::new(self.span.text, found.start, found.end)
    }

    fn shifted(&self, length: usize, range: Range<usize>) -> Span {
        let start = self.span.range().start;
        if range.start > range.end || range.end > length {
            return self.span;
        }
        Span::new(self.span.text, start + range.start, start + range.end)
    }
}

/// A value rebuilt from the file, each byte with the start and end of what it came from.
struct Trace {
    value: String,
    origins: Vec<(usize, usize)>,
    start: usize,
}

impl Trace {
    fn of(content: &str, range: Range<usize>, style: Style) -> Option<Self> {
        let mut trace = Self { value: String::new(), origins: Vec::new(), start: range.start };
        match style {
            Style::Plain => trace.follow_flow(content, range, Escapes::None),
            Style::SingleQuoted => trace.follow_flow(content, inner(range)?, Escapes::DoubledQuote),
            Style::DoubleQuoted => trace.follow_flow(content, inner(range)?, Escapes::Backslash),
            Style::Literal | Style::Folded => trace.follow_block(content, range, style),
        }?;
        Some(trace)
    }

    fn push(&mut self, character: char, origin: Range<usize>) {
        self.value.push(character);
        self.origins.extend(std::iter::repeat_n((origin.start, origin.end), character.len_utf8()));
    }

    fn push_break(&mut self, character: char, origin: usize) {
        self.push(character, origin..origin + 1);
    }

    fn push_line(&mut self, text: &str, start: usize) {
        for (index, character) in text.char_indices() {
            self.push(character, start + index..start + index + character.len_utf8());
        }
    }

    /// Returns where the bytes `range` of the value came from; what lies behind the value is at its end.
    fn locate(&self, range: &Range<usize>) -> Range<usize> {
        let end_of = |bytes: usize| bytes.checked_sub(1).and_then(|last| self.origins.get(last)).map(|origin| origin.1);
        let end = end_of(range.end.min(self.origins.len())).unwrap_or(self.start);
        let start = self.origins.get(range.start).map_or(end, |origin| origin.0);
        if range.is_empty() { start..start } else { start..end }
    }
}

/// How characters are hidden in a scalar that may be continued over lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    DoubledQuote,
    Backslash,
}

impl Trace {
    /// Follows a plain or quoted scalar: continued lines are joined by a space, blank lines become line feeds.
    fn follow_flow(&mut self, content: &str, range: Range<usize>, escapes: Escapes) -> Option<()> {
        let lines: Vec<Range<usize>> = lines(content, range).collect();
        let last = lines.len().checked_sub(1)?;
        let mut blanks: Vec<usize> = Vec::new();
        for (index, line) in lines.into_iter().enumerate() {
            let written = trimmed(content, line.clone(), index > 0, index < last);
            if index == 0 {
                self.follow_line(content, written, escapes)?;
                continue;
            }
            if written.is_empty() && index < last {
                blanks.push(line.start);
                continue;
            }
            match blanks.is_empty() {
                true => self.push_break(' ', line.start.checked_sub(1)?),
                false => blanks.drain(..).for_each(|origin| self.push_break('\n', origin)),
            }
            self.follow_line(content, written, escapes)?;
        }
        Some(())
    }

    fn follow_line(&mut self, content: &str, line: Range<usize>, escapes: Escapes) -> Option<()> {
        let written = content.get(line.clone())?;
        let mut characters = written.char_indices();
        while let Some((index, character)) = characters.next() {
            let decoded = match (escapes, character) {
                (Escapes::DoubledQuote, '\'') => characters.next().map(|(_, quote)| quote)?,
                (Escapes::Backslash, '\\') => unescape(characters.next()?.1)?,
                _ => character,
            };
            let next = line.start + characters.offset();
            self.push(decoded, line.start + index..next);
        }
        Some(())
    }

    /// Follows a block scalar, whose range starts at the content of its first line.
    fn follow_block(&mut self, content: &str, range: Range<usize>, style: Style) -> Option<()> {
        let line_start = content.get(..range.start)?.rfind('\n').map_or(0, |newline| newline + 1);
        let indent = range.start - line_start;
        let header_end = content[..line_start].trim_end().len();
        let body = header_end + content[header_end..].find('\n')? + 1;
        let mut previous: Option<Range<usize>> = None;
        let mut breaks: Vec<usize> = Vec::new();
        for line in lines(content, body..range.end) {
            let text = strip_indent(content, line.clone(), indent);
            if text.is_empty() {
                breaks.push(line.end);
                continue;
            }
            let joined = previous.as_ref().is_some_and(|previous| {
                style == Style::Folded && {
                    let deeper = |line: &Range<usize>| content[line.clone()].starts_with([' ', '\t']);
                    !deeper(previous) && !deeper(&text)
                }
            });
            self.push_breaks(&mut breaks, joined);
            self.push_line(content.get(text.clone())?, text.start);
            breaks.push(line.end);
            previous = Some(text);
        }
        Some(())
    }

    /// Writes the line ends before a line: as they are, or folded, where a single one is a space and the first of
    /// several vanishes.
    fn push_breaks(&mut self, breaks: &mut Vec<usize>, joined: bool) {
        match (joined, breaks.as_slice()) {
            (true, [only]) => self.push_break(' ', *only),
            (true, [_, rest @ ..]) => rest.iter().for_each(|origin| self.push_break('\n', *origin)),
            _ => breaks.iter().for_each(|origin| self.push_break('\n', *origin)),
        }
        breaks.clear();
    }
}

fn inner(range: Range<usize>) -> Option<Range<usize>> {
    (range.len() >= 2).then(|| range.start + 1..range.end - 1)
}

/// Iterates over the lines of `range` without their ends.
fn lines(content: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    content.get(range).unwrap_or("").split('\n').map(move |line| {
        let found = start..start + line.strip_suffix('\r').unwrap_or(line).len();
        start += line.len() + 1;
        found
    })
}

fn trimmed(content: &str, line: Range<usize>, at_start: bool, at_end: bool) -> Range<usize> {
    let written = &content[line.clone()];
    let blank: &[char] = &[' ', '\t'];
    let leading = if at_start { written.len() - written.trim_start_matches(blank).len() } else { 0 };
    let trailing = if at_end { written.len() - written.trim_end_matches(blank).len() } else { 0 };
    let start = line.start + leading;
    start..(line.end - trailing).max(start)
}

fn strip_indent(content: &str, line: Range<usize>, indent: usize) -> Range<usize> {
    let spaces = content[line.clone()].bytes().take(indent).take_while(|byte| *byte == b' ').count();
    line.start + spaces..line.end
}

fn unescape(escape: char) -> Option<char> {
    Some(match escape {
        '"' | '\\' | '/' => escape,
        'n' => '\n',
        't' => '\t',
        _ => return None,
    })
}

//! YAML texts as trees in which every node knows its place.
//!
//! Reports everything that would make two readers disagree about a text; knows nothing of definitions.

mod anchors;
mod complaint;
mod front;
mod json;
mod node;
mod place;
mod scalar;
mod syntax;
mod tree;

pub use front::parse_front_matter;
pub use node::{Entry, Node, NodeKind, Style};

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, TextId, Texts};

/// Deepest nesting of lists and mappings.
pub const MAX_DEPTH: usize = 64;

/// Most nodes that the aliases of one text may add to it.
pub const MAX_COPIED_NODES: usize = 10_000;

/// Parses one text and reports everything that is wrong with its YAML.
///
/// Returns the tree, or `None` where a reported error leaves no tree worth judging. An empty text is an empty value. A
/// tree is also returned next to errors that concern single scalars or keys, so that its other mistakes can be found:
/// of a key given twice the first is kept, an ambiguous scalar is text.
pub fn parse(texts: &Texts, id: TextId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let content = &texts.get(id).content;
    if let Some(diagnostic) = unreadable_character(content, id) {
        diagnostics.push(diagnostic);
        return None;
    }
    tree::build(content, id, diagnostics)
}

/// Finds the first character that YAML forbids and that a screen would hide.
fn unreadable_character(content: &str, id: TextId) -> Option<Diagnostic> {
    let is_plain = |byte: u8| matches!(byte, b'\n' | b'\t' | b' '..=b'~');
    if content.bytes().all(is_plain) {
        return None;
    }
    let mut characters = content.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let line_end = character == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n');
        let allowed = matches!(character, '\n' | '\t' | '\u{85}') || line_end;
        if allowed || !(character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')) {
            continue;
        }
        let span = Span::new(id, start, start + character.len_utf8());
        let message = format!("the control character U+{:04X} stands in the text", u32::from(character));
        let help = match character {
            '\r' => "end lines with a line feed, alone or after a carriage return",
            _ => "remove it; in a value in double quotes it may be written as `\\u` and four digits",
        };
        return Some(Diagnostic::error(codes::YAML_SYNTAX, span, message).help(help));
    }
    None
}

#[cfg(test)]
mod tests;

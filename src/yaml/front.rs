//! The front matter of a text: the YAML between a first line `---` and the next one.
//!
//! Knows nothing of the prose below it.

use super::{Node, tree};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, TextId, Texts};

/// The line before and after a front matter.
const FENCE: &str = "---";

/// Parses the front matter of a text and reports everything that is wrong with its YAML, as [`super::parse`] does.
pub fn parse_front_matter(texts: &Texts, id: TextId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let content = &texts.get(id).content;
    let Some(end) = end_of_front_matter(content) else {
        let first = content.lines().next().unwrap_or_default().len();
        diagnostics.push(
            Diagnostic::error(codes::YAML_SYNTAX, Span::new(id, 0, first), "the text has no front matter")
                .help("begin it with a line `---`, a key a line, and another line `---`"),
        );
        return None;
    };
    // A comment of the same length keeps every place, and begins no document.
    let front = content[..end].replacen(FENCE, "#--", 1);
    if let Some(diagnostic) = super::unreadable_character(&front, id) {
        diagnostics.push(diagnostic);
        return None;
    }
    tree::build(&front, id, diagnostics)
}

/// Returns where the closing line begins.
fn end_of_front_matter(content: &str) -> Option<usize> {
    let mut lines = content.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_start_matches('\u{feff}').trim_end() != FENCE {
        return None;
    }
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == FENCE {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(Node, Texts), String> {
        let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
        let id = texts.add("a.md", text);
        match parse_front_matter(&texts, id, &mut diagnostics) {
            Some(node) if diagnostics.is_empty() => Ok((node, texts)),
            _ => Err(diagnostics.into_sorted().first().map(|found| found.message.clone()).unwrap_or_default()),
        }
    }

    #[test]
    fn what_stands_between_the_lines_is_read_with_its_places() {
        let (node, texts) = parsed("---\ndecision: 3\nstatus: accepted\n---\n# Title\n\nkey: no key\n").expect("read");
        let keys: Vec<&str> = node.entries().iter().map(|entry| entry.key.value.as_str()).collect();
        assert_eq!(keys, ["decision", "status"]);
        let status = node.get("status").expect("a key");
        assert_eq!((texts.slice(status.span), texts.position(status.span).line), ("accepted", 3));
    }

    #[test]
    fn a_text_without_both_lines_has_no_front_matter() {
        for text in ["", "# Title\n", "---\na: 1\n", "a: 1\n---\n"] {
            assert_eq!(parsed(text).map(|_| ()), Err("the text has no front matter".to_owned()), "{text:?}");
        }
    }

    #[test]
    fn line_ends_of_windows_are_line_ends() {
        assert_eq!(parsed("---\r\na: 1\r\n---\r\ntext").map(|(node, _)| node.entries().len()), Ok(1));
    }
}

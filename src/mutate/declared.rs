//! Mutants that are said to be equivalent, in comments beside their clause.
//!
//! ```yaml
//! # equivalent: zero -> negative: the clock runs to the moment of knowledge, and a later row is not known
//! stop_before_start: zero
//! ```
//!
//! The end of what is changed comes first, then the reason. Such a line stands above the clause or among the comments
//! directly above it. One that explains nothing is told, because a clause it was written for has changed.

use super::Unsound;
use crate::text::{Span, TextId, Texts};

/// What introduces an explanation.
const MARK: &str = "# equivalent: ";

/// The explanations of one file.
pub(super) struct Declared {
    lines: Vec<Line>,
}

struct Line {
    /// The line of the file, from 1.
    number: usize,
    /// The line of the clause below.
    clause: usize,
    span: Span,
    change: String,
    reason: String,
    is_used: bool,
}

impl Declared {
    /// Reads the explanations of a file.
    pub(super) fn of(texts: &Texts, text: TextId) -> Self {
        let content = &texts.get(text).content;
        let is_comment = |line: &str| line.trim_start().starts_with('#');
        let all: Vec<&str> = content.lines().collect();
        let (mut lines, mut start) = (Vec::new(), 0);
        for (place, line) in content.split_inclusive('\n').enumerate() {
            let end = start + line.trim_end().len();
            let explained = line.trim().strip_prefix(MARK).and_then(|explained| parted(explained.trim()));
            if let Some((change, reason)) = explained {
                let below = all[place..].iter().position(|line| !is_comment(line)).unwrap_or(0);
                let span = Span::new(text, start + line.len() - line.trim_start().len(), end);
                let (number, clause) = (place + 1, place + below + 1);
                lines.push(Line { number, clause, span, change, reason, is_used: false });
            }
            start += line.len();
        }
        Self { lines }
    }

    /// Returns why a change of a clause changes nothing, where that is explained.
    pub(super) fn reason(&mut self, texts: &Texts, span: Span, what: &str) -> Option<String> {
        let line = texts.position(span).line;
        let is_meant = |it: &&mut Line| it.number < line && it.clause == line && what.ends_with(&it.change);
        let found = self.lines.iter_mut().filter(|it| it.span.text == span.text).find(is_meant)?;
        found.is_used = true;
        Some(found.reason.clone())
    }

    /// Returns the explanations that explained nothing.
    pub(super) fn idle(self) -> Vec<Unsound> {
        let idle = self.lines.into_iter().filter(|line| !line.is_used);
        let what = |line: &Line| format!("no mutant `{}` of the clause below gets away", line.change);
        idle.map(|line| Unsound { span: line.span, what: what(&line) }).collect()
    }
}

/// Parts `zero -> negative: a reason` at its last colon that a blank follows and that stands behind the change.
fn parted(explained: &str) -> Option<(String, String)> {
    let (change, reason) = explained.split_once(": ")?;
    (!reason.trim().is_empty()).then(|| (change.trim().to_owned(), reason.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_stands_above_its_clause_and_one_without_a_mutant_is_told() {
        let mut texts = Texts::new();
        let content = "a: 1\n# equivalent: b 2 -> 3: it is never read\n# and more words\nb: 2\n";
        let text = texts.add("m.yaml", content);
        let at = content.find("2\n").expect("the value");
        let mut declared = Declared::of(&texts, text);
        let span = Span::new(text, at, at + 1);
        assert_eq!(declared.reason(&texts, Span::new(text, 3, 4), "b 2 -> 3"), None);
        assert_eq!(declared.reason(&texts, span, "b 2 -> 1"), None);
        assert_eq!(declared.reason(&texts, span, "a.b 2 -> 3").as_deref(), Some("it is never read"));
        assert!(declared.idle().is_empty());
        assert_eq!(Declared::of(&texts, text).idle().len(), 1);
    }
}

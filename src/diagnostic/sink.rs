//! The collection that every stage adds its diagnostics to.
//!
//! Keeps, counts and orders them; judges nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity, masked};
use crate::text::Span;

/// All diagnostics of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// Where errors are, for a file may hold a hundred thousand of them.
    places: BTreeSet<Span>,
    /// Where errors are that another collection has.
    elsewhere: Arc<BTreeSet<Span>>,
}

impl Diagnostics {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty collection that knows where this one has errors; clones of it serve stages that run side by side.
    pub fn aside(&self) -> Self {
        let places = self.places.union(&self.elsewhere).copied().collect();
        Self { elsewhere: Arc::new(places), ..Self::default() }
    }

    /// Adds one diagnostic; no password of a file is told in it.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        let labels = diagnostic.labels.iter_mut().map(|label| &mut label.text);
        for text in labels.chain([&mut diagnostic.message]).chain(&mut diagnostic.help) {
            if let Cow::Owned(shown) = masked(text) {
                *text = shown;
            }
        }
        if diagnostic.severity == Severity::Error {
            self.places.insert(diagnostic.span());
        }
        self.found.push(diagnostic);
    }

    /// Returns how many of `severity` have been added.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Returns whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns whether an error about exactly this place has been added, so that a later stage need not repeat it.
    pub fn has_error_at(&self, span: Span) -> bool {
        self.places.contains(&span) || self.elsewhere.contains(&span)
    }

    /// Returns whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Iterates in the order of adding.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Returns them ordered by text, place, code and message, each exact repetition removed.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| order(a).cmp(&order(b)));
        self.found.dedup();
        self.found
    }
}

/// Ends in every field, so that equal diagnostics become neighbours and the order of adding never shows.
fn order(diagnostic: &Diagnostic) -> impl Ord {
    let span = diagnostic.span();
    (
        (span.text, span.start, diagnostic.code.id),
        (diagnostic.message.as_str(), span.end, diagnostic.severity),
        (diagnostic.labels.as_slice(), diagnostic.help.as_deref()),
    )
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::text::Texts;

    #[test]
    fn diagnostics_are_ordered_by_text_place_code_and_message() {
        let mut texts = Texts::new();
        let (a, b) = (texts.add("a.yaml", "0123456789"), texts.add("b.yaml", "0123456789"));
        let mut diagnostics = Diagnostics::new();
        for (text, start, code, message) in [
            (b, 0, codes::ALIAS_BOMB, "6"),
            (a, 9, codes::ALIAS_BOMB, "5"),
            (a, 2, codes::WRONG_TYPE, "4"),
            (a, 2, codes::UNKNOWN_KEY, "3"),
            (a, 2, codes::UNKNOWN_KEY, "2"),
            (a, 0, codes::YAML_SYNTAX, "1"),
        ] {
            diagnostics.push(Diagnostic::error(code, Span::new(text, start, start + 1), message));
        }
        let messages: Vec<String> = diagnostics.into_sorted().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["1", "2", "3", "4", "5", "6"]);
    }

    #[test]
    fn only_exact_repetitions_are_removed() {
        let mut texts = Texts::new();
        let span = Span::new(texts.add("a.yaml", "x"), 0, 1);
        let same = || Diagnostic::error(codes::WRONG_TYPE, span, "m");
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend([same(), same().help("h"), same(), same().help("h")]);
        assert_eq!(diagnostics.into_sorted(), [same(), same().help("h")]);
    }

    #[test]
    fn warnings_are_no_errors() {
        let mut texts = Texts::new();
        let span = Span::new(texts.add("a.yaml", "x"), 0, 1);
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(Diagnostic::warning(codes::UNUSED_POLICY, span, "m"));
        assert!(!diagnostics.has_errors());
        diagnostics.push(Diagnostic::error(codes::WRONG_TYPE, span, "m"));
        assert!(diagnostics.has_errors());
        assert_eq!((diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning)), (1, 1));
    }
}

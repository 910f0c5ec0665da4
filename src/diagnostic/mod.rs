//! Diagnostics: what is wrong in a text, where, and what mends it.
//!
//! Holds codes, messages and places; knows neither what reports them nor how they are shown.

pub mod codes;
mod near;
mod secret;
mod sink;

pub use codes::{Code, CodeEntry};
pub use near::{near_names, nearest};
pub use secret::masked;
pub use sink::Diagnostics;

use crate::text::Span;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The definitions cannot be used.
    Error,
    /// The definitions can be used, and deserve a look.
    Warning,
    /// Nothing is wrong; it is good to know.
    Note,
}

impl Severity {
    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A place with a remark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark; empty where the place speaks for itself.
    pub text: String,
    /// Whether the place is what the diagnostic is about, rather than something it refers to.
    pub primary: bool,
}

/// One finding: the fact, its places and its remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of finding.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The fact in one sentence, without a full stop; things in backticks.
    pub message: String,
    /// The places; the first is primary.
    pub labels: Vec<Label>,
    /// The remedy.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns an error about `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message.into())
    }

    /// Returns a warning about `span`.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message.into())
    }

    /// Returns a diagnostic of this severity about `span`.
    pub fn new(severity: Severity, code: Code, span: Span, message: String) -> Self {
        let labels = vec![Label { span, text: String::new(), primary: true }];
        Self { code, severity, message, labels, help: None }
    }

    /// Adds a remark at a primary place; the place given at the start takes the remark itself.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.labels.iter_mut().find(|label| label.primary && label.span == span && label.text.is_empty()) {
            Some(label) => label.text = text,
            None => self.labels.push(Label { span, text, primary: true }),
        }
        self
    }

    /// Adds a remark at a place that the diagnostic refers to.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// States the remedy.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Returns the place the diagnostic is about.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Texts;

    #[test]
    fn a_label_at_the_given_place_becomes_its_remark() {
        let mut texts = Texts::new();
        let id = texts.add("a.yaml", "owner: x\nowner: y\n");
        let (first, second) = (Span::new(id, 0, 5), Span::new(id, 9, 14));
        let diagnostic = Diagnostic::error(codes::DUPLICATE_KEY, second, "`owner` is given twice")
            .label(second, "again")
            .also(first, "first")
            .help("remove one");
        assert_eq!(
            diagnostic.labels,
            [
                Label { span: second, text: "again".into(), primary: true },
                Label { span: first, text: "first".into(), primary: false }
            ]
        );
        assert_eq!(diagnostic.span(), second);
        assert_eq!(diagnostic.help.as_deref(), Some("remove one"));
    }
}

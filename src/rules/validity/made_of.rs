//! The metrics that a reading names: those it is made of, and those that must hold beside it.
//!
//! Finds names and their places; what they mean is for the registry.

use crate::rules::Meant;
use crate::text::{Span, Spanned};
use crate::yaml::Node;

/// Returns the metrics that the measure of a reading is made of, each where it is named.
pub(super) fn parts(meant: &Meant<'_>) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    if let Some(measure) = meant.reading.node.get("measure") {
        collect(measure, &mut found);
    }
    found
}

/// Returns the metrics that a reading is made of, and the guardrails of its metric.
pub(super) fn rests_on(meant: &Meant<'_>) -> Vec<Spanned<String>> {
    let guards = meant.metric.guardrails.iter().map(|guardrail| guardrail.metric.clone());
    parts(meant).into_iter().chain(guards).collect()
}

fn collect(node: &Node, found: &mut Vec<Spanned<String>>) {
    for entry in node.entries() {
        match (entry.key.value.as_str(), entry.value.as_text()) {
            ("metric", Some(name)) => found.push(Spanned::new(name.to_owned(), entry.value.span)),
            ("formula", Some(text)) => found.extend(operands(text, entry.value.span)),
            _ => collect(&entry.value, found),
        }
    }
    node.items().iter().for_each(|item| collect(item, found));
}

/// Returns the names in a formula; all stand at the place of the whole.
fn operands(text: &str, span: Span) -> Vec<Spanned<String>> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let names = words.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    names.map(|name| Spanned::new(name.to_owned(), span)).collect()
}

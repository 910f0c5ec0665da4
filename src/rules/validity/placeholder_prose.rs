//! Prose that is yet to be written.

use crate::rules::{About, Findings, Rule, Subject};
use crate::yaml::Node;

/// Fields that people read.
const FIELDS: [&str; 5] = ["title", "statement", "purpose", "notes", "assumptions"];
/// What is written in place of something.
const PLACEHOLDERS: [&str; 10] =
    ["tbd", "tba", "tbc", "lorem", "ipsum", "placeholder", "dummy", "foo", "fill", "undecided"];

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        let Some(file) = subject.file(metric) else { continue };
        let variants = file.root.get("variants").map_or(&[][..], Node::entries).iter().map(|entry| &entry.value);
        for node in std::iter::once(file.root.as_ref()).chain(variants) {
            for field in FIELDS {
                let Some(said) = node.get(field) else { continue };
                for text in std::iter::once(said).chain(said.items()) {
                    if let Some(word) = text.as_text().and_then(placeholder) {
                        let message = format!("the {field} of `{}` is yet to be written: {word}", metric.id.value);
                        findings.add(rule, About::metric(metric), text.span, (&format!("{field}|{word}"), message));
                    }
                }
            }
        }
    }
}

fn placeholder(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '?');
    let found = words.find(|word| word.starts_with("???") || PLACEHOLDERS.contains(&word.to_lowercase().as_str()));
    let is_blank = text.trim().chars().all(|c| !c.is_alphanumeric());
    found.map(str::to_owned).or_else(|| is_blank.then(|| text.trim().to_owned()))
}

//! Reasons that give none.

use super::agreements::agreements;
use crate::rules::{About, Findings, Rule, Subject};
use crate::text::Span;
use crate::yaml::Node;

/// Fewest words of a reason.
const FEWEST: usize = 3;
/// Words that say that there is a reason, not which.
const EMPTY: [&str; 24] = [
    "as",
    "agreed",
    "requested",
    "see",
    "ticket",
    "above",
    "below",
    "because",
    "needed",
    "required",
    "wanted",
    "reason",
    "reasons",
    "various",
    "other",
    "historical",
    "historic",
    "cleanup",
    "fix",
    "legacy",
    "business",
    "decision",
    "by",
    "request",
];

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut say = |about: About<'_>, span: Span, (key, text): (&str, &str)| {
        if is_empty(text) {
            findings.add(rule, about, span, (key, format!("the reason of `{key}` gives none: {}", text.trim())));
        }
    };
    for agreement in agreements(subject) {
        let text = agreement.reason.as_text().unwrap_or_default();
        say(agreement.about, agreement.reason.span, (&agreement.id, text));
    }
    for metric in subject.live() {
        let root = subject.file(metric).map(|file| file.root.as_ref());
        let guardrails = root.and_then(|root| root.get("guardrails")).map_or(&[][..], Node::items);
        let named = guardrails.iter().filter_map(|item| Some((item.get("metric")?.as_text()?, item.get("because")?)));
        let variants = root.and_then(|root| root.get("variants")).map_or(&[][..], Node::entries);
        let readings =
            variants.iter().filter_map(|entry| Some((entry.key.value.as_str(), entry.value.get("because")?)));
        for (name, because) in named.chain(readings) {
            say(About::metric(metric), because.span, (name, because.as_text().unwrap_or_default()));
        }
    }
}

fn is_empty(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.len() < FEWEST || words.iter().all(|word| EMPTY.contains(&word.as_str()))
}

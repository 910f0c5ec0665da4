//! A fact that the resolution rests on says something else, while the rule itself reads as before.

use crate::diff::Comparison;
use crate::rules::{About, Findings, Rule, Subject};
use crate::yaml::Node;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for comparison in subject.comparisons() {
        let Some(metric) = subject.metric_of(comparison) else { continue };
        let words: Vec<String> = metric.readings.iter().flat_map(|reading| words(&reading.node, subject)).collect();
        for (name, span) in facts(comparison).filter(|(name, _)| words.contains(name)) {
            let message = format!("what the resolution of `{}` rests on changes: the fact `{name}`", comparison.id);
            findings.add(rule, About::of(comparison), span, (&name, message));
        }
    }
}

/// Returns the facts in which a number-moving edit was made, with the place of the first.
fn facts(comparison: &Comparison) -> impl Iterator<Item = (String, crate::text::Span)> {
    let moved = comparison.moving().filter(|judged| judged.through.is_none());
    let named = moved.filter_map(|judged| match judged.edit.path.in_reading().1 {
        [first, name, _, ..] if first == "facts" => {
            let place = judged.edit.new.as_ref().or(judged.edit.old.as_ref())?;
            Some((name.clone(), place.span))
        }
        _ => None,
    });
    let unique: std::collections::BTreeMap<String, crate::text::Span> = named.collect();
    unique.into_iter()
}

/// Returns the words of the rule by which a row is resolved.
fn words(node: &Node, subject: &Subject<'_>) -> Vec<String> {
    let Some(resolution) = node.get("resolution") else { return Vec::new() };
    let own = resolution.get("resolved_when").map(Node::scalar_text);
    let shared = resolution.get("use").map(Node::scalar_text).and_then(|name| subject.condition_of_standard(&name));
    let text = own.or(shared).unwrap_or_default();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map(str::to_owned).collect()
}

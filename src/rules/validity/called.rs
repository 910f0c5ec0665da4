//! Readings of different metrics that are called the same and are different numbers.

use std::collections::BTreeMap;

use crate::rules::{About, Everyone, Findings, Outline, Read, Rule};
use crate::text::Span;

/// Finds readings that share some text with an earlier one of another metric and are another number; `text` returns what
/// stands for it, and where it stands, `how` says how the later one comes by it.
pub(super) fn called_alike(
    (rule, everyone): (&'static Rule, &Everyone<'_>),
    text: impl Fn(&Read) -> (u64, Span),
    how: &str,
    findings: &mut Findings,
) {
    let mut known: BTreeMap<u64, (&Outline, &Read)> = BTreeMap::new();
    for own in everyone.readings() {
        let (said, place) = text(own.1);
        let Some(first) = known.get(&said) else {
            known.insert(said, own);
            continue;
        };
        if first.0.id == own.0.id || everyone.is_same_body(*first, own) {
            continue;
        }
        let (name, other) = (own.1.name(own.0), first.1.name(first.0));
        let message = format!("`{name}` {how} `{other}`, which is another number");
        let (key, about) = (format!("{name}|{other}"), About::version(&own.0.id, own.0.status));
        findings.add(rule, about, place, (&key, message)).also(text(first.1).1, "the other");
    }
}

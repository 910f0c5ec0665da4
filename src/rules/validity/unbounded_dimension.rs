//! A number that is split by a text of which nobody knows how many there are.

use std::collections::BTreeMap;

use crate::rules::{About, Everyone, Findings, Read, Rule};
use crate::text::Span;

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let mut split: BTreeMap<(&str, Span), Vec<&Read>> = BTreeMap::new();
    for (_, read) in everyone.readings() {
        for (column, declared) in &read.open {
            split.entry((column, *declared)).or_default().push(read);
        }
    }
    for ((name, span), readings) in split {
        let Some(first) = readings.first() else { continue };
        let count = readings.len();
        let message = format!("the values of `{name}` are not listed, and {count} of the metrics are split by it");
        let source = everyone.subject.texts.get(span.text).name.rsplit('/').next().unwrap_or_default();
        let finding = findings.add(rule, About::PROJECT, span, (&format!("{source}|{name}"), message));
        finding.also(first.dimensions_at, "split by it");
    }
}

//! A number that is split by a text of which nobody knows how many there are.

use std::collections::BTreeMap;

use super::columns::behind;
use crate::rules::{About, Findings, Meant, Rule, Subject};
use crate::text::Span;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut split: BTreeMap<(&str, Span), Vec<Meant<'_>>> = BTreeMap::new();
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        for dimension in &meant.plan.dimensions {
            let Some(column) = behind(subject.new.catalog, pipeline, &dimension.name) else { continue };
            let is_key = pipeline.scan.key.contains(&dimension.name);
            if column.is_text() && !column.is_listed() && !is_key {
                split.entry((column.name(), column.span())).or_default().push(meant);
            }
        }
    }
    for ((name, span), metrics) in split {
        let Some(first) = metrics.first() else { continue };
        let count = metrics.len();
        let message = format!("the values of `{name}` are not listed, and {count} of the metrics are split by it");
        let source = subject.texts.get(span.text).name.rsplit('/').next().unwrap_or_default();
        let finding = findings.add(rule, About::PROJECT, span, (&format!("{source}|{name}"), message));
        finding.also(first.place(&["dimensions"]), "split by it");
    }
}

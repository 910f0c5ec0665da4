//! A score that weighs one number twice, under two names.

use std::collections::BTreeSet;

use super::made_of::parts;
use crate::rules::{About, Findings, Meant, Rule, Subject};
use crate::text::Spanned;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.reading.node.get("measure").is_some_and(is_scorecard)) {
        let weighed = parts(&meant);
        for (position, second) in weighed.iter().enumerate() {
            for first in &weighed[..position] {
                let own = ancestors(subject, &first.value);
                let Some(shared) = ancestors(subject, &second.value).into_iter().find(|id| own.contains(id)) else {
                    continue;
                };
                let name = meant.name();
                let (first, second) = (first, second);
                let message =
                    format!("`{name}` weighs `{shared}` twice: in `{}` and in `{}`", first.value, second.value);
                let key = format!("{}|{}", first.value, second.value);
                findings
                    .add(rule, About::metric(meant.metric), second.span, (&key, message))
                    .also(first.span, "here too");
            }
        }
    }
}

fn is_scorecard(measure: &crate::yaml::Node) -> bool {
    measure.get("scorecard").is_some()
}

/// Returns the metrics that one is made of, itself included.
fn ancestors(subject: &Subject<'_>, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let (Some((metric, reading)), Some(plan)) =
            (subject.new.catalog.reading(&name), subject.new.catalog.plan(&name))
        else {
            continue;
        };
        if found.insert(metric.id.value.clone()) {
            open.extend(parts(&Meant { metric, reading, plan }).into_iter().map(|part: Spanned<String>| part.value));
        }
    }
    found
}

//! A metric in the role of a guardrail that guards nothing.

use std::collections::BTreeSet;

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let guards = subject.metrics().flat_map(|metric| &metric.guardrails);
    let guards: BTreeSet<&str> = guards.filter_map(|guardrail| guardrail.metric.value.split('.').next()).collect();
    for metric in subject.live().filter(|metric| metric.role == "guardrail") {
        if !guards.contains(metric.id.value.as_str()) {
            let message = format!("`{}` is a guardrail, and no metric names it as one", metric.id.value);
            findings.add(rule, About::metric(metric), subject.place(metric, "role"), ("", message));
        }
    }
}

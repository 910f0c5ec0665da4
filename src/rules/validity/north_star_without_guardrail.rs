//! A north star that nothing holds back.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.role == "north_star" && metric.guardrails.is_empty()) {
        let message = format!("`{}` is a north star without a guardrail", metric.id.value);
        findings.add(rule, About::metric(metric), subject.place(metric, "role"), ("", message));
    }
}

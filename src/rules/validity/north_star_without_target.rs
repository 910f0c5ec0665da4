//! A north star without a place to go.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.role == "north_star" && metric.targets.is_empty()) {
        let message = format!("`{}` is a north star without a target", metric.id.value);
        findings.add(rule, About::metric(metric), subject.place(metric, "role"), ("", message));
    }
}

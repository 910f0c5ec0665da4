//! A number that is only to be looked at, with a target.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.role == "diagnostic" && !metric.targets.is_empty()) {
        let message = format!("`{}` is a diagnostic and has a target", metric.id.value);
        let finding = findings.add(rule, About::metric(metric), subject.place(metric, "targets"), ("", message));
        finding.also(subject.place(metric, "role"), "its role");
    }
}

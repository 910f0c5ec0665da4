//! A definition whose review is late.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.review_by < subject.today) {
        let message = format!("`{}` was to be looked at again by {}", metric.id.value, metric.review_by);
        findings.add(rule, About::metric(metric), subject.place(metric, "review_by"), ("", message));
    }
}

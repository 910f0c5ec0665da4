//! A use that the metric is made for and not made for.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        let purposes = &metric.purposes;
        let is_for = |refused: &str| {
            let is_pay = purposes.pay_relevant && matches!(refused, "pay" | "bonus" | "compensation");
            is_pay || purposes.uses.iter().any(|used| said(used) == refused)
        };
        for refused in purposes.not_for.iter().filter(|refused| is_for(&said(refused))) {
            let message = format!("`{}` is used for what it is not made for: {refused}", metric.id.value);
            let key = if purposes.pay_relevant { "pay_relevant" } else { "uses" };
            let finding =
                findings.add(rule, About::metric(metric), subject.place(metric, "not_for"), (refused, message));
            finding.also(subject.place(metric, key), "used for it");
        }
    }
}

fn said(use_: &str) -> String {
    use_.trim().to_lowercase().replace('_', " ")
}

//! Targets that are not listed from the oldest to the latest, or begin on one day.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        let Some(pair) = metric.targets.windows(2).find(|pair| pair[1].from <= pair[0].from) else { continue };
        let (first, second) = (pair[0].from, pair[1].from);
        let message = format!("the target of `{}` from {second} stands behind the one from {first}", metric.id.value);
        let key = format!("{first}|{second}");
        findings.add(rule, About::metric(metric), subject.place(metric, "targets"), (&key, message));
    }
}

//! A released metric whose only targets lie in the future.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.status == Status::Released && !metric.targets.is_empty()) {
        if let Some(first) = metric.targets.iter().map(|target| target.from).min().filter(|from| *from > subject.today)
        {
            let message = format!("no target of `{}` holds before {first}", metric.id.value);
            findings.add(rule, About::metric(metric), subject.place(metric, "targets"), ("", message));
        }
    }
}

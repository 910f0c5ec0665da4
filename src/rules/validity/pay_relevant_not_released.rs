//! Pay that depends on a number which is not released.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let unreleased = |status| matches!(status, Status::Draft | Status::Candidate);
    for metric in subject.live().filter(|metric| metric.purposes.pay_relevant && unreleased(metric.status)) {
        let message = format!("pay depends on `{}`, which is a {}", metric.id.value, metric.status.name());
        // What pay depends on is in force, whatever its file says.
        let about = About { status: Status::Released, ..About::metric(metric) };
        let finding = findings.add(rule, about, subject.place(metric, "pay_relevant"), ("", message));
        finding.also(subject.place(metric, "status"), "not released");
    }
}

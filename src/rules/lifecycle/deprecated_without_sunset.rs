//! A deprecated version without a last day.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let is_going = |metric: &&crate::definition::Metric| metric.status == Status::Deprecated;
    for metric in subject.metrics().filter(is_going).filter(|metric| metric.sunset.is_none()) {
        let message = format!("`{}@{}` is deprecated, and has no last day", metric.id.value, metric.version);
        findings.add(rule, About::metric(metric), subject.place(metric, "status"), (&metric.version, message));
    }
}

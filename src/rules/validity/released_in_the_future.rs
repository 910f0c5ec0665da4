//! A released version that is not in force yet, and none before it.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let is_later = |metric: &&crate::definition::Metric| {
        metric.status == Status::Released && metric.effective_from > subject.today
    };
    for metric in subject.live().filter(is_later) {
        let versions = subject.new.catalog.registry.metrics.get(&metric.id.value);
        let is_covered = versions.is_some_and(|versions| {
            versions.values().any(|other| {
                other.effective_from <= subject.today && other.effective_to.is_none_or(|end| end > subject.today)
            })
        });
        if !is_covered {
            let message = format!(
                "`{}` is released, and no version of it is in force before {}",
                metric.id.value, metric.effective_from
            );
            findings.add(rule, About::metric(metric), subject.place(metric, "effective_from"), ("", message));
        }
    }
}

//! A target for days on which its version is not in force.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for target in &metric.targets {
            let (name, from) = (&metric.id.value, target.from);
            let message = match metric.effective_to {
                _ if from < metric.effective_from => {
                    format!(
                        "the target of `{name}` from {from} is older than this version, in force from {}",
                        metric.effective_from
                    )
                }
                Some(end) if from >= end => {
                    format!("the target of `{name}` from {from} begins when this version has ceased, on {end}")
                }
                _ => continue,
            };
            let finding = findings.add(
                rule,
                About::metric(metric),
                subject.place(metric, "targets"),
                (&from.to_string(), message),
            );
            finding.also(subject.place(metric, "effective_from"), "in force from here");
        }
    }
}

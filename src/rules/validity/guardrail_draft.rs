//! A released metric that is guarded by one that is not.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.status == Status::Released) {
        for guardrail in &metric.guardrails {
            let name = &guardrail.metric;
            let Some((guard, _)) = subject.new.catalog.reading(&name.value) else { continue };
            if !matches!(guard.status, Status::Draft | Status::Candidate) {
                continue;
            }
            let state = guard.status.name();
            let message = format!("`{}` is guarded by `{}`, which is a {state}", metric.id.value, name.value);
            let declared = subject.place(guard, "status");
            findings.add(rule, About::metric(metric), name.span, (&name.value, message)).also(declared, "not released");
        }
    }
}

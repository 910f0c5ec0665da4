//! A guardrail that names the metric it stands beside.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for guardrail in &metric.guardrails {
            let name = &guardrail.metric;
            let Some((guard, _)) = subject.new.catalog.reading(&name.value) else { continue };
            if guard.id.value == metric.id.value {
                let message = format!("`{}` is guarded by itself", metric.id.value);
                findings.add(rule, About::metric(metric), name.span, (&name.value, message));
            }
        }
    }
}

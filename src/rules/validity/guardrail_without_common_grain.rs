//! A guardrail that is computed for no period of the metric it guards.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        for guardrail in &meant.metric.guardrails {
            let name = &guardrail.metric;
            let Some(guard) = subject.new.catalog.plan(&name.value) else { continue };
            if meant.plan.grains.iter().any(|grain| guard.grains.contains(grain)) {
                continue;
            }
            let own = meant.plan.grains.iter().map(|grain| grain.name()).collect::<Vec<_>>().join(", ");
            let message = format!("`{}` is reported by none of the grains of `{}`: {own}", name.value, meant.name());
            findings.add(rule, About::metric(meant.metric), name.span, (&name.value, message));
        }
    }
}

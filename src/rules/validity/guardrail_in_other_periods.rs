//! A guardrail whose periods begin and end elsewhere than those of the metric it guards.

use super::periods::differing;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        for guardrail in &meant.metric.guardrails {
            let name = &guardrail.metric;
            let Some(guard) = subject.new.catalog.plan(&name.value) else { continue };
            let Some(what) = differing(meant.plan, guard) else { continue };
            let message =
                format!("the periods of `{}` and of its guardrail `{}` differ: {what}", meant.name(), name.value);
            let finding = findings.add(rule, About::metric(meant.metric), name.span, (&name.value, message));
            if let Some((other, _)) = subject.new.catalog.reading(&name.value) {
                finding.also(subject.place(other, "period"), "its own");
            }
        }
    }
}

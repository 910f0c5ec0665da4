//! A guardrail that demands more of a metric than its own target does.

use crate::definition::Goal;
use crate::expression::Comparison;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for guardrail in &metric.guardrails {
            let name = &guardrail.metric;
            let Some((guard, reading)) = subject.new.catalog.reading(&name.value) else { continue };
            let begun = guard.targets.iter().filter(|target| target.from <= subject.today);
            let Some(target) = begun.max_by_key(|target| target.from).filter(|_| reading.variant.is_none()) else {
                continue;
            };
            let is_floor = matches!(guardrail.require.comparison, Comparison::Greater | Comparison::GreaterOrEqual);
            let (aim, is_stricter) = match target.goal {
                Goal::AtLeast(aim) => (aim, is_floor && guardrail.require.bound > aim),
                Goal::AtMost(aim) => (aim, !is_floor && guardrail.require.bound < aim),
            };
            if is_stricter {
                let message =
                    format!("`{} {}` is demanded, and its own target is {aim}", name.value, guardrail.require);
                let key = format!("{}|{}|{aim}", name.value, guardrail.require);
                let declared = subject.place(guard, "targets");
                findings.add(rule, About::metric(metric), name.span, (&key, message)).also(declared, "its targets");
            }
        }
    }
}

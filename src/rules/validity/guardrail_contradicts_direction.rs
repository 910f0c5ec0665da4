//! A guardrail that demands of its metric what that metric calls bad.

use crate::definition::Direction;
use crate::expression::Comparison;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for guardrail in &metric.guardrails {
            let name = &guardrail.metric;
            let Some((guard, reading)) = subject.new.catalog.reading(&name.value) else { continue };
            let is_ceiling = matches!(guardrail.require.comparison, Comparison::Less | Comparison::LessOrEqual);
            let word = match reading.direction {
                Direction::Higher if is_ceiling => "higher",
                Direction::Lower if !is_ceiling => "lower",
                _ => continue,
            };
            let message =
                format!("`{} {}` is demanded, but of that metric {word} is better", name.value, guardrail.require);
            let key = format!("{}|{}", name.value, guardrail.require);
            let declared = subject.place(guard, "direction");
            findings.add(rule, About::metric(metric), name.span, (&key, message)).also(declared, "its direction");
        }
    }
}

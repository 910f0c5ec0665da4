//! A condition of a fact that no event can meet.

use crate::rules::clauses::Clauses;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        for condition in meant.conditions() {
            if Clauses::over(subject.new.catalog, condition.source).is_never(condition.expression) {
                let message =
                    format!("no row of `{}` can meet the condition of `{}`", condition.source, condition.fact);
                findings.add(
                    rule,
                    About::metric(meant.metric),
                    condition.span,
                    (&meant.key(condition.span, condition.fact), message),
                );
            }
        }
    }
}

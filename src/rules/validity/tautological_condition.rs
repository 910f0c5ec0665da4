//! A condition that every row meets.

use crate::rules::clauses::Clauses;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let about = About::metric(meant.metric);
        let Some(pipeline) = meant.pipeline() else { continue };
        let source = &pipeline.scan.source;
        if let Some(condition) = &pipeline.filter.predicate
            && Clauses::over(subject.new.catalog, source).is_always(condition)
        {
            let message = format!("every row of `{source}` meets the condition of the population");
            let span = meant.place(&["population", "where"]);
            findings.add(rule, about, span, (&meant.key(span, "population"), message));
        }
        for condition in meant.conditions() {
            if Clauses::over(subject.new.catalog, condition.source).is_always(condition.expression) {
                let message =
                    format!("every row of `{}` meets the condition of `{}`", condition.source, condition.fact);
                findings.add(rule, about, condition.span, (&meant.key(condition.span, condition.fact), message));
            }
        }
    }
}

//! A population to which no row can belong.

use crate::rules::clauses::Clauses;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        let Some(condition) = &pipeline.filter.predicate else { continue };
        if Clauses::over(subject.new.catalog, &pipeline.scan.source).is_never(condition) {
            let span = meant.place(&["population", "where"]);
            let message = format!("no row of `{}` can belong to `{}`", pipeline.scan.source, meant.metric.id.value);
            findings.add(rule, About::metric(meant.metric), span, (&meant.key(span, "population"), message));
        }
    }
}

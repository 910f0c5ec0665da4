//! An exclusion that leaves nothing of the population.

use crate::rules::clauses::{Clauses, all};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        let clauses = Clauses::over(subject.new.catalog, &pipeline.scan.source);
        let population = all(&pipeline.filter.predicate.iter().collect::<Vec<_>>());
        if clauses.is_never(&population) {
            continue;
        }
        for exclusion in meant.exclusions() {
            if clauses.implies(&population, exclusion.when) {
                let message = format!("the exclusion `{}` takes every row of the population", exclusion.id);
                findings.add(
                    rule,
                    About::metric(meant.metric),
                    exclusion.span,
                    (&meant.key(exclusion.span, exclusion.id), message),
                );
            }
        }
    }
}

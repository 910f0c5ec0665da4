//! An exclusion that no row of the population can meet.

use crate::rules::clauses::{Clauses, all};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        let clauses = Clauses::over(subject.new.catalog, &pipeline.scan.source);
        let population = pipeline.filter.predicate.as_ref();
        // Without any row in the population every exclusion is idle; that is told there.
        if population.is_some_and(|population| clauses.is_never(population)) {
            continue;
        }
        for exclusion in meant.exclusions() {
            if clauses.is_never(&all(&population.into_iter().chain([exclusion.when]).collect::<Vec<_>>())) {
                let message = format!("no row of the population can meet the exclusion `{}`", exclusion.id);
                let finding = findings.add(
                    rule,
                    About::metric(meant.metric),
                    exclusion.span,
                    (&meant.key(exclusion.span, exclusion.id), message),
                );
                finding.also(meant.place(&["population", "where"]), "the population");
            }
        }
    }
}

//! An exclusion whose rows an earlier one has taken already.

use crate::rules::clauses::{Clauses, all};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        let clauses = Clauses::over(subject.new.catalog, &pipeline.scan.source);
        let population = pipeline.filter.predicate.as_ref();
        let excluded = meant.exclusions();
        for (position, later) in excluded.iter().enumerate().skip(1) {
            let taken = all(&population.into_iter().chain([later.when]).collect::<Vec<_>>());
            let Some(first) = excluded[..position].iter().find(|earlier| clauses.implies(&taken, earlier.when)) else {
                continue;
            };
            // What no row meets at all is told elsewhere.
            if clauses.is_never(&taken) {
                continue;
            }
            let message = format!("all rows of the exclusion `{}` are taken by `{}` before it", later.id, first.id);
            let key = meant.key(later.span, &format!("{}|{}", later.id, first.id));
            findings.add(rule, About::metric(meant.metric), later.span, (&key, message)).also(first.span, "takes them");
        }
    }
}

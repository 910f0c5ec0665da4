//! A number that is split by what tells its rows apart.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        // A row that counts in every period is something that lasts, and has a number for each of them.
        if pipeline.filter.placement.anchor().is_none() {
            continue;
        }
        let [key] = pipeline.scan.key.as_slice() else { continue };
        if meant.plan.dimensions.iter().any(|dimension| dimension.name == *key) {
            let message = format!("`{}` is split by `{key}`, so that every cell holds a single row", meant.name());
            findings.add(rule, About::metric(meant.metric), meant.place(&["dimensions"]), (key, message));
        }
    }
}

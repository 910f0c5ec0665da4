//! A number that is split by persons.

use crate::rules::columns::behind;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        for dimension in &meant.plan.dimensions {
            let Some(column) = behind(subject.new.catalog, pipeline, &dimension.name) else { continue };
            if !matches!(column.privacy(), "personal" | "sensitive") {
                continue;
            }
            let (name, word) = (meant.name(), column.privacy());
            let message = format!("`{name}` is split by `{}`, which is {word}", dimension.name);
            let finding = findings.add(
                rule,
                About::metric(meant.metric),
                meant.place(&["dimensions"]),
                (&dimension.name, message),
            );
            finding.also(column.span(), "declared here");
        }
    }
}

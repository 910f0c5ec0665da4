//! A number that is split by a text of which nobody knows how many there are.

use super::columns::behind;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        for dimension in &meant.plan.dimensions {
            let Some(column) = behind(subject.new.catalog, pipeline, &dimension.name) else { continue };
            if !column.is_text() || column.is_listed() || pipeline.scan.key.contains(&dimension.name) {
                continue;
            }
            let name = &dimension.name;
            let message = format!("`{}` is split by `{name}`, whose values the source does not list", meant.name());
            let finding = findings.add(rule, About::metric(meant.metric), meant.place(&["dimensions"]), (name, message));
            finding.also(column.span(), "declared without `values`");
        }
    }
}

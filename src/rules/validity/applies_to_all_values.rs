//! A metric that says where it means something, and names everything.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        let Some(file) = subject.new.catalog.registry.sources.get(&pipeline.scan.source) else { continue };
        for (column, values) in &meant.metric.purposes.applies_to {
            let listed = file.source.column(&column.value).and_then(|found| found.values.as_ref());
            let names = |value: &String| values.iter().any(|named| named.value == *value);
            if listed.is_some_and(|listed| listed.iter().all(names)) {
                let message = format!("`{}` applies to every `{}` there is", meant.name(), column.value);
                findings.add(rule, About::metric(meant.metric), column.span, (&column.value, message));
            }
        }
    }
}

//! An exclusion that is written out although a standard says the same.

use crate::definition::StandardKind;
use crate::rules::{About, Findings, Rule, Subject};
use crate::yaml::Node;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        let source = &pipeline.scan.source;
        for item in meant.reading.node.get("exclusions").map_or(&[][..], Node::items) {
            let (Some(id), Some(condition)) = (item.get("id"), item.get("where")) else { continue };
            let same = subject.new.catalog.registry.standards.values().find(|standard| {
                let is_usable = standard.on.iter().any(|on| on.value == *source);
                matches!(&standard.kind, StandardKind::Exclusion { when, .. } if is_usable && said(when) == said(condition))
            });
            let Some(standard) = same else { continue };
            let name = id.scalar_text();
            let message = format!("the exclusion `{name}` repeats the standard `{}`", standard.name.value);
            let key = meant.key(id.span, &format!("{name}|{}", standard.name.value));
            let finding = findings.add(rule, About::metric(meant.metric), id.span, (&key, message));
            finding.also(standard.name.span, "the standard");
        }
    }
}

fn said(condition: &Node) -> String {
    condition.scalar_text().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

//! A source that no metric reads.

use std::collections::BTreeSet;

use crate::rules::{About, Everyone, Findings, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let read: BTreeSet<&str> =
        everyone.outlines.iter().flat_map(|outline| outline.sources.iter().map(String::as_str)).collect();
    let sources = &everyone.subject.new.catalog.registry.sources;
    for (name, file) in sources.iter().filter(|(name, _)| !read.contains(name.as_str())) {
        findings.add(rule, About::PROJECT, file.span, (name, format!("no metric reads the source `{name}`")));
    }
}

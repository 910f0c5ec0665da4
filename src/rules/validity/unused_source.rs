//! A source that no metric reads.

use std::collections::BTreeSet;

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let catalog = subject.new.catalog;
    let plans = catalog.plans.values().chain(catalog.other_versions.values());
    let read: BTreeSet<&str> = plans.flat_map(|plan| plan.sources()).collect();
    for (name, file) in catalog.registry.sources.iter().filter(|(name, _)| !read.contains(name.as_str())) {
        findings.add(rule, About::PROJECT, file.span, (name, format!("no metric reads the source `{name}`")));
    }
}

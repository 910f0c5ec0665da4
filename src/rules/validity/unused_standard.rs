//! A standard that no metric uses.

use std::collections::BTreeSet;

use crate::rules::{About, Everyone, Findings, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let used: BTreeSet<&str> =
        everyone.outlines.iter().flat_map(|outline| outline.standards.iter().map(String::as_str)).collect();
    for (name, standard) in &everyone.subject.new.catalog.registry.standards {
        if !used.contains(name.as_str()) {
            let message = format!("no metric uses the standard `{name}`");
            findings.add(rule, About::PROJECT, standard.name.span, (name, message));
        }
    }
}

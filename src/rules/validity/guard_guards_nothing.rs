//! A metric in the role of a guardrail that guards nothing.

use std::collections::BTreeSet;

use crate::rules::{About, Everyone, Findings, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let guards: BTreeSet<&str> =
        everyone.outlines.iter().flat_map(|outline| outline.guards.iter().map(String::as_str)).collect();
    for outline in everyone.live().filter(|outline| outline.role == "guardrail") {
        if !guards.contains(outline.id.as_str()) {
            let message = format!("`{}` is a guardrail, and no metric names it as one", outline.id);
            findings.add(rule, About::version(&outline.id, outline.status), outline.role_at, ("", message));
        }
    }
}

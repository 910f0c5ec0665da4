//! A policy that asks for less than the one before.

use crate::definition::{ChangeClass, Policy};
use crate::format::FileKind;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Duration;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let project = |catalog: &crate::catalog::Catalog| catalog.registry.project.clone();
    let (Some(old), Some(new)) = (subject.old.and_then(|old| project(old.catalog)), subject.project()) else { return };
    let Some(before) = old.policy else { return };
    let none = Policy::default();
    let weaker = weaker(&before, new.policy.as_ref().unwrap_or(&none));
    let document = subject.new.catalog.documents.values().find(|document| document.object.kind == FileKind::Project);
    let Some(document) = document else { return };
    let place = document.root.get("policy").or(document.root.entries().first().map(|entry| &entry.value));
    let Some(place) = place else { return };
    for what in weaker {
        findings.add(
            rule,
            About::PROJECT,
            place.span,
            (&what, format!("the policy asks for less than before: {what}")),
        );
    }
}

/// Returns everything in which a policy asks for less, each as it follows a colon.
fn weaker(before: &Policy, after: &Policy) -> Vec<String> {
    let mut found = Vec::new();
    for class in ChangeClass::EVERY {
        let needs = |policy: &Policy| policy.signatures.get(&class).cloned().unwrap_or_default();
        let now = needs(after);
        for need in needs(before) {
            let count = now.iter().find(|it| it.role == need.role).map_or(0, |it| it.at_least);
            if count < need.at_least {
                let (class, role, was) = (class.name(), &need.role, need.at_least);
                found.push(format!("{class} changes need {count} of `{role}`, not {was}"));
            }
        }
    }
    if after.allows_self_approval && !before.allows_self_approval {
        found.push("authors may sign their own changes".to_owned());
    }
    let grace = |policy: &Policy| policy.deprecation_grace.unwrap_or(Duration::ZERO);
    if grace(after) < grace(before) {
        found.push(format!("deprecated versions stay for {}, not {}", grace(after), grace(before)));
    }
    found
}

//! A project with released versions and without a lock.

use crate::definition::Status;
use crate::format::FileKind;
use crate::rules::{About, Everyone, Findings, Outline, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let new = everyone.subject.new;
    // A lock that cannot be read is told where it was read.
    if !new.is_whole() || new.lock.is_some() || new.lock_text.is_some() {
        return;
    }
    let released: Vec<&Outline> =
        everyone.outlines.iter().copied().filter(|outline| outline.status >= Status::Released).collect();
    let Some(first) = released.first() else { return };
    let project = new.catalog.documents.values().find(|document| document.object.kind == FileKind::Project);
    let head = project.and_then(|document| document.root.entries().first()).map(|entry| entry.value.span);
    let count = match released.len() {
        1 => "1 released version".to_owned(),
        count => format!("{count} released versions"),
    };
    let span = head.unwrap_or(first.status_at);
    findings.add(rule, About::PROJECT, span, ("", format!("the project has {count} and no `etalon.lock`")));
}

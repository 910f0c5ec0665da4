//! A standard that says something else under the version it had.

use std::collections::BTreeMap;

use crate::catalog::Object;
use crate::diff::Judged;
use crate::format::FileKind;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let Some(old) = subject.old else { return };
    let mut felt: BTreeMap<&Object, Vec<&Judged>> = BTreeMap::new();
    // An edit that no metric feels has moved nothing. Another version is another object.
    for judged in subject.comparisons().flat_map(|comparison| comparison.moving()) {
        let object = &judged.edit.object;
        if object.kind == FileKind::Standard && old.catalog.documents.contains_key(object) {
            felt.entry(object).or_default().push(judged);
        }
    }
    for (object, edits) in felt {
        let Some(document) = subject.new.catalog.documents.get(object) else { continue };
        let place = document.root.get("version").map_or(document.root.span, |version| version.span);
        let message = format!("{object} changes its meaning under the version it had");
        let finding = findings.add(rule, About::PROJECT, place, (&object.name, message));
        if let Some(said) = edits[0].edit.new.as_ref().or(edits[0].edit.old.as_ref()) {
            finding.also(said.span, "the change");
        }
    }
}

//! A standard that no metric uses.

use std::collections::BTreeSet;

use crate::format::FileKind;
use crate::rules::{About, Findings, Rule, Subject};
use crate::yaml::Node;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let catalog = subject.new.catalog;
    let mut words = BTreeSet::new();
    for document in catalog.documents.values().filter(|document| document.object.kind == FileKind::Metric) {
        collect(&document.root, &mut words);
    }
    for (name, standard) in &catalog.registry.standards {
        if !words.contains(name.as_str()) {
            let message = format!("no metric uses the standard `{name}`");
            findings.add(rule, About::PROJECT, standard.name.span, (name, message));
        }
    }
}

/// Collects every text of a tree, the version behind a name left out.
fn collect<'a>(node: &'a Node, words: &mut BTreeSet<&'a str>) {
    words.extend(node.as_text().and_then(|text| text.split('@').next()));
    node.items().iter().for_each(|item| collect(item, words));
    node.entries().iter().for_each(|entry| collect(&entry.value, words));
}

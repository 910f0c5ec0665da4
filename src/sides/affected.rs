//! Which metrics a difference can reach.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::{Document, Object, Wanted};
use crate::diagnostic::Diagnostics;
use crate::diff::words;
use crate::format::FileKind;

/// A side's files, with what is wrong in them.
type Files = (Vec<Document>, Diagnostics);

/// Returns the metrics that differ or name, by however many steps, something that does; with `also` in any case.
pub(super) fn metrics(old: &Files, new: &Files, also: Option<&str>) -> Wanted {
    let index = |files: &Files| -> BTreeMap<Object, Document> {
        files.0.iter().map(|document| (document.object.clone(), document.clone())).collect()
    };
    let (olds, news) = (index(old), index(new));
    let is_same = |object: &Object| match (olds.get(object), news.get(object)) {
        (Some(old), Some(new)) => Arc::ptr_eq(&old.root, &new.root),
        _ => false,
    };
    let changed: BTreeSet<&Object> = olds.keys().chain(news.keys()).filter(|object| !is_same(object)).collect();
    if changed.iter().any(|object| object.kind == FileKind::Project) {
        return Wanted::Every;
    }
    let mut reached: BTreeSet<String> = changed.iter().map(|object| own_name(object)).collect();
    reached.extend(also.map(str::to_owned));
    let naming = naming(olds.values().chain(news.values()));
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for user in naming.get(&name).into_iter().flatten() {
            if reached.insert(user.clone()) {
                open.push(user.clone());
            }
        }
    }
    Wanted::Only(reached)
}

/// Returns the name by which others name an object; a case counts for its metric.
fn own_name(object: &Object) -> String {
    match object.kind {
        FileKind::Case => object.name.split('/').next().unwrap_or_default().to_owned(),
        _ => object.id().to_owned(),
    }
}

/// Returns, for every name, the objects whose files have it among their words.
fn naming<'a>(documents: impl Iterator<Item = &'a Document>) -> BTreeMap<String, BTreeSet<String>> {
    let documents: Vec<&Document> = documents.filter(|document| is_namer(&document.object)).collect();
    let names: BTreeSet<String> = documents.iter().map(|document| own_name(&document.object)).collect();
    let mut naming: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen: BTreeSet<*const crate::yaml::Node> = BTreeSet::new();
    for document in documents {
        // Most files are the same on both sides.
        if !seen.insert(Arc::as_ptr(&document.root)) {
            continue;
        }
        for word in words(document) {
            let name = word.split(['.', '@']).next().unwrap_or(word);
            if names.contains(name) {
                naming.entry(name.to_owned()).or_default().insert(own_name(&document.object));
            }
        }
    }
    naming
}

fn is_namer(object: &Object) -> bool {
    matches!(object.kind, FileKind::Metric | FileKind::Standard | FileKind::Source)
}

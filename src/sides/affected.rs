//! Which metrics a difference can reach, and which could be like one of these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashSet;

use crate::catalog::{Document, Object, Wanted};
use crate::cores;
use crate::definition::{Definition, folded};
use crate::diagnostic::Diagnostics;
use crate::diff::{Scope, words};
use crate::format::FileKind;
use crate::yaml::Node;

/// A side's files, with what is wrong in them.
pub(super) type Files = (Vec<Document>, Diagnostics);

/// What a difference makes one look at.
pub(super) struct Affected {
    /// The metrics that differ or name, by however many steps, something that does: what there is to compare.
    pub(super) reached: Scope,
    /// Those, and the ones that could mean the same as one of them or are called the same: whoever looks for metrics that
    /// are alike has to see both.
    pub(super) seen: Wanted,
}

/// Returns what the differences between two sides affect, with the metric `also` in any case.
pub(super) fn metrics(old: &Files, new: &Files, also: Option<&str>) -> Affected {
    let (olds, news) = (index(old), index(new));
    let is_same = |object: &&Object| match (olds.get(*object), news.get(*object)) {
        (Some(old), Some(new)) => Arc::ptr_eq(&old.root, &new.root),
        _ => false,
    };
    let changed: BTreeSet<&Object> =
        olds.keys().chain(news.keys()).copied().filter(|object| !is_same(object)).collect();
    if changed.iter().any(|object| object.kind == FileKind::Project) {
        return Affected { reached: Scope::Every, seen: Wanted::Every };
    }
    let mut reached: BTreeSet<String> = changed.iter().map(|object| own_name(object)).collect();
    reached.extend(also.map(str::to_owned));
    let all: Vec<&Document> = olds.values().chain(news.values()).copied().collect();
    let naming = naming(&all);
    reached = closed(reached, |name| naming.get(name).into_iter().flatten().cloned().collect());
    reached.extend(accepted(&all));
    let mut seen = alike(&reached, &naming, &all);
    seen.extend(reached.iter().cloned());
    Affected { reached: Scope::Only(reached), seen: Wanted::Only(seen) }
}

/// Returns the files of a side by what they define; of several that define one thing the last.
fn index(files: &Files) -> BTreeMap<&Object, &Document> {
    files.0.iter().map(|document| (&document.object, document)).collect()
}

/// Returns the set with everything that can be reached from it.
pub(crate) fn closed(mut set: BTreeSet<String>, next: impl Fn(&str) -> Vec<String>) -> BTreeSet<String> {
    let mut open: Vec<String> = set.iter().cloned().collect();
    while let Some(id) = open.pop() {
        for other in next(&id) {
            if set.insert(other.clone()) {
                open.push(other);
            }
        }
    }
    set
}

/// Returns the metrics that read what one of some metrics reads, or have a title or a sentence of theirs.
///
/// Metrics of one meaning read the same sources, or are made of the same metrics.
fn alike(
    reached: &BTreeSet<String>,
    naming: &BTreeMap<String, BTreeSet<String>>,
    documents: &[&Document],
) -> BTreeSet<String> {
    let ids = |kind: FileKind| -> BTreeSet<&str> {
        documents.iter().map(|document| &document.object).filter(|it| it.kind == kind).map(Object::id).collect()
    };
    let (metrics, sources) = (ids(FileKind::Metric), ids(FileKind::Source));
    let is_read = |name: &str| metrics.contains(name) || sources.contains(name);
    let of_read = naming.iter().filter(|(name, users)| is_read(name) && !users.is_disjoint(reached));
    let mut found: BTreeSet<String> = of_read.flat_map(|(_, users)| users).cloned().collect();
    found.extend(made_alike(reached, naming, (&metrics, &sources)));
    let mut called: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for document in documents {
        if let Definition::Metric(metric) = document.definition.as_ref() {
            for text in metric.readings.iter().flat_map(|reading| [&reading.title, &reading.statement]) {
                called.entry(folded(text)).or_default().insert(&metric.id.value);
            }
        }
    }
    let of_one_name = called.values().filter(|ids| ids.iter().any(|id| reached.contains(*id)));
    found.extend(of_one_name.flatten().map(|id| (*id).to_owned()));
    found
}

/// Returns the metrics that are made of others and rest on the same sources as such a one among some metrics: they may be
/// made of other metrics of one meaning.
fn made_alike(
    reached: &BTreeSet<String>,
    naming: &BTreeMap<String, BTreeSet<String>>,
    (metrics, sources): (&BTreeSet<&str>, &BTreeSet<&str>),
) -> BTreeSet<String> {
    let mut named: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let is_read = |name: &str| metrics.contains(name) || sources.contains(name);
    for (name, users) in naming.iter().filter(|(name, _)| is_read(name)) {
        let others = users.iter().filter(|user| *user != name && metrics.contains(user.as_str()));
        others.for_each(|user| named.entry(user).or_default().push(name));
    }
    let made = named.iter().filter(|(_, parts)| parts.iter().any(|part| metrics.contains(part))).map(|(id, _)| *id);
    let made: Vec<&str> = made.collect();
    if !made.iter().any(|id| reached.contains(*id)) {
        return BTreeSet::new();
    }
    let next = |id: &str| named.get(id).into_iter().flatten().map(|part| (*part).to_owned()).collect();
    let behind = cores::map(&made, |id| {
        let all = closed(BTreeSet::from([(*id).to_owned()]), next);
        all.into_iter().filter(|name| sources.contains(name.as_str())).collect::<Vec<String>>()
    });
    let of_reached = made.iter().zip(&behind).filter(|(id, _)| reached.contains(**id));
    let of_reached: BTreeSet<&Vec<String>> = of_reached.map(|(_, behind)| behind).collect();
    made.iter().zip(&behind).filter(|(_, behind)| of_reached.contains(behind)).map(|(id, _)| (*id).to_owned()).collect()
}

/// Returns the metrics of which something is accepted: whether it is still found is asked in every review.
fn accepted(documents: &[&Document]) -> BTreeSet<String> {
    let metrics = documents.iter().filter_map(|document| match document.definition.as_ref() {
        Definition::Acceptance(acceptance) => Some(acceptance.metric.value.clone()),
        _ => None,
    });
    metrics.collect()
}

/// Returns the name by which others name an object; a case counts for its metric.
fn own_name(object: &Object) -> String {
    match object.kind {
        FileKind::Case => object.name.split('/').next().unwrap_or_default().to_owned(),
        _ => object.id().to_owned(),
    }
}

/// Returns, for every name, the objects whose files have it among their words.
fn naming(documents: &[&Document]) -> BTreeMap<String, BTreeSet<String>> {
    // Most files are the same on both sides.
    let mut seen: HashSet<*const Node> = HashSet::new();
    let is_new = |document: &&&Document| is_namer(&document.object) && seen.insert(Arc::as_ptr(&document.root));
    let documents: Vec<&Document> = documents.iter().filter(is_new).copied().collect();
    let names: BTreeSet<String> = documents.iter().map(|document| own_name(&document.object)).collect();
    let mut naming: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let named = cores::map(&documents, |document| {
        let words = words(document).into_iter().map(|word| word.split(['.', '@']).next().unwrap_or(word));
        words.filter_map(|word| names.get(word)).collect::<BTreeSet<&String>>()
    });
    for (document, named) in documents.iter().zip(named) {
        for name in named {
            naming.entry(name.clone()).or_default().insert(own_name(&document.object));
        }
    }
    naming
}

fn is_namer(object: &Object) -> bool {
    matches!(object.kind, FileKind::Metric | FileKind::Standard | FileKind::Source)
}

#[cfg(test)]
#[path = "tests/affected.rs"]
mod tests;

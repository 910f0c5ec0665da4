//! What a metric's number rests on: the standards, sources and metrics that its definition names, and what those name.
//!
//! Finds names by their words, so that too much may be found, never too little. Knows no plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::catalog::{Catalog, Document, Object};
use crate::format::{FileKind, settled};
use crate::resolve::Registry;
use crate::shape::{Moves, Shape};
use crate::yaml::Node;

/// A document that a metric rests on, and the metric between the two, if it is reached through one only.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    /// The document.
    pub(super) document: Document,
    /// The metric that is named by the one that was asked about, and rests on the document.
    pub(super) via: Option<Object>,
}

/// What the metrics of a catalog rest on.
pub(super) struct Reach<'a> {
    catalog: &'a Catalog,
    /// What documents name. Metrics share most of what they rest on.
    named: Mutex<BTreeMap<Object, Arc<Vec<Object>>>>,
}

impl<'a> Reach<'a> {
    /// Looks at a catalog.
    pub(super) fn over(catalog: &'a Catalog) -> Self {
        Self { catalog, named: Mutex::default() }
    }

    /// Returns the documents that can move the number of a version, itself and the project file included.
    pub(super) fn of(&self, metric: &Object) -> BTreeMap<Object, Reached> {
        let project = Object { kind: FileKind::Project, name: String::new() };
        let mut found = BTreeMap::new();
        let mut direct = vec![(metric.clone(), None), (project, None)];
        let mut through = Vec::new();
        // What is named directly comes first, so that it counts as such.
        while let Some((object, via)) = direct.pop().or_else(|| through.pop()) {
            let Some(document) = self.catalog.documents.get(&object) else { continue };
            if found.contains_key(&object) {
                continue;
            }
            let is_part = object.kind == FileKind::Metric && object != *metric;
            let below = via.clone().or_else(|| is_part.then(|| object.clone()));
            for named in self.named(document).iter() {
                let list = if below.is_none() && named.kind != FileKind::Metric { &mut direct } else { &mut through };
                list.push((named.clone(), below.clone()));
            }
            found.insert(object, Reached { document: document.clone(), via });
        }
        found
    }

    fn named(&self, document: &Document) -> Arc<Vec<Object>> {
        let known = || self.named.lock().expect("no holder panics");
        if let Some(named) = known().get(&document.object) {
            return named.clone();
        }
        let named = Arc::new(named(document, &self.catalog.registry));
        known().insert(document.object.clone(), named.clone());
        named
    }
}

/// Returns the objects that a document names where it can move a number.
fn named(document: &Document, registry: &Registry) -> Vec<Object> {
    let words = words_of(document, |moves| moves == Moves::Number);
    let mut objects = Vec::new();
    for word in words {
        if registry.sources.contains_key(word) {
            objects.push(Object { kind: FileKind::Source, name: word.to_owned() });
        }
        if let Some(standard) = registry.find_standard(word) {
            let name = format!("{}@{}", standard.name.value, standard.version);
            objects.push(Object { kind: FileKind::Standard, name });
        }
        // The name of a metric may have a variant behind it.
        let id = word.split('.').next().unwrap_or(word);
        if let Some(metric) = registry.current(id).filter(|_| document.object.id() != id) {
            objects.push(Object::metric(id, &metric.version));
        }
    }
    objects
}

/// Returns every word of a document outside of its prose: all the names that it can name others by.
pub fn words(document: &Document) -> BTreeSet<&str> {
    words_of(document, |moves| moves != Moves::Wording)
}

fn words_of(document: &Document, counts: fn(Moves) -> bool) -> BTreeSet<&str> {
    let mut words = BTreeSet::new();
    collect(document.object.kind.shape(), &document.root, (Moves::Number, counts), &mut words);
    words
}

fn collect<'a>(
    shape: &'static Shape,
    node: &'a Node,
    (moves, counts): (Moves, fn(Moves) -> bool),
    words: &mut BTreeSet<&'a str>,
) {
    let shape = settled(shape, node);
    for entry in node.entries() {
        let field = match shape {
            Shape::Record(record) => record.field(&entry.key.value),
            Shape::OneKey(fields) => fields.iter().find(|field| field.name == entry.key.value),
            _ => None,
        };
        let (inner, own) = match (field, shape) {
            (Some(field), _) => (&field.shape, moves.inside(field.moves)),
            (None, Shape::Map(inner) | Shape::RawMap(inner)) => (*inner, moves),
            (None, _) => continue,
        };
        collect(inner, &entry.value, (own, counts), words);
    }
    if let Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _) = shape {
        node.items().iter().for_each(|item| collect(inner, item, (moves, counts), words));
    }
    if let (true, Some(text)) = (counts(moves), node.as_text()) {
        words.extend(
            text.split(|c: char| !(c.is_ascii_alphanumeric() || "_.@".contains(c))).filter(|word| !word.is_empty()),
        );
    }
}

#[cfg(test)]
#[path = "tests/reach.rs"]
mod tests;

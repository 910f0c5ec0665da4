//! Definitions between two versions: the old one with some of the edits made.
//!
//! What an edit does alone can only be seen on such a mixture. A mixture without meaning (a rule that reads a fact which
//! is not there yet) is told as such.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::edit::{EditId, Kind, Path};
use super::tree;
use crate::catalog::{self, Catalog, Document, Object};
use crate::diagnostic::Diagnostics;
use crate::plan::Plan;
use crate::resolve::Version;
use crate::text::Texts;
use crate::yaml::{Entry, Node, NodeKind};

/// The documents that one metric rests on, on both sides: pairs of one thing, and what only one side has.
pub(super) struct Mixture<'a> {
    /// The metric's own object on either side; a mixture has the name and version of the old one.
    pub(super) metric: (Object, Object),
    /// What both sides have.
    pub(super) pairs: Vec<(&'a Document, &'a Document)>,
    /// What one side has.
    pub(super) single: Vec<&'a Document>,
    /// The texts behind all nodes.
    pub(super) texts: &'a Texts,
}

/// The meaning of a metric's version: the plan of each reading by variant name (empty for the base), and its fingerprint.
pub(super) type Meaning = BTreeMap<String, (Plan, String)>;

/// Returns the meaning of each reading of a version.
pub(super) fn meaning(catalog: &Catalog, metric: &Object) -> Option<Meaning> {
    let (id, version) = metric.name.split_once('@')?;
    let version = Version::parse(version)?;
    let declared = catalog.registry.metrics.get(id)?.get(&version)?.readings.len();
    let mut meaning = Meaning::new();
    for (reading, plan) in catalog.version(id, version) {
        let name = reading.name().unwrap_or_default().to_owned();
        meaning.insert(name, (plan.clone(), catalog.meaning(plan)));
    }
    (meaning.len() == declared).then_some(meaning)
}

impl Mixture<'_> {
    /// Returns the catalog of the old definition with the chosen edits made; `None` where it has no meaning.
    pub(super) fn catalog(&self, chosen: &BTreeSet<EditId>) -> Option<(Catalog, Object)> {
        let mut diagnostics = Diagnostics::new();
        let mut documents: Vec<Document> = self.single.iter().map(|document| (*document).clone()).collect();
        for (old, new) in &self.pairs {
            // Most of what a metric rests on is one thing on both sides, and has no part in the mixture.
            if Arc::ptr_eq(&old.root, &new.root) && !is_pinned(&old.root) {
                documents.push((*old).clone());
                continue;
            }
            let own = |edit: &&EditId| edit.object == new.object;
            let places: BTreeSet<(Path, Kind)> =
                chosen.iter().filter(own).map(|edit| (edit.path.clone(), edit.kind)).collect();
            let kind = old.object.kind;
            let mut root = tree::merge(kind.shape(), &old.root, &new.root, &places);
            unpin(&mut root);
            documents.push(Document::of_tree(kind, root, old.text, (self.texts, &mut diagnostics))?);
        }
        let catalog =
            catalog::lowered(documents, self.texts, self.metric.0.id()).filter(|_| !diagnostics.has_errors())?;
        Some((catalog, self.metric.0.clone()))
    }

    /// Returns the meaning of the old definition with the chosen edits made; `None` where it has none.
    pub(super) fn meaning(&self, chosen: &BTreeSet<EditId>) -> Option<Meaning> {
        let (catalog, metric) = self.catalog(chosen)?;
        meaning(&catalog, &metric)
    }
}

/// Takes versions off the names of standards: a mixture has one version of each.
fn unpin(node: &mut Node) {
    match &mut node.kind {
        NodeKind::Text { value, .. } => {
            if let Some(name) = pinned(value) {
                *value = name.into();
            }
        }
        NodeKind::Sequence(items) => items.iter_mut().for_each(unpin),
        NodeKind::Mapping(entries) => entries.iter_mut().map(|Entry { value, .. }| value).for_each(unpin),
        _ => {}
    }
}

/// Tells whether a version can be taken off a name somewhere.
fn is_pinned(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Text { value, .. } => pinned(value).is_some(),
        NodeKind::Sequence(items) => items.iter().any(is_pinned),
        NodeKind::Mapping(entries) => entries.iter().any(|Entry { value, .. }| is_pinned(value)),
        _ => false,
    }
}

/// Returns the name in front of a version.
fn pinned(text: &str) -> Option<&str> {
    let (name, version) = text.split_once('@')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_name && Version::parse(version).is_some()).then_some(name)
}

#[cfg(test)]
#[path = "tests/hybrid.rs"]
mod tests;

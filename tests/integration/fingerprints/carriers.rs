//! Projects whose definitions carry the fields: what rests on what, and fingerprints with one definition changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use etalon::catalog::{self, Catalog, Document, Fingerprints, Object, said};
use etalon::diagnostic::Diagnostics;
use etalon::format::{self, FileKind};
use etalon::load::{self, Loaded};
use etalon::resolve::Version;
use etalon::shape::Moves;
use etalon::yaml::Node;

use super::fields::Occurrence;
use super::mutants::Mutant;
use crate::library::PROJECTS;

/// Metrics that are asked about one definition, at most.
const ASKED: usize = 8;

/// A project of fields that no other has.
const RARE: &str = "tests/projects/rare_fields";

/// One project.
pub(super) struct Carrier {
    catalog: Catalog,
    loaded: Loaded,
    /// The definitions by name.
    by_id: BTreeMap<String, Vec<Object>>,
    /// For each definition, those that it names where it can move a number.
    names: BTreeMap<Object, BTreeSet<Object>>,
    /// Fingerprints of unchanged metrics.
    known: Mutex<BTreeMap<Object, Option<Fingerprints>>>,
}

/// Reads every project.
pub(super) fn carriers() -> Vec<Carrier> {
    PROJECTS.iter().chain(&[RARE]).map(|project| Carrier::read(project)).collect()
}

impl Carrier {
    fn read(project: &str) -> Self {
        let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let mut diagnostics = Diagnostics::new();
        let catalog = catalog::build(&loaded, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{project}");
        let mut by_id: BTreeMap<String, Vec<Object>> = BTreeMap::new();
        let is_part = |kind| matches!(kind, FileKind::Source | FileKind::Standard | FileKind::Metric);
        for object in catalog.documents.keys().filter(|object| is_part(object.kind)) {
            by_id.entry(object.id().to_owned()).or_default().push(object.clone());
        }
        let names = catalog.documents.values().map(|it| (it.object.clone(), named(&by_id, it.object.kind, &it.root)));
        let names = names.collect();
        Self { catalog, loaded, by_id, names, known: Mutex::default() }
    }

    /// Returns its definitions.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.catalog.documents.values()
    }

    /// Returns the definitions of a name.
    pub(super) fn called(&self, id: &str) -> impl Iterator<Item = &Document> {
        let objects = self.by_id.get(id).into_iter().flatten();
        objects.filter_map(|object| self.catalog.documents.get(object))
    }

    /// Returns a definition with another tree.
    pub(super) fn remade(&self, kind: FileKind, document: &Document, root: Node) -> Option<Document> {
        Document::of_tree(kind, root, document.text, (&self.loaded.texts, &mut Diagnostics::new()))
    }

    /// Returns the columns of the sources that a definition names.
    pub(super) fn columns(&self, object: &Object) -> BTreeSet<&str> {
        let named = self.names.get(object).into_iter().flatten();
        let sources = named.filter_map(|object| self.catalog.registry.sources.get(&object.name));
        sources.flat_map(|file| file.source.columns.iter().map(|column| column.name.as_str())).collect()
    }

    /// Returns the file and line of an occurrence.
    pub(super) fn place(&self, occurrence: &Occurrence) -> String {
        let name = &self.loaded.texts.get(occurrence.value.span.text).name;
        let below = name.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/")).unwrap_or(name);
        format!("{below}:{}", self.loaded.texts.position(occurrence.value.span).line)
    }

    /// Returns metrics whose own data fingerprint a place is part of: its metric, else some that rest on its definition and
    /// read its column. What is made of a metric has it among its parents.
    pub(super) fn dependents(&self, occurrence: &Occurrence) -> Vec<Object> {
        let object = &occurrence.object;
        if object.kind == FileKind::Metric {
            return vec![object.clone()];
        }
        let metrics = self.catalog.documents.keys().filter(|other| other.kind == FileKind::Metric);
        let rests = metrics.filter(|metric| self.closure(metric, None).contains(object));
        rests.filter(|metric| self.reads(metric, occurrence)).take(ASKED).cloned().collect()
    }

    /// Tells whether a metric measures rows, and reads the source and the column of an occurrence, or names the derived one.
    fn reads(&self, metric: &Object, occurrence: &Occurrence) -> bool {
        let (id, version) = metric.name.split_once('@').expect("a version");
        let plans = self.catalog.version(id, Version::parse(version).expect("a version"));
        let mut measured = plans.iter().map(|(_, plan)| plan).filter(|plan| plan.body.parts().is_empty());
        let object = &occurrence.object;
        if object.kind != FileKind::Source {
            return measured.next().is_some();
        }
        match occurrence.path.as_slice() {
            [part, column, ..] if part == "columns" => {
                measured.any(|plan| plan.columns_of(&object.name).contains(&column.as_str()))
            }
            [part, column, ..] if part == "derived" => {
                let text = &self.loaded.texts.get(self.catalog.documents[metric].text).content;
                measured.any(|plan| plan.sources().contains(&object.name.as_str())) && text.contains(column.as_str())
            }
            _ => measured.any(|plan| plan.sources().contains(&object.name.as_str())),
        }
    }

    /// Returns what a metric rests on, itself and the project included, where one definition may have another tree.
    fn closure(&self, metric: &Object, changed: Option<(&Object, &Node)>) -> BTreeSet<Object> {
        let mut open = vec![metric.clone(), Object { kind: FileKind::Project, name: String::new() }];
        // A copy beside the mutant rests on what its original rests on.
        open.extend(self.names.get(metric).into_iter().flatten().cloned());
        let mut found = BTreeSet::new();
        while let Some(object) = open.pop() {
            if !found.insert(object.clone()) {
                continue;
            }
            match changed.filter(|(other, _)| **other == object) {
                Some((_, root)) => open.extend(named(&self.by_id, object.kind, root)),
                None => open.extend(self.names.get(&object).into_iter().flatten().cloned()),
            }
        }
        found
    }

    /// Returns the fingerprints of a metric, where one definition may be a mutant; `None` where that has no meaning.
    pub(super) fn fingerprints(&self, metric: &Object, changed: Option<(&Object, &Mutant)>) -> Option<Fingerprints> {
        if changed.is_some() {
            return self.computed(metric, changed);
        }
        if let Some(known) = self.known.lock().expect("no thread panicked").get(metric) {
            return known.clone();
        }
        let found = self.computed(metric, None);
        self.known.lock().expect("no thread panicked").insert(metric.clone(), found.clone());
        found
    }

    fn computed(&self, metric: &Object, changed: Option<(&Object, &Mutant)>) -> Option<Fingerprints> {
        let mut diagnostics = Diagnostics::new();
        let mut documents: Vec<Document> = changed.map_or(Vec::new(), |(_, mutant)| mutant.beside.clone());
        let mut own = metric.clone();
        for object in self.closure(metric, changed.map(|(object, mutant)| (object, &mutant.root))) {
            let document = self.catalog.documents.get(&object)?;
            let Some((_, mutant)) = changed.filter(|(other, _)| **other == object) else {
                documents.push(document.clone());
                continue;
            };
            let kind = format::check(&mutant.root, &mut diagnostics)?;
            let read = (&self.loaded.texts, &mut diagnostics);
            let mutant = Document::of_tree(kind, mutant.root.clone(), document.text, read)?;
            if object == *metric {
                own = mutant.object.clone();
            }
            documents.push(mutant);
        }
        if diagnostics.has_errors() || own.kind != FileKind::Metric {
            return None;
        }
        let (id, version) = own.name.split_once('@')?;
        let catalog = catalog::lowered(documents, &self.loaded.texts, id)?;
        catalog.fingerprints(id, Version::parse(version)?)
    }
}

/// Returns the definitions that a tree names where it can move a number.
fn named(by_id: &BTreeMap<String, Vec<Object>>, kind: FileKind, root: &Node) -> BTreeSet<Object> {
    let text = said(kind.shape(), root, Moves::Number).to_string();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter_map(|word| by_id.get(word)).flatten().cloned().collect()
}

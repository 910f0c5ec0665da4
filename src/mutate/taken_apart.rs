//! A project taken apart: every definition without its words, what it rests on, and the cases that prove it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::catalog::{Catalog, Document};
use crate::definition::{Case, StandardKind};
use crate::format::{FileKind, METRIC, PROJECT, SOURCE, STANDARD};
use crate::shape::{Record, Shape};
use crate::text::{Span, TextId, Texts};
use crate::yaml::Node;

use super::names::Names;
use super::tree;
use super::walk::lean;

/// A kind of definition and a name: that of the current version where there are several.
pub(super) type Key = (&'static str, String);

/// One definition of a project.
pub(super) struct File {
    /// Its tree as written.
    pub(super) root: Node,
    /// Its text without words.
    pub(super) text: String,
    /// The texts of its other versions.
    others: Vec<String>,
    /// Where it is named.
    pub(super) span: Span,
    /// The definitions it names, and others that are called like one of its words.
    names: Vec<Key>,
}

/// A project taken apart.
pub(super) struct Project<'a> {
    /// Its texts, for the places of cases.
    pub(super) texts: &'a Texts,
    /// Its definitions.
    pub(super) files: BTreeMap<Key, File>,
    /// The cases of each metric.
    pub(super) cases: BTreeMap<String, Vec<(TextId, Case)>>,
    /// The folder of each file.
    pub(super) folders: BTreeMap<TextId, PathBuf>,
    /// The folder of the project.
    pub(super) root: Option<PathBuf>,
    /// What its names mean.
    pub(super) names: Names,
}

/// Returns the format of a kind of definition; `None` for cases and mappings, which define no number.
fn format(kind: FileKind) -> Option<(&'static str, &'static Record)> {
    match kind {
        FileKind::Project => Some(("project", &PROJECT)),
        FileKind::Source => Some(("source", &SOURCE)),
        FileKind::Standard => Some(("standard", &STANDARD)),
        FileKind::Metric => Some(("metric", &METRIC)),
        _ => None,
    }
}

/// Returns the format of the definition.
pub(super) fn record(key: &Key) -> &'static Record {
    match key.0 {
        "project" => &PROJECT,
        "source" => &SOURCE,
        "standard" => &STANDARD,
        _ => &METRIC,
    }
}

impl<'a> Project<'a> {
    /// Takes a project apart.
    pub(super) fn of(catalog: &Catalog, texts: &'a Texts) -> Self {
        let mut files: BTreeMap<Key, File> = BTreeMap::new();
        for (object, document) in &catalog.documents {
            let Some((kind, record)) = format(object.kind) else { continue };
            let root = (*document.root).clone();
            let text = tree::file(&lean(&root, &Shape::Record(record)));
            let key = (kind, object.id().to_owned());
            let is_current = is_current(catalog, (kind, object.id()), document);
            match files.get_mut(&key) {
                Some(file) if !is_current => file.others.push(text),
                other => {
                    let before = other.map(|file| [vec![file.text.clone()], file.others.clone()].concat());
                    let span = root.get(kind).map_or(root.span, |name| name.span);
                    let others = before.unwrap_or_default();
                    files.insert(key, File { root, text, others, span, names: Vec::new() });
                }
            }
        }
        refer(&mut files);
        let mut cases: BTreeMap<String, Vec<(TextId, Case)>> = BTreeMap::new();
        for (id, case) in &catalog.registry.cases {
            let is_of_current = case.version.as_ref().is_none_or(|version| {
                catalog.registry.current(&case.metric.value).is_some_and(|it| it.version == version.value.to_string())
            });
            if is_of_current {
                let case = Case { version: None, ..case.clone() };
                cases.entry(case.metric.value.clone()).or_default().push((*id, case));
            }
        }
        let names = names(catalog);
        Self { texts, files, cases, folders: catalog.folders.clone(), root: catalog.root.clone(), names }
    }

    /// Returns the definition and all that it rests on.
    pub(super) fn closure(&self, key: &Key) -> BTreeSet<&Key> {
        let mut open: Vec<&Key> = self.files.keys().filter(|other| *other == key || other.0 == "project").collect();
        let mut known = BTreeSet::new();
        while let Some(key) = open.pop() {
            if known.insert(key) {
                let named = self.files[key].names.iter();
                open.extend(named.filter_map(|name| Some(self.files.get_key_value(name)?.0)));
            }
        }
        known
    }

    /// Returns the metrics with cases that rest on the definition.
    pub(super) fn dependents(&self, key: &Key) -> Vec<String> {
        let rests = |metric: &&String| self.closure(&("metric", (*metric).clone())).contains(key);
        self.cases.keys().filter(rests).cloned().collect()
    }

    /// Returns the texts of a definition in all its versions, `changed` in place of the current one.
    pub(super) fn versions<'t>(&'t self, key: &Key, changed: Option<&'t str>) -> impl Iterator<Item = &'t str> {
        let file = &self.files[key];
        [changed.unwrap_or(&file.text)].into_iter().chain(file.others.iter().map(String::as_str))
    }

    /// Returns whether another metric measures how far this one's targets are reached.
    pub(super) fn is_goal(&self, metric: &str) -> bool {
        let goal = |file: &File| {
            let goal = file.root.get("measure").and_then(|measure| measure.get("goal"));
            goal.and_then(|goal| goal.get("metric")).is_some_and(|name| name.scalar_text() == metric)
        };
        self.files.values().any(goal)
    }

    /// Returns what names mean in changes of a metric.
    pub(super) fn names_of(&self, metric: &str) -> Names {
        let grains = self.cases.get(metric).into_iter().flatten().map(|(_, case)| case.grain.value.to_string());
        Names { grains: grains.filter(|grain| grain != "all").collect(), ..self.names.clone() }
    }
}

/// Tells whether a document holds the version of a definition that its name means.
fn is_current(catalog: &Catalog, (kind, name): (&str, &str), document: &Document) -> bool {
    let named = match kind {
        "metric" => catalog.registry.current(name).map(|metric| metric.id.span.text),
        "standard" => catalog.registry.find_standard(name).map(|standard| standard.name.span.text),
        _ => return true,
    };
    named.is_none_or(|text| text == document.text)
}

/// Notes for each definition which others it names.
fn refer(files: &mut BTreeMap<Key, File>) {
    let keys: Vec<Key> = files.keys().cloned().collect();
    for file in files.values_mut() {
        let all = [std::slice::from_ref(&file.text), &file.others].concat().join("\n");
        let words: BTreeSet<&str> = all.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        file.names = keys.iter().filter(|(_, name)| words.contains(name.as_str())).cloned().collect();
    }
}

fn names(catalog: &Catalog) -> Names {
    let mut names = Names::default();
    for (name, file) in &catalog.registry.sources {
        let stored = file.source.columns.iter().map(|column| (column.name.clone(), column.ty));
        let derived = file.source.derived.iter().map(|column| (column.name.clone(), column.value.ty()));
        names.columns.insert(name.clone(), stored.chain(derived).collect());
        names.dated_by.insert(name.clone(), file.source.order[0].clone());
    }
    for (name, standard) in &catalog.registry.standards {
        match &standard.kind {
            StandardKind::Calendar { .. } => names.calendars.push(name.clone()),
            StandardKind::Treatment { variants, .. } => {
                let readings = variants.iter().map(|variant| {
                    let says = [&variant.counts_when, &variant.succeeds_when].map(Node::scalar_text);
                    (variant.name.clone(), says.join(" "))
                });
                let readings = readings.collect();
                names.treatments.insert(name.clone(), readings);
            }
            StandardKind::Targets { columns, .. } => drop(names.targets.insert(name.clone(), columns.clone())),
            _ => {}
        }
    }
    names
}

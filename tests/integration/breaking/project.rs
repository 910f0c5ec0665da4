//! A project taken apart: every definition without its words, what it rests on, and the cases that prove it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use etalon::catalog::{self, Catalog};
use etalon::definition::{Case, StandardKind};
use etalon::diagnostic::Diagnostics;
use etalon::format::{METRIC, PROJECT, SOURCE, STANDARD};
use etalon::load::Loaded;
use etalon::shape::{Record, Shape};
use etalon::text::TextId;
use etalon::yaml::{self, Node};

use super::names::Names;
use super::tree;
use super::walk::lean;
use super::{kind, load, value_of};

/// A kind of definition and a name.
pub(super) type Key = (&'static str, String);

/// One definition of a project.
pub(super) struct File {
    /// Its tree as written.
    pub(super) root: Node,
    /// Its text without words.
    pub(super) text: String,
    /// The definitions it names, and others that are called like one of its words.
    names: Vec<Key>,
}

/// A project taken apart.
pub(super) struct Project {
    /// Its texts, for the places of cases.
    pub(super) loaded: Loaded,
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
fn format(kind: &str) -> Option<(&'static str, &'static Record)> {
    match kind {
        "project" => Some(("project", &PROJECT)),
        "source" => Some(("source", &SOURCE)),
        "standard" => Some(("standard", &STANDARD)),
        "metric" => Some(("metric", &METRIC)),
        _ => None,
    }
}

/// Returns the format of the definition.
pub(super) fn record(key: &Key) -> &'static Record {
    format(key.0).expect("only definitions with a format are kept").1
}

impl Project {
    /// Reads the project in the folder `place`.
    pub(super) fn read(place: &str) -> Self {
        let loaded = load(place);
        // Mistakes are noted with what rests on them.
        let catalog = catalog::build(&loaded, &mut Diagnostics::new());
        let mut files = BTreeMap::new();
        for file in &loaded.files {
            let text = &loaded.texts.get(file.id).content;
            let Some((kind, record)) = format(kind(text)) else { continue };
            let name = value_of(text, kind).expect("a name").to_owned();
            let root = yaml::parse(&loaded.texts, file.id, &mut Diagnostics::new()).expect("it is YAML");
            let text = tree::file(&lean(&root, &Shape::Record(record)));
            files.insert((kind, name), File { root, text, names: Vec::new() });
        }
        refer(&mut files);
        let mut cases: BTreeMap<String, Vec<(TextId, Case)>> = BTreeMap::new();
        for (id, case) in &catalog.registry.cases {
            cases.entry(case.metric.value.clone()).or_default().push((*id, case.clone()));
        }
        let names = names(&catalog);
        Self { loaded, files, cases, folders: catalog.folders, root: catalog.root, names }
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

/// Notes for each definition which others it names.
fn refer(files: &mut BTreeMap<Key, File>) {
    let keys: Vec<Key> = files.keys().cloned().collect();
    for file in files.values_mut() {
        let words: BTreeSet<&str> = file.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
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

//! The front end as one function: texts in, checked plans and diagnostics out.

mod document;
mod fingerprint;
mod plans;

pub use document::{Document, Object};
pub use fingerprint::{Fingerprints, said};

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cores;
use crate::definition::{Decision, Metric, Reading, Replacement};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::load::{Loaded, LoadedFile};
use crate::lower;
use crate::mapping;
use crate::plan::Plan;
use crate::resolve::{Registry, Version, full_name, unknown};
use crate::text::{Spanned, TextId, Texts};

/// A project, checked: what it defines, and the plan of every metric that has a meaning.
#[derive(Debug, Default)]
pub struct Catalog {
    /// All definitions by name.
    pub registry: Registry,
    /// The files behind them.
    pub documents: BTreeMap<Object, Document>,
    /// The plans of current versions and their variants, by full name.
    pub plans: BTreeMap<String, Arc<Plan>>,
    /// The plans of all other versions and their variants, by full name and version: `csat.first@1.0.0`.
    pub other_versions: BTreeMap<String, Arc<Plan>>,
    /// The folder of each file, for paths that definitions name.
    pub folders: BTreeMap<TextId, PathBuf>,
    /// The folder that nothing a definition names may lie outside of.
    pub root: Option<PathBuf>,
    /// Number of definition files read.
    pub files: usize,
    /// The decision records that changes name, by their path from the project's folder; see [`crate::decision`].
    pub decisions: BTreeMap<String, Decision>,
    read: fingerprint::Read,
}

impl Catalog {
    /// Returns the metric and reading behind a full name, of the current version unless the name says another.
    pub fn reading(&self, name: &str) -> Option<(&Metric, &Reading)> {
        plans::find(&self.registry, name)
    }

    /// Returns the plan behind a full name, of the current version unless the name says another.
    pub fn plan(&self, name: &str) -> Option<&Plan> {
        let known = self.plans.get(name).or_else(|| self.other_versions.get(name));
        known.map(Arc::as_ref).or_else(|| {
            let (metric, reading) = self.reading(name)?;
            self.plan_of(metric, reading)
        })
    }

    /// Returns the plans of one version: of the base reading, then of its variants in their order.
    pub fn version(&self, id: &str, version: Version) -> Vec<(&Reading, &Plan)> {
        let Some(metric) = self.registry.metrics.get(id).and_then(|versions| versions.get(&version)) else {
            return Vec::new();
        };
        let plans = metric.readings.iter().map(|reading| Some((reading, self.plan_of(metric, reading)?)));
        plans.flatten().collect()
    }

    fn plan_of(&self, metric: &Metric, reading: &Reading) -> Option<&Plan> {
        let name = full_name(&metric.id.value, reading.name());
        let is_current = self.registry.current(&metric.id.value).is_some_and(|it| it.version == metric.version);
        let plan = match is_current {
            true => self.plans.get(&name),
            false => self.other_versions.get(&format!("{name}@{}", metric.version)),
        };
        plan.map(Arc::as_ref)
    }

    /// Returns how many values a column of a source can have, where the source lists them.
    pub fn values_of(&self, source: &str, column: &str) -> Option<usize> {
        let columns = &self.registry.sources.get(source)?.source.columns;
        columns.iter().find(|known| known.name == column)?.values.as_ref().map(Vec::len)
    }

    /// Returns the place of a file that a definition in `text` names; `None` where it lies outside the project,
    /// directly or through a link, or is a pipe or a device.
    pub fn place(&self, text: TextId, path: &str) -> Option<PathBuf> {
        self.inside(self.folders.get(&text)?, path)
    }

    /// Returns the place of a file that is named from the project's folder; `None` as with [`Catalog::place`].
    pub fn place_in_project(&self, path: &str) -> Option<PathBuf> {
        self.inside(self.root.as_ref()?, path)
    }

    fn inside(&self, folder: &Path, path: &str) -> Option<PathBuf> {
        let place = folder.join(path);
        let root = self.root.as_ref()?.canonicalize().ok()?;
        match place.canonicalize() {
            // Opening a pipe would wait for its writer for ever.
            Ok(real) => (real.starts_with(&root) && (real.is_file() || real.is_dir())).then_some(place),
            // What does not exist leads nowhere, as long as the path itself stays inside.
            Err(_) => (!Path::new(path).is_absolute() && !path.contains("..")).then_some(place),
        }
    }
}

/// Checks everything that was loaded; all mistakes are reported.
pub fn build(loaded: &Loaded, diagnostics: &mut Diagnostics) -> Catalog {
    let documents = documents(loaded, diagnostics, |_| None);
    let mut catalog = assemble(documents, &loaded.texts, &Wanted::Every, diagnostics);
    catalog.locate(loaded);
    catalog
}

/// Reads every file that was loaded; `known` may know a file's document already, so that nothing is parsed twice.
pub fn documents(
    loaded: &Loaded,
    diagnostics: &mut Diagnostics,
    known: impl Fn(TextId) -> Option<Document> + Sync,
) -> Vec<Document> {
    let read = |file: &LoadedFile| {
        let mut own = Diagnostics::new();
        let document = known(file.id).or_else(|| Document::read(file.id, &loaded.texts, &mut own));
        (document, own)
    };
    let mut documents = Vec::with_capacity(loaded.files.len());
    for (document, own) in cores::map(&loaded.files, read) {
        diagnostics.extend(own);
        documents.extend(document);
    }
    documents
}

/// Which metrics are lowered.
pub enum Wanted {
    /// All of them.
    Every,
    /// Those with these ids, and what they are made of.
    Only(BTreeSet<String>),
}

impl Wanted {
    fn has(&self, id: &str) -> bool {
        match self {
            Wanted::Every => true,
            Wanted::Only(ids) => ids.contains(id),
        }
    }
}

/// Makes a catalog of documents; all mistakes beyond single files are reported.
pub fn assemble(documents: Vec<Document>, texts: &Texts, wanted: &Wanted, diagnostics: &mut Diagnostics) -> Catalog {
    let definitions = documents.iter().map(|document| (document.text, (*document.definition).clone())).collect();
    let mut registry = Registry::new(definitions, diagnostics);
    lower::derived::compile_all(&mut registry, texts, diagnostics);
    let (plans, other_versions) = plans::lower(&registry, texts, wanted, diagnostics);
    references(&registry, diagnostics);
    lower::standards::check(&registry, texts, diagnostics);
    mapping::check(&registry, diagnostics);
    lower::purpose::check(&registry, &plans, diagnostics);
    let mut by_object = BTreeMap::new();
    for document in documents {
        // Of a name that is taken twice the first holder stays, as in the registry.
        by_object.entry(document.object.clone()).or_insert(document);
    }
    Catalog { registry, documents: by_object, plans, other_versions, ..Catalog::default() }
}

/// Lowers one metric over documents that may be a mixture of two projects: its plans by name, and the catalog they stand
/// in. `None` where the mixture has no meaning.
pub fn lowered(documents: Vec<Document>, texts: &Texts, id: &str) -> Option<Catalog> {
    let mut diagnostics = Diagnostics::new();
    let definitions = documents.iter().map(|document| (document.text, (*document.definition).clone())).collect();
    let mut registry = Registry::new(definitions, &mut diagnostics);
    lower::derived::compile_all(&mut registry, texts, &mut diagnostics);
    let wanted = Wanted::Only(BTreeSet::from([id.to_owned()]));
    let (plans, other_versions) = plans::lower(&registry, texts, &wanted, &mut diagnostics);
    let documents = documents.into_iter().map(|document| (document.object.clone(), document)).collect();
    let catalog = Catalog { registry, documents, plans, other_versions, ..Catalog::default() };
    (!diagnostics.has_errors()).then_some(catalog)
}

impl Catalog {
    /// Remembers where the files lie.
    pub fn locate(&mut self, loaded: &Loaded) {
        for file in &loaded.files {
            let folder = file.path.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
            self.folders.insert(file.id, folder.to_owned());
        }
        self.files = loaded.files.len();
        self.root = loaded.files.iter().find_map(|file| file.project.clone());
    }
}

/// Finds names that no plan looks up: those in guardrails, replacements, standards and cases.
fn references(registry: &Registry, diagnostics: &mut Diagnostics) {
    // Wanted where a name is wrong.
    let names = LazyCell::new(|| registry.metric_names());
    for metric in registry.metrics.values().flat_map(BTreeMap::values) {
        replacement(registry, metric, diagnostics);
        for guardrail in &metric.guardrails {
            if plans::find(registry, &guardrail.metric.value).is_none() {
                unknown("metric", &guardrail.metric, names.iter(), diagnostics);
            }
        }
    }
    let remotes = registry.project.as_ref().map(|project| &project.remotes);
    for (target, place) in registry.sources.values().flat_map(|source| &source.places) {
        if !remotes.is_some_and(|remotes| remotes.contains_key(target)) {
            let name = Spanned::new(target.clone(), place.span);
            unknown("target", &name, remotes.into_iter().flat_map(BTreeMap::keys), diagnostics);
        }
    }
    for source in registry.standards.values().flat_map(|standard| &standard.on) {
        registry.source(source, diagnostics);
    }
    for (_, case) in &registry.cases {
        if plans::find(registry, &case.metric.value).is_none() {
            unknown("metric", &case.metric, names.iter(), diagnostics);
        } else if let Some(version) = &case.version {
            self::version(registry, &case.metric.value, version, diagnostics);
        }
        for (source, _) in &case.given {
            registry.source(source, diagnostics);
        }
    }
}

fn replacement(registry: &Registry, metric: &Metric, diagnostics: &mut Diagnostics) {
    let Some(Spanned { value: Replacement::By(id, version), span }) = &metric.replaced_by else { return };
    let is_own = *id == metric.id.value && version.to_string() == metric.version;
    if is_own {
        diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, *span, "no version takes its own place")
                .help("name the version that follows, or write `none`"),
        );
    } else if registry.metrics.contains_key(id) {
        self::version(registry, id, &Spanned::new(*version, *span), diagnostics);
    } else {
        unknown("metric", &Spanned::new(id.clone(), *span), registry.metrics.keys(), diagnostics);
    }
}

/// Reports a version that the metric does not have.
fn version(registry: &Registry, id: &str, version: &Spanned<Version>, diagnostics: &mut Diagnostics) {
    let Some(versions) = registry.metrics.get(id) else { return };
    if versions.contains_key(&version.value) {
        return;
    }
    let known: Vec<String> = versions.keys().map(Version::to_string).collect();
    let message = format!("`{id}` has no version {}", version.value);
    diagnostics.push(
        Diagnostic::error(codes::UNKNOWN_REFERENCE, version.span, message)
            .help(format!("there are: {}", known.join(", "))),
    );
}

//! All definitions of a project by name: what exists, and what a reference means.
//!
//! Finds names that are taken twice or not at all. Knows no metric kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::definition::{Acceptance, Approval, Case, Definition, Mapping, Metric, Project, SourceFile, Standard};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::text::{Span, Spanned, TextId};
pub use crate::value::Version;

/// The versions of one metric; documents share them.
pub type Versions = BTreeMap<Version, Arc<Metric>>;

/// The definitions of one project.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// The project file, if there is one.
    pub project: Option<Project>,
    /// Sources by name.
    pub sources: BTreeMap<String, SourceFile>,
    /// Standards by name; of several versions the latest.
    pub standards: BTreeMap<String, Standard>,
    /// Every version of a standard, by `name@version`, so that a definition can hold on to one.
    pub standard_versions: BTreeMap<String, Standard>,
    /// Mappings by name, with the file each stands in.
    pub mappings: BTreeMap<String, (TextId, Mapping)>,
    /// Metrics by name, then by version.
    pub metrics: BTreeMap<String, Versions>,
    /// Cases in file order, with the file each stands in.
    pub cases: Vec<(TextId, Case)>,
    /// What has been signed, by `name@version`, with the file each stands in.
    pub approvals: BTreeMap<String, (TextId, Approval)>,
    /// Findings that are accepted, by the fingerprint of their change and the rule that found them, with the file each
    /// stands in.
    pub acceptances: BTreeMap<(String, String), (TextId, Acceptance)>,
}

impl Registry {
    /// Enters the definitions; a name that is taken is reported with its first holder.
    pub fn new(definitions: Vec<(TextId, Definition)>, diagnostics: &mut Diagnostics) -> Self {
        let mut registry = Registry::default();
        let mut taken: HashMap<(&str, String), Span> = HashMap::with_capacity(definitions.len());
        for (text, definition) in definitions {
            let (kind, Spanned { value: name, span }) = label(text, &definition);
            match taken.entry((kind, name)) {
                Entry::Vacant(free) => {
                    free.insert(span);
                    registry.enter(text, definition);
                }
                Entry::Occupied(holder) => {
                    let message = format!("the {kind} `{}` is defined twice", holder.key().1);
                    diagnostics.push(
                        Diagnostic::error(codes::DUPLICATE_NAME, span, message)
                            .also(*holder.get(), "first defined here")
                            .help("rename one of the two, or remove it"),
                    );
                }
            }
        }
        registry
    }

    fn enter(&mut self, text: TextId, definition: Definition) {
        match definition {
            Definition::Project(project) => self.project = Some(*project),
            Definition::Source(source) => {
                self.sources.insert(source.source.name.clone(), *source);
            }
            Definition::Standard(standard) => self.enter_standard(*standard),
            Definition::Metric(metric) => {
                let version = Version::parse(&metric.version).unwrap_or_default();
                self.metrics.entry(metric.id.value.clone()).or_default().insert(version, metric);
            }
            Definition::Mapping(mapping) => {
                self.mappings.insert(mapping.name.value.clone(), (text, *mapping));
            }
            Definition::Case(case) => self.cases.push((text, *case)),
            Definition::Approval(approval) => {
                self.approvals.insert(approval.version.value.clone(), (text, *approval));
            }
            Definition::Acceptance(acceptance) => {
                let key = (acceptance.fingerprint.value.clone(), acceptance.rule.value.clone());
                self.acceptances.insert(key, (text, *acceptance));
            }
        }
    }

    fn enter_standard(&mut self, standard: Standard) {
        let name = standard.name.value.clone();
        self.standard_versions.insert(format!("{name}@{}", standard.version), standard.clone());
        let is_later = |known: &Standard| Version::parse(&known.version) < Version::parse(&standard.version);
        if self.standards.get(&name).is_none_or(is_later) {
            self.standards.insert(name, standard);
        }
    }

    /// Returns the version of a metric that a plain name means: the latest that is released, else the latest that is
    /// deprecated, proposed or being written, in this order, else the latest that is retired.
    ///
    /// A draft beside a released version must not move what others compute from the name.
    pub fn current(&self, id: &str) -> Option<&Metric> {
        let versions = self.metrics.get(id)?;
        versions
            .iter()
            .max_by_key(|(version, metric)| (metric.status.force(), **version))
            .map(|(_, metric)| metric.as_ref())
    }

    /// Returns the metric behind `id` or `id@version`.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        match name.split_once('@') {
            Some((id, version)) => Some(self.metrics.get(id)?.get(&Version::parse(version)?)?.as_ref()),
            None => self.current(name),
        }
    }

    /// Returns the standard called `name`, or a version of it called `name@version`.
    pub fn find_standard(&self, name: &str) -> Option<&Standard> {
        self.standards.get(name).or_else(|| self.standard_versions.get(name))
    }

    /// Returns a source, or reports that there is none of this name.
    pub fn source(&self, name: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<&SourceFile> {
        let found = self.sources.get(&name.value);
        if found.is_none() {
            unknown("source", name, self.sources.keys(), diagnostics);
        }
        found
    }

    /// Returns a standard, or reports that there is none of this name.
    pub fn standard(&self, name: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<&Standard> {
        let found = self.find_standard(&name.value);
        if found.is_none() {
            let known = self.standards.keys().chain(self.standard_versions.keys().filter(|_| name.value.contains('@')));
            unknown("standard", name, known, diagnostics);
        }
        found
    }

    /// Returns the full names of all metrics and their variants, sorted.
    pub fn metric_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for id in self.metrics.keys() {
            let Some(metric) = self.current(id) else { continue };
            for reading in &metric.readings {
                names.push(full_name(id, reading.variant.as_ref().map(|variant| variant.value.as_str())));
            }
        }
        names
    }
}

/// Returns the name of a metric or of its variant: `service_level.answered_only`.
pub fn full_name(id: &str, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("{id}.{variant}"),
        None => id.to_owned(),
    }
}

/// Reports a reference to something that does not exist.
pub fn unknown<'a>(
    kind: &str,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a String>,
    diagnostics: &mut Diagnostics,
) {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let diagnostic =
        Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, format!("there is no {kind} `{}`", name.value));
    diagnostics.push(match nearest(&name.value, &known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.help("none is defined; define it, or remove the name"),
        None => diagnostic.help(format!("there are: {}", known.join(", "))),
    });
}

/// Returns what a definition is and the name that must be its own.
fn label(text: TextId, definition: &Definition) -> (&'static str, Spanned<String>) {
    let start = Span::new(text, 0, 0);
    match definition {
        Definition::Project(_) => ("project file", Spanned::new("etalon.yaml".to_owned(), start)),
        Definition::Source(source) => ("source", Spanned::new(source.source.name.clone(), source.span)),
        Definition::Standard(standard) => {
            let named = format!("{} {}", standard.name.value, standard.version);
            ("standard version", Spanned::new(named, standard.name.span))
        }
        Definition::Metric(metric) => {
            let named = format!("{} {}", metric.id.value, metric.version);
            ("metric version", Spanned::new(named, metric.id.span))
        }
        Definition::Mapping(mapping) => ("mapping", mapping.name.clone()),
        Definition::Case(case) => {
            let named = format!("{} of {}", case.name.value, case.metric.value);
            ("case", Spanned::new(named, case.name.span))
        }
        Definition::Approval(approval) => ("approval of", approval.version.clone()),
        Definition::Acceptance(acceptance) => {
            let named = format!("{} of {}", acceptance.rule.value, acceptance.fingerprint.value);
            ("acceptance of", Spanned::new(named, acceptance.fingerprint.span))
        }
    }
}

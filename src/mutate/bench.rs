//! A project with changed texts, as far as a definition rests on it.

use super::taken_apart::{Key, Project};
use crate::catalog::{self, Catalog};
use crate::definition::Case;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::{Loaded, LoadedFile};
use crate::text::TextId;
use crate::verify::{How, verify};

/// Definitions that are checked together.
pub(super) struct Bench {
    /// Their texts, with those of the project.
    pub(super) loaded: Loaded,
}

impl Bench {
    /// Puts the definitions on the bench, `changed` in place of one of them.
    pub(super) fn new<'a>(
        project: &Project<'_>,
        keys: impl Iterator<Item = &'a Key>,
        changed: Option<(&Key, &str)>,
    ) -> Self {
        let loaded = Loaded { texts: project.texts.clone(), ..Loaded::default() };
        let mut bench = Self { loaded };
        for key in keys {
            let text = changed.filter(|(other, _)| *other == key).map(|(_, text)| text);
            for text in project.versions(key, text) {
                bench.add(text);
            }
        }
        bench
    }

    /// Puts a text on the bench.
    pub(super) fn add(&mut self, text: &str) -> TextId {
        let id = self.loaded.texts.add("changed", text);
        self.loaded.files.push(LoadedFile { id, path: None, project: None });
        id
    }

    /// Checks what is on the bench; returns its errors apart.
    pub(super) fn check(&self, project: &Project<'_>) -> (Catalog, Vec<Diagnostic>) {
        let mut diagnostics = Diagnostics::new();
        let mut catalog = catalog::build(&self.loaded, &mut diagnostics);
        catalog.folders.clone_from(&project.folders);
        catalog.root.clone_from(&project.root);
        let errors = diagnostics.into_sorted().into_iter().filter(|found| found.severity == Severity::Error);
        (catalog, errors.collect())
    }

    /// Returns whether the case holds for the metric `name` of the catalog.
    pub(super) fn holds(&self, catalog: &mut Catalog, name: &str, (id, case): &(TextId, Case)) -> bool {
        let mut case = case.clone();
        name.clone_into(&mut case.metric.value);
        catalog.registry.cases = vec![(*id, case)];
        let mut diagnostics = Diagnostics::new();
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = verify(catalog, &self.loaded.texts, how, &mut diagnostics);
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        !verification.verdicts.is_empty()
            && verification.failed() == 0
            && !diagnostics.into_sorted().iter().any(is_error)
    }
}

//! The sample project in memory: read once, edited and built as often as needed.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use etalon::catalog::{self, Catalog};
use etalon::diagnostic::Diagnostics;
use etalon::load::{Loaded, LoadedFile};
use etalon::report::diagnostic::{Style, render};
use etalon::rules::Files;

/// The day on which the sample project is judged.
pub(crate) const TODAY: &str = "2026-08-03";

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let mut files = Files::new();
    read(&root(), &mut files);
    files
});

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/changes/base")
}

fn read(folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder of the sample project") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, files);
        } else {
            let name = path.strip_prefix(root()).expect("below the root").to_str().expect("a plain name").to_owned();
            files.insert(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

/// Returns every file of the sample project.
pub(crate) fn files() -> Files {
    FILES.clone()
}

/// A project built from files in memory.
pub(super) struct Project {
    pub(super) loaded: Loaded,
    pub(super) catalog: Catalog,
    pub(super) diagnostics: Diagnostics,
}

impl Project {
    pub(super) fn build(files: Files) -> Self {
        let mut loaded = Loaded::default();
        for (name, text) in files.into_iter().filter(|(name, _)| name.ends_with(".yaml")) {
            let path = Some(root().join(&name));
            let id = loaded.texts.add(name, text);
            loaded.files.push(LoadedFile { id, path, project: Some(root()) });
        }
        let mut diagnostics = Diagnostics::new();
        let catalog = catalog::build(&loaded, &mut diagnostics);
        Self { loaded, catalog, diagnostics }
    }

    /// Returns what was found, as it is shown; empty where nothing was.
    pub(super) fn report(&self) -> String {
        render(&self.diagnostics.clone().into_sorted(), &self.loaded.texts, Style::Plain)
    }
}

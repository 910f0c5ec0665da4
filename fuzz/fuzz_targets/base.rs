//! The project `tests/changes/base`, read once, with a file of a stranger in it.
//!
//! Parses nothing twice: an execution costs what the stranger's file costs.
#![allow(dead_code, reason = "a target uses a part of it")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use etalon::catalog::{self, Catalog, Document, Wanted};
use etalon::diagnostic::{Diagnostic, Diagnostics};
use etalon::load;
use etalon::report::diagnostic::{self, Style};
use etalon::text::Texts;

static BASE: LazyLock<(Texts, Vec<Document>)> = LazyLock::new(|| {
    let loaded = load::load(&folder());
    let documents = catalog::documents(&loaded, &mut Diagnostics::new(), |_| None);
    assert!(documents.len() > 70, "the project is not at {}", folder().display());
    (loaded.texts, documents)
});

/// Returns the project's folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/changes/base")
}

/// Returns the project's texts.
pub fn texts() -> Texts {
    BASE.0.clone()
}

/// Returns the project with a file in the place of the one that defines the same, if there is one; the name of what it defines;
/// and what is found.
pub fn with(texts: &mut Texts, name: &str, content: &str) -> (Catalog, Option<String>, Vec<Diagnostic>) {
    let id = texts.add(name, content);
    let mut diagnostics = Diagnostics::new();
    let own = Document::read(id, texts, &mut diagnostics);
    let object = own.as_ref().map(|own| own.object.clone());
    let named = object.as_ref().map(|object| object.id().to_owned());
    let others = BASE.1.iter().filter(|other| object.as_ref() != Some(&other.object)).cloned();
    let wanted = Wanted::Only(named.iter().cloned().collect::<BTreeSet<_>>());
    let catalog = catalog::assemble(others.chain(own).collect(), texts, &wanted, &mut diagnostics);
    let found = diagnostics.into_sorted();
    std::hint::black_box(diagnostic::render(&found, texts, Style::Plain));
    (catalog, named, found)
}

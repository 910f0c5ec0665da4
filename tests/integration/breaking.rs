//! What is broken on purpose must be noticed, at its place: every expected cell, every line of a ledger, every clause.
//!
//! The interpreter alone judges. Broken copies stand side by side in one project where they can, because reading a project
//! takes longer than verifying it; all cores take part.

mod cells;
mod clauses;
mod survivors;

use std::path::Path;

use etalon::catalog::{self, Catalog};
use etalon::diagnostic::{Diagnostic, Diagnostics, Severity};
use etalon::load::{self, Loaded, LoadedFile};
use etalon::text::{TextId, Texts};
use etalon::verify::{How, Verification, verify};

/// The projects that ship.
const SHIPPED: [&str; 4] =
    ["definitions", "definitions/examples/retailer", "definitions/examples/bank", "templates/starter/definitions"];

/// The project that proves the SQL line by line.
const PLAN_LANGUAGE: &str = "tests/projects/plan_language";

fn load(project: &str) -> Loaded {
    load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project))
}

/// Reads and checks a project.
pub(crate) fn checked(folder: &Path) -> (Catalog, Texts) {
    let loaded = load::load(folder);
    let catalog = catalog::build(&loaded, &mut Diagnostics::new());
    (catalog, loaded.texts)
}

/// Returns the kind of a definition file: the first key of its text.
fn kind(text: &str) -> &str {
    let line = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
    line.split(':').next().unwrap_or_default()
}

/// Returns the value of a key at the beginning of a line, as `metric: csat`.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(str::trim)
}

/// Returns `text` with another value of a key at the beginning of a line.
fn with_value(text: &str, key: &str, value: &str) -> String {
    let old = value_of(text, key).expect("the key is there");
    text.replacen(&format!("{key}: {old}\n"), &format!("{key}: {value}\n"), 1)
}

/// Adds a broken copy of `file` with its own text and returns the identity of the text.
fn add(loaded: &mut Loaded, file: &LoadedFile, text: String) -> TextId {
    let name = loaded.texts.get(file.id).name.clone();
    let id = loaded.texts.add(name, text);
    loaded.files.push(LoadedFile { id, ..file.clone() });
    id
}

/// Checks and verifies a project; returns its errors apart.
fn judged(loaded: &Loaded) -> (Catalog, Verification, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::build(loaded, &mut diagnostics);
    let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
    let verification = verify(&catalog, &loaded.texts, how, &mut diagnostics);
    let errors = diagnostics.into_sorted().into_iter().filter(|found| found.severity == Severity::Error).collect();
    (catalog, verification, errors)
}

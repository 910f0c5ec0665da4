//! The two sides of a comparison, loaded into one collection of texts.

use std::path::{Path, PathBuf};

use super::exit::Stop;
use super::project;
use super::terminal::Terminal;
use crate::catalog::{self, Catalog};
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::{self, Loaded};
use crate::report::diagnostic;
use crate::text::Texts;

/// Both sides of a comparison, without errors.
pub(super) struct Sides {
    pub(super) old: (String, Catalog),
    pub(super) new: (String, Catalog),
    pub(super) texts: Texts,
}

/// Loads and checks both sides; the new one is the project around this folder where none is named.
///
/// # Errors
/// When a side is not there, has no definitions, or has errors, which are told.
pub(super) fn sides(old: &Path, new: Option<&Path>, terminal: &mut Terminal) -> Result<Sides, Stop> {
    let places = [project::found(Some(old))?, project::found(new)?];
    let mut texts = Texts::new();
    let mut catalogs = Vec::new();
    for place in &places {
        let (catalog, grown) = one(place, texts, terminal)?;
        catalogs.push((place.display().to_string(), catalog));
        texts = grown;
    }
    let (Some(new), Some(old)) = (catalogs.pop(), catalogs.pop()) else {
        return Err(Stop::Incomplete("there are no two sides".to_owned()));
    };
    Ok(Sides { old, new, texts })
}

/// A side with errors has no meaning, so that nothing can be said of it.
fn one(place: &PathBuf, texts: Texts, terminal: &mut Terminal) -> Result<(Catalog, Texts), Stop> {
    let mut loaded: Loaded = load::load_into(texts, place);
    let mut diagnostics: Diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let shown = place.display();
    if catalog.files == 0 && diagnostics.is_empty() {
        return Err(Stop::Incomplete(format!("there are no definition files in `{shown}`")));
    }
    if diagnostics.has_errors() {
        let mut found = diagnostics.into_sorted();
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        terminal.remark(diagnostic::render(&found, &loaded.texts, terminal.error_style()).trim_end());
        let summary = diagnostic::summary(&found, catalog.files);
        return Err(Stop::Incomplete(format!("`{shown}` cannot be compared: {summary}")));
    }
    Ok((catalog, loaded.texts))
}

//! What is measured: whole commands without their printing, and the floor under them.

use std::fs;
use std::path::{Path, PathBuf};

use etalon::catalog::{self, Catalog};
use etalon::diagnostic::Diagnostics;
use etalon::load::{self, Loaded};
use etalon::plan::{Plan, Request};
use etalon::rules::{self, Side, Subject};
use etalon::sql::{self, Output};
use etalon::value::{Date, Grain, Instant};
use etalon::{compute, cores, verify};
use granit_parser::Parser;

/// Does what `etalon check` does; returns the number of plans.
pub(crate) fn check(project: &Path) -> usize {
    let (loaded, catalog) = catalog_of(project);
    let mut diagnostics = Diagnostics::new();
    verify::check(&catalog, &loaded.texts, &mut diagnostics);
    judge(&catalog, &loaded);
    let plans = catalog.plans.len();
    // As the command does, which ends here.
    std::mem::forget((catalog, loaded));
    plans
}

/// Reads a project that has no error.
pub(crate) fn catalog_of(project: &Path) -> (Loaded, Catalog) {
    let loaded = load::load(project);
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let first = diagnostics.iter().next().map(|it| (it.message.clone(), loaded.texts.slice(it.span()).to_owned()));
    assert_eq!(first, None, "the made-up project has no error");
    (loaded, catalog)
}

/// Asks every rule.
pub(crate) fn judge(catalog: &Catalog, loaded: &Loaded) -> usize {
    let subject = Subject {
        new: Side::of(catalog),
        old: None,
        diff: None,
        texts: &loaded.texts,
        today: Date::parse("2026-06-01").expect("a day"),
        verification: None,
        asked: None,
        authors: &[],
    };
    rules::judge(&subject).len()
}

/// Writes every metric of a catalog as a query by month; returns the bytes written.
pub(crate) fn compile(catalog: &Catalog) -> usize {
    let at = |text| Instant::parse(text).expect("an instant");
    let (from, to) = (at("2026-01-01T00:00:00Z"), at("2026-07-01T00:00:00Z"));
    let request = Request { grain: Grain::Month, by: Vec::new(), from: None, to: None, as_of: to, span: (from, to) };
    let plans: Vec<(&String, &Plan)> = catalog.plans.iter().map(|(name, plan)| (name, plan.as_ref())).collect();
    let written = cores::map(&plans, |(name, plan)| {
        let (_, reading) = catalog.reading(name).expect("a plan has a reading");
        let header = compute::header(reading, plan);
        sql::render(plan, &header, &request, &sql::DUCKDB, Output::Cells).expect("written").len()
    });
    written.into_iter().sum()
}

/// Returns the texts of a folder's files.
pub(crate) fn texts(folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).expect("a text")).collect()
}

/// Lets the YAML parser go over texts, and keeps nothing; returns the number of events.
pub(crate) fn events(texts: &[String]) -> usize {
    texts.iter().map(|text| Parser::new_from_str(text).filter(Result::is_ok).count()).sum()
}

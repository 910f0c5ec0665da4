//! Random tables over every project that ships: the interpreter and every engine give the same cells and the same ledger.
//!
//! An ordinary run tries a few sets for each reading, always the same. In the environment, `ETALON_AGREEMENT=N` tries N in
//! all, `ETALON_AGREEMENT_SEED=S` others, and `ETALON_AGREEMENT_IN=FOLDER` those of another project. On one project
//! `etalon verify --random` does the same.

mod together;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use etalon::catalog::{self, Catalog};
use etalon::differential::{How, Outcome, Project, run};
use etalon::engine::{Engine, EngineError};
use etalon::load;
use etalon::report::diagnostic::Style;
use etalon::report::differential::{Part, Run, human};
use etalon::text::Texts;

use crate::library::{PROJECTS, engines};

/// Sets of tables in an ordinary run.
const FEW: usize = 1_600;

fn setting(name: &str) -> Option<String> {
    std::env::var(format!("ETALON_AGREEMENT{name}")).ok()
}

fn project(folder: &Path) -> (String, Catalog, Texts) {
    let mut loaded = load::load(folder);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let ours = folder.starts_with(env!("CARGO_MANIFEST_DIR"));
    assert!(!(ours && diagnostics.has_errors()), "{}: {diagnostics:?}", folder.display());
    (folder.display().to_string(), catalog, loaded.texts)
}

fn tried(folders: &[PathBuf], sets: usize, seed: u64) -> (Outcome, String) {
    let projects: Vec<_> = folders.iter().map(|folder| project(folder)).collect();
    let asked: Vec<_> = projects.iter().map(|(_, catalog, texts)| Project { catalog, texts }).collect();
    let open = || -> Result<Vec<Box<dyn Engine>>, EngineError> { Ok(engines()) };
    let how = How { sets, seed, wanted: &|_| true, open: &open, step: &|_, _| () };
    let outcome = run(&asked, &how).expect("engines that go on");
    let parts = projects.iter().map(|(place, _, texts)| Part { place, texts }).collect();
    let told = human(&Run { seed, parts, outcome: &outcome }, Style::Plain);
    (outcome, told)
}

#[test]
fn random_tables_of_every_metric_have_the_same_answer_by_every_way_of_computing() {
    let sets = setting("").map_or(FEW, |sets| sets.parse().expect("a number"));
    let seed = setting("_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = match setting("_IN") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => PROJECTS.iter().map(|project| root.join(project)).collect(),
    };
    let (outcome, told) = tried(&folders, sets, seed);
    // Not a macro: the test runner would keep what it prints from a test that passes.
    let _ = writeln!(std::io::stderr(), "{told}");
    assert!(outcome.disagreements.is_empty(), "{told}");
    let unanswered: usize = outcome.unanswered.values().sum();
    assert!(outcome.agreed > 10 * unanswered, "most tables have an answer\n{told}");
    let broken =
        ["no table is given", "the same key, and the source", "is null in row", "cells for", "of another type"];
    let is_broken = |reason: &&String| broken.iter().any(|broken| reason.contains(broken));
    assert!(!outcome.unanswered.keys().any(|reason| is_broken(&reason)), "the tables break a promise\n{told}");
}

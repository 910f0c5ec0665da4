//! Every case of every metric and variant on every engine at hand: the same cells and the same ledger as by hand and by
//! the interpreter.
//!
//! Prints the matrix. A cell may be skipped, with its reason, by `tests/engines/skips.yaml`; a skip that nothing needs is
//! an error. `ETALON_RECORD=1` writes what was seen to `tests/engines/record.yaml`, from which the table of levels in
//! the README and in `docs/engines.md` is generated; `ETALON_ONLY=spark,sail` leaves out the other engines.

mod levels;
mod matrix;
mod skips;

use std::io::Write as _;
use std::path::Path;

use etalon::catalog;
use etalon::engine::{ENGINES, Engine, EngineEntry, EngineError};
use etalon::load;
use etalon::report::diagnostic::Style;
use etalon::report::verify::{Part, human};
use etalon::verify::{How, Verification, verify};

use crate::library::PROJECTS;
use levels::Record;
use matrix::Matrix;
use skips::Skips;

/// Returns the engines that take part, each with its entry.
fn at_hand() -> Vec<(&'static EngineEntry, Box<dyn Engine>)> {
    let only = std::env::var("ETALON_ONLY").unwrap_or_default();
    let is_wanted = |entry: &&EngineEntry| only.is_empty() || only.split(',').any(|name| name.trim() == entry.name);
    let mut engines = Vec::new();
    for entry in ENGINES.iter().filter(is_wanted) {
        match (entry.open)() {
            Ok(engine) => engines.push((entry, engine)),
            Err(error @ EngineError::Unavailable { .. }) if !entry.is_required() => {
                say(&format!("skipped: conformance of {} ({error})", entry.name));
            }
            Err(error) => panic!("{}: {error}", entry.name),
        }
    }
    engines
}

/// Not a macro: the test runner would keep what they print from a test that passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Verifies one project; a project that does not check clean proves nothing.
fn verified(project: &str, engines: &mut [Box<dyn Engine>], step: &dyn Fn(&str)) -> (Verification, String) {
    let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let how = How { engines, wanted: &|_| true, step };
    let verification = verify(&catalog, &loaded.texts, how, &mut diagnostics);
    let findings = diagnostics.into_sorted();
    assert!(findings.is_empty(), "{project} does not check clean");
    let part = Part { place: project, texts: &loaded.texts, findings: &findings, verification: &verification };
    let told = human(&[part], Style::Plain);
    (verification, told)
}

#[test]
fn every_case_is_equal_on_every_engine_at_hand_or_skipped_with_a_reason() {
    let (entries, mut engines): (Vec<&EngineEntry>, Vec<_>) = at_hand().into_iter().unzip();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let versions: Vec<String> = engines.iter().map(|engine| engine.version()).collect();
    let mut skips = Skips::read(&names);
    let mut matrix = Matrix::of(&names);
    let mut told = String::new();
    for project in PROJECTS {
        let started = std::time::Instant::now();
        let (verification, human) = verified(project, &mut engines, &|_| ());
        let before = matrix.unequal();
        matrix.add(project, &verification, &mut skips);
        if matrix.unequal() > before {
            told.push_str(&human);
        }
        say(&format!("{project}: {} cases in {} s", verification.verdicts.len(), started.elapsed().as_secs()));
    }
    say(&matrix.written(&skips));
    assert_eq!(matrix.unequal(), 0, "{told}");
    assert_eq!(skips.unneeded(), Vec::<String>::new(), "skips that nothing needs");
    if std::env::var_os("ETALON_RECORD").is_some() {
        let mut record = Record::read();
        for (name, version) in names.iter().zip(&versions) {
            record.note(name, version, matrix.counts(name));
        }
        record.write();
    }
}

//! The definitions that ship with the product: they check clean, and every metric has a case. What engines make of the
//! cases is asked in `conformance`.

use std::io::Write as _;
use std::path::Path;

use etalon::catalog;
use etalon::engine::{ENGINES, Engine, EngineEntry, EngineError};
use etalon::load;
use etalon::report::diagnostic::{Style, render};
use etalon::report::verify::{Part, human};
use etalon::verify::{How, verify};

/// The projects that ship (the library, the two examples, the starter), one that uses every word of the language, one that
/// uses every kind of measure, one with a metric that has a history, and one whose calendars are odd.
pub(crate) const PROJECTS: [&str; 8] = [
    "definitions",
    "definitions/examples/retailer",
    "definitions/examples/bank",
    "templates/starter/definitions",
    "tests/projects/plan_language",
    "tests/projects/kinds",
    "tests/projects/versions",
    "tests/projects/time_traps",
];

pub(crate) fn skip(what: &str) {
    // Not a macro: the test runner would keep what they print from a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

/// Opens the engines that need no server, or those that `ETALON_ONLY` names; one that is not there is said, or refused
/// where it has to be.
pub(crate) fn engines() -> Vec<Box<dyn Engine>> {
    let only = std::env::var("ETALON_ONLY").unwrap_or_default();
    let is_wanted = |entry: &&EngineEntry| match only.as_str() {
        "" => !entry.is_server,
        only => only.split(',').any(|name| name.trim() == entry.name),
    };
    let mut engines = Vec::new();
    for entry in ENGINES.iter().filter(is_wanted) {
        match (entry.open)() {
            Ok(engine) => engines.push(engine),
            Err(error @ EngineError::Unavailable { .. }) if !entry.is_required() => {
                skip(&format!("{} ({error})", entry.name));
            }
            Err(error) => panic!("{}: {error}", entry.name),
        }
    }
    engines
}

#[test]
fn every_shipped_project_checks_clean_and_each_of_its_metrics_has_a_case_that_holds() {
    for project in PROJECTS {
        let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
        let catalog = catalog::build(&loaded, &mut diagnostics);
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = verify(&catalog, &loaded.texts, how, &mut diagnostics);
        let findings = diagnostics.into_sorted();
        assert!(findings.is_empty(), "{project}\n{}", render(&findings, &loaded.texts, Style::Plain));
        let cases = verification.verdicts.len();
        let part = Part { place: project, texts: &loaded.texts, findings: &findings, verification: &verification };
        assert!(cases > 0 && verification.failed() == 0, "{}", human(&[part], Style::Plain));
        assert!(verification.unproven.is_empty(), "{project}: without a case: {:?}", verification.unproven);
    }
}

//! A wrong engine among the judges, and what is said about it.

use std::path::Path;

use super::{How, Outcome, Project, run};
use crate::catalog::{self, Catalog, Document};
use crate::definition::Definition;
use crate::diagnostic::Diagnostics;
use crate::engine::{Engine, EngineError, sqlite};
use crate::load;
use crate::table::{Field, Table};
use crate::text::Texts;
use crate::verify::{self, Mismatch, prepare};

/// SQLite whose SQL is written wrongly: one text of every query by another.
struct Wrong {
    engine: Box<dyn Engine>,
    written: [&'static str; 2],
}

impl Engine for Wrong {
    fn name(&self) -> &str {
        "wrong"
    }

    fn dialect(&self) -> &'static str {
        self.engine.dialect()
    }

    fn version(&self) -> String {
        self.engine.version()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        self.engine.load(table, data)
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        let [right, wrong] = self.written;
        self.engine.query(&sql.replace(right, wrong), fields)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        self.engine.clear()
    }
}

fn starter() -> (Catalog, Texts) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/starter/definitions");
    let loaded = load::load(&folder);
    let catalog = catalog::build(&loaded, &mut Diagnostics::new());
    (catalog, loaded.texts)
}

fn tried(sets: usize, written: [&'static str; 2]) -> Outcome {
    let (catalog, texts) = starter();
    let open = || -> Result<Vec<Box<dyn Engine>>, EngineError> {
        Ok(vec![sqlite::open()?, Box::new(Wrong { engine: sqlite::open()?, written })])
    };
    let how = How { sets, seed: 7, wanted: &|_| true, open: &open, step: &|_, _| () };
    run(&[Project { catalog: &catalog, texts: &texts }], &how).expect("engines that go on")
}

/// Tells whether a text is a case of the reading that the interpreter fulfils.
fn holds(text: &str, reading: &str) -> bool {
    let (catalog, _) = starter();
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let id = texts.add("random.yaml", text);
    let document = Document::read(id, &texts, &mut diagnostics).expect("a definition");
    let Definition::Case(case) = (*document.definition).clone() else { panic!("no case: {text}") };
    let prepared = prepare(&case, &catalog, &texts, &mut diagnostics).expect("tables");
    let plan = catalog.plan(reading).expect("a plan");
    verify::holds(plan, &prepared, &prepared.expectations[0])
}

#[test]
fn a_right_engine_agrees_and_every_set_is_accounted_for() {
    let outcome = tried(60, ["nothing like it", ""]);
    assert!(outcome.disagreements.is_empty(), "{outcome:?}");
    assert_eq!(outcome.asked() + outcome.untried, 60);
    assert_eq!(outcome.judges, ["interpreter", "sqlite", "wrong"]);
}

#[test]
fn an_edge_that_one_engine_takes_for_open_is_found_and_shown_by_few_rows() {
    let outcome = tried(400, [" <= ", " < "]);
    let found = outcome.disagreements.first().expect("a wrong engine is found");
    let judge = |mismatch: &Mismatch| match mismatch {
        Mismatch::Disagreement { judge, .. } | Mismatch::Failure { judge, .. } => judge.clone(),
        other => panic!("{other:?}"),
    };
    assert!(found.mismatches.iter().map(judge).all(|judge| judge == "wrong"), "{:?}", found.mismatches);
    let case = found.case.as_ref().expect("a case");
    let rows = case.lines().filter(|line| line.starts_with("    ")).count();
    assert!(rows <= 5, "{case}");
    assert!(holds(case, &found.reading), "{case}");
    assert_eq!(outcome.asked() + outcome.untried, 400);
}

#[test]
fn the_same_seed_finds_the_same_tables_whatever_the_threads_do() {
    let told = |outcome: &Outcome| format!("{outcome:?}");
    assert_eq!(told(&tried(60, [" <= ", " < "])), told(&tried(60, [" <= ", " < "])));
}

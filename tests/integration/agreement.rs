//! Every case of every project that ships, its tables changed at random within what their sources allow: the
//! interpreter and every engine give the same cells and the same ledger.
//!
//! The changes are the same on every run. An ordinary run tries a few for each case. In the environment,
//! `ETALON_AGREEMENT=N` tries N for each case, and `ETALON_AGREEMENT_IN=FOLDER` those of another project, passing over the
//! cases that it cannot read. Questions to which the interpreter has no answer (a number too large to be exact, two rows that tie for one key) are counted.

mod perturb;
mod together;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use etalon::catalog::{self, Catalog};
use etalon::compare::differences;
use etalon::compute::{self, ComputeError, by_engine, by_interpreter};
use etalon::definition::Case;
use etalon::engine::Engine;
use etalon::interpret::{InterpretError, Tables};
use etalon::load;
use etalon::plan::{Plan, Request};
use etalon::resolve::full_name;
use etalon::sql::Header;
use etalon::table::Table;
use etalon::text::Texts;
use etalon::verify::prepare;

use crate::library::{PROJECTS, engines};
use perturb::{Dice, Question, perturbed};

/// Changes of each case in an ordinary run.
const FEW: usize = 2;
/// Metrics that disagree before the search ends.
const ENOUGH: usize = 20;

/// What a search came to.
#[derive(Default)]
struct Tally {
    /// Questions that were asked and answered alike.
    agreed: usize,
    /// Questions without an answer, by the reason.
    unanswered: BTreeMap<String, usize>,
    /// The first disagreement of each metric.
    disagreements: BTreeMap<String, String>,
}

/// One project, checked.
struct Project {
    name: String,
    catalog: Catalog,
    texts: Texts,
}

fn project(folder: &Path) -> Project {
    let mut loaded = load::load(folder);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let ours = folder.starts_with(env!("CARGO_MANIFEST_DIR"));
    assert!(!(ours && diagnostics.has_errors()), "{}: {diagnostics:?}", folder.display());
    Project { name: folder.display().to_string(), catalog, texts: loaded.texts }
}

/// Asks the interpreter and an engine that holds the tables; returns how they differ, if they do.
fn disagreement(
    (plan, header): (&Plan, &Header),
    (tables, request): (&Tables, &Request),
    engine: &mut dyn Engine,
) -> Result<Option<String>, InterpretError> {
    let reference = match by_interpreter(plan, tables, request) {
        Ok(reference) => reference,
        Err(ComputeError::Interpret(error)) => return Err(error),
        Err(error) => return Ok(Some(error.to_string())),
    };
    let name = engine.name().to_owned();
    let computed = match by_engine(plan, header, request, engine) {
        Ok(computed) => computed,
        Err(error) => return Ok(Some(format!("{name}: {error}"))),
    };
    let both = [(&reference.cells, &computed.cells), (&reference.ledger, &computed.ledger)];
    let differing = both.into_iter().find(|(reference, computed)| !differences(reference, computed).is_empty());
    Ok(differing.map(|(left, right)| format!("interpreter\n{}{name}\n{}", written(left), written(right))))
}

fn load_into(engine: &mut dyn Engine, tables: &Tables) {
    engine.clear().expect("an engine forgets");
    for (source, table) in tables {
        engine.load(source, table).unwrap_or_else(|error| panic!("{source}: {error}\n{}", written(table)));
    }
}

/// Takes rows away as long as the disagreement stays.
fn smallest(asked: (&Plan, &Header), question: Question, engine: &mut dyn Engine) -> (Question, String) {
    let mut question = question;
    let mut told = String::new();
    let places: Vec<(String, usize)> = question
        .tables
        .iter()
        .flat_map(|(source, table)| (0..table.rows.len()).rev().map(|row| (source.clone(), row)))
        .collect();
    for (source, row) in places.iter().map(Some).chain([None]).map(|place| place.cloned().unwrap_or_default()) {
        let mut fewer = question.clone();
        if let Some(table) = fewer.tables.get_mut(&source) {
            table.rows.remove(row);
        }
        load_into(engine, &fewer.tables);
        if let Ok(Some(difference)) = disagreement(asked, (&fewer.tables, &fewer.request), engine) {
            (question, told) = (fewer, difference);
        }
    }
    (question, told)
}

/// Changes a case `times` times and asks about it each time.
fn try_case((project, case): (&Project, &Case), times: usize, engines: &mut [Box<dyn Engine>], tally: &Mutex<Tally>) {
    let catalog = &project.catalog;
    let mut diagnostics = etalon::diagnostic::Diagnostics::new();
    let Some(prepared) = prepare(case, catalog, &project.texts, &mut diagnostics) else { return };
    let names = prepared.expectations.iter().map(|other| full_name(&case.metric.value, other.variant.as_deref()));
    let mut readings = Vec::new();
    for name in names {
        let (Some((_, reading)), Some(plan)) = (catalog.reading(&name), catalog.plans.get(&name)) else { continue };
        readings.push((plan, compute::header(reading, plan)));
    }
    let plans: Vec<&Plan> = readings.iter().map(|(plan, _)| *plan).collect();
    if plans.is_empty() {
        return;
    }
    let original = Question { tables: prepared.tables, request: prepared.request };
    for time in 0..times {
        let mut dice = Dice::of(&format!("{} {} {time}", case.metric.value, case.name.value));
        let question = perturbed(&original, &catalog.registry, &plans, &mut dice);
        for engine in engines.iter_mut() {
            load_into(engine.as_mut(), &question.tables);
            for (plan, header) in &readings {
                let asked = (*plan, header);
                let outcome = disagreement(asked, (&question.tables, &question.request), engine.as_mut());
                if matches!(outcome, Ok(Some(_))) && !is_known(tally, &plan.metric) {
                    let (smaller, told) = smallest(asked, question.clone(), engine.as_mut());
                    let report = report((&project.name, case, time), &smaller, &told);
                    tally.lock().expect("whole").disagreements.insert(plan.metric.clone(), report);
                    load_into(engine.as_mut(), &question.tables);
                }
                count(tally, outcome, &plan.metric);
            }
        }
    }
}

fn is_known(tally: &Mutex<Tally>, metric: &str) -> bool {
    tally.lock().expect("whole").disagreements.contains_key(metric)
}

fn count(tally: &Mutex<Tally>, outcome: Result<Option<String>, InterpretError>, metric: &str) {
    let mut tally = tally.lock().expect("whole");
    match outcome {
        Ok(None) => tally.agreed += 1,
        Ok(Some(_)) => {}
        Err(
            error @ (InterpretError::Overflow { .. }
            | InterpretError::AmbiguousDuplicate { .. }
            | InterpretError::NoPeriodStart
            | InterpretError::TooManyPeriods { .. }),
        ) => {
            let reason = error.to_string().replace(|c: char| c.is_ascii_digit(), "");
            *tally.unanswered.entry(reason).or_default() += 1;
        }
        Err(error) => panic!("{metric}: the changed tables break a promise of their sources: {error}"),
    }
}

fn report((project, case, time): (&str, &Case, usize), question: &Question, told: &str) -> String {
    let Request { grain, by, from, to, as_of, .. } = &question.request;
    let moments = [from.map(|at| format!("from {at} ")), to.map(|at| format!("to {at} "))];
    let moments: String = moments.into_iter().flatten().collect();
    let tables: String =
        question.tables.iter().map(|(source, table)| format!("{source}\n{}", written(table))).collect();
    let (metric, name) = (&case.metric.value, &case.name.value);
    format!("{project}: {metric}, {name}, change {time}: by {grain} {by:?} {moments}as of {as_of}\n{tables}{told}\n")
}

fn written(table: &Table) -> String {
    let heads: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
    let mut text = format!("    {}\n", heads.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        text.push_str(&format!("    {}\n", cells.join(" | ")));
    }
    text
}

fn search(folders: &[PathBuf], times: usize) -> Tally {
    let projects: Vec<Project> = folders.iter().map(|folder| project(folder)).collect();
    let cases: Vec<(&Project, &Case)> = projects
        .iter()
        .flat_map(|project| project.catalog.registry.cases.iter().map(move |(_, case)| (project, case)))
        .collect();
    assert!(!cases.is_empty(), "there are cases");
    let (tally, next) = (Mutex::new(Tally::default()), AtomicUsize::new(0));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut engines = engines();
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if tally.lock().expect("whole").disagreements.len() >= ENOUGH {
                        break;
                    }
                    try_case(*case, times, &mut engines, &tally);
                }
            });
        }
    });
    tally.into_inner().expect("whole")
}

#[test]
fn changed_tables_of_every_case_have_the_same_answer_by_every_way_of_computing() {
    let times = std::env::var("ETALON_AGREEMENT").ok().map_or(FEW, |times| times.parse().expect("a number"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = match std::env::var_os("ETALON_AGREEMENT_IN") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => PROJECTS.iter().map(|project| root.join(project)).collect(),
    };
    let tally = search(&folders, times);
    // Not a macro: the test runner would keep what they print from a test that passes.
    let _ = writeln!(std::io::stderr(), "{} answers agree; without an answer: {:#?}", tally.agreed, tally.unanswered);
    let unanswered: usize = tally.unanswered.values().sum();
    assert!(tally.agreed > 10 * unanswered, "most changed tables have an answer");
    let told: Vec<&str> = tally.disagreements.values().map(String::as_str).collect();
    assert!(told.is_empty(), "{} metrics disagree\n{}", told.len(), told.join("\n"));
}

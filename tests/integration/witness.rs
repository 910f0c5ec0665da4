//! Witnesses of changed clauses of the library: found, small, and giving the printed answers when they are asked again.
//!
//! An ordinary run takes a sample of all changes. In the environment, `ETALON_WITNESS=N` takes one change in N,
//! `ETALON_WITNESS_FIRST=N` begins elsewhere among them, `ETALON_WITNESS_IN=FOLDER` takes those of another project,
//! `ETALON_WITNESS_SEEDS=no` leaves the project's own cases out,
//! `ETALON_WITNESS_OF=TEXT` takes only changes whose place and description hold the text, and `ETALON_WITNESS_TOLD=yes`
//! prints every sentence. Times are those of the processor.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime};

use etalon::catalog::{Catalog, Document};
use etalon::compare::same;
use etalon::compute::by_interpreter;
use etalon::definition::Definition;
use etalon::diagnostic::Diagnostics;
use etalon::diff::{self, MeaningChange, Scope};
use etalon::mutate::{Pair, Sample, is_explained, visit};
use etalon::table::Table;
use etalon::text::{Span, Texts};
use etalon::verify::prepare;
use etalon::witness::{Differing, Effort, Search, Witness, search, seeds};

use crate::breaking::checked;
use crate::changes;

/// One change in so many is tried in an ordinary run.
const EVERY: usize = 15;

/// How a search for one change ended.
struct Outcome {
    change: String,
    found: Option<Found>,
    /// How else it ended.
    ended: String,
    took: Duration,
    /// What is wrong with what was found.
    wrong: Vec<String>,
}

struct Found {
    /// Rows of the longest table.
    rows: usize,
    sentence: String,
}

fn setting(name: &str) -> Option<String> {
    std::env::var(format!("ETALON_WITNESS{name}")).ok()
}

fn number(name: &str, otherwise: usize) -> usize {
    setting(name).map_or(otherwise, |number| number.parse().expect("a number"))
}

/// Returns for how long the thread has been at work, where the system tells; else the time of day.
fn busy() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    let since = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    nanos.map_or_else(since, Duration::from_nanos)
}

/// Returns the file and line of a change.
fn place(texts: &Texts, span: Span) -> String {
    let name = &texts.get(span.text).name;
    let below = name.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/")).unwrap_or(name);
    format!("{below}:{}", texts.position(span).line)
}

fn outcome(pair: &Pair<'_>, with_seeds: bool) -> Outcome {
    let seeds = if with_seeds { seeds(pair.old.0, pair.texts, pair.metric) } else { Vec::new() };
    let begun = busy();
    let ended = search(pair.old, pair.new, &seeds, Effort::default());
    let took = busy().saturating_sub(begun);
    let change = format!("{}: {}", place(pair.texts, pair.span), pair.what);
    match ended {
        Search::Found(witness) => {
            let rows = witness.tables.values().map(|table| table.rows.len()).max().unwrap_or(0);
            let wrong = wrong(pair, &witness);
            let found = Some(Found { rows, sentence: witness.sentence.clone() });
            Outcome { change, found, ended: String::new(), took, wrong }
        }
        other => Outcome { change, found: None, ended: format!("{other:?}"), took, wrong: Vec::new() },
    }
}

/// Asks both plans again over the printed tables, and reads the witness back as a case.
fn wrong(pair: &Pair<'_>, witness: &Witness) -> Vec<String> {
    let mut wrong = Vec::new();
    let answer = |plan| by_interpreter(plan, &witness.tables, &witness.request).map_err(|error| error.to_string());
    let (old, new) = (answer(pair.old.1), answer(pair.new.1));
    if old != witness.old || new != witness.new {
        wrong.push("asked again, the plans answer otherwise".to_owned());
    }
    if let (Ok(old), Ok(new)) = (&old, &new) {
        let alike = witness.differing.iter().filter(|differing| is_alike(differing, &old.cells, &new.cells));
        wrong.extend(alike.map(|differing| format!("said to differ, and does not: {differing:?}")));
    }
    if witness.sentence.is_empty() || witness.sentence.contains("  ") {
        wrong.push(format!("the sentence is `{}`", witness.sentence));
    }
    if let Some(text) = witness.as_case(pair.new.0, &pair.new.1.metric, "found") {
        wrong.extend(wrong_as_case(&text, pair).map(|what| format!("{what}\n{text}")));
    }
    wrong
}

/// Whether a cell that is said to differ is the same on both sides, by the name of its column: the order may differ.
fn is_alike(differing: &Differing, old: &Table, new: &Table) -> bool {
    let Differing::Cell { old: before, new: after, column } = differing else { return false };
    let cell = |table: &Table, row: Option<usize>| Some(table.rows[row?][table.index(column)?].clone());
    match (cell(old, *before), cell(new, *after)) {
        (Some(before), Some(after)) => same(&before, &after),
        (before, after) => before.is_none() && after.is_none(),
    }
}

/// Tells what is wrong with a case for the new side.
fn wrong_as_case(text: &str, pair: &Pair<'_>) -> Option<String> {
    let (catalog, plan): (&Catalog, _) = pair.new;
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let id = texts.add("found.yaml", text);
    let document = Document::read(id, &texts, &mut diagnostics);
    let case = document.map(|document| (*document.definition).clone());
    let Some(Definition::Case(case)) = case else { return Some(format!("it is no case: {diagnostics:?}")) };
    let Some(prepared) = prepare(&case, catalog, &texts, &mut diagnostics) else {
        return Some(format!("it is not read as a case: {diagnostics:?}"));
    };
    let computed = by_interpreter(plan, &prepared.tables, &prepared.request).expect("an answer").cells;
    let expected = &prepared.expectations[0].table;
    let cell = |row: usize, column: usize| {
        let index = computed.index(&expected.fields[column].name).expect("a column of the result");
        same(&expected.rows[row][column], &computed.rows[row][index])
    };
    let holds = expected.rows.len() == computed.rows.len()
        && (0..expected.rows.len()).all(|row| (0..expected.fields.len()).all(|column| cell(row, column)));
    (!holds).then(|| "the case does not hold".to_owned())
}

fn outcomes() -> Vec<Outcome> {
    let workers = number("_WORKERS", thread::available_parallelism().map_or(1, usize::from));
    let sample = Sample { every: number("", EVERY), first: number("_FIRST", 0), workers };
    let with_seeds = setting("_SEEDS").is_none_or(|value| value != "no");
    let (only, is_told) = (setting("_OF").unwrap_or_default(), setting("_TOLD").is_some());
    let outcomes = Mutex::new(Vec::new());
    let project = setting("_IN").unwrap_or("definitions".to_owned());
    let (catalog, texts) = checked(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
    visit((&catalog, &texts), sample, &|pair| {
        let is_wanted = format!("{}: {}", place(pair.texts, pair.span), pair.what).contains(&only);
        if !is_wanted || is_explained(pair.texts, pair.span, &pair.what) {
            return true;
        }
        let outcome = outcome(pair, with_seeds);
        if is_told {
            let Outcome { change, found, ended, took, .. } = &outcome;
            let said = found.as_ref().map_or(ended.clone(), |found| format!("{} rows: {}", found.rows, found.sentence));
            print(&format!("{change}\n    {} ms, {said}", took.as_millis()));
        }
        let is_found = outcome.found.is_some();
        outcomes.lock().expect("no thread panicked").push(outcome);
        is_found
    });
    let mut outcomes = outcomes.into_inner().expect("no thread panicked");
    // Of the readings that a change moves the one counts that shows it.
    outcomes.sort_by(|a, b| a.change.cmp(&b.change).then(b.found.is_some().cmp(&a.found.is_some())));
    outcomes.dedup_by(|a, b| a.change == b.change);
    outcomes
}

fn print(text: &str) {
    // Not a macro: the test runner would keep what they print from a test that passes.
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[test]
fn a_changed_clause_has_a_small_witness_that_gives_the_printed_answers() {
    let mut outcomes = outcomes();
    outcomes.sort_by_key(|outcome| outcome.took);
    let asked = outcomes.iter().filter(|outcome| !outcome.ended.starts_with("Unanswerable"));
    let (asked, found): (usize, Vec<&Found>) =
        (asked.count(), outcomes.iter().filter_map(|outcome| outcome.found.as_ref()).collect());
    let small = found.iter().filter(|found| found.rows <= 5).count();
    let took = |part: usize| outcomes[(outcomes.len() - 1) * part / 100].took;
    print(&format!(
        "{} changes, {asked} that tables can show, {} found, {small} of them with at most 5 rows per table; \
         half within {:?}, 90 of 100 within {:?}, all within {:?}",
        outcomes.len(),
        found.len(),
        took(50),
        took(90),
        took(100)
    ));
    let missed =
        outcomes.iter().filter(|outcome| outcome.found.is_none() && !outcome.ended.starts_with("Unanswerable"));
    let missed: Vec<String> = missed.map(|outcome| format!("{}: {}", outcome.change, outcome.ended)).collect();
    assert!(small * 100 >= asked * 95, "{small} of {asked}:\n{}", missed.join("\n"));
    let wrong: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| outcome.wrong.iter().map(|what| format!("{}: {what}", outcome.change)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns how the searches for the changed metrics of a pair ended: each on the first reading that shows it.
fn of_pair(name: &str, old: &Catalog, new: &Catalog, texts: &Texts) -> Vec<Outcome> {
    let diff = diff::compare(old, new, texts, &Scope::Every);
    let differing = diff.comparisons.iter().filter(|comparison| comparison.meaning == MeaningChange::Differs);
    let mut outcomes = Vec::new();
    for comparison in differing {
        let home = if comparison.is_beside { new } else { old };
        let change = format!("{name}: {}", comparison.id);
        let mut ended: Vec<Outcome> = Vec::new();
        for plans in comparison.readings.values() {
            let (Some(before), Some(after)) = plans else { continue };
            if home.meaning(before) == new.meaning(after) {
                continue;
            }
            let (old, new) = ((home, before), (new, after));
            let span = home.registry.current(&comparison.id).expect("the metric").id.span;
            let pair = Pair { span, what: comparison.id.clone(), metric: &comparison.id, old, new, texts };
            let outcome = outcome(&pair, true);
            let is_found = outcome.found.is_some();
            ended.push(Outcome { change: change.clone(), ..outcome });
            if is_found {
                break;
            }
        }
        ended.sort_by_key(|outcome| outcome.found.is_none());
        outcomes.extend(ended.into_iter().next());
    }
    outcomes
}

#[test]
fn every_pair_that_moves_a_number_has_a_small_witness() {
    let outcomes = Mutex::new(Vec::new());
    let only = setting("_OF").unwrap_or_default();
    changes::each(&|name, old, new, texts| {
        if name.contains(&only) {
            outcomes.lock().expect("no thread panicked").extend(of_pair(name, old, new, texts));
        }
    });
    let mut outcomes = outcomes.into_inner().expect("no thread panicked");
    outcomes.sort_by(|a, b| a.change.cmp(&b.change));
    for outcome in outcomes.iter().filter(|_| setting("_TOLD").is_some()) {
        let Outcome { change, found, ended, took, .. } = outcome;
        let said = found.as_ref().map_or(ended.clone(), |found| format!("{} rows: {}", found.rows, found.sentence));
        print(&format!("{change}\n    {} ms, {said}", took.as_millis()));
    }
    let mut wrong: Vec<String> = outcomes
        .iter()
        .flat_map(|outcome| outcome.wrong.iter().map(|what| format!("{}: {what}", outcome.change)))
        .collect();
    let pairs: BTreeSet<&str> = outcomes.iter().filter_map(|outcome| outcome.change.split(": ").next()).collect();
    let mut equal = Vec::new();
    for pair in &pairs {
        let own = |outcome: &&Outcome| outcome.change.starts_with(&format!("{pair}: "));
        let of_pair: Vec<&Outcome> = outcomes.iter().filter(own).collect();
        let has_small = of_pair.iter().any(|outcome| outcome.found.as_ref().is_some_and(|found| found.rows <= 5));
        if has_small || of_pair.iter().all(|outcome| outcome.ended.starts_with("Unanswerable")) {
            continue;
        }
        equal.push(*pair);
    }
    wrong.extend(equal.iter().filter(|pair| !EQUAL.contains(pair)).map(|pair| format!("{pair}: no small witness")));
    let seen = equal.len();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    print(&format!("{} pairs that move a number, {seen} of them equal over every table that was tried", pairs.len()));
}

/// Pairs in which plans differ and no rows can show it: a dimension, a fact or a condition that no row and no reader feels,
/// and an instant that is the same in every row.
const EQUAL: [&str; 7] = [
    "constant_dimension",
    "dead_branch",
    "due_start_changed",
    "exclusion_never_matches",
    "exclusion_shadowed",
    "fact_added",
    "fact_removed",
];

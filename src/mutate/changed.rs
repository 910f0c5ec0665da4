//! Mutants beside what they were made of, for whoever holds the two against each other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::bench::Bench;
use super::judge::{differing, mutant, renamed};
use super::taken_apart::{Key, Project, record};
use super::tree::{self, Change};
use super::walk::{changes, lean};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::shape::Shape;
use crate::text::{Span, Texts};

/// One changed clause that gives some reading of a metric another meaning.
pub struct Pair<'a> {
    /// Where the clause stands.
    pub span: Span,
    /// What was changed.
    pub what: String,
    /// The metric's name, without a variant.
    pub metric: &'a str,
    /// The old side, with the cases of the metric.
    pub old: (&'a Catalog, &'a Plan),
    /// The new side.
    pub new: (&'a Catalog, &'a Plan),
    /// The texts behind both.
    pub texts: &'a Texts,
}

/// Who is shown each change; tells whether that will do, or the next reading of the metric should be shown too.
pub type Visit<'a> = dyn Fn(&Pair<'_>) -> bool + Sync + 'a;

/// Which changes are visited, and by how many workers.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// One in so many.
    pub every: usize,
    /// The number of the first.
    pub first: usize,
    /// How many work at once.
    pub workers: usize,
}

/// Shows a sample of all changes of a project's clauses, as far as they are no mistake and move a number.
pub fn visit((catalog, texts): (&Catalog, &Texts), sample: Sample, visit: &Visit<'_>) {
    let project = Project::of(catalog, texts);
    let works: Vec<&Key> = project.files.keys().filter(|key| key.0 != "project").collect();
    let mut numbered = sample.first;
    let mut chosen: Vec<(&Key, Vec<Change>)> = Vec::new();
    for key in works {
        chosen.push((key, sampled(&project, key, (&mut numbered, sample.every))));
    }
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((key, changes)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
            match key.0 {
                _ if changes.is_empty() => {}
                "metric" => copies(&project, key, changes, visit),
                _ => in_place(&project, key, changes, visit),
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..sample.workers {
            scope.spawn(work);
        }
    });
}

fn sampled(project: &Project<'_>, key: &Key, (numbered, every): (&mut usize, usize)) -> Vec<Change> {
    let names = if key.0 == "metric" { project.names_of(&key.1) } else { project.names.clone() };
    let mut chosen = Vec::new();
    for change in changes(&project.files[key].root, record(key), &names) {
        *numbered += 1;
        if numbered.is_multiple_of(every) {
            chosen.push(change);
        }
    }
    chosen
}

/// Copies of a metric stand beside it.
fn copies(project: &Project<'_>, key: &Key, changes: &[Change], visit: &Visit<'_>) {
    let (file, record, metric) = (&project.files[key], record(key), &key.1);
    let mut bench = Bench::new(project, project.closure(key).into_iter(), None);
    let mut copies = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        copies.push(bench.add(&renamed(&text, metric, number)));
    }
    let (mut catalog, errors) = bench.check(project);
    let is_refused = |number: usize| errors.iter().any(|error| error.span().text == copies[number]);
    catalog.registry.cases = project.cases.values().flatten().cloned().collect();
    for (number, change) in changes.iter().enumerate().filter(|(number, _)| !is_refused(*number)) {
        let copy = mutant(metric, number);
        show((&catalog, metric), (&catalog, &copy), (change, &bench.loaded.texts), visit);
    }
}

/// What metrics share is changed where it stands; each metric that rests on it is asked until one will do.
fn in_place(project: &Project<'_>, key: &Key, changes: &[Change], visit: &Visit<'_>) {
    let (file, record) = (&project.files[key], record(key));
    let dependents = project.dependents(key);
    for change in changes {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        for metric in &dependents {
            let keys = project.closure(&("metric", metric.clone()));
            let bench = Bench::new(project, keys.iter().copied(), None);
            let (mut old, _) = bench.check(project);
            old.registry.cases = project.cases.values().flatten().cloned().collect();
            let (new, errors) = Bench::new(project, keys.into_iter(), Some((key, &text))).check(project);
            let is_sound = errors.is_empty();
            if is_sound && show((&old, metric), (&new, metric), (change, &bench.loaded.texts), visit) {
                break;
            }
        }
    }
}

/// Shows the readings whose meaning differs until one will do; tells whether there is one.
fn show(
    (old, metric): (&Catalog, &str),
    (new, copy): (&Catalog, &str),
    (change, texts): (&Change, &Texts),
    visit: &Visit<'_>,
) -> bool {
    let differing = differing((old, metric), (new, copy));
    for (_, before, after) in &differing {
        let (span, what) = (change.span, change.what.clone());
        if visit(&Pair { span, what, metric, old: (old, before), new: (new, after), texts }) {
            break;
        }
    }
    !differing.is_empty()
}

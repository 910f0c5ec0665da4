//! Changed definitions beside those that they were made of, for whoever holds the two against each other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use etalon::catalog::Catalog;
use etalon::plan::Plan;
use etalon::resolve::full_name;
use etalon::shape::Shape;
use etalon::text::Texts;

use super::judge::Bench;
use super::names::Names;
use super::project::{Key, Project, record};
use super::tree::{self, Change};
use super::walk::{changes, lean};

/// One changed clause that gives some reading of a metric another meaning.
pub(crate) struct Pair<'a> {
    /// The file and line.
    pub(crate) place: String,
    /// What was changed.
    pub(crate) what: String,
    /// The metric's name, without a variant.
    pub(crate) metric: &'a str,
    /// The old side, with the cases of the metric.
    pub(crate) old: (&'a Catalog, &'a Plan),
    /// The new side.
    pub(crate) new: (&'a Catalog, &'a Plan),
    /// The texts behind both.
    pub(crate) texts: &'a Texts,
}

/// Who is shown each change; tells whether that will do, or the next reading of the metric should be shown too.
pub(crate) type Visit<'a> = dyn Fn(&Pair<'_>) -> bool + Sync + 'a;

/// Which changes are visited, and by how many workers.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// One in so many.
    pub(crate) every: usize,
    /// The number of the first.
    pub(crate) first: usize,
    /// How many work at once.
    pub(crate) workers: usize,
}

/// Shows a sample of all changes of a project's clauses, as far as they are no mistake and move a number.
pub(crate) fn visit(project: &str, sample: Sample, visit: &Visit<'_>) {
    let project = Project::read(project);
    let works: Vec<&Key> = project.files.keys().filter(|key| key.0 != "project").collect();
    let mut numbered = sample.first;
    let mut chosen: Vec<(&Key, Vec<Change>)> = Vec::new();
    for key in works {
        let names = if key.0 == "metric" { project.names_of(&key.1) } else { project.names.clone() };
        chosen.push((key, sampled(&project, key, &names, (&mut numbered, sample.every))));
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

fn sampled(project: &Project, key: &Key, names: &Names, (numbered, every): (&mut usize, usize)) -> Vec<Change> {
    let all = changes(&project.files[key].root, record(key), names);
    let mut chosen = Vec::new();
    for change in all {
        *numbered += 1;
        if numbered.is_multiple_of(every) {
            chosen.push(change);
        }
    }
    chosen
}

/// Copies of a metric stand beside it.
fn copies(project: &Project, key: &Key, changes: &[Change], visit: &Visit<'_>) {
    let (file, record, metric) = (&project.files[key], record(key), &key.1);
    let mut bench = Bench::new(project, project.closure(key).into_iter(), None);
    let head = format!("metric: \"{metric}\"\n");
    let mut copies = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        copies.push(bench.add(&text.replacen(&head, &format!("metric: \"{metric}_k{number}\"\n"), 1)));
    }
    let (mut catalog, errors) = bench.check(project);
    let is_refused = |number: usize| errors.iter().any(|error| error.span().text == copies[number]);
    catalog.registry.cases = project.cases.values().flatten().cloned().collect();
    for (number, change) in changes.iter().enumerate().filter(|(number, _)| !is_refused(*number)) {
        let copy = format!("{metric}_k{number}");
        show(project, (&catalog, metric), (&catalog, &copy), (change, &bench.loaded.texts), visit);
    }
}

/// What metrics share is changed where it stands; the first metric that feels it is shown.
fn in_place(project: &Project, key: &Key, changes: &[Change], visit: &Visit<'_>) {
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
            if is_sound && show(project, (&old, metric), (&new, metric), (change, &bench.loaded.texts), visit) {
                break;
            }
        }
    }
}

/// Shows the readings whose meaning differs until one will do; tells whether there is one.
fn show(
    project: &Project,
    (old, metric): (&Catalog, &str),
    (new, copy): (&Catalog, &str),
    (change, texts): (&Change, &Texts),
    visit: &Visit<'_>,
) -> bool {
    let prefix = format!("{metric}.");
    let variants = old.plans.keys().filter_map(|name| name.strip_prefix(&prefix)).map(Some);
    let mut is_shown = false;
    for variant in [None].into_iter().chain(variants) {
        let plans = (old.plans.get(&full_name(metric, variant)), new.plans.get(&full_name(copy, variant)));
        let (Some(before), Some(after)) = plans else { continue };
        if old.meaning(before) == new.meaning(after) {
            continue;
        }
        let place = super::judge::place(project, change);
        is_shown = true;
        if visit(&Pair { place, what: change.what.clone(), metric, old: (old, before), new: (new, after), texts }) {
            break;
        }
    }
    is_shown
}

//! Broken definitions before their cases: each is refused, or fails a case, or gets away.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use etalon::catalog::{self, Catalog};
use etalon::definition::Case;
use etalon::diagnostic::{Diagnostic, Diagnostics, Severity};
use etalon::diff::{self, MeaningChange, Scope};
use etalon::load::{Loaded, LoadedFile};
use etalon::resolve::Version;
use etalon::text::TextId;
use etalon::verify::{How, verify};

use super::names::Names;
use super::project::{Key, Project, record};
use super::tree::{self, Change};
use super::walk::{changes, lean};
use etalon::shape::Shape;

/// Of so many changes one is also compared with what it was made of: what a case notices must not be called equal.
const COMPARED: usize = 7;

/// What became of one change.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The file and line.
    pub(super) place: String,
    /// What was changed.
    pub(super) what: String,
    /// Whether it was refused, or a case failed.
    pub(super) is_noticed: bool,
    /// The cases that held nevertheless.
    pub(super) tried: Vec<String>,
}

/// What became of the changes of a definition.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Every change.
    pub(super) outcomes: Vec<Outcome>,
    /// What does not even hold unchanged.
    pub(super) unsound: Vec<String>,
}

/// Breaks every definition of the project and judges each, on all cores.
pub(super) fn judge(project: &Project) -> Judgement {
    let works: Vec<&Key> = project.files.keys().filter(|key| key.0 != "project").collect();
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(key) = works.get(next.fetch_add(1, Ordering::Relaxed)) {
            let judgements = judge_file(project, key);
            all.lock().expect("no thread panicked").extend(judgements.map(|judgement| ((*key).clone(), judgement)));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut all = all.into_inner().expect("no thread panicked");
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut judgement = Judgement::default();
    for (_, other) in all {
        judgement.outcomes.extend(other.outcomes);
        judgement.unsound.extend(other.unsound);
    }
    judgement
}

fn judge_file(project: &Project, key: &Key) -> impl Iterator<Item = Judgement> + use<> {
    let own = (key.0 == "metric").then(|| judge_copies(project, key));
    let is_goal = key.0 == "metric" && project.is_goal(&key.1);
    let names = Names { is_goal, ..project.names.clone() };
    let shared = (key.0 != "metric" || is_goal).then(|| judge_in_place(project, key, &names));
    own.into_iter().chain(shared)
}

/// A project with changed texts, as far as a definition rests on it.
pub(super) struct Bench {
    /// Its texts, with those of the project.
    pub(super) loaded: Loaded,
}

impl Bench {
    /// Puts the definitions on the bench, `changed` in place of one of them.
    pub(super) fn new<'a>(
        project: &Project,
        keys: impl Iterator<Item = &'a Key>,
        changed: Option<(&Key, &str)>,
    ) -> Self {
        let loaded = Loaded { texts: project.loaded.texts.clone(), ..Loaded::default() };
        let mut bench = Self { loaded };
        for key in keys {
            let text = changed.filter(|(other, _)| *other == key).map(|(_, text)| text);
            bench.add(text.unwrap_or(&project.files[key].text));
        }
        bench
    }

    /// Puts a text on the bench.
    pub(super) fn add(&mut self, text: &str) -> TextId {
        let id = self.loaded.texts.add("changed", text);
        self.loaded.files.push(LoadedFile { id, path: None, project: None });
        id
    }

    /// Checks what is on the bench; returns its errors apart.
    pub(super) fn check(&self, project: &Project) -> (Catalog, Vec<Diagnostic>) {
        let mut diagnostics = Diagnostics::new();
        let mut catalog = catalog::build(&self.loaded, &mut diagnostics);
        catalog.folders.clone_from(&project.folders);
        catalog.root.clone_from(&project.root);
        let errors = diagnostics.into_sorted().into_iter().filter(|found| found.severity == Severity::Error);
        (catalog, errors.collect())
    }

    /// Returns whether the case holds for the metric `name` of the catalog.
    fn holds(&self, catalog: &mut Catalog, name: &str, (id, case): &(TextId, Case)) -> bool {
        let mut case = case.clone();
        name.clone_into(&mut case.metric.value);
        catalog.registry.cases = vec![(*id, case)];
        let mut diagnostics = Diagnostics::new();
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = verify(catalog, &self.loaded.texts, how, &mut diagnostics);
        let verdicts = &verification.verdicts;
        assert!(verdicts.iter().all(|verdict| verdict.span.text == *id), "a verdict stands at its case");
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        !verdicts.is_empty() && verification.failed() == 0 && !diagnostics.into_sorted().iter().any(is_error)
    }
}

/// Cases in the order in which they are best tried: who has noticed something lately may notice more.
struct Proofs<'a> {
    cases: Vec<&'a (TextId, Case)>,
}

impl<'a> Proofs<'a> {
    /// Tries cases until one fails; returns the names of those that held, `None` where one failed.
    fn try_all(&mut self, mut holds: impl FnMut(&(TextId, Case)) -> bool) -> Option<Vec<String>> {
        let failing = self.cases.iter().position(|case| !holds(case));
        let Some(place) = failing else {
            return Some(self.cases.iter().map(|(_, case)| case.name.value.clone()).collect());
        };
        let case = self.cases.remove(place);
        self.cases.insert(0, case);
        None
    }
}

/// Returns the cases of a metric that hold; notes the others.
fn proofs<'a>(
    project: &'a Project,
    metric: &str,
    judgement: &mut Judgement,
    mut holds: impl FnMut(&(TextId, Case)) -> bool,
) -> Proofs<'a> {
    let mut cases = Vec::new();
    for case in project.cases.get(metric).into_iter().flatten() {
        if holds(case) {
            cases.push(case);
        } else {
            judgement.unsound.push(format!("{metric}: the case `{}` fails unchanged", case.1.name.value));
        }
    }
    Proofs { cases }
}

/// Breaks a metric: its copies stand side by side, because reading takes longer than verifying.
fn judge_copies(project: &Project, key: &Key) -> Judgement {
    let file = &project.files[key];
    let (metric, record) = (&key.1, record(key));
    let changes = changes(&file.root, record, &project.names_of(metric));
    let mut bench = Bench::new(project, project.closure(key).into_iter(), None);
    let head = format!("metric: \"{metric}\"\n");
    let mut copies = BTreeMap::new();
    for (number, change) in changes.iter().enumerate() {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        let name = format!("{metric}_k{number}");
        assert!(text.contains(&head), "{text}");
        copies.insert(number, bench.add(&text.replacen(&head, &format!("metric: \"{name}\"\n"), 1)));
    }
    let (mut catalog, errors) = bench.check(project);
    let mut judgement = Judgement::default();
    let refused: Vec<TextId> = errors.iter().map(|error| error.span().text).collect();
    // A mistake that shows in what the copy rests on leaves the copy without a plan, so that no case holds for it.
    let mut proofs = proofs(project, metric, &mut judgement, |case| bench.holds(&mut catalog, metric, case));
    for (number, change) in changes.into_iter().enumerate() {
        let name = format!("{metric}_k{number}");
        let tried = match refused.contains(&copies[&number]) {
            true => None,
            false => proofs.try_all(|case| bench.holds(&mut catalog, &name, case)),
        };
        let is_noticed = tried.is_none() && !refused.contains(&copies[&number]);
        if is_noticed && number % COMPARED == 0 && is_called_equal(&catalog, (metric, &name), &bench) {
            judgement.unsound.push(format!("{metric}: {} is called equal, and a case fails", change.what));
        }
        judgement.outcomes.push(outcome(project, change, tried));
    }
    judgement
}

/// Tells whether the comparison of a metric with its broken copy finds no difference in meaning.
fn is_called_equal(catalog: &Catalog, (metric, copy): (&str, &str), bench: &Bench) -> bool {
    let version = |name: &str| {
        let found = catalog.registry.current(name).and_then(|metric| Version::parse(&metric.version));
        (name.to_owned(), found.expect("a version"))
    };
    let scope = Scope::Versions(version(metric), version(copy));
    let diff = diff::compare(catalog, catalog, &bench.loaded.texts, &scope);
    diff.comparisons.iter().all(|comparison| comparison.meaning == MeaningChange::Same)
}

/// Breaks what metrics share, where it stands: each metric that rests on it may notice.
fn judge_in_place(project: &Project, key: &Key, names: &Names) -> Judgement {
    let (file, record) = (&project.files[key], record(key));
    let mut judgement = Judgement::default();
    let changes = changes(&file.root, record, names);
    if changes.is_empty() {
        return judgement;
    }
    let mut witnesses: Vec<(String, Proofs<'_>)> = Vec::new();
    for metric in project.dependents(key) {
        let bench = Bench::new(project, project.closure(&("metric", metric.clone())).into_iter(), None);
        let (mut catalog, _) = bench.check(project);
        // What does not hold unchanged is noted with the metric itself.
        let proofs =
            proofs(project, &metric, &mut Judgement::default(), |case| bench.holds(&mut catalog, &metric, case));
        witnesses.push((metric, proofs));
    }
    for change in changes {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        let mut tried = Some(Vec::new());
        let noticing = witnesses.iter_mut().position(|(metric, proofs)| {
            let keys = project.closure(&("metric", metric.clone()));
            let bench = Bench::new(project, keys.into_iter(), Some((key, &text)));
            let (mut catalog, errors) = bench.check(project);
            let held = proofs.try_all(|case| errors.is_empty() && bench.holds(&mut catalog, metric, case));
            let is_noticed = held.is_none();
            tried = held.and_then(|held| Some([tried.take()?, held].concat()));
            is_noticed
        });
        if let Some(place) = noticing {
            let witness = witnesses.remove(place);
            witnesses.insert(0, witness);
        }
        judgement.outcomes.push(outcome(project, change, tried));
    }
    judgement
}

fn outcome(project: &Project, change: Change, tried: Option<Vec<String>>) -> Outcome {
    let place = place(project, &change);
    Outcome { place, what: change.what, is_noticed: tried.is_none(), tried: tried.unwrap_or_default() }
}

/// Returns the file and line of a change.
pub(super) fn place(project: &Project, change: &Change) -> String {
    let texts = &project.loaded.texts;
    let name = &texts.get(change.span.text).name;
    let below = name.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/")).unwrap_or(name);
    format!("{below}:{}", texts.position(change.span).line)
}

//! Mutants before the cases: each is refused, or fails a case, or gets away.

use std::collections::BTreeMap;

use super::Killing;
use super::bench::Bench;
use super::killing::search;
use super::names::Names;
use super::taken_apart::{Key, Project, record};
use super::tree::{self, Change};
use super::walk::{changes, lean};
use crate::catalog::Catalog;
use crate::definition::Case;
use crate::diff::{self, MeaningChange, Scope};
use crate::plan::Plan;
use crate::resolve::{Version, full_name};
use crate::shape::Shape;
use crate::text::TextId;

/// Of so many mutants that a case kills one is also compared with what it was made of: what a case notices must not be
/// called equal.
const COMPARED: usize = 7;

/// What became of the mutants of one definition.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// How many there are.
    pub(super) mutants: usize,
    /// Those that no case kills, by their change.
    pub(super) escaped: Vec<Escaped>,
    /// What does not even hold unchanged.
    pub(super) unsound: Vec<String>,
}

/// A mutant that is no mistake and that no case kills.
#[derive(Debug)]
pub(super) struct Escaped {
    pub(super) change: Change,
    /// The cases that held nevertheless.
    pub(super) tried: Vec<String>,
    /// The reading of which it has another plan, and how the search for a case ended; `None` where it has the same.
    pub(super) apart: Option<Apart>,
}

/// A reading that a mutant gives another plan.
#[derive(Debug)]
pub(super) struct Apart {
    /// The full name of the reading.
    pub(super) reading: String,
    /// What was found to tell them apart.
    pub(super) killing: Killing,
}

/// Mutates one definition and judges each mutant.
pub(super) fn judge(project: &Project<'_>, key: &Key) -> Judgement {
    let is_metric = key.0 == "metric";
    let is_goal = is_metric && project.is_goal(&key.1);
    let mut judgement = if is_metric { judge_copies(project, key) } else { Judgement::default() };
    if !is_metric || is_goal {
        let names = Names { is_goal, ..project.names.clone() };
        let other = judge_in_place(project, key, &names);
        judgement.mutants += other.mutants;
        judgement.escaped.extend(other.escaped);
        judgement.unsound.extend(other.unsound);
    }
    judgement
}

/// Cases in the order in which they are best tried: who has noticed something lately may notice more.
struct Proofs<'a> {
    cases: Vec<&'a (TextId, Case)>,
}

impl Proofs<'_> {
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
    project: &'a Project<'_>,
    metric: &str,
    judgement: &mut Judgement,
    mut holds: impl FnMut(&(TextId, Case)) -> bool,
) -> Proofs<'a> {
    let mut cases = Vec::new();
    for case in project.cases.get(metric).into_iter().flatten() {
        if holds(case) {
            cases.push(case);
        } else {
            judgement.unsound.push(format!("the case `{}` of `{metric}` does not hold", case.1.name.value));
        }
    }
    Proofs { cases }
}

/// Mutates a metric: its mutants stand side by side, because reading takes longer than verifying.
fn judge_copies(project: &Project<'_>, key: &Key) -> Judgement {
    let (file, record, metric) = (&project.files[key], record(key), &key.1);
    let changes = changes(&file.root, record, &project.names_of(metric));
    let mut bench = Bench::new(project, project.closure(key).into_iter(), None);
    let mut copies = BTreeMap::new();
    for (number, change) in changes.iter().enumerate() {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        copies.insert(number, bench.add(&renamed(&text, metric, number)));
    }
    let (mut catalog, errors) = bench.check(project);
    let mut judgement = Judgement { mutants: changes.len(), ..Judgement::default() };
    let refused: Vec<TextId> = errors.iter().map(|error| error.span().text).collect();
    // A mistake that shows in what the copy rests on leaves the copy without a plan, so that no case holds for it.
    let mut proofs = proofs(project, metric, &mut judgement, |case| bench.holds(&mut catalog, metric, case));
    for (number, change) in changes.into_iter().enumerate().filter(|(number, _)| !refused.contains(&copies[number])) {
        let name = mutant(metric, number);
        match proofs.try_all(|case| bench.holds(&mut catalog, &name, case)) {
            None if number % COMPARED == 0 && is_called_equal(&catalog, (metric, &name), &bench) => {
                judgement.unsound.push(format!("{} of `{metric}` is called equal, and a case fails", change.what));
            }
            None => {}
            Some(tried) => {
                let apart = apart(project, &change.what, ((&catalog, metric), (&catalog, &name)));
                judgement.escaped.push(Escaped { change, tried, apart });
            }
        }
    }
    judgement
}

/// Returns the name of a mutant of a metric.
pub(super) fn mutant(metric: &str, number: usize) -> String {
    format!("{metric}_k{number}")
}

/// Returns the text of a metric under the name of its mutant.
pub(super) fn renamed(text: &str, metric: &str, number: usize) -> String {
    let head = |name: &str| format!("metric: \"{name}\"\n");
    text.replacen(&head(metric), &head(&mutant(metric, number)), 1)
}

/// Tells whether the comparison of a metric with its mutant finds no difference in meaning.
fn is_called_equal(catalog: &Catalog, (metric, copy): (&str, &str), bench: &Bench) -> bool {
    let version = |name: &str| {
        let found = catalog.registry.current(name).and_then(|metric| Version::parse(&metric.version))?;
        Some((name.to_owned(), found))
    };
    let Some((old, new)) = version(metric).zip(version(copy)) else { return false };
    let diff = diff::compare(catalog, catalog, &bench.loaded.texts, &Scope::Versions(old, new));
    diff.comparisons.iter().all(|comparison| comparison.meaning == MeaningChange::Same)
}

/// Returns the first reading to which a mutant gives another plan, with what tells them apart.
fn apart(
    project: &Project<'_>,
    what: &str,
    ((original, metric), (changed, copy)): ((&Catalog, &str), (&Catalog, &str)),
) -> Option<Apart> {
    let mut last = None;
    for (reading, before, after) in differing((original, metric), (changed, copy)) {
        let sides = ((changed, after), (original, before));
        let killing = search(project.texts, sides, (&reading, what));
        let is_found = matches!(killing, Killing::Case { .. });
        last = Some(Apart { reading, killing });
        if is_found {
            break;
        }
    }
    last
}

/// Returns the readings of a metric to which a mutant gives another plan: their full names and both plans.
pub(super) fn differing<'a>(
    (original, metric): (&'a Catalog, &str),
    (changed, copy): (&'a Catalog, &str),
) -> Vec<(String, &'a Plan, &'a Plan)> {
    let prefix = format!("{metric}.");
    let variants = original.plans.keys().filter_map(|name| name.strip_prefix(&prefix)).map(Some);
    let mut differing = Vec::new();
    for variant in [None].into_iter().chain(variants) {
        let (name, other) = (full_name(metric, variant), full_name(copy, variant));
        let (Some(before), Some(after)) = (original.plans.get(&name), changed.plans.get(&other)) else { continue };
        if original.meaning(before) != changed.meaning(after) {
            differing.push((name, before.as_ref(), after.as_ref()));
        }
    }
    differing
}

/// Mutates what metrics share, where it stands: each metric that rests on it may notice.
fn judge_in_place(project: &Project<'_>, key: &Key, names: &Names) -> Judgement {
    let (file, record) = (&project.files[key], record(key));
    let changes = changes(&file.root, record, names);
    let mut judgement = Judgement { mutants: changes.len(), ..Judgement::default() };
    if changes.is_empty() {
        return judgement;
    }
    let mut witnesses: Vec<(String, Proofs<'_>)> = Vec::new();
    for metric in project.dependents(key) {
        let bench = Bench::new(project, project.closure(&("metric", metric.clone())).into_iter(), None);
        let (mut catalog, _) = bench.check(project);
        // What does not hold unchanged is noted with the metric itself.
        let noted = &mut Judgement::default();
        let proofs = proofs(project, &metric, noted, |case| bench.holds(&mut catalog, &metric, case));
        witnesses.push((metric, proofs));
    }
    for change in changes {
        let text = tree::file(&lean(&change.applied(&file.root), &Shape::Record(record)));
        let mut tried = Vec::new();
        let noticing = witnesses.iter_mut().position(|(metric, proofs)| {
            let keys = project.closure(&("metric", metric.clone()));
            let bench = Bench::new(project, keys.into_iter(), Some((key, &text)));
            let (mut catalog, errors) = bench.check(project);
            let held = proofs.try_all(|case| errors.is_empty() && bench.holds(&mut catalog, metric, case));
            let is_noticed = held.is_none();
            tried.extend(held.unwrap_or_default());
            is_noticed
        });
        match noticing {
            Some(place) => {
                let witness = witnesses.remove(place);
                witnesses.insert(0, witness);
            }
            None => {
                let metrics: Vec<&str> = witnesses.iter().map(|(metric, _)| metric.as_str()).collect();
                let apart = apart_in_place(project, (key, &text, &change.what), &metrics);
                judgement.escaped.push(Escaped { change, tried, apart });
            }
        }
    }
    judgement
}

/// Returns the first reading of the metrics to which a changed text gives another plan.
fn apart_in_place(project: &Project<'_>, (key, text, what): (&Key, &str, &str), metrics: &[&str]) -> Option<Apart> {
    let mut last = None;
    for metric in metrics {
        let keys = project.closure(&("metric", (*metric).to_owned()));
        let (before, _) = Bench::new(project, keys.iter().copied(), None).check(project);
        let (after, _) = Bench::new(project, keys.into_iter(), Some((key, text))).check(project);
        let found = apart(project, what, ((&before, metric), (&after, metric)));
        if found.as_ref().is_some_and(|apart| matches!(apart.killing, Killing::Case { .. })) {
            return found;
        }
        last = last.or(found);
    }
    last
}

//! Mutation: every clause of a definition is dropped, negated, moved by one unit or flipped at its edge, and the cases
//! have to notice.
//!
//! The interpreter alone judges. A mutant that no case kills is proven equal, or explained beside its clause, or it
//! survives: then the smallest tables that kill it are searched for. Prints nothing and decides no exit code.

mod bench;
mod changed;
mod declared;
mod expression;
mod judge;
mod killing;
mod names;
mod parts;
mod scalars;
mod taken_apart;
mod tree;
mod walk;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use self::changed::{Pair, Sample, Visit, visit};
use self::declared::Declared;
use self::judge::{Escaped, Judgement, judge};
use self::taken_apart::{Key, Project};
use crate::catalog::Catalog;
use crate::text::{Span, Texts};

/// How definitions are mutated.
pub struct How<'a> {
    /// Which metrics are mutated; where it is none, what metrics share is mutated too.
    pub metrics: &'a [String],
    /// Who is told each definition once its mutants are judged.
    pub step: &'a (dyn Fn(&str) + Sync),
}

/// What mutation came to in one project.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One score for each definition that has mutants, by kind and name.
    pub scores: Vec<Score>,
}

/// How well the cases hold on to one definition.
#[derive(Debug)]
pub struct Score {
    /// The kind of definition: `metric`, `source`, `standard`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Where it is named.
    pub span: Span,
    /// How many mutants it has.
    pub mutants: usize,
    /// Those that give the same number over every table.
    pub equivalent: Vec<Equivalent>,
    /// Those that no case kills.
    pub survivors: Vec<Survivor>,
    /// What is wrong otherwise: cases that do not even hold unchanged, explanations that explain nothing.
    pub unsound: Vec<Unsound>,
}

/// A mutant that gives the same number over every table.
#[derive(Debug)]
pub struct Equivalent {
    /// Where the clause stands.
    pub span: Span,
    /// What was changed.
    pub what: String,
    /// Why it changes nothing.
    pub reason: String,
}

/// A mutant that no case kills.
#[derive(Debug)]
pub struct Survivor {
    /// Where the clause stands.
    pub span: Span,
    /// What was changed.
    pub what: String,
    /// The reading that means something else by it.
    pub reading: String,
    /// The cases that held nevertheless.
    pub tried: Vec<String>,
    /// What would kill it.
    pub killing: Killing,
}

/// What would kill a mutant.
#[derive(Debug)]
pub enum Killing {
    /// A case that holds for the original and fails for the mutant.
    Case {
        /// The case as it can be committed.
        text: String,
        /// Where the two disagree, in one sentence.
        sentence: String,
    },
    /// Nothing was found; what was tried.
    Nothing(String),
}

/// Something that keeps a score from being trusted.
#[derive(Debug)]
pub struct Unsound {
    /// Where it stands.
    pub span: Span,
    /// What is wrong.
    pub what: String,
}

impl Score {
    /// Returns how many mutants count: those that could be killed.
    pub fn counted(&self) -> usize {
        self.mutants - self.equivalent.len()
    }

    /// Returns how many mutants are refused or fail a case.
    pub fn killed(&self) -> usize {
        self.counted() - self.survivors.len()
    }
}

impl Outcome {
    /// Returns killed and counted mutants of all definitions.
    pub fn total(&self) -> (usize, usize) {
        let of = |(killed, counted), score: &Score| (killed + score.killed(), counted + score.counted());
        self.scores.iter().fold((0, 0), of)
    }

    /// Tells whether a score cannot be trusted.
    pub fn is_unsound(&self) -> bool {
        self.scores.iter().any(|score| !score.unsound.is_empty())
    }
}

/// Mutates the definitions of a project, on all cores.
pub fn run(catalog: &Catalog, texts: &Texts, how: &How<'_>) -> Outcome {
    let project = Project::of(catalog, texts);
    let is_wanted = |key: &&Key| match how.metrics {
        [] => key.0 != "project",
        metrics => key.0 == "metric" && metrics.contains(&key.1),
    };
    let works: Vec<&Key> = project.files.keys().filter(is_wanted).collect();
    let (next, step) = (AtomicUsize::new(0), how.step);
    let labour = || {
        let mut done = BTreeMap::new();
        while let Some(key) = works.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.insert((*key).clone(), score(&project, key));
            step(&key.1);
        }
        done
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(works.len().max(1));
    let done: BTreeMap<Key, Score> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(labour)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let has_something = |score: &Score| score.mutants > 0 || !score.unsound.is_empty();
    Outcome { scores: done.into_values().filter(has_something).collect() }
}

/// Tells whether a change is explained as one that gives the same number over every table.
pub fn is_explained(texts: &Texts, span: Span, what: &str) -> bool {
    Declared::of(texts, span.text).reason(texts, span, what).is_some()
}

/// Judges the mutants of one definition.
fn score(project: &Project<'_>, key: &Key) -> Score {
    let span = project.files[key].span;
    let mut declared = Declared::of(project.texts, span.text);
    let Judgement { mutants, escaped, unsound } = judge(project, key);
    let unsound = unsound.into_iter().map(|what| Unsound { span, what }).collect();
    let (kind, name) = (key.0, key.1.clone());
    let mut score = Score { kind, name, span, mutants, equivalent: Vec::new(), survivors: Vec::new(), unsound };
    for Escaped { change, tried, apart } in escaped {
        let (span, what) = (change.span, change.what.clone());
        let explained = declared.reason(project.texts, span, &what);
        match (apart, explained) {
            (None, _) => {
                let reason = "it has the same plan".to_owned();
                score.equivalent.push(Equivalent { span, what, reason });
            }
            (Some(_), Some(reason)) => score.equivalent.push(Equivalent { span, what, reason }),
            (Some(apart), None) => {
                let (reading, killing) = (apart.reading, apart.killing);
                score.survivors.push(Survivor { span, what, reading, tried, killing });
            }
        }
    }
    score.unsound.extend(declared.idle());
    score
}

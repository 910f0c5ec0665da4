//! Random tables against every way of computing: the interpreter and each engine must give the same cells and the same
//! ledger, or none has an answer.
//!
//! What is asked depends on a seed and on names alone, not on the number of threads. What differs is made as small as it
//! goes and written as a case. Prints nothing and decides no exit code.

mod duel;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use self::duel::{Duel, Share};
use crate::catalog::Catalog;
use crate::engine::{Engine, EngineError};
use crate::plan::Plan;
use crate::text::{Span, Texts};
use crate::verify::Mismatch;
use crate::witness::{Question, Random, seeds};

/// Disagreements that are made small; the others are counted.
const TOLD: usize = 10;

/// A project whose readings are asked.
#[derive(Clone, Copy)]
pub struct Project<'a> {
    /// Its definitions.
    pub catalog: &'a Catalog,
    /// The texts behind them.
    pub texts: &'a Texts,
}

/// Opens a session of every engine that takes part.
pub type Open<'a> = dyn Fn() -> Result<Vec<Box<dyn Engine>>, EngineError> + Sync + 'a;

/// How random tables are tried.
pub struct How<'a> {
    /// How many sets of tables, spread over all readings.
    pub sets: usize,
    /// What the tables are made from.
    pub seed: u64,
    /// Which metrics are looked at.
    pub wanted: &'a dyn Fn(&str) -> bool,
    /// Who computes beside the interpreter; asked once by each thread.
    pub open: &'a Open<'a>,
    /// Who is told a reading, and how many sets it was asked.
    pub step: &'a (dyn Fn(&str, usize) + Sync),
}

/// What random tables came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Who computed: the interpreter, then the engines.
    pub judges: Vec<String>,
    /// Readings that were asked, by their full names.
    pub readings: Vec<String>,
    /// Sets of tables on which every judge gave the same.
    pub agreed: usize,
    /// Sets to which there is no answer, by the reason.
    pub unanswered: BTreeMap<String, usize>,
    /// Sets that were left out, because their reading had failed before.
    pub untried: usize,
    /// The first disagreement of each reading.
    pub disagreements: Vec<Disagreement>,
}

/// Tables on which a judge differs from the interpreter.
#[derive(Debug)]
pub struct Disagreement {
    /// The place of its project among those that were asked.
    pub project: usize,
    /// The full name of the reading.
    pub reading: String,
    /// Where its metric is named.
    pub span: Span,
    /// The number of the set among those of the reading, from 1.
    pub set: usize,
    /// What differs.
    pub mismatches: Vec<Mismatch>,
    /// The smallest such tables as a case that expects the interpreter's answer; `None` beyond the first few.
    pub case: Option<String>,
}

impl Outcome {
    /// Returns the number of sets that were asked.
    pub fn asked(&self) -> usize {
        self.agreed + self.unanswered.values().sum::<usize>() + self.disagreements.len()
    }
}

/// One reading and its part of the work.
struct Work<'a> {
    project: usize,
    catalog: &'a Catalog,
    texts: &'a Texts,
    name: String,
    span: Span,
    plan: &'a Plan,
    sets: usize,
}

/// Tries random tables on the readings of all projects, with as many threads as there are cores.
///
/// # Errors
/// When an engine cannot be opened or cannot go on.
pub fn run(projects: &[Project<'_>], how: &How<'_>) -> Result<Outcome, EngineError> {
    let works = works(projects, how);
    let mut engines = (how.open)()?;
    let mut outcome = Outcome::default();
    outcome.judges.push("interpreter".to_owned());
    outcome.judges.extend(engines.iter().map(|engine| engine.name().to_owned()));
    let mut found = Vec::new();
    for (work, share) in works.iter().zip(shares(&works, how)?) {
        outcome.readings.push(work.name.clone());
        outcome.agreed += share.agreed;
        for (reason, sets) in &share.unanswered {
            *outcome.unanswered.entry(reason.clone()).or_default() += sets;
        }
        if let Some((set, question, mismatches)) = share.failed {
            outcome.untried += work.sets - set;
            found.push((work, set, question, mismatches));
        }
    }
    for (work, set, question, mismatches) in found {
        let is_told = outcome.disagreements.len() < TOLD;
        let small = is_told.then(|| work.small(question, set, how.seed, &mut engines)).flatten();
        outcome.disagreements.push(work.disagreement(set, mismatches, small));
    }
    Ok(outcome)
}

/// Returns the readings with at least one set of tables, each with how many.
fn works<'a>(projects: &[Project<'a>], how: &How<'_>) -> Vec<Work<'a>> {
    let mut works = Vec::new();
    for (project, Project { catalog, texts }) in projects.iter().enumerate() {
        for name in catalog.registry.metric_names() {
            if !(how.wanted)(name.split('.').next().unwrap_or(&name)) {
                continue;
            }
            let Some((plan, (metric, reading))) = catalog.plan(&name).zip(catalog.reading(&name)) else { continue };
            let span = reading.variant.as_ref().map_or(metric.id.span, |variant| variant.span);
            works.push(Work { project, catalog, texts, name, span, plan, sets: 0 });
        }
    }
    let count = works.len().max(1);
    // Another seed favours other readings where there are fewer sets than readings.
    let first = usize::try_from(how.seed % count as u64).unwrap_or(0);
    for (place, work) in works.iter_mut().enumerate() {
        let is_favoured = (place + count - first) % count < how.sets % count;
        work.sets = how.sets / count + usize::from(is_favoured);
    }
    works.retain(|work| work.sets > 0);
    works
}

/// Does all works on all cores; an engine that cannot go on ends it.
fn shares(works: &[Work<'_>], how: &How<'_>) -> Result<Vec<Share>, EngineError> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Mutex<BTreeMap<usize, Result<Share, EngineError>>> = Mutex::default();
    let (seed, open, step) = (how.seed, how.open, how.step);
    let labour = || -> Result<(), EngineError> {
        let mut engines = open()?;
        while !is_over.load(Ordering::Relaxed) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(work) = works.get(place) else { break };
            let share = work.done(seed, &mut engines);
            step(&work.name, work.sets);
            is_over.fetch_or(share.is_err(), Ordering::Relaxed);
            if let Ok(mut done) = done.lock() {
                done.insert(place, share);
            }
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(works.len());
    let ended: Result<Vec<()>, EngineError> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(labour)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    ended?;
    // In the order of the readings, whoever was done first; one that failed stands for those that were not begun.
    done.into_inner().unwrap_or_default().into_values().collect()
}

impl<'a> Work<'a> {
    fn duel(&self) -> Result<Duel<'a>, String> {
        let id = self.name.split('.').next().unwrap_or(&self.name);
        let random = Random::of(self.catalog, self.plan, &seeds(self.catalog, self.texts, id))?;
        Ok(Duel::new(self.catalog, &self.name, self.plan, random))
    }

    fn done(&self, seed: u64, engines: &mut [Box<dyn Engine>]) -> Result<Share, EngineError> {
        match self.duel() {
            Ok(duel) => duel.fought(&format!("{seed} {}", self.name), self.sets, engines),
            Err(reason) => Ok(Share { unanswered: BTreeMap::from([(reason, self.sets)]), ..Share::default() }),
        }
    }

    /// Returns what differs on the smallest form of a question, and that as a case.
    fn small(
        &self,
        question: Question,
        set: usize,
        seed: u64,
        engines: &mut [Box<dyn Engine>],
    ) -> Option<(Vec<Mismatch>, Option<String>)> {
        self.duel().ok()?.smallest(question, &format!("random_{seed}_{set}"), engines)
    }

    fn disagreement(
        &self,
        set: usize,
        mismatches: Vec<Mismatch>,
        small: Option<(Vec<Mismatch>, Option<String>)>,
    ) -> Disagreement {
        let (mismatches, case) = small.unwrap_or((mismatches, None));
        let reading = self.name.clone();
        Disagreement { project: self.project, reading, span: self.span, set, mismatches, case }
    }
}

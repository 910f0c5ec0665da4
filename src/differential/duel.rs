//! One reading, asked over random tables by the interpreter and by every engine.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::compare::differences;
use crate::compute::{Answer, ComputeError, Queries, by_interpreter, header};
use crate::engine::{Engine, EngineError};
use crate::plan::{Plan, Request};
use crate::sql::{Header, RenderError};
use crate::verify::Mismatch;
use crate::witness::{Question, Random, Told, case};

/// Sets of tables that share what is asked, so that its queries are written once.
const BATCH: usize = 8;

/// What the sets of one reading came to.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// Sets on which all gave the same.
    pub(super) agreed: usize,
    /// Sets without an answer, by the reason.
    pub(super) unanswered: BTreeMap<String, usize>,
    /// The number of the first set on which somebody differs, with the question and what differs.
    pub(super) failed: Option<(usize, Question, Vec<Mismatch>)>,
}

/// What became of one set.
enum Fate {
    Agreed,
    Unanswered(String),
    Differs(Vec<Mismatch>),
}

/// One reading before its judges.
pub(super) struct Duel<'a> {
    catalog: &'a Catalog,
    name: String,
    /// The plan over the tables that engines are given.
    plan: Plan,
    header: Header,
    random: Random<'a>,
}

/// Queries by dialect, for one request.
type Written = BTreeMap<&'static str, Result<Queries, ComputeError>>;

impl<'a> Duel<'a> {
    pub(super) fn new(catalog: &'a Catalog, name: &str, plan: &'a Plan, random: Random<'a>) -> Self {
        let untitled = Header { title: String::new(), statement: String::new(), fingerprint: String::new() };
        let header = catalog.reading(name).map_or(untitled, |(_, reading)| header(reading, plan));
        Self { catalog, name: name.to_owned(), plan: plan.over_loaded_tables(), header, random }
    }

    /// Asks over so many sets, until one shows a difference.
    pub(super) fn fought(
        &self,
        made_from: &str,
        sets: usize,
        engines: &mut [Box<dyn Engine>],
    ) -> Result<Share, EngineError> {
        let mut share = Share::default();
        for first in (0..sets).step_by(BATCH) {
            let batch = self.random.batch(&format!("{made_from} {}", first / BATCH), BATCH);
            let written = batch.first().map(|question| self.written(&question.request, engines)).unwrap_or_default();
            for (place, question) in batch.into_iter().take(sets - first).enumerate() {
                match self.fate(&question, &written, engines)? {
                    Fate::Agreed => share.agreed += 1,
                    Fate::Unanswered(reason) => *share.unanswered.entry(reason).or_default() += 1,
                    Fate::Differs(mismatches) => {
                        share.failed = Some((first + place + 1, question, mismatches));
                        return Ok(share);
                    }
                }
            }
        }
        Ok(share)
    }

    fn written(&self, request: &Request, engines: &[Box<dyn Engine>]) -> Written {
        let mut written = Written::new();
        for engine in engines {
            let queries = || Queries::of(&self.plan, &self.header, request, engine.dialect());
            written.entry(engine.dialect()).or_insert_with(queries);
        }
        written
    }

    fn fate(
        &self,
        question: &Question,
        written: &Written,
        engines: &mut [Box<dyn Engine>],
    ) -> Result<Fate, EngineError> {
        let reference = match by_interpreter(&self.plan, &question.tables, &question.request) {
            Ok(reference) => reference,
            Err(ComputeError::Interpret(error)) => return Ok(Fate::Unanswered(numberless(&error.to_string()))),
            Err(error) => return Ok(Fate::Unanswered(error.to_string())),
        };
        let (mut mismatches, mut silent) = (Vec::new(), None);
        for engine in engines {
            let Some(queries) = written.get(engine.dialect()) else { continue };
            let judge = engine.name().to_owned();
            match answered(question, queries, engine.as_mut()) {
                Ok(answer) => mismatches.extend(apart(&judge, &reference, answer)),
                Err(Silence::Down(down)) => return Err(down),
                Err(Silence::Refused(reason)) => silent = Some(format!("{judge}: {}", numberless(&reason))),
                Err(Silence::Failed(message)) => mismatches.push(Mismatch::Failure { judge, message }),
            }
        }
        Ok(match (mismatches.is_empty(), silent) {
            (false, _) => Fate::Differs(mismatches),
            (true, Some(reason)) => Fate::Unanswered(reason),
            (true, None) => Fate::Agreed,
        })
    }

    /// Returns what differs on the smallest form of a question, and that as a case called `name`.
    pub(super) fn smallest(
        &self,
        question: Question,
        name: &str,
        engines: &mut [Box<dyn Engine>],
    ) -> Option<(Vec<Mismatch>, Option<String>)> {
        let mut mismatches_of = |question: &Question| {
            let written = self.written(&question.request, engines);
            match self.fate(question, &written, engines) {
                Ok(Fate::Differs(mismatches)) => Some(mismatches),
                _ => None,
            }
        };
        let question = self.random.smallest(question, &mut |question| mismatches_of(question).is_some());
        let mismatches = mismatches_of(&question)?;
        let answer = by_interpreter(&self.plan, &question.tables, &question.request).ok()?;
        let who: Vec<&str> = mismatches.iter().filter_map(judge).collect();
        let shows = format!("On these rows {} once gave another answer than the interpreter.", listed(&who));
        let told = Told { name, shows: &shows, worked: "Found by random tables; the answer is the interpreter's." };
        Some((mismatches, case(&question, (self.catalog, &self.name), &told, &answer)))
    }
}

/// Returns who differs.
fn judge(mismatch: &Mismatch) -> Option<&str> {
    match mismatch {
        Mismatch::Disagreement { judge, .. } | Mismatch::Failure { judge, .. } => Some(judge),
        _ => None,
    }
}

/// Returns each name once.
fn listed(names: &[&str]) -> String {
    let mut once: Vec<&str> = names.to_vec();
    once.dedup();
    once.join(" and ")
}

/// Why an engine gave no answer.
enum Silence {
    /// It cannot go on.
    Down(EngineError),
    /// It, or its dialect, says beforehand that it cannot answer this.
    Refused(String),
    /// It failed where it should have answered.
    Failed(String),
}

fn answered(
    question: &Question,
    queries: &Result<Queries, ComputeError>,
    engine: &mut dyn Engine,
) -> Result<Answer, Silence> {
    let queries = match queries {
        Ok(queries) => queries,
        Err(ComputeError::Render(
            error @ (RenderError::Inexact(_) | RenderError::TooLong(..) | RenderError::TooManyPeriods),
        )) => return Err(Silence::Refused(error.to_string())),
        Err(error) => return Err(Silence::Failed(error.to_string())),
    };
    engine.clear().map_err(silence)?;
    question.tables.iter().try_for_each(|(source, table)| engine.load(source, table)).map_err(silence)?;
    queries.ask(engine).map_err(|error| match error {
        ComputeError::Engine(error) => silence(error),
        error => Silence::Failed(error.to_string()),
    })
}

fn silence(error: EngineError) -> Silence {
    match error {
        down @ EngineError::Down { .. } => Silence::Down(down),
        EngineError::Refused { reason, .. } => Silence::Refused(reason),
        EngineError::TooLarge { what, .. } => Silence::Refused(format!("a number is too large: {what}")),
        error => Silence::Failed(error.to_string()),
    }
}

/// Returns how an engine's answer differs.
fn apart(judge: &str, reference: &Answer, computed: Answer) -> Vec<Mismatch> {
    let pairs = [(&reference.cells, computed.cells), (&reference.ledger, computed.ledger)];
    let apart = pairs.into_iter().filter_map(|(interpreter, computed)| {
        let differences = differences(interpreter, &computed);
        (!differences.is_empty()).then(|| Mismatch::Disagreement {
            judge: judge.to_owned(),
            interpreter: interpreter.clone(),
            computed,
            differences,
        })
    });
    apart.collect()
}

/// Returns a reason without its numbers, which differ from set to set.
fn numberless(reason: &str) -> String {
    let mut text = String::new();
    for c in reason.chars() {
        match c.is_ascii_digit() {
            true if !text.ends_with('N') => text.push('N'),
            true => {}
            false => text.push(c),
        }
    }
    text
}

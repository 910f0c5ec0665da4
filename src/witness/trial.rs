//! One question put to both plans by the interpreter, and what it costs.
//!
//! Effort is counted in steps of work, not in time, so that a search ends in the same place on every machine.

use super::contrast::{Contrast, Grade, of_cells, of_ledgers};
use super::lineage::{hours, pipelines};
use super::material::DAY;
use crate::interpret::{self, InterpretError, Tables};
use crate::plan::{Pipeline, Placement, Plan, Reach, Request};
use crate::table::Table;
use crate::value::{Grain, Value};

/// Tables, and what is asked of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The rows of every source.
    pub tables: Tables,
    /// What is asked of them.
    pub request: Request,
}

impl Question {
    /// Returns how many rows all tables have.
    pub fn rows(&self) -> usize {
        self.tables.values().map(|table| table.rows.len()).sum()
    }

    /// Returns how many rows the longest table has.
    pub(super) fn longest(&self) -> usize {
        self.tables.values().map(|table| table.rows.len()).max().unwrap_or(0)
    }
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    /// Both plans give these cells.
    Alike(Table),
    /// The plans differ.
    Apart(Contrast),
    /// A side has no answer.
    Silent,
}

/// Two plans that are asked the same questions.
#[derive(Debug)]
pub(super) struct Trial<'a> {
    pub(super) old: &'a Plan,
    pub(super) new: &'a Plan,
    /// Steps of work done so far.
    pub(super) spent: u64,
    /// Questions asked so far.
    pub(super) asked: usize,
}

impl<'a> Trial<'a> {
    pub(super) fn new(old: &'a Plan, new: &'a Plan) -> Self {
        Self { old, new, spent: 0, asked: 0 }
    }

    /// Asks both plans for their cells.
    pub(super) fn ask(&mut self, question: &Question) -> Heard {
        self.asked += 1;
        self.spent += cost(self.old, question) + cost(self.new, question);
        let answer = |plan| interpret::cells(plan, &question.tables, &question.request);
        match (answer(self.old), answer(self.new)) {
            (Ok(old), Ok(new)) => match of_cells(&old, &new, &question.request.by) {
                Some(contrast) => Heard::Apart(contrast),
                None => Heard::Alike(old),
            },
            // Rows that one side refuses are rows that it never answers for.
            (Err(InterpretError::DuplicateKey { .. }), Ok(_)) | (Ok(_), Err(InterpretError::DuplicateKey { .. })) => {
                Heard::Apart(Contrast { grade: Grade::Value, differing: Vec::new() })
            }
            _ => Heard::Silent,
        }
    }

    /// Returns how the plans differ, if they do so by at least this much.
    pub(super) fn apart(&mut self, question: &Question, grade: Grade) -> Option<Contrast> {
        if grade == Grade::Ledger {
            return self.ask_ledgers(question);
        }
        match self.ask(question) {
            Heard::Apart(contrast) if contrast.grade >= grade => Some(contrast),
            _ => None,
        }
    }

    /// Asks both plans where the rows ended up.
    pub(super) fn ask_ledgers(&mut self, question: &Question) -> Option<Contrast> {
        self.spent += cost(self.old, question) + cost(self.new, question);
        let answer = |plan| interpret::ledger(plan, &question.tables, &question.request);
        of_ledgers(&answer(self.old).ok()?, &answer(self.new).ok()?)
    }
}

/// Returns how many steps of work an answer takes.
fn cost(plan: &Plan, question: &Question) -> u64 {
    let span = &question.request.span;
    let days = u64::try_from(span.1.since(span.0).micros() / DAY).unwrap_or(0).min(400);
    let parts = pipelines(plan).into_iter();
    parts.map(|pipeline| 30 + runs(pipeline, &question.request) * once(pipeline, question, days)).sum()
}

fn once(pipeline: &Pipeline, question: &Question, days: u64) -> u64 {
    let rows = |source: &str| question.tables.get(source).map_or(0, |table| table.rows.len()) as u64;
    let scans: u64 = pipeline.scans().iter().map(|scan| 10 + 3 * rows(&scan.source)).sum();
    // A calendar is walked day by day; few rows need all of it.
    let walks = pipeline.facts.iter().filter(|fact| !hours(fact).is_empty()).count() as u64;
    scans + walks * rows(&pipeline.scan.source) * (5 + days / 8)
}

/// Returns how often a pipeline is computed for a request.
fn runs(pipeline: &Pipeline, request: &Request) -> u64 {
    match &pipeline.filter.placement {
        Placement::Anchor { reach: Reach::Own, .. } => 1,
        // Periods are listed, rows are read once.
        Placement::Anchor { .. } => 1 + periods(request) / 4,
        Placement::Snapshot(_) | Placement::Spread => 1 + periods(request),
    }
}

/// Returns about how many periods a request asks for.
pub(super) fn periods(request: &Request) -> u64 {
    let Some(length) = length(request.grain) else { return 1 };
    let first = request.from.unwrap_or(request.span.0);
    let last = request.as_of.min(request.to.unwrap_or(request.span.1));
    u64::try_from(last.since(first).micros() / length).unwrap_or(0) + 1
}

/// Returns the shortest length of a period; `None` where there is but one.
pub(super) fn length(grain: Grain) -> Option<i64> {
    const HOUR: i64 = 3_600_000_000;
    Some(match grain {
        Grain::Hour => HOUR,
        Grain::Day => 24 * HOUR,
        Grain::Week => 7 * 24 * HOUR,
        Grain::Month => 28 * 24 * HOUR,
        Grain::Quarter => 84 * 24 * HOUR,
        Grain::Year => 364 * 24 * HOUR,
        Grain::All => return None,
    })
}

/// Returns what makes an answer like others: everything it shows but the bounds of periods.
pub(super) fn signature(cells: &Table) -> String {
    let shown = |index: &usize| !matches!(cells.fields[*index].name.as_str(), "period_start" | "period_end");
    let columns: Vec<usize> = (0..cells.fields.len()).filter(shown).collect();
    let mut signature = String::new();
    for row in cells.rows.iter().take(4) {
        for column in &columns {
            let cell = &row[*column];
            let shown = if let Value::Real(real) = cell { format!("{real:.6}") } else { cell.to_string() };
            signature.push_str(&shown);
            signature.push('|');
        }
    }
    signature
}

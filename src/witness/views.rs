//! What a plan makes of each row of its population: its line in the ledger, its period, what it adds to the number.
//!
//! Asked of the plan itself: it is split by the rows' keys and facts. Knows no words.

use std::collections::BTreeMap;

use super::trial::Question;
use crate::interpret::{self, Tables};
use crate::plan::{Body, Dimension, Measure, Pipeline, Plan, Publish, Request};
use crate::table::Table;
use crate::value::Value;

/// What became of one row, in one period.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// The row of its table.
    pub(super) row: usize,
    /// Its line in the ledger.
    pub(super) line: String,
    /// The start of its period; null with grain `all` and where it is in none.
    pub(super) period: Value,
    /// What it alone would be: numerator, denominator and value.
    pub(super) numbers: [Value; 3],
    /// Whether it is counted although it can still change.
    pub(super) is_open: bool,
    /// Its facts by name.
    pub(super) facts: BTreeMap<String, Value>,
}

/// Lines of the ledger whose rows stand in no cell.
const NO_CELL: [&str; 5] = ["after_as_of", "duplicate", "outside", "undated", "other_period"];

/// Returns what becomes of each row of the population; empty where a plan is made of several.
pub(super) fn views(plan: &Plan, question: &Question) -> Vec<View> {
    let Body::Measured(pipeline) = &plan.body else { return Vec::new() };
    let Some(table) = question.tables.get(&pipeline.scan.source) else { return Vec::new() };
    let (split, request) = split(plan, pipeline, &question.request);
    let cells = interpret::cells(&split, &question.tables, &request).unwrap_or_default();
    let mut views = Vec::new();
    for row in 0..table.rows.len() {
        let own: Vec<usize> =
            (0..cells.rows.len()).filter(|cell| is_of((pipeline, table, row), &cells, *cell)).collect();
        views.extend(own.iter().map(|cell| view(pipeline, row, (&cells, *cell))));
        if own.is_empty() {
            let line = line_without_cell(plan, question, (&pipeline.scan.source, row));
            let numbers = [Value::Null, Value::Null, Value::Null];
            views.push(View { row, line, period: Value::Null, numbers, is_open: false, facts: BTreeMap::new() });
        }
    }
    views
}

/// Returns the plan split by key and facts, with nothing withheld.
fn split(plan: &Plan, pipeline: &Pipeline, request: &Request) -> (Plan, Request) {
    let columns = pipeline.scan.columns.iter().filter(|column| pipeline.scan.key.contains(&column.name));
    let mut dimensions: Vec<Dimension> =
        columns.map(|column| Dimension { name: column.name.clone(), ty: column.ty }).collect();
    let facts = pipeline.facts.iter().map(|fact| Dimension { name: fact.name.clone(), ty: fact.rule.ty() });
    dimensions.extend(facts);
    let by = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    let split = Plan { dimensions, publish: Publish::default(), ..plan.clone() };
    (split, Request { by, ..request.clone() })
}

fn is_of((pipeline, table, row): (&Pipeline, &Table, usize), cells: &Table, cell: usize) -> bool {
    pipeline.scan.key.iter().all(|name| cells.cell(cell, name) == table.cell(row, name))
}

fn view(pipeline: &Pipeline, row: usize, (cells, cell): (&Table, usize)) -> View {
    let has = |column: &str| cells.cell(cell, column).as_real().is_some_and(|count| count > 0.0);
    let excluded = pipeline.exclude.iter().map(|exclusion| format!("excluded_{}", exclusion.id));
    let lines = excluded.chain(["unknown", "missing"].map(str::to_owned));
    let counted = has("n") || !cells.cell(cell, "numerator").is_null() && has("denominator");
    let claimed = lines.into_iter().find(|line| has(line));
    let line = claimed.unwrap_or_else(|| match has("immature") && !counted {
        true => "immature".to_owned(),
        false => "counted".to_owned(),
    });
    let facts = pipeline.facts.iter().map(|fact| (fact.name.clone(), cells.cell(cell, &fact.name).clone()));
    View {
        row,
        is_open: line == "counted" && has("immature"),
        line,
        period: cells.cell(cell, "period_start").clone(),
        numbers: ["numerator", "denominator", "value"].map(|column| cells.cell(cell, column).clone()),
        facts: facts.collect(),
    }
}

/// Returns the line of a row that stands in no cell: the one that has a row less without it.
fn line_without_cell(plan: &Plan, question: &Question, (source, row): (&str, usize)) -> String {
    let lines = |tables: &Tables| interpret::ledger(plan, tables, &question.request).unwrap_or_default();
    let mut without = question.tables.clone();
    if let Some(table) = without.get_mut(source) {
        table.rows.remove(row);
    }
    let (with, without) = (lines(&question.tables), lines(&without));
    let rows = |table: &Table, line: &str| {
        let found = table.rows.iter().find(|row| row[0] == Value::text(line));
        found.and_then(|row| row[1].as_real()).unwrap_or(0.0)
    };
    let gone = NO_CELL.into_iter().find(|line| rows(&with, line) > rows(&without, line));
    gone.unwrap_or("other_period").to_owned()
}

/// A row that the plans treat differently, in one period; `None` where it is not in that period.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turned {
    pub(super) row: usize,
    pub(super) before: Option<View>,
    pub(super) after: Option<View>,
}

/// Returns the rows of the common population that two plans treat differently.
pub(super) fn turned(old: &Plan, new: &Plan, question: &Question) -> Vec<Turned> {
    let (Body::Measured(one), Body::Measured(other)) = (&old.body, &new.body) else { return Vec::new() };
    if one.scan.source != other.scan.source {
        return Vec::new();
    }
    // What one row comes to says nothing where the sum of all is another sum.
    let is_alike = is_of_one_kind(&one.measure, &other.measure);
    let (before, after) = (views(old, question), views(new, question));
    let rows = question.tables.get(&one.scan.source).map_or(0, |table| table.rows.len());
    let mut turned = Vec::new();
    for row in 0..rows {
        let own = |views: &[View]| views.iter().filter(|view| view.row == row).cloned().collect::<Vec<View>>();
        for (before, after) in paired(own(&before), own(&after)) {
            let is_same = match (&before, &after) {
                (Some(before), Some(after)) => same(before, after, is_alike, &question.request.by),
                _ => false,
            };
            if !is_same {
                turned.push(Turned { row, before, after });
            }
        }
    }
    turned
}

/// Pairs what became of a row by period; a row that is in one period on either side has moved.
fn paired(before: Vec<View>, after: Vec<View>) -> Vec<(Option<View>, Option<View>)> {
    if before.len() == 1 && after.len() == 1 {
        return before.into_iter().map(Some).zip(after.into_iter().map(Some)).collect();
    }
    let has = |views: &[View], period: &Value| views.iter().any(|view| view.period == *period);
    let gained: Vec<View> = after.iter().filter(|view| !has(&before, &view.period)).cloned().collect();
    let mut pairs: Vec<(Option<View>, Option<View>)> = Vec::new();
    for view in before {
        let other = after.iter().find(|other| other.period == view.period).cloned();
        pairs.push((Some(view), other));
    }
    pairs.extend(gained.into_iter().map(|view| (None, Some(view))));
    pairs
}

/// Tells whether two views of a row are the same; what it comes to counts where both measure alike.
fn same(one: &View, other: &View, is_alike: bool, by: &[String]) -> bool {
    let groups = |view: &View| by.iter().map(|name| view.facts.get(name).cloned()).collect::<Vec<_>>();
    (&one.line, &one.period, one.is_open) == (&other.line, &other.period, other.is_open)
        && (one.numbers == other.numbers || !is_alike)
        && groups(one) == groups(other)
}

fn is_of_one_kind(old: &Measure, new: &Measure) -> bool {
    match (old, new) {
        (Measure::Quantile(old), Measure::Quantile(new)) => old.method == new.method,
        _ => std::mem::discriminant(old) == std::mem::discriminant(new),
    }
}

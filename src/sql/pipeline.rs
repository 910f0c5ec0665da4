//! A measured plan as steps: from the rows of the population to graded cells, or to a ledger.
//!
//! Follows the order in which the plan language decides a row's fate. Knows no dialect.

use minijinja::{Value, context};

use super::cells::{self, Cut, Grading, Table};
use super::expression::Scope;
use super::names::Columns;
use super::query::{Query, list, type_value};
use super::{RenderError, fates, relate, scan};
use crate::plan::{MaturityPolicy, Measure, Pipeline, Plan, Publish, Request, Scan};
use crate::value::Type;

/// A plan, what is asked of it, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The plan.
    pub(super) plan: &'a Plan,
    /// What is asked of it.
    pub(super) request: &'a Request,
    /// What is withheld.
    pub(super) publish: &'a Publish,
    /// What the names of its steps begin with.
    pub(super) prefix: &'a str,
    /// What its rows are brought together for.
    pub(super) purpose: Purpose,
}

impl Part<'_> {
    /// Returns the wish for the name of a step.
    pub(super) fn wish(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// What the rows of a part are brought together for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The cells of the result, with all their counts.
    Cells,
    /// The values that another metric reads, without the counts.
    Component,
    /// The ledger: every row keeps its fate, none is dropped early.
    Ledger,
}

/// The rows of a pipeline, on their way through its steps.
#[derive(Debug)]
pub(super) struct Rows {
    /// The step of the scan.
    pub(super) seen: String,
    /// The step that holds the rows now.
    pub(super) from: String,
    /// The columns they have now.
    pub(super) travelling: Vec<String>,
    /// The names under which the plan's columns travel.
    pub(super) columns: Columns,
    /// The calendar as macros take it; false where nothing is cut.
    pub(super) calendar: Value,
    /// Whether some fates are decided already, in the column `set_aside`.
    pub(super) has_set_aside: bool,
}

impl Rows {
    /// Returns the scope of an expression over the rows alone.
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { table: None, columns: &self.columns }
    }

    /// Returns the scope of an expression over the rows beside others.
    pub(super) fn qualified(&self) -> Scope<'_> {
        Scope { table: Some(&self.from), columns: &self.columns }
    }
}

/// Adds the steps of `pipeline` up to its graded cells.
pub(super) fn cells(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Table, RenderError> {
    let rows = rows(query, pipeline, part)?;
    let measure = &pipeline.measure;
    let totals = totals(query, pipeline, part, &rows);
    let quotient = measure.is_quotient().then(|| (measure.numerator_type(), measure.denominator_type()));
    let cut = Cut { calendar: &rows.calendar, quotient };
    let cells = cells::bounded(query, part, (totals, cut))?;
    let provisional = match policy(pipeline) {
        Some(MaturityPolicy::Provisional) => Some("immature"),
        _ => None,
    };
    let interval = part.publish.interval.as_ref().filter(|_| matches!(measure, Measure::Share(_)));
    cells::graded(query, part, cells, Grading { undefined: None, provisional, interval })
}

/// Adds the steps of `pipeline` up to the fates; returns the step of the scan and that of the fates.
pub(super) fn ledger(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<(String, String), RenderError> {
    let rows = rows(query, pipeline, part)?;
    Ok((rows.seen, rows.from))
}

fn rows(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Rows, RenderError> {
    let mut scans: Vec<&Scan> = vec![&pipeline.scan];
    scans.extend(pipeline.relate.iter().map(|relate| &relate.events));
    let scans = scan::aligned(&scans);
    let columns = columns(pipeline, part, &scans);
    let mut events = Vec::new();
    let seen = scan::write(query, &scans[0], &columns, part.request)?;
    for scan in &scans[1..] {
        events.push(scan::write(query, scan, &columns, part.request)?);
    }
    let calendar = match part.purpose {
        Purpose::Ledger => Value::from(false),
        Purpose::Cells | Purpose::Component => query.calendar(&part.plan.calendar, part.request.grain)?,
    };
    let travelling = scans[0].columns.iter().map(|column| columns.carried(&column.name).to_owned()).collect();
    let mut rows = Rows { from: seen.clone(), seen, travelling, columns, calendar, has_set_aside: false };
    fates::filter(query, pipeline, part, &mut rows)?;
    relate::facts(query, pipeline, (part, &events), &mut rows)?;
    fates::decide(query, pipeline, part, &mut rows)?;
    Ok(rows)
}

fn columns(pipeline: &Pipeline, part: Part, scans: &[Scan]) -> Columns {
    let read = scans.iter().flat_map(|scan| &scan.columns).map(|column| column.name.as_str());
    let facts = pipeline.relate.iter().map(|relate| relate.name.as_str());
    Columns::new(read.chain(facts), &counts(pipeline, part))
}

/// Returns the names of the count columns that the part's reader needs.
fn counts(pipeline: &Pipeline, part: Part) -> Vec<String> {
    counted(pipeline, part).into_iter().map(|(name, _)| name).collect()
}

/// Returns the count columns that the part's reader needs, with what each counts.
fn counted(pipeline: &Pipeline, part: Part) -> Vec<(String, Value)> {
    let open = policy(pipeline) == Some(MaturityPolicy::Provisional);
    let immature = context! { fate => if open { "counted" } else { "immature" }, open => open };
    let mut counts = Vec::new();
    if part.purpose == Purpose::Cells {
        for exclusion in &pipeline.exclude {
            let name = format!("excluded_{}", exclusion.id);
            counts.push((name.clone(), context! { fate => name, open => false }));
        }
        for name in ["unknown", "missing"] {
            counts.push((name.to_owned(), context! { fate => name, open => false }));
        }
        counts.push(("immature".to_owned(), immature));
    } else if open {
        counts.push(("immature".to_owned(), immature));
    }
    counts
}

fn policy(pipeline: &Pipeline) -> Option<MaturityPolicy> {
    pipeline.mature.as_ref().map(|mature| mature.policy)
}

fn totals(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &Rows) -> Table {
    let dimensions: Vec<String> = part.request.by.iter().map(|name| rows.columns.carried(name).to_owned()).collect();
    let counts: Vec<Value> =
        counted(pipeline, part).into_iter().map(|(name, counted)| context! { name => name, ..counted }).collect();
    let step = context! {
        from => rows.from.as_str(),
        has_period => rows.calendar.is_true(),
        dimensions => list(&dimensions),
        grouping => cells::grouping(&rows.calendar, &dimensions),
        measure => kind(&pipeline.measure),
        integer => type_value(Type::Number(0)),
        counts => counts,
    };
    let name = query.step(&part.wish("totals"), "totals", step);
    let mut numbers = ["numerator", "denominator", "n"].map(str::to_owned).to_vec();
    numbers.extend(self::counts(pipeline, part));
    Table { name, dimensions, numbers }
}

fn kind(measure: &Measure) -> &'static str {
    match measure {
        Measure::Share(_) => "share",
        Measure::Ratio(..) => "ratio",
        Measure::Count => "count",
        Measure::Distinct(_) => "distinct",
        Measure::Sum(_) => "sum",
        Measure::Mean(_) => "mean",
        Measure::Min(_) => "min",
        Measure::Max(_) => "max",
    }
}

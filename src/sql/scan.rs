//! The scan of a source: its rows as of the moment asked about, one per key.
//!
//! Knows neither what the rows mean nor who reads them.

use minijinja::{Value, context};

use super::RenderError;
use super::expression::Scope;
use super::names::Columns;
use super::query::{Query, SharedScan, Writer, list};
use super::quoting::Sql;
use crate::plan::{Dedupe, Request, Scan};

/// Adds the step that scans, or finds the one that does already; returns its name.
pub(super) fn write(
    query: &mut Query,
    scan: &Scan,
    columns: &Columns,
    request: &Request,
) -> Result<String, RenderError> {
    let carried = scan.columns.iter().map(|column| columns.carried(&column.name).to_owned()).collect();
    let shared = SharedScan { scan: scan.clone(), carried };
    if let Some(name) = query.scanned(&shared) {
        return Ok(name);
    }
    let writer = &mut query.writer;
    let mut read = Vec::new();
    for (column, carried) in scan.columns.iter().zip(&shared.carried) {
        let (own, carried_sql) = (writer.ident(&column.name)?, writer.ident(carried)?);
        let sql = if own == carried_sql { own } else { Sql::composed(format!("{own} as {carried_sql}")) };
        read.push(context! { carried => carried, sql => Value::from(sql) });
    }
    let step = context! {
        columns => read,
        source => scan.table.as_str(),
        key => list(&scan.key),
        order => survivors_first(writer, scan)?,
        dated => Value::from(writer.ident(scan.order_instant())?),
        as_of => Value::from(writer.instant(request.as_of)?),
    };
    let name = query.step(&format!("{}_seen", scan.source), "scan", step);
    query.remember(shared, name.clone());
    Ok(name)
}

/// Returns `scans` where those of one source without duplicates read the same columns, so that they can be one step.
/// With duplicates the columns take part in the choice of the survivor and stay as they are.
pub(super) fn aligned(scans: &[&Scan]) -> Vec<Scan> {
    let same_rows = |one: &Scan, other: &Scan| {
        one.dedupe == Dedupe::Unique
            && Scan { columns: Vec::new(), ..one.clone() } == Scan { columns: Vec::new(), ..other.clone() }
    };
    let mut aligned = Vec::new();
    for scan in scans {
        let mut columns = Vec::new();
        for column in scans.iter().filter(|other| same_rows(scan, other)).flat_map(|other| &other.columns) {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        let columns = if scan.dedupe == Dedupe::Unique { columns } else { scan.columns.clone() };
        aligned.push(Scan { columns, ..(*scan).clone() });
    }
    aligned
}

/// Returns the terms of the total order of `scan`.
pub(super) fn total_order(
    writer: &Writer,
    scan: &Scan,
    scope: Scope,
    direction: Direction,
) -> Result<Vec<Value>, RenderError> {
    let mut terms = Vec::new();
    for name in &scan.order {
        let column = writer.column(name, scope)?;
        terms.push(term(&column, is_never_null(scan, name), direction).into());
    }
    Ok(terms)
}

/// The direction an order is read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// First to last.
    Forward,
    /// Last to first.
    Backward,
}

/// Tells whether the scanned column `name` is declared never to be null.
pub(super) fn is_never_null(scan: &Scan, name: &str) -> bool {
    name == scan.order_instant() || scan.key.iter().any(|key| key == name)
}

fn survivors_first(writer: &Writer, scan: &Scan) -> Result<Vec<Value>, RenderError> {
    let direction = match scan.dedupe {
        Dedupe::Unique => return Ok(Vec::new()),
        Dedupe::First => Direction::Forward,
        Dedupe::Latest => Direction::Backward,
    };
    let names = scan.order.iter().chain(scan.columns.iter().map(|column| &column.name));
    let mut told_apart: Vec<&String> = Vec::new();
    let mut terms = Vec::new();
    for name in names {
        // The key is the same for all of them.
        if scan.key.contains(name) || told_apart.contains(&name) {
            continue;
        }
        told_apart.push(name);
        terms.push(term(&writer.ident(name)?, is_never_null(scan, name), direction).into());
    }
    Ok(terms)
}

fn term(column: &Sql, never_null: bool, direction: Direction) -> Sql {
    Sql::composed(match (direction, never_null) {
        (Direction::Forward, true) => column.to_string(),
        (Direction::Forward, false) => format!("{column} nulls last"),
        (Direction::Backward, true) => format!("{column} desc"),
        (Direction::Backward, false) => format!("{column} desc nulls first"),
    })
}

//! The scan of a source: its rows as of the moment asked about, one per key.
//!
//! Knows neither what the rows mean nor who reads them.

use minijinja::{Value, context};

use super::RenderError;
use super::expression::Scope;
use super::moments::Moments;
use super::names::Columns;
use super::placement::World;
use super::query::{Query, SharedScan, Writer};
use super::quoting::Sql;
use crate::expression::Column;
use crate::plan::{Dedupe, Derived, Scan};
use crate::value::Type;

/// The alias of a table beside a list of periods; no step has this name.
const SOURCE: &str = "source";

/// Adds the step that scans as of `world`, or finds the one that does already; returns its name. Seen as of each
/// period, it has the columns `period` and `as_of`, too.
pub(super) fn write(query: &mut Query, scan: &Scan, columns: &Columns, world: &World) -> Result<String, RenderError> {
    let names = scan.columns.iter().map(|column| &column.name).chain(scan.derived.iter().map(|derived| &derived.name));
    let carried = names.map(|name| columns.carried(name).to_owned()).collect();
    let shared = SharedScan { scan: scan.clone(), world: world.clone(), carried };
    if let Some(name) = query.scanned(&shared) {
        return Ok(name);
    }
    let step = Seen { scan, columns, world }.step(&mut query.writer)?;
    let name = query.step(&format!("{}_seen", scan.source), "scan", step);
    query.remember(shared, name.clone());
    Ok(name)
}

/// A scan, the names its columns get, and as of when it is seen.
struct Seen<'a> {
    scan: &'a Scan,
    columns: &'a Columns,
    world: &'a World,
}

impl Seen<'_> {
    fn step(&self, writer: &mut Writer) -> Result<Value, RenderError> {
        let scan = self.scan;
        let mut read = Vec::new();
        if let World::Each(periods) = self.world {
            for (carried, own) in [("period", "period_start"), ("as_of", "as_of")] {
                read.push(column(&writer.qualified(periods, own)?, carried, (own == carried, writer))?);
            }
        }
        for Column { name, ty } in &scan.columns {
            let (own, carried) = (self.own(writer, name)?, self.columns.carried(name));
            let sql = writer.read(own.clone(), *ty)?;
            read.push(column(&sql, carried, (sql == own && name == carried, writer))?);
        }
        let mut key = Vec::new();
        if let World::Each(periods) = self.world {
            key.push(Value::from(writer.qualified(periods, "period_start")?));
        }
        for name in &scan.key {
            key.push(self.told_by(writer, name)?.into());
        }
        let (periods, as_of, alias) = match self.world {
            World::At(at) => (Value::from(false), writer.instant(*at)?, String::new()),
            World::Each(periods) => {
                (Value::from(periods.as_str()), writer.qualified(periods, "as_of")?, format!(" as {SOURCE}"))
            }
        };
        Ok(context! {
            columns => read,
            derived => self.derived(writer)?,
            source => scan.table.as_str(),
            alias => Value::from(Sql::composed(alias)),
            periods => periods,
            key => key,
            order => self.survivors_first(writer)?,
            dated => Value::from(self.own(writer, scan.order_instant())?),
            as_of => Value::from(as_of),
        })
    }

    /// Writes a column of the table.
    fn own(&self, writer: &Writer, name: &str) -> Result<Sql, RenderError> {
        match self.world {
            World::At(_) => writer.ident(name),
            World::Each(_) => writer.qualified(SOURCE, name),
        }
    }

    /// Writes a column of the table in the representation of its type.
    fn read(&self, writer: &mut Writer, name: &str, ty: Type) -> Result<Sql, RenderError> {
        let own = self.own(writer, name)?;
        writer.read(own, ty)
    }

    /// Writes a column by which rows are told apart or ordered.
    fn told_by(&self, writer: &mut Writer, name: &str) -> Result<Sql, RenderError> {
        match self.scan.columns.iter().find(|column| column.name == name) {
            Some(column) => self.read(writer, name, column.ty),
            None => Err(RenderError::Contradiction("a scan orders by a column that it does not read")),
        }
    }

    fn derived(&self, writer: &mut Writer) -> Result<Vec<Value>, RenderError> {
        let own_names = Columns::default();
        let is_inner = self.scan.dedupe == Dedupe::Unique;
        // Beside the list of periods the moments are its columns; behind the choice of the survivor they are the row's.
        let (moments, table, outer) = match self.world {
            World::At(at) => (Moments::of(*at), None, None),
            World::Each(periods) if is_inner => {
                (Moments::by_period("period_start"), Some(SOURCE), Some(periods.as_str()))
            }
            World::Each(_) => (Moments::by_period("period"), None, None),
        };
        let columns = if is_inner { &own_names } else { self.columns };
        let scope = Scope { table, columns, outer, moments: &moments, is_table: is_inner };
        let mut written = Vec::new();
        for derived in &self.scan.derived {
            let value = writer.expression(&derived.value, scope)?;
            let name = writer.ident(self.columns.carried(&derived.name))?;
            written.push(context! { sql => Value::from(Sql::composed(format!("{value} as {name}"))) });
        }
        Ok(written)
    }

    fn survivors_first(&self, writer: &mut Writer) -> Result<Vec<Value>, RenderError> {
        let scan = self.scan;
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
            let column = self.told_by(writer, name)?;
            terms.push(term(writer, &column, is_never_null(scan, name), direction)?);
        }
        Ok(terms)
    }
}

/// Returns the column written as `sql` under the name `carried`, which it may have already.
fn column(sql: &Sql, carried: &str, (is_named, writer): (bool, &Writer)) -> Result<Value, RenderError> {
    let sql = if is_named { sql.clone() } else { Sql::composed(format!("{sql} as {}", writer.ident(carried)?)) };
    Ok(context! { carried => carried, sql => Value::from(sql) })
}

/// Returns `scans` where those of one source without duplicates read the same columns, so that they can be one step.
/// With duplicates the columns take part in the choice of the survivor and stay as they are.
pub(super) fn aligned(scans: &[&Scan]) -> Vec<Scan> {
    let bare = |scan: &Scan| Scan { columns: Vec::new(), derived: Vec::new(), ..scan.clone() };
    let same_rows = |one: &Scan, other: &Scan| bare(one) == bare(other) && agree(&one.derived, &other.derived);
    let mut aligned = Vec::new();
    for scan in scans {
        if scan.dedupe != Dedupe::Unique {
            aligned.push((*scan).clone());
            continue;
        }
        let mut whole = bare(scan);
        for other in scans.iter().filter(|other| same_rows(scan, other)) {
            extend(&mut whole.columns, &other.columns);
            extend(&mut whole.derived, &other.derived);
        }
        aligned.push(whole);
    }
    aligned
}

/// Tells whether no name stands for two values.
fn agree(one: &[Derived], other: &[Derived]) -> bool {
    one.iter().all(|own| other.iter().all(|their| own.name != their.name || own.value == their.value))
}

fn extend<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
}

/// Returns the terms of the total order of `scan`.
pub(super) fn total_order(
    writer: &mut Writer,
    scan: &Scan,
    scope: Scope,
    direction: Direction,
) -> Result<Vec<Value>, RenderError> {
    let mut terms = Vec::new();
    for name in &scan.order {
        let column = writer.column(name, scope)?;
        terms.push(term(writer, &column, is_never_null(scan, name), direction)?);
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

fn term(writer: &mut Writer, column: &Sql, never_null: bool, direction: Direction) -> Result<Value, RenderError> {
    let term = match (direction, never_null) {
        (Direction::Forward, true) => column.clone(),
        (Direction::Backward, true) => Sql::composed(format!("{column} desc")),
        (direction, false) => writer.order(column, direction == Direction::Backward)?,
    };
    Ok(term.into())
}

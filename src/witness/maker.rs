//! Rows made on purpose: cells are set and events added so that a condition is likely to hold.
//!
//! A guess, not a proof: whoever asks the plans over the rows sees what came of it.

mod condition;
mod fact;

use super::dice::Dice;
use super::ground::Ground;
use super::stock::Stock;
use crate::expression::Expression;
use crate::interpret::Tables;
use crate::plan::{Derived, Fact, Pipeline, Scan};
use crate::value::{Duration, Instant, Value};

/// How deep facts about facts are followed.
const DEEPEST: usize = 12;

/// Makes rows.
pub(super) struct Maker<'a> {
    pub(super) ground: &'a Ground,
    pub(super) stock: &'a Stock,
    pub(super) tables: Tables,
    pub(super) dice: &'a mut Dice,
    /// Rows made so far, so that each has a key of its own.
    made: usize,
    depth: usize,
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'p> {
    pub(super) scan: &'p Scan,
    pub(super) row: usize,
}

/// What an expression is about: a row of the population, or an event beside one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'p> {
    pub(super) pipeline: &'p Pipeline,
    pub(super) own: Spot<'p>,
    pub(super) outer: Option<Spot<'p>>,
}

/// What a name stands for.
enum Named<'p> {
    Cell { spot: Spot<'p>, column: usize },
    Derived { derived: &'p Derived, sight: Sight<'p> },
    Fact { fact: &'p Fact, sight: Sight<'p> },
}

impl<'p> Sight<'p> {
    /// Returns the sight of a row of the population.
    pub(super) fn of_row(pipeline: &'p Pipeline, row: usize) -> Self {
        Sight { pipeline, own: Spot { scan: &pipeline.scan, row }, outer: None }
    }

    /// Returns the sight of an event from this row.
    fn of_event(self, own: Spot<'p>) -> Self {
        Sight { pipeline: self.pipeline, own, outer: Some(self.own) }
    }

    /// Returns the sight of the row that an event is looked at from.
    fn outside(self) -> Option<Self> {
        self.outer.map(|own| Sight { own, outer: None, ..self })
    }
}

impl<'a> Maker<'a> {
    /// Returns a maker that adds to these tables.
    pub(super) fn new(ground: &'a Ground, stock: &'a Stock, tables: Tables, dice: &'a mut Dice) -> Self {
        let made = tables.values().map(|table| table.rows.len()).sum();
        Self { ground, stock, tables, dice, made, depth: 0 }
    }

    /// Adds a row with values from the stock, and returns its number.
    pub(super) fn blank(&mut self, source: &str, at: i64) -> Option<usize> {
        let plot = self.ground.plots.get(source)?;
        self.made += 1;
        let mut cells = Vec::with_capacity(plot.fields.len());
        for (column, field) in plot.fields.iter().enumerate() {
            let holds = &plot.holds[column];
            let value = match field.ty {
                _ if column == plot.dated => Some(Value::Instant(Instant::from_micros(at))),
                _ if plot.key.contains(&column) => self.key((source, &field.name), &holds.values),
                crate::value::Type::Instant if holds.nullable => None,
                crate::value::Type::Instant => Some(Value::Instant(Instant::from_micros(at))),
                _ if holds.nullable && self.dice.once_in(2) => None,
                ty => self.stock.value((source, &field.name), ty, self.dice),
            };
            cells.push(value.unwrap_or(Value::Null));
        }
        let table = self.tables.get_mut(source)?;
        table.rows.push(cells);
        Some(table.rows.len() - 1)
    }

    /// Returns a value for a column of a key: one that other rows match with, or one of its own.
    fn key(&mut self, (source, column): (&str, &str), listed: &Option<Vec<String>>) -> Option<Value> {
        let ty = self.ground.plots.get(source).and_then(|plot| Some(plot.ty(plot.place(column)?)))?;
        if listed.is_some() {
            return self.stock.value((source, column), ty, self.dice);
        }
        match ty {
            crate::value::Type::Text => Some(Value::text(&format!("k{}", self.made))),
            crate::value::Type::Number(0) => Some(Value::integer(i64::try_from(self.made).ok()?)),
            _ => self.stock.value((source, column), ty, self.dice),
        }
    }

    fn resolve<'p>(&self, name: &str, sight: Sight<'p>) -> Option<Named<'p>> {
        let Spot { scan, .. } = sight.own;
        if sight.outer.is_none()
            && let Some(fact) = sight.pipeline.facts.iter().find(|fact| fact.name == name)
        {
            return Some(Named::Fact { fact, sight });
        }
        if let Some(derived) = scan.derived.iter().find(|derived| derived.name == name) {
            return Some(Named::Derived { derived, sight });
        }
        let column = self.ground.plots.get(&scan.source)?.place(name)?;
        Some(Named::Cell { spot: sight.own, column })
    }

    fn cell(&self, spot: Spot<'_>, column: usize) -> Option<&Value> {
        self.tables.get(&spot.scan.source)?.rows.get(spot.row)?.get(column)
    }

    /// Sets a cell, if its column can hold the value.
    fn set(&mut self, spot: Spot<'_>, column: usize, value: Value) {
        let source = &spot.scan.source;
        let is_held = self.ground.plots.get(source).is_some_and(|plot| plot.holds[column].admits(&value));
        let cell = self.tables.get_mut(source).and_then(|table| table.rows.get_mut(spot.row)?.get_mut(column));
        if let Some(cell) = cell.filter(|_| is_held) {
            *cell = value;
        }
    }

    /// Returns the value of an expression as far as it is told by cells; `None` where it is not.
    pub(super) fn value(&self, expression: &Expression, sight: Sight<'_>) -> Option<Value> {
        match expression {
            Expression::Literal(value, _) => Some(value.clone()),
            Expression::Column(column) => self.named(&column.name, sight),
            Expression::Outer(column) => self.named(&column.name, sight.outside()?),
            Expression::Shift { at, by } => match (self.value(at, sight)?, self.value(by, sight)?) {
                (Value::Instant(at), Value::Duration(by)) => at.checked_add(by).map(Value::Instant),
                _ => None,
            },
            Expression::Elapsed { from, to } => match (self.value(from, sight)?, self.value(to, sight)?) {
                (Value::Instant(from), Value::Instant(to)) => Some(Value::Duration(to.since(from))),
                _ => None,
            },
            Expression::Rescale(inner, scale) => match self.value(inner, sight)? {
                Value::Number(number) => number.rescale(*scale).map(Value::Number),
                _ => None,
            },
            Expression::Coalesce(parts) => {
                parts.iter().find_map(|part| self.value(part, sight).filter(|value| !value.is_null()))
            }
            _ => None,
        }
    }

    fn named(&self, name: &str, sight: Sight<'_>) -> Option<Value> {
        match self.resolve(name, sight)? {
            Named::Cell { spot, column } => self.cell(spot, column).cloned(),
            Named::Derived { derived, sight } => self.value(&derived.value, sight),
            Named::Fact { fact, sight } => self.fact_value(fact, sight),
        }
    }

    /// Returns the instant of an expression.
    fn instant(&self, expression: &Expression, sight: Sight<'_>) -> Option<Instant> {
        match self.value(expression, sight)? {
            Value::Instant(at) => Some(at),
            _ => None,
        }
    }
}

/// Returns the instant so many microseconds after another.
fn after(at: Instant, micros: i64) -> Instant {
    at.checked_add(Duration::from_micros(micros)).unwrap_or(at)
}

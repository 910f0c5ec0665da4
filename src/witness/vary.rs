//! Small changes of tables and of what is asked of them.
//!
//! A change that breaks a promise of a source is not made.

use super::At;
use super::dice::Dice;
use super::ground::{Ground, Plot};
use super::lineage::pipelines;
use super::maker::{Maker, Sight};
use super::requests::{Requests, instants};
use super::scene::{aims, cast};
use super::stock::Stock;
use super::trial::Question;
use crate::plan::{Pipeline, Plan};
use crate::table::Table;
use crate::value::{Instant, Type, Value};

/// Rows that a made table has at most.
pub(super) const MOST_ROWS: usize = 8;
/// Changes that are tried for one that the sources allow.
const PATIENCE: usize = 6;

/// What changes are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variety<'a> {
    pub(super) ground: &'a Ground,
    pub(super) stock: &'a Stock,
    pub(super) requests: &'a Requests<'a>,
    pub(super) plans: [&'a Plan; 2],
}

/// A changed question, and the cell where no more than one was changed.
pub(super) struct Varied {
    pub(super) question: Question,
    pub(super) at: Option<At>,
}

impl<'a> Variety<'a> {
    /// Returns the question with a few changes.
    pub(super) fn vary(&self, question: &Question, dice: &mut Dice) -> Varied {
        let mut varied = Varied { question: question.clone(), at: None };
        let changes = [1, 1, 1, 2, 3][dice.below(5)];
        for number in 0..changes {
            for _ in 0..PATIENCE {
                let (changed, at) = self.changed(&varied.question, dice);
                if self.ground.keeps(&changed.tables) {
                    varied = Varied { question: changed, at: at.filter(|_| number == 0) };
                    break;
                }
            }
        }
        let request = varied.question.request.clone();
        varied.question.request = self.requests.whole(request, &varied.question.tables);
        varied
    }

    fn changed(&self, question: &Question, dice: &mut Dice) -> (Question, Option<At>) {
        let mut changed = question.clone();
        let mut at = None;
        match dice.below(12) {
            0..=3 => at = self.change_cell(&mut changed, dice),
            4 | 5 => self.copy_row(&mut changed, dice),
            6 => self.drop_row(&mut changed, dice),
            7 => self.move_all(&mut changed, dice),
            8..=10 => self.make(&mut changed, dice),
            _ => {
                let tables = (&changed.tables, self.stock);
                changed.request = self.requests.varied(&changed.request, tables, dice);
            }
        }
        (changed, at)
    }

    /// Returns a cell, more often one behind what differs.
    fn cell(&self, question: &Question, dice: &mut Dice) -> Option<At> {
        let filled = |source: &str| question.tables.get(source).is_some_and(|table| !table.rows.is_empty());
        if dice.once_in(2)
            && let Some((source, column)) = dice.pick(&self.stock.focus)
            && filled(source)
        {
            let column = self.ground.plots.get(source)?.place(column)?;
            let row = dice.below(question.tables.get(source)?.rows.len());
            return Some(At { source: source.clone(), row, column });
        }
        let (source, table) = self.table(question, dice)?;
        let (row, column) = (dice.below(table.rows.len()), dice.below(table.fields.len()));
        Some(At { source: source.to_owned(), row, column })
    }

    fn table<'q>(&self, question: &'q Question, dice: &mut Dice) -> Option<(&'q str, &'q Table)> {
        let filled: Vec<_> = question.tables.iter().filter(|(_, table)| !table.rows.is_empty()).collect();
        dice.pick(&filled).map(|(source, table)| (source.as_str(), *table))
    }

    fn change_cell(&self, question: &mut Question, dice: &mut Dice) -> Option<At> {
        let at = self.cell(question, dice)?;
        let plot = self.ground.plots.get(&at.source)?;
        let known = instants(&question.tables);
        let cell = question.tables.get_mut(&at.source)?.rows.get_mut(at.row)?.get_mut(at.column)?;
        let name = &plot.fields[at.column].name;
        *cell = match plot.ty(at.column) {
            Type::Instant if plot.holds[at.column].nullable && dice.once_in(6) => Value::Null,
            Type::Instant if dice.once_in(4) => Value::Instant(Instant::from_micros(self.stock.moment(dice))),
            Type::Instant => {
                let from = dice.pick(&known).map_or(super::stock::BASE, |at| at.micros());
                let distance = self.stock.distance(dice);
                let distance = if dice.once_in(4) { -distance } else { distance };
                Value::Instant(Instant::from_micros(from.saturating_add(distance)))
            }
            ty => self.stock.value((&at.source, name), ty, dice)?,
        };
        Some(at)
    }

    /// Adds a copy of a row under a key of its own, or under the same where a source allows it.
    fn copy_row(&self, question: &mut Question, dice: &mut Dice) {
        let Some((source, table)) = self.table(question, dice) else { return };
        let Some(plot) = self.ground.plots.get(source) else { return };
        if table.rows.len() >= MOST_ROWS {
            return;
        }
        let mut copy = table.rows[dice.below(table.rows.len())].clone();
        if !(plot.has_duplicates && dice.once_in(2)) {
            renew_key(plot, table, &mut copy);
        }
        if dice.once_in(2) {
            let distance = self.stock.distance(dice);
            copy[plot.dated] = moved(&copy[plot.dated], distance);
        }
        let source = source.to_owned();
        if let Some(table) = question.tables.get_mut(&source) {
            table.rows.push(copy);
        }
    }

    fn drop_row(&self, question: &mut Question, dice: &mut Dice) {
        let Some((source, table)) = self.table(question, dice) else { return };
        let (source, row) = (source.to_owned(), dice.below(table.rows.len()));
        if let Some(table) = question.tables.get_mut(&source) {
            table.rows.remove(row);
        }
    }

    /// Moves everything so that one instant lies at one that is named.
    fn move_all(&self, question: &mut Question, dice: &mut Dice) {
        let known = instants(&question.tables);
        let Some(one) = dice.pick(&known) else { return };
        let by = self.stock.moment(dice).saturating_sub(one.micros());
        move_all(question, by);
    }

    /// Makes a condition hold of a row, adds what a fact looks at, or adds a row.
    fn make(&self, question: &mut Question, dice: &mut Dice) {
        let plan = self.plans[dice.below(2)];
        let pipelines: Vec<&Pipeline> = pipelines(plan);
        let Some(pipeline) = dice.pick(&pipelines).copied() else { return };
        let tables = std::mem::take(&mut question.tables);
        let rows = tables.get(&pipeline.scan.source).map_or(0, |table| table.rows.len());
        let way = dice.below(4);
        let mut maker = Maker::new(self.ground, self.stock, tables, dice);
        if rows == 0 || (way == 0 && rows < MOST_ROWS) {
            let at = maker.stock.moment(maker.dice);
            if let Some(row) = maker.blank(&pipeline.scan.source, at) {
                cast(&mut maker, (pipeline, row), at);
            }
        } else {
            let row = maker.dice.below(rows);
            let sight = Sight::of_row(pipeline, row);
            if way == 1 {
                if let Some(fact) = maker.stock.fact(&pipeline.facts, maker.dice) {
                    maker.surround(fact, sight);
                }
            } else if let Some((condition, _)) = maker.dice.pick(&conditions(pipeline)) {
                let wanted = maker.dice.once_in(2);
                maker.hold(condition, wanted, sight);
            }
        }
        question.tables = maker.tables;
    }
}

fn conditions(pipeline: &Pipeline) -> Vec<(&crate::expression::Expression, bool)> {
    let mut conditions = aims(pipeline);
    let operands = pipeline.measure.operands().into_iter().filter(|operand| operand.ty() == Type::Boolean);
    conditions.extend(operands.map(|operand| (operand, true)));
    conditions
}

/// Moves every instant of a question.
pub(super) fn move_all(question: &mut Question, by: i64) {
    let moved_to = |at: Instant| Instant::from_micros(at.micros().saturating_add(by));
    for cell in question.tables.values_mut().flat_map(|table| &mut table.rows).flatten() {
        *cell = moved(cell, by);
    }
    let request = &mut question.request;
    (request.from, request.to) = (request.from.map(moved_to), request.to.map(moved_to));
    request.as_of = moved_to(request.as_of);
}

fn moved(cell: &Value, by: i64) -> Value {
    match cell {
        Value::Instant(at) => Value::Instant(Instant::from_micros(at.micros().saturating_add(by))),
        other => other.clone(),
    }
}

/// Gives a row a key that no other row of the table has.
pub(super) fn renew_key(plot: &Plot, table: &Table, row: &mut [Value]) {
    for column in plot.key.iter().rev() {
        let taken = |value: &Value| table.rows.iter().any(|other| other[*column] == *value);
        let fresh = (1..).map(|number| match plot.ty(*column) {
            Type::Text => Value::text(&format!("k{number}")),
            Type::Number(0) => Value::integer(number),
            _ => Value::Null,
        });
        let fresh = fresh.take(table.rows.len() + 2).find(|value| !value.is_null() && !taken(value));
        if let Some(fresh) = fresh.filter(|value| plot.holds[*column].admits(value)) {
            row[*column] = fresh;
            return;
        }
    }
}

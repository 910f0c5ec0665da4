//! Changes of tables towards the places where ways of computing part: ties, duplicates, nulls, edges, changes of
//! clocks, empty tables, late events, odd texts, zeros and huge numbers.
//!
//! A change that breaks a promise of a source is not made. Knows what a source allows, not what a metric makes of it.

use super::dice::Dice;
use super::ground::{Ground, Plot};
use super::material::{DAY, SECOND};
use super::requests::instants;
use super::stock::Stock;
use super::trial::Question;
use super::vary::{move_all, renew_key};
use crate::table::Table;
use crate::value::{Date, Duration, Instant, Number, Type, Value};

const HOUR: i64 = 3_600 * SECOND;
/// Changes of clocks: of Berlin and London twice, of New York twice, of St. John's and of Lord Howe.
const CLOCK_CHANGES: [i64; 6] = [
    1_774_746_000 * SECOND,
    1_792_890_000 * SECOND,
    1_772_953_200 * SECOND,
    1_793_512_800 * SECOND,
    1_772_947_800 * SECOND,
    1_775_314_800 * SECOND,
];
/// Traps that are tried for one that the sources allow.
const PATIENCE: usize = 6;
/// Steps beside an instant.
const BESIDE: [i64; 12] = [0, 0, 1, -1, SECOND, -SECOND, HOUR, -HOUR, DAY, -DAY, 7 * DAY, -7 * DAY];
/// Texts that collations, trims and encodings could take for others.
const TEXTS: [&str; 7] = ["A", "a ", "", "O'Brien", "\u{e9}", "e\u{301}", "100%_"];
/// Powers of ten for numbers that sums and products could lose.
const HUGE: [u32; 3] = [6, 9, 12];

/// What traps are made of.
pub(super) struct Traps<'a> {
    pub(super) ground: &'a Ground,
    pub(super) stock: &'a Stock,
}

/// Where a trap is laid.
struct Spot<'q> {
    question: &'q Question,
    plot: &'q Plot,
    source: &'q str,
    row: usize,
}

impl Traps<'_> {
    /// Returns the question over tables with up to four traps.
    pub(super) fn lay(&self, question: &Question, dice: &mut Dice) -> Question {
        let mut trapped = question.clone();
        if dice.once_in(5) {
            self.shift(&mut trapped, dice);
        }
        for _ in 0..dice.below(5) {
            for _ in 0..PATIENCE {
                let Some((source, table)) = self.trap(&trapped, dice) else { continue };
                let old = trapped.tables.insert(source.clone(), table);
                if self.ground.keeps(&trapped.tables) {
                    break;
                }
                trapped.tables.extend(old.map(|old| (source, old)));
            }
        }
        trapped
    }

    /// Asks as of, from or to an instant of the tables, or beside one: what comes later is late.
    pub(super) fn ask(&self, question: &mut Question, dice: &mut Dice) {
        let known = instants(&question.tables);
        if known.is_empty() || !dice.once_in(3) {
            return;
        }
        let mut near = || {
            let at = dice.pick(&known).map_or(0, |at| at.micros());
            Instant::from_micros(at.saturating_add(*dice.pick(&BESIDE).unwrap_or(&0)))
        };
        let (one, other, way) = (near(), near(), near().micros().rem_euclid(3));
        let request = &mut question.request;
        match way {
            0 => request.as_of = one,
            1 if request.from.is_some() => request.from = Some(one),
            _ => (request.from, request.to) = (Some(one.min(other)), Some(one.max(other))),
        }
    }

    fn trap(&self, question: &Question, dice: &mut Dice) -> Option<(String, Table)> {
        let filled: Vec<&String> =
            question.tables.iter().filter(|(_, table)| !table.rows.is_empty()).map(|(source, _)| source).collect();
        let source = *dice.pick(&filled)?;
        let mut table = question.tables.get(source)?.clone();
        let row = dice.below(table.rows.len());
        let spot = Spot { question, plot: self.ground.plots.get(source)?, source, row };
        match dice.below(9) {
            0 => Self::tie(&spot, &mut table, dice),
            1 => Self::double(&spot, &mut table, dice),
            2 => Self::swap(&spot, &mut table, dice),
            3 => Self::hole(&spot, &mut table, dice),
            4 => self.edge(&spot, &mut table, dice),
            5 => Self::drop(&spot, &mut table, dice),
            6 => Self::odd(&spot, &mut table, dice),
            _ => self.cell(&spot, &mut table, dice),
        }?;
        Some((source.clone(), table))
    }

    /// Moves all instants so that one of them lies beside a change of clocks.
    fn shift(&self, question: &mut Question, dice: &mut Dice) {
        let known = instants(&question.tables);
        let Some(one) = dice.pick(&known) else { return };
        let beside = *dice.pick(&[0, 0, 1, -1, -HOUR / 2, HOUR, -HOUR, 2 * HOUR]).unwrap_or(&0);
        let change = *dice.pick(&CLOCK_CHANGES).unwrap_or(&0);
        let mut moved = question.clone();
        move_all(&mut moved, change + beside - one.micros());
        // What is asked stays, so that the tables can share a query with others.
        if self.ground.keeps(&moved.tables) {
            question.tables = moved.tables;
        }
    }

    /// Two rows at one instant.
    fn tie(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let other = dice.below(table.rows.len());
        table.rows[spot.row][spot.plot.dated] = table.rows[other][spot.plot.dated].clone();
        Some(())
    }

    /// A row twice: under its own key where the source allows it, else under another.
    fn double(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let mut copy = table.rows[spot.row].clone();
        if !spot.plot.has_duplicates || dice.once_in(3) {
            renew_key(spot.plot, table, &mut copy);
        }
        table.rows.insert(dice.below(table.rows.len() + 1), copy);
        Some(())
    }

    /// Two rows with each other's cells in one column.
    fn swap(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let (other, column) = (dice.below(table.rows.len()), dice.below(table.fields.len()));
        let kept = table.rows[spot.row][column].clone();
        table.rows[spot.row][column] = std::mem::replace(&mut table.rows[other][column], kept);
        Some(())
    }

    /// A null.
    fn hole(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let nullable: Vec<usize> = (0..table.fields.len()).filter(|column| spot.plot.holds[*column].nullable).collect();
        table.rows[spot.row][*dice.pick(&nullable)?] = Value::Null;
        Some(())
    }

    /// An instant at, or just beside, another one or an edge of what is asked.
    fn edge(&self, spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let columns: Vec<usize> =
            (0..table.fields.len()).filter(|column| spot.plot.ty(*column) == Type::Instant).collect();
        let request = &spot.question.request;
        let edges: Vec<Instant> = [Some(request.as_of), request.from, request.to].into_iter().flatten().collect();
        let near = match dice.below(3) {
            0 => dice.pick(&edges)?.micros(),
            1 => self.stock.moment(dice),
            _ => {
                let distance = self.stock.distance(dice);
                dice.pick(&instants(&spot.question.tables))?.micros().saturating_add(distance)
            }
        };
        let at = Instant::from_micros(near.saturating_add(*dice.pick(&BESIDE)?));
        table.rows[spot.row][*dice.pick(&columns)?] = Value::Instant(at);
        Some(())
    }

    /// Another value of a column, or one beside its own.
    fn cell(&self, spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let column = dice.below(table.fields.len());
        let (ty, name) = (spot.plot.ty(column), &spot.plot.fields[column].name);
        let cell = &mut table.rows[spot.row][column];
        *cell = match dice.once_in(2) {
            true => self.stock.value((spot.source, name), ty, dice)?,
            false => beside(cell, dice)?,
        };
        Some(())
    }

    /// Fewer rows, now and then none.
    fn drop(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        if dice.once_in(4) {
            table.rows.clear()
        } else {
            drop(table.rows.remove(spot.row))
        }
        Some(())
    }

    /// An odd text, a zero or a huge number.
    fn odd(spot: &Spot<'_>, table: &mut Table, dice: &mut Dice) -> Option<()> {
        let is_free = |column: &usize| match spot.plot.ty(*column) {
            Type::Text => spot.plot.holds[*column].values.is_none(),
            Type::Number(_) | Type::Duration => !spot.plot.key.contains(column),
            _ => false,
        };
        let columns: Vec<usize> = (0..table.fields.len()).filter(is_free).collect();
        let column = *dice.pick(&columns)?;
        table.rows[spot.row][column] = match spot.plot.ty(column) {
            Type::Text => Value::text(dice.pick(&TEXTS)?),
            Type::Number(scale) => Value::Number(huge(dice)?.rescale(scale)?),
            _ => Value::Duration(Duration::from_micros(*dice.pick(&[0, 1, -1, 400 * DAY, -DAY])?)),
        };
        Some(())
    }
}

/// Returns zero or a huge number, also a negative one.
fn huge(dice: &mut Dice) -> Option<Number> {
    let power = 10_i64.pow(*dice.pick(&HUGE)?);
    Some(Number::integer(*dice.pick(&[0, 0, power, -power, power - 1])?))
}

/// Returns a value next to a cell.
fn beside(cell: &Value, dice: &mut Dice) -> Option<Value> {
    Some(match cell {
        Value::Instant(at) => Value::Instant(Instant::from_micros(at.micros().saturating_add(*dice.pick(&BESIDE)?))),
        Value::Duration(length) => {
            let step = *dice.pick(&[SECOND, -SECOND, 60 * SECOND, 1, -1, -length.micros()])?;
            Value::Duration(Duration::from_micros(length.micros().saturating_add(step)))
        }
        Value::Number(number) => {
            let step = *dice.pick(&[1, -1, 100, -number.mantissa(), -2 * number.mantissa()])?;
            Value::Number(Number::new(number.mantissa().checked_add(step)?, number.scale()))
        }
        Value::Date(date) => Value::Date(Date::from_days(date.days() + dice.pick(&[1, -1, 7])?)?),
        Value::Boolean(truth) => Value::Boolean(!truth),
        Value::Null | Value::Text(_) | Value::Real(_) => return None,
    })
}

//! Many rows that are alike: where a smallest number of rows, or a place among ordered values, decides.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::ground::Ground;
use super::lineage::{Origin, of_row, pipelines};
use super::stock::Stock;
use super::trial::Question;
use super::vary::renew_key;
use crate::plan::{Measure, Plan};
use crate::value::{Duration, Instant, Number, Value};

/// Most rows of a crowd.
const MOST: u64 = 120;

/// How many rows are worth trying.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    sizes: Vec<usize>,
    /// The columns that a measure takes its values from.
    measured: Vec<Origin>,
}

impl Crowd {
    /// Returns the crowds that two plans can tell apart; `None` where they differ in no number of rows.
    pub(super) fn of(old: &Plan, new: &Plan) -> Option<Self> {
        let mut sizes = BTreeSet::new();
        for (before, after) in [(old.publish.min_n, new.publish.min_n), (old.publish.min_cell, new.publish.min_cell)] {
            if before != after {
                let (low, high) = (before.min(after).unwrap_or(0), before.max(after).unwrap_or(0));
                sizes.extend([low, low + 1, high.saturating_sub(1)]);
            }
        }
        let (before, after) = (pipelines(old), pipelines(new));
        for (one, other) in before.iter().zip(&after).filter(|(one, other)| one.measure != other.measure) {
            for measure in [&one.measure, &other.measure] {
                match measure {
                    Measure::Quantile(_) => sizes.extend(2..24),
                    Measure::TopShare(_, top) => sizes.extend([u64::from(*top), u64::from(*top) + 1]),
                    _ => {}
                }
            }
        }
        let sizes: Vec<usize> =
            sizes.into_iter().filter(|size| (1..=MOST).contains(size)).map(|s| s as usize).collect();
        let operands = |pipeline: &&crate::plan::Pipeline| {
            let operands = pipeline.measure.operands().into_iter();
            operands.flat_map(|operand| of_row(pipeline, operand)).collect::<Vec<_>>()
        };
        let measured = before.iter().flat_map(operands).collect();
        (!sizes.is_empty()).then_some(Self { sizes, measured })
    }

    /// Returns the question with a row of the population copied until there are so many.
    pub(super) fn gathered(
        &self,
        question: &Question,
        (plan, ground, stock): (&Plan, &Ground, &Stock),
        dice: &mut Dice,
    ) -> Option<Question> {
        let parts = pipelines(plan);
        let source = &dice.pick(&parts)?.scan.source;
        let plot = ground.plots.get(source)?;
        let size = *dice.pick(&self.sizes)?;
        let are_alike = dice.once_in(2);
        let mut crowded = question.clone();
        let table = crowded.tables.get_mut(source)?;
        let model = dice.pick(&table.rows)?.clone();
        table.rows.truncate(size);
        while table.rows.len() < size {
            let mut copy = model.clone();
            renew_key(plot, table, &mut copy);
            let rank = table.rows.len() as i64;
            for (_, column) in self.measured.iter().filter(|(other, _)| other == source && !are_alike) {
                let place = plot.place(column)?;
                let own = ranked(&model[place], rank).filter(|value| plot.holds[place].admits(value));
                let other = stock.value((source, column), plot.ty(place), dice);
                copy[place] = own.or(other).unwrap_or(Value::Null);
            }
            table.rows.push(copy);
        }
        ground.keeps(&crowded.tables).then_some(crowded)
    }
}

/// Returns a value of its own for each rank.
fn ranked(value: &Value, rank: i64) -> Option<Value> {
    const MINUTE: i64 = 60_000_000;
    Some(match value {
        Value::Number(number) => Value::Number(number.checked_add(Number::integer(rank))?.rescale(number.scale())?),
        Value::Duration(length) => Value::Duration(Duration::from_micros(length.micros() + rank * MINUTE)),
        Value::Instant(at) => Value::Instant(Instant::from_micros(at.micros() + rank * MINUTE)),
        Value::Text(text) => Value::text(&format!("{text}{rank}")),
        _ => return None,
    })
}

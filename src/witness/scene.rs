//! Tables made so that rows are likely to be counted, or to be left out by one step that is chosen.

use super::dice::Dice;
use super::ground::Ground;
use super::lineage::pipelines;
use super::maker::{Maker, Sight};
use super::stock::Stock;
use crate::expression::Expression;
use crate::interpret::Tables;
use crate::plan::{Awaits, Measure, Pipeline, Plan};
use crate::value::{Instant, Type, Value};

/// Returns tables with rows that mean something to `plan`.
pub(super) fn scene(plan: &Plan, (ground, stock): (&Ground, &Stock), dice: &mut Dice) -> Tables {
    let parts = pipelines(plan);
    let moment = stock.moment(dice);
    let mut maker = Maker::new(ground, stock, ground.empty(), dice);
    for pipeline in &parts {
        // A composite is also asked without one of its parts.
        if parts.len() > 1 && maker.dice.once_in(8) {
            continue;
        }
        let rows = [1, 1, 2, 3][maker.dice.below(4)];
        for number in 0..rows {
            let apart = if number == 0 { 0 } else { maker.stock.distance(maker.dice) };
            let at = moment.saturating_add(apart);
            let Some(row) = maker.blank(&pipeline.scan.source, at) else { continue };
            cast(&mut maker, (pipeline, row), at);
        }
    }
    maker.tables
}

/// Makes a row of the population likely to be counted, or left out by one step.
pub(super) fn cast(maker: &mut Maker<'_>, (pipeline, row): (&Pipeline, usize), at: i64) {
    let sight = Sight::of_row(pipeline, row);
    if let Some(anchor) = pipeline.filter.placement.anchor() {
        let anchor = Expression::column(anchor, Type::Instant);
        maker.put(&anchor, Value::Instant(Instant::from_micros(at)), sight);
    }
    measure(maker, &pipeline.measure, sight);
    let aims = aims(pipeline);
    let flipped = if maker.dice.once_in(3) { Some(maker.dice.below(aims.len())) } else { None };
    for (place, (condition, wanted)) in aims.into_iter().enumerate() {
        maker.hold(condition, wanted != (Some(place) == flipped), sight);
    }
    for _ in 0..[0, 1, 1, 2][maker.dice.below(4)] {
        if let Some(fact) = maker.stock.fact(&pipeline.facts, maker.dice) {
            maker.surround(fact, sight);
        }
    }
}

/// Returns what must hold of a row to be counted, and what must not.
pub(super) fn aims(pipeline: &Pipeline) -> Vec<(&Expression, bool)> {
    let mut aims: Vec<(&Expression, bool)> = Vec::new();
    aims.extend(pipeline.bounds.iter().map(|bounds| (&bounds.when, false)));
    aims.extend(pipeline.missing.iter().map(|missing| (&missing.when, false)));
    aims.extend(pipeline.mature.iter().filter_map(|mature| match &mature.awaits {
        Awaits::Settled { open } => Some((open, false)),
        _ => None,
    }));
    aims.extend(pipeline.exclude.iter().map(|exclusion| (&exclusion.when, false)));
    aims.extend(pipeline.filter.predicate.iter().map(|predicate| (predicate, true)));
    aims
}

/// Gives the measure's operands some value.
fn measure(maker: &mut Maker<'_>, measure: &Measure, sight: Sight<'_>) {
    match measure {
        Measure::Share(condition) => {
            let wanted = maker.dice.once_in(2);
            maker.hold(condition, wanted, sight);
        }
        Measure::Balance(plus, minus) => {
            let wanted = [plus, minus][maker.dice.below(2)];
            maker.hold(wanted, true, sight);
        }
        other => other.operands().into_iter().for_each(|operand| maker.fill(operand, sight)),
    }
}

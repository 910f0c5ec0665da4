//! Which way a number moves: what its clauses do, followed into the measure.
//!
//! Speaks only where every edit is decided and all agree; says nothing of rows that are not known yet.

use crate::diff::{Comparison, Direction, Effect, Judged, Kind};
use crate::expression::Expression;
use crate::plan::{Body, Measure, Pipeline, Rule, Summary};

/// Returns whether the number of the base reading goes up or down; `None` where that cannot be told.
pub(super) fn way(comparison: &Comparison) -> Option<Direction> {
    let (Some(old), Some(new)) = comparison.readings.get("")? else { return None };
    let (Body::Measured(old), Body::Measured(new)) = (&old.body, &new.body) else { return None };
    // Another measure moves the number in ways of its own.
    if std::mem::discriminant(&old.measure) != std::mem::discriminant(&new.measure) {
        return None;
    }
    let mut ways = comparison.moving().map(|judged| way_of(judged, new));
    let first = ways.next()??;
    ways.all(|way| way == Some(first)).then_some(first)
}

fn way_of(judged: &Judged, pipeline: &Pipeline) -> Option<Direction> {
    if judged.through.is_some() || judged.effect != Effect::Moves || judged.edit.path.in_reading().0.is_some() {
        return None;
    }
    let steps: Vec<&str> = judged.edit.path.steps().iter().map(String::as_str).collect();
    let clause = judged.direction;
    match (steps.as_slice(), &pipeline.measure) {
        (["measure", "share"] | ["resolution", "resolved_when"], Measure::Share(_)) => moved(clause),
        (["facts", name, "window", "from" | "to" | "ends"] | ["facts", name, "where"], Measure::Share(share)) => {
            let way = moved(clause)?;
            match sense(pipeline, name, share)? {
                true => Some(way),
                false => Some(way.mirrored()),
            }
        }
        (["population", "where"], Measure::Count) => moved(clause),
        (["exclusions", _, "where"], Measure::Count) => moved(clause).map(Direction::mirrored),
        (["exclusions", _], Measure::Count) => match judged.edit.kind {
            Kind::Added => Some(Direction::Down),
            Kind::Removed => Some(Direction::Up),
            _ => None,
        },
        _ => None,
    }
}

/// A condition that holds for more rows counts more of them.
fn moved(clause: Direction) -> Option<Direction> {
    match clause {
        Direction::Widened => Some(Direction::Up),
        Direction::Narrowed => Some(Direction::Down),
        _ => None,
    }
}

/// Tells whether more rows count where more have the fact; `None` where it does both, or is read elsewhere too.
fn sense(pipeline: &Pipeline, name: &str, share: &Expression) -> Option<bool> {
    let fact = pipeline.facts.iter().find(|fact| fact.name == name)?;
    let is_existence = matches!(&fact.rule, Rule::Related(relate) if matches!(relate.summary, Summary::Exists));
    let reads = |expression: &Expression| expression.columns().contains(&name);
    let is_derived = pipeline.facts.iter().any(|fact| matches!(&fact.rule, Rule::Derived(value) if reads(value)));
    let is_elsewhere = is_derived
        || pipeline.filter.predicate.as_ref().is_some_and(reads)
        || pipeline.exclude.iter().any(|exclusion| reads(&exclusion.when))
        || pipeline.missing.iter().any(|missing| reads(&missing.when));
    let mut senses = Vec::new();
    let is_plain = follow(share, (name, true), &mut senses);
    let first = *senses.first()?;
    let is_decided = is_existence && !is_elsewhere && is_plain && senses.iter().all(|sense| *sense == first);
    is_decided.then_some(first)
}

/// Collects in which sense a condition reads a fact; false where it does so in a way that has none.
fn follow(condition: &Expression, (name, sense): (&str, bool), senses: &mut Vec<bool>) -> bool {
    match condition {
        Expression::Column(column) if column.name == name => {
            senses.push(sense);
            true
        }
        Expression::Not(inner) => follow(inner, (name, !sense), senses),
        Expression::And(parts) | Expression::Or(parts) => {
            // Every part is looked at, also behind one that is not plain.
            let plain: Vec<bool> = parts.iter().map(|part| follow(part, (name, sense), senses)).collect();
            plain.into_iter().all(|is_plain| is_plain)
        }
        other => !other.columns().contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn fact() -> Expression {
        Expression::column("later", Type::Boolean)
    }

    fn read(condition: &Expression) -> (bool, Vec<bool>) {
        let mut senses = Vec::new();
        (follow(condition, ("later", true), &mut senses), senses)
    }

    #[test]
    fn a_negation_turns_the_sense_and_two_turn_it_back() {
        assert_eq!(read(&fact()), (true, vec![true]));
        let not = Expression::Not(Box::new(fact()));
        assert_eq!(read(&not), (true, vec![false]));
        assert_eq!(read(&Expression::Not(Box::new(not))), (true, vec![true]));
    }

    #[test]
    fn a_condition_that_reads_the_fact_in_both_senses_shows_both() {
        let both = Expression::Or(vec![fact(), Expression::Not(Box::new(fact()))]);
        assert_eq!(read(&both), (true, vec![true, false]));
    }

    #[test]
    fn a_fact_inside_anything_else_has_no_sense() {
        assert_eq!(read(&Expression::IsNull(Box::new(fact()))), (false, vec![]));
        assert_eq!(read(&Expression::column("status", Type::Boolean)), (true, vec![]));
    }
}

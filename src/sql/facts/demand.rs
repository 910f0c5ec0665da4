//! Which rows a fact is asked of: where one other fact reads it, in one of its cases alone, those that may be in that case.
//!
//! So the hours of three teams are not counted three times over. Knows no SQL.

use super::reads;
use crate::expression::Expression;
use crate::plan::{Pipeline, Plan, Rule};

/// What a row fulfils of which a fact is read. Rows that fulfil it without need are asked in vain, none is left out.
#[derive(Debug, PartialEq)]
pub(super) struct Demand<'a> {
    /// The condition of the case, which is true.
    pub(super) holds: Option<&'a Expression>,
    /// Conditions of which none is true.
    pub(super) fails: Vec<&'a Expression>,
}

impl Demand<'_> {
    /// Returns the names that it reads of the row.
    pub(super) fn names(&self) -> Vec<&str> {
        self.holds.iter().chain(&self.fails).flat_map(|condition| condition.columns()).collect()
    }
}

/// Returns where the fact `name` is read, if that is in one case of one fact.
pub(super) fn of<'a>(plan: &Plan, pipeline: &'a Pipeline, name: &str) -> Option<Demand<'a>> {
    let reads =
        |expression: &Expression| expression.columns().contains(&name) || expression.outer_columns().contains(&name);
    let mut times = 0;
    plan.each_expression(&mut |_, expression| times += usize::from(reads(expression)));
    let is_named = plan.dimensions.iter().any(|dimension| dimension.name == name)
        || pipeline.filter.placement.anchor() == Some(name);
    let mut readers = pipeline.facts.iter().filter(|fact| reads::of(&fact.rule).contains(&name));
    let (Some(reader), None, 1, false) = (readers.next(), readers.next(), times, is_named) else { return None };
    let Rule::Derived(Expression::Case { arms, otherwise }) = &reader.rule else { return None };
    if arms.iter().any(|(when, _)| reads(when)) {
        return None;
    }
    let mut arms_with = arms.iter().filter(|(_, value)| reads(value));
    match (arms_with.next(), arms_with.next(), reads(otherwise)) {
        (Some((when, _)), None, false) => Some(Demand { holds: Some(when), fails: Vec::new() }),
        (None, None, true) => Some(Demand { holds: None, fails: arms.iter().map(|(when, _)| when).collect() }),
        _ => None,
    }
}

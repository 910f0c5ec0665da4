//! What can be null on a row: columns, derived columns and facts.

use std::collections::BTreeSet;

use crate::expression::{Expression, Scope, may_be_null};
use crate::plan::{Derived, Distance, Fact, Relate, Reversed, Rule, Summary};

/// Tells whether a fact can be null although its row's own columns are known, or because of them; given which names can.
///
/// Whether events exist, and how many, is null only where a column of the row is that they are matched by; this is
/// left to [`row_inputs`].
pub(super) fn null_by_itself(rule: &Rule, nullable: &dyn Fn(&str) -> bool) -> bool {
    let value = |expression: &Expression| may_be_null(expression, &nullable);
    match rule {
        Rule::Derived(expression) => value(expression),
        Rule::Joined(_) => true,
        Rule::Related(relate) => !is_total(relate),
        Rule::Clocked(clock) => clock.reversed == Reversed::Unknown || value(&clock.from) || value(&clock.to),
        Rule::Advanced(advance) => {
            let length = match &advance.by {
                Distance::BusinessTime { length, .. } => value(length),
                Distance::CalendarDays { .. } | Distance::BusinessDays { .. } => false,
            };
            length || value(&advance.from)
        }
    }
}

/// Tells whether a summary has a value over no events.
pub(super) fn is_total(relate: &Relate) -> bool {
    matches!(relate.summary, Summary::Exists | Summary::Count)
}

/// Returns the names of the row whose null makes the fact null.
pub(super) fn row_inputs(rule: &Rule) -> Vec<&str> {
    match rule {
        Rule::Derived(expression) => {
            expression.columns().into_iter().filter(|name| reads_null(expression, name)).collect()
        }
        Rule::Joined(_) => Vec::new(),
        Rule::Related(relate) => {
            let ends = [&relate.window.from, &relate.window.to].into_iter().flatten();
            let mut inputs: Vec<&str> = relate.same.iter().map(|(row, _)| row.as_str()).collect();
            inputs.push(&relate.anchor);
            inputs.extend(ends.flat_map(|end| end.at.columns()));
            inputs
        }
        Rule::Clocked(clock) => clock.from.columns().into_iter().chain(clock.to.columns()).collect(),
        Rule::Advanced(advance) => match &advance.by {
            Distance::BusinessTime { length, .. } => {
                advance.from.columns().into_iter().chain(length.columns()).collect()
            }
            Distance::CalendarDays { .. } | Distance::BusinessDays { .. } => advance.from.columns(),
        },
    }
}

/// Tells whether a null of the name can reach the value: it stands outside `is null` and `coalesce`.
pub(super) fn reads_null(expression: &Expression, name: &str) -> bool {
    match expression {
        Expression::Column(column) => column.name == name,
        Expression::IsNull(_) => false,
        Expression::Coalesce(operands) => operands.last().is_some_and(|last| reads_null(last, name)),
        Expression::Literal(..) | Expression::Outer(_) | Expression::Moment(_) => false,
        Expression::Shift { at, by } => reads_null(at, name) || reads_null(by, name),
        Expression::Compare(_, a, b) | Expression::Arithmetic(_, a, b) => reads_null(a, name) || reads_null(b, name),
        Expression::Elapsed { from, to } => reads_null(from, name) || reads_null(to, name),
        Expression::And(parts) | Expression::Or(parts) => parts.iter().any(|part| reads_null(part, name)),
        Expression::Not(inner) | Expression::In(inner, _) | Expression::Rescale(inner, _) => reads_null(inner, name),
        Expression::Case { arms, otherwise } => {
            reads_null(otherwise, name)
                || arms.iter().any(|(when, then)| reads_null(when, name) || reads_null(then, name))
        }
    }
}

/// What can be null on rows of which some names are known.
pub(super) struct Nulls<'a> {
    pub(super) scope: &'a Scope,
    pub(super) derived: &'a [Derived],
    pub(super) facts: &'a [Fact],
    /// What is never null on the rows that are looked at.
    pub(super) known: BTreeSet<String>,
}

impl<'a> Nulls<'a> {
    /// Tells whether a column or fact can be null on the rows that are looked at.
    pub(super) fn of(&self, name: &str) -> bool {
        if self.known.contains(name) {
            return false;
        }
        if let Some(fact) = self.fact(name) {
            let events = matches!(&fact.rule, Rule::Related(_));
            return null_by_itself(&fact.rule, &|name| self.of(name))
                || (events && row_inputs(&fact.rule).into_iter().any(|name| self.of(name)));
        }
        match self.derived.iter().find(|derived| derived.name == name) {
            Some(derived) => may_be_null(&derived.value, &|name| self.of(name)),
            None => self.scope.names.get(name).is_some_and(|name| name.nullable),
        }
    }

    /// Returns the names whose null makes this one null; none for a plain column.
    pub(super) fn inputs(&self, name: &str) -> Vec<&'a str> {
        if let Some(fact) = self.fact(name) {
            return row_inputs(&fact.rule);
        }
        let derived = self.derived.iter().find(|derived| derived.name == name);
        derived.map_or(Vec::new(), |derived| derived.value.columns())
    }

    /// Returns the fact of this name.
    pub(super) fn fact(&self, name: &str) -> Option<&'a Fact> {
        self.facts.iter().find(|fact| fact.name == name)
    }
}

//! Which columns and facts of the row a rule reads.
//!
//! Knows no SQL.

use crate::expression::Expression;
use crate::plan::{Clock, Distance, Join, Relate, Rule, Times};

/// Returns the names that `rule` reads of the row, in no particular order.
pub(super) fn of(rule: &Rule) -> Vec<&str> {
    match rule {
        Rule::Derived(expression) => over_row(expression),
        Rule::Joined(join) => joined(join),
        Rule::Related(relate) => related(relate),
        Rule::Clocked(clock) => clocked(clock),
        Rule::Advanced(advance) => {
            let mut names = over_row(&advance.from);
            if let Distance::BusinessTime { length, .. } = &advance.by {
                names.extend(over_row(length));
            }
            names
        }
    }
}

/// Returns the row's names that the events of `spans` are matched by, each once.
pub(super) fn matching<'a>(times: &'a Times) -> Vec<&'a str> {
    let mut names: Vec<&'a str> = Vec::new();
    for spans in super::spans(times) {
        let pairs = spans.chain.iter().chain(&spans.counts).flat_map(Expression::outer_columns);
        for name in own(&spans.same).chain(pairs) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn joined(join: &Join) -> Vec<&str> {
    let mut names: Vec<&str> = own(&join.same).collect();
    names.extend(join.version.iter().flat_map(|version| over_row(&version.at)));
    names.extend(join.value.outer_columns());
    names
}

fn related(relate: &Relate) -> Vec<&str> {
    let bounds = relate.window.from.iter().chain(&relate.window.to);
    let pairs = relate.predicate.iter().chain(relate.summary.operand());
    let mut names: Vec<&str> = own(&relate.same).collect();
    names.push(&relate.anchor);
    names.extend(bounds.flat_map(|bound| over_row(&bound.at)));
    names.extend(pairs.flat_map(Expression::outer_columns));
    names
}

fn clocked(clock: &Clock) -> Vec<&str> {
    let mut names = over_row(&clock.from);
    names.extend(over_row(&clock.to));
    names.extend(clock.counting.iter().flat_map(matching));
    names
}

fn over_row(expression: &Expression) -> Vec<&str> {
    let mut names = expression.columns();
    names.extend(expression.outer_columns());
    names
}

fn own(pairs: &[(String, String)]) -> impl Iterator<Item = &str> {
    pairs.iter().map(|(own, _)| own.as_str())
}

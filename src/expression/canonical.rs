//! One form for expressions that say the same: order of operands, direction of comparisons, double negations.
//!
//! Only rewrites that hold for every row, UNKNOWN included. Knows no row and no domain of values.

use super::{Comparison, Expression};
use crate::value::Value;

impl Expression {
    /// Returns the expression in its canonical form; equal forms have the same value on every row.
    pub fn canonical(&self) -> Expression {
        match self {
            Expression::Column(_) | Expression::Outer(_) | Expression::Literal(..) | Expression::Moment(_) => {
                self.clone()
            }
            Expression::Compare(comparison, left, right) => compare(*comparison, left.canonical(), right.canonical()),
            Expression::And(operands) => joined(operands, true),
            Expression::Or(operands) => joined(operands, false),
            Expression::Not(operand) => negated(operand),
            Expression::IsNull(operand) => Expression::IsNull(Box::new(operand.canonical())),
            Expression::In(operand, values) => member(operand.canonical(), values),
            Expression::Arithmetic(operator, left, right) => {
                Expression::Arithmetic(*operator, Box::new(left.canonical()), Box::new(right.canonical()))
            }
            Expression::Elapsed { from, to } => {
                Expression::Elapsed { from: Box::new(from.canonical()), to: Box::new(to.canonical()) }
            }
            Expression::Shift { at, by } => {
                Expression::Shift { at: Box::new(at.canonical()), by: Box::new(by.canonical()) }
            }
            Expression::Rescale(operand, scale) => Expression::Rescale(Box::new(operand.canonical()), *scale),
            Expression::Coalesce(operands) => {
                Expression::Coalesce(operands.iter().map(Expression::canonical).collect())
            }
            Expression::Case { arms, otherwise } => Expression::Case {
                arms: arms.iter().map(|(when, then)| (when.canonical(), then.canonical())).collect(),
                otherwise: Box::new(otherwise.canonical()),
            },
        }
    }
}

/// Orders by a text that holds all of the expression.
fn key(expression: &Expression) -> String {
    serde_json::to_string(expression).expect("an expression has only texts, numbers and lists of them")
}

/// Writes `a > b` as `b < a`, and orders the sides where the operator does not care.
fn compare(comparison: Comparison, left: Expression, right: Expression) -> Expression {
    let (comparison, left, right) = match comparison {
        Comparison::Greater => (Comparison::Less, right, left),
        Comparison::GreaterOrEqual => (Comparison::LessOrEqual, right, left),
        other => (other, left, right),
    };
    let symmetric = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if symmetric && key(&left) > key(&right) {
        return compare(comparison, right, left);
    }
    match (comparison, left, right) {
        // One value is a list of one.
        (Comparison::Equal, Expression::Literal(value, _), operand)
        | (Comparison::Equal, operand, Expression::Literal(value, _))
            if !value.is_null() && !matches!(operand, Expression::Literal(..)) =>
        {
            Expression::In(Box::new(operand), vec![value])
        }
        (Comparison::NotEqual, left, right) => Expression::Not(Box::new(compare(Comparison::Equal, left, right))),
        (comparison, left, right) => Expression::Compare(comparison, Box::new(left), Box::new(right)),
    }
}

fn member(operand: Expression, values: &[Value]) -> Expression {
    let mut values = values.to_vec();
    values.sort_by(Value::order);
    values.dedup();
    Expression::In(Box::new(operand), values)
}

/// Joins operands: nested ones of the same kind flattened, sorted, each once.
fn joined(operands: &[Expression], all: bool) -> Expression {
    let mut flat = Vec::new();
    for operand in operands {
        match (operand.canonical(), all) {
            (Expression::And(inner), true) | (Expression::Or(inner), false) => flat.extend(inner),
            (other, _) => flat.push(other),
        }
    }
    flat.sort_by_cached_key(key);
    flat.dedup();
    match (flat.len(), all) {
        (1, _) => flat.remove(0),
        (_, true) => Expression::And(flat),
        (_, false) => Expression::Or(flat),
    }
}

/// Brings a negation down to the conditions that have no parts.
fn negated(operand: &Expression) -> Expression {
    match operand {
        Expression::Not(inner) => inner.canonical(),
        Expression::And(operands) => joined(&operands.iter().map(not).collect::<Vec<_>>(), false),
        Expression::Or(operands) => joined(&operands.iter().map(not).collect::<Vec<_>>(), true),
        Expression::Compare(comparison, left, right) => {
            let opposite = match comparison {
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
                Comparison::Less => Comparison::GreaterOrEqual,
                Comparison::LessOrEqual => Comparison::Greater,
                Comparison::Greater => Comparison::LessOrEqual,
                Comparison::GreaterOrEqual => Comparison::Less,
            };
            compare(opposite, left.canonical(), right.canonical())
        }
        other => Expression::Not(Box::new(other.canonical())),
    }
}

fn not(operand: &Expression) -> Expression {
    Expression::Not(Box::new(operand.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn column(name: &str) -> Expression {
        Expression::column(name, Type::Text)
    }

    fn number(name: &str) -> Expression {
        Expression::column(name, Type::Number(0))
    }

    fn five() -> Expression {
        Expression::Literal(Value::integer(5), Type::Number(0))
    }

    fn compared(comparison: Comparison, left: Expression, right: Expression) -> Expression {
        Expression::Compare(comparison, Box::new(left), Box::new(right))
    }

    #[test]
    fn the_order_of_operands_and_their_nesting_do_not_matter() {
        let (a, b, c) = (column("a").is_text("x"), column("b").is_text("y"), column("c").is_text("z"));
        let nested = Expression::And(vec![Expression::And(vec![c.clone(), a.clone()]), b.clone()]);
        assert_eq!(nested.canonical(), Expression::And(vec![a, b, c]).canonical());
    }

    #[test]
    fn a_comparison_reads_the_same_from_both_sides() {
        let above = compared(Comparison::Greater, number("a"), five());
        let below = compared(Comparison::Less, five(), number("a"));
        assert_eq!(above.canonical(), below.canonical());
    }

    #[test]
    fn de_morgan_and_double_negation_are_seen_through() {
        let (a, b) = (column("a").is_text("x"), compared(Comparison::Less, number("n"), five()));
        let neither = not(&Expression::Or(vec![a.clone(), not(&b)]));
        let both = Expression::And(vec![compared(Comparison::NotEqual, column("a"), literal("x")), b]);
        assert_eq!(neither.canonical(), both.canonical());
        assert_eq!(not(&not(&a)).canonical(), a.canonical());
    }

    fn literal(text: &str) -> Expression {
        Expression::Literal(Value::text(text), Type::Text)
    }

    #[test]
    fn one_value_is_a_list_of_one_and_lists_have_no_order() {
        let list = |texts: &[&str]| {
            Expression::In(Box::new(column("a")), texts.iter().map(|text| Value::text(text)).collect())
        };
        assert_eq!(list(&["y", "x", "y"]).canonical(), list(&["x", "y"]).canonical());
        assert_eq!(column("a").is_text("x").canonical(), list(&["x"]).canonical());
    }

    #[test]
    fn conditions_that_differ_keep_different_forms() {
        let at_most = compared(Comparison::LessOrEqual, number("a"), five());
        let below = compared(Comparison::Less, number("a"), five());
        assert_ne!(at_most.canonical(), below.canonical());
        assert_ne!(at_most.canonical(), compared(Comparison::LessOrEqual, five(), number("a")).canonical());
    }
}

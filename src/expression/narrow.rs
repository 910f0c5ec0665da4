//! Which columns a condition proves to be known.

use std::collections::BTreeSet;

use super::Expression;

/// Returns the columns that cannot be null on a row for which `condition` is TRUE.
pub fn known_when_true(condition: &Expression) -> BTreeSet<&str> {
    match condition {
        Expression::And(parts) => parts.iter().flat_map(known_when_true).collect(),
        Expression::Or(parts) => intersection(parts.iter().map(known_when_true)),
        Expression::Not(inner) => known_when_false(inner),
        Expression::Column(column) => BTreeSet::from([column.name.as_str()]),
        Expression::Compare(_, left, right) => strict(left).union(&strict(right)).copied().collect(),
        Expression::In(operand, _) => strict(operand),
        _ => BTreeSet::new(),
    }
}

/// Returns the columns that cannot be null on a row for which `condition` is FALSE.
pub(super) fn known_when_false(condition: &Expression) -> BTreeSet<&str> {
    match condition {
        Expression::Or(parts) => parts.iter().flat_map(known_when_false).collect(),
        Expression::And(parts) => intersection(parts.iter().map(known_when_false)),
        Expression::Not(inner) => known_when_true(inner),
        Expression::Column(column) => BTreeSet::from([column.name.as_str()]),
        Expression::IsNull(inner) => strict(inner),
        Expression::Compare(_, left, right) => strict(left).union(&strict(right)).copied().collect(),
        Expression::In(operand, _) => strict(operand),
        _ => BTreeSet::new(),
    }
}

/// Returns the columns that are known on every row that an exclusion does *not* take: where it is FALSE or UNKNOWN.
pub fn known_when_not_true(condition: &Expression) -> BTreeSet<&str> {
    match condition {
        // Only conditions that are never UNKNOWN tell anything about the rows that stay.
        Expression::IsNull(inner) => strict(inner),
        Expression::Or(parts) => parts.iter().flat_map(known_when_not_true).collect(),
        _ => BTreeSet::new(),
    }
}

/// Tells whether a value can be null, given which columns can.
pub fn may_be_null(expression: &Expression, nullable: &impl Fn(&str) -> bool) -> bool {
    let any = |parts: &[Expression]| parts.iter().any(|part| may_be_null(part, nullable));
    match expression {
        Expression::Column(column) | Expression::Outer(column) => nullable(&column.name),
        Expression::Literal(value, _) => value.is_null(),
        Expression::Moment(_) | Expression::IsNull(_) => false,
        Expression::Coalesce(operands) => operands.iter().all(|operand| may_be_null(operand, nullable)),
        Expression::Case { arms, otherwise } => {
            // Of two known values one comes first, so `least` and `greatest` of known values are known.
            let decided = is_extreme(arms) && !arms.iter().any(|(when, _)| may_be_null(when, nullable));
            (!decided && may_be_null(otherwise, nullable)) || arms.iter().any(|(_, then)| may_be_null(then, nullable))
        }
        Expression::And(parts) | Expression::Or(parts) => any(parts),
        Expression::Not(inner) | Expression::In(inner, _) | Expression::Rescale(inner, _) => {
            may_be_null(inner, nullable)
        }
        Expression::Compare(_, a, b) | Expression::Arithmetic(_, a, b) => {
            may_be_null(a, nullable) || may_be_null(b, nullable)
        }
        Expression::Elapsed { from, to } => may_be_null(from, nullable) || may_be_null(to, nullable),
        Expression::Shift { at, by } => may_be_null(at, nullable) || may_be_null(by, nullable),
    }
}

/// Tells whether two conditions compare the same two values both ways: where both are known, one of them is TRUE.
fn is_extreme(arms: &[(Expression, Expression)]) -> bool {
    use super::Comparison::{GreaterOrEqual, LessOrEqual};
    match arms {
        [(Expression::Compare(one, a, b), _), (Expression::Compare(other, c, d), _)] => {
            one == other && matches!(one, LessOrEqual | GreaterOrEqual) && a == d && b == c
        }
        _ => false,
    }
}

/// Returns the columns whose null makes a value null.
fn strict(expression: &Expression) -> BTreeSet<&str> {
    match expression {
        Expression::Column(column) => BTreeSet::from([column.name.as_str()]),
        Expression::Arithmetic(_, left, right) => strict(left).union(&strict(right)).copied().collect(),
        Expression::Shift { at, by } => strict(at).union(&strict(by)).copied().collect(),
        Expression::Elapsed { from, to } => strict(from).union(&strict(to)).copied().collect(),
        Expression::Rescale(inner, _) => strict(inner),
        _ => BTreeSet::new(),
    }
}

fn intersection<'a>(mut sets: impl Iterator<Item = BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let Some(first) = sets.next() else { return BTreeSet::new() };
    sets.fold(first, |common, set| common.intersection(&set).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Comparison;
    use crate::value::{Type, Value};

    fn column(name: &str) -> Expression {
        Expression::column(name, Type::Number(0))
    }

    fn is_one(name: &str) -> Expression {
        let one = Expression::Literal(Value::integer(1), Type::Number(0));
        Expression::Compare(Comparison::Equal, Box::new(column(name)), Box::new(one))
    }

    fn is_null(name: &str) -> Expression {
        Expression::IsNull(Box::new(column(name)))
    }

    fn not(inner: Expression) -> Expression {
        Expression::Not(Box::new(inner))
    }

    fn names<'a>(list: &[&'a str]) -> BTreeSet<&'a str> {
        list.iter().copied().collect()
    }

    #[test]
    fn a_comparison_that_is_true_or_false_has_known_sides() {
        assert_eq!(known_when_true(&is_one("a")), names(&["a"]));
        assert_eq!(known_when_true(&not(is_one("a"))), names(&["a"]));
        assert_eq!(known_when_true(&not(is_null("a"))), names(&["a"]));
        assert_eq!(known_when_true(&is_null("a")), names(&[]));
    }

    #[test]
    fn of_alternatives_only_what_all_of_them_need_is_known() {
        let either = Expression::Or(vec![is_one("a"), Expression::And(vec![is_one("a"), is_one("b")])]);
        assert_eq!(known_when_true(&either), names(&["a"]));
        let both = Expression::And(vec![is_one("a"), is_one("b")]);
        assert_eq!(known_when_true(&both), names(&["a", "b"]));
        // NOT (a = 1 OR b = 1) is TRUE only where both comparisons are FALSE.
        assert_eq!(known_when_true(&not(Expression::Or(vec![is_one("a"), is_one("b")]))), names(&["a", "b"]));
    }

    #[test]
    fn coalesce_and_case_prove_nothing() {
        let coalesce = Expression::Coalesce(vec![column("a"), column("b")]);
        assert_eq!(known_when_true(&Expression::In(Box::new(coalesce), vec![Value::integer(1)])), names(&[]));
    }

    #[test]
    fn the_smaller_of_two_values_is_known_where_both_are() {
        let at_most = |a, b| Expression::Compare(Comparison::LessOrEqual, Box::new(column(a)), Box::new(column(b)));
        let least = Expression::Case {
            arms: vec![(at_most("a", "b"), column("a")), (at_most("b", "a"), column("b"))],
            otherwise: Box::new(Expression::Literal(Value::Null, Type::Number(0))),
        };
        assert!(!may_be_null(&least, &|_| false));
        assert!(may_be_null(&least, &|name| name == "b"));
        // One comparison alone leaves the other case to `otherwise`.
        let Expression::Case { arms, otherwise } = least else { return };
        assert!(may_be_null(&Expression::Case { arms: arms[..1].to_vec(), otherwise }, &|_| false));
    }

    #[test]
    fn rows_that_an_exclusion_leaves_may_be_unknown_to_it() {
        // `a = 1` leaves rows where a is null; `a is null or b = 1` does not.
        assert_eq!(known_when_not_true(&is_one("a")), names(&[]));
        assert_eq!(known_when_not_true(&Expression::Or(vec![is_null("a"), is_one("b")])), names(&["a"]));
        assert_eq!(known_when_not_true(&Expression::And(vec![is_null("a"), is_one("b")])), names(&[]));
    }
}

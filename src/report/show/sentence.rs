//! Expressions in words, as a manual says them. Made from the checked tree, so words and computation cannot part.

use crate::expression::{Arithmetic, Comparison, Expression, Moment};
use crate::report::words::listed;
use crate::value::Value;

/// Says a condition: `status is solved or closed, and there is no later contact`.
pub(super) fn condition(expression: &Expression) -> String {
    match expression {
        Expression::And(parts) => joined(parts, "and"),
        Expression::Or(parts) => joined(parts, "or"),
        Expression::Not(inner) => negated(inner),
        Expression::Compare(comparison, left, right) => {
            format!("{} {} {}", value(left), relation(*comparison), value(right))
        }
        Expression::In(operand, values) => format!("{} is {}", value(operand), options(values, "or")),
        Expression::IsNull(operand) => format!("{} is not known", value(operand)),
        Expression::Column(column) => holds(&column.name),
        Expression::Coalesce(parts) => match parts.as_slice() {
            [only, Expression::Literal(Value::Boolean(false), _)] => condition(only),
            _ => value(expression),
        },
        other => value(other),
    }
}

/// Says a value: `the time from opened at to solved at`.
pub(super) fn value(expression: &Expression) -> String {
    match expression {
        Expression::Column(column) => name(&column.name),
        Expression::Outer(column) => format!("the row's {}", name(&column.name)),
        Expression::Moment(moment) => moment_name(*moment).to_owned(),
        Expression::Literal(constant, _) => literal(constant),
        Expression::Elapsed { from, to } => format!("the time from {} to {}", value(from), value(to)),
        Expression::Shift { at, by } => shifted(at, by),
        Expression::Rescale(inner, _) => value(inner),
        Expression::Arithmetic(operator, left, right) => {
            format!("{} {} {}", operand(left), sign(*operator), operand(right))
        }
        Expression::Coalesce(parts) => {
            let parts: Vec<String> = parts.iter().map(value).collect();
            parts.join(", or else ")
        }
        Expression::Case { arms, otherwise } => {
            let mut parts: Vec<String> =
                arms.iter().map(|(when, then)| format!("{} where {}", value(then), condition(when))).collect();
            parts.push(format!("otherwise {}", value(otherwise)));
            parts.join("; ")
        }
        Expression::And(_)
        | Expression::Or(_)
        | Expression::Not(_)
        | Expression::Compare(..)
        | Expression::In(..)
        | Expression::IsNull(_) => format!("whether {}", condition(expression)),
    }
}

/// Writes a name as words.
pub(super) fn name(name: &str) -> String {
    name.replace('_', " ")
}

fn operand(expression: &Expression) -> String {
    match expression {
        Expression::Arithmetic(..) | Expression::Case { .. } | Expression::Coalesce(_) => {
            format!("({})", value(expression))
        }
        _ => value(expression),
    }
}

fn shifted(at: &Expression, by: &Expression) -> String {
    match by {
        Expression::Literal(Value::Duration(length), _) if length.micros() < 0 => {
            let length = crate::value::Duration::from_micros(length.micros().saturating_neg());
            format!("{length} before {}", value(at))
        }
        _ => format!("{} after {}", value(by), value(at)),
    }
}

fn joined(parts: &[Expression], word: &str) -> String {
    let part = |part: &Expression| match part {
        Expression::And(_) | Expression::Or(_) => format!("({})", condition(part)),
        _ => condition(part),
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    parts.join(&format!(", {word} "))
}

fn negated(inner: &Expression) -> String {
    match inner {
        Expression::IsNull(operand) => format!("{} is known", value(operand)),
        Expression::In(operand, values) => format!("{} is neither {}", value(operand), options(values, "nor")),
        Expression::Column(column) => match column.name.strip_prefix("is_") {
            Some(rest) => format!("is not {}", name(rest)),
            None => format!("no {}", name(&column.name)),
        },
        Expression::And(_) | Expression::Or(_) => format!("it is not so that {}", condition(inner)),
        Expression::Coalesce(_) => format!("not {}", condition(inner)),
        other => format!("not: {}", condition(other)),
    }
}

fn holds(column: &str) -> String {
    name(column)
}

fn options(values: &[Value], word: &str) -> String {
    listed(&values.iter().map(literal).collect::<Vec<_>>(), word)
}

fn literal(constant: &Value) -> String {
    match constant {
        Value::Null => "nothing".to_owned(),
        Value::Duration(length) => length.to_string(),
        Value::Text(text) => text.replace('_', " "),
        other => other.to_string(),
    }
}

fn relation(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "is",
        Comparison::NotEqual => "is not",
        Comparison::Less => "is below",
        Comparison::LessOrEqual => "is at most",
        Comparison::Greater => "is above",
        Comparison::GreaterOrEqual => "is at least",
    }
}

fn sign(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "x",
    }
}

fn moment_name(moment: Moment) -> &'static str {
    match moment {
        Moment::AsOf => "the moment of knowledge",
        Moment::PeriodStart => "the start of the period",
        Moment::PeriodEnd => "the end of the period",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Duration, Type};

    fn column(name: &str, ty: Type) -> Expression {
        Expression::column(name, ty)
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let status =
            Expression::In(Box::new(column("status", Type::Text)), vec![Value::text("solved"), Value::text("closed")]);
        let later = Expression::Not(Box::new(column("later_contact", Type::Boolean)));
        assert_eq!(
            condition(&Expression::And(vec![status, later])),
            "status is solved or closed, and no later contact"
        );
    }

    #[test]
    fn a_length_of_time_names_its_ends() {
        let (from, to) = (Box::new(column("opened_at", Type::Instant)), Box::new(column("solved_at", Type::Instant)));
        let limit = Expression::Literal(Value::Duration(Duration::from_micros(20_000_000)), Type::Duration);
        let within =
            Expression::Compare(Comparison::LessOrEqual, Box::new(Expression::Elapsed { from, to }), Box::new(limit));
        assert_eq!(condition(&within), "the time from opened at to solved at is at most 20s");
    }

    #[test]
    fn an_alternative_inside_a_rule_stands_in_brackets() {
        let either = Expression::Or(vec![column("a", Type::Boolean), column("b", Type::Boolean)]);
        let both = Expression::And(vec![either, column("c", Type::Boolean)]);
        assert_eq!(condition(&both), "(a, or b), and c");
    }
}

//! The search for a row of which some conditions are TRUE and others are not.
//!
//! Sets one column after the other, and turns back as soon as a condition is not as it should be: conditions about different
//! columns take as long as the sum of what they say, not as the product. Decides what `prove` decides, and nothing else.

use super::prove::{Domain, MOST, Variables, flat};
use crate::expression::{Comparison, Expression};
use crate::interpret::Condition;
use crate::value::{Type, Value};

/// Tells whether there is no row of which all of `wanted` and none of `unwanted` are TRUE; `None` where that cannot be decided.
/// `domain` tells what the column or fact of a name can hold.
pub fn no_row<'d>(
    wanted: &[&Expression],
    unwanted: &[&Expression],
    domain: &dyn Fn(&str) -> Domain<'d>,
) -> Option<bool> {
    if wanted.iter().chain(unwanted).any(|condition| condition.ty() != Type::Boolean) {
        return None;
    }
    let mut conditions = Vec::new();
    wanted.iter().for_each(|condition| split(condition, &mut conditions));
    conditions.extend(unwanted.iter().map(|condition| (*condition, false)));
    let tied = tied(&conditions, domain);
    if tied.is_empty() {
        return Some(false);
    }
    let tied: Vec<(Expression, bool)> = tied.into_iter().map(|(condition, wanted)| (flat(condition), wanted)).collect();
    let search = Search::of(&tied, domain)?;
    let mut row = vec![Value::Null; search.columns.len()];
    if !search.is_as_demanded(None, &row)? {
        return Some(true);
    }
    search.finds(0, &mut row).map(|found| !found)
}

/// Takes apart what has to be TRUE: of a conjunction every part has to.
fn split<'a>(condition: &'a Expression, parts: &mut Vec<(&'a Expression, bool)>) {
    match condition {
        Expression::And(operands) => operands.iter().for_each(|operand| split(operand, parts)),
        other => parts.push((other, true)),
    }
}

/// Returns the conditions without those that some value of a column makes as they should be, whatever the rest of the row,
/// where no other condition is about that column.
fn tied<'a, 'd>(
    conditions: &[(&'a Expression, bool)],
    domain: &dyn Fn(&str) -> Domain<'d>,
) -> Vec<(&'a Expression, bool)> {
    let read: Vec<Vec<&str>> = conditions.iter().map(|(condition, _)| condition.columns()).collect();
    let is_alone = |place: usize, column: &str| {
        read.iter().enumerate().all(|(other, read)| other == place || !read.contains(&column))
    };
    let is_free = |place: usize, (condition, is_wanted): (&Expression, bool)| {
        let column = subject(condition);
        column.is_some_and(|column| is_alone(place, column) && can_be(condition, is_wanted, domain(column)))
    };
    let each = conditions.iter().enumerate();
    each.filter(|(place, condition)| !is_free(*place, **condition)).map(|(_, condition)| *condition).collect()
}

/// Returns the column that a condition is about, if it compares that with a constant and does nothing else.
fn subject(condition: &Expression) -> Option<&str> {
    match condition {
        Expression::Column(column) => Some(&column.name),
        Expression::Compare(_, left, right) => match (left.as_ref(), right.as_ref()) {
            (Expression::Column(column), Expression::Literal(value, _)) if *value != Value::Null => Some(&column.name),
            _ => None,
        },
        _ => None,
    }
}

/// Tells whether some value of such a column makes the condition TRUE, or another than TRUE where it is not wanted; `false`
/// where that needs a look at the values.
fn can_be(condition: &Expression, is_wanted: bool, domain: Domain<'_>) -> bool {
    match condition {
        Expression::Column(_) => true,
        // Of texts that are listed the comparison may be TRUE of none, or of all.
        Expression::Compare(..) if domain.values.is_some() => !is_wanted && domain.nullable,
        // A column of numbers can hold more and less than any constant; there is no text before the empty one.
        Expression::Compare(comparison, left, _) => match left.ty() {
            Type::Text => matches!(comparison, Comparison::Equal | Comparison::NotEqual),
            Type::Boolean => domain.nullable && !is_wanted,
            _ => true,
        },
        _ => false,
    }
}

/// A condition, bound to the row.
struct Demand {
    condition: Condition,
    /// Whether it has to be TRUE, or must not be.
    is_wanted: bool,
    /// The step after which all its columns are set; `None` where it reads none.
    step: Option<usize>,
}

struct Search {
    /// The columns of the row in the order in which they are set, each with the values that are tried.
    columns: Vec<(usize, Vec<Value>)>,
    demands: Vec<Demand>,
}

impl Search {
    fn of<'d>(conditions: &[(Expression, bool)], domain: &dyn Fn(&str) -> Domain<'d>) -> Option<Self> {
        let mut variables = Variables::default();
        conditions.iter().try_for_each(|(condition, _)| variables.collect(condition))?;
        let mut domains = variables.domains(domain)?;
        let rows = domains.iter().try_fold(1_usize, |rows, values| rows.checked_mul(values.len()))?;
        if rows > MOST {
            return None;
        }
        let names = variables.names();
        let place = |name: &&str| names.iter().position(|known| known == name);
        let read: Vec<Vec<usize>> =
            conditions.iter().map(|(condition, _)| condition.columns().iter().filter_map(place).collect()).collect();
        // What a condition about few columns refuses need not be tried with all values of the others.
        let mut by_length: Vec<usize> = (0..conditions.len()).collect();
        by_length.sort_by_key(|index| read[*index].len());
        let mut order: Vec<usize> = Vec::new();
        for column in by_length.iter().flat_map(|index| &read[*index]) {
            if !order.contains(column) {
                order.push(*column);
            }
        }
        let step = |column: &usize| order.iter().position(|set| set == column);
        let written: Vec<&Expression> = conditions.iter().map(|(condition, _)| condition).collect();
        let bound = Condition::bind(&written, &names).ok()?.into_iter();
        let demanded = bound.zip(conditions.iter().zip(&read));
        let demands = demanded.map(|(condition, ((_, is_wanted), read))| {
            let step = read.iter().filter_map(step).max();
            Demand { condition, is_wanted: *is_wanted, step }
        });
        let demands = demands.collect();
        let columns = order.iter().map(|column| (*column, std::mem::take(&mut domains[*column]))).collect();
        Some(Self { columns, demands })
    }

    /// Tells whether there is such a row among those that begin as the row does; `None` where a value cannot be computed.
    fn finds(&self, step: usize, row: &mut [Value]) -> Option<bool> {
        let Some((column, values)) = self.columns.get(step) else { return Some(true) };
        for value in values {
            row[*column] = value.clone();
            if self.is_as_demanded(Some(step), row)? && self.finds(step + 1, row)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Tells whether those conditions are as they should be whose last column has just been set.
    fn is_as_demanded(&self, step: Option<usize>, row: &[Value]) -> Option<bool> {
        for demand in self.demands.iter().filter(|demand| demand.step == step) {
            let is_true = demand.condition.value(row).ok()? == Value::Boolean(true);
            if is_true != demand.is_wanted {
                return Some(false);
            }
        }
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::diff::{Relation, relation};
    use crate::plan::Use;
    use crate::value::Number;

    /// Returns conditions over few columns, simple ones and such as are made of them.
    fn conditions() -> Vec<Expression> {
        let text = |name: &str, value: &str| Expression::column(name, Type::Text).is_text(value);
        let more = |name: &str, than: i128| {
            let than = Expression::Literal(Value::Number(Number::new(than, 0)), Type::Number(0));
            let column = Expression::column(name, Type::Number(0));
            Expression::Compare(Comparison::Greater, Box::new(column), Box::new(than))
        };
        let not = |one: &Expression| Expression::Not(Box::new(one.clone()));
        let mut found = vec![text("queue", "a"), text("queue", "b"), text("kind", "a"), more("n", 3), more("n", 5)];
        // Of no listed text, and of every text that is listed.
        found.extend([text("queue", "c"), text("only", "x")]);
        found.push(Expression::IsNull(Box::new(Expression::column("n", Type::Number(0)))));
        found.extend([true, false].map(|truth| Expression::Literal(Value::Boolean(truth), Type::Boolean)));
        found.extend(found.clone().iter().map(not));
        let simple = found.clone();
        for (position, one) in simple.iter().enumerate() {
            for other in &simple[..position] {
                found.push(Expression::And(vec![one.clone(), other.clone()]));
                found.push(Expression::Or(vec![one.clone(), other.clone()]));
            }
        }
        found
    }

    fn domain(name: &str) -> Domain<'static> {
        static QUEUES: LazyLock<[String; 2]> = LazyLock::new(|| ["a", "b"].map(str::to_owned));
        static ONLY: LazyLock<[String; 1]> = LazyLock::new(|| ["x".to_owned()]);
        let values = match name {
            "queue" => Some(QUEUES.as_slice()),
            "only" => Some(ONLY.as_slice()),
            _ => None,
        };
        Domain { values, nullable: name == "n" }
    }

    #[test]
    fn what_is_found_is_what_trying_every_row_finds() {
        let never = Expression::Literal(Value::Boolean(false), Type::Boolean);
        let conditions = conditions();
        for (position, one) in conditions.iter().enumerate() {
            let is_never = relation((one, &never), Use::OnlyTrue, &domain) == Relation::Equal;
            assert_eq!(no_row(&[one], &[], &domain), Some(is_never), "{one:?}");
            for other in conditions.iter().skip(position % 7).step_by(7) {
                let is_within =
                    matches!(relation((one, other), Use::OnlyTrue, &domain), Relation::Equal | Relation::Wider);
                assert_eq!(no_row(&[one], &[other], &domain), Some(is_within), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn conditions_about_columns_of_their_own_need_no_search() {
        let text = |name: &str| Expression::column(name, Type::Text).is_text("a");
        let columns: Vec<String> = (0..40).map(|number| format!("c{number}")).collect();
        let conditions: Vec<Expression> = columns.iter().map(|name| text(name)).collect();
        let wanted: Vec<&Expression> = conditions.iter().collect();
        // The rows that a search would have to tell apart are more than any search tries.
        assert_eq!(no_row(&wanted, &[], &domain), Some(false));
        assert_eq!(no_row(&wanted[1..], &wanted[..1], &domain), Some(false));
        let never = Expression::column("queue", Type::Text).is_text("c");
        assert_eq!(no_row(&[&never], &wanted, &domain), Some(true));
    }

    #[test]
    fn an_order_of_texts_is_not_decided() {
        let empty = Box::new(Expression::Literal(Value::text(""), Type::Text));
        let before = Expression::Compare(Comparison::Less, Box::new(Expression::column("kind", Type::Text)), empty);
        assert_eq!(no_row(&[&before], &[], &domain), None);
    }

    #[test]
    fn what_computes_is_not_decided() {
        let column = || Box::new(Expression::column("n", Type::Number(0)));
        let sum = Expression::Arithmetic(crate::expression::Arithmetic::Add, column(), column());
        let condition = Expression::Compare(Comparison::Equal, Box::new(sum), column());
        assert_eq!(no_row(&[&condition], &[], &domain), None);
    }
}

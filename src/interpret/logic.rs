//! The value of an expression over one row, in three-valued logic and exact arithmetic.
//!
//! Column names become places once per step. Knows no step and no table.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::InterpretError;
use super::error::{mismatch, overflow};
use super::rows::{Layout, Place, Row, instant};
use crate::expression::{Arithmetic, Comparison, Expression};
use crate::value::{Duration, Value};

/// A truth value of three-valued logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// A null leaves it open.
    Unknown,
}

impl Truth {
    fn of(value: &Value) -> Result<Self, InterpretError> {
        match value {
            Value::Boolean(boolean) => Ok(Truth::from(*boolean)),
            Value::Null => Ok(Truth::Unknown),
            _ => Err(mismatch("a condition")),
        }
    }

    fn negated(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    fn into_value(self) -> Value {
        match self {
            Truth::True => Value::Boolean(true),
            Truth::False => Value::Boolean(false),
            Truth::Unknown => Value::Null,
        }
    }
}

impl From<bool> for Truth {
    fn from(boolean: bool) -> Self {
        if boolean { Truth::True } else { Truth::False }
    }
}

/// An expression whose columns are bound to places of a row.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Place(Place),
    Constant(Value),
    Compare(Comparison, Box<Term>, Box<Term>),
    And(Vec<Term>),
    Or(Vec<Term>),
    Not(Box<Term>),
    IsNull(Box<Term>),
    In(Box<Term>, Vec<Value>),
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    Elapsed(Box<Term>, Box<Term>),
    Rescale(Box<Term>, u8),
    Coalesce(Vec<Term>),
    Case(Vec<(Term, Term)>, Box<Term>),
}

impl Term {
    /// Binds the columns of `expression` to their places in `layout`.
    pub(super) fn bind(expression: &Expression, layout: &Layout) -> Result<Self, InterpretError> {
        let one = |operand: &Expression| Term::bind(operand, layout).map(Box::new);
        let all = |operands: &[Expression]| -> Result<Vec<Self>, InterpretError> {
            operands.iter().map(|operand| Term::bind(operand, layout)).collect()
        };
        Ok(match expression {
            Expression::Column(column) => Term::Place(layout.place(&column.name)?),
            Expression::Literal(value, _) => Term::Constant(value.clone()),
            Expression::Compare(comparison, left, right) => Term::Compare(*comparison, one(left)?, one(right)?),
            Expression::And(operands) => Term::And(all(operands)?),
            Expression::Or(operands) => Term::Or(all(operands)?),
            Expression::Not(operand) => Term::Not(one(operand)?),
            Expression::IsNull(operand) => Term::IsNull(one(operand)?),
            Expression::In(operand, values) => Term::In(one(operand)?, values.clone()),
            Expression::Arithmetic(operator, left, right) => Term::Arithmetic(*operator, one(left)?, one(right)?),
            Expression::Elapsed { from, to } => Term::Elapsed(one(from)?, one(to)?),
            Expression::Rescale(operand, scale) => Term::Rescale(one(operand)?, *scale),
            Expression::Coalesce(operands) => Term::Coalesce(all(operands)?),
            Expression::Case { arms, otherwise } => {
                let arms = arms.iter().map(|(when, then)| Ok((Term::bind(when, layout)?, Term::bind(then, layout)?)));
                Term::Case(arms.collect::<Result<_, InterpretError>>()?, one(otherwise)?)
            }
        })
    }

    /// Computes the value over `row`.
    pub(super) fn value<'a>(&'a self, row: Row<'a>) -> Result<Cow<'a, Value>, InterpretError> {
        match self {
            Term::Place(place) => Ok(Cow::Borrowed(row.at(*place))),
            Term::Constant(value) => Ok(Cow::Borrowed(value)),
            Term::Arithmetic(operator, left, right) => {
                arithmetic(*operator, left.value(row)?.as_ref(), right.value(row)?.as_ref()).map(Cow::Owned)
            }
            Term::Elapsed(from, to) => elapsed(from.value(row)?.as_ref(), to.value(row)?.as_ref()).map(Cow::Owned),
            Term::Rescale(operand, scale) => rescale(operand.value(row)?.as_ref(), *scale).map(Cow::Owned),
            Term::Coalesce(operands) => first_known(operands, row),
            Term::Case(arms, otherwise) => {
                for (when, then) in arms {
                    if when.truth(row)? == Truth::True {
                        return then.value(row);
                    }
                }
                otherwise.value(row)
            }
            Term::Compare(..) | Term::And(_) | Term::Or(_) | Term::Not(_) | Term::IsNull(_) | Term::In(..) => {
                self.truth(row).map(|truth| Cow::Owned(truth.into_value()))
            }
        }
    }

    /// Computes the truth of a condition over `row`.
    pub(super) fn truth(&self, row: Row<'_>) -> Result<Truth, InterpretError> {
        match self {
            Term::Compare(comparison, left, right) => {
                let ordering = ordering(left.value(row)?.as_ref(), right.value(row)?.as_ref())?;
                Ok(ordering.map_or(Truth::Unknown, |ordering| comparison.holds(ordering).into()))
            }
            Term::And(operands) => winning(operands, row, Truth::False),
            Term::Or(operands) => winning(operands, row, Truth::True),
            Term::Not(operand) => operand.truth(row).map(Truth::negated),
            Term::IsNull(operand) => Ok(operand.value(row)?.is_null().into()),
            Term::In(operand, values) => member(operand.value(row)?.as_ref(), values),
            Term::Place(_)
            | Term::Constant(_)
            | Term::Arithmetic(..)
            | Term::Elapsed(..)
            | Term::Rescale(..)
            | Term::Coalesce(_)
            | Term::Case(..) => Truth::of(self.value(row)?.as_ref()),
        }
    }
}

/// Joins conditions where `winner` decides alone, UNKNOWN comes next, and the winner's opposite needs unanimity.
fn winning(operands: &[Term], row: Row<'_>, winner: Truth) -> Result<Truth, InterpretError> {
    let mut joined = winner.negated();
    for operand in operands {
        let truth = operand.truth(row)?;
        if truth == winner {
            return Ok(winner);
        }
        if truth == Truth::Unknown {
            joined = Truth::Unknown;
        }
    }
    Ok(joined)
}

fn ordering(left: &Value, right: &Value) -> Result<Option<Ordering>, InterpretError> {
    if left.is_null() || right.is_null() {
        return Ok(None);
    }
    left.compare(right).map(Some).ok_or_else(|| mismatch("a comparison"))
}

fn member(operand: &Value, values: &[Value]) -> Result<Truth, InterpretError> {
    if operand.is_null() {
        return Ok(Truth::Unknown);
    }
    for value in values {
        if ordering(operand, value)? == Some(Ordering::Equal) {
            return Ok(Truth::True);
        }
    }
    Ok(Truth::False)
}

fn first_known<'a>(operands: &'a [Term], row: Row<'a>) -> Result<Cow<'a, Value>, InterpretError> {
    for operand in operands {
        let value = operand.value(row)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Cow::Owned(Value::Null))
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Result<Value, InterpretError> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Number(a), Value::Number(b)) => {
            let result = match operator {
                Arithmetic::Add => a.checked_add(*b),
                Arithmetic::Subtract => a.checked_sub(*b),
                Arithmetic::Multiply => a.checked_mul(*b),
            };
            result.map(Value::Number).ok_or_else(|| overflow("a number"))
        }
        (Value::Duration(a), Value::Duration(b)) => {
            let micros = match operator {
                Arithmetic::Add => a.micros().checked_add(b.micros()),
                Arithmetic::Subtract => a.micros().checked_sub(b.micros()),
                Arithmetic::Multiply => return Err(mismatch("a product")),
            };
            micros.map(|micros| Value::Duration(Duration::from_micros(micros))).ok_or_else(|| overflow("a duration"))
        }
        _ => Err(mismatch("arithmetic")),
    }
}

fn elapsed(from: &Value, to: &Value) -> Result<Value, InterpretError> {
    let (Some(from), Some(to)) = (instant(from)?, instant(to)?) else { return Ok(Value::Null) };
    // `Instant::since` saturates, which would be a wrong number without a word.
    let micros = to.micros().checked_sub(from.micros()).ok_or_else(|| overflow("an elapsed time"))?;
    Ok(Value::Duration(Duration::from_micros(micros)))
}

fn rescale(operand: &Value, scale: u8) -> Result<Value, InterpretError> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::Number(number) => number.rescale(scale).map(Value::Number).ok_or_else(|| overflow("a number")),
        _ => Err(mismatch("a rescaled number")),
    }
}

#[cfg(test)]
#[path = "tests/logic.rs"]
mod tests;

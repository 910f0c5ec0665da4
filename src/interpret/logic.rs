//! The value of an expression over one row, in three-valued logic and exact arithmetic.
//!
//! Column names become places once per step. Knows no step and no table.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::InterpretError;
use super::error::{mismatch, overflow};
use super::placing::Moments;
use super::rows::{Layout, Place, Row, instant};
use crate::expression::{Arithmetic, Comparison, Expression, Moment};
use crate::value::{Duration, Instant, Value};

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

/// What the names of an expression mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    row: &'a Layout,
    outer: Option<&'a Layout>,
    moments: &'a Moments,
}

impl<'a> Names<'a> {
    /// Returns the names of one row.
    pub(super) fn of(row: &'a Layout, moments: &'a Moments) -> Self {
        Self { row, outer: None, moments }
    }

    /// Returns the names of an event and the row it is seen from.
    pub(super) fn of_pair(event: &'a Layout, row: &'a Layout, moments: &'a Moments) -> Self {
        Self { row: event, outer: Some(row), moments }
    }

    /// Binds the columns of `expression` to their places.
    pub(super) fn bind(&self, expression: &Expression) -> Result<Term, InterpretError> {
        Term::bind(expression, self)
    }

    /// Binds a condition, if there is one.
    pub(super) fn bind_some(&self, expression: Option<&Expression>) -> Result<Option<Term>, InterpretError> {
        expression.map(|expression| self.bind(expression)).transpose()
    }

    /// Returns an instant that the question brings along.
    pub(super) fn moment(&self, moment: Moment) -> Result<Instant, InterpretError> {
        self.moments.instant(moment)
    }

    fn outer(&self, name: &str) -> Result<Place, InterpretError> {
        match self.outer {
            Some(layout) => layout.place(name),
            None => Err(no_outer(name)),
        }
    }
}

fn no_outer(name: &str) -> InterpretError {
    InterpretError::Contradiction { what: format!("there is no row to look at `{name}` from") }
}

/// An expression whose columns are bound to places of a row.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Place(Place),
    Outer(Place),
    Constant(Value),
    Compare(Comparison, Box<Term>, Box<Term>),
    And(Vec<Term>),
    Or(Vec<Term>),
    Not(Box<Term>),
    IsNull(Box<Term>),
    In(Box<Term>, Vec<Value>),
    Arithmetic(Arithmetic, Box<Term>, Box<Term>),
    Elapsed(Box<Term>, Box<Term>),
    Shift(Box<Term>, Box<Term>),
    Rescale(Box<Term>, u8),
    Coalesce(Vec<Term>),
    Case(Vec<(Term, Term)>, Box<Term>),
}

impl Term {
    fn bind(expression: &Expression, names: &Names<'_>) -> Result<Self, InterpretError> {
        let one = |operand: &Expression| Term::bind(operand, names).map(Box::new);
        let all = |operands: &[Expression]| -> Result<Vec<Self>, InterpretError> {
            operands.iter().map(|operand| Term::bind(operand, names)).collect()
        };
        Ok(match expression {
            Expression::Column(column) => Term::Place(names.row.place(&column.name)?),
            Expression::Outer(column) => Term::Outer(names.outer(&column.name)?),
            Expression::Moment(moment) => Term::Constant(Value::Instant(names.moment(*moment)?)),
            Expression::Literal(value, _) => Term::Constant(value.clone()),
            Expression::Compare(comparison, left, right) => Term::Compare(*comparison, one(left)?, one(right)?),
            Expression::And(operands) => Term::And(all(operands)?),
            Expression::Or(operands) => Term::Or(all(operands)?),
            Expression::Not(operand) => Term::Not(one(operand)?),
            Expression::IsNull(operand) => Term::IsNull(one(operand)?),
            Expression::In(operand, values) => Term::In(one(operand)?, values.clone()),
            Expression::Arithmetic(operator, left, right) => Term::Arithmetic(*operator, one(left)?, one(right)?),
            Expression::Elapsed { from, to } => Term::Elapsed(one(from)?, one(to)?),
            Expression::Shift { at, by } => Term::Shift(one(at)?, one(by)?),
            Expression::Rescale(operand, scale) => Term::Rescale(one(operand)?, *scale),
            Expression::Coalesce(operands) => Term::Coalesce(all(operands)?),
            Expression::Case { arms, otherwise } => {
                let arms = arms.iter().map(|(when, then)| Ok((Term::bind(when, names)?, Term::bind(then, names)?)));
                Term::Case(arms.collect::<Result<_, InterpretError>>()?, one(otherwise)?)
            }
        })
    }

    /// Computes the value over `row`.
    pub(super) fn value<'a>(&'a self, row: Row<'a>) -> Result<Cow<'a, Value>, InterpretError> {
        match self {
            Term::Place(place) => Ok(Cow::Borrowed(row.at(*place))),
            Term::Outer(place) => match row.outer() {
                Some(outer) => Ok(Cow::Borrowed(outer.at(*place))),
                None => Err(no_outer("a column")),
            },
            Term::Constant(value) => Ok(Cow::Borrowed(value)),
            Term::Arithmetic(operator, left, right) => {
                arithmetic(*operator, left.value(row)?.as_ref(), right.value(row)?.as_ref()).map(Cow::Owned)
            }
            Term::Elapsed(from, to) => elapsed(from.value(row)?.as_ref(), to.value(row)?.as_ref()).map(Cow::Owned),
            Term::Shift(at, by) => shift(at.value(row)?.as_ref(), by.value(row)?.as_ref()).map(Cow::Owned),
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

    /// Returns the value where it stands in the row or in the expression, so that nothing has to be computed.
    fn written<'a>(&'a self, row: Row<'a>) -> Option<&'a Value> {
        match self {
            Term::Place(place) => Some(row.at(*place)),
            Term::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Computes the truth of a condition over `row`.
    pub(super) fn truth(&self, row: Row<'_>) -> Result<Truth, InterpretError> {
        match self {
            Term::Compare(comparison, left, right) => {
                let ordering = match (left.written(row), right.written(row)) {
                    (Some(left), Some(right)) => ordering(left, right)?,
                    _ => ordering(left.value(row)?.as_ref(), right.value(row)?.as_ref())?,
                };
                Ok(ordering.map_or(Truth::Unknown, |ordering| comparison.holds(ordering).into()))
            }
            Term::And(operands) => winning(operands, row, Truth::False),
            Term::Or(operands) => winning(operands, row, Truth::True),
            Term::Not(operand) => operand.truth(row).map(Truth::negated),
            Term::IsNull(operand) => Ok(operand.value(row)?.is_null().into()),
            Term::In(operand, values) => match operand.written(row) {
                Some(operand) => member(operand, values),
                None => member(operand.value(row)?.as_ref(), values),
            },
            Term::Place(_)
            | Term::Outer(_)
            | Term::Constant(_)
            | Term::Arithmetic(..)
            | Term::Elapsed(..)
            | Term::Shift(..)
            | Term::Rescale(..)
            | Term::Coalesce(_)
            | Term::Case(..) => match self.written(row) {
                Some(value) => Truth::of(value),
                None => Truth::of(self.value(row)?.as_ref()),
            },
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

fn shift(at: &Value, by: &Value) -> Result<Value, InterpretError> {
    let by = match by {
        Value::Null => return Ok(Value::Null),
        Value::Duration(by) => *by,
        _ => return Err(mismatch("a shift")),
    };
    let Some(at) = instant(at)? else { return Ok(Value::Null) };
    at.checked_add(by).map(Value::Instant).ok_or_else(|| overflow("a shifted instant"))
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

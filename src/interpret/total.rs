//! Sums: exact ones of numbers and durations, and those of floats.
//!
//! Knows no row: nulls are skipped; numbers and durations add up in 128 bits.

use super::InterpretError;
use super::error::{mismatch, overflow};
use crate::value::{Duration, Number, Type, Value};

/// The sum of the non-null values met so far.
#[derive(Debug, Clone)]
pub(super) struct Total {
    ty: Type,
    sum: i128,
    /// The sum where the values are floats.
    float: f64,
    /// How many values were not null.
    pub(super) values: u64,
}

impl Total {
    /// Returns the sum of nothing, for values of type `ty`: numbers, durations or floats.
    pub(super) fn of(ty: Type) -> Self {
        Self { ty, sum: 0, float: 0.0, values: 0 }
    }

    /// Adds a value; null adds nothing.
    pub(super) fn add(&mut self, value: &Value) -> Result<(), InterpretError> {
        let part = match (value, self.ty) {
            (Value::Null, _) => return Ok(()),
            (Value::Number(number), Type::Number(scale)) => {
                number.rescale(scale).ok_or_else(|| overflow("a number"))?.mantissa()
            }
            (Value::Real(real), Type::Real) => {
                self.float += real;
                0
            }
            (Value::Duration(duration), Type::Duration) => i128::from(duration.micros()),
            _ => return Err(mismatch("a sum")),
        };
        self.sum = self.sum.checked_add(part).ok_or_else(|| overflow("a sum"))?;
        self.values += 1;
        Ok(())
    }

    /// Returns the sum; zero without values.
    pub(super) fn sum(&self) -> Result<Value, InterpretError> {
        match self.ty {
            Type::Number(scale) => Ok(Value::Number(Number::new(self.sum, scale))),
            Type::Duration => i64::try_from(self.sum)
                .map(|micros| Value::Duration(Duration::from_micros(micros)))
                .map_err(|_| overflow("a sum of durations")),
            Type::Real if self.float.is_finite() => Ok(Value::Real(self.float)),
            Type::Real => Err(overflow("a sum")),
            _ => Err(mismatch("a sum")),
        }
    }

    /// Returns the sum divided by the number of values, as a float; null without values.
    pub(super) fn mean(&self) -> Result<Value, InterpretError> {
        let sum = self.sum()?.as_real().filter(|_| self.values > 0);
        Ok(sum.map_or(Value::Null, |sum| Value::Real(sum / self.values as f64)))
    }

    /// Returns what the mean would be if there were `more` values of `operand` (of durations: seconds); null without
    /// any value.
    pub(super) fn mean_with(&self, more: u64, operand: Number) -> Result<Value, InterpretError> {
        let values = self.values.checked_add(more).ok_or_else(|| overflow("a count"))?;
        if values == 0 {
            return Ok(Value::Null);
        }
        let added = operand.checked_mul(Number::new(i128::from(more), 0)).ok_or_else(|| overflow("a bound"))?;
        let exact = match self.ty {
            Type::Number(scale) => Some(Number::new(self.sum, scale)),
            Type::Duration => Some(Number::new(self.sum, 6)),
            _ => None,
        };
        let sum = match exact {
            Some(sum) => sum.checked_add(added).ok_or_else(|| overflow("a bound"))?.to_f64(),
            None => self.float + added.to_f64(),
        };
        Ok(Value::Real(sum / values as f64))
    }
}

#[cfg(test)]
#[path = "tests/total.rs"]
mod tests;

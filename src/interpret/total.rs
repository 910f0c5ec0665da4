//! Exact sums of numbers or durations.
//!
//! Knows no row: nulls are skipped, everything else adds up in 128 bits.

use super::InterpretError;
use super::error::{mismatch, overflow};
use crate::value::{Duration, Number, Type, Value};

/// The sum of the non-null values met so far.
#[derive(Debug, Clone)]
pub(super) struct Total {
    ty: Type,
    sum: i128,
    /// How many values were not null.
    pub(super) values: u64,
}

impl Total {
    /// Returns the sum of nothing, for values of type `ty`: numbers or durations.
    pub(super) fn of(ty: Type) -> Self {
        Self { ty, sum: 0, values: 0 }
    }

    /// Adds a value; null adds nothing.
    pub(super) fn add(&mut self, value: &Value) -> Result<(), InterpretError> {
        let part = match (value, self.ty) {
            (Value::Null, _) => return Ok(()),
            (Value::Number(number), Type::Number(scale)) => {
                number.rescale(scale).ok_or_else(|| overflow("a number"))?.mantissa()
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
            _ => Err(mismatch("a sum")),
        }
    }
}

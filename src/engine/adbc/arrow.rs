//! Rows of a table as an Arrow batch, on their way into an engine.
//!
//! Refuses what the engine's column could not hold exactly. Knows no SQL.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    TimestampMicrosecondArray,
};
use arrow_schema::{Field as ArrowField, Schema};

use super::profile::Profile;
use crate::engine::EngineError;
use crate::engine::cell::{self, Loading};
use crate::value::{Date, Number, Type, Value};

/// Microseconds of a day.
const MICROS_OF_DAY: i64 = 86_400_000_000;

/// Digits of a number with a fraction.
pub(in crate::engine) const DIGITS: u8 = 38;

/// Digits of a duration in seconds, six of them after the point.
pub(in crate::engine) const DURATION_DIGITS: u8 = 18;

/// Returns the rows in `range` as a batch with one array per field.
pub(super) fn batch(
    profile: &dyn Profile,
    loading: &Loading<'_>,
    range: Range<usize>,
) -> Result<RecordBatch, EngineError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (index, field) in loading.data.fields.iter().enumerate() {
        let column = Column { profile, loading, index, range: range.clone() };
        let array = column.array(field.ty)?;
        fields.push(ArrowField::new(&field.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| failed(profile, error))
}

struct Column<'a> {
    profile: &'a dyn Profile,
    loading: &'a Loading<'a>,
    index: usize,
    range: Range<usize>,
}

impl Column<'_> {
    fn array(&self, ty: Type) -> Result<ArrayRef, EngineError> {
        let array: ArrayRef = match ty {
            Type::Boolean => Arc::new(BooleanArray::from(self.cells(|cell| match cell {
                Value::Boolean(boolean) => Ok(*boolean),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            // Offsets of 64 bits: the texts of one chunk may exceed two gigabytes.
            Type::Text => Arc::new(LargeStringArray::from(self.cells(|cell| match cell {
                Value::Text(text) => cell::plain(text).map(str::to_owned),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            Type::Number(0) => Arc::new(Int64Array::from(self.cells(|cell| match cell {
                Value::Number(number) => cell::word(cell::mantissa(*number, 0)?, *number),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            Type::Number(scale) => self.decimals(DIGITS, scale, |cell| match cell {
                Value::Number(number) => decimal(*number, DIGITS, scale),
                _ => Err(cell::other_type(cell, ty)),
            })?,
            Type::Duration => self.decimals(DURATION_DIGITS, 6, |cell| match cell {
                Value::Duration(duration) => decimal(duration.seconds(), DURATION_DIGITS, 6),
                _ => Err(cell::other_type(cell, ty)),
            })?,
            Type::Instant => Arc::new(TimestampMicrosecondArray::from(self.cells(|cell| match cell {
                Value::Instant(instant) => self.timestamp(instant.micros()),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            Type::Date => Arc::new(Date32Array::from(self.cells(|cell| match cell {
                Value::Date(date) => self.days_since_epoch(*date),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            Type::Real => Arc::new(Float64Array::from(self.cells(|cell| match cell {
                Value::Real(real) => cell::finite(*real),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
        };
        Ok(array)
    }

    fn cells<T>(&self, convert: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<Option<T>>, EngineError> {
        let mut cells = Vec::with_capacity(self.range.len());
        for row in self.range.clone() {
            let cell = &self.loading.data.rows[row][self.index];
            let converted = if cell.is_null() { None } else { Some(convert(cell)) };
            cells.push(converted.transpose().map_err(|reason| self.loading.refused(row, self.index, reason))?);
        }
        Ok(cells)
    }

    fn decimals(
        &self,
        digits: u8,
        scale: u8,
        convert: impl Fn(&Value) -> Result<i128, String>,
    ) -> Result<ArrayRef, EngineError> {
        let scale = i8::try_from(scale).map_err(|_| self.failed(format!("a scale of {scale} is not possible")))?;
        let array = Decimal128Array::from(self.cells(convert)?);
        Ok(Arc::new(array.with_precision_and_scale(digits, scale).map_err(|error| self.failed(error))?))
    }

    fn timestamp(&self, micros: i64) -> Result<i64, String> {
        if self.profile.instants().contains(&micros) {
            return Ok(micros);
        }
        Err(format!("{micros} microseconds since 1970 lie outside the timestamps of {}", self.profile.name()))
    }

    fn days_since_epoch(&self, date: Date) -> Result<i32, String> {
        if holds_date(self.profile, date) {
            return i32::try_from(date.days()).map_err(|error| error.to_string());
        }
        Err(format!("`{date}` lies outside the days of {}", self.profile.name()))
    }

    fn failed(&self, error: impl std::fmt::Display) -> EngineError {
        failed(self.profile, error)
    }
}

fn decimal(number: Number, digits: u8, scale: u8) -> Result<i128, String> {
    let mantissa = cell::mantissa(number, scale)?;
    let limit = 10u128.checked_pow(u32::from(digits)).unwrap_or(u128::MAX);
    if mantissa.unsigned_abs() < limit {
        return Ok(mantissa);
    }
    Err(format!("`{number}` does not fit a decimal of {digits} digits, {scale} after the point"))
}

/// Tells whether the engine has this day.
pub(super) fn holds_date(profile: &dyn Profile, date: Date) -> bool {
    date.days().checked_mul(MICROS_OF_DAY).is_some_and(|micros| profile.instants().contains(&micros))
}

fn failed(profile: &dyn Profile, error: impl std::fmt::Display) -> EngineError {
    EngineError::Failed { engine: profile.name(), message: error.to_string(), sql: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_no_more_digits_than_its_column() {
        assert_eq!(decimal(Number::new(99_999, 2), 5, 2), Ok(99_999));
        assert!(decimal(Number::new(-100_000, 2), 5, 2).is_err());
    }
}

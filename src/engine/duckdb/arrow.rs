//! Rows of a table as an Arrow batch, on their way into DuckDB.
//!
//! Refuses what DuckDB's column could not hold exactly. Knows no SQL.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    TimestampMicrosecondArray,
};
use arrow_schema::{Field as ArrowField, Schema};

use super::NAME;
use crate::engine::EngineError;
use crate::engine::cell::{self, Loading};
use crate::value::{Date, Number, Type, Value};

/// Digits of a number with a fraction.
pub(super) const DIGITS: u8 = 38;

/// Digits of a duration in seconds, six of them after the point.
pub(super) const DURATION_DIGITS: u8 = 18;

/// The latest microsecond whose negative is a timestamp too; the few beyond it stand for infinity.
const LAST_MICROSECOND: u64 = 9_223_372_022_400_000_000;

/// Returns the rows in `range` as a batch with one array per field.
pub(super) fn batch(loading: &Loading<'_>, range: Range<usize>) -> Result<RecordBatch, EngineError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (index, field) in loading.data.fields.iter().enumerate() {
        let column = Column { loading, index, range: range.clone() };
        let array = column.array(field.ty)?;
        fields.push(ArrowField::new(&field.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(failed)
}

struct Column<'a> {
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
                Value::Instant(instant) => timestamp(instant.micros()),
                _ => Err(cell::other_type(cell, ty)),
            })?)),
            Type::Date => Arc::new(Date32Array::from(self.cells(|cell| match cell {
                Value::Date(date) => days_since_epoch(*date),
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
        let scale = i8::try_from(scale).map_err(|_| failed(format!("a scale of {scale} is not possible")))?;
        let array = Decimal128Array::from(self.cells(convert)?);
        Ok(Arc::new(array.with_precision_and_scale(digits, scale).map_err(failed)?))
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

fn timestamp(micros: i64) -> Result<i64, String> {
    if micros.unsigned_abs() <= LAST_MICROSECOND {
        return Ok(micros);
    }
    Err(format!("{micros} microseconds since 1970 lie outside DuckDB's timestamps"))
}

fn days_since_epoch(date: Date) -> Result<i32, String> {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date.civil()).map(|span| span.get_days()).map_err(|error| error.to_string())
}

fn failed(error: impl std::fmt::Display) -> EngineError {
    EngineError::Failed { engine: NAME, message: error.to_string(), sql: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_no_more_digits_than_its_column() {
        assert_eq!(decimal(Number::new(99_999, 2), 5, 2), Ok(99_999));
        assert!(decimal(Number::new(-100_000, 2), 5, 2).is_err());
    }

    #[test]
    fn days_count_from_1970() {
        let days = |year, month, day| days_since_epoch(Date::from(jiff::civil::date(year, month, day)));
        assert_eq!(days(1970, 1, 1), Ok(0));
        assert_eq!(days(1969, 12, 31), Ok(-1));
        // 10,957 days to 2000-01-01, then 31 + 28 and the leap day.
        assert_eq!(days(2000, 3, 1), Ok(11_017));
    }
}

//! Arrow batches that an engine returns, as rows of declared types.
//!
//! Accepts the Arrow types that represent a declared type exactly and refuses the others. Knows no SQL.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field as ArrowField, TimeUnit};

use super::arrow::holds_date;
use super::profile::Profile;
use super::session::Answer;
use crate::engine::{EngineError, columns};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

/// Returns the rows of `answer`, whose columns are known to be `fields` by name and order.
pub(in crate::engine) fn table(profile: &dyn Profile, answer: &Answer, fields: &[Field]) -> Result<Table, EngineError> {
    let mut table = Table::new(fields.to_vec());
    for batch in &answer.batches {
        let schema = batch.schema();
        let first = table.rows.len();
        for row in 0..batch.num_rows() {
            let mut cells = Vec::with_capacity(fields.len());
            for ((field, array), column) in fields.iter().zip(batch.columns()).zip(schema.fields()) {
                let cell = Cell { column, array, row };
                let value = value_of(profile, &cell, field.ty)
                    .ok_or_else(|| columns::mismatch(profile.name(), first + row, field, &cell.described()))?;
                cells.push(value);
            }
            table.rows.push(cells);
        }
    }
    Ok(table)
}

fn value_of(profile: &dyn Profile, cell: &Cell<'_>, ty: Type) -> Option<Value> {
    if cell.array.data_type() == &DataType::Null || cell.array.is_null(cell.row) {
        return Some(Value::Null);
    }
    profile.value(cell, ty).filter(|value| match value {
        // What lies beyond stands for infinity.
        Value::Instant(instant) => profile.instants().contains(&instant.micros()),
        Value::Date(date) => holds_date(profile, *date),
        _ => true,
    })
}

/// A cell of a result that is not null.
pub(in crate::engine) struct Cell<'a> {
    column: &'a ArrowField,
    array: &'a ArrayRef,
    row: usize,
}

impl Cell<'_> {
    /// Returns what the driver notes about the column under `key`.
    pub(in crate::engine) fn note(&self, key: &str) -> Option<&str> {
        self.column.metadata().get(key).map(String::as_str)
    }

    /// Returns the value of type `ty` that the cell represents by its Arrow type alone. Integers are no durations: they
    /// could be seconds as well as microseconds; and no reals, as in every engine.
    pub(in crate::engine) fn standard(&self, ty: Type) -> Option<Value> {
        let Self { array, row, .. } = *self;
        let value = match ty {
            Type::Boolean => Value::Boolean(array.as_boolean_opt()?.value(row)),
            Type::Text => Value::Text(Arc::from(self.text()?)),
            Type::Number(scale) => {
                let number = self.integer().map(|integer| Number::new(integer, 0));
                Value::Number(number.or_else(|| self.decimal())?.rescale(scale)?)
            }
            Type::Duration => seconds(self.decimal()?)?,
            Type::Instant => Value::Instant(Instant::from_micros(self.micros()?)),
            Type::Date => {
                let days = array.as_primitive_opt::<Date32Type>()?.value(row);
                Value::Date(Date::from_days(days.into())?)
            }
            Type::Real => Value::Real(array.as_primitive_opt::<Float64Type>()?.value(row)),
        };
        Some(value)
    }

    /// Returns the text of a cell of text.
    pub(in crate::engine) fn text(&self) -> Option<&str> {
        let Self { array, row, .. } = *self;
        match array.data_type() {
            DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
            DataType::Utf8View => Some(array.as_string_view().value(row)),
            _ => None,
        }
    }

    /// Returns the number of a cell of integers.
    pub(in crate::engine) fn integer(&self) -> Option<i128> {
        let Self { array, row, .. } = *self;
        let integer = match array.data_type() {
            DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
            DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
            DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
            DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
            DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
            DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
            DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
            DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).into(),
            _ => return None,
        };
        Some(integer)
    }

    fn decimal(&self) -> Option<Number> {
        let DataType::Decimal128(_, scale) = self.array.data_type() else { return None };
        let scale = u8::try_from(*scale).ok()?;
        Some(Number::new(self.array.as_primitive::<Decimal128Type>().value(self.row), scale))
    }

    /// Returns microseconds since the epoch; `None` where a nanosecond would be lost.
    fn micros(&self) -> Option<i64> {
        let Self { array, row, .. } = *self;
        let DataType::Timestamp(unit, _) = array.data_type() else { return None };
        match unit {
            TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row).checked_mul(1_000_000),
            TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row).checked_mul(1_000),
            TimeUnit::Microsecond => Some(array.as_primitive::<TimestampMicrosecondType>().value(row)),
            TimeUnit::Nanosecond => {
                let count = array.as_primitive::<TimestampNanosecondType>().value(row);
                (count % 1_000 == 0).then_some(count / 1_000)
            }
        }
    }

    fn described(&self) -> String {
        let shown = self.text().map(str::to_owned);
        let shown = shown.or_else(|| self.integer().map(|integer| integer.to_string()));
        let shown = shown.or_else(|| self.decimal().map(|number| number.to_string()));
        match shown {
            Some(shown) => format!("`{shown}` of Arrow type `{}`", self.array.data_type()),
            None => format!("a cell of Arrow type `{}`", self.array.data_type()),
        }
    }
}

/// Returns the duration of so many seconds; `None` where it is no whole number of microseconds.
pub(in crate::engine) fn seconds(number: Number) -> Option<Value> {
    let micros = number.rescale(6)?.mantissa();
    Some(Value::Duration(Duration::from_micros(i64::try_from(micros).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::round_trip::on_engine;

    /// The engine that has most types.
    const NAME: &str = "duckdb";

    #[track_caller]
    fn reads(sql: &str, ty: Type, expected: Value) {
        on_engine(NAME, |engine| {
            let answer = engine.query(&format!("SELECT {sql} AS x"), &[Field::new("x", ty)]).expect(sql);
            assert_eq!(answer.rows, [[expected.clone()]], "{sql}");
        });
    }

    #[track_caller]
    fn refuses(sql: &str, ty: Type) {
        on_engine(NAME, |engine| {
            let answer = engine.query(&format!("SELECT {sql} AS x"), &[Field::new("x", ty)]);
            assert!(matches!(answer, Err(EngineError::Mismatch { .. })), "{sql}: {answer:?}");
        });
    }

    #[test]
    fn every_width_of_integer_is_an_integer() {
        for ty in ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"] {
            reads(&format!("(-7)::{ty}"), Type::Number(0), Value::integer(-7));
        }
        for ty in ["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"] {
            reads(&format!("7::{ty}"), Type::Number(0), Value::integer(7));
        }
        reads("18446744073709551615::UBIGINT", Type::Number(0), Value::Number(Number::new(u64::MAX.into(), 0)));
    }

    #[test]
    fn a_number_is_read_at_the_declared_scale_and_never_rounded() {
        reads("1.5::DECIMAL(10, 1)", Type::Number(2), Value::Number(Number::new(150, 2)));
        reads("3::INTEGER", Type::Number(2), Value::Number(Number::new(300, 2)));
        reads("-0.50::DECIMAL(38, 2)", Type::Number(1), Value::Number(Number::new(-5, 1)));
        refuses("1.55::DECIMAL(10, 2)", Type::Number(1));
        refuses("1.5::DOUBLE", Type::Number(1));
    }

    #[test]
    fn a_duration_is_a_decimal_of_seconds() {
        reads("-192.000001::DECIMAL(18, 6)", Type::Duration, Value::Duration(Duration::from_micros(-192_000_001)));
        reads("1.5::DECIMAL(38, 1)", Type::Duration, Value::Duration(Duration::from_micros(1_500_000)));
        refuses("5::BIGINT", Type::Duration);
        refuses("INTERVAL 5 SECOND", Type::Duration);
        refuses("0.0000001::DECIMAL(18, 7)", Type::Duration);
        refuses("9223372036854.775808::DECIMAL(38, 6)", Type::Duration);
    }

    #[test]
    fn a_timestamp_of_any_unit_is_an_instant() {
        let second = Value::Instant(Instant::from_micros(1_777_626_000_000_000));
        for ty in ["TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS"] {
            reads(&format!("'2026-05-01 09:00:00'::{ty}"), Type::Instant, second.clone());
        }
        reads("'2026-05-01 11:00:00+02'::TIMESTAMPTZ", Type::Instant, second.clone());
        refuses("'2026-05-01 09:00:00.000000001'::TIMESTAMP_NS", Type::Instant);
        refuses("'infinity'::TIMESTAMP", Type::Instant);
        refuses("'-infinity'::TIMESTAMP", Type::Instant);
        refuses("'2026-05-01'::DATE", Type::Instant);
    }

    #[test]
    fn only_a_day_is_a_date() {
        reads("'1969-12-31'::DATE", Type::Date, Value::Date(Date::from(jiff::civil::date(1969, 12, 31))));
        refuses("'infinity'::DATE", Type::Date);
        refuses("'2026-05-01'", Type::Date);
        refuses("'2026-05-01 00:00:00'::TIMESTAMP", Type::Date);
    }

    #[test]
    fn only_a_double_is_a_real() {
        reads("0.1::DOUBLE", Type::Real, Value::Real(0.1));
        refuses("3 // 4", Type::Real);
        refuses("0.1::DECIMAL(3, 1)", Type::Real);
    }

    #[test]
    fn only_a_truth_value_is_boolean_and_only_a_text_is_text() {
        reads("1 < 2", Type::Boolean, Value::Boolean(true));
        reads("'a' || 'b'", Type::Text, Value::text("ab"));
        refuses("1", Type::Boolean);
        refuses("1", Type::Text);
        refuses("'a'::BLOB", Type::Text);
    }

    #[test]
    fn a_null_without_a_type_is_null() {
        for ty in [Type::Boolean, Type::Text, Type::Number(2), Type::Duration, Type::Instant, Type::Date, Type::Real] {
            reads("NULL", ty, Value::Null);
        }
    }
}

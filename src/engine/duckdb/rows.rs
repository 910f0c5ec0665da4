//! Arrow batches that DuckDB returns, as rows of declared types.
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
use arrow_schema::{DataType, TimeUnit};

use super::NAME;
use super::session::Answer;
use crate::engine::{EngineError, columns};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

/// DuckDB's timestamp without end.
const INFINITE: i64 = i64::MAX;

/// Returns the rows of `answer`, whose columns are known to be `fields` by name and order.
pub(super) fn table(answer: &Answer, fields: &[Field]) -> Result<Table, EngineError> {
    let mut table = Table::new(fields.to_vec());
    for batch in &answer.batches {
        let first = table.rows.len();
        for row in 0..batch.num_rows() {
            let mut cells = Vec::with_capacity(fields.len());
            for (field, array) in fields.iter().zip(batch.columns()) {
                let cell = value_of(array, row, field.ty)
                    .ok_or_else(|| columns::mismatch(NAME, first + row, field, &described(array, row)))?;
                cells.push(cell);
            }
            table.rows.push(cells);
        }
    }
    Ok(table)
}

/// Returns the value of type `ty` that the cell represents. Integers are no durations: they could be seconds as
/// well as microseconds; and no reals, as in every engine.
fn value_of(array: &ArrayRef, row: usize, ty: Type) -> Option<Value> {
    if array.data_type() == &DataType::Null || array.is_null(row) {
        return Some(Value::Null);
    }
    let value = match ty {
        Type::Boolean => Value::Boolean(array.as_boolean_opt()?.value(row)),
        Type::Text => Value::Text(Arc::from(text(array, row)?)),
        Type::Number(scale) => {
            let number = integer(array, row).map(|integer| Number::new(integer, 0));
            Value::Number(number.or_else(|| decimal(array, row))?.rescale(scale)?)
        }
        Type::Duration => {
            let micros = decimal(array, row)?.rescale(6)?.mantissa();
            Value::Duration(Duration::from_micros(i64::try_from(micros).ok()?))
        }
        Type::Instant => Value::Instant(Instant::from_micros(micros(array, row)?)),
        Type::Date => Value::Date(date(array.as_primitive_opt::<Date32Type>()?.value(row))?),
        Type::Real => Value::Real(array.as_primitive_opt::<Float64Type>()?.value(row)),
    };
    Some(value)
}

fn text(array: &ArrayRef, row: usize) -> Option<&str> {
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(array.as_string_view().value(row)),
        _ => None,
    }
}

fn integer(array: &ArrayRef, row: usize) -> Option<i128> {
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

fn decimal(array: &ArrayRef, row: usize) -> Option<Number> {
    let DataType::Decimal128(_, scale) = array.data_type() else { return None };
    let scale = u8::try_from(*scale).ok()?;
    Some(Number::new(array.as_primitive::<Decimal128Type>().value(row), scale))
}

/// Returns microseconds since the epoch; `None` for infinities and where a nanosecond would be lost.
fn micros(array: &ArrayRef, row: usize) -> Option<i64> {
    let DataType::Timestamp(unit, _) = array.data_type() else { return None };
    let count = match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
    };
    if count.unsigned_abs() == INFINITE.unsigned_abs() {
        return None;
    }
    match unit {
        TimeUnit::Second => count.checked_mul(1_000_000),
        TimeUnit::Millisecond => count.checked_mul(1_000),
        TimeUnit::Microsecond => Some(count),
        TimeUnit::Nanosecond => (count % 1_000 == 0).then_some(count / 1_000),
    }
}

fn date(days: i32) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok().map(Date::from)
}

fn described(array: &ArrayRef, row: usize) -> String {
    let shown = text(array, row).map(str::to_owned);
    let shown = shown.or_else(|| integer(array, row).map(|integer| integer.to_string()));
    let shown = shown.or_else(|| decimal(array, row).map(|number| number.to_string()));
    match shown {
        Some(shown) => format!("`{shown}` of Arrow type `{}`", array.data_type()),
        None => format!("a cell of Arrow type `{}`", array.data_type()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::round_trip::on_engine;

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

//! SQLite, compiled in, in memory.
//!
//! Stores booleans as 0 and 1, numbers of scale s as integers of 10^-s, durations and instants as integer
//! microseconds, dates as ISO text, in `STRICT` tables. Knows no plan.

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::engine::cell::{self, Loading};
use crate::engine::error::excerpt;
use crate::engine::{Engine, EngineEntry, EngineError, columns, quote};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

const NAME: &str = "sqlite";
/// The first number that does not fit into 64 bits.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

/// SQLite in the list of engines.
pub const ENTRY: EngineEntry =
    EngineEntry { name: NAME, dialect: NAME, evidence: "executed", is_server: false, open, open_at: |_| open() };

/// An SQLite database in memory.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    loaded: Vec<String>,
}

/// Opens an empty database in memory.
///
/// # Errors
///
/// [`EngineError::Failed`] where SQLite cannot be set up.
pub fn open() -> Result<Box<dyn Engine>, EngineError> {
    let connection = connect().map_err(|error| failed(error, ""))?;
    Ok(Box::new(Sqlite { connection, loaded: Vec::new() }))
}

fn connect() -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    // Otherwise a quoted name that is no column silently becomes a string.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    // The bundled library is built without the mathematical functions.
    connection.create_scalar_function("sqrt", 1, flags, |context| {
        let operand: Option<f64> = context.get(0)?;
        Ok(operand.filter(|real| *real >= 0.0).map(f64::sqrt))
    })?;
    Ok(connection)
}

impl Engine for Sqlite {
    fn name(&self) -> &str {
        NAME
    }

    fn dialect(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> String {
        rusqlite::version().to_owned()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        let loading = Loading { engine: NAME, table, data };
        loading.check_width()?;
        let create = create_statement(table, &data.fields);
        let transaction = self.connection.transaction().map_err(|error| failed(error, &create))?;
        transaction.execute(&create, []).map_err(|error| failed(error, &create))?;
        insert(&transaction, &loading)?;
        transaction.commit().map_err(|error| failed(error, &create))?;
        self.loaded.push(table.to_owned());
        Ok(())
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        let mut statement = self.connection.prepare(sql).map_err(|error| failed(error, sql))?;
        columns::check(NAME, statement.column_names(), fields)?;
        let mut table = Table::new(fields.to_vec());
        let mut rows = statement.query([]).map_err(|error| failed(error, sql))?;
        while let Some(row) = rows.next().map_err(|error| failed(error, sql))? {
            let mut cells = Vec::with_capacity(fields.len());
            for (index, field) in fields.iter().enumerate() {
                let stored = row.get_ref(index).map_err(|error| failed(error, sql))?;
                let cell = value_of(stored, field.ty).ok_or_else(|| other_type(table.rows.len(), field, stored))?;
                cells.push(cell);
            }
            table.rows.push(cells);
        }
        Ok(table)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        while let Some(table) = self.loaded.last() {
            let drop = format!("DROP TABLE {}", quote::name(table));
            self.connection.execute(&drop, []).map_err(|error| failed(error, &drop))?;
            self.loaded.pop();
        }
        Ok(())
    }
}

fn create_statement(table: &str, fields: &[Field]) -> String {
    let columns: Vec<String> =
        fields.iter().map(|field| format!("{} {}", quote::name(&field.name), column_type(field.ty))).collect();
    format!("CREATE TABLE {} ({}) STRICT", quote::name(table), columns.join(", "))
}

fn column_type(ty: Type) -> &'static str {
    match ty {
        Type::Boolean | Type::Number(_) | Type::Duration | Type::Instant => "INTEGER",
        Type::Text | Type::Date => "TEXT",
        Type::Real => "REAL",
    }
}

fn insert(connection: &Connection, loading: &Loading<'_>) -> Result<(), EngineError> {
    let places = vec!["?"; loading.data.fields.len()].join(", ");
    let sql = format!("INSERT INTO {} VALUES ({places})", quote::name(loading.table));
    let mut statement = connection.prepare(&sql).map_err(|error| failed(error, &sql))?;
    for (position, row) in loading.data.rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(row.len());
        for (column, (cell, field)) in row.iter().zip(&loading.data.fields).enumerate() {
            cells.push(stored(cell, field.ty).map_err(|reason| loading.refused(position, column, reason))?);
        }
        statement.execute(params_from_iter(cells)).map_err(|error| failed(error, &sql))?;
    }
    Ok(())
}

/// Returns `cell` as it is stored in a column of type `ty`, or why it cannot be.
fn stored(cell: &Value, ty: Type) -> Result<ToSqlOutput<'_>, String> {
    let stored = match (ty, cell) {
        (_, Value::Null) => Stored::Null,
        (Type::Boolean, Value::Boolean(boolean)) => Stored::Integer(i64::from(*boolean)),
        (Type::Text, Value::Text(text)) => {
            return Ok(ToSqlOutput::Borrowed(ValueRef::Text(cell::plain(text)?.as_bytes())));
        }
        (Type::Number(scale), Value::Number(number)) => {
            Stored::Integer(cell::word(cell::mantissa(*number, scale)?, *number)?)
        }
        (Type::Duration, Value::Duration(duration)) => Stored::Integer(duration.micros()),
        (Type::Instant, Value::Instant(instant)) => Stored::Integer(instant.micros()),
        (Type::Date, Value::Date(date)) => Stored::Text(sortable(*date)?),
        (Type::Real, Value::Real(real)) => Stored::Real(cell::finite(*real)?),
        _ => return Err(cell::other_type(cell, ty)),
    };
    Ok(ToSqlOutput::Owned(stored))
}

/// Returns the ISO text of `date`; before the year 0 its order would not be the order of days.
fn sortable(date: Date) -> Result<String, String> {
    if date.civil().year() < 0 { Err(format!("`{date}` lies before the year 0")) } else { Ok(date.to_string()) }
}

/// Returns the value of type `ty` that `stored` represents. An integer is no real: it hints at a division of
/// integers, which SQLite truncates.
fn value_of(stored: ValueRef<'_>, ty: Type) -> Option<Value> {
    let value = match (ty, stored) {
        (_, ValueRef::Null) => Value::Null,
        (Type::Boolean, ValueRef::Integer(integer @ (0 | 1))) => Value::Boolean(integer == 1),
        (Type::Text, ValueRef::Text(text)) => Value::text(std::str::from_utf8(text).ok()?),
        (Type::Number(scale), ValueRef::Integer(integer)) => Value::Number(Number::new(i128::from(integer), scale)),
        (Type::Duration, ValueRef::Integer(integer)) => Value::Duration(Duration::from_micros(integer)),
        (Type::Instant, ValueRef::Integer(integer)) => Value::Instant(Instant::from_micros(integer)),
        (Type::Date, ValueRef::Text(text)) => Value::Date(iso_date(text)?),
        (Type::Real, ValueRef::Real(real)) => Value::Real(real),
        _ => return None,
    };
    Some(value)
}

/// Returns the error for a cell that is not of its field's type. Beyond 64 bits SQLite computes on with floats, without a word.
fn other_type(row: usize, field: &Field, stored: ValueRef<'_>) -> EngineError {
    match stored {
        ValueRef::Real(real) if matches!(field.ty, Type::Number(_) | Type::Duration) && real.abs() >= BEYOND => {
            let what = format!("row {}, column `{}`: `{real}`, where integers have 64 bits", row + 1, field.name);
            EngineError::TooLarge { engine: NAME, what }
        }
        _ => columns::mismatch(NAME, row, field, &described(stored)),
    }
}

fn iso_date(text: &[u8]) -> Option<Date> {
    let text = std::str::from_utf8(text).ok()?;
    // The parser takes other ISO spellings too, which would not compare as stored dates do.
    Date::parse(text).filter(|date| date.to_string() == text)
}

fn described(stored: ValueRef<'_>) -> String {
    match stored {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(integer) => format!("the integer `{integer}`"),
        ValueRef::Real(real) => format!("the real `{real}`"),
        ValueRef::Text(text) => format!("the text `{}`", String::from_utf8_lossy(text)),
        ValueRef::Blob(_) => "a blob".to_owned(),
    }
}

fn failed(error: rusqlite::Error, sql: &str) -> EngineError {
    let (message, offset) = match error {
        rusqlite::Error::SqlInputError { msg, offset, .. } => (msg, usize::try_from(offset).ok()),
        other => (other.to_string(), None),
    };
    EngineError::Failed { engine: NAME, message, sql: excerpt(sql, offset) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(sql: &str, ty: Type) -> Result<Value, EngineError> {
        let table = open()?.query(sql, &[Field::new("x", ty)])?;
        Ok(table.cell(0, "x").clone())
    }

    #[test]
    fn sqrt_is_there_and_null_where_it_has_no_value() {
        assert_eq!(answer("SELECT sqrt(2.25) AS x", Type::Real), Ok(Value::Real(1.5)));
        assert_eq!(answer("SELECT sqrt(4) AS x", Type::Real), Ok(Value::Real(2.0)));
        assert_eq!(answer("SELECT sqrt(-1.0) AS x", Type::Real), Ok(Value::Null));
        assert_eq!(answer("SELECT sqrt(NULL) AS x", Type::Real), Ok(Value::Null));
    }

    #[test]
    fn a_quoted_name_that_is_no_column_is_an_error_and_not_a_string() {
        let Err(EngineError::Failed { message, sql, .. }) = answer("SELECT\n\"nowhere\" AS x", Type::Text) else {
            panic!("the unknown column was accepted");
        };
        assert!(message.contains("nowhere"), "{message}");
        assert_eq!(sql, "\"nowhere\" AS x");
    }

    #[test]
    fn a_cell_of_another_type_is_a_mismatch() {
        for (sql, ty) in [
            ("SELECT 3 / 4 AS x", Type::Real),
            ("SELECT 0.75 AS x", Type::Number(0)),
            ("SELECT 2 AS x", Type::Boolean),
            ("SELECT '20260501' AS x", Type::Date),
            ("SELECT 5 AS x", Type::Text),
            ("SELECT x'00' AS x", Type::Text),
            ("SELECT 'soon' AS x", Type::Instant),
        ] {
            assert!(matches!(answer(sql, ty), Err(EngineError::Mismatch { .. })), "{sql}");
        }
    }

    #[test]
    fn an_integer_overflow_is_an_error_and_not_a_float() {
        let sql = "SELECT sum(v) AS x FROM (SELECT 9223372036854775807 AS v UNION ALL SELECT 1)";
        assert!(matches!(answer(sql, Type::Number(0)), Err(EngineError::Failed { .. })));
    }

    #[test]
    fn a_product_beyond_64_bits_is_told_to_be_too_large() {
        // A million million at a scale of eight digits.
        let product = "SELECT 100000000000000 * 1000000 AS x";
        let Err(error @ EngineError::TooLarge { .. }) = answer(product, Type::Number(8)) else {
            panic!("a float was taken for a number");
        };
        assert!(error.to_string().contains("row 1, column `x`: `100000000000000000000`"), "{error}");
        assert!(matches!(answer(product, Type::Real), Ok(Value::Real(_))));
        assert!(matches!(answer("SELECT 1.5e18 AS x", Type::Number(8)), Err(EngineError::Mismatch { .. })));
    }

    #[test]
    fn a_date_before_the_year_0_is_refused() {
        let data = Table {
            fields: vec![Field::new("day", Type::Date)],
            rows: vec![vec![Value::Null], vec![Value::Date(Date::from(jiff::civil::date(-1, 12, 31)))]],
        };
        let refused = open().and_then(|mut engine| engine.load("t", &data));
        assert!(matches!(refused, Err(EngineError::Refused { row: 2, .. })), "{refused:?}");
    }
}

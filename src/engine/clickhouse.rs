//! ClickHouse, as the library chDB in this process, reached through its ADBC interface.
//!
//! Stores texts as `String`, numbers of scale 0 as `Int64`, others as `Decimal(38, s)`, durations as seconds in
//! `Decimal(18, 6)`, instants as `DateTime64(6, 'UTC')`, dates as `Date32`, all of them `Nullable`, in temporary tables.
//! Knows no plan.

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::engine::adbc::{self, Cell, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting};
use crate::engine::{Address, EngineEntry, EngineError};
use crate::value::{Type, Value};

const NAME: &str = "clickhouse";

/// ClickHouse in the list of engines; its usual address is in `ETALON_CLICKHOUSE`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: true,
    open: || adbc::open(&ClickHouse, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&ClickHouse, address),
};

/// From the year 1 to the year 9999: beyond, ClickHouse moves an instant to the end of its calendar without a word.
const INSTANTS: RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// Rows of one statement.
const ROWS: usize = 2_000;

struct ClickHouse;

impl Profile for ClickHouse {
    fn name(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "ClickHouse",
            stem: "chdb",
            entry_point: b"chdb_adbc_init",
            variable: None,
            source: "It is chDB, which the Python package `chdb-core` contains as `_chdb.abi3.so`: link to it under that \
                     name, and have Python's own library loaded before (`LD_PRELOAD`), as it is a module of Python, too.",
        }
    }

    fn is_server(&self) -> bool {
        false
    }

    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let path = address.said(NAME, ":memory:")?;
        Ok(vec![(OptionDatabase::Other("path".to_owned()), OptionValue::from(path))])
    }

    /// One thread adds floats up in the order of the rows; compiled queries are longer than those of people.
    fn setup(&self, _address: &Address) -> Vec<String> {
        let settings = [
            "SET max_threads = 1",
            "SET session_timezone = 'UTC'",
            "SET precise_float_parsing = 1",
            "SET max_query_size = 100000000",
            "SET max_ast_elements = 10000000",
            "SET max_expanded_ast_elements = 10000000",
        ];
        settings.iter().map(|setting| (*setting).to_owned()).collect()
    }

    fn column_type(&self, ty: Type) -> String {
        let ty = match ty {
            Type::Boolean => "Bool".to_owned(),
            Type::Text => "String".to_owned(),
            Type::Number(0) => "Int64".to_owned(),
            Type::Number(scale) => format!("Decimal({DIGITS}, {scale})"),
            Type::Duration => format!("Decimal({DURATION_DIGITS}, 6)"),
            Type::Instant => "DateTime64(6, 'UTC')".to_owned(),
            Type::Date => "Date32".to_owned(),
            Type::Real => "Float64".to_owned(),
        };
        format!("Nullable({ty})")
    }

    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", escaped(name, '"'))
    }

    fn create(&self, table: &str, columns: &str) -> String {
        format!("CREATE TEMPORARY TABLE {} ({columns}) ENGINE = Memory", self.quoted(table))
    }

    fn drop(&self, table: &str) -> String {
        format!("DROP TEMPORARY TABLE {}", self.quoted(table))
    }

    /// The driver ingests into lasting tables only.
    fn filling(&self) -> Filling {
        Filling::Insert { rows: ROWS }
    }

    fn literal(&self, cell: &Value, ty: Type) -> String {
        match (cell, ty) {
            (Value::Null, _) => "NULL".to_owned(),
            (Value::Boolean(boolean), _) => boolean.to_string(),
            (Value::Text(text), _) => format!("'{}'", escaped(text, '\'')),
            (Value::Number(number), Type::Number(scale)) => {
                format!("'{}'", number.rescale(scale).unwrap_or(*number))
            }
            (Value::Duration(duration), _) => format!("'{}'", duration.seconds()),
            (Value::Instant(instant), _) => format!("fromUnixTimestamp64Micro({}, 'UTC')", instant.micros()),
            (Value::Real(real), _) => format!("{real:e}"),
            (other, _) => format!("'{other}'"),
        }
    }

    fn instants(&self) -> RangeInclusive<i64> {
        INSTANTS
    }

    /// What is compared is an integer.
    fn value(&self, cell: &Cell<'_>, ty: Type) -> Option<Value> {
        match (ty, cell.integer()) {
            (Type::Boolean, Some(bit @ (0 | 1))) => Some(Value::Boolean(bit == 1)),
            _ => cell.standard(ty),
        }
    }

    /// The dialect brings every kind of time to its own; a `DateTime` arrives as seconds.
    fn fits(&self, column: &Field, ty: Type) -> bool {
        match (column.data_type(), ty) {
            (DataType::Timestamp(unit, _), Type::Instant) => *unit != TimeUnit::Nanosecond,
            (DataType::UInt32, Type::Instant) => true,
            _ => adbc::fits_by_type(column, ty),
        }
    }

    fn told(&self, message: &str) -> String {
        message.split_once("DB::Exception: ").map_or(message, |(_, message)| message).to_owned()
    }
}

/// Returns `text` with a backslash before each backslash and `quote`.
fn escaped(text: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\\' || character == quote {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

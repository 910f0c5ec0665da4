//! Snowflake, a service that is reached through its ADBC driver; tests know an emulator of it only.
//!
//! Stores numbers of scale s as `number(38, s)`, durations as seconds in `number(18, 6)`, instants as `timestamp_ntz` in
//! UTC, in temporary tables. A name that a query may write bare means one in capitals, as in the service itself. Knows no
//! plan.

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};

use crate::engine::adbc::{self, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting};
use crate::engine::{Address, EngineEntry, EngineError, quote};
use crate::value::{Type, Value};

const NAME: &str = "snowflake";

/// Snowflake in the list of engines; its usual address is in `ETALON_SNOWFLAKE`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "emulated",
    is_server: true,
    open: || adbc::open(&Snowflake, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&Snowflake, address),
};

/// 0001-01-01 and the last microsecond of 9999, between which literals are read as they are written.
const INSTANTS: RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// Rows of one statement that inserts.
const ROWS: usize = 500;

struct Snowflake;

impl Profile for Snowflake {
    fn name(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "Snowflake",
            stem: "adbc_driver_snowflake",
            entry_point: b"AdbcDriverSnowflakeInit",
            variable: None,
            source: "It is the ADBC driver for Snowflake, which the Python package `adbc-driver-snowflake` contains.",
        }
    }

    fn is_server(&self) -> bool {
        true
    }

    /// Nanoseconds of 64 bits would hold three centuries only.
    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let Some(uri) = address.text() else {
            let variable = address.variable();
            return Err(EngineError::Unavailable {
                what: format!("`{variable}` is not set, so {NAME} is not reached"),
                remedy: format!(
                    "Set `{variable}` to its address: `user:password@account/database/schema?warehouse=...`."
                ),
            });
        };
        let precision = "adbc.snowflake.sql.client_option.max_timestamp_precision".to_owned();
        Ok(vec![
            (OptionDatabase::Uri, OptionValue::from(uri)),
            (OptionDatabase::Other(precision), OptionValue::from("microseconds")),
        ])
    }

    /// Nothing in a query depends on the session.
    fn setup(&self, address: &Address) -> Vec<String> {
        address.schema().map(|schema| format!("USE SCHEMA {}", self.quoted(schema))).into_iter().collect()
    }

    fn version(&self) -> &'static str {
        "SELECT current_version() AS version"
    }

    fn column_type(&self, ty: Type) -> String {
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Text => "varchar".to_owned(),
            Type::Number(scale) => format!("number({DIGITS}, {scale})"),
            Type::Duration => format!("number({DURATION_DIGITS}, 6)"),
            Type::Instant => "timestamp_ntz(6)".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Real => "double".to_owned(),
        }
    }

    fn quoted(&self, name: &str) -> String {
        let is_bare = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if is_bare { quote::name(&name.to_ascii_uppercase()) } else { quote::name(name) }
    }

    fn told_name(&self, name: &str) -> String {
        let is_bare = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if is_bare { name.to_ascii_lowercase() } else { name.to_owned() }
    }

    fn drop(&self, table: &str) -> String {
        format!("DROP TABLE {}", self.quoted(table))
    }

    fn filling(&self) -> Filling {
        Filling::Insert { rows: ROWS }
    }

    fn literal(&self, cell: &Value, ty: Type) -> String {
        match cell {
            Value::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => adbc::literal(self.column_type(ty), cell, ty),
        }
    }

    fn instants(&self) -> RangeInclusive<i64> {
        INSTANTS
    }

    fn told(&self, message: &str) -> String {
        let message = message.split_once("[Snowflake] ").map_or(message, |(_, message)| message);
        message.split_once(". Vendor code: ").map_or(message, |(message, _)| message).to_owned()
    }

    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("Incorrect username or password", "Check user and password in `{variable}`."),
            ("connection refused", "Check that the server runs at the address in `{variable}`."),
        ]
    }
}

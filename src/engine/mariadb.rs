//! MariaDB, a server that is reached through its ODBC driver and an ADBC driver for ODBC.
//!
//! Stores texts as `longtext` that is compared by code points, numbers of scale 0 as `bigint`, others as `decimal(38, s)`,
//! durations as seconds in `decimal(18, 6)`, instants as `datetime(6)` in UTC, in temporary tables. A session writes
//! nothing else: it is read-only but while it creates, fills and drops those. Knows no plan.

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};

use crate::engine::adbc::{self, Cell, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting, seconds};
use crate::engine::{Address, EngineEntry, EngineError};
use crate::value::{Number, Type, Value};

const NAME: &str = "mariadb";

/// MariaDB in the list of engines; its usual address is in `ETALON_MARIADB`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: true,
    open: || adbc::open(&MariaDb, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&MariaDb, address),
};

/// From the year 1000 to the year 9999.
const INSTANTS: RangeInclusive<i64> = -30_610_224_000_000_000..=253_402_300_799_999_999;

/// Rows of one statement.
const ROWS: usize = 500;

struct MariaDb;

impl Profile for MariaDb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "MariaDB",
            stem: "adbc_driver_odbc",
            entry_point: b"AdbcDriverInit",
            variable: None,
            source: "It is an ADBC driver for ODBC, which the Python package `adbcbridge` contains; it needs an ODBC \
                     driver manager and MariaDB's Connector/ODBC.",
        }
    }

    fn is_server(&self) -> bool {
        true
    }

    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let form = "Driver=/path/to/libmaodbc.so;Server=host;Port=3306;User=user;Password=password;Database=database;\
                    Charset=utf8mb4";
        let connection = address.said(NAME, form)?;
        Ok(vec![(OptionDatabase::Uri, OptionValue::from(connection))])
    }

    /// What is too large is an error, a backslash escapes, and names are quoted by backticks.
    fn setup(&self, _address: &Address) -> Vec<String> {
        let settings = [
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
            "SET SESSION collation_connection = 'utf8mb4_nopad_bin'",
            "SET SESSION time_zone = '+00:00'",
        ];
        settings.iter().map(|setting| (*setting).to_owned()).collect()
    }

    fn lock(&self) -> Option<[&'static str; 2]> {
        Some(["SET SESSION TRANSACTION READ WRITE", "SET SESSION TRANSACTION READ ONLY"])
    }

    fn column_type(&self, ty: Type) -> String {
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Text => "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin".to_owned(),
            Type::Number(0) => "bigint".to_owned(),
            Type::Number(scale) => format!("decimal({DIGITS}, {scale})"),
            Type::Duration => format!("decimal({DURATION_DIGITS}, 6)"),
            Type::Instant => "datetime(6)".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Real => "double".to_owned(),
        }
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn longest_name(&self) -> usize {
        64
    }

    fn drop(&self, table: &str) -> String {
        format!("DROP TEMPORARY TABLE {}", self.quoted(table))
    }

    /// The driver ingests instants without their fractions of a second.
    fn filling(&self) -> Filling {
        Filling::Insert { rows: ROWS }
    }

    fn literal(&self, cell: &Value, ty: Type) -> String {
        match (cell, ty) {
            (Value::Null, _) => "NULL".to_owned(),
            (Value::Boolean(boolean), _) => boolean.to_string(),
            (Value::Text(text), _) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            (Value::Number(number), Type::Number(scale)) => number.rescale(scale).unwrap_or(*number).to_string(),
            (Value::Duration(duration), _) => duration.seconds().to_string(),
            (Value::Instant(instant), _) => {
                let time = instant.in_zone(&jiff::tz::TimeZone::UTC);
                format!("'{}'", time.strftime("%Y-%m-%d %H:%M:%S%.6f"))
            }
            (Value::Real(real), _) => format!("{real:e}"),
            (other, _) => format!("'{other}'"),
        }
    }

    fn instants(&self) -> RangeInclusive<i64> {
        INSTANTS
    }

    /// Truth values are integers, and decimals of more than 38 digits arrive as text.
    fn value(&self, cell: &Cell<'_>, ty: Type) -> Option<Value> {
        let number = || -> Option<Number> { cell.text()?.parse().ok() };
        match (ty, cell.integer()) {
            (Type::Boolean, Some(bit @ (0 | 1))) => Some(Value::Boolean(bit == 1)),
            (Type::Number(scale), None) if cell.text().is_some() => Some(Value::Number(number()?.rescale(scale)?)),
            (Type::Duration, None) if cell.text().is_some() => seconds(number()?),
            _ => cell.standard(ty),
        }
    }

    fn told(&self, message: &str) -> String {
        let message = message.rsplit_once(" Vendor code: ").map_or(message, |(message, _)| message);
        message
            .rsplit_once("-MariaDB")
            .and_then(|(_, rest)| rest.split_once(']'))
            .map_or(message, |(_, told)| told)
            .to_owned()
    }

    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("Access denied", "Check user and password in `{variable}`."),
            ("Unknown database", "Check the database in `{variable}`."),
            ("Can't connect", "Check that the server runs at the host and port in `{variable}`."),
            ("Can't open lib", "Check the driver in `{variable}`: it names the file of MariaDB's Connector/ODBC."),
        ]
    }
}

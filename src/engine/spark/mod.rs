//! Spark and what speaks its protocol: servers that are reached through the ADBC driver for Spark Connect.
//!
//! Stores texts as `string`, numbers of scale 0 as `bigint`, others as `decimal(38, s)`, durations as seconds in
//! `decimal(18, 6)`, instants as `timestamp_ntz` in UTC, in temporary views of constants: what belongs to a session writes
//! nothing. Knows no plan.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};

use crate::engine::adbc::{self, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting};
use crate::engine::{Address, EngineEntry, EngineError};
use crate::value::{Type, Value};

const NAME: &str = "spark";

/// Spark in the list of engines; its usual address is in `ETALON_SPARK`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: true,
    open: || adbc::open(&SPARK, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&SPARK, address),
};

/// Without the rules of ANSI, sums that overflow would wrap around.
static SPARK: Connect =
    Connect { name: NAME, settings: &["SET spark.sql.session.timeZone = UTC", "SET spark.sql.ansi.enabled = true"] };

/// From the year -9999 to the last microsecond of 9999 literals are read as they are written.
const INSTANTS: RangeInclusive<i64> = -377_705_116_800_000_000..=253_402_300_799_999_999;

/// An engine that speaks Spark Connect.
pub(super) struct Connect {
    /// The engine's name.
    pub(super) name: &'static str,
    /// The statements that begin a session.
    pub(super) settings: &'static [&'static str],
}

impl Profile for Connect {
    fn name(&self) -> &'static str {
        self.name
    }

    fn dialect(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "Spark",
            stem: "adbc_driver_spark",
            entry_point: b"AdbcDriverSparkInit",
            variable: None,
            source: "It is the ADBC driver for Spark Connect, which the Python package `adbc-driver-spark` contains.",
        }
    }

    fn is_server(&self) -> bool {
        true
    }

    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let uri = address.uri(self.name, &["sc"], "sc://host:15002/;token=...;use_ssl=true")?;
        Ok(vec![(OptionDatabase::Uri, OptionValue::from(uri))])
    }

    fn setup(&self, address: &Address) -> Vec<String> {
        let schema = address.schema().map(|schema| format!("USE {}", self.quoted(schema)));
        self.settings.iter().map(|setting| (*setting).to_owned()).chain(schema).collect()
    }

    fn column_type(&self, ty: Type) -> String {
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Text => "string".to_owned(),
            Type::Number(0) => "bigint".to_owned(),
            Type::Number(scale) => format!("decimal({DIGITS}, {scale})"),
            Type::Duration => format!("decimal({DURATION_DIGITS}, 6)"),
            Type::Instant => "timestamp_ntz".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Real => "double".to_owned(),
        }
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn drop(&self, table: &str) -> String {
        format!("DROP VIEW {}", self.quoted(table))
    }

    fn filling(&self) -> Filling {
        Filling::View
    }

    fn literal(&self, cell: &Value, ty: Type) -> String {
        match cell {
            Value::Text(text) => literal(text),
            _ => adbc::literal(self.column_type(ty), cell, ty),
        }
    }

    fn instants(&self) -> RangeInclusive<i64> {
        INSTANTS
    }

    fn told(&self, message: &str) -> String {
        let message = message.split_once("[Spark] ").map_or(message, |(_, message)| message);
        let message = message.split_once(" SQLSTATE: ").map_or(message, |(message, _)| message);
        message.trim_end().to_owned()
    }

    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("connection refused", "Check that the server runs at the host and port in `{variable}`."),
            ("name resolver error", "Check the host in `{variable}`."),
            ("handshake failed", "Check whether the server speaks TLS, and `use_ssl` in `{variable}`."),
            ("INVALID_HANDLE", "Leave the session out of `{variable}`, or write a UUID."),
        ]
    }
}

/// Returns `text` as a literal, in which a backslash escapes.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

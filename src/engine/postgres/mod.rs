//! PostgreSQL, a server that is reached through its ADBC driver.
//!
//! Stores texts as `text`, numbers of scale 0 as `bigint`, others as `numeric(38, s)`, durations as seconds in
//! `numeric(18, 6)`, instants as `timestamp` in UTC, in temporary tables. A session writes nothing else: it is read-only
//! but while it creates, fills and drops those. Knows no plan.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};
use arrow_schema::Field;

use crate::engine::adbc::{self, Cell, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting, View, seconds};
use crate::engine::{Address, EngineEntry, EngineError, quote};
use crate::value::{Number, Type, Value};

const NAME: &str = "postgres";

/// PostgreSQL in the list of engines; its usual address is in `ETALON_POSTGRES`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: true,
    open: || adbc::open(&POSTGRES, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&POSTGRES, address),
};

/// 4714-11-24 before our era, where its calendar begins, in microseconds since 1970.
const FIRST_MICROSECOND: i64 = -210_866_803_200_000_000;

/// Seconds after which a server that does not answer counts as away.
const PATIENCE: u8 = 10;

static POSTGRES: Postgres = Postgres { filling: Filling::Ingest { temporary: true } };

struct Postgres {
    filling: Filling,
}

impl Profile for Postgres {
    fn name(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "PostgreSQL",
            stem: "adbc_driver_postgresql",
            entry_point: b"AdbcDriverPostgresqlInit",
            variable: None,
            source: "It is the ADBC driver for PostgreSQL, which the Python package `adbc-driver-postgresql` contains.",
        }
    }

    fn is_server(&self) -> bool {
        true
    }

    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let form = "postgresql://user:password@host:5432/database";
        let uri = address.uri(NAME, &["postgresql", "postgres"], form)?;
        Ok(vec![(OptionDatabase::Uri, OptionValue::from(with_patience(uri)))])
    }

    /// Copying would lose the code of an error on the way.
    fn query_options(&self) -> &'static [(&'static str, &'static str)] {
        &[("adbc.postgresql.use_copy", "false")]
    }

    /// Parallel workers and scans that begin in the middle would add floats up in an order of chance.
    fn setup(&self, address: &Address) -> Vec<String> {
        let settings = [
            "SET TimeZone = 'UTC'",
            "SET client_encoding = 'UTF8'",
            "SET standard_conforming_strings = on",
            "SET max_parallel_workers_per_gather = 0",
            "SET synchronize_seqscans = off",
            "SET jit = off",
        ];
        let path = address.schema().map(|schema| format!("SET search_path = {}", quote::name(schema)));
        settings.iter().map(|setting| (*setting).to_owned()).chain(path).collect()
    }

    fn lock(&self) -> Option<[&'static str; 2]> {
        Some(["SET default_transaction_read_only = off", "SET default_transaction_read_only = on"])
    }

    fn version(&self) -> &'static str {
        "SELECT current_setting('server_version') AS version"
    }

    fn column_type(&self, ty: Type) -> String {
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Number(0) => "bigint".to_owned(),
            Type::Number(scale) => format!("numeric({DIGITS}, {scale})"),
            Type::Duration => format!("numeric({DURATION_DIGITS}, 6)"),
            Type::Instant => "timestamp".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Real => "double precision".to_owned(),
        }
    }

    fn longest_name(&self) -> usize {
        63
    }

    fn drop(&self, table: &str) -> String {
        let kind = if self.filling == Filling::View { "VIEW" } else { "TABLE" };
        format!("DROP {kind} pg_temp.{}", self.quoted(table))
    }

    fn view(&self, query: &str) -> Option<View> {
        Some(View {
            create: format!("CREATE TEMPORARY VIEW etalon_rewritten AS {query}"),
            tell: "SELECT pg_get_viewdef('pg_temp.etalon_rewritten'::regclass) AS definition".to_owned(),
            drop: "DROP VIEW pg_temp.etalon_rewritten".to_owned(),
        })
    }

    fn filling(&self) -> Filling {
        self.filling
    }

    /// Infinities arrive beyond the first microsecond, as their sums with the driver's epoch overflow.
    fn instants(&self) -> RangeInclusive<i64> {
        FIRST_MICROSECOND..=i64::MAX
    }

    /// `numeric` arrives as text, and other types as something that they are not: `money` as an integer.
    fn value(&self, cell: &Cell<'_>, ty: Type) -> Option<Value> {
        match (cell.note("POSTGRESQL:type")?, ty) {
            ("numeric", Type::Number(scale)) => Some(Value::Number(number(cell)?.rescale(scale)?)),
            ("numeric", Type::Duration) => seconds(number(cell)?),
            ("int2" | "int4" | "int8", Type::Number(_))
            | ("text" | "varchar" | "bpchar" | "name", Type::Text)
            | ("timestamp" | "timestamptz", Type::Instant)
            | ("bool", Type::Boolean)
            | ("date", Type::Date)
            | ("float8", Type::Real) => cell.standard(ty),
            _ => None,
        }
    }

    /// A `timestamptz` does not: compiled SQL takes the wall time of its zone from what is without one.
    fn fits(&self, column: &Field, ty: Type) -> bool {
        let digits = digits_after_point(column);
        match (type_of(column), ty) {
            ("int2" | "int4" | "int8", Type::Number(_))
            | ("text" | "varchar", Type::Text)
            | ("timestamp", Type::Instant)
            | ("bool", Type::Boolean)
            | ("date", Type::Date)
            | ("float8", Type::Real) => true,
            // Without a declared scale, a digit too many makes an answer a mismatch instead of wrong.
            ("numeric", Type::Number(scale)) => digits.is_none_or(|digits| digits <= i32::from(scale)),
            ("numeric", Type::Duration) => digits.is_none_or(|digits| digits <= 6),
            _ => false,
        }
    }

    fn type_name(&self, column: &Field) -> String {
        match digits_after_point(column) {
            Some(digits) => format!("numeric with {digits} digits after the point"),
            None => type_of(column).to_owned(),
        }
    }

    /// What has gone wrong, and hints; not the statement and a mark below one of its lines.
    fn told(&self, message: &str) -> String {
        let message = after_mark(message);
        let message = message.split_once("\n\nQuery was: ").map_or(message, |(message, _)| message);
        let (first, more) = message.split_once('\n').unwrap_or((message, ""));
        let more = more.lines().filter(|line| ["DETAIL:", "HINT:"].iter().any(|mark| line.starts_with(mark)));
        more.fold(first.to_owned(), |told, line| format!("{told}; {line}"))
    }

    fn line(&self, message: &str) -> Option<usize> {
        message.split_once("\nLINE ")?.1.split_once(':')?.0.parse().ok()
    }

    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("password authentication failed", "Check user and password in `{variable}`."),
            ("no password supplied", "Put the password into `{variable}`, or into `PGPASSWORD`."),
            ("role \"", "Check the user in `{variable}`."),
            ("Connection refused", "Check that the server runs at the host and port in `{variable}`."),
            ("could not translate host name", "Check the host in `{variable}`."),
            ("too many", "Close connections of others, or raise `max_connections` on the server."),
            ("database \"", "Check the database in `{variable}`."),
        ]
    }
}

/// Returns the name of a column's type.
fn type_of(column: &Field) -> &str {
    column.metadata().get("POSTGRESQL:type").map_or("", String::as_str)
}

/// Returns how many digits a `numeric` of declared precision has after the point.
fn digits_after_point(column: &Field) -> Option<i32> {
    let modifier: i32 = column.metadata().get("POSTGRESQL:typmod")?.parse().ok()?;
    // Precision and scale, the latter in eleven bits with a sign, behind a header of four bytes.
    let scale = modifier.checked_sub(4).filter(|packed| *packed >= 0)? & 0x7ff;
    (type_of(column) == "numeric").then_some((scale ^ 1024) - 1024)
}

/// Returns the message after what the driver puts before it.
fn after_mark(message: &str) -> &str {
    ["ERROR:  ", "FATAL:  "].iter().find_map(|mark| message.split_once(mark)).map_or(message, |(_, message)| message)
}

/// Returns the number that a cell of type `numeric` holds; none for `NaN` and infinities.
fn number(cell: &Cell<'_>) -> Option<Number> {
    cell.text()?.parse().ok()
}

/// Returns the address with a limit to waiting, unless it has one, and a name by which administrators know the session.
fn with_patience(uri: &str) -> String {
    let mark = if uri.contains('?') { '&' } else { '?' };
    let named = format!("{uri}{mark}fallback_application_name=etalon");
    if uri.contains("connect_timeout=") { named } else { format!("{named}&connect_timeout={PATIENCE}") }
}

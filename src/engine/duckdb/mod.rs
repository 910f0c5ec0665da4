//! DuckDB, in memory or in a file, through its dynamic library; nothing of it is compiled in.
//!
//! Stores numbers of scale 0 as `BIGINT`, others as `DECIMAL(38, s)`, durations as seconds in `DECIMAL(18, 6)`,
//! instants as `TIMESTAMP` in UTC. The library may be named by `ETALON_DUCKDB`. A file is a target: it is
//! opened to be read, and what is loaded stays in temporary tables. Knows no plan.

mod parquet;

pub use parquet::{TextRows, parquet_rows};

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};

use crate::engine::adbc::{self, DIGITS, DURATION_DIGITS, Driver, Filling, Profile, Setting, View};
use crate::engine::{Address, Engine, EngineEntry, EngineError, quote};
use crate::value::Type;

const NAME: &str = "duckdb";

/// DuckDB in the list of engines.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: false,
    open,
    open_at: |address| adbc::open(&DuckDb { place: Place::File }, address),
};

/// The last microsecond whose negative is a timestamp too; the few beyond it stand for infinity.
const LAST_MICROSECOND: i64 = 9_223_372_022_400_000_000;

/// Opens an empty database in memory, without access to files and network.
///
/// # Errors
///
/// [`EngineError::Unavailable`] where no usable library is found.
pub fn open() -> Result<Box<dyn Engine>, EngineError> {
    adbc::open(&DuckDb { place: Place::Memory }, &Address::default())
}

struct DuckDb {
    place: Place,
}

/// Where a database lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In memory, fresh, without access to anything else.
    Memory,
    /// In memory, fresh, with access to files.
    MemoryBesideFiles,
    /// In the file at the address.
    File,
}

impl Profile for DuckDb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn driver(&self) -> Driver {
        Driver {
            title: "DuckDB",
            stem: "duckdb",
            entry_point: b"duckdb_adbc_init",
            variable: Some("ETALON_DUCKDB"),
            source: "It is DuckDB's C library, which the npm packages `@duckdb/node-bindings-<platform>` contain. The \
                     `_duckdb` module of a Python package does not serve: it needs a Python interpreter in the process.",
        }
    }

    /// A file may be away, or locked by another process, as a server may be.
    fn is_server(&self) -> bool {
        self.place == Place::File
    }

    /// One thread makes the order of floating-point sums repeatable.
    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError> {
        let mut settings = vec![
            ("threads", "1"),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("enable_external_access", if self.place == Place::MemoryBesideFiles { "true" } else { "false" }),
        ];
        if self.place == Place::File {
            settings.extend([("path", file_at(address)?), ("access_mode", "READ_ONLY")]);
        }
        let setting = |(key, value): (&str, &str)| (OptionDatabase::Other(key.to_owned()), OptionValue::from(value));
        Ok(settings.into_iter().map(setting).collect())
    }

    fn setup(&self, address: &Address) -> Vec<String> {
        let schema = address.schema().map(|schema| format!("SET schema = {}", quote::text(schema)));
        ["SET TimeZone = 'UTC'".to_owned()].into_iter().chain(schema).collect()
    }

    fn column_type(&self, ty: Type) -> String {
        match ty {
            Type::Boolean => "BOOLEAN".to_owned(),
            Type::Text => "VARCHAR".to_owned(),
            Type::Number(0) => "BIGINT".to_owned(),
            Type::Number(scale) => format!("DECIMAL({DIGITS}, {scale})"),
            Type::Duration => format!("DECIMAL({DURATION_DIGITS}, 6)"),
            Type::Instant => "TIMESTAMP".to_owned(),
            Type::Date => "DATE".to_owned(),
            Type::Real => "DOUBLE".to_owned(),
        }
    }

    fn drop(&self, table: &str) -> String {
        format!("DROP TABLE temp.main.{}", self.quoted(table))
    }

    fn view(&self, query: &str) -> Option<View> {
        Some(View {
            create: format!("CREATE TEMPORARY VIEW etalon_rewritten AS {query}"),
            tell: "SELECT sql AS definition FROM duckdb_views() WHERE temporary AND view_name = 'etalon_rewritten'"
                .to_owned(),
            drop: "DROP VIEW temp.main.etalon_rewritten".to_owned(),
        })
    }

    fn filling(&self) -> Filling {
        Filling::Ingest { temporary: true }
    }

    /// What has gone wrong, on one line; not the statement and a mark below one of its lines.
    fn told(&self, message: &str) -> String {
        let message = message.split_once("\n\nLINE ").map_or(message, |(message, _)| message);
        message.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn line(&self, message: &str) -> Option<usize> {
        message.split_once("\n\nLINE ")?.1.split_once(':')?.0.parse().ok()
    }

    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("lock", "Wait until the other process has closed the file in `{variable}`."),
            ("", "Check that `{variable}` names a DuckDB file that the library in `ETALON_DUCKDB` can read."),
        ]
    }

    fn instants(&self) -> RangeInclusive<i64> {
        -LAST_MICROSECOND..=LAST_MICROSECOND
    }
}

/// Returns the path of the file that the address names.
fn file_at(address: &Address) -> Result<&str, EngineError> {
    let variable = address.variable();
    let Some(path) = address.text() else {
        let what = format!("`{variable}` is not set, so no DuckDB file is opened");
        return Err(EngineError::Unavailable { what, remedy: format!("Set `{variable}` to the path of the file.") });
    };
    if std::path::Path::new(path).is_file() {
        return Ok(path);
    }
    let what = format!("there is no file at the path in `{variable}`");
    Err(EngineError::Down { engine: NAME, what, remedy: format!("Set `{variable}` to the path of a DuckDB file.") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::round_trip::on_engine;
    use crate::table::{Field, Table};
    use crate::value::{Duration, Instant, Value};

    fn answer(engine: &mut dyn Engine, expression: &str) -> Result<String, EngineError> {
        let table = engine.query(&format!("SELECT ({expression})::VARCHAR AS x"), &[Field::new("x", Type::Text)])?;
        Ok(table.cell(0, "x").to_string())
    }

    #[test]
    fn columns_have_the_promised_types() {
        let types = [
            (Type::Boolean, "BOOLEAN"),
            (Type::Text, "VARCHAR"),
            (Type::Number(0), "BIGINT"),
            (Type::Number(2), "DECIMAL(38,2)"),
            (Type::Duration, "DECIMAL(18,6)"),
            (Type::Instant, "TIMESTAMP"),
            (Type::Date, "DATE"),
            (Type::Real, "DOUBLE"),
        ];
        on_engine(NAME, |engine| {
            for (ty, name) in types {
                engine.load("t", &Table::new(vec![Field::new("x", ty)])).expect("loaded");
                let found = answer(engine, "SELECT data_type FROM duckdb_columns() WHERE table_name = 't'");
                assert_eq!(found.as_deref(), Ok(name));
                engine.clear().expect("cleared");
            }
        });
    }

    #[test]
    fn an_instant_is_stored_in_utc() {
        on_engine(NAME, |engine| {
            let instant = Instant::parse("2026-05-01T09:00:00+02:00").expect("an instant");
            let data =
                Table { fields: vec![Field::new("x", Type::Instant)], rows: vec![vec![Value::Instant(instant)]] };
            engine.load("t", &data).expect("loaded");
            assert_eq!(answer(engine, "SELECT x FROM t").as_deref(), Ok("2026-05-01 07:00:00"));
        });
    }

    #[test]
    fn named_zones_work_and_the_session_is_in_utc() {
        on_engine(NAME, |engine| {
            let local = "timezone('Europe/Berlin', timezone('UTC', TIMESTAMP '2026-05-01 07:00:00'))";
            assert_eq!(answer(engine, local).as_deref(), Ok("2026-05-01 09:00:00"));
            assert_eq!(answer(engine, "current_setting('TimeZone')").as_deref(), Ok("UTC"));
        });
    }

    #[test]
    fn a_query_reaches_neither_files_nor_extensions() {
        on_engine(NAME, |engine| {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("x.csv");
            std::fs::write(&file, "a\n1\n").expect("written");
            let read = format!("SELECT count(*) FROM read_csv('{}')", file.display());
            assert!(matches!(answer(engine, &read), Err(EngineError::Failed { .. })));
            for setting in ["autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"] {
                assert_eq!(answer(engine, &format!("current_setting('{setting}')")).as_deref(), Ok("false"));
            }
        });
    }

    #[test]
    fn a_refused_statement_is_told_on_one_line_with_the_line_that_is_meant() {
        on_engine(NAME, |engine| {
            let refused = engine.query("SELECT\n  1 AS y,\n  nothing AS x", &[Field::new("x", Type::Text)]);
            let Err(EngineError::Failed { message, sql, .. }) = refused else { panic!("{refused:?}") };
            assert!(message.contains("nothing") && !message.contains('\n') && !message.contains("LINE"), "{message}");
            assert_eq!(sql, "  nothing AS x");
        });
    }

    #[test]
    fn what_is_no_duckdb_file_is_no_target() {
        on_engine(NAME, |_| {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("x.duckdb");
            for content in [None, Some("no database, but long enough to be taken for one ".repeat(200))] {
                if let Some(content) = content {
                    std::fs::write(&path, content).expect("written");
                }
                let address = Address::of_text(path.to_str().expect("UTF-8"));
                let Err(EngineError::Down { what, remedy, .. }) = (ENTRY.open_at)(&address) else { panic!("opened") };
                assert!(remedy.contains("`X`"), "{what}: {remedy}");
            }
        });
    }

    #[test]
    fn what_lies_beyond_duckdbs_ranges_is_refused() {
        let cells = [
            (Type::Duration, Value::Duration(Duration::from_micros(1_000_000_000_000_000_000))),
            (Type::Duration, Value::Duration(Duration::from_micros(i64::MIN))),
            (Type::Instant, Value::Instant(Instant::from_micros(i64::MAX))),
            (Type::Instant, Value::Instant(Instant::from_micros(i64::MIN))),
        ];
        on_engine(NAME, |engine| {
            for (ty, cell) in &cells {
                let data = Table { fields: vec![Field::new("x", *ty)], rows: vec![vec![cell.clone()]] };
                assert!(matches!(engine.load("t", &data), Err(EngineError::Refused { row: 1, .. })), "{cell}");
            }
        });
    }
}

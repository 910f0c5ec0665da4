//! DuckDB, in memory, through its dynamic library; nothing of it is compiled in.
//!
//! Stores numbers of scale 0 as `BIGINT`, others as `DECIMAL(38, s)`, durations as seconds in `DECIMAL(18, 6)`,
//! instants as `TIMESTAMP` in UTC. [`library`] says where the library is looked for. Knows no plan.

mod arrow;
pub mod library;
mod parquet;
mod rows;
mod session;

pub use parquet::{TextRows, parquet_rows};

use session::{Access, Session};

use crate::engine::cell::Loading;
use crate::engine::{Engine, EngineError, columns, quote};
use crate::table::{Field, Table};
use crate::value::Type;

const NAME: &str = "duckdb";

/// Rows that cross into DuckDB at once; as many as one of its row groups holds.
const CHUNK: usize = 122_880;

/// A DuckDB database in memory.
struct DuckDb {
    session: Session,
    version: String,
    loaded: Vec<String>,
}

/// Opens an empty database in memory, without access to files and network.
///
/// # Errors
///
/// [`EngineError::Unavailable`] where no usable library is found.
pub fn open() -> Result<Box<dyn Engine>, EngineError> {
    let mut session = Session::open(Access::Nothing)?;
    let answer = session.query("SELECT version() AS version")?;
    let table = rows::table(&answer, &[Field::new("version", Type::Text)])?;
    let version = table.cell(0, "version").to_string().trim_start_matches('v').to_owned();
    Ok(Box::new(DuckDb { session, version, loaded: Vec::new() }))
}

impl Engine for DuckDb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn dialect(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        let loading = Loading { engine: NAME, table, data };
        loading.check_width()?;
        self.session.execute(&create_statement(table, &data.fields))?;
        let filled = self.fill(&loading);
        match filled {
            Ok(()) => self.loaded.push(table.to_owned()),
            Err(_) => self.drop_table(table)?,
        }
        filled
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        let answer = self.session.query(sql)?;
        columns::check(NAME, answer.schema.fields().iter().map(|field| field.name().as_str()), fields)?;
        rows::table(&answer, fields)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        for table in std::mem::take(&mut self.loaded) {
            self.drop_table(&table)?;
        }
        Ok(())
    }
}

impl DuckDb {
    fn fill(&mut self, loading: &Loading<'_>) -> Result<(), EngineError> {
        for start in (0..loading.data.rows.len()).step_by(CHUNK) {
            let end = loading.data.rows.len().min(start + CHUNK);
            let batch = arrow::batch(loading, start..end)?;
            self.session.append(loading.table, batch)?;
        }
        Ok(())
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.session.execute(&format!("DROP TABLE {}", quote::name(table)))
    }
}

fn create_statement(table: &str, fields: &[Field]) -> String {
    let columns: Vec<String> =
        fields.iter().map(|field| format!("{} {}", quote::name(&field.name), column_type(field.ty))).collect();
    format!("CREATE TABLE {} ({})", quote::name(table), columns.join(", "))
}

fn column_type(ty: Type) -> String {
    match ty {
        Type::Boolean => "BOOLEAN".to_owned(),
        Type::Text => "VARCHAR".to_owned(),
        Type::Number(0) => "BIGINT".to_owned(),
        Type::Number(scale) => format!("DECIMAL({}, {scale})", arrow::DIGITS),
        Type::Duration => format!("DECIMAL({}, 6)", arrow::DURATION_DIGITS),
        Type::Instant => "TIMESTAMP".to_owned(),
        Type::Date => "DATE".to_owned(),
        Type::Real => "DOUBLE".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::round_trip::on_engine;
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

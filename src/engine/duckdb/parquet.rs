//! Parquet files, read through DuckDB as raw text.
//!
//! Every cell comes out as text that the common row reader understands. Knows no source.

use std::path::Path;

use super::{DuckDb, NAME, Place};
use crate::engine::adbc::{Session, rows_of};
use crate::engine::{Address, EngineError, quote};
use crate::table::{Field, Table};
use crate::value::{Type, Value};

/// A header, and rows of as many cells; `None` is null.
pub type TextRows = (Vec<String>, Vec<Vec<Option<String>>>);

/// Reads all rows of the Parquet file at `path`, in the file's order, every cell as text.
///
/// Timestamps are ISO 8601 (`2026-05-01T09:00:00.5`), those with a zone in UTC with a trailing `Z`; numbers carry
/// no exponent. Columns that differ only in case get a suffix, as DuckDB has it.
///
/// # Errors
///
/// [`EngineError::Unavailable`] where DuckDB is not found, [`EngineError::Failed`] where the file cannot be read.
pub fn parquet_rows(path: &Path) -> Result<TextRows, EngineError> {
    let scan = scan(path)?;
    let mut session = reader()?;
    let columns = columns(&mut session, &scan)?;
    let cells: Vec<String> = columns.iter().map(Column::as_text).collect();
    let answer = session.query(&format!("SELECT {} FROM {scan}", cells.join(", ")))?;
    let fields: Vec<Field> = columns.iter().map(|column| Field::new(&column.name, Type::Text)).collect();
    let rows = raw_rows(rows_of(&READER, &answer, &fields)?, &columns);
    Ok((columns.into_iter().map(|column| column.name).collect(), rows))
}

/// A database that reaches files.
static READER: DuckDb = DuckDb { place: Place::MemoryBesideFiles };

fn reader() -> Result<Session, EngineError> {
    Session::open(&READER, &Address::default())
}

/// Returns the call that reads exactly the one file, and no columns that its folders' names would add.
fn scan(path: &Path) -> Result<String, EngineError> {
    let refused = |message: String| EngineError::Failed { engine: NAME, message, sql: String::new() };
    // An absolute path cannot be taken for an address or for a home folder.
    let absolute = std::path::absolute(path).map_err(|error| refused(format!("`{}`: {error}", path.display())))?;
    let Some(text) = absolute.to_str() else {
        return Err(refused(format!("the path `{}` is not UTF-8", path.display())));
    };
    Ok(format!("read_parquet({}, hive_partitioning = false)", quote::text(&literal_pattern(text))))
}

/// Returns the file pattern that matches only `path` itself.
fn literal_pattern(path: &str) -> String {
    path.chars().fold(String::with_capacity(path.len()), |mut pattern, character| {
        if matches!(character, '*' | '?' | '[') {
            pattern.extend(['[', character, ']']);
        } else {
            pattern.push(character);
        }
        pattern
    })
}

struct Column {
    name: String,
    ty: String,
}

impl Column {
    /// Returns the expression that yields the column as text.
    fn as_text(&self) -> String {
        let name = quote::name(&self.name);
        match self.ty.as_str() {
            "TIMESTAMP WITH TIME ZONE" => {
                format!("replace(CAST(timezone('UTC', {name}) AS VARCHAR), ' ', 'T') || 'Z'")
            }
            ty if ty.starts_with("TIMESTAMP") => format!("replace(CAST({name} AS VARCHAR), ' ', 'T')"),
            _ => format!("CAST({name} AS VARCHAR)"),
        }
    }

    fn is_float(&self) -> bool {
        matches!(self.ty.as_str(), "DOUBLE" | "FLOAT")
    }
}

fn columns(session: &mut Session, scan: &str) -> Result<Vec<Column>, EngineError> {
    let described = session.query(&format!("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {scan})"))?;
    let fields = [Field::new("name", Type::Text), Field::new("type", Type::Text)];
    let table = rows_of(&READER, &described, &fields)?;
    let column = |row: &Vec<Value>| Column { name: row[0].to_string(), ty: row[1].to_string() };
    Ok(table.rows.iter().map(column).collect())
}

fn raw_rows(table: Table, columns: &[Column]) -> Vec<Vec<Option<String>>> {
    let raw = |(cell, column): (Value, &Column)| match cell {
        Value::Text(text) if column.is_float() => Some(without_exponent(&text)),
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    table.rows.into_iter().map(|row| row.into_iter().zip(columns).map(raw).collect()).collect()
}

/// Returns `text` in plain digits where it is a number in scientific notation.
fn without_exponent(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(real) if text.contains('e') => real.to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::round_trip::skip;

    /// Writes the rows of `query` to `file` in a fresh folder and reads them back; `None` where DuckDB is absent.
    fn written(file: &str, query: &str) -> Option<TextRows> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        let plain = folder.path().join("plain");
        let mut session = reader().map_err(|error| skip(NAME, &error)).ok()?;
        let target = quote::text(plain.to_str().expect("UTF-8"));
        session.execute(&format!("COPY ({query}) TO {target} (FORMAT parquet)")).expect("written");
        std::fs::rename(plain, &path).expect("renamed");
        Some(parquet_rows(&path).expect("readable"))
    }

    #[track_caller]
    fn reads(expression: &str, expected: Option<&str>) {
        let Some((header, rows)) = written("x.parquet", &format!("SELECT {expression} AS x")) else { return };
        assert_eq!(header, ["x"]);
        assert_eq!(rows, [[expected.map(str::to_owned)]], "{expression}");
    }

    #[test]
    fn timestamps_are_iso_and_those_with_a_zone_end_in_z() {
        reads("TIMESTAMP '2026-05-01 09:00:00.5'", Some("2026-05-01T09:00:00.5"));
        reads("TIMESTAMPTZ '2026-05-01 09:00:00+02'", Some("2026-05-01T07:00:00Z"));
        reads("TIMESTAMP_NS '2026-05-01 09:00:00.000000001'", Some("2026-05-01T09:00:00.000000001"));
        reads("DATE '2026-05-01'", Some("2026-05-01"));
    }

    #[test]
    fn numbers_have_no_exponent_and_lose_no_digit() {
        reads("1e-7::DOUBLE", Some("0.0000001"));
        reads("-1e20::DOUBLE", Some("-100000000000000000000"));
        reads("0.1::FLOAT", Some("0.1"));
        reads("3::DOUBLE", Some("3.0"));
        reads(
            "12345678901234567890123456789012345.678::DECIMAL(38, 3)",
            Some("12345678901234567890123456789012345.678"),
        );
        reads("(-9223372036854775808)::BIGINT", Some("-9223372036854775808"));
    }

    #[test]
    fn texts_are_verbatim_and_null_is_not_the_empty_text() {
        reads("'it''s \"1e5\",\n'", Some("it's \"1e5\",\n"));
        reads("'1e5'", Some("1e5"));
        reads("''", Some(""));
        reads("NULL::VARCHAR", None);
        reads("true", Some("true"));
    }

    #[test]
    fn rows_and_columns_keep_the_order_of_the_file() {
        let query = "SELECT 99999 - i AS \"Größe \"\"q\"\"\", i AS a FROM range(100000) t(i)";
        let Some((header, rows)) = written("x.parquet", query) else { return };
        assert_eq!(header, ["Größe \"q\"", "a"]);
        assert_eq!(rows.len(), 100_000);
        assert!(rows.iter().enumerate().all(|(index, row)| row[1] == Some(index.to_string())));
    }

    #[test]
    fn a_file_without_rows_has_a_header() {
        let Some((header, rows)) = written("x.parquet", "SELECT 1 AS a, 'x' AS b WHERE false") else { return };
        assert_eq!(header, ["a", "b"]);
        assert!(rows.is_empty());
    }

    #[test]
    fn marks_in_a_path_are_no_pattern_and_folders_are_no_columns() {
        for file in ["a[1].parquet", "a*.parquet", "what?.parquet", "it's.parquet", "year=2026/x.parquet", "[x]/a.data"]
        {
            let Some((header, rows)) = written(file, "SELECT 7 AS n") else { return };
            assert_eq!((header, rows), (vec!["n".to_owned()], vec![vec![Some("7".to_owned())]]), "{file}");
        }
    }

    #[test]
    fn a_mark_in_a_path_does_not_stand_for_other_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["ab.parquet", "a1.parquet"] {
            let Ok(mut session) = reader().map_err(|error| skip(NAME, &error)) else { return };
            let target = quote::text(path(name).to_str().expect("UTF-8"));
            session.execute(&format!("COPY (SELECT 7 AS n) TO {target} (FORMAT parquet)")).expect("written");
        }
        for absent in ["a*.parquet", "a?.parquet", "a[1].parquet"] {
            assert!(parquet_rows(&path(absent)).is_err(), "{absent}");
        }
    }

    #[test]
    fn a_file_that_is_absent_or_no_parquet_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.parquet");
        for content in [None, Some("a,b\n1,2\n")] {
            if let Some(content) = content {
                std::fs::write(&path, content).expect("written");
            }
            match parquet_rows(&path) {
                Err(error @ EngineError::Unavailable { .. }) => skip(NAME, &error),
                answer => assert!(matches!(answer, Err(EngineError::Failed { .. })), "{answer:?}"),
            }
        }
    }
}

//! What the metrics of the library take on many rows, and how that grows.
//!
//! `cargo bench --bench at_scale -- ENGINE CONTACTS...`, as in `duckdb 1000000 10000000`. The engine is `duckdb`, which is
//! given a database in a temporary folder, or `spark`, `sail` or `spark-cluster` at the address in `ETALON_SPARK` and so on,
//! which make tables in a database `etalon_at_scale` and drop it at the end. Prints seconds, of the
//! processor for DuckDB and by the clock for the others, and the sums of numerators and denominators, which are the same on
//! every engine.

// What is measured is printed.
#![allow(clippy::print_stdout)]

#[path = "../measure/processor.rs"]
mod processor;
mod world;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use adbc_core::options::{AdbcVersion, OptionDatabase};
use adbc_core::{Connection, Database, Driver, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use etalon::catalog::Catalog;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some((engine, sizes)) = arguments.split_first().filter(|(_, sizes)| !sizes.is_empty()) else {
        println!("nothing to do: cargo bench --bench at_scale -- ENGINE CONTACTS...");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let engine = Engine::open(engine, folder.path())?;
    let library = world::library();
    for size in sizes {
        let contacts: u64 = size.parse()?;
        engine.each(engine.begin)?;
        let measured = measure(&engine, &library, contacts);
        engine.each(engine.end)?;
        measured?;
    }
    Ok(())
}

/// Makes the tables and asks for each metric.
fn measure(engine: &Engine, library: &Catalog, contacts: u64) -> Result<(), Box<dyn Error>> {
    println!("{contacts} contacts");
    for (name, query) in world::tables(contacts, engine.dialect) {
        let (seconds, _) = engine.timed(&format!("create table {name} {} as {query}", engine.stored))?;
        println!("  {name:26} {seconds:>9.2} s to make");
    }
    for question in world::QUESTIONS {
        let query = world::query(library, question, engine.dialect);
        let (seconds, batches) = engine.timed(&query)?;
        let sum = |column| batches.iter().map(|batch| sum(batch, column)).sum::<i64>();
        println!("  {:26} {seconds:>9.2} s   {} / {}", question.0, sum("numerator"), sum("denominator"));
    }
    Ok(())
}

/// Returns the sum of a column of 64-bit integers.
fn sum(batch: &RecordBatch, column: &str) -> i64 {
    let Some(numbers) = batch.column_by_name(column).and_then(|array| array.as_primitive_opt::<Int64Type>()) else {
        return 0;
    };
    (0..numbers.len()).filter(|row| numbers.is_valid(*row)).map(|row| numbers.value(row)).sum()
}

/// A connection, by the driver alone: engines of the library make no tables that stay.
struct Engine {
    connection: ManagedConnection,
    dialect: &'static str,
    /// Whether it works in this process, so that the processor's seconds tell what it does.
    is_here: bool,
    stored: &'static str,
    /// What makes room for the tables, and what takes it away.
    begin: &'static [&'static str],
    end: &'static [&'static str],
}

impl Engine {
    fn open(name: &str, folder: &Path) -> Result<Self, Box<dyn Error>> {
        if name == "duckdb" {
            let file = folder.join("at_scale.duckdb").to_string_lossy().into_owned();
            let options = [(OptionDatabase::Other("path".to_owned()), file.into())];
            let connection = connect(&driver("ETALON_DUCKDB", "libduckdb.so")?, b"duckdb_adbc_init", options)?;
            let begin = &["set memory_limit = '8GB'", "create schema etalon_at_scale", "use etalon_at_scale"];
            let end = &["use main", "drop schema etalon_at_scale cascade"];
            return Ok(Self { connection, dialect: "duckdb", is_here: true, stored: "", begin, end });
        }
        let address = std::env::var(format!("ETALON_{}", name.to_uppercase().replace('-', "_")))?;
        let options = [(OptionDatabase::Uri, address.into())];
        let connection =
            connect(&driver("ETALON_DRIVERS", "libadbc_driver_spark.so")?, b"AdbcDriverSparkInit", options)?;
        // As many parts as the engine makes by itself; sessions of tests make few, which suits the rows of cases.
        let begin: &[&str] = match name {
            "sail" => &["create database etalon_at_scale", "use etalon_at_scale"],
            _ => &["set spark.sql.shuffle.partitions = 200", "create database etalon_at_scale", "use etalon_at_scale"],
        };
        let end = &["use database default", "drop database etalon_at_scale cascade"];
        Ok(Self { connection, dialect: "spark", is_here: false, stored: "using parquet", begin, end })
    }

    fn each(&self, statements: &[&str]) -> Result<(), Box<dyn Error>> {
        statements.iter().try_for_each(|statement| self.run(statement).map(|_| ()))
    }

    /// Runs a statement and returns its seconds with what comes of it.
    fn timed(&self, sql: &str) -> Result<(f64, Vec<RecordBatch>), Box<dyn Error>> {
        let begun = Instant::now();
        let (seconds, batches) = processor::timed(|| self.run(sql));
        Ok((if self.is_here { seconds } else { begun.elapsed().as_secs_f64() }, batches?))
    }

    fn run(&self, sql: &str) -> Result<Vec<RecordBatch>, Box<dyn Error>> {
        let mut statement = self.connection.clone().new_statement()?;
        statement.set_sql_query(sql)?;
        let reader = statement.execute()?;
        Ok(reader.collect::<Result<_, _>>()?)
    }
}

/// Returns the driver's file: what the variable names, or the file in the folder it names.
fn driver(variable: &str, file: &str) -> Result<PathBuf, Box<dyn Error>> {
    let path = PathBuf::from(std::env::var(variable).map_err(|_| format!("`{variable}` is not set"))?);
    Ok(if path.is_dir() { path.join(file) } else { path })
}

fn connect<const N: usize>(
    file: &Path,
    entry_point: &[u8],
    options: [(OptionDatabase, adbc_core::options::OptionValue); N],
) -> Result<ManagedConnection, Box<dyn Error>> {
    let mut driver = ManagedDriver::load_dynamic_from_filename(file, Some(entry_point), AdbcVersion::V110)?;
    Ok(driver.new_database_with_opts(options)?.new_connection()?)
}

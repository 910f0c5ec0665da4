//! Engines: databases that hold typed tables and answer compiled SQL.
//!
//! Loads tables and converts results by their declared types. Knows no plan and writes no query.

mod cell;
mod columns;
pub mod duckdb;
mod error;
mod quote;
#[cfg(test)]
mod round_trip;
pub mod sqlite;

pub use error::EngineError;

use crate::table::{Field, Table};

/// A database in memory that starts empty.
///
/// Tables are stored, and results returned, in the engine's representation of each type: see the engine's module.
pub trait Engine {
    /// Returns the engine's name, as `sqlite`.
    fn name(&self) -> &'static str;

    /// Returns the name of the SQL dialect it speaks.
    fn dialect(&self) -> &'static str;

    /// Returns the version of the running library, as `3.50.1`.
    fn version(&self) -> String;

    /// Creates `table` and fills it with `data`. A dot in the name is part of the one name.
    ///
    /// # Errors
    ///
    /// [`EngineError::Refused`] where a cell cannot be represented exactly, [`EngineError::Failed`] where the table
    /// exists or its name or columns are not possible. No table is left behind in either case.
    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError>;

    /// Runs one query and returns its rows, in the query's order, as values of the types of `fields`.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where the engine refuses the SQL, [`EngineError::Mismatch`] where the columns are not
    /// exactly `fields` by name and order, or a cell is not of the declared type.
    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError>;

    /// Drops every loaded table, so that the next fixture finds an empty database.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where the engine cannot drop a table.
    fn clear(&mut self) -> Result<(), EngineError>;
}

/// An engine that can be opened by name.
#[derive(Debug, Clone, Copy)]
pub struct EngineEntry {
    /// Name of the engine.
    pub name: &'static str,
    /// Name of the SQL dialect it speaks.
    pub dialect: &'static str,
    /// What an agreement of this engine with the interpreter proves: `executed` is a real engine.
    pub evidence: &'static str,
    /// Opens a fresh database in memory.
    pub open: fn() -> Result<Box<dyn Engine>, EngineError>,
}

/// Every engine, in the order in which reports list them.
pub const ENGINES: &[EngineEntry] = &[
    EngineEntry { name: "sqlite", dialect: "sqlite", evidence: "executed", open: sqlite::open },
    EngineEntry { name: "duckdb", dialect: "duckdb", evidence: "executed", open: duckdb::open },
];

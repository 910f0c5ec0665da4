//! Engines: databases that hold typed tables and answer compiled SQL.
//!
//! Loads tables and converts results by their declared types. Knows no plan and writes no query.

mod adbc;
mod address;
pub mod bigquery;
mod cell;
pub mod clickhouse;
mod columns;
pub mod duckdb;
mod error;
mod labelled;
pub mod mariadb;
pub mod postgres;
mod quote;
#[cfg(test)]
mod round_trip;
pub mod sail;
pub mod spark;
pub mod snowflake;
pub mod sqlite;

pub use address::Address;
pub use error::EngineError;
pub use labelled::labelled;

use crate::table::{Field, Table};

/// A session of a database, which starts without loaded tables and leaves none behind.
///
/// Tables are stored, and results returned, in the engine's representation of each type: see the engine's module. Each
/// loaded table is seen by this session alone, and hides one of the same name that the database has.
pub trait Engine {
    /// Returns the name it goes by in reports: the engine's, as `sqlite`, or that of the target it was opened for.
    fn name(&self) -> &str;

    /// Returns the name of the SQL dialect it speaks.
    fn dialect(&self) -> &'static str;

    /// Returns the version of the running library, as `3.50.1`.
    fn version(&self) -> String;

    /// Creates `table` and fills it with `data`. A dot in the name is part of the one name.
    ///
    /// # Errors
    ///
    /// [`EngineError::Refused`] where a cell cannot be represented exactly, [`EngineError::Failed`] where the table
    /// exists or its name or columns are not possible, [`EngineError::Down`] where the server cannot go on. No table is
    /// left behind in any case.
    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError>;

    /// Runs one query and returns its rows, in the query's order, as values of the types of `fields`.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where the engine refuses the SQL, [`EngineError::Mismatch`] where the columns are not
    /// exactly `fields` by name and order, or a cell is not of the declared type, [`EngineError::TooLarge`] where a number of
    /// the answer is beyond what the engine holds.
    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError>;

    /// Returns `name` as one identifier of its SQL.
    fn quoted(&self, name: &str) -> String {
        quote::name(name)
    }

    /// Returns the columns that a table of the database has, in its order, each held against the field of its name. Dots
    /// in the name part catalog, schema and table.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where there is no such table, [`EngineError::Unavailable`] where the engine has no tables of
    /// users.
    fn describe(&mut self, table: &str, _fields: &[Field]) -> Result<Vec<Described>, EngineError> {
        let what = format!("{} does not tell the columns of `{table}`", self.name());
        Err(EngineError::Unavailable { what, remedy: "Name a target with another engine.".to_owned() })
    }

    /// Returns the text in which the catalogue of the database would keep a view of `query`; `None` where that is the text
    /// itself, or not known. The view it is read from is one of the session, and dropped.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where the engine refuses the view, [`EngineError::Down`] where the server cannot go on.
    fn rewritten(&mut self, _query: &str) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    /// Drops every loaded table, so that the next fixture finds an empty database.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] where the engine cannot drop a table.
    fn clear(&mut self) -> Result<(), EngineError>;
}

/// A column of a table that the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its type, as the engine calls it.
    pub ty: String,
    /// Whether every value of the type is one of the field's, in the representation that SQL for this engine works on;
    /// `None` where no field has the name.
    pub fits: Option<bool>,
}

impl dyn Engine + '_ {
    /// Returns the name of a table of the database as its SQL names it; dots part catalog, schema and table.
    pub fn table_name(&self, table: &str) -> String {
        table.split('.').map(|part| self.quoted(part)).collect::<Vec<_>>().join(".")
    }
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
    /// Whether it is a server, with an address.
    pub is_server: bool,
    /// Opens a session where this engine usually is: in this process, or at its usual address.
    pub open: fn() -> Result<Box<dyn Engine>, EngineError>,
    /// Opens a session at an address, where tables of its users lie.
    pub open_at: fn(&Address) -> Result<Box<dyn Engine>, EngineError>,
}

impl EngineEntry {
    /// Returns the engine called `name`.
    pub fn find(name: &str) -> Option<&'static EngineEntry> {
        ENGINES.iter().find(|entry| entry.name == name)
    }

    /// Returns the address at which [`open`](Self::open) looks.
    pub fn address(&self) -> Address {
        Address::of_engine(self.name)
    }

    /// Tells whether anybody who runs all engines means this one: it is no server, or its address is set.
    pub fn is_meant(&self) -> bool {
        !self.is_server || self.address().is_set()
    }

    /// Tells whether tests must not do without it: `ETALON_REQUIRE_ENGINES` lists its name, as in `duckdb,postgres`.
    pub fn is_required(&self) -> bool {
        let listed = std::env::var("ETALON_REQUIRE_ENGINES").unwrap_or_default();
        listed.split(',').any(|name| name.trim() == self.name)
    }
}

/// Every engine, in the order in which reports list them.
pub const ENGINES: &[EngineEntry] = &[
    sqlite::ENTRY,
    duckdb::ENTRY,
    postgres::ENTRY,
    clickhouse::ENTRY,
    mariadb::ENTRY,
    spark::ENTRY,
    sail::ENTRY,
    bigquery::ENTRY,
    snowflake::ENTRY,
];

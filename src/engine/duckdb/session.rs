//! One connection to one fresh DuckDB database in memory.
//!
//! Sends statements and takes Arrow batches back. Knows no etalon types.

use adbc_core::error::Error;
use adbc_core::options::{IngestMode, OptionDatabase, OptionStatement, OptionValue};
use adbc_core::{Connection, Database, Driver, Optionable, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedStatement};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::{NAME, library};
use crate::engine::EngineError;
use crate::engine::error::excerpt;

/// What a session may reach outside its own memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Neither files nor network.
    Nothing,
    /// Files.
    Files,
}

/// A connection that keeps its database alive.
pub(super) struct Session {
    connection: ManagedConnection,
}

/// All batches of a result.
pub(super) struct Answer {
    /// The columns, present also where there is no batch.
    pub(super) schema: SchemaRef,
    /// The rows.
    pub(super) batches: Vec<RecordBatch>,
}

impl Session {
    /// Opens a fresh database. One thread makes the order of floating-point sums repeatable.
    pub(super) fn open(access: Access) -> Result<Self, EngineError> {
        let external = if access == Access::Files { "true" } else { "false" };
        let options = [
            ("threads", "1"),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("enable_external_access", external),
        ]
        .map(|(key, value)| (OptionDatabase::Other(key.to_owned()), OptionValue::from(value)));
        let connection = library::driver()?
            .new_database_with_opts(options)
            .and_then(|database| database.new_connection())
            .map_err(|error| library::unavailable(format!("DuckDB does not open: {}", error.message)))?;
        let mut session = Self { connection };
        session.execute("SET TimeZone = 'UTC'").map_err(|error| {
            library::unavailable(format!("this build of DuckDB has no time zones (its ICU extension): {error}"))
        })?;
        Ok(session)
    }

    /// Runs a statement without a result.
    pub(super) fn execute(&mut self, sql: &str) -> Result<(), EngineError> {
        let mut statement = self.statement(sql)?;
        statement.execute_update().map_err(|error| failed(&error, sql))?;
        Ok(())
    }

    /// Runs a query to its end.
    pub(super) fn query(&mut self, sql: &str) -> Result<Answer, EngineError> {
        let mut statement = self.statement(sql)?;
        let reader = statement.execute().map_err(|error| failed(&error, sql))?;
        let schema = reader.schema();
        let batches: Result<Vec<RecordBatch>, ArrowError> = reader.collect();
        let batches = batches.map_err(|error| failed_with(error.to_string(), sql))?;
        Ok(Answer { schema, batches })
    }

    /// Appends the rows of `batch` to the existing `table`.
    pub(super) fn append(&mut self, table: &str, batch: RecordBatch) -> Result<(), EngineError> {
        let ingest = || {
            let mut statement = self.connection.new_statement()?;
            statement.set_option(OptionStatement::TargetTable, table.into())?;
            statement.set_option(OptionStatement::IngestMode, IngestMode::Append.into())?;
            statement.bind(batch)?;
            statement.execute_update()
        };
        ingest().map_err(|error| failed(&error, ""))?;
        Ok(())
    }

    fn statement(&mut self, sql: &str) -> Result<ManagedStatement, EngineError> {
        let mut prepare = || {
            let mut statement = self.connection.new_statement()?;
            statement.set_sql_query(sql)?;
            Ok(statement)
        };
        prepare().map_err(|error: Error| failed(&error, sql))
    }
}

fn failed(error: &Error, sql: &str) -> EngineError {
    failed_with(error.message.clone(), sql)
}

fn failed_with(message: String, sql: &str) -> EngineError {
    EngineError::Failed { engine: NAME, message, sql: excerpt(sql, None) }
}

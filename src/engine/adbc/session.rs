//! One connection of an engine.
//!
//! Sends statements and takes Arrow batches back. Knows no etalon types.

use adbc_core::error::Error;
use adbc_core::options::{IngestMode, OptionStatement};
use adbc_core::{Connection, Database, Driver, Optionable, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedStatement};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::failure::{Complaint, Reach, Speaker};
use super::profile::Profile;
use crate::engine::EngineError;
use crate::engine::address::Address;

/// A connection that keeps its database alive.
pub(in crate::engine) struct Session {
    connection: ManagedConnection,
    profile: &'static dyn Profile,
    address: Address,
}

/// All batches of a result.
pub(in crate::engine) struct Answer {
    /// The columns, present also where there is no batch.
    pub(in crate::engine) schema: SchemaRef,
    /// The rows.
    pub(in crate::engine) batches: Vec<RecordBatch>,
}

impl Session {
    /// Opens a connection and sets it up.
    pub(in crate::engine) fn open(profile: &'static dyn Profile, address: &Address) -> Result<Self, EngineError> {
        let settings = profile.database(address)?;
        let speaker = Speaker { profile, address };
        let refused = |error: Error| {
            let complaint = Complaint::from(error);
            if profile.is_server() { complaint.down(&speaker, true) } else { complaint.unavailable(&speaker) }
        };
        let mut driver = profile.driver().load()?;
        let database = driver.new_database_with_opts(settings).map_err(refused)?;
        let connection = database.new_connection().map_err(refused)?;
        let mut session = Self { connection, profile, address: address.clone() };
        for statement in profile.setup(address) {
            session.execute(&statement).map_err(|error| match error {
                // A build that lacks a part, such as the time zones.
                EngineError::Failed { .. } if !profile.is_server() => {
                    let driver = profile.driver();
                    driver.unavailable(format!("this build of {} does not take `{statement}`: {error}", driver.title))
                }
                error => error,
            })?;
        }
        Ok(session)
    }

    /// Returns the engine's profile.
    pub(super) fn profile(&self) -> &'static dyn Profile {
        self.profile
    }

    /// Runs a statement without a result.
    pub(in crate::engine) fn execute(&mut self, sql: &str) -> Result<(), EngineError> {
        let run = |mut statement: ManagedStatement| statement.execute_update();
        self.statement(sql).and_then(run).map_err(|error| self.error(error.into(), sql))?;
        Ok(())
    }

    /// Runs a query to its end.
    pub(in crate::engine) fn query(&mut self, sql: &str) -> Result<Answer, EngineError> {
        self.answer(sql).map_err(|complaint| self.error(complaint, sql))
    }

    fn answer(&mut self, sql: &str) -> Result<Answer, Complaint> {
        let mut statement = self.statement(sql)?;
        for (key, value) in self.profile.query_options() {
            statement.set_option(OptionStatement::Other((*key).to_owned()), (*value).into())?;
        }
        let reader = statement.execute()?;
        let schema = reader.schema();
        let batches: Result<Vec<RecordBatch>, ArrowError> = reader.collect();
        Ok(Answer { schema, batches: batches? })
    }

    /// Appends the rows of `batch` to the existing `table`.
    pub(super) fn append(&mut self, table: &str, temporary: bool, batch: RecordBatch) -> Result<(), EngineError> {
        let ingest = || {
            let mut statement = self.connection.new_statement()?;
            statement.set_option(OptionStatement::TargetTable, table.into())?;
            statement.set_option(OptionStatement::IngestMode, IngestMode::Append.into())?;
            if temporary {
                statement.set_option(OptionStatement::Temporary, true.into())?;
            }
            statement.bind(batch)?;
            statement.execute_update()
        };
        ingest().map_err(|error| self.error(error.into(), ""))?;
        Ok(())
    }

    fn statement(&mut self, sql: &str) -> Result<ManagedStatement, Error> {
        let mut statement = self.connection.new_statement()?;
        statement.set_sql_query(sql)?;
        Ok(statement)
    }

    /// Returns what went wrong. A server that does not even answer the simplest question is down.
    fn error(&mut self, complaint: Complaint, sql: &str) -> EngineError {
        let reach = if self.profile.is_server() { complaint.reach() } else { Reach::Statement };
        let is_down = reach == Reach::Session || (reach == Reach::Unclear && self.answer("SELECT 1 AS one").is_err());
        let speaker = Speaker { profile: self.profile, address: &self.address };
        if is_down { complaint.down(&speaker, false) } else { complaint.failed(&speaker, sql) }
    }
}

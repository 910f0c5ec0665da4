//! What differs between engines that are reached through ADBC.
//!
//! One implementation of [`Profile`] is one engine. Sends nothing itself.

use std::ops::RangeInclusive;

use adbc_core::options::{OptionDatabase, OptionValue};
use arrow_schema::{DataType, Field};

use super::driver::Driver;
use super::rows::Cell;
use crate::engine::address::Address;
use crate::engine::{EngineError, quote};
use crate::value::{Type, Value};

/// An option that a database is opened with.
pub(in crate::engine) type Setting = (OptionDatabase, OptionValue);

/// How the rows of a table get into the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Filling {
    /// As Arrow batches that are appended to the created table.
    Ingest {
        /// Whether the driver has to be told that the table is a temporary one.
        temporary: bool,
    },
    /// As literals, so many rows a statement; slower, for drivers that cannot ingest exactly.
    Insert {
        /// Rows of one statement.
        rows: usize,
    },
    /// As literals inside of a temporary view, for engines without temporary tables.
    View,
}

/// Statements about a view of the session.
pub(in crate::engine) struct View {
    /// Makes it.
    pub(in crate::engine) create: String,
    /// Asks for its `definition`, as the catalogue has it.
    pub(in crate::engine) tell: String,
    /// Drops it.
    pub(in crate::engine) drop: String,
}

/// An engine behind an ADBC driver.
pub(in crate::engine) trait Profile: Sync {
    /// Returns the engine's name.
    fn name(&self) -> &'static str;

    /// Returns the name of the SQL dialect it speaks.
    fn dialect(&self) -> &'static str {
        self.name()
    }

    /// Returns the driver's library.
    fn driver(&self) -> Driver;

    /// Tells whether it is a server, which may be away, refuse the caller, or go away.
    fn is_server(&self) -> bool;

    /// Returns what a database at `address` is opened with.
    fn database(&self, address: &Address) -> Result<Vec<Setting>, EngineError>;

    /// Returns the options of every query, by name.
    fn query_options(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Returns the statements that begin a session: the zone is UTC, sums do not depend on chance.
    fn setup(&self, address: &Address) -> Vec<String>;

    /// Returns the statements that let a session create and drop its own tables, and that forbid it all writing
    /// again, where the engine can.
    fn lock(&self) -> Option<[&'static str; 2]> {
        None
    }

    /// Returns the query for the version: one text, whose first word it is.
    fn version(&self) -> &'static str {
        "SELECT version() AS version"
    }

    /// Returns the type of a column that holds `ty`.
    fn column_type(&self, ty: Type) -> String;

    /// Returns `name` as one identifier.
    fn quoted(&self, name: &str) -> String {
        quote::name(name)
    }

    /// Returns the name of a column of a result, by the name under which the engine knows it.
    fn told_name(&self, name: &str) -> String {
        name.to_owned()
    }

    /// Returns the most bytes that a name can have.
    fn longest_name(&self) -> usize {
        usize::MAX
    }

    /// Returns the statement that creates a table of the session with these `columns`.
    fn create(&self, table: &str, columns: &str) -> String {
        format!("CREATE TEMPORARY TABLE {} ({columns})", self.quoted(table))
    }

    /// Returns the statement that drops a table of the session, and no other of that name.
    fn drop(&self, table: &str) -> String;

    /// Returns the statements about a view of `query`, where the catalogue keeps views in words of its own.
    fn view(&self, _query: &str) -> Option<View> {
        None
    }

    /// Returns how rows get in.
    fn filling(&self) -> Filling;

    /// Returns a cell that has passed all checks as a literal for a column of type `ty`.
    fn literal(&self, cell: &Value, ty: Type) -> String {
        super::literal::literal(self.column_type(ty), cell, ty)
    }

    /// Returns the microseconds since 1970 that its timestamps hold; days lie within them too.
    fn instants(&self) -> RangeInclusive<i64>;

    /// Returns the value of type `ty` that a cell of a result represents exactly.
    fn value(&self, cell: &Cell<'_>, ty: Type) -> Option<Value> {
        cell.standard(ty)
    }

    /// Tells whether every value of a table's column is exactly one of type `ty`, as compiled SQL works on it.
    fn fits(&self, column: &Field, ty: Type) -> bool {
        fits_by_type(column, ty)
    }

    /// Returns what a column's type is called.
    fn type_name(&self, column: &Field) -> String {
        column.data_type().to_string()
    }

    /// Returns the part of the driver's message that people need.
    fn told(&self, message: &str) -> String {
        message.to_owned()
    }

    /// Returns the line of the statement, from 1, that the driver's message speaks of.
    fn line(&self, _message: &str) -> Option<usize> {
        None
    }

    /// Returns what to do about a failure to open, by a part of the message that tells it.
    fn remedies(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// Tells whether every value of a column is exactly one of type `ty`, by its Arrow type alone.
pub(in crate::engine) fn fits_by_type(column: &Field, ty: Type) -> bool {
    match (column.data_type(), ty) {
        (DataType::Boolean, Type::Boolean)
        | (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, Type::Text)
        | (DataType::Timestamp(_, None), Type::Instant)
        | (DataType::Date32, Type::Date)
        | (DataType::Float64, Type::Real) => true,
        (DataType::Decimal128(_, digits), Type::Number(scale)) => i16::from(*digits) <= i16::from(scale),
        (DataType::Decimal128(_, digits), Type::Duration) => *digits <= 6,
        (whole, Type::Number(_)) => whole.is_integer(),
        _ => false,
    }
}

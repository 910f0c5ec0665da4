//! The ways a question to a plan can have no answer.
//!
//! Knows no step: each names the fact that stood in the way.

use crate::value::Instant;

/// A plan could not be computed over the tables given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InterpretError {
    /// The plan reads a source that no table was given for.
    #[error("no table is given for the source `{name}`")]
    MissingTable {
        /// The source.
        name: String,
    },
    /// A table lacks a column that the plan scans.
    #[error("the table of `{name}` has no column `{column}`")]
    MissingColumn {
        /// The source.
        name: String,
        /// The column.
        column: String,
    },
    /// A row of a table has more or fewer cells than the table has columns.
    #[error("row {row} of the table of `{name}` has {cells} cells for {columns} columns")]
    Ragged {
        /// The source.
        name: String,
        /// The row, from 1.
        row: usize,
        /// Cells it has.
        cells: usize,
        /// Cells it should have.
        columns: usize,
    },
    /// A key column or the order instant holds a null.
    #[error("`{column}` is null in row {row} of `{name}`, where it names or dates the row")]
    NullIdentity {
        /// The source.
        name: String,
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
    },
    /// Two rows of a source declared free of duplicates have one key.
    #[error("rows {first} and {second} of `{name}` have the same key, and the source declares that none do")]
    DuplicateKey {
        /// The source.
        name: String,
        /// One row, from 1.
        first: usize,
        /// The other row, from 1.
        second: usize,
    },
    /// Two different rows of one key stand at the same place of the total order, so neither stands for the other.
    #[error("rows {first} and {second} of `{name}` have the same key and the same place in the order, but differ")]
    AmbiguousDuplicate {
        /// The source.
        name: String,
        /// One row, from 1.
        first: usize,
        /// The other row, from 1.
        second: usize,
    },
    /// An expression or step reads a column that its scan does not carry.
    #[error("the plan reads the column `{name}`, which its scan does not carry")]
    UnknownColumn {
        /// The column.
        name: String,
    },
    /// The request groups by something that is no dimension of the plan.
    #[error("`{name}` is no dimension of `{metric}`")]
    UnknownDimension {
        /// The metric.
        metric: String,
        /// What was asked for.
        name: String,
    },
    /// The zone database has no such zone.
    #[error("`{name}` is no time zone")]
    UnknownZone {
        /// The zone.
        name: String,
    },
    /// An instant lies outside the years that have a calendar.
    #[error("{} microseconds after 1970 lie outside the calendar (years -9999 to 9999)", .at.micros())]
    OutsideCalendar {
        /// The instant.
        at: Instant,
    },
    /// The request asks for a list of periods that is too long.
    #[error("the request asks for more than {limit} periods: shorten its range or lengthen its grain")]
    TooManyPeriods {
        /// How many there may be.
        limit: usize,
    },
    /// The start of a period that has none is asked for.
    #[error("the metric asks for the start of its period; with grain `all` the request must say it (`from`)")]
    NoPeriodStart,
    /// A lookup that may find one row finds several.
    #[error("rows {first} and {second} of `{name}` belong to one and the same row, where at most one may")]
    SeveralMatches {
        /// The source looked up.
        name: String,
        /// One row, from 1.
        first: usize,
        /// The other row, from 1.
        second: usize,
    },
    /// A result is too large to be exact.
    #[error("{what} is too large to be held exactly")]
    Overflow {
        /// What was computed.
        what: &'static str,
    },
    /// A cell or operand is of another type than the plan says.
    #[error("{what} meets a value of another type")]
    Mismatch {
        /// What was computed.
        what: &'static str,
    },
    /// The plan contradicts itself.
    #[error("the plan contradicts itself: {what}")]
    Contradiction {
        /// The contradiction.
        what: String,
    },
}

/// The error of an operation named `what` whose result cannot be held.
pub(super) fn overflow(what: &'static str) -> InterpretError {
    InterpretError::Overflow { what }
}

/// The error of an operation named `what` on a value of another type.
pub(super) fn mismatch(what: &'static str) -> InterpretError {
    InterpretError::Mismatch { what }
}

//! Checks that a cell passes before any engine stores it.
//!
//! What is refused here is refused by every engine, so that none answers where another cannot. Knows no engine.

use crate::engine::EngineError;
use crate::table::Table;
use crate::value::{Number, Type, Value};

/// The table that is being loaded, for errors that name a cell of it.
#[derive(Clone, Copy)]
pub(super) struct Loading<'a> {
    /// Name of the engine.
    pub(super) engine: &'static str,
    /// Name of the table.
    pub(super) table: &'a str,
    /// Its content.
    pub(super) data: &'a Table,
}

impl Loading<'_> {
    /// Returns the error that refuses the cell at `row` and `column`, both from 0.
    pub(super) fn refused(&self, row: usize, column: usize, reason: String) -> EngineError {
        let column = self.data.fields.get(column).map_or_else(String::new, |field| field.name.clone());
        EngineError::Refused { engine: self.engine, table: self.table.to_owned(), row: row + 1, column, reason }
    }

    /// Refuses rows that have not one cell per field.
    pub(super) fn check_width(&self) -> Result<(), EngineError> {
        let width = self.data.fields.len();
        let Some(row) = self.data.rows.iter().position(|row| row.len() != width) else { return Ok(()) };
        let cells = self.data.rows[row].len();
        let reason = format!("the row has {cells} cells where the table has {width} columns");
        Err(self.refused(row, cells.min(width.saturating_sub(1)), reason))
    }
}

/// Returns the mantissa of `number` at `scale`; refuses to lose a digit.
pub(super) fn mantissa(number: Number, scale: u8) -> Result<i128, String> {
    number
        .rescale(scale)
        .map(Number::mantissa)
        .ok_or_else(|| format!("`{number}` does not fit `{}` exactly", Type::Number(scale)))
}

/// Returns `integer` if 64 bits hold it; `number` is what the message shows.
pub(super) fn word(integer: i128, number: Number) -> Result<i64, String> {
    i64::try_from(integer).map_err(|_| format!("`{number}` has more digits than 64 bits hold"))
}

/// Returns `text`; refuses one with a NUL character, which ends a string for some SQL functions and not for others.
pub(super) fn plain(text: &str) -> Result<&str, String> {
    if text.contains('\0') { Err("the text holds a NUL character".to_owned()) } else { Ok(text) }
}

/// Returns `real`; refuses infinities and NaN, which not every engine stores.
pub(super) fn finite(real: f64) -> Result<f64, String> {
    if real.is_finite() { Ok(real) } else { Err(format!("`{real}` is no finite number")) }
}

/// Returns why `value` cannot stand in a column of type `ty`.
pub(super) fn other_type(value: &Value, ty: Type) -> String {
    format!("`{value}` is not of type `{ty}`")
}

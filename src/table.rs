//! Typed tables in memory: what sources are read into and results come out as.
//!
//! Rows keep the order they were given in. Knows no file format and no engine.

use crate::value::{Type, Value};

/// A named, typed column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Column name.
    pub name: String,
    /// Type of every non-null cell.
    pub ty: Type,
}

impl Field {
    /// Returns a field.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Self { name: name.into(), ty }
    }
}

/// A table: fields, and rows of as many cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in order.
    pub fields: Vec<Field>,
    /// The rows; each has one cell per field.
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// Returns an empty table with these columns.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, rows: Vec::new() }
    }

    /// Returns the index of the column `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the cell of `row` in column `name`; null where the table has no such column.
    pub fn cell(&self, row: usize, name: &str) -> &Value {
        self.index(name).map_or(&Value::Null, |index| &self.rows[row][index])
    }
}

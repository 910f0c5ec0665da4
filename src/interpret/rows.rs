//! Rows as the steps see them: the cells of a table with facts beside them, found by place instead of name.
//!
//! Knows no step and no expression.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use hashbrown::Equivalent;

use super::InterpretError;
use super::error::mismatch;
use crate::value::{Instant, Value};

/// Where a column's value stands in a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The cell at this index.
    Cell(usize),
    /// The fact at this index.
    Fact(usize),
}

/// One row: its cells in its table, and what was found about it so far: derived columns, then facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    cells: &'a [Value],
    facts: &'a [Value],
    /// The row that an event is looked at from.
    outer: Option<&'a Row<'a>>,
}

impl<'a> Row<'a> {
    /// Returns a row of these cells and facts.
    pub(super) fn new(cells: &'a [Value], facts: &'a [Value]) -> Self {
        Self { cells, facts, outer: None }
    }

    /// Returns the row, an event, as seen from the row `outer`.
    pub(super) fn seen_from(self, outer: &'a Row<'a>) -> Self {
        Self { outer: Some(outer), ..self }
    }

    /// Returns the row it is seen from.
    pub(super) fn outer(self) -> Option<&'a Row<'a>> {
        self.outer
    }

    /// Returns the value at `place`.
    pub(super) fn at(self, place: Place) -> &'a Value {
        match place {
            Place::Cell(index) => &self.cells[index],
            Place::Fact(index) => &self.facts[index],
        }
    }
}

/// What was found about some rows: as many values of each, row after row.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    values: Vec<Value>,
    width: usize,
}

impl Findings {
    /// Returns room for `width` values of each row, null as yet.
    pub(super) fn with_room(rows: usize, width: usize) -> Self {
        Self { values: vec![Value::Null; rows * width], width }
    }

    /// Returns the values of a row.
    pub(super) fn of(&self, row: usize) -> &[Value] {
        &self.values[row * self.width..(row + 1) * self.width]
    }

    /// Returns the values of a row, to be set.
    pub(super) fn of_mut(&mut self, row: usize) -> &mut [Value] {
        &mut self.values[row * self.width..(row + 1) * self.width]
    }
}

/// The names of a row's columns and facts with their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    places: BTreeMap<String, Place>,
    facts: usize,
}

impl Layout {
    /// Adds a column that stands at the cell `index`.
    pub(super) fn add_cell(&mut self, name: &str, index: usize) {
        self.places.insert(name.to_owned(), Place::Cell(index));
    }

    /// Adds a derived column or a fact behind those there are.
    pub(super) fn add_fact(&mut self, name: &str) {
        self.places.insert(name.to_owned(), Place::Fact(self.facts));
        self.facts += 1;
    }

    /// Returns how many derived columns and facts there are.
    pub(super) fn facts(&self) -> usize {
        self.facts
    }

    /// Returns the place of `name`.
    pub(super) fn place(&self, name: &str) -> Result<Place, InterpretError> {
        self.places.get(name).copied().ok_or_else(|| InterpretError::UnknownColumn { name: name.to_owned() })
    }

    /// Returns the index of the cell `name`; a fact is none.
    pub(super) fn cell(&self, name: &str) -> Result<usize, InterpretError> {
        match self.place(name)? {
            Place::Cell(index) => Ok(index),
            Place::Fact(_) => Err(InterpretError::UnknownColumn { name: name.to_owned() }),
        }
    }

    /// Returns the places of `names`, in their order.
    pub(super) fn places<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Result<Vec<Place>, InterpretError> {
        names.into_iter().map(|name| self.place(name)).collect()
    }

    /// Returns the indices of the cells `names`, in their order.
    pub(super) fn cells<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Result<Vec<usize>, InterpretError> {
        names.into_iter().map(|name| self.cell(name)).collect()
    }
}

/// Reads an instant; `None` for null.
pub(super) fn instant(value: &Value) -> Result<Option<Instant>, InterpretError> {
    match value {
        Value::Null => Ok(None),
        Value::Instant(instant) => Ok(Some(*instant)),
        _ => Err(mismatch("an instant column")),
    }
}

/// Some values of a row, to be looked up by; null is equal to null here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    row: Row<'a>,
    places: &'a [Place],
}

impl<'a> Key<'a> {
    /// Returns the key that the values at `places` make.
    pub(super) fn new(row: Row<'a>, places: &'a [Place]) -> Self {
        Self { row, places }
    }

    /// Returns the values in their order.
    pub(super) fn values(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        let row = self.row;
        self.places.iter().map(move |place| row.at(*place))
    }

    /// Returns the value at `index` of its places.
    pub(super) fn value(&self, index: usize) -> &'a Value {
        self.row.at(self.places[index])
    }

    /// Tells whether any part is null.
    pub(super) fn has_null(&self) -> bool {
        self.values().any(Value::is_null)
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.places.len() == other.places.len() && self.values().eq(other.values())
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for value in self.values() {
            hash(value, state);
        }
    }
}

/// The values of a [`Key`] on their own, to be looked up among.
#[derive(Debug, PartialEq)]
pub(super) struct OwnKey(Vec<Value>);

impl Eq for OwnKey {}

impl OwnKey {
    /// Returns a copy of the key's values.
    pub(super) fn of(key: &Key<'_>) -> Self {
        Self(key.values().cloned().collect())
    }
}

impl Equivalent<OwnKey> for Key<'_> {
    fn equivalent(&self, own: &OwnKey) -> bool {
        self.values().eq(&own.0)
    }
}

impl Hash for OwnKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|value| hash(value, state));
    }
}

/// A value of its own that can be kept in a set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member(pub(super) Value);

impl Eq for Member {}

impl Hash for Member {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

/// Hashes a value so that equal ones have one hash.
pub(super) fn hash<H: Hasher>(value: &Value, state: &mut H) {
    std::mem::discriminant(value).hash(state);
    match value {
        Value::Null => {}
        Value::Boolean(boolean) => boolean.hash(state),
        Value::Text(text) => text.hash(state),
        Value::Number(number) => number.hash(state),
        Value::Duration(duration) => duration.hash(state),
        Value::Instant(instant) => instant.hash(state),
        Value::Date(date) => date.hash(state),
        Value::Real(real) => real.to_bits().hash(state),
    }
}

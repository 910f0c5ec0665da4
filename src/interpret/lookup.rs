//! Rows of another source found by equal columns.
//!
//! Knows no fact: a list of the rows that match a row, in the source's order.

use std::collections::HashMap;

use super::InterpretError;
use super::rows::{Key, Layout, Member, Place, Row};
use super::scan::Scanned;

/// The rows of a source by the values they are matched by.
#[derive(Debug)]
pub(super) struct Lookup {
    groups: HashMap<Vec<Member>, Vec<usize>>,
    row_match: Vec<Place>,
}

impl Lookup {
    /// Sorts the rows of `other` by the second names of `same`; the first are columns or facts of the `row`.
    pub(super) fn new(other: &Scanned<'_>, same: &[(String, String)], row: &Layout) -> Result<Self, InterpretError> {
        let other_match = other.layout.places(same.iter().map(|(_, other)| other))?;
        let row_match = row.places(same.iter().map(|(row, _)| row))?;
        let mut groups: HashMap<Vec<Member>, Vec<usize>> = HashMap::new();
        for index in 0..other.len() {
            let key = Key::new(other.row(index), &other_match);
            // Null equals nothing.
            if !key.has_null() {
                groups.entry(key.members()).or_default().push(index);
            }
        }
        Ok(Self { groups, row_match })
    }

    /// Returns the rows that match `row`; none where one of its match columns is null.
    pub(super) fn of(&self, row: Row<'_>) -> &[usize] {
        let key = Key::new(row, &self.row_match);
        self.groups.get(&key.members()).map_or(&[], Vec::as_slice)
    }
}

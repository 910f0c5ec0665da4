//! Rows of another source found by equal columns.
//!
//! Knows no fact: a list of the rows that match a row, in the source's order.

use hashbrown::HashMap;

use super::InterpretError;
use super::rows::{Key, Layout, OwnKey, Place, Row};
use super::scan::Scanned;

/// The rows of a source by the values they are matched by.
#[derive(Debug)]
pub(super) struct Lookup {
    groups: HashMap<OwnKey, Vec<usize>>,
    row_match: Vec<Place>,
}

impl Lookup {
    /// Sorts the rows of `other` by the second names of `same`; the first are columns or facts of the `row`.
    pub(super) fn new(other: &Scanned<'_>, same: &[(String, String)], row: &Layout) -> Result<Self, InterpretError> {
        let other_match = other.layout.places(same.iter().map(|(_, other)| other))?;
        let row_match = row.places(same.iter().map(|(row, _)| row))?;
        let mut groups: HashMap<OwnKey, Vec<usize>> = HashMap::new();
        for index in 0..other.len() {
            let key = Key::new(other.row(index), &other_match);
            // Null equals nothing.
            if key.has_null() {
                continue;
            }
            if let Some(group) = groups.get_mut(&key) {
                group.push(index);
            } else {
                groups.insert(OwnKey::of(&key), vec![index]);
            }
        }
        Ok(Self { groups, row_match })
    }

    /// Returns the rows of `other`, which were sorted, that match `row`; none where one of its match columns is null.
    pub(super) fn of(&self, row: Row<'_>) -> &[usize] {
        self.groups.get(&Key::new(row, &self.row_match)).map_or(&[], Vec::as_slice)
    }
}

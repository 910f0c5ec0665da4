//! Rows of another source found by equal columns.
//!
//! Knows no fact: a list of the rows that match a row, in the source's order.

use super::InterpretError;
use super::numbered::Numbered;
use super::rows::{Key, Layout, Place, Row};
use super::scan::Scanned;

/// The rows of a source by the values they are matched by.
#[derive(Debug)]
pub(super) struct Lookup {
    numbers: Numbered,
    groups: Vec<Vec<usize>>,
    other_match: Vec<Place>,
    row_match: Vec<Place>,
}

impl Lookup {
    /// Sorts the rows of `other` by the second names of `same`; the first are columns or facts of the `row`.
    pub(super) fn new(other: &Scanned<'_>, same: &[(String, String)], row: &Layout) -> Result<Self, InterpretError> {
        let other_match = other.layout.places(same.iter().map(|(_, other)| other))?;
        let row_match = row.places(same.iter().map(|(row, _)| row))?;
        let mut numbers = Numbered::with_room(0);
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let key = |index: usize| Key::new(other.row(index), &other_match);
        // Null equals nothing.
        for index in (0..other.len()).filter(|index| !key(*index).has_null()) {
            let number = numbers.number(&key(index), |number| key(groups[number][0]));
            match groups.get_mut(number) {
                Some(group) => group.push(index),
                None => groups.push(vec![index]),
            }
        }
        Ok(Self { numbers, groups, other_match, row_match })
    }

    /// Returns the rows of `other`, which were sorted, that match `row`; none where one of its match columns is null.
    pub(super) fn of(&self, row: Row<'_>, other: &Scanned<'_>) -> &[usize] {
        let first = |number: usize| Key::new(other.row(self.groups[number][0]), &self.other_match);
        let number = self.numbers.find(&Key::new(row, &self.row_match), first);
        number.map_or(&[], |number| self.groups[number].as_slice())
    }
}

//! Numbers for keys, in the order in which they are first seen.
//!
//! Copies no value. Order of hashes reaches nothing.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;

use super::rows::{Key, hash};
use crate::value::Value;

/// Numbers from 0, one for each key; all keys have as many values.
///
/// A key is numbered value by value: the number of its first values makes, with the next one, the number of one value more.
#[derive(Debug)]
pub(super) struct Numbered<'a> {
    longer: Vec<HashMap<Longer<'a>, usize>>,
}

/// The number of a key's first values, and the value after them.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Longer<'a> {
    first: usize,
    next: Next<'a>,
}

/// A value where it is compared from: a text by its letters, so that its row need not be looked for in memory.
#[derive(Debug, PartialEq)]
enum Next<'a> {
    Text(&'a str),
    Other(&'a Value),
}

impl<'a> Numbered<'a> {
    /// Returns no numbers yet of keys of so many values, with room for so many keys.
    pub(super) fn with_room(values: usize, keys: usize) -> Self {
        Self { longer: (0..values).map(|_| HashMap::with_capacity(keys)).collect() }
    }

    /// Returns how many keys have a number; keys without values are all the same.
    pub(super) fn len(&self) -> usize {
        self.longer.last().map_or(1, HashMap::len)
    }

    /// Returns the number of `key`: how many there are, where it is new.
    pub(super) fn number(&mut self, key: &Key<'a>) -> usize {
        let mut number = 0;
        for (longer, next) in self.longer.iter_mut().zip(key.values()) {
            let new = longer.len();
            number = *longer.entry(Longer { first: number, next: next.into() }).or_insert(new);
        }
        number
    }

    /// Returns the number of `key`, if it has one.
    pub(super) fn find(&self, key: &Key<'_>) -> Option<usize> {
        let mut number = 0;
        for (longer, next) in self.longer.iter().zip(key.values()) {
            number = *longer.get(&Longer { first: number, next: next.into() })?;
        }
        Some(number)
    }
}

impl<'a> From<&'a Value> for Next<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Next::Text(text),
            other => Next::Other(other),
        }
    }
}

impl Eq for Next<'_> {}

impl Hash for Next<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Next::Text(text) => text.hash(state),
            Next::Other(value) => hash(value, state),
        }
    }
}

#[cfg(test)]
#[path = "tests/numbered.rs"]
mod tests;

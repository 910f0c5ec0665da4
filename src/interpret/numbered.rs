//! Numbers for keys, in the order in which they are first seen.
//!
//! Copies no value. The keys are shared out by their hashes, so that each core looks for equal ones among its own; no order of
//! hashes and no number of cores reaches the numbers.

use std::convert::Infallible;
use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::rows::{Key, hash};
use super::shares;
use crate::cores;
use crate::value::Value;

/// Numbers from 0, one for each key; all keys have as many values.
///
/// A key is numbered value by value: the number of its first values makes, with the next one, the number of one value more.
#[derive(Debug)]
pub(super) struct Numbered<'a> {
    longer: Vec<Longer<'a>>,
    hasher: DefaultHashBuilder,
}

/// The numbers of keys of one value more.
#[derive(Debug)]
struct Longer<'a> {
    parts: Vec<Part<'a>>,
    len: usize,
}

/// Those of them whose hashes fall to one core.
#[derive(Debug, Default)]
struct Part<'a> {
    places: HashTable<(Known<'a>, usize)>,
    /// The number of the key at each place.
    numbers: Vec<usize>,
}

/// The number of a key's first values, and the value after them, with the hash of both.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    hash: u64,
    first: usize,
    next: Next<'a>,
}

/// A value where it is compared from: a text by its letters, so that its row need not be looked for in memory.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Next<'a> {
    Text(&'a str),
    Other(&'a Value),
}

impl<'a> Numbered<'a> {
    /// Numbers `rows` keys of so many values, and returns the number of each beside them; keys without values are all the same.
    pub(super) fn of(values: usize, rows: usize, key: impl Fn(usize) -> Key<'a> + Sync) -> (Self, Vec<usize>) {
        let mut numbered = Self { longer: Vec::with_capacity(values), hasher: DefaultHashBuilder::default() };
        let mut numbers = vec![0; rows];
        for value in 0..values {
            let known = |row: usize| numbered.known(numbers[row], key(row).value(value));
            let Ok::<_, Infallible>(known) = shares::over(rows, |share| Ok(share.map(known).collect::<Vec<_>>()));
            let (longer, longer_numbers) = Longer::of(&known);
            numbers = longer_numbers;
            numbered.longer.push(longer);
        }
        (numbered, numbers)
    }

    /// Returns how many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.longer.last().map_or(1, |longer| longer.len)
    }

    /// Returns the number of `key`, if it has one.
    pub(super) fn find(&self, key: &Key<'_>) -> Option<usize> {
        let mut number = 0;
        for (longer, value) in self.longer.iter().zip(key.values()) {
            number = longer.find(&self.known(number, value))?;
        }
        Some(number)
    }

    fn known<'v>(&self, first: usize, value: &'v Value) -> Known<'v> {
        let next = match value {
            Value::Text(text) => Next::Text(text),
            other => Next::Other(other),
        };
        Known { hash: self.hasher.hash_one((first, next)), first, next }
    }
}

impl<'a> Longer<'a> {
    /// Numbers keys, which come in shares.
    fn of(shares: &[Vec<Known<'a>>]) -> (Self, Vec<usize>) {
        let rows = shares.iter().map(Vec::len).sum();
        let count = shares::cores_for(rows);
        let which: Vec<usize> = (0..count).collect();
        let part = |which: &usize| {
            let mut part = Part::default();
            let own = shares.iter().flatten().filter(|known| part_of(known.hash, count) == *which);
            let places: Vec<usize> = own.map(|known| part.place(*known)).collect();
            (part, places)
        };
        let (mut parts, places): (Vec<_>, Vec<_>) = cores::map_each(&which, part).into_iter().unzip();
        let mut places: Vec<_> = places.into_iter().map(Vec::into_iter).collect();
        let mut len = 0;
        let mut numbers = Vec::with_capacity(rows);
        for known in shares.iter().flatten() {
            let of = part_of(known.hash, count);
            let (part, place) = (&mut parts[of], places[of].next().unwrap_or_default());
            // Places count up as keys are first seen, so that a new one has no number yet.
            if place == part.numbers.len() {
                part.numbers.push(len);
                len += 1;
            }
            numbers.push(part.numbers[place]);
        }
        (Self { parts, len }, numbers)
    }

    fn find(&self, known: &Known<'_>) -> Option<usize> {
        let part = &self.parts[part_of(known.hash, self.parts.len())];
        let (_, place) = part.places.find(known.hash, |(other, _)| other.is(known))?;
        Some(part.numbers[*place])
    }
}

impl<'a> Part<'a> {
    /// Returns the place of a key: how many there are, where it is new.
    fn place(&mut self, known: Known<'a>) -> usize {
        let new = self.places.len();
        let entry = self.places.entry(known.hash, |(other, _)| other.is(&known), |(other, _)| other.hash);
        entry.or_insert((known, new)).get().1
    }
}

impl Known<'_> {
    fn is(&self, other: &Known<'_>) -> bool {
        self.hash == other.hash && self.first == other.first && self.next == other.next
    }
}

/// Returns which of so many parts a hash falls to, by bits in the middle: tables look at those at both ends.
fn part_of(hash: u64, parts: usize) -> usize {
    (hash >> 32 & 0xFFFF) as usize % parts
}

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

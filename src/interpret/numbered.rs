//! Numbers for keys, in the order in which they are first seen.
//!
//! Keeps no key: whoever has numbered one can make it again. Order of hashes reaches nothing.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// Numbers from 0, one for each key.
#[derive(Debug)]
pub(super) struct Numbered {
    numbers: HashTable<usize>,
    hashes: DefaultHashBuilder,
}

impl Numbered {
    /// Returns no numbers yet, with room for so many.
    pub(super) fn with_room(keys: usize) -> Self {
        Self { numbers: HashTable::with_capacity(keys), hashes: DefaultHashBuilder::default() }
    }

    /// Returns the number of `key`: how many there are, where it is new. `keys` makes the key of a number again.
    pub(super) fn number<K: Hash + Eq>(&mut self, key: &K, keys: impl Fn(usize) -> K) -> usize {
        let hash = self.hashes.hash_one(key);
        if let Some(number) = self.numbers.find(hash, |number| keys(*number) == *key) {
            return *number;
        }
        let number = self.numbers.len();
        self.numbers.insert_unique(hash, number, |number| self.hashes.hash_one(keys(*number)));
        number
    }

    /// Returns the number of `key`, if it has one.
    pub(super) fn find<K: Hash + Eq>(&self, key: &K, keys: impl Fn(usize) -> K) -> Option<usize> {
        self.numbers.find(self.hashes.hash_one(key), |number| keys(*number) == *key).copied()
    }
}

//! Keys of rows, and the proof that no two are equal.
//!
//! Knows no file; a row's place is whatever number the caller gives it.

use std::collections::HashMap;
use std::fmt::Write;

use crate::plan::Dedupe;
use crate::source::Source;
use crate::value::Value;

use super::problem::shown;

/// The keys seen so far, where the source promises that each occurs once.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    source: &'a Source,
    /// Positions of the key's columns; empty where duplicates are allowed.
    columns: Vec<usize>,
    seen: HashMap<String, usize>,
}

impl<'a> Keys<'a> {
    /// Returns the keys of no row yet.
    pub(super) fn new(source: &'a Source) -> Self {
        let position = |name: &String| source.columns.iter().position(|column| column.name == *name);
        let columns = match source.dedupe {
            Dedupe::Unique => source.key.iter().filter_map(position).collect(),
            Dedupe::First | Dedupe::Latest => Vec::new(),
        };
        Self { source, columns, seen: HashMap::new() }
    }

    /// Returns the place of an earlier row with the same key.
    pub(super) fn admit(&mut self, row: &[Value], place: usize) -> Option<usize> {
        if self.columns.is_empty() {
            return None;
        }
        let mut key = String::new();
        for &column in &self.columns {
            let text = row[column].to_string();
            // The length keeps (`a`, `bc`) and (`ab`, `c`) apart.
            let _ = write!(key, "{}:{text}", text.len());
        }
        let earlier = self.seen.get(&key).copied();
        if earlier.is_none() {
            self.seen.insert(key, place);
        }
        earlier
    }

    /// Returns the key of `row` as messages show it: `contact_id` = `c1`.
    pub(super) fn shown(&self, row: &[Value]) -> String {
        let parts = self
            .columns
            .iter()
            .map(|&column| format!("`{}` = `{}`", self.source.columns[column].name, shown(&row[column].to_string())));
        parts.collect::<Vec<_>>().join(", ")
    }
}

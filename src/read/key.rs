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
    /// Positions of the primary key's columns.
    primary: Vec<usize>,
    /// The primary key, unless duplicates are allowed, then what else is unique.
    sets: Vec<Set>,
}

/// Columns whose values together occur once.
#[derive(Debug)]
struct Set {
    columns: Vec<usize>,
    is_primary: bool,
    /// The place and the primary key of the row that has each value.
    seen: HashMap<String, (usize, String)>,
}

/// A row has values that another row has already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Double {
    /// Positions of the columns.
    pub(super) columns: Vec<usize>,
    /// Where the other row is.
    pub(super) earlier: usize,
    /// The values as messages show them: `contact_id` = `c1`.
    shown: String,
    /// Whether it is the primary key.
    pub(super) is_primary: bool,
}

impl Double {
    /// Returns what is wrong; `place` says where the other row is.
    pub(super) fn message(&self, place: &str) -> String {
        if self.is_primary {
            return format!("the key {} was given before, {place}", self.shown);
        }
        format!("{} was given before, {place}, but is declared `unique`", self.shown)
    }
}

impl<'a> Keys<'a> {
    /// Returns the keys of no row yet.
    pub(super) fn new(source: &'a Source) -> Self {
        let position = |name: &String| source.columns.iter().position(|column| column.name == *name);
        let positions = |names: &Vec<String>| names.iter().filter_map(position).collect::<Vec<usize>>();
        let set = |columns, is_primary| Set { columns, is_primary, seen: HashMap::new() };
        let primary = positions(&source.key);
        let mut sets = Vec::new();
        if source.dedupe == Dedupe::Unique && !primary.is_empty() {
            sets.push(set(primary.clone(), true));
        }
        sets.extend(source.unique.iter().map(|names| set(positions(names), false)));
        Self { source, primary, sets }
    }

    /// Enters a row; returns the first promise that it breaks.
    ///
    /// Rows of one primary key, where the source allows them, are versions of one thing and may share what is unique.
    pub(super) fn admit(&mut self, row: &[Value], place: usize) -> Option<Double> {
        let key = joined(&self.primary, row);
        let mut broken = None;
        for set in &mut self.sets {
            if set.columns.iter().any(|&column| row[column].is_null()) {
                continue;
            }
            let value = joined(&set.columns, row);
            match set.seen.get(&value) {
                None => drop(set.seen.insert(value, (place, key.clone()))),
                Some((earlier, other)) if broken.is_none() && (set.is_primary || *other != key) => {
                    broken = Some((set.columns.clone(), *earlier, set.is_primary));
                }
                Some(_) => {}
            }
        }
        let (columns, earlier, is_primary) = broken?;
        Some(Double { shown: self.shown(&columns, row), columns, earlier, is_primary })
    }

    fn shown(&self, columns: &[usize], row: &[Value]) -> String {
        let parts = columns
            .iter()
            .map(|&column| format!("`{}` = `{}`", self.source.columns[column].name, shown(&row[column].to_string())));
        parts.collect::<Vec<_>>().join(", ")
    }
}

fn joined(columns: &[usize], row: &[Value]) -> String {
    let mut key = String::new();
    for &column in columns {
        let text = row[column].to_string();
        // The length keeps (`a`, `bc`) and (`ab`, `c`) apart.
        let _ = write!(key, "{}:{text}", text.len());
    }
    key
}

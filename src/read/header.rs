//! The header of a file: which raw fields a source needs, and where they are.
//!
//! Suggests near names. Knows no row.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::near_names;
use crate::source::{Source, SourceColumn};

use super::problem::{Problem, Problems, shown};

/// The most field names a message lists.
const LISTED_FIELDS: usize = 12;

/// The field names of a file and the line they stand on.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Line, from 1; `None` where the file has no header line of its own.
    pub(super) line: Option<usize>,
    /// Field names, in order.
    pub(super) names: Vec<String>,
}

/// Returns the raw fields of a column; its own name where it declares none.
pub(super) fn raw_fields(column: &SourceColumn) -> &[String] {
    if column.reading.fields.is_empty() { std::slice::from_ref(&column.name) } else { &column.reading.fields }
}

/// Returns every raw field the source reads.
pub(super) fn needed(source: &Source) -> BTreeSet<&str> {
    source.columns.iter().flat_map(raw_fields).map(String::as_str).collect()
}

impl Header {
    /// Returns the positions of each column's raw fields; missing and ambiguous ones are problems.
    pub(super) fn bind(&self, source: &Source, problems: &mut Problems) -> Vec<Vec<usize>> {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, name) in self.names.iter().enumerate() {
            places.entry(name).or_default().push(index);
        }
        let mut told = BTreeSet::new();
        let mut place = |column: &SourceColumn, field: &str| {
            let found = places.get(field).map_or(&[][..], Vec::as_slice);
            if found.len() != 1 && told.insert(field.to_owned()) {
                problems.push(self.misfit(column, field, found.len()));
            }
            found.first().copied().unwrap_or(usize::MAX)
        };
        let mut all = |column| raw_fields(column).iter().map(|field| place(column, field)).collect();
        source.columns.iter().map(&mut all).collect()
    }

    fn misfit(&self, column: &SourceColumn, field: &str, count: usize) -> Problem {
        let whole = if self.line.is_some() { "header" } else { "data" };
        let message = match count {
            0 => format!("the {whole} has no field `{}`", shown(field)),
            _ => format!("the {whole} has {count} fields `{}`", shown(field)),
        };
        let help = match count {
            0 => self.suggestion(field),
            _ => "give each field a name of its own".to_owned(),
        };
        Problem { row: self.line, ..Problem::of_file(message).in_column(&column.name).with_help(help) }
    }

    fn suggestion(&self, field: &str) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        if let Some(question) = did_you_mean(field, &names) {
            return question;
        }
        let mut listed: Vec<String> =
            names.iter().take(LISTED_FIELDS).map(|name| format!("`{}`", shown(name))).collect();
        if names.len() > LISTED_FIELDS {
            listed.push(format!("and {} more", names.len() - LISTED_FIELDS));
        }
        format!("it has {}", listed.join(", "))
    }
}

/// Returns `did you mean ...?` with up to three of `names` that look like `wanted`, the nearest first.
pub(super) fn did_you_mean(wanted: &str, names: &[&str]) -> Option<String> {
    // Exports spell one name as `Call ID`, `call-id` or `callId`.
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' ', '.'], "");
    let wanted = plain(wanted);
    let plains: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let same: Vec<&str> = plains.iter().map(String::as_str).filter(|name| **name == wanted).take(1).collect();
    let near = if same.is_empty() { near_names(&wanted, plains.iter().map(String::as_str)) } else { same };
    let written = near.iter().flat_map(|near| names.iter().zip(&plains).filter(move |(_, plain)| plain == near));
    let quoted: Vec<String> = written.map(|(name, _)| format!("`{}`", shown(name))).take(3).collect();
    if quoted.is_empty() { None } else { Some(format!("did you mean {}?", quoted.join(" or "))) }
}

//! The header of a file: which raw fields a source needs, and where they are.
//!
//! Suggests near names. Knows no row.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::near_names;
use crate::source::{Source, SourceColumn};

use super::problem::{Problem, Problems, shown};

/// The most field names a message lists.
const LISTED_FIELDS: usize = 12;

/// What a field is for that rows are told apart by.
const TELLS: &str = "tells the rows that are meant";

/// Raw fields with some of their texts.
type Texts = [(String, Vec<String>)];

/// The field names of a file and the line they stand on.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Line, from 1; `None` where the file has no header line of its own.
    pub(super) line: Option<usize>,
    /// Field names, in order.
    pub(super) names: Vec<String>,
}

/// Returns the raw fields of a column: its own name where it declares none, none where every row has the same.
pub(super) fn raw_fields(column: &SourceColumn) -> &[String] {
    if column.reading.given.is_some() {
        return &[];
    }
    if column.reading.fields.is_empty() { std::slice::from_ref(&column.name) } else { &column.reading.fields }
}

/// Returns every raw field the source reads of its own file.
pub(super) fn needed(source: &Source) -> BTreeSet<&str> {
    let raw = &source.raw;
    let kept = raw.keep.iter().chain(&raw.drop).map(|(field, _)| field);
    let conditions = source.columns.iter().flat_map(|column| &column.reading.only_if).map(|(field, _)| field);
    let own = raw.look_ups.iter().flat_map(|look_up| &look_up.same).map(|(own, _)| own);
    let looked_up = |name: &&str| raw.look_ups.iter().any(|look_up| look_up.name.value == **name);
    let all = source.columns.iter().flat_map(raw_fields).chain(kept).chain(conditions).chain(own);
    all.map(String::as_str).filter(|name| !looked_up(name)).collect()
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

    /// Reports every field that the source needs and this header lacks.
    pub(super) fn require(&self, source: &Source, problems: &mut Problems) {
        self.bind(source, problems);
        for column in &source.columns {
            self.meant(&column.reading.only_if, &[], problems);
        }
        self.meant(&source.raw.keep, &source.raw.drop, problems);
    }

    /// Finds the fields that tell which rows are meant: those that keep a row, and those that drop one.
    pub(super) fn meant<'s>(&self, keep: &'s Texts, drop: &'s Texts, problems: &mut Problems) -> Meant<'s> {
        let mut bind = |fields: &'s Texts| {
            let place =
                |(field, texts): &'s (String, Vec<String>)| (self.place(field, TELLS, problems), texts.as_slice());
            fields.iter().map(place).collect()
        };
        Meant { keep: bind(keep), drop: bind(drop) }
    }

    /// Returns the position of one field, beyond the last where there is none; `what` says what it is for.
    pub(super) fn place(&self, field: &str, what: &str, problems: &mut Problems) -> usize {
        self.names.iter().position(|name| name == field).unwrap_or_else(|| {
            let message = format!("there is no field `{}`, which {what}", shown(field));
            let problem = Problem::of_file(message).with_help(self.suggestion(field));
            problems.push(Problem { row: self.line, ..problem });
            usize::MAX
        })
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

/// Which rows of a file are meant, by the texts of their fields; null is the empty text.
#[derive(Debug)]
pub(super) struct Meant<'s> {
    /// Fields that must have one of their texts.
    keep: Vec<(usize, &'s [String])>,
    /// Fields that must have none of their texts.
    drop: Vec<(usize, &'s [String])>,
}

impl Meant<'_> {
    /// Tells whether a row with these cells is meant.
    pub(super) fn has(&self, cells: &[Option<String>]) -> bool {
        let any = |(place, texts): &(usize, &[String])| {
            let text = cells.get(*place).and_then(Option::as_deref).unwrap_or_default();
            texts.iter().any(|meant| meant == text)
        };
        self.keep.iter().all(any) && !self.drop.iter().any(any)
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

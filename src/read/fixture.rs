//! Fixture tables: cells written by hand in canonical spellings.
//!
//! The source's null tokens, bounds and `invalid` policies apply as in a file; its raw formats, units and field names do
//! not: a fixture shows what the source says of a value, not how an export spells it. Knows no file.

use std::ops::Range;

use crate::pipes::{InlineProblem, PipeCell, PipeTable, pipe_table, unquoted};
use crate::source::{InvalidPolicy, Source, SourceColumn, WallClock};
use crate::table::Table;
use crate::value::Value;

use super::column::{bound, why_required};
use super::grammar::{Domain, Failure, Frame, Grammar};
use super::header::did_you_mean;
use super::key::Keys;
use super::moment::Clock;
use super::problem::shown;
use super::rows::fields;

/// Reads one fixture cell of `column`: nothing or `null` is null, `''` the empty text, `'null'` that text; instants
/// are ISO 8601 (in the zone of `clock` without an offset), durations `20s`, `1h30m`, `0:00:20` or plain seconds.
///
/// # Errors
///
/// A message that says why the text is no value of the column. Nullability is not judged here.
pub fn cell(column: &SourceColumn, clock: Option<&WallClock>, text: &str) -> Result<Value, String> {
    let clock = clock.map(Clock::of).transpose()?;
    let column = HandColumn::new(column)?;
    column.read(text, clock.as_ref()).map_err(|failure| match failure {
        Failure::Invalid(message) | Failure::Refused { message, .. } => message,
    })
}

/// Reads a pipe table (see [`pipe_table`]) as the rows of `source`; columns left out are null.
///
/// # Errors
///
/// Every mistake with its place: form, unknown or missing columns, cells that are no values, nulls where none may
/// be, and rows with one key where the source promises that there are none.
pub fn inline(source: &Source, text: &str) -> Result<Table, Vec<InlineProblem>> {
    let mut written = pipe_table(text);
    let mut problems = std::mem::take(&mut written.problems);
    let whole = 0..text.len();
    let clock = source.clock.as_ref().map(Clock::of).transpose().unwrap_or_else(|message| {
        problems.push(InlineProblem::new(whole.clone(), message));
        None
    });
    problems.extend(unknown_columns(source, &written));
    let misspelt = misspelt_columns(source, &written);
    let mut places = Vec::with_capacity(source.columns.len());
    for column in &source.columns {
        let place = written.header.iter().position(|cell| cell.text == column.name);
        match HandColumn::new(column) {
            Ok(reader) => places.push((reader, place)),
            Err(message) => problems.push(InlineProblem::new(header_range(&written), message)),
        }
        if let (None, Some(reason), false) = (place, why_required(source, column), written.header.is_empty()) {
            let message = format!("the column `{}` is not given, and would be null, but {reason}", column.name);
            // A misspelt column is reported once, where it stands.
            if !misspelt.contains(&column.name.as_str()) {
                problems.push(InlineProblem::new(header_range(&written), message).with_help("add the column"));
            }
        }
    }
    let hand = Hand { source, clock, columns: places };
    let table = hand.table(&written, &mut problems);
    problems.sort_by_key(|problem| problem.range.start);
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

fn header_range(table: &PipeTable<'_>) -> Range<usize> {
    match (table.header.first(), table.header.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => 0..0,
    }
}

fn misspelt_columns<'a>(source: &'a Source, table: &PipeTable<'_>) -> Vec<&'a str> {
    let names: Vec<&str> = source.columns.iter().map(|column| column.name.as_str()).collect();
    let known = |cell: &&PipeCell<'_>| {
        names.contains(&cell.text) || source.derived.iter().any(|derived| derived.name == cell.text)
    };
    let unknown = table.header.iter().filter(|cell| !known(cell));
    unknown.filter_map(|cell| crate::diagnostic::nearest(cell.text, &names)).collect()
}

fn unknown_columns(source: &Source, table: &PipeTable<'_>) -> Vec<InlineProblem> {
    let names: Vec<&str> = source.columns.iter().map(|column| column.name.as_str()).collect();
    let unknown = table.header.iter().filter(|cell| !cell.text.is_empty() && !names.contains(&cell.text));
    let problem = |cell: &PipeCell<'_>| {
        if source.derived.iter().any(|derived| derived.name == cell.text) {
            let message = format!("the column `{}` is computed from the others", cell.text);
            return InlineProblem::new(cell.range.clone(), message).with_help("leave it out of the table");
        }
        let message = format!("the source `{}` has no column `{}`", source.name, shown(cell.text));
        let help = did_you_mean(cell.text, &names).unwrap_or_else(|| format!("it has {}", names.join(", ")));
        InlineProblem::new(cell.range.clone(), message).with_help(help)
    };
    unknown.map(problem).collect()
}

/// A source's columns and where the written table has them.
struct Hand<'a> {
    source: &'a Source,
    clock: Option<Clock>,
    columns: Vec<(HandColumn<'a>, Option<usize>)>,
}

impl Hand<'_> {
    fn table(&self, written: &PipeTable<'_>, problems: &mut Vec<InlineProblem>) -> Table {
        let mut table = Table::new(fields(self.source));
        let mut keys = Keys::new(self.source);
        for (number, cells) in (1..).zip(&written.rows) {
            let before = problems.len();
            let row = self.row(cells, problems);
            // A row or a table with holes has no key to compare.
            if problems.len() > before || row.len() != self.source.columns.len() {
                continue;
            }
            if let Some(double) = keys.admit(&row, number) {
                let message = double.message(&format!("in row {}", double.earlier));
                let help = if double.is_primary {
                    "give each row a key of its own, or say under `duplicates` which row of a key counts"
                } else {
                    "give each row values of its own, or take the columns out of the source's `unique`"
                };
                let range = self.range_of(&double.columns, cells);
                problems.push(InlineProblem::new(range, message).with_help(help));
            }
            table.rows.push(row);
        }
        table
    }

    fn row(&self, cells: &[PipeCell<'_>], problems: &mut Vec<InlineProblem>) -> Vec<Value> {
        let mut row = Vec::with_capacity(self.columns.len());
        for (column, place) in &self.columns {
            let Some(cell) = place.and_then(|place| cells.get(place)) else {
                row.push(Value::Null);
                continue;
            };
            let value = self.value(column, cell).unwrap_or_else(|problem| {
                problems.push(problem);
                Value::Null
            });
            row.push(value);
        }
        row
    }

    fn value(&self, column: &HandColumn<'_>, cell: &PipeCell<'_>) -> Result<Value, InlineProblem> {
        let value = column.read(cell.text, self.clock.as_ref()).map_err(|failure| match failure {
            Failure::Invalid(message) => InlineProblem::new(cell.range.clone(), message),
            Failure::Refused { message, help } => InlineProblem::new(cell.range.clone(), message).with_help(help),
        })?;
        match why_required(self.source, column.column) {
            Some(reason) if value.is_null() => {
                let message = format!("`{}` is null, but {reason}", column.column.name);
                Err(InlineProblem::new(cell.range.clone(), message))
            }
            _ => Ok(value),
        }
    }

    /// Returns where the first of these columns is written in a row.
    fn range_of(&self, columns: &[usize], cells: &[PipeCell<'_>]) -> Range<usize> {
        let places = columns.iter().filter_map(|&column| self.columns[column].1);
        places.min().and_then(|place| cells.get(place)).map_or(0..0, |cell| cell.range.clone())
    }
}

/// A column as fixtures write it.
struct HandColumn<'a> {
    column: &'a SourceColumn,
    grammar: Grammar<'a>,
    domain: Domain<'a>,
    lowest: Option<Value>,
    highest: Option<Value>,
}

impl<'a> HandColumn<'a> {
    fn new(column: &'a SourceColumn) -> Result<Self, String> {
        Ok(Self {
            column,
            grammar: Grammar::of_fixture(column)?,
            domain: Domain::of(column),
            lowest: bound(column, column.reading.at_least)?,
            highest: bound(column, column.reading.at_most)?,
        })
    }

    fn read(&self, text: &str, clock: Option<&Clock>) -> Result<Value, Failure> {
        let text = text.trim();
        let is_null = text.is_empty() || text == "null";
        if is_null || self.column.reading.null_tokens.iter().any(|token| token == text) {
            return Ok(Value::Null);
        }
        match (self.value(text, clock), self.column.reading.invalid) {
            (Err(Failure::Invalid(_)), InvalidPolicy::Null) => Ok(Value::Null),
            (result, _) => result,
        }
    }

    fn value(&self, text: &str, clock: Option<&Clock>) -> Result<Value, Failure> {
        let value = match (&self.grammar, text.strip_prefix('\'')) {
            (Grammar::Text, Some(inner)) => Value::text(&unquoted(inner)?),
            _ => self.grammar.value(text, Frame { clock, not_before: None })?.0,
        };
        let value = clamped(value, self.lowest.as_ref(), self.highest.as_ref());
        self.domain.admit(&value)?;
        Ok(value)
    }
}

/// Returns the bound that the value lies beyond, else the value.
fn clamped(value: Value, lowest: Option<&Value>, highest: Option<&Value>) -> Value {
    let below = lowest.filter(|bound| value.compare(bound).is_some_and(std::cmp::Ordering::is_lt));
    let above = highest.filter(|bound| value.compare(bound).is_some_and(std::cmp::Ordering::is_gt));
    below.or(above).cloned().unwrap_or(value)
}

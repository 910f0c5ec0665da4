//! From rows of raw texts to a typed table: the core that all layouts go through.
//!
//! Reports every mistake, not the first. Knows no layout.

use crate::source::Source;
use crate::table::{Field, Table};
use crate::value::Value;

use super::Reading;
use super::column::{ColumnReader, RowSoFar};
use super::header::Header;
use super::key::Keys;
use super::moment::Clock;
use super::problem::{Problem, Problems, ReadError};

/// One row as it stands in a file.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it starts on, from 1.
    pub(super) line: usize,
    /// One text per field of the header; `None` where the layout itself says null.
    pub(super) cells: Vec<Option<String>>,
}

/// Reads rows under `header`; a row that its layout could not take apart comes as the problem it is.
pub(super) fn read_rows(
    source: &Source,
    header: &Header,
    rows: impl Iterator<Item = Result<Row, Problem>>,
) -> Result<Reading, ReadError> {
    let mut assembly = Assembly::new(source, header)?;
    for row in rows {
        match row {
            Ok(row) => assembly.add(&row),
            Err(problem) => assembly.problems.push(problem),
        }
    }
    assembly.finish()
}

/// Returns the fields of a source's table.
pub(super) fn fields(source: &Source) -> Vec<Field> {
    source.columns.iter().map(|column| Field::new(&column.name, column.ty)).collect()
}

struct Assembly<'a> {
    width: usize,
    clock: Option<Clock>,
    columns: Vec<ColumnReader<'a>>,
    keys: Keys<'a>,
    table: Table,
    problems: Problems,
}

impl<'a> Assembly<'a> {
    fn new(source: &'a Source, header: &Header) -> Result<Self, ReadError> {
        let mut problems = Problems::default();
        let clock = source.clock.as_ref().map(Clock::of).transpose().unwrap_or_else(|message| {
            problems.push(Problem::of_file(message));
            None
        });
        let places = header.bind(source, &mut problems);
        let mut columns = Vec::with_capacity(places.len());
        for (column, fields) in source.columns.iter().zip(places) {
            match ColumnReader::new(source, column, fields) {
                Ok(reader) => columns.push(reader),
                Err(problem) => problems.push(problem),
            }
        }
        // Without every column no row can be judged, and each would only repeat what is known already.
        problems.or(())?;
        Ok(Self {
            width: header.names.len(),
            clock,
            columns,
            keys: Keys::new(source),
            table: Table::new(fields(source)),
            problems: Problems::default(),
        })
    }

    fn add(&mut self, row: &Row) {
        if row.cells.len() != self.width {
            let message = format!("the row has {}, the header {}", count_fields(row.cells.len()), self.width);
            self.problems.push(Problem::of_row(row.line, message));
            return;
        }
        let mut values: Vec<Value> = Vec::with_capacity(self.columns.len());
        let mut whole = true;
        for column in &mut self.columns {
            let so_far = RowSoFar { cells: &row.cells, values: &values, clock: self.clock.as_ref() };
            let value = column.read(so_far).unwrap_or_else(|problem| {
                whole = false;
                self.problems.push(Problem { row: Some(row.line), ..problem });
                Value::Null
            });
            values.push(value);
        }
        if !whole {
            return;
        }
        if let Some(earlier) = self.keys.admit(&values, row.line) {
            let message = format!("the key {} was given before, at line {earlier}", self.keys.shown(&values));
            let help = "mend the file, or declare which of several rows with one key stays";
            self.problems.push(Problem::of_row(row.line, message).with_help(help));
        }
        self.table.rows.push(values);
    }

    fn finish(self) -> Result<Reading, ReadError> {
        let notes = self.columns.iter().flat_map(|column| column.counts().notes(column.name())).collect();
        self.problems.or(Reading { table: self.table, notes })
    }
}

fn count_fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

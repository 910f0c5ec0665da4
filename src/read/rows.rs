//! From rows of raw texts to a typed table: the core that all layouts go through.
//!
//! Reports every mistake, not the first. Knows no layout.

use crate::source::Source;
use crate::table::{Field, Table};
use crate::value::Value;

use super::Reading;
use super::column::{ColumnReader, RowSoFar};
use super::header::{Header, Meant};
use super::key::Keys;
use super::layout::Sheet;
use super::look_up::{Bound, LookedUp};
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

impl Row {
    /// Returns the problem of a row that has another number of fields than its header.
    pub(super) fn misfit(&self, width: usize) -> Problem {
        Problem::of_row(self.line, format!("the row has {}, the header {width}", count_fields(self.cells.len())))
    }
}

/// Reads the rows of a sheet, with what was looked up for them; a row that its layout could not take apart comes as the
/// problem it is.
pub(super) fn read_rows(
    source: &Source,
    sheet: Sheet<impl Iterator<Item = Result<Row, Problem>>>,
    looked_up: &[LookedUp<'_>],
) -> Result<Reading, ReadError> {
    let mut assembly = Assembly::new(source, &sheet.header, sheet.seen.as_ref(), looked_up)?;
    for row in sheet.rows {
        match row {
            Ok(row) => assembly.add(row),
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
    look_ups: Vec<Bound<'a>>,
    columns: Vec<ColumnReader<'a>>,
    keys: Keys<'a>,
    meant: Meant<'a>,
    left_out: usize,
    table: Table,
    problems: Problems,
}

impl<'a> Assembly<'a> {
    fn new(
        source: &'a Source,
        header: &Header,
        seen: Option<&Header>,
        looked_up: &'a [LookedUp<'a>],
    ) -> Result<Self, ReadError> {
        let mut problems = Problems::default();
        let clock = source.clock.as_ref().map(Clock::of).transpose().unwrap_or_else(|message| {
            problems.push(Problem::of_file(message));
            None
        });
        let mut whole = header.clone();
        let look_ups = looked_up.iter().map(|looked_up| looked_up.bind(&mut whole, &mut problems)).collect();
        if let Some(seen) = seen {
            let names = seen.names.iter().chain(&whole.names[header.names.len()..]).cloned().collect();
            Header { line: seen.line, names }.require(source, &mut problems);
        }
        let columns = Self::columns(source, &whole, &mut problems);
        let meant = whole.meant(&source.raw.keep, &source.raw.drop, &mut problems);
        // Without every column no row can be judged, and each would only repeat what is known already.
        problems.or(())?;
        Ok(Self {
            width: header.names.len(),
            clock,
            look_ups,
            columns,
            keys: Keys::new(source),
            meant,
            left_out: 0,
            table: Table::new(fields(source)),
            problems: Problems::default(),
        })
    }

    fn columns(source: &'a Source, header: &Header, problems: &mut Problems) -> Vec<ColumnReader<'a>> {
        let places = header.bind(source, problems);
        let mut columns = Vec::with_capacity(places.len());
        for (column, fields) in source.columns.iter().zip(places) {
            let only_if = header.meant(&column.reading.only_if, &[], problems);
            match ColumnReader::new(source, column, fields, only_if) {
                Ok(reader) => columns.push(reader),
                Err(problem) => problems.push(problem),
            }
        }
        columns
    }

    fn add(&mut self, mut row: Row) {
        if row.cells.len() != self.width {
            self.problems.push(row.misfit(self.width));
            return;
        }
        for look_up in &self.look_ups {
            let found = look_up.text(&row.cells);
            row.cells.push(found);
        }
        if !self.meant.has(&row.cells) {
            self.left_out += 1;
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
        if let Some(double) = self.keys.admit(&values, row.line) {
            let message = double.message(&format!("at line {}", double.earlier));
            let help = if double.is_primary {
                "mend the file, or declare which of several rows with one key stays"
            } else {
                "mend the file, or take the columns out of the source's `unique`"
            };
            self.problems.push(Problem::of_row(row.line, message).with_help(help));
        }
        self.table.rows.push(values);
    }

    fn finish(self) -> Result<Reading, ReadError> {
        let notes = self.columns.iter().flat_map(|column| column.counts().notes(column.name())).collect();
        self.problems.or(Reading { table: self.table, left_out: self.left_out, notes })
    }
}

fn count_fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

//! Reading: data files and fixture tables become typed tables, exactly as their source declares.
//!
//! Every departure from the raw text follows a declared policy and is counted; what no policy covers is an error
//! that names line and column. Runs no engine and knows no metric.

mod column;
mod fixture;
mod grammar;
mod header;
mod json_lines;
mod key;
mod layout;
mod lines;
mod moment;
mod note;
mod pipes;
mod problem;
mod rows;
mod scalar;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::Path;

pub use fixture::{cell, inline};
pub use note::{Event, Note};
pub use pipes::{InlineProblem, PipeCell, PipeTable, pipe_table};
pub use problem::{KEPT_PROBLEMS, Problem, ReadError};

use crate::load::reason;
use crate::source::{FileLayout, Source};
use crate::table::Table;
use header::Header;
use rows::Row;

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The rows, in file order; the columns are those of the source, in its order.
    pub table: Table,
    /// What had to be done to the data, in column order.
    pub notes: Vec<Note>,
}

impl Reading {
    /// Returns the number of rows read.
    pub fn rows_read(&self) -> usize {
        self.table.rows.len()
    }

    /// Returns in how many rows `event` happened to `column`.
    pub fn count(&self, column: &str, event: Event) -> u64 {
        self.notes.iter().find(|note| note.column == column && note.event == event).map_or(0, |note| note.count)
    }
}

/// Reads the file at `path`.
///
/// # Errors
///
/// The file cannot be opened, or what [`input`] reports.
pub fn file(source: &Source, path: &Path, layout: FileLayout) -> Result<Reading, ReadError> {
    let name = path.to_string_lossy().replace('\\', "/");
    match std::fs::File::open(path) {
        Ok(file) => input(source, &name, file, layout),
        Err(error) => {
            Err(ReadError::from(Problem::of_file(format!("the file cannot be opened: {}", reason(&error)))).at(name))
        }
    }
}

/// Reads a whole input; `name` stands for it in messages.
///
/// # Errors
///
/// The input is not UTF-8, not of the layout, lacks a needed field, or holds texts that the source does not allow.
pub fn input(source: &Source, name: &str, input: impl Read, layout: FileLayout) -> Result<Reading, ReadError> {
    whole_text(input)
        .map_err(ReadError::from)
        .and_then(|text| read_text(source, &text, layout))
        .map_err(|error| error.at(name))
}

/// Reads rows that another reader took apart; `None` is null, and rows are numbered from 1 in messages.
///
/// # Errors
///
/// As [`input`]; the error's path is the source's name until the caller puts another with [`ReadError::at`].
pub fn rows(
    source: &Source,
    header: &[String],
    rows: impl Iterator<Item = Vec<Option<String>>>,
) -> Result<Reading, ReadError> {
    let header = Header { line: None, names: header.to_vec() };
    let rows = (1..).zip(rows).map(|(line, cells)| Ok(Row { line, cells }));
    rows::read_rows(source, &header, rows).map_err(|error| error.at(&source.name))
}

fn read_text(source: &Source, text: &str, layout: FileLayout) -> Result<Reading, ReadError> {
    match layout {
        FileLayout::Csv { delimiter } => {
            let sheet = layout::separated(text, delimiter)?;
            rows::read_rows(source, &sheet.header, sheet.rows)
        }
        FileLayout::Whitespace => {
            let sheet = layout::between_blanks(text)?;
            rows::read_rows(source, &sheet.header, sheet.rows)
        }
        FileLayout::JsonLines => json_lines::read(source, text),
        FileLayout::Parquet => Err(Problem::of_file("Parquet files are not read here")
            .with_help("name an engine that reads Parquet, or export the rows as CSV or JSON lines")
            .into()),
    }
}

fn whole_text(mut input: impl Read) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| Problem::of_file(format!("the file cannot be read: {error}")))?;
    // Spreadsheets put a byte order mark before the first header name.
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    match std::str::from_utf8(&bytes[start..]) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[start..start + error.valid_up_to()]);
            let line = 1 + lines::line_ends(&good);
            Err(Problem::of_row(line, "the file is not UTF-8").with_help("save it with the encoding UTF-8"))
        }
    }
}

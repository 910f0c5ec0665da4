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
mod look_up;
mod moment;
mod note;
mod problem;
mod repeated;
mod rows;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

pub use fixture::{cell, inline};
pub use look_up::LookedUp;
pub use note::{Event, Note};
pub use problem::{KEPT_PROBLEMS, Problem, ReadError};

use crate::load::reason;
use crate::source::{FileLayout, LookUp, Source};
use crate::table::Table;
use header::Header;
use layout::Sheet;
use rows::Row;

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The rows, in file order; the columns are those of the source, in its order.
    pub table: Table,
    /// The raw rows that are not meant.
    pub left_out: usize,
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

/// Reads the file at `path`, with what was looked up for it in others.
///
/// # Errors
///
/// The file cannot be opened, or what [`input`] reports.
pub fn file(
    source: &Source,
    path: &Path,
    layout: FileLayout,
    looked_up: &[LookedUp<'_>],
) -> Result<Reading, ReadError> {
    let read = || read_text(source, &whole_text(open(path)?)?, layout, looked_up);
    read().map_err(|error| error.at(shown(path)))
}

/// Reads the file at `path` for the field that is looked up in it.
///
/// # Errors
///
/// The file cannot be opened or read, lacks a field, or says two things of one row.
pub fn look_up<'a>(look_up: &'a LookUp, path: &Path, layout: FileLayout) -> Result<LookedUp<'a>, ReadError> {
    let read = || LookedUp::of(look_up, sheet(&whole_text(open(path)?)?, layout, &look_up::needed(look_up))?);
    read().map_err(|error: ReadError| error.at(shown(path)))
}

/// Reads for a look-up rows that another reader took apart, as [`rows`].
///
/// # Errors
///
/// As [`look_up`]; the error's path is the look-up's name until the caller puts another.
pub fn look_up_rows(
    look_up: &LookUp,
    header: Vec<String>,
    rows: impl Iterator<Item = Vec<Option<String>>>,
) -> Result<LookedUp<'_>, ReadError> {
    LookedUp::of(look_up, numbered(header, rows)).map_err(|error| error.at(&look_up.name.value))
}

/// Reads a whole input; `name` stands for it in messages.
///
/// # Errors
///
/// The input is not UTF-8, not of the layout, lacks a needed field, or holds texts that the source does not allow.
pub fn input(source: &Source, name: &str, input: impl Read, layout: FileLayout) -> Result<Reading, ReadError> {
    let text = whole_text(input).map_err(ReadError::from);
    text.and_then(|text| read_text(source, &text, layout, &[])).map_err(|error| error.at(name))
}

/// Reads rows that another reader took apart; `None` is null, and rows are numbered from 1 in messages.
///
/// # Errors
///
/// As [`input`]; the error's path is the source's name until the caller puts another with [`ReadError::at`].
pub fn rows(
    source: &Source,
    header: Vec<String>,
    rows: impl Iterator<Item = Vec<Option<String>>>,
    looked_up: &[LookedUp<'_>],
) -> Result<Reading, ReadError> {
    rows::read_rows(source, numbered(header, rows), looked_up).map_err(|error| error.at(&source.name))
}

fn numbered(
    names: Vec<String>,
    rows: impl Iterator<Item = Vec<Option<String>>>,
) -> Sheet<impl Iterator<Item = Result<Row, Problem>>> {
    let rows = (1..).zip(rows).map(|(line, cells)| Ok(Row { line, cells }));
    Sheet { header: Header { line: None, names }, seen: None, rows }
}

fn read_text(
    source: &Source,
    text: &str,
    layout: FileLayout,
    looked_up: &[LookedUp<'_>],
) -> Result<Reading, ReadError> {
    rows::read_rows(source, sheet(text, layout, &header::needed(source))?, looked_up)
}

type Rows<'t> = Box<dyn Iterator<Item = Result<Row, Problem>> + 't>;

/// Takes a text apart, of which these fields are needed.
fn sheet<'t>(text: &'t str, layout: FileLayout, needed: &BTreeSet<&str>) -> Result<Sheet<Rows<'t>>, Problem> {
    match layout {
        FileLayout::Csv { delimiter } => layout::separated(text, delimiter).map(boxed),
        FileLayout::Whitespace => layout::between_blanks(text).map(boxed),
        FileLayout::JsonLines => Ok(boxed(json_lines::objects(needed, text))),
        FileLayout::Parquet => Err(Problem::of_file("Parquet files are not read here")
            .with_help("name an engine that reads Parquet, or export the rows as CSV or JSON lines")),
    }
}

fn boxed<'t>(sheet: Sheet<impl Iterator<Item = Result<Row, Problem>> + 't>) -> Sheet<Rows<'t>> {
    Sheet { header: sheet.header, seen: sheet.seen, rows: Box::new(sheet.rows) }
}

fn open(path: &Path) -> Result<std::fs::File, Problem> {
    std::fs::File::open(path)
        .map_err(|error| Problem::of_file(format!("the file cannot be opened: {}", reason(&error))))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
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

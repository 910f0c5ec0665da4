//! Texts of files taken apart into rows: separated values and fields between blanks.
//!
//! Knows no column and no type.

use super::header::Header;
use super::lines::{line_ends, lines};
use super::problem::Problem;
use super::rows::Row;

/// A file taken apart as far as its header.
pub(super) struct Sheet<R> {
    /// The fields, in the order of each row's cells.
    pub(super) header: Header,
    /// The fields that were seen, where that is known otherwise than from a header.
    pub(super) seen: Option<Header>,
    pub(super) rows: R,
}

/// Takes a file of separated values apart, as RFC 4180 has it; blank lines are skipped.
pub(super) fn separated(
    text: &str,
    delimiter: u8,
) -> Result<Sheet<impl Iterator<Item = Result<Row, Problem>>>, Problem> {
    if let Some(line) = unclosed_quote(text, delimiter) {
        return Err(Problem::of_row(line, "a quoted field that starts here has no end")
            .with_help("close the quote; a quote inside a quoted field is written twice"));
    }
    // Rows of another width are told by the core, for every layout alike.
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut place = Place { text, byte: 0, line: 1 };
    let mut rows = std::iter::from_fn(move || match reader.read_record(&mut record) {
        Ok(false) => None,
        Ok(true) => {
            let start = record.position().map_or(0, csv::Position::byte);
            let line = place.line_of(usize::try_from(start).unwrap_or(usize::MAX));
            Some(Ok(Row { line, cells: record.iter().map(|field| Some(field.to_owned())).collect() }))
        }
        Err(error) => Some(Err(Problem::of_file(error.to_string()))),
    });
    let first = rows.next().ok_or_else(no_header)??;
    let names = first.cells.into_iter().flatten().collect();
    Ok(Sheet { header: Header { line: Some(first.line), names }, seen: None, rows })
}

/// Takes a file apart whose fields stand between runs of blanks and tabs; blank lines are skipped.
pub(super) fn between_blanks(text: &str) -> Result<Sheet<impl Iterator<Item = Result<Row, Problem>>>, Problem> {
    let split = |line: &str| -> Vec<String> {
        line.split([' ', '\t']).filter(|field| !field.is_empty()).map(str::to_owned).collect()
    };
    let mut rows = lines(text).map(move |(line, text)| (line, split(text))).filter(|(_, fields)| !fields.is_empty());
    let (line, names) = rows.next().ok_or_else(no_header)?;
    let rows = rows.map(|(line, fields)| Ok(Row { line, cells: fields.into_iter().map(Some).collect() }));
    Ok(Sheet { header: Header { line: Some(line), names }, seen: None, rows })
}

fn no_header() -> Problem {
    Problem::of_file("the file is empty").with_help("its first line names the fields")
}

/// Turns byte offsets, given in rising order, into lines: the reader itself counts neither CRLF nor bare CR right.
struct Place<'t> {
    text: &'t str,
    byte: usize,
    line: usize,
}

impl Place<'_> {
    fn line_of(&mut self, offset: usize) -> usize {
        let rest = self.text.get(offset..).unwrap_or_default();
        // A record is said to start at the end of the one before, blank lines and the second half of CRLF included.
        let start = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        self.line += line_ends(self.text.get(self.byte..start).unwrap_or_default());
        self.byte = start;
        self.line
    }
}

/// Returns the line on which a quoted field starts that runs to the end of the file.
fn unclosed_quote(text: &str, delimiter: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'"' {
            let opened = at;
            at = end_of_quoted(bytes, at + 1);
            if at > bytes.len() {
                return Some(1 + line_ends(&text[..opened]));
            }
        }
        // On to the start of the next field.
        while at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r') && bytes[at] != delimiter {
            at += 1;
        }
        at += 1;
    }
    None
}

/// Returns the offset after the quote that closes; beyond the end where none does.
fn end_of_quoted(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return bytes.len() + 1,
            (Some(b'"'), Some(b'"')) => at += 2,
            (Some(b'"'), _) => return at + 1,
            _ => at += 1,
        }
    }
}

//! Pipe tables: the small tables that definitions and fixtures write by hand.
//!
//! Says where every cell stands. Knows no source and no type.

use std::collections::BTreeSet;
use std::ops::Range;

/// Something wrong in a hand-written table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineProblem {
    /// The bytes of the given text it is about.
    pub range: Range<usize>,
    /// The fact.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

impl InlineProblem {
    /// Returns a problem without a remedy.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), help: None }
    }

    /// Adds the remedy.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// One cell of a pipe table, with its quotes where it has some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipeCell<'a> {
    /// The text without the blanks around it.
    pub text: &'a str,
    /// The bytes it covers; of an empty cell all that lies between the pipes.
    pub range: Range<usize>,
}

/// A table as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PipeTable<'a> {
    /// The column names; none is empty, no two are equal, unless `problems` says so.
    pub header: Vec<PipeCell<'a>>,
    /// The rows, each as wide as the header.
    pub rows: Vec<Vec<PipeCell<'a>>>,
    /// What is wrong with the form; rows of another width are told here and left out.
    pub problems: Vec<InlineProblem>,
}

/// Reads a table whose first line is its header and whose cells are separated by `|`.
///
/// Blank lines and a rule of dashes under the header are ignored. A cell that starts with `'` runs to the closing
/// quote, pipes included; `''` inside stands for one quote. A header framed by pipes lets every row be framed.
pub fn pipe_table(text: &str) -> PipeTable<'_> {
    let mut table = PipeTable::default();
    let mut frame = Frame { leading: false, trailing: false };
    let mut after_header = false;
    for line in lines(text) {
        let written = text[line.clone()].trim();
        if written.is_empty() {
            continue;
        }
        if table.header.is_empty() {
            frame = Frame { leading: written.starts_with('|'), trailing: written.len() > 1 && written.ends_with('|') };
            table.header = cells(text, frame.inside(text, line));
            table.problems.extend(header_problems(&table.header));
            after_header = true;
            continue;
        }
        let is_rule = std::mem::take(&mut after_header) && is_rule(written);
        if !is_rule {
            add_row(&mut table, cells(text, frame.inside(text, line)));
        }
    }
    if table.header.is_empty() {
        table.problems.push(
            InlineProblem::new(0..text.len(), "the table has no header line")
                .with_help("write the column names, parted by `|`, in the first line"),
        );
    }
    table
}

/// Whether lines start and end with a pipe of their own, as in Markdown.
#[derive(Clone, Copy)]
struct Frame {
    leading: bool,
    trailing: bool,
}

impl Frame {
    /// Returns the part of a line between the pipes of the frame.
    fn inside(self, text: &str, line: Range<usize>) -> Range<usize> {
        let mut range = trimmed(text, line.clone());
        if !self.leading && !self.trailing {
            return line;
        }
        if self.leading && text[range.clone()].starts_with('|') {
            range.start += 1;
        }
        if self.trailing && text[range.clone()].ends_with('|') {
            range.end -= 1;
        }
        range
    }
}

fn add_row<'a>(table: &mut PipeTable<'a>, row: Vec<PipeCell<'a>>) {
    let (width, wanted) = (row.len(), table.header.len());
    if width == wanted {
        table.rows.push(row);
        return;
    }
    // A surplus cell is pointed at; of a short row nothing but the whole can be.
    let first = if width > wanted { &row[wanted] } else { &row[0] };
    let range = first.range.start..row[width - 1].range.end;
    let cells = if width == 1 { "cell" } else { "cells" };
    let message = format!("the row has {width} {cells}, the header {wanted}");
    table.problems.push(
        InlineProblem::new(range, message).with_help("an empty cell is null; a text with a pipe is quoted: `'a|b'`"),
    );
}

fn header_problems(header: &[PipeCell<'_>]) -> Vec<InlineProblem> {
    let mut seen = BTreeSet::new();
    let problem = |cell: &PipeCell<'_>| {
        let message = match cell.text {
            "" => "the column has no name".to_owned(),
            name if !seen.insert(name.to_owned()) => format!("the column `{name}` is given twice"),
            _ => return None,
        };
        Some(InlineProblem::new(cell.range.clone(), message))
    };
    header.iter().filter_map(problem).collect()
}

fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = end;
        end += line.len();
        start..start + line.trim_end_matches(['\r', '\n']).len()
    })
}

fn is_rule(line: &str) -> bool {
    let dashes = |cell: &str| cell.len() >= 2 && cell.bytes().all(|byte| byte == b'-');
    let plain = line.trim_matches('|').replace(':', "");
    plain.split(['|', '+']).all(|cell| dashes(cell.trim()))
}

fn cells(text: &str, line: Range<usize>) -> Vec<PipeCell<'_>> {
    let mut cells = Vec::new();
    let mut start = line.start;
    loop {
        let end = end_of_cell(&text[start..line.end]).map_or(line.end, |length| start + length);
        let range = trimmed(text, start..end);
        cells.push(PipeCell { text: &text[range.clone()], range: if range.is_empty() { start..end } else { range } });
        if end == line.end {
            return cells;
        }
        start = end + 1;
    }
}

/// Returns the offset of the pipe that ends the cell at the start of `rest`.
fn end_of_cell(rest: &str) -> Option<usize> {
    let blanks = rest.len() - rest.trim_start().len();
    let quoted = rest[blanks..].strip_prefix('\'').and_then(|inner| {
        let close = closing_quote(inner)?;
        Some(blanks + 1 + close + 1)
    });
    // A quote that is never closed does not swallow the row; whoever reads the cell reports it.
    let from = quoted.unwrap_or(0);
    rest[from..].find('|').map(|pipe| from + pipe)
}

/// Returns the text between the quotes; `inner` is what follows the opening one.
///
/// # Errors
///
/// A message where the quote is not closed, or closed too early.
pub fn unquoted(inner: &str) -> Result<String, String> {
    match closing_quote(inner) {
        Some(end) if end + 1 == inner.len() => Ok(inner[..end].replace("''", "'")),
        Some(_) => Err("there is text after the closing quote; a quote inside is written twice".to_owned()),
        None => Err("the quote is not closed".to_owned()),
    }
}

/// Returns the offset of the quote that closes a text; two quotes in a row stand for one.
fn closing_quote(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let mut at = 0;
    loop {
        at += inner.get(at..)?.find('\'')?;
        if bytes.get(at + 1) != Some(&b'\'') {
            return Some(at);
        }
        at += 2;
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    start..start + slice.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(table: &PipeTable<'_>) -> Vec<Vec<String>> {
        let row = |cells: &Vec<PipeCell<'_>>| cells.iter().map(|cell| cell.text.to_owned()).collect();
        std::iter::once(&table.header).chain(&table.rows).map(row).collect()
    }

    #[test]
    fn blank_lines_and_the_rule_are_no_rows() {
        let table = pipe_table("\r\na | bee\r\n---|:---:\r\n\r\n1 |\r\n-- | --\r\n");
        assert_eq!(texts(&table), [["a", "bee"], ["1", ""], ["--", "--"]]);
        assert!(table.problems.is_empty());
    }

    #[test]
    fn a_row_of_single_dashes_is_a_row() {
        assert_eq!(texts(&pipe_table("a | b\n- | -")), [["a", "b"], ["-", "-"]]);
    }

    #[test]
    fn ranges_cover_the_text_of_a_cell_and_the_room_of_an_empty_one() {
        let text = "a | é | c\n x |  | z ";
        let table = pipe_table(text);
        let slices: Vec<&str> = table.rows[0].iter().map(|cell| &text[cell.range.clone()]).collect();
        assert_eq!(slices, ["x", "  ", "z"]);
        assert_eq!(&text[table.header[1].range.clone()], "é");
    }

    #[test]
    fn a_pipe_in_quotes_is_text_and_an_open_quote_swallows_nothing() {
        let table = pipe_table("a | b\n'x|y''|' | it's\n'open | z");
        assert_eq!(texts(&table), [["a", "b"], ["'x|y''|'", "it's"], ["'open", "z"]]);
    }

    #[test]
    fn a_framed_table_reads_as_the_same_table() {
        let table = pipe_table("| a | b |\n|---|---|\n| 1 |  |\n|   | 2 |\n");
        assert_eq!(texts(&table), [["a", "b"], ["1", ""], ["", "2"]]);
        assert!(table.problems.is_empty());
    }

    #[test]
    fn rows_of_another_width_are_told_at_their_place() {
        let text = "a | b\n1\n1 | 2 | 3 | 4\n5 | 6";
        let table = pipe_table(text);
        let told: Vec<(&str, &str)> =
            table.problems.iter().map(|p| (&text[p.range.clone()], p.message.as_str())).collect();
        assert_eq!(told, [("1", "the row has 1 cell, the header 2"), ("3 | 4", "the row has 4 cells, the header 2")]);
        assert_eq!(texts(&table)[1..], [["5", "6"]]);
    }

    #[test]
    fn a_table_needs_a_header_of_distinct_names() {
        let messages = |text| pipe_table(text).problems.into_iter().map(|p| p.message).collect::<Vec<_>>();
        assert_eq!(messages(" \n"), ["the table has no header line"]);
        assert_eq!(messages("a | | a"), ["the column has no name", "the column `a` is given twice"]);
    }
}

//! What is wrong with a data file: collected problems and how they are worded.
//!
//! Shows texts of the data without control characters. Knows no layout and no type.

use std::fmt;

/// The most problems a [`ReadError`] keeps; further ones are only counted.
pub const KEPT_PROBLEMS: usize = 20;

/// The longest data text a message shows, in characters.
const SHOWN_CHARACTERS: usize = 60;

/// One thing that keeps a file from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line it starts on, from 1; the row's number where rows came without lines; `None` for the whole file.
    pub row: Option<usize>,
    /// The source's column; `None` where none or several are concerned.
    pub column: Option<String>,
    /// The offending text, control characters escaped and shortened.
    pub text: Option<String>,
    /// The fact.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

impl Problem {
    /// Returns a problem of the whole file.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self { row: None, column: None, text: None, message: message.into(), help: None }
    }

    /// Returns a problem of the line (or row) `row`.
    pub fn of_row(row: usize, message: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::of_file(message) }
    }

    /// Names the source's column.
    pub fn in_column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    /// Adds the offending text of the data.
    pub fn with_text(self, text: &str) -> Self {
        Self { text: Some(shown(text)), ..self }
    }

    /// Adds the remedy.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The file, as it was named by the caller.
    pub path: String,
    /// The first problems in file order, at most [`KEPT_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// How many problems there are.
    pub total: usize,
}

impl ReadError {
    /// Returns the same error with the file named `path`.
    pub fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    /// Writes one line a problem, `file:line: column `x`: fact`, each followed by its help where the next has another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", self.path)?;
            if let Some(row) = problem.row {
                write!(f, ":{row}")?;
            }
            if let Some(column) = &problem.column {
                write!(f, ": column `{column}`")?;
            }
            write!(f, ": {}", problem.message)?;
            let next = self.problems.get(index + 1).and_then(|next| next.help.as_ref());
            match &problem.help {
                // A run of problems with one remedy needs it once.
                Some(help) if next != Some(help) => write!(f, "\n  help: {help}")?,
                _ => {}
            }
        }
        let further = self.total.saturating_sub(self.problems.len());
        if further > 0 { write!(f, "\n{}: {further} more of {} problems", self.path, self.total) } else { Ok(()) }
    }
}

/// Collects problems: keeps the first, counts all.
#[derive(Debug, Default)]
pub(super) struct Problems {
    kept: Vec<Problem>,
    total: usize,
}

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        self.total += 1;
        if self.kept.len() < KEPT_PROBLEMS {
            self.kept.push(problem);
        }
    }

    /// Returns `value` where there was no problem.
    pub(super) fn or<T>(self, value: T) -> Result<T, ReadError> {
        if self.total == 0 {
            return Ok(value);
        }
        Err(ReadError { path: String::new(), problems: self.kept, total: self.total })
    }
}

impl From<Problem> for ReadError {
    fn from(problem: Problem) -> Self {
        Self { path: String::new(), problems: vec![problem], total: 1 }
    }
}

/// Returns a text of the data as messages show it: nothing that moves a cursor or hides a letter, and not too long.
pub(super) fn shown(text: &str) -> String {
    let mut result = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN_CHARACTERS {
            result.push('…');
            break;
        }
        match character {
            // Readable as they are; the standard escape is meant for Rust literals.
            '"' | '\'' | '\\' => result.push(character),
            _ => result.extend(character.escape_debug()),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_of_the_data_are_escaped() {
        assert_eq!(shown("a\u{1b}[2J\n\u{202e}'é"), "a\\u{1b}[2J\\n\\u{202e}'é");
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(shown(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn the_message_names_file_line_and_column_and_counts_what_it_leaves_out() {
        let mut problems = Problems::default();
        for row in 2..=23 {
            problems.push(Problem::of_row(row, "`x` is not a duration").in_column("wait").with_help("mend it"));
        }
        let error = problems.or(()).map_err(|error| error.at("calls.csv")).expect_err("22 problems");
        assert_eq!((error.problems.len(), error.total), (20, 22));
        let text = error.to_string();
        assert!(text.starts_with("calls.csv:2: column `wait`: `x` is not a duration\ncalls.csv:3: "));
        assert_eq!(text.matches("\n  help: mend it\n").count(), 1, "{text}");
        assert!(text.ends_with("\ncalls.csv: 2 more of 22 problems"), "{text}");
    }
}

//! What can go wrong between a table, a query and an engine.
//!
//! Holds the kinds of failure and their wording. Knows no engine.

/// Longest part of a query that an error carries, in characters.
const EXCERPT: usize = 400;

/// Why an engine did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The engine is not on this machine.
    #[error("{what}")]
    Unavailable {
        /// What is absent, or why it does not load.
        what: String,
        /// How it is brought here.
        remedy: String,
    },
    /// The server does not answer, or not this caller, or has gone away, or has no room: nothing can be asked.
    #[error("{engine}: {what}")]
    Down {
        /// Name of the engine.
        engine: &'static str,
        /// What it says.
        what: String,
        /// What to do about it.
        remedy: String,
    },
    /// The engine returned an error.
    #[error("{engine}: {message}")]
    Failed {
        /// Name of the engine.
        engine: &'static str,
        /// What the engine says.
        message: String,
        /// The part of the SQL that the error lies in, or its beginning.
        sql: String,
    },
    /// A result does not have the declared columns, or a cell not the declared type.
    #[error("{engine}: the result is not as declared: {what}")]
    Mismatch {
        /// Name of the engine.
        engine: &'static str,
        /// Which columns or which cell.
        what: String,
    },
    /// The answer has a number that the engine cannot hold exactly.
    #[error("{engine}: a number is too large: {what}")]
    TooLarge {
        /// Name of the engine.
        engine: &'static str,
        /// Which number, and what the engine holds.
        what: String,
    },
    /// A cell cannot be stored exactly.
    #[error("{engine}: table `{table}`, row {row}, column `{column}`: {reason}")]
    Refused {
        /// Name of the engine.
        engine: &'static str,
        /// The table that was to be loaded.
        table: String,
        /// Position of the row, from 1.
        row: usize,
        /// Name of the column.
        column: String,
        /// Why the cell is refused.
        reason: String,
    },
}

impl EngineError {
    /// Returns what to do about it, where that is known.
    pub fn remedy(&self) -> Option<&str> {
        match self {
            EngineError::Unavailable { remedy, .. } | EngineError::Down { remedy, .. } => Some(remedy),
            _ => None,
        }
    }
}

/// Returns the beginning of `sql`, or the line that holds byte `offset`.
pub(super) fn excerpt(sql: &str, offset: Option<usize>) -> String {
    let line = offset.and_then(|offset| {
        let before = sql.get(..offset)?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        sql[start..].lines().next()
    });
    let part = line.unwrap_or(sql);
    match part.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &part[..end]),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_line_of_the_error() {
        assert_eq!(excerpt("SELECT a,\n  é AS b,\nc", Some(14)), "  é AS b,");
    }

    #[test]
    fn an_offset_outside_the_sql_gives_its_beginning() {
        assert_eq!(excerpt("SELECT é", Some(99)), "SELECT é");
        assert_eq!(excerpt("SELECT é", Some(8)), "SELECT é");
    }

    #[test]
    fn a_long_query_is_cut_between_characters() {
        let cut = excerpt(&"é".repeat(401), None);
        assert_eq!(cut.chars().count(), 401);
        assert!(cut.ends_with("é…"));
    }
}

//! What may be known of a change besides its findings, ready to be laid out.
//!
//! Texts only: how a number is found out and written is the business of whoever knows it.

use serde::Serialize;

/// What is known of one comparison.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Tables on which the two versions differ.
    pub witnesses: Vec<Witness>,
    /// How much each edit moves the number.
    pub price: Option<Price>,
    /// What else moves, each with how far: `support_score (62.1 -> 62.9)`.
    pub reaches: Vec<String>,
}

/// What was found when tables were looked for on which two versions differ.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Witness {
    /// Some tables.
    Found {
        /// The fingerprint of the finding that they belong to; `None` where they belong to the whole change.
        finding: Option<String>,
        /// What they show, in one sentence.
        sentence: String,
        /// The tables.
        tables: Vec<Grid>,
        /// What the old version says of them.
        old: String,
        /// What the new version says of them.
        new: String,
    },
    /// None, among all that were tried.
    EqualUpTo {
        /// The fingerprint of the finding.
        finding: Option<String>,
        /// Most rows of a table that was tried.
        rows: usize,
    },
    /// No table of values can show the change.
    NotByTables {
        /// The fingerprint of the finding.
        finding: Option<String>,
        /// Why.
        reason: String,
    },
}

/// A small table.
#[derive(Debug, Clone, Serialize)]
pub struct Grid {
    /// Its name.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// How much each edit moves the number.
#[derive(Debug, Clone, Serialize)]
pub struct Price {
    /// What the number was taken of: `fixtures`.
    pub of: String,
    /// The number by the old version.
    pub old: String,
    /// The number by the new version.
    pub new: String,
    /// The share of each edit; they add up.
    pub moves: Vec<Move>,
}

/// The share of one edit.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    /// The edit.
    pub what: String,
    /// How far it moves the number, with its sign.
    pub by: String,
}

impl Witness {
    /// Returns the fingerprint of the finding it belongs to.
    pub(super) fn finding(&self) -> Option<&str> {
        match self {
            Witness::Found { finding, .. }
            | Witness::EqualUpTo { finding, .. }
            | Witness::NotByTables { finding, .. } => finding.as_deref(),
        }
    }
}

//! What a mapping says of one source: how a system's tables are read as its rows.
//!
//! Knows no file and no registry.

use super::{ColumnReading, DurationUnit, FileLayout, InvalidPolicy, Source, SourceColumn, WallClock};
use crate::text::Spanned;

/// The raw rows behind a source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawRows {
    /// The rows that are meant: the texts that each of these fields may have; empty for all. The empty text is null.
    pub keep: Vec<(String, Vec<String>)>,
    /// The rows that are not meant: those in which one of these fields has one of its texts. The empty text is null.
    pub drop: Vec<(String, Vec<String>)>,
    /// Fields that other files have, in order; each may be looked up by those before it.
    pub look_ups: Vec<LookUp>,
    /// Columns that the system cannot tell; whoever reads them has no answer.
    pub unknown: Vec<String>,
}

/// A raw field that another file has.
#[derive(Debug, Clone, PartialEq)]
pub struct LookUp {
    /// Its name, as a raw field of the source.
    pub name: Spanned<String>,
    /// The other file, as the mapping's file writes it.
    pub file: String,
    /// How the other file is laid out.
    pub layout: FileLayout,
    /// Pairs of fields, the row's own and the other file's, whose texts must be the same; nulls match nothing.
    pub same: Vec<(String, String)>,
    /// The rows of the other file that are meant, as in [`RawRows::keep`].
    pub keep: Vec<(String, Vec<String>)>,
    /// The rows of the other file that are not meant, as in [`RawRows::drop`].
    pub drop: Vec<(String, Vec<String>)>,
    /// What is taken of the rows that match.
    pub take: Take,
}

/// What a look-up takes of the rows that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The text of this field, which all of them must have alike; null without a row.
    One(String),
    /// The earliest text of this field, an ISO 8601 instant; null without one.
    Earliest(String),
    /// The latest text of this field, an ISO 8601 instant; null without one.
    Latest(String),
    /// Their number, 0 without a row.
    Count,
}

impl Take {
    /// Returns the field whose texts are taken.
    pub fn field(&self) -> Option<&str> {
        match self {
            Take::One(field) | Take::Earliest(field) | Take::Latest(field) => Some(field),
            Take::Count => None,
        }
    }
}

/// What a column has in every row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// This raw text.
    Text(String),
    /// Nothing: it is null.
    Nothing,
}

/// How one system's table is read as a source, in place of what the source itself says.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// The data file, as the mapping's file writes it; `None` where the caller has to name one.
    pub file: Option<String>,
    /// How data files are laid out.
    pub layout: FileLayout,
    /// The zone of naive timestamps; `None` leaves the source's own.
    pub clock: Option<WallClock>,
    /// The raw rows that are meant.
    pub keep: Vec<(String, Vec<String>)>,
    /// The raw rows that are not meant.
    pub drop: Vec<(String, Vec<String>)>,
    /// Fields that other files have.
    pub look_ups: Vec<LookUp>,
    /// Columns that are null in every row.
    pub absent: Vec<Spanned<String>>,
    /// Columns that the system cannot tell.
    pub unknown: Vec<Spanned<String>>,
    /// Columns that are read in another way.
    pub columns: Vec<MappedColumn>,
}

/// How one column is read.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedColumn {
    /// The column.
    pub name: Spanned<String>,
    /// How its raw text becomes a value.
    pub reading: ColumnReading,
    /// Whether the mapping says anything of how a field is read.
    pub is_read: bool,
    /// The unit of raw durations, where the mapping says one.
    pub unit: Option<DurationUnit>,
    /// What happens to texts that cannot be read, where the mapping says it.
    pub invalid: Option<InvalidPolicy>,
}

impl Source {
    /// Returns the source as the system's table has it.
    ///
    /// A column that the mapping does not name is read from the field of its name. What the source says of the spelling
    /// of its own file is forgotten; its bounds and what it does with invalid texts hold on.
    pub fn under(&self, mapped: &Mapped) -> Source {
        let mut source = self.clone();
        // Its place depends on the mapping's file, not on the source's.
        source.file = None;
        source.layout = mapped.layout;
        source.raw = RawRows {
            keep: mapped.keep.clone(),
            drop: mapped.drop.clone(),
            look_ups: mapped.look_ups.clone(),
            unknown: mapped.unknown.iter().map(|name| name.value.clone()).collect(),
        };
        if mapped.clock.is_some() {
            source.clock.clone_from(&mapped.clock);
        }
        for column in &mut source.columns {
            let is = |names: &[Spanned<String>]| names.iter().any(|name| name.value == column.name);
            let unknown = is(&mapped.unknown);
            let nothing = unknown || is(&mapped.absent);
            let own = mapped.columns.iter().find(|own| own.name.value == column.name);
            column.reading = reading(column, own);
            if nothing {
                column.reading.given = Some(Given::Nothing);
            }
            // No answer is given that reads it, so that its nulls are in none.
            column.nullable |= unknown;
        }
        source
    }
}

fn reading(column: &SourceColumn, own: Option<&MappedColumn>) -> ColumnReading {
    let usual = &column.reading;
    match own {
        None => ColumnReading {
            fields: vec![column.name.clone()],
            format: None,
            century: None,
            next_day_if_before: None,
            ..usual.clone()
        },
        Some(own) => ColumnReading {
            duration_unit: own.unit.unwrap_or(usual.duration_unit),
            at_least: own.reading.at_least.or(usual.at_least),
            at_most: own.reading.at_most.or(usual.at_most),
            invalid: own.invalid.unwrap_or(usual.invalid),
            ..own.reading.clone()
        },
    }
}

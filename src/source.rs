//! Sources: logical tables as definitions declare them, resolved and ready to be read.
//!
//! Says what a column means and how its raw text is turned into a value. Reads nothing itself.

mod mapped;

pub use mapped::{Given, LookUp, Mapped, MappedColumn, RawRows, Take};

use crate::expression::Expression;
use crate::plan::Dedupe;
use crate::value::{Instant, Number, Type};

/// A logical table.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name in definitions.
    pub name: String,
    /// Its name in compiled SQL; dots separate schema and table.
    pub table: String,
    /// Its columns, in declaration order.
    pub columns: Vec<SourceColumn>,
    /// Columns computed from those, in declaration order.
    pub derived: Vec<Derived>,
    /// Primary key columns; none is nullable.
    pub key: Vec<String>,
    /// Further sets of columns that identify a row where none of them is null; whoever reads the rows refuses doubles.
    pub unique: Vec<Vec<String>>,
    /// Total order: an instant column that is not nullable, then tie-breakers, ending with the key's columns.
    pub order: Vec<String>,
    /// What happens to several rows of one key; `Unique` makes the reader refuse them.
    pub dedupe: Dedupe,
    /// The zone of timestamps without an offset; `None` refuses such timestamps.
    pub clock: Option<WallClock>,
    /// The first instant from which the data is complete; `None` where nothing came before it.
    pub observed_from: Option<Instant>,
    /// The moment up to which the data is complete.
    pub observed_through: ObservedThrough,
    /// Which raw rows are meant, and what is looked up for them in other files.
    pub raw: RawRows,
    /// Where the rows lie, as the declaring file writes it; `None` where the caller has to name a place.
    pub file: Option<String>,
    /// How data files are laid out.
    pub layout: FileLayout,
}

impl Source {
    /// Returns the column `name`.
    pub fn column(&self, name: &str) -> Option<&SourceColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column computed from the others of its row; no file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// Its value, over the source's columns.
    pub value: Expression,
    /// Whether it can be null.
    pub nullable: bool,
    /// What a number counts.
    pub unit: Option<String>,
    /// The column with the currency code of an amount.
    pub currency_in: Option<String>,
}

/// The zone of naive timestamps and what becomes of impossible and repeated wall times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallClock {
    /// IANA zone name.
    pub zone: String,
    /// A wall time skipped by the clock: read with the offset before (`Earlier` instant is not possible, so the
    /// policy names the offset), with the offset after, or refused.
    pub gap: ClockPolicy,
    /// A wall time that occurs twice: its earlier instant, its later instant, or refused.
    pub fold: ClockPolicy,
}

/// What to do with a wall time that names no instant or two. With a skipped time `Earlier` gives the earlier of the
/// two instants that the two offsets yield, `Later` the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockPolicy {
    /// The earlier of the two candidate instants.
    Earlier,
    /// The later of the two candidate instants.
    Later,
    /// An error that names the row.
    Refuse,
}

/// The moment up to which a source's data is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObservedThrough {
    /// The latest order instant among the rows read.
    LastRow,
    /// A fixed instant.
    At(Instant),
}

/// A column of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceColumn {
    /// Its name in expressions and SQL.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it can be null.
    pub nullable: bool,
    /// What a number counts, as `EUR` or `points`; `None` for pure numbers and other types.
    pub unit: Option<String>,
    /// The column with the currency code of an amount, where it differs by row.
    pub currency_in: Option<String>,
    /// The only texts it can hold, where they are enumerated.
    pub values: Option<Vec<String>>,
    /// The smallest and largest number it can hold, where declared.
    pub range: Option<(Number, Number)>,
    /// How its raw text becomes a value.
    pub reading: ColumnReading,
}

/// How the raw text of a column becomes a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnReading {
    /// Raw field names in the file; several are joined by one space before `format` is applied.
    pub fields: Vec<String>,
    /// Raw texts that mean null, compared per field before anything else. The empty text is always null.
    pub null_tokens: Vec<String>,
    /// `strptime` pattern of dates and instants; `None` reads ISO 8601.
    pub format: Option<String>,
    /// The first year of the century that two-digit years (`%y`) lie in, as 1900.
    pub century: Option<i16>,
    /// The unit of raw durations.
    pub duration_unit: DurationUnit,
    /// Values below are set to this bound, and counted.
    pub at_least: Option<Number>,
    /// Values above are set to this bound, and counted. Both bounds are in raw units.
    pub at_most: Option<Number>,
    /// What happens to a raw text that is no value of the type, of `values` or of `range`.
    pub invalid: InvalidPolicy,
    /// What every row has, where no field of the file has it; stands in place of `fields`.
    pub given: Option<Given>,
    /// The raw fields, each with the texts one of which it must have for the row to have a value at all.
    pub only_if: Vec<(String, Vec<String>)>,
    /// The column's text for raw texts that are others; applied after null tokens.
    pub texts: Vec<(String, String)>,
    /// The column's text for every raw text that `texts` does not name; `None` leaves it as it is.
    pub others: Option<String>,
    /// The column's text where there would be none; applied last.
    pub if_null: Option<String>,
    /// An instant before the one in this column (earlier in declaration order) is moved forward one calendar day:
    /// files that carry a time but not its date wrap at midnight.
    pub next_day_if_before: Option<String>,
}

/// The unit of a duration that a file gives as a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DurationUnit {
    /// 1/1000 s.
    Milliseconds,
    /// 1 s.
    #[default]
    Seconds,
    /// 60 s.
    Minutes,
    /// 3,600 s.
    Hours,
    /// 86,400 s.
    Days,
}

impl DurationUnit {
    /// Returns the unit's length in microseconds.
    pub fn micros(self) -> i64 {
        match self {
            DurationUnit::Milliseconds => 1_000,
            DurationUnit::Seconds => 1_000_000,
            DurationUnit::Minutes => 60_000_000,
            DurationUnit::Hours => 3_600_000_000,
            DurationUnit::Days => 86_400_000_000,
        }
    }
}

/// What happens to a raw text that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvalidPolicy {
    /// The read fails, naming row, column and text.
    #[default]
    Refuse,
    /// It becomes null, and is counted.
    Null,
}

/// How a data file is laid out. All have a header (or keys) that names the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileLayout {
    /// Character-separated values with RFC 4180 quoting.
    Csv {
        /// The separator, an ASCII character.
        delimiter: u8,
    },
    /// Fields separated by runs of blanks and tabs, no quoting.
    Whitespace,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet; read through an engine that can.
    Parquet,
}

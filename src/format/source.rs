//! The format of source files.

use crate::shape::{Field, Moves, Record, Shape};

/// `sources/<name>.yaml`: a logical table.
pub static SOURCE: Record = Record {
    name: "source",
    fields: &[
        Field::required("source", Shape::Identifier, "Name by which metrics and cases refer to the table."),
        Field::required("title", Shape::Text, "What the table is called.").moving(Moves::Wording),
        Field::required("description", Shape::Text, "What one row is, and where it comes from.").moving(Moves::Wording),
        Field::required("owner", Shape::Text, "Team that answers for the data.").moving(Moves::Governance),
        Field::required("columns", Shape::Map(&Shape::Record(&COLUMN)), "The columns, by name."),
        Field::optional(
            "derived",
            Shape::Map(&Shape::Record(&DERIVED)),
            "none",
            "Columns computed from the others of a row, by name; usable wherever a column is.",
        ),
        Field::required("primary_key", Shape::List(&Shape::Identifier), "Columns that identify a row."),
        Field::optional(
            "unique",
            Shape::List(&Shape::List(&Shape::Identifier)),
            "nothing but the primary key",
            "Further sets of columns that identify a row where none of them is null; readers refuse doubles.",
        ),
        Field::required(
            "order",
            Shape::List(&Shape::Identifier),
            "Total order of the rows: an instant that is never null, then tie-breakers.",
        ),
        Field::required(
            "duplicates",
            Shape::Choice(&["refuse", "keep_first", "keep_latest"]),
            "What happens to several rows of one key.",
        ),
        Field::optional(
            "wall_clock",
            Shape::Record(&WALL_CLOCK),
            "timestamps without an offset are refused",
            "Zone of timestamps that come without an offset.",
        ),
        Field::required(
            "observed_through",
            Shape::Either(&[Shape::Choice(&["last_row"]), Shape::Instant]),
            "Moment up to which the data is complete.",
        ),
        Field::optional(
            "observed_from",
            Shape::Either(&[Shape::Choice(&["beginning"]), Shape::Instant]),
            "beginning",
            "First instant from which the data is complete; `beginning` where nothing came before it.",
        ),
        Field::optional("retention", Shape::Duration, "kept without limit", "How long rows are kept.")
            .moving(Moves::Governance),
        Field::optional(
            "fresh_within",
            Shape::Duration,
            "no expectation",
            "Longest time since the latest row; `check --on` finds a table that is older.",
        )
        .moving(Moves::Governance),
        Field::optional(
            "location",
            Shape::Record(&LOCATION),
            "rows are named by the caller; the table in SQL has the source's name",
            "Where the rows lie.",
        )
        .moving(Moves::Governance),
    ],
};

static DERIVED: Record = Record {
    name: "derived column",
    fields: &[
        Field::required("is", Shape::Expression, "Its value, from the columns and the derived columns above."),
        Field::required("description", Shape::Text, "What it says.").moving(Moves::Wording),
        Field::optional("unit", Shape::Text, "none", "What the number counts, as `EUR`.").moving(Moves::Reading),
    ],
};

pub(super) static WALL_CLOCK: Record = Record {
    name: "wall clock",
    fields: &[
        Field::required("zone", Shape::Zone, "Time zone of the wall clock."),
        Field::required("skipped", CLOCK_POLICY, "Instant of a wall time that the clock skipped."),
        Field::required("repeated", CLOCK_POLICY, "Instant of a wall time that occurred twice."),
    ],
};

const CLOCK_POLICY: Shape = Shape::Choice(&["earlier", "later", "refuse"]);

static LOCATION: Record = Record {
    name: "location",
    fields: &[
        FILE,
        FORMAT,
        DELIMITER,
        Field::optional("table", Shape::Text, "the source's name", "Name of the table in compiled SQL."),
        Field::optional(
            "at",
            Shape::Map(&Shape::Text),
            "named as `table` says",
            "Names of the table on the targets of `etalon.yaml`, by target.",
        ),
    ],
};

/// Where a data file lies.
pub(super) const FILE: Field =
    Field::optional("file", Shape::Text, "named by the caller", "Path of a data file, from this file's folder.");
/// How a data file is laid out.
pub(super) const FORMAT: Field = Field::optional(
    "format",
    Shape::Choice(&["csv", "whitespace", "json_lines", "parquet"]),
    "csv",
    "How data files are laid out.",
);
/// What parts the fields of a data file.
pub(super) const DELIMITER: Field =
    Field::optional("delimiter", Shape::Text, "a comma", "Separator of a CSV file, one ASCII character.");

/// The raw fields of a column.
pub(super) const FROM: Field = Field::optional(
    "from",
    Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]),
    "the column's name",
    "Raw field or fields the value is read from; several are joined by a blank.",
);
/// The raw texts that are nulls.
pub(super) const NULL_TOKENS: Field =
    Field::optional("null_tokens", Shape::List(&Shape::Text), "only the empty text", "Raw texts that mean null.");
/// How raw dates and instants are written.
pub(super) const DATE_FORMAT: Field =
    Field::optional("format", Shape::Text, "ISO 8601", "`strptime` pattern of raw dates and instants.");
/// The century of years of two digits.
pub(super) const CENTURY: Field =
    Field::optional("century", Shape::Integer, "none; `%y` is refused", "First year of the century of `%y` years.");

/// A column of a source.
pub static COLUMN: Record = Record {
    name: "column",
    fields: &[
        Field::required(
            "type",
            Shape::Choice(&["text", "integer", "decimal", "boolean", "instant", "date", "duration"]),
            "Type of every value.",
        ),
        Field::optional("description", Shape::Text, "none", "What the column says.").moving(Moves::Wording),
        Field::optional("nullable", Shape::Boolean, "false", "Whether a value may be absent."),
        Field::optional("values", Shape::List(&Shape::Text), "any text", "The only texts the column can hold."),
        Field::optional("range", Shape::Tuple(&Shape::Decimal, 2), "any number", "Smallest and largest number."),
        Field::optional("scale", Shape::Integer, "2", "Digits after the point of a decimal."),
        Field::optional(
            "unit",
            Shape::Text,
            "none; seconds for durations",
            "What a number counts, as `EUR`; the unit of raw durations.",
        ),
        Field::optional(
            "currency_in",
            Shape::Identifier,
            "the currency is `unit`, or it is no money",
            "Text column with the currency code of the row's amount; amounts are converted before they are added up.",
        ),
        Field::optional(
            "privacy",
            Shape::Choice(&["none", "pseudonymous", "personal", "sensitive"]),
            "none",
            "Privacy class of the values.",
        )
        .moving(Moves::Governance),
        FROM,
        NULL_TOKENS,
        DATE_FORMAT,
        CENTURY,
        Field::optional("at_least", Shape::Decimal, "no bound", "Raw numbers below are set to this, and counted."),
        Field::optional("at_most", Shape::Decimal, "no bound", "Raw numbers above are set to this, and counted."),
        Field::optional(
            "invalid",
            Shape::Choice(&["refuse", "null_and_count"]),
            "refuse",
            "What happens to a raw text that cannot be read.",
        ),
        Field::optional(
            "next_day_if_before",
            Shape::Identifier,
            "never moved",
            "An instant before the one in this column belongs to the next day: the file's times wrap at midnight.",
        ),
    ],
};

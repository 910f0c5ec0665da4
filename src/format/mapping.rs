//! The format of mapping files.

use super::source::{CENTURY, DATE_FORMAT, DELIMITER, FILE, FORMAT, FROM, NULL_TOKENS, WALL_CLOCK};
use crate::shape::{Field, Moves, Record, Shape};

/// `mappings/<name>.yaml`: how the sources of a project are read from the tables of one system.
pub static MAPPING: Record = Record {
    name: "mapping",
    fields: &[
        Field::required("mapping", Shape::Identifier, "Name of the mapping, usually the system's."),
        Field::required("title", Shape::Text, "What the mapped system is called.").moving(Moves::Wording),
        Field::required("description", Shape::Text, "Which export of the system is meant, and what is lost.")
            .moving(Moves::Wording),
        Field::required("owner", Shape::Text, "Team that answers for the mapping.").moving(Moves::Governance),
        Field::required("sources", Shape::Map(&Shape::Record(&MAPPED)), "The sources that the system has rows for."),
    ],
};

static MAPPED: Record = Record {
    name: "mapped source",
    fields: &[
        FILE,
        FORMAT,
        DELIMITER,
        Field::optional(
            "wall_clock",
            Shape::Record(&WALL_CLOCK),
            "the source's own",
            "Zone of timestamps that come without an offset.",
        ),
        Field::optional(
            "look_up",
            Shape::Map(&Shape::Record(&LOOK_UP)),
            "the file has every field",
            "Raw fields that other files have, by the name they get; each may be looked up by those above it.",
        ),
        KEEP,
        DROP,
        Field::optional(
            "absent",
            Shape::List(&Shape::Identifier),
            "none",
            "Nullable columns that the system has nothing for: they are null.",
        ),
        Field::optional(
            "unknown",
            Shape::List(&Shape::Identifier),
            "none",
            "Columns that the system cannot tell: metrics that read them are left out, with the reason.",
        ),
        Field::optional(
            "columns",
            Shape::Map(&Shape::Record(&MAPPED_COLUMN)),
            "each column is read from the field of its name",
            "How columns are read, in place of what the source says.",
        ),
    ],
};

const KEEP: Field = Field::optional(
    "keep",
    Shape::RawMap(&Shape::List(&Shape::AnyText)),
    "every row",
    "Raw rows that are meant: the texts that each of these fields may have; `\"\"` is null.",
);

const DROP: Field = Field::optional(
    "drop",
    Shape::RawMap(&Shape::List(&Shape::AnyText)),
    "no row",
    "Raw rows that are not meant: a text of one of these fields that makes it so; `\"\"` is null.",
);

static LOOK_UP: Record = Record {
    name: "look-up",
    fields: &[
        Field::required("file", Shape::Text, "Path of the other file, from the folder of the first."),
        FORMAT,
        DELIMITER,
        Field::required(
            "same",
            Shape::RawMap(&Shape::Text),
            "Fields whose texts must be the same: the row's own, and the other file's; nulls match nothing.",
        ),
        KEEP,
        DROP,
        Field::required(
            "take",
            Shape::Either(&[Shape::Choice(&["count"]), Shape::OneKey(TAKE)]),
            "What is taken of the rows that match; `count` is their number.",
        ),
    ],
};

const TAKE: &[Field] = &[
    Field::optional("one", Shape::Text, "another key", "The text of this field, which all of them must have alike."),
    Field::optional("earliest", Shape::Text, "another key", "The earliest ISO 8601 instant of this field."),
    Field::optional("latest", Shape::Text, "another key", "The latest ISO 8601 instant of this field."),
];

static MAPPED_COLUMN: Record = Record {
    name: "mapped column",
    fields: &[
        FROM,
        Field::optional("always", Shape::Text, "the raw field", "The raw text of every row, where no field has it."),
        Field::optional(
            "texts",
            Shape::RawMap(&Shape::Text),
            "raw texts are the column's own",
            "The column's text for each raw text; others stay as they are.",
        ),
        Field::optional("others", Shape::Text, "they stay as they are", "The column's text for every other raw text."),
        Field::optional("if_null", Shape::Text, "null stays null", "The column's text where there is none."),
        Field::optional(
            "only_if",
            Shape::RawMap(&Shape::List(&Shape::AnyText)),
            "in every row",
            "Rows in which the column has a value at all: the texts that each of these raw fields may have.",
        ),
        NULL_TOKENS,
        DATE_FORMAT,
        CENTURY,
        Field::optional("unit", Shape::Text, "the source's", "The unit of raw durations."),
        Field::optional("at_least", Shape::Decimal, "the source's", "Raw numbers below are set to this, and counted."),
        Field::optional("at_most", Shape::Decimal, "the source's", "Raw numbers above are set to this, and counted."),
        Field::optional(
            "invalid",
            Shape::Choice(&["refuse", "null_and_count"]),
            "the source's",
            "What happens to a raw text that cannot be read.",
        ),
    ],
};

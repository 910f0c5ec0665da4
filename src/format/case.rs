//! The format of cases: the smallest tables that show one thing, with the numbers worked out by hand.

use crate::shape::{Field, Moves, Record, Shape};

/// `cases/<name>.yaml`: one worked example.
pub static CASE: Record = Record {
    name: "case",
    fields: &[
        Field::required("case", Shape::Identifier, "Name of the case, unique for its metric.").moving(Moves::Wording),
        Field::required("shows", Shape::Text, "The claim that the case proves.").moving(Moves::Wording),
        Field::required("metric", Shape::Identifier, "The metric it belongs to."),
        Field::optional(
            "version",
            Shape::Version,
            "the current version: the latest that is released, else deprecated, proposed or being written",
            "The version that it proves; a case of an old version says it.",
        ),
        Field::required("as_of", Shape::Instant, "The moment of knowledge."),
        Field::optional(
            "grain",
            Shape::Choice(&["hour", "day", "week", "month", "quarter", "year", "all"]),
            "all",
            "Length of the periods.",
        ),
        Field::optional("by", Shape::List(&Shape::Identifier), "none", "Dimensions the result is split by."),
        Field::optional("from", Shape::Instant, "everything", "Anchors before are of another period."),
        Field::optional("to", Shape::Instant, "everything", "Anchors at or after are of another period."),
        Field::required(
            "given",
            Shape::Map(&Shape::Either(&[Shape::Table, Shape::Record(&CSV)])),
            "The rows of each source; a source left out has none.",
        ),
        Field::required("worked", Shape::Text, "How the expected numbers come about, by hand.").moving(Moves::Wording),
        Field::required("expect", Shape::Table, "Every row of the result, in the columns that matter."),
        Field::optional(
            "ledger",
            Shape::Map(&Shape::Integer),
            "not looked at",
            "Where the rows of the metric itself ended up (or of the one variant the case is about); lines left out are 0.",
        ),
    ],
};

static CSV: Record =
    Record { name: "table", fields: &[Field::required("csv", Shape::Text, "Path of a CSV file beside the case.")] };

//! The format of the front matter of decision records.

use crate::shape::{Field, Moves, Record, Shape};

const NUMBER: Shape = Shape::Either(&[Shape::Integer, Shape::Text]);

/// `decisions/<number>-<words>.md`, between its two lines of `---`: the state of one decision.
pub static DECISION: Record = Record {
    name: "decision record",
    fields: &[
        Field::required("decision", NUMBER, "Number of the decision, that of the file's name: `3` or `\"0003\"`.")
            .moving(Moves::Governance),
        Field::required("status", Shape::Choice(&["proposed", "accepted", "superseded"]), "Where the decision stands.")
            .moving(Moves::Governance),
        Field::required("deciders", Shape::List(&Shape::Text), "Who decides, or has decided.")
            .moving(Moves::Governance),
        Field::required("date", Shape::Date, "Day of the decision, or of its proposal.").moving(Moves::Governance),
        Field::optional(
            "superseded_by",
            NUMBER,
            "it is not superseded",
            "Number of the decision that has taken its place.",
        )
        .moving(Moves::Governance),
        Field::optional(
            "metrics",
            Shape::List(&Shape::MetricVersion),
            "none named",
            "Versions of metrics that it is about.",
        )
        .moving(Moves::Governance),
    ],
};

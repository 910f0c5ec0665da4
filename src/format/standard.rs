//! The format of standard files: parts that metrics share.

use crate::shape::{Field, Moves, Record, Shape};

/// `standards/<name>.yaml`: a shared, named, versioned part.
pub static STANDARD: Record = Record {
    name: "standard",
    fields: &[
        Field::required("standard", Shape::Identifier, "Name by which metrics use the standard."),
        Field::required("version", Shape::Version, "Version of the standard.").moving(Moves::Governance),
        Field::required(
            "kind",
            Shape::Choice(&["exclusion", "resolution", "treatment"]),
            "Rows left out, the meaning of resolved, or who is counted and who succeeds.",
        ),
        Field::required("title", Shape::Text, "What the standard is called.").moving(Moves::Wording),
        Field::required("statement", Shape::Text, "What it says, in one sentence.").moving(Moves::Wording),
        Field::required("owner", Shape::Text, "Team that answers for it.").moving(Moves::Governance),
        Field::required("on", Shape::List(&Shape::Identifier), "Sources it can be used on."),
        Field::optional("exclude_when", Shape::Expression, "for other kinds", "Exclusion: leaves a row out when true."),
        Field::optional("reason", Shape::Text, "for other kinds", "Exclusion: why rows are left out.")
            .moving(Moves::Governance),
        Field::optional("approved_by", Shape::Text, "for other kinds", "Exclusion: who agreed.")
            .moving(Moves::Governance),
        Field::optional("expires", Shape::Date, "for other kinds", "Exclusion: the day by which it is reviewed.")
            .moving(Moves::Governance),
        Field::optional(
            "resolved_when",
            Shape::Expression,
            "for other kinds",
            "Resolution: a row is resolved when true.",
        ),
        Field::optional("parameters", Shape::Map(&PARAMETER), "none", "Treatment: values that metrics must give."),
        Field::optional(
            "variants",
            Shape::Map(&Shape::Record(&TREATMENT_VARIANT)),
            "for other kinds",
            "Treatment: the named readings.",
        ),
    ],
};

const PARAMETER: Shape = Shape::Choice(&["duration", "integer", "decimal", "text", "instant"]);

static TREATMENT_VARIANT: Record = Record {
    name: "reading",
    fields: &[
        Field::required("title", Shape::Text, "What the reading is called.").moving(Moves::Wording),
        Field::required("statement", Shape::Text, "What it says, in one sentence.").moving(Moves::Wording),
        Field::required("counts_when", Shape::Expression, "A row is counted when true, and left out otherwise."),
        Field::required("succeeds_when", Shape::Expression, "A counted row succeeds when true."),
    ],
};

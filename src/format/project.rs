//! The format of `etalon.yaml`.

use crate::shape::{Field, Moves, Record, Shape};

/// `etalon.yaml`: one per project, at its root.
pub static PROJECT: Record = Record {
    name: "project",
    fields: &[
        Field::required("project", Shape::Identifier, "Name of the project.").moving(Moves::Wording),
        Field::optional("title", Shape::Text, "the name", "What the project is called in reports.")
            .moving(Moves::Wording),
        Field::required("edition", Shape::Integer, "Year of the rule edition the project has adopted.")
            .moving(Moves::Governance),
        Field::required("reporting", Shape::Record(&REPORTING), "How periods are cut unless a metric says otherwise."),
    ],
};

static REPORTING: Record = Record {
    name: "reporting",
    fields: &[
        Field::required("zone", Shape::Zone, "Time zone in which periods begin and end."),
        Field::required("week_starts", WEEKDAY, "First day of a reporting week."),
    ],
};

/// A weekday.
pub(super) const WEEKDAY: Shape =
    Shape::Choice(&["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);

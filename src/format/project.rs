//! The format of `etalon.yaml`.

use super::policy::{POLICY, RULES};
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
        RULES,
        Field::required("reporting", Shape::Record(&REPORTING), "How periods are cut unless a metric says otherwise."),
        POLICY,
        Field::optional(
            "targets",
            Shape::Map(&Shape::Record(&TARGET)),
            "none",
            "Databases that hold the tables of sources, by name; `--on` computes, verifies and checks there.",
        )
        .moving(Moves::Governance),
    ],
};

static TARGET: Record = Record {
    name: "target",
    fields: &[
        Field::required("engine", Shape::Identifier, "The engine that runs there, such as `postgres`.")
            .moving(Moves::Governance),
        Field::required(
            "address_from",
            Shape::Variable,
            "Environment variable that holds the address; the address itself stands in no file.",
        )
        .moving(Moves::Governance),
        Field::optional(
            "schema",
            Shape::Text,
            "the one that the database chooses",
            "Schema of the tables whose names have none.",
        )
        .moving(Moves::Governance),
    ],
};

static REPORTING: Record = Record {
    name: "reporting",
    fields: &[
        Field::required("zone", Shape::Zone, "Time zone in which periods begin and end."),
        Field::required("week_starts", WEEKDAY, "First day of a reporting week."),
        YEAR_STARTS,
        YEAR,
    ],
};

/// First month of a year of calendar months.
pub(super) const YEAR_STARTS: Field =
    Field::optional("year_starts", MONTH, "the project's, or else `january`", "First month of a reporting year.");

/// A year of whole weeks.
pub(super) const YEAR: Field = Field::optional(
    "year",
    Shape::Record(&YEAR_OF_WEEKS),
    "years are made of calendar months",
    "Reporting years of 52 or 53 whole weeks.",
);

static YEAR_OF_WEEKS: Record = Record {
    name: "year",
    fields: &[
        Field::required(
            "weeks",
            Shape::Tuple(&Shape::Integer, 3),
            "Weeks of the three months of a quarter, 13 in all.",
        ),
        Field::required(
            "begins",
            Shape::Choice(&["nearest", "at_or_before", "at_or_after"]),
            "Which first day of a week begins the year, as seen from the first of the month.",
        ),
        Field::required("month", MONTH, "The month near whose first day the year begins."),
    ],
};

const MONTH: Shape = Shape::Choice(MONTHS);

/// The months as definitions write them, from the first.
pub const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A weekday.
pub(super) const WEEKDAY: Shape =
    Shape::Choice(&["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
